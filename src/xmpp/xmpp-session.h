/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-certificate.h"
#include "xmpp-clock.h"
#include "xmpp-connector.h"
#include "xmpp-error.h"
#include "xmpp-message.h"

G_BEGIN_DECLS

typedef enum
{
  XMPP_SENT,
  XMPP_RECEIVED,
} XmppDirection;

typedef enum
{
  XMPP_STATE_OFFLINE,
  XMPP_STATE_CONNECTING,       /* DNS and TCP */
  XMPP_STATE_SECURING,         /* header, TLS */
  XMPP_STATE_AUTHENTICATING,
  XMPP_STATE_BINDING,
  XMPP_STATE_ONLINE,
  XMPP_STATE_CLOSING,
} XmppState;

/* What is not a stanza, for the console ("event" signal) */
typedef enum
{
  XMPP_EVENT_NETWORK,          /* SRV answers, each address tried */
  XMPP_EVENT_HEADER,           /* <stream:stream> or </stream:stream>, as it crossed the wire */
  XMPP_EVENT_TLS,              /* version, cipher, certificate */
  XMPP_EVENT_SASL,             /* mechanism and steps, never a secret */
  XMPP_EVENT_STATE,            /* connected, lost, why */
  XMPP_EVENT_WHITESPACE,
} XmppEvent;

#define XMPP_TYPE_SESSION (xmpp_session_get_type ())

G_DECLARE_FINAL_TYPE (XmppSession, xmpp_session, XMPP, SESSION, GObject)

/* Properties (construct, and changeable while offline): "jid" (XmppJid; with a resource it is asked
 * for), "host", "port", "security", "anonymous", "lang", "tls-database" (GTlsDatabase, NULL: the
 * system's), "client-certificate" (GTlsCertificate), "proxy-resolver", "resolver", "connector"
 * (NULL: one is made), "clock", "timeout" (ms a request may take, 60000).
 * Read only: "state", "own-jid" (as bound), "mechanism", "tls-version", "resumable" (the connection is lost, and the
 * next one may go on where it ended), "acknowledges" (the server says what it has taken over).
 *
 * Signals:
 *   stanza  (XmppStanza *, XmppDirection)            every stanza and nonza; secrets taken out of SASL
 *   event   (XmppEvent, XmppDirection, const char *) what is not a stanza
 *   message (const XmppMessage *)                    every <message/>, once
 *   acknowledged   (XmppStanza *)                    the server has a <message/> that we sent; in order
 *   unacknowledged (GPtrArray * of XmppStanza *)     messages that it may have or not, in order: the session is over
 *   rejected       (XmppStanza *, const GError *)    a <message/> that the server ends each connection for
 *   closed  (const GError *)                         a session that was online is not any more; NULL: by us
 */
XmppSession     *xmpp_session_new                (XmppJid              *jid);
void             xmpp_session_set_password       (XmppSession          *self,
                                                  const char           *password);
void             xmpp_session_set_pins           (XmppSession          *self,
                                                  const char * const   *pins);
void             xmpp_session_set_last_mechanism (XmppSession          *self,
                                                  const char           *mechanism,
                                                  gboolean              allow_weaker);
void             xmpp_session_prepare            (XmppSession          *self);
void             xmpp_session_connect_async      (XmppSession          *self,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
gboolean         xmpp_session_connect_finish     (XmppSession          *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);
void             xmpp_session_close_async        (XmppSession          *self,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
gboolean         xmpp_session_close_finish       (XmppSession          *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);
void             xmpp_session_abort              (XmppSession          *self);
void             xmpp_session_fail               (XmppSession          *self,
                                                  const GError         *error);
XmppState        xmpp_session_get_state          (XmppSession          *self);
gboolean         xmpp_session_is_online          (XmppSession          *self);
XmppJid         *xmpp_session_get_jid            (XmppSession          *self);   /* bare */
XmppJid         *xmpp_session_get_own_jid        (XmppSession          *self);   /* full once bound, else NULL */
XmppCertificate *xmpp_session_get_certificate    (XmppSession          *self);
const char      *xmpp_session_get_mechanism      (XmppSession          *self);
const char      *xmpp_session_get_tls_version    (XmppSession          *self);   /* NULL: not encrypted */
const char      *xmpp_session_get_host           (XmppSession          *self);
XmppClock       *xmpp_session_get_clock          (XmppSession          *self);
gint64           xmpp_session_get_last_heard     (XmppSession          *self);   /* µs, monotonic */
gint64           xmpp_session_get_last_progress  (XmppSession          *self);   /* the same, of both directions */
gboolean         xmpp_session_is_resumable       (XmppSession          *self);
gboolean         xmpp_session_is_resumed         (XmppSession          *self);
gboolean         xmpp_session_acknowledges       (XmppSession          *self);
gboolean         xmpp_session_request_ack        (XmppSession          *self);
guint            xmpp_session_hold_ack           (XmppSession          *self);
void             xmpp_session_release_ack        (XmppSession          *self,
                                                  guint                 hold);
void             xmpp_session_set_throttled      (XmppSession          *self,
                                                  gboolean              is_throttled);
const XmppNode  *xmpp_session_get_features       (XmppSession          *self);
gboolean         xmpp_session_has_feature        (XmppSession          *self,
                                                  const char           *name,
                                                  const char           *ns);
gpointer         xmpp_session_get_module         (XmppSession          *self,
                                                  GType                 type);
XmppSender       xmpp_session_get_sender         (XmppSession          *self,
                                                  const XmppJid        *from);
void             xmpp_session_send               (XmppSession          *self,
                                                  XmppStanza           *stanza);
void             xmpp_session_send_message       (XmppSession          *self,
                                                  const XmppMessage    *message);
void             xmpp_session_send_result        (XmppSession          *self,
                                                  XmppStanza           *request,
                                                  XmppStanza           *result);
void             xmpp_session_send_error         (XmppSession          *self,
                                                  XmppStanza           *request,
                                                  XmppStanzaError       condition,
                                                  const char           *text);
gboolean         xmpp_session_send_raw           (XmppSession          *self,
                                                  const char           *xml,
                                                  GError              **error);
void             xmpp_session_request_async      (XmppSession          *self,
                                                  XmppStanza           *iq,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
XmppStanza      *xmpp_session_request_finish     (XmppSession          *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);

G_END_DECLS
