/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-pager.h"

#include "flint-account-private.h"
#include "flint-history.h"
#include "flint-timeline-private.h"

struct _FlintPager
{
  FlintConversation *conversation;     /* borrowed: it owns us */
  FlintPagerChanged  changed;
  GCancellable      *reading;          /* (nullable) */
  guint              page;             /* how many messages are read */
  gboolean           is_at_begin;      /* there is nothing older on the disk */
};

/**
 * flint_pager_new:
 * @conversation: whose timeline
 * @changed: called when flint_pager_is_loading () or flint_pager_has_older () say something else
 *
 * Returns: (transfer full): a pager
 */
FlintPager *
flint_pager_new (FlintConversation *conversation,
                 FlintPagerChanged  changed)
{
  FlintPager *self = g_new0 (FlintPager, 1);

  self->conversation = conversation;
  self->changed = changed;

  /* Whoever had this nickname then need not be who has it now (T033) */
  self->is_at_begin = flint_conversation_get_kind (conversation) == FLINT_CONVERSATION_PRIVATE ||
                      !flint_history_keeps (conversation);

  return self;
}

/**
 * flint_pager_free:
 * @self: a pager
 *
 * Ends it, and what it reads.
 */
void
flint_pager_free (FlintPager *self)
{
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);

  g_clear_object (&self->reading);
  g_free (self);
}

/* Whether a page is on its way */
gboolean
flint_pager_is_loading (FlintPager *self)
{
  return self->reading != NULL;
}

/* Whether there may be more */
gboolean
flint_pager_has_older (FlintPager *self)
{
  return !self->is_at_begin && flint_account_get_history (flint_conversation_get_account (self->conversation)) != NULL;
}

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  FlintPager *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) messages = flint_history_read_finish (FLINT_HISTORY (source), result, &error);

  /* It is gone, and its conversation */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->reading);

  /* What the disk does not give now is asked for again when somebody looks for it again */
  if (messages != NULL)
    {
      self->is_at_begin = messages->len < self->page;
      flint_timeline_add_page (flint_conversation_get_timeline (self->conversation), messages);
    }

  self->changed (self->conversation);
}

/**
 * flint_pager_load_older:
 * @self: a pager
 * @max: how many messages
 *
 * Brings the page before what is in the timeline.
 */
void
flint_pager_load_older (FlintPager *self,
                        guint       max)
{
  FlintHistory *history = flint_account_get_history (flint_conversation_get_account (self->conversation));
  gint64 first = flint_timeline_get_first_stored (flint_conversation_get_timeline (self->conversation));

  if (self->reading != NULL || !flint_pager_has_older (self))
    return;

  self->reading = g_cancellable_new ();
  self->page = max;
  flint_history_read_async (history, self->conversation, first, 0, max, self->reading, on_read, self);
  self->changed (self->conversation);
}
