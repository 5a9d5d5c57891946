/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-conversations.h"

#include "store-row.h"
#include "store-task.h"

/* So many messages are thrown away at once: who reads or writes does not wait for all of them */
#define CHUNK 2000

/* An own message, and what happened, is not to be read; see StoreMessageFlags */
#define COUNT(condition)                                                                                        \
  "(SELECT count (*) FROM (SELECT 1 FROM message WHERE message.conversation = conversation.id AND "             \
  "message.id > conversation.read_id AND NOT message.flags & 17 " condition " LIMIT 1000))"

#define SELECT                                                                                                  \
  "SELECT conversation.address, conversation.kind, conversation.flags, conversation.draft, conversation.read_id, " \
  "conversation.since, (SELECT max (id) FROM message WHERE message.conversation = conversation.id), "           \
  COUNT ("") ", " COUNT ("AND message.flags & 4")                                                               \
  " FROM account JOIN conversation ON conversation.account = account.id WHERE account.address = ?1 "

typedef struct
{
  char      *account;
  char      *address;         /* NULL: all */
  int        kind;

  char      *draft;
  gint64     value;
  gint64     since;
  guint      mask;
  guint      flags;

  GPtrArray *found;           /* of StoreConversation */
  gint64     n_removed;
  gboolean   is_finished;
} Record;

static Record *
record_new (const char     *account,
            const StoreKey *key)
{
  Record *record = g_new0 (Record, 1);

  record->account = g_strdup (key != NULL ? key->account : account);
  record->address = g_strdup (key != NULL ? key->address : NULL);
  record->kind = key != NULL ? key->kind : 0;

  return record;
}

static void
record_free (gpointer data)
{
  Record *record = data;

  g_free (record->account);
  g_free (record->address);
  g_free (record->draft);
  g_clear_pointer (&record->found, g_ptr_array_unref);
  g_free (record);
}

void
store_conversation_free (StoreConversation *self)
{
  g_free (self->address);
  g_free (self->draft);
  g_free (self);
}

/* Reading */

static StoreConversation *
read_row (sqlite3_stmt *statement)
{
  StoreConversation *found = g_new0 (StoreConversation, 1);

  found->address = store_row_get_string (statement, 0);
  found->kind = sqlite3_column_int (statement, 1);
  found->flags = sqlite3_column_int64 (statement, 2);
  found->draft = store_row_get_string (statement, 3);
  found->read_id = sqlite3_column_int64 (statement, 4);
  found->since = sqlite3_column_int64 (statement, 5);
  found->last_id = sqlite3_column_int64 (statement, 6);
  found->unread = sqlite3_column_int64 (statement, 7);
  found->mentions = sqlite3_column_int64 (statement, 8);

  return found;
}

static gboolean
load (StoreConnection  *connection,
      gpointer          data,
      GError          **error)
{
  Record *record = data;
  sqlite3_stmt *statement =
    record->address != NULL ? store_connection_prepare (connection, SELECT "AND conversation.address = ?2", error)
                            : store_connection_prepare (connection, SELECT, error);
  StoreStep step;

  g_clear_pointer (&record->found, g_ptr_array_unref);
  record->found = g_ptr_array_new_with_free_func ((GDestroyNotify) store_conversation_free);
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_text (statement, 1, record->account, -1, SQLITE_STATIC);
  if (record->address != NULL)
    sqlite3_bind_text (statement, 2, record->address, -1, SQLITE_STATIC);

  while ((step = store_connection_step (statement, error)) == STORE_STEP_ROW)
    g_ptr_array_add (record->found, read_row (statement));

  return step == STORE_STEP_DONE;
}

/**
 * store_conversations_load_async:
 * @database: a database
 * @account: the bare address of an account
 * @callback: called with them
 * @user_data: for @callback
 *
 * Reads what is known of all conversations of an account.
 */
void
store_conversations_load_async (StoreDatabase       *database,
                                const char          *account,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  store_task_push (database, STORE_READ, load, record_new (account, NULL), record_free, store_conversations_load_async,
                   NULL, callback, user_data);
}

/**
 * store_conversations_load_finish:
 * @result: what the callback got
 * @error: why nothing was read
 *
 * Returns: (transfer full) (element-type StoreConversation): the conversations, in no order
 */
GPtrArray *
store_conversations_load_finish (GAsyncResult  *result,
                                 GError       **error)
{
  Record *record = store_task_finish (result, store_conversations_load_async, error);

  return record != NULL ? g_steal_pointer (&record->found) : NULL;
}

/**
 * store_conversations_get_async:
 * @database: a database
 * @key: a conversation
 * @callback: called with it
 * @user_data: for @callback
 *
 * Reads what is known of one conversation.
 */
void
store_conversations_get_async (StoreDatabase       *database,
                               const StoreKey      *key,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  store_task_push (database, STORE_READ, load, record_new (NULL, key), record_free, store_conversations_get_async, NULL,
                   callback, user_data);
}

/**
 * store_conversations_get_finish:
 * @result: what the callback got
 * @error: why nothing was read
 *
 * Returns: (transfer full) (nullable): the conversation; %NULL and no error: nothing is known of it
 */
StoreConversation *
store_conversations_get_finish (GAsyncResult  *result,
                                GError       **error)
{
  Record *record = store_task_finish (result, store_conversations_get_async, error);

  return record != NULL && record->found->len > 0 ? g_ptr_array_steal_index (record->found, 0) : NULL;
}

/* Writing */

/* The statement that changes this conversation, made first if there is none; its values from ?2 on are the caller's */
static sqlite3_stmt *
prepare_change (StoreConnection  *connection,
                const Record     *record,
                const char       *sql,
                GError          **error)
{
  StoreKey key = { record->account, record->address, record->kind };
  sqlite3_stmt *statement;
  gint64 id;

  if (!store_key_find_conversation (connection, &key, TRUE, &id, error))
    return NULL;

  statement = store_connection_prepare (connection, sql, error);
  if (statement != NULL)
    sqlite3_bind_int64 (statement, 1, id);

  return statement;
}

static gboolean
set_draft (StoreConnection  *connection,
           gpointer          data,
           GError          **error)
{
  Record *record = data;
  sqlite3_stmt *statement =
    prepare_change (connection, record, "UPDATE conversation SET draft = ?2 WHERE id = ?1", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_text (statement, 2, record->draft, -1, SQLITE_STATIC);

  return store_connection_run (statement, error);
}

static gboolean
set_read (StoreConnection  *connection,
          gpointer          data,
          GError          **error)
{
  Record *record = data;
  sqlite3_stmt *statement =
    prepare_change (connection, record, "UPDATE conversation SET read_id = max (read_id, ?2) WHERE id = ?1", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 2, record->value);

  return store_connection_run (statement, error);
}

static gboolean
set_flags (StoreConnection  *connection,
           gpointer          data,
           GError          **error)
{
  Record *record = data;
  sqlite3_stmt *statement =
    prepare_change (connection, record, "UPDATE conversation SET flags = (flags & ~?2) | ?3 WHERE id = ?1", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 2, record->mask);
  sqlite3_bind_int64 (statement, 3, record->flags & record->mask);

  return store_connection_run (statement, error);
}

/* Nobody waits for these. What cannot be written is tried again, and the database says so. */
static void
push_write (StoreDatabase *database,
            StoreWork      function,
            Record        *record)
{
  store_task_push (database, STORE_WRITE, function, record, record_free, push_write, NULL, NULL, NULL);
}

/**
 * store_conversations_set_draft:
 * @database: a database
 * @key: a conversation
 * @draft: (nullable): what is written in it and not sent
 *
 * Stores a draft.
 */
void
store_conversations_set_draft (StoreDatabase  *database,
                               const StoreKey *key,
                               const char     *draft)
{
  Record *record = record_new (NULL, key);

  record->draft = g_strdup (draft);
  push_write (database, set_draft, record);
}

/**
 * store_conversations_set_read:
 * @database: a database
 * @key: a conversation
 * @id: of the last message that was looked at; it does not go back
 *
 * Stores up to where a conversation was read.
 */
void
store_conversations_set_read (StoreDatabase  *database,
                              const StoreKey *key,
                              gint64          id)
{
  Record *record = record_new (NULL, key);

  record->value = id;
  push_write (database, set_read, record);
}

/**
 * store_conversations_set_flags:
 * @database: a database
 * @key: a conversation
 * @mask: which flags
 * @flags: what they are now
 *
 * Stores flags of a conversation.
 */
void
store_conversations_set_flags (StoreDatabase  *database,
                               const StoreKey *key,
                               guint           mask,
                               guint           flags)
{
  Record *record = record_new (NULL, key);

  record->mask = mask;
  record->flags = flags;
  push_write (database, set_flags, record);
}

/* Throwing away */

static gboolean
remember_since (StoreConnection  *connection,
                const Record     *record,
                GError          **error)
{
  sqlite3_stmt *statement =
    store_connection_prepare (connection, "UPDATE conversation SET since = max (since, ?1) WHERE "
                              "(?2 IS NULL OR address = ?2) AND "
                              "(?3 IS NULL OR account = (SELECT id FROM account WHERE address = ?3))", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, record->since);
  sqlite3_bind_text (statement, 2, record->address, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 3, record->account, -1, SQLITE_STATIC);

  return store_connection_run (statement, error);
}

/* What waits to be sent is no history yet */
static gboolean
clear (StoreConnection  *connection,
       gpointer          data,
       GError          **error)
{
  Record *record = data;
  sqlite3_stmt *statement;
  gint64 conversation = 0;

  if (record->address != NULL)
    {
      StoreKey key = { record->account, record->address, record->kind };

      if (!store_key_find_conversation (connection, &key, TRUE, &conversation, error))
        return FALSE;
    }

  if (!remember_since (connection, record, error))
    return FALSE;

  statement = store_connection_prepare (connection, conversation != 0
    ? "DELETE FROM message WHERE id IN (SELECT id FROM message WHERE conversation = ?1 AND id < ?2 AND state != 1 LIMIT ?3)"
    : "DELETE FROM message WHERE id IN (SELECT id FROM message WHERE id < ?2 AND state != 1 LIMIT ?3)", error);
  if (statement == NULL)
    return FALSE;

  if (conversation != 0)
    sqlite3_bind_int64 (statement, 1, conversation);
  sqlite3_bind_int64 (statement, 2, record->value);
  sqlite3_bind_int (statement, 3, CHUNK);
  if (!store_connection_run (statement, error))
    return FALSE;

  record->n_removed = sqlite3_changes (store_connection_get_handle (connection));

  return TRUE;
}

static void push_clear (GTask *task);

static void
on_chunk_cleared (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Record *all = g_task_get_task_data (task);
  GError *error = NULL;
  Record *chunk = store_task_finish (result, push_clear, &error);

  if (chunk == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  all->n_removed += chunk->n_removed;
  if (chunk->n_removed == CHUNK)
    push_clear (task);
  else
    g_task_return_int (task, all->n_removed);
}

static void
push_clear (GTask *task)
{
  Record *all = g_task_get_task_data (task);
  StoreKey key = { all->account, all->address, all->kind };
  Record *chunk = record_new (NULL, &key);

  chunk->value = all->value;
  chunk->since = all->since;
  store_task_push (g_task_get_source_object (task), STORE_WRITE, clear, chunk, record_free, push_clear, NULL,
                   on_chunk_cleared, g_object_ref (task));
}

/**
 * store_conversations_clear_async:
 * @database: a database
 * @key: (nullable): a conversation; %NULL: all of them
 * @before: what is older than this goes, an id; %G_MAXINT64: everything
 * @since: nothing older than this is to be got from an archive again, µs since 1970
 * @callback: called when it is gone
 * @user_data: for @callback
 *
 * Throws messages away; but for those that have not been sent yet.
 */
void
store_conversations_clear_async (StoreDatabase       *database,
                                 const StoreKey      *key,
                                 gint64               before,
                                 gint64               since,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (database, NULL, callback, user_data);
  Record *record = record_new (NULL, key);

  record->value = before;
  record->since = since;
  g_task_set_source_tag (task, store_conversations_clear_async);
  g_task_set_task_data (task, record, record_free);
  push_clear (task);
}

/**
 * store_conversations_clear_finish:
 * @result: what the callback got
 * @error: why it is not gone, or not all of it
 *
 * Returns: how many are gone; -1: see @error
 */
gint64
store_conversations_clear_finish (GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, store_conversations_clear_async), -1);

  return g_task_propagate_int (G_TASK (result), error);
}

static gboolean
forget_account (StoreConnection  *connection,
                gpointer          data,
                GError          **error)
{
  Record *record = data;
  sqlite3_stmt *cache = store_connection_prepare (connection, "DELETE FROM cache WHERE account != 0 AND account = "
                                                  "(SELECT id FROM account WHERE address = ?1)", error);
  sqlite3_stmt *statement = store_connection_prepare (connection, "DELETE FROM account WHERE address = ?1", error);
  sqlite3_stmt *senders = store_connection_prepare (connection, "DELETE FROM sender WHERE id NOT IN (SELECT sender FROM message "
                                                    "WHERE sender IS NOT NULL)", error);

  if (cache == NULL || statement == NULL || senders == NULL)
    return FALSE;

  sqlite3_bind_text (cache, 1, record->account, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 1, record->account, -1, SQLITE_STATIC);

  return store_connection_run (cache, error) && store_connection_run (statement, error) &&
         store_connection_run (senders, error);
}

/**
 * store_conversations_forget_account:
 * @database: a database
 * @account: the bare address of an account
 *
 * Throws away all that is known of it.
 */
void
store_conversations_forget_account (StoreDatabase *database,
                                    const char    *account)
{
  push_write (database, forget_account, record_new (account, NULL));
}
