/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-room.h"
#include "xmpp-clock.h"

G_BEGIN_DECLS

/* The rooms of one account that are still to be joined after a login: some each second, the first at once. A server takes
 * three hundred at a time for a flood, and each answers with its occupants and its history (security.md, F42).
 */
typedef struct _FlintJoinQueue FlintJoinQueue;

FlintJoinQueue *flint_join_queue_new   (XmppClock      *clock);
void            flint_join_queue_free  (FlintJoinQueue *self);
void            flint_join_queue_add   (FlintJoinQueue *self,
                                        FlintRoom      *room);
void            flint_join_queue_remove (FlintJoinQueue *self,
                                         FlintRoom      *room);
void            flint_join_queue_clear (FlintJoinQueue *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlintJoinQueue, flint_join_queue_free)

G_END_DECLS
