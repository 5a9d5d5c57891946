/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0280: Message Carbons */
#pragma once

#include "xmpp-module.h"

G_BEGIN_DECLS

#define XMPP_TYPE_CARBONS (xmpp_carbons_get_type ())

G_DECLARE_FINAL_TYPE (XmppCarbons, xmpp_carbons, XMPP, CARBONS, XmppModule)

/* Property "enabled" (read only): our server sends us what our other devices send and get. */

G_END_DECLS
