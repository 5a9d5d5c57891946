/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-pattern.h"

#include <string.h>

#define MAX_LENGTH 500                                              /* folded characters that are looked for */
#define MAX_FOLDED (G_UNICHAR_MAX_DECOMPOSITION_LENGTH * 3)         /* a case folding has three at most */

struct _FlintPattern
{
  char     *words;     /* as they were typed */
  gunichar *chars;     /* folded */
  guint    *fallback;  /* of each length that fits: the longest shorter one that still does (Knuth, Morris, Pratt) */
  guint     length;
};

static gboolean
is_invisible (gunichar c)
{
  return g_unichar_ismark (c) || g_unichar_type (c) == G_UNICODE_FORMAT;
}

static gboolean
has_case (gunichar c)
{
  return g_unichar_islower (c) || g_unichar_isupper (c) || g_unichar_istitle (c);
}

/* The case folding of one letter, which may be several: ß is ss */
static guint
fold_case (gunichar  c,
           gunichar *folded)
{
  char utf8[7] = "";
  g_autofree char *text = NULL;
  guint n = 0;

  g_unichar_to_utf8 (c, utf8);
  text = g_utf8_casefold (utf8, -1);
  for (const char *p = text; *p != '\0' && n < 3; p = g_utf8_next_char (p))
    if (!is_invisible (g_utf8_get_char (p)))
      folded[n++] = g_utf8_get_char (p);

  return n;
}

/* What one character is for a search: nothing, itself, or several. A character at a time, so that it costs no
 * memory and it is known where each one came from.
 */
static guint
fold (gunichar  c,
      gunichar *folded)
{
  gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
  gsize n_parts;
  guint n = 0;

  if (c < 0x80)
    {
      folded[0] = g_ascii_isspace (c) ? ' ' : (gunichar) g_ascii_tolower (c);
      return 1;
    }

  /* the ideographs are as they are, and many */
  if ((c >= 0x3400 && c <= 0x4DBF) || (c >= 0x4E00 && c <= 0x9FFF))
    {
      folded[0] = c;
      return 1;
    }

  if (is_invisible (c))
    return 0;

  n_parts = g_unichar_fully_decompose (c, TRUE, parts, G_N_ELEMENTS (parts));
  for (gsize i = 0; i < n_parts; i++)
    {
      if (is_invisible (parts[i]))
        continue;
      else if (g_unichar_isspace (parts[i]))
        folded[n++] = ' ';
      else if (parts[i] < 0x80)
        folded[n++] = g_ascii_tolower (parts[i]);
      else if (has_case (parts[i]))
        n += fold_case (parts[i], folded + n);
      else
        folded[n++] = parts[i];
    }

  return n;
}

static GArray *
fold_all (const char *text)
{
  GArray *chars = g_array_new (FALSE, FALSE, sizeof (gunichar));
  gunichar folded[MAX_FOLDED];

  for (const char *p = text; *p != '\0' && chars->len < MAX_LENGTH; p = g_utf8_next_char (p))
    g_array_append_vals (chars, folded, fold (g_utf8_get_char (p), folded));

  /* spaces around what was typed or pasted are not meant */
  while (chars->len > 0 && g_array_index (chars, gunichar, chars->len - 1) == ' ')
    g_array_set_size (chars, chars->len - 1);
  while (chars->len > 0 && g_array_index (chars, gunichar, 0) == ' ')
    g_array_remove_index (chars, 0);

  return chars;
}

/* How much of the pattern stands there after one more character */
static guint
advance (FlintPattern *self,
         guint         n_matched,
         gunichar      c)
{
  if (n_matched == self->length)
    n_matched = self->fallback[n_matched];
  while (n_matched > 0 && self->chars[n_matched] != c)
    n_matched = self->fallback[n_matched];

  return self->chars[n_matched] == c ? n_matched + 1 : n_matched;
}

/**
 * flint_pattern_new:
 * @text: (nullable): what a person looks for
 *
 * Returns: (transfer full) (nullable): the pattern; %NULL when there is nothing in @text to look for
 */
FlintPattern *
flint_pattern_new (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  GArray *chars = fold_all (valid);
  FlintPattern *self;

  if (chars->len == 0)
    {
      g_array_unref (chars);
      return NULL;
    }

  self = g_rc_box_new0 (FlintPattern);
  self->words = g_steal_pointer (&valid);
  self->length = chars->len;
  self->chars = (gunichar *) (gpointer) g_array_free (chars, FALSE);
  self->fallback = g_new0 (guint, self->length + 1);

  for (guint i = 2; i <= self->length; i++)
    self->fallback[i] = advance (self, self->fallback[i - 1], self->chars[i - 1]);

  return self;
}

FlintPattern *
flint_pattern_ref (FlintPattern *self)
{
  return g_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  FlintPattern *self = data;

  g_free (self->words);
  g_free (self->chars);
  g_free (self->fallback);
}

void
flint_pattern_unref (FlintPattern *self)
{
  g_rc_box_release_full (self, clear);
}

/**
 * flint_pattern_equal:
 *
 * Returns: whether both find the same
 */
gboolean
flint_pattern_equal (FlintPattern *self,
                     FlintPattern *other)
{
  return self->length == other->length && memcmp (self->chars, other->chars, self->length * sizeof (gunichar)) == 0;
}

/**
 * flint_pattern_get_words:
 *
 * Returns: what it was made from
 */
const char *
flint_pattern_get_words (FlintPattern *self)
{
  return self->words;
}

/* The accents behind a letter are marked with it */
static const char *
skip_invisible (const char *p)
{
  while (*p != '\0' && g_unichar_ismark (g_utf8_get_char (p)))
    p = g_utf8_next_char (p);

  return p;
}

/* Back from where the pattern ends in @text to where it begins: the way costs what the match is long */
static gsize
find_start (FlintPattern *self,
            const char   *text,
            const char   *last)
{
  gunichar folded[MAX_FOLDED];
  guint n_left = self->length;

  for (const char *p = last; ; p = g_utf8_prev_char (p))
    {
      guint n = fold (g_utf8_get_char (p), folded);

      if (n >= n_left || p == text)
        return p - text;

      n_left -= n;
    }
}

/**
 * flint_pattern_find:
 * @self: a pattern
 * @text: valid UTF-8, the same in each call for one @scan; what is behind its end may have become more
 * @scan: (inout): where to go on
 * @max_bytes: how much to look at now
 * @range: (out) (nullable): where the pattern stands, when it is found
 *
 * Looks for the next place where the pattern stands in @text; the one after that does not stand over it. The work is
 * proportional to the bytes looked at, whatever the text.
 */
FlintScanResult
flint_pattern_find (FlintPattern *self,
                    const char   *text,
                    FlintScan    *scan,
                    gsize         max_bytes,
                    FlintRange   *range)
{
  const char *p = text + scan->at;
  const char *end = p + max_bytes;
  gunichar folded[MAX_FOLDED];

  for (; *p != '\0' && p < end; p = g_utf8_next_char (p))
    {
      guint n = fold (g_utf8_get_char (p), folded);

      for (guint i = 0; i < n; i++)
        {
          scan->n_matched = advance (self, scan->n_matched, folded[i]);
          if (scan->n_matched < self->length)
            continue;

          if (range != NULL)
            *range = (FlintRange) { find_start (self, text, p), skip_invisible (g_utf8_next_char (p)) - text };
          *scan = (FlintScan) { .at = g_utf8_next_char (p) - text };

          return FLINT_SCAN_FOUND;
        }
    }

  scan->at = p - text;

  return *p == '\0' ? FLINT_SCAN_NOT_FOUND : FLINT_SCAN_MORE;
}

/**
 * flint_pattern_scan:
 * @self: a pattern
 * @text: valid UTF-8, the same in each call for one @scan
 * @scan: (inout): where to go on
 * @max_bytes: how much to look at now
 *
 * Looks whether the pattern stands in @text.
 */
FlintScanResult
flint_pattern_scan (FlintPattern *self,
                    const char   *text,
                    FlintScan    *scan,
                    gsize         max_bytes)
{
  return flint_pattern_find (self, text, scan, max_bytes, NULL);
}

/**
 * flint_pattern_find_all:
 * @self: a pattern
 * @text: valid UTF-8
 *
 * Returns: (transfer full) (element-type FlintRange): where the pattern stands in @text, in order, none over another
 */
GArray *
flint_pattern_find_all (FlintPattern *self,
                        const char   *text)
{
  GArray *ranges = g_array_new (FALSE, FALSE, sizeof (FlintRange));
  FlintScan scan = { 0 };
  FlintRange range;

  while (flint_pattern_find (self, text, &scan, G_MAXUINT32, &range) == FLINT_SCAN_FOUND)
    g_array_append_val (ranges, range);

  return ranges;
}
