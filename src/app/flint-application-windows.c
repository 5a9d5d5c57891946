/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The windows: whoever wants one opened asks here, and gets the one that is open, or a new one */
#include "flint-config.h"

#include "flint-application-private.h"

#include "flint-add-contact-dialog.h"
#include "flint-chat-window.h"
#include "flint-console-window.h"
#include "flint-headlines-window.h"
#include "flint-join-room-dialog.h"
#include "flint-letter-window.h"
#include "flint-login-window.h"
#include "flint-main-window.h"
#include "flint-preferences-window.h"

/* The first window of a type, if there is one. */
static GtkWindow *
find_window (FlintApplication *self,
             GType             type)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    {
      if (G_TYPE_CHECK_INSTANCE_TYPE (l->data, type))
        return l->data;
    }

  return NULL;
}

static GtkWindow *
present (GtkWindow *window)
{
  gtk_window_present (window);

  return window;
}

GtkWindow *
flint_application_show_main (FlintApplication *self)
{
  GtkWindow *window = find_window (self, FLINT_TYPE_MAIN_WINDOW);

  if (window == NULL)
    window = flint_main_window_new (self);

  return present (window);
}

/**
 * flint_application_show_login:
 * @account: (nullable): the account to log in or to mend; %NULL for a new one
 */
GtkWindow *
flint_application_show_login (FlintApplication *self,
                              FlintAccount     *account)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    {
      if (FLINT_IS_LOGIN_WINDOW (l->data) &&
          (account == NULL || flint_login_window_get_account (FLINT_LOGIN_WINDOW (l->data)) == account))
        {
          flint_login_window_ask (l->data);
          return present (l->data);
        }
    }

  return present (flint_login_window_new (self, account));
}

GtkWindow *
flint_application_show_conversation (FlintApplication  *self,
                                     FlintConversation *conversation)
{
  gboolean is_one_window = g_settings_get_boolean (flint_application_get_settings (self), "one-window");
  GtkWindow *window = NULL;

  /* the window that has it already, else the one with the contacts, or of those with chats alone the one that was used last */
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    {
      FlintChatPane *pane = flint_chat_pane_find (l->data);

      if (pane == NULL)
        continue;

      if (flint_chat_pane_has (pane, conversation))
        {
          window = l->data;
          break;
        }

      if (window == NULL && !is_one_window)
        window = l->data;
    }

  if (window == NULL && is_one_window)
    window = find_window (self, FLINT_TYPE_MAIN_WINDOW);
  if (window == NULL)
    window = is_one_window ? flint_main_window_new (self) : flint_chat_window_new (self);

  flint_chat_pane_open (flint_chat_pane_find (window), conversation);

  return present (window);
}

/* Dialogs that belong to a window of chats would go with it; one of them may be where this was wished for */
static void
take_dialogs (GtkWindow *main_window)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr(GtkWindow) window = g_list_model_get_item (windows, i);

      if (FLINT_IS_CHAT_WINDOW (gtk_window_get_transient_for (window)))
        gtk_window_set_transient_for (window, main_window);
    }
}

/* The chats of all windows go into the one with the contacts */
static void
join_windows (FlintApplication *self)
{
  g_autoptr(GList) windows = g_list_copy (gtk_application_get_windows (GTK_APPLICATION (self)));
  GtkWindow *main_window = find_window (self, FLINT_TYPE_MAIN_WINDOW);

  if (main_window == NULL && find_window (self, FLINT_TYPE_CHAT_WINDOW) == NULL)
    return;

  if (main_window == NULL)
    main_window = flint_main_window_new (self);
  flint_main_window_set_one_window (FLINT_MAIN_WINDOW (main_window), TRUE);
  gtk_window_present (main_window);
  take_dialogs (main_window);

  /* what was used last comes last, and is shown */
  windows = g_list_reverse (windows);
  for (GList *l = windows; l != NULL; l = l->next)
    {
      if (FLINT_IS_CHAT_WINDOW (l->data))
        flint_chat_pane_move_to (flint_chat_pane_find (l->data), flint_chat_pane_find (main_window));
    }
}

static void
part_windows (FlintApplication *self)
{
  GtkWindow *main_window = find_window (self, FLINT_TYPE_MAIN_WINDOW);
  FlintChatPane *pane = main_window != NULL ? flint_chat_pane_find (main_window) : NULL;

  if (pane == NULL)
    return;

  if (flint_chat_pane_get_page (pane) != NULL)
    {
      GtkWindow *window = flint_chat_window_new (self);

      gtk_window_present (window);
      flint_chat_pane_move_to (pane, flint_chat_pane_find (window));
    }

  flint_main_window_set_one_window (FLINT_MAIN_WINDOW (main_window), FALSE);
}

/* Contacts and chats in one window, or each in their own: what is open moves there or back */
void
flint_application_arrange_windows (FlintApplication *self)
{
  GtkWindow *preferences = find_window (self, FLINT_TYPE_PREFERENCES_WINDOW);

  if (g_settings_get_boolean (flint_application_get_settings (self), "one-window"))
    join_windows (self);
  else
    part_windows (self);

  /* one chooses on in the preferences */
  if (preferences != NULL)
    gtk_window_present (preferences);
}

GtkWindow *
flint_application_show_headlines (FlintApplication *self,
                                  FlintHeadline    *headline)
{
  GtkWindow *window = find_window (self, FLINT_TYPE_HEADLINES_WINDOW);

  if (window == NULL)
    window = flint_headlines_window_new (self);

  if (headline != NULL)
    flint_headlines_window_select (FLINT_HEADLINES_WINDOW (window), headline);

  return present (window);
}

GtkWindow *
flint_application_show_letter (FlintApplication *self,
                               FlintLetter      *letter)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    {
      if (FLINT_IS_LETTER_WINDOW (l->data) && flint_letter_window_get_letter (l->data) == letter)
        return present (l->data);
    }

  return present (flint_letter_window_new (self, letter));
}

/**
 * flint_application_write_letter:
 * @account: (nullable): from whom; %NULL: the default account
 * @to: (nullable): to whom
 */
GtkWindow *
flint_application_write_letter (FlintApplication *self,
                                FlintAccount     *account,
                                XmppJid          *to)
{
  if (account == NULL)
    account = flint_application_get_default_account (self);

  if (account == NULL)
    return flint_application_show_login (self, NULL);

  return present (flint_letter_window_new_to (self, account, to));
}

GtkWindow *
flint_application_show_console (FlintApplication *self)
{
  GtkWindow *window = find_window (self, FLINT_TYPE_CONSOLE_WINDOW);

  if (window == NULL)
    window = flint_console_window_new (self);

  return present (window);
}

/**
 * flint_application_show_preferences:
 * @page: (nullable): the page to open at
 */
GtkWindow *
flint_application_show_preferences (FlintApplication *self,
                                    const char       *page)
{
  GtkWindow *window = find_window (self, FLINT_TYPE_PREFERENCES_WINDOW);

  if (window == NULL)
    window = flint_preferences_window_new (self, gtk_application_get_active_window (GTK_APPLICATION (self)));

  if (page != NULL)
    flint_preferences_window_show_page (FLINT_PREFERENCES_WINDOW (window), page);

  return present (window);
}

GtkWindow *
flint_application_add_contact (FlintApplication *self,
                               FlintAccount     *account,
                               XmppJid          *jid,
                               const char       *group)
{
  if (account == NULL)
    account = flint_application_get_default_account (self);

  if (account == NULL)
    return flint_application_show_login (self, NULL);

  return present (flint_add_contact_dialog_new (self, gtk_application_get_active_window (GTK_APPLICATION (self)),
                                                account, jid, group));
}

GtkWindow *
flint_application_join_room (FlintApplication *self,
                             FlintAccount     *account,
                             XmppJid          *jid,
                             const char       *password)
{
  if (account == NULL)
    account = flint_application_get_default_account (self);

  if (account == NULL)
    return flint_application_show_login (self, NULL);

  return present (flint_join_room_dialog_new (self, gtk_application_get_active_window (GTK_APPLICATION (self)),
                                              account, jid, password));
}

static gboolean
shows_toasts (GtkWindow *window)
{
  return (FLINT_IS_CHAT_WINDOW (window) || FLINT_IS_MAIN_WINDOW (window)) && gtk_widget_get_visible (GTK_WIDGET (window));
}

/* Where the person is: the window that had the keyboard last, or the one that a dialog belongs to */
static GtkWindow *
find_toast_window (FlintApplication *self)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    {
      for (GtkWindow *window = l->data; window != NULL; window = gtk_window_get_transient_for (window))
        {
          if (shows_toasts (window))
            return window;
        }
    }

  return NULL;
}

/**
 * flint_application_toast:
 * @text: a sentence
 *
 * Says in passing what happened: in the window with chats or in the main window, wherever the person is.
 */
void
flint_application_toast (FlintApplication *self,
                         const char       *text)
{
  GtkWindow *window = find_toast_window (self);

  if (FLINT_IS_CHAT_WINDOW (window))
    flint_chat_window_toast (FLINT_CHAT_WINDOW (window), text);
  else if (window != NULL)
    flint_main_window_toast (FLINT_MAIN_WINDOW (window), text);
}
