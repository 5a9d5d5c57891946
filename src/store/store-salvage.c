/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-salvage.h"

#include "store-schema.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* What is copied, in an order in which what a row refers to is there before it. The index of words is made by the way. */
static const char *const tables[] = { "state", "account", "conversation", "sender", "message", "archive", "notice", "cache" };

typedef struct
{
  sqlite3      *from;
  sqlite3      *to;
  const char   *table;
  guint         n_rows;
} Copy;

/* INSERT … (the columns that were read) …; an older file may have fewer than there are now */
static char *
make_insert (const char   *table,
             sqlite3_stmt *reader)
{
  g_autoptr(GString) columns = g_string_new (NULL);
  g_autoptr(GString) values = g_string_new (NULL);

  for (int i = 0; i < sqlite3_column_count (reader); i++)
    {
      g_string_append_printf (columns, "%s\"%s\"", i == 0 ? "" : ", ", sqlite3_column_name (reader, i));
      g_string_append (values, i == 0 ? "?" : ", ?");
    }

  return g_strdup_printf ("INSERT OR IGNORE INTO %s (%s) VALUES (%s)", table, columns->str, values->str);
}

/* FALSE: damage. A row that makes no sense is left in the old file. */
static gboolean
copy_all (Copy         *self,
          sqlite3_stmt *reader,
          sqlite3_stmt *writer)
{
  int result;

  while ((result = sqlite3_step (reader)) == SQLITE_ROW)
    {
      for (int i = 0; i < sqlite3_column_count (reader); i++)
        sqlite3_bind_value (writer, i + 1, sqlite3_column_value (reader, i));

      if (sqlite3_step (writer) == SQLITE_DONE)
        self->n_rows += sqlite3_changes (self->to);
      sqlite3_reset (writer);
    }

  return result == SQLITE_DONE;
}

/* In one direction, until the end or the damage. Rows that are there already are left as they are. */
static gboolean
copy_rows (Copy       *self,
           const char *order)
{
  g_autofree char *select = g_strdup_printf ("SELECT * FROM %s %s", self->table, order);
  g_autofree char *insert = NULL;
  sqlite3_stmt *reader = NULL;
  sqlite3_stmt *writer = NULL;
  gboolean is_whole = FALSE;

  if (sqlite3_prepare_v2 (self->from, select, -1, &reader, NULL) == SQLITE_OK)
    {
      insert = make_insert (self->table, reader);
      if (sqlite3_prepare_v2 (self->to, insert, -1, &writer, NULL) == SQLITE_OK)
        is_whole = copy_all (self, reader, writer);
    }

  sqlite3_finalize (reader);
  sqlite3_finalize (writer);

  return is_whole;
}

static void
copy_tables (StoreConnection *from,
             StoreConnection *to,
             guint           *n_rows)
{
  Copy copy = { store_connection_get_handle (from), store_connection_get_handle (to), NULL, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      copy.table = tables[i];

      /* What lies behind the damage is reached from the other end */
      if (!copy_rows (&copy, ""))
        copy_rows (&copy, "ORDER BY 1 DESC");
    }

  *n_rows = copy.n_rows;
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
  g_autoptr(StoreConnection) from = NULL;
  g_autoptr(StoreConnection) to = NULL;

  /* From an attempt that was interrupted; nothing in it that is not in the old one too */
  g_unlink (new_path);
  *n_rows = 0;

  to = store_connection_open (new_path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error);
  if (to == NULL || !store_schema_migrate (to, error) || !store_connection_exec (to, "BEGIN", error))
    return FALSE;

  from = store_connection_open (path, SQLITE_OPEN_READWRITE, NULL);
  if (from != NULL)
    {
      store_connection_exec (from, "PRAGMA writable_schema = ON; PRAGMA query_only = ON", NULL);
      copy_tables (from, to, n_rows);
      g_clear_pointer (&from, store_connection_close);
    }

  if (!store_connection_exec (to, "COMMIT", error))
    return FALSE;

  g_clear_pointer (&to, store_connection_close);
  if (!replace (path, new_path, name, error))
    return FALSE;

  *aside = g_steal_pointer (&name);

  return TRUE;
}
