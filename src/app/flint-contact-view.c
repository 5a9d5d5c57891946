/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-contact-view.h"

#include "flint-account-row.h"
#include "flint-contact-actions.h"
#include "flint-contact-card.h"
#include "flint-contact-drag.h"
#include "flint-list-filler.h"
#include "flint-tree-list-row.h"

#define HOVER_MS 600

struct _FlintContactView
{
  AdwBin              parent_instance;

  FlintApplication   *application;    /* not owned: it outlives its windows */
  GtkSingleSelection *selection;
  FlintDensity        density;

  GtkWidget          *list;
  FlintListFiller    *filler;
  int                 heights[FLINT_TREE_CONTACT + 1];   /* px, by kind, of rows that nobody has seen */
  GtkWidget          *menu;
  GMenuModel         *contact_menu;
  GMenuModel         *group_menu;
  GtkWidget          *card;
  guint               hover_timer;
  double              hover_y;
  FlintAccount       *watched;        /* of what is selected: what can be done follows its state */
  gulong              watch;
};

G_DEFINE_FINAL_TYPE (FlintContactView, flint_contact_view, ADW_TYPE_BIN)

static FlintContactTree *
get_tree (FlintContactView *self)
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
 * Returns: (nullable) (transfer none): the selected row
 */
FlintTreeRow *
flint_contact_view_get_selected (FlintContactView *self)
{
  g_return_val_if_fail (FLINT_IS_CONTACT_VIEW (self), NULL);

  return gtk_single_selection_get_selected_item (self->selection);
}

static gboolean
is_searching (FlintContactView *self)
{
  g_autofree char *search = NULL;

  g_object_get (get_tree (self), "search", &search, NULL);

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
      return;
    }

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
  reserve (self, row);
}

static void
on_unbind (GtkSignalListItemFactory *factory,
           GtkListItem              *item,
           FlintContactView         *self)
{
  flint_tree_list_row_set_row (FLINT_TREE_LIST_ROW (gtk_list_item_get_child (item)), NULL, FALSE);
}

static void
activate_row (FlintContactView *self,
              FlintTreeRow     *row)
{
  if (flint_tree_row_get_kind (row) != FLINT_TREE_CONTACT)
    flint_contact_tree_set_expanded (get_tree (self), row, !flint_tree_row_is_expanded (row));
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "contact.chat", NULL);
}

static void
on_activate (GtkListView      *list,
             guint             position,
             FlintContactView *self)
{
  g_autoptr(FlintTreeRow) row = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  gtk_single_selection_set_selected (self->selection, position);
  activate_row (self, row);
}

/**
 * flint_contact_view_activate_first:
 *
 * Opens the best match, or what is selected: Enter in the search entry.
 */
void
flint_contact_view_activate_first (FlintContactView *self)
{
  FlintTreeRow *row;

  g_return_if_fail (FLINT_IS_CONTACT_VIEW (self));

  if (flint_contact_view_get_selected (self) == NULL)
    gtk_single_selection_set_selected (self->selection, 0);

  if ((row = flint_contact_view_get_selected (self)))
    activate_row (self, row);
}

static void
watch_account (FlintContactView *self,
               FlintAccount     *account)
{
  if (self->watched == account)
    return;

  if (self->watched != NULL)
    g_clear_signal_handler (&self->watch, self->watched);
  g_set_object (&self->watched, account);
  if (account != NULL)
    self->watch = g_signal_connect_swapped (account, "notify::state", G_CALLBACK (flint_contact_actions_update), self);
}

static void
on_selected (FlintContactView *self)
{
  FlintTreeRow *row = flint_contact_view_get_selected (self);

  watch_account (self, row != NULL ? flint_tree_row_get_account (row) : NULL);
  flint_contact_actions_update (self);
}

/* The row under a point of the list */
static FlintTreeListRow *
pick_row (FlintContactView *self,
          double            x,
          double            y)
{
  GtkWidget *widget = gtk_widget_pick (self->list, x, y, GTK_PICK_DEFAULT);

  if (widget == NULL)
    return NULL;

  if (!FLINT_IS_TREE_LIST_ROW (widget))
    {
      GtkWidget *inside = gtk_widget_get_first_child (widget);
      GtkWidget *outside = gtk_widget_get_ancestor (widget, FLINT_TYPE_TREE_LIST_ROW);

      widget = outside != NULL ? outside : FLINT_IS_TREE_LIST_ROW (inside) ? inside : NULL;
    }

  return FLINT_TREE_LIST_ROW (widget);
}

static void
select_row (FlintContactView *self,
            FlintTreeRow     *row)
{
  GListModel *model = G_LIST_MODEL (self->selection);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(FlintTreeRow) other = g_list_model_get_item (model, i);

      if (other == row)
        {
          gtk_single_selection_set_selected (self->selection, i);
          return;
        }
    }
}

/* Popovers, made when somebody wants them */

static gboolean
is_open (GtkWidget *popover)
{
  return popover != NULL && gtk_widget_get_visible (popover);
}

/* Menus */

static GtkWidget *find_selected (FlintContactView *self);

static void
show_menu (FlintContactView *self,
           GdkRectangle     *at)
{
  FlintTreeRow *row = flint_contact_view_get_selected (self);

  if (row == NULL)
    return;

  if (flint_tree_row_get_kind (row) == FLINT_TREE_ACCOUNT)
    {
      GtkWidget *list_row = find_selected (self);
      GtkWidget *child = list_row != NULL ? adw_bin_get_child (ADW_BIN (list_row)) : NULL;

      if (FLINT_IS_ACCOUNT_ROW (child))
        flint_account_row_show_menu (FLINT_ACCOUNT_ROW (child));
      return;
    }

  if (self->menu == NULL)
    {
      self->menu = gtk_popover_menu_new_from_model (NULL);
      gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
      gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
      gtk_widget_set_parent (self->menu, self->list);
    }

  gtk_popover_menu_set_menu_model (GTK_POPOVER_MENU (self->menu),
                                   flint_tree_row_get_kind (row) == FLINT_TREE_CONTACT ? self->contact_menu : self->group_menu);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), at);
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
on_secondary_click (GtkGestureClick  *gesture,
                    int               n_press,
                    double            x,
                    double            y,
                    FlintContactView *self)
{
  FlintTreeListRow *row = pick_row (self, x, y);

  if (row == NULL || flint_tree_list_row_get_row (row) == NULL)
    return;

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  select_row (self, flint_tree_list_row_get_row (row));
  show_menu (self, &(GdkRectangle) { x, y, 1, 1 });
}

/* The widget on screen that shows the selected row */
static GtkWidget *
find_selected (FlintContactView *self)
{
  FlintTreeRow *selected = flint_contact_view_get_selected (self);

  for (GtkWidget *row = gtk_widget_get_first_child (self->list); row != NULL; row = gtk_widget_get_next_sibling (row))
    {
      GtkWidget *child = gtk_widget_get_first_child (row);

      if (FLINT_IS_TREE_LIST_ROW (child) && selected != NULL &&
          flint_tree_list_row_get_row (FLINT_TREE_LIST_ROW (child)) == selected)
        return child;
    }

  return NULL;
}

/* The selected row's place in the list, for what the keyboard opens. */
static gboolean
get_selected_area (FlintContactView *self,
                   GdkRectangle     *area)
{
  GtkWidget *child = find_selected (self);
  graphene_rect_t bounds;

  if (child == NULL || !gtk_widget_compute_bounds (gtk_widget_get_parent (child), self->list, &bounds))
    return FALSE;

  *area = (GdkRectangle) { bounds.origin.x, bounds.origin.y, bounds.size.width, bounds.size.height };

  return TRUE;
}

static void
on_menu_key (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  FlintContactView *self = FLINT_CONTACT_VIEW (widget);
  GdkRectangle area;

  if (get_selected_area (self, &area))
    show_menu (self, &area);
}

/* The hover card */

static void
show_card (FlintContactView *self,
           FlintTreeRow     *row,
           GdkRectangle     *area)
{
  if (row == NULL || flint_tree_row_get_kind (row) != FLINT_TREE_CONTACT)
    return;

  if (self->card == NULL)
    {
      self->card = flint_contact_card_new ();
      gtk_widget_set_parent (self->card, self->list);
    }

  flint_contact_card_set_contact (FLINT_CONTACT_CARD (self->card), flint_tree_row_get_contact (row));
  gtk_popover_set_pointing_to (GTK_POPOVER (self->card), area);
  gtk_popover_popup (GTK_POPOVER (self->card));
}

static void
hide_card (FlintContactView *self)
{
  g_clear_handle_id (&self->hover_timer, g_source_remove);
  if (self->card != NULL)
    gtk_popover_popdown (GTK_POPOVER (self->card));
}

static gboolean
on_hover_timer (gpointer user_data)
{
  FlintContactView *self = user_data;
  FlintTreeListRow *row = pick_row (self, 12, self->hover_y);
  graphene_rect_t bounds;
  GdkRectangle area;

  self->hover_timer = 0;
  if (row == NULL || is_open (self->menu) ||
      !gtk_widget_compute_bounds (GTK_WIDGET (row), self->list, &bounds))
    return G_SOURCE_REMOVE;

  area = (GdkRectangle) { bounds.origin.x, bounds.origin.y, bounds.size.width, bounds.size.height };
  show_card (self, flint_tree_list_row_get_row (row), &area);

  return G_SOURCE_REMOVE;
}

static void
on_motion (GtkEventControllerMotion *controller,
           double                    x,
           double                    y,
           FlintContactView         *self)
{
  FlintTreeListRow *row;

  if (ABS (y - self->hover_y) < 1)
    return;

  row = pick_row (self, x, y);
  if (row == pick_row (self, x, self->hover_y) && (self->hover_timer != 0 || is_open (self->card)))
    {
      self->hover_y = y;
      return;
    }

  self->hover_y = y;
  hide_card (self);
  g_object_set (get_tree (self), "is-held", TRUE, NULL);
  self->hover_timer = g_timeout_add (HOVER_MS, on_hover_timer, self);
}

static void
on_leave (GtkEventControllerMotion *controller,
          FlintContactView         *self)
{
  hide_card (self);
  g_object_set (get_tree (self), "is-held", FALSE, NULL);
}

static void
on_card_key (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  FlintContactView *self = FLINT_CONTACT_VIEW (widget);
  GdkRectangle area;

  if (is_open (self->card))
    hide_card (self);
  else if (get_selected_area (self, &area))
    show_card (self, flint_contact_view_get_selected (self), &area);
}

/* Escape is for the card only while there is one. */
static gboolean
on_escape (GtkWidget *widget,
           GVariant  *arguments,
           gpointer   user_data)
{
  FlintContactView *self = FLINT_CONTACT_VIEW (widget);

  if (!is_open (self->card))
    return FALSE;

  hide_card (self);

  return TRUE;
}

/* The card is of whom the pointer rests on, who need not be selected. */
static void
on_card_chat (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  FlintContactView *self = FLINT_CONTACT_VIEW (widget);
  FlintContact *contact = self->card != NULL ? flint_contact_card_get_contact (FLINT_CONTACT_CARD (self->card)) : NULL;

  hide_card (self);
  if (contact != NULL)
    flint_application_show_conversation (self->application,
                                         flint_core_open_chat (flint_application_get_core (self->application),
                                                               flint_contact_get_account (contact),
                                                               flint_contact_get_jid (contact)));
}

/* To the heading before a contact, with the keyboard */
static void
go_to_heading (FlintContactView *self)
{
  for (guint i = gtk_single_selection_get_selected (self->selection); i > 0; i--)
    {
      g_autoptr(FlintTreeRow) other = g_list_model_get_item (G_LIST_MODEL (self->selection), i - 1);
      GtkWidget *child;

      if (flint_tree_row_get_kind (other) == FLINT_TREE_CONTACT)
        continue;

      gtk_widget_activate_action (self->list, "list.scroll-to-item", "u", i - 1);
      gtk_single_selection_set_selected (self->selection, i - 1);
      if ((child = find_selected (self)))
        gtk_widget_grab_focus (gtk_widget_get_parent (child));
      return;
    }
}

/* Left and right fold and unfold; left on a contact goes to its group. */
static gboolean
on_fold_key (GtkWidget *widget,
             GVariant  *arguments,
             gpointer   user_data)
{
  FlintContactView *self = FLINT_CONTACT_VIEW (widget);
  FlintTreeRow *row = flint_contact_view_get_selected (self);
  gboolean unfold = GPOINTER_TO_INT (user_data);

  if (row == NULL)
    return FALSE;

  if (flint_tree_row_get_kind (row) != FLINT_TREE_CONTACT)
    flint_contact_tree_set_expanded (get_tree (self), row, unfold);
  else if (!unfold)
    go_to_heading (self);

  return TRUE;
}

/* One key, two names: of what is selected one or the other can be done. A binding to both would stop at the first. */
static gboolean
on_change_key (GtkWidget *widget,
               GVariant  *arguments,
               gpointer   user_data)
{
  FlintTreeRow *row = flint_contact_view_get_selected (FLINT_CONTACT_VIEW (widget));
  gboolean is_contact = row != NULL && flint_tree_row_get_kind (row) == FLINT_TREE_CONTACT;
  gboolean removes = GPOINTER_TO_INT (user_data);

  return gtk_widget_activate_action (widget, is_contact ? removes ? "contact.remove" : "contact.rename"
                                                        : removes ? "group.delete" : "group.rename", NULL);
}

static void
add_key (GtkEventController *controller,
         guint               keyval,
         GtkShortcutFunc     func,
         gboolean            argument)
{
  GtkShortcutTrigger *trigger = gtk_keyval_trigger_new (keyval, 0);
  GtkShortcutAction *action = gtk_callback_action_new (func, GINT_TO_POINTER (argument), NULL);

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), gtk_shortcut_new (trigger, action));
}

/* Before the list has them: it would only move the focus with left and right. */
static void
add_keys (FlintContactView *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  add_key (controller, GDK_KEY_Left, on_fold_key, FALSE);
  add_key (controller, GDK_KEY_Right, on_fold_key, TRUE);
  add_key (controller, GDK_KEY_F2, on_change_key, FALSE);
  add_key (controller, GDK_KEY_Delete, on_change_key, TRUE);
  add_key (controller, GDK_KEY_KP_Delete, on_change_key, TRUE);
  add_key (controller, GDK_KEY_Escape, on_escape, FALSE);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
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
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (get_tree (self)));
}

static void
flint_contact_view_dispose (GObject *object)
{
  FlintContactView *self = FLINT_CONTACT_VIEW (object);

  watch_account (self, NULL);
  g_object_set_data (G_OBJECT (self), "dragged", NULL);
  g_object_set_data (G_OBJECT (self), "subject", NULL);
  g_clear_handle_id (&self->hover_timer, g_source_remove);
  g_clear_object (&self->filler);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_pointer (&self->card, gtk_widget_unparent);

  G_OBJECT_CLASS (flint_contact_view_parent_class)->dispose (object);
}

static void
flint_contact_view_class_init (FlintContactViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_contact_view_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/contact-view.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintContactView, list);
  gtk_widget_class_bind_template_child (widget_class, FlintContactView, selection);
  gtk_widget_class_bind_template_child (widget_class, FlintContactView, contact_menu);
  gtk_widget_class_bind_template_child (widget_class, FlintContactView, group_menu);
  gtk_widget_class_bind_template_callback (widget_class, on_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_unbind);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_secondary_click);
  gtk_widget_class_bind_template_callback (widget_class, on_motion);
  gtk_widget_class_bind_template_callback (widget_class, on_leave);

  gtk_widget_class_install_action (widget_class, "list.menu", NULL, on_menu_key);
  gtk_widget_class_install_action (widget_class, "list.card", NULL, on_card_key);
  gtk_widget_class_install_action (widget_class, "list.card-chat", NULL, on_card_chat);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "list.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "list.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_i, GDK_CONTROL_MASK, "list.card", NULL);
}

static void
flint_contact_view_init (FlintContactView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  add_keys (self);

  self->filler = flint_list_filler_new (self->list);
  g_signal_connect_object (self->filler, "seen", G_CALLBACK (on_seen), self, 0);
  guess_heights (self);

  self->hover_y = -1;
}
