/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-module.h"

G_BEGIN_DECLS

/* The modules of one session, and the way from (stanza, child, namespace) to those which said that
 * they want it. It is also the gate: who may not say something is not heard (security.md, 6).
 * Internal: not for who uses the engine.
 */
typedef struct _XmppRouter XmppRouter;

XmppRouter *xmpp_router_new            (XmppSession       *session);
void        xmpp_router_free           (XmppRouter        *self);
gpointer    xmpp_router_get_module     (XmppRouter        *self,
                                        GType              type);
void        xmpp_router_online         (XmppRouter        *self,
                                        gboolean           resumed);
void        xmpp_router_lost           (XmppRouter        *self);
void        xmpp_router_offline        (XmppRouter        *self);
XmppSender  xmpp_router_classify       (XmppRouter        *self,
                                        const XmppJid     *from);
gboolean    xmpp_router_handle_iq      (XmppRouter        *self,
                                        XmppStanza        *stanza,
                                        const char        *type,
                                        XmppJid           *from,
                                        XmppSender         sender);
void        xmpp_router_handle_presence (XmppRouter       *self,
                                        XmppStanza        *stanza,
                                        const char        *type,
                                        XmppJid           *from,
                                        XmppSender         sender);
gboolean    xmpp_router_unwrap         (XmppRouter        *self,
                                        const XmppNode   **root,
                                        XmppMessage       *message);
void        xmpp_router_read_message   (XmppRouter        *self,
                                        const XmppNode    *root,
                                        XmppMessage       *message);
gboolean    xmpp_router_take_message   (XmppRouter        *self,
                                        XmppMessage       *message);
void        xmpp_router_write_message  (XmppRouter        *self,
                                        const XmppMessage *message,
                                        XmppNode          *root);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppRouter, xmpp_router_free)

G_END_DECLS
