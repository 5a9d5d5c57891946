/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-entry.h"

G_BEGIN_DECLS

char *console_summary_new (ConsoleEntry *entry);

G_END_DECLS
