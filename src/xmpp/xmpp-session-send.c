/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-parser.h"
#include "xmpp-random.h"
#include "xmpp-session-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_UNSENT_ANSWERS 50

/* TRUE: the server is to be asked what it has, as soon as the stanza has gone out */
static gboolean
count (XmppSession *self,
       XmppStanza  *stanza)
{
  gboolean is_due;

  if (self->resumption == NULL || !xmpp_resumption_is_counted (xmpp_stanza_get_root (stanza)))
    return FALSE;

  is_due = xmpp_resumption_add (self->resumption, stanza);
  if (!xmpp_resumption_is_full (self->resumption))
    return is_due;

  g_debug ("The server acknowledges nothing: it is as if it could not");
  xmpp_resumption_stop_keeping (self->resumption);
  xmpp_session_notify_management (self);

  return FALSE;
}

/* Onto the stream, while online */
void
xmpp_session_write (XmppSession *self,
                    XmppStanza  *stanza)
{
  g_autoptr(XmppSession) hold = g_object_ref (self);
  gboolean asks = xmpp_session_is_suspect (self, stanza);

  /* Is it this one that the server cannot bear? Then all before it shall be acknowledged (F14) */
  if (asks)
    xmpp_resumption_ask (self->resumption);

  /* Somebody may have ended it on seeing that, here and below */
  if (self->stream == NULL)
    return;

  asks |= count (self, stanza);
  xmpp_stream_send (self->stream, stanza);
  xmpp_session_emit_stanza (self, stanza, XMPP_SENT);

  if (asks && self->resumption != NULL)
    xmpp_resumption_ask (self->resumption);
}

/**
 * xmpp_session_send:
 * @self: a session
 * @stanza: it is sealed here, if it was not yet
 *
 * Sends @stanza. Nothing is sent while the session is not online: what must not be lost is kept by
 * who wants it sent, and requests say that they failed. Only while the connection is lost and may be
 * resumed (XmppSession:resumable) it waits, up to 1,000 stanzas, and goes out behind what was on the way
 * then. When it is not resumed, messages come back with XmppSession::unacknowledged, at once if there is no
 * room for them, and the rest is dropped.
 */
void
xmpp_session_send (XmppSession *self,
                   XmppStanza  *stanza)
{
  g_return_if_fail (XMPP_IS_SESSION (self));
  g_return_if_fail (stanza != NULL);

  xmpp_stanza_seal (stanza);

  if (self->state == XMPP_STATE_ONLINE)
    xmpp_session_write (self, stanza);
  else if (!xmpp_session_queue (self, stanza))
    g_debug ("Not online: <%s/> is not sent", xmpp_stanza_get_root (stanza)->name);
}

/**
 * xmpp_session_send_message:
 * @self: a session
 * @message: what to say; without an id it gets one
 *
 * Sends one `<message/>` that every module has written its part of.
 */
void
xmpp_session_send_message (XmppSession       *self,
                           const XmppMessage *message)
{
  g_autoptr(XmppStanza) stanza = xmpp_stanza_new ("message", XMPP_NS_CLIENT);
  XmppNode *root = xmpp_stanza_get_root (stanza);
  g_autofree char *id = NULL;

  g_return_if_fail (XMPP_IS_SESSION (self));
  g_return_if_fail (message != NULL);

  id = message->id != NULL ? g_strdup (message->id) : xmpp_random_id ();

  if (message->type != XMPP_MESSAGE_NORMAL)
    xmpp_node_set (root, "type", xmpp_message_type_to_string (message->type));
  if (message->to != NULL)
    xmpp_node_set_jid (root, "to", message->to);
  xmpp_node_set (root, "id", id);

  if (message->subject != NULL)
    xmpp_node_add_text (root, "subject", XMPP_NS_CLIENT, message->subject);
  if (message->body != NULL)
    xmpp_node_add_text (root, "body", XMPP_NS_CLIENT, message->body);
  if (message->thread != NULL)
    xmpp_node_add_text (root, "thread", XMPP_NS_CLIENT, message->thread);

  xmpp_router_write_message (self->router, message, root);

  xmpp_session_send (self, stanza);
}

/* Answers */

/* A set of our own account's, such as a roster push, is always answered */
static gboolean
is_push (XmppSession    *self,
         const XmppNode *request)
{
  const char *from_text = xmpp_node_get (request, "from");
  g_autoptr(XmppJid) from = xmpp_jid_new_received (from_text);

  return g_strcmp0 (xmpp_node_get (request, "type"), "set") == 0 &&
         xmpp_session_get_sender (self, from) == XMPP_SENDER_OWN_ACCOUNT;
}

static XmppStanza *
new_error (const XmppNode  *request,
           XmppStanzaError  condition,
           const char      *text)
{
  XmppStanza *answer = xmpp_stanza_new (request->name, XMPP_NS_CLIENT);
  XmppNode *root = xmpp_stanza_get_root (answer);

  xmpp_node_set (root, "type", "error");
  xmpp_stanza_error_write (root, condition, text);

  return answer;
}

static void
send_to_asker (XmppSession    *self,
               const XmppNode *request,
               XmppStanza     *answer)
{
  XmppNode *root = xmpp_stanza_get_root (answer);

  xmpp_node_set (root, "id", xmpp_node_get (request, "id"));
  xmpp_node_set (root, "to", xmpp_node_get (request, "from"));
  xmpp_session_send (self, answer);
}

/* Who asks faster than it reads our answers does not fill our memory with them: it is told so once,
 * and then not heard until the queue is empty (T112).
 */
static void
send_answer (XmppSession    *self,
             const XmppNode *request,
             XmppStanza     *answer)
{
  g_autoptr(XmppStanza) refusal = NULL;

  if (self->unsent_answers >= MAX_UNSENT_ANSWERS && is_push (self, request))
    {
      send_to_asker (self, request, answer);
      return;
    }

  if (self->unsent_answers < MAX_UNSENT_ANSWERS)
    send_to_asker (self, request, answer);
  else if (self->unsent_answers == MAX_UNSENT_ANSWERS)
    {
      refusal = new_error (request, XMPP_STANZA_ERROR_RESOURCE_CONSTRAINT, NULL);
      send_to_asker (self, request, refusal);
    }
  else
    g_debug ("Too many unsent answers: %s gets none", xmpp_node_get (request, "from"));

  self->unsent_answers++;
}

/**
 * xmpp_session_send_result:
 * @self: a session
 * @request: an `<iq/>` of type get or set that was received
 * @result: (nullable): an `<iq/>` with the answer's child; %NULL for one without
 *
 * Answers @request: type, id and address are set here (RFC 6120, 8.2.3).
 */
void
xmpp_session_send_result (XmppSession *self,
                          XmppStanza  *request,
                          XmppStanza  *result)
{
  g_autoptr(XmppStanza) answer = NULL;

  g_return_if_fail (XMPP_IS_SESSION (self));
  g_return_if_fail (request != NULL);
  g_return_if_fail (result == NULL || !xmpp_stanza_is_sealed (result));

  answer = result != NULL ? xmpp_stanza_ref (result) : xmpp_stanza_new ("iq", XMPP_NS_CLIENT);
  xmpp_node_set (xmpp_stanza_get_root (answer), "type", "result");
  send_answer (self, xmpp_stanza_get_root (request), answer);
}

/**
 * xmpp_session_send_error:
 * @self: a session
 * @request: a stanza that was received
 * @condition: what is wrong with it
 * @text: (nullable): in words
 *
 * Refuses @request (RFC 6120, 8.3).
 */
void
xmpp_session_send_error (XmppSession     *self,
                         XmppStanza      *request,
                         XmppStanzaError  condition,
                         const char      *text)
{
  g_autoptr(XmppStanza) answer = NULL;

  g_return_if_fail (XMPP_IS_SESSION (self));
  g_return_if_fail (request != NULL);

  answer = new_error (xmpp_stanza_get_root (request), condition, text);
  send_answer (self, xmpp_stanza_get_root (request), answer);
}

/* Requests */

/**
 * xmpp_session_request_async:
 * @self: a session
 * @iq: an `<iq/>` of type get or set, not sealed; it is given its id here
 * @cancellable: (nullable): stops waiting
 * @callback: when there is an answer, or will be none
 * @user_data: for @callback
 *
 * Sends @iq and waits for the answer of the one it was sent to (RFC 6120, 8.2.3), as long as the
 * property "timeout" says. While the connection is lost and may be resumed, it waits for that, too, and the
 * time does not count.
 */
void
xmpp_session_request_async (XmppSession         *self,
                            XmppStanza          *iq,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autofree char *id = NULL;
  XmppNode *root;

  g_return_if_fail (XMPP_IS_SESSION (self));
  g_return_if_fail (iq != NULL && !xmpp_stanza_is_sealed (iq));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xmpp_session_request_async);

  if (g_task_return_error_if_cancelled (task))
    return;

  if (self->state != XMPP_STATE_ONLINE && !xmpp_session_can_queue (self))
    {
      g_task_return_new_error (task, XMPP_ERROR, XMPP_ERROR_DISCONNECTED, _("Not connected"));
      return;
    }

  root = xmpp_stanza_get_root (iq);
  id = xmpp_random_id ();
  xmpp_node_set (root, "id", id);
  xmpp_requests_add (self->requests, id, xmpp_node_get (root, "to"), g_steal_pointer (&task));
  xmpp_session_send (self, iq);
}

/**
 * xmpp_session_request_finish:
 * @self: a session
 * @result: what the callback was given
 * @error: %XMPP_STANZA_ERROR when it was refused; %XMPP_ERROR_TIMED_OUT, %XMPP_ERROR_DISCONNECTED,
 *   %XMPP_ERROR_LIMIT, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full): the `<iq/>` of type result
 */
XmppStanza *
xmpp_session_request_finish (XmppSession   *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* What a person wrote in the console */

typedef struct
{
  GPtrArray *stanzas;     /* owned */
  gboolean   has_closed;
} RawStream;

static void
on_raw_received (XmppStanza *stanza,
                 gpointer    user_data)
{
  RawStream *raw = user_data;

  g_ptr_array_add (raw->stanzas, xmpp_stanza_ref (stanza));
}

static void
on_raw_closed (gpointer user_data)
{
  RawStream *raw = user_data;

  raw->has_closed = TRUE;
}

static gboolean
refuse_raw (GError     **error,
            XmppError    code,
            const char  *sentence)
{
  g_set_error_literal (error, XMPP_ERROR, code, sentence);

  return FALSE;
}

static gboolean
parse_raw (RawStream   *raw,
           const char  *xml,
           GError     **error)
{
  static const XmppParserFuncs funcs = { .received = on_raw_received, .closed = on_raw_closed };
  static const char header[] = "<stream:stream xmlns='" XMPP_NS_CLIENT "' xmlns:stream='" XMPP_NS_STREAM "'>";
  static const char end[] = "</stream:stream>";
  g_autoptr(XmppParser) parser = xmpp_parser_new (&funcs, raw);
  g_autoptr(XmppStanza) none = NULL;
  g_autoptr(GError) wrong = NULL;

  gboolean is_right;

  xmpp_parser_feed (parser, header, strlen (header), NULL);
  is_right = xmpp_parser_feed (parser, xml, strlen (xml), &wrong);

  if (raw->has_closed)
    return refuse_raw (error, XMPP_ERROR_NOT_WELL_FORMED, _("This would end the stream. Disconnect instead."));

  if (is_right)
    {
      /* an open <stream:stream> would take this end for its own */
      if (!xmpp_parser_feed (parser, end, strlen (end), NULL) || !raw->has_closed)
        return refuse_raw (error, XMPP_ERROR_NOT_WELL_FORMED,
                           _("The last element is not closed, or there is text outside of the elements."));

      return TRUE;
    }

  if (g_error_matches (wrong, XMPP_ERROR, XMPP_ERROR_RESTRICTED_XML))
    return refuse_raw (error, XMPP_ERROR_RESTRICTED_XML,
                       _("XMPP allows no comments, processing instructions, document types or entities."));

  if (g_error_matches (wrong, XMPP_ERROR, XMPP_ERROR_LIMIT))
    return refuse_raw (error, XMPP_ERROR_LIMIT, _("An element is too large."));

  /* This one fails at the same place, and says which it is */
  none = xmpp_stanza_new_from_xml (xml, -1, error);

  return FALSE;
}

static gboolean
check_raw (RawStream   *raw,
           const char  *xml,
           GError     **error)
{
  if (!g_utf8_validate (xml, -1, NULL))
    return refuse_raw (error, XMPP_ERROR_NOT_WELL_FORMED, _("The text is not UTF-8."));

  if (!parse_raw (raw, xml, error))
    return FALSE;

  for (guint i = 0; i < raw->stanzas->len; i++)
    {
      if (xmpp_stanza_is_skipped (g_ptr_array_index (raw->stanzas, i)))
        return refuse_raw (error, XMPP_ERROR_LIMIT, _("An element is too large."));
    }

  if (raw->stanzas->len == 0)
    return refuse_raw (error, XMPP_ERROR_NOT_WELL_FORMED, _("There is no element."));

  return TRUE;
}

/**
 * xmpp_session_send_raw:
 * @self: a session
 * @xml: one element or several, as a person wrote them
 * @error: %XMPP_ERROR_DISCONNECTED; %XMPP_ERROR_NOT_WELL_FORMED, %XMPP_ERROR_RESTRICTED_XML or
 *   %XMPP_ERROR_LIMIT, and nothing is sent
 *
 * Sends @xml, byte for byte, if it is well-formed. What it means is not looked at; stanzas in it count as
 * such (XEP-0198).
 *
 * Returns: whether it was sent
 */
gboolean
xmpp_session_send_raw (XmppSession  *self,
                       const char   *xml,
                       GError      **error)
{
  g_autoptr(GPtrArray) stanzas = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_stanza_unref);
  g_autoptr(XmppSession) hold = NULL;
  RawStream raw = { .stanzas = stanzas };
  gboolean is_due = FALSE;

  g_return_val_if_fail (XMPP_IS_SESSION (self), FALSE);
  g_return_val_if_fail (xml != NULL, FALSE);

  if (self->state != XMPP_STATE_ONLINE)
    {
      g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_DISCONNECTED, _("Not connected: nothing can be sent"));
      return FALSE;
    }

  if (!check_raw (&raw, xml, error))
    return FALSE;

  /* Whoever sees the first may drop us */
  hold = g_object_ref (self);
  for (guint i = 0; i < stanzas->len; i++)
    is_due |= count (self, g_ptr_array_index (stanzas, i));

  xmpp_stream_send_raw (self->stream, xml, -1);

  for (guint i = 0; i < stanzas->len; i++)
    xmpp_session_emit_stanza (self, g_ptr_array_index (stanzas, i), XMPP_SENT);

  if (is_due)
    xmpp_session_request_ack (self);

  return TRUE;
}
