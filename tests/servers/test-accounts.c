/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several accounts of one person online at once: a tester is john and jane, side by side, on the same server */
#include "test-servers.h"

#include "flint-core.h"
#include "xmpp-blocking.h"
#include "xmpp-random.h"

#include <glib/gstdio.h>

typedef struct
{
  FlintAccount *account;      /* the core's */
  XmppJid      *jid;
} Side;

/* Both are online, in one core, and have nobody in their lists yet */
typedef struct
{
  char      *directory;
  FlintCore *core;
  Side       john;
  Side       jane;
} Pair;

static void
side_init (Side       *self,
           FlintCore  *core,
           TestServer *server,
           const char *name)
{
  g_autofree char *id = xmpp_random_id ();
  g_autofree char *suffix = g_utf8_strdown (id, 8);
  g_autofree char *user = g_strdup_printf ("%s-%s", name, suffix);
  g_autofree char *address = g_strdup_printf ("%s@%s", user, test_server_get_domain (server, TEST_HOST_MAIN));
  g_autoptr(FlintAccount) account = flint_account_new (address);
  g_autoptr(GTlsDatabase) authorities = NULL;
  g_autoptr(GError) error = NULL;

  test_server_add_user (server, TEST_HOST_MAIN, user, "secret", &error);
  g_assert_no_error (error);
  authorities = g_tls_file_database_new (test_server_get_ca_path (server), &error);
  g_assert_no_error (error);

  g_object_set (account, "is-transient", TRUE, "host", "127.0.0.1", "proxy", "direct://",
                "port", (int) test_server_get_port (server, TEST_HOST_MAIN), NULL);
  flint_account_set_tls_database (account, authorities);
  flint_account_set_password (account, "secret");

  self->account = account;
  self->jid = xmpp_jid_ref (flint_account_get_jid (account));
  flint_account_list_add (flint_core_get_accounts (core), account);
}

static gboolean
is_ready (Side *self)
{
  return flint_account_is_online (self->account) &&
         flint_contact_list_is_loaded (flint_account_get_contacts (self->account));
}

static Pair *
pair_new (TestServer *server)
{
  Pair *self = g_new0 (Pair, 1);
  g_autoptr(GError) error = NULL;

  self->directory = g_dir_make_tmp ("flint-pair-XXXXXX", &error);
  g_assert_no_error (error);
  self->core = flint_core_new (self->directory, self->directory);

  side_init (&self->john, self->core, server, "john");
  side_init (&self->jane, self->core, server, "jane");
  flint_account_connect (self->john.account);
  flint_account_connect (self->jane.account);
  test_wait_for (is_ready (&self->john) && is_ready (&self->jane));

  return self;
}

static void
on_closed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  gboolean *is_closed = user_data;

  *is_closed = flint_core_close_finish (FLINT_CORE (source), result, NULL);
}

static void
pair_free (Pair *self)
{
  gboolean is_closed = FALSE;

  flint_core_close_async (self->core, on_closed, &is_closed);
  test_wait_for (is_closed);

  g_object_add_weak_pointer (G_OBJECT (self->core), (gpointer *) &self->core);
  g_object_unref (self->core);
  test_wait_for (self->core == NULL);

  xmpp_jid_unref (self->john.jid);
  xmpp_jid_unref (self->jane.jid);
  g_rmdir (self->directory);
  g_free (self->directory);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pair, pair_free)

static FlintContact *
find (Side *self,
      Side *other)
{
  return flint_contact_list_find (flint_account_get_contacts (self->account), other->jid);
}

static gboolean
sees (Side     *self,
      Side     *other,
      XmppShow  show)
{
  FlintContact *contact = find (self, other);

  return contact != NULL && flint_contact_get_subscription (contact) == XMPP_SUBSCRIPTION_BOTH &&
         flint_contact_get_show (contact) == show;
}

/* The request that waits for an answer of this account's */
static FlintRequest *
find_request (Pair *self,
              Side *asked)
{
  GListModel *requests = flint_core_get_requests (self->core);

  for (guint i = 0; i < g_list_model_get_n_items (requests); i++)
    {
      g_autoptr(FlintRequest) request = g_list_model_get_item (requests, i);

      if (flint_request_get_account (request) == asked->account)
        return request;
    }

  return NULL;
}

static void
on_changed (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  flint_account_change_finish (FLINT_ACCOUNT (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

/* john asks, jane accepts and adds him back, and then he is asked and accepts */
static void
befriend (Pair *self)
{
  const char * const colleagues[] = { "Colleagues", NULL };
  const char * const friends[] = { "Friends", NULL };
  gboolean is_added = FALSE;

  flint_account_add_contact_async (self->john.account, self->jane.jid, "Jane", colleagues, "It is me", on_changed, &is_added);
  test_wait_for (is_added && find_request (self, &self->jane) != NULL);
  flint_request_accept (find_request (self, &self->jane), TRUE, "John", friends);

  test_wait_for (find_request (self, &self->john) != NULL);
  flint_request_accept (find_request (self, &self->john), FALSE, NULL, NULL);

  test_wait_for (sees (&self->john, &self->jane, XMPP_SHOW_AVAILABLE) &&
                 sees (&self->jane, &self->john, XMPP_SHOW_AVAILABLE));
}

static void
on_pong (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(XmppStanza) pong = xmpp_session_request_finish (XMPP_SESSION (source), result, NULL);

  *(gboolean *) user_data = TRUE;
}

/* Until the server has said to this account whatever it had to say */
static void
sync_with_server (Side *self)
{
  g_autoptr(XmppStanza) ping = xmpp_stanza_new_iq ("get", xmpp_jid_get_domain (self->jid));
  gboolean is_answered = FALSE;

  xmpp_node_add (xmpp_stanza_get_root (ping), "ping", "urn:xmpp:ping");
  xmpp_session_request_async (flint_account_get_session (self->account), ping, NULL, on_pong, &is_answered);
  test_wait_for (is_answered);
}

static guint
count (FlintConversation *conversation)
{
  return g_list_model_get_n_items (G_LIST_MODEL (flint_conversation_get_timeline (conversation)));
}

static FlintMessageState
get_state (FlintConversation *conversation)
{
  g_autoptr(FlintMessage) message = g_list_model_get_item (G_LIST_MODEL (flint_conversation_get_timeline (conversation)), 0);

  g_assert_nonnull (message);

  return flint_message_get_state (message);
}

static void
test_added_back (TestServer *server)
{
  g_autoptr(Pair) pair = pair_new (server);

  befriend (pair);

  g_assert_cmpstr (flint_contact_get_name (find (&pair->jane, &pair->john)), ==, "John");
  g_assert_true (flint_contact_is_in_group (find (&pair->jane, &pair->john), "Friends"));
  g_assert_cmpstr (flint_contact_get_name (find (&pair->john, &pair->jane)), ==, "Jane");
  g_assert_true (flint_contact_is_in_group (find (&pair->john, &pair->jane), "Colleagues"));
  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_requests (pair->core)), ==, 0);
}

/* jane declines and blocks: john is told, and what he asks again does not come */
static void
test_blocked (TestServer *server)
{
  g_autoptr(Pair) pair = pair_new (server);
  gboolean is_added = FALSE;
  FlintContact *jane;

  flint_account_add_contact_async (pair->john.account, pair->jane.jid, NULL, NULL, NULL, on_changed, &is_added);
  test_wait_for (is_added && find_request (pair, &pair->jane) != NULL);
  jane = find (&pair->john, &pair->jane);
  test_wait_for (flint_contact_is_asked (jane));
  g_assert_null (flint_contact_get_status_text (jane));

  flint_request_block (find_request (pair, &pair->jane));
  test_wait_for (flint_contact_get_status_text (jane) != NULL && !flint_contact_is_asked (jane));
  test_wait_for (xmpp_blocking_is_blocked (xmpp_session_get_module (flint_account_get_session (pair->jane.account),
                                                                    XMPP_TYPE_BLOCKING), pair->john.jid));

  is_added = FALSE;
  flint_account_add_contact_async (pair->john.account, pair->jane.jid, "Jane", NULL, NULL, on_changed, &is_added);
  test_wait_for (is_added && g_str_equal (flint_contact_get_name (jane), "Jane"));

  /* It would be here at her next login */
  flint_account_disconnect (pair->jane.account);
  flint_account_connect (pair->jane.account);
  test_wait_for (is_ready (&pair->jane));
  sync_with_server (&pair->jane);
  g_assert_null (find_request (pair, &pair->jane));
}

/* Each has a conversation of its own, though both are here */
static void
test_chat (TestServer *server)
{
  g_autoptr(Pair) pair = pair_new (server);
  FlintConversation *johns;
  FlintConversation *janes;

  befriend (pair);
  johns = flint_core_open_chat (pair->core, pair->john.account, pair->jane.jid);
  g_assert_true (flint_conversation_send (johns, "Are you there?"));

  test_wait_for ((janes = flint_core_find_conversation (pair->core, pair->jane.account, pair->john.jid)) != NULL);
  g_assert_true (janes != johns);
  g_assert_true (flint_conversation_get_account (janes) == pair->jane.account);
  g_assert_cmpuint (flint_conversation_get_unread (janes), ==, 1);
  g_assert_cmpuint (flint_conversation_get_unread (johns), ==, 0);

  test_wait_for (get_state (johns) == FLINT_MESSAGE_DELIVERED);

  g_assert_true (flint_conversation_send (janes, "I am."));
  test_wait_for (count (johns) == 2);
  g_assert_cmpuint (count (janes), ==, 2);
  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_conversations (pair->core)), ==, 2);
}

static void
test_headline (TestServer *server)
{
  g_autoptr(Pair) pair = pair_new (server);
  GListModel *headlines = flint_core_get_headlines (pair->core);
  g_autoptr(FlintHeadline) headline = NULL;
  g_autoptr(GError) error = NULL;

  flint_headline_send (pair->john.account, pair->jane.jid, "Server down", "It is.", &error);
  g_assert_no_error (error);
  test_wait_for (g_list_model_get_n_items (headlines) == 1);

  headline = g_list_model_get_item (headlines, 0);
  g_assert_true (flint_headline_get_account (headline) == pair->jane.account);
  g_assert_cmpstr (flint_headline_get_subject (headline), ==, "Server down");
  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_conversations (pair->core)), ==, 0);
}

static void
test_one_goes (TestServer *server)
{
  g_autoptr(Pair) pair = pair_new (server);
  g_autoptr(FlintStatus) status = flint_status_new (XMPP_SHOW_DND, "Testing", FALSE);

  befriend (pair);

  /* What one is, the other is not */
  flint_account_set_status (pair->jane.account, status);
  test_wait_for (sees (&pair->john, &pair->jane, XMPP_SHOW_DND));
  g_assert_cmpstr (flint_contact_get_status_text (find (&pair->john, &pair->jane)), ==, "Testing");
  g_assert_true (sees (&pair->jane, &pair->john, XMPP_SHOW_AVAILABLE));

  flint_account_disconnect (pair->jane.account);
  test_wait_for (sees (&pair->john, &pair->jane, XMPP_SHOW_OFFLINE));
  g_assert_true (flint_account_is_online (pair->john.account));

  flint_account_connect (pair->jane.account);
  test_wait_for (is_ready (&pair->jane) && !sees (&pair->john, &pair->jane, XMPP_SHOW_OFFLINE));
}

/* The server has no groups, only contacts that are in some: all of them are renamed, and those within, and the list
 * changes when it says so. Somebody who was in both is then in one.
 */
static void
test_group (TestServer *server)
{
  const char * const both[] = { "Colleagues", "Old::Team", NULL };
  g_autoptr(Pair) pair = pair_new (server);
  gboolean is_done = FALSE;

  befriend (pair);
  flint_account_set_groups_async (pair->john.account, find (&pair->john, &pair->jane), both, on_changed, &is_done);
  test_wait_for (is_done && flint_contact_is_in_group (find (&pair->john, &pair->jane), "Old::Team"));

  is_done = FALSE;
  flint_account_rename_group_async (pair->john.account, "Old", "New", on_changed, &is_done);
  test_wait_for (is_done && flint_contact_is_in_group (find (&pair->john, &pair->jane), "New::Team"));
  g_assert_true (flint_contact_is_in_group (find (&pair->john, &pair->jane), "Colleagues"));

  is_done = FALSE;
  flint_account_rename_group_async (pair->john.account, "New::Team", "Colleagues", on_changed, &is_done);
  test_wait_for (is_done && g_strv_length ((char **) flint_contact_get_groups (find (&pair->john, &pair->jane))) == 1);
  g_assert_true (flint_contact_is_in_group (find (&pair->john, &pair->jane), "Colleagues"));
  g_assert_cmpstr (flint_contact_get_name (find (&pair->john, &pair->jane)), ==, "Jane");
}

static const TestServerCase cases[] = {
  { "accounts/who-is-accepted-is-added-back-with-name-and-groups", test_added_back },
  { "accounts/who-is-blocked-is-told-no-and-not-heard-again", test_blocked },
  { "accounts/two-talk-with-each-other-side-by-side", test_chat },
  { "accounts/a-headline-comes-to-the-one-it-is-for", test_headline },
  { "accounts/one-goes-and-the-other-stays", test_one_goes },
  { "accounts/a-group-is-renamed-with-all-that-are-in-it", test_group },
};

int
main (int    argc,
      char **argv)
{
  return test_server_run (argc, argv, cases, G_N_ELEMENTS (cases));
}
