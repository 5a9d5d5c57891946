/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-client.h"

#include "xmpp-random.h"

/* The result of an operation that the test waits for */
typedef struct
{
  GAsyncResult *result;
} Waiter;

static void
on_result (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Waiter *waiter = user_data;

  waiter->result = g_object_ref (result);
}

static void
test_message_free (gpointer data)
{
  TestMessage *message = data;

  g_free (message->from);
  g_free (message->subject);
  g_free (message->body);
  g_free (message->id);
  g_free (message->received_id);
  g_free (message->archive_id);
  g_clear_error (&message->error);
  g_free (message);
}

static void
on_message (TestClient        *self,
            const XmppMessage *message)
{
  TestMessage *copy = g_new0 (TestMessage, 1);

  copy->type = message->type;
  copy->from = message->from != NULL ? g_strdup (xmpp_jid_get_text (message->from)) : NULL;
  copy->subject = g_strdup (message->subject);
  copy->body = g_strdup (message->body);
  copy->id = g_strdup (message->id);
  copy->received_id = g_strdup (message->received_id);
  copy->archive_id = g_strdup (message->archive_id);
  copy->chat_state = message->chat_state;
  copy->carbon = message->carbon;
  copy->is_private = message->is_private;
  copy->is_delayed = message->is_delayed;
  copy->error = message->error != NULL ? g_error_copy (message->error) : NULL;

  g_ptr_array_add (self->messages, copy);
}

static void
on_closed (TestClient   *self,
           const GError *error)
{
  self->is_closed = TRUE;
  g_clear_error (&self->closed);
  self->closed = error != NULL ? g_error_copy (error) : NULL;
}

static void
on_request (TestClient *self,
            XmppJid    *from)
{
  g_ptr_array_add (self->requests, g_strdup (xmpp_jid_get_text (from)));
}

static void
on_invisible_failed (TestClient *self)
{
  self->is_invisible_refused = TRUE;
}

/**
 * test_client_new:
 * @address: bare, or full to ask for a resource
 * @ca_path: (nullable): the authority to trust; %NULL: the system's
 */
TestClient *
test_client_new (const char *address,
                 const char *password,
                 guint16     port,
                 const char *ca_path)
{
  TestClient *self = g_new0 (TestClient, 1);
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppJid) jid = xmpp_jid_new (address, &error);
  g_autoptr(GProxyResolver) direct = g_simple_proxy_resolver_new (NULL, NULL);

  g_assert_no_error (error);
  self->session = xmpp_session_new (jid);
  self->messages = g_ptr_array_new_with_free_func (test_message_free);
  self->requests = g_ptr_array_new_with_free_func (g_free);
  self->roster = xmpp_session_get_module (self->session, XMPP_TYPE_ROSTER);
  self->presence = xmpp_session_get_module (self->session, XMPP_TYPE_PRESENCE);
  self->muc = xmpp_session_get_module (self->session, XMPP_TYPE_MUC);

  g_object_set (self->session, "host", "127.0.0.1", "port", (guint) port, "proxy-resolver", direct, NULL);
  if (ca_path != NULL)
    {
      g_autoptr(GTlsDatabase) database = g_tls_file_database_new (ca_path, &error);

      g_assert_no_error (error);
      g_object_set (self->session, "tls-database", database, NULL);
    }
  self->password = g_strdup (password);
  xmpp_session_set_password (self->session, password);

  g_signal_connect_swapped (self->session, "message", G_CALLBACK (on_message), self);
  g_signal_connect_swapped (self->session, "closed", G_CALLBACK (on_closed), self);
  g_signal_connect_swapped (self->presence, "request", G_CALLBACK (on_request), self);
  g_signal_connect_swapped (self->presence, "invisible-failed", G_CALLBACK (on_invisible_failed), self);

  return self;
}

/**
 * test_client_new_user_at:
 * @name: what its address begins with: each time it is another one
 *
 * Returns: a client for a new account of a host
 */
TestClient *
test_client_new_user_at (TestServer *server,
                         TestHost    host,
                         const char *name,
                         const char *password)
{
  g_autofree char *address = test_server_new_user (server, host, name, password);

  return test_client_new (address, password, test_server_get_port (server, host), test_server_get_ca_path (server));
}

/**
 * test_client_new_user:
 *
 * Returns: a client for a new account of the main host
 */
TestClient *
test_client_new_user (TestServer *server,
                      const char *name)
{
  g_autofree char *password = xmpp_random_id ();

  return test_client_new_user_at (server, TEST_HOST_MAIN, name, password);
}

/**
 * test_client_new_device:
 *
 * Returns: another client for the same account
 */
TestClient *
test_client_new_device (TestServer *server,
                        TestClient *other,
                        const char *resource)
{
  g_autofree char *address = g_strdup_printf ("%s/%s", test_client_get_address (other), resource);

  return test_client_new (address, other->password, test_server_get_port (server, TEST_HOST_MAIN),
                          test_server_get_ca_path (server));
}

/**
 * test_client_free:
 *
 * Ends the session, and asserts that nothing keeps it.
 */
void
test_client_free (TestClient *self)
{
  gpointer session = self->session;

  g_signal_handlers_disconnect_by_data (self->presence, self);
  g_signal_handlers_disconnect_by_data (self->session, self);
  xmpp_session_abort (self->session);
  g_object_add_weak_pointer (session, &session);
  g_clear_object (&self->session);
  test_wait_for (session == NULL);

  g_clear_pointer (&self->messages, g_ptr_array_unref);
  g_clear_pointer (&self->requests, g_ptr_array_unref);
  g_clear_error (&self->closed);
  g_free (self->password);
  g_free (self);
}

/**
 * test_client_connect:
 *
 * Connects, and waits for how that ends.
 */
gboolean
test_client_connect (TestClient  *self,
                     GError     **error)
{
  Waiter waiter = { NULL };
  g_autoptr(GAsyncResult) result = NULL;

  self->is_closed = FALSE;
  xmpp_session_connect_async (self->session, NULL, on_result, &waiter);
  test_wait_for (waiter.result != NULL);
  result = waiter.result;

  return xmpp_session_connect_finish (self->session, result, error);
}

/**
 * test_client_log_in:
 *
 * Connects, which has to work, and waits for the contact list.
 */
void
test_client_log_in (TestClient *self)
{
  g_autoptr(GError) error = NULL;

  test_client_connect (self, &error);
  g_assert_no_error (error);
  test_wait_for (xmpp_roster_is_loaded (self->roster));
}

/**
 * test_client_close:
 *
 * Says good-bye, and waits until the server has said so too.
 */
void
test_client_close (TestClient *self)
{
  Waiter waiter = { NULL };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  xmpp_session_close_async (self->session, NULL, on_result, &waiter);
  test_wait_for (waiter.result != NULL);
  result = waiter.result;
  xmpp_session_close_finish (self->session, result, &error);
  g_assert_no_error (error);
}

void
test_client_send (TestClient      *self,
                  XmppMessageType  type,
                  const char      *to,
                  const char      *subject,
                  const char      *body)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (to, NULL);

  xmpp_session_send_message (self->session, &(XmppMessage) {
    .type = type, .to = jid, .subject = subject, .body = body,
    .wants_receipt = type == XMPP_MESSAGE_CHAT,
  });
}

/**
 * test_client_find:
 *
 * Returns: (nullable): the message that has come with this text, and is not an error
 */
const TestMessage *
test_client_find (TestClient *self,
                  const char *body)
{
  for (guint i = 0; i < self->messages->len; i++)
    {
      const TestMessage *message = g_ptr_array_index (self->messages, i);

      if (message->error == NULL && g_strcmp0 (message->body, body) == 0)
        return message;
    }

  return NULL;
}

/**
 * test_client_wait:
 *
 * Returns: the message with this text, once it has come
 */
const TestMessage *
test_client_wait (TestClient *self,
                  const char *body)
{
  test_wait_for (test_client_find (self, body) != NULL);

  return test_client_find (self, body);
}

const TestMessage *
test_client_find_state (TestClient    *self,
                        XmppChatState  state)
{
  for (guint i = 0; i < self->messages->len; i++)
    {
      const TestMessage *message = g_ptr_array_index (self->messages, i);

      if (message->chat_state == state)
        return message;
    }

  return NULL;
}

const TestMessage *
test_client_find_receipt (TestClient *self)
{
  for (guint i = 0; i < self->messages->len; i++)
    {
      const TestMessage *message = g_ptr_array_index (self->messages, i);

      if (message->received_id != NULL)
        return message;
    }

  return NULL;
}

const TestMessage *
test_client_find_error (TestClient *self)
{
  for (guint i = 0; i < self->messages->len; i++)
    {
      const TestMessage *message = g_ptr_array_index (self->messages, i);

      if (message->type == XMPP_MESSAGE_ERROR)
        return message;
    }

  return NULL;
}

/**
 * test_client_get_address:
 *
 * Returns: the bare address
 */
const char *
test_client_get_address (TestClient *self)
{
  return xmpp_jid_get_bare_text (xmpp_session_get_jid (self->session));
}

const XmppResource *
test_client_get_best (TestClient *self,
                      const char *address)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (address, NULL);

  return xmpp_presence_get_best (self->presence, jid);
}

XmppShow
test_client_get_show (TestClient *self,
                      const char *address)
{
  const XmppResource *best = test_client_get_best (self, address);

  return best != NULL ? best->show : XMPP_SHOW_OFFLINE;
}

/**
 * test_client_get_subscription:
 *
 * Returns: what the contact list says; none too when it says nothing
 */
XmppSubscription
test_client_get_subscription (TestClient *self,
                              const char *address)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (address, NULL);
  const XmppRosterItem *item = xmpp_roster_get_item (self->roster, jid);

  return item != NULL ? item->subscription : XMPP_SUBSCRIPTION_NONE;
}

static void
end_change (TestClient *self,
            Waiter     *waiter)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  test_wait_for (waiter->result != NULL);
  result = waiter->result;
  xmpp_roster_change_finish (self->roster, result, &error);
  g_assert_no_error (error);
}

/**
 * test_client_set_contact:
 * @group: (nullable): the only one
 *
 * Adds or changes a contact, and waits until the server has agreed.
 */
void
test_client_set_contact (TestClient *self,
                         const char *address,
                         const char *name,
                         const char *group)
{
  Waiter waiter = { NULL };
  g_autoptr(XmppJid) jid = xmpp_jid_new (address, NULL);
  const char *groups[] = { group, NULL };

  xmpp_roster_set_async (self->roster, jid, name, groups, NULL, on_result, &waiter);
  end_change (self, &waiter);
}

void
test_client_remove_contact (TestClient *self,
                            const char *address)
{
  Waiter waiter = { NULL };
  g_autoptr(XmppJid) jid = xmpp_jid_new (address, NULL);

  xmpp_roster_remove_async (self->roster, jid, NULL, on_result, &waiter);
  end_change (self, &waiter);
}

/**
 * test_client_befriend:
 *
 * Lets each see the other's presence, and waits until it is so.
 */
void
test_client_befriend (TestClient *self,
                      TestClient *other)
{
  const char *address = test_client_get_address (self);
  const char *other_address = test_client_get_address (other);

  xmpp_presence_subscribe (self->presence, xmpp_session_get_jid (other->session), NULL);
  test_wait_for (g_ptr_array_find_with_equal_func (other->requests, address, g_str_equal, NULL));
  xmpp_presence_accept (other->presence, xmpp_session_get_jid (self->session));

  /* whom we asked is accepted when they ask back */
  xmpp_presence_subscribe (other->presence, xmpp_session_get_jid (self->session), NULL);

  test_wait_for (test_client_get_subscription (self, other_address) == XMPP_SUBSCRIPTION_BOTH);
  test_wait_for (test_client_get_subscription (other, address) == XMPP_SUBSCRIPTION_BOTH);
  test_wait_for (test_client_get_show (self, other_address) != XMPP_SHOW_OFFLINE);
  test_wait_for (test_client_get_show (other, address) != XMPP_SHOW_OFFLINE);
}

/**
 * test_client_sync:
 *
 * Waits until the server has handled all that was sent: it answers in order.
 */
void
test_client_sync (TestClient *self)
{
  Waiter waiter = { NULL };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(XmppStanza) answer = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppStanza) iq =
    xmpp_stanza_new_iq ("get", xmpp_jid_get_domain (xmpp_session_get_jid (self->session)));

  xmpp_node_add (xmpp_stanza_get_root (iq), "query", "http://jabber.org/protocol/disco#info");
  xmpp_session_request_async (self->session, iq, NULL, on_result, &waiter);
  test_wait_for (waiter.result != NULL);
  result = waiter.result;
  answer = xmpp_session_request_finish (self->session, result, &error);
  g_assert_no_error (error);
}

/**
 * test_client_new_room:
 *
 * Returns: (transfer full): the address of a room that does not exist
 */
char *
test_client_new_room (TestServer *server)
{
  g_autofree char *id = xmpp_random_id ();
  g_autofree char *name = g_utf8_strdown (id, 8);

  return g_strdup_printf ("room-%s@%s", name, test_server_get_conference (server));
}

/**
 * test_client_try_join:
 *
 * Enters a room, and waits for how that ends; a new one is opened with its defaults.
 *
 * Returns: (transfer none): the room
 */
XmppRoom *
test_client_try_join (TestClient  *self,
                      const char  *room,
                      const char  *nick,
                      GError     **error)
{
  Waiter waiter = { NULL };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(XmppJid) jid = xmpp_jid_new (room, NULL);
  XmppRoom *joined = xmpp_muc_join_async (self->muc, jid, nick, NULL, -1, NULL, on_result, &waiter);

  g_signal_connect (joined, "created", G_CALLBACK (xmpp_room_accept_defaults), NULL);
  test_wait_for (waiter.result != NULL);
  result = waiter.result;
  xmpp_muc_join_finish (self->muc, result, error);

  return joined;
}

/**
 * test_client_join:
 *
 * Enters a room, which has to work; a new one is open to others after that.
 */
XmppRoom *
test_client_join (TestClient *self,
                  const char *room,
                  const char *nick)
{
  g_autoptr(GError) error = NULL;
  XmppRoom *joined = test_client_try_join (self, room, nick, &error);

  g_assert_no_error (error);
  test_client_sync (self);

  return joined;
}

/**
 * test_client_find_rooms:
 *
 * Returns: (transfer full) (element-type XmppJid): the services for rooms of our server
 */
GPtrArray *
test_client_find_rooms (TestClient *self)
{
  Waiter waiter = { NULL };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  GPtrArray *services;

  xmpp_muc_find_services_async (self->muc, NULL, on_result, &waiter);
  test_wait_for (waiter.result != NULL);
  result = waiter.result;
  services = xmpp_muc_find_services_finish (self->muc, result, &error);
  g_assert_no_error (error);

  return services;
}
