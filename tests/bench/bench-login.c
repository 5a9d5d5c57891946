/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From exec to everybody being in the tree and nothing more to do, over a client of the same server that only
 * counts its bytes and a program that only says hello. Arguments: FLINT HELLO CONTACTS [ROUNDS].
 *
 * Twice: with a server that sends as many contacts a second as Prosody 0.12 did where the goals were set
 * (login-N), and with one that sends as fast as it is read (login-N-burst).
 */
#include "bench-person.h"
#include "bench-program.h"

#include <stdlib.h>

#define N_ROUNDS 5
#define PACE     15000   /* contacts a second */

typedef struct
{
  GArray *wall;
  GArray *cpu;
} Figures;

static Figures
figures_new (void)
{
  return (Figures) { g_array_new (FALSE, FALSE, sizeof (double)), g_array_new (FALSE, FALSE, sizeof (double)) };
}

static void
figures_clear (Figures *figures)
{
  g_array_unref (figures->wall);
  g_array_unref (figures->cpu);
}

static gboolean
is_done (gpointer host)
{
  return bench_host_is_done (host);
}

/* part: s that the server needs for its own part */
static void
run_hello (const char *path,
           double      part,
           Figures    *figures)
{
  g_autofree char *home = bench_home_new ();
  g_autoptr(BenchProgram) program = bench_program_new (path, home);
  double settled = bench_program_wait_settled (program, NULL, NULL) + part;
  double cpu = bench_program_get_cpu (program);

  g_array_append_val (figures->wall, settled);
  g_array_append_val (figures->cpu, cpu);
  g_clear_pointer (&program, bench_program_free);
  bench_home_remove (home);
}

static void
run_ours (const char *path,
          BenchHost  *host,
          Figures    *figures)
{
  g_autofree char *home = bench_home_new ();
  g_autoptr(BenchProgram) program = NULL;
  double settled;
  double cpu;

  bench_home_add_account (home, host);
  bench_host_reset (host);
  program = bench_program_new (path, home);
  settled = bench_program_wait_settled (program, is_done, host);
  cpu = bench_program_get_cpu (program);
  g_array_append_val (figures->wall, settled);
  g_array_append_val (figures->cpu, cpu);

  g_clear_pointer (&program, bench_program_free);
  bench_home_remove (home);
}

static void
measure (char       *argv[],
         guint       n_contacts,
         guint       pace,
         guint       n_rounds,
         const char *suffix)
{
  g_autoptr(BenchHost) host = bench_host_new (n_contacts, pace);
  g_autofree char *name = g_strdup_printf ("login-%u%s", n_contacts, suffix);
  g_autofree char *cpu_name = g_strconcat (name, "-cpu", NULL);
  Figures ours = figures_new ();
  Figures floor = figures_new ();

  for (guint round = 0; round <= n_rounds; round++)
    {
      /* The first round warms the files up */
      if (round == 1)
        {
          figures_clear (&ours);
          figures_clear (&floor);
          ours = figures_new ();
          floor = figures_new ();
        }

      run_hello (argv[2], bench_host_drain (host), &floor);
      run_ours (argv[1], host, &ours);
    }

  bench_print (name, ours.wall, floor.wall, "s", "1.3");
  bench_print (cpu_name, ours.cpu, floor.cpu, "s", n_contacts <= 2000 ? "0.30 s" : "0.70 s");

  figures_clear (&ours);
  figures_clear (&floor);
}

int
main (int   argc,
      char *argv[])
{
  guint n_contacts = atoi (argv[3]);
  guint n_rounds = argc > 4 ? atoi (argv[4]) : N_ROUNDS;

  bench_keep_password ();
  measure (argv, n_contacts, PACE, n_rounds, "");
  measure (argv, n_contacts, 0, n_rounds, "-burst");

  return EXIT_SUCCESS;
}
