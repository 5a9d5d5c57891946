/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-key.h"

/* The statement's first value, and 0 where there is no row */
static gboolean
take_id (sqlite3_stmt  *statement,
         gint64        *id,
         GError       **error)
{
  StoreStep step = store_connection_step (statement, error);

  if (step == STORE_STEP_ERROR)
    return FALSE;

  *id = step == STORE_STEP_ROW ? sqlite3_column_int64 (statement, 0) : 0;
  sqlite3_reset (statement);

  return TRUE;
}

static gboolean
find_address (StoreConnection  *connection,
              const char       *find,
              const char       *insert,
              const char       *address,
              gint64           *id,
              GError          **error)
{
  sqlite3_stmt *statement = store_connection_prepare (connection, find, error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_text (statement, 1, address, -1, SQLITE_STATIC);
  if (!take_id (statement, id, error))
    return FALSE;

  if (*id != 0 || insert == NULL)
    return TRUE;

  statement = store_connection_prepare (connection, insert, error);
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_text (statement, 1, address, -1, SQLITE_STATIC);
  if (!store_connection_run (statement, error))
    return FALSE;

  *id = sqlite3_last_insert_rowid (store_connection_get_handle (connection));

  return TRUE;
}

gboolean
store_key_find_account (StoreConnection  *connection,
                        const char       *address,
                        gboolean          create,
                        gint64           *id,
                        GError          **error)
{
  return find_address (connection, "SELECT id FROM account WHERE address = ?1",
                       create ? "INSERT INTO account (address) VALUES (?1)" : NULL, address, id, error);
}

gboolean
store_key_find_sender (StoreConnection  *connection,
                       const char       *address,
                       gboolean          create,
                       gint64           *id,
                       GError          **error)
{
  return find_address (connection, "SELECT id FROM sender WHERE address = ?1",
                       create ? "INSERT INTO sender (address) VALUES (?1)" : NULL, address, id, error);
}

gboolean
store_key_find_conversation (StoreConnection  *connection,
                             const StoreKey   *key,
                             gboolean          create,
                             gint64           *id,
                             GError          **error)
{
  sqlite3_stmt *statement;
  gint64 account;

  *id = 0;
  if (!store_key_find_account (connection, key->account, create, &account, error))
    return FALSE;

  statement = store_connection_prepare (connection,
                                        "SELECT id FROM conversation WHERE account = ?1 AND address = ?2", error);
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, account);
  sqlite3_bind_text (statement, 2, key->address, -1, SQLITE_STATIC);
  if (!take_id (statement, id, error))
    return FALSE;

  if (*id != 0 || !create)
    return TRUE;

  statement = store_connection_prepare (connection,
                                        "INSERT INTO conversation (account, address, kind) VALUES (?1, ?2, ?3)", error);
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, account);
  sqlite3_bind_text (statement, 2, key->address, -1, SQLITE_STATIC);
  sqlite3_bind_int (statement, 3, key->kind);
  if (!store_connection_run (statement, error))
    return FALSE;

  *id = sqlite3_last_insert_rowid (store_connection_get_handle (connection));

  return TRUE;
}
