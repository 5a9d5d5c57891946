/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-session-private.h"

#define CLOSE_TIMEOUT 2000   /* ms; what a server gets to say goodbye (F53) */

static gboolean
on_close_timeout (gpointer user_data)
{
  XmppSession *self = user_data;

  self->closing_timer = 0;
  xmpp_session_cut (self, NULL, TRUE);

  return G_SOURCE_REMOVE;
}

static gboolean
on_close_cancelled (GCancellable *cancellable,
                    gpointer      user_data)
{
  xmpp_session_cut (user_data, NULL, TRUE);

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
 * that is just connecting is stopped, and one that was lost is not resumed any more.
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
      xmpp_session_cancel_connecting (self);
      xmpp_session_give_up (self);
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
  xmpp_session_say_last (self);

  /* Somebody may have ended it on seeing that */
  if (self->state == XMPP_STATE_ONLINE)
    {
      xmpp_session_watch_cancellable (self, task, on_close_cancelled);
      self->closing_timer = xmpp_clock_add (self->clock, CLOSE_TIMEOUT, on_close_timeout, self);
      xmpp_session_set_state (self, XMPP_STATE_CLOSING);
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
 * Ends the connection, or the attempt at one, at once and without waiting for a goodbye; one that was lost is not
 * resumed any more.
 */
void
xmpp_session_abort (XmppSession *self)
{
  g_return_if_fail (XMPP_IS_SESSION (self));

  if (self->stream != NULL)
    {
      xmpp_session_cut (self, NULL, TRUE);
    }
  else
    {
      xmpp_session_cancel_connecting (self);
      xmpp_session_give_up (self);
    }
}

/**
 * xmpp_session_fail:
 * @self: a session
 * @error: why, for XmppSession::closed
 *
 * Ends a connection that does not work any more, at once and without a goodbye: as if it had been lost. It may
 * be resumed then.
 */
void
xmpp_session_fail (XmppSession  *self,
                   const GError *error)
{
  g_return_if_fail (XMPP_IS_SESSION (self));
  g_return_if_fail (error != NULL);

  if (self->stream != NULL)
    xmpp_session_cut (self, error, self->state == XMPP_STATE_CLOSING);
}
