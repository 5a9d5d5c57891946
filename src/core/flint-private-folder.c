/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-private-folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_DEPTH 4
#define OTHERS    (S_IRWXG | S_IRWXO)

static void keep (int         fd,
                  const char *name,
                  guint       depth);

static void
keep_children (int   fd,
               guint depth)
{
  int copy = openat (fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *dir = copy >= 0 ? fdopendir (copy) : NULL;
  struct dirent *entry;

  if (dir == NULL)
    {
      if (copy >= 0)
        close (copy);
      return;
    }

  while ((entry = readdir (dir)) != NULL)
    {
      int child;

      if (g_str_equal (entry->d_name, ".") || g_str_equal (entry->d_name, ".."))
        continue;

      child = openat (fd, entry->d_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
      if (child >= 0)
        keep (child, entry->d_name, depth);
    }

  closedir (dir);
}

/* Takes fd. What belongs to somebody else is not ours to change, and no link is followed. */
static void
keep (int         fd,
      const char *name,
      guint       depth)
{
  struct stat info;

  if (fstat (fd, &info) == 0 && info.st_uid == geteuid () && (S_ISREG (info.st_mode) || S_ISDIR (info.st_mode)))
    {
      if (info.st_mode & OTHERS && fchmod (fd, info.st_mode & ~OTHERS & 07777) != 0)
        g_message ("Others may read %s: %s", name, g_strerror (errno));

      if (S_ISDIR (info.st_mode) && depth < MAX_DEPTH)
        keep_children (fd, depth + 1);
    }

  close (fd);
}

static void
keep_in_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  const char *path = task_data;
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd >= 0)
    keep (fd, path, 0);

  g_task_return_boolean (task, TRUE);
}

/**
 * flint_private_folder_keep:
 * @path: a folder of ours; it need not be there
 *
 * Takes from all others what they may do with it and with what is in it: an older version, another program or a copy
 * from elsewhere may have left it open. Done in a thread; whoever cannot be told to keep out is said in the log.
 */
void
flint_private_folder_keep (const char *path)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (path != NULL);

  task = g_task_new (NULL, NULL, NULL, NULL);
  g_task_set_source_tag (task, flint_private_folder_keep);
  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, keep_in_thread);
}
