/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bar of actions: one, beside the row under the pointer, the finger or the focus; and the keys of a row. */
#include "flint-config.h"

#include "flint-message-view-private.h"

#include "flint-message-actions.h"
#include "flint-row-box.h"

#define ACTIONS_MARGIN 18    /* px beside the bar */
#define ACTIONS_OVERLAP 4    /* px that it stands in its row: the pointer comes from one to the other */

enum {
  REPLY,
  LEAVE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

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
void
flint_message_view_update_actions (FlintMessageView *self)
{
  FlintMessageRow *row = flint_message_actions_get_row (FLINT_MESSAGE_ACTIONS (self->actions));
  graphene_rect_t bounds;

  if (row != NULL && !get_row_bounds (self, row, &bounds))
    flint_message_actions_set_row (FLINT_MESSAGE_ACTIONS (self->actions), NULL);
  else if (row != NULL)
    gtk_widget_queue_allocate (self->overlay);
}

/* At the end of the row, above its first line: what was said stays readable, in a narrow window too */
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
  top = bounds.origin.y + ACTIONS_OVERLAP - size.height;
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

/* A button that is held takes the pointer for itself: it is still there */
static void
on_pointer_gone (GtkEventControllerMotion *controller,
                 FlintMessageView         *self)
{
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (controller));

  if (event != NULL && (gdk_event_get_event_type (event) != GDK_LEAVE_NOTIFY ||
                        gdk_crossing_event_get_mode (event) != GDK_CROSSING_NORMAL))
    return;

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
    return GTK_WIDGET_CLASS (g_type_class_peek (ADW_TYPE_BIN))->focus (widget, direction);

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
  GTK_WIDGET_CLASS (g_type_class_peek (ADW_TYPE_BIN))->root (widget);

  g_signal_connect_object (gtk_widget_get_root (widget), "notify::focus-widget", G_CALLBACK (on_focus_changed), widget, G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_widget_get_root (widget), "notify::focus-visible", G_CALLBACK (on_focus_changed), widget, G_CONNECT_SWAPPED);
}

static void
flint_message_view_unroot (GtkWidget *widget)
{
  g_signal_handlers_disconnect_by_func (gtk_widget_get_root (widget), on_focus_changed, widget);

  GTK_WIDGET_CLASS (g_type_class_peek (ADW_TYPE_BIN))->unroot (widget);
}

void
flint_message_view_class_init_actions (FlintMessageViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

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

  gtk_widget_class_bind_template_callback (widget_class, on_child_position);
  gtk_widget_class_bind_template_callback (widget_class, on_pointer);
  gtk_widget_class_bind_template_callback (widget_class, on_pointer_gone);
  gtk_widget_class_bind_template_callback (widget_class, on_touched);
  gtk_widget_class_bind_template_callback (widget_class, on_key);
  gtk_widget_class_bind_template_callback (widget_class, on_actions_key);
  gtk_widget_class_bind_template_callback (widget_class, on_reply);
}
