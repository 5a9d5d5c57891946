/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "demo-authority.h"

#include <gio/gio.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <string.h>
#include <time.h>

#define DAY (24 * 60 * 60)

/* gnutls answers 0 or a negative code */
#define TRY(call) \
  G_STMT_START { \
    int code_ = (call); \
    if (code_ < 0) \
      { \
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, \
                     "A certificate could not be made: %s", gnutls_strerror (code_)); \
        return FALSE; \
      } \
  } G_STMT_END

struct _DemoAuthority
{
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t     certificate;
};

typedef struct
{
  gnutls_pk_algorithm_t algorithm;
  guint                 bits;
  time_t                from;       /* seconds from now */
  time_t                until;
  const char           *usage;      /* extended key usage, an OID */
  gboolean              is_self_signed;
} CertificateForm;

static const CertificateForm forms[] = {
  [DEMO_CERTIFICATE_GOOD]        = { GNUTLS_PK_ECDSA, 256, -DAY, 365 * DAY, GNUTLS_KP_TLS_WWW_SERVER, FALSE },
  [DEMO_CERTIFICATE_EXPIRED]     = { GNUTLS_PK_ECDSA, 256, -30 * DAY, -DAY, GNUTLS_KP_TLS_WWW_SERVER, FALSE },
  [DEMO_CERTIFICATE_WRONG_NAME]  = { GNUTLS_PK_ECDSA, 256, -DAY, 365 * DAY, GNUTLS_KP_TLS_WWW_SERVER, FALSE },
  [DEMO_CERTIFICATE_SELF_SIGNED] = { GNUTLS_PK_ECDSA, 256, -DAY, 365 * DAY, GNUTLS_KP_TLS_WWW_SERVER, TRUE },
  [DEMO_CERTIFICATE_WEAK_KEY]    = { GNUTLS_PK_RSA, 1024, -DAY, 365 * DAY, GNUTLS_KP_TLS_WWW_SERVER, FALSE },
  [DEMO_CERTIFICATE_CLIENT_ONLY] = { GNUTLS_PK_ECDSA, 256, -DAY, 365 * DAY, GNUTLS_KP_TLS_WWW_CLIENT, FALSE },
};

typedef struct gnutls_x509_privkey_int PrivateKey;
typedef struct gnutls_x509_crt_int     Certificate;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrivateKey, gnutls_x509_privkey_deinit)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Certificate, gnutls_x509_crt_deinit)

static gboolean
make_key (gnutls_pk_algorithm_t   algorithm,
          guint                   bits,
          PrivateKey            **key,
          GError                **error)
{
  TRY (gnutls_x509_privkey_init (key));
  if (algorithm == GNUTLS_PK_ECDSA)
    bits = GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1);
  TRY (gnutls_x509_privkey_generate (*key, algorithm, bits, 0));

  return TRUE;
}

static gboolean
begin_certificate (PrivateKey   *key,
                   const char   *name,
                   time_t        from,
                   time_t        until,
                   Certificate **certificate,
                   GError      **error)
{
  time_t now = g_get_real_time () / G_USEC_PER_SEC;
  guint8 serial[16];

  TRY (gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial));
  serial[0] &= 0x7f;

  TRY (gnutls_x509_crt_init (certificate));
  TRY (gnutls_x509_crt_set_version (*certificate, 3));
  TRY (gnutls_x509_crt_set_serial (*certificate, serial, sizeof serial));
  TRY (gnutls_x509_crt_set_key (*certificate, key));
  TRY (gnutls_x509_crt_set_dn_by_oid (*certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name, strlen (name)));
  TRY (gnutls_x509_crt_set_activation_time (*certificate, now + from));
  TRY (gnutls_x509_crt_set_expiration_time (*certificate, now + until));

  return TRUE;
}

/* RFC 5280, 4.2.1.1 and 4.2.1.2: strict programs, such as Python 3.13, want to read whose key is whose */
static gboolean
set_key_ids (Certificate  *certificate,
             Certificate  *issuer,
             GError      **error)
{
  guint8 id[64];
  size_t size = sizeof id;

  TRY (gnutls_x509_crt_get_key_id (certificate, 0, id, &size));
  TRY (gnutls_x509_crt_set_subject_key_id (certificate, id, size));
  size = sizeof id;
  TRY (gnutls_x509_crt_get_key_id (issuer, 0, id, &size));
  TRY (gnutls_x509_crt_set_authority_key_id (certificate, id, size));

  return TRUE;
}

static void
append_pem (gnutls_datum_t *pem,
            GString        *text)
{
  g_string_append_len (text, (const char *) pem->data, pem->size);
  gnutls_free (pem->data);
}

/* The certificate and then its key, in one file that only we can read: what all servers understand */
static gboolean
write_pem (Certificate  *certificate,
           PrivateKey   *key,
           const char   *path,
           GError      **error)
{
  g_autoptr(GString) text = g_string_new (NULL);
  gnutls_datum_t pem;

  TRY (gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_PEM, &pem));
  append_pem (&pem, text);
  if (key != NULL)
    {
      TRY (gnutls_x509_privkey_export2 (key, GNUTLS_X509_FMT_PEM, &pem));
      append_pem (&pem, text);
    }

  return g_file_set_contents_full (path, text->str, text->len, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

static gboolean
make_authority (DemoAuthority  *self,
                GError        **error)
{
  if (!make_key (GNUTLS_PK_ECDSA, 256, &self->key, error) ||
      !begin_certificate (self->key, "A throw-away authority", -60 * DAY, 400 * DAY, &self->certificate, error))
    return FALSE;

  TRY (gnutls_x509_crt_set_basic_constraints (self->certificate, 1, 0));
  TRY (gnutls_x509_crt_set_key_usage (self->certificate, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN));
  if (!set_key_ids (self->certificate, self->certificate, error))
    return FALSE;
  TRY (gnutls_x509_crt_sign2 (self->certificate, self->certificate, self->key, GNUTLS_DIG_SHA256, 0));

  return TRUE;
}

static gboolean
issue (DemoAuthority          *self,
       const CertificateForm  *form,
       const char             *name,
       const char * const     *domains,
       const char             *person,
       const char             *path,
       GError                **error)
{
  g_autoptr(PrivateKey) key = NULL;
  g_autoptr(Certificate) certificate = NULL;

  if (!make_key (form->algorithm, form->bits, &key, error) ||
      !begin_certificate (key, name, form->from, form->until, &certificate, error))
    return FALSE;

  TRY (gnutls_x509_crt_set_basic_constraints (certificate, 0, -1));
  TRY (gnutls_x509_crt_set_key_usage (certificate, GNUTLS_KEY_DIGITAL_SIGNATURE));
  TRY (gnutls_x509_crt_set_key_purpose_oid (certificate, form->usage, 0));
  for (guint i = 0; domains != NULL && domains[i] != NULL; i++)
    TRY (gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_DNSNAME,
                                               domains[i], strlen (domains[i]), GNUTLS_FSAN_APPEND));
  if (person != NULL)
    TRY (gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_OTHERNAME_XMPP,
                                               person, strlen (person), GNUTLS_FSAN_APPEND));

  if (!set_key_ids (certificate, form->is_self_signed ? certificate : self->certificate, error))
    return FALSE;

  if (form->is_self_signed)
    TRY (gnutls_x509_crt_sign2 (certificate, certificate, key, GNUTLS_DIG_SHA256, 0));
  else
    TRY (gnutls_x509_crt_sign2 (certificate, self->certificate, self->key, GNUTLS_DIG_SHA256, 0));

  return write_pem (certificate, key, path, error);
}

/**
 * demo_authority_new:
 *
 * Returns: (transfer full) (nullable): an authority with a new key
 */
DemoAuthority *
demo_authority_new (GError **error)
{
  g_autoptr(DemoAuthority) self = g_new0 (DemoAuthority, 1);

  if (!make_authority (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
demo_authority_free (DemoAuthority *self)
{
  g_clear_pointer (&self->certificate, gnutls_x509_crt_deinit);
  g_clear_pointer (&self->key, gnutls_x509_privkey_deinit);
  g_free (self);
}

/**
 * demo_authority_save:
 *
 * Writes the authority's own certificate, which a client has to trust, as PEM.
 */
gboolean
demo_authority_save (DemoAuthority  *self,
                     const char     *path,
                     GError        **error)
{
  return write_pem (self->certificate, NULL, path, error);
}

/**
 * demo_authority_issue:
 * @domains: what the certificate is for; with %DEMO_CERTIFICATE_WRONG_NAME whom it names instead
 *
 * Writes a server's certificate and its key into one PEM file, which only we can read.
 */
gboolean
demo_authority_issue (DemoAuthority       *self,
                      DemoCertificate      kind,
                      const char * const  *domains,
                      const char          *path,
                      GError             **error)
{
  return issue (self, &forms[kind], domains[0], domains, NULL, path, error);
}

/**
 * demo_authority_issue_person:
 * @address: a bare address, which becomes the certificate's xmppAddr (RFC 6120, 13.7.1.4)
 *
 * Writes a certificate to log in with (SASL EXTERNAL) and its key into one PEM file.
 */
gboolean
demo_authority_issue_person (DemoAuthority  *self,
                             const char     *address,
                             const char     *path,
                             GError        **error)
{
  return issue (self, &forms[DEMO_CERTIFICATE_CLIENT_ONLY], address, NULL, address, path, error);
}
