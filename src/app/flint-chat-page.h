/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"

G_BEGIN_DECLS

#define FLINT_TYPE_CHAT_PAGE (flint_chat_page_get_type ())

/* One conversation, as the page of a tab: it travels from window to window with its draft, its place and its side panel. */
G_DECLARE_FINAL_TYPE (FlintChatPage, flint_chat_page, FLINT, CHAT_PAGE, AdwBin)

GtkWidget         *flint_chat_page_new              (FlintApplication  *application,
                                                     FlintConversation *conversation);
FlintConversation *flint_chat_page_get_conversation (FlintChatPage     *self);
void               flint_chat_page_set_watched      (FlintChatPage     *self,
                                                     gboolean           watched);
gboolean           flint_chat_page_get_show_side    (FlintChatPage     *self);
void               flint_chat_page_set_show_side    (FlintChatPage     *self,
                                                     gboolean           show);
FlintMessage      *flint_chat_page_get_place        (FlintChatPage     *self);
void               flint_chat_page_set_place        (FlintChatPage     *self,
                                                     FlintMessage      *place);
gboolean           flint_chat_page_is_searching     (FlintChatPage     *self);
void               flint_chat_page_focus            (FlintChatPage     *self);

G_END_DECLS
