/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-conversation.h"
#include "flint-occupant.h"
#include "xmpp-muc.h"

G_BEGIN_DECLS

#define FLINT_TYPE_ROOM (flint_room_get_type ())

/* A room that one is in or keeps. "account", "jid", "name", "nick", "subject", "state" (XmppRoomState), "error" (GError boxed, why not in),
 * "occupants" (GListModel of FlintOccupant, sorted: role, then name), "conversation", "autojoin", "is-saved".
 */
G_DECLARE_FINAL_TYPE (FlintRoom, flint_room, FLINT, ROOM, GObject)

XmppJid           *flint_room_get_jid          (FlintRoom            *self);
FlintAccount      *flint_room_get_account      (FlintRoom            *self);
const char        *flint_room_get_name         (FlintRoom            *self);
const char        *flint_room_get_nick         (FlintRoom            *self);
const char        *flint_room_get_subject      (FlintRoom            *self);
XmppRoomState      flint_room_get_state        (FlintRoom            *self);
const GError      *flint_room_get_error        (FlintRoom            *self);
gboolean           flint_room_is_closed        (FlintRoom            *self);
XmppJid           *flint_room_get_alternative  (FlintRoom            *self);
GListModel        *flint_room_get_occupants    (FlintRoom            *self);
FlintOccupant     *flint_room_find_occupant    (FlintRoom            *self,
                                                const char           *nick);
FlintConversation *flint_room_get_conversation (FlintRoom            *self);
void               flint_room_join_async       (FlintRoom            *self,
                                                const char           *password,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
gboolean           flint_room_join_finish      (FlintRoom            *self,
                                                GAsyncResult         *result,
                                                GError              **error);
void               flint_room_leave            (FlintRoom            *self);
void               flint_room_set_subject      (FlintRoom            *self,
                                                const char           *subject);
void               flint_room_set_nick         (FlintRoom            *self,
                                                const char           *nick);
void               flint_room_invite           (FlintRoom            *self,
                                                XmppJid              *who,
                                                const char           *reason);
gboolean           flint_room_can_set_subject  (FlintRoom            *self);

G_END_DECLS
