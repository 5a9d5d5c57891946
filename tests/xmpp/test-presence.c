/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "presence-log.h"

static void
test_it_goes_out_after_the_roster_was_asked_for (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  fake_server_login (log->server);
  fake_server_expect_next (log->server, "<iq type='get' id='*'><query xmlns='jabber:iq:roster'/></iq>");
  fake_server_expect_next (log->server, PRESENCE (""));
}

static void
test_all_that_is_set_is_said (void)
{
  static const struct
  {
    XmppShow    show;
    const char *status;
    int         priority;
    const char *xml;
  } rows[] = {
    { XMPP_SHOW_CHAT,      NULL,  0,    PRESENCE ("<show>chat</show>") },
    { XMPP_SHOW_AVAILABLE, "",    0,    PRESENCE ("") },
    { XMPP_SHOW_AVAILABLE, "Hi",  5,    PRESENCE ("<status>Hi</status><priority>5</priority>") },
    { XMPP_SHOW_AWAY,      "a<b", -1,   PRESENCE ("<show>away</show><status>a&lt;b</status><priority>-1</priority>") },
    { XMPP_SHOW_XA,        NULL,  1000, PRESENCE ("<show>xa</show><priority>127</priority>") },
    { XMPP_SHOW_DND,       NULL,  -999, PRESENCE ("<show>dnd</show><priority>-128</priority>") },
    { XMPP_SHOW_OFFLINE,   "Bye", 3,    "<presence type='unavailable'><status>Bye</status></presence>" },
  };
  g_autoptr(PresenceLog) log = presence_log_new ();

  presence_log_login (log);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      xmpp_presence_set (log->presence, rows[i].show, rows[i].status, rows[i].priority);
      fake_server_expect_next (log->server, rows[i].xml);
    }
  fake_server_no_more (log->server);
}

static void
test_it_is_remembered_for_the_next_login (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  xmpp_presence_set (log->presence, XMPP_SHOW_AWAY, "Later", 0);
  fake_server_login (log->server);
  fake_server_expect (log->server, PRESENCE ("<show>away</show><status>Later</status>"));
  presence_log_lose_connection (log);
  fake_server_login (log->server);
  fake_server_expect (log->server, PRESENCE ("<show>away</show><status>Later</status>"));
}

static void
test_who_is_offline_by_choice_says_nothing (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  xmpp_presence_set (log->presence, XMPP_SHOW_OFFLINE, NULL, 0);
  presence_log_login (log);
  for (guint i = 0; i < log->server->received->len; i++)
    g_assert_false (g_str_has_prefix (g_ptr_array_index (log->server->received, i), "<presence"));
}

static void
write_mark (XmppNode *presence,
            gpointer  user_data)
{
  xmpp_node_add (presence, "mark", user_data);
}

static void
test_extensions_are_written_once_each (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  presence_log_login (log);
  xmpp_presence_set_extension (log->presence, write_mark, (gpointer) "urn:a");
  xmpp_presence_set_extension (log->presence, write_mark, (gpointer) "urn:b");
  xmpp_presence_set_extension (log->presence, write_mark, (gpointer) "urn:a");
  xmpp_presence_set (log->presence, XMPP_SHOW_AVAILABLE, NULL, 0);
  fake_server_expect (log->server, "<presence><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='*' ver='*'/>"
                                "<mark xmlns='urn:a'/><mark xmlns='urn:b'/></presence>");
}

static void
test_a_directed_one_says_the_same (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();
  g_autoptr(XmppJid) jid = xmpp_jid_new ("mercutio@montague.lit", NULL);

  presence_log_login (log);
  xmpp_presence_set (log->presence, XMPP_SHOW_DND, "Busy", 0);
  fake_server_settle (log->server);

  xmpp_presence_send_to (log->presence, jid, NULL, NULL);
  fake_server_expect_next (log->server, "<presence to='mercutio@montague.lit'><show>dnd</show><status>Busy</status>"
                                     "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='*' ver='*'/></presence>");
  xmpp_presence_send_to (log->presence, jid, NULL, "For you");
  fake_server_expect_next (log->server, "<presence to='mercutio@montague.lit'><status>For you</status><show>dnd</show>"
                                     "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='*' ver='*'/></presence>");
  xmpp_presence_send_to (log->presence, jid, "unavailable", "Farewell");
  fake_server_expect_next (log->server, "<presence to='mercutio@montague.lit' type='unavailable'><status>Farewell</status></presence>");
}

static void
count_own_changes (XmppPresence *presence,
                   guint        *n)
{
  (*n)++;
}

static void
test_rooms_are_told_of_what_is_available (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();
  guint n = 0;

  presence_log_login (log);
  g_signal_connect (log->presence, "own-changed", G_CALLBACK (count_own_changes), &n);
  xmpp_presence_set (log->presence, XMPP_SHOW_AWAY, NULL, 0);
  g_assert_cmpint (n, ==, 1);
  xmpp_presence_set (log->presence, XMPP_SHOW_OFFLINE, NULL, 0);
  g_assert_cmpint (n, ==, 1);
  g_signal_handlers_disconnect_by_data (log->presence, &n);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/presence/it-goes-out-after-the-roster-was-asked-for",
                   test_it_goes_out_after_the_roster_was_asked_for);
  g_test_add_func ("/xmpp/presence/all-that-is-set-is-said", test_all_that_is_set_is_said);
  g_test_add_func ("/xmpp/presence/it-is-remembered-for-the-next-login",
                   test_it_is_remembered_for_the_next_login);
  g_test_add_func ("/xmpp/presence/who-is-offline-by-choice-says-nothing",
                   test_who_is_offline_by_choice_says_nothing);
  g_test_add_func ("/xmpp/presence/extensions-are-written-once-each", test_extensions_are_written_once_each);
  g_test_add_func ("/xmpp/presence/a-directed-one-says-the-same", test_a_directed_one_says_the_same);
  g_test_add_func ("/xmpp/presence/rooms-are-told-of-what-is-available",
                   test_rooms_are_told_of_what_is_available);

  return g_test_run ();
}
