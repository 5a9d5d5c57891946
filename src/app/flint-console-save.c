/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-console-save.h"

#include "console-export.h"

#include <glib/gi18n.h>

typedef enum
{
  SCOPE_ALL,
  SCOPE_SHOWN,
  SCOPE_SELECTED,
} Scope;

struct _FlintConsoleSave
{
  AdwWindow             parent_instance;

  GtkWindow            *parent;        /* weak */
  ConsoleCapture       *capture;
  ConsoleFilter        *filter;
  GPtrArray            *selected;      /* of ConsoleEntry */
  Scope                 scopes[3];     /* of the rows of the chooser */

  GListModel           *entries;       /* what is saved, once that is known */
  ConsoleFormat         format;
  GFile                *file;
  GtkFileChooserNative *chooser;

  GtkWidget            *as_text;
  GtkWidget            *scope_row;
};

enum {
  SAVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlintConsoleSave, flint_console_save, ADW_TYPE_WINDOW)

static void choose_file (FlintConsoleSave *self);

static GListModel *
copy_selected (FlintConsoleSave *self)
{
  GListStore *entries = g_list_store_new (CONSOLE_TYPE_ENTRY);

  g_list_store_splice (entries, 0, 0, self->selected->pdata, self->selected->len);

  return G_LIST_MODEL (entries);
}

/* As they are now: what comes while a file is chosen is not in it. */
static GListModel *
get_entries (FlintConsoleSave *self)
{
  switch (self->scopes[adw_combo_row_get_selected (ADW_COMBO_ROW (self->scope_row))])
    {
    case SCOPE_SHOWN:
      return console_filter_get_snapshot (self->filter);

    case SCOPE_SELECTED:
      return copy_selected (self);

    case SCOPE_ALL:
    default:
      return console_capture_get_snapshot (self->capture);
    }
}

/* The end */

static void
on_failure_response (AdwMessageDialog *dialog,
                     const char       *response,
                     FlintConsoleSave *self)
{
  if (g_str_equal (response, "elsewhere"))
    choose_file (self);
  else
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
tell_failure (FlintConsoleSave *self,
              const GError     *error)
{
  g_autofree char *name = g_file_get_parse_name (self->file);
  /* translators: the name of a file, then a sentence that says why */
  g_autofree char *text = g_strdup_printf (_("“%s” was not written. %s\n\nNothing is lost: the entries are still in the console."),
                                           name, error->message);
  GtkWidget *dialog = adw_message_dialog_new (self->parent, _("Could not save"), text);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "elsewhere", _("_Save elsewhere…"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "elsewhere", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "elsewhere");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_failure_response), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_exported (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(FlintConsoleSave) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean is_saved = console_export_finish (result, &error);

  if (self->parent == NULL)
    return;   /* nobody is there to be told */

  if (!is_saved)
    {
      tell_failure (self, error);
      return;
    }

  g_signal_emit (self, signals[SAVED], 0, self->file);
  gtk_window_destroy (GTK_WINDOW (self));
}

/* The file */

static void
on_chooser_response (GtkNativeDialog  *chooser,
                     int               response,
                     FlintConsoleSave *self)
{
  g_clear_object (&self->file);
  if (response == GTK_RESPONSE_ACCEPT)
    self->file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  g_clear_object (&self->chooser);

  if (self->file == NULL)
    gtk_window_destroy (GTK_WINDOW (self));
  else
    console_export_async (self->entries, self->format, self->file, NULL, on_exported, g_object_ref (self));
}

static void
choose_file (FlintConsoleSave *self)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *day = g_date_time_format (now, "%Y-%m-%d-%H%M");
  g_autofree char *name = g_strdup_printf ("flint-console-%s.%s", day, self->format == CONSOLE_EXPORT_XML ? "xml" : "txt");

  self->chooser = gtk_file_chooser_native_new (_("Save a capture"), self->parent,
                                               GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (on_chooser_response), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
on_save (FlintConsoleSave *self)
{
  self->format = gtk_check_button_get_active (GTK_CHECK_BUTTON (self->as_text)) ? CONSOLE_EXPORT_TEXT : CONSOLE_EXPORT_XML;
  g_clear_object (&self->entries);
  self->entries = get_entries (self);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  choose_file (self);
}

static void
flint_console_save_dispose (GObject *object)
{
  FlintConsoleSave *self = FLINT_CONSOLE_SAVE (object);

  g_clear_weak_pointer (&self->parent);
  g_clear_object (&self->capture);
  g_clear_object (&self->filter);
  g_clear_pointer (&self->selected, g_ptr_array_unref);
  g_clear_object (&self->entries);
  g_clear_object (&self->file);
  g_clear_object (&self->chooser);

  G_OBJECT_CLASS (flint_console_save_parent_class)->dispose (object);
}

static void
flint_console_save_class_init (FlintConsoleSaveClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_console_save_dispose;

  signals[SAVED] =
    g_signal_new ("saved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_FILE);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/console-save.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleSave, as_text);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleSave, scope_row);
  gtk_widget_class_bind_template_callback (widget_class, on_save);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
flint_console_save_init (FlintConsoleSave *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* What would be the same, or nothing, is not offered. */
static void
fill_scopes (FlintConsoleSave *self)
{
  guint n_all = g_list_model_get_n_items (G_LIST_MODEL (self->capture));
  guint n_shown = g_list_model_get_n_items (G_LIST_MODEL (self->filter));
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  g_autofree char *all = g_strdup_printf (ngettext ("The only one", "All %u", n_all), n_all);
  g_autofree char *shown = g_strdup_printf (ngettext ("The %u that is shown", "The %u that are shown", n_shown), n_shown);
  g_autofree char *selected = g_strdup_printf (ngettext ("The %u that is selected", "The %u that are selected", self->selected->len),
                                               self->selected->len);
  guint n = 0;

  self->scopes[n++] = SCOPE_ALL;
  gtk_string_list_append (names, all);

  if (n_shown > 0 && n_shown < n_all)
    {
      self->scopes[n++] = SCOPE_SHOWN;
      gtk_string_list_append (names, shown);
    }
  if (self->selected->len > 0)
    {
      self->scopes[n++] = SCOPE_SELECTED;
      gtk_string_list_append (names, selected);
    }

  adw_combo_row_set_model (ADW_COMBO_ROW (self->scope_row), G_LIST_MODEL (names));
  if (self->selected->len > 1)
    adw_combo_row_set_selected (ADW_COMBO_ROW (self->scope_row), n - 1);   /* nobody selects several for nothing */
}

/**
 * flint_console_save_new:
 * @filter: over @capture: what is shown
 * @selected: of ConsoleEntry
 *
 * Returns: (transfer none): the window, to be presented
 */
FlintConsoleSave *
flint_console_save_new (GtkWindow      *parent,
                        ConsoleCapture *capture,
                        ConsoleFilter  *filter,
                        GPtrArray      *selected)
{
  FlintConsoleSave *self = g_object_new (FLINT_TYPE_CONSOLE_SAVE, "transient-for", parent, NULL);

  g_set_weak_pointer (&self->parent, parent);
  self->capture = g_object_ref (capture);
  self->filter = g_object_ref (filter);
  self->selected = g_ptr_array_ref (selected);
  fill_scopes (self);

  return self;
}
