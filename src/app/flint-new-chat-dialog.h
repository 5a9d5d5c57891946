/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"

G_BEGIN_DECLS

void flint_new_chat_dialog_present (FlintApplication *application, FlintAccount *account, gboolean for_letter);

G_END_DECLS
