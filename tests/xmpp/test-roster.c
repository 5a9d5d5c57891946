/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-server.h"
#include "xmpp-presence.h"
#include "xmpp-roster.h"

#include <string.h>

#define NS "jabber:iq:roster"
#define ROSTERVER "<ver xmlns='urn:xmpp:features:rosterver'/>"
#define QUERY(items) "<query xmlns='" NS "'>" items "</query>"

#define BAD_REQUEST \
  "<iq type='error' id='p'><error type='modify'><bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"

/* What the module says, in a line each: "loaded", "changed romeo@montague.lit" */
typedef struct
{
  FakeServer *server;
  XmppRoster *roster;
  GPtrArray  *log;      /* of char * */
} Fixture;

static void
on_loaded (XmppRoster *roster,
           Fixture    *f)
{
  g_ptr_array_add (f->log, g_strdup ("loaded"));
}

static void
on_changed (XmppRoster           *roster,
            const XmppRosterItem *item,
            Fixture              *f)
{
  g_ptr_array_add (f->log, g_strdup_printf ("changed %s", xmpp_jid_get_text (item->jid)));
}

static void
on_removed (XmppRoster *roster,
            XmppJid    *jid,
            Fixture    *f)
{
  g_ptr_array_add (f->log, g_strdup_printf ("removed %s", xmpp_jid_get_text (jid)));
}

static void
on_failed (XmppRoster   *roster,
           const GError *error,
           Fixture      *f)
{
  g_ptr_array_add (f->log, g_strdup_printf ("failed %d", error->code));
}

static void
set_up (Fixture *f,
        const char *features)
{
  f->server = fake_server_new ("juliet@capulet.lit/balcony");
  f->server->features = g_strdup (features);
  f->roster = xmpp_session_get_module (f->server->session, XMPP_TYPE_ROSTER);
  f->log = g_ptr_array_new_with_free_func (g_free);

  g_signal_connect (f->roster, "loaded", G_CALLBACK (on_loaded), f);
  g_signal_connect (f->roster, "changed", G_CALLBACK (on_changed), f);
  g_signal_connect (f->roster, "removed", G_CALLBACK (on_removed), f);
  g_signal_connect (f->roster, "failed", G_CALLBACK (on_failed), f);
}

static void
set_up_loaded (Fixture    *f,
               const char *query)
{
  set_up (f, NULL);
  fake_server_login (f->server);
  fake_server_answer (f->server, NS, query);
  fake_server_settle (f->server);
  g_ptr_array_set_size (f->log, 0);
}

static void
lose_connection (Fixture *f)
{
  fake_server_settle (f->server);
  fake_server_fin (f->server);
  fake_server_wait_until (f->server->n_closed == 1);
}

static void
tear_down (Fixture *f)
{
  g_ptr_array_unref (f->log);
  fake_server_free (f->server);
}

static void
assert_log (Fixture    *f,
            const char *wanted)
{
  g_autofree char *got = NULL;

  fake_server_ping (f->server);
  g_ptr_array_add (f->log, NULL);
  got = g_strjoinv (", ", (char **) f->log->pdata);
  g_ptr_array_set_size (f->log, 0);
  g_assert_cmpstr (got, ==, wanted);
}

/* An item in a line: "romeo@montague.lit 'Romeo' both [Friends,Lovers]", or "none" */
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

static void
assert_item (Fixture    *f,
             const char *address,
             const char *wanted)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (address, NULL);
  g_autofree char *got = describe (xmpp_roster_get_item (f->roster, jid));

  g_assert_cmpstr (got, ==, wanted);
}

static guint
count_items (Fixture *f)
{
  g_autoptr(GPtrArray) items = xmpp_roster_get_items (f->roster);

  return items->len;
}

static void
push (Fixture    *f,
      const char *from,
      const char *items)
{
  g_autofree char *address = from != NULL ? g_strdup_printf (" from='%s'", from) : g_strdup ("");
  g_autofree char *xml = g_strdup_printf ("<iq type='set' id='p'%s to='juliet@capulet.lit/balcony'>"
                                          "<query xmlns='" NS "'>%s</query></iq>", address, items);

  fake_server_send (f->server, xml);
}

/* Getting */

static void
test_it_is_asked_for_at_login (void)
{
  Fixture f;

  set_up (&f, NULL);
  fake_server_login (f.server);
  fake_server_expect (f.server, "<iq type='get' id='*'><query xmlns='" NS "'/></iq>");
  g_assert_false (xmpp_roster_is_loaded (f.roster));
  tear_down (&f);
}

static void
test_it_is_read (void)
{
  Fixture f;

  set_up (&f, NULL);
  fake_server_login (f.server);
  fake_server_answer (f.server, NS, QUERY (
    "<item jid='Romeo@montague.lit' name='Romeo' subscription='both'>"
      "<group>Lovers</group><group>Friends</group><group>Lovers</group><group/></item>"
    "<item jid='nurse@capulet.lit' ask='subscribe' approved='true'/>"
    "<item jid='icq.capulet.lit' subscription='from' name=''/>"));
  assert_log (&f, "loaded");

  g_assert_true (xmpp_roster_is_loaded (f.roster));
  g_assert_cmpint (count_items (&f), ==, 3);
  assert_item (&f, "romeo@montague.lit/orchard", "romeo@montague.lit 'Romeo' both [Friends,Lovers]");
  assert_item (&f, "nurse@capulet.lit", "nurse@capulet.lit '' none asked approved []");
  assert_item (&f, "icq.capulet.lit", "icq.capulet.lit '' from []");
  tear_down (&f);
}

static void
test_an_odd_item_does_not_cost_the_others (void)
{
  Fixture f;

  set_up (&f, NULL);
  fake_server_login (f.server);
  fake_server_answer (f.server, NS, QUERY (
    "<item/><item jid=''/><item jid='weird@x.test' subscription='weird'/><item jid='gone@x.test' subscription='remove'/>"
    "<item jid='juliet@capulet.lit' subscription='both'/>"
    "<other xmlns='urn:x'/><item xmlns='urn:x' jid='other@x.test'/>"
    "<item jid='romeo@montague.lit'/>"));
  assert_log (&f, "loaded");

  g_assert_cmpint (count_items (&f), ==, 1);
  assert_item (&f, "romeo@montague.lit", "romeo@montague.lit '' none []");
  tear_down (&f);
}

static void
test_a_refusal_is_told (void)
{
  Fixture f;
  g_autofree char *wanted = g_strdup_printf ("failed %d", XMPP_STANZA_ERROR_INTERNAL_SERVER_ERROR);

  set_up (&f, NULL);
  fake_server_login (f.server);
  fake_server_refuse (f.server, NS, "wait", "internal-server-error");
  assert_log (&f, wanted);
  g_assert_false (xmpp_roster_is_loaded (f.roster));
  tear_down (&f);
}

static void
test_a_lost_connection_keeps_it (void)
{
  Fixture f;

  set_up_loaded (&f, QUERY ("<item jid='romeo@montague.lit' subscription='both'/>"));
  lose_connection (&f);

  g_assert_false (xmpp_roster_is_loaded (f.roster));
  assert_item (&f, "romeo@montague.lit", "romeo@montague.lit '' both []");

  fake_server_login (f.server);
  fake_server_answer (f.server, NS, QUERY ("<item jid='paris@example.org'/>"));
  assert_log (&f, "loaded");
  assert_item (&f, "romeo@montague.lit", "nobody");
  tear_down (&f);
}

static void
test_losing_the_connection_while_it_loads_is_no_failure (void)
{
  Fixture f;

  set_up (&f, NULL);
  fake_server_login (f.server);
  lose_connection (&f);
  fake_server_login (f.server);
  fake_server_settle (f.server);
  g_assert_cmpint (f.log->len, ==, 0);
  tear_down (&f);
}

/* T017 */
static void
test_a_forged_result_is_ignored (void)
{
  Fixture f;
  const char *request;
  g_autofree char *id = NULL;
  g_autofree char *forged = NULL;
  g_autofree char *genuine = NULL;

  set_up (&f, NULL);
  fake_server_login (f.server);
  request = fake_server_expect_contains (f.server, NS);
  id = fake_xml_get (request, "id");
  forged = g_strdup_printf ("<iq type='result' id='%s' from='eve@evil.test'>"
                            QUERY ("<item jid='eve@evil.test' name='Romeo' subscription='both'/>") "</iq>", id);
  genuine = g_strdup_printf ("<iq type='result' id='%s'>" QUERY ("<item jid='romeo@montague.lit'/>") "</iq>", id);

  fake_server_send (f.server, forged);
  fake_server_ping (f.server);
  g_assert_false (xmpp_roster_is_loaded (f.roster));

  fake_server_send (f.server, genuine);
  assert_log (&f, "loaded");
  assert_item (&f, "eve@evil.test", "nobody");
  assert_item (&f, "romeo@montague.lit", "romeo@montague.lit '' none []");
  tear_down (&f);
}

/* Versions (RFC 6121, 2.6) */

static void
test_no_version_is_sent_unless_it_is_understood (void)
{
  Fixture f;
  g_autoptr(XmppStanza) saved = xmpp_stanza_new_from_xml ("<query xmlns='" NS "' ver='v1'/>", -1, NULL);

  set_up (&f, NULL);
  xmpp_roster_restore (f.roster, saved);
  fake_server_login (f.server);
  fake_server_expect (f.server, "<iq type='get' id='*'><query xmlns='" NS "'/></iq>");
  tear_down (&f);
}

static void
test_a_first_login_asks_for_the_whole (void)
{
  Fixture f;

  set_up (&f, ROSTERVER);
  fake_server_login (f.server);
  fake_server_expect (f.server, "<iq type='get' id='*'><query xmlns='" NS "' ver=''/></iq>");
  tear_down (&f);
}

static void
restore (Fixture    *f,
         const char *xml)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppStanza) saved = xmpp_stanza_new_from_xml (xml, -1, &error);

  g_assert_no_error (error);
  xmpp_roster_restore (f->roster, saved);
}

static void
test_a_right_version_spares_the_list (void)
{
  Fixture f;

  set_up (&f, ROSTERVER);
  restore (&f, "<query xmlns='" NS "' ver='-1234'><item jid='romeo@montague.lit' subscription='both'/></query>");
  assert_item (&f, "romeo@montague.lit", "romeo@montague.lit '' both []");
  g_assert_false (xmpp_roster_is_loaded (f.roster));

  fake_server_login (f.server);
  fake_server_expect (f.server, "<iq type='get' id='*'><query xmlns='" NS "' ver='-1234'/></iq>");
  tear_down (&f);
}

static void
test_an_empty_result_keeps_what_is_there (void)
{
  Fixture f;

  set_up (&f, ROSTERVER);
  restore (&f, "<query xmlns='" NS "' ver='v1'><item jid='romeo@montague.lit' subscription='both'/></query>");
  fake_server_login (f.server);
  fake_server_answer (f.server, NS, NULL);
  assert_log (&f, "loaded");
  assert_item (&f, "romeo@montague.lit", "romeo@montague.lit '' both []");
  tear_down (&f);
}

static void
test_an_empty_result_that_nobody_asked_for_is_an_empty_list (void)
{
  Fixture f;

  set_up (&f, NULL);
  restore (&f, "<query xmlns='" NS "' ver='v1'><item jid='romeo@montague.lit' subscription='both'/></query>");
  fake_server_login (f.server);
  fake_server_answer (f.server, NS, NULL);
  assert_log (&f, "loaded");
  g_assert_cmpint (count_items (&f), ==, 0);
  tear_down (&f);
}

static void
assert_saved (Fixture    *f,
              const char *wanted)
{
  g_autoptr(XmppStanza) saved = xmpp_roster_save (f->roster);
  g_autofree char *xml = xmpp_stanza_to_xml (saved);

  g_assert_cmpstr (xml, ==, wanted);
}

/* T017: and one without a version clears the one that is stored */
static void
test_a_result_brings_its_version (void)
{
  Fixture f;

  set_up (&f, ROSTERVER);
  restore (&f, "<query xmlns='" NS "' ver='v1'/>");
  fake_server_login (f.server);
  fake_server_answer (f.server, NS, "<query xmlns='" NS "' ver='v2'/>");
  assert_log (&f, "loaded");
  assert_saved (&f, "<query xmlns='" NS "' ver='v2'/>");

  lose_connection (&f);
  fake_server_login (f.server);
  fake_server_answer (f.server, NS, "<query xmlns='" NS "'/>");
  assert_log (&f, "loaded");
  assert_saved (&f, "<query xmlns='" NS "'/>");
  tear_down (&f);
}

static void
test_a_push_brings_its_version (void)
{
  Fixture f;

  set_up_loaded (&f, "<query xmlns='" NS "' ver='v1'/>");
  fake_server_send (f.server, "<iq type='set' id='p'><query xmlns='" NS "' ver='v2'><item jid='romeo@montague.lit'/></query></iq>");
  assert_log (&f, "changed romeo@montague.lit");
  assert_saved (&f, "<query xmlns='" NS "' ver='v2'><item jid='romeo@montague.lit' subscription='none'/></query>");
  tear_down (&f);
}

static void
test_what_is_saved_is_what_is_restored (void)
{
  Fixture f;
  static const char xml[] =
    "<query xmlns='" NS "' ver='v7'><item jid='romeo@montague.lit' name='R &amp; J' subscription='to' ask='subscribe' "
    "approved='true'><group>A</group><group>B</group></item></query>";

  set_up (&f, NULL);
  restore (&f, xml);
  assert_saved (&f, xml);
  tear_down (&f);
}

static void
test_what_is_no_list_is_not_restored (void)
{
  Fixture f;

  set_up_loaded (&f, QUERY ("<item jid='romeo@montague.lit'/>"));
  restore (&f, "<query xmlns='" NS "'/>");
  g_assert_cmpint (count_items (&f), ==, 1);
  lose_connection (&f);
  restore (&f, "<query xmlns='urn:x'/>");
  g_assert_cmpint (count_items (&f), ==, 1);
  tear_down (&f);
}

/* Pushes */

static void
test_a_push_adds_changes_and_removes (void)
{
  Fixture f;

  set_up_loaded (&f, QUERY ());
  push (&f, NULL, "<item jid='romeo@montague.lit' subscription='none' ask='subscribe'/>");
  fake_server_expect (f.server, "<iq type='result' id='p'/>");
  assert_log (&f, "changed romeo@montague.lit");
  assert_item (&f, "romeo@montague.lit", "romeo@montague.lit '' none asked []");

  push (&f, NULL, "<item jid='romeo@montague.lit' name='Romeo' subscription='both'><group>X</group></item>");
  assert_log (&f, "changed romeo@montague.lit");
  assert_item (&f, "romeo@montague.lit", "romeo@montague.lit 'Romeo' both [X]");

  push (&f, NULL, "<item jid='romeo@montague.lit' subscription='remove'/>");
  assert_log (&f, "removed romeo@montague.lit");
  assert_item (&f, "romeo@montague.lit", "nobody");

  push (&f, NULL, "<item jid='romeo@montague.lit' subscription='remove'/>");
  assert_log (&f, "");
  tear_down (&f);
}

static void
test_a_push_before_the_list_is_kept_quiet (void)
{
  Fixture f;

  set_up (&f, NULL);
  fake_server_login (f.server);
  push (&f, NULL, "<item jid='romeo@montague.lit'/>");
  fake_server_answer (f.server, NS, QUERY ("<item jid='romeo@montague.lit' subscription='both'/>"));
  assert_log (&f, "loaded");
  tear_down (&f);
}

static void
test_only_our_server_may_push (gconstpointer from)
{
  Fixture f;
  g_autofree char *refusal = g_strdup_printf (
    "<iq type='error' id='p' to='%s'><error type='cancel'>"
    "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>", (const char *) from);

  set_up_loaded (&f, QUERY ("<item jid='romeo@montague.lit' subscription='both'/>"));
  push (&f, from, "<item jid='eve@evil.test' name='Romeo' subscription='both'/>");
  fake_server_expect (f.server, refusal);
  push (&f, from, "<item jid='romeo@montague.lit' subscription='remove'/>");
  assert_log (&f, "");
  assert_item (&f, "eve@evil.test", "nobody");
  assert_item (&f, "romeo@montague.lit", "romeo@montague.lit '' both []");
  tear_down (&f);
}

static void
test_our_own_address_may_push (void)
{
  Fixture f;

  set_up_loaded (&f, QUERY ());
  push (&f, "JULIET@capulet.lit", "<item jid='romeo@montague.lit'/>");
  assert_log (&f, "changed romeo@montague.lit");
  tear_down (&f);
}

/* T016 */
static void
test_an_ill_formed_push_is_refused (gconstpointer items)
{
  Fixture f;

  set_up_loaded (&f, "<query xmlns='" NS "' ver='v1'><item jid='romeo@montague.lit' subscription='both'/></query>");
  push (&f, NULL, items);
  fake_server_expect (f.server, BAD_REQUEST);
  assert_log (&f, "");
  assert_saved (&f, "<query xmlns='" NS "' ver='v1'><item jid='romeo@montague.lit' subscription='both'/></query>");
  tear_down (&f);
}

/* A megabyte would not even pass the parser: a tag has an end */
static void
test_a_push_with_a_huge_name_is_refused (void)
{
  g_autofree char *name = g_strnfill (60000, 'x');
  g_autofree char *item = g_strdup_printf ("<item jid='romeo@montague.lit' name='%s'/>", name);

  test_an_ill_formed_push_is_refused (item);
}

/* Changing */

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
  Fixture f;
  g_autoptr(XmppJid) jid = xmpp_jid_new ("romeo@montague.lit/orchard", NULL);
  const char * const groups[] = { "Lovers", "", "Friends", "Lovers", NULL };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  set_up_loaded (&f, QUERY ());
  xmpp_roster_set_async (f.roster, jid, "Romeo", groups, NULL, on_result, &result);
  fake_server_ping (f.server);
  fake_server_answer (f.server, QUERY ("<item jid='romeo@montague.lit' name='Romeo'><group>Friends</group>"
                                       "<group>Lovers</group></item>"), NULL);
  fake_server_wait_until (result != NULL);

  g_assert_true (xmpp_roster_change_finish (f.roster, result, &error));
  g_assert_no_error (error);
  assert_log (&f, "");
  assert_item (&f, "romeo@montague.lit", "nobody");

  push (&f, NULL, "<item jid='romeo@montague.lit' name='Romeo'/>");
  assert_log (&f, "changed romeo@montague.lit");
  tear_down (&f);
}

static void
test_the_servers_words_come_with_a_refusal (void)
{
  Fixture f;
  g_autoptr(XmppJid) jid = xmpp_jid_new ("romeo@montague.lit", NULL);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  set_up_loaded (&f, QUERY ());
  xmpp_roster_set_async (f.roster, jid, "", NULL, NULL, on_result, &result);
  fake_server_refuse (f.server, QUERY ("<item jid='romeo@montague.lit'/>"), "modify", "not-acceptable");
  fake_server_wait_until (result != NULL);

  g_assert_false (xmpp_roster_change_finish (f.roster, result, &error));
  g_assert_error (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_NOT_ACCEPTABLE);
  tear_down (&f);
}

static void
test_removing_asks_the_server (void)
{
  Fixture f;
  g_autoptr(XmppJid) jid = xmpp_jid_new ("romeo@montague.lit", NULL);
  g_autoptr(GAsyncResult) result = NULL;

  set_up_loaded (&f, QUERY ("<item jid='romeo@montague.lit'/>"));
  xmpp_roster_remove_async (f.roster, jid, NULL, on_result, &result);
  fake_server_answer (f.server, QUERY ("<item jid='romeo@montague.lit' subscription='remove'/>"), NULL);
  fake_server_wait_until (result != NULL);
  g_assert_true (xmpp_roster_change_finish (f.roster, result, NULL));
  assert_item (&f, "romeo@montague.lit", "romeo@montague.lit '' none []");
  tear_down (&f);
}

static void
test_nothing_changes_without_a_connection (void)
{
  Fixture f;
  g_autoptr(XmppJid) jid = xmpp_jid_new ("romeo@montague.lit", NULL);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  set_up (&f, NULL);
  xmpp_roster_remove_async (f.roster, jid, NULL, on_result, &result);
  fake_server_wait_until (result != NULL);
  g_assert_false (xmpp_roster_change_finish (f.roster, result, &error));
  g_assert_error (error, XMPP_ERROR, XMPP_ERROR_DISCONNECTED);
  tear_down (&f);
}

/* Who they are */

static XmppSender
get_sender (Fixture    *f,
            const char *address)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (address, NULL);

  return xmpp_session_get_sender (f->server->session, jid);
}

static void
test_contacts_are_who_may_see_us (void)
{
  Fixture f;

  set_up_loaded (&f, QUERY ("<item jid='both@x.test' subscription='both'/><item jid='from@x.test' subscription='from'/>"
                            "<item jid='to@x.test' subscription='to'/><item jid='none@x.test'/>"));
  g_assert_cmpint (get_sender (&f, "both@x.test/a"), ==, XMPP_SENDER_CONTACT);
  g_assert_cmpint (get_sender (&f, "from@x.test"), ==, XMPP_SENDER_CONTACT);
  g_assert_cmpint (get_sender (&f, "to@x.test/a"), ==, XMPP_SENDER_LISTED);
  g_assert_cmpint (get_sender (&f, "none@x.test"), ==, XMPP_SENDER_LISTED);
  g_assert_cmpint (get_sender (&f, "other@x.test"), ==, XMPP_SENDER_STRANGER);
  g_assert_cmpint (get_sender (&f, "x.test"), ==, XMPP_SENDER_STRANGER);
  tear_down (&f);
}

static void
test_nobody_may_see_us_while_we_are_invisible (void)
{
  Fixture f;

  set_up_loaded (&f, QUERY ("<item jid='both@x.test' subscription='both'/>"));
  xmpp_presence_set_invisible (xmpp_session_get_module (f.server->session, XMPP_TYPE_PRESENCE), TRUE);
  g_assert_cmpint (get_sender (&f, "both@x.test/a"), ==, XMPP_SENDER_LISTED);
  tear_down (&f);
}

/* Much */

static void
test_ten_thousand_are_read_at_once (void)
{
  Fixture f;
  g_autoptr(GString) query = g_string_new ("<query xmlns='" NS "' ver='1'>");
  g_autoptr(XmppStanza) saved = NULL;
  g_autoptr(XmppStanza) again = NULL;
  g_autofree char *xml = NULL;
  g_autoptr(GError) error = NULL;
  gint64 start;

  for (guint i = 0; i < 10000; i++)
    g_string_append_printf (query, "<item jid='user%05u@example.org' name='User %05u' subscription='both'>"
                                   "<group>Group %u</group></item>", i, i, i % 100);
  g_string_append (query, "</query>");

  set_up (&f, NULL);
  fake_server_login (f.server);
  start = g_get_monotonic_time ();
  fake_server_answer (f.server, NS, query->str);
  assert_log (&f, "loaded");
  g_test_minimized_result ((g_get_monotonic_time () - start) / 1000.0, "10,000 items in ms");
  g_assert_cmpint (count_items (&f), ==, 10000);
  assert_item (&f, "user09999@example.org", "user09999@example.org 'User 09999' both [Group 99]");

  saved = xmpp_roster_save (f.roster);
  xml = xmpp_stanza_to_xml (saved);
  again = xmpp_stanza_new_from_xml (xml, -1, &error);
  g_assert_no_error (error);
  g_assert_false (xmpp_stanza_is_skipped (again));
  tear_down (&f);
}

static void
test_there_is_an_end_to_it (void)
{
  Fixture f;

  set_up_loaded (&f, QUERY ());
  for (guint i = 0; i < 20000; i += 1000)
    {
      g_autoptr(GString) query = g_string_new (NULL);

      for (guint j = i; j < i + 1000; j++)
        g_string_append_printf (query, "<iq type='set' id='x'><query xmlns='" NS "'><item jid='u%u@x.test'/></query></iq>", j);
      fake_server_send (f.server, query->str);
      fake_server_settle (f.server);
    }
  g_assert_cmpint (count_items (&f), ==, 20000);

  push (&f, NULL, "<item jid='one@more.test'/>");
  fake_server_expect (f.server, BAD_REQUEST);
  push (&f, NULL, "<item jid='u7@x.test' name='Seven'/>");
  fake_server_expect (f.server, "<iq type='result' id='p'/>");
  g_assert_cmpint (count_items (&f), ==, 20000);
  tear_down (&f);
}

int
main (int   argc,
      char *argv[])
{
  static const struct
  {
    const char *name;
    const char *items;
  } ill_formed[] = {
    { "none",            "" },
    { "two",             "<item jid='a@x.test'/><item jid='b@x.test'/>" },
    { "foreign",         "<item xmlns='urn:x' jid='a@x.test'/>" },
    { "not-an-item",     "<thing jid='a@x.test'/>" },
    { "without-jid",     "<item name='a'/>" },
    { "empty-jid",       "<item jid=''/>" },
    { "invalid-jid",     "<item jid='a b@x.test'/>" },
    { "own-jid",         "<item jid='juliet@capulet.lit' subscription='both'/>" },
    { "own-jid-removed", "<item jid='juliet@capulet.lit/balcony' subscription='remove'/>" },
    { "weird",           "<item jid='romeo@montague.lit' subscription='weird'/>" },
  };
  static const char * const others[] = {
    "eve@evil.test", "eve@evil.test/x", "romeo@montague.lit", "capulet.lit", "juliet@capulet.lit/phone",
    "juliet@capulet.lit.evil.test", "juliet@cаpulet.lit",
  };

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
  g_test_add_func ("/xmpp/roster/a-push-adds-changes-and-removes", test_a_push_adds_changes_and_removes);
  g_test_add_func ("/xmpp/roster/a-push-before-the-list-is-kept-quiet", test_a_push_before_the_list_is_kept_quiet);
  g_test_add_func ("/xmpp/roster/T015-our-own-address-may-push", test_our_own_address_may_push);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/roster/T015-others-may-not-push/%u", i);

      g_test_add_data_func (path, others[i], test_only_our_server_may_push);
    }
  for (guint i = 0; i < G_N_ELEMENTS (ill_formed); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/roster/T016-an-ill-formed-push-is-refused/%s", ill_formed[i].name);

      g_test_add_data_func (path, ill_formed[i].items, test_an_ill_formed_push_is_refused);
    }
  g_test_add_func ("/xmpp/roster/T016-a-push-with-a-huge-name-is-refused", test_a_push_with_a_huge_name_is_refused);
  g_test_add_func ("/xmpp/roster/a-change-is-made-by-the-push", test_a_change_is_made_by_the_push);
  g_test_add_func ("/xmpp/roster/the-servers-words-come-with-a-refusal", test_the_servers_words_come_with_a_refusal);
  g_test_add_func ("/xmpp/roster/removing-asks-the-server", test_removing_asks_the_server);
  g_test_add_func ("/xmpp/roster/nothing-changes-without-a-connection", test_nothing_changes_without_a_connection);
  g_test_add_func ("/xmpp/roster/contacts-are-who-may-see-us", test_contacts_are_who_may_see_us);
  g_test_add_func ("/xmpp/roster/nobody-may-see-us-while-we-are-invisible", test_nobody_may_see_us_while_we_are_invisible);
  g_test_add_func ("/xmpp/roster/ten-thousand-are-read-at-once", test_ten_thousand_are_read_at_once);
  g_test_add_func ("/xmpp/roster/there-is-an-end-to-it", test_there_is_an_end_to_it);

  return g_test_run ();
}
