/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0203: Delayed Delivery, and XEP-0091, its forerunner */
#pragma once

#include "xmpp-module.h"

G_BEGIN_DECLS

#define XMPP_TYPE_DELAY (xmpp_delay_get_type ())

G_DECLARE_FINAL_TYPE (XmppDelay, xmpp_delay, XMPP, DELAY, XmppModule)

gboolean xmpp_delay_read (XmppSession    *session,
                          const XmppNode *parent,
                          gint64         *time);   /* µs since 1970 */

G_END_DECLS
