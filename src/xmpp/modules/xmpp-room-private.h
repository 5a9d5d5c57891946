/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0045: what XmppMuc and the files of XmppRoom share */
#pragma once

#include "xmpp-muc.h"

G_BEGIN_DECLS

#define XMPP_NS_MUC       "http://jabber.org/protocol/muc"
#define XMPP_NS_MUC_USER  "http://jabber.org/protocol/muc#user"
#define XMPP_NS_MUC_OWNER "http://jabber.org/protocol/muc#owner"

/* Status codes that only the room itself needs; the others are of XmppRoomStatus */
typedef enum
{
  XMPP_ROOM_CODE_SELF         = 1 << 16,   /* 110 */
  XMPP_ROOM_CODE_CREATED      = 1 << 17,   /* 201 */
  XMPP_ROOM_CODE_BANNED       = 1 << 18,   /* 301 */
  XMPP_ROOM_CODE_RENAMED      = 1 << 19,   /* 303 */
  XMPP_ROOM_CODE_KICKED       = 1 << 20,   /* 307 */
  XMPP_ROOM_CODE_UNAFFILIATED = 1 << 21,   /* 321 */
  XMPP_ROOM_CODE_MEMBERS_ONLY = 1 << 22,   /* 322 */
  XMPP_ROOM_CODE_SHUTDOWN     = 1 << 23,   /* 332 */
  XMPP_ROOM_CODE_ERROR        = 1 << 24,   /* 333 */
} XmppRoomCode;

#define XMPP_ROOM_STATUS_MASK 0xffff

enum
{
  XMPP_ROOM_JOINED,
  XMPP_ROOM_LEFT,
  XMPP_ROOM_OCCUPANT_JOINED,
  XMPP_ROOM_OCCUPANT_CHANGED,
  XMPP_ROOM_OCCUPANT_LEFT,
  XMPP_ROOM_OCCUPANT_RENAMED,
  XMPP_ROOM_SUBJECT_CHANGED,
  XMPP_ROOM_CREATED,
  XMPP_ROOM_FAILED,
  XMPP_ROOM_N_SIGNALS
};

extern guint xmpp_room_signals[XMPP_ROOM_N_SIGNALS] G_GNUC_INTERNAL;

/* A request to join that has not ended yet. As any request does, it keeps the session until then. */
typedef struct
{
  XmppSession *session;       /* owned */
  GTask       *task;
  guint        timeout_id;    /* of the clock */
  GSource     *cancelled;     /* NULL: cannot be cancelled */
} XmppRoomJoin;

struct _XmppRoom
{
  GObject parent_instance;

  XmppSession   *session;             /* borrowed; NULL: the module is gone, and nothing can be sent */
  XmppJid       *jid;

  XmppRoomState  state;
  char          *nick;
  char          *subject;
  char          *subject_by;
  XmppJid       *alternative;         /* NULL: not destroyed, or nowhere to go */

  /* While joining, and in */
  XmppRoomJoin  *join;                /* NULL: not joining */
  GHashTable    *occupants;           /* nick (in the value) → owned XmppOccupant */
  XmppOccupant  *self;                /* borrowed from occupants; NULL: not told yet */
  guint          status;
  gboolean       has_told_history;
  gboolean       is_leaving;          /* we went, the room has not said so yet */
};

/* xmpp-occupant.c */
XmppOccupant *xmpp_occupant_new          (XmppJid             *jid,
                                          const XmppNode      *presence,
                                          const XmppNode      *x);
XmppOccupant *xmpp_occupant_with_jid     (const XmppOccupant  *self,
                                          XmppJid             *jid);
gboolean      xmpp_occupant_equal        (const XmppOccupant  *a,
                                          const XmppOccupant  *b);

/* xmpp-room.c */
XmppRoom     *xmpp_room_new              (XmppSession         *session,
                                          XmppJid             *jid);
void          xmpp_room_detach           (XmppRoom            *self);
gboolean      xmpp_room_is_known         (XmppRoom            *self);
gboolean      xmpp_room_has_told_history (XmppRoom            *self);
void          xmpp_room_set_state        (XmppRoom            *self,
                                          XmppRoomState        state);
void          xmpp_room_take_nick        (XmppRoom            *self,
                                          const char          *nick);
void          xmpp_room_add_status       (XmppRoom            *self,
                                          guint                status);
void          xmpp_room_take_subject     (XmppRoom            *self,
                                          const XmppMessage   *message);
void          xmpp_room_fail             (XmppRoom            *self,
                                          GError              *error);
void          xmpp_room_exit             (XmppRoom            *self,
                                          XmppLeave            why,
                                          const char          *actor,
                                          const char          *reason,
                                          GError              *error);

/* xmpp-room-actions.c */
gboolean      xmpp_room_take_refusal     (XmppRoom            *self,
                                          const XmppMessage   *message);
void          xmpp_room_send_unavailable (XmppRoom            *self,
                                          const char          *text);
void          xmpp_room_send_presence    (XmppRoom            *self);

/* xmpp-room-join.c */
void          xmpp_room_begin_join       (XmppRoom            *self,
                                          XmppJid             *occupant,
                                          const char          *password,
                                          int                  history,
                                          GTask               *task);
void          xmpp_room_end_join         (XmppRoom            *self,
                                          GError              *error);
void          xmpp_room_take_error       (XmppRoom            *self,
                                          const XmppNode      *presence,
                                          const XmppJid       *from);

/* xmpp-room-presence.c */
guint         xmpp_room_read_codes       (const XmppNode      *x);
void          xmpp_room_take_presence    (XmppRoom            *self,
                                          const XmppNode      *presence,
                                          XmppJid             *from);

G_END_DECLS
