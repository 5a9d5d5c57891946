/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-chat-window.h"

#include "flint-avatar.h"
#include "flint-chat-closing.h"
#include "flint-chat-page.h"
#include "flint-closed-chats.h"
#include "flint-presence-image.h"
#include "flint-recent-chats.h"
#include "flint-room.h"
#include "flint-toast.h"
#include "flint-width-bin.h"
#include "flint-window-size.h"

#include <glib/gi18n.h>

struct _FlintChatWindow
{
  AdwApplicationWindow  parent_instance;

  FlintApplication     *application;     /* not owned: it outlives its windows */
  AdwTabPage           *menu_page;       /* the tab whose menu is open, or NULL */
  guint                 close_idle;
  gboolean              is_answered;     /* yes, all of it may be closed */

  GtkWidget            *toast_overlay;
  GtkWidget            *width_bin;
  GtkWidget            *avatar_overlay;
  GtkWidget            *avatar;
  GtkWidget            *presence_icon;
  GtkWidget            *room_tile;
  GtkWidget            *title_label;
  GtkWidget            *subtitle_label;
  GtkWidget            *insecure_icon;
  GtkWidget            *search_button;
  GtkWidget            *details_button;
  AdwTabView           *tab_view;
};

G_DEFINE_FINAL_TYPE (FlintChatWindow, flint_chat_window, ADW_TYPE_APPLICATION_WINDOW)

/**
 * flint_chat_window_get_page:
 *
 * Returns: (transfer none) (nullable): the page that is shown
 */
FlintChatPage *
flint_chat_window_get_page (FlintChatWindow *self)
{
  AdwTabPage *tab = adw_tab_view_get_selected_page (self->tab_view);

  return tab != NULL ? FLINT_CHAT_PAGE (adw_tab_page_get_child (tab)) : NULL;
}

static FlintConversation *
get_conversation (AdwTabPage *tab)
{
  return flint_chat_page_get_conversation (FLINT_CHAT_PAGE (adw_tab_page_get_child (tab)));
}

static AdwTabPage *
find_tab (FlintChatWindow   *self,
          FlintConversation *conversation)
{
  for (int i = 0; i < adw_tab_view_get_n_pages (self->tab_view); i++)
    {
      AdwTabPage *tab = adw_tab_view_get_nth_page (self->tab_view, i);

      if (get_conversation (tab) == conversation)
        return tab;
    }

  return NULL;
}

/* The header speaks for the selected tab */

static char *
describe (FlintChatWindow   *self,
          FlintConversation *conversation)
{
  g_autofree char *subtitle = NULL;

  g_object_get (conversation, "subtitle", &subtitle, NULL);
  if (flint_width_bin_is_narrow (FLINT_WIDTH_BIN (self->width_bin)) ||
      flint_conversation_get_kind (conversation) == FLINT_CONVERSATION_ROOM)
    return g_steal_pointer (&subtitle);

  return g_strdup_printf ("%s · %s", subtitle != NULL ? subtitle : "", xmpp_jid_get_text (flint_conversation_get_jid (conversation)));
}

static void
update_header (FlintChatWindow *self)
{
  FlintChatPage *page = flint_chat_window_get_page (self);
  FlintConversation *conversation;
  FlintContact *contact;
  g_autofree char *subtitle = NULL;
  gboolean is_room;
  int security;

  if (page == NULL || !(conversation = flint_chat_page_get_conversation (page)))
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

static void
update_title (FlintChatWindow *self)
{
  FlintChatPage *page = flint_chat_window_get_page (self);
  g_autofree char *title = NULL;
  guint unread = 0;

  for (int i = 0; i < adw_tab_view_get_n_pages (self->tab_view); i++)
    {
      AdwTabPage *tab = adw_tab_view_get_nth_page (self->tab_view, i);

      unread += flint_conversation_get_unread (get_conversation (tab));
    }

  if (page == NULL)
    return;

  title = unread > 0 ? g_strdup_printf ("(%u) %s", unread, flint_conversation_get_title (flint_chat_page_get_conversation (page)))
                     : g_strdup (flint_conversation_get_title (flint_chat_page_get_conversation (page)));
  gtk_window_set_title (GTK_WINDOW (self), title);
}

static const char *
get_tab_icon (FlintConversation *conversation)
{
  static const char * const icons[] = {
    [XMPP_SHOW_CHAT]      = "flint-tab-chat-symbolic",
    [XMPP_SHOW_AVAILABLE] = "flint-tab-available-symbolic",
    [XMPP_SHOW_AWAY]      = "flint-tab-away-symbolic",
    [XMPP_SHOW_XA]        = "flint-tab-xa-symbolic",
    [XMPP_SHOW_DND]       = "flint-tab-dnd-symbolic",
    [XMPP_SHOW_OFFLINE]   = "flint-tab-offline-symbolic",
  };

  if (flint_conversation_get_kind (conversation) == FLINT_CONVERSATION_ROOM)
    return "flint-room-symbolic";

  return icons[flint_conversation_get_show (conversation)];
}

static void
update_tab (FlintChatWindow   *self,
            FlintConversation *conversation)
{
  AdwTabPage *tab = find_tab (self, conversation);
  guint unread = flint_conversation_get_unread (conversation);
  g_autoptr(GIcon) icon = NULL;
  g_autofree char *title = NULL;
  g_autofree char *typing = NULL;
  gboolean is_room = flint_conversation_get_kind (conversation) == FLINT_CONVERSATION_ROOM;

  if (tab == NULL)
    return;

  g_object_get (conversation, "typing", &typing, NULL);
  title = unread > 0 ? g_strdup_printf ("%s (%u)", flint_conversation_get_title (conversation), unread)
                     : g_strdup (flint_conversation_get_title (conversation));
  icon = g_themed_icon_new (typing != NULL ? "document-edit-symbolic" : get_tab_icon (conversation));

  adw_tab_page_set_title (tab, title);
  adw_tab_page_set_icon (tab, icon);
  adw_tab_page_set_tooltip (tab, xmpp_jid_get_text (flint_conversation_get_jid (conversation)));
  adw_tab_page_set_needs_attention (tab, is_room ? flint_conversation_get_mentions (conversation) > 0 : unread > 0);
}

static void
on_conversation_notify (FlintConversation *conversation,
                        GParamSpec        *pspec,
                        FlintChatWindow   *self)
{
  update_tab (self, conversation);
  update_title (self);
  if (flint_chat_window_get_page (self) != NULL && flint_chat_page_get_conversation (flint_chat_window_get_page (self)) == conversation)
    update_header (self);
}

/* Reading: the selected page of a focused window is watched, no other. A chat is used until one looks away. */
static void
update_watched (FlintChatWindow *self)
{
  AdwTabPage *selected = adw_tab_view_get_selected_page (self->tab_view);
  gboolean is_active = gtk_window_is_active (GTK_WINDOW (self));

  for (int i = 0; i < adw_tab_view_get_n_pages (self->tab_view); i++)
    {
      AdwTabPage *tab = adw_tab_view_get_nth_page (self->tab_view, i);

      if (flint_conversation_is_watched (get_conversation (tab)))
        flint_recent_chats_use (self->application, get_conversation (tab));
      flint_chat_page_set_watched (FLINT_CHAT_PAGE (adw_tab_page_get_child (tab)), is_active && tab == selected);
    }

  if (is_active && selected != NULL)
    flint_recent_chats_use (self->application, get_conversation (selected));
}

/* A single tab is a window already */
static void
update_detach (FlintChatWindow *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "tab.detach", adw_tab_view_get_n_pages (self->tab_view) > 1);
}

static void
update_actions (FlintChatWindow *self)
{
  FlintChatPage *page = flint_chat_window_get_page (self);
  gboolean is_room = page != NULL &&
                     flint_conversation_get_kind (flint_chat_page_get_conversation (page)) == FLINT_CONVERSATION_ROOM;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.nickname", is_room);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.leave", is_room);
}

static void
on_selected (FlintChatWindow *self)
{
  FlintChatPage *page = flint_chat_window_get_page (self);

  if (page == NULL)
    return;

  update_header (self);
  update_title (self);
  update_watched (self);
  update_actions (self);
  flint_chat_page_focus (page);
}

/* Narrow, the tools are in the menu alone */
static void
on_narrow (FlintChatWindow *self)
{
  gtk_widget_set_visible (self->search_button, !flint_width_bin_is_narrow (FLINT_WIDTH_BIN (self->width_bin)));
  gtk_widget_set_visible (self->details_button, !flint_width_bin_is_narrow (FLINT_WIDTH_BIN (self->width_bin)));
  if (flint_width_bin_is_narrow (FLINT_WIDTH_BIN (self->width_bin)))
    {
      /* of each tab: folded, the panel would lie over what is said */
      for (int i = 0; i < adw_tab_view_get_n_pages (self->tab_view); i++)
        flint_chat_page_set_show_side (FLINT_CHAT_PAGE (adw_tab_page_get_child (adw_tab_view_get_nth_page (self->tab_view, i))), FALSE);
    }
  update_header (self);
}

/* Tabs */

static void
on_page_attached (AdwTabView      *view,
                  AdwTabPage      *tab,
                  int              position,
                  FlintChatWindow *self)
{
  FlintConversation *conversation = get_conversation (tab);

  g_signal_connect_object (conversation, "notify", G_CALLBACK (on_conversation_notify), self, 0);
  g_signal_connect_object (adw_tab_page_get_child (tab), "notify::is-searching", G_CALLBACK (update_header), self, G_CONNECT_SWAPPED);
  update_tab (self, conversation);
  update_detach (self);
  if (flint_width_bin_is_narrow (FLINT_WIDTH_BIN (self->width_bin)))
    flint_chat_page_set_show_side (FLINT_CHAT_PAGE (adw_tab_page_get_child (tab)), FALSE);
}

static void
on_page_detached (AdwTabView      *view,
                  AdwTabPage      *tab,
                  int              position,
                  FlintChatWindow *self)
{
  FlintConversation *conversation = get_conversation (tab);

  if (conversation != NULL)
    g_signal_handlers_disconnect_by_func (conversation, on_conversation_notify, self);
  g_signal_handlers_disconnect_by_func (adw_tab_page_get_child (tab), update_header, self);
  update_detach (self);

  if (adw_tab_view_get_n_pages (view) == 0 && !adw_tab_view_get_is_transferring_page (view))
    gtk_window_destroy (GTK_WINDOW (self));
}

static gboolean
on_close_idle (gpointer user_data)
{
  FlintChatWindow *self = user_data;

  self->close_idle = 0;
  if (adw_tab_view_get_n_pages (self->tab_view) == 0)
    gtk_window_destroy (GTK_WINDOW (self));

  return G_SOURCE_REMOVE;
}

/* The window whose last tab is dragged away has to live as long as the drag, and no longer. The views are
 * told one after the other, so none may go in between.
 */
static void
on_transferring (FlintChatWindow *self)
{
  if (!adw_tab_view_get_is_transferring_page (self->tab_view) && adw_tab_view_get_n_pages (self->tab_view) == 0 &&
      self->close_idle == 0 && gtk_widget_get_mapped (GTK_WIDGET (self->tab_view)))
    self->close_idle = g_idle_add (on_close_idle, self);
}

/* A tab that is dragged out gets a window of the same size. */
static AdwTabView *
on_create_window (AdwTabView      *view,
                  FlintChatWindow *self)
{
  GtkWindow *window = flint_chat_window_new (self->application);
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int height = gtk_widget_get_height (GTK_WIDGET (self));

  if (width > 0 && height > 0)
    gtk_window_set_default_size (window, width, height);
  gtk_window_present (window);

  return FLINT_CHAT_WINDOW (window)->tab_view;
}

/* Closing: one question for all */

/* The conversations of all tabs but one */
static GPtrArray *
get_conversations (FlintChatWindow *self,
                   AdwTabPage      *but)
{
  GPtrArray *conversations = g_ptr_array_new_with_free_func (g_object_unref);

  for (int i = 0; i < adw_tab_view_get_n_pages (self->tab_view); i++)
    {
      AdwTabPage *tab = adw_tab_view_get_nth_page (self->tab_view, i);

      if (tab != but)
        g_ptr_array_add (conversations, g_object_ref (get_conversation (tab)));
    }

  return conversations;
}

/* Flint ends with its last window */
static gboolean
is_last_window (FlintChatWindow *self)
{
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (self->application));

  return windows != NULL && windows->next == NULL && windows->data == (gpointer) self;
}

static void
on_may_close (GtkWindow *window,
              gpointer   user_data)
{
  FLINT_CHAT_WINDOW (window)->is_answered = TRUE;
  gtk_window_close (window);
}

static gboolean
flint_chat_window_close_request (GtkWindow *window)
{
  FlintChatWindow *self = FLINT_CHAT_WINDOW (window);
  g_autoptr(GPtrArray) conversations = get_conversations (self, NULL);

  if (!self->is_answered && flint_chat_closing_is_asked (conversations, is_last_window (self)))
    {
      flint_chat_closing_ask (window, conversations, is_last_window (self), on_may_close, NULL, NULL);
      return GDK_EVENT_STOP;
    }

  for (int i = 0; i < adw_tab_view_get_n_pages (self->tab_view); i++)
    flint_closed_chats_add (self->application,
                            FLINT_CHAT_PAGE (adw_tab_page_get_child (adw_tab_view_get_nth_page (self->tab_view, i))));

  return GTK_WINDOW_CLASS (flint_chat_window_parent_class)->close_request (window);
}

static gboolean
on_close_page (AdwTabView      *view,
               AdwTabPage      *tab,
               FlintChatWindow *self)
{
  FlintChatPage *page = FLINT_CHAT_PAGE (adw_tab_page_get_child (tab));
  g_autoptr(GPtrArray) conversations = get_conversations (self, NULL);

  /* the last tab takes the window with it */
  if (conversations->len == 1 && flint_chat_closing_is_asked (conversations, is_last_window (self)))
    {
      adw_tab_view_close_page_finish (view, tab, FALSE);
      gtk_window_close (GTK_WINDOW (self));
      return GDK_EVENT_STOP;
    }

  /* the conversation stays in the core with its draft; only the page goes. A room stays joined. */
  flint_closed_chats_add (self->application, page);
  flint_chat_page_set_watched (page, FALSE);
  adw_tab_view_close_page_finish (view, tab, TRUE);

  return GDK_EVENT_STOP;
}

/* Those with a pin are meant to stay, and so is what one looks at */
static GPtrArray *
get_quiet_tabs (FlintChatWindow *self)
{
  GPtrArray *tabs = g_ptr_array_new ();

  for (int i = 0; i < adw_tab_view_get_n_pages (self->tab_view); i++)
    {
      AdwTabPage *tab = adw_tab_view_get_nth_page (self->tab_view, i);

      if (tab != adw_tab_view_get_selected_page (self->tab_view) && !adw_tab_page_get_pinned (tab) &&
          flint_chat_closing_is_quiet (self->application, get_conversation (tab)))
        g_ptr_array_add (tabs, tab);
    }

  return tabs;
}

static void
on_setup_menu (AdwTabView      *view,
               AdwTabPage      *tab,
               FlintChatWindow *self)
{
  g_autoptr(GPtrArray) quiet = NULL;

  self->menu_page = tab;
  if (tab == NULL)
    return;

  quiet = get_quiet_tabs (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "tab.close-stale", quiet->len > 0);
}

static AdwTabPage *
get_action_tab (FlintChatWindow *self)
{
  return self->menu_page != NULL ? self->menu_page : adw_tab_view_get_selected_page (self->tab_view);
}

static void
on_tab_detach (GtkWidget  *widget,
               const char *action,
               GVariant   *parameter)
{
  FlintChatWindow *self = FLINT_CHAT_WINDOW (widget);
  AdwTabPage *tab = get_action_tab (self);

  if (tab != NULL && adw_tab_view_get_n_pages (self->tab_view) > 1)
    adw_tab_view_transfer_page (self->tab_view, tab, on_create_window (self->tab_view, self), 0);
}

static void
on_tab_pin (GtkWidget  *widget,
            const char *action,
            GVariant   *parameter)
{
  FlintChatWindow *self = FLINT_CHAT_WINDOW (widget);
  AdwTabPage *tab = get_action_tab (self);

  if (tab != NULL)
    adw_tab_view_set_page_pinned (self->tab_view, tab, !adw_tab_page_get_pinned (tab));
}

static void
on_tab_mark_read (GtkWidget  *widget,
                  const char *action,
                  GVariant   *parameter)
{
  AdwTabPage *tab = get_action_tab (FLINT_CHAT_WINDOW (widget));

  if (tab != NULL)
    flint_conversation_mark_read (get_conversation (tab));
}

/* The tab that stays may have gone while the question was open */
static void
on_may_close_others (GtkWindow *window,
                     gpointer   conversation)
{
  FlintChatWindow *self = FLINT_CHAT_WINDOW (window);
  AdwTabPage *tab = find_tab (self, conversation);

  if (tab != NULL)
    adw_tab_view_close_other_pages (self->tab_view, tab);
}

static void
on_tab_close_others (GtkWidget  *widget,
                     const char *action,
                     GVariant   *parameter)
{
  FlintChatWindow *self = FLINT_CHAT_WINDOW (widget);
  AdwTabPage *tab = get_action_tab (self);
  g_autoptr(GPtrArray) others = tab != NULL ? get_conversations (self, tab) : NULL;
  FlintConversation *conversation;

  if (tab == NULL)
    return;

  conversation = get_conversation (tab);
  if (flint_chat_closing_is_asked (others, FALSE))
    flint_chat_closing_ask (GTK_WINDOW (self), others, FALSE, on_may_close_others, g_object_ref (conversation), g_object_unref);
  else
    adw_tab_view_close_other_pages (self->tab_view, tab);
}

static void
on_tab_close_stale (GtkWidget  *widget,
                    const char *action,
                    GVariant   *parameter)
{
  FlintChatWindow *self = FLINT_CHAT_WINDOW (widget);
  g_autoptr(GPtrArray) quiet = get_quiet_tabs (self);

  for (guint i = 0; i < quiet->len; i++)
    adw_tab_view_close_page (self->tab_view, g_ptr_array_index (quiet, i));
}

static void
on_tab_close (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  FlintChatWindow *self = FLINT_CHAT_WINDOW (widget);
  AdwTabPage *tab = get_action_tab (self);

  if (tab != NULL)
    adw_tab_view_close_page (self->tab_view, tab);
}

static void
on_next_tab (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  FlintChatWindow *self = FLINT_CHAT_WINDOW (widget);

  if (g_str_equal (action, "tab.next") ? !adw_tab_view_select_next_page (self->tab_view)
                                       : !adw_tab_view_select_previous_page (self->tab_view))
    gtk_widget_error_bell (widget);
}

/* The next tab with something unread, after the selected one and round */
static void
on_next_unread (GtkWidget  *widget,
                const char *action,
                GVariant   *parameter)
{
  FlintChatWindow *self = FLINT_CHAT_WINDOW (widget);
  AdwTabPage *selected = adw_tab_view_get_selected_page (self->tab_view);
  int n_pages = adw_tab_view_get_n_pages (self->tab_view);
  int at = selected != NULL ? adw_tab_view_get_page_position (self->tab_view, selected) : 0;

  for (int i = 1; i <= n_pages; i++)
    {
      AdwTabPage *tab = adw_tab_view_get_nth_page (self->tab_view, (at + i) % n_pages);

      if (flint_conversation_get_unread (get_conversation (tab)) > 0)
        {
          adw_tab_view_set_selected_page (self->tab_view, tab);
          return;
        }
    }
}

/* Of the window, for its menu and its header: done by the selected page */

static void
on_details (GtkWidget  *widget,
            const char *action,
            GVariant   *parameter)
{
  FlintChatPage *page = flint_chat_window_get_page (FLINT_CHAT_WINDOW (widget));

  if (page == NULL)
    return;

  flint_chat_page_set_show_side (page, !flint_chat_page_get_show_side (page));
  update_header (FLINT_CHAT_WINDOW (widget));
}

/* The button in the header opens and closes; the keys and the menu open, and lead back to the field */
static void
on_search (GtkWidget  *widget,
           const char *action,
           GVariant   *parameter)
{
  FlintChatPage *page = flint_chat_window_get_page (FLINT_CHAT_WINDOW (widget));
  gboolean closes = g_str_equal (action, "win.search") && page != NULL && flint_chat_page_is_searching (page);

  if (page == NULL)
    return;

  gtk_widget_activate_action (GTK_WIDGET (page), closes ? "chat.search-close" : "chat.search", NULL);
  update_header (FLINT_CHAT_WINDOW (widget));
}

static void
on_page_action (GtkWidget  *widget,
                const char *action,
                GVariant   *parameter)
{
  FlintChatPage *page = flint_chat_window_get_page (FLINT_CHAT_WINDOW (widget));
  g_autofree char *name = g_strconcat ("chat.", action + strlen ("win."), NULL);

  if (page != NULL)
    gtk_widget_activate_action (GTK_WIDGET (page), name, NULL);
}

/**
 * flint_chat_window_has:
 *
 * Returns: whether a tab of this window shows @conversation
 */
gboolean
flint_chat_window_has (FlintChatWindow   *self,
                       FlintConversation *conversation)
{
  g_return_val_if_fail (FLINT_IS_CHAT_WINDOW (self), FALSE);

  return find_tab (self, conversation) != NULL;
}

void
flint_chat_window_open (FlintChatWindow   *self,
                        FlintConversation *conversation)
{
  AdwTabPage *tab;

  g_return_if_fail (FLINT_IS_CHAT_WINDOW (self));

  if (!(tab = find_tab (self, conversation)))
    tab = adw_tab_view_append (self->tab_view, flint_chat_page_new (self->application, conversation));

  adw_tab_view_set_selected_page (self->tab_view, tab);
  flint_recent_chats_use (self->application, conversation);
  on_selected (self);
}

/**
 * flint_chat_window_toast:
 * @text: a sentence, never markup
 */
void
flint_chat_window_toast (FlintChatWindow *self,
                         const char      *text)
{
  g_return_if_fail (FLINT_IS_CHAT_WINDOW (self));

  flint_toast_show (self->toast_overlay, text);
}

static void
flint_chat_window_dispose (GObject *object)
{
  FlintChatWindow *self = FLINT_CHAT_WINDOW (object);

  g_clear_handle_id (&self->close_idle, g_source_remove);

  G_OBJECT_CLASS (flint_chat_window_parent_class)->dispose (object);
}

static void
flint_chat_window_class_init (FlintChatWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (FLINT_TYPE_WIDTH_BIN);

  G_OBJECT_CLASS (klass)->dispose = flint_chat_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = flint_chat_window_close_request;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/chat-window.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintChatWindow, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, FlintChatWindow, width_bin);
  gtk_widget_class_bind_template_child (widget_class, FlintChatWindow, avatar_overlay);
  gtk_widget_class_bind_template_child (widget_class, FlintChatWindow, avatar);
  gtk_widget_class_bind_template_child (widget_class, FlintChatWindow, presence_icon);
  gtk_widget_class_bind_template_child (widget_class, FlintChatWindow, room_tile);
  gtk_widget_class_bind_template_child (widget_class, FlintChatWindow, title_label);
  gtk_widget_class_bind_template_child (widget_class, FlintChatWindow, subtitle_label);
  gtk_widget_class_bind_template_child (widget_class, FlintChatWindow, insecure_icon);
  gtk_widget_class_bind_template_child (widget_class, FlintChatWindow, search_button);
  gtk_widget_class_bind_template_child (widget_class, FlintChatWindow, details_button);
  gtk_widget_class_bind_template_child (widget_class, FlintChatWindow, tab_view);
  gtk_widget_class_bind_template_callback (widget_class, on_narrow);
  gtk_widget_class_bind_template_callback (widget_class, on_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_create_window);
  gtk_widget_class_bind_template_callback (widget_class, on_transferring);
  gtk_widget_class_bind_template_callback (widget_class, on_page_attached);
  gtk_widget_class_bind_template_callback (widget_class, on_page_detached);
  gtk_widget_class_bind_template_callback (widget_class, on_close_page);
  gtk_widget_class_bind_template_callback (widget_class, on_setup_menu);

  gtk_widget_class_install_action (widget_class, "win.details", NULL, on_details);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, on_search);
  gtk_widget_class_install_action (widget_class, "win.find", NULL, on_search);
  gtk_widget_class_install_action (widget_class, "win.invite", NULL, on_page_action);
  gtk_widget_class_install_action (widget_class, "win.nickname", NULL, on_page_action);
  gtk_widget_class_install_action (widget_class, "win.leave", NULL, on_page_action);
  gtk_widget_class_install_action (widget_class, "tab.detach", NULL, on_tab_detach);
  gtk_widget_class_install_action (widget_class, "tab.pin", NULL, on_tab_pin);
  gtk_widget_class_install_action (widget_class, "tab.mark-read", NULL, on_tab_mark_read);
  gtk_widget_class_install_action (widget_class, "tab.close-others", NULL, on_tab_close_others);
  gtk_widget_class_install_action (widget_class, "tab.close", NULL, on_tab_close);
  gtk_widget_class_install_action (widget_class, "tab.close-stale", NULL, on_tab_close_stale);
  gtk_widget_class_install_action (widget_class, "tab.next", NULL, on_next_tab);
  gtk_widget_class_install_action (widget_class, "tab.previous", NULL, on_next_tab);
  gtk_widget_class_install_action (widget_class, "tab.next-unread", NULL, on_next_unread);

  /* not keys of the whole program: in the console they lead to the filter and to the editor */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_k, GDK_CONTROL_MASK, "app.find", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_e, GDK_CONTROL_MASK, "app.recent-chats", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "win.find", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F9, 0, "win.details", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "tab.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_a, GDK_ALT_MASK, "tab.next-unread", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Right, GDK_ALT_MASK, "tab.next", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "tab.previous", NULL);
}

static void
flint_chat_window_init (FlintChatWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "tab.close-stale", FALSE);   /* until the menu is opened */
  g_signal_connect (self, "notify::is-active", G_CALLBACK (update_watched), NULL);
}

GtkWindow *
flint_chat_window_new (FlintApplication *application)
{
  FlintChatWindow *self = g_object_new (FLINT_TYPE_CHAT_WINDOW, "application", application, NULL);

  self->application = application;
  flint_window_size_bind (GTK_WINDOW (self), flint_application_get_settings (application), "chat-window-size");

  return GTK_WINDOW (self);
}
