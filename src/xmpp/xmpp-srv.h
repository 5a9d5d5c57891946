/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-clock.h"
#include "xmpp-connector.h"

G_BEGIN_DECLS

/* Internal to xmpp-connector: where a domain's servers are, by its SRV records for STARTTLS
 * (RFC 6120, 3.2.1) and for direct TLS (XEP-0368), as one list in the order to try. The connector is told of each answer.
 */
typedef enum
{
  XMPP_SRV_STARTTLS   = 1 << 0,   /* _xmpp-client */
  XMPP_SRV_DIRECT_TLS = 1 << 1,   /* _xmpps-client */
} XmppSrvKinds;

typedef struct
{
  char     *host;
  guint16   port;
  guint16   priority;
  guint16   weight;
  gboolean  direct_tls;
} XmppSrvTarget;

gboolean       xmpp_srv_is_host_name (const char           *name);
XmppSrvTarget *xmpp_srv_target_new   (const char           *host,
                                      guint16               port,
                                      gboolean              direct_tls);
void           xmpp_srv_target_free  (XmppSrvTarget        *self);
void           xmpp_srv_sort         (GPtrArray            *targets);
void           xmpp_srv_find_async   (XmppConnector        *connector,
                                      const char           *domain,
                                      XmppSrvKinds          kinds,
                                      GResolver            *resolver,
                                      XmppClock            *clock,
                                      GCancellable         *cancellable,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
GPtrArray     *xmpp_srv_find_finish  (XmppConnector        *connector,
                                      GAsyncResult         *result,
                                      GError              **error);

G_END_DECLS
