/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-core.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Says, for as long as it is so, that what is said is not kept, and why. It is made when it is so for the first time.
 * above: a child of a GtkBox; it stands below it.
 */
void flint_history_banner_attach (GtkWidget *above,
                                  FlintCore *core);

G_END_DECLS
