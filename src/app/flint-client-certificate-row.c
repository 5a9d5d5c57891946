/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-client-certificate-row.h"

#include <glib/gi18n.h>

struct _FlintClientCertificateRow
{
  AdwActionRow          parent_instance;

  char                 *path;
  GtkFileChooserNative *chooser;       /* NULL: none is open */

  GtkWidget            *no_certificate_button;
  GtkWidget            *choose_certificate_button;
};

G_DEFINE_FINAL_TYPE (FlintClientCertificateRow, flint_client_certificate_row, ADW_TYPE_ACTION_ROW)

enum {
  PROP_0,
  PROP_PATH,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
update (FlintClientCertificateRow *self)
{
  gboolean is_used = *self->path != '\0';
  g_autofree char *name = is_used ? g_filename_display_basename (self->path)
                                  : g_strdup (_("A file in PEM format with the certificate and its private key"));
  g_autofree char *place = is_used ? g_filename_display_name (self->path) : NULL;

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), place);
  gtk_widget_set_visible (self->no_certificate_button, is_used);
}

static void
on_no_certificate (FlintClientCertificateRow *self)
{
  flint_client_certificate_row_set_path (self, "");
}

static void
on_chosen (GtkNativeDialog           *dialog,
           int                        response,
           FlintClientCertificateRow *self)
{
  g_autoptr(GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (response == GTK_RESPONSE_ACCEPT && path != NULL)
    flint_client_certificate_row_set_path (self, path);

  g_clear_object (&self->chooser);
}

static void
on_choose_certificate (FlintClientCertificateRow *self)
{
  if (self->chooser != NULL)
    return;

  self->chooser = gtk_file_chooser_native_new (_("Log in with a certificate"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                               GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (on_chosen), self, 0);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
flint_client_certificate_row_dispose (GObject *object)
{
  FlintClientCertificateRow *self = FLINT_CLIENT_CERTIFICATE_ROW (object);

  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);

  G_OBJECT_CLASS (flint_client_certificate_row_parent_class)->dispose (object);
}

static void
flint_client_certificate_row_finalize (GObject *object)
{
  g_free (FLINT_CLIENT_CERTIFICATE_ROW (object)->path);

  G_OBJECT_CLASS (flint_client_certificate_row_parent_class)->finalize (object);
}

static void
flint_client_certificate_row_get_property (GObject    *object,
                                           guint       id,
                                           GValue     *value,
                                           GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_PATH:
      g_value_set_string (value, FLINT_CLIENT_CERTIFICATE_ROW (object)->path);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
flint_client_certificate_row_set_property (GObject      *object,
                                           guint         id,
                                           const GValue *value,
                                           GParamSpec   *pspec)
{
  switch (id)
    {
    case PROP_PATH:
      flint_client_certificate_row_set_path (FLINT_CLIENT_CERTIFICATE_ROW (object), g_value_get_string (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
flint_client_certificate_row_class_init (FlintClientCertificateRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = flint_client_certificate_row_dispose;
  object_class->finalize = flint_client_certificate_row_finalize;
  object_class->get_property = flint_client_certificate_row_get_property;
  object_class->set_property = flint_client_certificate_row_set_property;

  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, "",
                                               G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/client-certificate-row.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintClientCertificateRow, no_certificate_button);
  gtk_widget_class_bind_template_child (widget_class, FlintClientCertificateRow, choose_certificate_button);
  gtk_widget_class_bind_template_callback (widget_class, on_no_certificate);
  gtk_widget_class_bind_template_callback (widget_class, on_choose_certificate);
}

static void
flint_client_certificate_row_init (FlintClientCertificateRow *self)
{
  self->path = g_strdup ("");
  gtk_widget_init_template (GTK_WIDGET (self));
  update (self);
}

/**
 * flint_client_certificate_row_get_path:
 *
 * Returns: (transfer none): the file that was chosen; "" for none
 */
const char *
flint_client_certificate_row_get_path (FlintClientCertificateRow *self)
{
  g_return_val_if_fail (FLINT_IS_CLIENT_CERTIFICATE_ROW (self), "");

  return self->path;
}

/**
 * flint_client_certificate_row_set_path:
 * @path: (nullable): a file; %NULL or "" for none
 */
void
flint_client_certificate_row_set_path (FlintClientCertificateRow *self,
                                       const char                *path)
{
  g_return_if_fail (FLINT_IS_CLIENT_CERTIFICATE_ROW (self));

  if (path == NULL)
    path = "";

  if (g_str_equal (self->path, path))
    return;

  g_free (self->path);
  self->path = g_strdup (path);
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PATH]);
}
