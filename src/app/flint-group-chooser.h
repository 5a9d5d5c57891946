/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-account.h"

#include <adwaita.h>

G_BEGIN_DECLS

void  flint_group_chooser_fill (AdwComboRow  *row,
                                FlintAccount *account,
                                const char   *group);
char *flint_group_chooser_get  (AdwComboRow  *row);

G_END_DECLS
