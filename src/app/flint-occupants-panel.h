/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"
#include "flint-room.h"

G_BEGIN_DECLS

#define FLINT_TYPE_OCCUPANTS_PANEL (flint_occupants_panel_get_type ())

/* Who is in a room. Signals "mention" (const char *nick), "chat" (const char *nick). */
G_DECLARE_FINAL_TYPE (FlintOccupantsPanel, flint_occupants_panel, FLINT, OCCUPANTS_PANEL, AdwBin)

GtkWidget *flint_occupants_panel_new (FlintApplication *application,
                                      FlintRoom        *room);

G_END_DECLS
