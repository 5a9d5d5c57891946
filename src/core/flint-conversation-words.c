/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-conversation-words.h"

#include "flint-account-private.h"
#include "flint-conversation-private.h"
#include "flint-room-private.h"
#include "flint-text.h"

#include <glib/gi18n-lib.h>

#define MAX_NICK 64      /* graphemes */
#define MAX_LINE 1024

static char *
make_room_title (FlintRoom *room,
                 XmppJid   *jid)
{
  return room != NULL ? g_strdup (flint_room_get_name (room)) : flint_format_address (jid);
}

static char *
make_nick (XmppJid *jid)
{
  const char *nick = xmpp_jid_get_resource (jid);

  return flint_text_for_line (nick != NULL ? nick : "", MAX_NICK);
}

static char *
make_private_title (FlintRoom *room,
                    XmppJid   *jid)
{
  g_autofree char *nick = make_nick (jid);

  /* Translators: somebody with whom one talks in private in a room: his nickname, the room's name */
  return g_strdup_printf (_("%s in %s"), nick, room != NULL ? flint_room_get_name (room) : xmpp_jid_get_bare_text (jid));
}

static char *
make_room_subtitle (FlintRoom *room,
                    XmppJid   *jid)
{
  const char *subject = room != NULL ? flint_room_get_subject (room) : NULL;

  return subject != NULL ? flint_text_for_line (subject, MAX_LINE) : g_strdup (xmpp_jid_get_bare_text (jid));
}

static char *
make_chat_subtitle (FlintContact *contact)
{
  const char *label = flint_show_get_label (flint_contact_get_show (contact));
  const char *text = flint_contact_get_status_text (contact);

  /* Translators: a status and what somebody says with it */
  return text != NULL ? g_strdup_printf (_("%s · %s"), label, text) : g_strdup (label);
}

static char *
make_chat_notice (FlintConversation *conversation,
                  gboolean          *can_send)
{
  FlintAccount *account = flint_conversation_get_account (conversation);
  FlintContact *contact = flint_conversation_get_contact (conversation);
  g_autofree char *name = flint_text_isolate (flint_contact_get_name (contact));
  gboolean is_blocked;

  g_object_get (contact, "is-blocked", &is_blocked, NULL);
  *can_send = !is_blocked;

  if (is_blocked)
    return g_strdup_printf (_("You have blocked %s."), name);

  if (!flint_account_is_online (account))
    return g_strdup (_("Not connected. What you write is sent when the connection is back."));

  if (!flint_contact_is_listed (contact) &&
      !xmpp_jid_equal_bare (flint_conversation_get_jid (conversation), flint_account_get_jid (account)))
    return g_strdup_printf (_("%s is not in your contacts."), name);

  return NULL;
}

/* Why one is not in it, and where to go instead */
static char *
describe_absence (FlintRoom *room)
{
  const GError *error = flint_room_get_error (room);
  XmppJid *alternative = flint_room_get_alternative (room);
  g_autofree char *address = alternative != NULL ? flint_format_address (alternative) : NULL;
  g_autofree char *isolated = address != NULL ? flint_text_isolate (address) : NULL;
  g_autofree char *where = NULL;

  if (error == NULL)
    return g_strdup (_("You are not in this room."));

  if (isolated == NULL)
    return g_strdup (error->message);

  /* Translators: of a room that was closed, and the address of the one to go to instead */
  where = g_strdup_printf (_("It goes on in %s."), isolated);

  /* a line of its own: who wrote the reason cannot write a new line */
  return g_strjoin ("\n", error->message, where, NULL);
}

static char *
make_room_notice (FlintConversation *conversation,
                  gboolean          *can_send)
{
  FlintRoom *room = flint_conversation_get_room (conversation);
  g_autofree char *nick = NULL;

  *can_send = FALSE;

  if (!flint_account_is_online (flint_conversation_get_account (conversation)))
    return g_strdup (_("Not connected."));

  if (room == NULL)
    return g_strdup (_("You are not in this room."));

  if (flint_room_get_state (room) == XMPP_ROOM_OUT)
    return describe_absence (room);

  if (flint_room_get_state (room) == XMPP_ROOM_JOINING)
    return g_strdup (_("Joining…"));

  if (flint_conversation_is_frozen (conversation))
    {
      nick = flint_text_isolate (xmpp_jid_get_resource (flint_conversation_get_jid (conversation)));

      return g_strdup_printf (_("%s has left the room. Who has this nickname now may be somebody else."), nick);
    }

  *can_send = flint_conversation_get_kind (conversation) == FLINT_CONVERSATION_PRIVATE || flint_room_can_speak (room);

  return *can_send ? NULL : g_strdup (_("Visitors may not speak in this room."));
}

/* (transfer full): what to call it */
char *
flint_conversation_make_title (FlintConversation *conversation)
{
  FlintRoom *room = flint_conversation_get_room (conversation);
  XmppJid *jid = flint_conversation_get_jid (conversation);

  switch (flint_conversation_get_kind (conversation))
    {
    case FLINT_CONVERSATION_ROOM:
      return make_room_title (room, jid);

    case FLINT_CONVERSATION_PRIVATE:
      return make_private_title (room, jid);

    case FLINT_CONVERSATION_CHAT:
    default:
      return g_strdup (flint_contact_get_name (flint_conversation_get_contact (conversation)));
    }
}

/* (transfer full): what stands below the title */
char *
flint_conversation_make_subtitle (FlintConversation *conversation)
{
  XmppJid *jid = flint_conversation_get_jid (conversation);

  switch (flint_conversation_get_kind (conversation))
    {
    case FLINT_CONVERSATION_ROOM:
      return make_room_subtitle (flint_conversation_get_room (conversation), jid);

    case FLINT_CONVERSATION_PRIVATE:
      return g_strdup (xmpp_jid_get_bare_text (jid));

    case FLINT_CONVERSATION_CHAT:
    default:
      return make_chat_subtitle (flint_conversation_get_contact (conversation));
    }
}

/* How reachable the other side is */
XmppShow
flint_conversation_find_show (FlintConversation *conversation)
{
  FlintRoom *room = flint_conversation_get_room (conversation);
  FlintOccupant *occupant = NULL;

  if (flint_conversation_get_kind (conversation) == FLINT_CONVERSATION_CHAT)
    return flint_contact_get_show (flint_conversation_get_contact (conversation));

  if (room == NULL || flint_room_get_state (room) != XMPP_ROOM_IN)
    return XMPP_SHOW_OFFLINE;

  if (flint_conversation_get_kind (conversation) == FLINT_CONVERSATION_ROOM)
    return XMPP_SHOW_AVAILABLE;

  if (!flint_conversation_is_frozen (conversation))
    occupant = flint_room_find_occupant (room, xmpp_jid_get_resource (flint_conversation_get_jid (conversation)));

  return occupant != NULL ? flint_occupant_get_show (occupant) : XMPP_SHOW_OFFLINE;
}

/* (transfer full): that the other side types; nobody says so in a room */
char *
flint_conversation_make_typing (FlintConversation *conversation)
{
  FlintContact *contact = flint_conversation_get_contact (conversation);
  g_autofree char *nick = contact == NULL ? make_nick (flint_conversation_get_jid (conversation)) : NULL;
  g_autofree char *name = flint_text_isolate (contact != NULL ? flint_contact_get_name (contact) : nick);

  return g_strdup_printf (_("%s is typing…"), name);
}

/* (transfer full) (nullable): why one cannot send, or what one should know */
char *
flint_conversation_make_notice (FlintConversation *conversation,
                                gboolean          *can_send)
{
  return flint_conversation_get_kind (conversation) == FLINT_CONVERSATION_CHAT ? make_chat_notice (conversation, can_send)
                                                                               : make_room_notice (conversation, can_send);
}
