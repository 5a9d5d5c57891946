/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-row.h"

/* (transfer full) (nullable). A damaged file may hold what is no text. */
char *
store_row_get_string (sqlite3_stmt *statement,
                      int           column)
{
  const char *text = (const char *) sqlite3_column_text (statement, column);

  if (text == NULL)
    return NULL;

  return g_utf8_validate (text, -1, NULL) ? g_strdup (text) : g_utf8_make_valid (text, -1);
}

/* (transfer full): the message of the row */
StoreMessage *
store_row_get_message (sqlite3_stmt *statement)
{
  StoreMessage *message = store_message_new ();

  message->id = sqlite3_column_int64 (statement, 0);
  message->time = sqlite3_column_int64 (statement, 1);
  message->sender = store_row_get_string (statement, 2);
  message->name = store_row_get_string (statement, 3);
  message->device = store_row_get_string (statement, 4);
  message->kind = sqlite3_column_int (statement, 5);
  message->state = CLAMP (sqlite3_column_int (statement, 6), STORE_STATE_RECEIVED, STORE_STATE_FAILED);
  message->flags = sqlite3_column_int64 (statement, 7);
  message->message_id = store_row_get_string (statement, 8);
  message->archive_id = store_row_get_string (statement, 9);
  message->body = store_row_get_string (statement, 10);
  message->failure = store_row_get_string (statement, 11);

  if (message->body == NULL)
    message->body = g_strdup ("");

  return message;
}

/* messages: (element-type StoreMessage): gets them, in the order of their ids; with reverse, the last row is the first.
 * Rows that go in circles are those of a damaged file, and would never end.
 */
gboolean
store_row_read_all (sqlite3_stmt  *statement,
                    GPtrArray     *messages,
                    gboolean       reverse,
                    GError       **error)
{
  StoreStep step;

  while ((step = store_connection_step (statement, error)) == STORE_STEP_ROW)
    {
      StoreMessage *message = store_row_get_message (statement);
      const StoreMessage *last = messages->len > 0 ? g_ptr_array_index (messages, messages->len - 1) : NULL;

      g_ptr_array_add (messages, message);
      if (last != NULL && (reverse ? message->id >= last->id : message->id <= last->id))
        {
          g_set_error_literal (error, STORE_ERROR, STORE_ERROR_CORRUPT, "Rows are not in the order of their ids");
          sqlite3_reset (statement);
          return FALSE;
        }
    }

  for (guint i = 0; reverse && i < messages->len / 2; i++)
    {
      gpointer *a = &messages->pdata[i];
      gpointer *b = &messages->pdata[messages->len - 1 - i];
      gpointer kept = *a;

      *a = *b;
      *b = kept;
    }

  return step == STORE_STEP_DONE;
}
