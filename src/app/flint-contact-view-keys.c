/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys of the contact list that GTK's own list does not have, or has otherwise. */
#include "flint-config.h"

#include "flint-contact-view-private.h"

/* To the heading before a contact, with the keyboard */
static void
go_to_heading (FlintContactView *self,
               FlintTreeRow     *row)
{
  guint position = flint_contact_view_find_position (self, row);

  for (guint i = position != GTK_INVALID_LIST_POSITION ? position : 0; i > 0; i--)
    {
      g_autoptr(FlintTreeRow) other = g_list_model_get_item (G_LIST_MODEL (self->selection), i - 1);
      GtkWidget *child;

      if (flint_tree_row_get_kind (other) == FLINT_TREE_CONTACT)
        continue;

      gtk_widget_activate_action (self->list, "list.scroll-to-item", "u", i - 1);
      gtk_widget_activate_action (self->list, "list.select-item", "(ubb)", i - 1, FALSE, FALSE);
      if ((child = flint_contact_view_find_widget (self, other)))
        gtk_widget_grab_focus (gtk_widget_get_parent (child));
      return;
    }
}

/* Where what is in the same group as a row begins, and where it ends; of a heading, what is in it. While searching
 * there are no headings: all is in one.
 */
static void
find_group (FlintContactView *self,
            guint             position,
            guint            *start,
            guint            *end)
{
  GListModel *model = G_LIST_MODEL (self->selection);
  guint n = g_list_model_get_n_items (model);
  g_autoptr(FlintTreeRow) row = g_list_model_get_item (model, position);
  gboolean is_heading = flint_tree_row_get_kind (row) != FLINT_TREE_CONTACT;
  guint depth = flint_tree_row_get_depth (row) + (is_heading ? 1 : 0);

  *start = is_heading ? position + 1 : position;
  for (; !is_heading && *start > 0; (*start)--)
    {
      g_autoptr(FlintTreeRow) before = g_list_model_get_item (model, *start - 1);

      if (flint_tree_row_get_depth (before) < depth)
        break;
    }

  for (*end = *start; *end < n; (*end)++)
    {
      g_autoptr(FlintTreeRow) after = g_list_model_get_item (model, *end);

      if (flint_tree_row_get_depth (after) < depth)
        break;
    }
}

static gboolean
on_select_group (GtkWidget *widget,
                 GVariant  *arguments,
                 gpointer   user_data)
{
  FlintContactView *self = FLINT_CONTACT_VIEW (widget);
  FlintTreeRow *cursor = flint_contact_view_get_cursor (self);
  guint position = flint_contact_view_find_position (self, cursor != NULL ? cursor : flint_contact_view_get_selected (self));
  guint start;
  guint end;

  if (position == GTK_INVALID_LIST_POSITION)
    return FALSE;

  find_group (self, position, &start, &end);
  if (start < end)
    gtk_selection_model_select_range (GTK_SELECTION_MODEL (self->selection), start, end - start, TRUE);

  return TRUE;
}

/* Left and right fold and unfold; left on a contact goes to its group. */
static gboolean
on_fold_key (GtkWidget *widget,
             GVariant  *arguments,
             gpointer   user_data)
{
  FlintContactView *self = FLINT_CONTACT_VIEW (widget);
  FlintTreeRow *row = flint_contact_view_get_subject (self);
  gboolean unfold = GPOINTER_TO_INT (user_data);

  if (row == NULL)
    return FALSE;

  if (flint_tree_row_get_kind (row) != FLINT_TREE_CONTACT)
    flint_contact_tree_set_expanded (flint_contact_view_get_tree (self), row, unfold);
  else if (!unfold)
    go_to_heading (self, row);

  return TRUE;
}

/* One key, two names: of what is selected one or the other can be done. A binding to both would stop at the first. */
static gboolean
on_change_key (GtkWidget *widget,
               GVariant  *arguments,
               gpointer   user_data)
{
  FlintContactView *self = FLINT_CONTACT_VIEW (widget);
  FlintTreeRow *row = flint_contact_view_get_selected (self);
  gboolean is_contact = flint_contact_view_has_several (self) ||
                        (row != NULL && flint_tree_row_get_kind (row) == FLINT_TREE_CONTACT);
  gboolean removes = GPOINTER_TO_INT (user_data);

  return gtk_widget_activate_action (widget, is_contact ? removes ? "contact.remove" : "contact.rename"
                                                        : removes ? "group.delete" : "group.rename", NULL);
}

/* Escape is for the card and for a selection of several; where there is neither, for others. */
static gboolean
on_escape (GtkWidget *widget,
           GVariant  *arguments,
           gpointer   user_data)
{
  FlintContactView *self = FLINT_CONTACT_VIEW (widget);

  gboolean had_card = flint_contact_view_hide_card (self);

  if (!flint_contact_view_has_several (self))
    return had_card;

  flint_contact_view_unselect_all (self);

  return TRUE;
}

static void
add_key (GtkEventController *controller,
         guint               keyval,
         GdkModifierType     modifiers,
         GtkShortcutFunc     func,
         gboolean            argument)
{
  GtkShortcutTrigger *trigger = gtk_keyval_trigger_new (keyval, modifiers);
  GtkShortcutAction *action = gtk_callback_action_new (func, GINT_TO_POINTER (argument), NULL);

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), gtk_shortcut_new (trigger, action));
}

/* Before the list has them: it would only move the focus with left and right, and select all there are. */
void
flint_contact_view_add_keys (FlintContactView *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  add_key (controller, GDK_KEY_Left, 0, on_fold_key, FALSE);
  add_key (controller, GDK_KEY_Right, 0, on_fold_key, TRUE);
  add_key (controller, GDK_KEY_F2, 0, on_change_key, FALSE);
  add_key (controller, GDK_KEY_Delete, 0, on_change_key, TRUE);
  add_key (controller, GDK_KEY_KP_Delete, 0, on_change_key, TRUE);
  add_key (controller, GDK_KEY_a, GDK_CONTROL_MASK, on_select_group, FALSE);
  add_key (controller, GDK_KEY_Escape, 0, on_escape, FALSE);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}
