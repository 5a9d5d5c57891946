/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-server.h"

#include "fake-scram.h"

#include <errno.h>
#include <glib-unix.h>
#include <gnutls/x509.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LOOK_MS 10   /* a thread that lets go of an object wakes nobody */

#define NS_TLS  "urn:ietf:params:xml:ns:xmpp-tls"
#define NS_SASL "urn:ietf:params:xml:ns:xmpp-sasl"

/* The connector of the session: a socket pair instead of a network */

#define FAKE_TYPE_CONNECTOR (fake_connector_get_type ())

G_DECLARE_FINAL_TYPE (FakeConnector, fake_connector, FAKE, CONNECTOR, XmppConnector)

struct _FakeConnector
{
  XmppConnector  parent_instance;

  FakeServer    *server;   /* NULL once it is gone */
  XmppEndpoint  *endpoint; /* of the connection that is about to be finished */
};

G_DEFINE_FINAL_TYPE (FakeConnector, fake_connector, XMPP_TYPE_CONNECTOR)

static gboolean on_readable (int           fd,
                             GIOCondition  condition,
                             gpointer      user_data);

static void
disconnect (FakeServer *self)
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

static GIOStream *
accept_client (FakeServer *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocket) socket = NULL;
  int fds[2];

  disconnect (self);
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds), ==, 0);

  socket = g_socket_new_from_fd (fds[0], &error);
  g_assert_no_error (error);
  g_clear_weak_pointer (&self->client);
  g_set_weak_pointer (&self->client, g_socket_connection_factory_create_connection (socket));

  self->fd = fds[1];
  self->is_eof = FALSE;
  self->tls_error = 0;
  self->n_connections++;
  g_string_truncate (self->input, 0);
  self->source = g_unix_fd_source_new (self->fd, G_IO_IN | G_IO_HUP | G_IO_ERR);
  g_source_set_callback (self->source, G_SOURCE_FUNC (on_readable), self, NULL);
  g_source_attach (self->source, NULL);

  return G_IO_STREAM (self->client);
}

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
  g_task_return_pointer (task, accept_client (self->server), g_object_unref);
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

static gsize
measure_element (const char *text)
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

      length = measure_element (self->input->str);
      if (length == 0)
        return;

      element = g_strndup (self->input->str, length);
      g_string_erase (self->input, 0, length);
      g_ptr_array_add (self->received, element);
      g_ptr_array_add (self->waiting, element);
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
    g_string_append_len (self->input, buffer, length);
  cut_input (self);

  if (length < 0 && errno == EAGAIN)
    return G_SOURCE_CONTINUE;

  self->is_eof = TRUE;

  return G_SOURCE_REMOVE;
}

/* Waiting */

static gboolean
on_alarm (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

void
fake_server_turn (gint64      deadline,
                  const char *what,
                  const char *where)
{
  g_autoptr(GSource) alarm = g_timeout_source_new (LOOK_MS);

  if (g_get_monotonic_time () > deadline)
    g_error ("%s: waited in vain for: %s", where, what);

  g_source_set_callback (alarm, on_alarm, NULL, NULL);
  g_source_attach (alarm, NULL);
  g_main_context_iteration (NULL, TRUE);
  g_source_destroy (alarm);
}

/* Does text say what pattern says? See fake_server_expect () for the wildcards */
static gboolean
matches (const char *pattern,
         const char *text)
{
  while (*pattern != '\0')
    {
      gboolean is_value = g_str_has_prefix (pattern, "'*'");
      gboolean is_text = g_str_has_prefix (pattern, ">*<");

      if (*pattern++ != *text++)
        return FALSE;

      if (is_value || is_text)
        {
          text += strcspn (text, is_value ? "'" : "<");
          pattern++;
        }
    }

  return *text == '\0';
}

static char *
list_waiting (FakeServer *self)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < self->waiting->len; i++)
    g_string_append_printf (list, "\n  %s", (const char *) g_ptr_array_index (self->waiting, i));
  if (self->input->len > 0)
    g_string_append_printf (list, "\n  (not finished) %s", self->input->str);

  return g_string_free (list, FALSE);
}

typedef gboolean (*MatchFunc) (const char *pattern,
                               const char *text);

static gboolean
contains (const char *pattern,
          const char *text)
{
  return strstr (text, pattern) != NULL;
}

static const char *
take (FakeServer *self,
      const char *pattern,
      MatchFunc   match,
      gboolean    is_next)
{
  gint64 deadline = g_get_monotonic_time () + FAKE_SERVER_PATIENCE;

  for (;;)
    {
      for (guint i = 0; i < (is_next ? MIN (self->waiting->len, 1) : self->waiting->len); i++)
        {
          const char *element = g_ptr_array_index (self->waiting, i);

          if (match (pattern, element))
            {
              g_ptr_array_remove_index (self->waiting, i);
              return element;
            }
        }

      if ((is_next && self->waiting->len > 0) || self->is_eof || g_get_monotonic_time () + LOOK_MS * 1000 > deadline)
        {
          g_autofree char *got = list_waiting (self);

          g_error ("expected: %s\nbut %s:%s", pattern, self->is_eof ? "the client closed after" : "got", got);
        }

      fake_server_turn (deadline, pattern, G_STRLOC);
    }
}

const char *
fake_server_expect (FakeServer *self,
                    const char *xml)
{
  return take (self, xml, matches, FALSE);
}

const char *
fake_server_expect_next (FakeServer *self,
                         const char *xml)
{
  return take (self, xml, matches, TRUE);
}

const char *
fake_server_expect_contains (FakeServer *self,
                             const char *text)
{
  return take (self, text, contains, FALSE);
}

char *
fake_xml_get (const char *xml,
              const char *attribute)
{
  g_autofree char *start = g_strdup_printf (" %s='", attribute);
  const char *value = strstr (xml, start);

  if (value == NULL)
    return NULL;

  value += strlen (start);

  return g_strndup (value, strcspn (value, "'"));
}

/* Sending */

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

  g_assert_cmpint (self->fd, >=, 0);

  while (length > 0)
    {
      gssize written = write_some (self, data, length, is_plain);

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
  write_all (self, xml, strlen (xml), FALSE);
}

static void
answer (FakeServer *self,
        const char *text,
        const char *type,
        const char *children)
{
  const char *request = fake_server_expect_contains (self, text);
  g_autofree char *id = fake_xml_get (request, "id");
  g_autofree char *to = fake_xml_get (request, "to");
  g_autofree char *xml = NULL;

  g_assert_true (g_str_has_prefix (request, "<iq "));
  g_assert_nonnull (id);

  xml = g_strdup_printf ("<iq type='%s' id='%s' from='%s'>%s</iq>", type, id,
                         to != NULL ? to : xmpp_jid_get_text (xmpp_session_get_jid (self->session)),
                         children != NULL ? children : "");
  fake_server_send (self, xml);
}

void
fake_server_answer (FakeServer *self,
                    const char *text,
                    const char *children)
{
  answer (self, text, "result", children);
}

void
fake_server_refuse (FakeServer *self,
                    const char *text,
                    const char *type,
                    const char *condition)
{
  g_autofree char *error = g_strdup_printf ("<error type='%s'><%s xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
                                            type, condition);

  answer (self, text, "error", error);
}

/* The steps of the login */

static void
on_connected (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  FakeServer *self = user_data;

  g_clear_error (&self->error);
  xmpp_session_connect_finish (XMPP_SESSION (object), result, &self->error);
  self->is_connecting = FALSE;
}

void
fake_server_start_connect (FakeServer *self)
{
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->is_connecting = TRUE;
  xmpp_session_connect_async (self->session, self->cancellable, on_connected, self);
}

void
fake_server_connect (FakeServer *self)
{
  guint before = self->n_connections;

  fake_server_start_connect (self);
  fake_server_wait_until (self->n_connections > before);
}

void
fake_server_send_header (FakeServer *self,
                         const char *attributes)
{
  g_autofree char *header = g_strdup_printf ("<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
                                             "xmlns:stream='http://etherx.jabber.org/streams' %s>", attributes);

  fake_server_send (self, header);
}

static void
expect_header (FakeServer *self)
{
  const char *header = fake_server_expect_contains (self, "<stream:stream ");
  g_autofree char *to = fake_xml_get (header, "to");

  g_assert_cmpstr (to, ==, self->domain);

  /* Its XML declaration came before it */
  if (self->waiting->len > 0 && g_str_has_prefix (g_ptr_array_index (self->waiting, 0), "<?xml "))
    g_ptr_array_remove_index (self->waiting, 0);
}

void
fake_server_open (FakeServer *self,
                  const char *features)
{
  g_autofree char *attributes = g_strdup_printf ("from='%s' id='s%u' version='1.0' xml:lang='en'",
                                                 self->domain, ++self->last_id);
  g_autofree char *xml = features != NULL ? g_strconcat ("<stream:features>", features, "</stream:features>", NULL) : NULL;

  expect_header (self);
  fake_server_send_header (self, attributes);
  if (xml != NULL)
    fake_server_send (self, xml);
}

/* TLS is gnutls itself, not GTlsServerConnection: versions, ALPN and bindings are then the test's */

static void
prepare_tls (FakeServer *self)
{
  gnutls_datum_t pem = { (guint8 *) self->certificate, strlen (self->certificate) };

  g_assert_cmpint (gnutls_certificate_allocate_credentials (&self->credentials), ==, 0);
  g_assert_cmpint (gnutls_certificate_set_x509_key_mem (self->credentials, &pem, &pem, GNUTLS_X509_FMT_PEM), >=, 0);

  g_assert_cmpint (gnutls_init (&self->tls, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL), ==, 0);
  g_assert_cmpint (gnutls_priority_set_direct (self->tls, self->tls_priority, NULL), ==, 0);
  g_assert_cmpint (gnutls_credentials_set (self->tls, GNUTLS_CRD_CERTIFICATE, self->credentials), ==, 0);
  gnutls_transport_set_int (self->tls, self->fd);
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

void
fake_server_start_tls (FakeServer *self)
{
  fake_server_expect_next (self, "<starttls xmlns='" NS_TLS "'/>");
  fake_server_send (self, "<proceed xmlns='" NS_TLS "'/>");
  if (!fake_server_handshake (self))
    g_error ("no TLS: %s", self->tls_error != 0 ? gnutls_strerror (self->tls_error) : "the client closed");
}

void
fake_server_secure (FakeServer *self)
{
  fake_server_connect (self);
  if (!self->direct_tls)
    {
      fake_server_open (self, FAKE_STARTTLS);
      fake_server_start_tls (self);
    }
  else
    g_assert_true (fake_server_handshake (self));
}

void
fake_server_authenticate (FakeServer *self)
{
  fake_server_expect_next (self, "<auth xmlns='" NS_SASL "' mechanism='PLAIN'>*</auth>");
  fake_server_send (self, "<success xmlns='" NS_SASL "'/>");
}

void
fake_server_bind (FakeServer *self)
{
  const char *request = fake_server_expect_contains (self, FAKE_BIND_NS);
  g_autofree char *id = fake_xml_get (request, "id");
  g_autofree char *resource = g_strdup ("balcony");
  const char *asked = strstr (request, "<resource>");
  g_autofree char *xml = NULL;

  if (asked != NULL)
    {
      g_free (resource);
      asked += strlen ("<resource>");
      resource = g_strndup (asked, strcspn (asked, "<"));
    }

  xml = g_strdup_printf ("<iq type='result' id='%s'><bind xmlns='" FAKE_BIND_NS "'><jid>%s/%s</jid></bind></iq>",
                         id, xmpp_jid_get_bare_text (xmpp_session_get_jid (self->session)), resource);
  fake_server_send (self, xml);
}

static void
login_without_tls (FakeServer *self)
{
  gboolean is_anonymous;

  g_object_get (self->session, "anonymous", &is_anonymous, NULL);
  if (is_anonymous)
    {
      fake_server_open (self, FAKE_MECHANISMS (FAKE_MECHANISM ("ANONYMOUS")));
      fake_server_expect_next (self, "<auth xmlns='" NS_SASL "' mechanism='ANONYMOUS'>*</auth>");
      fake_server_send (self, "<success xmlns='" NS_SASL "'/>");
      return;
    }

  fake_server_open (self, FAKE_MECHANISMS (FAKE_MECHANISM ("SCRAM-SHA-256")));
  fake_scram_play (self, "SCRAM-SHA-256");
}

void
fake_server_login (FakeServer *self)
{
  g_autofree char *features = g_strconcat (FAKE_BIND, self->features, NULL);
  XmppSecurity security;

  g_object_get (self->session, "security", &security, NULL);

  if (security == XMPP_SECURITY_DISABLED)
    {
      fake_server_connect (self);
      login_without_tls (self);
    }
  else
    {
      fake_server_secure (self);
      fake_server_open (self, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));
      fake_server_authenticate (self);
    }

  fake_server_open (self, features);
  fake_server_bind (self);
  fake_server_wait_until (!self->is_connecting);
  g_assert_no_error (self->error);
  g_assert_true (xmpp_session_is_online (self->session));
}

void
fake_server_expect_failure (FakeServer *self,
                            GQuark      domain,
                            int         code)
{
  fake_server_wait_until (!self->is_connecting);
  g_assert_error (self->error, domain, code);
  g_assert_false (xmpp_session_is_online (self->session));
}

/* Rounds and ends */

void
fake_server_ping (FakeServer *self)
{
  g_autofree char *id = g_strdup_printf ("fake-ping-%u", ++self->last_id);
  g_autofree char *ping = g_strdup_printf ("<iq type='get' id='%s' from='%s'><ping xmlns='urn:xmpp:ping'/></iq>",
                                           id, self->domain);
  g_autofree char *wanted = g_strdup_printf (" id='%s'", id);

  fake_server_send (self, ping);
  fake_server_expect_contains (self, wanted);
}

void
fake_server_settle (FakeServer *self)
{
  fake_server_ping (self);
  g_ptr_array_set_size (self->waiting, 0);
}

static void
assert_nothing_waits (FakeServer *self)
{
  if (self->waiting->len > 0 || self->input->len > 0)
    {
      g_autofree char *got = list_waiting (self);

      g_error ("expected nothing more, but got:%s", got);
    }
}

void
fake_server_no_more (FakeServer *self)
{
  fake_server_ping (self);
  assert_nothing_waits (self);
}

void
fake_server_expect_closed (FakeServer *self)
{
  fake_server_wait_until (self->is_eof);
  if (self->waiting->len > 0 &&
      g_str_equal (g_ptr_array_index (self->waiting, self->waiting->len - 1), "</stream:stream>"))
    g_ptr_array_remove_index (self->waiting, self->waiting->len - 1);
  assert_nothing_waits (self);
}

void
fake_server_close (FakeServer *self)
{
  fake_server_send (self, "</stream:stream>");
  fake_server_expect (self, "</stream:stream>");
  if (self->tls != NULL)
    gnutls_bye (self->tls, GNUTLS_SHUT_WR);
  disconnect (self);
}

void
fake_server_fin (FakeServer *self)
{
  disconnect (self);
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
  disconnect (self);
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

/* From the beginning to the end */

static void
on_closed (XmppSession  *session,
           const GError *error,
           gpointer      user_data)
{
  FakeServer *self = user_data;

  self->n_closed++;
  g_clear_error (&self->closed_error);
  self->closed_error = error != NULL ? g_error_copy (error) : NULL;
}

FakeServer *
fake_server_new (const char *jid)
{
  FakeServer *self = g_new0 (FakeServer, 1);
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppJid) address = xmpp_jid_new (jid, &error);
  g_autoptr(GTlsDatabase) database = NULL;
  g_autoptr(FakeConnector) connector = g_object_new (FAKE_TYPE_CONNECTOR, NULL);

  g_assert_no_error (error);

  self->domain = g_strdup (xmpp_jid_get_domain (address));
  self->authority = fake_authority_new ();
  self->certificate = fake_authority_issue (self->authority, self->domain, FAKE_CERTIFICATE_GOOD);
  self->tls_priority = "NORMAL";
  self->received = g_ptr_array_new_with_free_func (g_free);
  self->waiting = g_ptr_array_new ();
  self->input = g_string_new (NULL);
  self->fd = -1;
  self->clock = fake_clock_new ();

  connector->server = self;
  database = fake_authority_get_database (self->authority);
  self->session = xmpp_session_new (address);
  g_object_set (self->session,
                "connector", connector,
                "clock", self->clock,
                "tls-database", database,
                NULL);
  xmpp_session_set_password (self->session, FAKE_PASSWORD);
  g_signal_connect (self->session, "closed", G_CALLBACK (on_closed), self);

  return self;
}

void
fake_server_free (FakeServer *self)
{
  g_autoptr(XmppConnector) connector = NULL;

  g_object_get (self->session, "connector", &connector, NULL);
  xmpp_session_abort (self->session);
  fake_server_wait_until (!self->is_connecting);
  FAKE_CONNECTOR (connector)->server = NULL;

  g_signal_handlers_disconnect_by_data (self->session, self);
  g_object_add_weak_pointer (G_OBJECT (self->session), (gpointer *) &self->session);
  g_object_unref (self->session);
  fake_server_wait_until (self->session == NULL && self->client == NULL);

  disconnect (self);
  g_assert_finalize_object (g_steal_pointer (&self->clock));
  g_clear_pointer (&self->authority, fake_authority_free);
  g_ptr_array_unref (self->waiting);
  g_ptr_array_unref (self->received);
  g_string_free (self->input, TRUE);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  g_clear_error (&self->closed_error);
  g_clear_error (&self->connect_error);
  g_free (self->domain);
  g_free (self->features);
  g_free (self->certificate);
  g_free (self);
}
