/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-sasl.h"

G_BEGIN_DECLS

#define XMPP_TYPE_SASL_PLAIN (xmpp_sasl_plain_get_type ())

G_DECLARE_FINAL_TYPE (XmppSaslPlain, xmpp_sasl_plain, XMPP, SASL_PLAIN, XmppSasl)

G_END_DECLS
