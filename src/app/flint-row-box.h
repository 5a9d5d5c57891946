/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLINT_TYPE_ROW_BOX (flint_row_box_get_type ())

/* Holds one row of a long list and never asks it for its width: a list measures hundreds of rows,
 * and only their heights for the list's own width matter.
 */
G_DECLARE_FINAL_TYPE (FlintRowBox, flint_row_box, FLINT, ROW_BOX, GtkWidget)

GtkWidget *flint_row_box_new       (GtkWidget   *child);
GtkWidget *flint_row_box_get_child (FlintRowBox *self);

G_END_DECLS
