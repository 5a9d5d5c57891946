/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A group exists as long as somebody is in it (RFC 6121, 2.1.2.2): to add one is to choose who is in it first. */
#include "flint-config.h"

#include "flint-add-group-dialog.h"

#include "flint-rename-dialog.h"

#include <glib/gi18n.h>

typedef struct
{
  GWeakRef  account;
  char     *parent_group;
} Place;

static void
place_free (gpointer data)
{
  Place *place = data;

  g_weak_ref_clear (&place->account);
  g_free (place->parent_group);
  g_free (place);
}

static void
add_group (const char *name,
           gpointer    user_data)
{
  FlintApplication *application = user_data;
  Place *place = g_object_get_data (G_OBJECT (application), "flint-add-group");
  g_autoptr(FlintAccount) account = g_weak_ref_get (&place->account);
  g_autofree char *path = place->parent_group != NULL ? g_strconcat (place->parent_group, "::", name, NULL) : g_strdup (name);

  flint_application_add_contact (application, account, NULL, path);
}

/**
 * flint_add_group_dialog_present:
 * @account: (nullable): whose list; %NULL: the default account's
 * @parent_group: (nullable): the group in which the new one will be
 *
 * Asks for the name, then for the first contact in it.
 */
void
flint_add_group_dialog_present (FlintApplication *application,
                                FlintAccount     *account,
                                const char       *parent_group)
{
  Place *place = g_new0 (Place, 1);

  g_weak_ref_init (&place->account, account);
  place->parent_group = g_strdup (parent_group);
  g_object_set_data_full (G_OBJECT (application), "flint-add-group", place, place_free);

  flint_rename_dialog_present (gtk_application_get_active_window (GTK_APPLICATION (application)),
                               _("Add group"), _("Name of the group"), NULL, add_group, G_OBJECT (application));
}
