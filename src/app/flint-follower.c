/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-follower.h"

#define END_SLACK 4   /* px: this near to the end is the end */
#define N_TRIES   4   /* frames */

/* Where a list is led, a frame for each, to show a row: a list goes no further than it has to */
#define N_STEPS 4
static const int steps[][N_STEPS] = {
  [FLINT_FOLLOWER_IN_SIGHT] = { 0, -1, 1, 0 },   /* and its neighbours, so that it is not at the edge */
  [FLINT_FOLLOWER_AT_TOP]   = { 0, 60, 0, 0 },   /* from below */
};

struct _FlintFollower
{
  GObject     parent_instance;

  GtkWidget  *scroller;        /* weak */
  GtkWidget  *list;            /* in it; weak */
  GListModel *model;
  gboolean    is_following;
  gboolean    is_scrolling;    /* we are, not the person */
  guint       tick;
  guint       target;          /* the row to show next */
  const int  *steps;           /* the way there */
  guint       n_steps;         /* that are done of it */
  guint       n_tries;         /* to be at the end */
  guint       n_missed;        /* came while the end was out of sight */
};

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlintFollower, flint_follower, G_TYPE_OBJECT)

static GtkAdjustment *
get_adjustment (FlintFollower *self)
{
  return gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scroller));
}

static gboolean
is_at_end (FlintFollower *self)
{
  GtkAdjustment *adjustment = get_adjustment (self);

  return gtk_adjustment_get_value (adjustment) + gtk_adjustment_get_page_size (adjustment) >=
         gtk_adjustment_get_upper (adjustment) - END_SLACK;
}

static void
set_following (FlintFollower *self,
               gboolean       is_following)
{
  if (self->is_following == is_following)
    return;

  self->is_following = is_following;
  self->n_missed = 0;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
look_where_it_is (FlintFollower *self)
{
  set_following (self, is_at_end (self));
}

/* In GTK 4.8 a list's adjustment knows only estimates, so a row is named and the list goes there, in the next frame. */

static void
show_row (FlintFollower *self,
          int            row)
{
  guint n_items = g_list_model_get_n_items (self->model);

  if (row < 0 || n_items == 0 || self->list == NULL)
    return;

  self->is_scrolling = TRUE;
  gtk_widget_activate_action (self->list, "list.scroll-to-item", "u", MIN ((guint) row, n_items - 1));
  self->is_scrolling = FALSE;
}

/* Where the last row is taller than the window, the list was led to its beginning */
static void
show_bottom (FlintFollower *self)
{
  GtkAdjustment *adjustment = get_adjustment (self);

  self->is_scrolling = TRUE;
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment));
  self->is_scrolling = FALSE;
}

static gboolean
on_tick (GtkWidget     *scroller,
         GdkFrameClock *clock,
         gpointer       user_data)
{
  FlintFollower *self = user_data;

  if (!self->is_following && self->n_steps < N_STEPS)
    {
      show_row (self, (int) self->target + self->steps[self->n_steps++]);

      return G_SOURCE_CONTINUE;
    }

  /* who lets go of the end meanwhile, stays where that was */
  if (self->is_following && self->n_tries < N_TRIES && (self->n_tries == 0 || !is_at_end (self)))
    {
      if (self->n_tries++ == 0)
        show_row (self, (int) g_list_model_get_n_items (self->model) - 1);
      else
        show_bottom (self);

      return G_SOURCE_CONTINUE;
    }

  /* the frame after the last step: whether that is the end is known now */
  self->tick = 0;
  if (!self->is_following)
    look_where_it_is (self);

  return G_SOURCE_REMOVE;
}

static void
queue_scroll (FlintFollower *self)
{
  self->n_tries = 0;
  if (self->tick == 0 && self->scroller != NULL)
    self->tick = gtk_widget_add_tick_callback (self->scroller, on_tick, self, NULL);
}

static void
stop_scroll (FlintFollower *self)
{
  if (self->tick != 0 && self->scroller != NULL)
    gtk_widget_remove_tick_callback (self->scroller, self->tick);
  self->tick = 0;
}

static void
on_upper_changed (FlintFollower *self)
{
  if (self->is_following && !is_at_end (self))
    queue_scroll (self);
}

static void
on_value_changed (FlintFollower *self)
{
  if (!self->is_scrolling && self->tick == 0)
    look_where_it_is (self);
}

/* The wheel upwards lets go at once, before the next row can pull back. */
static gboolean
on_scroll (GtkEventControllerScroll *controller,
           double                    dx,
           double                    dy,
           FlintFollower            *self)
{
  if (dy < 0 && flint_follower_can_scroll (self))
    set_following (self, FALSE);

  return GDK_EVENT_PROPAGATE;
}

static void
on_items_changed (GListModel    *model,
                  guint          position,
                  guint          removed,
                  guint          added,
                  FlintFollower *self)
{
  guint n_items = g_list_model_get_n_items (model);

  if (n_items == added)
    set_following (self, TRUE);   /* another list */

  /* On the way to a row: it has another number now */
  if (position <= self->target && added >= removed)
    self->target += added - removed;

  if (self->is_following)
    {
      queue_scroll (self);
    }
  else if (added > 0 && position + added == n_items)
    {
      self->n_missed += added;
      g_signal_emit (self, signals[CHANGED], 0);
    }
}

gboolean
flint_follower_is_following (FlintFollower *self)
{
  g_return_val_if_fail (FLINT_IS_FOLLOWER (self), FALSE);

  return self->is_following;
}

/**
 * flint_follower_get_missed:
 *
 * Returns: how many rows have come at the end since it does not follow
 */
guint
flint_follower_get_missed (FlintFollower *self)
{
  g_return_val_if_fail (FLINT_IS_FOLLOWER (self), 0);

  return self->n_missed;
}

/**
 * flint_follower_can_scroll:
 *
 * Returns: whether there is more than fits into the window
 */
gboolean
flint_follower_can_scroll (FlintFollower *self)
{
  GtkAdjustment *adjustment;

  g_return_val_if_fail (FLINT_IS_FOLLOWER (self), FALSE);

  adjustment = get_adjustment (self);

  return gtk_adjustment_get_upper (adjustment) > gtk_adjustment_get_page_size (adjustment);
}

/**
 * flint_follower_follow:
 *
 * Goes to the newest row, and follows from there on.
 */
void
flint_follower_follow (FlintFollower *self)
{
  g_return_if_fail (FLINT_IS_FOLLOWER (self));

  set_following (self, TRUE);
  queue_scroll (self);
}

/**
 * flint_follower_go_to:
 * @position: of a row
 * @place: where in the window it shall be
 *
 * Goes there and stays there, whatever comes; if that is the end it follows.
 */
void
flint_follower_go_to (FlintFollower      *self,
                      guint               position,
                      FlintFollowerPlace  place)
{
  g_return_if_fail (FLINT_IS_FOLLOWER (self));
  g_return_if_fail (place < G_N_ELEMENTS (steps));

  self->target = position;
  self->steps = steps[place];
  self->n_steps = 0;
  set_following (self, FALSE);
  queue_scroll (self);
}

/**
 * flint_follower_let_go:
 *
 * Stays where it is, whatever comes.
 */
void
flint_follower_let_go (FlintFollower *self)
{
  g_return_if_fail (FLINT_IS_FOLLOWER (self));

  stop_scroll (self);
  set_following (self, FALSE);
}

static void
flint_follower_dispose (GObject *object)
{
  FlintFollower *self = FLINT_FOLLOWER (object);

  stop_scroll (self);
  g_clear_weak_pointer (&self->scroller);
  g_clear_weak_pointer (&self->list);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (flint_follower_parent_class)->dispose (object);
}

static void
flint_follower_class_init (FlintFollowerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = flint_follower_dispose;

  signals[CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
flint_follower_init (FlintFollower *self)
{
  self->is_following = TRUE;
  self->n_steps = N_STEPS;
}

/**
 * flint_follower_new:
 * @scroller: a GtkScrolledWindow
 * @list: the GtkListView in it, or the one in the GtkColumnView in it
 * @model: what @list shows
 *
 * Returns: (transfer full): a follower, which goes to the end
 */
FlintFollower *
flint_follower_new (GtkWidget  *scroller,
                    GtkWidget  *list,
                    GListModel *model)
{
  FlintFollower *self = g_object_new (FLINT_TYPE_FOLLOWER, NULL);
  GtkEventController *wheel = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);

  g_set_weak_pointer (&self->scroller, scroller);
  g_set_weak_pointer (&self->list, list);
  self->model = g_object_ref (model);

  gtk_event_controller_set_propagation_phase (wheel, GTK_PHASE_CAPTURE);
  g_signal_connect_object (wheel, "scroll", G_CALLBACK (on_scroll), self, 0);
  gtk_widget_add_controller (scroller, wheel);

  g_signal_connect_object (model, "items-changed", G_CALLBACK (on_items_changed), self, G_CONNECT_AFTER);
  g_signal_connect_object (get_adjustment (self), "changed", G_CALLBACK (on_upper_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (get_adjustment (self), "value-changed", G_CALLBACK (on_value_changed), self, G_CONNECT_SWAPPED);
  queue_scroll (self);

  return self;
}
