/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"

G_BEGIN_DECLS

#define FLINT_TYPE_LOGIN_WINDOW (flint_login_window_get_type ())

G_DECLARE_FINAL_TYPE (FlintLoginWindow, flint_login_window, FLINT, LOGIN_WINDOW, AdwApplicationWindow)

GtkWindow    *flint_login_window_new         (FlintApplication *application,
                                              FlintAccount     *account);
void          flint_login_window_ask         (FlintLoginWindow *self);
FlintAccount *flint_login_window_get_account (FlintLoginWindow *self);

G_END_DECLS
