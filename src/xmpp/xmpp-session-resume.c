/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0198: what the session makes of stream management */
#include "flint-config.h"

#include "xmpp-session-private.h"

#include <glib/gi18n-lib.h>

#define MAX_SUSPECTS 1000

/* After a stream error (RFC 6120, 4.9.3) */
typedef enum
{
  FATE_OVER,       /* nothing is left to be resumed: a server that shuts down takes its sessions with it */
  FATE_GUILTY,     /* the same, and it may have been for something that we said */
  FATE_RESUME,     /* it was for the connection's sake alone: worth a try, and a server that has forgotten us says so */
} Fate;

static const Fate fates[] = {
  [XMPP_STREAM_ERROR_UNDEFINED_CONDITION] = FATE_GUILTY,
  [XMPP_STREAM_ERROR_BAD_FORMAT] = FATE_GUILTY,
  [XMPP_STREAM_ERROR_BAD_NAMESPACE_PREFIX] = FATE_GUILTY,
  [XMPP_STREAM_ERROR_CONFLICT] = FATE_OVER,
  [XMPP_STREAM_ERROR_CONNECTION_TIMEOUT] = FATE_RESUME,
  [XMPP_STREAM_ERROR_HOST_GONE] = FATE_OVER,
  [XMPP_STREAM_ERROR_HOST_UNKNOWN] = FATE_OVER,
  [XMPP_STREAM_ERROR_IMPROPER_ADDRESSING] = FATE_GUILTY,
  [XMPP_STREAM_ERROR_INTERNAL_SERVER_ERROR] = FATE_GUILTY,
  [XMPP_STREAM_ERROR_INVALID_FROM] = FATE_GUILTY,
  [XMPP_STREAM_ERROR_INVALID_NAMESPACE] = FATE_GUILTY,
  [XMPP_STREAM_ERROR_INVALID_XML] = FATE_GUILTY,
  [XMPP_STREAM_ERROR_NOT_AUTHORIZED] = FATE_OVER,
  [XMPP_STREAM_ERROR_NOT_WELL_FORMED] = FATE_GUILTY,
  [XMPP_STREAM_ERROR_POLICY_VIOLATION] = FATE_GUILTY,
  [XMPP_STREAM_ERROR_REMOTE_CONNECTION_FAILED] = FATE_RESUME,
  [XMPP_STREAM_ERROR_RESET] = FATE_RESUME,
  [XMPP_STREAM_ERROR_RESOURCE_CONSTRAINT] = FATE_RESUME,
  [XMPP_STREAM_ERROR_RESTRICTED_XML] = FATE_GUILTY,
  [XMPP_STREAM_ERROR_SEE_OTHER_HOST] = FATE_RESUME,
  [XMPP_STREAM_ERROR_SYSTEM_SHUTDOWN] = FATE_OVER,
  [XMPP_STREAM_ERROR_UNSUPPORTED_ENCODING] = FATE_GUILTY,
  [XMPP_STREAM_ERROR_UNSUPPORTED_FEATURE] = FATE_GUILTY,
  [XMPP_STREAM_ERROR_UNSUPPORTED_STANZA_TYPE] = FATE_GUILTY,
  [XMPP_STREAM_ERROR_UNSUPPORTED_VERSION] = FATE_GUILTY,
};

static const char *
get_message_id (XmppStanza *stanza)
{
  const XmppNode *root = xmpp_stanza_get_root (stanza);

  return xmpp_node_is (root, "message", XMPP_NS_CLIENT) ? xmpp_node_get (root, "id") : NULL;
}

/* Telling */

static void
tell_acknowledged (XmppSession    *self,
                   XmppResumption *resumption)
{
  g_autoptr(GPtrArray) done = xmpp_resumption_take_acknowledged (resumption);

  for (guint i = 0; i < done->len; i++)
    {
      XmppStanza *message = g_ptr_array_index (done, i);
      const char *id = self->suspects != NULL ? get_message_id (message) : NULL;

      if (id != NULL)
        g_hash_table_remove (self->suspects, id);
      xmpp_session_emit_acknowledged (self, message);
    }
}

/* It is over: what its messages have become. Presences and IQs meant something at their time only. */
void
xmpp_session_give_back (XmppSession    *self,
                        XmppResumption *resumption)
{
  g_autoptr(GPtrArray) unacked = xmpp_resumption_copy_unacked (resumption);
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_stanza_unref);

  tell_acknowledged (self, resumption);

  for (guint i = 0; i < unacked->len; i++)
    {
      if (xmpp_node_is (xmpp_stanza_get_root (g_ptr_array_index (unacked, i)), "message", XMPP_NS_CLIENT))
        g_ptr_array_add (messages, xmpp_stanza_ref (g_ptr_array_index (unacked, i)));
    }

  if (messages->len > 0)
    xmpp_session_emit_unacknowledged (self, messages);
}

/* What the counters do by themselves */

static void
on_send (XmppStanza *nonza,
         gpointer    user_data)
{
  g_autoptr(XmppSession) self = g_object_ref (user_data);

  if (self->stream == NULL)
    return;

  /* From here on, see on_overdue () */
  xmpp_session_get_last_progress (self);
  xmpp_stream_send (self->stream, nonza);
  xmpp_session_emit_stanza (self, nonza, XMPP_SENT);
}

/* While anything moves, be it slowly, it is not lost (F02, F10) */
static void
on_overdue (gint64   asked_at,
            gpointer user_data)
{
  XmppSession *self = user_data;
  g_autoptr(GError) error = NULL;

  if (xmpp_session_get_last_progress (self) > asked_at)
    {
      xmpp_resumption_ask (self->resumption);
      return;
    }

  error = g_error_new_literal (XMPP_ERROR, XMPP_ERROR_TIMED_OUT,
                               _("The server does not answer any more. The connection is taken for lost"));
  xmpp_session_fail (self, error);
}

static void
on_silent (gpointer user_data)
{
  XmppSession *self = user_data;

  g_debug ("The server offers stream management, and does not answer");
  xmpp_resumption_stop_keeping (self->resumption);
  xmpp_session_notify_management (self);
}

static const XmppResumptionFuncs funcs = {
  .send = on_send,
  .overdue = on_overdue,
  .silent = on_silent,
};

/* Enabling. Nobody waits for the answer: what is sent before it counts already (XEP-0198, 4). */
void
xmpp_session_enable (XmppSession *self)
{
  g_autoptr(XmppStanza) enable = xmpp_resumption_make_enable ();

  self->resumption = xmpp_resumption_new (self->clock, &funcs, self);
  xmpp_stanza_seal (enable);
  on_send (enable, self);
}

/* Without a connection */

static gboolean
on_expired (gpointer user_data)
{
  XmppSession *self = user_data;

  self->expiry_timer = 0;

  /* Or else when that is done */
  if (self->negotiator == NULL)
    xmpp_session_give_up (self);

  return G_SOURCE_REMOVE;
}

void
xmpp_session_stop_waiting (XmppSession *self)
{
  if (self->expiry_timer != 0)
    xmpp_clock_remove (self->clock, self->expiry_timer);

  self->expiry_timer = 0;
}

/* The connection is lost, and nothing else is yet */
void
xmpp_session_wait (XmppSession *self)
{
  xmpp_resumption_lost (self->resumption);
  xmpp_requests_pause (self->requests);
  self->expiry_timer = xmpp_clock_add (self->clock, xmpp_resumption_get_max (self->resumption) * 1000, on_expired, self);
  xmpp_router_lost (self->router);
}

/* What was lost is over, if there is anything */
void
xmpp_session_give_up (XmppSession *self)
{
  g_autoptr(XmppSession) hold = g_object_ref (self);
  g_autoptr(XmppResumption) resumption = NULL;
  XmppRequests *requests;

  if (self->stream != NULL || self->resumption == NULL)
    return;

  resumption = g_steal_pointer (&self->resumption);
  requests = g_steal_pointer (&self->requests);
  xmpp_session_stop_waiting (self);

  /* The modules still know who they were */
  xmpp_router_offline (self->router);
  xmpp_own_set (&self->own, self->own.bare);
  g_object_notify (G_OBJECT (self), "own-jid");
  xmpp_session_notify_management (self);

  xmpp_requests_free (requests);
  xmpp_session_give_back (self, resumption);
}

/* Coming back: what is still unacknowledged goes out again, as it was, and before anything else */
void
xmpp_session_resume (XmppSession *self)
{
  g_autoptr(GPtrArray) unacked = xmpp_resumption_copy_unacked (self->resumption);

  xmpp_session_stop_waiting (self);
  xmpp_requests_resume (self->requests);

  for (guint i = 0; i < unacked->len; i++)
    xmpp_stream_send (self->stream, g_ptr_array_index (unacked, i));

  for (guint i = 0; i < unacked->len && self->stream != NULL; i++)
    xmpp_session_emit_stanza (self, g_ptr_array_index (unacked, i), XMPP_SENT);

  if (self->resumption != NULL)
    tell_acknowledged (self, self->resumption);
}

gboolean
xmpp_session_can_queue (XmppSession *self)
{
  return xmpp_session_is_resumable (self) && !xmpp_resumption_is_full (self->resumption);
}

/* FALSE: it is sent neither now nor later, and nobody is told */
gboolean
xmpp_session_queue (XmppSession *self,
                    XmppStanza  *stanza)
{
  const XmppNode *root = xmpp_stanza_get_root (stanza);
  g_autoptr(GPtrArray) messages = NULL;

  if (!xmpp_session_is_resumable (self) || !xmpp_resumption_is_counted (root))
    return FALSE;

  if (!xmpp_resumption_is_full (self->resumption))
    {
      xmpp_resumption_add (self->resumption, stanza);
      return TRUE;
    }

  if (!xmpp_node_is (root, "message", XMPP_NS_CLIENT))
    return FALSE;

  messages = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_stanza_unref);
  g_ptr_array_add (messages, xmpp_stanza_ref (stanza));
  xmpp_session_emit_unacknowledged (self, messages);

  return TRUE;
}

/* With a connection */

static void
receive_failed (XmppSession *self)
{
  if (xmpp_resumption_is_enabled (self->resumption))
    return;

  g_debug ("The server offers stream management, and refuses it");
  g_clear_pointer (&self->resumption, xmpp_resumption_free);
  xmpp_session_notify_management (self);
}

static void
receive_ack (XmppSession    *self,
             const XmppNode *nonza)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *detail = NULL;

  switch (xmpp_resumption_acknowledged (self->resumption, nonza))
    {
    case XMPP_ACK_OK:
      tell_acknowledged (self, self->resumption);
      break;

    case XMPP_ACK_TOO_HIGH:
      error = g_error_new_literal (XMPP_ERROR, XMPP_ERROR_PROTOCOL,
                                   _("The server says that it has received more than was sent to it"));
      detail = xmpp_resumption_describe_too_high (self->resumption, nonza);
      xmpp_stream_refuse (self->stream, "undefined-condition", detail);
      xmpp_session_end (self, error);
      break;

    case XMPP_ACK_IGNORED:
    default:
      g_debug ("Ignored an <a/> that goes back, or is no number");
    }
}

/* Where nothing was asked for, nothing is heard (S83) */
void
xmpp_session_receive_sm (XmppSession    *self,
                         const XmppNode *nonza)
{
  if (self->resumption == NULL)
    g_debug ("Ignored <%s/>: there is no stream management", nonza->name);
  else if (xmpp_node_is (nonza, "r", XMPP_NS_SM))
    xmpp_resumption_answer (self->resumption);
  else if (xmpp_node_is (nonza, "a", XMPP_NS_SM))
    receive_ack (self, nonza);
  else if (xmpp_node_is (nonza, "enabled", XMPP_NS_SM))
    xmpp_resumption_enabled (self->resumption, nonza, self->connected_host);
  else if (xmpp_node_is (nonza, "failed", XMPP_NS_SM))
    receive_failed (self);
  else
    g_debug ("Ignored <%s/> of stream management", nonza->name);
}

/* Before the end of the stream (XEP-0198, 4): both sides know what the other one has */
void
xmpp_session_say_last (XmppSession *self)
{
  if (self->resumption != NULL)
    xmpp_resumption_answer_now (self->resumption);

  if (self->resumption != NULL && xmpp_resumption_get_n_unacked (self->resumption) > 0)
    xmpp_session_request_ack (self);
}

/* A stanza that the server ends the connection for is sent twice, and no more (F14) */

gboolean
xmpp_session_is_suspect (XmppSession *self,
                         XmppStanza  *stanza)
{
  const char *id = self->suspects != NULL && self->resumption != NULL ? get_message_id (stanza) : NULL;

  return id != NULL && g_hash_table_contains (self->suspects, id);
}

/* It may have been any of those that are not acknowledged. When they are sent again each is sent alone: see
 * xmpp_session_write ().
 */
static void
suspect_unacked (XmppSession *self)
{
  g_autoptr(GPtrArray) unacked = xmpp_resumption_copy_unacked (self->resumption);

  if (self->suspects == NULL)
    self->suspects = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (g_hash_table_size (self->suspects) + unacked->len > MAX_SUSPECTS)
    g_hash_table_remove_all (self->suspects);

  for (guint i = 0; i < unacked->len && i < MAX_SUSPECTS; i++)
    {
      const char *id = get_message_id (g_ptr_array_index (unacked, i));

      if (id != NULL)
        g_hash_table_add (self->suspects, g_strdup (id));
    }
}

/* Returns: (transfer full) (nullable): the message that it was for, if that is certain by now */
static XmppStanza *
find_culprit (XmppSession *self)
{
  g_autoptr(GPtrArray) unacked = NULL;

  if (self->resumption == NULL)
    return NULL;

  unacked = xmpp_resumption_copy_unacked (self->resumption);
  if (unacked->len == 0 || !xmpp_session_is_suspect (self, g_ptr_array_index (unacked, 0)))
    {
      suspect_unacked (self);
      return NULL;
    }

  g_hash_table_remove (self->suspects, get_message_id (g_ptr_array_index (unacked, 0)));

  return xmpp_resumption_take_oldest (self->resumption);
}

/* <stream:error/>, after which the server closes the stream */
void
xmpp_session_receive_error (XmppSession    *self,
                            const XmppNode *nonza)
{
  g_autoptr(XmppSession) hold = g_object_ref (self);
  g_autoptr(GError) error = xmpp_stream_error_parse (nonza);
  g_autoptr(XmppStanza) culprit = NULL;
  Fate fate = error->code >= 0 && error->code < (int) G_N_ELEMENTS (fates) ? fates[error->code] : FATE_OVER;

  if (fate == FATE_RESUME && self->state != XMPP_STATE_CLOSING && self->resumption != NULL)
    {
      /* A goodbye of ours would end it */
      xmpp_session_cut (self, error, FALSE);
      return;
    }

  if (fate == FATE_GUILTY)
    culprit = find_culprit (self);

  xmpp_session_end (self, error);

  if (culprit != NULL)
    xmpp_session_emit_rejected (self, culprit, error);
}

/* For who uses the session */

/**
 * xmpp_session_is_resumable:
 * @self: a session
 *
 * Returns: whether the connection is lost and the session is not: the next connection may go on where it ended. Until
 *   then what the modules know holds, requests wait, and what is sent waits
 */
gboolean
xmpp_session_is_resumable (XmppSession *self)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), FALSE);

  return self->stream == NULL && self->resumption != NULL && xmpp_resumption_can_resume (self->resumption);
}

/**
 * xmpp_session_is_resumed:
 * @self: a session that is online
 *
 * Returns: whether this connection goes on where the last one was lost, so that nothing is to be asked for anew
 */
gboolean
xmpp_session_is_resumed (XmppSession *self)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), FALSE);

  return self->stream != NULL && self->is_resumed;
}

/**
 * xmpp_session_acknowledges:
 * @self: a session
 *
 * Whether the server says which messages it has taken over (XEP-0198, 4). It is so from the login on, if the server
 * offers it; when it becomes false while the session is online, what was sent is not acknowledged any more, and was
 * sent.
 *
 * Returns: whether XmppSession::acknowledged is to be expected of what is sent
 */
gboolean
xmpp_session_acknowledges (XmppSession *self)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), FALSE);

  return self->resumption != NULL && xmpp_resumption_is_keeping (self->resumption);
}

/**
 * xmpp_session_request_ack:
 * @self: a session
 *
 * Asks the server what it has of what was sent to it, which makes it say something at least. There is no need to do so
 * for what is sent: it is asked for that.
 *
 * Returns: whether it was asked; not while offline, or by a server without stream management
 */
gboolean
xmpp_session_request_ack (XmppSession *self)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), FALSE);

  if (self->stream == NULL || self->resumption == NULL || !xmpp_resumption_is_keeping (self->resumption) ||
      !xmpp_resumption_is_enabled (self->resumption))
    return FALSE;

  xmpp_resumption_ask (self->resumption);

  return TRUE;
}

/**
 * xmpp_session_hold_ack:
 * @self: a session
 *
 * For who handles something that has come and has not taken it over yet, as when it is still to be stored. To
 * be called while it is handled, from a handler of a module or of XmppSession::message: the server is not told
 * that we have it before xmpp_session_release_ack(), so that it keeps it for us if we should end. Several may
 * hold one back, each by a number of its own.
 *
 * It may be long, but not for ever: one that 5,000 others have come after is not held back any more, for servers
 * give up at 10,000. When the connection is lost meanwhile and resumed, what is repeated because of this is not
 * told again.
 *
 * Returns: for xmpp_session_release_ack(); 0 when there is nothing that could be held back
 */
guint
xmpp_session_hold_ack (XmppSession *self)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), 0);

  if (!self->is_handling || self->resumption == NULL || !xmpp_resumption_is_enabled (self->resumption))
    return 0;

  if (++self->last_hold == 0)
    self->last_hold = 1;
  xmpp_resumption_hold (self->resumption, self->last_hold);

  return self->last_hold;
}

/**
 * xmpp_session_release_ack:
 * @self: a session
 * @hold: what xmpp_session_hold_ack() returned
 *
 * It has been taken over. Of a session that has ended since nothing is held back, and this does nothing.
 */
void
xmpp_session_release_ack (XmppSession *self,
                          guint        hold)
{
  g_return_if_fail (XMPP_IS_SESSION (self));

  if (hold != 0 && self->resumption != NULL)
    xmpp_resumption_release (self->resumption, hold);
}

/**
 * xmpp_session_get_last_progress:
 * @self: a session
 *
 * As xmpp_session_get_last_heard(), but a slow line that takes long for what we say counts, too: as long as it goes
 * on, nobody can have answered yet. It is looked at in these calls.
 *
 * Returns: in µs on the session's monotonic clock
 */
gint64
xmpp_session_get_last_progress (XmppSession *self)
{
  guint64 delivered;
  gboolean is_all;

  g_return_val_if_fail (XMPP_IS_SESSION (self), 0);

  if (self->stream == NULL)
    return self->last_heard;

  delivered = xmpp_stream_get_delivered (self->stream, &is_all);
  if (!self->is_all_delivered && delivered > self->delivered)
    self->delivered_at = xmpp_clock_get_monotonic (self->clock);

  self->delivered = delivered;
  self->is_all_delivered = is_all;

  return MAX (self->last_heard, self->delivered_at);
}
