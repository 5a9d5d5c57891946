/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-clock.h"
#include "xmpp-connector.h"

G_BEGIN_DECLS

/* Internal to xmpp-connector: a connection to one host and port. Its addresses are tried one after
 * the other, 250 ms apart (RFC 8305), and the first that answers wins; through a proxy where the
 * resolver names one. The connector is told of each step.
 */
void               xmpp_race_async      (XmppConnector        *connector,
                                         const char           *host,
                                         guint16               port,
                                         GProxyResolver       *proxies,
                                         XmppClock            *clock,
                                         GCancellable         *cancellable,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
GSocketConnection *xmpp_race_finish     (XmppConnector        *connector,
                                         GAsyncResult         *result,
                                         char                **address,
                                         GError              **error);
void               xmpp_race_keep_error (GError              **kept,
                                         GError               *error);

G_END_DECLS
