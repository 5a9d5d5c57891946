/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-server.h"
#include "xmpp-module.h"

#include <string.h>

/* No modules: only the session answers here */
GType (* const xmpp_module_types[]) (void) = { NULL };

#define QUESTION "<question xmlns='urn:test'/>"

/* What became of a request */
typedef struct
{
  guint       n;
  XmppStanza *answer;
  GError     *error;
} Outcome;

static void
outcome_clear (Outcome *outcome)
{
  g_clear_pointer (&outcome->answer, xmpp_stanza_unref);
  g_clear_error (&outcome->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

static void
on_answer (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Outcome *outcome = user_data;

  g_assert_cmpuint (outcome->n, ==, 0);
  outcome->n++;
  outcome->answer = xmpp_session_request_finish (XMPP_SESSION (object), result, &outcome->error);
  g_assert_true ((outcome->answer == NULL) == (outcome->error != NULL));
}

static void
ask_with (FakeServer   *server,
          const char   *to,
          GCancellable *cancellable,
          Outcome      *outcome)
{
  g_autoptr(XmppStanza) iq = xmpp_stanza_new_iq ("get", to);

  xmpp_node_add (xmpp_stanza_get_root (iq), "question", "urn:test");
  xmpp_session_request_async (server->session, iq, cancellable, on_answer, outcome);
}

static char *
ask (FakeServer *server,
     const char *to,
     Outcome    *outcome)
{
  ask_with (server, to, NULL, outcome);

  return fake_xml_get (fake_server_expect_contains (server, QUESTION), "id");
}

static void
answer (FakeServer *server,
        const char *id,
        const char *from,
        const char *type)
{
  g_autofree char *by = from != NULL ? g_strdup_printf (" from='%s'", from) : g_strdup ("");
  g_autofree char *xml = g_strdup_printf ("<iq type='%s' id='%s'%s to='juliet@capulet.lit/balcony'/>", type, id, by);

  fake_server_send (server, xml);
}

static FakeServer *
log_in (void)
{
  FakeServer *server = fake_server_new ("juliet@capulet.lit/balcony");

  fake_server_login (server);

  return server;
}

static void
test_answered (void)
{
  g_autoptr(FakeServer) server = log_in ();
  g_auto(Outcome) outcome = { 0 };
  g_autofree char *id = ask (server, "romeo@montague.lit/orchard", &outcome);

  answer (server, id, "romeo@montague.lit/orchard", "result");
  fake_server_wait_until (outcome.n == 1);
  g_assert_no_error (outcome.error);
  g_assert_cmpstr (xmpp_node_get (xmpp_stanza_get_root (outcome.answer), "id"), ==, id);
}

static void
test_refused (void)
{
  g_autoptr(FakeServer) server = log_in ();
  g_auto(Outcome) outcome = { 0 };

  ask_with (server, "romeo@montague.lit/orchard", NULL, &outcome);
  fake_server_refuse (server, QUESTION, "cancel", "item-not-found");
  fake_server_wait_until (outcome.n == 1);
  g_assert_error (outcome.error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_ITEM_NOT_FOUND);
}

/* T018: who was asked, who answers, whether that counts */
static const struct
{
  const char *to;
  const char *from;
  gboolean    counts;
} answerers[] = {
  { NULL, NULL, TRUE },
  { NULL, "juliet@capulet.lit", TRUE },
  { NULL, "juliet@capulet.lit/balcony", TRUE },
  { NULL, "capulet.lit", TRUE },
  { NULL, "juliet@capulet.lit/other", FALSE },
  { NULL, "eve@evil.test/x", FALSE },
  { NULL, "juliet@capulet.lit.evil.test", FALSE },
  { "juliet@capulet.lit", NULL, TRUE },
  { "juliet@capulet.lit", "juliet@capulet.lit", TRUE },
  { "juliet@capulet.lit", "JULIET@Capulet.LIT", TRUE },
  { "juliet@capulet.lit", "capulet.lit", FALSE },
  { "juliet@capulet.lit", "eve@evil.test/x", FALSE },
  { "capulet.lit", NULL, TRUE },
  { "capulet.lit", "capulet.lit", TRUE },
  { "capulet.lit", "juliet@capulet.lit", FALSE },
  { "capulet.lit", "eve@capulet.lit", FALSE },
  { "juliet@capulet.lit/other", "juliet@capulet.lit/other", TRUE },
  { "juliet@capulet.lit/other", NULL, FALSE },
  { "juliet@capulet.lit/other", "juliet@capulet.lit", FALSE },
  { "romeo@montague.lit", "romeo@montague.lit", TRUE },
  { "romeo@montague.lit", "romeo@montague.lit/orchard", FALSE },
  { "romeo@montague.lit", "montague.lit", FALSE },
  { "romeo@montague.lit", NULL, FALSE },
  { "romeo@montague.lit/orchard", "ROMEO@montague.lit/orchard", TRUE },
  { "romeo@montague.lit/orchard", "romeo@montague.lit/Orchard", FALSE },
  { "romeo@montague.lit/orchard", "romeo@montague.lit", FALSE },
  { "romeo@montague.lit/orchard", "eve@evil.test/x", FALSE },
};

static void
test_answerers (void)
{
  g_autoptr(FakeServer) server = log_in ();

  for (guint i = 0; i < G_N_ELEMENTS (answerers); i++)
    {
      g_auto(Outcome) outcome = { 0 };
      g_autofree char *id = ask (server, answerers[i].to, &outcome);

      g_test_message ("%s answered by %s", answerers[i].to, answerers[i].from);
      answer (server, id, answerers[i].from, "result");
      fake_server_ping (server);
      g_assert_cmpuint (outcome.n, ==, answerers[i].counts);

      /* The true answer still comes through after a forged one */
      answer (server, id, answerers[i].to, "result");
      fake_server_wait_until (outcome.n == 1);
      g_assert_no_error (outcome.error);
    }
}

static void
test_forged_error (void)
{
  g_autoptr(FakeServer) server = log_in ();
  g_auto(Outcome) outcome = { 0 };
  g_autofree char *id = ask (server, NULL, &outcome);

  answer (server, id, "eve@evil.test/x", "error");
  fake_server_ping (server);
  g_assert_cmpuint (outcome.n, ==, 0);
  answer (server, id, NULL, "result");
  fake_server_wait_until (outcome.n == 1);
  g_assert_no_error (outcome.error);
}

static void
test_replayed (void)
{
  g_autoptr(FakeServer) server = log_in ();
  g_auto(Outcome) outcome = { 0 };
  g_autofree char *id = ask (server, NULL, &outcome);

  answer (server, id, NULL, "result");
  answer (server, id, NULL, "result");
  answer (server, id, NULL, "error");
  fake_server_no_more (server);
  g_assert_cmpuint (outcome.n, ==, 1);
  g_assert_no_error (outcome.error);
}

static void
test_question_with_our_id (void)
{
  g_autoptr(FakeServer) server = log_in ();
  g_auto(Outcome) outcome = { 0 };
  g_autofree char *id = ask (server, NULL, &outcome);
  g_autofree char *question = g_strdup_printf ("<iq type='get' id='%s'>" QUESTION "</iq>", id);

  fake_server_send (server, question);
  fake_server_expect_contains (server, "service-unavailable");
  g_assert_cmpuint (outcome.n, ==, 0);
  answer (server, id, NULL, "result");
  fake_server_wait_until (outcome.n == 1);
}

static void
test_unknown_id (void)
{
  g_autoptr(FakeServer) server = log_in ();

  answer (server, "nobody-asked", NULL, "result");
  answer (server, "nobody-asked", NULL, "error");
  fake_server_send (server, "<iq type='result'/><iq type='error'/>");
  fake_server_no_more (server);
}

static void
test_timeout (void)
{
  g_autoptr(FakeServer) server = log_in ();
  g_auto(Outcome) first = { 0 };
  g_auto(Outcome) second = { 0 };
  g_autofree char *first_id = ask (server, NULL, &first);
  g_autofree char *second_id = NULL;

  fake_clock_advance (server->clock, 30000);
  second_id = ask (server, NULL, &second);
  fake_clock_advance (server->clock, 29999);
  g_assert_cmpuint (first.n, ==, 0);
  fake_clock_advance (server->clock, 1);
  fake_server_wait_until (first.n == 1);
  g_assert_error (first.error, XMPP_ERROR, XMPP_ERROR_TIMED_OUT);
  g_assert_cmpuint (second.n, ==, 0);

  /* Too late, and answered by nothing (outcome: on_answer is called once only) */
  answer (server, first_id, NULL, "result");
  answer (server, first_id, NULL, "error");
  fake_server_no_more (server);

  fake_clock_advance (server->clock, 30000);
  fake_server_wait_until (second.n == 1);
  g_assert_error (second.error, XMPP_ERROR, XMPP_ERROR_TIMED_OUT);
  g_assert_true (xmpp_session_is_online (server->session));
}

static void
test_other_timeout (void)
{
  g_autoptr(FakeServer) server = fake_server_new ("juliet@capulet.lit/balcony");
  g_auto(Outcome) outcome = { 0 };
  g_autofree char *id = NULL;

  g_object_set (server->session, "timeout", 5000, NULL);
  fake_server_login (server);
  id = ask (server, NULL, &outcome);
  fake_clock_advance (server->clock, 5000);
  fake_server_wait_until (outcome.n == 1);
  g_assert_error (outcome.error, XMPP_ERROR, XMPP_ERROR_TIMED_OUT);
}

static void
test_cancelled (void)
{
  g_autoptr(FakeServer) server = log_in ();
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_auto(Outcome) first = { 0 };
  g_auto(Outcome) second = { 0 };
  g_autofree char *id = NULL;

  ask_with (server, NULL, cancellable, &first);
  id = fake_xml_get (fake_server_expect_contains (server, QUESTION), "id");
  ask_with (server, NULL, cancellable, &second);

  g_cancellable_cancel (cancellable);
  fake_server_wait_until (first.n == 1 && second.n == 1);
  g_assert_error (first.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_error (second.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  answer (server, id, NULL, "result");
  fake_server_ping (server);
}

static void
test_cancelled_before (void)
{
  g_autoptr(FakeServer) server = log_in ();
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_auto(Outcome) outcome = { 0 };

  g_cancellable_cancel (cancellable);
  ask_with (server, NULL, cancellable, &outcome);
  fake_server_wait_until (outcome.n == 1);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  fake_server_no_more (server);
}

static void
test_connection_lost (void)
{
  g_autoptr(FakeServer) server = log_in ();
  g_auto(Outcome) first = { 0 };
  g_auto(Outcome) second = { 0 };

  ask_with (server, NULL, NULL, &first);
  ask_with (server, "romeo@montague.lit/orchard", NULL, &second);
  fake_server_fin (server);
  fake_server_wait_until (first.n == 1 && second.n == 1);
  g_assert_error (first.error, XMPP_ERROR, XMPP_ERROR_DISCONNECTED);
  g_assert_error (second.error, XMPP_ERROR, XMPP_ERROR_DISCONNECTED);
}

static void
test_offline (void)
{
  g_autoptr(FakeServer) server = fake_server_new ("juliet@capulet.lit/balcony");
  g_auto(Outcome) outcome = { 0 };

  ask_with (server, NULL, NULL, &outcome);
  fake_server_wait_until (outcome.n == 1);
  g_assert_error (outcome.error, XMPP_ERROR, XMPP_ERROR_DISCONNECTED);
}

/* Who is told that it failed asks again at once */
typedef struct
{
  FakeServer *server;
  Outcome     outcome;
} Insistent;

static void
on_failed (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Insistent *self = user_data;
  g_autoptr(XmppStanza) iq = xmpp_stanza_new_iq ("get", NULL);

  g_assert_null (xmpp_session_request_finish (XMPP_SESSION (object), result, NULL));
  xmpp_node_add (xmpp_stanza_get_root (iq), "question", "urn:test");
  xmpp_session_request_async (XMPP_SESSION (object), iq, NULL, on_answer, &self->outcome);
}

static void
test_asks_again (void)
{
  g_autoptr(FakeServer) server = log_in ();
  Insistent insistent = { .server = server };
  g_autoptr(XmppStanza) iq = xmpp_stanza_new_iq ("get", NULL);

  xmpp_node_add (xmpp_stanza_get_root (iq), "question", "urn:test");
  xmpp_session_request_async (server->session, iq, NULL, on_failed, &insistent);
  fake_server_expect_contains (server, QUESTION);
  xmpp_session_abort (server->session);
  fake_server_wait_until (insistent.outcome.n == 1);
  g_assert_error (insistent.outcome.error, XMPP_ERROR, XMPP_ERROR_DISCONNECTED);
  outcome_clear (&insistent.outcome);
}

static void
test_ids (void)
{
  g_autoptr(FakeServer) server = log_in ();
  g_autoptr(GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Outcome outcomes[20] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      char *id = ask (server, NULL, &outcomes[i]);

      /* 96 bits are 16 characters of base64 */
      g_assert_cmpuint (strlen (id), >=, 16);
      g_assert_true (g_hash_table_add (ids, id));
    }

  xmpp_session_abort (server->session);
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      fake_server_wait_until (outcomes[i].n == 1);
      outcome_clear (&outcomes[i]);
    }
}

/* S104: what is asked wrongly, and how it is refused; NULL: not at all */
static const struct
{
  const char *iq;
  const char *answer;
} questions[] = {
  { "<iq type='get'>" QUESTION "</iq>", "bad-request" },
  { "<iq id='1'>" QUESTION "</iq>", "bad-request" },
  { "<iq type='' id='1'>" QUESTION "</iq>", "bad-request" },
  { "<iq type='foo' id='1'>" QUESTION "</iq>", "bad-request" },
  { "<iq type='GET' id='1'>" QUESTION "</iq>", "bad-request" },
  { "<iq type='get' id='1'/>", "bad-request" },
  { "<iq type='set' id='1'/>", "bad-request" },
  { "<iq type='get' id='1'>" QUESTION QUESTION "</iq>", "bad-request" },
  { "<iq type='get' id='1'>" QUESTION "</iq>", "service-unavailable" },
  { "<iq type='set' id='1' to='juliet@capulet.lit'>" QUESTION "</iq>", "service-unavailable" },
  { "<iq type='get' id='1' from='eve@evil.test/x'>" QUESTION "</iq>", "service-unavailable" },
  { "<iq type='get' id='1' xmlns:a='urn:a' a:type='result'>" QUESTION "</iq>", "service-unavailable" },
  { "<iq type='result' id='1'>" QUESTION "</iq>", NULL },
  { "<iq type='error' id='1'>" QUESTION "</iq>", NULL },
  { "<iq type='error'/>", NULL },
};

static void
test_questions (void)
{
  g_autoptr(FakeServer) server = log_in ();

  fake_server_settle (server);

  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    {
      g_test_message ("%s", questions[i].iq);
      fake_server_send (server, questions[i].iq);
      if (questions[i].answer != NULL)
        fake_server_expect_contains (server, questions[i].answer);
      fake_server_no_more (server);
    }
}

static void
test_answer_goes_back (void)
{
  g_autoptr(FakeServer) server = log_in ();

  fake_server_send (server, "<iq type='get' id='a&apos;&lt;b' from='eve@evil.test/x'>" QUESTION "</iq>");
  fake_server_expect (server, "<iq type='error' id='a&apos;&lt;b' to='eve@evil.test/x'><error type='cancel'>"
                              "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/requests/who-was-asked-answers", test_answered);
  g_test_add_func ("/xmpp/requests/a-refusal-is-an-error", test_refused);
  g_test_add_func ("/xmpp/requests/T018-only-who-was-asked-answers", test_answerers);
  g_test_add_func ("/xmpp/requests/T017-a-forged-error-ends-nothing", test_forged_error);
  g_test_add_func ("/xmpp/requests/T019-ids-cannot-be-guessed", test_ids);
  g_test_add_func ("/xmpp/requests/T020-only-the-first-answer-counts", test_replayed);
  g_test_add_func ("/xmpp/requests/T020-a-question-with-our-id-is-no-answer", test_question_with_our_id);
  g_test_add_func ("/xmpp/requests/T020-answers-that-nobody-waits-for-are-not-answered", test_unknown_id);
  g_test_add_func ("/xmpp/requests/T020-without-an-answer-it-ends-after-a-minute", test_timeout);
  g_test_add_func ("/xmpp/requests/the-account-says-how-long-to-wait", test_other_timeout);
  g_test_add_func ("/xmpp/requests/cancelling-ends-waiting", test_cancelled);
  g_test_add_func ("/xmpp/requests/what-was-cancelled-before-is-not-sent", test_cancelled_before);
  g_test_add_func ("/xmpp/requests/a-lost-connection-ends-them-all", test_connection_lost);
  g_test_add_func ("/xmpp/requests/offline-they-fail", test_offline);
  g_test_add_func ("/xmpp/requests/a-callback-may-ask-again", test_asks_again);
  g_test_add_func ("/xmpp/requests/S104-every-question-is-answered-and-no-answer-is", test_questions);
  g_test_add_func ("/xmpp/requests/an-answer-goes-to-who-asked", test_answer_goes_back);

  return g_test_run ();
}
