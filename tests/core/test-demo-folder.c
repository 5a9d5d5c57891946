/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "flint-demo-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where such folders are made is a place of our own */
static char *
set_place (void)
{
  char *place = test_directory_new ();

  g_setenv ("XDG_RUNTIME_DIR", place, TRUE);

  return place;
}

static guint
count_files (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

static void
test_goes (void)
{
  g_autofree char *place = set_place ();
  g_autoptr(GError) error = NULL;
  FlintDemoFolder *folder = flint_demo_folder_new (&error);
  const char *path = flint_demo_folder_get_path (folder);
  g_autofree char *config = g_build_filename (path, "config", NULL);
  g_autofree char *file = g_build_filename (config, "accounts.ini", NULL);
  struct stat status;

  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (path, place));
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0700);

  g_assert_cmpint (g_mkdir (config, 0700), ==, 0);
  g_assert_true (g_file_set_contents (file, "[a]", -1, NULL));
  flint_demo_folder_free (folder);
  g_assert_cmpuint (count_files (place), ==, 0);
  test_directory_remove (place);
}

static void
test_links (void)
{
  g_autofree char *place = set_place ();
  g_autofree char *other = test_directory_new ();
  g_autofree char *letter = g_build_filename (other, "letter", NULL);
  FlintDemoFolder *folder = flint_demo_folder_new (NULL);
  g_autofree char *link = g_build_filename (flint_demo_folder_get_path (folder), "config", NULL);

  g_assert_true (g_file_set_contents (letter, "kept", -1, NULL));
  g_assert_cmpint (symlink (other, link), ==, 0);
  flint_demo_folder_free (folder);
  g_assert_cmpuint (count_files (place), ==, 0);
  g_assert_true (g_file_test (letter, G_FILE_TEST_EXISTS));
  test_directory_remove (other);
  test_directory_remove (place);
}

/* So that flint-demo does not take it for one that was left (demo-dir.c) */
static void
test_lives (void)
{
  g_autofree char *place = set_place ();
  FlintDemoFolder *folder = flint_demo_folder_new (NULL);
  g_autofree char *mark = g_build_filename (flint_demo_folder_get_path (folder), "owned", NULL);
  int other = open (flint_demo_folder_get_path (folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  g_assert_true (g_file_test (mark, G_FILE_TEST_EXISTS));
  g_assert_cmpint (flock (other, LOCK_EX | LOCK_NB), ==, -1);
  g_assert_cmpint (errno, ==, EWOULDBLOCK);
  flint_demo_folder_free (folder);
  g_assert_cmpint (flock (other, LOCK_EX | LOCK_NB), ==, 0);
  close (other);
  test_directory_remove (place);
}

static void
test_nowhere (void)
{
  g_autofree char *place = set_place ();
  g_autoptr(FlintDemoFolder) folder = NULL;
  g_autoptr(GError) error = NULL;

  test_directory_remove (place);
  folder = flint_demo_folder_new (&error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (flint_demo_folder_get_path (folder), g_get_tmp_dir ()));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/demo-folder/it-goes-with-all-that-is-in-it", test_goes);
  g_test_add_func ("/core/demo-folder/what-a-link-in-it-leads-to-stays", test_links);
  g_test_add_func ("/core/demo-folder/it-tells-that-we-live", test_lives);
  g_test_add_func ("/core/demo-folder/without-a-runtime-directory-it-is-a-temporary-file", test_nowhere);

  return g_test_run ();
}
