/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-room.h"

G_BEGIN_DECLS

/* Signals, for the conversations with its occupants: "occupant-gone" (const char *nick), "occupant-renamed" (const char *old_nick, const char *nick) */
FlintRoom *flint_room_new                (FlintAccount      *account,
                                          XmppJid           *jid,
                                          const char        *nick);
gboolean   flint_room_can_speak          (FlintRoom         *self);
XmppJid   *flint_room_get_own_jid        (FlintRoom         *self);
gboolean   flint_room_wants_in           (FlintRoom         *self);
gboolean   flint_room_is_given_up        (FlintRoom         *self);
void       flint_room_set_account_online (FlintRoom         *self,
                                          gboolean           is_online);
void       flint_room_take_message       (FlintRoom         *self,
                                          const XmppMessage *message);

G_END_DECLS
