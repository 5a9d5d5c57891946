/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-message-private.h"
#include "flint-timeline-private.h"

#define MINUTE (60 * G_USEC_PER_SEC)
#define DAY    (24 * 60 * G_GINT64_CONSTANT (60) * G_USEC_PER_SEC)
#define NOON   (G_GINT64_CONSTANT (1767268800) * G_USEC_PER_SEC)      /* 2026-01-01T12:00:00Z */

static FlintMessage *
add (FlintTimeline *timeline,
     const char    *id,
     const char    *sender,
     gint64         time)
{
  g_autoptr(XmppJid) jid = sender != NULL ? xmpp_jid_new (sender, NULL) : NULL;
  g_autoptr(FlintMessage) message = flint_message_new (FLINT_MESSAGE_TEXT, id, id, sender, jid, sender == NULL, time);

  flint_timeline_add (timeline, message);

  return message;
}

static FlintMessage *
add_delayed (FlintTimeline *timeline,
             const char    *id,
             gint64         time)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new ("bob@peer.test", NULL);
  g_autoptr(FlintMessage) message = flint_message_new (FLINT_MESSAGE_TEXT, id, id, "Bob", jid, FALSE, time);

  flint_message_set_flags (message, TRUE, FALSE, FALSE);
  flint_timeline_add (timeline, message);

  return message;
}

static char *
list_ids (FlintTimeline *timeline)
{
  GString *ids = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (timeline)); i++)
    {
      g_autoptr(FlintMessage) message = g_list_model_get_item (G_LIST_MODEL (timeline), i);

      g_string_append_printf (ids, "%s%s", i > 0 ? " " : "", flint_message_get_id (message));
    }

  return g_string_free (ids, FALSE);
}

static void
test_order (void)
{
  g_autoptr(FlintTimeline) timeline = flint_timeline_new ();
  g_autofree char *ids = NULL;

  add (timeline, "a", "bob@peer.test", NOON);
  add (timeline, "c", "bob@peer.test", NOON + 3 * MINUTE);
  add_delayed (timeline, "b", NOON + MINUTE);
  add_delayed (timeline, "b2", NOON + MINUTE);

  /* The clock was put back: what comes now stands last all the same (F35) */
  add (timeline, "d", "bob@peer.test", NOON - DAY);

  ids = list_ids (timeline);
  g_assert_cmpstr (ids, ==, "a b b2 c d");
  g_assert_finalize_object (g_steal_pointer (&timeline));
}

static void
test_groups (void)
{
  g_autoptr(FlintTimeline) timeline = flint_timeline_new ();
  FlintMessage *first = add (timeline, "1", "bob@peer.test", NOON);
  FlintMessage *second = add (timeline, "2", "bob@peer.test", NOON + MINUTE);
  FlintMessage *other = add (timeline, "3", "ann@peer.test", NOON + MINUTE);
  FlintMessage *own = add (timeline, "4", NULL, NOON + MINUTE);
  FlintMessage *late = add (timeline, "5", NULL, NOON + 7 * MINUTE);
  g_autoptr(FlintMessage) line = flint_message_new (FLINT_MESSAGE_SYSTEM, NULL, "x", NULL, NULL, FALSE, NOON + 7 * MINUTE);
  FlintMessage *after;
  FlintMessage *tomorrow;

  flint_timeline_add (timeline, line);
  after = add (timeline, "6", NULL, NOON + 7 * MINUTE);
  tomorrow = add (timeline, "7", NULL, NOON + DAY);

  g_assert_true (flint_message_starts_day (first) && flint_message_starts_group (first));
  g_assert_false (flint_message_starts_day (second) || flint_message_starts_group (second));
  g_assert_true (flint_message_starts_group (other));
  g_assert_true (flint_message_starts_group (own));
  g_assert_true (flint_message_starts_group (late));
  g_assert_true (flint_message_starts_group (after));
  g_assert_true (flint_message_starts_day (tomorrow));

  /* One that comes between two of a group divides it, and its going joins them again */
  {
    g_autoptr(XmppJid) ann = xmpp_jid_new ("ann@peer.test", NULL);
    g_autoptr(FlintMessage) between = flint_message_new (FLINT_MESSAGE_TEXT, "b", "b", "Ann", ann, FALSE, NOON + MINUTE / 2);

    flint_message_set_flags (between, TRUE, FALSE, FALSE);
    flint_timeline_add (timeline, between);
    g_assert_true (flint_message_starts_group (between));
    g_assert_true (flint_message_starts_group (second));
    flint_timeline_remove (timeline, between);
    g_assert_false (flint_message_starts_group (second));
  }
}

static void
test_marks (void)
{
  g_autoptr(FlintTimeline) timeline = flint_timeline_new ();
  FlintMessage *a = add (timeline, "a", NULL, NOON);
  FlintMessage *b = add (timeline, "b", NULL, NOON);
  FlintMessage *c = add (timeline, "c", NULL, NOON);

  g_assert_false (flint_message_shows_mark (a) || flint_message_shows_mark (b));
  g_assert_true (flint_message_shows_mark (c));

  flint_timeline_set_state (timeline, a, FLINT_MESSAGE_SENT, NULL);
  g_assert_true (flint_message_shows_mark (a) && flint_message_shows_mark (c));

  flint_timeline_set_state (timeline, b, FLINT_MESSAGE_SENT, NULL);
  flint_timeline_set_state (timeline, c, FLINT_MESSAGE_SENT, NULL);
  g_assert_false (flint_message_shows_mark (a) || flint_message_shows_mark (b));
  g_assert_true (flint_message_shows_mark (c));

  flint_timeline_set_state (timeline, b, FLINT_MESSAGE_FAILED, "No");
  g_assert_true (flint_message_shows_mark (b) && flint_message_shows_mark (c));
  g_assert_cmpstr (flint_message_get_failure (b), ==, "No");

  flint_timeline_remove (timeline, c);
  g_assert_true (flint_message_shows_mark (a));

  flint_timeline_set_state (timeline, b, FLINT_MESSAGE_PENDING, NULL);
  g_assert_null (flint_message_get_failure (b));
  g_assert_true (flint_message_shows_mark (b));
}

static void
test_own (void)
{
  g_autoptr(FlintTimeline) timeline = flint_timeline_new ();
  FlintMessage *own = add (timeline, "x", NULL, NOON);

  add (timeline, "y", "bob@peer.test", NOON);
  g_assert_true (flint_timeline_find_own (timeline, "x") == own);
  g_assert_null (flint_timeline_find_own (timeline, "y"));
  g_assert_null (flint_timeline_find_own (timeline, NULL));

  flint_timeline_remove (timeline, own);
  g_assert_null (flint_timeline_find_own (timeline, "x"));
}

static void
test_first_unread (void)
{
  g_autoptr(FlintTimeline) timeline = flint_timeline_new ();
  FlintMessage *a = add (timeline, "a", "bob@peer.test", NOON);
  FlintMessage *b = add (timeline, "b", "bob@peer.test", NOON);

  flint_timeline_set_first_unread (timeline, b);
  g_assert_true (flint_message_is_first_unread (b) && flint_message_starts_group (b));

  flint_timeline_set_first_unread (timeline, a);
  g_assert_false (flint_message_is_first_unread (b) || flint_message_starts_group (b));
  g_assert_true (flint_message_is_first_unread (a));

  flint_timeline_set_first_unread (timeline, NULL);
  g_assert_false (flint_message_is_first_unread (a));
}

static void
on_items_changed (GListModel *model,
                  guint       position,
                  guint       n_removed,
                  guint       n_added,
                  GPtrArray  *copy)
{
  g_ptr_array_remove_range (copy, position, n_removed);

  for (guint i = 0; i < n_added; i++)
    g_ptr_array_insert (copy, position + i, g_list_model_get_item (model, position + i));
}

static void
test_bounded (void)
{
  g_autoptr(FlintTimeline) timeline = flint_timeline_new ();
  g_autoptr(GPtrArray) copy = g_ptr_array_new_with_free_func (g_object_unref);
  GListModel *model = G_LIST_MODEL (timeline);

  g_signal_connect (model, "items-changed", G_CALLBACK (on_items_changed), copy);

  for (guint i = 0; i < 50001; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      add (timeline, id, i % 3 == 0 ? NULL : "bob@peer.test", NOON + i);
    }

  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 49001);
  g_assert_cmpuint (copy->len, ==, 49001);
  g_assert_null (flint_timeline_find_own (timeline, "0"));
  g_assert_nonnull (flint_timeline_find_own (timeline, "30000"));

  for (guint i = 0; i < copy->len; i++)
    {
      g_autoptr(FlintMessage) message = g_list_model_get_item (model, i);

      g_assert_true (message == g_ptr_array_index (copy, i));
    }

  g_assert_true (flint_message_starts_day (g_ptr_array_index (copy, 0)));
}

static void
test_action (void)
{
  g_autoptr(FlintMessage) action = flint_message_new (FLINT_MESSAGE_TEXT, "a", "/me waves", "Bob", NULL, FALSE, NOON);
  g_autoptr(FlintMessage) none = flint_message_new (FLINT_MESSAGE_TEXT, "b", " /me waves", "Bob", NULL, FALSE, NOON);
  g_autoptr(FlintMessage) other = flint_message_new (FLINT_MESSAGE_TEXT, "c", "/message", "Bob", NULL, FALSE, NOON);
  g_autoptr(FlintMessage) spoof = flint_message_new (FLINT_MESSAGE_TEXT, "d", "/me \n*** encryption enabled", "Bob", NULL, FALSE, NOON);

  g_assert_true (flint_message_is_action (action));
  g_assert_cmpstr (flint_message_get_text (action), ==, "waves");
  g_assert_false (flint_message_is_action (none));
  g_assert_cmpstr (flint_message_get_text (none), ==, " /me waves");
  g_assert_false (flint_message_is_action (other));

  /* Whatever it says, somebody says it */
  g_assert_cmpint (flint_message_get_kind (spoof), ==, FLINT_MESSAGE_TEXT);
  g_assert_cmpstr (flint_message_get_sender (spoof), ==, "Bob");
}

static void
test_times (void)
{
  static const gint64 times[] = { 0, NOON, G_MININT64, G_MAXINT64, -1, G_GINT64_CONSTANT (253402300799) * G_USEC_PER_SEC };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_autoptr(FlintMessage) message = flint_message_new (FLINT_MESSAGE_TEXT, "a", "x", "Bob", NULL, FALSE, times[i]);
      g_autofree char *time = flint_message_format_time (message);
      g_autofree char *day = flint_message_format_day (message);

      g_assert_nonnull (time);
      g_assert_nonnull (day);
    }
}

/* A flood of huge messages is forgotten sooner, and the last one never */
static void
test_bounded_in_bytes (void)
{
  g_autoptr(FlintTimeline) timeline = flint_timeline_new ();
  GListModel *model = G_LIST_MODEL (timeline);
  g_autofree char *huge = g_strnfill (4 * 1024 * 1024, 'x');
  g_autoptr(XmppJid) bob = xmpp_jid_new ("bob@peer.test", NULL);
  g_autoptr(FlintMessage) last = NULL;

  for (guint i = 0; i < 100; i++)
    {
      g_autoptr(FlintMessage) message = flint_message_new (FLINT_MESSAGE_TEXT, NULL, huge, "Bob", bob, FALSE, NOON + i);

      flint_timeline_add (timeline, message);
      g_set_object (&last, message);
    }

  g_assert_cmpuint (g_list_model_get_n_items (model), >=, 1);
  g_assert_cmpuint (g_list_model_get_n_items (model), <=, 8);
  g_assert_true (flint_timeline_get_last (timeline) == last);

  for (guint i = 0; i < 1000; i++)
    add (timeline, NULL, "bob@peer.test", NOON + 100 + i);
  g_assert_cmpuint (g_list_model_get_n_items (model), >=, 1000);
}

int
main (int   argc,
      char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/timeline/live-ones-stand-last-and-delayed-ones-by-their-time", test_order);
  g_test_add_func ("/core/timeline/those-of-one-sender-are-a-group", test_groups);
  g_test_add_func ("/core/timeline/the-last-of-each-state-shows-its-mark", test_marks);
  g_test_add_func ("/core/timeline/own-ones-are-found-by-their-id", test_own);
  g_test_add_func ("/core/timeline/one-is-the-first-unread", test_first_unread);
  g_test_add_func ("/core/timeline/it-is-bounded", test_bounded);
  g_test_add_func ("/core/timeline/T069-it-is-bounded-in-bytes-too", test_bounded_in_bytes);
  g_test_add_func ("/core/timeline/T071-only-the-first-four-bytes-make-an-action", test_action);
  g_test_add_func ("/core/timeline/no-time-is-too-strange", test_times);

  return g_test_run ();
}
