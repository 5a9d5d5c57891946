/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-application-private.h"

#include "flint-about.h"
#include "flint-add-group-dialog.h"
#include "flint-closed-chats.h"
#include "flint-main-window.h"
#include "flint-new-chat-dialog.h"
#include "flint-recent-dialog.h"
#include "flint-status-editor.h"

#include <glib/gi18n.h>

static void
on_new_chat (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  flint_new_chat_dialog_present (user_data);
}

static void
on_new_message (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  flint_application_write_letter (user_data, NULL, NULL);
}

static void
on_add_contact (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  flint_application_add_contact (user_data, NULL, NULL, NULL);
}

static void
on_add_group (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  flint_add_group_dialog_present (user_data, NULL, NULL);
}

static void
on_join_room (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  flint_application_join_room (user_data, NULL, NULL, NULL);
}

static void
on_preferences (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  flint_application_show_preferences (user_data, NULL);
}

static void
on_accounts (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  flint_application_show_preferences (user_data, "accounts");
}

static void
on_console (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  flint_application_show_console (user_data);
}

static void
on_headlines (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  flint_application_show_headlines (user_data, NULL);
}

static void
on_main_window (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  flint_main_window_show_list (FLINT_MAIN_WINDOW (flint_application_show_main (user_data)));
}

static void
on_page (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  GtkWindow *window = flint_application_show_main (user_data);

  flint_main_window_show_page (FLINT_MAIN_WINDOW (window), g_variant_get_string (parameter, NULL));
}

static void
on_login (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  flint_application_show_login (user_data, NULL);
}

static void
on_demo (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  flint_application_start_demo (user_data);
}

/* Made when somebody asks: GTK would make one with every window if it found it where it looks */
static void
on_shortcuts (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  GtkWindow *window = gtk_application_get_active_window (user_data);

  if (!GTK_IS_APPLICATION_WINDOW (window))
    return;

  if (gtk_application_window_get_help_overlay (GTK_APPLICATION_WINDOW (window)) == NULL)
    {
      g_autoptr(GtkBuilder) builder = gtk_builder_new_from_resource ("/org/flint/Flint/ui/help-overlay.ui");

      gtk_application_window_set_help_overlay (GTK_APPLICATION_WINDOW (window),
                                               GTK_SHORTCUTS_WINDOW (gtk_builder_get_object (builder, "help_overlay")));
    }

  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-help-overlay", NULL);
}

static void
on_about (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  flint_about_present (user_data);
}

static void
on_edit_statuses (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  flint_status_editor_present (user_data);
}

static void
on_open_uri (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  flint_application_open_uri (user_data, g_variant_get_string (parameter, NULL));
}

static void
on_quit (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  flint_application_leave (user_data);
}

static void
on_sign_out (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  FlintApplication *self = user_data;
  GListModel *accounts = G_LIST_MODEL (flint_core_get_accounts (flint_application_get_core (self)));

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(FlintAccount) account = g_list_model_get_item (accounts, i);

      flint_account_disconnect (account);
    }

  flint_application_show_login (self, NULL);
}

/* Notifications and rows name things by account id and address: see flint-notifier.c. */
static FlintConversation *
find_conversation (FlintApplication *self,
                   GVariant         *parameter)
{
  FlintCore *core = flint_application_get_core (self);
  g_autoptr(XmppJid) jid = NULL;
  FlintAccount *account;
  const char *id;
  const char *text;

  g_variant_get_child (parameter, 0, "&s", &id);
  g_variant_get_child (parameter, 1, "&s", &text);

  account = flint_account_list_find (flint_core_get_accounts (core), id);
  jid = xmpp_jid_new_received (text);
  if (account == NULL || jid == NULL)
    return NULL;

  return flint_core_find_conversation (core, account, jid);
}

static void
on_open_conversation (GSimpleAction *action,
                      GVariant      *parameter,
                      gpointer       user_data)
{
  FlintConversation *conversation = find_conversation (user_data, parameter);

  if (conversation != NULL)
    flint_application_show_conversation (user_data, conversation);
}

static void
on_mark_read (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  FlintConversation *conversation = find_conversation (user_data, parameter);

  if (conversation != NULL)
    flint_conversation_mark_read (conversation);
}

static void
on_find (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  gtk_widget_activate_action (GTK_WIDGET (flint_application_show_main (user_data)), "win.find", NULL);
}

static void
on_recent_chats (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  flint_recent_dialog_present (user_data);
}

static void
on_reopen_chat (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  flint_closed_chats_reopen (user_data);
}

void
flint_application_add_actions (FlintApplication *self)
{
  static const GActionEntry entries[] = {
    { "new-chat",          on_new_chat },
    { "new-message",       on_new_message },
    { "add-contact",       on_add_contact },
    { "add-group",         on_add_group },
    { "join-room",         on_join_room },
    { "preferences",       on_preferences },
    { "accounts",          on_accounts },
    { "console",           on_console },
    { "headlines",         on_headlines },
    { "main-window",       on_main_window },
    { "page",              on_page, "s" },
    { "log-in",            on_login },
    { "demo",              on_demo },
    { "about",             on_about },
    { "shortcuts",         on_shortcuts },
    { "edit-statuses",     on_edit_statuses },
    { "open-uri",          on_open_uri, "s" },
    { "open-conversation", on_open_conversation, "(ss)" },
    { "mark-read",         on_mark_read, "(ss)" },
    { "find",              on_find },
    { "recent-chats",      on_recent_chats },
    { "reopen-chat",       on_reopen_chat },
    { "sign-out",          on_sign_out },
    { "quit",              on_quit },
  };

  static const struct
  {
    const char *action;
    const char *keys[3];
  } accels[] = {
    { "app.new-chat",               { "<Control>n" } },
    { "app.new-message",            { "<Control><Shift>n" } },
    { "app.add-contact",            { "<Control><Shift>a" } },
    { "app.join-room",              { "<Control>j" } },
    { "app.preferences",            { "<Control>comma" } },
    { "app.console",                { "F12", "<Control><Shift>x" } },
    { "app.page::contacts",         { "<Control>1" } },
    { "app.page::rooms",            { "<Control>2" } },
    { "app.page::headlines",        { "<Control>3" } },
    { "app.reopen-chat",            { "<Control><Shift>t" } },
    { "app.quit",                   { "<Control>q" } },
    { "app.shortcuts",              { "<Control>question", "<Control>F1" } },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);

  for (guint i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accels[i].action, accels[i].keys);
}
