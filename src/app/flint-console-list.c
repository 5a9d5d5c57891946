/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-console-list.h"

#include "flint-console-columns.h"
#include "flint-follower.h"

#include <glib/gi18n.h>

#define SLIM_WIDTH 520   /* px: narrower is as a telephone */

struct _FlintConsoleList
{
  AdwBin             parent_instance;

  GListModel        *model;
  GtkSelectionModel *selection;
  GPtrArray         *columns;         /* of owned GtkColumnViewColumn, also those that are not in the view */
  GtkWidget         *rows;            /* the list inside of the view; not owned */
  gboolean           is_narrow;
  gboolean           is_slim;
  gboolean           will_be_slim;
  guint              idle;
  gboolean           has_accounts;

  FlintFollower     *follower;
  gboolean           was_following;

  GtkWidget         *scroller;
  GtkWidget         *view;
  GtkWidget         *jump_revealer;
  GtkWidget         *jump_label;
  GMenuModel        *row_menu;
  GtkWidget         *menu;            /* popover; child of the view */
};

enum {
  PROP_0,
  PROP_NARROW,
  PROP_HAS_ACCOUNTS,
  PROP_IS_FOLLOWING,
  N_PROPS
};

enum {
  SELECTION_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlintConsoleList, flint_console_list, ADW_TYPE_BIN)

/* Columns: in GTK 4.8 a hidden one breaks the width of the others, so they are taken out and put in. */

static gboolean
is_wanted (FlintConsoleList *self,
           guint             index)
{
  FlintConsoleColumnFlags flags = flint_console_columns_get_flags (index);

  if ((flags & FLINT_CONSOLE_COLUMN_SINGLE) && self->has_accounts)
    return FALSE;
  if ((flags & FLINT_CONSOLE_COLUMN_SEVERAL) && !self->has_accounts)
    return FALSE;

  if (self->is_slim)
    return (flags & FLINT_CONSOLE_COLUMN_SLIM) != 0;

  return (flags & (self->is_narrow ? FLINT_CONSOLE_COLUMN_NARROW : FLINT_CONSOLE_COLUMN_WIDE)) != 0;
}

static void
update_columns (FlintConsoleList *self)
{
  guint position = 0;

  for (guint i = 0; i < self->columns->len; i++)
    {
      GtkColumnViewColumn *column = g_ptr_array_index (self->columns, i);
      gboolean is_there = gtk_column_view_column_get_column_view (column) != NULL;

      if (is_there && !is_wanted (self, i))
        gtk_column_view_remove_column (GTK_COLUMN_VIEW (self->view), column);
      else if (!is_there && is_wanted (self, i))
        gtk_column_view_insert_column (GTK_COLUMN_VIEW (self->view), position, column);

      position += is_wanted (self, i) ? 1 : 0;
    }

  flint_console_columns_align_titles (self->view);
}

/* What changes with the width must not change while sizes are given out: it waits for the next turn. */
static gboolean
on_idle (gpointer user_data)
{
  FlintConsoleList *self = user_data;

  self->idle = 0;
  if (self->is_slim != self->will_be_slim)
    {
      self->is_slim = self->will_be_slim;
      update_columns (self);
    }

  return G_SOURCE_REMOVE;
}

static void
on_width_changed (FlintConsoleList *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (self->scroller));
  double width = gtk_adjustment_get_page_size (adjustment);

  self->will_be_slim = width > 0 && width < SLIM_WIDTH;
  if (self->will_be_slim != self->is_slim && self->idle == 0)
    self->idle = g_idle_add (on_idle, self);
}

/* Following */

static void
update_jump (FlintConsoleList *self)
{
  gboolean is_following = flint_follower_is_following (self->follower);
  guint n_missed = flint_follower_get_missed (self->follower);

  gtk_revealer_set_reveal_child (GTK_REVEALER (self->jump_revealer), !is_following);
  gtk_widget_set_visible (self->jump_label, n_missed > 0);

  if (n_missed > 0)
    {
      g_autofree char *text = g_strdup_printf (ngettext ("%u new entry", "%u new entries", n_missed), n_missed);

      gtk_label_set_label (GTK_LABEL (self->jump_label), text);
    }

  if (self->was_following == is_following)
    return;

  self->was_following = is_following;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_FOLLOWING]);
}

/**
 * flint_console_list_scroll_to_end:
 *
 * Goes to the newest entry, and follows from there on.
 */
void
flint_console_list_scroll_to_end (FlintConsoleList *self)
{
  g_return_if_fail (FLINT_IS_CONSOLE_LIST (self));

  flint_follower_follow (self->follower);
}

gboolean
flint_console_list_is_following (FlintConsoleList *self)
{
  g_return_val_if_fail (FLINT_IS_CONSOLE_LIST (self), FALSE);

  return self->follower == NULL || flint_follower_is_following (self->follower);
}

/* Selecting */

static void
on_selection_changed (FlintConsoleList *self)
{
  /* Who looks at one entry does not want it to run away. */
  if (flint_follower_can_scroll (self->follower))
    {
      g_autoptr(GtkBitset) selected = gtk_selection_model_get_selection (self->selection);
      guint n_items = g_list_model_get_n_items (self->model);

      if (!gtk_bitset_is_empty (selected) && gtk_bitset_get_maximum (selected) + 1 < n_items)
        flint_follower_let_go (self->follower);
    }

  g_signal_emit (self, signals[SELECTION_CHANGED], 0);
}

/**
 * flint_console_list_get_selected:
 *
 * Returns: (transfer full): the selected entries, of owned ConsoleEntry
 */
GPtrArray *
flint_console_list_get_selected (FlintConsoleList *self)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GtkBitset) selected = NULL;
  GtkBitsetIter iter;
  guint position;

  g_return_val_if_fail (FLINT_IS_CONSOLE_LIST (self), entries);

  selected = gtk_selection_model_get_selection (self->selection);
  if (gtk_bitset_iter_init_first (&iter, selected, &position))
    {
      do
        g_ptr_array_add (entries, g_list_model_get_item (self->model, position));
      while (gtk_bitset_iter_next (&iter, &position));
    }

  return entries;
}

/**
 * flint_console_list_select_last:
 *
 * Selects the newest entry.
 */
void
flint_console_list_select_last (FlintConsoleList *self)
{
  guint n_items;

  g_return_if_fail (FLINT_IS_CONSOLE_LIST (self));

  n_items = g_list_model_get_n_items (self->model);
  if (n_items > 0)
    gtk_selection_model_select_item (self->selection, n_items - 1, TRUE);
}

/* The menu */

static void
show_menu (FlintConsoleList *self,
           GdkRectangle     *at)
{
  g_autoptr(GtkBitset) selected = NULL;

  if (self->selection == NULL)
    return;

  selected = gtk_selection_model_get_selection (self->selection);
  if (gtk_bitset_is_empty (selected))
    return;

  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), at);
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

/* Of the row under the pointer, which is selected then; of all that are selected, if it is one of them */
static void
on_secondary_click (GtkGestureClick  *gesture,
                    int               n_press,
                    double            x,
                    double            y,
                    FlintConsoleList *self)
{
  GtkWidget *picked = gtk_widget_pick (self->view, x, y, GTK_PICK_DEFAULT);
  GtkListItem *item = flint_console_columns_get_item (picked);
  guint position;

  if (item == NULL)
    return;

  position = gtk_list_item_get_position (item);
  if (!gtk_selection_model_is_selected (self->selection, position))
    gtk_selection_model_select_item (self->selection, position, TRUE);

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  show_menu (self, &(GdkRectangle) { (int) x, (int) y, 1, 1 });
}

static void
on_menu_key (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  FlintConsoleList *self = FLINT_CONSOLE_LIST (widget);
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget));
  GdkRectangle at = { .width = 1, .height = 1 };
  graphene_rect_t bounds;

  /* below the row that has the focus, or in the middle */
  if (focus != NULL && focus != self->view && gtk_widget_is_ancestor (focus, self->view) &&
      gtk_widget_compute_bounds (focus, self->view, &bounds))
    {
      at.x = bounds.origin.x + 60;
      at.y = bounds.origin.y;
      at.height = bounds.size.height;
    }
  else
    {
      at.x = gtk_widget_get_width (self->view) / 2;
      at.y = gtk_widget_get_height (self->view) / 2;
    }

  show_menu (self, &at);
}

/**
 * flint_console_list_set_model:
 * @model: of ConsoleEntry; once
 */
void
flint_console_list_set_model (FlintConsoleList *self,
                              GListModel       *model)
{
  g_return_if_fail (FLINT_IS_CONSOLE_LIST (self));
  g_return_if_fail (self->model == NULL);

  self->model = g_object_ref (model);
  self->selection = GTK_SELECTION_MODEL (gtk_multi_selection_new (g_object_ref (model)));
  gtk_column_view_set_model (GTK_COLUMN_VIEW (self->view), self->selection);

  g_signal_connect_object (self->selection, "selection-changed", G_CALLBACK (on_selection_changed), self, G_CONNECT_SWAPPED);
  self->follower = flint_follower_new (self->scroller, self->rows, model);
  g_signal_connect_object (self->follower, "changed", G_CALLBACK (update_jump), self, G_CONNECT_SWAPPED);
}

static void
flint_console_list_realize (GtkWidget *widget)
{
  FlintConsoleList *self = FLINT_CONSOLE_LIST (widget);

  GTK_WIDGET_CLASS (flint_console_list_parent_class)->realize (widget);
  flint_console_columns_fit (self->columns, self->view);
}

static gboolean
flint_console_list_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (FLINT_CONSOLE_LIST (widget)->view);
}

static void
flint_console_list_dispose (GObject *object)
{
  FlintConsoleList *self = FLINT_CONSOLE_LIST (object);

  g_clear_object (&self->follower);
  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_object (&self->model);
  g_clear_object (&self->selection);
  g_clear_pointer (&self->columns, g_ptr_array_unref);

  G_OBJECT_CLASS (flint_console_list_parent_class)->dispose (object);
}

static void
flint_console_list_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  FlintConsoleList *self = FLINT_CONSOLE_LIST (object);

  switch (prop_id)
    {
    case PROP_NARROW:
      g_value_set_boolean (value, self->is_narrow);
      break;

    case PROP_HAS_ACCOUNTS:
      g_value_set_boolean (value, self->has_accounts);
      break;

    case PROP_IS_FOLLOWING:
      g_value_set_boolean (value, flint_console_list_is_following (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
flint_console_list_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  FlintConsoleList *self = FLINT_CONSOLE_LIST (object);

  switch (prop_id)
    {
    case PROP_NARROW:
      self->is_narrow = g_value_get_boolean (value);
      update_columns (self);
      break;

    case PROP_HAS_ACCOUNTS:
      self->has_accounts = g_value_get_boolean (value);
      update_columns (self);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
flint_console_list_class_init (FlintConsoleListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = flint_console_list_dispose;
  object_class->get_property = flint_console_list_get_property;
  object_class->set_property = flint_console_list_set_property;
  widget_class->realize = flint_console_list_realize;
  widget_class->grab_focus = flint_console_list_grab_focus;

  properties[PROP_NARROW] =
    g_param_spec_boolean ("narrow", NULL, NULL, FALSE, (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  properties[PROP_HAS_ACCOUNTS] =
    g_param_spec_boolean ("has-accounts", NULL, NULL, FALSE, (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  properties[PROP_IS_FOLLOWING] =
    g_param_spec_boolean ("is-following", NULL, NULL, TRUE, (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SELECTION_CHANGED] =
    g_signal_new ("selection-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/console-list.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleList, scroller);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleList, view);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleList, jump_revealer);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleList, jump_label);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleList, row_menu);
  gtk_widget_class_bind_template_callback (widget_class, on_secondary_click);
  gtk_widget_class_bind_template_callback (widget_class, flint_console_list_scroll_to_end);

  gtk_widget_class_install_action (widget_class, "console.row-menu", NULL, on_menu_key);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "console.row-menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "console.row-menu", NULL);
}

static void
flint_console_list_init (FlintConsoleList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->was_following = TRUE;
  self->columns = flint_console_columns_new ();
  for (self->rows = gtk_widget_get_first_child (self->view); !GTK_IS_LIST_VIEW (self->rows); )
    self->rows = gtk_widget_get_next_sibling (self->rows);
  update_columns (self);
  g_signal_connect_object (gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (self->scroller)), "notify::page-size",
                           G_CALLBACK (on_width_changed), self, G_CONNECT_SWAPPED);

  self->menu = gtk_popover_menu_new_from_model (self->row_menu);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
  gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
  gtk_widget_set_parent (self->menu, self->view);
}
