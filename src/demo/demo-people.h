/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "demo-host.h"

G_BEGIN_DECLS

#define DEMO_TYPE_PEOPLE (demo_people_get_type ())

/* The whole cast, and what happens between them and the user.
 *
 * Signal: lost (const GError *)   somebody's connection ended, so the demo is not whole any more
 */
G_DECLARE_FINAL_TYPE (DemoPeople, demo_people, DEMO, PEOPLE, GObject)

DemoPeople *demo_people_new           (DemoHost             *host,
                                       gboolean              is_fast);
void        demo_people_arrive_async  (DemoPeople           *self,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
gboolean    demo_people_arrive_finish (DemoPeople           *self,
                                       GAsyncResult         *result,
                                       GError              **error);
void        demo_people_leave         (DemoPeople           *self);

G_END_DECLS
