/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hundred thousand stanzas into the capture and on into the filter of the debug console, over as many plain
 * objects into a list store; how long the longest turn of the main loop was, and how long filters take, over as
 * many searches in ready text, before and after the capture was packed. Arguments: how many stanzas, how many rounds.
 * First, how much memory the login of somebody with ten thousand contacts leaves in the capture, over its bytes.
 */
#include "bench-traffic.h"

#include "console-filter.h"
#include "xmpp-parser.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define N_STANZAS 100000
#define N_ROUNDS  3
#define N_CONTACTS 10000
#define A_TURN    10            /* stanzas that come at once */
#define FRAME     (1 / 60.0)    /* s */

typedef struct
{
  double append;
  double turn;     /* the longest */
  double search;
  double pack;
  double packed;   /* the same search again */
  double from;     /* by the sender */
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

static double
search (ConsoleFilter *filter,
        const char    *text,
        Times         *times)
{
  guint position;
  g_autoptr(ConsoleQuery) query = console_query_new (text, &position, NULL);
  ConsoleCriteria criteria = { .query = query };
  double begin = get_cpu ();

  console_filter_set_criteria (filter, &criteria);
  times->turn = MAX (times->turn, get_cpu () - begin);
  turn (times);
  g_assert_false (console_filter_is_busy (filter));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (filter)), ==, 0);

  return get_cpu () - begin;
}

static void
pack (ConsoleCapture *capture)
{
  console_capture_pack (capture);
  while (!console_capture_is_packed (capture))
    g_main_context_iteration (NULL, TRUE);
}

static void
run_ours (GPtrArray *stanzas,
          Times     *times)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (BENCH_ME, NULL);
  g_autoptr(XmppSession) session = xmpp_session_new (jid);
  g_autoptr(ConsoleCapture) capture = console_capture_new ();
  g_autoptr(ConsoleFilter) filter = console_filter_new (capture);
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

  times->search = search (filter, "\"nobody wrote this\"", times);

  begin = get_cpu ();
  pack (capture);
  times->pack = get_cpu () - begin;
  times->packed = search (filter, "\"nobody wrote this\"", times);
  times->from = search (filter, "from:nobody@example.test", times);
}

/* What a login leaves behind */

static double
get_private_memory (void)
{
  g_autofree char *text = NULL;
  double kilobytes = 0;

  malloc_trim (0);
  if (!g_file_get_contents ("/proc/self/smaps_rollup", &text, NULL, NULL))
    return 0;

  for (const char *line = text; (line = strstr (line, "\nPrivate_")); line++)
    kilobytes += g_ascii_strtod (strchr (line, ':') + 1, NULL);

  return kilobytes * 1024;
}

static void
on_captured (XmppStanza *stanza,
             gpointer    user_data)
{
  g_signal_emit_by_name (user_data, "stanza", stanza, XMPP_RECEIVED);
}

static gsize
feed (XmppParser *parser,
      GString    *xml)
{
  if (!xmpp_parser_feed (parser, xml->str, xml->len, NULL))
    g_error ("The parser refused the traffic");

  return xml->len;
}

static gsize
log_in (XmppSession *session)
{
  static const XmppParserFuncs funcs = { .received = on_captured };
  g_autoptr(XmppParser) parser = xmpp_parser_new (&funcs, session);
  g_autoptr(GString) xml = g_string_new ("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>");
  g_autoptr(GRand) rand = g_rand_new_with_seed (42);
  gsize size;

  feed (parser, xml);
  g_string_assign (xml, "<iq type='result' id='roster'><query xmlns='jabber:iq:roster'>");
  for (guint i = 0; i < N_CONTACTS; i++)
    g_string_append_printf (xml, "<item jid='contact.%05u@example.test' name='Contact %u' subscription='both'><group>Group %u</group></item>", i, i, i % 20);
  g_string_append (xml, "</query></iq>");
  size = feed (parser, xml);

  for (guint i = 0; i < N_CONTACTS; i++)
    {
      g_string_printf (xml, "<presence from='contact.%05u@example.test/phone.%08x' to='" BENCH_ME "'><show>away</show>"
                            "<status>Back at %u o'clock</status><priority>5</priority>"
                            "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://gajim.org' ver='%08x%08x%08x='/>"
                            "<x xmlns='vcard-temp:x:update'><photo>%08x%08x%08x%08x%08x</photo></x></presence>",
                       i, g_rand_int (rand), i % 24, i % 17, i % 17, i % 17,
                       g_rand_int (rand), g_rand_int (rand), g_rand_int (rand), g_rand_int (rand), g_rand_int (rand));
      size += feed (parser, xml);
    }

  return size;
}

static void
print_memory (const char *name,
              double      ours,
              double      floor,
              double      goal)
{
  g_print ("bench %s ours=%.0f bytes/presence floor=%.0f bytes/presence ratio=%.2f goal<=%.1f\n", name,
           ours / N_CONTACTS, floor / N_CONTACTS, ours / floor, goal);
}

static void
measure_memory (void)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (BENCH_ME, NULL);
  g_autoptr(XmppSession) session = xmpp_session_new (jid);
  g_autoptr(ConsoleCapture) capture = console_capture_new ();
  Times times = { 0 };
  double before;
  double fresh;
  gsize size;

  log_in (session);   /* nobody listens: what the parser needs once and for all */
  before = get_private_memory ();
  console_capture_watch (capture, session, xmpp_jid_get_bare_text (jid));
  size = log_in (session);
  turn (&times);
  fresh = get_private_memory () - before;
  pack (capture);

  print_memory ("console-memory-fresh", fresh, size, 1.2);
  print_memory ("console-memory", get_private_memory () - before, size, 0.5);
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
  g_autoptr(GPtrArray) stanzas = NULL;
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  Times ours = { G_MAXDOUBLE, G_MAXDOUBLE, G_MAXDOUBLE, G_MAXDOUBLE, G_MAXDOUBLE, G_MAXDOUBLE };
  Times floor = ours;

  measure_memory ();

  stanzas = read_traffic (n_stanzas);
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
      ours.pack = MIN (ours.pack, b.pack);
      ours.packed = MIN (ours.packed, b.packed);
      ours.from = MIN (ours.from, b.from);
    }

  print_ratio ("console-100000", ours.append / n_stanzas, floor.append / n_stanzas, 8);
  print_ratio ("console-100000-text", ours.search / n_stanzas, floor.search / n_stanzas, 4);
  print_ratio ("console-100000-packed-text", ours.packed / n_stanzas, floor.search / n_stanzas, 4);
  print_ratio ("console-100000-packed-from", ours.from / n_stanzas, floor.search / n_stanzas, 1);
  print_ratio ("console-100000-pack", ours.pack / n_stanzas, floor.search / n_stanzas, 1.5);
  print_ratio ("console-100000-turn", ours.turn, FRAME, 1);

  return EXIT_SUCCESS;
}
