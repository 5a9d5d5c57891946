/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What one logs in with instead of a password: SASL EXTERNAL (RFC 6120, 13.7.2; XEP-0178) */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GTlsCertificate *xmpp_client_certificate_read (const char  *pem,
                                               gsize        length,
                                               GError     **error);

G_END_DECLS
