/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Something said in passing, in a window that has an overlay for it */
void flint_toast_show (GtkWidget  *overlay,
                       const char *text);

G_END_DECLS
