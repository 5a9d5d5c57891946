/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "xmpp-session.h"

G_BEGIN_DECLS

typedef enum
{
  CONSOLE_MESSAGE,
  CONSOLE_PRESENCE,
  CONSOLE_IQ,
  CONSOLE_STREAM,     /* headers, features, closes, white space */
  CONSOLE_SASL,
  CONSOLE_SM,
  CONSOLE_NONZA,
  CONSOLE_EVENT,      /* network, TLS, state */
} ConsoleKind;

#define CONSOLE_TYPE_ENTRY (console_entry_get_type ())

G_DECLARE_FINAL_TYPE (ConsoleEntry, console_entry, CONSOLE, ENTRY, GObject)

/* One line of the console. "number" (from 1), "time" (µs), "direction", "is-event", "kind", "account", "type", "id", "from", "to", "summary", "size" */
guint          console_entry_get_number    (ConsoleEntry *self);
gint64         console_entry_get_time      (ConsoleEntry *self);
XmppDirection  console_entry_get_direction (ConsoleEntry *self);
ConsoleKind    console_entry_get_kind      (ConsoleEntry *self);
const char    *console_entry_get_account   (ConsoleEntry *self);
const char    *console_entry_get_summary   (ConsoleEntry *self);
XmppStanza    *console_entry_get_stanza    (ConsoleEntry *self);   /* NULL for what is not one */
char          *console_entry_get_xml       (ConsoleEntry *self);   /* pretty, or the raw text of an event */

G_END_DECLS
