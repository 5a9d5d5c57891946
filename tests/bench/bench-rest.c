/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Flint needs when nothing happens: memory-N over a program that only says hello, and how often it wakes up
 * (idle). Arguments: FLINT HELLO CONTACTS NAME [ROUNDS].
 */
#include "bench-person.h"
#include "bench-program.h"

#include <stdlib.h>

#define N_ROUNDS 3
#define REST     8       /* s: what is put off until after the login is done by then */
#define IDLE     24      /* s: and the threads that did it are gone, as GLib lets them go after 15 s without work */
#define WATCH    12      /* s */
#define MB       1e6   /* bytes */

typedef struct
{
  GArray *rss;
  GArray *private;
  GArray *wakeups;       /* a second */
  GArray *cpu;           /* ms a second */
} Figures;

static Figures
figures_new (void)
{
  Figures figures;
  GArray **arrays[] = { &figures.rss, &figures.private, &figures.wakeups, &figures.cpu };

  for (guint i = 0; i < G_N_ELEMENTS (arrays); i++)
    *arrays[i] = g_array_new (FALSE, FALSE, sizeof (double));

  return figures;
}

static void
figures_clear (Figures *figures)
{
  g_array_unref (figures->rss);
  g_array_unref (figures->private);
  g_array_unref (figures->wakeups);
  g_array_unref (figures->cpu);
}

static void
add (GArray *values,
     double  value)
{
  g_array_append_val (values, value);
}

static gboolean
is_done (gpointer host)
{
  return bench_host_is_done (host);
}

static void
rest (BenchProgram *program,
      Figures      *figures)
{
  BenchMemory memory = bench_program_get_memory (program);

  add (figures->rss, memory.rss / MB);
  add (figures->private, memory.private / MB);
}

static void
idle (BenchProgram *program,
      Figures      *figures)
{
  g_autoptr(GHashTable) sleeps = bench_program_count_sleeps (program);
  double cpu = bench_program_get_cpu (program);

  bench_program_watch (program, WATCH);
  add (figures->wakeups, (double) bench_program_get_wakeups (program, sleeps) / WATCH);
  add (figures->cpu, (bench_program_get_cpu (program) - cpu) / WATCH * 1000);
}

/* host: NULL for a program without an account */
static void
run (const char *path,
     BenchHost  *host,
     gboolean    is_idle,
     Figures    *figures)
{
  g_autofree char *home = bench_home_new ();
  g_autoptr(BenchProgram) program = NULL;

  if (host != NULL)
    {
      bench_home_add_account (home, host);
      bench_host_reset (host);
    }

  program = bench_program_new (path, home);
  bench_program_wait_settled (program, host != NULL ? is_done : NULL, host);
  bench_program_watch (program, is_idle ? IDLE : REST);

  if (is_idle)
    idle (program, figures);
  else
    rest (program, figures);

  g_clear_pointer (&program, bench_program_free);
  bench_home_remove (home);
}

int
main (int   argc,
      char *argv[])
{
  guint n_contacts = atoi (argv[3]);
  gboolean is_idle = g_str_equal (argv[4], "idle");
  guint n_rounds = argc > 5 ? atoi (argv[5]) : N_ROUNDS;
  g_autoptr(BenchHost) host = bench_host_new (n_contacts, 0);
  Figures ours = figures_new ();
  Figures floor = figures_new ();

  bench_keep_password ();

  for (guint round = 0; round < n_rounds; round++)
    {
      run (argv[2], NULL, is_idle, &floor);
      run (argv[1], host, is_idle, &ours);
    }

  if (is_idle)
    {
      bench_print ("idle", ours.wakeups, floor.wakeups, "wake-ups/s", "1 wake-up/s");
      bench_print ("idle-cpu", ours.cpu, floor.cpu, "ms/s", "0.2 ms/s");
    }
  else
    {
      g_autofree char *name = g_strconcat (argv[4], "-private", NULL);

      bench_print (argv[4], ours.rss, floor.rss, "MB", "floor+35 MB");
      bench_print (name, ours.private, floor.private, "MB", "floor+30 MB");
    }

  figures_clear (&ours);
  figures_clear (&floor);

  return EXIT_SUCCESS;
}
