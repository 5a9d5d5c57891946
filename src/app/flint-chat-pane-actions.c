/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is done with tabs, and by the header for the page that is shown */
#include "flint-config.h"

#include "flint-chat-pane-private.h"

#include "flint-chat-closing.h"
#include "flint-closed-chats.h"

#include <glib/gi18n.h>

/* Tabs */

static AdwTabPage *
get_action_tab (FlintChatPane *self)
{
  return self->menu_page != NULL ? self->menu_page : adw_tab_view_get_selected_page (self->tab_view);
}

static FlintConversation *
get_conversation (AdwTabPage *tab)
{
  return flint_chat_page_get_conversation (FLINT_CHAT_PAGE (adw_tab_page_get_child (tab)));
}

static void
on_detach (GtkWidget  *widget,
           const char *action,
           GVariant   *parameter)
{
  FlintChatPane *self = FLINT_CHAT_PANE (widget);
  AdwTabPage *tab = get_action_tab (self);

  if (tab != NULL && (self->is_embedded || adw_tab_view_get_n_pages (self->tab_view) > 1))
    adw_tab_view_transfer_page (self->tab_view, tab, flint_chat_pane_make_window (self), 0);
}

static void
on_pin (GtkWidget  *widget,
        const char *action,
        GVariant   *parameter)
{
  FlintChatPane *self = FLINT_CHAT_PANE (widget);
  AdwTabPage *tab = get_action_tab (self);

  if (tab != NULL)
    adw_tab_view_set_page_pinned (self->tab_view, tab, !adw_tab_page_get_pinned (tab));
}

static void
on_mark_read (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  AdwTabPage *tab = get_action_tab (FLINT_CHAT_PANE (widget));

  if (tab != NULL)
    flint_conversation_mark_read (get_conversation (tab));
}

/* Those with a pin are meant to stay, and so is what one looks at */
static GPtrArray *
get_quiet_tabs (FlintChatPane *self)
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

/* They come back as they were, and one stays where one is */
static void
on_undo_close (GtkWidget  *widget,
               const char *action,
               GVariant   *parameter)
{
  FlintChatPane *self = FLINT_CHAT_PANE (widget);
  AdwTabPage *selected = adw_tab_view_get_selected_page (self->tab_view);
  g_autoptr(GPtrArray) closed = g_steal_pointer (&self->closed);

  for (guint i = 0; closed != NULL && i < closed->len; i++)
    flint_closed_chats_open (self->application, g_ptr_array_index (closed, i));

  if (selected != NULL)
    adw_tab_view_set_selected_page (self->tab_view, selected);
}

static void
tell_closed (FlintChatPane *self)
{
  guint n = self->closed->len;
  g_autofree char *text = g_strdup_printf (ngettext ("%u quiet chat was closed", "%u quiet chats were closed", n), n);
  AdwToast *toast = adw_toast_new (text);

  adw_toast_set_button_label (toast, _("Undo"));
  adw_toast_set_action_name (toast, "tab.undo-close");
  adw_toast_overlay_add_toast (self->toast_overlay, toast);
}

static void
on_close_stale (GtkWidget  *widget,
                const char *action,
                GVariant   *parameter)
{
  FlintChatPane *self = FLINT_CHAT_PANE (widget);
  g_autoptr(GPtrArray) quiet = get_quiet_tabs (self);

  if (quiet->len == 0)
    return;

  g_clear_pointer (&self->closed, g_ptr_array_unref);
  self->closed = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < quiet->len; i++)
    {
      g_ptr_array_add (self->closed, g_object_ref (get_conversation (g_ptr_array_index (quiet, i))));
      adw_tab_view_close_page (self->tab_view, g_ptr_array_index (quiet, i));
    }

  tell_closed (self);
}

/* The tab that stays may have gone while the question was open */
static void
on_may_close_others (GtkWindow *window,
                     gpointer   conversation)
{
  FlintChatPane *self = flint_chat_pane_find (window);
  AdwTabPage *tab = self != NULL ? flint_chat_pane_find_tab (self, conversation) : NULL;

  if (tab != NULL)
    adw_tab_view_close_other_pages (self->tab_view, tab);
}

static void
on_close_others (GtkWidget  *widget,
                 const char *action,
                 GVariant   *parameter)
{
  FlintChatPane *self = FLINT_CHAT_PANE (widget);
  AdwTabPage *tab = get_action_tab (self);
  g_autoptr(GPtrArray) others = tab != NULL ? flint_chat_pane_get_conversations (self, tab) : NULL;

  if (tab == NULL)
    return;

  if (flint_chat_closing_is_asked (others, FALSE))
    flint_chat_closing_ask (GTK_WINDOW (gtk_widget_get_root (widget)), others, FALSE, on_may_close_others,
                            g_object_ref (get_conversation (tab)), g_object_unref);
  else
    adw_tab_view_close_other_pages (self->tab_view, tab);
}

static void
close_all (FlintChatPane *self)
{
  while (adw_tab_view_get_n_pages (self->tab_view) > 0)
    adw_tab_view_close_page (self->tab_view, adw_tab_view_get_nth_page (self->tab_view, 0));
}

static void
on_may_close_all (GtkWindow *window,
                  gpointer   user_data)
{
  FlintChatPane *self = flint_chat_pane_find (window);

  if (self != NULL)
    close_all (self);
}

/* The window goes with them, unless it has the contacts, too */
static void
on_close_all (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  FlintChatPane *self = FLINT_CHAT_PANE (widget);
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (widget));
  g_autoptr(GPtrArray) conversations = flint_chat_pane_get_conversations (self, NULL);

  if (!self->is_embedded)
    gtk_window_close (window);
  else if (flint_chat_closing_is_asked (conversations, FALSE))
    flint_chat_closing_ask (window, conversations, FALSE, on_may_close_all, NULL, NULL);
  else
    close_all (self);
}

static void
on_close (GtkWidget  *widget,
          const char *action,
          GVariant   *parameter)
{
  FlintChatPane *self = FLINT_CHAT_PANE (widget);
  AdwTabPage *tab = get_action_tab (self);

  if (tab != NULL)
    adw_tab_view_close_page (self->tab_view, tab);
}

static void
on_next (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  FlintChatPane *self = FLINT_CHAT_PANE (widget);

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
  FlintChatPane *self = FLINT_CHAT_PANE (widget);
  AdwTabPage *selected = adw_tab_view_get_selected_page (self->tab_view);
  int n_pages = adw_tab_view_get_n_pages (self->tab_view);
  int at = selected != NULL ? adw_tab_view_get_page_position (self->tab_view, selected) : 0;

  for (int i = 1; i <= n_pages; i++)
    {
      int n = (at + i) % n_pages;

      if (flint_conversation_get_unread (flint_chat_pane_get_nth (self, n)) > 0)
        {
          adw_tab_view_set_selected_page (self->tab_view, adw_tab_view_get_nth_page (self->tab_view, n));
          return;
        }
    }
}

/* For the menu and the header: done by the selected page */

static void
on_details (GtkWidget  *widget,
            const char *action,
            GVariant   *parameter)
{
  FlintChatPage *page = flint_chat_pane_get_page (FLINT_CHAT_PANE (widget));

  if (page == NULL)
    return;

  flint_chat_page_set_show_side (page, !flint_chat_page_get_show_side (page));
  flint_chat_pane_update_header (FLINT_CHAT_PANE (widget));
}

/* The button in the header opens and closes; the keys and the menu open, and lead back to the field */
static void
on_search (GtkWidget  *widget,
           const char *action,
           GVariant   *parameter)
{
  FlintChatPage *page = flint_chat_pane_get_page (FLINT_CHAT_PANE (widget));
  gboolean closes = g_str_equal (action, "pane.search") && page != NULL && flint_chat_page_is_searching (page);

  if (page == NULL)
    return;

  gtk_widget_activate_action (GTK_WIDGET (page), closes ? "chat.search-close" : "chat.search", NULL);
  flint_chat_pane_update_header (FLINT_CHAT_PANE (widget));
}

static void
on_page_action (GtkWidget  *widget,
                const char *action,
                GVariant   *parameter)
{
  FlintChatPage *page = flint_chat_pane_get_page (FLINT_CHAT_PANE (widget));
  g_autofree char *name = g_strconcat ("chat.", action + strlen ("pane."), NULL);

  if (page != NULL)
    gtk_widget_activate_action (GTK_WIDGET (page), name, NULL);
}

/* Which can be done */

void
flint_chat_pane_update_actions (FlintChatPane *self)
{
  FlintChatPage *page = flint_chat_pane_get_page (self);
  gboolean is_room = page != NULL &&
                     flint_conversation_get_kind (flint_chat_page_get_conversation (page)) == FLINT_CONVERSATION_ROOM;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "pane.nickname", is_room);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "pane.leave", is_room);
  /* a single tab is a window already */
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "tab.detach",
                                 self->is_embedded || adw_tab_view_get_n_pages (self->tab_view) > 1);
}

void
flint_chat_pane_setup_menu (FlintChatPane *self,
                            AdwTabPage    *tab)
{
  g_autoptr(GPtrArray) quiet = NULL;

  self->menu_page = tab;
  if (tab == NULL)
    return;

  quiet = get_quiet_tabs (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "tab.close-stale", quiet->len > 0);
}

void
flint_chat_pane_install_actions (FlintChatPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_install_action (widget_class, "pane.details", NULL, on_details);
  gtk_widget_class_install_action (widget_class, "pane.search", NULL, on_search);
  gtk_widget_class_install_action (widget_class, "pane.find", NULL, on_search);
  gtk_widget_class_install_action (widget_class, "pane.invite", NULL, on_page_action);
  gtk_widget_class_install_action (widget_class, "pane.nickname", NULL, on_page_action);
  gtk_widget_class_install_action (widget_class, "pane.leave", NULL, on_page_action);
  gtk_widget_class_install_action (widget_class, "tab.detach", NULL, on_detach);
  gtk_widget_class_install_action (widget_class, "tab.pin", NULL, on_pin);
  gtk_widget_class_install_action (widget_class, "tab.mark-read", NULL, on_mark_read);
  gtk_widget_class_install_action (widget_class, "tab.close-others", NULL, on_close_others);
  gtk_widget_class_install_action (widget_class, "tab.close-stale", NULL, on_close_stale);
  gtk_widget_class_install_action (widget_class, "tab.undo-close", NULL, on_undo_close);
  gtk_widget_class_install_action (widget_class, "tab.close", NULL, on_close);
  gtk_widget_class_install_action (widget_class, "tab.close-all", NULL, on_close_all);
  gtk_widget_class_install_action (widget_class, "tab.next", NULL, on_next);
  gtk_widget_class_install_action (widget_class, "tab.previous", NULL, on_next);
  gtk_widget_class_install_action (widget_class, "tab.next-unread", NULL, on_next_unread);
}

/* In a window of its own they are the window's, whatever has the focus there; beside the contacts they are for the chats */
void
flint_chat_pane_add_keys (FlintChatPane *self)
{
  static const struct
  {
    const char *key;
    const char *action;
  } keys[] = {
    /* these are not of the whole program: in the console they lead to the filter and to the editor */
    { "<Control>k",        "app.find" },
    { "<Control>e",        "app.recent-chats" },
    { "<Control>f",        "pane.find" },
    { "F9",                "pane.details" },
    { "<Control>w",        "tab.close" },
    { "<Control><Shift>w", "tab.close-all" },
    { "<Alt>a",            "tab.next-unread" },
    { "<Alt>Right",        "tab.next" },
    { "<Alt>Left",         "tab.previous" },
  };

  self->keys = GTK_SHORTCUT_CONTROLLER (gtk_shortcut_controller_new ());
  gtk_shortcut_controller_set_scope (self->keys, GTK_SHORTCUT_SCOPE_GLOBAL);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_shortcut_controller_add_shortcut (self->keys, gtk_shortcut_new (gtk_shortcut_trigger_parse_string (keys[i].key),
                                                                        gtk_named_action_new (keys[i].action)));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (self->keys));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "tab.close-stale", FALSE);   /* until the menu is opened */
}
