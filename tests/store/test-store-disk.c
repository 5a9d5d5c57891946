/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Disks that are full, folders that are not to be written to, and a file that somebody else has (F30) */
#include "store-fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOBODY 65534

#define ROOM   200000

static const char *program;

static void
limit_files (rlim_t size)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = size == RLIM_INFINITY ? limit.rlim_max : size;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static gboolean
add_note (StoreConnection  *connection,
          gpointer          data,
          GError          **error)
{
  sqlite3_stmt *statement =
    store_connection_prepare (connection, "INSERT INTO cache (account, name, used, value) "
                              "VALUES (?1, ifnull ((SELECT max (rowid) FROM cache), 0) + 1, 0, ?2)", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int (statement, 1, GPOINTER_TO_INT (data));
  sqlite3_bind_zeroblob (statement, 2, 4096);

  return store_connection_run (statement, error);
}

static void
on_added (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  g_assert_no_error (error);
  g_array_append_val ((GArray *) user_data, (int) { GPOINTER_TO_INT (g_task_get_task_data (G_TASK (result))) });
}

/* done: gets the numbers */
static void
push_notes (StoreFixture *fixture,
            int           first,
            int           last,
            GArray       *done)
{
  for (int i = first; i <= last; i++)
    {
      GTask *task = g_task_new (fixture->database, NULL, on_added, done);

      g_task_set_task_data (task, GINT_TO_POINTER (i), NULL);
      store_database_push (fixture->database, i % 5 == 0 ? STORE_WRITE_DURABLE : STORE_WRITE, add_note, task);
    }
}

static void
wait_for_failure (StoreFixture *fixture)
{
  while (store_database_get_failure (fixture->database) == NULL)
    g_main_context_iteration (NULL, TRUE);

  g_assert_error (store_database_get_failure (fixture->database), STORE_ERROR, STORE_ERROR_DISK);
}

static void
wait_for_recovery (StoreFixture *fixture)
{
  while (store_database_get_failure (fixture->database) != NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
check_in_order (GArray *done,
                guint   n)
{
  g_assert_cmpuint (done->len, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (g_array_index (done, int, i), ==, i + 1);
}

static void
test_what_does_not_fit_waits (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autoptr(GArray) done = g_array_new (FALSE, FALSE, sizeof (int));
  guint n;

  push_notes (fixture, 1, 3, done);
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM cache"), ==, 3);

  /* The worker may take the first of them before the others are there, and then there is room for those */
  limit_files (ROOM);
  push_notes (fixture, 4, 500, done);
  wait_for_failure (fixture);
  n = done->len;
  g_assert_cmpuint (n, >=, 3);
  g_assert_cmpuint (n, <, 500);

  /* What is there can be read, and nothing overtakes what waits */
  push_notes (fixture, 501, 510, done);
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM cache"), ==, n);
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT max (account) FROM cache"), ==, n);
  g_assert_cmpuint (done->len, ==, n);
  g_assert_nonnull (store_database_get_failure (fixture->database));
  g_assert_cmpuint (fixture->n_failures, ==, 1);

  limit_files (RLIM_INFINITY);
  wait_for_recovery (fixture);
  g_assert_cmpuint (fixture->n_failures, ==, 2);
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM cache WHERE rowid = account"), ==, 510);
  check_in_order (done, 510);
  g_assert_cmpuint (fixture->n_salvages, ==, 0);

  store_fixture_close (fixture);
  store_fixture_check_file (fixture->path);
}

static gboolean
count_attempts (StoreConnection  *connection,
                gpointer          data,
                GError          **error)
{
  g_atomic_int_inc ((int *) data);

  return store_connection_exec (connection, "INSERT INTO cache (account, name, used, value) VALUES (0, 'zeros', 0, zeroblob (" G_STRINGIFY (ROOM) "))",
                                error);
}

/* Tried again and again, it is told once */
static void
test_a_failure_is_told_once (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autoptr(GArray) done = g_array_new (FALSE, FALSE, sizeof (int));
  GAsyncResult *counted = NULL;
  int n_attempts = 0;

  limit_files (ROOM);
  store_fixture_push (fixture, STORE_WRITE, count_attempts, &n_attempts, NULL, &counted);
  push_notes (fixture, 1, 200, done);
  while (g_atomic_int_get (&n_attempts) < 4)
    g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM cache"), ==, 0);
  g_assert_cmpuint (fixture->n_failures, ==, 1);

  limit_files (RLIM_INFINITY);
  wait_for_recovery (fixture);
  g_assert_true (store_fixture_finish (&counted, NULL));
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM cache"), ==, 201);
  check_in_order (done, 200);
}

static gboolean
limit_pages (StoreConnection  *connection,
             gpointer          data,
             GError          **error)
{
  g_autofree char *sql = g_strdup_printf ("PRAGMA max_page_count = %d", GPOINTER_TO_INT (data));

  return store_connection_exec (connection, sql, error);
}

/* SQLite itself says that it is full, in the middle of a statement, and takes back what it likes */
static void
test_full_in_the_middle (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autoptr(GArray) done = g_array_new (FALSE, FALSE, sizeof (int));

  g_assert_true (store_fixture_run (fixture, STORE_READ, limit_pages, GINT_TO_POINTER (60), NULL));
  push_notes (fixture, 1, 200, done);
  wait_for_failure (fixture);
  g_assert_cmpuint (done->len, ==, store_fixture_get_int (fixture, "SELECT count (*) FROM cache"));
  g_assert_cmpuint (done->len, <, 200);

  g_assert_true (store_fixture_run (fixture, STORE_READ, limit_pages, GINT_TO_POINTER (1000000), NULL));
  wait_for_recovery (fixture);
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM cache WHERE rowid = account"), ==, 200);
  check_in_order (done, 200);
}

static void
on_lost (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  guint *n_lost = user_data;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_assert_error (error, STORE_ERROR, STORE_ERROR_CLOSED);
      ++*n_lost;
    }
}

static void
test_closing_says_what_is_lost (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autoptr(GArray) done = g_array_new (FALSE, FALSE, sizeof (int));
  g_autoptr(GError) error = NULL;
  g_autofree char *number = NULL;
  guint n_lost = 0;

  push_notes (fixture, 1, 3, done);
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM cache"), ==, 3);

  limit_files (ROOM);
  for (guint i = 0; i < 123; i++)
    {
      GTask *task = g_task_new (fixture->database, NULL, on_lost, &n_lost);

      store_database_push (fixture->database, STORE_WRITE, add_note, task);
    }
  wait_for_failure (fixture);

  g_assert_false (store_fixture_try_close (fixture, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_DISK);
  number = g_strdup_printf ("%u ", n_lost);
  g_assert_true (g_str_has_prefix (error->message, number));

  /* The worker may take the first of them before the others are there */
  g_assert_cmpuint (n_lost, >, 0);

  /* What was there before is */
  limit_files (RLIM_INFINITY);
  store_fixture_open (fixture);
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM cache"), ==, 3 + 123 - n_lost);
  g_assert_cmpuint (fixture->n_salvages, ==, 0);
  store_fixture_close (fixture);
  store_fixture_check_file (fixture->path);
}

/* When there is room again just before the end, nothing is lost */
static void
test_closing_tries_once_more (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autoptr(GArray) done = g_array_new (FALSE, FALSE, sizeof (int));

  limit_files (ROOM);
  push_notes (fixture, 1, 200, done);
  wait_for_failure (fixture);
  push_notes (fixture, 201, 1500, done);

  limit_files (RLIM_INFINITY);
  store_fixture_close (fixture);
  check_in_order (done, 1500);
  g_assert_cmpint (store_fixture_look_int (fixture->path, "SELECT count (*) FROM cache WHERE rowid = account"), ==, 1500);
}

/* A start on a full disk */
static void
test_a_full_disk_can_be_read (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autoptr(GArray) done = g_array_new (FALSE, FALSE, sizeof (int));

  push_notes (fixture, 1, 30, done);
  store_fixture_close (fixture);

  limit_files (0);
  store_fixture_open (fixture);
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM cache"), ==, 30);
  push_notes (fixture, 31, 40, done);
  wait_for_failure (fixture);
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM cache"), ==, 30);

  limit_files (RLIM_INFINITY);
  wait_for_recovery (fixture);
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM cache"), ==, 40);
  check_in_order (done, 40);
}

/* Folders. Root may write to any, so it is somebody else while it must not. */

static void
become (StoreFixture *fixture,
        uid_t         user)
{
  if (getuid () != 0)
    return;

  if (user != 0)
    g_assert_cmpint (chown (fixture->directory, user, -1), ==, 0);
  g_assert_cmpint (seteuid (user), ==, 0);
}

static void
test_no_folder (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autoptr(GError) error = NULL;
  GAsyncResult *result = NULL;
  gint64 number;

  g_assert_cmpint (g_rmdir (fixture->directory), ==, 0);
  store_fixture_push_exec (fixture, "INSERT INTO account (address) VALUES ('me@example.org')", &result);
  wait_for_failure (fixture);

  /* There is nothing to be read, and that is said */
  g_assert_false (store_fixture_run (fixture, STORE_READ, add_note, &number, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_DISK);
  g_assert_null (result);
  g_assert_cmpuint (fixture->n_failures, ==, 1);

  g_assert_cmpint (g_mkdir (fixture->directory, 0700), ==, 0);
  g_assert_true (store_fixture_finish (&result, NULL));
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM account"), ==, 1);
  g_assert_null (store_database_get_failure (fixture->database));
}

static void
test_read_only_folder (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  GAsyncResult *result = NULL;

  become (fixture, NOBODY);
  g_assert_cmpint (g_chmod (fixture->directory, 0500), ==, 0);
  store_fixture_push_exec (fixture, "INSERT INTO account (address) VALUES ('me@example.org')", &result);
  wait_for_failure (fixture);
  g_assert_null (result);

  g_assert_cmpint (g_chmod (fixture->directory, 0700), ==, 0);
  g_assert_true (store_fixture_finish (&result, NULL));
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM account"), ==, 1);
  g_assert_null (store_database_get_failure (fixture->database));
  g_assert_cmpuint (fixture->n_salvages, ==, 0);
  become (fixture, 0);
}

/* A file that is there is neither put aside nor forgotten */
static void
test_read_only_folder_with_a_file (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  GAsyncResult *result = NULL;

  become (fixture, NOBODY);
  g_assert_true (store_fixture_exec (fixture, "INSERT INTO account (address) VALUES ('me@example.org')", NULL));
  store_fixture_close (fixture);

  g_assert_cmpint (g_chmod (fixture->path, 0400), ==, 0);
  g_assert_cmpint (g_chmod (fixture->directory, 0500), ==, 0);
  store_fixture_open (fixture);
  store_fixture_push_exec (fixture, "INSERT INTO account (address) VALUES ('you@example.org')", &result);
  wait_for_failure (fixture);
  g_assert_null (result);

  g_assert_cmpint (g_chmod (fixture->path, 0600), ==, 0);
  g_assert_cmpint (g_chmod (fixture->directory, 0700), ==, 0);
  g_assert_true (store_fixture_finish (&result, NULL));
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM account"), ==, 2);
  g_assert_cmpuint (fixture->n_salvages, ==, 0);
  become (fixture, 0);
}

/* Somebody else */

/* The child: has the file open until its input ends */
static int
hold (const char *path)
{
  sqlite3 *handle;
  char end;

  if (sqlite3_open (path, &handle) != SQLITE_OK ||
      sqlite3_exec (handle, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; "
                    "INSERT INTO account (address) VALUES ('other@example.org'); COMMIT", NULL, NULL, NULL) != SQLITE_OK)
    return 1;

  if (write (STDOUT_FILENO, "+", 1) != 1)
    return 1;
  while (read (STDIN_FILENO, &end, 1) > 0)
    ;

  return sqlite3_close (handle) == SQLITE_OK ? 0 : 1;
}

static void
test_somebody_else_has_it (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autoptr(GSubprocess) child = NULL;
  g_autoptr(GError) error = NULL;
  GAsyncResult *result = NULL;
  gint64 number;
  char sign = 0;

  g_assert_true (store_fixture_exec (fixture, "INSERT INTO account (address) VALUES ('me@example.org')", NULL));
  store_fixture_close (fixture);

  child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, "--hold",
                            fixture->path, NULL);
  g_assert_no_error (error);
  g_assert_cmpint (g_input_stream_read (g_subprocess_get_stdout_pipe (child), &sign, 1, NULL, NULL), ==, 1);

  store_fixture_open (fixture);
  store_fixture_push_exec (fixture, "INSERT INTO account (address) VALUES ('you@example.org')", &result);
  wait_for_failure (fixture);
  g_assert_false (store_fixture_run (fixture, STORE_READ, add_note, &number, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_DISK);
  g_assert_null (result);

  g_output_stream_close (g_subprocess_get_stdin_pipe (child), NULL, NULL);
  g_assert_true (g_subprocess_wait_check (child, NULL, NULL));
  g_assert_true (store_fixture_finish (&result, NULL));
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM account"), ==, 3);
  g_assert_cmpuint (fixture->n_salvages, ==, 0);
}

static void
test_two_of_one_file (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autoptr(StoreFixture) second = store_fixture_new ();
  GAsyncResult *result = NULL;

  g_free (second->path);
  second->path = g_strdup (fixture->path);
  store_fixture_close (second);
  g_assert_true (store_fixture_exec (fixture, "INSERT INTO account (address) VALUES ('me@example.org')", NULL));

  store_fixture_open (second);
  store_fixture_push_exec (second, "INSERT INTO account (address) VALUES ('you@example.org')", &result);
  wait_for_failure (second);
  g_assert_true (store_fixture_exec (fixture, "INSERT INTO account (address) VALUES ('they@example.org')", NULL));
  g_assert_null (store_database_get_failure (fixture->database));

  store_fixture_close (fixture);
  g_assert_true (store_fixture_finish (&result, NULL));
  g_assert_cmpint (store_fixture_get_int (second, "SELECT count (*) FROM account"), ==, 3);
  g_assert_cmpuint (second->n_salvages, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--hold"))
    return hold (argv[2]);

  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  signal (SIGXFSZ, SIG_IGN);

  g_test_add_func ("/store/disk/f30-what-does-not-fit-waits-in-its-order", test_what_does_not_fit_waits);
  g_test_add_func ("/store/disk/f30-a-failure-is-told-once", test_a_failure_is_told_once);
  g_test_add_func ("/store/disk/f30-full-in-the-middle-of-a-statement", test_full_in_the_middle);
  g_test_add_func ("/store/disk/f30-closing-says-what-is-lost", test_closing_says_what_is_lost);
  g_test_add_func ("/store/disk/f30-closing-tries-once-more", test_closing_tries_once_more);
  g_test_add_func ("/store/disk/f30-a-full-disk-can-be-read", test_a_full_disk_can_be_read);
  g_test_add_func ("/store/disk/f31-a-folder-that-is-not-there", test_no_folder);
  g_test_add_func ("/store/disk/f31-a-folder-that-is-not-to-be-written-to", test_read_only_folder);
  g_test_add_func ("/store/disk/f31-a-file-that-is-not-to-be-written-to", test_read_only_folder_with_a_file);
  g_test_add_func ("/store/disk/f31-somebody-else-has-it", test_somebody_else_has_it);
  g_test_add_func ("/store/disk/f31-two-of-one-file", test_two_of_one_file);

  return g_test_run ();
}
