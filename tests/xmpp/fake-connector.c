/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-connector.h"

struct _FakeConnector
{
  XmppConnector  parent_instance;

  FakeServer    *server;     /* NULL once it is gone */
  XmppEndpoint  *endpoint;   /* of the connection that is about to be finished */
};

G_DEFINE_FINAL_TYPE (FakeConnector, fake_connector, XMPP_TYPE_CONNECTOR)

static XmppEndpoint *
make_endpoint (FakeServer *server)
{
  XmppEndpoint *endpoint = g_new0 (XmppEndpoint, 1);

  endpoint->identity = g_network_address_new (server->domain, 5222);
  endpoint->direct_tls = server->direct_tls;
  endpoint->host = g_strdup (server->domain);
  endpoint->port = 5222;
  endpoint->address = g_strdup ("127.0.0.1");

  return endpoint;
}

static void
fake_connector_connect_async (XmppConnector       *connector,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  FakeConnector *self = FAKE_CONNECTOR (connector);
  g_autoptr(GTask) task = g_task_new (connector, cancellable, callback, user_data);

  g_assert_nonnull (self->server);

  if (self->server->connect_error != NULL)
    {
      g_task_return_error (task, g_error_copy (self->server->connect_error));
      return;
    }

  g_clear_pointer (&self->endpoint, xmpp_endpoint_free);
  self->endpoint = make_endpoint (self->server);
  g_task_return_pointer (task, fake_server_accept (self->server), g_object_unref);
}

static GIOStream *
fake_connector_connect_finish (XmppConnector  *connector,
                               GAsyncResult   *result,
                               XmppEndpoint  **endpoint,
                               GError        **error)
{
  GIOStream *stream = g_task_propagate_pointer (G_TASK (result), error);

  if (stream != NULL && endpoint != NULL)
    *endpoint = g_steal_pointer (&FAKE_CONNECTOR (connector)->endpoint);

  return stream;
}

static void
fake_connector_finalize (GObject *object)
{
  g_clear_pointer (&FAKE_CONNECTOR (object)->endpoint, xmpp_endpoint_free);

  G_OBJECT_CLASS (fake_connector_parent_class)->finalize (object);
}

static void
fake_connector_class_init (FakeConnectorClass *klass)
{
  XmppConnectorClass *connector_class = XMPP_CONNECTOR_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = fake_connector_finalize;

  connector_class->connect_async = fake_connector_connect_async;
  connector_class->connect_finish = fake_connector_connect_finish;
}

static void
fake_connector_init (FakeConnector *self)
{
}

XmppConnector *
fake_connector_new (FakeServer *server)
{
  FakeConnector *self = g_object_new (FAKE_TYPE_CONNECTOR, NULL);

  self->server = server;

  return XMPP_CONNECTOR (self);
}

void
fake_connector_leave (FakeConnector *self)
{
  self->server = NULL;
}
