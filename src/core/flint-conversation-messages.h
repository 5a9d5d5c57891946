/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-conversation.h"

G_BEGIN_DECLS

/* A line of a conversation, made: who says it, and under which name. All (transfer full). */
FlintMessage *flint_conversation_make_received (FlintConversation *conversation,
                                                const XmppMessage *message);
FlintMessage *flint_conversation_make_own      (FlintConversation *conversation,
                                                const XmppMessage *message);
FlintMessage *flint_conversation_make_said     (FlintConversation *conversation,
                                                const char        *text);

G_END_DECLS
