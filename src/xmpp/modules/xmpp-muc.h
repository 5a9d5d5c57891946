/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0045: Multi-User Chat */
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

/* Immutable; boxed: who changes is another one */
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

/* What a room says of itself by status codes: XmppMessage.room_status, xmpp_room_get_status () */
typedef enum
{
  XMPP_ROOM_STATUS_NOT_ANONYMOUS   = 1 << 0,   /* 100, 172: everybody sees our address */
  XMPP_ROOM_STATUS_SEMI_ANONYMOUS  = 1 << 1,   /* 173 */
  XMPP_ROOM_STATUS_LOGGED          = 1 << 2,   /* 170: what is said is kept in public */
  XMPP_ROOM_STATUS_NOT_LOGGED      = 1 << 3,   /* 171 */
  XMPP_ROOM_STATUS_CONFIGURED      = 1 << 4,   /* 104: its settings have changed */
  XMPP_ROOM_STATUS_AFFILIATION     = 1 << 5,   /* 101: ours changed while we were not there */
  XMPP_ROOM_STATUS_NICK_GIVEN      = 1 << 6,   /* 210: the room changed our nickname */
} XmppRoomStatus;

/* One room that we are in, joining, or were in. Properties: "jid", "nick", "state", "subject",
 * "subject-by", "status". Signals:
 *   joined        ()                                       self-presence came; occupants are whole
 *   left          (XmppLeave, const char *actor, const char *reason)
 *   occupant-joined  (XmppOccupant *)                      not for those who were there before us
 *   occupant-changed (XmppOccupant *)
 *   occupant-left    (XmppOccupant *, XmppLeave, const char *actor, const char *reason)
 *   occupant-renamed (XmppOccupant *, const char *old_nick)
 *   subject-changed  (const char *subject, const char *by, gint64 time)
 *   created       ()                                       201: it is new and locked until configured
 *   failed        (const GError *)                         the room refused a nickname, topic or invitation
 */
#define XMPP_TYPE_OCCUPANT (xmpp_occupant_get_type ())
#define XMPP_TYPE_ROOM     (xmpp_room_get_type ())
#define XMPP_TYPE_MUC      (xmpp_muc_get_type ())

G_DECLARE_FINAL_TYPE (XmppRoom, xmpp_room, XMPP, ROOM, GObject)
G_DECLARE_FINAL_TYPE (XmppMuc, xmpp_muc, XMPP, MUC, XmppModule)

GType               xmpp_occupant_get_type    (void);
XmppOccupant       *xmpp_occupant_ref         (XmppOccupant         *self);
void                xmpp_occupant_unref       (XmppOccupant         *self);
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
const char         *xmpp_room_get_subject_by  (XmppRoom             *self);        /* NULL: the room itself */
guint               xmpp_room_get_status      (XmppRoom             *self);        /* of XmppRoomStatus */
XmppJid            *xmpp_room_get_alternative (XmppRoom             *self);        /* where to go once it is destroyed */
GPtrArray          *xmpp_room_get_occupants   (XmppRoom             *self);        /* of XmppOccupant (transfer full) */
const XmppOccupant *xmpp_room_get_occupant    (XmppRoom             *self,
                                               const char           *nick);
const XmppOccupant *xmpp_room_get_self        (XmppRoom             *self);
gboolean            xmpp_room_is_self         (XmppRoom             *self,
                                               const XmppOccupant   *occupant);
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

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppOccupant, xmpp_occupant_unref)

G_END_DECLS
