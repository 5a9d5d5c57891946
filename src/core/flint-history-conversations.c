/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of a conversation beside what is said in it: on the disk */
#include "flint-history.h"

#include "flint-account-private.h"

/**
 * flint_history_set_draft:
 * @self: (nullable): the history
 * @conversation: a conversation
 * @draft: (nullable): what is written in it and not sent
 *
 * Stores a draft.
 */
void
flint_history_set_draft (FlintHistory      *self,
                         FlintConversation *conversation,
                         const char        *draft)
{
  StoreKey key;

  if (self == NULL || !flint_history_keeps (conversation))
    return;

  key = flint_history_get_key (conversation);
  store_conversations_set_draft (flint_history_get_database (self), &key, draft);
}

/**
 * flint_history_set_read:
 * @self: (nullable): the history
 * @conversation: a conversation
 * @place: of the last message that was looked at
 *
 * Stores up to where it was read.
 */
void
flint_history_set_read (FlintHistory      *self,
                        FlintConversation *conversation,
                        gint64             place)
{
  StoreKey key;

  if (self == NULL || !flint_history_keeps (conversation))
    return;

  key = flint_history_get_key (conversation);
  store_conversations_set_read (flint_history_get_database (self), &key, place);
}

/**
 * flint_history_set_whole:
 * @self: the history
 * @conversation: a conversation
 *
 * Stores that its archive has nothing older than what is here.
 */
void
flint_history_set_whole (FlintHistory      *self,
                         FlintConversation *conversation)
{
  StoreKey key = flint_history_get_key (conversation);

  store_conversations_set_flags (flint_history_get_database (self), &key, STORE_CONVERSATION_WHOLE, STORE_CONVERSATION_WHOLE);
}

/* What is known */

static void
on_recalled (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  StoreConversation *found = store_conversations_get_finish (result, &error);

  if (error != NULL)
    g_debug ("Nothing is known of a conversation: %s", error->message);

  g_task_return_pointer (task, found, (GDestroyNotify) store_conversation_free);
}

/**
 * flint_history_recall_async:
 * @self: (nullable): the history
 * @conversation: a conversation
 * @callback: called with what is known of it
 * @user_data: for @callback
 *
 * Recalls the draft, how far it was read, and what was not looked at.
 */
void
flint_history_recall_async (FlintHistory        *self,
                            FlintConversation   *conversation,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);
  StoreKey key;

  g_task_set_source_tag (task, flint_history_recall_async);

  if (self == NULL || !flint_history_keeps (conversation))
    {
      g_task_return_pointer (task, NULL, NULL);
      return;
    }

  key = flint_history_get_key (conversation);
  store_conversations_get_async (flint_history_get_database (self), &key, on_recalled, g_steal_pointer (&task));
}

/**
 * flint_history_recall_finish:
 * @self: (nullable): the history
 * @result: what the callback got
 *
 * Returns: (transfer full) (nullable): what is known; %NULL: nothing
 */
StoreConversation *
flint_history_recall_finish (FlintHistory *self,
                             GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), NULL);
}

static void
on_listed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  GPtrArray *found = store_conversations_load_finish (result, &error);

  if (found == NULL)
    {
      g_debug ("The conversations were not read: %s", error->message);
      found = g_ptr_array_new ();
    }

  g_task_return_pointer (task, found, (GDestroyNotify) g_ptr_array_unref);
}

/**
 * flint_history_list_async:
 * @self: the history
 * @account: an account
 * @callback: called with them
 * @user_data: for @callback
 *
 * Recalls all conversations of @account.
 */
void
flint_history_list_async (FlintHistory        *self,
                          FlintAccount        *account,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, flint_history_list_async);
  store_conversations_load_async (flint_history_get_database (self), xmpp_jid_get_text (flint_account_get_jid (account)),
                                  on_listed, task);
}

/**
 * flint_history_list_finish:
 * @self: the history
 * @result: what the callback got
 *
 * Returns: (transfer full) (element-type StoreConversation): the conversations, in no order
 */
GPtrArray *
flint_history_list_finish (FlintHistory *self,
                           GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), NULL);
}
