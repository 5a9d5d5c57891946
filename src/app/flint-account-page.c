/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-account-page.h"

#include "flint-client-certificate-row.h"
#include "flint-countdown.h"
#include "flint-password-store.h"
#include "flint-safe-dialog.h"

#include <glib/gi18n.h>

struct _FlintAccountPage
{
  AdwBin            parent_instance;

  FlintApplication *application;    /* not owned: it outlives its windows */
  FlintAccount     *account;
  FlintCountdown   *countdown;
  GPtrArray        *pin_rows;       /* in pins_group */

  AdwWindowTitle   *window_title;
  GtkWidget        *state_row;
  GtkWidget        *connect_button;
  GtkWidget        *label_row;
  GtkWidget        *auto_login_switch;
  GtkWidget        *invisible_switch;
  GtkWidget        *subscription_row;
  GtkWidget        *connection_row;
  GtkWidget        *certificate_row;
  GtkWidget        *insecure_row;
  GtkWidget        *pins_group;
};

G_DEFINE_FINAL_TYPE (FlintAccountPage, flint_account_page, ADW_TYPE_BIN)

static FlintAccountList *
get_accounts (FlintAccountPage *self)
{
  return flint_core_get_accounts (flint_application_get_core (self->application));
}

static void
save (FlintAccountPage *self)
{
  flint_account_list_save (get_accounts (self));
}

static char *
describe_connection (FlintAccountPage *self)
{
  XmppSession *session = flint_account_get_session (self->account);
  const char *tls = xmpp_session_get_tls_version (session);
  const char *mechanism = xmpp_session_get_mechanism (session);

  if (!flint_account_is_online (self->account))
    return g_strdup (_("Not connected"));

  return g_strdup_printf ("%s, %s, %s", xmpp_session_get_host (session),
                          tls != NULL ? tls : _("not encrypted"), mechanism != NULL ? mechanism : "");
}

static void
on_forget_pin (GtkButton        *button,
               FlintAccountPage *self)
{
  flint_account_forget_pin (self->account, g_object_get_data (G_OBJECT (button), "pin"));
  save (self);
}

/* What was accepted by exception is shown, and can be taken back. */
static void
fill_pins (FlintAccountPage *self)
{
  g_auto(GStrv) pins = NULL;

  for (guint i = 0; i < self->pin_rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self->pins_group), g_ptr_array_index (self->pin_rows, i));
  g_ptr_array_set_size (self->pin_rows, 0);

  g_object_get (self->account, "pins", &pins, NULL);
  gtk_widget_set_visible (self->pins_group, pins != NULL && pins[0] != NULL);

  for (guint i = 0; pins != NULL && pins[i] != NULL; i++)
    {
      g_auto(GStrv) parts = g_strsplit (pins[i], " ", 3);
      GtkWidget *row = adw_action_row_new ();
      GtkWidget *button = gtk_button_new_with_label (_("Forget"));
      g_autofree char *name = g_strdup_printf (_("Forget the exception for %s"), parts[0]);

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), parts[0]);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), parts[1] != NULL ? parts[1] : "");
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      g_object_set_data_full (G_OBJECT (button), "pin", g_strdup (pins[i]), g_free);
      g_signal_connect (button, "clicked", G_CALLBACK (on_forget_pin), self);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->pins_group), row);
      g_ptr_array_add (self->pin_rows, row);
    }
}

static void
update (FlintAccountPage *self)
{
  g_autofree char *state = flint_account_describe_state (self->account);
  g_autofree char *connection = describe_connection (self);
  const GError *error = flint_account_get_error (self->account);
  int security;
  gboolean is_off = flint_account_get_state (self->account) == FLINT_ACCOUNT_OFFLINE ||
                    flint_account_get_state (self->account) == FLINT_ACCOUNT_FAILED;

  g_object_get (self->account, "security", &security, NULL);
  adw_window_title_set_title (self->window_title, flint_account_get_label (self->account));
  adw_window_title_set_subtitle (self->window_title, flint_account_get_address (self->account));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->state_row), is_off && error != NULL ? error->message : state);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->connection_row), connection);
  gtk_widget_set_visible (self->insecure_row, security == XMPP_SECURITY_DISABLED);
  gtk_button_set_label (GTK_BUTTON (self->connect_button), is_off ? _("Connect") : _("Disconnect"));
}

static void
on_connect (FlintAccountPage *self)
{
  FlintAccountState state = flint_account_get_state (self->account);

  if (state == FLINT_ACCOUNT_OFFLINE || state == FLINT_ACCOUNT_FAILED)
    flint_account_connect (self->account);
  else
    flint_account_disconnect (self->account);
}

static void
on_login (FlintAccountPage *self)
{
  flint_application_show_login (self->application, self->account);
}

static void
on_back (FlintAccountPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (ADW_IS_PREFERENCES_WINDOW (root))
    adw_preferences_window_close_subpage (ADW_PREFERENCES_WINDOW (root));
}

static void
on_cleared (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(FlintApplication) application = user_data;
  g_autoptr(GError) error = NULL;

  if (!flint_password_clear_finish (result, &error))
    flint_application_toast (application, error->message);
}

static void
on_remove_response (AdwMessageDialog *dialog,
                    const char       *response,
                    FlintAccountPage *self)
{
  if (!g_str_equal (response, "remove") || self->account == NULL)
    return;

  flint_account_disconnect (self->account);
  flint_password_clear_async (flint_account_get_id (self->account), NULL, on_cleared, g_object_ref (self->application));
  flint_account_list_remove (get_accounts (self), self->account);
  on_back (self);
}

static void
on_remove (FlintAccountPage *self)
{
  g_autofree char *title = g_strdup_printf (_("Remove %s?"), flint_account_get_label (self->account));
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), title,
                                              _("Flint forgets the account and its password. The account itself stays on the server."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("Cancel"), "remove", _("Remove"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "remove", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_remove_response), self, 0);
  flint_safe_dialog_present (dialog);
}

/* Not shown any more: AdwPreferencesWindow 1.2 keeps its page, and the account would stay with it. */
static void
flint_account_page_unrealize (GtkWidget *widget)
{
  FlintAccountPage *self = FLINT_ACCOUNT_PAGE (widget);

  if (self->account != NULL)
    g_signal_handlers_disconnect_by_data (self->account, self);
  g_clear_object (&self->account);

  GTK_WIDGET_CLASS (flint_account_page_parent_class)->unrealize (widget);
}

static void
flint_account_page_dispose (GObject *object)
{
  FlintAccountPage *self = FLINT_ACCOUNT_PAGE (object);

  g_clear_object (&self->countdown);
  g_clear_object (&self->account);
  g_clear_pointer (&self->pin_rows, g_ptr_array_unref);

  G_OBJECT_CLASS (flint_account_page_parent_class)->dispose (object);
}

static void
flint_account_page_class_init (FlintAccountPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_account_page_dispose;
  widget_class->unrealize = flint_account_page_unrealize;

  g_type_ensure (FLINT_TYPE_CLIENT_CERTIFICATE_ROW);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/account-page.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintAccountPage, window_title);
  gtk_widget_class_bind_template_child (widget_class, FlintAccountPage, state_row);
  gtk_widget_class_bind_template_child (widget_class, FlintAccountPage, connect_button);
  gtk_widget_class_bind_template_child (widget_class, FlintAccountPage, label_row);
  gtk_widget_class_bind_template_child (widget_class, FlintAccountPage, auto_login_switch);
  gtk_widget_class_bind_template_child (widget_class, FlintAccountPage, invisible_switch);
  gtk_widget_class_bind_template_child (widget_class, FlintAccountPage, subscription_row);
  gtk_widget_class_bind_template_child (widget_class, FlintAccountPage, connection_row);
  gtk_widget_class_bind_template_child (widget_class, FlintAccountPage, certificate_row);
  gtk_widget_class_bind_template_child (widget_class, FlintAccountPage, insecure_row);
  gtk_widget_class_bind_template_child (widget_class, FlintAccountPage, pins_group);
  gtk_widget_class_bind_template_callback (widget_class, on_back);
  gtk_widget_class_bind_template_callback (widget_class, on_connect);
  gtk_widget_class_bind_template_callback (widget_class, on_login);
  gtk_widget_class_bind_template_callback (widget_class, on_remove);
}

static void
flint_account_page_init (FlintAccountPage *self)
{
  self->pin_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

static gboolean
int_to_uint (GBinding     *binding,
             const GValue *from,
             GValue       *to,
             gpointer      user_data)
{
  g_value_set_uint (to, g_value_get_int (from));

  return TRUE;
}

static gboolean
uint_to_int (GBinding     *binding,
             const GValue *from,
             GValue       *to,
             gpointer      user_data)
{
  g_value_set_int (to, g_value_get_uint (from));

  return TRUE;
}

GtkWidget *
flint_account_page_new (FlintApplication *application,
                        FlintAccount     *account)
{
  FlintAccountPage *self = g_object_new (FLINT_TYPE_ACCOUNT_PAGE, NULL);
  static const char * const kept[] = { "notify::label", "notify::auto-login", "notify::invisible", "notify::subscription-mode",
                                      "notify::client-certificate" };

  self->application = application;
  self->account = g_object_ref (account);

  g_object_bind_property (account, "label", self->label_row, "text", G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  g_object_bind_property (account, "auto-login", self->auto_login_switch, "active", G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  g_object_bind_property (account, "client-certificate", self->certificate_row, "path", G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  g_object_bind_property (account, "invisible", self->invisible_switch, "active", G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  g_object_bind_property_full (account, "subscription-mode", self->subscription_row, "selected",
                               G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL, int_to_uint, uint_to_int, NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    g_signal_connect_object (account, kept[i], G_CALLBACK (save), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (account, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  self->countdown = flint_countdown_new (self->state_row);
  flint_countdown_set_account (self->countdown, account);
  g_signal_connect_object (self->countdown, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (account, "notify::pins", G_CALLBACK (fill_pins), self, G_CONNECT_SWAPPED);
  update (self);
  fill_pins (self);

  return GTK_WIDGET (self);
}
