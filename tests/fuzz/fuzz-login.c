/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A login, from the first byte of the server: fuzz-script.h says what the input may be. It gets there, or ends in words
 * when its time is over at the latest. Nobody is logged in by a server that does not know the password.
 */
#include "fuzz-script.h"

#define MAX_SIZE (16 * 1024)
#define PATIENCE (G_USEC_PER_SEC / 4)

/* A key is derived in a thread, in some milliseconds: its answer is waited for, as a real server does. There is none, ever,
 * where the challenge was no whole element, and nothing that says so: then the next thing happens, as it may.
 */
static void
wait_for_answer (const char *word,
                 gpointer    user_data)
{
  FakeServer *server = user_data;
  gint64 deadline = g_get_monotonic_time () + PATIENCE;
  guint before = server->received->len;

  if (!g_str_equal (word, "wait") || xmpp_session_get_state (server->session) != XMPP_STATE_AUTHENTICATING)
    return;

  while (server->is_connecting && server->received->len == before && g_get_monotonic_time () < deadline)
    fake_server_turn (deadline + FAKE_SERVER_PATIENCE, "an answer", G_STRLOC);
}

static void
on_state (XmppSession *session,
          GParamSpec  *property,
          guint       *n_online)
{
  if (!xmpp_session_is_online (session))
    return;

  g_assert_true (g_str_has_prefix (xmpp_session_get_mechanism (session), "SCRAM-"));
  (*n_online)++;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  FuzzScript script = { .act = wait_for_answer };
  FakeServer *server;
  guint n_online = 0;

  if (size > MAX_SIZE)
    return 0;

  fuzz_script_begin ();
  server = script.server = script.user_data = fake_server_new ("juliet@capulet.lit/balcony");
  g_object_set (server->session, "security", XMPP_SECURITY_DISABLED, NULL);
  g_signal_connect (server->session, "notify::state", G_CALLBACK (on_state), &n_online);
  fake_server_connect (server);
  fuzz_script_run (&script, (const char *) data, size);

  /* Each phase has its time */
  for (guint i = 0; i < 20 && server->is_connecting; i++)
    {
      fake_clock_advance (server->clock, 60 * 1000);
      fuzz_settle (server);
    }
  fake_server_wait_until (!server->is_connecting);

  if (server->error != NULL)
    {
      fuzz_assert_words (server->error);
      g_assert_false (xmpp_session_is_online (server->session));
      g_assert_cmpuint (server->n_closed, ==, 0);
    }
  else
    {
      g_assert_cmpuint (n_online, ==, 1);
      fuzz_assert_one_end (server);
    }

  fake_server_free (server);
  fuzz_probe ();

  return 0;
}
