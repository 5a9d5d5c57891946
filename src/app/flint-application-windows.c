/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The windows: whoever wants one opened asks here, and gets the one that is open, or a new one */
#include "flint-config.h"

#include "flint-application.h"

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
  GtkWindow *window = NULL;

  /* the window that has it already, else the one that was used last */
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

      if (window == NULL)
        window = l->data;
    }

  if (window == NULL)
    window = flint_chat_window_new (self);

  flint_chat_pane_open (flint_chat_pane_find (window), conversation);

  return present (window);
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
