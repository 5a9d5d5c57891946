/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLINT_TYPE_LIST_FILLER (flint_list_filler_get_type ())

/* Tells which rows of a list have come to be seen, in time for the frame in which they are. GTK 4.8 keeps some two
 * hundred rows of a list, of which a window shows twenty: what is in the others need not be made. */
G_DECLARE_FINAL_TYPE (FlintListFiller, flint_list_filler, FLINT, LIST_FILLER, GObject)

FlintListFiller *flint_list_filler_new (GtkWidget *list);

G_END_DECLS
