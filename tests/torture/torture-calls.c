/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The C library's calls, as GLib and GIO find them: torture.h says why here. What does not fail goes on to where it would
 * have gone without us, which is the sanitizer's where there is one.
 */
#include "torture.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

/* By their names for the linker: the headers have others for them, depending on the size of files */
int     torture_open    (const char *path, int flags, ...) __asm__ ("open64");
int     torture_mkdir   (const char *path, mode_t mode) __asm__ ("mkdir");
ssize_t torture_read    (int fd, void *data, size_t size) __asm__ ("read");
ssize_t torture_write   (int fd, const void *data, size_t size) __asm__ ("write");
ssize_t torture_writev  (int fd, const struct iovec *pieces, int n_pieces) __asm__ ("writev");
int     torture_fsync   (int fd) __asm__ ("fsync");
int     torture_close   (int fd) __asm__ ("close");
int     torture_rename  (const char *from, const char *to) __asm__ ("rename");
ssize_t torture_recv    (int fd, void *data, size_t size, int flags) __asm__ ("recv");
ssize_t torture_recvmsg (int fd, struct msghdr *message, int flags) __asm__ ("recvmsg");
ssize_t torture_send    (int fd, const void *data, size_t size, int flags) __asm__ ("send");
ssize_t torture_sendmsg (int fd, const struct msghdr *message, int flags) __asm__ ("sendmsg");

/* The next one of this name. Looked up each time: a static would be one more thing that threads share */
#define NEXT(function, name) ((__typeof__ (&function)) dlsym (RTLD_NEXT, name))

/* TRUE: the call ends with *result. FALSE: it goes on, with no more than *size bytes. */
static gboolean
fails (TortureCall  call,
       const char  *what,
       ssize_t     *result,
       size_t      *size)
{
  const TortureFault *fault = torture_is_due (call, what);

  if (fault == NULL)
    return FALSE;

  if (fault->effect == TORTURE_ONE_BYTE)
    {
      *size = MIN (*size, 1);
      return FALSE;
    }

  *result = fault->effect == TORTURE_END ? 0 : -1;
  errno = fault->error;

  return TRUE;
}

int
torture_open (const char *path,
              int         flags,
              ...)
{
  ssize_t result;
  size_t size = 0;
  mode_t mode;
  va_list arguments;

  va_start (arguments, flags);
  mode = va_arg (arguments, mode_t);
  va_end (arguments);

  if (torture_is_path (path) && fails (TORTURE_OPEN, path, &result, &size))
    return result;

  return NEXT (torture_open, "open64") (path, flags, mode);
}

int
torture_mkdir (const char *path,
               mode_t      mode)
{
  ssize_t result;
  size_t size = 0;

  if (torture_is_path (path) && fails (TORTURE_MKDIR, path, &result, &size))
    return result;

  return NEXT (torture_mkdir, "mkdir") (path, mode);
}

ssize_t
torture_read (int     fd,
              void   *data,
              size_t  size)
{
  ssize_t result;

  if (torture_is_file (fd) && fails (TORTURE_READ, "read", &result, &size))
    return result;

  return NEXT (torture_read, "read") (fd, data, size);
}

ssize_t
torture_write (int         fd,
               const void *data,
               size_t      size)
{
  ssize_t result;

  if (torture_is_file (fd) && fails (TORTURE_WRITE, "write", &result, &size))
    return result;

  return NEXT (torture_write, "write") (fd, data, size);
}

ssize_t
torture_writev (int                 fd,
                const struct iovec *pieces,
                int                 n_pieces)
{
  ssize_t result;
  size_t size = G_MAXSIZE;

  if (torture_is_file (fd) && fails (TORTURE_WRITE, "writev", &result, &size))
    return result;

  return size == 1 && n_pieces > 0 ? NEXT (torture_write, "write") (fd, pieces[0].iov_base, MIN (pieces[0].iov_len, 1))
                                   : NEXT (torture_writev, "writev") (fd, pieces, n_pieces);
}

int
torture_fsync (int fd)
{
  ssize_t result;
  size_t size = 0;

  if (torture_is_file (fd) && fails (TORTURE_FSYNC, "fsync", &result, &size))
    return result;

  return NEXT (torture_fsync, "fsync") (fd);
}

int
torture_close (int fd)
{
  ssize_t result = 0;
  size_t size = 0;
  gboolean is_failing = torture_is_file (fd) && fails (TORTURE_CLOSE, "close", &result, &size);
  int error = errno;
  int closed = NEXT (torture_close, "close") (fd);

  if (!is_failing)
    return closed;

  errno = error;

  return result;
}

int
torture_rename (const char *from,
                const char *to)
{
  ssize_t result;
  size_t size = 0;

  if (torture_is_path (to) && fails (TORTURE_RENAME, to, &result, &size))
    return result;

  return NEXT (torture_rename, "rename") (from, to);
}

ssize_t
torture_recv (int     fd,
              void   *data,
              size_t  size,
              int     flags)
{
  ssize_t result;

  if (torture_is_wire (fd) && fails (TORTURE_RECEIVE, "recv", &result, &size))
    return result;

  return NEXT (torture_recv, "recv") (fd, data, size, flags);
}

ssize_t
torture_recvmsg (int            fd,
                 struct msghdr *message,
                 int            flags)
{
  ssize_t result;
  size_t size = G_MAXSIZE;

  if (torture_is_wire (fd) && fails (TORTURE_RECEIVE, "recvmsg", &result, &size))
    return result;

  if (size == 1 && message->msg_iovlen > 0)
    {
      struct iovec piece = { message->msg_iov[0].iov_base, MIN (message->msg_iov[0].iov_len, 1) };
      struct msghdr little = *message;

      little.msg_iov = &piece;
      little.msg_iovlen = 1;

      return NEXT (torture_recvmsg, "recvmsg") (fd, &little, flags);
    }

  return NEXT (torture_recvmsg, "recvmsg") (fd, message, flags);
}

ssize_t
torture_send (int         fd,
              const void *data,
              size_t      size,
              int         flags)
{
  ssize_t result;

  if (torture_is_wire (fd) && fails (TORTURE_SEND, "send", &result, &size))
    return result;

  return NEXT (torture_send, "send") (fd, data, size, flags);
}

ssize_t
torture_sendmsg (int                  fd,
                 const struct msghdr *message,
                 int                  flags)
{
  ssize_t result;
  size_t size = G_MAXSIZE;

  if (torture_is_wire (fd) && fails (TORTURE_SEND, "sendmsg", &result, &size))
    return result;

  if (size == 1 && message->msg_iovlen > 0)
    {
      struct iovec piece = { message->msg_iov[0].iov_base, MIN (message->msg_iov[0].iov_len, 1) };
      struct msghdr little = *message;

      little.msg_iov = &piece;
      little.msg_iovlen = 1;

      return NEXT (torture_sendmsg, "sendmsg") (fd, &little, flags);
    }

  return NEXT (torture_sendmsg, "sendmsg") (fd, message, flags);
}
