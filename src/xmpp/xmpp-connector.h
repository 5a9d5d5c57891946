/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Smack's SecurityMode: required; direct TLS (XEP-0368) only; disabled, for a server under test */
typedef enum
{
  XMPP_SECURITY_REQUIRED,
  XMPP_SECURITY_DIRECT_TLS,
  XMPP_SECURITY_DISABLED,
} XmppSecurity;

typedef struct
{
  GSocketConnectable *identity;    /* whom the certificate must name: the domain, never the SRV target */
  gboolean            direct_tls;  /* TLS first, with ALPN and SNI; otherwise STARTTLS */
  char               *host;        /* that answered */
  guint16             port;
  char               *address;     /* numeric, NULL through a proxy */
} XmppEndpoint;

#define XMPP_TYPE_CONNECTOR (xmpp_connector_get_type ())

G_DECLARE_DERIVABLE_TYPE (XmppConnector, xmpp_connector, XMPP, CONNECTOR, GObject)

/* From a domain to an open byte stream. Tests derive one that hands out the end of a socket pair. */
struct _XmppConnectorClass
{
  GObjectClass parent_class;

  void        (*connect_async)  (XmppConnector        *self,
                                 GCancellable         *cancellable,
                                 GAsyncReadyCallback   callback,
                                 gpointer              user_data);
  GIOStream * (*connect_finish) (XmppConnector        *self,
                                 GAsyncResult         *result,
                                 XmppEndpoint        **endpoint,
                                 GError              **error);
};

/* Properties: "domain" (A-label), "host", "port" (0: by SRV), "security", "resolver" (GResolver),
 * "proxy-resolver" (GProxyResolver), "clock". Signal "progress" (const char *text): each SRV answer, each
 * address tried and how it failed, for the console.
 */
XmppConnector *xmpp_connector_new            (const char           *domain);
void           xmpp_connector_connect_async  (XmppConnector        *self,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
GIOStream     *xmpp_connector_connect_finish (XmppConnector        *self,
                                              GAsyncResult         *result,
                                              XmppEndpoint        **endpoint,
                                              GError              **error);
void           xmpp_connector_progress       (XmppConnector        *self,
                                              const char           *format,
                                              ...) G_GNUC_PRINTF (2, 3);
void           xmpp_endpoint_free            (XmppEndpoint         *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppEndpoint, xmpp_endpoint_free)

G_END_DECLS
