/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLINT_TYPE_WIDTH_BIN (flint_width_bin_get_type ())

/* Holds what is laid out otherwise when it has less than "threshold" px: "is-narrow". (libadwaita 1.2 has no break points.)
 * It has the style class "narrow" as long.
 */
G_DECLARE_FINAL_TYPE (FlintWidthBin, flint_width_bin, FLINT, WIDTH_BIN, GtkWidget)

gboolean flint_width_bin_is_narrow (FlintWidthBin *self);

G_END_DECLS
