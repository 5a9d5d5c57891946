/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-certificate.h"

#include <glib/gstdio.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DAY (24 * 60 * 60)

struct _FakeAuthority
{
  gnutls_x509_crt_t     certificate;
  gnutls_x509_privkey_t key;
  char                  *path;   /* of the trust store; NULL: nobody asked for it */
};

static gnutls_x509_privkey_t
make_key (gboolean is_weak)
{
  gnutls_x509_privkey_t key;

  g_assert_cmpint (gnutls_x509_privkey_init (&key), ==, 0);
  g_assert_cmpint (is_weak
                     ? gnutls_x509_privkey_generate (key, GNUTLS_PK_RSA, 1024, 0)
                     : gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                                                     GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0),
                   ==, 0);

  return key;
}

/* Everything but the names, the purpose and the signature */
static gnutls_x509_crt_t
make_certificate (gnutls_x509_privkey_t key,
                  const char           *common_name,
                  gint64                from,
                  gint64                to)
{
  gnutls_x509_crt_t certificate;
  guint8 serial[8];

  g_assert_cmpint (gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial), ==, 0);
  serial[0] &= 0x7f;

  g_assert_cmpint (gnutls_x509_crt_init (&certificate), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_version (certificate, 3), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_serial (certificate, serial, sizeof serial), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_activation_time (certificate, time (NULL) + from), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_expiration_time (certificate, time (NULL) + to), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_dn_by_oid (certificate, GNUTLS_OID_X520_COMMON_NAME, 0,
                                                  common_name, strlen (common_name)), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_key (certificate, key), ==, 0);

  return certificate;
}

static char *
export_certificate (gnutls_x509_crt_t certificate)
{
  gnutls_datum_t pem;
  char *text;

  g_assert_cmpint (gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_PEM, &pem), ==, 0);
  text = g_strndup ((const char *) pem.data, pem.size);
  gnutls_free (pem.data);

  return text;
}

FakeAuthority *
fake_authority_new (void)
{
  FakeAuthority *self = g_new0 (FakeAuthority, 1);

  self->key = make_key (FALSE);
  self->certificate = make_certificate (self->key, "Throw-away test authority", -3 * DAY, 3 * DAY);
  g_assert_cmpint (gnutls_x509_crt_set_basic_constraints (self->certificate, 1, -1), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_key_usage (self->certificate,
                                                  GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_sign2 (self->certificate, self->certificate, self->key,
                                          GNUTLS_DIG_SHA256, 0), ==, 0);

  return self;
}

void
fake_authority_free (FakeAuthority *self)
{
  gnutls_x509_crt_deinit (self->certificate);
  gnutls_x509_privkey_deinit (self->key);
  if (self->path != NULL)
    g_unlink (self->path);
  g_free (self->path);
  g_free (self);
}

GTlsDatabase *
fake_authority_get_database (FakeAuthority *self)
{
  g_autofree char *pem = export_certificate (self->certificate);
  g_autoptr(GError) error = NULL;
  GTlsDatabase *database;
  int fd;

  g_assert_null (self->path);
  fd = g_file_open_tmp ("fake-authority-XXXXXX.pem", &self->path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (write (fd, pem, strlen (pem)), ==, strlen (pem));
  close (fd);

  /* The file is read again by each connection */
  database = g_tls_file_database_new (self->path, &error);
  g_assert_no_error (error);

  return database;
}

char *
fake_authority_issue (FakeAuthority        *self,
                      const char           *name,
                      FakeCertificateFlags  flags)
{
  gnutls_x509_privkey_t key = make_key (flags & FAKE_CERTIFICATE_RSA_1024);
  g_autofree char *certificate_pem = NULL;
  g_autofree char *key_pem = NULL;
  gnutls_x509_crt_t certificate;
  gint64 from = flags & FAKE_CERTIFICATE_NOT_YET ? DAY : -3 * DAY;
  gint64 to = flags & FAKE_CERTIFICATE_EXPIRED ? -DAY : 3 * DAY;
  gnutls_datum_t pem;

  certificate = make_certificate (key, name, from, to);
  g_assert_cmpint (gnutls_x509_crt_set_basic_constraints (certificate, 0, -1), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_DNSNAME,
                                                         name, strlen (name), GNUTLS_FSAN_SET), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_key_purpose_oid (certificate,
                                                        flags & FAKE_CERTIFICATE_CLIENT_USAGE
                                                          ? GNUTLS_KP_TLS_WWW_CLIENT
                                                          : GNUTLS_KP_TLS_WWW_SERVER, 0), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_sign2 (certificate,
                                          flags & FAKE_CERTIFICATE_SELF_SIGNED ? certificate : self->certificate,
                                          flags & FAKE_CERTIFICATE_SELF_SIGNED ? key : self->key,
                                          GNUTLS_DIG_SHA256, 0), ==, 0);

  certificate_pem = export_certificate (certificate);
  g_assert_cmpint (gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &pem),
                   ==, 0);
  key_pem = g_strndup ((const char *) pem.data, pem.size);
  gnutls_free (pem.data);
  gnutls_x509_crt_deinit (certificate);
  gnutls_x509_privkey_deinit (key);

  return g_strconcat (certificate_pem, key_pem, NULL);
}
