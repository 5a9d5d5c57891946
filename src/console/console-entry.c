/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console-entry.h"

#include "console-redact.h"
#include "console-summary.h"

#include <string.h>

#define NS_SASL "urn:ietf:params:xml:ns:xmpp-sasl"
#define NS_TLS  "urn:ietf:params:xml:ns:xmpp-tls"
#define NS_SM   "urn:xmpp:sm:3"

struct _ConsoleEntry
{
  GObject        parent_instance;

  guint          number;
  gsize          size;            /* bytes; 0: not counted yet */
  gint64         time;            /* µs since 1970 */
  char          *account;         /* a GRefString: the same for all of its entries */
  XmppStanza    *stanza;          /* or NULL, then */
  char          *text;            /* what the event says */
  char          *summary;         /* once it was asked for */

  XmppDirection  direction : 8;
  ConsoleKind    kind : 8;
  guint          is_event : 1;
  guint          is_error : 1;
  guint          is_manual : 1;
  guint          is_redacted : 1;
};

G_DEFINE_FINAL_TYPE (ConsoleEntry, console_entry, G_TYPE_OBJECT)

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
  if (kind == CONSOLE_MESSAGE || kind == CONSOLE_PRESENCE || kind == CONSOLE_IQ)
    return g_strcmp0 (xmpp_node_get (root, "type"), "error") == 0;

  return g_str_equal (root->name, "failure") || g_str_equal (root->name, "failed") || xmpp_node_is (root, "error", XMPP_NS_STREAM);
}

/* The engine has taken the secrets out of what it said at the login. */
static gboolean
has_redacted_text (const XmppNode *root)
{
  return g_strcmp0 (root->ns, NS_SASL) == 0 && root->text != NULL && g_str_has_prefix (root->text, CONSOLE_REDACTED);
}

static ConsoleEntry *
entry_new (const char    *account,
           XmppDirection  direction)
{
  ConsoleEntry *self = g_object_new (CONSOLE_TYPE_ENTRY, NULL);

  self->account = g_ref_string_new_intern (account);
  self->time = g_get_real_time ();
  self->direction = direction;

  return self;
}

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

static gsize
measure (XmppStanza *stanza)
{
  g_autofree char *xml = xmpp_stanza_to_xml (stanza);

  return strlen (xml);
}

/**
 * console_entry_new_stanza:
 * @account: whose connection it crossed: a bare address
 * @stanza: a stanza or nonza, that nobody changes any more
 *
 * A secret in @stanza is not kept: see console_redact().
 *
 * Returns: (transfer full): the entry, of now
 */
ConsoleEntry *
console_entry_new_stanza (const char    *account,
                          XmppStanza    *stanza,
                          XmppDirection  direction)
{
  ConsoleEntry *self = entry_new (account, direction);
  const XmppNode *root = xmpp_stanza_get_root (stanza);

  self->stanza = console_redact (stanza);
  self->is_redacted = self->stanza != stanza || has_redacted_text (root);
  self->size = xmpp_stanza_get_size (stanza);
  if (self->size == 0 && self->stanza != stanza)
    self->size = measure (stanza);
  self->kind = find_kind (root);
  self->is_error = find_error (root, self->kind);

  return self;
}

/**
 * console_entry_new_event:
 * @account: whose connection it is about: a bare address
 * @text: what happened in words, or the text that crossed the wire
 *
 * Returns: (transfer full): the entry, of now
 */
ConsoleEntry *
console_entry_new_event (const char    *account,
                         XmppEvent      event,
                         XmppDirection  direction,
                         const char    *text)
{
  ConsoleEntry *self = entry_new (account, direction);

  self->text = g_strdup (text);
  self->kind = event_kinds[event];
  self->is_event = event != XMPP_EVENT_HEADER && event != XMPP_EVENT_WHITESPACE;
  self->size = self->is_event ? 0 : strlen (text);

  return self;
}

void
console_entry_set_number (ConsoleEntry *self,
                          guint         number)
{
  g_return_if_fail (CONSOLE_IS_ENTRY (self));

  self->number = number;
}

void
console_entry_set_manual (ConsoleEntry *self)
{
  g_return_if_fail (CONSOLE_IS_ENTRY (self));

  self->is_manual = TRUE;
}

guint
console_entry_get_number (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), 0);

  return self->number;
}

/**
 * console_entry_get_time:
 *
 * Returns: µs since 1970
 */
gint64
console_entry_get_time (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), 0);

  return self->time;
}

XmppDirection
console_entry_get_direction (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), XMPP_RECEIVED);

  return self->direction;
}

ConsoleKind
console_entry_get_kind (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), CONSOLE_EVENT);

  return self->kind;
}

gboolean
console_entry_is_event (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), FALSE);

  return self->is_event;
}

gboolean
console_entry_is_error (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), FALSE);

  return self->is_error;
}

gboolean
console_entry_is_manual (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), FALSE);

  return self->is_manual;
}

gboolean
console_entry_is_redacted (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), FALSE);

  return self->is_redacted;
}

/**
 * console_entry_get_account:
 *
 * Returns: (transfer none): an interned string: those of one account are the same pointer
 */
const char *
console_entry_get_account (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), NULL);

  return self->account;
}

static const char *
get_attribute (ConsoleEntry *self,
               const char   *name)
{
  return self->stanza != NULL ? xmpp_node_get (xmpp_stanza_get_root (self->stanza), name) : NULL;
}

/**
 * console_entry_get_type_name:
 *
 * Returns: (nullable) (transfer none): the type of a stanza, the name of another element
 */
const char *
console_entry_get_type_name (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), NULL);

  if (self->stanza == NULL || self->kind == CONSOLE_MESSAGE || self->kind == CONSOLE_PRESENCE || self->kind == CONSOLE_IQ)
    return get_attribute (self, "type");

  return xmpp_stanza_get_root (self->stanza)->name;
}

const char *
console_entry_get_from (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), NULL);

  return get_attribute (self, "from");
}

const char *
console_entry_get_to (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), NULL);

  return get_attribute (self, "to");
}

/**
 * console_entry_get_peer:
 *
 * Returns: (nullable) (transfer none): the address at the other end, if the stanza names one
 */
const char *
console_entry_get_peer (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), NULL);

  return get_attribute (self, self->direction == XMPP_SENT ? "to" : "from");
}

/**
 * console_entry_get_summary:
 *
 * Returns: (transfer none): what it does, in one line without anything that could disturb the line
 */
const char *
console_entry_get_summary (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), NULL);

  if (self->summary == NULL)
    self->summary = console_summary_new (self);

  return self->summary;
}

/**
 * console_entry_get_size:
 *
 * Returns: the bytes on the wire; 0 for an event
 */
gsize
console_entry_get_size (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), 0);

  if (self->size == 0 && self->stanza != NULL)
    self->size = measure (self->stanza);

  return self->size;
}

/**
 * console_entry_get_stanza:
 *
 * Returns: (nullable) (transfer none): the stanza; %NULL for what is not one
 */
XmppStanza *
console_entry_get_stanza (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), NULL);

  return self->stanza;
}

/**
 * console_entry_get_text:
 *
 * Returns: (nullable) (transfer none): what an event says or a header is; %NULL for a stanza
 */
const char *
console_entry_get_text (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), NULL);

  return self->text;
}

/**
 * console_entry_get_xml:
 *
 * Returns: (transfer full): the stanza, indented; or the text of an event
 */
char *
console_entry_get_xml (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), NULL);

  return self->stanza != NULL ? xmpp_stanza_to_pretty (self->stanza) : g_strdup (self->text);
}

/**
 * console_entry_write:
 * @xml: what the stanza, as it stands in a stream, or the text of an event is appended to
 */
void
console_entry_write (ConsoleEntry *self,
                     GString      *xml)
{
  g_return_if_fail (CONSOLE_IS_ENTRY (self));

  if (self->stanza != NULL)
    xmpp_node_write (xmpp_stanza_get_root (self->stanza), XMPP_NS_CLIENT, xml);
  else
    g_string_append (xml, self->text);
}

static void
console_entry_finalize (GObject *object)
{
  ConsoleEntry *self = CONSOLE_ENTRY (object);

  g_clear_pointer (&self->account, g_ref_string_release);
  g_clear_pointer (&self->stanza, xmpp_stanza_unref);
  g_free (self->text);
  g_free (self->summary);

  G_OBJECT_CLASS (console_entry_parent_class)->finalize (object);
}

static void
console_entry_class_init (ConsoleEntryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = console_entry_finalize;
}

static void
console_entry_init (ConsoleEntry *self)
{
}
