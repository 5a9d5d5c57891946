/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"

G_BEGIN_DECLS

#define FLINT_TYPE_MAIN_WINDOW (flint_main_window_get_type ())

G_DECLARE_FINAL_TYPE (FlintMainWindow, flint_main_window, FLINT, MAIN_WINDOW, AdwApplicationWindow)

GtkWindow *flint_main_window_new (FlintApplication *application);
/* "contacts", "rooms" or "headlines" */
void flint_main_window_show_page (FlintMainWindow *self, const char *name);
/* The list, if a chat lies over it */
void flint_main_window_show_list (FlintMainWindow *self);
void flint_main_window_set_one_window (FlintMainWindow *self, gboolean is_one);
void flint_main_window_toast (FlintMainWindow *self, const char *text);

G_END_DECLS
