/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fake-sm.h"

G_BEGIN_DECLS

/* What a session with stream management says, a word each, in the order in which it was said:
 *
 *     +ID            a message of ours is acknowledged
 *     ?ID,ID         these are given back: the session is over
 *     !ID            the server ends each connection for it
 *     <BODY          a message came
 *     closed         the connection is gone
 *     offline        the presence of a contact is gone with the session
 */
typedef struct
{
  FakeServer *server;
  FakeSm     *sm;
  GString    *text;
  GError     *rejected;   /* of the last ! */
} SessionLog;

SessionLog *session_log_new    (void);
void        session_log_free   (SessionLog *self);

/* Logged in, with romeo@montague.lit, who is online, in the list of contacts */
void        session_log_login  (SessionLog *self);

/* Sends a message to romeo, with this id and body */
void        session_log_send   (SessionLog *self,
                                const char *id);

/* What was said since the last time is this: words with a space between. await: when it is */
void        session_log_expect (SessionLog *self,
                                const char *words);
void        session_log_await  (SessionLog *self,
                                const char *words);

/* Whether romeo is seen to be online */
gboolean    session_log_sees_romeo (SessionLog *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SessionLog, session_log_free)

G_END_DECLS
