/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of earlier versions (F33). fixtures/version-N.sql is what a file of version N had in it; with --dump, this
 * program prints one of the present version. What was released is not changed any more, neither a step nor its fixture:
 * as long as version 1 is not released, its digest below and its fixture are made anew with each change of it.
 */
#include "cut-vfs.h"
#include "store-cache.h"
#include "store-chat.h"
#include "store-conversations.h"
#include "store-notices.h"
#include "store-schema.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#define BOB "bob@example.org"

/* Of the steps to each version */
static const char *const digests[] = {
  "8fe2436dc2031197d37babfc274c1c166736b7826c406208cc6fd5b300bd41b0",
};

/* What a file consists of, in the order in which it is made: what is made by SQLite itself, or by our triggers, is left out */
static const char schema_sql[] =
  "SELECT sql || ';' FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'message\\_words\\__%' ESCAPE '\\' AND "
  "name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid";

static const char *const tables[] = { "state", "account", "conversation", "sender", "message", "archive", "notice", "cache" };

static char *
dump_table (const char *path,
            const char *table)
{
  g_autofree char *columns_sql = g_strdup_printf ("SELECT group_concat ('quote (' || name || ')', ' || '', '' || ') "
                                                  "FROM pragma_table_info ('%s')", table);
  g_autofree char *columns = store_fixture_look (path, columns_sql);
  g_autofree char *sql = g_strdup_printf ("SELECT 'INSERT INTO %s VALUES (' || %s || ');' FROM %s ORDER BY 1", table, columns,
                                          table);

  return store_fixture_look (path, sql);
}

/* All that is in a file, as SQL that makes it again */
static char *
dump (const char *path)
{
  g_autoptr(GString) sql = g_string_new (NULL);
  g_autofree char *schema = store_fixture_look (path, schema_sql);
  g_autofree char *version = store_fixture_look (path, "PRAGMA user_version");

  g_string_append (sql, schema);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *rows = dump_table (path, tables[i]);

      g_string_append (sql, rows);
    }
  g_string_append_printf (sql, "PRAGMA user_version = %s", version);

  return g_string_free (g_steal_pointer (&sql), FALSE);
}

/* Something of each table */
static void
fill (StoreFixture *fixture)
{
  StoreKey key = { STORE_CHAT_ACCOUNT, BOB, 0 };
  StorePosition position = { "room@conference.example.org", "archive-9", STORE_CHAT_NOON };
  g_autoptr(GBytes) value = g_bytes_new_static ("\0value", 6);
  g_autoptr(GArray) added = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  StoreNotice *notice = store_notice_new ();
  StoreMessage *message = store_chat_message (STORE_CHAT_ACCOUNT, "ours-0001", NULL, STORE_CHAT_NOON + 1, "It's “ours”");

  store_chat_add (fixture, BOB, store_chat_message (BOB, "his-0001", "archive-1", STORE_CHAT_NOON, "今天天气很好\nfrom Bob"),
                  STORE_PLACE_LAST, 0);
  message->state = STORE_STATE_FAILED;
  message->failure = g_strdup ("Nobody is there");
  message->device = g_strdup ("phone");
  store_chat_add (fixture, BOB, message, STORE_PLACE_LAST, 0);
  message = store_chat_message ("room@conference.example.org/Eve", "1", "archive-9", STORE_CHAT_NOON + 2, "ok");
  message->name = g_strdup ("Eve");
  message->kind = 3;
  message->flags = STORE_MESSAGE_MENTION;
  store_chat_add (fixture, "room@conference.example.org", message, STORE_PLACE_NEXT, 0);
  store_chat_add (fixture, "room@conference.example.org", store_chat_message (NULL, NULL, NULL, STORE_CHAT_NOON + 3, "The room"),
                  STORE_PLACE_LAST, 0);
  added = store_chat_add_page (fixture, g_ptr_array_new (), &position, NULL);

  store_conversations_set_draft (fixture->database, &key, "not yet");
  store_conversations_set_flags (fixture->database, &key, STORE_CONVERSATION_WHOLE, STORE_CONVERSATION_WHOLE);
  store_cache_write (fixture->database, STORE_CHAT_ACCOUNT, "roster", value, STORE_CHAT_NOON);
  store_cache_write (fixture->database, NULL, "caps", value, STORE_CHAT_NOON);

  notice->kind = STORE_NOTICE_LETTER;
  notice->time = STORE_CHAT_NOON;
  notice->sender = g_strdup (BOB);
  notice->message_id = g_strdup ("letter-0001");
  notice->subject = g_strdup ("Hello");
  notice->body = g_strdup ("A letter");
  store_notices_add_async (fixture->database, STORE_CHAT_ACCOUNT, notice, store_fixture_on_result, &result);
  store_fixture_wait (&result);
}

static int
print_fixture (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autofree char *sql = NULL;

  fill (fixture);
  store_fixture_close (fixture);
  sql = dump (fixture->path);
  /* As bytes, whatever the locale */
  fputs ("-- SPDX-License-Identifier: GPL-3.0-or-later\n", stdout);
  fputs (sql, stdout);

  return 0;
}

/* (transfer full) (nullable): without its first line */
static char *
load_fixture (guint version)
{
  g_autofree char *name = g_strdup_printf ("version-%u.sql", version);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fixtures", name, NULL);
  g_autofree char *sql = NULL;

  if (!g_file_get_contents (path, &sql, NULL, NULL))
    return NULL;

  return g_strdup (strchr (sql, '\n') + 1);
}

/* A file of that version; 0: none, it is made by its first use */
static void
make_file (const char *path,
           guint       version)
{
  g_autofree char *sql = NULL;
  g_autoptr(StoreConnection) connection = NULL;
  g_autoptr(GError) error = NULL;

  if (version == 0)
    return;

  sql = load_fixture (version);
  g_assert_nonnull (sql);
  connection = store_connection_open (path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &error);
  g_assert_no_error (error);
  store_connection_exec (connection, sql, &error);
  g_assert_no_error (error);
}

static void
test_released_steps_stay (void)
{
  g_assert_cmpuint (G_N_ELEMENTS (digests), ==, store_schema_get_version ());

  for (guint i = 0; i < G_N_ELEMENTS (digests); i++)
    {
      g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, store_schema_get_step (i + 1), -1);

      g_assert_cmpstr (digest, ==, digests[i]);
    }
}

static void
test_each_version_has_a_fixture (void)
{
  for (guint version = 1; version <= store_schema_get_version (); version++)
    {
      g_autofree char *sql = load_fixture (version);
      g_autofree char *last = g_strdup_printf ("PRAGMA user_version = %u\n", version);

      g_assert_nonnull (sql);
      g_assert_true (g_str_has_suffix (sql, last));
    }
}

/* The newest one is what this program writes */
static void
test_the_newest_is_what_is_written (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autofree char *expected = load_fixture (store_schema_get_version ());
  g_autofree char *written = NULL;

  fill (fixture);
  store_fixture_close (fixture);
  written = dump (fixture->path);
  g_assert_cmpstr (written, ==, expected);
}

static void
check_content (StoreFixture *fixture)
{
  g_autofree char *bob = store_chat_read (fixture, BOB);
  g_autofree char *room = store_chat_read (fixture, "room@conference.example.org");

  g_assert_cmpstr (bob, ==, "今天天气很好\nfrom Bob It's “ours”");
  g_assert_cmpstr (room, ==, "ok The room");
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM message_words WHERE message_words MATCH '\"天气\" bob'"),
                   ==, 1);
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM notice"), ==, 1);
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM cache"), ==, 2);
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM conversation WHERE draft = 'not yet'"), ==, 1);
}

static void
test_f33_each_version_is_brought_up (void)
{
  for (guint version = 1; version <= store_schema_get_version (); version++)
    {
      g_autoptr(StoreFixture) fixture = store_fixture_new ();

      store_fixture_close (fixture);
      make_file (fixture->path, version);
      store_fixture_open (fixture);
      check_content (fixture);
      g_assert_cmpint (store_fixture_get_int (fixture, "PRAGMA user_version"), ==, store_schema_get_version ());
      g_assert_cmpuint (fixture->n_salvages, ==, 0);
      store_fixture_close (fixture);
      store_fixture_check_file (fixture->path);
    }
}

/* A damaged file of an earlier version is saved into one of this version */
static void
test_f33_each_version_is_salvaged (void)
{
  for (guint version = 1; version <= store_schema_get_version (); version++)
    {
      g_autoptr(StoreFixture) fixture = store_fixture_new ();
      g_autoptr(StoreConnection) connection = NULL;

      store_fixture_close (fixture);
      make_file (fixture->path, version);
      connection = store_connection_open (fixture->path, SQLITE_OPEN_READWRITE, NULL);
      g_assert_true (store_connection_exec (connection, "CREATE TABLE what_is_this (x)", NULL));
      g_clear_pointer (&connection, store_connection_close);

      store_fixture_open (fixture);
      check_content (fixture);
      g_assert_cmpuint (fixture->n_salvages, ==, 1);
      store_fixture_close (fixture);
      store_fixture_check_file (fixture->path);
    }
}

/* Interruptions */

typedef struct
{
  guint left;       /* so many things may be done; then nothing */
} Refusal;

static int
on_authorize (void       *user_data,
              int         action,
              const char *a,
              const char *b,
              const char *c,
              const char *d)
{
  Refusal *refusal = user_data;

  /* To take back is not to be refused */
  if (action == SQLITE_TRANSACTION && g_str_equal (a, "ROLLBACK"))
    return SQLITE_OK;

  if (refusal->left == 0)
    return SQLITE_DENY;

  refusal->left--;

  return SQLITE_OK;
}

static void
check_refused (guint version)
{
  gboolean is_done = FALSE;
  guint n_steps;

  for (n_steps = 0; !is_done; n_steps++)
    {
      g_autoptr(StoreFixture) fixture = store_fixture_new ();
      g_autoptr(StoreConnection) connection = NULL;
      g_autofree char *before = NULL;
      Refusal refusal = { n_steps };

      store_fixture_close (fixture);
      make_file (fixture->path, version);
      before = version > 0 ? dump (fixture->path) : NULL;

      connection = store_connection_open (fixture->path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
      sqlite3_set_authorizer (store_connection_get_handle (connection), on_authorize, &refusal);
      is_done = store_schema_migrate (connection, NULL);
      g_clear_pointer (&connection, store_connection_close);

      if (!is_done && version > 0 && store_fixture_look_int (fixture->path, "PRAGMA user_version") == version)
        {
          g_autofree char *after = dump (fixture->path);

          g_assert_cmpstr (after, ==, before);
        }
      if (!is_done && version == 0)
        g_assert_cmpint (store_fixture_look_int (fixture->path, "SELECT count (*) FROM sqlite_master"), ==, 0);

      /* And then whole */
      store_fixture_open (fixture);
      if (version > 0)
        check_content (fixture);
      g_assert_cmpint (store_fixture_get_int (fixture, "PRAGMA user_version"), ==, store_schema_get_version ());
      g_assert_cmpuint (fixture->n_salvages, ==, 0);
      store_fixture_close (fixture);
      store_fixture_check_file (fixture->path);
    }

  /* There was something to refuse */
  g_assert_cmpuint (n_steps, >, 20);
}

static void
test_f33_refused_at_any_step (void)
{
  for (guint version = 0; version < store_schema_get_version (); version++)
    check_refused (version);
}

static gboolean
do_nothing (StoreConnection  *connection,
            gpointer          data,
            GError          **error)
{
  return TRUE;
}

static void
check_cut (guint version)
{
  gboolean is_cut = TRUE;

  for (guint n_writes = 1; is_cut; n_writes += 1 + n_writes / 10)
    {
      StoreFixture *fixture = store_fixture_new ();
      gint64 found;

      store_fixture_close (fixture);
      make_file (fixture->path, version);

      cut_vfs_install ();
      store_fixture_open (fixture);
      cut_vfs_cut_after (n_writes, n_writes);
      store_fixture_run (fixture, STORE_READ, do_nothing, NULL, NULL);
      is_cut = store_database_get_failure (fixture->database) != NULL;
      cut_vfs_cut_after (1, n_writes);
      store_fixture_try_close (fixture, NULL);
      cut_vfs_uninstall ();

      if (g_file_test (fixture->path, G_FILE_TEST_EXISTS))
        {
          found = store_fixture_look_int (fixture->path, "PRAGMA user_version");
          g_assert_true (found >= version && found <= store_schema_get_version ());
        }

      store_fixture_open (fixture);
      if (version > 0)
        check_content (fixture);
      g_assert_cmpint (store_fixture_get_int (fixture, "PRAGMA user_version"), ==, store_schema_get_version ());
      g_assert_cmpuint (fixture->n_salvages, ==, 0);
      store_fixture_close (fixture);
      store_fixture_check_file (fixture->path);
      store_fixture_free (fixture);
    }
}

/* The power fails at any write */
static void
test_f33_cut_at_any_write (void)
{
  for (guint version = 0; version < store_schema_get_version (); version++)
    check_cut (version);
}

static void
limit_files (rlim_t size)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = size == RLIM_INFINITY ? limit.rlim_max : size;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

/* What does not fit waits for room, and nothing is lost */
static void
test_f33_without_room (void)
{
  for (guint version = 0; version < store_schema_get_version (); version++)
    {
      g_autoptr(StoreFixture) fixture = store_fixture_new ();
      GAsyncResult *result = NULL;

      store_fixture_close (fixture);
      make_file (fixture->path, version);
      limit_files (20000);
      store_fixture_open (fixture);
      store_fixture_push_exec (fixture, "INSERT INTO account (address) VALUES ('new@example.org')", &result);
      while (store_database_get_failure (fixture->database) == NULL)
        g_main_context_iteration (NULL, TRUE);
      g_assert_error (store_database_get_failure (fixture->database), STORE_ERROR, STORE_ERROR_DISK);

      limit_files (RLIM_INFINITY);
      g_assert_true (store_fixture_finish (&result, NULL));
      if (version > 0)
        check_content (fixture);
      g_assert_cmpuint (fixture->n_salvages, ==, 0);
    }
}

int
main (int    argc,
      char **argv)
{
  if (argc == 2 && g_str_equal (argv[1], "--dump"))
    return print_fixture ();

  g_test_init (&argc, &argv, NULL);
  signal (SIGXFSZ, SIG_IGN);

  g_test_add_func ("/store/migration/f33-released-steps-stay", test_released_steps_stay);
  g_test_add_func ("/store/migration/f33-each-version-has-a-fixture", test_each_version_has_a_fixture);
  g_test_add_func ("/store/migration/f33-the-newest-is-what-is-written", test_the_newest_is_what_is_written);
  g_test_add_func ("/store/migration/f33-each-version-is-brought-up", test_f33_each_version_is_brought_up);
  g_test_add_func ("/store/migration/f33-each-version-is-salvaged", test_f33_each_version_is_salvaged);
  g_test_add_func ("/store/migration/f33-refused-at-any-step", test_f33_refused_at_any_step);
  g_test_add_func ("/store/migration/f33-cut-at-any-write", test_f33_cut_at_any_write);
  g_test_add_func ("/store/migration/f33-without-room", test_f33_without_room);

  return g_test_run ();
}
