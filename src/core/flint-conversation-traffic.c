/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes into a conversation and what goes out of it: each message is shown once and stored once, whichever way
 * and however often it comes; what we write is on the disk before it is on the wire.
 */
#include "flint-conversation-internal.h"

#include "flint-account-private.h"
#include "flint-conversation-messages.h"
#include "flint-history.h"
#include "flint-message-private.h"
#include "flint-timeline-private.h"

#include <string.h>

/* A message that the disk has yet to say something of */
typedef struct
{
  FlintConversation *conversation;     /* owned */
  gboolean           is_news;
} Arrival;

static Arrival *
arrival_new (FlintConversation *conversation,
             gboolean           is_news)
{
  Arrival *arrival = g_new0 (Arrival, 1);

  arrival->conversation = g_object_ref (conversation);
  arrival->is_news = is_news;

  return arrival;
}

static void
arrival_free (Arrival *arrival)
{
  g_object_unref (arrival->conversation);
  g_free (arrival);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Arrival, arrival_free)

static FlintHistory *
get_history (FlintConversation *self)
{
  return flint_account_get_history (self->account);
}

/* Receiving */

static void
show (FlintConversation *self,
      FlintMessage      *message,
      gboolean           is_news)
{
  flint_timeline_add (self->timeline, message);
  flint_conversation_set_last_time (self, flint_message_get_time (message));
  if (self->live_place == 0 && !flint_message_is_delayed (message))
    self->live_place = flint_message_get_place (message);

  if (is_news && self->awaits_unread && !self->is_watched)
    {
      flint_timeline_set_first_unread (self->timeline, message);
      self->awaits_unread = FALSE;
    }

  if (is_news && !self->is_watched)
    flint_conversation_set_unread (self, self->unread + 1,
                                   self->mentions + (flint_message_is_mention (message) ? 1 : 0));

  flint_conversation_emit_received (self, message, is_news);
}

/* It was there before we asked: it is not shown a second time */
static void
take_back (FlintConversation *self,
           FlintMessage      *message,
           gboolean           is_news)
{
  guint n_mentions = flint_message_is_mention (message) ? 1 : 0;

  flint_timeline_remove (self->timeline, message);

  if (is_news && self->unread > 0)
    flint_conversation_set_unread (self, self->unread - 1, self->mentions - MIN (self->mentions, n_mentions));
}

static void
on_live_stored (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(Arrival) arrival = user_data;
  FlintConversation *self = arrival->conversation;
  FlintHistory *history = (FlintHistory *) source;
  FlintMessage *message;
  FlintStored stored = flint_history_add_finish (history, result, &message);

  if (stored == FLINT_STORED_BEFORE)
    take_back (self, message, arrival->is_news);
  else if (stored == FLINT_STORED && self->unread == 0)
    flint_history_set_read (history, self, flint_message_get_place (message));
}

static void
on_late_stored (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(Arrival) arrival = user_data;
  FlintConversation *self = arrival->conversation;
  FlintHistory *history = (FlintHistory *) source;
  FlintMessage *message;
  FlintStored stored = flint_history_add_finish (history, result, &message);

  if (stored != FLINT_STORED_BEFORE && flint_timeline_find_same (self->timeline, message) == NULL)
    show (self, message, arrival->is_news);

  if (stored == FLINT_STORED && self->unread == 0)
    flint_history_set_read (history, self, flint_message_get_place (message));
}

/* What waited somewhere may have come before: the disk is asked first. What comes now is shown at once. */
static void
take (FlintConversation *self,
      FlintMessage      *message,
      gboolean           is_news)
{
  if (flint_timeline_find_same (self->timeline, message) != NULL)
    return;

  if (flint_message_is_delayed (message))
    {
      flint_history_add_async (get_history (self), self, message, STORE_PLACE_TIME, on_late_stored,
                               arrival_new (self, is_news));
      return;
    }

  show (self, message, is_news);
  flint_history_add_async (get_history (self), self, message, STORE_PLACE_LAST, on_live_stored,
                           arrival_new (self, is_news));
}

/* is_news: somebody is to be told of it, for nobody was when it was said */
void
flint_conversation_receive (FlintConversation *self,
                            const XmppMessage *message,
                            gboolean           is_news)
{
  g_autoptr(FlintMessage) received = flint_conversation_make_received (self, message);

  if (self->lock != NULL && message->carbon == XMPP_CARBON_NONE)
    flint_device_lock_set (self->lock, message->from);

  if (self->kind != FLINT_CONVERSATION_ROOM)
    flint_typing_receive (self->typing, message->chat_state);

  take (self, received, is_news && flint_message_get_kind (received) == FLINT_MESSAGE_TEXT);
}

/* Another device of ours said it, or the room tells what we said before */
void
flint_conversation_receive_own (FlintConversation *self,
                                const XmppMessage *message)
{
  g_autoptr(FlintMessage) sent = flint_conversation_make_own (self, message);

  take (self, sent, FALSE);
}

/* Archives */

/* What was missed stands before what came since the login; see StorePlacing */
gint64
flint_conversation_get_live_place (FlintConversation *self)
{
  return self->live_place;
}

/* Where what others said begins that we have not answered; what is before it we have read, somewhere */
static guint
find_unanswered (GPtrArray *messages)
{
  for (guint i = messages->len; i > 0; i--)
    if (flint_message_is_own (g_ptr_array_index (messages, i - 1)))
      return i;

  return 0;
}

static void
count_missed (FlintConversation *self,
              GPtrArray         *messages,
              guint              first)
{
  guint n_unread = first == 0 ? self->unread : 0;
  guint n_mentions = first == 0 ? self->mentions : 0;

  for (guint i = first; i < messages->len && !self->is_watched; i++)
    {
      FlintMessage *message = g_ptr_array_index (messages, i);

      if (flint_message_get_kind (message) != FLINT_MESSAGE_TEXT)
        continue;

      n_unread++;
      n_mentions += flint_message_is_mention (message) ? 1 : 0;
      if (self->awaits_unread)
        {
          flint_timeline_set_first_unread (self->timeline, message);
          self->awaits_unread = FALSE;
        }
    }

  flint_conversation_set_unread (self, n_unread, n_mentions);
}

/* Out of an archive, in their order, with their places: what is new to the disk */
void
flint_conversation_take_archived (FlintConversation *self,
                                  GPtrArray         *messages,
                                  gboolean           is_news)
{
  guint first = find_unanswered (messages);
  FlintMessage *last = g_ptr_array_index (messages, messages->len - 1);

  flint_timeline_add_page (self->timeline, messages);
  flint_conversation_set_last_time (self, flint_message_get_time (last));
  if (is_news)
    count_missed (self, messages, first);

  for (guint i = 0; i < messages->len; i++)
    flint_conversation_emit_received (self, g_ptr_array_index (messages, i), is_news && i >= first);

  if (self->unread == 0)
    flint_history_set_read (get_history (self), self, flint_message_get_place (last));
}

/* Sending */

/* What became of a message of ours: in the timeline, and on the disk */
void
flint_conversation_set_message_state (FlintConversation *self,
                                      FlintMessage      *message,
                                      FlintMessageState  state,
                                      const char        *failure)
{
  flint_timeline_set_state (self->timeline, message, state, failure);
  flint_history_set_state (get_history (self), self, flint_message_get_id (message), state, failure, FALSE);
}

/* A person may have thought better of it meanwhile */
static void
on_said_stored (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(FlintConversation) self = user_data;
  FlintMessage *message;

  flint_history_add_finish ((FlintHistory *) source, result, &message);
  flint_message_set_ready (message, TRUE);

  if (flint_timeline_find_own (self->timeline, flint_message_get_id (message)) == message &&
      flint_message_get_state (message) == FLINT_MESSAGE_PENDING && self->outbox != NULL)
    flint_outbox_send (self->outbox, flint_conversation_get_address (self), message);
}

/**
 * flint_conversation_send:
 * @self: a conversation
 * @text: what to say
 *
 * Says it. It stands in the timeline at once, and is on the disk before it goes out; without a connection it waits
 * there, and is sent when there is one, also after the program was ended.
 *
 * Returns: whether it was taken: not when there is nothing to say, or "can-send" says no
 */
gboolean
flint_conversation_send (FlintConversation *self,
                         const char        *text)
{
  g_autoptr(FlintMessage) message = NULL;

  g_return_val_if_fail (FLINT_IS_CONVERSATION (self), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  if (!self->can_send || text[strspn (text, " \t\r\n")] == '\0' || !g_utf8_validate (text, -1, NULL))
    return FALSE;

  message = flint_conversation_make_said (self, text);
  flint_timeline_add (self->timeline, message);
  if (self->live_place == 0)
    self->live_place = flint_message_get_place (message);
  flint_conversation_set_last_time (self, flint_message_get_time (message));
  flint_history_add_async (get_history (self), self, message, STORE_PLACE_LAST, on_said_stored, g_object_ref (self));

  return TRUE;
}

/* From the disk: what was written, and not sent, when the program ended. In a room, and with somebody in one, a person
 * decides: it may be there already, and he may be somebody else.
 */
void
flint_conversation_take_unsent (FlintConversation *self,
                                FlintMessage      *message,
                                const char        *failure)
{
  if (flint_timeline_find_same (self->timeline, message) != NULL)
    return;

  flint_message_set_ready (message, TRUE);
  flint_message_set_doubtful (message, TRUE);
  flint_timeline_add (self->timeline, message);
  flint_conversation_set_last_time (self, flint_message_get_time (message));

  if (failure != NULL)
    flint_conversation_set_message_state (self, message, FLINT_MESSAGE_FAILED, failure);
  else if (flint_account_is_caught_up (self->account))
    flint_conversation_caught_up (self);
}

/**
 * flint_conversation_retry:
 * @self: a conversation
 * @message: one of its own messages that failed
 *
 * Sends it again, under the same id.
 */
void
flint_conversation_retry (FlintConversation *self,
                          FlintMessage      *message)
{
  g_return_if_fail (FLINT_IS_CONVERSATION (self));
  g_return_if_fail (FLINT_IS_MESSAGE (message));

  if (flint_message_get_state (message) != FLINT_MESSAGE_FAILED || !self->can_send)
    return;

  flint_message_set_written (message, FALSE);
  flint_message_set_ready (message, TRUE);
  flint_conversation_set_message_state (self, message, FLINT_MESSAGE_PENDING, NULL);
  flint_outbox_send (self->outbox, flint_conversation_get_address (self), message);
}

/**
 * flint_conversation_discard:
 * @self: a conversation
 * @message: one of its own messages that failed, or waits
 *
 * Takes it out: it is not sent.
 */
void
flint_conversation_discard (FlintConversation *self,
                            FlintMessage      *message)
{
  g_autoptr(FlintMessage) kept = NULL;

  g_return_if_fail (FLINT_IS_CONVERSATION (self));
  g_return_if_fail (FLINT_IS_MESSAGE (message));

  if (flint_message_get_state (message) != FLINT_MESSAGE_FAILED && flint_message_get_state (message) != FLINT_MESSAGE_PENDING)
    return;

  kept = g_object_ref (message);
  flint_timeline_remove (self->timeline, message);
  flint_history_remove (get_history (self), self, message);
}
