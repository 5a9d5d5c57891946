/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program that is killed at any moment (F28): all that it said to be stored is there */
#include "store-chat.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BOB         "bob@example.org"

/* In ./test; the variable says how many otherwise */
#define N_KILLS     40
#define VARIABLE    "STORE_KILLS"

/* So many of the child's are on their way at once */
#define N_WAITING   20

static const char *program;

/* The child */

typedef struct
{
  StoreDatabase *database;
  int            next;
  int            last;
  int            n_waiting;
} Writer;

/* Each that is stored is said at once, as a line with its number */
static void
on_added (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  Writer *writer = user_data;
  g_autofree char *line = NULL;
  g_autoptr(GError) error = NULL;
  StoreAdded added;

  if (!store_history_add_finish (result, &added, &error))
    g_error ("%s", error->message);

  writer->n_waiting--;
  line = g_strdup_printf ("%d\n", ++writer->last);
  if (write (STDOUT_FILENO, line, strlen (line)) != (gssize) strlen (line))
    exit (2);
}

static void
add_next (Writer *writer)
{
  g_autofree char *id = g_strdup_printf ("m-%09d", writer->next);
  g_autofree char *body = g_strdup_printf ("%d", writer->next);
  StoreMessage *message = store_chat_message (STORE_CHAT_ACCOUNT, id, NULL, STORE_CHAT_NOON, body);

  writer->next++;
  writer->n_waiting++;
  message->state = STORE_STATE_PENDING;
  store_history_add_async (writer->database, STORE_CHAT_ACCOUNT, store_entry_new (BOB, 0, message, STORE_PLACE_LAST, 0, FALSE),
                           TRUE, on_added, writer);
}

/* It ends by being killed */
static int
write_on (const char *path,
          int         first)
{
  Writer writer = { store_database_new (path), first, first - 1, 0 };

  for (;;)
    {
      while (writer.n_waiting < N_WAITING)
        add_next (&writer);
      g_main_context_iteration (NULL, TRUE);
    }

  return 0;
}

/* The test */

/* Returns: the last that was said to be stored; first - 1: none */
static int
run_and_kill (const char *path,
              int         first)
{
  g_autofree char *number = g_strdup_printf ("%d", first);
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) child = NULL;
  g_autoptr(GString) said = g_string_new (NULL);
  gsize n_bytes = g_test_rand_int_range (0, 6) == 0 ? 0 : g_test_rand_int_range (0, 2000);
  const char *end;

  child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, "--write", path, number, NULL);
  g_assert_no_error (error);

  while (said->len < n_bytes)
    {
      char bytes[97];
      gssize n = g_input_stream_read (g_subprocess_get_stdout_pipe (child), bytes, sizeof bytes, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpint (n, >, 0);
      g_string_append_len (said, bytes, n);
    }

  g_subprocess_send_signal (child, SIGKILL);
  g_subprocess_wait (child, NULL, NULL);
  g_assert_true (g_subprocess_get_if_signaled (child));

  /* What it said before it was killed is in the pipe */
  for (;;)
    {
      char bytes[97];
      gssize n = g_input_stream_read (g_subprocess_get_stdout_pipe (child), bytes, sizeof bytes, NULL, NULL);

      if (n <= 0)
        break;
      g_string_append_len (said, bytes, n);
    }

  /* The last whole line */
  end = strrchr (said->str, '\n');
  if (end == NULL)
    return first - 1;

  g_string_truncate (said, end - said->str);
  end = strrchr (said->str, '\n');

  return atoi (end != NULL ? end + 1 : said->str);
}

/* Returns: how many there are: 0, 1, 2 …, each once and in order */
static int
look_after (StoreFixture *fixture)
{
  g_autoptr(GPtrArray) messages = NULL;
  int n;

  store_fixture_open (fixture);
  messages = store_chat_read_page (fixture, BOB, G_MAXINT64, 0, G_MAXUINT);
  g_assert_cmpuint (fixture->n_salvages, ==, 0);
  for (guint i = 0; i < messages->len; i++)
    {
      const StoreMessage *message = g_ptr_array_index (messages, i);

      g_assert_cmpint (atoi (message->body), ==, i);
      g_assert_cmpint (message->state, ==, STORE_STATE_PENDING);
    }
  n = messages->len;
  store_fixture_close (fixture);

  return n;
}

static void
test_all_that_was_said_to_be_stored_is_there (void)
{
  const char *value = g_getenv (VARIABLE);
  int n_kills = value != NULL ? atoi (value) : N_KILLS;
  StoreFixture *fixture = NULL;
  int n = 0;

  for (int i = 0; i < n_kills; i++)
    {
      int last;

      /* A new file each few kills: the first moments of one are part of it */
      if (i % 8 == 0)
        {
          g_clear_pointer (&fixture, store_fixture_free);
          fixture = store_fixture_new ();
          store_fixture_close (fixture);
          n = 0;
        }

      last = run_and_kill (fixture->path, n);
      n = look_after (fixture);
      g_assert_cmpint (n, >, last);
      store_fixture_check_file (fixture->path);
    }

  g_clear_pointer (&fixture, store_fixture_free);
}

/* Killed again and again without a look in between: what is left of the last one is what the next one begins with */
static void
test_killed_again_at_once (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  int next = 0;

  store_fixture_close (fixture);
  for (guint i = 0; i < 10; i++)
    {
      int last = run_and_kill (fixture->path, next);

      /* What it did not say may be there too; the next one says it again, and it is the same message */
      next = last + 1;
    }

  g_assert_cmpint (look_after (fixture), >=, next);
  store_fixture_check_file (fixture->path);
}

int
main (int    argc,
      char **argv)
{
  if (argc == 4 && g_str_equal (argv[1], "--write"))
    return write_on (argv[2], atoi (argv[3]));

  program = argv[0];
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/store/kill/f28-all-that-was-said-to-be-stored-is-there", test_all_that_was_said_to_be_stored_is_there);
  g_test_add_func ("/store/kill/f28-killed-again-at-once", test_killed_again_at_once);

  return g_test_run ();
}
