/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console-entries.h"
#include "console-query.h"

#include <string.h>

typedef enum
{
  CHAT,
  ROOM,
  REFUSED,
  ASKED,
  AUTH,
  HEADER,
  EVENT,
  N_ENTRIES,
} Sample;

#define ONLY(sample) (1u << (sample))
#define ALL (ONLY (N_ENTRIES) - 1)

static GListModel *
samples_new (void)
{
  g_autoptr(ConsoleLog) log = console_log_new ();
  g_autoptr(XmppStanza) asked = xmpp_stanza_new_from_xml ("<iq to='example.org' type='get' id='q2'><query xmlns='jabber:iq:version'/></iq>", -1, NULL);

  test_log_add (log, XMPP_RECEIVED, "<message from='Jane@example.org/phone' to='" JOHN "/flint' type='chat' id='m1'>"
                                    "<body>Grüße an Alle</body></message>");
  test_log_add (log, XMPP_RECEIVED, "<message from='lounge@conference.example.org/mei' type='groupchat' id='m2'>"
                                    "<body>release or not</body></message>");
  test_log_add (log, XMPP_RECEIVED, "<iq from='lounge@conference.example.org' type='error' id='q1'><error type='auth'>"
                                    "<forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
  console_log_add_stanza (log, JOHN, asked, XMPP_SENT, TRUE);
  test_log_add (log, XMPP_SENT, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AAA=</auth>");
  console_log_add_event (log, JOHN, XMPP_EVENT_HEADER, XMPP_RECEIVED, "<stream:stream to='example.org'>");
  console_log_add_event (log, JOHN, XMPP_EVENT_TLS, XMPP_RECEIVED, "TLS 1.3, (very) good");

  return test_log_get_all (log);
}

static const struct
{
  const char *text;
  guint       matching;
} good[] = {
  { "", ALL },
  { "  ", ALL },
  { "RELEASE", ONLY (ROOM) },
  { "grüße", ONLY (CHAT) },
  { "release \"not\"", ONLY (ROOM) },
  { "jabber:iq:version", ONLY (ASKED) }, /* a namespace is a word */
  { "xmlns=\"jabber:iq:version\"", ONLY (ASKED) },
  { "<body>", ONLY (CHAT) | ONLY (ROOM) },
  { "\"release or not\"", ONLY (ROOM) },
  { "\"or not\"", ONLY (ROOM) },
  { "kind:message", ONLY (CHAT) | ONLY (ROOM) },
  { "KIND:Message", ONLY (CHAT) | ONLY (ROOM) },
  { "kind:iq or kind:sasl", ONLY (REFUSED) | ONLY (ASKED) | ONLY (AUTH) },
  { "kind:event", ONLY (EVENT) },
  { "kind:stream", ONLY (HEADER) },
  { "dir:out", ONLY (ASKED) | ONLY (AUTH) },
  { "dir:in", ONLY (CHAT) | ONLY (ROOM) | ONLY (REFUSED) | ONLY (HEADER) },
  { "type:error", ONLY (REFUSED) },
  { "type:auth", ONLY (AUTH) },
  { "id:q2", ONLY (ASKED) },
  { "id:q*", ONLY (REFUSED) | ONLY (ASKED) },
  { "from:jane@example.org", ONLY (CHAT) },            /* each resource */
  { "from:jane@example.org/phone", ONLY (CHAT) },
  { "from:jane@example.org/tablet", 0 },
  { "from:*@conference.*", ONLY (ROOM) | ONLY (REFUSED) },
  { "to:example.org", ONLY (ASKED) },
  { "with:" JOHN, ONLY (CHAT) },
  { "account:" JOHN, ALL },
  { "account:jane@example.org", 0 },
  { "name:forbidden", ONLY (REFUSED) },
  { "ns:jabber:iq:*", ONLY (ASKED) },
  { "body:\"an alle\"", ONLY (CHAT) },
  { "summary:version", ONLY (ASKED) },
  { "error:forbidden", ONLY (REFUSED) },
  { "injected", ONLY (ASKED) },
  { "redacted", ONLY (AUTH) },
  { "n=2", ONLY (ROOM) },
  { "n<=2", ONLY (CHAT) | ONLY (ROOM) },
  { "n>5", ONLY (HEADER) | ONLY (EVENT) },
  { "n<0", 0 },
  { "size>1k", 0 },
  { "size<1M", ALL },
  { "size>99999999999999999999", 0 },
  { "not kind:message", ALL & ~(ONLY (CHAT) | ONLY (ROOM)) },
  { "-kind:message -kind:iq", ALL & ~(ONLY (CHAT) | ONLY (ROOM) | ONLY (REFUSED) | ONLY (ASKED)) },
  { "not not type:error", ONLY (REFUSED) },
  { "kind:message and not type:chat", ONLY (ROOM) },
  { "(kind:message or kind:iq) dir:in", ONLY (CHAT) | ONLY (ROOM) | ONLY (REFUSED) },
  { "kind:message or kind:iq dir:out", ONLY (CHAT) | ONLY (ROOM) | ONLY (ASKED) },
  { "-(kind:message or kind:iq) kind:event", ONLY (EVENT) },
  { "(very)", ONLY (EVENT) },            /* a group, of one word */
  { "\"(very)\"", ONLY (EVENT) },
  { "*", 0 },                           /* in a word a star is a star */
};

static guint
match (ConsoleQuery *query,
        GListModel   *entries)
{
  guint matching = 0;

  for (guint i = 0; i < test_model_count (entries); i++)
    matching |= console_query_matches (query, test_model_get (entries, i)) ? ONLY (i) : 0;

  return matching;
}

static void
test_good (void)
{
  g_autoptr(GListModel) entries = samples_new ();

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr(GError) error = NULL;
      guint position = 0;
      g_autoptr(ConsoleQuery) query = console_query_new (good[i].text, &position, &error);

      g_test_message ("%s", good[i].text);
      g_assert_no_error (error);
      g_assert_cmphex (match (query, entries), ==, good[i].matching);
    }
}

static const struct
{
  const char *text;
  guint       position;
  const char *words;
} bad[] = {
  { "typ:error", 1, "“type:”" },
  { "from:*@conference.example.org and typ:error", 35, "“typ:”" },
  { "ünd kinds:iq", 5, "“kind:”" },          /* characters are counted, not bytes */
  { "kind:", 1, "“kind:”" },
  { "kind:packet", 6, "packet" },
  { "dir:up", 5, "“up”" },
  { "body:\"hello", 6, "quotation" },
  { "\"hello", 1, "quotation" },
  { "(kind:iq", 1, "parenthesis" },
  { "()", 2, "before" },
  { "kind:iq )", 9, "before" },
  { "kind:iq or", 11, "end" },
  { "kind:iq and", 12, "end" },
  { "or kind:iq", 1, "“or”" },
  { "kind:iq or and", 12, "“and”" },
  { "not", 4, "end" },
  { "size>", 1, "number" },
  { "size>big", 1, "number" },
  { "size>-1", 1, "number" },
  { "size>1kk", 1, "number" },
  { "n=", 1, "number" },
};

static void
test_bad (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;
      guint position = 0;

      g_assert_null (console_query_new (bad[i].text, &position, &error));
      g_assert_error (error, CONSOLE_QUERY_ERROR, CONSOLE_QUERY_ERROR_WRONG);
      g_test_message ("%s: %s", bad[i].text, error->message);
      g_assert_cmpuint (position, ==, bad[i].position);
      g_assert_nonnull (strstr (error->message, bad[i].words));
      g_assert_true (g_str_has_prefix (error->message, "Character "));
    }
}

static char *
repeat (const char *text,
        guint       n)
{
  GString *all = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append (all, text);

  return g_string_free (all, FALSE);
}

/* Whatever is pasted into it: no crash, no deep stack, and an end. */
static void
test_hostile (void)
{
  static const char * const patterns[] = { "(", ")", "not ", "-", "a or ", "\"", "a:", "type:*", "(a ", "((a) ", "\xff", "\xe2\x80", "*", "n>1 ", "-(", "<&>" };
  g_autoptr(GListModel) entries = samples_new ();

  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
    {
      g_autofree char *text = repeat (patterns[i], 5000);
      g_autofree char *closed = g_strconcat (text, "a", NULL);
      const char *both[] = { text, closed };

      for (guint j = 0; j < G_N_ELEMENTS (both); j++)
        {
          g_autoptr(GError) error = NULL;
          guint position = 0;
          g_autoptr(ConsoleQuery) query = console_query_new (both[j], &position, &error);

          g_assert_true ((query == NULL) == (error != NULL));
          if (query != NULL)
            match (query, entries);
          else
            g_assert_cmpuint (position, >=, 1);
        }
    }
}

/* Fifty parentheses are fine. */
static void
test_deep (void)
{
  g_autoptr(GListModel) entries = samples_new ();
  g_autofree char *open = repeat ("(", 50);
  g_autofree char *closed = repeat (")", 50);
  g_autofree char *text = g_strconcat (open, "type:error", closed, NULL);
  g_autofree char *more = g_strconcat ("(", text, ")", NULL);
  guint position;
  g_autoptr(ConsoleQuery) query = console_query_new (text, &position, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_nonnull (query);
  g_assert_cmphex (match (query, entries), ==, ONLY (REFUSED));
  g_assert_null (console_query_new (more, &position, &error));
  g_assert_nonnull (strstr (error->message, "parentheses"));
}

/* What a server wrote, put behind a key, means itself. */
static void
test_quote (void)
{
  static const char * const values[] = { "q1", "with space", "par(en)thesis", "quo\"ted", "or", "-x", "a:b", "", "ü" };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *quoted = console_query_quote (values[i]);
      g_autofree char *text = g_strdup_printf ("kind:iq id:%s or kind:sasl", quoted);
      g_autofree char *escaped = g_markup_escape_text (values[i], -1);
      g_autofree char *xml = g_strdup_printf ("<iq id=\"%s\" type='get'/>", escaped);
      g_autoptr(ConsoleEntry) entry = test_entry_new (XMPP_SENT, xml);
      g_autoptr(ConsoleEntry) other = test_entry_new (XMPP_SENT, "<iq id='other one' type='get'/>");
      guint position;
      g_autoptr(ConsoleQuery) query = console_query_new (text, &position, NULL);

      g_test_message ("%s", text);
      if (*values[i] == '\0')
        {
          g_assert_null (query);   /* nothing is no value; the menu does not offer it */
          continue;
        }

      g_assert_nonnull (query);
      g_assert_true (console_query_matches (query, entry));
      g_assert_false (console_query_matches (query, other));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/console/query/filters-mean-what-they-say", test_good);
  g_test_add_func ("/console/query/what-is-wrong-is-said-with-its-place", test_bad);
  g_test_add_func ("/console/query/anything-may-be-pasted", test_hostile);
  g_test_add_func ("/console/query/parentheses-have-a-limit", test_deep);
  g_test_add_func ("/console/query/any-value-can-be-quoted", test_quote);

  return g_test_run ();
}
