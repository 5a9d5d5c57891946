/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *demo_reply_to (const char *text,
                     GDateTime  *now,
                     guint       turn);

G_END_DECLS
