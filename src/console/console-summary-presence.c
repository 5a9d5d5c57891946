/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "console-summary-private.h"

#include <glib/gi18n.h>

#define NS_MUC      "http://jabber.org/protocol/muc"
#define NS_MUC_USER "http://jabber.org/protocol/muc#user"

static const struct
{
  const char *type;
  const char *sent;
  const char *received;
} types[] = {
  { "unavailable",  N_("goes offline"),                             N_("{who} goes offline") },
  { "subscribe",    N_("asks to see the presence of {who}"),        N_("{who} asks to see your presence") },
  { "subscribed",   N_("allows {who} to see our presence"),         N_("{who} allows you to see their presence") },
  { "unsubscribe",  N_("does not want the presence of {who}"),      N_("{who} does not want your presence any more") },
  { "unsubscribed", N_("does not let {who} see our presence"),      N_("{who} does not let you see their presence") },
  { "probe",        N_("asks for the presence of {who}"),           N_("{who} asks for your presence") },
  { "invisible",    N_("becomes invisible"),                        N_("{who} becomes invisible") },
  { "error",        N_("refuses the presence of {who}: {error}"),   N_("{who} refuses the presence: {error}") },
};

/* RFC 6121, 4.7.2.1; the first is for none */
static const struct
{
  const char *show;
  const char *sent;
  const char *received;
} shows[] = {
  { "",     N_("is online"),              N_("{who} is online") },
  { "chat", N_("is free to chat"),        N_("{who} is free to chat") },
  { "away", N_("is away"),                N_("{who} is away") },
  { "xa",   N_("is away for long"),       N_("{who} is away for long") },
  { "dnd",  N_("does not want to be disturbed"), N_("{who} does not want to be disturbed") },
};

/* XEP-0045, 15.6.2: how somebody left a room; the first is for none of these */
static const struct
{
  const char *code;
  const char *phrase;
} ends[] = {
  { "",    N_("{room}: {nick} leaves") },
  { "303", N_("{room}: {nick} is now {new}") },
  { "301", N_("{room}: {nick} was banned") },
  { "307", N_("{room}: {nick} was kicked") },
  { "321", N_("{room}: {nick} lost the membership") },
  { "322", N_("{room}: {nick} is no member") },
  { "332", N_("{room}: {nick} leaves: the service is shut down") },
};

static gboolean
has_status (const XmppNode *user,
            const char     *code)
{
  XMPP_NODE_FOREACH_CHILD (user, child)
    {
      if (g_str_equal (child->name, "status") && g_strcmp0 (xmpp_node_get (child, "code"), code) == 0)
        return TRUE;
    }

  return FALSE;
}

static char *
with_reason (char           *line,
             const XmppNode *item)
{
  const char *reason = item != NULL ? xmpp_node_get_child_text (item, "reason", NS_MUC_USER) : NULL;
  g_autofree char *begin = line;
  g_autofree char *clipped = NULL;

  if (reason == NULL || *reason == '\0')
    return g_steal_pointer (&begin);

  clipped = console_clip (reason);

  return g_strdup_printf ("%s: “%s”", begin, clipped);
}

static char *
describe_occupant (const ConsoleSummary *self,
                   const XmppNode       *user)
{
  const XmppNode *item = xmpp_node_get_child (user, "item", NS_MUC_USER);
  g_autofree char *nick = console_name_nick (self->peer);
  guint end = 0;

  if (g_str_equal (self->type, "unavailable"))
    {
      for (guint i = 1; i < G_N_ELEMENTS (ends) && end == 0; i++)
        end = has_status (user, ends[i].code) ? i : 0;

      return with_reason (console_say (_(ends[end].phrase), "room", self->who, "nick", nick,
                                       "new", item != NULL ? xmpp_node_get (item, "nick") : NULL, NULL), item);
    }

  return console_say (_("{room}: {nick} is here ({affiliation}, {role})"), "room", self->who, "nick", nick,
                      "affiliation", item != NULL ? xmpp_node_get (item, "affiliation") : NULL,
                      "role", item != NULL ? xmpp_node_get (item, "role") : NULL, NULL);
}

static char *
describe_available (const ConsoleSummary *self)
{
  const char *show = xmpp_node_get_child_text (self->root, "show", XMPP_NS_CLIENT);
  const char *status = xmpp_node_get_child_text (self->root, "status", XMPP_NS_CLIENT);
  g_autofree char *line = NULL;
  g_autofree char *clipped = NULL;
  guint found = 0;

  for (guint i = 1; i < G_N_ELEMENTS (shows) && show != NULL; i++)
    found = g_str_equal (shows[i].show, show) ? i : found;

  line = console_say (_(self->is_sent ? shows[found].sent : shows[found].received), "who", self->who, NULL);
  if (status == NULL || *status == '\0')
    return g_steal_pointer (&line);

  clipped = console_clip (status);

  return g_strdup_printf ("%s: “%s”", line, clipped);
}

char *
console_summary_presence (const ConsoleSummary *self)
{
  const XmppNode *user = xmpp_node_get_child (self->root, "x", NS_MUC_USER);
  g_autofree char *nick = NULL;
  g_autofree char *error = NULL;

  if (user != NULL && !self->is_sent && (*self->type == '\0' || g_str_equal (self->type, "unavailable")))
    return describe_occupant (self, user);

  if (self->is_sent && *self->type == '\0' && xmpp_node_get_child (self->root, "x", NS_MUC) != NULL)
    {
      nick = console_name_nick (self->peer);

      return console_say (_("joins {room} as {nick}"), "room", self->who, "nick", nick, NULL);
    }

  if (*self->type == '\0')
    return describe_available (self);

  error = console_describe_error (self->root);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      if (g_str_equal (types[i].type, self->type))
        return console_say (_(self->is_sent ? types[i].sent : types[i].received), "who", self->who, "error", error, NULL);
    }

  return console_say (_("presence of type {type}"), "type", self->type, NULL);
}
