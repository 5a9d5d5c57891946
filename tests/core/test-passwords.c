/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"
#include "fake-scram.h"

#include "flint-account-private.h"
#include "flint-password-store.h"

#include <string.h>

/* One answer of the store */
typedef struct
{
  gboolean  is_done;
  char     *password;
  GError   *error;
} Answer;

static void
answer_clear (Answer *answer)
{
  g_clear_pointer (&answer->password, secret_password_free);
  g_clear_error (&answer->error);
  answer->is_done = FALSE;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

static void
on_looked_up (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Answer *answer = user_data;

  answer->password = flint_password_lookup_finish (result, &answer->error);
  answer->is_done = TRUE;
}

static void
on_stored (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Answer *answer = user_data;

  g_assert_cmpint (flint_password_store_finish (result, &answer->error), ==, answer->error == NULL);
  answer->is_done = TRUE;
}

static void
on_cleared (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Answer *answer = user_data;

  g_assert_cmpint (flint_password_clear_finish (result, &answer->error), ==, answer->error == NULL);
  answer->is_done = TRUE;
}

static void
lookup (const char *id,
        Answer     *answer)
{
  answer_clear (answer);
  flint_password_lookup_async (id, FALSE, NULL, on_looked_up, answer);
  fake_server_wait_until (answer->is_done);
}

static void
store (const char *id,
       const char *password,
       Answer     *answer)
{
  answer_clear (answer);
  flint_password_store_async (id, ME, password, NULL, on_stored, answer);
  fake_server_wait_until (answer->is_done);
}

static void
clear (const char *id,
       Answer     *answer)
{
  answer_clear (answer);
  flint_password_clear_async (id, NULL, on_cleared, answer);
  fake_server_wait_until (answer->is_done);
}

static void
test_store (void)
{
  g_auto(Answer) answer = { FALSE };

  lookup ("a", &answer);
  g_assert_no_error (answer.error);
  g_assert_null (answer.password);

  store ("a", "päss wörd \360\237\230\200", &answer);
  g_assert_no_error (answer.error);
  store ("b", "other", &answer);
  lookup ("a", &answer);
  g_assert_cmpstr (answer.password, ==, "päss wörd \360\237\230\200");

  /* Another one takes its place */
  store ("a", "new", &answer);
  lookup ("a", &answer);
  g_assert_cmpstr (answer.password, ==, "new");

  clear ("a", &answer);
  g_assert_no_error (answer.error);
  lookup ("a", &answer);
  g_assert_null (answer.password);
  lookup ("b", &answer);
  g_assert_cmpstr (answer.password, ==, "other");
  clear ("b", &answer);

  /* Nothing to remove is no error */
  clear ("b", &answer);
  g_assert_no_error (answer.error);
}

static void
on_one_done (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  guint *n_left = user_data;

  g_assert_true (g_task_propagate_boolean (G_TASK (result), &error));
  g_assert_no_error (error);
  (*n_left)--;
}

/* The file that libsecret writes in a sandbox was written by all at the same time, and one of them won */
static void
test_at_once (void)
{
  guint n_left = 20;

  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *id = g_strdup_printf ("at-once-%u", i);

      flint_password_store_async (id, ME, id, NULL, on_one_done, &n_left);
      if (i % 2 == 0)
        flint_password_clear_async (id, NULL, on_one_done, &n_left);
      else
        flint_password_store_async (id, ME, id, NULL, on_one_done, &n_left);
    }

  fake_server_wait_until (n_left == 0);

  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *id = g_strdup_printf ("at-once-%u", i);
      g_auto(Answer) answer = { FALSE };

      lookup (id, &answer);
      g_assert_no_error (answer.error);
      g_assert_cmpstr (answer.password, ==, i % 2 == 0 ? NULL : id);
      clear (id, &answer);
    }
}

/* An account that is kept, and knows the password only from the keyring */
static TestAccount *
new_kept_account (const char *password)
{
  TestAccount *test = test_account_new (NULL, ME);
  g_auto(Answer) answer = { FALSE };

  g_object_set (test->account, "is-transient", FALSE, NULL);
  flint_account_set_password (test->account, NULL);

  if (password != NULL)
    store (flint_account_get_id (test->account), password, &answer);
  else
    clear (flint_account_get_id (test->account), &answer);

  return test;
}

static void
on_password_needed (FlintAccount *account,
                    const GError *error,
                    GString      *log)
{
  g_string_append_printf (log, "%s;", error != NULL ? g_quark_to_string (error->domain) : "none");
}

static void
expect_wrong (TestAccount *test)
{
  test_account_await (test);
  fake_server_open (test->server, FAKE_STARTTLS);
  fake_server_start_tls (test->server);
  fake_server_open (test->server, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));
  fake_server_expect_contains (test->server, "<auth ");
  fake_server_send (test->server, "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>");
  test_account_expect_failed (test);
}

static void
test_kept (void)
{
  g_autoptr(TestAccount) test = new_kept_account (NULL);
  g_auto(Answer) answer = { FALSE };

  /* Kept once the server has taken it, and not before */
  flint_account_set_password (test->account, FAKE_PASSWORD);
  flint_account_connect (test->account);
  lookup (flint_account_get_id (test->account), &answer);
  g_assert_null (answer.password);
  test_account_accept (test, TEST_ROSTER);

  for (lookup (flint_account_get_id (test->account), &answer); answer.password == NULL;)
    lookup (flint_account_get_id (test->account), &answer);

  g_assert_cmpstr (answer.password, ==, FAKE_PASSWORD);

  /* And removed when it is not to be kept any more */
  test_account_logout (test);
  g_object_set (test->account, "remember-password", FALSE, NULL);
  test_account_login (test, TEST_ROSTER);

  for (lookup (flint_account_get_id (test->account), &answer); answer.password != NULL;)
    lookup (flint_account_get_id (test->account), &answer);
}

/* S66: a server that does not know the password gets it written down by nobody, nor the mechanism as one to rely on */
static void
test_unproven (void)
{
  g_autoptr(TestAccount) test = new_kept_account (NULL);
  g_autoptr(FakeScram) scram = fake_scram_new ("SCRAM-SHA-256", FAKE_PASSWORD);
  g_auto(Answer) answer = { FALSE };
  g_autofree char *first = NULL;
  g_autofree char *challenge = NULL;
  g_autofree char *final = NULL;
  g_autofree char *end = NULL;
  g_autofree char *mechanism = NULL;

  flint_account_set_password (test->account, FAKE_PASSWORD);
  flint_account_connect (test->account);
  test_account_await (test);
  fake_server_open (test->server, FAKE_STARTTLS);
  fake_server_start_tls (test->server);
  fake_server_open (test->server, FAKE_MECHANISMS (FAKE_MECHANISM ("SCRAM-SHA-256")));
  first = fake_sasl_expect_auth (test->server, "SCRAM-SHA-256");
  challenge = fake_scram_challenge (scram, first, "");
  fake_sasl_send (test->server, "challenge", challenge);
  final = fake_sasl_expect_response (test->server);
  end = fake_scram_finish (scram, final, NULL);
  end[strlen ("v=")] ^= 1;
  fake_sasl_send (test->server, "success", end);
  test_account_expect_failed (test);
  g_assert_error (flint_account_get_error (test->account), XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_SERVER_UNPROVEN);

  lookup (flint_account_get_id (test->account), &answer);
  g_assert_null (answer.password);
  g_object_get (test->account, "last-mechanism", &mechanism, NULL);
  g_assert_cmpstr (mechanism, ==, "");
}

static void
test_not_kept (void)
{
  g_autoptr(TestAccount) test = new_kept_account (NULL);
  g_auto(Answer) answer = { FALSE };

  g_object_set (test->account, "remember-password", FALSE, NULL);
  flint_account_set_password (test->account, FAKE_PASSWORD);
  test_account_login (test, TEST_ROSTER);
  lookup (flint_account_get_id (test->account), &answer);
  g_assert_null (answer.password);
}

/* A password is in the keyring; another one is typed, and is not to be kept: the old one is of no use either */
static void
test_not_kept_any_more (void)
{
  g_autoptr(TestAccount) test = new_kept_account ("old");
  g_auto(Answer) answer = { FALSE };

  g_object_set (test->account, "remember-password", FALSE, NULL);
  flint_account_set_password (test->account, FAKE_PASSWORD);
  test_account_login (test, TEST_ROSTER);

  for (lookup (flint_account_get_id (test->account), &answer); answer.password != NULL;)
    lookup (flint_account_get_id (test->account), &answer);
}

static void
test_found (void)
{
  g_autoptr(TestAccount) test = new_kept_account (FAKE_PASSWORD);

  test_account_login (test, TEST_ROSTER);
}

static void
test_none (void)
{
  g_autoptr(TestAccount) test = new_kept_account (NULL);
  g_autoptr(GString) log = g_string_new (NULL);

  g_signal_connect (test->account, "password-needed", G_CALLBACK (on_password_needed), log);
  flint_account_connect_quietly (test->account);
  fake_server_wait_until (flint_account_get_state (test->account) == FLINT_ACCOUNT_FAILED);
  g_assert_error (flint_account_get_error (test->account), XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_NO_PASSWORD);
  g_assert_cmpstr (log->str, ==, "none;");
  g_assert_cmpuint (test->server->n_connections, ==, 0);

  /* Typing it works, keyring or not */
  flint_account_set_password (test->account, FAKE_PASSWORD);
  test_account_login (test, TEST_ROSTER);
}

static void
test_wrong (void)
{
  g_autoptr(TestAccount) test = new_kept_account ("stale");
  g_autoptr(GString) log = g_string_new (NULL);

  g_signal_connect (test->account, "password-needed", G_CALLBACK (on_password_needed), log);
  flint_account_connect (test->account);
  expect_wrong (test);
  g_assert_cmpstr (log->str, ==, "xmpp-auth-error-quark;");

  /* The keyring still has it, and it is not tried again: no loop, and no locked account */
  flint_account_connect (test->account);
  fake_server_wait_until (flint_account_get_state (test->account) == FLINT_ACCOUNT_FAILED);
  g_assert_cmpstr (log->str, ==, "xmpp-auth-error-quark;none;");
  g_assert_cmpuint (test->server->n_connections, ==, 1);

  flint_account_set_password (test->account, FAKE_PASSWORD);
  test_account_login (test, TEST_ROSTER);
}

static void
test_given_up (void)
{
  g_autoptr(TestAccount) test = new_kept_account (FAKE_PASSWORD);

  /* Disconnected while the keyring is asked: what it says later counts for nothing */
  flint_account_connect (test->account);
  flint_account_disconnect (test->account);
  g_assert_cmpint (flint_account_get_state (test->account), ==, FLINT_ACCOUNT_OFFLINE);
  test_account_login (test, TEST_ROSTER);
  g_assert_cmpuint (test->server->n_connections, ==, 1);
}

static void
connect_prepared (TestAccount *test)
{
  flint_account_prepare (test->account);
  flint_account_connect_quietly (test->account);
  g_assert_cmpint (flint_account_get_state (test->account), ==, FLINT_ACCOUNT_CONNECTING);
}

/* What a start of the program does: the keyring is asked before there is a connection */
static void
test_prepared (void)
{
  g_autoptr(TestAccount) test = new_kept_account (FAKE_PASSWORD);

  connect_prepared (test);
  test_account_accept (test, TEST_ROSTER);
  g_assert_cmpuint (test->server->n_connections, ==, 1);
}

static void
test_prepared_in_vain (void)
{
  g_autoptr(TestAccount) test = new_kept_account (NULL);
  g_autoptr(GString) log = g_string_new (NULL);

  g_signal_connect (test->account, "password-needed", G_CALLBACK (on_password_needed), log);
  connect_prepared (test);
  fake_server_wait_until (flint_account_get_state (test->account) == FLINT_ACCOUNT_FAILED);
  g_assert_cmpstr (log->str, ==, "none;");

  flint_account_set_password (test->account, FAKE_PASSWORD);
  test_account_login (test, TEST_ROSTER);
}

/* Who types a password meanwhile is right, and who gives up has given up */
static void
test_prepared_and_changed (void)
{
  g_autoptr(TestAccount) test = new_kept_account ("stale");

  connect_prepared (test);
  flint_account_disconnect (test->account);
  flint_account_set_password (test->account, FAKE_PASSWORD);
  test_account_login (test, TEST_ROSTER);
  g_assert_cmpuint (test->server->n_connections, ==, 1);
}

static void
test_prepared_and_forgotten (void)
{
  g_autoptr(TestAccount) test = new_kept_account (FAKE_PASSWORD);

  flint_account_prepare (test->account);
  flint_account_set_password (test->account, NULL);
  fake_server_wait_until (test->account->fetching == NULL);
  g_assert_null (test->account->password);
}

static void
test_prepared_and_gone (void)
{
  TestAccount *test = new_kept_account (FAKE_PASSWORD);
  g_auto(Answer) answer = { FALSE };

  connect_prepared (test);
  test_account_free (test);

  /* It has to be over before the bus is */
  lookup ("a", &answer);
}

/* Runs in a process of its own, without a session bus */

static void
no_service (void)
{
  g_auto(Answer) answer = { FALSE };
  g_autoptr(TestAccount) test = test_account_new (NULL, ME);
  g_autoptr(GString) log = g_string_new (NULL);

  lookup ("a", &answer);
  g_assert_error (answer.error, FLINT_PASSWORD_ERROR, FLINT_PASSWORD_ERROR_NO_SERVICE);
  store ("a", "x", &answer);
  g_assert_error (answer.error, FLINT_PASSWORD_ERROR, FLINT_PASSWORD_ERROR_NO_SERVICE);
  clear ("a", &answer);
  g_assert_error (answer.error, FLINT_PASSWORD_ERROR, FLINT_PASSWORD_ERROR_NO_SERVICE);

  /* It is said once, and typing the password works */
  g_object_set (test->account, "is-transient", FALSE, NULL);
  flint_account_set_password (test->account, NULL);
  g_signal_connect (test->account, "password-needed", G_CALLBACK (on_password_needed), log);
  connect_prepared (test);
  fake_server_wait_until (flint_account_get_state (test->account) == FLINT_ACCOUNT_FAILED);
  g_assert_cmpstr (log->str, ==, "flint-password-error-quark;");

  flint_account_set_password (test->account, FAKE_PASSWORD);
  test_account_login (test, TEST_ROSTER);
}

static void
test_no_service (void)
{
  g_test_trap_subprocess ("/core/passwords/no-service/subprocess", 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

/* "--file": with the file that libsecret keeps in a sandbox; otherwise with the keyring on the session bus */
int
main (int   argc,
      char *argv[])
{
  g_autofree char *directory = test_directory_new ();
  g_autofree char *keyring = g_build_filename (directory, "test.keyring", NULL);
  gboolean is_file;
  int status;

  g_test_init (&argc, &argv, NULL);
  is_file = argc > 1 && g_str_equal (argv[1], "--file");

  if (g_test_subprocess ())
    g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  else if (is_file)
    {
      g_setenv ("SECRET_BACKEND", "file", TRUE);
      g_setenv ("SECRET_FILE_TEST_PATH", keyring, TRUE);
      g_setenv ("SECRET_FILE_TEST_PASSWORD", "test", TRUE);
    }

  g_test_add_func ("/core/passwords/they-are-kept-found-and-removed", test_store);
  g_test_add_func ("/core/passwords/T135-changes-at-once-are-all-made", test_at_once);
  g_test_add_func ("/core/passwords/T135-what-the-server-took-is-kept-in-the-keyring", test_kept);
  g_test_add_func ("/core/passwords/S66-what-a-server-could-not-prove-to-know-is-not-kept", test_unproven);
  g_test_add_func ("/core/passwords/T135-what-is-not-to-be-kept-is-not", test_not_kept);
  g_test_add_func ("/core/passwords/T135-what-was-kept-goes-with-the-wish", test_not_kept_any_more);
  g_test_add_func ("/core/passwords/F34-what-is-kept-is-used", test_found);
  g_test_add_func ("/core/passwords/F34-what-is-not-there-is-asked-for", test_none);
  g_test_add_func ("/core/passwords/F34-what-was-refused-is-not-tried-again", test_wrong);
  g_test_add_func ("/core/passwords/F34-an-answer-that-comes-too-late-counts-for-nothing", test_given_up);
  g_test_add_func ("/core/passwords/what-is-kept-is-asked-for-before-it-is-needed", test_prepared);
  g_test_add_func ("/core/passwords/what-is-not-there-is-still-asked-for", test_prepared_in_vain);
  g_test_add_func ("/core/passwords/what-was-typed-meanwhile-counts", test_prepared_and_changed);
  g_test_add_func ("/core/passwords/what-was-forgotten-meanwhile-is", test_prepared_and_forgotten);
  g_test_add_func ("/core/passwords/an-account-may-go-before-the-keyring-has-answered", test_prepared_and_gone);

  if (!is_file)
    {
      g_test_add_func ("/core/passwords/F34-without-a-keyring-one-can-still-log-in", test_no_service);
      g_test_add_func ("/core/passwords/no-service/subprocess", no_service);
    }

  status = g_test_run ();
  test_directory_remove (directory);

  return status;
}
