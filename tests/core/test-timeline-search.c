/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-timeline-search.h"

#include <string.h>

static FlintMessage *
add (FlintTimeline *timeline,
     const char    *text)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new ("bob@peer.test", NULL);
  g_autoptr(FlintMessage) message = flint_message_new (FLINT_MESSAGE_TEXT, NULL, text, "Bob", jid, FALSE, 0);

  flint_timeline_add (timeline, message);

  return message;
}

static void
fill (FlintTimeline *timeline,
      guint          n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = g_strdup_printf (i % 10 == 3 ? "a needle %u" : "some hay %u", i);

      add (timeline, text);
    }
}

static void
finish (FlintTimelineSearch *search)
{
  while (flint_timeline_search_is_running (search))
    g_main_context_iteration (NULL, TRUE);
}

/* What the person is at */
static char *
get_current (FlintTimelineSearch *search,
             FlintTimeline       *timeline)
{
  guint position = 0;
  g_autoptr(FlintMessage) message = NULL;

  if (!flint_timeline_search_get_current (search, &position))
    return g_strdup ("none");

  message = g_list_model_get_item (G_LIST_MODEL (timeline), position);

  return g_strdup_printf ("%u of %u: %s", flint_timeline_search_get_number (search),
                          flint_timeline_search_get_n_hits (search), flint_message_get_text (message));
}

static void
assert_current (FlintTimelineSearch *search,
                FlintTimeline       *timeline,
                const char          *expected)
{
  g_autofree char *current = get_current (search, timeline);

  g_assert_cmpstr (current, ==, expected);
}

static void
test_order (void)
{
  g_autoptr(FlintTimeline) timeline = flint_timeline_new ();
  g_autoptr(FlintTimelineSearch) search = flint_timeline_search_new (timeline);

  fill (timeline, 30);
  assert_current (search, timeline, "none");
  flint_timeline_search_set_words (search, "NEEDLE");
  finish (search);
  assert_current (search, timeline, "1 of 3: a needle 23");
  flint_timeline_search_step (search, FALSE);
  assert_current (search, timeline, "2 of 3: a needle 13");
  flint_timeline_search_step (search, FALSE);
  flint_timeline_search_step (search, FALSE);
  assert_current (search, timeline, "1 of 3: a needle 23");
  flint_timeline_search_step (search, TRUE);
  assert_current (search, timeline, "3 of 3: a needle 3");

  flint_timeline_search_set_words (search, "nothing such");
  finish (search);
  assert_current (search, timeline, "none");
  flint_timeline_search_step (search, FALSE);
  flint_timeline_search_set_words (search, "");
  g_assert_false (flint_timeline_search_is_running (search));
}

static void
test_lines (void)
{
  g_autoptr(FlintTimeline) timeline = flint_timeline_new ();
  g_autoptr(FlintTimelineSearch) search = flint_timeline_search_new (timeline);
  g_autoptr(FlintMessage) line = flint_message_new (FLINT_MESSAGE_SYSTEM, NULL, "Ann joined", NULL, NULL, FALSE, 0);

  add (timeline, "/me joined in");
  flint_timeline_add (timeline, line);
  flint_timeline_search_set_words (search, "joined");
  finish (search);
  assert_current (search, timeline, "1 of 1: joined in");

  flint_timeline_search_set_words (search, "/me");
  finish (search);
  assert_current (search, timeline, "none");
}

/* Whoever looks at one stays there, whatever comes and goes around it */
static void
test_follows (void)
{
  g_autoptr(FlintTimeline) timeline = flint_timeline_new ();
  g_autoptr(FlintTimelineSearch) search = flint_timeline_search_new (timeline);
  g_autoptr(FlintMessage) first = NULL;
  g_autoptr(FlintMessage) last = NULL;
  g_autoptr(FlintMessage) looked_at = NULL;

  fill (timeline, 30);
  flint_timeline_search_set_words (search, "needle");
  finish (search);
  flint_timeline_search_step (search, FALSE);
  assert_current (search, timeline, "2 of 3: a needle 13");

  add (timeline, "hay");
  assert_current (search, timeline, "2 of 3: a needle 13");
  last = g_object_ref (add (timeline, "one more needle"));
  assert_current (search, timeline, "3 of 4: a needle 13");

  first = g_list_model_get_item (G_LIST_MODEL (timeline), 3);
  flint_timeline_remove (timeline, first);
  assert_current (search, timeline, "3 of 3: a needle 13");
  flint_timeline_remove (timeline, last);
  assert_current (search, timeline, "2 of 2: a needle 13");

  /* the one that is looked at goes: then it is the next older one, or the last of all */
  looked_at = g_list_model_get_item (G_LIST_MODEL (timeline), 12);
  g_assert_cmpstr (flint_message_get_text (looked_at), ==, "a needle 13");
  flint_timeline_remove (timeline, looked_at);
  assert_current (search, timeline, "1 of 1: a needle 23");
}

static void
test_changes_meanwhile (void)
{
  g_autoptr(FlintTimeline) timeline = flint_timeline_new ();
  g_autoptr(FlintTimelineSearch) search = flint_timeline_search_new (timeline);

  fill (timeline, 100);
  flint_timeline_search_set_words (search, "needle");
  g_assert_true (flint_timeline_search_is_running (search));
  add (timeline, "a needle at the end");
  for (guint i = 0; i < 50; i++)
    {
      g_autoptr(FlintMessage) oldest = g_list_model_get_item (G_LIST_MODEL (timeline), 0);

      flint_timeline_remove (timeline, oldest);
    }
  finish (search);
  g_assert_cmpuint (flint_timeline_search_get_n_hits (search), ==, 6);
  assert_current (search, timeline, "1 of 6: a needle at the end");
}

static gboolean
count_turn (gpointer user_data)
{
  (*(guint *) user_data)++;

  return G_SOURCE_CONTINUE;
}

/* Another idle source gets its turns: the search comes in slices */
static void
test_slices (void)
{
  g_autoptr(FlintTimeline) timeline = flint_timeline_new ();
  g_autoptr(FlintTimelineSearch) search = flint_timeline_search_new (timeline);
  g_autofree char *huge = g_strnfill (4 * 1024 * 1024 - 2, 'x');
  guint n_turns = 0;
  guint source;

  fill (timeline, 49990);
  memcpy (huge, "\303\211\303\211\303\211", 6);    /* not ASCII */
  add (timeline, huge);
  source = g_idle_add (count_turn, &n_turns);

  flint_timeline_search_set_words (search, "needle");
  /* what is new is found at once, long before the oldest was looked at */
  while (flint_timeline_search_get_n_hits (search) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (flint_timeline_search_is_running (search));
  finish (search);
  g_assert_cmpuint (flint_timeline_search_get_n_hits (search), ==, 4999);
  g_assert_cmpuint (n_turns, >, 5);
  g_source_remove (source);
}

static void
test_ends (void)
{
  g_autoptr(FlintTimeline) timeline = flint_timeline_new ();
  FlintTimelineSearch *search = flint_timeline_search_new (timeline);

  fill (timeline, 1000);
  flint_timeline_search_set_words (search, "needle");
  flint_timeline_search_set_words (search, "hay");
  flint_timeline_search_set_words (search, NULL);
  g_assert_false (flint_timeline_search_is_running (search));
  flint_timeline_search_set_words (search, "needle");
  g_assert_finalize_object (search);
  add (timeline, "needle");
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/timeline-search/the-newest-is-the-first", test_order);
  g_test_add_func ("/core/timeline-search/only-what-somebody-said-is-looked-at", test_lines);
  g_test_add_func ("/core/timeline-search/who-looks-at-one-stays-there", test_follows);
  g_test_add_func ("/core/timeline-search/messages-come-and-go-meanwhile", test_changes_meanwhile);
  g_test_add_func ("/core/timeline-search/fifty-thousand-hold-up-nothing", test_slices);
  g_test_add_func ("/core/timeline-search/it-can-be-ended-at-any-time", test_ends);

  return g_test_run ();
}
