/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hundred thousand stanzas into the capture and on into the filter of the debug console, over as many plain
 * objects into a list store; how long the longest turn of the main loop was, and how long a filter by text
 * takes, over as many searches in ready text. Arguments: how many stanzas, how many rounds.
 */
#include "bench-traffic.h"

#include "console-filter.h"
#include "xmpp-parser.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define N_STANZAS 100000
#define N_ROUNDS  3
#define A_TURN    10            /* stanzas that come at once */
#define FRAME     (1 / 60.0)    /* s */

typedef struct
{
  double append;
  double turn;     /* the longest */
  double search;
} Times;

static double
get_cpu (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);

  return now.tv_sec + now.tv_nsec / 1e9;
}

static void
on_received (XmppStanza *stanza,
             gpointer    user_data)
{
  g_ptr_array_add (user_data, xmpp_stanza_ref (stanza));
}

static GPtrArray *
read_traffic (guint n_stanzas)
{
  static const XmppParserFuncs funcs = { .received = on_received };
  g_autoptr(GString) xml = bench_traffic_new (n_stanzas, 42);
  GPtrArray *stanzas = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_stanza_unref);
  g_autoptr(XmppParser) parser = xmpp_parser_new (&funcs, stanzas);

  for (gsize at = 0; at < xml->len; at += 4096)
    {
      if (!xmpp_parser_feed (parser, xml->str + at, MIN (4096, xml->len - at), NULL))
        g_error ("The parser refused the traffic");
    }
  g_assert_cmpuint (stanzas->len, ==, n_stanzas);

  return stanzas;
}

/* What the main loop does until nothing is left */
static void
turn (Times *times)
{
  double longest = 0;

  while (g_main_context_pending (NULL))
    {
      double before = get_cpu ();

      g_main_context_iteration (NULL, FALSE);
      longest = MAX (longest, get_cpu () - before);
    }

  times->turn = MAX (times->turn, longest);
}

static void
run_ours (GPtrArray *stanzas,
          Times     *times)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (BENCH_ME, NULL);
  g_autoptr(XmppSession) session = xmpp_session_new (jid);
  g_autoptr(ConsoleCapture) capture = console_capture_new ();
  g_autoptr(ConsoleFilter) filter = console_filter_new (capture);
  guint position;
  g_autoptr(ConsoleQuery) words = console_query_new ("\"nobody wrote this\"", &position, NULL);
  ConsoleCriteria criteria = { .query = words };
  double begin;

  console_capture_watch (capture, session, xmpp_jid_get_bare_text (jid));

  begin = get_cpu ();
  for (guint i = 0; i < stanzas->len; i++)
    {
      g_signal_emit_by_name (session, "stanza", g_ptr_array_index (stanzas, i), XMPP_RECEIVED);
      if (i % A_TURN == A_TURN - 1)
        turn (times);
    }
  turn (times);
  times->append = get_cpu () - begin;
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (filter)), ==, MIN (stanzas->len, 100000));

  begin = get_cpu ();
  console_filter_set_criteria (filter, &criteria);
  times->turn = MAX (times->turn, get_cpu () - begin);
  turn (times);
  times->search = get_cpu () - begin;
  g_assert_false (console_filter_is_busy (filter));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (filter)), ==, 0);
}

static void
run_floor (GPtrArray *stanzas,
           GPtrArray *texts,
           Times     *times)
{
  g_autoptr(GListStore) store = g_list_store_new (G_TYPE_OBJECT);
  guint n_found = 0;
  double begin = get_cpu ();

  for (guint i = 0; i < stanzas->len; i++)
    {
      g_autoptr(GObject) object = g_object_new (G_TYPE_OBJECT, NULL);

      g_list_store_append (store, object);
    }
  times->append = get_cpu () - begin;
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (store)), ==, stanzas->len);

  begin = get_cpu ();
  for (guint i = 0; i < texts->len; i++)
    {
      g_autofree char *folded = g_utf8_casefold (g_ptr_array_index (texts, i), -1);

      n_found += strstr (folded, "nobody wrote this") != NULL;
    }
  times->search = get_cpu () - begin;
  g_assert_cmpuint (n_found, ==, 0);
}

static void
print_ratio (const char *name,
             double      ours,
             double      floor,
             double      goal)
{
  g_print ("bench %s ours=%.2f us floor=%.2f us ratio=%.2f goal<=%.1f\n", name, ours * 1e6, floor * 1e6, ours / floor, goal);
}

int
main (int   argc,
      char *argv[])
{
  guint n_stanzas = argc > 1 ? atoi (argv[1]) : N_STANZAS;
  guint n_rounds = argc > 2 ? atoi (argv[2]) : N_ROUNDS;
  g_autoptr(GPtrArray) stanzas = read_traffic (n_stanzas);
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  Times ours = { G_MAXDOUBLE, G_MAXDOUBLE, G_MAXDOUBLE };
  Times floor = { G_MAXDOUBLE, G_MAXDOUBLE, G_MAXDOUBLE };

  for (guint i = 0; i < stanzas->len; i++)
    g_ptr_array_add (texts, xmpp_stanza_to_xml (g_ptr_array_index (stanzas, i)));

  for (guint round = 0; round < n_rounds; round++)
    {
      Times a = { 0 };
      Times b = { 0 };

      run_floor (stanzas, texts, &a);
      run_ours (stanzas, &b);
      floor.append = MIN (floor.append, a.append);
      floor.search = MIN (floor.search, a.search);
      ours.append = MIN (ours.append, b.append);
      ours.search = MIN (ours.search, b.search);
      ours.turn = MIN (ours.turn, b.turn);
    }

  print_ratio ("console-100000", ours.append / n_stanzas, floor.append / n_stanzas, 8);
  print_ratio ("console-100000-text", ours.search / n_stanzas, floor.search / n_stanzas, 4);
  print_ratio ("console-100000-turn", ours.turn, FRAME, 1);

  return EXIT_SUCCESS;
}
