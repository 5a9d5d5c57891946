/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0202: Entity Time, and XEP-0082: Date and Time Profiles */
#pragma once

#include "xmpp-module.h"

G_BEGIN_DECLS

#define XMPP_TYPE_TIME (xmpp_time_get_type ())

G_DECLARE_FINAL_TYPE (XmppTime, xmpp_time, XMPP, TIME, XmppModule)

void      xmpp_time_ask_async  (XmppTime             *self,
                                XmppJid              *jid,
                                GCancellable         *cancellable,
                                GAsyncReadyCallback   callback,
                                gpointer              user_data);
gboolean  xmpp_time_ask_finish (XmppTime             *self,
                                GAsyncResult         *result,
                                gint64               *time,      /* µs since 1970 */
                                int                  *offset,    /* minutes east of UTC */
                                GError              **error);
gboolean  xmpp_time_parse      (const char           *text,      /* a DateTime, or XEP-0091's old form */
                                gint64               *time);     /* µs since 1970 */
char     *xmpp_time_format     (gint64                time);

G_END_DECLS
