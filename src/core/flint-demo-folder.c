/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE

#include "flint-demo-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#define MARK  "owned"   /* as demo-dir.c knows it: our lock tells that we live, and the mark that we had one */
#define DEPTH 3         /* folders in folders: ours are not deeper */

struct _FlintDemoFolder
{
  char *path;
  int   lock;   /* -1: none */
};

static void
lock_folder (FlintDemoFolder *self)
{
  g_autofree char *mark = g_build_filename (self->path, MARK, NULL);

  self->lock = open (self->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (self->lock != -1 && flock (self->lock, LOCK_EX | LOCK_NB) == 0)
    g_file_set_contents (mark, "", 0, NULL);
}

/* Links in it go, and what they lead to stays */
static void
remove_all (const char *path,
            guint       depth)
{
  g_autoptr(GDir) dir = depth > 0 ? g_dir_open (path, 0, NULL) : NULL;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_all (child, depth - 1);
      else if (g_unlink (child) != 0)
        g_debug ("%s stays: %s", child, g_strerror (errno));
    }

  if (g_rmdir (path) != 0)
    g_debug ("%s stays: %s", path, g_strerror (errno));
}

/**
 * flint_demo_folder_new:
 * @error: return location
 *
 * Makes a folder (mode 0700) in the user's runtime directory, or among the temporary files where there is none.
 *
 * Returns: (transfer full) (nullable): the folder
 */
FlintDemoFolder *
flint_demo_folder_new (GError **error)
{
  const char *parent = g_getenv ("XDG_RUNTIME_DIR");   /* as flint-demo, which looks there for what was left */
  g_autofree char *path = NULL;
  FlintDemoFolder *self;

  if (parent == NULL || g_access (parent, W_OK) != 0)
    parent = g_get_tmp_dir ();

  path = g_build_filename (parent, "flint-demo-XXXXXX", NULL);

  if (g_mkdtemp_full (path, 0700) == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
      return NULL;
    }

  self = g_new0 (FlintDemoFolder, 1);
  self->path = g_steal_pointer (&path);
  lock_folder (self);

  return self;
}

/**
 * flint_demo_folder_free:
 * @self: a folder
 *
 * Removes it with all that is in it.
 */
void
flint_demo_folder_free (FlintDemoFolder *self)
{
  remove_all (self->path, DEPTH);

  if (self->lock != -1)
    close (self->lock);

  g_free (self->path);
  g_free (self);
}

/**
 * flint_demo_folder_get_path:
 * @self: a folder
 *
 * Returns: where it is
 */
const char *
flint_demo_folder_get_path (FlintDemoFolder *self)
{
  return self->path;
}
