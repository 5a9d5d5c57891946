/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0199: XMPP Ping */
#pragma once

#include "xmpp-module.h"

G_BEGIN_DECLS

#define XMPP_TYPE_PING (xmpp_ping_get_type ())

G_DECLARE_FINAL_TYPE (XmppPing, xmpp_ping, XMPP, PING, XmppModule)

/* Properties "interval" (seconds of silence after which our server is pinged, 60; 0: never) and
 * "patience" (seconds that it may take to answer, 20).
 */
void   xmpp_ping_async  (XmppPing             *self,
                         XmppJid              *jid,
                         GCancellable         *cancellable,
                         GAsyncReadyCallback   callback,
                         gpointer              user_data);
gint64 xmpp_ping_finish (XmppPing             *self,
                         GAsyncResult         *result,
                         GError              **error);

gint64 xmpp_ping_get_silence (XmppPing        *self);
void   xmpp_ping_probe       (XmppPing        *self);

G_END_DECLS
