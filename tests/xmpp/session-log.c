/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "session-log.h"

#include "xmpp-presence.h"

#include <string.h>

#define JID "juliet@capulet.lit/balcony"

static const char *
get_id (XmppStanza *message)
{
  return xmpp_node_get (xmpp_stanza_get_root (message), "id");
}

static void
on_acknowledged (XmppSession *session,
                 XmppStanza  *message,
                 SessionLog  *self)
{
  g_string_append_printf (self->text, "+%s ", get_id (message));
}

static void
on_unacknowledged (XmppSession *session,
                   GPtrArray   *messages,
                   SessionLog  *self)
{
  for (guint i = 0; i < messages->len; i++)
    g_string_append_printf (self->text, "%s%s", i == 0 ? "?" : ",", get_id (g_ptr_array_index (messages, i)));
  g_string_append_c (self->text, ' ');
}

static void
on_rejected (XmppSession  *session,
             XmppStanza   *message,
             const GError *error,
             SessionLog   *self)
{
  g_clear_error (&self->rejected);
  self->rejected = g_error_copy (error);
  g_string_append_printf (self->text, "!%s ", get_id (message));
}

static void
on_message (XmppSession       *session,
            const XmppMessage *message,
            SessionLog        *self)
{
  g_string_append_printf (self->text, "<%s ", message->body);
}

static void
on_closed (XmppSession  *session,
           const GError *error,
           SessionLog   *self)
{
  g_string_append (self->text, "closed ");
}

static void
on_presence (XmppPresence *presence,
             XmppJid      *bare,
             SessionLog   *self)
{
  if (!session_log_sees_romeo (self))
    g_string_append (self->text, "offline ");
}

gboolean
session_log_sees_romeo (SessionLog *self)
{
  g_autoptr(XmppJid) romeo = xmpp_jid_new ("romeo@montague.lit", NULL);
  XmppPresence *presence = xmpp_session_get_module (self->server->session, XMPP_TYPE_PRESENCE);
  g_autoptr(GPtrArray) all = xmpp_presence_get_resources (presence, romeo);

  return all->len > 0;
}

SessionLog *
session_log_new (void)
{
  SessionLog *self = g_new0 (SessionLog, 1);

  self->server = fake_server_new (JID);
  self->sm = fake_sm_new (self->server);
  self->text = g_string_new (NULL);

  g_signal_connect (self->server->session, "acknowledged", G_CALLBACK (on_acknowledged), self);
  g_signal_connect (self->server->session, "unacknowledged", G_CALLBACK (on_unacknowledged), self);
  g_signal_connect (self->server->session, "rejected", G_CALLBACK (on_rejected), self);
  g_signal_connect (self->server->session, "message", G_CALLBACK (on_message), self);
  g_signal_connect (self->server->session, "closed", G_CALLBACK (on_closed), self);
  g_signal_connect (xmpp_session_get_module (self->server->session, XMPP_TYPE_PRESENCE), "changed",
                    G_CALLBACK (on_presence), self);

  return self;
}

void
session_log_free (SessionLog *self)
{
  fake_sm_free (self->sm);
  g_signal_handlers_disconnect_by_data (self->server->session, self);
  g_signal_handlers_disconnect_by_data (xmpp_session_get_module (self->server->session, XMPP_TYPE_PRESENCE), self);
  fake_server_free (self->server);
  g_clear_error (&self->rejected);
  g_string_free (self->text, TRUE);
  g_free (self);
}

void
session_log_login (SessionLog *self)
{
  self->sm->is_enabled = FALSE;
  fake_server_login (self->server);
  fake_sm_enable (self->sm, NULL);
  fake_server_answer (self->server, "jabber:iq:roster",
                      "<query xmlns='jabber:iq:roster'><item jid='romeo@montague.lit' subscription='both'/></query>");
  fake_server_answer (self->server, "disco#info", "<query xmlns='http://jabber.org/protocol/disco#info'/>");
  fake_server_send (self->server, "<presence from='romeo@montague.lit/orchard'/>");
  fake_server_wait_until (session_log_sees_romeo (self));
  fake_server_settle (self->server);
  g_string_truncate (self->text, 0);
}

void
session_log_send (SessionLog *self,
                  const char *id)
{
  g_autoptr(XmppJid) to = xmpp_jid_new ("romeo@montague.lit", NULL);
  XmppMessage message = { .type = XMPP_MESSAGE_CHAT, .to = to, .id = id, .body = id };

  xmpp_session_send_message (self->server->session, &message);
}

void
session_log_expect (SessionLog *self,
                    const char *words)
{
  g_autofree char *text = g_strchomp (g_strdup (self->text->str));

  g_assert_cmpstr (text, ==, words);
  g_string_truncate (self->text, 0);
}

void
session_log_await (SessionLog *self,
                   const char *words)
{
  fake_server_wait_until (self->text->len >= strlen (words));
  session_log_expect (self, words);
}
