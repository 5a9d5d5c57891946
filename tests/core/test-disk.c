/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A disk that is full, and files that cannot be read: nothing that a person made is lost, and what happened is said */
#include "core-fixture.h"

#include "flint-account-list-private.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

static void
on_save_failed (FlintCore    *core,
                const GError *error,
                GString      *told)
{
  g_string_append_printf (told, "%s\n", error->message);
}

static void
on_core_closed (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_assert_true (flint_core_close_finish (FLINT_CORE (source), result, NULL));
  *(gboolean *) user_data = TRUE;
}

static void
close_core (FlintCore *core)
{
  gboolean is_closed = FALSE;

  flint_core_close_async (core, on_core_closed, &is_closed);
  fake_server_wait_until (is_closed);
}

/* No file can grow any more, as on a disk that is full */
static void
fill_disk (gboolean is_full)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = is_full ? 0 : limit.rlim_max;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static char *
read_config (TestCore   *test,
             const char *name)
{
  g_autofree char *path = g_build_filename (test->directory, "config", name, NULL);
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);

  return text;
}

/* F30: what is new is told to be nowhere but here, what is old stays on the disk, the chat goes on; and when there is
 * room again it is written
 */
static void
test_full_disk (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autoptr(FlintAccount) kept = flint_account_new ("you@good.test");
  g_autoptr(XmppJid) room_jid = xmpp_jid_new ("room@muc.test", NULL);
  g_autoptr(XmppJid) other_jid = xmpp_jid_new ("other@muc.test", NULL);
  g_autoptr(GString) told = g_string_new (NULL);
  g_autofree char *before = NULL;
  g_autofree char *during = NULL;
  g_autofree char *accounts = NULL;
  g_autofree char *rooms = NULL;

  signal (SIGXFSZ, SIG_IGN);
  flint_account_list_add (flint_core_get_accounts (test->core), kept);
  g_object_set (flint_core_open_room (test->core, kept, room_jid, "me"), "is-saved", TRUE, NULL);
  fake_server_wait_until ((g_free (rooms), (rooms = read_config (test, "rooms.ini")) != NULL));
  fake_server_wait_until ((g_free (before), (before = read_config (test, "accounts.ini")) != NULL));

  g_signal_connect (test->core, "save-failed", G_CALLBACK (on_save_failed), told);
  fill_disk (TRUE);
  g_object_set (kept, "label", "The new label", NULL);
  g_object_set (flint_core_open_room (test->core, kept, other_jid, "me"), "is-saved", TRUE, NULL);
  fake_server_wait_until (strstr (told->str, "The accounts could not be saved: ") != NULL &&
                          strstr (told->str, "The rooms could not be saved: ") != NULL);
  test_core_assert_chat_works (test);

  during = read_config (test, "accounts.ini");
  g_assert_cmpstr (during, ==, before);
  g_free (rooms);
  rooms = read_config (test, "rooms.ini");
  g_assert_nonnull (strstr (rooms, "room@muc.test"));
  g_assert_null (strstr (rooms, "other@muc.test"));
  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_rooms (test->core)), ==, 2);

  fill_disk (FALSE);
  g_string_truncate (told, 0);
  test_account_logout (test->me);
  close_core (test->core);
  accounts = read_config (test, "accounts.ini");
  g_assert_nonnull (strstr (accounts, "The new label"));
  g_free (rooms);
  rooms = read_config (test, "rooms.ini");
  g_assert_nonnull (strstr (rooms, "other@muc.test"));
  g_assert_cmpstr (told->str, ==, "");
  g_signal_handlers_disconnect_by_data (test->core, told);
}

static char *
find_aside (const char *directory,
            const char *prefix)
{
  g_autoptr(GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, prefix))
      return g_build_filename (directory, name, NULL);

  return NULL;
}

/* F31, F32: a file of accounts that cannot be read is not written over */
static void
test_unread_accounts (void)
{
  g_autofree char *directory = test_directory_new ();
  g_autofree char *path = g_build_filename (directory, "accounts.ini", NULL);
  g_autofree char *filling = g_strnfill (2 * 1024 * 1024, '#');
  g_autofree char *text = g_strconcat ("[one]\naddress=me@good.test\n", filling, NULL);
  g_autoptr(FlintAccountList) list = flint_account_list_new (path);
  g_autoptr(FlintAccount) account = flint_account_new ("you@good.test");
  g_autoptr(GError) error = NULL;
  g_autofree char *aside = NULL;
  g_autofree char *found = NULL;
  g_autofree char *written = NULL;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_false (flint_account_list_load (list, &error));
  g_assert_cmpstr (error->message, ==, "The file of accounts is too large to be one.");

  flint_account_list_add (list, account);
  fake_server_wait_until (g_file_test (path, G_FILE_TEST_EXISTS) &&
                          (aside = find_aside (directory, "accounts.ini.corrupt-")) != NULL);
  g_assert_true (g_file_get_contents (aside, &found, NULL, NULL));
  g_assert_cmpstr (found, ==, text);
  g_assert_true (g_file_get_contents (path, &written, NULL, NULL));
  g_assert_nonnull (strstr (written, "you@good.test"));

  g_clear_object (&list);
  test_directory_remove (directory);
}

/* F32: of a damaged list of rooms a copy is kept */
static void
test_damaged_rooms (void)
{
  g_autofree char *directory = test_directory_new ();
  g_autofree char *config = g_build_filename (directory, "config", NULL);
  g_autofree char *path = g_build_filename (config, "rooms.ini", NULL);
  g_autofree char *copy = g_build_filename (config, "rooms.ini.corrupt", NULL);
  g_autofree char *found = NULL;
  g_autoptr(FlintCore) core = NULL;
  static const char text[] = "garbage\n[a]\naddress=room@muc.test\n";

  g_assert_cmpint (g_mkdir (config, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  core = flint_core_new (config, directory, directory);
  fake_server_wait_until (g_file_test (copy, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_get_contents (copy, &found, NULL, NULL));
  g_assert_cmpstr (found, ==, text);

  close_core (core);
  g_assert_finalize_object (g_steal_pointer (&core));
  test_directory_remove (directory);
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

  g_test_add_func ("/core/disk/F30-a-full-disk-is-told-of-and-loses-nothing", test_full_disk);
  g_test_add_func ("/core/disk/F31-accounts-that-cannot-be-read-are-not-written-over", test_unread_accounts);
  g_test_add_func ("/core/disk/F32-damaged-rooms-are-kept-aside", test_damaged_rooms);

  return g_test_run ();
}
