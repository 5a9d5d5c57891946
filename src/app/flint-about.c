/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-about.h"

#include <glib/gi18n.h>
#include <gnutls/gnutls.h>
#include <libxml/xmlversion.h>

/* What a report of a fault needs to say: versions, nothing about the person. */
static char *
describe_build (void)
{
  return g_strdup_printf ("Flint %s\nGTK %u.%u.%u\nlibadwaita %u.%u.%u\nGLib %u.%u.%u\nlibxml2 %s\nGnuTLS %s\n",
                          FLINT_VERSION,
                          gtk_get_major_version (), gtk_get_minor_version (), gtk_get_micro_version (),
                          adw_get_major_version (), adw_get_minor_version (), adw_get_micro_version (),
                          glib_major_version, glib_minor_version, glib_micro_version,
                          LIBXML_DOTTED_VERSION, gnutls_check_version (NULL));
}

void
flint_about_present (FlintApplication *application)
{
  g_autofree char *build = describe_build ();

  adw_show_about_window (gtk_application_get_active_window (GTK_APPLICATION (application)),
                         "application-name", "Flint",
                         "application-icon", FLINT_APP_ID,
                         "version", FLINT_VERSION,
                         "developer-name", _("The Flint project"),
                         "comments", _("A messenger for Openfire and every other XMPP server, and an instrument to watch one at work."),
                         "copyright", "© 2026 The Flint project",
                         "license-type", GTK_LICENSE_GPL_3_0,
                         /* translators: your names, one a line */
                         "translator-credits", _("translator-credits"),
                         "debug-info", build,
                         "debug-info-filename", "flint.txt",
                         NULL);
}
