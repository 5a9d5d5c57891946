/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"

G_BEGIN_DECLS

#define FLINT_TYPE_CONSOLE_WINDOW (flint_console_window_get_type ())

G_DECLARE_FINAL_TYPE (FlintConsoleWindow, flint_console_window, FLINT, CONSOLE_WINDOW, AdwApplicationWindow)

GtkWindow *flint_console_window_new (FlintApplication *application);

G_END_DECLS
