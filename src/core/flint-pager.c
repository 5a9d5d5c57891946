/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-pager.h"

#include "flint-account-private.h"
#include "flint-conversation-private.h"
#include "flint-history-pages.h"
#include "flint-message-private.h"
#include "flint-timeline-private.h"

#include "xmpp-archive.h"

struct _FlintPager
{
  FlintConversation *conversation;     /* borrowed: it owns us */
  FlintPagerChanged  changed;
  GCancellable      *reading;          /* (nullable) */
  guint              page;             /* how many messages are read */
  gboolean           is_at_begin;      /* there is nothing older on the disk */
  gboolean           is_whole;         /* nor in the archive */
  gint64             since;            /* what is older was thrown away; µs since 1970 */
  FlintMessage      *first;            /* the oldest one before a page of the archive; only to be compared */
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
  self->is_whole = self->is_at_begin;

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

/**
 * flint_pager_set_known:
 * @self: a pager
 * @is_whole: whether the archive has nothing that is not on the disk
 * @since: what is older was thrown away, µs since 1970: it is not brought back
 *
 * What the disk says of the conversation.
 */
void
flint_pager_set_known (FlintPager *self,
                       gboolean    is_whole,
                       gint64      since)
{
  self->is_whole |= is_whole;
  self->since = since;
}

/* Whether a page is on its way */
gboolean
flint_pager_is_loading (FlintPager *self)
{
  return self->reading != NULL;
}

static FlintHistory *
get_history (FlintPager *self)
{
  return flint_account_get_history (flint_conversation_get_account (self->conversation));
}

static gboolean
is_room (FlintPager *self)
{
  return flint_conversation_get_kind (self->conversation) == FLINT_CONVERSATION_ROOM;
}

/* Its archive can be asked now */
static gboolean
has_archive (FlintPager *self)
{
  FlintAccount *account = flint_conversation_get_account (self->conversation);
  XmppArchive *archive = flint_account_get_module (account, XMPP_TYPE_ARCHIVE);

  return !self->is_whole && flint_account_is_online (account) && flint_account_is_caught_up (account) &&
         xmpp_archive_is_known (archive, is_room (self) ? flint_conversation_get_jid (self->conversation)
                                                        : flint_account_get_jid (account));
}

/* Whether there may be more */
gboolean
flint_pager_has_older (FlintPager *self)
{
  return get_history (self) != NULL && (!self->is_at_begin || has_archive (self));
}

static gboolean
is_gone (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
end (FlintPager *self)
{
  g_clear_object (&self->reading);
  self->changed (self->conversation);
}

/* From the archive */

static void
on_page_stored (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  FlintPager *self = user_data;
  g_autoptr(GError) error = NULL;

  flint_history_add_page_finish (FLINT_HISTORY (source), result, &error);
  if (is_gone (error))
    return;

  /* It gives the same again and again, or nothing of this conversation (T014) */
  if (flint_timeline_get_first (flint_conversation_get_timeline (self->conversation)) == self->first)
    self->is_whole = TRUE;
  end (self);
}

/* The archive has no more, or nothing that would be of use: for good, unless it only says so now */
static void
set_whole (FlintPager *self,
           gboolean    is_known)
{
  self->is_whole = TRUE;
  if (is_known)
    flint_history_set_whole (get_history (self), self->conversation);
}

/* Without what a person has thrown away */
static void
drop_old (FlintPager            *self,
          const XmppArchivePage *page)
{
  guint n = 0;

  while (n < page->messages->len && ((XmppMessage *) g_ptr_array_index (page->messages, n))->time < self->since)
    n++;

  if (n == 0)
    return;

  g_ptr_array_remove_range (page->messages, 0, n);
  self->is_whole = TRUE;
}

static void
on_page (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  FlintPager *self = user_data;
  FlintAccount *account = flint_conversation_get_account (self->conversation);
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppArchivePage) page = xmpp_archive_query_finish (XMPP_ARCHIVE (source), result, &error);

  if (is_gone (error))
    return;

  /* Asked again when somebody scrolls there in the next session */
  if (page == NULL)
    {
      g_debug ("The archive does not give what was said before: %s", error->message);
      set_whole (self, FALSE);
      end (self);
      return;
    }

  if (page->is_complete)
    set_whole (self, page->is_stable);
  else if (page->messages->len == 0)
    set_whole (self, FALSE);

  drop_old (self, page);
  flint_history_add_page_async (get_history (self), account,
                                flint_archived_from_conversation (self->conversation, page),
                                STORE_PLACE_BEFORE, NULL, FALSE, self->reading, on_page_stored, self);
}

static void
ask_archive (FlintPager *self)
{
  FlintTimeline *timeline = flint_conversation_get_timeline (self->conversation);
  FlintMessage *archived = flint_timeline_get_first_archived (timeline);
  FlintMessage *first = flint_timeline_get_first (timeline);
  XmppArchiveQuery query = {
    .archive = is_room (self) ? flint_conversation_get_jid (self->conversation) : NULL,
    .with = is_room (self) ? NULL : flint_conversation_get_jid (self->conversation),
    .before = archived != NULL ? flint_message_get_archive_id (archived) : "",
    .end = archived == NULL && first != NULL ? flint_message_get_time (first) : 0,
    .max = self->page,
  };

  self->first = first;
  xmpp_archive_query_async (flint_account_get_module (flint_conversation_get_account (self->conversation), XMPP_TYPE_ARCHIVE),
                            &query, self->reading, on_page, self);
}

/* From the disk */

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  FlintPager *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) messages = flint_history_read_finish (FLINT_HISTORY (source), result, &error);

  /* It is gone, and its conversation */
  if (is_gone (error))
    return;

  /* What the disk does not give now is asked for again when somebody looks for it again */
  if (messages != NULL)
    {
      self->is_at_begin = messages->len < self->page;
      flint_timeline_add_page (flint_conversation_get_timeline (self->conversation), messages);
    }

  end (self);
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
  gint64 first = flint_timeline_get_first_stored (flint_conversation_get_timeline (self->conversation));

  if (self->reading != NULL || !flint_pager_has_older (self))
    return;

  self->reading = g_cancellable_new ();
  self->page = max;
  if (!self->is_at_begin)
    flint_history_read_async (get_history (self), self->conversation, first, 0, max, self->reading, on_read, self);
  else
    ask_archive (self);
  self->changed (self->conversation);
}
