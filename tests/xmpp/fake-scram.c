/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-scram.h"

#include <string.h>

#define NS_SASL "urn:ietf:params:xml:ns:xmpp-sasl"
#define SALT    "W22ZaJ0SNY7soEsUEjb6gQ=="
#define NONCE   "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"

/* The largest digest is that of SHA-512 */
typedef struct
{
  guint8 data[64];
  gsize  length;
} Digest;

static Digest
hmac (FakeScram    *self,
      const guint8 *key,
      gsize         key_length,
      const void   *data,
      gsize         length)
{
  g_autoptr(GHmac) sum = g_hmac_new (self->type, key, key_length);
  Digest digest = { .length = sizeof digest.data };

  g_hmac_update (sum, data, length);
  g_hmac_get_digest (sum, digest.data, &digest.length);

  return digest;
}

/* PBKDF2 (RFC 8018, 5.2) of one block, which is RFC 5802's Hi () */
static Digest
salt_password (FakeScram *self)
{
  const guint8 *password = (const guint8 *) self->password;
  gsize password_length = strlen (self->password);
  gsize salt_length;
  g_autofree guint8 *salt = g_base64_decode (SALT, &salt_length);
  g_autoptr(GByteArray) first = g_byte_array_new ();
  Digest block;
  Digest sum;

  g_byte_array_append (first, salt, salt_length);
  g_byte_array_append (first, (const guint8 *) "\0\0\0\1", 4);
  sum = block = hmac (self, password, password_length, first->data, first->len);

  for (guint i = 1; i < self->iterations; i++)
    {
      block = hmac (self, password, password_length, block.data, block.length);
      for (gsize j = 0; j < block.length; j++)
        sum.data[j] ^= block.data[j];
    }

  return sum;
}

FakeScram *
fake_scram_new (const char *mechanism,
                const char *password)
{
  FakeScram *self = g_new0 (FakeScram, 1);

  self->type = g_str_has_prefix (mechanism, "SCRAM-SHA-512") ? G_CHECKSUM_SHA512
             : g_str_has_prefix (mechanism, "SCRAM-SHA-256") ? G_CHECKSUM_SHA256
             : G_CHECKSUM_SHA1;
  self->password = g_strdup (password);
  self->iterations = 4096;

  return self;
}

void
fake_scram_free (FakeScram *self)
{
  g_free (self->password);
  g_free (self->gs2);
  g_free (self->username);
  g_free (self->auth);
  g_free (self->nonce);
  g_free (self);
}

char *
fake_scram_challenge (FakeScram  *self,
                      const char *client_first,
                      const char *extensions)
{
  g_auto(GStrv) parts = g_strsplit (client_first, ",", -1);
  char *challenge;

  g_assert_cmpuint (g_strv_length (parts), ==, 4);
  g_assert_true (g_str_has_prefix (parts[2], "n="));
  g_assert_true (g_str_has_prefix (parts[3], "r="));

  self->gs2 = g_strdup_printf ("%s,%s,", parts[0], parts[1]);
  self->username = g_strdup (parts[2] + 2);
  self->nonce = g_strconcat (parts[3] + 2, NONCE, NULL);

  challenge = g_strdup_printf ("r=%s,s=" SALT ",i=%u%s", self->nonce, self->iterations, extensions);
  self->auth = g_strdup_printf ("%s,%s,%s", parts[2], parts[3], challenge);

  return challenge;
}

static gboolean
is_bound (FakeScram  *self,
          const char *c,
          GBytes     *binding)
{
  g_autoptr(GByteArray) wanted = g_byte_array_new ();
  g_autofree char *encoded = NULL;

  g_byte_array_append (wanted, (const guint8 *) self->gs2, strlen (self->gs2));
  if (binding != NULL && g_str_has_prefix (self->gs2, "p="))
    g_byte_array_append (wanted, g_bytes_get_data (binding, NULL), g_bytes_get_size (binding));
  encoded = g_base64_encode (wanted->data, wanted->len);

  return g_str_has_prefix (c, "c=") && g_str_equal (c + 2, encoded);
}

char *
fake_scram_finish (FakeScram  *self,
                   const char *client_final,
                   GBytes     *binding)
{
  g_auto(GStrv) parts = g_strsplit (client_final, ",", -1);
  g_autofree char *without_proof = NULL;
  g_autofree char *auth = NULL;
  g_autofree char *wanted = NULL;
  g_autofree char *signature = NULL;
  g_autoptr(GChecksum) hash = g_checksum_new (self->type);
  Digest salted = salt_password (self);
  Digest client_key = hmac (self, salted.data, salted.length, "Client Key", strlen ("Client Key"));
  Digest server_key = hmac (self, salted.data, salted.length, "Server Key", strlen ("Server Key"));
  Digest stored_key = { .length = sizeof stored_key.data };
  Digest proof;

  g_assert_cmpuint (g_strv_length (parts), ==, 3);
  if (!is_bound (self, parts[0], binding))
    return g_strdup ("e=channel-bindings-dont-match");

  g_checksum_update (hash, client_key.data, client_key.length);
  g_checksum_get_digest (hash, stored_key.data, &stored_key.length);

  without_proof = g_strdup_printf ("%s,%s", parts[0], parts[1]);
  auth = g_strdup_printf ("%s,%s", self->auth, without_proof);
  proof = hmac (self, stored_key.data, stored_key.length, auth, strlen (auth));
  for (gsize i = 0; i < proof.length; i++)
    proof.data[i] ^= client_key.data[i];

  wanted = g_base64_encode (proof.data, proof.length);
  if (!g_str_has_prefix (parts[1], "r=") || !g_str_equal (parts[1] + 2, self->nonce) ||
      !g_str_has_prefix (parts[2], "p=") || !g_str_equal (parts[2] + 2, wanted))
    return g_strdup ("e=invalid-proof");

  proof = hmac (self, server_key.data, server_key.length, auth, strlen (auth));
  signature = g_base64_encode (proof.data, proof.length);

  return g_strconcat ("v=", signature, NULL);
}

static char *
decode (const char *element)
{
  const char *text = strchr (element, '>') + 1;
  g_autofree char *encoded = g_strndup (text, strcspn (text, "<"));
  gsize length;
  guchar *data = g_base64_decode (encoded, &length);

  data = g_realloc (data, length + 1);
  data[length] = '\0';

  return (char *) data;
}

char *
fake_sasl_expect_auth (FakeServer *server,
                       const char *mechanism)
{
  g_autofree char *wanted = g_strdup_printf ("<auth xmlns='" NS_SASL "' mechanism='%s'>*</auth>", mechanism);

  return decode (fake_server_expect_next (server, wanted));
}

char *
fake_sasl_expect_response (FakeServer *server)
{
  return decode (fake_server_expect_next (server, "<response xmlns='" NS_SASL "'>*</response>"));
}

void
fake_sasl_send (FakeServer *server,
                const char *element,
                const char *text)
{
  g_autofree char *encoded = g_base64_encode ((const guchar *) text, strlen (text));
  g_autofree char *xml = g_strdup_printf ("<%s xmlns='" NS_SASL "'>%s</%s>", element, encoded, element);

  fake_server_send (server, xml);
}

void
fake_scram_play (FakeServer *server,
                 const char *mechanism)
{
  g_autoptr(FakeScram) scram = fake_scram_new (mechanism, FAKE_PASSWORD);
  g_autofree char *first = fake_sasl_expect_auth (server, mechanism);
  g_autofree char *challenge = fake_scram_challenge (scram, first, "");
  g_autofree char *final = NULL;
  g_autofree char *end = NULL;
  g_autoptr(GBytes) binding = NULL;

  if (g_str_has_prefix (scram->gs2, "p="))
    {
      g_autofree char *type = g_strndup (scram->gs2 + 2, strcspn (scram->gs2 + 2, ","));

      binding = fake_server_get_binding (server, type);
    }

  fake_sasl_send (server, "challenge", challenge);
  final = fake_sasl_expect_response (server);
  end = fake_scram_finish (scram, final, binding);
  g_assert_true (g_str_has_prefix (end, "v="));
  fake_sasl_send (server, "success", end);
}
