/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A contact is dragged onto a group: it moves there; with Ctrl it is copied. */
#include "flint-config.h"

#include "flint-contact-drag.h"

#include "flint-tree-list-row.h"

/* What is dragged: the row, so that the group it is taken from is known. It is the view that keeps it: GDK holds on
 * to what it was given for longer than the drag lasts, and an account would stay with its row.
 */
typedef struct
{
  GWeakRef row;
} FlintDragged;

#define FLINT_TYPE_DRAGGED (flint_dragged_get_type ())

static GType flint_dragged_get_type (void);

static void
flint_dragged_clear (gpointer data)
{
  g_weak_ref_clear (&((FlintDragged *) data)->row);
}

static void
flint_dragged_release (FlintDragged *self)
{
  g_rc_box_release_full (self, flint_dragged_clear);
}

static FlintDragged *
flint_dragged_acquire (FlintDragged *self)
{
  return g_rc_box_acquire (self);
}

G_DEFINE_BOXED_TYPE (FlintDragged, flint_dragged, flint_dragged_acquire, flint_dragged_release)

/* (transfer full) (nullable) */
static FlintTreeRow *
get_dragged (const GValue *value)
{
  FlintDragged *dragged = g_value_get_boxed (value);

  return dragged != NULL ? g_weak_ref_get (&dragged->row) : NULL;
}

static FlintContactView *
get_view (GtkWidget *widget)
{
  return FLINT_CONTACT_VIEW (gtk_widget_get_ancestor (widget, FLINT_TYPE_CONTACT_VIEW));
}

static GdkContentProvider *
on_prepare (GtkDragSource *source,
            double         x,
            double         y,
            GtkWidget     *widget)
{
  FlintTreeRow *row = flint_tree_list_row_get_row (FLINT_TREE_LIST_ROW (widget));
  FlintContactView *view = get_view (widget);
  FlintDragged *dragged;
  GdkContentProvider *provider;

  if (view == NULL || row == NULL || flint_tree_row_get_kind (row) != FLINT_TREE_CONTACT)
    return NULL;

  g_object_set_data_full (G_OBJECT (view), "dragged", g_object_ref (row), g_object_unref);

  dragged = g_rc_box_new0 (FlintDragged);
  g_weak_ref_init (&dragged->row, row);
  provider = gdk_content_provider_new_typed (FLINT_TYPE_DRAGGED, dragged);
  flint_dragged_release (dragged);

  return provider;
}

static void
on_drag_end (GtkDragSource    *source,
             GdkDrag          *drag,
             gboolean          delete_data,
             FlintContactView *view)
{
  g_object_set_data (G_OBJECT (view), "dragged", NULL);
}

static void
on_drag_begin (GtkDragSource *source,
               GdkDrag       *drag,
               GtkWidget     *widget)
{
  g_autoptr(GdkPaintable) icon = gtk_widget_paintable_new (widget);

  gtk_drag_source_set_icon (source, icon, 12, 12);
}

/* Those who are offline are not a group of the server's: it has no path. Those in no group have an empty one. */
static gboolean
takes (FlintTreeRow *target,
       FlintTreeRow *dragged)
{
  return target != NULL && dragged != NULL &&
         flint_tree_row_get_kind (target) == FLINT_TREE_GROUP &&
         flint_tree_row_get_group (target) != NULL &&
         flint_tree_row_get_account (target) == flint_tree_row_get_account (dragged) &&
         g_strcmp0 (flint_tree_row_get_group (target), flint_tree_row_get_group (dragged)) != 0;
}

/* With Ctrl the display lets through only copying; what comes with a drop has no state of the keys itself. */
static gboolean
is_copy (GtkDropTarget *target)
{
  GdkDrop *drop = gtk_drop_target_get_current_drop (target);

  return drop != NULL && !(gdk_drop_get_actions (drop) & GDK_ACTION_MOVE);
}

static GdkDragAction
on_motion (GtkDropTarget *target,
           double         x,
           double         y,
           GtkWidget     *widget)
{
  FlintTreeRow *row = flint_tree_list_row_get_row (FLINT_TREE_LIST_ROW (widget));
  const GValue *value = gtk_drop_target_get_value (target);
  g_autoptr(FlintTreeRow) dragged = value != NULL ? get_dragged (value) : NULL;

  if (row == NULL || flint_tree_row_get_kind (row) != FLINT_TREE_GROUP || flint_tree_row_get_group (row) == NULL ||
      (value != NULL && !takes (row, dragged)))
    return 0;

  return is_copy (target) ? GDK_ACTION_COPY : GDK_ACTION_MOVE;
}

static gboolean
on_drop (GtkDropTarget *target,
         const GValue  *value,
         double         x,
         double         y,
         GtkWidget     *widget)
{
  FlintContactView *view = get_view (widget);
  FlintTreeRow *row = flint_tree_list_row_get_row (FLINT_TREE_LIST_ROW (widget));
  g_autoptr(FlintTreeRow) dragged = get_dragged (value);
  gboolean copies = is_copy (target);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) groups = NULL;
  const char * const *old_groups;
  FlintContact *contact;

  if (view == NULL || !takes (row, dragged))
    return FALSE;

  contact = flint_tree_row_get_contact (dragged);
  old_groups = flint_contact_get_groups (contact);

  if (*flint_tree_row_get_group (row) != '\0')
    g_strv_builder_add (builder, flint_tree_row_get_group (row));
  for (guint i = 0; old_groups[i] != NULL; i++)
    {
      gboolean is_left = !copies && g_strcmp0 (old_groups[i], flint_tree_row_get_group (dragged)) == 0;

      if (!is_left && !g_str_equal (old_groups[i], flint_tree_row_get_group (row)))
        g_strv_builder_add (builder, old_groups[i]);
    }
  groups = g_strv_builder_end (builder);

  flint_account_set_groups_async (flint_contact_get_account (contact), contact, (const char * const *) groups,
                                  flint_application_tell_change, g_object_ref (flint_contact_view_get_application (view)));

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
  GtkDropTarget *target = gtk_drop_target_new (FLINT_TYPE_DRAGGED, GDK_ACTION_MOVE | GDK_ACTION_COPY);

  gtk_drag_source_set_actions (source, GDK_ACTION_MOVE | GDK_ACTION_COPY);
  g_signal_connect (source, "prepare", G_CALLBACK (on_prepare), row);
  g_signal_connect (source, "drag-begin", G_CALLBACK (on_drag_begin), row);
  g_signal_connect_object (source, "drag-end", G_CALLBACK (on_drag_end), view, 0);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (source));

  gtk_drop_target_set_preload (target, TRUE);
  g_signal_connect (target, "motion", G_CALLBACK (on_motion), row);
  g_signal_connect (target, "drop", G_CALLBACK (on_drop), row);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (target));
}
