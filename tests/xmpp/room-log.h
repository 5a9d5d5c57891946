/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "message-log.h"
#include "xmpp-muc.h"

G_BEGIN_DECLS

#define ROOM      "hall@rooms.lit"
#define ROOM_OWN  "juliet@capulet.lit"
#define MUC       "http://jabber.org/protocol/muc"
#define MUC_USER  "http://jabber.org/protocol/muc#user"

/* XML of what a room says of an occupant: <x/> with an item and, if wanted, more of it */
#define ROOM_X(more)      "<x xmlns='" MUC_USER "'>" more "</x>"
#define ROOM_ITEM         "<item affiliation='none' role='participant'/>"
#define ROOM_GONE         "<item affiliation='none' role='none'/>"
#define ROOM_STATUS(code) "<status code='" code "'/>"
#define ROOM_PRESENCE(nick, x) "<presence from='" ROOM "/" nick "' to='" ROOM_OWN "/balcony'>" ROOM_X (x) "</presence>"
#define ROOM_UNAVAILABLE(nick, x) \
  "<presence from='" ROOM "/" nick "' to='" ROOM_OWN "/balcony' type='unavailable'>" ROOM_X (x) "</presence>"
#define ROOM_SELF(nick)   ROOM_PRESENCE (nick, ROOM_ITEM ROOM_STATUS ("110"))
#define ROOM_GROUPCHAT(nick, children) \
  "<message from='" ROOM "/" nick "' to='" ROOM_OWN "/balcony' type='groupchat'>" children "</message>"
#define ROOM_ERROR(nick, type, condition) \
  "<presence from='" ROOM "/" nick "' type='error'><x xmlns='" MUC "'/><error type='" type "'>" \
  "<" condition " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>"

/* A session, one room, and what both said, a line each:
 *
 *     joined | created | left WHY | failed SENTENCE
 *     + NICK | ~ NICK | - NICK WHY | NICK is now NICK
 *     topic SUBJECT
 *
 * with role= affiliation= show= text= jid= of occupants where they are not the usual ones, and by= reason=
 * at= where they are known. The end of a join is "in" or "not in: SENTENCE".
 */
typedef struct
{
  FakeServer   *server;
  MessageLog   *messages;
  XmppMuc      *muc;
  XmppJid      *jid;
  GCancellable *cancellable;
  XmppRoom     *room;    /* owned; NULL until join () */
  GPtrArray    *lines;
  GError       *error;   /* of the last join */
} RoomLog;

RoomLog *room_log_new         (void);
void     room_log_free        (RoomLog    *self);

/* Begins to join as juliet. */
void     room_log_join        (RoomLog    *self,
                               const char *password,
                               int         history);

/* The same, and the room lets us in: nurse and tybalt are there, and the topic is told. */
void     room_log_enter       (RoomLog    *self);
void     room_log_send        (RoomLog    *self,
                               const char *xml);

/* Asserts that this is the next line, and that none comes. */
void     room_log_expect      (RoomLog    *self,
                               const char *line);
void     room_log_expect_none (RoomLog    *self);

/* Nicknames, sorted, with a space between */
void     room_log_expect_occupants (RoomLog    *self,
                                    const char *nicks);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RoomLog, room_log_free)

G_END_DECLS
