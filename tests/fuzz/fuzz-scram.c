/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The server's half of a SCRAM login (RFC 5802, 5): whatever it says, it has not proven itself without the right signature.
 *
 * The first line is the mechanism, each other one a message of the server; the last is what comes with its success.
 */
#include "fuzz.h"

#include "xmpp-sasl-scram.h"

#include <string.h>

#define NONCE      "rOprNGfwEbeRWgbNEkqO"   /* of RFC 7677, 3, as the password is */
#define PASSWORD   "pencil"
#define MAX_ROUNDS 20000                     /* more takes long and is no other code */

typedef struct
{
  GBytes   *response;
  GError   *error;
  gboolean  is_done;
} Outcome;

static void
on_response (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  Outcome *outcome = user_data;

  outcome->response = xmpp_sasl_challenge_finish (XMPP_SASL (object), result, &outcome->error);
  outcome->is_done = TRUE;
}

static GBytes *
respond (XmppSasl   *sasl,
         const char *challenge)
{
  g_autoptr(GBytes) bytes = g_bytes_new (challenge, strlen (challenge));
  Outcome outcome = { NULL };

  xmpp_sasl_challenge_async (sasl, bytes, NULL, on_response, &outcome);
  while (!outcome.is_done)
    g_main_context_iteration (NULL, TRUE);

  if (outcome.response == NULL)
    fuzz_assert_words (outcome.error);
  g_clear_error (&outcome.error);

  return outcome.response;
}

static gboolean
takes_long (const char *text)
{
  for (const char *p = strstr (text, "i="); p != NULL; p = strstr (p + 1, "i="))
    {
      if (g_ascii_strtoull (p + 2, NULL, 10) > MAX_ROUNDS)
        return TRUE;
    }

  return FALSE;
}

/* SCRAM on other feet, as it has to be (RFC 5802, 3) */

static void
sign (GChecksumType  type,
      const guint8  *key,
      gsize          key_size,
      const char    *text,
      gsize          length,
      guint8        *digest,
      gsize          size)
{
  g_autoptr(GHmac) hmac = g_hmac_new (type, key, key_size);

  g_hmac_update (hmac, (const guchar *) text, length);
  g_hmac_get_digest (hmac, digest, &size);
}

static guchar *
make_signature (GChecksumType  type,
                const char    *salt_text,
                guint          rounds,
                const char    *auth)
{
  gsize size = g_checksum_type_get_length (type);
  gsize salt_size;
  g_autofree guchar *salt = g_base64_decode (salt_text, &salt_size);
  g_autofree char *first = g_malloc (salt_size + 4);
  guint8 round[64];
  guint8 salted[64];
  guint8 key[64];

  memcpy (first, salt, salt_size);
  memcpy (first + salt_size, "\0\0\0\1", 4);
  sign (type, (const guint8 *) PASSWORD, strlen (PASSWORD), first, salt_size + 4, round, size);
  memcpy (salted, round, size);
  for (guint i = 1; i < rounds; i++)
    {
      sign (type, (const guint8 *) PASSWORD, strlen (PASSWORD), (const char *) round, size, round, size);
      for (gsize j = 0; j < size; j++)
        salted[j] ^= round[j];
    }

  sign (type, salted, size, "Server Key", strlen ("Server Key"), key, size);
  sign (type, key, size, auth, strlen (auth), round, size);

  return g_memdup2 (round, size);
}

static void
check_proven (const char *mechanism,
              const char *client_first,
              const char *server_first,
              const char *client_final,
              const char *server_final)
{
  GChecksumType type = g_str_has_prefix (mechanism, "SCRAM-SHA-1") ? G_CHECKSUM_SHA1
                       : g_str_has_prefix (mechanism, "SCRAM-SHA-256") ? G_CHECKSUM_SHA256 : G_CHECKSUM_SHA512;
  g_auto(GStrv) parts = g_strsplit (server_first, ",", 4);
  g_autofree char *auth = g_strdup_printf ("%s,%s,%.*s", strchr (strchr (client_first, ',') + 1, ',') + 1, server_first,
                                           (int) (strstr (client_final, ",p=") - client_final), client_final);
  g_autofree char *said = g_strndup (server_final + 2, strcspn (server_final + 2, ","));
  g_autofree guchar *signature = NULL;
  g_autofree guchar *decoded = NULL;
  gsize size;

  g_assert_cmpuint (g_strv_length (parts), >=, 3);
  g_assert_true (g_str_has_prefix (server_final, "v="));
  signature = make_signature (type, parts[1] + 2, g_ascii_strtoull (parts[2] + 2, NULL, 10), auth);
  decoded = g_base64_decode (said, &size);
  g_assert_cmpmem (decoded, size, signature, (gsize) g_checksum_type_get_length (type));
}

static char *
to_text (GBytes *bytes)
{
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  FuzzInput input = { (const char *) data, size };
  g_autofree char *mechanism = fuzz_take_line (&input);
  g_autofree char *rest = fuzz_take_text (&input);
  g_auto(GStrv) lines = g_strsplit (rest, "\n", 6);
  guint n = g_strv_length (lines);
  GBytes *binding = g_bytes_new_static ("binding", 7);
  XmppSaslCredentials credentials = { .username = "user", .password = PASSWORD, .binding_type = "tls-exporter",
                                      .binding_data = binding };
  g_autoptr(XmppSasl) sasl = NULL;
  g_autoptr(GBytes) start = NULL;
  g_autoptr(GBytes) final = NULL;
  g_autoptr(GBytes) last = NULL;
  g_autoptr(GError) error = NULL;

  if (mechanism != NULL && g_str_has_prefix (mechanism, "SCRAM-") && !takes_long (rest))
    sasl = xmpp_sasl_new (mechanism, &credentials);

  if (sasl != NULL && n > 0)
    {
      xmpp_sasl_scram_set_nonce (XMPP_SASL_SCRAM (sasl), NONCE);
      start = xmpp_sasl_start (sasl, &error);
      g_assert_no_error (error);

      for (guint i = 0; i + 1 < n; i++)
        {
          g_autoptr(GBytes) response = respond (sasl, lines[i]);

          if (i == 0 && response != NULL)
            final = g_steal_pointer (&response);
        }

      last = g_bytes_new (lines[n - 1], strlen (lines[n - 1]));
      if (xmpp_sasl_success (sasl, last, &error))
        {
          g_autofree char *client_first = to_text (start);
          g_autofree char *client_final = final != NULL ? to_text (final) : NULL;

          g_assert_nonnull (client_final);
          check_proven (mechanism, client_first, lines[0], client_final, n > 2 ? lines[1] : lines[n - 1]);
        }
      else
        {
          fuzz_assert_words (error);
        }
    }

  g_bytes_unref (binding);

  return 0;
}
