/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0186: Invisible Command, or XEP-0126: Invisibility by a privacy list, whichever there is */
#pragma once

#include "xmpp-module.h"

G_BEGIN_DECLS

#define XMPP_TYPE_INVISIBLE (xmpp_invisible_get_type ())

G_DECLARE_FINAL_TYPE (XmppInvisible, xmpp_invisible, XMPP, INVISIBLE, XmppModule)

/* The mechanism alone. Callers want xmpp_presence_set_invisible (), which also keeps presence back
 * until the server has agreed.
 */
gboolean xmpp_invisible_is_active  (XmppInvisible        *self);
void     xmpp_invisible_set_async  (XmppInvisible        *self,
                                    gboolean              invisible,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
gboolean xmpp_invisible_set_finish (XmppInvisible        *self,
                                    GAsyncResult         *result,
                                    GError              **error);

G_END_DECLS
