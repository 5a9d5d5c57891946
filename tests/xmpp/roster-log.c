/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "roster-log.h"

static void
on_loaded (XmppRoster *roster,
           RosterLog  *self)
{
  g_ptr_array_add (self->lines, g_strdup ("loaded"));
}

static void
on_changed (XmppRoster           *roster,
            const XmppRosterItem *item,
            RosterLog            *self)
{
  g_ptr_array_add (self->lines, g_strdup_printf ("changed %s", xmpp_jid_get_text (item->jid)));
}

static void
on_removed (XmppRoster *roster,
            XmppJid    *jid,
            RosterLog  *self)
{
  g_ptr_array_add (self->lines, g_strdup_printf ("removed %s", xmpp_jid_get_text (jid)));
}

static void
on_failed (XmppRoster   *roster,
           const GError *error,
           RosterLog    *self)
{
  g_ptr_array_add (self->lines, g_strdup_printf ("failed %d", error->code));
}

RosterLog *
roster_log_new (void)
{
  RosterLog *self = g_new0 (RosterLog, 1);

  self->server = fake_server_new ("juliet@capulet.lit/balcony");
  self->roster = xmpp_session_get_module (self->server->session, XMPP_TYPE_ROSTER);
  self->lines = g_ptr_array_new_with_free_func (g_free);

  g_signal_connect (self->roster, "loaded", G_CALLBACK (on_loaded), self);
  g_signal_connect (self->roster, "changed", G_CALLBACK (on_changed), self);
  g_signal_connect (self->roster, "removed", G_CALLBACK (on_removed), self);
  g_signal_connect (self->roster, "failed", G_CALLBACK (on_failed), self);

  return self;
}

void
roster_log_free (RosterLog *self)
{
  g_signal_handlers_disconnect_by_data (self->roster, self);
  g_ptr_array_unref (self->lines);
  fake_server_free (self->server);
  g_free (self);
}

void
roster_log_login (RosterLog  *self,
                  const char *query)
{
  fake_server_login (self->server);
  fake_server_answer (self->server, NS_ROSTER, query);
  fake_server_settle (self->server);
  g_ptr_array_set_size (self->lines, 0);
}

void
roster_log_lose_connection (RosterLog *self)
{
  fake_server_settle (self->server);
  fake_server_fin (self->server);
  fake_server_wait_until (self->server->n_closed == 1);
}

void
roster_log_push (RosterLog  *self,
                 const char *from,
                 const char *items)
{
  g_autofree char *address = from != NULL ? g_strdup_printf (" from='%s'", from) : g_strdup ("");
  g_autofree char *xml = g_strdup_printf ("<iq type='set' id='p'%s to='juliet@capulet.lit/balcony'>"
                                          "<query xmlns='" NS_ROSTER "'>%s</query></iq>", address, items);

  fake_server_send (self->server, xml);
}

void
roster_log_expect (RosterLog  *self,
                   const char *lines)
{
  g_autofree char *got = NULL;

  fake_server_ping (self->server);
  g_ptr_array_add (self->lines, NULL);
  got = g_strjoinv (", ", (char **) self->lines->pdata);
  g_ptr_array_set_size (self->lines, 0);
  g_assert_cmpstr (got, ==, lines);
}

static char *
describe (const XmppRosterItem *item)
{
  static const char * const subscriptions[] = { "none", "to", "from", "both" };
  g_autofree char *groups = NULL;

  if (item == NULL)
    return g_strdup ("nobody");

  groups = g_strjoinv (",", item->groups);

  return g_strdup_printf ("%s '%s' %s%s%s [%s]", xmpp_jid_get_text (item->jid),
                          item->name != NULL ? item->name : "",
                          subscriptions[item->subscription], item->is_asked ? " asked" : "",
                          item->is_approved ? " approved" : "", groups);
}

void
roster_log_expect_item (RosterLog  *self,
                        const char *address,
                        const char *item)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (address, NULL);
  g_autofree char *got = describe (xmpp_roster_get_item (self->roster, jid));

  g_assert_cmpstr (got, ==, item);
}

void
roster_log_expect_saved (RosterLog  *self,
                         const char *xml)
{
  g_autoptr(XmppStanza) saved = xmpp_roster_save (self->roster);
  g_autofree char *got = xmpp_stanza_to_xml (saved);

  g_assert_cmpstr (got, ==, xml);
}

guint
roster_log_count (RosterLog *self)
{
  g_autoptr(GPtrArray) items = xmpp_roster_get_items (self->roster);

  return items->len;
}
