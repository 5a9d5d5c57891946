/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define XMPP_TYPE_CERTIFICATE (xmpp_certificate_get_type ())

G_DECLARE_FINAL_TYPE (XmppCertificate, xmpp_certificate, XMPP, CERTIFICATE, GObject)

/* What is wrong with a server's certificate or key. The first seven are GTlsCertificateFlags' own;
 * the rest is what glib-networking does not look at (security.md, S44).
 */
typedef enum
{
  XMPP_CERTIFICATE_OK            = 0,
  XMPP_CERTIFICATE_UNKNOWN_CA    = 1 << 0,
  XMPP_CERTIFICATE_BAD_IDENTITY  = 1 << 1,
  XMPP_CERTIFICATE_NOT_ACTIVATED = 1 << 2,
  XMPP_CERTIFICATE_EXPIRED       = 1 << 3,
  XMPP_CERTIFICATE_REVOKED       = 1 << 4,
  XMPP_CERTIFICATE_INSECURE      = 1 << 5,
  XMPP_CERTIFICATE_GENERIC       = 1 << 6,
  XMPP_CERTIFICATE_WEAK_KEY      = 1 << 7,   /* RSA < 2048, EC < 256 bits */
  XMPP_CERTIFICATE_BAD_USAGE     = 1 << 8,   /* extended key usage without serverAuth */
} XmppCertificateFlags;

XmppCertificate      *xmpp_certificate_new             (GTlsCertificate      *certificate,
                                                        GTlsCertificateFlags  errors,
                                                        const char           *domain,
                                                        GError              **error);
XmppCertificateFlags  xmpp_certificate_get_flags       (XmppCertificate      *self);
GTlsCertificate      *xmpp_certificate_get_tls         (XmppCertificate      *self);
const char           *xmpp_certificate_get_domain      (XmppCertificate      *self);
const char           *xmpp_certificate_get_subject     (XmppCertificate      *self);
const char           *xmpp_certificate_get_issuer      (XmppCertificate      *self);
const char * const   *xmpp_certificate_get_names       (XmppCertificate      *self);
GDateTime            *xmpp_certificate_get_not_before  (XmppCertificate      *self);
GDateTime            *xmpp_certificate_get_not_after   (XmppCertificate      *self);
const char           *xmpp_certificate_get_key         (XmppCertificate      *self);
const char           *xmpp_certificate_get_fingerprint (XmppCertificate      *self);
const char           *xmpp_certificate_get_pin         (XmppCertificate      *self);
char                 *xmpp_certificate_describe        (XmppCertificate      *self);
char                 *xmpp_certificate_make_pin        (XmppCertificate      *self);
gboolean              xmpp_certificate_is_pinned       (XmppCertificate      *self,
                                                        const char * const   *pins);

G_END_DECLS
