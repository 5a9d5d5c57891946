/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fake-server.h"
#include "xmpp-presence.h"

G_BEGIN_DECLS

/* A presence of ours, with these children before the capabilities */
#define PRESENCE(children) \
  "<presence>" children "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='*' ver='*'/></presence>"

/* Who may see us and whom we see: romeo is a friend, nurse is seen, paris was asked, tybalt is listed */
#define PRESENCE_ROSTER                                        \
  "<query xmlns='jabber:iq:roster'>"                           \
    "<item jid='romeo@montague.lit' subscription='both'/>"     \
    "<item jid='nurse@capulet.lit' subscription='to'/>"        \
    "<item jid='paris@example.org' ask='subscribe'/>"          \
    "<item jid='tybalt@capulet.lit'/>"                         \
    "<item jid='icq.capulet.lit' subscription='both'/>"        \
  "</query>"

/* A session, and what its presence module said, a line each:
 *
 *     changed romeo@montague.lit | request WHO NICK TEXT | withdrawn WHO | accepted WHO | declined WHO
 *     error WHO CONDITION | invisible-failed
 */
typedef struct
{
  FakeServer   *server;
  XmppPresence *presence;
  GPtrArray    *lines;
} PresenceLog;

PresenceLog *presence_log_new             (void);
void         presence_log_free            (PresenceLog *self);

/* Logs in, gives the roster, and forgets what was said until then. */
void         presence_log_login           (PresenceLog *self);
void         presence_log_lose_connection (PresenceLog *self);
void         presence_log_clear           (PresenceLog *self);

/* Has the client receive a presence; type may be NULL, children is XML. */
void         presence_log_receive         (PresenceLog *self,
                                           const char  *from,
                                           const char  *type,
                                           const char  *children);

/* Asserts that these lines, with ", " between, are all that was said, and forgets them. */
void         presence_log_expect          (PresenceLog *self,
                                           const char  *lines);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PresenceLog, presence_log_free)

G_END_DECLS
