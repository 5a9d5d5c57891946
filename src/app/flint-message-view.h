/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-conversation.h"
#include "flint-pattern.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLINT_TYPE_MESSAGE_VIEW (flint_message_view_get_type ())

/* The messages of a conversation. At the end it follows what comes; scrolled up it stays where it is and counts.
 * Signals "reply" (FlintMessage *), and "leave" () when the person goes back from it to writing.
 */
G_DECLARE_FINAL_TYPE (FlintMessageView, flint_message_view, FLINT, MESSAGE_VIEW, AdwBin)

void     flint_message_view_set_conversation (FlintMessageView  *self,
                                              FlintConversation *conversation);
void     flint_message_view_scroll_to_end    (FlintMessageView  *self);
void     flint_message_view_scroll_to        (FlintMessageView  *self,
                                              guint              position);
void     flint_message_view_scroll_to_unread (FlintMessageView  *self);
void     flint_message_view_set_found        (FlintMessageView  *self,
                                              FlintPattern      *pattern,
                                              guint              position);
FlintMessage *flint_message_view_get_place   (FlintMessageView  *self);
void     flint_message_view_set_place        (FlintMessageView  *self,
                                              FlintMessage      *place);
gboolean flint_message_view_is_at_end        (FlintMessageView  *self);

G_END_DECLS
