/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Lightness with which a name can be read on the white and on the dark of our windows */
#define FLINT_NAME_COLOR_ON_LIGHT 45
#define FLINT_NAME_COLOR_ON_DARK  70

double flint_name_color_get_hue (const char *name);
void   flint_name_color_get_rgb (const char *name,
                                 double      lightness,
                                 double      rgb[3]);

G_END_DECLS
