/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-conversation-list.h"
#include "flint-history.h"
#include "flint-room-list.h"

G_BEGIN_DECLS

/* What the program knew when it ended: the conversations that somebody may look for, and what was written and could not
 * be sent
 */
void flint_recall_conversations (FlintConversationList *conversations,
                                 FlintHistory          *history,
                                 FlintAccount          *account);
void flint_recall_unsent        (FlintConversationList *conversations,
                                 FlintRoomList         *rooms,
                                 FlintHistory          *history,
                                 FlintAccount          *account);

G_END_DECLS
