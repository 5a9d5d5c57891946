/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console-packer.h"

#define DELAY 5   /* s: after a login */
#define LEVEL 1   /* zlib's fastest: a fifth of the text, where the best makes a sixth of it in three times the time */

struct _ConsolePacker
{
  ConsoleLog   *log;
  guint         timeout;
  GCancellable *cancellable;    /* of the task that runs, or NULL */
};

/* What the thread makes of a page */
typedef struct
{
  ConsolePage *page;
  char        *data;
  gsize        length;
} Packed;

static void
packed_free (gpointer data)
{
  Packed *self = data;

  console_page_unref (self->page);
  g_free (self->data);
  g_free (self);
}

ConsolePacker *
console_packer_new (ConsoleLog *log)
{
  ConsolePacker *self = g_new0 (ConsolePacker, 1);

  self->log = console_log_ref (log);

  return self;
}

void
console_packer_free (ConsolePacker *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->timeout, g_source_remove);
  console_log_unref (self->log);
  g_free (self);
}

/* Full pages do not change, so the thread needs no lock. */
static void
pack (GTask        *task,
      gpointer      source,
      gpointer      data,
      GCancellable *cancellable)
{
  GPtrArray *all = data;
  g_autoptr(GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW, LEVEL);

  for (guint i = 0; i < all->len && !g_cancellable_is_cancelled (cancellable); i++)
    {
      Packed *packed = g_ptr_array_index (all, i);

      packed->data = console_page_compress (packed->page, G_CONVERTER (compressor), &packed->length);
    }

  g_task_return_boolean (task, TRUE);
}

static void
on_packed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  ConsolePacker *self = user_data;
  GPtrArray *all = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), NULL))
    return;   /* cancelled: there is no packer any more */

  g_clear_object (&self->cancellable);
  for (guint i = 0; i < all->len; i++)
    {
      Packed *packed = g_ptr_array_index (all, i);

      console_page_set_packed (packed->page, g_steal_pointer (&packed->data), packed->length);
    }

  console_packer_queue (self);   /* what was filled meanwhile */
}

/**
 * console_packer_start:
 *
 * Packs what is full now.
 */
void
console_packer_start (ConsolePacker *self)
{
  g_autoptr(GPtrArray) pages = console_log_get_unpacked (self->log);
  g_autoptr(GTask) task = NULL;
  GPtrArray *all;

  if (self->cancellable != NULL || pages->len == 0)
    return;

  g_clear_handle_id (&self->timeout, g_source_remove);
  all = g_ptr_array_new_with_free_func (packed_free);
  for (guint i = 0; i < pages->len; i++)
    {
      Packed *packed = g_new0 (Packed, 1);

      packed->page = console_page_ref (g_ptr_array_index (pages, i));
      g_ptr_array_add (all, packed);
    }

  self->cancellable = g_cancellable_new ();
  task = g_task_new (NULL, self->cancellable, on_packed, self);
  g_task_set_source_tag (task, console_packer_start);
  g_task_set_priority (task, G_PRIORITY_LOW);
  g_task_set_task_data (task, all, (GDestroyNotify) g_ptr_array_unref);
  g_task_run_in_thread (task, pack);
}

static gboolean
on_timeout (gpointer user_data)
{
  ConsolePacker *self = user_data;

  self->timeout = 0;
  console_packer_start (self);

  return G_SOURCE_REMOVE;
}

/**
 * console_packer_queue:
 *
 * Packs, in a while, what is full, if anything is.
 */
void
console_packer_queue (ConsolePacker *self)
{
  if (self->timeout == 0 && self->cancellable == NULL && console_log_has_unpacked (self->log))
    self->timeout = g_timeout_add_seconds (DELAY, on_timeout, self);
}

/**
 * console_packer_is_done:
 *
 * Returns: whether all that is full is packed
 */
gboolean
console_packer_is_done (ConsolePacker *self)
{
  return self->cancellable == NULL && !console_log_has_unpacked (self->log);
}
