/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-peer.h"

#include "test-servers.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

struct _TestPeer
{
  GSubprocess      *process;
  GDataInputStream *output;
  GPtrArray        *lines;      /* of char *, owned */
  gboolean          is_over;
};

static void read_line (TestPeer *self);

static void
on_line (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  TestPeer *self = user_data;
  char *line = g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (object), result, NULL, NULL);

  if (line == NULL)
    {
      self->is_over = TRUE;
      return;
    }

  g_test_message ("peer: %s", line);
  g_ptr_array_add (self->lines, line);
  read_line (self);
}

static void
read_line (TestPeer *self)
{
  g_data_input_stream_read_line_async (self->output, G_PRIORITY_DEFAULT, NULL, on_line, self);
}

static void
die_with_parent (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

/**
 * test_peer_can_run:
 * @argv: what succeeds where the program and all that it needs is installed
 */
gboolean
test_peer_can_run (const char * const *argv)
{
  g_autoptr(GSubprocess) process =
    g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL);

  return process != NULL && g_subprocess_wait_check (process, NULL, NULL);
}

/**
 * test_peer_new:
 *
 * Starts the program. What it writes to standard error is shown among its lines.
 */
TestPeer *
test_peer_new (const char * const *argv)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                               G_SUBPROCESS_FLAGS_STDERR_MERGE);
  TestPeer *self = g_new0 (TestPeer, 1);

  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  self->process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  self->lines = g_ptr_array_new_with_free_func (g_free);
  self->output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  read_line (self);

  return self;
}

/**
 * test_peer_free:
 *
 * Ends the program, and waits for its last line.
 */
void
test_peer_free (TestPeer *self)
{
  g_subprocess_force_exit (self->process);
  test_wait_for (self->is_over);

  g_clear_object (&self->output);
  g_clear_object (&self->process);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  g_free (self);
}

/**
 * test_peer_tell:
 *
 * Writes a line to the program.
 */
void
test_peer_tell (TestPeer   *self,
                const char *line)
{
  GOutputStream *input = g_subprocess_get_stdin_pipe (self->process);
  g_autofree char *text = g_strconcat (line, "\n", NULL);
  g_autoptr(GError) error = NULL;

  g_output_stream_write_all (input, text, strlen (text), NULL, NULL, &error);
  g_assert_no_error (error);
}

/**
 * test_peer_end:
 *
 * Closes the program's input.
 */
void
test_peer_end (TestPeer *self)
{
  g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL);
}

void
test_peer_signal (TestPeer *self,
                  int       number)
{
  g_subprocess_send_signal (self->process, number);
}

/**
 * test_peer_join:
 *
 * Waits until the program has ended.
 *
 * Returns: its status, or the negative number of the signal that ended it
 */
int
test_peer_join (TestPeer *self)
{
  test_wait_for (self->is_over);
  g_subprocess_wait (self->process, NULL, NULL);

  return g_subprocess_get_if_exited (self->process) ? g_subprocess_get_exit_status (self->process)
                                                    : -g_subprocess_get_term_sig (self->process);
}

/**
 * test_peer_find:
 * @pattern: a shell pattern for a whole line
 *
 * Returns: (nullable): the first line like that
 */
const char *
test_peer_find (TestPeer   *self,
                const char *pattern)
{
  for (guint i = 0; i < self->lines->len; i++)
    {
      const char *line = g_ptr_array_index (self->lines, i);

      if (g_pattern_match_simple (pattern, line))
        return line;
    }

  return NULL;
}

/**
 * test_peer_wait:
 *
 * Returns: the first line like that, once there is one
 */
const char *
test_peer_wait (TestPeer   *self,
                const char *pattern)
{
  gint64 deadline = 0;

  while (test_peer_find (self, pattern) == NULL)
    {
      if (!test_wait_step (&deadline))
        g_error ("The other client never wrote: %s", pattern);
    }

  return test_peer_find (self, pattern);
}
