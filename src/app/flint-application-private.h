/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"

G_BEGIN_DECLS

void flint_application_add_actions   (FlintApplication *self);
void flint_application_follow_accounts (FlintApplication *self);
void flint_application_bind_settings (FlintApplication *self);
void flint_application_arrange_windows (FlintApplication *self);
void flint_application_leave         (FlintApplication *self);
void flint_application_open_uri      (FlintApplication *self,
                                      const char       *uri);

void flint_application_set_pending   (FlintApplication *self,
                                      const char       *uri);
void flint_application_open_pending  (FlintApplication *self);

G_END_DECLS
