/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-login-connecting.h"

#include "flint-login-steps.h"
#include "flint-logo.h"

struct _FlintLoginConnecting
{
  GtkBox           parent_instance;

  GtkLabel        *label;
  FlintLoginSteps *steps;
};

G_DEFINE_FINAL_TYPE (FlintLoginConnecting, flint_login_connecting, GTK_TYPE_BOX)

static void
flint_login_connecting_class_init (FlintLoginConnectingClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (FLINT_TYPE_LOGIN_STEPS);
  g_type_ensure (FLINT_TYPE_LOGO);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/login-connecting.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintLoginConnecting, label);
  gtk_widget_class_bind_template_child (widget_class, FlintLoginConnecting, steps);
}

static void
flint_login_connecting_init (FlintLoginConnecting *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * flint_login_connecting_set_account:
 * @account: (nullable): whose login is shown
 */
void
flint_login_connecting_set_account (FlintLoginConnecting *self,
                                    FlintAccount         *account)
{
  g_return_if_fail (FLINT_IS_LOGIN_CONNECTING (self));

  if (account != NULL)
    gtk_label_set_label (self->label, flint_account_get_label (account));
  flint_login_steps_set_account (self->steps, account);
}
