/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "main-test.h"

#include <string.h>

#include "app-input.h"
#include "flint-main-window.h"
#include "flint-tree-list-row.h"

#include <glib/gi18n.h>
#include <gtksourceview/gtksource.h>
#include <locale.h>

#define OTHER_ROSTER                                                                                     \
  "<query xmlns='jabber:iq:roster'>"                                                                     \
    "<item jid='zoe@peer.test' name='Zoe' subscription='both'><group>Friends</group></item>"             \
  "</query>"

typedef struct
{
  MainTest       test;
  MainTestStart  start;
  MainTestFunc   body;
} Run;

/* Settings are those of a first start */
void
main_test_reset (void)
{
  g_autoptr(GSettings) settings = g_settings_new (FLINT_APP_ID);
  g_autoptr(GSettingsSchema) schema = NULL;
  g_auto(GStrv) keys = NULL;
  g_autofree char *config = g_build_filename (g_get_user_config_dir (), "flint", NULL);
  g_autofree char *data = g_build_filename (g_get_user_data_dir (), "flint", NULL);

  g_object_get (settings, "settings-schema", &schema, NULL);
  keys = g_settings_schema_list_keys (schema);
  for (guint i = 0; keys[i] != NULL; i++)
    g_settings_reset (settings, keys[i]);

  test_directory_remove (config);
  test_directory_remove (data);
}

/* An account that the program makes itself is led to the fake server */
static void
on_accounts_changed (GListModel *accounts,
                     guint       position,
                     guint       removed,
                     guint       added,
                     MainTest   *test)
{
  g_autoptr(XmppConnector) connector = NULL;
  g_autoptr(GTlsDatabase) database = NULL;

  if (added == 0 || test->login == NULL)
    return;

  g_object_get (test->login->server->session, "connector", &connector, "tls-database", &database, NULL);
  g_clear_object (&test->login->account);
  test->login->account = g_list_model_get_item (accounts, position);
  g_object_set (test->login->account, "connector", connector, NULL);
  flint_account_set_tls_database (test->login->account, database);
}

FakeServer *
main_test_serve (MainTest   *test,
                 const char *address)
{
  GListModel *accounts = G_LIST_MODEL (flint_core_get_accounts (test->core));

  g_assert_null (test->login);
  test->login = g_new0 (TestAccount, 1);
  test->login->core = test->core;
  test->login->server = fake_server_new (address);
  g_signal_connect (accounts, "items-changed", G_CALLBACK (on_accounts_changed), test);

  return test->login->server;
}

static void
end_account (TestAccount *account)
{
  if (account != NULL && account->server->fd >= 0)
    fake_server_reset (account->server);
}

/* As test_account_new () makes it, but with the same id in each run: it is what settings know an account by */
static TestAccount *
new_account (FlintCore  *core,
             const char *address)
{
  TestAccount *account = g_new0 (TestAccount, 1);
  g_autoptr(XmppConnector) connector = NULL;
  g_autoptr(GTlsDatabase) database = NULL;
  g_autofree char *id = g_strconcat ("id-of-", address, NULL);

  account->core = core;
  account->server = fake_server_new (address);
  g_object_get (account->server->session, "connector", &connector, "tls-database", &database, NULL);
  account->account = g_object_new (FLINT_TYPE_ACCOUNT,
                                   "id", id,
                                   "clock", account->server->clock,
                                   "connector", connector,
                                   "address", address,
                                   "resource", "r1",
                                   "is-transient", TRUE,
                                   "auto-login", FALSE,
                                   NULL);
  flint_account_set_tls_database (account->account, database);
  flint_account_set_password (account->account, FAKE_PASSWORD);
  flint_account_list_add (flint_core_get_accounts (core), account->account);

  return account;
}

/* The program ends as it does for a person who closes its windows. */
static void
close_windows (MainTest *test)
{
  GListModel *windows = gtk_window_get_toplevels ();

  app_point_away ();
  end_account (test->me);
  end_account (test->other);
  end_account (test->login);

  while (g_list_model_get_n_items (windows) > 0)
    {
      g_autoptr(GtkWindow) window = g_list_model_get_item (windows, g_list_model_get_n_items (windows) - 1);

      gtk_window_destroy (window);
    }
}

static gboolean
on_idle (gpointer user_data)
{
  Run *run = user_data;

  if (run->start >= MAIN_TEST_ONLINE)
    test_account_login (run->test.me, TEST_ROSTER);
  if (run->start >= MAIN_TEST_TWO)
    test_account_login (run->test.other, OTHER_ROSTER);

  run->body (&run->test);
  close_windows (&run->test);

  return G_SOURCE_REMOVE;
}

static void
on_startup (GApplication *application,
            Run          *run)
{
  static const char * const notifications[] = { "notify-chats", "notify-mentions", "notify-headlines", "notify-requests" };

  run->test.core = flint_application_get_core (run->test.application);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);

  /* nobody shows them here */
  for (guint i = 0; i < G_N_ELEMENTS (notifications); i++)
    g_settings_set_boolean (flint_application_get_settings (run->test.application), notifications[i], FALSE);

  if (run->start >= MAIN_TEST_UNIQUE)
    run->test.me = new_account (run->test.core, ME);
  if (run->start >= MAIN_TEST_TWO)
    run->test.other = new_account (run->test.core, "too@other.test");

  g_idle_add (on_idle, run);
}

static void
free_login (TestAccount *login)
{
  if (login == NULL)
    return;

  if (login->account != NULL)
    {
      test_account_free (login);
      return;
    }

  fake_server_free (login->server);
  g_free (login);
}

static void
damage_accounts (void)
{
  g_autofree char *directory = g_build_filename (g_get_user_config_dir (), "flint", NULL);
  g_autofree char *path = g_build_filename (directory, "accounts.ini", NULL);

  g_mkdir_with_parents (directory, 0700);
  g_assert_true (g_file_set_contents (path, "this is no file of accounts\n", -1, NULL));
}

/* Where the file is to be there is a folder, with something in it */
static void
take_disk (void)
{
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "flint", "history.db", "x", NULL);

  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
}

void
main_test_run (MainTestStart start,
               MainTestFunc  body)
{
  Run run = { .start = start, .body = body };
  char *arguments[] = { (char *) "flint", NULL };
  int status;

  run.test.application = flint_application_new ();
  if (start != MAIN_TEST_UNIQUE)
    g_application_set_flags (G_APPLICATION (run.test.application), G_APPLICATION_HANDLES_OPEN | G_APPLICATION_NON_UNIQUE);
  if (start == MAIN_TEST_DAMAGED)
    damage_accounts ();
  if (start == MAIN_TEST_NO_DISK)
    take_disk ();
  g_signal_connect_after (run.test.application, "startup", G_CALLBACK (on_startup), &run);
  status = g_application_run (G_APPLICATION (run.test.application), 1, arguments);
  g_assert_cmpint (status, ==, 0);

  g_object_add_weak_pointer (G_OBJECT (run.test.application), (gpointer *) &run.test.application);
  g_object_unref (run.test.application);
  fake_server_wait_until (run.test.application == NULL);

  g_clear_pointer (&run.test.me, test_account_free);
  g_clear_pointer (&run.test.other, test_account_free);
  free_login (run.test.login);
}

typedef struct
{
  MainTestStart  start;
  MainTestFunc   body;
} Registered;

/* A tooltip that is about to show when its window goes: GTK 4.8 asks the window where the pointer is, and what is
 * under it */
static gboolean
is_of_a_tooltip (const char *message)
{
  return strstr (message, "gdk_surface_get_device_position") != NULL || strstr (message, "_gtk_widget_find_at_coords") != NULL;
}

static gboolean
is_fatal (const char     *domain,
          GLogLevelFlags  level,
          const char     *message,
          gpointer        user_data)
{
  return !is_of_a_tooltip (message);
}

static void
on_log (const char     *domain,
        GLogLevelFlags  level,
        const char     *message,
        gpointer        user_data)
{
  if (!is_of_a_tooltip (message))
    g_log_default_handler (domain, level, message, user_data);
}

static void
run_registered (gconstpointer data)
{
  const Registered *registered = data;

  /* each test begins without */
  g_test_log_set_fatal_handler (is_fatal, NULL);
  main_test_reset ();
  main_test_run (registered->start, registered->body);
}

void
main_test_add (const char    *path,
               MainTestStart  start,
               MainTestFunc   body)
{
  Registered *registered = g_new (Registered, 1);

  *registered = (Registered) { start, body };
  g_test_add_data_func_full (path, registered, run_registered, g_free);
}

int
main_test_main (int    argc,
                char  *argv[],
                void (*add_tests) (void))
{
  const char *locale_dir = g_getenv ("FLINT_LOCALEDIR");
  g_autofree char *keyring = g_build_filename (g_get_home_dir (), "test.keyring", NULL);
  int status;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locale_dir != NULL ? locale_dir : FLINT_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_test_init (&argc, &argv, NULL);
  g_log_set_handler ("Gdk", G_LOG_LEVEL_CRITICAL | G_LOG_FLAG_FATAL, on_log, NULL);
  g_log_set_handler ("Gtk", G_LOG_LEVEL_CRITICAL | G_LOG_FLAG_FATAL, on_log, NULL);

  /* passwords go to a file of the test's own */
  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", keyring, TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "test", TRUE);

  gtk_source_init ();
  add_tests ();
  status = g_test_run ();
  gtk_source_finalize ();

  return status;
}

GtkWindow *
main_test_main_window (MainTest *test)
{
  GtkWindow *window = app_find_window (FLINT_TYPE_MAIN_WINDOW);

  g_assert_nonnull (window);

  return window;
}

GtkWidget *
main_test_list (MainTest *test)
{
  return app_find (app_find (main_test_main_window (test), "contact_view"), "list");
}

static guint
find_row (MainTest      *test,
          FlintTreeKind  kind,
          const char    *text)
{
  GListModel *tree = G_LIST_MODEL (flint_core_get_tree (test->core));

  for (guint i = 0; i < g_list_model_get_n_items (tree); i++)
    {
      g_autoptr(FlintTreeRow) row = g_list_model_get_item (tree, i);

      if (flint_tree_row_get_kind (row) == kind &&
          g_strcmp0 (kind == FLINT_TREE_CONTACT
                       ? xmpp_jid_get_text (flint_contact_get_jid (flint_tree_row_get_contact (row)))
                       : flint_tree_row_get_group (row), text) == 0)
        return i;
    }

  return GTK_INVALID_LIST_POSITION;
}

guint
main_test_find_contact (MainTest   *test,
                        const char *address)
{
  return find_row (test, FLINT_TREE_CONTACT, address);
}

guint
main_test_find_group (MainTest   *test,
                      const char *path)
{
  return find_row (test, FLINT_TREE_GROUP, path);
}

void
main_test_select (MainTest *test,
                  guint     position)
{
  GtkWidget *list = main_test_list (test);

  g_assert_cmpuint (position, !=, GTK_INVALID_LIST_POSITION);
  g_assert_true (app_focus (main_test_main_window (test)));
  g_assert_true (gtk_widget_activate_action (list, "list.scroll-to-item", "u", position));
  app_settle (main_test_main_window (test));
  gtk_selection_model_select_item (gtk_list_view_get_model (GTK_LIST_VIEW (list)), position, TRUE);
  gtk_widget_grab_focus (gtk_widget_get_parent (main_test_get_row (test, position)));
}

GtkWidget *
main_test_get_row (MainTest *test,
                   guint     position)
{
  g_autoptr(FlintTreeRow) wanted = g_list_model_get_item (G_LIST_MODEL (flint_core_get_tree (test->core)), position);

  for (GtkWidget *row = gtk_widget_get_first_child (main_test_list (test)); row != NULL; row = gtk_widget_get_next_sibling (row))
    {
      GtkWidget *child = gtk_widget_get_first_child (row);

      if (FLINT_IS_TREE_LIST_ROW (child) && wanted != NULL &&
          flint_tree_list_row_get_row (FLINT_TREE_LIST_ROW (child)) == wanted)
        return child;
    }

  return NULL;
}

void
main_test_assert_name (gpointer    widget,
                       const char *name)
{
  g_autofree char *other = gtk_test_accessible_check_property (widget, GTK_ACCESSIBLE_PROPERTY_LABEL, name);

  if (other != NULL)
    g_error ("A screen reader would say %s, not “%s”", other, name);
}

void
main_test_shoot (gpointer    native,
                 const char *name)
{
  const char *directory = g_getenv ("FLINT_TEST_PICTURES");
  g_autofree char *file = g_strconcat (name, ".png", NULL);
  g_autofree char *path = directory != NULL ? g_build_filename (directory, file, NULL) : NULL;
  g_autoptr(GError) error = NULL;

  if (path == NULL)
    return;

  app_take_picture (native, path, &error);
  g_assert_no_error (error);
}
