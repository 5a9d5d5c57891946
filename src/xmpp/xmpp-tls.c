/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-tls.h"
#include "xmpp-error.h"

#include <glib/gi18n-lib.h>

#define ALPN "xmpp-client"   /* XEP-0368 */

typedef struct
{
  GTlsConnection     *connection;      /* NULL until it is known whom to trust */
  XmppCertificate    *certificate;     /* NULL before we saw one */
  GTlsCertificate    *own;             /* (nullable) */
  GSocketConnectable *identity;
  char               *domain;
  char              **pins;
  gboolean            is_direct;
} Handshake;

static void
handshake_free (Handshake *self)
{
  g_clear_object (&self->connection);
  g_clear_object (&self->certificate);
  g_clear_object (&self->own);
  g_clear_object (&self->identity);
  g_strfreev (self->pins);
  g_free (self->domain);
  g_free (self);
}

static gboolean
is_pinned (Handshake *self)
{
  return self->pins != NULL &&
         xmpp_certificate_is_pinned (self->certificate, (const char * const *) self->pins);
}

static gboolean
look_at (Handshake             *self,
         GTlsCertificate       *certificate,
         GTlsCertificateFlags   errors,
         GError               **error)
{
  g_clear_object (&self->certificate);
  self->certificate = xmpp_certificate_new (certificate, errors, self->domain, error);

  return self->certificate != NULL;
}

/* There is something wrong with it, and only a key that the person trusts makes up for that (S51). */
static gboolean
on_accept_certificate (GTlsConnection       *connection,
                       GTlsCertificate      *certificate,
                       GTlsCertificateFlags  errors,
                       Handshake            *self)
{
  g_autoptr(GError) error = NULL;

  if (!look_at (self, certificate, errors, &error))
    {
      g_debug ("The certificate cannot be read: %s", error->message);
      return FALSE;
    }

  return is_pinned (self);
}

static GError *
new_certificate_error (Handshake *self)
{
  g_autofree char *why = xmpp_certificate_describe (self->certificate);

  return g_error_new_literal (XMPP_ERROR, XMPP_ERROR_CERTIFICATE, why);
}

/* What glib-networking lets pass and we do not: old protocols, small keys, keys that are not for a
 * server (S44, S46), and another protocol than ours (S47).
 */
static gboolean
check (Handshake  *self,
       GError    **error)
{
  const char *protocol = g_tls_connection_get_negotiated_protocol (self->connection);
  GTlsCertificate *certificate = g_tls_connection_get_peer_certificate (self->connection);

  if (g_tls_connection_get_protocol_version (self->connection) < G_TLS_PROTOCOL_VERSION_TLS_1_2)
    {
      g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_TLS_TOO_OLD,
                           _("The server's encryption is too old: TLS 1.2 or newer is needed"));
      return FALSE;
    }

  if (self->is_direct && protocol != NULL && g_strcmp0 (protocol, ALPN) != 0)
    {
      g_set_error (error, XMPP_ERROR, XMPP_ERROR_TLS,
                   /* Translators: %s is the name of a protocol, such as "http/1.1" */
                   _("What answers there does not speak XMPP but “%s”"), protocol);
      return FALSE;
    }

  if (certificate == NULL)
    {
      g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_TLS, _("The server showed no certificate"));
      return FALSE;
    }

  if (self->certificate == NULL &&
      !look_at (self, certificate, g_tls_connection_get_peer_certificate_errors (self->connection), error))
    return FALSE;

  if (xmpp_certificate_get_flags (self->certificate) != XMPP_CERTIFICATE_OK && !is_pinned (self))
    {
      g_propagate_error (error, new_certificate_error (self));
      return FALSE;
    }

  return TRUE;
}

static void
on_handshake (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  XmppStream *stream = XMPP_STREAM (object);
  g_autoptr(GTask) task = user_data;
  Handshake *self = g_task_get_task_data (task);
  GError *error = NULL;

  g_signal_handlers_disconnect_by_data (self->connection, self);

  if (!xmpp_stream_start_tls_finish (stream, result, &error))
    {
      /* Refused by us: then we can say what is wrong with it */
      if (g_error_matches (error, XMPP_ERROR, XMPP_ERROR_CERTIFICATE) && self->certificate != NULL)
        {
          g_clear_error (&error);
          error = new_certificate_error (self);
        }

      g_task_return_error (task, error);
    }
  else if (!check (self, &error))
    {
      xmpp_stream_abort (stream);
      g_task_return_error (task, error);
    }
  else
    {
      /* It has been looked at. The authorities of the system take 7 MB, for as long as somebody holds them. */
      g_tls_connection_set_database (self->connection, NULL);
      g_task_return_boolean (task, TRUE);
    }
}

/* The database is given from the start: set afterwards, it would come too late to keep GIO from reading
 * all certificates of the system, for 15 ms.
 */
static GTlsConnection *
new_connection (XmppStream    *stream,
                Handshake     *self,
                GTlsDatabase  *database,
                GError       **error)
{
  static const char * const protocols[] = { ALPN, NULL };
  gpointer connection = g_initable_new (g_tls_backend_get_client_connection_type (g_tls_backend_get_default ()), NULL, error,
                                        "base-io-stream", xmpp_stream_get_io (stream),
                                        "server-identity", self->identity,
                                        "database", database,
                                        NULL);

  if (connection == NULL)
    return NULL;

  if (self->is_direct)
    g_tls_connection_set_advertised_protocols (connection, protocols);
  if (self->own != NULL)
    g_tls_connection_set_certificate (connection, self->own);

  return connection;
}

static void
shake_hands (GTask        *task,
             GTlsDatabase *database)
{
  XmppStream *stream = g_task_get_source_object (task);
  Handshake *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->connection = new_connection (stream, self, database, &error);
  if (self->connection == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  g_signal_connect (self->connection, "accept-certificate", G_CALLBACK (on_accept_certificate), self);
  xmpp_stream_start_tls_async (stream, G_TLS_CLIENT_CONNECTION (self->connection), g_task_get_cancellable (task),
                               on_handshake, g_object_ref (task));
}

static void
on_authorities (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  g_autoptr(GTlsDatabase) database = xmpp_authorities_get_finish (XMPP_AUTHORITIES (object), result, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    shake_hands (task, database);
}

/* Shakes hands over stream, which is then encrypted and checked (RFC 6120, 5; RFC 7590). */
void
xmpp_tls_secure_async (XmppStream           *stream,
                       const XmppTlsOptions *options,
                       GCancellable         *cancellable,
                       GAsyncReadyCallback   callback,
                       gpointer              user_data)
{
  GTask *task = g_task_new (stream, cancellable, callback, user_data);
  Handshake *self;

  g_task_set_source_tag (task, xmpp_tls_secure_async);

  /* The certificate is wanted then too: the error of a cancelled one says it is cancelled anyway */
  g_task_set_check_cancellable (task, FALSE);

  self = g_new0 (Handshake, 1);
  self->domain = g_strdup (options->domain);
  self->pins = g_strdupv ((char **) options->pins);
  self->is_direct = options->endpoint->direct_tls;
  self->identity = g_object_ref (options->endpoint->identity);
  g_set_object (&self->own, options->certificate);
  g_task_set_task_data (task, self, (GDestroyNotify) handshake_free);

  xmpp_authorities_get_async (options->authorities, cancellable, on_authorities, task);
}

/* certificate: (out) (optional) (transfer full): what the server showed, when it failed too; NULL if
 * it came to none
 */
gboolean
xmpp_tls_secure_finish (XmppStream       *stream,
                        GAsyncResult     *result,
                        XmppCertificate **certificate,
                        GError          **error)
{
  Handshake *self = g_task_get_task_data (G_TASK (result));

  if (certificate != NULL)
    *certificate = g_steal_pointer (&self->certificate);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Such as "TLS 1.3" */
const char *
xmpp_tls_get_version (GTlsConnection *connection)
{
  switch (g_tls_connection_get_protocol_version (connection))
    {
    case G_TLS_PROTOCOL_VERSION_SSL_3_0:
      return "SSL 3.0";

    case G_TLS_PROTOCOL_VERSION_TLS_1_0:
      return "TLS 1.0";

    case G_TLS_PROTOCOL_VERSION_TLS_1_1:
      return "TLS 1.1";

    case G_TLS_PROTOCOL_VERSION_TLS_1_2:
      return "TLS 1.2";

    case G_TLS_PROTOCOL_VERSION_TLS_1_3:
      return "TLS 1.3";

    case G_TLS_PROTOCOL_VERSION_UNKNOWN:
    case G_TLS_PROTOCOL_VERSION_DTLS_1_0:
    case G_TLS_PROTOCOL_VERSION_DTLS_1_2:
    default:
      return "TLS";
    }
}
