/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"

G_BEGIN_DECLS

void flint_add_group_dialog_present (FlintApplication *application, FlintAccount *account, const char *parent_group);

G_END_DECLS
