/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-conversation.h"

G_BEGIN_DECLS

#define FLINT_TYPE_CONVERSATION_LIST (flint_conversation_list_get_type ())

/* A GListModel of FlintConversation: the one in which something was said last comes first. At most 1,000: of
 * more, the oldest that nobody looks at go. They hear when an account that the list was told of comes or goes, and
 * when one of its contacts does.
 */
G_DECLARE_FINAL_TYPE (FlintConversationList, flint_conversation_list, FLINT, CONVERSATION_LIST, GObject)

FlintConversationList *flint_conversation_list_new            (void);
void                   flint_conversation_list_add            (FlintConversationList *self,
                                                               FlintConversation     *conversation);
void                   flint_conversation_list_remove         (FlintConversationList *self,
                                                               FlintConversation     *conversation);
void                   flint_conversation_list_add_account    (FlintConversationList *self,
                                                               FlintAccount          *account);
void                   flint_conversation_list_remove_account (FlintConversationList *self,
                                                               FlintAccount          *account);
gboolean               flint_conversation_list_knows          (FlintConversationList *self,
                                                               FlintAccount          *account);
FlintConversation     *flint_conversation_list_find           (FlintConversationList *self,
                                                               FlintAccount          *account,
                                                               const XmppJid         *jid);
FlintConversation     *flint_conversation_list_find_private   (FlintConversationList *self,
                                                               FlintAccount          *account,
                                                               const XmppJid         *jid);
FlintConversation     *flint_conversation_list_ensure_chat    (FlintConversationList *self,
                                                               FlintAccount          *account,
                                                               XmppJid               *jid);
FlintConversation     *flint_conversation_list_ensure_private (FlintConversationList *self,
                                                               FlintRoom             *room,
                                                               XmppJid               *jid);
void                   flint_conversation_list_count          (FlintConversationList *self,
                                                               guint                 *chats,
                                                               guint                 *rooms,
                                                               guint                 *mentions);

G_END_DECLS
