/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From exec to the first window on the screen, without an account, and the CPU time until then, over a program
 * that only says hello. What comes later is not asked: the cursor of the login window blinks.
 *
 * Arguments: FLINT HELLO [ROUNDS].
 */
#include "bench-person.h"
#include "bench-program.h"

#include <stdlib.h>

#define N_ROUNDS 31   /* each is a tenth of a second, and hello differs by a third from one to the next */

typedef struct
{
  GArray *mapped;
  GArray *cpu;
} Figures;

static void
run (const char *path,
     Figures    *figures)
{
  g_autofree char *home = bench_home_new ();
  g_autoptr(BenchProgram) program = bench_program_new (path, home);
  double mapped = bench_program_wait_mapped (program);
  double cpu = bench_program_get_mapped_cpu (program);

  g_array_append_val (figures->mapped, mapped);
  g_array_append_val (figures->cpu, cpu);
  g_clear_pointer (&program, bench_program_free);
  bench_home_remove (home);
}

static void
figures_init (Figures *figures)
{
  figures->mapped = g_array_new (FALSE, FALSE, sizeof (double));
  figures->cpu = g_array_new (FALSE, FALSE, sizeof (double));
}

static void
figures_clear (Figures *figures)
{
  g_array_unref (figures->mapped);
  g_array_unref (figures->cpu);
}

int
main (int   argc,
      char *argv[])
{
  guint n_rounds = argc > 3 ? atoi (argv[3]) : N_ROUNDS;
  Figures ours;
  Figures floor;

  figures_init (&ours);
  figures_init (&floor);

  /* One round more, which warms the files up and does not count */
  for (guint round = 0; round <= n_rounds; round++)
    {
      run (argv[2], &floor);
      run (argv[1], &ours);

      if (round == 0)
        {
          figures_clear (&ours);
          figures_clear (&floor);
          figures_init (&ours);
          figures_init (&floor);
        }
    }

  bench_print ("start", ours.mapped, floor.mapped, "s", "1.3");
  bench_print ("start-cpu", ours.cpu, floor.cpu, "s", "1.3");

  figures_clear (&ours);
  figures_clear (&floor);

  return EXIT_SUCCESS;
}
