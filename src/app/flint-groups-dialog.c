/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-groups-dialog.h"

#include "flint-contact-changes.h"

#include <glib/gi18n.h>

struct _FlintGroupsDialog
{
  AdwWindow         parent_instance;

  FlintApplication *application;
  GPtrArray        *contacts;      /* of FlintContact */

  GtkWidget        *group_list;
  GtkWidget        *new_row;
};

#define FLINT_TYPE_GROUPS_DIALOG (flint_groups_dialog_get_type ())
G_DECLARE_FINAL_TYPE (FlintGroupsDialog, flint_groups_dialog, FLINT, GROUPS_DIALOG, AdwWindow)
G_DEFINE_FINAL_TYPE (FlintGroupsDialog, flint_groups_dialog, ADW_TYPE_WINDOW)

/* Of those whom the dialog is about: how many are in a group */
typedef enum
{
  STATE_NONE,
  STATE_SOME,
  STATE_ALL,
} State;

static State
get_state (FlintGroupsDialog *self,
           const char        *group)
{
  guint n = 0;

  for (guint i = 0; i < self->contacts->len; i++)
    n += flint_contact_is_in_group (g_ptr_array_index (self->contacts, i), group) ? 1 : 0;

  return n == 0 ? STATE_NONE : n < self->contacts->len ? STATE_SOME : STATE_ALL;
}

static State
get_checked (GtkCheckButton *check)
{
  if (gtk_check_button_get_inconsistent (check))
    return STATE_SOME;

  return gtk_check_button_get_active (check) ? STATE_ALL : STATE_NONE;
}

/* What some are in is put on, then off, then left as it was */
static void
on_toggled (GtkCheckButton *check)
{
  gboolean is_active = gtk_check_button_get_active (check);

  if (gtk_check_button_get_inconsistent (check))
    {
      gtk_check_button_set_inconsistent (check, FALSE);
      g_object_set_data (G_OBJECT (check), "was-off", GINT_TO_POINTER (FALSE));
    }
  else if (!is_active)
    {
      g_object_set_data (G_OBJECT (check), "was-off", GINT_TO_POINTER (TRUE));
    }
  else if (g_object_get_data (G_OBJECT (check), "was-off") != NULL)
    {
      g_signal_handlers_block_by_func (check, on_toggled, NULL);
      gtk_check_button_set_active (check, FALSE);
      g_signal_handlers_unblock_by_func (check, on_toggled, NULL);
      gtk_check_button_set_inconsistent (check, TRUE);
    }
}

static void
add_group (FlintGroupsDialog *self,
           const char        *group,
           State              before,
           gboolean           is_wanted)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *check = gtk_check_button_new ();
  g_auto(GStrv) parts = g_strsplit (group, "::", -1);
  g_autofree char *title = g_strjoinv (" › ", parts);

  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), is_wanted || before == STATE_ALL);
  gtk_check_button_set_inconsistent (GTK_CHECK_BUTTON (check), !is_wanted && before == STATE_SOME);
  if (before == STATE_SOME)
    g_signal_connect (check, "toggled", G_CALLBACK (on_toggled), NULL);
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  g_object_set_data_full (G_OBJECT (row), "group", g_strdup (group), g_free);
  g_object_set_data (G_OBJECT (row), "check", check);
  g_object_set_data (G_OBJECT (row), "before", GINT_TO_POINTER (before));
  gtk_list_box_append (GTK_LIST_BOX (self->group_list), row);
}

static void
on_new_group (FlintGroupsDialog *self)
{
  g_autofree char *name = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->new_row)));

  if (*g_strstrip (name) == '\0')
    return;

  add_group (self, name, STATE_NONE, TRUE);
  gtk_editable_set_text (GTK_EDITABLE (self->new_row), "");
}

/* Only what was changed here: what is true of some, and what came from another device meanwhile, stays */
static void
collect (FlintGroupsDialog *self,
         GPtrArray         *joined,
         GPtrArray         *left)
{
  for (GtkWidget *row = gtk_widget_get_first_child (self->group_list); row != NULL; row = gtk_widget_get_next_sibling (row))
    {
      GtkWidget *check = g_object_get_data (G_OBJECT (row), "check");
      State now;

      if (check == NULL)
        continue;

      now = get_checked (GTK_CHECK_BUTTON (check));
      if (now != STATE_SOME && now != (State) GPOINTER_TO_INT (g_object_get_data (G_OBJECT (row), "before")))
        g_ptr_array_add (now == STATE_ALL ? joined : left, g_object_get_data (G_OBJECT (row), "group"));
    }
}

static gboolean
has_group (GPtrArray  *groups,
           const char *group)
{
  return g_ptr_array_find_with_equal_func (groups, group, g_str_equal, NULL);
}

static char **
make_groups (FlintContact *contact,
             GPtrArray    *joined,
             GPtrArray    *left)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (const char * const *group = flint_contact_get_groups (contact); *group != NULL; group++)
    if (!has_group (left, *group) && !has_group (joined, *group))
      g_strv_builder_add (builder, *group);
  for (guint i = 0; i < joined->len; i++)
    g_strv_builder_add (builder, g_ptr_array_index (joined, i));

  return g_strv_builder_end (builder);
}

static void
apply (GtkWidget  *widget,
       const char *action,
       GVariant   *parameter)
{
  FlintGroupsDialog *self = FLINT_GROUPS_DIALOG (widget);
  FlintContactChanges *changes = flint_contact_changes_new (self->application);
  g_autoptr(GPtrArray) joined = g_ptr_array_new ();
  g_autoptr(GPtrArray) left = g_ptr_array_new ();

  on_new_group (self);
  collect (self, joined, left);
  for (guint i = 0; i < self->contacts->len; i++)
    {
      FlintContact *contact = g_ptr_array_index (self->contacts, i);
      g_auto(GStrv) groups = make_groups (contact, joined, left);

      flint_contact_changes_set_groups (changes, contact, (const char * const *) groups);
    }
  flint_contact_changes_send (changes);

  gtk_window_destroy (GTK_WINDOW (self));
}

static void
flint_groups_dialog_dispose (GObject *object)
{
  FlintGroupsDialog *self = FLINT_GROUPS_DIALOG (object);

  g_clear_pointer (&self->contacts, g_ptr_array_unref);

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

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return g_utf8_collate (*(const char * const *) a, *(const char * const *) b);
}

/* Those of all accounts that somebody of them is in the list of */
static GPtrArray *
get_groups (GPtrArray *contacts)
{
  GPtrArray *groups = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GHashTable) accounts = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < contacts->len; i++)
    {
      FlintAccount *account = flint_contact_get_account (g_ptr_array_index (contacts, i));
      g_auto(GStrv) names = NULL;

      if (account == NULL || !g_hash_table_add (accounts, account))
        continue;

      names = flint_contact_list_get_groups (flint_account_get_contacts (account));
      for (guint j = 0; names != NULL && names[j] != NULL; j++)
        {
          char *name;

          if (g_hash_table_contains (seen, names[j]))
            continue;

          name = g_strdup (names[j]);
          g_ptr_array_add (groups, name);
          g_hash_table_add (seen, name);
        }
    }

  if (g_hash_table_size (accounts) > 1)
    g_ptr_array_sort (groups, compare_names);

  return groups;
}

/**
 * flint_groups_dialog_present:
 * @contacts: (element-type FlintContact): whose groups; each is changed in its own account
 */
void
flint_groups_dialog_present (FlintApplication *application,
                             GtkWindow        *parent,
                             GPtrArray        *contacts)
{
  FlintGroupsDialog *self = g_object_new (FLINT_TYPE_GROUPS_DIALOG, "transient-for", parent, NULL);
  g_autoptr(GPtrArray) groups = get_groups (contacts);

  self->application = application;
  self->contacts = g_ptr_array_ref (contacts);
  if (contacts->len > 1)
    {
      g_autofree char *title = g_strdup_printf (ngettext ("Groups of %u contact", "Groups of %u contacts", contacts->len),
                                                contacts->len);

      gtk_window_set_title (GTK_WINDOW (self), title);
    }
  for (guint i = 0; i < groups->len; i++)
    add_group (self, g_ptr_array_index (groups, i), get_state (self, g_ptr_array_index (groups, i)), FALSE);

  gtk_window_present (GTK_WINDOW (self));
}
