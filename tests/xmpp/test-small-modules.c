/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-server.h"
#include "xmpp-muc.h"
#include "xmpp-ping.h"
#include "xmpp-time.h"
#include "xmpp-version.h"

#define ROSTER                                                            \
  "<query xmlns='jabber:iq:roster'>"                                      \
    "<item jid='romeo@montague.lit' subscription='both'/>"                \
    "<item jid='nurse@capulet.lit' subscription='from'/>"                 \
    "<item jid='paris@example.org' subscription='to'/>"                   \
  "</query>"

#define UNAVAILABLE                                                       \
  "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"

static FakeServer *
login (void)
{
  FakeServer *server = fake_server_new ("juliet@capulet.lit/balcony");

  fake_server_login (server);
  fake_server_answer (server, "jabber:iq:roster", ROSTER);
  fake_server_settle (server);

  return server;
}

static gpointer
get_module (FakeServer *server,
            GType       type)
{
  return xmpp_session_get_module (server->session, type);
}

static void
ask (FakeServer *server,
     const char *from,
     const char *child)
{
  g_autofree char *xml = g_strdup_printf ("<iq type='get' id='q' from='%s' to='juliet@capulet.lit/balcony'>%s</iq>",
                                          from, child);

  fake_server_send (server, xml);
}

static void
expect_refusal (FakeServer *server,
                const char *to)
{
  g_autofree char *xml = g_strdup_printf ("<iq type='error' id='q' to='%s'>" UNAVAILABLE "</iq>", to);

  fake_server_expect (server, xml);
}

static void
on_result (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

/* Dates */

/* T117: what is no date, or none that every zone can show, is as if it were absent */
static void
test_odd_dates_are_refused (void)
{
  static const char * const texts[] = {
    "",
    "yesterday",
    "2026-02-30T00:00:00Z",
    "2025-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-00-10T00:00:00Z",
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59-23:59",
    "9999-12-31T23:59:59Z",
    "10000-01-01T00:00:00Z",
    "1000000000000",
    "2026-01-01T23:59:60Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T12:60:00Z",
    "-2026-01-01T12:00:00Z",
    "2026-01-01T12:00:00",
    "2026-01-01T12:00:00z",
    "2026-01-01t12:00:00Z",
    "2026-01-01 12:00:00Z",
    " 2026-01-01T12:00:00Z",
    "2026-01-01T12:00:00Z ",
    "2026-01-01T12:00:00.Z",
    "2026-01-01T12:00:00+1:00",
    "2026-01-01T12:00:00+01:60",
    "2026-01-01T12:00:00+14:01",
    "2026-01-01T12:00:00+0100",
    "2026-1-1T12:00:00Z",
    "٢٠٢٦-01-01T12:00:00Z",
    "20260230T00:00:00",
    "20260101T12:00:00Z",
    "20260101T1200000",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      gint64 time = 42;

      g_test_message ("%s", texts[i]);
      g_assert_false (xmpp_time_parse (texts[i], &time));
      g_assert_cmpint (time, ==, 42);
    }

  g_assert_false (xmpp_time_parse (NULL, &(gint64) { 0 }));
}

static void
test_dates_are_read (void)
{
  static const struct
  {
    const char *text;
    gint64      time;
  } dates[] = {
    { "1970-01-01T00:00:00Z",                 0 },
    { "1969-07-21T02:56:15Z",                 -14159025 * G_TIME_SPAN_SECOND },
    { "1969-07-20T21:56:15-05:00",            -14159025 * G_TIME_SPAN_SECOND },
    { "2026-01-01T12:00:00Z",                 1767268800 * G_TIME_SPAN_SECOND },
    { "2026-01-01T12:00:00.5Z",               1767268800 * G_TIME_SPAN_SECOND + 500000 },
    { "2026-01-01T12:00:00.123456789123Z",    1767268800 * G_TIME_SPAN_SECOND + 123456 },
    { "2026-01-02T02:00:00+14:00",            1767268800 * G_TIME_SPAN_SECOND },
    { "2024-02-29T00:00:00Z",                 1709164800 * G_TIME_SPAN_SECOND },
    { "20260101T12:00:00",                    1767268800 * G_TIME_SPAN_SECOND },
    { "2016-12-31T23:59:59Z",                 1483228799 * G_TIME_SPAN_SECOND },
  };

  for (guint i = 0; i < G_N_ELEMENTS (dates); i++)
    {
      gint64 time = 42;

      g_test_message ("%s", dates[i].text);
      g_assert_true (xmpp_time_parse (dates[i].text, &time));
      g_assert_cmpint (time, ==, dates[i].time);
    }
}

/* T117: the first and the last that are read can be shown in any zone */
static void
test_every_zone_can_show_what_was_read (void)
{
  static const char * const texts[] = { "0001-01-02T00:00:00Z", "9999-12-30T23:59:59.999999Z" };
  static const char * const zones[] = { "-14", "Z", "+14" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GDateTime) utc = NULL;
      gint64 time;

      g_assert_true (xmpp_time_parse (texts[i], &time));
      utc = g_date_time_new_from_unix_utc (time / G_TIME_SPAN_SECOND);
      g_assert_nonnull (utc);

      for (guint j = 0; j < G_N_ELEMENTS (zones); j++)
        {
          g_autoptr(GTimeZone) zone = g_time_zone_new_identifier (zones[j]);
          g_autoptr(GDateTime) local = g_date_time_to_timezone (utc, zone);

          g_assert_nonnull (local);
        }
    }
}

static void
test_dates_are_written (void)
{
  static const struct
  {
    gint64      time;
    const char *text;
  } dates[] = {
    { 0,                                              "1970-01-01T00:00:00Z" },
    { 1767268800 * G_TIME_SPAN_SECOND,                "2026-01-01T12:00:00Z" },
    { 1767268800 * G_TIME_SPAN_SECOND + 7000,         "2026-01-01T12:00:00.007Z" },
    { -1500,                                          "1969-12-31T23:59:59.999Z" },
    { -62135510400 * G_TIME_SPAN_SECOND,              "0001-01-02T00:00:00Z" },   /* a year has four digits */
    { -55952208001 * G_TIME_SPAN_SECOND + 500000,     "0196-12-10T23:59:59.500Z" },
    { G_MAXINT64,                                     NULL },
    { G_MININT64,                                     NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (dates); i++)
    {
      g_autofree char *text = xmpp_time_format (dates[i].time);

      g_assert_cmpstr (text, ==, dates[i].text);
    }
}

/* XEP-0202 */

#define ASK_TIME "<time xmlns='urn:xmpp:time'/>"

static void
test_contacts_are_told_the_time (void)
{
  g_autoptr(FakeServer) server = login ();

  ask (server, "romeo@montague.lit/orchard", ASK_TIME);
  fake_server_expect (server, "<iq type='result' id='q' to='romeo@montague.lit/orchard'>"
                              "<time xmlns='urn:xmpp:time'><tzo>+05:30</tzo><utc>2026-01-01T12:00:00Z</utc></time></iq>");
}

static void
test_time_is_asked (void)
{
  g_autoptr(FakeServer) server = login ();
  g_autoptr(XmppJid) jid = xmpp_jid_new ("romeo@montague.lit/orchard", NULL);
  XmppTime *module = get_module (server, XMPP_TYPE_TIME);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  gint64 time;
  int offset;

  xmpp_time_ask_async (module, jid, NULL, on_result, &result);
  fake_server_answer (server, "urn:xmpp:time",
                      "<time xmlns='urn:xmpp:time'><tzo>-06:00</tzo><utc>2006-12-19T17:58:35Z</utc></time>");
  fake_server_wait_until (result != NULL);

  g_assert_true (xmpp_time_ask_finish (module, result, &time, &offset, &error));
  g_assert_no_error (error);
  g_assert_cmpint (time, ==, 1166551115 * G_TIME_SPAN_SECOND);
  g_assert_cmpint (offset, ==, -360);
}

static void
test_a_time_that_is_none_is_an_error (gconstpointer data)
{
  g_autoptr(FakeServer) server = login ();
  g_autoptr(XmppJid) jid = xmpp_jid_new ("romeo@montague.lit/orchard", NULL);
  XmppTime *module = get_module (server, XMPP_TYPE_TIME);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  xmpp_time_ask_async (module, jid, NULL, on_result, &result);
  fake_server_answer (server, "urn:xmpp:time", data);
  fake_server_wait_until (result != NULL);

  g_assert_false (xmpp_time_ask_finish (module, result, NULL, NULL, &error));
  g_assert_error (error, XMPP_ERROR, XMPP_ERROR_PROTOCOL);
}

/* XEP-0092 */

#define ASK_VERSION "<query xmlns='jabber:iq:version'/>"

static void
test_contacts_are_told_the_version (void)
{
  g_autoptr(FakeServer) server = login ();

  g_object_set (get_module (server, XMPP_TYPE_VERSION), "name", "Lute", "version", "1.2", "os", "Verona", NULL);
  ask (server, "nurse@capulet.lit/kitchen", ASK_VERSION);
  fake_server_expect (server, "<iq type='result' id='q' to='nurse@capulet.lit/kitchen'><query xmlns='jabber:iq:version'>"
                              "<name>Lute</name><version>1.2</version><os>Verona</os></query></iq>");
}

static void
test_the_system_is_only_told_when_set (void)
{
  g_autoptr(FakeServer) server = login ();

  ask (server, "juliet@capulet.lit/phone", ASK_VERSION);
  fake_server_expect (server, "<iq type='result' id='q' to='juliet@capulet.lit/phone'><query xmlns='jabber:iq:version'>"
                              "<name>Flint</name><version>*</version></query></iq>");
}

/* Openfire asks from its bare domain; a service beside it is somebody else */
static void
test_our_server_is_told_the_version (void)
{
  g_autoptr(FakeServer) server = login ();

  ask (server, "capulet.lit", ASK_VERSION);
  fake_server_expect (server, "<iq type='result' id='q' to='capulet.lit'><query xmlns='jabber:iq:version'>"
                              "<name>Flint</name><version>*</version></query></iq>");

  ask (server, "search.capulet.lit", ASK_VERSION);
  fake_server_expect (server, "<iq type='error' id='q' to='search.capulet.lit'>"
                              "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
}

static void
test_version_is_asked (void)
{
  g_autoptr(FakeServer) server = login ();
  g_autoptr(XmppJid) jid = xmpp_jid_new ("romeo@montague.lit/orchard", NULL);
  XmppVersion *module = get_module (server, XMPP_TYPE_VERSION);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppSoftware) software = NULL;
  g_autoptr(XmppSoftware) copy = NULL;

  xmpp_version_ask_async (module, jid, NULL, on_result, &result);
  fake_server_answer (server, "jabber:iq:version",
                      "<query xmlns='jabber:iq:version'><name>Spark</name><version>3.0</version></query>");
  fake_server_wait_until (result != NULL);

  software = xmpp_version_ask_finish (module, result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (software->name, ==, "Spark");
  g_assert_cmpstr (software->version, ==, "3.0");
  g_assert_null (software->os);

  copy = xmpp_software_copy (software);
  g_clear_pointer (&software, xmpp_software_free);
  g_assert_cmpstr (copy->name, ==, "Spark");
  g_assert_cmpstr (copy->version, ==, "3.0");
  g_assert_null (copy->os);
}

static void
test_a_refusal_is_given_back (void)
{
  g_autoptr(FakeServer) server = login ();
  g_autoptr(XmppJid) jid = xmpp_jid_new ("romeo@montague.lit/orchard", NULL);
  XmppVersion *module = get_module (server, XMPP_TYPE_VERSION);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  xmpp_version_ask_async (module, jid, NULL, on_result, &result);
  fake_server_refuse (server, "jabber:iq:version", "cancel", "service-unavailable");
  fake_server_wait_until (result != NULL);

  g_assert_null (xmpp_version_ask_finish (module, result, &error));
  g_assert_error (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_SERVICE_UNAVAILABLE);
}

/* T099: who may not see that we are online learns it from none of these */
static void
test_strangers_are_refused (gconstpointer child)
{
  static const char * const strangers[] = { "eve@evil.test/x", "paris@example.org/tomb", "montague.lit" };
  g_autoptr(FakeServer) server = login ();

  for (guint i = 0; i < G_N_ELEMENTS (strangers); i++)
    {
      ask (server, strangers[i], child);
      expect_refusal (server, strangers[i]);
    }
  fake_server_no_more (server);
}

/* XEP-0199 */

#define ASK_PING "<ping xmlns='urn:xmpp:ping'/>"

static void
test_pings_are_answered (void)
{
  static const char * const askers[] = { "capulet.lit", "romeo@montague.lit/orchard", "juliet@capulet.lit/phone" };
  g_autoptr(FakeServer) server = login ();

  for (guint i = 0; i < G_N_ELEMENTS (askers); i++)
    {
      g_autofree char *answer = g_strdup_printf ("<iq type='result' id='q' to='%s'/>", askers[i]);

      ask (server, askers[i], ASK_PING);
      fake_server_expect (server, answer);
    }
}

static void
test_occupants_of_our_rooms_are_answered (void)
{
  g_autoptr(FakeServer) server = login ();
  g_autoptr(XmppJid) room = xmpp_jid_new ("hall@rooms.capulet.lit", NULL);

  xmpp_muc_join_async (get_module (server, XMPP_TYPE_MUC), room, "Juliet", NULL, -1, NULL, NULL, NULL);
  ask (server, "hall@rooms.capulet.lit/Juliet", ASK_PING);
  fake_server_expect (server, "<iq type='result' id='q' to='hall@rooms.capulet.lit/Juliet'/>");
  ask (server, "other@rooms.capulet.lit/Juliet", ASK_PING);
  expect_refusal (server, "other@rooms.capulet.lit/Juliet");
}

static void
test_ping_tells_how_long_it_took (void)
{
  g_autoptr(FakeServer) server = login ();
  XmppPing *module = get_module (server, XMPP_TYPE_PING);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  xmpp_ping_async (module, NULL, NULL, on_result, &result);
  fake_clock_advance (server->clock, 250);
  fake_server_answer (server, "<ping xmlns='urn:xmpp:ping'/>", NULL);
  fake_server_wait_until (result != NULL);

  g_assert_cmpint (xmpp_ping_finish (module, result, &error), ==, 250000);
  g_assert_no_error (error);
}

static void
test_ping_tells_what_went_wrong (void)
{
  g_autoptr(FakeServer) server = login ();
  g_autoptr(XmppJid) jid = xmpp_jid_new ("romeo@montague.lit/orchard", NULL);
  XmppPing *module = get_module (server, XMPP_TYPE_PING);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  xmpp_ping_async (module, jid, NULL, on_result, &result);
  fake_server_refuse (server, "to='romeo@montague.lit/orchard'", "cancel", "service-unavailable");
  fake_server_wait_until (result != NULL);

  g_assert_cmpint (xmpp_ping_finish (module, result, &error), ==, -1);
  g_assert_error (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_SERVICE_UNAVAILABLE);
}

#define KEEP_ALIVE "<iq type='get' to='capulet.lit' id='*'><ping xmlns='urn:xmpp:ping'/></iq>"

static void
test_a_silent_server_is_pinged_and_given_up (void)
{
  g_autoptr(FakeServer) server = login ();

  fake_clock_advance (server->clock, 59999);
  fake_server_no_more (server);

  fake_clock_advance (server->clock, 60000);
  fake_server_expect (server, KEEP_ALIVE);
  fake_clock_advance (server->clock, 19999);
  g_assert_true (xmpp_session_is_online (server->session));

  fake_clock_advance (server->clock, 1);
  fake_server_wait_until (server->n_closed == 1);
  g_assert_error (server->closed_error, XMPP_ERROR, XMPP_ERROR_TIMED_OUT);
  g_assert_cmpint (fake_clock_count (server->clock), ==, 0);
}

static void
test_an_answer_is_a_sign_of_life (void)
{
  g_autoptr(FakeServer) server = login ();

  fake_clock_advance (server->clock, 60000);
  fake_server_refuse (server, "<ping xmlns='urn:xmpp:ping'/>", "cancel", "service-unavailable");
  fake_server_settle (server);

  fake_clock_advance (server->clock, 59999);
  g_assert_true (xmpp_session_is_online (server->session));
  fake_server_no_more (server);
}

static void
test_any_stanza_is_a_sign_of_life (void)
{
  g_autoptr(FakeServer) server = login ();

  for (guint i = 0; i < 5; i++)
    {
      fake_clock_advance (server->clock, 50000);
      fake_server_no_more (server);
    }
  g_assert_cmpint (server->n_closed, ==, 0);
}

/* What is known of the silence does not hang on keeping alive, and outlasts the connection */
static void
test_silence_is_known (void)
{
  g_autoptr(FakeServer) server = fake_server_new ("juliet@capulet.lit/balcony");
  XmppPing *module = get_module (server, XMPP_TYPE_PING);

  g_object_set (module, "interval", 0, NULL);
  fake_server_login (server);
  fake_server_answer (server, "jabber:iq:roster", ROSTER);
  fake_server_settle (server);
  g_assert_cmpint (xmpp_ping_get_silence (module), ==, 0);

  fake_clock_advance (server->clock, 5000);
  g_assert_cmpint (xmpp_ping_get_silence (module), ==, 5 * G_TIME_SPAN_SECOND);

  fake_server_send (server, "<message from='romeo@montague.lit/orchard'><body>x</body></message>");
  fake_server_no_more (server);
  g_assert_cmpint (xmpp_ping_get_silence (module), ==, 0);

  fake_clock_advance (server->clock, 1000);
  xmpp_session_abort (server->session);
  fake_clock_advance (server->clock, 2000);
  g_assert_cmpint (xmpp_ping_get_silence (module), ==, 3 * G_TIME_SPAN_SECOND);
}

static void
on_event (XmppSession   *session,
          XmppEvent      event,
          XmppDirection  direction,
          const char    *text,
          guint         *n_spaces)
{
  if (event == XMPP_EVENT_WHITESPACE && direction == XMPP_RECEIVED)
    (*n_spaces)++;
}

static void
test_white_space_is_a_sign_of_life (void)
{
  g_autoptr(FakeServer) server = login ();
  guint n_spaces = 0;

  g_signal_connect (server->session, "event", G_CALLBACK (on_event), &n_spaces);

  fake_clock_advance (server->clock, 60000);
  fake_server_expect (server, KEEP_ALIVE);
  fake_server_send (server, " ");
  fake_server_wait_until (n_spaces > 0);
  fake_clock_advance (server->clock, 20000);
  g_assert_true (xmpp_session_is_online (server->session));
}

static void
test_keeping_alive_can_be_switched_off (void)
{
  g_autoptr(FakeServer) server = fake_server_new ("juliet@capulet.lit/balcony");

  g_object_set (get_module (server, XMPP_TYPE_PING), "interval", 0, NULL);
  fake_server_login (server);
  fake_server_settle (server);
  fake_clock_advance (server->clock, 600000);
  fake_server_no_more (server);
}

int
main (int   argc,
      char *argv[])
{
  g_setenv ("TZ", "IST-5:30", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/time/T117-odd-dates-are-refused", test_odd_dates_are_refused);
  g_test_add_func ("/xmpp/time/T117-every-zone-can-show-what-was-read", test_every_zone_can_show_what_was_read);
  g_test_add_func ("/xmpp/time/dates-are-read", test_dates_are_read);
  g_test_add_func ("/xmpp/time/dates-are-written", test_dates_are_written);
  g_test_add_func ("/xmpp/time/contacts-are-told", test_contacts_are_told_the_time);
  g_test_add_func ("/xmpp/time/it-is-asked", test_time_is_asked);
  g_test_add_data_func ("/xmpp/time/an-answer-without-one-is-an-error", NULL, test_a_time_that_is_none_is_an_error);
  g_test_add_data_func ("/xmpp/time/T117-an-answer-with-an-odd-one-is-an-error",
                        "<time xmlns='urn:xmpp:time'><tzo>+00:00</tzo><utc>2006-02-30T17:58:35Z</utc></time>",
                        test_a_time_that_is_none_is_an_error);
  g_test_add_data_func ("/xmpp/time/T099-strangers-are-refused", ASK_TIME, test_strangers_are_refused);

  g_test_add_func ("/xmpp/version/contacts-are-told", test_contacts_are_told_the_version);
  g_test_add_func ("/xmpp/version/the-system-is-only-told-when-set", test_the_system_is_only_told_when_set);
  g_test_add_func ("/xmpp/version/our-server-is-told", test_our_server_is_told_the_version);
  g_test_add_func ("/xmpp/version/it-is-asked", test_version_is_asked);
  g_test_add_func ("/xmpp/version/a-refusal-is-given-back", test_a_refusal_is_given_back);
  g_test_add_data_func ("/xmpp/version/T099-strangers-are-refused", ASK_VERSION, test_strangers_are_refused);

  g_test_add_func ("/xmpp/ping/S105-server-contacts-and-devices-are-answered", test_pings_are_answered);
  g_test_add_func ("/xmpp/ping/S105-occupants-of-our-rooms-are-answered", test_occupants_of_our_rooms_are_answered);
  g_test_add_data_func ("/xmpp/ping/S105-strangers-are-refused", ASK_PING, test_strangers_are_refused);
  g_test_add_func ("/xmpp/ping/it-tells-how-long-the-answer-took", test_ping_tells_how_long_it_took);
  g_test_add_func ("/xmpp/ping/it-tells-what-went-wrong", test_ping_tells_what_went_wrong);
  g_test_add_func ("/xmpp/ping/S106-a-silent-server-is-pinged-and-given-up", test_a_silent_server_is_pinged_and_given_up);
  g_test_add_func ("/xmpp/ping/S106-an-answer-is-a-sign-of-life", test_an_answer_is_a_sign_of_life);
  g_test_add_func ("/xmpp/ping/S106-any-stanza-is-a-sign-of-life", test_any_stanza_is_a_sign_of_life);
  g_test_add_func ("/xmpp/ping/S106-white-space-is-a-sign-of-life", test_white_space_is_a_sign_of_life);
  g_test_add_func ("/xmpp/ping/S106-how-long-it-is-silent-is-always-known", test_silence_is_known);
  g_test_add_func ("/xmpp/ping/keeping-alive-can-be-switched-off", test_keeping_alive_can_be_switched_off);

  return g_test_run ();
}
