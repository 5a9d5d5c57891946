/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-ends.h"

/* So many are told in one turn of the loop that waits for them */
#define ENDS_A_TURN 50

/* Those on their way to one context */
typedef struct
{
  gatomicrefcount  n_refs;
  GMutex           mutex;
  GQueue           jobs;          /* of owned StoreJob */
  gboolean         is_attached;   /* a source of the context looks after them */
} Way;

struct _StoreEnds
{
  GHashTable *ways;     /* GMainContext, by its address → owned Way */
};

static Way *
way_new (void)
{
  Way *way = g_new0 (Way, 1);

  g_atomic_ref_count_init (&way->n_refs);
  g_mutex_init (&way->mutex);
  g_queue_init (&way->jobs);

  return way;
}

static Way *
way_ref (Way *way)
{
  g_atomic_ref_count_inc (&way->n_refs);

  return way;
}

static void
way_unref (gpointer data)
{
  Way *way = data;

  if (!g_atomic_ref_count_dec (&way->n_refs))
    return;

  /* Nobody waits in that context any more */
  g_queue_clear_full (&way->jobs, (GDestroyNotify) store_job_free);
  g_mutex_clear (&way->mutex);
  g_free (way);
}

/* NULL: there is none, and the source is not needed any more */
static StoreJob *
take_job (Way *way)
{
  StoreJob *job;

  g_mutex_lock (&way->mutex);
  job = g_queue_pop_head (&way->jobs);
  way->is_attached = job != NULL;
  g_mutex_unlock (&way->mutex);

  return job;
}

static gboolean
on_ended (gpointer data)
{
  Way *way = data;

  for (guint i = 0; i < ENDS_A_TURN; i++)
    {
      StoreJob *job = take_job (way);

      if (job == NULL)
        return G_SOURCE_REMOVE;

      store_job_tell_end (job);
      store_job_free (job);
    }

  return G_SOURCE_CONTINUE;
}

static void
add (StoreEnds    *self,
     GMainContext *context,
     StoreJob     *job)
{
  Way *way = g_hash_table_lookup (self->ways, context);
  gboolean is_attached;

  if (way == NULL)
    {
      way = way_new ();
      g_hash_table_insert (self->ways, g_main_context_ref (context), way);
    }

  g_mutex_lock (&way->mutex);
  g_queue_push_tail (&way->jobs, job);
  is_attached = way->is_attached;
  way->is_attached = TRUE;
  g_mutex_unlock (&way->mutex);

  if (!is_attached)
    {
      g_autoptr(GSource) source = g_idle_source_new ();

      g_source_set_priority (source, G_PRIORITY_DEFAULT);
      g_source_set_callback (source, on_ended, way_ref (way), way_unref);
      g_source_attach (source, context);
    }
}

StoreEnds *
store_ends_new (void)
{
  StoreEnds *self = g_new0 (StoreEnds, 1);

  self->ways = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) g_main_context_unref, way_unref);

  return self;
}

/* What is on its way arrives */
void
store_ends_free (StoreEnds *self)
{
  g_hash_table_unref (self->ways);
  g_free (self);
}

/* job: (transfer full); error: (transfer full) (nullable) */
void
store_ends_add (StoreEnds *self,
                StoreJob  *job,
                GError    *error)
{
  g_clear_error (&job->error);
  job->error = error;

  if (job->task != NULL)
    add (self, g_task_get_context (job->task), job);
  else
    store_job_free (job);
}

/* jobs: emptied; each ends with the error that it has */
void
store_ends_add_all (StoreEnds *self,
                    GQueue    *jobs)
{
  StoreJob *job;

  while ((job = g_queue_pop_head (jobs)) != NULL)
    add (self, g_task_get_context (job->task), job);
}
