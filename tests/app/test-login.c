/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "main-test.h"

#include "app-input.h"
#include "flint-login-advanced.h"
#include "flint-login-window.h"
#include "flint-main-window.h"
#include "flint-password-store.h"
#include "flint-preferences-window.h"

#include <glib/gstdio.h>
#include <string.h>

static GtkWindow *
get_login (void)
{
  GtkWindow *window = app_find_window (FLINT_TYPE_LOGIN_WINDOW);

  g_assert_nonnull (window);

  return window;
}

/* Of the advanced settings, which are made when somebody unfolds them */
static GtkWidget *
find_advanced (const char *id)
{
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (app_find_type (get_login (), FLINT_TYPE_LOGIN_ADVANCED)), TRUE);

  return app_find (get_login (), id);
}

static gboolean
is_page (const char *name)
{
  GtkWindow *window = app_find_window (FLINT_TYPE_LOGIN_WINDOW);

  return window != NULL && g_str_equal (gtk_stack_get_visible_child_name (GTK_STACK (app_find (window, "login_stack"))), name);
}

static const char *
get_error (void)
{
  GtkWidget *box = app_find (get_login (), "error_box");

  return gtk_widget_get_visible (box) ? gtk_label_get_text (GTK_LABEL (app_find (box, "error_label"))) : NULL;
}

static gboolean
is_marked (const char *row)
{
  return gtk_widget_has_css_class (app_find (get_login (), row), "error");
}

static gboolean
has_dialog (void)
{
  return app_find_window (ADW_TYPE_MESSAGE_DIALOG) != NULL;
}

static void
fill (const char *address,
      const char *password)
{
  app_fill (app_find (get_login (), "address_row"), address);
  app_fill (app_find (get_login (), "password_row"), password);
}

static guint
count_accounts (MainTest *test)
{
  return g_list_model_get_n_items (G_LIST_MODEL (flint_core_get_accounts (test->core)));
}

static gboolean
is_chosen (gpointer    chooser,
           const char *path)
{
  g_autoptr(GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  g_autofree char *own = file != NULL ? g_file_get_path (file) : NULL;

  return g_strcmp0 (own, path) == 0;
}

static void
assert_names (void)
{
  g_autofree char *nameless = NULL;

  app_settle (get_login ());
  nameless = app_find_nameless (get_login ());
  g_assert_cmpstr (nameless, ==, NULL);
}

/* The whole way */

static void
test_first (MainTest *test)
{
  GtkWindow *login = get_login ();

  g_assert_null (app_find_window (FLINT_TYPE_MAIN_WINDOW));
  g_assert_true (app_is_shown (app_find (login, "demo_button")));
  g_assert_false (gtk_widget_get_sensitive (app_find (login, "connect_button")));
  assert_names ();
  main_test_shoot (login, "login-first");

  adw_combo_row_set_selected (ADW_COMBO_ROW (find_advanced ("proxy_row")), 2);
  assert_names ();
  gtk_window_set_default_size (login, 420, 1100);
  main_test_shoot (login, "login-advanced");
}

static void
test_keys (MainTest *test)
{
  FakeServer *server = main_test_serve (test, ME);
  GtkWindow *login = get_login ();

  g_assert_true (app_focus (login));
  app_type_keys (login, "me@good.test");
  app_key (login, "Tab");
  app_type_keys (login, "xyzzy");
  app_key (login, "Return");
  main_test_wait (is_page ("connecting"));
  g_assert_nonnull (app_find_text (login, "me@good.test"));
  test_account_await (test->login);
  fake_server_open (server, FAKE_STARTTLS);
  main_test_wait (app_find_text (login, "Found good.test") != NULL);
  fake_server_start_tls (server);
  fake_server_open (server, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));
  main_test_wait (app_find_text (login, "Checking your password…") != NULL);
  g_assert_nonnull (app_find_text (login, "Secure connection (TLS"));
  assert_names ();
  main_test_shoot (login, "login-connecting");
  fake_server_authenticate (server);
  fake_server_open (server, FAKE_BIND);
  fake_server_bind (server);
  main_test_wait (app_find_window (FLINT_TYPE_MAIN_WINDOW) != NULL && app_find_window (FLINT_TYPE_LOGIN_WINDOW) == NULL);
  g_assert_cmpuint (count_accounts (test), ==, 1);
  fake_server_answer (server, "jabber:iq:roster", TEST_ROSTER);
}

static void
on_password (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  char **password = user_data;

  *password = flint_password_lookup_finish (result, NULL);
  if (*password == NULL)
    *password = g_strdup ("");
}

/* (transfer full): "" where none is kept */
static char *
read_password (FlintAccount *account)
{
  char *password = NULL;

  flint_password_lookup_async (flint_account_get_id (account), FALSE, NULL, on_password, &password);
  main_test_wait (password != NULL);

  return password;
}

static gboolean
is_saved (const char *address)
{
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "flint", "accounts.ini", NULL);
  g_autofree char *data = NULL;

  if (!g_file_get_contents (path, &data, NULL, NULL))
    return FALSE;

  g_assert_null (strstr (data, FAKE_PASSWORD));

  return strstr (data, address) != NULL;
}

static gboolean
has_password (FlintAccount *account,
              const char   *wanted)
{
  g_autofree char *password = read_password (account);

  return g_str_equal (password, wanted);
}

static void
test_remember (MainTest *test)
{
  main_test_serve (test, ME);
  fill (ME, FAKE_PASSWORD);
  app_act (get_login (), "login.connect");
  test_account_accept (test->login, TEST_ROSTER);
  main_test_wait (is_saved (ME));
  main_test_wait (has_password (test->login->account, FAKE_PASSWORD));
}

static void
test_forget (MainTest *test)
{
  main_test_serve (test, ME);
  fill (ME, FAKE_PASSWORD);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (app_find (get_login (), "remember_check")), FALSE);
  g_assert_false (gtk_widget_get_sensitive (app_find (get_login (), "auto_login_check")));
  app_act (get_login (), "login.connect");
  test_account_accept (test->login, TEST_ROSTER);
  main_test_wait (app_find_window (FLINT_TYPE_MAIN_WINDOW) != NULL);
  g_assert_false (is_saved (ME));
  g_assert_true (has_password (test->login->account, ""));
}

/* Where there is no keyring, the login works, and it is said that the password was not kept */
static void
test_no_keyring (MainTest *test)
{
  GtkWindow *window;

  g_autofree char *path = g_strdup (g_getenv ("SECRET_FILE_TEST_PATH"));

  g_unsetenv ("SECRET_FILE_TEST_PASSWORD");
  g_setenv ("SECRET_FILE_TEST_PATH", "/nowhere/at/all", TRUE);
  main_test_serve (test, ME);
  fill (ME, FAKE_PASSWORD);
  app_act (get_login (), "login.connect");
  test_account_accept (test->login, TEST_ROSTER);
  main_test_wait ((window = app_find_window (FLINT_TYPE_MAIN_WINDOW)) != NULL);
  main_test_wait (app_find_text (window, "keyring") != NULL);
  main_test_shoot (window, "login-no-keyring");
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "test", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", path, TRUE);
}

static void
test_options (MainTest *test)
{
  GtkWindow *login = get_login ();
  g_autofree char *host = NULL;
  g_autofree char *resource = NULL;
  g_autofree char *proxy = NULL;
  guint port;
  int priority;
  int security;

  main_test_serve (test, ME);
  fill ("me@good.test:5300", FAKE_PASSWORD);
  app_fill (find_advanced ("host_row"), "xmpp.good.test");
  app_fill (find_advanced ("resource_row"), "desk");
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (find_advanced ("priority_spin")), 7);
  adw_combo_row_set_selected (ADW_COMBO_ROW (find_advanced ("security_row")), XMPP_SECURITY_DIRECT_TLS);
  adw_combo_row_set_selected (ADW_COMBO_ROW (find_advanced ("proxy_row")), 2);
  app_fill (find_advanced ("proxy_address_row"), "proxy.good.test:1080");
  gtk_switch_set_active (GTK_SWITCH (find_advanced ("invisible_switch")), TRUE);
  app_act (login, "login.connect");
  main_test_wait (test->login->account != NULL);

  g_object_get (test->login->account, "host", &host, "port", &port, "resource", &resource, "priority", &priority,
                "security", &security, "proxy", &proxy, NULL);
  g_assert_cmpstr (flint_account_get_address (test->login->account), ==, ME);
  g_assert_cmpstr (host, ==, "xmpp.good.test");
  g_assert_cmpuint (port, ==, 5300);
  g_assert_cmpstr (resource, ==, "desk");
  g_assert_cmpint (priority, ==, 7);
  g_assert_cmpint (security, ==, XMPP_SECURITY_DIRECT_TLS);
  g_assert_cmpstr (proxy, ==, "socks5://proxy.good.test:1080");
}

/* Nobody sees who logs in invisible, also when an account that is known is to do so now */
static void
test_invisible (MainTest *test)
{
  GtkWindow *login = flint_application_show_login (test->application, test->me->account);
  const char *sent;

  gtk_switch_set_active (GTK_SWITCH (find_advanced ("invisible_switch")), TRUE);
  app_act (login, "login.connect");
  test->me->server->features = g_strdup ("");
  test_account_await (test->me);
  fake_server_open (test->me->server, FAKE_STARTTLS);
  fake_server_start_tls (test->me->server);
  fake_server_open (test->me->server, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));
  fake_server_authenticate (test->me->server);
  fake_server_open (test->me->server, FAKE_BIND);
  fake_server_bind (test->me->server);
  fake_server_answer (test->me->server, "jabber:iq:roster", TEST_ROSTER);
  fake_server_ping (test->me->server);

  for (guint i = 0; i < test->me->server->received->len; i++)
    {
      sent = g_ptr_array_index (test->me->server->received, i);
      g_assert_false (g_str_has_prefix (sent, "<presence>") || g_str_has_prefix (sent, "<presence/>"));
    }
}

static void
test_anonymous (MainTest *test)
{
  GtkWindow *login = get_login ();

  main_test_serve (test, "good.test");
  gtk_switch_set_active (GTK_SWITCH (find_advanced ("anonymous_switch")), TRUE);
  g_assert_false (gtk_widget_get_visible (app_find (login, "password_row")));
  app_fill (app_find (login, "address_row"), "good.test");
  g_assert_true (gtk_widget_get_sensitive (app_find (login, "connect_button")));
  main_test_shoot (login, "login-anonymous");
  app_act (login, "login.connect");
  test_account_await (test->login);
  fake_server_open (test->login->server, FAKE_STARTTLS);
  fake_server_start_tls (test->login->server);
  fake_server_open (test->login->server, FAKE_MECHANISMS (FAKE_MECHANISM ("ANONYMOUS") FAKE_MECHANISM ("PLAIN")));
  fake_server_expect_contains (test->login->server, "mechanism='ANONYMOUS'");
}

/* A file chosen as a person does it; written into the test's own home */
static void
choose_certificate (const char *path)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  GtkWindow *chooser;

  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (app_find_type (get_login (), FLINT_TYPE_LOGIN_ADVANCED)), TRUE);
  app_settle (get_login ());
  app_click (app_find (get_login (), "choose_certificate_button"));
  main_test_wait ((chooser = app_find_window (GTK_TYPE_FILE_CHOOSER_DIALOG)) != NULL);
  gtk_file_chooser_set_file (GTK_FILE_CHOOSER (chooser), file, NULL);
  main_test_wait (is_chosen (chooser, path));
  gtk_dialog_response (GTK_DIALOG (chooser), GTK_RESPONSE_ACCEPT);
  main_test_wait (app_find_text (app_find (get_login (), "certificate_row"), "me.pem") != NULL);
}

static char *
write_certificate (const char *pem)
{
  char *path = g_build_filename (g_get_home_dir (), "me.pem", NULL);

  g_assert_true (g_file_set_contents_full (path, pem, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));

  return path;
}

/* Plays the server up to its list of mechanisms */
static void
offer (MainTest   *test,
       const char *mechanisms)
{
  FakeServer *server = test->login->server;

  test_account_await (test->login);
  fake_server_open (server, FAKE_STARTTLS);
  fake_server_start_tls (server);
  fake_server_open (server, mechanisms);
}

/* The very first login: no password, nothing in the keyring */
static void
test_by_certificate (MainTest *test)
{
  FakeServer *server = main_test_serve (test, ME);
  g_autofree char *pem = fake_authority_issue (server->authority, "me", FAKE_CERTIFICATE_CLIENT_USAGE);
  g_autofree char *path = write_certificate (pem);
  g_autofree char *kept = NULL;
  GtkWindow *login = get_login ();

  server->asks_client_certificate = TRUE;
  app_fill (app_find (login, "address_row"), ME);
  g_assert_false (gtk_widget_get_sensitive (app_find (login, "connect_button")));
  choose_certificate (path);
  g_assert_true (gtk_widget_get_sensitive (app_find (login, "connect_button")));
  assert_names ();
  gtk_window_set_default_size (login, 420, 700);
  gtk_widget_grab_focus (app_find (login, "choose_certificate_button"));
  main_test_shoot (login, "login-with-certificate");
  gtk_window_set_default_size (login, 360, 700);
  main_test_shoot (login, "login-with-certificate-narrow");

  /* and it can be taken back */
  app_click (app_find (login, "no_certificate_button"));
  g_assert_false (gtk_widget_get_sensitive (app_find (login, "connect_button")));
  choose_certificate (path);

  app_click (app_find (login, "connect_button"));
  offer (test, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN") FAKE_MECHANISM ("EXTERNAL")));
  main_test_wait (app_find_text (login, "Checking your certificate…") != NULL);
  fake_server_expect (server, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>=</auth>");
  fake_server_send (server, "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
  fake_server_open (server, FAKE_BIND);
  fake_server_bind (server);
  main_test_wait (app_find_window (FLINT_TYPE_MAIN_WINDOW) != NULL && app_find_window (FLINT_TYPE_LOGIN_WINDOW) == NULL);
  g_object_get (test->login->account, "client-certificate", &kept, NULL);
  g_assert_cmpstr (kept, ==, path);
  main_test_wait (is_saved (path));
  fake_server_answer (server, "jabber:iq:roster", TEST_ROSTER);
}

/* Each way in which a certificate does not help is said in its own words, beside it */
static void
test_certificate_fails (MainTest *test)
{
  FakeServer *server = main_test_serve (test, ME);
  g_autofree char *pem = fake_authority_issue (server->authority, "me", FAKE_CERTIFICATE_CLIENT_USAGE);
  g_autofree char *other = fake_authority_issue (server->authority, "me", FAKE_CERTIFICATE_CLIENT_USAGE);
  g_autofree char *alone = g_strndup (pem, strstr (pem, "-----BEGIN PRIVATE KEY") - pem);
  g_autofree char *mixed = g_strconcat (alone, strstr (other, "-----BEGIN PRIVATE KEY"), NULL);
  const char *texts[] = { "no certificate", alone, mixed };
  const char *words[] = { "There is no certificate in PEM format", "There is no private key", "does not belong to the certificate" };
  g_autofree char *path = write_certificate (pem);

  server->asks_client_certificate = TRUE;
  app_fill (app_find (get_login (), "address_row"), ME);
  choose_certificate (path);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_free (write_certificate (texts[i]));
      app_act (get_login (), "login.connect");
      main_test_wait (!is_page ("form") || get_error () == NULL);
      main_test_wait (get_error () != NULL);
      g_assert_nonnull (strstr (get_error (), words[i]));
      g_assert_nonnull (strstr (get_error (), "Choose another certificate under Advanced, or type the password."));
      g_assert_true (is_marked ("certificate_row"));
      g_assert_false (is_marked ("password_row"));
      app_settle (get_login ());
      g_assert_nonnull (app_find_text (app_find_type (get_login (), FLINT_TYPE_LOGIN_ADVANCED), words[i]));
    }

  main_test_shoot (get_login (), "login-certificate-not-read");
  g_assert_cmpuint (server->n_connections, ==, 0);
  g_free (write_certificate (pem));

  app_fill (app_find (get_login (), "address_row"), "you@good.test");
  g_assert_null (app_find_text (app_find_type (get_login (), FLINT_TYPE_LOGIN_ADVANCED), words[2]));
  app_fill (app_find (get_login (), "address_row"), ME);

  /* the server does not offer it */
  app_act (get_login (), "login.connect");
  offer (test, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));
  main_test_wait (get_error () != NULL && strstr (get_error (), "does not offer to log in with this client certificate") != NULL);
  g_assert_true (is_marked ("certificate_row"));
  main_test_wait (server->is_eof);
  g_ptr_array_set_size (server->waiting, 0);

  /* or does not take it */
  app_act (get_login (), "login.connect");
  offer (test, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN") FAKE_MECHANISM ("EXTERNAL")));
  fake_server_expect_contains (server, "mechanism='EXTERNAL'");
  fake_server_send (server, "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>");
  main_test_wait (get_error () != NULL && strstr (get_error (), "did not accept the client certificate") != NULL);
  g_assert_true (is_marked ("certificate_row"));
  g_assert_cmpuint (count_accounts (test), ==, 1);
}

/* What goes wrong */

static void
test_failures (MainTest *test)
{
  static const struct
  {
    int         code;
    const char *words;
    const char *row;
  } failures[] = {
    { XMPP_ERROR_NAME_NOT_FOUND,   "There is no server with the name nowhere.test. Check how it is written.", "address_row" },
    { XMPP_ERROR_REFUSED,     "good.test refused the connection on port 5222. Check that the server runs there.", "host_row" },
    { XMPP_ERROR_UNREACHABLE, "good.test cannot be reached on port 5222. Check your network connection.", "address_row" },
    { XMPP_ERROR_PROXY,       "The proxy a.test cannot be reached: no. Check the proxy's address and port.", "proxy_address_row" },
    { XMPP_ERROR_NO_TLS,      "The server does not offer encryption. Nothing was sent to it.", "address_row" },
    { XMPP_ERROR_BIND,        "The server did not let this device in: The name is already in use.", "address_row" },
  };
  FakeServer *server = main_test_serve (test, ME);

  adw_combo_row_set_selected (ADW_COMBO_ROW (find_advanced ("proxy_row")), 2);
  fill (ME, FAKE_PASSWORD);

  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_clear_error (&server->connect_error);
      server->connect_error = g_error_new_literal (XMPP_ERROR, failures[i].code, failures[i].words);
      app_act (get_login (), "login.connect");
      main_test_wait (get_error () != NULL && g_str_has_prefix (get_error (), failures[i].words));
      g_assert_true (is_page ("form"));
      g_assert_true (is_marked (failures[i].row));
      g_assert_true (gtk_widget_get_sensitive (app_find (get_login (), "connect_button")));
    }

  g_assert_nonnull (strstr (get_error (), "Choose another resource"));
  main_test_shoot (get_login (), "login-failed");

  /* what is wrong is not wrong any more once something else is typed */
  app_fill (app_find (get_login (), "address_row"), "me@good.tes");
  g_assert_null (get_error ());
  g_clear_error (&server->connect_error);
}

static void
refuse (MainTest   *test,
        const char *condition)
{
  FakeServer *server = test->login->server;
  g_autofree char *failure = g_strdup_printf ("<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><%s/></failure>", condition);

  test_account_await (test->login);
  fake_server_open (server, FAKE_STARTTLS);
  fake_server_start_tls (server);
  fake_server_open (server, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));
  fake_server_expect_contains (server, "mechanism='PLAIN'");
  fake_server_send (server, failure);
  main_test_wait (get_error () != NULL);
  main_test_wait (server->is_eof);
  g_ptr_array_set_size (server->waiting, 0);
}

static void
test_refused (MainTest *test)
{
  main_test_serve (test, ME);
  fill (ME, "wrong");
  app_act (get_login (), "login.connect");
  refuse (test, "not-authorized");
  g_assert_cmpstr (get_error (), ==, "The password is wrong, or there is no such account on this server. Check both, and try again.");
  g_assert_true (is_marked ("password_row"));
  g_assert_true (gtk_widget_has_focus (GTK_WIDGET (gtk_editable_get_delegate (GTK_EDITABLE (app_find (get_login (), "password_row"))))));
  main_test_shoot (get_login (), "login-wrong-password");

  fill (ME, "other");
  g_assert_null (get_error ());
  app_act (get_login (), "login.connect");
  refuse (test, "account-disabled");
  g_assert_cmpstr (get_error (), ==, "This account is disabled. Ask the administrator of the server.");
  g_assert_true (is_marked ("address_row"));

  /* one account, however often it was tried; and none when it is given up */
  g_assert_cmpuint (count_accounts (test), ==, 1);
  flint_application_show_console (test->application);
  gtk_window_close (get_login ());
  main_test_wait (count_accounts (test) == 0);
  main_test_wait (!is_saved (ME));
}

static void
test_invalid (MainTest *test)
{
  static const struct
  {
    const char *typed;
    const char *words;
  } addresses[] = {
    { "good.test",      "An address has a name before the @, such as juliet@example.org." },
    { "@good.test",     "There is no name before the @. An address looks like name@server." },
    { "me@",            "There is no server name. An address looks like name@server." },
    { "a b@good.test",  "The name before the @ cannot contain spaces." },
    { "a\"b@good.test", "The name before the @ cannot contain “\"”." },
    { "me@go od.test",  "A server name cannot contain spaces. An address looks like name@server." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      fill (addresses[i].typed, FAKE_PASSWORD);
      app_act (get_login (), "login.connect");
      g_assert_cmpstr (get_error (), ==, addresses[i].words);
      g_assert_true (is_marked ("address_row"));
      g_assert_cmpuint (count_accounts (test), ==, 0);
    }
}

/* Who closes the window while it connects wanted nothing of it */
static void
test_close (MainTest *test)
{
  main_test_serve (test, ME);
  fill (ME, FAKE_PASSWORD);
  app_act (get_login (), "login.connect");
  test_account_await (test->login);
  main_test_wait (is_page ("connecting"));
  flint_application_show_console (test->application);
  gtk_window_close (get_login ());
  main_test_wait (count_accounts (test) == 0);
  g_assert_cmpint (flint_account_get_state (test->login->account), ==, FLINT_ACCOUNT_OFFLINE);
}

static void
test_cancel (MainTest *test)
{
  main_test_serve (test, ME);
  fill (ME, FAKE_PASSWORD);
  app_act (get_login (), "login.connect");
  test_account_await (test->login);
  main_test_wait (is_page ("connecting"));
  app_click (app_find (get_login (), "cancel_button"));
  main_test_wait (is_page ("form"));
  g_assert_cmpint (flint_account_get_state (test->login->account), ==, FLINT_ACCOUNT_OFFLINE);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (app_find (get_login (), "address_row"))), ==, ME);
}

/* Certificates */

static GtkWidget *
find_icon_button (GtkWidget  *widget,
                      const char *icon)
{
  if (GTK_IS_BUTTON (widget) && gtk_widget_get_mapped (widget) && g_strcmp0 (gtk_button_get_icon_name (GTK_BUTTON (widget)), icon) == 0)
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_icon_button (child, icon);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static void
test_certificate (MainTest *test)
{
  FakeAuthority *authority = fake_authority_new ();
  g_autoptr(GTlsDatabase) database = fake_authority_get_database (authority);
  FakeServer *server = main_test_serve (test, ME);
  g_auto(GStrv) pins = NULL;
  GtkWidget *preferences;
  GtkWidget *forget;

  fill (ME, FAKE_PASSWORD);
  app_act (get_login (), "login.connect");
  flint_account_set_tls_database (test->login->account, database);
  flint_account_disconnect (test->login->account);
  main_test_wait (is_page ("form"));

  app_act (get_login (), "login.connect");
  main_test_wait (server->n_connections > 0 && server->fd >= 0);
  test->login->n_connections = server->n_connections;
  fake_server_open (server, FAKE_STARTTLS);
  fake_server_expect (server, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  fake_server_send (server, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  fake_server_handshake (server);
  main_test_wait (is_page ("certificate"));
  main_test_shoot (get_login (), "login-certificate");
  assert_names ();
  g_assert_nonnull (app_find_text (get_login (), "Someone may be listening."));
  g_assert_nonnull (app_find_text (get_login (), "good.test"));
  g_assert_true (gtk_window_get_default_widget (get_login ()) == app_find (get_login (), "certificate_back_button"));
  fake_server_fin (server);

  /* trusted: kept with the account, and shown in its settings */
  app_act (get_login (), "login.trust-always");
  test_account_accept (test->login, TEST_ROSTER);
  main_test_wait (app_find_window (FLINT_TYPE_MAIN_WINDOW) != NULL);
  g_object_get (test->login->account, "pins", &pins, NULL);
  g_assert_cmpuint (g_strv_length (pins), ==, 1);
  preferences = GTK_WIDGET (flint_application_show_preferences (test->application, "accounts"));
  g_signal_emit_by_name (app_find_type (app_find (preferences, "accounts_group"), ADW_TYPE_ACTION_ROW), "activated");
  app_settle (preferences);
  main_test_shoot (preferences, "account-page-pin");
  main_test_wait ((forget = app_find_text (preferences, "Forget")) != NULL);
  app_click (gtk_widget_get_ancestor (forget, GTK_TYPE_BUTTON));
  g_clear_pointer (&pins, g_strfreev);
  g_object_get (test->login->account, "pins", &pins, NULL);
  g_assert_cmpuint (g_strv_length (pins), ==, 0);
  app_click (find_icon_button (preferences, "go-previous-symbolic"));
  app_settle (preferences);
  fake_authority_free (authority);
}

/* T139: who is asked again and again, and presses what is under the finger, has said no each time */
static void
test_certificate_fatigue (MainTest *test)
{
  static const char * const keys[] = { "Return", "space", "KP_Enter" };
  FakeAuthority *authority = fake_authority_new ();
  g_autoptr(GTlsDatabase) database = fake_authority_get_database (authority);
  FakeServer *server = main_test_serve (test, ME);
  g_auto(GStrv) pins = NULL;

  fill (ME, FAKE_PASSWORD);
  app_act (get_login (), "login.connect");
  flint_account_set_tls_database (test->login->account, database);
  flint_account_disconnect (test->login->account);
  main_test_wait (is_page ("form"));

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      guint n_connections = server->n_connections;
      const char *fingerprint;

      app_act (get_login (), "login.connect");
      main_test_wait (server->n_connections > n_connections && server->fd >= 0);
      n_connections = server->n_connections;
      fake_server_open (server, FAKE_STARTTLS);
      fake_server_expect (server, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
      fake_server_send (server, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
      fake_server_handshake (server);
      main_test_wait (is_page ("certificate"));
      fake_server_fin (server);

      /* All that one needs to compare is there */
      fingerprint = xmpp_certificate_get_fingerprint (xmpp_session_get_certificate (flint_account_get_session (test->login->account)));
      g_assert_nonnull (app_find_text (get_login (), fingerprint + strlen (fingerprint) / 2 + 1));

      g_assert_true (app_focus (get_login ()));
      app_settle (get_login ());
      g_test_message ("%s", keys[i]);
      app_key (get_login (), keys[i]);
      main_test_wait (is_page ("form"));
      g_assert_cmpuint (server->n_connections, ==, n_connections);
      g_object_get (test->login->account, "pins", &pins, NULL);
      g_assert_cmpuint (g_strv_length (pins), ==, 0);
      g_clear_pointer (&pins, g_strfreev);
    }

  fake_authority_free (authority);
}

/* The one exception to encryption: asked about, in words, and refused by default */
static void
test_plain (MainTest *test)
{
  FakeServer *server = main_test_serve (test, ME);
  GtkWindow *dialog;

  adw_combo_row_set_selected (ADW_COMBO_ROW (find_advanced ("security_row")), XMPP_SECURITY_DISABLED);
  fill (ME, FAKE_PASSWORD);
  app_act (get_login (), "login.connect");
  main_test_wait (has_dialog ());
  dialog = app_find_window (ADW_TYPE_MESSAGE_DIALOG);
  g_assert_nonnull (app_find_text (dialog, "Everyone on the way to the server can read and change all that you and others write"));
  main_test_shoot (dialog, "login-plain");
  g_assert_true (app_focus (dialog));
  app_settle (dialog);
  app_key (dialog, "Return");
  main_test_wait (!has_dialog ());
  g_assert_cmpuint (server->n_connections, ==, 0);
  g_assert_cmpuint (count_accounts (test), ==, 0);

  app_act (get_login (), "login.connect");
  main_test_wait (has_dialog ());
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (app_find_window (ADW_TYPE_MESSAGE_DIALOG)), "connect");
  main_test_wait (server->n_connections == 1);
}

/* Accounts that are known */

static void
test_pick_list (MainTest *test)
{
  GtkWindow *login = flint_application_show_login (test->application, NULL);
  GtkWidget *list = app_find (login, "account_list");

  g_object_set (test->me->account, "security", XMPP_SECURITY_DISABLED, NULL);
  gtk_window_destroy (login);
  login = flint_application_show_login (test->application, NULL);
  list = app_find (login, "account_list");
  app_settle (login);
  g_assert_true (app_is_shown (list));
  g_assert_nonnull (app_find_text (list, ME));
  assert_names ();
  main_test_shoot (login, "login-accounts");
  g_assert_nonnull (app_find_class (list, "error"));
  g_object_set (test->me->account, "security", XMPP_SECURITY_REQUIRED, NULL);

  app_activate_row (list, 0);
  test_account_accept (test->me, TEST_ROSTER);
  main_test_wait (app_find_window (FLINT_TYPE_LOGIN_WINDOW) == NULL);
}

/* “Another account” begins with nothing of the one that was tried before */
static void
test_another (MainTest *test)
{
  GtkWindow *login = flint_application_show_login (test->application, NULL);
  GtkWidget *list = app_find (login, "account_list");

  test->me->server->connect_error = g_error_new_literal (XMPP_ERROR, XMPP_ERROR_NAME_NOT_FOUND, "There is no such server.");
  app_activate_row (list, 0);
  main_test_wait (get_error () != NULL);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (app_find (login, "address_row"))), ==, ME);
  app_click (app_find (login, "back_button"));
  main_test_wait (app_is_shown (app_find (login, "account_list")));
  app_activate_row (list, 1);
  main_test_wait (app_is_shown (app_find (login, "address_row")));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (app_find (login, "address_row"))), ==, "");
  g_assert_true (gtk_widget_get_sensitive (app_find (login, "address_row")));
  g_assert_null (get_error ());
  g_clear_error (&test->me->server->connect_error);
}

/* An account that was online before fails in another way, and it is said all the same */
static void
test_pick_fails_later (MainTest *test)
{
  GtkWindow *login;

  flint_account_disconnect (test->me->account);
  fake_server_close (test->me->server);
  login = flint_application_show_login (test->application, NULL);
  test->me->server->connect_error = g_error_new_literal (XMPP_ERROR, XMPP_ERROR_UNREACHABLE, "It cannot be reached.");
  app_activate_row (app_find (login, "account_list"), 0);
  main_test_wait (get_error () != NULL);
  app_settle (login);
  g_assert_true (app_is_shown (app_find (login, "error_label")));
  g_clear_error (&test->me->server->connect_error);
}

static void
fail_locked (FlintAccount *account)
{
  flint_account_set_state (account, FLINT_ACCOUNT_FAILED, FLINT_STEP_NONE,
                           g_error_new_literal (FLINT_PASSWORD_ERROR, FLINT_PASSWORD_ERROR_LOCKED,
                                                "The keyring is locked, so Flint cannot read your password."));
}

static void
test_locked (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);
  GtkWindow *login;

  fail_locked (test->me->account);
  main_test_wait (app_find_text (app_find (window, "connection_revealer"), "The keyring is locked") != NULL);
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (app_find (window, "connection_button"))), ==, "Unlock");
  g_assert_false (gtk_widget_has_css_class (app_find (window, "connection_banner"), "error"));
  main_test_shoot (window, "contacts-locked");

  login = flint_application_show_login (test->application, test->me->account);
  app_settle (login);
  g_assert_true (app_is_shown (app_find (login, "unlock_button")));
  g_assert_true (is_marked ("password_row"));
  main_test_shoot (login, "login-locked");

  /* typing it works without the keyring */
  app_fill (app_find (login, "password_row"), FAKE_PASSWORD);
  app_act (login, "login.connect");
  test_account_accept (test->me, TEST_ROSTER);
  main_test_wait (app_find_window (FLINT_TYPE_LOGIN_WINDOW) == NULL);
}

static void
test_unlock (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);

  fail_locked (test->me->account);
  main_test_wait (app_find_text (app_find (window, "connection_revealer"), "The keyring is locked") != NULL);
  app_click (app_find (window, "connection_button"));
  test_account_accept (test->me, TEST_ROSTER);
  main_test_wait (app_find_text (app_find (window, "connection_revealer"), "The keyring is locked") == NULL);
}

/* What the banner says, and where its button leads to, for all that a person has to decide or correct after a login
 * that nobody watched.
 */

static const char *
get_banner_button (MainTest *test)
{
  return gtk_button_get_label (GTK_BUTTON (app_find (main_test_main_window (test), "connection_button")));
}

static gboolean
banner_says (MainTest   *test,
             const char *text)
{
  GtkWidget *revealer = app_find (main_test_main_window (test), "connection_revealer");

  return gtk_revealer_get_reveal_child (GTK_REVEALER (revealer)) && app_find_text (revealer, text) != NULL;
}

static void
press_banner (MainTest *test)
{
  app_click (app_find (main_test_main_window (test), "connection_button"));
}

/* As at the start of the program: nobody has asked for it */
static void
connect_quietly (MainTest   *test,
                 const char *mechanisms)
{
  FakeServer *server = test->me->server;

  flint_account_connect_quietly (test->me->account);
  test_account_await (test->me);
  fake_server_open (server, FAKE_STARTTLS);
  fake_server_start_tls (server);
  fake_server_open (server, mechanisms);
}

static void
end_connection (MainTest *test)
{
  main_test_wait (test->me->server->is_eof);
  g_ptr_array_set_size (test->me->server->waiting, 0);
}

static void
test_weaker (MainTest *test)
{
  GtkWindow *dialog;

  g_object_set (test->me->account, "last-mechanism", "SCRAM-SHA-512", NULL);
  connect_quietly (test, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));
  main_test_wait (banner_says (test, "ways to log in that protect the password less than before"));
  g_assert_cmpstr (get_banner_button (test), ==, "Look…");
  g_assert_true (gtk_widget_has_css_class (app_find (main_test_main_window (test), "connection_banner"), "error"));
  main_test_shoot (main_test_main_window (test), "banner-weaker");
  g_assert_false (has_dialog ());
  end_connection (test);

  /* straight to the question, and again when it was put off */
  for (guint i = 0; i < 2; i++)
    {
      press_banner (test);
      main_test_wait (has_dialog ());
      dialog = app_find_window (ADW_TYPE_MESSAGE_DIALOG);
      g_assert_nonnull (app_find_text (dialog, "The server asks for a weaker login than before"));
      press_banner (test);
      g_assert_cmpuint (app_count_windows (ADW_TYPE_MESSAGE_DIALOG), ==, 1);
      if (i == 0)
        {
          app_click (gtk_widget_get_ancestor (app_find_text (dialog, "Cancel"), GTK_TYPE_BUTTON));
          main_test_wait (!has_dialog ());
          g_assert_cmpint (flint_account_get_state (test->me->account), ==, FLINT_ACCOUNT_FAILED);
        }
    }

  main_test_shoot (dialog, "login-weaker");
  app_click (gtk_widget_get_ancestor (app_find_text (dialog, "Log in anyway"), GTK_TYPE_BUTTON));
  test_account_accept (test->me, TEST_ROSTER);
  main_test_wait (!banner_says (test, "") && app_find_window (FLINT_TYPE_LOGIN_WINDOW) == NULL);
}

/* First one that nobody vouches for; then, after it was trusted, another one */
static void
test_banner_certificate (MainTest *test)
{
  FakeServer *server = test->me->server;
  FakeAuthority *authority = fake_authority_new ();
  g_autoptr(GTlsDatabase) database = fake_authority_get_database (authority);
  const char *pins[] = { "good.test AAAA 1", NULL };

  flint_account_set_tls_database (test->me->account, database);

  for (guint i = 0; i < 2; i++)
    {
      if (i == 1)
        g_object_set (test->me->account, "pins", pins, NULL);

      flint_account_connect_quietly (test->me->account);
      test_account_await (test->me);
      fake_server_open (server, FAKE_STARTTLS);
      fake_server_expect (server, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
      fake_server_send (server, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
      fake_server_handshake (server);
      main_test_wait (banner_says (test, "certificate"));
      g_assert_cmpstr (get_banner_button (test), ==, "Look…");
      press_banner (test);
      main_test_wait (is_page ("certificate"));
      app_settle (get_login ());
      g_assert_true ((app_find_text (get_login (), "This is another certificate than the one that you trusted.") != NULL) == (i == 1));
      fake_server_fin (server);
      if (i == 1)
        main_test_shoot (get_login (), "login-another-certificate");
      gtk_window_close (get_login ());
    }

  fake_authority_free (authority);
}

static void
test_banner_others (MainTest *test)
{
  static const struct
  {
    const char *condition;
    const char *words;
    const char *button;
    const char *row;
  } cases[] = {
    { "not-authorized",   "The password is wrong", "Password…", "password_row" },
    { "account-disabled", "This account is disabled", "Log in…", "address_row" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *failure = g_strdup_printf ("<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><%s/></failure>", cases[i].condition);

      flint_account_set_password (test->me->account, FAKE_PASSWORD);
      connect_quietly (test, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));
      fake_server_expect_contains (test->me->server, "mechanism='PLAIN'");
      fake_server_send (test->me->server, failure);
      main_test_wait (banner_says (test, cases[i].words));
      end_connection (test);
      g_assert_cmpstr (get_banner_button (test), ==, cases[i].button);
      press_banner (test);
      main_test_wait (get_error () != NULL && strstr (get_error (), cases[i].words) != NULL);
      g_assert_true (is_marked (cases[i].row));
      gtk_window_close (get_login ());
    }
}

/* A client certificate that is not there any more: where another one is chosen */
static void
test_banner_client_certificate (MainTest *test)
{
  g_object_set (test->me->account, "client-certificate", "/nowhere/at/all.pem", NULL);
  flint_account_connect_quietly (test->me->account);
  main_test_wait (banner_says (test, "The client certificate of this account cannot be used."));
  g_assert_cmpstr (get_banner_button (test), ==, "Log in…");
  press_banner (test);
  main_test_wait (get_error () != NULL && is_marked ("certificate_row"));
  app_settle (get_login ());
  g_assert_true (app_is_shown (app_find (get_login (), "certificate_row")));
}

/* One window for one account, however often it is asked for */
static void
test_one_window (MainTest *test)
{
  GtkWindow *first = flint_application_show_login (test->application, test->me->account);

  g_assert_true (flint_application_show_login (test->application, test->me->account) == first);
}

/* The demo */

static char *
install_demo (const char *line)
{
  char *directory = g_dir_make_tmp ("flint-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "flint-demo", NULL);
  g_autofree char *script = g_strdup_printf ("#!/bin/sh\necho '%s'\ncat >/dev/null\n", line);

  g_assert_true (g_file_set_contents_full (path, script, -1, 0, 0700, NULL));
  g_setenv ("FLINT_LIBEXECDIR", directory, TRUE);

  return directory;
}

static void
test_no_prosody (MainTest *test)
{
  g_autofree char *before = g_strdup (g_getenv ("FLINT_LIBEXECDIR"));
  g_autofree char *directory = install_demo ("{\"ready\":false,\"code\":\"no-server\",\"error\":\"No server.\"}");
  GtkWidget *button = app_find (get_login (), "demo_button");
  GtkWindow *dialog;

  app_click (button);
  g_assert_false (gtk_widget_get_sensitive (button));
  main_test_wait (has_dialog ());
  dialog = app_find_window (ADW_TYPE_MESSAGE_DIALOG);
  g_assert_nonnull (app_find_text (dialog, "The demo needs the server Prosody"));
  g_assert_nonnull (app_find_text (dialog, "apt install prosody"));
  main_test_shoot (dialog, "login-no-prosody");

  /* and it can be tried again */
  g_assert_true (gtk_widget_get_sensitive (button));
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (button)), ==, "Try it with a demo server");
  g_setenv ("FLINT_LIBEXECDIR", before, TRUE);
  test_directory_remove (directory);
}

static void
add_tests (void)
{
  /* the first one: libsecret keeps the keyring that it has found */
  main_test_add ("/app/login/without-a-keyring-it-is-said-that-nothing-was-kept", MAIN_TEST_EMPTY, test_no_keyring);

  main_test_add ("/app/login/a-first-start-asks-for-an-account-or-offers-the-demo", MAIN_TEST_EMPTY, test_first);
  main_test_add ("/app/login/typed-by-keys-it-goes-through-its-steps", MAIN_TEST_EMPTY, test_keys);
  main_test_add ("/app/login/T133-the-password-is-kept-in-the-keyring-alone", MAIN_TEST_EMPTY, test_remember);
  main_test_add ("/app/login/nothing-is-kept-when-told-so", MAIN_TEST_EMPTY, test_forget);
  main_test_add ("/app/login/what-is-set-under-advanced-is-used", MAIN_TEST_EMPTY, test_options);
  main_test_add ("/app/login/invisible-from-the-first-moment", MAIN_TEST_ONE, test_invisible);
  main_test_add ("/app/login/anonymous-needs-a-server-alone", MAIN_TEST_EMPTY, test_anonymous);
  main_test_add ("/app/login/the-first-login-may-be-by-certificate-alone", MAIN_TEST_EMPTY, test_by_certificate);
  main_test_add ("/app/login/what-is-wrong-with-a-certificate-is-said-beside-it", MAIN_TEST_EMPTY, test_certificate_fails);
  main_test_add ("/app/login/each-failure-has-its-sentence-and-its-place", MAIN_TEST_EMPTY, test_failures);
  main_test_add ("/app/login/a-refused-account-is-said-to-be-so-and-not-kept", MAIN_TEST_EMPTY, test_refused);
  main_test_add ("/app/login/what-is-wrong-with-an-address-is-said", MAIN_TEST_EMPTY, test_invalid);
  main_test_add ("/app/login/closing-gives-up", MAIN_TEST_EMPTY, test_close);
  main_test_add ("/app/login/cancelling-leads-back", MAIN_TEST_EMPTY, test_cancel);
  main_test_add ("/app/login/T139-who-just-presses-a-key-has-said-no", MAIN_TEST_EMPTY, test_certificate_fatigue);
  main_test_add ("/app/login/S51-a-certificate-is-asked-about-kept-shown-and-forgotten", MAIN_TEST_EMPTY, test_certificate);
  main_test_add ("/app/login/S35-no-encryption-only-after-it-was-said-what-that-exposes", MAIN_TEST_EMPTY, test_plain);
  main_test_add ("/app/login/accounts-that-are-known-are-a-list", MAIN_TEST_ONE, test_pick_list);
  main_test_add ("/app/login/another-account-begins-empty", MAIN_TEST_ONE, test_another);
  main_test_add ("/app/login/a-later-failure-is-said-too", MAIN_TEST_ONLINE, test_pick_fails_later);
  main_test_add ("/app/login/a-locked-keyring-does-not-keep-one-out", MAIN_TEST_ONE, test_locked);
  main_test_add ("/app/login/a-locked-keyring-is-unlocked-from-the-banner", MAIN_TEST_ONE, test_unlock);
  main_test_add ("/app/login/S54-the-banner-leads-to-the-question-about-a-weaker-login", MAIN_TEST_ONE, test_weaker);
  main_test_add ("/app/login/the-banner-leads-to-the-question-about-a-certificate", MAIN_TEST_ONE, test_banner_certificate);
  main_test_add ("/app/login/the-banner-leads-to-what-has-to-be-corrected", MAIN_TEST_ONE, test_banner_others);
  main_test_add ("/app/login/the-banner-leads-to-a-client-certificate-that-is-gone", MAIN_TEST_ONE, test_banner_client_certificate);
  main_test_add ("/app/login/one-window-for-one-account", MAIN_TEST_ONE, test_one_window);
  main_test_add ("/app/login/without-prosody-it-says-what-to-install", MAIN_TEST_EMPTY, test_no_prosody);
}

int
main (int   argc,
      char *argv[])
{
  return main_test_main (argc, argv, add_tests);
}
