/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define DEMO_TYPE_HOST (demo_host_get_type ())

/* The demo's server: Prosody with the whole cast's accounts and rosters, on the loopback.
 *
 * Signal: ended ()   it is not there any more, and that is not our doing
 */
G_DECLARE_FINAL_TYPE (DemoHost, demo_host, DEMO, HOST, GObject)

DemoHost   *demo_host_new          (void);
void        demo_host_start_async  (DemoHost             *self,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
gboolean    demo_host_start_finish (DemoHost             *self,
                                    GAsyncResult         *result,
                                    GError              **error);
void        demo_host_stop         (DemoHost             *self);
guint16     demo_host_get_port     (DemoHost             *self);
const char *demo_host_get_ca_path  (DemoHost             *self);
const char *demo_host_get_password (DemoHost             *self,
                                    const char           *user);

G_END_DECLS
