/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-client-certificate.h"

#include "xmpp-error.h"

#include <glib/gi18n-lib.h>
#include <gnutls/x509.h>
#include <string.h>

#define MAX_ID 64      /* bytes: SHA-256 takes 32 */

static void
refuse (GError    **error,
        const char *sentence)
{
  g_set_error_literal (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_CERTIFICATE, sentence);
}

/* The first of the file: those after it are its issuers */
static gnutls_x509_crt_t
read_certificate (const gnutls_datum_t *data)
{
  gnutls_x509_crt_t *all = NULL;
  gnutls_x509_crt_t first = NULL;
  unsigned int n = 0;

  if (gnutls_x509_crt_list_import2 (&all, &n, data, GNUTLS_X509_FMT_PEM, 0) < 0)
    return NULL;

  if (n > 0)
    first = all[0];

  for (unsigned int i = 1; i < n; i++)
    gnutls_x509_crt_deinit (all[i]);

  gnutls_free (all);

  return first;
}

static gnutls_x509_privkey_t
read_key (const gnutls_datum_t  *data,
          GError               **error)
{
  gnutls_x509_privkey_t key = NULL;

  if (gnutls_x509_privkey_init (&key) < 0)
    return NULL;

  if (gnutls_x509_privkey_import2 (key, data, GNUTLS_X509_FMT_PEM, NULL, 0) >= 0)
    return key;

  gnutls_x509_privkey_deinit (key);

  if (g_strstr_len ((const char *) data->data, data->size, "ENCRYPTED") != NULL)
    refuse (error, _("The private key in the file is protected by a password. Only one without can be used."));
  else
    refuse (error, _("There is no private key in the file."));

  return NULL;
}

/* A key that is another one's would only be found out by the server, who then says no more than that it failed */
static gboolean
belong_together (gnutls_x509_crt_t     certificate,
                 gnutls_x509_privkey_t key)
{
  guint8 a[MAX_ID];
  guint8 b[MAX_ID];
  size_t a_size = sizeof a;
  size_t b_size = sizeof b;

  return gnutls_x509_crt_get_key_id (certificate, GNUTLS_KEYID_USE_SHA256, a, &a_size) >= 0 &&
         gnutls_x509_privkey_get_key_id (key, GNUTLS_KEYID_USE_SHA256, b, &b_size) >= 0 &&
         a_size == b_size && memcmp (a, b, a_size) == 0;
}

/**
 * xmpp_client_certificate_read:
 * @pem: what a file has: a certificate, its key, and perhaps its issuers, in PEM format
 * @length: in bytes
 * @error: return location; %XMPP_AUTH_ERROR_CERTIFICATE with a sentence
 *
 * Reads a certificate to log in with, and looks whether one can log in with it.
 *
 * Returns: (transfer full) (nullable): for the session's "client-certificate"
 */
GTlsCertificate *
xmpp_client_certificate_read (const char  *pem,
                              gsize        length,
                              GError     **error)
{
  const gnutls_datum_t data = { (unsigned char *) pem, length };
  gnutls_x509_crt_t certificate;
  gnutls_x509_privkey_t key = NULL;
  gboolean is_good = FALSE;

  g_return_val_if_fail (pem != NULL, NULL);

  certificate = length <= G_MAXUINT ? read_certificate (&data) : NULL;
  if (certificate == NULL)
    {
      refuse (error, _("There is no certificate in PEM format in the file."));
      return NULL;
    }

  if ((key = read_key (&data, error)) != NULL)
    {
      is_good = belong_together (certificate, key);
      if (!is_good)
        refuse (error, _("The private key in the file does not belong to the certificate in it."));
      gnutls_x509_privkey_deinit (key);
    }

  gnutls_x509_crt_deinit (certificate);

  return is_good ? g_tls_certificate_new_from_pem (pem, length, error) : NULL;
}
