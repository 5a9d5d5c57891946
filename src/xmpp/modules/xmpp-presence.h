/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RFC 6121, 3 and 4: subscriptions and presence */
#pragma once

#include "xmpp-module.h"

G_BEGIN_DECLS

/* The order is the order of preference among resources of equal priority (Smack's) */
typedef enum
{
  XMPP_SHOW_CHAT,
  XMPP_SHOW_AVAILABLE,
  XMPP_SHOW_AWAY,
  XMPP_SHOW_XA,
  XMPP_SHOW_DND,
  XMPP_SHOW_OFFLINE,
} XmppShow;

typedef enum
{
  XMPP_SUBSCRIPTION_MODE_MANUAL,
  XMPP_SUBSCRIPTION_MODE_ACCEPT_ALL,
  XMPP_SUBSCRIPTION_MODE_REJECT_ALL,
} XmppSubscriptionMode;

/* What one device of somebody said last */
typedef struct
{
  XmppJid  *jid;           /* full (or bare, for a server or gateway) */
  XmppShow  show;
  char     *status;        /* NULL: none */
  int       priority;      /* -128 to 127 */
  gint64    time;          /* µs since 1970 */
  gint64    idle_since;    /* XEP-0319; 0: not known */
  char     *caps_node;     /* XEP-0115, NULL: none */
  char     *caps_ver;
  char     *caps_hash;
  char     *avatar_hash;   /* XEP-0153; NULL: not said, "": has none */
} XmppResource;

#define XMPP_TYPE_PRESENCE (xmpp_presence_get_type ())

G_DECLARE_FINAL_TYPE (XmppPresence, xmpp_presence, XMPP, PRESENCE, XmppModule)

/* Property "subscription-mode". Signals:
 *   changed     (XmppJid *bare)                      best or any resource of a contact, or of ourselves
 *   request     (XmppJid *bare, const char *nick, const char *text)   manual: somebody asks to see us
 *   withdrawn   (XmppJid *bare)                      who asked does not ask any more
 *   answered    (XmppJid *bare, gboolean accepted)   subscribed / unsubscribed
 *   own-changed ()                                   ours was broadcast anew: for the rooms that we are in
 *   error       (XmppJid *from, const GError *)      a presence of type error that no room took
 *   invisible-failed (const GError *)                the server would not hide (or show) us: who saw us still
 *                                                    does; at login nobody does, until set_invisible (FALSE)
 */
void                xmpp_presence_set            (XmppPresence         *self,
                                                  XmppShow              show,
                                                  const char           *status,
                                                  int                   priority);
void                xmpp_presence_set_invisible  (XmppPresence         *self,
                                                  gboolean              invisible);
gboolean            xmpp_presence_is_invisible   (XmppPresence         *self);
void                xmpp_presence_withdraw       (XmppPresence         *self);
void                xmpp_presence_set_extension  (XmppPresence         *self,
                                                  void                (*write) (XmppNode *presence, gpointer user_data),
                                                  gpointer              user_data);
const XmppResource *xmpp_presence_get_best       (XmppPresence         *self,
                                                  const XmppJid        *bare);
GPtrArray          *xmpp_presence_get_resources  (XmppPresence         *self,
                                                  const XmppJid        *bare);
void                xmpp_presence_send_to        (XmppPresence         *self,
                                                  XmppJid              *to,
                                                  const char           *type,
                                                  const char           *text);
void                xmpp_presence_subscribe      (XmppPresence         *self,
                                                  XmppJid              *to,
                                                  const char           *text);
void                xmpp_presence_accept         (XmppPresence         *self,
                                                  XmppJid              *to);
void                xmpp_presence_decline        (XmppPresence         *self,
                                                  XmppJid              *to);
void                xmpp_presence_unsubscribe    (XmppPresence         *self,
                                                  XmppJid              *to);
void                xmpp_presence_write          (XmppPresence         *self,
                                                  XmppNode             *presence);
const char         *xmpp_show_to_string          (XmppShow              show);
XmppShow            xmpp_show_from_string        (const char           *text);

G_END_DECLS
