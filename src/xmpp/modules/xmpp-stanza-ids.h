/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0359: Unique and Stable Stanza IDs */
#pragma once

#include "xmpp-module.h"

G_BEGIN_DECLS

#define XMPP_TYPE_STANZA_IDS (xmpp_stanza_ids_get_type ())

G_DECLARE_FINAL_TYPE (XmppStanzaIds, xmpp_stanza_ids, XMPP, STANZA_IDS, XmppModule)

G_END_DECLS
