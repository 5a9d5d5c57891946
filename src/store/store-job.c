/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-job.h"

void
store_job_free (StoreJob *self)
{
  g_clear_object (&self->task);
  g_clear_error (&self->error);
  g_free (self);
}

/* Tells how it ended; in the context of the task */
void
store_job_tell_end (StoreJob *self)
{
  if (self->error != NULL)
    g_task_return_error (self->task, g_steal_pointer (&self->error));
  else
    g_task_return_boolean (self->task, TRUE);
}
