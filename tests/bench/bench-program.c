/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-program.h"

#include <X11/Xlib.h>
#include <gio/gio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#define LOOK       (10 * G_TIME_SPAN_MILLISECOND)
#define PATIENCE   (60 * G_TIME_SPAN_SECOND)
#define IDLE_CPU   0.0005    /* s of CPU between two looks: less than that is no work */
#define QUIET      0.8       /* s without work: then the last work was the end of it */
#define MIN_SIZE   100       /* px: smaller windows are not for people */

struct _BenchProgram
{
  Display   *display;
  GPid       pid;
  clockid_t  clock;
  gint64     started;
  double     mapped;         /* s after the start; 0: not yet */
  double     mapped_cpu;     /* s of CPU until then */
};

static void
die_with_parent (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

/* A home that nothing was in before */
static char **
make_environment (const char *home)
{
  static const char * const folders[][2] = {
    { "HOME", "" }, { "XDG_CONFIG_HOME", "config" }, { "XDG_CACHE_HOME", "cache" }, { "XDG_DATA_HOME", "data" },
  };
  char **environment = g_get_environ ();

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *path = g_build_filename (home, folders[i][1], NULL);

      environment = g_environ_setenv (environment, folders[i][0], path, TRUE);
    }

  return environment;
}

static double
get_age (BenchProgram *self)
{
  return (g_get_monotonic_time () - self->started) / 1e6;
}

static void
read_events (BenchProgram *self)
{
  while (XPending (self->display) > 0)
    {
      double age = get_age (self);
      double cpu = bench_program_get_cpu (self);
      XEvent event;
      XWindowAttributes attributes;

      XNextEvent (self->display, &event);

      /* The time before the question: the X server draws the first frame before it answers */
      if (event.type == MapNotify && self->mapped == 0 && !event.xmap.override_redirect &&
          XGetWindowAttributes (self->display, event.xmap.window, &attributes) && attributes.width >= MIN_SIZE)
        {
          self->mapped = age;
          self->mapped_cpu = cpu;
        }
    }
}

static void
look (BenchProgram *self)
{
  int status;

  if (waitpid (self->pid, &status, WNOHANG) == self->pid)
    g_error ("The program ended by itself, with status %d", status);

  if (get_age (self) > PATIENCE / 1e6)
    g_error ("The program was not ready after a minute");

  read_events (self);
}

/* A window may be gone before we ask how large it is */
static int
on_x_error (Display     *display,
            XErrorEvent *event)
{
  return 0;
}

/* home: an empty folder for it */
BenchProgram *
bench_program_new (const char *path,
                   const char *home)
{
  BenchProgram *self = g_new0 (BenchProgram, 1);
  g_auto(GStrv) environment = make_environment (home);
  g_autofree char *program = g_canonicalize_filename (path, NULL);
  char *argv[] = { program, NULL };
  g_autoptr(GError) error = NULL;

  self->display = XOpenDisplay (NULL);
  if (self->display == NULL)
    g_error ("There is no display");
  XSetErrorHandler (on_x_error);
  XSelectInput (self->display, DefaultRootWindow (self->display), SubstructureNotifyMask);
  XSync (self->display, FALSE);

  self->started = g_get_monotonic_time ();
  if (!g_spawn_async (home, argv, environment, G_SPAWN_DO_NOT_REAP_CHILD, die_with_parent, NULL, &self->pid, &error))
    g_error ("%s could not be started: %s", path, error->message);
  if (clock_getcpuclockid (self->pid, &self->clock) != 0)
    g_error ("The time of a process cannot be read");

  return self;
}

/* Ends it as a session does */
void
bench_program_free (BenchProgram *self)
{
  int status;

  kill (self->pid, SIGTERM);
  while (waitpid (self->pid, &status, 0) != self->pid)
    continue;

  XCloseDisplay (self->display);
  g_free (self);
}

/* Returns: s from exec to its first window on the screen */
double
bench_program_wait_mapped (BenchProgram *self)
{
  while (self->mapped == 0)
    {
      look (self);
      g_usleep (LOOK / 10);
    }

  return self->mapped;
}

/* Returns: s of CPU until its first window was on the screen */
double
bench_program_get_mapped_cpu (BenchProgram *self)
{
  return self->mapped_cpu;
}

/* is_done: (nullable): whether what it works on is there at all
 *
 * Returns: s from exec to the end of its last piece of work. That it was the last one is seen 0.8 s later,
 * which are not counted.
 */
double
bench_program_wait_settled (BenchProgram  *self,
                            gboolean     (*is_done) (gpointer user_data),
                            gpointer       user_data)
{
  double last = get_age (self);
  double before = bench_program_get_cpu (self);

  while (self->mapped == 0 || (is_done != NULL && !is_done (user_data)) || get_age (self) - last < QUIET)
    {
      double cpu;

      look (self);
      g_usleep (LOOK);
      cpu = bench_program_get_cpu (self);

      if (cpu - before > IDLE_CPU)
        last = get_age (self);
      before = cpu;
    }

  return last;
}

/* Lets it be for a while, to see what it does when there is nothing to do */
void
bench_program_watch (BenchProgram *self,
                     double        seconds)
{
  double end = get_age (self) + seconds;

  while (get_age (self) < end)
    {
      look (self);
      g_usleep (100 * G_TIME_SPAN_MILLISECOND);
    }
}

/* Returns: s, of all its threads */
double
bench_program_get_cpu (BenchProgram *self)
{
  struct timespec now = { 0 };

  clock_gettime (self->clock, &now);

  return now.tv_sec + now.tv_nsec / 1e9;
}

static char *
read_file (BenchProgram *self,
           const char   *name)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/%s", self->pid, name);
  g_autoptr(GError) error = NULL;
  char *text;

  if (!g_file_get_contents (path, &text, NULL, &error))
    g_error ("%s", error->message);

  return text;
}

static gint64
sum_lines (const char *text,
           const char *key)
{
  gint64 sum = 0;

  for (const char *hit = strstr (text, key); hit != NULL; hit = strstr (hit + 1, key))
    sum += g_ascii_strtoll (hit + strlen (key), NULL, 10);

  return sum;
}

/* Returns: (transfer full): for each of its threads how often it has gone to sleep: each time it has to be woken */
GHashTable *
bench_program_count_sleeps (BenchProgram *self)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/task", self->pid);
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  GHashTable *sleeps = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const char *task;

  while (dir != NULL && (task = g_dir_read_name (dir)))
    {
      g_autofree char *name = g_strdup_printf ("task/%s/status", task);
      g_autofree char *text = read_file (self, name);

      g_hash_table_insert (sleeps, g_strdup (task), GSIZE_TO_POINTER (sum_lines (text, "\nvoluntary_ctxt_switches:")));
    }

  return sleeps;
}

/* How often it was woken since. A thread that has ended meanwhile counts as one: it was woken to end. */
guint64
bench_program_get_wakeups (BenchProgram *self,
                           GHashTable   *before)
{
  g_autoptr(GHashTable) now = bench_program_count_sleeps (self);
  GHashTableIter iter;
  gpointer task;
  gpointer sleeps;
  guint64 sum = 0;

  g_hash_table_iter_init (&iter, now);
  while (g_hash_table_iter_next (&iter, &task, &sleeps))
    sum += GPOINTER_TO_SIZE (sleeps) - GPOINTER_TO_SIZE (g_hash_table_lookup (before, task));

  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, &task, NULL))
    sum += g_hash_table_contains (now, task) ? 0 : 1;

  return sum;
}

BenchMemory
bench_program_get_memory (BenchProgram *self)
{
  g_autofree char *text = read_file (self, "smaps_rollup");
  BenchMemory memory = {
    .rss = sum_lines (text, "\nRss:") * 1024,
    .private = (sum_lines (text, "\nPrivate_Clean:") + sum_lines (text, "\nPrivate_Dirty:")) * 1024,
  };

  return memory;
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
get_median (GArray *values)
{
  guint middle = values->len / 2;

  g_assert (values->len > 0);
  g_array_sort (values, compare);

  return values->len % 2 == 1 ? g_array_index (values, double, middle)
                              : (g_array_index (values, double, middle - 1) + g_array_index (values, double, middle)) / 2;
}

void
bench_print (const char *name,
             GArray     *ours,
             GArray     *floor,
             const char *unit,
             const char *goal)
{
  double a = get_median (ours);
  double b = get_median (floor);
  g_autofree char *ratio = b > 0 ? g_strdup_printf ("%.2f", a / b) : g_strdup ("-");

  g_print ("bench %s ours=%.3f %s floor=%.3f %s ratio=%s goal<=%s\n", name, a, unit, b, unit, ratio, goal);
}
