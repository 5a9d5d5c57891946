/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0045: Multi-User Chat, and XEP-0249: Direct Invitations */
#pragma once

#include "xmpp-presence.h"

G_BEGIN_DECLS

typedef enum
{
  XMPP_ROLE_NONE,
  XMPP_ROLE_VISITOR,
  XMPP_ROLE_PARTICIPANT,
  XMPP_ROLE_MODERATOR,
} XmppRole;

typedef enum
{
  XMPP_AFFILIATION_OUTCAST,
  XMPP_AFFILIATION_NONE,
  XMPP_AFFILIATION_MEMBER,
  XMPP_AFFILIATION_ADMIN,
  XMPP_AFFILIATION_OWNER,
} XmppAffiliation;

typedef struct
{
  char            *nick;
  XmppJid         *jid;            /* in the room */
  XmppJid         *real_jid;       /* NULL: not told */
  XmppRole         role;
  XmppAffiliation  affiliation;
  XmppShow         show;
  char            *status;
} XmppOccupant;

/* Why somebody is not there any more, or why we are not */
typedef enum
{
  XMPP_LEAVE_LEFT,
  XMPP_LEAVE_KICKED,        /* 307 */
  XMPP_LEAVE_BANNED,        /* 301 */
  XMPP_LEAVE_AFFILIATION,   /* 321 */
  XMPP_LEAVE_MEMBERS_ONLY,  /* 322 */
  XMPP_LEAVE_SHUTDOWN,      /* 332 */
  XMPP_LEAVE_ERROR,         /* 333 */
  XMPP_LEAVE_DESTROYED,
  XMPP_LEAVE_RENAMED,       /* 303; only for occupants */
  XMPP_LEAVE_DISCONNECTED,
} XmppLeave;

typedef enum
{
  XMPP_ROOM_OUT,
  XMPP_ROOM_JOINING,
  XMPP_ROOM_IN,
} XmppRoomState;

/* One room that we are in, joining, or were in. Properties: "jid", "nick", "state", "subject",
 * "subject-by". Signals:
 *   joined        ()                                       self-presence came; occupants are whole
 *   left          (XmppLeave, const char *actor, const char *reason)
 *   occupant-joined  (XmppOccupant *)                      not for those who were there before us
 *   occupant-changed (XmppOccupant *)
 *   occupant-left    (XmppOccupant *, XmppLeave, const char *actor, const char *reason)
 *   occupant-renamed (XmppOccupant *, const char *old_nick)
 *   subject-changed  (const char *subject, const char *by, gint64 time)
 *   created       ()                                       201: it is new and locked until configured
 */
#define XMPP_TYPE_ROOM (xmpp_room_get_type ())
#define XMPP_TYPE_MUC  (xmpp_muc_get_type ())

G_DECLARE_FINAL_TYPE (XmppRoom, xmpp_room, XMPP, ROOM, GObject)
G_DECLARE_FINAL_TYPE (XmppMuc, xmpp_muc, XMPP, MUC, XmppModule)

XmppRoom           *xmpp_muc_get_room         (XmppMuc              *self,
                                               const XmppJid        *jid);
XmppRoom           *xmpp_muc_join_async       (XmppMuc              *self,
                                               XmppJid              *room,
                                               const char           *nick,
                                               const char           *password,
                                               int                   history,      /* messages; -1: the server's choice */
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
gboolean            xmpp_muc_join_finish      (XmppMuc              *self,
                                               GAsyncResult         *result,
                                               GError              **error);
void                xmpp_muc_find_services_async  (XmppMuc              *self,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
GPtrArray          *xmpp_muc_find_services_finish (XmppMuc              *self,     /* of XmppJid */
                                               GAsyncResult         *result,
                                               GError              **error);
XmppJid            *xmpp_room_get_jid         (XmppRoom             *self);
const char         *xmpp_room_get_nick        (XmppRoom             *self);
XmppRoomState       xmpp_room_get_state       (XmppRoom             *self);
const char         *xmpp_room_get_subject     (XmppRoom             *self);
GPtrArray          *xmpp_room_get_occupants   (XmppRoom             *self);        /* (transfer container) */
const XmppOccupant *xmpp_room_get_occupant    (XmppRoom             *self,
                                               const char           *nick);
const XmppOccupant *xmpp_room_get_self        (XmppRoom             *self);
void                xmpp_room_leave           (XmppRoom             *self,
                                               const char           *text);
void                xmpp_room_set_subject     (XmppRoom             *self,
                                               const char           *subject);
void                xmpp_room_set_nick        (XmppRoom             *self,
                                               const char           *nick);
void                xmpp_room_invite          (XmppRoom             *self,
                                               XmppJid              *who,
                                               const char           *reason);
void                xmpp_room_accept_defaults (XmppRoom             *self);
const char         *xmpp_role_to_string       (XmppRole              role);
const char         *xmpp_affiliation_to_string (XmppAffiliation      affiliation);

G_END_DECLS
