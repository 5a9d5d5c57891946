/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-connection.h"
#include "store-search.h"

#include <string.h>

/* A table of words in memory, in which row n has the n-th text */
static StoreConnection *
make_index (const char *const *texts)
{
  g_autoptr(GError) error = NULL;
  StoreConnection *connection = store_connection_open (":memory:", SQLITE_OPEN_READWRITE, &error);
  sqlite3_stmt *statement;

  g_assert_no_error (error);
  store_connection_exec (connection, "CREATE VIRTUAL TABLE words USING fts5 (body, tokenize='flint'); "
                         "CREATE VIRTUAL TABLE vocabulary USING fts5vocab (words, row)", &error);
  g_assert_no_error (error);

  for (guint i = 0; texts[i] != NULL; i++)
    {
      statement = store_connection_prepare (connection, "INSERT INTO words (rowid, body) VALUES (?1, ?2)", &error);
      g_assert_no_error (error);
      sqlite3_bind_int (statement, 1, i);
      sqlite3_bind_text (statement, 2, texts[i], -1, SQLITE_STATIC);
      g_assert_true (store_connection_run (statement, NULL));
    }

  return connection;
}

/* As typed by a person. (transfer full): the numbers of what is found: "0 2" */
static char *
find (StoreConnection *connection,
      const char      *typed)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) found = g_string_new (NULL);
  g_autofree char *match = store_search_make_match (typed);
  sqlite3_stmt *statement;
  StoreStep step;

  g_assert_nonnull (match);
  statement = store_connection_prepare (connection, "SELECT rowid FROM words WHERE words MATCH ?1 ORDER BY rowid", &error);
  g_assert_no_error (error);
  sqlite3_bind_text (statement, 1, match, -1, SQLITE_STATIC);
  while ((step = store_connection_step (statement, &error)) == STORE_STEP_ROW)
    g_string_append_printf (found, "%s%d", found->len > 0 ? " " : "", sqlite3_column_int (statement, 0));
  g_assert_no_error (error);

  return g_string_free (g_steal_pointer (&found), FALSE);
}

typedef struct
{
  const char *texts[6];
  struct { const char *typed, *found; } searches[12];
} Case;

static void
test_case (gconstpointer data)
{
  const Case *self = data;
  g_autoptr(StoreConnection) connection = make_index (self->texts);

  for (guint i = 0; i < G_N_ELEMENTS (self->searches) && self->searches[i].typed != NULL; i++)
    {
      g_autofree char *found = find (connection, self->searches[i].typed);

      if (!g_str_equal (found, self->searches[i].found))
        g_error ("“%s” found “%s”, and not “%s”", self->searches[i].typed, found, self->searches[i].found);
    }
}

/* The last word that is typed may be begun; others are whole, and so is what is between quotes */
static const Case english = {
  { "The Quick brown fox's tail", "QUICKLY done, e-mail me at bob@example.org", "room 42, version 1.2.3" },
  { { "quick", "0 1" }, { "quick fox", "0" }, { "qui", "0 1" }, { "qui fox", "" }, { "\"quick\"", "0" },
    { "\"brown quick\"", "" }, { "\"quick brown\"", "0" }, { "bob@example.org", "1" }, { "e-mail", "1" }, { "1.2", "2" },
    { "42", "2" }, { "zebra", "" } },
};

static const Case german = {
  { "Schöne Grüße aus Köln", "Scho\xcc\x88ne Gru\xcc\x88\xc3\x9f" "e aus KO\xcc\x88LN", "Schone Gruse", "ÄRGER im Büro" },
  { { "schöne", "0 1 2" }, { "schone", "0 1 2" }, { "SCHÖNE", "0 1 2" }, { "Scho\xcc\x88ne", "0 1 2" }, { "köln", "0 1" },
    { "ärger büro", "3" }, { "arger", "3" }, { "grüße", "0 1" } },
};

static const Case other_scripts = {
  { "Привет, МИР", "Γειά σου ΚΌΣΜΕ", "שלום עולם", "مرحبا بالعالم", "Đường Việt İstanbul" },
  { { "привет", "0" }, { "мир", "0" }, { "κόσμε", "1" }, { "κοσμε", "1" }, { "שלום", "2" }, { "مرحبا", "3" },
    { "viet", "4" }, { "istanbul", "4" } },
};

static const Case chinese = {
  { "我觉得今天天气很好", "今天很好，天气也好", "今天，天气不错", "漢語拼音 pīnyīn 123", "Python很好用" },
  { { "今天天气", "0 2" }, { "今天", "0 1 2" }, { "今天 天气", "0 1 2" }, { "天气很", "0" }, { "天今", "" }, { "气", "0 1 2" },
    { "拼音 pinyin", "3" }, { "漢語", "3" }, { "python", "4" }, { "很好用", "4" }, { "Python很好", "4" } },
};

static const Case japanese = {
  { "今日はカラオケに行きました", "ｶﾗｵｹ はどうですか", "きょうは からおけ", "ガラス" },
  { { "カラオケ", "0 1" }, { "行きました", "0" }, { "カラ", "0 1" }, { "オラ", "" }, { "からおけ", "2" }, { "今日は", "0" } },
};

static const Case korean = {
  { "안녕하세요 세계", "오늘은 날씨가 좋습니다", "세상" },
  { { "안녕", "0" }, { "세계", "0" }, { "날씨가", "1" }, { "날씨", "1" }, { "씨날", "" }, { "세", "0 2" } },
};

static const Case thai = {
  { "สวัสดีครับวันนี้อากาศดี", "อากาศ" },
  { { "สวัสดี", "0" }, { "อากาศ", "0 1" }, { "วันนี้", "0" }, { "ศกา", "" } },
};

static const Case widths = {
  { "Ｆｌｉｎｔ ２０２６", "flint 2026", "ﬁne ﬂower", "fine flower", "①②" },
  { { "flint", "0 1" }, { "ＦＬＩＮＴ", "0 1" }, { "2026", "0 1" }, { "fine", "2 3" }, { "ﬁne", "2 3" }, { "flower", "2 3" } },
};

static const Case emoji = {
  { "good 👍 job", "👍🏽", "👨\xe2\x80\x8d👩\xe2\x80\x8d👧 family", "no thumbs" },
  { { "👍", "0 1" }, { "👩", "2" }, { "good 👍", "0" }, { "family", "2" } },
};

/* What FTS5 would take for its own language */
static const Case syntax = {
  { "this AND that", "body: NOT (near)", "a* b^ c+", "-minus" },
  { { "AND", "0" }, { "NOT near", "1" }, { "body:", "1" }, { "a*", "0 2" }, { "NEAR(", "1" }, { "b^", "1 2" }, { "-minus", "3" },
    { "(((near", "1" }, { "\"not (near", "1" } },
};

static void
test_nothing_to_search_for (void)
{
  static const char *const texts[] = { "", " ", "\"", "\"\"", "...", "، 。", "\xcc\x88", "()*^:-+", "\t\n" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *match = store_search_make_match (texts[i]);

      g_assert_null (match);
    }
}

/* Each piece of any text is found in it, and no error comes of it */
static void
test_pieces_are_found (void)
{
  static const char *const texts[] = {
    "我觉得今天天气很好 and the Quick brown fox", "Schöne Grüße aus Köln, ﬁne Ｆｌｉｎｔ", "สวัสดีครับวันนี้อากาศดี", "안녕하세요 세계 👍🏽 x",
    "e\xcc\x81\xcc\x81\xcc\x81 ǅ ß ı İ", NULL };
  g_autoptr(StoreConnection) connection = make_index (texts);

  for (guint i = 0; texts[i] != NULL; i++)
    {
      for (const char *p = texts[i]; *p != '\0'; p = g_utf8_next_char (p))
        {
          g_autofree char *match = store_search_make_match (p);
          g_autofree char *found = NULL;

          /* In the middle of a word there is no word */
          if (match == NULL || (p > texts[i] && !g_unichar_isspace (g_utf8_get_char (g_utf8_prev_char (p)))))
            continue;

          found = find (connection, p);
          g_assert_nonnull (strchr (found, '0' + i));
        }
    }
}

static char *
highlight (StoreConnection *connection,
           const char      *sql,
           const char      *match)
{
  g_autoptr(GError) error = NULL;
  sqlite3_stmt *statement = store_connection_prepare (connection, sql, &error);
  char *text;

  g_assert_no_error (error);
  sqlite3_bind_text (statement, 1, match, -1, SQLITE_STATIC);
  g_assert_cmpint (store_connection_step (statement, &error), ==, STORE_STEP_ROW);
  text = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  sqlite3_reset (statement);

  return text;
}

static void
test_positions_are_those_of_characters (void)
{
  static const struct { const char *text, *typed, *marked; } cases[] = {
    { "我觉得今天天气很好", "今天天气", "我觉得[今天天气]很好" },
    { "Schöne Grüße, Bob", "grüße", "Schöne [Grüße], Bob" },
    { "Scho\xcc\x88ne Gru\xcc\x88\xc3\x9f" "e", "schöne", "[Scho\xcc\x88ne] Gru\xcc\x88\xc3\x9f" "e" },
    { "Ｆｌｉｎｔ!", "flint", "[Ｆｌｉｎｔ]!" },
    { "so ﬁne", "fine", "so [ﬁne]" },
    { "ok 👍 ok", "👍", "ok [👍] ok" },
    { "ก็ดี x", "ดี", "ก็[ดี] x" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *texts[] = { cases[i].text, NULL };
      g_autoptr(StoreConnection) connection = make_index (texts);
      g_autofree char *match = store_search_make_match (cases[i].typed);
      g_autofree char *marked =
        highlight (connection, "SELECT highlight (words, 0, '[', ']') FROM words WHERE words MATCH ?1", match);
      g_autofree char *snippet =
        highlight (connection, "SELECT snippet (words, 0, '', '', '', 3) FROM words WHERE words MATCH ?1", match);

      g_assert_cmpstr (marked, ==, cases[i].marked);
      g_assert_true (g_utf8_validate (snippet, -1, NULL));
    }
}

/* What is no UTF-8 comes from a damaged file only; what is around it is found */
static void
test_what_is_no_text (void)
{
  static const char *const texts[] = {
    "before \xff\xfe middle\xc3 after", "\xf0\x9f\x91", "\xed\xa0\x80lone", "\xf4\x90\x80\x80 beyond", "\xc0\xaf long", NULL };
  g_autoptr(StoreConnection) connection = make_index (texts);
  static const struct { const char *typed, *found; } searches[] = {
    { "before", "0" }, { "middle", "0" }, { "after", "0" }, { "lone", "2" }, { "beyond", "3" }, { "long", "4" } };

  for (guint i = 0; i < G_N_ELEMENTS (searches); i++)
    {
      g_autofree char *found = find (connection, searches[i].typed);

      g_assert_cmpstr (found, ==, searches[i].found);
    }
}

static void
test_any_bytes (void)
{
  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *bytes = g_malloc0 (200);
      const char *texts[] = { bytes, NULL };
      g_autoptr(StoreConnection) connection = NULL;

      for (guint j = 0; j < 199; j++)
        bytes[j] = g_test_rand_int_range (1, 256);
      connection = make_index (texts);
      g_assert_true (store_connection_exec (connection, "INSERT INTO words (words) VALUES ('integrity-check'); "
                                            "DELETE FROM words; INSERT INTO words (words) VALUES ('integrity-check')", NULL));
    }
}

static void
test_a_long_word_is_its_beginning (void)
{
  g_autofree char *letters = g_strnfill (1000000, 'a');
  g_autofree char *more = g_strnfill (70, 'a');
  g_autofree char *at_border = g_strdup_printf ("%.63sö", letters);
  g_autofree char *sixty_three = g_strndup (letters, 63);
  const char *texts[] = { letters, at_border, NULL };
  g_autoptr(StoreConnection) connection = make_index (texts);
  g_autofree char *found = find (connection, more);
  g_autofree char *border = find (connection, at_border);
  g_autofree char *begun = find (connection, sixty_three);
  g_autofree char *longest = highlight (connection, "SELECT ?1 || (SELECT max (length (term)) FROM vocabulary)", "");

  g_assert_cmpstr (found, ==, "0");
  g_assert_nonnull (strchr (border, '1'));
  g_assert_cmpstr (begun, ==, "0 1");
  g_assert_cmpstr (longest, ==, "64");
}

int
main (int    argc,
      char **argv)
{
  static const struct { const char *name; const Case *data; } cases[] = {
    { "/store/tokenizer/english", &english },
    { "/store/tokenizer/german-with-and-without-accents", &german },
    { "/store/tokenizer/other-scripts-with-spaces", &other_scripts },
    { "/store/tokenizer/chinese-is-found-as-a-phrase", &chinese },
    { "/store/tokenizer/japanese-in-both-widths", &japanese },
    { "/store/tokenizer/korean", &korean },
    { "/store/tokenizer/thai", &thai },
    { "/store/tokenizer/wide-letters-and-ligatures", &widths },
    { "/store/tokenizer/emoji-are-words", &emoji },
    { "/store/tokenizer/nothing-typed-is-syntax", &syntax },
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].name, cases[i].data, test_case);
  g_test_add_func ("/store/tokenizer/nothing-to-search-for", test_nothing_to_search_for);
  g_test_add_func ("/store/tokenizer/pieces-are-found", test_pieces_are_found);
  g_test_add_func ("/store/tokenizer/positions-are-those-of-characters", test_positions_are_those_of_characters);
  g_test_add_func ("/store/tokenizer/what-is-no-text-hides-nothing", test_what_is_no_text);
  g_test_add_func ("/store/tokenizer/any-bytes", test_any_bytes);
  g_test_add_func ("/store/tokenizer/a-long-word-is-its-beginning", test_a_long_word_is_its_beginning);

  return g_test_run ();
}
