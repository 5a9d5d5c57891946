/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include <string.h>

#define STATE(state) "<message from='bob@peer.test/p' type='chat'><" state " xmlns='http://jabber.org/protocol/chatstates'/></message>"

static char *
get_typing (FlintConversation *chat)
{
  char *typing;

  g_object_get (chat, "typing", &typing, NULL);

  return typing;
}

static void
assert_typing (FlintConversation *chat,
               gboolean           expected)
{
  g_autofree char *typing = get_typing (chat);

  g_assert_cmpint (typing != NULL, ==, expected);
  g_assert_cmpint (flint_contact_is_typing (flint_conversation_get_contact (chat)), ==, expected);
}

static FlintConversation *
open_chat (TestCore   *test,
           const char *address)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (address, NULL);

  return flint_core_open_chat (test->core, test->me->account, jid);
}

static void
test_his (void)
{
  static const char * const ends[] = { STATE ("paused"), STATE ("active"), STATE ("gone"), STATE ("inactive"),
                                       "<message from='bob@peer.test/p' type='chat'><body>x</body></message>",
                                       "<presence from='bob@peer.test/p' type='unavailable'/>" };
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintConversation *bob = open_chat (test, BOB);
  g_autofree char *typing = NULL;

  test_account_send (test->me, STATE ("composing"));
  typing = get_typing (bob);
  g_assert_cmpstr (typing, ==, "\342\201\250Bob\342\201\251 is typing…");

  /* Believed for thirty seconds */
  fake_clock_advance (test->me->server->clock, 29999);
  assert_typing (bob, TRUE);
  fake_clock_advance (test->me->server->clock, 1);
  assert_typing (bob, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      test_account_send (test->me, "<presence from='bob@peer.test/p'/>" STATE ("composing"));
      assert_typing (bob, TRUE);
      test_account_send (test->me, ends[i]);
      assert_typing (bob, FALSE);
    }

  test_account_send (test->me, STATE ("composing"));
  fake_server_reset (test->me->server);
  fake_server_wait_until (!flint_account_is_online (test->me->account));
  assert_typing (bob, FALSE);
}

static guint
count_states (TestCore   *test,
              const char *state)
{
  g_autofree char *element = g_strdup_printf ("<%s xmlns='http://jabber.org/protocol/chatstates'/>", state);
  guint n = 0;

  fake_server_ping (test->me->server);

  for (guint i = 0; i < test->me->server->received->len; i++)
    n += strstr (g_ptr_array_index (test->me->server->received, i), element) != NULL ? 1 : 0;

  return n;
}

static void
test_ours (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintConversation *bob = open_chat (test, BOB);

  /* He has not said that he understands it */
  flint_conversation_set_composing (bob, TRUE);
  g_assert_cmpuint (count_states (test, "composing"), ==, 0);

  test_account_send (test->me, "<message from='bob@peer.test/p' type='chat'><body>x</body><active xmlns='http://jabber.org/protocol/chatstates'/></message>");

  for (guint i = 0; i < 10; i++)
    {
      flint_conversation_set_composing (bob, TRUE);
      fake_clock_advance (test->me->server->clock, 1000);
    }

  g_assert_cmpuint (count_states (test, "composing"), ==, 1);
  g_assert_cmpuint (count_states (test, "paused"), ==, 0);
  fake_clock_advance (test->me->server->clock, 4000);
  g_assert_cmpuint (count_states (test, "paused"), ==, 1);

  flint_conversation_set_composing (bob, TRUE);
  g_assert_cmpuint (count_states (test, "composing"), ==, 2);
  test_conversation_say (bob, "x");
  g_assert_cmpuint (count_states (test, "active"), ==, 1);
  fake_clock_advance (test->me->server->clock, 10000);
  g_assert_cmpuint (count_states (test, "paused"), ==, 1);

  flint_conversation_set_composing (bob, TRUE);
  flint_conversation_set_composing (bob, FALSE);
  g_assert_cmpuint (count_states (test, "active"), ==, 2);

  flint_core_close_conversation (test->core, bob);
  g_assert_cmpuint (count_states (test, "gone"), ==, 1);
}

/* T099: not a word to strangers, and to nobody when one does not want it */
static void
test_private (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintConversation *bob = open_chat (test, BOB);
  FlintConversation *eve = open_chat (test, EVE);

  test_account_send (test->me, "<message from='eve@evil.test/x' type='chat'><body>x</body><active xmlns='http://jabber.org/protocol/chatstates'/></message>"
                               "<message from='bob@peer.test/p' type='chat'><body>x</body><active xmlns='http://jabber.org/protocol/chatstates'/></message>");
  flint_conversation_set_composing (eve, TRUE);
  g_assert_cmpuint (count_states (test, "composing"), ==, 0);

  g_object_set (test->core, "send-typing", FALSE, NULL);
  flint_conversation_set_composing (bob, TRUE);
  test_conversation_say (bob, "x");
  g_assert_cmpuint (count_states (test, "composing"), ==, 0);
  g_assert_cmpuint (count_states (test, "active"), ==, 0);
}

static void
test_receipts_wanted (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();

  test_account_send (test->me, "<message from='bob@peer.test/p' type='chat' id='r1'><body>x</body><request xmlns='urn:xmpp:receipts'/></message>");
  fake_server_expect_contains (test->me->server, "<received xmlns='urn:xmpp:receipts' id='r1'/>");

  g_object_set (test->core, "send-receipts", FALSE, NULL);
  fake_server_settle (test->me->server);
  test_account_send (test->me, "<message from='bob@peer.test/p' type='chat' id='r2'><body>x</body><request xmlns='urn:xmpp:receipts'/></message>");
  fake_server_no_more (test->me->server);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/typing/that-he-types-is-shown-until-he-does-not", test_his);
  g_test_add_func ("/core/typing/that-we-type-is-told-once", test_ours);
  g_test_add_func ("/core/typing/T099-it-is-told-only-to-those-who-may-know", test_private);
  g_test_add_func ("/core/typing/receipts-are-given-when-one-wants-to", test_receipts_wanted);

  return g_test_run ();
}
