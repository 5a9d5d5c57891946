/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-reconnector.h"

#include "xmpp-random.h"

#define MIN_DELAY  1000      /* ms */
#define MAX_DELAY  300000
#define MIN_GAP    1000      /* between two tries, however often the network changes (F05) */

struct _FlintReconnector
{
  GObject          parent_instance;

  XmppClock       *clock;
  GNetworkMonitor *monitor;

  guint            delay;          /* ms before the next try, without jitter */
  gint64           last_try;       /* µs, monotonic */
  gint64           deadline;       /* µs, monotonic; 0: not waiting */
  guint            timer;
  guint            told_retry_in;  /* s: what was notified last */
  guint            n_readers;      /* who want to be told each second */
  gboolean         is_available;
};

enum {
  PROP_0,
  PROP_RETRY_IN,
  PROP_IS_NETWORK_AVAILABLE,
  N_PROPS
};

enum {
  RETRY,
  NETWORK_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlintReconnector, flint_reconnector, G_TYPE_OBJECT)

/* ms, rounded up: it is never too early */
static gint64
get_left (FlintReconnector *self)
{
  return MAX ((self->deadline - xmpp_clock_get_monotonic (self->clock) + 999) / 1000, 0);
}

static void
tell_retry_in (FlintReconnector *self)
{
  guint seconds = flint_reconnector_get_retry_in (self);

  if (self->told_retry_in == seconds)
    return;

  self->told_retry_in = seconds;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RETRY_IN]);
}

static void
stop_timer (FlintReconnector *self)
{
  if (self->timer != 0)
    xmpp_clock_remove (self->clock, self->timer);

  self->timer = 0;
}

static gboolean on_tick (gpointer user_data);

/* Wakes when it is time to try again, and not before: unless somebody reads the seconds, then also when their number changes.
 * Without a network no seconds are shown.
 */
static void
schedule (FlintReconnector *self)
{
  gint64 left = get_left (self);
  guint seconds = (left + 999) / 1000;
  gboolean is_counted = self->n_readers > 0 && self->is_available;

  if (self->deadline != 0)
    self->timer = xmpp_clock_add (self->clock, is_counted && seconds > 1 ? (guint) left - (seconds - 1) * 1000 : (guint) left,
                                  on_tick, self);

  /* who is told may look away at that, and schedules anew */
  tell_retry_in (self);
}

static void
reschedule (FlintReconnector *self)
{
  if (self->deadline == 0)
    return;

  stop_timer (self);
  schedule (self);
}

static void
retry (FlintReconnector *self)
{
  flint_reconnector_stop (self);
  self->last_try = xmpp_clock_get_monotonic (self->clock);
  g_signal_emit (self, signals[RETRY], 0);
}

static gboolean
on_tick (gpointer user_data)
{
  FlintReconnector *self = user_data;
  g_autoptr(FlintReconnector) kept = g_object_ref (self);

  self->timer = 0;

  if (xmpp_clock_get_monotonic (self->clock) >= self->deadline)
    retry (self);
  else
    schedule (self);

  return G_SOURCE_REMOVE;
}

static void
on_network_changed (GNetworkMonitor  *monitor,
                    gboolean          is_available,
                    FlintReconnector *self)
{
  g_autoptr(FlintReconnector) kept = g_object_ref (self);
  gint64 next = self->last_try + MIN_GAP * G_TIME_SPAN_MILLISECOND;

  if (self->is_available != is_available)
    {
      self->is_available = is_available;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_NETWORK_AVAILABLE]);
      reschedule (self);
    }

  if (self->deadline != 0 && is_available)
    {
      stop_timer (self);

      if (xmpp_clock_get_monotonic (self->clock) >= next)
        {
          retry (self);
        }
      else
        {
          self->deadline = MIN (self->deadline, next);
          schedule (self);
        }
    }

  g_signal_emit (self, signals[NETWORK_CHANGED], 0);
}

static void
flint_reconnector_dispose (GObject *object)
{
  FlintReconnector *self = FLINT_RECONNECTOR (object);

  if (self->clock != NULL)
    stop_timer (self);

  g_clear_object (&self->clock);
  g_clear_object (&self->monitor);

  G_OBJECT_CLASS (flint_reconnector_parent_class)->dispose (object);
}

static void
flint_reconnector_get_property (GObject    *object,
                                guint       id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  FlintReconnector *self = FLINT_RECONNECTOR (object);

  switch (id)
    {
    case PROP_RETRY_IN:
      g_value_set_uint (value, flint_reconnector_get_retry_in (self));
      break;

    case PROP_IS_NETWORK_AVAILABLE:
      g_value_set_boolean (value, self->is_available);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
flint_reconnector_class_init (FlintReconnectorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = flint_reconnector_dispose;
  object_class->get_property = flint_reconnector_get_property;

  properties[PROP_RETRY_IN] = g_param_spec_uint ("retry-in", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_IS_NETWORK_AVAILABLE] = g_param_spec_boolean ("is-network-available", NULL, NULL, TRUE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[RETRY] = g_signal_new ("retry", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[NETWORK_CHANGED] = g_signal_new ("network-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
flint_reconnector_init (FlintReconnector *self)
{
  self->delay = MIN_DELAY;
  self->is_available = TRUE;
}

/**
 * flint_reconnector_new:
 * @clock: what time it is
 * @monitor: (nullable): whether there is a network; %NULL: the system's
 *
 * Returns: (transfer full): one that does not wait yet
 */
FlintReconnector *
flint_reconnector_new (XmppClock       *clock,
                       GNetworkMonitor *monitor)
{
  FlintReconnector *self = g_object_new (FLINT_TYPE_RECONNECTOR, NULL);

  self->clock = g_object_ref (clock);
  self->monitor = g_object_ref (monitor != NULL ? monitor : g_network_monitor_get_default ());
  self->is_available = g_network_monitor_get_network_available (self->monitor);
  self->last_try = G_MININT64 / 2;

  g_signal_connect_object (self->monitor, "network-changed", G_CALLBACK (on_network_changed), self, 0);

  return self;
}

/**
 * flint_reconnector_wait:
 * @self: a reconnector
 * @at_least: seconds to wait at least, as the server asked us to go; 0: no such wish
 *
 * Begins to wait for the next try: between half of the delay and all of it, so that thousands of clients
 * do not come back at the same moment (RFC 6120, 3.3).
 */
void
flint_reconnector_wait (FlintReconnector *self,
                        guint             at_least)
{
  guint16 random;
  guint64 delay;

  g_return_if_fail (FLINT_IS_RECONNECTOR (self));

  flint_reconnector_stop (self);
  xmpp_random_bytes ((guint8 *) &random, sizeof random);

  delay = self->delay / 2 + (guint64) self->delay / 2 * random / G_MAXUINT16;
  delay = MAX (delay, MAX (MIN_DELAY, (guint64) at_least * 1000));
  self->delay = MIN (self->delay * 2, MAX_DELAY);
  self->deadline = xmpp_clock_get_monotonic (self->clock) + (gint64) delay * G_TIME_SPAN_MILLISECOND;

  schedule (self);
}

/**
 * flint_reconnector_stop:
 * @self: a reconnector
 *
 * Waits no longer; the next wait will be longer, as there was no success.
 */
void
flint_reconnector_stop (FlintReconnector *self)
{
  g_return_if_fail (FLINT_IS_RECONNECTOR (self));

  stop_timer (self);
  self->deadline = 0;
  tell_retry_in (self);
}

/**
 * flint_reconnector_reset:
 * @self: a reconnector
 *
 * A login succeeded: the next wait is short again.
 */
void
flint_reconnector_reset (FlintReconnector *self)
{
  g_return_if_fail (FLINT_IS_RECONNECTOR (self));

  flint_reconnector_stop (self);
  self->delay = MIN_DELAY;
}

/**
 * flint_reconnector_is_waiting:
 * @self: a reconnector
 *
 * Returns: whether it will try again
 */
gboolean
flint_reconnector_is_waiting (FlintReconnector *self)
{
  g_return_val_if_fail (FLINT_IS_RECONNECTOR (self), FALSE);

  return self->deadline != 0;
}

/**
 * flint_reconnector_get_retry_in:
 * @self: a reconnector
 *
 * Returns: seconds until the next try; 0 when it does not wait
 */
guint
flint_reconnector_get_retry_in (FlintReconnector *self)
{
  g_return_val_if_fail (FLINT_IS_RECONNECTOR (self), 0);

  return self->deadline != 0 ? (get_left (self) + 999) / 1000 : 0;
}

/**
 * flint_reconnector_begin_reading:
 * @self: a reconnector
 *
 * Somebody looks at the seconds: their property is notified each time they change, until flint_reconnector_end_reading ().
 * While nobody does, nothing wakes up for it.
 */
void
flint_reconnector_begin_reading (FlintReconnector *self)
{
  g_return_if_fail (FLINT_IS_RECONNECTOR (self));

  if (self->n_readers++ == 0)
    reschedule (self);
}

/**
 * flint_reconnector_end_reading:
 * @self: a reconnector
 *
 * One of those who began to read looks away.
 */
void
flint_reconnector_end_reading (FlintReconnector *self)
{
  g_return_if_fail (FLINT_IS_RECONNECTOR (self) && self->n_readers > 0);

  if (--self->n_readers == 0)
    reschedule (self);
}

/**
 * flint_reconnector_is_network_available:
 * @self: a reconnector
 *
 * Returns: whether there is any network
 */
gboolean
flint_reconnector_is_network_available (FlintReconnector *self)
{
  g_return_val_if_fail (FLINT_IS_RECONNECTOR (self), FALSE);

  return self->is_available;
}
