/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-account.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLINT_TYPE_LOGIN_STEPS (flint_login_steps_get_type ())

/* How far a login has come, a line a step: done ones ticked, the present one turning */
G_DECLARE_FINAL_TYPE (FlintLoginSteps, flint_login_steps, FLINT, LOGIN_STEPS, GtkBox)

void flint_login_steps_set_account (FlintLoginSteps *self,
                                    FlintAccount    *account);

G_END_DECLS
