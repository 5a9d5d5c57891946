/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-filter.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLINT_TYPE_CONSOLE_CHIPS (flint_console_chips_get_type ())

/* The usual filters of the console, a button each with how many entries it lets through. Those of one
 * group are or-ed, groups are and-ed. Signal "changed".
 */
G_DECLARE_FINAL_TYPE (FlintConsoleChips, flint_console_chips, FLINT, CONSOLE_CHIPS, GtkBox)

void flint_console_chips_fill       (FlintConsoleChips   *self,
                                     ConsoleCriteria     *criteria);
void flint_console_chips_set_counts (FlintConsoleChips   *self,
                                     const ConsoleCounts *counts);
void flint_console_chips_clear      (FlintConsoleChips   *self);

G_END_DECLS
