/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-list-filler.h"

struct _FlintListFiller
{
  GObject        parent_instance;

  GtkWidget     *list;      /* not owned: it outlives us */
  GdkFrameClock *clock;     /* (nullable): while the list is realized */
  gulong         handler;
};

G_DEFINE_FINAL_TYPE (FlintListFiller, flint_list_filler, G_TYPE_OBJECT)

enum
{
  SEEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* Behind GTK's own layout: every row has its place. What is made now is laid out before the frame is painted. */
static void
on_layout (FlintListFiller *self)
{
  int height = gtk_widget_get_height (self->list);

  for (GtkWidget *row = gtk_widget_get_first_child (self->list); row != NULL; row = gtk_widget_get_next_sibling (row))
    {
      GtkWidget *child = gtk_widget_get_first_child (row);
      GtkAllocation place;

      /* a popover of the list is among them, and rows far away, which stand where they were once */
      if (child == NULL || GTK_IS_NATIVE (row) || !gtk_widget_get_child_visible (row))
        continue;

      gtk_widget_get_allocation (row, &place);
      if (place.y < height && place.y + place.height > 0)
        g_signal_emit (self, signals[SEEN], 0, child);
    }
}

static void
on_realize (FlintListFiller *self)
{
  self->clock = g_object_ref (gtk_widget_get_frame_clock (self->list));
  self->handler = g_signal_connect_swapped (self->clock, "layout", G_CALLBACK (on_layout), self);
}

static void
on_unrealize (FlintListFiller *self)
{
  if (self->clock != NULL)
    g_clear_signal_handler (&self->handler, self->clock);
  g_clear_object (&self->clock);
}

static void
flint_list_filler_dispose (GObject *object)
{
  on_unrealize (FLINT_LIST_FILLER (object));

  G_OBJECT_CLASS (flint_list_filler_parent_class)->dispose (object);
}

static void
flint_list_filler_class_init (FlintListFillerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = flint_list_filler_dispose;

  /**
   * FlintListFiller::seen:
   * @child: what is in the row
   *
   * The row is on the screen. Comes with every layout, for every row that is.
   */
  signals[SEEN] = g_signal_new ("seen", FLINT_TYPE_LIST_FILLER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, GTK_TYPE_WIDGET);
}

static void
flint_list_filler_init (FlintListFiller *self)
{
}

/**
 * flint_list_filler_new:
 * @list: (transfer none): a #GtkListView that is not realized yet and outlives what is returned
 */
FlintListFiller *
flint_list_filler_new (GtkWidget *list)
{
  FlintListFiller *self = g_object_new (FLINT_TYPE_LIST_FILLER, NULL);

  self->list = list;
  g_signal_connect_object (list, "realize", G_CALLBACK (on_realize), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (list, "unrealize", G_CALLBACK (on_unrealize), self, G_CONNECT_SWAPPED);

  return self;
}
