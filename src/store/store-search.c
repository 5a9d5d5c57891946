/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-search.h"

#include "store-row.h"
#include "store-task.h"

#include <string.h>

/* Its values are the same in both: ?1 words, ?2 from, ?3 until, ?4 how many, ?5 account, ?6 conversation, ?7 sender,
 * ?8 own
 */
#define COLUMNS                                                                                                 \
  "SELECT " STORE_ROW_COLUMNS ", account.address, conversation.address, conversation.kind "
#define JOINS                                                                                                   \
  "JOIN conversation ON conversation.id = message.conversation "                                                \
  "JOIN account ON account.id = conversation.account "                                                          \
  "LEFT JOIN sender ON sender.id = message.sender "
#define CONDITIONS                                                                                              \
  "(?5 IS NULL OR account.address = ?5) AND (?6 IS NULL OR conversation.address = ?6) AND "                     \
  "(?7 IS NULL OR sender.address = ?7) AND (?8 = 0 OR (?8 = 1) = (message.flags & 1)) "

/* CROSS: the words first, and with them the range of places, which the index of words has in its order */
static const char by_words[] =
  COLUMNS "FROM message_words CROSS JOIN message ON message.id = message_words.rowid " JOINS
  "WHERE message_words MATCH ?1 AND message_words.rowid >= ?2 AND message_words.rowid < ?3 AND " CONDITIONS
  "ORDER BY message_words.rowid DESC LIMIT ?4";

static const char by_place[] =
  COLUMNS "FROM message " JOINS "WHERE ?1 IS NULL AND message.id >= ?2 AND message.id < ?3 AND " CONDITIONS
  "ORDER BY message.id DESC LIMIT ?4";

typedef struct
{
  StoreQuery  query;
  char       *match;        /* NULL: whatever the words */
  GPtrArray  *hits;         /* of StoreHit */

  int         kind;
  GArray     *starts;       /* of gint64 */
  GArray     *days;         /* of StoreDay */
} Record;

static void
record_free (gpointer data)
{
  Record *record = data;

  g_free (record->query.account);
  g_free (record->query.address);
  g_free (record->query.sender);
  g_free (record->match);
  g_clear_pointer (&record->hits, g_ptr_array_unref);
  g_clear_pointer (&record->starts, g_array_unref);
  g_clear_pointer (&record->days, g_array_unref);
  g_free (record);
}

void
store_hit_free (StoreHit *self)
{
  g_free (self->account);
  g_free (self->address);
  g_clear_pointer (&self->message, store_message_free);
  g_free (self);
}

/* Words */

static gboolean
has_word (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isalnum (c) || g_unichar_type (c) == G_UNICODE_OTHER_SYMBOL)
        return TRUE;
    }

  return FALSE;
}

static void
add_phrase (GString    *match,
            const char *text,
            gsize       length,
            gboolean    is_begun)
{
  g_autofree char *phrase = g_strndup (text, length);

  /* What the tokenizer makes nothing of would be found nowhere */
  if (!has_word (phrase))
    return;

  g_string_append_printf (match, "%s\"%s\"%s", match->len > 0 ? " " : "", phrase, is_begun ? "*" : "");
}

/* What a person types, as FTS5 understands it: each word, or what is between quotes, and of the last word the
 * beginning. Nothing in it is syntax.
 * Returns: (transfer full) (nullable): NULL: there is no word in it
 */
char *
store_search_make_match (const char *text)
{
  g_autoptr(GString) match = g_string_new (NULL);
  const char *p = text;

  while (*p != '\0')
    {
      gboolean is_quoted = *p == '"';
      gsize length;

      p += is_quoted ? 1 : strspn (p, " \t\r\n");
      length = strcspn (p, is_quoted ? "\"" : " \t\r\n\"");
      add_phrase (match, p, length, !is_quoted && p[length] == '\0');
      p += length;
      if (is_quoted && *p == '"')
        p++;
    }

  return match->len > 0 ? g_string_free (g_steal_pointer (&match), FALSE) : NULL;
}

/* Searching */

static StoreHit *
read_hit (sqlite3_stmt *statement)
{
  StoreHit *hit = g_new0 (StoreHit, 1);

  hit->message = store_row_get_message (statement);
  hit->account = store_row_get_string (statement, STORE_ROW_N_COLUMNS);
  hit->address = store_row_get_string (statement, STORE_ROW_N_COLUMNS + 1);
  hit->kind = sqlite3_column_int (statement, STORE_ROW_N_COLUMNS + 2);

  return hit;
}

static gboolean
search (StoreConnection  *connection,
        gpointer          data,
        GError          **error)
{
  Record *record = data;
  const StoreQuery *query = &record->query;
  sqlite3_stmt *statement = store_connection_prepare (connection, record->match != NULL ? by_words : by_place, error);
  StoreStep step;

  g_clear_pointer (&record->hits, g_ptr_array_unref);
  record->hits = g_ptr_array_new_with_free_func ((GDestroyNotify) store_hit_free);
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_text (statement, 1, record->match, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 2, query->from);
  sqlite3_bind_int64 (statement, 3, query->until != 0 ? query->until : G_MAXINT64);
  sqlite3_bind_int64 (statement, 4, query->max);
  sqlite3_bind_text (statement, 5, query->account, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 6, query->address, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 7, query->sender, -1, SQLITE_STATIC);
  sqlite3_bind_int (statement, 8, query->own);

  while ((step = store_connection_step (statement, error)) == STORE_STEP_ROW)
    g_ptr_array_add (record->hits, read_hit (statement));

  return step == STORE_STEP_DONE;
}

/**
 * store_search_async:
 * @database: a database
 * @query: what is looked for; copied. With text in which there is no word nothing is found.
 * @cancellable: (nullable): ends it early
 * @callback: called with what was found
 * @user_data: for @callback
 *
 * Searches the messages of all accounts. For more than one page, the next one is until the id of the last hit.
 */
void
store_search_async (StoreDatabase       *database,
                    const StoreQuery    *query,
                    GCancellable        *cancellable,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  Record *record = g_new0 (Record, 1);

  record->query = *query;
  record->query.text = NULL;
  record->query.account = g_strdup (query->account);
  record->query.address = g_strdup (query->address);
  record->query.sender = g_strdup (query->sender);
  if (query->text != NULL && (record->match = store_search_make_match (query->text)) == NULL)
    record->query.max = 0;

  store_task_push (database, STORE_READ, search, record, record_free, store_search_async, cancellable, callback,
                   user_data);
}

/**
 * store_search_finish:
 * @result: what the callback got
 * @error: why nothing was searched
 *
 * Returns: (transfer full) (element-type StoreHit): what was found, the latest first
 */
GPtrArray *
store_search_finish (GAsyncResult  *result,
                     GError       **error)
{
  Record *record = store_task_finish (result, store_search_async, error);

  return record != NULL ? g_steal_pointer (&record->hits) : NULL;
}

/* Days */

static gboolean
count_days (StoreConnection  *connection,
            gpointer          data,
            GError          **error)
{
  Record *record = data;
  StoreKey key = { record->query.account, record->query.address, record->kind };
  sqlite3_stmt *statement;
  gint64 conversation;

  g_clear_pointer (&record->days, g_array_unref);
  record->days = g_array_new (FALSE, FALSE, sizeof (StoreDay));
  if (!store_key_find_conversation (connection, &key, FALSE, &conversation, error))
    return FALSE;

  for (guint i = 0; i + 1 < record->starts->len; i++)
    {
      StoreDay day = { g_array_index (record->starts, gint64, i), 0 };
      StoreStep step;

      statement = store_connection_prepare (connection, "SELECT count (*) FROM message WHERE conversation = ?1 AND "
                                            "id >= ?2 AND id < ?3", error);
      if (statement == NULL)
        return FALSE;

      sqlite3_bind_int64 (statement, 1, conversation);
      sqlite3_bind_int64 (statement, 2, day.start);
      sqlite3_bind_int64 (statement, 3, g_array_index (record->starts, gint64, i + 1));
      step = store_connection_step (statement, error);
      if (step == STORE_STEP_ERROR)
        return FALSE;

      day.n_messages = sqlite3_column_int64 (statement, 0);
      g_array_append_val (record->days, day);
    }

  return TRUE;
}

/**
 * store_search_days_async:
 * @database: a database
 * @key: a conversation
 * @starts: when each day begins, µs since 1970, and at last when the last one ends
 * @n_starts: how many of these
 * @cancellable: (nullable): ends it early
 * @callback: called with the days
 * @user_data: for @callback
 *
 * Counts what was said on each day, for a calendar. When a day begins is the business of who knows the time zone.
 */
void
store_search_days_async (StoreDatabase       *database,
                         const StoreKey      *key,
                         const gint64        *starts,
                         guint                n_starts,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  Record *record = g_new0 (Record, 1);

  record->query.account = g_strdup (key->account);
  record->query.address = g_strdup (key->address);
  record->kind = key->kind;
  record->starts = g_array_sized_new (FALSE, FALSE, sizeof (gint64), n_starts);
  g_array_append_vals (record->starts, starts, n_starts);

  store_task_push (database, STORE_READ, count_days, record, record_free, store_search_days_async, cancellable, callback,
                   user_data);
}

/**
 * store_search_days_finish:
 * @result: what the callback got
 * @error: why nothing was counted
 *
 * Returns: (transfer full) (element-type StoreDay): all days, also those without a word
 */
GArray *
store_search_days_finish (GAsyncResult  *result,
                          GError       **error)
{
  Record *record = store_task_finish (result, store_search_days_async, error);

  return record != NULL ? g_steal_pointer (&record->days) : NULL;
}
