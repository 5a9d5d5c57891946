/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-database.h"

#include "store-worker.h"

struct _StoreDatabase
{
  GObject      parent_instance;

  StoreWorker *worker;     /* NULL: closed */
  GError      *failure;
};

/* What the thread knows of us */
typedef struct
{
  GWeakRef      database;
  GMainContext *context;
} Link;

/* What it tells, on the way to the context */
typedef struct
{
  StoreDatabase *database;     /* owned */
  GError        *failure;
  char          *aside;        /* NULL: it is a failure that is told, or that there is none any more */
  guint          n_rows;
} Report;

enum {
  PROP_0,
  PROP_FAILURE,
  N_PROPERTIES
};

enum {
  SALVAGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (StoreDatabase, store_database, G_TYPE_OBJECT)

static void
link_free (gpointer data)
{
  Link *link = data;

  g_weak_ref_clear (&link->database);
  g_main_context_unref (link->context);
  g_free (link);
}

static void
report_free (gpointer data)
{
  Report *report = data;

  g_object_unref (report->database);
  g_clear_error (&report->failure);
  g_free (report->aside);
  g_free (report);
}

static gboolean
on_report (gpointer data)
{
  Report *report = data;
  StoreDatabase *self = report->database;

  if (report->aside != NULL)
    {
      g_signal_emit (self, signals[SALVAGED], 0, report->aside, report->n_rows);
      return G_SOURCE_REMOVE;
    }

  g_clear_error (&self->failure);
  self->failure = g_steal_pointer (&report->failure);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FAILURE]);

  return G_SOURCE_REMOVE;
}

/* Always by the loop, in the order in which it happened: whoever pushes is not called back at once.
 * failure: (transfer full); aside: (transfer full)
 */
static void
send_report (Link   *link,
             GError *failure,
             char   *aside,
             guint   n_rows)
{
  StoreDatabase *database = g_weak_ref_get (&link->database);
  Report *report = g_new0 (Report, 1);
  g_autoptr(GSource) source = NULL;

  if (database == NULL)
    {
      g_clear_error (&failure);
      g_free (aside);
      g_free (report);
      return;
    }

  report->database = database;
  report->failure = failure;
  report->aside = aside;
  report->n_rows = n_rows;

  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_report, report, report_free);
  g_source_attach (source, link->context);
}

static void
on_failed (const GError *failure,
           gpointer      user_data)
{
  send_report (user_data, failure != NULL ? g_error_copy (failure) : NULL, NULL, 0);
}

static void
on_salvaged (const char *aside,
             guint       n_rows,
             gpointer    user_data)
{
  send_report (user_data, NULL, g_strdup (aside), n_rows);
}

static void
store_database_dispose (GObject *object)
{
  StoreDatabase *self = STORE_DATABASE (object);

  if (self->worker != NULL)
    store_worker_stop (g_steal_pointer (&self->worker), NULL);

  G_OBJECT_CLASS (store_database_parent_class)->dispose (object);
}

static void
store_database_finalize (GObject *object)
{
  StoreDatabase *self = STORE_DATABASE (object);

  g_clear_error (&self->failure);

  G_OBJECT_CLASS (store_database_parent_class)->finalize (object);
}

static void
store_database_get_property (GObject    *object,
                             guint       id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  StoreDatabase *self = STORE_DATABASE (object);

  switch (id)
    {
    case PROP_FAILURE:
      g_value_set_boxed (value, self->failure);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
store_database_class_init (StoreDatabaseClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = store_database_dispose;
  object_class->finalize = store_database_finalize;
  object_class->get_property = store_database_get_property;

  properties[PROP_FAILURE] = g_param_spec_boxed ("failure", NULL, NULL, G_TYPE_ERROR,
                                                 G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[SALVAGED] = g_signal_new ("salvaged", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_UINT);
}

static void
store_database_init (StoreDatabase *self)
{
}

/**
 * store_database_new:
 * @path: where the file is; its folder is there, and this user's alone
 *
 * Returns: (transfer full): the database. Its file is made, opened and brought to the present version by the first
 *   piece of work.
 */
StoreDatabase *
store_database_new (const char *path)
{
  static const StoreWorkerFuncs funcs = { on_failed, on_salvaged };
  StoreDatabase *self = g_object_new (STORE_TYPE_DATABASE, NULL);
  Link *link = g_new0 (Link, 1);

  g_weak_ref_init (&link->database, self);
  link->context = g_main_context_ref_thread_default ();
  self->worker = store_worker_start (path, &funcs, link, link_free);

  return self;
}

/**
 * store_database_get_failure:
 *
 * Returns: (nullable) (transfer none): the property "failure"
 */
const GError *
store_database_get_failure (StoreDatabase *self)
{
  g_return_val_if_fail (STORE_IS_DATABASE (self), NULL);

  return self->failure;
}

/**
 * store_database_push:
 * @self: a database
 * @access: what @work does
 * @work: the work; gets the task's data, which it may write to
 * @task: (transfer full): returns TRUE, or what went wrong, when the work is done; while the disk is full that is when
 *   it is not full any more. Its cancellable ends what reads.
 *
 * Puts a piece of work behind the others.
 */
void
store_database_push (StoreDatabase *self,
                     StoreAccess    access,
                     StoreWork      work,
                     GTask         *task)
{
  g_return_if_fail (STORE_IS_DATABASE (self));
  g_return_if_fail (work != NULL);
  g_return_if_fail (G_IS_TASK (task));

  if (self->worker == NULL)
    {
      g_task_return_new_error (task, STORE_ERROR, STORE_ERROR_CLOSED, "The database is closed");
      g_object_unref (task);
      return;
    }

  store_worker_push (self->worker, access, work, task);
}

/**
 * store_database_close_async:
 * @self: a database
 * @callback: called when all that was pushed before is done, and the file is closed
 * @user_data: for @callback
 *
 * For a program that ends. A database that is just let go of does the same, and nobody hears of it.
 */
void
store_database_close_async (StoreDatabase       *self,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_return_if_fail (STORE_IS_DATABASE (self));

  g_task_set_source_tag (task, store_database_close_async);

  if (self->worker == NULL)
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }

  store_worker_stop (g_steal_pointer (&self->worker), task);
}

/**
 * store_database_close_finish:
 * @self: a database
 * @result: what the callback got
 * @error: STORE_ERROR_DISK: not all could be written
 *
 * Returns: %TRUE: all that was pushed is in the file
 */
gboolean
store_database_close_finish (StoreDatabase  *self,
                             GAsyncResult   *result,
                             GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
