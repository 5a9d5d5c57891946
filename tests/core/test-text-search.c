/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-server.h"
#include "flint-text-search.h"

#include <string.h>

static void
wait_for_all (FlintTextSearch *search)
{
  fake_server_wait_until (!flint_text_search_is_running (search));
}

/* What stands at each place, between brackets; the one where the person is, between braces */
static char *
describe (FlintTextSearch *search)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < flint_text_search_get_n_hits (search); i++)
    {
      const FlintRange *hit = flint_text_search_get_hit (search, i);
      gboolean is_current = i + 1 == flint_text_search_get_number (search);

      g_string_append_printf (text, is_current ? "{%.*s}" : "[%.*s]", (int) (hit->end - hit->start),
                              flint_text_search_get_text (search) + hit->start);
    }

  return g_string_free (text, FALSE);
}

#define assert_hits(search, expected)                \
  G_STMT_START                                       \
    {                                                \
      g_autofree char *hits_ = describe (search);    \
      g_assert_cmpstr (hits_, ==, expected);         \
    }                                                \
  G_STMT_END

static void
test_steps (void)
{
  g_autoptr(FlintTextSearch) search = flint_text_search_new ();

  flint_text_search_add (search, "One Café, two CAFES, and three cafeterias.");
  flint_text_search_end (search);
  g_assert_false (flint_text_search_is_running (search));
  g_assert_cmpuint (flint_text_search_get_number (search), ==, 0);

  flint_text_search_set_words (search, "cafe");
  wait_for_all (search);
  assert_hits (search, "{Café}[CAFE][cafe]");
  flint_text_search_step (search, TRUE);
  assert_hits (search, "[Café]{CAFE}[cafe]");
  flint_text_search_step (search, FALSE);
  flint_text_search_step (search, FALSE);
  assert_hits (search, "[Café][CAFE]{cafe}");
  flint_text_search_step (search, TRUE);
  assert_hits (search, "{Café}[CAFE][cafe]");

  flint_text_search_set_words (search, "tea");
  wait_for_all (search);
  assert_hits (search, "");
  flint_text_search_step (search, TRUE);
  g_assert_cmpuint (flint_text_search_get_number (search), ==, 0);

  flint_text_search_set_words (search, NULL);
  g_assert_false (flint_text_search_is_running (search));
  g_assert_null (flint_text_search_get_pattern (search));
}

/* What comes in pieces is one text, and who is at a hit stays there */
static void
test_growing (void)
{
  g_autoptr(FlintTextSearch) search = flint_text_search_new ();

  flint_text_search_set_words (search, "needle in");
  flint_text_search_add (search, "a needle in hay, a nee");
  fake_server_wait_until (flint_text_search_get_n_hits (search) == 1);
  g_assert_true (flint_text_search_is_running (search));
  flint_text_search_add (search, "dle\nin hay, a needle i");
  fake_server_wait_until (flint_text_search_get_n_hits (search) == 2);
  flint_text_search_step (search, TRUE);
  flint_text_search_add (search, "n");
  flint_text_search_end (search);
  wait_for_all (search);
  assert_hits (search, "[needle in]{needle\nin}[needle in]");
}

static void
on_changed (FlintTextSearch *search,
            guint           *n_changed)
{
  ++*n_changed;
}

/* As many hits as letters: they are found in slices, and told of slice by slice */
static void
test_hostile (void)
{
  g_autoptr(FlintTextSearch) search = flint_text_search_new ();
  g_autofree char *text = g_strnfill (1000000, 'a');
  gint64 worst = 0;
  guint n_changed = 0;

  g_signal_connect (search, "changed", G_CALLBACK (on_changed), &n_changed);
  flint_text_search_add (search, text);
  flint_text_search_end (search);
  flint_text_search_set_words (search, "a");
  while (flint_text_search_is_running (search))
    {
      gint64 start = g_get_monotonic_time ();

      g_main_context_iteration (NULL, TRUE);
      worst = MAX (worst, g_get_monotonic_time () - start);
    }

  g_test_message ("the longest turn took %d ms", (int) (worst / 1000));
  g_assert_cmpuint (flint_text_search_get_n_hits (search), ==, 1000000);
  g_assert_cmpuint (n_changed, >, 2);

  /* as close to a hit everywhere as can be */
  text[400] = '\0';
  text[399] = 'b';
  flint_text_search_set_words (search, text);
  wait_for_all (search);
  g_assert_cmpuint (flint_text_search_get_n_hits (search), ==, 0);
}

/* Gone while it looks */
static void
test_gone (void)
{
  FlintTextSearch *search = flint_text_search_new ();
  g_autofree char *text = g_strnfill (1000000, 'a');

  flint_text_search_add (search, text);
  flint_text_search_set_words (search, "b");
  g_main_context_iteration (NULL, FALSE);
  g_assert_finalize_object (search);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/text-search/from-one-place-to-the-next", test_steps);
  g_test_add_func ("/core/text-search/a-text-may-grow-meanwhile", test_growing);
  g_test_add_func ("/core/text-search/T068-no-text-holds-it-up", test_hostile);
  g_test_add_func ("/core/text-search/it-ends-with-who-asked", test_gone);

  return g_test_run ();
}
