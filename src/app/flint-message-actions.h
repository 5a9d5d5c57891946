/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-message-row.h"

G_BEGIN_DECLS

#define FLINT_TYPE_MESSAGE_ACTIONS (flint_message_actions_get_type ())

/* The bar with what can be done with a message: reply, copy, information. There is one for a list, which puts it
 * beside a row. Signal "reply" (FlintMessage *).
 */
G_DECLARE_FINAL_TYPE (FlintMessageActions, flint_message_actions, FLINT, MESSAGE_ACTIONS, AdwBin)

void             flint_message_actions_set_row (FlintMessageActions *self,
                                                FlintMessageRow     *row);
FlintMessageRow *flint_message_actions_get_row (FlintMessageActions *self);
gboolean         flint_message_actions_is_used (FlintMessageActions *self);

G_END_DECLS
