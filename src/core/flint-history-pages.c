/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages of archives: to the disk, and from there into the conversations */
#include "flint-history-pages.h"

#include "flint-account-private.h"
#include "flint-conversation-private.h"
#include "flint-delivery.h"
#include "flint-message-private.h"
#include "flint-timeline-private.h"

/* A page on its way to the disk */
typedef struct
{
  GPtrArray *all;           /* of FlintArchived */
  gboolean   is_news;
} Page;

static void
page_free (gpointer data)
{
  Page *page = data;

  g_ptr_array_unref (page->all);
  g_free (page);
}

/* (transfer full) (element-type StoreEntry): of those that say something */
static GPtrArray *
make_entries (const Page *page,
              StorePlace  place)
{
  GPtrArray *entries = g_ptr_array_new_full (page->all->len, (GDestroyNotify) store_entry_free);

  for (guint i = 0; i < page->all->len; i++)
    {
      const FlintArchived *one = g_ptr_array_index (page->all, i);
      FlintConversation *conversation = one->conversation;

      if (one->message != NULL)
        g_ptr_array_add (entries, store_entry_new (xmpp_jid_get_text (flint_conversation_get_jid (conversation)),
                                                   flint_conversation_get_kind (conversation),
                                                   flint_history_make_row (conversation, one->message), place,
                                                   flint_conversation_get_live_place (conversation),
                                                   flint_message_has_own_id (one->message)));
    }

  return entries;
}

/* It was there: what is known of it now that was not */
static void
take_known (FlintArchived    *one,
            const StoreAdded *added)
{
  FlintTimeline *timeline = flint_conversation_get_timeline (one->conversation);
  FlintMessage *same = flint_timeline_find_same (timeline, one->message);

  if (same == NULL)
    return;

  flint_timeline_set_stored (timeline, same, added->id, flint_message_get_archive_id (one->message));
  if (flint_message_is_own (same) && added->state != STORE_STATE_PENDING && added->state != STORE_STATE_RECEIVED &&
      (flint_message_get_state (same) == FLINT_MESSAGE_PENDING || flint_message_get_state (same) == FLINT_MESSAGE_FAILED))
    flint_timeline_set_state (timeline, same, (FlintMessageState) added->state, NULL);
}

static void
take_receipt (FlintHistory  *history,
              FlintArchived *one)
{
  if (!flint_delivery_take_receipt (one->conversation, one->received_id))
    flint_history_set_state (history, one->conversation, one->received_id, FLINT_MESSAGE_DELIVERED, NULL, FALSE);
}

/* The new ones of each conversation, in their order */
static void
add_new (GHashTable    *news,
         FlintArchived *one)
{
  GPtrArray *messages = g_hash_table_lookup (news, one->conversation);

  if (messages == NULL)
    {
      messages = g_ptr_array_new_with_free_func (g_object_unref);
      g_hash_table_insert (news, g_object_ref (one->conversation), messages);
    }

  g_ptr_array_add (messages, g_object_ref (one->message));
}

/* added: (nullable): NULL: the disk does not take it now */
static void
show_page (FlintHistory *history,
           const Page   *page,
           GArray       *added)
{
  g_autoptr(GHashTable) news = g_hash_table_new_full (NULL, NULL, g_object_unref, (GDestroyNotify) g_ptr_array_unref);
  GHashTableIter iter;
  gpointer conversation;
  gpointer messages;
  guint n = 0;

  for (guint i = 0; i < page->all->len; i++)
    {
      FlintArchived *one = g_ptr_array_index (page->all, i);
      const StoreAdded *result = one->message != NULL && added != NULL ? &g_array_index (added, StoreAdded, n++) : NULL;

      if (one->message == NULL)
        continue;

      if (result != NULL && !result->is_new)
        {
          take_known (one, result);
          continue;
        }

      flint_message_set_place (one->message, result != NULL ? result->id : flint_message_get_time (one->message));
      flint_message_set_stored (one->message, result != NULL);
      add_new (news, one);
    }

  g_hash_table_iter_init (&iter, news);
  while (g_hash_table_iter_next (&iter, &conversation, &messages))
    flint_conversation_take_archived (conversation, messages, page->is_news);

  for (guint i = 0; i < page->all->len; i++)
    {
      FlintArchived *one = g_ptr_array_index (page->all, i);

      if (one->received_id != NULL)
        take_receipt (history, one);
    }
}

static void
on_stored (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  FlintHistory *history = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) added = store_history_add_page_finish (result, &error);

  /* Who waited was told, when the disk did not take it */
  if (!flint_history_end_waiting (history, task) || g_task_return_error_if_cancelled (task))
    return;

  if (added == NULL)
    g_debug ("A page was not stored: %s", error->message);

  show_page (history, g_task_get_task_data (task), added);
  g_task_return_int (task, added != NULL ? FLINT_STORED : FLINT_STORED_LATER);
}

/**
 * flint_history_add_page_async:
 * @self: the history
 * @account: whose
 * @all: (transfer full) (element-type FlintArchived): what is in it, in its order
 * @place: behind, or before what is known
 * @position: (nullable): how far the archive is read with it
 * @is_news: whether somebody is to be told of what is new in it
 * @cancellable: (nullable): to lose interest; it is stored all the same
 * @callback: called when it is on the disk and in the conversations
 * @user_data: for @callback
 *
 * Stores a page, and shows what is new.
 */
void
flint_history_add_page_async (FlintHistory        *self,
                              FlintAccount        *account,
                              GPtrArray           *all,
                              StorePlace           place,
                              const StorePosition *position,
                              gboolean             is_news,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Page *page = g_new0 (Page, 1);
  GPtrArray *entries;

  page->all = all;
  page->is_news = is_news;
  g_task_set_source_tag (task, flint_history_add_page_async);
  g_task_set_task_data (task, page, page_free);

  /* It is in the archive, and can be asked for again */
  if (flint_history_get_failure (self) != NULL)
    {
      show_page (self, page, NULL);
      g_task_return_int (task, FLINT_STORED_LATER);
      return;
    }

  entries = make_entries (page, place);
  flint_history_begin_waiting (self, task);
  store_history_add_page_async (flint_history_get_database (self), xmpp_jid_get_text (flint_account_get_jid (account)), entries,
                                position, FALSE, on_stored, g_object_ref (task));
}

/**
 * flint_history_add_page_finish:
 * @self: the history
 * @result: what the callback got
 * @error: G_IO_ERROR_CANCELLED
 *
 * Returns: whether it is on the disk
 */
gboolean
flint_history_add_page_finish (FlintHistory  *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_int (G_TASK (result), error) == FLINT_STORED;
}

/* How far an archive is read */

static void
on_position (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  gint64 *last_time = g_task_get_task_data (task);
  GError *error = NULL;
  char *last_id = store_history_get_position_finish (result, last_time, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, last_id, g_free);
}

/**
 * flint_history_get_position_async:
 * @self: the history
 * @account: whose
 * @room: (nullable): whose archive; %NULL: the account's
 * @cancellable: (nullable): to lose interest
 * @callback: called with it
 * @user_data: for @callback
 *
 * How far an archive has been read.
 */
void
flint_history_get_position_async (FlintHistory        *self,
                                  FlintAccount        *account,
                                  FlintRoom           *room,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, flint_history_get_position_async);
  g_task_set_task_data (task, g_new0 (gint64, 1), g_free);
  store_history_get_position_async (flint_history_get_database (self), xmpp_jid_get_text (flint_account_get_jid (account)),
                                    room != NULL ? xmpp_jid_get_text (flint_room_get_jid (room)) : "", on_position, task);
}

/**
 * flint_history_get_position_finish:
 * @self: the history
 * @result: what the callback got
 * @last_time: (out): of the last message, µs since 1970; 0: it was never read
 * @error: why that is not known
 *
 * Returns: (transfer full) (nullable): its id in the archive
 */
char *
flint_history_get_position_finish (FlintHistory  *self,
                                   GAsyncResult  *result,
                                   gint64        *last_time,
                                   GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  *last_time = *(gint64 *) g_task_get_task_data (G_TASK (result));

  return g_task_propagate_pointer (G_TASK (result), error);
}
