/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-headline.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLINT_TYPE_HEADLINE_ROW (flint_headline_row_get_type ())

/* One headline in a list */
G_DECLARE_FINAL_TYPE (FlintHeadlineRow, flint_headline_row, FLINT, HEADLINE_ROW, GtkBox)

GtkWidget *flint_headline_row_new (void);
void       flint_headline_row_set_headline (FlintHeadlineRow *self,
                          FlintHeadline *headline);

G_END_DECLS
