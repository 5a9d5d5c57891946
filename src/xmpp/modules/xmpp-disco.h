/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0030: Service Discovery, and XEP-0115: Entity Capabilities */
#pragma once

#include "xmpp-module.h"

G_BEGIN_DECLS

typedef struct
{
  char *category;
  char *type;
  char *lang;      /* NULL: not said */
  char *name;      /* NULL: none */
} XmppIdentity;

/* Immutable; boxed */
typedef struct
{
  GPtrArray  *identities;   /* of XmppIdentity */
  char      **features;     /* sorted */
  XmppStanza *stanza;       /* as it came: forms are in it */
} XmppDiscoInfo;

typedef struct
{
  XmppJid *jid;
  char    *node;
  char    *name;
} XmppDiscoItem;

#define XMPP_TYPE_DISCO_INFO (xmpp_disco_info_get_type ())
#define XMPP_TYPE_DISCO      (xmpp_disco_get_type ())

G_DECLARE_FINAL_TYPE (XmppDisco, xmpp_disco, XMPP, DISCO, XmppModule)

/* Properties "identity-name" ("Flint"), "identity-type" ("pc"), "node" (the caps node, a URI).
 * Signal: server-info (XmppDiscoInfo *)   what our server can do, after each login
 */
GType          xmpp_disco_info_get_type     (void);
XmppDiscoInfo *xmpp_disco_info_ref          (XmppDiscoInfo        *self);
void           xmpp_disco_info_unref        (XmppDiscoInfo        *self);
gboolean       xmpp_disco_info_has          (const XmppDiscoInfo  *self,
                                             const char           *feature);
gboolean       xmpp_disco_info_is           (const XmppDiscoInfo  *self,
                                             const char           *category,
                                             const char           *type);
void           xmpp_disco_info_async        (XmppDisco            *self,
                                             XmppJid              *jid,
                                             const char           *node,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
XmppDiscoInfo *xmpp_disco_info_finish       (XmppDisco            *self,
                                             GAsyncResult         *result,
                                             GError              **error);
void           xmpp_disco_items_async       (XmppDisco            *self,
                                             XmppJid              *jid,
                                             const char           *node,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
GPtrArray     *xmpp_disco_items_finish      (XmppDisco            *self,
                                             GAsyncResult         *result,
                                             GError              **error);
XmppDiscoInfo *xmpp_disco_get_server        (XmppDisco            *self);
void           xmpp_disco_server_async      (XmppDisco            *self,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
XmppDiscoInfo *xmpp_disco_server_finish     (XmppDisco            *self,
                                             GAsyncResult         *result,
                                             GError              **error);
XmppDiscoInfo *xmpp_disco_get_known         (XmppDisco            *self,
                                             const XmppJid        *full);
void           xmpp_disco_write_caps        (XmppDisco            *self,
                                             XmppNode             *presence);
char          *xmpp_disco_hash              (const XmppNode       *query,
                                             const char           *hash);
XmppStanza    *xmpp_disco_save              (XmppDisco            *self);
void           xmpp_disco_restore           (XmppDisco            *self,
                                             XmppStanza           *saved);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppDiscoInfo, xmpp_disco_info_unref)

G_END_DECLS
