/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An account of Flint's on a real server: what a person is told and asked on the way in, and how it comes
 * back after the server was away.
 */
#include "test-flint.h"

#include <string.h>

static void
on_step (FlintAccount *account,
         GParamSpec   *pspec,
         GArray       *steps)
{
  FlintStep step = flint_account_get_step (account);

  g_array_append_val (steps, step);
}

static void
test_the_steps_of_a_login_are_told (TestServer *server)
{
  static const FlintStep expected[] = {
    FLINT_STEP_FINDING, FLINT_STEP_SECURING, FLINT_STEP_CHECKING, FLINT_STEP_FETCHING, FLINT_STEP_DONE
  };
  g_autoptr(TestFlint) juliet = test_flint_new (server, "juliet");
  g_autoptr(GArray) steps = g_array_new (FALSE, FALSE, sizeof (FlintStep));
  gboolean is_encrypted;

  g_signal_connect (juliet->account, "notify::step", G_CALLBACK (on_step), steps);
  test_flint_log_in (juliet);
  test_wait_for (flint_account_get_step (juliet->account) == FLINT_STEP_DONE);
  g_signal_handlers_disconnect_by_data (juliet->account, steps);

  g_assert_cmpmem (steps->data, steps->len * sizeof (FlintStep), expected, sizeof expected);
  g_object_get (juliet->account, "is-encrypted", &is_encrypted, NULL);
  g_assert_true (is_encrypted);
}

static void
test_a_wrong_password_is_asked_for (TestServer *server)
{
  g_autoptr(TestFlint) juliet = test_flint_new (server, "juliet");

  flint_account_set_password (juliet->account, "not it");
  flint_account_connect (juliet->account);
  test_wait_for (juliet->n_password_needed == 1);
  g_assert_cmpint (flint_account_get_state (juliet->account), ==, FLINT_ACCOUNT_FAILED);
  g_assert_error (flint_account_get_error (juliet->account), XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_NOT_AUTHORIZED);

  flint_account_set_password (juliet->account, juliet->password);
  test_flint_log_in (juliet);
  g_assert_cmpuint (juliet->n_password_needed, ==, 1);
}

static guint
count_pins (TestFlint *flint)
{
  g_auto(GStrv) pins = NULL;

  g_object_get (flint->account, "pins", &pins, NULL);

  return g_strv_length (pins);
}

static void
expect_question (TestFlint *flint)
{
  test_wait_for (flint->problem != NULL);
  g_assert_cmpint (flint_account_get_state (flint->account), ==, FLINT_ACCOUNT_FAILED);
  g_assert_error (flint_account_get_error (flint->account), XMPP_ERROR, XMPP_ERROR_CERTIFICATE);
}

static void
test_a_certificate_is_asked_about_once (TestServer *server)
{
  g_autoptr(TestFlint) juliet = test_flint_new_at (server, TEST_HOST_SELF_SIGNED, "juliet");

  flint_account_connect (juliet->account);
  expect_question (juliet);
  g_assert_cmphex (xmpp_certificate_get_flags (juliet->problem), ==, XMPP_CERTIFICATE_UNKNOWN_CA);

  flint_account_trust_certificate (juliet->account, juliet->problem, TRUE);
  test_wait_for (test_flint_is_ready (juliet));
  g_assert_cmpuint (count_pins (juliet), ==, 1);

  g_clear_object (&juliet->problem);
  test_flint_log_out (juliet);
  test_flint_log_in (juliet);
  g_assert_null (juliet->problem);
}

static void
test_a_trust_that_is_taken_back_is_asked_for_again (TestServer *server)
{
  g_autoptr(TestFlint) juliet = test_flint_new_at (server, TEST_HOST_SELF_SIGNED, "juliet");
  g_auto(GStrv) pins = NULL;

  flint_account_connect (juliet->account);
  expect_question (juliet);
  flint_account_trust_certificate (juliet->account, juliet->problem, TRUE);
  test_wait_for (test_flint_is_ready (juliet));
  test_flint_log_out (juliet);

  g_object_get (juliet->account, "pins", &pins, NULL);
  flint_account_forget_pin (juliet->account, pins[0]);
  g_clear_object (&juliet->problem);
  flint_account_connect (juliet->account);
  expect_question (juliet);
}

static void
test_out_and_in_by_hand (TestServer *server)
{
  g_autoptr(TestFlint) juliet = test_flint_new (server, "juliet");
  g_autoptr(TestFlint) romeo = test_flint_new (server, "romeo");

  test_flint_log_in (juliet);
  test_flint_log_in (romeo);
  test_flint_befriend (juliet, romeo);

  for (guint i = 0; i < 3; i++)
    {
      flint_account_disconnect (juliet->account);
      g_assert_cmpint (flint_account_get_state (juliet->account), ==, FLINT_ACCOUNT_OFFLINE);
      test_wait_for (test_flint_sees (romeo, juliet, XMPP_SHOW_OFFLINE));

      test_flint_log_in (juliet);
      test_wait_for (test_flint_sees (romeo, juliet, XMPP_SHOW_AVAILABLE));
      test_wait_for (test_flint_sees (juliet, romeo, XMPP_SHOW_AVAILABLE));
    }
}

/* The server goes, and comes back */

static void
expect_waiting (TestFlint *flint)
{
  test_wait_for (flint_account_get_state (flint->account) == FLINT_ACCOUNT_WAITING);
  g_assert_nonnull (flint_account_get_error (flint->account));
}

static void
test_everybody_comes_back (TestServer *server)
{
  g_autoptr(TestFlint) juliet = test_flint_new (server, "juliet");
  g_autoptr(TestFlint) romeo = test_flint_new (server, "romeo");
  FlintConversation *chat;
  g_autofree char *words = NULL;

  test_flint_log_in (juliet);
  test_flint_log_in (romeo);
  test_flint_befriend (juliet, romeo);
  chat = test_flint_open_chat (juliet, romeo);

  test_server_end (server);
  expect_waiting (juliet);
  expect_waiting (romeo);
  g_assert_true (test_flint_sees (juliet, romeo, XMPP_SHOW_OFFLINE));
  words = flint_account_describe_state (juliet->account);
  g_assert_cmpstr (words, !=, "");

  /* what is said now waits */
  flint_conversation_send (chat, "Is anybody there?");
  g_assert_cmpint (flint_message_get_state (test_flint_find_message (chat, "Is anybody there?")), ==, FLINT_MESSAGE_PENDING);

  test_server_start_again (server);
  test_wait_for (test_flint_is_ready (juliet) && test_flint_is_ready (romeo));
  test_wait_for (test_flint_sees (juliet, romeo, XMPP_SHOW_AVAILABLE));
  test_wait_for (test_flint_sees (romeo, juliet, XMPP_SHOW_AVAILABLE));

  test_wait_for (test_flint_find_message (test_flint_open_chat (romeo, juliet), "Is anybody there?") != NULL);
  test_wait_for (flint_message_get_state (test_flint_find_message (chat, "Is anybody there?")) == FLINT_MESSAGE_DELIVERED);
}

static void
test_a_server_that_is_back_is_reached_by_hand_at_once (TestServer *server)
{
  g_autoptr(TestFlint) juliet = test_flint_new (server, "juliet");

  test_flint_log_in (juliet);
  test_server_end (server);
  expect_waiting (juliet);
  test_server_start_again (server);

  /* it may have found the way back already */
  flint_account_connect (juliet->account);
  g_assert_cmpint (flint_account_get_state (juliet->account), !=, FLINT_ACCOUNT_WAITING);
  test_wait_for (test_flint_is_ready (juliet));
}

/* Somebody else answers where the server was: nothing is said to him, and a person is asked */
static void
test_another_certificate_stops_the_coming_back (TestServer *server)
{
  g_autoptr(TestFlint) juliet = test_flint_new (server, "juliet");
  g_autoptr(GError) error = NULL;

  test_flint_log_in (juliet);
  test_server_end (server);
  test_server_issue (server, TEST_HOST_MAIN, DEMO_CERTIFICATE_SELF_SIGNED, &error);
  g_assert_no_error (error);
  test_server_start_again (server);
  expect_question (juliet);
  g_assert_null (xmpp_session_get_mechanism (flint_account_get_session (juliet->account)));

  test_server_end (server);
  test_server_issue (server, TEST_HOST_MAIN, DEMO_CERTIFICATE_GOOD, &error);
  g_assert_no_error (error);
  test_server_start_again (server);
  test_flint_log_in (juliet);
}

static void
test_a_password_that_was_changed_meanwhile_is_asked_for (TestServer *server)
{
  g_autoptr(TestFlint) juliet = test_flint_new (server, "juliet");
  g_autofree char *user = g_strndup (juliet->address, strcspn (juliet->address, "@"));
  g_autoptr(GError) error = NULL;

  test_flint_log_in (juliet);
  test_server_set_password (server, TEST_HOST_MAIN, user, "a new one", &error);
  g_assert_no_error (error);
  test_server_end (server);
  test_server_start_again (server);
  test_wait_for (juliet->n_password_needed == 1);
  g_assert_cmpint (flint_account_get_state (juliet->account), ==, FLINT_ACCOUNT_FAILED);

  flint_account_set_password (juliet->account, "a new one");
  test_flint_log_in (juliet);
}

static const TestServerCase cases[] = {
  { "core/accounts/the-steps-of-a-login-are-told", test_the_steps_of_a_login_are_told },
  { "core/accounts/a-wrong-password-is-asked-for", test_a_wrong_password_is_asked_for },
  { "core/accounts/a-certificate-is-asked-about-once", test_a_certificate_is_asked_about_once },
  { "core/accounts/a-trust-that-is-taken-back-is-asked-for-again", test_a_trust_that_is_taken_back_is_asked_for_again },
  { "core/accounts/out-and-in-by-hand", test_out_and_in_by_hand },
  { "core/restart/everybody-comes-back", test_everybody_comes_back },
  { "core/restart/a-server-that-is-back-is-reached-by-hand-at-once",
    test_a_server_that_is_back_is_reached_by_hand_at_once },
  { "core/restart/S51-another-certificate-stops-the-coming-back", test_another_certificate_stops_the_coming_back },
  { "core/restart/a-password-that-was-changed-meanwhile-is-asked-for",
    test_a_password_that_was_changed_meanwhile_is_asked_for },
};

int
main (int   argc,
      char *argv[])
{
  return test_server_run (argc, argv, cases, G_N_ELEMENTS (cases));
}
