/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-database.h"

G_BEGIN_DECLS

/* What may be lost: whole values under a name, of an account or of all (NULL). Those that were written long ago go when
 * there are more than 64 MiB of them; that is seen each few values.
 */
void    store_cache_read_async  (StoreDatabase        *database,
                                 const char           *account,
                                 const char           *name,
                                 GAsyncReadyCallback   callback,
                                 gpointer              user_data);
GBytes *store_cache_read_finish (GAsyncResult         *result,
                                 GError              **error);
void    store_cache_write       (StoreDatabase        *database,
                                 const char           *account,
                                 const char           *name,
                                 GBytes               *value,
                                 gint64                now);
void    store_cache_remove      (StoreDatabase        *database,
                                 const char           *account,
                                 const char           *name);

G_END_DECLS
