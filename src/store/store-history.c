/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-history.h"

#include "store-row.h"
#include "store-task.h"

/* What a piece of work is given, and what it brings. One kind for all: which of them are used, each function says. */
typedef struct
{
  char          *account;
  char          *address;
  int            kind;
  gint64         before;
  gint64         after;
  guint          max;

  GPtrArray     *entries;        /* of StoreEntry, to be added */
  char          *position;       /* of which archive; NULL: of none */
  char          *last_id;
  gint64         last_time;

  GArray        *added;          /* of StoreAdded */
  GPtrArray     *messages;       /* of StoreMessage */
} Work;

static Work *
work_new (const char *account,
          const char *address,
          int         kind)
{
  Work *work = g_new0 (Work, 1);

  work->account = g_strdup (account);
  work->address = g_strdup (address);
  work->kind = kind;

  return work;
}

static void
work_free (gpointer data)
{
  Work *work = data;

  g_free (work->account);
  g_free (work->address);
  g_free (work->position);
  g_free (work->last_id);
  g_clear_pointer (&work->entries, g_ptr_array_unref);
  g_clear_pointer (&work->added, g_array_unref);
  g_clear_pointer (&work->messages, g_ptr_array_unref);
  g_free (work);
}

/* An entry */

/* message: (transfer full); bound, has_own_id: see StorePlacing */
StoreEntry *
store_entry_new (const char   *address,
                 int           kind,
                 StoreMessage *message,
                 StorePlace    place,
                 gint64        bound,
                 gboolean      has_own_id)
{
  StoreEntry *self = g_new0 (StoreEntry, 1);

  self->address = g_strdup (address);
  self->kind = kind;
  self->message = message;
  self->placing.place = place;
  self->placing.bound = bound;
  self->placing.has_own_id = has_own_id;

  return self;
}

void
store_entry_free (StoreEntry *self)
{
  g_clear_pointer (&self->message, store_message_free);
  g_free (self->address);
  g_free (self);
}

/* Adding */

static gboolean
add_entry (StoreConnection  *connection,
           const Work       *work,
           guint             i,
           GError          **error)
{
  const StoreEntry *entry = g_ptr_array_index (work->entries, i);
  StoreKey key = { work->account, entry->address, entry->kind };
  gint64 conversation;

  return store_key_find_conversation (connection, &key, TRUE, &conversation, error) &&
         store_insert_message (connection, conversation, entry->message, &entry->placing,
                               &g_array_index (work->added, StoreAdded, i), error);
}

static gboolean
save_position (StoreConnection  *connection,
               const Work       *work,
               GError          **error)
{
  sqlite3_stmt *statement;
  gint64 account;

  if (!store_key_find_account (connection, work->account, TRUE, &account, error))
    return FALSE;

  statement = store_connection_prepare (connection, "INSERT OR REPLACE INTO archive (account, address, last_id, last_time) "
                                        "VALUES (?1, ?2, ?3, ?4)", error);
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, account);
  sqlite3_bind_text (statement, 2, work->position, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 3, work->last_id, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 4, work->last_time);

  return store_connection_run (statement, error);
}

/* What goes before what is known is added from its end, each before the last one */
static gboolean
add_all (StoreConnection  *connection,
         gpointer          data,
         GError          **error)
{
  Work *work = data;
  guint n = work->entries->len;

  for (guint i = 0; i < n; i++)
    {
      const StoreEntry *entry = g_ptr_array_index (work->entries, i);

      if (entry->placing.place != STORE_PLACE_BEFORE && !add_entry (connection, work, i, error))
        return FALSE;
    }

  for (guint i = n; i > 0; i--)
    {
      const StoreEntry *entry = g_ptr_array_index (work->entries, i - 1);

      if (entry->placing.place == STORE_PLACE_BEFORE && !add_entry (connection, work, i - 1, error))
        return FALSE;
    }

  return work->position == NULL || save_position (connection, work, error);
}

/**
 * store_history_add_async:
 * @database: a database
 * @account: the bare address of the account
 * @entry: (transfer full): the message, and where it belongs
 * @durable: whether it is to be on the disk, and not only in the file, before it is said to be stored
 * @callback: called when it is stored
 * @user_data: for @callback
 *
 * Stores a message, unless it is there.
 */
void
store_history_add_async (StoreDatabase       *database,
                         const char          *account,
                         StoreEntry          *entry,
                         gboolean             durable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  Work *work = work_new (account, NULL, 0);

  work->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) store_entry_free);
  g_ptr_array_add (work->entries, entry);
  work->added = g_array_sized_new (FALSE, TRUE, sizeof (StoreAdded), 1);
  g_array_set_size (work->added, 1);

  store_task_push (database, durable ? STORE_WRITE_DURABLE : STORE_WRITE, add_all, work, work_free,
                   store_history_add_async, NULL, callback, user_data);
}

/**
 * store_history_add_finish:
 * @result: what the callback got
 * @added: (out): what became of it
 * @error: why it is not stored
 *
 * Returns: whether it is in the file
 */
gboolean
store_history_add_finish (GAsyncResult  *result,
                          StoreAdded    *added,
                          GError       **error)
{
  Work *work = store_task_finish (result, store_history_add_async, error);

  if (work != NULL)
    *added = g_array_index (work->added, StoreAdded, 0);

  return work != NULL;
}

/**
 * store_history_add_page_async:
 * @database: a database
 * @account: the bare address of the account
 * @entries: (transfer full) (element-type StoreEntry): the messages, in their order
 * @position: (nullable): how far the archive is read with them
 * @durable: whether they are to be on the disk, and not only in the file, before they are said to be stored
 * @callback: called when all is stored, or nothing
 * @user_data: for @callback
 *
 * Stores a page of an archive, and at once how far it goes.
 */
void
store_history_add_page_async (StoreDatabase       *database,
                              const char          *account,
                              GPtrArray           *entries,
                              const StorePosition *position,
                              gboolean             durable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  Work *work = work_new (account, NULL, 0);

  work->entries = entries;
  work->added = g_array_sized_new (FALSE, TRUE, sizeof (StoreAdded), entries->len);
  g_array_set_size (work->added, entries->len);

  if (position != NULL)
    {
      work->position = g_strdup (position->address);
      work->last_id = g_strdup (position->last_id);
      work->last_time = position->last_time;
    }

  store_task_push (database, durable ? STORE_WRITE_DURABLE : STORE_WRITE, add_all, work, work_free,
                   store_history_add_page_async, NULL, callback, user_data);
}

/**
 * store_history_add_page_finish:
 * @result: what the callback got
 * @error: why it is not stored
 *
 * Returns: (transfer full) (element-type StoreAdded): what became of each
 */
GArray *
store_history_add_page_finish (GAsyncResult  *result,
                               GError       **error)
{
  Work *work = store_task_finish (result, store_history_add_page_async, error);

  return work != NULL ? g_array_ref (work->added) : NULL;
}

/* How far an archive is read */

static gboolean
get_position (StoreConnection  *connection,
              gpointer          data,
              GError          **error)
{
  Work *work = data;
  sqlite3_stmt *statement =
    store_connection_prepare (connection, "SELECT last_id, last_time FROM archive JOIN account ON account.id = archive.account "
                              "WHERE account.address = ?1 AND archive.address = ?2", error);
  StoreStep step;

  if (statement == NULL)
    return FALSE;

  g_clear_pointer (&work->last_id, g_free);
  work->last_time = 0;
  sqlite3_bind_text (statement, 1, work->account, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, work->position, -1, SQLITE_STATIC);

  step = store_connection_step (statement, error);
  if (step == STORE_STEP_ROW)
    {
      work->last_id = store_row_get_string (statement, 0);
      work->last_time = sqlite3_column_int64 (statement, 1);
    }

  return step != STORE_STEP_ERROR;
}

/**
 * store_history_get_position_async:
 * @database: a database
 * @account: the bare address of the account
 * @address: "", or a room
 * @callback: called with it
 * @user_data: for @callback
 *
 * How far an archive has been read.
 */
void
store_history_get_position_async (StoreDatabase       *database,
                                  const char          *account,
                                  const char          *address,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  Work *work = work_new (account, NULL, 0);

  work->position = g_strdup (address);
  store_task_push (database, STORE_READ, get_position, work, work_free, store_history_get_position_async,
                   NULL, callback, user_data);
}

/**
 * store_history_get_position_finish:
 * @result: what the callback got
 * @last_time: (out): of the last message that was read, µs since 1970; 0: it was never read, or that failed
 * @error: why it is not known
 *
 * Returns: (transfer full) (nullable): the id of that message, where there was one
 */
char *
store_history_get_position_finish (GAsyncResult  *result,
                                   gint64        *last_time,
                                   GError       **error)
{
  Work *work = store_task_finish (result, store_history_get_position_async, error);

  *last_time = work != NULL ? work->last_time : 0;

  return work != NULL ? g_steal_pointer (&work->last_id) : NULL;
}

/* Reading */

static gboolean
read_page (StoreConnection  *connection,
           gpointer          data,
           GError          **error)
{
  Work *work = data;
  StoreKey key = { work->account, work->address, work->kind };
  gboolean is_backwards = work->before != 0;
  sqlite3_stmt *statement;
  gint64 conversation;

  g_clear_pointer (&work->messages, g_ptr_array_unref);
  work->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) store_message_free);

  if (!store_key_find_conversation (connection, &key, FALSE, &conversation, error))
    return FALSE;

  statement = store_connection_prepare (connection, is_backwards
                                        ? STORE_ROW_SELECT "WHERE conversation = ?1 AND message.id < ?2 ORDER BY message.id DESC LIMIT ?3"
                                        : STORE_ROW_SELECT "WHERE conversation = ?1 AND message.id > ?2 ORDER BY message.id LIMIT ?3",
                                        error);
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, conversation);
  sqlite3_bind_int64 (statement, 2, is_backwards ? work->before : work->after);
  sqlite3_bind_int64 (statement, 3, work->max);

  return store_row_read_all (statement, work->messages, is_backwards, error);
}

/**
 * store_history_read_async:
 * @database: a database
 * @key: the conversation
 * @before: ids smaller than this, the largest of them; %G_MAXINT64: the last page; 0: look at @after
 * @after: ids larger than this, the smallest of them
 * @max: how many
 * @cancellable: (nullable): ends it early
 * @callback: called with them
 * @user_data: for @callback
 *
 * Reads a page.
 */
void
store_history_read_async (StoreDatabase       *database,
                          const StoreKey      *key,
                          gint64               before,
                          gint64               after,
                          guint                max,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  Work *work = work_new (key->account, key->address, key->kind);

  work->before = before;
  work->after = after;
  work->max = max;

  store_task_push (database, STORE_READ, read_page, work, work_free, store_history_read_async, cancellable,
                   callback, user_data);
}

/**
 * store_history_read_finish:
 * @result: what the callback got
 * @error: why nothing was read
 *
 * Returns: (transfer full) (element-type StoreMessage): the messages, the oldest first
 */
GPtrArray *
store_history_read_finish (GAsyncResult  *result,
                           GError       **error)
{
  Work *work = store_task_finish (result, store_history_read_async, error);

  return work != NULL ? g_steal_pointer (&work->messages) : NULL;
}
