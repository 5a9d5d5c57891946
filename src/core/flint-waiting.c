/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-waiting.h"

/* (transfer full): nobody waits */
GPtrArray *
flint_waiting_new (void)
{
  return g_ptr_array_new_with_free_func (g_object_unref);
}

/* It is so: tells all who wait now. Whoever begins to wait when he hears of it waits for the next time. */
void
flint_waiting_end (GPtrArray **waiting)
{
  g_autoptr(GPtrArray) tasks = g_steal_pointer (waiting);

  *waiting = flint_waiting_new ();

  for (guint i = 0; i < tasks->len; i++)
    g_task_return_boolean (g_ptr_array_index (tasks, i), TRUE);
}
