/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-job.h"

/* So many ends are told in one turn of the loop that waits for them */
#define ENDS_A_TURN  50

static void
job_free (StoreJob *job)
{
  g_clear_object (&job->task);
  g_clear_error (&job->error);
  g_free (job);
}

/* Takes the job, and tells how it ended; in the context of the task */
static void
tell_end (StoreJob *job)
{
  if (job->error != NULL)
    g_task_return_error (job->task, g_steal_pointer (&job->error));
  else
    g_task_return_boolean (job->task, TRUE);

  job_free (job);
}

static gboolean
on_ended (gpointer data)
{
  GQueue *jobs = data;

  for (guint i = 0; i < ENDS_A_TURN && jobs->length > 0; i++)
    tell_end (g_queue_pop_head (jobs));

  return jobs->length > 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
free_ended (gpointer data)
{
  g_queue_free_full (data, (GDestroyNotify) job_free);
}

/* Those of one context together. A task that ended in this thread could be let go of in it last, and the database with it.
 * jobs: emptied
 */
void
store_job_end_all (GQueue *jobs)
{
  while (jobs->length > 0)
    {
      StoreJob *first = g_queue_peek_head (jobs);
      GMainContext *context = g_task_get_context (first->task);
      GQueue *ended = g_queue_new ();
      g_autoptr(GSource) source = g_idle_source_new ();

      do
        g_queue_push_tail (ended, g_queue_pop_head (jobs));
      while ((first = g_queue_peek_head (jobs)) != NULL && g_task_get_context (first->task) == context);

      g_source_set_priority (source, G_PRIORITY_DEFAULT);
      g_source_set_callback (source, on_ended, ended, free_ended);
      g_source_attach (source, context);
    }
}

/* error: (transfer full) (nullable) */
void
store_job_end (StoreJob *job,
               GError   *error)
{
  GQueue jobs = G_QUEUE_INIT;

  g_clear_error (&job->error);
  job->error = error;

  if (job->task == NULL)
    {
      job_free (job);
      return;
    }

  g_queue_push_tail (&jobs, job);
  store_job_end_all (&jobs);
}
