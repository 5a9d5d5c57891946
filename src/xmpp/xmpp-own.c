/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-own.h"

/* jid: as bound, or bare; its parts are prepared already, so its domain alone cannot fail. */
void
xmpp_own_set (XmppOwn *self,
              XmppJid *jid)
{
  XmppJid *bare = xmpp_jid_get_bare (jid);
  XmppJid *full = xmpp_jid_is_bare (jid) ? NULL : xmpp_jid_ref (jid);

  xmpp_own_clear (self);
  self->bare = bare;
  self->full = full;
  self->domain = xmpp_jid_new_received (xmpp_jid_get_domain (jid));
}

void
xmpp_own_clear (XmppOwn *self)
{
  g_clear_pointer (&self->bare, xmpp_jid_unref);
  g_clear_pointer (&self->full, xmpp_jid_unref);
  g_clear_pointer (&self->domain, xmpp_jid_unref);
}

XmppOwnKind
xmpp_own_kind (const XmppOwn *self,
               const XmppJid *jid)
{
  if (jid == NULL)
    return XMPP_OWN_ABSENT;

  if (xmpp_jid_equal_bare (jid, self->bare))
    {
      if (xmpp_jid_is_bare (jid))
        return XMPP_OWN_BARE;

      return self->full != NULL && xmpp_jid_equal (jid, self->full) ? XMPP_OWN_FULL : XMPP_OWN_DEVICE;
    }

  return xmpp_jid_equal (jid, self->domain) ? XMPP_OWN_DOMAIN : XMPP_OWN_NOT;
}
