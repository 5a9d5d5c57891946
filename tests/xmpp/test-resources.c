/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "presence-log.h"
#include "xmpp-muc.h"

#include <string.h>

/* A device in a line: "orchard away 5 'Hunting'" */
static char *
describe (const XmppResource *resource)
{
  static const char * const shows[] = { "chat", "available", "away", "xa", "dnd", "offline" };
  const char *name;

  if (resource == NULL)
    return g_strdup ("nobody");

  name = xmpp_jid_get_resource (resource->jid);

  return g_strdup_printf ("%s %s %d '%s'", name != NULL ? name : "-", shows[resource->show], resource->priority,
                          resource->status != NULL ? resource->status : "");
}

static const XmppResource *
get_best (PresenceLog *log,
          const char  *address)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (address, NULL);

  return xmpp_presence_get_best (log->presence, jid);
}

static void
assert_best (PresenceLog *log,
             const char  *address,
             const char  *wanted)
{
  g_autofree char *got = NULL;

  fake_server_ping (log->server);
  got = describe (get_best (log, address));
  g_assert_cmpstr (got, ==, wanted);
}

static guint
count_resources (PresenceLog *log,
                 const char  *address)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (address, NULL);
  g_autoptr(GPtrArray) resources = xmpp_presence_get_resources (log->presence, jid);

  return resources->len;
}

static void
test_what_a_contact_says_is_kept (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  presence_log_login (log);
  presence_log_receive (log, "romeo@montague.lit/orchard", NULL, "<show>away</show><status>Hunting</status><priority>5</priority>");
  presence_log_expect (log, "changed romeo@montague.lit");
  assert_best (log, "romeo@montague.lit", "orchard away 5 'Hunting'");
  g_assert_cmpint (get_best (log, "romeo@montague.lit")->time, ==, xmpp_clock_get_real (log->server->clock));

  presence_log_receive (log, "romeo@montague.lit/orchard", NULL, "");
  assert_best (log, "romeo@montague.lit", "orchard available 0 ''");
  g_assert_cmpint (count_resources (log, "romeo@montague.lit"), ==, 1);

  presence_log_receive (log, "romeo@montague.lit/orchard", "unavailable", "<status>Gone</status>");
  assert_best (log, "romeo@montague.lit", "orchard offline 0 'Gone'");
  g_assert_cmpint (count_resources (log, "romeo@montague.lit"), ==, 0);
}

static void
test_nothing_is_known_of_who_said_nothing (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  presence_log_login (log);
  assert_best (log, "romeo@montague.lit", "nobody");
  g_assert_cmpint (count_resources (log, "romeo@montague.lit"), ==, 0);
}

static void
test_odd_words_and_numbers_are_as_if_absent (gconstpointer data)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  presence_log_login (log);
  presence_log_receive (log, "romeo@montague.lit/orchard", NULL, data);
  assert_best (log, "romeo@montague.lit", "orchard available 0 ''");
}

static void
test_priorities_have_bounds (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  presence_log_login (log);
  presence_log_receive (log, "romeo@montague.lit/a", NULL, "<priority>-128</priority>");
  assert_best (log, "romeo@montague.lit", "a available -128 ''");
  presence_log_receive (log, "romeo@montague.lit/a", NULL, "<priority>127</priority>");
  assert_best (log, "romeo@montague.lit", "a available 127 ''");
}

static void
test_a_long_status_is_cut_between_characters (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();
  g_autoptr(GString) status = g_string_new ("x");
  g_autofree char *xml = NULL;
  const char *kept;

  for (guint i = 0; i < 3000; i++)
    g_string_append (status, "é");
  xml = g_strdup_printf ("<status>%s</status>", status->str);

  presence_log_login (log);
  presence_log_receive (log, "romeo@montague.lit/orchard", NULL, xml);
  fake_server_ping (log->server);
  kept = get_best (log, "romeo@montague.lit")->status;
  g_assert_cmpint (strlen (kept), ==, 4095);
  g_assert_true (g_utf8_validate (kept, -1, NULL));
}

/* Each row: two devices, of which the first is better */
static void
test_the_best_is_chosen_as_smack_does (void)
{
  static const char * const rows[][2] = {
    { "<priority>1</priority><show>dnd</show>",  "<show>chat</show>" },
    { "",                                        "<priority>-1</priority><show>chat</show>" },
    { "<show>chat</show>",                       "" },
    { "",                                        "<show>away</show>" },
    { "<show>away</show>",                       "<show>xa</show>" },
    { "<show>xa</show>",                         "<show>dnd</show>" },
  };
  g_autoptr(PresenceLog) log = presence_log_new ();

  presence_log_login (log);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      for (guint first = 0; first < 2; first++)
        {
          const char *names[] = { "romeo@montague.lit/better", "romeo@montague.lit/worse" };

          presence_log_receive (log, "romeo@montague.lit", "unavailable", "");
          presence_log_receive (log, names[first], NULL, rows[i][first]);
          presence_log_receive (log, names[1 - first], NULL, rows[i][1 - first]);
          fake_server_ping (log->server);
          g_assert_cmpstr (xmpp_jid_get_text (get_best (log, "romeo@montague.lit")->jid), ==, names[0]);
        }
    }
}

static void
test_of_equals_the_latest_is_the_best (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();
  g_autoptr(XmppJid) jid = xmpp_jid_new ("romeo@montague.lit", NULL);
  g_autoptr(GPtrArray) resources = NULL;
  static const char * const order[] = { "d", "c", "a", "b" };

  presence_log_login (log);
  presence_log_receive (log, "romeo@montague.lit/a", NULL, "");
  presence_log_receive (log, "romeo@montague.lit/b", NULL, "<show>xa</show>");
  presence_log_receive (log, "romeo@montague.lit/c", NULL, "");
  fake_server_ping (log->server);
  fake_clock_advance (log->server->clock, 1000);
  presence_log_receive (log, "romeo@montague.lit/d", NULL, "");
  assert_best (log, "romeo@montague.lit", "d available 0 ''");

  resources = xmpp_presence_get_resources (log->presence, jid);
  g_assert_cmpint (resources->len, ==, 4);
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      const XmppResource *resource = g_ptr_array_index (resources, i);

      g_assert_cmpstr (xmpp_jid_get_resource (resource->jid), ==, order[i]);
    }
}

static void
test_the_next_best_takes_over (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  presence_log_login (log);
  presence_log_receive (log, "romeo@montague.lit/a", NULL, "<priority>5</priority>");
  presence_log_receive (log, "romeo@montague.lit/b", NULL, "");
  presence_log_receive (log, "romeo@montague.lit/a", "unavailable", "<status>Bye</status>");
  assert_best (log, "romeo@montague.lit", "b available 0 ''");
}

static void
test_a_gateway_is_its_own_device (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  presence_log_login (log);
  presence_log_receive (log, "icq.capulet.lit", NULL, "");
  assert_best (log, "icq.capulet.lit", "- available 0 ''");
  presence_log_receive (log, "icq.capulet.lit", "unavailable", "");
  assert_best (log, "icq.capulet.lit", "- offline 0 ''");
}

static void
test_our_other_devices_are_known (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  presence_log_login (log);
  presence_log_receive (log, "juliet@capulet.lit/phone", NULL, "<show>dnd</show>");
  presence_log_expect (log, "changed juliet@capulet.lit");
  assert_best (log, "juliet@capulet.lit", "phone dnd 0 ''");
}

static void
test_what_comes_before_the_roster_waits_for_it (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  fake_server_login (log->server);
  presence_log_receive (log, "romeo@montague.lit/orchard", NULL, "<show>chat</show>");
  presence_log_receive (log, "eve@evil.test/x", NULL, "");
  presence_log_expect (log, "");
  fake_server_answer (log->server, "jabber:iq:roster", PRESENCE_ROSTER);
  presence_log_expect (log, "changed romeo@montague.lit");
  assert_best (log, "romeo@montague.lit", "orchard chat 0 ''");
}

static void
test_without_a_roster_requests_still_come (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  fake_server_login (log->server);
  presence_log_receive (log, "eve@evil.test", "subscribe", "");
  presence_log_expect (log, "");
  fake_server_refuse (log->server, "jabber:iq:roster", "wait", "internal-server-error");
  presence_log_expect (log, "request eve@evil.test - -");
}

/* T109 */
static void
test_strangers_leave_no_trace (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();
  g_autoptr(GString) flood = g_string_new (NULL);

  for (guint i = 0; i < 2000; i++)
    g_string_append_printf (flood, "<presence from='eve%u@evil.test/x'><status>spam</status></presence>", i);

  presence_log_login (log);
  fake_server_send (log->server, flood->str);
  presence_log_expect (log, "");
  assert_best (log, "eve7@evil.test", "nobody");
  presence_log_receive (log, "eve@evil.test/x", "error", "<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>");
  presence_log_receive (log, "capulet.lit", NULL, "");
  presence_log_expect (log, "");
}

/* T109 */
static void
test_a_contact_has_at_most_64_devices (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  presence_log_login (log);
  for (guint i = 0; i < 5000; i++)
    {
      g_autofree char *from = g_strdup_printf ("romeo@montague.lit/%u", i);

      presence_log_receive (log, from, NULL, "");
      if (i % 500 == 0)
        fake_server_ping (log->server);
    }
  fake_server_ping (log->server);
  g_assert_cmpint (count_resources (log, "romeo@montague.lit"), ==, 64);
  assert_best (log, "romeo@montague.lit", "4999 available 0 ''");
}

static void
test_who_spoke_lately_is_kept_longest (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  presence_log_login (log);
  presence_log_receive (log, "romeo@montague.lit/first", NULL, "<priority>9</priority>");
  for (guint i = 0; i < 63; i++)
    {
      g_autofree char *from = g_strdup_printf ("romeo@montague.lit/%u", i);

      presence_log_receive (log, from, NULL, "");
    }
  presence_log_receive (log, "romeo@montague.lit/first", NULL, "<priority>9</priority>");
  presence_log_receive (log, "romeo@montague.lit/last", NULL, "");
  assert_best (log, "romeo@montague.lit", "first available 9 ''");
  g_assert_cmpint (count_resources (log, "romeo@montague.lit"), ==, 64);
}

static void
test_who_was_told_of_us_may_tell_us (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();
  g_autoptr(XmppJid) jid = xmpp_jid_new ("mercutio@montague.lit/inn", NULL);

  presence_log_login (log);
  xmpp_presence_send_to (log->presence, jid, NULL, NULL);
  presence_log_receive (log, "mercutio@montague.lit/inn", NULL, "");
  presence_log_expect (log, "changed mercutio@montague.lit");
  presence_log_receive (log, "mercutio@montague.lit/inn", "error",
           "<error type='cancel'><remote-server-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>");
  presence_log_expect (log, "changed mercutio@montague.lit, error mercutio@montague.lit/inn remote-server-not-found");

  xmpp_presence_send_to (log->presence, jid, "unavailable", NULL);
  presence_log_receive (log, "mercutio@montague.lit/inn", NULL, "");
  presence_log_expect (log, "");
}

static void
test_an_error_ends_what_was_known (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  presence_log_login (log);
  presence_log_receive (log, "romeo@montague.lit/orchard", NULL, "");
  presence_log_receive (log, "romeo@montague.lit", "error",
           "<error type='cancel'><remote-server-timeout xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>");
  presence_log_expect (log, "changed romeo@montague.lit, changed romeo@montague.lit, error romeo@montague.lit remote-server-timeout");
  assert_best (log, "romeo@montague.lit", "nobody");
}

static void
test_an_unknown_type_says_nothing (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  presence_log_login (log);
  presence_log_receive (log, "romeo@montague.lit/orchard", "invisible", "");
  presence_log_receive (log, "romeo@montague.lit/orchard", "probe", "");
  presence_log_receive (log, "romeo@montague.lit/orchard", "", "");
  presence_log_expect (log, "");
  fake_server_no_more (log->server);
}

static void
test_all_go_offline_with_the_connection (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  presence_log_login (log);
  presence_log_receive (log, "romeo@montague.lit/a", NULL, "");
  presence_log_receive (log, "romeo@montague.lit/b", NULL, "");
  presence_log_receive (log, "nurse@capulet.lit/c", NULL, "");
  presence_log_receive (log, "nurse@capulet.lit/c", "unavailable", "");
  fake_server_settle (log->server);
  presence_log_clear (log);

  presence_log_lose_connection (log);
  presence_log_expect (log, "changed romeo@montague.lit");
  g_assert_null (get_best (log, "romeo@montague.lit"));
  g_assert_null (get_best (log, "nurse@capulet.lit"));
}

static void
test_who_leaves_the_roster_is_forgotten (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  presence_log_login (log);
  presence_log_receive (log, "romeo@montague.lit/a", NULL, "");
  fake_server_send (log->server, "<iq type='set' id='p'><query xmlns='jabber:iq:roster'>"
                              "<item jid='romeo@montague.lit' subscription='remove'/></query></iq>");
  presence_log_expect (log, "changed romeo@montague.lit, changed romeo@montague.lit");
  assert_best (log, "romeo@montague.lit", "nobody");
}

static void
test_what_other_protocols_add_is_read (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();
  const XmppResource *best;

  presence_log_login (log);
  presence_log_receive (log, "romeo@montague.lit/a", NULL,
           "<delay xmlns='urn:xmpp:delay' stamp='2025-12-31T12:00:00Z'/>"
           "<idle xmlns='urn:xmpp:idle:1' since='2025-12-31T11:00:00Z'/>"
           "<c xmlns='http://jabber.org/protocol/caps' node='urn:lute' ver='abc=' hash='sha-1'/>"
           "<x xmlns='vcard-temp:x:update'><photo>0123456789ABCDEF0123456789abcdef01234567</photo></x>");
  fake_server_ping (log->server);
  best = get_best (log, "romeo@montague.lit");
  g_assert_cmpint (best->time, ==, 1767182400 * G_TIME_SPAN_SECOND);
  g_assert_cmpint (best->idle_since, ==, 1767178800 * G_TIME_SPAN_SECOND);
  g_assert_cmpstr (best->caps_node, ==, "urn:lute");
  g_assert_cmpstr (best->caps_ver, ==, "abc=");
  g_assert_cmpstr (best->caps_hash, ==, "sha-1");
  g_assert_cmpstr (best->avatar_hash, ==, "0123456789abcdef0123456789abcdef01234567");
}

static void
test_an_avatar_may_be_none_or_unknown (void)
{
  static const struct
  {
    const char *xml;
    const char *hash;
  } rows[] = {
    { "",                                                                    NULL },
    { "<x xmlns='vcard-temp:x:update'/>",                                    NULL },
    { "<x xmlns='vcard-temp:x:update'><photo/></x>",                         "" },
    { "<x xmlns='vcard-temp:x:update'><photo>../../etc/passwd</photo></x>",  NULL },
    { "<x xmlns='vcard-temp:x:update'><photo>0123</photo></x>",              NULL },
  };
  g_autoptr(PresenceLog) log = presence_log_new ();

  presence_log_login (log);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      presence_log_receive (log, "romeo@montague.lit/a", NULL, rows[i].xml);
      fake_server_ping (log->server);
      g_assert_cmpstr (get_best (log, "romeo@montague.lit")->avatar_hash, ==, rows[i].hash);
    }
}

/* T117 */
static void
test_odd_times_are_as_if_absent (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  presence_log_login (log);
  presence_log_receive (log, "romeo@montague.lit/a", NULL,
           "<delay xmlns='urn:xmpp:delay' stamp='9999-12-31T23:59:59-23:59'/>"
           "<idle xmlns='urn:xmpp:idle:1' since='2025-02-30T11:00:00Z'/>");
  fake_server_ping (log->server);
  g_assert_cmpint (get_best (log, "romeo@montague.lit")->time, ==, xmpp_clock_get_real (log->server->clock));
  g_assert_cmpint (get_best (log, "romeo@montague.lit")->idle_since, ==, 0);
}

static void
test_occupants_are_no_contacts (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();
  g_autoptr(XmppJid) room = xmpp_jid_new ("hall@rooms.capulet.lit", NULL);

  presence_log_login (log);
  xmpp_muc_join_async (xmpp_session_get_module (log->server->session, XMPP_TYPE_MUC), room, "Juliet", NULL, -1,
                       NULL, NULL, NULL);
  presence_log_receive (log, "hall@rooms.capulet.lit/Romeo", NULL,
           "<x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' role='participant'/></x>");
  presence_log_receive (log, "hall@rooms.capulet.lit/Nurse", NULL, "");
  presence_log_expect (log, "");
  assert_best (log, "hall@rooms.capulet.lit", "nobody");
}

static void
test_ten_thousand_go_offline_in_a_moment (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();
  g_autoptr(GString) roster = g_string_new ("<query xmlns='jabber:iq:roster'>");
  g_autoptr(GString) presences = g_string_new (NULL);
  gint64 start;
  double took;

  for (guint i = 0; i < 10000; i++)
    {
      g_string_append_printf (roster, "<item jid='user%u@example.org' subscription='both'/>", i);
      g_string_append_printf (presences, "<presence from='user%u@example.org/pc'><status>Working</status>"
                                         "<x xmlns='vcard-temp:x:update'><photo/></x></presence>", i);
    }
  g_string_append (roster, "</query>");

  fake_server_login (log->server);
  fake_server_answer (log->server, "jabber:iq:roster", roster->str);
  fake_server_send (log->server, presences->str);
  fake_server_settle (log->server);
  g_assert_cmpint (log->lines->len, ==, 10000);
  presence_log_clear (log);

  start = g_get_monotonic_time ();
  xmpp_session_abort (log->server->session);
  g_assert_cmpint (log->lines->len, ==, 10000);
  took = (g_get_monotonic_time () - start) / 1000.0;
  g_test_minimized_result (took, "10,000 contacts offline: %.1f ms", took);
}

int
main (int   argc,
      char *argv[])
{
  static const char * const odd[] = {
    "<show/>", "<show>busy</show>", "<show>CHAT</show>", "<show xmlns='urn:x'>dnd</show>",
    "<priority>128</priority>", "<priority>-129</priority>", "<priority>+1</priority>", "<priority>0x10</priority>",
    "<priority> 5</priority>", "<priority>٥</priority>", "<priority>-</priority>", "<priority/>",
    "<priority>99999999999999999999</priority>", "<status/>",
  };

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/resources/what-a-contact-says-is-kept", test_what_a_contact_says_is_kept);
  g_test_add_func ("/xmpp/resources/nothing-is-known-of-who-said-nothing",
                   test_nothing_is_known_of_who_said_nothing);
  g_test_add_func ("/xmpp/resources/priorities-have-bounds", test_priorities_have_bounds);
  g_test_add_func ("/xmpp/resources/a-long-status-is-cut-between-characters",
                   test_a_long_status_is_cut_between_characters);
  g_test_add_func ("/xmpp/resources/the-best-is-chosen-as-smack-does", test_the_best_is_chosen_as_smack_does);
  g_test_add_func ("/xmpp/resources/of-equals-the-latest-is-the-best", test_of_equals_the_latest_is_the_best);
  g_test_add_func ("/xmpp/resources/the-next-best-takes-over", test_the_next_best_takes_over);
  g_test_add_func ("/xmpp/resources/a-gateway-is-its-own-device", test_a_gateway_is_its_own_device);
  g_test_add_func ("/xmpp/resources/our-other-devices-are-known", test_our_other_devices_are_known);
  g_test_add_func ("/xmpp/resources/what-comes-before-the-roster-waits-for-it",
                   test_what_comes_before_the_roster_waits_for_it);
  g_test_add_func ("/xmpp/resources/without-a-roster-requests-still-come",
                   test_without_a_roster_requests_still_come);
  g_test_add_func ("/xmpp/resources/T109-strangers-leave-no-trace", test_strangers_leave_no_trace);
  g_test_add_func ("/xmpp/resources/T109-a-contact-has-at-most-64-devices",
                   test_a_contact_has_at_most_64_devices);
  g_test_add_func ("/xmpp/resources/T109-who-spoke-lately-is-kept-longest",
                   test_who_spoke_lately_is_kept_longest);
  g_test_add_func ("/xmpp/resources/who-was-told-of-us-may-tell-us", test_who_was_told_of_us_may_tell_us);
  g_test_add_func ("/xmpp/resources/an-error-ends-what-was-known", test_an_error_ends_what_was_known);
  g_test_add_func ("/xmpp/resources/an-unknown-type-says-nothing", test_an_unknown_type_says_nothing);
  g_test_add_func ("/xmpp/resources/all-go-offline-with-the-connection",
                   test_all_go_offline_with_the_connection);
  g_test_add_func ("/xmpp/resources/who-leaves-the-roster-is-forgotten",
                   test_who_leaves_the_roster_is_forgotten);
  g_test_add_func ("/xmpp/resources/what-other-protocols-add-is-read", test_what_other_protocols_add_is_read);
  g_test_add_func ("/xmpp/resources/an-avatar-may-be-none-or-unknown", test_an_avatar_may_be_none_or_unknown);
  g_test_add_func ("/xmpp/resources/T117-odd-times-are-as-if-absent", test_odd_times_are_as_if_absent);
  g_test_add_func ("/xmpp/resources/occupants-are-no-contacts", test_occupants_are_no_contacts);
  g_test_add_func ("/xmpp/resources/ten-thousand-go-offline-in-a-moment",
                   test_ten_thousand_go_offline_in_a_moment);
  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/resources/odd-words-and-numbers-are-as-if-absent/%u", i);

      g_test_add_data_func (path, odd[i], test_odd_words_and_numbers_are_as_if_absent);
    }

  return g_test_run ();
}
