/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "flint-core-private.h"
#include "store-task.h"

/* The disk */

static gboolean
do_nothing (StoreConnection  *connection,
            gpointer          record,
            GError          **error)
{
  return TRUE;
}

static void
on_done (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  gboolean *is_done = user_data;

  *is_done = TRUE;
}

static void
settle (FlintHistory *history)
{
  StoreDatabase *database = flint_history_get_database (history);
  gboolean is_done = FALSE;

  /* Behind all that was asked of it; and whoever asked has heard before us */
  store_task_push (database, STORE_READ, do_nothing, NULL, NULL, settle, NULL, on_done, &is_done);
  fake_server_wait_until (is_done);
}

void
test_core_settle (FlintCore *core)
{
  settle (flint_core_get_history (core));
}

void
test_core_forget (FlintCore  *core,
                  const char *address)
{
  store_conversations_forget_account (flint_history_get_database (flint_core_get_history (core)), address);
  test_core_settle (core);
}

void
test_conversation_say (FlintConversation *conversation,
                       const char        *text)
{
  g_assert_true (flint_conversation_send (conversation, text));
  settle (flint_account_get_history (flint_conversation_get_account (conversation)));
}

/* The account */

TestAccount *
test_account_new (FlintCore  *core,
                  const char *address)
{
  TestAccount *self = g_new0 (TestAccount, 1);
  g_autoptr(XmppConnector) connector = NULL;
  g_autoptr(GTlsDatabase) database = NULL;
  g_autofree char *id = g_strdup_printf ("id-of-%c-%p", *address, (gpointer) self);

  self->core = core;
  self->server = fake_server_new (address);
  self->monitor = g_object_new (FAKE_TYPE_MONITOR, NULL);
  g_object_get (self->server->session, "connector", &connector, "tls-database", &database, NULL);

  self->account = g_object_new (FLINT_TYPE_ACCOUNT,
                                "id", id,
                                "clock", self->server->clock,
                                "network-monitor", self->monitor,
                                "connector", connector,
                                "address", address,
                                "resource", "r1",
                                "is-transient", TRUE,
                                NULL);
  flint_account_set_tls_database (self->account, database);
  flint_account_set_password (self->account, FAKE_PASSWORD);

  if (core != NULL)
    flint_account_list_add (flint_core_get_accounts (core), self->account);

  return self;
}

void
test_account_free (TestAccount *self)
{
  XmppSession *session = flint_account_get_session (self->account);

  g_object_add_weak_pointer (G_OBJECT (session), (gpointer *) &session);
  g_object_add_weak_pointer (G_OBJECT (self->account), (gpointer *) &self->account);

  g_object_unref (self->account);
  fake_server_wait_until (self->account == NULL && session == NULL);

  g_clear_object (&self->monitor);
  fake_server_free (self->server);
  g_free (self);
}

void
test_account_await (TestAccount *self)
{
  fake_server_wait_until (self->server->n_connections > self->n_connections);
  self->n_connections = self->server->n_connections;
}

void
test_account_accept (TestAccount *self,
                     const char  *roster)
{
  FakeServer *server = self->server;
  g_autofree char *features = g_strconcat (FAKE_BIND, server->features, NULL);

  test_account_await (self);
  fake_server_open (server, FAKE_STARTTLS);
  fake_server_start_tls (server);
  fake_server_open (server, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));
  fake_server_authenticate (server);
  fake_server_open (server, features);
  fake_server_bind (server);
  fake_server_wait_until (flint_account_is_online (self->account));
  fake_server_answer (server, "jabber:iq:roster", roster);
  fake_server_settle (server);
}

void
test_account_login (TestAccount *self,
                    const char  *roster)
{
  flint_account_connect (self->account);
  test_account_accept (self, roster);
}

void
test_account_expect_failed (TestAccount *self)
{
  fake_server_wait_until (flint_account_get_state (self->account) == FLINT_ACCOUNT_FAILED && self->server->is_eof);
  g_ptr_array_set_size (self->server->waiting, 0);
}

void
test_account_logout (TestAccount *self)
{
  flint_account_disconnect (self->account);
  fake_server_expect (self->server, "<presence type='unavailable'/>");
  fake_server_close (self->server);
  g_ptr_array_set_size (self->server->waiting, 0);
}

/* The one that was not answered yet; NULL: there is none */
static const char *
find_archive_request (TestAccount *self)
{
  guint n = 0;

  for (guint i = 0; i < self->server->received->len; i++)
    {
      const char *element = g_ptr_array_index (self->server->received, i);

      if (strstr (element, "disco#info") != NULL && strstr (element, "to='" ME "'") != NULL && n++ == self->n_asked)
        return element;
    }

  return NULL;
}

void
test_account_answer_archive (TestAccount *self,
                             gboolean     has_archive)
{
  g_autofree char *id = NULL;
  g_autofree char *xml = NULL;

  fake_server_wait_until (find_archive_request (self) != NULL);
  id = fake_xml_get (find_archive_request (self), "id");
  self->n_asked++;
  xml = g_strdup_printf ("<iq type='result' id='%s' from='" ME "'><query xmlns='http://jabber.org/protocol/disco#info'>"
                         "<identity category='account' type='registered'/>%s</query></iq>", id,
                         has_archive ? "<feature var='urn:xmpp:mam:2'/>" : "");
  fake_server_send (self->server, xml);
  fake_server_ping (self->server);
}

void
test_account_send (TestAccount *self,
                   const char  *xml)
{
  fake_server_send (self->server, xml);
  fake_server_ping (self->server);
  if (self->core != NULL)
    test_core_settle (self->core);
}

static void
on_joined (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  flint_room_join_finish (FLINT_ROOM (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

FlintRoom *
test_account_join (TestAccount *self,
                   const char  *occupants)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new ("room@muc.test", NULL);
  FlintRoom *room = flint_core_open_room (self->core, self->account, jid, "me");
  gboolean is_joined = FALSE;

  flint_room_join_async (room, NULL, NULL, on_joined, &is_joined);
  fake_server_expect_contains (self->server, "to='room@muc.test/me'");

  if (occupants != NULL)
    fake_server_send (self->server, occupants);

  fake_server_send (self->server, "<presence from='room@muc.test/me'><x xmlns='http://jabber.org/protocol/muc#user'>"
                                  "<item role='participant' affiliation='none'/><status code='110'/></x></presence>");
  fake_server_wait_until (is_joined);
  fake_server_settle (self->server);

  return room;
}

FlintConversation *
test_account_find (TestAccount *self,
                   const char  *address)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (address, NULL);

  return flint_core_find_conversation (self->core, self->account, jid);
}

guint
test_conversation_count (FlintConversation *conversation)
{
  return g_list_model_get_n_items (G_LIST_MODEL (flint_conversation_get_timeline (conversation)));
}

FlintMessage *
test_conversation_get (FlintConversation *conversation,
                       guint              position)
{
  g_autoptr(FlintMessage) message = g_list_model_get_item (G_LIST_MODEL (flint_conversation_get_timeline (conversation)), position);

  g_assert_nonnull (message);

  return message;
}

FlintMessage *
test_conversation_last (FlintConversation *conversation)
{
  return test_conversation_get (conversation, test_conversation_count (conversation) - 1);
}

/* The core */

static void
count (guint *number)
{
  (*number)++;
}

static void
make_core (TestCore *self)
{
  g_autofree char *config = NULL;
  g_autofree char *data = NULL;
  g_autofree char *cache = NULL;

  config = g_build_filename (self->directory, "config", NULL);
  data = g_build_filename (self->directory, "data", NULL);
  cache = g_build_filename (self->directory, "cache", NULL);
  self->core = flint_core_new (config, data, cache);

  g_signal_connect_swapped (self->core, "message-received", G_CALLBACK (count), &self->n_messages);
  g_signal_connect_swapped (self->core, "headline-received", G_CALLBACK (count), &self->n_headlines);
  g_signal_connect_swapped (self->core, "letter-received", G_CALLBACK (count), &self->n_letters);
  g_signal_connect_swapped (self->core, "request-received", G_CALLBACK (count), &self->n_requests);
  g_signal_connect_swapped (self->core, "invited", G_CALLBACK (count), &self->n_invitations);
}

TestCore *
test_core_new (void)
{
  TestCore *self = g_new0 (TestCore, 1);

  self->directory = test_directory_new ();
  make_core (self);

  return self;
}

TestCore *
test_core_new_online (void)
{
  TestCore *self = test_core_new ();

  self->me = test_account_new (self->core, ME);
  test_account_login (self->me, TEST_ROSTER);

  return self;
}

/* Without a word to the server; but what was given to the disk is on it */
static void
drop_core (TestCore *self)
{
  g_autoptr(StoreDatabase) database = g_object_ref (flint_history_get_database (flint_core_get_history (self->core)));
  gboolean is_closed = FALSE;

  g_object_add_weak_pointer (G_OBJECT (self->core), (gpointer *) &self->core);
  g_object_unref (self->core);
  fake_server_wait_until (self->core == NULL);
  store_database_close_async (database, on_done, &is_closed);
  fake_server_wait_until (is_closed);

  g_clear_pointer (&self->me, test_account_free);
}

void
test_core_start_again (TestCore *self)
{
  drop_core (self);
  make_core (self);
  self->me = test_account_new (self->core, ME);

  /* Which conversations there are, and then what is known of each */
  test_core_settle (self->core);
  test_core_settle (self->core);
}

void
test_core_free (TestCore *self)
{
  drop_core (self);
  test_directory_remove (self->directory);
  g_free (self->directory);
  g_free (self);
}

char *
test_core_describe (TestCore *self)
{
  GListModel *conversations = flint_core_get_conversations (self->core);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr(FlintConversation) conversation = g_list_model_get_item (conversations, i);

      g_string_append_printf (text, "%s:%u ", xmpp_jid_get_text (flint_conversation_get_jid (conversation)),
                              test_conversation_count (conversation));
    }

  g_string_append_printf (text, "l%u h%u told %u/%u/%u", g_list_model_get_n_items (flint_core_get_letters (self->core)),
                          g_list_model_get_n_items (flint_core_get_headlines (self->core)),
                          self->n_messages, self->n_letters, self->n_headlines);

  return g_string_free (text, FALSE);
}

void
test_core_assert_chat_works (TestCore *self)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (BOB, NULL);
  FlintConversation *bob = flint_core_open_chat (self->core, self->me->account, jid);
  guint before = test_conversation_count (bob);
  g_autofree char *hello = NULL;

  /* Another one each time */
  hello = g_strdup_printf ("<message from='bob@peer.test/p' to='me@good.test/r1' type='chat' id='hello-%u'>"
                           "<body>hello</body></message>", before);
  test_account_send (self->me, hello);
  g_assert_cmpuint (test_conversation_count (bob), ==, before + 1);
  test_conversation_say (bob, "hello yourself");
  fake_server_expect_contains (self->me->server, "<body>hello yourself</body>");

  /* Where the server acknowledges, it is asked after a moment of quiet */
  fake_server_ping (self->me->server);
  fake_clock_advance (self->me->server->clock, 1000);
  fake_server_wait_until (flint_message_get_state (test_conversation_last (bob)) == FLINT_MESSAGE_SENT);
}
