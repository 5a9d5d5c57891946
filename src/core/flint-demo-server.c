/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-demo-server.h"

#include "flint-flat-json.h"
#include "flint-text.h"
#include "flint-weak.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define PROGRAM   "flint-demo"
#define MAX_ERROR 300      /* graphemes */

struct _FlintDemoServer
{
  GObject      parent_instance;

  char        *program;        /* NULL: the installed one */
  char        *folder;         /* NULL: none */
  GSubprocess *process;        /* NULL: not running */
  char        *room;
};

enum {
  ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlintDemoServer, flint_demo_server, G_TYPE_OBJECT)

static char *
find_installed (void)
{
  const char *dir = g_getenv ("FLINT_LIBEXECDIR");   /* the build's, when it is not installed */
  g_autofree char *installed = g_build_filename (dir != NULL ? dir : FLINT_LIBEXECDIR, PROGRAM, NULL);

  if (g_file_test (installed, G_FILE_TEST_IS_EXECUTABLE))
    return g_strdup (installed);

  return g_find_program_in_path (PROGRAM);
}

static void
flint_demo_server_dispose (GObject *object)
{
  flint_demo_server_stop (FLINT_DEMO_SERVER (object));

  G_OBJECT_CLASS (flint_demo_server_parent_class)->dispose (object);
}

static void
flint_demo_server_finalize (GObject *object)
{
  FlintDemoServer *self = FLINT_DEMO_SERVER (object);

  g_free (self->program);
  g_free (self->folder);
  g_free (self->room);

  G_OBJECT_CLASS (flint_demo_server_parent_class)->finalize (object);
}

static void
flint_demo_server_class_init (FlintDemoServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = flint_demo_server_dispose;
  object_class->finalize = flint_demo_server_finalize;

  signals[ENDED] = g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
flint_demo_server_init (FlintDemoServer *self)
{
}

/* Nobody asked it to */
static void
on_process_ended (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(FlintDemoServer) self = flint_weak_take (user_data);
  g_autoptr(GError) error = NULL;

  if (!g_subprocess_wait_check_finish (G_SUBPROCESS (source), result, &error))
    g_debug ("The demo ended: %s", error->message);

  if (self == NULL || self->process != G_SUBPROCESS (source))
    return;

  g_clear_object (&self->process);
  g_signal_emit (self, signals[ENDED], 0, error);
}

static FlintAccount *
make_account (FlintDemoServer  *self,
              GHashTable       *values,
              GError          **error)
{
  const char *user = g_hash_table_lookup (values, "user");
  const char *domain = g_hash_table_lookup (values, "domain");
  const char *port = g_hash_table_lookup (values, "port");
  const char *ca = g_hash_table_lookup (values, "ca");
  g_autoptr(GTlsDatabase) database = NULL;
  g_autofree char *address = NULL;
  g_autoptr(FlintAccount) account = NULL;
  guint64 number;

  if (user == NULL || domain == NULL || ca == NULL || port == NULL || !g_ascii_string_to_unsigned (port, 10, 1, 65535, &number, NULL))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("The demo did not say how to reach it."));
      return NULL;
    }

  if (!(database = g_tls_file_database_new (ca, error)))
    return NULL;

  address = strchr (user, '@') != NULL ? g_strdup (user) : g_strconcat (user, "@", domain, NULL);
  account = flint_account_new (address);
  g_object_set (account,
                "is-transient", TRUE,
                "remember-password", FALSE,
                "host", g_hash_table_lookup (values, "host"),
                "port", (int) number,
                NULL);
  flint_account_set_password (account, g_hash_table_lookup (values, "password"));
  flint_account_set_tls_database (account, database);

  g_free (self->room);
  self->room = g_strdup (g_hash_table_lookup (values, "room"));

  return g_steal_pointer (&account);
}

static void
on_line_read (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  FlintDemoServer *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autofree char *line = g_data_input_stream_read_line_finish_utf8 (G_DATA_INPUT_STREAM (source), result, NULL, &error);
  g_autoptr(GHashTable) values = line != NULL ? flint_flat_json_parse (line) : NULL;
  const char *said = values != NULL ? g_hash_table_lookup (values, "error") : NULL;
  gboolean is_missing = values != NULL && g_strcmp0 (g_hash_table_lookup (values, "code"), "no-server") == 0;
  g_autofree char *words = flint_text_for_line (said, MAX_ERROR);
  FlintAccount *account = NULL;

  if (words != NULL && *words != '\0')
    error = g_error_new_literal (G_IO_ERROR, is_missing ? G_IO_ERROR_NOT_SUPPORTED : G_IO_ERROR_FAILED, words);
  else if (values != NULL)
    account = make_account (self, values, &error);
  else if (error == NULL)
    error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, _("The demo could not be started."));

  if (account != NULL)
    {
      g_task_return_pointer (task, account, g_object_unref);
      return;
    }

  flint_demo_server_stop (self);
  g_task_return_error (task, error);
}

/**
 * flint_demo_server_is_available:
 *
 * Returns: whether everything is there that the demo needs: its program, and Prosody
 */
gboolean
flint_demo_server_is_available (void)
{
  g_autofree char *program = find_installed ();
  g_autofree char *prosody = g_find_program_in_path ("prosody");

  return program != NULL && (prosody != NULL || g_file_test ("/usr/bin/prosody", G_FILE_TEST_IS_EXECUTABLE));
}

/**
 * flint_demo_server_new:
 * @program: (nullable): the program to run; %NULL: the installed one
 *
 * Returns: (transfer full): a server that is not running yet
 */
FlintDemoServer *
flint_demo_server_new (const char *program)
{
  FlintDemoServer *self = g_object_new (FLINT_TYPE_DEMO_SERVER, NULL);

  self->program = g_strdup (program);

  return self;
}

/**
 * flint_demo_server_set_folder:
 * @self: a demo server that is not running yet
 * @path: (nullable): a #FlintDemoFolder
 *
 * Leaves a folder to it: it is removed when the server ends because it was stopped, or because we were killed.
 */
void
flint_demo_server_set_folder (FlintDemoServer *self,
                              const char      *path)
{
  g_return_if_fail (FLINT_IS_DEMO_SERVER (self));

  g_free (self->folder);
  self->folder = g_strdup (path);
}

/**
 * flint_demo_server_start_async:
 * @self: a demo server
 * @cancellable: (nullable): to give up
 * @callback: called when it can be connected to, or cannot be started
 * @user_data: for @callback
 *
 * Starts it.
 */
void
flint_demo_server_start_async (FlintDemoServer     *self,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autofree char *program = NULL;
  g_autoptr(GDataInputStream) output = NULL;
  GError *error = NULL;

  g_return_if_fail (FLINT_IS_DEMO_SERVER (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, flint_demo_server_start_async);
  program = self->program != NULL ? g_strdup (self->program) : find_installed ();

  if (program == NULL || self->process != NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s",
                               program == NULL ? _("The demo is not installed.") : _("The demo runs already."));
      return;
    }

  self->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program,
                                    self->folder != NULL ? "--folder" : NULL, self->folder, NULL);

  if (self->process == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  g_subprocess_wait_check_async (self->process, NULL, on_process_ended, flint_weak_new (self));
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  g_data_input_stream_read_line_async (output, G_PRIORITY_DEFAULT, cancellable, on_line_read, g_object_ref (task));
}

/**
 * flint_demo_server_start_finish:
 * @self: a demo server
 * @result: what the callback got
 * @error: return location
 *
 * Returns: (transfer full) (nullable): an account on it, with its password, that is never saved. Where there is no
 *   Prosody, @error is %G_IO_ERROR_NOT_SUPPORTED.
 */
FlintAccount *
flint_demo_server_start_finish (FlintDemoServer  *self,
                                GAsyncResult     *result,
                                GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * flint_demo_server_get_room:
 * @self: a demo server that runs
 *
 * Returns: (nullable): the address of its room
 */
const char *
flint_demo_server_get_room (FlintDemoServer *self)
{
  g_return_val_if_fail (FLINT_IS_DEMO_SERVER (self), NULL);

  return self->room;
}

/**
 * flint_demo_server_stop:
 * @self: a demo server
 *
 * Ends it: it goes when its input does, so it goes with us whatever happens to us.
 */
void
flint_demo_server_stop (FlintDemoServer *self)
{
  g_autoptr(GSubprocess) process = NULL;

  g_return_if_fail (FLINT_IS_DEMO_SERVER (self));

  if (!(process = g_steal_pointer (&self->process)))
    return;

  g_output_stream_close_async (g_subprocess_get_stdin_pipe (process), G_PRIORITY_DEFAULT, NULL, NULL, NULL);
}
