/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-conversation.h"

G_BEGIN_DECLS

FlintConversation *flint_conversation_new            (FlintAccount          *account,
                                                      XmppJid               *jid,
                                                      FlintConversationKind  kind,
                                                      FlintRoom             *room);

/* What the dispatcher brings. receive: from the other side; when it is in the timeline, "received" tells */
void               flint_conversation_receive        (FlintConversation     *self,
                                                      const XmppMessage     *message,
                                                      gboolean               is_news);
void               flint_conversation_receive_own    (FlintConversation     *self,
                                                      const XmppMessage     *message);
void               flint_conversation_take_unsent    (FlintConversation     *self,
                                                      FlintMessage          *message,
                                                      const char            *failure);
void               flint_conversation_take_archived  (FlintConversation     *self,
                                                      GPtrArray             *messages,
                                                      gboolean               is_news);
gint64             flint_conversation_get_live_place (FlintConversation     *self);
void               flint_conversation_set_message_state (FlintConversation  *self,
                                                      FlintMessage          *message,
                                                      FlintMessageState      state,
                                                      const char            *failure);
void               flint_conversation_receive_state  (FlintConversation     *self,
                                                      const XmppMessage     *message);
void               flint_conversation_add_line       (FlintConversation     *self,
                                                      const char            *text);
void               flint_conversation_set_account_online (FlintConversation *self,
                                                      gboolean               is_online);
void               flint_conversation_caught_up      (FlintConversation     *self);
void               flint_conversation_session_over   (FlintConversation    *self);
void               flint_conversation_presence_changed (FlintConversation   *self);
void               flint_conversation_close          (FlintConversation     *self);

/* With an occupant who has gone: whoever has the nickname now is somebody else */
gboolean           flint_conversation_is_frozen      (FlintConversation     *self);

/* Rooms: something that title, subtitle, notice or can-send are made of has changed */
void               flint_conversation_refresh        (FlintConversation     *self);
FlintMessage      *flint_conversation_replace_line   (FlintConversation     *self,
                                                      FlintMessage          *old,
                                                      const char            *text);

G_END_DECLS
