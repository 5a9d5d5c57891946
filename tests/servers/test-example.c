/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine as a library: the example of docs/engine.md, a program of its own, on a real server */
#include "test-client.h"

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

/* Runs it to its end; returns its status */
static int
run_example (TestServer  *server,
             TestClient  *from,
             const char  *password,
             const char  *to,
             const char  *ca_path,
             char       **said)
{
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autofree char *port = g_strdup_printf ("--port=%u", test_server_get_port (server, TEST_HOST_MAIN));
  g_autofree char *ca = ca_path != NULL ? g_strconcat ("--ca=", ca_path, NULL) : NULL;
  g_autoptr(GError) error = NULL;
  Example example = { 0 };
  int status;

  g_subprocess_launcher_setenv (launcher, "XMPP_PASSWORD", password, TRUE);
  g_subprocess_launcher_setenv (launcher, "no_proxy", "127.0.0.1", TRUE);
  example.process = g_subprocess_launcher_spawn (launcher, &error, HEADLINE_EXAMPLE, "--host=127.0.0.1", port,
                                                 test_client_get_address (from), to, "Server down", BODY, ca, NULL);
  g_assert_no_error (error);

  g_subprocess_communicate_utf8_async (example.process, NULL, NULL, on_over, &example);
  test_wait_for (example.is_over);
  g_assert_true (g_subprocess_get_if_exited (example.process));
  status = g_subprocess_get_exit_status (example.process);

  g_object_unref (example.process);
  *said = example.said;

  return status;
}

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
  g_autofree char *said = NULL;

  test_client_log_in (anna);

  g_assert_cmpint (run_example (server, watch, watch->password, test_client_get_address (anna),
                                test_server_get_ca_path (server), &said), ==, 0);
  g_assert_cmpstr (said, ==, "");

  test_wait_for (has_headline (anna));
  g_assert_cmpstr (test_client_find (anna, BODY)->subject, ==, "Server down");
  g_assert_true (g_str_has_prefix (test_client_find (anna, BODY)->from, test_client_get_address (watch)));
}

static void
test_wrong_password (TestServer *server)
{
  g_autoptr(TestClient) anna = test_client_new_user (server, "anna");
  g_autoptr(TestClient) watch = test_client_new_user (server, "watch");
  g_autofree char *said = NULL;

  test_client_log_in (anna);

  g_assert_cmpint (run_example (server, watch, "guessed", test_client_get_address (anna),
                                test_server_get_ca_path (server), &said), ==, 1);
  g_assert_nonnull (strstr (said, "password"));

  test_client_sync (anna);
  g_assert_null (test_client_find (anna, BODY));
}

/* A library does not believe everybody either: our own authority is none of the system's */
static void
test_unknown_authority (TestServer *server)
{
  g_autoptr(TestClient) anna = test_client_new_user (server, "anna");
  g_autoptr(TestClient) watch = test_client_new_user (server, "watch");
  g_autofree char *said = NULL;

  test_client_log_in (anna);

  g_assert_cmpint (run_example (server, watch, watch->password, test_client_get_address (anna), NULL, &said), ==, 1);
  g_assert_nonnull (strstr (said, "certificate"));

  test_client_sync (anna);
  g_assert_null (test_client_find (anna, BODY));
}

static const TestServerCase cases[] = {
  { "example/a-headline-is-sent-by-a-program-of-a-page", test_headline },
  { "example/a-wrong-password-is-said", test_wrong_password },
  { "example/an-unknown-authority-is-not-trusted", test_unknown_authority },
};

int
main (int    argc,
      char **argv)
{
  return test_server_run (argc, argv, cases, G_N_ELEMENTS (cases));
}
