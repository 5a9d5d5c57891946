/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-account.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLINT_TYPE_LOGIN_CONNECTING (flint_login_connecting_get_type ())

/* The page of the login window while an account connects: who, how far it is, and "login.back" to give it up */
G_DECLARE_FINAL_TYPE (FlintLoginConnecting, flint_login_connecting, FLINT, LOGIN_CONNECTING, GtkBox)

void flint_login_connecting_set_account (FlintLoginConnecting *self,
                                         FlintAccount         *account);

G_END_DECLS
