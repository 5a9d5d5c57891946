/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-notices.h"

#include "store-key.h"
#include "store-message.h"
#include "store-row.h"
#include "store-task.h"

/* Of each kind an account keeps so many */
#define MAX_NOTICES 1000

typedef struct
{
  char            *account;
  StoreNotice     *notice;
  StoreNoticeKind  kind;
  guint            max;

  gint64           id;
  gboolean         is_new;
  GPtrArray       *found;        /* of StoreNotice */
} Record;

static Record *
record_new (const char *account)
{
  Record *record = g_new0 (Record, 1);

  record->account = g_strdup (account);

  return record;
}

static void
record_free (gpointer data)
{
  Record *record = data;

  g_free (record->account);
  g_clear_pointer (&record->notice, store_notice_free);
  g_clear_pointer (&record->found, g_ptr_array_unref);
  g_free (record);
}

StoreNotice *
store_notice_new (void)
{
  return g_new0 (StoreNotice, 1);
}

void
store_notice_free (StoreNotice *self)
{
  g_free (self->sender);
  g_free (self->message_id);
  g_free (self->archive_id);
  g_free (self->subject);
  g_free (self->thread);
  g_free (self->body);
  g_free (self->failure);
  g_free (self);
}

/* Adding */

static void
bind_string (sqlite3_stmt *statement,
             int           index,
             const char   *text)
{
  sqlite3_bind_text (statement, index, text, -1, SQLITE_STATIC);
}

static gint64
make_digest (const StoreNotice *notice)
{
  guint64 subject = store_message_digest (notice->subject != NULL ? notice->subject : "");
  guint64 body = store_message_digest (notice->body != NULL ? notice->body : "");

  return (gint64) (subject * 31 + body);
}

/* The one that is there; 0: none. What has the sender, the id and the text of an older one may be another (T049), as of
 * what is sent each night by a script.
 */
static gboolean
find_same (StoreConnection    *connection,
           gint64              account,
           const StoreNotice  *notice,
           gint64             *id,
           GError            **error)
{
  sqlite3_stmt *statement =
    store_connection_prepare (connection, "SELECT id, time, archive_id FROM notice WHERE account = ?1 AND kind = ?2 AND "
                              "((sender = ?3 AND message_id = ?4 AND digest = ?5) OR archive_id = ?6) "
                              "ORDER BY id DESC LIMIT 100", error);
  StoreStep step;

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, account);
  sqlite3_bind_int (statement, 2, notice->kind);
  bind_string (statement, 3, notice->sender);
  bind_string (statement, 4, notice->message_id);
  sqlite3_bind_int64 (statement, 5, make_digest (notice));
  bind_string (statement, 6, notice->archive_id);

  *id = 0;
  while ((step = store_connection_step (statement, error)) == STORE_STEP_ROW)
    {
      const char *archive_id = (const char *) sqlite3_column_text (statement, 2);
      gboolean is_archived_same = archive_id != NULL && g_strcmp0 (archive_id, notice->archive_id) == 0;

      if (is_archived_same ||
          (*id == 0 && store_message_is_near (notice->message_id, sqlite3_column_int64 (statement, 1), notice->time) &&
           !(archive_id != NULL && notice->archive_id != NULL && store_message_has_short_id (notice->message_id))))
        *id = sqlite3_column_int64 (statement, 0);

      if (is_archived_same)
        {
          sqlite3_reset (statement);
          return TRUE;
        }
    }

  return step == STORE_STEP_DONE;
}

static gboolean
insert (StoreConnection    *connection,
        gint64              account,
        const StoreNotice  *notice,
        GError            **error)
{
  sqlite3_stmt *statement =
    store_connection_prepare (connection, "INSERT INTO notice (account, kind, time, sender, flags, state, message_id, digest, "
                              "archive_id, subject, thread, body, failure) "
                              "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, account);
  sqlite3_bind_int (statement, 2, notice->kind);
  sqlite3_bind_int64 (statement, 3, notice->time);
  bind_string (statement, 4, notice->sender);
  sqlite3_bind_int64 (statement, 5, notice->flags);
  sqlite3_bind_int (statement, 6, notice->state);
  bind_string (statement, 7, notice->message_id);
  sqlite3_bind_int64 (statement, 8, make_digest (notice));
  bind_string (statement, 9, notice->archive_id);
  bind_string (statement, 10, notice->subject);
  bind_string (statement, 11, notice->thread);
  bind_string (statement, 12, notice->body);
  bind_string (statement, 13, notice->failure);

  return store_connection_run (statement, error);
}

static gboolean
trim (StoreConnection    *connection,
      gint64              account,
      const StoreNotice  *notice,
      GError            **error)
{
  sqlite3_stmt *statement =
    store_connection_prepare (connection, "DELETE FROM notice WHERE id IN (SELECT id FROM notice WHERE account = ?1 AND kind = ?2 "
                              "ORDER BY id DESC LIMIT -1 OFFSET ?3)", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, account);
  sqlite3_bind_int (statement, 2, notice->kind);
  sqlite3_bind_int (statement, 3, MAX_NOTICES);

  return store_connection_run (statement, error);
}

static gboolean
add (StoreConnection  *connection,
     gpointer          data,
     GError          **error)
{
  Record *record = data;
  gint64 account;

  if (!store_key_find_account (connection, record->account, TRUE, &account, error) ||
      !find_same (connection, account, record->notice, &record->id, error))
    return FALSE;

  record->is_new = record->id == 0;
  if (!record->is_new)
    return TRUE;

  if (!insert (connection, account, record->notice, error))
    return FALSE;

  record->id = sqlite3_last_insert_rowid (store_connection_get_handle (connection));

  return trim (connection, account, record->notice, error);
}

/**
 * store_notices_add_async:
 * @database: a database
 * @account: the bare address of an account
 * @notice: (transfer full): a headline or a letter
 * @callback: (nullable): called when it is stored
 * @user_data: for @callback
 *
 * Stores it, unless it is there. Of more than 1,000 of its kind the oldest go.
 */
void
store_notices_add_async (StoreDatabase       *database,
                         const char          *account,
                         StoreNotice         *notice,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  Record *record = record_new (account);

  record->notice = notice;
  store_task_push (database, STORE_WRITE, add, record, record_free, store_notices_add_async, NULL, callback, user_data);
}

/**
 * store_notices_add_finish:
 * @result: what the callback got
 * @is_new: (out): %FALSE: it was there
 * @error: why it is not stored
 *
 * Returns: its id; 0: it is not stored
 */
gint64
store_notices_add_finish (GAsyncResult  *result,
                          gboolean      *is_new,
                          GError       **error)
{
  Record *record = store_task_finish (result, store_notices_add_async, error);

  *is_new = record != NULL && record->is_new;

  return record != NULL ? record->id : 0;
}

/* Reading */

static StoreNotice *
read_row (sqlite3_stmt *statement)
{
  StoreNotice *notice = store_notice_new ();

  notice->id = sqlite3_column_int64 (statement, 0);
  notice->kind = sqlite3_column_int (statement, 1);
  notice->time = sqlite3_column_int64 (statement, 2);
  notice->sender = store_row_get_string (statement, 3);
  notice->flags = sqlite3_column_int64 (statement, 4);
  notice->state = CLAMP (sqlite3_column_int (statement, 5), STORE_STATE_RECEIVED, STORE_STATE_FAILED);
  notice->message_id = store_row_get_string (statement, 6);
  notice->archive_id = store_row_get_string (statement, 7);
  notice->subject = store_row_get_string (statement, 8);
  notice->thread = store_row_get_string (statement, 9);
  notice->body = store_row_get_string (statement, 10);
  notice->failure = store_row_get_string (statement, 11);

  return notice;
}

static gboolean
read_all (StoreConnection  *connection,
          gpointer          data,
          GError          **error)
{
  Record *record = data;
  sqlite3_stmt *statement =
    store_connection_prepare (connection, "SELECT notice.id, kind, time, sender, flags, state, message_id, archive_id, subject, "
                              "thread, body, failure FROM notice JOIN account ON account.id = notice.account "
                              "WHERE account.address = ?1 AND kind = ?2 ORDER BY notice.id DESC LIMIT ?3", error);
  StoreStep step;

  g_clear_pointer (&record->found, g_ptr_array_unref);
  record->found = g_ptr_array_new_with_free_func ((GDestroyNotify) store_notice_free);
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_text (statement, 1, record->account, -1, SQLITE_STATIC);
  sqlite3_bind_int (statement, 2, record->kind);
  sqlite3_bind_int64 (statement, 3, record->max);
  while ((step = store_connection_step (statement, error)) == STORE_STEP_ROW)
    g_ptr_array_add (record->found, read_row (statement));

  return step == STORE_STEP_DONE;
}

/**
 * store_notices_read_async:
 * @database: a database
 * @account: the bare address of an account
 * @kind: headlines, or letters
 * @max: how many
 * @callback: called with them
 * @user_data: for @callback
 *
 * Reads the latest of them.
 */
void
store_notices_read_async (StoreDatabase       *database,
                          const char          *account,
                          StoreNoticeKind      kind,
                          guint                max,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  Record *record = record_new (account);

  record->kind = kind;
  record->max = max;
  store_task_push (database, STORE_READ, read_all, record, record_free, store_notices_read_async, NULL, callback, user_data);
}

/**
 * store_notices_read_finish:
 * @result: what the callback got
 * @error: why nothing was read
 *
 * Returns: (transfer full) (element-type StoreNotice): the latest first
 */
GPtrArray *
store_notices_read_finish (GAsyncResult  *result,
                           GError       **error)
{
  Record *record = store_task_finish (result, store_notices_read_async, error);

  return record != NULL ? g_steal_pointer (&record->found) : NULL;
}

/* Changing */

static gboolean
update (StoreConnection  *connection,
        gpointer          data,
        GError          **error)
{
  Record *record = data;
  sqlite3_stmt *statement =
    store_connection_prepare (connection, "UPDATE notice SET flags = ?2, state = ?3, failure = ?4 WHERE id = ?1", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, record->id);
  sqlite3_bind_int64 (statement, 2, record->notice->flags);
  sqlite3_bind_int (statement, 3, record->notice->state);
  bind_string (statement, 4, record->notice->failure);

  return store_connection_run (statement, error);
}

static gboolean
remove_one (StoreConnection  *connection,
            gpointer          data,
            GError          **error)
{
  Record *record = data;
  sqlite3_stmt *statement = store_connection_prepare (connection, "DELETE FROM notice WHERE id = ?1", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, record->id);

  return store_connection_run (statement, error);
}

/**
 * store_notices_update:
 * @database: a database
 * @id: of a notice
 * @flags: #StoreNoticeFlags
 * @state: of an own one
 * @failure: (nullable): why it failed, in words
 *
 * Stores what became of it.
 */
void
store_notices_update (StoreDatabase *database,
                      gint64         id,
                      guint          flags,
                      int            state,
                      const char    *failure)
{
  Record *record = record_new (NULL);

  record->id = id;
  record->notice = store_notice_new ();
  record->notice->flags = flags;
  record->notice->state = state;
  record->notice->failure = g_strdup (failure);
  store_task_push (database, STORE_WRITE, update, record, record_free, store_notices_update, NULL, NULL, NULL);
}

/**
 * store_notices_remove:
 * @database: a database
 * @id: of a notice
 *
 * Throws it away.
 */
void
store_notices_remove (StoreDatabase *database,
                      gint64         id)
{
  Record *record = record_new (NULL);

  record->id = id;
  store_task_push (database, STORE_WRITE, remove_one, record, record_free, store_notices_remove, NULL, NULL, NULL);
}
