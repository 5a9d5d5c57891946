/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-sasl.h"

G_BEGIN_DECLS

/* What the server may ask of PBKDF2: less is unsafe (RFC 7677, 4), more is an attack */
#define XMPP_SASL_SCRAM_MIN_ITERATIONS 4096
#define XMPP_SASL_SCRAM_MAX_ITERATIONS 2000000

#define XMPP_TYPE_SASL_SCRAM (xmpp_sasl_scram_get_type ())

G_DECLARE_FINAL_TYPE (XmppSaslScram, xmpp_sasl_scram, XMPP, SASL_SCRAM, XmppSasl)

void xmpp_sasl_scram_set_nonce (XmppSaslScram *self,
                                const char    *nonce);

G_END_DECLS
