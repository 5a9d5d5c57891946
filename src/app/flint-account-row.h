/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-contact-tree.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLINT_TYPE_ACCOUNT_ROW (flint_account_row_get_type ())

/* The heading of an account, when there are several: its state, its menu, and a mark while it is not encrypted */
G_DECLARE_FINAL_TYPE (FlintAccountRow, flint_account_row, FLINT, ACCOUNT_ROW, GtkBox)

GtkWidget *flint_account_row_new      (void);
void       flint_account_row_set_row  (FlintAccountRow *self,
                                       FlintTreeRow    *row);

GtkWidget *flint_account_row_new_insecure_mark (void);
void       flint_account_row_show_menu (FlintAccountRow *self);

G_END_DECLS
