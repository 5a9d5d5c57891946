/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console-snapshot.h"

struct _ConsoleSnapshot
{
  GObject     parent_instance;

  ConsoleLog *log;
  GPtrArray  *pages;      /* owned */
  GArray     *numbers;    /* guint */
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ConsoleSnapshot, console_snapshot, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static GType
console_snapshot_get_item_type (GListModel *model)
{
  return CONSOLE_TYPE_ENTRY;
}

static guint
console_snapshot_get_n_items (GListModel *model)
{
  return CONSOLE_SNAPSHOT (model)->numbers->len;
}

static gpointer
console_snapshot_get_item (GListModel *model,
                           guint       position)
{
  ConsoleSnapshot *self = CONSOLE_SNAPSHOT (model);

  if (position >= self->numbers->len)
    return NULL;

  return console_log_get_entry (self->log, self->pages, g_array_index (self->numbers, guint, position));
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = console_snapshot_get_item_type;
  iface->get_n_items = console_snapshot_get_n_items;
  iface->get_item = console_snapshot_get_item;
}

static void
console_snapshot_finalize (GObject *object)
{
  ConsoleSnapshot *self = CONSOLE_SNAPSHOT (object);

  console_log_unref (self->log);
  g_ptr_array_unref (self->pages);
  g_array_unref (self->numbers);

  G_OBJECT_CLASS (console_snapshot_parent_class)->finalize (object);
}

static void
console_snapshot_class_init (ConsoleSnapshotClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = console_snapshot_finalize;
}

static void
console_snapshot_init (ConsoleSnapshot *self)
{
}

/**
 * console_snapshot_new:
 * @pages: (transfer full): of console_log_copy_pages()
 * @numbers: (element-type guint) (transfer full): of entries that are in @pages
 *
 * Returns: (transfer full): a list of them
 */
GListModel *
console_snapshot_new (ConsoleLog *log,
                      GPtrArray  *pages,
                      GArray     *numbers)
{
  ConsoleSnapshot *self = g_object_new (CONSOLE_TYPE_SNAPSHOT, NULL);

  self->log = console_log_ref (log);
  self->pages = pages;
  self->numbers = numbers;

  return G_LIST_MODEL (self);
}
