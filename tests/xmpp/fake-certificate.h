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
} FakeCertificateFlags;

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

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeAuthority, fake_authority_free)

G_END_DECLS
