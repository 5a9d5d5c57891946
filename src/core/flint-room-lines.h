/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-conversation.h"

#include "xmpp-muc.h"

G_BEGIN_DECLS

#define FLINT_TYPE_ROOM_LINES (flint_room_lines_get_type ())

/* What happens in a room, in words, as lines of its conversation. Those who come one after the other
 * make one line; in rooms of more than 20 coming and going is no news.
 */
G_DECLARE_FINAL_TYPE (FlintRoomLines, flint_room_lines, FLINT, ROOM_LINES, GObject)

FlintRoomLines *flint_room_lines_new            (FlintConversation *conversation,
                                                 GListModel        *occupants);
void            flint_room_lines_follow         (FlintRoomLines    *self,
                                                 XmppRoom          *room);
char           *flint_room_lines_describe_leave (XmppLeave          why,
                                                 const char        *actor,
                                                 const char        *reason);

G_END_DECLS
