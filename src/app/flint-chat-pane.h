/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-chat-page.h"

G_BEGIN_DECLS

#define FLINT_TYPE_CHAT_PANE (flint_chat_pane_get_type ())

/* Chats in tabs, with what is over them: in a window of their own, or beside the contacts. A window has one of them at most.
 * Signals: "opened": one is shown on somebody's wish; "emptied": the last one has gone, and does not hang on a drag;
 * "titled": make_title () gives another one. "has-tabs" (notified) is so during a drag, too.
 */
G_DECLARE_FINAL_TYPE (FlintChatPane, flint_chat_pane, FLINT, CHAT_PANE, AdwBin)

void           flint_chat_pane_set_application (FlintChatPane     *self,
                                                FlintApplication  *application);
FlintChatPane *flint_chat_pane_find            (GtkWindow         *window);
/* Opens or finds the tab of a conversation and selects it */
void           flint_chat_pane_open            (FlintChatPane     *self,
                                                FlintConversation *conversation);
gboolean       flint_chat_pane_has             (FlintChatPane     *self,
                                                FlintConversation *conversation);
FlintChatPage *flint_chat_pane_get_page        (FlintChatPane     *self);
char          *flint_chat_pane_make_title      (FlintChatPane     *self);
void           flint_chat_pane_move_to         (FlintChatPane     *self,
                                                FlintChatPane     *other);
void           flint_chat_pane_set_place       (FlintChatPane     *self,
                                                gboolean           is_embedded,
                                                gboolean           is_alone);
gboolean       flint_chat_pane_may_close       (FlintChatPane     *self);
void           flint_chat_pane_toast           (FlintChatPane     *self,
                                                const char        *text);

G_END_DECLS
