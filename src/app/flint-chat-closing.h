/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"

G_BEGIN_DECLS

/* Which chats may be closed, and the question before several are closed at once, of which some are not done with */
typedef void (*FlintChatClosingFunc) (GtkWindow *window,
                                      gpointer   user_data);

/* Whether nobody would miss it: nothing was said or looked at for a while, and nothing waits in it */
gboolean flint_chat_closing_is_quiet (FlintApplication     *application,
                                      FlintConversation    *conversation);
gboolean flint_chat_closing_is_asked (GPtrArray            *conversations,
                                      gboolean              is_end);
void     flint_chat_closing_ask      (GtkWindow            *window,
                                      GPtrArray            *conversations,
                                      gboolean              is_end,
                                      FlintChatClosingFunc  func,
                                      gpointer              user_data,
                                      GDestroyNotify        destroy);

G_END_DECLS
