/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-room.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLINT_TYPE_OCCUPANT_ROW (flint_occupant_row_get_type ())

/* Somebody in a room: presence, nickname, and the mark of the role */
G_DECLARE_FINAL_TYPE (FlintOccupantRow, flint_occupant_row, FLINT, OCCUPANT_ROW, GtkBox)

GtkWidget     *flint_occupant_row_new          (void);
void           flint_occupant_row_set_occupant (FlintOccupantRow *self,
                                                FlintOccupant    *occupant);
FlintOccupant *flint_occupant_row_get_occupant (FlintOccupantRow *self);

G_END_DECLS
