/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine as a library: the examples of docs/engine.md, programs of their own, on a real server */
#include "test-client.h"

#include <signal.h>

#define BODY "db1 has not answered since 03:12."

typedef struct
{
  GSubprocess *process;
  char        *said;       /* on standard error */
  gboolean     is_over;
} Example;

static void
on_over (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Example *example = user_data;
  g_autoptr(GError) error = NULL;

  g_subprocess_communicate_utf8_finish (G_SUBPROCESS (source), result, NULL, &example->said, &error);
  g_assert_no_error (error);
  example->is_over = TRUE;
}

static void
start (Example          *example,
       TestServer       *server,
       const char       *password,
       const char       *ca_path,
       const char       *program,
       const char       *first,
       ...)
{
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) error = NULL;
  va_list others;

  g_ptr_array_add (words, g_strdup (program));
  g_ptr_array_add (words, g_strdup ("--host=127.0.0.1"));
  g_ptr_array_add (words, g_strdup_printf ("--port=%u", test_server_get_port (server, TEST_HOST_MAIN)));
  if (ca_path != NULL)
    g_ptr_array_add (words, g_strconcat ("--ca=", ca_path, NULL));

  va_start (others, first);
  for (const char *word = first; word != NULL; word = va_arg (others, const char *))
    g_ptr_array_add (words, g_strdup (word));
  va_end (others);
  g_ptr_array_add (words, NULL);

  g_subprocess_launcher_set_cwd (launcher, "/");
  g_subprocess_launcher_setenv (launcher, "XMPP_PASSWORD", password, TRUE);
  g_subprocess_launcher_setenv (launcher, "no_proxy", "127.0.0.1", TRUE);
  example->process = g_subprocess_launcher_spawnv (launcher, (const char * const *) words->pdata, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8_async (example->process, NULL, NULL, on_over, example);
}

/* Waits for its end; returns its status */
static int
finish (Example *example)
{
  test_wait_for (example->is_over);
  g_assert_true (g_subprocess_get_if_exited (example->process));

  return g_subprocess_get_exit_status (example->process);
}

static void
example_clear (Example *self)
{
  g_clear_object (&self->process);
  g_clear_pointer (&self->said, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Example, example_clear)

static gboolean
has_headline (TestClient *client)
{
  const TestMessage *message = test_client_find (client, BODY);

  return message != NULL && message->type == XMPP_MESSAGE_HEADLINE;
}

/* The seed of the engine: log in, send a headline, close */
static void
test_headline (TestServer *server)
{
  g_autoptr(TestClient) anna = test_client_new_user (server, "anna");
  g_autoptr(TestClient) watch = test_client_new_user (server, "watch");
  g_auto(Example) example = { 0 };

  test_client_log_in (anna);
  start (&example, server, watch->password, test_server_get_ca_path (server), HEADLINE_EXAMPLE,
         test_client_get_address (watch), test_client_get_address (anna), "Server down", BODY, NULL);
  g_assert_cmpint (finish (&example), ==, 0);
  g_assert_cmpstr (example.said, ==, "");

  test_wait_for (has_headline (anna));
  g_assert_cmpstr (test_client_find (anna, BODY)->subject, ==, "Server down");
  g_assert_true (g_str_has_prefix (test_client_find (anna, BODY)->from, test_client_get_address (watch)));
}

/* S52: GIO makes an empty list of authorities out of a relative path */
static void
test_relative_path (TestServer *server)
{
  g_autoptr(TestClient) anna = test_client_new_user (server, "anna");
  g_autoptr(TestClient) watch = test_client_new_user (server, "watch");
  g_auto(Example) example = { 0 };

  test_client_log_in (anna);
  start (&example, server, watch->password, test_server_get_ca_path (server) + strlen ("/"), HEADLINE_EXAMPLE,
         test_client_get_address (watch), test_client_get_address (anna), "Server down", BODY, NULL);
  g_assert_cmpint (finish (&example), ==, 0);
  g_assert_cmpstr (example.said, ==, "");
  test_wait_for (has_headline (anna));
}

static void
test_wrong_password (TestServer *server)
{
  g_autoptr(TestClient) anna = test_client_new_user (server, "anna");
  g_autoptr(TestClient) watch = test_client_new_user (server, "watch");
  g_auto(Example) example = { 0 };

  test_client_log_in (anna);
  start (&example, server, "guessed", test_server_get_ca_path (server), HEADLINE_EXAMPLE,
         test_client_get_address (watch), test_client_get_address (anna), "Server down", BODY, NULL);
  g_assert_cmpint (finish (&example), ==, 1);
  g_assert_nonnull (strstr (example.said, "password"));

  test_client_sync (anna);
  g_assert_null (test_client_find (anna, BODY));
}

/* A library does not believe everybody either: our own authority is none of the system's */
static void
test_unknown_authority (TestServer *server)
{
  g_autoptr(TestClient) anna = test_client_new_user (server, "anna");
  g_autoptr(TestClient) watch = test_client_new_user (server, "watch");
  g_auto(Example) example = { 0 };

  test_client_log_in (anna);
  start (&example, server, watch->password, NULL, HEADLINE_EXAMPLE,
         test_client_get_address (watch), test_client_get_address (anna), "Server down", BODY, NULL);
  g_assert_cmpint (finish (&example), ==, 1);
  g_assert_nonnull (strstr (example.said, "certificate"));

  test_client_sync (anna);
  g_assert_null (test_client_find (anna, BODY));
}

static guint
count_said (TestClient *client)
{
  guint n = 0;

  for (guint i = 0; i < client->messages->len; i++)
    n += ((TestMessage *) g_ptr_array_index (client->messages, i))->body != NULL;

  return n;
}

/* It hears and answers chats, and nothing else: what comes first would be answered first */
static void
test_echo (TestServer *server)
{
  g_autoptr(TestClient) anna = test_client_new_user (server, "anna");
  g_autoptr(TestClient) parrot = test_client_new_user (server, "parrot");
  const char *address = test_client_get_address (parrot);
  g_auto(Example) example = { 0 };

  test_client_log_in (anna);
  start (&example, server, parrot->password, test_server_get_ca_path (server), ECHO_EXAMPLE, address, NULL);

  /* Whoever asks may see it */
  test_client_set_contact (anna, address, "Parrot", NULL);
  xmpp_presence_subscribe (anna->presence, xmpp_session_get_jid (parrot->session), NULL);
  test_wait_for (test_client_get_show (anna, address) == XMPP_SHOW_CHAT);

  test_client_send (anna, XMPP_MESSAGE_HEADLINE, address, "News", "a headline");
  test_client_send (anna, XMPP_MESSAGE_NORMAL, address, "Letter", "a letter");
  test_client_send (anna, XMPP_MESSAGE_CHAT, address, NULL, "Pretty Polly");
  g_assert_cmpint (test_client_wait (anna, "Pretty Polly")->type, ==, XMPP_MESSAGE_CHAT);
  g_assert_cmpuint (count_said (anna), ==, 1);

  /* It goes, and not without a goodbye */
  g_subprocess_send_signal (example.process, SIGTERM);
  g_assert_cmpint (finish (&example), ==, 0);
  g_assert_cmpstr (example.said, ==, "");
  test_wait_for (test_client_get_show (anna, address) == XMPP_SHOW_OFFLINE);
}

static const TestServerCase cases[] = {
  { "example/a-headline-is-sent-by-a-program-of-a-page", test_headline },
  { "example/an-echo-answers-until-it-is-stopped", test_echo },
  { "example/S52-a-relative-path-leads-to-the-authorities", test_relative_path },
  { "example/a-wrong-password-is-said", test_wrong_password },
  { "example/an-unknown-authority-is-not-trusted", test_unknown_authority },
};

int
main (int    argc,
      char **argv)
{
  return test_server_run (argc, argv, cases, G_N_ELEMENTS (cases));
}
