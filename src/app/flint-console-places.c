/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands in the places of a template: who somebody most likely means */
#include "flint-config.h"

#include "flint-console-places.h"

#include <string.h>

/* What they point into */
typedef struct
{
  XmppJid *own;
  XmppJid *contact;
  XmppJid *room;
  char    *nick;
} Found;

static FlintRoom *
find_room (FlintCore    *core,
           FlintAccount *account,
           const char   *address)
{
  GListModel *rooms = flint_core_get_rooms (core);

  for (guint i = 0; i < g_list_model_get_n_items (rooms); i++)
    {
      g_autoptr(FlintRoom) room = g_list_model_get_item (rooms, i);

      if (flint_room_get_account (room) == account &&
          (address == NULL || g_str_equal (xmpp_jid_get_bare_text (flint_room_get_jid (room)), address)))
        return room;   /* the list holds it */
    }

  return NULL;
}

/* Who is at the other end of the selected entry: a room, or somebody that is neither the server nor us */
static void
look_at_entry (Found        *found,
               FlintCore    *core,
               FlintAccount *account,
               ConsoleEntry *selected)
{
  const char *peer = console_entry_get_peer (selected);
  g_autoptr(XmppJid) jid = xmpp_jid_new_received (peer);

  if (jid == NULL || xmpp_jid_get_local (jid) == NULL)
    return;
  if (found->own != NULL && g_str_equal (xmpp_jid_get_bare_text (jid), xmpp_jid_get_bare_text (found->own)))
    return;

  if (g_strcmp0 (console_entry_get_type_name (selected), "groupchat") == 0 ||
      find_room (core, account, xmpp_jid_get_bare_text (jid)) != NULL)
    found->room = xmpp_jid_get_bare (jid);
  else
    found->contact = xmpp_jid_get_bare (jid);
}

/* Whom one talks with */
static void
look_at_chats (Found        *found,
               FlintCore    *core,
               FlintAccount *account)
{
  GListModel *conversations = flint_core_get_conversations (core);
  FlintRoom *room;

  for (guint i = 0; found->contact == NULL && i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr(FlintConversation) conversation = g_list_model_get_item (conversations, i);

      if (flint_conversation_get_account (conversation) == account &&
          flint_conversation_get_kind (conversation) == FLINT_CONVERSATION_CHAT)
        found->contact = xmpp_jid_get_bare (flint_conversation_get_jid (conversation));
    }

  room = find_room (core, account, found->room != NULL ? xmpp_jid_get_bare_text (found->room) : NULL);
  if (room != NULL && found->room == NULL)
    found->room = xmpp_jid_get_bare (flint_room_get_jid (room));
  if (room != NULL)
    found->nick = g_strdup (flint_room_get_nick (room));
}

/**
 * flint_console_places_fill:
 * @account: (nullable): who will send it
 * @selected: (nullable): what is selected in the console
 *
 * Returns: (transfer full): the XML of @template, about the other end of @selected, or else about those with whom
 *   @account talks; what nobody can know stays as a place in braces
 */
char *
flint_console_places_fill (const ConsoleTemplate *template,
                           FlintCore             *core,
                           FlintAccount          *account,
                           ConsoleEntry          *selected)
{
  Found found = { NULL };
  ConsolePlaces places = { NULL };
  char *xml;

  if (account != NULL)
    {
      XmppJid *jid = flint_account_get_jid (account);

      found.own = jid != NULL ? xmpp_jid_get_bare (jid) : NULL;
      if (selected != NULL)
        look_at_entry (&found, core, account, selected);
      look_at_chats (&found, core, account);
    }

  if (found.own != NULL)
    {
      places.account = xmpp_jid_get_bare_text (found.own);
      places.server = xmpp_jid_get_domain (found.own);
      places.nick = found.nick != NULL ? found.nick : xmpp_jid_get_local (found.own);
    }
  if (found.contact != NULL)
    places.contact = xmpp_jid_get_bare_text (found.contact);
  if (found.room != NULL)
    places.room = xmpp_jid_get_bare_text (found.room);

  xml = console_template_fill (template, &places);

  g_clear_pointer (&found.own, xmpp_jid_unref);
  g_clear_pointer (&found.contact, xmpp_jid_unref);
  g_clear_pointer (&found.room, xmpp_jid_unref);
  g_free (found.nick);

  return xml;
}
