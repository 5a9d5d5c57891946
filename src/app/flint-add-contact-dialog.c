/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-add-contact-dialog.h"

#include "flint-group-chooser.h"

#include <glib/gi18n.h>

struct _FlintAddContactDialog
{
  AdwWindow         parent_instance;

  FlintApplication *application;
  FlintAccount     *account;
  char             *group;

  GtkWidget        *address_row;
  GtkWidget        *address_hint_label;
  GtkWidget        *name_row;
  GtkWidget        *group_row;
  GtkWidget        *account_row;
  GtkWidget        *note_row;
};

G_DEFINE_FINAL_TYPE (FlintAddContactDialog, flint_add_contact_dialog, ADW_TYPE_WINDOW)

/* A name without a server is somebody on our own. */
static XmppJid *
read_address (FlintAddContactDialog  *self,
              GError                **error)
{
  g_autofree char *text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->address_row)));
  g_autoptr(XmppJid) jid = NULL;
  XmppJid *own = flint_account_get_jid (self->account);

  g_strstrip (text);
  if (strchr (text, '@') == NULL && strchr (text, '.') == NULL && own != NULL && *text != '\0')
    {
      g_autofree char *local = xmpp_jid_escape_local (text);

      return xmpp_jid_new_from_parts (local, xmpp_jid_get_domain (own), NULL, error);
    }

  if (!(jid = xmpp_jid_new (text, error)))
    return NULL;

  return xmpp_jid_get_bare (jid);
}

static void
say (FlintAddContactDialog *self,
     const char            *text,
     gboolean               is_error)
{
  const char *classes[] = { is_error ? "field-error" : "dim-label", "caption", NULL };

  gtk_label_set_label (GTK_LABEL (self->address_hint_label), text);
  gtk_widget_set_css_classes (self->address_hint_label, classes);
}

static void
update (FlintAddContactDialog *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->address_row));
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppJid) jid = *text != '\0' ? read_address (self, &error) : NULL;
  FlintContact *known = jid != NULL ? flint_contact_list_find (flint_account_get_contacts (self->account), jid) : NULL;
  g_autofree char *hint = NULL;

  if (*text == '\0')
    hint = g_strdup (_("A name on your server, or a whole address such as juliet@example.org."));
  else if (jid == NULL)
    hint = g_strdup (error->message);
  else if (known != NULL && flint_contact_is_listed (known))
    hint = g_strdup_printf (_("%s is in your contacts already."), xmpp_jid_get_text (jid));
  else if (!flint_account_is_online (self->account))
    hint = g_strdup (_("You are offline. Contacts can be added while you are connected."));
  else if (strchr (text, '@') == NULL)
    hint = g_strdup_printf (_("Will be %s."), xmpp_jid_get_text (jid));
  else
    hint = g_strdup ("");

  say (self, hint, *text != '\0' && jid == NULL && strchr (text, '@') != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.add-contact",
                                 jid != NULL && flint_account_is_online (self->account) &&
                                 !(known != NULL && flint_contact_is_listed (known)));
}

/* The connection may come and go while the dialog is open. */
static void
watch (FlintAddContactDialog *self,
       FlintAccount          *account)
{
  if (self->account != NULL)
    g_signal_handlers_disconnect_by_func (self->account, update, self);
  g_set_object (&self->account, account);
  if (account != NULL)
    g_signal_connect_object (account, "notify::state", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
}

static void
on_address_changed (FlintAddContactDialog *self)
{
  update (self);
}

static void
on_entry_activated (FlintAddContactDialog *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "dialog.add-contact", NULL);
}

static void
on_account_selected (FlintAddContactDialog *self)
{
  GListModel *accounts = G_LIST_MODEL (flint_core_get_accounts (flint_application_get_core (self->application)));
  g_autoptr(FlintAccount) account = g_list_model_get_item (accounts, adw_combo_row_get_selected (ADW_COMBO_ROW (self->account_row)));

  if (account == NULL || account == self->account)
    return;

  watch (self, account);
  flint_group_chooser_fill (ADW_COMBO_ROW (self->group_row), self->account, self->group);
  update (self);
}

static void
on_added (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(FlintAddContactDialog) self = user_data;
  g_autoptr(GError) error = NULL;

  if (flint_account_change_finish (FLINT_ACCOUNT (object), result, &error))
    {
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }

  say (self, error->message, TRUE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.add-contact", TRUE);
}

static void
on_add (GtkWidget  *widget,
        const char *action,
        GVariant   *parameter)
{
  FlintAddContactDialog *self = FLINT_ADD_CONTACT_DIALOG (widget);
  g_autofree char *group = flint_group_chooser_get (ADW_COMBO_ROW (self->group_row));
  const char *groups[] = { group, NULL };
  const char *name = gtk_editable_get_text (GTK_EDITABLE (self->name_row));
  const char *note = gtk_editable_get_text (GTK_EDITABLE (self->note_row));
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppJid) jid = read_address (self, &error);

  if (jid == NULL)
    {
      say (self, error->message, TRUE);
      return;
    }

  gtk_widget_action_set_enabled (widget, "dialog.add-contact", FALSE);
  flint_account_add_contact_async (self->account, jid, *name != '\0' ? name : NULL, groups,
                                   *note != '\0' ? note : NULL, on_added, g_object_ref (self));
}

static void
flint_add_contact_dialog_dispose (GObject *object)
{
  FlintAddContactDialog *self = FLINT_ADD_CONTACT_DIALOG (object);

  watch (self, NULL);
  g_clear_pointer (&self->group, g_free);

  G_OBJECT_CLASS (flint_add_contact_dialog_parent_class)->dispose (object);
}

static void
flint_add_contact_dialog_class_init (FlintAddContactDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_add_contact_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/add-contact-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintAddContactDialog, address_row);
  gtk_widget_class_bind_template_child (widget_class, FlintAddContactDialog, address_hint_label);
  gtk_widget_class_bind_template_child (widget_class, FlintAddContactDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, FlintAddContactDialog, group_row);
  gtk_widget_class_bind_template_child (widget_class, FlintAddContactDialog, account_row);
  gtk_widget_class_bind_template_child (widget_class, FlintAddContactDialog, note_row);
  gtk_widget_class_bind_template_callback (widget_class, on_address_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_entry_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_account_selected);
  gtk_widget_class_install_action (widget_class, "dialog.add-contact", NULL, on_add);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
flint_add_contact_dialog_init (FlintAddContactDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
fill_accounts (FlintAddContactDialog *self)
{
  GListModel *accounts = G_LIST_MODEL (flint_core_get_accounts (flint_application_get_core (self->application)));
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  guint selected = 0;

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(FlintAccount) account = g_list_model_get_item (accounts, i);

      gtk_string_list_append (names, flint_account_get_label (account));
      if (account == self->account)
        selected = i;
    }

  adw_combo_row_set_model (ADW_COMBO_ROW (self->account_row), G_LIST_MODEL (names));
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->account_row), selected);
  gtk_widget_set_visible (self->account_row, g_list_model_get_n_items (accounts) > 1);
}

/**
 * flint_add_contact_dialog_new:
 * @account: whose list
 * @jid: (nullable): whom to add
 * @group: (nullable): where
 */
GtkWindow *
flint_add_contact_dialog_new (FlintApplication *application,
                              GtkWindow        *parent,
                              FlintAccount     *account,
                              XmppJid          *jid,
                              const char       *group)
{
  FlintAddContactDialog *self = g_object_new (FLINT_TYPE_ADD_CONTACT_DIALOG, "transient-for", parent, NULL);

  self->application = application;
  watch (self, account);
  self->group = g_strdup (group);

  flint_group_chooser_fill (ADW_COMBO_ROW (self->group_row), account, group);
  fill_accounts (self);
  if (jid != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->address_row), xmpp_jid_get_bare_text (jid));
  update (self);
  gtk_widget_grab_focus (self->address_row);

  return GTK_WINDOW (self);
}
