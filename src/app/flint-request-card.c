/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-request-card.h"

#include "flint-subscription-dialog.h"

#include <glib/gi18n.h>

struct _FlintRequestCard
{
  GtkBox            parent_instance;

  FlintApplication *application;
  FlintRequest     *request;

  GtkWidget        *avatar;
  GtkWidget        *name_label;
  GtkWidget        *text_label;
  GtkWidget        *warning_label;
};

G_DEFINE_FINAL_TYPE (FlintRequestCard, flint_request_card, GTK_TYPE_BOX)

static void
on_decline (GtkWidget  *widget,
            const char *action,
            GVariant   *parameter)
{
  flint_request_decline (FLINT_REQUEST_CARD (widget)->request);
}

static void
on_block (GtkWidget  *widget,
          const char *action,
          GVariant   *parameter)
{
  flint_request_block (FLINT_REQUEST_CARD (widget)->request);
}

/* Accepting asks under which name and in which group they are to be in the own list. */
static void
on_accept (GtkWidget  *widget,
           const char *action,
           GVariant   *parameter)
{
  FlintRequestCard *self = FLINT_REQUEST_CARD (widget);

  flint_subscription_dialog_present (self->application, GTK_WINDOW (gtk_widget_get_root (widget)), self->request);
}

static void
on_chat (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  FlintRequestCard *self = FLINT_REQUEST_CARD (widget);

  flint_application_show_conversation (self->application,
                                       flint_core_open_chat (flint_application_get_core (self->application),
                                                             flint_request_get_account (self->request),
                                                             flint_request_get_jid (self->request)));
}

static void
flint_request_card_dispose (GObject *object)
{
  FlintRequestCard *self = FLINT_REQUEST_CARD (object);

  g_clear_object (&self->request);

  G_OBJECT_CLASS (flint_request_card_parent_class)->dispose (object);
}

static void
flint_request_card_class_init (FlintRequestCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_request_card_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/request-card.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintRequestCard, avatar);
  gtk_widget_class_bind_template_child (widget_class, FlintRequestCard, name_label);
  gtk_widget_class_bind_template_child (widget_class, FlintRequestCard, text_label);
  gtk_widget_class_bind_template_child (widget_class, FlintRequestCard, warning_label);
  gtk_widget_class_install_action (widget_class, "request.accept", NULL, on_accept);
  gtk_widget_class_install_action (widget_class, "request.decline", NULL, on_decline);
  gtk_widget_class_install_action (widget_class, "request.block", NULL, on_block);
  gtk_widget_class_install_action (widget_class, "request.chat", NULL, on_chat);
}

static void
flint_request_card_init (FlintRequestCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
flint_request_card_new (FlintApplication *application,
                        FlintRequest     *request)
{
  FlintRequestCard *self = g_object_new (FLINT_TYPE_REQUEST_CARD, NULL);
  const char *text = flint_request_get_text (request);
  const char *warning = flint_request_get_warning (request);
  g_autofree char *line = NULL;

  self->application = application;
  self->request = g_object_ref (request);
  line = text != NULL && *text != '\0' ? g_strdup_printf ("“%s”", text) : NULL;

  adw_avatar_set_text (ADW_AVATAR (self->avatar), flint_request_get_name (request));
  gtk_label_set_label (GTK_LABEL (self->name_label), flint_request_get_name (request));
  gtk_widget_set_tooltip_text (self->name_label, xmpp_jid_get_text (flint_request_get_jid (request)));
  if (line != NULL)
    gtk_label_set_label (GTK_LABEL (self->text_label), line);
  gtk_label_set_label (GTK_LABEL (self->warning_label), warning != NULL ? warning : "");
  gtk_widget_set_visible (self->warning_label, warning != NULL);

  return GTK_WIDGET (self);
}
