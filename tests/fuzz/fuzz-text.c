/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of others on its way into a window: whatever it is, what comes out is harmless (security.md, T057 to T075) */
#include "fuzz.h"

#include "console-text.h"
#include "flint-name-color.h"
#include "flint-pattern.h"
#include "flint-text.h"

#include <string.h>

#define MAX_SIZE (16 * 1024)

static gboolean
is_direction (gunichar c)
{
  return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

static gboolean
is_control (gunichar c)
{
  return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c <= 0x9F);
}

/* Isolates end where they begin, in each line; overrides and embeddings are never there */
static void
check_directions (const char *text)
{
  guint depth = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      g_assert_false (c >= 0x202A && c <= 0x202E);
      g_assert_false (is_control (c));
      if (c >= 0x2066 && c <= 0x2068)
        depth++;
      if (c == 0x2069)
        g_assert_cmpuint (depth--, >, 0);
      if (c == '\n')
        g_assert_cmpuint (depth, ==, 0);
    }

  g_assert_cmpuint (depth, ==, 0);
}

static void
check_line (const char *text,
            guint       max)
{
  g_autofree char *line = flint_text_for_line (text, max);
  g_autofree char *again = flint_text_for_line (line, max);

  g_assert_true (g_utf8_validate (line, -1, NULL));
  g_assert_cmpstr (line, ==, again);
  if (max > 0)
    g_assert_cmpuint (strlen (line), <=, max * 64 + 8);

  for (const char *p = line; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      g_assert_false (is_control (c) || c == '\n' || c == '\t' || c == 0x2028 || c == 0x2029);
      g_assert_false (c >= 0x202A && c <= 0x202E);
    }
}

static void
check_body (const char *text,
            gsize       max)
{
  gboolean is_cut;
  g_autofree char *body = flint_text_for_body (text, max, &is_cut);
  g_autofree char *bounded = flint_text_for_body (text, max, NULL);

  g_assert_true (g_utf8_validate (body, -1, NULL));
  g_assert_cmpstr (body, ==, bounded);
  check_directions (body);

  /* Isolates that are closed at the cut, and places to break at, come on top of it */
  if (max > 0)
    g_assert_cmpuint (strlen (body), <=, max + max / 64 + 64);
  else
    g_assert_false (is_cut);
}

/* Pieces of it are all of it, and none is longer than it may be */
static void
check_cuts (const char *valid)
{
  const char *rest = valid;

  while (*rest != '\0')
    {
      gsize length = flint_text_find_cut (rest, 64, 4);

      g_assert_cmpuint (length, >=, 1);
      g_assert_cmpuint (length, <=, 64);
      g_assert_true (g_utf8_validate (rest, length, NULL));
      rest += length;
    }
}

static void
check_copy (const char *text)
{
  g_autofree char *copy = flint_text_for_copy (text);
  g_autofree char *again = flint_text_for_copy (copy);

  g_assert_true (g_utf8_validate (copy, -1, NULL));
  g_assert_cmpstr (copy, ==, again);
  g_assert_false (g_str_has_suffix (copy, "\n"));

  for (const char *p = copy; *p != '\0'; p = g_utf8_next_char (p))
    g_assert_false (is_control (g_utf8_get_char (p)) || is_direction (g_utf8_get_char (p)));
}

static void
check_others (const char *text,
              const char *words)
{
  g_autofree char *isolated = flint_text_isolate (text);
  g_autofree char *folded = flint_text_fold (text);
  g_autofree char *skeleton = flint_text_skeleton (text);
  g_autofree char *console = console_text_for_line (text, 80);
  double rgb[3];

  check_directions (isolated);
  g_assert_true (g_utf8_validate (folded, -1, NULL));
  g_assert_true (g_utf8_validate (skeleton, -1, NULL));
  g_assert_true (g_utf8_validate (console, -1, NULL));
  g_assert_null (strchr (console, '\n'));
  for (const char *p = console; *p != '\0'; p = g_utf8_next_char (p))
    g_assert_false (is_control (g_utf8_get_char (p)) || is_direction (g_utf8_get_char (p)));

  flint_text_mentions (text, words);
  flint_name_color_get_rgb (text, FLINT_NAME_COLOR_ON_DARK, rgb);
  for (guint i = 0; i < 3; i++)
    g_assert_true (rgb[i] >= 0 && rgb[i] <= 1);
}

/* Looked for in slices or at once, the same is found, at whole characters and in order */
static void
check_pattern (const char *text,
               const char *words)
{
  g_autoptr(FlintPattern) pattern = flint_pattern_new (words);
  g_autoptr(GArray) all = pattern != NULL ? flint_pattern_find_all (pattern, text) : NULL;
  FlintScan scan = { 0 };
  FlintScanResult result;
  guint n = 0;
  guint end = 0;

  if (all == NULL)
    return;

  do
    {
      FlintRange range = { 0 };

      result = flint_pattern_find (pattern, text, &scan, 16, &range);
      if (result != FLINT_SCAN_FOUND)
        continue;

      g_assert_cmpuint (n, <, all->len);
      g_assert_cmpuint (range.start, ==, g_array_index (all, FlintRange, n).start);
      g_assert_cmpuint (range.end, ==, g_array_index (all, FlintRange, n).end);
      g_assert_cmpuint (range.start, >=, end);
      g_assert_cmpuint (range.end, >, range.start);
      g_assert_cmpuint (range.end, <=, strlen (text));
      g_assert_true (g_utf8_validate (text + range.start, range.end - range.start, NULL));
      end = range.end;
      n++;
    }
  while (result != FLINT_SCAN_NOT_FOUND);

  g_assert_cmpuint (n, ==, all->len);
}

/* The first line: what is looked for, a nickname. All of it, and what stands behind that line: a text. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  FuzzInput input = { (const char *) data, size };
  FuzzInput all = input;
  g_autofree char *words = fuzz_take_line (&input);
  g_autofree char *rest = fuzz_take_text (&input);
  g_autofree char *text = fuzz_take_text (&all);
  g_autofree char *valid = NULL;
  g_autofree char *valid_words = NULL;

  if (size > MAX_SIZE || words == NULL)
    return 0;

  check_line (text, 0);
  check_line (text, 20);
  check_body (text, 0);
  check_body (text, 100);
  check_copy (text);
  check_others (rest, words);

  valid = g_utf8_make_valid (rest, -1);
  valid_words = g_utf8_make_valid (words, -1);
  check_cuts (valid);
  check_pattern (valid, valid_words);

  return 0;
}
