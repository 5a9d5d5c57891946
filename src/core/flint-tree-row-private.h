/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-tree-row.h"

G_BEGIN_DECLS

FlintTreeRow *flint_tree_row_new        (FlintTreeKind  kind,
                                         FlintAccount  *account,
                                         const char    *group,
                                         FlintContact  *contact);
void          flint_tree_row_update     (FlintTreeRow  *self,
                                         guint          depth,
                                         const char    *title,
                                         gboolean       is_expanded);
void          flint_tree_row_count      (FlintTreeRow  *self,
                                         guint          online,
                                         guint          total,
                                         guint          unread);

/* For the tree: where it stood when the rows were last compared */
guint         flint_tree_row_get_place  (FlintTreeRow  *self);
void          flint_tree_row_set_place  (FlintTreeRow  *self,
                                         guint          place);

/* For the tree: it is shown in one place more, or less */
void          flint_tree_row_add_shown  (FlintTreeRow  *self,
                                         int            n);

G_END_DECLS
