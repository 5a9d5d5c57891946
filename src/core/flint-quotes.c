/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quotes in a message: lines that begin with ">" (XEP-0393, 5.1.3) */
#include "flint-quotes.h"

#include <string.h>

#define FENCE "```"
#define ZERO_WIDTH "\342\200\213"     /* where a long word may be broken */

typedef struct
{
  const char *start;
  gsize       length;      /* without the line break */
  const char *words;       /* what is behind the marks */
  guint       depth;
} Line;

static void
free_piece (FlintQuotePiece *piece)
{
  g_free (piece->text);
  g_free (piece->source);
  g_free (piece);
}

/* How many marks a line has, spaces between them or not; one space behind them belongs to them */
static guint
count_marks (const Line  *line,
             guint        max,
             const char **words)
{
  const char *end = line->start + line->length;
  const char *p = line->start;
  guint depth = 0;

  *words = p;
  while (depth < max && p < end && *p == '>')
    {
      depth++;
      *words = ++p;
      while (p < end && *p == ' ')
        p++;
    }

  if (depth > 0 && *words < end && **words == ' ')
    (*words)++;

  return depth;
}

static gboolean
has_words (const Line *line)
{
  for (const char *p = line->start; p < line->start + line->length; p++)
    {
      if (strncmp (p, ZERO_WIDTH, strlen (ZERO_WIDTH)) == 0)
        p += strlen (ZERO_WIDTH) - 1;
      else if (*p != '>' && *p != ' ' && *p != '\t')
        return TRUE;
    }

  return FALSE;
}

/* ">_<", ">:(", ">=5" and ">100 people" are not quotes of "_<", ":(", "=5" and "100 people" */
static gboolean
is_expression (const Line *line)
{
  char next = line->length > 1 ? line->start[1] : '\0';

  if (g_ascii_isdigit (next) || (next != '\0' && strchr (":;.=", next) != NULL))
    return TRUE;

  for (const char *p = line->start + 1; p < line->start + line->length && *p != ' '; p++)
    {
      if (*p == '<')
        return TRUE;
    }

  return FALSE;
}

static gboolean
begins_fence (const Line *line)
{
  gsize length = line->start + line->length - line->words;

  return length >= strlen (FENCE) && strncmp (line->words, FENCE, strlen (FENCE)) == 0;
}

static gboolean
ends_fence (const Line *line)
{
  return begins_fence (line) && line->start + line->length - line->words == (gssize) strlen (FENCE);
}

/* Lines with the marks that each has by itself. Between two lines of three backticks marks are text (XEP-0393, 5.1.2). */
static GArray *
read_lines (const char *text)
{
  GArray *lines = g_array_new (FALSE, FALSE, sizeof (Line));
  int fence = -1;     /* how deep in quotes it stands */

  for (const char *p = text; p != NULL; )
    {
      const char *end = strchr (p, '\n');
      Line line = { p, end != NULL ? (gsize) (end - p) : strlen (p), p, 0 };

      if (line.length > 0 && p[line.length - 1] == '\r')
        line.length--;

      if (fence >= 0 && count_marks (&line, fence, &line.words) < (guint) fence)
        fence = -1;

      if (fence >= 0)
        {
          line.depth = fence;
          if (ends_fence (&line))
            fence = -1;
        }
      else
        {
          line.depth = count_marks (&line, FLINT_QUOTES_MAX_DEPTH, &line.words);
          if (begins_fence (&line))
            fence = line.depth;
        }

      g_array_append_val (lines, line);
      p = end != NULL ? end + 1 : NULL;
    }

  return lines;
}

static void
make_plain (GArray *lines,
            guint   from,
            guint   to)
{
  for (guint i = from; i < to; i++)
    {
      Line *line = &g_array_index (lines, Line, i);

      line->depth = 0;
      line->words = line->start;
    }
}

/* Marks that mark nothing stay what they are, or what was said would not be seen at all */
static void
drop_false_quotes (GArray *lines)
{
  for (guint i = 0; i < lines->len; i++)
    {
      guint end = i;
      gboolean is_quote = FALSE;

      if (g_array_index (lines, Line, i).depth == 0)
        continue;

      if (is_expression (&g_array_index (lines, Line, i)))
        {
          make_plain (lines, i, i + 1);
          continue;
        }

      for (; end < lines->len && g_array_index (lines, Line, end).depth > 0; end++)
        is_quote = is_quote || has_words (&g_array_index (lines, Line, end));

      if (!is_quote)
        make_plain (lines, i, end);
      i = end - 1;
    }
}

static guint
find_end (GArray *lines,
          guint   from)
{
  guint end = from + 1;

  while (end < lines->len && g_array_index (lines, Line, end).depth == g_array_index (lines, Line, from).depth)
    end++;

  return end;
}

static gboolean
is_blank (GArray *lines,
          guint   number)
{
  const Line *line = &g_array_index (lines, Line, number);

  return line->depth == 0 && strspn (line->start, " \t") >= line->length;
}

static void
add_piece (GPtrArray *pieces,
           GArray    *lines,
           guint      from,
           guint      to)
{
  FlintQuotePiece *piece = g_new0 (FlintQuotePiece, 1);
  GString *text = g_string_new (NULL);
  GString *source = g_string_new (NULL);
  guint first = from;
  guint end = to;

  /* blank lines beside a quote only keep it apart, and it is apart */
  while (from > 0 && first < end && is_blank (lines, first))
    first++;
  while (to < lines->len && end > first && is_blank (lines, end - 1))
    end--;

  for (guint i = first; i < end; i++)
    {
      const Line *line = &g_array_index (lines, Line, i);

      g_string_append_len (text, line->words, line->start + line->length - line->words);
      g_string_append_len (source, line->start, line->length);
      if (i + 1 < end)
        {
          g_string_append_c (text, '\n');
          g_string_append_c (source, '\n');
        }
    }

  piece->depth = g_array_index (lines, Line, from).depth;
  piece->text = g_string_free (text, FALSE);
  piece->source = g_string_free (source, piece->depth == 0);
  g_ptr_array_add (pieces, piece);
}

/**
 * flint_quotes_split:
 * @text: many lines, made harmless by flint_text_for_body() before if it is to be shown
 *
 * Finds what in a message is quoted. Lines that begin with ">" are, with two exceptions: where all of them are nothing but
 * marks, and where the first is a face or says "greater than". Spaces at the beginning of a quoted line stay, but for one.
 * What it takes grows with the length of @text and with nothing else.
 *
 * Returns: (transfer full) (nullable) (element-type FlintQuotePiece): at most %FLINT_QUOTES_MAX_PIECES pieces; %NULL
 *   where nothing is quoted
 */
GPtrArray *
flint_quotes_split (const char *text)
{
  g_autoptr(GArray) lines = NULL;
  g_autoptr(GPtrArray) pieces = NULL;
  gboolean has_quote = FALSE;

  g_return_val_if_fail (text != NULL, NULL);

  /* nearly all messages */
  if (*text != '>' && strstr (text, "\n>") == NULL)
    return NULL;

  lines = read_lines (text);
  drop_false_quotes (lines);
  pieces = g_ptr_array_new_with_free_func ((GDestroyNotify) free_piece);

  for (guint i = 0, end; i < lines->len; i = end)
    {
      end = find_end (lines, i);
      if (pieces->len == FLINT_QUOTES_MAX_PIECES - 1 && end < lines->len)
        {
          make_plain (lines, i, lines->len);
          end = lines->len;
        }

      has_quote = has_quote || g_array_index (lines, Line, i).depth > 0;
      add_piece (pieces, lines, i, end);
    }

  return has_quote ? g_steal_pointer (&pieces) : NULL;
}

/**
 * flint_quotes_is_quoted:
 * @line: a line of a text, and what comes after it
 *
 * For who shows a text line by line and has no use for pieces.
 *
 * Returns: whether the line is quoted, as far as it says so itself
 */
gboolean
flint_quotes_is_quoted (const char *line)
{
  Line first;

  g_return_val_if_fail (line != NULL, FALSE);

  first = (Line) { line, strcspn (line, "\n"), line, 0 };

  return *line == '>' && has_words (&first) && !is_expression (&first);
}

/**
 * flint_quote_piece_get_source:
 * @self: a quoted piece
 * @start: in bytes of its text
 * @end: in bytes of its text, not before @start
 *
 * What of the message a part of the piece was: lines of which the beginning is in it have their marks, unless it is but a part
 * of one line.
 *
 * Returns: (transfer full): it, as it came
 */
char *
flint_quote_piece_get_source (const FlintQuotePiece *self,
                              gsize                  start,
                              gsize                  end)
{
  const char *line = self->text;
  const char *source = self->source;
  const char *from = NULL;
  const char *to = NULL;

  g_return_val_if_fail (self->source != NULL, NULL);
  g_return_val_if_fail (start <= end && end <= strlen (self->text), NULL);

  /* both have the same lines, and each line of the text is the end of that of the source */
  while (to == NULL)
    {
      gsize length = strcspn (line, "\n");
      gsize source_length = strcspn (source, "\n");
      gsize marks = source_length - length;
      gsize at = line - self->text;

      if (from == NULL && start <= at + length)
        from = start == at && end >= at + length ? source : source + marks + start - at;
      if (end <= at + length)
        to = source + marks + end - at;

      line += length + 1;
      source += source_length + 1;
    }

  return g_strndup (from, to - from);
}
