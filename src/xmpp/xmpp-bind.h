/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-jid.h"
#include "xmpp-stanza.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define XMPP_NS_BIND    "urn:ietf:params:xml:ns:xmpp-bind"
#define XMPP_NS_SESSION "urn:ietf:params:xml:ns:xmpp-session"

/* Becoming a device of the account (RFC 6120, 7), and, where a server cannot do without, RFC 3921's
 * session. Each of these calls may be the last thing that happens to the object. Internal: not for
 * who uses the engine.
 */
typedef struct _XmppBind XmppBind;

typedef struct
{
  void (*send) (XmppStanza   *request,
                gpointer      user_data);
  void (*done) (const GError *error,
                gpointer      user_data);   /* of what was asked for last */
} XmppBindFuncs;

XmppBind *xmpp_bind_new           (XmppJid             *account,
                                   gboolean             is_anonymous,
                                   const XmppBindFuncs *funcs,
                                   gpointer             user_data);
void      xmpp_bind_free          (XmppBind            *self);
void      xmpp_bind_start         (XmppBind            *self);
void      xmpp_bind_start_session (XmppBind            *self);
void      xmpp_bind_receive       (XmppBind            *self,
                                   const XmppNode      *iq);
XmppJid  *xmpp_bind_get_jid       (XmppBind            *self);

G_END_DECLS
