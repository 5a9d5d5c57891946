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

FlintRoomLines *flint_room_lines_new            (FlintConversation *conversation);
void            flint_room_lines_entered        (FlintRoomLines    *self,
                                                 guint              status);
void            flint_room_lines_joined         (FlintRoomLines    *self,
                                                 const char        *nick,
                                                 guint              n_occupants);
void            flint_room_lines_left           (FlintRoomLines    *self,
                                                 const char        *nick,
                                                 XmppLeave          why,
                                                 const char        *actor,
                                                 const char        *reason,
                                                 guint              n_occupants);
void            flint_room_lines_renamed        (FlintRoomLines    *self,
                                                 const char        *old_nick,
                                                 const char        *nick,
                                                 gboolean           is_self);
void            flint_room_lines_subject        (FlintRoomLines    *self,
                                                 const char        *subject,
                                                 const char        *by);
char           *flint_room_lines_describe_leave (XmppLeave          why,
                                                 const char        *actor,
                                                 const char        *reason);

G_END_DECLS
