/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define XMPP_TYPE_CLOCK (xmpp_clock_get_type ())

G_DECLARE_DERIVABLE_TYPE (XmppClock, xmpp_clock, XMPP, CLOCK, GObject)

/* The engine asks here what time it is and to be called later, so that a test can be an hour in a
 * moment. The base class is the real clock of the default main context.
 */
struct _XmppClockClass
{
  GObjectClass parent_class;

  gint64 (*get_monotonic) (XmppClock   *self);   /* µs */
  gint64 (*get_real)      (XmppClock   *self);   /* µs since 1970 */
  guint  (*add)           (XmppClock   *self,
                           guint        milliseconds,
                           GSourceFunc  func,
                           gpointer     user_data);
  void   (*remove)        (XmppClock   *self,
                           guint        id);
};

XmppClock *xmpp_clock_new           (void);
gint64     xmpp_clock_get_monotonic (XmppClock   *self);
gint64     xmpp_clock_get_real      (XmppClock   *self);
guint      xmpp_clock_add           (XmppClock   *self,
                                     guint        milliseconds,
                                     GSourceFunc  func,
                                     gpointer     user_data);
void       xmpp_clock_remove        (XmppClock   *self,
                                     guint        id);

G_END_DECLS
