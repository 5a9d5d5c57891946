/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contacts are dragged onto a group: they move there; with Ctrl they are copied. */
#include "flint-config.h"

#include "flint-contact-drag.h"

#include "flint-contact-changes.h"
#include "flint-tree-list-row.h"

#include <glib/gi18n.h>

/* What is dragged: rows, so that the groups they are taken from are known. It is the view that keeps them: GDK holds on
 * to what it was given for longer than the drag lasts, and an account would stay with its rows.
 */
typedef struct
{
  GWeakRef view;
} FlintDragged;

#define FLINT_TYPE_DRAGGED (flint_dragged_get_type ())

static GType flint_dragged_get_type (void);

static void
flint_dragged_clear (gpointer data)
{
  g_weak_ref_clear (&((FlintDragged *) data)->view);
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

/* (transfer full) (nullable): of FlintTreeRow, one at least */
static GPtrArray *
get_dragged (const GValue *value)
{
  FlintDragged *dragged = value != NULL ? g_value_get_boxed (value) : NULL;
  g_autoptr(GObject) view = dragged != NULL ? g_weak_ref_get (&dragged->view) : NULL;
  GPtrArray *rows = view != NULL ? g_object_get_data (view, "dragged") : NULL;

  return rows != NULL ? g_ptr_array_ref (rows) : NULL;
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
  g_autoptr(GPtrArray) rows = NULL;
  FlintDragged *dragged;
  GdkContentProvider *provider;

  if (view == NULL || row == NULL || flint_tree_row_get_kind (row) != FLINT_TREE_CONTACT)
    return NULL;

  /* one that is not selected is dragged alone */
  rows = flint_contact_view_get_selected_rows (view);
  if (!g_ptr_array_find (rows, row, NULL))
    {
      g_ptr_array_set_size (rows, 0);
      g_ptr_array_add (rows, g_object_ref (row));
    }
  g_object_set_data_full (G_OBJECT (view), "dragged", g_steal_pointer (&rows), (GDestroyNotify) g_ptr_array_unref);

  dragged = g_rc_box_new0 (FlintDragged);
  g_weak_ref_init (&dragged->view, view);
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
  FlintContactView *view = get_view (widget);
  GPtrArray *rows = view != NULL ? g_object_get_data (G_OBJECT (view), "dragged") : NULL;
  g_autoptr(GdkPaintable) icon = NULL;

  if (rows != NULL && rows->len > 1)
    {
      g_autofree char *text = g_strdup_printf (ngettext ("%u contact", "%u contacts", rows->len), rows->len);
      GtkWidget *label = gtk_label_new (text);

      gtk_widget_add_css_class (label, "selection-bar");
      gtk_widget_add_css_class (label, "dragged");
      gtk_drag_icon_set_child (GTK_DRAG_ICON (gtk_drag_icon_get_for_drag (drag)), label);
      return;
    }

  icon = gtk_widget_paintable_new (widget);
  gtk_drag_source_set_icon (source, icon, 12, 12);
}

/* Those who are offline are not a group of the server's: it has no path. Those in no group have an empty one. Nobody
 * goes from one account to another: where not all can come, none does.
 */
static gboolean
takes (FlintTreeRow *target,
       GPtrArray    *dragged)
{
  gboolean is_change = FALSE;

  if (target == NULL || dragged == NULL ||
      flint_tree_row_get_kind (target) != FLINT_TREE_GROUP || flint_tree_row_get_group (target) == NULL)
    return FALSE;

  for (guint i = 0; i < dragged->len; i++)
    {
      FlintTreeRow *row = g_ptr_array_index (dragged, i);

      if (flint_tree_row_get_account (target) != flint_tree_row_get_account (row))
        return FALSE;
      is_change = is_change || g_strcmp0 (flint_tree_row_get_group (target), flint_tree_row_get_group (row)) != 0;
    }

  return is_change;
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
  g_autoptr(GPtrArray) dragged = get_dragged (value);

  if (row == NULL || flint_tree_row_get_kind (row) != FLINT_TREE_GROUP || flint_tree_row_get_group (row) == NULL ||
      (value != NULL && !takes (row, dragged)))
    return 0;

  return is_copy (target) ? GDK_ACTION_COPY : GDK_ACTION_MOVE;
}

/* Where a contact is after it was dropped. A copy stays in all its groups, what is moved leaves those that it was
 * dragged from.
 */
static char **
make_groups (FlintContact *contact,
             const char   *target,
             GPtrArray    *dragged,
             gboolean      copies)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr(GHashTable) left = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < dragged->len && !copies; i++)
    {
      FlintTreeRow *row = g_ptr_array_index (dragged, i);

      if (flint_tree_row_get_contact (row) == contact && flint_tree_row_get_group (row) != NULL)
        g_hash_table_add (left, (char *) flint_tree_row_get_group (row));
    }

  if (*target != '\0')
    g_strv_builder_add (builder, target);
  for (const char * const *group = flint_contact_get_groups (contact); *group != NULL; group++)
    if (!g_hash_table_contains (left, *group) && !g_str_equal (*group, target))
      g_strv_builder_add (builder, *group);

  return g_strv_builder_end (builder);
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
  g_autoptr(GPtrArray) dragged = get_dragged (value);
  g_autoptr(GHashTable) seen = g_hash_table_new (NULL, NULL);
  FlintContactChanges *changes;

  if (view == NULL || !takes (row, dragged))
    return FALSE;

  changes = flint_contact_changes_new (flint_contact_view_get_application (view));
  for (guint i = 0; i < dragged->len; i++)
    {
      FlintContact *contact = flint_tree_row_get_contact (g_ptr_array_index (dragged, i));
      g_auto(GStrv) groups = NULL;

      if (!g_hash_table_add (seen, contact))
        continue;

      groups = make_groups (contact, flint_tree_row_get_group (row), dragged, is_copy (target));
      flint_contact_changes_set_groups (changes, contact, (const char * const *) groups);
    }
  flint_contact_changes_send (changes);

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
