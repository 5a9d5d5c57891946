/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-contact.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLINT_TYPE_DETAILS_PANEL (flint_details_panel_get_type ())

/* Who one chats with: picture, address, status, devices */
G_DECLARE_FINAL_TYPE (FlintDetailsPanel, flint_details_panel, FLINT, DETAILS_PANEL, AdwBin)

GtkWidget *flint_details_panel_new (FlintContact *contact);

G_END_DECLS
