/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-login-advanced.h"

#include "flint-client-certificate-row.h"

#include <glib/gi18n.h>
#include <string.h>

struct _FlintLoginAdvanced
{
  AdwExpanderRow  parent_instance;

  GtkWidget      *host_row;
  GtkWidget      *port_spin;
  GtkWidget      *security_row;
  GtkWidget      *resource_row;
  GtkWidget      *priority_spin;
  GtkWidget      *proxy_row;
  GtkWidget      *proxy_address_row;
  FlintClientCertificateRow *certificate_row;
  GtkWidget      *anonymous_switch;
  GtkWidget      *invisible_switch;
  GtkWidget      *error_row;            /* below the row that it is about; owned */
  GtkWidget      *error_label;
};

G_DEFINE_FINAL_TYPE (FlintLoginAdvanced, flint_login_advanced, ADW_TYPE_EXPANDER_ROW)

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* In the order of proxy_modes in the .ui file; the two last ones need an address. */
static const char * const proxy_schemes[] = { "", "direct://", "socks5://", "http://" };

static void
on_changed (FlintLoginAdvanced *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_proxy_selected (FlintLoginAdvanced *self)
{
  gtk_widget_set_visible (self->proxy_address_row, adw_combo_row_get_selected (ADW_COMBO_ROW (self->proxy_row)) >= 2);
}

/* Port 0 means that DNS says it. */
static gboolean
on_port_output (GtkSpinButton    *spin,
                FlintLoginAdvanced *self)
{
  g_autofree char *text = NULL;
  int port = gtk_spin_button_get_value_as_int (spin);

  text = port == 0 ? g_strdup (C_("port", "Auto")) : g_strdup_printf ("%d", port);
  if (g_strcmp0 (text, gtk_editable_get_text (GTK_EDITABLE (spin))) != 0)
    gtk_editable_set_text (GTK_EDITABLE (spin), text);

  return TRUE;
}

static int
on_port_input (GtkSpinButton    *spin,
               double           *value,
               FlintLoginAdvanced *self)
{
  guint64 port;

  *value = xmpp_parse_uint (gtk_editable_get_text (GTK_EDITABLE (spin)), G_MAXUINT16, &port) ? port : 0;

  return TRUE;
}

static void
fill_proxy (FlintLoginAdvanced *self,
            const char       *proxy)
{
  for (guint i = G_N_ELEMENTS (proxy_schemes); i-- > 0; )
    {
      if (g_str_has_prefix (proxy, proxy_schemes[i]))
        {
          adw_combo_row_set_selected (ADW_COMBO_ROW (self->proxy_row), i);
          gtk_editable_set_text (GTK_EDITABLE (self->proxy_address_row), i >= 2 ? proxy + strlen (proxy_schemes[i]) : "");
          return;
        }
    }
}

static char *
read_proxy (FlintLoginAdvanced *self)
{
  guint mode = adw_combo_row_get_selected (ADW_COMBO_ROW (self->proxy_row));

  g_return_val_if_fail (mode < G_N_ELEMENTS (proxy_schemes), g_strdup (""));

  return g_strconcat (proxy_schemes[mode],
                      mode >= 2 ? gtk_editable_get_text (GTK_EDITABLE (self->proxy_address_row)) : "",
                      NULL);
}

/* Where a row here is wrong, the top of the form with its sentence is out of sight */
static void
make_error_row (FlintLoginAdvanced *self)
{
  self->error_label = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->error_label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (self->error_label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (self->error_label), 0);
  gtk_widget_add_css_class (self->error_label, "field-error");
  gtk_widget_set_margin_start (self->error_label, 12);
  gtk_widget_set_margin_end (self->error_label, 12);
  gtk_widget_set_margin_top (self->error_label, 9);
  gtk_widget_set_margin_bottom (self->error_label, 9);

  self->error_row = g_object_ref_sink (gtk_list_box_row_new ());
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self->error_row), FALSE);
  gtk_widget_set_focusable (self->error_row, FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self->error_row), self->error_label);
}

static void
remove_error_row (FlintLoginAdvanced *self)
{
  GtkWidget *list = gtk_widget_get_parent (self->error_row);

  if (list != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (list), self->error_row);
}

static void
flint_login_advanced_dispose (GObject *object)
{
  FlintLoginAdvanced *self = FLINT_LOGIN_ADVANCED (object);

  if (self->error_row != NULL)
    remove_error_row (self);
  g_clear_object (&self->error_row);

  G_OBJECT_CLASS (flint_login_advanced_parent_class)->dispose (object);
}

static void
flint_login_advanced_class_init (FlintLoginAdvancedClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_login_advanced_dispose;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (FLINT_TYPE_CLIENT_CERTIFICATE_ROW);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/login-advanced.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintLoginAdvanced, host_row);
  gtk_widget_class_bind_template_child (widget_class, FlintLoginAdvanced, port_spin);
  gtk_widget_class_bind_template_child (widget_class, FlintLoginAdvanced, security_row);
  gtk_widget_class_bind_template_child (widget_class, FlintLoginAdvanced, resource_row);
  gtk_widget_class_bind_template_child (widget_class, FlintLoginAdvanced, priority_spin);
  gtk_widget_class_bind_template_child (widget_class, FlintLoginAdvanced, proxy_row);
  gtk_widget_class_bind_template_child (widget_class, FlintLoginAdvanced, proxy_address_row);
  gtk_widget_class_bind_template_child (widget_class, FlintLoginAdvanced, certificate_row);
  gtk_widget_class_bind_template_child (widget_class, FlintLoginAdvanced, anonymous_switch);
  gtk_widget_class_bind_template_child (widget_class, FlintLoginAdvanced, invisible_switch);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_proxy_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_port_output);
  gtk_widget_class_bind_template_callback (widget_class, on_port_input);
}

static gboolean
is_made (FlintLoginAdvanced *self)
{
  return self->host_row != NULL;
}

/* What is set seldom is not made for those who never unfold it: together with laying it out that was a third of the time
 * until the window was there. Until then everything is as it is at first.
 */
static void
make_rows (FlintLoginAdvanced *self)
{
  if (is_made (self))
    return;

  gtk_widget_init_template (GTK_WIDGET (self));
  on_port_output (GTK_SPIN_BUTTON (self->port_spin), self);   /* the text it began with is not ours */
  make_error_row (self);
}

static void
on_expanded (FlintLoginAdvanced *self)
{
  if (adw_expander_row_get_expanded (ADW_EXPANDER_ROW (self)))
    make_rows (self);
}

static void
flint_login_advanced_init (FlintLoginAdvanced *self)
{
  g_signal_connect (self, "notify::expanded", G_CALLBACK (on_expanded), NULL);
}

/**
 * flint_login_advanced_fill:
 * @account: whose settings to show
 */
void
flint_login_advanced_fill (FlintLoginAdvanced *self,
                           FlintAccount       *account)
{
  g_autofree char *host = NULL;
  g_autofree char *resource = NULL;
  g_autofree char *proxy = NULL;
  g_autofree char *certificate = NULL;
  gboolean is_anonymous;
  gboolean invisible;
  guint port;
  int security;
  int priority;

  g_return_if_fail (FLINT_IS_LOGIN_ADVANCED (self));
  g_return_if_fail (FLINT_IS_ACCOUNT (account));

  g_object_get (account, "host", &host, "port", &port, "security", &security, "resource", &resource, "priority", &priority,
                "proxy", &proxy, "client-certificate", &certificate, "anonymous", &is_anonymous, "invisible", &invisible, NULL);

  make_rows (self);
  gtk_editable_set_text (GTK_EDITABLE (self->host_row), host != NULL ? host : "");
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->port_spin), port);
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->security_row), security);
  gtk_editable_set_text (GTK_EDITABLE (self->resource_row), resource != NULL ? resource : "");
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->priority_spin), priority);
  fill_proxy (self, proxy != NULL ? proxy : "");
  flint_client_certificate_row_set_path (self->certificate_row, certificate);
  gtk_switch_set_active (GTK_SWITCH (self->anonymous_switch), is_anonymous);
  gtk_switch_set_active (GTK_SWITCH (self->invisible_switch), invisible);
}

/**
 * flint_login_advanced_reset:
 *
 * As it is at first, for an account that is not known yet
 */
void
flint_login_advanced_reset (FlintLoginAdvanced *self)
{
  GtkWidget *rows[] = { self->host_row, self->resource_row, self->proxy_address_row };

  g_return_if_fail (FLINT_IS_LOGIN_ADVANCED (self));

  if (!is_made (self))
    return;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    gtk_editable_set_text (GTK_EDITABLE (rows[i]), "");

  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->port_spin), 0);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->priority_spin), 1);
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->security_row), XMPP_SECURITY_REQUIRED);
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->proxy_row), 0);
  flint_client_certificate_row_set_path (self->certificate_row, NULL);
  gtk_switch_set_active (GTK_SWITCH (self->anonymous_switch), FALSE);
  gtk_switch_set_active (GTK_SWITCH (self->invisible_switch), FALSE);
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (self), FALSE);
}

/**
 * flint_login_advanced_apply:
 * @account: an account that gets what is set here
 * @port: one that was typed with the address; 0: none, the one here counts
 */
void
flint_login_advanced_apply (FlintLoginAdvanced *self,
                            FlintAccount       *account,
                            guint               port)
{
  g_autofree char *proxy = NULL;
  guint own_port;

  g_return_if_fail (FLINT_IS_LOGIN_ADVANCED (self));
  g_return_if_fail (FLINT_IS_ACCOUNT (account));

  make_rows (self);
  proxy = read_proxy (self);
  own_port = gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->port_spin));
  g_object_set (account,
                "anonymous", flint_login_advanced_is_anonymous (self),
                "host", gtk_editable_get_text (GTK_EDITABLE (self->host_row)),
                "port", port != 0 ? port : own_port,
                "security", (int) flint_login_advanced_get_security (self),
                "resource", gtk_editable_get_text (GTK_EDITABLE (self->resource_row)),
                "priority", gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->priority_spin)),
                "proxy", proxy,
                "client-certificate", flint_client_certificate_row_get_path (self->certificate_row),
                "invisible", gtk_switch_get_active (GTK_SWITCH (self->invisible_switch)),
                NULL);
}

/**
 * flint_login_advanced_has_certificate:
 *
 * Returns: whether a file is chosen to log in with, so that no password is needed
 */
gboolean
flint_login_advanced_has_certificate (FlintLoginAdvanced *self)
{
  g_return_val_if_fail (FLINT_IS_LOGIN_ADVANCED (self), FALSE);

  return is_made (self) && *flint_client_certificate_row_get_path (self->certificate_row) != '\0';
}

gboolean
flint_login_advanced_is_anonymous (FlintLoginAdvanced *self)
{
  g_return_val_if_fail (FLINT_IS_LOGIN_ADVANCED (self), FALSE);

  return is_made (self) && gtk_switch_get_active (GTK_SWITCH (self->anonymous_switch));
}

XmppSecurity
flint_login_advanced_get_security (FlintLoginAdvanced *self)
{
  g_return_val_if_fail (FLINT_IS_LOGIN_ADVANCED (self), XMPP_SECURITY_REQUIRED);

  return is_made (self) ? adw_combo_row_get_selected (ADW_COMBO_ROW (self->security_row)) : XMPP_SECURITY_REQUIRED;
}

/**
 * flint_login_advanced_clear_error:
 *
 * Nothing here is wrong any more
 */
void
flint_login_advanced_clear_error (FlintLoginAdvanced *self)
{
  g_return_if_fail (FLINT_IS_LOGIN_ADVANCED (self));

  if (!is_made (self))
    return;

  remove_error_row (self);
  gtk_widget_remove_css_class (self->host_row, "error");
  gtk_widget_remove_css_class (self->proxy_address_row, "error");
  gtk_widget_remove_css_class (GTK_WIDGET (self->certificate_row), "error");
}

/**
 * flint_login_advanced_mark_error:
 * @place: where the mistake is
 * @text: what it is
 *
 * Returns: (transfer none) (nullable): the row that it is in; %NULL: none of these
 */
GtkWidget *
flint_login_advanced_mark_error (FlintLoginAdvanced *self,
                                 FlintLoginPlace     place,
                                 const char         *text)
{
  GtkWidget *row = NULL;

  g_return_val_if_fail (FLINT_IS_LOGIN_ADVANCED (self), NULL);

  if (!is_made (self))
    return NULL;

  if (place == FLINT_LOGIN_PLACE_PROXY)
    row = self->proxy_address_row;
  else if (place == FLINT_LOGIN_PLACE_HOST)
    row = self->host_row;
  else if (place == FLINT_LOGIN_PLACE_CERTIFICATE)
    row = GTK_WIDGET (self->certificate_row);

  if (row == NULL)
    return NULL;

  /* a host or port that was typed is where the mistake is; one that DNS gave is the address's */
  if (place != FLINT_LOGIN_PLACE_HOST || *gtk_editable_get_text (GTK_EDITABLE (self->host_row)) != '\0')
    adw_expander_row_set_expanded (ADW_EXPANDER_ROW (self), TRUE);

  gtk_widget_add_css_class (row, "error");
  remove_error_row (self);
  gtk_label_set_label (GTK_LABEL (self->error_label), text);
  gtk_list_box_insert (GTK_LIST_BOX (gtk_widget_get_parent (row)), self->error_row,
                       gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row)) + 1);

  return row;
}
