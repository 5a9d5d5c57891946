/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-clock.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Internal to xmpp-stream: a TLS handshake that ends, and whose errors are sentences. */
void     xmpp_handshake_async  (GTlsConnection       *tls,
                                XmppClock            *clock,
                                GCancellable         *cancellable,
                                GAsyncReadyCallback   callback,
                                gpointer              user_data);
gboolean xmpp_handshake_finish (GTlsConnection       *tls,
                                GAsyncResult         *result,
                                GError              **error);

G_END_DECLS
