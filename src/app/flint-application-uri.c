/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-application-private.h"

#include "flint-uri.h"

#include <glib/gi18n.h>

/* What a link may ask for. Nothing is sent here: each opens what the person then confirms or writes
 * (security.md, T066; XEP-0147, 6).
 */
typedef void (*UriFunc) (FlintApplication *self,
                         FlintAccount     *account,
                         const FlintUri   *uri);

static void
open_chat (FlintApplication *self,
           FlintAccount     *account,
           const FlintUri   *uri)
{
  g_autoptr(XmppJid) bare = xmpp_jid_get_bare (uri->jid);
  FlintConversation *conversation = flint_core_open_chat (flint_application_get_core (self), account, bare);
  const char *draft = flint_conversation_get_draft (conversation);
  const char *body = flint_uri_get (uri, "body");

  /* what the person has begun to write is not written over */
  if (body != NULL && (draft == NULL || *draft == '\0'))
    flint_conversation_set_draft (conversation, body);

  flint_application_show_conversation (self, conversation);
}

static void
join_room (FlintApplication *self,
           FlintAccount     *account,
           const FlintUri   *uri)
{
  flint_application_join_room (self, account, uri->jid, flint_uri_get (uri, "password"));
}

static void
add_contact (FlintApplication *self,
             FlintAccount     *account,
             const FlintUri   *uri)
{
  flint_application_add_contact (self, account, uri->jid, flint_uri_get (uri, "group"));
}

static const struct
{
  const char *action;
  UriFunc     open;
} actions[] = {
  { "",          open_chat   },
  { "message",   open_chat   },
  { "join",      join_room   },
  { "roster",    add_contact },
  { "subscribe", add_contact },
};

static void
say (FlintApplication *self,
     const char       *title,
     const char       *text)
{
  GtkWidget *dialog = adw_message_dialog_new (gtk_application_get_active_window (GTK_APPLICATION (self)), title, text);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("Close"));
  gtk_window_set_application (GTK_WINDOW (dialog), GTK_APPLICATION (self));
  gtk_window_present (GTK_WINDOW (dialog));
}

/**
 * flint_application_open_uri:
 * @text: an xmpp: URI, from another program or a link in a message
 *
 * Opens what the link is about. An action that Flint does not know shows only the address (T066).
 */
void
flint_application_open_uri (FlintApplication *self,
                            const char       *text)
{
  g_autoptr(FlintUri) uri = NULL;
  g_autoptr(GError) error = NULL;
  FlintAccount *account = flint_application_get_default_account (self);

  if (!(uri = flint_uri_parse (text, &error)))
    {
      say (self, _("This link cannot be opened"), error->message);
      return;
    }

  if (account == NULL)
    {
      flint_application_set_pending (self, text);
      flint_application_show_login (self, NULL);
      return;
    }

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      if (g_str_equal (actions[i].action, uri->action))
        {
          actions[i].open (self, account, uri);
          return;
        }
    }

  say (self, _("Flint does not know what this link asks for"), xmpp_jid_get_text (uri->jid));
}
