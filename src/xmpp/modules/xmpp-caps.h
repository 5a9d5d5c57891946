/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0115: Entity Capabilities; inside the disco module only: what others can do, learnt once for all
 * who say that they can the same
 */
#pragma once

#include "xmpp-disco.h"
#include "xmpp-presence.h"

G_BEGIN_DECLS

typedef struct _XmppCaps XmppCaps;

XmppCaps      *xmpp_caps_new     (XmppDisco          *disco);
void           xmpp_caps_free    (XmppCaps           *self);
void           xmpp_caps_learn   (XmppCaps           *self,
                                  XmppJid            *jid,
                                  const char         *node,
                                  const char         *ver,
                                  const char         *hash);
XmppDiscoInfo *xmpp_caps_get     (XmppCaps           *self,
                                  const XmppResource *resource);
void           xmpp_caps_offline (XmppCaps           *self);
XmppStanza    *xmpp_caps_save    (XmppCaps           *self);
void           xmpp_caps_restore (XmppCaps           *self,
                                  XmppStanza         *saved);

G_END_DECLS
