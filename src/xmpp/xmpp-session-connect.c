/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-session-private.h"

#include <glib/gi18n-lib.h>

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

  if (!is_sent)
    self->last_heard = xmpp_stream_get_last_heard (stream);
  xmpp_session_emit_event (self, xmpp_event_from_raw (text), is_sent ? XMPP_SENT : XMPP_RECEIVED, text);
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

void
xmpp_session_watch_cancellable (XmppSession            *self,
                                GTask                  *task,
                                GCancellableSourceFunc  on_cancelled)
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
 * wanted it. is_final: nothing of it can be resumed. Everything of the connection goes before anybody
 * is told: who hears of the end may connect anew.
 */
static void
end (XmppSession  *self,
     const GError *error,
     gboolean      is_final)
{
  g_autoptr(XmppSession) hold = g_object_ref (self);
  g_autoptr(GPtrArray) closing = g_steal_pointer (&self->closing);
  g_autoptr(GError) reason = error != NULL ? g_error_copy (error) : NULL;
  g_autoptr(XmppResumption) resumption = NULL;
  XmppRequests *requests = NULL;

  clear_connection (self);
  self->state = XMPP_STATE_OFFLINE;

  if (is_final || self->resumption == NULL || !xmpp_resumption_can_resume (self->resumption))
    {
      resumption = g_steal_pointer (&self->resumption);
      requests = g_steal_pointer (&self->requests);

      /* The modules still know who they were */
      xmpp_router_offline (self->router);
      xmpp_own_set (&self->own, self->own.bare);
    }
  else
    xmpp_session_wait (self);

  xmpp_session_notify_connection (self);

  xmpp_session_emit_event (self, XMPP_EVENT_STATE, XMPP_RECEIVED, reason != NULL ? reason->message : _("Disconnected"));
  g_clear_pointer (&requests, xmpp_requests_free);
  if (resumption != NULL)
    xmpp_session_give_back (self, resumption);
  xmpp_session_emit_closed (self, reason);

  for (guint i = 0; closing != NULL && i < closing->len; i++)
    g_task_return_boolean (g_ptr_array_index (closing, i), TRUE);
}

/* Only what was cut off goes on elsewhere: who says goodbye, or what is wrong with it, ends it (XEP-0198, 7) */
static gboolean
is_loss (const GError *error)
{
  return g_error_matches (error, XMPP_ERROR, XMPP_ERROR_DISCONNECTED) ||
         g_error_matches (error, XMPP_ERROR, XMPP_ERROR_TLS);
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
    end (self, NULL, TRUE);
  else
    end (self, error != NULL ? error : gone, !is_loss (error));
}

/* Once and for all, but not without a goodbye */
void
xmpp_session_end (XmppSession  *self,
                  const GError *error)
{
  g_autoptr(XmppStream) stream = g_steal_pointer (&self->stream);

  part_from (self, stream);
  end (self, error, TRUE);
}

/* At once. Unless it is final it is as if the connection had been lost. A server that would wait for us is told that it
 * need not: others would see us for minutes.
 */
void
xmpp_session_cut (XmppSession  *self,
                  const GError *error,
                  gboolean      is_final)
{
  if (is_final && self->resumption != NULL)
    xmpp_stream_part (self->stream);
  else
    xmpp_stream_abort (self->stream);

  g_clear_object (&self->stream);
  end (self, error, is_final);
}

static const XmppStreamFuncs stream_funcs = {
  .received = on_stream_received,
  .closed = on_stream_closed,
  .raw = on_stream_raw,
};

/* The session is being disposed of, and nobody is told. Connecting, closing and requests hold a
 * reference, so none of them is under way.
 */
void
xmpp_session_drop (XmppSession *self)
{
  clear_connection (self);
  clear_parting (self);
  xmpp_session_stop_waiting (self);

  if (self->stream != NULL && self->resumption != NULL)
    xmpp_stream_part (self->stream);
  else if (self->stream != NULL)
    xmpp_stream_abort (self->stream);

  g_clear_object (&self->stream);
  g_clear_pointer (&self->requests, xmpp_requests_free);
  g_clear_pointer (&self->resumption, xmpp_resumption_free);
  g_clear_pointer (&self->closing, g_ptr_array_unref);
  self->state = XMPP_STATE_OFFLINE;
}

/* Connecting */

/* What is known of the connection so far: who looks on while it is made wants to see it */
static void
learn (XmppSession    *self,
       XmppNegotiator *negotiator)
{
  g_free (self->connected_host);
  self->connected_host = g_strdup (negotiator != NULL ? xmpp_negotiator_get_host (negotiator) : NULL);
  g_free (self->tls_version);
  self->tls_version = g_strdup (negotiator != NULL ? xmpp_negotiator_get_tls_version (negotiator) : NULL);
}

static void
on_negotiator_state (XmppState state,
                     gpointer  user_data)
{
  XmppSession *self = user_data;

  learn (self, self->negotiator);
  xmpp_session_set_state (self, state);
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
  xmpp_session_emit_event (user_data, event, direction, text);
}

/* The end of connecting, however it came: what it held is let go, and who waits for it is told. */
static GTask *
take_connecting (XmppSession *self)
{
  clear_cancelled (self);
  g_clear_object (&self->authorities);
  g_clear_object (&self->negotiator);

  return g_steal_pointer (&self->connecting);
}

static void
take_connection (XmppSession    *self,
                 XmppNegotiator *negotiator)
{
  self->stream = xmpp_negotiator_take_stream (negotiator);
  self->features = xmpp_stanza_ref (xmpp_negotiator_get_features (negotiator));
  learn (self, negotiator);
  self->mechanism = g_strdup (xmpp_negotiator_get_mechanism (negotiator));
  self->closing = g_ptr_array_new_with_free_func (g_object_unref);

  xmpp_stream_set_funcs (self->stream, &stream_funcs, self);
  self->last_heard = xmpp_stream_get_last_heard (self->stream);
  self->delivered = xmpp_stream_get_delivered (self->stream, &self->is_all_delivered);
  self->delivered_at = self->last_heard;
}

/* What is said first is said before anybody hears of it and has more to say: what stream management makes of what
 * was on the way, or that it begins.
 */
static void
go_online (XmppSession    *self,
           XmppNegotiator *negotiator)
{
  gboolean is_resumed = xmpp_negotiator_is_resumed (negotiator);

  take_connection (self, negotiator);
  if (!is_resumed)
    {
      self->requests = xmpp_requests_new (self->clock, self->timeout);
      xmpp_own_set (&self->own, xmpp_negotiator_get_jid (negotiator));
    }

  self->is_resumed = is_resumed;
  self->state = XMPP_STATE_ONLINE;
  if (is_resumed)
    xmpp_session_resume (self);
  else if (xmpp_session_has_feature (self, "sm", XMPP_NS_SM))
    xmpp_session_enable (self);

  /* Somebody may have ended it on hearing of that */
  if (self->state == XMPP_STATE_ONLINE)
    xmpp_session_notify_connection (self);

  if (self->state == XMPP_STATE_ONLINE)
    {
      const char *own = xmpp_jid_get_text (self->own.full);
      g_autofree char *text = is_resumed
        /* Translators: %s is our address */
        ? g_strdup_printf (_("Logged in as %s; the last session goes on"), own)
        /* Translators: %s is our address */
        : g_strdup_printf (_("Logged in as %s"), own);

      xmpp_session_emit_event (self, XMPP_EVENT_STATE, XMPP_RECEIVED, text);
    }
}

/* What was lost and is not resumed, and cannot be any more, is over */
static void
settle_lost (XmppSession    *self,
             XmppNegotiator *negotiator,
             const GError   *error)
{
  if (self->resumption == NULL || xmpp_negotiator_is_resumed (negotiator))
    return;

  if (error == NULL || !xmpp_resumption_can_resume (self->resumption))
    xmpp_session_give_up (self);
}

static void
on_negotiator_done (const GError *error,
                    gpointer      user_data)
{
  g_autoptr(XmppSession) self = g_object_ref (user_data);
  g_autoptr(XmppNegotiator) negotiator = g_object_ref (self->negotiator);
  g_autoptr(GTask) task = NULL;

  g_set_object (&self->certificate, xmpp_negotiator_get_certificate (negotiator));
  settle_lost (self, negotiator, error);

  /* Who heard of that may have cancelled it */
  if (self->negotiator != negotiator)
    return;

  task = take_connecting (self);

  if (error != NULL)
    {
      g_autoptr(XmppStream) stream = xmpp_negotiator_take_stream (negotiator);

      if (stream != NULL)
        part_from (self, stream);
      learn (self, NULL);
      xmpp_session_set_state (self, XMPP_STATE_OFFLINE);
      xmpp_session_emit_event (self, XMPP_EVENT_STATE, XMPP_RECEIVED, error->message);
      g_task_return_error (task, g_error_copy (error));
      return;
    }

  go_online (self, negotiator);

  if (self->state == XMPP_STATE_ONLINE)
    xmpp_router_online (self->router, xmpp_negotiator_is_resumed (negotiator));

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

void
xmpp_session_cancel_connecting (XmppSession *self)
{
  g_autoptr(GTask) task = NULL;

  if (self->connecting == NULL)
    return;

  xmpp_negotiator_cancel (self->negotiator);
  task = take_connecting (self);
  xmpp_session_set_state (self, XMPP_STATE_OFFLINE);
  xmpp_session_emit_event (self, XMPP_EVENT_STATE, XMPP_RECEIVED, _("Connecting was cancelled"));
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("Connecting was cancelled"));
}

static gboolean
on_connect_cancelled (GCancellable *cancellable,
                      gpointer      user_data)
{
  xmpp_session_cancel_connecting (user_data);

  return G_SOURCE_REMOVE;
}

static void
on_connector_progress (XmppConnector *connector,
                       const char    *text,
                       XmppSession   *self)
{
  xmpp_session_emit_event (self, XMPP_EVENT_NETWORK, XMPP_RECEIVED, text);
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
    .authorities = self->authorities,
    .client_certificate = self->client_certificate,
    .resumption = self->resumption,
    .clock = self->clock,
  };

  g_signal_connect_object (connector, "progress", G_CALLBACK (on_connector_progress), self, 0);

  return xmpp_negotiator_new (connector, &options, &negotiator_funcs, self);
}

/**
 * xmpp_session_prepare:
 * @self: a session that is offline
 *
 * Begins with what a connection needs and takes some time: whom this computer trusts is read, in a thread. For who
 * knows already that it will be connected, and has other things to do before. The next connection uses it.
 */
void
xmpp_session_prepare (XmppSession *self)
{
  g_return_if_fail (XMPP_IS_SESSION (self));

  if (self->authorities == NULL && self->tls_database == NULL && self->security != XMPP_SECURITY_DISABLED)
    self->authorities = xmpp_authorities_new (NULL);
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
 *
 * After a connection that was lost, and as long as XmppSession:resumable is true, the server is asked to go on where
 * it ended (XEP-0198, 5): then the address is the same, what was on the way is sent again, and nothing is asked for
 * anew. A server that cannot or will not gets a new session on the same connection.
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

  xmpp_session_watch_cancellable (self, task, on_connect_cancelled);
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
