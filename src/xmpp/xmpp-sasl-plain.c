/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-sasl-plain.h"

#include "xmpp-error.h"
#include "xmpp-sasl-private.h"

#include <glib/gi18n-lib.h>
#include <gnutls/gnutls.h>
#include <string.h>

/* PLAIN (RFC 4616): the password itself, so never without TLS */
struct _XmppSaslPlain
{
  XmppSasl parent_instance;
};

G_DEFINE_FINAL_TYPE (XmppSaslPlain, xmpp_sasl_plain, XMPP_TYPE_SASL)

static GBytes *
xmpp_sasl_plain_start (XmppSasl  *self,
                       GError   **error)
{
  const XmppSaslCredentials *credentials = xmpp_sasl_get_credentials (self);
  g_autoptr(GByteArray) message = NULL;
  GBytes *bytes;

  if (credentials->stream == NULL)
    {
      g_set_error (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_ENCRYPTION_REQUIRED,
                   _("The password is not sent over a connection that is not encrypted"));
      return NULL;
    }

  if (credentials->password == NULL || *credentials->password == '\0')
    {
      g_set_error (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_NO_PASSWORD, _("A password is needed to log in"));
      return NULL;
    }

  if (!g_utf8_validate (credentials->password, -1, NULL))
    {
      g_set_error (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_INCORRECT_ENCODING,
                   _("The user name or password has characters that cannot be used in it"));
      return NULL;
    }

  /* As it was typed: preparing is the server's part (RFC 4616, 2). The array does not grow, so it
   * leaves no copies behind. */
  message = g_byte_array_sized_new (strlen (credentials->password) + strlen (credentials->username) + 2 +
                                    (credentials->authzid != NULL ? strlen (credentials->authzid) : 0));
  if (credentials->authzid != NULL)
    g_byte_array_append (message, (const guint8 *) credentials->authzid, strlen (credentials->authzid));
  g_byte_array_append (message, (const guint8 *) "", 1);
  g_byte_array_append (message, (const guint8 *) credentials->username, strlen (credentials->username));
  g_byte_array_append (message, (const guint8 *) "", 1);
  g_byte_array_append (message, (const guint8 *) credentials->password, strlen (credentials->password));

  bytes = xmpp_sasl_secret_new (message->data, message->len);
  gnutls_memset (message->data, 0, message->len);

  return bytes;
}

static void
xmpp_sasl_plain_class_init (XmppSaslPlainClass *klass)
{
  XMPP_SASL_CLASS (klass)->start = xmpp_sasl_plain_start;
}

static void
xmpp_sasl_plain_init (XmppSaslPlain *self)
{
}
