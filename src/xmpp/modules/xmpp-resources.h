/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside the presence module only: the devices of others, as they last said */
#pragma once

#include "xmpp-presence.h"

G_BEGIN_DECLS

#define XMPP_RESOURCES_MAX 64   /* of one address; then who was silent longest goes (security.md, T109) */

typedef struct _XmppResources XmppResources;

XmppResources      *xmpp_resources_new      (void);
void                xmpp_resources_free     (XmppResources  *self);
void                xmpp_resources_take     (XmppResources  *self,
                                             XmppResource   *resource);
gboolean            xmpp_resources_forget   (XmppResources  *self,
                                             const XmppJid  *bare);
GPtrArray          *xmpp_resources_clear    (XmppResources  *self);
const XmppResource *xmpp_resources_get_best (XmppResources  *self,
                                             const XmppJid  *bare);
GPtrArray          *xmpp_resources_get_all  (XmppResources  *self,
                                             const XmppJid  *bare);
XmppResource       *xmpp_resource_read      (const XmppNode *presence,
                                             XmppJid        *from,
                                             gint64          now);
void                xmpp_resource_free      (XmppResource   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppResources, xmpp_resources_free)

G_END_DECLS
