/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "flint-account-list-private.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char *directory;
  char *file_name;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->directory = test_directory_new ();
  f->file_name = g_build_filename (f->directory, "sub", "accounts.ini", NULL);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  test_directory_remove (f->directory);
  g_free (f->directory);
  g_free (f->file_name);
}

static void
on_flushed (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_assert_true (flint_account_list_flush_finish (FLINT_ACCOUNT_LIST (source), result, NULL));
  *(gboolean *) user_data = TRUE;
}

static void
flush (FlintAccountList *list)
{
  gboolean is_flushed = FALSE;

  flint_account_list_flush_async (list, on_flushed, &is_flushed);
  fake_server_wait_until (is_flushed);
}

static char *
read_file (Fixture *f)
{
  char *text;
  g_autoptr(GError) error = NULL;

  g_file_get_contents (f->file_name, &text, NULL, &error);
  g_assert_no_error (error);

  return text;
}

static void
write_file (Fixture    *f,
            const char *text)
{
  g_autofree char *directory = g_path_get_dirname (f->file_name);
  g_autoptr(GError) error = NULL;

  g_mkdir_with_parents (directory, 0700);
  g_file_set_contents (f->file_name, text, -1, &error);
  g_assert_no_error (error);
}

static guint
count (FlintAccountList *list)
{
  return g_list_model_get_n_items (G_LIST_MODEL (list));
}

static void
test_kept (Fixture       *f,
           gconstpointer  data)
{
  g_autoptr(FlintAccountList) list = flint_account_list_new (f->file_name);
  g_autoptr(FlintAccountList) again = flint_account_list_new (f->file_name);
  g_autoptr(FlintAccount) account = flint_account_new ("Me@Good.Test");
  g_autoptr(FlintAccount) transient = flint_account_new ("demo@demo.test");
  FlintAccount *kept;
  g_autoptr(GError) error = NULL;
  g_autofree char *host = NULL;
  g_autofree char *proxy = NULL;
  g_autofree char *text = NULL;
  g_auto(GStrv) pins = NULL;
  gboolean remember;
  gboolean auto_login;
  int port;
  int priority;
  int security;
  GStatBuf info;

  g_assert_true (flint_account_list_load (list, &error));
  g_object_set (transient, "is-transient", TRUE, NULL);
  flint_account_list_add (list, transient);
  flint_account_list_add (list, account);
  flint_account_set_password (account, "secret-word");
  g_object_set (account, "host", "chat.good.test", "port", 5333, "priority", -5, "security", XMPP_SECURITY_DIRECT_TLS, "label", "Work; [x]\n=y",
                "remember-password", FALSE, "auto-login", FALSE, "proxy", "socks5://127.0.0.1:9", "pins", (const char *[]) { "a b 1", "c d 2", NULL }, NULL);
  flush (list);

  g_assert_cmpint (g_stat (f->file_name, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  text = read_file (f);
  g_assert_null (strstr (text, "secret-word"));
  g_assert_null (strstr (text, "demo.test"));

  g_assert_true (flint_account_list_load (again, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count (again), ==, 1);
  kept = flint_account_list_find (again, flint_account_get_id (account));
  g_assert_nonnull (kept);
  g_assert_true (flint_account_list_find_address (again, "ME@good.test") == kept);
  g_assert_null (flint_account_list_find_address (again, "you@good.test"));
  g_assert_cmpstr (flint_account_get_address (kept), ==, "me@good.test");
  g_assert_cmpstr (flint_account_get_label (kept), ==, "Work; [x]\n=y");
  g_object_get (kept, "host", &host, "port", &port, "priority", &priority, "security", &security, "proxy", &proxy, "pins", &pins,
                "remember-password", &remember, "auto-login", &auto_login, NULL);
  g_assert_cmpstr (host, ==, "chat.good.test");
  g_assert_cmpint (port, ==, 5333);
  g_assert_cmpint (priority, ==, -5);
  g_assert_cmpint (security, ==, XMPP_SECURITY_DIRECT_TLS);
  g_assert_cmpstr (proxy, ==, "socks5://127.0.0.1:9");
  g_assert_cmpuint (g_strv_length (pins), ==, 2);
  g_assert_cmpstr (pins[1], ==, "c d 2");
  g_assert_false (remember || auto_login);

  /* A setting that changes is kept without being asked */
  g_object_set (kept, "host", "", NULL);
  flush (again);
  g_free (text);
  text = read_file (f);
  g_assert_null (strstr (text, "chat.good.test"));
}

/* F32 */
static void
test_bad_values (Fixture       *f,
                 gconstpointer  data)
{
  g_autoptr(FlintAccountList) list = flint_account_list_new (f->file_name);
  g_autoptr(GError) error = NULL;
  FlintAccount *account;
  g_autofree char *text = NULL;
  int port;
  int security;
  int priority;
  gboolean remember;

  write_file (f, "# mine\n[one]\naddress=me@good.test\nport=many\nsecurity=9\npriority=-1000\nremember-password=perhaps\nresource=desk\nfuture=7\n"
                 "[two]\naddress=you@good.test\nport=99999\n[settings]\nx=y\n[one]\nport=1\n");
  g_assert_true (flint_account_list_load (list, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count (list), ==, 2);

  account = flint_account_list_find (list, "one");
  g_object_get (account, "port", &port, "security", &security, "priority", &priority, "remember-password", &remember, NULL);
  g_assert_cmpint (port, ==, 1);
  g_assert_cmpint (security, ==, XMPP_SECURITY_REQUIRED);
  g_assert_cmpint (priority, ==, 0);
  g_assert_true (remember);

  /* What could not be read stays in the file */
  g_object_set (account, "label", "New", NULL);
  flush (list);
  text = read_file (f);
  g_assert_nonnull (strstr (text, "label=New"));
  g_assert_nonnull (strstr (text, "remember-password=perhaps"));
  g_assert_nonnull (strstr (text, "future=7"));
  g_assert_nonnull (strstr (text, "port=99999"));
  g_assert_nonnull (strstr (text, "[settings]"));
  g_assert_nonnull (strstr (text, "# mine"));

  /* But what a person sets is set */
  g_object_set (account, "remember-password", FALSE, NULL);
  flush (list);
  g_free (text);
  text = read_file (f);
  g_assert_nonnull (strstr (text, "remember-password=false"));
}

static guint
count_copies (Fixture *f)
{
  g_autofree char *directory = g_path_get_dirname (f->file_name);
  g_autoptr(GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)))
    n += strstr (name, ".corrupt-") != NULL ? 1 : 0;

  return n;
}

static void
test_damaged (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr(FlintAccountList) list = flint_account_list_new (f->file_name);
  g_autoptr(GError) error = NULL;

  write_file (f, "garbage\n[one]\naddress=me@good.test\n\377\376 broken line\nresource=desk\n[broken\naddress=lost@good.test\n"
                 "[two]\naddress=you@good.test\nhalf a li");
  g_assert_false (flint_account_list_load (list, &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (count_copies (f), ==, 1);
  g_assert_cmpuint (count (list), ==, 2);
  g_assert_cmpstr (flint_account_get_address (flint_account_list_find (list, "one")), ==, "me@good.test");
  g_assert_cmpstr (flint_account_get_address (flint_account_list_find (list, "two")), ==, "you@good.test");
}

static void
test_mutations (Fixture       *f,
                gconstpointer  data)
{
  static const char good[] = "[one]\naddress=me@good.test\nport=5222\npins=a b 1;c d 2;\n[two]\naddress=you@good.test\nauto-login=true\n";
  g_autoptr(GRand) rand = g_rand_new_with_seed (1);

  for (guint i = 0; i < 300; i++)
    {
      g_autoptr(FlintAccountList) list = flint_account_list_new (f->file_name);
      g_autoptr(GError) error = NULL;
      g_autofree char *text = g_strdup (good);
      gsize length = strlen (text);

      for (int j = g_rand_int_range (rand, 1, 6); j > 0; j--)
        text[g_rand_int_range (rand, 0, length)] = (char) g_rand_int_range (rand, 0, 256);

      if (g_rand_boolean (rand))
        length = g_rand_int_range (rand, 0, length + 1);

      write_file (f, "");
      g_file_set_contents (f->file_name, text, length, NULL);
      flint_account_list_load (list, &error);
      g_assert_cmpuint (count (list), <=, 4);
    }
}

static void
test_empty (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(FlintAccountList) list = flint_account_list_new (f->file_name);
  g_autoptr(GError) error = NULL;

  g_assert_true (flint_account_list_load (list, &error));
  write_file (f, "");
  g_assert_true (flint_account_list_load (list, &error));
  g_assert_cmpuint (count (list), ==, 0);
}

static void
on_failed (FlintAccountList *list,
           const GError     *error,
           guint            *n)
{
  g_assert_cmpstr (error->message, !=, "");
  (*n)++;
}

static void
test_unwritable (Fixture       *f,
                 gconstpointer  data)
{
  g_autofree char *blocked = g_build_filename (f->directory, "file", "accounts.ini", NULL);
  g_autofree char *file = g_path_get_dirname (blocked);
  g_autoptr(FlintAccountList) list = flint_account_list_new (blocked);
  g_autoptr(FlintAccount) account = flint_account_new (ME);
  guint n_failed = 0;

  g_file_set_contents (file, "in the way", -1, NULL);
  g_signal_connect (list, "failed", G_CALLBACK (on_failed), &n_failed);
  flint_account_list_add (list, account);
  flush (list);
  g_assert_cmpuint (n_failed, ==, 1);
  g_assert_cmpuint (count (list), ==, 1);
}

static void
test_removed (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr(FlintAccountList) list = flint_account_list_new (f->file_name);
  g_autoptr(FlintAccount) one = flint_account_new (ME);
  g_autoptr(FlintAccount) two = flint_account_new ("you@good.test");
  g_autofree char *text = NULL;

  flint_account_list_add (list, one);
  flint_account_list_add (list, two);
  flint_account_list_remove (list, one);
  flush (list);
  text = read_file (f);
  g_assert_null (strstr (text, ME));
  g_assert_nonnull (strstr (text, "you@good.test"));
  g_assert_finalize_object (g_steal_pointer (&one));
}

/* T121: what others write into an address names no file and no group */
static void
test_injection (Fixture       *f,
                gconstpointer  data)
{
  static const char * const addresses[] = { "o'hara@x.test", "a;b@x.test", "a[b]@x.test", "a=b@x.test", "a%b@x.test", "..@x.test", "a\\b@x.test", "#a@x.test" };
  g_autoptr(FlintAccountList) list = flint_account_list_new (f->file_name);
  g_autoptr(FlintAccountList) again = flint_account_list_new (f->file_name);
  g_autofree char *directory = g_path_get_dirname (f->file_name);
  g_autoptr(GDir) dir = NULL;
  g_autoptr(GError) error = NULL;
  guint n_files = 0;

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr(FlintAccount) account = flint_account_new (addresses[i]);

      g_object_set (account, "resource", "x\n[y]\naddress=evil@evil.test", "label", addresses[i], NULL);
      flint_account_list_add (list, account);
    }

  flush (list);
  g_assert_true (flint_account_list_load (again, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count (again), ==, G_N_ELEMENTS (addresses));

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr(FlintAccount) account = g_list_model_get_item (G_LIST_MODEL (again), i);
      g_autofree char *resource = NULL;

      g_object_get (account, "resource", &resource, NULL);
      g_assert_cmpstr (flint_account_get_label (account), ==, addresses[i]);
      g_assert_cmpstr (resource, ==, "x\n[y]\naddress=evil@evil.test");
    }

  dir = g_dir_open (directory, 0, NULL);

  while (g_dir_read_name (dir))
    n_files++;

  g_assert_cmpuint (n_files, ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  /* No keyring in the way */
  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", "/nonexistent/keyring", TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "x", TRUE);
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add ("/core/account-list/" path, Fixture, NULL, set_up, func, tear_down)

  ADD ("T137-accounts-are-kept-for-us-alone-without-passwords", test_kept);
  ADD ("F32-a-bad-value-costs-only-itself", test_bad_values);
  ADD ("F32-a-damaged-file-costs-only-what-is-damaged", test_damaged);
  ADD ("F32-whatever-is-in-the-file-is-survived", test_mutations);
  ADD ("F32-no-file-is-no-account", test_empty);
  ADD ("F30-what-cannot-be-written-is-told", test_unwritable);
  ADD ("a-removed-account-is-gone", test_removed);
  ADD ("T121-nothing-that-is-written-becomes-something-else", test_injection);

  return g_test_run ();
}
