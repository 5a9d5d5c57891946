/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE

#include "demo-server.h"

#include "demo-dir.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define LOG_LINES  40
#define START_TIME 120  /* s; a healthy server needs less than two, a very busy machine twenty times that */

struct _DemoServer
{
  GObject parent_instance;

  DemoDir          *dir;
  char            **variables;    /* its environment */
  GQueue            log;          /* of char *, owned; the last lines that it wrote */

  /* While it runs */
  GSubprocess      *process;
  GDataInputStream *output;
  GCancellable     *cancellable;

  /* While it starts */
  GTask            *start;
  char             *ready;        /* what its log says once it takes connections */
  char             *taken;        /* what its log says when somebody else has its port */
  guint             deadline;
};

enum { ENDED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DemoServer, demo_server, G_TYPE_OBJECT)

static void
end_start (DemoServer *self,
           GError     *error)
{
  g_autoptr(GTask) task = g_steal_pointer (&self->start);

  g_clear_handle_id (&self->deadline, g_source_remove);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
fail_start (DemoServer *self,
            int         code,
            const char *what)
{
  g_autofree char *log = demo_server_get_log (self);

  end_start (self, g_error_new (G_IO_ERROR, code, "The server %s. It wrote:\n%s", what, log));
}

static void
keep_line (DemoServer *self,
           char       *line)
{
  g_queue_push_tail (&self->log, line);
  if (self->log.length > LOG_LINES)
    g_free (g_queue_pop_head (&self->log));
}

static void
on_line (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(DemoServer) self = DEMO_SERVER (user_data);
  g_autoptr(GError) error = NULL;
  char *line = g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (object), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (line == NULL)
    {
      g_clear_object (&self->output);
      if (self->start != NULL)
        fail_start (self, G_IO_ERROR_FAILED, "ended while it started");
      else
        g_signal_emit (self, signals[ENDED], 0);
      return;
    }

  keep_line (self, line);
  if (self->start != NULL && strstr (line, self->taken) != NULL)
    fail_start (self, G_IO_ERROR_ADDRESS_IN_USE, "found its port taken");
  else if (self->start != NULL && strstr (line, self->ready) != NULL)
    end_start (self, NULL);

  if (self->output != NULL)
    g_data_input_stream_read_line_async (self->output, G_PRIORITY_DEFAULT, self->cancellable,
                                         on_line, g_object_ref (self));
}

static gboolean
on_deadline (gpointer user_data)
{
  DemoServer *self = user_data;

  self->deadline = 0;
  fail_start (self, G_IO_ERROR_TIMED_OUT, "did not get ready");

  return G_SOURCE_REMOVE;
}

/* Between fork and exec: a group of its own, so that ^C is ours alone and its helpers end with it; and
 * the kernel's promise that it does not outlive us.
 */
static void
tie_to_parent (gpointer user_data)
{
  setpgid (0, 0);
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (getppid () != GPOINTER_TO_INT (user_data))
    _exit (1);
}

static void
demo_server_dispose (GObject *object)
{
  demo_server_stop (DEMO_SERVER (object));

  G_OBJECT_CLASS (demo_server_parent_class)->dispose (object);
}

static void
demo_server_finalize (GObject *object)
{
  DemoServer *self = DEMO_SERVER (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->ready, g_free);
  g_clear_pointer (&self->taken, g_free);
  g_clear_pointer (&self->variables, g_strfreev);
  g_queue_clear_full (&self->log, g_free);

  G_OBJECT_CLASS (demo_server_parent_class)->finalize (object);
}

static void
demo_server_class_init (DemoServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = demo_server_dispose;
  object_class->finalize = demo_server_finalize;

  signals[ENDED] = g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
demo_server_init (DemoServer *self)
{
  self->cancellable = g_cancellable_new ();
  self->variables = g_get_environ ();
  g_queue_init (&self->log);
}

/**
 * demo_server_new:
 * @name: the beginning of the directory's name
 *
 * Makes the directory, and removes those that were left by such servers, because they and their owner were killed.
 *
 * Returns: (transfer full) (nullable): a server that is not started
 */
DemoServer *
demo_server_new (const char  *name,
                 GError     **error)
{
  g_autoptr(DemoServer) self = g_object_new (DEMO_TYPE_SERVER, NULL);

  self->dir = demo_dir_new (name, error);
  if (self->dir == NULL)
    return NULL;

  demo_server_set_variable (self, "HOME", demo_server_get_dir (self));

  return g_steal_pointer (&self);
}

const char *
demo_server_get_dir (DemoServer *self)
{
  return self->dir != NULL ? demo_dir_get_path (self->dir) : NULL;
}

/**
 * demo_server_get_path:
 *
 * Returns: (transfer full): the path of a file in the directory
 */
char *
demo_server_get_path (DemoServer *self,
                      const char *name)
{
  return g_build_filename (demo_server_get_dir (self), name, NULL);
}

/**
 * demo_server_make_dir:
 *
 * Makes a directory in the directory, and those above it.
 */
gboolean
demo_server_make_dir (DemoServer  *self,
                      const char  *name,
                      GError     **error)
{
  g_autofree char *path = demo_server_get_path (self, name);

  if (g_mkdir_with_parents (path, 0700) == 0)
    return TRUE;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
               "%s could not be made: %s", path, g_strerror (errno));
  return FALSE;
}

/**
 * demo_server_write:
 *
 * Writes a file in the directory, which only we can read.
 */
gboolean
demo_server_write (DemoServer  *self,
                   const char  *name,
                   const char  *text,
                   GError     **error)
{
  g_autofree char *path = demo_server_get_path (self, name);

  return g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

/**
 * demo_server_set_variable:
 *
 * Sets a variable of the environment in which the process will run.
 */
void
demo_server_set_variable (DemoServer *self,
                          const char *name,
                          const char *value)
{
  self->variables = g_environ_setenv (self->variables, name, value, TRUE);
}

/**
 * demo_server_find_ports:
 *
 * Finds TCP ports that are free on 127.0.0.1. Somebody may take one before the server does: then it does
 * not get ready, and the caller tries again with others.
 */
gboolean
demo_server_find_ports (guint16  *ports,
                        guint     n_ports,
                        GError  **error)
{
  g_autoptr(GPtrArray) sockets = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new (loopback, 0);

  for (guint i = 0; i < n_ports; i++)
    {
      GSocket *socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);
      g_autoptr(GSocketAddress) address = NULL;

      if (socket == NULL)
        return FALSE;
      g_ptr_array_add (sockets, socket);
      if (!g_socket_bind (socket, any, FALSE, error))
        return FALSE;
      address = g_socket_get_local_address (socket, error);
      if (address == NULL)
        return FALSE;
      ports[i] = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
    }

  return TRUE;
}

/**
 * demo_server_start_async:
 * @argv: the program and its arguments; it has to stay in the foreground and to log to standard output
 * @ready: the text in its log that says that it takes connections
 * @taken: the text in its log that says that a port was not free; the start then fails with
 *   %G_IO_ERROR_ADDRESS_IN_USE, and what is to be tried again is all of it, in a directory of its own
 *
 * Starts the process, with the directory as its working directory. One that has ended can be started again.
 */
void
demo_server_start_async (DemoServer          *self,
                         const char * const  *argv,
                         const char          *ready,
                         const char          *taken,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr(GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  GError *error = NULL;

  g_task_set_source_tag (task, demo_server_start_async);
  g_return_if_fail (self->output == NULL);

  /* one that has ended, and is started again */
  if (self->process != NULL)
    g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->process);

  g_subprocess_launcher_set_cwd (launcher, demo_server_get_dir (self));
  g_subprocess_launcher_set_environ (launcher, self->variables);
  g_subprocess_launcher_set_child_setup (launcher, tie_to_parent, GINT_TO_POINTER (getpid ()), NULL);

  self->process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  if (self->process == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  g_free (self->ready);
  self->ready = g_strdup (ready);
  g_free (self->taken);
  self->taken = g_strdup (taken);
  self->start = g_steal_pointer (&task);
  self->deadline = g_timeout_add_seconds (START_TIME, on_deadline, self);
  self->output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  g_data_input_stream_read_line_async (self->output, G_PRIORITY_DEFAULT, self->cancellable,
                                       on_line, g_object_ref (self));
}

gboolean
demo_server_start_finish (DemoServer    *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * demo_server_signal:
 * @number: such as SIGTERM
 *
 * Tells the process, but not its helpers. When it has ended, the signal "ended" says so.
 */
void
demo_server_signal (DemoServer *self,
                    int         number)
{
  g_return_if_fail (self->process != NULL);

  g_subprocess_send_signal (self->process, number);
}

/**
 * demo_server_get_log:
 *
 * Returns: (transfer full): the last lines that the server wrote
 */
char *
demo_server_get_log (DemoServer *self)
{
  GString *text = g_string_new (NULL);

  for (GList *line = self->log.head; line != NULL; line = line->next)
    g_string_append_printf (text, "%s\n", (char *) line->data);

  return g_string_free (text, FALSE);
}

/**
 * demo_server_stop:
 *
 * Ends the process and removes the directory. There is nothing in it that the server would have to save,
 * so it is killed; that takes no time worth waiting for in a main loop.
 */
void
demo_server_stop (DemoServer *self)
{
  g_cancellable_cancel (self->cancellable);
  if (self->start != NULL)
    end_start (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "The server was stopped"));

  if (self->process != NULL)
    {
      const char *id = g_subprocess_get_identifier (self->process);

      if (id != NULL)
        kill (-(pid_t) g_ascii_strtoll (id, NULL, 10), SIGKILL);
      g_subprocess_wait (self->process, NULL, NULL);
      g_clear_object (&self->output);
      g_clear_object (&self->process);
    }

  g_clear_pointer (&self->dir, demo_dir_free);
}
