/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-conversation.h"

G_BEGIN_DECLS

/* What is shown about a conversation, made of what its contact, its room and its account are just now */
char     *flint_conversation_make_title    (FlintConversation *conversation);
char     *flint_conversation_make_subtitle (FlintConversation *conversation);
XmppShow  flint_conversation_find_show     (FlintConversation *conversation);
char     *flint_conversation_make_typing   (FlintConversation *conversation);
char     *flint_conversation_make_notice   (FlintConversation *conversation,
                                            gboolean          *can_send);

G_END_DECLS
