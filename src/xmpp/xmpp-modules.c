/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-module.h"

/* One line each. Their order is the order of XmppModuleClass.message, online and offline. */
GType (* const xmpp_module_types[]) (void) = {
  NULL
};
