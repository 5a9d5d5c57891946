/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-contact-view-private.h"

#include "flint-contact-actions.h"
#include "flint-contact-drag.h"
#include "flint-list-filler.h"
#include "flint-tree-list-row.h"

#include <glib/gi18n.h>

G_DEFINE_FINAL_TYPE (FlintContactView, flint_contact_view, ADW_TYPE_BIN)

FlintContactTree *
flint_contact_view_get_tree (FlintContactView *self)
{
  return flint_core_get_tree (flint_application_get_core (self->application));
}

FlintApplication *
flint_contact_view_get_application (FlintContactView *self)
{
  g_return_val_if_fail (FLINT_IS_CONTACT_VIEW (self), NULL);

  return self->application;
}

/**
 * flint_contact_view_get_selected:
 *
 * Returns: (nullable) (transfer none): the selected row; %NULL also when several are
 */
FlintTreeRow *
flint_contact_view_get_selected (FlintContactView *self)
{
  g_return_val_if_fail (FLINT_IS_CONTACT_VIEW (self), NULL);

  return flint_tree_selection_get_only_row (self->selection);
}

/**
 * flint_contact_view_get_selected_rows:
 *
 * Returns: (transfer container) (element-type FlintTreeRow): what is selected, from the top to the bottom
 */
GPtrArray *
flint_contact_view_get_selected_rows (FlintContactView *self)
{
  g_return_val_if_fail (FLINT_IS_CONTACT_VIEW (self), NULL);

  return flint_tree_selection_get_rows (self->selection);
}

/**
 * flint_contact_view_get_selected_contacts:
 *
 * Returns: (transfer container) (element-type FlintContact): who is selected, each once, from the top to the bottom
 */
GPtrArray *
flint_contact_view_get_selected_contacts (FlintContactView *self)
{
  GPtrArray *contacts = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(GHashTable) seen = g_hash_table_new (NULL, NULL);

  g_return_val_if_fail (FLINT_IS_CONTACT_VIEW (self), contacts);

  rows = flint_tree_selection_get_rows (self->selection);
  for (guint i = 0; i < rows->len; i++)
    {
      FlintContact *contact = flint_tree_row_get_contact (g_ptr_array_index (rows, i));

      if (contact != NULL && g_hash_table_add (seen, contact))
        g_ptr_array_add (contacts, g_object_ref (contact));
    }

  return contacts;
}

/**
 * flint_contact_view_has_several:
 *
 * Returns: whether more than one row is selected
 */
gboolean
flint_contact_view_has_several (FlintContactView *self)
{
  g_return_val_if_fail (FLINT_IS_CONTACT_VIEW (self), FALSE);

  return flint_tree_selection_get_n_rows (self->selection) > 1;
}

/**
 * flint_contact_view_unselect_all:
 */
void
flint_contact_view_unselect_all (FlintContactView *self)
{
  g_return_if_fail (FLINT_IS_CONTACT_VIEW (self));

  flint_tree_selection_set_row (self->selection, NULL);
}

/* What a key is about that is about one row */
FlintTreeRow *
flint_contact_view_get_subject (FlintContactView *self)
{
  return flint_contact_view_has_several (self) ? flint_contact_view_get_cursor (self) : flint_contact_view_get_selected (self);
}

static gboolean
is_searching (FlintContactView *self)
{
  g_autofree char *search = NULL;

  g_object_get (flint_contact_view_get_tree (self), "search", &search, NULL);

  return search != NULL && *search != '\0';
}

/* Rows */

/* As style.css says, until one is seen: the fonts may be larger. */
static void
guess_heights (FlintContactView *self)
{
  static const int heights[][FLINT_TREE_CONTACT + 1] = {
    [FLINT_DENSITY_COMPACT]     = { [FLINT_TREE_ACCOUNT] = 36, [FLINT_TREE_GROUP] = 22, [FLINT_TREE_CONTACT] = 22 },
    [FLINT_DENSITY_NORMAL]      = { [FLINT_TREE_ACCOUNT] = 36, [FLINT_TREE_GROUP] = 30, [FLINT_TREE_CONTACT] = 32 },
    [FLINT_DENSITY_COMFORTABLE] = { [FLINT_TREE_ACCOUNT] = 36, [FLINT_TREE_GROUP] = 30, [FLINT_TREE_CONTACT] = 48 },
  };

  memcpy (self->heights, heights[self->density], sizeof self->heights);
}

/* A row that is not filled takes the place that it will need. */
static void
reserve (FlintContactView *self,
         FlintTreeListRow *row)
{
  FlintTreeRow *shown = flint_tree_list_row_get_row (row);

  if (flint_tree_list_row_is_filled (row))
    gtk_widget_set_size_request (GTK_WIDGET (row), -1, -1);
  else if (shown != NULL)
    gtk_widget_set_size_request (GTK_WIDGET (row), -1, self->heights[flint_tree_row_get_kind (shown)]);
}

static void
reserve_all (FlintContactView *self)
{
  for (GtkWidget *row = gtk_widget_get_first_child (self->list); row != NULL; row = gtk_widget_get_next_sibling (row))
    {
      GtkWidget *child = gtk_widget_get_first_child (row);

      if (FLINT_IS_TREE_LIST_ROW (child))
        reserve (self, FLINT_TREE_LIST_ROW (child));
    }
}

/* Comes with every layout: once to fill the row, then to see how tall that made it */
static void
on_seen (FlintListFiller  *filler,
         GtkWidget        *child,
         FlintContactView *self)
{
  FlintTreeListRow *row = FLINT_TREE_LIST_ROW (child);
  int *height;

  if (flint_tree_list_row_get_row (row) == NULL)
    return;

  if (!flint_tree_list_row_is_filled (row))
    {
      if (flint_tree_list_row_fill (row))
        flint_contact_drag_install (self, child);
      reserve (self, row);
      flint_contact_view_find_cursor (self, child);
      return;
    }

  flint_contact_view_find_cursor (self, child);
  height = &self->heights[flint_tree_row_get_kind (flint_tree_list_row_get_row (row))];
  if (gtk_widget_get_height (child) > *height)
    {
      *height = gtk_widget_get_height (child);
      reserve_all (self);
    }
}

static void
on_setup (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          FlintContactView         *self)
{
  GtkWidget *row = flint_tree_list_row_new ();

  flint_tree_list_row_set_density (FLINT_TREE_LIST_ROW (row), self->density);
  gtk_list_item_set_child (item, row);
}

static void
on_bind (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         FlintContactView         *self)
{
  FlintTreeListRow *row = FLINT_TREE_LIST_ROW (gtk_list_item_get_child (item));

  flint_tree_list_row_set_density (row, self->density);
  flint_tree_list_row_set_row (row, gtk_list_item_get_item (item), is_searching (self));

  /* GTK tells of changes, and nothing of what never was selected: a screen reader would take it for something that
   * cannot be */
  if (gtk_widget_get_parent (GTK_WIDGET (row)) != NULL)
    gtk_accessible_update_state (GTK_ACCESSIBLE (gtk_widget_get_parent (GTK_WIDGET (row))),
                                 GTK_ACCESSIBLE_STATE_SELECTED, gtk_list_item_get_selected (item), -1);
  reserve (self, row);
}

static void
on_unbind (GtkSignalListItemFactory *factory,
           GtkListItem              *item,
           FlintContactView         *self)
{
  flint_tree_list_row_set_row (FLINT_TREE_LIST_ROW (gtk_list_item_get_child (item)), NULL, FALSE);
}

void
flint_contact_view_open_chat (FlintContactView *self,
                              FlintContact     *contact)
{
  flint_application_show_conversation (self->application,
                                       flint_core_open_chat (flint_application_get_core (self->application),
                                                             flint_contact_get_account (contact),
                                                             flint_contact_get_jid (contact)));
}

/* One of several is chatted with, and they stay selected */
static void
activate_row (FlintContactView *self,
              FlintTreeRow     *row)
{
  if (!flint_tree_selection_has_row (self->selection, row))
    flint_tree_selection_set_row (self->selection, row);

  if (flint_tree_row_get_kind (row) != FLINT_TREE_CONTACT)
    flint_contact_tree_set_expanded (flint_contact_view_get_tree (self), row, !flint_tree_row_is_expanded (row));
  else
    flint_contact_view_open_chat (self, flint_tree_row_get_contact (row));
}

static void
on_activate (GtkListView      *list,
             guint             position,
             FlintContactView *self)
{
  g_autoptr(FlintTreeRow) row = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (row != NULL && !self->is_selecting)
    activate_row (self, row);
}

/* With Ctrl or Shift a click selects, also when a second one follows soon: GTK's list would take both for a double click */
static gboolean
on_event (GtkEventControllerLegacy *controller,
          GdkEvent                 *event,
          FlintContactView         *self)
{
  GdkEventType type = gdk_event_get_event_type (event);

  if (type == GDK_BUTTON_PRESS)
    self->is_selecting = (gdk_event_get_modifier_state (event) & (GDK_CONTROL_MASK | GDK_SHIFT_MASK)) != 0;
  else if (type == GDK_BUTTON_RELEASE || type == GDK_KEY_PRESS)
    self->is_selecting = FALSE;

  return GDK_EVENT_PROPAGATE;
}

/**
 * flint_contact_view_activate_first:
 *
 * Opens the best match, or what is selected: Enter in the search entry.
 */
void
flint_contact_view_activate_first (FlintContactView *self)
{
  FlintTreeRow *selected;
  g_autoptr(FlintTreeRow) row = NULL;

  g_return_if_fail (FLINT_IS_CONTACT_VIEW (self));

  selected = flint_contact_view_get_selected (self);
  row = selected != NULL ? g_object_ref (selected) : g_list_model_get_item (G_LIST_MODEL (self->selection), 0);
  if (row != NULL)
    activate_row (self, row);
}

static void
stop_watching (FlintContactView *self)
{
  for (guint i = 0; i < self->watched->len; i++)
    g_signal_handlers_disconnect_by_func (g_ptr_array_index (self->watched, i), flint_contact_actions_update, self);
  g_ptr_array_set_size (self->watched, 0);
}

static void
watch_account (FlintContactView *self,
               FlintAccount     *account)
{
  if (g_ptr_array_find (self->watched, account, NULL))
    return;

  g_ptr_array_add (self->watched, g_object_ref (account));
  g_signal_connect_swapped (account, "notify::state", G_CALLBACK (flint_contact_actions_update), self);
}

/**
 * flint_contact_view_is_online:
 *
 * Returns: whether each account of what is selected is
 */
gboolean
flint_contact_view_is_online (FlintContactView *self)
{
  g_return_val_if_fail (FLINT_IS_CONTACT_VIEW (self), FALSE);

  for (guint i = 0; i < self->watched->len; i++)
    if (!flint_account_is_online (g_ptr_array_index (self->watched, i)))
      return FALSE;

  return self->watched->len > 0;
}

/* Over the list, not above or below it: rows stay where the pointer is */
static void
update_bar (FlintContactView *self)
{
  gboolean several = flint_contact_view_has_several (self);

  if (several)
    {
      g_autoptr(GPtrArray) contacts = flint_contact_view_get_selected_contacts (self);
      g_autofree char *text = g_strdup_printf (ngettext ("%u selected", "%u selected", contacts->len), contacts->len);

      gtk_label_set_label (GTK_LABEL (self->selection_label), text);
    }
  else if (gtk_widget_get_focus_child (self->selection_bar) != NULL)
    {
      gtk_widget_child_focus (self->list, GTK_DIR_TAB_FORWARD);
    }

  gtk_widget_set_visible (self->selection_bar, several);
}

static void
on_selected (FlintContactView *self)
{
  FlintTreeRow *row = flint_contact_view_get_selected (self);

  stop_watching (self);
  if (row != NULL)
    {
      watch_account (self, flint_tree_row_get_account (row));
    }
  else
    {
      g_autoptr(GPtrArray) rows = flint_contact_view_get_selected_rows (self);

      for (guint i = 0; i < rows->len; i++)
        watch_account (self, flint_tree_row_get_account (g_ptr_array_index (rows, i)));
    }

  flint_contact_actions_update (self);
  update_bar (self);
}

/**
 * flint_contact_view_set_density:
 *
 * Changes the height of the rows; those on screen are drawn anew.
 */
void
flint_contact_view_set_density (FlintContactView *self,
                                FlintDensity      density)
{
  static const char * const classes[] = { "compact", "normal", "comfortable" };

  g_return_if_fail (FLINT_IS_CONTACT_VIEW (self));

  self->density = density;
  guess_heights (self);

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    gtk_widget_remove_css_class (self->list, classes[i]);
  gtk_widget_add_css_class (self->list, classes[density]);

  for (GtkWidget *row = gtk_widget_get_first_child (self->list); row != NULL; row = gtk_widget_get_next_sibling (row))
    {
      GtkWidget *child = gtk_widget_get_first_child (row);

      if (FLINT_IS_TREE_LIST_ROW (child))
        flint_tree_list_row_set_density (FLINT_TREE_LIST_ROW (child), density);
    }
  reserve_all (self);
}

/**
 * flint_contact_view_set_application:
 *
 * Gives the view its model; to be called once.
 */
void
flint_contact_view_set_application (FlintContactView *self,
                                    FlintApplication *application)
{
  g_return_if_fail (FLINT_IS_CONTACT_VIEW (self));
  g_return_if_fail (self->application == NULL);

  self->application = application;
  flint_contact_actions_install (self);
  flint_tree_selection_set_tree (self->selection, flint_contact_view_get_tree (self));
  flint_contact_view_keep_cursor (self);
}

static void
flint_contact_view_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (flint_contact_view_parent_class)->root (widget);

  flint_contact_view_follow_cursor (FLINT_CONTACT_VIEW (widget), gtk_widget_get_root (widget));
}

static void
flint_contact_view_unroot (GtkWidget *widget)
{
  flint_contact_view_follow_cursor (FLINT_CONTACT_VIEW (widget), NULL);

  GTK_WIDGET_CLASS (flint_contact_view_parent_class)->unroot (widget);
}

static void
flint_contact_view_dispose (GObject *object)
{
  FlintContactView *self = FLINT_CONTACT_VIEW (object);

  stop_watching (self);
  g_object_set_data (G_OBJECT (self), "dragged", NULL);
  g_object_set_data (G_OBJECT (self), "subject", NULL);
  g_clear_handle_id (&self->hover_timer, g_source_remove);
  g_clear_handle_id (&self->menu_idle, g_source_remove);
  g_clear_object (&self->filler);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_pointer (&self->card, gtk_widget_unparent);

  G_OBJECT_CLASS (flint_contact_view_parent_class)->dispose (object);
}

static void
flint_contact_view_finalize (GObject *object)
{
  g_ptr_array_unref (FLINT_CONTACT_VIEW (object)->watched);

  G_OBJECT_CLASS (flint_contact_view_parent_class)->finalize (object);
}

static void
flint_contact_view_class_init (FlintContactViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_contact_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = flint_contact_view_finalize;
  widget_class->root = flint_contact_view_root;
  widget_class->unroot = flint_contact_view_unroot;

  g_type_ensure (FLINT_TYPE_TREE_SELECTION);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/contact-view.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintContactView, list);
  gtk_widget_class_bind_template_child (widget_class, FlintContactView, selection);
  gtk_widget_class_bind_template_child (widget_class, FlintContactView, contact_menu);
  gtk_widget_class_bind_template_child (widget_class, FlintContactView, contacts_menu);
  gtk_widget_class_bind_template_child (widget_class, FlintContactView, group_menu);
  gtk_widget_class_bind_template_child (widget_class, FlintContactView, selection_bar);
  gtk_widget_class_bind_template_child (widget_class, FlintContactView, selection_label);
  gtk_widget_class_bind_template_callback (widget_class, on_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_unbind);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_event);
  gtk_widget_class_bind_template_callback (widget_class, on_selected);
  gtk_widget_class_bind_template_callback_full (widget_class, "on_secondary_click", G_CALLBACK (flint_contact_view_on_secondary_click));
  gtk_widget_class_bind_template_callback_full (widget_class, "on_motion", G_CALLBACK (flint_contact_view_on_motion));
  gtk_widget_class_bind_template_callback_full (widget_class, "on_leave", G_CALLBACK (flint_contact_view_on_leave));

  flint_contact_view_class_init_popovers (klass);
}

static void
flint_contact_view_init (FlintContactView *self)
{
  self->watched = g_ptr_array_new_with_free_func (g_object_unref);

  gtk_widget_init_template (GTK_WIDGET (self));
  flint_contact_view_add_keys (self);

  /* GtkListView knows only its own model of several */
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_MULTI_SELECTABLE, TRUE, -1);

  self->filler = flint_list_filler_new (self->list);
  g_signal_connect_object (self->filler, "seen", G_CALLBACK (on_seen), self, 0);
  guess_heights (self);

  self->hover_y = -1;
}
