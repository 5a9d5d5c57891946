/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-console-window.h"

#include "console-filter.h"
#include "flint-console-columns.h"
#include "flint-console-list.h"
#include "flint-console-xml.h"
#include "flint-width-bin.h"
#include "flint-window-size.h"

#include <glib/gi18n.h>

/* What a chip lets through; chips of one group are or-ed, groups are and-ed. */
typedef enum
{
  CHIP_DIRECTION,
  CHIP_KIND,
  CHIP_ERROR,
} ChipGroup;

#define KIND(kind) (1u << CONSOLE_##kind)

static const struct
{
  ChipGroup   group;
  guint       bits;
  const char *label;
  const char *icon;
} chip_table[] = {
  { CHIP_DIRECTION, 1u << XMPP_RECEIVED, N_("In"),       "flint-in-symbolic" },
  { CHIP_DIRECTION, 1u << XMPP_SENT,     N_("Out"),      "flint-out-symbolic" },
  { CHIP_KIND,      KIND (MESSAGE),      N_("Messages"), "flint-message-symbolic" },
  { CHIP_KIND,      KIND (PRESENCE),     N_("Presence"), "flint-presence-symbolic" },
  { CHIP_KIND,      KIND (IQ),           N_("IQ"),       "flint-iq-symbolic" },
  { CHIP_KIND,      KIND (STREAM) | KIND (SM) | KIND (NONZA), N_("Stream"), "flint-stream-symbolic" },
  { CHIP_KIND,      KIND (SASL),         N_("SASL"),     "flint-sasl-symbolic" },
  { CHIP_KIND,      KIND (EVENT),        N_("Events"),   "flint-event-symbolic" },
  { CHIP_ERROR,     1,                   N_("Errors"),   "flint-fail-symbolic" },
};

#define N_CHIPS G_N_ELEMENTS (chip_table)

struct _FlintConsoleWindow
{
  AdwApplicationWindow  parent_instance;

  FlintApplication     *application;     /* not owned: it outlives its windows */
  ConsoleCapture       *capture;
  ConsoleFilter        *filter;
  GtkWidget            *chip_buttons[N_CHIPS];
  GtkWidget            *chip_counts[N_CHIPS];
  gboolean              is_clearing;     /* all of the filter at once */

  GtkWidget            *toast_overlay;
  GtkWidget            *window_title;
  GtkWidget            *filter_entry;
  GtkWidget            *count_label;
  GtkWidget            *chips;
  GtkWidget            *views;
  GtkWidget            *list_stack;
  GtkWidget            *list;
  GtkWidget            *no_match_page;
  GtkWidget            *lower;
  GtkWidget            *xml;
  GtkWidget            *kept_label;
  GtkWidget            *secure_label;
  GtkWidget            *follow_label;
};

enum {
  PROP_0,
  PROP_STILL,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (FlintConsoleWindow, flint_console_window, ADW_TYPE_APPLICATION_WINDOW)

static GListModel *
get_accounts (FlintConsoleWindow *self)
{
  return G_LIST_MODEL (flint_core_get_accounts (flint_application_get_core (self->application)));
}

/* Numbers */

static guint
count_chip (const ConsoleCounts *counts,
            guint                chip)
{
  guint n = 0;

  switch (chip_table[chip].group)
    {
    case CHIP_DIRECTION:
      return counts->directions[chip_table[chip].bits == 1u << XMPP_SENT ? XMPP_SENT : XMPP_RECEIVED];

    case CHIP_KIND:
      for (guint kind = 0; kind < CONSOLE_N_KINDS; kind++)
        n += (chip_table[chip].bits & (1u << kind)) != 0 ? counts->kinds[kind] : 0;
      return n;

    case CHIP_ERROR:
      return counts->errors;

    default:
      g_return_val_if_reached (0);
    }
}

static void
update_status (FlintConsoleWindow *self)
{
  FlintAccount *account = flint_application_get_default_account (self->application);
  XmppSession *session = account != NULL ? flint_account_get_session (account) : NULL;
  const char *version = session != NULL ? xmpp_session_get_tls_version (session) : NULL;
  const char *mechanism = session != NULL ? xmpp_session_get_mechanism (session) : NULL;
  g_autofree char *secure = NULL;

  if (session != NULL && xmpp_session_is_online (session))
    secure = g_strdup_printf ("%s, %s", version != NULL ? version : _("Not encrypted"), mechanism != NULL ? mechanism : "");

  gtk_label_set_label (GTK_LABEL (self->secure_label), secure);
  gtk_label_set_label (GTK_LABEL (self->follow_label),
                       flint_console_list_is_following (FLINT_CONSOLE_LIST (self->list)) ? _("Following") : _("Not following"));
}

static void
update_counts (FlintConsoleWindow *self)
{
  const ConsoleCounts *counts = console_capture_get_counts (self->capture, NULL);
  guint n_dropped = console_capture_get_dropped (self->capture);
  guint n_shown = g_list_model_get_n_items (G_LIST_MODEL (self->filter));
  g_autofree char *kept = g_strdup_printf (ngettext ("%u entry", "%u entries", counts->entries), counts->entries);
  g_autofree char *dropped = g_strdup_printf (ngettext ("%u older entry was dropped", "%u older entries were dropped", n_dropped), n_dropped);
  /* translators: how many entries of how many are shown */
  g_autofree char *shown = g_strdup_printf (_("%u of %u"), n_shown, counts->entries);
  g_autofree char *all = n_dropped > 0 ? g_strdup_printf ("%s · %s", kept, dropped) : g_strdup (kept);
  g_autofree char *hidden = g_strdup_printf (ngettext ("%u entry is hidden.", "%u entries are hidden.", counts->entries), counts->entries);

  for (guint i = 0; i < N_CHIPS; i++)
    {
      g_autofree char *count = g_strdup_printf ("%u", count_chip (counts, i));

      gtk_label_set_label (GTK_LABEL (self->chip_counts[i]), count);
    }

  gtk_label_set_label (GTK_LABEL (self->count_label), n_shown < counts->entries ? shown : kept);
  gtk_label_set_label (GTK_LABEL (self->kept_label), all);
  adw_status_page_set_description (ADW_STATUS_PAGE (self->no_match_page), hidden);

  gtk_stack_set_visible_child_name (GTK_STACK (self->views), counts->entries > 0 ? "traffic" : "empty");
  gtk_stack_set_visible_child_name (GTK_STACK (self->list_stack),
                                    n_shown > 0 || console_filter_is_busy (self->filter) ? "list" : "no-match");
  update_status (self);
}

/* The filter */

static void
on_filter_changed (FlintConsoleWindow *self)
{
  ConsoleCriteria criteria = { .text = gtk_editable_get_text (GTK_EDITABLE (self->filter_entry)) };

  if (self->is_clearing)
    return;

  for (guint i = 0; i < N_CHIPS; i++)
    {
      if (!gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->chip_buttons[i])))
        continue;

      switch (chip_table[i].group)
        {
        case CHIP_DIRECTION:
          criteria.directions |= chip_table[i].bits;
          break;

        case CHIP_KIND:
          criteria.kinds |= chip_table[i].bits;
          break;

        case CHIP_ERROR:
          criteria.only_errors = TRUE;
          break;

        default:
          break;
        }
    }

  console_filter_set_criteria (self->filter, &criteria);
  update_counts (self);
}

static void
on_clear_filter (GtkWidget  *widget,
                 const char *action,
                 GVariant   *parameter)
{
  FlintConsoleWindow *self = FLINT_CONSOLE_WINDOW (widget);

  self->is_clearing = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->filter_entry), "");
  for (guint i = 0; i < N_CHIPS; i++)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->chip_buttons[i]), FALSE);
  self->is_clearing = FALSE;

  on_filter_changed (self);
}

static GtkWidget *
chip_new (FlintConsoleWindow *self,
          guint               i)
{
  GtkWidget *button = gtk_toggle_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 5);
  GtkWidget *count = gtk_label_new ("0");

  gtk_widget_add_css_class (count, "count");
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (chip_table[i].icon));
  gtk_box_append (GTK_BOX (box), gtk_label_new (_(chip_table[i].label)));
  gtk_box_append (GTK_BOX (box), count);

  gtk_widget_add_css_class (button, "chip");
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _(chip_table[i].label), -1);
  g_signal_connect_swapped (button, "toggled", G_CALLBACK (on_filter_changed), self);

  self->chip_buttons[i] = button;
  self->chip_counts[i] = count;

  return button;
}

static void
fill_chips (FlintConsoleWindow *self)
{
  for (guint i = 0; i < N_CHIPS; i++)
    {
      if (i > 0 && chip_table[i].group != chip_table[i - 1].group)
        gtk_box_append (GTK_BOX (self->chips), gtk_separator_new (GTK_ORIENTATION_VERTICAL));

      gtk_box_append (GTK_BOX (self->chips), chip_new (self, i));
    }
}

/* Entries */

static void
on_selection_changed (FlintConsoleWindow *self)
{
  g_autoptr(GPtrArray) entries = flint_console_list_get_selected (FLINT_CONSOLE_LIST (self->list));

  flint_console_xml_set_entries (FLINT_CONSOLE_XML (self->xml), entries);
}

static void
on_copy_xml (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  FlintConsoleWindow *self = FLINT_CONSOLE_WINDOW (widget);
  g_autoptr(GPtrArray) entries = flint_console_list_get_selected (FLINT_CONSOLE_LIST (self->list));
  g_autofree char *text = flint_console_xml_write (entries);

  if (entries->len > 0)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static void
on_clear (GtkWidget  *widget,
          const char *action,
          GVariant   *parameter)
{
  console_capture_clear (FLINT_CONSOLE_WINDOW (widget)->capture);
}

static void
on_accounts_changed (FlintConsoleWindow *self)
{
  g_object_set (self->list, "has-accounts", g_list_model_get_n_items (get_accounts (self)) > 1, NULL);
  update_status (self);
}

static void
flint_console_window_dispose (GObject *object)
{
  FlintConsoleWindow *self = FLINT_CONSOLE_WINDOW (object);

  g_clear_object (&self->capture);
  g_clear_object (&self->filter);

  G_OBJECT_CLASS (flint_console_window_parent_class)->dispose (object);
}

static void
flint_console_window_get_property (GObject    *object,
                                   guint       prop_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  FlintConsoleWindow *self = FLINT_CONSOLE_WINDOW (object);

  switch (prop_id)
    {
    case PROP_STILL:
      g_value_set_boolean (value, self->filter != NULL && console_filter_is_still (self->filter));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
flint_console_window_set_property (GObject      *object,
                                   guint         prop_id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  FlintConsoleWindow *self = FLINT_CONSOLE_WINDOW (object);

  switch (prop_id)
    {
    case PROP_STILL:
      console_filter_set_still (self->filter, g_value_get_boolean (value));
      update_counts (self);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
flint_console_window_class_init (FlintConsoleWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = flint_console_window_dispose;
  object_class->get_property = flint_console_window_get_property;
  object_class->set_property = flint_console_window_set_property;

  properties[PROP_STILL] =
    g_param_spec_boolean ("still", NULL, NULL, FALSE, (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (FLINT_TYPE_WIDTH_BIN);
  g_type_ensure (FLINT_TYPE_CONSOLE_LIST);
  g_type_ensure (FLINT_TYPE_CONSOLE_XML);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/console-window.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, window_title);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, filter_entry);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, count_label);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, chips);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, views);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, list_stack);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, list);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, no_match_page);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, lower);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, xml);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, kept_label);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, secure_label);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, follow_label);
  gtk_widget_class_bind_template_callback (widget_class, on_filter_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_selection_changed);
  gtk_widget_class_bind_template_callback (widget_class, update_status);

  gtk_widget_class_install_property_action (widget_class, "console.still", "still");
  gtk_widget_class_install_action (widget_class, "console.clear", NULL, on_clear);
  gtk_widget_class_install_action (widget_class, "console.clear-filter", NULL, on_clear_filter);
  gtk_widget_class_install_action (widget_class, "console.copy-xml", NULL, on_copy_xml);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_p, GDK_CONTROL_MASK, "console.still", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_l, GDK_CONTROL_MASK, "console.clear", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "console.copy-xml", NULL);
}

static void
flint_console_window_init (FlintConsoleWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_chips (self);
}

/**
 * flint_console_window_new:
 *
 * Returns: (transfer none): the debug console; the toolkit owns it
 */
GtkWindow *
flint_console_window_new (FlintApplication *application)
{
  FlintConsoleWindow *self = g_object_new (FLINT_TYPE_CONSOLE_WINDOW, "application", application, NULL);

  self->application = application;
  self->capture = g_object_ref (flint_application_get_capture (application));
  self->filter = console_filter_new (self->capture);
  flint_console_list_set_model (FLINT_CONSOLE_LIST (self->list), G_LIST_MODEL (self->filter));
  flint_window_size_bind (GTK_WINDOW (self), flint_application_get_settings (application), "console-window-size");

  g_signal_connect_object (self->capture, "counted", G_CALLBACK (update_counts), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->filter, "notify::is-busy", G_CALLBACK (update_counts), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (get_accounts (self), "items-changed", G_CALLBACK (on_accounts_changed), self, G_CONNECT_SWAPPED);
  on_accounts_changed (self);
  update_counts (self);

  return GTK_WINDOW (self);
}
