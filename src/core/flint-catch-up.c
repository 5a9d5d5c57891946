/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-catch-up.h"

#include "flint-account-private.h"
#include "flint-archived.h"
#include "flint-conversation-private.h"
#include "flint-history-pages.h"

#include "xmpp-archive.h"

#define PAGE      250
#define FIRST     50      /* messages: where nothing was ever read, so many are enough to begin with */
#define MAX_PAGES 2000    /* in one run: what is more comes with the next login */

/* How long ago at least what is called now may be: clocks differ */
#define MARGIN    (5 * 60 * G_USEC_PER_SEC)

typedef enum
{
  PHASE_LATEST,       /* the first time: the last page, and no more */
  PHASE_VISIBLE,      /* the chat that somebody looks at */
  PHASE_ALL,          /* everything since the last time */
} Phase;

struct _FlintCatchUp
{
  FlintConversationList *conversations;
  FlintRoomList         *rooms;
  FlintAccount          *account;
  FlintRoom             *room;           /* NULL: the account itself */
  XmppArchive           *archive;
  FlintHistory          *history;
  FlintCatchUpEnded      ended;
  gpointer               user_data;
  GCancellable          *cancellable;

  /* How far it was read until now */
  char                  *last_id;        /* NULL: only the time is known */
  gint64                 last_time;      /* µs since 1970; 0: it was never read */

  /* The query under way */
  Phase                  phase;
  XmppJid               *with;           /* VISIBLE */
  char                  *cursor;         /* what it goes on after */
  gboolean               by_time;        /* ALL: the archive does not know last_id (any more) */
  char                  *next;           /* the cursor after the page that is being stored; NULL: it was the last one */
  guint                  n_pages;

  GError                *error;          /* why it ended early */
};

static void
end (FlintCatchUp *self,
     GError       *error)
{
  self->error = error;
  if (error != NULL)
    g_debug ("What was missed is not known to the end: %s", error->message);

  self->ended (self, self->user_data);
}

static gboolean
is_gone (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
set_string (char       **field,
            const char  *text)
{
  char *old = *field;

  *field = g_strdup (text);
  g_free (old);
}

/* Queries */

static XmppArchiveQuery
make_query (FlintCatchUp *self)
{
  XmppArchiveQuery query = { .archive = self->room != NULL ? flint_room_get_jid (self->room) : NULL, .max = PAGE };

  switch (self->phase)
    {
    case PHASE_LATEST:
      query.before = "";
      query.max = FIRST;
      break;

    case PHASE_VISIBLE:
      query.with = self->with;
      query.start = self->last_time;
      query.after = self->cursor;
      break;

    case PHASE_ALL:
    default:
      query.start = self->by_time ? self->last_time : 0;
      query.after = self->cursor;
      break;
    }

  return query;
}

static void on_page (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data);

static void
ask (FlintCatchUp *self)
{
  XmppArchiveQuery query = make_query (self);

  xmpp_archive_query_async (self->archive, &query, self->cancellable, on_page, self);
}

static void
begin_all (FlintCatchUp *self)
{
  self->phase = PHASE_ALL;
  self->by_time = self->last_id == NULL;
  set_string (&self->cursor, self->last_id);
  g_clear_pointer (&self->with, xmpp_jid_unref);
  ask (self);
}

/* (transfer full) (nullable): with whom the chat is that somebody looks at */
static XmppJid *
find_visible (FlintCatchUp *self)
{
  GListModel *all = G_LIST_MODEL (self->conversations);

  for (guint i = 0; self->room == NULL && i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr(FlintConversation) conversation = g_list_model_get_item (all, i);

      if (flint_conversation_is_watched (conversation) &&
          flint_conversation_get_account (conversation) == self->account &&
          flint_conversation_get_kind (conversation) == FLINT_CONVERSATION_CHAT)
        return xmpp_jid_ref (flint_conversation_get_jid (conversation));
    }

  return NULL;
}

static void
begin (FlintCatchUp *self)
{
  if (self->last_time == 0)
    {
      self->phase = PHASE_LATEST;
      ask (self);
      return;
    }

  self->with = find_visible (self);
  if (self->with == NULL)
    {
      begin_all (self);
      return;
    }

  self->phase = PHASE_VISIBLE;
  ask (self);
}

/* Pages */

static void
go_on (FlintCatchUp *self)
{
  if (self->next != NULL && self->n_pages < MAX_PAGES)
    {
      set_string (&self->cursor, self->next);
      ask (self);
    }
  else if (self->phase == PHASE_VISIBLE)
    begin_all (self);
  else
    end (self, g_steal_pointer (&self->error));
}

static void
on_page_stored (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  FlintCatchUp *self = user_data;
  g_autoptr(GError) error = NULL;

  flint_history_add_page_finish (FLINT_HISTORY (source), result, &error);

  /* What is not on the disk is in memory, and is asked for again the next time */
  if (!is_gone (error))
    go_on (self);
}

/* How far it is read with this page; of one chat that says nothing of the others */
static gboolean
advance (FlintCatchUp          *self,
         const XmppArchivePage *page)
{
  const XmppMessage *last = page->messages->len > 0 ? g_ptr_array_index (page->messages, page->messages->len - 1) : NULL;

  if (self->phase == PHASE_VISIBLE)
    return FALSE;

  if (page->last != NULL)
    set_string (&self->last_id, page->last);
  if (last != NULL)
    self->last_time = MAX (self->last_time, last->time);

  /* There is nothing in it yet: what comes is behind this time */
  if (self->last_time == 0)
    self->last_time = xmpp_clock_get_real (flint_account_get_clock (self->account)) - MARGIN;

  return TRUE;
}

static void
store_page (FlintCatchUp          *self,
            const XmppArchivePage *page)
{
  gboolean is_first = self->phase == PHASE_LATEST;
  gboolean has_advanced = advance (self, page);
  StorePosition position = {
    .address = self->room != NULL ? xmpp_jid_get_text (flint_room_get_jid (self->room)) : "",
    .last_id = self->last_id,
    .last_time = self->last_time,
  };

  flint_history_add_page_async (self->history, self->account,
                                flint_archived_from_page (self->conversations, self->rooms, self->account, self->room, page),
                                STORE_PLACE_NEXT, has_advanced ? &position : NULL, !is_first, self->cancellable,
                                on_page_stored, self);
}

/* Without the page that was asked for, is there another way? */
static void
on_refused (FlintCatchUp *self,
            GError       *error)
{
  g_autoptr(GError) refusal = error;

  if (self->phase == PHASE_VISIBLE)
    {
      begin_all (self);
      return;
    }

  /* It has thrown away what we had last: from its time on, then (F24) */
  if (g_error_matches (refusal, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_ITEM_NOT_FOUND) && self->phase == PHASE_ALL && !self->by_time)
    {
      self->by_time = TRUE;
      g_clear_pointer (&self->cursor, g_free);
      ask (self);
      return;
    }

  end (self, g_steal_pointer (&refusal));
}

static void
on_page (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  FlintCatchUp *self = user_data;
  XmppArchiveQuery query;
  GError *error = NULL;
  g_autoptr(XmppArchivePage) page = xmpp_archive_query_finish (XMPP_ARCHIVE (source), result, &error);
  const char *next = NULL;

  if (is_gone (error))
    {
      g_error_free (error);
      return;
    }

  if (page == NULL)
    {
      on_refused (self, error);
      return;
    }

  query = make_query (self);
  self->n_pages++;
  if (self->phase == PHASE_LATEST || !xmpp_archive_page_get_next (page, &query, &next, &self->error))
    next = NULL;
  set_string (&self->next, next);

  store_page (self, page);
}

/* Beginning */

static void
on_position (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  FlintCatchUp *self = user_data;
  GError *error = NULL;
  gint64 last_time;
  g_autofree char *last_id = flint_history_get_position_finish (FLINT_HISTORY (source), result, &last_time, &error);

  if (is_gone (error))
    {
      g_error_free (error);
      return;
    }

  if (error != NULL)
    {
      end (self, error);
      return;
    }

  self->last_id = g_steal_pointer (&last_id);
  self->last_time = last_time;
  begin (self);
}

static void
on_checked (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  FlintCatchUp *self = user_data;
  GError *error = NULL;
  gboolean is_archive = xmpp_archive_check_finish (XMPP_ARCHIVE (source), result, &error);

  if (is_gone (error))
    g_error_free (error);
  else if (!is_archive)
    end (self, error);
  else
    flint_history_get_position_async (self->history, self->account, self->room, self->cancellable, on_position, self);
}

/**
 * flint_catch_up_new:
 * @conversations: the conversations
 * @rooms: the rooms
 * @account: an account that is online, and has a history
 * @room: (nullable): a room that it is in; %NULL: what was said to itself
 * @ended: called once, unless it is freed before; it may free it
 * @user_data: for @ended
 *
 * Begins to bring what was missed.
 *
 * Returns: (transfer full): the run
 */
FlintCatchUp *
flint_catch_up_new (FlintConversationList *conversations,
                    FlintRoomList         *rooms,
                    FlintAccount          *account,
                    FlintRoom             *room,
                    FlintCatchUpEnded      ended,
                    gpointer               user_data)
{
  FlintCatchUp *self = g_new0 (FlintCatchUp, 1);

  self->conversations = g_object_ref (conversations);
  self->rooms = g_object_ref (rooms);
  self->account = g_object_ref (account);
  self->room = room != NULL ? g_object_ref (room) : NULL;
  self->archive = g_object_ref (flint_account_get_module (account, XMPP_TYPE_ARCHIVE));
  self->history = g_object_ref (flint_account_get_history (account));
  self->ended = ended;
  self->user_data = user_data;
  self->cancellable = g_cancellable_new ();

  xmpp_archive_check_async (self->archive, room != NULL ? flint_room_get_jid (room) : NULL, self->cancellable, on_checked, self);

  return self;
}

/**
 * flint_catch_up_free:
 * @self: a run
 *
 * Ends it at once, if it has not ended; nobody is told.
 */
void
flint_catch_up_free (FlintCatchUp *self)
{
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  g_object_unref (self->conversations);
  g_object_unref (self->rooms);
  g_object_unref (self->account);
  g_clear_object (&self->room);
  g_object_unref (self->archive);
  g_object_unref (self->history);
  g_clear_pointer (&self->with, xmpp_jid_unref);
  g_free (self->last_id);
  g_free (self->cursor);
  g_free (self->next);
  g_clear_error (&self->error);
  g_free (self);
}

/* Whose */
FlintAccount *
flint_catch_up_get_account (FlintCatchUp *self)
{
  return self->account;
}

/* (nullable) */
FlintRoom *
flint_catch_up_get_room (FlintCatchUp *self)
{
  return self->room;
}

/* (nullable): after it has ended: why early */
const GError *
flint_catch_up_get_error (FlintCatchUp *self)
{
  return self->error;
}
