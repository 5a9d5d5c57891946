/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-console-window.h"

#include "console-export.h"
#include "console-filter.h"
#include "flint-console-chips.h"
#include "flint-console-editor.h"
#include "flint-console-filter-help.h"
#include "flint-console-list.h"
#include "flint-console-save.h"
#include "flint-console-xml.h"
#include "flint-width-bin.h"
#include "flint-window-size.h"

#include <glib/gi18n.h>

struct _FlintConsoleWindow
{
  AdwApplicationWindow  parent_instance;

  FlintApplication     *application;     /* not owned: it outlives its windows */
  ConsoleCapture       *capture;
  ConsoleFilter        *filter;
  ConsoleQuery         *query;           /* the last good one, or NULL */
  char                 *source;          /* the account that is shown; NULL: all */
  char                **accounts;        /* that have entries */
  GPtrArray            *selected;        /* ConsoleEntry, owned: also when a filter now hides them */
  gboolean              is_editing;      /* the editor is open */

  GtkWidget            *toast_overlay;
  GtkWidget            *window_title;
  GtkWidget            *source_button;
  GtkWidget            *filter_entry;
  GtkWidget            *count_label;
  GtkWidget            *problem_bar;
  GtkWidget            *problem_label;
  GtkWidget            *chips;
  GtkWidget            *list_stack;
  GtkWidget            *list;
  GtkWidget            *no_match_page;
  GtkWidget            *lower;
  GtkWidget            *xml;
  GtkWidget            *editor;
  GtkWidget            *kept_label;
  GtkWidget            *secure_label;
  GtkWidget            *follow_label;
};

enum {
  PROP_0,
  PROP_STILL,
  PROP_EDITOR,
  PROP_SOURCE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (FlintConsoleWindow, flint_console_window, ADW_TYPE_APPLICATION_WINDOW)

/* Numbers */

static void
update_status (FlintConsoleWindow *self)
{
  FlintAccountList *accounts = flint_core_get_accounts (flint_application_get_core (self->application));
  FlintAccount *account = self->source != NULL ? flint_account_list_find_address (accounts, self->source)
                                               : flint_application_get_default_account (self->application);
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
  const ConsoleCounts *all = console_capture_get_counts (self->capture, NULL);
  const ConsoleCounts *counts = console_capture_get_counts (self->capture, self->source);
  guint n_dropped = console_capture_get_dropped (self->capture);
  guint n_shown = g_list_model_get_n_items (G_LIST_MODEL (self->filter));
  g_autofree char *kept = g_strdup_printf (ngettext ("%u entry", "%u entries", all->entries), all->entries);
  g_autofree char *dropped = g_strdup_printf (ngettext ("%u older entry was dropped", "%u older entries were dropped", n_dropped), n_dropped);
  /* translators: how many entries of how many are shown */
  g_autofree char *shown = g_strdup_printf (_("%u of %u"), n_shown, all->entries);
  g_autofree char *full = n_dropped > 0 ? g_strdup_printf ("%s · %s", kept, dropped) : g_strdup (kept);
  g_autofree char *hidden = g_strdup_printf (ngettext ("%u entry is hidden.", "%u entries are hidden.", all->entries), all->entries);

  flint_console_chips_set_counts (FLINT_CONSOLE_CHIPS (self->chips), counts);
  gtk_label_set_label (GTK_LABEL (self->count_label), n_shown < all->entries ? shown : kept);
  gtk_label_set_label (GTK_LABEL (self->kept_label), full);
  adw_status_page_set_description (ADW_STATUS_PAGE (self->no_match_page), hidden);

  if (all->entries == 0)
    gtk_stack_set_visible_child_name (GTK_STACK (self->list_stack), "empty");
  else if (n_shown > 0 || console_filter_is_busy (self->filter))
    gtk_stack_set_visible_child_name (GTK_STACK (self->list_stack), "list");
  else
    gtk_stack_set_visible_child_name (GTK_STACK (self->list_stack), "no-match");

  update_status (self);
}

/* The filter */

static void
set_criteria (FlintConsoleWindow *self)
{
  ConsoleCriteria criteria = { .query = self->query, .account = self->source };

  flint_console_chips_fill (FLINT_CONSOLE_CHIPS (self->chips), &criteria);
  console_filter_set_criteria (self->filter, &criteria);
  update_counts (self);
}

/* While it is wrong, the list stays as it was. */
static void
on_filter_changed (FlintConsoleWindow *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->filter_entry));
  g_autoptr(GError) error = NULL;
  guint position;
  ConsoleQuery *query = console_query_new (text, &position, &error);

  gtk_widget_set_visible (self->problem_bar, query == NULL);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->filter_entry), GTK_ACCESSIBLE_STATE_INVALID,
                               query == NULL ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
  if (query == NULL)
    {
      gtk_widget_add_css_class (self->filter_entry, "wrong");
      gtk_label_set_label (GTK_LABEL (self->problem_label), error->message);
      set_criteria (self);   /* a chip counts all the same */
      return;
    }

  gtk_widget_remove_css_class (self->filter_entry, "wrong");
  g_clear_pointer (&self->query, console_query_unref);
  self->query = query;
  set_criteria (self);
}

static void
on_clear_filter (GtkWidget  *widget,
                 const char *action,
                 GVariant   *parameter)
{
  FlintConsoleWindow *self = FLINT_CONSOLE_WINDOW (widget);

  flint_console_chips_clear (FLINT_CONSOLE_CHIPS (self->chips));
  gtk_editable_set_text (GTK_EDITABLE (self->filter_entry), "");
  g_object_set (self, "source", "", NULL);
  on_filter_changed (self);
}

static void
on_find (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  gtk_widget_grab_focus (FLINT_CONSOLE_WINDOW (widget)->filter_entry);
}

/* What a row of the list has under this key, as a filter; NULL: nothing */
static char *
describe_as_filter (ConsoleEntry *entry,
                    const char   *key)
{
  g_autoptr(XmppStanza) stanza = console_entry_read (entry);
  const XmppNode *root = stanza != NULL ? xmpp_stanza_get_root (stanza) : NULL;
  const char *value = NULL;
  g_autofree char *quoted = NULL;
  g_autofree char *bare = NULL;

  if (g_str_equal (key, "kind"))
    value = console_kind_get_name (console_entry_get_kind (entry));
  else if (g_str_equal (key, "type"))
    value = console_entry_get_type_name (entry);
  else if (g_str_equal (key, "with"))
    value = console_entry_get_peer (entry);
  else if (root != NULL && g_str_equal (key, "id"))
    value = xmpp_node_get (root, "id");
  else if (root != NULL && g_str_equal (key, "ns"))
    value = root->first_child != NULL ? root->first_child->ns : root->ns;

  if (value == NULL || *value == '\0')
    return NULL;

  if (g_str_equal (key, "with"))
    value = bare = g_strndup (value, strcspn (value, "/"));
  quoted = console_query_quote (value);

  return g_strdup_printf ("%s:%s", key, quoted);
}

static void
add_to_filter (FlintConsoleWindow *self,
               const char         *term)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->filter_entry));
  g_autofree char *filter = NULL;

  if (*text == '\0')
    filter = g_strdup (term);
  else if (strstr (text, " or ") != NULL)
    filter = g_strdup_printf ("(%s) %s", text, term);
  else
    filter = g_strdup_printf ("%s %s", text, term);

  gtk_editable_set_text (GTK_EDITABLE (self->filter_entry), filter);
  gtk_editable_set_position (GTK_EDITABLE (self->filter_entry), -1);
  on_filter_changed (self);
}

static void
on_example_chosen (FlintConsoleWindow *self,
                   const char         *example)
{
  gtk_widget_grab_focus (self->filter_entry);
  add_to_filter (self, example);
}

/* @prefix: "not ", or nothing */
static void
filter_like_selected (FlintConsoleWindow *self,
                      const char         *key,
                      const char         *prefix)
{
  g_autofree char *found = describe_as_filter (g_ptr_array_index (self->selected, 0), key);
  g_autofree char *term = g_strconcat (prefix, found, NULL);

  if (found != NULL)
    add_to_filter (self, term);
  else
    adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (self->toast_overlay), adw_toast_new (_("This entry has nothing of that kind.")));
}

static void
on_filter_by (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  filter_like_selected (FLINT_CONSOLE_WINDOW (widget), g_variant_get_string (parameter, NULL), "");
}

static void
on_filter_out (GtkWidget  *widget,
               const char *action,
               GVariant   *parameter)
{
  filter_like_selected (FLINT_CONSOLE_WINDOW (widget), g_variant_get_string (parameter, NULL), "not ");
}

/* Accounts */

static void
update_title (FlintConsoleWindow *self)
{
  gboolean has_several = g_strv_length (self->accounts) > 1 || self->source != NULL;
  g_autoptr(GMenu) menu = g_menu_new ();
  g_autoptr(GMenu) section = g_menu_new ();

  adw_window_title_set_subtitle (ADW_WINDOW_TITLE (self->window_title),
                                 self->source != NULL ? self->source : has_several ? _("All accounts") : "");
  gtk_widget_set_visible (self->source_button, has_several);

  g_menu_append (menu, _("All accounts"), "console.source::");
  for (guint i = 0; self->accounts[i] != NULL; i++)
    {
      g_auto(GStrv) parts = g_strsplit (self->accounts[i], "_", -1);
      g_autofree char *label = g_strjoinv ("__", parts);   /* one alone would be a mnemonic */
      g_autoptr(GMenuItem) item = g_menu_item_new (*label != '\0' ? label : _("Without an address"), NULL);

      /* an address may have what the short form of an action could not */
      g_menu_item_set_action_and_target (item, "console.source", "s", self->accounts[i]);
      g_menu_append_item (section, item);
    }
  g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (self->source_button), G_MENU_MODEL (menu));
}

static void
update_accounts (FlintConsoleWindow *self)
{
  char **accounts = console_capture_get_accounts (self->capture);
  gboolean is_same = self->accounts != NULL && g_strv_equal ((const char * const *) accounts, (const char * const *) self->accounts);

  if (is_same)
    {
      g_strfreev (accounts);
      return;
    }

  g_strfreev (self->accounts);
  self->accounts = accounts;
  g_object_set (self->list, "has-accounts", g_strv_length (accounts) > 1, NULL);
  update_title (self);
}

static void
set_source (FlintConsoleWindow *self,
            const char         *source)
{
  g_free (self->source);
  self->source = source != NULL && *source != '\0' ? g_strdup (source) : NULL;
  update_title (self);
  set_criteria (self);
}

static void
on_counted (FlintConsoleWindow *self)
{
  update_accounts (self);
  update_counts (self);
}

/* Entries */

static void
set_selected (FlintConsoleWindow *self,
              GPtrArray          *entries)
{
  static const char * const actions[] = { "console.copy-xml", "console.copy-line", "console.edit-selected", "console.filter-by", "console.filter-out" };

  g_clear_pointer (&self->selected, g_ptr_array_unref);
  self->selected = g_ptr_array_ref (entries);
  flint_console_xml_set_entries (FLINT_CONSOLE_XML (self->xml), entries);
  flint_console_editor_set_selected (FLINT_CONSOLE_EDITOR (self->editor), entries->len > 0 ? g_ptr_array_index (entries, 0) : NULL);

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), actions[i], entries->len > 0);
}

static void
on_selection_changed (FlintConsoleWindow *self)
{
  g_autoptr(GPtrArray) entries = flint_console_list_get_selected (FLINT_CONSOLE_LIST (self->list));

  set_selected (self, entries);
}

static void
copy (FlintConsoleWindow *self,
      const char         *text,
      guint               n_entries)
{
  g_autofree char *words = g_strdup_printf (ngettext ("Copied %u entry", "Copied %u entries", n_entries), n_entries);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (self->toast_overlay), adw_toast_new (words));
}

static void
on_copy_xml (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  FlintConsoleWindow *self = FLINT_CONSOLE_WINDOW (widget);
  g_autofree char *text = flint_console_xml_write (self->selected);

  copy (self, text, self->selected->len);
}

static void
on_copy_line (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  FlintConsoleWindow *self = FLINT_CONSOLE_WINDOW (widget);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->selected->len; i++)
    {
      g_autofree char *line = console_export_line (g_ptr_array_index (self->selected, i));

      g_string_append_printf (text, "%s\n", line);
    }

  copy (self, text->str, self->selected->len);
}

static void
on_saved (FlintConsoleWindow *self,
          GFile              *file)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *shown = g_filename_display_name (name);
  g_autofree char *words = g_strdup_printf (_("Saved as “%s”"), shown);
  g_autofree char *escaped = g_markup_escape_text (words, -1);

  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (self->toast_overlay), adw_toast_new (escaped));
}

static void
on_save (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  FlintConsoleWindow *self = FLINT_CONSOLE_WINDOW (widget);
  FlintConsoleSave *save;

  if (g_list_model_get_n_items (G_LIST_MODEL (self->capture)) == 0)
    {
      adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (self->toast_overlay), adw_toast_new (_("There is nothing to save yet.")));
      return;
    }

  save = flint_console_save_new (GTK_WINDOW (self), self->capture, self->filter, self->selected);
  g_signal_connect_object (save, "saved", G_CALLBACK (on_saved), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (save));
}

/* The editor */

static void
set_editing (FlintConsoleWindow *self,
             gboolean            is_editing)
{
  if (self->is_editing == is_editing)
    return;

  self->is_editing = is_editing;
  gtk_stack_set_visible_child_name (GTK_STACK (self->lower), is_editing ? "editor" : "xml");
  gtk_widget_grab_focus (is_editing ? self->editor : self->list);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EDITOR]);
}

static void
on_close_editor (GtkWidget  *widget,
                 const char *action,
                 GVariant   *parameter)
{
  set_editing (FLINT_CONSOLE_WINDOW (widget), FALSE);
}

static void
on_templates (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  FlintConsoleWindow *self = FLINT_CONSOLE_WINDOW (widget);

  set_editing (self, TRUE);
  flint_console_editor_popup_templates (FLINT_CONSOLE_EDITOR (self->editor));
}

/* What is not an element, as the header of a stream, cannot be sent again. */
static void
on_edit_selected (GtkWidget  *widget,
                  const char *action,
                  GVariant   *parameter)
{
  FlintConsoleWindow *self = FLINT_CONSOLE_WINDOW (widget);
  g_autoptr(GPtrArray) stanzas = g_ptr_array_new ();
  g_autofree char *xml = NULL;

  for (guint i = 0; i < self->selected->len; i++)
    {
      if (console_entry_is_stanza (g_ptr_array_index (self->selected, i)))
        g_ptr_array_add (stanzas, g_ptr_array_index (self->selected, i));
    }

  if (stanzas->len == 0)
    {
      adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (self->toast_overlay), adw_toast_new (_("Select a stanza first.")));
      return;
    }

  xml = flint_console_xml_write (stanzas);
  set_editing (self, TRUE);
  flint_console_editor_edit (FLINT_CONSOLE_EDITOR (self->editor), xml, console_entry_get_account (g_ptr_array_index (stanzas, 0)));
}

/* Keys */

/* From the filter to the list to what is below it, and round */
static void
on_next_part (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  FlintConsoleWindow *self = FLINT_CONSOLE_WINDOW (widget);
  GtkWidget *parts[] = { self->filter_entry, self->list, self->is_editing ? self->editor : self->xml };
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (self));
  int step = g_variant_get_int32 (parameter);
  int n_parts = G_N_ELEMENTS (parts);
  int at = step > 0 ? -1 : n_parts;

  for (int i = 0; i < n_parts; i++)
    {
      if (focus != NULL && (focus == parts[i] || gtk_widget_is_ancestor (focus, parts[i])))
        at = i;
    }

  for (int i = 0; i < n_parts; i++)
    {
      at = (at + step + n_parts) % n_parts;
      if (gtk_widget_get_mapped (parts[at]) && gtk_widget_grab_focus (parts[at]))
        return;
    }
}

/* Steps back: the editor, then the filter. It never closes the window. */
static void
on_escape (GtkWidget  *widget,
           const char *action,
           GVariant   *parameter)
{
  FlintConsoleWindow *self = FLINT_CONSOLE_WINDOW (widget);

  if (self->is_editing)
    set_editing (self, FALSE);
  else if (*gtk_editable_get_text (GTK_EDITABLE (self->filter_entry)) != '\0')
    gtk_editable_set_text (GTK_EDITABLE (self->filter_entry), "");
}

static void
on_clear (GtkWidget  *widget,
          const char *action,
          GVariant   *parameter)
{
  FlintConsoleWindow *self = FLINT_CONSOLE_WINDOW (widget);
  g_autoptr(GPtrArray) none = g_ptr_array_new ();

  console_capture_clear (self->capture);
  set_selected (self, none);
}

/* The filter keeps this key for itself. */
static void
on_stop_search (FlintConsoleWindow *self)
{
  on_escape (GTK_WIDGET (self), NULL, NULL);
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
flint_console_window_finalize (GObject *object)
{
  FlintConsoleWindow *self = FLINT_CONSOLE_WINDOW (object);

  g_clear_pointer (&self->query, console_query_unref);
  g_free (self->source);
  g_strfreev (self->accounts);
  g_clear_pointer (&self->selected, g_ptr_array_unref);

  G_OBJECT_CLASS (flint_console_window_parent_class)->finalize (object);
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

    case PROP_EDITOR:
      g_value_set_boolean (value, self->is_editing);
      break;

    case PROP_SOURCE:
      g_value_set_string (value, self->source != NULL ? self->source : "");
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

    case PROP_EDITOR:
      set_editing (self, g_value_get_boolean (value));
      break;

    case PROP_SOURCE:
      set_source (self, g_value_get_string (value));
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
  static const struct
  {
    guint            key;
    GdkModifierType  modifiers;
    const char      *action;
  } keys[] = {
    { GDK_KEY_w,         GDK_CONTROL_MASK,                  "window.close" },
    { GDK_KEY_p,         GDK_CONTROL_MASK,                  "console.still" },
    { GDK_KEY_l,         GDK_CONTROL_MASK,                  "console.clear" },
    { GDK_KEY_c,         GDK_CONTROL_MASK,                  "console.copy-xml" },
    { GDK_KEY_c,         GDK_CONTROL_MASK | GDK_SHIFT_MASK, "console.copy-line" },
    { GDK_KEY_s,         GDK_CONTROL_MASK,                  "console.save" },
    { GDK_KEY_k,         GDK_CONTROL_MASK,                  "console.find" },
    { GDK_KEY_f,         GDK_CONTROL_MASK,                  "console.find" },
    { GDK_KEY_BackSpace, GDK_CONTROL_MASK,                  "console.clear-filter" },
    { GDK_KEY_e,         GDK_CONTROL_MASK,                  "console.editor" },
    { GDK_KEY_e,         GDK_CONTROL_MASK | GDK_SHIFT_MASK, "console.edit-selected" },
    { GDK_KEY_t,         GDK_CONTROL_MASK,                  "console.templates" },
    { GDK_KEY_Escape,    0,                                 "console.escape" },
  };

  object_class->dispose = flint_console_window_dispose;
  object_class->finalize = flint_console_window_finalize;
  object_class->get_property = flint_console_window_get_property;
  object_class->set_property = flint_console_window_set_property;

  properties[PROP_STILL] =
    g_param_spec_boolean ("still", NULL, NULL, FALSE, (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  properties[PROP_EDITOR] =
    g_param_spec_boolean ("editor", NULL, NULL, FALSE, (G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));
  properties[PROP_SOURCE] =
    g_param_spec_string ("source", NULL, NULL, "", (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (FLINT_TYPE_WIDTH_BIN);
  g_type_ensure (FLINT_TYPE_CONSOLE_CHIPS);
  g_type_ensure (FLINT_TYPE_CONSOLE_EDITOR);
  g_type_ensure (FLINT_TYPE_CONSOLE_FILTER_HELP);
  g_type_ensure (FLINT_TYPE_CONSOLE_LIST);
  g_type_ensure (FLINT_TYPE_CONSOLE_XML);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/console-window.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, window_title);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, source_button);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, filter_entry);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, count_label);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, chips);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, problem_bar);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, problem_label);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, list_stack);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, list);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, no_match_page);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, lower);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, xml);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, editor);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, kept_label);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, secure_label);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleWindow, follow_label);
  gtk_widget_class_bind_template_callback (widget_class, on_example_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_filter_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_selection_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_stop_search);
  gtk_widget_class_bind_template_callback (widget_class, update_status);

  gtk_widget_class_install_property_action (widget_class, "console.still", "still");
  gtk_widget_class_install_property_action (widget_class, "console.editor", "editor");
  gtk_widget_class_install_property_action (widget_class, "console.source", "source");
  gtk_widget_class_install_action (widget_class, "console.clear", NULL, on_clear);
  gtk_widget_class_install_action (widget_class, "console.clear-filter", NULL, on_clear_filter);
  gtk_widget_class_install_action (widget_class, "console.find", NULL, on_find);
  gtk_widget_class_install_action (widget_class, "console.filter-by", "s", on_filter_by);
  gtk_widget_class_install_action (widget_class, "console.filter-out", "s", on_filter_out);
  gtk_widget_class_install_action (widget_class, "console.copy-xml", NULL, on_copy_xml);
  gtk_widget_class_install_action (widget_class, "console.copy-line", NULL, on_copy_line);
  gtk_widget_class_install_action (widget_class, "console.save", NULL, on_save);
  gtk_widget_class_install_action (widget_class, "console.edit-selected", NULL, on_edit_selected);
  gtk_widget_class_install_action (widget_class, "console.close-editor", NULL, on_close_editor);
  gtk_widget_class_install_action (widget_class, "console.templates", NULL, on_templates);
  gtk_widget_class_install_action (widget_class, "console.next-part", "i", on_next_part);
  gtk_widget_class_install_action (widget_class, "console.escape", NULL, on_escape);

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, keys[i].modifiers, keys[i].action, NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F6, 0, "console.next-part", "i", 1);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F6, GDK_SHIFT_MASK, "console.next-part", "i", -1);
}

static void
flint_console_window_init (FlintConsoleWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
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
  g_autoptr(GtkBuilder) shortcuts = NULL;
  g_autoptr(GPtrArray) none = g_ptr_array_new ();

  self->application = application;
  self->capture = g_object_ref (flint_application_get_capture (application));
  self->filter = console_filter_new (self->capture);
  flint_console_list_set_model (FLINT_CONSOLE_LIST (self->list), G_LIST_MODEL (self->filter));
  flint_window_size_bind (GTK_WINDOW (self), flint_application_get_settings (application), "console-window-size");

  flint_console_editor_set_application (FLINT_CONSOLE_EDITOR (self->editor), application);

  shortcuts = gtk_builder_new_from_resource ("/org/flint/Flint/ui/console-shortcuts.ui");
  gtk_application_window_set_help_overlay (GTK_APPLICATION_WINDOW (self), GTK_SHORTCUTS_WINDOW (gtk_builder_get_object (shortcuts, "shortcuts")));

  g_signal_connect_object (self->capture, "counted", G_CALLBACK (on_counted), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->filter, "notify::is-busy", G_CALLBACK (update_counts), self, G_CONNECT_SWAPPED);
  on_counted (self);
  set_selected (self, none);

  return GTK_WINDOW (self);
}
