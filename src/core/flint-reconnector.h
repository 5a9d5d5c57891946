/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "xmpp-clock.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define FLINT_TYPE_RECONNECTOR (flint_reconnector_get_type ())

G_DECLARE_FINAL_TYPE (FlintReconnector, flint_reconnector, FLINT, RECONNECTOR, GObject)

/* When to try again: after 1 s, then twice as long each time up to 300 s, and nobody at the same moment as
 * anybody else; at once when the network comes back. Properties: "retry-in" (s; while waiting, else
 * 0; notified each second while somebody reads it), "is-network-available". Signals: "retry" (), "network-changed" ().
 */
FlintReconnector *flint_reconnector_new                  (XmppClock        *clock,
                                                          GNetworkMonitor  *monitor);
void              flint_reconnector_wait                 (FlintReconnector *self,
                                                          guint             at_least);
void              flint_reconnector_stop                 (FlintReconnector *self);
void              flint_reconnector_reset                (FlintReconnector *self);
gboolean          flint_reconnector_is_waiting           (FlintReconnector *self);
guint             flint_reconnector_get_retry_in         (FlintReconnector *self);
void              flint_reconnector_begin_reading        (FlintReconnector *self);
void              flint_reconnector_end_reading          (FlintReconnector *self);
gboolean          flint_reconnector_is_network_available (FlintReconnector *self);

G_END_DECLS
