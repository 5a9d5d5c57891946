/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keyboard's cursor stays with its row when that moves. GTK leaves it where the row was: on another one. */
#include "flint-config.h"

#include "flint-contact-view-private.h"

#include "flint-tree-list-row.h"

/**
 * flint_contact_view_get_cursor:
 *
 * Returns: (nullable) (transfer none): the row with the keyboard's cursor
 */
FlintTreeRow *
flint_contact_view_get_cursor (FlintContactView *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkWidget *child;

  while (focus != NULL && gtk_widget_get_parent (focus) != self->list)
    focus = gtk_widget_get_parent (focus);
  child = focus != NULL ? gtk_widget_get_first_child (focus) : NULL;

  return FLINT_IS_TREE_LIST_ROW (child) ? flint_tree_list_row_get_row (FLINT_TREE_LIST_ROW (child)) : NULL;
}

/**
 * flint_contact_view_find_position:
 * @row: (nullable): a row
 *
 * Returns: where it is in the list; %GTK_INVALID_LIST_POSITION when it is not
 */
guint
flint_contact_view_find_position (FlintContactView *self,
                                  FlintTreeRow     *row)
{
  GListModel *model = G_LIST_MODEL (self->selection);

  for (guint i = 0; row != NULL && i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(FlintTreeRow) other = g_list_model_get_item (model, i);

      if (other == row)
        return i;
    }

  return GTK_INVALID_LIST_POSITION;
}

/* What a person does. What GTK does while rows move is not meant. */
static void
on_focus (FlintContactView *self)
{
  if (!self->is_cursor_lost && !flint_tree_selection_is_changing (self->selection))
    g_set_object (&self->cursor, flint_contact_view_get_cursor (self));
}

/* By the second frame after the change there was a layout, and the row was seen, or is out of sight */
static gboolean
on_frame (GtkWidget     *widget,
          GdkFrameClock *clock,
          gpointer       user_data)
{
  FlintContactView *self = FLINT_CONTACT_VIEW (widget);

  if (++self->n_cursor_frames < 2)
    return G_SOURCE_CONTINUE;

  self->cursor_tick = 0;
  self->is_cursor_lost = FALSE;
  on_focus (self);

  return G_SOURCE_REMOVE;
}

static void
on_arranged (FlintContactView *self)
{
  if (self->cursor == NULL)
    return;

  if (!flint_tree_row_is_shown (self->cursor))
    {
      g_clear_object (&self->cursor);
      return;
    }

  if (flint_contact_view_get_cursor (self) == self->cursor)
    return;

  self->is_cursor_lost = TRUE;
  self->n_cursor_frames = 0;
  if (self->cursor_tick == 0)
    self->cursor_tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_frame, NULL, NULL);
}

/**
 * flint_contact_view_find_cursor:
 * @row: that is on the screen, in its place
 *
 * Gives it the keyboard back if it lost it. What is out of sight stays so: the list does not run after anybody.
 */
void
flint_contact_view_find_cursor (FlintContactView *self,
                                GtkWidget        *row)
{
  if (!self->is_cursor_lost || flint_tree_list_row_get_row (FLINT_TREE_LIST_ROW (row)) != self->cursor)
    return;

  gtk_widget_grab_focus (gtk_widget_get_parent (row));
  self->is_cursor_lost = FALSE;

  /* selecting more with Shift begins here again */
  if (flint_contact_view_get_selected (self) == self->cursor)
    gtk_widget_activate_action (self->list, "list.select-item", "(ubb)",
                                flint_contact_view_find_position (self, self->cursor), FALSE, FALSE);
}

/**
 * flint_contact_view_follow_cursor:
 * @root: (nullable): the window; %NULL when the view leaves it
 */
void
flint_contact_view_follow_cursor (FlintContactView *self,
                                  GtkRoot          *root)
{
  if (self->root != NULL)
    g_signal_handlers_disconnect_by_func (self->root, on_focus, self);
  self->root = root;
  g_clear_object (&self->cursor);
  self->is_cursor_lost = FALSE;
  if (self->cursor_tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->cursor_tick);
  self->cursor_tick = 0;

  if (root != NULL)
    g_signal_connect_swapped (root, "notify::focus-widget", G_CALLBACK (on_focus), self);
}

/**
 * flint_contact_view_keep_cursor:
 *
 * To be called once, after the selection got its tree.
 */
void
flint_contact_view_keep_cursor (FlintContactView *self)
{
  g_signal_connect_object (flint_contact_view_get_tree (self), "arranged", G_CALLBACK (on_arranged), self, G_CONNECT_SWAPPED);
}
