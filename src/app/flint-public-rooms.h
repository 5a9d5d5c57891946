/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "xmpp-disco.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLINT_TYPE_PUBLIC_ROOMS (flint_public_rooms_get_type ())

/* The rooms that a service lists, by name, and how many are in them. Signal "chosen" (const char *address). */
G_DECLARE_FINAL_TYPE (FlintPublicRooms, flint_public_rooms, FLINT, PUBLIC_ROOMS, GtkBox)

void flint_public_rooms_clear (FlintPublicRooms *self);
void flint_public_rooms_fill  (FlintPublicRooms *self,
                               XmppDisco        *disco,
                               GPtrArray        *items);

G_END_DECLS
