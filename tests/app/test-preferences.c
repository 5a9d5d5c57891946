/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "main-test.h"

#include "app-input.h"
#include "flint-account-page.h"
#include "flint-contact-row.h"
#include "flint-login-window.h"
#include "flint-preferences-window.h"

static GtkWidget *
open_page (MainTest   *test,
           const char *name)
{
  GtkWidget *window = GTK_WIDGET (flint_application_show_preferences (test->application, name));

  app_settle (window);

  return window;
}

static void
test_pages (MainTest *test)
{
  static const char * const pages[] = { "accounts", "appearance", "chats", "alerts", "privacy", "advanced" };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      GtkWidget *window = open_page (test, pages[i]);
      g_autofree char *picture = g_strconcat ("preferences-", pages[i], NULL);
      g_autofree char *nameless = app_find_nameless (window);

      g_assert_cmpstr (nameless, ==, NULL);
      main_test_shoot (window, picture);
    }
}

static void
test_settings (MainTest *test)
{
  GSettings *settings = flint_application_get_settings (test->application);
  GtkWidget *window = open_page (test, "appearance");
  GtkWidget *list = main_test_list (test);

  adw_combo_row_set_selected (ADW_COMBO_ROW (app_find (window, "density_row")), FLINT_DENSITY_COMPACT);
  g_assert_true (gtk_widget_has_css_class (list, "compact"));
  gtk_switch_set_active (GTK_SWITCH (app_find (window, "show_offline_switch")), TRUE);
  main_test_wait (main_test_find_contact (test, BOB) != GTK_INVALID_LIST_POSITION);
  adw_combo_row_set_selected (ADW_COMBO_ROW (app_find (window, "color_row")), 2);
  g_assert_true (adw_style_manager_get_dark (adw_style_manager_get_default ()));
  app_settle (main_test_main_window (test));
  main_test_shoot (main_test_main_window (test), "contacts-compact-dark");
  g_settings_set_string (settings, "color-scheme", "light");
  adw_combo_row_set_selected (ADW_COMBO_ROW (app_find (window, "density_row")), FLINT_DENSITY_COMFORTABLE);
  app_settle (main_test_main_window (test));
  main_test_shoot (main_test_main_window (test), "contacts-comfortable");
  g_settings_reset (settings, "color-scheme");
}

/* An account has a page, on which it is marked while it is not encrypted; and it is removed only when asked */
static void
test_account (MainTest *test)
{
  GtkWidget *window = open_page (test, "accounts");
  GtkWidget *page;
  g_autofree char *nameless = NULL;

  g_object_set (test->me->account, "security", XMPP_SECURITY_DISABLED, NULL);
  g_assert_true (app_is_shown (app_find_class (app_find (window, "accounts_group"), "error")));
  main_test_shoot (window, "preferences-insecure");
  g_signal_emit_by_name (app_find_type (app_find (window, "accounts_group"), ADW_TYPE_ACTION_ROW), "activated");
  app_settle (window);
  page = app_find_type (window, FLINT_TYPE_ACCOUNT_PAGE);
  g_assert_true (app_is_shown (app_find (page, "insecure_row")));
  nameless = app_find_nameless (window);
  g_assert_cmpstr (nameless, ==, NULL);
  main_test_shoot (window, "account-page");

  app_click (gtk_widget_get_ancestor (app_find_text (page, "Remove this account"), GTK_TYPE_BUTTON));
  main_test_wait (app_find_window (ADW_TYPE_MESSAGE_DIALOG) != NULL);
  g_assert_true (app_focus (app_find_window (ADW_TYPE_MESSAGE_DIALOG)));
  app_key (app_find_window (ADW_TYPE_MESSAGE_DIALOG), "Escape");
  main_test_wait (app_find_window (ADW_TYPE_MESSAGE_DIALOG) == NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (flint_core_get_accounts (test->core))), ==, 1);

  app_click (gtk_widget_get_ancestor (app_find_text (page, "Remove this account"), GTK_TYPE_BUTTON));
  main_test_wait (app_find_window (ADW_TYPE_MESSAGE_DIALOG) != NULL);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (app_find_window (ADW_TYPE_MESSAGE_DIALOG)), "remove");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (flint_core_get_accounts (test->core))), ==, 0);
}

/* To look at the login of an account does not end it */
static void
test_login_again (MainTest *test)
{
  flint_application_show_login (test->application, test->me->account);
  g_assert_nonnull (app_find_window (FLINT_TYPE_LOGIN_WINDOW));
  app_settle (app_find_window (FLINT_TYPE_LOGIN_WINDOW));
  g_assert_true (flint_account_is_online (test->me->account));
  gtk_window_close (app_find_window (FLINT_TYPE_LOGIN_WINDOW));
  main_test_wait (app_find_window (FLINT_TYPE_LOGIN_WINDOW) == NULL);
  g_assert_true (flint_account_is_online (test->me->account));
}

static void
add_tests (void)
{
  main_test_add ("/app/preferences/each-page-has-names", MAIN_TEST_ONLINE, test_pages);
  main_test_add ("/app/preferences/what-is-set-is-seen-at-once", MAIN_TEST_ONLINE, test_settings);
  main_test_add ("/app/preferences/S35-an-account-is-marked-and-removed-when-asked", MAIN_TEST_ONLINE, test_account);
  main_test_add ("/app/preferences/looking-at-a-login-does-not-end-it", MAIN_TEST_ONLINE, test_login_again);
}

int
main (int   argc,
      char *argv[])
{
  return main_test_main (argc, argv, add_tests);
}
