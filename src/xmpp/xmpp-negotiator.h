/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-authorities.h"
#include "xmpp-resumption.h"
#include "xmpp-session.h"
#include "xmpp-stream.h"

G_BEGIN_DECLS

#define XMPP_TYPE_NEGOTIATOR (xmpp_negotiator_get_type ())

G_DECLARE_FINAL_TYPE (XmppNegotiator, xmpp_negotiator, XMPP, NEGOTIATOR, GObject)

/* What the account wants. Everything is borrowed until done () or xmpp_negotiator_cancel (). */
typedef struct
{
  XmppJid            *jid;                /* with a resource: it is asked for */
  const char         *password;
  const char         *lang;
  XmppSecurity        security;
  gboolean            is_anonymous;
  const char * const *pins;               /* keys that the person trusts */
  const char         *last_mechanism;
  gboolean            allow_weaker;
  GTlsDatabase       *tls_database;       /* NULL: the system's */
  XmppAuthorities    *authorities;        /* the system's, if they are being read already; NULL: not yet */
  GTlsCertificate    *client_certificate;
  XmppResumption     *resumption;         /* of the session to be resumed, if that is still possible then; or NULL */
  XmppClock          *clock;
} XmppNegotiatorOptions;

/* done () is the last of the calls, and comes once: not from within xmpp_negotiator_start (), and
 * not after xmpp_negotiator_cancel (). Who is called takes the stream and sets its functions before
 * it returns: without an error it is bound or resumed, with one it may still be open and waits for a goodbye.
 */
typedef struct
{
  void (*state)  (XmppState       state,
                  gpointer        user_data);
  void (*stanza) (XmppStanza     *stanza,
                  XmppDirection   direction,
                  gpointer        user_data);
  void (*event)  (XmppEvent       event,
                  XmppDirection   direction,
                  const char     *text,
                  gpointer        user_data);
  void (*done)   (const GError   *error,
                  gpointer        user_data);
} XmppNegotiatorFuncs;

/* From a connector to a bound stream: an explicit state machine with the elements that each state
 * allows and a deadline for each (security.md, 6). Internal: not for who uses the engine.
 */
XmppNegotiator  *xmpp_negotiator_new             (XmppConnector               *connector,
                                                  const XmppNegotiatorOptions *options,
                                                  const XmppNegotiatorFuncs   *funcs,
                                                  gpointer                     user_data);
void             xmpp_negotiator_start           (XmppNegotiator              *self);
void             xmpp_negotiator_cancel          (XmppNegotiator              *self);
XmppStream      *xmpp_negotiator_take_stream     (XmppNegotiator              *self);
XmppStanza      *xmpp_negotiator_get_features    (XmppNegotiator              *self);
XmppJid         *xmpp_negotiator_get_jid         (XmppNegotiator              *self);
gboolean         xmpp_negotiator_is_resumed      (XmppNegotiator              *self);
const char      *xmpp_negotiator_get_host        (XmppNegotiator              *self);
const char      *xmpp_negotiator_get_mechanism   (XmppNegotiator              *self);
const char      *xmpp_negotiator_get_tls_version (XmppNegotiator              *self);
XmppCertificate *xmpp_negotiator_get_certificate (XmppNegotiator              *self);
XmppEvent        xmpp_event_from_raw             (const char                  *text);

G_END_DECLS
