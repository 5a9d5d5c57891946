/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

#include "test-directory.h"

#include <string.h>

static void
on_failure (StoreFixture *self)
{
  self->n_failures++;
}

static void
on_salvaged (StoreFixture *self,
             const char   *aside,
             guint         n_rows)
{
  self->n_salvages++;
  g_free (self->aside);
  self->aside = g_strdup (aside);
  self->n_rows = n_rows;
}

/* How many threads of databases there are in this program */
guint
store_fixture_count_threads (void)
{
  g_autoptr(GDir) dir = g_dir_open ("/proc/self/task", 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc/self/task", name, "comm", NULL);
      g_autofree char *comm = NULL;

      if (g_file_get_contents (path, &comm, NULL, NULL) && g_str_equal (comm, "store\n"))
        n++;
    }

  return n;
}

/* Again, what was closed */
void
store_fixture_open (StoreFixture *self)
{
  guint n_threads = store_fixture_count_threads ();

  g_assert_null (self->database);

  self->database = store_database_new (self->path);
  /* It gives itself its name */
  while (store_fixture_count_threads () == n_threads)
    g_thread_yield ();

  g_signal_connect_swapped (self->database, "notify::failure", G_CALLBACK (on_failure), self);
  g_signal_connect_swapped (self->database, "salvaged", G_CALLBACK (on_salvaged), self);
}

/* It is there, and its file is made by the first work */
StoreFixture *
store_fixture_new (void)
{
  StoreFixture *self = g_new0 (StoreFixture, 1);

  self->directory = test_directory_new ();
  self->path = g_build_filename (self->directory, "history.db", NULL);
  store_fixture_open (self);

  return self;
}

void
store_fixture_free (StoreFixture *self)
{
  if (self->database != NULL)
    store_fixture_close (self);

  test_directory_remove (self->directory);
  g_free (self->directory);
  g_free (self->path);
  g_free (self->aside);
  g_free (self);
}

/* Nothing of it is left then: not the object, and not the thread */
gboolean
store_fixture_try_close (StoreFixture  *self,
                         GError       **error)
{
  guint n_threads = store_fixture_count_threads ();
  GAsyncResult *result = NULL;
  StoreDatabase *database = self->database;
  gboolean is_closed;

  store_database_close_async (self->database, store_fixture_on_result, &result);
  store_fixture_wait (&result);
  is_closed = store_database_close_finish (self->database, result, error);
  g_clear_object (&result);

  while (store_fixture_count_threads () >= n_threads)
    g_main_context_iteration (NULL, FALSE);

  while (g_main_context_iteration (NULL, FALSE))
    ;

  g_signal_handlers_disconnect_by_data (database, self);
  g_assert_finalize_object (g_steal_pointer (&self->database));

  return is_closed;
}

void
store_fixture_close (StoreFixture *self)
{
  g_autoptr(GError) error = NULL;

  store_fixture_try_close (self, &error);
  g_assert_no_error (error);
}

/* A GAsyncReadyCallback; user_data: where the result goes */
void
store_fixture_on_result (GObject      *object,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  GAsyncResult **place = user_data;

  g_assert_null (*place);
  *place = g_object_ref (result);
}

GAsyncResult *
store_fixture_wait (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

/* Of store_fixture_push () */
gboolean
store_fixture_finish (GAsyncResult **result,
                      GError       **error)
{
  gboolean is_done = g_task_propagate_boolean (G_TASK (store_fixture_wait (result)), error);

  g_clear_object (result);

  return is_done;
}

/* data: the caller's, until the result is there
 * result: (nullable): gets it
 */
void
store_fixture_push (StoreFixture  *self,
                    StoreAccess    access,
                    StoreWork      work,
                    gpointer       data,
                    GCancellable  *cancellable,
                    GAsyncResult **result)
{
  GTask *task = g_task_new (self->database, cancellable, result != NULL ? store_fixture_on_result : NULL, result);

  g_task_set_task_data (task, data, NULL);
  store_database_push (self->database, access, work, task);
}

static gboolean
exec (StoreConnection  *connection,
      gpointer          data,
      GError          **error)
{
  return store_connection_exec (connection, data, error);
}

void
store_fixture_push_exec (StoreFixture  *self,
                         const char    *sql,
                         GAsyncResult **result)
{
  store_fixture_push (self, STORE_WRITE, exec, (gpointer) sql, NULL, result);
}

gboolean
store_fixture_run (StoreFixture  *self,
                   StoreAccess    access,
                   StoreWork      work,
                   gpointer       data,
                   GError       **error)
{
  GAsyncResult *result = NULL;

  store_fixture_push (self, access, work, data, NULL, &result);

  return store_fixture_finish (&result, error);
}

/* Writes with plain SQL */
gboolean
store_fixture_exec (StoreFixture  *self,
                    const char    *sql,
                    GError       **error)
{
  return store_fixture_run (self, STORE_WRITE, exec, (gpointer) sql, error);
}

typedef struct
{
  const char *sql;
  gint64      value;
} Question;

static gboolean
ask (StoreConnection  *connection,
     gpointer          data,
     GError          **error)
{
  Question *question = data;

  return store_connection_get_int (connection, question->sql, &question->value, error);
}

/* sql: a constant */
gint64
store_fixture_get_int (StoreFixture *self,
                       const char   *sql)
{
  g_autoptr(GError) error = NULL;
  Question question = { sql, 0 };

  store_fixture_run (self, STORE_READ, ask, &question, &error);
  g_assert_no_error (error);

  return question.value;
}

/* (transfer full): all rows of a file: "1|a\n2|b\n" */
char *
store_fixture_look (const char *path,
                    const char *sql)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(StoreConnection) connection = store_connection_open (path, SQLITE_OPEN_READWRITE, &error);
  g_autoptr(GString) rows = g_string_new (NULL);
  sqlite3_stmt *statement;
  StoreStep step;

  g_assert_no_error (error);
  statement = store_connection_prepare (connection, sql, &error);
  g_assert_no_error (error);

  while ((step = store_connection_step (statement, &error)) == STORE_STEP_ROW)
    {
      for (int i = 0; i < sqlite3_column_count (statement); i++)
        {
          const char *text = (const char *) sqlite3_column_text (statement, i);

          g_string_append_printf (rows, "%s%s", i == 0 ? "" : "|", text != NULL ? text : "NULL");
        }
      g_string_append_c (rows, '\n');
    }
  g_assert_no_error (error);

  return g_string_free (g_steal_pointer (&rows), FALSE);
}

gint64
store_fixture_look_int (const char *path,
                        const char *sql)
{
  g_autofree char *rows = store_fixture_look (path, sql);

  return g_ascii_strtoll (rows, NULL, 10);
}

/* As whole as SQLite can say: pages, indexes, what refers to what, and the words of the search */
void
store_fixture_check_file (const char *path)
{
  g_autofree char *whole = store_fixture_look (path, "PRAGMA integrity_check");
  g_autofree char *references = store_fixture_look (path, "PRAGMA foreign_key_check");
  g_autofree char *words =
    store_fixture_look (path, "INSERT INTO message_words (message_words, rank) VALUES ('integrity-check', 1)");

  g_assert_cmpstr (whole, ==, "ok\n");
  g_assert_cmpstr (references, ==, "");
  g_assert_cmpstr (words, ==, "");
}
