/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-negotiator.h"

G_BEGIN_DECLS

#define XMPP_NS_SASL "urn:ietf:params:xml:ns:xmpp-sasl"

#define XMPP_TYPE_LOGIN (xmpp_login_get_type ())

G_DECLARE_FINAL_TYPE (XmppLogin, xmpp_login, XMPP, LOGIN, GObject)

/* done () is the last of the calls: NULL, the server knows us and has proved that we know it. None
 * of them comes after xmpp_login_cancel ().
 */
typedef struct
{
  void (*send)  (XmppStanza   *nonza,
                 gpointer      user_data);
  void (*event) (const char   *text,
                 gpointer      user_data);
  void (*done)  (const GError *error,
                 gpointer      user_data);
} XmppLoginFuncs;

/* The SASL dialogue on a stream (RFC 6120, 6). Internal: not for who uses the engine. */
XmppLogin  *xmpp_login_new           (const XmppNegotiatorOptions *options,
                                      GIOStream                   *io,
                                      const XmppLoginFuncs        *funcs,
                                      gpointer                     user_data);
void        xmpp_login_start         (XmppLogin                   *self,
                                      const XmppNode              *features);
void        xmpp_login_receive       (XmppLogin                   *self,
                                      const XmppNode              *nonza);
void        xmpp_login_cancel        (XmppLogin                   *self);
const char *xmpp_login_get_mechanism (XmppLogin                   *self);
XmppStanza *xmpp_login_redact        (XmppStanza                  *nonza);

G_END_DECLS
