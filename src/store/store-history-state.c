/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What became of what we wrote ourselves */
#include "store-history.h"

#include "store-row.h"
#include "store-task.h"

typedef struct
{
  char          *account;
  char          *address;         /* NULL: all conversations */
  int            kind;
  char          *message_id;
  char          *failure;
  StoreState     state;
  gboolean       with_earlier;

  guint          n_changed;
  GPtrArray     *entries;         /* of StoreEntry */
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
  g_free (work->message_id);
  g_free (work->failure);
  g_clear_pointer (&work->entries, g_ptr_array_unref);
  g_free (work);
}

/* id: 0: there is no such conversation, so there is nothing in it. FALSE: an error */
static gboolean
find_conversation (StoreConnection  *connection,
                   const Work       *work,
                   gint64           *id,
                   GError          **error)
{
  StoreKey key = { work->account, work->address, work->kind };

  return store_key_find_conversation (connection, &key, FALSE, id, error);
}

static gboolean
set_one_state (StoreConnection  *connection,
               const Work       *work,
               gint64            conversation,
               guint            *n_changed,
               GError          **error)
{
  sqlite3_stmt *statement =
    store_connection_prepare (connection, "UPDATE message SET state = ?3, failure = ?4 WHERE conversation = ?1 AND "
                              "message_id = ?2 AND flags & 1 AND (1 << state) & ?5", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, conversation);
  sqlite3_bind_text (statement, 2, work->message_id, -1, SQLITE_STATIC);
  sqlite3_bind_int (statement, 3, work->state);
  sqlite3_bind_text (statement, 4, work->failure, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 5, store_insert_get_earlier (work->state));
  if (!store_connection_run (statement, error))
    return FALSE;

  *n_changed += sqlite3_changes (store_connection_get_handle (connection));

  return TRUE;
}

/* Who has read this has read what was written before it; what waits or failed he never had. Those in the condition are in
 * an index of their own.
 */
static gboolean
set_earlier_states (StoreConnection  *connection,
                    const Work       *work,
                    gint64            conversation,
                    guint            *n_changed,
                    GError          **error)
{
  sqlite3_stmt *statement =
    store_connection_prepare (connection, "UPDATE message SET state = ?3 WHERE id IN (SELECT id FROM message "
                              "WHERE conversation = ?1 AND state IN (2, 3) AND flags & 1 AND (1 << state) & ?4 AND "
                              "id < (SELECT max (id) FROM message WHERE conversation = ?1 AND message_id = ?2 AND "
                              "flags & 1))", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, conversation);
  sqlite3_bind_text (statement, 2, work->message_id, -1, SQLITE_STATIC);
  sqlite3_bind_int (statement, 3, work->state);
  sqlite3_bind_int64 (statement, 4, store_insert_get_earlier (work->state));
  if (!store_connection_run (statement, error))
    return FALSE;

  *n_changed += sqlite3_changes (store_connection_get_handle (connection));

  return TRUE;
}

static gboolean
set_state (StoreConnection  *connection,
           gpointer          data,
           GError          **error)
{
  Work *work = data;
  gint64 conversation;

  work->n_changed = 0;
  if (!find_conversation (connection, work, &conversation, error))
    return FALSE;

  return conversation == 0 ||
         (set_one_state (connection, work, conversation, &work->n_changed, error) &&
          (!work->with_earlier || set_earlier_states (connection, work, conversation, &work->n_changed, error)));
}

/**
 * store_history_set_state_async:
 * @database: a database
 * @key: the conversation
 * @message_id: the id of a message of ours in it
 * @state: what became of it
 * @failure: (nullable): why it failed, in words
 * @with_earlier: what we wrote before it is in @state too
 * @callback: (nullable): called when it is stored
 * @user_data: for @callback
 *
 * Stores what became of a message. What is known is not taken back: what was read is not only delivered.
 */
void
store_history_set_state_async (StoreDatabase       *database,
                               const StoreKey      *key,
                               const char          *message_id,
                               StoreState           state,
                               const char          *failure,
                               gboolean             with_earlier,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  Work *work = work_new (key->account, key->address, key->kind);

  work->message_id = g_strdup (message_id);
  work->state = state;
  work->failure = g_strdup (failure);
  work->with_earlier = with_earlier;

  store_task_push (database, STORE_WRITE, set_state, work, work_free, store_history_set_state_async, NULL,
                   callback, user_data);
}

/**
 * store_history_set_state_finish:
 * @result: what the callback got
 * @error: why it is not stored
 *
 * Returns: how many messages are in another state now
 */
guint
store_history_set_state_finish (GAsyncResult  *result,
                                GError       **error)
{
  Work *work = store_task_finish (result, store_history_set_state_async, error);

  return work != NULL ? work->n_changed : 0;
}

static gboolean
remove_message (StoreConnection  *connection,
                gpointer          data,
                GError          **error)
{
  Work *work = data;
  sqlite3_stmt *statement;
  gint64 conversation;

  if (!find_conversation (connection, work, &conversation, error))
    return FALSE;

  statement = store_connection_prepare (connection, "DELETE FROM message WHERE conversation = ?1 AND message_id = ?2 AND "
                                        "flags & 1", error);
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, conversation);
  sqlite3_bind_text (statement, 2, work->message_id, -1, SQLITE_STATIC);

  return store_connection_run (statement, error);
}

/**
 * store_history_remove_async:
 * @database: a database
 * @key: the conversation
 * @message_id: the id of a message of ours in it
 * @callback: (nullable): called when it is gone
 * @user_data: for @callback
 *
 * Takes out what a person decided not to send.
 */
void
store_history_remove_async (StoreDatabase       *database,
                            const StoreKey      *key,
                            const char          *message_id,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  Work *work = work_new (key->account, key->address, key->kind);

  work->message_id = g_strdup (message_id);
  store_task_push (database, STORE_WRITE_DURABLE, remove_message, work, work_free,
                   store_history_remove_async, NULL, callback, user_data);
}

gboolean
store_history_remove_finish (GAsyncResult  *result,
                             GError       **error)
{
  return store_task_finish (result, store_history_remove_async, error) != NULL;
}

static gboolean
read_unsent (StoreConnection  *connection,
             gpointer          data,
             GError          **error)
{
  Work *work = data;
  sqlite3_stmt *statement =
    store_connection_prepare (connection, "SELECT " STORE_ROW_COLUMNS ", conversation.address, conversation.kind "
                              "FROM account JOIN conversation ON conversation.account = account.id "
                              "JOIN message ON message.conversation = conversation.id AND message.state = 1 "
                              "LEFT JOIN sender ON sender.id = message.sender "
                              "WHERE account.address = ?1 ORDER BY message.id", error);
  StoreStep step;

  g_clear_pointer (&work->entries, g_ptr_array_unref);
  work->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) store_entry_free);
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_text (statement, 1, work->account, -1, SQLITE_STATIC);
  while ((step = store_connection_step (statement, error)) == STORE_STEP_ROW)
    {
      g_autofree char *address = store_row_get_string (statement, STORE_ROW_N_COLUMNS);

      g_ptr_array_add (work->entries, store_entry_new (address, sqlite3_column_int (statement, STORE_ROW_N_COLUMNS + 1),
                                                       store_row_get_message (statement), STORE_PLACE_TIME, 0, TRUE));
    }

  return step == STORE_STEP_DONE;
}

/**
 * store_history_read_unsent_async:
 * @database: a database
 * @account: the bare address of the account
 * @callback: called with them
 * @user_data: for @callback
 *
 * What we wrote and no server has taken, in all conversations of an account.
 */
void
store_history_read_unsent_async (StoreDatabase       *database,
                                 const char          *account,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  store_task_push (database, STORE_READ, read_unsent, work_new (account, NULL, 0), work_free,
                   store_history_read_unsent_async, NULL, callback, user_data);
}

/**
 * store_history_read_unsent_finish:
 * @result: what the callback got
 * @error: why nothing was read
 *
 * Returns: (transfer full) (element-type StoreEntry): the messages, in the order in which they were written
 */
GPtrArray *
store_history_read_unsent_finish (GAsyncResult  *result,
                                  GError       **error)
{
  Work *work = store_task_finish (result, store_history_read_unsent_async, error);

  return work != NULL ? g_steal_pointer (&work->entries) : NULL;
}
