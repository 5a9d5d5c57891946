/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Flint's contacts on a real server: what one does, as another one and the other device see it */
#include "test-flint.h"

#include "xmpp-blocking.h"

static gboolean
is_in_groups (TestFlint          *flint,
              TestFlint          *other,
              const char         *name,
              const char * const *groups)
{
  FlintContact *contact = test_flint_find_contact (flint, other);
  guint n_groups = g_strv_length ((char **) groups);

  if (contact == NULL || !flint_contact_is_listed (contact) ||
      (name != NULL && g_strcmp0 (flint_contact_get_name (contact), name) != 0) ||
      g_strv_length ((char **) flint_contact_get_groups (contact)) != n_groups)
    return FALSE;

  for (guint i = 0; i < n_groups; i++)
    {
      if (!g_strv_contains (flint_contact_get_groups (contact), groups[i]))
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_in_group (TestFlint  *flint,
             TestFlint  *other,
             const char *name,
             const char *group)
{
  return is_in_groups (flint, other, name, (const char *[]) { group, NULL });
}

static void
test_a_request_is_accepted_and_added_back (TestServer *server)
{
  g_autoptr(TestFlint) romeo = test_flint_new (server, "romeo");
  g_autoptr(TestFlint) juliet = test_flint_new (server, "juliet");
  const char *groups[] = { "Verona::Montagues", "恋人", NULL };

  test_flint_log_in (romeo);
  test_flint_log_in (juliet);

  test_flint_add_contact (romeo, juliet, "Juliet Capulet", "Verona");
  g_assert_true (is_in_group (romeo, juliet, "Juliet Capulet", "Verona"));
  test_wait_for (flint_contact_is_asked (test_flint_find_contact (romeo, juliet)));
  test_wait_for (test_flint_find_request (juliet, romeo) != NULL);
  g_assert_true (test_flint_sees (romeo, juliet, XMPP_SHOW_OFFLINE));

  flint_request_accept (test_flint_find_request (juliet, romeo), TRUE, "Romeo <&> 罗密欧", groups);
  g_assert_null (test_flint_find_request (juliet, romeo));

  test_wait_for (test_flint_sees (romeo, juliet, XMPP_SHOW_AVAILABLE));
  test_wait_for (is_in_groups (juliet, romeo, "Romeo <&> 罗密欧", groups));

  /* romeo has asked her himself, so nobody asks him whether she may see him */
  test_wait_for (flint_contact_get_subscription (test_flint_find_contact (juliet, romeo)) == XMPP_SUBSCRIPTION_BOTH);
  test_wait_for (flint_contact_get_subscription (test_flint_find_contact (romeo, juliet)) == XMPP_SUBSCRIPTION_BOTH);
  test_wait_for (test_flint_sees (juliet, romeo, XMPP_SHOW_AVAILABLE));
  g_assert_null (test_flint_find_request (romeo, juliet));
}

/* Declining everyone does not decline those whom one has added */
static void
test_whom_one_added_is_not_declined (TestServer *server)
{
  g_autoptr(TestFlint) romeo = test_flint_new (server, "romeo");
  g_autoptr(TestFlint) juliet = test_flint_new (server, "juliet");

  test_flint_log_in (romeo);
  test_flint_log_in (juliet);
  g_object_set (romeo->account, "subscription-mode", XMPP_SUBSCRIPTION_MODE_REJECT_ALL, NULL);
  test_flint_add_contact (romeo, juliet, "Juliet", NULL);
  test_wait_for (test_flint_find_request (juliet, romeo) != NULL);
  flint_request_accept (test_flint_find_request (juliet, romeo), TRUE, "Romeo", NULL);
  test_wait_for (flint_contact_get_subscription (test_flint_find_contact (romeo, juliet)) == XMPP_SUBSCRIPTION_BOTH);
  test_wait_for (test_flint_sees (juliet, romeo, XMPP_SHOW_AVAILABLE));
}

static void
test_who_is_declined_sees_nothing (TestServer *server)
{
  g_autoptr(TestFlint) romeo = test_flint_new (server, "romeo");
  g_autoptr(TestFlint) juliet = test_flint_new (server, "juliet");

  test_flint_log_in (romeo);
  test_flint_log_in (juliet);
  test_flint_add_contact (romeo, juliet, NULL, NULL);
  test_wait_for (test_flint_find_request (juliet, romeo) != NULL);
  g_assert_cmpstr (flint_request_get_text (test_flint_find_request (juliet, romeo)), ==, "It is me");

  flint_request_decline (test_flint_find_request (juliet, romeo));
  test_wait_for (!flint_contact_is_asked (test_flint_find_contact (romeo, juliet)));
  g_assert_cmpint (flint_contact_get_subscription (test_flint_find_contact (romeo, juliet)), ==, XMPP_SUBSCRIPTION_NONE);
  g_assert_true (test_flint_sees (romeo, juliet, XMPP_SHOW_OFFLINE));
  g_assert_null (test_flint_find_request (juliet, romeo));
}

static gboolean
has_blocked (TestFlint *flint,
             TestFlint *other)
{
  XmppBlocking *blocking = xmpp_session_get_module (flint_account_get_session (flint->account), XMPP_TYPE_BLOCKING);

  return xmpp_blocking_is_blocked (blocking, flint_account_get_jid (other->account));
}

static void
test_who_is_blocked_reaches_nobody (TestServer *server)
{
  g_autoptr(TestFlint) romeo = test_flint_new (server, "romeo");
  g_autoptr(TestFlint) juliet = test_flint_new (server, "juliet");
  FlintConversation *chat;
  FlintContact *asked;

  test_flint_log_in (romeo);
  test_flint_log_in (juliet);
  test_flint_add_contact (romeo, juliet, NULL, NULL);
  test_wait_for (test_flint_find_request (juliet, romeo) != NULL);
  asked = test_flint_find_contact (romeo, juliet);
  test_wait_for (flint_contact_is_asked (asked));
  g_assert_null (flint_contact_get_status_text (asked));

  flint_request_block (test_flint_find_request (juliet, romeo));
  test_wait_for (has_blocked (juliet, romeo));

  /* he is told no, before he is not heard any more */
  test_wait_for (flint_contact_get_status_text (asked) != NULL && !flint_contact_is_asked (asked));

  chat = test_flint_open_chat (romeo, juliet);
  g_assert_true (flint_conversation_send (chat, "Hello?"));
  test_wait_for (flint_message_get_state (test_flint_find_message (chat, "Hello?")) == FLINT_MESSAGE_FAILED);
  g_assert_nonnull (flint_message_get_failure (test_flint_find_message (chat, "Hello?")));
  g_assert_cmpuint (juliet->n_messages, ==, 0);

  /* the request was answered for good: it does not come again with the next login, nor does another one */
  test_flint_add_contact (romeo, juliet, "Juliet", NULL);
  test_flint_log_out (juliet);
  test_flint_log_in (juliet);
  test_wait_for (has_blocked (juliet, romeo));
  test_flint_sync (juliet);
  g_assert_null (test_flint_find_request (juliet, romeo));
}

/* On the other device */

static void
test_edits_are_seen_on_the_other_device (TestServer *server)
{
  g_autoptr(TestFlint) juliet = test_flint_new (server, "juliet");
  g_autoptr(TestFlint) phone = test_flint_new_device (server, juliet, "phone");
  g_autoptr(TestFlint) nurse = test_flint_new (server, "nurse");
  GAsyncResult *result = NULL;

  test_flint_log_in (juliet);
  test_flint_log_in (phone);

  test_flint_add_contact (juliet, nurse, "Nurse", "Home");
  test_wait_for (is_in_group (phone, nurse, "Nurse", "Home"));

  flint_account_rename_contact_async (phone->account, test_flint_find_contact (phone, nurse), "奶妈 <&>",
                                      test_flint_keep_result, &result);
  test_flint_end_change (phone, &result);
  test_wait_for (is_in_group (juliet, nurse, "奶妈 <&>", "Home"));

  flint_account_set_groups_async (juliet->account, test_flint_find_contact (juliet, nurse),
                                  (const char *[]) { "Home::Servants", "Friends", NULL }, test_flint_keep_result, &result);
  test_flint_end_change (juliet, &result);
  test_wait_for (is_in_groups (phone, nurse, "奶妈 <&>", (const char *[]) { "Home::Servants", "Friends", NULL }));

  flint_account_remove_contact_async (phone->account, test_flint_find_contact (phone, nurse),
                                      test_flint_keep_result, &result);
  test_flint_end_change (phone, &result);
  test_wait_for (test_flint_find_contact (juliet, nurse) == NULL);
}

static void
test_a_group_is_renamed_with_all_in_it (TestServer *server)
{
  g_autoptr(TestFlint) juliet = test_flint_new (server, "juliet");
  g_autoptr(TestFlint) phone = test_flint_new_device (server, juliet, "phone");
  g_autoptr(TestFlint) nurse = test_flint_new (server, "nurse");
  g_autoptr(TestFlint) peter = test_flint_new (server, "peter");
  g_autoptr(TestFlint) romeo = test_flint_new (server, "romeo");
  GAsyncResult *result = NULL;

  test_flint_log_in (juliet);
  test_flint_log_in (phone);
  test_flint_add_contact (juliet, nurse, "Nurse", "Home");
  test_flint_add_contact (juliet, peter, "Peter", "Home::Servants");
  test_flint_add_contact (juliet, romeo, "Romeo", "Homework");

  flint_account_rename_group_async (juliet->account, "Home", "Casa <&> 家", test_flint_keep_result, &result);
  test_flint_end_change (juliet, &result);

  test_wait_for (is_in_group (phone, nurse, "Nurse", "Casa <&> 家"));
  test_wait_for (is_in_group (phone, peter, "Peter", "Casa <&> 家::Servants"));
  g_assert_true (is_in_group (phone, romeo, "Romeo", "Homework"));
  g_assert_true (is_in_group (juliet, nurse, "Nurse", "Casa <&> 家"));
  g_assert_true (is_in_group (juliet, peter, "Peter", "Casa <&> 家::Servants"));

  /* Somebody who was in both is then in one */
  flint_account_set_groups_async (juliet->account, test_flint_find_contact (juliet, romeo),
                                  (const char *[]) { "Homework", "Old::Team", NULL }, test_flint_keep_result, &result);
  test_flint_end_change (juliet, &result);
  flint_account_rename_group_async (juliet->account, "Old::Team", "Homework", test_flint_keep_result, &result);
  test_flint_end_change (juliet, &result);
  test_wait_for (is_in_group (juliet, romeo, "Romeo", "Homework") && is_in_group (phone, romeo, "Romeo", "Homework"));
}

static void
test_a_request_is_answered_on_one_device_for_both (TestServer *server)
{
  g_autoptr(TestFlint) romeo = test_flint_new (server, "romeo");
  g_autoptr(TestFlint) juliet = test_flint_new (server, "juliet");
  g_autoptr(TestFlint) phone = test_flint_new_device (server, juliet, "phone");

  test_flint_log_in (romeo);
  test_flint_log_in (juliet);
  test_flint_log_in (phone);
  test_flint_add_contact (romeo, juliet, NULL, NULL);
  test_wait_for (test_flint_find_request (juliet, romeo) != NULL && test_flint_find_request (phone, romeo) != NULL);

  flint_request_accept (test_flint_find_request (phone, romeo), FALSE, NULL, NULL);
  test_wait_for (test_flint_find_request (juliet, romeo) == NULL);
  test_wait_for (test_flint_sees (romeo, juliet, XMPP_SHOW_AVAILABLE));
}

/* Presence */

static void
test_every_status_is_seen (TestServer *server)
{
  g_autoptr(TestFlint) romeo = test_flint_new (server, "romeo");
  g_autoptr(TestFlint) juliet = test_flint_new (server, "juliet");

  test_flint_log_in (romeo);
  test_flint_log_in (juliet);
  test_flint_befriend (romeo, juliet);

  for (XmppShow show = XMPP_SHOW_CHAT; show <= XMPP_SHOW_OFFLINE; show++)
    {
      g_autofree char *text = g_strdup_printf ("Status %d, 状态", show);
      g_autoptr(FlintStatus) status = flint_status_new (show, text, FALSE);

      g_object_set (juliet->core, "status", status, NULL);
      test_wait_for (test_flint_sees (romeo, juliet, show));
      if (show != XMPP_SHOW_OFFLINE)
        test_wait_for (g_strcmp0 (flint_contact_get_status_text (test_flint_find_contact (romeo, juliet)), text) == 0);
    }

  g_assert_cmpint (flint_account_get_state (juliet->account), ==, FLINT_ACCOUNT_OFFLINE);
}

static const TestServerCase cases[] = {
  { "core/contacts/a-request-is-accepted-and-added-back", test_a_request_is_accepted_and_added_back },
  { "core/contacts/whom-one-added-is-not-declined", test_whom_one_added_is_not_declined },
  { "core/contacts/who-is-declined-sees-nothing", test_who_is_declined_sees_nothing },
  { "core/contacts/T140-who-is-blocked-reaches-nobody", test_who_is_blocked_reaches_nobody },
  { "core/contacts/edits-are-seen-on-the-other-device", test_edits_are_seen_on_the_other_device },
  { "core/contacts/a-group-is-renamed-with-all-in-it", test_a_group_is_renamed_with_all_in_it },
  { "core/contacts/a-request-is-answered-on-one-device-for-both", test_a_request_is_answered_on_one_device_for_both },
  { "core/contacts/every-status-is-seen", test_every_status_is_seen },
};

int
main (int   argc,
      char *argv[])
{
  return test_server_run (argc, argv, cases, G_N_ELEMENTS (cases));
}
