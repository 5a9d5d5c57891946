/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fake-server.h"

G_BEGIN_DECLS

/* What a session said by "message", a line each:
 *
 *     romeo@montague.lit/orchard chat body=Hello
 *
 * then, where it is so, subject= thread= receipt? received= markable displayed= state= carbon= delayed= private
 * status= room= by= reason= password= error=
 */
typedef struct
{
  GPtrArray *lines;
} MessageLog;

/* The log ends with the session. */
MessageLog *message_log_new    (FakeServer *server);
void        message_log_free   (MessageLog *self);

/* Waits for the next message, and asserts that its line is this one. */
void        message_log_expect (MessageLog *self,
                                const char *line);

/* Sends a message of a friend, and asserts that it is the only one that comes: what was sent before
 * was ignored, and the session is still well.
 */
void        message_log_expect_none (MessageLog *self,
                                     FakeServer *server);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MessageLog, message_log_free)

G_END_DECLS
