/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GtkMultiSelection knows what moves only inside one change: who comes online leaves one place in one change and is at
 * another in the next, and would not be selected any more.
 */
#include "flint-config.h"

#include "flint-tree-selection.h"

struct _FlintTreeSelection
{
  GObject           parent_instance;

  FlintContactTree *tree;
  GHashTable       *rows;          /* set of owned FlintTreeRow */
  gboolean          is_changing;   /* the tree tells of changes, and is not at the end */
};

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void flint_tree_selection_list_model_init (GListModelInterface *iface);
static void flint_tree_selection_selection_model_init (GtkSelectionModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FlintTreeSelection, flint_tree_selection, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, flint_tree_selection_list_model_init)
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL, flint_tree_selection_selection_model_init))

/* The tree, as it is */

static GType
get_item_type (GListModel *model)
{
  return FLINT_TYPE_TREE_ROW;
}

static guint
get_n_items (GListModel *model)
{
  FlintTreeSelection *self = FLINT_TREE_SELECTION (model);

  return self->tree != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->tree)) : 0;
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  FlintTreeSelection *self = FLINT_TREE_SELECTION (model);

  return self->tree != NULL ? g_list_model_get_item (G_LIST_MODEL (self->tree), position) : NULL;
}

static void
flint_tree_selection_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* What is selected in it */

static GHashTable *
new_set (void)
{
  return g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}

static gboolean
is_contact (FlintTreeRow *row)
{
  return flint_tree_row_get_kind (row) == FLINT_TREE_CONTACT;
}

static gboolean
is_selected (GtkSelectionModel *model,
             guint              position)
{
  FlintTreeSelection *self = FLINT_TREE_SELECTION (model);
  g_autoptr(FlintTreeRow) row = get_item (G_LIST_MODEL (model), position);

  return row != NULL && g_hash_table_contains (self->rows, row);
}

static GtkBitset *
get_selection_in_range (GtkSelectionModel *model,
                        guint              position,
                        guint              n_items)
{
  FlintTreeSelection *self = FLINT_TREE_SELECTION (model);
  GtkBitset *set = gtk_bitset_new_empty ();
  guint n = get_n_items (G_LIST_MODEL (model));

  if (position >= n || g_hash_table_size (self->rows) == 0)
    return set;

  for (guint i = 0; i < MIN (n_items, n - position); i++)
    if (is_selected (model, position + i))
      gtk_bitset_add (set, position + i);

  return set;
}

/* Each row on screen is asked anew; there are few of them */
static void
tell (FlintTreeSelection *self)
{
  guint n = get_n_items (G_LIST_MODEL (self));

  if (n > 0)
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), 0, n);
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
is_same (GHashTable *a,
         GHashTable *b)
{
  GHashTableIter iter;
  gpointer row;

  if (g_hash_table_size (a) != g_hash_table_size (b))
    return FALSE;

  g_hash_table_iter_init (&iter, a);
  while (g_hash_table_iter_next (&iter, &row, NULL))
    if (!g_hash_table_contains (b, row))
      return FALSE;

  return TRUE;
}

static void
take_rows (FlintTreeSelection *self,
           GHashTable         *rows)
{
  g_autoptr(GHashTable) old = self->rows;

  self->rows = rows;
  if (!is_same (old, rows))
    tell (self);
}

static gboolean
is_heading_in_set (gpointer row,
                   gpointer value,
                   gpointer user_data)
{
  return !is_contact (row);
}

/* A heading is selected alone: what can be done to several can be done to contacts. Where there are headings only,
 * one stays: wanted, if any.
 */
static void
drop_headings (GHashTable   *rows,
               FlintTreeRow *wanted)
{
  if (g_hash_table_size (rows) <= 1)
    return;

  g_hash_table_foreach_remove (rows, is_heading_in_set, NULL);
  if (g_hash_table_size (rows) == 0 && wanted != NULL)
    g_hash_table_add (rows, g_object_ref (wanted));
}

static gboolean
set_selection (GtkSelectionModel *model,
               GtkBitset         *selected,
               GtkBitset         *mask)
{
  FlintTreeSelection *self = FLINT_TREE_SELECTION (model);
  guint n = get_n_items (G_LIST_MODEL (model));
  g_autoptr(GHashTable) rows = new_set ();
  g_autoptr(FlintTreeRow) first = NULL;
  GtkBitsetIter iter;
  guint position;

  /* A plain click is of all of them: there is no need to look at each */
  if (gtk_bitset_get_size_in_range (mask, 0, MAX (n, 1) - 1) < n)
    {
      GHashTableIter old;
      gpointer row;

      g_hash_table_iter_init (&old, self->rows);
      while (g_hash_table_iter_next (&old, &row, NULL))
        g_hash_table_add (rows, g_object_ref (row));

      for (gboolean ok = gtk_bitset_iter_init_first (&iter, mask, &position); ok; ok = gtk_bitset_iter_next (&iter, &position))
        {
          g_autoptr(FlintTreeRow) masked = get_item (G_LIST_MODEL (model), position);

          if (masked == NULL)
            break;
          g_hash_table_remove (rows, masked);
        }
    }

  for (gboolean ok = gtk_bitset_iter_init_first (&iter, selected, &position); ok; ok = gtk_bitset_iter_next (&iter, &position))
    {
      g_autoptr(FlintTreeRow) added = gtk_bitset_contains (mask, position) ? get_item (G_LIST_MODEL (model), position) : NULL;

      if (added == NULL)
        continue;
      if (first == NULL)
        first = g_object_ref (added);
      g_hash_table_add (rows, g_object_ref (added));
    }

  drop_headings (rows, first);
  take_rows (self, g_steal_pointer (&rows));

  return TRUE;
}

static void
flint_tree_selection_selection_model_init (GtkSelectionModelInterface *iface)
{
  /* all others end in set_selection () */
  iface->is_selected = is_selected;
  iface->get_selection_in_range = get_selection_in_range;
  iface->set_selection = set_selection;
}

/* The tree changes */

static gboolean
is_gone (gpointer row,
         gpointer value,
         gpointer user_data)
{
  return !flint_tree_row_is_shown (row);
}

/* Only what is selected is looked at, and only when rows have moved */
static void
on_arranged (FlintTreeSelection *self)
{
  self->is_changing = FALSE;
  if (g_hash_table_foreach_remove (self->rows, is_gone, NULL) > 0)
    tell (self);
}

static void
on_items_changed (FlintTreeSelection *self,
                  guint               position,
                  guint               n_removed,
                  guint               n_added)
{
  self->is_changing = TRUE;
  g_list_model_items_changed (G_LIST_MODEL (self), position, n_removed, n_added);
}

static void
flint_tree_selection_dispose (GObject *object)
{
  FlintTreeSelection *self = FLINT_TREE_SELECTION (object);

  if (self->tree != NULL)
    g_signal_handlers_disconnect_by_data (self->tree, self);
  g_clear_object (&self->tree);
  g_hash_table_remove_all (self->rows);

  G_OBJECT_CLASS (flint_tree_selection_parent_class)->dispose (object);
}

static void
flint_tree_selection_finalize (GObject *object)
{
  g_hash_table_unref (FLINT_TREE_SELECTION (object)->rows);

  G_OBJECT_CLASS (flint_tree_selection_parent_class)->finalize (object);
}

static void
flint_tree_selection_class_init (FlintTreeSelectionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = flint_tree_selection_dispose;
  G_OBJECT_CLASS (klass)->finalize = flint_tree_selection_finalize;

  /**
   * FlintTreeSelection::changed:
   *
   * Something else is selected now, or nothing: by a person, or because a row went.
   */
  signals[CHANGED] = g_signal_new ("changed", FLINT_TYPE_TREE_SELECTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
flint_tree_selection_init (FlintTreeSelection *self)
{
  self->rows = new_set ();
}

/**
 * flint_tree_selection_set_tree:
 * @tree: in what is selected
 *
 * To be called once.
 */
void
flint_tree_selection_set_tree (FlintTreeSelection *self,
                               FlintContactTree   *tree)
{
  g_return_if_fail (FLINT_IS_TREE_SELECTION (self));
  g_return_if_fail (self->tree == NULL);

  self->tree = g_object_ref (tree);
  g_signal_connect_object (tree, "items-changed", G_CALLBACK (on_items_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (tree, "arranged", G_CALLBACK (on_arranged), self, G_CONNECT_SWAPPED);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, get_n_items (G_LIST_MODEL (self)));
}

/**
 * flint_tree_selection_is_changing:
 *
 * Returns: whether rows are moving right now
 */
gboolean
flint_tree_selection_is_changing (FlintTreeSelection *self)
{
  g_return_val_if_fail (FLINT_IS_TREE_SELECTION (self), FALSE);

  return self->is_changing;
}

/**
 * flint_tree_selection_get_n_rows:
 *
 * Returns: how many rows are selected; somebody who is in two groups may be so twice
 */
guint
flint_tree_selection_get_n_rows (FlintTreeSelection *self)
{
  g_return_val_if_fail (FLINT_IS_TREE_SELECTION (self), 0);

  return g_hash_table_size (self->rows);
}

/**
 * flint_tree_selection_get_only_row:
 *
 * Returns: (nullable) (transfer none): the selected row; %NULL if there is none, and if there are several
 */
FlintTreeRow *
flint_tree_selection_get_only_row (FlintTreeSelection *self)
{
  GHashTableIter iter;
  gpointer row = NULL;

  g_return_val_if_fail (FLINT_IS_TREE_SELECTION (self), NULL);

  if (g_hash_table_size (self->rows) != 1)
    return NULL;

  g_hash_table_iter_init (&iter, self->rows);
  g_hash_table_iter_next (&iter, &row, NULL);

  return row;
}

/**
 * flint_tree_selection_get_rows:
 *
 * Returns: (transfer container) (element-type FlintTreeRow): what is selected, from the top to the bottom
 */
GPtrArray *
flint_tree_selection_get_rows (FlintTreeSelection *self)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_val_if_fail (FLINT_IS_TREE_SELECTION (self), rows);

  for (guint i = 0; i < get_n_items (G_LIST_MODEL (self)) && rows->len < g_hash_table_size (self->rows); i++)
    {
      g_autoptr(FlintTreeRow) row = get_item (G_LIST_MODEL (self), i);

      if (g_hash_table_contains (self->rows, row))
        g_ptr_array_add (rows, g_steal_pointer (&row));
    }

  return rows;
}

/**
 * flint_tree_selection_has_row:
 * @row: a row of the tree
 *
 * Returns: whether it is selected
 */
gboolean
flint_tree_selection_has_row (FlintTreeSelection *self,
                              FlintTreeRow       *row)
{
  g_return_val_if_fail (FLINT_IS_TREE_SELECTION (self), FALSE);

  return g_hash_table_contains (self->rows, row);
}

/**
 * flint_tree_selection_set_row:
 * @row: (nullable): what shall be selected, and nothing else
 */
void
flint_tree_selection_set_row (FlintTreeSelection *self,
                              FlintTreeRow       *row)
{
  g_autoptr(GHashTable) rows = NULL;

  g_return_if_fail (FLINT_IS_TREE_SELECTION (self));

  rows = new_set ();
  if (row != NULL)
    g_hash_table_add (rows, g_object_ref (row));
  take_rows (self, g_steal_pointer (&rows));
}
