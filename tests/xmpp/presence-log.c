/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "presence-log.h"

static void
on_changed (XmppPresence *presence,
            XmppJid      *bare,
            PresenceLog  *self)
{
  g_ptr_array_add (self->lines, g_strdup_printf ("changed %s", xmpp_jid_get_text (bare)));
}

static void
on_request (XmppPresence *presence,
            XmppJid      *bare,
            const char   *nick,
            const char   *text,
            PresenceLog  *self)
{
  g_ptr_array_add (self->lines, g_strdup_printf ("request %s %s %s", xmpp_jid_get_text (bare),
                                              nick != NULL ? nick : "-", text != NULL ? text : "-"));
}

static void
on_withdrawn (XmppPresence *presence,
              XmppJid      *bare,
              PresenceLog  *self)
{
  g_ptr_array_add (self->lines, g_strdup_printf ("withdrawn %s", xmpp_jid_get_text (bare)));
}

static void
on_answered (XmppPresence *presence,
             XmppJid      *bare,
             gboolean      is_accepted,
             PresenceLog  *self)
{
  g_ptr_array_add (self->lines, g_strdup_printf ("%s %s", is_accepted ? "accepted" : "declined", xmpp_jid_get_text (bare)));
}

static void
on_error (XmppPresence *presence,
          XmppJid      *from,
          const GError *error,
          PresenceLog  *self)
{
  g_assert_cmpstr (g_quark_to_string (error->domain), ==, g_quark_to_string (XMPP_STANZA_ERROR));
  g_ptr_array_add (self->lines, g_strdup_printf ("error %s %s", xmpp_jid_get_text (from),
                                              xmpp_stanza_error_get_name (error->code)));
}

static void
on_invisible_failed (XmppPresence *presence,
                     const GError *error,
                     PresenceLog  *self)
{
  g_assert_cmpstr (error->message, !=, "");
  g_ptr_array_add (self->lines, g_strdup ("invisible-failed"));
}

PresenceLog *
presence_log_new (void)
{
  PresenceLog *self = g_new0 (PresenceLog, 1);

  self->server = fake_server_new ("juliet@capulet.lit/balcony");
  self->presence = xmpp_session_get_module (self->server->session, XMPP_TYPE_PRESENCE);
  self->lines = g_ptr_array_new_with_free_func (g_free);

  g_signal_connect (self->presence, "changed", G_CALLBACK (on_changed), self);
  g_signal_connect (self->presence, "request", G_CALLBACK (on_request), self);
  g_signal_connect (self->presence, "withdrawn", G_CALLBACK (on_withdrawn), self);
  g_signal_connect (self->presence, "answered", G_CALLBACK (on_answered), self);
  g_signal_connect (self->presence, "error", G_CALLBACK (on_error), self);
  g_signal_connect (self->presence, "invisible-failed", G_CALLBACK (on_invisible_failed), self);

  return self;
}

void
presence_log_free (PresenceLog *self)
{
  g_signal_handlers_disconnect_by_data (self->presence, self);
  g_ptr_array_unref (self->lines);
  fake_server_free (self->server);
  g_free (self);
}

void
presence_log_clear (PresenceLog *self)
{
  g_ptr_array_set_size (self->lines, 0);
}

void
presence_log_login (PresenceLog *self)
{
  fake_server_login (self->server);
  fake_server_answer (self->server, "jabber:iq:roster", PRESENCE_ROSTER);
  fake_server_settle (self->server);
  presence_log_clear (self);
}

void
presence_log_lose_connection (PresenceLog *self)
{
  guint before = self->server->n_closed;

  fake_server_settle (self->server);
  fake_server_fin (self->server);
  fake_server_wait_until (self->server->n_closed > before);
}

void
presence_log_receive (PresenceLog *self,
                      const char  *from,
                      const char  *type,
                      const char  *children)
{
  g_autofree char *attribute = type != NULL ? g_strdup_printf (" type='%s'", type) : g_strdup ("");
  g_autofree char *xml = g_strdup_printf ("<presence from='%s'%s>%s</presence>", from, attribute, children);

  fake_server_send (self->server, xml);
}

void
presence_log_expect (PresenceLog *self,
                     const char  *lines)
{
  g_autofree char *got = NULL;

  if (xmpp_session_is_online (self->server->session))
    fake_server_ping (self->server);
  g_ptr_array_add (self->lines, NULL);
  got = g_strjoinv (", ", (char **) self->lines->pdata);
  presence_log_clear (self);
  g_assert_cmpstr (got, ==, lines);
}
