/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands over the contact list for a while: its menus, and the card of a contact. */
#include "flint-config.h"

#include "flint-contact-view-private.h"

#include "flint-account-row.h"
#include "flint-contact-card.h"
#include "flint-tree-list-row.h"

#define HOVER_MS 600

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

/* The widget on screen that shows a row */
GtkWidget *
flint_contact_view_find_widget (FlintContactView *self,
                                FlintTreeRow     *row)
{
  for (GtkWidget *item = gtk_widget_get_first_child (self->list); item != NULL; item = gtk_widget_get_next_sibling (item))
    {
      GtkWidget *child = gtk_widget_get_first_child (item);

      if (FLINT_IS_TREE_LIST_ROW (child) && row != NULL && flint_tree_list_row_get_row (FLINT_TREE_LIST_ROW (child)) == row)
        return child;
    }

  return NULL;
}

/* Popovers, made when somebody wants them */

static gboolean
is_open (GtkWidget *popover)
{
  return popover != NULL && gtk_widget_get_visible (popover);
}

/* Menus */

static gboolean
on_menu_made (gpointer user_data)
{
  FlintContactView *self = user_data;

  self->menu_idle = 0;
  gtk_popover_popup (GTK_POPOVER (self->menu));

  return G_SOURCE_REMOVE;
}

static void
show_menu (FlintContactView *self,
           GdkRectangle     *at)
{
  FlintTreeRow *row = flint_contact_view_get_selected (self);
  GMenuModel *model = self->contacts_menu;

  if (row == NULL && !flint_contact_view_has_several (self))
    return;

  if (row != NULL && flint_tree_row_get_kind (row) == FLINT_TREE_ACCOUNT)
    {
      GtkWidget *list_row = flint_contact_view_find_widget (self, row);
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

  if (row != NULL)
    model = flint_tree_row_get_kind (row) == FLINT_TREE_CONTACT ? self->contact_menu : self->group_menu;
  gtk_popover_menu_set_menu_model (GTK_POPOVER_MENU (self->menu), model);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), at);

  /* GTK puts the lines between the sections in from an idle of this priority. A menu that is shown before is too low
   * for them, and hides its last rows. */
  if (self->menu_idle == 0)
    self->menu_idle = g_idle_add_full (G_PRIORITY_HIGH_IDLE, on_menu_made, self, NULL);
}

void
flint_contact_view_on_secondary_click (GtkGestureClick  *gesture,
                                       int               n_press,
                                       double            x,
                                       double            y,
                                       FlintContactView *self)
{
  FlintTreeListRow *row = pick_row (self, x, y);

  if (row == NULL || flint_tree_list_row_get_row (row) == NULL)
    return;

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  if (!flint_tree_selection_has_row (self->selection, flint_tree_list_row_get_row (row)))
    flint_tree_selection_set_row (self->selection, flint_tree_list_row_get_row (row));
  show_menu (self, &(GdkRectangle) { x, y, 1, 1 });
}

/* A row's place in the list, for what the keyboard opens. */
static gboolean
get_area (FlintContactView *self,
          FlintTreeRow     *row,
          GdkRectangle     *area)
{
  GtkWidget *child = flint_contact_view_find_widget (self, row);
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
  GdkRectangle area = { 0, 0, gtk_widget_get_width (self->list), 1 };

  /* several have no place of their own: where the cursor is, else at the top */
  if (get_area (self, flint_contact_view_get_subject (self), &area) || flint_contact_view_has_several (self))
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

/* Returns: whether there was one */
gboolean
flint_contact_view_hide_card (FlintContactView *self)
{
  gboolean was_open = is_open (self->card);

  g_clear_handle_id (&self->hover_timer, g_source_remove);
  if (self->card != NULL)
    gtk_popover_popdown (GTK_POPOVER (self->card));

  return was_open;
}

static gboolean
on_hover_timer (gpointer user_data)
{
  FlintContactView *self = user_data;
  FlintTreeListRow *row = pick_row (self, 12, self->hover_y);
  graphene_rect_t bounds;
  GdkRectangle area;

  self->hover_timer = 0;

  /* who selects several wants to reach the next row, not to read about the last one */
  if (row == NULL || is_open (self->menu) || flint_contact_view_has_several (self) ||
      !gtk_widget_compute_bounds (GTK_WIDGET (row), self->list, &bounds))
    return G_SOURCE_REMOVE;

  area = (GdkRectangle) { bounds.origin.x, bounds.origin.y, bounds.size.width, bounds.size.height };
  show_card (self, flint_tree_list_row_get_row (row), &area);

  return G_SOURCE_REMOVE;
}

void
flint_contact_view_on_motion (GtkEventControllerMotion *controller,
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
  flint_contact_view_hide_card (self);
  g_object_set (flint_contact_view_get_tree (self), "is-held", TRUE, NULL);
  self->hover_timer = g_timeout_add (HOVER_MS, on_hover_timer, self);
}

void
flint_contact_view_on_leave (GtkEventControllerMotion *controller,
                             FlintContactView         *self)
{
  flint_contact_view_hide_card (self);
  g_object_set (flint_contact_view_get_tree (self), "is-held", FALSE, NULL);
}

static void
on_card_key (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  FlintContactView *self = FLINT_CONTACT_VIEW (widget);
  GdkRectangle area;

  if (!flint_contact_view_hide_card (self) && get_area (self, flint_contact_view_get_subject (self), &area))
    show_card (self, flint_contact_view_get_subject (self), &area);
}

/* The card is of whom the pointer rests on, who need not be selected. */
static void
on_card_chat (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  FlintContactView *self = FLINT_CONTACT_VIEW (widget);
  FlintContact *contact = self->card != NULL ? flint_contact_card_get_contact (FLINT_CONTACT_CARD (self->card)) : NULL;

  flint_contact_view_hide_card (self);
  if (contact != NULL)
    flint_contact_view_open_chat (self, contact);
}

void
flint_contact_view_class_init_popovers (FlintContactViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_install_action (widget_class, "list.menu", NULL, on_menu_key);
  gtk_widget_class_install_action (widget_class, "list.card", NULL, on_card_key);
  gtk_widget_class_install_action (widget_class, "list.card-chat", NULL, on_card_chat);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "list.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "list.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_i, GDK_CONTROL_MASK, "list.card", NULL);
}
