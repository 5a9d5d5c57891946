/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console-record.h"

#include "console-redact.h"

#include <string.h>

#define NS_SASL "urn:ietf:params:xml:ns:xmpp-sasl"
#define NS_TLS  "urn:ietf:params:xml:ns:xmpp-tls"
#define NS_SM   "urn:xmpp:sm:3"

/* What is not one of the three stanzas is told by its namespace. */
static const struct
{
  const char  *ns;
  ConsoleKind  kind;
} namespaces[] = {
  { XMPP_NS_STREAM, CONSOLE_STREAM },
  { NS_TLS,         CONSOLE_STREAM },
  { NS_SASL,        CONSOLE_SASL },
  { NS_SM,          CONSOLE_SM },
};

/* In filters and files: the same in every language */
static const char * const kind_names[CONSOLE_N_KINDS] = {
  [CONSOLE_MESSAGE]  = "message",
  [CONSOLE_PRESENCE] = "presence",
  [CONSOLE_IQ]       = "iq",
  [CONSOLE_STREAM]   = "stream",
  [CONSOLE_SASL]     = "sasl",
  [CONSOLE_SM]       = "sm",
  [CONSOLE_NONZA]    = "nonza",
  [CONSOLE_EVENT]    = "event",
};

static const ConsoleKind event_kinds[] = {
  [XMPP_EVENT_NETWORK]    = CONSOLE_EVENT,
  [XMPP_EVENT_HEADER]     = CONSOLE_STREAM,
  [XMPP_EVENT_TLS]        = CONSOLE_EVENT,
  [XMPP_EVENT_SASL]       = CONSOLE_SASL,
  [XMPP_EVENT_STATE]      = CONSOLE_EVENT,
  [XMPP_EVENT_WHITESPACE] = CONSOLE_STREAM,
};

/**
 * console_kind_get_name:
 *
 * Returns: its name in filters and files: the same in every language
 */
const char *
console_kind_get_name (ConsoleKind kind)
{
  g_return_val_if_fail (kind < CONSOLE_N_KINDS, NULL);

  return kind_names[kind];
}

/**
 * console_kind_is_stanza:
 *
 * Returns: whether it is one of the three that go to somebody (RFC 6120, 8)
 */
gboolean
console_kind_is_stanza (ConsoleKind kind)
{
  return kind == CONSOLE_MESSAGE || kind == CONSOLE_PRESENCE || kind == CONSOLE_IQ;
}

static ConsoleKind
find_kind (const XmppNode *root)
{
  if (xmpp_node_is (root, "message", XMPP_NS_CLIENT))
    return CONSOLE_MESSAGE;
  if (xmpp_node_is (root, "presence", XMPP_NS_CLIENT))
    return CONSOLE_PRESENCE;
  if (xmpp_node_is (root, "iq", XMPP_NS_CLIENT))
    return CONSOLE_IQ;

  for (guint i = 0; i < G_N_ELEMENTS (namespaces); i++)
    {
      if (g_strcmp0 (root->ns, namespaces[i].ns) == 0)
        return namespaces[i].kind;
    }

  return CONSOLE_NONZA;
}

/* An error of a stanza (RFC 6120, 8.3), of the stream (4.9), of STARTTLS (5.4.2.2) or of SASL (6.4.5) */
static gboolean
find_error (const XmppNode *root,
            ConsoleKind     kind)
{
  if (console_kind_is_stanza (kind))
    return g_strcmp0 (xmpp_node_get (root, "type"), "error") == 0;

  return g_str_equal (root->name, "failure") || g_str_equal (root->name, "failed") || xmpp_node_is (root, "error", XMPP_NS_STREAM);
}

/* The engine has taken the secrets out of what it said at the login. */
static gboolean
has_redacted_text (const XmppNode *root)
{
  return g_strcmp0 (root->ns, NS_SASL) == 0 && root->text != NULL && g_str_has_prefix (root->text, CONSOLE_REDACTED);
}

static void
set_flag (ConsoleRecord      *self,
          ConsoleRecordFlags  flag,
          gboolean            is_set)
{
  if (is_set)
    self->flags |= flag;
}

/**
 * console_record_set_stanza:
 * @self: a record; its time is set, and its text not yet
 * @stanza: as it crossed the wire
 */
void
console_record_set_stanza (ConsoleRecord *self,
                           XmppStanza    *stanza,
                           XmppDirection  direction)
{
  const XmppNode *root = xmpp_stanza_get_root (stanza);

  self->kind = find_kind (root);
  self->size = MIN (xmpp_stanza_get_size (stanza), G_MAXUINT32);
  set_flag (self, CONSOLE_RECORD_SENT, direction == XMPP_SENT);
  set_flag (self, CONSOLE_RECORD_ERROR, find_error (root, self->kind));
  set_flag (self, CONSOLE_RECORD_SKIPPED, xmpp_stanza_is_skipped (stanza));
  set_flag (self, CONSOLE_RECORD_REDACTED, has_redacted_text (root));
}

/**
 * console_record_set_event:
 * @self: a record; its time is set, and its text not yet
 */
void
console_record_set_event (ConsoleRecord *self,
                          XmppEvent      event,
                          XmppDirection  direction)
{
  self->kind = event_kinds[event];
  set_flag (self, CONSOLE_RECORD_TEXT, TRUE);
  set_flag (self, CONSOLE_RECORD_SENT, direction == XMPP_SENT);
  set_flag (self, CONSOLE_RECORD_EVENT, event != XMPP_EVENT_HEADER && event != XMPP_EVENT_WHITESPACE);
}

gboolean
console_record_is (const ConsoleRecord *self,
                   ConsoleRecordFlags   flag)
{
  return (self->flags & flag) != 0;
}
