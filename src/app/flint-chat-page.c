/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-chat-page.h"

#include "flint-chat-search.h"
#include "flint-composer.h"
#include "flint-countdown.h"
#include "flint-details-panel.h"
#include "flint-invite-dialog.h"
#include "flint-message-view.h"
#include "flint-occupants-panel.h"
#include "flint-rename-dialog.h"

#include <glib/gi18n.h>

struct _FlintChatPage
{
  AdwBin             parent_instance;

  FlintApplication  *application;     /* not owned: it outlives its windows */
  FlintConversation *conversation;
  FlintCountdown    *countdown;       /* of the notice */
  gboolean           was_shown;

  GtkWidget         *flap;
  GtkWidget         *side_bin;
  GtkWidget         *subject_bar;
  GtkWidget         *subject_all_button;
  GtkWidget         *subject_label;
  GtkWidget         *subject_button;
  GtkWidget         *notice_revealer;
  GtkWidget         *notice;
  GtkWidget         *notice_label;
  GtkWidget         *block_button;
  GtkWidget         *add_button;
  GtkWidget         *rejoin_button;
  GtkWidget         *go_there_button;
  GtkWidget         *reconnect_button;
  GtkWidget         *search;
  GtkWidget         *list_stack;
  GtkWidget         *empty_page;
  GtkWidget         *messages;
  GtkWidget         *typing_label;
  GtkWidget         *composer;
};

enum {
  PROP_0,
  PROP_IS_SEARCHING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (FlintChatPage, flint_chat_page, ADW_TYPE_BIN)

FlintConversation *
flint_chat_page_get_conversation (FlintChatPage *self)
{
  g_return_val_if_fail (FLINT_IS_CHAT_PAGE (self), NULL);

  return self->conversation;
}

static FlintRoom *
get_room (FlintChatPage *self)
{
  return flint_conversation_get_room (self->conversation);
}

static gboolean
is_room (FlintChatPage *self)
{
  return flint_conversation_get_kind (self->conversation) == FLINT_CONVERSATION_ROOM;
}

static gboolean
is_stranger (FlintChatPage *self)
{
  FlintContact *contact = flint_conversation_get_contact (self->conversation);

  return flint_conversation_get_kind (self->conversation) == FLINT_CONVERSATION_CHAT &&
         contact != NULL && !flint_contact_is_listed (contact);
}

/* What is shown */

static void
update_page (FlintChatPage *self)
{
  guint n_messages = g_list_model_get_n_items (G_LIST_MODEL (flint_conversation_get_timeline (self->conversation)));
  const char *page = "list";

  if (n_messages == 0)
    page = is_room (self) && flint_room_get_state (get_room (self)) == XMPP_ROOM_JOINING ? "joining" : "empty";

  gtk_stack_set_visible_child_name (GTK_STACK (self->list_stack), page);
  adw_status_page_set_description (ADW_STATUS_PAGE (self->empty_page),
                                   is_room (self) ? _("What you write here reaches everyone in the room.")
                                                  : _("What you write here reaches all of their devices."));
}

/* That the connection is lost is not said to who could not write to this person anyway */
static gboolean
is_waiting (FlintChatPage *self)
{
  gboolean can_send;

  g_object_get (self->conversation, "can-send", &can_send, NULL);

  return flint_account_get_state (flint_conversation_get_account (self->conversation)) == FLINT_ACCOUNT_WAITING &&
         (can_send || flint_conversation_get_kind (self->conversation) != FLINT_CONVERSATION_CHAT);
}

/* Each second. What is written to a person waits until then, what is said in a room would not. */
static void
update_countdown (FlintChatPage *self)
{
  FlintAccount *account = flint_conversation_get_account (self->conversation);
  gboolean keeps = flint_conversation_get_kind (self->conversation) == FLINT_CONVERSATION_CHAT;
  g_autofree char *text = flint_account_describe_wait (account, keeps);

  gtk_label_set_label (GTK_LABEL (self->notice_label), text);
  gtk_widget_set_visible (self->reconnect_button, flint_account_has_network (account));
}

/* Why one is not in the room, and what can be done about it. Who joins a room that was closed for good makes a new one:
 * that is not called trying again.
 */
static void
update_absence (FlintChatPage *self)
{
  gboolean is_out = is_room (self) && flint_room_get_state (get_room (self)) == XMPP_ROOM_OUT &&
                    flint_account_is_online (flint_conversation_get_account (self->conversation));
  gboolean is_closed = is_out && flint_room_is_closed (get_room (self));
  gboolean has_failed = is_out && flint_room_get_error (get_room (self)) != NULL;

  gtk_widget_set_visible (self->rejoin_button, is_out && !is_closed);
  gtk_button_set_label (GTK_BUTTON (self->rejoin_button), has_failed ? _("Try again") : _("Join"));
  gtk_widget_set_visible (self->go_there_button, is_closed && flint_room_get_alternative (get_room (self)) != NULL);
  if (has_failed)
    gtk_widget_add_css_class (self->notice, "error");
  else
    gtk_widget_remove_css_class (self->notice, "error");
}

static void
update_notice (FlintChatPage *self)
{
  FlintAccount *account = flint_conversation_get_account (self->conversation);
  gboolean is_asked = flint_account_is_online (account) && is_stranger (self);
  g_autofree char *notice = NULL;

  g_object_get (self->conversation, "notice", &notice, NULL);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->notice_revealer), notice != NULL);
  if (notice != NULL)
    {
      gtk_label_set_label (GTK_LABEL (self->notice_label), notice);
      /* the label is not there for a screen reader: it would be told of each second */
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->notice), GTK_ACCESSIBLE_PROPERTY_LABEL, notice, -1);
    }

  gtk_widget_set_visible (self->block_button, is_asked);
  gtk_widget_set_visible (self->add_button, is_asked);
  update_absence (self);

  flint_countdown_set_account (self->countdown, is_waiting (self) ? account : NULL);
  if (is_waiting (self))
    update_countdown (self);
  else
    gtk_widget_hide (self->reconnect_button);
}

static void
update_subject (FlintChatPage *self)
{
  const char *subject = flint_room_get_subject (get_room (self));
  gboolean can_set = flint_room_can_set_subject (get_room (self));

  gtk_widget_set_visible (self->subject_bar, (subject != NULL && *subject != '\0') || can_set);
  gtk_label_set_label (GTK_LABEL (self->subject_label), subject != NULL && *subject != '\0' ? subject : _("No topic yet"));
  gtk_widget_set_visible (self->subject_button, can_set);
}

/* A long topic is cut, until somebody wants to read it */
static void
on_subject_all (FlintChatPage *self)
{
  gboolean is_all = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->subject_all_button));

  gtk_label_set_wrap (GTK_LABEL (self->subject_label), is_all);
  gtk_label_set_ellipsize (GTK_LABEL (self->subject_label), is_all ? PANGO_ELLIPSIZE_NONE : PANGO_ELLIPSIZE_END);
}

static void
update_typing (FlintChatPage *self)
{
  g_autofree char *typing = NULL;

  g_object_get (self->conversation, "typing", &typing, NULL);
  gtk_label_set_label (GTK_LABEL (self->typing_label), typing != NULL ? typing : "");
}

static void
on_room_notify (FlintChatPage *self)
{
  update_subject (self);
  update_notice (self);
  update_page (self);
}

/* Actions */

static void
set_subject (const char *text,
             gpointer    user_data)
{
  flint_room_set_subject (get_room (user_data), text);
}

static void
on_subject (GtkWidget  *widget,
            const char *action,
            GVariant   *parameter)
{
  FlintChatPage *self = FLINT_CHAT_PAGE (widget);

  flint_rename_dialog_present (GTK_WINDOW (gtk_widget_get_root (widget)), _("Change the topic"), _("Topic"),
                               flint_room_get_subject (get_room (self)), set_subject, G_OBJECT (self));
}

static void
set_nick (const char *text,
          gpointer    user_data)
{
  flint_room_set_nick (get_room (user_data), text);
}

static void
on_nick (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  FlintChatPage *self = FLINT_CHAT_PAGE (widget);

  flint_rename_dialog_present (GTK_WINDOW (gtk_widget_get_root (widget)), _("Change your name in the room"),
                               _("Your name in the room"), flint_room_get_nick (get_room (self)), set_nick, G_OBJECT (self));
}

static void
on_invite (GtkWidget  *widget,
           const char *action,
           GVariant   *parameter)
{
  FlintChatPage *self = FLINT_CHAT_PAGE (widget);

  if (is_room (self))
    flint_invite_dialog_present (self->application, GTK_WINDOW (gtk_widget_get_root (widget)), NULL, get_room (self));
  else if (flint_conversation_get_contact (self->conversation) != NULL)
    flint_invite_dialog_present (self->application, GTK_WINDOW (gtk_widget_get_root (widget)),
                                 flint_conversation_get_contact (self->conversation), NULL);
}

static void
on_leave (GtkWidget  *widget,
          const char *action,
          GVariant   *parameter)
{
  FlintChatPage *self = FLINT_CHAT_PAGE (widget);

  if (is_room (self))
    flint_room_leave (get_room (self));
}

static void
on_joined (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(FlintApplication) application = user_data;
  FlintRoom *room = FLINT_ROOM (object);
  g_autoptr(GError) error = NULL;

  if (flint_room_join_finish (room, result, &error))
    return;

  /* why not stands in the notice; a password or another nickname is asked for */
  if (g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_NOT_AUTHORIZED))
    flint_application_join_room (application, flint_room_get_account (room), flint_room_get_jid (room), "");
  else if (g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_CONFLICT))
    flint_application_join_room (application, flint_room_get_account (room), flint_room_get_jid (room), NULL);
}

static void
join (FlintChatPage *self,
      FlintRoom     *room)
{
  flint_room_join_async (room, NULL, NULL, on_joined, g_object_ref (self->application));
}

static void
on_join (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  FlintChatPage *self = FLINT_CHAT_PAGE (widget);

  if (!is_room (self))
    return;

  /* the button goes; the keys shall not go nowhere */
  flint_chat_page_focus (self);
  join (self, get_room (self));
}

/* With the name that one had in the room that was closed */
static void
on_go_there (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  FlintChatPage *self = FLINT_CHAT_PAGE (widget);
  XmppJid *jid = is_room (self) ? flint_room_get_alternative (get_room (self)) : NULL;
  FlintRoom *room;

  if (jid == NULL)
    return;

  room = flint_core_open_room (flint_application_get_core (self->application), flint_room_get_account (get_room (self)),
                               jid, flint_room_get_nick (get_room (self)));
  if (flint_room_get_state (room) == XMPP_ROOM_OUT)
    join (self, room);
  flint_application_show_conversation (self->application, flint_room_get_conversation (room));
}

static void
on_reconnect (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  FlintChatPage *self = FLINT_CHAT_PAGE (widget);

  flint_chat_page_focus (self);
  flint_account_connect (flint_conversation_get_account (self->conversation));
}

static void
on_add_contact (GtkWidget  *widget,
                const char *action,
                GVariant   *parameter)
{
  FlintChatPage *self = FLINT_CHAT_PAGE (widget);

  flint_application_add_contact (self->application, flint_conversation_get_account (self->conversation),
                                 flint_conversation_get_jid (self->conversation), NULL);
}

static void
on_blocked (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(FlintChatPage) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!flint_account_change_finish (FLINT_ACCOUNT (object), result, &error))
    flint_application_toast (self->application, error->message);
}

static void
on_block (GtkWidget  *widget,
          const char *action,
          GVariant   *parameter)
{
  FlintChatPage *self = FLINT_CHAT_PAGE (widget);

  flint_account_block_async (flint_conversation_get_account (self->conversation),
                             flint_conversation_get_jid (self->conversation), TRUE, on_blocked, g_object_ref (self));
}

static void
on_jump_to_end (GtkWidget  *widget,
                const char *action,
                GVariant   *parameter)
{
  flint_message_view_scroll_to_end (FLINT_MESSAGE_VIEW (FLINT_CHAT_PAGE (widget)->messages));
}

static void
on_sent (FlintChatPage *self)
{
  flint_message_view_scroll_to_end (FLINT_MESSAGE_VIEW (self->messages));
}

static void
on_reply (FlintChatPage *self,
          FlintMessage  *message)
{
  flint_composer_reply (FLINT_COMPOSER (self->composer), message);
}

/* Back to the text, and to what was said last */
static void
on_leave_messages (FlintChatPage *self)
{
  flint_message_view_scroll_to_end (FLINT_MESSAGE_VIEW (self->messages));
  flint_chat_page_focus (self);
}

/* Searching */

static void
on_search_changed (FlintChatPage *self)
{
  FlintTimelineSearch *search = flint_chat_search_get_search (FLINT_CHAT_SEARCH (self->search));
  guint position = GTK_INVALID_LIST_POSITION;

  flint_timeline_search_get_current (search, &position);
  flint_message_view_set_found (FLINT_MESSAGE_VIEW (self->messages), flint_timeline_search_get_pattern (search), position);
}

static void
on_search_open (FlintChatPage *self)
{
  gboolean is_open = flint_chat_page_is_searching (self);

  /* what the keys of the search do elsewhere is left alone while it is closed */
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "chat.search-earlier", is_open);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "chat.search-later", is_open);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "chat.search-close", is_open);
  if (!is_open)
    flint_chat_page_focus (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_SEARCHING]);
}

static void
on_search (GtkWidget  *widget,
           const char *action,
           GVariant   *parameter)
{
  flint_chat_search_open (FLINT_CHAT_SEARCH (FLINT_CHAT_PAGE (widget)->search));
}

static void
on_search_step (GtkWidget  *widget,
                const char *action,
                GVariant   *parameter)
{
  flint_chat_search_step (FLINT_CHAT_SEARCH (FLINT_CHAT_PAGE (widget)->search), g_str_equal (action, "chat.search-later"));
}

static void
on_search_close (GtkWidget  *widget,
                 const char *action,
                 GVariant   *parameter)
{
  flint_chat_search_close (FLINT_CHAT_SEARCH (FLINT_CHAT_PAGE (widget)->search));
}

gboolean
flint_chat_page_is_searching (FlintChatPage *self)
{
  g_return_val_if_fail (FLINT_IS_CHAT_PAGE (self), FALSE);

  return flint_chat_search_is_open (FLINT_CHAT_SEARCH (self->search));
}

/* The side panel */

static void
on_mention (FlintOccupantsPanel *panel,
            const char          *nick,
            FlintChatPage       *self)
{
  g_autofree char *text = g_strconcat (nick, ": ", NULL);

  flint_composer_insert (FLINT_COMPOSER (self->composer), text);
}

static void
on_private_chat (FlintOccupantsPanel *panel,
                 const char          *nick,
                 FlintChatPage       *self)
{
  g_autoptr(XmppJid) jid = xmpp_jid_with_resource (flint_room_get_jid (get_room (self)), nick, NULL);

  if (jid != NULL)
    flint_application_show_conversation (self->application,
                                         flint_core_open_chat (flint_application_get_core (self->application),
                                                               flint_conversation_get_account (self->conversation), jid));
}

static void
make_side_panel (FlintChatPage *self)
{
  FlintContact *contact = flint_conversation_get_contact (self->conversation);

  if (adw_bin_get_child (ADW_BIN (self->side_bin)) != NULL)
    return;

  if (is_room (self))
    {
      GtkWidget *panel = flint_occupants_panel_new (self->application, get_room (self));

      g_signal_connect_object (panel, "mention", G_CALLBACK (on_mention), self, 0);
      g_signal_connect_object (panel, "chat", G_CALLBACK (on_private_chat), self, 0);
      adw_bin_set_child (ADW_BIN (self->side_bin), panel);
    }
  else if (contact != NULL)
    {
      adw_bin_set_child (ADW_BIN (self->side_bin), flint_details_panel_new (contact));
    }
}

gboolean
flint_chat_page_get_show_side (FlintChatPage *self)
{
  g_return_val_if_fail (FLINT_IS_CHAT_PAGE (self), FALSE);

  return adw_flap_get_reveal_flap (ADW_FLAP (self->flap));
}

void
flint_chat_page_set_show_side (FlintChatPage *self,
                               gboolean       show)
{
  g_return_if_fail (FLINT_IS_CHAT_PAGE (self));

  if (show)
    make_side_panel (self);
  adw_flap_set_reveal_flap (ADW_FLAP (self->flap), show);
}

/**
 * flint_chat_page_set_watched:
 * @watched: whether this page is the one shown in a focused window
 */
void
flint_chat_page_set_watched (FlintChatPage *self,
                             gboolean       watched)
{
  g_return_if_fail (FLINT_IS_CHAT_PAGE (self));

  if (watched && !self->was_shown)
    {
      self->was_shown = TRUE;
      flint_message_view_scroll_to_unread (FLINT_MESSAGE_VIEW (self->messages));
    }

  flint_conversation_set_watched (self->conversation, watched);
}

/**
 * flint_chat_page_get_place:
 *
 * Returns: (transfer full) (nullable): the first message in sight; %NULL: the end is in sight
 */
FlintMessage *
flint_chat_page_get_place (FlintChatPage *self)
{
  g_return_val_if_fail (FLINT_IS_CHAT_PAGE (self), NULL);

  return flint_message_view_get_place (FLINT_MESSAGE_VIEW (self->messages));
}

/**
 * flint_chat_page_set_place:
 * @place: (nullable): the message to begin with; %NULL: the end
 *
 * Where a page that was just made begins, instead of with what is unread.
 */
void
flint_chat_page_set_place (FlintChatPage *self,
                           FlintMessage  *place)
{
  g_return_if_fail (FLINT_IS_CHAT_PAGE (self));

  self->was_shown = TRUE;
  flint_message_view_set_place (FLINT_MESSAGE_VIEW (self->messages), place);
}

void
flint_chat_page_focus (FlintChatPage *self)
{
  g_return_if_fail (FLINT_IS_CHAT_PAGE (self));

  gtk_widget_grab_focus (self->composer);
}

static void
flint_chat_page_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_IS_SEARCHING:
      g_value_set_boolean (value, flint_chat_page_is_searching (FLINT_CHAT_PAGE (object)));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
flint_chat_page_dispose (GObject *object)
{
  FlintChatPage *self = FLINT_CHAT_PAGE (object);

  if (self->conversation != NULL)
    flint_conversation_set_watched (self->conversation, FALSE);
  g_clear_object (&self->countdown);
  g_clear_object (&self->conversation);

  G_OBJECT_CLASS (flint_chat_page_parent_class)->dispose (object);
}

static void
flint_chat_page_class_init (FlintChatPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_chat_page_dispose;
  G_OBJECT_CLASS (klass)->get_property = flint_chat_page_get_property;

  properties[PROP_IS_SEARCHING] =
    g_param_spec_boolean ("is-searching", NULL, NULL, FALSE, (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);

  g_type_ensure (FLINT_TYPE_CHAT_SEARCH);
  g_type_ensure (FLINT_TYPE_MESSAGE_VIEW);
  g_type_ensure (FLINT_TYPE_COMPOSER);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/chat-page.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintChatPage, flap);
  gtk_widget_class_bind_template_child (widget_class, FlintChatPage, side_bin);
  gtk_widget_class_bind_template_child (widget_class, FlintChatPage, subject_bar);
  gtk_widget_class_bind_template_child (widget_class, FlintChatPage, subject_all_button);
  gtk_widget_class_bind_template_child (widget_class, FlintChatPage, subject_label);
  gtk_widget_class_bind_template_child (widget_class, FlintChatPage, subject_button);
  gtk_widget_class_bind_template_child (widget_class, FlintChatPage, notice_revealer);
  gtk_widget_class_bind_template_child (widget_class, FlintChatPage, notice_label);
  gtk_widget_class_bind_template_child (widget_class, FlintChatPage, notice);
  gtk_widget_class_bind_template_child (widget_class, FlintChatPage, block_button);
  gtk_widget_class_bind_template_child (widget_class, FlintChatPage, add_button);
  gtk_widget_class_bind_template_child (widget_class, FlintChatPage, rejoin_button);
  gtk_widget_class_bind_template_child (widget_class, FlintChatPage, go_there_button);
  gtk_widget_class_bind_template_child (widget_class, FlintChatPage, reconnect_button);
  gtk_widget_class_bind_template_child (widget_class, FlintChatPage, search);
  gtk_widget_class_bind_template_child (widget_class, FlintChatPage, list_stack);
  gtk_widget_class_bind_template_child (widget_class, FlintChatPage, empty_page);
  gtk_widget_class_bind_template_child (widget_class, FlintChatPage, messages);
  gtk_widget_class_bind_template_child (widget_class, FlintChatPage, typing_label);
  gtk_widget_class_bind_template_child (widget_class, FlintChatPage, composer);
  gtk_widget_class_bind_template_callback (widget_class, on_sent);
  gtk_widget_class_bind_template_callback (widget_class, on_subject_all);
  gtk_widget_class_bind_template_callback (widget_class, on_reply);
  gtk_widget_class_bind_template_callback (widget_class, on_leave_messages);
  gtk_widget_class_bind_template_callback (widget_class, on_search_open);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);

  gtk_widget_class_install_action (widget_class, "chat.subject", NULL, on_subject);
  gtk_widget_class_install_action (widget_class, "chat.nickname", NULL, on_nick);
  gtk_widget_class_install_action (widget_class, "chat.invite", NULL, on_invite);
  gtk_widget_class_install_action (widget_class, "chat.leave", NULL, on_leave);
  gtk_widget_class_install_action (widget_class, "chat.join", NULL, on_join);
  gtk_widget_class_install_action (widget_class, "chat.go-there", NULL, on_go_there);
  gtk_widget_class_install_action (widget_class, "chat.reconnect", NULL, on_reconnect);
  gtk_widget_class_install_action (widget_class, "chat.add-contact", NULL, on_add_contact);
  gtk_widget_class_install_action (widget_class, "chat.block", NULL, on_block);
  gtk_widget_class_install_action (widget_class, "chat.jump-to-end", NULL, on_jump_to_end);
  gtk_widget_class_install_action (widget_class, "chat.search", NULL, on_search);
  gtk_widget_class_install_action (widget_class, "chat.search-earlier", NULL, on_search_step);
  gtk_widget_class_install_action (widget_class, "chat.search-later", NULL, on_search_step);
  gtk_widget_class_install_action (widget_class, "chat.search-close", NULL, on_search_close);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_End, GDK_CONTROL_MASK, "chat.jump-to-end", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_g, GDK_CONTROL_MASK, "chat.search-earlier", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_g, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "chat.search-later", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "chat.search-close", NULL);
}

static void
flint_chat_page_init (FlintChatPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->countdown = flint_countdown_new (self->notice);
  g_signal_connect_object (self->countdown, "changed", G_CALLBACK (update_countdown), self, G_CONNECT_SWAPPED);
}

GtkWidget *
flint_chat_page_new (FlintApplication  *application,
                     FlintConversation *conversation)
{
  FlintChatPage *self = g_object_new (FLINT_TYPE_CHAT_PAGE, NULL);
  FlintContact *contact = flint_conversation_get_contact (conversation);

  self->application = application;
  self->conversation = g_object_ref (conversation);

  flint_message_view_set_conversation (FLINT_MESSAGE_VIEW (self->messages), conversation);
  flint_chat_search_set_timeline (FLINT_CHAT_SEARCH (self->search), flint_conversation_get_timeline (conversation));
  flint_composer_set_conversation (FLINT_COMPOSER (self->composer), conversation);
  g_settings_bind (flint_application_get_settings (application), "enter-sends", self->composer, "enter-sends", G_SETTINGS_BIND_GET);

  g_signal_connect_object (conversation, "notify::typing", G_CALLBACK (update_typing), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (conversation, "notify::notice", G_CALLBACK (update_notice), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (flint_conversation_get_account (conversation), "notify::state", G_CALLBACK (update_notice), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (flint_conversation_get_timeline (conversation), "items-changed", G_CALLBACK (update_page), self, G_CONNECT_SWAPPED);
  if (contact != NULL)
    g_signal_connect_object (contact, "notify::is-listed", G_CALLBACK (update_notice), self, G_CONNECT_SWAPPED);

  if (is_room (self))
    {
      g_signal_connect_object (get_room (self), "notify", G_CALLBACK (on_room_notify), self, G_CONNECT_SWAPPED);
      update_subject (self);
      flint_chat_page_set_show_side (self, TRUE);
    }

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "chat.search-earlier", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "chat.search-later", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "chat.search-close", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "chat.nickname", is_room (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "chat.leave", is_room (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "chat.block", !is_room (self));
  update_notice (self);
  update_typing (self);
  update_page (self);

  return GTK_WIDGET (self);
}
