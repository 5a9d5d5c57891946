/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-sasl.h"

G_BEGIN_DECLS

#define XMPP_TYPE_SASL_EXTERNAL (xmpp_sasl_external_get_type ())

G_DECLARE_FINAL_TYPE (XmppSaslExternal, xmpp_sasl_external, XMPP, SASL_EXTERNAL, XmppSasl)

G_END_DECLS
