/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-conversation-list.h"
#include "flint-history.h"
#include "flint-room-list.h"

G_BEGIN_DECLS

/* What was said while we were away, from an archive into the history and into the conversations that are open: page by
 * page, each on the disk before the next one is asked for. It ends, whatever the archive does (T014, F24).
 *
 * One run for the account or for a room; who begins it holds it until ended () is called, and may free it earlier.
 */
typedef struct _FlintCatchUp FlintCatchUp;

typedef void (*FlintCatchUpEnded) (FlintCatchUp *self,
                                   gpointer      user_data);

FlintCatchUp *flint_catch_up_new         (FlintConversationList *conversations,
                                          FlintRoomList         *rooms,
                                          FlintAccount          *account,
                                          FlintRoom             *room,
                                          FlintCatchUpEnded      ended,
                                          gpointer               user_data);
void          flint_catch_up_free        (FlintCatchUp          *self);
FlintAccount *flint_catch_up_get_account (FlintCatchUp          *self);
FlintRoom    *flint_catch_up_get_room    (FlintCatchUp          *self);
const GError *flint_catch_up_get_error   (FlintCatchUp          *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlintCatchUp, flint_catch_up_free)

G_END_DECLS
