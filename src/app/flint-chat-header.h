/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-chat-page.h"

G_BEGIN_DECLS

#define FLINT_TYPE_CHAT_HEADER (flint_chat_header_get_type ())

/* Over the chats: who it is that one talks to, and what can be done. It does what it offers by the actions of the pane. */
G_DECLARE_FINAL_TYPE (FlintChatHeader, flint_chat_header, FLINT, CHAT_HEADER, AdwBin)

void flint_chat_header_show       (FlintChatHeader *self,
                                   FlintChatPage   *page);
void flint_chat_header_set_narrow (FlintChatHeader *self,
                                   gboolean         is_narrow);
/* The contacts: beside it, in a window of their own, or behind it */
void flint_chat_header_set_place  (FlintChatHeader *self,
                                   gboolean         is_embedded,
                                   gboolean         is_alone);

G_END_DECLS
