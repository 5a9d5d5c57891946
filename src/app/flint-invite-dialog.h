/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"

G_BEGIN_DECLS

/* Asks which room (contact given), or whom (room given), then invites */
void flint_invite_dialog_present (FlintApplication *application,
                                  GtkWindow        *parent,
                                  FlintContact     *contact,
                                  FlintRoom        *room);

G_END_DECLS
