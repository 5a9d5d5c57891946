/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "demo-replies.h"

#include <string.h>

static char *
reply (const char *text,
       guint       turn)
{
  g_autoptr(GDateTime) now = g_date_time_new_local (2026, 5, 4, 13, 7, 0);

  return demo_reply_to (text, now, turn);
}

static void
assert_reply_has (const char *text,
                  const char *part)
{
  g_autofree char *answer = reply (text, 0);

  if (strstr (answer, part) == NULL)
    g_error ("“%s” was answered with “%s”", text, answer);
}

static void
test_a_greeting_is_returned (void)
{
  assert_reply_has ("Hello!", "Hello");
  assert_reply_has ("well, HI there", "Hello");
  assert_reply_has ("你好，Bob", "你好");
}

static void
test_a_word_within_a_word_is_no_greeting (void)
{
  g_autofree char *answer = reply ("This", 0);

  g_assert_null (strstr (answer, "Hello"));
}

static void
test_the_time_is_told (void)
{
  assert_reply_has ("What time is it?", "13:07");
  assert_reply_has ("现在几点了", "13:07");
}

static void
test_a_link_is_repeated (void)
{
  assert_reply_has ("look at https://example.org/a?b=c#d please", "https://example.org/a?b=c#d");
  assert_reply_has ("http://example.org", "http://example.org");
}

static void
test_help_names_the_room (void)
{
  assert_reply_has ("help", "lounge@conference.flint.example");
}

static void
test_chinese_is_answered_in_chinese (void)
{
  assert_reply_has ("今天天气不错", "今天天气不错");
  assert_reply_has ("谢谢", "不客气");
}

static void
test_anything_is_answered_and_not_always_alike (void)
{
  g_autoptr(GHashTable) answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *endless = g_strnfill (100000, 'x');
  g_autofree char *to_endless = reply (endless, 2);

  for (guint i = 0; i < 4; i++)
    g_hash_table_add (answers, reply ("The lake is blue", i));
  g_assert_cmpuint (g_hash_table_size (answers), ==, 4);

  g_assert_cmpuint (strlen (to_endless), <, 200);
  assert_reply_has ("", "I see");
  assert_reply_has ("100%s %n", "I see");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/demo/replies/a-greeting-is-returned", test_a_greeting_is_returned);
  g_test_add_func ("/demo/replies/a-word-within-a-word-is-no-greeting", test_a_word_within_a_word_is_no_greeting);
  g_test_add_func ("/demo/replies/the-time-is-told", test_the_time_is_told);
  g_test_add_func ("/demo/replies/a-link-is-repeated", test_a_link_is_repeated);
  g_test_add_func ("/demo/replies/help-names-the-room", test_help_names_the_room);
  g_test_add_func ("/demo/replies/chinese-is-answered-in-chinese", test_chinese_is_answered_in_chinese);
  g_test_add_func ("/demo/replies/anything-is-answered-and-not-always-alike",
                   test_anything_is_answered_and_not_always_alike);

  return g_test_run ();
}
