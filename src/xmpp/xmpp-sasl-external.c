/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-sasl-external.h"

#include "xmpp-sasl-private.h"

#include <string.h>

/* EXTERNAL (RFC 4422, A): the client's certificate has said it already. Without an identity to act
 * as, the message is empty, and the server takes the one in the certificate (XEP-0178, 2).
 */
struct _XmppSaslExternal
{
  XmppSasl parent_instance;
};

G_DEFINE_FINAL_TYPE (XmppSaslExternal, xmpp_sasl_external, XMPP_TYPE_SASL)

static GBytes *
xmpp_sasl_external_start (XmppSasl  *self,
                          GError   **error)
{
  const char *authzid = xmpp_sasl_get_credentials (self)->authzid;

  return g_bytes_new (authzid, authzid != NULL ? strlen (authzid) : 0);
}

static void
xmpp_sasl_external_class_init (XmppSaslExternalClass *klass)
{
  XMPP_SASL_CLASS (klass)->start = xmpp_sasl_external_start;
}

static void
xmpp_sasl_external_init (XmppSaslExternal *self)
{
}
