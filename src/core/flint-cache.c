/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-cache.h"

#include "flint-private-folder.h"
#include "flint-waiting.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define MAX_FILE (64 * 1024 * 1024)

struct _FlintCache
{
  GObject     parent_instance;

  char       *directory;
  GHashTable *waiting;       /* name → GBytes, empty: to remove; the last one wins */
  GHashTable *unwritten;     /* the same, what could not be written; NULL: that is forgotten */
  gboolean    is_writing;
  GPtrArray  *flushes;       /* of owned GTask */
};

/* What one turn of the worker does */
typedef struct
{
  char       *directory;
  GHashTable *files;
  GHashTable *failed;        /* of files, those that were not written */
  GError     *error;         /* of one of them */
} Batch;

enum {
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlintCache, flint_cache, G_TYPE_OBJECT)

static void
batch_free (gpointer data)
{
  Batch *batch = data;

  g_free (batch->directory);
  g_hash_table_unref (batch->files);
  g_hash_table_unref (batch->failed);
  g_clear_error (&batch->error);
  g_free (batch);
}

static GHashTable *
new_files (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
}

static gboolean
is_name (const char *name)
{
  return *name != '\0' && *name != '.' &&
         name[strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")] == '\0';
}

static void
write_batch (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Batch *batch = task_data;
  GHashTableIter iter;
  gpointer name;
  gpointer bytes;

  if (g_mkdir_with_parents (batch->directory, 0700) != 0)
    g_debug ("The cache directory cannot be made: %s", g_strerror (errno));

  g_hash_table_iter_init (&iter, batch->files);

  while (g_hash_table_iter_next (&iter, &name, &bytes))
    {
      g_autofree char *path = g_build_filename (batch->directory, name, NULL);
      g_autoptr(GError) error = NULL;
      gsize length;
      gconstpointer data = g_bytes_get_data (bytes, &length);

      if (length == 0)
        g_unlink (path);
      else if (!g_file_set_contents_full (path, data, length, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
        {
          g_debug ("A cache file cannot be written: %s", error->message);
          g_hash_table_insert (batch->failed, g_strdup (name), g_bytes_ref (bytes));

          if (batch->error == NULL)
            batch->error = g_steal_pointer (&error);
        }
    }

  g_task_return_boolean (task, TRUE);
}

static void start_writing (FlintCache *self);

/* Those that are there already are the later ones */
static void
add_earlier (GHashTable *files,
             GHashTable *earlier)
{
  GHashTableIter iter;
  gpointer name;
  gpointer bytes;

  g_hash_table_iter_init (&iter, earlier);

  while (g_hash_table_iter_next (&iter, &name, &bytes))
    if (!g_hash_table_contains (files, name))
      g_hash_table_insert (files, g_strdup (name), g_bytes_ref (bytes));
}

static void
keep_unwritten (FlintCache *self,
                Batch      *batch)
{
  if (batch->error == NULL || self->unwritten == NULL)
    return;

  add_earlier (self->unwritten, batch->failed);
  g_signal_emit (self, signals[FAILED], 0, batch->error);
}

static void
on_written (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  FlintCache *self = FLINT_CACHE (source);

  self->is_writing = FALSE;
  keep_unwritten (self, g_task_get_task_data (G_TASK (result)));

  /* Who heard of the failure has begun to write */
  if (self->is_writing)
    return;

  if (g_hash_table_size (self->waiting) > 0)
    {
      start_writing (self);
      return;
    }

  flint_waiting_end (&self->flushes);
}

static void
start_writing (FlintCache *self)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, on_written, NULL);
  Batch *batch = g_new0 (Batch, 1);

  g_task_set_source_tag (task, start_writing);

  if (self->unwritten != NULL)
    {
      add_earlier (self->waiting, self->unwritten);
      g_hash_table_remove_all (self->unwritten);
    }

  self->is_writing = TRUE;
  batch->directory = g_strdup (self->directory);
  batch->files = g_steal_pointer (&self->waiting);
  batch->failed = new_files ();
  self->waiting = new_files ();

  g_task_set_task_data (task, batch, batch_free);
  g_task_run_in_thread (task, write_batch);
}

static void
read_file (GTask        *task,
           gpointer      source,
           gpointer      task_data,
           GCancellable *cancellable)
{
  const char *path = task_data;
  char *data;
  gsize length;
  GStatBuf info;

  if (g_stat (path, &info) == 0 && S_ISREG (info.st_mode) && info.st_size <= MAX_FILE &&
      g_file_get_contents (path, &data, &length, NULL))
    g_task_return_pointer (task, g_bytes_new_take (data, length), (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_pointer (task, NULL, NULL);
}

static void
flint_cache_finalize (GObject *object)
{
  FlintCache *self = FLINT_CACHE (object);

  g_ptr_array_unref (self->flushes);
  g_hash_table_unref (self->waiting);
  g_clear_pointer (&self->unwritten, g_hash_table_unref);
  g_free (self->directory);

  G_OBJECT_CLASS (flint_cache_parent_class)->finalize (object);
}

static void
flint_cache_class_init (FlintCacheClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flint_cache_finalize;

  signals[FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
flint_cache_init (FlintCache *self)
{
  self->waiting = new_files ();
  self->flushes = flint_waiting_new ();
}

/**
 * flint_cache_new:
 * @directory: where the files are; made when the first is written
 *
 * Returns: (transfer full): a cache
 */
FlintCache *
flint_cache_new (const char *directory)
{
  FlintCache *self = g_object_new (FLINT_TYPE_CACHE, NULL);

  self->directory = g_strdup (directory);
  flint_private_folder_keep (directory);

  return self;
}

/**
 * flint_cache_keep_unwritten:
 * @self: a cache
 *
 * For a directory of what must not be lost: what cannot be written is kept, tried again with the next
 * file and at the end, and the signal "failed" tells of it.
 */
void
flint_cache_keep_unwritten (FlintCache *self)
{
  g_return_if_fail (FLINT_IS_CACHE (self));

  if (self->unwritten == NULL)
    self->unwritten = new_files ();
}

/**
 * flint_cache_read_async:
 * @self: a cache
 * @name: a file's name
 * @callback: called when it was read
 * @user_data: for @callback
 *
 * Reads a file.
 */
void
flint_cache_read_async (FlintCache          *self,
                        const char          *name,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);

  g_return_if_fail (FLINT_IS_CACHE (self));

  g_task_set_source_tag (task, flint_cache_read_async);

  if (!is_name (name))
    {
      g_task_return_pointer (task, NULL, NULL);
      return;
    }

  g_task_set_task_data (task, g_build_filename (self->directory, name, NULL), g_free);
  g_task_run_in_thread (task, read_file);
}

/**
 * flint_cache_read_finish:
 * @self: a cache
 * @result: what the callback got
 *
 * Returns: (transfer full) (nullable): what is in the file; %NULL when there is none or it cannot be read
 */
GBytes *
flint_cache_read_finish (FlintCache   *self,
                         GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), NULL);
}

/**
 * flint_cache_write:
 * @self: a cache
 * @name: a file's name
 * @bytes: what is to be in it
 *
 * Writes a file some time soon. A failure costs nothing but the cache; else see flint_cache_keep_unwritten ().
 */
void
flint_cache_write (FlintCache *self,
                   const char *name,
                   GBytes     *bytes)
{
  g_return_if_fail (FLINT_IS_CACHE (self));

  if (!is_name (name))
    return;

  g_hash_table_insert (self->waiting, g_strdup (name), g_bytes_ref (bytes));

  if (!self->is_writing)
    start_writing (self);
}

/**
 * flint_cache_remove:
 * @self: a cache
 * @name: a file's name
 *
 * Removes a file some time soon.
 */
void
flint_cache_remove (FlintCache *self,
                    const char *name)
{
  g_autoptr(GBytes) nothing = g_bytes_new_static ("", 0);

  flint_cache_write (self, name, nothing);
}

/**
 * flint_cache_flush_async:
 * @self: a cache
 * @callback: called when nothing waits to be written
 * @user_data: for @callback
 *
 * Waits for the disk, for a program that ends.
 */
void
flint_cache_flush_async (FlintCache          *self,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_return_if_fail (FLINT_IS_CACHE (self));

  g_task_set_source_tag (task, flint_cache_flush_async);

  if (!self->is_writing && self->unwritten != NULL && g_hash_table_size (self->unwritten) > 0)
    start_writing (self);

  if (self->is_writing)
    {
      g_ptr_array_add (self->flushes, task);
      return;
    }

  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

/**
 * flint_cache_flush_finish:
 * @self: a cache
 * @result: what the callback got
 * @error: return location
 *
 * Returns: %TRUE
 */
gboolean
flint_cache_flush_finish (FlintCache    *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * flint_cache_parse_stanza:
 * @bytes: (nullable): what was in a file
 *
 * Returns: (transfer full) (nullable): the stanza; %NULL when it is none: it will be made anew (F51)
 */
XmppStanza *
flint_cache_parse_stanza (GBytes *bytes)
{
  gsize length;
  const char *data;

  if (bytes == NULL || (data = g_bytes_get_data (bytes, &length)) == NULL || !g_utf8_validate (data, length, NULL))
    return NULL;

  return xmpp_stanza_new_from_xml (data, length, NULL);
}

/**
 * flint_cache_write_stanza:
 * @stanza: a stanza
 *
 * Returns: (transfer full): what to write into a file
 */
GBytes *
flint_cache_write_stanza (XmppStanza *stanza)
{
  char *xml = xmpp_stanza_to_xml (stanza);

  return g_bytes_new_take (xml, strlen (xml));
}
