/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-connection.h"

G_BEGIN_DECLS

/* The version that this program writes; the file has it in user_version. */
guint       store_schema_get_version (void);
const char *store_schema_get_step    (guint             version);
gboolean    store_schema_check       (StoreConnection  *connection,
                                      GError          **error);
gboolean    store_schema_migrate     (StoreConnection  *connection,
                                      GError          **error);

G_END_DECLS
