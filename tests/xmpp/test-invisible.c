/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "presence-log.h"

#define SERVER_INFO(features) "<query xmlns='http://jabber.org/protocol/disco#info'>" features "</query>"
#define COMMAND_1 "<feature var='urn:xmpp:invisible:1'/>"
#define COMMAND_0 "<feature var='urn:xmpp:invisible:0'/>"
#define PRIVACY   "<feature var='jabber:iq:privacy'/>"

#define LIST(items) \
  "<query xmlns='jabber:iq:privacy'><list name='flint-invisible'>" \
  "<item action='deny' order='1'><presence-out/></item>" items "</list></query>"
#define ACTIVE "<query xmlns='jabber:iq:privacy'><active name='flint-invisible'/></query>"

static void
log_in_invisible (PresenceLog *log,
                  const char  *features)
{
  xmpp_presence_set_invisible (log->presence, TRUE);
  fake_server_login (log->server);
  fake_server_answer (log->server, "jabber:iq:roster", PRESENCE_ROSTER);
  fake_server_answer (log->server, "disco#info", features);
}

/* That no word of presence was sent until now */
static void
assert_no_leak (PresenceLog *log)
{
  fake_server_ping (log->server);
  for (guint i = 0; i < log->server->received->len; i++)
    g_assert_false (g_str_has_prefix (g_ptr_array_index (log->server->received, i), "<presence"));
}

static void
test_the_command_hides_before_the_first_presence (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  log_in_invisible (log, SERVER_INFO (PRIVACY COMMAND_0 COMMAND_1));
  assert_no_leak (log);
  fake_server_answer (log->server, "<invisible xmlns='urn:xmpp:invisible:1' probe='true'/>", NULL);
  fake_server_expect (log->server, PRESENCE (""));
  g_assert_true (xmpp_presence_is_invisible (log->presence));
  presence_log_expect (log, "");
}

static void
test_the_older_command_hides_too (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  log_in_invisible (log, SERVER_INFO (COMMAND_0));
  assert_no_leak (log);
  fake_server_answer (log->server, "<invisible xmlns='urn:xmpp:invisible:0'/>", NULL);
  fake_server_expect (log->server, PRESENCE (""));
}

static void
test_a_privacy_list_hides_before_the_first_presence (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  log_in_invisible (log, SERVER_INFO (PRIVACY));
  fake_server_answer (log->server, "<query xmlns='jabber:iq:privacy'/>", "<query xmlns='jabber:iq:privacy'/>");
  fake_server_answer (log->server, LIST (), NULL);
  assert_no_leak (log);
  fake_server_answer (log->server, ACTIVE, NULL);
  fake_server_expect (log->server, PRESENCE (""));
}

/* The list stands in the place of the default one, where Openfire keeps who is blocked */
static void
test_a_privacy_list_keeps_who_is_blocked_blocked (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  log_in_invisible (log, SERVER_INFO (PRIVACY));
  fake_server_answer (log->server, "<query xmlns='jabber:iq:privacy'/>",
                      "<query xmlns='jabber:iq:privacy'><default name='blocked'/><list name='blocked'/></query>");
  fake_server_answer (log->server, "<query xmlns='jabber:iq:privacy'><list name='blocked'/></query>",
                      "<query xmlns='jabber:iq:privacy'><list name='blocked'>"
                      "<item action='allow' order='20'/><item type='jid' value='eve@evil.test' action='deny' order='10'/>"
                      "</list></query>");
  fake_server_answer (log->server, LIST ("<item type='jid' value='eve@evil.test' action='deny' order='2'/>"
                                      "<item action='allow' order='3'/>"), NULL);
  assert_no_leak (log);
  fake_server_answer (log->server, ACTIVE, NULL);
  fake_server_expect (log->server, PRESENCE (""));

  /* Who is blocked from now on is so in both lists */
  fake_server_send (log->server, "<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'><item jid='tybalt@capulet.lit'/></block></iq>");
  fake_server_answer (log->server, "<query xmlns='jabber:iq:privacy'/>",
                      "<query xmlns='jabber:iq:privacy'><active name='flint-invisible'/></query>");
  fake_server_answer (log->server, LIST (), NULL);
  fake_server_settle (log->server);
  fake_server_no_more (log->server);
}

static void
test_where_nothing_hides_nothing_is_sent (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  log_in_invisible (log, SERVER_INFO ("<feature var='urn:x'/>"));
  presence_log_expect (log, "invisible-failed");
  assert_no_leak (log);
  g_assert_true (xmpp_presence_is_invisible (log->presence));

  /* Neither when the status changes: whoever wants to be seen must say so */
  xmpp_presence_set (log->presence, XMPP_SHOW_AWAY, NULL, 0);
  presence_log_expect (log, "invisible-failed");
  assert_no_leak (log);

  xmpp_presence_set_invisible (log->presence, FALSE);
  fake_server_expect (log->server, PRESENCE ("<show>away</show>"));
}

static void
test_a_refused_command_leaves_nothing_sent (gconstpointer command)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  log_in_invisible (log, SERVER_INFO (COMMAND_1));
  fake_server_refuse (log->server, command, "cancel", "not-allowed");
  presence_log_expect (log, "invisible-failed");
  assert_no_leak (log);
}

static void
test_a_refused_list_leaves_nothing_sent (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  log_in_invisible (log, SERVER_INFO (PRIVACY));
  fake_server_answer (log->server, "<query xmlns='jabber:iq:privacy'/>", "<query xmlns='jabber:iq:privacy'/>");
  fake_server_answer (log->server, LIST (), NULL);
  fake_server_refuse (log->server, ACTIVE, "cancel", "item-not-found");
  presence_log_expect (log, "invisible-failed");
  assert_no_leak (log);
}

static void
test_a_server_that_does_not_say_what_it_can_leaves_nothing_sent (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  xmpp_presence_set_invisible (log->presence, TRUE);
  fake_server_login (log->server);
  fake_server_answer (log->server, "jabber:iq:roster", PRESENCE_ROSTER);
  fake_server_refuse (log->server, "disco#info", "cancel", "service-unavailable");
  presence_log_expect (log, "invisible-failed");
  assert_no_leak (log);
}

static void
test_a_lost_connection_is_no_refusal (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  log_in_invisible (log, SERVER_INFO (COMMAND_1));
  fake_server_expect_contains (log->server, "urn:xmpp:invisible:1");
  presence_log_lose_connection (log);
  presence_log_expect (log, "");

  fake_server_login (log->server);
  fake_server_answer (log->server, "disco#info", SERVER_INFO (COMMAND_1));
  assert_no_leak (log);
  fake_server_answer (log->server, "urn:xmpp:invisible:1", NULL);
  fake_server_expect (log->server, PRESENCE (""));
}

static void
log_in_visible (PresenceLog *log,
                const char  *features)
{
  fake_server_login (log->server);
  fake_server_answer (log->server, "jabber:iq:roster", PRESENCE_ROSTER);
  fake_server_answer (log->server, "disco#info", features);
  fake_server_settle (log->server);
}

static void
test_who_is_seen_hides_and_shows_again_by_command (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  log_in_visible (log, SERVER_INFO (COMMAND_1));
  xmpp_presence_set_invisible (log->presence, TRUE);
  fake_server_answer (log->server, "<invisible xmlns='urn:xmpp:invisible:1' probe='true'/>", NULL);
  fake_server_expect_next (log->server, PRESENCE (""));

  xmpp_presence_set_invisible (log->presence, FALSE);
  fake_server_answer (log->server, "<visible xmlns='urn:xmpp:invisible:1'/>", NULL);
  fake_server_expect_next (log->server, PRESENCE (""));
  g_assert_false (xmpp_presence_is_invisible (log->presence));
}

/* XEP-0126, 3.5: unavailable first, the list then, and what it holds back last */
static void
test_who_is_seen_hides_and_shows_again_by_list (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  log_in_visible (log, SERVER_INFO (PRIVACY));
  xmpp_presence_set_invisible (log->presence, TRUE);
  fake_server_answer (log->server, "<query xmlns='jabber:iq:privacy'/>", "<query xmlns='jabber:iq:privacy'/>");
  fake_server_answer (log->server, LIST (), NULL);
  fake_server_expect_next (log->server, "<presence type='unavailable'/>");
  fake_server_answer (log->server, ACTIVE, NULL);
  fake_server_expect_next (log->server, PRESENCE (""));

  xmpp_presence_set_invisible (log->presence, FALSE);
  fake_server_answer (log->server, "<query xmlns='jabber:iq:privacy'><active/></query>", NULL);
  fake_server_expect_next (log->server, PRESENCE (""));
}

static void
test_who_is_seen_stays_so_when_nothing_hides (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  log_in_visible (log, SERVER_INFO ("<feature var='urn:x'/>"));
  xmpp_presence_set_invisible (log->presence, TRUE);
  fake_server_wait_until (log->lines->len > 0);
  presence_log_expect (log, "invisible-failed");
  g_assert_false (xmpp_presence_is_invisible (log->presence));

  fake_server_settle (log->server);
  xmpp_presence_set (log->presence, XMPP_SHOW_AWAY, NULL, 0);
  fake_server_expect_next (log->server, PRESENCE ("<show>away</show>"));
}

static void
test_a_status_waits_while_the_server_is_asked (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  log_in_invisible (log, SERVER_INFO (COMMAND_1));
  fake_server_ping (log->server);
  xmpp_presence_set (log->presence, XMPP_SHOW_DND, NULL, 0);
  assert_no_leak (log);
  fake_server_answer (log->server, "urn:xmpp:invisible:1", NULL);
  fake_server_expect_next (log->server, PRESENCE ("<show>dnd</show>"));
}

static void
test_who_changes_his_mind_while_the_server_is_asked_is_seen (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  log_in_invisible (log, SERVER_INFO (COMMAND_1));
  fake_server_ping (log->server);
  xmpp_presence_set_invisible (log->presence, FALSE);
  assert_no_leak (log);
  fake_server_refuse (log->server, "urn:xmpp:invisible:1", "cancel", "not-allowed");
  fake_server_expect_next (log->server, PRESENCE (""));
  presence_log_expect (log, "");
}

static void
test_other_devices_lists_are_acknowledged (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  presence_log_login (log);
  fake_server_send (log->server, "<iq type='set' id='l'><query xmlns='jabber:iq:privacy'><list name='public'/></query></iq>");
  fake_server_expect_next (log->server, "<iq type='result' id='l'/>");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/invisible/the-command-hides-before-the-first-presence",
                   test_the_command_hides_before_the_first_presence);
  g_test_add_func ("/xmpp/invisible/the-older-command-hides-too", test_the_older_command_hides_too);
  g_test_add_func ("/xmpp/invisible/a-privacy-list-hides-before-the-first-presence",
                   test_a_privacy_list_hides_before_the_first_presence);
  g_test_add_func ("/xmpp/invisible/a-privacy-list-keeps-who-is-blocked-blocked",
                   test_a_privacy_list_keeps_who_is_blocked_blocked);
  g_test_add_func ("/xmpp/invisible/where-nothing-hides-nothing-is-sent",
                   test_where_nothing_hides_nothing_is_sent);
  g_test_add_func ("/xmpp/invisible/a-refused-list-leaves-nothing-sent",
                   test_a_refused_list_leaves_nothing_sent);
  g_test_add_func ("/xmpp/invisible/a-server-that-does-not-say-what-it-can-leaves-nothing-sent",
                   test_a_server_that_does_not_say_what_it_can_leaves_nothing_sent);
  g_test_add_func ("/xmpp/invisible/a-lost-connection-is-no-refusal", test_a_lost_connection_is_no_refusal);
  g_test_add_func ("/xmpp/invisible/who-is-seen-hides-and-shows-again-by-command",
                   test_who_is_seen_hides_and_shows_again_by_command);
  g_test_add_func ("/xmpp/invisible/who-is-seen-hides-and-shows-again-by-list",
                   test_who_is_seen_hides_and_shows_again_by_list);
  g_test_add_func ("/xmpp/invisible/who-is-seen-stays-so-when-nothing-hides",
                   test_who_is_seen_stays_so_when_nothing_hides);
  g_test_add_func ("/xmpp/invisible/a-status-waits-while-the-server-is-asked",
                   test_a_status_waits_while_the_server_is_asked);
  g_test_add_func ("/xmpp/invisible/who-changes-his-mind-while-the-server-is-asked-is-seen",
                   test_who_changes_his_mind_while_the_server_is_asked_is_seen);
  g_test_add_func ("/xmpp/invisible/other-devices-lists-are-acknowledged",
                   test_other_devices_lists_are_acknowledged);
  g_test_add_data_func ("/xmpp/invisible/a-refused-command-leaves-nothing-sent", "urn:xmpp:invisible:1",
                        test_a_refused_command_leaves_nothing_sent);

  return g_test_run ();
}
