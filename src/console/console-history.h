/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_HISTORY (console_history_get_type ())

/* What was sent by hand, and what is being written: kept while the program runs, never on disk. */
G_DECLARE_FINAL_TYPE (ConsoleHistory, console_history, CONSOLE, HISTORY, GObject)

ConsoleHistory *console_history_new       (void);
void            console_history_add       (ConsoleHistory *self,
                                           const char     *text);
const char     *console_history_previous  (ConsoleHistory *self);
const char     *console_history_next      (ConsoleHistory *self);
void            console_history_set_draft (ConsoleHistory *self,
                                           const char     *text);
const char     *console_history_get_current (ConsoleHistory *self);
gboolean        console_history_has_previous (ConsoleHistory *self);
gboolean        console_history_has_next  (ConsoleHistory *self);

G_END_DECLS
