/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-history-banner.h"

#define KEY "flint-history-banner"

static GtkWidget *
make_banner (GtkWidget *above)
{
  GtkWidget *banner = g_object_new (GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_ALERT, "spacing", 9, NULL);
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-warning-symbolic");
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "hexpand", TRUE, "xalign", 0.0, "wrap", TRUE,
                                   "wrap-mode", PANGO_WRAP_WORD_CHAR, NULL);

  gtk_widget_set_name (banner, "history-banner");
  gtk_widget_add_css_class (banner, "notice");
  gtk_widget_add_css_class (banner, "error");
  gtk_box_append (GTK_BOX (banner), icon);
  gtk_box_append (GTK_BOX (banner), label);
  gtk_box_insert_child_after (GTK_BOX (gtk_widget_get_parent (above)), banner, above);
  g_object_set_data (G_OBJECT (above), KEY, banner);

  return banner;
}

/* Connected swapped: the core comes last */
static void
update (GtkWidget  *above,
        GParamSpec *pspec,
        FlintCore  *core)
{
  GtkWidget *banner = g_object_get_data (G_OBJECT (above), KEY);
  g_autoptr(GError) failure = NULL;

  g_object_get (core, "history-failure", &failure, NULL);
  if (banner == NULL && failure == NULL)
    return;

  if (banner == NULL)
    banner = make_banner (above);

  gtk_widget_set_visible (banner, failure != NULL);
  if (failure != NULL)
    {
      gtk_label_set_label (GTK_LABEL (gtk_widget_get_last_child (banner)), failure->message);
      gtk_accessible_update_property (GTK_ACCESSIBLE (banner), GTK_ACCESSIBLE_PROPERTY_LABEL, failure->message, -1);
    }
}

void
flint_history_banner_attach (GtkWidget *above,
                             FlintCore *core)
{
  g_signal_connect_object (core, "notify::history-failure", G_CALLBACK (update), above, G_CONNECT_SWAPPED);
  update (above, NULL, core);
}
