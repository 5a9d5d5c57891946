/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-status-editor.h"

#include "flint-presence-image.h"
#include "flint-status-popover.h"

#include <glib/gi18n.h>

struct _FlintStatusEditor
{
  AdwWindow         parent_instance;

  FlintApplication *application;    /* not owned: it outlives its windows */
  GPtrArray        *saved;          /* of FlintStatus */
  GPtrArray        *saved_rows;     /* in saved_group */

  GtkWidget        *presence_row;
  GtkWidget        *message_row;
  GtkWidget        *save_switch;
  GtkWidget        *saved_group;
};

#define FLINT_TYPE_STATUS_EDITOR (flint_status_editor_get_type ())
G_DECLARE_FINAL_TYPE (FlintStatusEditor, flint_status_editor, FLINT, STATUS_EDITOR, AdwWindow)
G_DEFINE_FINAL_TYPE (FlintStatusEditor, flint_status_editor, ADW_TYPE_WINDOW)

/* In the order of the row's choices */
static const XmppShow shows[] = { XMPP_SHOW_CHAT, XMPP_SHOW_AVAILABLE, XMPP_SHOW_AWAY, XMPP_SHOW_XA, XMPP_SHOW_DND };

static void fill (FlintStatusEditor *self);

static void
on_delete (GtkButton         *button,
           FlintStatusEditor *self)
{
  g_ptr_array_remove (self->saved, g_object_get_data (G_OBJECT (button), "status"));
  flint_status_save_all (self->application, self->saved);
  fill (self);
}

static void
on_saved_activated (AdwActionRow      *row,
                    FlintStatusEditor *self)
{
  flint_status_apply (self->application, g_object_get_data (G_OBJECT (row), "status"));
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
add_saved (FlintStatusEditor *self,
           FlintStatus       *status)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new ();
  GtkWidget *button = gtk_button_new_from_icon_name ("user-trash-symbolic");

  flint_presence_image_set_class (GTK_IMAGE (icon), flint_status_get_css_class (status));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), flint_status_get_text (status));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), flint_status_get_label (status));
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _("Delete"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Delete"), -1);
  g_object_set_data (G_OBJECT (button), "status", status);
  g_object_set_data (G_OBJECT (row), "status", status);
  g_signal_connect (button, "clicked", G_CALLBACK (on_delete), self);
  g_signal_connect (row, "activated", G_CALLBACK (on_saved_activated), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->saved_group), row);
  g_ptr_array_add (self->saved_rows, row);
}

static void
fill (FlintStatusEditor *self)
{
  for (guint i = 0; i < self->saved_rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self->saved_group), g_ptr_array_index (self->saved_rows, i));
  g_ptr_array_set_size (self->saved_rows, 0);

  for (guint i = 0; i < self->saved->len; i++)
    add_saved (self, g_ptr_array_index (self->saved, i));
  gtk_widget_set_visible (self->saved_group, self->saved->len > 0);
}

static void
on_use (GtkWidget  *widget,
        const char *action,
        GVariant   *parameter)
{
  FlintStatusEditor *self = FLINT_STATUS_EDITOR (widget);
  guint selected = adw_combo_row_get_selected (ADW_COMBO_ROW (self->presence_row));
  gboolean is_invisible = selected >= G_N_ELEMENTS (shows);
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->message_row));
  g_autoptr(FlintStatus) status = flint_status_new (is_invisible ? XMPP_SHOW_AVAILABLE : shows[selected], text, is_invisible);

  if (gtk_switch_get_active (GTK_SWITCH (self->save_switch)) && *text != '\0')
    {
      g_ptr_array_add (self->saved, g_object_ref (status));
      flint_status_save_all (self->application, self->saved);
    }

  flint_status_apply (self->application, status);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
flint_status_editor_dispose (GObject *object)
{
  FlintStatusEditor *self = FLINT_STATUS_EDITOR (object);

  g_clear_pointer (&self->saved, g_ptr_array_unref);
  g_clear_pointer (&self->saved_rows, g_ptr_array_unref);

  G_OBJECT_CLASS (flint_status_editor_parent_class)->dispose (object);
}

static void
flint_status_editor_class_init (FlintStatusEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_status_editor_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/status-editor-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintStatusEditor, presence_row);
  gtk_widget_class_bind_template_child (widget_class, FlintStatusEditor, message_row);
  gtk_widget_class_bind_template_child (widget_class, FlintStatusEditor, save_switch);
  gtk_widget_class_bind_template_child (widget_class, FlintStatusEditor, saved_group);
  gtk_widget_class_install_action (widget_class, "dialog.use-status", NULL, on_use);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
flint_status_editor_init (FlintStatusEditor *self)
{
  self->saved_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
flint_status_editor_present (FlintApplication *application)
{
  FlintStatusEditor *self = g_object_new (FLINT_TYPE_STATUS_EDITOR,
                                          "transient-for", gtk_application_get_active_window (GTK_APPLICATION (application)),
                                          NULL);

  self->application = application;
  self->saved = flint_status_load_saved (application);
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->presence_row), 1);
  fill (self);
  gtk_window_present (GTK_WINDOW (self));
}
