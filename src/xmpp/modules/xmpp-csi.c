/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-csi.h"

#define NS_CSI "urn:xmpp:csi:0"

struct _XmppCsi
{
  XmppModule parent_instance;

  gboolean is_inactive;
};

G_DEFINE_FINAL_TYPE (XmppCsi, xmpp_csi, XMPP_TYPE_MODULE)

/* A nonza: stream management does not count it */
static void
tell (XmppCsi *self)
{
  XmppSession *session = xmpp_module_get_session (XMPP_MODULE (self));
  g_autoptr(XmppStanza) nonza = NULL;

  if (!xmpp_session_is_online (session) || !xmpp_session_has_feature (session, "csi", NS_CSI))
    return;

  nonza = xmpp_stanza_new (self->is_inactive ? "inactive" : "active", NS_CSI);
  xmpp_session_send (session, nonza);
}

/* The server takes us for active on each connection, also on one that goes on where another ended (XEP-0352, 4.2) */
static void
xmpp_csi_online (XmppModule *module,
                 gboolean    resumed)
{
  XmppCsi *self = XMPP_CSI (module);

  if (self->is_inactive)
    tell (self);
}

static void
xmpp_csi_class_init (XmppCsiClass *klass)
{
  XMPP_MODULE_CLASS (klass)->online = xmpp_csi_online;
}

static void
xmpp_csi_init (XmppCsi *self)
{
}

/**
 * xmpp_csi_set_active:
 * @active: whether somebody looks at what we show
 *
 * Tells the server, where it wants to know: while nobody looks it may keep back what is of no importance, such as
 * presence (XEP-0352). It is told again after each login.
 */
void
xmpp_csi_set_active (XmppCsi  *self,
                     gboolean  active)
{
  g_return_if_fail (XMPP_IS_CSI (self));

  if (self->is_inactive == !active)
    return;

  self->is_inactive = !active;
  tell (self);
}

/**
 * xmpp_csi_is_active:
 *
 * Returns: what was said last; at first we are
 */
gboolean
xmpp_csi_is_active (XmppCsi *self)
{
  g_return_val_if_fail (XMPP_IS_CSI (self), TRUE);

  return !self->is_inactive;
}
