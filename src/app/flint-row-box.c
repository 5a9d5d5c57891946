/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-row-box.h"

#define MIN_WIDTH      80    /* px */
#define NATURAL_WIDTH  300
#define UNKNOWN_HEIGHT 16    /* when nobody says for which width */

struct _FlintRowBox
{
  GtkWidget  parent_instance;

  GtkWidget *child;
};

G_DEFINE_FINAL_TYPE (FlintRowBox, flint_row_box, GTK_TYPE_WIDGET)

static GtkSizeRequestMode
flint_row_box_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
flint_row_box_measure (GtkWidget      *widget,
                       GtkOrientation  orientation,
                       int             for_size,
                       int            *minimum,
                       int            *natural,
                       int            *minimum_baseline,
                       int            *natural_baseline)
{
  FlintRowBox *self = FLINT_ROW_BOX (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MIN_WIDTH;
      *natural = NATURAL_WIDTH;
    }
  else if (for_size < 0)
    {
      *minimum = *natural = UNKNOWN_HEIGHT;
    }
  else
    {
      gtk_widget_measure (self->child, orientation, for_size, minimum, natural, NULL, NULL);
    }
}

static void
flint_row_box_size_allocate (GtkWidget *widget,
                             int        width,
                             int        height,
                             int        baseline)
{
  gtk_widget_size_allocate (FLINT_ROW_BOX (widget)->child, &(GtkAllocation) { 0, 0, width, height }, -1);
}

static void
flint_row_box_dispose (GObject *object)
{
  g_clear_pointer (&FLINT_ROW_BOX (object)->child, gtk_widget_unparent);

  G_OBJECT_CLASS (flint_row_box_parent_class)->dispose (object);
}

static void
flint_row_box_class_init (FlintRowBoxClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_row_box_dispose;

  widget_class->get_request_mode = flint_row_box_get_request_mode;
  widget_class->measure = flint_row_box_measure;
  widget_class->size_allocate = flint_row_box_size_allocate;
}

static void
flint_row_box_init (FlintRowBox *self)
{
}

/**
 * flint_row_box_new:
 * @child: (transfer floating): the row
 */
GtkWidget *
flint_row_box_new (GtkWidget *child)
{
  FlintRowBox *self = g_object_new (FLINT_TYPE_ROW_BOX, NULL);

  self->child = child;
  gtk_widget_set_parent (child, GTK_WIDGET (self));

  return GTK_WIDGET (self);
}

GtkWidget *
flint_row_box_get_child (FlintRowBox *self)
{
  g_return_val_if_fail (FLINT_IS_ROW_BOX (self), NULL);

  return self->child;
}
