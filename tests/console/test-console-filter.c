/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console-entries.h"
#include "console-filter.h"

#include <string.h>

/* A capture over a connection, and a filter over the capture */
typedef struct
{
  FakeServer     *server;
  ConsoleCapture *capture;
  ConsoleFilter  *filter;
} Test;

static Test *
test_new (void)
{
  Test *self = g_new0 (Test, 1);

  self->server = fake_server_new (JOHN "/flint");
  self->capture = console_capture_new ();
  console_capture_watch (self->capture, self->server->session, JOHN);
  fake_server_login (self->server);
  test_capture_settle (self->server);
  self->filter = console_filter_new (self->capture);

  return self;
}

static void
test_free (Test *self)
{
  g_object_add_weak_pointer (G_OBJECT (self->filter), (gpointer *) &self->filter);
  g_object_unref (self->filter);
  g_assert_null (self->filter);
  g_object_unref (self->capture);
  fake_server_free (self->server);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Test, test_free)

static void
set (Test            *self,
     ConsoleCriteria  criteria,
     const char      *text)
{
  guint position;
  g_autoptr(ConsoleQuery) query = text != NULL ? console_query_new (text, &position, NULL) : NULL;

  criteria.query = query;
  console_filter_set_criteria (self->filter, &criteria);
  fake_server_wait_until (!console_filter_is_busy (self->filter));
}

static void
say (Test       *self,
     const char *text)
{
  g_autofree char *xml = g_strdup_printf ("<message from='jane@example.org/p' type='chat'><body>%s</body></message>", text);

  fake_server_send (self->server, xml);
  test_capture_settle (self->server);
  fake_server_wait_until (!console_filter_is_busy (self->filter));
}

static guint
count (Test *self)
{
  return test_model_count (self->filter);
}

static void
test_criteria (void)
{
  g_autoptr(Test) test = test_new ();
  const ConsoleCounts *counts = console_capture_get_counts (test->capture, NULL);

  say (test, "hello");
  g_assert_cmpuint (count (test), ==, test_model_count (test->capture));

  set (test, (ConsoleCriteria) { .kinds = 1u << CONSOLE_IQ }, NULL);
  g_assert_cmpuint (count (test), ==, counts->kinds[CONSOLE_IQ]);
  set (test, (ConsoleCriteria) { .kinds = 1u << CONSOLE_IQ | 1u << CONSOLE_SASL }, NULL);
  g_assert_cmpuint (count (test), ==, counts->kinds[CONSOLE_IQ] + counts->kinds[CONSOLE_SASL]);
  set (test, (ConsoleCriteria) { .directions = 1u << XMPP_SENT }, NULL);
  g_assert_cmpuint (count (test), ==, counts->directions[XMPP_SENT]);
  set (test, (ConsoleCriteria) { .only_errors = TRUE }, NULL);
  g_assert_cmpuint (count (test), ==, counts->errors);
  set (test, (ConsoleCriteria) { .account = "nobody@example.org" }, NULL);
  g_assert_cmpuint (count (test), ==, 0);
  set (test, (ConsoleCriteria) { .account = JOHN, .kinds = 1u << CONSOLE_MESSAGE }, "hello");
  g_assert_cmpuint (count (test), ==, 1);
}

/* What comes later is shown if it matches, at the end. */
static void
test_grows (void)
{
  g_autoptr(Test) test = test_new ();

  set (test, (ConsoleCriteria) { .kinds = 1u << CONSOLE_MESSAGE }, NULL);
  g_assert_cmpuint (count (test), ==, 0);
  say (test, "one");
  say (test, "two");
  g_assert_cmpuint (count (test), ==, 2);
  g_assert_cmpuint (console_entry_get_number (test_model_get (test->filter, 0)), <,
                    console_entry_get_number (test_model_get (test->filter, 1)));
}

static void
test_still (void)
{
  g_autoptr(Test) test = test_new ();
  guint n = count (test);

  console_filter_set_still (test->filter, TRUE);
  say (test, "unseen");
  g_assert_cmpuint (count (test), ==, n);

  /* another filter shows no more of what came since */
  set (test, (ConsoleCriteria) { 0 }, "unseen");
  g_assert_cmpuint (count (test), ==, 0);
  set (test, (ConsoleCriteria) { 0 }, NULL);
  g_assert_cmpuint (count (test), ==, n);

  console_filter_set_still (test->filter, FALSE);
  fake_server_wait_until (!console_filter_is_busy (test->filter));
  g_assert_cmpuint (count (test), ==, test_model_count (test->capture));
}

/* What is held still stays, though the capture drops it; so does a list that was taken to be saved. */
static void
test_dropped (void)
{
  g_autoptr(Test) test = test_new ();
  g_autoptr(GString) xml = g_string_new (NULL);
  g_autoptr(GListModel) shown = NULL;
  g_autoptr(GListModel) all = NULL;
  guint first = console_log_get_first (console_capture_get_log (test->capture));
  guint n;

  say (test, "unforgotten");
  say (test, "another");
  set (test, (ConsoleCriteria) { 0 }, "unforgotten");
  g_assert_cmpuint (count (test), ==, 1);
  set (test, (ConsoleCriteria) { 0 }, NULL);
  console_filter_set_still (test->filter, TRUE);
  n = count (test);
  shown = console_filter_get_snapshot (test->filter);
  all = console_capture_get_snapshot (test->capture);

  g_object_set (test->capture, "limit", 1000, NULL);
  for (guint i = 0; i < 300; i++)
    g_string_append (xml, "<presence/>");
  for (guint i = 0; i < 10; i++)
    {
      g_assert_true (console_capture_send (test->capture, test->server->session, xml->str, NULL));
      test_capture_settle (test->server);
    }
  g_assert_cmpuint (console_log_get_first (console_capture_get_log (test->capture)), >, first + n);

  g_assert_cmpuint (count (test), ==, n);
  g_assert_nonnull (test_capture_find (G_LIST_MODEL (test->filter), XMPP_RECEIVED, "unforgotten"));
  g_assert_cmpuint (test_model_count (shown), ==, n);
  g_assert_nonnull (test_capture_find (shown, XMPP_RECEIVED, "unforgotten"));
  g_assert_cmpuint (test_model_count (all), ==, n);
  g_assert_nonnull (test_capture_find (all, XMPP_RECEIVED, "unforgotten"));

  console_filter_set_still (test->filter, FALSE);
  fake_server_wait_until (!console_filter_is_busy (test->filter));
  g_assert_cmpuint (count (test), ==, test_model_count (test->capture));
  g_assert_null (test_capture_find (G_LIST_MODEL (test->filter), XMPP_RECEIVED, "unforgotten"));
}

static void
test_cleared (void)
{
  g_autoptr(Test) test = test_new ();

  console_filter_set_still (test->filter, TRUE);
  console_capture_clear (test->capture);
  g_assert_cmpuint (count (test), ==, 0);
  console_filter_set_still (test->filter, FALSE);
  say (test, "after");
  g_assert_cmpuint (count (test), ==, test_model_count (test->capture));
  g_assert_cmpuint (count (test), >, 0);
}

static void
on_changed (GListModel *filter,
            guint       position,
            guint       removed,
            guint       added,
            GPtrArray  *copy)
{
  g_ptr_array_remove_range (copy, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (copy, position + i, g_list_model_get_item (filter, position + i));
}

/* Who listens to its changes, as a list on screen does, has what it has: while it grows, is filtered, trimmed. */
static void
test_changes (void)
{
  g_autoptr(Test) test = test_new ();
  g_autoptr(GPtrArray) copy = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GString) xml = g_string_new (NULL);

  g_object_set (test->capture, "limit", 1000, NULL);
  on_changed (G_LIST_MODEL (test->filter), 0, 0, count (test), copy);
  g_signal_connect (test->filter, "items-changed", G_CALLBACK (on_changed), copy);

  for (guint i = 0; i < 300; i++)
    g_string_append_printf (xml, "<presence><priority>%u</priority></presence>", i % 10);

  for (guint i = 0; i < 12; i++)
    {
      g_assert_true (console_capture_send (test->capture, test->server->session, xml->str, NULL));
      test_capture_settle (test->server);
      console_filter_set_still (test->filter, i % 5 == 3);
      set (test, (ConsoleCriteria) { .kinds = i % 2 ? 1u << CONSOLE_PRESENCE : 0 }, i % 3 ? "7" : NULL);

      g_assert_cmpuint (copy->len, ==, count (test));
      for (guint j = 0; j < copy->len; j++)
        g_assert_true (test_model_get (test->filter, j) == copy->pdata[j]);
    }

  g_signal_handlers_disconnect_by_data (test->filter, copy);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/console/filter/by-kind-direction-account-and-text", test_criteria);
  g_test_add_func ("/console/filter/what-comes-is-filtered-too", test_grows);
  g_test_add_func ("/console/filter/still-is-still", test_still);
  g_test_add_func ("/console/filter/still-keeps-what-is-dropped", test_dropped);
  g_test_add_func ("/console/filter/cleared-is-cleared", test_cleared);
  g_test_add_func ("/console/filter/its-changes-are-right", test_changes);

  return g_test_run ();
}
