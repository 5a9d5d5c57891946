/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-conversation-messages.h"

#include "flint-account-private.h"
#include "flint-message-private.h"
#include "flint-room-private.h"
#include "flint-text.h"

#include "xmpp-random.h"

#define MAX_NICK 64      /* graphemes */

static FlintMessage *
make_text (FlintConversation *conversation,
           const XmppMessage *message)
{
  FlintContact *contact = flint_conversation_get_contact (conversation);
  g_autofree char *nick = NULL;

  if (contact != NULL)
    return flint_message_new (FLINT_MESSAGE_TEXT, message->id, message->body, flint_contact_get_name (contact),
                              flint_conversation_get_jid (conversation), FALSE, message->time);

  nick = flint_text_for_line (xmpp_jid_get_resource (message->from), MAX_NICK);

  return flint_message_new (FLINT_MESSAGE_TEXT, message->id, message->body, nick, message->from, FALSE, message->time);
}

/* What the sender is in the room, as he says it. Who had the name when something older was said is not known: another
 * one may have it now.
 */
static void
set_rank (FlintConversation *conversation,
          FlintMessage      *message)
{
  FlintRoom *room = flint_conversation_get_room (conversation);
  XmppJid *sender = flint_message_get_sender_jid (message);
  FlintOccupant *occupant;

  if (room == NULL || sender == NULL || flint_conversation_get_kind (conversation) != FLINT_CONVERSATION_ROOM ||
      flint_message_is_delayed (message))
    return;

  occupant = flint_room_find_occupant (room, xmpp_jid_get_resource (sender));
  if (occupant != NULL)
    flint_message_set_rank (message, flint_occupant_get_rank (occupant));
}

/* What tells it from others, however it came */
static void
set_ids (FlintMessage      *message,
         const XmppMessage *source)
{
  flint_message_set_archive_id (message, source->archive_id);
  flint_message_set_has_own_id (message, source->origin_id != NULL);
}

/* From the other side. What a room says itself is said by nobody in it (T030). */
FlintMessage *
flint_conversation_make_received (FlintConversation *conversation,
                                  const XmppMessage *message)
{
  gboolean is_room = flint_conversation_get_kind (conversation) == FLINT_CONVERSATION_ROOM;
  gboolean is_service = is_room && xmpp_jid_get_resource (message->from) == NULL;
  FlintRoom *room = flint_conversation_get_room (conversation);
  gboolean is_mention = is_room && !is_service && room != NULL &&
                        flint_text_mentions (message->body, flint_room_get_nick (room));
  FlintMessage *received = is_service
    ? flint_message_new (FLINT_MESSAGE_SYSTEM, message->id, message->body, NULL, NULL, FALSE, message->time)
    : make_text (conversation, message);

  flint_message_set_flags (received, message->is_delayed, is_mention, message->carbon != XMPP_CARBON_NONE);
  if (flint_conversation_get_kind (conversation) == FLINT_CONVERSATION_CHAT)
    flint_message_set_device (received, xmpp_jid_get_resource (message->from));
  set_rank (conversation, received);
  set_ids (received, message);

  return received;
}

/* Another device of ours said it, or the room tells what we said before */
FlintMessage *
flint_conversation_make_own (FlintConversation *conversation,
                             const XmppMessage *message)
{
  gboolean is_room = flint_conversation_get_kind (conversation) == FLINT_CONVERSATION_ROOM;
  FlintAccount *account = flint_conversation_get_account (conversation);
  XmppJid *own = is_room ? message->from : flint_account_get_jid (account);
  g_autofree char *name = is_room ? flint_text_for_line (xmpp_jid_get_resource (own), MAX_NICK)
                                  : flint_account_describe_sender (account, own);
  FlintMessage *sent = flint_message_new (FLINT_MESSAGE_TEXT, message->id, message->body, name, own, TRUE, message->time);

  flint_message_set_flags (sent, message->is_delayed, FALSE, TRUE);
  if (flint_conversation_get_kind (conversation) != FLINT_CONVERSATION_ROOM)
    flint_message_set_device (sent, xmpp_jid_get_resource (message->from));
  set_rank (conversation, sent);
  set_ids (sent, message);
  flint_message_set_state (sent, FLINT_MESSAGE_SENT, NULL);

  return sent;
}

/* We say it here and now; in a room, under our nickname */
FlintMessage *
flint_conversation_make_said (FlintConversation *conversation,
                              const char        *text)
{
  FlintAccount *account = flint_conversation_get_account (conversation);
  FlintRoom *room = flint_conversation_get_room (conversation);
  gint64 now = xmpp_clock_get_real (flint_account_get_clock (account));
  g_autofree char *id = xmpp_random_id ();
  XmppJid *own = room != NULL ? flint_room_get_own_jid (room) : flint_account_get_jid (account);
  g_autofree char *name = room != NULL ? flint_text_for_line (flint_room_get_nick (room), MAX_NICK)
                                       : flint_account_describe_sender (account, own);

  FlintMessage *said = flint_message_new (FLINT_MESSAGE_TEXT, id, text, name, own, TRUE, now);

  set_rank (conversation, said);

  return said;
}
