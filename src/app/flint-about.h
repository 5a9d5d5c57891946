/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"

G_BEGIN_DECLS

void flint_about_present (FlintApplication *application);

G_END_DECLS
