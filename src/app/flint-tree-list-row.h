/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-contact-row.h"
#include "flint-contact-tree.h"

G_BEGIN_DECLS

#define FLINT_TYPE_TREE_LIST_ROW (flint_tree_list_row_get_type ())

/* What a recycled row of the contact list holds: an account, a group or a contact, as bound */
G_DECLARE_FINAL_TYPE (FlintTreeListRow, flint_tree_list_row, FLINT, TREE_LIST_ROW, AdwBin)

GtkWidget    *flint_tree_list_row_new         (void);
void          flint_tree_list_row_set_row     (FlintTreeListRow *self,
                                               FlintTreeRow     *row,
                                               gboolean          is_search);
gboolean      flint_tree_list_row_fill        (FlintTreeListRow *self);
gboolean      flint_tree_list_row_is_filled   (FlintTreeListRow *self);
FlintTreeRow *flint_tree_list_row_get_row     (FlintTreeListRow *self);
void          flint_tree_list_row_set_density (FlintTreeListRow *self,
                                               FlintDensity      density);

G_END_DECLS
