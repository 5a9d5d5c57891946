/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-bind.h"
#include "xmpp-login.h"
#include "xmpp-negotiator.h"
#include "xmpp-redirect.h"

G_BEGIN_DECLS

/* Shared by xmpp-negotiator.c (connection, stream, end) and xmpp-negotiator-steps.c. An element that
 * a phase does not allow ends it all.
 */
typedef enum
{
  XMPP_PHASE_IDLE,
  XMPP_PHASE_CONNECT,     /* the connector has its own limits of time */
  XMPP_PHASE_FEATURES,    /* our header is sent: theirs, and <features/> */
  XMPP_PHASE_PROCEED,     /* <starttls/> is sent */
  XMPP_PHASE_HANDSHAKE,
  XMPP_PHASE_LOGIN,
  XMPP_PHASE_RESUME,
  XMPP_PHASE_BIND,
  XMPP_PHASE_SESSION,
  XMPP_PHASE_OVER,
} XmppPhase;

struct _XmppNegotiator
{
  GObject                parent_instance;

  /* Set once */
  XmppConnector         *connector;
  XmppNegotiatorOptions  options;
  XmppNegotiatorFuncs    funcs;
  gpointer               user_data;
  GCancellable          *cancellable;
  XmppRedirect          *redirect;      /* NULL: nobody sent us elsewhere */
  gboolean               is_at_location;   /* where the last session is resumed best */

  /* With a connection */
  XmppPhase              phase;
  guint                  timer;
  XmppEndpoint          *endpoint;
  XmppStream            *stream;
  XmppStanza            *features;      /* the last ones: those before TLS and login are forgotten */
  XmppLogin             *login;
  XmppBind              *bind;
  gboolean               is_secure;
  gboolean               is_authenticated;
  gboolean               has_session;
  gboolean               is_resumed;
  XmppAuthorities       *authorities;   /* NULL: not needed, or not any more */
  XmppCertificate       *certificate;
  const char            *tls_version;   /* static */
};

typedef struct
{
  const char *name;
  const char *ns;
  void      (*receive) (XmppNegotiator *self,
                        XmppStanza     *nonza);
} XmppNegotiatorNonza;

typedef struct
{
  guint                seconds;     /* 0: no limit here */
  const char          *late;        /* what is said when they are over */
  XmppNegotiatorNonza  nonzas[3];   /* what may come, ends with an empty one */
} XmppNegotiatorPhase;

void                       xmpp_negotiator_finish      (XmppNegotiator *self,
                                                        const GError   *error);
void                       xmpp_negotiator_fail        (XmppNegotiator *self,
                                                        XmppError       code,
                                                        const char     *sentence);
void                       xmpp_negotiator_say         (XmppNegotiator *self,
                                                        XmppEvent       event,
                                                        const char     *format,
                                                        ...) G_GNUC_PRINTF (3, 4);
void                       xmpp_negotiator_send        (XmppNegotiator *self,
                                                        XmppStanza     *nonza);
void                       xmpp_negotiator_enter       (XmppNegotiator *self,
                                                        XmppPhase       phase);
void                       xmpp_negotiator_open        (XmppNegotiator *self);
void                       xmpp_negotiator_shake_hands (XmppNegotiator *self);
const XmppNegotiatorPhase *xmpp_negotiator_get_phase   (XmppPhase       phase);

G_END_DECLS
