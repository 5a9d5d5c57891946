/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The power fails at any write, and the disk keeps of what it was not told to keep whatever it likes (F29) */
#include "cut-vfs.h"
#include "store-chat.h"

#include <stdlib.h>

#define BOB        "bob@example.org"
#define N_MESSAGES 200

/* In ./test; the variable says how many otherwise */
#define N_CUTS     60
#define VARIABLE   "STORE_CUTS"

typedef struct
{
  StoreFixture *fixture;
  guint         n_ended;
  gboolean      has_failed;
  int           last_durable;   /* of those that are said to be stored; -1: none */
  int           last;
} Run;

typedef struct
{
  Run      *run;
  int       number;
  gboolean  is_durable;
} Addition;

static void
on_added (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autofree Addition *addition = user_data;
  Run *run = addition->run;
  StoreAdded added;

  run->n_ended++;
  if (!store_history_add_finish (result, &added, NULL))
    {
      run->has_failed = TRUE;
      return;
    }

  /* What comes after one that failed was not to be stored */
  g_assert_false (run->has_failed);
  g_assert_cmpint (addition->number, ==, run->last + 1);
  run->last = addition->number;
  if (addition->is_durable)
    run->last_durable = addition->number;
}

static void
push (Run      *run,
      int       number,
      gboolean  is_durable)
{
  g_autofree char *id = g_strdup_printf ("m-%09d", number);
  g_autofree char *body = g_strdup_printf ("%d", number);
  Addition *addition = g_new0 (Addition, 1);

  addition->run = run;
  addition->number = number;
  addition->is_durable = is_durable;
  store_history_add_async (run->fixture->database, STORE_CHAT_ACCOUNT,
                           store_entry_new (BOB, 0, store_chat_message (STORE_CHAT_ACCOUNT, id, NULL, STORE_CHAT_NOON, body),
                                            STORE_PLACE_LAST, 0, FALSE), is_durable, on_added, addition);
}

/* Writes until the end or the cut, in groups of all sizes. every: each so many is durable; 0: none */
static void
write_on (Run   *run,
          GRand *random,
          guint  every)
{
  for (int number = 0; number < N_MESSAGES && store_database_get_failure (run->fixture->database) == NULL; )
    {
      int n_waiting = g_rand_int_range (random, 1, 20);

      for (int i = 0; i < n_waiting && number < N_MESSAGES; i++, number++)
        push (run, number, every != 0 && g_rand_int_range (random, 0, every) == 0);

      while (run->last < number - 1 && store_database_get_failure (run->fixture->database) == NULL)
        g_main_context_iteration (NULL, TRUE);
    }
}

/* The next start. Returns: how many messages there are; a beginning of all, without holes */
static int
look_after (StoreFixture *fixture)
{
  g_autoptr(GPtrArray) messages = NULL;
  g_autofree char *whole = NULL;
  int n;

  store_fixture_open (fixture);
  messages = store_chat_read_page (fixture, BOB, G_MAXINT64, 0, G_MAXUINT);
  g_assert_cmpuint (fixture->n_salvages, ==, 0);
  for (guint i = 0; i < messages->len; i++)
    g_assert_cmpint (atoi (((StoreMessage *) g_ptr_array_index (messages, i))->body), ==, i);
  n = messages->len;

  /* And it goes on */
  store_chat_add (fixture, BOB, store_chat_message (BOB, "after-000000", NULL, STORE_CHAT_NOON, "after"), STORE_PLACE_LAST, 0);
  store_fixture_close (fixture);
  store_fixture_check_file (fixture->path);

  return n;
}

/* Returns: how many that were said to be stored are lost */
static int
run_once (guint32 seed,
          guint   every)
{
  g_autoptr(GRand) random = g_rand_new_with_seed (seed);
  StoreFixture *fixture;
  Run run = { .last = -1, .last_durable = -1 };
  int n;

  cut_vfs_install ();
  fixture = store_fixture_new ();
  run.fixture = fixture;
  cut_vfs_cut_after (g_rand_int_range (random, 1, 1200), seed);
  write_on (&run, random, every);
  cut_vfs_cut_after (1, seed + 1);
  store_fixture_try_close (fixture, NULL);
  cut_vfs_uninstall ();

  n = look_after (fixture);
  if (n <= run.last_durable)
    g_error ("Seed %u: %d was on the disk, and of all there are %d", seed, run.last_durable, n);

  store_fixture_free (fixture);

  return MAX (run.last + 1 - n, 0);
}

static guint
get_n_cuts (void)
{
  const char *value = g_getenv (VARIABLE);

  return value != NULL ? atoi (value) : N_CUTS;
}

static void
test_what_is_durable_is_there (void)
{
  int n_lost = 0;

  for (guint i = 0; i < get_n_cuts (); i++)
    n_lost += run_once (i, 4);

  g_test_message ("%d that were not to be durable are lost", n_lost);
}

/* The disk of this test does lose what it was not told to keep */
static void
test_the_disk_loses_what_it_may (void)
{
  int n_lost = 0;

  for (guint i = 0; i < get_n_cuts (); i++)
    n_lost += run_once (i, 0);

  g_assert_cmpint (n_lost, >, 0);
}

static void
test_all_durable (void)
{
  for (guint i = 0; i < get_n_cuts (); i++)
    g_assert_cmpint (run_once (i, 1), ==, 0);
}

/* What is not to be durable is not waited for */
static void
test_others_wait_for_no_disk (void)
{
  StoreFixture *fixture;
  Run run = { .last = -1, .last_durable = -1 };
  guint n_syncs;

  cut_vfs_install ();
  fixture = store_fixture_new ();
  run.fixture = fixture;
  push (&run, 0, TRUE);
  while (run.last < 0)
    g_main_context_iteration (NULL, TRUE);

  n_syncs = cut_vfs_count_syncs ();
  for (int i = 1; i <= 20; i++)
    {
      push (&run, i, FALSE);
      while (run.last < i)
        g_main_context_iteration (NULL, TRUE);
    }
  g_assert_cmpuint (cut_vfs_count_syncs (), ==, n_syncs);

  push (&run, 21, TRUE);
  while (run.last < 21)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (cut_vfs_count_syncs (), ==, n_syncs + 1);

  store_fixture_free (fixture);
  cut_vfs_uninstall ();
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/store/cut/f29-what-is-durable-is-there", test_what_is_durable_is_there);
  g_test_add_func ("/store/cut/f29-all-that-is-durable-is-there", test_all_durable);
  g_test_add_func ("/store/cut/f29-the-disk-loses-what-it-may", test_the_disk_loses_what_it_may);
  g_test_add_func ("/store/cut/f29-others-wait-for-no-disk", test_others_wait_for_no_disk);

  return g_test_run ();
}
