/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-occupant.h"

G_BEGIN_DECLS

#define FLINT_TYPE_OCCUPANT_LIST (flint_occupant_list_get_type ())

/* A GListModel of FlintOccupant, who is in a room: moderators first, then by name. It follows the engine's room. */
G_DECLARE_FINAL_TYPE (FlintOccupantList, flint_occupant_list, FLINT, OCCUPANT_LIST, GObject)

FlintOccupantList *flint_occupant_list_new    (void);
void               flint_occupant_list_follow (FlintOccupantList *self,
                                               XmppRoom          *room);
FlintOccupant     *flint_occupant_list_find   (FlintOccupantList *self,
                                               const char        *nick);

G_END_DECLS
