/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-login-window.h"

#include "flint-account-row.h"
#include "flint-application-private.h"
#include "flint-certificate-question.h"
#include "flint-lazy-menu.h"
#include "flint-login-advanced.h"
#include "flint-login-connecting.h"
#include "flint-login-error.h"
#include "flint-logo.h"
#include "flint-password-store.h"
#include "flint-safe-dialog.h"

#include <glib/gi18n.h>

struct _FlintLoginWindow
{
  AdwApplicationWindow  parent_instance;

  FlintAccountList     *accounts;
  FlintAccount         *account;         /* being logged in, or being mended */
  gboolean              is_new;          /* not ours before: given up, it goes again */
  GtkWidget            *question;        /* the dialog that asks, or NULL; not owned */

  GtkWidget            *login_stack;
  GtkWidget            *back_button;
  GtkMenuButton        *menu_button;
  GMenuModel           *login_menu;
  GtkWidget            *accounts_group;
  GtkWidget            *account_list;
  GtkWidget            *form_box;
  GtkWidget            *address_row;
  GtkWidget            *password_row;
  GtkWidget            *error_box;
  GtkWidget            *error_label;
  GtkWidget            *unlock_button;
  GtkWidget            *remember_check;
  GtkWidget            *auto_login_check;
  FlintLoginAdvanced   *advanced_row;
  GtkWidget            *connect_button;
  GtkWidget            *demo_button;
  AdwBin               *connecting_bin;
  FlintLoginConnecting *connecting;      /* NULL: nobody tried yet */
  AdwBin               *certificate_bin;
  FlintCertificateQuestion *certificate_question;   /* NULL: nothing was to be asked yet */
};

G_DEFINE_FINAL_TYPE (FlintLoginWindow, flint_login_window, ADW_TYPE_APPLICATION_WINDOW)

static FlintApplication *
get_application (FlintLoginWindow *self)
{
  return FLINT_APPLICATION (gtk_window_get_application (GTK_WINDOW (self)));
}

/* Held: when the window goes, it has no application any more, and what it began still has to be given up */
static FlintAccountList *
get_accounts (FlintLoginWindow *self)
{
  return self->accounts;
}

/* Errors, at their place */

static void
clear_error (FlintLoginWindow *self)
{
  gtk_widget_set_visible (self->error_box, FALSE);
  gtk_widget_remove_css_class (self->address_row, "error");
  gtk_widget_remove_css_class (self->password_row, "error");
  flint_login_advanced_clear_error (self->advanced_row);
}

static void
show_error (FlintLoginWindow *self,
            const GError     *error)
{
  FlintLoginPlace place = flint_login_error_get_place (error);
  g_autofree char *text = flint_login_error_describe (error);
  GtkWidget *row;

  clear_error (self);
  gtk_label_set_label (GTK_LABEL (self->error_label), text);
  gtk_widget_set_visible (self->unlock_button, g_error_matches (error, FLINT_PASSWORD_ERROR, FLINT_PASSWORD_ERROR_LOCKED));
  gtk_widget_set_visible (self->error_box, TRUE);

  if ((row = flint_login_advanced_mark_error (self->advanced_row, place, text)) == NULL)
    {
      row = place == FLINT_LOGIN_PLACE_PASSWORD ? self->password_row : self->address_row;
      gtk_widget_add_css_class (row, "error");
    }

  gtk_widget_grab_focus (row);
}

static void
show_page (FlintLoginWindow *self,
           const char       *name)
{
  gboolean has_accounts = gtk_widget_get_visible (self->accounts_group);
  gboolean is_form = g_str_equal (name, "form");

  gtk_stack_set_visible_child_name (GTK_STACK (self->login_stack), name);
  gtk_widget_set_visible (self->back_button,
                          !is_form || (!has_accounts && g_list_model_get_n_items (G_LIST_MODEL (get_accounts (self))) > 0));
  if (is_form)
    gtk_window_set_default_widget (GTK_WINDOW (self), self->connect_button);
  else if (g_str_equal (name, "certificate"))
    gtk_window_set_default_widget (GTK_WINDOW (self), flint_certificate_question_get_default (self->certificate_question));
}

static void
make_connecting (FlintLoginWindow *self)
{
  if (self->connecting != NULL)
    return;

  self->connecting = g_object_new (FLINT_TYPE_LOGIN_CONNECTING, NULL);
  adw_bin_set_child (self->connecting_bin, GTK_WIDGET (self->connecting));
}

/* Most never see the question: it is made for those who do. */
static void
make_certificate_question (FlintLoginWindow *self)
{
  if (self->certificate_question != NULL)
    return;

  self->certificate_question = g_object_new (FLINT_TYPE_CERTIFICATE_QUESTION, NULL);
  adw_bin_set_child (self->certificate_bin, GTK_WIDGET (self->certificate_question));
}

static void
forget_certificate (FlintLoginWindow *self)
{
  if (self->certificate_question != NULL)
    flint_certificate_question_set_certificate (self->certificate_question, NULL);
}

/* The account list */

static gboolean
is_pick_list (FlintLoginWindow *self)
{
  return gtk_widget_get_visible (self->accounts_group);
}

static void
show_form (FlintLoginWindow *self)
{
  gtk_widget_set_visible (self->accounts_group, FALSE);
  gtk_widget_set_visible (self->form_box, TRUE);
  show_page (self, "form");
  gtk_widget_grab_focus (self->address_row);
}

static void
add_account_row (FlintLoginWindow *self,
                 FlintAccount     *account)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *avatar = adw_avatar_new (32, flint_account_get_label (account), TRUE);
  int security;

  g_object_get (account, "security", &security, NULL);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), flint_account_get_label (account));
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), avatar);
  if (security == XMPP_SECURITY_DISABLED)
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), flint_account_row_new_insecure_mark ());
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "account", g_object_ref (account), g_object_unref);
  gtk_list_box_append (GTK_LIST_BOX (self->account_list), row);
}

/* With saved accounts the pick list stands instead of the form. */
static void
fill_accounts (FlintLoginWindow *self)
{
  GListModel *accounts = G_LIST_MODEL (get_accounts (self));
  guint n_offline = 0;
  GtkWidget *other;

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(FlintAccount) account = g_list_model_get_item (accounts, i);

      if (flint_account_get_state (account) != FLINT_ACCOUNT_OFFLINE)
        continue;

      add_account_row (self, account);
      n_offline++;
    }

  gtk_widget_set_visible (self->accounts_group, n_offline > 0);
  gtk_widget_set_visible (self->form_box, n_offline == 0);
  if (n_offline == 0)
    return;

  other = adw_action_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (other), _("Another account"));
  adw_action_row_add_prefix (ADW_ACTION_ROW (other), gtk_image_new_from_icon_name ("list-add-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (other), TRUE);
  gtk_list_box_append (GTK_LIST_BOX (self->account_list), other);
}

/* The form */

static void
update_form (FlintLoginWindow *self)
{
  gboolean is_anonymous = flint_login_advanced_is_anonymous (self->advanced_row);
  const char *address = gtk_editable_get_text (GTK_EDITABLE (self->address_row));
  const char *password = gtk_editable_get_text (GTK_EDITABLE (self->password_row));
  gboolean has_certificate = flint_login_advanced_has_certificate (self->advanced_row);
  gboolean is_known = self->account != NULL && !self->is_new;

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->address_row),
                                 is_anonymous ? _("Server") : _("Address (name@server)"));
  gtk_widget_set_visible (self->password_row, !is_anonymous);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "login.connect",
                                 *address != '\0' && (is_anonymous || *password != '\0' || has_certificate || is_known));
}

static void
on_form_changed (FlintLoginWindow *self)
{
  clear_error (self);
  update_form (self);
}

static void
on_entry_activated (FlintLoginWindow *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "login.connect", NULL);
}

static void
fill_form (FlintLoginWindow *self)
{
  g_autofree char *address = NULL;
  g_autofree char *domain = NULL;
  gboolean is_anonymous;
  gboolean remember;
  gboolean auto_login;

  g_object_get (self->account, "address", &address, "domain", &domain, "anonymous", &is_anonymous,
                "remember-password", &remember, "auto-login", &auto_login, NULL);

  gtk_editable_set_text (GTK_EDITABLE (self->address_row), is_anonymous ? domain : address);
  flint_login_advanced_fill (self->advanced_row, self->account);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (self->remember_check), remember);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (self->auto_login_check), auto_login);
  gtk_widget_set_sensitive (self->address_row, FALSE);
  update_form (self);
}

/* As it is at first, for an account that is not known yet */
static void
reset_form (FlintLoginWindow *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->address_row), "");
  gtk_editable_set_text (GTK_EDITABLE (self->password_row), "");
  flint_login_advanced_reset (self->advanced_row);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (self->remember_check), TRUE);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (self->auto_login_check), TRUE);
  gtk_widget_set_sensitive (self->address_row, TRUE);
  clear_error (self);
  update_form (self);
}

/* "name@server", or "name@server:port". Anonymous: the server alone. */
static gboolean
read_address (FlintLoginWindow  *self,
              char             **address,
              guint             *port,
              GError           **error)
{
  g_autofree char *text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->address_row)));
  g_autoptr(XmppJid) jid = NULL;
  g_autoptr(XmppJid) bare = NULL;
  gboolean is_anonymous = flint_login_advanced_is_anonymous (self->advanced_row);
  char *colon;
  guint64 number;

  g_strstrip (text);
  colon = strrchr (text, ':');
  if (colon != NULL && strchr (colon, ']') == NULL && xmpp_parse_uint (colon + 1, G_MAXUINT16, &number) && number > 0)
    {
      *port = number;
      *colon = '\0';
    }

  if (!(jid = xmpp_jid_new (text, error)))
    return FALSE;

  if (!is_anonymous && xmpp_jid_get_local (jid) == NULL)
    {
      g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_INVALID_ADDRESS,
                           _("An address has a name before the @, such as juliet@example.org."));
      return FALSE;
    }

  bare = xmpp_jid_get_bare (jid);
  *address = g_strdup (is_anonymous ? xmpp_jid_get_domain (bare) : xmpp_jid_get_text (bare));

  return TRUE;
}

/* Logging in */

static void
forget_account (FlintLoginWindow *self)
{
  if (self->account == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->account, self);
  if (self->connecting != NULL)
    flint_login_connecting_set_account (self->connecting, NULL);

  if (self->is_new)
    flint_account_list_remove (get_accounts (self), self->account);

  self->is_new = FALSE;
  g_clear_object (&self->account);
}

static void
finish (FlintLoginWindow *self)
{
  FlintApplication *application = get_application (self);

  self->is_new = FALSE;
  flint_account_list_save (get_accounts (self));
  forget_account (self);
  flint_application_show_main (application);
  flint_application_open_pending (application);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
on_state_changed (FlintLoginWindow *self)
{
  const GError *error = flint_account_get_error (self->account);

  switch (flint_account_get_state (self->account))
    {
    case FLINT_ACCOUNT_ONLINE:
      finish (self);
      break;

    case FLINT_ACCOUNT_CONNECTING:
      make_connecting (self);
      flint_login_connecting_set_account (self->connecting, self->account);
      show_page (self, "connecting");
      break;

    case FLINT_ACCOUNT_WAITING:
      /* somebody looks on: say it now instead of trying in silence */
      show_form (self);
      if (error != NULL)
        show_error (self, error);
      flint_account_disconnect (self->account);
      break;

    case FLINT_ACCOUNT_FAILED:
      if (g_error_matches (error, XMPP_ERROR, XMPP_ERROR_CERTIFICATE))
        break;   /* on_certificate_problem () asks */
      show_form (self);
      if (error != NULL)
        show_error (self, error);
      break;

    case FLINT_ACCOUNT_OFFLINE:
      if (!gtk_widget_get_visible (self->error_box))
        show_page (self, "form");
      break;

    default:
      break;
    }
}

static void
on_certificate_problem (FlintLoginWindow *self,
                        XmppCertificate  *certificate)
{
  gboolean can_trust = !(xmpp_certificate_get_flags (certificate) & XMPP_CERTIFICATE_REVOKED);
  g_auto(GStrv) pins = NULL;

  g_object_get (self->account, "pins", &pins, NULL);
  make_certificate_question (self);
  flint_certificate_question_set_certificate (self->certificate_question, certificate);
  flint_certificate_question_set_trusted (self->certificate_question, (const char * const *) pins);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "login.trust-once", can_trust);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "login.trust-always", flint_account_can_pin (self->account, certificate));
  show_page (self, "certificate");
  gtk_widget_grab_focus (flint_certificate_question_get_default (self->certificate_question));
}

static void
on_weaker_response (AdwMessageDialog *dialog,
                    const char       *response,
                    FlintLoginWindow *self)
{
  if (self->account != NULL && g_str_equal (response, "allow"))
    flint_account_allow_weaker (self->account);
}

static void
on_weaker_mechanism (FlintLoginWindow *self,
                     const GError     *error)
{
  GtkWidget *dialog;

  if (self->question != NULL)
    {
      gtk_window_present (GTK_WINDOW (self->question));
      return;
    }

  dialog = adw_message_dialog_new (GTK_WINDOW (self), _("The server asks for a weaker login than before"), error->message);
  g_set_weak_pointer (&self->question, dialog);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog),
                                    "cancel", _("Cancel"),
                                    "allow", _("Log in anyway"),
                                    NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "allow", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_weaker_response), self, 0);
  flint_safe_dialog_present (dialog);
}

static void
on_password_needed (FlintLoginWindow *self,
                    const GError     *error)
{
  show_form (self);
  if (error != NULL)
    show_error (self, error);
  gtk_widget_grab_focus (self->password_row);
}

static void
watch_account (FlintLoginWindow *self)
{
  g_signal_handlers_disconnect_by_data (self->account, self);
  g_signal_connect_object (self->account, "notify::state", G_CALLBACK (on_state_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->account, "certificate-problem", G_CALLBACK (on_certificate_problem), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->account, "weaker-mechanism", G_CALLBACK (on_weaker_mechanism), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->account, "password-needed", G_CALLBACK (on_password_needed), self, G_CONNECT_SWAPPED);
}

static void
start (FlintLoginWindow *self)
{
  clear_error (self);
  watch_account (self);

  /* with what the form says now, if it is connected with what was said before */
  if (flint_account_get_state (self->account) != FLINT_ACCOUNT_OFFLINE)
    {
      g_signal_handlers_block_by_func (self->account, on_state_changed, self);
      flint_account_disconnect (self->account);
      g_signal_handlers_unblock_by_func (self->account, on_state_changed, self);
    }
  flint_account_connect (self->account);
}

static void
start_with_form (FlintLoginWindow *self)
{
  g_autofree char *address = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_anonymous = flint_login_advanced_is_anonymous (self->advanced_row);
  gboolean remember = gtk_check_button_get_active (GTK_CHECK_BUTTON (self->remember_check));
  guint port = 0;
  const char *password = gtk_editable_get_text (GTK_EDITABLE (self->password_row));
  FlintAccount *known;

  if (!read_address (self, &address, &port, &error))
    {
      show_error (self, error);
      return;
    }

  known = is_anonymous ? NULL : flint_account_list_find_address (get_accounts (self), address);
  if (known != NULL && known != self->account)
    {
      forget_account (self);
      self->account = g_object_ref (known);
    }

  if (self->account == NULL)
    {
      self->account = flint_account_new (is_anonymous ? "" : address);
      self->is_new = TRUE;
    }

  flint_login_advanced_apply (self->advanced_row, self->account, port);
  g_object_set (self->account,
                "domain", is_anonymous ? address : "",
                "remember-password", remember,
                "auto-login", remember && gtk_check_button_get_active (GTK_CHECK_BUTTON (self->auto_login_check)),
                NULL);
  if (self->is_new)
    g_object_set (self->account, "is-transient", !remember, NULL);

  if (*password != '\0')
    flint_account_set_password (self->account, password);

  if (self->is_new && flint_account_list_find (get_accounts (self), flint_account_get_id (self->account)) == NULL)
    flint_account_list_add (get_accounts (self), self->account);

  start (self);
}

static void
on_plain_response (AdwMessageDialog *dialog,
                   const char       *response,
                   FlintLoginWindow *self)
{
  if (g_str_equal (response, "connect"))
    start_with_form (self);
}

/* The one exception to encryption, and only after it was said what it exposes. */
static void
ask_about_plain (FlintLoginWindow *self)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _("Connect without encryption?"),
    _("Everyone on the way to the server can read and change all that you and others write, and see who you talk to. Use this only to test a server on a network that you trust."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog),
                                    "cancel", _("Cancel"),
                                    "connect", _("Connect without encryption"),
                                    NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "connect", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_plain_response), self, 0);
  flint_safe_dialog_present (dialog);
}

static void
login_connect (GtkWidget  *widget,
               const char *action,
               GVariant   *parameter)
{
  FlintLoginWindow *self = FLINT_LOGIN_WINDOW (widget);

  if (flint_login_advanced_get_security (self->advanced_row) == XMPP_SECURITY_DISABLED)
    ask_about_plain (self);
  else
    start_with_form (self);
}

static void
login_back (GtkWidget  *widget,
            const char *action,
            GVariant   *parameter)
{
  FlintLoginWindow *self = FLINT_LOGIN_WINDOW (widget);
  const char *page = gtk_stack_get_visible_child_name (GTK_STACK (self->login_stack));
  gboolean was_form = g_str_equal (page, "form");

  forget_certificate (self);
  if (self->account != NULL)
    flint_account_disconnect (self->account);

  if (was_form)
    {
      GtkWidget *row;

      forget_account (self);
      reset_form (self);
      while ((row = gtk_widget_get_first_child (self->account_list)))
        gtk_list_box_remove (GTK_LIST_BOX (self->account_list), row);
      fill_accounts (self);
    }

  show_page (self, "form");
}

static void
trust (FlintLoginWindow *self,
       gboolean          always)
{
  XmppCertificate *certificate = self->certificate_question != NULL
                                   ? flint_certificate_question_get_certificate (self->certificate_question) : NULL;
  g_autoptr(XmppCertificate) trusted = NULL;

  if (certificate == NULL || self->account == NULL)
    return;

  trusted = g_object_ref (certificate);
  forget_certificate (self);

  flint_account_trust_certificate (self->account, trusted, always);
  flint_account_connect (self->account);
}

static void
login_trust_once (GtkWidget  *widget,
                  const char *action,
                  GVariant   *parameter)
{
  trust (FLINT_LOGIN_WINDOW (widget), FALSE);
}

static void
login_trust_always (GtkWidget  *widget,
                    const char *action,
                    GVariant   *parameter)
{
  trust (FLINT_LOGIN_WINDOW (widget), TRUE);
}

/* The person may have been asked for the keyring's password by now. */
static void
login_unlock (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  FlintLoginWindow *self = FLINT_LOGIN_WINDOW (widget);

  if (self->account != NULL)
    start (self);
}

static void
on_demo_changed (FlintLoginWindow *self)
{
  FlintApplication *application = get_application (self);
  gboolean is_there = application != NULL && flint_application_get_demo (application) != NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "login.demo", !is_there);
  gtk_button_set_label (GTK_BUTTON (self->demo_button), is_there ? _("Starting the demo server…") : _("Try it with a demo server"));
}

static void
login_demo (GtkWidget  *widget,
            const char *action,
            GVariant   *parameter)
{
  FlintLoginWindow *self = FLINT_LOGIN_WINDOW (widget);

  flint_application_start_demo (get_application (self));
}

static void
on_account_activated (GtkListBox       *list,
                      GtkListBoxRow    *row,
                      FlintLoginWindow *self)
{
  FlintAccount *account = g_object_get_data (G_OBJECT (row), "account");

  forget_account (self);
  if (account == NULL)
    {
      reset_form (self);
      show_form (self);
      return;
    }

  self->account = g_object_ref (account);
  self->is_new = FALSE;
  fill_form (self);
  start (self);
}

/* The demo came up: its account is online, and the main window is there. */
static void
on_accounts_changed (FlintLoginWindow *self)
{
  FlintApplication *application = get_application (self);

  if (application != NULL && self->account == NULL && flint_application_get_demo (application) != NULL)
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
flint_login_window_dispose (GObject *object)
{
  FlintLoginWindow *self = FLINT_LOGIN_WINDOW (object);

  if (self->account != NULL && self->is_new)
    flint_account_disconnect (self->account);
  forget_account (self);
  g_clear_weak_pointer (&self->question);
  g_clear_object (&self->accounts);

  G_OBJECT_CLASS (flint_login_window_parent_class)->dispose (object);
}

static void
flint_login_window_class_init (FlintLoginWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_login_window_dispose;

  g_type_ensure (FLINT_TYPE_LOGIN_ADVANCED);
  g_type_ensure (FLINT_TYPE_LOGO);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/login-window.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintLoginWindow, login_stack);
  gtk_widget_class_bind_template_child (widget_class, FlintLoginWindow, back_button);
  gtk_widget_class_bind_template_child (widget_class, FlintLoginWindow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, FlintLoginWindow, login_menu);
  gtk_widget_class_bind_template_child (widget_class, FlintLoginWindow, accounts_group);
  gtk_widget_class_bind_template_child (widget_class, FlintLoginWindow, account_list);
  gtk_widget_class_bind_template_child (widget_class, FlintLoginWindow, form_box);
  gtk_widget_class_bind_template_child (widget_class, FlintLoginWindow, address_row);
  gtk_widget_class_bind_template_child (widget_class, FlintLoginWindow, password_row);
  gtk_widget_class_bind_template_child (widget_class, FlintLoginWindow, error_box);
  gtk_widget_class_bind_template_child (widget_class, FlintLoginWindow, error_label);
  gtk_widget_class_bind_template_child (widget_class, FlintLoginWindow, unlock_button);
  gtk_widget_class_bind_template_child (widget_class, FlintLoginWindow, remember_check);
  gtk_widget_class_bind_template_child (widget_class, FlintLoginWindow, auto_login_check);
  gtk_widget_class_bind_template_child (widget_class, FlintLoginWindow, advanced_row);
  gtk_widget_class_bind_template_child (widget_class, FlintLoginWindow, connect_button);
  gtk_widget_class_bind_template_child (widget_class, FlintLoginWindow, demo_button);
  gtk_widget_class_bind_template_child (widget_class, FlintLoginWindow, connecting_bin);
  gtk_widget_class_bind_template_child (widget_class, FlintLoginWindow, certificate_bin);
  gtk_widget_class_bind_template_callback (widget_class, on_form_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_entry_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_account_activated);

  gtk_widget_class_install_action (widget_class, "login.connect", NULL, login_connect);
  gtk_widget_class_install_action (widget_class, "login.back", NULL, login_back);
  gtk_widget_class_install_action (widget_class, "login.trust-once", NULL, login_trust_once);
  gtk_widget_class_install_action (widget_class, "login.trust-always", NULL, login_trust_always);
  gtk_widget_class_install_action (widget_class, "login.unlock", NULL, login_unlock);
  gtk_widget_class_install_action (widget_class, "login.demo", NULL, login_demo);
}

static void
flint_login_window_init (FlintLoginWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  flint_lazy_menu_set (self->menu_button, self->login_menu);
}

/**
 * flint_login_window_ask:
 *
 * Asks what the account waits for, if it has failed: whether its certificate or a weaker login is accepted. Of other
 * failures it says what they are.
 */
void
flint_login_window_ask (FlintLoginWindow *self)
{
  XmppCertificate *certificate;
  const GError *error;

  g_return_if_fail (FLINT_IS_LOGIN_WINDOW (self));

  if (self->account == NULL || (error = flint_account_get_error (self->account)) == NULL)
    return;

  certificate = xmpp_session_get_certificate (flint_account_get_session (self->account));
  if (g_error_matches (error, XMPP_ERROR, XMPP_ERROR_CERTIFICATE) && certificate != NULL)
    {
      on_certificate_problem (self, certificate);
      return;
    }

  show_error (self, error);
  if (g_error_matches (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_WEAKER))
    on_weaker_mechanism (self, error);
}

/**
 * flint_login_window_get_account:
 *
 * Returns: (nullable): the account that is being logged in or mended
 */
FlintAccount *
flint_login_window_get_account (FlintLoginWindow *self)
{
  g_return_val_if_fail (FLINT_IS_LOGIN_WINDOW (self), NULL);

  return self->account;
}

/**
 * flint_login_window_new:
 * @account: (nullable): the one to log in or to mend; %NULL: a new one, or the choice among those saved
 */
GtkWindow *
flint_login_window_new (FlintApplication *application,
                        FlintAccount     *account)
{
  FlintLoginWindow *self = g_object_new (FLINT_TYPE_LOGIN_WINDOW, "application", application, NULL);

  self->accounts = g_object_ref (flint_core_get_accounts (flint_application_get_core (application)));
  gtk_widget_set_visible (self->demo_button, account == NULL && flint_application_get_demo (application) == NULL);
  g_signal_connect_object (application, "notify::demo", G_CALLBACK (on_demo_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (get_accounts (self), "items-changed", G_CALLBACK (on_accounts_changed), self, G_CONNECT_SWAPPED);

  if (account == NULL)
    {
      fill_accounts (self);
      update_form (self);
      show_page (self, "form");
      if (!is_pick_list (self))
        gtk_widget_grab_focus (self->address_row);

      return GTK_WINDOW (self);
    }

  self->account = g_object_ref (account);
  fill_form (self);
  watch_account (self);
  show_form (self);
  gtk_widget_grab_focus (self->password_row);

  flint_login_window_ask (self);

  return GTK_WINDOW (self);
}
