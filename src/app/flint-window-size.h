/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void flint_window_size_bind (GtkWindow  *window,
                             GSettings  *settings,
                             const char *key);

G_END_DECLS
