/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "torture.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_RUNS 5000

const TortureFault torture_file_faults[] = {
  { "a-file-may-not-be-opened", TORTURE_OPEN, TORTURE_ERROR, EACCES },
  { "there-are-too-many-open-files", TORTURE_OPEN, TORTURE_ERROR, EMFILE, TRUE },
  { "a-folder-cannot-be-made", TORTURE_MKDIR, TORTURE_ERROR, EACCES },
  { "a-file-cannot-be-read", TORTURE_READ, TORTURE_ERROR, EIO },
  { "the-disk-is-full-for-once", TORTURE_WRITE, TORTURE_ERROR, ENOSPC },
  { "the-disk-is-full", TORTURE_OPEN | TORTURE_WRITE, TORTURE_ERROR, ENOSPC, TRUE },
  { "the-disk-is-broken", TORTURE_READ | TORTURE_WRITE | TORTURE_FSYNC | TORTURE_CLOSE, TORTURE_ERROR, EIO, TRUE },
  { "what-was-written-is-not-on-the-disk", TORTURE_FSYNC, TORTURE_ERROR, EIO },
  { "a-file-cannot-be-closed", TORTURE_CLOSE, TORTURE_ERROR, EIO },
  { "a-file-cannot-be-renamed", TORTURE_RENAME, TORTURE_ERROR, EACCES },
  /* not of open () and fsync (), where GLib 2.74 does not expect it, and Linux has it only for what is far or slow */
  { "a-signal-comes", TORTURE_READ | TORTURE_WRITE, TORTURE_ERROR, EINTR, .is_harmless = TRUE },
  { "little-is-read-or-written", TORTURE_READ | TORTURE_WRITE, TORTURE_ONE_BYTE, .is_lasting = TRUE, .is_harmless = TRUE },
  { NULL }
};

const TortureFault torture_wire_faults[] = {
  { "the-peer-resets-while-we-read", TORTURE_RECEIVE, TORTURE_ERROR, ECONNRESET },
  { "the-network-goes-while-we-read", TORTURE_RECEIVE, TORTURE_ERROR, ETIMEDOUT, TRUE },
  { "the-stream-ends-at-once", TORTURE_RECEIVE, TORTURE_END, .is_lasting = TRUE },
  { "the-peer-resets-while-we-write", TORTURE_SEND, TORTURE_ERROR, ECONNRESET },
  { "the-pipe-is-broken", TORTURE_SEND, TORTURE_ERROR, EPIPE, TRUE },
  { "the-network-is-unreachable", TORTURE_SEND, TORTURE_ERROR, ENETUNREACH },
  { "the-kernel-has-no-memory", TORTURE_SEND | TORTURE_RECEIVE, TORTURE_ERROR, ENOMEM },
  { "a-signal-comes", TORTURE_SEND | TORTURE_RECEIVE, TORTURE_ERROR, EINTR, .is_harmless = TRUE },
  { "it-is-not-ready-after-all", TORTURE_SEND | TORTURE_RECEIVE, TORTURE_ERROR, EAGAIN, .is_harmless = TRUE },
  { "one-byte-crosses-at-a-time", TORTURE_SEND | TORTURE_RECEIVE, TORTURE_ONE_BYTE, .is_lasting = TRUE, .is_harmless = TRUE },
  { "one-byte-crosses", TORTURE_SEND | TORTURE_RECEIVE, TORTURE_ONE_BYTE, .is_harmless = TRUE },
  { NULL }
};

/* The run that is under way: one at a time, as it is the program that is tortured. Other threads look at it, too. */
static struct
{
  const TortureFault *fault;
  const char         *directory;
  const int          *spared;
  int                 wanted;       /* the call that fails */
  int                 n_calls;      /* atomic */
  gboolean            is_on;        /* atomic */
  gboolean            has_struck;   /* atomic */
} run;

void
torture_start (const char *directory,
               const int  *spared)
{
  run.directory = directory;
  run.spared = spared;
  g_atomic_int_set (&run.n_calls, 0);
  g_atomic_int_set (&run.has_struck, FALSE);
  g_atomic_int_set (&run.is_on, TRUE);
}

gboolean
torture_stop (void)
{
  g_atomic_int_set (&run.is_on, FALSE);

  return torture_has_struck ();
}

gboolean
torture_has_struck (void)
{
  return g_atomic_int_get (&run.has_struck);
}

/* Nothing here may allocate: it may be called for an allocation */
const TortureFault *
torture_is_due (TortureCall call,
                const char *what)
{
  int n;

  if (!g_atomic_int_get (&run.is_on) || run.fault == NULL || !(run.fault->calls & call))
    return NULL;

  n = g_atomic_int_add (&run.n_calls, 1) + 1;
  if (n != run.wanted && !(n > run.wanted && run.fault->is_lasting))
    return NULL;

  if (n == run.wanted)
    {
      char text[512];
      int length = snprintf (text, sizeof text, "# %s: the %dth: %s\n", run.fault->name, n, what);

      g_atomic_int_set (&run.has_struck, TRUE);
      if (g_test_verbose ())
        dprintf (STDERR_FILENO, "%.*s", MIN (length, (int) sizeof text - 1), text);
    }

  return run.fault;
}

gboolean
torture_is_path (const char *path)
{
  return g_atomic_int_get (&run.is_on) && run.directory != NULL && g_str_has_prefix (path, run.directory);
}

gboolean
torture_is_file (int fd)
{
  char link[64];
  char path[4096];
  gssize length;

  if (!g_atomic_int_get (&run.is_on) || run.directory == NULL)
    return FALSE;

  g_snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  length = readlink (link, path, sizeof path - 1);
  path[MAX (length, 0)] = '\0';

  return torture_is_path (path);
}

gboolean
torture_is_wire (int fd)
{
  int type;
  socklen_t size = sizeof type;

  return g_atomic_int_get (&run.is_on) && run.spared != NULL && fd != *run.spared &&
         getsockopt (fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0;
}

void
torture_assert_words (const GError *error)
{
  g_assert_nonnull (error);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_cmpuint (strlen (error->message), >=, 8);
  g_assert_null (strstr (error->message, "(null)"));
}

typedef struct
{
  const TortureFault *fault;
  TortureScenario     run;
} Test;

static void
run_test (gconstpointer user_data)
{
  const Test *test = user_data;

  /* First as it is without a fault: a scenario that does not work proves nothing */
  run.fault = NULL;
  test->run (NULL);

  run.fault = test->fault;
  for (run.wanted = 1; run.wanted < MAX_RUNS; run.wanted++)
    {
      test->run (test->fault);
      g_assert_false (g_atomic_int_get (&run.is_on));
      if (!torture_has_struck ())
        break;
    }

  g_assert_cmpint (run.wanted, >, 1);
  g_assert_cmpint (run.wanted, <, MAX_RUNS);
  g_test_message ("%d times", run.wanted - 1);
}

void
torture_add (const char         *scenario,
             const TortureFault *faults,
             TortureScenario     run_scenario)
{
  for (const TortureFault *fault = faults; fault->name != NULL; fault++)
    {
      g_autofree char *path = g_strdup_printf ("/torture/%s/%s", scenario, fault->name);
      Test *test = g_new (Test, 1);

      test->fault = fault;
      test->run = run_scenario;
      g_test_add_data_func_full (path, test, run_test, g_free);
    }
}
