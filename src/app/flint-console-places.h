/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-entry.h"
#include "console-template.h"
#include "flint-core.h"

G_BEGIN_DECLS

char *flint_console_places_fill (const ConsoleTemplate *template,
                                 FlintCore             *core,
                                 FlintAccount          *account,
                                 ConsoleEntry          *selected);

G_END_DECLS
