/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-chat-pane-private.h"

#include "flint-chat-closing.h"
#include "flint-chat-tab.h"
#include "flint-chat-window.h"
#include "flint-closed-chats.h"
#include "flint-recent-chats.h"
#include "flint-toast.h"
#include "flint-width-bin.h"

#define KEY "flint-chat-pane"

enum {
  PROP_0,
  PROP_HAS_TABS,
  N_PROPS
};

enum {
  SIGNAL_OPENED,
  SIGNAL_EMPTIED,
  SIGNAL_TITLED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlintChatPane, flint_chat_pane, ADW_TYPE_BIN)

/**
 * flint_chat_pane_get_page:
 *
 * Returns: (transfer none) (nullable): the page that is shown
 */
FlintChatPage *
flint_chat_pane_get_page (FlintChatPane *self)
{
  AdwTabPage *tab = adw_tab_view_get_selected_page (self->tab_view);

  return tab != NULL ? FLINT_CHAT_PAGE (adw_tab_page_get_child (tab)) : NULL;
}

static FlintChatPage *
get_nth_page (FlintChatPane *self,
              int            n)
{
  return FLINT_CHAT_PAGE (adw_tab_page_get_child (adw_tab_view_get_nth_page (self->tab_view, n)));
}

FlintConversation *
flint_chat_pane_get_nth (FlintChatPane *self,
                         int            n)
{
  return flint_chat_page_get_conversation (get_nth_page (self, n));
}

AdwTabPage *
flint_chat_pane_find_tab (FlintChatPane     *self,
                          FlintConversation *conversation)
{
  for (int i = 0; i < adw_tab_view_get_n_pages (self->tab_view); i++)
    {
      if (flint_chat_pane_get_nth (self, i) == conversation)
        return adw_tab_view_get_nth_page (self->tab_view, i);
    }

  return NULL;
}

/**
 * flint_chat_pane_has:
 *
 * Returns: whether a tab shows @conversation
 */
gboolean
flint_chat_pane_has (FlintChatPane     *self,
                     FlintConversation *conversation)
{
  g_return_val_if_fail (FLINT_IS_CHAT_PANE (self), FALSE);

  return flint_chat_pane_find_tab (self, conversation) != NULL;
}

/* The conversations of all tabs but one */
GPtrArray *
flint_chat_pane_get_conversations (FlintChatPane *self,
                                   AdwTabPage    *but)
{
  GPtrArray *conversations = g_ptr_array_new_with_free_func (g_object_unref);

  for (int i = 0; i < adw_tab_view_get_n_pages (self->tab_view); i++)
    {
      if (adw_tab_view_get_nth_page (self->tab_view, i) != but)
        g_ptr_array_add (conversations, g_object_ref (flint_chat_pane_get_nth (self, i)));
    }

  return conversations;
}

/* What is shown */

/* The header speaks for the selected tab */
void
flint_chat_pane_update_header (FlintChatPane *self)
{
  FlintChatPage *page = flint_chat_pane_get_page (self);

  if (page != NULL)
    flint_chat_header_show (self->header, page);
}

/**
 * flint_chat_pane_make_title:
 *
 * Returns: (transfer full) (nullable): what a window with nothing else is called; %NULL: there is no chat
 */
char *
flint_chat_pane_make_title (FlintChatPane *self)
{
  FlintChatPage *page = flint_chat_pane_get_page (self);
  const char *title;
  guint unread = 0;

  if (page == NULL)
    return NULL;

  for (int i = 0; i < adw_tab_view_get_n_pages (self->tab_view); i++)
    unread += flint_conversation_get_unread (flint_chat_pane_get_nth (self, i));

  title = flint_conversation_get_title (flint_chat_page_get_conversation (page));

  return unread > 0 ? g_strdup_printf ("(%u) %s", unread, title) : g_strdup (title);
}

static void
update_tab (FlintChatPane     *self,
            FlintConversation *conversation)
{
  AdwTabPage *tab = flint_chat_pane_find_tab (self, conversation);

  if (tab != NULL)
    flint_chat_tab_show (tab, conversation);
}

static void
on_conversation_notify (FlintConversation *conversation,
                        GParamSpec        *pspec,
                        FlintChatPane     *self)
{
  FlintChatPage *page = flint_chat_pane_get_page (self);

  update_tab (self, conversation);
  g_signal_emit (self, signals[SIGNAL_TITLED], 0);
  if (page != NULL && flint_chat_page_get_conversation (page) == conversation)
    flint_chat_pane_update_header (self);
}

/* Reading: the selected page of a focused window is watched, no other. A chat is used until one looks away. */
static void
update_watched (FlintChatPane *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  FlintChatPage *shown = flint_chat_pane_get_page (self);

  if (root == NULL || !gtk_window_is_active (GTK_WINDOW (root)) || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    shown = NULL;

  for (int i = 0; i < adw_tab_view_get_n_pages (self->tab_view); i++)
    {
      FlintConversation *conversation = flint_chat_pane_get_nth (self, i);

      if (conversation == NULL)
        continue;
      if (flint_conversation_is_watched (conversation))
        flint_recent_chats_use (self->application, conversation);
      flint_chat_page_set_watched (get_nth_page (self, i), get_nth_page (self, i) == shown);
    }

  if (shown != NULL)
    flint_recent_chats_use (self->application, flint_chat_page_get_conversation (shown));
}

static void
on_selected (FlintChatPane *self)
{
  FlintChatPage *page = flint_chat_pane_get_page (self);

  if (page == NULL)
    return;

  flint_chat_pane_update_header (self);
  g_signal_emit (self, signals[SIGNAL_TITLED], 0);
  update_watched (self);
  flint_chat_pane_update_actions (self);
  flint_chat_page_focus (page);
}

static void
on_narrow (FlintChatPane *self)
{
  gboolean is_narrow = flint_width_bin_is_narrow (FLINT_WIDTH_BIN (self->width_bin));

  flint_chat_header_set_narrow (self->header, is_narrow);
  if (is_narrow)
    {
      /* of each tab: folded, the panel would lie over what is said */
      for (int i = 0; i < adw_tab_view_get_n_pages (self->tab_view); i++)
        flint_chat_page_set_show_side (get_nth_page (self, i), FALSE);
    }
  flint_chat_pane_update_header (self);
}

/* Tabs */

static void
update_has_tabs (FlintChatPane *self)
{
  gboolean has_tabs = adw_tab_view_get_n_pages (self->tab_view) > 0 || adw_tab_view_get_is_transferring_page (self->tab_view);

  if (self->has_tabs == has_tabs)
    return;

  self->has_tabs = has_tabs;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_TABS]);
}

static void
on_page_attached (AdwTabView    *view,
                  AdwTabPage    *tab,
                  int            position,
                  FlintChatPane *self)
{
  FlintChatPage *page = FLINT_CHAT_PAGE (adw_tab_page_get_child (tab));
  FlintConversation *conversation = flint_chat_page_get_conversation (page);

  g_signal_connect_object (conversation, "notify", G_CALLBACK (on_conversation_notify), self, 0);
  g_signal_connect_object (page, "notify::is-searching", G_CALLBACK (flint_chat_pane_update_header), self, G_CONNECT_SWAPPED);
  update_tab (self, conversation);
  flint_chat_pane_update_actions (self);
  if (flint_width_bin_is_narrow (FLINT_WIDTH_BIN (self->width_bin)))
    flint_chat_page_set_show_side (page, FALSE);
  update_has_tabs (self);
}

static void
on_page_detached (AdwTabView    *view,
                  AdwTabPage    *tab,
                  int            position,
                  FlintChatPane *self)
{
  FlintChatPage *page = FLINT_CHAT_PAGE (adw_tab_page_get_child (tab));
  FlintConversation *conversation = flint_chat_page_get_conversation (page);

  if (conversation != NULL)
    g_signal_handlers_disconnect_by_func (conversation, on_conversation_notify, self);
  g_signal_handlers_disconnect_by_func (page, flint_chat_pane_update_header, self);
  flint_chat_pane_update_actions (self);
  update_has_tabs (self);

  if (adw_tab_view_get_n_pages (view) == 0 && !adw_tab_view_get_is_transferring_page (view) && !self->is_moving &&
      !gtk_widget_in_destruction (GTK_WIDGET (self)))
    g_signal_emit (self, signals[SIGNAL_EMPTIED], 0);
}

static gboolean
on_empty_idle (gpointer user_data)
{
  FlintChatPane *self = user_data;

  self->empty_idle = 0;
  if (adw_tab_view_get_n_pages (self->tab_view) == 0)
    g_signal_emit (self, signals[SIGNAL_EMPTIED], 0);

  return G_SOURCE_REMOVE;
}

/* The window whose last tab is dragged away has to live as long as the drag, and no longer. The views are
 * told one after the other, so none may go in between.
 */
static void
on_transferring (FlintChatPane *self)
{
  update_has_tabs (self);
  if (!adw_tab_view_get_is_transferring_page (self->tab_view) && adw_tab_view_get_n_pages (self->tab_view) == 0 &&
      self->empty_idle == 0 && gtk_widget_get_mapped (GTK_WIDGET (self->tab_view)))
    self->empty_idle = g_idle_add (on_empty_idle, self);
}

/* A tab that is dragged out gets a window; of the same size, if it has been in one of its own. */
AdwTabView *
flint_chat_pane_make_window (FlintChatPane *self)
{
  GtkWindow *window = flint_chat_window_new (self->application);
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)));
  int width = gtk_widget_get_width (root);
  int height = gtk_widget_get_height (root);

  if (!self->is_embedded && width > 0 && height > 0)
    gtk_window_set_default_size (window, width, height);
  gtk_window_present (window);

  return flint_chat_pane_find (window)->tab_view;
}

/* Closing: one question for all */

/* Flint ends with its last window */
static gboolean
is_last_window (FlintChatPane *self)
{
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (self->application));

  return windows != NULL && windows->next == NULL && windows->data == (gpointer) gtk_widget_get_root (GTK_WIDGET (self));
}

static void
on_may_close (GtkWindow *window,
              gpointer   user_data)
{
  FlintChatPane *self = flint_chat_pane_find (window);

  if (self != NULL)
    self->is_answered = TRUE;
  gtk_window_close (window);
}

/**
 * flint_chat_pane_may_close:
 *
 * For a window that is asked to close. What is closed is remembered.
 *
 * Returns: whether all chats can go; if not, somebody is asked, and closes the window again if that is the answer
 */
gboolean
flint_chat_pane_may_close (FlintChatPane *self)
{
  g_autoptr(GPtrArray) conversations = NULL;

  g_return_val_if_fail (FLINT_IS_CHAT_PANE (self), TRUE);

  conversations = flint_chat_pane_get_conversations (self, NULL);
  if (!self->is_answered && flint_chat_closing_is_asked (conversations, is_last_window (self)))
    {
      flint_chat_closing_ask (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), conversations, is_last_window (self),
                              on_may_close, NULL, NULL);
      return FALSE;
    }

  for (int i = 0; i < adw_tab_view_get_n_pages (self->tab_view); i++)
    flint_closed_chats_add (self->application, get_nth_page (self, i));

  return TRUE;
}

static gboolean
on_close_page (AdwTabView    *view,
               AdwTabPage    *tab,
               FlintChatPane *self)
{
  FlintChatPage *page = FLINT_CHAT_PAGE (adw_tab_page_get_child (tab));
  g_autoptr(GPtrArray) conversations = flint_chat_pane_get_conversations (self, NULL);

  /* the last tab takes the window with it */
  if (!self->is_embedded && conversations->len == 1 && flint_chat_closing_is_asked (conversations, is_last_window (self)))
    {
      adw_tab_view_close_page_finish (view, tab, FALSE);
      gtk_window_close (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))));
      return GDK_EVENT_STOP;
    }

  /* the conversation stays in the core with its draft; only the page goes. A room stays joined. */
  flint_closed_chats_add (self->application, page);
  flint_chat_page_set_watched (page, FALSE);
  adw_tab_view_close_page_finish (view, tab, TRUE);

  return GDK_EVENT_STOP;
}

void
flint_chat_pane_open (FlintChatPane     *self,
                      FlintConversation *conversation)
{
  AdwTabPage *tab;

  g_return_if_fail (FLINT_IS_CHAT_PANE (self));

  if (!(tab = flint_chat_pane_find_tab (self, conversation)))
    tab = adw_tab_view_append (self->tab_view, flint_chat_page_new (self->application, conversation));

  adw_tab_view_set_selected_page (self->tab_view, tab);
  flint_recent_chats_use (self->application, conversation);
  g_signal_emit (self, signals[SIGNAL_OPENED], 0);
  on_selected (self);
}

/**
 * flint_chat_pane_move_to:
 * @other: of another window
 *
 * Moves all chats there, as they are.
 */
void
flint_chat_pane_move_to (FlintChatPane *self,
                         FlintChatPane *other)
{
  FlintChatPage *page = flint_chat_pane_get_page (self);
  FlintConversation *shown = page != NULL ? flint_chat_page_get_conversation (page) : NULL;

  g_return_if_fail (FLINT_IS_CHAT_PANE (self) && FLINT_IS_CHAT_PANE (other));

  if (shown == NULL)
    return;

  self->is_moving = TRUE;
  while (adw_tab_view_get_n_pages (self->tab_view) > 0)
    {
      AdwTabPage *tab = adw_tab_view_get_nth_page (self->tab_view, 0);

      adw_tab_view_transfer_page (self->tab_view, tab, other->tab_view,
                                  adw_tab_page_get_pinned (tab) ? adw_tab_view_get_n_pinned_pages (other->tab_view)
                                                                : adw_tab_view_get_n_pages (other->tab_view));
    }
  self->is_moving = FALSE;

  adw_tab_view_set_selected_page (other->tab_view, flint_chat_pane_find_tab (other, shown));
  g_signal_emit (self, signals[SIGNAL_EMPTIED], 0);
}

/**
 * flint_chat_pane_find:
 *
 * Returns: (transfer none) (nullable): the chats of @window
 */
FlintChatPane *
flint_chat_pane_find (GtkWindow *window)
{
  g_return_val_if_fail (GTK_IS_WINDOW (window), NULL);

  return g_object_get_data (G_OBJECT (window), KEY);
}

static void
flint_chat_pane_root (GtkWidget *widget)
{
  FlintChatPane *self = FLINT_CHAT_PANE (widget);
  GtkRoot *root;

  GTK_WIDGET_CLASS (flint_chat_pane_parent_class)->root (widget);

  root = gtk_widget_get_root (widget);
  g_object_set_data (G_OBJECT (root), KEY, self);
  self->active_handler = g_signal_connect_swapped (root, "notify::is-active", G_CALLBACK (update_watched), self);
}

static void
flint_chat_pane_unroot (GtkWidget *widget)
{
  FlintChatPane *self = FLINT_CHAT_PANE (widget);
  GtkRoot *root = gtk_widget_get_root (widget);

  g_clear_signal_handler (&self->active_handler, root);
  g_object_set_data (G_OBJECT (root), KEY, NULL);

  GTK_WIDGET_CLASS (flint_chat_pane_parent_class)->unroot (widget);
}

static void
flint_chat_pane_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (flint_chat_pane_parent_class)->map (widget);
  update_watched (FLINT_CHAT_PANE (widget));
}

static void
flint_chat_pane_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (flint_chat_pane_parent_class)->unmap (widget);
  update_watched (FLINT_CHAT_PANE (widget));
}

static void
flint_chat_pane_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_HAS_TABS:
      g_value_set_boolean (value, FLINT_CHAT_PANE (object)->has_tabs);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

/**
 * flint_chat_pane_toast:
 * @text: a sentence, never markup
 */
void
flint_chat_pane_toast (FlintChatPane *self,
                       const char    *text)
{
  g_return_if_fail (FLINT_IS_CHAT_PANE (self));

  flint_toast_show (GTK_WIDGET (self->toast_overlay), text);
}

static void
flint_chat_pane_dispose (GObject *object)
{
  FlintChatPane *self = FLINT_CHAT_PANE (object);

  g_clear_handle_id (&self->empty_idle, g_source_remove);
  g_clear_pointer (&self->closed, g_ptr_array_unref);

  G_OBJECT_CLASS (flint_chat_pane_parent_class)->dispose (object);
}

static void
flint_chat_pane_class_init (FlintChatPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (FLINT_TYPE_CHAT_HEADER);
  g_type_ensure (FLINT_TYPE_WIDTH_BIN);

  object_class->get_property = flint_chat_pane_get_property;
  object_class->dispose = flint_chat_pane_dispose;

  widget_class->root = flint_chat_pane_root;
  widget_class->unroot = flint_chat_pane_unroot;
  widget_class->map = flint_chat_pane_map;
  widget_class->unmap = flint_chat_pane_unmap;

  properties[PROP_HAS_TABS] =
    g_param_spec_boolean ("has-tabs", NULL, NULL, FALSE, (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_OPENED] = g_signal_new ("opened", FLINT_TYPE_CHAT_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_EMPTIED] = g_signal_new ("emptied", FLINT_TYPE_CHAT_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_TITLED] = g_signal_new ("titled", FLINT_TYPE_CHAT_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/chat-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintChatPane, width_bin);
  gtk_widget_class_bind_template_child (widget_class, FlintChatPane, header);
  gtk_widget_class_bind_template_child (widget_class, FlintChatPane, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, FlintChatPane, tab_view);
  gtk_widget_class_bind_template_callback (widget_class, on_narrow);
  gtk_widget_class_bind_template_callback (widget_class, on_selected);
  gtk_widget_class_bind_template_callback (widget_class, flint_chat_pane_make_window);
  gtk_widget_class_bind_template_callback (widget_class, on_transferring);
  gtk_widget_class_bind_template_callback (widget_class, on_page_attached);
  gtk_widget_class_bind_template_callback (widget_class, on_page_detached);
  gtk_widget_class_bind_template_callback (widget_class, on_close_page);
  gtk_widget_class_bind_template_callback (widget_class, flint_chat_pane_setup_menu);

  flint_chat_pane_install_actions (klass);
}

static void
flint_chat_pane_init (FlintChatPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  flint_chat_pane_add_keys (self);
}

/**
 * flint_chat_pane_set_application:
 * @application: before anything is opened
 */
void
flint_chat_pane_set_application (FlintChatPane    *self,
                                 FlintApplication *application)
{
  g_return_if_fail (FLINT_IS_CHAT_PANE (self));

  self->application = application;
}

/**
 * flint_chat_pane_set_place:
 * @is_embedded: whether the contacts are in the same window
 * @is_alone: whether they are not to be seen there
 */
void
flint_chat_pane_set_place (FlintChatPane *self,
                           gboolean       is_embedded,
                           gboolean       is_alone)
{
  g_return_if_fail (FLINT_IS_CHAT_PANE (self));

  flint_chat_header_set_place (self->header, is_embedded, is_alone);
  if (self->is_embedded == is_embedded)
    return;

  self->is_embedded = is_embedded;
  gtk_shortcut_controller_set_scope (self->keys, is_embedded ? GTK_SHORTCUT_SCOPE_LOCAL : GTK_SHORTCUT_SCOPE_GLOBAL);
  flint_chat_pane_update_actions (self);
}
