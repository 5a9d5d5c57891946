/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-conversation.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The question before several chats are closed at once, of which some are not done with */
typedef void (*FlintChatClosingFunc) (GtkWindow *window,
                                      gpointer   user_data);

gboolean flint_chat_closing_is_asked (GPtrArray            *conversations,
                                      gboolean              is_end);
void     flint_chat_closing_ask      (GtkWindow            *window,
                                      GPtrArray            *conversations,
                                      gboolean              is_end,
                                      FlintChatClosingFunc  func,
                                      gpointer              user_data,
                                      GDestroyNotify        destroy);

G_END_DECLS
