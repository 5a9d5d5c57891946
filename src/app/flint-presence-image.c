/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-presence-image.h"

/**
 * flint_presence_image_set_class:
 * @css_class: "available", "chat", "away", "xa", "dnd", "offline", "invisible", "pending" or "error"
 */
void
flint_presence_image_set_class (GtkImage   *image,
                                const char *css_class)
{
  g_autofree char *icon = g_strdup_printf ("flint-presence-%s-symbolic", css_class);
  const char *classes[] = { "presence", css_class, NULL };

  gtk_image_set_from_icon_name (image, icon);
  gtk_widget_set_css_classes (GTK_WIDGET (image), classes);
}

void
flint_presence_image_set_show (GtkImage *image,
                               XmppShow  show)
{
  flint_presence_image_set_class (image, flint_show_get_css_class (show));
}
