/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-entry.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* When a column of the console is there */
typedef enum
{
  FLINT_CONSOLE_COLUMN_WIDE     = 1 << 0,   /* in a wide window */
  FLINT_CONSOLE_COLUMN_NARROW   = 1 << 1,   /* in a narrow one */
  FLINT_CONSOLE_COLUMN_SLIM     = 1 << 2,   /* in one as wide as a telephone */
  FLINT_CONSOLE_COLUMN_SINGLE   = 1 << 3,   /* only with one account */
  FLINT_CONSOLE_COLUMN_SEVERAL  = 1 << 4,   /* only with several */
} FlintConsoleColumnFlags;

GPtrArray               *flint_console_columns_new       (void);   /* of owned GtkColumnViewColumn */
FlintConsoleColumnFlags  flint_console_columns_get_flags (guint      index);
GtkListItem             *flint_console_columns_get_item  (GtkWidget *widget);
void                     flint_console_columns_fit       (GPtrArray *columns,
                                                          GtkWidget *list);
void                     flint_console_columns_align_titles (GtkWidget *view);
const char              *flint_console_kind_get_label    (ConsoleKind kind);
const char              *flint_console_kind_get_icon     (ConsoleKind kind);

G_END_DECLS
