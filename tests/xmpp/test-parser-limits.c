/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is too much: a stanza over a limit is skipped, for it may lie in an archive and come again with
 * every login; what could not even be skipped ends the stream.
 */
#include "parser-log.h"

#include "xmpp-error.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ENVELOPE "<message from='eve@evil.test' id='m1' type='chat'"

/* The stanza is skipped, with its envelope, and the stream lives */
static void
assert_skipped (ParserLog *log)
{
  const XmppNode *root;

  g_assert_no_error (log->error);
  g_assert_cmpuint (log->stanzas->len, ==, 1);
  root = parser_log_get_root (log, 0);
  g_assert_true (xmpp_stanza_is_skipped (log->stanzas->pdata[0]));
  g_assert_cmpstr (xmpp_node_get (root, "from"), ==, "eve@evil.test");
  g_assert_cmpstr (xmpp_node_get (root, "id"), ==, "m1");
  g_assert_null (root->first_child);
  g_assert_null (root->text);

  g_assert_true (parser_log_feed (log, "<message><body>next</body></message>", -1));
  g_assert_false (xmpp_stanza_is_skipped (log->stanzas->pdata[1]));
  g_assert_cmpstr (xmpp_node_get_child_text (parser_log_get_root (log, 1), "body", XMPP_NS_CLIENT), ==, "next");
}

static void
assert_taken (ParserLog *log)
{
  g_assert_no_error (log->error);
  g_assert_cmpuint (log->stanzas->len, ==, 1);
  g_assert_false (xmpp_stanza_is_skipped (log->stanzas->pdata[0]));
}

static ParserLog *
feed_elements (guint n_elements)
{
  ParserLog *log = parser_log_new_fed (HEADER ENVELOPE ">");

  parser_log_feed_many (log, "<a/>", n_elements - 1);
  parser_log_feed (log, "</message>", -1);

  return log;
}

static void
test_elements (void)
{
  g_autoptr(ParserLog) below = feed_elements (XMPP_PARSER_MAX_ELEMENTS - 1);
  g_autoptr(ParserLog) at = feed_elements (XMPP_PARSER_MAX_ELEMENTS);
  g_autoptr(ParserLog) over = feed_elements (XMPP_PARSER_MAX_ELEMENTS + 1);

  assert_taken (below);
  assert_taken (at);
  assert_skipped (over);
}

static ParserLog *
feed_depth (guint depth)
{
  ParserLog *log = parser_log_new_fed (HEADER ENVELOPE ">");

  parser_log_feed_many (log, "<a>", depth - 1);
  parser_log_feed_many (log, "</a>", depth - 1);
  parser_log_feed (log, "</message>", -1);

  return log;
}

static void
test_depth (void)
{
  g_autoptr(ParserLog) below = feed_depth (XMPP_PARSER_MAX_DEPTH - 1);
  g_autoptr(ParserLog) at = feed_depth (XMPP_PARSER_MAX_DEPTH);
  g_autoptr(ParserLog) over = feed_depth (XMPP_PARSER_MAX_DEPTH + 1);
  g_autoptr(ParserLog) deep = feed_depth (200);
  g_autoptr(ParserLog) abyss = feed_depth (1000 * 1000);

  assert_taken (below);
  assert_taken (at);
  assert_skipped (over);
  assert_skipped (deep);
  assert_skipped (abyss);
}

static void
test_endless_depth_ends_the_stream (void)
{
  g_autoptr(ParserLog) log = parser_log_new_fed (HEADER ENVELOPE ">");

  g_assert_false (parser_log_feed_many (log, "<a>", 10 * 1000 * 1000));
  g_assert_error (log->error, XMPP_ERROR, XMPP_ERROR_LIMIT);
}

/* So many attributes or namespaces: @before, a name, @after */
static char *
write_attributes (guint       n,
                  const char *before,
                  const char *after)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%sn%u%s", before, i, after);

  return g_string_free (text, FALSE);
}

static ParserLog *
feed_child (const char *attributes)
{
  g_autofree char *xml = g_strconcat (HEADER ENVELOPE "><a ", attributes, "/></message>", NULL);

  return parser_log_new_fed (xml);
}

static void
test_attributes (void)
{
  g_autofree char *few = write_attributes (XMPP_PARSER_MAX_ATTRIBUTES - 1, " ", "='x'");
  g_autofree char *most = write_attributes (XMPP_PARSER_MAX_ATTRIBUTES, " ", "='x'");
  g_autofree char *many = write_attributes (XMPP_PARSER_MAX_ATTRIBUTES + 1, " ", "='x'");
  g_autofree char *namespaces = write_attributes (65, " xmlns:", "='x'");
  g_autoptr(ParserLog) below = feed_child (few);
  g_autoptr(ParserLog) at = feed_child (most);
  g_autoptr(ParserLog) over = feed_child (many);
  g_autoptr(ParserLog) declared = feed_child (namespaces);

  assert_taken (below);
  assert_taken (at);
  g_assert_cmpuint (parser_log_get_root (at, 0)->first_child->n_attributes, ==, XMPP_PARSER_MAX_ATTRIBUTES);
  assert_skipped (over);
  assert_skipped (declared);
}

/* Without its from it would be taken for our server's own. */
static void
test_the_sender_is_kept_among_many_attributes (void)
{
  g_autofree char *many = write_attributes (200, " ", "='x'");
  g_autofree char *xml = g_strconcat (HEADER "<message xmlns:x='urn:x' x:from='us@good.test'", many,
                                      " from='eve@evil.test' id='m1'><body>x</body></message>", NULL);
  g_autoptr(ParserLog) log = parser_log_new_fed (xml);

  assert_skipped (log);
  g_assert_cmpuint (parser_log_get_root (log, 0)->n_attributes, ==, 2);
}

static ParserLog *
feed_size (gsize    size,
           gboolean is_early)
{
  static const char before[] = ENVELOPE "><body>";
  static const char after[] = "</body></message>";
  ParserLog *log = parser_log_new_fed (HEADER);
  g_autofree char *filler = g_strnfill (4096, 'x');

  xmpp_parser_set_early (log->parser, is_early);
  parser_log_feed (log, before, -1);
  for (gsize left = size - strlen (before) - strlen (after); left > 0; left -= MIN (left, 4096))
    parser_log_feed (log, filler, MIN (left, 4096));
  parser_log_feed (log, after, -1);

  return log;
}

static void
test_size (void)
{
  g_autoptr(ParserLog) below = feed_size (XMPP_PARSER_MAX_STANZA - 1, FALSE);
  g_autoptr(ParserLog) at = feed_size (XMPP_PARSER_MAX_STANZA, FALSE);
  g_autoptr(ParserLog) over = feed_size (XMPP_PARSER_MAX_STANZA + 1, FALSE);

  assert_taken (below);
  assert_taken (at);
  g_assert_cmpuint (xmpp_stanza_get_size (at->stanzas->pdata[0]), ==, XMPP_PARSER_MAX_STANZA);
  assert_skipped (over);
  g_assert_cmpuint (xmpp_stanza_get_size (over->stanzas->pdata[0]), ==, XMPP_PARSER_MAX_STANZA + 1);
}

static void
test_size_before_login (void)
{
  g_autoptr(ParserLog) at = feed_size (XMPP_PARSER_MAX_EARLY, TRUE);
  g_autoptr(ParserLog) over = feed_size (XMPP_PARSER_MAX_EARLY + 1, TRUE);

  assert_taken (at);
  g_assert_error (over->error, XMPP_ERROR, XMPP_ERROR_LIMIT);
  g_assert_cmpuint (over->stanzas->len, ==, 0);
}

/* CDATA is text like any other: of whatever length the stanza may have */
static void
test_cdata (void)
{
  static const char before[] = ENVELOPE "><body><![CDATA[";
  static const char after[] = "]]></body></message>";
  gsize room = XMPP_PARSER_MAX_STANZA - strlen (before) - strlen (after);
  g_autofree char *filler = g_strnfill (4096, 'x');

  for (gsize i = 0; i < 3; i++)
    {
      g_autoptr(ParserLog) log = parser_log_new_fed (HEADER);
      gsize size = i == 0 ? 100 * 1000 : i == 1 ? room : room + 1;

      parser_log_feed (log, before, -1);
      for (gsize left = size; left > 0; left -= MIN (left, 4096))
        parser_log_feed (log, filler, MIN (left, 4096));
      parser_log_feed (log, after, -1);

      if (i == 2)
        assert_skipped (log);
      else
        {
          assert_taken (log);
          g_assert_cmpuint (strlen (xmpp_node_get_child_text (parser_log_get_root (log, 0), "body", XMPP_NS_CLIENT)), ==, size);
        }
    }
}

static void
test_endless_cdata_is_skipped (void)
{
  g_autoptr(ParserLog) log = parser_log_new_fed (HEADER ENVELOPE "><body><![CDATA[");

  parser_log_feed_many (log, "a\xC3\xA9\xF0\x9F\x98\x80]] >", 2 * 1024 * 1024);
  parser_log_feed (log, "]]></body></message>", -1);
  assert_skipped (log);
}

/* However it is cut: neither a character nor its end is in pieces */
static void
test_long_cdata_in_pieces (void)
{
  static const gsize sizes[] = { 1, 2, 3, 5, 100, 1023, 4096, 8192, 16384, 1000000 };
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *document = NULL;

  while (text->len < 100 * 1000)
    g_string_append_printf (text, "]%u]] ]]\xC3\xA9\xE6\x97\xA5\xE6\x9C\xAC\xF0\x9F\x98\x80>]] >&<b>", (guint) text->len);
  g_string_append (text, "]]]");
  document = g_strconcat (HEADER "<message><body><![CDATA[", text->str, "]]></body></message><presence/>", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr(ParserLog) log = parser_log_new ();

      for (gsize at = 0; at < strlen (document); at += sizes[i])
        g_assert_true (parser_log_feed (log, document + at, MIN (sizes[i], strlen (document) - at)));

      g_assert_cmpuint (log->stanzas->len, ==, 2);
      g_assert_cmpstr (xmpp_node_get_child_text (parser_log_get_root (log, 0), "body", XMPP_NS_CLIENT), ==, text->str);
      g_assert_cmpuint (xmpp_stanza_get_size (log->stanzas->pdata[0]), ==,
                        strlen (document) - strlen (HEADER) - strlen ("<presence/>"));
      g_assert_cmpuint (xmpp_stanza_get_size (log->stanzas->pdata[1]), ==, strlen ("<presence/>"));
    }
}

static gsize
get_memory (void)
{
  FILE *file = fopen ("/proc/self/statm", "r");
  unsigned long size, resident;

  g_assert_nonnull (file);
  g_assert_cmpint (fscanf (file, "%lu %lu", &size, &resident), ==, 2);
  fclose (file);

  return resident * sysconf (_SC_PAGESIZE);
}

/* The address sanitizer keeps what was freed: there nothing can be said. */
static void
assert_memory_grew_less (gsize before,
                         gsize bytes)
{
#ifndef __SANITIZE_ADDRESS__
  gsize now = get_memory ();

  g_assert_cmpuint (now - MIN (before, now), <, bytes);
#endif
}

static void
test_the_largest_takes_little_memory (void)
{
  gsize before = get_memory ();
  g_autoptr(ParserLog) log = feed_size (XMPP_PARSER_MAX_STANZA, FALSE);

  assert_taken (log);
  /* The log has a copy of its own */
  assert_memory_grew_less (before, 4 * XMPP_PARSER_MAX_STANZA);
}

/* What keeps a connection alive for months is not kept */
static void
test_keepalives_take_no_memory (void)
{
  g_autoptr(ParserLog) log = parser_log_new_fed (HEADER);
  gsize before = get_memory ();

  g_assert_true (parser_log_feed_many (log, " \n\t\r", 16 * 1024 * 1024));
  assert_memory_grew_less (before, 8 * 1024 * 1024);
  g_assert_cmpuint (log->stanzas->len, ==, 0);
}

static void
test_a_huge_stanza_takes_no_memory (void)
{
  gsize before = get_memory ();
  g_autoptr(ParserLog) log = feed_size (64 * 1024 * 1024, FALSE);

  assert_skipped (log);
  assert_memory_grew_less (before, 48 * 1024 * 1024);
}

/* Poison in an archive's page: those beside it arrive */
static void
test_neighbours_of_a_poisoned_stanza_arrive (void)
{
  g_autoptr(ParserLog) log = parser_log_new_fed (HEADER "<message id='1'/>");

  parser_log_feed (log, "<message id='2'><body>", -1);
  parser_log_feed_many (log, "12345678", 1024 * 1024);
  parser_log_feed (log, "</body></message><message id='3'><body>x</body></message><iq id='4'/>", -1);

  parser_log_assert (log, "<message id='1'/>\nskipped: <message id='2'/>\n<message id='3'><body>x</body></message>\n<iq id='4'/>\n");
}

static ParserLog *
feed_tag (gsize    size,
          gboolean is_drip)
{
  ParserLog *log = parser_log_new_fed (HEADER);
  g_autofree char *value = g_strnfill (size - strlen ("<a b=''/>"), 'x');
  g_autofree char *tag = g_strconcat ("<a b='", value, "'/>", NULL);

  for (gsize i = 0; is_drip && i < strlen (tag) && log->error == NULL; i += 1000)
    parser_log_feed (log, tag + i, MIN (1000, strlen (tag) - i));
  if (!is_drip)
    parser_log_feed (log, tag, -1);

  return log;
}

static void
test_tags (void)
{
  for (guint is_drip = 0; is_drip < 2; is_drip++)
    {
      g_autoptr(ParserLog) at = feed_tag (XMPP_PARSER_MAX_TAG, is_drip);
      g_autoptr(ParserLog) over = feed_tag (XMPP_PARSER_MAX_TAG + 1, is_drip);

      assert_taken (at);
      g_assert_error (over->error, XMPP_ERROR, XMPP_ERROR_LIMIT);
    }
}

static void
test_endless_tokens_end_the_stream (void)
{
  static const char * const beginnings[] = {
    "<message a='", "<message ", "<", "<message xmlns:", "<message><![CDAT", "<!--", "<?x ", "<message>&", "</",
  };
  static const char * const headers[] = { "<stream:stream a='", "\n", "<!--", "<?xml ", "<!DOCTYPE x [" };

  for (guint i = 0; i < G_N_ELEMENTS (beginnings); i++)
    {
      g_autofree char *text = g_strconcat (HEADER, beginnings[i], NULL);
      g_autoptr(ParserLog) log = parser_log_new_fed (text);

      g_assert_false (parser_log_feed_many (log, "x ", 1024 * 1024));
      g_assert_cmpuint (log->said->len, ==, 1);
    }

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autoptr(ParserLog) log = parser_log_new_fed (headers[i]);

      g_assert_false (parser_log_feed_many (log, "\n", 2 * 1024 * 1024));
      g_assert_cmpuint (log->said->len, ==, 0);
    }
}

/* Each tag costs libxml2 the square of its attributes: the bound on a tag bounds that */
static void
test_an_attribute_flood_is_cheap (void)
{
  g_autofree char *many = write_attributes (6000, " ", "='x'");
  g_autofree char *xml = g_strconcat (HEADER ENVELOPE "><a", many, "/></message>", NULL);
  gint64 begin = g_get_monotonic_time ();
  g_autoptr(ParserLog) log = parser_log_new_fed (xml);

  assert_skipped (log);
  if (g_test_perf ())
    g_assert_cmpint (g_get_monotonic_time () - begin, <, 100 * 1000);
}

static void
test_a_flood_of_names_is_forgotten (void)
{
  g_autoptr(ParserLog) log = parser_log_new_fed (HEADER);
  g_autoptr(GString) text = g_string_new (NULL);
  gint64 begin = g_get_monotonic_time ();
  guint n = 0;
  gsize before = 0;

  for (guint i = 0; i < 20 * 1000; i++)
    {
      g_string_assign (text, "<message><x>");
      for (guint j = 0; j < 200; j += 2, n++)
        g_string_append_printf (text, "<n%u xmlns='urn:%u'/>", n, n);
      g_string_append (text, "</x></message>");

      /* Cut so that a chunk ends inside a stanza nearly always */
      for (gsize at = 0; at < text->len; at += 4000)
        g_assert_true (parser_log_feed (log, text->str + at, MIN (4000, text->len - at)));

      g_assert_cmpuint (log->stanzas->len, ==, 1);
      g_ptr_array_set_size (log->stanzas, 0);
      g_ptr_array_set_size (log->said, 0);

      if (i == 1000)
        before = get_memory ();
    }

  assert_memory_grew_less (before, 8 * 1024 * 1024);
  g_test_message ("%u names in %.2f s", 2 * n, (g_get_monotonic_time () - begin) / 1e6);
  if (g_test_perf ())
    g_assert_cmpint (g_get_monotonic_time () - begin, <, 2 * G_USEC_PER_SEC);
}

static void
test_a_recycled_parser_knows_its_header (void)
{
  g_autoptr(ParserLog) log = parser_log_new_fed (
    "<?xml version='1.0'?><s:stream xmlns='jabber:client' xmlns:s='http://etherx.jabber.org/streams' xmlns:p='urn:p'>");
  g_autoptr(GString) text = g_string_new (NULL);
  guint n = 0;

  /* In one piece: where it begins anew is inside */
  for (guint i = 0; i < 3000; i++)
    {
      g_string_append (text, "<message p:a='1'><p:x>");
      for (guint j = 0; j < 10; j++, n++)
        g_string_append_printf (text, "<name-%u/>", n);
      g_string_append (text, "</p:x></message> <s:features/>");
    }
  g_string_append (text, "</s:stream>");

  g_assert_true (parser_log_feed (log, text->str, text->len));
  g_assert_cmpuint (log->stanzas->len, ==, 6000);
  g_assert_cmpstr (log->said->pdata[log->said->len - 1], ==, "closed");
  for (guint i = 0; i < 6000; i += 2)
    {
      const XmppNode *root = parser_log_get_root (log, i);

      g_assert_true (xmpp_node_is (root, "message", XMPP_NS_CLIENT));
      g_assert_cmpstr (root->attributes[0].ns, ==, "urn:p");
      g_assert_true (xmpp_node_is (root->first_child, "x", "urn:p"));
      g_assert_true (xmpp_node_is (parser_log_get_root (log, i + 1), "features", XMPP_NS_STREAM));
      g_assert_cmpuint (xmpp_stanza_get_size (log->stanzas->pdata[i + 1]), ==, strlen ("<s:features/>"));
    }
}

static void
test_endless_names_in_one_stanza_end_the_stream (void)
{
  g_autoptr(ParserLog) log = parser_log_new_fed (HEADER "<message>");
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < 10 * 1000 * 1000 && log->error == NULL; i++)
    {
      g_string_append_printf (text, "<name-%08u/>", i);
      if (text->len > 4000)
        {
          parser_log_feed (log, text->str, text->len);
          g_string_truncate (text, 0);
        }
    }

  g_assert_error (log->error, XMPP_ERROR, XMPP_ERROR_LIMIT);
}

static void
test_too_many_header_attributes_end_the_stream (void)
{
  g_autofree char *many = write_attributes (XMPP_PARSER_MAX_ATTRIBUTES + 1, " ", "='x'");
  g_autofree char *xml = g_strconcat ("<stream:stream xmlns:stream='http://etherx.jabber.org/streams'", many, ">", NULL);

  parser_log_assert_refused (xml, -1, XMPP_ERROR_LIMIT);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/parser-limits/T116-elements", test_elements);
  g_test_add_func ("/xmpp/parser-limits/T115-depth", test_depth);
  g_test_add_func ("/xmpp/parser-limits/T115-endless-depth-ends-the-stream", test_endless_depth_ends_the_stream);
  g_test_add_func ("/xmpp/parser-limits/T114-attributes", test_attributes);
  g_test_add_func ("/xmpp/parser-limits/T114-the-sender-is-kept-among-many-attributes", test_the_sender_is_kept_among_many_attributes);
  g_test_add_func ("/xmpp/parser-limits/T114-an-attribute-flood-is-cheap", test_an_attribute_flood_is_cheap);
  g_test_add_func ("/xmpp/parser-limits/S98-size", test_size);
  g_test_add_func ("/xmpp/parser-limits/S98-size-before-login", test_size_before_login);
  g_test_add_func ("/xmpp/parser-limits/S98-cdata-is-text-of-any-length", test_cdata);
  g_test_add_func ("/xmpp/parser-limits/S98-long-cdata-in-any-pieces-is-the-same", test_long_cdata_in_pieces);
  g_test_add_func ("/xmpp/parser-limits/S98-endless-cdata-is-skipped", test_endless_cdata_is_skipped);
  g_test_add_func ("/xmpp/parser-limits/S97-keepalives-take-no-memory", test_keepalives_take_no_memory);
  g_test_add_func ("/xmpp/parser-limits/S98-the-largest-takes-little-memory", test_the_largest_takes_little_memory);
  g_test_add_func ("/xmpp/parser-limits/S98-a-huge-stanza-takes-no-memory", test_a_huge_stanza_takes_no_memory);
  g_test_add_func ("/xmpp/parser-limits/T116-neighbours-of-a-poisoned-stanza-arrive", test_neighbours_of_a_poisoned_stanza_arrive);
  g_test_add_func ("/xmpp/parser-limits/T114-tags", test_tags);
  g_test_add_func ("/xmpp/parser-limits/S98-endless-tokens-end-the-stream", test_endless_tokens_end_the_stream);
  g_test_add_func ("/xmpp/parser-limits/T113-a-flood-of-names-is-forgotten", test_a_flood_of_names_is_forgotten);
  g_test_add_func ("/xmpp/parser-limits/T113-a-recycled-parser-knows-its-header", test_a_recycled_parser_knows_its_header);
  g_test_add_func ("/xmpp/parser-limits/T113-endless-names-in-one-stanza-end-the-stream", test_endless_names_in_one_stanza_end_the_stream);
  g_test_add_func ("/xmpp/parser-limits/S99-too-many-header-attributes-end-the-stream", test_too_many_header_attributes_end_the_stream);

  return g_test_run ();
}
