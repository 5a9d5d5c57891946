/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"

G_BEGIN_DECLS

#define FLINT_TYPE_RECENT_DIALOG (flint_recent_dialog_get_type ())

/* The chats in the order in which they were used, to go to one of them by a few keys */
G_DECLARE_FINAL_TYPE (FlintRecentDialog, flint_recent_dialog, FLINT, RECENT_DIALOG, AdwWindow)

void flint_recent_dialog_present (FlintApplication *application);

G_END_DECLS
