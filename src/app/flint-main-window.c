/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-main-window.h"

#include "flint-avatar.h"
#include "flint-contact-view.h"
#include "flint-countdown.h"
#include "flint-empty-page.h"
#include "flint-headline-view.h"
#include "flint-history-banner.h"
#include "flint-letter-card.h"
#include "flint-one-window.h"
#include "flint-password-store.h"
#include "flint-presence-image.h"
#include "flint-request-card.h"
#include "flint-room-view.h"
#include "flint-lazy-menu.h"
#include "flint-status-popover.h"
#include "flint-toast.h"
#include "flint-window-size.h"

#include <glib/gi18n.h>

#define PATIENCE_MS 500   /* with nothing to show, before it is said */

struct _FlintMainWindow
{
  AdwApplicationWindow  parent_instance;

  FlintApplication     *application;     /* not owned: it outlives its windows */
  FlintAccount         *problem;         /* what the banner is about; not owned */
  FlintCountdown       *countdown;       /* of the banner */
  FlintHeadline        *headline;        /* what the headline banner is about */

  GtkWidget            *one_window;      /* with chats beside the list; NULL: the list is all */

  GtkWidget            *toast_overlay;
  GtkWidget            *list_box;        /* contacts, rooms and headlines, with their header */
  GtkWidget            *end_controls;
  GtkWidget            *own_status_button;
  GtkMenuButton        *new_button;
  GtkMenuButton        *primary_menu_button;
  GMenuModel           *new_menu;
  GMenuModel           *primary_menu;
  GtkWidget            *own_ring;
  GtkWidget            *own_avatar;
  GtkWidget            *own_presence_icon;
  GtkWidget            *own_name_label;
  GtkWidget            *own_status_label;
  GtkWidget            *insecure_icon;
  GtkWidget            *connection_revealer;
  GtkWidget            *connection_banner;
  GtkWidget            *connection_icon;
  GtkWidget            *connection_label;
  GtkWidget            *connection_button;
  GtkWidget            *headline_revealer;
  GtkWidget            *headline_label;
  GtkWidget            *search_bar;
  GtkWidget            *search_entry;
  GtkWidget            *view_stack;
  AdwViewStackPage     *contacts_page;
  AdwViewStackPage     *rooms_page;
  AdwViewStackPage     *headlines_page;
  GtkWidget            *contacts_stack;
  guint                 patience_timer;
  gboolean              is_patience_over;
  AdwStatusPage        *contacts_empty;
  AdwStatusPage        *contacts_offline;
  AdwStatusPage        *contacts_no_match;
  GtkWidget            *requests_box;
  GtkWidget            *contact_view;
  GtkWidget            *room_view;
  GtkWidget            *headline_view;
};

G_DEFINE_FINAL_TYPE (FlintMainWindow, flint_main_window, ADW_TYPE_APPLICATION_WINDOW)

static FlintCore *
get_core (FlintMainWindow *self)
{
  return flint_application_get_core (self->application);
}

static GListModel *
get_accounts (FlintMainWindow *self)
{
  return G_LIST_MODEL (flint_core_get_accounts (get_core (self)));
}

static void
set_class (GtkWidget  *widget,
           const char *name,
           gboolean    is_set)
{
  if (is_set)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

/* Who I am */

/* The names of the accounts that are not encrypted, a line each; NULL: there is none */
static char *
list_insecure (FlintMainWindow *self)
{
  g_autoptr(GPtrArray) labels = g_ptr_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (get_accounts (self)); i++)
    {
      g_autoptr(FlintAccount) account = g_list_model_get_item (get_accounts (self), i);
      int security;

      g_object_get (account, "security", &security, NULL);
      if (security == XMPP_SECURITY_DISABLED)
        g_ptr_array_add (labels, (gpointer) flint_account_get_label (account));
    }

  if (labels->len == 0)
    return NULL;

  g_ptr_array_add (labels, NULL);

  return g_strjoinv ("\n", (char **) labels->pdata);
}

static void
update_insecure (FlintMainWindow *self)
{
  g_autofree char *labels = list_insecure (self);
  g_autofree char *text = NULL;

  gtk_widget_set_visible (self->insecure_icon, labels != NULL);
  if (labels == NULL)
    return;

  text = g_strdup_printf ("%s\n%s", _("Not encrypted: everyone on the way can read and change what is written"), labels);
  gtk_widget_set_tooltip_text (self->insecure_icon, text);
}

static void
update_identity (FlintMainWindow *self)
{
  FlintAccount *account = flint_application_get_default_account (self->application);
  g_autofree char *name = NULL;
  g_autofree char *state = NULL;
  g_autoptr(GBytes) picture = NULL;
  FlintStatus *status;
  const char *text;
  gboolean is_online;

  update_insecure (self);
  if (account == NULL)
    return;

  g_object_get (account, "own-name", &name, "avatar", &picture, NULL);
  is_online = flint_account_is_online (account);
  status = flint_account_get_status (account);
  text = flint_status_get_text (status);
  if (name == NULL || *name == '\0')
    {
      g_free (name);
      name = g_strdup (flint_account_get_label (account));
    }

  /* the seconds are counted once, in the banner below */
  if (flint_account_get_state (account) == FLINT_ACCOUNT_WAITING)
    state = g_strdup (_("Offline"));
  else if (!is_online)
    state = flint_account_describe_state (account);
  else
    state = g_strdup (text != NULL && *text != '\0' ? text : flint_status_get_label (status));

  flint_avatar_set_bytes (ADW_AVATAR (self->own_avatar), name, picture);
  gtk_label_set_label (GTK_LABEL (self->own_name_label), name);
  gtk_label_set_label (GTK_LABEL (self->own_status_label), state);
  gtk_widget_set_tooltip_text (self->own_status_button, flint_account_get_label (account));
  set_class (self->own_ring, "off", !is_online);
  flint_presence_image_set_class (GTK_IMAGE (self->own_presence_icon),
                                  is_online ? flint_status_get_css_class (status) : "offline");
}

/* The banner: amber waits, red needs the person */

static FlintAccount *
find_problem (FlintMainWindow   *self,
              FlintAccountState  state)
{
  for (guint i = 0; i < g_list_model_get_n_items (get_accounts (self)); i++)
    {
      g_autoptr(FlintAccount) account = g_list_model_get_item (get_accounts (self), i);

      if (flint_account_get_state (account) == state)
        return account;   /* the list holds it */
    }

  return NULL;
}

static gboolean
is_waiting (FlintAccount *account)
{
  return flint_account_get_state (account) == FLINT_ACCOUNT_WAITING;
}

static char *
describe_problem (FlintMainWindow *self,
                  FlintAccount    *account)
{
  g_autofree char *text = NULL;
  const GError *error = flint_account_get_error (account);

  if (flint_account_get_state (account) == FLINT_ACCOUNT_FAILED && error != NULL)
    text = g_strdup (error->message);
  else if (is_waiting (account))
    text = flint_account_describe_wait (account, FALSE);
  else
    text = flint_account_describe_state (account);

  if (g_list_model_get_n_items (get_accounts (self)) < 2)
    return g_steal_pointer (&text);

  /* Translators: an account, and what is the matter with it */
  return g_strdup_printf (_("%s: %s"), flint_account_get_label (account), text);
}

static gboolean
is_locked (FlintAccount *account)
{
  return flint_account_get_state (account) == FLINT_ACCOUNT_FAILED &&
         g_error_matches (flint_account_get_error (account), FLINT_PASSWORD_ERROR, FLINT_PASSWORD_ERROR_LOCKED);
}

/* There is something to be decided, and the login window asks about it at once */
static gboolean
has_question (const GError *error)
{
  return g_error_matches (error, XMPP_ERROR, XMPP_ERROR_CERTIFICATE) ||
         g_error_matches (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_WEAKER);
}

static gboolean
is_about_password (const GError *error)
{
  return error->domain == FLINT_PASSWORD_ERROR ||
         g_error_matches (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_NOT_AUTHORIZED) ||
         g_error_matches (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_CREDENTIALS_EXPIRED) ||
         g_error_matches (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_NO_PASSWORD);
}

/* What only the login window can mend */
static gboolean
needs_login (FlintAccount *account)
{
  const GError *error = flint_account_get_error (account);

  return flint_account_get_state (account) == FLINT_ACCOUNT_FAILED && error != NULL && !is_locked (account) &&
         (error->domain == XMPP_AUTH_ERROR || error->domain == FLINT_PASSWORD_ERROR || has_question (error) ||
          g_error_matches (error, XMPP_ERROR, XMPP_ERROR_NO_TLS) ||
          g_error_matches (error, XMPP_ERROR, XMPP_ERROR_TLS_REQUIRED) ||
          g_error_matches (error, XMPP_ERROR, XMPP_ERROR_NO_MECHANISM));
}

static const char *
get_remedy (FlintAccount *account)
{
  if (is_waiting (account))
    return _("Now");
  if (is_locked (account))
    return _("Unlock");
  if (!needs_login (account))
    return _("Connect");
  if (has_question (flint_account_get_error (account)))
    return _("Look…");
  if (is_about_password (flint_account_get_error (account)))
    return _("Password…");

  return _("Log in…");
}

/* Each second. Without a network nothing can be tried now. */
static void
update_countdown (FlintMainWindow *self)
{
  g_autofree char *text = describe_problem (self, self->problem);

  gtk_label_set_label (GTK_LABEL (self->connection_label), text);
  gtk_widget_set_visible (self->connection_button, !is_waiting (self->problem) || flint_account_has_network (self->problem));
}

static void
update_banner (FlintMainWindow *self)
{
  g_autofree char *text = NULL;
  gboolean is_red;

  if (!(self->problem = find_problem (self, FLINT_ACCOUNT_FAILED)))
    self->problem = find_problem (self, FLINT_ACCOUNT_WAITING);

  gtk_revealer_set_reveal_child (GTK_REVEALER (self->connection_revealer), self->problem != NULL);
  flint_countdown_set_account (self->countdown, self->problem != NULL && is_waiting (self->problem) ? self->problem : NULL);
  if (self->problem == NULL)
    return;

  is_red = flint_account_get_state (self->problem) == FLINT_ACCOUNT_FAILED && !is_locked (self->problem);
  update_countdown (self);

  /* the label is not there for a screen reader: it would be told of each second */
  text = is_waiting (self->problem) ? g_strdup (_("Not connected. Flint tries again by itself."))
                                    : describe_problem (self, self->problem);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->connection_banner), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_button_set_label (GTK_BUTTON (self->connection_button), get_remedy (self->problem));
  gtk_image_set_from_icon_name (GTK_IMAGE (self->connection_icon), is_red ? "dialog-warning-symbolic"
                                : is_locked (self->problem) ? "dialog-password-symbolic" : "network-offline-symbolic");
  set_class (self->connection_banner, "error", is_red);
}

static void
on_connection_action (GtkWidget  *widget,
                      const char *action,
                      GVariant   *parameter)
{
  FlintMainWindow *self = FLINT_MAIN_WINDOW (widget);

  if (self->problem == NULL)
    return;

  if (needs_login (self->problem))
    flint_application_show_login (self->application, self->problem);
  else
    flint_account_connect (self->problem);
}

/* Which page of the contacts is shown */

static gboolean
is_loading (FlintMainWindow *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (get_accounts (self)); i++)
    {
      g_autoptr(FlintAccount) account = g_list_model_get_item (get_accounts (self), i);
      FlintContactList *contacts = flint_account_get_contacts (account);

      if (flint_account_get_state (account) == FLINT_ACCOUNT_CONNECTING ||
          (flint_account_is_online (account) && !flint_contact_list_is_loaded (contacts)))
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_online (FlintMainWindow *self)
{
  FlintAccount *account = flint_application_get_default_account (self->application);

  return account != NULL && flint_account_is_online (account);
}

static gboolean
has_contacts (FlintMainWindow *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (get_accounts (self)); i++)
    {
      g_autoptr(FlintAccount) account = g_list_model_get_item (get_accounts (self), i);

      if (g_list_model_get_n_items (G_LIST_MODEL (flint_account_get_contacts (account))) > 0)
        return TRUE;
    }

  return FALSE;
}

/* Nobody found: an address that is whole can be chatted with; of one that is not it is said what is wrong */
static void
update_search_hint (FlintMainWindow *self)
{
  const char *search = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));
  gboolean is_address = strchr (search, '@') != NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppJid) jid = is_address ? xmpp_jid_new (search, &error) : NULL;
  g_autofree char *problem = error != NULL ? g_markup_escape_text (error->message, -1) : NULL;

  /* AdwStatusPage takes its description for markup */
  adw_status_page_set_description (self->contacts_no_match,
                                   problem != NULL ? problem
                                   : is_address ? NULL : _("Type a whole address to chat with somebody who is not in your list."));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.chat-with-search", jid != NULL);
}

static void update_contacts_page (FlintMainWindow *self);

static gboolean
on_patience_over (gpointer user_data)
{
  FlintMainWindow *self = user_data;

  self->patience_timer = 0;
  self->is_patience_over = TRUE;
  update_contacts_page (self);

  return G_SOURCE_REMOVE;
}

/* Until the first contact is there, a login goes through states in which there is nothing to show. Most are over before one
 * could read what would be said of them, and the spinner before it has turned once.
 */
static gboolean
lasts (FlintMainWindow *self,
       gboolean         is_nothing)
{
  if (!is_nothing)
    {
      g_clear_handle_id (&self->patience_timer, g_source_remove);
      self->is_patience_over = FALSE;
    }
  else if (!self->is_patience_over && self->patience_timer == 0)
    {
      self->patience_timer = g_timeout_add (PATIENCE_MS, on_patience_over, self);
    }

  return self->is_patience_over;
}

static void
update_contacts_page (FlintMainWindow *self)
{
  const char *search = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));
  gboolean is_empty = g_list_model_get_n_items (G_LIST_MODEL (flint_core_get_tree (get_core (self)))) == 0;
  gboolean has_requests = gtk_widget_get_visible (self->requests_box);
  const char *page = "list";

  if (is_empty && *search != '\0')
    page = "no-match";
  else if (!lasts (self, is_empty && !has_requests))
    page = "list";
  else if (!has_contacts (self))
    page = is_loading (self) ? "loading" : "empty";
  else if (is_online (self) && !is_loading (self))
    page = "nobody";

  gtk_stack_set_visible_child_name (GTK_STACK (self->contacts_stack), page);
  update_search_hint (self);
}

/* Requests and unread messages with a subject stand above the list, the newest as a card. */
static void
fill_cards (FlintMainWindow *self)
{
  GListModel *requests = flint_core_get_requests (get_core (self));
  GListModel *letters = flint_core_get_letters (get_core (self));
  guint n_requests = g_list_model_get_n_items (requests);
  guint n_letters = 0;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->requests_box)))
    gtk_box_remove (GTK_BOX (self->requests_box), child);

  if (n_requests > 0)
    {
      g_autoptr(FlintRequest) request = g_list_model_get_item (requests, n_requests - 1);

      gtk_box_append (GTK_BOX (self->requests_box), flint_request_card_new (self->application, request));
    }

  if (n_requests > 1)
    {
      g_autofree char *text = g_strdup_printf (ngettext ("%u more request", "%u more requests", n_requests - 1), n_requests - 1);
      GtkWidget *label = gtk_label_new (text);

      gtk_widget_add_css_class (label, "dim-label");
      gtk_widget_add_css_class (label, "caption");
      gtk_box_append (GTK_BOX (self->requests_box), label);
    }

  for (guint i = 0; i < g_list_model_get_n_items (letters) && n_letters < 3; i++)
    {
      g_autoptr(FlintLetter) letter = g_list_model_get_item (letters, i);

      if (!flint_letter_is_unread (letter))
        continue;

      gtk_box_append (GTK_BOX (self->requests_box), flint_letter_card_new (self->application, letter));
      n_letters++;
    }

  gtk_widget_set_visible (self->requests_box, n_requests + n_letters > 0);
  update_contacts_page (self);
}

/* Accounts */

static void
update_accounts (FlintMainWindow *self)
{
  update_identity (self);
  update_banner (self);
  update_contacts_page (self);
}

static void
on_account_notify (FlintAccount    *account,
                   GParamSpec      *pspec,
                   FlintMainWindow *self)
{
  /* the seconds are the countdown's */
  if (!g_str_equal (pspec->name, "retry-in"))
    update_accounts (self);
}

static void
on_accounts_changed (GListModel      *accounts,
                     guint            position,
                     guint            removed,
                     guint            added,
                     FlintMainWindow *self)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr(FlintAccount) account = g_list_model_get_item (accounts, i);

      g_signal_connect_object (account, "notify", G_CALLBACK (on_account_notify), self, 0);
      g_signal_connect_object (flint_account_get_contacts (account), "notify::is-loaded",
                               G_CALLBACK (update_contacts_page), self, G_CONNECT_SWAPPED);
    }

  update_accounts (self);
}

/* Counts */

static void
update_counts (FlintMainWindow *self)
{
  guint chats;
  guint rooms;
  guint mentions;
  guint headlines;
  g_autofree char *title = NULL;

  g_object_get (get_core (self), "unread-chats", &chats, "unread-rooms", &rooms, "mentions", &mentions,
                "unread-headlines", &headlines, NULL);

  adw_view_stack_page_set_badge_number (self->contacts_page, chats);
  adw_view_stack_page_set_badge_number (self->rooms_page, rooms);
  adw_view_stack_page_set_needs_attention (self->rooms_page, mentions > 0);
  adw_view_stack_page_set_badge_number (self->headlines_page, headlines);

  title = chats + mentions > 0 ? g_strdup_printf ("(%u) Flint", chats + mentions) : g_strdup ("Flint");
  gtk_window_set_title (GTK_WINDOW (self), title);
}

/* Headlines come with a banner, whatever page is open. */

static void
hide_headline (FlintMainWindow *self)
{
  g_clear_object (&self->headline);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->headline_revealer), FALSE);
}

static void
on_headline_read (FlintMainWindow *self)
{
  if (self->headline != NULL && !flint_headline_is_unread (self->headline))
    hide_headline (self);
}

/* It may be deleted, or go with its account */
static void
on_headlines_changed (FlintMainWindow *self)
{
  if (self->headline != NULL &&
      !g_list_store_find (G_LIST_STORE (flint_core_get_headlines (get_core (self))), self->headline, NULL))
    hide_headline (self);
}

static void
on_headline (FlintMainWindow *self,
             FlintHeadline   *headline)
{
  g_autofree char *text = g_strdup_printf ("%s · %s", flint_headline_get_subject (headline), flint_headline_get_sender (headline));

  g_set_object (&self->headline, headline);
  gtk_label_set_label (GTK_LABEL (self->headline_label), text);
  gtk_widget_set_tooltip_text (self->headline_label, text);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->headline_revealer), TRUE);
  g_signal_connect_object (headline, "notify::is-unread", G_CALLBACK (on_headline_read), self, G_CONNECT_SWAPPED);
}

static void
on_read_headline (GtkWidget  *widget,
                  const char *action,
                  GVariant   *parameter)
{
  FlintMainWindow *self = FLINT_MAIN_WINDOW (widget);
  g_autoptr(FlintHeadline) headline = g_steal_pointer (&self->headline);

  hide_headline (self);
  flint_application_show_headlines (self->application, headline);
}

static void
on_dismiss_headline (GtkWidget  *widget,
                     const char *action,
                     GVariant   *parameter)
{
  hide_headline (FLINT_MAIN_WINDOW (widget));
}

/* Searching */

static void
on_search_changed (FlintMainWindow *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));

  g_object_set (flint_core_get_tree (get_core (self)), "search", text, NULL);
  if (*text != '\0')
    adw_view_stack_set_visible_child_name (ADW_VIEW_STACK (self->view_stack), "contacts");

  update_contacts_page (self);
}

static void
on_search_activated (FlintMainWindow *self)
{
  /* The entry tells of a change a little later: Enter is about what stands there now */
  on_search_changed (self);

  if (g_list_model_get_n_items (G_LIST_MODEL (flint_core_get_tree (get_core (self)))) > 0)
    flint_contact_view_activate_first (FLINT_CONTACT_VIEW (self->contact_view));
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "win.chat-with-search", NULL);

  gtk_search_bar_set_search_mode (GTK_SEARCH_BAR (self->search_bar), FALSE);
}

static void
on_search_stopped (FlintMainWindow *self)
{
  gtk_search_bar_set_search_mode (GTK_SEARCH_BAR (self->search_bar), FALSE);
}

static void
on_chat_with_search (GtkWidget  *widget,
                     const char *action,
                     GVariant   *parameter)
{
  FlintMainWindow *self = FLINT_MAIN_WINDOW (widget);
  FlintAccount *account = flint_application_get_default_account (self->application);
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppJid) jid = xmpp_jid_new (gtk_editable_get_text (GTK_EDITABLE (self->search_entry)), &error);
  g_autoptr(XmppJid) bare = NULL;

  if (jid == NULL || account == NULL)
    {
      if (error != NULL)
        flint_main_window_toast (self, error->message);
      return;
    }

  bare = xmpp_jid_get_bare (jid);
  flint_application_show_conversation (self->application, flint_core_open_chat (get_core (self), account, bare));
}

/* Actions */

static void
on_expand_all (GtkWidget  *widget,
               const char *action,
               GVariant   *parameter)
{
  flint_contact_tree_expand_all (flint_core_get_tree (get_core (FLINT_MAIN_WINDOW (widget))), g_str_equal (action, "win.expand-all"));
}

static void
on_find (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  FlintMainWindow *self = FLINT_MAIN_WINDOW (widget);

  flint_main_window_show_list (self);
  gtk_search_bar_set_search_mode (GTK_SEARCH_BAR (self->search_bar), TRUE);
  gtk_widget_grab_focus (self->search_entry);
}

static void
on_own_status (GtkWidget  *widget,
               const char *action,
               GVariant   *parameter)
{
  flint_main_window_show_list (FLINT_MAIN_WINDOW (widget));
  gtk_menu_button_popup (GTK_MENU_BUTTON (FLINT_MAIN_WINDOW (widget)->own_status_button));
}

/* The focus stayed in what is closed, and no key did anything any more */
static void
on_status_closed (FlintMainWindow *self)
{
  gtk_widget_grab_focus (self->own_status_button);
}

/* When it is opened first */
static void
make_status_popover (GtkMenuButton *button,
                     gpointer       user_data)
{
  FlintMainWindow *self = user_data;
  GtkWidget *popover;

  if (gtk_menu_button_get_popover (button) != NULL)
    return;

  popover = flint_status_popover_new (self->application);
  g_signal_connect_object (popover, "closed", G_CALLBACK (on_status_closed), self, G_CONNECT_SWAPPED);
  gtk_menu_button_set_popover (button, popover);
}

/* All letters that are kept, the latest first */
static void
on_letters (GtkWidget  *widget,
            const char *action,
            GVariant   *parameter)
{
  FlintMainWindow *self = FLINT_MAIN_WINDOW (widget);
  g_autoptr(FlintLetter) letter = g_list_model_get_item (flint_core_get_letters (get_core (self)), 0);

  if (letter != NULL)
    flint_application_show_letter (self->application, letter);
  else
    flint_main_window_toast (self, _("There is no message yet"));
}

static void
on_density_changed (GSettings       *settings,
                    const char      *key,
                    FlintMainWindow *self)
{
  flint_contact_view_set_density (FLINT_CONTACT_VIEW (self->contact_view), g_settings_get_enum (settings, "density"));
}

/* Settings that are actions of the window */
static const char * const settings_actions[] = { "show-offline", "group-offline", "show-empty-groups", "density" };

static void
add_settings_actions (FlintMainWindow *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (settings_actions); i++)
    {
      g_autoptr(GAction) action = g_settings_create_action (flint_application_get_settings (self->application),
                                                            settings_actions[i]);

      g_action_map_add_action (G_ACTION_MAP (self), action);
    }
}

/**
 * flint_main_window_show_page:
 * @name: "contacts", "rooms" or "headlines"; another one, which another program may ask for, changes nothing
 */
void
flint_main_window_show_page (FlintMainWindow *self,
                             const char      *name)
{
  g_return_if_fail (FLINT_IS_MAIN_WINDOW (self));

  flint_main_window_show_list (self);
  if (adw_view_stack_get_child_by_name (ADW_VIEW_STACK (self->view_stack), name) != NULL)
    adw_view_stack_set_visible_child_name (ADW_VIEW_STACK (self->view_stack), name);
}

/**
 * flint_main_window_toast:
 * @text: a sentence, never markup
 */
void
flint_main_window_toast (FlintMainWindow *self,
                         const char      *text)
{
  g_return_if_fail (FLINT_IS_MAIN_WINDOW (self));

  flint_toast_show (self->toast_overlay, text);
}

/* One window */

void
flint_main_window_show_list (FlintMainWindow *self)
{
  g_return_if_fail (FLINT_IS_MAIN_WINDOW (self));

  if (self->one_window != NULL)
    flint_one_window_show_list (FLINT_ONE_WINDOW (self->one_window));
}

/* What is typed where nobody takes it is searched for; with chats in the window, only where the contacts are */
static void
update_size_and_keys (FlintMainWindow *self)
{
  flint_window_size_bind (GTK_WINDOW (self), flint_application_get_settings (self->application),
                          self->one_window != NULL ? "one-window-size" : "main-window-size");
  gtk_search_bar_set_key_capture_widget (GTK_SEARCH_BAR (self->search_bar),
                                         self->one_window != NULL ? self->list_box : GTK_WIDGET (self));
}

/**
 * flint_main_window_set_one_window:
 * @is_one: whether it has chats, too; those that it has go with their part of it
 */
void
flint_main_window_set_one_window (FlintMainWindow *self,
                                  gboolean         is_one)
{
  AdwToastOverlay *overlay = ADW_TOAST_OVERLAY (self->toast_overlay);

  g_return_if_fail (FLINT_IS_MAIN_WINDOW (self));

  if (is_one == (self->one_window != NULL))
    return;

  g_object_ref (self->list_box);
  if (is_one)
    {
      adw_toast_overlay_set_child (overlay, NULL);
      self->one_window = flint_one_window_new (self->application, self->list_box, self->end_controls);
      adw_toast_overlay_set_child (overlay, self->one_window);
    }
  else
    {
      flint_one_window_give_list_back (FLINT_ONE_WINDOW (self->one_window));
      self->one_window = NULL;
      adw_toast_overlay_set_child (overlay, self->list_box);
    }
  g_object_unref (self->list_box);

  update_size_and_keys (self);
}

static gboolean
flint_main_window_close_request (GtkWindow *window)
{
  FlintChatPane *pane = flint_chat_pane_find (window);

  if (pane != NULL && !flint_chat_pane_may_close (pane))
    return GDK_EVENT_STOP;

  return GTK_WINDOW_CLASS (flint_main_window_parent_class)->close_request (window);
}

static void
flint_main_window_dispose (GObject *object)
{
  FlintMainWindow *self = FLINT_MAIN_WINDOW (object);

  /* settings outlive the window, and would go on telling it */
  for (guint i = 0; i < G_N_ELEMENTS (settings_actions); i++)
    g_action_map_remove_action (G_ACTION_MAP (self), settings_actions[i]);
  g_clear_object (&self->headline);
  g_clear_object (&self->countdown);
  g_clear_handle_id (&self->patience_timer, g_source_remove);

  G_OBJECT_CLASS (flint_main_window_parent_class)->dispose (object);
}

static void
flint_main_window_class_init (FlintMainWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_main_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = flint_main_window_close_request;

  g_type_ensure (FLINT_TYPE_CONTACT_VIEW);
  g_type_ensure (FLINT_TYPE_ROOM_VIEW);
  g_type_ensure (FLINT_TYPE_HEADLINE_VIEW);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/main-window.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, list_box);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, end_controls);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, own_status_button);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, new_button);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, primary_menu_button);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, new_menu);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, primary_menu);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, own_ring);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, own_avatar);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, own_presence_icon);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, own_name_label);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, own_status_label);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, insecure_icon);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, connection_revealer);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, connection_banner);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, connection_icon);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, connection_label);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, connection_button);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, headline_revealer);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, headline_label);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, search_bar);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, search_entry);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, view_stack);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, contacts_page);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, rooms_page);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, headlines_page);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, contacts_stack);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, contacts_empty);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, contacts_offline);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, contacts_no_match);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, requests_box);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, contact_view);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, room_view);
  gtk_widget_class_bind_template_child (widget_class, FlintMainWindow, headline_view);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_search_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_search_stopped);

  gtk_widget_class_install_action (widget_class, "win.connection-action", NULL, on_connection_action);
  gtk_widget_class_install_action (widget_class, "win.read-headline", NULL, on_read_headline);
  gtk_widget_class_install_action (widget_class, "win.dismiss-headline", NULL, on_dismiss_headline);
  gtk_widget_class_install_action (widget_class, "win.chat-with-search", NULL, on_chat_with_search);
  gtk_widget_class_install_action (widget_class, "win.expand-all", NULL, on_expand_all);
  gtk_widget_class_install_action (widget_class, "win.collapse-all", NULL, on_expand_all);
  gtk_widget_class_install_action (widget_class, "win.find", NULL, on_find);
  gtk_widget_class_install_action (widget_class, "win.own-status", NULL, on_own_status);
  gtk_widget_class_install_action (widget_class, "win.letters", NULL, on_letters);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_h, GDK_CONTROL_MASK, "win.show-offline", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_k, GDK_CONTROL_MASK, "win.find", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_e, GDK_CONTROL_MASK, "app.recent-chats", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "win.find", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "win.own-status", NULL);
}

static void
flint_main_window_init (FlintMainWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->countdown = flint_countdown_new (self->connection_banner);
  g_signal_connect_object (self->countdown, "changed", G_CALLBACK (update_countdown), self, G_CONNECT_SWAPPED);
  flint_lazy_menu_set (self->new_button, self->new_menu);
  flint_lazy_menu_set (self->primary_menu_button, self->primary_menu);
  flint_empty_page_set_icon (self->contacts_empty, "system-users-symbolic");
  flint_empty_page_set_icon (self->contacts_offline, "flint-presence-offline-symbolic");
  flint_empty_page_set_icon (self->contacts_no_match, "system-search-symbolic");
  gtk_search_bar_connect_entry (GTK_SEARCH_BAR (self->search_bar), GTK_EDITABLE (self->search_entry));
}

GtkWindow *
flint_main_window_new (FlintApplication *application)
{
  FlintMainWindow *self = g_object_new (FLINT_TYPE_MAIN_WINDOW, "application", application, NULL);
  FlintCore *core = flint_application_get_core (application);
  GSettings *settings = flint_application_get_settings (application);

  self->application = application;

  if (g_settings_get_boolean (settings, "one-window"))
    flint_main_window_set_one_window (self, TRUE);
  else
    update_size_and_keys (self);
  add_settings_actions (self);
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (self->own_status_button), make_status_popover, self, NULL);
  flint_contact_view_set_application (FLINT_CONTACT_VIEW (self->contact_view), application);
  flint_room_view_set_application (FLINT_ROOM_VIEW (self->room_view), application);
  flint_headline_view_set_application (FLINT_HEADLINE_VIEW (self->headline_view), application);
  g_signal_connect_object (settings, "changed::density", G_CALLBACK (on_density_changed), self, 0);
  on_density_changed (settings, NULL, self);

  g_signal_connect_object (get_accounts (self), "items-changed", G_CALLBACK (on_accounts_changed), self, 0);
  g_signal_connect_object (flint_core_get_tree (core), "items-changed", G_CALLBACK (update_contacts_page), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (flint_core_get_requests (core), "items-changed", G_CALLBACK (fill_cards), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (flint_core_get_letters (core), "items-changed", G_CALLBACK (fill_cards), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (core, "headline-received", G_CALLBACK (on_headline), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (flint_core_get_headlines (core), "items-changed", G_CALLBACK (on_headlines_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (core, "notify", G_CALLBACK (update_counts), self, G_CONNECT_SWAPPED);
  flint_history_banner_attach (self->connection_revealer, core);

  on_accounts_changed (get_accounts (self), 0, 0, g_list_model_get_n_items (get_accounts (self)), self);
  fill_cards (self);
  update_counts (self);

  return GTK_WINDOW (self);
}
