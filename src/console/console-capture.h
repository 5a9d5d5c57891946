/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-history.h"
#include "console-log.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_CAPTURE (console_capture_get_type ())

/* A GListModel of ConsoleEntry, oldest first: what the sessions that it watches sent and received.
 * What comes in one turn of the main loop is told by one items-changed.
 * An object for an entry is made when it is asked for, and lives as long as somebody holds it.
 * Bounded: over "limit" entries the oldest go, about 1,000 at once, and over "byte-limit" bytes of text a
 * sixteenth of it ("dropped" counts them). Always on.
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
void                 console_capture_pack       (ConsoleCapture  *self);
gboolean             console_capture_is_packed  (ConsoleCapture  *self);
ConsoleLog          *console_capture_get_log    (ConsoleCapture  *self);
GListModel          *console_capture_get_snapshot (ConsoleCapture *self);
guint                console_capture_get_dropped (ConsoleCapture *self);
ConsoleHistory      *console_capture_get_history (ConsoleCapture *self);
char               **console_capture_get_accounts (ConsoleCapture *self);
const ConsoleCounts *console_capture_get_counts (ConsoleCapture  *self,
                                                 const char      *account);

G_END_DECLS
