/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A contact is dragged onto a group: it moves there; with Ctrl it is copied. */
#include "flint-config.h"

#include "flint-contact-drag.h"

#include "flint-tree-list-row.h"

/* What is dragged: the row, so that the group it is taken from is known */
static GdkContentProvider *
on_prepare (GtkDragSource *source,
            double         x,
            double         y,
            GtkWidget     *widget)
{
  FlintTreeRow *row = flint_tree_list_row_get_row (FLINT_TREE_LIST_ROW (widget));

  if (row == NULL || flint_tree_row_get_kind (row) != FLINT_TREE_CONTACT)
    return NULL;

  return gdk_content_provider_new_typed (FLINT_TYPE_TREE_ROW, row);
}

static void
on_drag_begin (GtkDragSource *source,
               GdkDrag       *drag,
               GtkWidget     *widget)
{
  g_autoptr(GdkPaintable) icon = gtk_widget_paintable_new (widget);

  gtk_drag_source_set_icon (source, icon, 12, 12);
}

static void
on_changed (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(FlintApplication) application = user_data;
  g_autoptr(GError) error = NULL;

  if (!flint_account_change_finish (FLINT_ACCOUNT (object), result, &error))
    flint_application_toast (application, error->message);
}

static gboolean
takes (FlintTreeRow *target,
       FlintTreeRow *dragged)
{
  return target != NULL && dragged != NULL &&
         flint_tree_row_get_kind (target) == FLINT_TREE_GROUP &&
         flint_tree_row_get_account (target) == flint_tree_row_get_account (dragged) &&
         g_strcmp0 (flint_tree_row_get_group (target), flint_tree_row_get_group (dragged)) != 0;
}

static GdkDragAction
on_motion (GtkDropTarget *target,
           double         x,
           double         y,
           GtkWidget     *widget)
{
  FlintTreeRow *row = flint_tree_list_row_get_row (FLINT_TREE_LIST_ROW (widget));
  const GValue *value = gtk_drop_target_get_value (target);
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (target));

  if (row == NULL || flint_tree_row_get_kind (row) != FLINT_TREE_GROUP ||
      (value != NULL && !takes (row, g_value_get_object (value))))
    return 0;

  return state & GDK_CONTROL_MASK ? GDK_ACTION_COPY : GDK_ACTION_MOVE;
}

static gboolean
on_drop (GtkDropTarget *target,
         const GValue  *value,
         double         x,
         double         y,
         GtkWidget     *widget)
{
  FlintContactView *view = FLINT_CONTACT_VIEW (gtk_widget_get_ancestor (widget, FLINT_TYPE_CONTACT_VIEW));
  FlintTreeRow *row = flint_tree_list_row_get_row (FLINT_TREE_LIST_ROW (widget));
  FlintTreeRow *dragged = g_value_get_object (value);
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (target));
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) groups = NULL;
  const char * const *old_groups;
  FlintContact *contact;

  if (view == NULL || !takes (row, dragged))
    return FALSE;

  contact = flint_tree_row_get_contact (dragged);
  old_groups = flint_contact_get_groups (contact);

  g_strv_builder_add (builder, flint_tree_row_get_group (row));
  for (guint i = 0; old_groups[i] != NULL; i++)
    {
      gboolean is_left = !(state & GDK_CONTROL_MASK) && g_strcmp0 (old_groups[i], flint_tree_row_get_group (dragged)) == 0;

      if (!is_left && !g_str_equal (old_groups[i], flint_tree_row_get_group (row)))
        g_strv_builder_add (builder, old_groups[i]);
    }
  groups = g_strv_builder_end (builder);

  flint_account_set_groups_async (flint_contact_get_account (contact), contact, (const char * const *) groups,
                                  on_changed, g_object_ref (flint_contact_view_get_application (view)));

  return TRUE;
}

/**
 * flint_contact_drag_install:
 * @row: a #FlintTreeListRow of @view
 *
 * Makes contacts draggable, and groups take them.
 */
void
flint_contact_drag_install (FlintContactView *view,
                            GtkWidget        *row)
{
  GtkDragSource *source = gtk_drag_source_new ();
  GtkDropTarget *target = gtk_drop_target_new (FLINT_TYPE_TREE_ROW, GDK_ACTION_MOVE | GDK_ACTION_COPY);

  gtk_drag_source_set_actions (source, GDK_ACTION_MOVE | GDK_ACTION_COPY);
  g_signal_connect (source, "prepare", G_CALLBACK (on_prepare), row);
  g_signal_connect (source, "drag-begin", G_CALLBACK (on_drag_begin), row);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (source));

  gtk_drop_target_set_preload (target, TRUE);
  g_signal_connect (target, "motion", G_CALLBACK (on_motion), row);
  g_signal_connect (target, "drop", G_CALLBACK (on_drop), row);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (target));
}
