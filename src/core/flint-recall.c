/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-recall.h"

#include "flint-account-private.h"
#include "flint-conversation-private.h"

#include <glib/gi18n-lib.h>

/* So many conversations are there when the program starts; others are when they are opened, or something is said */
#define MAX_RECALLED 50

/* For whom something is recalled; all owned */
typedef struct
{
  FlintConversationList *conversations;
  FlintRoomList         *rooms;        /* (nullable) */
  FlintAccount          *account;
} Recall;

static Recall *
recall_new (FlintConversationList *conversations,
            FlintRoomList         *rooms,
            FlintAccount          *account)
{
  Recall *recall = g_new0 (Recall, 1);

  recall->conversations = g_object_ref (conversations);
  recall->rooms = rooms != NULL ? g_object_ref (rooms) : NULL;
  recall->account = g_object_ref (account);

  return recall;
}

static void
recall_free (Recall *recall)
{
  g_object_unref (recall->conversations);
  g_clear_object (&recall->rooms);
  g_object_unref (recall->account);
  g_free (recall);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Recall, recall_free)

/* Conversations */

static int
compare_last (gconstpointer a,
              gconstpointer b)
{
  const StoreConversation *one = *(StoreConversation **) a;
  const StoreConversation *other = *(StoreConversation **) b;

  return (one->last_id > other->last_id) - (one->last_id < other->last_id);
}

static void
on_listed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(Recall) recall = user_data;
  g_autoptr(GPtrArray) found = flint_history_list_finish (FLINT_HISTORY (source), result);

  /* It was removed meanwhile */
  if (!flint_conversation_list_knows (recall->conversations, recall->account))
    return;

  g_ptr_array_sort (found, compare_last);

  for (guint i = 0; i < found->len; i++)
    {
      const StoreConversation *known = g_ptr_array_index (found, i);
      g_autoptr(XmppJid) jid = xmpp_jid_new_received (known->address);
      gboolean is_recent = known->last_id != 0 && i + MAX_RECALLED >= found->len;

      /* Rooms are there by themselves; who was in one need not be who is */
      if (known->kind == FLINT_CONVERSATION_CHAT && jid != NULL && xmpp_jid_is_bare (jid) &&
          (is_recent || known->unread > 0 || known->draft != NULL))
        g_object_unref (flint_conversation_list_ensure_chat (recall->conversations, recall->account, jid));
    }
}

/**
 * flint_recall_conversations:
 * @conversations: where they are to be
 * @history: the history
 * @account: an account, which the list knows
 *
 * Brings the conversations of @account that were the last ones, or in which something was not read or not sent.
 */
void
flint_recall_conversations (FlintConversationList *conversations,
                            FlintHistory          *history,
                            FlintAccount          *account)
{
  if (flint_account_get_jid (account) != NULL)
    flint_history_list_async (history, account, on_listed, recall_new (conversations, NULL, account));
}

/* What was not sent */

/* (transfer full) (nullable): where it was written, if it can be said there still */
static FlintConversation *
find_conversation (const Recall      *recall,
                   const FlintUnsent *unsent)
{
  FlintRoom *room = flint_room_list_find (recall->rooms, recall->account, unsent->jid);

  if (unsent->kind == FLINT_CONVERSATION_CHAT)
    return room == NULL ? flint_conversation_list_ensure_chat (recall->conversations, recall->account, unsent->jid) : NULL;

  if (room == NULL)
    return NULL;

  return unsent->kind == FLINT_CONVERSATION_ROOM
           ? g_object_ref (flint_room_get_conversation (room))
           : flint_conversation_list_ensure_private (recall->conversations, room, unsent->jid);
}

static void
on_unsent_read (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(Recall) recall = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) all = flint_history_read_unsent_finish (FLINT_HISTORY (source), result, &error);

  if (all == NULL)
    g_debug ("What was not sent was not read: %s", error->message);

  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      const FlintUnsent *unsent = g_ptr_array_index (all, i);
      g_autoptr(FlintConversation) conversation = NULL;

      /* Who hears of the last one may remove the account (T124) */
      if (!flint_conversation_list_knows (recall->conversations, recall->account))
        return;

      conversation = unsent->jid != NULL ? find_conversation (recall, unsent) : NULL;
      if (conversation != NULL)
        flint_conversation_take_unsent (conversation, unsent->message, unsent->kind == FLINT_CONVERSATION_CHAT
                                                                         ? NULL : _("It was not sent before Flint was closed."));
    }
}

/**
 * flint_recall_unsent:
 * @conversations: the conversations
 * @rooms: the rooms
 * @history: the history
 * @account: an account that is online now
 *
 * Brings what was written as @account and that no server has, and sends it where that needs nobody's decision.
 */
void
flint_recall_unsent (FlintConversationList *conversations,
                     FlintRoomList         *rooms,
                     FlintHistory          *history,
                     FlintAccount          *account)
{
  if (flint_account_get_jid (account) != NULL)
    flint_history_read_unsent_async (history, account, on_unsent_read, recall_new (conversations, rooms, account));
}
