/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0352: Client State Indication */
#pragma once

#include "xmpp-module.h"

G_BEGIN_DECLS

#define XMPP_TYPE_CSI (xmpp_csi_get_type ())

G_DECLARE_FINAL_TYPE (XmppCsi, xmpp_csi, XMPP, CSI, XmppModule)

void     xmpp_csi_set_active (XmppCsi  *self,
                              gboolean  active);
gboolean xmpp_csi_is_active  (XmppCsi  *self);

G_END_DECLS
