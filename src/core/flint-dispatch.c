/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a message belongs: chat to its conversation, normal to the letters, groupchat to its room, headline to
 * the headlines and only there, error beside the message that it is about.
 */
#include "flint-config.h"

#include "flint-core-private.h"

#include "flint-account-private.h"
#include "flint-conversation-private.h"
#include "flint-delivery.h"
#include "flint-letter-private.h"
#include "flint-room-private.h"
#include "flint-text.h"

#include "xmpp-blocking.h"

#include <glib/gi18n-lib.h>

#define MAX_INVITATIONS     20      /* in a minute, from whomever */
#define INVITATIONS_MINUTE  (60 * G_USEC_PER_SEC)
#define MAX_ERROR           300     /* graphemes */

/* With whom a message is exchanged, from whichever of our devices */
static XmppJid *
get_peer (const XmppMessage *message)
{
  return message->carbon == XMPP_CARBON_SENT ? message->to : message->from;
}

static gboolean
has_text (const char *text)
{
  return text != NULL && *text != '\0';
}

/* The conversation that there is, if any, with somebody or with somebody in a room. (transfer full): whoever hears
 * of what becomes of it may close it (T124).
 */
static FlintConversation *
find_conversation (FlintCore         *self,
                   FlintAccount      *account,
                   const XmppMessage *message)
{
  FlintConversation *conversation = message->is_private
    ? flint_conversation_list_find_private (self->conversations, account, get_peer (message))
    : flint_conversation_list_find (self->conversations, account, get_peer (message));

  return conversation != NULL ? g_object_ref (conversation) : NULL;
}

static FlintLetter *
find_letter (FlintCore     *self,
             FlintAccount  *account,
             const char    *id,
             const XmppJid *peer)
{
  GListModel *letters = G_LIST_MODEL (self->letters);

  for (guint i = 0; id != NULL && i < g_list_model_get_n_items (letters); i++)
    {
      g_autoptr(FlintLetter) letter = g_list_model_get_item (letters, i);

      if (flint_letter_get_account (letter) == account && flint_letter_is_own (letter) &&
          g_strcmp0 (flint_letter_get_id (letter), id) == 0 && flint_letter_get_to (letter) != NULL &&
          xmpp_jid_equal_bare (flint_letter_get_to (letter), peer))
        return letter;
    }

  return NULL;
}

/* Into the list, unless who heard of something has removed the account meanwhile */
static gboolean
show_conversation (FlintCore         *self,
                   FlintConversation *conversation)
{
  if (!g_ptr_array_find (self->known, flint_conversation_get_account (conversation), NULL))
    return FALSE;

  flint_conversation_list_add (self->conversations, conversation);

  return TRUE;
}

/* What was too large to be read is said to have been there. It opens the chat of somebody in the list; a
 * stranger has none.
 */
static void
dispatch_skipped (FlintCore         *self,
                  FlintAccount      *account,
                  const XmppMessage *message)
{
  g_autoptr(FlintConversation) conversation = find_conversation (self, account, message);
  gboolean is_personal = message->type == XMPP_MESSAGE_CHAT || message->type == XMPP_MESSAGE_NORMAL;

  if (conversation == NULL && is_personal && (message->sender & (XMPP_SENDER_CONTACT | XMPP_SENDER_LISTED)) != 0)
    conversation = flint_core_ensure_chat (self, account, message->from);

  if (conversation != NULL && message->type != XMPP_MESSAGE_HEADLINE)
    flint_conversation_add_line (conversation, _("A message was too large to be shown."));
}

/* It counts only from him whom the message went to (T047) */
static void
dispatch_error (FlintCore         *self,
                FlintAccount      *account,
                const XmppMessage *message)
{
  g_autoptr(FlintConversation) conversation = find_conversation (self, account, message);
  FlintLetter *letter = find_letter (self, account, message->id, message->from);
  g_autofree char *words = message->error != NULL ? flint_text_for_line (message->error->message, MAX_ERROR) : NULL;
  g_autofree char *line = NULL;

  if (letter != NULL)
    flint_letter_set_state (letter, FLINT_MESSAGE_FAILED, words);
  else if (conversation != NULL && !flint_delivery_take_error (conversation, message->id, message->error) && words != NULL)
    {
      line = g_strdup_printf (_("Not delivered: %s"), words);
      flint_conversation_add_line (conversation, line);
    }
}

/* Only in a room that we are in (T031) */
static void
dispatch_groupchat (FlintCore         *self,
                    FlintAccount      *account,
                    const XmppMessage *message)
{
  FlintRoom *found = flint_room_list_find (self->rooms, account, message->from);
  g_autoptr(FlintRoom) room = found != NULL ? g_object_ref (found) : NULL;
  FlintMessage *received;

  if (room == NULL || flint_room_get_state (room) == XMPP_ROOM_OUT || !flint_room_take_message (room, message, &received))
    return;

  if (show_conversation (self, flint_room_get_conversation (room)) && received != NULL && !message->is_delayed &&
      flint_message_get_kind (received) == FLINT_MESSAGE_TEXT)
    flint_core_emit_received (self, flint_room_get_conversation (room), received);
}

/* One without a word is for a program, such as an event of PEP */
static void
dispatch_headline (FlintCore         *self,
                   FlintAccount      *account,
                   const XmppMessage *message)
{
  g_autoptr(FlintHeadline) headline = NULL;

  if (message->carbon == XMPP_CARBON_SENT || (!has_text (message->subject) && !has_text (message->body)))
    return;

  headline = flint_headline_new (account, message);
  flint_core_add_headline (self, headline);
}

static void
dispatch_letter (FlintCore         *self,
                 FlintAccount      *account,
                 const XmppMessage *message)
{
  gboolean is_own = message->carbon == XMPP_CARBON_SENT;
  g_autoptr(FlintLetter) letter = flint_letter_new (account, message, is_own);

  if (is_own)
    flint_letter_set_state (letter, FLINT_MESSAGE_SENT, NULL);

  flint_core_add_letter (self, letter);
}

static void
dispatch_chat (FlintCore         *self,
               FlintAccount      *account,
               FlintConversation *conversation,
               const XmppMessage *message)
{
  FlintMessage *received;

  if (!show_conversation (self, conversation))
    return;

  if (message->carbon == XMPP_CARBON_SENT)
    {
      if (flint_timeline_find_own (flint_conversation_get_timeline (conversation), message->id) == NULL)
        flint_conversation_receive_own (conversation, message);

      return;
    }

  received = flint_conversation_receive (conversation, message);

  /* What another device of ours got long ago is no news */
  if (message->carbon == XMPP_CARBON_NONE || !message->is_delayed)
    flint_core_emit_received (self, conversation, received);
}

/* With somebody in a room: never with the contact who has that name, or that address (T032) */
static void
dispatch_private (FlintCore         *self,
                  FlintAccount      *account,
                  const XmppMessage *message)
{
  FlintRoom *room = flint_room_list_find (self->rooms, account, get_peer (message));
  g_autoptr(FlintConversation) conversation = room != NULL ? flint_core_ensure_private (self, room, get_peer (message)) : NULL;

  if (conversation != NULL)
    dispatch_chat (self, account, conversation, message);
}

/* Receipts and states say something about a conversation that there is, and begin none */
static void
dispatch_wordless (FlintCore         *self,
                   FlintAccount      *account,
                   const XmppMessage *message)
{
  g_autoptr(FlintConversation) conversation = find_conversation (self, account, message);
  FlintLetter *letter;

  if (message->carbon == XMPP_CARBON_SENT)
    return;

  if (conversation != NULL)
    {
      if (message->received_id != NULL)
        flint_delivery_take_receipt (conversation, message->received_id);

      flint_conversation_receive_state (conversation, message);
    }

  if (message->received_id != NULL && (letter = find_letter (self, account, message->received_id, message->from)) != NULL &&
      flint_letter_get_state (letter) == FLINT_MESSAGE_SENT)
    flint_letter_set_state (letter, FLINT_MESSAGE_DELIVERED, NULL);
}

static gboolean
is_too_inviting (FlintCore *self,
                 gint64     now)
{
  if (now - self->invitations_since > INVITATIONS_MINUTE)
    {
      self->invitations_since = now;
      self->n_invitations = 0;
    }

  return ++self->n_invitations > MAX_INVITATIONS;
}

/* Nor by way of a room (T140) */
static gboolean
is_invited_by_blocked (FlintAccount      *account,
                       const XmppMessage *message)
{
  g_autoptr(XmppJid) by = xmpp_jid_new_received (message->invited_by);

  return by != NULL && xmpp_blocking_is_blocked (flint_account_get_module (account, XMPP_TYPE_BLOCKING), by);
}

static void
dispatch_invitation (FlintCore         *self,
                     FlintAccount      *account,
                     const XmppMessage *message)
{
  FlintRoom *room = flint_room_list_find (self->rooms, account, message->invited_to);

  if (message->carbon == XMPP_CARBON_SENT || is_invited_by_blocked (account, message) ||
      (room != NULL && flint_room_get_state (room) != XMPP_ROOM_OUT) ||
      is_too_inviting (self, xmpp_clock_get_monotonic (flint_account_get_clock (account))))
    return;

  flint_core_emit_invited (self, account, message);
}

/* Chat and normal */
static void
dispatch_personal (FlintCore         *self,
                   FlintAccount      *account,
                   const XmppMessage *message)
{
  gboolean is_letter = message->type == XMPP_MESSAGE_NORMAL;
  g_autoptr(FlintConversation) conversation = NULL;

  if (message->invited_to != NULL)
    {
      dispatch_invitation (self, account, message);
      return;
    }

  if (message->received_id != NULL || (!has_text (message->body) && !(is_letter && has_text (message->subject))))
    {
      dispatch_wordless (self, account, message);
      return;
    }

  if (message->is_private)
    {
      dispatch_private (self, account, message);
      return;
    }

  /* The server itself chats with nobody */
  if ((message->sender & XMPP_SENDER_OWN_SERVER) != 0)
    {
      dispatch_letter (self, account, message);
      return;
    }

  conversation = find_conversation (self, account, message);

  if (is_letter && (has_text (message->subject) || conversation == NULL))
    dispatch_letter (self, account, message);
  else if (conversation != NULL && flint_conversation_get_kind (conversation) == FLINT_CONVERSATION_ROOM)
    dispatch_letter (self, account, message);
  else
    {
      if (conversation == NULL)
        conversation = flint_core_ensure_chat (self, account, get_peer (message));

      dispatch_chat (self, account, conversation, message);
    }
}

void
flint_core_dispatch (FlintCore         *self,
                     FlintAccount      *account,
                     const XmppMessage *message)
{
  if (message->is_skipped)
    {
      dispatch_skipped (self, account, message);
      return;
    }

  switch (message->type)
    {
    case XMPP_MESSAGE_GROUPCHAT:
      dispatch_groupchat (self, account, message);
      break;

    case XMPP_MESSAGE_HEADLINE:
      dispatch_headline (self, account, message);
      break;

    case XMPP_MESSAGE_ERROR:
      dispatch_error (self, account, message);
      break;

    case XMPP_MESSAGE_NORMAL:
    case XMPP_MESSAGE_CHAT:
      dispatch_personal (self, account, message);
      break;

    default:
      g_debug ("A message of a type that nobody knows");
    }
}
