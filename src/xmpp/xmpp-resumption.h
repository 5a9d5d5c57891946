/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-clock.h"
#include "xmpp-stanza.h"

G_BEGIN_DECLS

#define XMPP_NS_SM "urn:xmpp:sm:3"

/* Stream management (XEP-0198) of one session, over all its connections: what was sent and not acknowledged, what
 * was received and handled, and what it is resumed by. It begins with our <enable/>. It writes <r/> and <a/> itself,
 * through send (); after that call, and after overdue (), it may be gone. Internal: not for who uses the engine.
 */
typedef struct _XmppResumption XmppResumption;

typedef struct
{
  void (*send)    (XmppStanza *nonza,
                   gpointer    user_data);
  /* It has acknowledged nothing since it was asked, at that time (µs, monotonic) */
  void (*overdue) (gint64      asked_at,
                   gpointer    user_data);
  /* The server does not answer <enable/> */
  void (*silent)  (gpointer    user_data);
} XmppResumptionFuncs;

typedef enum
{
  XMPP_ACK_OK,
  XMPP_ACK_IGNORED,    /* no number, or a smaller one than before */
  XMPP_ACK_TOO_HIGH,
} XmppAck;

XmppResumption *xmpp_resumption_new               (XmppClock                 *clock,
                                                   const XmppResumptionFuncs *funcs,
                                                   gpointer                   user_data);
void            xmpp_resumption_free              (XmppResumption            *self);

gboolean        xmpp_resumption_is_counted        (const XmppNode            *root);
void            xmpp_resumption_set_counters      (XmppResumption            *self,
                                                   guint32                    sent,
                                                   guint32                    received);

/* Enabling */
XmppStanza     *xmpp_resumption_make_enable       (void);
void            xmpp_resumption_enabled           (XmppResumption            *self,
                                                   const XmppNode            *nonza,
                                                   const char                *host);
gboolean        xmpp_resumption_is_enabled        (XmppResumption            *self);
void            xmpp_resumption_stop_keeping      (XmppResumption            *self);
gboolean        xmpp_resumption_is_keeping        (XmppResumption            *self);
guint           xmpp_resumption_get_max           (XmppResumption            *self);
const char     *xmpp_resumption_get_location      (XmppResumption            *self,
                                                   guint                     *port);
void            xmpp_resumption_forget_location   (XmppResumption            *self);

/* What we send */
gboolean        xmpp_resumption_add               (XmppResumption            *self,
                                                   XmppStanza                *stanza);
gboolean        xmpp_resumption_is_full           (XmppResumption            *self);
void            xmpp_resumption_ask               (XmppResumption            *self);
XmppAck         xmpp_resumption_acknowledged      (XmppResumption            *self,
                                                   const XmppNode            *nonza);
char           *xmpp_resumption_describe_too_high (XmppResumption            *self,
                                                   const XmppNode            *nonza);
guint           xmpp_resumption_get_n_unacked     (XmppResumption            *self);
GPtrArray      *xmpp_resumption_copy_unacked      (XmppResumption            *self);
GPtrArray      *xmpp_resumption_take_acknowledged (XmppResumption            *self);
XmppStanza     *xmpp_resumption_take_oldest       (XmppResumption            *self);

/* What we receive */
gboolean        xmpp_resumption_is_repeat         (XmppResumption            *self);
void            xmpp_resumption_handled           (XmppResumption            *self);
void            xmpp_resumption_answer            (XmppResumption            *self);
void            xmpp_resumption_answer_now        (XmppResumption            *self);
void            xmpp_resumption_hold              (XmppResumption            *self,
                                                   guint                      id);
void            xmpp_resumption_release           (XmppResumption            *self,
                                                   guint                      id);

/* Losing the connection, and coming back */
void            xmpp_resumption_lost              (XmppResumption            *self);
gboolean        xmpp_resumption_can_resume        (XmppResumption            *self);
XmppStanza     *xmpp_resumption_make_resume       (XmppResumption            *self);
XmppAck         xmpp_resumption_resumed           (XmppResumption            *self,
                                                   const XmppNode            *nonza);
void            xmpp_resumption_refused           (XmppResumption            *self,
                                                   const XmppNode            *nonza);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppResumption, xmpp_resumption_free)

G_END_DECLS
