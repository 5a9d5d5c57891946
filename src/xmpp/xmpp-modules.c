/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-module.h"

#include "xmpp-archive.h"
#include "xmpp-blocking.h"
#include "xmpp-carbons.h"
#include "xmpp-chat-states.h"
#include "xmpp-csi.h"
#include "xmpp-delay.h"
#include "xmpp-disco.h"
#include "xmpp-invisible.h"
#include "xmpp-invitations.h"
#include "xmpp-markers.h"
#include "xmpp-muc.h"
#include "xmpp-ping.h"
#include "xmpp-presence.h"
#include "xmpp-receipts.h"
#include "xmpp-roster.h"
#include "xmpp-stanza-ids.h"
#include "xmpp-time.h"
#include "xmpp-vcard.h"
#include "xmpp-version.h"

/* One line each. Their order is the order of XmppModuleClass.message, online and offline. */
GType (* const xmpp_module_types[]) (void) = {
  xmpp_roster_get_type,       /* first: presence must not go out before it was asked for (RFC 6121, 2.2) */
  xmpp_presence_get_type,
  xmpp_archive_get_type,      /* before all that take messages: what was said long ago is taken by who asked for it */
  xmpp_disco_get_type,
  xmpp_blocking_get_type,
  xmpp_invisible_get_type,
  xmpp_ping_get_type,
  xmpp_csi_get_type,
  xmpp_time_get_type,
  xmpp_version_get_type,
  xmpp_carbons_get_type,
  xmpp_delay_get_type,
  xmpp_muc_get_type,          /* before those who answer: it takes what no room of ours said */
  xmpp_invitations_get_type,
  xmpp_receipts_get_type,
  xmpp_markers_get_type,
  xmpp_chat_states_get_type,
  xmpp_stanza_ids_get_type,
  xmpp_vcards_get_type,
  NULL
};
