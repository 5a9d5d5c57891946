/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-sasl.h"

#include "xmpp-error.h"
#include "xmpp-sasl-anonymous.h"
#include "xmpp-sasl-external.h"
#include "xmpp-sasl-plain.h"
#include "xmpp-sasl-private.h"
#include "xmpp-sasl-scram.h"

#include <glib/gi18n-lib.h>
#include <gnutls/gnutls.h>
#include <string.h>
#include <unicode/usprep.h>
#include <unicode/ustring.h>

/* SCRAM needs two; whoever wants more is not going to let us in (security.md, S71) */
#define MAX_CHALLENGES 3

#define MAX_SECRET     (4 * 1024)   /* bytes of a password */
#define MAX_EXPANSION  18           /* NFKC of one character: U+FDFA */

typedef struct
{
  const char          *mechanism;     /* static */
  XmppSaslCredentials  credentials;   /* all of it ours */
  guint                n_challenges;
} XmppSaslPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (XmppSasl, xmpp_sasl, G_TYPE_OBJECT)

static const struct
{
  const char *name;
  GType     (*get_type) (void);
} mechanisms[] = {
  { "SCRAM-SHA-512-PLUS", xmpp_sasl_scram_get_type },
  { "SCRAM-SHA-256-PLUS", xmpp_sasl_scram_get_type },
  { "SCRAM-SHA-1-PLUS",   xmpp_sasl_scram_get_type },
  { "SCRAM-SHA-512",      xmpp_sasl_scram_get_type },
  { "SCRAM-SHA-256",      xmpp_sasl_scram_get_type },
  { "SCRAM-SHA-1",        xmpp_sasl_scram_get_type },
  { "PLAIN",              xmpp_sasl_plain_get_type },
  { "EXTERNAL",           xmpp_sasl_external_get_type },
  { "ANONYMOUS",          xmpp_sasl_anonymous_get_type },
};

typedef struct
{
  gsize  length;
  guint8 data[];
} Secret;

static void
secret_free (gpointer data)
{
  Secret *secret = data;

  gnutls_memset (secret->data, 0, secret->length);
  g_free (secret);
}

GBytes *
xmpp_sasl_secret_new (gconstpointer data,
                      gsize         length)
{
  Secret *secret = g_malloc (sizeof *secret + length);

  secret->length = length;
  memcpy (secret->data, data, length);

  return g_bytes_new_with_free_func (secret->data, length, secret_free, secret);
}

void
xmpp_sasl_wipe (char *secret)
{
  if (secret != NULL)
    gnutls_memset (secret, 0, strlen (secret));

  g_free (secret);
}

const char *
xmpp_sasl_get_mechanism (XmppSasl *self)
{
  XmppSaslPrivate *priv = xmpp_sasl_get_instance_private (self);

  return priv->mechanism;
}

const XmppSaslCredentials *
xmpp_sasl_get_credentials (XmppSasl *self)
{
  XmppSaslPrivate *priv = xmpp_sasl_get_instance_private (self);

  return &priv->credentials;
}

/* Most mechanisms are one message of ours */
static void
xmpp_sasl_real_challenge_async (XmppSasl            *self,
                                GBytes              *challenge,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, xmpp_sasl_real_challenge_async);
  g_task_return_new_error (task, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_FAILED,
                           _("The server asked a question during login that does not belong there"));
}

static GBytes *
xmpp_sasl_real_challenge_finish (XmppSasl      *self,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
xmpp_sasl_real_success (XmppSasl  *self,
                        GBytes    *data,
                        GError   **error)
{
  return TRUE;
}

static void
xmpp_sasl_finalize (GObject *object)
{
  XmppSaslPrivate *priv = xmpp_sasl_get_instance_private (XMPP_SASL (object));

  g_free ((char *) priv->credentials.username);
  g_free ((char *) priv->credentials.authzid);
  xmpp_sasl_wipe ((char *) priv->credentials.password);
  g_clear_object (&priv->credentials.stream);
  g_free ((char *) priv->credentials.binding_type);
  g_clear_pointer (&priv->credentials.binding_data, g_bytes_unref);
  g_free ((char *) priv->credentials.downgrade_hash);

  G_OBJECT_CLASS (xmpp_sasl_parent_class)->finalize (object);
}

static void
xmpp_sasl_class_init (XmppSaslClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xmpp_sasl_finalize;

  klass->challenge_async = xmpp_sasl_real_challenge_async;
  klass->challenge_finish = xmpp_sasl_real_challenge_finish;
  klass->success = xmpp_sasl_real_success;
}

static void
xmpp_sasl_init (XmppSasl *self)
{
}

/**
 * xmpp_sasl_new:
 * @mechanism: what xmpp_sasl_choose() returned
 * @credentials: who logs in, and how; all of it is copied
 *
 * Begins one run of a mechanism.
 *
 * Returns: (transfer full) (nullable): the run, or %NULL for a mechanism that we do not have
 */
XmppSasl *
xmpp_sasl_new (const char                *mechanism,
               const XmppSaslCredentials *credentials)
{
  g_return_val_if_fail (mechanism != NULL, NULL);
  g_return_val_if_fail (credentials != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    {
      XmppSasl *self;
      XmppSaslPrivate *priv;

      if (!g_str_equal (mechanisms[i].name, mechanism))
        continue;

      self = g_object_new (mechanisms[i].get_type (), NULL);
      priv = xmpp_sasl_get_instance_private (self);
      priv->mechanism = mechanisms[i].name;
      priv->credentials = *credentials;
      priv->credentials.username = g_strdup (credentials->username);
      priv->credentials.authzid = g_strdup (credentials->authzid);
      priv->credentials.password = g_strdup (credentials->password);
      priv->credentials.binding_type = g_strdup (credentials->binding_type);
      priv->credentials.downgrade_hash = g_strdup (credentials->downgrade_hash);
      if (credentials->stream != NULL)
        g_object_ref (credentials->stream);
      if (credentials->binding_data != NULL)
        g_bytes_ref (credentials->binding_data);

      return self;
    }

  return NULL;
}

/**
 * xmpp_sasl_start:
 * @self: a run that has not started
 * @error: return location, in %XMPP_AUTH_ERROR
 *
 * What to send with <auth/> (RFC 6120, 6.4.2). It may be empty.
 *
 * Returns: (transfer full) (nullable): the initial response, or %NULL with @error
 */
GBytes *
xmpp_sasl_start (XmppSasl  *self,
                 GError   **error)
{
  g_return_val_if_fail (XMPP_IS_SASL (self), NULL);

  return XMPP_SASL_GET_CLASS (self)->start (self, error);
}

/**
 * xmpp_sasl_challenge_async:
 * @self: a run that has started
 * @challenge: what the server's <challenge/> says, decoded
 * @cancellable: (nullable): ends the wait at once
 * @callback: (scope async): called when the response is there
 * @user_data: for @callback
 *
 * Works out the response to a challenge (RFC 6120, 6.4.3), in a thread where that takes long. One
 * challenge at a time.
 */
void
xmpp_sasl_challenge_async (XmppSasl            *self,
                           GBytes              *challenge,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  XmppSaslPrivate *priv = xmpp_sasl_get_instance_private (self);

  g_return_if_fail (XMPP_IS_SASL (self));
  g_return_if_fail (challenge != NULL);

  if (++priv->n_challenges > MAX_CHALLENGES)
    xmpp_sasl_real_challenge_async (self, challenge, cancellable, callback, user_data);
  else
    XMPP_SASL_GET_CLASS (self)->challenge_async (self, challenge, cancellable, callback, user_data);
}

/**
 * xmpp_sasl_challenge_finish:
 * @self: a run
 * @result: what the callback got
 * @error: return location, in %XMPP_AUTH_ERROR; the run is then over: send <abort/>
 *
 * Returns: (transfer full) (nullable): the response, perhaps empty, or %NULL with @error
 */
GBytes *
xmpp_sasl_challenge_finish (XmppSasl      *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (XMPP_IS_SASL (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  if (g_task_get_source_tag (G_TASK (result)) == xmpp_sasl_real_challenge_async)
    return xmpp_sasl_real_challenge_finish (self, result, error);

  return XMPP_SASL_GET_CLASS (self)->challenge_finish (self, result, error);
}

/**
 * xmpp_sasl_success:
 * @self: a run
 * @data: (nullable): what the server's <success/> says, decoded; %NULL or empty when nothing
 * @error: return location, %XMPP_AUTH_ERROR_SERVER_UNPROVEN above all
 *
 * Asks whether the server's success may be believed (RFC 5802, 3: the client must verify it).
 *
 * Returns: %TRUE: logged in; %FALSE: leave this connection
 */
gboolean
xmpp_sasl_success (XmppSasl  *self,
                   GBytes    *data,
                   GError   **error)
{
  g_return_val_if_fail (XMPP_IS_SASL (self), FALSE);

  return XMPP_SASL_GET_CLASS (self)->success (self, data, error);
}

/**
 * xmpp_sasl_decode:
 * @text: (nullable): the text of a <challenge/> or <success/>
 *
 * Decodes base64 as strictly as RFC 6120, 13.9.1 wants it: no white space, no foreign characters,
 * padding only where it belongs. No text, and "=", are no bytes.
 *
 * Returns: (transfer full) (nullable): the bytes, or %NULL when @text is not base64
 */
GBytes *
xmpp_sasl_decode (const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;
  gsize padding;
  guchar *data;

  if (length == 0 || g_str_equal (text, "="))
    return g_bytes_new_static ("", 0);

  padding = g_str_has_suffix (text, "==") ? 2 : g_str_has_suffix (text, "=") ? 1 : 0;
  if (length % 4 != 0)
    return NULL;

  for (gsize i = 0; i < length - padding; i++)
    {
      if (!g_ascii_isalnum (text[i]) && text[i] != '+' && text[i] != '/')
        return NULL;
    }

  data = g_base64_decode (text, &length);

  return g_bytes_new_take (data, length);
}

/**
 * xmpp_sasl_encode:
 * @data: what to send with <auth/> or <response/>
 *
 * Returns: (transfer full): its base64; "=" for no bytes (RFC 6120, 6.4.2)
 */
char *
xmpp_sasl_encode (GBytes *data)
{
  g_return_val_if_fail (data != NULL, NULL);

  if (g_bytes_get_size (data) == 0)
    return g_strdup ("=");

  return g_base64_encode (g_bytes_get_data (data, NULL), g_bytes_get_size (data));
}

static char *
prepare_utf8 (const char *text,
              gsize       length)
{
  UErrorCode status = U_ZERO_ERROR;
  UStringPrepProfile *profile = usprep_openByType (USPREP_RFC4013_SASLPREP, &status);
  gsize size = length * MAX_EXPANSION + 1;
  g_autofree UChar *source = g_new0 (UChar, size);
  g_autofree UChar *target = g_new0 (UChar, size);
  char *prepared = g_malloc0 (size * 3);
  int source_length = 0;
  int target_length;

  u_strFromUTF8 (source, size, &source_length, text, length, &status);
  target_length = usprep_prepare (profile, source, source_length, target, size,
                                  USPREP_ALLOW_UNASSIGNED, NULL, &status);
  u_strToUTF8 (prepared, size * 3, NULL, target, target_length, &status);
  usprep_close (profile);

  gnutls_memset (source, 0, size * sizeof (UChar));
  gnutls_memset (target, 0, size * sizeof (UChar));

  if (U_FAILURE (status) || *prepared == '\0')
    g_clear_pointer (&prepared, xmpp_sasl_wipe);

  return prepared;
}

/**
 * xmpp_sasl_prepare:
 * @text: a user name or a password
 * @error: return location, %XMPP_AUTH_ERROR_INCORRECT_ENCODING
 *
 * SASLprep (RFC 4013), as a query: code points without a meaning yet, such as new emoji, pass.
 *
 * Returns: (transfer full) (nullable): the prepared text, or %NULL when it has characters that may
 *   not be in it, or nothing is left of it
 */
char *
xmpp_sasl_prepare (const char  *text,
                   GError     **error)
{
  char *prepared = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  if (strlen (text) <= MAX_SECRET && g_utf8_validate (text, -1, NULL))
    prepared = prepare_utf8 (text, strlen (text));

  if (prepared == NULL)
    g_set_error (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_INCORRECT_ENCODING,
                 _("The user name or password has characters that cannot be used in it"));

  return prepared;
}
