/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-negotiator.h"
#include "xmpp-own.h"
#include "xmpp-requests.h"
#include "xmpp-resumption.h"
#include "xmpp-router.h"
#include "xmpp-session.h"

G_BEGIN_DECLS

/* Shared by xmpp-session.c, -connect.c (coming, and how it goes), -close.c (ending it), -resume.c (XEP-0198),
 * -receive.c and -send.c
 */
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
  gint64           last_heard;       /* µs, monotonic; of the last connection, too */
  GHashTable      *suspects;         /* owned ids of messages on the way when the server ended it all; or NULL */
  guint            last_hold;
  XmppStream      *parting;          /* not ours any more, but its goodbye is being written */

  /* While connecting */
  XmppNegotiator  *negotiator;
  GTask           *connecting;
  GSource         *cancelled;

  /* While online or closing, and while the connection is lost and may be resumed */
  XmppRequests    *requests;
  XmppResumption  *resumption;       /* NULL: no stream management */
  guint            expiry_timer;     /* without a connection */

  /* While online or closing */
  XmppStream      *stream;
  XmppStanza      *features;
  char            *connected_host;
  char            *mechanism;
  char            *tls_version;
  guint            unsent_answers;   /* since the stream's queue was last empty */
  guint64          delivered;        /* what has become of what was sent, and when that was seen to grow: */
  gint64           delivered_at;     /* µs, monotonic */
  gboolean         is_all_delivered; /* when it was looked at last */
  gboolean         is_handling;      /* a stanza that is counted */
  gboolean         is_resumed;
  GPtrArray       *closing;          /* owned GTask, all waiting for the end */
  guint            closing_timer;
};

void xmpp_session_emit_stanza       (XmppSession            *self,
                                     XmppStanza             *stanza,
                                     XmppDirection           direction);
void xmpp_session_emit_message      (XmppSession            *self,
                                     XmppMessage            *message);
void xmpp_session_emit_event        (XmppSession            *self,
                                     XmppEvent               event,
                                     XmppDirection           direction,
                                     const char             *text);
void xmpp_session_emit_closed       (XmppSession            *self,
                                     const GError           *error);
void xmpp_session_set_state         (XmppSession            *self,
                                     XmppState               state);
void xmpp_session_notify_connection (XmppSession            *self);
void xmpp_session_receive           (XmppSession            *self,
                                     XmppStanza             *stanza);
void xmpp_session_write             (XmppSession            *self,
                                     XmppStanza             *stanza);
void xmpp_session_end               (XmppSession            *self,
                                     const GError           *error);
void xmpp_session_cut               (XmppSession            *self,
                                     const GError           *error,
                                     gboolean                is_final);
void xmpp_session_drop              (XmppSession            *self);
void xmpp_session_cancel_connecting (XmppSession            *self);
void xmpp_session_watch_cancellable (XmppSession            *self,
                                     GTask                  *task,
                                     GCancellableSourceFunc  on_cancelled);

/* xmpp-session-resume.c */
void     xmpp_session_enable              (XmppSession    *self);
void     xmpp_session_resume              (XmppSession    *self);
void     xmpp_session_wait                (XmppSession    *self);
void     xmpp_session_give_up             (XmppSession    *self);
void     xmpp_session_give_back           (XmppSession    *self,
                                           XmppResumption *resumption);
void     xmpp_session_stop_waiting        (XmppSession    *self);
void     xmpp_session_say_last            (XmppSession    *self);
gboolean xmpp_session_can_queue           (XmppSession    *self);
gboolean xmpp_session_queue               (XmppSession    *self,
                                           XmppStanza     *stanza);
void     xmpp_session_receive_sm          (XmppSession    *self,
                                           const XmppNode *nonza);
void     xmpp_session_receive_error       (XmppSession    *self,
                                           const XmppNode *nonza);
gboolean xmpp_session_is_suspect          (XmppSession    *self,
                                           XmppStanza     *stanza);
void     xmpp_session_emit_acknowledged   (XmppSession    *self,
                                           XmppStanza     *message);
void     xmpp_session_emit_unacknowledged (XmppSession    *self,
                                           GPtrArray      *messages);
void     xmpp_session_emit_rejected       (XmppSession    *self,
                                           XmppStanza     *message,
                                           const GError   *error);
void     xmpp_session_notify_management   (XmppSession    *self);

G_END_DECLS
