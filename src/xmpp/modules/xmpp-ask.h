/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside the modules only: a request of theirs whose answer is read in their own _finish, and the
 * server's own requests
 */
#pragma once

#include "xmpp-module.h"

G_BEGIN_DECLS

void        xmpp_ask_async  (gpointer              module,
                             XmppStanza           *iq,
                             gpointer              source_tag,
                             GCancellable         *cancellable,
                             GAsyncReadyCallback   callback,
                             gpointer              user_data);
XmppStanza *xmpp_ask_finish (gpointer              module,
                             GAsyncResult         *result,
                             gpointer              source_tag,
                             GError              **error);
gboolean    xmpp_is_push    (gpointer              module,
                             const XmppJid        *from);

G_END_DECLS
