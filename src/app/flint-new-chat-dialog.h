/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"

G_BEGIN_DECLS

void flint_new_chat_dialog_present (FlintApplication *application);

G_END_DECLS
