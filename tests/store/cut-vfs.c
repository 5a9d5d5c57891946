/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cut-vfs.h"

#include <sqlite3.h>
#include <string.h>

/* A disk keeps or loses so much at once */
#define SECTOR 512

/* What was written and is not on the disk: in its order, for a disk may keep that */
typedef struct
{
  sqlite3_int64  offset;     /* -1: the file was cut off at size */
  sqlite3_int64  size;
  guint8        *bytes;      /* owned */
} Write;

typedef struct
{
  sqlite3_file   base;
  sqlite3_file  *real;       /* owned */
  GQueue         writes;     /* of owned Write */
  sqlite3_int64  size;       /* as the program sees it */
} CutFile;

static struct
{
  sqlite3_vfs  vfs;
  sqlite3_vfs *real;
  GMutex       mutex;
  GPtrArray   *files;        /* of borrowed CutFile, those that are open */
  GRand       *random;
  guint        left;         /* writes until the cut; 0: it was; G_MAXUINT: never */
  guint        n_writes;
  guint        n_syncs;
} disk;

static void
write_free (gpointer data)
{
  Write *write = data;

  g_free (write->bytes);
  g_free (write);
}

static gboolean
is_cut (void)
{
  return disk.left == 0;
}

/* On the real disk */
static int
apply (CutFile     *self,
       const Write *write)
{
  if (write->offset < 0)
    return self->real->pMethods->xTruncate (self->real, write->size);

  return self->real->pMethods->xWrite (self->real, write->bytes, write->size, write->offset);
}

/* Some of the sectors of a write that was not waited for */
static void
apply_in_part (CutFile     *self,
               const Write *write)
{
  if (write->offset < 0)
    {
      apply (self, write);
      return;
    }

  for (sqlite3_int64 at = 0; at < write->size; at += SECTOR)
    {
      if (g_rand_boolean (disk.random))
        self->real->pMethods->xWrite (self->real, write->bytes + at, MIN (SECTOR, write->size - at), write->offset + at);
    }
}

/* The power fails: each disk of three kinds. One loses what it was not told to keep, one has a beginning of it, one has
 * anything.
 */
static void
cut (void)
{
  guint kind = g_rand_int_range (disk.random, 0, 3);

  disk.left = 0;
  for (guint i = 0; i < disk.files->len; i++)
    {
      CutFile *file = g_ptr_array_index (disk.files, i);
      guint n_kept = kind == 0 ? 0 : g_rand_int_range (disk.random, 0, file->writes.length + 1);
      guint n = 0;

      for (GList *l = file->writes.head; l != NULL; l = l->next, n++)
        {
          if (kind == 2 ? g_rand_boolean (disk.random) : n < n_kept)
            apply (file, l->data);
          else if (kind != 0 && (kind == 2 || n == n_kept))
            apply_in_part (file, l->data);
        }
    }
}

/* TRUE: the power is gone, with this write or before */
static gboolean
count_write (void)
{
  if (is_cut ())
    return TRUE;

  disk.n_writes++;
  if (disk.left != G_MAXUINT && --disk.left == 0)
    cut ();

  return is_cut ();
}

static void
add_write (CutFile       *self,
           sqlite3_int64  offset,
           const void    *bytes,
           sqlite3_int64  size)
{
  Write *write = g_new0 (Write, 1);

  write->offset = offset;
  write->size = size;
  write->bytes = bytes != NULL ? g_memdup2 (bytes, size) : NULL;
  g_queue_push_tail (&self->writes, write);
}

/* A file */

static int
on_close (sqlite3_file *file)
{
  CutFile *self = (CutFile *) file;
  Write *write;

  g_mutex_lock (&disk.mutex);

  /* Whoever goes on after the close would find it in the system's memory, and so would a program of the next minute */
  while ((write = g_queue_pop_head (&self->writes)) != NULL)
    {
      if (!is_cut ())
        apply (self, write);
      write_free (write);
    }
  g_ptr_array_remove (disk.files, self);
  g_mutex_unlock (&disk.mutex);

  self->real->pMethods->xClose (self->real);
  sqlite3_free (self->real);

  return SQLITE_OK;
}

static void
lay_over (guint8        *bytes,
          sqlite3_int64  offset,
          int            size,
          const Write   *write)
{
  sqlite3_int64 from = MAX (offset, write->offset);
  sqlite3_int64 until = MIN (offset + size, write->offset + write->size);

  if (write->offset < 0)
    {
      if (write->size < offset + size)
        memset (bytes + MAX (write->size - offset, 0), 0, size - MAX (write->size - offset, 0));
    }
  else if (from < until)
    {
      memcpy (bytes + (from - offset), write->bytes + (from - write->offset), until - from);
    }
}

static int
on_read (sqlite3_file  *file,
         void          *bytes,
         int            size,
         sqlite3_int64  offset)
{
  CutFile *self = (CutFile *) file;
  int result;

  g_mutex_lock (&disk.mutex);
  result = is_cut () ? SQLITE_IOERR_READ : self->real->pMethods->xRead (self->real, bytes, size, offset);
  if (result == SQLITE_OK || result == SQLITE_IOERR_SHORT_READ)
    {
      for (GList *l = self->writes.head; l != NULL; l = l->next)
        lay_over (bytes, offset, size, l->data);
      result = offset + size <= self->size ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
    }
  g_mutex_unlock (&disk.mutex);

  return result;
}

static int
on_write (sqlite3_file  *file,
          const void    *bytes,
          int            size,
          sqlite3_int64  offset)
{
  CutFile *self = (CutFile *) file;
  int result = SQLITE_OK;

  g_mutex_lock (&disk.mutex);
  if (!is_cut ())
    add_write (self, offset, bytes, size);
  if (count_write ())
    result = SQLITE_IOERR_WRITE;
  else
    self->size = MAX (self->size, offset + size);
  g_mutex_unlock (&disk.mutex);

  return result;
}

static int
on_truncate (sqlite3_file  *file,
             sqlite3_int64  size)
{
  CutFile *self = (CutFile *) file;
  int result = SQLITE_OK;

  g_mutex_lock (&disk.mutex);
  if (!is_cut ())
    add_write (self, -1, NULL, size);
  if (count_write ())
    result = SQLITE_IOERR_TRUNCATE;
  else
    self->size = size;
  g_mutex_unlock (&disk.mutex);

  return result;
}

static int
on_sync (sqlite3_file *file,
         int           flags)
{
  CutFile *self = (CutFile *) file;
  int result = SQLITE_OK;
  Write *write;

  g_mutex_lock (&disk.mutex);
  if (count_write ())
    {
      result = SQLITE_IOERR_FSYNC;
    }
  else
    {
      disk.n_syncs++;
      while ((write = g_queue_pop_head (&self->writes)) != NULL)
        {
          apply (self, write);
          write_free (write);
        }
    }
  g_mutex_unlock (&disk.mutex);

  return result;
}

static int
on_size (sqlite3_file  *file,
         sqlite3_int64 *size)
{
  *size = ((CutFile *) file)->size;

  return is_cut () ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

static int
on_lock (sqlite3_file *file,
         int           lock)
{
  CutFile *self = (CutFile *) file;

  return self->real->pMethods->xLock (self->real, lock);
}

static int
on_unlock (sqlite3_file *file,
           int           lock)
{
  CutFile *self = (CutFile *) file;

  return self->real->pMethods->xUnlock (self->real, lock);
}

static int
on_check_lock (sqlite3_file *file,
               int          *result)
{
  CutFile *self = (CutFile *) file;

  return self->real->pMethods->xCheckReservedLock (self->real, result);
}

/* Hints of what is coming would reach the real file */
static int
on_control (sqlite3_file *file,
            int           operation,
            void         *argument)
{
  CutFile *self = (CutFile *) file;

  if (operation == SQLITE_FCNTL_SIZE_HINT || operation == SQLITE_FCNTL_CHUNK_SIZE)
    return SQLITE_OK;

  return self->real->pMethods->xFileControl (self->real, operation, argument);
}

static int
on_sector_size (sqlite3_file *file)
{
  return SECTOR;
}

/* As of the real one, and all that SQLite believes of it: what was not written to stays as it is */
static int
on_characteristics (sqlite3_file *file)
{
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* Version 1: without memory that is shared or mapped, which the store does not use */
static const sqlite3_io_methods methods = {
  .iVersion = 1,
  .xClose = on_close,
  .xRead = on_read,
  .xWrite = on_write,
  .xTruncate = on_truncate,
  .xSync = on_sync,
  .xFileSize = on_size,
  .xLock = on_lock,
  .xUnlock = on_unlock,
  .xCheckReservedLock = on_check_lock,
  .xFileControl = on_control,
  .xSectorSize = on_sector_size,
  .xDeviceCharacteristics = on_characteristics,
};

/* The disk */

static int
on_open (sqlite3_vfs  *vfs,
         const char   *name,
         sqlite3_file *file,
         int           flags,
         int          *out_flags)
{
  CutFile *self = (CutFile *) file;
  int result;

  memset (self, 0, sizeof *self);
  if (is_cut ())
    return SQLITE_CANTOPEN;

  self->real = sqlite3_malloc (disk.real->szOsFile);
  memset (self->real, 0, disk.real->szOsFile);
  result = disk.real->xOpen (disk.real, name, self->real, flags, out_flags);
  if (result != SQLITE_OK)
    {
      sqlite3_free (self->real);
      return result;
    }

  self->base.pMethods = &methods;
  g_queue_init (&self->writes);
  self->real->pMethods->xFileSize (self->real, &self->size);

  g_mutex_lock (&disk.mutex);
  g_ptr_array_add (disk.files, self);
  g_mutex_unlock (&disk.mutex);

  return SQLITE_OK;
}

static int
on_delete (sqlite3_vfs *vfs,
           const char  *name,
           int          sync_directory)
{
  gboolean is_gone;

  g_mutex_lock (&disk.mutex);
  is_gone = count_write ();
  g_mutex_unlock (&disk.mutex);

  return is_gone ? SQLITE_IOERR_DELETE : disk.real->xDelete (disk.real, name, sync_directory);
}

/* It is the default from now on, for what is opened */
void
cut_vfs_install (void)
{
  disk.real = sqlite3_vfs_find (NULL);
  disk.vfs = *disk.real;
  disk.vfs.zName = "cut";
  disk.vfs.szOsFile = sizeof (CutFile);
  disk.vfs.xOpen = on_open;
  disk.vfs.xDelete = on_delete;
  disk.files = g_ptr_array_new ();
  disk.random = g_rand_new_with_seed (0);
  disk.left = G_MAXUINT;
  disk.n_writes = 0;
  disk.n_syncs = 0;
  g_assert_cmpint (sqlite3_vfs_register (&disk.vfs, TRUE), ==, SQLITE_OK);
}

/* All is closed before */
void
cut_vfs_uninstall (void)
{
  g_assert_cmpuint (disk.files->len, ==, 0);
  sqlite3_vfs_unregister (&disk.vfs);
  g_clear_pointer (&disk.files, g_ptr_array_unref);
  g_clear_pointer (&disk.random, g_rand_free);
}

/* The cut comes instead of the n-th write from now; a sync and a file that is deleted count as one too. seed: what
 * becomes of the rest
 */
void
cut_vfs_cut_after (guint   n_writes,
                   guint32 seed)
{
  g_mutex_lock (&disk.mutex);
  g_rand_set_seed (disk.random, seed);
  disk.left = n_writes;
  g_mutex_unlock (&disk.mutex);
}

guint
cut_vfs_count_writes (void)
{
  guint n;

  g_mutex_lock (&disk.mutex);
  n = disk.n_writes;
  g_mutex_unlock (&disk.mutex);

  return n;
}

guint
cut_vfs_count_syncs (void)
{
  guint n;

  g_mutex_lock (&disk.mutex);
  n = disk.n_syncs;
  g_mutex_unlock (&disk.mutex);

  return n;
}
