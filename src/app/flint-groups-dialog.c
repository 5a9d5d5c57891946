/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-groups-dialog.h"

#include <glib/gi18n.h>

struct _FlintGroupsDialog
{
  AdwWindow         parent_instance;

  FlintApplication *application;
  FlintContact     *contact;

  GtkWidget        *group_list;
  GtkWidget        *new_row;
};

#define FLINT_TYPE_GROUPS_DIALOG (flint_groups_dialog_get_type ())
G_DECLARE_FINAL_TYPE (FlintGroupsDialog, flint_groups_dialog, FLINT, GROUPS_DIALOG, AdwWindow)
G_DEFINE_FINAL_TYPE (FlintGroupsDialog, flint_groups_dialog, ADW_TYPE_WINDOW)

static void
add_group (FlintGroupsDialog *self,
           const char        *group,
           gboolean           is_in)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *check = gtk_check_button_new ();
  g_auto(GStrv) parts = g_strsplit (group, "::", -1);
  g_autofree char *title = g_strjoinv (" › ", parts);

  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), is_in);
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  g_object_set_data_full (G_OBJECT (row), "group", g_strdup (group), g_free);
  g_object_set_data (G_OBJECT (row), "check", check);
  gtk_list_box_append (GTK_LIST_BOX (self->group_list), row);
}

static void
on_new_group (FlintGroupsDialog *self)
{
  g_autofree char *name = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->new_row)));

  if (*g_strstrip (name) == '\0')
    return;

  add_group (self, name, TRUE);
  gtk_editable_set_text (GTK_EDITABLE (self->new_row), "");
}

static void
apply (GtkWidget  *widget,
       const char *action,
       GVariant   *parameter)
{
  FlintGroupsDialog *self = FLINT_GROUPS_DIALOG (widget);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) groups = NULL;

  on_new_group (self);
  for (GtkWidget *row = gtk_widget_get_first_child (self->group_list); row != NULL; row = gtk_widget_get_next_sibling (row))
    {
      GtkWidget *check = g_object_get_data (G_OBJECT (row), "check");

      if (check != NULL && gtk_check_button_get_active (GTK_CHECK_BUTTON (check)))
        g_strv_builder_add (builder, g_object_get_data (G_OBJECT (row), "group"));
    }
  groups = g_strv_builder_end (builder);

  flint_account_set_groups_async (flint_contact_get_account (self->contact), self->contact, (const char * const *) groups,
                                  flint_application_tell_change, g_object_ref (self->application));
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
flint_groups_dialog_dispose (GObject *object)
{
  FlintGroupsDialog *self = FLINT_GROUPS_DIALOG (object);

  g_clear_object (&self->contact);

  G_OBJECT_CLASS (flint_groups_dialog_parent_class)->dispose (object);
}

static void
flint_groups_dialog_class_init (FlintGroupsDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_groups_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/groups-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintGroupsDialog, group_list);
  gtk_widget_class_bind_template_child (widget_class, FlintGroupsDialog, new_row);
  gtk_widget_class_bind_template_callback (widget_class, on_new_group);
  gtk_widget_class_install_action (widget_class, "dialog.apply", NULL, apply);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
flint_groups_dialog_init (FlintGroupsDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
flint_groups_dialog_present (FlintApplication *application,
                             GtkWindow        *parent,
                             FlintContact     *contact)
{
  FlintGroupsDialog *self = g_object_new (FLINT_TYPE_GROUPS_DIALOG, "transient-for", parent, NULL);
  g_auto(GStrv) groups = flint_contact_list_get_groups (flint_account_get_contacts (flint_contact_get_account (contact)));

  self->application = application;
  self->contact = g_object_ref (contact);
  for (guint i = 0; groups != NULL && groups[i] != NULL; i++)
    add_group (self, groups[i], flint_contact_is_in_group (contact, groups[i]));

  gtk_window_present (GTK_WINDOW (self));
}
