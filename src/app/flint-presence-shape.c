/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-presence-shape.h"

#include "flint-shapes.h"

#define SIDE 16.0   /* of the square that the outlines are in */

struct _FlintPresenceShape
{
  GObject parent_instance;

  guint   index;
};

static void flint_presence_shape_paintable_init (GdkPaintableInterface *iface);
static void flint_presence_shape_symbolic_init (GtkSymbolicPaintableInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FlintPresenceShape, flint_presence_shape, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GDK_TYPE_PAINTABLE, flint_presence_shape_paintable_init)
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SYMBOLIC_PAINTABLE, flint_presence_shape_symbolic_init))

static void
add_outline (cairo_t     *cr,
             const float *step)
{
  while (*step != 0)
    switch ((int) *step)
      {
      case 'M':
        cairo_move_to (cr, step[1], step[2]);
        step += 3;
        break;

      case 'L':
        cairo_line_to (cr, step[1], step[2]);
        step += 3;
        break;

      case 'C':
        cairo_curve_to (cr, step[1], step[2], step[3], step[4], step[5], step[6]);
        step += 7;
        break;

      case 'Z':
        cairo_close_path (cr);
        step += 1;
        break;

      default:
        g_assert_not_reached ();
      }
}

static void
snapshot_symbolic (GtkSymbolicPaintable *paintable,
                   GdkSnapshot          *snapshot,
                   double                width,
                   double                height,
                   const GdkRGBA        *colors,
                   gsize                 n_colors)
{
  FlintPresenceShape *self = FLINT_PRESENCE_SHAPE (paintable);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, width, height);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &bounds);

  cairo_scale (cr, width / SIDE, height / SIDE);
  add_outline (cr, shapes[self->index].steps);
  cairo_set_fill_rule (cr, CAIRO_FILL_RULE_EVEN_ODD);
  gdk_cairo_set_source_rgba (cr, &colors[GTK_SYMBOLIC_COLOR_FOREGROUND]);
  cairo_fill (cr);
  cairo_destroy (cr);
}

static void
flint_presence_shape_symbolic_init (GtkSymbolicPaintableInterface *iface)
{
  iface->snapshot_symbolic = snapshot_symbolic;
}

/* Where nobody says a colour */
static void
snapshot_black (GdkPaintable *paintable,
                GdkSnapshot  *snapshot,
                double        width,
                double        height)
{
  static const GdkRGBA black = { 0, 0, 0, 1 };

  snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (paintable), snapshot, width, height, &black, 1);
}

static GdkPaintableFlags
get_flags (GdkPaintable *paintable)
{
  return GDK_PAINTABLE_STATIC_SIZE | GDK_PAINTABLE_STATIC_CONTENTS;
}

static double
get_intrinsic_aspect_ratio (GdkPaintable *paintable)
{
  return 1;
}

static void
flint_presence_shape_paintable_init (GdkPaintableInterface *iface)
{
  iface->snapshot = snapshot_black;
  iface->get_flags = get_flags;
  iface->get_intrinsic_aspect_ratio = get_intrinsic_aspect_ratio;
}

static void
flint_presence_shape_class_init (FlintPresenceShapeClass *klass)
{
}

static void
flint_presence_shape_init (FlintPresenceShape *self)
{
}

/**
 * flint_presence_shape_new:
 * @name: "available", "chat", "away", "xa", "dnd", "offline", "invisible", "pending" or "error"
 *
 * Returns: (transfer full): the mark
 */
FlintPresenceShape *
flint_presence_shape_new (const char *name)
{
  FlintPresenceShape *self = g_object_new (FLINT_TYPE_PRESENCE_SHAPE, NULL);

  while (self->index < G_N_ELEMENTS (shapes) && !g_str_equal (shapes[self->index].name, name))
    self->index++;

  if (self->index == G_N_ELEMENTS (shapes))
    g_error ("There is no presence “%s”", name);

  return self;
}

const char *
flint_presence_shape_get_name (FlintPresenceShape *self)
{
  g_return_val_if_fail (FLINT_IS_PRESENCE_SHAPE (self), NULL);

  return shapes[self->index].name;
}
