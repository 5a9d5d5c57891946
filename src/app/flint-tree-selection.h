/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-contact-tree.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLINT_TYPE_TREE_SELECTION (flint_tree_selection_get_type ())

/* What is selected in the contact tree: one heading, or any number of contacts. It is known by its rows, so it stays
 * with them when they move; what is no longer shown leaves it. Signal "changed": of what is selected, for whatever reason
 */
G_DECLARE_FINAL_TYPE (FlintTreeSelection, flint_tree_selection, FLINT, TREE_SELECTION, GObject)

void          flint_tree_selection_set_tree     (FlintTreeSelection *self,
                                                 FlintContactTree   *tree);
gboolean      flint_tree_selection_is_changing  (FlintTreeSelection *self);
guint         flint_tree_selection_get_n_rows   (FlintTreeSelection *self);
FlintTreeRow *flint_tree_selection_get_only_row (FlintTreeSelection *self);
GPtrArray    *flint_tree_selection_get_rows     (FlintTreeSelection *self);
gboolean      flint_tree_selection_has_row      (FlintTreeSelection *self,
                                                 FlintTreeRow       *row);
void          flint_tree_selection_set_row      (FlintTreeSelection *self,
                                                 FlintTreeRow       *row);

G_END_DECLS
