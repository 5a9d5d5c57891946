/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define FAKE_TYPE_MONITOR (fake_monitor_get_type ())

G_DECLARE_FINAL_TYPE (FakeMonitor, fake_monitor, FAKE, MONITOR, GObject)

/* A network that comes and goes as the test says; there at first */
void fake_monitor_set_available (FakeMonitor *self,
                                 gboolean     is_available);

G_END_DECLS
