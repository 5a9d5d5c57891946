/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "flint-conversation-private.h"

#include <string.h>

static FlintConversation *
open_chat (TestCore   *test,
           const char *address)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (address, NULL);

  return flint_core_open_chat (test->core, test->me->account, jid);
}

static char *
get_notice (FlintConversation *chat)
{
  char *notice;

  g_object_get (chat, "notice", &notice, NULL);

  return notice;
}

static gboolean
can_send (FlintConversation *chat)
{
  gboolean can;

  g_object_get (chat, "can-send", &can, NULL);

  return can;
}

/* The id of the message that has this body on the wire */
static char *
expect_body (TestCore   *test,
             const char *body)
{
  g_autofree char *element = g_strdup_printf ("<body>%s</body>", body);

  return fake_xml_get (fake_server_expect_contains (test->me->server, element), "id");
}

static void
test_send (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintConversation *chat = open_chat (test, BOB);
  g_autofree char *id = NULL;

  g_assert_false (flint_conversation_send (chat, ""));
  g_assert_false (flint_conversation_send (chat, " \n\t"));
  test_conversation_say (chat, "Hello, <b>Bob</b> & all");
  g_assert_cmpuint (test_conversation_count (chat), ==, 1);
  g_assert_cmpint (flint_message_get_state (test_conversation_last (chat)), ==, FLINT_MESSAGE_SENT);

  id = expect_body (test, "Hello, &lt;b&gt;Bob&lt;/b&gt; &amp; all");
  g_assert_cmpstr (id, ==, flint_message_get_id (test_conversation_last (chat)));
  g_assert_cmpuint (flint_conversation_get_unread (chat), ==, 0);
}

static void
test_offline (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintConversation *chat = open_chat (test, BOB);
  g_autofree char *notice = NULL;
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;

  fake_server_reset (test->me->server);
  fake_server_wait_until (!flint_account_is_online (test->me->account));
  notice = get_notice (chat);
  g_assert_nonnull (strstr (notice, "Not connected"));
  g_assert_true (can_send (chat));

  test_conversation_say (chat, "one");
  test_conversation_say (chat, "two");
  test_conversation_say (chat, "three");
  g_assert_cmpint (flint_message_get_state (test_conversation_last (chat)), ==, FLINT_MESSAGE_PENDING);
  flint_conversation_discard (chat, test_conversation_last (chat));

  /* Sent in their order, once */
  flint_account_connect (test->me->account);
  test_account_await (test->me);
  fake_server_open (test->me->server, FAKE_STARTTLS);
  fake_server_start_tls (test->me->server);
  fake_server_open (test->me->server, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));
  fake_server_authenticate (test->me->server);
  fake_server_open (test->me->server, FAKE_BIND);
  fake_server_bind (test->me->server);
  fake_server_answer (test->me->server, "jabber:iq:roster", TEST_ROSTER);
  one = expect_body (test, "one");
  two = expect_body (test, "two");
  g_assert_cmpstr (one, ==, flint_message_get_id (test_conversation_get (chat, 0)));
  g_assert_cmpstr (two, ==, flint_message_get_id (test_conversation_get (chat, 1)));
  g_assert_cmpint (flint_message_get_state (test_conversation_last (chat)), ==, FLINT_MESSAGE_SENT);
  fake_server_ping (test->me->server);

  for (guint i = 0; i < test->me->server->waiting->len; i++)
    g_assert_null (strstr (g_ptr_array_index (test->me->server->waiting, i), "<body>"));

  g_clear_pointer (&notice, g_free);
  notice = get_notice (chat);
  g_assert_null (notice);
}

static char *
receipt_from (const char *from,
              const char *id)
{
  return g_strdup_printf ("<message from='%s' type='chat'><received xmlns='urn:xmpp:receipts' id='%s'/></message>", from, id);
}

/* T046 */
static void
test_receipts (void)
{
  static const char * const others[] = { "eve@evil.test/x", "ann@peer.test/p", "peer.test", "good.test", "me@good.test/other" };
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintConversation *chat = open_chat (test, BOB);
  FlintMessage *message;
  g_autofree char *xml = NULL;

  test_conversation_say (chat, "for Bob");
  message = test_conversation_last (chat);

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *forged = receipt_from (others[i], flint_message_get_id (message));

      open_chat (test, others[i]);
      test_account_send (test->me, forged);
      g_assert_cmpint (flint_message_get_state (message), ==, FLINT_MESSAGE_SENT);
    }

  xml = receipt_from ("bob@peer.test/any", flint_message_get_id (message));
  test_account_send (test->me, xml);
  g_assert_cmpint (flint_message_get_state (message), ==, FLINT_MESSAGE_DELIVERED);
}

static char *
error_from (const char *from,
            const char *id)
{
  return g_strdup_printf ("<message from='%s' type='error' id='%s'><error type='cancel'><item-not-found "
                          "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>", from, id);
}

/* T047 */
static void
test_errors (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintConversation *chat = open_chat (test, BOB);
  FlintMessage *message;
  g_autofree char *forged = NULL;
  g_autofree char *genuine = NULL;
  g_autofree char *unrelated = NULL;
  g_autofree char *again = NULL;

  test_conversation_say (chat, "for Bob");
  message = test_conversation_last (chat);

  forged = error_from ("eve@evil.test/x", flint_message_get_id (message));
  test_account_send (test->me, forged);
  g_assert_cmpint (flint_message_get_state (message), ==, FLINT_MESSAGE_SENT);

  genuine = error_from ("bob@peer.test", flint_message_get_id (message));
  test_account_send (test->me, genuine);
  g_assert_cmpint (flint_message_get_state (message), ==, FLINT_MESSAGE_FAILED);
  g_assert_cmpstr (flint_message_get_failure (message), !=, "");
  g_assert_cmpuint (test_conversation_count (chat), ==, 1);

  /* About nothing that we know: said where he is talked with */
  unrelated = error_from ("bob@peer.test", "unknown");
  test_account_send (test->me, unrelated);
  g_assert_cmpuint (test_conversation_count (chat), ==, 2);
  g_assert_cmpint (flint_message_get_kind (test_conversation_last (chat)), ==, FLINT_MESSAGE_SYSTEM);

  /* Again, under its id */
  fake_server_settle (test->me->server);
  flint_conversation_retry (chat, message);
  g_assert_cmpint (flint_message_get_state (message), ==, FLINT_MESSAGE_SENT);
  again = expect_body (test, "for Bob");
  g_assert_cmpstr (again, ==, flint_message_get_id (message));

  /* Or not */
  test_account_send (test->me, genuine);
  flint_conversation_discard (chat, message);
  g_assert_cmpuint (test_conversation_count (chat), ==, 1);
}

/* XEP-0296 */
static void
test_lock (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintConversation *chat = open_chat (test, BOB);

  test_account_send (test->me, "<presence from='bob@peer.test/desk'/>");
  test_conversation_say (chat, "1");
  fake_server_expect_contains (test->me->server, "<message type='chat' to='bob@peer.test' ");

  test_account_send (test->me, "<message from='bob@peer.test/desk' type='chat'><body>here</body></message>");
  test_conversation_say (chat, "2");
  fake_server_expect_contains (test->me->server, "<message type='chat' to='bob@peer.test/desk' ");

  /* His own presence is no reason to ask the others */
  test_account_send (test->me, "<presence from='bob@peer.test/desk'><show>dnd</show></presence>");
  test_conversation_say (chat, "3");
  fake_server_expect_contains (test->me->server, "<message type='chat' to='bob@peer.test/desk' ");

  /* Another device of his is */
  test_account_send (test->me, "<presence from='bob@peer.test/phone'/>");
  test_conversation_say (chat, "4");
  fake_server_expect_contains (test->me->server, "<message type='chat' to='bob@peer.test' ");

  /* So is that he goes */
  test_account_send (test->me, "<message from='bob@peer.test/phone' type='chat'><body>now here</body></message>"
                               "<presence from='bob@peer.test/phone' type='unavailable'/>");
  test_conversation_say (chat, "5");
  fake_server_expect_contains (test->me->server, "<message type='chat' to='bob@peer.test' ");
}

static void
test_unread (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintConversation *chat = open_chat (test, BOB);
  FlintContact *bob = flint_conversation_get_contact (chat);
  guint unread;

  test_account_send (test->me, "<message from='bob@peer.test/p' type='chat'><body>1</body></message>"
                               "<message from='bob@peer.test/p' type='chat'><body>2</body></message>");
  g_assert_cmpuint (flint_conversation_get_unread (chat), ==, 2);
  g_assert_cmpuint (flint_contact_get_unread (bob), ==, 2);
  g_object_get (test->core, "unread-chats", &unread, NULL);
  g_assert_cmpuint (unread, ==, 2);
  g_assert_true (flint_message_is_first_unread (test_conversation_get (chat, 0)));

  /* Looking reads all; the line stays until one looks away */
  flint_conversation_set_watched (chat, TRUE);
  g_assert_cmpuint (flint_conversation_get_unread (chat), ==, 0);
  g_assert_cmpuint (flint_contact_get_unread (bob), ==, 0);
  g_assert_true (flint_message_is_first_unread (test_conversation_get (chat, 0)));

  test_account_send (test->me, "<message from='bob@peer.test/p' type='chat'><body>3</body></message>");
  g_assert_cmpuint (flint_conversation_get_unread (chat), ==, 0);

  flint_conversation_set_watched (chat, FALSE);
  g_assert_false (flint_message_is_first_unread (test_conversation_get (chat, 0)));

  test_account_send (test->me, "<message from='bob@peer.test/p' type='chat'><body>4</body></message>"
                               "<message from='bob@peer.test/p' type='chat'><body>5</body></message>");
  g_assert_cmpuint (flint_conversation_get_unread (chat), ==, 2);
  g_assert_true (flint_message_is_first_unread (test_conversation_get (chat, 3)));
  g_assert_false (flint_message_is_first_unread (test_conversation_get (chat, 4)));

  flint_core_close_conversation (test->core, chat);
  g_assert_cmpuint (flint_contact_get_unread (bob), ==, 0);
  g_object_get (test->core, "unread-chats", &unread, NULL);
  g_assert_cmpuint (unread, ==, 0);
}

static void
test_latest_first (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  GListModel *list = flint_core_get_conversations (test->core);
  FlintConversation *bob = open_chat (test, BOB);
  FlintConversation *ann = open_chat (test, "ann@peer.test");
  g_autoptr(FlintConversation) first = g_list_model_get_item (list, 0);

  g_assert_true (first == ann);
  fake_clock_advance (test->me->server->clock, 1000);
  test_conversation_say (bob, "x");
  g_set_object (&first, NULL);
  first = g_list_model_get_item (list, 0);
  g_assert_true (first == bob);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 2);
}

static void
test_notices (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintConversation *bob = open_chat (test, BOB);
  FlintConversation *eve = open_chat (test, EVE);
  g_autofree char *none = get_notice (bob);
  g_autofree char *stranger = get_notice (eve);
  g_autofree char *added = NULL;
  g_autofree char *title = NULL;

  g_assert_null (none);
  g_assert_cmpstr (stranger, ==, "\342\201\250" EVE "\342\201\251 is not in your contacts.");

  /* The very contact that is shown is the one that is listed now */
  test_account_send (test->me, "<iq type='set' id='p'><query xmlns='jabber:iq:roster'><item jid='eve@evil.test' name='Eve'/></query></iq>");
  added = get_notice (eve);
  g_assert_null (added);
  g_assert_cmpstr (flint_conversation_get_title (eve), ==, "Eve");
  g_assert_true (flint_contact_is_listed (flint_conversation_get_contact (eve)));

  test_account_send (test->me, "<iq type='set' id='p'><query xmlns='jabber:iq:roster'><item jid='eve@evil.test' subscription='remove'/></query></iq>");
  g_assert_false (flint_contact_is_listed (flint_conversation_get_contact (eve)));
  g_assert_cmpstr (flint_conversation_get_title (eve), ==, EVE);
}

static void
test_subtitle (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintConversation *bob = open_chat (test, BOB);
  g_autofree char *offline = NULL;
  g_autofree char *away = NULL;

  g_object_get (bob, "subtitle", &offline, NULL);
  g_assert_cmpstr (offline, ==, "Offline");
  test_account_send (test->me, "<presence from='bob@peer.test/p'><show>away</show><status>Lunch\n\342\200\256x</status></presence>");
  g_object_get (bob, "subtitle", &away, NULL);
  g_assert_cmpstr (away, ==, "Away · Lunch x");
  g_assert_cmpint (flint_conversation_get_show (bob), ==, XMPP_SHOW_AWAY);
}

static void
test_draft (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintConversation *bob = open_chat (test, BOB);

  flint_conversation_set_draft (bob, "Dear");
  g_assert_cmpstr (flint_conversation_get_draft (bob), ==, "Dear");
}

static void
test_finalised (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintConversation *bob = open_chat (test, BOB);
  FlintConversation *eve = open_chat (test, EVE);
  FlintContact *stranger = flint_conversation_get_contact (eve);
  FlintTimeline *timeline = flint_conversation_get_timeline (bob);

  g_object_add_weak_pointer (G_OBJECT (bob), (gpointer *) &bob);
  g_object_add_weak_pointer (G_OBJECT (eve), (gpointer *) &eve);
  g_object_add_weak_pointer (G_OBJECT (stranger), (gpointer *) &stranger);
  g_object_add_weak_pointer (G_OBJECT (timeline), (gpointer *) &timeline);

  test_conversation_say (bob, "x");
  flint_core_close_conversation (test->core, bob);
  flint_core_close_conversation (test->core, eve);
  g_assert_true (bob == NULL && eve == NULL && stranger == NULL && timeline == NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/conversation/what-is-sent-stands-there-at-once", test_send);
  g_test_add_func ("/core/conversation/F50-what-is-written-offline-is-sent-later-in-its-order", test_offline);
  g_test_add_func ("/core/conversation/T046-a-receipt-counts-from-him-alone", test_receipts);
  g_test_add_func ("/core/conversation/T047-an-error-counts-from-him-alone", test_errors);
  g_test_add_func ("/core/conversation/the-device-that-spoke-is-answered", test_lock);
  g_test_add_func ("/core/conversation/what-nobody-has-looked-at-is-counted", test_unread);
  g_test_add_func ("/core/conversation/the-latest-comes-first", test_latest_first);
  g_test_add_func ("/core/conversation/one-is-told-what-one-should-know", test_notices);
  g_test_add_func ("/core/conversation/it-says-how-the-other-one-is", test_subtitle);
  g_test_add_func ("/core/conversation/a-draft-stays", test_draft);
  g_test_add_func ("/core/conversation/a-closed-one-is-gone-with-all-it-had", test_finalised);

  return g_test_run ();
}
