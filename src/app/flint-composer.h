/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-conversation.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLINT_TYPE_COMPOSER (flint_composer_get_type ())

/* Where one writes: several lines, a draft that stays with the conversation, emoji, names completed in a room. "enter-sends".
 * Signal "sent" ().
 */
G_DECLARE_FINAL_TYPE (FlintComposer, flint_composer, FLINT, COMPOSER, AdwBin)

void flint_composer_set_conversation (FlintComposer     *self,
                                      FlintConversation *conversation);
void flint_composer_insert           (FlintComposer     *self,
                                      const char        *text);
void flint_composer_reply            (FlintComposer     *self,
                                      FlintMessage      *message);
void flint_composer_send             (FlintComposer     *self);
void flint_composer_insert_emoji     (FlintComposer     *self);

G_END_DECLS
