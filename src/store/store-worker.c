/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-worker.h"

#include "store-ends.h"
#include "store-salvage.h"
#include "store-schema.h"

#include <glib/gstdio.h>

/* One transaction has so many pieces of work at most, for what reads waits for its end */
#define MAX_BATCH    1000

/* What could not be written is tried again after (µs) */
#define RETRY_AFTER  (2 * G_USEC_PER_SEC)

/* A file is repaired once, then once more; a disk that damages each file is no place to write to */
#define MAX_SALVAGES 2

struct _StoreWorker
{
  char             *path;
  StoreWorkerFuncs  funcs;
  gpointer          user_data;
  GDestroyNotify    destroy;
  StoreEnds        *ends;          /* of the thread alone */
  GAsyncQueue      *jobs;          /* of owned StoreJob, from any thread */

  /* Of the thread alone */
  StoreConnection  *connection;
  GQueue            held;          /* of owned StoreJob that write, before those of jobs */
  StoreJob              *next;          /* (nullable) (owned): taken from jobs, and not for the batch */
  GError           *failure;       /* why held ones are held */
  gint64            retry_at;      /* monotonic, µs: when they are tried again */
  guint             n_salvages;    /* those that brought a new file */
  gboolean          is_marked;     /* it is in the file that it is open */
  int               level;         /* of PRAGMA synchronous, as it was set last; 0: not yet */
};

static void
set_failure (StoreWorker  *self,
             const GError *failure)
{
  if (self->failure == NULL && failure == NULL)
    return;

  if (self->failure != NULL && failure != NULL && g_error_matches (failure, self->failure->domain, self->failure->code))
    return;

  g_clear_error (&self->failure);
  self->failure = failure != NULL ? g_error_copy (failure) : NULL;
  self->funcs.failed (self->failure, self->user_data);
}

/* The file */

/* What was not closed may have been cut off by more than the end of a program */
static gboolean
check_file (StoreConnection  *connection,
            gint64           *was_open,
            GError          **error)
{
  sqlite3_stmt *check;
  const char *result;

  if (!store_connection_get_int (connection, "SELECT value FROM state WHERE name = 'open'", was_open, error))
    return FALSE;

  if (!*was_open)
    return TRUE;

  check = store_connection_prepare (connection, "PRAGMA quick_check (1)", error);
  if (check == NULL || store_connection_step (check, error) == STORE_STEP_ERROR)
    return FALSE;

  result = (const char *) sqlite3_column_text (check, 0);
  if (g_strcmp0 (result, "ok") != 0)
    {
      g_set_error (error, STORE_ERROR, STORE_ERROR_CORRUPT, "%s", result != NULL ? result : "It cannot be checked");
      return FALSE;
    }

  sqlite3_reset (check);

  return TRUE;
}

static gboolean
open_file (StoreWorker  *self,
           GError      **error)
{
  /* Exclusive: another program that opens it is told so at once, and nothing has to be shared with it */
  static const char settings[] = "PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON";
  g_autoptr(StoreConnection) connection =
    store_connection_open (self->path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error);
  gint64 was_open;

  if (connection == NULL ||
      !store_connection_exec (connection, "PRAGMA locking_mode = EXCLUSIVE", error) ||
      !store_schema_check (connection, error) ||
      !store_connection_exec (connection, settings, error) ||
      !store_schema_migrate (connection, error) ||
      !check_file (connection, &was_open, error))
    return FALSE;

  self->connection = g_steal_pointer (&connection);
  self->is_marked = was_open != 0;
  self->level = 0;

  return TRUE;
}

/* What is damaged is not written to any more, not even by the end of its use */
static void
leave_file (StoreWorker *self)
{
  if (self->connection == NULL)
    return;

  sqlite3_db_config (store_connection_get_handle (self->connection), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  g_clear_pointer (&self->connection, store_connection_close);
}

static gboolean
salvage (StoreWorker  *self,
         GError      **error)
{
  g_autofree char *aside = NULL;
  guint n_rows;

  leave_file (self);
  if (!store_salvage (self->path, &aside, &n_rows, error))
    return FALSE;

  self->n_salvages++;
  self->funcs.salvaged (aside, n_rows, self->user_data);

  return TRUE;
}

/* A file in which our own statements make no sense is damaged too */
static gboolean
is_damage (const GError *error)
{
  return g_error_matches (error, STORE_ERROR, STORE_ERROR_CORRUPT) ||
         g_error_matches (error, STORE_ERROR, STORE_ERROR_FAILED);
}

static gboolean
ensure_open (StoreWorker  *self,
             GError      **error)
{
  g_autoptr(GError) failure = NULL;

  if (self->connection != NULL || open_file (self, &failure))
    return TRUE;

  if (is_damage (failure) && self->n_salvages < MAX_SALVAGES)
    return salvage (self, error) && open_file (self, error);

  g_propagate_error (error, g_steal_pointer (&failure));

  return FALSE;
}

/* What SQLite takes for nonsense of ours may be damage: of the index of words it says no more than that */
static void
look_for_damage (StoreWorker  *self,
                 GError      **failure)
{
  gint64 n_faults = 0;

  if (!g_error_matches (*failure, STORE_ERROR, STORE_ERROR_FAILED))
    return;

  if (store_connection_get_int (self->connection, "SELECT count (*) FROM pragma_quick_check (1) WHERE quick_check != 'ok'",
                                &n_faults, NULL) && n_faults == 0 &&
      store_connection_exec (self->connection, "INSERT INTO message_words (message_words) VALUES ('integrity-check')", NULL))
    return;

  (*failure)->code = STORE_ERROR_CORRUPT;
}

/* Batches */

static gboolean
is_of_the_file (const GError *error)
{
  return g_error_matches (error, STORE_ERROR, STORE_ERROR_DISK) ||
         g_error_matches (error, STORE_ERROR, STORE_ERROR_CORRUPT);
}

/* FALSE: the transaction cannot go on. What fails for reasons of its own is taken back, and the others stay. */
static gboolean
run_job (StoreWorker  *self,
         StoreJob          *job,
         GError      **error)
{
  g_autoptr(GError) failure = NULL;
  gboolean is_done;

  g_clear_error (&job->error);

  if (!store_connection_run_sql (self->connection, "SAVEPOINT job", error))
    return FALSE;

  is_done = job->work (self->connection, g_task_get_task_data (job->task), &failure);
  store_connection_reset_all (self->connection);
  if (!is_done)
    look_for_damage (self, &failure);
  if (is_done)
    return store_connection_run_sql (self->connection, "RELEASE job", error);

  if (is_of_the_file (failure) || sqlite3_get_autocommit (store_connection_get_handle (self->connection)))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  job->error = g_steal_pointer (&failure);

  return store_connection_exec (self->connection, "ROLLBACK TO job; RELEASE job", error);
}

static gboolean
is_durable (GQueue *batch)
{
  for (GList *l = batch->head; l != NULL; l = l->next)
    {
      StoreJob *job = l->data;

      if (job->access == STORE_WRITE_DURABLE)
        return TRUE;
    }

  return FALSE;
}

/* SQLite does it when the statement is prepared, so it is none of those that are kept */
static gboolean
set_level (StoreWorker  *self,
           gboolean      durable,
           GError      **error)
{
  int level = durable ? 2 : 1;

  if (self->level == level)
    return TRUE;

  if (!store_connection_exec (self->connection, durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL",
                              error))
    return FALSE;

  self->level = level;

  return TRUE;
}

/* With the first thing that is written: a disk that is full does not keep anybody from reading */
static gboolean
mark_open (StoreWorker  *self,
           GError      **error)
{
  return self->is_marked ||
         store_connection_run_sql (self->connection, "INSERT OR REPLACE INTO state VALUES ('open', 1)", error);
}

static gboolean
run_transaction (StoreWorker  *self,
                 GQueue       *batch,
                 GError      **error)
{
  if (!ensure_open (self, error) ||
      !set_level (self, is_durable (batch), error) ||
      !store_connection_run_sql (self->connection, "BEGIN IMMEDIATE", error) ||
      !mark_open (self, error))
    return FALSE;

  for (GList *l = batch->head; l != NULL; l = l->next)
    {
      if (!run_job (self, l->data, error))
        return FALSE;
    }

  if (!store_connection_run_sql (self->connection, "COMMIT", error))
    return FALSE;

  self->is_marked = TRUE;

  return TRUE;
}

static void
roll_back (StoreWorker *self)
{
  if (self->connection != NULL && !sqlite3_get_autocommit (store_connection_get_handle (self->connection)))
    store_connection_run_sql (self->connection, "ROLLBACK", NULL);
}

static void
end_batch (StoreWorker  *self,
           GQueue       *batch,
           const GError *error)
{
  for (GList *l = batch->head; error != NULL && l != NULL; l = l->next)
    {
      StoreJob *job = l->data;

      g_clear_error (&job->error);
      job->error = g_error_copy (error);
    }

  store_ends_add_all (self->ends, batch);
}

/* TRUE: all is told to those who wait. FALSE: they stay in batch, and are to be tried again. */
static gboolean
run_batch (StoreWorker *self,
           GQueue      *batch)
{
  g_autoptr(GError) error = NULL;

  if (!run_transaction (self, batch, &error))
    {
      roll_back (self);

      if (g_error_matches (error, STORE_ERROR, STORE_ERROR_CORRUPT) && self->n_salvages < MAX_SALVAGES)
        {
          g_clear_error (&error);
          if (salvage (self, &error))
            return run_batch (self, batch);
        }

      set_failure (self, error);
      if (is_of_the_file (error))
        return FALSE;
    }

  if (error == NULL)
    set_failure (self, NULL);
  end_batch (self, batch, error);

  return TRUE;
}

static gboolean
read_once (StoreWorker  *self,
           StoreJob          *job,
           GError      **error)
{
  GCancellable *cancellable = g_task_get_cancellable (job->task);
  g_autoptr(GError) failure = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, error) || !ensure_open (self, error))
    return FALSE;

  store_connection_set_cancellable (self->connection, cancellable);
  if (!job->work (self->connection, g_task_get_task_data (job->task), &failure))
    look_for_damage (self, &failure);
  store_connection_set_cancellable (self->connection, NULL);
  store_connection_reset_all (self->connection);

  if (failure == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&failure));

  return FALSE;
}

static void
run_read (StoreWorker *self,
          StoreJob         *job)
{
  GError *error = NULL;

  if (!read_once (self, job, &error) && g_error_matches (error, STORE_ERROR, STORE_ERROR_CORRUPT) &&
      self->n_salvages < MAX_SALVAGES)
    {
      g_clear_error (&error);
      if (salvage (self, &error))
        read_once (self, job, &error);
    }

  if (error != NULL && error->domain == STORE_ERROR && error->code != STORE_ERROR_FAILED)
    set_failure (self, error);
  else if (error == NULL && g_queue_is_empty (&self->held))
    set_failure (self, NULL);

  store_ends_add (self->ends, job, error);
}

/* The loop */

/* Waits; NULL: it is time to try again what is held */
static StoreJob *
take_job (StoreWorker *self)
{
  if (self->next != NULL)
    return g_steal_pointer (&self->next);

  /* A disk that comes back is noticed even when there is nothing to write */
  if (g_queue_is_empty (&self->held) && !g_error_matches (self->failure, STORE_ERROR, STORE_ERROR_DISK))
    return g_async_queue_pop (self->jobs);

  return g_async_queue_timeout_pop (self->jobs, MAX (self->retry_at - g_get_monotonic_time (), 0));
}

static gboolean
is_write (const StoreJob *job)
{
  return job->work != NULL && job->access != STORE_READ;
}

/* All that wait to write and are not behind something that reads */
static void
fill_batch (StoreWorker *self,
            GQueue      *batch)
{
  while (batch->length < MAX_BATCH && self->next == NULL)
    {
      StoreJob *job = g_async_queue_try_pop (self->jobs);

      if (job == NULL)
        return;

      if (is_write (job))
        g_queue_push_tail (batch, job);
      else
        self->next = job;
    }
}

static void
write_held (StoreWorker *self)
{
  fill_batch (self, &self->held);
  run_batch (self, &self->held);
  self->retry_at = g_get_monotonic_time () + RETRY_AFTER;
}

static void
close_file (StoreWorker *self)
{
  if (self->connection == NULL)
    return;

  if (self->is_marked && !store_connection_exec (self->connection, "DELETE FROM state WHERE name = 'open'", NULL))
    g_debug ("The database will be looked through at the next start");
  g_clear_pointer (&self->connection, store_connection_close);
}

/* What is still held is tried a last time */
static void
stop (StoreWorker *self,
      StoreJob         *job)
{
  GError *error = NULL;
  guint n_lost;

  if (!g_queue_is_empty (&self->held))
    run_batch (self, &self->held);

  n_lost = self->held.length;
  if (n_lost > 0)
    g_set_error (&error, STORE_ERROR, STORE_ERROR_DISK, "%u changes were not written: %s", n_lost, self->failure->message);

  close_file (self);
  store_ends_add (self->ends, job, error);
}

static void
worker_free (StoreWorker *self)
{
  g_autoptr(GError) closed = g_error_new_literal (STORE_ERROR, STORE_ERROR_CLOSED, "The database is closed");
  StoreJob *job;

  end_batch (self, &self->held, closed);
  while ((job = g_async_queue_try_pop (self->jobs)) != NULL)
    store_ends_add (self->ends, job, g_error_copy (closed));

  store_ends_free (self->ends);
  g_async_queue_unref (self->jobs);
  g_clear_error (&self->failure);
  self->destroy (self->user_data);
  g_free (self->path);
  g_free (self);
}

static gpointer
run (gpointer data)
{
  StoreWorker *self = data;
  StoreJob *job = NULL;

  for (;;)
    {
      job = take_job (self);
      if (job != NULL && job->work == NULL)
        break;

      if (job != NULL && job->access == STORE_READ)
        {
          run_read (self, job);
          continue;
        }

      /* A held one is tried at its time, and not with each that comes */
      if (job != NULL)
        g_queue_push_tail (&self->held, job);
      if (self->held.length == 1 || self->failure == NULL || g_get_monotonic_time () >= self->retry_at)
        write_held (self);
    }

  stop (self, job);
  worker_free (self);

  return NULL;
}

/* The file is opened by the first piece of work. user_data: destroyed at the thread's end, in it */
StoreWorker *
store_worker_start (const char             *path,
                    const StoreWorkerFuncs *funcs,
                    gpointer                user_data,
                    GDestroyNotify          destroy)
{
  StoreWorker *self = g_new0 (StoreWorker, 1);

  self->path = g_strdup (path);
  self->funcs = *funcs;
  self->user_data = user_data;
  self->destroy = destroy;
  self->jobs = g_async_queue_new ();
  self->ends = store_ends_new ();
  g_queue_init (&self->held);

  g_thread_unref (g_thread_new ("store", run, self));

  return self;
}

static void
push (StoreWorker *self,
      StoreAccess  access,
      StoreWork    work,
      GTask       *task)
{
  StoreJob *job = g_new0 (StoreJob, 1);

  job->access = access;
  job->work = work;
  job->task = task;
  g_async_queue_push (self->jobs, job);
}

/* task: (transfer full) */
void
store_worker_push (StoreWorker *self,
                   StoreAccess  access,
                   StoreWork    work,
                   GTask       *task)
{
  g_assert (work != NULL && task != NULL);

  push (self, access, work, task);
}

/* Does what was pushed before, and ends. Nothing is pushed after it.
 * task: (transfer full) (nullable)
 */
void
store_worker_stop (StoreWorker *self,
                   GTask       *task)
{
  push (self, STORE_WRITE, NULL, task);
}
