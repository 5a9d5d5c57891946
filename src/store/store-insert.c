/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-insert.h"

#include <string.h>

/* Of a message without any id, the archive's copy may have this much of another time (µs) */
#define NEAR          (60 * G_USEC_PER_SEC)

/* Of those that one sender gave one id and one text, so many are compared, the latest ones */
#define MAX_COPIES    256

/* Places are between these, which leaves room before what was said in 1970, and no sum of two is too large */
#define FIRST_PLACE   (1000000 * (gint64) G_USEC_PER_SEC)
#define LAST_PLACE    (G_MAXINT64 / 2)

/* A free place is looked for one by one among so many; then a second later */
#define STEPS         1000
#define SECOND        1000000

/* What is heard now leaves so much between it and what its clock says is later: when it is the first after a time without
 * a connection, what was missed goes there
 */
#define ROOM          10000

/* What is in the file of the message that is to be stored */
typedef struct
{
  gint64     id;             /* 0: nothing */
  gint64     time;
  StoreState state;
  gboolean   is_archived;
  gint64     copy;
} Found;

static void
bind_string (sqlite3_stmt *statement,
             int           index,
             const char   *text)
{
  sqlite3_bind_text (statement, index, text, -1, SQLITE_STATIC);
}

static void
bind_sender (sqlite3_stmt *statement,
             int           index,
             gint64        sender)
{
  if (sender != 0)
    sqlite3_bind_int64 (statement, index, sender);
}

static gint64
clamp_place (gint64 time)
{
  return CLAMP (time, FIRST_PLACE, LAST_PLACE);
}

#define FIND "SELECT id, time, state, archive_id, copy FROM message WHERE conversation = ?1 AND "

static void
read_found (sqlite3_stmt *statement,
            Found        *found)
{
  found->id = sqlite3_column_int64 (statement, 0);
  found->time = sqlite3_column_int64 (statement, 1);
  found->state = CLAMP (sqlite3_column_int (statement, 2), STORE_STATE_RECEIVED, STORE_STATE_FAILED);
  found->is_archived = sqlite3_column_type (statement, 3) != SQLITE_NULL;
  found->copy = sqlite3_column_int64 (statement, 4);
}

static gboolean
take_found (sqlite3_stmt  *statement,
            Found         *found,
            GError       **error)
{
  StoreStep step = store_connection_step (statement, error);

  memset (found, 0, sizeof *found);
  if (step != STORE_STEP_ROW)
    return step == STORE_STEP_DONE;

  read_found (statement, found);
  sqlite3_reset (statement);

  return TRUE;
}

static gboolean
find_archived (StoreConnection     *connection,
               gint64               conversation,
               const StoreMessage  *message,
               Found               *found,
               GError             **error)
{
  sqlite3_stmt *statement =
    store_connection_prepare (connection, FIND "archive_id = ?2", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, conversation);
  bind_string (statement, 2, message->archive_id);

  return take_found (statement, found, error);
}

/* Although it has the sender, the id and the text of one that is there (T049). Two that one archive tells apart were sent
 * twice under one id, or by a program that gives its ids again and again; and of a short id it is known that it does.
 */
static gboolean
is_another (const StoreMessage *message,
            const StorePlacing *placing,
            const Found        *found)
{
  gboolean has_two_archive_ids = message->archive_id != NULL && found->is_archived;

  if (placing->has_own_id)
    return FALSE;

  if (store_message_has_short_id (message->message_id))
    return has_two_archive_ids || !store_message_is_near (message->message_id, message->time, found->time);

  return has_two_archive_ids && !store_message_is_near (message->message_id, message->time, found->time);
}

/* Of those that have its sender, id and text the one that it is, the nearest one.
 * copy: (out): what it is if it is none of them
 */
static gboolean
find_same (StoreConnection     *connection,
           gint64               conversation,
           gint64               sender,
           const StoreMessage  *message,
           const StorePlacing  *placing,
           gint64               digest,
           Found               *same,
           gint64              *copy,
           GError             **error)
{
  sqlite3_stmt *statement =
    store_connection_prepare (connection, FIND "message_id = ?2 AND sender IS ?3 AND digest = ?4 "
                              "ORDER BY copy DESC LIMIT " G_STRINGIFY (MAX_COPIES), error);
  StoreStep step;

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, conversation);
  bind_string (statement, 2, message->message_id);
  bind_sender (statement, 3, sender);
  sqlite3_bind_int64 (statement, 4, digest);

  while ((step = store_connection_step (statement, error)) == STORE_STEP_ROW)
    {
      Found found;

      read_found (statement, &found);
      *copy = MAX (*copy, found.copy + 1);
      if (!is_another (message, placing, &found) &&
          (same->id == 0 || store_message_get_span (found.time, message->time) <
                              store_message_get_span (same->time, message->time)))
        *same = found;
    }

  return step == STORE_STEP_DONE;
}

/* What came without an id, and has one only in its archive */
static gboolean
find_near (StoreConnection     *connection,
           gint64               conversation,
           gint64               sender,
           const StoreMessage  *message,
           gint64               digest,
           Found               *found,
           GError             **error)
{
  sqlite3_stmt *statement =
    store_connection_prepare (connection, FIND "id BETWEEN ?2 AND ?3 AND message_id IS NULL AND "
                              "archive_id IS NULL AND sender IS ?4 AND digest = ?5 LIMIT 1", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, conversation);
  sqlite3_bind_int64 (statement, 2, clamp_place (message->time) - NEAR);
  sqlite3_bind_int64 (statement, 3, clamp_place (message->time) + NEAR);
  bind_sender (statement, 4, sender);
  sqlite3_bind_int64 (statement, 5, digest);

  return take_found (statement, found, error);
}

/* What has been proven is not forgotten: read, not only delivered; sent, although it looked lost */
guint
store_insert_get_earlier (StoreState state)
{
  switch (state)
    {
    case STORE_STATE_PENDING:
      return 1 << STORE_STATE_FAILED;

    case STORE_STATE_SENT:
      return 1 << STORE_STATE_PENDING | 1 << STORE_STATE_FAILED;

    case STORE_STATE_DELIVERED:
      return 1 << STORE_STATE_PENDING | 1 << STORE_STATE_FAILED | 1 << STORE_STATE_SENT;

    case STORE_STATE_READ:
      return 1 << STORE_STATE_PENDING | 1 << STORE_STATE_FAILED | 1 << STORE_STATE_SENT | 1 << STORE_STATE_DELIVERED;

    case STORE_STATE_FAILED:
      return 1 << STORE_STATE_PENDING | 1 << STORE_STATE_SENT;

    case STORE_STATE_RECEIVED:
    default:
      return 0;
    }
}

/* It is there: what is known of it now that was not */
static gboolean
merge (StoreConnection     *connection,
       const StoreMessage  *message,
       const Found         *found,
       StoreAdded          *added,
       GError             **error)
{
  gboolean is_later = (store_insert_get_earlier (message->state) & 1 << found->state) != 0 &&
                      message->state != STORE_STATE_PENDING;
  gboolean is_archived_now = message->archive_id != NULL && !found->is_archived;
  sqlite3_stmt *statement;

  added->id = found->id;
  added->is_new = FALSE;
  added->state = is_later ? message->state : found->state;

  if (!is_later && !is_archived_now)
    return TRUE;

  statement = store_connection_prepare (connection, "UPDATE message SET archive_id = ifnull (archive_id, ?2), state = ?3, "
                                        "failure = CASE WHEN ?3 = 5 THEN ifnull (?4, failure) END WHERE id = ?1", error);
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, found->id);
  bind_string (statement, 2, message->archive_id);
  sqlite3_bind_int (statement, 3, added->state);
  bind_string (statement, 4, message->failure);

  return store_connection_run (statement, error);
}

/* The last id of the conversation that is smaller than bound, or the first one of all; 0: none */
static gboolean
find_neighbour (StoreConnection  *connection,
                gint64            conversation,
                gint64            bound,
                gboolean          is_first,
                gint64           *id,
                GError          **error)
{
  sqlite3_stmt *statement =
    store_connection_prepare (connection, is_first ? "SELECT min (id) FROM message WHERE conversation = ?1"
                                                   : "SELECT max (id) FROM message WHERE conversation = ?1 AND id < ?2",
                              error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, conversation);
  if (!is_first)
    sqlite3_bind_int64 (statement, 2, bound);

  if (store_connection_step (statement, error) != STORE_STEP_ROW)
    return FALSE;

  /* A damaged file may have one that nothing can be added to */
  *id = CLAMP (sqlite3_column_int64 (statement, 0), -LAST_PLACE, LAST_PLACE);
  sqlite3_reset (statement);

  return TRUE;
}

/* The value of a statement whose only one is a place; 0: there is no row, or nothing in it */
static gboolean
look_up (StoreConnection  *connection,
         const char       *sql,
         gint64            id,
         gint64           *found,
         GError          **error)
{
  sqlite3_stmt *statement = store_connection_prepare (connection, sql, error);
  StoreStep step;

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, id);
  step = store_connection_step (statement, error);
  if (step == STORE_STEP_ERROR)
    return FALSE;

  *found = step == STORE_STEP_ROW ? sqlite3_column_int64 (statement, 0) : 0;
  sqlite3_reset (statement);

  return TRUE;
}

/* Times are often of whole seconds, and many are in one: the next place that nobody has, in any conversation. Where there
 * are more than a few in a row, it is the one behind all of that second, but not at or behind bound.
 */
static gboolean
find_free (StoreConnection  *connection,
           gint64           *id,
           gint64            bound,
           GError          **error)
{
  for (;;)
    {
      gint64 found;

      if (!look_up (connection, "SELECT id FROM message WHERE id = ?1", *id, &found, error))
        return FALSE;

      if (found == 0)
        return TRUE;

      if (!look_up (connection, "SELECT id + 1 FROM message AS m WHERE id BETWEEN ?1 AND ?1 + " G_STRINGIFY (STEPS) " AND "
                    "NOT EXISTS (SELECT 1 FROM message WHERE id = m.id + 1) ORDER BY id LIMIT 1", *id, &found, error))
        return FALSE;

      if (found == 0 &&
          !look_up (connection, "SELECT max (id) + 1 FROM message WHERE id BETWEEN ?1 AND ?1 + " G_STRINGIFY (SECOND), *id,
                    &found, error))
        return FALSE;

      *id = *id < bound && found >= bound ? *id + STEPS : found;
    }
}

/* The same towards what was before */
static gboolean
find_free_before (StoreConnection  *connection,
                  gint64           *id,
                  GError          **error)
{
  for (;;)
    {
      gint64 found;

      if (!look_up (connection, "SELECT id FROM message WHERE id = ?1", *id, &found, error))
        return FALSE;

      if (found == 0)
        return TRUE;

      if (!look_up (connection, "SELECT id - 1 FROM message AS m WHERE id BETWEEN ?1 - " G_STRINGIFY (STEPS) " AND ?1 AND "
                    "NOT EXISTS (SELECT 1 FROM message WHERE id = m.id - 1) ORDER BY id DESC LIMIT 1", *id, &found, error))
        return FALSE;

      if (found == 0 &&
          !look_up (connection, "SELECT min (id) - 1 FROM message WHERE id BETWEEN ?1 - " G_STRINGIFY (SECOND) " AND ?1", *id,
                    &found, error))
        return FALSE;

      *id = found;
    }
}

static gboolean
find_place (StoreConnection     *connection,
            gint64               conversation,
            const StoreMessage  *message,
            const StorePlacing  *placing,
            gint64              *id,
            GError             **error)
{
  gint64 bound = placing->bound != 0 ? placing->bound : G_MAXINT64;
  gint64 neighbour = 0;

  *id = clamp_place (message->id != 0 ? message->id : message->time);

  switch (placing->place)
    {
    case STORE_PLACE_LAST:
      if (!find_neighbour (connection, conversation, G_MAXINT64, FALSE, &neighbour, error))
        return FALSE;
      if (neighbour != 0 && *id <= neighbour)
        *id = neighbour + ROOM;
      break;

    case STORE_PLACE_NEXT:
      if (!find_neighbour (connection, conversation, bound, FALSE, &neighbour, error))
        return FALSE;

      /* Where our clock is slow, its time is after what came later */
      *id = MAX (*id, neighbour + 1);
      if (*id >= bound)
        *id = neighbour != 0 ? neighbour + 1 : bound - SECOND;
      break;

    case STORE_PLACE_BEFORE:
      if (!find_neighbour (connection, conversation, 0, TRUE, &neighbour, error))
        return FALSE;
      if (neighbour != 0)
        *id = MIN (*id, neighbour - 1);
      return find_free_before (connection, id, error);

    case STORE_PLACE_TIME:
    default:
      /* Of those with a time of whole seconds, behind the others of its second */
      if (*id % SECOND == 0 && !find_neighbour (connection, conversation, *id + SECOND, FALSE, &neighbour, error))
        return FALSE;
      if (*id % SECOND == 0)
        *id = MAX (*id, neighbour + 1);
      break;
    }

  return find_free (connection, id, bound, error);
}

static gboolean
insert (StoreConnection     *connection,
        gint64               conversation,
        gint64               sender,
        const StoreMessage  *message,
        gint64               digest,
        gint64               copy,
        gint64               id,
        GError             **error)
{
  sqlite3_stmt *statement =
    store_connection_prepare (connection, "INSERT INTO message (id, conversation, time, sender, name, device, kind, state, "
                              "flags, message_id, digest, copy, archive_id, body, failure) "
                              "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, id);
  sqlite3_bind_int64 (statement, 2, conversation);
  sqlite3_bind_int64 (statement, 3, message->time);
  bind_sender (statement, 4, sender);
  bind_string (statement, 5, message->name);
  bind_string (statement, 6, message->device);
  sqlite3_bind_int (statement, 7, message->kind);
  sqlite3_bind_int (statement, 8, message->state);
  sqlite3_bind_int64 (statement, 9, message->flags);
  bind_string (statement, 10, message->message_id);
  sqlite3_bind_int64 (statement, 11, digest);
  sqlite3_bind_int64 (statement, 12, copy);
  bind_string (statement, 13, message->archive_id);
  bind_string (statement, 14, message->body);
  bind_string (statement, 15, message->failure);

  return store_connection_run (statement, error);
}

/* An id without anything in it is none (T049) */
static char *
take_id (char *id)
{
  return id != NULL && *id != '\0' ? id : NULL;
}

/* Once, however often it comes: live, as a carbon, from an archive, from a room (F25) */
gboolean
store_insert_message (StoreConnection     *connection,
                      gint64               conversation,
                      const StoreMessage  *source,
                      const StorePlacing  *placing,
                      StoreAdded          *added,
                      GError             **error)
{
  StoreMessage known = *source;     /* borrows its strings */
  const StoreMessage *message = &known;
  gint64 digest = store_message_digest (source->body);
  gint64 sender = 0;
  gint64 copy = 0;
  Found found = { 0 };

  known.message_id = take_id (source->message_id);
  known.archive_id = take_id (source->archive_id);

  if (message->archive_id != NULL && !find_archived (connection, conversation, message, &found, error))
    return FALSE;

  if (found.id == 0 && message->sender != NULL &&
      !store_key_find_sender (connection, message->sender, TRUE, &sender, error))
    return FALSE;

  if (found.id == 0 && message->message_id != NULL)
    {
      if (!find_same (connection, conversation, sender, message, placing, digest, &found, &copy, error))
        return FALSE;
    }
  else if (found.id == 0 && message->archive_id != NULL &&
           !find_near (connection, conversation, sender, message, digest, &found, error))
    {
      return FALSE;
    }

  if (found.id != 0)
    return merge (connection, message, &found, added, error);

  if (!find_place (connection, conversation, message, placing, &added->id, error))
    return FALSE;

  added->is_new = TRUE;
  added->state = message->state;

  return insert (connection, conversation, sender, message, digest, copy, added->id, error);
}
