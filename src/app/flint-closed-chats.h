/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"
#include "flint-chat-page.h"

G_BEGIN_DECLS

/* The tabs that were closed, so that they can be brought back: the last one first, where and as it was left */
void       flint_closed_chats_add    (FlintApplication  *application,
                                      FlintChatPage     *page);
void       flint_closed_chats_reopen (FlintApplication  *application);
GtkWindow *flint_closed_chats_open   (FlintApplication  *application,
                                      FlintConversation *conversation);

G_END_DECLS
