/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-negotiator.h"
#include "xmpp-own.h"
#include "xmpp-requests.h"
#include "xmpp-router.h"
#include "xmpp-session.h"

G_BEGIN_DECLS

/* Shared by xmpp-session.c, -connect.c (coming and going), -receive.c and -send.c */
struct _XmppSession
{
  GObject          parent_instance;

  /* What the account wants */
  XmppJid         *jid;              /* as given: bare, or with the resource to ask for */
  char            *password;
  char            *host;
  guint            port;
  XmppSecurity     security;
  gboolean         is_anonymous;
  char            *lang;
  char           **pins;
  char            *last_mechanism;
  gboolean         allow_weaker;
  guint            timeout;          /* ms */
  GTlsDatabase    *tls_database;
  GTlsCertificate *client_certificate;
  GProxyResolver  *proxy_resolver;
  GResolver       *resolver;
  XmppConnector   *connector;        /* NULL: one is made for each connection */
  XmppClock       *clock;
  XmppAuthorities *authorities;      /* read ahead for the next connection, or NULL */

  XmppRouter      *router;
  XmppOwn          own;
  XmppState        state;
  XmppCertificate *certificate;      /* of the last attempt */
  XmppStream      *parting;          /* not ours any more, but its goodbye is being written */

  /* While connecting */
  XmppNegotiator  *negotiator;
  GTask           *connecting;
  GSource         *cancelled;

  /* While online or closing */
  XmppStream      *stream;
  XmppRequests    *requests;
  XmppStanza      *features;
  char            *connected_host;
  char            *mechanism;
  char            *tls_version;
  guint            unsent_answers;   /* since the stream's queue was last empty */
  gint64           last_heard;       /* µs, monotonic; of the last connection, too */
  GPtrArray       *closing;          /* owned GTask, all waiting for the end */
  guint            closing_timer;
};

void xmpp_session_emit_stanza       (XmppSession   *self,
                                     XmppStanza    *stanza,
                                     XmppDirection  direction);
void xmpp_session_emit_message      (XmppSession   *self,
                                     XmppMessage   *message);
void xmpp_session_emit_event        (XmppSession   *self,
                                     XmppEvent      event,
                                     XmppDirection  direction,
                                     const char    *text);
void xmpp_session_emit_closed       (XmppSession   *self,
                                     const GError  *error);
void xmpp_session_set_state         (XmppSession   *self,
                                     XmppState      state);
void xmpp_session_notify_connection (XmppSession   *self);
void xmpp_session_receive           (XmppSession   *self,
                                     XmppStanza    *stanza);
void xmpp_session_end               (XmppSession   *self,
                                     const GError  *error);
void xmpp_session_drop              (XmppSession   *self);

G_END_DECLS
