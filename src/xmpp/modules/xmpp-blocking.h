/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0191: Blocking Command */
#pragma once

#include "xmpp-module.h"

G_BEGIN_DECLS

#define XMPP_TYPE_BLOCKING (xmpp_blocking_get_type ())

G_DECLARE_FINAL_TYPE (XmppBlocking, xmpp_blocking, XMPP, BLOCKING, XmppModule)

/* Signal: changed ()   the list was read, or an address came or went, by push of the server, or ours is another */
gboolean   xmpp_blocking_is_supported  (XmppBlocking         *self);
gboolean   xmpp_blocking_is_blocked    (XmppBlocking         *self,
                                        const XmppJid        *jid);
void       xmpp_blocking_set_here      (XmppBlocking         *self,
                                        const char * const   *addresses);
GPtrArray *xmpp_blocking_get_list      (XmppBlocking         *self);
void       xmpp_blocking_block_async   (XmppBlocking         *self,
                                        XmppJid              *jid,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
void       xmpp_blocking_unblock_async (XmppBlocking         *self,
                                        XmppJid              *jid,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
gboolean   xmpp_blocking_change_finish (XmppBlocking         *self,
                                        GAsyncResult         *result,
                                        GError              **error);

G_END_DECLS
