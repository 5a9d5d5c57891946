/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same up to the accounts, conversations and rooms that a window shows: after the worst, another account of the same
 * core logs in, and a friend's message to it is shown.
 */
#include "core-fixture.h"
#include "fuzz-script.h"

#include "flint-account-private.h"

#define MAX_SIZE (16 * 1024)

static void
check_timeline (FlintConversation *conversation)
{
  for (guint i = 0; i < test_conversation_count (conversation); i++)
    {
      const char *body = flint_message_get_body (test_conversation_get (conversation, i));

      g_assert_true (body == NULL || g_utf8_validate (body, -1, NULL));
    }
}

static void
check_conversations (FlintCore *core)
{
  GListModel *conversations = flint_core_get_conversations (core);

  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr(FlintConversation) conversation = g_list_model_get_item (conversations, i);

      check_timeline (conversation);
    }
}

static void
check_another_account (TestAccount *other)
{
  FlintConversation *bob;

  test_account_login (other, TEST_ROSTER);
  test_account_send (other, "<message from='bob@peer.test/p' to='other@good.test/r1' type='chat' id='a'><body>alive</body></message>");
  bob = test_account_find (other, BOB);
  g_assert_nonnull (bob);
  g_assert_cmpuint (test_conversation_count (bob), ==, 1);
  g_assert_cmpstr (flint_message_get_body (test_conversation_last (bob)), ==, "alive");
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  FuzzScript script = { NULL };
  g_autoptr(XmppJid) bob = xmpp_jid_new (BOB, NULL);
  TestAccount *other;
  TestCore *test;

  if (size > MAX_SIZE)
    return 0;

  fuzz_script_begin ();
  test = test_core_new_online ();
  g_assert_nonnull (flint_core_open_chat (test->core, test->me->account, bob));
  test_account_join (test->me, "<presence from='room@muc.test/bob'><x xmlns='http://jabber.org/protocol/muc#user'>"
                               "<item affiliation='member' role='participant'/></x></presence>");

  script.server = test->me->server;
  fuzz_script_run (&script, (const char *) data, size);
  check_conversations (test->core);

  if (flint_account_get_error (test->me->account) != NULL)
    fuzz_assert_words (flint_account_get_error (test->me->account));

  other = test_account_new (test->core, "other@good.test");
  check_another_account (other);
  test_core_free (test);
  test_account_free (other);

  return 0;
}
