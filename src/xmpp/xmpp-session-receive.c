/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-atom.h"
#include "xmpp-session-private.h"

#include <string.h>

/* How well a text suits a reader of the language wanted (RFC 6121, 5.2.3; T072): his language, his
 * but for the region, the one without a language of its own, any other.
 */
static int
rank_text (const XmppNode *node,
           const char     *wanted)
{
  const char *lang = xmpp_node_get_lang (node);

  if (lang != NULL && wanted != NULL)
    {
      gsize primary = strcspn (wanted, "-");

      if (g_ascii_strcasecmp (lang, wanted) == 0)
        return 4;

      if (g_ascii_strncasecmp (lang, wanted, primary) == 0 && strchr ("-", lang[primary]) != NULL)
        return 3;
    }

  /* The same string, not an equal one: then it was inherited */
  return lang == xmpp_node_get_lang (node->parent) ? 2 : 1;
}

static void
choose_text (const XmppNode **best,
             const XmppNode  *candidate,
             const char      *wanted)
{
  if (*best == NULL || rank_text (candidate, wanted) > rank_text (*best, wanted))
    *best = candidate;
}

/* Of the root, in one go: they are asked for at every step */
typedef struct
{
  const char *from;
  const char *to;
  const char *id;
  const char *type;
} Envelope;

static Envelope
read_envelope (const XmppNode *root)
{
  Envelope envelope = { NULL };

  for (guint i = 0; i < root->n_attributes; i++)
    {
      const XmppAttribute *attribute = &root->attributes[i];

      if (attribute->ns != NULL)
        continue;

      if (xmpp_name_equal (attribute->name, "from"))
        envelope.from = attribute->value;
      else if (xmpp_name_equal (attribute->name, "to"))
        envelope.to = attribute->value;
      else if (xmpp_name_equal (attribute->name, "id"))
        envelope.id = attribute->value;
      else if (xmpp_name_equal (attribute->name, "type"))
        envelope.type = attribute->value;
    }

  return envelope;
}

/* Returns: (nullable) (transfer full): the address in `to`, when it is ours (S102). Nearly always it is just the
 * one that was bound, and then there is nothing to be parsed.
 */
static XmppJid *
take_if_ours (XmppSession *self,
              const char  *to)
{
  const XmppOwn *own = &self->own;
  g_autoptr(XmppJid) parsed = NULL;
  XmppOwnKind kind;

  if (to == NULL)
    return xmpp_jid_ref (own->bare);

  if (own->full != NULL && strcmp (to, xmpp_jid_get_text (own->full)) == 0)
    return xmpp_jid_ref (own->full);

  parsed = xmpp_jid_new_received (to);
  kind = xmpp_own_kind (own, parsed);
  if (kind == XMPP_OWN_BARE || kind == XMPP_OWN_FULL || kind == XMPP_OWN_DEVICE)
    return g_steal_pointer (&parsed);

  return NULL;
}

/**
 * xmpp_session_get_sender:
 * @self: a session
 * @from: (nullable): an address, %NULL when a stanza has none (RFC 6120, 8.1.2.1)
 *
 * The one place where it is decided who somebody is.
 *
 * Returns: one class, or what several modules say together: test it with &
 */
XmppSender
xmpp_session_get_sender (XmppSession   *self,
                         const XmppJid *from)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), XMPP_SENDER_STRANGER);

  switch (xmpp_own_kind (&self->own, from))
    {
    case XMPP_OWN_ABSENT:
    case XMPP_OWN_BARE:
    case XMPP_OWN_FULL:
    case XMPP_OWN_DEVICE:
      return XMPP_SENDER_OWN_ACCOUNT;

    case XMPP_OWN_DOMAIN:
      return XMPP_SENDER_OWN_SERVER;

    case XMPP_OWN_NOT:
    default:
      return xmpp_router_classify (self->router, from);
    }
}

/* Messages */

static void
read_texts (XmppSession    *self,
            const XmppNode *root,
            XmppMessage    *message)
{
  const XmppNode *body = NULL;
  const XmppNode *subject = NULL;
  const XmppNode *thread = NULL;

  XMPP_NODE_FOREACH_CHILD (root, child)
    {
      if (xmpp_node_is (child, "body", XMPP_NS_CLIENT))
        choose_text (&body, child, self->lang);
      else if (xmpp_node_is (child, "subject", XMPP_NS_CLIENT))
        choose_text (&subject, child, self->lang);
      else if (thread == NULL && xmpp_node_is (child, "thread", XMPP_NS_CLIENT))
        thread = child;
    }

  if (body != NULL && body->text != NULL && *body->text != '\0')
    message->body = body->text;

  message->has_subject = subject != NULL;
  if (subject != NULL)
    message->subject = subject->text != NULL ? subject->text : "";

  if (thread != NULL)
    message->thread = thread->text != NULL ? thread->text : "";
}

/* FALSE: it was forwarded to us without an address that says whose it is */
static gboolean
read_inner_envelope (XmppSession    *self,
                     const XmppNode *root,
                     XmppMessage    *message)
{
  XmppJid *from = xmpp_jid_new_received (xmpp_node_get (root, "from"));
  XmppJid *to = xmpp_jid_new_received (xmpp_node_get (root, "to"));

  if (from == NULL)
    {
      g_clear_pointer (&to, xmpp_jid_unref);
      return FALSE;
    }

  g_clear_pointer (&message->from, xmpp_jid_unref);
  g_clear_pointer (&message->to, xmpp_jid_unref);
  message->from = from;
  message->to = to != NULL ? to : xmpp_jid_ref (self->own.bare);
  message->type = xmpp_message_type_from_string (xmpp_node_get (root, "type"));
  message->id = xmpp_node_get (root, "id");
  message->sender = xmpp_session_get_sender (self, message->from);

  return TRUE;
}

/* FALSE: there is nothing in it that is to be heard of */
static gboolean
read_content (XmppSession *self,
              XmppMessage *message)
{
  const XmppNode *outer = xmpp_stanza_get_root (message->stanza);
  const XmppNode *root = outer;

  /* What comes back with an error is our own: nothing in it is said to us */
  if (message->type == XMPP_MESSAGE_ERROR)
    {
      message->error = xmpp_stanza_error_parse (root);
      read_texts (self, root, message);
      return TRUE;
    }

  if (!xmpp_router_unwrap (self->router, &root, message))
    return FALSE;

  if (root != outer && !read_inner_envelope (self, root, message))
    return FALSE;

  read_texts (self, root, message);

  if (message->type == XMPP_MESSAGE_ERROR)
    message->error = xmpp_stanza_error_parse (root);
  else
    xmpp_router_read_message (self->router, root, message);

  return TRUE;
}

/* from, to: (transfer full), for what is unwrapped has others */
static void
receive_message (XmppSession    *self,
                 XmppStanza     *stanza,
                 const Envelope *envelope,
                 XmppJid        *from,
                 XmppJid        *to)
{
  XmppMessage message = {
    .type = xmpp_message_type_from_string (envelope->type),
    .id = envelope->id,
    .from = from != NULL ? from : xmpp_jid_ref (self->own.bare),
    .to = to,
    .sender = xmpp_session_get_sender (self, from),
    .time = xmpp_clock_get_real (self->clock),
    .is_skipped = xmpp_stanza_is_skipped (stanza),
    .stanza = stanza,
  };

  if ((message.is_skipped || read_content (self, &message)) &&
      !xmpp_router_take_message (self->router, &message))
    xmpp_session_emit_message (self, &message);

  g_clear_error (&message.error);
  g_clear_pointer (&message.from, xmpp_jid_unref);
  g_clear_pointer (&message.to, xmpp_jid_unref);
}

/* IQs */

static gboolean
is_answer (const char *type)
{
  return g_strcmp0 (type, "result") == 0 || g_strcmp0 (type, "error") == 0;
}

static gboolean
is_request (const Envelope *envelope)
{
  return (g_strcmp0 (envelope->type, "get") == 0 || g_strcmp0 (envelope->type, "set") == 0) && envelope->id != NULL;
}

/* Every get and set is answered, no result or error ever is (RFC 6120, 8.2.3; S104), be it one that nobody
 * waits for.
 */
static void
receive_iq (XmppSession    *self,
            XmppStanza     *stanza,
            const Envelope *envelope,
            XmppJid        *from)
{
  const XmppNode *root = xmpp_stanza_get_root (stanza);

  if (is_answer (envelope->type))
    xmpp_requests_answer (self->requests, &self->own, stanza, from);
  else if (!is_request (envelope))
    xmpp_session_send_error (self, stanza, XMPP_STANZA_ERROR_BAD_REQUEST, NULL);
  else if (xmpp_stanza_is_skipped (stanza))
    xmpp_session_send_error (self, stanza, XMPP_STANZA_ERROR_POLICY_VIOLATION, NULL);
  else if (root->first_child == NULL || root->first_child->next != NULL)
    xmpp_session_send_error (self, stanza, XMPP_STANZA_ERROR_BAD_REQUEST, NULL);
  else if (!xmpp_router_handle_iq (self->router, stanza, envelope->type, from, xmpp_session_get_sender (self, from)))
    xmpp_session_send_error (self, stanza, XMPP_STANZA_ERROR_SERVICE_UNAVAILABLE, NULL);
}

/* One that was too large to be read says nothing, unless that somebody is gone. */
static void
receive_presence (XmppSession    *self,
                  XmppStanza     *stanza,
                  const Envelope *envelope,
                  XmppJid        *from)
{
  if (xmpp_stanza_is_skipped (stanza) && g_strcmp0 (envelope->type, "unavailable") != 0)
    {
      g_debug ("Dropped a <presence/> that is too large, from %s", envelope->from);
      return;
    }

  xmpp_router_handle_presence (self->router, stanza, envelope->type, from, xmpp_session_get_sender (self, from));
}

static void
receive_stanza (XmppSession *self,
                XmppStanza  *stanza)
{
  const XmppNode *root = xmpp_stanza_get_root (stanza);
  const Envelope envelope = read_envelope (root);
  g_autoptr(XmppJid) from = NULL;
  g_autoptr(XmppJid) to = take_if_ours (self, envelope.to);

  if (to == NULL)
    {
      g_debug ("Dropped a <%s/> for %s", root->name, envelope.to);
      return;
    }

  /* None is our own account, and an empty one is nobody */
  from = xmpp_jid_new_received (envelope.from);
  if (from == NULL && envelope.from != NULL)
    {
      g_debug ("Dropped a <%s/> from nobody", root->name);
      return;
    }

  if (xmpp_node_is (root, "message", XMPP_NS_CLIENT))
    receive_message (self, stanza, &envelope, g_steal_pointer (&from), g_steal_pointer (&to));
  else if (xmpp_node_is (root, "presence", XMPP_NS_CLIENT))
    receive_presence (self, stanza, &envelope, from);
  else if (xmpp_node_is (root, "iq", XMPP_NS_CLIENT))
    receive_iq (self, stanza, &envelope, from);
  else
    g_debug ("Ignored <%s/>: no stanza", root->name);
}

/* It counts once it is handled, whatever became of it: also what was too large, was not for us, or was refused. What
 * comes once more because it was held back (xmpp_session_hold_ack ()) has been.
 */
static void
receive_counted (XmppSession *self,
                 XmppStanza  *stanza)
{
  XmppResumption *resumption = self->resumption;

  if (resumption == NULL || !xmpp_resumption_is_counted (xmpp_stanza_get_root (stanza)))
    {
      receive_stanza (self, stanza);
      return;
    }

  if (!xmpp_resumption_is_repeat (resumption))
    {
      self->is_handling = TRUE;
      receive_stanza (self, stanza);
      self->is_handling = FALSE;
    }

  if (self->resumption == resumption)
    xmpp_resumption_handled (resumption);
}

/* What arrived on the bound stream. Only what is in the stream's namespace at its first level is of
 * the stream (S94), and only what is in jabber:client is a stanza (S95).
 */
void
xmpp_session_receive (XmppSession *self,
                      XmppStanza  *stanza)
{
  const XmppNode *root = xmpp_stanza_get_root (stanza);

  self->last_heard = xmpp_stream_get_last_heard (self->stream);
  if (self->unsent_answers > 0 && xmpp_stream_get_queued (self->stream) == 0)
    self->unsent_answers = 0;

  xmpp_session_emit_stanza (self, stanza, XMPP_RECEIVED);

  /* Somebody may have ended it on seeing that */
  if (self->stream == NULL)
    return;

  if (g_strcmp0 (root->ns, XMPP_NS_CLIENT) == 0)
    receive_counted (self, stanza);
  else if (g_strcmp0 (root->ns, XMPP_NS_SM) == 0)
    xmpp_session_receive_sm (self, root);
  else if (xmpp_node_is (root, "error", XMPP_NS_STREAM))
    xmpp_session_receive_error (self, root);
  else
    g_debug ("Ignored <%s/> in %s", root->name, root->ns != NULL ? root->ns : "no namespace");
}

/**
 * xmpp_session_set_throttled:
 * @self: a session
 * @is_throttled: whether what the server sends is to wait
 *
 * For who cannot follow what comes, as when it is written to a disk that is slower than the network: nothing is read until
 * it is called again with %FALSE, so that no queue grows without end. Not for long: who waits for an answer waits, too. Said
 * of one connection; the next one begins without. The server's silence meanwhile is not taken for one.
 */
void
xmpp_session_set_throttled (XmppSession *self,
                            gboolean     is_throttled)
{
  g_return_if_fail (XMPP_IS_SESSION (self));

  if (self->stream == NULL || !xmpp_session_is_online (self))
    return;

  xmpp_stream_set_throttled (self->stream, is_throttled);
  self->last_heard = xmpp_clock_get_monotonic (self->clock);
}
