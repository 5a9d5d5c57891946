/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-occupant.h"

G_BEGIN_DECLS

#define FLINT_TYPE_OCCUPANT_LIST (flint_occupant_list_get_type ())

/* A GListModel of FlintOccupant: moderators first, then by name */
G_DECLARE_FINAL_TYPE (FlintOccupantList, flint_occupant_list, FLINT, OCCUPANT_LIST, GObject)

FlintOccupantList *flint_occupant_list_new    (void);
void               flint_occupant_list_fill   (FlintOccupantList  *self,
                                               GPtrArray          *occupants,
                                               const char         *own_nick);
void               flint_occupant_list_put    (FlintOccupantList  *self,
                                               const XmppOccupant *occupant,
                                               gboolean            is_self);
void               flint_occupant_list_remove (FlintOccupantList  *self,
                                               const char         *nick);
void               flint_occupant_list_rename (FlintOccupantList  *self,
                                               const char         *old_nick,
                                               const XmppOccupant *occupant);
FlintOccupant     *flint_occupant_list_find   (FlintOccupantList  *self,
                                               const char         *nick);

G_END_DECLS
