/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-text.h"

#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/uspoof.h>
#include <unicode/utext.h>

#define MAX_MARKS        16       /* accents on one letter; more is a picture, and slow to draw */
#define BREAK_EVERY      256      /* clusters: Pango's wrapping of one word is quadratic */
#define MAX_CLUSTER      64       /* bytes, on average, that a line may have per grapheme */
#define MENTION_SEARCHED (64 * 1024)
#define MAX_ISOLATES     16       /* in one another */

#define ZERO_WIDTH_SPACE 0x200B
#define ZERO_WIDTH_JOINER 0x200D
#define POP_ISOLATE      0x2069
#define ELLIPSIS         "\342\200\246"
#define FSI              "\342\201\250"
#define PDI              "\342\201\251"

/* What a character may do to the text around it */
typedef enum
{
  CHARACTER_PLAIN,
  CHARACTER_MARK,
  CHARACTER_SPACE,
  CHARACTER_NEWLINE,
  CHARACTER_CONTROL,
  CHARACTER_DIRECTION,        /* LRM, RLM, ALM */
  CHARACTER_BIDI,             /* embeddings, overrides, isolates */
  CHARACTER_INVISIBLE,
  CHARACTER_NONE,             /* not a character: U+FFFE and the like */
} CharacterKind;

static gboolean
is_invisible (gunichar c)
{
  return c == 0x00AD || c == 0x034F || c == 0x115F || c == 0x1160 || c == 0x180E || c == ZERO_WIDTH_SPACE ||
         (c >= 0x2060 && c <= 0x2065) || (c >= 0x206A && c <= 0x206F) || c == 0x2800 || c == 0x3164 || c == 0xFEFF ||
         c == 0xFFA0 || (c >= 0xFFF9 && c <= 0xFFFB);
}

static CharacterKind
classify (gunichar c)
{
  if (c < 0x7F)
    {
      if (c >= 0x20)
        return c == ' ' ? CHARACTER_SPACE : CHARACTER_PLAIN;

      return c == '\n' ? CHARACTER_NEWLINE : c == '\t' ? CHARACTER_SPACE : CHARACTER_CONTROL;
    }

  if (c <= 0x9F)
    return c == 0x85 ? CHARACTER_NEWLINE : CHARACTER_CONTROL;

  if (c == 0x2028 || c == 0x2029)
    return CHARACTER_NEWLINE;

  if (c == 0x200E || c == 0x200F || c == 0x061C)
    return CHARACTER_DIRECTION;

  if ((c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069))
    return CHARACTER_BIDI;

  if ((c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF))
    return CHARACTER_NONE;

  if (is_invisible (c))
    return CHARACTER_INVISIBLE;

  if (g_unichar_ismark (c))
    return CHARACTER_MARK;

  return g_unichar_isspace (c) ? CHARACTER_SPACE : CHARACTER_PLAIN;
}

/* A picture of a control character, as on a terminal that shows them: nothing is acted on */
static gunichar
picture (gunichar c)
{
  return c < 0x20 ? 0x2400 + c : c == 0x7F ? 0x2421 : 0xFFFD;
}

static UBreakIterator *
open_graphemes (const char *text,
                gssize      length,
                UText     **utext)
{
  UErrorCode status = U_ZERO_ERROR;
  UBreakIterator *iterator = ubrk_open (UBRK_CHARACTER, "", NULL, 0, &status);

  *utext = utext_openUTF8 (NULL, text, length, &status);

  if (iterator != NULL)
    ubrk_setUText (iterator, *utext, &status);

  if (U_SUCCESS (status))
    return iterator;

  g_clear_pointer (&iterator, ubrk_close);
  g_clear_pointer (utext, utext_close);

  return NULL;
}

static void
close_graphemes (UBreakIterator *iterator,
                 UText          *utext)
{
  g_clear_pointer (&iterator, ubrk_close);
  g_clear_pointer (&utext, utext_close);
}

/* Where the text must end to have at most so many graphemes, and bytes to match; its length when it is short enough */
static gsize
find_grapheme (const GString *text,
               guint          n)
{
  UText *utext;
  UBreakIterator *iterator;
  gsize limit = (gsize) n * MAX_CLUSTER;
  int32_t end = 0;

  if (!(iterator = open_graphemes (text->str, text->len, &utext)))
    return MIN (text->len, limit);

  for (guint i = 0; i < n; i++)
    {
      int32_t next = ubrk_next (iterator);

      if (next == UBRK_DONE || (gsize) next > limit)
        break;

      end = next;
    }

  close_graphemes (iterator, utext);

  return end;
}

static void
ellipsize (GString *text,
           guint    max_graphemes)
{
  if (max_graphemes == 0 || text->len <= max_graphemes ||
      g_utf8_strlen (text->str, text->len) <= (glong) max_graphemes ||
      find_grapheme (text, max_graphemes) == text->len)
    return;

  g_string_truncate (text, find_grapheme (text, max_graphemes - 1));
  g_string_append (text, ELLIPSIS);
}

/* A GString has room for 64 bytes at least. Names are shorter, and there may be ten thousand of them. */
static char *
take_exact (GString *text)
{
  gsize size = text->len + 1;

  return g_realloc (g_string_free (text, FALSE), size);
}

/**
 * flint_text_for_line:
 * @text: (nullable): what somebody calls himself, a topic, a status
 * @max_graphemes: longer is cut, with an ellipsis; 0: as long as it is
 *
 * Makes one harmless line: runs of white space and line breaks become one space, control characters
 * pictures of themselves, and what turns the direction of the text or is invisible goes (T057, T059).
 *
 * Returns: (transfer full) (nullable): the line; %NULL for %NULL
 */
char *
flint_text_for_line (const char *text,
                     guint       max_graphemes)
{
  g_autofree char *valid = NULL;
  GString *line;
  gboolean gap = FALSE;
  guint marks = 0;

  if (text == NULL)
    return NULL;

  if (!g_utf8_validate (text, -1, NULL))
    text = valid = g_utf8_make_valid (text, -1);

  line = g_string_sized_new (strlen (text));

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      CharacterKind kind = classify (c);

      if (kind == CHARACTER_SPACE || kind == CHARACTER_NEWLINE || c == '\r')
        {
          gap = line->len > 0;
          continue;
        }

      /* What goes parts nothing: marks before and behind it are on the same letter */
      if (kind == CHARACTER_DIRECTION || kind == CHARACTER_BIDI || kind == CHARACTER_INVISIBLE)
        continue;

      marks = kind == CHARACTER_MARK ? marks + 1 : 0;

      if (marks > MAX_MARKS)
        continue;

      if (gap)
        g_string_append_c (line, ' ');

      gap = FALSE;

      if (kind == CHARACTER_CONTROL || kind == CHARACTER_NONE)
        g_string_append_unichar (line, picture (c));
      else
        g_string_append_len (line, p, g_utf8_next_char (p) - p);
    }

  ellipsize (line, max_graphemes);

  return take_exact (line);
}

static gboolean
may_break_after (gunichar c)
{
  switch ((int) g_unichar_break_type (c))
    {
    case G_UNICODE_BREAK_MANDATORY:
    case G_UNICODE_BREAK_CARRIAGE_RETURN:
    case G_UNICODE_BREAK_LINE_FEED:
    case G_UNICODE_BREAK_SPACE:
    case G_UNICODE_BREAK_ZERO_WIDTH_SPACE:
    case G_UNICODE_BREAK_IDEOGRAPHIC:
    case G_UNICODE_BREAK_HANGUL_LV_SYLLABLE:
    case G_UNICODE_BREAK_HANGUL_LVT_SYLLABLE:
    case G_UNICODE_BREAK_AFTER:
      return TRUE;

    default:
      return FALSE;
    }
}

static gboolean
has_long_word (const GString *text)
{
  guint length = 0;

  for (const char *p = text->str; *p != '\0'; p = g_utf8_next_char (p))
    {
      if (may_break_after (g_utf8_get_char (p)))
        length = 0;
      else if (++length > BREAK_EVERY)
        return TRUE;
    }

  return FALSE;
}

static void
add_break_chances (GString *text)
{
  g_autofree char *whole = g_strndup (text->str, text->len);
  UText *utext;
  UBreakIterator *iterator = open_graphemes (whole, text->len, &utext);
  guint length = 0;
  int32_t start = 0;
  int32_t end;

  if (iterator == NULL)
    return;

  g_string_truncate (text, 0);

  while ((end = ubrk_next (iterator)) != UBRK_DONE)
    {
      g_string_append_len (text, whole + start, end - start);
      length = may_break_after (g_utf8_get_char (whole + start)) ? 0 : length + 1;

      if (length == BREAK_EVERY)
        {
          g_string_append_unichar (text, ZERO_WIDTH_SPACE);
          length = 0;
        }

      start = end;
    }

  close_graphemes (iterator, utext);
}

/* Not in the middle of a cluster, unless one cluster is all there is */
static void
cut (GString *text,
     gsize    max_bytes)
{
  UText *utext;
  UBreakIterator *iterator;
  const char *end = text->str + max_bytes;
  int32_t boundary = 0;

  while (end > text->str && ((guchar) *end & 0xC0) == 0x80)
    end--;

  if ((iterator = open_graphemes (text->str, text->len, &utext)))
    {
      boundary = ubrk_preceding (iterator, (int32_t) (end - text->str) + 1);
      close_graphemes (iterator, utext);
    }

  g_string_truncate (text, boundary > 0 ? (gsize) boundary : (gsize) (end - text->str));
}

/* Isolates that are closed in their paragraph do no harm, and our own sentences have them around names */

static gboolean
may_keep_isolate (gunichar  c,
                  guint    *depth)
{
  if (c >= 0x2066 && c < POP_ISOLATE && *depth < MAX_ISOLATES)
    {
      (*depth)++;
      return TRUE;
    }

  if (c == POP_ISOLATE && *depth > 0)
    {
      (*depth)--;
      return TRUE;
    }

  return FALSE;
}

static void
close_isolates (GString *text,
                guint   *depth)
{
  for (; *depth > 0; (*depth)--)
    g_string_append (text, PDI);
}

/* How many are open at the end, where those of each line end with it */
static guint
count_isolates (const GString *text)
{
  guint depth = 0;

  for (const char *p = text->str; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c >= 0x2066 && c < POP_ISOLATE)
        depth++;
      else if (c == POP_ISOLATE)
        depth--;
    }

  return depth;
}

/**
 * flint_text_for_body:
 * @text: (nullable): what somebody wrote
 * @max_bytes: more is cut off; 0: no limit
 * @is_cut: (out) (optional): whether something was cut off
 *
 * Makes a text of many lines fit to be shown: control characters become pictures, what overrides the
 * direction goes, words of more than 256 clusters get places where they may be broken (T068, T070).
 * For display only: what is copied or searched is the text as it came.
 *
 * Returns: (transfer full) (nullable): the text; %NULL for %NULL
 */
char *
flint_text_for_body (const char *text,
                     gsize       max_bytes,
                     gboolean   *is_cut)
{
  g_autofree char *valid = NULL;
  GString *body;
  guint marks = 0;
  guint depth = 0;
  gboolean too_long;

  if (is_cut != NULL)
    *is_cut = FALSE;

  if (text == NULL)
    return NULL;

  if (!g_utf8_validate (text, -1, NULL))
    text = valid = g_utf8_make_valid (text, -1);

  body = g_string_sized_new (max_bytes > 0 ? MIN (max_bytes + 8, 8192) : strlen (text));

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      CharacterKind kind = classify (c);

      if ((kind == CHARACTER_BIDI && !may_keep_isolate (c, &depth)) || (c == '\r' && p[1] == '\n'))
        continue;

      marks = kind == CHARACTER_MARK ? marks + 1 : 0;

      if (marks > MAX_MARKS)
        continue;

      if (kind == CHARACTER_NEWLINE || c == '\r')
        {
          close_isolates (body, &depth);
          g_string_append_c (body, '\n');
        }
      else if (kind == CHARACTER_CONTROL || kind == CHARACTER_NONE)
        g_string_append_unichar (body, picture (c));
      else
        g_string_append_len (body, p, g_utf8_next_char (p) - p);

      /* A little more than is kept, so that the cut does not fall into a cluster unseen */
      if (max_bytes > 0 && body->len > max_bytes + MAX_CLUSTER)
        break;
    }

  too_long = max_bytes > 0 && body->len > max_bytes;

  if (too_long)
    {
      cut (body, max_bytes);
      depth = count_isolates (body);
    }

  close_isolates (body, &depth);

  if (is_cut != NULL)
    *is_cut = too_long;

  if (has_long_word (body))
    add_break_chances (body);

  return g_string_free (body, FALSE);
}

/* Not between a letter and its accents, nor inside what is drawn as one picture; but not far back for that either */
static const char *
step_back (const char *text,
           const char *cut)
{
  const char *end = cut;

  for (guint i = 0; i < MAX_MARKS && end > text; i++)
    {
      gunichar c = g_utf8_get_char (end);
      const char *before = g_utf8_prev_char (end);

      if (!g_unichar_ismark (c) && c != ZERO_WIDTH_JOINER && g_utf8_get_char (before) != ZERO_WIDTH_JOINER)
        return end;

      end = before;
    }

  return cut;
}

/**
 * flint_text_find_cut:
 * @text: valid UTF-8
 * @max_bytes: how much of it; at least 8
 * @max_lines: and how many lines; at least 1
 *
 * Where to cut a text that is too long to be shown at once: behind a line, else behind a space, else behind a letter.
 *
 * Returns: the length of its first piece, in bytes; what follows is the next one
 */
gsize
flint_text_find_cut (const char *text,
                     gsize       max_bytes,
                     guint       max_lines)
{
  const char *line = NULL;
  const char *space = NULL;
  const char *end = text;

  g_return_val_if_fail (text != NULL, 0);
  g_return_val_if_fail (max_bytes >= 8 && max_lines >= 1, 0);

  while (*end != '\0')
    {
      const char *next = g_utf8_next_char (end);

      if (next > text + max_bytes)
        return (line != NULL ? line : space != NULL ? space : step_back (text, end)) - text;

      if (*end == '\n')
        {
          line = next;
          if (--max_lines == 0)
            return line - text;
        }
      else if (*end == ' ')
        {
          space = next;
        }

      end = next;
    }

  return end - text;
}

/**
 * flint_text_for_copy:
 * @text: (nullable): the text of one message
 *
 * What goes to the clipboard: without bidi controls, other invisible characters and control
 * characters, and without line breaks at its end, so that a terminal does not run it (T073).
 *
 * Returns: (transfer full): the text
 */
char *
flint_text_for_copy (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  GString *copy = g_string_sized_new (strlen (valid));

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      CharacterKind kind = classify (c);

      if (kind == CHARACTER_NEWLINE)
        g_string_append_c (copy, '\n');
      else if (kind == CHARACTER_PLAIN || kind == CHARACTER_MARK || kind == CHARACTER_SPACE)
        g_string_append_len (copy, p, g_utf8_next_char (p) - p);
    }

  while (copy->len > 0 && copy->str[copy->len - 1] == '\n')
    g_string_truncate (copy, copy->len - 1);

  return g_string_free (copy, FALSE);
}

/**
 * flint_text_isolate:
 * @text: (nullable): a stranger's words, to stand inside a sentence of ours
 *
 * Returns: (transfer full): @text between U+2068 and U+2069, so that its direction ends where it does (T057)
 */
char *
flint_text_isolate (const char *text)
{
  g_autofree char *line = flint_text_for_line (text, 0);

  return g_strconcat (FSI, line != NULL ? line : "", PDI, NULL);
}

/**
 * flint_text_fold:
 * @text: (nullable): any text
 *
 * Returns: (transfer full): @text without the differences that a search does not look at: case,
 *   accents, full width
 */
char *
flint_text_fold (const char *text)
{
  g_autofree char *parts = NULL;
  g_autofree char *valid = NULL;
  GString *bare;
  char *folded;

  if (text == NULL)
    return g_strdup ("");

  if (!g_utf8_validate (text, -1, NULL))
    text = valid = g_utf8_make_valid (text, -1);

  if (g_str_is_ascii (text))
    return g_ascii_strdown (text, -1);

  parts = g_utf8_normalize (text, -1, G_NORMALIZE_ALL);
  bare = g_string_sized_new (strlen (parts));

  for (const char *p = parts; *p != '\0'; p = g_utf8_next_char (p))
    if (!g_unichar_ismark (g_utf8_get_char (p)))
      g_string_append_len (bare, p, g_utf8_next_char (p) - p);

  folded = g_utf8_casefold (bare->str, bare->len);
  g_string_free (bare, TRUE);

  return folded;
}

static gboolean
is_word_character (gunichar c)
{
  return g_unichar_isalnum (c) || g_unichar_ismark (c) || c == '_' || c == ZERO_WIDTH_JOINER;
}

static gunichar
last_character (const char *start,
                const char *end)
{
  return end > start ? g_utf8_get_char (g_utf8_find_prev_char (start, end)) : 0;
}

static char *
fold_case (const char *text,
           gsize       max_bytes)
{
  gsize length = strnlen (text, max_bytes);
  g_autofree char *valid = g_utf8_make_valid (text, length);
  g_autofree char *composed = g_utf8_normalize (valid, -1, G_NORMALIZE_DEFAULT_COMPOSE);

  return g_utf8_casefold (composed, -1);
}

/**
 * flint_text_mentions:
 * @text: (nullable): what was said in a room
 * @nick: (nullable): our nickname there
 *
 * Whether @nick stands in @text as a word of its own, whatever its case. A look-alike in other letters is
 * another word (T058).
 *
 * Returns: %TRUE when we are meant
 */
gboolean
flint_text_mentions (const char *text,
                     const char *nick)
{
  g_autofree char *haystack = NULL;
  g_autofree char *needle = NULL;
  gsize length;

  if (text == NULL || nick == NULL || *nick == '\0')
    return FALSE;

  haystack = fold_case (text, MENTION_SEARCHED);
  needle = fold_case (nick, MENTION_SEARCHED);
  length = strlen (needle);

  for (const char *hit = strstr (haystack, needle); hit != NULL; hit = strstr (hit, needle))
    {
      gboolean starts = !is_word_character (last_character (haystack, hit)) ||
                        !is_word_character (g_utf8_get_char (needle));
      gboolean ends = !is_word_character (g_utf8_get_char (hit + length)) ||
                      !is_word_character (last_character (needle, needle + length));

      if (starts && ends)
        return TRUE;

      hit = g_utf8_next_char (hit);

      /* The next one cannot begin before this word ends */
      while (is_word_character (g_utf8_get_char (needle)) && is_word_character (g_utf8_get_char (hit)))
        hit = g_utf8_next_char (hit);
    }

  return FALSE;
}

/**
 * flint_text_skeleton:
 * @text: (nullable): an address or a nickname
 *
 * What @text looks like (UTS 39, 4): two that are easily taken for each other have the same skeleton.
 * Invisible characters do not count.
 *
 * Returns: (transfer full): the skeleton
 */
char *
flint_text_skeleton (const char *text)
{
  g_autofree char *line = flint_text_for_line (text, 0);
  UErrorCode status = U_ZERO_ERROR;
  USpoofChecker *checker = uspoof_open (&status);
  char *skeleton = NULL;
  int32_t length;

  if (line == NULL)
    line = g_strdup ("");

  if (U_SUCCESS (status))
    {
      length = uspoof_getSkeletonUTF8 (checker, 0, line, -1, NULL, 0, &status);

      if (status == U_BUFFER_OVERFLOW_ERROR || U_SUCCESS (status))
        {
          status = U_ZERO_ERROR;
          skeleton = g_malloc0 (length + 1);
          uspoof_getSkeletonUTF8 (checker, 0, line, -1, skeleton, length + 1, &status);
        }
    }

  g_clear_pointer (&checker, uspoof_close);

  if (U_FAILURE (status) || skeleton == NULL)
    {
      g_free (skeleton);
      return g_steal_pointer (&line);
    }

  return skeleton;
}
