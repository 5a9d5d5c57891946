/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of a conversation beside what is said in it: on the disk */
#include "flint-history.h"

#include "store-conversations.h"

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
