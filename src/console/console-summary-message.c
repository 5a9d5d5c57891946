/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "console-summary-private.h"

#include <glib/gi18n.h>

#define NS_MUC_USER   "http://jabber.org/protocol/muc#user"
#define NS_CONFERENCE "jabber:x:conference"
#define NS_STATES     "http://jabber.org/protocol/chatstates"
#define NS_RECEIPTS   "urn:xmpp:receipts"
#define NS_MARKERS    "urn:xmpp:chat-markers:0"
#define NS_CARBONS    "urn:xmpp:carbons:2"
#define NS_FORWARD    "urn:xmpp:forward:0"
#define NS_MAM        "urn:xmpp:mam:2"
#define NS_PUBSUB     "http://jabber.org/protocol/pubsub#event"

/* Messages without a text: {id} is an attribute of the payload */
static const struct
{
  const char *name;
  const char *ns;
  const char *sent;
  const char *received;
} payloads[] = {
  { "received",  NS_RECEIPTS, N_("tells {who} that {id} was received"), N_("{who} received {id}") },
  { "received",  NS_MARKERS,  N_("tells {who} that {id} was received"), N_("{who} received {id}") },
  { "displayed", NS_MARKERS,  N_("tells {who} that {id} was read"),     N_("{who} has read {id}") },
  { "composing", NS_STATES,   N_("tells {who} that somebody types"),    N_("{who} is typing") },
  { "paused",    NS_STATES,   N_("tells {who} that nobody types"),      N_("{who} stopped typing") },
  { "active",    NS_STATES,   N_("tells {who} that somebody looks"),    N_("{who} looks at the chat") },
  { "inactive",  NS_STATES,   N_("tells {who} that nobody looks"),      N_("{who} does not look at the chat") },
  { "gone",      NS_STATES,   N_("tells {who} that the chat is left"),  N_("{who} left the chat") },
};

/* Of the five types (RFC 6121, 5.2.2); the last is for none. {text}: the text, or the subject */
static const struct
{
  const char *type;
  const char *sent;
  const char *received;
} types[] = {
  { "chat",      N_("to {who}: “{text}”"),          N_("{who}: “{text}”") },
  { "groupchat", N_("to {who}: “{text}”"),          N_("{who}: {nick}: “{text}”") },
  { "headline",  N_("headline to {who}: “{text}”"), N_("headline: “{text}”") },
  { "normal",    N_("letter to {who}: “{text}”"),   N_("{who}: letter “{text}”") },
  { "",          N_("letter to {who}: “{text}”"),   N_("{who}: letter “{text}”") },
};

static const char *
get_text (const XmppNode *message,
          const char     *name)
{
  const char *text = xmpp_node_get_child_text (message, name, XMPP_NS_CLIENT);

  return text != NULL && *text != '\0' ? text : NULL;
}

static char *
describe_text (const ConsoleSummary *self,
               const char           *text)
{
  g_autofree char *clipped = console_clip (text);
  g_autofree char *nick = console_name_nick (self->peer);
  guint found = 0;

  while (found + 1 < G_N_ELEMENTS (types) && !g_str_equal (types[found].type, self->type))
    found++;

  /* the room itself has no nick, and who speaks in private only has one */
  if (g_str_equal (self->type, "groupchat") && nick == NULL)
    found = 0;
  else if (!self->is_sent && nick != NULL && xmpp_node_get_child (self->root, "x", NS_MUC_USER) != NULL)
    return console_say (_("{who}: {nick} in private: “{text}”"), "who", self->who, "nick", nick, "text", clipped, NULL);

  return console_say (_(self->is_sent ? types[found].sent : types[found].received), "who", self->who,
                      "nick", nick, "text", clipped, NULL);
}

static char *
describe_error (const ConsoleSummary *self)
{
  g_autofree char *error = console_describe_error (self->root);

  return console_say (self->is_sent ? _("tells {who} that it was not delivered: {error}") : _("not delivered to {who}: {error}"),
                      "who", self->who, "error", error, NULL);
}

/* A copy of what another of our devices sent or got (XEP-0280), or out of the archive (XEP-0313): the same words about the inner one */
static char *
describe_forwarded (const ConsoleSummary *self,
                    const XmppNode       *wrapper,
                    const char           *phrase,
                    gboolean              is_sent)
{
  const XmppNode *forwarded = xmpp_node_get_child (wrapper, "forwarded", NS_FORWARD);
  const XmppNode *message = forwarded != NULL ? xmpp_node_get_child (forwarded, "message", XMPP_NS_CLIENT) : NULL;
  const char *type = message != NULL ? xmpp_node_get (message, "type") : NULL;
  const char *text = message != NULL ? get_text (message, "body") : NULL;
  const char *peer = message != NULL ? xmpp_node_get (message, is_sent ? "to" : "from") : NULL;
  g_autofree char *who = peer != NULL ? console_name (peer) : g_strdup ("");
  ConsoleSummary inner = { .entry = self->entry, .root = message, .is_sent = is_sent, .peer = peer, .who = who };
  g_autofree char *line = NULL;

  inner.type = type != NULL ? type : "";
  line = text != NULL ? describe_text (&inner, text) : g_strdup (_("a message without text"));

  return console_say (phrase, "what", line, NULL);
}

static char *
find_wrapped (const ConsoleSummary *self)
{
  const XmppNode *node;

  if ((node = xmpp_node_get_child (self->root, "sent", NS_CARBONS)))
    return describe_forwarded (self, node, _("copy of what we sent: {what}"), TRUE);
  if ((node = xmpp_node_get_child (self->root, "received", NS_CARBONS)))
    return describe_forwarded (self, node, _("copy of what we received: {what}"), FALSE);
  if ((node = xmpp_node_get_child (self->root, "result", NS_MAM)))
    return describe_forwarded (self, node, _("archive: {what}"), FALSE);

  return NULL;
}

static char *
find_invitation (const ConsoleSummary *self)
{
  const XmppNode *direct = xmpp_node_get_child (self->root, "x", NS_CONFERENCE);
  const XmppNode *user = xmpp_node_get_child (self->root, "x", NS_MUC_USER);
  const XmppNode *invite = user != NULL ? xmpp_node_get_child (user, "invite", NS_MUC_USER) : NULL;
  const char *room = invite != NULL ? self->peer : direct != NULL ? xmpp_node_get (direct, "jid") : NULL;
  const char *other = invite != NULL ? xmpp_node_get (invite, self->is_sent ? "to" : "from") : self->peer;
  g_autofree char *room_name = NULL;
  g_autofree char *who = NULL;

  if (room == NULL)
    return NULL;

  room_name = console_name (room);
  who = console_name (other != NULL ? other : room);

  return console_say (self->is_sent ? _("invites {who} to {room}") : _("{who} invites you to {room}"),
                      "who", who, "room", room_name, NULL);
}

static char *
find_payload (const ConsoleSummary *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (payloads); i++)
    {
      const XmppNode *node = xmpp_node_get_child (self->root, payloads[i].name, payloads[i].ns);

      if (node != NULL)
        return console_say (_(self->is_sent ? payloads[i].sent : payloads[i].received), "who", self->who,
                            "id", xmpp_node_get (node, "id"), NULL);
    }

  return NULL;
}

static char *
describe_subject (const ConsoleSummary *self,
                  const char           *subject)
{
  g_autofree char *nick = NULL;
  g_autofree char *clipped = NULL;

  if (!g_str_equal (self->type, "groupchat"))
    return describe_text (self, subject);

  clipped = console_clip (subject);
  nick = console_name_nick (self->peer);
  if (self->is_sent)
    return console_say (_("sets the topic of {who}: “{text}”"), "who", self->who, "text", clipped, NULL);
  if (nick == NULL)
    return console_say (_("{who}: the topic is “{text}”"), "who", self->who, "text", clipped, NULL);

  return console_say (_("{who}: {nick} sets the topic: “{text}”"), "who", self->who, "nick", nick, "text", clipped, NULL);
}

/* What nobody here knows is at least named. */
static char *
describe_unknown (const ConsoleSummary *self)
{
  const XmppNode *event = xmpp_node_get_child (self->root, "event", NS_PUBSUB);
  const XmppNode *items = event != NULL ? xmpp_node_get_child (event, "items", NS_PUBSUB) : NULL;
  const XmppNode *child = self->root->first_child;

  if (items != NULL)
    return console_say (_("{who} publishes {what}"), "who", self->who, "what", xmpp_node_get (items, "node"), NULL);

  if (xmpp_node_get_child (self->root, "subject", XMPP_NS_CLIENT) != NULL && g_str_equal (self->type, "groupchat"))
    return console_say (_("{who}: no topic"), "who", self->who, NULL);

  if (child == NULL)
    return console_say (_("empty message: {who}"), "who", self->who, NULL);

  return console_say (_("message with {name} of {ns}: {who}"), "name", child->name, "ns", child->ns, "who", self->who, NULL);
}

char *
console_summary_message (const ConsoleSummary *self)
{
  const char *body = get_text (self->root, "body");
  const char *subject = get_text (self->root, "subject");
  char *line;

  if (g_str_equal (self->type, "error"))
    return describe_error (self);

  if ((line = find_wrapped (self)) || (line = find_invitation (self)))
    return line;

  if (subject != NULL && !g_str_equal (self->type, "chat"))
    return describe_subject (self, subject);
  if (body != NULL)
    return describe_text (self, body);

  return (line = find_payload (self)) ? line : describe_unknown (self);
}
