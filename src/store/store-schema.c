/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-schema.h"

/* Versions are counted from 1, and nobody comes that far: what says so is damaged */
#define MAX_VERSION 1000

/* From an empty file to the latest version, a step for each version; what was released is not changed any more.
 *
 * message.id is its place: µs since 1970, mostly its time, but never before what came before it in its conversation,
 * whatever the clocks say (F35). So what is newest, what was said in May, and what is older than a year are ranges of
 * it, in one conversation and in all.
 *
 * What makes two messages the same (T049): in one conversation, the id that its archive gave; or the sender, the
 * sender's id and the text. An id alone does not, for some programs count from 1 each day: message.copy tells those
 * apart that are known to be two.
 *
 * message.sender is a sender's id. SQLite does not watch over that: it would look through all messages for each sender
 * that nobody is any more.
 */
static const char *const migrations[] = {
  /* 1 */
  "CREATE TABLE state ("
  "  name TEXT PRIMARY KEY,"
  "  value"
  ") WITHOUT ROWID;"

  "CREATE TABLE account ("
  "  id INTEGER PRIMARY KEY,"
  "  address TEXT NOT NULL UNIQUE"
  ");"

  "CREATE TABLE conversation ("
  "  id INTEGER PRIMARY KEY,"
  "  account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,"
  "  address TEXT NOT NULL,"
  "  kind INTEGER NOT NULL,"
  "  flags INTEGER NOT NULL DEFAULT 0,"
  "  draft TEXT,"
  "  read_id INTEGER NOT NULL DEFAULT 0,"
  "  since INTEGER NOT NULL DEFAULT 0,"
  "  UNIQUE (account, address)"
  ");"

  "CREATE TABLE sender ("
  "  id INTEGER PRIMARY KEY,"
  "  address TEXT NOT NULL UNIQUE"
  ");"

  "CREATE TABLE message ("
  "  id INTEGER PRIMARY KEY,"
  "  conversation INTEGER NOT NULL REFERENCES conversation ON DELETE CASCADE,"
  "  time INTEGER NOT NULL,"
  "  sender INTEGER,"
  "  name TEXT,"
  "  device TEXT,"
  "  kind INTEGER NOT NULL,"
  "  state INTEGER NOT NULL,"
  "  flags INTEGER NOT NULL,"
  "  message_id TEXT,"
  "  digest INTEGER NOT NULL,"
  "  copy INTEGER NOT NULL DEFAULT 0,"
  "  archive_id TEXT,"
  "  body TEXT NOT NULL,"
  "  failure TEXT"
  ");"
  "CREATE INDEX message_place ON message (conversation);"
  "CREATE UNIQUE INDEX message_archive ON message (conversation, archive_id) WHERE archive_id IS NOT NULL;"
  "CREATE UNIQUE INDEX message_same ON message (conversation, message_id, sender, digest, copy)"
  "  WHERE message_id IS NOT NULL;"
  "CREATE INDEX message_unsent ON message (conversation) WHERE state = 1;"
  "CREATE INDEX message_underway ON message (conversation) WHERE state IN (2, 3);"

  "CREATE VIRTUAL TABLE message_words USING fts5 (body, content='message', content_rowid='id', tokenize='flint');"
  "CREATE TRIGGER message_added AFTER INSERT ON message BEGIN"
  "  INSERT INTO message_words (rowid, body) VALUES (new.id, new.body);"
  "END;"
  "CREATE TRIGGER message_removed AFTER DELETE ON message BEGIN"
  "  INSERT INTO message_words (message_words, rowid, body) VALUES ('delete', old.id, old.body);"
  "END;"

  /* Up to where an archive was read: of the account, or of a room */
  "CREATE TABLE archive ("
  "  account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,"
  "  address TEXT NOT NULL,"
  "  last_id TEXT,"
  "  last_time INTEGER NOT NULL,"
  "  PRIMARY KEY (account, address)"
  ") WITHOUT ROWID;"

  /* Headlines and letters */
  "CREATE TABLE notice ("
  "  id INTEGER PRIMARY KEY,"
  "  account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,"
  "  kind INTEGER NOT NULL,"
  "  time INTEGER NOT NULL,"
  "  sender TEXT NOT NULL,"
  "  flags INTEGER NOT NULL,"
  "  state INTEGER NOT NULL,"
  "  message_id TEXT,"
  "  digest INTEGER NOT NULL,"
  "  archive_id TEXT,"
  "  subject TEXT,"
  "  thread TEXT,"
  "  body TEXT NOT NULL,"
  "  failure TEXT"
  ");"
  "CREATE INDEX notice_place ON notice (account, kind);"
  "CREATE INDEX notice_same ON notice (account, kind, sender, message_id, digest) WHERE message_id IS NOT NULL;"
  "CREATE UNIQUE INDEX notice_archive ON notice (account, kind, archive_id) WHERE archive_id IS NOT NULL;"

  /* What may be lost; account 0: whichever asks */
  "CREATE TABLE cache ("
  "  account INTEGER NOT NULL,"
  "  name TEXT NOT NULL,"
  "  used INTEGER NOT NULL,"
  "  value BLOB NOT NULL,"
  "  PRIMARY KEY (account, name)"
  ");"
  "CREATE INDEX cache_used ON cache (used);",
};

guint
store_schema_get_version (void)
{
  return G_N_ELEMENTS (migrations);
}

/* version: from 1 */
const char *
store_schema_get_step (guint version)
{
  g_return_val_if_fail (version >= 1 && version <= G_N_ELEMENTS (migrations), NULL);

  return migrations[version - 1];
}

static gboolean
migrate_one (StoreConnection  *connection,
             guint             version,
             GError          **error)
{
  g_autofree char *done = g_strdup_printf ("PRAGMA user_version = %u; COMMIT", version);

  if (store_connection_exec (connection, "BEGIN IMMEDIATE", error) &&
      store_connection_exec (connection, migrations[version - 1], error) &&
      store_connection_exec (connection, done, error))
    return TRUE;

  /* What SQLite has rolled back itself is no transaction any more */
  if (!sqlite3_get_autocommit (store_connection_get_handle (connection)))
    store_connection_exec (connection, "ROLLBACK", NULL);

  return FALSE;
}

static gboolean
read_version (StoreConnection  *connection,
              gint64           *version,
              GError          **error)
{
  if (!store_connection_get_int (connection, "PRAGMA user_version", version, error))
    return FALSE;

  if (*version < 0 || *version > MAX_VERSION)
    {
      g_set_error (error, STORE_ERROR, STORE_ERROR_CORRUPT, "%" G_GINT64_FORMAT " is no version", *version);
      return FALSE;
    }

  if (*version > (gint64) G_N_ELEMENTS (migrations))
    {
      g_set_error (error, STORE_ERROR, STORE_ERROR_NEWER, "The database has version %" G_GINT64_FORMAT
                   ", this program knows %u", *version, store_schema_get_version ());
      return FALSE;
    }

  return TRUE;
}

/* All that was made, in the words in which it was made, but what SQLite makes for the index of words.
 * Returns: (transfer full) (nullable): NULL: an error
 */
static char *
read_shape (StoreConnection  *connection,
            GError          **error)
{
  sqlite3_stmt *statement =
    store_connection_prepare (connection, "SELECT group_concat (type || ' ' || name || ' ' || tbl_name || ' ' || "
                              "ifnull (sql, ''), ';') FROM (SELECT * FROM sqlite_master WHERE "
                              "name NOT LIKE 'message\\_words\\__%' ESCAPE '\\' ORDER BY type, name)", error);
  const char *text;
  char *shape;

  if (statement == NULL || store_connection_step (statement, error) != STORE_STEP_ROW)
    return NULL;

  text = (const char *) sqlite3_column_text (statement, 0);
  shape = g_strdup (text != NULL ? text : "");
  sqlite3_reset (statement);

  return shape;
}

/* What a file of that version has to look like */
static char *
make_shape (guint    version,
            GError **error)
{
  g_autoptr(StoreConnection) connection = store_connection_open (":memory:", SQLITE_OPEN_READWRITE, error);

  if (connection == NULL)
    return NULL;

  for (guint i = 1; i <= version; i++)
    {
      if (!store_connection_exec (connection, migrations[i - 1], error))
        return NULL;
    }

  return read_shape (connection, error);
}

/* Whether it is one of ours, or empty; for before anything is changed in it. A byte that is wrong in the text of a table is
 * met here, and not by the first one who uses that table.
 * Errors: STORE_ERROR_NEWER, STORE_ERROR_CORRUPT, and those of the file.
 */
gboolean
store_schema_check (StoreConnection  *connection,
                    GError          **error)
{
  g_autofree char *shape = NULL;
  g_autofree char *expected = NULL;
  gint64 version;

  if (!read_version (connection, &version, error) ||
      (shape = read_shape (connection, error)) == NULL ||
      (expected = make_shape (version, error)) == NULL)
    return FALSE;

  if (g_str_equal (shape, expected))
    return TRUE;

  g_set_error (error, STORE_ERROR, STORE_ERROR_CORRUPT, "It is not a history, or what it says of itself is damaged");

  return FALSE;
}

/* Each step is done whole or not at all: one that was interrupted is begun again (F33).
 * Errors: STORE_ERROR_NEWER, and those of the file.
 */
gboolean
store_schema_migrate (StoreConnection  *connection,
                      GError          **error)
{
  gint64 version;

  if (!read_version (connection, &version, error))
    return FALSE;

  while (version < (gint64) G_N_ELEMENTS (migrations))
    {
      if (!migrate_one (connection, ++version, error))
        return FALSE;
    }

  return TRUE;
}
