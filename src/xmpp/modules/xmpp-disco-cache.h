/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside the disco module only: answers by a key; who was not looked for longest goes first */
#pragma once

#include "xmpp-disco.h"

G_BEGIN_DECLS

typedef struct _XmppDiscoCache XmppDiscoCache;

typedef void (*XmppDiscoCacheFunc) (const char    *key,
                                    XmppDiscoInfo *info,
                                    gpointer       user_data);

XmppDiscoCache *xmpp_disco_cache_new     (guint                max);
void            xmpp_disco_cache_free    (XmppDiscoCache      *self);
void            xmpp_disco_cache_put     (XmppDiscoCache      *self,
                                          const char          *key,
                                          XmppDiscoInfo       *info);
gboolean        xmpp_disco_cache_has     (XmppDiscoCache      *self,
                                          const char          *key);
XmppDiscoInfo  *xmpp_disco_cache_get     (XmppDiscoCache      *self,
                                          const char          *key);
void            xmpp_disco_cache_clear   (XmppDiscoCache      *self);
void            xmpp_disco_cache_foreach (XmppDiscoCache      *self,
                                          XmppDiscoCacheFunc   func,
                                          gpointer             user_data);

G_END_DECLS
