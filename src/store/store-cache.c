/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-cache.h"

#include "store-key.h"
#include "store-task.h"

#define MAX_BYTES  (64 * 1024 * 1024)

/* All are looked at for that each so many values */
#define TRIM_EACH  64

typedef struct
{
  char   *account;       /* NULL: whichever */
  char   *name;
  GBytes *value;         /* to be written, or read */
  gint64  now;
} Record;

static Record *
record_new (const char *account,
            const char *name,
            GBytes     *value)
{
  Record *record = g_new0 (Record, 1);

  record->account = g_strdup (account);
  record->name = g_strdup (name);
  record->value = value != NULL ? g_bytes_ref (value) : NULL;

  return record;
}

static void
record_free (gpointer data)
{
  Record *record = data;

  g_free (record->account);
  g_free (record->name);
  g_clear_pointer (&record->value, g_bytes_unref);
  g_free (record);
}

/* sql: of a value with this account and name, ?1 and ?2. An account that is not known has no values, and is -1. */
static sqlite3_stmt *
prepare (StoreConnection  *connection,
         const Record     *record,
         gboolean          create,
         const char       *sql,
         GError          **error)
{
  sqlite3_stmt *statement;
  gint64 account = 0;

  if (record->account != NULL && !store_key_find_account (connection, record->account, create, &account, error))
    return NULL;

  if (record->account != NULL && account == 0)
    account = -1;

  statement = store_connection_prepare (connection, sql, error);
  if (statement == NULL)
    return NULL;

  sqlite3_bind_int64 (statement, 1, account);
  sqlite3_bind_text (statement, 2, record->name, -1, SQLITE_STATIC);

  return statement;
}

static gboolean
read_value (StoreConnection  *connection,
            gpointer          data,
            GError          **error)
{
  Record *record = data;
  sqlite3_stmt *statement =
    prepare (connection, record, FALSE, "SELECT value FROM cache WHERE account = ?1 AND name = ?2", error);
  StoreStep step;

  g_clear_pointer (&record->value, g_bytes_unref);
  if (statement == NULL || (step = store_connection_step (statement, error)) == STORE_STEP_ERROR)
    return FALSE;

  if (step == STORE_STEP_ROW)
    {
      gconstpointer value = sqlite3_column_blob (statement, 0);

      record->value = g_bytes_new (value, sqlite3_column_bytes (statement, 0));
    }

  return TRUE;
}

/* The oldest ones, until there is room */
static gboolean
trim (StoreConnection  *connection,
      GError          **error)
{
  return store_connection_run_sql (connection, "DELETE FROM cache WHERE rowid IN (SELECT rowid FROM "
    "(SELECT rowid, sum (length (value)) OVER (ORDER BY used DESC, rowid DESC) AS size FROM cache) "
    "WHERE size > " G_STRINGIFY (MAX_BYTES) ")", error);
}

static gboolean
write_value (StoreConnection  *connection,
             gpointer          data,
             GError          **error)
{
  Record *record = data;
  sqlite3_stmt *statement =
    prepare (connection, record, TRUE, "INSERT OR REPLACE INTO cache (account, name, used, value) VALUES (?1, ?2, ?3, ?4)",
             error);
  gsize size;
  gconstpointer bytes = g_bytes_get_data (record->value, &size);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 3, record->now);
  sqlite3_bind_blob64 (statement, 4, bytes != NULL ? bytes : "", size, SQLITE_STATIC);

  if (!store_connection_run (statement, error))
    return FALSE;

  /* Each that is written has the next number */
  return sqlite3_last_insert_rowid (store_connection_get_handle (connection)) % TRIM_EACH != 0 ||
         trim (connection, error);
}

static gboolean
remove_value (StoreConnection  *connection,
              gpointer          data,
              GError          **error)
{
  sqlite3_stmt *statement = prepare (connection, data, FALSE, "DELETE FROM cache WHERE account = ?1 AND name = ?2", error);

  return statement != NULL && store_connection_run (statement, error);
}

/**
 * store_cache_read_async:
 * @database: a database
 * @account: (nullable): the bare address of an account; %NULL: of no one
 * @name: of the value
 * @callback: called with it
 * @user_data: for @callback
 *
 * Reads a value.
 */
void
store_cache_read_async (StoreDatabase       *database,
                        const char          *account,
                        const char          *name,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  store_task_push (database, STORE_READ, read_value, record_new (account, name, NULL), record_free,
                   store_cache_read_async, NULL, callback, user_data);
}

/**
 * store_cache_read_finish:
 * @result: what the callback got
 * @error: why nothing was read
 *
 * Returns: (transfer full) (nullable): the value; %NULL and no error: there is none
 */
GBytes *
store_cache_read_finish (GAsyncResult  *result,
                         GError       **error)
{
  Record *record = store_task_finish (result, store_cache_read_async, error);

  return record != NULL ? g_steal_pointer (&record->value) : NULL;
}

/**
 * store_cache_write:
 * @database: a database
 * @account: (nullable): the bare address of an account; %NULL: of no one
 * @name: of the value
 * @value: the value
 * @now: the time, µs since 1970: those that were written first go first
 *
 * Writes a value.
 */
void
store_cache_write (StoreDatabase *database,
                   const char    *account,
                   const char    *name,
                   GBytes        *value,
                   gint64         now)
{
  Record *record = record_new (account, name, value);

  record->now = now;
  store_task_push (database, STORE_WRITE, write_value, record, record_free, store_cache_write, NULL, NULL, NULL);
}

/**
 * store_cache_remove:
 * @database: a database
 * @account: (nullable): the bare address of an account; %NULL: of no one
 * @name: of the value
 *
 * Removes a value.
 */
void
store_cache_remove (StoreDatabase *database,
                    const char    *account,
                    const char    *name)
{
  store_task_push (database, STORE_WRITE, remove_value, record_new (account, name, NULL), record_free, store_cache_remove,
                   NULL, NULL, NULL);
}
