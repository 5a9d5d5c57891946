/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-log.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_SNAPSHOT (console_snapshot_get_type ())

/* A GListModel of ConsoleEntry that stays as it is, whatever comes and goes. Of what has gone it holds the text. */
G_DECLARE_FINAL_TYPE (ConsoleSnapshot, console_snapshot, CONSOLE, SNAPSHOT, GObject)

GListModel *console_snapshot_new (ConsoleLog *log,
                                  GPtrArray  *pages,
                                  GArray     *numbers);

G_END_DECLS
