/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-task.h"

/* record: (transfer full); tag: the function that was called */
void
store_task_push (StoreDatabase       *database,
                 StoreAccess          access,
                 StoreWork            function,
                 gpointer             record,
                 GDestroyNotify       record_free,
                 gpointer             tag,
                 GCancellable        *cancellable,
                 GAsyncReadyCallback  callback,
                 gpointer             user_data)
{
  GTask *task = g_task_new (database, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, record, record_free);
  store_database_push (database, access, function, task);
}

/* Returns: (transfer none) (nullable): the record, as long as there is the result; NULL: it failed */
gpointer
store_task_finish (GAsyncResult  *result,
                   gpointer       tag,
                   GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, tag), NULL);

  return g_task_propagate_boolean (G_TASK (result), error) ? g_task_get_task_data (G_TASK (result)) : NULL;
}
