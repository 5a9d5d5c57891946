/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-entry.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_CAPTURE (console_capture_get_type ())

/* A GListModel of ConsoleEntry, oldest first: what the sessions that it watches sent and received.
 * Bounded: over "limit" the oldest go in blocks of 1,000 ("dropped" counts them). Always on.
 */
G_DECLARE_FINAL_TYPE (ConsoleCapture, console_capture, CONSOLE, CAPTURE, GObject)

ConsoleCapture *console_capture_new     (void);
void            console_capture_watch   (ConsoleCapture *self,
                                         XmppSession    *session,
                                         const char     *account);
void            console_capture_clear   (ConsoleCapture *self);

G_END_DECLS
