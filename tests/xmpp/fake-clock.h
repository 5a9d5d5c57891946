/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-clock.h"

G_BEGIN_DECLS

#define FAKE_TYPE_CLOCK (fake_clock_get_type ())

G_DECLARE_FINAL_TYPE (FakeClock, fake_clock, FAKE, CLOCK, XmppClock)

/* Stands still until a test moves it. Both clocks start at 2026-01-01T12:00:00Z (the monotonic one
 * counts from 1,000 s). A timer of 0 ms is called from the next turn of the main loop.
 */
XmppClock *fake_clock_new     (void);

/* Moves on by so many milliseconds and calls the timers that become due, in their order; each of
 * them sees the time it asked for.
 */
void       fake_clock_advance (XmppClock *clock,
                               guint      milliseconds);

/* How many timers wait. */
guint      fake_clock_count   (XmppClock *clock);

G_END_DECLS
