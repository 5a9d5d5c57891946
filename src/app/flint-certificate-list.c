/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-certificate-list.h"

#include <glib/gi18n.h>

struct _FlintCertificateList
{
  AdwBin           parent_instance;

  XmppCertificate *certificate;
};

G_DEFINE_FINAL_TYPE (FlintCertificateList, flint_certificate_list, ADW_TYPE_BIN)

static void
on_copy (GtkButton            *button,
         FlintCertificateList *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          xmpp_certificate_get_fingerprint (self->certificate));
}

static char *
describe_names (XmppCertificate *certificate)
{
  const char * const *names = xmpp_certificate_get_names (certificate);

  if (names != NULL && names[0] != NULL)
    return g_strjoinv (", ", (char **) names);

  return g_strdup (xmpp_certificate_get_subject (certificate));
}

static char *
describe_issuer (XmppCertificate *certificate)
{
  const char *issuer = xmpp_certificate_get_issuer (certificate);

  if (g_strcmp0 (issuer, xmpp_certificate_get_subject (certificate)) == 0)
    return g_strdup (_("itself (self-signed)"));

  return g_strdup (issuer);
}

static char *
describe_time (XmppCertificate *certificate)
{
  GDateTime *from = xmpp_certificate_get_not_before (certificate);
  GDateTime *until = xmpp_certificate_get_not_after (certificate);
  g_autofree char *from_text = from != NULL ? g_date_time_format (from, "%x") : g_strdup ("?");
  g_autofree char *until_text = until != NULL ? g_date_time_format (until, "%x") : g_strdup ("?");

  /* translators: two dates */
  return g_strdup_printf (_("%s to %s"), from_text, until_text);
}

/* 32 bytes as AA:BB:…: two lines of sixteen can be compared by eye. */
static char *
describe_fingerprint (XmppCertificate *certificate)
{
  const char *fingerprint = xmpp_certificate_get_fingerprint (certificate);
  gsize half = 16 * 3 - 1;

  if (strlen (fingerprint) <= half)
    return g_strdup (fingerprint);

  return g_strdup_printf ("%.*s\n%s", (int) half, fingerprint, fingerprint + half + 1);
}

static GtkWidget *
add_fact (AdwPreferencesGroup *group,
          const char          *title,
          char                *text,
          gboolean             is_wrong)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 3);

  if (is_wrong)
    {
      GtkWidget *mark = gtk_image_new_from_icon_name ("dialog-warning-symbolic");

      gtk_widget_add_css_class (mark, "error");
      gtk_widget_set_tooltip_text (mark, _("This is what is wrong"));
      gtk_accessible_update_property (GTK_ACCESSIBLE (mark), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      _("This is what is wrong"), -1);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), mark);
    }

  adw_preferences_group_add (group, row);
  g_free (text);

  return row;
}

static void
add_copy_button (FlintCertificateList *self,
                 GtkWidget            *row)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-copy-symbolic");

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _("Copy the fingerprint"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Copy the fingerprint"), -1);
  g_signal_connect (button, "clicked", G_CALLBACK (on_copy), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

/**
 * flint_certificate_list_set_certificate:
 * @certificate: (nullable): what to show
 */
void
flint_certificate_list_set_certificate (FlintCertificateList *self,
                                        XmppCertificate      *certificate)
{
  AdwPreferencesGroup *group;
  XmppCertificateFlags flags;

  g_return_if_fail (FLINT_IS_CERTIFICATE_LIST (self));

  if (!g_set_object (&self->certificate, certificate) || certificate == NULL)
    return;

  flags = xmpp_certificate_get_flags (certificate);
  group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  adw_preferences_group_set_title (group, _("Its certificate"));

  add_fact (group, _("Issued to"), describe_names (certificate), flags & XMPP_CERTIFICATE_BAD_IDENTITY);
  add_fact (group, _("Issued by"), describe_issuer (certificate),
            flags & (XMPP_CERTIFICATE_UNKNOWN_CA | XMPP_CERTIFICATE_REVOKED | XMPP_CERTIFICATE_GENERIC));
  add_fact (group, _("Valid"), describe_time (certificate),
            flags & (XMPP_CERTIFICATE_NOT_ACTIVATED | XMPP_CERTIFICATE_EXPIRED));
  add_fact (group, _("Key"), g_strdup (xmpp_certificate_get_key (certificate)),
            flags & (XMPP_CERTIFICATE_WEAK_KEY | XMPP_CERTIFICATE_INSECURE | XMPP_CERTIFICATE_BAD_USAGE));
  add_copy_button (self, add_fact (group, _("Fingerprint (SHA-256)"), describe_fingerprint (certificate), FALSE));

  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (group));
}

static void
flint_certificate_list_dispose (GObject *object)
{
  FlintCertificateList *self = FLINT_CERTIFICATE_LIST (object);

  g_clear_object (&self->certificate);

  G_OBJECT_CLASS (flint_certificate_list_parent_class)->dispose (object);
}

static void
flint_certificate_list_class_init (FlintCertificateListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = flint_certificate_list_dispose;
}

static void
flint_certificate_list_init (FlintCertificateList *self)
{
}
