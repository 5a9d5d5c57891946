/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-directory.h"

#include <glib/gstdio.h>

char *
test_directory_new (void)
{
  g_autoptr(GError) error = NULL;
  char *directory = g_dir_make_tmp ("flint-test-XXXXXX", &error);

  g_assert_no_error (error);

  return directory;
}

void
test_directory_remove (const char *directory)
{
  g_autoptr(GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        test_directory_remove (path);
      else
        g_unlink (path);
    }

  g_rmdir (directory);
}
