/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0333: Displayed Markers */
#pragma once

#include "xmpp-module.h"

G_BEGIN_DECLS

#define XMPP_TYPE_MARKERS (xmpp_markers_get_type ())

G_DECLARE_FINAL_TYPE (XmppMarkers, xmpp_markers, XMPP, MARKERS, XmppModule)

/* Properties "request" (FALSE): ask to be told when what we write is displayed, for who shows it then; "answer" (TRUE):
 * tell contacts; "answer-strangers" (FALSE): tell everybody, who thereby learn that we are online; "answer-rooms"
 * (FALSE): tell all who are in a room.
 *
 * What comes is in XmppMessage: is_markable, displayed_id. A marker means all up to that message, moves only forward, and
 * counts only from whom the message went to (security.md, T046): compare from. In a room displayed_id is what the room's
 * archive calls the message (archive_id), else the message's own id.
 */
gboolean xmpp_markers_may_send (XmppMarkers     *self,
                                XmppJid         *to,
                                XmppMessageType  type);
gboolean xmpp_markers_send     (XmppMarkers     *self,
                                XmppJid         *to,
                                XmppMessageType  type,
                                const char      *id,
                                const char      *thread);

G_END_DECLS
