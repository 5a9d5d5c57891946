/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-proxy.h"

#include <string.h>

typedef enum
{
  STEP_GREETING,
  STEP_LOGIN,
  STEP_REQUEST,
  STEP_DONE,
} Step;

typedef struct
{
  FakeProxy         *proxy;
  GSocketConnection *connection;
  Step               step;
} Client;

static void
client_free (Client *self)
{
  g_object_unref (self->connection);
  g_free (self);
}

static void
answer (Client     *self,
        const void *data,
        gsize       length)
{
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (self->connection)),
                             data, length, NULL, NULL, NULL);
  g_string_truncate (self->proxy->input, 0);
}

static void
answer_text (Client     *self,
             const char *text)
{
  answer (self, text, strlen (text));
}

/* (RFC 1928, 3) */
static void
greet (Client *self)
{
  const GString *input = self->proxy->input;
  gboolean wants_login = self->proxy->kind == FAKE_PROXY_SOCKS5_LOGIN;

  if (input->len < 2 || input->len < 2 + (gsize) input->str[1])
    return;

  g_assert_cmpint (input->str[0], ==, 5);
  self->step = wants_login ? STEP_LOGIN : STEP_REQUEST;
  if (wants_login && memchr (input->str + 2, 2, input->str[1]) == NULL)
    answer (self, "\x05\xff", 2);
  else
    answer (self, wants_login ? "\x05\x02" : "\x05\x00", 2);
}

/* (RFC 1929, 2) */
static void
log_in (Client *self)
{
  const GString *input = self->proxy->input;
  gsize n_user = input->len > 1 ? (guchar) input->str[1] : 0;
  gsize n_password = input->len > 2 + n_user ? (guchar) input->str[2 + n_user] : 0;

  if (input->len < 3 + n_user + n_password)
    return;

  g_free (self->proxy->login);
  self->proxy->login = g_strdup_printf ("%.*s:%.*s", (int) n_user, input->str + 2,
                                        (int) n_password, input->str + 3 + n_user);
  self->step = STEP_REQUEST;
  answer (self, g_str_equal (self->proxy->login, "juliet:xyzzy") ? "\x01\x00" : "\x01\x01", 2);
}

/* (RFC 1928, 4) */
static void
take_request (Client *self)
{
  const guint8 *input = (const guint8 *) self->proxy->input->str;
  gsize length = self->proxy->input->len;
  guint8 reply[] = { 5, 0, 0, 1, 0, 0, 0, 0, 0, 0 };

  if (length < 5 || length < 7 + (gsize) input[4])
    return;

  g_assert_cmpint (input[3], ==, 3);   /* a name: we resolve it, nobody else */
  g_free (self->proxy->destination);
  self->proxy->destination = g_strdup_printf ("%.*s:%u", input[4], (const char *) input + 5,
                                              input[5 + input[4]] << 8 | input[6 + input[4]]);
  self->step = STEP_DONE;
  if (self->proxy->kind == FAKE_PROXY_SOCKS5_REFUSED)
    reply[1] = 5;
  else if (self->proxy->kind == FAKE_PROXY_SOCKS5_FORBIDDEN)
    reply[1] = 2;
  answer (self, reply, sizeof reply);
  if (reply[1] == 0)
    answer_text (self, "hello");
}

static void
take_connect (Client *self)
{
  g_auto(GStrv) words = NULL;

  if (strstr (self->proxy->input->str, "\r\n\r\n") == NULL)
    return;

  words = g_strsplit (self->proxy->input->str, " ", 3);
  g_assert_cmpstr (words[0], ==, "CONNECT");
  g_free (self->proxy->destination);
  self->proxy->destination = g_strdup (words[1]);
  self->step = STEP_DONE;

  if (self->proxy->kind == FAKE_PROXY_HTTP_407)
    answer_text (self, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\r\n");
  else if (self->proxy->kind == FAKE_PROXY_HTTP_403)
    answer_text (self, "HTTP/1.1 403 Forbidden\r\n\r\n");
  else
    answer_text (self, "HTTP/1.1 200 Connected\r\n\r\nhello");
}

static void
react (Client *self)
{
  switch (self->proxy->kind)
    {
    case FAKE_PROXY_HTTP:
    case FAKE_PROXY_HTTP_407:
    case FAKE_PROXY_HTTP_403:
      take_connect (self);
      break;

    case FAKE_PROXY_HTML:
      answer_text (self, "<html><body>Sign in</body></html>\r\n\r\n");
      self->step = STEP_DONE;
      break;

    case FAKE_PROXY_SOCKS5:
    case FAKE_PROXY_SOCKS5_LOGIN:
    case FAKE_PROXY_SOCKS5_REFUSED:
    case FAKE_PROXY_SOCKS5_FORBIDDEN:
      if (self->step == STEP_GREETING)
        greet (self);
      else if (self->step == STEP_LOGIN)
        log_in (self);
      else if (self->step == STEP_REQUEST)
        take_request (self);
      break;

    case FAKE_PROXY_HANGS_UP:
    case FAKE_PROXY_SILENT:
    default:
      break;
    }
}

static gboolean
on_readable (GObject  *stream,
             gpointer  user_data)
{
  Client *self = user_data;
  g_autoptr(GError) error = NULL;
  char buffer[4096];
  gssize n;

  n = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (stream), buffer, sizeof buffer,
                                                NULL, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return G_SOURCE_CONTINUE;
  if (n <= 0 || self->proxy->kind == FAKE_PROXY_HANGS_UP)
    {
      g_io_stream_close (G_IO_STREAM (self->connection), NULL, NULL);
      return G_SOURCE_REMOVE;
    }

  g_string_append_len (self->proxy->input, buffer, n);
  react (self);

  return self->step == STEP_DONE && self->proxy->kind == FAKE_PROXY_HTML ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

static gboolean
on_incoming (GSocketService    *service,
             GSocketConnection *connection,
             GObject           *source_object,
             FakeProxy         *self)
{
  Client *client = g_new0 (Client, 1);
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GSource *source = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (input), NULL);

  self->n_connections++;
  g_string_truncate (self->input, 0);
  client->proxy = self;
  client->connection = g_object_ref (connection);
  g_source_set_callback (source, (GSourceFunc) (GCallback) on_readable, client, (GDestroyNotify) client_free);
  g_source_attach (source, NULL);
  g_ptr_array_add (self->sources, source);

  return TRUE;
}

FakeProxy *
fake_proxy_new (FakeProxyKind kind)
{
  FakeProxy *self = g_new0 (FakeProxy, 1);
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr(GSocketAddress) effective = NULL;

  self->kind = kind;
  self->input = g_string_new (NULL);
  self->sources = g_ptr_array_new_with_free_func ((GDestroyNotify) g_source_unref);
  self->service = g_socket_service_new ();
  g_assert_true (g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM,
                                                G_SOCKET_PROTOCOL_TCP, NULL, &effective, NULL));
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  g_signal_connect (self->service, "incoming", G_CALLBACK (on_incoming), self);

  return self;
}

void
fake_proxy_free (FakeProxy *self)
{
  g_ptr_array_foreach (self->sources, (GFunc) g_source_destroy, NULL);
  g_ptr_array_unref (self->sources);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_object_unref (self->service);
  g_string_free (self->input, TRUE);
  g_free (self->destination);
  g_free (self->login);
  g_free (self);
}
