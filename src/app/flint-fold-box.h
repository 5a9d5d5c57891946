/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLINT_TYPE_FOLD_BOX (flint_fold_box_get_type ())

/* A text and what belongs to it, beside each other; the second under the first where the text would have less than "least-width" px
 * and needs more. "spacing": between the two. It has two children, from its .ui file.
 */
G_DECLARE_FINAL_TYPE (FlintFoldBox, flint_fold_box, FLINT, FOLD_BOX, GtkWidget)

G_END_DECLS
