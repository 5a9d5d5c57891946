/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-group-chooser.h"

#include <glib/gi18n.h>

/**
 * flint_group_chooser_fill:
 * @row: gets "No group" and the groups of @account's list
 * @group: (nullable): the one to choose; it is added when there is no such group yet
 */
void
flint_group_chooser_fill (AdwComboRow  *row,
                          FlintAccount *account,
                          const char   *group)
{
  g_auto(GStrv) groups = flint_contact_list_get_groups (flint_account_get_contacts (account));
  g_autoptr(GtkStringList) list = gtk_string_list_new (NULL);
  guint selected = 0;

  gtk_string_list_append (list, _("No group"));
  for (guint i = 0; groups != NULL && groups[i] != NULL; i++)
    {
      gtk_string_list_append (list, groups[i]);
      if (g_strcmp0 (groups[i], group) == 0)
        selected = i + 1;
    }

  if (group != NULL && *group != '\0' && selected == 0)
    {
      gtk_string_list_append (list, group);
      selected = g_list_model_get_n_items (G_LIST_MODEL (list)) - 1;
    }

  adw_combo_row_set_model (row, G_LIST_MODEL (list));
  adw_combo_row_set_selected (row, selected);
}

/**
 * flint_group_chooser_get:
 *
 * Returns: (transfer full) (nullable): the group that is chosen; %NULL: none
 */
char *
flint_group_chooser_get (AdwComboRow *row)
{
  guint selected = adw_combo_row_get_selected (row);

  if (selected == 0 || selected == GTK_INVALID_LIST_POSITION)
    return NULL;

  return g_strdup (gtk_string_list_get_string (GTK_STRING_LIST (adw_combo_row_get_model (row)), selected));
}
