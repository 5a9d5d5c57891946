/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-closed-chats.h"

#include "flint-chat-pane.h"

#define MAX_KEPT 20
#define KEY "flint-closed-chats"

typedef struct
{
  GWeakRef      conversation;   /* the core forgets it with its account */
  FlintMessage *place;          /* the first one that was in sight; NULL: the end */
  gboolean      shows_side;
} ClosedChat;

static void
closed_chat_free (gpointer data)
{
  ClosedChat *closed = data;

  g_weak_ref_clear (&closed->conversation);
  g_clear_object (&closed->place);
  g_free (closed);
}

/* The application has them, the last one at the end */
static GPtrArray *
get_chats (FlintApplication *application)
{
  GPtrArray *chats = g_object_get_data (G_OBJECT (application), KEY);

  if (chats == NULL)
    {
      chats = g_ptr_array_new_with_free_func (closed_chat_free);
      g_object_set_data_full (G_OBJECT (application), KEY, chats, (GDestroyNotify) g_ptr_array_unref);
    }

  return chats;
}

/**
 * flint_closed_chats_add:
 * @page: a page that is about to be closed
 *
 * Remembers it. Its draft is with its conversation.
 */
void
flint_closed_chats_add (FlintApplication *application,
                        FlintChatPage    *page)
{
  GPtrArray *chats;
  ClosedChat *closed;

  g_return_if_fail (FLINT_IS_CHAT_PAGE (page));

  chats = get_chats (application);
  if (chats->len == MAX_KEPT)
    g_ptr_array_remove_index (chats, 0);

  closed = g_new0 (ClosedChat, 1);
  g_weak_ref_init (&closed->conversation, flint_chat_page_get_conversation (page));
  closed->place = flint_chat_page_get_place (page);
  closed->shows_side = flint_chat_page_get_show_side (page);
  g_ptr_array_add (chats, closed);
}

static gboolean
is_open (FlintApplication  *application,
         FlintConversation *conversation)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (application)); l != NULL; l = l->next)
    {
      FlintChatPane *pane = flint_chat_pane_find (l->data);

      if (pane != NULL && flint_chat_pane_has (pane, conversation))
        return TRUE;
    }

  return FALSE;
}

/* It goes with its account */
static gboolean
is_there (FlintApplication  *application,
          FlintConversation *conversation)
{
  return flint_core_find_conversation (flint_application_get_core (application), flint_conversation_get_account (conversation),
                                       flint_conversation_get_jid (conversation)) == conversation;
}

/* Whether there is still something to come back to, which is not there already */
static gboolean
can_reopen (FlintApplication  *application,
            FlintConversation *conversation)
{
  return conversation != NULL && !is_open (application, conversation) && is_there (application, conversation);
}

/* Opens it as it was left */
static GtkWindow *
open_again (FlintApplication  *application,
            FlintConversation *conversation,
            ClosedChat        *closed)
{
  gboolean has_news = flint_conversation_get_unread (conversation) > 0;
  GtkWindow *window = flint_application_show_conversation (application, conversation);
  FlintChatPage *page = flint_chat_pane_get_page (flint_chat_pane_find (window));

  flint_chat_page_set_show_side (page, closed->shows_side);
  /* what has come since is more to the point than where one was */
  if (!has_news)
    flint_chat_page_set_place (page, closed->place);

  return window;
}

/**
 * flint_closed_chats_reopen:
 *
 * Opens the chat that was closed last; those that were opened since, or are no more, are left out.
 */
void
flint_closed_chats_reopen (FlintApplication *application)
{
  GPtrArray *chats = get_chats (application);

  while (chats->len > 0)
    {
      ClosedChat *closed = g_ptr_array_steal_index (chats, chats->len - 1);
      g_autoptr(FlintConversation) conversation = g_weak_ref_get (&closed->conversation);
      gboolean is_taken = can_reopen (application, conversation);

      if (is_taken)
        open_again (application, conversation, closed);

      closed_chat_free (closed);
      if (is_taken)
        return;
    }
}

/**
 * flint_closed_chats_open:
 * @conversation: any one
 *
 * Goes to it, if it is still there: to its tab if it has one; if it was closed, it comes back as it was left.
 *
 * Returns: (transfer none) (nullable): its window
 */
GtkWindow *
flint_closed_chats_open (FlintApplication  *application,
                         FlintConversation *conversation)
{
  GPtrArray *chats = get_chats (application);

  if (!is_there (application, conversation))
    return NULL;

  for (guint i = chats->len; i > 0 && !is_open (application, conversation); i--)
    {
      ClosedChat *closed = g_ptr_array_index (chats, i - 1);
      g_autoptr(FlintConversation) other = g_weak_ref_get (&closed->conversation);
      GtkWindow *window;

      if (other != conversation)
        continue;

      g_ptr_array_steal_index (chats, i - 1);
      window = open_again (application, conversation, closed);
      closed_chat_free (closed);

      return window;
    }

  return flint_application_show_conversation (application, conversation);
}
