/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0198, 5: a session goes on where its connection was lost */
#include "session-log.h"

#include "xmpp-muc.h"
#include "xmpp-presence.h"
#include "xmpp-session-private.h"

#include <string.h>

#define MESSAGE(id)  "<message type='chat' to='romeo@montague.lit' id='" id "'><body>" id "</body>"
#define RECEIVED(id) "<message from='romeo@montague.lit/orchard' id='" id "' type='chat'><body>" id "</body></message>"

static void
turn (SessionLog *log)
{
  fake_server_settle (log->server);
  fake_server_settle (log->server);
}

/* The next of what waits is the message with this id */
static void
expect_message (SessionLog *log,
                const char *id)
{
  g_autofree char *body = g_strdup_printf ("<body>%s</body>", id);
  const char *next;

  fake_server_wait_until (log->server->waiting->len > 0);
  next = g_ptr_array_index (log->server->waiting, 0);
  g_assert_nonnull (strstr (next, body));
  g_ptr_array_remove_index (log->server->waiting, 0);
}

/* Lets nothing be acknowledged any more, and sends these */
static void
send_unacknowledged (SessionLog *log,
                     const char *ids)
{
  g_auto(GStrv) all = g_strsplit (ids, " ", -1);

  turn (log);
  log->sm->answers = FALSE;
  for (guint i = 0; all[i] != NULL; i++)
    session_log_send (log, all[i]);
}

static void
on_joined (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  gboolean *is_in = user_data;

  *is_in = xmpp_muc_join_finish (XMPP_MUC (object), result, NULL);
}

static void
on_answered (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  GString *text = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppStanza) answer = xmpp_session_request_finish (XMPP_SESSION (object), result, &error);

  g_string_append (text, answer != NULL ? "answered" : g_error_matches (error, XMPP_ERROR, XMPP_ERROR_DISCONNECTED)
                                                       ? "disconnected" : error->message);
}

static void
ask (SessionLog *log,
     GString    *answer)
{
  g_autoptr(XmppStanza) iq = xmpp_stanza_new_iq ("get", "capulet.lit");

  xmpp_node_add (xmpp_stanza_get_root (iq), "query", "urn:example:question");
  xmpp_session_request_async (log->server->session, iq, NULL, on_answered, answer);
}

static void
test_nothing_is_asked_again (void)
{
  g_autoptr(SessionLog) log = session_log_new ();
  g_autoptr(XmppJid) jid = xmpp_jid_new ("hall@rooms.lit", NULL);
  XmppRoom *room;
  g_autofree char *own = NULL;
  gboolean is_in = FALSE;

  session_log_login (log);
  room = xmpp_muc_join_async (xmpp_session_get_module (log->server->session, XMPP_TYPE_MUC), jid, "juliet", NULL, 0, NULL,
                              on_joined, &is_in);
  fake_server_send (log->server, "<presence from='hall@rooms.lit/juliet' to='juliet@capulet.lit/balcony'>"
                                 "<x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' role='participant'/>"
                                 "<status code='110'/></x></presence>");
  fake_server_wait_until (is_in);
  session_log_send (log, "a");
  session_log_await (log, "+a");
  turn (log);
  own = g_strdup (xmpp_jid_get_text (xmpp_session_get_own_jid (log->server->session)));

  fake_sm_cut (log->sm);
  session_log_expect (log, "closed");
  g_assert_true (xmpp_session_is_resumable (log->server->session));
  g_assert_false (xmpp_session_is_online (log->server->session));

  /* What we know holds meanwhile */
  g_assert_true (session_log_sees_romeo (log));
  g_assert_cmpint (xmpp_room_get_state (room), ==, XMPP_ROOM_IN);

  fake_sm_reconnect (log->sm);
  fake_sm_resume (log->sm);
  g_assert_false (xmpp_session_is_resumable (log->server->session));
  g_assert_true (xmpp_session_is_online (log->server->session));
  fake_server_no_more (log->server);
  g_assert_cmpstr (xmpp_jid_get_text (xmpp_session_get_own_jid (log->server->session)), ==, own);
  g_assert_true (session_log_sees_romeo (log));
  g_assert_cmpint (xmpp_room_get_state (room), ==, XMPP_ROOM_IN);

  /* And it works as before, for a second time too */
  session_log_send (log, "b");
  session_log_await (log, "+b");
  fake_sm_cut (log->sm);
  fake_sm_reconnect (log->sm);
  fake_sm_resume (log->sm);
  session_log_expect (log, "closed");
}

static void
test_what_was_lost_is_sent_again (void)
{
  g_autoptr(SessionLog) log = session_log_new ();
  guint32 handled;

  session_log_login (log);
  send_unacknowledged (log, "a b c d e");
  turn (log);
  handled = log->sm->handled;
  fake_sm_cut (log->sm);
  session_log_expect (log, "closed");

  fake_sm_reconnect (log->sm);
  fake_sm_expect_resume (log->sm);

  /* What comes between is said after them */
  session_log_send (log, "f");

  /* The answers to our pings were behind e */
  log->sm->handled = handled - 2 - 3;
  fake_sm_send_resumed (log->sm, log->sm->handled);
  fake_server_wait_until (!log->server->is_connecting);
  session_log_send (log, "g");
  session_log_await (log, "+a +b");

  expect_message (log, "c");
  expect_message (log, "d");
  expect_message (log, "e");
  fake_server_expect_next (log->server, "<iq type='result' id='*' to='capulet.lit'/>");
  fake_server_expect_next (log->server, "<iq type='result' id='*' to='capulet.lit'/>");
  expect_message (log, "f");
  expect_message (log, "g");
  log->sm->answers = TRUE;
  fake_server_ping (log->server);
  session_log_send (log, "h");
  session_log_await (log, "+c +d +e +f +g +h");
}

/* What is said while there is no connection waits, in its order; nonzas do not */
static void
test_what_is_said_meanwhile_waits (void)
{
  g_autoptr(SessionLog) log = session_log_new ();
  g_autoptr(XmppStanza) presence = xmpp_stanza_new ("presence", XMPP_NS_CLIENT);
  g_autoptr(XmppStanza) nonza = xmpp_stanza_new ("x", "urn:x");
  g_autoptr(GString) answer = g_string_new (NULL);

  session_log_login (log);
  turn (log);
  fake_sm_cut (log->sm);

  session_log_send (log, "a");
  xmpp_session_send (log->server->session, nonza);
  xmpp_node_set (xmpp_stanza_get_root (presence), "to", "romeo@montague.lit");
  xmpp_session_send (log->server->session, presence);
  ask (log, answer);
  session_log_send (log, "b");
  g_assert_false (xmpp_session_send_raw (log->server->session, "<message/>", NULL));

  fake_sm_reconnect (log->sm);
  fake_sm_resume (log->sm);
  expect_message (log, "a");
  fake_server_expect_next (log->server, "<presence to='romeo@montague.lit'/>");
  fake_server_answer (log->server, "urn:example:question", NULL);
  expect_message (log, "b");
  fake_server_wait_until (answer->len > 0);
  g_assert_cmpstr (answer->str, ==, "answered");
  session_log_await (log, "closed +a +b");
}

/* Nobody is told again what he was told, and everybody is told what is new */
static void
test_own_presence_is_kept (void)
{
  g_autoptr(SessionLog) log = session_log_new ();
  XmppPresence *presence = xmpp_session_get_module (log->server->session, XMPP_TYPE_PRESENCE);

  session_log_login (log);
  xmpp_presence_set (presence, XMPP_SHOW_AWAY, "out", 5);
  turn (log);
  fake_sm_cut (log->sm);
  xmpp_presence_set (presence, XMPP_SHOW_AWAY, "out", 5);
  fake_sm_reconnect (log->sm);
  fake_sm_resume (log->sm);
  fake_server_no_more (log->server);

  fake_sm_cut (log->sm);
  xmpp_presence_set (presence, XMPP_SHOW_DND, "in", 5);
  fake_sm_reconnect (log->sm);
  fake_sm_resume (log->sm);
  fake_server_expect_contains (log->server, "<show>dnd</show>");
  fake_server_no_more (log->server);
}

static void
test_questions_wait (void)
{
  g_autoptr(SessionLog) log = session_log_new ();
  g_autoptr(GString) answer = g_string_new (NULL);

  session_log_login (log);
  ask (log, answer);
  fake_server_expect_contains (log->server, "urn:example:question");
  turn (log);
  fake_sm_cut (log->sm);

  /* Nobody can answer meanwhile: the time does not count */
  fake_clock_advance (log->server->clock, 300 * 1000);
  g_assert_cmpstr (answer->str, ==, "");
  fake_sm_reconnect (log->sm);
  fake_sm_resume (log->sm);
  fake_clock_advance (log->server->clock, 5 * 1000);
  g_assert_cmpstr (answer->str, ==, "");

  /* And goes on then */
  turn (log);
  fake_clock_advance (log->server->clock, 1000);
  turn (log);
  g_assert_true (xmpp_session_is_online (log->server->session));
  for (guint i = 0; i < 12; i++)
    {
      fake_clock_advance (log->server->clock, 5 * 1000);
      turn (log);
    }
  fake_server_wait_until (answer->len > 0);
  g_assert_cmpstr (answer->str, ==, "No answer came in time");
}

static void
test_the_answer_comes_after_all (void)
{
  g_autoptr(SessionLog) log = session_log_new ();
  g_autoptr(GString) answer = g_string_new (NULL);
  g_autofree char *id = NULL;
  g_autofree char *xml = NULL;

  session_log_login (log);
  ask (log, answer);
  id = fake_xml_get (fake_server_expect_contains (log->server, "urn:example:question"), "id");
  turn (log);

  /* It was on the way when the connection broke: the server sends it again */
  xml = g_strdup_printf ("<iq type='result' id='%s' from='capulet.lit'/>", id);
  log->server->write_limit = 5;
  fake_server_send (log->server, xml);
  fake_sm_cut (log->sm);
  g_assert_cmpstr (answer->str, ==, "");
  fake_sm_reconnect (log->sm);
  fake_sm_resume (log->sm);
  fake_server_wait_until (answer->len > 0);
  g_assert_cmpstr (answer->str, ==, "answered");
}

/* S48: half a stanza, and no close_notify */
static void
test_half_a_stanza_does_not_count (void)
{
  g_autoptr(SessionLog) log = session_log_new ();

  session_log_login (log);
  fake_server_send (log->server, RECEIVED ("whole"));
  log->server->write_limit = strlen (RECEIVED ("half")) - 3;
  fake_server_send (log->server, RECEIVED ("half"));
  fake_server_wait_until (log->server->n_closed == 1);
  session_log_expect (log, "<whole closed");

  fake_sm_reconnect (log->sm);
  fake_sm_resume (log->sm);
  session_log_await (log, "<half");
}

static void
on_message_hold (XmppSession       *session,
                 const XmppMessage *message,
                 guint             *hold)
{
  if (*hold == 0)
    *hold = xmpp_session_hold_ack (session);
}

/* F30: the server keeps what is not stored, and repeats it; we know it already */
static void
test_what_was_held_back_is_not_told_twice (void)
{
  g_autoptr(SessionLog) log = session_log_new ();
  guint hold = 0;
  guint32 before;

  session_log_login (log);
  g_signal_connect (log->server->session, "message", G_CALLBACK (on_message_hold), &hold);
  turn (log);
  before = log->sm->sent;
  fake_server_send (log->server, RECEIVED ("a") RECEIVED ("b"));
  turn (log);
  session_log_expect (log, "<a <b");
  fake_sm_cut (log->sm);

  fake_sm_reconnect (log->sm);
  fake_sm_resume (log->sm);

  /* <resume/> said so */
  g_assert_cmpuint (log->sm->h, ==, before);
  fake_server_send (log->server, RECEIVED ("c"));
  session_log_await (log, "closed <c");

  /* And when it is stored, all of them are ours */
  xmpp_session_release_ack (log->server->session, hold);
  fake_server_send (log->server, "<r xmlns='urn:xmpp:sm:3'/>");
  fake_server_wait_until (log->sm->h == log->sm->sent);
  session_log_expect (log, "");
}

/* Nor is it said to be here again before it is */
static void
test_what_is_to_be_repeated_is_not_told (void)
{
  g_autoptr(SessionLog) log = session_log_new ();
  g_autoptr(GPtrArray) again = g_ptr_array_new_with_free_func (g_free);
  guint hold = 0;
  guint32 before;
  guint n_told;

  session_log_login (log);
  g_signal_connect (log->server->session, "message", G_CALLBACK (on_message_hold), &hold);
  turn (log);
  before = log->sm->sent;
  fake_server_send (log->server, RECEIVED ("a") RECEIVED ("b"));
  turn (log);
  fake_sm_cut (log->sm);
  fake_sm_reconnect (log->sm);
  fake_sm_expect_resume (log->sm);
  for (GList *l = log->sm->unacked.head; l != NULL; l = l->next)
    g_ptr_array_add (again, g_strdup (l->data));

  fake_sm_send_resumed (log->sm, log->sm->handled);
  fake_server_wait_until (!log->server->is_connecting);
  xmpp_session_release_ack (log->server->session, hold);
  n_told = log->sm->n_told;
  fake_server_send (log->server, "<r xmlns='urn:xmpp:sm:3'/>");
  fake_server_wait_until (log->sm->n_told > n_told);
  g_assert_cmpuint (log->sm->h, ==, before);

  log->sm->is_repeating = TRUE;
  for (guint i = 0; i < again->len; i++)
    fake_server_send (log->server, g_ptr_array_index (again, i));
  fake_server_send (log->server, "<r xmlns='urn:xmpp:sm:3'/>");
  fake_server_wait_until (log->sm->h == log->sm->sent);
  session_log_expect (log, "<a <b closed");
}

static void
test_numbers_wrap_between (void)
{
  g_autoptr(SessionLog) log = session_log_new ();

  session_log_login (log);
  turn (log);
  fake_clock_advance (log->server->clock, 1000);
  fake_server_wait_until (xmpp_resumption_get_n_unacked (log->server->session->resumption) == 0);
  xmpp_resumption_set_counters (log->server->session->resumption, G_MAXUINT32 - 1, G_MAXUINT32 - 1);
  log->sm->handled = log->sm->sent = log->sm->h = G_MAXUINT32 - 1;
  g_queue_clear_full (&log->sm->unacked, g_free);
  log->sm->answers = FALSE;

  session_log_send (log, "a");
  session_log_send (log, "b");
  session_log_send (log, "c");
  session_log_send (log, "d");
  fake_server_wait_until (log->sm->handled == 2);
  log->server->write_limit = 3 * strlen (RECEIVED ("v")) + 10;
  fake_server_send (log->server, RECEIVED ("v") RECEIVED ("w") RECEIVED ("x") RECEIVED ("y"));
  fake_server_wait_until (log->server->n_closed == 1);
  fake_sm_cut (log->sm);

  fake_sm_reconnect (log->sm);

  /* Two of them are lost on the way */
  log->sm->handled = 0;
  fake_sm_resume (log->sm);
  g_assert_cmpuint (log->sm->h, ==, 1);
  expect_message (log, "c");
  expect_message (log, "d");
  session_log_await (log, "<v <w <x closed +a +b <y");
}

/* Before it is over: a network that does not come back at once */
static void
test_more_than_one_try (void)
{
  g_autoptr(SessionLog) log = session_log_new ();

  session_log_login (log);
  turn (log);
  fake_sm_cut (log->sm);

  log->server->connect_error = g_error_new_literal (XMPP_ERROR, XMPP_ERROR_DISCONNECTED, "no network");
  fake_server_start_connect (log->server);
  fake_server_wait_until (!log->server->is_connecting);
  g_assert_true (xmpp_session_is_resumable (log->server->session));
  g_clear_error (&log->server->connect_error);

  /* Cancelled in the middle */
  fake_server_secure (log->server);
  g_cancellable_cancel (log->server->cancellable);
  fake_server_wait_until (!log->server->is_connecting);
  g_assert_true (xmpp_session_is_resumable (log->server->session));
  g_ptr_array_set_size (log->server->waiting, 0);

  /* Lost again in the very moment */
  fake_sm_reconnect (log->sm);
  fake_sm_expect_resume (log->sm);
  fake_server_fin (log->server);
  fake_server_wait_until (!log->server->is_connecting);
  g_assert_true (xmpp_session_is_resumable (log->server->session));

  fake_sm_reconnect (log->sm);
  fake_sm_resume (log->sm);
  session_log_expect (log, "closed");
  g_assert_true (session_log_sees_romeo (log));
}

/* Setting the account's settings again before each login is usual */
static void
test_same_settings_change_nothing (void)
{
  g_autoptr(SessionLog) log = session_log_new ();
  g_autoptr(XmppJid) same = xmpp_jid_new ("juliet@capulet.lit/balcony", NULL);
  g_autoptr(XmppJid) other = xmpp_jid_new ("juliet@capulet.lit/chamber", NULL);

  session_log_login (log);
  fake_sm_cut (log->sm);
  g_object_set (log->server->session, "jid", same, NULL);
  g_assert_true (xmpp_session_is_resumable (log->server->session));
  fake_sm_reconnect (log->sm);
  fake_sm_resume (log->sm);

  /* Another resource is another session */
  fake_sm_cut (log->sm);
  session_log_expect (log, "closed closed");
  g_object_set (log->server->session, "jid", other, NULL);
  g_assert_false (xmpp_session_is_resumable (log->server->session));
  session_log_expect (log, "offline");
}

/* Where the connector goes, or NULL: where the domain says; and to which port */
static char *
get_host (SessionLog *log,
          guint      *port)
{
  g_autoptr(XmppConnector) connector = NULL;
  char *host = NULL;

  g_object_get (log->server->session, "connector", &connector, NULL);
  g_object_get (connector, "host", &host, "port", port, NULL);

  return host;
}

static void
login_with_location (SessionLog *log,
                     const char *location)
{
  g_autofree char *attributes = g_strdup_printf ("resume='true' id='session-1' location='%s'", location);

  fake_sm_login_with (log->sm, attributes);
  turn (log);
  fake_sm_cut (log->sm);
}

static void
test_location_is_tried_first (void)
{
  g_autoptr(SessionLog) log = session_log_new ();
  g_autofree char *host = NULL;
  guint port = 0;

  login_with_location (log, "node2.capulet.lit:5269");
  fake_server_start_connect (log->server);
  host = get_host (log, &port);
  g_assert_cmpstr (host, ==, "node2.capulet.lit");
  g_assert_cmpuint (port, ==, 5269);
}

/* S28: with the certificate of another the one who answers there is nobody; nothing was said to him */
static void
test_location_must_be_the_same_server (void)
{
  g_autoptr(SessionLog) log = session_log_new ();
  g_autofree char *good = NULL;
  guint n_connections;
  guint port;

  login_with_location (log, "evil.test");
  good = g_steal_pointer (&log->server->certificate);
  log->server->certificate = fake_authority_issue (log->server->authority, "evil.test", FAKE_CERTIFICATE_GOOD);

  fake_server_connect (log->server);
  n_connections = log->server->n_connections;
  fake_server_open (log->server, FAKE_STARTTLS);
  fake_server_expect_next (log->server, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  fake_server_send (log->server, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  fake_server_handshake (log->server);

  /* As if it had not been said */
  fake_server_wait_until (log->server->n_connections > n_connections);
  for (guint i = 0; i < log->server->received->len; i++)
    g_assert_null (strstr (g_ptr_array_index (log->server->received, i), "session-1"));

  g_free (log->server->certificate);
  log->server->certificate = g_steal_pointer (&good);
  g_ptr_array_set_size (log->server->waiting, 0);
  fake_server_open (log->server, FAKE_STARTTLS);
  fake_server_start_tls (log->server);
  fake_server_open (log->server, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));
  fake_server_authenticate (log->server);
  fake_server_open (log->server, FAKE_BIND FAKE_SM);
  fake_sm_resume (log->sm);
  g_assert_null (get_host (log, &port));
}

static void
test_location_that_makes_no_sense (gconstpointer data)
{
  g_autoptr(SessionLog) log = session_log_new ();
  g_autofree char *host = NULL;
  guint port;

  login_with_location (log, data);
  fake_server_start_connect (log->server);
  host = get_host (log, &port);
  g_assert_null (host);
}

/* As an Openfire says it: its own name and no port. The usual way may lead to another port than the usual one. */
static void
test_location_where_we_were (void)
{
  g_autoptr(SessionLog) log = session_log_new ();
  g_autofree char *host = NULL;
  guint port;

  login_with_location (log, "Capulet.lit");
  fake_server_start_connect (log->server);
  host = get_host (log, &port);
  g_assert_null (host);
}

static void
test_location_does_not_outdo_the_person (void)
{
  g_autoptr(SessionLog) log = session_log_new ();
  g_autoptr(XmppConnector) connector = NULL;
  g_autofree char *host = NULL;
  guint port;

  login_with_location (log, "node2.capulet.lit");
  g_object_get (log->server->session, "connector", &connector, NULL);
  g_object_set (connector, "host", "chosen.capulet.lit", NULL);
  fake_server_start_connect (log->server);
  host = get_host (log, &port);
  g_assert_cmpstr (host, ==, "chosen.capulet.lit");
}

int
main (int   argc,
      char *argv[])
{
  static const char * const bad[] = { "", "a b", "host:0", "host:99999", "[::1", "user@host", "host/path", "-x", "[not-v6]:5222" };

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/resumption/F15-nothing-is-asked-again", test_nothing_is_asked_again);
  g_test_add_func ("/xmpp/resumption/F16-what-was-lost-is-sent-again", test_what_was_lost_is_sent_again);
  g_test_add_func ("/xmpp/resumption/what-is-said-meanwhile-waits", test_what_is_said_meanwhile_waits);
  g_test_add_func ("/xmpp/resumption/F15-own-presence-is-kept", test_own_presence_is_kept);
  g_test_add_func ("/xmpp/resumption/questions-wait", test_questions_wait);
  g_test_add_func ("/xmpp/resumption/the-answer-comes-after-all", test_the_answer_comes_after_all);
  g_test_add_func ("/xmpp/resumption/S48-half-a-stanza-does-not-count", test_half_a_stanza_does_not_count);
  g_test_add_func ("/xmpp/resumption/F30-what-was-held-back-is-not-told-twice", test_what_was_held_back_is_not_told_twice);
  g_test_add_func ("/xmpp/resumption/F30-what-is-to-be-repeated-is-not-told", test_what_is_to_be_repeated_is_not_told);
  g_test_add_func ("/xmpp/resumption/F17-S82-numbers-wrap-between", test_numbers_wrap_between);
  g_test_add_func ("/xmpp/resumption/more-than-one-try", test_more_than_one_try);
  g_test_add_func ("/xmpp/resumption/the-same-settings-change-nothing", test_same_settings_change_nothing);
  g_test_add_func ("/xmpp/resumption/F21-the-location-is-tried-first", test_location_is_tried_first);
  g_test_add_func ("/xmpp/resumption/F21-S28-the-location-must-be-the-same-server", test_location_must_be_the_same_server);
  g_test_add_func ("/xmpp/resumption/F21-the-location-where-we-were-is-none", test_location_where_we_were);
  g_test_add_func ("/xmpp/resumption/F21-the-location-does-not-outdo-the-person", test_location_does_not_outdo_the_person);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/resumption/S81-a-location-that-makes-no-sense/%u", i);

      g_test_add_data_func (path, bad[i], test_location_that_makes_no_sense);
    }

  return g_test_run ();
}
