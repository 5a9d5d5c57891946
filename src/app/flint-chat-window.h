/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-chat-pane.h"

G_BEGIN_DECLS

#define FLINT_TYPE_CHAT_WINDOW (flint_chat_window_get_type ())

/* Chats in a window of their own. It goes with the last of them. */
G_DECLARE_FINAL_TYPE (FlintChatWindow, flint_chat_window, FLINT, CHAT_WINDOW, AdwApplicationWindow)

GtkWindow     *flint_chat_window_new      (FlintApplication *application);
FlintChatPage *flint_chat_window_get_page (FlintChatWindow  *self);
void           flint_chat_window_toast    (FlintChatWindow  *self,
                                           const char       *text);

G_END_DECLS
