/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-certificate-question.h"

#include "flint-certificate-list.h"

#include <glib/gi18n.h>
#include <string.h>

struct _FlintCertificateQuestion
{
  AdwBin           parent_instance;

  XmppCertificate *certificate;      /* the one that is asked about */

  GtkWidget       *changed_label;
  GtkWidget       *reason_label;
  GtkWidget       *certificate_list;
  GtkWidget       *certificate_back_button;
};

G_DEFINE_FINAL_TYPE (FlintCertificateQuestion, flint_certificate_question, ADW_TYPE_BIN)

static void
flint_certificate_question_dispose (GObject *object)
{
  FlintCertificateQuestion *self = FLINT_CERTIFICATE_QUESTION (object);

  g_clear_object (&self->certificate);

  G_OBJECT_CLASS (flint_certificate_question_parent_class)->dispose (object);
}

static void
flint_certificate_question_class_init (FlintCertificateQuestionClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_certificate_question_dispose;

  g_type_ensure (FLINT_TYPE_CERTIFICATE_LIST);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/certificate-question.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintCertificateQuestion, changed_label);
  gtk_widget_class_bind_template_child (widget_class, FlintCertificateQuestion, reason_label);
  gtk_widget_class_bind_template_child (widget_class, FlintCertificateQuestion, certificate_list);
  gtk_widget_class_bind_template_child (widget_class, FlintCertificateQuestion, certificate_back_button);
}

static void
flint_certificate_question_init (FlintCertificateQuestion *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * flint_certificate_question_set_certificate:
 * @certificate: (nullable): what to ask about; %NULL: it has been answered
 */
void
flint_certificate_question_set_certificate (FlintCertificateQuestion *self,
                                            XmppCertificate          *certificate)
{
  g_autofree char *reason = NULL;
  g_autofree char *text = NULL;

  g_return_if_fail (FLINT_IS_CERTIFICATE_QUESTION (self));

  g_set_object (&self->certificate, certificate);
  if (certificate == NULL)
    return;

  reason = xmpp_certificate_describe (certificate);
  /* Translators: %s is a sentence that says what is wrong with the certificate */
  text = g_strdup_printf (_("%s Someone may be listening. Ask your administrator to compare the fingerprint."), reason);

  gtk_label_set_label (GTK_LABEL (self->reason_label), text);
  flint_certificate_list_set_certificate (FLINT_CERTIFICATE_LIST (self->certificate_list), certificate);
}

/* Of its server; a pin begins with the domain */
static gboolean
was_trusted (FlintCertificateQuestion *self,
             const char * const       *pins)
{
  g_autofree char *pin = xmpp_certificate_make_pin (self->certificate);
  gsize length = strcspn (pin, " ") + 1;

  for (guint i = 0; pins != NULL && pins[i] != NULL; i++)
    if (strncmp (pins[i], pin, length) == 0)
      return TRUE;

  return FALSE;
}

/**
 * flint_certificate_question_set_trusted:
 * @pins: (nullable): the certificates that were trusted by exception until now
 *
 * Says that this one is another than that which was trusted, where it is so.
 */
void
flint_certificate_question_set_trusted (FlintCertificateQuestion *self,
                                        const char * const       *pins)
{
  g_return_if_fail (FLINT_IS_CERTIFICATE_QUESTION (self));

  gtk_widget_set_visible (self->changed_label, self->certificate != NULL && was_trusted (self, pins));
}

/**
 * flint_certificate_question_get_certificate:
 *
 * Returns: (transfer none) (nullable): what is asked about
 */
XmppCertificate *
flint_certificate_question_get_certificate (FlintCertificateQuestion *self)
{
  g_return_val_if_fail (FLINT_IS_CERTIFICATE_QUESTION (self), NULL);

  return self->certificate;
}

/**
 * flint_certificate_question_get_default:
 *
 * Returns: (transfer none): the button of who does not want to decide: not to connect
 */
GtkWidget *
flint_certificate_question_get_default (FlintCertificateQuestion *self)
{
  g_return_val_if_fail (FLINT_IS_CERTIFICATE_QUESTION (self), NULL);

  return self->certificate_back_button;
}
