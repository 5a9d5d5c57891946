/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "demo-cast.h"
#include "demo-host.h"
#include "demo-pace.h"
#include "xmpp-session.h"

G_BEGIN_DECLS

#define DEMO_TYPE_PERSON (demo_person_get_type ())

/* One of the cast at one device: logs in over the engine, and answers what is written to them.
 *
 * Signal: lost (const GError *)   the connection ended
 */
G_DECLARE_FINAL_TYPE (DemoPerson, demo_person, DEMO, PERSON, GObject)

DemoPerson     *demo_person_new            (const DemoRole       *role,
                                            DemoHost             *host,
                                            GTlsDatabase         *database,
                                            DemoPace             *pace);
const DemoRole *demo_person_get_role       (DemoPerson           *self);
XmppSession    *demo_person_get_session    (DemoPerson           *self);
void            demo_person_connect_async  (DemoPerson           *self,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
gboolean        demo_person_connect_finish (DemoPerson           *self,
                                            GAsyncResult         *result,
                                            GError              **error);
void            demo_person_leave          (DemoPerson           *self);
void            demo_person_show           (DemoPerson           *self,
                                            XmppShow              show,
                                            const char           *status);
void            demo_person_say            (DemoPerson           *self,
                                            XmppMessageType       type,
                                            const char           *to,
                                            const char           *subject,
                                            const char           *body);
void            demo_person_type           (DemoPerson           *self,
                                            const char           *to,
                                            const char           *body);

G_END_DECLS
