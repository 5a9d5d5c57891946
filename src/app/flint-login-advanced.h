/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-account.h"
#include "flint-login-error.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLINT_TYPE_LOGIN_ADVANCED (flint_login_advanced_get_type ())

/* What is set seldom before a login. Signal "changed" (): what was wrong may be right now. */
G_DECLARE_FINAL_TYPE (FlintLoginAdvanced, flint_login_advanced, FLINT, LOGIN_ADVANCED, AdwExpanderRow)

void          flint_login_advanced_fill            (FlintLoginAdvanced *self,
                                                    FlintAccount       *account);
void          flint_login_advanced_reset           (FlintLoginAdvanced *self);
void          flint_login_advanced_apply           (FlintLoginAdvanced *self,
                                                    FlintAccount       *account,
                                                    guint               port);
gboolean      flint_login_advanced_has_certificate (FlintLoginAdvanced *self);
gboolean      flint_login_advanced_is_anonymous    (FlintLoginAdvanced *self);
XmppSecurity  flint_login_advanced_get_security    (FlintLoginAdvanced *self);
void          flint_login_advanced_clear_error     (FlintLoginAdvanced *self);
GtkWidget    *flint_login_advanced_mark_error      (FlintLoginAdvanced *self,
                                                    FlintLoginPlace     place,
                                                    const char         *text);

G_END_DECLS
