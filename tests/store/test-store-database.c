/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"
#include "store-schema.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#define TABLE "CREATE TABLE note (n INTEGER PRIMARY KEY AUTOINCREMENT, text UNIQUE)"

/* The first transaction waits until there is more behind it, and counts all from its own on */
typedef struct
{
  GMutex mutex;
  GCond  cond;
  int    has_begun;       /* atomic */
  int    may_go_on;
  int    n_commits;       /* atomic */
} Gate;

static int
on_commit (void *user_data)
{
  Gate *gate = user_data;

  g_atomic_int_inc (&gate->n_commits);

  return 0;
}

static gboolean
wait_at_gate (StoreConnection  *connection,
              gpointer          data,
              GError          **error)
{
  Gate *gate = data;

  sqlite3_commit_hook (store_connection_get_handle (connection), on_commit, gate);
  g_atomic_int_set (&gate->has_begun, TRUE);

  g_mutex_lock (&gate->mutex);
  while (!gate->may_go_on)
    g_cond_wait (&gate->cond, &gate->mutex);
  g_mutex_unlock (&gate->mutex);

  return TRUE;
}

static void
open_gate (Gate *gate)
{
  g_mutex_lock (&gate->mutex);
  gate->may_go_on = TRUE;
  g_cond_signal (&gate->cond);
  g_mutex_unlock (&gate->mutex);
}

/* Nothing that is pushed now is done before open_gate () */
static void
close_gate (StoreFixture *fixture,
            Gate         *gate,
            GAsyncResult **result)
{
  store_fixture_push (fixture, STORE_WRITE, wait_at_gate, gate, NULL, result);
  while (!g_atomic_int_get (&gate->has_begun))
    g_thread_yield ();
}

static void
make_table (StoreFixture *fixture)
{
  g_autoptr(GError) error = NULL;

  store_fixture_exec (fixture, TABLE, &error);
  g_assert_no_error (error);
}

/* The file */

static void
test_is_private (void)
{
  mode_t mask = umask (0);
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autofree char *wal = g_strconcat (fixture->path, "-wal", NULL);
  g_autoptr(GDir) dir = NULL;
  GStatBuf before, after, file;
  const char *name;
  guint n_files = 0;

  g_assert_cmpint (g_chmod (fixture->directory, 0750), ==, 0);
  g_assert_cmpint (g_stat (fixture->directory, &before), ==, 0);
  make_table (fixture);

  g_assert_cmpint (g_stat (fixture->path, &file), ==, 0);
  g_assert_cmphex (file.st_mode & 07777, ==, 0600);
  g_assert_cmpint (g_stat (wal, &file), ==, 0);
  g_assert_cmphex (file.st_mode & 07777, ==, 0600);

  g_assert_cmpint (g_stat (fixture->directory, &after), ==, 0);
  g_assert_cmphex (after.st_mode, ==, before.st_mode);

  store_fixture_close (fixture);
  dir = g_dir_open (fixture->directory, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_assert_cmpstr (name, ==, "history.db");
      n_files++;
    }
  g_assert_cmpuint (n_files, ==, 1);
  umask (mask);
}

static void
test_has_its_settings (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autofree char *mode = NULL;

  g_assert_cmpint (store_fixture_get_int (fixture, "PRAGMA user_version"), ==, store_schema_get_version ());
  g_assert_cmpint (store_fixture_get_int (fixture, "PRAGMA foreign_keys"), ==, 1);
  g_assert_cmpint (store_fixture_get_int (fixture, "PRAGMA secure_delete"), ==, 1);
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT locking_mode = 'exclusive' FROM pragma_locking_mode"), ==, 1);

  store_fixture_close (fixture);
  mode = store_fixture_look (fixture->path, "PRAGMA journal_mode");
  g_assert_cmpstr (mode, ==, "wal\n");
}

static gboolean
get_level (StoreConnection  *connection,
           gpointer          data,
           GError          **error)
{
  sqlite3_stmt *statement = NULL;
  gint64 *level = data;

  /* Its value is that of the moment in which it is prepared */
  g_assert_cmpint (sqlite3_prepare_v2 (store_connection_get_handle (connection), "PRAGMA synchronous", -1, &statement, NULL),
                   ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  *level = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);

  return TRUE;
}

static void
test_f29_durable_is_synchronous_full (void)
{
  static const StoreAccess accesses[] = { STORE_WRITE, STORE_WRITE_DURABLE, STORE_WRITE };
  static const gint64 levels[] = { 1, 2, 1 };
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (accesses); i++)
    {
      gint64 level = -1;

      store_fixture_run (fixture, accesses[i], get_level, &level, &error);
      g_assert_no_error (error);
      g_assert_cmpint (level, ==, levels[i]);
    }
}

static void
test_is_marked_while_it_is_open (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();

  make_table (fixture);
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM state WHERE name = 'open'"), ==, 1);

  store_fixture_close (fixture);
  g_assert_cmpint (store_fixture_look_int (fixture->path, "SELECT count (*) FROM state WHERE name = 'open'"), ==, 0);
}

/* Order */

static gboolean
add_number (StoreConnection  *connection,
            gpointer          data,
            GError          **error)
{
  sqlite3_stmt *statement = store_connection_prepare (connection, "INSERT INTO note (text) VALUES (?1)", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int (statement, 1, GPOINTER_TO_INT (data));

  return store_connection_run (statement, error);
}

static void
on_in_order (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_array_append_val ((GArray *) user_data, (int) { GPOINTER_TO_INT (g_task_get_task_data (G_TASK (result))) });
}

static void
push_number (StoreFixture *fixture,
             int           number,
             StoreAccess   access,
             GArray       *ended)
{
  GTask *task = g_task_new (fixture->database, NULL, on_in_order, ended);

  g_task_set_task_data (task, GINT_TO_POINTER (number), NULL);
  store_database_push (fixture->database, access, add_number, task);
}

static void
test_goes_in_order (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autoptr(GArray) ended = g_array_new (FALSE, FALSE, sizeof (int));

  make_table (fixture);
  for (int i = 1; i <= 300; i++)
    push_number (fixture, i, i % 7 == 0 ? STORE_WRITE_DURABLE : STORE_WRITE, ended);

  /* Nobody is called back while he asks */
  g_assert_cmpuint (ended->len, ==, 0);

  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM note WHERE n = text"), ==, 300);
  g_assert_cmpuint (ended->len, ==, 300);
  for (int i = 0; i < 300; i++)
    g_assert_cmpint (g_array_index (ended, int, i), ==, i + 1);
}

static void
test_reads_see_what_was_pushed_before (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autoptr(GArray) ended = g_array_new (FALSE, FALSE, sizeof (int));

  make_table (fixture);
  for (int i = 1; i <= 50; i++)
    {
      push_number (fixture, i, STORE_WRITE, ended);
      g_assert_cmpint (store_fixture_get_int (fixture, "SELECT max (n) FROM note"), ==, i);
    }
}

static gboolean
get_count (StoreConnection  *connection,
           gpointer          data,
           GError          **error)
{
  return store_connection_get_int (connection, "SELECT count (*) FROM note", data, error);
}

static void
test_reads_between_writes_see_only_those (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autoptr(GArray) ended = g_array_new (FALSE, FALSE, sizeof (int));
  gint64 counts[20];
  GAsyncResult *results[20] = { NULL };
  GAsyncResult *gone = NULL;
  Gate gate = { 0 };

  make_table (fixture);
  close_gate (fixture, &gate, &gone);
  for (int i = 0; i < 20; i++)
    {
      push_number (fixture, i, STORE_WRITE, ended);
      store_fixture_push (fixture, STORE_READ, get_count, &counts[i], NULL, &results[i]);
    }
  open_gate (&gate);
  g_assert_true (store_fixture_finish (&gone, NULL));

  for (int i = 0; i < 20; i++)
    {
      g_assert_true (store_fixture_finish (&results[i], NULL));
      g_assert_cmpint (counts[i], ==, i + 1);
    }
}

/* Transactions */

static void
check_commits (guint n_writes,
               int   n_commits)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autoptr(GArray) ended = g_array_new (FALSE, FALSE, sizeof (int));
  GAsyncResult *gone = NULL;
  Gate gate = { 0 };

  make_table (fixture);
  close_gate (fixture, &gate, &gone);
  for (guint i = 1; i <= n_writes; i++)
    push_number (fixture, i, STORE_WRITE, ended);
  open_gate (&gate);

  g_assert_true (store_fixture_finish (&gone, NULL));
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM note"), ==, n_writes);

  /* The first is that of the gate */
  g_assert_cmpint (g_atomic_int_get (&gate.n_commits), ==, 1 + n_commits);
  store_fixture_close (fixture);
}

static void
test_writes_that_wait_share_a_transaction (void)
{
  check_commits (1, 1);
  check_commits (900, 1);
}

static void
test_no_transaction_is_too_long (void)
{
  check_commits (2500, 3);
}

/* One that is taken back leaves those beside it */
static void
test_a_failing_one_fails_alone (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autoptr(GError) error = NULL;
  GAsyncResult *results[3] = { NULL };
  GAsyncResult *gone = NULL;
  Gate gate = { 0 };

  make_table (fixture);
  close_gate (fixture, &gate, &gone);
  store_fixture_push_exec (fixture, "INSERT INTO note (text) VALUES ('first')", &results[0]);
  store_fixture_push_exec (fixture, "INSERT INTO note (text) VALUES ('lost'); INSERT INTO note (text) VALUES ('first')",
                           &results[1]);
  store_fixture_push_exec (fixture, "INSERT INTO note (text) VALUES ('third')", &results[2]);
  open_gate (&gate);

  g_assert_true (store_fixture_finish (&gone, NULL));
  g_assert_true (store_fixture_finish (&results[0], NULL));
  g_assert_false (store_fixture_finish (&results[1], &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_FAILED);
  g_assert_true (store_fixture_finish (&results[2], NULL));

  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT group_concat (text) = 'first,third' FROM note"), ==, 1);
  g_assert_cmpint (g_atomic_int_get (&gate.n_commits), ==, 2);

  /* It says nothing of the file */
  g_assert_null (store_database_get_failure (fixture->database));
  g_assert_cmpuint (fixture->n_salvages, ==, 0);
}

/* What takes back all, also what others wrote (as a disk that is full may), is done again without it */
static void
test_sql_of_nonsense_fails_alone (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autoptr(GError) error = NULL;

  make_table (fixture);
  g_assert_false (store_fixture_exec (fixture, "SELECT * FROM nothing", &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_FAILED);
  g_assert_true (store_fixture_exec (fixture, "INSERT INTO note (text) VALUES ('after')", NULL));
  g_assert_cmpuint (fixture->n_salvages, ==, 0);
}

/* Says the first time that the file is damaged */
static gboolean
fail_once (StoreConnection  *connection,
           gpointer          data,
           GError          **error)
{
  guint *n_runs = data;

  if (++*n_runs > 1)
    return TRUE;

  g_set_error (error, STORE_ERROR, STORE_ERROR_CORRUPT, "Not really");

  return FALSE;
}

typedef struct
{
  guint n_runs;
  guint n_found;
} Twice;

static gboolean
add_account (StoreConnection  *connection,
             gpointer          data,
             GError          **error)
{
  Twice *twice = data;
  gint64 n;

  twice->n_runs++;
  if (!store_connection_get_int (connection, "SELECT count (*) FROM account", &n, error))
    return FALSE;

  twice->n_found += n;

  return store_connection_run_sql (connection, "INSERT INTO account (address) VALUES ('me@example.org')", error);
}

static void
test_one_that_is_done_twice_is_there_once (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  GAsyncResult *results[2] = { NULL };
  GAsyncResult *gone = NULL;
  Gate gate = { 0 };
  Twice twice = { 0 };
  guint n_runs = 0;

  close_gate (fixture, &gate, &gone);
  store_fixture_push (fixture, STORE_WRITE, add_account, &twice, NULL, &results[0]);
  store_fixture_push (fixture, STORE_WRITE, fail_once, &n_runs, NULL, &results[1]);
  open_gate (&gate);

  g_assert_true (store_fixture_finish (&gone, NULL));
  g_assert_true (store_fixture_finish (&results[0], NULL));
  g_assert_true (store_fixture_finish (&results[1], NULL));

  g_assert_cmpuint (n_runs, ==, 2);
  g_assert_cmpuint (twice.n_runs, ==, 2);
  g_assert_cmpuint (twice.n_found, ==, 0);
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM account"), ==, 1);
}

/* Holds a statement that is not at its end */
static gboolean
read_half (StoreConnection  *connection,
           gpointer          data,
           GError          **error)
{
  sqlite3_stmt *statement = store_connection_prepare (connection, "SELECT n FROM note", error);

  return statement != NULL && store_connection_step (statement, error) == STORE_STEP_ROW;
}

static void
test_what_is_half_read_holds_nobody (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autoptr(GError) error = NULL;

  make_table (fixture);
  store_fixture_exec (fixture, "INSERT INTO note (text) VALUES (1), (2)", &error);
  g_assert_no_error (error);

  store_fixture_run (fixture, STORE_READ, read_half, NULL, &error);
  g_assert_no_error (error);
  store_fixture_run (fixture, STORE_WRITE, read_half, NULL, &error);
  g_assert_no_error (error);

  store_fixture_exec (fixture, "DROP TABLE note", &error);
  g_assert_no_error (error);
}

/* Cancelling */

static gboolean
count_runs (StoreConnection  *connection,
            gpointer          data,
            GError          **error)
{
  g_atomic_int_inc ((int *) data);

  return TRUE;
}

static void
test_what_is_cancelled_before_is_not_read (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  GAsyncResult *result = NULL;
  GAsyncResult *gone = NULL;
  Gate gate = { 0 };
  int n_runs = 0;

  close_gate (fixture, &gate, &gone);
  store_fixture_push (fixture, STORE_READ, count_runs, &n_runs, cancellable, &result);
  g_cancellable_cancel (cancellable);
  open_gate (&gate);

  g_assert_true (store_fixture_finish (&gone, NULL));
  g_assert_false (store_fixture_finish (&result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (n_runs, ==, 0);
  g_assert_null (store_database_get_failure (fixture->database));
}

/* Without the cancellable it never ends */
static gboolean
count_forever (StoreConnection  *connection,
               gpointer          data,
               GError          **error)
{
  gint64 n;

  g_atomic_int_set ((int *) data, TRUE);

  return store_connection_get_int (connection, "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) "
                                   "SELECT count (*) FROM c", &n, error);
}

static void
test_what_is_cancelled_is_read_no_further (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autoptr(GError) error = NULL;

  make_table (fixture);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      GAsyncResult *result = NULL;
      int has_begun = FALSE;

      store_fixture_push (fixture, STORE_READ, count_forever, &has_begun, cancellable, &result);
      while (!g_atomic_int_get (&has_begun))
        g_thread_yield ();
      g_cancellable_cancel (cancellable);

      g_assert_false (store_fixture_finish (&result, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_clear_error (&error);
    }

  /* Those behind it are done */
  g_assert_true (store_fixture_exec (fixture, "INSERT INTO note (text) VALUES ('after')", NULL));
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM note"), ==, 1);
  g_assert_null (store_database_get_failure (fixture->database));
}

/* The end */

static void
test_closing_does_all_before (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autoptr(GArray) ended = g_array_new (FALSE, FALSE, sizeof (int));

  make_table (fixture);
  for (int i = 1; i <= 2000; i++)
    push_number (fixture, i, STORE_WRITE, ended);
  store_fixture_close (fixture);

  g_assert_cmpuint (ended->len, ==, 2000);
  g_assert_cmpint (store_fixture_look_int (fixture->path, "SELECT count (*) FROM note"), ==, 2000);
}

static void
test_letting_go_does_all_before (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();

  make_table (fixture);
  for (int i = 1; i <= 200; i++)
    store_fixture_push (fixture, STORE_WRITE, add_number, GINT_TO_POINTER (i), NULL, NULL);

  g_signal_handlers_disconnect_by_data (fixture->database, fixture);
  g_clear_object (&fixture->database);
  while (store_fixture_count_threads () > 0)
    g_main_context_iteration (NULL, FALSE);

  g_assert_cmpint (store_fixture_look_int (fixture->path, "SELECT count (*) FROM note"), ==, 200);
}

static void
test_nothing_is_done_after_the_end (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autoptr(GError) error = NULL;
  GAsyncResult *closed = NULL;
  GAsyncResult *again = NULL;
  GAsyncResult *result = NULL;
  int n_runs = 0;

  make_table (fixture);
  store_database_close_async (fixture->database, store_fixture_on_result, &closed);
  store_fixture_push (fixture, STORE_WRITE, count_runs, &n_runs, NULL, &result);
  store_database_close_async (fixture->database, store_fixture_on_result, &again);
  g_assert_null (result);

  g_assert_false (store_fixture_finish (&result, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_CLOSED);
  g_assert_true (store_fixture_finish (&closed, NULL));
  g_assert_true (store_fixture_finish (&again, NULL));
  g_assert_cmpint (n_runs, ==, 0);

  g_signal_handlers_disconnect_by_data (fixture->database, fixture);
  g_assert_finalize_object (g_steal_pointer (&fixture->database));
}

static void
test_no_thread_is_left (void)
{
  g_assert_cmpuint (store_fixture_count_threads (), ==, 0);

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr(StoreFixture) fixture = store_fixture_new ();

      /* Also one that was never used */
      if (i % 2 == 0)
        make_table (fixture);
      g_assert_cmpuint (store_fixture_count_threads (), ==, 1);
    }

  g_assert_cmpuint (store_fixture_count_threads (), ==, 0);
}

static void
test_one_that_was_not_used_leaves_no_file (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();

  store_fixture_close (fixture);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/store/database/its-file-is-private", test_is_private);
  g_test_add_func ("/store/database/it-has-its-settings", test_has_its_settings);
  g_test_add_func ("/store/database/f29-durable-is-synchronous-full", test_f29_durable_is_synchronous_full);
  g_test_add_func ("/store/database/it-is-marked-while-it-is-open", test_is_marked_while_it_is_open);
  g_test_add_func ("/store/database/work-goes-in-order", test_goes_in_order);
  g_test_add_func ("/store/database/reads-see-what-was-pushed-before", test_reads_see_what_was_pushed_before);
  g_test_add_func ("/store/database/reads-between-writes-see-only-those-before", test_reads_between_writes_see_only_those);
  g_test_add_func ("/store/database/writes-that-wait-share-a-transaction", test_writes_that_wait_share_a_transaction);
  g_test_add_func ("/store/database/no-transaction-is-too-long", test_no_transaction_is_too_long);
  g_test_add_func ("/store/database/what-fails-fails-alone", test_a_failing_one_fails_alone);
  g_test_add_func ("/store/database/sql-of-nonsense-fails-alone", test_sql_of_nonsense_fails_alone);
  g_test_add_func ("/store/database/what-is-done-twice-is-there-once", test_one_that_is_done_twice_is_there_once);
  g_test_add_func ("/store/database/what-is-half-read-holds-nobody", test_what_is_half_read_holds_nobody);
  g_test_add_func ("/store/database/what-is-cancelled-before-is-not-read", test_what_is_cancelled_before_is_not_read);
  g_test_add_func ("/store/database/what-is-cancelled-is-read-no-further", test_what_is_cancelled_is_read_no_further);
  g_test_add_func ("/store/database/closing-does-all-before", test_closing_does_all_before);
  g_test_add_func ("/store/database/letting-go-does-all-before", test_letting_go_does_all_before);
  g_test_add_func ("/store/database/nothing-is-done-after-the-end", test_nothing_is_done_after_the_end);
  g_test_add_func ("/store/database/no-thread-is-left", test_no_thread_is_left);
  g_test_add_func ("/store/database/one-that-was-not-used-leaves-no-file", test_one_that_was_not_used_leaves_no_file);

  return g_test_run ();
}
