/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-log.h"

G_BEGIN_DECLS

/* Packs the full pages of a log, in a thread, some seconds after they were filled: not while a login or a flood
 * has other things to do.
 */
typedef struct _ConsolePacker ConsolePacker;

ConsolePacker *console_packer_new     (ConsoleLog    *log);
void           console_packer_free    (ConsolePacker *self);
void           console_packer_queue   (ConsolePacker *self);
void           console_packer_start   (ConsolePacker *self);
gboolean       console_packer_is_done (ConsolePacker *self);

G_END_DECLS
