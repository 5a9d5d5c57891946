/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-race.h"

#include "xmpp-error.h"

#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#define LIMIT_MS        (10 * 1000)
#define STAGGER_MS      250
#define MAX_ADDRESSES   32
#define USER_TIMEOUT_MS (30 * 1000)

typedef struct
{
  char                     *host;
  guint16                   port;
  GProxyResolver           *proxies;
  XmppClock                *clock;
  XmppConnector            *connector;     /* the task holds it */
  GCancellable             *cancellable;   /* for all that is under way */
  GSource                  *cancelled;
  guint                     limit;
  guint                     stagger;
  gboolean                  is_done;

  char                    **routes;        /* URIs of proxies, "direct://": in the order to try */
  guint                     next_route;
  char                     *proxy;         /* the one in use, without user and password; NULL: direct */
  GSocketAddressEnumerator *addresses;     /* NULL: there are no more on this route */
  gboolean                  is_asking;     /* for the next address */
  guint                     n_addresses;
  guint                     n_attempts;    /* under way */

  GError                   *error;         /* the most telling one so far */
  char                     *address;       /* that won */
} Race;

typedef struct
{
  GTask         *task;
  GSocketClient *client;
  char          *address;
  gboolean       is_negotiating;           /* the proxy was reached */
} Attempt;

/* What says more about the cause comes first */
static const XmppError telling[] = {
  XMPP_ERROR_PROXY, XMPP_ERROR_REFUSED, XMPP_ERROR_TIMED_OUT, XMPP_ERROR_UNREACHABLE,
  XMPP_ERROR_NAME_NOT_FOUND, XMPP_ERROR_DNS_FAILED, XMPP_ERROR_FAILED,
};

static void
race_free (gpointer data)
{
  Race *self = data;

  g_clear_object (&self->addresses);
  g_clear_object (&self->proxies);
  g_clear_object (&self->clock);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  g_strfreev (self->routes);
  g_free (self->proxy);
  g_free (self->address);
  g_free (self->host);
  g_free (self);
}

static void
attempt_free (Attempt *self)
{
  g_object_unref (self->task);
  g_object_unref (self->client);
  g_free (self->address);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Attempt, attempt_free)

/* Errors */

static guint
get_rank (const GError *error)
{
  guint i = 0;

  while (i < G_N_ELEMENTS (telling) && (int) telling[i] != error->code)
    i++;

  return i;
}

/* The more telling one of two stays in kept */
void
xmpp_race_keep_error (GError **kept,
                      GError  *error)
{
  if (*kept != NULL && get_rank (*kept) <= get_rank (error))
    {
      g_error_free (error);
      return;
    }

  g_clear_error (kept);
  *kept = error;
}

static GError *
describe_proxy (Race         *self,
                const GError *cause,
                gboolean      was_reached)
{
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PROXY_NEED_AUTH) ||
      g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PROXY_AUTH_FAILED))
    return g_error_new (XMPP_ERROR, XMPP_ERROR_PROXY,
                        _("The proxy %s refused the login. Check the proxy's user name and password."),
                        self->proxy);

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PROXY_NOT_ALLOWED))
    return g_error_new (XMPP_ERROR, XMPP_ERROR_PROXY,
                        _("The proxy %s does not allow connections to %s on port %u."),
                        self->proxy, self->host, self->port);

  if (!was_reached)
    return g_error_new (XMPP_ERROR, XMPP_ERROR_PROXY,
                        _("The proxy %s cannot be reached: %s. Check the proxy's address and port."),
                        self->proxy, cause->message);

  return g_error_new (XMPP_ERROR, XMPP_ERROR_PROXY,
                      _("The proxy %s could not connect to %s on port %u: %s"),
                      self->proxy, self->host, self->port, cause->message);
}

static GError *
describe (Race         *self,
          const GError *cause)
{
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return g_error_new (XMPP_ERROR, XMPP_ERROR_REFUSED,
                        _("%s refused the connection on port %u. Check that the server runs there."),
                        self->host, self->port);

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return g_error_new (XMPP_ERROR, XMPP_ERROR_TIMED_OUT,
                        _("%s does not answer on port %u. Check the port, and whether a firewall "
                          "is in the way."),
                        self->host, self->port);

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE) ||
      g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE))
    return g_error_new (XMPP_ERROR, XMPP_ERROR_UNREACHABLE,
                        _("%s cannot be reached on port %u. Check your network connection."),
                        self->host, self->port);

  if (g_error_matches (cause, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND))
    return g_error_new (XMPP_ERROR, XMPP_ERROR_NAME_NOT_FOUND,
                        _("There is no server with the name %s. Check how it is written."), self->host);

  if (cause->domain == G_RESOLVER_ERROR)
    return g_error_new (XMPP_ERROR, XMPP_ERROR_DNS_FAILED,
                        _("The server %s could not be looked up. Check your network connection."),
                        self->host);

  return g_error_new (XMPP_ERROR, XMPP_ERROR_FAILED,
                      _("%s could not be connected to on port %u: %s"),
                      self->host, self->port, cause->message);
}

/* What a proxy that was reached says of the server is as good as our own experience */
static gboolean
is_about_server (const GError *cause)
{
  return g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED) ||
         g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE) ||
         g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE);
}

static void
note_cause (Race         *self,
            const GError *cause,
            gboolean      was_reached)
{
  if (self->proxy == NULL || (was_reached && is_about_server (cause)))
    xmpp_race_keep_error (&self->error, describe (self, cause));
  else
    xmpp_race_keep_error (&self->error, describe_proxy (self, cause, was_reached));
}

/* The end */

static void
stop_timer (Race  *self,
            guint *timer)
{
  if (*timer != 0)
    xmpp_clock_remove (self->clock, *timer);
  *timer = 0;
}

static void
conclude (GTask             *task,
          GSocketConnection *winner)
{
  Race *self = g_task_get_task_data (task);
  g_autoptr(GCancellable) under_way = g_object_ref (self->cancellable);

  self->is_done = TRUE;
  stop_timer (self, &self->limit);
  stop_timer (self, &self->stagger);
  if (self->cancelled != NULL)
    g_source_destroy (self->cancelled);
  g_clear_pointer (&self->cancelled, g_source_unref);

  if (winner != NULL)
    g_task_return_pointer (task, g_object_ref (winner), g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&self->error));

  g_cancellable_cancel (under_way);
}

static gboolean
on_cancelled (GCancellable *cancellable,
              gpointer      user_data)
{
  GTask *task = user_data;
  Race *self = g_task_get_task_data (task);

  g_clear_error (&self->error);
  g_cancellable_set_error_if_cancelled (cancellable, &self->error);
  conclude (task, NULL);

  return G_SOURCE_REMOVE;
}

static gboolean
on_limit (gpointer user_data)
{
  g_autoptr(GTask) task = g_object_ref (user_data);
  Race *self = g_task_get_task_data (task);
  g_autoptr(GError) cause = NULL;

  self->limit = 0;
  xmpp_connector_progress (self->connector, "%s port %u: no answer in time", self->host, self->port);

  /* Not even an address: that is DNS' fault */
  cause = self->n_addresses == 0 && self->proxy == NULL
            ? g_error_new_literal (G_RESOLVER_ERROR, G_RESOLVER_ERROR_TEMPORARY_FAILURE, "")
            : g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, _("no answer in time"));
  note_cause (self, cause, self->n_addresses > 0);
  conclude (task, NULL);

  return G_SOURCE_REMOVE;
}

/* Reads and writes wait as long as they like; a peer that has gone is noticed nevertheless */
static void
tune (GSocketConnection *connection)
{
  GSocket *socket = g_socket_connection_get_socket (connection);

  g_socket_set_timeout (socket, 0);
  g_socket_set_keepalive (socket, TRUE);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_USER_TIMEOUT, USER_TIMEOUT_MS, NULL);
}

/* Attempts */

static void ask_address (GTask *task);
static void take_route  (GTask *task);

static void
go_on (GTask *task)
{
  Race *self = g_task_get_task_data (task);

  stop_timer (self, &self->stagger);

  if (self->addresses != NULL)
    ask_address (task);
  else if (self->n_attempts == 0)
    take_route (task);
}

static void
on_client_event (GSocketClient      *client,
                 GSocketClientEvent  event,
                 GSocketConnectable *connectable,
                 GIOStream          *connection,
                 gpointer            user_data)
{
  Attempt *attempt = user_data;

  if (event == G_SOCKET_CLIENT_PROXY_NEGOTIATING)
    attempt->is_negotiating = TRUE;
}

static void
on_connected (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(Attempt) attempt = user_data;
  Race *self = g_task_get_task_data (attempt->task);
  g_autoptr(GSocketConnection) connection = NULL;
  g_autoptr(GError) error = NULL;

  connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (object), result, &error);
  g_signal_handlers_disconnect_by_data (object, attempt);
  self->n_attempts--;

  if (self->is_done)
    return;

  if (connection != NULL)
    {
      xmpp_connector_progress (self->connector, "%s: connected", attempt->address);
      tune (connection);
      if (self->proxy == NULL)
        self->address = g_steal_pointer (&attempt->address);
      conclude (attempt->task, connection);
      return;
    }

  xmpp_connector_progress (self->connector, "%s: %s", attempt->address, error->message);
  note_cause (self, error, attempt->is_negotiating);
  go_on (attempt->task);
}

static char *
print_address (GSocketAddress *address)
{
  GInetSocketAddress *inet = G_INET_SOCKET_ADDRESS (address);

  return g_inet_address_to_string (g_inet_socket_address_get_address (inet));
}

static void
try_address (GTask          *task,
             GSocketAddress *address)
{
  Race *self = g_task_get_task_data (task);
  Attempt *attempt = g_new0 (Attempt, 1);

  self->n_addresses++;
  self->n_attempts++;
  attempt->task = g_object_ref (task);
  attempt->address = print_address (address);
  attempt->client = g_socket_client_new ();

  /* Which proxy, if any, is decided already */
  g_socket_client_set_enable_proxy (attempt->client, G_IS_PROXY_ADDRESS (address));
  g_signal_connect (attempt->client, "event", G_CALLBACK (on_client_event), attempt);

  xmpp_connector_progress (self->connector, "%s: trying for %s port %u",
                           attempt->address, self->host, self->port);
  g_socket_client_connect_async (attempt->client, G_SOCKET_CONNECTABLE (address),
                                 self->cancellable, on_connected, attempt);
}

static gboolean
on_stagger (gpointer user_data)
{
  g_autoptr(GTask) task = g_object_ref (user_data);
  Race *self = g_task_get_task_data (task);

  self->stagger = 0;
  go_on (task);

  return G_SOURCE_REMOVE;
}

static void
on_address (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Race *self = g_task_get_task_data (task);
  g_autoptr(GSocketAddress) address = NULL;
  g_autoptr(GError) error = NULL;

  address = g_socket_address_enumerator_next_finish (G_SOCKET_ADDRESS_ENUMERATOR (object), result, &error);
  self->is_asking = FALSE;

  if (self->is_done)
    return;

  if (address == NULL || self->n_addresses == MAX_ADDRESSES)
    {
      if (error == NULL && self->n_addresses == 0)
        g_set_error_literal (&error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "no address");
      if (error != NULL)
        {
          xmpp_connector_progress (self->connector, "%s: %s",
                                   self->proxy != NULL ? self->proxy : self->host, error->message);
          note_cause (self, error, FALSE);
        }
      g_clear_object (&self->addresses);
      if (self->n_attempts == 0)
        take_route (task);
      return;
    }

  try_address (task, address);
  if (self->stagger == 0)
    self->stagger = xmpp_clock_add (self->clock, STAGGER_MS, on_stagger, task);
}

static void
ask_address (GTask *task)
{
  Race *self = g_task_get_task_data (task);

  if (self->is_asking)
    return;

  self->is_asking = TRUE;
  g_socket_address_enumerator_next_async (self->addresses, self->cancellable, on_address,
                                          g_object_ref (task));
}

/* Routes */

static char *
print_proxy (const char *uri)
{
  g_autoptr(GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_HAS_PASSWORD, NULL);

  return parsed != NULL ? g_uri_to_string_partial (parsed, G_URI_HIDE_USERINFO) : NULL;
}

static GSocketAddressEnumerator *
enumerate_proxy (Race       *self,
                 const char *uri)
{
  g_autofree char *protocol = g_uri_parse_scheme (uri);
  g_autoptr(GProxy) proxy = protocol != NULL ? g_proxy_get_default_for_protocol (protocol) : NULL;
  g_autoptr(GSocketConnectable) connectable = NULL;
  g_autoptr(GProxyResolver) resolver = NULL;
  g_autofree char *destination = NULL;

  if (proxy == NULL || self->proxy == NULL)
    return NULL;

  connectable = g_network_address_new (self->host, self->port);
  resolver = g_simple_proxy_resolver_new (uri, NULL);
  destination = g_uri_join (G_URI_FLAGS_NONE, "xmpp-client", NULL, self->host, self->port, "", NULL, NULL);

  return g_object_new (G_TYPE_PROXY_ADDRESS_ENUMERATOR,
                       "connectable", connectable,
                       "uri", destination,
                       "proxy-resolver", resolver,
                       NULL);
}

/* The next route. Directly only where the settings say so: a proxy that fails is not gone round (S20). */
static void
take_route (GTask *task)
{
  Race *self = g_task_get_task_data (task);
  const char *uri = self->routes[self->next_route];
  g_autoptr(GSocketConnectable) connectable = NULL;

  if (uri == NULL)
    {
      conclude (task, NULL);
      return;
    }

  self->next_route++;
  g_clear_pointer (&self->proxy, g_free);

  if (g_str_has_prefix (uri, "direct://"))
    {
      connectable = g_network_address_new (self->host, self->port);
      self->addresses = g_socket_connectable_enumerate (connectable);
    }
  else
    {
      self->proxy = print_proxy (uri);
      self->addresses = enumerate_proxy (self, uri);
      xmpp_connector_progress (self->connector, "Through the proxy %s",
                               self->proxy != NULL ? self->proxy : "that is not a URI");
    }

  if (self->addresses != NULL)
    {
      ask_address (task);
      return;
    }

  xmpp_race_keep_error (&self->error, g_error_new (XMPP_ERROR, XMPP_ERROR_PROXY,
                                 _("The proxy settings cannot be used: %s is of no kind that is known."),
                                 self->proxy != NULL ? self->proxy : "?"));
  take_route (task);
}

static void
on_routes (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Race *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  self->routes = g_proxy_resolver_lookup_finish (G_PROXY_RESOLVER (object), result, &error);
  if (self->is_done)
    return;

  if (self->routes == NULL || self->routes[0] == NULL)
    {
      xmpp_race_keep_error (&self->error, g_error_new (XMPP_ERROR, XMPP_ERROR_PROXY,
                                     _("The proxy settings cannot be used: %s"),
                                     error != NULL ? error->message : "?"));
      conclude (task, NULL);
      return;
    }

  take_route (task);
}

/* host: a name (A-label) or a numeric address. Ten seconds at most. */
void
xmpp_race_async (XmppConnector       *connector,
                 const char          *host,
                 guint16              port,
                 GProxyResolver      *proxies,
                 XmppClock           *clock,
                 GCancellable        *cancellable,
                 GAsyncReadyCallback  callback,
                 gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (connector, cancellable, callback, user_data);
  Race *self = g_new0 (Race, 1);
  g_autofree char *uri = NULL;

  g_task_set_source_tag (task, xmpp_race_async);
  g_task_set_task_data (task, self, race_free);

  self->host = g_strdup (host);
  self->port = port;
  self->proxies = g_object_ref (proxies);
  self->clock = g_object_ref (clock);
  self->connector = connector;
  self->cancellable = g_cancellable_new ();
  self->limit = xmpp_clock_add (clock, LIMIT_MS, on_limit, task);
  if (cancellable != NULL)
    {
      self->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (self->cancelled, (GSourceFunc) (GCallback) on_cancelled, task, NULL);
      g_source_attach (self->cancelled, g_main_context_get_thread_default ());
    }

  uri = g_uri_join (G_URI_FLAGS_NONE, "xmpp-client", NULL, host, port, "", NULL, NULL);
  g_proxy_resolver_lookup_async (proxies, uri, self->cancellable, on_routes, g_object_ref (task));
}

/* address: (transfer full): numeric; NULL through a proxy. Errors: XMPP_ERROR_REFUSED, _TIMED_OUT,
 * _UNREACHABLE, _NAME_NOT_FOUND, _DNS_FAILED, _PROXY, _FAILED, or G_IO_ERROR_CANCELLED
 */
GSocketConnection *
xmpp_race_finish (XmppConnector  *connector,
                  GAsyncResult   *result,
                  char          **address,
                  GError        **error)
{
  Race *self = g_task_get_task_data (G_TASK (result));

  *address = g_steal_pointer (&self->address);

  return g_task_propagate_pointer (G_TASK (result), error);
}
