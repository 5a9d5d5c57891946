/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-rename-dialog.h"

#include <glib/gi18n.h>

typedef struct
{
  FlintRenameFunc  func;
  GWeakRef         about;
  GtkWidget       *entry;   /* lives as long as the dialog */
} Rename;

static void
rename_free (gpointer  data,
             GClosure *closure)
{
  Rename *rename = data;

  g_weak_ref_clear (&rename->about);
  g_free (rename);
}

static void
on_response (AdwMessageDialog *dialog,
             const char       *response,
             Rename           *rename)
{
  g_autoptr(GObject) about = g_weak_ref_get (&rename->about);
  g_autofree char *name = g_strdup (gtk_editable_get_text (GTK_EDITABLE (rename->entry)));

  g_strstrip (name);
  if (g_str_equal (response, "ok") && about != NULL && *name != '\0')
    rename->func (name, about);
}

static void
on_changed (GtkEditable      *entry,
            AdwMessageDialog *dialog)
{
  const char *text = gtk_editable_get_text (entry);

  adw_message_dialog_set_response_enabled (dialog, "ok", text[strspn (text, " \t")] != '\0');
}

void
flint_rename_dialog_present (GtkWindow       *parent,
                             const char      *title,
                             const char      *label,
                             const char      *text,
                             FlintRenameFunc  func,
                             GObject         *about)
{
  GtkWidget *dialog = adw_message_dialog_new (parent, title, NULL);
  GtkWidget *entry = gtk_entry_new ();
  Rename *rename = g_new0 (Rename, 1);

  rename->func = func;
  rename->entry = entry;
  g_weak_ref_init (&rename->about, about);

  gtk_editable_set_text (GTK_EDITABLE (entry), text != NULL ? text : "");
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), label);

  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), entry);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("Cancel"), "ok", _("OK"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "ok", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "ok");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_response), rename, rename_free, 0);
  g_signal_connect (entry, "changed", G_CALLBACK (on_changed), dialog);
  on_changed (GTK_EDITABLE (entry), ADW_MESSAGE_DIALOG (dialog));

  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (entry);
}
