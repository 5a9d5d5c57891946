/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside the roster module only */
#pragma once

#include "xmpp-roster.h"

G_BEGIN_DECLS

#define XMPP_NS_ROSTER       "jabber:iq:roster"
#define XMPP_ROSTER_MAX_NAME 4096   /* bytes, of a name or a group */

gboolean        xmpp_subscription_parse  (const char            *text,
                                          XmppSubscription      *subscription);
XmppRosterItem *xmpp_roster_item_read    (const XmppNode        *node,
                                          XmppJid               *jid,
                                          XmppSubscription       subscription);
void            xmpp_roster_item_write   (const XmppRosterItem  *item,
                                          XmppNode              *query);
void            xmpp_roster_write_groups (XmppNode              *item,
                                          const char * const    *groups);

G_END_DECLS
