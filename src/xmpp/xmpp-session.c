/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-marshal.h"
#include "xmpp-session-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define DEFAULT_TIMEOUT 60000   /* ms */

enum
{
  PROP_0,
  PROP_JID,
  PROP_HOST,
  PROP_PORT,
  PROP_SECURITY,
  PROP_ANONYMOUS,
  PROP_LANG,
  PROP_TLS_DATABASE,
  PROP_CLIENT_CERTIFICATE,
  PROP_PROXY_RESOLVER,
  PROP_RESOLVER,
  PROP_CONNECTOR,
  PROP_CLOCK,
  PROP_TIMEOUT,
  PROP_STATE,
  PROP_OWN_JID,
  PROP_MECHANISM,
  PROP_TLS_VERSION,
  PROP_RESUMABLE,
  PROP_ACKNOWLEDGES,
  N_PROPS
};

enum
{
  STANZA,
  EVENT,
  MESSAGE,
  ACKNOWLEDGED,
  UNACKNOWLEDGED,
  REJECTED,
  CLOSED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XmppSession, xmpp_session, G_TYPE_OBJECT)

void
xmpp_session_emit_stanza (XmppSession   *self,
                          XmppStanza    *stanza,
                          XmppDirection  direction)
{
  g_signal_emit (self, signals[STANZA], 0, stanza, direction);
}

void
xmpp_session_emit_message (XmppSession *self,
                           XmppMessage *message)
{
  g_signal_emit (self, signals[MESSAGE], 0, message);
}

void
xmpp_session_emit_event (XmppSession   *self,
                         XmppEvent      event,
                         XmppDirection  direction,
                         const char    *text)
{
  g_signal_emit (self, signals[EVENT], 0, event, direction, text);
}

void
xmpp_session_emit_acknowledged (XmppSession *self,
                                XmppStanza  *message)
{
  g_signal_emit (self, signals[ACKNOWLEDGED], 0, message);
}

void
xmpp_session_emit_unacknowledged (XmppSession *self,
                                  GPtrArray   *messages)
{
  g_signal_emit (self, signals[UNACKNOWLEDGED], 0, messages);
}

void
xmpp_session_emit_rejected (XmppSession  *self,
                            XmppStanza   *message,
                            const GError *error)
{
  g_signal_emit (self, signals[REJECTED], 0, message, error);
}

void
xmpp_session_emit_closed (XmppSession  *self,
                          const GError *error)
{
  g_signal_emit (self, signals[CLOSED], 0, error);
}

void
xmpp_session_set_state (XmppSession *self,
                        XmppState    state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

/* What a connection brings, and takes with it */
void
xmpp_session_notify_connection (XmppSession *self)
{
  g_object_freeze_notify (G_OBJECT (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OWN_JID]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MECHANISM]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TLS_VERSION]);
  xmpp_session_notify_management (self);
  g_object_thaw_notify (G_OBJECT (self));
}

/* What stream management brings, and takes with it */
void
xmpp_session_notify_management (XmppSession *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RESUMABLE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACKNOWLEDGES]);
}

static void
wipe (char **secret)
{
  if (*secret != NULL)
    explicit_bzero (*secret, strlen (*secret));

  g_clear_pointer (secret, g_free);
}

/* What it knows */

/**
 * xmpp_session_get_state:
 * @self: a session
 *
 * Returns: where it is on the way from offline to online and back
 */
XmppState
xmpp_session_get_state (XmppSession *self)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), XMPP_STATE_OFFLINE);

  return self->state;
}

/**
 * xmpp_session_is_online:
 * @self: a session
 *
 * Returns: whether stanzas can be sent
 */
gboolean
xmpp_session_is_online (XmppSession *self)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), FALSE);

  return self->state == XMPP_STATE_ONLINE;
}

/**
 * xmpp_session_get_jid:
 * @self: a session
 *
 * Returns: (transfer none): the account's bare address; of an anonymous one only the domain until
 *   the server has said more
 */
XmppJid *
xmpp_session_get_jid (XmppSession *self)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), NULL);

  return self->own.bare;
}

/**
 * xmpp_session_get_own_jid:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): the full address, as the server bound it (RFC 6120, 7); it stays while the
 *   connection is lost and may be resumed
 */
XmppJid *
xmpp_session_get_own_jid (XmppSession *self)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), NULL);

  return self->own.full;
}

/**
 * xmpp_session_get_certificate:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): what the server showed in the last attempt, refused or not
 */
XmppCertificate *
xmpp_session_get_certificate (XmppSession *self)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), NULL);

  return self->certificate;
}

/**
 * xmpp_session_get_mechanism:
 * @self: a session
 *
 * Returns: (nullable): the SASL mechanism of this connection, such as "SCRAM-SHA-256-PLUS"
 */
const char *
xmpp_session_get_mechanism (XmppSession *self)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), NULL);

  return self->mechanism;
}

/**
 * xmpp_session_get_tls_version:
 * @self: a session
 *
 * Returns: (nullable): such as "TLS 1.3"; %NULL when the connection is not encrypted
 */
const char *
xmpp_session_get_tls_version (XmppSession *self)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), NULL);

  return self->tls_version;
}

/**
 * xmpp_session_get_host:
 * @self: a session
 *
 * Returns: (nullable): the name of the host that it is connected to
 */
const char *
xmpp_session_get_host (XmppSession *self)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), NULL);

  return self->connected_host;
}

/**
 * xmpp_session_get_clock:
 * @self: a session
 *
 * Returns: (transfer none): what the modules ask for the time, too
 */
XmppClock *
xmpp_session_get_clock (XmppSession *self)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), NULL);

  return self->clock;
}

/**
 * xmpp_session_get_last_heard:
 * @self: a session
 *
 * Returns: when the server last said anything, be it white space, in µs on the session's monotonic clock; of
 *   the last connection when there is none, and 0 when there was none
 */
gint64
xmpp_session_get_last_heard (XmppSession *self)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), 0);

  return self->last_heard;
}

/**
 * xmpp_session_get_features:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): the last `<stream:features/>`, those after login
 *   (RFC 6120, 4.3.2)
 */
const XmppNode *
xmpp_session_get_features (XmppSession *self)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), NULL);

  return self->features != NULL ? xmpp_stanza_get_root (self->features) : NULL;
}

/**
 * xmpp_session_has_feature:
 * @self: a session
 * @name: of an element
 * @ns: its namespace
 *
 * Returns: whether the server offers that stream feature after login
 */
gboolean
xmpp_session_has_feature (XmppSession *self,
                          const char  *name,
                          const char  *ns)
{
  const XmppNode *features = xmpp_session_get_features (self);

  return features != NULL && xmpp_node_get_child (features, name, ns) != NULL;
}

/**
 * xmpp_session_get_module:
 * @self: a session
 * @type: the module's
 *
 * Returns: (transfer none) (type GObject): the session's module of that type
 */
gpointer
xmpp_session_get_module (XmppSession *self,
                         GType        type)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), NULL);

  return self->router != NULL ? xmpp_router_get_module (self->router, type) : NULL;
}

/* What it is told */

/**
 * xmpp_session_set_password:
 * @self: a session that is offline
 * @password: (nullable): it is kept in memory until another one is set, then wiped
 */
void
xmpp_session_set_password (XmppSession *self,
                           const char  *password)
{
  char *copy = g_strdup (password);

  g_return_if_fail (XMPP_IS_SESSION (self));

  wipe (&self->password);
  self->password = copy;
}

/**
 * xmpp_session_set_pins:
 * @self: a session that is offline
 * @pins: (nullable) (array zero-terminated=1): keys that the person trusts for this account whatever
 *   their certificate says, see xmpp_certificate_make_pin()
 */
void
xmpp_session_set_pins (XmppSession        *self,
                       const char * const *pins)
{
  char **copy = g_strdupv ((char **) pins);

  g_return_if_fail (XMPP_IS_SESSION (self));

  g_strfreev (self->pins);
  self->pins = copy;
}

/**
 * xmpp_session_set_last_mechanism:
 * @self: a session that is offline
 * @mechanism: (nullable): the one that worked last time
 * @allow_weaker: whether the person agreed that a weaker one is used; if not, a server that offers
 *   only weaker ones is refused with %XMPP_AUTH_ERROR_WEAKER
 */
void
xmpp_session_set_last_mechanism (XmppSession *self,
                                 const char  *mechanism,
                                 gboolean     allow_weaker)
{
  char *copy = g_strdup (mechanism);

  g_return_if_fail (XMPP_IS_SESSION (self));

  g_free (self->last_mechanism);
  self->last_mechanism = copy;
  self->allow_weaker = allow_weaker;
}

static void
set_jid (XmppSession *self,
         XmppJid     *jid)
{
  if (jid == NULL)
    return;

  /* Nothing new; and what was bound may be resumed */
  if (self->jid != NULL && xmpp_jid_equal (self->jid, jid))
    return;

  if (self->state == XMPP_STATE_OFFLINE && self->resumption != NULL)
    xmpp_session_give_up (self);

  xmpp_jid_ref (jid);
  g_clear_pointer (&self->jid, xmpp_jid_unref);
  self->jid = jid;

  if (self->state == XMPP_STATE_OFFLINE)
    {
      g_autoptr(XmppJid) bare = xmpp_jid_get_bare (jid);

      xmpp_own_set (&self->own, bare);
    }
}

static void
xmpp_session_constructed (GObject *object)
{
  XmppSession *self = XMPP_SESSION (object);

  G_OBJECT_CLASS (xmpp_session_parent_class)->constructed (object);

  if (self->clock == NULL)
    self->clock = xmpp_clock_new ();

  self->router = xmpp_router_new (self);
}

static void
xmpp_session_dispose (GObject *object)
{
  XmppSession *self = XMPP_SESSION (object);

  xmpp_session_drop (self);
  g_clear_pointer (&self->router, xmpp_router_free);
  g_clear_object (&self->certificate);
  g_clear_object (&self->tls_database);
  g_clear_object (&self->authorities);
  g_clear_object (&self->client_certificate);
  g_clear_object (&self->proxy_resolver);
  g_clear_object (&self->resolver);
  g_clear_object (&self->connector);

  G_OBJECT_CLASS (xmpp_session_parent_class)->dispose (object);
}

static void
xmpp_session_finalize (GObject *object)
{
  XmppSession *self = XMPP_SESSION (object);

  wipe (&self->password);
  xmpp_own_clear (&self->own);
  g_clear_pointer (&self->jid, xmpp_jid_unref);
  g_clear_pointer (&self->suspects, g_hash_table_unref);
  g_clear_pointer (&self->pins, g_strfreev);
  g_clear_pointer (&self->last_mechanism, g_free);
  g_clear_pointer (&self->host, g_free);
  g_clear_pointer (&self->lang, g_free);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (xmpp_session_parent_class)->finalize (object);
}

static void
xmpp_session_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  XmppSession *self = XMPP_SESSION (object);

  switch (prop_id)
    {
    case PROP_JID:
      g_value_set_boxed (value, self->jid);
      break;

    case PROP_HOST:
      g_value_set_string (value, self->host);
      break;

    case PROP_PORT:
      g_value_set_uint (value, self->port);
      break;

    case PROP_SECURITY:
      g_value_set_uint (value, self->security);
      break;

    case PROP_ANONYMOUS:
      g_value_set_boolean (value, self->is_anonymous);
      break;

    case PROP_LANG:
      g_value_set_string (value, self->lang);
      break;

    case PROP_TLS_DATABASE:
      g_value_set_object (value, self->tls_database);
      break;

    case PROP_CLIENT_CERTIFICATE:
      g_value_set_object (value, self->client_certificate);
      break;

    case PROP_PROXY_RESOLVER:
      g_value_set_object (value, self->proxy_resolver);
      break;

    case PROP_RESOLVER:
      g_value_set_object (value, self->resolver);
      break;

    case PROP_CONNECTOR:
      g_value_set_object (value, self->connector);
      break;

    case PROP_CLOCK:
      g_value_set_object (value, self->clock);
      break;

    case PROP_TIMEOUT:
      g_value_set_uint (value, self->timeout);
      break;

    case PROP_STATE:
      g_value_set_uint (value, self->state);
      break;

    case PROP_OWN_JID:
      g_value_set_boxed (value, self->own.full);
      break;

    case PROP_MECHANISM:
      g_value_set_string (value, self->mechanism);
      break;

    case PROP_TLS_VERSION:
      g_value_set_string (value, self->tls_version);
      break;

    case PROP_RESUMABLE:
      g_value_set_boolean (value, xmpp_session_is_resumable (self));
      break;

    case PROP_ACKNOWLEDGES:
      g_value_set_boolean (value, xmpp_session_acknowledges (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xmpp_session_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  XmppSession *self = XMPP_SESSION (object);

  switch (prop_id)
    {
    case PROP_JID:
      set_jid (self, g_value_get_boxed (value));
      break;

    case PROP_HOST:
      g_free (self->host);
      self->host = g_value_dup_string (value);
      break;

    case PROP_PORT:
      self->port = g_value_get_uint (value);
      break;

    case PROP_SECURITY:
      self->security = g_value_get_uint (value);
      break;

    case PROP_ANONYMOUS:
      self->is_anonymous = g_value_get_boolean (value);
      break;

    case PROP_LANG:
      g_free (self->lang);
      self->lang = g_value_dup_string (value);
      break;

    case PROP_TLS_DATABASE:
      g_set_object (&self->tls_database, g_value_get_object (value));
      break;

    case PROP_CLIENT_CERTIFICATE:
      g_set_object (&self->client_certificate, g_value_get_object (value));
      break;

    case PROP_PROXY_RESOLVER:
      g_set_object (&self->proxy_resolver, g_value_get_object (value));
      break;

    case PROP_RESOLVER:
      g_set_object (&self->resolver, g_value_get_object (value));
      break;

    case PROP_CONNECTOR:
      g_set_object (&self->connector, g_value_get_object (value));
      break;

    case PROP_CLOCK:
      if (g_value_get_object (value) != NULL)
        g_set_object (&self->clock, g_value_get_object (value));
      break;

    case PROP_TIMEOUT:
      self->timeout = g_value_get_uint (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags given = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;
  const GParamFlags told = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  properties[PROP_JID] =
    g_param_spec_boxed ("jid", NULL, NULL, XMPP_TYPE_JID, given);
  properties[PROP_HOST] =
    g_param_spec_string ("host", NULL, NULL, NULL, given);
  properties[PROP_PORT] =
    g_param_spec_uint ("port", NULL, NULL, 0, G_MAXUINT16, 0, given);
  properties[PROP_SECURITY] =
    g_param_spec_uint ("security", NULL, NULL, XMPP_SECURITY_REQUIRED, XMPP_SECURITY_DISABLED,
                       XMPP_SECURITY_REQUIRED, given);
  properties[PROP_ANONYMOUS] =
    g_param_spec_boolean ("anonymous", NULL, NULL, FALSE, given);
  properties[PROP_LANG] =
    g_param_spec_string ("lang", NULL, NULL, NULL, given);
  properties[PROP_TLS_DATABASE] =
    g_param_spec_object ("tls-database", NULL, NULL, G_TYPE_TLS_DATABASE, given);
  properties[PROP_CLIENT_CERTIFICATE] =
    g_param_spec_object ("client-certificate", NULL, NULL, G_TYPE_TLS_CERTIFICATE, given);
  properties[PROP_PROXY_RESOLVER] =
    g_param_spec_object ("proxy-resolver", NULL, NULL, G_TYPE_PROXY_RESOLVER, given);
  properties[PROP_RESOLVER] =
    g_param_spec_object ("resolver", NULL, NULL, G_TYPE_RESOLVER, given);
  properties[PROP_CONNECTOR] =
    g_param_spec_object ("connector", NULL, NULL, XMPP_TYPE_CONNECTOR, given);
  properties[PROP_CLOCK] =
    g_param_spec_object ("clock", NULL, NULL, XMPP_TYPE_CLOCK, given);
  properties[PROP_TIMEOUT] =
    g_param_spec_uint ("timeout", NULL, NULL, 1, G_MAXINT, DEFAULT_TIMEOUT, given);
  properties[PROP_STATE] =
    g_param_spec_uint ("state", NULL, NULL, XMPP_STATE_OFFLINE, XMPP_STATE_CLOSING, XMPP_STATE_OFFLINE, told);
  properties[PROP_OWN_JID] =
    g_param_spec_boxed ("own-jid", NULL, NULL, XMPP_TYPE_JID, told);
  properties[PROP_MECHANISM] =
    g_param_spec_string ("mechanism", NULL, NULL, NULL, told);
  properties[PROP_TLS_VERSION] =
    g_param_spec_string ("tls-version", NULL, NULL, NULL, told);
  properties[PROP_RESUMABLE] =
    g_param_spec_boolean ("resumable", NULL, NULL, FALSE, told);
  properties[PROP_ACKNOWLEDGES] =
    g_param_spec_boolean ("acknowledges", NULL, NULL, FALSE, told);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xmpp_session_class_init (XmppSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->constructed = xmpp_session_constructed;
  object_class->dispose = xmpp_session_dispose;
  object_class->finalize = xmpp_session_finalize;
  object_class->get_property = xmpp_session_get_property;
  object_class->set_property = xmpp_session_set_property;

  install_properties (object_class);

  signals[STANZA] =
    g_signal_new ("stanza", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, xmpp_marshal_VOID__BOXED_INT,
                  G_TYPE_NONE, 2, XMPP_TYPE_STANZA | G_SIGNAL_TYPE_STATIC_SCOPE, G_TYPE_INT);
  g_signal_set_va_marshaller (signals[STANZA], type, xmpp_marshal_VOID__BOXED_INTv);
  signals[EVENT] =
    g_signal_new ("event", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 3, G_TYPE_INT, G_TYPE_INT, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[MESSAGE] =
    g_signal_new ("message", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, XMPP_TYPE_MESSAGE | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[ACKNOWLEDGED] =
    g_signal_new ("acknowledged", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, XMPP_TYPE_STANZA | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[UNACKNOWLEDGED] =
    g_signal_new ("unacknowledged", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_PTR_ARRAY | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[REJECTED] =
    g_signal_new ("rejected", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, XMPP_TYPE_STANZA | G_SIGNAL_TYPE_STATIC_SCOPE,
                  G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[CLOSED] =
    g_signal_new ("closed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
xmpp_session_init (XmppSession *self)
{
  self->timeout = DEFAULT_TIMEOUT;
}

/**
 * xmpp_session_new:
 * @jid: the account's address; its resource, if it has one, is asked for
 *
 * Returns: (transfer full): a new session, offline
 */
XmppSession *
xmpp_session_new (XmppJid *jid)
{
  g_return_val_if_fail (jid != NULL, NULL);

  return g_object_new (XMPP_TYPE_SESSION, "jid", jid, NULL);
}
