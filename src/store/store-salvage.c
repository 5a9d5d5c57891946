/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-salvage.h"

#include "store-schema.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* Bytes, of the smallest row of any table */
#define MIN_ROW 8

/* A table, and how its rows are read. Those that have an address are whole in the index of their addresses too. */
typedef struct
{
  const char *name;
  const char *condition;
  const char *again;       /* from the other end, for what lies behind the damage */
  const char *by_index;    /* (nullable): out of an index alone */
  gboolean    has_id;      /* its first value is what its rows are sorted by */
} Table;

/* In an order in which what a row refers to is there before it. The index of words is made by the way. */
static const Table tables[] = {
  { "state", "WHERE name != 'open'", "ORDER BY name DESC", NULL, FALSE },
  { "account", "", "ORDER BY id DESC",
    "SELECT id, address FROM account INDEXED BY sqlite_autoindex_account_1 ORDER BY address", TRUE },
  { "conversation", "", "ORDER BY id DESC",
    "SELECT id, account, address, 0 AS kind FROM conversation INDEXED BY sqlite_autoindex_conversation_1 ORDER BY account",
    TRUE },
  { "sender", "", "ORDER BY id DESC",
    "SELECT id, address FROM sender INDEXED BY sqlite_autoindex_sender_1 ORDER BY address", TRUE },
  { "message", "WHERE id BETWEEN 1 AND 1 << 62", "ORDER BY id DESC", NULL, TRUE },
  { "archive", "", "ORDER BY account DESC, address DESC", NULL, FALSE },
  { "notice", "", "ORDER BY id DESC", NULL, TRUE },
  { "cache", "", "ORDER BY rowid DESC", NULL, FALSE },
};

typedef struct
{
  sqlite3      *from;
  sqlite3      *to;
  gint64        max_rows;    /* a file of its size cannot have more in one table: damage may lead in circles */
  const Table  *table;
  int           result;      /* of SQLite: why nothing can be written, and copying ends */
} Copy;

/* How the ids of rows have to follow on each other */
typedef enum
{
  ORDER_NONE,
  ORDER_UP,
  ORDER_DOWN,
} Order;

/* INSERT … (the columns that were read) …; an older file may have fewer than there are now */
static sqlite3_stmt *
prepare_insert (Copy         *self,
                sqlite3_stmt *reader)
{
  g_autoptr(GString) columns = g_string_new (NULL);
  g_autoptr(GString) values = g_string_new (NULL);
  g_autofree char *insert = NULL;
  sqlite3_stmt *writer = NULL;

  for (int i = 0; i < sqlite3_column_count (reader); i++)
    {
      g_string_append_printf (columns, "%s\"%s\"", i == 0 ? "" : ", ", sqlite3_column_name (reader, i));
      g_string_append (values, i == 0 ? "?" : ", ?");
    }

  insert = g_strdup_printf ("INSERT OR IGNORE INTO %s (%s) VALUES (%s)", self->table->name, columns->str, values->str);
  sqlite3_prepare_v2 (self->to, insert, -1, &writer, NULL);

  return writer;
}

/* A text is one: what damage made of it is not to be met again by whoever reads it */
static void
bind_value (sqlite3_stmt *writer,
            int           index,
            sqlite3_stmt *reader,
            int           column)
{
  const char *text;

  if (sqlite3_column_type (reader, column) != SQLITE_TEXT)
    {
      sqlite3_bind_value (writer, index, sqlite3_column_value (reader, column));
      return;
    }

  text = (const char *) sqlite3_column_text (reader, column);
  if (text == NULL || g_utf8_validate (text, -1, NULL))
    sqlite3_bind_text (writer, index, text, -1, SQLITE_STATIC);
  else
    sqlite3_bind_text (writer, index, g_utf8_make_valid (text, -1), -1, g_free);
}

/* A row that makes no sense is left in the old file; but a disk that is full is not the row's fault */
static gboolean
write_row (Copy         *self,
           sqlite3_stmt *writer)
{
  int result = sqlite3_step (writer);

  sqlite3_reset (writer);
  switch (result & 0xff)
    {
    case SQLITE_DONE:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
      return TRUE;

    default:
      self->result = result;
      return FALSE;
    }
}

static gboolean
is_in_order (Order  order,
             gint64 last,
             gint64 id)
{
  switch (order)
    {
    case ORDER_UP:
      return id > last;

    case ORDER_DOWN:
      return id < last;

    case ORDER_NONE:
    default:
      return TRUE;
    }
}

/* FALSE: damage, or nothing can be written */
static gboolean
copy_all (Copy         *self,
          sqlite3_stmt *reader,
          sqlite3_stmt *writer,
          Order         order)
{
  gint64 last = 0;

  for (gint64 n = 0; n < self->max_rows; n++)
    {
      int result = sqlite3_step (reader);

      if (result != SQLITE_ROW)
        return result == SQLITE_DONE;

      if (n > 0 && !is_in_order (order, last, sqlite3_column_int64 (reader, 0)))
        return FALSE;

      last = sqlite3_column_int64 (reader, 0);
      for (int i = 0; i < sqlite3_column_count (reader); i++)
        bind_value (writer, i + 1, reader, i);

      if (!write_row (self, writer))
        return FALSE;
    }

  return FALSE;
}

/* Until the end or the damage. Rows that are there already are left as they are. */
static gboolean
copy_rows (Copy       *self,
           const char *select,
           Order       order)
{
  sqlite3_stmt *reader = NULL;
  sqlite3_stmt *writer = NULL;
  gboolean is_whole = FALSE;

  if (self->result == SQLITE_OK && sqlite3_prepare_v2 (self->from, select, -1, &reader, NULL) == SQLITE_OK &&
      (writer = prepare_insert (self, reader)) != NULL)
    is_whole = copy_all (self, reader, writer, order);

  sqlite3_finalize (reader);
  sqlite3_finalize (writer);

  return is_whole;
}

/* What lies between two damages: an index says what there is, and each is looked for alone */
static void
copy_messages_one_by_one (Copy *self)
{
  sqlite3_stmt *ids = NULL;
  sqlite3_stmt *reader = NULL;
  sqlite3_stmt *writer = NULL;

  if (sqlite3_prepare_v2 (self->from, "SELECT id, conversation FROM message INDEXED BY message_place "
                          "ORDER BY conversation, id", -1, &ids, NULL) == SQLITE_OK &&
      sqlite3_prepare_v2 (self->from, "SELECT * FROM message WHERE id = ?1 AND id BETWEEN 1 AND 1 << 62", -1, &reader,
                          NULL) == SQLITE_OK &&
      (writer = prepare_insert (self, reader)) != NULL)
    {
      gint64 last = G_MININT64;
      gint64 conversation = G_MININT64;

      while (self->result == SQLITE_OK && sqlite3_step (ids) == SQLITE_ROW)
        {
          gint64 id = sqlite3_column_int64 (ids, 0);
          gint64 next = sqlite3_column_int64 (ids, 1);

          if (next < conversation || (next == conversation && id <= last))
            break;

          last = id;
          conversation = next;
          sqlite3_bind_int64 (reader, 1, id);
          copy_all (self, reader, writer, ORDER_NONE);
          sqlite3_reset (reader);
        }
    }

  sqlite3_finalize (ids);
  sqlite3_finalize (reader);
  sqlite3_finalize (writer);
}

static void
copy_table (Copy *self)
{
  const Table *table = self->table;
  g_autofree char *select = g_strdup_printf ("SELECT * FROM %s %s", table->name, table->condition);
  g_autofree char *again = g_strdup_printf ("%s %s", select, table->again);

  if (copy_rows (self, select, table->has_id ? ORDER_UP : ORDER_NONE) ||
      copy_rows (self, again, table->has_id ? ORDER_DOWN : ORDER_NONE))
    return;

  if (table->by_index != NULL)
    copy_rows (self, table->by_index, ORDER_NONE);
  else if (g_str_equal (table->name, "message"))
    copy_messages_one_by_one (self);
}

/* What refers to what is lost: the numbers of that are given to others later, to whom it must not belong. Of a message
 * whose sender is lost it is known whether it is ours.
 */
static const char mend[] =
  "DELETE FROM conversation WHERE account NOT IN (SELECT id FROM account);"
  "DELETE FROM message WHERE conversation NOT IN (SELECT id FROM conversation);"
  "UPDATE message SET sender = -1 WHERE sender NOT IN (SELECT id FROM sender);"
  "INSERT OR IGNORE INTO sender (address) SELECT account.address FROM message "
  "JOIN conversation ON conversation.id = message.conversation JOIN account ON account.id = conversation.account "
  "WHERE message.sender = -1 AND message.flags & 1;"
  "INSERT OR IGNORE INTO sender (address) SELECT conversation.address FROM message "
  "JOIN conversation ON conversation.id = message.conversation WHERE message.sender = -1 AND NOT message.flags & 1;"
  "UPDATE message SET sender = (SELECT sender.id FROM conversation "
  "JOIN account ON account.id = conversation.account "
  "JOIN sender ON sender.address = CASE WHEN message.flags & 1 THEN account.address ELSE conversation.address END "
  "WHERE conversation.id = message.conversation) "
  "WHERE sender = -1;"
  "DELETE FROM archive WHERE account NOT IN (SELECT id FROM account);"
  "DELETE FROM notice WHERE account NOT IN (SELECT id FROM account);"
  "DELETE FROM cache WHERE account != 0 AND account NOT IN (SELECT id FROM account);";

static const char count[] =
  "SELECT (SELECT count (*) FROM account) + (SELECT count (*) FROM conversation) + (SELECT count (*) FROM sender) + "
  "(SELECT count (*) FROM message) + (SELECT count (*) FROM archive) + (SELECT count (*) FROM notice) + "
  "(SELECT count (*) FROM cache)";

static gboolean
copy_tables (StoreConnection  *from,
             StoreConnection  *to,
             gint64            size,
             GError          **error)
{
  Copy copy = { store_connection_get_handle (from), store_connection_get_handle (to), size / MIN_ROW + 1, NULL, SQLITE_OK };

  for (guint i = 0; i < G_N_ELEMENTS (tables) && copy.result == SQLITE_OK; i++)
    {
      copy.table = &tables[i];
      copy_table (&copy);
    }

  if (copy.result != SQLITE_OK)
    {
      g_set_error (error, STORE_ERROR, STORE_ERROR_DISK, "What was saved cannot be written: %s",
                   sqlite3_errstr (copy.result));
      return FALSE;
    }

  return store_connection_exec (to, mend, error);
}

static gint64
get_size (const char *path)
{
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  GStatBuf file = { 0 };
  GStatBuf last = { 0 };

  return (g_stat (path, &file) == 0 ? file.st_size : 0) + (g_stat (wal, &last) == 0 ? last.st_size : 0);
}

/* The damaged file is only read; what was written last is beside it, and stays there */
static gboolean
copy_file (const char       *path,
           StoreConnection  *to,
           GError          **error)
{
  g_autoptr(StoreConnection) from = store_connection_open (path, SQLITE_OPEN_READWRITE, NULL);

  if (from == NULL)
    return TRUE;

  sqlite3_db_config (store_connection_get_handle (from), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  store_connection_exec (from, "PRAGMA writable_schema = ON; PRAGMA query_only = ON", NULL);

  return copy_tables (from, to, get_size (path), error);
}

static gboolean
set_disk_error (const char  *what,
                int          code,
                GError     **error)
{
  g_set_error (error, STORE_ERROR, STORE_ERROR_DISK, "%s: %s", what, g_strerror (code));

  return FALSE;
}

/* At each moment there is a file under the old name, the damaged one or the new one. What was written last is in a
 * file beside it, and belongs to it.
 */
static gboolean
replace (const char  *path,
         const char  *new_path,
         const char  *aside,
         GError     **error)
{
  static const char *const suffixes[] = { "-wal", "-shm" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *from = g_strconcat (path, suffixes[i], NULL);
      g_autofree char *to = g_strconcat (aside, suffixes[i], NULL);

      if (g_rename (from, to) != 0 && errno != ENOENT)
        return set_disk_error (from, errno, error);
    }

  /* Where a file cannot have two names, it loses one first */
  if (link (path, aside) != 0 && g_rename (path, aside) != 0)
    return set_disk_error (path, errno, error);

  if (g_rename (new_path, path) != 0)
    return set_disk_error (new_path, errno, error);

  return TRUE;
}

static char *
name_aside (const char *path)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *date = g_date_time_format (now, "%Y-%m-%d");
  char *aside = g_strconcat (path, ".corrupt-", date, NULL);

  for (guint i = 2; g_file_test (aside, G_FILE_TEST_EXISTS); i++)
    {
      g_free (aside);
      aside = g_strdup_printf ("%s.corrupt-%s-%u", path, date, i);
    }

  return aside;
}

/* aside: (out) (transfer full): where the damaged file is now
 * n_rows: (out): how many were saved
 * Errors: STORE_ERROR_DISK
 */
gboolean
store_salvage (const char  *path,
               char       **aside,
               guint       *n_rows,
               GError     **error)
{
  g_autofree char *new_path = g_strconcat (path, ".salvage", NULL);
  g_autofree char *name = name_aside (path);
  g_autofree char *journal = g_strconcat (new_path, "-journal", NULL);
  g_autoptr(StoreConnection) to = NULL;
  gint64 n;

  /* From an attempt that was interrupted; nothing in it that is not in the old one too */
  g_unlink (new_path);
  g_unlink (journal);

  to = store_connection_open (new_path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error);
  if (to == NULL || !store_schema_migrate (to, error) || !store_connection_exec (to, "BEGIN", error))
    return FALSE;

  if (!copy_file (path, to, error) ||
      !store_connection_get_int (to, count, &n, error) ||
      !store_connection_exec (to, "COMMIT", error))
    return FALSE;

  g_clear_pointer (&to, store_connection_close);
  if (!replace (path, new_path, name, error))
    return FALSE;

  *aside = g_steal_pointer (&name);
  *n_rows = n;

  return TRUE;
}
