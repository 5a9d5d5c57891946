/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-jid.h"

G_BEGIN_DECLS

/* Which of our own addresses another address is. Internal: not for who uses the engine. */
typedef enum
{
  XMPP_OWN_ABSENT,   /* there is no address */
  XMPP_OWN_BARE,
  XMPP_OWN_FULL,     /* this device */
  XMPP_OWN_DEVICE,   /* another device of ours */
  XMPP_OWN_DOMAIN,   /* our server */
  XMPP_OWN_NOT,
} XmppOwnKind;

typedef struct
{
  XmppJid *bare;
  XmppJid *full;     /* NULL before a resource is bound */
  XmppJid *domain;
} XmppOwn;

void        xmpp_own_set   (XmppOwn       *self,
                            XmppJid       *jid);
void        xmpp_own_clear (XmppOwn       *self);
XmppOwnKind xmpp_own_kind  (const XmppOwn *self,
                            const XmppJid *jid);

G_END_DECLS
