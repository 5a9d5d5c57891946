/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "roster-log.h"
#include "xmpp-presence.h"

#define ROSTERVER "<ver xmlns='urn:xmpp:features:rosterver'/>"

static void
test_it_is_asked_for_at_login (void)
{
  g_autoptr(RosterLog) log = roster_log_new ();

  fake_server_login (log->server);
  fake_server_expect (log->server, "<iq type='get' id='*'><query xmlns='" NS_ROSTER "'/></iq>");
  g_assert_false (xmpp_roster_is_loaded (log->roster));
}

static void
test_it_is_read (void)
{
  g_autoptr(RosterLog) log = roster_log_new ();

  fake_server_login (log->server);
  fake_server_answer (log->server, NS_ROSTER, QUERY (
    "<item jid='Romeo@montague.lit' name='Romeo' subscription='both'>"
      "<group>Lovers</group><group>Friends</group><group>Lovers</group><group/></item>"
    "<item jid='nurse@capulet.lit' ask='subscribe' approved='true'/>"
    "<item jid='icq.capulet.lit' subscription='from' name=''/>"));
  roster_log_expect (log, "loaded");

  g_assert_true (xmpp_roster_is_loaded (log->roster));
  g_assert_cmpint (roster_log_count (log), ==, 3);
  roster_log_expect_item (log, "romeo@montague.lit/orchard", "romeo@montague.lit 'Romeo' both [Friends,Lovers]");
  roster_log_expect_item (log, "nurse@capulet.lit", "nurse@capulet.lit '' none asked approved []");
  roster_log_expect_item (log, "icq.capulet.lit", "icq.capulet.lit '' from []");
}

static void
test_an_odd_item_does_not_cost_the_others (void)
{
  g_autoptr(RosterLog) log = roster_log_new ();

  fake_server_login (log->server);
  fake_server_answer (log->server, NS_ROSTER, QUERY (
    "<item/><item jid=''/><item jid='weird@x.test' subscription='weird'/><item jid='gone@x.test' subscription='remove'/>"
    "<item jid='juliet@capulet.lit' subscription='both'/>"
    "<other xmlns='urn:x'/><item xmlns='urn:x' jid='other@x.test'/>"
    "<item jid='romeo@montague.lit'/>"));
  roster_log_expect (log, "loaded");

  g_assert_cmpint (roster_log_count (log), ==, 1);
  roster_log_expect_item (log, "romeo@montague.lit", "romeo@montague.lit '' none []");
}

static void
test_a_refusal_is_told (void)
{
  g_autoptr(RosterLog) log = roster_log_new ();
  g_autofree char *wanted = g_strdup_printf ("failed %d", XMPP_STANZA_ERROR_INTERNAL_SERVER_ERROR);

  fake_server_login (log->server);
  fake_server_refuse (log->server, NS_ROSTER, "wait", "internal-server-error");
  roster_log_expect (log, wanted);
  g_assert_false (xmpp_roster_is_loaded (log->roster));
}

static void
test_a_lost_connection_keeps_it (void)
{
  g_autoptr(RosterLog) log = roster_log_new ();

  roster_log_login (log, QUERY ("<item jid='romeo@montague.lit' subscription='both'/>"));
  roster_log_lose_connection (log);

  g_assert_false (xmpp_roster_is_loaded (log->roster));
  roster_log_expect_item (log, "romeo@montague.lit", "romeo@montague.lit '' both []");

  fake_server_login (log->server);
  fake_server_answer (log->server, NS_ROSTER, QUERY ("<item jid='paris@example.org'/>"));
  roster_log_expect (log, "loaded");
  roster_log_expect_item (log, "romeo@montague.lit", "nobody");
}

static void
test_losing_the_connection_while_it_loads_is_no_failure (void)
{
  g_autoptr(RosterLog) log = roster_log_new ();

  fake_server_login (log->server);
  roster_log_lose_connection (log);
  fake_server_login (log->server);
  fake_server_settle (log->server);
  g_assert_cmpint (log->lines->len, ==, 0);
}

/* T017 */
static void
test_a_forged_result_is_ignored (void)
{
  g_autoptr(RosterLog) log = roster_log_new ();
  const char *request;
  g_autofree char *id = NULL;
  g_autofree char *forged = NULL;
  g_autofree char *genuine = NULL;

  fake_server_login (log->server);
  request = fake_server_expect_contains (log->server, NS_ROSTER);
  id = fake_xml_get (request, "id");
  forged = g_strdup_printf ("<iq type='result' id='%s' from='eve@evil.test'>"
                            QUERY ("<item jid='eve@evil.test' name='Romeo' subscription='both'/>") "</iq>", id);
  genuine = g_strdup_printf ("<iq type='result' id='%s'>" QUERY ("<item jid='romeo@montague.lit'/>") "</iq>", id);

  fake_server_send (log->server, forged);
  fake_server_ping (log->server);
  g_assert_false (xmpp_roster_is_loaded (log->roster));

  fake_server_send (log->server, genuine);
  roster_log_expect (log, "loaded");
  roster_log_expect_item (log, "eve@evil.test", "nobody");
  roster_log_expect_item (log, "romeo@montague.lit", "romeo@montague.lit '' none []");
}

static void
test_no_version_is_sent_unless_it_is_understood (void)
{
  g_autoptr(RosterLog) log = roster_log_new ();
  g_autoptr(XmppStanza) saved = xmpp_stanza_new_from_xml ("<query xmlns='" NS_ROSTER "' ver='v1'/>", -1, NULL);

  xmpp_roster_restore (log->roster, saved);
  fake_server_login (log->server);
  fake_server_expect (log->server, "<iq type='get' id='*'><query xmlns='" NS_ROSTER "'/></iq>");
}

static void
test_a_first_login_asks_for_the_whole (void)
{
  g_autoptr(RosterLog) log = roster_log_new ();

  log->server->features = g_strdup (ROSTERVER);
  fake_server_login (log->server);
  fake_server_expect (log->server, "<iq type='get' id='*'><query xmlns='" NS_ROSTER "' ver=''/></iq>");
}

static void
restore (RosterLog  *log,
         const char *xml)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppStanza) saved = xmpp_stanza_new_from_xml (xml, -1, &error);

  g_assert_no_error (error);
  xmpp_roster_restore (log->roster, saved);
}

static void
test_a_right_version_spares_the_list (void)
{
  g_autoptr(RosterLog) log = roster_log_new ();

  log->server->features = g_strdup (ROSTERVER);
  restore (log, "<query xmlns='" NS_ROSTER "' ver='-1234'><item jid='romeo@montague.lit' subscription='both'/></query>");
  roster_log_expect_item (log, "romeo@montague.lit", "romeo@montague.lit '' both []");
  g_assert_false (xmpp_roster_is_loaded (log->roster));

  fake_server_login (log->server);
  fake_server_expect (log->server, "<iq type='get' id='*'><query xmlns='" NS_ROSTER "' ver='-1234'/></iq>");
}

static void
test_an_empty_result_keeps_what_is_there (void)
{
  g_autoptr(RosterLog) log = roster_log_new ();

  log->server->features = g_strdup (ROSTERVER);
  restore (log, "<query xmlns='" NS_ROSTER "' ver='v1'><item jid='romeo@montague.lit' subscription='both'/></query>");
  fake_server_login (log->server);
  fake_server_answer (log->server, NS_ROSTER, NULL);
  roster_log_expect (log, "loaded");
  roster_log_expect_item (log, "romeo@montague.lit", "romeo@montague.lit '' both []");
}

static void
test_an_empty_result_that_nobody_asked_for_is_an_empty_list (void)
{
  g_autoptr(RosterLog) log = roster_log_new ();

  restore (log, "<query xmlns='" NS_ROSTER "' ver='v1'><item jid='romeo@montague.lit' subscription='both'/></query>");
  fake_server_login (log->server);
  fake_server_answer (log->server, NS_ROSTER, NULL);
  roster_log_expect (log, "loaded");
  g_assert_cmpint (roster_log_count (log), ==, 0);
}

/* T017: and one without a version clears the one that is stored */
static void
test_a_result_brings_its_version (void)
{
  g_autoptr(RosterLog) log = roster_log_new ();

  log->server->features = g_strdup (ROSTERVER);
  restore (log, "<query xmlns='" NS_ROSTER "' ver='v1'/>");
  fake_server_login (log->server);
  fake_server_answer (log->server, NS_ROSTER, "<query xmlns='" NS_ROSTER "' ver='v2'/>");
  roster_log_expect (log, "loaded");
  roster_log_expect_saved (log, "<query xmlns='" NS_ROSTER "' ver='v2'/>");

  roster_log_lose_connection (log);
  fake_server_login (log->server);
  fake_server_answer (log->server, NS_ROSTER, "<query xmlns='" NS_ROSTER "'/>");
  roster_log_expect (log, "loaded");
  roster_log_expect_saved (log, "<query xmlns='" NS_ROSTER "'/>");
}

static void
test_a_push_brings_its_version (void)
{
  g_autoptr(RosterLog) log = roster_log_new ();

  roster_log_login (log, "<query xmlns='" NS_ROSTER "' ver='v1'/>");
  fake_server_send (log->server, "<iq type='set' id='p'><query xmlns='" NS_ROSTER "' ver='v2'><item jid='romeo@montague.lit'/></query></iq>");
  roster_log_expect (log, "changed romeo@montague.lit");
  roster_log_expect_saved (log, "<query xmlns='" NS_ROSTER "' ver='v2'><item jid='romeo@montague.lit' subscription='none'/></query>");
}

static void
test_what_is_saved_is_what_is_restored (void)
{
  g_autoptr(RosterLog) log = roster_log_new ();
  static const char xml[] =
    "<query xmlns='" NS_ROSTER "' ver='v7'><item jid='romeo@montague.lit' name='R &amp; J' subscription='to' ask='subscribe' "
    "approved='true'><group>A</group><group>B</group></item></query>";

  restore (log, xml);
  roster_log_expect_saved (log, xml);
}

static void
test_what_is_no_list_is_not_restored (void)
{
  g_autoptr(RosterLog) log = roster_log_new ();

  roster_log_login (log, QUERY ("<item jid='romeo@montague.lit'/>"));
  restore (log, "<query xmlns='" NS_ROSTER "'/>");
  g_assert_cmpint (roster_log_count (log), ==, 1);
  roster_log_lose_connection (log);
  restore (log, "<query xmlns='urn:x'/>");
  g_assert_cmpint (roster_log_count (log), ==, 1);
}

static void
on_result (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

static void
test_a_change_is_made_by_the_push (void)
{
  g_autoptr(RosterLog) log = roster_log_new ();
  g_autoptr(XmppJid) jid = xmpp_jid_new ("romeo@montague.lit/orchard", NULL);
  const char * const groups[] = { "Lovers", "", "Friends", "Lovers", NULL };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  roster_log_login (log, QUERY ());
  xmpp_roster_set_async (log->roster, jid, "Romeo", groups, NULL, on_result, &result);
  fake_server_ping (log->server);
  fake_server_answer (log->server, QUERY ("<item jid='romeo@montague.lit' name='Romeo'><group>Friends</group>"
                                       "<group>Lovers</group></item>"), NULL);
  fake_server_wait_until (result != NULL);

  g_assert_true (xmpp_roster_change_finish (log->roster, result, &error));
  g_assert_no_error (error);
  roster_log_expect (log, "");
  roster_log_expect_item (log, "romeo@montague.lit", "nobody");

  roster_log_push (log, NULL, "<item jid='romeo@montague.lit' name='Romeo'/>");
  roster_log_expect (log, "changed romeo@montague.lit");
}

static void
test_the_servers_words_come_with_a_refusal (void)
{
  g_autoptr(RosterLog) log = roster_log_new ();
  g_autoptr(XmppJid) jid = xmpp_jid_new ("romeo@montague.lit", NULL);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  roster_log_login (log, QUERY ());
  xmpp_roster_set_async (log->roster, jid, "", NULL, NULL, on_result, &result);
  fake_server_refuse (log->server, QUERY ("<item jid='romeo@montague.lit'/>"), "modify", "not-acceptable");
  fake_server_wait_until (result != NULL);

  g_assert_false (xmpp_roster_change_finish (log->roster, result, &error));
  g_assert_error (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_NOT_ACCEPTABLE);
}

static void
test_removing_asks_the_server (void)
{
  g_autoptr(RosterLog) log = roster_log_new ();
  g_autoptr(XmppJid) jid = xmpp_jid_new ("romeo@montague.lit", NULL);
  g_autoptr(GAsyncResult) result = NULL;

  roster_log_login (log, QUERY ("<item jid='romeo@montague.lit'/>"));
  xmpp_roster_remove_async (log->roster, jid, NULL, on_result, &result);
  fake_server_answer (log->server, QUERY ("<item jid='romeo@montague.lit' subscription='remove'/>"), NULL);
  fake_server_wait_until (result != NULL);
  g_assert_true (xmpp_roster_change_finish (log->roster, result, NULL));
  roster_log_expect_item (log, "romeo@montague.lit", "romeo@montague.lit '' none []");
}

static void
test_nothing_changes_without_a_connection (void)
{
  g_autoptr(RosterLog) log = roster_log_new ();
  g_autoptr(XmppJid) jid = xmpp_jid_new ("romeo@montague.lit", NULL);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  xmpp_roster_remove_async (log->roster, jid, NULL, on_result, &result);
  fake_server_wait_until (result != NULL);
  g_assert_false (xmpp_roster_change_finish (log->roster, result, &error));
  g_assert_error (error, XMPP_ERROR, XMPP_ERROR_DISCONNECTED);
}

static XmppSender
get_sender (RosterLog  *log,
            const char *address)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (address, NULL);

  return xmpp_session_get_sender (log->server->session, jid);
}

static void
test_contacts_are_who_may_see_us (void)
{
  g_autoptr(RosterLog) log = roster_log_new ();

  roster_log_login (log, QUERY ("<item jid='both@x.test' subscription='both'/><item jid='from@x.test' subscription='from'/>"
                            "<item jid='to@x.test' subscription='to'/><item jid='none@x.test'/>"));
  g_assert_cmpint (get_sender (log, "both@x.test/a"), ==, XMPP_SENDER_CONTACT);
  g_assert_cmpint (get_sender (log, "from@x.test"), ==, XMPP_SENDER_CONTACT);
  g_assert_cmpint (get_sender (log, "to@x.test/a"), ==, XMPP_SENDER_LISTED);
  g_assert_cmpint (get_sender (log, "none@x.test"), ==, XMPP_SENDER_LISTED);
  g_assert_cmpint (get_sender (log, "other@x.test"), ==, XMPP_SENDER_STRANGER);
  g_assert_cmpint (get_sender (log, "x.test"), ==, XMPP_SENDER_STRANGER);
}

static void
test_nobody_may_see_us_while_we_are_invisible (void)
{
  g_autoptr(RosterLog) log = roster_log_new ();

  roster_log_login (log, QUERY ("<item jid='both@x.test' subscription='both'/>"));
  xmpp_presence_set_invisible (xmpp_session_get_module (log->server->session, XMPP_TYPE_PRESENCE), TRUE);
  g_assert_cmpint (get_sender (log, "both@x.test/a"), ==, XMPP_SENDER_LISTED);
}

static void
test_ten_thousand_are_read_at_once (void)
{
  g_autoptr(RosterLog) log = roster_log_new ();
  g_autoptr(GString) query = g_string_new ("<query xmlns='" NS_ROSTER "' ver='1'>");
  g_autoptr(XmppStanza) saved = NULL;
  g_autoptr(XmppStanza) again = NULL;
  g_autofree char *xml = NULL;
  g_autoptr(GError) error = NULL;
  gint64 start;
  double took;

  for (guint i = 0; i < 10000; i++)
    g_string_append_printf (query, "<item jid='user%05u@example.org' name='User %05u' subscription='both'>"
                                   "<group>Group %u</group></item>", i, i, i % 100);
  g_string_append (query, "</query>");

  fake_server_login (log->server);
  start = g_get_monotonic_time ();
  fake_server_answer (log->server, NS_ROSTER, query->str);
  roster_log_expect (log, "loaded");
  took = (g_get_monotonic_time () - start) / 1000.0;
  g_test_minimized_result (took, "10,000 items: %.1f ms", took);
  g_assert_cmpint (roster_log_count (log), ==, 10000);
  roster_log_expect_item (log, "user09999@example.org", "user09999@example.org 'User 09999' both [Group 99]");

  saved = xmpp_roster_save (log->roster);
  xml = xmpp_stanza_to_xml (saved);
  again = xmpp_stanza_new_from_xml (xml, -1, &error);
  g_assert_no_error (error);
  g_assert_false (xmpp_stanza_is_skipped (again));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/roster/it-is-asked-for-at-login", test_it_is_asked_for_at_login);
  g_test_add_func ("/xmpp/roster/it-is-read", test_it_is_read);
  g_test_add_func ("/xmpp/roster/an-odd-item-does-not-cost-the-others", test_an_odd_item_does_not_cost_the_others);
  g_test_add_func ("/xmpp/roster/a-refusal-is-told", test_a_refusal_is_told);
  g_test_add_func ("/xmpp/roster/a-lost-connection-keeps-it", test_a_lost_connection_keeps_it);
  g_test_add_func ("/xmpp/roster/losing-the-connection-while-it-loads-is-no-failure",
                   test_losing_the_connection_while_it_loads_is_no_failure);
  g_test_add_func ("/xmpp/roster/T017-a-forged-result-is-ignored", test_a_forged_result_is_ignored);
  g_test_add_func ("/xmpp/roster/versions/none-is-sent-unless-it-is-understood",
                   test_no_version_is_sent_unless_it_is_understood);
  g_test_add_func ("/xmpp/roster/versions/a-first-login-asks-for-the-whole", test_a_first_login_asks_for_the_whole);
  g_test_add_func ("/xmpp/roster/versions/the-one-we-have-is-sent", test_a_right_version_spares_the_list);
  g_test_add_func ("/xmpp/roster/versions/T017-an-empty-result-keeps-what-is-there",
                   test_an_empty_result_keeps_what_is_there);
  g_test_add_func ("/xmpp/roster/versions/an-empty-result-that-nobody-asked-for-is-an-empty-list",
                   test_an_empty_result_that_nobody_asked_for_is_an_empty_list);
  g_test_add_func ("/xmpp/roster/versions/T017-a-result-brings-its-version-or-none", test_a_result_brings_its_version);
  g_test_add_func ("/xmpp/roster/versions/a-push-brings-its-version", test_a_push_brings_its_version);
  g_test_add_func ("/xmpp/roster/what-is-saved-is-what-is-restored", test_what_is_saved_is_what_is_restored);
  g_test_add_func ("/xmpp/roster/what-is-no-list-is-not-restored", test_what_is_no_list_is_not_restored);
  g_test_add_func ("/xmpp/roster/a-change-is-made-by-the-push", test_a_change_is_made_by_the_push);
  g_test_add_func ("/xmpp/roster/the-servers-words-come-with-a-refusal", test_the_servers_words_come_with_a_refusal);
  g_test_add_func ("/xmpp/roster/removing-asks-the-server", test_removing_asks_the_server);
  g_test_add_func ("/xmpp/roster/nothing-changes-without-a-connection", test_nothing_changes_without_a_connection);
  g_test_add_func ("/xmpp/roster/contacts-are-who-may-see-us", test_contacts_are_who_may_see_us);
  g_test_add_func ("/xmpp/roster/nobody-may-see-us-while-we-are-invisible", test_nobody_may_see_us_while_we_are_invisible);
  g_test_add_func ("/xmpp/roster/ten-thousand-are-read-at-once", test_ten_thousand_are_read_at_once);

  return g_test_run ();
}
