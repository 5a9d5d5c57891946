/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-person.h"

#include "flint-password-store.h"

#include <errno.h>
#include <glib/gstdio.h>

#define ACCOUNT "bench"   /* its id, in the file and in the keyring */

char *
bench_home_new (void)
{
  g_autoptr(GError) error = NULL;
  char *home = g_dir_make_tmp ("flint-bench-XXXXXX", &error);

  if (home == NULL)
    g_error ("%s", error->message);

  return home;
}

static void
remove_all (GFile *file)
{
  g_autoptr(GFileEnumerator) children =
    g_file_enumerate_children (file, G_FILE_ATTRIBUTE_STANDARD_NAME, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, NULL);
  GFile *child;

  while (children != NULL && g_file_enumerator_iterate (children, NULL, &child, NULL, NULL) && child != NULL)
    remove_all (child);

  g_file_delete (file, NULL, NULL);
}

void
bench_home_remove (const char *home)
{
  g_autoptr(GFile) file = g_file_new_for_path (home);

  remove_all (file);
}

/* As a person would have it who has looked at the host's certificate and trusts it */
void
bench_home_add_account (const char *home,
                        BenchHost  *host)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_build_filename (home, "config", "flint", NULL);
  g_autofree char *path = g_build_filename (folder, "accounts.ini", NULL);
  g_autofree char *pin = bench_host_make_pin (host);
  const char *pins[] = { pin };

  g_key_file_set_string (file, ACCOUNT, "address", BENCH_ADDRESS);
  g_key_file_set_string (file, ACCOUNT, "host", "127.0.0.1");
  g_key_file_set_integer (file, ACCOUNT, "port", bench_host_get_port (host));
  g_key_file_set_string_list (file, ACCOUNT, "pins", pins, 1);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    g_error ("%s: %s", folder, g_strerror (errno));
  if (!g_key_file_save_to_file (file, path, &error))
    g_error ("%s", error->message);
}

static void
on_stored (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!flint_password_store_finish (result, &error))
    g_error ("%s", error->message);

  g_main_loop_quit (user_data);
}

/* Once: the keyring is the session's, and not in the home */
void
bench_keep_password (void)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  flint_password_store_async (ACCOUNT, BENCH_ADDRESS, BENCH_PASSWORD, NULL, on_stored, loop);
  g_main_loop_run (loop);
}
