/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-connector.h"
#include "xmpp-stanza.h"

G_BEGIN_DECLS

/* Where servers sent us during one attempt to connect (RFC 6120, 4.9.3.19; XEP-0198, 5). The connector is led
 * there, and back when this is freed: whom the certificate must name does not change. Internal: not
 * for who uses the engine.
 */
typedef struct _XmppRedirect XmppRedirect;

XmppRedirect *xmpp_redirect_new          (XmppConnector   *connector);
void          xmpp_redirect_free         (XmppRedirect    *self);
void          xmpp_redirect_lead         (XmppRedirect    *self,
                                          const char      *host,
                                          guint            port);
gboolean      xmpp_redirect_follow       (XmppRedirect    *self,
                                          const XmppNode  *stream_error,
                                          GError         **error);
char         *xmpp_redirect_parse_target (const char      *text,
                                          guint           *port);

G_END_DECLS
