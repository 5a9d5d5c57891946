/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Internal: whom a certificate names */
#pragma once

#include <gio/gio.h>
#include <gnutls/x509.h>

G_BEGIN_DECLS

char     *xmpp_certificate_make_text   (const void        *data,
                                        gsize              size);
char    **xmpp_certificate_read_names  (gnutls_x509_crt_t  certificate);
gboolean  xmpp_certificate_is_misnamed (gnutls_x509_crt_t  certificate,
                                        const char        *domain);

G_END_DECLS
