/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-account-list.h"
#include "flint-contact-list.h"
#include "flint-tree-row.h"

G_BEGIN_DECLS

#define FLINT_TYPE_CONTACT_TREE (flint_contact_tree_get_type ())

/* The contact tree as a flat GListModel of FlintTreeRow: accounts (headings when there are two or
 * more), nested groups, contacts. Rebuilt from its parts at most every 500 ms for presence and at
 * once for what a person does, and then only the rows that differ are told: 10,000 contacts cost
 * milliseconds. Properties: "show-offline", "show-empty-groups", "group-offline" (one Offline group at the end),
 * "search" (a flat list, best match first), "collapsed" (strv, kept by the caller in settings), "is-held" (no moves while the pointer rests on the list).
 * Signal "arranged": what changed is told, to the last row
 */
G_DECLARE_FINAL_TYPE (FlintContactTree, flint_contact_tree, FLINT, CONTACT_TREE, GObject)

FlintContactTree *flint_contact_tree_new           (FlintAccountList *accounts);
void              flint_contact_tree_set_expanded  (FlintContactTree *self,
                                                    FlintTreeRow     *row,
                                                    gboolean          expanded);
void              flint_contact_tree_expand_all    (FlintContactTree *self,
                                                    gboolean          expanded);
guint             flint_contact_tree_find          (FlintContactTree *self,
                                                    FlintContact     *contact);
void              flint_contact_tree_begin_changes (FlintContactTree *self);
void              flint_contact_tree_end_changes   (FlintContactTree *self);
void              flint_contact_tree_flush         (FlintContactTree *self);

G_END_DECLS
