/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-ping.h"

#include <glib/gi18n-lib.h>

#define NS_PING "urn:xmpp:ping"

#define DEFAULT_INTERVAL 60
#define DEFAULT_PATIENCE 20
#define NEVER            (G_MININT64 / 2)
#define MIN_PROBE_GAP    5    /* s; a network may flap */

struct _XmppPing
{
  XmppModule parent_instance;

  guint  interval;      /* s */
  guint  patience;      /* s */

  /* With a connection */
  gint64   asked_at;    /* monotonic; NEVER: nothing is open */
  gboolean is_doubtful; /* ask as soon as one may */
  guint    timer;
};

enum {
  PROP_0,
  PROP_INTERVAL,
  PROP_PATIENCE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (XmppPing, xmpp_ping, XMPP_TYPE_MODULE)

static XmppClock *
get_clock (XmppPing *self)
{
  return xmpp_session_get_clock (xmpp_module_get_session (XMPP_MODULE (self)));
}

static void
answer_ping (XmppModule     *module,
             XmppStanza     *request,
             const XmppNode *child,
             XmppJid        *from,
             XmppSender      sender)
{
  xmpp_session_send_result (xmpp_module_get_session (module), request, NULL);
}

static gint64
get_last_heard (XmppPing *self)
{
  return xmpp_session_get_last_heard (xmpp_module_get_session (XMPP_MODULE (self)));
}

/* And nothing has come since: anything that comes is an answer. */
static gboolean
is_asked (XmppPing *self)
{
  return self->asked_at > get_last_heard (self);
}

/* Nor has anything moved towards the server: over a slow line the question may not have reached it yet (F10) */
static gboolean
is_unanswered (XmppPing *self)
{
  return self->asked_at > xmpp_session_get_last_progress (xmpp_module_get_session (XMPP_MODULE (self)));
}

static XmppStanza *
make_ping (const char *to)
{
  XmppStanza *iq = xmpp_stanza_new_iq ("get", to);

  xmpp_node_add (xmpp_stanza_get_root (iq), "ping", NS_PING);

  return iq;
}

/* Is the other end still there? (RFC 6120, 4.6; security.md, S106) Anything that comes is as good an
 * answer as the ping's own.
 */

static void
give_up (XmppPing *self)
{
  g_autoptr(GError) error =
    g_error_new_literal (XMPP_ERROR, XMPP_ERROR_TIMED_OUT,
                         _("The server does not answer any more. The connection is taken for lost"));

  xmpp_session_fail (xmpp_module_get_session (XMPP_MODULE (self)), error);
}

/* With stream management by its own question, which is shorter (XEP-0198, 4) */
static void
ask_server (XmppPing *self)
{
  XmppSession *session = xmpp_module_get_session (XMPP_MODULE (self));
  g_autoptr(XmppStanza) iq = NULL;

  self->asked_at = xmpp_clock_get_monotonic (get_clock (self));
  self->is_doubtful = FALSE;

  /* From here on, see is_unanswered () */
  xmpp_session_get_last_progress (session);
  if (xmpp_session_request_ack (session))
    return;

  iq = make_ping (xmpp_jid_get_domain (xmpp_session_get_jid (session)));
  xmpp_session_request_async (session, iq, NULL, NULL, NULL);
}

static gboolean on_timer (gpointer user_data);

static void
wait_for (XmppPing *self,
          gint64    microseconds)
{
  self->timer = xmpp_clock_add (get_clock (self), (microseconds + 999) / 1000, on_timer, self);
}

static gboolean
on_timer (gpointer user_data)
{
  XmppPing *self = user_data;
  gint64 interval = self->interval * G_TIME_SPAN_SECOND;
  gint64 silence = xmpp_clock_get_monotonic (get_clock (self)) - get_last_heard (self);

  self->timer = 0;

  if (is_unanswered (self))
    {
      give_up (self);
    }
  else if (self->is_doubtful || silence >= interval)
    {
      wait_for (self, self->patience * G_TIME_SPAN_SECOND);
      ask_server (self);
    }
  else
    {
      wait_for (self, interval - silence);
    }

  return G_SOURCE_REMOVE;
}

static void
stop (XmppModule *module)
{
  XmppPing *self = XMPP_PING (module);

  if (self->timer != 0)
    xmpp_clock_remove (get_clock (self), self->timer);
  self->timer = 0;
}

static void
xmpp_ping_online (XmppModule *module,
                  gboolean    resumed)
{
  XmppPing *self = XMPP_PING (module);

  stop (module);
  if (self->interval == 0)
    return;

  self->asked_at = NEVER;
  self->is_doubtful = FALSE;
  wait_for (self, self->interval * G_TIME_SPAN_SECOND);
}

static void
xmpp_ping_get_property (GObject    *object,
                        guint       prop_id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  XmppPing *self = XMPP_PING (object);

  switch (prop_id)
    {
    case PROP_INTERVAL:
      g_value_set_uint (value, self->interval);
      break;

    case PROP_PATIENCE:
      g_value_set_uint (value, self->patience);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xmpp_ping_set_property (GObject      *object,
                        guint         prop_id,
                        const GValue *value,
                        GParamSpec   *pspec)
{
  XmppPing *self = XMPP_PING (object);

  switch (prop_id)
    {
    case PROP_INTERVAL:
      self->interval = g_value_get_uint (value);
      break;

    case PROP_PATIENCE:
      self->patience = g_value_get_uint (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static const char * const features[] = { NS_PING, NULL };

/* Openfire closes a stream whose idle ping is not answered. A stranger learns nothing (T099). */
static const XmppHandler handlers[] = {
  { "iq", "get", "ping", NS_PING, answer_ping,
    XMPP_SENDER_OWN_ACCOUNT | XMPP_SENDER_OWN_SERVER | XMPP_SENDER_CONTACT |
    XMPP_SENDER_ROOM | XMPP_SENDER_OCCUPANT },
  { NULL }
};

static void
xmpp_ping_class_init (XmppPingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  XmppModuleClass *module_class = XMPP_MODULE_CLASS (klass);

  object_class->get_property = xmpp_ping_get_property;
  object_class->set_property = xmpp_ping_set_property;

  module_class->features = features;
  module_class->handlers = handlers;
  module_class->online = xmpp_ping_online;
  module_class->lost = stop;
  module_class->offline = stop;

  properties[PROP_INTERVAL] =
    g_param_spec_uint ("interval", NULL, NULL, 0, 86400, DEFAULT_INTERVAL,
                       (G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS));
  properties[PROP_PATIENCE] =
    g_param_spec_uint ("patience", NULL, NULL, 1, 3600, DEFAULT_PATIENCE,
                       (G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xmpp_ping_init (XmppPing *self)
{
}

static void
on_pong (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(XmppStanza) answer = NULL;
  const gint64 *start = g_task_get_task_data (task);
  GError *error = NULL;

  answer = xmpp_session_request_finish (XMPP_SESSION (object), result, &error);
  if (answer != NULL)
    g_task_return_int (task, xmpp_clock_get_monotonic (get_clock (g_task_get_source_object (task))) - *start);
  else
    g_task_return_error (task, error);
}

/**
 * xmpp_ping_async:
 * @jid: (nullable): whom; %NULL for our server
 *
 * Asks @jid for a sign of life (XEP-0199).
 */
void
xmpp_ping_async (XmppPing            *self,
                 XmppJid             *jid,
                 GCancellable        *cancellable,
                 GAsyncReadyCallback  callback,
                 gpointer             user_data)
{
  XmppSession *session;
  g_autoptr(XmppStanza) iq = NULL;
  gint64 now;
  GTask *task;

  g_return_if_fail (XMPP_IS_PING (self));

  session = xmpp_module_get_session (XMPP_MODULE (self));
  now = xmpp_clock_get_monotonic (get_clock (self));
  iq = make_ping (jid != NULL ? xmpp_jid_get_text (jid)
                              : xmpp_jid_get_domain (xmpp_session_get_jid (session)));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xmpp_ping_async);
  g_task_set_task_data (task, g_memdup2 (&now, sizeof now), g_free);

  xmpp_session_request_async (session, iq, cancellable, on_pong, task);
}

/**
 * xmpp_ping_finish:
 *
 * Returns: how long the answer took, in µs; -1 with @error set when it is an error or none came. An
 *   entity that does not know pings answers service-unavailable and yet is there.
 */
gint64
xmpp_ping_finish (XmppPing      *self,
                  GAsyncResult  *result,
                  GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), -1);

  return g_task_propagate_int (G_TASK (result), error);
}

/**
 * xmpp_ping_get_silence:
 *
 * Returns: how long nothing has come from the server, in µs; of the last connection, when there is none
 */
gint64
xmpp_ping_get_silence (XmppPing *self)
{
  g_return_val_if_fail (XMPP_IS_PING (self), 0);

  return xmpp_clock_get_monotonic (get_clock (self)) - get_last_heard (self);
}

/**
 * xmpp_ping_probe:
 *
 * There is reason to doubt the connection: another network, or a computer that has slept. The server is asked at once, and
 * the connection ends when it does not answer in time; a connection that works is not touched (security.md, F04).
 */
void
xmpp_ping_probe (XmppPing *self)
{
  gint64 gap;

  g_return_if_fail (XMPP_IS_PING (self));

  if (self->timer == 0 || is_asked (self) || self->is_doubtful)
    return;

  gap = self->asked_at + MIN_PROBE_GAP * G_TIME_SPAN_SECOND - xmpp_clock_get_monotonic (get_clock (self));
  xmpp_clock_remove (get_clock (self), self->timer);

  if (gap > 0)
    {
      self->is_doubtful = TRUE;
      wait_for (self, gap);
    }
  else
    {
      wait_for (self, self->patience * G_TIME_SPAN_SECOND);
      ask_server (self);
    }
}
