/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "main-test.h"

#include "app-input.h"
#include "flint-add-contact-dialog.h"
#include "flint-chat-window.h"
#include "flint-console-window.h"
#include "flint-join-room-dialog.h"
#include "flint-login-window.h"
#include "flint-main-window.h"
#include "xmpp-csi.h"
#include "flint-preferences-window.h"

#include <glib/gstdio.h>

static void
follow (MainTest   *test,
        const char *link)
{
  g_action_group_activate_action (G_ACTION_GROUP (test->application), "open-uri", g_variant_new_string (link));
}

static GtkWindow *
get_dialog (void)
{
  return app_find_window (ADW_TYPE_MESSAGE_DIALOG);
}

/* Links */

static void
test_link_chat (MainTest *test)
{
  FlintConversation *conversation;

  follow (test, "xmpp:bob@peer.test?message;body=hello%20Bob");
  main_test_wait (app_find_window (FLINT_TYPE_CHAT_WINDOW) != NULL);
  conversation = test_account_find (test->me, BOB);
  g_assert_cmpstr (flint_conversation_get_draft (conversation), ==, "hello Bob");
  g_assert_cmpuint (test_conversation_count (conversation), ==, 0);
  fake_server_no_more (test->me->server);
}

static void
test_link_others (MainTest *test)
{
  GtkWindow *dialog;

  follow (test, "xmpp:eve@evil.test?roster;group=Friends");
  main_test_wait ((dialog = app_find_window (FLINT_TYPE_ADD_CONTACT_DIALOG)) != NULL);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (app_find (dialog, "address_row"))), ==, EVE);
  gtk_window_destroy (dialog);

  follow (test, "xmpp:room@muc.test?join");
  main_test_wait ((dialog = app_find_window (FLINT_TYPE_JOIN_ROOM_DIALOG)) != NULL);
  gtk_window_destroy (dialog);
}

static void
test_link_hostile (MainTest *test)
{
  follow (test, "xmpp:@@@?message;body=x");
  main_test_wait (get_dialog () != NULL);
  g_assert_nonnull (app_find_text (get_dialog (), "This link cannot be opened"));
  gtk_window_destroy (get_dialog ());

  follow (test, "xmpp:bob@peer.test?remove");
  main_test_wait (get_dialog () != NULL);
  g_assert_nonnull (app_find_text (get_dialog (), "Flint does not know what this link asks for"));
  g_assert_nonnull (app_find_text (get_dialog (), BOB));
  g_assert_cmpuint (app_count_windows (FLINT_TYPE_CHAT_WINDOW), ==, 0);
  fake_server_no_more (test->me->server);
}

/* A link that comes before there is an account is not lost */
static void
test_link_waits (MainTest *test)
{
  GtkWindow *login = app_find_window (FLINT_TYPE_LOGIN_WINDOW);

  main_test_serve (test, ME);
  follow (test, "xmpp:bob@peer.test?message;body=later");
  app_fill (app_find (login, "address_row"), ME);
  app_fill (app_find (login, "password_row"), FAKE_PASSWORD);
  app_act (login, "login.connect");
  test_account_accept (test->login, TEST_ROSTER);
  main_test_wait (app_find_window (FLINT_TYPE_CHAT_WINDOW) != NULL);
  g_assert_cmpstr (flint_conversation_get_draft (test_account_find (test->login, BOB)), ==, "later");
}

static void
on_ended (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  g_subprocess_wait_check_finish (G_SUBPROCESS (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

/* Started again, with a link, it is the one that runs that opens it */
static void
test_single (MainTest *test)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) second = NULL;
  gboolean has_ended = FALSE;

  test_account_login (test->me, TEST_ROSTER);
  second = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, g_getenv ("FLINT_PROGRAM"), "xmpp:bob@peer.test?message;body=again", NULL);
  g_assert_no_error (error);
  g_subprocess_wait_check_async (second, NULL, on_ended, &has_ended);
  main_test_wait (has_ended && app_find_window (FLINT_TYPE_CHAT_WINDOW) != NULL);
  g_assert_cmpuint (app_count_windows (FLINT_TYPE_MAIN_WINDOW), ==, 1);
  g_assert_cmpstr (flint_conversation_get_draft (test_account_find (test->me, BOB)), ==, "again");
}

/* Windows */

static void
test_keys (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);

  g_assert_true (app_focus (window));
  app_key (window, "<Control>3");
  g_assert_cmpstr (adw_view_stack_get_visible_child_name (ADW_VIEW_STACK (app_find (window, "view_stack"))), ==, "headlines");

  app_key (window, "<Control>question");
  main_test_wait (app_find_window (GTK_TYPE_SHORTCUTS_WINDOW) != NULL);
  app_settle (app_find_window (GTK_TYPE_SHORTCUTS_WINDOW));
  g_assert_nonnull (app_find_text (app_find_window (GTK_TYPE_SHORTCUTS_WINDOW), "Debug console"));
  gtk_widget_set_visible (GTK_WIDGET (app_find_window (GTK_TYPE_SHORTCUTS_WINDOW)), FALSE);

  g_assert_true (app_focus (window));
  app_key (window, "F12");
  main_test_wait (app_find_window (FLINT_TYPE_CONSOLE_WINDOW) != NULL);
  gtk_window_destroy (app_find_window (FLINT_TYPE_CONSOLE_WINDOW));
}

static void
test_about (MainTest *test)
{
  GtkWindow *about;

  g_action_group_activate_action (G_ACTION_GROUP (test->application), "about", NULL);
  main_test_wait ((about = app_find_window (ADW_TYPE_ABOUT_WINDOW)) != NULL);
  app_settle (about);
  g_assert_nonnull (app_find_text (about, FLINT_VERSION));
  main_test_shoot (about, "about");
}

/* Files */

static void
test_damaged (MainTest *test)
{
  main_test_wait (get_dialog () != NULL);
  g_assert_nonnull (app_find_text (get_dialog (), "The file of accounts is damaged."));
  main_test_shoot (get_dialog (), "damaged");
}

/* F30: what is said is not kept now: that is said in the window for as long as it is so, and chats go on */
static void
test_no_history (MainTest *test)
{
  GtkWidget *main_window = GTK_WIDGET (app_find_window (FLINT_TYPE_MAIN_WINDOW));
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "flint", "history.db", NULL);
  GtkWidget *label;

  main_test_wait (app_find_text (main_window, "What is said cannot be written to the disk") != NULL);
  label = app_find_text (main_window, "What is said cannot be written to the disk");
  g_assert_true (app_is_shown (label));
  main_test_shoot (GTK_WINDOW (main_window), "no-history");

  test_directory_remove (path);
  main_test_wait (!app_is_shown (label));
}

static void
tell_lock (gboolean is_locked)
{
  GDBusConnection *bus = g_application_get_dbus_connection (g_application_get_default ());

  g_assert_true (g_dbus_connection_emit_signal (bus, NULL, "/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver",
                                                "ActiveChanged", g_variant_new ("(b)", is_locked), NULL));
}

static gboolean
is_attended (MainTest *test)
{
  gboolean attended;

  g_object_get (test->core, "is-attended", &attended, NULL);
  g_assert_true (xmpp_csi_is_active (flint_account_get_module (test->me->account, XMPP_TYPE_CSI)) == attended);

  return attended;
}

/* A locked screen, and a program without a window, are nobody's attention: servers may keep back what nobody sees */
static void
test_attention (MainTest *test)
{
  GtkWindow *window = app_find_window (FLINT_TYPE_MAIN_WINDOW);

  main_test_wait (is_attended (test));
  tell_lock (TRUE);
  main_test_wait (!is_attended (test));
  tell_lock (FALSE);
  main_test_wait (is_attended (test));

  gtk_widget_set_visible (GTK_WIDGET (window), FALSE);
  main_test_wait (!is_attended (test));
  gtk_window_present (window);
  main_test_wait (is_attended (test));
}

/* Nowhere to write: it is said, and goes on */
static void
test_not_saved (MainTest *test)
{
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "flint", "accounts.ini", NULL);

  g_remove (path);
  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  flint_account_list_save (flint_core_get_accounts (test->core));
  main_test_wait (get_dialog () != NULL);
  g_assert_nonnull (app_find_text (get_dialog (), "The accounts could not be saved"));
  g_assert_true (flint_account_is_online (test->me->account));
  main_test_shoot (get_dialog (), "not-saved");
}

static void
add_tests (void)
{
  main_test_add ("/app/application/T066-a-link-opens-a-chat-and-sends-nothing", MAIN_TEST_ONLINE, test_link_chat);
  main_test_add ("/app/application/T066-links-to-add-and-to-join-ask-first", MAIN_TEST_ONLINE, test_link_others);
  main_test_add ("/app/application/T066-other-links-do-nothing", MAIN_TEST_ONLINE, test_link_hostile);
  main_test_add ("/app/application/a-link-waits-for-the-first-account", MAIN_TEST_EMPTY, test_link_waits);
  main_test_add ("/app/application/started-twice-it-is-one", MAIN_TEST_UNIQUE, test_single);
  main_test_add ("/app/application/keys-open-windows", MAIN_TEST_ONLINE, test_keys);
  main_test_add ("/app/application/about-says-the-version", MAIN_TEST_ONLINE, test_about);
  main_test_add ("/app/application/F32-a-damaged-file-of-accounts-is-said-to-be-so", MAIN_TEST_DAMAGED, test_damaged);
  main_test_add ("/app/application/servers-are-told-when-nobody-looks", MAIN_TEST_ONLINE, test_attention);
  main_test_add ("/app/application/F30-no-room-for-the-history-is-said-to-be-so", MAIN_TEST_NO_DISK, test_no_history);
  main_test_add ("/app/application/what-cannot-be-saved-is-said-to-be-so", MAIN_TEST_ONLINE, test_not_saved);
}

int
main (int   argc,
      char *argv[])
{
  return main_test_main (argc, argv, add_tests);
}
