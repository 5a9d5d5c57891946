/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-presence-image.h"

#include "flint-presence-shape.h"

/**
 * flint_presence_image_set_class:
 * @css_class: "available", "chat", "away", "xa", "dnd", "offline", "invisible", "pending" or "error"
 */
void
flint_presence_image_set_class (GtkImage   *image,
                                const char *css_class)
{
  const char *classes[] = { "presence", css_class, NULL };
  GdkPaintable *shown = gtk_image_get_storage_type (image) == GTK_IMAGE_PAINTABLE ? gtk_image_get_paintable (image) : NULL;
  g_autoptr(FlintPresenceShape) shape = NULL;

  if (FLINT_IS_PRESENCE_SHAPE (shown) && g_str_equal (flint_presence_shape_get_name (FLINT_PRESENCE_SHAPE (shown)), css_class))
    return;

  shape = flint_presence_shape_new (css_class);
  gtk_image_set_from_paintable (image, GDK_PAINTABLE (shape));
  gtk_widget_set_css_classes (GTK_WIDGET (image), classes);
}

void
flint_presence_image_set_show (GtkImage *image,
                               XmppShow  show)
{
  flint_presence_image_set_class (image, flint_show_get_css_class (show));
}
