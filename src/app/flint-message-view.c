/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-message-view.h"

#include "flint-message-actions.h"
#include "flint-message-row.h"
#include "flint-row-box.h"
#include "flint-text.h"

#include <glib/gi18n.h>

#define MAX_SPOKEN 500  /* graphemes that a screen reader gets of a message at once */
#define ACTIONS_MARGIN 18   /* px beside the bar of actions */
#define END_SLACK 4   /* px: this near to the end is the end */

/* Where a list is led, a frame for each, to show a row: a list goes no further than it has to */
#define N_STEPS 4
static const int steps_into_sight[N_STEPS] = { 0, -1, 1, 0 };   /* and its neighbours, so that it is not at the edge */
static const int steps_to_top[N_STEPS] = { 0, 60, 0, 0 };       /* from below */

struct _FlintMessageView
{
  AdwBin              parent_instance;

  FlintConversation  *conversation;
  gboolean            is_stuck;        /* to the end */
  gboolean            is_scrolling;    /* by us, not by the person */
  guint               target;          /* the row to show next */
  const int          *steps;           /* the way there */
  guint               n_steps;         /* that are done of it */
  guint               tick;
  guint               n_missed;        /* came while the end was out of sight */
  GHashTable         *rows;            /* FlintMessageRow that show a message, not owned */
  FlintPattern       *pattern;         /* what is looked for, or NULL */
  FlintMessage       *found;           /* the hit where the person is, or NULL */

  GtkWidget          *overlay;
  GtkWidget          *actions;
  GtkWidget          *scroller;
  GtkWidget          *list;
  GtkWidget          *jump_revealer;
  GtkWidget          *jump_label;
};

enum {
  REPLY,
  LEAVE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlintMessageView, flint_message_view, ADW_TYPE_BIN)

static GtkAdjustment *
get_adjustment (FlintMessageView *self)
{
  return gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scroller));
}

static GListModel *
get_model (FlintMessageView *self)
{
  return G_LIST_MODEL (flint_conversation_get_timeline (self->conversation));
}

static gboolean
is_at_bottom (FlintMessageView *self)
{
  GtkAdjustment *adjustment = get_adjustment (self);

  return gtk_adjustment_get_value (adjustment) + gtk_adjustment_get_page_size (adjustment) >=
         gtk_adjustment_get_upper (adjustment) - END_SLACK;
}

/* Rows */

static void
on_retry (FlintMessageRow  *row,
          FlintMessage     *message,
          FlintMessageView *self)
{
  flint_conversation_retry (self->conversation, message);
}

static void
on_discard (FlintMessageRow  *row,
            FlintMessage     *message,
            FlintMessageView *self)
{
  flint_conversation_discard (self->conversation, message);
}

static void
on_setup (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          FlintMessageView         *self)
{
  GtkWidget *row = flint_message_row_new ();

  g_signal_connect (row, "retry", G_CALLBACK (on_retry), self);
  g_signal_connect (row, "discard", G_CALLBACK (on_discard), self);
  gtk_list_item_set_activatable (item, FALSE);
  gtk_list_item_set_child (item, flint_row_box_new (row));
}

static FlintMessageRow *
get_row (GtkListItem *item)
{
  return FLINT_MESSAGE_ROW (flint_row_box_get_child (FLINT_ROW_BOX (gtk_list_item_get_child (item))));
}

static void
on_bind (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         FlintMessageView         *self)
{
  FlintMessage *message = gtk_list_item_get_item (item);
  const char *sender = flint_message_get_sender (message);
  g_autofree char *label = NULL;

  flint_message_row_set_found (get_row (item), self->pattern, self->found == message);
  flint_message_row_set_message (get_row (item), message);
  g_hash_table_add (self->rows, get_row (item));

  label = flint_text_for_line (flint_message_get_text (message), MAX_SPOKEN);
  if (sender != NULL)
    {
      g_autofree char *text = g_steal_pointer (&label);
      g_autofree char *time = flint_message_format_time (message);

      label = g_strdup_printf ("%s: %s, %s", sender, text, time);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (gtk_list_item_get_child (item))),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
on_unbind (GtkSignalListItemFactory *factory,
           GtkListItem              *item,
           FlintMessageView         *self)
{
  g_hash_table_remove (self->rows, get_row (item));
  if (flint_message_actions_get_row (FLINT_MESSAGE_ACTIONS (self->actions)) == get_row (item))
    flint_message_actions_set_row (FLINT_MESSAGE_ACTIONS (self->actions), NULL);
  flint_message_row_set_message (get_row (item), NULL);
}

/* The bar of actions: one, beside the row under the pointer, the finger or the focus */

static gboolean
get_row_bounds (FlintMessageView *self,
                gpointer          row,
                graphene_rect_t  *bounds)
{
  return gtk_widget_get_mapped (row) && gtk_widget_compute_bounds (row, self->overlay, bounds) &&
         bounds->origin.y + bounds->size.height > 0 && bounds->origin.y < gtk_widget_get_height (self->overlay);
}

static void
show_actions (FlintMessageView *self,
              FlintMessageRow  *row)
{
  FlintMessage *message = row != NULL ? flint_message_row_get_message (row) : NULL;

  /* nothing is to be done with a line of ours */
  if (message != NULL && flint_message_get_kind (message) != FLINT_MESSAGE_TEXT)
    row = NULL;

  if (flint_message_actions_is_used (FLINT_MESSAGE_ACTIONS (self->actions)))
    return;

  flint_message_actions_set_row (FLINT_MESSAGE_ACTIONS (self->actions), row);
}

/* It goes where its row goes, and is gone when that is out of sight */
static void
update_actions (FlintMessageView *self)
{
  FlintMessageRow *row = flint_message_actions_get_row (FLINT_MESSAGE_ACTIONS (self->actions));
  graphene_rect_t bounds;

  if (row != NULL && !get_row_bounds (self, row, &bounds))
    flint_message_actions_set_row (FLINT_MESSAGE_ACTIONS (self->actions), NULL);
  else if (row != NULL)
    gtk_widget_queue_allocate (self->overlay);
}

/* At the end of the row's first line, a little above it: what was said stays readable */
static gboolean
on_child_position (GtkOverlay       *overlay,
                   GtkWidget        *child,
                   GdkRectangle     *allocation,
                   FlintMessageView *self)
{
  FlintMessageRow *row = flint_message_actions_get_row (FLINT_MESSAGE_ACTIONS (self->actions));
  graphene_rect_t bounds;
  GtkRequisition size;
  int top;

  if (child != self->actions || row == NULL || !get_row_bounds (self, row, &bounds) ||
      !gtk_widget_compute_bounds (flint_message_row_get_box (row), self->overlay, &bounds))
    return FALSE;

  gtk_widget_get_preferred_size (child, NULL, &size);
  top = bounds.origin.y - size.height / 2;
  allocation->width = size.width;
  allocation->height = size.height;
  allocation->x = MAX (0, gtk_widget_get_width (self->overlay) - size.width - ACTIONS_MARGIN);
  allocation->y = CLAMP (top, 0, MAX (0, gtk_widget_get_height (self->overlay) - size.height));

  return TRUE;
}

static FlintMessageRow *
find_row_at (FlintMessageView *self,
             double            x,
             double            y)
{
  GtkWidget *widget = gtk_widget_pick (self->list, x, y, GTK_PICK_DEFAULT);

  return widget != NULL ? FLINT_MESSAGE_ROW (gtk_widget_get_ancestor (widget, FLINT_TYPE_MESSAGE_ROW)) : NULL;
}

static void
on_pointer (GtkEventControllerMotion *controller,
            double                    x,
            double                    y,
            FlintMessageView         *self)
{
  FlintMessageRow *row = find_row_at (self, x, y);

  if (row != NULL)
    show_actions (self, row);
}

static void
on_pointer_gone (FlintMessageView *self)
{
  show_actions (self, NULL);
}

static void
on_touched (GtkGestureClick  *gesture,
            int               n_press,
            double            x,
            double            y,
            FlintMessageView *self)
{
  show_actions (self, find_row_at (self, x, y));
}

/* The row with the focus in it, or that has it: then it is the list's item around it */
static FlintMessageRow *
get_focus_row (FlintMessageView *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkWidget *child;

  if (focus == NULL || !gtk_widget_is_ancestor (focus, self->list))
    return NULL;

  child = gtk_widget_get_first_child (focus);
  if (gtk_widget_get_parent (focus) == self->list)
    return FLINT_IS_ROW_BOX (child) ? FLINT_MESSAGE_ROW (flint_row_box_get_child (FLINT_ROW_BOX (child))) : NULL;

  return FLINT_MESSAGE_ROW (gtk_widget_get_ancestor (focus, FLINT_TYPE_MESSAGE_ROW));
}

/* By the keyboard only: a click into a text is not about the bar */
static void
on_focus_changed (FlintMessageView *self)
{
  FlintMessageRow *row = get_focus_row (self);

  if (row != NULL && gtk_window_get_focus_visible (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)))))
    show_actions (self, row);
}

static void
focus_row (FlintMessageRow *row)
{
  /* the list's own item has it, around our box */
  gtk_widget_grab_focus (gtk_widget_get_parent (gtk_widget_get_parent (GTK_WIDGET (row))));
}

/* The newest message in sight: from what is written one comes to what was said last, and nothing moves */
static gboolean
flint_message_view_focus (GtkWidget        *widget,
                          GtkDirectionType  direction)
{
  FlintMessageView *self = FLINT_MESSAGE_VIEW (widget);
  FlintMessageRow *last = NULL;
  float bottom = 0;
  GHashTableIter iter;
  gpointer row;

  if (gtk_widget_get_focus_child (widget) != NULL || (direction != GTK_DIR_TAB_FORWARD && direction != GTK_DIR_TAB_BACKWARD))
    return GTK_WIDGET_CLASS (flint_message_view_parent_class)->focus (widget, direction);

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &row, NULL))
    {
      graphene_rect_t bounds;

      if (!get_row_bounds (self, row, &bounds) || (last != NULL && bounds.origin.y <= bottom))
        continue;

      last = row;
      bottom = bounds.origin.y;
    }

  if (last == NULL)
    return FALSE;

  focus_row (last);

  return TRUE;
}

static void
on_reply (FlintMessageActions *actions,
          FlintMessage        *message,
          FlintMessageView    *self)
{
  g_signal_emit (self, signals[REPLY], 0, message);
}

/* With the focus at a message: Enter leads to what can be done with it, letters do it, End goes back to writing */
static gboolean
on_key (GtkEventControllerKey *controller,
        guint                  keyval,
        guint                  keycode,
        GdkModifierType        state,
        FlintMessageView      *self)
{
  FlintMessageRow *row = get_focus_row (self);
  gboolean is_text = row != NULL && flint_message_row_get_message (row) != NULL &&
                     flint_message_get_kind (flint_message_row_get_message (row)) == FLINT_MESSAGE_TEXT;
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));

  /* a button in the row has keys of its own */
  if (row == NULL || GTK_IS_BUTTON (focus) || (state & gtk_accelerator_get_default_mod_mask ()) != 0)
    return GDK_EVENT_PROPAGATE;

  if (keyval == GDK_KEY_End || keyval == GDK_KEY_KP_End || keyval == GDK_KEY_Escape)
    g_signal_emit (self, signals[LEAVE], 0);
  else if (is_text && (keyval == GDK_KEY_r || keyval == GDK_KEY_R))
    g_signal_emit (self, signals[REPLY], 0, flint_message_row_get_message (row));
  else if (is_text && (keyval == GDK_KEY_c || keyval == GDK_KEY_C))
    gtk_widget_activate_action (GTK_WIDGET (row), "message.copy", NULL);
  else if (is_text && (keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter || keyval == GDK_KEY_ISO_Enter))
    {
      flint_message_actions_set_row (FLINT_MESSAGE_ACTIONS (self->actions), row);
      gtk_widget_grab_focus (self->actions);
    }
  else
    return GDK_EVENT_PROPAGATE;

  return GDK_EVENT_STOP;
}

static gboolean
on_actions_key (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                FlintMessageView      *self)
{
  FlintMessageRow *row = flint_message_actions_get_row (FLINT_MESSAGE_ACTIONS (self->actions));

  if (keyval != GDK_KEY_Escape || row == NULL)
    return GDK_EVENT_PROPAGATE;

  focus_row (row);

  return GDK_EVENT_STOP;
}

static void
flint_message_view_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (flint_message_view_parent_class)->root (widget);

  g_signal_connect_object (gtk_widget_get_root (widget), "notify::focus-widget", G_CALLBACK (on_focus_changed), widget, G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_widget_get_root (widget), "notify::focus-visible", G_CALLBACK (on_focus_changed), widget, G_CONNECT_SWAPPED);
}

static void
flint_message_view_unroot (GtkWidget *widget)
{
  g_signal_handlers_disconnect_by_func (gtk_widget_get_root (widget), on_focus_changed, widget);

  GTK_WIDGET_CLASS (flint_message_view_parent_class)->unroot (widget);
}

/* Scrolling: in GTK 4.8 a list's adjustment knows only estimates, so a row is named and the list goes there, in the next frame. */

static void
update_jump (FlintMessageView *self)
{
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->jump_revealer), !self->is_stuck);
  gtk_widget_set_visible (self->jump_label, self->n_missed > 0);

  if (self->n_missed > 0)
    {
      g_autofree char *text = g_strdup_printf (ngettext ("%u new message", "%u new messages", self->n_missed), self->n_missed);

      gtk_label_set_label (GTK_LABEL (self->jump_label), text);
    }
}

static void on_value_changed (FlintMessageView *self);

static gboolean
on_tick (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       user_data)
{
  FlintMessageView *self = FLINT_MESSAGE_VIEW (widget);
  guint n_items = g_list_model_get_n_items (get_model (self));
  gboolean has_steps = !self->is_stuck && self->n_steps < N_STEPS;
  int row = (int) n_items - 1;

  /* who lets go of the end meanwhile, stays where that was */
  if (!self->is_stuck)
    row = has_steps ? (int) self->target + self->steps[self->n_steps++] : -1;

  if (row >= 0 && n_items > 0)
    {
      self->is_scrolling = TRUE;
      gtk_widget_activate_action (self->list, "list.scroll-to-item", "u", MIN ((guint) row, n_items - 1));
      self->is_scrolling = FALSE;
    }

  if (has_steps)
    return G_SOURCE_CONTINUE;

  /* the frame after the last step: whether that is the end is known now */
  self->tick = 0;
  if (!self->is_stuck)
    on_value_changed (self);

  return G_SOURCE_REMOVE;
}

static void
queue_scroll (FlintMessageView *self)
{
  if (self->tick == 0)
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_tick, NULL, NULL);
}

static void
on_upper_changed (FlintMessageView *self)
{
  if (self->is_stuck && !is_at_bottom (self))
    queue_scroll (self);
}

static void
on_value_changed (FlintMessageView *self)
{
  update_actions (self);
  if (self->is_scrolling || self->tick != 0)
    return;

  self->is_stuck = is_at_bottom (self);
  if (self->is_stuck)
    self->n_missed = 0;
  update_jump (self);
}

/* The wheel upwards lets go at once, before the first new message can pull back. */
static gboolean
on_scroll (GtkEventControllerScroll *controller,
           double                    dx,
           double                    dy,
           FlintMessageView         *self)
{
  GtkAdjustment *adjustment = get_adjustment (self);

  if (dy < 0 && gtk_adjustment_get_upper (adjustment) > gtk_adjustment_get_page_size (adjustment))
    {
      self->is_stuck = FALSE;
      update_jump (self);
    }

  return GDK_EVENT_PROPAGATE;
}

static void
on_items_changed (GListModel       *model,
                  guint             position,
                  guint             removed,
                  guint             added,
                  FlintMessageView *self)
{
  if (self->is_stuck)
    queue_scroll (self);
  else if (added > 0 && position + added == g_list_model_get_n_items (model))
    self->n_missed += added;

  update_jump (self);
}

/**
 * flint_message_view_scroll_to_end:
 *
 * Goes to the newest message, and follows from there on.
 */
void
flint_message_view_scroll_to_end (FlintMessageView *self)
{
  g_return_if_fail (FLINT_IS_MESSAGE_VIEW (self));

  self->is_stuck = TRUE;
  self->n_missed = 0;
  update_jump (self);
  queue_scroll (self);
}

/**
 * flint_message_view_scroll_to:
 * @position: of a message in the timeline
 *
 * Goes there, and stays there whatever comes.
 */
void
flint_message_view_scroll_to (FlintMessageView *self,
                              guint             position)
{
  g_return_if_fail (FLINT_IS_MESSAGE_VIEW (self));

  self->is_stuck = FALSE;
  self->target = position;
  self->steps = steps_into_sight;
  self->n_steps = 0;
  update_jump (self);
  queue_scroll (self);
}

/**
 * flint_message_view_set_found:
 * @pattern: (nullable): what is looked for, to be marked in all messages; %NULL: nothing is
 * @position: of the hit to be shown; %GTK_INVALID_LIST_POSITION: none
 */
void
flint_message_view_set_found (FlintMessageView *self,
                              FlintPattern     *pattern,
                              guint             position)
{
  g_autoptr(FlintMessage) found = NULL;
  GHashTableIter iter;
  gpointer row;

  g_return_if_fail (FLINT_IS_MESSAGE_VIEW (self));

  found = g_list_model_get_item (get_model (self), position);
  if (pattern == self->pattern && found == self->found)
    return;

  if (pattern != NULL)
    flint_pattern_ref (pattern);
  g_clear_pointer (&self->pattern, flint_pattern_unref);
  self->pattern = pattern;
  if (g_set_object (&self->found, found) && found != NULL)
    flint_message_view_scroll_to (self, position);

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &row, NULL))
    flint_message_row_set_found (row, pattern, found != NULL && flint_message_row_get_message (row) == found);
}

/**
 * flint_message_view_scroll_to_unread:
 *
 * Goes to the first message that is unread; to the end when all are read.
 */
void
flint_message_view_scroll_to_unread (FlintMessageView *self)
{
  g_return_if_fail (FLINT_IS_MESSAGE_VIEW (self));

  for (guint i = g_list_model_get_n_items (get_model (self)); i-- > 0; )
    {
      g_autoptr(FlintMessage) message = g_list_model_get_item (get_model (self), i);

      if (flint_message_is_first_unread (message) && i + 10 < g_list_model_get_n_items (get_model (self)))
        {
          flint_message_view_scroll_to (self, i);
          return;
        }
    }

  flint_message_view_scroll_to_end (self);
}

/**
 * flint_message_view_get_place:
 *
 * Returns: (transfer full) (nullable): the first message in sight; %NULL when it follows the end
 */
FlintMessage *
flint_message_view_get_place (FlintMessageView *self)
{
  FlintMessageRow *first = NULL;
  float top = 0;
  GHashTableIter iter;
  gpointer row;

  g_return_val_if_fail (FLINT_IS_MESSAGE_VIEW (self), NULL);

  if (self->is_stuck)
    return NULL;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &row, NULL))
    {
      graphene_rect_t bounds;

      if (!gtk_widget_get_mapped (row) || !gtk_widget_compute_bounds (row, self->scroller, &bounds) || bounds.origin.y < 0 ||
          (first != NULL && bounds.origin.y > top))
        continue;

      first = row;
      top = bounds.origin.y;
    }

  return first != NULL ? g_object_ref (flint_message_row_get_message (first)) : NULL;
}

/**
 * flint_message_view_set_place:
 * @place: (nullable): a message; %NULL: the end
 *
 * Goes there; to the end as well if @place is no more.
 */
void
flint_message_view_set_place (FlintMessageView *self,
                              FlintMessage     *place)
{
  g_return_if_fail (FLINT_IS_MESSAGE_VIEW (self));

  for (guint i = g_list_model_get_n_items (get_model (self)); place != NULL && i-- > 0; )
    {
      g_autoptr(FlintMessage) message = g_list_model_get_item (get_model (self), i);

      if (message == place)
        {
          flint_message_view_scroll_to (self, i);
          self->steps = steps_to_top;
          return;
        }
    }

  flint_message_view_scroll_to_end (self);
}

gboolean
flint_message_view_is_at_end (FlintMessageView *self)
{
  g_return_val_if_fail (FLINT_IS_MESSAGE_VIEW (self), FALSE);

  return self->is_stuck;
}

void
flint_message_view_set_conversation (FlintMessageView  *self,
                                     FlintConversation *conversation)
{
  g_autoptr(GtkSelectionModel) selection = NULL;

  g_return_if_fail (FLINT_IS_MESSAGE_VIEW (self));
  g_return_if_fail (self->conversation == NULL);

  self->conversation = g_object_ref (conversation);
  selection = GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (get_model (self))));
  gtk_list_view_set_model (GTK_LIST_VIEW (self->list), selection);

  g_signal_connect_object (get_model (self), "items-changed", G_CALLBACK (on_items_changed), self, G_CONNECT_AFTER);
  g_signal_connect_object (get_adjustment (self), "changed", G_CALLBACK (on_upper_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (get_adjustment (self), "value-changed", G_CALLBACK (on_value_changed), self, G_CONNECT_SWAPPED);
  queue_scroll (self);
}

static void
flint_message_view_dispose (GObject *object)
{
  FlintMessageView *self = FLINT_MESSAGE_VIEW (object);

  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
  g_clear_pointer (&self->pattern, flint_pattern_unref);
  g_clear_object (&self->found);
  g_clear_object (&self->conversation);

  G_OBJECT_CLASS (flint_message_view_parent_class)->dispose (object);
}

static void
flint_message_view_finalize (GObject *object)
{
  g_hash_table_unref (FLINT_MESSAGE_VIEW (object)->rows);

  G_OBJECT_CLASS (flint_message_view_parent_class)->finalize (object);
}

static void
flint_message_view_class_init (FlintMessageViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_message_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = flint_message_view_finalize;

  widget_class->focus = flint_message_view_focus;
  widget_class->root = flint_message_view_root;
  widget_class->unroot = flint_message_view_unroot;

  /**
   * FlintMessageView::reply:
   *
   * The person wants to answer this message.
   */
  signals[REPLY] = g_signal_new ("reply", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, FLINT_TYPE_MESSAGE);
  /**
   * FlintMessageView::leave:
   *
   * The person goes back to writing.
   */
  signals[LEAVE] = g_signal_new ("leave", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (FLINT_TYPE_MESSAGE_ACTIONS);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/message-view.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintMessageView, overlay);
  gtk_widget_class_bind_template_child (widget_class, FlintMessageView, actions);
  gtk_widget_class_bind_template_callback (widget_class, on_child_position);
  gtk_widget_class_bind_template_callback (widget_class, on_pointer);
  gtk_widget_class_bind_template_callback (widget_class, on_pointer_gone);
  gtk_widget_class_bind_template_callback (widget_class, on_touched);
  gtk_widget_class_bind_template_callback (widget_class, on_key);
  gtk_widget_class_bind_template_callback (widget_class, on_actions_key);
  gtk_widget_class_bind_template_callback (widget_class, on_reply);
  gtk_widget_class_bind_template_child (widget_class, FlintMessageView, scroller);
  gtk_widget_class_bind_template_child (widget_class, FlintMessageView, list);
  gtk_widget_class_bind_template_child (widget_class, FlintMessageView, jump_revealer);
  gtk_widget_class_bind_template_child (widget_class, FlintMessageView, jump_label);
  gtk_widget_class_bind_template_callback (widget_class, on_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_unbind);
  gtk_widget_class_bind_template_callback (widget_class, on_scroll);
  gtk_widget_class_bind_template_callback (widget_class, flint_message_view_scroll_to_end);
}

static void
flint_message_view_init (FlintMessageView *self)
{
  self->is_stuck = TRUE;
  self->n_steps = N_STEPS;
  self->rows = g_hash_table_new (NULL, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
}
