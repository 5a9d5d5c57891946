/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0045, 7.8, and XEP-0249: Invitations into rooms, mediated and direct */
#pragma once

#include "xmpp-module.h"

G_BEGIN_DECLS

#define XMPP_TYPE_INVITATIONS (xmpp_invitations_get_type ())

G_DECLARE_FINAL_TYPE (XmppInvitations, xmpp_invitations, XMPP, INVITATIONS, XmppModule)

/* An invitation arrives as XmppMessage.invited_to and its companions. Nothing is joined because of it. A
 * mediated one comes from the room, with invited_by as the room's claim; a direct one (invited_by is
 * NULL) from the person who invites. A direct one is sent as a message with invited_to, a mediated one
 * with xmpp_room_invite ().
 */
void xmpp_invitations_read_mediated (const XmppNode *x,
                                     XmppMessage    *message);

G_END_DECLS
