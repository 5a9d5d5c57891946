/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a room says of itself to those who are not in it (XEP-0045, 6.4) */
#pragma once

#include "xmpp-disco.h"

G_BEGIN_DECLS

const char *flint_room_info_get_name   (const XmppDiscoInfo *info);
int         flint_room_info_get_people (const XmppDiscoInfo *info);

G_END_DECLS
