/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-join-room-dialog.h"

#include "flint-public-rooms.h"
#include "xmpp-disco.h"

#include <glib/gi18n.h>

struct _FlintJoinRoomDialog
{
  AdwWindow         parent_instance;

  FlintApplication *application;
  FlintAccount     *account;
  XmppJid          *service;          /* where rooms are by default; NULL: not found (yet) */
  GCancellable     *cancellable;      /* of the search for rooms, and of the join */
  FlintRoom        *tried;            /* that could not be joined (yet) */

  GtkWidget        *room_row;
  GtkWidget        *nickname_row;
  GtkWidget        *password_row;
  GtkWidget        *account_row;
  GtkWidget        *error_label;
  GtkWidget        *public_group;
  FlintPublicRooms *public_rooms;
  GtkWidget        *autojoin_switch;
};

G_DEFINE_FINAL_TYPE (FlintJoinRoomDialog, flint_join_room_dialog, ADW_TYPE_WINDOW)

static void
show_error (FlintJoinRoomDialog *self,
            const char          *text)
{
  gtk_label_set_label (GTK_LABEL (self->error_label), text != NULL ? text : "");
  gtk_widget_set_visible (self->error_label, text != NULL);
  if (text == NULL)
    {
      gtk_widget_remove_css_class (self->nickname_row, "error");
      gtk_widget_remove_css_class (self->password_row, "error");
      gtk_widget_remove_css_class (self->room_row, "error");
    }
}

/* "lounge" is a room on the account's own service; anything with an @ is a whole address. */
static XmppJid *
read_room (FlintJoinRoomDialog  *self,
           GError              **error)
{
  g_autofree char *text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->room_row)));
  g_autoptr(XmppJid) jid = NULL;

  g_strstrip (text);
  if (strchr (text, '@') == NULL && self->service != NULL)
    {
      g_autofree char *folded = g_utf8_strdown (text, -1);
      g_autofree char *local = xmpp_jid_escape_local (folded);

      return xmpp_jid_new_from_parts (local, xmpp_jid_get_domain (self->service), NULL, error);
    }

  if (!(jid = xmpp_jid_new (text, error)))
    return NULL;

  if (xmpp_jid_get_local (jid) == NULL)
    {
      g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_INVALID_ADDRESS,
                           _("A room's address looks like lounge@conference.example.org."));
      return NULL;
    }

  return xmpp_jid_get_bare (jid);
}

static void
update (FlintJoinRoomDialog *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.join-room",
                                 *gtk_editable_get_text (GTK_EDITABLE (self->room_row)) != '\0' &&
                                 *gtk_editable_get_text (GTK_EDITABLE (self->nickname_row)) != '\0' &&
                                 flint_account_is_online (self->account));
}

static void
on_changed (FlintJoinRoomDialog *self)
{
  show_error (self, NULL);
  if (self->account != NULL)
    update (self);
}

static void
on_entry_activated (FlintJoinRoomDialog *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "dialog.join-room", NULL);
}

static void
mark_row (GtkWidget *row)
{
  gtk_widget_add_css_class (row, "error");
  gtk_widget_grab_focus (row);
}

/* The error stands under its field: a password that is asked for, a nickname that is taken. */
static void
place_error (FlintJoinRoomDialog *self,
             const GError        *error)
{
  GtkWidget *row = self->room_row;

  show_error (self, error->message);

  if (g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_NOT_AUTHORIZED))
    {
      gtk_widget_set_visible (self->password_row, TRUE);
      row = self->password_row;
    }
  else if (g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_CONFLICT) ||
           g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_NOT_ACCEPTABLE))
    row = self->nickname_row;

  mark_row (row);
}

/* The person does not try any more, or tries another room */
static void
give_up (FlintJoinRoomDialog *self)
{
  if (self->tried != NULL)
    flint_core_give_up_room (flint_application_get_core (self->application), self->tried);

  g_clear_object (&self->tried);
}

static void
on_joined (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(FlintJoinRoomDialog) self = user_data;
  FlintRoom *room = FLINT_ROOM (object);
  g_autoptr(GError) error = NULL;

  if (flint_room_join_finish (room, result, &error))
    {
      g_settings_set_string (flint_application_get_settings (self->application), "recent-nick", flint_room_get_nick (room));
      g_object_set (room, "is-saved", TRUE, "autojoin", gtk_switch_get_active (GTK_SWITCH (self->autojoin_switch)), NULL);
      g_clear_object (&self->tried);
      flint_application_show_conversation (self->application, flint_room_get_conversation (room));
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      /* closed meanwhile: where it is left only now, it goes only now */
      flint_core_give_up_room (flint_application_get_core (self->application), room);
      return;
    }

  place_error (self, error);
  update (self);
}

static void
on_join (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  FlintJoinRoomDialog *self = FLINT_JOIN_ROOM_DIALOG (widget);
  const char *nick = gtk_editable_get_text (GTK_EDITABLE (self->nickname_row));
  const char *password = gtk_editable_get_text (GTK_EDITABLE (self->password_row));
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppJid) jid = read_room (self, &error);
  g_autoptr(XmppJid) occupant = jid != NULL ? xmpp_jid_with_resource (jid, nick, &error) : NULL;
  FlintRoom *room;

  if (occupant == NULL)
    {
      show_error (self, error->message);
      mark_row (jid == NULL ? self->room_row : self->nickname_row);
      return;
    }

  show_error (self, NULL);
  gtk_widget_action_set_enabled (widget, "dialog.join-room", FALSE);
  room = flint_core_open_room (flint_application_get_core (self->application), self->account, jid, nick);
  if (room != self->tried)
    give_up (self);
  g_set_object (&self->tried, room);
  flint_room_join_async (room, *password != '\0' ? password : NULL, self->cancellable, on_joined, g_object_ref (self));
}

/* Public rooms of the account's server */

static void
on_room_chosen (FlintPublicRooms    *rooms,
                const char          *address,
                FlintJoinRoomDialog *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->room_row), address);
  gtk_widget_grab_focus (self->nickname_row);
}

static void
on_items (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(FlintJoinRoomDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) items = xmpp_disco_items_finish (XMPP_DISCO (object), result, &error);

  if (items == NULL)
    {
      g_debug ("The rooms are not listed: %s", error->message);
      return;
    }

  flint_public_rooms_fill (self->public_rooms, XMPP_DISCO (object), items);
  gtk_widget_set_visible (self->public_group, gtk_widget_get_visible (GTK_WIDGET (self->public_rooms)));
}

static void
on_services (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(FlintJoinRoomDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) services = xmpp_muc_find_services_finish (XMPP_MUC (object), result, &error);

  if (services == NULL || services->len == 0)
    {
      if (error != NULL)
        g_debug ("No room service: %s", error->message);
      return;
    }

  self->service = xmpp_jid_ref (g_ptr_array_index (services, 0));
  xmpp_disco_items_async (xmpp_session_get_module (flint_account_get_session (self->account), XMPP_TYPE_DISCO),
                          self->service, NULL, self->cancellable, on_items, g_object_ref (self));
}

static void
find_rooms (FlintJoinRoomDialog *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_clear_pointer (&self->service, xmpp_jid_unref);
  flint_public_rooms_clear (self->public_rooms);
  gtk_widget_set_visible (self->public_group, FALSE);

  if (flint_account_is_online (self->account))
    xmpp_muc_find_services_async (xmpp_session_get_module (flint_account_get_session (self->account), XMPP_TYPE_MUC),
                                  self->cancellable, on_services, g_object_ref (self));
}

static void
on_account_selected (FlintJoinRoomDialog *self)
{
  GListModel *accounts = G_LIST_MODEL (flint_core_get_accounts (flint_application_get_core (self->application)));
  g_autoptr(FlintAccount) account = g_list_model_get_item (accounts, adw_combo_row_get_selected (ADW_COMBO_ROW (self->account_row)));

  if (account == NULL || account == self->account)
    return;

  g_set_object (&self->account, account);
  find_rooms (self);
  update (self);
}

static void
fill_accounts (FlintJoinRoomDialog *self)
{
  GListModel *accounts = G_LIST_MODEL (flint_core_get_accounts (flint_application_get_core (self->application)));
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  guint selected = 0;

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(FlintAccount) account = g_list_model_get_item (accounts, i);

      gtk_string_list_append (names, flint_account_get_label (account));
      if (account == self->account)
        selected = i;
    }

  adw_combo_row_set_model (ADW_COMBO_ROW (self->account_row), G_LIST_MODEL (names));
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->account_row), selected);
  gtk_widget_set_visible (self->account_row, g_list_model_get_n_items (accounts) > 1);
}

static void
fill_nick (FlintJoinRoomDialog *self)
{
  g_autofree char *recent = g_settings_get_string (flint_application_get_settings (self->application), "recent-nick");
  g_autofree char *own_name = NULL;
  XmppJid *jid = flint_account_get_jid (self->account);

  g_object_get (self->account, "own-name", &own_name, NULL);
  if (*recent != '\0')
    gtk_editable_set_text (GTK_EDITABLE (self->nickname_row), recent);
  else if (own_name != NULL && *own_name != '\0')
    gtk_editable_set_text (GTK_EDITABLE (self->nickname_row), own_name);
  else if (jid != NULL && xmpp_jid_get_local (jid) != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->nickname_row), xmpp_jid_get_local (jid));
}

static void
flint_join_room_dialog_dispose (GObject *object)
{
  FlintJoinRoomDialog *self = FLINT_JOIN_ROOM_DIALOG (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->application != NULL)
    give_up (self);
  g_clear_object (&self->account);
  g_clear_pointer (&self->service, xmpp_jid_unref);

  G_OBJECT_CLASS (flint_join_room_dialog_parent_class)->dispose (object);
}

static gboolean
flint_join_room_dialog_close_request (GtkWindow *window)
{
  g_cancellable_cancel (FLINT_JOIN_ROOM_DIALOG (window)->cancellable);
  give_up (FLINT_JOIN_ROOM_DIALOG (window));

  return GTK_WINDOW_CLASS (flint_join_room_dialog_parent_class)->close_request (window);
}

static void
flint_join_room_dialog_class_init (FlintJoinRoomDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_join_room_dialog_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = flint_join_room_dialog_close_request;

  g_type_ensure (FLINT_TYPE_PUBLIC_ROOMS);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/join-room-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintJoinRoomDialog, room_row);
  gtk_widget_class_bind_template_child (widget_class, FlintJoinRoomDialog, nickname_row);
  gtk_widget_class_bind_template_child (widget_class, FlintJoinRoomDialog, password_row);
  gtk_widget_class_bind_template_child (widget_class, FlintJoinRoomDialog, account_row);
  gtk_widget_class_bind_template_child (widget_class, FlintJoinRoomDialog, error_label);
  gtk_widget_class_bind_template_child (widget_class, FlintJoinRoomDialog, public_group);
  gtk_widget_class_bind_template_child (widget_class, FlintJoinRoomDialog, public_rooms);
  gtk_widget_class_bind_template_child (widget_class, FlintJoinRoomDialog, autojoin_switch);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_entry_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_account_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_room_chosen);
  gtk_widget_class_install_action (widget_class, "dialog.join-room", NULL, on_join);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
flint_join_room_dialog_init (FlintJoinRoomDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Why the room could not be joined without this dialog */
static void
show_last_error (FlintJoinRoomDialog *self,
                 XmppJid             *jid)
{
  GListModel *rooms = flint_core_get_rooms (flint_application_get_core (self->application));

  for (guint i = 0; i < g_list_model_get_n_items (rooms); i++)
    {
      g_autoptr(FlintRoom) room = g_list_model_get_item (rooms, i);

      if (flint_room_get_account (room) == self->account && xmpp_jid_equal_bare (flint_room_get_jid (room), jid) &&
          flint_room_get_state (room) == XMPP_ROOM_OUT && flint_room_get_error (room) != NULL)
        {
          gtk_editable_set_text (GTK_EDITABLE (self->nickname_row), flint_room_get_nick (room));
          place_error (self, flint_room_get_error (room));
        }
    }
}

/**
 * flint_join_room_dialog_new:
 * @account: with which account
 * @jid: (nullable): the room
 * @password: (nullable): its password, from a link; "" when one is needed and has to be typed
 */
GtkWindow *
flint_join_room_dialog_new (FlintApplication *application,
                            GtkWindow        *parent,
                            FlintAccount     *account,
                            XmppJid          *jid,
                            const char       *password)
{
  FlintJoinRoomDialog *self = g_object_new (FLINT_TYPE_JOIN_ROOM_DIALOG, "transient-for", parent, NULL);

  self->application = application;
  self->account = g_object_ref (account);

  fill_accounts (self);
  fill_nick (self);
  if (jid != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->room_row), xmpp_jid_get_bare_text (jid));
  gtk_widget_set_visible (self->password_row, password != NULL);
  if (password != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->password_row), password);

  find_rooms (self);
  update (self);
  gtk_widget_grab_focus (jid == NULL ? self->room_row : password != NULL ? self->password_row : self->nickname_row);
  if (jid != NULL)
    show_last_error (self, jid);

  return GTK_WINDOW (self);
}
