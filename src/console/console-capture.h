/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-entry.h"
#include "console-history.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_CAPTURE (console_capture_get_type ())

/* A GListModel of ConsoleEntry, oldest first: what the sessions that it watches sent and received.
 * What comes in one turn of the main loop is told by one items-changed.
 * Bounded: over "limit" the oldest go in blocks of 1,000 ("dropped" counts them). Always on.
 * Signal "counted": one of the counts has changed.
 */
G_DECLARE_FINAL_TYPE (ConsoleCapture, console_capture, CONSOLE, CAPTURE, GObject)

typedef struct
{
  guint   entries;
  guint   kinds[CONSOLE_N_KINDS];
  guint   directions[2];        /* XmppDirection; events are in neither */
  guint   errors;
} ConsoleCounts;

ConsoleCapture      *console_capture_new        (void);
void                 console_capture_watch      (ConsoleCapture  *self,
                                                 XmppSession     *session,
                                                 const char      *account);
gboolean             console_capture_send       (ConsoleCapture  *self,
                                                 XmppSession     *session,
                                                 const char      *xml,
                                                 GError         **error);
void                 console_capture_clear      (ConsoleCapture  *self);
guint                console_capture_get_dropped (ConsoleCapture *self);
ConsoleHistory      *console_capture_get_history (ConsoleCapture *self);
char               **console_capture_get_accounts (ConsoleCapture *self);
const ConsoleCounts *console_capture_get_counts (ConsoleCapture  *self,
                                                 const char      *account);

G_END_DECLS
