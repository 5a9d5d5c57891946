/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-connector.h"

#include "xmpp-clock.h"
#include "xmpp-error.h"
#include "xmpp-jid.h"
#include "xmpp-race.h"
#include "xmpp-srv.h"
#include "xmpp-stanza.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define STARTTLS_PORT   5222
#define DIRECT_TLS_PORT 5223

typedef struct
{
  char           *domain;
  char           *host;
  guint           port;
  XmppSecurity    security;
  GResolver      *resolver;
  GProxyResolver *proxies;
  XmppClock      *clock;
} XmppConnectorPrivate;

/* One connect */
typedef struct
{
  GPtrArray    *targets;    /* of XmppSrvTarget, in the order to try */
  guint         next;
  GError       *error;      /* the most telling one so far */
  XmppEndpoint *endpoint;
} Connect;

enum {
  PROP_DOMAIN = 1,
  PROP_HOST,
  PROP_PORT,
  PROP_SECURITY,
  PROP_RESOLVER,
  PROP_PROXY_RESOLVER,
  PROP_CLOCK,
  N_PROPS
};

enum {
  PROGRESS,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_TYPE_WITH_PRIVATE (XmppConnector, xmpp_connector, G_TYPE_OBJECT)

static void
connect_free (gpointer data)
{
  Connect *self = data;

  g_clear_pointer (&self->targets, g_ptr_array_unref);
  g_clear_error (&self->error);
  g_clear_pointer (&self->endpoint, xmpp_endpoint_free);
  g_free (self);
}

/* Where to */

static guint16
get_default_port (XmppConnectorPrivate *priv)
{
  return priv->security == XMPP_SECURITY_DIRECT_TLS ? DIRECT_TLS_PORT : STARTTLS_PORT;
}

/* A name as DNS wants it, or a numeric address. NULL: it is neither */
static char *
prepare_host (const char *text)
{
  g_autoptr(XmppJid) jid = NULL;
  g_autofree char *name = NULL;

  if (xmpp_srv_is_host_name (text) || g_hostname_is_ip_address (text))
    return g_ascii_strdown (text, -1);

  jid = xmpp_jid_new_from_parts (NULL, text, NULL, NULL);
  name = jid != NULL ? xmpp_jid_get_ascii_domain (jid) : NULL;

  return name != NULL && xmpp_srv_is_host_name (name) ? g_steal_pointer (&name) : NULL;
}

/* host, host:port, a numeric address, [IPv6] or [IPv6]:port. port is left alone where none is given. */
static char *
parse_host (const char *text,
            guint64    *port)
{
  g_autofree char *host = g_strstrip (g_strdup (text));
  char *end = *host == '[' ? strchr (host, ']') : NULL;
  char *colon = end != NULL ? end + 1 : strchr (host, ':');
  gboolean has_port = colon != NULL && *colon == ':';

  if (g_hostname_is_ip_address (host))
    return g_steal_pointer (&host);

  if ((*host == '[' && end == NULL) || (end != NULL && end[1] != '\0' && !has_port))
    return NULL;
  if (has_port && (!xmpp_parse_uint (colon + 1, G_MAXUINT16, port) || *port == 0))
    return NULL;

  if (end != NULL)
    {
      *end = '\0';
      return g_hostname_is_ip_address (host + 1) ? g_strdup (host + 1) : NULL;
    }

  if (has_port)
    *colon = '\0';
  if (g_str_has_suffix (host, "."))
    host[strlen (host) - 1] = '\0';

  return prepare_host (host);
}

/* What the person says where to, when not by SRV (S03) */
static XmppSrvTarget *
get_manual_target (XmppConnector  *self,
                   GError        **error)
{
  XmppConnectorPrivate *priv = xmpp_connector_get_instance_private (self);
  const char *text = priv->host != NULL ? priv->host : priv->domain;
  guint64 port = 0;
  g_autofree char *host = parse_host (text, &port);

  if (host == NULL)
    {
      g_autofree char *shown = g_utf8_make_valid (text, -1);

      g_set_error (error, XMPP_ERROR, XMPP_ERROR_INVALID_ADDRESS,
                   _("“%s” is not the name of a server. It should be like xmpp.example.org "
                     "or xmpp.example.org:5222."),
                   shown);
      return NULL;
    }

  if (priv->port != 0)
    port = priv->port;

  return xmpp_srv_target_new (host, port != 0 ? port : get_default_port (priv),
                              priv->security == XMPP_SECURITY_DIRECT_TLS);
}

static XmppSrvKinds
get_kinds (XmppConnectorPrivate *priv)
{
  switch (priv->security)
    {
    case XMPP_SECURITY_DIRECT_TLS:
      return XMPP_SRV_DIRECT_TLS;
    case XMPP_SECURITY_DISABLED:
      return XMPP_SRV_STARTTLS;
    case XMPP_SECURITY_REQUIRED:
    default:
      return XMPP_SRV_STARTTLS | XMPP_SRV_DIRECT_TLS;
    }
}

/* Connecting */

static void try_next (GTask *task);

static XmppEndpoint *
make_endpoint (XmppConnectorPrivate *priv,
               const XmppSrvTarget  *target,
               char                 *address)
{
  XmppEndpoint *endpoint = g_new0 (XmppEndpoint, 1);

  /* Never the target: whoever forges DNS may well have a certificate for that (RFC 6120, 13.7.2.1) */
  endpoint->identity = g_network_address_new (priv->domain, target->port);
  endpoint->direct_tls = target->direct_tls;
  endpoint->host = g_strdup (target->host);
  endpoint->port = target->port;
  endpoint->address = address;

  return endpoint;
}

static void
on_raced (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  XmppConnector *self = g_task_get_source_object (task);
  XmppConnectorPrivate *priv = xmpp_connector_get_instance_private (self);
  Connect *connect = g_task_get_task_data (task);
  g_autofree char *address = NULL;
  g_autoptr(GError) error = NULL;
  GSocketConnection *connection;

  connection = xmpp_race_finish (self, result, &address, &error);
  if (connection != NULL)
    {
      connect->endpoint = make_endpoint (priv, connect->targets->pdata[connect->next - 1],
                                         g_steal_pointer (&address));
      g_task_return_pointer (task, connection, g_object_unref);
      return;
    }

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  xmpp_race_keep_error (&connect->error, g_steal_pointer (&error));
  try_next (task);
}

static void
try_next (GTask *task)
{
  XmppConnector *self = g_task_get_source_object (task);
  XmppConnectorPrivate *priv = xmpp_connector_get_instance_private (self);
  Connect *connect = g_task_get_task_data (task);
  GProxyResolver *proxies = priv->proxies != NULL ? priv->proxies : g_proxy_resolver_get_default ();
  XmppSrvTarget *target;

  if (connect->next == connect->targets->len)
    {
      g_task_return_error (task, g_steal_pointer (&connect->error));
      return;
    }

  target = connect->targets->pdata[connect->next++];
  xmpp_connector_progress (self, "Connecting to %s port %u for %s", target->host, target->port,
                           target->direct_tls ? "direct TLS" : "STARTTLS");
  xmpp_race_async (self, target->host, target->port, proxies, priv->clock,
                   g_task_get_cancellable (task), on_raced, g_object_ref (task));
}

static void
on_found (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  XmppConnector *self = g_task_get_source_object (task);
  XmppConnectorPrivate *priv = xmpp_connector_get_instance_private (self);
  Connect *connect = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  connect->targets = xmpp_srv_find_finish (self, result, &error);
  if (connect->targets == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  /* (RFC 6120, 3.2.2) */
  if (connect->targets->len == 0)
    g_ptr_array_add (connect->targets,
                     xmpp_srv_target_new (priv->domain, get_default_port (priv),
                                          priv->security == XMPP_SECURITY_DIRECT_TLS));
  try_next (task);
}

static void
xmpp_connector_real_connect_async (XmppConnector       *self,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  XmppConnectorPrivate *priv = xmpp_connector_get_instance_private (self);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Connect *connect = g_new0 (Connect, 1);
  g_autoptr(GResolver) resolver = NULL;
  g_autoptr(GError) error = NULL;
  XmppSrvTarget *target;

  g_task_set_source_tag (task, xmpp_connector_connect_async);
  g_task_set_task_data (task, connect, connect_free);

  if (priv->host == NULL && priv->port == 0 && !g_hostname_is_ip_address (priv->domain))
    {
      resolver = priv->resolver != NULL ? g_object_ref (priv->resolver) : g_resolver_get_default ();
      xmpp_srv_find_async (self, priv->domain, get_kinds (priv), resolver, priv->clock,
                           cancellable, on_found, g_object_ref (task));
      return;
    }

  target = get_manual_target (self, &error);
  if (target == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  connect->targets = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_srv_target_free);
  g_ptr_array_add (connect->targets, target);
  try_next (task);
}

static GIOStream *
xmpp_connector_real_connect_finish (XmppConnector  *self,
                                    GAsyncResult   *result,
                                    XmppEndpoint  **endpoint,
                                    GError        **error)
{
  Connect *connect;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  connect = g_task_get_task_data (G_TASK (result));
  *endpoint = g_steal_pointer (&connect->endpoint);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* What a JID has for a domain: brackets and a final dot are not of its name */
static char *
strip_domain (const char *domain)
{
  gsize length = strlen (domain);

  if (length > 2 && *domain == '[' && domain[length - 1] == ']')
    return g_strndup (domain + 1, length - 2);
  if (length > 1 && domain[length - 1] == '.')
    length--;

  return g_strndup (domain, length);
}

static void
set_host (XmppConnectorPrivate *priv,
          const char           *host)
{
  g_free (priv->host);
  priv->host = host != NULL && *host != '\0' ? g_strdup (host) : NULL;
}

static void
xmpp_connector_constructed (GObject *object)
{
  XmppConnectorPrivate *priv = xmpp_connector_get_instance_private (XMPP_CONNECTOR (object));

  G_OBJECT_CLASS (xmpp_connector_parent_class)->constructed (object);

  if (priv->domain == NULL)
    priv->domain = g_strdup ("");
}

static void
xmpp_connector_finalize (GObject *object)
{
  XmppConnectorPrivate *priv = xmpp_connector_get_instance_private (XMPP_CONNECTOR (object));

  g_free (priv->domain);
  g_free (priv->host);
  g_clear_object (&priv->resolver);
  g_clear_object (&priv->proxies);
  g_clear_object (&priv->clock);

  G_OBJECT_CLASS (xmpp_connector_parent_class)->finalize (object);
}

static void
xmpp_connector_get_property (GObject    *object,
                             guint       property_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  XmppConnectorPrivate *priv = xmpp_connector_get_instance_private (XMPP_CONNECTOR (object));

  switch (property_id)
    {
    case PROP_DOMAIN:
      g_value_set_string (value, priv->domain);
      break;
    case PROP_HOST:
      g_value_set_string (value, priv->host);
      break;
    case PROP_PORT:
      g_value_set_uint (value, priv->port);
      break;
    case PROP_SECURITY:
      g_value_set_uint (value, priv->security);
      break;
    case PROP_RESOLVER:
      g_value_set_object (value, priv->resolver);
      break;
    case PROP_PROXY_RESOLVER:
      g_value_set_object (value, priv->proxies);
      break;
    case PROP_CLOCK:
      g_value_set_object (value, priv->clock);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
xmpp_connector_set_property (GObject      *object,
                             guint         property_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  XmppConnectorPrivate *priv = xmpp_connector_get_instance_private (XMPP_CONNECTOR (object));

  switch (property_id)
    {
    case PROP_DOMAIN:
      if (g_value_get_string (value) != NULL)
        priv->domain = strip_domain (g_value_get_string (value));
      break;
    case PROP_HOST:
      set_host (priv, g_value_get_string (value));
      break;
    case PROP_PORT:
      priv->port = g_value_get_uint (value);
      break;
    case PROP_SECURITY:
      priv->security = g_value_get_uint (value);
      break;
    case PROP_RESOLVER:
      g_set_object (&priv->resolver, g_value_get_object (value));
      break;
    case PROP_PROXY_RESOLVER:
      g_set_object (&priv->proxies, g_value_get_object (value));
      break;
    case PROP_CLOCK:
      g_clear_object (&priv->clock);
      priv->clock = g_value_get_object (value) != NULL ? g_value_dup_object (value) : xmpp_clock_new ();
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
xmpp_connector_class_init (XmppConnectorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = xmpp_connector_constructed;
  object_class->finalize = xmpp_connector_finalize;
  object_class->get_property = xmpp_connector_get_property;
  object_class->set_property = xmpp_connector_set_property;
  klass->connect_async = xmpp_connector_real_connect_async;
  klass->connect_finish = xmpp_connector_real_connect_finish;

  /**
   * XmppConnector:domain:
   *
   * The domain of the account, as A-label: whose SRV records are asked for, and whom the
   * certificate must name.
   */
  properties[PROP_DOMAIN] =
    g_param_spec_string ("domain", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * XmppConnector:host:
   *
   * Where to connect instead of what SRV says: a name or a numeric address, with ":port" or
   * without. %NULL or "": by SRV. It has no say in whom the certificate must name.
   */
  properties[PROP_HOST] =
    g_param_spec_string ("host", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  /**
   * XmppConnector:port:
   *
   * The port, for the host, or for the domain itself. 0: what SRV says, or the usual one.
   */
  properties[PROP_PORT] =
    g_param_spec_uint ("port", NULL, NULL, 0, G_MAXUINT16, 0, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  /**
   * XmppConnector:security:
   *
   * An #XmppSecurity: which kinds of SRV records are asked for, and which port is the usual one.
   */
  properties[PROP_SECURITY] =
    g_param_spec_uint ("security", NULL, NULL, XMPP_SECURITY_REQUIRED, XMPP_SECURITY_DISABLED,
                       XMPP_SECURITY_REQUIRED, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  /**
   * XmppConnector:resolver:
   *
   * Who is asked for SRV records; %NULL: GIO's default. Addresses are always asked of GIO's default
   * (g_resolver_set_default()), as #GNetworkAddress does.
   */
  properties[PROP_RESOLVER] =
    g_param_spec_object ("resolver", NULL, NULL, G_TYPE_RESOLVER,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  /**
   * XmppConnector:proxy-resolver:
   *
   * Which proxies to use, such as a #GSimpleProxyResolver for "socks5://user:password@host:port";
   * %NULL: the system's settings.
   */
  properties[PROP_PROXY_RESOLVER] =
    g_param_spec_object ("proxy-resolver", NULL, NULL, G_TYPE_PROXY_RESOLVER,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  /**
   * XmppConnector:clock:
   *
   * For the limits of time; %NULL: a real one.
   */
  properties[PROP_CLOCK] =
    g_param_spec_object ("clock", NULL, NULL, XMPP_TYPE_CLOCK,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * XmppConnector::progress:
   * @self: the connector
   * @text: what happened, in English, for the console
   */
  signals[PROGRESS] =
    g_signal_new ("progress",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1,
                  G_TYPE_STRING);
}

static void
xmpp_connector_init (XmppConnector *self)
{
  XmppConnectorPrivate *priv = xmpp_connector_get_instance_private (self);

  priv->clock = xmpp_clock_new ();
}

/**
 * xmpp_connector_new:
 * @domain: the domain of the account, as A-label
 *
 * Returns: (transfer full): a connector that goes where DNS says; see its properties
 */
XmppConnector *
xmpp_connector_new (const char *domain)
{
  g_return_val_if_fail (domain != NULL, NULL);

  return g_object_new (XMPP_TYPE_CONNECTOR, "domain", domain, NULL);
}

/**
 * xmpp_connector_connect_async:
 * @self: a connector
 * @cancellable: (nullable): ends it, at any time
 * @callback: called when done
 * @user_data: for @callback
 *
 * Finds the servers of the domain (RFC 6120, 3.2; XEP-0368) and connects to the first that answers,
 * ten seconds each.
 */
void
xmpp_connector_connect_async (XmppConnector       *self,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_return_if_fail (XMPP_IS_CONNECTOR (self));

  XMPP_CONNECTOR_GET_CLASS (self)->connect_async (self, cancellable, callback, user_data);
}

/**
 * xmpp_connector_connect_finish:
 * @self: a connector
 * @result: what the callback got
 * @endpoint: (out) (transfer full): what was connected to
 * @error: why not: %XMPP_ERROR_NAME_NOT_FOUND, %XMPP_ERROR_DNS_FAILED, %XMPP_ERROR_NOT_OFFERED,
 *   %XMPP_ERROR_REFUSED, %XMPP_ERROR_UNREACHABLE, %XMPP_ERROR_TIMED_OUT, %XMPP_ERROR_PROXY,
 *   %XMPP_ERROR_INVALID_ADDRESS, %XMPP_ERROR_FAILED, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full): the connection, without TLS yet
 */
GIOStream *
xmpp_connector_connect_finish (XmppConnector  *self,
                               GAsyncResult   *result,
                               XmppEndpoint  **endpoint,
                               GError        **error)
{
  g_return_val_if_fail (XMPP_IS_CONNECTOR (self), NULL);
  g_return_val_if_fail (endpoint != NULL, NULL);

  *endpoint = NULL;

  return XMPP_CONNECTOR_GET_CLASS (self)->connect_finish (self, result, endpoint, error);
}

/**
 * xmpp_connector_progress:
 * @self: a connector
 * @format: as printf's, in English
 * @...: for @format
 *
 * For connectors: emits #XmppConnector::progress.
 */
void
xmpp_connector_progress (XmppConnector *self,
                         const char    *format,
                         ...)
{
  g_autofree char *text = NULL;
  va_list args;

  g_return_if_fail (XMPP_IS_CONNECTOR (self));

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  g_signal_emit (self, signals[PROGRESS], 0, text);
}

/**
 * xmpp_endpoint_free:
 * @self: (nullable): an endpoint
 */
void
xmpp_endpoint_free (XmppEndpoint *self)
{
  if (self == NULL)
    return;

  g_clear_object (&self->identity);
  g_free (self->host);
  g_free (self->address);
  g_free (self);
}
