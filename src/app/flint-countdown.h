/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-account.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLINT_TYPE_COUNTDOWN (flint_countdown_get_type ())

G_DECLARE_FINAL_TYPE (FlintCountdown, flint_countdown, FLINT, COUNTDOWN, GObject)

/* Counts the seconds until an account tries to connect again, while a widget that shows them is on the screen. While it is
 * not, nothing wakes up. Signal: "changed" (), when other words are to be shown.
 */
FlintCountdown *flint_countdown_new         (GtkWidget      *widget);
void            flint_countdown_set_account (FlintCountdown *self,
                                             FlintAccount   *account);

G_END_DECLS
