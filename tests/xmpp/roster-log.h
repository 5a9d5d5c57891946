/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fake-server.h"
#include "xmpp-roster.h"

G_BEGIN_DECLS

#define NS_ROSTER "jabber:iq:roster"
#define QUERY(items) "<query xmlns='" NS_ROSTER "'>" items "</query>"

/* A session, and what its roster said, a line each:
 *
 *     loaded | changed romeo@montague.lit | removed romeo@montague.lit | failed CODE
 */
typedef struct
{
  FakeServer *server;
  XmppRoster *roster;
  GPtrArray  *lines;
} RosterLog;

RosterLog *roster_log_new             (void);
void       roster_log_free            (RosterLog  *self);

/* Logs in, gives this <query/>, and forgets what was said until then. */
void       roster_log_login           (RosterLog  *self,
                                       const char *query);
void       roster_log_lose_connection (RosterLog  *self);

/* Sends a push with these items (XML); from may be NULL. */
void       roster_log_push            (RosterLog  *self,
                                       const char *from,
                                       const char *items);

/* Asserts that these lines, with ", " between, are all that was said, and forgets them. */
void       roster_log_expect          (RosterLog  *self,
                                       const char *lines);

/* Asserts what is known of somebody: "romeo@montague.lit 'Romeo' both asked approved [Friends,Lovers]", or
 * "nobody".
 */
void       roster_log_expect_item     (RosterLog  *self,
                                       const char *address,
                                       const char *item);
void       roster_log_expect_saved    (RosterLog  *self,
                                       const char *xml);
guint      roster_log_count           (RosterLog  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RosterLog, roster_log_free)

G_END_DECLS
