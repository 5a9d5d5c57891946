/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE

#include "demo-dir.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARK "owned"   /* in a directory whose lock its owner has, or had; FlintDemoFolder makes the same */

struct _DemoDir
{
  char *path;
  int   lock;   /* on it; -1: none */
};

/* The kernel takes the lock back from an owner who is killed, and so tells a directory that is used from one
 * that nobody was left to remove. The mark comes after the lock: without it a directory is about to be locked.
 */
static void
lock_dir (DemoDir *self)
{
  g_autofree char *mark = g_build_filename (self->path, MARK, NULL);

  self->lock = open (self->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (self->lock != -1 && flock (self->lock, LOCK_EX | LOCK_NB) == 0)
    g_file_set_contents (mark, "", 0, NULL);
}

static void
remove_tree (GFile *file)
{
  g_autoptr(GFileEnumerator) children =
    g_file_enumerate_children (file, G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_STANDARD_TYPE,
                               G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, NULL);
  GFileInfo *info;
  GFile *child;

  while (children != NULL && g_file_enumerator_iterate (children, &info, &child, NULL, NULL) && info != NULL)
    {
      if (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY)
        remove_tree (child);
      else
        g_file_delete (child, NULL, NULL);
    }

  g_file_delete (file, NULL, NULL);
}

static void
remove_if_left (const char *path)
{
  g_autofree char *mark = g_build_filename (path, MARK, NULL);
  int lock = open (path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  struct stat status;

  if (lock == -1)
    return;

  if (fstat (lock, &status) == 0 && status.st_uid == geteuid () && access (mark, F_OK) == 0 &&
      flock (lock, LOCK_EX | LOCK_NB) == 0)
    demo_dir_remove (path);
  close (lock);
}

static gboolean
has_name (const char *base,
          const char *name)
{
  g_autofree char *pattern = g_strdup_printf ("%s-??????", name);

  return g_pattern_match_simple (pattern, base);
}

/* Those whose owner was killed */
static void
remove_left (const char *parent,
             const char *name)
{
  g_autoptr(GDir) dir = g_dir_open (parent, 0, NULL);
  const char *found;

  while (dir != NULL && (found = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (parent, found, NULL);

      if (has_name (found, name))
        remove_if_left (path);
    }
}

/**
 * demo_dir_new:
 * @name: the beginning of its name
 *
 * Makes the directory (mode 0700). Directories of that name that were left there, because their owner was killed, are
 * removed.
 *
 * Returns: (transfer full) (nullable): the directory
 */
DemoDir *
demo_dir_new (const char  *name,
              GError     **error)
{
  const char *parent = g_getenv ("XDG_RUNTIME_DIR");
  g_autofree char *template = g_strdup_printf ("%s-XXXXXX", name);
  g_autofree char *path = NULL;
  DemoDir *self;

  if (parent == NULL || access (parent, W_OK) != 0)
    parent = g_get_tmp_dir ();

  remove_left (parent, name);
  path = g_build_filename (parent, template, NULL);
  if (g_mkdtemp_full (path, 0700) == NULL)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   "No directory could be made in %s: %s", parent, g_strerror (errno));
      return NULL;
    }

  self = g_new0 (DemoDir, 1);
  self->path = g_steal_pointer (&path);
  lock_dir (self);

  return self;
}

/**
 * demo_dir_free:
 *
 * Removes it with all that is in it.
 */
void
demo_dir_free (DemoDir *self)
{
  demo_dir_remove (self->path);
  if (self->lock != -1)
    close (self->lock);
  g_free (self->path);
  g_free (self);
}

const char *
demo_dir_get_path (DemoDir *self)
{
  return self->path;
}

/**
 * demo_dir_is_left:
 * @path: where somebody says that he has made a directory
 * @name: as in demo_dir_new ()
 *
 * Returns: whether there is one, of such a name, that is ours and nobody else's: no link, and not shared
 */
gboolean
demo_dir_is_left (const char *path,
                  const char *name)
{
  g_autofree char *base = g_path_get_basename (path);
  struct stat status;

  return g_path_is_absolute (path) && has_name (base, name) && lstat (path, &status) == 0 && S_ISDIR (status.st_mode) &&
         status.st_uid == geteuid () && (status.st_mode & 0777) == 0700;
}

/**
 * demo_dir_remove:
 *
 * Removes a directory with all that is in it. Links in it go, and what they lead to stays.
 */
void
demo_dir_remove (const char *path)
{
  g_autoptr(GFile) dir = g_file_new_for_path (path);

  remove_tree (dir);
}
