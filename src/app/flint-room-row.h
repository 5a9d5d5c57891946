/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-room.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLINT_TYPE_ROOM_ROW (flint_room_row_get_type ())

/* One room in a list */
G_DECLARE_FINAL_TYPE (FlintRoomRow, flint_room_row, FLINT, ROOM_ROW, GtkBox)

GtkWidget *flint_room_row_new (void);
void       flint_room_row_set_room (FlintRoomRow *self,
                          FlintRoom *room);

FlintRoom *flint_room_row_get_room (FlintRoomRow *self);

char      *flint_room_row_describe (FlintRoomRow *self);

G_END_DECLS
