/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-connector.h"

#include <errno.h>
#include <glib-unix.h>
#include <gnutls/abstract.h>
#include <gnutls/ocsp.h>
#include <gnutls/x509.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The bytes of a fake server: the socket, TLS, and the cutting of what comes into elements */

/* Reading: the client's own words, cut into the elements of the stream. This is not the engine's
 * parser, and does not forgive: what is not well formed fails the test.
 */

/* The length of the markup at text, up to its '>'; 0 while it is not all there */
static gsize
measure_tag (const char *text)
{
  char quote = 0;

  for (gsize i = 0; text[i] != '\0'; i++)
    {
      if (quote != 0)
        quote = text[i] == quote ? 0 : quote;
      else if (text[i] == '\'' || text[i] == '"')
        quote = text[i];
      else if (text[i] == '>')
        return i + 1;
    }

  return 0;
}

gsize
fake_xml_measure (const char *text)
{
  const char *at = text;
  int depth = 0;

  if (g_str_has_prefix (text, "<?") || g_str_has_prefix (text, "</") || g_str_has_prefix (text, "<stream:stream"))
    return measure_tag (text);

  do
    {
      gsize length = *at == '<' ? measure_tag (at) : strcspn (at, "<");

      if (length == 0 || at[length - 1] == '\0')
        return 0;

      if (g_str_has_prefix (at, "</"))
        depth--;
      else if (*at == '<' && at[length - 2] != '/')
        depth++;

      at += length;
    }
  while (depth > 0);

  return at - text;
}

static void
cut_input (FakeServer *self)
{
  while (self->input->len > 0)
    {
      gsize spaces = strspn (self->input->str, " \t\r\n");
      gsize length;
      char *element;

      self->n_spaces += spaces;
      g_string_erase (self->input, 0, spaces);
      if (self->input->len == 0)
        return;

      if (self->input->str[0] != '<')
        g_error ("not XML: %s", self->input->str);

      length = fake_xml_measure (self->input->str);
      if (length == 0)
        return;

      element = g_strndup (self->input->str, length);
      g_string_erase (self->input, 0, length);
      g_ptr_array_add (self->received, element);
      g_ptr_array_add (self->waiting, element);
      if (self->on_received != NULL)
        self->on_received (self->hook_data, element);
    }
}

static void
shake_hands (FakeServer *self)
{
  int result = gnutls_handshake (self->tls);

  if (result < 0 && !gnutls_error_is_fatal (result))
    return;

  self->is_shaking_hands = FALSE;
  self->tls_error = result;
  if (result < 0)
    gnutls_alert_send_appropriate (self->tls, result);
}

/* -1 when there is nothing now, 0 at the end */
static gssize
read_some (FakeServer *self,
           char       *buffer,
           gsize       size)
{
  gssize length;

  if (self->tls == NULL)
    return recv (self->fd, buffer, size, 0);

  do
    length = gnutls_record_recv (self->tls, buffer, size);
  while (length < 0 && length != GNUTLS_E_AGAIN && !gnutls_error_is_fatal (length));

  if (length == GNUTLS_E_AGAIN)
    {
      errno = EAGAIN;
      return -1;
    }

  return MAX (length, 0);
}

/* How much of it there is before the cut */
static gsize
limit (gssize *left,
       gsize   length)
{
  if (*left < 0)
    return length;

  length = MIN (length, (gsize) *left);
  *left -= length;

  return length;
}

static gboolean
on_readable (int          fd,
             GIOCondition condition,
             gpointer     user_data)
{
  FakeServer *self = user_data;
  char buffer[16 * 1024];
  gssize length;

  if (self->is_shaking_hands)
    shake_hands (self);
  if (self->is_shaking_hands && !(condition & G_IO_HUP))
    return G_SOURCE_CONTINUE;
  if (self->tls_error != 0)
    {
      self->is_eof = TRUE;
      return G_SOURCE_REMOVE;
    }

  while ((length = read_some (self, buffer, sizeof buffer)) > 0)
    g_string_append_len (self->input, buffer, limit (&self->read_limit, length));
  cut_input (self);

  if (self->fd < 0 || self->read_limit == 0)
    {
      fake_server_fin (self);
      self->is_eof = TRUE;
      return G_SOURCE_REMOVE;
    }

  if (length < 0 && errno == EAGAIN)
    return G_SOURCE_CONTINUE;

  self->is_eof = TRUE;

  return G_SOURCE_REMOVE;
}

/* The socket */

void
fake_server_fin (FakeServer *self)
{
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  g_clear_pointer (&self->tls, gnutls_deinit);
  g_clear_pointer (&self->credentials, gnutls_certificate_free_credentials);
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
  self->is_shaking_hands = FALSE;
}

GIOStream *
fake_server_accept (FakeServer *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocket) socket = NULL;
  int fds[2];

  fake_server_fin (self);
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds), ==, 0);

  socket = g_socket_new_from_fd (fds[0], &error);
  g_assert_no_error (error);
  g_clear_weak_pointer (&self->client);
  g_set_weak_pointer (&self->client, g_socket_connection_factory_create_connection (socket));

  self->fd = fds[1];
  self->is_eof = FALSE;
  self->read_limit = -1;
  self->write_limit = -1;
  self->tls_error = 0;
  self->n_connections++;
  g_string_truncate (self->input, 0);
  self->source = g_unix_fd_source_new (self->fd, G_IO_IN | G_IO_HUP | G_IO_ERR);
  g_source_set_callback (self->source, G_SOURCE_FUNC (on_readable), self, NULL);
  g_source_attach (self->source, NULL);

  return G_IO_STREAM (self->client);
}

void
fake_server_reset (FakeServer *self)
{
  /* The kernel resets the peer of a Unix socket that is closed before all was read from it */
  g_source_destroy (self->source);
  if (self->client != NULL)
    {
      int fd = g_socket_get_fd (g_socket_connection_get_socket (self->client));

      g_assert_cmpint (send (fd, "x", 1, MSG_NOSIGNAL), ==, 1);
    }
  fake_server_fin (self);
}

/* Writing */

static gssize
write_some (FakeServer *self,
            const char *data,
            gsize       length,
            gboolean    is_plain)
{
  gssize written;

  if (self->tls == NULL || is_plain)
    return send (self->fd, data, length, MSG_NOSIGNAL);

  written = gnutls_record_send (self->tls, data, length);
  if (written < 0)
    {
      errno = gnutls_error_is_fatal (written) ? EPIPE : EAGAIN;
      return -1;
    }

  return written;
}

static void
write_all (FakeServer *self,
           const char *data,
           gsize       length,
           gboolean    is_plain)
{
  gint64 deadline = g_get_monotonic_time () + FAKE_SERVER_PATIENCE;

  if (self->write_limit == 0)
    return;

  g_assert_cmpint (self->fd, >=, 0);
  length = limit (&self->write_limit, length);

  while (length > 0)
    {
      gssize written = write_some (self, data, self->drips ? 1 : length, is_plain);

      if (written >= 0)
        {
          data += written;
          length -= written;
        }
      else if (errno == EAGAIN)
        {
          /* The client reads in this same loop */
          g_main_context_iteration (NULL, FALSE);
          g_assert_cmpint (g_get_monotonic_time (), <, deadline);
        }
      else
        {
          /* The client is gone: it has a right to be, and the test will see */
          return;
        }
    }

  if (self->write_limit == 0)
    fake_server_fin (self);
}

void
fake_server_stop_reading (FakeServer *self)
{
  g_source_destroy (self->source);
}

static gboolean
has_bytes (FakeServer *self)
{
  char byte;

  return recv (self->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

void
fake_server_expect_bytes (FakeServer *self)
{
  fake_server_wait_until (has_bytes (self));
}

void
fake_server_send_bytes (FakeServer *self,
                        const void *data,
                        gsize       length)
{
  write_all (self, data, length, FALSE);
}

void
fake_server_send_plain (FakeServer *self,
                        const void *data,
                        gsize       length)
{
  write_all (self, data, length, TRUE);
}

void
fake_server_send (FakeServer *self,
                  const char *xml)
{
  if (self->on_sent != NULL)
    self->on_sent (self->hook_data, xml);
  write_all (self, xml, strlen (xml), FALSE);
}

/* TLS is gnutls itself, not GTlsServerConnection: versions, ALPN and bindings are then the test's */

static int
on_staple_wanted (gnutls_session_t  session,
                  void             *user_data,
                  gnutls_datum_t   *staple)
{
  FakeServer *self = user_data;
  gsize size;
  gconstpointer data = g_bytes_get_data (self->staple, &size);

  staple->data = gnutls_malloc (size);
  staple->size = size;
  memcpy (staple->data, data, size);

  return 0;
}

/* As they are: gnutls would put a chain into the right order, and real servers do not */
static void
set_chain (FakeServer *self)
{
  g_autofree char *text = g_strconcat (self->certificate, self->chain, NULL);
  gnutls_datum_t pem = { (guint8 *) text, strlen (text) };
  gnutls_pcert_st chain[8];
  unsigned int length = G_N_ELEMENTS (chain);
  gnutls_privkey_t key;

  g_assert_cmpint (gnutls_pcert_list_import_x509_raw (chain, &length, &pem, GNUTLS_X509_FMT_PEM, 0), ==, 0);
  g_assert_cmpint (gnutls_privkey_init (&key), ==, 0);
  g_assert_cmpint (gnutls_privkey_import_x509_raw (key, &pem, GNUTLS_X509_FMT_PEM, NULL, 0), ==, 0);
  g_assert_cmpint (gnutls_certificate_set_key (self->credentials, NULL, 0, chain, length, key), >=, 0);
}

static void
set_certificate (FakeServer *self)
{
  gnutls_datum_t pem = { (guint8 *) self->certificate, strlen (self->certificate) };

  g_assert_cmpint (gnutls_certificate_allocate_credentials (&self->credentials), ==, 0);
  if (self->chain != NULL)
    set_chain (self);
  else
    g_assert_cmpint (gnutls_certificate_set_x509_key_mem (self->credentials, &pem, &pem, GNUTLS_X509_FMT_PEM), >=, 0);

  if (self->staple != NULL)
    gnutls_certificate_set_ocsp_status_request_function (self->credentials, on_staple_wanted, self);
}

static void
prepare_tls (FakeServer *self)
{
  set_certificate (self);

  g_assert_cmpint (gnutls_init (&self->tls, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL), ==, 0);
  g_assert_cmpint (gnutls_priority_set_direct (self->tls, self->tls_priority, NULL), ==, 0);
  g_assert_cmpint (gnutls_credentials_set (self->tls, GNUTLS_CRD_CERTIFICATE, self->credentials), ==, 0);
  gnutls_transport_set_int (self->tls, self->fd);
  if (self->has_tickets && self->ticket_key.data == NULL)
    g_assert_cmpint (gnutls_session_ticket_key_generate (&self->ticket_key), ==, 0);
  if (self->has_tickets)
    g_assert_cmpint (gnutls_session_ticket_enable_server (self->tls, &self->ticket_key), ==, 0);
  if (self->asks_client_certificate)
    gnutls_certificate_server_set_request (self->tls, GNUTLS_CERT_REQUEST);
  if (self->tls_alpn != NULL)
    {
      gnutls_datum_t protocol = { (guint8 *) self->tls_alpn, strlen (self->tls_alpn) };

      g_assert_cmpint (gnutls_alpn_set_protocols (self->tls, &protocol, 1,
                                                  self->tls_alpn_is_mandatory ? GNUTLS_ALPN_MANDATORY : 0), ==, 0);
    }
}

gboolean
fake_server_handshake (FakeServer *self)
{
  prepare_tls (self);
  self->is_shaking_hands = TRUE;
  self->tls_error = 0;
  fake_server_wait_until (!self->is_shaking_hands || self->is_eof);

  return self->tls_error == 0 && !self->is_shaking_hands;
}

GBytes *
fake_server_get_binding (FakeServer *self,
                         const char *type)
{
  g_autofree char *pem = g_strdup (self->certificate);
  gnutls_datum_t datum = { (guint8 *) pem, strlen (pem) };
  gnutls_x509_crt_t certificate;
  guint8 data[32];
  gsize size = sizeof data;

  if (g_str_equal (type, "tls-exporter"))
    {
      g_assert_cmpint (gnutls_prf_rfc5705 (self->tls, strlen ("EXPORTER-Channel-Binding"), "EXPORTER-Channel-Binding",
                                           0, NULL, sizeof data, (char *) data), ==, 0);
      return g_bytes_new (data, sizeof data);
    }

  /* Our certificates are signed with SHA-256, which is then the hash of this type too */
  g_assert_cmpstr (type, ==, "tls-server-end-point");
  g_assert_cmpint (gnutls_x509_crt_init (&certificate), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_import (certificate, &datum, GNUTLS_X509_FMT_PEM), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_get_fingerprint (certificate, GNUTLS_DIG_SHA256, data, &size), ==, 0);
  gnutls_x509_crt_deinit (certificate);

  return g_bytes_new (data, size);
}

char *
fake_server_get_sni (FakeServer *self)
{
  char name[256];
  gsize size = sizeof name;
  guint type;

  if (gnutls_server_name_get (self->tls, name, &size, &type, 0) < 0 || type != GNUTLS_NAME_DNS)
    return NULL;

  return g_strndup (name, size);
}

char *
fake_server_get_alpn (FakeServer *self)
{
  gnutls_datum_t protocol;

  if (gnutls_alpn_get_selected_protocol (self->tls, &protocol) < 0)
    return NULL;

  return g_strndup ((const char *) protocol.data, protocol.size);
}
