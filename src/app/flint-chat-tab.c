/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-chat-tab.h"

static const char *
get_icon (FlintConversation *conversation)
{
  static const char * const icons[] = {
    [XMPP_SHOW_CHAT]      = "flint-tab-chat-symbolic",
    [XMPP_SHOW_AVAILABLE] = "flint-tab-available-symbolic",
    [XMPP_SHOW_AWAY]      = "flint-tab-away-symbolic",
    [XMPP_SHOW_XA]        = "flint-tab-xa-symbolic",
    [XMPP_SHOW_DND]       = "flint-tab-dnd-symbolic",
    [XMPP_SHOW_OFFLINE]   = "flint-tab-offline-symbolic",
  };

  if (flint_conversation_get_kind (conversation) == FLINT_CONVERSATION_ROOM)
    return "flint-room-symbolic";

  return icons[flint_conversation_get_show (conversation)];
}

/**
 * flint_chat_tab_show:
 * @conversation: as it is now
 */
void
flint_chat_tab_show (AdwTabPage        *tab,
                     FlintConversation *conversation)
{
  guint unread = flint_conversation_get_unread (conversation);
  gboolean is_room = flint_conversation_get_kind (conversation) == FLINT_CONVERSATION_ROOM;
  g_autoptr(GIcon) icon = NULL;
  g_autofree char *title = NULL;
  g_autofree char *typing = NULL;

  g_return_if_fail (ADW_IS_TAB_PAGE (tab));

  g_object_get (conversation, "typing", &typing, NULL);
  title = unread > 0 ? g_strdup_printf ("%s (%u)", flint_conversation_get_title (conversation), unread)
                     : g_strdup (flint_conversation_get_title (conversation));
  icon = g_themed_icon_new (typing != NULL ? "document-edit-symbolic" : get_icon (conversation));

  adw_tab_page_set_title (tab, title);
  adw_tab_page_set_icon (tab, icon);
  adw_tab_page_set_tooltip (tab, xmpp_jid_get_text (flint_conversation_get_jid (conversation)));
  adw_tab_page_set_needs_attention (tab, is_room ? flint_conversation_get_mentions (conversation) > 0 : unread > 0);
}
