/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-subscription-dialog.h"

#include "flint-group-chooser.h"

#include <glib/gi18n.h>

struct _FlintSubscriptionDialog
{
  AdwWindow     parent_instance;

  FlintRequest *request;

  GtkWidget    *avatar;
  GtkWidget    *name_label;
  GtkWidget    *address_label;
  GtkWidget    *warning_label;
  GtkWidget    *greeting_box;
  GtkWidget    *greeting_label;
  GtkWidget    *add_back_row;
  GtkWidget    *name_row;
  GtkWidget    *group_row;
};

#define FLINT_TYPE_SUBSCRIPTION_DIALOG (flint_subscription_dialog_get_type ())
G_DECLARE_FINAL_TYPE (FlintSubscriptionDialog, flint_subscription_dialog, FLINT, SUBSCRIPTION_DIALOG, AdwWindow)
G_DEFINE_FINAL_TYPE (FlintSubscriptionDialog, flint_subscription_dialog, ADW_TYPE_WINDOW)

static void
on_accept (GtkWidget  *widget,
           const char *action,
           GVariant   *parameter)
{
  FlintSubscriptionDialog *self = FLINT_SUBSCRIPTION_DIALOG (widget);
  g_autofree char *group = flint_group_chooser_get (ADW_COMBO_ROW (self->group_row));
  const char *groups[] = { group, NULL };

  flint_request_accept (self->request,
                        adw_expander_row_get_enable_expansion (ADW_EXPANDER_ROW (self->add_back_row)),
                        gtk_editable_get_text (GTK_EDITABLE (self->name_row)), groups);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
on_decline (GtkWidget  *widget,
            const char *action,
            GVariant   *parameter)
{
  flint_request_decline (FLINT_SUBSCRIPTION_DIALOG (widget)->request);
  gtk_window_destroy (GTK_WINDOW (widget));
}

static void
on_block (GtkWidget  *widget,
          const char *action,
          GVariant   *parameter)
{
  flint_request_block (FLINT_SUBSCRIPTION_DIALOG (widget)->request);
  gtk_window_destroy (GTK_WINDOW (widget));
}

static void
flint_subscription_dialog_dispose (GObject *object)
{
  FlintSubscriptionDialog *self = FLINT_SUBSCRIPTION_DIALOG (object);

  g_clear_object (&self->request);

  G_OBJECT_CLASS (flint_subscription_dialog_parent_class)->dispose (object);
}

static void
flint_subscription_dialog_class_init (FlintSubscriptionDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_subscription_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/subscription-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintSubscriptionDialog, avatar);
  gtk_widget_class_bind_template_child (widget_class, FlintSubscriptionDialog, name_label);
  gtk_widget_class_bind_template_child (widget_class, FlintSubscriptionDialog, address_label);
  gtk_widget_class_bind_template_child (widget_class, FlintSubscriptionDialog, warning_label);
  gtk_widget_class_bind_template_child (widget_class, FlintSubscriptionDialog, greeting_box);
  gtk_widget_class_bind_template_child (widget_class, FlintSubscriptionDialog, greeting_label);
  gtk_widget_class_bind_template_child (widget_class, FlintSubscriptionDialog, add_back_row);
  gtk_widget_class_bind_template_child (widget_class, FlintSubscriptionDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, FlintSubscriptionDialog, group_row);
  gtk_widget_class_install_action (widget_class, "request.accept", NULL, on_accept);
  gtk_widget_class_install_action (widget_class, "request.decline", NULL, on_decline);
  gtk_widget_class_install_action (widget_class, "request.block", NULL, on_block);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
flint_subscription_dialog_init (FlintSubscriptionDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * flint_subscription_dialog_present:
 *
 * Shows who asks and lets the person accept, with a name and a group for the own list, decline or block.
 */
void
flint_subscription_dialog_present (FlintApplication *application,
                                   GtkWindow        *parent,
                                   FlintRequest     *request)
{
  FlintSubscriptionDialog *self = g_object_new (FLINT_TYPE_SUBSCRIPTION_DIALOG, "transient-for", parent, NULL);
  const char *text = flint_request_get_text (request);
  const char *warning = flint_request_get_warning (request);

  self->request = g_object_ref (request);
  adw_avatar_set_text (ADW_AVATAR (self->avatar), flint_request_get_name (request));
  gtk_label_set_label (GTK_LABEL (self->name_label), flint_request_get_name (request));
  gtk_label_set_label (GTK_LABEL (self->address_label), xmpp_jid_get_text (flint_request_get_jid (request)));
  gtk_label_set_label (GTK_LABEL (self->warning_label), warning != NULL ? warning : "");
  gtk_widget_set_visible (self->warning_label, warning != NULL);
  gtk_label_set_label (GTK_LABEL (self->greeting_label), text != NULL ? text : "");
  gtk_widget_set_visible (self->greeting_box, text != NULL && *text != '\0');
  gtk_editable_set_text (GTK_EDITABLE (self->name_row), flint_request_get_name (request));
  flint_group_chooser_fill (ADW_COMBO_ROW (self->group_row), flint_request_get_account (request), NULL);

  gtk_window_present (GTK_WINDOW (self));
}
