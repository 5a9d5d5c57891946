/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-invite-dialog.h"

#include "flint-rename-dialog.h"

#include <glib/gi18n.h>

static void
invite_address (const char *text,
                gpointer    user_data)
{
  FlintRoom *room = user_data;
  g_autoptr(XmppJid) jid = xmpp_jid_new (text, NULL);

  if (jid != NULL)
    flint_room_invite (room, jid, NULL);
}

static void
on_response (AdwMessageDialog *dialog,
             const char       *response,
             FlintContact     *contact)
{
  FlintRoom *room = g_object_get_data (G_OBJECT (dialog), response);

  if (room != NULL)
    flint_room_invite (room, flint_contact_get_jid (contact), NULL);
}

/* The rooms that one is in, a button each. */
static void
ask_for_room (FlintApplication *application,
              GtkWindow        *parent,
              FlintContact     *contact)
{
  GListModel *rooms = flint_core_get_rooms (flint_application_get_core (application));
  g_autofree char *title = g_strdup_printf (_("Invite %s"), flint_contact_get_name (contact));
  GtkWidget *dialog = adw_message_dialog_new (parent, title, NULL);
  guint n_rooms = 0;

  for (guint i = 0; i < g_list_model_get_n_items (rooms); i++)
    {
      g_autoptr(FlintRoom) room = g_list_model_get_item (rooms, i);
      g_autofree char *id = g_strdup_printf ("room-%u", i);

      if (flint_room_get_state (room) != XMPP_ROOM_IN || flint_room_get_account (room) != flint_contact_get_account (contact))
        continue;

      adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), id, flint_room_get_name (room));
      g_object_set_data_full (G_OBJECT (dialog), id, g_object_ref (room), g_object_unref);
      n_rooms++;
    }

  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog),
                               n_rooms > 0 ? _("To which room?") : _("You are in no room. Join one first."));
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "cancel", _("Cancel"));
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_response), contact, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
flint_invite_dialog_present (FlintApplication *application,
                             GtkWindow        *parent,
                             FlintContact     *contact,
                             FlintRoom        *room)
{
  if (contact != NULL)
    ask_for_room (application, parent, contact);
  else
    flint_rename_dialog_present (parent, _("Invite to room"), _("Address"), NULL, invite_address, G_OBJECT (room));
}
