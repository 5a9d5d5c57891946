/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside the presence module only: xmpp-presence.c (what others say), -own.c (what we say) and
 * -subscriptions.c
 */
#pragma once

#include "xmpp-resources.h"
#include "xmpp-roster.h"

G_BEGIN_DECLS

typedef struct
{
  void     (*write) (XmppNode *presence, gpointer user_data);
  gpointer   user_data;
} XmppPresenceExtension;

/* What we have sent to somebody in particular since we are online */
typedef enum
{
  XMPP_DIRECTED_AVAILABLE = 1 << 0,   /* so their answer in kind is welcome */
  XMPP_DIRECTED_SUBSCRIBE = 1 << 1,
} XmppDirected;

struct _XmppPresence
{
  XmppModule parent_instance;

  XmppSubscriptionMode  mode;
  GArray               *extensions;        /* of XmppPresenceExtension */

  /* What we want to be */
  XmppShow              show;
  char                 *status;
  int                   priority;
  gboolean              wants_invisible;

  /* With a connection */
  XmppRoster           *roster;            /* the session's, as we are */
  gboolean              is_online;
  gboolean              is_listed;         /* the roster came, or never will */
  gboolean              is_switching;      /* the server was asked to hide or show us: */
  gboolean              asked_invisible;   /* which of the two */
  gboolean              is_sent;           /* the server has our presence */
  gboolean              is_shown;          /* and passed it on */
  GQueue                early;             /* of owned XmppStanza */
  XmppResources        *resources;
  GHashTable           *directed;          /* owned XmppJid, by its bare address → XmppDirected */
  GHashTable           *requests;          /* owned bare text: who waits for our answer */
  GHashTable           *declined;          /* owned bare text: whom a person has told no, and not asked since */
};

XmppSession *xmpp_presence_get_session         (XmppPresence   *self);
void         xmpp_presence_update              (XmppPresence   *self);
XmppDirected xmpp_presence_get_directed        (XmppPresence   *self,
                                                const XmppJid  *jid);
void         xmpp_presence_receive_subscribe   (XmppPresence   *self,
                                                const XmppNode *presence,
                                                XmppJid        *from,
                                                XmppSender      sender);
void         xmpp_presence_receive_item        (XmppPresence   *self,
                                                const XmppRosterItem *item);
void         xmpp_presence_receive_unsubscribe (XmppPresence   *self,
                                                const XmppNode *presence,
                                                XmppJid        *from,
                                                XmppSender      sender);
void         xmpp_presence_receive_answer      (XmppPresence   *self,
                                                const XmppNode *presence,
                                                XmppJid        *from,
                                                XmppSender      sender);

G_END_DECLS
