/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLINT_TYPE_PRESENCE_SHAPE (flint_presence_shape_get_type ())

/* The mark of a presence, sharp at any size, in the colour of the text. It is the icon of that name; drawn from its
 * outline, it does not need the reader of SVG, which is slow to load and takes 6 MB. */
G_DECLARE_FINAL_TYPE (FlintPresenceShape, flint_presence_shape, FLINT, PRESENCE_SHAPE, GObject)

FlintPresenceShape *flint_presence_shape_new      (const char         *name);
const char         *flint_presence_shape_get_name (FlintPresenceShape *self);

G_END_DECLS
