/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"
#include "flint-request.h"

G_BEGIN_DECLS

void flint_subscription_dialog_present (FlintApplication *application,
                                        GtkWindow        *parent,
                                        FlintRequest     *request);

G_END_DECLS
