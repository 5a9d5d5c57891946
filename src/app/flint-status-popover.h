/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"

G_BEGIN_DECLS

#define FLINT_TYPE_STATUS_POPOVER (flint_status_popover_get_type ())

/* The own status: a message, what to be, the saved ones */
G_DECLARE_FINAL_TYPE (FlintStatusPopover, flint_status_popover, FLINT, STATUS_POPOVER, GtkPopover)

GtkWidget *flint_status_popover_new   (FlintApplication *application);
void       flint_status_apply         (FlintApplication *application,
                                       FlintStatus      *status);
FlintStatus *flint_status_load_last     (FlintApplication *application);
GPtrArray *flint_status_load_saved    (FlintApplication *application);
void       flint_status_save_all      (FlintApplication *application,
                                       GPtrArray        *statuses);

G_END_DECLS
