/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-resumption-private.h"
#include "xmpp-redirect.h"

/* What we send: the server is asked when a message has gone out, once a burst; after a short quiet for the rest; and
 * at latest after so many. It is not asked again before it has answered, but for a long burst.
 */
#define ASK_EVERY     50
#define QUIET_MS      1000
#define PATIENCE_MS   (10 * 1000)   /* for the answer, with something unacknowledged (F02) */
#define ENABLE_MS     (30 * 1000)

#define MAX_UNACKED   8000
#define MAX_QUEUED    1000          /* while there is no connection */

#define DEFAULT_MAX   300           /* s, when the server does not say how long it waits */
#define MAX_TRIES     3             /* to resume, without an answer */

void
xmpp_resumption_clear_timer (XmppResumption *self,
                             guint          *timer)
{
  if (*timer != 0)
    xmpp_clock_remove (self->clock, *timer);

  *timer = 0;
}

static void
clear_timers (XmppResumption *self)
{
  xmpp_resumption_clear_timer (self, &self->enable_timer);
  xmpp_resumption_clear_timer (self, &self->ask_timer);
  xmpp_resumption_clear_timer (self, &self->overdue_timer);
  xmpp_resumption_clear_timer (self, &self->answer_timer);
}

/* h: -1 for none. Afterwards self may be gone. */
void
xmpp_resumption_send (XmppResumption *self,
                      const char     *name,
                      gint64          h)
{
  g_autoptr(XmppStanza) nonza = xmpp_stanza_new (name, XMPP_NS_SM);

  if (h >= 0)
    xmpp_node_set_int (xmpp_stanza_get_root (nonza), "h", h);

  self->funcs.send (nonza, self->user_data);
}

static gboolean
is_message (XmppStanza *stanza)
{
  return xmpp_node_is (xmpp_stanza_get_root (stanza), "message", XMPP_NS_CLIENT);
}

static gboolean
on_silent (gpointer user_data)
{
  XmppResumption *self = user_data;

  self->enable_timer = 0;
  self->funcs.silent (self->user_data);

  return G_SOURCE_REMOVE;
}

/* As <enable/> is sent: both counters are at zero, that of what is received from <enabled/> on. */
XmppResumption *
xmpp_resumption_new (XmppClock                 *clock,
                     const XmppResumptionFuncs *funcs,
                     gpointer                   user_data)
{
  XmppResumption *self = g_new0 (XmppResumption, 1);

  self->clock = g_object_ref (clock);
  self->funcs = *funcs;
  self->user_data = user_data;
  self->is_keeping = TRUE;
  self->is_connected = TRUE;
  self->done = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_stanza_unref);
  self->enable_timer = xmpp_clock_add (clock, ENABLE_MS, on_silent, self);

  return self;
}

void
xmpp_resumption_free (XmppResumption *self)
{
  clear_timers (self);
  g_queue_clear_full (&self->unacked, (GDestroyNotify) xmpp_stanza_unref);
  g_queue_clear_full (&self->holds, g_free);
  g_ptr_array_unref (self->done);
  g_object_unref (self->clock);
  g_free (self->location);
  g_free (self->id);
  g_free (self);
}

/* What both sides count: stanzas, and nothing else (XEP-0198, 1) */
gboolean
xmpp_resumption_is_counted (const XmppNode *root)
{
  return xmpp_node_is (root, "message", XMPP_NS_CLIENT) || xmpp_node_is (root, "presence", XMPP_NS_CLIENT) ||
         xmpp_node_is (root, "iq", XMPP_NS_CLIENT);
}

/* For tests, before anything was sent: as if so many had been sent and acknowledged, received and told */
void
xmpp_resumption_set_counters (XmppResumption *self,
                              guint32         sent,
                              guint32         received)
{
  g_assert (g_queue_is_empty (&self->unacked));

  self->acked = sent;
  self->received = received;
  self->told = received;
}

/* Enabling */

XmppStanza *
xmpp_resumption_make_enable (void)
{
  XmppStanza *nonza = xmpp_stanza_new ("enable", XMPP_NS_SM);

  xmpp_node_set (xmpp_stanza_get_root (nonza), "resume", "true");

  return nonza;
}

/* What we send */

static gboolean
on_overdue (gpointer user_data)
{
  XmppResumption *self = user_data;

  self->overdue_timer = 0;
  self->funcs.overdue (self->asked_at, self->user_data);

  return G_SOURCE_REMOVE;
}

/* Now, whether it was asked before or not. Afterwards self may be gone. */
void
xmpp_resumption_ask (XmppResumption *self)
{
  if (!self->is_connected)
    return;

  xmpp_resumption_clear_timer (self, &self->ask_timer);
  xmpp_resumption_clear_timer (self, &self->overdue_timer);
  self->is_asked = TRUE;
  self->asked_at = xmpp_clock_get_monotonic (self->clock);
  self->since_asked = 0;
  if (!g_queue_is_empty (&self->unacked))
    self->overdue_timer = xmpp_clock_add (self->clock, PATIENCE_MS, on_overdue, self);

  xmpp_resumption_send (self, "r", -1);
}

static gboolean
on_ask (gpointer user_data)
{
  XmppResumption *self = user_data;

  self->ask_timer = 0;
  xmpp_resumption_ask (self);

  return G_SOURCE_REMOVE;
}

static void
ask_soon (XmppResumption *self,
          gboolean        is_urgent)
{
  if (!self->is_enabled || !self->is_connected || self->is_asked || g_queue_is_empty (&self->unacked))
    return;

  if (self->ask_timer != 0 && (self->is_urgent || !is_urgent))
    return;

  xmpp_resumption_clear_timer (self, &self->ask_timer);
  self->is_urgent = is_urgent;
  self->ask_timer = xmpp_clock_add (self->clock, is_urgent ? 0 : QUIET_MS, on_ask, self);
}

/* What is about to be written, or waits for a connection: kept until it is acknowledged. Before it is written, so that
 * the question behind it goes out in the same turn of the main loop. TRUE: so much has gone out that the server is
 * to be asked as soon as this has, too.
 */
gboolean
xmpp_resumption_add (XmppResumption *self,
                     XmppStanza     *stanza)
{
  if (!self->is_keeping)
    return FALSE;

  g_queue_push_tail (&self->unacked, xmpp_stanza_ref (stanza));
  if (is_message (stanza))
    self->n_messages++;

  if (!self->is_connected)
    {
      self->n_queued++;
      return FALSE;
    }

  self->since_asked++;
  ask_soon (self, is_message (stanza));

  return self->is_enabled && self->since_asked >= ASK_EVERY;
}

/* Whether there is no room for another one */
gboolean
xmpp_resumption_is_full (XmppResumption *self)
{
  return g_queue_get_length (&self->unacked) >= MAX_UNACKED || self->n_queued >= MAX_QUEUED;
}

static void
pop_acknowledged (XmppResumption *self)
{
  g_autoptr(XmppStanza) stanza = g_queue_pop_head (&self->unacked);

  self->acked++;
  if (!is_message (stanza))
    return;

  self->n_messages--;
  g_ptr_array_add (self->done, g_steal_pointer (&stanza));
}

static XmppAck
take_h (XmppResumption *self,
        const XmppNode *nonza)
{
  guint64 h;
  guint32 n;

  if (!xmpp_node_get_uint (nonza, "h", G_MAXUINT32, &h))
    return XMPP_ACK_IGNORED;

  n = (guint32) h - self->acked;
  if (n > g_queue_get_length (&self->unacked) - self->n_queued)
    return n > G_MAXINT32 ? XMPP_ACK_IGNORED : XMPP_ACK_TOO_HIGH;

  for (; n > 0; n--)
    pop_acknowledged (self);

  return XMPP_ACK_OK;
}

/* <a/>. What is acknowledged by it is then to be taken. */
XmppAck
xmpp_resumption_acknowledged (XmppResumption *self,
                              const XmppNode *nonza)
{
  guint32 before = self->acked;
  XmppAck ack;

  if (!self->is_enabled || !self->is_keeping)
    return XMPP_ACK_IGNORED;

  ack = take_h (self, nonza);
  if (ack != XMPP_ACK_OK)
    return ack;

  xmpp_resumption_clear_timer (self, &self->overdue_timer);
  self->is_asked = FALSE;

  /* One that says the same again and again is not asked as quickly */
  ask_soon (self, self->n_messages > 0 && self->acked != before);

  return XMPP_ACK_OK;
}

/* Returns: (transfer full): what is wrong with XMPP_ACK_TOO_HIGH, for a stream error (XEP-0198, 6) */
char *
xmpp_resumption_describe_too_high (XmppResumption *self,
                                   const XmppNode *nonza)
{
  guint32 sent = self->acked + g_queue_get_length (&self->unacked) - self->n_queued;
  guint64 h = 0;

  xmpp_node_get_uint (nonza, "h", G_MAXUINT32, &h);

  return g_strdup_printf ("<handled-count-too-high xmlns='" XMPP_NS_SM "' h='%" G_GUINT64_FORMAT "' send-count='%u'/>",
                          h, sent);
}

guint
xmpp_resumption_get_n_unacked (XmppResumption *self)
{
  return g_queue_get_length (&self->unacked);
}

/* Returns: (transfer full): of all that is not acknowledged, in order */
GPtrArray *
xmpp_resumption_copy_unacked (XmppResumption *self)
{
  GPtrArray *copy = g_ptr_array_new_full (g_queue_get_length (&self->unacked), (GDestroyNotify) xmpp_stanza_unref);

  for (GList *l = self->unacked.head; l != NULL; l = l->next)
    g_ptr_array_add (copy, xmpp_stanza_ref (l->data));

  return copy;
}

/* Returns: (transfer full): the messages that were acknowledged since it was last asked, in order */
GPtrArray *
xmpp_resumption_take_acknowledged (XmppResumption *self)
{
  GPtrArray *done = self->done;

  self->done = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_stanza_unref);

  return done;
}

/* Returns: (transfer full) (nullable): the oldest that is not acknowledged: it counts as if it were */
XmppStanza *
xmpp_resumption_take_oldest (XmppResumption *self)
{
  XmppStanza *stanza = g_queue_pop_head (&self->unacked);

  if (stanza == NULL)
    return NULL;

  self->acked++;
  if (is_message (stanza))
    self->n_messages--;

  return stanza;
}

/* Enabling, the server's part */

/* An Openfire names itself, without a port: to where we are the usual way leads, with the port that is right */
static void
read_location (XmppResumption *self,
               const char     *text,
               const char     *host)
{
  if (text == NULL)
    return;

  self->location = xmpp_redirect_parse_target (text, &self->location_port);
  if (self->location != NULL && self->location_port == 0 && host != NULL && g_ascii_strcasecmp (self->location, host) == 0)
    g_clear_pointer (&self->location, g_free);
}

/* <enabled/>, once; others are not heard. host (nullable): the one that we are connected to */
void
xmpp_resumption_enabled (XmppResumption *self,
                         const XmppNode *nonza,
                         const char     *host)
{
  const char *id = xmpp_node_get (nonza, "id");
  guint64 max;

  if (self->is_enabled)
    return;

  xmpp_resumption_clear_timer (self, &self->enable_timer);
  self->is_enabled = TRUE;

  if (!xmpp_node_get_uint (nonza, "max", G_MAXINT32 / 1000, &max))
    max = DEFAULT_MAX;

  if (xmpp_node_get_boolean (nonza, "resume") && id != NULL && *id != '\0' && max > 0)
    {
      self->id = g_strdup (id);
      self->max = max;
      read_location (self, xmpp_node_get (nonza, "location"), host);
    }

  ask_soon (self, self->n_messages > 0);
}

gboolean
xmpp_resumption_is_enabled (XmppResumption *self)
{
  return self->is_enabled;
}

/* The server acknowledges nothing: what we send is not kept, and nothing can be resumed. It is still answered. */
void
xmpp_resumption_stop_keeping (XmppResumption *self)
{
  self->is_keeping = FALSE;
  self->is_asked = FALSE;
  xmpp_resumption_clear_timer (self, &self->ask_timer);
  xmpp_resumption_clear_timer (self, &self->overdue_timer);
  g_queue_clear_full (&self->unacked, (GDestroyNotify) xmpp_stanza_unref);
  self->n_messages = 0;
}

gboolean
xmpp_resumption_is_keeping (XmppResumption *self)
{
  return self->is_keeping;
}

/* Returns: for how many seconds without a connection it can be resumed */
guint
xmpp_resumption_get_max (XmppResumption *self)
{
  return self->max;
}

/* Returns: (nullable): the host where the server would have us come back to. port: 0 when it did not say which */
const char *
xmpp_resumption_get_location (XmppResumption *self,
                              guint          *port)
{
  *port = self->location_port;

  return self->location;
}

void
xmpp_resumption_forget_location (XmppResumption *self)
{
  g_clear_pointer (&self->location, g_free);
}

/* Losing the connection, and coming back */

void
xmpp_resumption_lost (XmppResumption *self)
{
  clear_timers (self);
  self->is_connected = FALSE;
  self->is_asked = FALSE;
  self->lost_at = xmpp_clock_get_monotonic (self->clock);
}

gboolean
xmpp_resumption_can_resume (XmppResumption *self)
{
  if (self->id == NULL || !self->is_keeping || self->is_refused || self->n_tries >= MAX_TRIES)
    return FALSE;

  return self->is_connected ||
         xmpp_clock_get_monotonic (self->clock) - self->lost_at < self->max * G_TIME_SPAN_SECOND;
}

XmppStanza *
xmpp_resumption_make_resume (XmppResumption *self)
{
  XmppStanza *nonza = xmpp_stanza_new ("resume", XMPP_NS_SM);
  XmppNode *root = xmpp_stanza_get_root (nonza);

  self->n_tries++;
  self->resumed_from = xmpp_resumption_get_h (self);
  xmpp_node_set_int (root, "h", self->resumed_from);
  xmpp_node_set (root, "previd", self->id);

  return nonza;
}

/* <resumed/>. With anything but XMPP_ACK_OK it makes no sense, and nothing can be resumed any more. What is still
 * unacknowledged is to be sent again, before anything else.
 */
XmppAck
xmpp_resumption_resumed (XmppResumption *self,
                         const XmppNode *nonza)
{
  XmppAck ack = XMPP_ACK_IGNORED;

  if (g_strcmp0 (xmpp_node_get (nonza, "previd"), self->id) == 0)
    ack = take_h (self, nonza);

  if (ack != XMPP_ACK_OK)
    {
      self->is_refused = TRUE;
      return ack;
    }

  self->is_connected = TRUE;
  self->n_tries = 0;
  self->n_queued = 0;
  self->since_asked = 0;
  self->told = self->resumed_from;
  self->since_told = 0;
  self->repeats = self->received - self->resumed_from;
  self->is_behind = self->repeats > 0;
  ask_soon (self, self->n_messages > 0);

  return XMPP_ACK_OK;
}

/* <failed/>, which may say how far the server had come */
void
xmpp_resumption_refused (XmppResumption *self,
                         const XmppNode *nonza)
{
  self->is_refused = TRUE;
  take_h (self, nonza);
}
