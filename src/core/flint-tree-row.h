/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-account.h"

G_BEGIN_DECLS

typedef enum
{
  FLINT_TREE_ACCOUNT,
  FLINT_TREE_GROUP,
  FLINT_TREE_CONTACT,
} FlintTreeKind;

#define FLINT_TYPE_TREE_ROW (flint_tree_row_get_type ())

/* One row of the contact tree. It lives as long as it is shown, so a selection survives a change. All
 * notified: "kind", "depth", "account", "group" (full path, "Design::Photo studio"), "title" (its last part), "contact",
 * "online", "total", "is-expanded", "unread" (of what is folded away)
 */
G_DECLARE_FINAL_TYPE (FlintTreeRow, flint_tree_row, FLINT, TREE_ROW, GObject)

FlintTreeKind  flint_tree_row_get_kind    (FlintTreeRow *self);
guint          flint_tree_row_get_depth   (FlintTreeRow *self);
FlintAccount  *flint_tree_row_get_account (FlintTreeRow *self);
const char    *flint_tree_row_get_group   (FlintTreeRow *self);
FlintContact  *flint_tree_row_get_contact (FlintTreeRow *self);
gboolean       flint_tree_row_is_expanded (FlintTreeRow *self);
gboolean       flint_tree_row_is_shown    (FlintTreeRow *self);

G_END_DECLS
