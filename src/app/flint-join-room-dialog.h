/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"

G_BEGIN_DECLS

#define FLINT_TYPE_JOIN_ROOM_DIALOG (flint_join_room_dialog_get_type ())

G_DECLARE_FINAL_TYPE (FlintJoinRoomDialog, flint_join_room_dialog, FLINT, JOIN_ROOM_DIALOG, AdwWindow)

GtkWindow *flint_join_room_dialog_new (FlintApplication *application, GtkWindow *parent, FlintAccount *account, XmppJid *jid, const char *password);

G_END_DECLS
