/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-database.h"

G_BEGIN_DECLS

/* What each function of the store does with what it is asked: a record for the thread, which comes back with the
 * results in it
 */
void     store_task_push   (StoreDatabase        *database,
                            StoreAccess           access,
                            StoreWork             function,
                            gpointer              record,
                            GDestroyNotify        record_free,
                            gpointer              tag,
                            GCancellable         *cancellable,
                            GAsyncReadyCallback   callback,
                            gpointer              user_data);
gpointer store_task_finish (GAsyncResult         *result,
                            gpointer              tag,
                            GError              **error);

G_END_DECLS
