/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0045, 7.8, and XEP-0249: Invitations into rooms, mediated and direct */
#pragma once

#include "xmpp-module.h"

G_BEGIN_DECLS

#define XMPP_TYPE_INVITATIONS (xmpp_invitations_get_type ())

G_DECLARE_FINAL_TYPE (XmppInvitations, xmpp_invitations, XMPP, INVITATIONS, XmppModule)

/* An invitation arrives as XmppMessage.invited_to and its companions. Nothing is joined because of it. A
 * direct one is sent as a message with invited_to; a mediated one with xmpp_room_invite ().
 */

G_END_DECLS
