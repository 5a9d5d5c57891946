/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-quotes.h"

#include "flint-text.h"

#include <string.h>

/* What it is split into: "plain | 1 quoted | 2 quoted in a quote"; "" where nothing is quoted */
static char *
describe (const char *text)
{
  g_autoptr(GPtrArray) pieces = flint_quotes_split (text);
  GString *found = g_string_new (NULL);

  for (guint i = 0; pieces != NULL && i < pieces->len; i++)
    {
      const FlintQuotePiece *piece = g_ptr_array_index (pieces, i);

      g_assert_true (g_utf8_validate (piece->text, -1, NULL));
      g_assert_cmpint (piece->source != NULL, ==, piece->depth > 0);
      if (i > 0)
        g_string_append (found, " | ");
      if (piece->depth > 0)
        g_string_append_printf (found, "%u ", piece->depth);
      g_string_append (found, piece->text);
    }

  return g_string_free (found, FALSE);
}

typedef struct
{
  const char *text;
  const char *found;
} Row;

static void
assert_rows (const Row *rows,
             guint      n_rows)
{
  for (guint i = 0; i < n_rows; i++)
    {
      g_autofree char *found = describe (rows[i].text);

      if (!g_str_equal (found, rows[i].found))
        g_error ("“%s”: %s", rows[i].text, found);
    }
}

static void
test_found (void)
{
  static const Row rows[] = {
    { "> at noon?",                       "1 at noon?" },
    { ">at noon?",                        "1 at noon?" },
    { "> at noon?\nyes",                  "1 at noon? | yes" },
    { "see\n> at noon?\nyes",             "see | 1 at noon? | yes" },
    { "> one\n> two",                     "1 one\ntwo" },
    { "> one\n>\n> two",                  "1 one\n\ntwo" },
    { "> 中午？\n好",                     "1 中午？ | 好" },
    { "> one\nand\n> two\nand",           "1 one | and | 1 two | and" },
    { ">   if (x)",                       "1   if (x)" },
  };

  assert_rows (rows, G_N_ELEMENTS (rows));
}

static void
test_nested (void)
{
  static const Row rows[] = {
    { ">> one\n> two\nthree",             "2 one | 1 two | three" },
    { "> > one\n>two",                    "2 one | 1 two" },
    { ">>> three",                        "3 three" },
    { ">>>> four",                        "3 > four" },
    { "> > > > four",                     "3 > four" },
  };

  assert_rows (rows, G_N_ELEMENTS (rows));
}

static void
test_apart (void)
{
  static const Row rows[] = {
    { "> one\n\nyes",                     "1 one | yes" },
    { "see\n\n> one\n \nyes\n\nand",      "see | 1 one | yes\n\nand" },
    { "> one\n\n> two",                   "1 one |  | 1 two" },
    { "\n> one",                          " | 1 one" },
  };

  assert_rows (rows, G_N_ELEMENTS (rows));
}

static void
test_not (void)
{
  static const Row rows[] = {
    { "",                                 "" },
    { "no quote",                         "" },
    { "-> there",                         "" },
    { " > not at the beginning",          "" },
    { "a > b\nb > c",                     "" },
    { "&gt; escaped",                     "" },
    { "＞ full width",                    "" },
    { ">_<",                              "" },
    { ">:( no",                           "" },
    { ">.< and\n>_<",                     "" },
    { ">=5",                              "" },
    { ">100 people",                      "" },
    { ">",                                "" },
    { "> ",                               "" },
    { ">>>",                              "" },
    { "> > >\n>",                         "" },
    { ">\nyes",                           "" },
  };

  assert_rows (rows, G_N_ELEMENTS (rows));
}

/* A face alone is a face, a line of a quote is a line of a quote */
static void
test_faces (void)
{
  static const Row rows[] = {
    { ">_<\n> one",                       ">_< | 1 one" },
    { "> one\n>_<",                       "1 one\n_<" },
    { "> 5 people",                       "1 5 people" },
    { "> : one",                          "1 : one" },
  };

  assert_rows (rows, G_N_ELEMENTS (rows));
}

static void
test_fences (void)
{
  static const Row rows[] = {
    { "```\n> prompt\n```\n> one",        "```\n> prompt\n``` | 1 one" },
    { "```\n> prompt",                    "" },
    { "> ```\n> > prompt\n> ```\n> > two", "1 ```\n> prompt\n``` | 2 two" },
    { "> ```\n> > prompt\nno\n> > two",   "1 ```\n> prompt | no | 2 two" },
    { "``\n> one",                        "`` | 1 one" },
  };

  assert_rows (rows, G_N_ELEMENTS (rows));
}

static void
test_crlf (void)
{
  static const Row rows[] = {
    { "> one\r\n> two\r\nyes\r\n",        "1 one\ntwo | yes\n" },
    { "> one\r\n\r\nyes",                 "1 one | yes" },
    { ">\r\n>\r\n",                       "" },
    { "\r> one",                          "" },
  };

  assert_rows (rows, G_N_ELEMENTS (rows));
}

static void
test_source (void)
{
  static const struct
  {
    gsize       start;
    gsize       end;
    const char *source;
  } rows[] = {
    { 0,  20, "> one two\n>\n>three\n>  four" },
    { 0,  7,  "> one two" },
    { 0,  3,  "one" },
    { 4,  7,  "two" },
    { 4,  14, "two\n>\n>three" },
    { 7,  8,  "\n>" },
    { 8,  8,  ">" },
    { 9,  14, ">three" },
    { 10, 14, "hree" },
    { 14, 20, "\n>  four" },
    { 20, 20, "" },
  };
  g_autoptr(GPtrArray) pieces = flint_quotes_split ("> one two\r\n>\r\n>three\n>  four\nyes");
  const FlintQuotePiece *piece = g_ptr_array_index (pieces, 0);

  g_assert_cmpstr (piece->text, ==, "one two\n\nthree\n four");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *source = flint_quote_piece_get_source (piece, rows[i].start, rows[i].end);

      if (!g_str_equal (source, rows[i].source))
        g_error ("%u to %u: “%s”", (guint) rows[i].start, (guint) rows[i].end, source);
    }
}

static void
test_line (void)
{
  g_assert_true (flint_quotes_is_quoted ("> one\ntwo"));
  g_assert_true (flint_quotes_is_quoted (">> one"));
  g_assert_false (flint_quotes_is_quoted (">\ntwo"));
  g_assert_false (flint_quotes_is_quoted (">_<"));
  g_assert_false (flint_quotes_is_quoted ("one\n> two"));
  g_assert_false (flint_quotes_is_quoted (""));
}

static char *
repeat (const char *text,
        guint       n)
{
  GString *string = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append (string, text);

  return g_string_free (string, FALSE);
}

/* Every word that came is still there, in order */
static void
assert_whole (GPtrArray  *pieces,
              const char *text)
{
  GString *left = g_string_new (NULL);

  for (guint i = 0; i < pieces->len; i++)
    {
      const FlintQuotePiece *piece = g_ptr_array_index (pieces, i);

      g_string_append_printf (left, "%s\n", piece->source != NULL ? piece->source : piece->text);
    }
  g_string_truncate (left, left->len - 1);
  g_assert_cmpstr (left->str, ==, text);
  g_string_free (left, TRUE);
}

static void
test_many_pieces (void)
{
  g_autofree char *text = repeat ("> one\ntwo\n>> three\n", 3000);
  g_autoptr(GPtrArray) pieces = NULL;
  const FlintQuotePiece *last;

  text[strlen (text) - 1] = '\0';
  pieces = flint_quotes_split (text);
  g_assert_cmpuint (pieces->len, ==, FLINT_QUOTES_MAX_PIECES);
  last = g_ptr_array_index (pieces, pieces->len - 1);
  g_assert_cmpuint (last->depth, ==, 0);
  g_assert_true (g_str_has_suffix (last->text, "\n> one\ntwo\n>> three"));
  assert_whole (pieces, text);
}

/* As many as there may be are as good as few */
static void
test_full (void)
{
  g_autofree char *text = repeat ("one\n> two\n", FLINT_QUOTES_MAX_PIECES / 2);
  g_autoptr(GPtrArray) pieces = NULL;

  text[strlen (text) - 1] = '\0';
  pieces = flint_quotes_split (text);
  g_assert_cmpuint (pieces->len, ==, FLINT_QUOTES_MAX_PIECES);
  g_assert_cmpuint (((const FlintQuotePiece *) g_ptr_array_index (pieces, pieces->len - 1))->depth, ==, 1);
  assert_whole (pieces, text);
}

static void
test_deep (void)
{
  g_autofree char *marks = repeat (">", 10000);
  g_autofree char *deep = g_strconcat (marks, " x", NULL);
  g_autofree char *spaced = repeat ("> ", 10000);
  g_autofree char *deep_spaced = g_strconcat (spaced, "x", NULL);
  g_autofree char *lines = repeat (">\n", 4096);
  g_autofree char *growing = repeat ("> a\n>> b\n>>> c\n>>>> d\n", 2500);
  const char *hostile[] = { marks, spaced, lines, deep, deep_spaced, growing };
  double start = g_get_monotonic_time ();

  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_autoptr(GPtrArray) pieces = flint_quotes_split (hostile[i]);

      /* marks alone are what was said */
      if (i < 3)
        {
          g_assert_null (pieces);
          continue;
        }

      g_assert_cmpuint (pieces->len, <=, FLINT_QUOTES_MAX_PIECES);
      for (guint j = 0; j < pieces->len; j++)
        g_assert_cmpuint (((const FlintQuotePiece *) g_ptr_array_index (pieces, j))->depth, <=, FLINT_QUOTES_MAX_DEPTH);
    }

  g_test_message ("%d µs", (int) (g_get_monotonic_time () - start));
}

static void
test_eight_kib (void)
{
  g_autofree char *marks = repeat (">", 8 * 1024);
  g_autofree char *with_words = g_strconcat (marks, "\nyes", NULL);
  g_autofree char *shown = flint_text_for_body (marks, 0, NULL);

  g_assert_null (flint_quotes_split (marks));
  g_assert_null (flint_quotes_split (with_words));
  g_assert_cmpuint (strlen (shown), >, strlen (marks));
  g_assert_null (flint_quotes_split (shown));
}

static void
test_random (void)
{
  static const char * const parts[] = { ">", ">", "> ", " ", "\n", "\n", "\r\n", "a", "好", "```", "<", ":", "1", "\t" };

  for (guint i = 0; i < 20000; i++)
    {
      GString *text = g_string_new (NULL);
      g_autoptr(GPtrArray) pieces = NULL;

      for (int n = g_test_rand_int_range (0, 40); n > 0; n--)
        g_string_append (text, parts[g_test_rand_int_range (0, G_N_ELEMENTS (parts))]);

      pieces = flint_quotes_split (text->str);
      for (guint j = 0; pieces != NULL && j < pieces->len; j++)
        {
          const FlintQuotePiece *piece = g_ptr_array_index (pieces, j);
          gsize length = strlen (piece->text);

          g_assert_true (piece->depth <= FLINT_QUOTES_MAX_DEPTH && g_utf8_validate (piece->text, -1, NULL));
          if (piece->depth > 0)
            {
              gsize end = g_test_rand_int_range (0, length + 1);
              g_autofree char *whole = flint_quote_piece_get_source (piece, 0, length);
              g_autofree char *part = flint_quote_piece_get_source (piece, g_test_rand_int_range (0, end + 1), end);

              g_assert_cmpstr (whole, ==, piece->source);
              g_assert_nonnull (strstr (piece->source, part));
            }
        }
      g_string_free (text, TRUE);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/quotes/lines-with-a-mark-are-quoted", test_found);
  g_test_add_func ("/core/quotes/quotes-stand-in-quotes", test_nested);
  g_test_add_func ("/core/quotes/blank-lines-keep-quotes-apart", test_apart);
  g_test_add_func ("/core/quotes/what-is-not-quoted", test_not);
  g_test_add_func ("/core/quotes/a-face-is-not-a-quote", test_faces);
  g_test_add_func ("/core/quotes/nothing-is-quoted-in-preformatted-text", test_fences);
  g_test_add_func ("/core/quotes/lines-may-end-in-two-characters", test_crlf);
  g_test_add_func ("/core/quotes/a-part-has-its-marks", test_source);
  g_test_add_func ("/core/quotes/a-line-says-whether-it-is-quoted", test_line);
  g_test_add_func ("/core/quotes/T063-pieces-are-bounded", test_many_pieces);
  g_test_add_func ("/core/quotes/as-many-pieces-as-there-may-be", test_full);
  g_test_add_func ("/core/quotes/T063-depth-is-bounded", test_deep);
  g_test_add_func ("/core/quotes/T063-eight-kibibytes-of-marks-are-text", test_eight_kib);
  g_test_add_func ("/core/quotes/T063-anything-is-split", test_random);

  return g_test_run ();
}
