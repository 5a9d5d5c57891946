/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-error.h"

G_BEGIN_DECLS

/* A damaged database is put aside, under a name that says so, and what can be read of it goes into a new one (F31).
 * Nothing is deleted.
 */
gboolean store_salvage (const char  *path,
                        char       **aside,
                        guint       *n_rows,
                        GError     **error);

G_END_DECLS
