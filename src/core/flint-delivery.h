/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-conversation.h"

G_BEGIN_DECLS

/* What became of our own messages. Each counts only in the conversation with him who says it (T046, T047). */
gboolean flint_delivery_take_receipt    (FlintConversation *conversation,
                                         const char        *id);
gboolean flint_delivery_take_error      (FlintConversation *conversation,
                                         const char        *id,
                                         const GError      *error);
gboolean flint_delivery_take_acknowledged (FlintConversation *conversation,
                                         const char        *id);
gboolean flint_delivery_take_loss       (FlintConversation *conversation,
                                         const char        *id);
gboolean flint_delivery_take_reflection (FlintConversation *conversation,
                                         const char        *id);

G_END_DECLS
