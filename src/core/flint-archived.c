/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-archived.h"

#include "flint-account-private.h"
#include "flint-conversation-messages.h"

void
flint_archived_free (FlintArchived *self)
{
  g_object_unref (self->conversation);
  g_clear_object (&self->message);
  g_free (self->received_id);
  g_free (self);
}

static gboolean
has_text (const char *text)
{
  return text != NULL && *text != '\0';
}

static gboolean
is_own (FlintAccount      *account,
        FlintRoom         *room,
        const XmppMessage *message)
{
  if (room != NULL)
    return g_strcmp0 (xmpp_jid_get_resource (message->from), flint_room_get_nick (room)) == 0;

  return xmpp_jid_equal_bare (message->from, flint_account_get_jid (account));
}

static gboolean
is_of_kind (const XmppMessage *message,
            FlintRoom         *room)
{
  return room != NULL ? message->type == XMPP_MESSAGE_GROUPCHAT
                      : message->type == XMPP_MESSAGE_CHAT || message->type == XMPP_MESSAGE_NORMAL;
}

/* (transfer full) (nullable): where it was said. What is said in rooms is in their archives; and who was somebody in a room
 * then need not be who is (T033).
 */
static FlintConversation *
find_conversation (FlintConversationList *conversations,
                   FlintRoomList         *rooms,
                   FlintAccount          *account,
                   FlintRoom             *room,
                   const XmppMessage     *message)
{
  XmppJid *peer;

  if (!is_of_kind (message, room))
    return NULL;

  if (room != NULL)
    return g_object_ref (flint_room_get_conversation (room));

  peer = is_own (account, NULL, message) ? message->to : message->from;
  if (message->is_private || message->invited_to != NULL || xmpp_jid_get_local (peer) == NULL ||
      flint_room_list_find (rooms, account, peer) != NULL)
    return NULL;

  return flint_conversation_list_ensure_chat (conversations, account, peer);
}

/* A letter is none of a conversation's */
static gboolean
is_said (const XmppMessage *message)
{
  return has_text (message->body) && message->received_id == NULL &&
         !(message->type == XMPP_MESSAGE_NORMAL && has_text (message->subject));
}

static FlintArchived *
make_one (FlintConversation *conversation,
          gboolean           own,
          const XmppMessage *message)
{
  FlintArchived *archived = g_new0 (FlintArchived, 1);

  archived->conversation = g_object_ref (conversation);

  if (is_said (message))
    archived->message = own ? flint_conversation_make_own (conversation, message)
                            : flint_conversation_make_received (conversation, message);
  else if (!own)
    archived->received_id = g_strdup (message->received_id);

  return archived;
}

GPtrArray *
flint_archived_from_page (FlintConversationList *conversations,
                          FlintRoomList         *rooms,
                          FlintAccount          *account,
                          FlintRoom             *room,
                          const XmppArchivePage *page)
{
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) flint_archived_free);

  for (guint i = 0; i < page->messages->len; i++)
    {
      const XmppMessage *message = g_ptr_array_index (page->messages, i);
      g_autoptr(FlintConversation) conversation = NULL;

      if (!is_said (message) && message->received_id == NULL)
        continue;

      conversation = find_conversation (conversations, rooms, account, room, message);
      if (conversation != NULL)
        g_ptr_array_add (all, make_one (conversation, is_own (account, room, message), message));
    }

  return all;
}

GPtrArray *
flint_archived_from_conversation (FlintConversation     *conversation,
                                  const XmppArchivePage *page)
{
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) flint_archived_free);
  FlintAccount *account = flint_conversation_get_account (conversation);
  FlintRoom *room = flint_conversation_get_kind (conversation) == FLINT_CONVERSATION_ROOM
                      ? flint_conversation_get_room (conversation) : NULL;

  for (guint i = 0; i < page->messages->len; i++)
    {
      const XmppMessage *message = g_ptr_array_index (page->messages, i);
      gboolean own = is_own (account, room, message);
      XmppJid *peer = own && room == NULL ? message->to : message->from;

      if (is_said (message) && is_of_kind (message, room) && !message->is_private &&
          xmpp_jid_equal_bare (peer, flint_conversation_get_jid (conversation)))
        g_ptr_array_add (all, make_one (conversation, own, message));
    }

  return all;
}
