/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0184: Message Delivery Receipts */
#pragma once

#include "xmpp-module.h"

G_BEGIN_DECLS

#define XMPP_TYPE_RECEIPTS (xmpp_receipts_get_type ())

G_DECLARE_FINAL_TYPE (XmppReceipts, xmpp_receipts, XMPP, RECEIPTS, XmppModule)

/* Properties "request" (TRUE): ask for a receipt of what we send; "answer" (TRUE): tell contacts that
 * their messages have come; "answer-strangers" (FALSE): tell everybody, who thereby learn that we are
 * online.
 */

G_END_DECLS
