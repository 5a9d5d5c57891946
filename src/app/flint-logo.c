/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-logo.h"

#define SIZE 96   /* px, as ui/logo.png has it */

struct _FlintLogo
{
  AdwBin parent_instance;
};

G_DEFINE_FINAL_TYPE (FlintLogo, flint_logo, ADW_TYPE_BIN)

/* Where a pixel is a pixel a picture will do, which is there at once; the drawing needs the reader of SVG. */
static void
update (FlintLogo *self)
{
  GtkImage *image = GTK_IMAGE (adw_bin_get_child (ADW_BIN (self)));

  if (gtk_widget_get_scale_factor (GTK_WIDGET (self)) == 1)
    gtk_image_set_from_resource (image, "/org/flint/Flint/logo.png");
  else
    gtk_image_set_from_icon_name (image, FLINT_APP_ID);
}

static void
flint_logo_class_init (FlintLogoClass *klass)
{
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
flint_logo_init (FlintLogo *self)
{
  GtkWidget *image = g_object_new (GTK_TYPE_IMAGE, "pixel-size", SIZE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  adw_bin_set_child (ADW_BIN (self), image);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (update), NULL);
  update (self);
}
