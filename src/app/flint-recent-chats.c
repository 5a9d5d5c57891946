/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-recent-chats.h"

#define MAX_KEPT 50
#define KEY "flint-recent-chats"

typedef struct
{
  GWeakRef conversation;   /* the core forgets it with its account */
  gint64   time;
} RecentChat;

static void
recent_chat_free (gpointer data)
{
  RecentChat *recent = data;

  g_weak_ref_clear (&recent->conversation);
  g_free (recent);
}

/* The application has them, the last one first */
static GPtrArray *
get_chats (FlintApplication *application)
{
  GPtrArray *chats = g_object_get_data (G_OBJECT (application), KEY);

  if (chats == NULL)
    {
      chats = g_ptr_array_new_with_free_func (recent_chat_free);
      g_object_set_data_full (G_OBJECT (application), KEY, chats, (GDestroyNotify) g_ptr_array_unref);
    }

  return chats;
}

static gboolean
find (GPtrArray         *chats,
      FlintConversation *conversation,
      guint             *index)
{
  for (guint i = 0; i < chats->len; i++)
    {
      g_autoptr(FlintConversation) other = g_weak_ref_get (&((RecentChat *) g_ptr_array_index (chats, i))->conversation);

      if (other == conversation)
        {
          *index = i;
          return TRUE;
        }
    }

  return FALSE;
}

/**
 * flint_recent_chats_use:
 * @conversation: what a person looks at now
 */
void
flint_recent_chats_use (FlintApplication  *application,
                        FlintConversation *conversation)
{
  GPtrArray *chats = get_chats (application);
  RecentChat *recent;
  guint index;

  g_return_if_fail (FLINT_IS_CONVERSATION (conversation));

  if (find (chats, conversation, &index))
    {
      recent = g_ptr_array_steal_index (chats, index);
    }
  else
    {
      recent = g_new0 (RecentChat, 1);
      g_weak_ref_init (&recent->conversation, conversation);
    }

  recent->time = xmpp_clock_get_real (xmpp_session_get_clock (flint_account_get_session (flint_conversation_get_account (conversation))));
  g_ptr_array_insert (chats, 0, recent);
  if (chats->len > MAX_KEPT)
    g_ptr_array_set_size (chats, MAX_KEPT);
}

/**
 * flint_recent_chats_get_time:
 *
 * Returns: when it was used last, in microseconds by the clock of its account; 0: not that one knows
 */
gint64
flint_recent_chats_get_time (FlintApplication  *application,
                             FlintConversation *conversation)
{
  GPtrArray *chats = get_chats (application);
  guint index;

  return find (chats, conversation, &index) ? ((RecentChat *) g_ptr_array_index (chats, index))->time : 0;
}

static gboolean
is_there (FlintApplication  *application,
          FlintConversation *conversation)
{
  return flint_core_find_conversation (flint_application_get_core (application), flint_conversation_get_account (conversation),
                                       flint_conversation_get_jid (conversation)) == conversation;
}

/**
 * flint_recent_chats_list:
 *
 * Those that are no more are left out. Behind those that were used come those in which something is unread that nobody
 * has looked at.
 *
 * Returns: (transfer full) (element-type FlintConversation): the one that was used last comes first
 */
GPtrArray *
flint_recent_chats_list (FlintApplication *application)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_object_unref);
  GPtrArray *chats = get_chats (application);
  GListModel *conversations = flint_core_get_conversations (flint_application_get_core (application));

  for (guint i = 0; i < chats->len; i++)
    {
      g_autoptr(FlintConversation) conversation = g_weak_ref_get (&((RecentChat *) g_ptr_array_index (chats, i))->conversation);

      if (conversation != NULL && is_there (application, conversation))
        g_ptr_array_add (list, g_steal_pointer (&conversation));
    }

  for (guint i = 0; i < g_list_model_get_n_items (conversations) && list->len < MAX_KEPT; i++)
    {
      g_autoptr(FlintConversation) conversation = g_list_model_get_item (conversations, i);

      if (flint_conversation_get_unread (conversation) > 0 && !g_ptr_array_find (list, conversation, NULL))
        g_ptr_array_add (list, g_steal_pointer (&conversation));
    }

  return list;
}
