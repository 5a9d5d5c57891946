/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Those who wait for the same thing, such as that everything is on the disk: an array of owned GTask */
GPtrArray *flint_waiting_new (void);
void       flint_waiting_end (GPtrArray **waiting);

G_END_DECLS
