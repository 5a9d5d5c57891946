/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-new-chat-dialog.h"

#include "flint-rename-dialog.h"

#include <glib/gi18n.h>

/* A name without a server is somebody on ours. */
static XmppJid *
complete (FlintAccount  *account,
          const char    *text,
          GError       **error)
{
  XmppJid *own = flint_account_get_jid (account);

  if (strchr (text, '@') == NULL && strchr (text, '.') == NULL && own != NULL)
    {
      g_autofree char *local = xmpp_jid_escape_local (text);

      return xmpp_jid_new_from_parts (local, xmpp_jid_get_domain (own), NULL, error);
    }

  return xmpp_jid_new (text, error);
}

static char *
check (const char *text,
       gpointer    user_data)
{
  FlintAccount *account = flint_application_get_default_account (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppJid) jid = account != NULL ? complete (account, text, &error) : NULL;

  return error != NULL ? g_strdup (error->message) : NULL;
}

static void
open_chat (const char *text,
           gpointer    user_data)
{
  FlintApplication *application = user_data;
  FlintAccount *account = flint_application_get_default_account (application);
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppJid) jid = NULL;
  g_autoptr(XmppJid) bare = NULL;

  if (account == NULL)
    return;

  if (!(jid = complete (account, text, &error)))
    {
      flint_application_toast (application, error->message);
      return;
    }

  bare = xmpp_jid_get_bare (jid);
  flint_application_show_conversation (application,
                                       flint_core_open_chat (flint_application_get_core (application), account, bare));
}

void
flint_new_chat_dialog_present (FlintApplication *application)
{
  if (flint_application_get_default_account (application) == NULL)
    {
      flint_application_show_login (application, NULL);
      return;
    }

  flint_rename_dialog_present_checked (gtk_application_get_active_window (GTK_APPLICATION (application)),
                                       _("New chat"), _("Name or address"), NULL, check, open_chat, G_OBJECT (application));
}
