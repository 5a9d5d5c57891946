/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-width-bin.h"

struct _FlintWidthBin
{
  GtkWidget  parent_instance;

  GtkWidget *child;
  int        threshold;
  int        least_width;      /* that is asked for while it is not narrow */
  gboolean   is_narrow;
  gboolean   will_be_narrow;
  guint      idle;
};

enum {
  PROP_0,
  PROP_CHILD,
  PROP_THRESHOLD,
  PROP_LEAST_WIDTH,
  PROP_IS_NARROW,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (FlintWidthBin, flint_width_bin, GTK_TYPE_WIDGET)

static gboolean
on_idle (gpointer user_data)
{
  FlintWidthBin *self = user_data;

  self->idle = 0;
  if (self->is_narrow == self->will_be_narrow)
    return G_SOURCE_REMOVE;

  self->is_narrow = self->will_be_narrow;
  if (self->is_narrow)
    gtk_widget_add_css_class (GTK_WIDGET (self), "narrow");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "narrow");
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_NARROW]);

  return G_SOURCE_REMOVE;
}

static GtkSizeRequestMode
flint_width_bin_get_request_mode (GtkWidget *widget)
{
  FlintWidthBin *self = FLINT_WIDTH_BIN (widget);

  return self->child != NULL ? gtk_widget_get_request_mode (self->child) : GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
flint_width_bin_measure (GtkWidget      *widget,
                         GtkOrientation  orientation,
                         int             for_size,
                         int            *minimum,
                         int            *natural,
                         int            *minimum_baseline,
                         int            *natural_baseline)
{
  FlintWidthBin *self = FLINT_WIDTH_BIN (widget);

  if (self->child == NULL)
    return;

  gtk_widget_measure (self->child, orientation, for_size, minimum, natural, NULL, NULL);

  /* What needs the width now would not, if it were narrow */
  if (orientation == GTK_ORIENTATION_HORIZONTAL && !self->is_narrow)
    *minimum = MIN (*minimum, self->least_width);
}

/* What changes with the width must not change while sizes are given out: it waits for the next turn. */
static void
flint_width_bin_size_allocate (GtkWidget *widget,
                               int        width,
                               int        height,
                               int        baseline)
{
  FlintWidthBin *self = FLINT_WIDTH_BIN (widget);
  int minimum = 0;

  self->will_be_narrow = width < self->threshold;
  if (self->will_be_narrow != self->is_narrow && self->idle == 0)
    self->idle = g_idle_add (on_idle, self);

  if (self->child == NULL)
    return;

  /* Until then, it is cut off */
  gtk_widget_measure (self->child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  minimum = MAX (width, minimum);
  gtk_widget_size_allocate (self->child, &(GtkAllocation) { 0, 0, minimum, height }, baseline);
}

gboolean
flint_width_bin_is_narrow (FlintWidthBin *self)
{
  g_return_val_if_fail (FLINT_IS_WIDTH_BIN (self), FALSE);

  return self->is_narrow;
}

static void
flint_width_bin_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  FlintWidthBin *self = FLINT_WIDTH_BIN (object);

  switch (prop_id)
    {
    case PROP_CHILD:
      g_value_set_object (value, self->child);
      break;

    case PROP_THRESHOLD:
      g_value_set_int (value, self->threshold);
      break;

    case PROP_LEAST_WIDTH:
      g_value_set_int (value, self->least_width);
      break;

    case PROP_IS_NARROW:
      g_value_set_boolean (value, self->is_narrow);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
flint_width_bin_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  FlintWidthBin *self = FLINT_WIDTH_BIN (object);

  switch (prop_id)
    {
    case PROP_CHILD:
      g_clear_pointer (&self->child, gtk_widget_unparent);
      self->child = g_value_get_object (value);
      if (self->child != NULL)
        gtk_widget_set_parent (self->child, GTK_WIDGET (self));
      break;

    case PROP_THRESHOLD:
      self->threshold = g_value_get_int (value);
      gtk_widget_queue_resize (GTK_WIDGET (self));
      break;

    case PROP_LEAST_WIDTH:
      self->least_width = g_value_get_int (value);
      gtk_widget_queue_resize (GTK_WIDGET (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
flint_width_bin_dispose (GObject *object)
{
  FlintWidthBin *self = FLINT_WIDTH_BIN (object);

  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_pointer (&self->child, gtk_widget_unparent);

  G_OBJECT_CLASS (flint_width_bin_parent_class)->dispose (object);
}

static void
flint_width_bin_class_init (FlintWidthBinClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = flint_width_bin_get_property;
  object_class->set_property = flint_width_bin_set_property;
  object_class->dispose = flint_width_bin_dispose;

  widget_class->get_request_mode = flint_width_bin_get_request_mode;
  widget_class->measure = flint_width_bin_measure;
  widget_class->size_allocate = flint_width_bin_size_allocate;

  properties[PROP_CHILD] =
    g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET, (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  properties[PROP_THRESHOLD] =
    g_param_spec_int ("threshold", NULL, NULL, 0, G_MAXINT, 480, (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  properties[PROP_LEAST_WIDTH] =
    g_param_spec_int ("least-width", NULL, NULL, 0, G_MAXINT, G_MAXINT, (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  properties[PROP_IS_NARROW] =
    g_param_spec_boolean ("is-narrow", NULL, NULL, FALSE, (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
flint_width_bin_init (FlintWidthBin *self)
{
  self->threshold = 480;
  self->least_width = G_MAXINT;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}
