/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-chat-header.h"

#include "flint-avatar.h"
#include "flint-presence-image.h"
#include "flint-room.h"

struct _FlintChatHeader
{
  AdwBin     parent_instance;

  gboolean   is_narrow;

  GtkWidget *start_controls;
  GtkWidget *back_button;
  GtkWidget *avatar_overlay;
  GtkWidget *avatar;
  GtkWidget *presence_icon;
  GtkWidget *room_tile;
  GtkWidget *title_label;
  GtkWidget *subtitle_label;
  GtkWidget *insecure_icon;
  GtkWidget *search_button;
  GtkWidget *details_button;
  GtkWidget *menu_button;
};

G_DEFINE_FINAL_TYPE (FlintChatHeader, flint_chat_header, ADW_TYPE_BIN)

static char *
describe (FlintChatHeader   *self,
          FlintConversation *conversation)
{
  g_autofree char *subtitle = NULL;

  g_object_get (conversation, "subtitle", &subtitle, NULL);
  if (self->is_narrow || flint_conversation_get_kind (conversation) == FLINT_CONVERSATION_ROOM)
    return g_steal_pointer (&subtitle);

  return g_strdup_printf ("%s · %s", subtitle != NULL ? subtitle : "", xmpp_jid_get_text (flint_conversation_get_jid (conversation)));
}

/**
 * flint_chat_header_show:
 * @page: the page that is shown, as it is now
 */
void
flint_chat_header_show (FlintChatHeader *self,
                        FlintChatPage   *page)
{
  FlintConversation *conversation = flint_chat_page_get_conversation (page);
  FlintContact *contact;
  g_autofree char *subtitle = NULL;
  gboolean is_room;
  int security;

  g_return_if_fail (FLINT_IS_CHAT_HEADER (self));

  if (conversation == NULL)
    return;

  is_room = flint_conversation_get_kind (conversation) == FLINT_CONVERSATION_ROOM;
  contact = flint_conversation_get_contact (conversation);
  subtitle = describe (self, conversation);
  g_object_get (flint_conversation_get_account (conversation), "security", &security, NULL);

  gtk_label_set_label (GTK_LABEL (self->title_label), flint_conversation_get_title (conversation));
  gtk_label_set_label (GTK_LABEL (self->subtitle_label), subtitle != NULL ? subtitle : "");
  gtk_widget_set_visible (self->room_tile, is_room);
  gtk_widget_set_visible (self->avatar_overlay, !is_room);
  gtk_widget_set_visible (self->insecure_icon, security == XMPP_SECURITY_DISABLED);
  if (contact != NULL)
    flint_avatar_set_contact (ADW_AVATAR (self->avatar), contact);
  else
    adw_avatar_set_text (ADW_AVATAR (self->avatar), flint_conversation_get_title (conversation));
  flint_presence_image_set_show (GTK_IMAGE (self->presence_icon), flint_conversation_get_show (conversation));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->details_button), flint_chat_page_get_show_side (page));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->search_button), flint_chat_page_is_searching (page));
}

/**
 * flint_chat_header_set_narrow:
 *
 * Narrow, the tools are in the menu alone, and the address is in the details.
 */
void
flint_chat_header_set_narrow (FlintChatHeader *self,
                              gboolean         is_narrow)
{
  g_return_if_fail (FLINT_IS_CHAT_HEADER (self));

  self->is_narrow = is_narrow;
  gtk_widget_set_visible (self->search_button, !is_narrow);
  gtk_widget_set_visible (self->details_button, !is_narrow);
}

/**
 * flint_chat_header_set_place:
 * @is_embedded: whether the contacts are in the same window, whose first menu is theirs
 * @is_alone: whether they are not to be seen there
 */
void
flint_chat_header_set_place (FlintChatHeader *self,
                             gboolean         is_embedded,
                             gboolean         is_alone)
{
  g_return_if_fail (FLINT_IS_CHAT_HEADER (self));

  gtk_widget_set_visible (self->start_controls, !is_embedded || is_alone);
  gtk_widget_set_visible (self->back_button, is_embedded && is_alone);
  gtk_menu_button_set_primary (GTK_MENU_BUTTON (self->menu_button), !is_embedded);
}

static void
flint_chat_header_class_init (FlintChatHeaderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/chat-header.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintChatHeader, start_controls);
  gtk_widget_class_bind_template_child (widget_class, FlintChatHeader, back_button);
  gtk_widget_class_bind_template_child (widget_class, FlintChatHeader, avatar_overlay);
  gtk_widget_class_bind_template_child (widget_class, FlintChatHeader, avatar);
  gtk_widget_class_bind_template_child (widget_class, FlintChatHeader, presence_icon);
  gtk_widget_class_bind_template_child (widget_class, FlintChatHeader, room_tile);
  gtk_widget_class_bind_template_child (widget_class, FlintChatHeader, title_label);
  gtk_widget_class_bind_template_child (widget_class, FlintChatHeader, subtitle_label);
  gtk_widget_class_bind_template_child (widget_class, FlintChatHeader, insecure_icon);
  gtk_widget_class_bind_template_child (widget_class, FlintChatHeader, search_button);
  gtk_widget_class_bind_template_child (widget_class, FlintChatHeader, details_button);
  gtk_widget_class_bind_template_child (widget_class, FlintChatHeader, menu_button);
}

static void
flint_chat_header_init (FlintChatHeader *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
