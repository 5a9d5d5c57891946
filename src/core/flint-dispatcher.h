/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-conversation-list.h"
#include "flint-inbox.h"
#include "flint-room-list.h"

G_BEGIN_DECLS

#define FLINT_TYPE_DISPATCHER (flint_dispatcher_get_type ())

/* Brings each message of the accounts that it is told of to where it belongs: chat to its conversation, normal to the
 * letters, groupchat to its room, headline to the headlines and only there, error beside the message that it is about.
 *
 * Signals: "message-received" (FlintConversation *, FlintMessage *): somebody said something that is news; "invited"
 * (FlintAccount *, XmppJid *room, const char *by, const char *reason, const char *password).
 */
G_DECLARE_FINAL_TYPE (FlintDispatcher, flint_dispatcher, FLINT, DISPATCHER, GObject)

FlintDispatcher *flint_dispatcher_new            (FlintConversationList *conversations,
                                                  FlintRoomList         *rooms,
                                                  FlintInbox            *headlines,
                                                  FlintInbox            *letters);
void             flint_dispatcher_add_account    (FlintDispatcher       *self,
                                                  FlintAccount          *account);
void             flint_dispatcher_remove_account (FlintDispatcher       *self,
                                                  FlintAccount          *account);

G_END_DECLS
