/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-details-panel.h"

#include "flint-avatar.h"
#include "flint-presence-image.h"
#include "flint-text.h"

#include <glib/gi18n.h>

struct _FlintDetailsPanel
{
  AdwBin        parent_instance;

  FlintContact *contact;

  GtkWidget    *avatar;
  GtkWidget    *name_label;
  GtkWidget    *status_label;
  GtkWidget    *address_label;
  GtkWidget    *device_list;
};

G_DEFINE_FINAL_TYPE (FlintDetailsPanel, flint_details_panel, ADW_TYPE_BIN)

static void
add_device (FlintDetailsPanel  *self,
            const XmppResource *resource)
{
  const char *name = xmpp_jid_get_resource (resource->jid);
  g_autofree char *title = flint_text_for_line (name != NULL ? name : xmpp_jid_get_text (resource->jid), 40);
  g_autofree char *status = flint_text_for_line (resource->status != NULL && *resource->status != '\0'
                                                   ? resource->status : flint_show_get_label (resource->show), 120);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new ();

  flint_presence_image_set_show (GTK_IMAGE (icon), resource->show);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), status);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 2);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  gtk_list_box_append (GTK_LIST_BOX (self->device_list), row);
}

static void
update (FlintDetailsPanel *self)
{
  const char *status = flint_contact_get_status_text (self->contact);
  g_autoptr(GPtrArray) resources = flint_contact_get_resources (self->contact);
  GtkWidget *row;

  flint_avatar_set_contact (ADW_AVATAR (self->avatar), self->contact);
  gtk_label_set_label (GTK_LABEL (self->name_label), flint_contact_get_name (self->contact));
  gtk_label_set_label (GTK_LABEL (self->status_label),
                       status != NULL && *status != '\0' ? status : flint_show_get_label (flint_contact_get_show (self->contact)));
  gtk_label_set_label (GTK_LABEL (self->address_label), xmpp_jid_get_text (flint_contact_get_jid (self->contact)));

  while ((row = gtk_widget_get_first_child (self->device_list)))
    gtk_list_box_remove (GTK_LIST_BOX (self->device_list), row);
  for (guint i = 0; resources != NULL && i < resources->len; i++)
    add_device (self, g_ptr_array_index (resources, i));
  gtk_widget_set_visible (self->device_list, resources != NULL && resources->len > 0);
}

static void
on_copy (FlintDetailsPanel *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), xmpp_jid_get_text (flint_contact_get_jid (self->contact)));
}

static void
flint_details_panel_dispose (GObject *object)
{
  FlintDetailsPanel *self = FLINT_DETAILS_PANEL (object);

  g_clear_object (&self->contact);

  G_OBJECT_CLASS (flint_details_panel_parent_class)->dispose (object);
}

static void
flint_details_panel_class_init (FlintDetailsPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_details_panel_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/details-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintDetailsPanel, avatar);
  gtk_widget_class_bind_template_child (widget_class, FlintDetailsPanel, name_label);
  gtk_widget_class_bind_template_child (widget_class, FlintDetailsPanel, status_label);
  gtk_widget_class_bind_template_child (widget_class, FlintDetailsPanel, address_label);
  gtk_widget_class_bind_template_child (widget_class, FlintDetailsPanel, device_list);
  gtk_widget_class_bind_template_callback (widget_class, on_copy);
}

static void
flint_details_panel_init (FlintDetailsPanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
flint_details_panel_new (FlintContact *contact)
{
  FlintDetailsPanel *self = g_object_new (FLINT_TYPE_DETAILS_PANEL, NULL);

  self->contact = g_object_ref (contact);
  g_signal_connect_object (contact, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);

  return GTK_WIDGET (self);
}
