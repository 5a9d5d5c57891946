/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"

G_BEGIN_DECLS

#define FLINT_TYPE_PREFERENCES_WINDOW (flint_preferences_window_get_type ())

G_DECLARE_FINAL_TYPE (FlintPreferencesWindow, flint_preferences_window, FLINT, PREFERENCES_WINDOW, AdwPreferencesWindow)

GtkWindow *flint_preferences_window_new (FlintApplication *application, GtkWindow *parent);
void flint_preferences_window_show_page (FlintPreferencesWindow *self, const char *name);

G_END_DECLS
