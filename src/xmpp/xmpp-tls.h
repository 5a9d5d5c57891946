/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-authorities.h"
#include "xmpp-certificate.h"
#include "xmpp-connector.h"
#include "xmpp-stream.h"

G_BEGIN_DECLS

/* What decides whether a server's key and certificate will do. */
typedef struct
{
  const XmppEndpoint *endpoint;
  const char         *domain;        /* for the person; what is compared is endpoint's identity */
  const char * const *pins;
  XmppAuthorities    *authorities;
  GTlsCertificate    *certificate;   /* ours, NULL: none */
} XmppTlsOptions;

/* TLS over a stream, and everything that must be right before the first byte goes through it.
 * Internal: not for who uses the engine.
 */
void        xmpp_tls_secure_async       (XmppStream                 *stream,
                                        const XmppTlsOptions *options,
                                        GCancellable               *cancellable,
                                        GAsyncReadyCallback         callback,
                                        gpointer                    user_data);
gboolean    xmpp_tls_secure_finish      (XmppStream                 *stream,
                                        GAsyncResult               *result,
                                        XmppCertificate           **certificate,
                                        GError                    **error);
const char *xmpp_tls_get_version (GTlsConnection             *connection);

G_END_DECLS
