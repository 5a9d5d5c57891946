/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-rename-dialog.h"

#include <glib/gi18n.h>

typedef struct
{
  FlintRenameCheck  check;
  FlintRenameFunc   func;
  GWeakRef          about;
  GtkWidget        *entry;       /* these live as long as the dialog */
  GtkWidget        *error;
} Rename;

static void
rename_free (gpointer  data,
             GClosure *closure)
{
  Rename *rename = data;

  g_weak_ref_clear (&rename->about);
  g_free (rename);
}

static char *
get_name (Rename *rename)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (rename->entry))));
}

static void
on_response (AdwMessageDialog *dialog,
             const char       *response,
             Rename           *rename)
{
  g_autoptr(GObject) about = g_weak_ref_get (&rename->about);
  g_autofree char *name = get_name (rename);

  if (g_str_equal (response, "ok") && about != NULL && *name != '\0')
    rename->func (name, about);
}

/* What is wrong is said under the entry, and then there is nothing to say OK to */
static void
on_changed (GtkEditable *entry,
            Rename      *rename)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (gtk_widget_get_root (GTK_WIDGET (entry)));
  g_autoptr(GObject) about = g_weak_ref_get (&rename->about);
  g_autofree char *name = get_name (rename);
  g_autofree char *problem = *name != '\0' && rename->check != NULL && about != NULL ? rename->check (name, about) : NULL;

  adw_message_dialog_set_response_enabled (dialog, "ok", *name != '\0' && problem == NULL);
  if (rename->check == NULL)
    return;

  gtk_label_set_label (GTK_LABEL (rename->error), problem != NULL ? problem : "");
  if (problem != NULL)
    gtk_widget_add_css_class (rename->entry, "error");
  else
    gtk_widget_remove_css_class (rename->entry, "error");
}

static GtkWidget *
new_error_label (void)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, "field-error");
  gtk_widget_add_css_class (label, "caption");

  return label;
}

/**
 * flint_rename_dialog_present_checked:
 * @parent: (nullable): the window it belongs to
 * @title: what is asked for
 * @label: what the entry is called
 * @text: (nullable): what stands in the entry at first
 * @check: (nullable): says what is wrong with what is typed
 * @func: called with what was typed, not empty and without white space around it
 * @about: for @check and @func; when it is gone, neither is called
 *
 * Asks for one line.
 */
void
flint_rename_dialog_present_checked (GtkWindow        *parent,
                                     const char       *title,
                                     const char       *label,
                                     const char       *text,
                                     FlintRenameCheck  check,
                                     FlintRenameFunc   func,
                                     GObject          *about)
{
  GtkWidget *dialog = adw_message_dialog_new (parent, title, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  Rename *rename = g_new0 (Rename, 1);

  rename->check = check;
  rename->func = func;
  rename->entry = gtk_entry_new ();
  rename->error = new_error_label ();
  g_weak_ref_init (&rename->about, about);

  gtk_editable_set_text (GTK_EDITABLE (rename->entry), text != NULL ? text : "");
  gtk_entry_set_activates_default (GTK_ENTRY (rename->entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (rename->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_entry_set_placeholder_text (GTK_ENTRY (rename->entry), label);

  gtk_box_append (GTK_BOX (box), rename->entry);
  gtk_box_append (GTK_BOX (box), rename->error);
  gtk_widget_set_visible (rename->error, check != NULL);

  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), box);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("Cancel"), "ok", _("OK"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "ok", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "ok");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_response), rename, rename_free, 0);
  g_signal_connect (rename->entry, "changed", G_CALLBACK (on_changed), rename);
  on_changed (GTK_EDITABLE (rename->entry), rename);

  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (rename->entry);
}

void
flint_rename_dialog_present (GtkWindow       *parent,
                             const char      *title,
                             const char      *label,
                             const char      *text,
                             FlintRenameFunc  func,
                             GObject         *about)
{
  flint_rename_dialog_present_checked (parent, title, label, text, NULL, func, about);
}
