/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-authorities.h"

struct _XmppAuthorities
{
  GObject       parent_instance;

  GTlsDatabase *database;      /* NULL: nobody is trusted, or not read yet */
  gboolean      is_read;
  GQueue        waiting;       /* of GTask */
};

G_DEFINE_FINAL_TYPE (XmppAuthorities, xmpp_authorities, G_TYPE_OBJECT)

static void
answer (XmppAuthorities *self,
        GTask           *task)
{
  g_task_return_pointer (task, self->database != NULL ? g_object_ref (self->database) : NULL, g_object_unref);
  g_object_unref (task);
}

/* GIO keeps its own list of whom the system trusts for ever, 7 MB as GnuTLS holds it. The same list read for us is gone
 * when nobody needs it: it is what a list from a file is made of.
 */
static GType
get_type (GTlsBackend *backend)
{
  static const char * const known[] = { "GTlsDatabaseGnutls", "GTlsDatabaseOpenssl", NULL };
  GType type = g_type_parent (g_tls_backend_get_file_database_type (backend));

  return g_strv_contains (known, g_type_name (type)) && g_type_is_a (type, G_TYPE_INITABLE) ? type : G_TYPE_INVALID;
}

static void
read_system (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  GTlsBackend *backend = g_tls_backend_get_default ();
  GType type = get_type (backend);
  g_autoptr(GError) error = NULL;
  gpointer database = type != G_TYPE_INVALID ? g_initable_new (type, cancellable, &error, NULL)
                                             : g_tls_backend_get_default_database (backend);

  /* Then nobody is trusted but whom the person trusts (S52) */
  if (error != NULL)
    g_message ("Whom the system trusts cannot be read: %s", error->message);

  g_task_return_pointer (task, database, g_object_unref);
}

static void
on_read (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  XmppAuthorities *self = XMPP_AUTHORITIES (object);
  GTask *task;

  self->database = g_task_propagate_pointer (G_TASK (result), NULL);   /* nothing can fail, and nobody cancels it */
  self->is_read = TRUE;

  while ((task = g_queue_pop_head (&self->waiting)) != NULL)
    answer (self, task);
}

static void
xmpp_authorities_finalize (GObject *object)
{
  XmppAuthorities *self = XMPP_AUTHORITIES (object);

  g_clear_object (&self->database);

  G_OBJECT_CLASS (xmpp_authorities_parent_class)->finalize (object);
}

static void
xmpp_authorities_class_init (XmppAuthoritiesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xmpp_authorities_finalize;
}

static void
xmpp_authorities_init (XmppAuthorities *self)
{
  g_queue_init (&self->waiting);
}

/* database: (nullable): the list; NULL: the system's, which is being read when this returns */
XmppAuthorities *
xmpp_authorities_new (GTlsDatabase *database)
{
  XmppAuthorities *self = g_object_new (XMPP_TYPE_AUTHORITIES, NULL);
  g_autoptr(GTask) reading = NULL;

  if (database != NULL)
    {
      self->database = g_object_ref (database);
      self->is_read = TRUE;
      return self;
    }

  reading = g_task_new (self, NULL, on_read, NULL);
  g_task_set_source_tag (reading, xmpp_authorities_new);
  g_task_run_in_thread (reading, read_system);

  return self;
}

/* Tells them when they are read. Who gives up with cancellable hears of it then. */
void
xmpp_authorities_get_async (XmppAuthorities     *self,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, xmpp_authorities_get_async);

  if (self->is_read)
    answer (self, task);
  else
    g_queue_push_tail (&self->waiting, task);
}

/* Returns: (transfer full) (nullable): the list; NULL without an error: nobody is trusted */
GTlsDatabase *
xmpp_authorities_get_finish (XmppAuthorities  *self,
                             GAsyncResult     *result,
                             GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
