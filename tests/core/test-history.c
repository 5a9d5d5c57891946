/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was said is on the disk, once, and comes back */
#include "core-fixture.h"

#include "flint-core-private.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

static FlintConversation *
open_chat (TestCore   *test,
           const char *address)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (address, NULL);

  return flint_core_open_chat (test->core, test->me->account, jid);
}

/* All that there is, from the first page to the last */
static void
load_all (FlintConversation *conversation)
{
  while (flint_conversation_has_older (conversation))
    {
      flint_conversation_load_older (conversation);
      fake_server_wait_until (!flint_conversation_is_loading (conversation));
    }
}

static char *
list_bodies (FlintConversation *conversation)
{
  GString *bodies = g_string_new (NULL);

  for (guint i = 0; i < test_conversation_count (conversation); i++)
    g_string_append_printf (bodies, "%s%s", i > 0 ? " " : "", flint_message_get_body (test_conversation_get (conversation, i)));

  return g_string_free (bodies, FALSE);
}

static void
assert_bodies (FlintConversation *conversation,
               const char        *expected)
{
  g_autofree char *bodies = list_bodies (conversation);

  g_assert_cmpstr (bodies, ==, expected);
}

static void
say (TestCore   *test,
     const char *id,
     const char *body)
{
  g_autofree char *xml = g_strdup_printf ("<message from='bob@peer.test/p' to='me@good.test/r1' type='chat' id='%s'><body>%s</body></message>",
                                          id, body);

  test_account_send (test->me, xml);
}

static char *
get_path (TestCore   *test,
          const char *name)
{
  return g_build_filename (test->directory, "data", name, NULL);
}

/* What goes over the wire, "id:body" each, from now on */

static void
on_stanza (XmppSession   *session,
           XmppStanza    *stanza,
           XmppDirection  direction,
           GString       *sent)
{
  const XmppNode *root = xmpp_stanza_get_root (stanza);
  const char *body = xmpp_node_get_child_text (root, "body", "jabber:client");

  if (direction == XMPP_SENT && body != NULL)
    g_string_append_printf (sent, "%s:%s ", xmpp_node_get (root, "id"), body);
}

static GString *
watch_sent (TestCore *test)
{
  GString *sent = g_string_new (NULL);

  g_signal_connect (flint_account_get_session (test->me->account), "stanza", G_CALLBACK (on_stanza), sent);

  return sent;
}

static void
test_start_again (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintConversation *bob = open_chat (test, BOB);
  FlintMessage *own;

  say (test, "b-one", "one");
  test_conversation_say (bob, "two");
  say (test, "b-three", "three");

  test_core_start_again (test);
  bob = open_chat (test, BOB);
  g_assert_cmpuint (test_conversation_count (bob), ==, 0);
  load_all (bob);
  assert_bodies (bob, "one two three");

  own = test_conversation_get (bob, 1);
  g_assert_true (flint_message_is_own (own));
  g_assert_cmpint (flint_message_get_state (own), ==, FLINT_MESSAGE_SENT);
  g_assert_cmpstr (flint_message_get_sender (test_conversation_get (bob, 0)), ==, "Bob");
  g_assert_false (flint_message_is_own (test_conversation_get (bob, 2)));
}

/* It is for its owner's eyes */
static void
test_private_file (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autofree char *path = get_path (test, "history.db");
  GStatBuf status;

  say (test, "b-one", "one");
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
}

/* Pages come one behind the other, and nothing twice, also what is said while they come */
static void
test_pages (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintConversation *bob = open_chat (test, BOB);
  g_autoptr(GString) expected = g_string_new ("0");

  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *id = g_strdup_printf ("long-id-%u", i);
      g_autofree char *body = g_strdup_printf ("%u", i);

      if (i > 0)
        g_string_append_printf (expected, " %u", i);
      say (test, id, body);
    }

  test_core_start_again (test);
  test_account_login (test->me, TEST_ROSTER);
  bob = open_chat (test, BOB);
  flint_conversation_load_older (bob);
  g_assert_true (flint_conversation_is_loading (bob));
  say (test, "long-id-200", "200");
  fake_server_wait_until (!flint_conversation_is_loading (bob));
  g_assert_cmpuint (test_conversation_count (bob), <, 200);
  g_assert_true (flint_conversation_has_older (bob));

  g_string_append (expected, " 200");
  load_all (bob);
  assert_bodies (bob, expected->str);
}

/* What is written without a connection is sent when there is one, once and in its order, also after the program ended */
static void
test_unsent (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintConversation *bob = open_chat (test, BOB);
  g_autofree char *expected = NULL;
  g_autoptr(GString) sent = NULL;
  g_autoptr(GString) again = NULL;

  fake_server_reset (test->me->server);
  fake_server_wait_until (!flint_account_is_online (test->me->account));
  test_conversation_say (bob, "first");
  test_conversation_say (bob, "second");
  expected = g_strdup_printf ("%s:first %s:second ", flint_message_get_id (test_conversation_get (bob, 0)),
                              flint_message_get_id (test_conversation_get (bob, 1)));

  test_core_start_again (test);
  sent = watch_sent (test);
  test_account_login (test->me, TEST_ROSTER);
  test_core_settle (test->core);

  /* Not before it is known what the server has (F20) */
  g_assert_cmpstr (sent->str, ==, "");
  test_account_answer_archive (test->me, FALSE);
  g_assert_cmpstr (sent->str, ==, expected);

  bob = open_chat (test, BOB);
  load_all (bob);
  assert_bodies (bob, "first second");
  g_assert_cmpint (flint_message_get_state (test_conversation_last (bob)), ==, FLINT_MESSAGE_SENT);

  /* And not a second time */
  test_core_start_again (test);
  again = watch_sent (test);
  test_account_login (test->me, TEST_ROSTER);
  test_core_settle (test->core);
  test_account_answer_archive (test->me, FALSE);
  g_assert_cmpstr (again->str, ==, "");
}

/* A person thought better of it: it is not sent after all */
static void
test_discarded (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintConversation *bob = open_chat (test, BOB);
  g_autoptr(GString) sent = NULL;

  fake_server_reset (test->me->server);
  fake_server_wait_until (!flint_account_is_online (test->me->account));
  test_conversation_say (bob, "regretted");
  flint_conversation_discard (bob, test_conversation_last (bob));

  test_core_start_again (test);
  sent = watch_sent (test);
  test_account_login (test->me, TEST_ROSTER);
  test_core_settle (test->core);
  test_account_answer_archive (test->me, FALSE);
  g_assert_cmpstr (sent->str, ==, "");
  bob = open_chat (test, BOB);
  load_all (bob);
  assert_bodies (bob, "");
}

/* F45: the draft, and what nobody has read */
static void
test_draft_and_unread (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintConversation *bob = open_chat (test, BOB);

  flint_conversation_set_watched (bob, TRUE);
  say (test, "long-id-1", "seen");
  flint_conversation_set_watched (bob, FALSE);
  say (test, "long-id-2", "unseen");
  say (test, "long-id-3", "unseen, too");
  flint_conversation_set_draft (bob, "half a sentence");
  g_assert_cmpuint (flint_conversation_get_unread (bob), ==, 2);

  test_core_start_again (test);
  bob = test_account_find (test->me, BOB);
  g_assert_nonnull (bob);
  g_assert_cmpuint (flint_conversation_get_unread (bob), ==, 2);
  g_assert_cmpstr (flint_conversation_get_draft (bob), ==, "half a sentence");

  load_all (bob);
  g_assert_false (flint_message_is_first_unread (test_conversation_get (bob, 0)));
  g_assert_true (flint_message_is_first_unread (test_conversation_get (bob, 1)));

  /* Read is read */
  flint_conversation_set_watched (bob, TRUE);
  flint_conversation_set_draft (bob, NULL);
  test_core_start_again (test);
  bob = test_account_find (test->me, BOB);
  g_assert_cmpuint (flint_conversation_get_unread (bob), ==, 0);
  g_assert_null (flint_conversation_get_draft (bob));
}

/* F25: a server that gives again what it gave, also after the program was started again */
static void
test_once (void)
{
  static const char delayed[] =
    "<message from='bob@peer.test/p' to='me@good.test' type='chat' id='long-id-1'><body>hello</body>"
    "<delay xmlns='urn:xmpp:delay' from='good.test' stamp='2026-01-01T00:00:00Z'/></message>";
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintConversation *bob;

  say (test, "long-id-1", "hello");
  say (test, "long-id-1", "hello");
  test_account_send (test->me, delayed);
  bob = open_chat (test, BOB);
  assert_bodies (bob, "hello");
  g_assert_cmpuint (test->n_messages, ==, 1);
  g_assert_cmpuint (flint_conversation_get_unread (bob), ==, 1);

  test_core_start_again (test);
  test_account_login (test->me, TEST_ROSTER);
  test_account_send (test->me, delayed);
  say (test, "long-id-1", "hello");
  bob = open_chat (test, BOB);
  load_all (bob);
  assert_bodies (bob, "hello");
  g_assert_cmpuint (flint_conversation_get_unread (bob), ==, 1);
}

/* T049: another text, another sender */
static void
test_not_the_same (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();

  say (test, "long-id-1", "hello");
  say (test, "long-id-1", "hello again");
  test_account_send (test->me, "<message from='ann@peer.test/p' type='chat' id='long-id-1'><body>hello</body></message>");
  assert_bodies (open_chat (test, BOB), "hello hello again");
  assert_bodies (open_chat (test, "ann@peer.test"), "hello");

  test_core_start_again (test);
  load_all (open_chat (test, BOB));
  load_all (open_chat (test, "ann@peer.test"));
  assert_bodies (open_chat (test, BOB), "hello hello again");
  assert_bodies (open_chat (test, "ann@peer.test"), "hello");
}

/* F30: what the disk does not take goes on in memory, and is sent all the same */
static void
test_no_disk (void)
{
  g_autoptr(TestCore) test = test_core_new ();
  g_autofree char *data = g_build_filename (test->directory, "data", NULL);
  g_autoptr(GError) failure = NULL;
  FlintConversation *bob;

  /* Where the file is to be there is a folder */
  g_autofree char *path = get_path (test, "history.db");
  test_core_settle (test->core);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  test_core_start_again (test);

  fake_server_wait_until ((g_clear_error (&failure), g_object_get (test->core, "history-failure", &failure, NULL), failure != NULL));
  g_assert_nonnull (strstr (failure->message, "cannot be written"));
  test_account_login (test->me, TEST_ROSTER);
  say (test, "long-id-1", "hello");
  bob = open_chat (test, BOB);
  g_assert_true (flint_conversation_send (bob, "hello yourself"));
  fake_server_expect_contains (test->me->server, "<body>hello yourself</body>");
  fake_server_wait_until (flint_message_get_state (test_conversation_last (bob)) == FLINT_MESSAGE_SENT);
  assert_bodies (bob, "hello hello yourself");

  /* There is room again: it is on the disk, too */
  g_assert_cmpint (g_rmdir (path), ==, 0);
  fake_server_wait_until ((g_clear_error (&failure), g_object_get (test->core, "history-failure", &failure, NULL), failure == NULL));
  test_core_start_again (test);
  bob = open_chat (test, BOB);
  load_all (bob);
  assert_bodies (bob, "hello hello yourself");
}

/* "subject" of each, the latest first; * where it is unread */
static void
assert_headlines (TestCore   *test,
                  const char *expected)
{
  GListModel *headlines = flint_core_get_headlines (test->core);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (headlines); i++)
    {
      g_autoptr(FlintHeadline) headline = g_list_model_get_item (headlines, i);

      g_string_append_printf (text, "%s%s%s", i > 0 ? ", " : "", flint_headline_get_subject (headline),
                              flint_headline_is_unread (headline) ? "*" : "");
    }

  g_assert_cmpstr (text->str, ==, expected);
}

static void
tell (TestCore   *test,
      const char *from,
      const char *id,
      const char *subject)
{
  g_autofree char *xml = g_strdup_printf ("<message from='%s' to='me@good.test' type='headline' id='%s'><subject>%s</subject><body>text</body></message>",
                                          from, id, subject);

  test_account_send (test->me, xml);
}

/* Headlines stay, with what was read of them, and go when they are thrown away */
static void
test_headlines (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  GListModel *headlines = flint_core_get_headlines (test->core);

  tell (test, "news@peer.test", "n1", "one");
  tell (test, "good.test", "n2", "two");
  tell (test, "news@peer.test", "n3", "three");
  assert_headlines (test, "three*, two*, one*");
  {
    g_autoptr(FlintHeadline) one = g_list_model_get_item (headlines, 2);
    g_autoptr(FlintHeadline) three = g_list_model_get_item (headlines, 0);

    flint_headline_set_unread (one, FALSE);
    flint_core_delete_headline (test->core, three);
  }

  test_core_start_again (test);
  assert_headlines (test, "two*, one");
  g_assert_cmpuint (test->n_headlines, ==, 3);
  {
    g_autoptr(FlintHeadline) two = g_list_model_get_item (flint_core_get_headlines (test->core), 0);

    g_assert_true (flint_headline_is_official (two));
  }

  /* Told again by the server, it is not told again to us */
  test_account_login (test->me, TEST_ROSTER);
  tell (test, "good.test", "n2", "two");
  assert_headlines (test, "two*, one");
  tell (test, "good.test", "n4", "four");
  assert_headlines (test, "four*, two*, one");
}

/* Letters stay, too, and what became of ours */
static void
test_letters (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autoptr(XmppJid) bob = xmpp_jid_new (BOB, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(FlintLetter) ours = NULL;
  g_autoptr(FlintLetter) theirs = NULL;

  test_account_send (test->me, "<message from='bob@peer.test/p' to='me@good.test' id='l1'><subject>Lunch</subject><body>Friday?</body><thread>t</thread></message>");
  g_assert_true (flint_core_send_letter (test->core, test->me->account, bob, "Re: Lunch", "Gladly", "t", &error));
  g_assert_no_error (error);
  test_core_settle (test->core);

  test_core_start_again (test);
  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_letters (test->core)), ==, 2);
  ours = g_list_model_get_item (flint_core_get_letters (test->core), 0);
  theirs = g_list_model_get_item (flint_core_get_letters (test->core), 1);
  g_assert_true (flint_letter_is_own (ours));
  g_assert_cmpstr (xmpp_jid_get_text (flint_letter_get_to (ours)), ==, BOB);
  g_assert_cmpstr (flint_letter_get_body (ours), ==, "Gladly");
  g_assert_false (flint_letter_is_own (theirs));
  g_assert_true (flint_letter_is_unread (theirs));
  g_assert_cmpstr (flint_letter_get_thread (theirs), ==, "t");
  g_assert_cmpstr (flint_letter_get_subject (theirs), ==, "Lunch");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/history/start-again", test_start_again);
  g_test_add_func ("/core/history/private-file", test_private_file);
  g_test_add_func ("/core/history/pages", test_pages);
  g_test_add_func ("/core/history/unsent", test_unsent);
  g_test_add_func ("/core/history/discarded", test_discarded);
  g_test_add_func ("/core/history/f45-draft-and-unread", test_draft_and_unread);
  g_test_add_func ("/core/history/f25-once", test_once);
  g_test_add_func ("/core/history/t049-not-the-same", test_not_the_same);
  g_test_add_func ("/core/history/f30-no-disk", test_no_disk);
  g_test_add_func ("/core/history/headlines", test_headlines);
  g_test_add_func ("/core/history/letters", test_letters);

  return g_test_run ();
}
