/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RFC 6121, 2: the roster, with versioning (2.6) */
#pragma once

#include "xmpp-module.h"

G_BEGIN_DECLS

typedef enum
{
  XMPP_SUBSCRIPTION_NONE,
  XMPP_SUBSCRIPTION_TO,      /* we see them */
  XMPP_SUBSCRIPTION_FROM,    /* they see us */
  XMPP_SUBSCRIPTION_BOTH,
} XmppSubscription;

/* Immutable; boxed; equal addresses are equal items */
typedef struct
{
  XmppJid          *jid;           /* bare */
  char             *name;          /* NULL: none */
  char            **groups;        /* sorted, without duplicates; never NULL */
  XmppSubscription  subscription;
  gboolean          is_asked;      /* we asked and wait (ask='subscribe') */
  gboolean          is_approved;
} XmppRosterItem;

#define XMPP_TYPE_ROSTER_ITEM (xmpp_roster_item_get_type ())
#define XMPP_TYPE_ROSTER      (xmpp_roster_get_type ())

G_DECLARE_FINAL_TYPE (XmppRoster, xmpp_roster, XMPP, ROSTER, XmppModule)

/* Signals:
 *   loaded  ()                        the list is whole: by result, or by "your version is right"
 *   changed (const XmppRosterItem *)  added or changed, by push: commit happens here and only here
 *   removed (XmppJid *)
 *   failed  (const GError *)          the server would not give the list
 */
GType                 xmpp_roster_item_get_type  (void);
XmppRosterItem       *xmpp_roster_item_ref       (XmppRosterItem       *self);
void                  xmpp_roster_item_unref     (XmppRosterItem       *self);
gboolean              xmpp_roster_is_loaded      (XmppRoster           *self);
const XmppRosterItem *xmpp_roster_get_item       (XmppRoster           *self,
                                                  const XmppJid        *jid);
GPtrArray            *xmpp_roster_get_items      (XmppRoster           *self);
void                  xmpp_roster_restore        (XmppRoster           *self,
                                                  XmppStanza           *saved);
XmppStanza           *xmpp_roster_save           (XmppRoster           *self);
void                  xmpp_roster_set_async      (XmppRoster           *self,
                                                  XmppJid              *jid,
                                                  const char           *name,
                                                  const char * const   *groups,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
void                  xmpp_roster_remove_async   (XmppRoster           *self,
                                                  XmppJid              *jid,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
gboolean              xmpp_roster_change_finish  (XmppRoster           *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppRosterItem, xmpp_roster_item_unref)

G_END_DECLS
