/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-flint.h"

#include "xmpp-random.h"

static void
count (guint *number)
{
  (*number)++;
}

static void
on_problem (TestFlint       *self,
            XmppCertificate *certificate)
{
  g_set_object (&self->problem, certificate);
}

static FlintCore *
new_core (TestFlint *self)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *config = NULL;
  g_autofree char *data = NULL;
  g_autofree char *cache = NULL;

  self->directory = g_dir_make_tmp ("flint-test-XXXXXX", &error);
  g_assert_no_error (error);
  config = g_build_filename (self->directory, "config", NULL);
  data = g_build_filename (self->directory, "data", NULL);
  cache = g_build_filename (self->directory, "cache", NULL);

  return flint_core_new (config, data, cache);
}

static TestFlint *
new_flint (TestServer *server,
           TestHost    host,
           FlintCore  *core,
           const char *address,
           const char *password,
           const char *resource)
{
  TestFlint *self = g_new0 (TestFlint, 1);
  g_autoptr(GTlsDatabase) database = NULL;
  g_autoptr(GError) error = NULL;

  self->address = g_strdup (address);
  self->password = g_strdup (password);
  self->core = core != NULL ? g_object_ref (core) : new_core (self);

  database = g_tls_file_database_new (test_server_get_ca_path (server), &error);
  g_assert_no_error (error);

  /* as a person fills in the form, but that nothing of it goes to the keyring */
  self->account = flint_account_new (address);
  g_object_set (self->account,
                "is-transient", TRUE,
                "host", "127.0.0.1",
                "port", (int) test_server_get_port (server, host),
                "proxy", "direct://",
                "resource", resource != NULL ? resource : "",
                NULL);
  flint_account_set_tls_database (self->account, database);
  flint_account_set_password (self->account, password);

  g_signal_connect_swapped (self->account, "password-needed", G_CALLBACK (count), &self->n_password_needed);
  g_signal_connect_swapped (self->account, "certificate-problem", G_CALLBACK (on_problem), self);
  g_signal_connect_swapped (self->core, "message-received", G_CALLBACK (count), &self->n_messages);
  g_signal_connect_swapped (self->core, "headline-received", G_CALLBACK (count), &self->n_headlines);
  flint_account_list_add (flint_core_get_accounts (self->core), self->account);

  return self;
}

/**
 * test_flint_new_at:
 * @name: what its address begins with
 *
 * Returns: a Flint for a new account of a host, not connected
 */
TestFlint *
test_flint_new_at (TestServer *server,
                   TestHost    host,
                   const char *name)
{
  g_autofree char *password = xmpp_random_id ();
  g_autofree char *address = test_server_new_user (server, host, name, password);

  return new_flint (server, host, NULL, address, password, NULL);
}

TestFlint *
test_flint_new (TestServer *server,
                const char *name)
{
  return test_flint_new_at (server, TEST_HOST_MAIN, name);
}

/**
 * test_flint_new_device:
 *
 * Returns: another Flint for the same account
 */
TestFlint *
test_flint_new_device (TestServer *server,
                       TestFlint  *other,
                       const char *resource)
{
  return new_flint (server, TEST_HOST_MAIN, NULL, other->address, other->password, resource);
}

/**
 * test_flint_new_beside:
 * @other: who has the core, which goes with him: he is freed last
 *
 * Returns: another account, not connected, in the other one's core
 */
TestFlint *
test_flint_new_beside (TestServer *server,
                       TestFlint  *other,
                       const char *name)
{
  g_autofree char *password = xmpp_random_id ();
  g_autofree char *address = test_server_new_user (server, TEST_HOST_MAIN, name, password);

  return new_flint (server, TEST_HOST_MAIN, other->core, address, password, NULL);
}

static void
remove_tree (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }

  g_file_delete (file, NULL, NULL);
}

/**
 * test_flint_free:
 *
 * Ends it, and asserts that nothing keeps the core, the account and its session.
 */
void
test_flint_free (TestFlint *self)
{
  gpointer core = self->core;
  gpointer account = self->account;
  gpointer session = flint_account_get_session (self->account);

  g_signal_handlers_disconnect_by_data (self->account, self);
  g_signal_handlers_disconnect_by_data (self->account, &self->n_password_needed);
  g_object_add_weak_pointer (account, &account);
  g_object_add_weak_pointer (session, &session);

  if (self->directory == NULL)
    {
      g_signal_handlers_disconnect_by_data (core, &self->n_messages);
      g_signal_handlers_disconnect_by_data (core, &self->n_headlines);
      flint_account_list_remove (flint_core_get_accounts (core), account);
      core = NULL;
    }
  else
    {
      g_object_add_weak_pointer (core, &core);
    }

  g_clear_object (&self->core);
  g_clear_object (&self->account);
  test_wait_for (core == NULL && account == NULL && session == NULL);

  if (self->directory != NULL)
    remove_tree (self->directory);
  g_clear_object (&self->problem);
  g_free (self->directory);
  g_free (self->address);
  g_free (self->password);
  g_free (self);
}

/**
 * test_flint_is_ready:
 *
 * Returns: whether it is online with all of its contacts
 */
gboolean
test_flint_is_ready (TestFlint *self)
{
  return flint_account_is_online (self->account) &&
         flint_contact_list_is_loaded (flint_account_get_contacts (self->account));
}

/**
 * test_flint_log_in:
 *
 * Connects, which has to work, and waits for the contacts.
 */
void
test_flint_log_in (TestFlint *self)
{
  flint_account_connect (self->account);
  test_wait_for (test_flint_is_ready (self) || flint_account_get_state (self->account) == FLINT_ACCOUNT_FAILED);
  g_assert_no_error (flint_account_get_error (self->account));
}

/**
 * test_flint_log_out:
 *
 * Signs out, and waits until the server has said good-bye too.
 */
void
test_flint_log_out (TestFlint *self)
{
  flint_account_disconnect (self->account);
  test_wait_for (xmpp_session_get_state (flint_account_get_session (self->account)) == XMPP_STATE_OFFLINE);
}

/**
 * test_flint_sync:
 *
 * Waits until the server has handled all that was sent, and its answers have come: it answers in order.
 */
void
test_flint_sync (TestFlint *self)
{
  XmppSession *session = flint_account_get_session (self->account);
  g_autoptr(XmppStanza) iq =
    xmpp_stanza_new_iq ("get", xmpp_jid_get_domain (flint_account_get_jid (self->account)));
  g_autoptr(XmppStanza) answer = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  xmpp_node_add (xmpp_stanza_get_root (iq), "query", "http://jabber.org/protocol/disco#info");
  xmpp_session_request_async (session, iq, NULL, test_flint_keep_result, &result);
  test_wait_for (result != NULL);
  answer = xmpp_session_request_finish (session, result, &error);
  g_assert_no_error (error);
}

/**
 * test_flint_find_contact:
 *
 * Returns: (transfer none) (nullable): the other one in the list, if he is there
 */
FlintContact *
test_flint_find_contact (TestFlint *self,
                         TestFlint *other)
{
  return flint_contact_list_find (flint_account_get_contacts (self->account), flint_account_get_jid (other->account));
}

/**
 * test_flint_sees:
 *
 * Returns: whether the list shows the other one like that
 */
gboolean
test_flint_sees (TestFlint *self,
                 TestFlint *other,
                 XmppShow   show)
{
  FlintContact *contact = test_flint_find_contact (self, other);

  return contact != NULL && flint_contact_get_show (contact) == show;
}

/**
 * test_flint_find_request:
 *
 * Returns: (transfer none) (nullable): the other one's wish to be a contact
 */
FlintRequest *
test_flint_find_request (TestFlint *self,
                         TestFlint *other)
{
  GListModel *requests = flint_core_get_requests (self->core);

  for (guint i = 0; i < g_list_model_get_n_items (requests); i++)
    {
      g_autoptr(FlintRequest) request = g_list_model_get_item (requests, i);

      if (flint_request_get_account (request) == self->account &&
          xmpp_jid_equal_bare (flint_request_get_jid (request), flint_account_get_jid (other->account)))
        return request;
    }

  return NULL;
}

/**
 * test_flint_end_change:
 * @result: (inout): where test_flint_keep_result () puts it
 *
 * Waits for what the server says to a change of the contacts, which has to be yes.
 */
void
test_flint_end_change (TestFlint     *self,
                       GAsyncResult **result)
{
  g_autoptr(GAsyncResult) taken = NULL;
  g_autoptr(GError) error = NULL;

  test_wait_for (*result != NULL);
  taken = g_steal_pointer (result);
  flint_account_change_finish (self->account, taken, &error);
  g_assert_no_error (error);
}

/**
 * test_flint_keep_result:
 * @user_data: (type GAsyncResult**): where to put it
 *
 * A callback for test_flint_end_change ().
 */
void
test_flint_keep_result (GObject      *object,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  GAsyncResult **to = user_data;

  *to = g_object_ref (result);
}

/**
 * test_flint_add_contact:
 *
 * Adds the other one, who is asked; waits until the server has agreed.
 */
void
test_flint_add_contact (TestFlint  *self,
                        TestFlint  *other,
                        const char *name,
                        const char *group)
{
  const char *groups[] = { group, NULL };
  GAsyncResult *result = NULL;

  flint_account_add_contact_async (self->account, flint_account_get_jid (other->account), name, groups, "It is me",
                                   test_flint_keep_result, &result);
  test_flint_end_change (self, &result);
}

/**
 * test_flint_befriend:
 *
 * One asks, the other one accepts and adds back; waits until each sees the other.
 */
void
test_flint_befriend (TestFlint *self,
                     TestFlint *other)
{
  test_flint_add_contact (self, other, NULL, NULL);
  test_wait_for (test_flint_find_request (other, self) != NULL);
  flint_request_accept (test_flint_find_request (other, self), TRUE, NULL, NULL);
  test_wait_for (test_flint_sees (self, other, XMPP_SHOW_AVAILABLE) && test_flint_sees (other, self, XMPP_SHOW_AVAILABLE));
}

/**
 * test_flint_open_chat:
 *
 * Returns: (transfer none): the chat with the other one
 */
FlintConversation *
test_flint_open_chat (TestFlint *self,
                      TestFlint *other)
{
  return flint_core_open_chat (self->core, self->account, flint_account_get_jid (other->account));
}

/**
 * test_flint_find_message:
 *
 * Returns: (transfer none) (nullable): what was said or written in a chat
 */
FlintMessage *
test_flint_find_message (FlintConversation *conversation,
                         const char        *body)
{
  GListModel *timeline = G_LIST_MODEL (flint_conversation_get_timeline (conversation));

  for (guint i = 0; i < g_list_model_get_n_items (timeline); i++)
    {
      g_autoptr(FlintMessage) message = g_list_model_get_item (timeline, i);

      if (g_strcmp0 (flint_message_get_body (message), body) == 0)
        return message;
    }

  return NULL;
}

/**
 * test_flint_join:
 *
 * Enters a room, which has to work.
 *
 * Returns: (transfer none): the room
 */
FlintRoom *
test_flint_join (TestFlint  *self,
                 const char *address,
                 const char *nick)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (address, NULL);
  FlintRoom *room = flint_core_open_room (self->core, self->account, jid, nick);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  flint_room_join_async (room, NULL, NULL, test_flint_keep_result, &result);
  test_wait_for (result != NULL);
  flint_room_join_finish (room, result, &error);
  g_assert_no_error (error);

  return room;
}

/**
 * test_flint_find_letter:
 *
 * Returns: (transfer none) (nullable): the message with a subject that has this text
 */
FlintLetter *
test_flint_find_letter (TestFlint  *self,
                        const char *body)
{
  GListModel *letters = flint_core_get_letters (self->core);

  for (guint i = 0; i < g_list_model_get_n_items (letters); i++)
    {
      g_autoptr(FlintLetter) letter = g_list_model_get_item (letters, i);

      if (g_strcmp0 (flint_letter_get_body (letter), body) == 0)
        return letter;
    }

  return NULL;
}

/**
 * test_flint_find_headline:
 *
 * Returns: (transfer none) (nullable): the headline that has this text
 */
FlintHeadline *
test_flint_find_headline (TestFlint  *self,
                          const char *body)
{
  GListModel *headlines = flint_core_get_headlines (self->core);

  for (guint i = 0; i < g_list_model_get_n_items (headlines); i++)
    {
      g_autoptr(FlintHeadline) headline = g_list_model_get_item (headlines, i);

      if (g_strcmp0 (flint_headline_get_body (headline), body) == 0)
        return headline;
    }

  return NULL;
}
