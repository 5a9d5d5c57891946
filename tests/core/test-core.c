/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "flint-conversation-private.h"
#include "flint-room-private.h"

#include <string.h>

static void
on_closed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_assert_true (flint_core_close_finish (FLINT_CORE (source), result, NULL));
  *(gboolean *) user_data = TRUE;
}

static void
test_close (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  gboolean is_closed = FALSE;

  flint_core_close_async (test->core, on_closed, &is_closed);
  g_assert_cmpint (flint_account_get_state (test->me->account), ==, FLINT_ACCOUNT_OFFLINE);
  fake_server_expect (test->me->server, "<presence type='unavailable'/>");
  fake_server_close (test->me->server);
  fake_server_wait_until (is_closed);
}

/* F53 */
static void
test_close_silent (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  gboolean is_closed = FALSE;

  flint_core_close_async (test->core, on_closed, &is_closed);
  fake_server_expect (test->me->server, "</stream:stream>");
  fake_clock_advance (test->me->server->clock, 1999);
  g_main_context_iteration (NULL, FALSE);
  g_assert_false (is_closed);
  fake_clock_advance (test->me->server->clock, 1);
  fake_server_wait_until (is_closed);
}

static void
test_close_anytime (void)
{
  g_autoptr(TestCore) test = test_core_new ();
  gboolean is_closed = FALSE;

  flint_core_close_async (test->core, on_closed, &is_closed);
  fake_server_wait_until (is_closed);

  test->me = test_account_new (test->core, ME);
  flint_account_connect (test->me->account);
  is_closed = FALSE;
  flint_core_close_async (test->core, on_closed, &is_closed);
  fake_server_wait_until (is_closed);
}

/* F54: what one server does is of no concern to another account */
static void
test_isolation (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  TestAccount *other = test_account_new (test->core, "too@other.test");

  test_account_login (other, TEST_ROSTER);
  fake_server_reset (other->server);
  fake_server_wait_until (flint_account_get_state (other->account) == FLINT_ACCOUNT_WAITING);
  test_account_send (test->me, "<message from='bob@peer.test/p' type='chat'><body>fine</body></message>");
  g_assert_true (flint_account_is_online (test->me->account));
  g_assert_cmpuint (test->n_messages, ==, 1);

  flint_account_list_remove (flint_core_get_accounts (test->core), other->account);
  test_account_free (other);
}

/* F47: with everything open */
static void
test_removed (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintRoom *room = test_account_join (test->me, NULL);
  FlintConversation *chat;
  g_autoptr(FlintConversation) held = NULL;
  g_autoptr(FlintRoom) held_room = g_object_ref (room);
  guint unread;

  test_account_send (test->me, "<message from='bob@peer.test/p' type='chat'><body>x</body></message><message from='bob@peer.test/p'><body>x</body></message>"
                               "<message from='bob@peer.test/p' type='headline'><body>x</body></message><presence from='eve@evil.test' type='subscribe'/>");
  chat = test_account_find (test->me, BOB);
  held = g_object_ref (chat);
  flint_conversation_set_composing (chat, TRUE);
  flint_account_list_remove (flint_core_get_accounts (test->core), test->me->account);

  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_conversations (test->core)), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_rooms (test->core)), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_letters (test->core)), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_headlines (test->core)), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_requests (test->core)), ==, 0);
  g_object_get (test->core, "unread-chats", &unread, NULL);
  g_assert_cmpuint (unread, ==, 0);

  /* A window that still shows it can do what it likes */
  flint_conversation_send (held, "x");
  flint_conversation_set_composing (held, TRUE);
  flint_conversation_set_watched (held, TRUE);
  flint_room_leave (held_room);
  flint_room_set_nick (held_room, "you");

  fake_server_expect (test->me->server, "<presence type='unavailable'/>");
  fake_server_close (test->me->server);
}

static void
test_status (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autoptr(FlintStatus) busy = flint_status_new (XMPP_SHOW_DND, "Tests", FALSE);

  g_object_set (test->core, "status", busy, NULL);
  fake_server_expect_contains (test->me->server, "<show>dnd</show><status>Tests</status>");
  g_assert_true (flint_account_get_status (test->me->account) == busy);
}

static void
test_connect_all (void)
{
  g_autoptr(TestCore) test = test_core_new ();
  TestAccount *other = test_account_new (test->core, "too@other.test");

  test->me = test_account_new (test->core, ME);
  g_object_set (other->account, "auto-login", FALSE, NULL);
  flint_core_connect_all (test->core);
  test_account_accept (test->me, TEST_ROSTER);
  g_assert_cmpint (flint_account_get_state (other->account), ==, FLINT_ACCOUNT_OFFLINE);

  flint_account_list_remove (flint_core_get_accounts (test->core), other->account);
  test_account_free (other);
}

/* Rooms that are kept come back with the account, and are joined when one wants it */
static void
test_saved_rooms (void)
{
  g_autofree char *directory = test_directory_new ();
  g_autoptr(FlintCore) core = flint_core_new (directory, directory, directory);
  g_autoptr(FlintAccount) account = g_object_new (FLINT_TYPE_ACCOUNT, "id", "the-id", "address", ME, NULL);
  g_autoptr(XmppJid) kept = xmpp_jid_new ("kept@muc.test", NULL);
  g_autoptr(XmppJid) odd = xmpp_jid_new ("o[d]=d;@muc.test", NULL);
  g_autoptr(XmppJid) lost = xmpp_jid_new ("lost@muc.test", NULL);
  gboolean is_closed = FALSE;
  GListModel *rooms = flint_core_get_rooms (core);
  guint n_holders = G_OBJECT (rooms)->ref_count;

  /* The file is read before anything is written over it; who reads it holds the list */
  fake_server_wait_until (G_OBJECT (rooms)->ref_count < n_holders);
  flint_account_list_add (flint_core_get_accounts (core), account);
  g_object_set (flint_core_open_room (core, account, kept, "me"), "is-saved", TRUE, "autojoin", TRUE, NULL);
  g_object_set (flint_core_open_room (core, account, odd, "n\n[x]"), "is-saved", TRUE, NULL);
  flint_core_open_room (core, account, lost, "me");

  while (g_main_context_iteration (NULL, FALSE))
    ;

  flint_core_close_async (core, on_closed, &is_closed);
  fake_server_wait_until (is_closed);
  g_clear_object (&core);
  g_clear_object (&account);

  core = flint_core_new (directory, directory, directory);
  g_assert_true (flint_account_list_load (flint_core_get_accounts (core), NULL));
  rooms = flint_core_get_rooms (core);
  fake_server_wait_until (g_list_model_get_n_items (rooms) == 2);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(FlintRoom) room = g_list_model_get_item (rooms, i);
      gboolean autojoin;
      gboolean is_saved;

      g_object_get (room, "autojoin", &autojoin, "is-saved", &is_saved, NULL);
      g_assert_cmpstr (xmpp_jid_get_text (flint_room_get_jid (room)), ==, xmpp_jid_get_text (i == 0 ? kept : odd));
      g_assert_cmpstr (flint_room_get_nick (room), ==, i == 0 ? "me" : "n\n[x]");
      g_assert_cmpint (autojoin, ==, i == 0);
      g_assert_true (is_saved);
    }

  g_object_add_weak_pointer (G_OBJECT (core), (gpointer *) &core);
  g_object_unref (core);
  fake_server_wait_until (core == NULL);
  test_directory_remove (directory);
}

static void
test_autojoin (void)
{
  g_autoptr(TestCore) test = test_core_new ();
  g_autoptr(XmppJid) jid = xmpp_jid_new ("room@muc.test", NULL);
  FlintRoom *room;

  test->me = test_account_new (test->core, ME);
  room = flint_core_open_room (test->core, test->me->account, jid, "me");
  g_object_set (room, "autojoin", TRUE, NULL);

  flint_account_connect (test->me->account);
  test_account_await (test->me);
  fake_server_open (test->me->server, FAKE_STARTTLS);
  fake_server_start_tls (test->me->server);
  fake_server_open (test->me->server, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));
  fake_server_authenticate (test->me->server);
  fake_server_open (test->me->server, FAKE_BIND);
  fake_server_bind (test->me->server);
  fake_server_expect_contains (test->me->server, "to='room@muc.test/me'");
  g_assert_cmpint (flint_room_get_state (room), ==, XMPP_ROOM_JOINING);
}

static void
test_open_chat (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintRoom *room = test_account_join (test->me, NULL);
  g_autoptr(XmppJid) full = xmpp_jid_new ("bob@peer.test/p", NULL);
  g_autoptr(XmppJid) bob = xmpp_jid_new (BOB, NULL);
  g_autoptr(XmppJid) occupant = xmpp_jid_new ("room@muc.test/x", NULL);
  FlintConversation *chat = flint_core_open_chat (test->core, test->me->account, full);

  g_assert_true (flint_core_open_chat (test->core, test->me->account, bob) == chat);
  g_assert_true (flint_core_find_conversation (test->core, test->me->account, full) == chat);
  g_assert_cmpint (flint_conversation_get_kind (chat), ==, FLINT_CONVERSATION_CHAT);
  g_assert_cmpint (flint_conversation_get_kind (flint_core_open_chat (test->core, test->me->account, occupant)), ==, FLINT_CONVERSATION_PRIVATE);
  g_assert_true (flint_core_open_chat (test->core, test->me->account, flint_room_get_jid (room)) == flint_room_get_conversation (room));
}

#define NS_MUC "<x xmlns='http://jabber.org/protocol/muc'"

static guint
count_joins (TestCore *test)
{
  guint n = 0;

  for (guint i = 0; i < test->me->server->received->len; i++)
    n += strstr (g_ptr_array_index (test->me->server->received, i), NS_MUC) != NULL ? 1 : 0;

  return n;
}

/* F42: three hundred rooms are not joined in one breath; those that one was in come first */
static void
test_many_rooms (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autoptr(XmppJid) last = xmpp_jid_new ("used@muc.test", NULL);
  FlintRoom *removed = NULL;
  guint before;
  guint first;

  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *address = g_strdup_printf ("r%03u@muc.test", i);
      g_autoptr(XmppJid) jid = xmpp_jid_new (address, NULL);
      FlintRoom *room = flint_core_open_room (test->core, test->me->account, jid, "me");

      g_object_set (room, "is-saved", TRUE, "autojoin", TRUE, NULL);
      if (i == 20)
        removed = room;
    }

  flint_room_join_async (flint_core_open_room (test->core, test->me->account, last, "me"), NULL, NULL, NULL, NULL);
  fake_server_expect_contains (test->me->server, "used@muc.test/me");
  test_account_send (test->me, "<presence from='used@muc.test/me'><x xmlns='http://jabber.org/protocol/muc#user'>"
                               "<item role='participant' affiliation='none'/><status code='110'/></x></presence>"
                               "<message type='groupchat' from='used@muc.test'><subject/></message>");
  test_account_logout (test->me);

  before = count_joins (test);
  first = test->me->server->received->len;
  test_account_login (test->me, TEST_ROSTER);
  fake_server_ping (test->me->server);
  g_assert_cmpuint (count_joins (test) - before, ==, 5);
  while (strstr (g_ptr_array_index (test->me->server->received, first), NS_MUC) == NULL)
    first++;
  g_assert_nonnull (strstr (g_ptr_array_index (test->me->server->received, first), "used@muc.test/me"));

  /* Who removes one that waits does not join it */
  flint_core_forget_room (test->core, removed);

  for (guint i = 2; i <= 60; i++)
    {
      fake_clock_advance (test->me->server->clock, 999);
      fake_server_ping (test->me->server);
      g_assert_cmpuint (count_joins (test) - before, ==, 5 * (i - 1));
      fake_clock_advance (test->me->server->clock, 1);
      fake_server_ping (test->me->server);
      g_assert_cmpuint (count_joins (test) - before, ==, 5 * i);
    }

  fake_clock_advance (test->me->server->clock, 5000);
  fake_server_ping (test->me->server);
  g_assert_cmpuint (count_joins (test) - before, ==, 300);   /* 300 of them, without the removed one, with the used one */
}

/* F42: and a long list is there at once */
static void
test_long_list (void)
{
  g_autoptr(TestCore) test = test_core_new ();
  g_autoptr(GString) roster = g_string_new ("<query xmlns='jabber:iq:roster'>");
  gint64 begin;

  test->me = test_account_new (test->core, ME);
  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (roster, "<item jid='c%u@peer.test' name='Contact %u' subscription='both'><group>Group %u</group></item>", i, i, i % 500);
  g_string_append (roster, "</query>");

  begin = g_get_monotonic_time ();
  test_account_login (test->me, roster->str);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (flint_account_get_contacts (test->me->account))), ==, 5000);
  g_test_message ("5000 contacts in 500 groups: %" G_GINT64_FORMAT " ms with the login", (g_get_monotonic_time () - begin) / 1000);
  if (g_test_perf ())
    g_assert_cmpint (g_get_monotonic_time () - begin, <, G_USEC_PER_SEC);
}

int
main (int   argc,
      char *argv[])
{
  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", "/nonexistent/keyring", TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "x", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/core/F44-it-leaves-politely", test_close);
  g_test_add_func ("/core/core/F53-it-leaves-within-two-seconds", test_close_silent);
  g_test_add_func ("/core/core/F44-it-leaves-whatever-it-is-doing", test_close_anytime);
  g_test_add_func ("/core/core/F54-accounts-fail-alone", test_isolation);
  g_test_add_func ("/core/core/F47-an-account-may-go-with-everything-open", test_removed);
  g_test_add_func ("/core/core/one-status-is-all-accounts-status", test_status);
  g_test_add_func ("/core/core/those-connect-that-are-to-by-themselves", test_connect_all);
  g_test_add_func ("/core/core/T121-rooms-are-kept", test_saved_rooms);
  g_test_add_func ("/core/core/F42-many-rooms-are-joined-some-at-a-time", test_many_rooms);
  g_test_add_func ("/core/core/F42-a-long-list-is-there-at-once", test_long_list);
  g_test_add_func ("/core/core/kept-rooms-are-joined", test_autojoin);
  g_test_add_func ("/core/core/a-chat-is-with-a-person-a-room-or-somebody-in-it", test_open_chat);

  return g_test_run ();
}
