/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"

G_BEGIN_DECLS

#define FLINT_TYPE_ROOM_VIEW (flint_room_view_get_type ())

G_DECLARE_FINAL_TYPE (FlintRoomView, flint_room_view, FLINT, ROOM_VIEW, AdwBin)

void flint_room_view_set_application (FlintRoomView *self,
                             FlintApplication *application);

G_END_DECLS
