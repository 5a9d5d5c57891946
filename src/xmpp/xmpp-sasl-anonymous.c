/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-sasl-anonymous.h"

/* ANONYMOUS (RFC 4505), without the trace that would name somebody (XEP-0175, 3) */
struct _XmppSaslAnonymous
{
  XmppSasl parent_instance;
};

G_DEFINE_FINAL_TYPE (XmppSaslAnonymous, xmpp_sasl_anonymous, XMPP_TYPE_SASL)

static GBytes *
xmpp_sasl_anonymous_start (XmppSasl  *self,
                           GError   **error)
{
  return g_bytes_new_static ("", 0);
}

static void
xmpp_sasl_anonymous_class_init (XmppSaslAnonymousClass *klass)
{
  XMPP_SASL_CLASS (klass)->start = xmpp_sasl_anonymous_start;
}

static void
xmpp_sasl_anonymous_init (XmppSaslAnonymous *self)
{
}
