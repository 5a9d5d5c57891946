/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-status.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A GtkImage that shows a presence: shape by its icon, colour by its class */
void flint_presence_image_set_show  (GtkImage   *image,
                                     XmppShow    show);
void flint_presence_image_set_class (GtkImage   *image,
                                     const char *css_class);

G_END_DECLS
