/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-sasl-scram.h"

#include "xmpp-error.h"
#include "xmpp-random.h"
#include "xmpp-sasl-private.h"
#include "xmpp-scram-keys.h"

#include <glib/gi18n-lib.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#define MAX_MESSAGE   (8 * 1024)
#define MAX_SALT      1024
#define NONCE_SIZE    18           /* 144 bits; base64 without padding */

typedef enum
{
  STATE_NEW,
  STATE_STARTED,     /* our first message is sent */
  STATE_DERIVING,    /* PBKDF2 works on the server's */
  STATE_PROVED,      /* our last message is sent */
  STATE_VERIFIED,    /* the server has proved that it knows the password */
  STATE_FAILED,
} State;

/* SCRAM (RFC 5802, RFC 7677), with and without channel binding (RFC 9266, RFC 5929) and with
 * XEP-0474's protection of the list of mechanisms.
 */
struct _XmppSaslScram
{
  XmppSasl                    parent_instance;

  State                       state;
  char                       *nonce;           /* ours */
  char                       *gs2;             /* "n,,", "y,,", "p=tls-exporter,,", with authzid */
  GBytes                     *binding_data;    /* NULL: not bound */
  char                       *client_first;    /* without gs2 */
  char                       *server_first;
  char                       *full_nonce;      /* ours and the server's */
  guint8                      signature[XMPP_SCRAM_MAX_DIGEST];   /* what the server has to say */
};

G_DEFINE_FINAL_TYPE (XmppSaslScram, xmpp_sasl_scram, XMPP_TYPE_SASL)

static void
set_nonsense (GError     **error,
              const char  *what)
{
  g_debug ("SCRAM: %s", what);
  g_set_error (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_FAILED,
               _("The server's part of the login makes no sense, so it was stopped"));
}

/* Our first message */

static char *
escape_name (const char *name)
{
  GString *escaped = g_string_new (name);

  g_string_replace (escaped, "=", "=3D", 0);
  g_string_replace (escaped, ",", "=2C", 0);

  return g_string_free (escaped, FALSE);
}

/* RFC 5802, 6: p, we bind; y, we could but the server seems not to; n, we cannot */
static gboolean
make_gs2 (XmppSaslScram  *self,
          GError        **error)
{
  const XmppSaslCredentials *credentials = xmpp_sasl_get_credentials (XMPP_SASL (self));
  gboolean is_bound = g_str_has_suffix (xmpp_sasl_get_mechanism (XMPP_SASL (self)), "-PLUS");
  gboolean is_stripped = credentials->stream != NULL && !credentials->binding_offered;
  g_autofree char *authzid = NULL;
  g_autofree char *flag = NULL;

  if (is_bound)
    {
      if (credentials->binding_data != NULL)
        self->binding_data = g_bytes_ref (credentials->binding_data);
      else if (credentials->stream != NULL && credentials->binding_type != NULL)
        self->binding_data = xmpp_sasl_get_binding (credentials->stream, credentials->binding_type);

      if (self->binding_data == NULL || credentials->binding_type == NULL)
        {
          g_set_error (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_FAILED,
                       _("The login could not be tied to the encrypted connection"));
          return FALSE;
        }
    }

  if (credentials->authzid != NULL)
    {
      g_autofree char *prepared = xmpp_sasl_prepare (credentials->authzid, error);

      if (prepared == NULL)
        return FALSE;

      authzid = escape_name (prepared);
    }

  flag = is_bound ? g_strconcat ("p=", credentials->binding_type, NULL) : g_strdup (is_stripped ? "y" : "n");
  self->gs2 = g_strconcat (flag, authzid != NULL ? ",a=" : ",", authzid != NULL ? authzid : "", ",", NULL);

  return TRUE;
}

static GBytes *
xmpp_sasl_scram_start (XmppSasl  *sasl,
                       GError   **error)
{
  XmppSaslScram *self = XMPP_SASL_SCRAM (sasl);
  const XmppSaslCredentials *credentials = xmpp_sasl_get_credentials (sasl);
  g_autofree char *prepared = NULL;
  g_autofree char *username = NULL;
  char *message;

  g_return_val_if_fail (self->state == STATE_NEW, NULL);

  self->state = STATE_FAILED;

  if (credentials->password == NULL || *credentials->password == '\0')
    {
      g_set_error (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_NO_PASSWORD, _("A password is needed to log in"));
      return NULL;
    }

  if (!(prepared = xmpp_sasl_prepare (credentials->username, error)) || !make_gs2 (self, error))
    return NULL;

  if (self->nonce == NULL)
    {
      guint8 random[NONCE_SIZE];

      xmpp_random_bytes (random, sizeof random);
      self->nonce = g_base64_encode (random, sizeof random);
    }

  username = escape_name (prepared);
  self->client_first = g_strdup_printf ("n=%s,r=%s", username, self->nonce);
  self->state = STATE_STARTED;

  message = g_strconcat (self->gs2, self->client_first, NULL);

  return g_bytes_new_take (message, strlen (message));
}

/* The server's first message */

/* Takes "x=value" off the list at *rest; NULL when it has no such shape or another name */
static char *
take_attribute (const char **rest,
                char         name)
{
  const char *start = *rest;
  gsize length = strcspn (start, ",");

  if (length < 2 || start[1] != '=' || (name != 0 ? *start != name : !g_ascii_isalpha (*start)))
    return NULL;

  *rest = start + length + (start[length] == ',' ? 1 : 0);
  if (start[length] == ',' && **rest == '\0')
    return NULL;

  return g_strndup (start + 2, length - 2);
}

static gboolean
is_nonce (XmppSaslScram *self,
          const char    *nonce)
{
  if (!g_str_has_prefix (nonce, self->nonce) || strlen (nonce) <= strlen (self->nonce))
    return FALSE;

  for (const char *p = nonce; *p != '\0'; p++)
    {
      if (!g_ascii_isgraph (*p))
        return FALSE;
    }

  return TRUE;
}

static gboolean
read_iterations (const char  *text,
                 guint       *iterations,
                 GError     **error)
{
  guint64 value;

  /* posit-number (RFC 5802, 7) begins with 1 to 9 */
  if (*text < '1' || *text > '9' || strspn (text, "0123456789") != strlen (text))
    {
      set_nonsense (error, "the number of iterations is no number");
      return FALSE;
    }

  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT32, &value, NULL) ||
      value > XMPP_SASL_SCRAM_MAX_ITERATIONS)
    {
      g_set_error (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_FAILED,
                   _("The server asks for more computation than a login can need, so it was stopped"));
      return FALSE;
    }

  if (value < XMPP_SASL_SCRAM_MIN_ITERATIONS)
    {
      g_set_error (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_FAILED,
                   _("The server protects the password too weakly, so it was not used"));
      return FALSE;
    }

  *iterations = value;

  return TRUE;
}

/* What may follow: unknown attributes do, once each; "m" announces one that must be understood
 * (RFC 5802, 5.1); "h" is the server's view of the list that we chose from (XEP-0474, 4.2).
 */
static gboolean
read_extensions (XmppSaslScram  *self,
                 const char     *rest,
                 GError        **error)
{
  const char *expected = xmpp_sasl_get_credentials (XMPP_SASL (self))->downgrade_hash;
  gboolean seen[128] = { ['r'] = TRUE, ['s'] = TRUE, ['i'] = TRUE, ['m'] = TRUE };

  while (*rest != '\0')
    {
      char name = *rest;
      g_autofree char *value = take_attribute (&rest, 0);

      if (value == NULL || seen[(guchar) name])
        {
          set_nonsense (error, "an extension is malformed, twice there or mandatory");
          return FALSE;
        }

      seen[(guchar) name] = TRUE;

      if (name == 'h' && expected != NULL && !g_str_equal (value, expected))
        {
          g_set_error (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_INTERCEPTED,
                       _("Somebody between you and the server changed the list of ways to log in, "
                         "so the password was not used"));
          return FALSE;
        }
    }

  return TRUE;
}

static XmppScramKeys *
read_server_first (XmppSaslScram  *self,
                   GError        **error)
{
  const char *rest = self->server_first;
  g_autofree char *nonce = take_attribute (&rest, 'r');
  g_autofree char *salt_text = nonce != NULL ? take_attribute (&rest, 's') : NULL;
  g_autofree char *iterations_text = salt_text != NULL ? take_attribute (&rest, 'i') : NULL;
  g_autoptr(GBytes) salt = NULL;
  XmppScramKeys *keys;
  char *password;
  guint iterations;

  if (iterations_text == NULL)
    {
      set_nonsense (error, "nonce, salt and iterations are not all there, or not in order");
      return NULL;
    }

  if (!is_nonce (self, nonce))
    {
      set_nonsense (error, "the nonce is not ours with the server's after it");
      return NULL;
    }

  salt = xmpp_sasl_decode (salt_text);
  if (salt == NULL || g_bytes_get_size (salt) == 0 || g_bytes_get_size (salt) > MAX_SALT)
    {
      set_nonsense (error, "the salt is no base64, empty or too long");
      return NULL;
    }

  if (!read_iterations (iterations_text, &iterations, error) || !read_extensions (self, rest, error))
    return NULL;

  if (!(password = xmpp_sasl_prepare (xmpp_sasl_get_credentials (XMPP_SASL (self))->password, error)))
    return NULL;

  self->full_nonce = g_steal_pointer (&nonce);
  keys = xmpp_scram_keys_new (xmpp_sasl_get_mechanism (XMPP_SASL (self)), password, salt, iterations);
  xmpp_sasl_wipe (password);

  return keys;
}

static void
derive_keys (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  GError *error = NULL;

  if (xmpp_scram_keys_derive (task_data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* The server's last message: "v=" and the signature, or "e=" and a reason (RFC 5802, 7) */

static const struct
{
  const char    *value;
  XmppAuthError  code;
  const char    *sentence;
} server_errors[] = {
  { "invalid-proof", XMPP_AUTH_ERROR_NOT_AUTHORIZED, N_("The user name or password is wrong") },
  { "unknown-user", XMPP_AUTH_ERROR_NOT_AUTHORIZED, N_("The user name or password is wrong") },
  { "invalid-encoding", XMPP_AUTH_ERROR_INCORRECT_ENCODING,
    N_("The user name or password has characters that cannot be used in it") },
  { "invalid-username-encoding", XMPP_AUTH_ERROR_INCORRECT_ENCODING,
    N_("The user name or password has characters that cannot be used in it") },
  { "channel-bindings-dont-match", XMPP_AUTH_ERROR_INTERCEPTED,
    N_("Somebody may be listening between you and the server: the login does not fit the encrypted connection") },
  { "server-does-support-channel-binding", XMPP_AUTH_ERROR_INTERCEPTED,
    N_("Somebody between you and the server changed the list of ways to log in") },
  { "no-resources", XMPP_AUTH_ERROR_TEMPORARY_FAILURE,
    N_("The server cannot log anyone in right now; try again later") },
};

static void
set_server_error (GError     **error,
                  const char  *value)
{
  for (gsize i = 0; i < G_N_ELEMENTS (server_errors); i++)
    {
      if (g_str_equal (server_errors[i].value, value))
        {
          g_set_error_literal (error, XMPP_AUTH_ERROR, server_errors[i].code, _(server_errors[i].sentence));
          return;
        }
    }

  g_set_error (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_FAILED, _("The server refused the login"));
}

static gboolean
verify_server (XmppSaslScram  *self,
               const char     *message,
               GError        **error)
{
  gsize size = gnutls_hmac_get_len (xmpp_scram_get_algorithm (xmpp_sasl_get_mechanism (XMPP_SASL (self))));
  const char *rest = message;
  g_autofree char *reason = take_attribute (&rest, 'e');
  g_autofree char *signature = reason == NULL ? take_attribute (&rest, 'v') : NULL;
  g_autoptr(GBytes) said = signature != NULL ? xmpp_sasl_decode (signature) : NULL;

  if (reason != NULL)
    {
      set_server_error (error, reason);
      return FALSE;
    }

  if (said == NULL || g_bytes_get_size (said) != size ||
      gnutls_memcmp (g_bytes_get_data (said, NULL), self->signature, size) != 0)
    {
      g_set_error (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_SERVER_UNPROVEN,
                   _("The server could not prove that it knows your password, so it may not be your server"));
      return FALSE;
    }

  return TRUE;
}

/* Text without a NUL in it, or NULL */
static char *
to_text (GBytes *data)
{
  gsize length;
  const char *text = g_bytes_get_data (data, &length);

  if (length == 0 || length > MAX_MESSAGE || !g_utf8_validate_len (text, length, NULL))
    return NULL;

  return g_strndup (text, length);
}

static void
xmpp_sasl_scram_challenge_async (XmppSasl            *sasl,
                                 GBytes              *challenge,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  XmppSaslScram *self = XMPP_SASL_SCRAM (sasl);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *message = to_text (challenge);
  State state = self->state;
  XmppScramKeys *keys;
  GError *error = NULL;

  g_task_set_source_tag (task, xmpp_sasl_scram_challenge_async);
  self->state = STATE_FAILED;

  if (message == NULL || (state != STATE_STARTED && state != STATE_PROVED))
    {
      set_nonsense (&error, "a challenge out of turn, empty, too long or no text");
      g_task_return_error (task, error);
      return;
    }

  if (state == STATE_PROVED)
    {
      if (verify_server (self, message, &error))
        {
          self->state = STATE_VERIFIED;
          g_task_return_boolean (task, TRUE);
        }
      else
        {
          g_task_return_error (task, error);
        }
      return;
    }

  self->server_first = g_steal_pointer (&message);
  if (!(keys = read_server_first (self, &error)))
    {
      g_task_return_error (task, error);
      return;
    }

  self->state = STATE_DERIVING;
  g_task_set_task_data (task, keys, (GDestroyNotify) xmpp_scram_keys_free);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread (task, derive_keys);
}

static GBytes *
make_client_final (XmppSaslScram  *self,
                   XmppScramKeys  *keys,
                   GError        **error)
{
  g_autoptr(GByteArray) binding = g_byte_array_new ();
  g_autofree char *binding_text = NULL;
  g_autofree char *without_proof = NULL;
  g_autofree char *auth = NULL;
  g_autofree char *proof_text = NULL;
  guint8 proof[XMPP_SCRAM_MAX_DIGEST];
  char *message;

  g_byte_array_append (binding, (const guint8 *) self->gs2, strlen (self->gs2));
  if (self->binding_data != NULL)
    g_byte_array_append (binding, g_bytes_get_data (self->binding_data, NULL), g_bytes_get_size (self->binding_data));
  binding_text = g_base64_encode (binding->data, binding->len);

  without_proof = g_strdup_printf ("c=%s,r=%s", binding_text, self->full_nonce);
  auth = g_strdup_printf ("%s,%s,%s", self->client_first, self->server_first, without_proof);
  if (!xmpp_scram_keys_sign (keys, auth, proof, self->signature, error))
    return NULL;

  proof_text = g_base64_encode (proof, xmpp_scram_keys_get_size (keys));
  message = g_strdup_printf ("%s,p=%s", without_proof, proof_text);

  return g_bytes_new_take (message, strlen (message));
}

static GBytes *
xmpp_sasl_scram_challenge_finish (XmppSasl      *sasl,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  XmppSaslScram *self = XMPP_SASL_SCRAM (sasl);
  XmppScramKeys *keys = g_task_get_task_data (G_TASK (result));
  GBytes *response;

  if (!g_task_propagate_boolean (G_TASK (result), error))
    {
      self->state = STATE_FAILED;
      return NULL;
    }

  if (self->state == STATE_VERIFIED)
    return g_bytes_new_static ("", 0);

  g_return_val_if_fail (self->state == STATE_DERIVING, NULL);

  response = make_client_final (self, keys, error);
  self->state = response != NULL ? STATE_PROVED : STATE_FAILED;

  return response;
}

static gboolean
xmpp_sasl_scram_success (XmppSasl  *sasl,
                         GBytes    *data,
                         GError   **error)
{
  XmppSaslScram *self = XMPP_SASL_SCRAM (sasl);
  gboolean is_empty = data == NULL || g_bytes_get_size (data) == 0;
  g_autofree char *message = is_empty ? NULL : to_text (data);
  gboolean is_proven;

  if (self->state == STATE_VERIFIED)
    {
      self->state = STATE_FAILED;
      return TRUE;
    }

  /* Without our proof there is nothing that the server could have signed */
  is_proven = verify_server (self, message != NULL && self->state == STATE_PROVED ? message : "", error);
  self->state = STATE_FAILED;

  return is_proven;
}

static void
xmpp_sasl_scram_finalize (GObject *object)
{
  XmppSaslScram *self = XMPP_SASL_SCRAM (object);

  g_free (self->nonce);
  g_free (self->gs2);
  g_clear_pointer (&self->binding_data, g_bytes_unref);
  g_free (self->client_first);
  g_free (self->server_first);
  g_free (self->full_nonce);
  gnutls_memset (self->signature, 0, sizeof self->signature);

  G_OBJECT_CLASS (xmpp_sasl_scram_parent_class)->finalize (object);
}

static void
xmpp_sasl_scram_class_init (XmppSaslScramClass *klass)
{
  XmppSaslClass *sasl_class = XMPP_SASL_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = xmpp_sasl_scram_finalize;

  sasl_class->start = xmpp_sasl_scram_start;
  sasl_class->challenge_async = xmpp_sasl_scram_challenge_async;
  sasl_class->challenge_finish = xmpp_sasl_scram_challenge_finish;
  sasl_class->success = xmpp_sasl_scram_success;
}

static void
xmpp_sasl_scram_init (XmppSaslScram *self)
{
}

/**
 * xmpp_sasl_scram_set_nonce: (skip)
 * @self: a run that has not started
 * @nonce: printable, without a comma
 *
 * Sets our nonce instead of drawing it: for tests with known answers only.
 */
void
xmpp_sasl_scram_set_nonce (XmppSaslScram *self,
                           const char    *nonce)
{
  g_return_if_fail (XMPP_IS_SASL_SCRAM (self));
  g_return_if_fail (self->state == STATE_NEW);

  g_free (self->nonce);
  self->nonce = g_strdup (nonce);
}
