/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A menu that is made when it is opened: its popover takes a millisecond of the window's start, and most are never opened. */
void flint_lazy_menu_set (GtkMenuButton *button,
                          GMenuModel    *model);

G_END_DECLS
