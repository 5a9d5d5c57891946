/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-conversation.h"
#include "flint-typing.h"

G_BEGIN_DECLS

/* How what we say in one conversation goes out: at once, or when there is a connection; and what becomes of it when
 * the connection goes. The messages are in the timeline, and their states say how it stands.
 */
typedef struct _FlintOutbox FlintOutbox;

FlintOutbox *flint_outbox_new       (FlintConversation *conversation,
                                     FlintTyping       *typing);
void         flint_outbox_free      (FlintOutbox       *self);
void         flint_outbox_send      (FlintOutbox       *self,
                                     XmppJid           *to,
                                     FlintMessage      *message);
void         flint_outbox_connected (FlintOutbox       *self,
                                     XmppJid           *to);
void         flint_outbox_caught_up (FlintOutbox       *self,
                                     XmppJid           *to);
void         flint_outbox_lost      (FlintOutbox       *self,
                                     gboolean           was_online);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlintOutbox, flint_outbox_free)

G_END_DECLS
