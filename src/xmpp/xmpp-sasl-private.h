/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-sasl.h"

G_BEGIN_DECLS

/* For the mechanisms */
const char                *xmpp_sasl_get_mechanism   (XmppSasl     *self);
const XmppSaslCredentials *xmpp_sasl_get_credentials (XmppSasl     *self);

/* Frees a secret after overwriting it; NULL is fine */
void                       xmpp_sasl_wipe            (char         *secret);

/* Bytes that are overwritten when they are freed */
GBytes                    *xmpp_sasl_secret_new      (gconstpointer data,
                                                      gsize         length);

G_END_DECLS
