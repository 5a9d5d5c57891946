/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-console-columns.h"

#include "console-text.h"

#include <glib/gi18n.h>

#define CELL_PADDING 14    /* px, both sides */
#define MAX_CELL     200   /* characters of others in one cell */
#define ROW_ITEM     "flint-console-item"
#define IS_NUMBER    "flint-console-is-number"

static const struct
{
  const char *label;
  const char *icon;
} kinds[CONSOLE_N_KINDS] = {
  /* translators: kinds of what crosses the wire, in a column of the debug console */
  [CONSOLE_MESSAGE]  = { N_("Message"),  "flint-message-symbolic" },
  [CONSOLE_PRESENCE] = { N_("Presence"), "flint-presence-symbolic" },
  [CONSOLE_IQ]       = { N_("IQ"),       "flint-iq-symbolic" },
  [CONSOLE_STREAM]   = { N_("Stream"),   "flint-stream-symbolic" },
  [CONSOLE_SASL]     = { N_("SASL"),     "flint-sasl-symbolic" },
  [CONSOLE_SM]       = { N_("SM"),       "flint-sm-symbolic" },
  [CONSOLE_NONZA]    = { N_("Nonza"),    "flint-stream-symbolic" },
  [CONSOLE_EVENT]    = { N_("Event"),    "flint-event-symbolic" },
};

const char *
flint_console_kind_get_label (ConsoleKind kind)
{
  return _(kinds[kind].label);
}

const char *
flint_console_kind_get_icon (ConsoleKind kind)
{
  return kinds[kind].icon;
}

static void
set_class (GtkWidget  *widget,
           const char *name,
           gboolean    is_set)
{
  if (is_set)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

/* Cells */

static GtkWidget *
text_new (float xalign)
{
  return g_object_new (GTK_TYPE_INSCRIPTION,
                       "text-overflow", GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END,
                       "xalign", xalign,
                       "valign", GTK_ALIGN_CENTER,
                       "hexpand", TRUE,
                       "min-chars", 0,
                       "nat-chars", 0,
                       NULL);
}

static void
on_setup_text (GtkSignalListItemFactory *factory,
               GtkListItem              *item)
{
  gtk_list_item_set_child (item, text_new (0.0f));
}

static void
on_setup_number (GtkSignalListItemFactory *factory,
                 GtkListItem              *item)
{
  GtkWidget *text = text_new (1.0f);

  gtk_widget_add_css_class (text, "num");
  gtk_list_item_set_child (item, text);
}

static void
on_setup_time (GtkSignalListItemFactory *factory,
               GtkListItem              *item)
{
  GtkWidget *text = text_new (0.0f);
  g_autoptr(PangoAttrList) attributes = pango_attr_list_new ();
  PangoAttribute *pale = pango_attr_foreground_alpha_new (0x8000);

  /* the hour and the minute, which seldom change */
  pale->start_index = 0;
  pale->end_index = strlen ("00:00:");
  pango_attr_list_insert (attributes, pale);
  gtk_inscription_set_attributes (GTK_INSCRIPTION (text), attributes);
  gtk_widget_add_css_class (text, "num");
  gtk_list_item_set_child (item, text);
}

static void
on_setup_image (GtkSignalListItemFactory *factory,
                GtkListItem              *item)
{
  gtk_list_item_set_child (item, gtk_image_new ());
}

static void
on_setup_image_and_text (GtkSignalListItemFactory *factory,
                         GtkListItem              *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_box_append (GTK_BOX (box), gtk_image_new ());
  gtk_box_append (GTK_BOX (box), text_new (0.0f));
  gtk_list_item_set_child (item, box);
}

static void
set_text (GtkListItem *item,
          const char  *text)
{
  gtk_inscription_set_text (GTK_INSCRIPTION (gtk_list_item_get_child (item)), text);
}

static const char *
describe_direction (ConsoleEntry *entry)
{
  if (console_entry_is_event (entry))
    return _("event");

  return console_entry_get_direction (entry) == XMPP_SENT ? _("sent") : _("received");
}

/* What a screen reader says of the row: what is wrong first */
static char *
describe (ConsoleEntry *entry)
{
  const char *type = console_entry_get_type_name (entry);
  g_autofree char *line = type != NULL ? console_text_for_line (type, MAX_CELL) : NULL;
  g_autofree char *what = line != NULL
                            ? g_strdup_printf ("%s %s", flint_console_kind_get_label (console_entry_get_kind (entry)), line)
                            : g_strdup (flint_console_kind_get_label (console_entry_get_kind (entry)));
  /* translators: an entry of the debug console, read aloud: "28, sent, IQ get: asks example.org for its items" */
  g_autofree char *label = g_strdup_printf (_("%u, %s, %s: %s"), console_entry_get_number (entry), describe_direction (entry),
                                            what, console_entry_get_summary (entry));

  /* translators: %s is an entry of the debug console, read aloud */
  return console_entry_is_error (entry) ? g_strdup_printf (_("Error. %s"), label) : g_steal_pointer (&label);
}

static void
on_bind_number (GtkSignalListItemFactory *factory,
                GtkListItem              *item)
{
  ConsoleEntry *entry = gtk_list_item_get_item (item);
  GtkWidget *row = gtk_widget_get_parent (gtk_widget_get_parent (gtk_list_item_get_child (item)));
  g_autofree char *text = g_strdup_printf ("%u", console_entry_get_number (entry));
  g_autofree char *label = describe (entry);

  set_text (item, text);
  g_object_set_data (G_OBJECT (row), ROW_ITEM, item);
  set_class (row, "is-error", console_entry_is_error (entry));
  set_class (row, "is-event", console_entry_is_event (entry));
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

/* The row may show another entry next, or none. */
static void
on_unbind_number (GtkSignalListItemFactory *factory,
                  GtkListItem              *item)
{
  GtkWidget *row = gtk_widget_get_parent (gtk_widget_get_parent (gtk_list_item_get_child (item)));

  g_object_set_data (G_OBJECT (row), ROW_ITEM, NULL);
}

/**
 * flint_console_columns_get_item:
 * @widget: somewhere in the list
 *
 * Returns: (nullable) (transfer none): the item of the row that @widget is, or is in
 */
GtkListItem *
flint_console_columns_get_item (GtkWidget *widget)
{
  for (; widget != NULL; widget = gtk_widget_get_parent (widget))
    {
      GtkListItem *item = g_object_get_data (G_OBJECT (widget), ROW_ITEM);

      if (item != NULL)
        return item;
    }

  return NULL;
}

static char *
format_time (ConsoleEntry *entry,
             gboolean      is_short)
{
  gint64 time = console_entry_get_time (entry);
  g_autoptr(GDateTime) date = g_date_time_new_from_unix_local (time / G_USEC_PER_SEC);
  g_autofree char *clock = g_date_time_format (date, "%H:%M:%S");
  int microseconds = time % G_USEC_PER_SEC;

  return is_short ? g_strdup_printf ("%s.%03d", clock, microseconds / 1000) : g_strdup_printf ("%s.%06d", clock, microseconds);
}

static void
on_bind_time (GtkSignalListItemFactory *factory,
              GtkListItem              *item)
{
  g_autofree char *text = format_time (gtk_list_item_get_item (item), FALSE);

  set_text (item, text);
}

static void
on_bind_short_time (GtkSignalListItemFactory *factory,
                    GtkListItem              *item)
{
  g_autofree char *text = format_time (gtk_list_item_get_item (item), TRUE);

  set_text (item, text);
}

static void
on_bind_direction (GtkSignalListItemFactory *factory,
                   GtkListItem              *item)
{
  ConsoleEntry *entry = gtk_list_item_get_item (item);
  GtkWidget *image = gtk_list_item_get_child (item);
  gboolean is_event = console_entry_is_event (entry);
  gboolean is_sent = !is_event && console_entry_get_direction (entry) == XMPP_SENT;

  gtk_image_set_from_icon_name (GTK_IMAGE (image),
                                is_event ? "flint-event-symbolic" : is_sent ? "flint-out-symbolic" : "flint-in-symbolic");
  set_class (image, "dir-event", is_event);
  set_class (image, "dir-out", is_sent);
  set_class (image, "dir-in", !is_event && !is_sent);
  gtk_widget_add_css_class (gtk_widget_get_parent (image), "slim");
  gtk_accessible_update_property (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_PROPERTY_LABEL, describe_direction (entry), -1);
}

static void
on_bind_clock (GtkSignalListItemFactory *factory,
               GtkListItem              *item)
{
  gint64 time = console_entry_get_time (gtk_list_item_get_item (item));
  g_autoptr(GDateTime) date = g_date_time_new_from_unix_local (time / G_USEC_PER_SEC);
  g_autofree char *text = g_date_time_format (date, "%H:%M:%S");

  set_text (item, text);
}

static void
on_bind_kind_icon (GtkSignalListItemFactory *factory,
                   GtkListItem              *item)
{
  GtkWidget *image = gtk_list_item_get_child (item);
  ConsoleKind kind = console_entry_get_kind (gtk_list_item_get_item (item));

  gtk_image_set_from_icon_name (GTK_IMAGE (image), flint_console_kind_get_icon (kind));
  gtk_widget_add_css_class (gtk_widget_get_parent (image), "slim");
  gtk_accessible_update_property (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_PROPERTY_LABEL, flint_console_kind_get_label (kind), -1);
}

static void
on_bind_account (GtkSignalListItemFactory *factory,
                 GtkListItem              *item)
{
  set_text (item, console_entry_get_account (gtk_list_item_get_item (item)));
}

static void
on_bind_kind (GtkSignalListItemFactory *factory,
              GtkListItem              *item)
{
  GtkWidget *box = gtk_list_item_get_child (item);
  ConsoleKind kind = console_entry_get_kind (gtk_list_item_get_item (item));

  gtk_image_set_from_icon_name (GTK_IMAGE (gtk_widget_get_first_child (box)), flint_console_kind_get_icon (kind));
  gtk_inscription_set_text (GTK_INSCRIPTION (gtk_widget_get_last_child (box)), flint_console_kind_get_label (kind));
}

static void
on_bind_type (GtkSignalListItemFactory *factory,
              GtkListItem              *item)
{
  ConsoleEntry *entry = gtk_list_item_get_item (item);
  const char *type = console_entry_get_type_name (entry);
  g_autofree char *text = type != NULL ? console_text_for_line (type, MAX_CELL) : NULL;

  set_text (item, text);
  set_class (gtk_list_item_get_child (item), "bad", console_entry_is_error (entry));
}

static gboolean
is_own (ConsoleEntry *entry,
        const char   *address)
{
  const char *account = console_entry_get_account (entry);
  gsize length = strlen (account);

  return strncmp (address, account, length) == 0 && (address[length] == '\0' || address[length] == '/');
}

/* Without an address a stanza comes from us, or goes to our own account. */
static void
bind_address (GtkListItem *item,
              const char  *address,
              gboolean     is_our_end)
{
  ConsoleEntry *entry = gtk_list_item_get_item (item);
  g_autofree char *text = NULL;
  gboolean is_you = FALSE;

  if (address != NULL)
    is_you = is_own (entry, address);
  else
    is_you = is_our_end && !console_entry_is_event (entry);

  if (is_you)
    text = g_strdup (_("you"));
  else if (address != NULL)
    text = console_text_for_line (address, MAX_CELL);

  set_text (item, text);
  set_class (gtk_list_item_get_child (item), "dim", is_you);
}

static void
on_bind_from (GtkSignalListItemFactory *factory,
              GtkListItem              *item)
{
  ConsoleEntry *entry = gtk_list_item_get_item (item);

  bind_address (item, console_entry_get_from (entry), console_entry_get_direction (entry) == XMPP_SENT);
}

static void
on_bind_to (GtkSignalListItemFactory *factory,
            GtkListItem              *item)
{
  ConsoleEntry *entry = gtk_list_item_get_item (item);

  bind_address (item, console_entry_get_to (entry), console_entry_get_direction (entry) == XMPP_RECEIVED);
}

static void
on_bind_peer (GtkSignalListItemFactory *factory,
              GtkListItem              *item)
{
  bind_address (item, console_entry_get_peer (gtk_list_item_get_item (item)), FALSE);
}

static void
on_bind_summary (GtkSignalListItemFactory *factory,
                 GtkListItem              *item)
{
  ConsoleEntry *entry = gtk_list_item_get_item (item);
  GtkWidget *box = gtk_list_item_get_child (item);
  GtkWidget *image = gtk_widget_get_first_child (box);
  GtkWidget *text = gtk_widget_get_last_child (box);
  gboolean is_error = console_entry_is_error (entry);
  gboolean is_manual = console_entry_is_manual (entry);
  gboolean is_redacted = console_entry_is_redacted (entry);

  gtk_widget_set_visible (image, is_error || is_manual || is_redacted);
  gtk_image_set_from_icon_name (GTK_IMAGE (image), is_error ? "flint-fail-symbolic"
                                                   : is_manual ? "flint-pencil-symbolic" : "flint-bar-symbolic");
  gtk_widget_set_tooltip_text (image, is_manual ? _("Sent by hand") : is_redacted ? _("A secret was taken out") : NULL);
  set_class (image, "bad", is_error);
  gtk_inscription_set_text (GTK_INSCRIPTION (text), console_entry_get_summary (entry));
  set_class (text, "strong", is_error);
}

static void
on_bind_size (GtkSignalListItemFactory *factory,
              GtkListItem              *item)
{
  gsize size = console_entry_get_size (gtk_list_item_get_item (item));
  g_autofree char *text = size > 0 ? g_strdup_printf ("%" G_GSIZE_FORMAT, size) : NULL;

  set_text (item, text);
}

#define WIDE    FLINT_CONSOLE_COLUMN_WIDE
#define NARROW  FLINT_CONSOLE_COLUMN_NARROW
#define SLIM    FLINT_CONSOLE_COLUMN_SLIM
#define SINGLE  FLINT_CONSOLE_COLUMN_SINGLE
#define SEVERAL FLINT_CONSOLE_COLUMN_SEVERAL

typedef void (*ItemFunc) (GtkSignalListItemFactory *factory,
                          GtkListItem              *item);

static const struct
{
  const char              *title;
  int                      width;     /* px; 0: the rest */
  const char              *sample;    /* what must fit */
  FlintConsoleColumnFlags  flags;
  ItemFunc                 setup;
  ItemFunc                 bind;
} columns[] = {
  /* translators: titles of columns */
  { NC_("column", "No."),     46,  "000000",          WIDE | NARROW | SLIM, on_setup_number,   on_bind_number },
  { NC_("column", "Time"),    118, "00:00:00.000000", WIDE,           on_setup_time,           on_bind_time },
  { NC_("column", "Time"),    96,  "00:00:00.000",    NARROW,         on_setup_time,           on_bind_short_time },
  { NC_("column", "Time"),    64,  "00:00:00",        SLIM,           on_setup_time,           on_bind_clock },
  { NULL,                     28,  NULL,              WIDE | NARROW | SLIM, on_setup_image,    on_bind_direction },
  { NC_("column", "Account"), 130, NULL,              WIDE | SEVERAL, on_setup_text,           on_bind_account },
  { NC_("column", "Kind"),    96,  NULL,              WIDE | NARROW,  on_setup_image_and_text, on_bind_kind },
  { NULL,                     24,  NULL,              SLIM,           on_setup_image,          on_bind_kind_icon },
  { NC_("column", "Type"),    86,  "groupchat",       WIDE,           on_setup_text,           on_bind_type },
  { NC_("column", "From"),    150, NULL,              WIDE | SINGLE,  on_setup_text,           on_bind_from },
  { NC_("column", "To"),      150, NULL,              WIDE | SINGLE,  on_setup_text,           on_bind_to },
  { NC_("column", "Peer"),    170, NULL,              WIDE | SEVERAL, on_setup_text,           on_bind_peer },
  { NC_("column", "Summary"), 0,   NULL,              WIDE | NARROW | SLIM, on_setup_image_and_text, on_bind_summary },
  { NC_("column", "Size"),    72,  "0000000",         WIDE,           on_setup_number,         on_bind_size },
};

FlintConsoleColumnFlags
flint_console_columns_get_flags (guint index)
{
  return columns[index].flags;
}

/**
 * flint_console_columns_new:
 *
 * Returns: (transfer full): all columns, in their order, as owned GtkColumnViewColumn
 */
GPtrArray *
flint_console_columns_new (void)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      const char *title = columns[i].title != NULL ? g_dpgettext2 (NULL, "column", columns[i].title) : NULL;
      GtkColumnViewColumn *column;

      g_signal_connect (factory, "setup", G_CALLBACK (columns[i].setup), NULL);
      g_signal_connect (factory, "bind", G_CALLBACK (columns[i].bind), NULL);
      if (columns[i].bind == on_bind_number)
        g_signal_connect (factory, "unbind", G_CALLBACK (on_unbind_number), NULL);
      column = gtk_column_view_column_new (title, factory);

      if (columns[i].width > 0)
        gtk_column_view_column_set_fixed_width (column, columns[i].width);
      else
        gtk_column_view_column_set_expand (column, TRUE);
      gtk_column_view_column_set_resizable (column, columns[i].title != NULL && columns[i].width > 0);

      if (columns[i].setup == on_setup_number)
        g_object_set_data (G_OBJECT (column), IS_NUMBER, GINT_TO_POINTER (TRUE));

      g_ptr_array_add (all, column);
    }

  return all;
}

/**
 * flint_console_columns_align_titles:
 * @view: a GtkColumnView with some of the columns, which have changed
 *
 * Puts the titles of numbers over their digits. GTK 4.8 has no way to say so, but the titles can be found.
 */
void
flint_console_columns_align_titles (GtkWidget *view)
{
  GListModel *shown = gtk_column_view_get_columns (GTK_COLUMN_VIEW (view));
  GtkWidget *header = gtk_widget_get_first_child (view);
  GtkWidget *title = gtk_widget_get_first_child (header);

  for (guint i = 0; title != NULL; i++, title = gtk_widget_get_next_sibling (title))
    {
      g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item (shown, i);
      GtkWidget *box = gtk_widget_get_first_child (title);

      if (column != NULL && box != NULL && g_object_get_data (G_OBJECT (column), IS_NUMBER) != NULL)
        gtk_widget_set_halign (box, GTK_ALIGN_END);
    }
}

/**
 * flint_console_columns_fit:
 * @columns: of flint_console_columns_new()
 * @list: where they are shown
 *
 * Makes each as wide as its sample needs in the font of @list.
 */
void
flint_console_columns_fit (GPtrArray *all,
                           GtkWidget *list)
{
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      g_autoptr(PangoLayout) layout = NULL;
      int width;

      if (columns[i].sample == NULL)
        continue;

      layout = gtk_widget_create_pango_layout (list, columns[i].sample);
      pango_layout_get_pixel_size (layout, &width, NULL);
      gtk_column_view_column_set_fixed_width (g_ptr_array_index (all, i), MAX (columns[i].width, width + CELL_PADDING));
    }
}
