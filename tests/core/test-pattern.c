/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-pattern.h"

#include <string.h>

/* What is found, each between brackets */
static char *
mark (const char *words,
      const char *text)
{
  g_autoptr(FlintPattern) pattern = flint_pattern_new (words);
  g_autoptr(GArray) ranges = flint_pattern_find_all (pattern, text);
  GString *marked = g_string_new (NULL);
  FlintScan scan = { 0 };
  gsize at = 0;

  for (guint i = 0; i < ranges->len; i++)
    {
      FlintRange *range = &g_array_index (ranges, FlintRange, i);
      FlintRange same;
      FlintScanResult result;

      /* a few bytes at a time it is the same */
      while ((result = flint_pattern_find (pattern, text, &scan, 3, &same)) == FLINT_SCAN_MORE)
        continue;
      g_assert_cmpint (result, ==, FLINT_SCAN_FOUND);
      g_assert_cmpuint (same.start, ==, range->start);
      g_assert_cmpuint (same.end, ==, range->end);
      g_assert_cmpuint (range->start, >=, at);
      g_assert_cmpuint (range->end, >, range->start);
      g_string_append_len (marked, text + at, range->start - at);
      g_string_append_printf (marked, "[%.*s]", (int) (range->end - range->start), text + range->start);
      at = range->end;
    }
  g_string_append (marked, text + at);

  return g_string_free (marked, FALSE);
}

static gboolean
contains (const char *words,
          const char *text)
{
  g_autoptr(FlintPattern) pattern = flint_pattern_new (words);
  FlintScan scan = { 0 };
  FlintScanResult result = FLINT_SCAN_MORE;

  /* a few bytes at a time, as it is done with long ones */
  while (result == FLINT_SCAN_MORE)
    result = flint_pattern_scan (pattern, text, &scan, 3);

  return result == FLINT_SCAN_FOUND;
}

static void
test_found (void)
{
  static const struct
  {
    const char *words;
    const char *text;
    const char *marked;
  } cases[] = {
    { "paper",      "The paper, the PAPER and the newspaper", "The [paper], the [PAPER] and the news[paper]" },
    { "PAPER",      "paper",                "[paper]" },
    { "纸样",       "中午到的纸样，纸样很好", "中午到的[纸样]，[纸样]很好" },
    { "abc",        "ＡＢＣ 全角",          "[ＡＢＣ] 全角" },
    { "ＡＢＣ",     "abc",                  "[abc]" },
    { "カ",         "ｶﾒﾗ",                  "[ｶ]ﾒﾗ" },
    { "cafe",       "Café cafe\314\201 bar", "[Café] [cafe\314\201] bar" },
    { "café",       "cafe",                 "[cafe]" },
    { "strasse",    "die Straße",           "die [Straße]" },
    { "ΣΊΣΥΦΟΣ",    "σίσυφος",              "[σίσυφος]" },
    { "приве",      "ПРИВЕТ",               "[ПРИВЕ]Т" },
    { " two words ", "two\nwords",          "[two\nwords]" },
    { "aa",         "aaaaa",                "[aa][aa]a" },
    { "aab",        "aaab aabaab",          "a[aab] [aab][aab]" },
    { "longword",   "long\342\200\213word",  "[long\342\200\213word]" },
    { "fi",         "ﬁne",                  "[ﬁ]ne" },
    { "👍",         "ok 👍🏽",               "ok [👍]🏽" },
    { "x",          "nothing here",         "nothing here" },
    { "ss",         "ß",                    "[ß]" },
    { "s",          "ß",                    "[ß]" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *marked = mark (cases[i].words, cases[i].text);
      g_autoptr(FlintPattern) pattern = flint_pattern_new (cases[i].words);

      g_assert_cmpstr (flint_pattern_get_words (pattern), ==, cases[i].words);
      g_assert_cmpstr (marked, ==, cases[i].marked);
      g_assert_cmpint (contains (cases[i].words, cases[i].text), ==, strchr (cases[i].marked, '[') != NULL);
    }
}

static void
test_nothing (void)
{
  g_assert_null (flint_pattern_new (NULL));
  g_assert_null (flint_pattern_new (""));
  g_assert_null (flint_pattern_new (" \n\t"));
  g_assert_null (flint_pattern_new ("\342\200\213\314\201"));
}

/* What is not a text does no harm */
static void
test_invalid (void)
{
  g_autoptr(FlintPattern) pattern = flint_pattern_new ("\377x");

  g_assert_nonnull (pattern);
  g_assert_false (contains ("\377x", "x"));
}

/* A text made so that each place looks right for long costs what its length says, and no more */
static void
test_hostile (void)
{
  g_autofree char *text = g_strnfill (400000, 'a');
  g_autofree char *words = g_strnfill (400, 'a');
  g_autoptr(FlintPattern) pattern = NULL;
  g_autoptr(GArray) ranges = NULL;
  FlintScan scan = { 0 };
  gint64 start;
  gint64 simple;
  gint64 hostile;

  start = g_get_monotonic_time ();
  g_assert_false (contains ("b", text));
  simple = g_get_monotonic_time () - start;

  words[399] = 'b';
  pattern = flint_pattern_new (words);
  start = g_get_monotonic_time ();
  g_assert_cmpint (flint_pattern_scan (pattern, text, &scan, G_MAXUINT32), ==, FLINT_SCAN_NOT_FOUND);
  hostile = g_get_monotonic_time () - start;

  /* were each place tried again, it were hundreds of times as long */
  g_assert_cmpint (hostile, <, simple * 20 + 10000);
  ranges = flint_pattern_find_all (pattern, text);
  g_assert_cmpuint (ranges->len, ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/pattern/case-accents-and-width-do-not-matter", test_found);
  g_test_add_func ("/core/pattern/nothing-is-not-looked-for", test_nothing);
  g_test_add_func ("/core/pattern/invalid-text-does-no-harm", test_invalid);
  g_test_add_func ("/core/pattern/no-text-makes-it-slow", test_hostile);

  return g_test_run ();
}
