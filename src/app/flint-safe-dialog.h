/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

void flint_safe_dialog_present (GtkWidget *dialog);

G_END_DECLS
