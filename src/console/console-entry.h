/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-page.h"

G_BEGIN_DECLS

typedef struct _ConsoleLog ConsoleLog;

#define CONSOLE_TYPE_ENTRY (console_entry_get_type ())

/* One line of the console, for as long as somebody looks at it: the log makes it, and makes it again. It holds
 * its text, also when the log has dropped it. Its words are made when they are asked for; its tree each time.
 */
G_DECLARE_FINAL_TYPE (ConsoleEntry, console_entry, CONSOLE, ENTRY, GObject)

ConsoleEntry  *console_entry_new           (ConsoleLog    *log,
                                            ConsolePage   *page,
                                            guint          number);
guint          console_entry_get_number    (ConsoleEntry  *self);
gint64         console_entry_get_time      (ConsoleEntry  *self);
XmppDirection  console_entry_get_direction (ConsoleEntry  *self);
ConsoleKind    console_entry_get_kind      (ConsoleEntry  *self);
gboolean       console_entry_is_event      (ConsoleEntry  *self);   /* neither sent nor received */
gboolean       console_entry_is_stanza     (ConsoleEntry  *self);   /* or a nonza: an element */
gboolean       console_entry_is_error      (ConsoleEntry  *self);
gboolean       console_entry_is_manual     (ConsoleEntry  *self);   /* sent by hand */
gboolean       console_entry_is_redacted   (ConsoleEntry  *self);   /* a secret was taken out */
gboolean       console_entry_is_skipped    (ConsoleEntry  *self);   /* over a limit of the engine */
gboolean       console_entry_is_cut        (ConsoleEntry  *self);   /* over one of ours */
const char    *console_entry_get_account   (ConsoleEntry  *self);
const char    *console_entry_get_type_name (ConsoleEntry  *self);   /* "get", "chat", … */
const char    *console_entry_get_from      (ConsoleEntry  *self);
const char    *console_entry_get_to        (ConsoleEntry  *self);
const char    *console_entry_get_peer      (ConsoleEntry  *self);
const char    *console_entry_get_summary   (ConsoleEntry  *self);
gsize          console_entry_get_size      (ConsoleEntry  *self);
char          *console_entry_get_attribute (ConsoleEntry  *self,
                                            const char    *name);
XmppStanza    *console_entry_read          (ConsoleEntry  *self);   /* NULL: it is not a stanza */
const char    *console_entry_peek          (ConsoleEntry  *self,
                                            gsize         *length);
char          *console_entry_get_xml       (ConsoleEntry  *self);   /* pretty, or the raw text of an event */
void           console_entry_write         (ConsoleEntry  *self,
                                            const char    *outer_ns,
                                            GString       *xml);    /* the same on one line */

G_END_DECLS
