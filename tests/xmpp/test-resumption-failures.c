/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0198: when a session cannot go on, and what becomes of it then */
#include "session-log.h"

#include "xmpp-session-private.h"

#include <string.h>

#define FAILED(attributes, condition) \
  "<failed xmlns='urn:xmpp:sm:3'" attributes "><" condition " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>"
#define STREAM_ERROR(condition) \
  "<stream:error><" condition " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"

static void
turn (SessionLog *log)
{
  fake_server_settle (log->server);
  fake_server_settle (log->server);
}

/* Lets nothing be acknowledged any more, and sends these, which arrive */
static void
send_unacknowledged (SessionLog *log,
                     const char *ids)
{
  g_auto(GStrv) all = g_strsplit (ids, " ", -1);

  turn (log);
  log->sm->answers = FALSE;
  for (guint i = 0; all[i] != NULL; i++)
    {
      g_autofree char *body = g_strdup_printf ("<body>%s</body>", all[i]);

      session_log_send (log, all[i]);
      fake_server_expect_contains (log->server, body);
    }
}

static void
on_answered (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  GString *text = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppStanza) answer = xmpp_session_request_finish (XMPP_SESSION (object), result, &error);

  g_assert_null (answer);
  g_assert_error (error, XMPP_ERROR, XMPP_ERROR_DISCONNECTED);
  g_string_append (text, "disconnected");
}

static void
ask (SessionLog *log,
     GString    *answer)
{
  g_autoptr(XmppStanza) iq = xmpp_stanza_new_iq ("get", "capulet.lit");

  xmpp_node_add (xmpp_stanza_get_root (iq), "query", "urn:example:question");
  xmpp_session_request_async (log->server->session, iq, NULL, on_answered, answer);
}

/* On the same stream a new session begins: with the resource, with <enable/>, with everything */
static void
expect_new_session (SessionLog *log)
{
  fake_server_bind (log->server);
  fake_server_wait_until (!log->server->is_connecting);
  g_assert_no_error (log->server->error);
  g_assert_true (xmpp_session_is_online (log->server->session));
  g_assert_false (xmpp_session_is_resumable (log->server->session));
  fake_server_expect (log->server, "<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
  fake_server_expect (log->server, "<iq type='get' id='*'><query xmlns='jabber:iq:roster'/></iq>");
  g_assert_false (session_log_sees_romeo (log));
}

/* None of these messages goes out by itself: whether they are there is to be found out first (F20) */
static void
assert_not_sent (SessionLog *log,
                 const char *id)
{
  g_autofree char *body = g_strdup_printf ("<body>%s</body>", id);

  for (guint i = 0; i < log->server->waiting->len; i++)
    g_assert_null (strstr (g_ptr_array_index (log->server->waiting, i), body));
}

static void
test_refused_and_bound_anew (void)
{
  g_autoptr(SessionLog) log = session_log_new ();
  g_autoptr(GString) answer = g_string_new (NULL);

  session_log_login (log);
  send_unacknowledged (log, "a b");
  ask (log, answer);
  session_log_send (log, "c");
  fake_server_expect_contains (log->server, "<body>c</body>");
  fake_sm_cut (log->sm);
  session_log_send (log, "d");
  session_log_expect (log, "closed");

  fake_sm_reconnect (log->sm);
  fake_sm_expect_resume (log->sm);
  log->sm->is_enabled = FALSE;
  fake_server_send (log->server, FAILED ("", "item-not-found"));
  expect_new_session (log);
  fake_server_wait_until (answer->len > 0);
  session_log_expect (log, "offline ?a,b,c,d");
  fake_server_settle (log->server);
  assert_not_sent (log, "a");
  assert_not_sent (log, "d");

  /* The old one is forgotten: the next loss is of the new one */
  g_free (log->sm->id);
  log->sm->id = g_strdup ("session-2");
  log->sm->is_enabled = TRUE;
  log->sm->handled = log->sm->sent = log->sm->h = 0;
  g_queue_clear_full (&log->sm->unacked, g_free);
  fake_server_send (log->server, "<enabled xmlns='urn:xmpp:sm:3' resume='true' id='session-2'/>");
  turn (log);
  fake_sm_cut (log->sm);
  fake_sm_reconnect (log->sm);
  fake_sm_expect_resume (log->sm);
}

static void
test_refused_with_a_number (void)
{
  g_autoptr(SessionLog) log = session_log_new ();
  g_autofree char *failed = NULL;

  session_log_login (log);
  send_unacknowledged (log, "a b c d");
  failed = g_strdup_printf (FAILED (" h='%u'", "item-not-found"), log->sm->handled - 2);
  fake_sm_cut (log->sm);
  fake_sm_reconnect (log->sm);
  fake_sm_expect_resume (log->sm);
  log->sm->is_enabled = FALSE;
  fake_server_send (log->server, failed);
  expect_new_session (log);
  session_log_expect (log, "closed offline +a +b ?c,d");
}

typedef struct
{
  const char *name;
  const char *failed;
} FailedCase;

static const FailedCase failed_cases[] = {
  { "unknown-condition", FAILED ("", "moon-phase") },
  { "feature-not-implemented", FAILED ("", "feature-not-implemented") },
  { "nothing-at-all", "<failed xmlns='urn:xmpp:sm:3'/>" },
  { "h-too-high", FAILED (" h='4000'", "item-not-found") },
  { "h-that-is-none", FAILED (" h='-3'", "item-not-found") },
};

static void
test_refused_in_other_words (gconstpointer data)
{
  const FailedCase *test = data;
  g_autoptr(SessionLog) log = session_log_new ();

  session_log_login (log);
  send_unacknowledged (log, "a b");
  fake_sm_cut (log->sm);
  fake_sm_reconnect (log->sm);
  fake_sm_expect_resume (log->sm);
  log->sm->is_enabled = FALSE;
  fake_server_send (log->server, test->failed);
  expect_new_session (log);
  session_log_expect (log, "closed offline ?a,b");
}

typedef struct
{
  const char *name;
  const char *resumed;
  const char *said;       /* in the stream error; NULL: none */
} ResumedCase;

/* %u: what would be right */
static const ResumedCase resumed_cases[] = {
  { "of-another-session", "<resumed xmlns='urn:xmpp:sm:3' previd='session-7' h='%u'/>", NULL },
  { "of-no-session", "<resumed xmlns='urn:xmpp:sm:3' h='%u'/>", NULL },
  { "with-no-number", "<resumed xmlns='urn:xmpp:sm:3' previd='session-1'/>", NULL },
  { "lower-than-before", "<resumed xmlns='urn:xmpp:sm:3' previd='session-1' h='0'/>", NULL },
  { "too-high", "<resumed xmlns='urn:xmpp:sm:3' previd='session-1' h='4000'/>",
    "<handled-count-too-high xmlns='urn:xmpp:sm:3' h='4000' send-count='" },
};

static void
test_answer_that_makes_no_sense (gconstpointer data)
{
  const ResumedCase *test = data;
  g_autoptr(SessionLog) log = session_log_new ();
  g_autofree char *number = NULL;
  g_autoptr(GString) resumed = g_string_new (test->resumed);

  session_log_login (log);
  session_log_send (log, "x");
  session_log_await (log, "+x");
  send_unacknowledged (log, "a b");
  fake_sm_cut (log->sm);
  fake_sm_reconnect (log->sm);
  fake_sm_expect_resume (log->sm);
  log->sm->is_enabled = FALSE;
  number = g_strdup_printf ("%u", log->sm->handled - 2);
  g_string_replace (resumed, "%u", number, 0);
  fake_server_send (log->server, resumed->str);
  fake_server_expect_failure (log->server, XMPP_ERROR, XMPP_ERROR_PROTOCOL);
  if (test->said != NULL)
    fake_server_expect_contains (log->server, test->said);
  fake_server_expect (log->server, "</stream:stream>");

  /* What that session was, nobody knows any more */
  g_assert_false (xmpp_session_is_resumable (log->server->session));
  session_log_expect (log, "closed offline ?a,b");
  g_assert_null (xmpp_session_get_own_jid (log->server->session));
  g_ptr_array_set_size (log->server->waiting, 0);
  fake_sm_reconnect (log->sm);
  expect_new_session (log);
}

/* What has never been written nobody can have received */
static void
test_more_than_was_written (void)
{
  g_autoptr(SessionLog) log = session_log_new ();

  session_log_login (log);
  turn (log);
  fake_sm_cut (log->sm);
  session_log_send (log, "a");
  fake_sm_reconnect (log->sm);
  fake_sm_expect_resume (log->sm);
  log->sm->is_enabled = FALSE;
  fake_sm_send_resumed (log->sm, log->sm->handled + 1);
  fake_server_expect_failure (log->server, XMPP_ERROR, XMPP_ERROR_PROTOCOL);
  fake_server_expect_contains (log->server, "<handled-count-too-high ");
  session_log_expect (log, "closed offline ?a");
}

/* S82: where it has no place */
static void
test_resumed_before_login (void)
{
  g_autoptr(SessionLog) log = session_log_new ();

  session_log_login (log);
  fake_sm_cut (log->sm);
  fake_server_secure (log->server);
  fake_server_open (log->server, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")) FAKE_SM FAKE_BIND);
  fake_server_expect_contains (log->server, "<auth ");
  fake_server_send (log->server, "<resumed xmlns='urn:xmpp:sm:3' previd='session-1' h='3'/>");
  fake_server_expect_failure (log->server, XMPP_ERROR, XMPP_ERROR_PROTOCOL);

  /* Whoever it was, he had nothing of ours */
  g_assert_true (xmpp_session_is_resumable (log->server->session));
  for (guint i = 0; i < log->server->received->len; i++)
    g_assert_null (strstr (g_ptr_array_index (log->server->received, i), "<resume"));
}

static void
test_resumed_after_bind (void)
{
  g_autoptr(SessionLog) log = session_log_new ();

  session_log_login (log);
  fake_server_send (log->server, "<resumed xmlns='urn:xmpp:sm:3' previd='session-1' h='3'/>"
                                 "<enabled xmlns='urn:xmpp:sm:3' id='other' resume='true'/>" FAILED ("", "item-not-found"));
  session_log_send (log, "a");
  session_log_await (log, "+a");

  /* What was enabled first counts */
  fake_sm_cut (log->sm);
  fake_sm_reconnect (log->sm);
  fake_sm_resume (log->sm);
}

static void
test_resumed_while_binding (void)
{
  g_autoptr(FakeServer) server = fake_server_new ("juliet@capulet.lit/balcony");

  fake_server_secure (server);
  fake_server_open (server, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));
  fake_server_authenticate (server);
  fake_server_open (server, FAKE_BIND FAKE_SM);
  fake_server_expect_contains (server, FAKE_BIND_NS);
  fake_server_send (server, "<resumed xmlns='urn:xmpp:sm:3' previd='session-1' h='3'/>");
  fake_server_expect_failure (server, XMPP_ERROR, XMPP_ERROR_PROTOCOL);
}

/* A server that does not offer it any more */
static void
test_not_offered_any_more (void)
{
  g_autoptr(SessionLog) log = session_log_new ();

  session_log_login (log);
  send_unacknowledged (log, "a");
  fake_sm_cut (log->sm);
  g_clear_pointer (&log->server->features, g_free);
  fake_sm_reconnect (log->sm);
  log->sm->is_enabled = FALSE;
  fake_server_bind (log->server);
  fake_server_wait_until (!log->server->is_connecting);
  g_assert_no_error (log->server->error);
  session_log_expect (log, "closed offline ?a");
  g_assert_false (xmpp_session_acknowledges (log->server->session));
}

/* Time */

static void
test_too_late (void)
{
  g_autoptr(SessionLog) log = session_log_new ();
  g_autoptr(GString) answer = g_string_new (NULL);

  session_log_login (log);
  send_unacknowledged (log, "a b");
  ask (log, answer);
  fake_sm_cut (log->sm);

  fake_clock_advance (log->server->clock, 599 * 1000);
  g_assert_true (xmpp_session_is_resumable (log->server->session));
  g_assert_true (session_log_sees_romeo (log));
  fake_clock_advance (log->server->clock, 1000);
  g_assert_false (xmpp_session_is_resumable (log->server->session));
  fake_server_wait_until (answer->len > 0);
  session_log_expect (log, "closed offline ?a,b");

  fake_sm_reconnect (log->sm);
  log->sm->is_enabled = FALSE;
  expect_new_session (log);
  for (guint i = 0; i < log->server->received->len; i++)
    g_assert_null (strstr (g_ptr_array_index (log->server->received, i), "<resume "));
}

/* The time is over while a connection is being made */
static void
test_too_late_on_the_way (void)
{
  g_autoptr(SessionLog) log = session_log_new ();

  session_log_login (log);
  send_unacknowledged (log, "a");
  fake_sm_cut (log->sm);
  fake_clock_advance (log->server->clock, 595 * 1000);
  fake_server_secure (log->server);
  fake_clock_advance (log->server->clock, 6 * 1000);
  fake_server_open (log->server, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));
  fake_server_authenticate (log->server);
  log->sm->is_enabled = FALSE;
  fake_server_open (log->server, FAKE_BIND FAKE_SM);
  expect_new_session (log);
  session_log_expect (log, "closed offline ?a");
}

static void
test_no_answer_for_ever (void)
{
  g_autoptr(SessionLog) log = session_log_new ();

  session_log_login (log);
  fake_sm_cut (log->sm);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_true (xmpp_session_is_resumable (log->server->session));
      fake_sm_reconnect (log->sm);
      fake_sm_expect_resume (log->sm);
      if (i == 0)
        fake_clock_advance (log->server->clock, 15 * 1000);
      else
        fake_server_fin (log->server);
      fake_server_wait_until (!log->server->is_connecting);
      g_ptr_array_set_size (log->server->waiting, 0);
    }

  g_assert_false (xmpp_session_is_resumable (log->server->session));
  session_log_expect (log, "closed offline");
  fake_sm_reconnect (log->sm);
  log->sm->is_enabled = FALSE;
  expect_new_session (log);
}

/* F21: the password is another one now. Nothing is resumed for who cannot log in, and it is not lost for that. */
static void
test_the_password_has_changed (void)
{
  g_autoptr(SessionLog) log = session_log_new ();

  session_log_login (log);
  fake_sm_cut (log->sm);
  fake_server_secure (log->server);
  fake_server_open (log->server, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));
  fake_server_expect_contains (log->server, "<auth ");
  fake_server_send (log->server, "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>");
  fake_server_expect_failure (log->server, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_NOT_AUTHORIZED);
  for (guint i = 0; i < log->server->received->len; i++)
    g_assert_null (strstr (g_ptr_array_index (log->server->received, i), "<resume "));

  g_ptr_array_set_size (log->server->waiting, 0);
  xmpp_session_set_password (log->server->session, "plugh");
  fake_sm_reconnect (log->sm);
  fake_sm_resume (log->sm);
}

/* How it ends */

typedef struct
{
  const char *condition;
  gboolean    is_resumable;
} EndCase;

static const EndCase end_cases[] = {
  { "conflict", FALSE },
  { "not-authorized", FALSE },
  { "policy-violation", FALSE },
  { "host-gone", FALSE },
  { "internal-server-error", FALSE },
  { "undefined-condition", FALSE },
  { "moon-phase", FALSE },
  { "connection-timeout", TRUE },
  { "system-shutdown", FALSE },
  { "reset", TRUE },
  { "resource-constraint", TRUE },
};

static void
test_after_a_stream_error (gconstpointer data)
{
  const EndCase *test = data;
  g_autoptr(SessionLog) log = session_log_new ();
  g_autofree char *xml = g_strdup_printf (STREAM_ERROR ("%s") "</stream:stream>", test->condition);

  session_log_login (log);
  fake_server_send (log->server, xml);
  fake_server_wait_until (log->server->n_closed == 1);
  g_assert_true (log->server->closed_error->domain == XMPP_STREAM_ERROR);
  g_assert_cmpint (xmpp_session_is_resumable (log->server->session), ==, test->is_resumable);
  session_log_expect (log, test->is_resumable ? "closed" : "offline closed");

  /* Our goodbye would end it for good */
  fake_server_wait_until (log->server->is_eof);
  for (guint i = 0; i < log->server->waiting->len; i++)
    if (test->is_resumable)
      g_assert_cmpstr (g_ptr_array_index (log->server->waiting, i), !=, "</stream:stream>");
}

static void
test_a_polite_end_is_one (void)
{
  g_autoptr(SessionLog) log = session_log_new ();

  session_log_login (log);
  send_unacknowledged (log, "a");
  fake_server_close (log->server);
  fake_server_wait_until (log->server->n_closed == 1);
  g_assert_false (xmpp_session_is_resumable (log->server->session));
  session_log_expect (log, "offline ?a closed");
}

static void
test_broken_xml_is_not_resumed (void)
{
  g_autoptr(SessionLog) log = session_log_new ();

  session_log_login (log);
  fake_server_send (log->server, "<message></wrong>");
  fake_server_wait_until (log->server->n_closed == 1);
  g_assert_false (xmpp_session_is_resumable (log->server->session));
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
test_ended_by_us (gconstpointer data)
{
  gboolean is_polite = GPOINTER_TO_INT (data);
  g_autoptr(SessionLog) log = session_log_new ();
  g_autoptr(GString) answer = g_string_new (NULL);
  gboolean is_closed = FALSE;

  session_log_login (log);
  ask (log, answer);
  send_unacknowledged (log, "a");
  fake_sm_cut (log->sm);
  session_log_expect (log, "closed");

  if (is_polite)
    {
      xmpp_session_close_async (log->server->session, NULL, on_closed, &is_closed);
      fake_server_wait_until (is_closed);
    }
  else
    xmpp_session_abort (log->server->session);

  g_assert_false (xmpp_session_is_resumable (log->server->session));
  fake_server_wait_until (answer->len > 0);
  session_log_expect (log, "offline ?a");

  fake_sm_reconnect (log->sm);
  log->sm->is_enabled = FALSE;
  expect_new_session (log);
}

/* Else the server would wait for us, and others would see us, for ten minutes */
static void
test_aborting_says_goodbye (void)
{
  g_autoptr(SessionLog) log = session_log_new ();

  session_log_login (log);
  turn (log);
  session_log_send (log, "last");
  xmpp_session_abort (log->server->session);
  session_log_expect (log, "offline ?last closed");
  fake_server_expect_contains (log->server, "<body>last</body>");
  fake_server_expect (log->server, "</stream:stream>");
}

static void
on_unacknowledged_abort (XmppSession *session,
                         GPtrArray   *messages,
                         gpointer     user_data)
{
  xmpp_session_abort (session);
}

/* Who hears of the end of the old session may end it all */
static void
test_aborted_between (void)
{
  g_autoptr(SessionLog) log = session_log_new ();

  session_log_login (log);
  send_unacknowledged (log, "a");
  g_signal_connect (log->server->session, "unacknowledged", G_CALLBACK (on_unacknowledged_abort), NULL);
  fake_sm_cut (log->sm);
  fake_sm_reconnect (log->sm);
  fake_sm_expect_resume (log->sm);
  log->sm->is_enabled = FALSE;
  fake_server_send (log->server, FAILED ("", "item-not-found"));
  fake_server_bind (log->server);
  fake_server_expect_failure (log->server, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (xmpp_session_is_online (log->server->session));
}

/* Without a connection there is room for a thousand; what does not fit is given back at once */
static void
test_what_waits_is_bounded (void)
{
  g_autoptr(SessionLog) log = session_log_new ();
  g_autoptr(GString) answer = g_string_new (NULL);

  session_log_login (log);
  turn (log);
  fake_clock_advance (log->server->clock, 1000);
  fake_server_wait_until (xmpp_resumption_get_n_unacked (log->server->session->resumption) == 0);
  fake_sm_cut (log->sm);
  session_log_expect (log, "closed");

  for (guint i = 0; i < 1000; i++)
    session_log_send (log, "x");
  session_log_expect (log, "");
  session_log_send (log, "y");
  session_log_expect (log, "?y");
  ask (log, answer);
  fake_server_wait_until (answer->len > 0);
  g_assert_cmpuint (xmpp_resumption_get_n_unacked (log->server->session->resumption), ==, 1000);
}

/* F14 */

static void
log_in_again (SessionLog *log)
{
  g_ptr_array_set_size (log->server->waiting, 0);
  session_log_login (log);
}

static void
kill_for (SessionLog *log,
          const char *condition)
{
  g_autofree char *xml = g_strdup_printf ("<stream:error><%s xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                                          "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>Too rude</text></stream:error></stream:stream>",
                                          condition);
  guint n_closed = log->server->n_closed;

  fake_server_send (log->server, xml);
  fake_server_wait_until (log->server->n_closed > n_closed);
}

/* The server handles them one after the other, and ends it all at the bad one */
static void
on_stop_at_bad (gpointer    user_data,
                const char *element)
{
  SessionLog *log = user_data;
  g_autofree char *a = NULL;

  if (strstr (element, "<body>bad</body>") != NULL)
    {
      log->server->on_received = NULL;
      fake_server_send (log->server, STREAM_ERROR ("policy-violation") "</stream:stream>");
      return;
    }

  if (g_str_has_prefix (element, "<message") || g_str_has_prefix (element, "<iq") || g_str_has_prefix (element, "<presence"))
    log->sm->handled++;
  else if (g_str_equal (element, "<r xmlns='urn:xmpp:sm:3'/>"))
    {
      a = g_strdup_printf ("<a xmlns='urn:xmpp:sm:3' h='%u'/>", log->sm->handled);
      fake_server_send (log->server, a);
    }
}

static void
test_the_bad_one_is_found (void)
{
  g_autoptr(SessionLog) log = session_log_new ();

  session_log_login (log);
  send_unacknowledged (log, "a bad b");
  kill_for (log, "policy-violation");
  session_log_expect (log, "offline ?a,bad,b closed");

  log->sm->answers = TRUE;
  log_in_again (log);
  turn (log);
  log->server->on_received = on_stop_at_bad;
  log->server->hook_data = log;
  session_log_send (log, "a");
  session_log_send (log, "new");
  session_log_send (log, "bad");
  session_log_send (log, "b");
  fake_server_wait_until (log->server->n_closed == 2);
  session_log_expect (log, "+a +new offline ?b closed !bad");
  g_assert_error (log->rejected, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_POLICY_VIOLATION);
}

/* What goes well the second time is not suspected any more */
static void
test_suspicion_passes (void)
{
  g_autoptr(SessionLog) log = session_log_new ();
  guint before;

  session_log_login (log);
  send_unacknowledged (log, "a");
  kill_for (log, "internal-server-error");
  session_log_expect (log, "offline ?a closed");

  log->sm->answers = TRUE;
  log_in_again (log);
  session_log_send (log, "a");
  session_log_await (log, "+a");
  turn (log);
  before = log->sm->n_asked;
  session_log_send (log, "a");
  session_log_await (log, "+a");
  turn (log);
  g_assert_cmpuint (log->sm->n_asked, ==, before + 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/resumption-failures/F18-refused-and-bound-anew", test_refused_and_bound_anew);
  g_test_add_func ("/xmpp/resumption-failures/F19-refused-with-a-number", test_refused_with_a_number);
  for (guint i = 0; i < G_N_ELEMENTS (failed_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/resumption-failures/S82-refused-in-other-words/%s", failed_cases[i].name);

      g_test_add_data_func (path, &failed_cases[i], test_refused_in_other_words);
    }
  for (guint i = 0; i < G_N_ELEMENTS (resumed_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/resumption-failures/S82-F17-an-answer-that-makes-no-sense/%s", resumed_cases[i].name);

      g_test_add_data_func (path, &resumed_cases[i], test_answer_that_makes_no_sense);
    }
  g_test_add_func ("/xmpp/resumption-failures/F17-more-than-was-written", test_more_than_was_written);
  g_test_add_func ("/xmpp/resumption-failures/S82-resumed-before-the-login", test_resumed_before_login);
  g_test_add_func ("/xmpp/resumption-failures/S82-resumed-while-binding", test_resumed_while_binding);
  g_test_add_func ("/xmpp/resumption-failures/S82-resumed-after-binding", test_resumed_after_bind);
  g_test_add_func ("/xmpp/resumption-failures/not-offered-any-more", test_not_offered_any_more);

  g_test_add_func ("/xmpp/resumption-failures/too-late", test_too_late);
  g_test_add_func ("/xmpp/resumption-failures/too-late-on-the-way", test_too_late_on_the_way);
  g_test_add_func ("/xmpp/resumption-failures/no-answer-for-ever", test_no_answer_for_ever);
  g_test_add_func ("/xmpp/resumption-failures/F21-the-password-has-changed", test_the_password_has_changed);

  for (guint i = 0; i < G_N_ELEMENTS (end_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/resumption-failures/F21-after-a-stream-error/%s", end_cases[i].condition);

      g_test_add_data_func (path, &end_cases[i], test_after_a_stream_error);
    }
  g_test_add_func ("/xmpp/resumption-failures/a-polite-end-is-one", test_a_polite_end_is_one);
  g_test_add_func ("/xmpp/resumption-failures/broken-xml-is-not-resumed", test_broken_xml_is_not_resumed);
  g_test_add_data_func ("/xmpp/resumption-failures/ended-by-us/closed", GINT_TO_POINTER (TRUE), test_ended_by_us);
  g_test_add_data_func ("/xmpp/resumption-failures/ended-by-us/aborted", GINT_TO_POINTER (FALSE), test_ended_by_us);
  g_test_add_func ("/xmpp/resumption-failures/aborting-says-goodbye", test_aborting_says_goodbye);
  g_test_add_func ("/xmpp/resumption-failures/aborted-between", test_aborted_between);
  g_test_add_func ("/xmpp/resumption-failures/what-waits-is-bounded", test_what_waits_is_bounded);

  g_test_add_func ("/xmpp/resumption-failures/F14-the-bad-one-is-found", test_the_bad_one_is_found);
  g_test_add_func ("/xmpp/resumption-failures/F14-suspicion-passes", test_suspicion_passes);

  return g_test_run ();
}
