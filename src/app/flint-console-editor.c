/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-console-editor.h"

#include "console-capture.h"
#include "console-check.h"
#include "flint-console-places.h"
#include "flint-console-xml.h"

#include <glib/gi18n.h>

#define FAULT     "fault"        /* marks of lines that are wrong, and */
#define DOUBT     "doubt"
#define MAX_QUICK (64 * 1024)    /* bytes that are checked at each key */
#define DELAY     300            /* ms after the last key for larger ones */

struct _FlintConsoleEditor
{
  AdwBin             parent_instance;

  FlintApplication  *application;     /* not owned: it outlives its windows */
  ConsoleHistory    *history;
  ConsoleEntry      *selected;        /* in the list, or NULL */
  GSignalGroup      *account_signals; /* of the account that would send */
  gboolean           is_narrow;
  gboolean           is_loading;      /* what changes was not typed */
  guint              timer;
  ConsoleCheck      *check;           /* of the text as it is, or NULL */
  GtkTextTag        *fault_tag;

  GtkWidget         *bar;
  GtkWidget         *template_button;
  GtkWidget         *check_box;
  GtkWidget         *check_icon;
  GtkWidget         *check_label;
  GtkWidget         *check_bar;
  GtkWidget         *filler;
  GtkWidget         *account_box;
  GtkWidget         *account_chooser;
  GtkWidget         *view;
};

enum {
  PROP_0,
  PROP_NARROW,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (FlintConsoleEditor, flint_console_editor, ADW_TYPE_BIN)

static GtkTextBuffer *
get_buffer (FlintConsoleEditor *self)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
}

static char *
get_text (FlintConsoleEditor *self)
{
  char *text;

  g_object_get (get_buffer (self), "text", &text, NULL);

  return text;
}

static FlintAccount *
get_account (FlintConsoleEditor *self)
{
  return gtk_drop_down_get_selected_item (GTK_DROP_DOWN (self->account_chooser));
}

/* What is said of the text */

static void
say (FlintConsoleEditor *self,
     ConsoleVerdict      verdict,
     const char         *words)
{
  static const struct
  {
    const char *icon;
    const char *css_class;
  } looks[] = {
    [CONSOLE_CHECK_EMPTY]    = { NULL, NULL },
    [CONSOLE_CHECK_WRONG]    = { "flint-fail-symbolic", "error" },
    [CONSOLE_CHECK_DOUBTFUL] = { "flint-warn-symbolic", "warning" },
    [CONSOLE_CHECK_GOOD]     = { "flint-pass-symbolic", "success" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    {
      if (looks[i].css_class != NULL)
        gtk_widget_remove_css_class (self->check_icon, looks[i].css_class);
    }

  gtk_widget_set_visible (self->check_icon, looks[verdict].icon != NULL);
  if (looks[verdict].icon != NULL)
    {
      gtk_image_set_from_icon_name (GTK_IMAGE (self->check_icon), looks[verdict].icon);
      gtk_widget_add_css_class (self->check_icon, looks[verdict].css_class);
    }

  gtk_label_set_label (GTK_LABEL (self->check_label), words);
  gtk_widget_set_tooltip_text (self->check_label, words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_STATE_INVALID,
                               verdict == CONSOLE_CHECK_WRONG ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

/* The byte of a line, which may be anywhere in it, or behind it */
static void
get_place (FlintConsoleEditor *self,
           GtkTextIter        *place)
{
  gtk_text_buffer_get_iter_at_line (get_buffer (self), place, MAX (self->check->line, 1) - 1);

  while (gtk_text_iter_get_line_index (place) < self->check->column - 1 && !gtk_text_iter_ends_line (place))
    gtk_text_iter_forward_char (place);
}

static void
mark_line (FlintConsoleEditor *self)
{
  GtkTextBuffer *buffer = get_buffer (self);
  gboolean is_wrong = self->check->verdict == CONSOLE_CHECK_WRONG;
  GtkTextIter begin;
  GtkTextIter end;

  gtk_text_buffer_get_bounds (buffer, &begin, &end);
  gtk_source_buffer_remove_source_marks (GTK_SOURCE_BUFFER (buffer), &begin, &end, NULL);
  gtk_text_buffer_remove_tag (buffer, self->fault_tag, &begin, &end);

  if (self->check->line == 0 || (!is_wrong && self->check->verdict != CONSOLE_CHECK_DOUBTFUL))
    return;

  gtk_text_buffer_get_iter_at_line (buffer, &begin, self->check->line - 1);
  gtk_source_buffer_create_source_mark (GTK_SOURCE_BUFFER (buffer), NULL, is_wrong ? FAULT : DOUBT, &begin);

  if (is_wrong)
    {
      end = begin;
      if (!gtk_text_iter_ends_line (&end))
        gtk_text_iter_forward_to_line_end (&end);
      gtk_text_buffer_apply_tag (buffer, self->fault_tag, &begin, &end);
    }
}

static void
check (FlintConsoleEditor *self)
{
  g_autofree char *text = get_text (self);
  FlintAccount *account = get_account (self);
  g_autofree char *words = NULL;

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_pointer (&self->check, console_check_free);
  self->check = console_check_new (text);
  mark_line (self);

  /* what is good and cannot go anywhere is not good enough */
  if (self->check->verdict == CONSOLE_CHECK_GOOD && account == NULL)
    words = g_strdup (_("Well-formed, but there is no account that could send it."));
  else if (self->check->verdict == CONSOLE_CHECK_GOOD && !flint_account_is_online (account))
    words = g_strdup_printf (_("Well-formed, but %s is not connected."), flint_account_get_address (account));

  if (words != NULL)
    say (self, CONSOLE_CHECK_DOUBTFUL, words);
  else
    say (self, self->check->verdict, self->check->words);
}

static gboolean
on_timeout (gpointer user_data)
{
  FlintConsoleEditor *self = user_data;

  self->timer = 0;
  check (self);

  return G_SOURCE_REMOVE;
}

static void
update_history_actions (FlintConsoleEditor *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "console.history-previous", console_history_has_previous (self->history));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "console.history-next", console_history_has_next (self->history));
}

static void
on_text_changed (FlintConsoleEditor *self)
{
  g_autofree char *text = NULL;

  if (self->is_loading || self->history == NULL)
    return;

  text = get_text (self);
  console_history_set_draft (self->history, text);
  update_history_actions (self);

  g_clear_handle_id (&self->timer, g_source_remove);
  if (strlen (text) > MAX_QUICK)
    self->timer = g_timeout_add (DELAY, on_timeout, self);
  else
    check (self);
}

/* As if typed: it can be undone. */
static void
replace_text (FlintConsoleEditor *self,
              const char         *text)
{
  GtkTextBuffer *buffer = get_buffer (self);
  GtkTextIter begin;
  GtkTextIter end;

  self->is_loading = TRUE;
  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_get_bounds (buffer, &begin, &end);
  gtk_text_buffer_delete (buffer, &begin, &end);
  gtk_text_buffer_insert (buffer, &begin, text, -1);
  gtk_text_buffer_end_user_action (buffer);
  self->is_loading = FALSE;

  gtk_text_buffer_get_start_iter (buffer, &begin);
  gtk_text_buffer_place_cursor (buffer, &begin);
}

/* Sending */

static void
on_go_to_fault (GtkWidget  *widget,
                const char *action,
                GVariant   *parameter)
{
  FlintConsoleEditor *self = FLINT_CONSOLE_EDITOR (widget);
  GtkTextIter place;

  gtk_widget_grab_focus (self->view);
  if (self->check == NULL || self->check->line == 0)
    return;

  get_place (self, &place);
  gtk_text_buffer_place_cursor (get_buffer (self), &place);
  gtk_text_view_scroll_to_iter (GTK_TEXT_VIEW (self->view), &place, 0.05, FALSE, 0, 0);
}

static void
on_send (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  FlintConsoleEditor *self = FLINT_CONSOLE_EDITOR (widget);
  g_autofree char *text = get_text (self);
  FlintAccount *account = get_account (self);
  g_autofree char *words = NULL;
  g_autoptr(GError) error = NULL;
  guint n;

  check (self);

  if (self->check->verdict == CONSOLE_CHECK_WRONG || self->check->verdict == CONSOLE_CHECK_EMPTY || account == NULL)
    {
      gtk_widget_error_bell (self->view);
      on_go_to_fault (widget, NULL, NULL);
      return;
    }

  n = self->check->n_elements;
  if (!console_capture_send (flint_application_get_capture (self->application), flint_account_get_session (account),
                             text, &error))
    {
      gtk_widget_error_bell (self->view);
      say (self, CONSOLE_CHECK_WRONG, error->message);
      return;
    }

  update_history_actions (self);
  words = g_strdup_printf (ngettext ("Sent, %u element", "Sent, %u elements", n), n);
  say (self, CONSOLE_CHECK_GOOD, words);
}

static void
show_from_history (FlintConsoleEditor *self,
                   const char         *text)
{
  if (text == NULL)
    return;

  replace_text (self, text);
  update_history_actions (self);
  check (self);
}

static void
on_history_previous (GtkWidget  *widget,
                     const char *action,
                     GVariant   *parameter)
{
  FlintConsoleEditor *self = FLINT_CONSOLE_EDITOR (widget);

  show_from_history (self, console_history_previous (self->history));
}

static void
on_history_next (GtkWidget  *widget,
                 const char *action,
                 GVariant   *parameter)
{
  FlintConsoleEditor *self = FLINT_CONSOLE_EDITOR (widget);

  show_from_history (self, console_history_next (self->history));
}

/* Templates */

static void
fill_menu (FlintConsoleEditor *self)
{
  g_autoptr(GMenu) menu = g_menu_new ();
  g_autoptr(GMenu) group = NULL;
  const char *name = NULL;
  guint n_templates;
  const ConsoleTemplate *templates = console_template_get_all (&n_templates);

  for (guint i = 0; i < n_templates; i++)
    {
      g_autofree char *action = g_strdup_printf ("console.template::%s", templates[i].id);

      if (g_strcmp0 (name, templates[i].group) != 0)
        {
          name = templates[i].group;
          g_clear_object (&group);
          group = g_menu_new ();
          g_menu_append_submenu (menu, _(name), G_MENU_MODEL (group));
        }

      g_menu_append (group, _(templates[i].label), action);
    }

  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (self->template_button), G_MENU_MODEL (menu));
}

/* A place that nobody could fill is selected: the next word typed takes it. */
static void
select_gap (FlintConsoleEditor *self,
            const GtkTextIter  *from)
{
  static const char * const gaps[] = { "{contact}", "{room}", "{nick}", "{server}", "{account}" };
  GtkTextIter first = *from;
  GtkTextIter last = *from;
  gboolean is_found = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (gaps); i++)
    {
      GtkTextIter begin;
      GtkTextIter end;

      if (gtk_text_iter_forward_search (from, gaps[i], GTK_TEXT_SEARCH_TEXT_ONLY, &begin, &end, NULL) &&
          (!is_found || gtk_text_iter_compare (&begin, &first) < 0))
        {
          first = begin;
          last = end;
          is_found = TRUE;
        }
    }

  if (is_found)
    gtk_text_buffer_select_range (get_buffer (self), &last, &first);
}

/* A template goes where the cursor is, on lines of its own: several make a script. */
static void
on_template (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  FlintConsoleEditor *self = FLINT_CONSOLE_EDITOR (widget);
  const ConsoleTemplate *template = console_template_find (g_variant_get_string (parameter, NULL));
  GtkTextBuffer *buffer = get_buffer (self);
  g_autofree char *xml = NULL;
  GtkTextIter at;
  int offset;

  if (template == NULL)
    return;

  xml = flint_console_places_fill (template, flint_application_get_core (self->application),
                                   get_account (self), self->selected);

  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_delete_selection (buffer, FALSE, TRUE);
  gtk_text_buffer_get_iter_at_mark (buffer, &at, gtk_text_buffer_get_insert (buffer));
  if (!gtk_text_iter_starts_line (&at))
    {
      if (!gtk_text_iter_ends_line (&at))
        gtk_text_iter_forward_to_line_end (&at);
      gtk_text_buffer_insert (buffer, &at, "\n", 1);
    }
  offset = gtk_text_iter_get_offset (&at);
  gtk_text_buffer_insert (buffer, &at, xml, -1);
  gtk_text_buffer_insert (buffer, &at, "\n", 1);
  gtk_text_buffer_end_user_action (buffer);

  gtk_text_buffer_place_cursor (buffer, &at);
  gtk_text_buffer_get_iter_at_offset (buffer, &at, offset);
  select_gap (self, &at);
  gtk_text_view_scroll_mark_onscreen (GTK_TEXT_VIEW (self->view), gtk_text_buffer_get_insert (buffer));
  gtk_widget_grab_focus (self->view);
}

/**
 * flint_console_editor_popup_templates:
 *
 * Opens the menu of templates.
 */
void
flint_console_editor_popup_templates (FlintConsoleEditor *self)
{
  g_return_if_fail (FLINT_IS_CONSOLE_EDITOR (self));

  gtk_menu_button_popup (GTK_MENU_BUTTON (self->template_button));
}

/* Accounts */

static void
on_account_chosen (FlintConsoleEditor *self)
{
  if (self->account_signals == NULL)
    return;

  g_signal_group_set_target (self->account_signals, get_account (self));
  check (self);
}

static void
on_accounts_changed (FlintConsoleEditor *self)
{
  GListModel *accounts = gtk_drop_down_get_model (GTK_DROP_DOWN (self->account_chooser));

  gtk_widget_set_visible (self->account_box, g_list_model_get_n_items (accounts) > 1);
  on_account_chosen (self);
}

static void
choose_account (FlintConsoleEditor *self,
                const char         *address)
{
  GListModel *accounts = gtk_drop_down_get_model (GTK_DROP_DOWN (self->account_chooser));

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(FlintAccount) account = g_list_model_get_item (accounts, i);

      if (g_strcmp0 (flint_account_get_address (account), address) == 0)
        gtk_drop_down_set_selected (GTK_DROP_DOWN (self->account_chooser), i);
    }
}

static char *
describe_account (FlintAccount *account)
{
  return g_strdup (flint_account_get_label (account));
}

/**
 * flint_console_editor_set_application:
 * @application: whose accounts may send; once
 */
void
flint_console_editor_set_application (FlintConsoleEditor *self,
                                      FlintApplication   *application)
{
  GListModel *accounts = G_LIST_MODEL (flint_core_get_accounts (flint_application_get_core (application)));
  FlintAccount *account = flint_application_get_default_account (application);
  g_autoptr(GtkExpression) expression = NULL;

  g_return_if_fail (FLINT_IS_CONSOLE_EDITOR (self));

  expression = gtk_cclosure_expression_new (G_TYPE_STRING, NULL, 0, NULL, G_CALLBACK (describe_account), NULL, NULL);
  self->application = application;
  self->history = g_object_ref (console_capture_get_history (flint_application_get_capture (application)));
  self->account_signals = g_signal_group_new (FLINT_TYPE_ACCOUNT);
  g_signal_group_connect_swapped (self->account_signals, "notify::state", G_CALLBACK (check), self);

  gtk_drop_down_set_expression (GTK_DROP_DOWN (self->account_chooser), expression);
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->account_chooser), accounts);
  g_signal_connect_object (accounts, "items-changed", G_CALLBACK (on_accounts_changed), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  if (account != NULL)
    choose_account (self, flint_account_get_address (account));

  /* what was being written when the window was closed */
  replace_text (self, console_history_get_current (self->history));
  update_history_actions (self);
  on_accounts_changed (self);
}

/**
 * flint_console_editor_set_selected:
 * @entry: (nullable): what is selected in the list: templates are about its other end
 */
void
flint_console_editor_set_selected (FlintConsoleEditor *self,
                                   ConsoleEntry       *entry)
{
  g_return_if_fail (FLINT_IS_CONSOLE_EDITOR (self));

  g_set_object (&self->selected, entry);
}

/**
 * flint_console_editor_edit:
 * @xml: what is to be changed and sent
 * @account: whose it was
 *
 * Takes the place of what is there, which comes back by undoing.
 */
void
flint_console_editor_edit (FlintConsoleEditor *self,
                           const char         *xml,
                           const char         *account)
{
  g_return_if_fail (FLINT_IS_CONSOLE_EDITOR (self));

  choose_account (self, account);
  replace_text (self, xml);
  on_text_changed (self);
  gtk_widget_grab_focus (self->view);
}

static void
move_to (GtkWidget *child,
         GtkWidget *box,
         GtkWidget *after)
{
  g_object_ref (child);
  gtk_box_remove (GTK_BOX (gtk_widget_get_parent (child)), child);
  gtk_box_insert_child_after (GTK_BOX (box), child, after);
  g_object_unref (child);
}

/* Beside the buttons there is place for a sentence and an address only in a wide window. */
static void
set_narrow (FlintConsoleEditor *self,
            gboolean            is_narrow)
{
  if (self->is_narrow == is_narrow)
    return;

  self->is_narrow = is_narrow;
  if (is_narrow)
    {
      move_to (self->check_box, self->check_bar, NULL);
      move_to (self->account_box, self->check_bar, self->check_box);
    }
  else
    {
      move_to (self->check_box, self->bar, gtk_widget_get_prev_sibling (self->filler));
      move_to (self->account_box, self->bar, self->filler);
    }

  gtk_label_set_wrap (GTK_LABEL (self->check_label), is_narrow);
  gtk_label_set_ellipsize (GTK_LABEL (self->check_label), is_narrow ? PANGO_ELLIPSIZE_NONE : PANGO_ELLIPSIZE_END);
  gtk_widget_set_visible (self->check_bar, is_narrow);
  gtk_widget_set_visible (self->filler, is_narrow);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NARROW]);
}

static gboolean
flint_console_editor_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (FLINT_CONSOLE_EDITOR (widget)->view);
}

static void
flint_console_editor_dispose (GObject *object)
{
  FlintConsoleEditor *self = FLINT_CONSOLE_EDITOR (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->account_signals != NULL)
    g_signal_group_set_target (self->account_signals, NULL);
  g_clear_object (&self->account_signals);
  g_clear_object (&self->history);
  g_clear_object (&self->selected);
  g_clear_pointer (&self->check, console_check_free);

  G_OBJECT_CLASS (flint_console_editor_parent_class)->dispose (object);
}

static void
flint_console_editor_get_property (GObject    *object,
                                   guint       prop_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  FlintConsoleEditor *self = FLINT_CONSOLE_EDITOR (object);

  switch (prop_id)
    {
    case PROP_NARROW:
      g_value_set_boolean (value, self->is_narrow);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
flint_console_editor_set_property (GObject      *object,
                                   guint         prop_id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  FlintConsoleEditor *self = FLINT_CONSOLE_EDITOR (object);

  switch (prop_id)
    {
    case PROP_NARROW:
      set_narrow (self, g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
flint_console_editor_class_init (FlintConsoleEditorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = flint_console_editor_dispose;
  object_class->get_property = flint_console_editor_get_property;
  object_class->set_property = flint_console_editor_set_property;
  widget_class->grab_focus = flint_console_editor_grab_focus;

  properties[PROP_NARROW] =
    g_param_spec_boolean ("narrow", NULL, NULL, FALSE, (G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_source_init ();

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/console-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleEditor, bar);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleEditor, template_button);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleEditor, check_box);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleEditor, check_icon);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleEditor, check_label);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleEditor, check_bar);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleEditor, filler);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleEditor, account_box);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleEditor, account_chooser);
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleEditor, view);
  gtk_widget_class_bind_template_callback (widget_class, on_account_chosen);

  gtk_widget_class_install_action (widget_class, "console.send", NULL, on_send);
  gtk_widget_class_install_action (widget_class, "console.template", "s", on_template);
  gtk_widget_class_install_action (widget_class, "console.history-previous", NULL, on_history_previous);
  gtk_widget_class_install_action (widget_class, "console.history-next", NULL, on_history_next);
  gtk_widget_class_install_action (widget_class, "console.go-to-fault", NULL, on_go_to_fault);
}

static void
add_marks (FlintConsoleEditor *self)
{
  static const struct
  {
    const char *category;
    const char *icon;
  } kinds[] = {
    { FAULT, "flint-fail-symbolic" },
    { DOUBT, "flint-warn-symbolic" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr(GtkSourceMarkAttributes) attributes = gtk_source_mark_attributes_new ();

      gtk_source_mark_attributes_set_icon_name (attributes, kinds[i].icon);
      gtk_source_view_set_mark_attributes (GTK_SOURCE_VIEW (self->view), kinds[i].category, attributes, 0);
    }
}

static void
flint_console_editor_init (FlintConsoleEditor *self)
{
  GtkTextBuffer *buffer;

  gtk_widget_init_template (GTK_WIDGET (self));

  buffer = get_buffer (self);
  flint_console_xml_style_buffer (GTK_SOURCE_BUFFER (buffer));
  self->fault_tag = gtk_text_buffer_create_tag (buffer, NULL, "underline", PANGO_UNDERLINE_ERROR, NULL);
  g_signal_connect_object (buffer, "changed", G_CALLBACK (on_text_changed), self, G_CONNECT_SWAPPED);
  gtk_label_set_ellipsize (GTK_LABEL (self->check_label), PANGO_ELLIPSIZE_END);
  add_marks (self);
  fill_menu (self);
}
