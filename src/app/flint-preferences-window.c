/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-preferences-window.h"

#include "flint-account-page.h"
#include "flint-account-row.h"
#include "flint-countdown.h"

#include <glib/gi18n.h>

struct _FlintPreferencesWindow
{
  AdwPreferencesWindow  parent_instance;

  FlintApplication     *application;    /* not owned: it outlives its windows */
  GPtrArray            *account_rows;   /* in accounts_group */

  GtkWidget            *accounts_group;
  GtkWidget            *color_row;
  GtkWidget            *density_row;
  GtkWidget            *single_window_switch;
  GtkWidget            *show_offline_switch;
  GtkWidget            *group_offline_switch;
  GtkWidget            *show_empty_switch;
  GtkWidget            *enter_switch;
  GtkWidget            *traffic_switch;
  GtkWidget            *notify_chats_switch;
  GtkWidget            *notify_mentions_switch;
  GtkWidget            *notify_headlines_switch;
  GtkWidget            *notify_requests_switch;
  GtkWidget            *notify_text_switch;
  GtkWidget            *typing_switch;
  GtkWidget            *receipts_switch;
  GtkWidget            *console_limit_spin;
};

G_DEFINE_FINAL_TYPE (FlintPreferencesWindow, flint_preferences_window, ADW_TYPE_PREFERENCES_WINDOW)

/* The names of the schema's enum, in the order of the rows */
static const char * const color_schemes[] = { "default", "light", "dark" };

static void
on_color_selected (FlintPreferencesWindow *self)
{
  if (self->application != NULL)
    g_settings_set_string (flint_application_get_settings (self->application), "color-scheme",
                           color_schemes[adw_combo_row_get_selected (ADW_COMBO_ROW (self->color_row))]);
}

static void
on_density_selected (FlintPreferencesWindow *self)
{
  if (self->application != NULL)
    g_settings_set_enum (flint_application_get_settings (self->application), "density",
                         adw_combo_row_get_selected (ADW_COMBO_ROW (self->density_row)));
}

/* Accounts */

static void
on_account_activated (AdwActionRow           *row,
                      FlintPreferencesWindow *self)
{
  FlintAccount *account = g_object_get_data (G_OBJECT (row), "account");

  if (account == NULL)
    flint_application_show_login (self->application, NULL);
  else
    adw_preferences_window_present_subpage (ADW_PREFERENCES_WINDOW (self), flint_account_page_new (self->application, account));
}

static void
update_account_row (AdwActionRow *row)
{
  FlintAccount *account = g_object_get_data (G_OBJECT (row), "account");
  g_autofree char *state = flint_account_describe_state (account);
  int security;

  g_object_get (account, "security", &security, NULL);
  gtk_widget_set_visible (g_object_get_data (G_OBJECT (row), "mark"), security == XMPP_SECURITY_DISABLED);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), flint_account_get_label (account));
  adw_action_row_set_subtitle (row, state);
}

static void
count_down (GtkWidget    *row,
            FlintAccount *account)
{
  FlintCountdown *countdown = flint_countdown_new (row);

  flint_countdown_set_account (countdown, account);
  g_signal_connect_object (countdown, "changed", G_CALLBACK (update_account_row), row, G_CONNECT_SWAPPED);
  g_object_set_data_full (G_OBJECT (row), "countdown", countdown, g_object_unref);
}

static GtkWidget *
add_row (FlintPreferencesWindow *self,
         const char             *icon)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name (icon));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_signal_connect (row, "activated", G_CALLBACK (on_account_activated), self);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->accounts_group), row);
  g_ptr_array_add (self->account_rows, row);

  return row;
}

static void
fill_accounts (FlintPreferencesWindow *self)
{
  GListModel *accounts = G_LIST_MODEL (flint_core_get_accounts (flint_application_get_core (self->application)));
  GtkWidget *row;

  for (guint i = 0; i < self->account_rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self->accounts_group), g_ptr_array_index (self->account_rows, i));
  g_ptr_array_set_size (self->account_rows, 0);

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(FlintAccount) account = g_list_model_get_item (accounts, i);

      GtkWidget *mark = flint_account_row_new_insecure_mark ();

      row = add_row (self, "avatar-default-symbolic");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), mark);
      g_object_set_data (G_OBJECT (row), "mark", mark);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
      /* the list holds it, and the row goes when it leaves the list */
      g_object_set_data (G_OBJECT (row), "account", account);
      g_signal_connect_object (account, "notify::state", G_CALLBACK (update_account_row), row, G_CONNECT_SWAPPED);
      g_signal_connect_object (account, "notify::security", G_CALLBACK (update_account_row), row, G_CONNECT_SWAPPED);
      g_signal_connect_object (account, "notify::label", G_CALLBACK (update_account_row), row, G_CONNECT_SWAPPED);
      count_down (row, account);
      update_account_row (ADW_ACTION_ROW (row));
    }

  row = add_row (self, "list-add-symbolic");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Add account"));
}

/**
 * flint_preferences_window_show_page:
 * @name: "accounts", "appearance", "chats", "alerts", "privacy" or "advanced"
 */
void
flint_preferences_window_show_page (FlintPreferencesWindow *self,
                                    const char             *name)
{
  g_return_if_fail (FLINT_IS_PREFERENCES_WINDOW (self));

  adw_preferences_window_set_visible_page_name (ADW_PREFERENCES_WINDOW (self), name);
}

static void
flint_preferences_window_dispose (GObject *object)
{
  FlintPreferencesWindow *self = FLINT_PREFERENCES_WINDOW (object);

  g_clear_pointer (&self->account_rows, g_ptr_array_unref);

  G_OBJECT_CLASS (flint_preferences_window_parent_class)->dispose (object);
}

static void
flint_preferences_window_class_init (FlintPreferencesWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_preferences_window_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/preferences-window.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintPreferencesWindow, accounts_group);
  gtk_widget_class_bind_template_child (widget_class, FlintPreferencesWindow, color_row);
  gtk_widget_class_bind_template_child (widget_class, FlintPreferencesWindow, density_row);
  gtk_widget_class_bind_template_child (widget_class, FlintPreferencesWindow, show_offline_switch);
  gtk_widget_class_bind_template_child (widget_class, FlintPreferencesWindow, single_window_switch);
  gtk_widget_class_bind_template_child (widget_class, FlintPreferencesWindow, group_offline_switch);
  gtk_widget_class_bind_template_child (widget_class, FlintPreferencesWindow, show_empty_switch);
  gtk_widget_class_bind_template_child (widget_class, FlintPreferencesWindow, enter_switch);
  gtk_widget_class_bind_template_child (widget_class, FlintPreferencesWindow, traffic_switch);
  gtk_widget_class_bind_template_child (widget_class, FlintPreferencesWindow, notify_chats_switch);
  gtk_widget_class_bind_template_child (widget_class, FlintPreferencesWindow, notify_mentions_switch);
  gtk_widget_class_bind_template_child (widget_class, FlintPreferencesWindow, notify_headlines_switch);
  gtk_widget_class_bind_template_child (widget_class, FlintPreferencesWindow, notify_requests_switch);
  gtk_widget_class_bind_template_child (widget_class, FlintPreferencesWindow, notify_text_switch);
  gtk_widget_class_bind_template_child (widget_class, FlintPreferencesWindow, typing_switch);
  gtk_widget_class_bind_template_child (widget_class, FlintPreferencesWindow, receipts_switch);
  gtk_widget_class_bind_template_child (widget_class, FlintPreferencesWindow, console_limit_spin);
  gtk_widget_class_bind_template_callback (widget_class, on_color_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_density_selected);
}

static void
flint_preferences_window_init (FlintPreferencesWindow *self)
{
  self->account_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
bind_settings (FlintPreferencesWindow *self)
{
  GSettings *settings = flint_application_get_settings (self->application);
  g_autofree char *scheme = g_settings_get_string (settings, "color-scheme");
  const struct
  {
    const char *key;
    GtkWidget  *widget;
  } switches[] = {
    { "one-window",        self->single_window_switch },
    { "show-offline",      self->show_offline_switch },
    { "group-offline",     self->group_offline_switch },
    { "show-empty-groups", self->show_empty_switch },
    { "enter-sends",       self->enter_switch },
    { "show-room-traffic", self->traffic_switch },
    { "notify-chats",      self->notify_chats_switch },
    { "notify-mentions",   self->notify_mentions_switch },
    { "notify-headlines",  self->notify_headlines_switch },
    { "notify-requests",   self->notify_requests_switch },
    { "notify-text",       self->notify_text_switch },
    { "send-typing",       self->typing_switch },
    { "send-receipts",     self->receipts_switch },
  };

  for (guint i = 0; i < G_N_ELEMENTS (switches); i++)
    g_settings_bind (settings, switches[i].key, switches[i].widget, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "console-limit", self->console_limit_spin, "value", G_SETTINGS_BIND_DEFAULT);

  for (guint i = 0; i < G_N_ELEMENTS (color_schemes); i++)
    {
      if (g_str_equal (scheme, color_schemes[i]))
        adw_combo_row_set_selected (ADW_COMBO_ROW (self->color_row), i);
    }
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->density_row), g_settings_get_enum (settings, "density"));
}

/**
 * flint_preferences_window_new:
 * @parent: (nullable): the window it belongs to
 */
GtkWindow *
flint_preferences_window_new (FlintApplication *application,
                              GtkWindow        *parent)
{
  FlintPreferencesWindow *self = g_object_new (FLINT_TYPE_PREFERENCES_WINDOW,
                                               "application", application,
                                               "transient-for", parent,
                                               NULL);
  GListModel *accounts = G_LIST_MODEL (flint_core_get_accounts (flint_application_get_core (application)));

  /* what the settings say is shown first; only then is a choice of the person's written back */
  self->application = application;
  bind_settings (self);
  g_signal_connect_object (accounts, "items-changed", G_CALLBACK (fill_accounts), self, G_CONNECT_SWAPPED);
  fill_accounts (self);

  return GTK_WINDOW (self);
}
