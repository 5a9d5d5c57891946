/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-clock.h"
#include "fake-proxy.h"
#include "fake-resolver.h"
#include "xmpp-connector.h"
#include "xmpp-error.h"
#include "xmpp-srv.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define PATIENCE (10 * G_USEC_PER_SEC)

#define STARTTLS_SRV   "_xmpp-client._tcp.capulet.lit"
#define DIRECT_TLS_SRV "_xmpps-client._tcp.capulet.lit"

/* Something that listens on loopback, or does as if */
typedef struct
{
  GSocket *socket;
  guint16  port;
  GSource *source;
  guint    n_accepted;
  GSocket *filling[4];   /* they fill the queue of one that answers nobody */
} Server;

typedef struct
{
  FakeResolver  *resolver;
  GResolver     *real_resolver;
  XmppClock     *clock;
  XmppConnector *connector;
  GCancellable  *cancellable;
  GString       *progress;
  gboolean       is_done;
  GIOStream     *io;
  XmppEndpoint  *endpoint;
  GError        *error;
} Rig;

#define wait_until(condition)                                       \
  G_STMT_START {                                                    \
    gint64 deadline_ = g_get_monotonic_time () + PATIENCE;          \
    while (!(condition))                                            \
      {                                                             \
        g_assert_cmpint (g_get_monotonic_time (), <, deadline_);    \
        if (!g_main_context_iteration (NULL, FALSE))                \
          g_usleep (200);                                           \
      }                                                             \
  } G_STMT_END

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Servers */

static gboolean
on_accept (GSocket      *socket,
           GIOCondition  condition,
           gpointer      user_data)
{
  Server *server = user_data;
  g_autoptr(GSocket) accepted = g_socket_accept (socket, NULL, NULL);

  g_assert_nonnull (accepted);
  server->n_accepted++;

  return G_SOURCE_CONTINUE;
}

static GSocket *
new_socket (void)
{
  g_autoptr(GError) error = NULL;
  GSocket *socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);

  g_assert_no_error (error);

  return socket;
}

static GSocketAddress *
get_address (Server *server)
{
  return g_socket_get_local_address (server->socket, NULL);
}

static Server *
server_bind (const char *host,
             guint16     port)
{
  Server *server = g_new0 (Server, 1);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string (host, port);
  g_autoptr(GSocketAddress) effective = NULL;

  server->socket = new_socket ();
  g_assert_true (g_socket_bind (server->socket, address, FALSE, NULL));
  effective = get_address (server);
  server->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));

  return server;
}

/* Bound and not listening: nobody else gets the port, and it refuses */
static Server *
server_new_refusing (void)
{
  return server_bind ("127.0.0.1", 0);
}

static Server *
server_new (void)
{
  Server *server = server_bind ("127.0.0.1", 0);

  g_assert_true (g_socket_listen (server->socket, NULL));
  g_socket_set_blocking (server->socket, FALSE);
  server->source = g_socket_create_source (server->socket, G_IO_IN, NULL);
  g_source_set_callback (server->source, (GSourceFunc) (GCallback) on_accept, server, NULL);
  g_source_attach (server->source, NULL);

  return server;
}

/* Its queue is full: the system drops what comes, as a firewall would */
static Server *
server_new_silent (const char *host,
                   guint16     port)
{
  Server *server = server_bind (host, port);
  g_autoptr(GSocketAddress) address = get_address (server);

  g_socket_set_listen_backlog (server->socket, 0);
  g_assert_true (g_socket_listen (server->socket, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (server->filling); i++)
    {
      server->filling[i] = new_socket ();
      g_socket_set_blocking (server->filling[i], FALSE);
      g_socket_connect (server->filling[i], address, NULL, NULL);
    }

  return server;
}

static void
server_free (Server *server)
{
  if (server->source != NULL)
    g_source_destroy (server->source);
  g_clear_pointer (&server->source, g_source_unref);
  for (guint i = 0; i < G_N_ELEMENTS (server->filling); i++)
    g_clear_object (&server->filling[i]);
  g_object_unref (server->socket);
  g_free (server);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Server, server_free)

/* The rig */

static void
on_progress (XmppConnector *connector,
             const char    *text,
             Rig           *rig)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_string_append_printf (rig->progress, "%s\n", text);
}

static Rig *
rig_new (const char *domain)
{
  Rig *rig = g_new0 (Rig, 1);
  g_autoptr(GProxyResolver) direct = g_simple_proxy_resolver_new (NULL, NULL);

  rig->resolver = fake_resolver_new ();
  rig->real_resolver = g_resolver_get_default ();
  g_resolver_set_default (G_RESOLVER (rig->resolver));
  rig->clock = fake_clock_new ();
  rig->progress = g_string_new (NULL);
  rig->cancellable = g_cancellable_new ();
  rig->connector = xmpp_connector_new (domain);
  g_object_set (rig->connector,
                "resolver", rig->resolver, "clock", rig->clock, "proxy-resolver", direct, NULL);
  g_signal_connect (rig->connector, "progress", G_CALLBACK (on_progress), rig);
  fake_resolver_add_host (rig->resolver, "capulet.lit", "127.0.0.1");

  return rig;
}

static void
rig_reset (Rig *rig)
{
  g_clear_object (&rig->io);
  g_clear_pointer (&rig->endpoint, xmpp_endpoint_free);
  g_clear_error (&rig->error);
  rig->is_done = FALSE;
}

/* Whatever happened, nothing is left of it */
static void
rig_free (Rig *rig)
{
  rig_reset (rig);
  settle ();
  g_resolver_set_default (rig->real_resolver);
  g_object_unref (rig->real_resolver);
  g_assert_cmpint (fake_clock_count (rig->clock), ==, 0);
  wait_until (G_OBJECT (rig->connector)->ref_count == 1);
  g_assert_finalize_object (rig->connector);
  wait_until (G_OBJECT (rig->clock)->ref_count == 1);
  g_assert_finalize_object (rig->clock);
  wait_until (G_OBJECT (rig->resolver)->ref_count == 1);
  g_assert_finalize_object (rig->resolver);
  g_object_unref (rig->cancellable);
  g_string_free (rig->progress, TRUE);
  g_free (rig);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Rig, rig_free)

static void
on_connected (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  Rig *rig = user_data;

  g_assert_false (rig->is_done);
  rig->is_done = TRUE;
  rig->io = xmpp_connector_connect_finish (XMPP_CONNECTOR (object), result, &rig->endpoint, &rig->error);
  g_assert_true ((rig->io != NULL) == (rig->endpoint != NULL));
  g_assert_true ((rig->io != NULL) == (rig->error == NULL));
}

static void
start (Rig *rig)
{
  xmpp_connector_connect_async (rig->connector, rig->cancellable, on_connected, rig);
  g_assert_false (rig->is_done);
}

static void
expect_connected (Rig        *rig,
                  const char *host,
                  Server     *server)
{
  wait_until (rig->is_done);
  g_assert_no_error (rig->error);
  g_assert_cmpstr (rig->endpoint->host, ==, host);
  g_assert_cmpint (rig->endpoint->port, ==, server->port);
  g_assert_cmpstr (g_network_address_get_hostname (G_NETWORK_ADDRESS (rig->endpoint->identity)), ==, "capulet.lit");
  wait_until (server->n_accepted > 0);
}

/* message: what the sentence for the person must contain */
static void
expect_failure (Rig        *rig,
                int         code,
                const char *message)
{
  wait_until (rig->is_done);
  g_assert_error (rig->error, XMPP_ERROR, code);
  g_assert_true (g_utf8_validate (rig->error->message, -1, NULL));
  if (strstr (rig->error->message, message) == NULL)
    g_error ("“%s” is not in “%s”", message, rig->error->message);
}

static void
connect_and_expect (Rig        *rig,
                    const char *host,
                    Server     *server)
{
  start (rig);
  expect_connected (rig, host, server);
}

static void
use_proxy (Rig        *rig,
           const char *scheme,
           const char *login,
           FakeProxy  *proxy)
{
  g_autofree char *uri = g_strdup_printf ("%s://%s127.0.0.1:%u", scheme, login, proxy->port);
  g_autoptr(GProxyResolver) resolver = g_simple_proxy_resolver_new (uri, NULL);

  g_object_set (rig->connector, "proxy-resolver", resolver, NULL);
}

/* Where to */

/* Not to a port that may be somebody's: what counts is where we were about to go */
static void
test_domain_itself (void)
{
  g_autoptr(Rig) rig = rig_new ("montague.lit");

  fake_resolver_add_host (rig->resolver, "montague.lit", "255.255.255.255");
  start (rig);
  expect_failure (rig, XMPP_ERROR_UNREACHABLE, "montague.lit");
  g_assert_true (fake_resolver_was_asked (rig->resolver, "_xmpp-client._tcp.montague.lit"));
  g_assert_true (fake_resolver_was_asked (rig->resolver, "_xmpps-client._tcp.montague.lit"));
  g_assert_nonnull (strstr (rig->progress->str, "Connecting to montague.lit port 5222 for STARTTLS"));
  g_assert_nonnull (strstr (rig->progress->str, "255.255.255.255: trying for montague.lit port 5222"));

  rig_reset (rig);
  g_object_set (rig->connector, "security", XMPP_SECURITY_DIRECT_TLS, NULL);
  start (rig);
  expect_failure (rig, XMPP_ERROR_UNREACHABLE, "montague.lit");
  g_assert_nonnull (strstr (rig->progress->str, "Connecting to montague.lit port 5223 for direct TLS"));
}

static void
test_manual_port (void)
{
  g_autoptr(Rig) rig = rig_new ("capulet.lit");
  g_autoptr(Server) server = server_new ();
  g_autoptr(Server) refusing = server_new_refusing ();
  g_autofree char *port = g_strdup_printf ("port %u", refusing->port);

  g_object_set (rig->connector, "port", server->port, NULL);
  connect_and_expect (rig, "capulet.lit", server);
  g_assert_false (rig->endpoint->direct_tls);
  g_assert_cmpstr (rig->endpoint->address, ==, "127.0.0.1");

  rig_reset (rig);
  g_object_set (rig->connector, "port", refusing->port, NULL);
  start (rig);
  expect_failure (rig, XMPP_ERROR_REFUSED, port);
  g_assert_false (fake_resolver_was_asked (rig->resolver, STARTTLS_SRV));
}

static void
test_manual_host (void)
{
  g_autoptr(Rig) rig = rig_new ("capulet.lit");
  g_autoptr(Server) server = server_new ();
  g_autoptr(Server) by_srv = server_new ();
  const struct
  {
    const char *format;
    const char *host;
    gboolean    has_port;
  } cases[] = {
    { "xmpp.capulet.lit", "xmpp.capulet.lit", FALSE },
    { "xmpp.capulet.lit:%u", "xmpp.capulet.lit", TRUE },
    { " XMPP.capulet.lit. ", "xmpp.capulet.lit", FALSE },
    { "127.0.0.1", "127.0.0.1", FALSE },
    { "127.0.0.1:%u", "127.0.0.1", TRUE },
    { "bücher.capulet.lit", "xn--bcher-kva.capulet.lit", FALSE },
  };

  fake_resolver_add_srv (rig->resolver, STARTTLS_SRV, 0, 0, "capulet.lit", by_srv->port);
  fake_resolver_add_host (rig->resolver, "xmpp.capulet.lit", "127.0.0.1");
  fake_resolver_add_host (rig->resolver, "xn--bcher-kva.capulet.lit", "127.0.0.1");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(GStrv) parts = g_strsplit (cases[i].format, "%u", 2);
      g_autofree char *port = g_strdup_printf ("%u", server->port);
      g_autofree char *host = g_strjoinv (port, parts);

      g_object_set (rig->connector, "host", host, "port", cases[i].has_port ? 0 : server->port, NULL);
      connect_and_expect (rig, cases[i].host, server);
      g_assert_false (fake_resolver_was_asked (rig->resolver, STARTTLS_SRV));
      rig_reset (rig);
    }

  /* Taken back, SRV counts again */
  g_object_set (rig->connector, "host", "", "port", 0, NULL);
  connect_and_expect (rig, "capulet.lit", by_srv);
}

static void
test_manual_direct_tls (void)
{
  g_autoptr(Rig) rig = rig_new ("capulet.lit");
  g_autoptr(Server) server = server_new ();

  g_object_set (rig->connector, "host", "127.0.0.1", "port", server->port,
                "security", XMPP_SECURITY_DIRECT_TLS, NULL);
  connect_and_expect (rig, "127.0.0.1", server);
  g_assert_true (rig->endpoint->direct_tls);
}

static void
test_manual_host_fails (void)
{
  g_autoptr(Rig) rig = rig_new ("capulet.lit");
  g_autoptr(Server) server = server_new ();
  g_autoptr(Server) refusing = server_new_refusing ();
  const struct
  {
    const char *host;
    guint16     port;
    int         code;
    const char *message;
  } cases[] = {
    { "nowhere.capulet.lit", 0, XMPP_ERROR_NAME_NOT_FOUND, "nowhere.capulet.lit" },
    { "nowhere.capulet.lit", refusing->port, XMPP_ERROR_NAME_NOT_FOUND, "nowhere.capulet.lit" },
    { "xmpp.capulet.lit", refusing->port, XMPP_ERROR_REFUSED, "xmpp.capulet.lit" },
    { "127.0.0.1", refusing->port, XMPP_ERROR_REFUSED, "127.0.0.1" },
  };

  fake_resolver_add_srv (rig->resolver, STARTTLS_SRV, 0, 0, "capulet.lit", server->port);
  fake_resolver_add_host (rig->resolver, "xmpp.capulet.lit", "127.0.0.1");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_object_set (rig->connector, "host", cases[i].host, "port", cases[i].port, NULL);
      start (rig);
      expect_failure (rig, cases[i].code, cases[i].message);
      rig_reset (rig);
    }
  g_assert_false (fake_resolver_was_asked (rig->resolver, STARTTLS_SRV));
  g_assert_cmpint (server->n_accepted, ==, 0);
}

static void
test_manual_nonsense (void)
{
  static const char * const hosts[] = {
    " ", "a b", "xmpp.capulet.lit:", "xmpp.capulet.lit:0", "xmpp.capulet.lit:65536", "xmpp.capulet.lit:x",
    "xmpp.capulet.lit:-1", "xmpp.capulet.lit\nx", "[::1", "[::1]x", "[::1]:", "[xmpp.capulet.lit]", ":5222", "::1:x",
    "xmpp..capulet.lit", "user@capulet.lit", "capulet.lit/x", "https://capulet.lit", "%s", "\xff",
  };
  g_autoptr(Rig) rig = rig_new ("capulet.lit");

  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_object_set (rig->connector, "host", hosts[i], NULL);
      start (rig);
      expect_failure (rig, XMPP_ERROR_INVALID_ADDRESS, "is not the name of a server");
      rig_reset (rig);
    }
  g_assert_false (fake_resolver_was_asked (rig->resolver, NULL));
}

static void
test_names_of_domains (void)
{
  static const struct
  {
    const char *domain;
    const char *srv;
    const char *identity;
  } cases[] = {
    { "montague.lit.", "_xmpp-client._tcp.montague.lit", "montague.lit" },
    { "xn--r8jz45g.jp", "_xmpp-client._tcp.xn--r8jz45g.jp", "xn--r8jz45g.jp" },
    { "255.255.255.255", NULL, "255.255.255.255" },
    { "[ff02::1]", NULL, "ff02::1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(Rig) rig = rig_new (cases[i].domain);
      g_autoptr(Server) server = server_new ();

      g_object_set (rig->connector, "host", "127.0.0.1", "port", server->port, NULL);
      start (rig);
      wait_until (rig->is_done);
      g_assert_no_error (rig->error);
      g_assert_cmpstr (g_network_address_get_hostname (G_NETWORK_ADDRESS (rig->endpoint->identity)), ==,
                       cases[i].identity);

      rig_reset (rig);
      g_object_set (rig->connector, "host", NULL, "port", 0, NULL);
      start (rig);
      wait_until (rig->is_done);
      g_assert_cmpint (fake_resolver_was_asked (rig->resolver, cases[i].srv), ==, cases[i].srv != NULL);
    }
}

static void
test_numeric_domain (void)
{
  g_autoptr(Rig) rig = rig_new ("127.0.0.1");
  g_autoptr(Server) server = server_new ();

  g_object_set (rig->connector, "port", server->port, NULL);
  start (rig);
  wait_until (rig->is_done);
  g_assert_no_error (rig->error);
  g_assert_cmpstr (rig->endpoint->host, ==, "127.0.0.1");
  g_assert_cmpstr (g_network_address_get_hostname (G_NETWORK_ADDRESS (rig->endpoint->identity)), ==, "127.0.0.1");
  g_assert_false (fake_resolver_was_asked (rig->resolver, NULL));
}

/* SRV */

static void
test_srv (void)
{
  g_autoptr(Rig) rig = rig_new ("capulet.lit");
  g_autoptr(Server) server = server_new ();

  fake_resolver_add_srv (rig->resolver, STARTTLS_SRV, 5, 0, "Host.example", server->port);
  fake_resolver_add_host (rig->resolver, "host.example", "127.0.0.1");
  connect_and_expect (rig, "host.example", server);
  g_assert_false (rig->endpoint->direct_tls);
  g_assert_nonnull (strstr (rig->progress->str, "SRV " STARTTLS_SRV ": priority 5, weight 0, host.example port"));
  g_assert_nonnull (strstr (rig->progress->str, "SRV " DIRECT_TLS_SRV ": no such record"));
  g_assert_nonnull (strstr (rig->progress->str, "127.0.0.1: connected"));
}

/* S13: other ways to say where a server is, which anybody who can forge DNS could use */
static void
test_no_other_ways (void)
{
  g_autoptr(Rig) rig = rig_new ("capulet.lit");
  g_autoptr(Server) server = server_new ();

  fake_resolver_add_srv (rig->resolver, STARTTLS_SRV, 5, 0, "host.example", server->port);
  fake_resolver_add_host (rig->resolver, "host.example", "127.0.0.1");
  fake_resolver_add_host (rig->resolver, "capulet.lit", "127.0.0.1");
  connect_and_expect (rig, "host.example", server);
  g_assert_false (fake_resolver_was_asked (rig->resolver, "_xmppconnect.capulet.lit"));
  g_assert_false (fake_resolver_was_asked (rig->resolver, "_xmpp-server._tcp.capulet.lit"));
  g_assert_false (fake_resolver_was_asked (rig->resolver, "capulet.lit"));
}

static void
test_srv_of_each_security (void)
{
  g_autoptr(Rig) rig = rig_new ("capulet.lit");
  g_autoptr(Server) starttls = server_new ();
  g_autoptr(Server) direct = server_new ();

  fake_resolver_add_srv (rig->resolver, STARTTLS_SRV, 1, 0, "capulet.lit", starttls->port);
  g_object_set (rig->connector, "security", XMPP_SECURITY_DISABLED, NULL);
  connect_and_expect (rig, "capulet.lit", starttls);
  g_assert_false (fake_resolver_was_asked (rig->resolver, DIRECT_TLS_SRV));

  rig_reset (rig);
  fake_resolver_add_srv (rig->resolver, DIRECT_TLS_SRV, 2, 0, "capulet.lit", direct->port);
  g_object_set (rig->connector, "security", XMPP_SECURITY_DIRECT_TLS, NULL);
  connect_and_expect (rig, "capulet.lit", direct);
  g_assert_true (rig->endpoint->direct_tls);
}

static void
test_merged_priorities (void)
{
  g_autoptr(Rig) rig = rig_new ("capulet.lit");
  g_autoptr(Server) refusing = server_new_refusing ();
  g_autoptr(Server) server = server_new ();
  g_autoptr(Server) last = server_new ();

  fake_resolver_add_srv (rig->resolver, STARTTLS_SRV, 30, 0, "capulet.lit", last->port);
  fake_resolver_add_srv (rig->resolver, STARTTLS_SRV, 10, 0, "capulet.lit", refusing->port);
  fake_resolver_add_srv (rig->resolver, DIRECT_TLS_SRV, 20, 0, "capulet.lit", server->port);
  connect_and_expect (rig, "capulet.lit", server);
  g_assert_true (rig->endpoint->direct_tls);
  g_assert_cmpint (last->n_accepted, ==, 0);
}

static void
test_dead_targets (void)
{
  g_autoptr(Rig) rig = rig_new ("capulet.lit");
  g_autoptr(Server) refusing = server_new_refusing ();
  g_autoptr(Server) silent = server_new_silent ("127.0.0.1", 0);
  g_autoptr(Server) server = server_new ();

  fake_resolver_add_srv (rig->resolver, STARTTLS_SRV, 1, 0, "capulet.lit", refusing->port);
  fake_resolver_add_srv (rig->resolver, STARTTLS_SRV, 2, 0, "capulet.lit", silent->port);
  fake_resolver_add_srv (rig->resolver, STARTTLS_SRV, 3, 0, "nowhere.lit", 5222);
  fake_resolver_add_srv (rig->resolver, STARTTLS_SRV, 4, 0, "capulet.lit", server->port);
  start (rig);
  wait_until (strstr (rig->progress->str, "127.0.0.1: trying for capulet.lit port") != NULL &&
              strstr (rig->progress->str, "refused") != NULL);
  wait_until (g_str_has_suffix (rig->progress->str, "\n") && fake_clock_count (rig->clock) == 2);
  settle ();
  fake_clock_advance (rig->clock, 9999);
  settle ();
  g_assert_false (rig->is_done);
  fake_clock_advance (rig->clock, 1);
  expect_connected (rig, "capulet.lit", server);
}

static void
test_all_dead (void)
{
  g_autoptr(Rig) rig = rig_new ("capulet.lit");
  g_autoptr(Server) first = server_new_refusing ();
  g_autoptr(Server) second = server_new_refusing ();

  fake_resolver_add_srv (rig->resolver, STARTTLS_SRV, 1, 0, "nowhere.lit", 5222);
  fake_resolver_add_srv (rig->resolver, STARTTLS_SRV, 2, 0, "capulet.lit", first->port);
  fake_resolver_add_srv (rig->resolver, DIRECT_TLS_SRV, 3, 0, "capulet.lit", second->port);
  start (rig);
  expect_failure (rig, XMPP_ERROR_REFUSED, "capulet.lit refused the connection on port");
  g_assert_null (strstr (rig->progress->str, "capulet.lit port 5222 for"));
}

static void
test_not_offered (void)
{
  g_autoptr(Rig) rig = rig_new ("capulet.lit");

  fake_resolver_add_srv (rig->resolver, STARTTLS_SRV, 0, 0, ".", 0);
  start (rig);
  expect_failure (rig, XMPP_ERROR_NOT_OFFERED, "capulet.lit");
  g_assert_null (strstr (rig->progress->str, "Connecting"));
  g_assert_false (fake_resolver_was_asked (rig->resolver, "capulet.lit"));
}

static void
test_direct_tls_not_offered (void)
{
  g_autoptr(Rig) rig = rig_new ("capulet.lit");
  g_autoptr(Server) server = server_new ();

  fake_resolver_add_srv (rig->resolver, DIRECT_TLS_SRV, 0, 0, ".", 0);
  start (rig);
  expect_failure (rig, XMPP_ERROR_NOT_OFFERED, "capulet.lit");

  rig_reset (rig);
  fake_resolver_add_srv (rig->resolver, STARTTLS_SRV, 0, 0, "capulet.lit", server->port);
  connect_and_expect (rig, "capulet.lit", server);
  g_assert_false (rig->endpoint->direct_tls);
}

static void
test_one_lookup_fails (void)
{
  g_autoptr(Rig) rig = rig_new ("capulet.lit");
  g_autoptr(Server) server = server_new ();

  fake_resolver_add_srv (rig->resolver, DIRECT_TLS_SRV, 0, 0, "capulet.lit", server->port);
  fake_resolver_fail (rig->resolver, STARTTLS_SRV, G_RESOLVER_ERROR_TEMPORARY_FAILURE);
  connect_and_expect (rig, "capulet.lit", server);
  g_assert_true (rig->endpoint->direct_tls);
}

static void
test_one_lookup_is_not_answered (void)
{
  g_autoptr(Rig) rig = rig_new ("capulet.lit");
  g_autoptr(Server) server = server_new ();

  fake_resolver_add_srv (rig->resolver, STARTTLS_SRV, 0, 0, "capulet.lit", server->port);
  fake_resolver_fail (rig->resolver, DIRECT_TLS_SRV, -1);
  start (rig);
  settle ();
  fake_clock_advance (rig->clock, 1999);
  settle ();
  g_assert_cmpint (server->n_accepted, ==, 0);
  fake_clock_advance (rig->clock, 1);
  expect_connected (rig, "capulet.lit", server);
}

static void
test_both_lookups_fail (void)
{
  g_autoptr(Rig) rig = rig_new ("capulet.lit");

  fake_resolver_fail (rig->resolver, STARTTLS_SRV, G_RESOLVER_ERROR_TEMPORARY_FAILURE);
  fake_resolver_fail (rig->resolver, DIRECT_TLS_SRV, G_RESOLVER_ERROR_INTERNAL);
  start (rig);
  expect_failure (rig, XMPP_ERROR_DNS_FAILED, "capulet.lit");
  g_assert_false (fake_resolver_was_asked (rig->resolver, "capulet.lit"));

  /* As good: a name server that is not there */
  rig_reset (rig);
  fake_resolver_fail (rig->resolver, STARTTLS_SRV, -1);
  fake_resolver_fail (rig->resolver, DIRECT_TLS_SRV, -1);
  start (rig);
  settle ();
  fake_clock_advance (rig->clock, 9999);
  settle ();
  g_assert_false (rig->is_done);
  fake_clock_advance (rig->clock, 1);
  expect_failure (rig, XMPP_ERROR_DNS_FAILED, "capulet.lit");
}

static void
test_one_lookup_fails_and_the_other_finds_nothing (void)
{
  g_autoptr(Rig) rig = rig_new ("montague.lit");

  fake_resolver_add_host (rig->resolver, "montague.lit", "255.255.255.255");
  fake_resolver_fail (rig->resolver, "_xmpps-client._tcp.montague.lit", G_RESOLVER_ERROR_TEMPORARY_FAILURE);
  start (rig);
  expect_failure (rig, XMPP_ERROR_UNREACHABLE, "montague.lit");
  g_assert_nonnull (strstr (rig->progress->str, "Connecting to montague.lit port 5222 for STARTTLS"));
}

static void
test_unusable_records (void)
{
  g_autoptr(Rig) rig = rig_new ("capulet.lit");
  g_autofree char *long_label = g_strnfill (64, 'x');
  g_autofree char *long_name = g_strnfill (254, 'x');
  const char *hosts[] = {
    "", "..", "a..b", ".a", "192.0.2.1", "::1", "evil\nhost.lit", "evil host", "evil/host", "ev\xc3\xa4l.lit", "%n",
    long_label, long_name,
  };

  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    fake_resolver_add_srv (rig->resolver, STARTTLS_SRV, i, 0, hosts[i], 5222);
  fake_resolver_add_srv (rig->resolver, DIRECT_TLS_SRV, 0, 0, "capulet.lit", 0);
  start (rig);
  expect_failure (rig, XMPP_ERROR_DNS_FAILED, "makes no sense");
  g_assert_null (strstr (rig->progress->str, "Connecting"));
}

static void
test_usable_among_unusable_records (void)
{
  g_autoptr(Rig) rig = rig_new ("capulet.lit");
  g_autoptr(Server) server = server_new ();

  fake_resolver_add_srv (rig->resolver, STARTTLS_SRV, 1, 0, "capulet.lit", 0);
  fake_resolver_add_srv (rig->resolver, STARTTLS_SRV, 2, 0, ".", 5222);
  fake_resolver_add_srv (rig->resolver, STARTTLS_SRV, 3, 0, "capulet.lit.", server->port);
  connect_and_expect (rig, "capulet.lit", server);
}

static void
on_found (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  GPtrArray **targets = user_data;
  g_autoptr(GError) error = NULL;

  *targets = xmpp_srv_find_finish (XMPP_CONNECTOR (object), result, &error);
  g_assert_no_error (error);
}

static void
test_too_many_records (void)
{
  g_autoptr(Rig) rig = rig_new ("capulet.lit");
  g_autoptr(GPtrArray) targets = NULL;

  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *host = g_strdup_printf ("h%u.lit", i);

      fake_resolver_add_srv (rig->resolver, STARTTLS_SRV, 2000 - i, 0, host, 5222);
      fake_resolver_add_srv (rig->resolver, DIRECT_TLS_SRV, 1, 0, "SAME.lit", 5223);
    }
  xmpp_srv_find_async (rig->connector, "capulet.lit", XMPP_SRV_STARTTLS | XMPP_SRV_DIRECT_TLS,
                       G_RESOLVER (rig->resolver), rig->clock, NULL, on_found, &targets);
  wait_until (targets != NULL);
  g_assert_cmpint (targets->len, ==, 16);
  g_assert_cmpuint (rig->progress->len, <, 64 * 80);

  /* The best ones, one of them the one that was said 2000 times */
  for (guint i = 0, n_same = 0; i < targets->len; i++)
    {
      XmppSrvTarget *target = targets->pdata[i];

      n_same += g_str_equal (target->host, "same.lit");
      g_assert_cmpint (target->priority, <=, 15);
      g_assert_cmpint (n_same, <=, 1);
    }
}

/* The first of 10,000 lists, against the weights: χ² with 3 degrees of freedom is over 21.1 once in
 * 10,000 times
 */
static void
test_weights (void)
{
  static const guint weights[] = { 1000, 3000, 0, 6000, 10000 };
  static const double expected[] = { 500, 1500, 0, 3000, 5000 };
  guint n[G_N_ELEMENTS (weights)] = { 0 };
  double chi = 0;

  for (guint i = 0; i < 10000; i++)
    {
      g_autoptr(GPtrArray) targets = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_srv_target_free);
      XmppSrvTarget *first;

      for (guint j = 0; j < G_N_ELEMENTS (weights); j++)
        {
          XmppSrvTarget *target = xmpp_srv_target_new ("h", j + 1, j % 2);

          target->priority = 7;
          target->weight = weights[j];
          g_ptr_array_add (targets, target);
        }
      g_ptr_array_add (targets, xmpp_srv_target_new ("best", 99, FALSE));
      xmpp_srv_sort (targets);

      first = targets->pdata[0];
      g_assert_cmpint (first->port, ==, 99);
      first = targets->pdata[1];
      n[first->port - 1]++;
    }

  for (guint j = 0; j < G_N_ELEMENTS (weights); j++)
    {
      if (weights[j] > 0)
        chi += (n[j] - expected[j]) * (n[j] - expected[j]) / expected[j];
    }
  g_assert_cmpfloat (chi, <, 21.1);
  g_assert_cmpint (n[2], <, 20);
}

static void
test_equal_weights_are_all_used (void)
{
  guint n[4] = { 0 };

  for (guint i = 0; i < 1000; i++)
    {
      g_autoptr(GPtrArray) targets = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_srv_target_free);

      for (guint j = 0; j < 4; j++)
        {
          XmppSrvTarget *target = xmpp_srv_target_new ("h", j + 1, FALSE);

          target->weight = 5;
          g_ptr_array_add (targets, target);
        }
      xmpp_srv_sort (targets);
      n[((XmppSrvTarget *) targets->pdata[0])->port - 1]++;
    }

  for (guint j = 0; j < 4; j++)
    g_assert_cmpint (n[j], >, 150);
}

/* Addresses */

static void
test_race (void)
{
  g_autoptr(Rig) rig = rig_new ("capulet.lit");
  g_autoptr(Server) server = server_new ();
  g_autoptr(Server) silent = server_new_silent ("127.0.0.2", server->port);

  fake_resolver_add_host (rig->resolver, "two.lit", "127.0.0.2");
  fake_resolver_add_host (rig->resolver, "two.lit", "127.0.0.1");
  g_object_set (rig->connector, "host", "two.lit", "port", server->port, NULL);
  start (rig);
  wait_until (strstr (rig->progress->str, "127.0.0.2: trying") != NULL);
  settle ();
  fake_clock_advance (rig->clock, 249);
  settle ();
  g_assert_null (strstr (rig->progress->str, "127.0.0.1: trying"));
  fake_clock_advance (rig->clock, 1);
  expect_connected (rig, "two.lit", server);
  g_assert_cmpstr (rig->endpoint->address, ==, "127.0.0.1");
}

static void
test_broken_ipv6 (void)
{
  g_autoptr(Rig) rig = rig_new ("capulet.lit");
  g_autoptr(Server) server = server_new ();

  fake_resolver_add_host (rig->resolver, "two.lit", "::1");
  fake_resolver_add_host (rig->resolver, "two.lit", "127.0.0.1");
  g_object_set (rig->connector, "host", "two.lit", "port", server->port, NULL);
  connect_and_expect (rig, "two.lit", server);
  g_assert_cmpstr (rig->endpoint->address, ==, "127.0.0.1");
  g_assert_nonnull (strstr (rig->progress->str, "::1: trying"));
}

static void
test_errors_of_addresses (void)
{
  g_autoptr(Rig) rig = rig_new ("capulet.lit");
  g_autoptr(Server) silent = server_new_silent ("127.0.0.1", 0);

  fake_resolver_add_host (rig->resolver, "unreachable.lit", "255.255.255.255");
  g_object_set (rig->connector, "host", "unreachable.lit:5222", NULL);
  start (rig);
  expect_failure (rig, XMPP_ERROR_UNREACHABLE, "unreachable.lit cannot be reached on port 5222");

  rig_reset (rig);
  fake_resolver_fail (rig->resolver, "trouble.lit", G_RESOLVER_ERROR_TEMPORARY_FAILURE);
  g_object_set (rig->connector, "host", "trouble.lit", NULL);
  start (rig);
  expect_failure (rig, XMPP_ERROR_DNS_FAILED, "trouble.lit");

  rig_reset (rig);
  fake_resolver_fail (rig->resolver, "slow.lit", -1);
  g_object_set (rig->connector, "host", "slow.lit", NULL);
  start (rig);
  wait_until (fake_resolver_was_asked (rig->resolver, "slow.lit"));
  fake_clock_advance (rig->clock, 10000);
  expect_failure (rig, XMPP_ERROR_DNS_FAILED, "slow.lit");

  rig_reset (rig);
  g_object_set (rig->connector, "host", "capulet.lit", "port", silent->port, NULL);
  g_string_truncate (rig->progress, 0);
  start (rig);
  wait_until (strstr (rig->progress->str, "127.0.0.1: trying") != NULL);
  fake_clock_advance (rig->clock, 10000);
  expect_failure (rig, XMPP_ERROR_TIMED_OUT, "capulet.lit does not answer on port");
}

static void
test_socket_options (void)
{
  g_autoptr(Rig) rig = rig_new ("capulet.lit");
  g_autoptr(Server) server = server_new ();
  GSocket *socket;
  int value;

  g_object_set (rig->connector, "port", server->port, NULL);
  connect_and_expect (rig, "capulet.lit", server);
  socket = g_socket_connection_get_socket (G_SOCKET_CONNECTION (rig->io));
  g_assert_cmpint (g_socket_get_timeout (socket), ==, 0);
  g_assert_true (g_socket_get_keepalive (socket));
  g_assert_true (g_socket_get_option (socket, IPPROTO_TCP, TCP_NODELAY, &value, NULL));
  g_assert_cmpint (value, ==, 1);
  g_assert_true (g_socket_get_option (socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &value, NULL));
  g_assert_cmpint (value, ==, 30000);
}

/* As if as many files were open as may be; returns how many that was before */
static rlim_t
take_all_files (void)
{
  int next = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  struct rlimit limit;
  rlim_t before;

  g_assert_cmpint (next, >=, 0);
  close (next);
  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  before = limit.rlim_cur;
  limit.rlim_cur = next;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);

  return before;
}

static void
give_files_back (rlim_t before)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  limit.rlim_cur = before;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);
}

/* F37: without a file for a socket it is said why, and with one it works again */
static void
test_no_files (void)
{
  g_autoptr(Rig) rig = rig_new ("capulet.lit");
  g_autoptr(Server) server = server_new ();

  g_object_set (rig->connector, "port", server->port, NULL);
  connect_and_expect (rig, "capulet.lit", server);

  for (guint i = 0; i < 3; i++)
    {
      rlim_t before;

      rig_reset (rig);
      before = take_all_files ();
      start (rig);
      wait_until (rig->is_done);
      give_files_back (before);
      g_assert_nonnull (rig->error);
      g_test_message ("%s", rig->error->message);
      g_assert_true (rig->error->domain == XMPP_ERROR);
    }

  rig_reset (rig);
  connect_and_expect (rig, "capulet.lit", server);
}

/* Cancelling */

static void
expect_cancelled (Rig *rig)
{
  g_cancellable_cancel (rig->cancellable);
  wait_until (rig->is_done);
  g_assert_error (rig->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_cancel_before (void)
{
  g_autoptr(Rig) rig = rig_new ("capulet.lit");

  g_cancellable_cancel (rig->cancellable);
  start (rig);
  expect_cancelled (rig);
}

static void
test_cancel_during_srv (void)
{
  g_autoptr(Rig) rig = rig_new ("capulet.lit");

  fake_resolver_fail (rig->resolver, STARTTLS_SRV, -1);
  fake_resolver_fail (rig->resolver, DIRECT_TLS_SRV, -1);
  start (rig);
  settle ();
  expect_cancelled (rig);
}

static void
test_cancel_during_addresses (void)
{
  g_autoptr(Rig) rig = rig_new ("capulet.lit");

  fake_resolver_fail (rig->resolver, "capulet.lit", -1);
  start (rig);
  wait_until (fake_resolver_was_asked (rig->resolver, "capulet.lit"));
  expect_cancelled (rig);
}

static void
test_cancel_during_connect (void)
{
  g_autoptr(Rig) rig = rig_new ("capulet.lit");
  g_autoptr(Server) silent = server_new_silent ("127.0.0.1", 0);

  g_object_set (rig->connector, "port", silent->port, NULL);
  start (rig);
  wait_until (strstr (rig->progress->str, "127.0.0.1: trying") != NULL);
  settle ();
  expect_cancelled (rig);
}

static void
test_cancel_during_proxy (void)
{
  g_autoptr(Rig) rig = rig_new ("capulet.lit");
  g_autoptr(FakeProxy) proxy = fake_proxy_new (FAKE_PROXY_SILENT);

  use_proxy (rig, "socks5", "", proxy);
  start (rig);
  wait_until (proxy->n_connections == 1);
  settle ();
  expect_cancelled (rig);
}

/* Proxies */

static void
read_hello (Rig *rig)
{
  GPollableInputStream *input = G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (rig->io));
  char buffer[16] = { 0 };
  gsize length = 0;
  gssize n;

  while (length < strlen ("hello"))
    {
      wait_until (g_pollable_input_stream_is_readable (input));
      n = g_pollable_input_stream_read_nonblocking (input, buffer + length, sizeof buffer - 1 - length, NULL, NULL);
      g_assert_cmpint (n, >, 0);
      length += n;
    }
  g_assert_cmpstr (buffer, ==, "hello");
}

static void
test_proxies (void)
{
  static const struct
  {
    FakeProxyKind  kind;
    const char    *scheme;
    const char    *login;
  } cases[] = {
    { FAKE_PROXY_SOCKS5, "socks5", "" },
    { FAKE_PROXY_SOCKS5_LOGIN, "socks5", "juliet:xyzzy@" },
    { FAKE_PROXY_HTTP, "http", "" },
    { FAKE_PROXY_HTTP, "http", "juliet:xyzzy@" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(Rig) rig = rig_new ("capulet.lit");
      g_autoptr(FakeProxy) proxy = fake_proxy_new (cases[i].kind);

      fake_resolver_add_srv (rig->resolver, DIRECT_TLS_SRV, 0, 0, "xmpp.capulet.lit", 443);
      use_proxy (rig, cases[i].scheme, cases[i].login, proxy);
      start (rig);
      wait_until (rig->is_done);
      g_assert_no_error (rig->error);
      g_assert_cmpstr (proxy->destination, ==, "xmpp.capulet.lit:443");
      g_assert_null (rig->endpoint->address);
      g_assert_cmpstr (rig->endpoint->host, ==, "xmpp.capulet.lit");
      g_assert_true (rig->endpoint->direct_tls);
      read_hello (rig);

      /* The proxy looks up the name, and nobody else; its password stays between us */
      g_assert_false (fake_resolver_was_asked (rig->resolver, "xmpp.capulet.lit"));
      g_assert_nonnull (strstr (rig->progress->str, "Through the proxy "));
      g_assert_null (strstr (rig->progress->str, "xyzzy"));
      g_assert_null (strstr (rig->progress->str, "juliet"));
      if (cases[i].kind == FAKE_PROXY_SOCKS5_LOGIN)
        g_assert_cmpstr (proxy->login, ==, "juliet:xyzzy");
      else
        g_assert_null (proxy->login);
    }
}

static void
test_proxies_that_fail (void)
{
  static const struct
  {
    FakeProxyKind  kind;
    const char    *scheme;
    const char    *login;
    int            code;
    const char    *message;
  } cases[] = {
    { FAKE_PROXY_SOCKS5_LOGIN, "socks5", "", XMPP_ERROR_PROXY, "refused the login" },
    { FAKE_PROXY_SOCKS5_LOGIN, "socks5", "juliet:wrong@", XMPP_ERROR_PROXY, "refused the login" },
    { FAKE_PROXY_SOCKS5_REFUSED, "socks5", "", XMPP_ERROR_REFUSED, "refused the connection on port" },
    { FAKE_PROXY_SOCKS5_FORBIDDEN, "socks5", "", XMPP_ERROR_PROXY, "does not allow" },
    { FAKE_PROXY_HTML, "socks5", "", XMPP_ERROR_PROXY, "proxy" },
    { FAKE_PROXY_HANGS_UP, "socks5", "", XMPP_ERROR_PROXY, "proxy" },
    { FAKE_PROXY_HTTP_407, "http", "", XMPP_ERROR_PROXY, "refused the login" },
    { FAKE_PROXY_HTTP_407, "http", "juliet:wrong@", XMPP_ERROR_PROXY, "refused the login" },
    { FAKE_PROXY_HTTP_403, "http", "", XMPP_ERROR_PROXY, "does not allow" },
    { FAKE_PROXY_HTML, "http", "", XMPP_ERROR_PROXY, "proxy" },
    { FAKE_PROXY_HANGS_UP, "http", "", XMPP_ERROR_PROXY, "proxy" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(Rig) rig = rig_new ("capulet.lit");
      g_autoptr(Server) server = server_new ();
      g_autoptr(FakeProxy) proxy = fake_proxy_new (cases[i].kind);

      g_object_set (rig->connector, "port", server->port, NULL);
      use_proxy (rig, cases[i].scheme, cases[i].login, proxy);
      start (rig);
      expect_failure (rig, cases[i].code, cases[i].message);
      g_assert_cmpint (proxy->n_connections, ==, 1);
      g_assert_null (strstr (rig->error->message, "wrong"));

      /* Never round it */
      settle ();
      g_assert_cmpint (server->n_accepted, ==, 0);
      g_assert_false (fake_resolver_was_asked (rig->resolver, "capulet.lit"));
    }
}

static void
test_proxy_that_is_slow (void)
{
  static const char * const schemes[] = { "socks5", "http" };

  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    {
      g_autoptr(Rig) rig = rig_new ("capulet.lit");
      g_autoptr(FakeProxy) proxy = fake_proxy_new (FAKE_PROXY_SILENT);

      use_proxy (rig, schemes[i], "", proxy);
      start (rig);
      wait_until (proxy->n_connections == 1 && proxy->input->len > 0);
      fake_clock_advance (rig->clock, 9999);
      settle ();
      g_assert_false (rig->is_done);
      fake_clock_advance (rig->clock, 1);
      expect_failure (rig, XMPP_ERROR_PROXY, "no answer in time");
    }
}

static void
test_proxy_that_is_not_there (void)
{
  static const char * const formats[] = {
    "socks5://127.0.0.1:%u", "http://127.0.0.1:%u", "socks5://nowhere.lit:%u", "gopher://127.0.0.1:%u",
  };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autoptr(Rig) rig = rig_new ("capulet.lit");
      g_autoptr(Server) server = server_new ();
      g_autoptr(Server) refusing = server_new_refusing ();
      g_auto(GStrv) parts = g_strsplit (formats[i], "%u", 2);
      g_autofree char *port = g_strdup_printf ("%u", refusing->port);
      g_autofree char *uri = g_strjoinv (port, parts);
      g_autoptr(GProxyResolver) resolver = g_simple_proxy_resolver_new (uri, NULL);

      g_object_set (rig->connector, "port", server->port, "proxy-resolver", resolver, NULL);
      start (rig);
      expect_failure (rig, XMPP_ERROR_PROXY, "prox");
      settle ();
      g_assert_cmpint (server->n_accepted, ==, 0);
      g_assert_false (fake_resolver_was_asked (rig->resolver, "capulet.lit"));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/connector/S01-without-srv-it-is-the-domain-itself", test_domain_itself);
  g_test_add_func ("/xmpp/connector/S02-a-given-port-is-the-domains", test_manual_port);
  g_test_add_func ("/xmpp/connector/S03-a-given-host-wins", test_manual_host);
  g_test_add_func ("/xmpp/connector/a-given-host-may-have-direct-tls", test_manual_direct_tls);
  g_test_add_func ("/xmpp/connector/S04-a-given-host-that-fails-is-the-end", test_manual_host_fails);
  g_test_add_func ("/xmpp/connector/a-given-host-must-be-one", test_manual_nonsense);
  g_test_add_func ("/xmpp/connector/S14-S15-domains-are-asked-for-by-their-names", test_names_of_domains);
  g_test_add_func ("/xmpp/connector/S15-a-numeric-domain-needs-no-dns", test_numeric_domain);
  g_test_add_func ("/xmpp/connector/S13-there-are-no-other-ways", test_no_other_ways);
  g_test_add_func ("/xmpp/connector/S05-srv-leads-to-the-server", test_srv);
  g_test_add_func ("/xmpp/connector/each-security-asks-for-its-kind", test_srv_of_each_security);
  g_test_add_func ("/xmpp/connector/S09-both-kinds-are-one-list", test_merged_priorities);
  g_test_add_func ("/xmpp/connector/S09-among-equals-weights-decide", test_weights);
  g_test_add_func ("/xmpp/connector/S09-equal-weights-share-the-load", test_equal_weights_are_all_used);
  g_test_add_func ("/xmpp/connector/S06-a-dead-target-is-followed-by-the-next", test_dead_targets);
  g_test_add_func ("/xmpp/connector/S06-when-all-are-dead-the-domain-is-not-tried", test_all_dead);
  g_test_add_func ("/xmpp/connector/S07-a-dot-means-not-offered", test_not_offered);
  g_test_add_func ("/xmpp/connector/S08-a-dot-for-direct-tls-leaves-starttls", test_direct_tls_not_offered);
  g_test_add_func ("/xmpp/connector/S10-one-lookup-is-enough", test_one_lookup_fails);
  g_test_add_func ("/xmpp/connector/S10-the-other-lookup-has-2-s", test_one_lookup_is_not_answered);
  g_test_add_func ("/xmpp/connector/S10-two-failures-are-trouble-with-dns", test_both_lookups_fail);
  g_test_add_func ("/xmpp/connector/S10-a-failure-and-nothing-is-nothing",
                   test_one_lookup_fails_and_the_other_finds_nothing);
  g_test_add_func ("/xmpp/connector/S11-nonsense-is-left-out", test_unusable_records);
  g_test_add_func ("/xmpp/connector/S11-what-is-no-nonsense-is-used", test_usable_among_unusable_records);
  g_test_add_func ("/xmpp/connector/S11-sixteen-targets-are-enough", test_too_many_records);
  g_test_add_func ("/xmpp/connector/S16-the-next-address-is-tried-after-250-ms", test_race);
  g_test_add_func ("/xmpp/connector/S16-an-address-that-fails-is-followed-at-once", test_broken_ipv6);
  g_test_add_func ("/xmpp/connector/S17-each-failure-has-its-own-words", test_errors_of_addresses);
  g_test_add_func ("/xmpp/connector/S18-the-socket-has-no-timeout", test_socket_options);
  g_test_add_func ("/xmpp/connector/F37-without-a-file-to-open-it-fails-and-recovers", test_no_files);
  g_test_add_func ("/xmpp/connector/cancel/before-it-begins", test_cancel_before);
  g_test_add_func ("/xmpp/connector/cancel/during-srv", test_cancel_during_srv);
  g_test_add_func ("/xmpp/connector/cancel/during-the-lookup-of-addresses", test_cancel_during_addresses);
  g_test_add_func ("/xmpp/connector/cancel/during-the-connect", test_cancel_during_connect);
  g_test_add_func ("/xmpp/connector/cancel/during-the-proxys-negotiation", test_cancel_during_proxy);
  g_test_add_func ("/xmpp/connector/S20-proxies-connect-and-look-up-names", test_proxies);
  g_test_add_func ("/xmpp/connector/S20-a-proxy-that-fails-is-not-gone-round", test_proxies_that_fail);
  g_test_add_func ("/xmpp/connector/S20-a-slow-proxy-has-10-s", test_proxy_that_is_slow);
  g_test_add_func ("/xmpp/connector/S20-a-proxy-that-is-not-there-is-not-gone-round", test_proxy_that_is_not_there);

  return g_test_run ();
}
