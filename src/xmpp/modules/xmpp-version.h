/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0092: Software Version */
#pragma once

#include "xmpp-module.h"

G_BEGIN_DECLS

/* What somebody says that he runs */
typedef struct
{
  char *name;      /* NULL: not said, as the others */
  char *version;
  char *os;
} XmppSoftware;

#define XMPP_TYPE_SOFTWARE (xmpp_software_get_type ())
#define XMPP_TYPE_VERSION  (xmpp_version_get_type ())

G_DECLARE_FINAL_TYPE (XmppVersion, xmpp_version, XMPP, VERSION, XmppModule)

/* Properties "name" ("Flint"), "version", "os" (NULL: not told); only contacts, our own account and
 * its server are told.
 */
void          xmpp_version_ask_async  (XmppVersion          *self,
                                       XmppJid              *jid,
                                       GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
XmppSoftware *xmpp_version_ask_finish (XmppVersion          *self,
                                       GAsyncResult         *result,
                                       GError              **error);
GType         xmpp_software_get_type  (void);
XmppSoftware *xmpp_software_copy      (XmppSoftware         *self);
void          xmpp_software_free      (XmppSoftware         *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppSoftware, xmpp_software_free)

G_END_DECLS
