/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a conversation stood when the program ended */
#include "flint-conversation-internal.h"

#include "flint-account-private.h"
#include "flint-history.h"
#include "flint-timeline-private.h"

/* What came since then is counted already */
static void
recall_unread (FlintConversation       *self,
               const StoreConversation *found)
{
  if (found->unread == 0)
    return;

  self->read_place = found->read_id;
  self->recalled_unread = found->unread;

  if (self->is_watched)
    flint_history_set_read (flint_account_get_history (self->account), self, found->last_id);
  else
    flint_conversation_set_unread (self, self->unread + found->unread, self->mentions + found->mentions);
}

static void
on_recalled (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(FlintConversation) self = user_data;
  g_autoptr(StoreConversation) found = flint_history_recall_finish ((FlintHistory *) source, result);

  if (found == NULL || self->pager == NULL)
    return;

  if (self->draft == NULL && found->draft != NULL)
    {
      self->draft = g_strdup (found->draft);
      g_object_notify (G_OBJECT (self), "draft");
    }

  flint_pager_set_known (self->pager, (found->flags & STORE_CONVERSATION_WHOLE) != 0, found->since);
  self->recalled_place = found->last_id;
  flint_conversation_set_last_time (self, found->last_id);
  recall_unread (self, found);
}

/* Asks the disk; a new conversation, once */
void
flint_conversation_recall (FlintConversation *self)
{
  flint_history_recall_async (flint_account_get_history (self->account), self, on_recalled, g_object_ref (self));
}

#define PAGE     60      /* messages: more than a window shows, and no frame is late for them */
#define MAX_PAGE 500     /* when it goes to what was not read */

/**
 * flint_conversation_load_older:
 * @self: a conversation
 *
 * Brings the page before what is in the timeline, for who scrolls up; the first one goes to what was not read.
 * "is-loading" tells how long it takes.
 */
void
flint_conversation_load_older (FlintConversation *self)
{
  g_return_if_fail (FLINT_IS_CONVERSATION (self));

  flint_pager_load_older (self->pager, self->read_place != 0 ? CLAMP (self->recalled_unread + PAGE / 2, PAGE, MAX_PAGE) : PAGE);
}

/* A page came: the line "New" stands where it belongs, once what it is about is there */
void
flint_conversation_place_unread (FlintConversation *self)
{
  if (self->read_place == 0)
    return;

  if (flint_timeline_set_unread_after (self->timeline, self->read_place))
    self->read_place = 0;
}
