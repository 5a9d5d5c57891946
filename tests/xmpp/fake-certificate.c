/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-certificate.h"

#include <glib/gstdio.h>
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/ocsp.h>
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

/* RFC 7633: the TLS feature "status_request", which gnutls reads and does not write */
static void
demand_staple (gnutls_x509_crt_t certificate)
{
  static const guint8 features[] = { 0x30, 0x03, 0x02, 0x01, 0x05 };

  g_assert_cmpint (gnutls_x509_crt_set_extension_by_oid (certificate, "1.3.6.1.5.5.7.1.24", features, sizeof features, 0),
                   ==, 0);
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
  if (flags & FAKE_CERTIFICATE_MUST_STAPLE)
    demand_staple (certificate);
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

/* OCSP: gnutls reads such answers and writes none, so here is their DER (RFC 6960, 4.2.1) */

/* Takes content, and returns it as a value of this tag */
static GByteArray *
der (guint8      tag,
     GByteArray *content)
{
  GByteArray *value = g_byte_array_new ();
  const guint8 head[] = { tag, 0x82, content->len >> 8, content->len };

  g_byte_array_append (value, head, sizeof head);
  g_byte_array_append (value, content->data, content->len);
  g_byte_array_unref (content);

  return value;
}

static GByteArray *
bytes (gconstpointer data,
       gsize         size)
{
  return g_byte_array_append (g_byte_array_new (), data, size);
}

/* Takes them all, up to NULL */
static GByteArray *
join (GByteArray *first,
      ...)
{
  va_list list;
  GByteArray *next;

  va_start (list, first);
  while ((next = va_arg (list, GByteArray *)) != NULL)
    {
      g_byte_array_append (first, next->data, next->len);
      g_byte_array_unref (next);
    }
  va_end (list);

  return first;
}

static GByteArray *
der_time (int days)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr(GDateTime) then = g_date_time_add_days (now, days);
  g_autofree char *text = g_date_time_format (then, "%Y%m%d%H%M%SZ");

  return der (0x18, bytes (text, strlen (text)));
}

static GByteArray *
sha1 (gconstpointer data,
      gsize         size)
{
  guint8 hash[20];

  g_assert_cmpint (gnutls_hash_fast (GNUTLS_DIG_SHA1, data, size, hash), ==, 0);

  return der (0x04, bytes (hash, sizeof hash));
}

/* Of the key as it stands in the certificate: for elliptic curves, a point */
static GByteArray *
hash_key (FakeAuthority *self)
{
  gnutls_datum_t x;
  gnutls_datum_t y;
  GByteArray *point = bytes ("\x04", 1);
  GByteArray *hash;

  g_assert_cmpint (gnutls_x509_crt_get_pk_ecc_raw (self->certificate, NULL, &x, &y), ==, 0);

  /* Without the zero that makes them positive, or shorter by a zero that they begin with */
  for (guint i = 0; i < 2; i++)
    {
      gnutls_datum_t *half = i == 0 ? &x : &y;
      gsize skip = half->size > 32 ? half->size - 32 : 0;

      for (gsize missing = half->size; missing < 32; missing++)
        g_byte_array_append (point, (const guint8 *) "\0", 1);
      g_byte_array_append (point, half->data + skip, half->size - skip);
      gnutls_free (half->data);
    }

  hash = sha1 (point->data, point->len);
  g_byte_array_unref (point);

  return hash;
}

static GByteArray *
get_name (FakeAuthority *self)
{
  gnutls_datum_t name;
  GByteArray *value;

  g_assert_cmpint (gnutls_x509_crt_get_raw_dn (self->certificate, &name), ==, 0);
  value = bytes (name.data, name.size);
  gnutls_free (name.data);

  return value;
}

static GByteArray *
certificate_id (FakeAuthority *self,
                const char    *pem)
{
  static const guint8 algorithm[] = { 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00 };   /* SHA-1 */
  gnutls_datum_t data = { (guint8 *) pem, strlen (pem) };
  g_autoptr(GByteArray) name = get_name (self);
  gnutls_x509_crt_t certificate;
  guint8 serial[20];
  size_t size = sizeof serial;

  g_assert_cmpint (gnutls_x509_crt_init (&certificate), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_import (certificate, &data, GNUTLS_X509_FMT_PEM), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_get_serial (certificate, serial, &size), ==, 0);
  gnutls_x509_crt_deinit (certificate);

  return der (0x30, join (bytes (algorithm, sizeof algorithm), sha1 (name->data, name->len), hash_key (self),
                          der (0x02, bytes (serial, size)), NULL));
}

static GByteArray *
sign (GByteArray            *data,
      gnutls_x509_privkey_t  key)
{
  gnutls_datum_t text = { data->data, data->len };
  gnutls_datum_t signature;
  gnutls_privkey_t signer;
  GByteArray *value;

  g_assert_cmpint (gnutls_privkey_init (&signer), ==, 0);
  g_assert_cmpint (gnutls_privkey_import_x509 (signer, key, 0), ==, 0);
  g_assert_cmpint (gnutls_privkey_sign_data2 (signer, GNUTLS_SIGN_ECDSA_SHA256, 0, &text, &signature), ==, 0);
  gnutls_privkey_deinit (signer);

  value = der (0x03, join (bytes ("\0", 1), bytes (signature.data, signature.size), NULL));
  gnutls_free (signature.data);

  return value;
}

GBytes *
fake_authority_staple (FakeAuthority *self,
                       const char    *certificate,
                       FakeStaple     staple)
{
  static const guint8 algorithm[] = { 0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02 };   /* ECDSA, SHA-256 */
  static const guint8 basic[] = { 0x06, 0x09, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01 };
  static const guint8 successful[] = { 0x0a, 0x01, 0x00 };
  int from = staple == FAKE_STAPLE_STALE ? -9 : -1;
  int to = staple == FAKE_STAPLE_STALE ? -2 : 1;
  GByteArray *status = staple == FAKE_STAPLE_REVOKED ? der (0xa1, der_time (-1)) : bytes ("\x80\0", 2);
  gnutls_x509_privkey_t key = staple == FAKE_STAPLE_FORGED ? make_key (FALSE) : self->key;
  GByteArray *response;
  GByteArray *data;
  GByteArray *signature;

  response = der (0x30, join (certificate_id (self, certificate), status, der_time (from),
                              der (0xa0, der_time (to)), NULL));
  data = der (0x30, join (der (0xa1, get_name (self)), der_time (from), der (0x30, response), NULL));
  signature = sign (data, key);
  if (key != self->key)
    gnutls_x509_privkey_deinit (key);

  data = der (0x30, join (data, bytes (algorithm, sizeof algorithm), signature, NULL));
  data = der (0x30, join (bytes (basic, sizeof basic), der (0x04, data), NULL));
  data = der (0x30, join (bytes (successful, sizeof successful), der (0xa0, data), NULL));

  return g_byte_array_free_to_bytes (data);
}
