/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLINT_TYPE_LONG_TEXT (flint_long_text_get_type ())

/* A text of others, of whatever length: its beginning, and a button that shows all of it */
G_DECLARE_FINAL_TYPE (FlintLongText, flint_long_text, FLINT, LONG_TEXT, GtkBox)

void flint_long_text_set_text (FlintLongText *self,
                               const char    *title,
                               const char    *text);

G_END_DECLS
