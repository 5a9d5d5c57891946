/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-marshal.h"
#include "xmpp-session-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define DEFAULT_TIMEOUT 60000   /* ms */
#define CLOSE_TIMEOUT   2000    /* ms; what a server gets to say goodbye (F53) */

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
  N_PROPS
};

enum
{
  STANZA,
  EVENT,
  MESSAGE,
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

static void
emit_event (XmppSession   *self,
            XmppEvent      event,
            XmppDirection  direction,
            const char    *text)
{
  g_signal_emit (self, signals[EVENT], 0, event, direction, text);
}

static void
set_state (XmppSession *self,
           XmppState    state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
wipe (char **secret)
{
  if (*secret != NULL)
    explicit_bzero (*secret, strlen (*secret));

  g_clear_pointer (secret, g_free);
}

/* The stream, once it is ours */

static void
on_stream_received (XmppStream *stream,
                    XmppStanza *stanza,
                    gpointer    user_data)
{
  g_autoptr(XmppSession) self = g_object_ref (user_data);

  xmpp_session_receive (self, stanza);
}

static void
on_stream_raw (XmppStream *stream,
               gboolean    is_sent,
               const char *text,
               gpointer    user_data)
{
  g_autoptr(XmppSession) self = g_object_ref (user_data);

  emit_event (self, xmpp_event_from_raw (text), is_sent ? XMPP_SENT : XMPP_RECEIVED, text);
}

/* The session has let go of the stream, which is still writing its goodbye */

static void
on_parted (XmppStream   *stream,
           const GError *error,
           gpointer      user_data)
{
  XmppSession *self = user_data;

  g_clear_object (&self->parting);
}

static const XmppStreamFuncs parting_funcs = {
  .closed = on_parted,
  .raw = on_stream_raw,
};

static void
clear_parting (XmppSession *self)
{
  if (self->parting != NULL)
    xmpp_stream_abort (self->parting);

  g_clear_object (&self->parting);
}

static void
part_from (XmppSession *self,
           XmppStream  *stream)
{
  clear_parting (self);
  self->parting = g_object_ref (stream);
  xmpp_stream_set_funcs (stream, &parting_funcs, self);
  xmpp_stream_hang_up (stream);
}

static void
clear_cancelled (XmppSession *self)
{
  if (self->cancelled != NULL)
    g_source_destroy (self->cancelled);

  g_clear_pointer (&self->cancelled, g_source_unref);
}

static void
watch_cancellable (XmppSession           *self,
                   GTask                 *task,
                   GCancellableSourceFunc on_cancelled)
{
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (cancellable == NULL)
    return;

  self->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (self->cancelled, G_SOURCE_FUNC (on_cancelled), self, NULL);
  g_source_attach (self->cancelled, g_task_get_context (task));
}

static void
clear_connection (XmppSession *self)
{
  if (self->closing_timer != 0)
    xmpp_clock_remove (self->clock, self->closing_timer);

  self->closing_timer = 0;
  self->unsent_answers = 0;
  clear_cancelled (self);
  g_clear_pointer (&self->features, xmpp_stanza_unref);
  g_clear_pointer (&self->connected_host, g_free);
  g_clear_pointer (&self->mechanism, g_free);
  g_clear_pointer (&self->tls_version, g_free);
}

/* A session that was online is not any more; its stream is dealt with. error: why, or NULL when we
 * wanted it. Everything of the connection goes before anybody is told: who hears of the end may
 * connect anew.
 */
static void
end (XmppSession  *self,
     const GError *error)
{
  g_autoptr(XmppSession) hold = g_object_ref (self);
  g_autoptr(GPtrArray) closing = g_steal_pointer (&self->closing);
  g_autoptr(GError) reason = error != NULL ? g_error_copy (error) : NULL;
  XmppRequests *requests = g_steal_pointer (&self->requests);

  clear_connection (self);
  self->state = XMPP_STATE_OFFLINE;

  /* The modules still know who they were */
  xmpp_router_offline (self->router);
  xmpp_own_set (&self->own, self->own.bare);

  g_object_freeze_notify (G_OBJECT (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OWN_JID]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MECHANISM]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TLS_VERSION]);
  g_object_thaw_notify (G_OBJECT (self));

  emit_event (self, XMPP_EVENT_STATE, XMPP_RECEIVED, reason != NULL ? reason->message : _("Disconnected"));
  xmpp_requests_free (requests);
  g_signal_emit (self, signals[CLOSED], 0, reason);

  for (guint i = 0; closing != NULL && i < closing->len; i++)
    g_task_return_boolean (g_ptr_array_index (closing, i), TRUE);
}

static void
on_stream_closed (XmppStream   *stream,
                  const GError *error,
                  gpointer      user_data)
{
  g_autoptr(XmppSession) self = g_object_ref (user_data);
  g_autoptr(GError) gone = g_error_new_literal (XMPP_ERROR, XMPP_ERROR_DISCONNECTED,
                                                _("The server closed the connection"));

  g_clear_object (&self->stream);

  if (self->state == XMPP_STATE_CLOSING)
    end (self, NULL);
  else
    end (self, error != NULL ? error : gone);
}

/* Once and for all, but not without a goodbye */
void
xmpp_session_end (XmppSession  *self,
                  const GError *error)
{
  g_autoptr(XmppStream) stream = g_steal_pointer (&self->stream);

  part_from (self, stream);
  end (self, error);
}

/* At once */
static void
cut (XmppSession  *self,
     const GError *error)
{
  xmpp_stream_abort (self->stream);
  g_clear_object (&self->stream);
  end (self, error);
}

static const XmppStreamFuncs stream_funcs = {
  .received = on_stream_received,
  .closed = on_stream_closed,
  .raw = on_stream_raw,
};

/* Connecting */

static void
on_negotiator_state (XmppState state,
                     gpointer  user_data)
{
  set_state (user_data, state);
}

static void
on_negotiator_stanza (XmppStanza    *stanza,
                      XmppDirection  direction,
                      gpointer       user_data)
{
  xmpp_session_emit_stanza (user_data, stanza, direction);
}

static void
on_negotiator_event (XmppEvent      event,
                     XmppDirection  direction,
                     const char    *text,
                     gpointer       user_data)
{
  emit_event (user_data, event, direction, text);
}

/* The end of connecting, however it came: what it held is let go, and who waits for it is told. */
static GTask *
take_connecting (XmppSession *self)
{
  clear_cancelled (self);
  g_clear_object (&self->negotiator);

  return g_steal_pointer (&self->connecting);
}

static void
go_online (XmppSession    *self,
           XmppNegotiator *negotiator)
{
  self->stream = xmpp_negotiator_take_stream (negotiator);
  self->features = xmpp_stanza_ref (xmpp_negotiator_get_features (negotiator));
  self->connected_host = g_strdup (xmpp_negotiator_get_host (negotiator));
  self->mechanism = g_strdup (xmpp_negotiator_get_mechanism (negotiator));
  self->tls_version = g_strdup (xmpp_negotiator_get_tls_version (negotiator));
  self->requests = xmpp_requests_new (self->clock, self->timeout);
  self->closing = g_ptr_array_new_with_free_func (g_object_unref);
  xmpp_own_set (&self->own, xmpp_negotiator_get_jid (negotiator));

  xmpp_stream_set_funcs (self->stream, &stream_funcs, self);
  self->state = XMPP_STATE_ONLINE;

  g_object_freeze_notify (G_OBJECT (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OWN_JID]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MECHANISM]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TLS_VERSION]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  g_object_thaw_notify (G_OBJECT (self));

  /* Somebody may have ended it on hearing of it */
  if (self->state == XMPP_STATE_ONLINE)
    {
      /* Translators: %s is our address */
      g_autofree char *text = g_strdup_printf (_("Logged in as %s"), xmpp_jid_get_text (self->own.full));

      emit_event (self, XMPP_EVENT_STATE, XMPP_RECEIVED, text);
    }
}

static void
on_negotiator_done (const GError *error,
                    gpointer      user_data)
{
  g_autoptr(XmppSession) self = g_object_ref (user_data);
  g_autoptr(XmppNegotiator) negotiator = g_object_ref (self->negotiator);
  g_autoptr(GTask) task = take_connecting (self);

  g_set_object (&self->certificate, xmpp_negotiator_get_certificate (negotiator));

  if (error != NULL)
    {
      g_autoptr(XmppStream) stream = xmpp_negotiator_take_stream (negotiator);

      if (stream != NULL)
        part_from (self, stream);
      set_state (self, XMPP_STATE_OFFLINE);
      emit_event (self, XMPP_EVENT_STATE, XMPP_RECEIVED, error->message);
      g_task_return_error (task, g_error_copy (error));
      return;
    }

  go_online (self, negotiator);

  if (self->state == XMPP_STATE_ONLINE)
    xmpp_router_online (self->router, FALSE);

  if (self->state == XMPP_STATE_ONLINE)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, XMPP_ERROR, XMPP_ERROR_DISCONNECTED, _("Disconnected"));
}

static const XmppNegotiatorFuncs negotiator_funcs = {
  .state = on_negotiator_state,
  .stanza = on_negotiator_stanza,
  .event = on_negotiator_event,
  .done = on_negotiator_done,
};

static void
cancel_connecting (XmppSession *self)
{
  g_autoptr(GTask) task = NULL;

  if (self->connecting == NULL)
    return;

  xmpp_negotiator_cancel (self->negotiator);
  task = take_connecting (self);
  set_state (self, XMPP_STATE_OFFLINE);
  emit_event (self, XMPP_EVENT_STATE, XMPP_RECEIVED, _("Connecting was cancelled"));
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("Connecting was cancelled"));
}

static gboolean
on_connect_cancelled (GCancellable *cancellable,
                      gpointer      user_data)
{
  cancel_connecting (user_data);

  return G_SOURCE_REMOVE;
}

static void
on_connector_progress (XmppConnector *connector,
                       const char    *text,
                       XmppSession   *self)
{
  emit_event (self, XMPP_EVENT_NETWORK, XMPP_RECEIVED, text);
}

static XmppConnector *
make_connector (XmppSession *self)
{
  g_autofree char *domain = NULL;
  XmppConnector *connector;

  if (self->connector != NULL)
    return g_object_ref (self->connector);

  domain = xmpp_jid_get_ascii_domain (self->jid);
  connector = xmpp_connector_new (domain);
  g_object_set (connector,
                "host", self->host,
                "port", self->port,
                "security", self->security,
                "resolver", self->resolver,
                "proxy-resolver", self->proxy_resolver,
                "clock", self->clock,
                NULL);

  return connector;
}

static XmppNegotiator *
make_negotiator (XmppSession *self)
{
  g_autoptr(XmppConnector) connector = make_connector (self);
  XmppNegotiatorOptions options = {
    .jid = self->jid,
    .password = self->password,
    .lang = self->lang,
    .security = self->security,
    .is_anonymous = self->is_anonymous,
    .pins = (const char * const *) self->pins,
    .last_mechanism = self->last_mechanism,
    .allow_weaker = self->allow_weaker,
    .tls_database = self->tls_database,
    .client_certificate = self->client_certificate,
    .clock = self->clock,
  };

  g_signal_connect_object (connector, "progress", G_CALLBACK (on_connector_progress), self, 0);

  return xmpp_negotiator_new (connector, &options, &negotiator_funcs, self);
}

/**
 * xmpp_session_connect_async:
 * @self: a session that is offline
 * @cancellable: (nullable): ends the attempt at once, at any moment
 * @callback: when it is online, or cannot be
 * @user_data: for @callback
 *
 * Finds the server, connects, secures the stream, logs in and binds a resource (RFC 6120, 3 to 7).
 * One attempt: when to try again is the caller's business. A session can be connected again later.
 */
void
xmpp_session_connect_async (XmppSession         *self,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (XMPP_IS_SESSION (self));
  g_return_if_fail (self->jid != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xmpp_session_connect_async);

  if (g_task_return_error_if_cancelled (task))
    return;

  if (self->state != XMPP_STATE_OFFLINE)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING, _("Already connected or connecting"));
      return;
    }

  watch_cancellable (self, task, on_connect_cancelled);
  clear_parting (self);
  g_clear_object (&self->certificate);
  self->connecting = g_steal_pointer (&task);
  self->negotiator = make_negotiator (self);
  xmpp_negotiator_start (self->negotiator);
}

/**
 * xmpp_session_connect_finish:
 * @self: a session
 * @result: what the callback was given
 * @error: %XMPP_ERROR, %XMPP_STREAM_ERROR, %XMPP_AUTH_ERROR, or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether it is online; after %XMPP_ERROR_CERTIFICATE see xmpp_session_get_certificate()
 */
gboolean
xmpp_session_connect_finish (XmppSession   *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Closing */

static gboolean
on_close_timeout (gpointer user_data)
{
  XmppSession *self = user_data;

  self->closing_timer = 0;
  cut (self, NULL);

  return G_SOURCE_REMOVE;
}

static gboolean
on_close_cancelled (GCancellable *cancellable,
                    gpointer      user_data)
{
  cut (user_data, NULL);

  return G_SOURCE_REMOVE;
}

/**
 * xmpp_session_close_async:
 * @self: a session
 * @cancellable: (nullable): does not wait for the server's goodbye
 * @callback: when it is offline, at most two seconds later
 * @user_data: for @callback
 *
 * Says goodbye: unavailable presence (RFC 6121, 4.5) and the end of the stream (RFC 6120, 4.4). One
 * that is just connecting is stopped.
 */
void
xmpp_session_close_async (XmppSession         *self,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(XmppStanza) presence = NULL;
  g_autoptr(XmppStream) stream = NULL;

  g_return_if_fail (XMPP_IS_SESSION (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xmpp_session_close_async);

  if (self->state != XMPP_STATE_ONLINE && self->state != XMPP_STATE_CLOSING)
    {
      cancel_connecting (self);
      g_task_return_boolean (task, TRUE);
      return;
    }

  g_ptr_array_add (self->closing, g_object_ref (task));
  if (self->state == XMPP_STATE_CLOSING)
    return;

  stream = g_object_ref (self->stream);
  presence = xmpp_stanza_new ("presence", XMPP_NS_CLIENT);
  xmpp_node_set (xmpp_stanza_get_root (presence), "type", "unavailable");
  xmpp_session_send (self, presence);

  /* Somebody may have ended it on seeing that */
  if (self->state == XMPP_STATE_ONLINE)
    {
      watch_cancellable (self, task, on_close_cancelled);
      self->closing_timer = xmpp_clock_add (self->clock, CLOSE_TIMEOUT, on_close_timeout, self);
      set_state (self, XMPP_STATE_CLOSING);
    }

  if (self->state == XMPP_STATE_CLOSING)
    xmpp_stream_close (stream, NULL);
}

/**
 * xmpp_session_close_finish:
 * @self: a session
 * @result: what the callback was given
 * @error: %G_IO_ERROR_CANCELLED
 *
 * Returns: whether it was closed
 */
gboolean
xmpp_session_close_finish (XmppSession   *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * xmpp_session_abort:
 * @self: a session
 *
 * Ends the connection, or the attempt at one, at once and without a goodbye.
 */
void
xmpp_session_abort (XmppSession *self)
{
  g_return_if_fail (XMPP_IS_SESSION (self));

  if (self->stream != NULL)
    cut (self, NULL);
  else
    cancel_connecting (self);
}

/**
 * xmpp_session_fail:
 * @self: a session
 * @error: why, for XmppSession::closed
 *
 * Ends a connection that does not work any more, at once and without a goodbye: as if it had been lost.
 */
void
xmpp_session_fail (XmppSession  *self,
                   const GError *error)
{
  g_return_if_fail (XMPP_IS_SESSION (self));
  g_return_if_fail (error != NULL);

  if (self->stream != NULL)
    cut (self, error);
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
 * Returns: (transfer none) (nullable): the full address, as the server bound it (RFC 6120, 7)
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

  /* Connecting, closing and requests hold a reference: none of them is under way */
  clear_connection (self);
  clear_parting (self);
  if (self->stream != NULL)
    xmpp_stream_abort (self->stream);
  g_clear_object (&self->stream);
  g_clear_pointer (&self->requests, xmpp_requests_free);
  g_clear_pointer (&self->closing, g_ptr_array_unref);
  self->state = XMPP_STATE_OFFLINE;

  g_clear_pointer (&self->router, xmpp_router_free);
  g_clear_object (&self->certificate);
  g_clear_object (&self->tls_database);
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
                  G_TYPE_NONE, 1, G_TYPE_POINTER);
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
