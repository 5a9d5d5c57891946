/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0085: Chat State Notifications */
#pragma once

#include "xmpp-module.h"

G_BEGIN_DECLS

#define XMPP_TYPE_CHAT_STATES (xmpp_chat_states_get_type ())

G_DECLARE_FINAL_TYPE (XmppChatStates, xmpp_chat_states, XMPP, CHAT_STATES, XmppModule)

/* Property "send" (TRUE): let contacts, and those we talk with in private in a room, know that we type. */
void xmpp_chat_states_send (XmppSession     *session,
                            XmppJid         *to,
                            XmppMessageType  type,
                            XmppChatState    state);

G_END_DECLS
