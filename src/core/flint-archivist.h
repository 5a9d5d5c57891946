/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-catch-up.h"

G_BEGIN_DECLS

#define FLINT_TYPE_ARCHIVIST (flint_archivist_get_type ())

/* Brings what was missed whenever an account has come online, or has come into a room; and then lets go out what may have
 * gone out before.
 */
G_DECLARE_FINAL_TYPE (FlintArchivist, flint_archivist, FLINT, ARCHIVIST, GObject)

FlintArchivist *flint_archivist_new            (FlintConversationList *conversations,
                                                FlintRoomList         *rooms);
void            flint_archivist_add_account    (FlintArchivist        *self,
                                                FlintAccount          *account);
void            flint_archivist_remove_account (FlintArchivist        *self,
                                                FlintAccount          *account);

G_END_DECLS
