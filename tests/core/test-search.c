/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "flint-search.h"

#include <string.h>

static guint n_said;

static void
hear (TestCore   *test,
      const char *from,
      const char *body)
{
  g_autofree char *xml = g_markup_printf_escaped ("<message from='%s' to='me@good.test/r1' type='chat' id='search-%u'><body>%s</body></message>",
                                                  from, n_said++, body);

  test_account_send (test->me, xml);
}

static void
wait_for (FlintSearch *search)
{
  fake_server_wait_until (!flint_search_is_searching (search));
}

/* The bodies of what was found, the latest first */
static char *
describe (FlintSearch *search)
{
  GString *text = g_string_new (NULL);

  wait_for (search);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (search)); i++)
    {
      g_autoptr(FlintHit) hit = g_list_model_get_item (G_LIST_MODEL (search), i);

      g_string_append_printf (text, "%s%s: %s", i > 0 ? " | " : "", flint_hit_get_title (hit),
                              flint_message_get_body (flint_hit_get_message (hit)));
    }

  return g_string_free (text, FALSE);
}

static void
assert_found (FlintSearch *search,
              const char  *expected)
{
  g_autofree char *found = describe (search);

  g_assert_cmpstr (found, ==, expected);
}

static TestCore *
new_with_talk (void)
{
  TestCore *test = test_core_new_online ();
  g_autoptr(XmppJid) bob = xmpp_jid_new (BOB, NULL);

  hear (test, "bob@peer.test/p", "Shall we have lunch on Friday?");
  hear (test, "ann@peer.test/p", "The lunch menu is out");
  test_conversation_say (flint_core_open_chat (test->core, test->me->account, bob), "Lunch? Gladly");
  hear (test, "bob@peer.test/p", "明天下午三点开会");
  hear (test, "bob@peer.test/p", "Ça va, naïve façade");

  return test;
}

static void
test_words (void)
{
  static const char * const words[][2] = {
    { "lunch", "Bob: Lunch? Gladly | ann@peer.test: The lunch menu is out | Bob: Shall we have lunch on Friday?" },
    { "lunch friday", "Bob: Shall we have lunch on Friday?" },
    { "fri", "Bob: Shall we have lunch on Friday?" },
    { "\"lunch menu\"", "ann@peer.test: The lunch menu is out" },
    { "\"menu lunch\"", "" },
    { "下午三点", "Bob: 明天下午三点开会" },
    { "午下", "" },
    { "facade ca", "Bob: Ça va, naïve façade" },
    { "lunch OR NOT (\"*", "" },
    { "???", "" },
  };
  g_autoptr(TestCore) test = new_with_talk ();
  g_autoptr(FlintSearch) search = flint_search_new (test->core);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_test_message ("%s", words[i][0]);
      g_object_set (search, "text", words[i][0], NULL);
      assert_found (search, words[i][1]);
    }

  g_object_set (search, "text", "", NULL);
  assert_found (search, "");
}

static void
test_filters (void)
{
  g_autoptr(TestCore) test = new_with_talk ();
  g_autoptr(FlintSearch) search = flint_search_new (test->core);
  g_autoptr(XmppJid) bob = xmpp_jid_new (BOB, NULL);
  gint64 now = xmpp_clock_get_real (flint_account_get_clock (test->me->account));

  g_object_set (search, "text", "lunch", "account", test->me->account, "jid", bob, NULL);
  assert_found (search, "Bob: Lunch? Gladly | Bob: Shall we have lunch on Friday?");

  g_object_set (search, "from", FLINT_SEARCH_OWN, NULL);
  assert_found (search, "Bob: Lunch? Gladly");

  g_object_set (search, "from", FLINT_SEARCH_OTHERS, NULL);
  assert_found (search, "Bob: Shall we have lunch on Friday?");

  g_object_set (search, "from", FLINT_SEARCH_ANYBODY, "jid", NULL, "sender", bob, NULL);
  assert_found (search, "Bob: Shall we have lunch on Friday?");

  g_object_set (search, "sender", NULL, "until", now - G_USEC_PER_SEC, NULL);
  assert_found (search, "");

  /* Without words: what was said in that time */
  g_object_set (search, "text", NULL, "until", G_GINT64_CONSTANT (0), "since", now - G_USEC_PER_SEC, "jid", bob, NULL);
  assert_found (search, "Bob: Ça va, naïve façade | Bob: 明天下午三点开会 | Bob: Lunch? Gladly | Bob: Shall we have lunch on Friday?");
}

/* It grows page by page, and what comes meanwhile moves nothing */
static void
test_pages (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autoptr(FlintSearch) search = flint_search_new (test->core);
  guint n_pages = 1;

  for (guint i = 0; i < 120; i++)
    {
      g_autofree char *body = g_strdup_printf ("number %u", i);

      hear (test, "bob@peer.test/p", body);
    }

  g_object_set (search, "text", "number", NULL);
  wait_for (search);
  while (flint_search_has_more (search))
    {
      hear (test, "bob@peer.test/p", "number again");
      flint_search_load_more (search);
      wait_for (search);
      n_pages++;
    }

  g_assert_cmpuint (n_pages, >, 1);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (search)), ==, 120);
  for (guint i = 0; i < 120; i++)
    {
      g_autoptr(FlintHit) hit = g_list_model_get_item (G_LIST_MODEL (search), i);
      g_autofree char *body = g_strdup_printf ("number %u", 119 - i);

      g_assert_cmpstr (flint_message_get_body (flint_hit_get_message (hit)), ==, body);
    }
}

/* Whoever types goes on: only the last one counts, and one that nobody holds any more ends */
static void
test_typing (void)
{
  g_autoptr(TestCore) test = new_with_talk ();
  FlintSearch *search = flint_search_new (test->core);

  g_object_set (search, "text", "l", NULL);
  g_main_context_iteration (NULL, FALSE);
  g_object_set (search, "text", "menu", NULL);
  assert_found (search, "ann@peer.test: The lunch menu is out");

  g_object_set (search, "text", "lunch", NULL);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (search);
  test_core_settle (test->core);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/search/words", test_words);
  g_test_add_func ("/core/search/filters", test_filters);
  g_test_add_func ("/core/search/pages", test_pages);
  g_test_add_func ("/core/search/typing", test_typing);

  return g_test_run ();
}
