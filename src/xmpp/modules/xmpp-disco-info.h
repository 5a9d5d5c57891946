/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside the disco module only */
#pragma once

#include "xmpp-disco.h"

G_BEGIN_DECLS

#define XMPP_NS_DISCO_INFO  "http://jabber.org/protocol/disco#info"
#define XMPP_NS_DISCO_ITEMS "http://jabber.org/protocol/disco#items"
#define XMPP_NS_CAPS        "http://jabber.org/protocol/caps"

XmppDiscoInfo  *xmpp_disco_info_new        (XmppStanza          *stanza);
const XmppNode *xmpp_disco_info_get_query  (const XmppDiscoInfo *self);
gboolean        xmpp_disco_hash_is_known   (const char          *hash);

G_END_DECLS
