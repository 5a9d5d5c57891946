/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"

G_BEGIN_DECLS

/* In which groups contacts are: move and copy in one, and for several at once */
void flint_groups_dialog_present (FlintApplication *application,
                                  GtkWindow        *parent,
                                  GPtrArray        *contacts);

G_END_DECLS
