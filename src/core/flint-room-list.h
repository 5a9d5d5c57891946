/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-account-list.h"
#include "flint-cache.h"
#include "flint-room.h"

G_BEGIN_DECLS

#define FLINT_TYPE_ROOM_LIST (flint_room_list_get_type ())

/* A GListModel of FlintRoom: those that one is in, and those that one keeps, which are in rooms.ini. They hear when an
 * account that the list was told of comes or goes.
 */
G_DECLARE_FINAL_TYPE (FlintRoomList, flint_room_list, FLINT, ROOM_LIST, GObject)

FlintRoomList *flint_room_list_new            (FlintCache       *files);
void           flint_room_list_add_account    (FlintRoomList    *self,
                                               FlintAccount     *account);
void           flint_room_list_remove_account (FlintRoomList    *self,
                                               FlintAccount     *account);
void           flint_room_list_add            (FlintRoomList    *self,
                                               FlintRoom        *room);
void           flint_room_list_remove         (FlintRoomList    *self,
                                               FlintRoom        *room);
FlintRoom     *flint_room_list_find           (FlintRoomList    *self,
                                               FlintAccount     *account,
                                               const XmppJid    *jid);
FlintRoom     *flint_room_list_ensure         (FlintRoomList    *self,
                                               FlintAccount     *account,
                                               XmppJid          *jid,
                                               const char       *nick);

G_END_DECLS
