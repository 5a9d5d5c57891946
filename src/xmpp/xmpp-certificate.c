/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-certificate.h"

#include "xmpp-certificate-names.h"
#include "xmpp-error.h"
#include "xmpp-stanza.h"

#include <glib/gi18n-lib.h>
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <string.h>

#define MIN_RSA_BITS 2048
#define MIN_EC_BITS  256
#define N_SHOWN      3     /* names in a sentence */

#define STATUS_REQUEST 5   /* the TLS extension (RFC 6066, 8) */

struct _XmppCertificate
{
  GObject               parent_instance;

  GTlsCertificate      *tls;
  char                 *domain;
  XmppCertificateFlags  flags;
  char                 *subject;
  char                 *issuer;
  char                **names;
  GDateTime            *not_before;
  GDateTime            *not_after;
  char                 *key;
  char                 *weak_authority;   /* its key; NULL: all that we were shown are strong */
  char                 *fingerprint;
  char                 *pin;
  gboolean              wants_staple;     /* an answer of its authority has to come with it (RFC 7633) */
};

G_DEFINE_FINAL_TYPE (XmppCertificate, xmpp_certificate, G_TYPE_OBJECT)

G_STATIC_ASSERT ((int) XMPP_CERTIFICATE_UNKNOWN_CA == G_TLS_CERTIFICATE_UNKNOWN_CA);
G_STATIC_ASSERT ((int) XMPP_CERTIFICATE_BAD_IDENTITY == G_TLS_CERTIFICATE_BAD_IDENTITY);
G_STATIC_ASSERT ((int) XMPP_CERTIFICATE_NOT_ACTIVATED == G_TLS_CERTIFICATE_NOT_ACTIVATED);
G_STATIC_ASSERT ((int) XMPP_CERTIFICATE_EXPIRED == G_TLS_CERTIFICATE_EXPIRED);
G_STATIC_ASSERT ((int) XMPP_CERTIFICATE_REVOKED == G_TLS_CERTIFICATE_REVOKED);
G_STATIC_ASSERT ((int) XMPP_CERTIFICATE_INSECURE == G_TLS_CERTIFICATE_INSECURE);
G_STATIC_ASSERT ((int) XMPP_CERTIFICATE_GENERIC == G_TLS_CERTIFICATE_GENERIC_ERROR);

static char *
take_datum (gnutls_datum_t datum)
{
  char *text = xmpp_certificate_make_text (datum.data, datum.size);

  gnutls_free (datum.data);

  return text;
}

static GDateTime *
read_time (time_t seconds)
{
  return seconds != (time_t) -1 ? g_date_time_new_from_unix_utc (seconds) : NULL;
}

static gboolean
has_server_usage (gnutls_x509_crt_t certificate)
{
  for (guint i = 0;; i++)
    {
      char oid[128];
      size_t size = sizeof oid;
      int status = gnutls_x509_crt_get_key_purpose_oid (certificate, i, oid, &size, NULL);

      if (status == GNUTLS_E_SHORT_MEMORY_BUFFER)
        continue;

      /* No extension at all: for any purpose (RFC 5280, 4.2.1.12) */
      if (status < 0)
        return i == 0 && status == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;

      if (g_str_equal (oid, GNUTLS_KP_TLS_WWW_SERVER) || g_str_equal (oid, GNUTLS_KP_ANY))
        return TRUE;
    }
}

static gboolean
is_strong (int          algorithm,
           unsigned int bits)
{
  switch (algorithm)
    {
    case GNUTLS_PK_RSA:
    case GNUTLS_PK_RSA_PSS:
      return bits >= MIN_RSA_BITS;
    case GNUTLS_PK_ECDSA:
    case GNUTLS_PK_EDDSA_ED25519:
    case GNUTLS_PK_EDDSA_ED448:
      return bits >= MIN_EC_BITS;
    default:
      return FALSE;
    }
}

/* Returns: (transfer full): what it is */
static char *
read_key (gnutls_x509_crt_t  certificate,
          gboolean          *is_weak)
{
  unsigned int bits = 0;
  int algorithm = gnutls_x509_crt_get_pk_algorithm (certificate, &bits);
  const char *name = algorithm > 0 ? gnutls_pk_get_name (algorithm) : NULL;

  *is_weak = !is_strong (algorithm, bits);

  if (name == NULL)
    return g_strdup (_("unknown"));

  /* Translators: a kind of key and its size, such as "RSA 2048 bits" */
  return g_strdup_printf (_("%s %u bits"), name, bits);
}

static void
read_authority (XmppCertificate *self,
                GTlsCertificate *authority)
{
  g_autoptr(GByteArray) der = NULL;
  g_autofree char *key = NULL;
  gnutls_x509_crt_t parsed;
  gnutls_datum_t data;
  gboolean is_weak = FALSE;

  g_object_get (authority, "certificate", &der, NULL);
  if (der == NULL || gnutls_x509_crt_init (&parsed) < 0)
    return;

  data = (gnutls_datum_t) { der->data, der->len };

  /* A root vouches for itself: whether it is trusted is the computer's list to say */
  if (gnutls_x509_crt_import (parsed, &data, GNUTLS_X509_FMT_DER) >= 0 && !gnutls_x509_crt_check_issuer (parsed, parsed))
    key = read_key (parsed, &is_weak);
  gnutls_x509_crt_deinit (parsed);

  if (is_weak && self->weak_authority == NULL)
    self->weak_authority = g_steal_pointer (&key);
}

/* Whoever finds out the key of one of those between root and server can issue what he likes */
static void
read_authorities (XmppCertificate *self)
{
  for (GTlsCertificate *authority = g_tls_certificate_get_issuer (self->tls); authority != NULL;
       authority = g_tls_certificate_get_issuer (authority))
    read_authority (self, authority);
}

static gboolean
wants_staple (gnutls_x509_crt_t certificate)
{
  gnutls_x509_tlsfeatures_t features;
  unsigned int feature;
  gboolean is_wanted = FALSE;

  if (gnutls_x509_tlsfeatures_init (&features) < 0)
    return FALSE;

  if (gnutls_x509_crt_get_tlsfeatures (certificate, features, 0, NULL) >= 0)
    {
      for (unsigned int i = 0; !is_wanted && gnutls_x509_tlsfeatures_get (features, i, &feature) >= 0; i++)
        is_wanted = feature == STATUS_REQUEST;
    }
  gnutls_x509_tlsfeatures_deinit (features);

  return is_wanted;
}

static char *
hash_key (gnutls_x509_crt_t certificate)
{
  gnutls_pubkey_t key = NULL;
  gnutls_datum_t der = { NULL, 0 };
  guint8 hash[32];
  char *pin = NULL;

  if (gnutls_pubkey_init (&key) >= 0 && gnutls_pubkey_import_x509 (key, certificate, 0) >= 0 &&
      gnutls_pubkey_export2 (key, GNUTLS_X509_FMT_DER, &der) >= 0 &&
      gnutls_hash_fast (GNUTLS_DIG_SHA256, der.data, der.size, hash) >= 0)
    pin = g_base64_encode (hash, sizeof hash);

  gnutls_free (der.data);
  if (key != NULL)
    gnutls_pubkey_deinit (key);

  return pin;
}

static char *
print_fingerprint (GByteArray *der)
{
  g_autofree char *hex = g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len);
  GString *text = g_string_new (NULL);

  for (guint i = 0; hex[i] != '\0'; i++)
    {
      if (i > 0 && i % 2 == 0)
        g_string_append_c (text, ':');
      g_string_append_c (text, g_ascii_toupper (hex[i]));
    }

  return g_string_free (text, FALSE);
}

static gboolean
read_certificate (XmppCertificate   *self,
                  gnutls_x509_crt_t  certificate)
{
  g_autoptr(GByteArray) der = NULL;
  gnutls_datum_t data;
  gnutls_datum_t name;
  gboolean is_weak;

  g_object_get (self->tls, "certificate", &der, NULL);
  if (der == NULL)
    return FALSE;

  data = (gnutls_datum_t) { der->data, der->len };
  if (gnutls_x509_crt_import (certificate, &data, GNUTLS_X509_FMT_DER) < 0)
    return FALSE;

  self->fingerprint = print_fingerprint (der);
  self->pin = hash_key (certificate);
  if (self->pin == NULL)
    return FALSE;

  self->subject = gnutls_x509_crt_get_dn3 (certificate, &name, 0) >= 0 ? take_datum (name) : g_strdup ("");
  self->issuer = gnutls_x509_crt_get_issuer_dn3 (certificate, &name, 0) >= 0 ? take_datum (name) : g_strdup ("");
  self->names = xmpp_certificate_read_names (certificate);
  self->not_before = read_time (gnutls_x509_crt_get_activation_time (certificate));
  self->not_after = read_time (gnutls_x509_crt_get_expiration_time (certificate));

  self->wants_staple = wants_staple (certificate);

  self->key = read_key (certificate, &is_weak);
  read_authorities (self);
  if (is_weak || self->weak_authority != NULL)
    self->flags |= XMPP_CERTIFICATE_WEAK_KEY;
  if (xmpp_certificate_is_misnamed (certificate, self->domain))
    self->flags |= XMPP_CERTIFICATE_BAD_IDENTITY;
  if (!has_server_usage (certificate))
    self->flags |= XMPP_CERTIFICATE_BAD_USAGE;

  return TRUE;
}

static void
xmpp_certificate_finalize (GObject *object)
{
  XmppCertificate *self = XMPP_CERTIFICATE (object);

  g_clear_object (&self->tls);
  g_clear_pointer (&self->not_before, g_date_time_unref);
  g_clear_pointer (&self->not_after, g_date_time_unref);
  g_strfreev (self->names);
  g_free (self->domain);
  g_free (self->subject);
  g_free (self->issuer);
  g_free (self->key);
  g_free (self->weak_authority);
  g_free (self->fingerprint);
  g_free (self->pin);

  G_OBJECT_CLASS (xmpp_certificate_parent_class)->finalize (object);
}

static void
xmpp_certificate_class_init (XmppCertificateClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xmpp_certificate_finalize;
}

static void
xmpp_certificate_init (XmppCertificate *self)
{
}

/**
 * xmpp_certificate_new:
 * @certificate: what the server showed
 * @errors: what GIO found wrong with it
 * @domain: whom it should name: the domain of the account, as A-label
 * @error: %XMPP_ERROR_CERTIFICATE when it cannot be read
 *
 * Reads @certificate, and looks at what GIO does not: the strength of its key, and whether it is
 * for servers at all (security.md, S44).
 *
 * Returns: (transfer full) (nullable): what there is to know of it
 */
XmppCertificate *
xmpp_certificate_new (GTlsCertificate       *certificate,
                      GTlsCertificateFlags   errors,
                      const char            *domain,
                      GError               **error)
{
  g_autoptr(XmppCertificate) self = NULL;
  gnutls_x509_crt_t parsed;
  gboolean is_readable = FALSE;

  g_return_val_if_fail (G_IS_TLS_CERTIFICATE (certificate), NULL);
  g_return_val_if_fail (domain != NULL, NULL);

  self = g_object_new (XMPP_TYPE_CERTIFICATE, NULL);
  self->tls = g_object_ref (certificate);
  self->domain = g_ascii_strdown (domain, -1);
  self->flags = (XmppCertificateFlags) (errors & G_TLS_CERTIFICATE_VALIDATE_ALL);

  if (gnutls_x509_crt_init (&parsed) >= 0)
    {
      is_readable = read_certificate (self, parsed);
      gnutls_x509_crt_deinit (parsed);
    }
  if (is_readable)
    return g_steal_pointer (&self);

  g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_CERTIFICATE,
                       _("The server's certificate cannot be read."));

  return NULL;
}

/**
 * xmpp_certificate_get_flags:
 * @self: a certificate
 *
 * Returns: what is wrong; %XMPP_CERTIFICATE_OK: nothing
 */
XmppCertificateFlags
xmpp_certificate_get_flags (XmppCertificate *self)
{
  g_return_val_if_fail (XMPP_IS_CERTIFICATE (self), XMPP_CERTIFICATE_GENERIC);

  return self->flags;
}

/**
 * xmpp_certificate_get_tls:
 * @self: a certificate
 *
 * Returns: (transfer none): the certificate itself, with its chain
 */
GTlsCertificate *
xmpp_certificate_get_tls (XmppCertificate *self)
{
  g_return_val_if_fail (XMPP_IS_CERTIFICATE (self), NULL);

  return self->tls;
}

/**
 * xmpp_certificate_get_domain:
 * @self: a certificate
 *
 * Returns: whom it should name
 */
const char *
xmpp_certificate_get_domain (XmppCertificate *self)
{
  g_return_val_if_fail (XMPP_IS_CERTIFICATE (self), NULL);

  return self->domain;
}

/**
 * xmpp_certificate_get_subject:
 * @self: a certificate
 *
 * Returns: to whom it was issued, as RFC 4514 writes names: "CN=…"; may be empty
 */
const char *
xmpp_certificate_get_subject (XmppCertificate *self)
{
  g_return_val_if_fail (XMPP_IS_CERTIFICATE (self), NULL);

  return self->subject;
}

/**
 * xmpp_certificate_get_issuer:
 * @self: a certificate
 *
 * Returns: by whom it was issued, or says so; as xmpp_certificate_get_subject()
 */
const char *
xmpp_certificate_get_issuer (XmppCertificate *self)
{
  g_return_val_if_fail (XMPP_IS_CERTIFICATE (self), NULL);

  return self->issuer;
}

/**
 * xmpp_certificate_get_names:
 * @self: a certificate
 *
 * Returns: (transfer none) (array zero-terminated=1): what it is for, by its subject alternative
 *   names: DNS names, numeric addresses, XMPP addresses
 */
const char * const *
xmpp_certificate_get_names (XmppCertificate *self)
{
  g_return_val_if_fail (XMPP_IS_CERTIFICATE (self), NULL);

  return (const char * const *) self->names;
}

/**
 * xmpp_certificate_get_not_before:
 * @self: a certificate
 *
 * Returns: (transfer none) (nullable): from when on it is valid, in UTC
 */
GDateTime *
xmpp_certificate_get_not_before (XmppCertificate *self)
{
  g_return_val_if_fail (XMPP_IS_CERTIFICATE (self), NULL);

  return self->not_before;
}

/**
 * xmpp_certificate_get_not_after:
 * @self: a certificate
 *
 * Returns: (transfer none) (nullable): until when it is valid, in UTC
 */
GDateTime *
xmpp_certificate_get_not_after (XmppCertificate *self)
{
  g_return_val_if_fail (XMPP_IS_CERTIFICATE (self), NULL);

  return self->not_after;
}

/**
 * xmpp_certificate_get_key:
 * @self: a certificate
 *
 * Returns: its kind of key and the size, for a person: "RSA 2048 bits"
 */
const char *
xmpp_certificate_get_key (XmppCertificate *self)
{
  g_return_val_if_fail (XMPP_IS_CERTIFICATE (self), NULL);

  return self->key;
}

/**
 * xmpp_certificate_get_fingerprint:
 * @self: a certificate
 *
 * Returns: SHA-256 of the whole, to compare by eye: "AA:BB:…"
 */
const char *
xmpp_certificate_get_fingerprint (XmppCertificate *self)
{
  g_return_val_if_fail (XMPP_IS_CERTIFICATE (self), NULL);

  return self->fingerprint;
}

/**
 * xmpp_certificate_get_pin:
 * @self: a certificate
 *
 * Returns: SHA-256 of its public key (SubjectPublicKeyInfo), as base64: what stays when the
 *   certificate is renewed. What to keep as an exception is xmpp_certificate_make_pin().
 */
const char *
xmpp_certificate_get_pin (XmppCertificate *self)
{
  g_return_val_if_fail (XMPP_IS_CERTIFICATE (self), NULL);

  return self->pin;
}

static char *
print_date (GDateTime *time)
{
  g_autoptr(GDateTime) local = time != NULL ? g_date_time_to_local (time) : NULL;

  /* Translators: a date, as g_date_time_format () has it: 3 May 2026 */
  return local != NULL ? g_date_time_format (local, _("%-e %B %Y")) : g_strdup ("?");
}

static char *
print_names (XmppCertificate *self)
{
  guint n = g_strv_length (self->names);
  g_autoptr(GPtrArray) shown = g_ptr_array_new ();

  if (n == 0)
    return g_strdup (self->subject);

  for (guint i = 0; i < MIN (n, N_SHOWN); i++)
    g_ptr_array_add (shown, self->names[i]);
  if (n > N_SHOWN)
    g_ptr_array_add (shown, (char *) "…");
  g_ptr_array_add (shown, NULL);

  return g_strjoinv (", ", (char **) shown->pdata);
}

/**
 * xmpp_certificate_describe:
 * @self: a certificate
 *
 * Returns: (transfer full): a sentence for what is wrong; when several things are, for the worst
 */
char *
xmpp_certificate_describe (XmppCertificate *self)
{
  g_return_val_if_fail (XMPP_IS_CERTIFICATE (self), NULL);

  if (self->flags & XMPP_CERTIFICATE_REVOKED)
    return g_strdup (_("The server's certificate was revoked: its key may be in wrong hands."));

  if (self->flags & XMPP_CERTIFICATE_BAD_IDENTITY)
    {
      g_autofree char *names = print_names (self);

      return g_strdup_printf (_("The server's certificate is for %s, not for %s."), names, self->domain);
    }

  if (self->flags & XMPP_CERTIFICATE_UNKNOWN_CA)
    return g_strdup (g_str_equal (self->subject, self->issuer)
                       ? _("The server issued its certificate itself; nobody this computer trusts did.")
                       : _("The server's certificate was not issued by anybody this computer trusts."));

  if (self->flags & XMPP_CERTIFICATE_EXPIRED)
    {
      g_autofree char *date = print_date (self->not_after);

      return g_strdup_printf (_("The server's certificate expired on %s, if this computer's date is right."), date);
    }

  if (self->flags & XMPP_CERTIFICATE_NOT_ACTIVATED)
    {
      g_autofree char *date = print_date (self->not_before);

      return g_strdup_printf (_("The server's certificate is valid from %s on, if this computer's date is right."),
                              date);
    }

  if (self->flags & XMPP_CERTIFICATE_INSECURE)
    return g_strdup (_("The server's certificate is signed in a way that can be forged."));

  if (self->flags & XMPP_CERTIFICATE_WEAK_KEY && self->weak_authority != NULL)
    return g_strdup_printf (_("The key of an authority behind the server's certificate is too weak (%s)."),
                            self->weak_authority);

  if (self->flags & XMPP_CERTIFICATE_WEAK_KEY)
    return g_strdup_printf (_("The key of the server's certificate is too weak (%s)."), self->key);

  if (self->flags & XMPP_CERTIFICATE_BAD_USAGE)
    return g_strdup (_("The server's certificate is not meant for a server."));

  if (self->flags & XMPP_CERTIFICATE_GENERIC && self->wants_staple)
    return g_strdup (_("The server's certificate demands a proof that it was not revoked, and the server has none."));

  if (self->flags & XMPP_CERTIFICATE_GENERIC)
    return g_strdup (_("The server's certificate is not valid."));

  return g_strdup (_("The server's certificate is valid."));
}

/**
 * xmpp_certificate_make_pin:
 * @self: a certificate that a person was shown, and trusts nevertheless
 *
 * The exception to keep: "DOMAIN KEY FLAGS", where KEY is xmpp_certificate_get_pin() and FLAGS the
 * number of what was wrong.
 *
 * Returns: (transfer full): one for xmpp_certificate_is_pinned()
 */
char *
xmpp_certificate_make_pin (XmppCertificate *self)
{
  g_return_val_if_fail (XMPP_IS_CERTIFICATE (self), NULL);

  return g_strdup_printf ("%s %s %u", self->domain, self->pin, self->flags);
}

/**
 * xmpp_certificate_is_pinned:
 * @self: a certificate
 * @pins: (nullable) (array zero-terminated=1): what xmpp_certificate_make_pin() made
 *
 * An exception counts for the same domain and the same key, and only as long as nothing is wrong
 * that the person did not see (security.md, S51). A revoked certificate is beyond exceptions.
 *
 * Returns: whether a person has trusted it
 */
gboolean
xmpp_certificate_is_pinned (XmppCertificate    *self,
                            const char * const *pins)
{
  g_return_val_if_fail (XMPP_IS_CERTIFICATE (self), FALSE);

  if (pins == NULL || self->flags & XMPP_CERTIFICATE_REVOKED)
    return FALSE;

  for (guint i = 0; pins[i] != NULL; i++)
    {
      g_auto(GStrv) parts = g_strsplit (pins[i], " ", -1);
      guint64 seen;

      if (g_strv_length (parts) == 3 &&
          g_str_equal (parts[0], self->domain) && g_str_equal (parts[1], self->pin) &&
          xmpp_parse_uint (parts[2], G_MAXUINT16, &seen) && (self->flags & ~seen) == 0)
        return TRUE;
    }

  return FALSE;
}
