/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-scram-keys.h"

#include "xmpp-error.h"
#include "xmpp-sasl-private.h"

#include <glib/gi18n-lib.h>
#include <gnutls/crypto.h>
#include <string.h>

struct _XmppScramKeys
{
  gnutls_mac_algorithm_t  algorithm;
  gsize                   size;         /* of its digests */
  char                   *password;
  GBytes                 *salt;
  guint                   iterations;
  guint8                  client_key[XMPP_SCRAM_MAX_DIGEST];
  guint8                  server_key[XMPP_SCRAM_MAX_DIGEST];
};

static const struct
{
  const char             *prefix;
  gnutls_mac_algorithm_t  algorithm;
} hashes[] = {
  { "SCRAM-SHA-512", GNUTLS_MAC_SHA512 },
  { "SCRAM-SHA-256", GNUTLS_MAC_SHA256 },
  { "SCRAM-SHA-1",   GNUTLS_MAC_SHA1 },
};

/* The hash in the mechanism's name, as a MAC; gnutls has the same numbers for digests.
 * GNUTLS_MAC_UNKNOWN: it is no SCRAM
 */
gnutls_mac_algorithm_t
xmpp_scram_get_algorithm (const char *mechanism)
{
  for (gsize i = 0; i < G_N_ELEMENTS (hashes); i++)
    {
      if (g_str_has_prefix (mechanism, hashes[i].prefix))
        return hashes[i].algorithm;
    }

  return GNUTLS_MAC_UNKNOWN;
}

/* mechanism: one of SCRAM's. password: prepared. iterations: checked; gnutls aborts the process on 0 */
XmppScramKeys *
xmpp_scram_keys_new (const char *mechanism,
                     const char *password,
                     GBytes     *salt,
                     guint       iterations)
{
  XmppScramKeys *self = g_new0 (XmppScramKeys, 1);

  g_assert (iterations > 0);

  self->algorithm = xmpp_scram_get_algorithm (mechanism);
  self->size = gnutls_hmac_get_len (self->algorithm);
  self->password = g_strdup (password);
  self->salt = g_bytes_ref (salt);
  self->iterations = iterations;

  return self;
}

void
xmpp_scram_keys_free (XmppScramKeys *self)
{
  xmpp_sasl_wipe (self->password);
  g_bytes_unref (self->salt);
  gnutls_memset (self->client_key, 0, sizeof self->client_key);
  gnutls_memset (self->server_key, 0, sizeof self->server_key);
  g_free (self);
}

/* The bytes of a proof and of a signature */
gsize
xmpp_scram_keys_get_size (XmppScramKeys *self)
{
  return self->size;
}

static gboolean
is_computed (int      status,
             GError **error)
{
  if (status >= 0)
    return TRUE;

  g_debug ("SCRAM: %s", gnutls_strerror (status));
  g_set_error (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_FAILED,
               _("This system cannot compute what the login needs"));

  return FALSE;
}

/* The slow part, in any thread: SaltedPassword, and ClientKey and ServerKey from it */
gboolean
xmpp_scram_keys_derive (XmppScramKeys  *self,
                        GError        **error)
{
  gnutls_datum_t password = { (guint8 *) self->password, strlen (self->password) };
  gnutls_datum_t salt;
  guint8 salted[XMPP_SCRAM_MAX_DIGEST];
  gsize salt_size;
  int status;

  salt.data = (guint8 *) g_bytes_get_data (self->salt, &salt_size);
  salt.size = salt_size;

  status = gnutls_pbkdf2 (self->algorithm, &password, &salt, self->iterations, salted, self->size);
  if (status >= 0)
    status = gnutls_hmac_fast (self->algorithm, salted, self->size,
                               "Client Key", strlen ("Client Key"), self->client_key);
  if (status >= 0)
    status = gnutls_hmac_fast (self->algorithm, salted, self->size,
                               "Server Key", strlen ("Server Key"), self->server_key);
  gnutls_memset (salted, 0, sizeof salted);

  return is_computed (status, error);
}

/* auth: RFC 5802's AuthMessage. proof: what we send; signature: what the server has to send */
gboolean
xmpp_scram_keys_sign (XmppScramKeys  *self,
                      const char     *auth,
                      guint8         *proof,
                      guint8         *signature,
                      GError        **error)
{
  guint8 stored_key[XMPP_SCRAM_MAX_DIGEST];
  int status;

  status = gnutls_hash_fast ((gnutls_digest_algorithm_t) self->algorithm, self->client_key, self->size, stored_key);
  if (status >= 0)
    status = gnutls_hmac_fast (self->algorithm, stored_key, self->size, auth, strlen (auth), proof);
  if (status >= 0)
    status = gnutls_hmac_fast (self->algorithm, self->server_key, self->size, auth, strlen (auth), signature);
  gnutls_memset (stored_key, 0, sizeof stored_key);

  for (gsize i = 0; status >= 0 && i < self->size; i++)
    proof[i] ^= self->client_key[i];

  return is_computed (status, error);
}
