/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-fold-box.h"

struct _FlintFoldBox
{
  GtkWidget parent_instance;

  int       spacing;
  int       least_width;
};

enum {
  PROP_0,
  PROP_SPACING,
  PROP_LEAST_WIDTH,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (FlintFoldBox, flint_fold_box, GTK_TYPE_WIDGET)

static GtkWidget *
get_text (FlintFoldBox *self)
{
  return gtk_widget_get_first_child (GTK_WIDGET (self));
}

static GtkWidget *
get_other (FlintFoldBox *self)
{
  return gtk_widget_get_last_child (GTK_WIDGET (self));
}

static int
get_width (GtkWidget *widget)
{
  int natural;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);

  return natural;
}

static int
get_height (GtkWidget *widget,
            int        width)
{
  int natural;

  gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, width, NULL, &natural, NULL, NULL);

  return natural;
}

/* How wide the text is beside the other; -1: it is not beside it */
static int
get_width_beside (FlintFoldBox *self,
                  int           width)
{
  int left = width - self->spacing - get_width (get_other (self));

  return left >= MIN (self->least_width, get_width (get_text (self))) ? left : -1;
}

static GtkSizeRequestMode
flint_fold_box_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
flint_fold_box_measure (GtkWidget      *widget,
                        GtkOrientation  orientation,
                        int             for_size,
                        int            *minimum,
                        int            *natural,
                        int            *minimum_baseline,
                        int            *natural_baseline)
{
  FlintFoldBox *self = FLINT_FOLD_BOX (widget);
  int text_minimum;
  int other_minimum;
  int beside;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      gtk_widget_measure (get_text (self), orientation, -1, &text_minimum, NULL, NULL, NULL);
      gtk_widget_measure (get_other (self), orientation, -1, &other_minimum, NULL, NULL, NULL);
      *minimum = MAX (text_minimum, other_minimum);
      *natural = get_width (get_text (self)) + self->spacing + get_width (get_other (self));
      return;
    }

  beside = for_size < 0 ? get_width (get_text (self)) : get_width_beside (self, for_size);
  *minimum = *natural = beside >= 0
    ? MAX (get_height (get_text (self), beside), get_height (get_other (self), -1))
    : get_height (get_text (self), for_size) + self->spacing + get_height (get_other (self), -1);
}

static void
flint_fold_box_size_allocate (GtkWidget *widget,
                              int        width,
                              int        height,
                              int        baseline)
{
  FlintFoldBox *self = FLINT_FOLD_BOX (widget);
  int beside = get_width_beside (self, width);
  int text_width = beside >= 0 ? MIN (beside, get_width (get_text (self))) : width;
  int other_width = MIN (get_width (get_other (self)), width);
  int text_height = beside >= 0 ? height : get_height (get_text (self), width);
  GtkAllocation text = { 0, 0, text_width, text_height };
  GtkAllocation other = { 0, text_height + self->spacing, other_width, get_height (get_other (self), -1) };

  if (beside >= 0)
    {
      other.x = text_width + self->spacing;
      other.y = (height - other.height) / 2;
    }

  gtk_widget_size_allocate (get_text (self), &text, -1);
  gtk_widget_size_allocate (get_other (self), &other, -1);
}

static void
flint_fold_box_get_property (GObject    *object,
                             guint       id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  FlintFoldBox *self = FLINT_FOLD_BOX (object);

  switch (id)
    {
    case PROP_SPACING:
      g_value_set_int (value, self->spacing);
      break;

    case PROP_LEAST_WIDTH:
      g_value_set_int (value, self->least_width);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
flint_fold_box_set_property (GObject      *object,
                             guint         id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  FlintFoldBox *self = FLINT_FOLD_BOX (object);

  switch (id)
    {
    case PROP_SPACING:
      self->spacing = g_value_get_int (value);
      break;

    case PROP_LEAST_WIDTH:
      self->least_width = g_value_get_int (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }

  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
flint_fold_box_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (flint_fold_box_parent_class)->dispose (object);
}

static void
flint_fold_box_class_init (FlintFoldBoxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = flint_fold_box_get_property;
  object_class->set_property = flint_fold_box_set_property;
  object_class->dispose = flint_fold_box_dispose;

  widget_class->get_request_mode = flint_fold_box_get_request_mode;
  widget_class->measure = flint_fold_box_measure;
  widget_class->size_allocate = flint_fold_box_size_allocate;

  properties[PROP_SPACING] =
    g_param_spec_int ("spacing", NULL, NULL, 0, 100, 0, (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  properties[PROP_LEAST_WIDTH] =
    g_param_spec_int ("least-width", NULL, NULL, 0, G_MAXINT, 0, (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
flint_fold_box_init (FlintFoldBox *self)
{
}
