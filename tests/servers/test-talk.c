/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contacts, presence and messages over a real server: what one client does, as another one sees it */
#include "test-client.h"

#include "xmpp-carbons.h"
#include "xmpp-chat-states.h"

static const XmppRosterItem *
get_item (TestClient *client,
          const char *address)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (address, NULL);

  return xmpp_roster_get_item (client->roster, jid);
}

static gboolean
is_called (TestClient *client,
           const char *address,
           const char *name,
           const char *group)
{
  const XmppRosterItem *item = get_item (client, address);

  return item != NULL && g_strcmp0 (item->name, name) == 0 &&
         (group == NULL ? item->groups[0] == NULL : g_strv_contains ((const char * const *) item->groups, group));
}

/* Contacts */

static void
test_contacts_are_the_same_on_both_devices (TestServer *server)
{
  g_autoptr(TestClient) juliet = test_client_new_user (server, "juliet");
  g_autoptr(TestClient) phone = test_client_new_device (server, juliet, "phone");
  g_autofree char *nurse = g_strdup_printf ("nurse@%s", test_server_get_domain (server, TEST_HOST_MAIN));

  test_client_log_in (juliet);
  test_client_log_in (phone);
  g_assert_null (get_item (phone, nurse));

  test_client_set_contact (juliet, nurse, "Nurse", "Home");
  test_wait_for (is_called (phone, nurse, "Nurse", "Home"));

  test_client_set_contact (phone, nurse, "奶妈 <&>", "Home::Servants");
  test_wait_for (is_called (juliet, nurse, "奶妈 <&>", "Home::Servants"));

  test_client_set_contact (juliet, nurse, "Nurse", NULL);
  test_wait_for (is_called (phone, nurse, "Nurse", NULL));

  test_client_remove_contact (phone, nurse);
  test_wait_for (get_item (juliet, nurse) == NULL);
}

static void
test_contacts_are_there_at_the_next_login (TestServer *server)
{
  g_autoptr(TestClient) juliet = test_client_new_user (server, "juliet");
  g_autofree char *nurse = g_strdup_printf ("nurse@%s", test_server_get_domain (server, TEST_HOST_MAIN));

  test_client_log_in (juliet);
  test_client_set_contact (juliet, nurse, "Nurse", "Home");
  test_client_close (juliet);
  test_client_log_in (juliet);

  g_assert_true (is_called (juliet, nurse, "Nurse", "Home"));
}

/* Subscriptions */

static void
test_a_request_waits_for_its_answer (TestServer *server)
{
  g_autoptr(TestClient) romeo = test_client_new_user (server, "romeo");
  g_autoptr(TestClient) juliet = test_client_new_user (server, "juliet");
  const char *romeo_address = test_client_get_address (romeo);
  const char *juliet_address = test_client_get_address (juliet);

  test_client_log_in (romeo);
  test_client_log_in (juliet);

  xmpp_presence_subscribe (romeo->presence, xmpp_session_get_jid (juliet->session), "It is me");
  test_wait_for (juliet->requests->len == 1);
  g_assert_cmpstr (g_ptr_array_index (juliet->requests, 0), ==, romeo_address);
  test_wait_for (get_item (romeo, juliet_address) != NULL && get_item (romeo, juliet_address)->is_asked);
  g_assert_cmpint (test_client_get_show (romeo, juliet_address), ==, XMPP_SHOW_OFFLINE);

  xmpp_presence_accept (juliet->presence, xmpp_session_get_jid (romeo->session));
  test_wait_for (test_client_get_subscription (romeo, juliet_address) == XMPP_SUBSCRIPTION_TO);
  test_wait_for (test_client_get_subscription (juliet, romeo_address) == XMPP_SUBSCRIPTION_FROM);
  test_wait_for (test_client_get_show (romeo, juliet_address) == XMPP_SHOW_AVAILABLE);
  g_assert_cmpint (test_client_get_show (juliet, romeo_address), ==, XMPP_SHOW_OFFLINE);
}

static void
test_a_request_that_came_while_offline_comes_at_login (TestServer *server)
{
  g_autoptr(TestClient) romeo = test_client_new_user (server, "romeo");
  g_autoptr(TestClient) juliet = test_client_new_user (server, "juliet");

  test_client_log_in (romeo);
  xmpp_presence_subscribe (romeo->presence, xmpp_session_get_jid (juliet->session), NULL);
  test_wait_for (get_item (romeo, test_client_get_address (juliet)) != NULL);

  test_client_log_in (juliet);
  test_wait_for (juliet->requests->len == 1);
}

static void
test_accepting_all_asks_nobody (TestServer *server)
{
  g_autoptr(TestClient) romeo = test_client_new_user (server, "romeo");
  g_autoptr(TestClient) juliet = test_client_new_user (server, "juliet");

  g_object_set (juliet->presence, "subscription-mode", XMPP_SUBSCRIPTION_MODE_ACCEPT_ALL, NULL);
  test_client_log_in (romeo);
  test_client_log_in (juliet);

  xmpp_presence_subscribe (romeo->presence, xmpp_session_get_jid (juliet->session), NULL);
  test_wait_for (test_client_get_show (romeo, test_client_get_address (juliet)) == XMPP_SHOW_AVAILABLE);
  g_assert_cmpuint (juliet->requests->len, ==, 0);
}

static void
on_answered (XmppPresence *presence,
             XmppJid      *jid,
             gboolean      is_accepted,
             gpointer      user_data)
{
  *(int *) user_data = is_accepted ? 1 : -1;
}

static void
test_rejecting_all_asks_nobody (TestServer *server)
{
  g_autoptr(TestClient) romeo = test_client_new_user (server, "romeo");
  g_autoptr(TestClient) juliet = test_client_new_user (server, "juliet");
  int answer = 0;

  g_object_set (juliet->presence, "subscription-mode", XMPP_SUBSCRIPTION_MODE_REJECT_ALL, NULL);
  test_client_log_in (romeo);
  test_client_log_in (juliet);

  g_signal_connect (romeo->presence, "answered", G_CALLBACK (on_answered), &answer);
  xmpp_presence_subscribe (romeo->presence, xmpp_session_get_jid (juliet->session), NULL);
  test_wait_for (answer != 0);
  g_assert_cmpint (answer, ==, -1);
  g_assert_cmpuint (juliet->requests->len, ==, 0);
  g_assert_cmpint (test_client_get_subscription (romeo, test_client_get_address (juliet)), ==, XMPP_SUBSCRIPTION_NONE);
  g_signal_handlers_disconnect_by_func (romeo->presence, on_answered, &answer);
}

static void
test_a_contact_that_goes_is_gone_for_both (TestServer *server)
{
  g_autoptr(TestClient) romeo = test_client_new_user (server, "romeo");
  g_autoptr(TestClient) juliet = test_client_new_user (server, "juliet");
  const char *romeo_address = test_client_get_address (romeo);
  const char *juliet_address = test_client_get_address (juliet);

  test_client_log_in (romeo);
  test_client_log_in (juliet);
  test_client_befriend (romeo, juliet);

  test_client_remove_contact (romeo, juliet_address);
  test_wait_for (test_client_get_subscription (juliet, romeo_address) == XMPP_SUBSCRIPTION_NONE);
  test_wait_for (test_client_get_show (juliet, romeo_address) == XMPP_SHOW_OFFLINE);
  test_wait_for (test_client_get_show (romeo, juliet_address) == XMPP_SHOW_OFFLINE);
}

/* Presence */

static void
test_every_mode_is_seen (TestServer *server)
{
  g_autoptr(TestClient) romeo = test_client_new_user (server, "romeo");
  g_autoptr(TestClient) juliet = test_client_new_user (server, "juliet");
  const char *address = test_client_get_address (juliet);

  test_client_log_in (romeo);
  test_client_log_in (juliet);
  test_client_befriend (romeo, juliet);

  for (XmppShow show = XMPP_SHOW_CHAT; show <= XMPP_SHOW_OFFLINE; show++)
    {
      g_autofree char *status = g_strdup_printf ("Status %d, 状态", show);

      xmpp_presence_set (juliet->presence, show, status, 7);
      test_wait_for (test_client_get_show (romeo, address) == show &&
                     g_strcmp0 (test_client_get_best (romeo, address)->status, status) == 0);
      if (show != XMPP_SHOW_OFFLINE)
        g_assert_cmpint (test_client_get_best (romeo, address)->priority, ==, 7);
    }

  xmpp_presence_set (juliet->presence, XMPP_SHOW_AVAILABLE, NULL, 0);
  test_wait_for (test_client_get_show (romeo, address) == XMPP_SHOW_AVAILABLE);
}

static gboolean
has_best (TestClient *client,
          const char *address,
          const char *resource,
          XmppShow    show)
{
  const XmppResource *best = test_client_get_best (client, address);

  return best != NULL && best->show == show && g_strcmp0 (xmpp_jid_get_resource (best->jid), resource) == 0;
}

static void
test_the_device_with_the_highest_priority_is_shown (TestServer *server)
{
  g_autoptr(TestClient) romeo = test_client_new_user (server, "romeo");
  g_autoptr(TestClient) juliet = test_client_new_user (server, "juliet");
  g_autoptr(TestClient) desktop = test_client_new_device (server, juliet, "desktop");
  g_autoptr(TestClient) phone = test_client_new_device (server, juliet, "phone");
  g_autoptr(GPtrArray) resources = NULL;
  const char *address = test_client_get_address (juliet);

  xmpp_presence_set (desktop->presence, XMPP_SHOW_AWAY, NULL, 10);
  xmpp_presence_set (phone->presence, XMPP_SHOW_CHAT, NULL, 5);
  test_client_log_in (romeo);
  test_client_log_in (desktop);
  test_client_befriend (romeo, desktop);
  test_client_log_in (phone);

  resources = xmpp_presence_get_resources (romeo->presence, xmpp_session_get_jid (juliet->session));
  while (resources->len < 2)
    {
      g_main_context_iteration (NULL, TRUE);
      g_clear_pointer (&resources, g_ptr_array_unref);
      resources = xmpp_presence_get_resources (romeo->presence, xmpp_session_get_jid (juliet->session));
    }
  g_assert_true (has_best (romeo, address, "desktop", XMPP_SHOW_AWAY));

  xmpp_presence_set (phone->presence, XMPP_SHOW_CHAT, NULL, 20);
  test_wait_for (has_best (romeo, address, "phone", XMPP_SHOW_CHAT));

  test_client_close (phone);
  test_wait_for (has_best (romeo, address, "desktop", XMPP_SHOW_AWAY));
}

static void
test_whose_connection_breaks_is_offline (TestServer *server)
{
  g_autoptr(TestClient) romeo = test_client_new_user (server, "romeo");
  g_autoptr(TestClient) juliet = test_client_new_user (server, "juliet");

  test_client_log_in (romeo);
  test_client_log_in (juliet);
  test_client_befriend (romeo, juliet);

  xmpp_session_abort (juliet->session);
  test_wait_for (test_client_get_show (romeo, test_client_get_address (juliet)) == XMPP_SHOW_OFFLINE);
}

static void
test_nobody_sees_who_is_invisible (TestServer *server)
{
  g_autoptr(TestClient) romeo = test_client_new_user (server, "romeo");
  g_autoptr(TestClient) juliet = test_client_new_user (server, "juliet");
  const char *address = test_client_get_address (juliet);

  test_client_log_in (romeo);
  test_client_log_in (juliet);
  test_client_befriend (romeo, juliet);

  xmpp_presence_set_invisible (juliet->presence, TRUE);
  test_wait_for (juliet->is_invisible_refused || test_client_get_show (romeo, address) == XMPP_SHOW_OFFLINE);

  /* Prosody has neither way to be invisible (XEP-0126, XEP-0186), and says so; whoever was seen still is */
  g_assert_cmpint (juliet->is_invisible_refused, ==, test_server_get_kind (server) == TEST_SERVER_PROSODY);
  if (juliet->is_invisible_refused)
    {
      g_assert_cmpint (test_client_get_show (romeo, address), ==, XMPP_SHOW_AVAILABLE);
      return;
    }

  /* messages still come, and so does what others are */
  xmpp_presence_set (romeo->presence, XMPP_SHOW_AWAY, NULL, 0);
  test_wait_for (test_client_get_show (juliet, test_client_get_address (romeo)) == XMPP_SHOW_AWAY);
  test_client_send (romeo, XMPP_MESSAGE_CHAT, address, NULL, "Are you there?");
  test_client_wait (juliet, "Are you there?");
  g_assert_cmpint (test_client_get_show (romeo, address), ==, XMPP_SHOW_OFFLINE);

  xmpp_presence_set_invisible (juliet->presence, FALSE);
  test_wait_for (test_client_get_show (romeo, address) == XMPP_SHOW_AVAILABLE);
}

/* Messages */

static const struct
{
  XmppMessageType  type;
  const char      *subject;
  const char      *body;
} kinds[] = {
  { XMPP_MESSAGE_NORMAL,   "Sunday",      "Shall we meet?\nAt the balcony" },
  { XMPP_MESSAGE_CHAT,     NULL,          "Hello <b>&amp;</b> 你好 🦊" },
  { XMPP_MESSAGE_HEADLINE, "Server down", "The server is down until noon" },
};

static void
assert_arrives (TestClient *from,
                TestClient *to,
                guint       kind)
{
  const TestMessage *message;

  test_client_send (from, kinds[kind].type, test_client_get_address (to), kinds[kind].subject, kinds[kind].body);
  message = test_client_wait (to, kinds[kind].body);

  g_assert_cmpint (message->type, ==, kinds[kind].type);
  g_assert_cmpstr (message->subject, ==, kinds[kind].subject);
  g_assert_cmpstr (message->from, ==, xmpp_jid_get_text (xmpp_session_get_own_jid (from->session)));
  g_assert_nonnull (message->id);
}

static void
test_normal_chat_and_headline_arrive_each_way (TestServer *server)
{
  g_autoptr(TestClient) romeo = test_client_new_user (server, "romeo");
  g_autoptr(TestClient) juliet = test_client_new_user (server, "juliet");

  test_client_log_in (romeo);
  test_client_log_in (juliet);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      assert_arrives (romeo, juliet, i);
      assert_arrives (juliet, romeo, i);
    }
}

static void
test_what_cannot_be_delivered_comes_back_as_an_error (TestServer *server)
{
  g_autoptr(TestClient) romeo = test_client_new_user (server, "romeo");
  g_autofree char *nobody = g_strdup_printf ("nobody@%s", test_server_get_domain (server, TEST_HOST_MAIN));
  const TestMessage *message;

  test_client_log_in (romeo);
  test_client_send (romeo, XMPP_MESSAGE_CHAT, nobody, NULL, "Is anybody there?");
  test_wait_for (test_client_find_error (romeo) != NULL);

  message = test_client_find_error (romeo);
  g_assert_cmpstr (message->from, ==, nobody);
  g_assert_error (message->error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_SERVICE_UNAVAILABLE);
}

/* As a client refuses what it was sent */
static void
assert_refusal_arrives (TestClient *from,
                        TestClient *to)
{
  g_autoptr(XmppStanza) stanza = xmpp_stanza_new ("message", XMPP_NS_CLIENT);
  XmppNode *root = xmpp_stanza_get_root (stanza);
  XmppNode *child;

  xmpp_node_set (root, "type", "error");
  xmpp_node_set (root, "to", xmpp_jid_get_text (xmpp_session_get_own_jid (to->session)));
  xmpp_node_set (root, "id", "refused");
  child = xmpp_node_add (root, "error", XMPP_NS_CLIENT);
  xmpp_node_set (child, "type", "cancel");
  xmpp_node_add (child, "not-acceptable", "urn:ietf:params:xml:ns:xmpp-stanzas");
  xmpp_session_send (from->session, stanza);

  test_wait_for (test_client_find_error (to) != NULL);
  g_assert_cmpstr (test_client_find_error (to)->id, ==, "refused");
  g_assert_cmpstr (test_client_find_error (to)->from, ==, xmpp_jid_get_text (xmpp_session_get_own_jid (from->session)));
  g_assert_error (test_client_find_error (to)->error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_NOT_ACCEPTABLE);
}

static void
test_an_error_arrives_each_way (TestServer *server)
{
  g_autoptr(TestClient) romeo = test_client_new_user (server, "romeo");
  g_autoptr(TestClient) juliet = test_client_new_user (server, "juliet");

  test_client_log_in (romeo);
  test_client_log_in (juliet);
  assert_refusal_arrives (romeo, juliet);
  assert_refusal_arrives (juliet, romeo);
}

static void
test_another_server_cannot_be_reached (TestServer *server)
{
  g_autoptr(TestClient) romeo = test_client_new_user (server, "romeo");
  const TestMessage *message;

  test_client_log_in (romeo);
  test_client_send (romeo, XMPP_MESSAGE_CHAT, "juliet@elsewhere.invalid", NULL, "Hello");
  test_wait_for (test_client_find_error (romeo) != NULL);

  message = test_client_find_error (romeo);
  g_assert_cmpstr (message->from, ==, "juliet@elsewhere.invalid");
  g_assert_nonnull (message->error);
}

static void
test_messages_wait_for_who_is_offline (TestServer *server)
{
  g_autoptr(TestClient) romeo = test_client_new_user (server, "romeo");
  g_autoptr(TestClient) juliet = test_client_new_user (server, "juliet");

  test_client_log_in (romeo);
  test_client_send (romeo, XMPP_MESSAGE_CHAT, test_client_get_address (juliet), NULL, "Sleep well");
  test_client_sync (romeo);

  test_client_log_in (juliet);
  g_assert_true (test_client_wait (juliet, "Sleep well")->is_delayed);
}

static void
test_a_receipt_comes_from_a_contact (TestServer *server)
{
  g_autoptr(TestClient) romeo = test_client_new_user (server, "romeo");
  g_autoptr(TestClient) juliet = test_client_new_user (server, "juliet");
  const char *id;

  test_client_log_in (romeo);
  test_client_log_in (juliet);
  test_client_befriend (romeo, juliet);

  test_client_send (romeo, XMPP_MESSAGE_CHAT, test_client_get_address (juliet), NULL, "Did you get this?");
  id = test_client_wait (juliet, "Did you get this?")->id;
  test_wait_for (test_client_find_receipt (romeo) != NULL);
  g_assert_cmpstr (test_client_find_receipt (romeo)->received_id, ==, id);
}

static void
test_typing_is_seen_by_a_contact (TestServer *server)
{
  g_autoptr(TestClient) romeo = test_client_new_user (server, "romeo");
  g_autoptr(TestClient) juliet = test_client_new_user (server, "juliet");

  test_client_log_in (romeo);
  test_client_log_in (juliet);
  test_client_befriend (romeo, juliet);

  xmpp_chat_states_send (romeo->session, xmpp_session_get_jid (juliet->session), XMPP_MESSAGE_CHAT,
                         XMPP_CHAT_STATE_COMPOSING);
  test_wait_for (test_client_find_state (juliet, XMPP_CHAT_STATE_COMPOSING) != NULL);
}

static gboolean
has_carbons (TestClient *client)
{
  gboolean is_enabled;

  g_object_get (xmpp_session_get_module (client->session, XMPP_TYPE_CARBONS), "enabled", &is_enabled, NULL);

  return is_enabled;
}

static void
test_the_other_device_gets_copies (TestServer *server)
{
  g_autoptr(TestClient) romeo = test_client_new_user (server, "romeo");
  g_autoptr(TestClient) juliet = test_client_new_user (server, "juliet");
  g_autoptr(TestClient) phone = test_client_new_device (server, juliet, "phone");

  test_client_log_in (romeo);
  test_client_log_in (juliet);
  test_client_log_in (phone);
  test_wait_for (has_carbons (juliet) && has_carbons (phone));

  test_client_send (romeo, XMPP_MESSAGE_CHAT, xmpp_jid_get_text (xmpp_session_get_own_jid (juliet->session)),
                    NULL, "To the desktop alone");
  g_assert_cmpint (test_client_wait (juliet, "To the desktop alone")->carbon, ==, XMPP_CARBON_NONE);
  g_assert_cmpint (test_client_wait (phone, "To the desktop alone")->carbon, ==, XMPP_CARBON_RECEIVED);

  test_client_send (juliet, XMPP_MESSAGE_CHAT, test_client_get_address (romeo), NULL, "From the desktop");
  g_assert_cmpint (test_client_wait (phone, "From the desktop")->carbon, ==, XMPP_CARBON_SENT);
  test_client_wait (romeo, "From the desktop");
}

static const TestServerCase cases[] = {
  { "contacts/are-the-same-on-both-devices", test_contacts_are_the_same_on_both_devices },
  { "contacts/are-there-at-the-next-login", test_contacts_are_there_at_the_next_login },
  { "subscription/a-request-waits-for-its-answer", test_a_request_waits_for_its_answer },
  { "subscription/a-request-that-came-while-offline-comes-at-login", test_a_request_that_came_while_offline_comes_at_login },
  { "subscription/accepting-all-asks-nobody", test_accepting_all_asks_nobody },
  { "subscription/rejecting-all-asks-nobody", test_rejecting_all_asks_nobody },
  { "subscription/a-contact-that-goes-is-gone-for-both", test_a_contact_that_goes_is_gone_for_both },
  { "presence/every-mode-is-seen", test_every_mode_is_seen },
  { "presence/the-device-with-the-highest-priority-is-shown", test_the_device_with_the_highest_priority_is_shown },
  { "presence/whose-connection-breaks-is-offline", test_whose_connection_breaks_is_offline },
  { "presence/nobody-sees-who-is-invisible", test_nobody_sees_who_is_invisible },
  { "messages/normal-chat-and-headline-arrive-each-way", test_normal_chat_and_headline_arrive_each_way },
  { "messages/what-cannot-be-delivered-comes-back-as-an-error", test_what_cannot_be_delivered_comes_back_as_an_error },
  { "messages/an-error-arrives-each-way", test_an_error_arrives_each_way },
  { "messages/another-server-cannot-be-reached", test_another_server_cannot_be_reached },
  { "messages/wait-for-who-is-offline", test_messages_wait_for_who_is_offline },
  { "messages/a-receipt-comes-from-a-contact", test_a_receipt_comes_from_a_contact },
  { "messages/typing-is-seen-by-a-contact", test_typing_is_seen_by_a_contact },
  { "messages/the-other-device-gets-copies", test_the_other_device_gets_copies },
};

int
main (int   argc,
      char *argv[])
{
  return test_server_run (argc, argv, cases, G_N_ELEMENTS (cases));
}
