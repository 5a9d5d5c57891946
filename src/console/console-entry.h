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
  CONSOLE_N_KINDS,
} ConsoleKind;

#define CONSOLE_TYPE_ENTRY (console_entry_get_type ())

/* One line of the console. It holds the stanza by a reference; its words are made when they are asked for. */
G_DECLARE_FINAL_TYPE (ConsoleEntry, console_entry, CONSOLE, ENTRY, GObject)

ConsoleEntry  *console_entry_new_stanza    (const char    *account,
                                            XmppStanza    *stanza,
                                            XmppDirection  direction);
ConsoleEntry  *console_entry_new_event     (const char    *account,
                                            XmppEvent      event,
                                            XmppDirection  direction,
                                            const char    *text);
void           console_entry_set_number    (ConsoleEntry  *self,
                                            guint          number);
void           console_entry_set_manual    (ConsoleEntry  *self);
guint          console_entry_get_number    (ConsoleEntry  *self);
gint64         console_entry_get_time      (ConsoleEntry  *self);
XmppDirection  console_entry_get_direction (ConsoleEntry  *self);
ConsoleKind    console_entry_get_kind      (ConsoleEntry  *self);
gboolean       console_entry_is_event      (ConsoleEntry  *self);   /* neither sent nor received */
gboolean       console_entry_is_error      (ConsoleEntry  *self);
gboolean       console_entry_is_manual     (ConsoleEntry  *self);   /* sent by hand */
gboolean       console_entry_is_redacted   (ConsoleEntry  *self);   /* a secret was taken out */
const char    *console_entry_get_account   (ConsoleEntry  *self);
const char    *console_entry_get_type_name (ConsoleEntry  *self);   /* "get", "chat", … */
const char    *console_entry_get_from      (ConsoleEntry  *self);
const char    *console_entry_get_to        (ConsoleEntry  *self);
const char    *console_entry_get_peer      (ConsoleEntry  *self);
const char    *console_entry_get_summary   (ConsoleEntry  *self);
gsize          console_entry_get_size      (ConsoleEntry  *self);
XmppStanza    *console_entry_get_stanza    (ConsoleEntry  *self);   /* NULL for what is not one */
const char    *console_entry_get_text      (ConsoleEntry  *self);   /* of what is not one, else NULL */
char          *console_entry_get_xml       (ConsoleEntry  *self);   /* pretty, or the raw text of an event */
void           console_entry_write         (ConsoleEntry  *self,
                                            GString       *xml);    /* the same on one line */

const char    *console_kind_get_name       (ConsoleKind    kind);

G_END_DECLS
