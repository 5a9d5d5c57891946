/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-entry.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLINT_TYPE_CONSOLE_LIST (flint_console_list_get_type ())

/* The list of the console: one line for each entry, following the end until somebody scrolls away. A secondary
 * click or the menu key opens the menu of the selected ones; its actions "console.*" are the window's.
 * "narrow": fewer columns; "has-accounts": a column says whose connection it was; "is-following".
 * Signal "selection-changed".
 */
G_DECLARE_FINAL_TYPE (FlintConsoleList, flint_console_list, FLINT, CONSOLE_LIST, AdwBin)

void       flint_console_list_set_model     (FlintConsoleList *self,
                                             GListModel       *model);
GPtrArray *flint_console_list_get_selected  (FlintConsoleList *self);
void       flint_console_list_select_last   (FlintConsoleList *self);
void       flint_console_list_scroll_to_end (FlintConsoleList *self);
gboolean   flint_console_list_is_following  (FlintConsoleList *self);

G_END_DECLS
