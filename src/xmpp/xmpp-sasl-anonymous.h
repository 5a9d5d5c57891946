/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-sasl.h"

G_BEGIN_DECLS

#define XMPP_TYPE_SASL_ANONYMOUS (xmpp_sasl_anonymous_get_type ())

G_DECLARE_FINAL_TYPE (XmppSaslAnonymous, xmpp_sasl_anonymous, XMPP, SASL_ANONYMOUS, XmppSasl)

G_END_DECLS
