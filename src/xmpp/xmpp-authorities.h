/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define XMPP_TYPE_AUTHORITIES (xmpp_authorities_get_type ())

/* Whom a server's certificate may be from: a list that was given, or all that this computer trusts. Those are read in a
 * thread, beginning when this is made, for it takes some 15 ms; and 7 MB, for as long as it is held. Internal.
 */
G_DECLARE_FINAL_TYPE (XmppAuthorities, xmpp_authorities, XMPP, AUTHORITIES, GObject)

XmppAuthorities *xmpp_authorities_new        (GTlsDatabase        *database);
void             xmpp_authorities_get_async  (XmppAuthorities     *self,
                                              GCancellable        *cancellable,
                                              GAsyncReadyCallback  callback,
                                              gpointer             user_data);
GTlsDatabase    *xmpp_authorities_get_finish (XmppAuthorities     *self,
                                              GAsyncResult        *result,
                                              GError             **error);

G_END_DECLS
