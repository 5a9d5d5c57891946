/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-text.h"

#include <string.h>

static void
assert_line (const char *text,
             guint       max,
             const char *expected)
{
  g_autofree char *line = flint_text_for_line (text, max);

  g_assert_cmpstr (line, ==, expected);
}

static void
assert_body (const char *text,
             const char *expected)
{
  g_autofree char *body = flint_text_for_body (text, 0, NULL);

  g_assert_cmpstr (body, ==, expected);
}

static void
test_plain_line (void)
{
  assert_line ("Marta Kowalska", 64, "Marta Kowalska");
  assert_line ("王小明", 64, "王小明");
  assert_line ("\360\237\221\251\342\200\215\360\237\232\200", 64, "\360\237\221\251\342\200\215\360\237\232\200");
  assert_line ("", 64, "");
  assert_line (NULL, 64, NULL);
}

static void
test_direction (void)
{
  static const char * const controls[] = {
    "\342\200\216", "\342\200\217", "\330\234", "\342\200\252", "\342\200\253", "\342\200\254", "\342\200\255", "\342\200\256",
    "\342\201\246", "\342\201\247", "\342\201\250", "\342\201\251",
  };

  for (guint i = 0; i < G_N_ELEMENTS (controls); i++)
    {
      g_autofree char *text = g_strconcat (controls[i], "ecila", NULL);

      assert_line (text, 64, "ecila");
    }
}

static void
test_isolate (void)
{
  g_autofree char *isolated = flint_text_isolate ("\342\200\256ecila\342\201\251\n");

  g_assert_cmpstr (isolated, ==, "\342\201\250ecila\342\201\251");
}

static void
test_one_line (void)
{
  assert_line ("x\n<admin> hi", 64, "x <admin> hi");
  assert_line ("x\r\n\t y", 64, "x y");
  assert_line ("x\342\200\250y\342\200\251z\302\205", 64, "x y z");
  assert_line ("  x  ", 64, "x");
  assert_line ("me\302\240", 64, "me");
  assert_line ("a\033[31mb\007", 64, "a\342\220\233[31mb\342\220\207");
  assert_line ("a\302\233b", 64, "a\357\277\275b");
}

static void
test_length (void)
{
  g_autofree char *long_ascii = g_strnfill (10240, 'x');
  g_autofree char *line = flint_text_for_line (long_ascii, 64);

  g_assert_cmpint (g_utf8_strlen (line, -1), ==, 64);
  g_assert_true (g_str_has_suffix (line, "x\342\200\246"));

  assert_line ("abcd", 4, "abcd");
  assert_line ("abcde", 4, "abc\342\200\246");

  /* Clusters, not code points: a woman astronaut is one */
  assert_line ("\360\237\221\251\342\200\215\360\237\232\200\360\237\221\251\342\200\215\360\237\232\200", 2,
               "\360\237\221\251\342\200\215\360\237\232\200\360\237\221\251\342\200\215\360\237\232\200");
  assert_line ("e\314\201e\314\201e\314\201", 2, "e\314\201\342\200\246");
}

static void
test_marks (void)
{
  g_autoptr(GString) text = g_string_new ("x");
  g_autofree char *line = NULL;

  for (guint i = 0; i < 10000; i++)
    g_string_append (text, "\314\201");

  line = flint_text_for_line (text->str, 64);
  g_assert_cmpuint (strlen (line), <=, 1 + 2 * 16);
}

static void
test_markup (void)
{
  static const char * const corpus[] = { "<b>x", "&", "&#0;", "<span font='99999'>", "</span>", "&lt;" };

  for (guint i = 0; i < G_N_ELEMENTS (corpus); i++)
    {
      assert_line (corpus[i], 64, corpus[i]);
      assert_body (corpus[i], corpus[i]);
    }
}

static void
test_invalid (void)
{
  assert_line ("a\377b", 64, "a\357\277\275b");
  assert_body ("a\355\240\200b\300\200", "a\357\277\275\357\277\275\357\277\275b\357\277\275\357\277\275");
}

static void
test_body_lines (void)
{
  assert_body ("one\r\ntwo\rthree\n\tfour\n", "one\ntwo\nthree\n\tfour\n");
  assert_body ("a\342\200\250b", "a\nb");
  assert_body ("a\033[2Jb\177", "a\342\220\233[2Jb\342\220\241");
  assert_body ("  as it came  ", "  as it came  ");
  assert_body ("\357\277\276", "\357\277\275");
}

static void
test_body_direction (void)
{
  assert_body ("pay \342\200\256moc.live", "pay moc.live");

  /* Ours are closed and stay; one that is not closed ends with its line */
  assert_body ("\342\201\250bob\342\201\251 joined", "\342\201\250bob\342\201\251 joined");
  assert_body ("\342\201\247a\nb", "\342\201\247a\342\201\251\nb");
  assert_body ("a\342\201\251b", "ab");
}

static void
test_body_cut (void)
{
  gboolean is_cut;
  g_autofree char *whole = flint_text_for_body ("four", 4, &is_cut);
  g_autofree char *cut = NULL;
  g_autofree char *cluster = NULL;

  g_assert_false (is_cut);
  g_assert_cmpstr (whole, ==, "four");

  cut = flint_text_for_body ("fives", 4, &is_cut);
  g_assert_true (is_cut);
  g_assert_cmpstr (cut, ==, "five");

  /* Never inside a cluster */
  cluster = flint_text_for_body ("abce\314\201f", 5, &is_cut);
  g_assert_true (is_cut);
  g_assert_cmpstr (cluster, ==, "abc");
}

static void
test_a_cut_isolate_is_closed (void)
{
  gboolean is_cut;
  g_autofree char *inside = flint_text_for_body ("abc\342\201\247defghi\342\201\251jkl", 9, &is_cut);
  g_autofree char *whole = NULL;

  g_assert_true (is_cut);
  g_assert_cmpstr (inside, ==, "abc\342\201\247def\342\201\251");

  /* What closes it does not make it too long */
  whole = flint_text_for_body ("abc\342\201\247def", 9, &is_cut);
  g_assert_false (is_cut);
  g_assert_cmpstr (whole, ==, "abc\342\201\247def\342\201\251");
}

/* 16 accents on a letter, whatever stands between them and goes */
static void
test_accents_cannot_be_parted (void)
{
  g_autoptr(GString) text = g_string_new ("z");
  g_autofree char *body = NULL;
  g_autofree char *line = NULL;

  for (guint i = 0; i < 40; i++)
    g_string_append (text, "\314\201\342\200\256");   /* U+0301, and an override */

  body = flint_text_for_body (text->str, 0, NULL);
  line = flint_text_for_line (text->str, 0);
  g_assert_cmpuint (strlen (body), ==, 1 + 16 * 2);
  g_assert_cmpuint (strlen (line), ==, 1 + 16 * 2);
}

/* 250 kB of something without a space, shown in parts of at most 256 clusters */
static void
assert_breakable (const char *unit,
                  guint       clusters_per_unit)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *body = NULL;
  g_auto(GStrv) parts = NULL;
  gint64 start;

  while (text->len < 250 * 1024)
    g_string_append (text, unit);

  start = g_get_monotonic_time ();
  body = flint_text_for_body (text->str, 0, NULL);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);

  parts = g_strsplit (body, "\342\200\213", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    g_assert_cmpuint (strlen (parts[i]) / strlen (unit) * clusters_per_unit, <=, 256);
}

static void
test_long_word (void)
{
  g_autofree char *marks = NULL;
  g_autoptr(GString) text = g_string_new (NULL);

  assert_breakable ("x", 1);
  assert_breakable ("\327\220", 1);
  assert_breakable ("e\314\201", 1);

  for (guint i = 0; i < 125000; i++)
    g_string_append (text, "\314\201");

  marks = flint_text_for_body (text->str, 0, NULL);
  g_assert_cmpuint (strlen (marks), <=, 32);

  /* What can be broken anyway is left alone: words, emoji, ideographs */
  assert_body ("\360\237\221\251\342\200\215\360\237\232\200", "\360\237\221\251\342\200\215\360\237\232\200");
  assert_body ("short words only, and a longer one", "short words only, and a longer one");
}

static void
test_copy (void)
{
  g_autofree char *line = flint_text_for_copy ("rm -rf /\n");
  g_autofree char *hidden = flint_text_for_copy ("ls\342\200\256\342\200\213\007\302\255 x\r\n\n");
  g_autofree char *lines = flint_text_for_copy ("one\ntwo");
  g_autofree char *none = flint_text_for_copy (NULL);

  g_assert_cmpstr (line, ==, "rm -rf /");
  g_assert_cmpstr (hidden, ==, "ls x");
  g_assert_cmpstr (lines, ==, "one\ntwo");
  g_assert_cmpstr (none, ==, "");
}

static void
test_fold (void)
{
  g_autofree char *accents = flint_text_fold ("Émile ŻÓŁW");
  g_autofree char *german = flint_text_fold ("STRASSE");
  g_autofree char *sharp = flint_text_fold ("straße");
  g_autofree char *wide = flint_text_fold ("ＡＢＣ");

  g_assert_cmpstr (accents, ==, "emile zołw");
  g_assert_cmpstr (german, ==, sharp);
  g_assert_cmpstr (wide, ==, "abc");
}

static void
test_mentions (void)
{
  static const struct
  {
    const char *text;
    const char *nick;
    gboolean    is_mention;
  } table[] = {
    { "hello nina",            "nina",   TRUE },
    { "Nina: look",            "nina",   TRUE },
    { "@NINA, look",           "Nina",   TRUE },
    { "(nina)",                "nina",   TRUE },
    { "ninas book",            "nina",   FALSE },
    { "janina and nina",       "nina",   TRUE },
    { "janina",                "nina",   FALSE },
    { "nina_2",                "nina",   FALSE },
    { "nin\320\260",           "nina",   FALSE },      /* Cyrillic а */
    { "nina\314\201",          "nina",   FALSE },      /* another letter */
    { "你好小明",              "小明",   FALSE },
    { "@小明 你好",            "小明",   TRUE },
    { "to n.f. now",           "n.f.",   TRUE },
    { "++x++",                 "++",     TRUE },
    { "e\314\201mile!",        "émile",  TRUE },
    { "",                      "nina",   FALSE },
    { "nina",                  "",       FALSE },
    { NULL,                    "nina",   FALSE },
    { "nina",                  NULL,     FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (flint_text_mentions (table[i].text, table[i].nick) != table[i].is_mention)
      g_error ("“%s” and “%s”", table[i].text, table[i].nick);
}

static void
test_mentions_time (void)
{
  g_autofree char *text = g_strnfill (1024 * 1024, 'a');
  g_autofree char *nick = g_strnfill (1000, 'a');
  gint64 start = g_get_monotonic_time ();

  g_assert_false (flint_text_mentions (text, nick));
  g_assert_cmpint (g_get_monotonic_time () - start, <, 2 * G_USEC_PER_SEC);
}

static void
test_skeleton (void)
{
  g_autofree char *latin = flint_text_skeleton ("admin@good.test");
  g_autofree char *cyrillic = flint_text_skeleton ("\320\260dmin@good.test");
  g_autofree char *hidden = flint_text_skeleton ("ad\342\200\213min@good.test");
  g_autofree char *other = flint_text_skeleton ("admins@good.test");

  g_assert_cmpstr (latin, ==, cyrillic);
  g_assert_cmpstr (latin, ==, hidden);
  g_assert_cmpstr (latin, !=, other);
}

/* T068: pieces of bounded size, with nothing lost between them, behind lines, spaces or letters */
static void
test_cut (void)
{
  static const struct
  {
    const char *text;
    gsize       bytes;
    guint       lines;
    gsize       length;
  } cases[] = {
    { "", 8, 1, 0 },
    { "short", 8, 1, 5 },
    { "one\ntwo\nthree", 100, 2, 8 },
    { "one\ntwo words", 8, 5, 4 },
    { "two words", 8, 5, 4 },
    { "withoutany", 8, 5, 8 },
    { "\303\251\303\251\303\251\303\251\303\251", 9, 5, 8 },
    { "abcdefge\314\201x", 8, 5, 7 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *rest = cases[i].text;
      guint n = 0;

      g_assert_cmpuint (flint_text_find_cut (rest, cases[i].bytes, cases[i].lines), ==, cases[i].length);
      while (*rest != '\0')
        {
          gsize length = flint_text_find_cut (rest, cases[i].bytes, cases[i].lines);

          g_assert_cmpuint (length, >, 0);
          g_assert_cmpuint (length, <=, cases[i].bytes);
          rest += length;
          g_assert_cmpuint (++n, <, 20);
        }
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/text/an-ordinary-name-stays-as-it-is", test_plain_line);
  g_test_add_func ("/core/text/T057-a-name-cannot-turn-what-stands-beside-it", test_direction);
  g_test_add_func ("/core/text/T057-what-is-isolated-stays-inside", test_isolate);
  g_test_add_func ("/core/text/T058-only-our-very-name-is-a-mention", test_mentions);
  g_test_add_func ("/core/text/T058-a-mention-is-looked-for-in-linear-time", test_mentions_time);
  g_test_add_func ("/core/text/T059-a-name-is-one-line", test_one_line);
  g_test_add_func ("/core/text/T059-a-name-has-its-length", test_length);
  g_test_add_func ("/core/text/T059-a-letter-has-a-few-accents", test_marks);
  g_test_add_func ("/core/text/T060-markup-is-text", test_markup);
  g_test_add_func ("/core/text/what-is-not-utf-8-is-shown-as-such", test_invalid);
  g_test_add_func ("/core/text/T070-a-body-keeps-its-lines-and-shows-control-characters", test_body_lines);
  g_test_add_func ("/core/text/T064-a-body-is-read-in-the-order-it-has", test_body_direction);
  g_test_add_func ("/core/text/T068-a-long-body-is-cut-between-clusters", test_body_cut);
  g_test_add_func ("/core/text/T057-an-isolate-that-is-cut-is-closed", test_a_cut_isolate_is_closed);
  g_test_add_func ("/core/text/T059-what-is-left-out-does-not-part-accents", test_accents_cannot_be_parted);
  g_test_add_func ("/core/text/T068-a-long-word-can-be-broken", test_long_word);
  g_test_add_func ("/core/text/T073-what-is-copied-holds-nothing-hidden", test_copy);
  g_test_add_func ("/core/text/searching-knows-no-case-and-no-accents", test_fold);
  g_test_add_func ("/core/text/T055-look-alikes-have-one-skeleton", test_skeleton);
  g_test_add_func ("/core/text/T068-long-ones-are-cut-and-nothing-is-lost", test_cut);

  return g_test_run ();
}
