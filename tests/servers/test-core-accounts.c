/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An account of Flint's on a real server: what a person is told and asked on the way in, how two of one person's are
 * side by side, and how it comes back after the server was away.
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

/* Nothing but a certificate; Prosody does not take any, and then that is said */
static void
test_a_certificate_is_enough (TestServer *server)
{
  g_autoptr(TestFlint) juliet = test_flint_new (server, "juliet");
  g_autoptr(GError) error = NULL;
  g_autofree char *path = test_server_issue_person (server, flint_account_get_address (juliet->account), &error);
  g_autofree char *used = NULL;

  g_assert_no_error (error);
  g_object_set (juliet->account, "client-certificate", path, NULL);
  flint_account_set_password (juliet->account, NULL);

  if (test_server_get_kind (server) == TEST_SERVER_PROSODY)
    {
      flint_account_connect (juliet->account);
      test_wait_for (flint_account_get_state (juliet->account) == FLINT_ACCOUNT_FAILED);
      g_assert_error (flint_account_get_error (juliet->account), XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_CERTIFICATE);
      return;
    }

  test_flint_log_in (juliet);
  g_object_get (juliet->account, "last-mechanism", &used, NULL);
  g_assert_cmpstr (used, ==, "EXTERNAL");
}

/* Somebody else's certificate lets nobody in */
static void
test_the_certificate_of_another_is_refused (TestServer *server)
{
  g_autoptr(TestFlint) juliet = test_flint_new (server, "juliet");
  g_autoptr(GError) error = NULL;
  g_autofree char *path = test_server_issue_person (server, "romeo@elsewhere.example", &error);

  g_assert_no_error (error);
  g_object_set (juliet->account, "client-certificate", path, NULL);
  flint_account_set_password (juliet->account, NULL);
  flint_account_connect (juliet->account);
  test_wait_for (flint_account_get_state (juliet->account) == FLINT_ACCOUNT_FAILED);
  g_assert_error (flint_account_get_error (juliet->account), XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_CERTIFICATE);
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

/* A tester is john and jane, side by side, in one core */

typedef struct
{
  TestFlint *john;
  TestFlint *jane;
} Pair;

static Pair *
pair_new (TestServer *server)
{
  Pair *self = g_new0 (Pair, 1);

  self->john = test_flint_new (server, "john");
  self->jane = test_flint_new_beside (server, self->john, "jane");
  test_flint_log_in (self->john);
  test_flint_log_in (self->jane);
  test_flint_befriend (self->john, self->jane);

  return self;
}

static void
pair_free (Pair *self)
{
  test_flint_free (self->jane);
  test_flint_free (self->john);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pair, pair_free)

/* Each has a conversation of its own, though both are here */
static void
test_two_talk_with_each_other_side_by_side (TestServer *server)
{
  g_autoptr(Pair) pair = pair_new (server);
  FlintConversation *johns = test_flint_open_chat (pair->john, pair->jane);
  FlintConversation *janes;

  g_assert_true (flint_conversation_send (johns, "Are you there?"));
  test_wait_for ((janes = flint_core_find_conversation (pair->jane->core, pair->jane->account,
                                                        flint_account_get_jid (pair->john->account))) != NULL);
  g_assert_true (janes != johns);
  g_assert_true (flint_conversation_get_account (janes) == pair->jane->account);
  g_assert_cmpuint (flint_conversation_get_unread (janes), ==, 1);
  g_assert_cmpuint (flint_conversation_get_unread (johns), ==, 0);
  test_wait_for (flint_message_get_state (test_flint_find_message (johns, "Are you there?")) == FLINT_MESSAGE_DELIVERED);

  g_assert_true (flint_conversation_send (janes, "I am."));
  test_wait_for (test_flint_find_message (johns, "I am.") != NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (flint_conversation_get_timeline (johns))), ==, 2);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (flint_conversation_get_timeline (janes))), ==, 2);
  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_conversations (pair->john->core)), ==, 2);
}

static void
test_a_headline_comes_to_the_one_it_is_for (TestServer *server)
{
  g_autoptr(Pair) pair = pair_new (server);
  g_autoptr(GError) error = NULL;

  flint_headline_send (pair->john->account, flint_account_get_jid (pair->jane->account), "Server down", "It is.", &error);
  g_assert_no_error (error);
  test_wait_for (test_flint_find_headline (pair->jane, "It is.") != NULL);
  g_assert_true (flint_headline_get_account (test_flint_find_headline (pair->jane, "It is.")) == pair->jane->account);
  g_assert_cmpuint (pair->jane->n_headlines, ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_conversations (pair->jane->core)), ==, 0);
}

static void
test_one_goes_and_the_other_stays (TestServer *server)
{
  g_autoptr(Pair) pair = pair_new (server);
  g_autoptr(FlintStatus) status = flint_status_new (XMPP_SHOW_DND, "Testing", FALSE);

  /* What one is, the other is not */
  flint_account_set_status (pair->jane->account, status);
  test_wait_for (test_flint_sees (pair->john, pair->jane, XMPP_SHOW_DND));
  g_assert_cmpstr (flint_contact_get_status_text (test_flint_find_contact (pair->john, pair->jane)), ==, "Testing");
  g_assert_true (test_flint_sees (pair->jane, pair->john, XMPP_SHOW_AVAILABLE));

  flint_account_disconnect (pair->jane->account);
  test_wait_for (test_flint_sees (pair->john, pair->jane, XMPP_SHOW_OFFLINE));
  g_assert_true (flint_account_is_online (pair->john->account));

  test_flint_log_in (pair->jane);
  test_wait_for (!test_flint_sees (pair->john, pair->jane, XMPP_SHOW_OFFLINE));
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

  /* ejabberd says that it goes, and takes everybody with it; Prosody is just gone, and might be back with all of it */
  g_assert_true (test_flint_sees (juliet, romeo, XMPP_SHOW_OFFLINE) ||
                 xmpp_session_is_resumable (flint_account_get_session (juliet->account)));
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
  { "core/accounts/a-certificate-of-ones-own-is-enough", test_a_certificate_is_enough },
  { "core/accounts/the-certificate-of-another-is-refused", test_the_certificate_of_another_is_refused },
  { "core/accounts/a-certificate-is-asked-about-once", test_a_certificate_is_asked_about_once },
  { "core/accounts/a-trust-that-is-taken-back-is-asked-for-again", test_a_trust_that_is_taken_back_is_asked_for_again },
  { "core/accounts/out-and-in-by-hand", test_out_and_in_by_hand },
  { "core/accounts/two-talk-with-each-other-side-by-side", test_two_talk_with_each_other_side_by_side },
  { "core/accounts/a-headline-comes-to-the-one-it-is-for", test_a_headline_comes_to_the_one_it_is_for },
  { "core/accounts/one-goes-and-the-other-stays", test_one_goes_and_the_other_stays },
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
