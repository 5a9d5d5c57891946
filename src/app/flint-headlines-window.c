/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-headlines-window.h"

#include "flint-headline-view.h"
#include "flint-long-text.h"
#include "flint-text.h"
#include "flint-time.h"
#include "flint-window-size.h"

#include <glib/gi18n.h>

struct _FlintHeadlinesWindow
{
  AdwApplicationWindow  parent_instance;

  FlintApplication     *application;    /* not owned: it outlives its windows */
  GtkSingleSelection   *selection;
  GtkCustomFilter      *filter;
  char                 *words;          /* folded; NULL: all */

  GtkWidget            *leaflet;
  GtkWidget            *search_bar;
  GtkWidget            *search_entry;
  GtkWidget            *view;
  GtkWidget            *stack;
  GtkWidget            *official_strip;
  GtkWidget            *official_label;
  GtkWidget            *subject_label;
  GtkWidget            *meta_label;
  FlintLongText        *text;
};

G_DEFINE_FINAL_TYPE (FlintHeadlinesWindow, flint_headlines_window, ADW_TYPE_APPLICATION_WINDOW)

static FlintHeadline *
get_selected (FlintHeadlinesWindow *self)
{
  return gtk_single_selection_get_selected_item (self->selection);
}

static gboolean
matches (gpointer item,
         gpointer user_data)
{
  FlintHeadlinesWindow *self = user_data;
  g_autofree char *text = NULL;
  g_autofree char *folded = NULL;

  if (self->words == NULL)
    return TRUE;

  text = g_strjoin ("\n", flint_headline_get_subject (item), flint_headline_get_sender (item), flint_headline_get_body (item), NULL);
  folded = g_utf8_casefold (text, -1);

  return strstr (folded, self->words) != NULL;
}

static void
on_search_changed (FlintHeadlinesWindow *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));

  g_clear_pointer (&self->words, g_free);
  if (*text != '\0')
    self->words = g_utf8_casefold (text, -1);
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
}

static void
on_selected (FlintHeadlinesWindow *self)
{
  FlintHeadline *headline = get_selected (self);
  g_autofree char *time = NULL;
  g_autofree char *meta = NULL;
  g_autofree char *official = NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "headline.delete", headline != NULL);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), headline != NULL ? "headline" : "empty");
  if (headline == NULL)
    return;

  time = flint_time_format_long (flint_headline_get_time (headline));
  meta = g_strdup_printf ("%s · %s", flint_headline_get_sender (headline), time);
  official = g_strdup_printf (_("Announcement from your server, %s"), xmpp_jid_get_text (flint_headline_get_from (headline)));

  gtk_widget_set_visible (self->official_strip, flint_headline_is_official (headline));
  gtk_label_set_label (GTK_LABEL (self->official_label), official);
  gtk_label_set_label (GTK_LABEL (self->subject_label), flint_headline_get_subject (headline));
  gtk_label_set_label (GTK_LABEL (self->meta_label), meta);
  gtk_widget_set_tooltip_text (self->meta_label, xmpp_jid_get_text (flint_headline_get_from (headline)));
  flint_long_text_set_text (self->text, flint_headline_get_subject (headline), flint_headline_get_body (headline));
  flint_headline_set_unread (headline, FALSE);
  adw_leaflet_set_visible_child_name (ADW_LEAFLET (self->leaflet), "read");
}

static void
on_back (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  FlintHeadlinesWindow *self = FLINT_HEADLINES_WINDOW (widget);

  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  adw_leaflet_set_visible_child_name (ADW_LEAFLET (self->leaflet), "list");
}

static void
on_delete (GtkWidget  *widget,
           const char *action,
           GVariant   *parameter)
{
  FlintHeadlinesWindow *self = FLINT_HEADLINES_WINDOW (widget);
  FlintHeadline *headline = get_selected (self);
  guint position = gtk_single_selection_get_selected (self->selection);
  guint n_left;

  if (headline == NULL)
    return;

  flint_core_delete_headline (flint_application_get_core (self->application), headline);
  if (adw_leaflet_get_folded (ADW_LEAFLET (self->leaflet)))
    on_back (widget, NULL, NULL);
  else if ((n_left = g_list_model_get_n_items (G_LIST_MODEL (self->selection))) > 0)
    gtk_single_selection_set_selected (self->selection, MIN (position, n_left - 1));
}

static void
on_mark_all_read (GtkWidget  *widget,
                  const char *action,
                  GVariant   *parameter)
{
  FlintHeadlinesWindow *self = FLINT_HEADLINES_WINDOW (widget);
  GListModel *headlines = flint_core_get_headlines (flint_application_get_core (self->application));

  for (guint i = 0; i < g_list_model_get_n_items (headlines); i++)
    {
      g_autoptr(FlintHeadline) headline = g_list_model_get_item (headlines, i);

      flint_headline_set_unread (headline, FALSE);
    }
}

/**
 * flint_headlines_window_select:
 *
 * Opens a headline for reading.
 */
void
flint_headlines_window_select (FlintHeadlinesWindow *self,
                               FlintHeadline        *headline)
{
  g_return_if_fail (FLINT_IS_HEADLINES_WINDOW (self));

  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  on_search_changed (self);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->selection)); i++)
    {
      g_autoptr(FlintHeadline) other = g_list_model_get_item (G_LIST_MODEL (self->selection), i);

      if (other == headline)
        {
          gtk_single_selection_set_selected (self->selection, i);
          return;
        }
    }
}

static void
flint_headlines_window_dispose (GObject *object)
{
  FlintHeadlinesWindow *self = FLINT_HEADLINES_WINDOW (object);

  g_clear_object (&self->selection);
  g_clear_pointer (&self->words, g_free);

  G_OBJECT_CLASS (flint_headlines_window_parent_class)->dispose (object);
}

static void
flint_headlines_window_class_init (FlintHeadlinesWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_headlines_window_dispose;

  g_type_ensure (FLINT_TYPE_HEADLINE_VIEW);
  g_type_ensure (FLINT_TYPE_LONG_TEXT);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/headlines-window.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintHeadlinesWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, FlintHeadlinesWindow, search_bar);
  gtk_widget_class_bind_template_child (widget_class, FlintHeadlinesWindow, search_entry);
  gtk_widget_class_bind_template_child (widget_class, FlintHeadlinesWindow, view);
  gtk_widget_class_bind_template_child (widget_class, FlintHeadlinesWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, FlintHeadlinesWindow, official_strip);
  gtk_widget_class_bind_template_child (widget_class, FlintHeadlinesWindow, official_label);
  gtk_widget_class_bind_template_child (widget_class, FlintHeadlinesWindow, subject_label);
  gtk_widget_class_bind_template_child (widget_class, FlintHeadlinesWindow, meta_label);
  gtk_widget_class_bind_template_child (widget_class, FlintHeadlinesWindow, text);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);

  gtk_widget_class_install_action (widget_class, "headline.back", NULL, on_back);
  gtk_widget_class_install_action (widget_class, "headline.delete", NULL, on_delete);
  gtk_widget_class_install_action (widget_class, "headline.mark-all-read", NULL, on_mark_all_read);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
}

static void
flint_headlines_window_init (FlintHeadlinesWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
flint_headlines_window_new (FlintApplication *application)
{
  FlintHeadlinesWindow *self = g_object_new (FLINT_TYPE_HEADLINES_WINDOW, "application", application, NULL);
  GListModel *headlines = flint_core_get_headlines (flint_application_get_core (application));
  GtkFilterListModel *filtered;

  self->application = application;
  flint_window_size_bind (GTK_WINDOW (self), flint_application_get_settings (application), "headlines-window-size");

  self->filter = gtk_custom_filter_new (matches, self, NULL);
  filtered = gtk_filter_list_model_new (g_object_ref (headlines), GTK_FILTER (self->filter));
  self->selection = gtk_single_selection_new (G_LIST_MODEL (filtered));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (on_selected), self, G_CONNECT_SWAPPED);

  flint_headline_view_set_model (FLINT_HEADLINE_VIEW (self->view), GTK_SELECTION_MODEL (self->selection));
  gtk_search_bar_connect_entry (GTK_SEARCH_BAR (self->search_bar), GTK_EDITABLE (self->search_entry));
  on_selected (self);

  return GTK_WINDOW (self);
}
