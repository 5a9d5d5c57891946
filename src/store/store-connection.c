/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-connection.h"

#include "store-tokenizer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>

/* How often a statement that takes long asks whether it is still wanted, in steps of SQLite's machine */
#define STEPS_BETWEEN 2000

struct _StoreConnection
{
  sqlite3      *handle;
  GHashTable   *statements;     /* SQL, by its address → sqlite3_stmt */
  GCancellable *cancellable;    /* borrowed */
};

static void
set_error (sqlite3  *handle,
           int       result,
           GError  **error)
{
  /* What has no code of its own is in the extended one's low byte */
  switch (result & 0xff)
    {
    case SQLITE_INTERRUPT:
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
      break;

    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
      g_set_error (error, STORE_ERROR, STORE_ERROR_DISK, "%s (%d)",
                   handle != NULL ? sqlite3_errmsg (handle) : sqlite3_errstr (result), result);
      break;

    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
      g_set_error (error, STORE_ERROR, STORE_ERROR_CORRUPT, "%s (%d)", sqlite3_errstr (result), result);
      break;

    default:
      g_set_error (error, STORE_ERROR, STORE_ERROR_FAILED, "%s (%d)",
                   handle != NULL ? sqlite3_errmsg (handle) : sqlite3_errstr (result), result);
      break;
    }
}

static int
on_progress (void *user_data)
{
  StoreConnection *self = user_data;

  return g_cancellable_is_cancelled (self->cancellable);
}

static void
finalize_statement (gpointer statement)
{
  sqlite3_finalize (statement);
}

/* SQLite would make it for everybody to read; what it puts beside it has the same mode */
static gboolean
make_private (const char  *path,
              GError     **error)
{
  int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  int code = errno;

  if (fd < 0)
    {
      g_set_error (error, STORE_ERROR, STORE_ERROR_DISK, "%s cannot be opened: %s", path, g_strerror (code));
      return FALSE;
    }

  return g_close (fd, error);
}

/* flags: those of sqlite3_open_v2 (). Whoever opens it twice waits for nobody: one program has it (see FlintDeviceLock). */
StoreConnection *
store_connection_open (const char  *path,
                       int          flags,
                       GError     **error)
{
  g_autoptr(StoreConnection) self = g_new0 (StoreConnection, 1);
  int result;

  if (flags & SQLITE_OPEN_CREATE && !make_private (path, error))
    return NULL;

  self->statements = g_hash_table_new_full (NULL, NULL, NULL, finalize_statement);
  result = sqlite3_open_v2 (path, &self->handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
  if (result == SQLITE_OK)
    result = store_tokenizer_register (self->handle);

  if (result != SQLITE_OK)
    {
      set_error (self->handle, result, error);
      return NULL;
    }

  sqlite3_progress_handler (self->handle, STEPS_BETWEEN, on_progress, self);

  return g_steal_pointer (&self);
}

void
store_connection_close (StoreConnection *self)
{
  g_clear_pointer (&self->statements, g_hash_table_unref);
  sqlite3_close (self->handle);
  g_free (self);
}

sqlite3 *
store_connection_get_handle (StoreConnection *self)
{
  return self->handle;
}

/* cancellable: (nullable) (transfer none): what ends the statements that run from now on */
void
store_connection_set_cancellable (StoreConnection *self,
                                  GCancellable    *cancellable)
{
  self->cancellable = cancellable;
}

/* sql: one statement or several, without values */
gboolean
store_connection_exec (StoreConnection  *self,
                       const char       *sql,
                       GError          **error)
{
  int result = sqlite3_exec (self->handle, sql, NULL, NULL, NULL);

  if (result == SQLITE_OK)
    return TRUE;

  set_error (self->handle, result, error);

  return FALSE;
}

/* Returns: (transfer none): the statement of a constant text */
sqlite3_stmt *
store_connection_prepare (StoreConnection  *self,
                          const char       *sql,
                          GError          **error)
{
  sqlite3_stmt *statement = g_hash_table_lookup (self->statements, sql);
  int result;

  if (statement != NULL)
    {
      sqlite3_reset (statement);
      sqlite3_clear_bindings (statement);
      return statement;
    }

  result = sqlite3_prepare_v3 (self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
  if (result != SQLITE_OK)
    {
      set_error (self->handle, result, error);
      return NULL;
    }

  g_hash_table_insert (self->statements, (gpointer) sql, statement);

  return statement;
}

StoreStep
store_connection_step (sqlite3_stmt  *statement,
                       GError       **error)
{
  int result = sqlite3_step (statement);

  if (result == SQLITE_ROW)
    return STORE_STEP_ROW;

  if (result != SQLITE_DONE)
    set_error (sqlite3_db_handle (statement), result, error);

  /* Its values are the caller's only until now */
  sqlite3_reset (statement);

  return result == SQLITE_DONE ? STORE_STEP_DONE : STORE_STEP_ERROR;
}

gboolean
store_connection_run (sqlite3_stmt  *statement,
                      GError       **error)
{
  StoreStep step;

  do
    step = store_connection_step (statement, error);
  while (step == STORE_STEP_ROW);

  return step == STORE_STEP_DONE;
}

/* Of a constant text without values, which is kept for the next time */
gboolean
store_connection_run_sql (StoreConnection  *self,
                          const char       *sql,
                          GError          **error)
{
  sqlite3_stmt *statement = store_connection_prepare (self, sql, error);

  return statement != NULL && store_connection_run (statement, error);
}

/* For whoever does not trust that all was read to its end: a statement that is not reset holds a transaction open */
void
store_connection_reset_all (StoreConnection *self)
{
  sqlite3_stmt *statement = NULL;

  while ((statement = sqlite3_next_stmt (self->handle, statement)) != NULL)
    {
      if (sqlite3_stmt_busy (statement))
        sqlite3_reset (statement);
    }
}

/* The first value of the first row; 0 where there is none */
gboolean
store_connection_get_int (StoreConnection  *self,
                          const char       *sql,
                          gint64           *value,
                          GError          **error)
{
  sqlite3_stmt *statement = store_connection_prepare (self, sql, error);
  StoreStep step;

  if (statement == NULL || (step = store_connection_step (statement, error)) == STORE_STEP_ERROR)
    return FALSE;

  *value = step == STORE_STEP_ROW ? sqlite3_column_int64 (statement, 0) : 0;
  sqlite3_reset (statement);

  return TRUE;
}
