/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes wrong around us: the network and the server. Nothing that a person wrote is lost, and what happened is said */
#include "core-fixture.h"

#include <string.h>

#define NS_SASL "urn:ietf:params:xml:ns:xmpp-sasl"
#define HELLO(id) "<message from='bob@peer.test/p' to='me@good.test/r1' type='chat' id='" id "'><body>hello</body></message>"

/* The network, at each step of the way */

typedef enum
{
  FIN,
  RST,
  BLACKHOLE,
  N_WAYS
} Way;

#define N_PHASES 9

/* From the wish to connect up to a moment before or after the login */
static void
go_to_phase (TestAccount *account,
             guint        phase)
{
  FakeServer *server = account->server;

  test_account_await (account);

  if (phase == 1)
    fake_server_expect_contains (server, "<stream:stream ");
  if (phase > 1)
    fake_server_open (server, phase > 2 ? FAKE_STARTTLS : NULL);
  if (phase > 3)
    fake_server_start_tls (server);
  if (phase > 4)
    fake_server_open (server, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));
  if (phase > 5)
    fake_server_authenticate (server);
  if (phase > 6)
    fake_server_open (server, FAKE_BIND);
  if (phase > 7)
    {
      fake_server_bind (server);
      fake_server_wait_until (flint_account_is_online (account->account));
      fake_server_expect_contains (server, "jabber:iq:roster");
    }
}

static void
fail_by (TestAccount *account,
         Way          way)
{
  switch (way)
    {
    case FIN:
      fake_server_fin (account->server);
      break;

    case RST:
      fake_server_reset (account->server);
      break;

    case BLACKHOLE:
    case N_WAYS:
    default:
      /* Until it is given up: the longest of the steps, or the ping and its answer */
      for (guint i = 0; i < 20 && flint_account_get_state (account->account) != FLINT_ACCOUNT_WAITING; i++)
        {
          fake_clock_advance (account->server->clock, 10 * 1000);
          while (g_main_context_iteration (NULL, FALSE))
            continue;
        }
    }
}

static guint
count_sent (FakeServer *server,
            const char *text)
{
  guint n = 0;

  for (guint i = 0; i < server->received->len; i++)
    n += strstr (g_ptr_array_index (server->received, i), text) != NULL;

  return n;
}

static void
fail_and_recover (guint phase,
                  Way   way)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autoptr(XmppJid) jid = xmpp_jid_new (BOB, NULL);
  FlintConversation *bob = flint_core_open_chat (test->core, test->me->account, jid);
  FakeServer *server = test->me->server;
  guint in;

  g_test_message ("phase %u, %u", phase, way);
  flint_conversation_set_draft (bob, "half a sentence");
  fake_server_reset (server);
  fake_server_wait_until (flint_account_get_state (test->me->account) == FLINT_ACCOUNT_WAITING);
  test_conversation_say (bob, "written offline");
  g_assert_cmpint (flint_message_get_state (test_conversation_last (bob)), ==, FLINT_MESSAGE_PENDING);

  /* On the way back it fails once more */
  fake_clock_advance (server->clock, 1000);
  go_to_phase (test->me, phase);
  fail_by (test->me, way);
  fake_server_wait_until (flint_account_get_state (test->me->account) == FLINT_ACCOUNT_WAITING);
  g_assert_nonnull (flint_account_get_error (test->me->account));
  g_assert_cmpuint (server->n_connections, ==, 2);

  /* One loop of attempts, and never two */
  g_object_get (test->me->account, "retry-in", &in, NULL);
  g_assert_cmpuint (in, >=, 1);
  g_assert_cmpuint (in, <=, 3);
  fake_clock_advance (server->clock, in * 1000);
  g_ptr_array_set_size (server->waiting, 0);
  test_account_accept (test->me, TEST_ROSTER);
  g_assert_cmpuint (server->n_connections, ==, 3);

  /* Written to a connection that was there it counts as sent; then not again, with that id or another one */
  g_assert_cmpint (flint_message_get_state (test_conversation_last (bob)), ==, FLINT_MESSAGE_SENT);
  g_assert_cmpuint (test_conversation_count (bob), ==, 1);
  if (phase < 8)
    g_assert_cmpuint (count_sent (server, "written offline"), ==, 1);
  g_assert_cmpstr (flint_conversation_get_draft (bob), ==, "half a sentence");

  test_account_send (test->me, HELLO ("h"));
  g_assert_cmpuint (test_conversation_count (bob), ==, 2);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (flint_account_get_contacts (test->me->account))), ==, 3);
}

static void
test_phase (gconstpointer data)
{
  for (Way way = FIN; way < N_WAYS; way++)
    fail_and_recover (GPOINTER_TO_UINT (data), way);
}

/* F02: the other end is gone, and nobody says so. Within 80 s it is noticed, and what was written into the void does
 * not look as if it had been sent
 */
static void
test_half_open (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autoptr(XmppJid) jid = xmpp_jid_new (BOB, NULL);
  FlintConversation *bob = flint_core_open_chat (test->core, test->me->account, jid);
  FakeServer *server = test->me->server;
  g_autofree char *receipt = NULL;
  FlintMessage *heard;
  FlintMessage *first;
  FlintMessage *second;

  test_conversation_say (bob, "heard");
  fake_clock_advance (server->clock, 1000);
  test_account_send (test->me, HELLO ("h"));
  heard = test_conversation_get (bob, 0);
  fake_server_settle (server);

  fake_clock_advance (server->clock, 10 * 1000);
  fake_server_stop_reading (server);
  test_conversation_say (bob, "into the void");
  test_conversation_say (bob, "once more");
  first = test_conversation_get (bob, 2);
  second = test_conversation_get (bob, 3);
  g_assert_cmpint (flint_message_get_state (first), ==, FLINT_MESSAGE_SENT);

  for (guint i = 0; i < 7; i++)
    {
      g_assert_true (flint_account_is_online (test->me->account));
      fake_clock_advance (server->clock, 10 * 1000);
    }

  g_assert_cmpint (flint_account_get_state (test->me->account), ==, FLINT_ACCOUNT_WAITING);
  g_assert_cmpint (flint_message_get_state (heard), ==, FLINT_MESSAGE_SENT);
  g_assert_cmpint (flint_message_get_state (first), ==, FLINT_MESSAGE_FAILED);
  g_assert_cmpint (flint_message_get_state (second), ==, FLINT_MESSAGE_FAILED);
  g_assert_nonnull (flint_message_get_failure (first));

  /* Nothing is sent again by itself; what he says he has he has, and the other one goes again as a person says so */
  fake_clock_advance (server->clock, 1000);
  g_ptr_array_set_size (server->waiting, 0);
  g_ptr_array_set_size (server->received, 0);
  test_account_accept (test->me, TEST_ROSTER);
  g_assert_cmpuint (count_sent (server, "into the void"), ==, 0);
  receipt = g_strdup_printf ("<message from='bob@peer.test/p'><received xmlns='urn:xmpp:receipts' id='%s'/></message>", flint_message_get_id (first));
  test_account_send (test->me, receipt);
  g_assert_cmpint (flint_message_get_state (first), ==, FLINT_MESSAGE_DELIVERED);

  flint_conversation_retry (bob, second);
  fake_server_expect_contains (server, flint_message_get_id (second));
  g_assert_cmpint (flint_message_get_state (second), ==, FLINT_MESSAGE_SENT);
}

/* F13: the server says that it goes, is away for a while, and knows nothing of us afterwards */
static void
test_restart (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autoptr(XmppJid) jid = xmpp_jid_new (BOB, NULL);
  FlintConversation *bob = flint_core_open_chat (test->core, test->me->account, jid);
  FakeServer *server = test->me->server;
  guint waits[] = { 0, 0, 0 };

  fake_server_send (server, "<stream:error><system-shutdown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>");
  fake_server_wait_until (flint_account_get_state (test->me->account) == FLINT_ACCOUNT_WAITING);
  g_assert_error (flint_account_get_error (test->me->account), XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_SYSTEM_SHUTDOWN);
  test_conversation_say (bob, "are you there?");

  server->connect_error = g_error_new_literal (XMPP_ERROR, XMPP_ERROR_REFUSED, "The server refuses connections");
  for (guint i = 0; i < G_N_ELEMENTS (waits); i++)
    {
      g_object_get (test->me->account, "retry-in", &waits[i], NULL);
      fake_clock_advance (server->clock, waits[i] * 1000);
      fake_server_wait_until (flint_account_get_state (test->me->account) == FLINT_ACCOUNT_WAITING);
    }
  g_assert_cmpuint (waits[2], >, waits[0]);

  g_clear_error (&server->connect_error);
  g_ptr_array_set_size (server->waiting, 0);
  flint_account_connect (test->me->account);
  test_account_accept (test->me, TEST_ROSTER);
  g_assert_cmpuint (count_sent (server, "are you there?"), ==, 1);
  g_assert_cmpint (flint_message_get_state (test_conversation_last (bob)), ==, FLINT_MESSAGE_SENT);
}

static void
on_password_needed (FlintAccount *account,
                    const GError *error,
                    guint        *n)
{
  (*n)++;
}

/* F14: a message that the server ends the stream for is sent once, and the next connection is not ended for it, too */
static void
test_fatal_message (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autoptr(XmppJid) jid = xmpp_jid_new (BOB, NULL);
  FlintConversation *bob = flint_core_open_chat (test->core, test->me->account, jid);
  FakeServer *server = test->me->server;
  guint in;

  test_conversation_say (bob, "too much for you");
  fake_server_expect_contains (server, "too much for you");
  fake_server_send (server, "<stream:error><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>");
  fake_server_wait_until (flint_account_get_state (test->me->account) == FLINT_ACCOUNT_WAITING);
  g_object_get (test->me->account, "retry-in", &in, NULL);
  g_assert_cmpuint (in, ==, 60);

  fake_clock_advance (server->clock, 60 * 1000);
  g_ptr_array_set_size (server->waiting, 0);
  test_account_accept (test->me, TEST_ROSTER);
  g_assert_cmpuint (count_sent (server, "too much for you"), ==, 1);
  test_core_assert_chat_works (test);
}

/* F05: a stream that breaks right after each login, as one with a stanza in it that is none. Each try waits longer, until
 * a connection has lasted; and what happened is said
 */
static void
test_poisoned_stream (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FakeServer *server = test->me->server;
  guint waits[6];
  guint in;

  for (guint i = 0; i < G_N_ELEMENTS (waits); i++)
    {
      fake_server_send (server, "<message from='bob@peer.test/p'><body>x</wrong></message>");
      fake_server_wait_until (flint_account_get_state (test->me->account) == FLINT_ACCOUNT_WAITING);
      g_assert_error (flint_account_get_error (test->me->account), XMPP_ERROR, XMPP_ERROR_NOT_WELL_FORMED);
      g_assert_cmpstr (flint_account_get_error (test->me->account)->message, !=, "");

      g_object_get (test->me->account, "retry-in", &waits[i], NULL);
      fake_clock_advance (server->clock, waits[i] * 1000);
      g_ptr_array_set_size (server->waiting, 0);
      test_account_accept (test->me, TEST_ROSTER);
    }

  g_assert_cmpuint (waits[0], ==, 1);
  g_assert_cmpuint (waits[5], >=, 8);

  for (guint i = 0; i < 7; i++)
    {
      fake_clock_advance (server->clock, 10 * 1000);
      fake_server_ping (server);
    }

  fake_server_reset (server);
  fake_server_wait_until (flint_account_get_state (test->me->account) == FLINT_ACCOUNT_WAITING);
  g_object_get (test->me->account, "retry-in", &in, NULL);
  g_assert_cmpuint (in, ==, 1);
}

/* S75: the password was changed elsewhere; it is asked for once, and what waits waits on */
static void
test_password_changed (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autoptr(XmppJid) jid = xmpp_jid_new (BOB, NULL);
  FlintConversation *bob = flint_core_open_chat (test->core, test->me->account, jid);
  guint n_asked = 0;

  g_signal_connect (test->me->account, "password-needed", G_CALLBACK (on_password_needed), &n_asked);
  fake_server_reset (test->me->server);
  fake_server_wait_until (flint_account_get_state (test->me->account) == FLINT_ACCOUNT_WAITING);
  test_conversation_say (bob, "first");
  fake_clock_advance (test->me->server->clock, 1000);
  go_to_phase (test->me, 5);
  fake_server_expect_contains (test->me->server, "<auth ");
  fake_server_send (test->me->server, "<failure xmlns='" NS_SASL "'><not-authorized/></failure>");
  test_account_expect_failed (test->me);
  g_assert_cmpuint (n_asked, ==, 1);

  /* Nobody tries it again by himself */
  fake_clock_advance (test->me->server->clock, 1000 * 1000);
  g_assert_cmpuint (test->me->server->n_connections, ==, 2);
  g_assert_cmpint (flint_message_get_state (test_conversation_last (bob)), ==, FLINT_MESSAGE_PENDING);

  flint_account_set_password (test->me->account, "new " FAKE_PASSWORD);
  flint_account_connect (test->me->account);
  test_account_accept (test->me, TEST_ROSTER);
  g_assert_cmpint (flint_message_get_state (test_conversation_last (bob)), ==, FLINT_MESSAGE_SENT);
  g_assert_cmpuint (n_asked, ==, 1);
  g_signal_handlers_disconnect_by_data (test->me->account, &n_asked);
}

/* Servers that do little */

static void
log_in_without_answers (TestAccount *account)
{
  flint_account_connect (account->account);
  go_to_phase (account, N_PHASES);
}

/* F23: it answers nothing that we ask after the login */
static void
test_silent_server (void)
{
  g_autoptr(TestCore) test = test_core_new ();

  test->me = test_account_new (test->core, ME);
  log_in_without_answers (test->me);
  test_core_assert_chat_works (test);

  /* Each question has its minute; meanwhile and afterwards the connection is a good one */
  for (guint i = 0; i < 15; i++)
    {
      fake_clock_advance (test->me->server->clock, 10 * 1000);
      fake_server_ping (test->me->server);
    }

  g_assert_true (flint_account_is_online (test->me->account));
  g_assert_null (flint_account_get_error (test->me->account));
  test_core_assert_chat_works (test);
}

/* F23: and each of them alone */
static void
test_one_silence (void)
{
  gboolean is_through = FALSE;
  guint n;

  for (n = 0; !is_through; n++)
    {
      g_autoptr(TestCore) test = test_core_new ();
      FakeServer *server;
      guint n_asked = 0;

      test->me = test_account_new (test->core, ME);
      server = test->me->server;
      log_in_without_answers (test->me);

      /* The roster was taken already */
      for (guint i = 0; i < server->received->len; i++)
        {
          const char *element = g_ptr_array_index (server->received, i);
          g_autofree char *id = fake_xml_get (element, "id");
          g_autofree char *xml = NULL;

          if (!g_str_has_prefix (element, "<iq type='get'") && !g_str_has_prefix (element, "<iq type='set'"))
            continue;
          if (strstr (element, FAKE_BIND_NS) != NULL || n_asked++ == n)
            continue;

          xml = g_strdup_printf ("<iq type='error' id='%s' from='good.test'><error type='cancel'>"
                                 "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>", id);
          fake_server_send (server, xml);
          fake_server_ping (server);
        }

      is_through = n_asked <= n;
      test_core_assert_chat_works (test);
    }

  g_test_message ("%u questions", n);
  g_assert_cmpuint (n, >, 2);
}

/* F22: it knows nothing but messages and presence, and says so */
static void
test_old_server (void)
{
  g_autoptr(TestCore) test = test_core_new ();
  guint done = 0;

  test->me = test_account_new (test->core, ME);
  log_in_without_answers (test->me);

  while (done < test->me->server->received->len)
    {
      const char *element = g_ptr_array_index (test->me->server->received, done++);
      g_autofree char *id = fake_xml_get (element, "id");
      g_autofree char *xml = NULL;

      if ((!g_str_has_prefix (element, "<iq type='get'") && !g_str_has_prefix (element, "<iq type='set'")) ||
          strstr (element, FAKE_BIND_NS) != NULL)
        continue;

      xml = g_strdup_printf ("<iq type='error' id='%s'><error type='cancel'>"
                             "<feature-not-implemented xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>", id);
      fake_server_send (test->me->server, xml);
      fake_server_ping (test->me->server);
    }

  g_assert_true (flint_account_is_online (test->me->account));
  g_assert_null (flint_account_get_error (test->me->account));
  test_core_assert_chat_works (test);
  g_assert_true (flint_account_is_online (test->me->account));
}

static void
change_network (TestCore *test)
{
  fake_monitor_set_available (test->me->monitor, TRUE);
}

static guint
count_pings (TestCore *test)
{
  guint n = 0;

  for (guint i = 0; i < test->me->server->received->len; i++)
    {
      const char *element = g_ptr_array_index (test->me->server->received, i);

      n += g_str_has_prefix (element, "<iq type='get' ") && strstr (element, "urn:xmpp:ping") != NULL ? 1 : 0;
    }

  return n;
}

/* F04: another network is a reason to ask, not one to hang up */
static void
test_other_network (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FakeServer *server = test->me->server;
  guint n_connections = server->n_connections;
  guint n_pings = count_pings (test);

  change_network (test);
  fake_server_answer (server, "urn:xmpp:ping", NULL);
  fake_server_ping (server);
  fake_clock_advance (server->clock, 30 * 1000);
  fake_server_ping (server);
  g_assert_true (flint_account_is_online (test->me->account));
  g_assert_cmpuint (server->n_connections, ==, n_connections);
  g_assert_cmpuint (count_pings (test), ==, n_pings + 1);

  /* One that comes and goes is asked about now and then only, and at the end */
  for (guint i = 0; i < 100; i++)
    {
      change_network (test);
      fake_server_ping (server);
      fake_clock_advance (server->clock, 100);
    }
  g_assert_cmpuint (count_pings (test), <=, n_pings + 4);
  fake_clock_advance (server->clock, 5000);
  fake_server_ping (server);
  g_assert_cmpuint (count_pings (test), >=, n_pings + 3);
  g_assert_true (flint_account_is_online (test->me->account));

  /* And one that leads nowhere is left, soon */
  fake_clock_advance (server->clock, 6000);
  change_network (test);
  fake_clock_advance (server->clock, 21 * 1000);
  fake_server_wait_until (!flint_account_is_online (test->me->account));
}

int
main (int   argc,
      char *argv[])
{
  static const char * const phases[N_PHASES] = {
    "connect", "header", "their-header", "starttls", "second-header", "login", "third-header", "bind", "roster",
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < N_PHASES; i++)
    {
      g_autofree char *path = g_strdup_printf ("/core/faults/F01-lost-at-%s", phases[i]);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_phase);
    }

  g_test_add_func ("/core/faults/F04-another-network-is-asked-about", test_other_network);
  g_test_add_func ("/core/faults/F02-what-is-written-into-the-void-is-not-taken-for-sent", test_half_open);
  g_test_add_func ("/core/faults/F13-a-server-that-restarts-is-waited-for", test_restart);
  g_test_add_func ("/core/faults/F14-what-ended-a-stream-is-not-sent-again", test_fatal_message);
  g_test_add_func ("/core/faults/F05-a-stream-that-breaks-after-each-login-is-tried-less-and-less", test_poisoned_stream);
  g_test_add_func ("/core/faults/S75-a-changed-password-is-asked-for-once", test_password_changed);
  g_test_add_func ("/core/faults/F23-a-server-that-answers-nothing-is-good-enough-to-chat", test_silent_server);
  g_test_add_func ("/core/faults/F23-so-is-one-that-leaves-out-any-one-answer", test_one_silence);
  g_test_add_func ("/core/faults/F22-an-old-server-is-good-enough-to-chat", test_old_server);

  return g_test_run ();
}
