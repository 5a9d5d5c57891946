/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-conversation.h"

G_BEGIN_DECLS

#define FLINT_TYPE_CONVERSATION_LIST (flint_conversation_list_get_type ())

/* A GListModel of FlintConversation: the one in which something was said last comes first. At most 1,000: of
 * more, the oldest that nobody looks at go.
 */
G_DECLARE_FINAL_TYPE (FlintConversationList, flint_conversation_list, FLINT, CONVERSATION_LIST, GObject)

FlintConversationList *flint_conversation_list_new            (void);
void                   flint_conversation_list_add            (FlintConversationList *self,
                                                               FlintConversation     *conversation);
void                   flint_conversation_list_remove         (FlintConversationList *self,
                                                               FlintConversation     *conversation);
void                   flint_conversation_list_remove_account (FlintConversationList *self,
                                                               FlintAccount          *account);
FlintConversation     *flint_conversation_list_find           (FlintConversationList *self,
                                                               FlintAccount          *account,
                                                               const XmppJid         *jid);
FlintConversation     *flint_conversation_list_find_private   (FlintConversationList *self,
                                                               FlintAccount          *account,
                                                               const XmppJid         *jid);
GPtrArray             *flint_conversation_list_get_private    (FlintConversationList *self,
                                                               FlintRoom             *room);
GPtrArray             *flint_conversation_list_get_all        (FlintConversationList *self,
                                                               FlintAccount          *account);
void                   flint_conversation_list_count          (FlintConversationList *self,
                                                               guint                 *chats,
                                                               guint                 *rooms,
                                                               guint                 *mentions);

G_END_DECLS
