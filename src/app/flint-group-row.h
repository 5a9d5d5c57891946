/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-contact-tree.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLINT_TYPE_GROUP_ROW (flint_group_row_get_type ())

/* The heading of a group: arrow, name, online/total */
G_DECLARE_FINAL_TYPE (FlintGroupRow, flint_group_row, FLINT, GROUP_ROW, GtkBox)

GtkWidget *flint_group_row_new     (void);
void       flint_group_row_set_row (FlintGroupRow *self,
                                    FlintTreeRow  *row);

G_END_DECLS
