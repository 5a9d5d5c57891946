/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-relay.h"

struct _TestRelay
{
  GSocketService *service;
  guint16         port;         /* ours */
  guint16         target;       /* the server's, on the loopback, as we are */
  GPtrArray      *pairs;        /* of owned Pair: the connections there are */
  GPtrArray      *orphans;      /* of owned GIOStream: the server's ends of what is gone on our side */
};

typedef struct
{
  GIOStream    *client;
  GIOStream    *server;
  GCancellable *cancellable;    /* of what is being copied */
} Pair;

static void
pair_free (gpointer data)
{
  Pair *pair = data;

  g_cancellable_cancel (pair->cancellable);
  if (pair->client != NULL)
    g_io_stream_close (pair->client, NULL, NULL);
  if (pair->server != NULL)
    g_io_stream_close (pair->server, NULL, NULL);
  g_clear_object (&pair->client);
  g_clear_object (&pair->server);
  g_object_unref (pair->cancellable);
  g_free (pair);
}

/* One direction */
static void
copy (GIOStream    *from,
      GIOStream    *to,
      GCancellable *cancellable)
{
  g_output_stream_splice_async (g_io_stream_get_output_stream (to), g_io_stream_get_input_stream (from),
                                G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, G_PRIORITY_DEFAULT, cancellable, NULL, NULL);
}

static gboolean
on_incoming (GSocketService    *service,
             GSocketConnection *client,
             GObject           *source,
             TestRelay         *self)
{
  g_autoptr(GSocketClient) connector = g_socket_client_new ();
  g_autoptr(GSocketConnection) server = NULL;
  Pair *pair;

  g_socket_client_set_enable_proxy (connector, FALSE);
  server = g_socket_client_connect_to_host (connector, "127.0.0.1", self->target, NULL, NULL);
  if (server == NULL)
    {
      g_io_stream_close (G_IO_STREAM (client), NULL, NULL);
      return TRUE;
    }

  pair = g_new0 (Pair, 1);
  pair->client = G_IO_STREAM (g_object_ref (client));
  pair->server = G_IO_STREAM (g_steal_pointer (&server));
  pair->cancellable = g_cancellable_new ();
  g_ptr_array_add (self->pairs, pair);
  copy (pair->client, pair->server, pair->cancellable);
  copy (pair->server, pair->client, pair->cancellable);

  return TRUE;
}

/**
 * test_relay_new:
 * @port: of a server on the loopback
 *
 * Returns: a relay that leads there, in the same main loop
 */
TestRelay *
test_relay_new (guint16 port)
{
  TestRelay *self = g_new0 (TestRelay, 1);
  g_autoptr(GInetAddress) loopback = g_inet_address_new_from_string ("127.0.0.1");
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr(GSocketAddress) address = NULL;
  g_autoptr(GError) error = NULL;

  self->service = g_socket_service_new ();
  self->target = port;
  self->pairs = g_ptr_array_new_with_free_func (pair_free);
  self->orphans = g_ptr_array_new_with_free_func (g_object_unref);
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), any, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                 &address, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  g_signal_connect (self->service, "incoming", G_CALLBACK (on_incoming), self);
  g_socket_service_start (self->service);

  return self;
}

void
test_relay_free (TestRelay *self)
{
  g_signal_handlers_disconnect_by_data (self->service, self);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_ptr_array_unref (self->pairs);
  g_ptr_array_unref (self->orphans);
  g_object_unref (self->service);
  g_free (self);
}

guint16
test_relay_get_port (TestRelay *self)
{
  return self->port;
}

void
test_relay_cut (TestRelay *self)
{
  g_ptr_array_set_size (self->pairs, 0);
  g_ptr_array_set_size (self->orphans, 0);
}

void
test_relay_stall (TestRelay *self)
{
  for (guint i = 0; i < self->pairs->len; i++)
    g_cancellable_cancel (((Pair *) g_ptr_array_index (self->pairs, i))->cancellable);
}

void
test_relay_cut_client (TestRelay *self)
{
  for (guint i = 0; i < self->pairs->len; i++)
    g_ptr_array_add (self->orphans, g_steal_pointer (&((Pair *) g_ptr_array_index (self->pairs, i))->server));

  g_ptr_array_set_size (self->pairs, 0);
}
