/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLINT_TYPE_CONSOLE_FILTER_HELP (flint_console_filter_help_get_type ())

/* The language of the console's filter, by examples. Signal "chosen" (const char *): one was clicked. */
G_DECLARE_FINAL_TYPE (FlintConsoleFilterHelp, flint_console_filter_help, FLINT, CONSOLE_FILTER_HELP, GtkPopover)

G_END_DECLS
