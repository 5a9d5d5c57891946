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

typedef enum
{
  CONSOLE_RECORD_SENT     = 1 << 0,
  CONSOLE_RECORD_TEXT     = 1 << 1,   /* no stanza: the words of an event, a header */
  CONSOLE_RECORD_EVENT    = 1 << 2,   /* neither sent nor received */
  CONSOLE_RECORD_ERROR    = 1 << 3,
  CONSOLE_RECORD_MANUAL   = 1 << 4,   /* sent by hand */
  CONSOLE_RECORD_REDACTED = 1 << 5,   /* a secret was taken out */
  CONSOLE_RECORD_SKIPPED  = 1 << 6,   /* over a limit of the engine, which read only the envelope */
  CONSOLE_RECORD_CUT      = 1 << 7,   /* over ours: only the envelope is kept */
} ConsoleRecordFlags;

/* What is known of an entry without looking at its text: a million of them are 24 MB. */
typedef struct
{
  gint64   time;      /* µs since 1970 */
  guint32  offset;    /* of its text in its page */
  guint32  length;
  guint32  size;      /* bytes on the wire; 0: an event */
  guint16  account;   /* which of its log */
  guint8   kind;      /* ConsoleKind */
  guint8   flags;     /* ConsoleRecordFlags */
} ConsoleRecord;

const char *console_kind_get_name        (ConsoleKind         kind);
gboolean    console_kind_is_stanza       (ConsoleKind         kind);
void        console_record_set_stanza    (ConsoleRecord      *self,
                                          XmppStanza         *stanza,
                                          XmppDirection       direction);
void        console_record_set_event     (ConsoleRecord      *self,
                                          XmppEvent           event,
                                          XmppDirection       direction);
gboolean    console_record_is            (const ConsoleRecord *self,
                                          ConsoleRecordFlags   flag);

G_END_DECLS
