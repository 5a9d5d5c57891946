/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-letter-card.h"

#include <glib/gi18n.h>

static void
on_clicked (GtkButton   *button,
            FlintLetter *letter)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (button)));

  flint_application_show_letter (FLINT_APPLICATION (gtk_window_get_application (window)), letter);
}

static void
on_read (GtkWidget *button)
{
  gtk_widget_set_visible (button, FALSE);
}

GtkWidget *
flint_letter_card_new (FlintApplication *application,
                       FlintLetter      *letter)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *avatar = adw_avatar_new (36, flint_letter_get_sender (letter), TRUE);
  GtkWidget *subject = gtk_label_new (flint_letter_get_subject (letter));
  GtkWidget *sender = gtk_label_new (flint_letter_get_sender (letter));
  g_autofree char *name = g_strdup_printf (_("Message from %s: %s"), flint_letter_get_sender (letter), flint_letter_get_subject (letter));

  if (*flint_letter_get_subject (letter) == '\0')
    gtk_label_set_label (GTK_LABEL (subject), _("Message without a subject"));

  gtk_label_set_xalign (GTK_LABEL (subject), 0);
  gtk_label_set_ellipsize (GTK_LABEL (subject), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (subject, "heading");
  gtk_label_set_xalign (GTK_LABEL (sender), 0);
  gtk_label_set_ellipsize (GTK_LABEL (sender), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (sender, "caption");
  gtk_widget_add_css_class (sender, "dim-label");
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);

  gtk_box_append (GTK_BOX (texts), subject);
  gtk_box_append (GTK_BOX (texts), sender);
  gtk_box_append (GTK_BOX (box), avatar);
  gtk_box_append (GTK_BOX (box), texts);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("mail-unread-symbolic"));
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "card");
  gtk_widget_add_css_class (button, "request-card");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);

  g_signal_connect_object (button, "clicked", G_CALLBACK (on_clicked), letter, 0);
  g_signal_connect_object (letter, "notify::is-unread", G_CALLBACK (on_read), button, G_CONNECT_SWAPPED);

  return button;
}
