/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>
#include <gnutls/gnutls.h>

G_BEGIN_DECLS

/* What is wrong with a certificate that a test makes */
typedef enum
{
  FAKE_CERTIFICATE_GOOD           = 0,
  FAKE_CERTIFICATE_EXPIRED        = 1 << 0,
  FAKE_CERTIFICATE_NOT_YET        = 1 << 1,
  FAKE_CERTIFICATE_SELF_SIGNED    = 1 << 2,
  FAKE_CERTIFICATE_RSA_1024       = 1 << 3,
  FAKE_CERTIFICATE_CLIENT_USAGE   = 1 << 4,   /* extended key usage: clientAuth only */
  FAKE_CERTIFICATE_MUST_STAPLE    = 1 << 5,   /* only good with what the authority says of it (RFC 7633) */
} FakeCertificateFlags;

/* What an authority says of a certificate (OCSP, RFC 6960) */
typedef enum
{
  FAKE_STAPLE_GOOD,
  FAKE_STAPLE_REVOKED,
  FAKE_STAPLE_STALE,      /* was good, last week */
  FAKE_STAPLE_FORGED,     /* good, says somebody else */
} FakeStaple;

/* A throw-away certificate authority of a test, made in memory (ECDSA: about a millisecond). */
typedef struct _FakeAuthority FakeAuthority;

FakeAuthority *fake_authority_new          (void);
void           fake_authority_free         (FakeAuthority        *self);

/* A trust store that holds this authority and no other (transfer full). */
GTlsDatabase  *fake_authority_get_database (FakeAuthority        *self);

/* The PEM text of a certificate for the DNS name, and then of its key (transfer full). */
char          *fake_authority_issue        (FakeAuthority        *self,
                                            const char           *name,
                                            FakeCertificateFlags  flags);

/* The answer of this authority about a certificate that it issued (transfer full). */
GBytes        *fake_authority_staple       (FakeAuthority        *self,
                                            const char           *certificate,
                                            FakeStaple            staple);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeAuthority, fake_authority_free)

G_END_DECLS
