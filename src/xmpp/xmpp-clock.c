/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-clock.h"

G_DEFINE_TYPE (XmppClock, xmpp_clock, G_TYPE_OBJECT)

static gint64
xmpp_clock_real_get_monotonic (XmppClock *self)
{
  return g_get_monotonic_time ();
}

static gint64
xmpp_clock_real_get_real (XmppClock *self)
{
  return g_get_real_time ();
}

static guint
xmpp_clock_real_add (XmppClock   *self,
                     guint        milliseconds,
                     GSourceFunc  func,
                     gpointer     user_data)
{
  g_autoptr(GSource) source = g_timeout_source_new (milliseconds);

  g_source_set_callback (source, func, user_data, NULL);

  return g_source_attach (source, g_main_context_get_thread_default ());
}

static void
xmpp_clock_real_remove (XmppClock *self,
                        guint      id)
{
  GSource *source = g_main_context_find_source_by_id (g_main_context_get_thread_default (), id);

  if (source != NULL)
    g_source_destroy (source);
}

static void
xmpp_clock_class_init (XmppClockClass *klass)
{
  klass->get_monotonic = xmpp_clock_real_get_monotonic;
  klass->get_real = xmpp_clock_real_get_real;
  klass->add = xmpp_clock_real_add;
  klass->remove = xmpp_clock_real_remove;
}

static void
xmpp_clock_init (XmppClock *self)
{
}

/**
 * xmpp_clock_new:
 *
 * The real clock. Its timers run in the thread-default main context of who adds them.
 *
 * Returns: (transfer full): a new clock
 */
XmppClock *
xmpp_clock_new (void)
{
  return g_object_new (XMPP_TYPE_CLOCK, NULL);
}

/**
 * xmpp_clock_get_monotonic:
 * @self: a clock
 *
 * Returns: microseconds since some moment, never going back
 */
gint64
xmpp_clock_get_monotonic (XmppClock *self)
{
  g_return_val_if_fail (XMPP_IS_CLOCK (self), 0);

  return XMPP_CLOCK_GET_CLASS (self)->get_monotonic (self);
}

/**
 * xmpp_clock_get_real:
 * @self: a clock
 *
 * Returns: microseconds since 1970-01-01, UTC
 */
gint64
xmpp_clock_get_real (XmppClock *self)
{
  g_return_val_if_fail (XMPP_IS_CLOCK (self), 0);

  return XMPP_CLOCK_GET_CLASS (self)->get_real (self);
}

/**
 * xmpp_clock_add:
 * @self: a clock
 * @milliseconds: how long to wait
 * @func: (scope notified): called then, and again after as long while it returns %G_SOURCE_CONTINUE
 * @user_data: for @func
 *
 * Returns: an id for xmpp_clock_remove(), never 0; it is void once @func returned %G_SOURCE_REMOVE
 */
guint
xmpp_clock_add (XmppClock   *self,
                guint        milliseconds,
                GSourceFunc  func,
                gpointer     user_data)
{
  g_return_val_if_fail (XMPP_IS_CLOCK (self), 0);
  g_return_val_if_fail (func != NULL, 0);

  return XMPP_CLOCK_GET_CLASS (self)->add (self, milliseconds, func, user_data);
}

/**
 * xmpp_clock_remove:
 * @self: a clock
 * @id: what xmpp_clock_add() returned
 *
 * The function waiting under @id is not called any more.
 */
void
xmpp_clock_remove (XmppClock *self,
                   guint      id)
{
  g_return_if_fail (XMPP_IS_CLOCK (self));
  g_return_if_fail (id != 0);

  XMPP_CLOCK_GET_CLASS (self)->remove (self, id);
}
