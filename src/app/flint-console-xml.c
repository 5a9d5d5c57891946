/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-console-xml.h"

#include "console-text.h"

#include <glib/gi18n.h>

#define MAX_SHOWN (256 * 1024)   /* bytes: the highlighting of more is felt */

struct _FlintConsoleXml
{
  AdwBin      parent_instance;

  GPtrArray  *entries;          /* ConsoleEntry, owned */

  GtkWidget  *title;
  GtkWidget  *stack;
  GtkWidget  *view;
  GtkWidget  *rest_bar;
  GtkWidget  *rest_label;
};

G_DEFINE_FINAL_TYPE (FlintConsoleXml, flint_console_xml, ADW_TYPE_BIN)

static void
on_dark_changed (AdwStyleManager *manager,
                 GParamSpec      *pspec,
                 GtkSourceBuffer *buffer)
{
  const char *id = adw_style_manager_get_dark (manager) ? "Adwaita-dark" : "Adwaita";

  gtk_source_buffer_set_style_scheme (buffer, gtk_source_style_scheme_manager_get_scheme (gtk_source_style_scheme_manager_get_default (), id));
}

/**
 * flint_console_xml_style_buffer:
 *
 * Colours @buffer as XML, in the light or the dark, as the program is.
 */
void
flint_console_xml_style_buffer (GtkSourceBuffer *buffer)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();

  gtk_source_buffer_set_language (buffer, gtk_source_language_manager_get_language (gtk_source_language_manager_get_default (), "xml"));
  g_signal_connect_object (manager, "notify::dark", G_CALLBACK (on_dark_changed), buffer, 0);
  on_dark_changed (manager, NULL, buffer);
}

/* Until it is longer than @max_length: of a hundred thousand selected entries not all is read to show some of it */
static GString *
write_some (GPtrArray *entries,
            gsize      max_length)
{
  GString *all = g_string_new (NULL);

  for (guint i = 0; i < entries->len && all->len <= max_length; i++)
    {
      g_autofree char *xml = console_entry_get_xml (g_ptr_array_index (entries, i));

      if (i > 0)
        g_string_append_c (all, '\n');
      console_text_append_harmless (all, xml, strlen (xml));
    }

  return all;
}

/**
 * flint_console_xml_write:
 * @entries: of ConsoleEntry
 *
 * Returns: (transfer full): their XML, indented, one below the other; what could disturb a reader is
 *   written as character references
 */
char *
flint_console_xml_write (GPtrArray *entries)
{
  return g_string_free (write_some (entries, G_MAXSIZE), FALSE);
}

static gsize
measure (GPtrArray *entries)
{
  gsize size = 0;

  for (guint i = 0; i < entries->len; i++)
    size += console_entry_get_size (g_ptr_array_index (entries, i));

  return size;
}

static void
show (FlintConsoleXml *self,
      gsize            max_length)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
  g_autoptr(GString) text = write_some (self->entries, max_length);
  gsize length = text->len;
  gboolean is_cut = length > max_length;

  if (is_cut)
    {
      /* indented it is a little more than it was on the wire */
      g_autofree char *size = g_format_size (MAX (length, measure (self->entries)));
      g_autofree char *note = g_strdup_printf (_("These are the first 256 kB of %s."), size);

      length = g_utf8_find_prev_char (text->str, text->str + max_length) - text->str;
      gtk_label_set_label (GTK_LABEL (self->rest_label), note);
    }

  gtk_widget_set_visible (self->rest_bar, is_cut);
  gtk_text_buffer_set_text (buffer, text->str, length);
}

static void
on_show_all (FlintConsoleXml *self)
{
  show (self, G_MAXSIZE);
}

static char *
describe (GPtrArray *entries)
{
  ConsoleEntry *entry;
  g_autoptr(GDateTime) date = NULL;
  g_autofree char *clock = NULL;
  g_autofree char *time = NULL;
  gsize size;

  if (entries->len != 1)
    return g_strdup_printf (ngettext ("%u entry", "%u entries", entries->len), entries->len);

  entry = g_ptr_array_index (entries, 0);
  date = g_date_time_new_from_unix_local (console_entry_get_time (entry) / G_USEC_PER_SEC);
  clock = g_date_time_format (date, "%H:%M:%S");
  time = g_strdup_printf ("%s.%06d", clock, (int) (console_entry_get_time (entry) % G_USEC_PER_SEC));
  size = console_entry_get_size (entry);

  if (console_entry_is_event (entry))
    /* translators: an entry of the debug console: its number and time */
    return g_strdup_printf (_("No. %u, event at %s"), console_entry_get_number (entry), time);

  if (console_entry_get_direction (entry) == XMPP_SENT)
    /* translators: an entry of the debug console: its number, time and size */
    return g_strdup_printf (_("No. %u, sent %s, %u bytes"), console_entry_get_number (entry), time, (guint) size);

  return g_strdup_printf (_("No. %u, received %s, %u bytes"), console_entry_get_number (entry), time, (guint) size);
}

/**
 * flint_console_xml_set_entries:
 * @entries: of ConsoleEntry; none: says that nothing is selected
 */
void
flint_console_xml_set_entries (FlintConsoleXml *self,
                               GPtrArray       *entries)
{
  g_autofree char *title = NULL;

  g_return_if_fail (FLINT_IS_CONSOLE_XML (self));

  g_ptr_array_unref (self->entries);
  self->entries = g_ptr_array_ref (entries);
  title = entries->len > 0 ? describe (entries) : NULL;

  gtk_label_set_label (GTK_LABEL (self->title), title);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), entries->len > 0 ? "xml" : "none");
  show (self, MAX_SHOWN);
}

static void
flint_console_xml_finalize (GObject *object)
{
  FlintConsoleXml *self = FLINT_CONSOLE_XML (object);

  g_ptr_array_unref (self->entries);

  G_OBJECT_CLASS (flint_console_xml_parent_class)->finalize (object);
}

static void
flint_console_xml_class_init (FlintConsoleXmlClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = flint_console_xml_finalize;

  gtk_source_init ();

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/console-xml.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleXml, title);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleXml, stack);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleXml, view);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleXml, rest_bar);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleXml, rest_label);
  gtk_widget_class_bind_template_callback (widget_class, on_show_all);
}

static void
flint_console_xml_init (FlintConsoleXml *self)
{
  self->entries = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  flint_console_xml_style_buffer (GTK_SOURCE_BUFFER (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view))));
}
