/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"

G_BEGIN_DECLS

/* In which groups a contact is: move and copy in one */
void flint_groups_dialog_present (FlintApplication *application,
                                  GtkWindow        *parent,
                                  FlintContact     *contact);

G_END_DECLS
