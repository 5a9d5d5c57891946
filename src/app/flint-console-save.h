/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-filter.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLINT_TYPE_CONSOLE_SAVE (flint_console_save_get_type ())

/* Asks what to save of the console and how, then where, and saves it. Signal "saved" (GFile). */
G_DECLARE_FINAL_TYPE (FlintConsoleSave, flint_console_save, FLINT, CONSOLE_SAVE, AdwWindow)

FlintConsoleSave *flint_console_save_new (GtkWindow      *parent,
                                          ConsoleCapture *capture,
                                          ConsoleFilter  *filter,
                                          GPtrArray      *selected);

G_END_DECLS
