/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-clock.h"
#include "xmpp-own.h"
#include "xmpp-stanza.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The IQs of one session that wait for their answer, over all its connections. Every one ends: answered, timed out,
 * cancelled or disconnected. Internal: not for who uses the engine.
 */
typedef struct _XmppRequests XmppRequests;

XmppRequests *xmpp_requests_new    (XmppClock      *clock,
                                    guint           timeout);
void          xmpp_requests_free   (XmppRequests   *self);
void          xmpp_requests_pause  (XmppRequests   *self);
void          xmpp_requests_resume (XmppRequests   *self);
void          xmpp_requests_add    (XmppRequests   *self,
                                    const char     *id,
                                    const char     *to,
                                    GTask          *task);
gboolean      xmpp_requests_answer (XmppRequests   *self,
                                    const XmppOwn  *own,
                                    XmppStanza     *answer,
                                    const XmppJid  *from);

G_END_DECLS
