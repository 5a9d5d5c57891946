/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0198 on one connection: enabling, counting, acknowledging, and how it is noticed that nobody is there */
#include "fake-sm.h"

#include "xmpp-ping.h"
#include "xmpp-session-private.h"

#include <string.h>
#include <sys/socket.h>

#define JID "juliet@capulet.lit/balcony"

#define RECEIVED(id) "<message from='romeo@montague.lit' id='" id "' type='chat'><body>" id "</body></message>"

static void
on_acknowledged (XmppSession *session,
                 XmppStanza  *stanza,
                 GString     *log)
{
  g_string_append_printf (log, "%s ", xmpp_node_get (xmpp_stanza_get_root (stanza), "id"));
}

static GString *
log_acknowledged (FakeServer *server)
{
  GString *log = g_string_new (NULL);

  g_signal_connect (server->session, "acknowledged", G_CALLBACK (on_acknowledged), log);

  return log;
}

static void
send_message (FakeServer *server,
              const char *id)
{
  g_autoptr(XmppJid) to = xmpp_jid_new ("romeo@montague.lit", NULL);
  XmppMessage message = { .type = XMPP_MESSAGE_CHAT, .to = to, .id = id, .body = id };

  xmpp_session_send_message (server->session, &message);
}

static void
send_presence (FakeServer *server)
{
  g_autoptr(XmppStanza) presence = xmpp_stanza_new ("presence", XMPP_NS_CLIENT);

  xmpp_session_send (server->session, presence);
}

/* Until it was asked, told, …: the server pings, so that both have worked on all there was */
static void
turn (FakeServer *server)
{
  fake_server_settle (server);
  fake_server_settle (server);
}

/* Enabling */

static void
test_enabled_after_bind (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autoptr(FakeSm) sm = fake_sm_new (server);

  fake_server_login (server);

  /* First of all, and nothing waits for the answer */
  fake_server_expect_next (server, "<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
  fake_server_expect (server, "<iq type='get' id='*'><query xmlns='jabber:iq:roster'/></iq>");
  g_assert_true (xmpp_session_acknowledges (server->session));
}

static void
test_without_it_nothing_is_asked (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autoptr(GString) log = log_acknowledged (server);

  fake_server_login (server);
  fake_server_settle (server);
  g_assert_false (xmpp_session_acknowledges (server->session));
  g_assert_false (xmpp_session_request_ack (server->session));

  send_message (server, "a");
  fake_server_settle (server);
  fake_clock_advance (server->clock, 5000);
  fake_server_no_more (server);

  /* What it was not asked for is not heard (S83) */
  fake_server_send (server, "<enabled xmlns='urn:xmpp:sm:3' resume='true' id='x'/><r xmlns='urn:xmpp:sm:3'/>"
                            "<a xmlns='urn:xmpp:sm:3' h='7'/><resumed xmlns='urn:xmpp:sm:3' previd='x' h='1'/>"
                            "<failed xmlns='urn:xmpp:sm:3'/>");
  fake_server_no_more (server);
  g_assert_true (xmpp_session_is_online (server->session));
  g_assert_cmpstr (log->str, ==, "");

  fake_server_fin (server);
  fake_server_wait_until (server->n_closed == 1);
  g_assert_false (xmpp_session_is_resumable (server->session));
}

static void
test_older_version_is_not_for_us (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);

  server->features = g_strdup ("<sm xmlns='urn:xmpp:sm:2'/>");
  fake_server_login (server);
  fake_server_expect_next (server, "<iq type='get' id='*'><query xmlns='jabber:iq:roster'/></iq>");
  g_assert_false (xmpp_session_acknowledges (server->session));
}

static void
test_refused (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autoptr(FakeSm) sm = fake_sm_new (server);

  fake_server_login (server);
  fake_server_expect (server, "<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
  fake_server_send (server, "<failed xmlns='urn:xmpp:sm:3'><unexpected-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>");
  fake_server_settle (server);
  g_assert_true (xmpp_session_is_online (server->session));
  g_assert_false (xmpp_session_acknowledges (server->session));

  send_message (server, "a");
  fake_server_expect_contains (server, "<body>a</body>");
  fake_clock_advance (server->clock, 5000);
  fake_server_no_more (server);
}

static void
test_never_answered (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autoptr(FakeSm) sm = fake_sm_new (server);

  fake_server_login (server);
  fake_server_settle (server);
  send_message (server, "a");
  fake_server_settle (server);
  g_assert_true (xmpp_session_acknowledges (server->session));

  fake_clock_advance (server->clock, 30000);
  g_assert_true (xmpp_session_is_online (server->session));
  g_assert_false (xmpp_session_acknowledges (server->session));
}

typedef struct
{
  const char *attributes;
  gboolean    is_resumable;
} EnabledCase;

static const EnabledCase enabled_cases[] = {
  { "resume='true' id='x' max='600'", TRUE },
  { "resume='1' id='x'", TRUE },
  { "resume='true' id='x' max='-1'", TRUE },
  { "resume='true' id='x' max='99999999999999999999'", TRUE },
  { "resume='true' id='x' location='bad host:port:1'", TRUE },
  { "resume='false' id='x'", FALSE },
  { "id='x'", FALSE },
  { "resume='TRUE' id='x'", FALSE },
  { "resume='true'", FALSE },
  { "resume='true' id=''", FALSE },
  { "resume='true' id='x' max='0'", FALSE },
};

static void
test_what_can_be_resumed (gconstpointer data)
{
  const EnabledCase *test = data;
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autoptr(FakeSm) sm = fake_sm_new (server);
  g_autoptr(GString) log = log_acknowledged (server);

  fake_sm_login_with (sm, test->attributes);

  /* Acknowledging goes on in any case */
  send_message (server, "a");
  fake_server_wait_until (log->len > 0);
  g_assert_cmpstr (log->str, ==, "a ");

  fake_server_fin (server);
  fake_server_wait_until (server->n_closed == 1);
  g_assert_cmpint (xmpp_session_is_resumable (server->session), ==, test->is_resumable);
  g_assert_cmpint (xmpp_session_get_own_jid (server->session) != NULL, ==, test->is_resumable);
}

/* What we send */

static void
test_one_question_for_a_burst (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autoptr(FakeSm) sm = fake_sm_new (server);
  g_autoptr(GString) log = log_acknowledged (server);
  guint before;

  fake_sm_login (sm);
  turn (server);
  before = sm->n_asked;

  send_message (server, "a");
  send_message (server, "b");
  send_message (server, "c");
  fake_server_wait_until (sm->n_asked > before);
  fake_server_wait_until (log->len > 0);
  turn (server);
  g_assert_cmpuint (sm->n_asked - before, ==, 1);
  g_assert_cmpstr (log->str, ==, "a b c ");

  /* Once for each, however often the server says it */
  fake_server_send (server, "<a xmlns='urn:xmpp:sm:3' h='4294967295'/>");
  turn (server);
  g_assert_cmpstr (log->str, ==, "a b c ");
}

/* Nor is it asked again before it has answered: once a round trip, however much is said meanwhile */
static void
test_not_asked_twice (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autoptr(FakeSm) sm = fake_sm_new (server);
  g_autoptr(GString) log = log_acknowledged (server);
  g_autofree char *xml = NULL;
  guint before;

  fake_sm_login (sm);
  turn (server);
  fake_clock_advance (server->clock, 1000);
  fake_server_wait_until (xmpp_resumption_get_n_unacked (server->session->resumption) == 0);
  before = sm->n_asked;
  sm->answers = FALSE;

  send_message (server, "a");
  fake_server_wait_until (sm->n_asked == before + 1);
  send_message (server, "b");
  fake_server_expect_contains (server, "<body>b</body>");
  fake_clock_advance (server->clock, 2000);
  turn (server);
  g_assert_cmpuint (sm->n_asked, ==, before + 1);

  /* Once it has, for the rest */
  xml = g_strdup_printf ("<a xmlns='urn:xmpp:sm:3' h='%u'/>", sm->handled - 2 - 1);
  sm->answers = TRUE;
  fake_server_send (server, xml);
  fake_server_wait_until (sm->n_asked == before + 2);
  fake_server_wait_until (log->len >= strlen ("a b "));
  g_assert_cmpstr (log->str, ==, "a b ");
}

/* What is of no interest at once is asked for after a short quiet, and nothing is asked when nothing was sent */
static void
test_quiet_before_the_question (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autoptr(FakeSm) sm = fake_sm_new (server);
  guint before;

  fake_sm_login (sm);
  fake_clock_advance (server->clock, 1000);
  turn (server);
  fake_clock_advance (server->clock, 1000);
  turn (server);
  before = sm->n_asked;

  send_presence (server);
  send_presence (server);
  turn (server);
  g_assert_cmpuint (sm->n_asked, ==, before);
  fake_clock_advance (server->clock, 1000);
  fake_server_wait_until (sm->n_asked == before + 1);

  /* The pings of this test are answered by stanzas, too */
  turn (server);
  fake_clock_advance (server->clock, 1000);
  fake_server_wait_until (sm->n_asked == before + 2);
  fake_clock_advance (server->clock, 20000);
  g_assert_cmpuint (sm->n_asked, ==, before + 2);
}

static void
test_long_burst_asks_in_between (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autoptr(FakeSm) sm = fake_sm_new (server);
  g_autoptr(GString) log = log_acknowledged (server);
  guint before;
  guint last_r = 0;

  fake_sm_login (sm);
  turn (server);
  before = sm->n_asked;
  sm->answers = FALSE;

  for (guint i = 0; i < 500; i++)
    send_presence (server);
  turn (server);
  g_assert_cmpuint (sm->n_asked - before, >=, 9);
  g_assert_cmpuint (sm->n_asked - before, <=, 12);

  for (guint i = 0; i < server->received->len; i++)
    if (strstr (g_ptr_array_index (server->received, i), "<r ") != NULL)
      last_r = i;
  g_assert_cmpuint (server->received->len - last_r, <=, 60);
}

/* A server that acknowledges nothing at all does not fill our memory */
static void
test_what_is_kept_is_bounded (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autoptr(FakeSm) sm = fake_sm_new (server);

  fake_sm_login (sm);
  sm->answers = FALSE;

  for (guint i = 0; i < 8100; i++)
    send_presence (server);
  g_assert_false (xmpp_session_acknowledges (server->session));
  g_assert_cmpuint (xmpp_resumption_get_n_unacked (server->session->resumption), ==, 0);
  turn (server);
  g_assert_true (xmpp_session_is_online (server->session));

  /* It is still answered */
  fake_server_send (server, RECEIVED ("x") "<r xmlns='urn:xmpp:sm:3'/>");
  turn (server);
  fake_server_wait_until (sm->h == sm->sent || g_queue_get_length (&sm->unacked) <= 3);
}

static void
test_numbers_that_make_no_sense (void)
{
  static const char * const odd[] = { "-1", "", "x", "0x10", "4294967296", "1 " };
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autoptr(FakeSm) sm = fake_sm_new (server);
  g_autoptr(GString) log = log_acknowledged (server);

  fake_sm_login (sm);
  turn (server);
  sm->answers = FALSE;
  send_message (server, "a");
  turn (server);

  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      g_autofree char *xml = g_strdup_printf ("<a xmlns='urn:xmpp:sm:3' h='%s'/>", odd[i]);

      fake_server_send (server, xml);
    }
  fake_server_send (server, "<a xmlns='urn:xmpp:sm:3'/>");
  turn (server);
  g_assert_true (xmpp_session_is_online (server->session));
  g_assert_cmpstr (log->str, ==, "");
}

static void
test_too_high_ends_the_stream (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autoptr(FakeSm) sm = fake_sm_new (server);
  g_autofree char *wrong = NULL;
  g_autofree char *said = NULL;

  fake_sm_login (sm);
  turn (server);
  sm->answers = FALSE;
  wrong = g_strdup_printf ("<a xmlns='urn:xmpp:sm:3' h='%u'/>", sm->handled + 5);
  said = g_strdup_printf ("<stream:error><undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                          "<handled-count-too-high xmlns='urn:xmpp:sm:3' h='%u' send-count='%u'/></stream:error>",
                          sm->handled + 5, sm->handled);
  fake_server_send (server, wrong);
  fake_server_expect (server, said);
  fake_server_expect (server, "</stream:stream>");
  fake_server_wait_until (server->n_closed == 1);
  g_assert_error (server->closed_error, XMPP_ERROR, XMPP_ERROR_PROTOCOL);
  g_assert_false (xmpp_session_is_resumable (server->session));
}

static void
test_smaller_than_before_is_ignored (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autoptr(FakeSm) sm = fake_sm_new (server);
  g_autoptr(GString) log = log_acknowledged (server);

  fake_sm_login (sm);
  send_message (server, "a");
  fake_server_wait_until (log->len > 0);
  fake_server_send (server, "<a xmlns='urn:xmpp:sm:3' h='0'/><a xmlns='urn:xmpp:sm:3' h='1'/>");
  send_message (server, "b");
  fake_server_wait_until (strstr (log->str, "b") != NULL);
  g_assert_cmpstr (log->str, ==, "a b ");
  g_assert_true (xmpp_session_is_online (server->session));
}

/* Both numbers begin anew after 2^32 - 1 */
static void
test_numbers_wrap (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autoptr(FakeSm) sm = fake_sm_new (server);
  g_autoptr(GString) log = log_acknowledged (server);

  fake_sm_login (sm);
  send_message (server, "first");
  fake_server_wait_until (log->len > 0);
  fake_server_wait_until (xmpp_resumption_get_n_unacked (server->session->resumption) == 0);

  xmpp_resumption_set_counters (server->session->resumption, G_MAXUINT32 - 1, G_MAXUINT32 - 1);
  sm->handled = G_MAXUINT32 - 1;
  sm->sent = G_MAXUINT32 - 1;
  sm->h = G_MAXUINT32 - 1;
  g_queue_clear_full (&sm->unacked, g_free);
  g_string_truncate (log, 0);

  send_message (server, "a");
  send_message (server, "b");
  send_message (server, "c");
  fake_server_wait_until (strstr (log->str, "c") != NULL);
  g_assert_cmpstr (log->str, ==, "a b c ");
  g_assert_cmpuint (sm->handled, <, 10);

  for (guint i = 0; i < 10; i++)
    fake_server_send (server, RECEIVED ("x"));
  fake_server_send (server, "<r xmlns='urn:xmpp:sm:3'/>");
  fake_server_wait_until (sm->h == sm->sent);
  g_assert_cmpuint (sm->h, ==, 8);

  fake_sm_cut (sm);
  fake_sm_reconnect (sm);
  fake_sm_resume (sm);
  g_assert_true (xmpp_session_is_online (server->session));
}

static void
test_what_the_console_sends_counts (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autoptr(FakeSm) sm = fake_sm_new (server);
  g_autoptr(GString) log = log_acknowledged (server);
  g_autoptr(GError) error = NULL;

  fake_sm_login (sm);
  g_assert_true (xmpp_session_send_raw (server->session,
                                        "<message id='raw-1'/> <r xmlns='urn:xmpp:sm:3'/><presence/><x xmlns='urn:x'/>"
                                        "<message id='raw-2'><body>x</body></message>", &error));
  g_assert_no_error (error);
  send_message (server, "a");
  fake_server_wait_until (strstr (log->str, "a ") != NULL && strstr (log->str, "raw-2") != NULL);
  g_assert_cmpstr (log->str, ==, "raw-1 raw-2 a ");

  /* The same number on both sides: else the next one would be too high, or never come */
  fake_server_wait_until (xmpp_resumption_get_n_unacked (server->session->resumption) == 0);
}

/* What we receive */

static void
test_everything_handled_counts (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autoptr(FakeSm) sm = fake_sm_new (server);
  g_autoptr(GString) deep = g_string_new ("<message from='romeo@montague.lit' id='deep'>");

  fake_sm_login (sm);

  /* Over a limit: skipped */
  for (guint i = 0; i < 200; i++)
    g_string_append (deep, "<a xmlns='urn:x'>");
  for (guint i = 0; i < 200; i++)
    g_string_append (deep, "</a>");
  g_string_append (deep, "</message>");

  fake_server_send (server, deep->str);
  fake_server_send (server, "<message to='nurse@capulet.lit'><body>not for us</body></message>");
  fake_server_send (server, "<message from=''><body>from nobody</body></message>");
  fake_server_send (server, "<iq type='get' id='q' from='romeo@montague.lit'><query xmlns='urn:nobody-knows'/></iq>");
  fake_server_send (server, "<iq type='result' id='never-asked'/>");
  fake_server_send (server, "<presence from='romeo@montague.lit/x' type='subscribed'/>");

  /* These do not */
  fake_server_send (server, "<x xmlns='urn:x'/><message xmlns='urn:x'/>");
  fake_server_send (server, "<r xmlns='urn:xmpp:sm:3'/>");
  fake_server_wait_until (sm->h == sm->sent);
  fake_server_expect_contains (server, "service-unavailable");
}

/* An Openfire gives up at 10,000 that nobody acknowledged */
static void
test_much_is_told_unasked (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autoptr(FakeSm) sm = fake_sm_new (server);

  fake_sm_login (sm);
  for (guint i = 0; i < 1000; i++)
    fake_server_send (server, RECEIVED ("x"));
  fake_server_wait_until (sm->sent - sm->h < 50);
  g_assert_cmpuint (sm->n_told, >=, 20);
  g_assert_cmpuint (sm->n_told, <=, 25);
}

static void
on_closed (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  gboolean *is_closed = user_data;

  *is_closed = xmpp_session_close_finish (XMPP_SESSION (object), result, NULL);
}

static void
test_told_before_closing (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autoptr(FakeSm) sm = fake_sm_new (server);
  g_autoptr(GString) log = log_acknowledged (server);
  gboolean is_closed = FALSE;

  fake_sm_login (sm);
  fake_server_send (server, RECEIVED ("x"));
  turn (server);
  send_message (server, "last");
  xmpp_session_close_async (server->session, NULL, on_closed, &is_closed);
  fake_server_expect (server, "</stream:stream>");
  g_assert_cmpuint (sm->h, ==, sm->sent);
  fake_server_send (server, "</stream:stream>");
  fake_server_wait_until (is_closed);

  /* And the server has told what it has */
  g_assert_cmpstr (log->str, ==, "last ");
  g_assert_false (xmpp_session_is_resumable (server->session));
  g_assert_false (xmpp_session_acknowledges (server->session));
}

/* Holding back (F30) */

typedef struct
{
  XmppSession *session;
  guint        n_messages;
  guint        holds[8];
  guint        n_holds;
  gboolean     holds_back;
} Keeper;

static void
on_message (XmppSession       *session,
            const XmppMessage *message,
            Keeper            *keeper)
{
  keeper->n_messages++;
  if (keeper->holds_back && keeper->n_holds < G_N_ELEMENTS (keeper->holds))
    keeper->holds[keeper->n_holds++] = xmpp_session_hold_ack (session);
}

static void
keep (Keeper     *keeper,
      FakeServer *server)
{
  keeper->session = server->session;
  keeper->holds_back = TRUE;
  g_signal_connect (server->session, "message", G_CALLBACK (on_message), keeper);
}

static void
test_not_told_before_it_is_stored (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autoptr(FakeSm) sm = fake_sm_new (server);
  Keeper keeper = { NULL };
  guint32 before;
  guint n_told;

  keep (&keeper, server);
  fake_sm_login (sm);
  fake_server_send (server, "<r xmlns='urn:xmpp:sm:3'/>");
  fake_server_wait_until (sm->h == sm->sent);
  before = sm->h;
  n_told = sm->n_told;

  fake_server_send (server, RECEIVED ("a") RECEIVED ("b") "<presence from='romeo@montague.lit/x'/>" "<r xmlns='urn:xmpp:sm:3'/>");
  fake_server_wait_until (keeper.n_messages == 2);
  turn (server);
  g_assert_cmpuint (keeper.holds[0], !=, 0);
  g_assert_cmpuint (keeper.holds[1], !=, 0);
  g_assert_cmpuint (sm->n_told, ==, n_told);

  /* In any order: the oldest counts */
  xmpp_session_release_ack (server->session, keeper.holds[1]);
  turn (server);
  g_assert_cmpuint (sm->h, ==, before);

  xmpp_session_release_ack (server->session, keeper.holds[0]);
  fake_server_wait_until (sm->h >= before + 3);

  /* One answer for one question, in the usual case */
  turn (server);
  g_assert_cmpuint (sm->n_told, ==, n_told + 1);
}

/* A server that asks is not left without an answer for long, only without the word for what is held back */
static void
test_the_answer_does_not_wait_for_ever (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autoptr(FakeSm) sm = fake_sm_new (server);
  Keeper keeper = { NULL };
  guint32 before;
  guint n_told;

  keep (&keeper, server);
  fake_sm_login (sm);
  fake_server_send (server, "<r xmlns='urn:xmpp:sm:3'/>");
  fake_server_wait_until (sm->h == sm->sent);
  before = sm->h;

  fake_server_send (server, "<presence from='romeo@montague.lit/x'/>" RECEIVED ("a") "<r xmlns='urn:xmpp:sm:3'/>");
  fake_server_wait_until (keeper.n_messages == 1);
  n_told = sm->n_told;
  fake_clock_advance (server->clock, 1000);
  fake_server_wait_until (sm->n_told == n_told + 1);
  g_assert_cmpuint (sm->h, ==, before + 1);

  /* And gets the rest unasked */
  xmpp_session_release_ack (server->session, keeper.holds[0]);
  fake_server_wait_until (sm->h >= before + 2);

  /* Twice does no harm, nor does what never was */
  xmpp_session_release_ack (server->session, keeper.holds[0]);
  xmpp_session_release_ack (server->session, 4711);
  xmpp_session_release_ack (server->session, 0);
}

static void
test_holding_gives_way (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autoptr(FakeSm) sm = fake_sm_new (server);
  Keeper keeper = { NULL };
  guint32 held;

  keep (&keeper, server);
  fake_sm_login (sm);
  fake_server_send (server, RECEIVED ("stuck"));
  fake_server_wait_until (keeper.n_holds == 1);
  keeper.holds_back = FALSE;
  held = sm->sent - 1;

  for (guint i = 0; i < 4900; i++)
    fake_server_send (server, "<presence from='romeo@montague.lit/x'/>");
  fake_server_ping (server);
  g_assert_cmpuint (sm->h, <=, held);

  for (guint i = 0; i < 200; i++)
    fake_server_send (server, "<presence from='romeo@montague.lit/x'/>");
  fake_server_wait_until (sm->sent - sm->h < 100);
}

static void
test_nothing_to_hold_back (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  Keeper keeper = { NULL };

  keep (&keeper, server);
  fake_server_login (server);
  fake_server_send (server, RECEIVED ("a"));
  fake_server_wait_until (keeper.n_messages == 1);
  g_assert_cmpuint (keeper.holds[0], ==, 0);
  g_assert_cmpuint (xmpp_session_hold_ack (server->session), ==, 0);
  xmpp_session_release_ack (server->session, 0);
}

/* Silence */

static void
test_unacknowledged_silence_is_short (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autoptr(FakeSm) sm = fake_sm_new (server);

  fake_sm_login (sm);
  turn (server);
  sm->answers = FALSE;
  fake_clock_advance (server->clock, 5000);
  turn (server);

  fake_clock_advance (server->clock, 1);
  send_message (server, "a");
  fake_server_expect_contains (server, "<body>a</body>");

  /* Its system takes what we say; it does not */
  for (guint i = 0; i < 29; i++)
    {
      fake_clock_advance (server->clock, 1000);
      for (guint n = 0; n < 20; n++)
        g_main_context_iteration (NULL, FALSE);
    }
  g_assert_cmpuint (server->n_closed, ==, 1);
  g_assert_error (server->closed_error, XMPP_ERROR, XMPP_ERROR_TIMED_OUT);

  /* As if it had been lost: it may be resumed */
  g_assert_true (xmpp_session_is_resumable (server->session));
}

static void
test_idle_silence_is_asked (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autoptr(FakeSm) sm = fake_sm_new (server);
  guint before;

  fake_sm_login (sm);
  turn (server);
  fake_clock_advance (server->clock, 2000);
  turn (server);
  fake_clock_advance (server->clock, 2000);
  fake_server_wait_until (xmpp_resumption_get_n_unacked (server->session->resumption) == 0);
  before = sm->n_asked;

  fake_clock_advance (server->clock, 59000);
  fake_clock_advance (server->clock, 1000);
  fake_clock_advance (server->clock, 5000);
  fake_server_wait_until (sm->n_asked > before);
  for (guint i = 0; i < server->received->len; i++)
    g_assert_null (strstr (g_ptr_array_index (server->received, i), "urn:xmpp:ping'/></iq>") != NULL &&
                   strstr (g_ptr_array_index (server->received, i), "type='get'") != NULL ? "a ping" : NULL);
  turn (server);
  fake_clock_advance (server->clock, 1000);
  fake_server_wait_until (xmpp_resumption_get_n_unacked (server->session->resumption) == 0);
  fake_clock_advance (server->clock, 20000);
  g_assert_true (xmpp_session_is_online (server->session));

  /* Nobody there */
  sm->answers = FALSE;
  fake_clock_advance (server->clock, 90000);
  fake_server_wait_until (server->n_closed == 1);
  g_assert_error (server->closed_error, XMPP_ERROR, XMPP_ERROR_TIMED_OUT);
  g_assert_true (xmpp_session_is_resumable (server->session));
}

/* F10: a long message over a slow line: the server takes it bit by bit and says nothing meanwhile */
static void
test_slow_is_not_silent (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autoptr(FakeSm) sm = fake_sm_new (server);
  g_autoptr(GString) body = g_string_new (NULL);
  char buffer[64 * 1024];
  guint n_reads = 0;

  g_object_set (server->session, "security", XMPP_SECURITY_DISABLED, NULL);
  fake_sm_login (sm);
  turn (server);
  fake_server_stop_reading (server);
  for (guint i = 0; i < 2 * 1024 * 1024; i++)
    g_string_append_c (body, 'x');
  send_message (server, body->str);

  /* Every five seconds some of it */
  while (n_reads < 20 && recv (server->fd, buffer, sizeof buffer, MSG_DONTWAIT) != 0)
    {
      for (guint i = 0; i < 20; i++)
        g_main_context_iteration (NULL, FALSE);
      fake_clock_advance (server->clock, 5000);
      n_reads++;
    }
  g_assert_cmpuint (n_reads, ==, 20);
  g_assert_cmpuint (server->n_closed, ==, 0);

  /* And then nothing any more */
  for (guint i = 0; i < 12; i++)
    fake_clock_advance (server->clock, 5000);
  fake_server_wait_until (server->n_closed == 1);
  g_assert_error (server->closed_error, XMPP_ERROR, XMPP_ERROR_TIMED_OUT);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/acks/enabled-after-bind", test_enabled_after_bind);
  g_test_add_func ("/xmpp/acks/F22-S83-without-it-nothing-is-asked", test_without_it_nothing_is_asked);
  g_test_add_func ("/xmpp/acks/an-older-version-is-not-for-us", test_older_version_is_not_for_us);
  g_test_add_func ("/xmpp/acks/S81-a-server-may-refuse", test_refused);
  g_test_add_func ("/xmpp/acks/S81-a-server-may-never-answer", test_never_answered);
  for (guint i = 0; i < G_N_ELEMENTS (enabled_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/acks/S81-what-can-be-resumed/%u", i);

      g_test_add_data_func (path, &enabled_cases[i], test_what_can_be_resumed);
    }

  g_test_add_func ("/xmpp/acks/one-question-for-a-burst", test_one_question_for_a_burst);
  g_test_add_func ("/xmpp/acks/not-asked-twice", test_not_asked_twice);
  g_test_add_func ("/xmpp/acks/a-quiet-before-the-question", test_quiet_before_the_question);
  g_test_add_func ("/xmpp/acks/a-long-burst-asks-in-between", test_long_burst_asks_in_between);
  g_test_add_func ("/xmpp/acks/what-is-kept-is-bounded", test_what_is_kept_is_bounded);
  g_test_add_func ("/xmpp/acks/S82-numbers-that-make-no-sense", test_numbers_that_make_no_sense);
  g_test_add_func ("/xmpp/acks/F17-too-high-ends-the-stream", test_too_high_ends_the_stream);
  g_test_add_func ("/xmpp/acks/F17-smaller-than-before-is-ignored", test_smaller_than_before_is_ignored);
  g_test_add_func ("/xmpp/acks/F17-S82-numbers-wrap", test_numbers_wrap);
  g_test_add_func ("/xmpp/acks/what-the-console-sends-counts", test_what_the_console_sends_counts);

  g_test_add_func ("/xmpp/acks/everything-handled-counts", test_everything_handled_counts);
  g_test_add_func ("/xmpp/acks/much-is-told-unasked", test_much_is_told_unasked);
  g_test_add_func ("/xmpp/acks/told-before-closing", test_told_before_closing);

  g_test_add_func ("/xmpp/acks/F30-not-told-before-it-is-stored", test_not_told_before_it_is_stored);
  g_test_add_func ("/xmpp/acks/F30-the-answer-does-not-wait-for-ever", test_the_answer_does_not_wait_for_ever);
  g_test_add_func ("/xmpp/acks/F30-holding-gives-way", test_holding_gives_way);
  g_test_add_func ("/xmpp/acks/nothing-to-hold-back", test_nothing_to_hold_back);

  g_test_add_func ("/xmpp/acks/F02-unacknowledged-silence-is-short", test_unacknowledged_silence_is_short);
  g_test_add_func ("/xmpp/acks/F02-S106-idle-silence-is-asked", test_idle_silence_is_asked);
  g_test_add_func ("/xmpp/acks/F10-slow-is-not-silent", test_slow_is_not_silent);

  return g_test_run ();
}
