/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-requests.h"
#include "xmpp-error.h"

#include <glib/gi18n-lib.h>

struct _XmppRequests
{
  XmppClock  *clock;
  guint       timeout;     /* ms */
  GHashTable *by_id;       /* id → owned Request */
  GQueue      deadlines;   /* of Request: all wait equally long, so the head is next */
  guint       timer;
  gint64      paused_at;   /* µs, monotonic; 0: there is a connection */
};

typedef struct
{
  XmppRequests *requests;
  char         *id;
  XmppJid      *to;        /* NULL: our account, by our server */
  GTask        *task;
  GSource      *cancelled; /* NULL: it cannot be */
  gint64        deadline;  /* µs, monotonic */
  GList         link;
} Request;

/* Whose answer counts, by whom was asked (T018; RFC 6120, 8.1.2.1): the one who was asked, and for
 * what our server answers itself the names that servers use for that.
 */
#define KIND(kind) (1u << (kind))

static const guint answers_by_asked[] = {
  [XMPP_OWN_ABSENT] = KIND (XMPP_OWN_ABSENT) | KIND (XMPP_OWN_BARE) | KIND (XMPP_OWN_FULL) | KIND (XMPP_OWN_DOMAIN),
  [XMPP_OWN_BARE]   = KIND (XMPP_OWN_ABSENT) | KIND (XMPP_OWN_BARE),
  [XMPP_OWN_FULL]   = KIND (XMPP_OWN_FULL),
  [XMPP_OWN_DEVICE] = 0,
  [XMPP_OWN_DOMAIN] = KIND (XMPP_OWN_ABSENT) | KIND (XMPP_OWN_DOMAIN),
  [XMPP_OWN_NOT]    = 0,
};

static gboolean
is_answerer (const XmppOwn *own,
             const XmppJid *asked,
             const XmppJid *from)
{
  if (asked != NULL && from != NULL && xmpp_jid_equal (asked, from))
    return TRUE;

  return (answers_by_asked[xmpp_own_kind (own, asked)] & KIND (xmpp_own_kind (own, from))) != 0;
}

static void
request_free (Request *request)
{
  if (request->cancelled != NULL)
    g_source_destroy (request->cancelled);

  g_clear_pointer (&request->cancelled, g_source_unref);
  g_clear_pointer (&request->to, xmpp_jid_unref);
  g_clear_object (&request->task);
  g_free (request->id);
  g_free (request);
}

/* Out of the table before anybody is told: who is told may ask anew, or end everything. */
static GTask *
take_task (Request *request)
{
  XmppRequests *self = request->requests;
  GTask *task = g_steal_pointer (&request->task);

  g_queue_unlink (&self->deadlines, &request->link);
  g_hash_table_steal (self->by_id, request->id);
  request_free (request);

  return task;
}

static gboolean
on_cancelled (GCancellable *cancellable,
              gpointer      user_data)
{
  g_autoptr(GTask) task = take_task (user_data);

  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

static gboolean on_deadline (gpointer user_data);

static void
set_timer (XmppRequests *self)
{
  const Request *next = g_queue_peek_head (&self->deadlines);
  gint64 now = xmpp_clock_get_monotonic (self->clock);

  if (next != NULL && self->timer == 0 && self->paused_at == 0)
    self->timer = xmpp_clock_add (self->clock, (MAX (next->deadline - now, 0) + 999) / 1000, on_deadline, self);
}

static gboolean
on_deadline (gpointer user_data)
{
  XmppRequests *self = user_data;
  gint64 now = xmpp_clock_get_monotonic (self->clock);
  g_autoptr(GPtrArray) late = g_ptr_array_new_with_free_func (g_object_unref);
  Request *request;

  self->timer = 0;

  while ((request = g_queue_peek_head (&self->deadlines)) && request->deadline <= now)
    g_ptr_array_add (late, take_task (request));

  set_timer (self);

  /* self may be gone after the first of these */
  for (guint i = 0; i < late->len; i++)
    g_task_return_new_error (g_ptr_array_index (late, i), XMPP_ERROR, XMPP_ERROR_TIMED_OUT,
                             _("No answer came in time"));

  return G_SOURCE_REMOVE;
}

/* timeout: ms that each request may take */
XmppRequests *
xmpp_requests_new (XmppClock *clock,
                   guint      timeout)
{
  XmppRequests *self = g_new0 (XmppRequests, 1);

  self->clock = g_object_ref (clock);
  self->timeout = timeout;
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);

  return self;
}

/* The session is over: those that still wait end with XMPP_ERROR_DISCONNECTED. */
void
xmpp_requests_free (XmppRequests *self)
{
  g_autoptr(GPtrArray) tasks = g_ptr_array_new_with_free_func (g_object_unref);
  Request *request;

  while ((request = g_queue_peek_head (&self->deadlines)))
    g_ptr_array_add (tasks, take_task (request));

  if (self->timer != 0)
    xmpp_clock_remove (self->clock, self->timer);

  g_hash_table_unref (self->by_id);
  g_object_unref (self->clock);
  g_free (self);

  for (guint i = 0; i < tasks->len; i++)
    g_task_return_new_error (g_ptr_array_index (tasks, i), XMPP_ERROR, XMPP_ERROR_DISCONNECTED,
                             _("The connection ended before the answer came"));
}

/* The connection is lost, and the session may be resumed: then the answers come yet. The time until then does not
 * count.
 */
void
xmpp_requests_pause (XmppRequests *self)
{
  if (self->timer != 0)
    xmpp_clock_remove (self->clock, self->timer);

  self->timer = 0;
  self->paused_at = xmpp_clock_get_monotonic (self->clock);
}

void
xmpp_requests_resume (XmppRequests *self)
{
  gint64 pause = xmpp_clock_get_monotonic (self->clock) - self->paused_at;

  for (GList *l = self->deadlines.head; l != NULL; l = l->next)
    ((Request *) l->data)->deadline += pause;

  self->paused_at = 0;
  set_timer (self);
}

/* to: as written in the request, or NULL. task: (transfer full), it returns the answer's stanza */
void
xmpp_requests_add (XmppRequests *self,
                   const char   *id,
                   const char   *to,
                   GTask        *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  Request *request = g_new0 (Request, 1);

  request->requests = self;
  request->id = g_strdup (id);
  request->to = xmpp_jid_new_received (to);
  request->task = task;
  request->deadline = xmpp_clock_get_monotonic (self->clock) + self->timeout * (gint64) 1000;
  request->link.data = request;

  if (cancellable != NULL)
    {
      request->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (request->cancelled, G_SOURCE_FUNC (on_cancelled), request, NULL);
      g_source_attach (request->cancelled, g_task_get_context (task));
    }

  g_hash_table_insert (self->by_id, request->id, request);
  g_queue_push_tail_link (&self->deadlines, &request->link);

  set_timer (self);
}

/* answer: an <iq/> of type result or error, or one that was too large to be read. FALSE: nobody
 * asked for it, or not from: then the question stays open.
 */
gboolean
xmpp_requests_answer (XmppRequests  *self,
                      const XmppOwn *own,
                      XmppStanza    *answer,
                      const XmppJid *from)
{
  const XmppNode *root = xmpp_stanza_get_root (answer);
  const char *id = xmpp_node_get (root, "id");
  Request *request = id != NULL ? g_hash_table_lookup (self->by_id, id) : NULL;
  g_autoptr(GTask) task = NULL;

  if (request == NULL || !is_answerer (own, request->to, from))
    return FALSE;

  task = take_task (request);

  if (xmpp_stanza_is_skipped (answer))
    g_task_return_new_error (task, XMPP_ERROR, XMPP_ERROR_LIMIT, _("The answer is too large"));
  else if (g_strcmp0 (xmpp_node_get (root, "type"), "error") == 0)
    g_task_return_error (task, xmpp_stanza_error_parse (root));
  else
    g_task_return_pointer (task, xmpp_stanza_ref (answer), (GDestroyNotify) xmpp_stanza_unref);

  return TRUE;
}
