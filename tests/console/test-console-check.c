/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the editor knows before it sends: the check, the templates, and what was sent before */
#include "console-check.h"
#include "console-entries.h"
#include "console-template.h"

#include <string.h>

static const struct
{
  const char     *xml;
  ConsoleVerdict  verdict;
  guint           n_elements;
  int             line;
  const char     *words;
} checks[] = {
  { "", CONSOLE_CHECK_EMPTY, 0, 0, "template" },
  { " \n\t", CONSOLE_CHECK_EMPTY, 0, 0, "template" },
  { "<presence/>", CONSOLE_CHECK_GOOD, 1, 0, "Well-formed" },
  { "<presence/>\n<message><body>&lt;</body></message>\n", CONSOLE_CHECK_GOOD, 2, 0, "2 elements" },
  { "<iq type='get' id='1'><query xmlns='jabber:iq:version'/></iq>", CONSOLE_CHECK_GOOD, 1, 0, "Well-formed" },
  { "<r xmlns='urn:xmpp:sm:3'/>", CONSOLE_CHECK_GOOD, 1, 0, "Well-formed" },

  { "hello", CONSOLE_CHECK_WRONG, 0, 1, "Line 1" },
  { "<message>\n<body>\n</message>", CONSOLE_CHECK_WRONG, 0, 3, "“<body>” is closed by “</message>”" },
  { "<presence/>\n<a b=c/>", CONSOLE_CHECK_WRONG, 0, 2, "Line 2" },
  { "<message to='a@b'>\n  <body>a & b</body>\n</message>", CONSOLE_CHECK_WRONG, 0, 2, "&amp;" },
  { "<a:b/>", CONSOLE_CHECK_WRONG, 0, 1, "“a”" },
  { "<presence", CONSOLE_CHECK_WRONG, 0, 1, "inside a tag" },
  { "<presence>\n\n", CONSOLE_CHECK_WRONG, 0, 3, "“<presence>”" },
  { "</stream:stream>", CONSOLE_CHECK_WRONG, 0, 0, "</stream:stream>" },
  { "<presence/></stream:stream><presence/>", CONSOLE_CHECK_WRONG, 0, 0, NULL },
  { "<presence>\n<!-- why -->\n</presence>", CONSOLE_CHECK_WRONG, 0, 2, "comments" },
  { "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", CONSOLE_CHECK_WRONG, 0, 1, NULL },
  { "<a x='1' x='2'/>", CONSOLE_CHECK_WRONG, 0, 1, "“x”" },

  { "\n\n<iq type='get'><query xmlns='jabber:iq:version'/></iq>", CONSOLE_CHECK_DOUBTFUL, 1, 3, "Line 3: this iq has no id" },
  { "<presence/>\n<iq id='1'/>", CONSOLE_CHECK_DOUBTFUL, 2, 2, "get, set, result or error" },
  { "<message type='chta'/>", CONSOLE_CHECK_DOUBTFUL, 1, 1, "“chta”" },
  { "<presense/>", CONSOLE_CHECK_DOUBTFUL, 1, 1, "“<presense>”" },
  { "<presence\n  to='{contact}'/>", CONSOLE_CHECK_DOUBTFUL, 1, 2, "“{contact}”" },
  { "<iq type='set' id='1'><query xmlns='jabber:iq:register'>\n<password>[redacted, 6 bytes]</password></query></iq>",
    CONSOLE_CHECK_DOUBTFUL, 1, 2, "secret" },
};

static void
test_check (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
    {
      g_autoptr(ConsoleCheck) check = console_check_new (checks[i].xml);
      g_autofree char *shown = g_strescape (checks[i].xml, NULL);

      g_test_message ("%s: %s", shown, check->words);
      g_assert_cmpint (check->verdict, ==, checks[i].verdict);
      g_assert_cmpuint (check->n_elements, ==, checks[i].n_elements);
      g_assert_cmpint (check->line, ==, checks[i].line);
      g_assert_cmpint (check->column, >=, 0);
      if (checks[i].words != NULL)
        g_assert_nonnull (strstr (check->words, checks[i].words));
    }
}

/* What the check lets through is what the session sends, and no more: whatever somebody writes */
static void
test_agrees (void)
{
  static const char * const more[] = {
    "<a>\xff</a>", "<?xml version='1.0'?><a/>", "<a>]]></a>", "<a b='<'/>", "<a>&#0;</a>", "<a>&#x1F600;</a>", "x<a/>", "<a/>x",
    "<stream:stream xmlns:stream='http://etherx.jabber.org/streams'/>", "<stream:stream>", "<a></a></a>", "<1/>", "<a xmlns:b=''/>", "\xef\xbb\xbf<a/>",
  };
  g_autoptr(FakeServer) server = fake_server_new (JOHN "/flint");

  fake_server_login (server);
  fake_server_settle (server);

  for (guint i = 0; i < G_N_ELEMENTS (checks) + G_N_ELEMENTS (more); i++)
    {
      const char *xml = i < G_N_ELEMENTS (checks) ? checks[i].xml : more[i - G_N_ELEMENTS (checks)];
      g_autoptr(ConsoleCheck) check = console_check_new (xml);
      g_autoptr(GError) error = NULL;
      gboolean is_sent = xmpp_session_send_raw (server->session, xml, &error);
      g_autofree char *shown = g_strescape (xml, NULL);

      g_test_message ("%s: %s", shown, check->words);
      g_assert_true (is_sent == (check->verdict >= CONSOLE_CHECK_DOUBTFUL));
      g_assert_true (xmpp_session_is_online (server->session));
      fake_server_settle (server);
    }
}

static void
test_large (void)
{
  g_autoptr(GString) xml = g_string_new ("<message><body>");
  g_autoptr(ConsoleCheck) check = NULL;
  g_autoptr(GString) deep = g_string_new (NULL);
  g_autoptr(ConsoleCheck) deep_check = NULL;

  for (guint i = 0; i < 5 * 1024 * 1024 / 16; i++)
    g_string_append (xml, "0123456789abcde ");
  g_string_append (xml, "</body></message>");
  check = console_check_new (xml->str);
  g_assert_cmpint (check->verdict, ==, CONSOLE_CHECK_WRONG);

  for (guint i = 0; i < 10000; i++)
    g_string_append (deep, "<a>");
  for (guint i = 0; i < 10000; i++)
    g_string_append (deep, "</a>");
  deep_check = console_check_new (deep->str);
  g_assert_cmpint (deep_check->verdict, ==, CONSOLE_CHECK_WRONG);
}

/* Templates */

static void
test_templates (void)
{
  static const ConsolePlaces places = { "john@example.org", "example.org", "jane@example.org", "lounge@muc.example.org", "john" };
  static const ConsolePlaces none = { NULL };
  guint n_templates;
  const ConsoleTemplate *templates = console_template_get_all (&n_templates);
  g_autoptr(GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);

  g_assert_cmpuint (n_templates, >=, 39);
  for (guint i = 0; i < n_templates; i++)
    {
      g_autofree char *filled = console_template_fill (&templates[i], &places);
      g_autofree char *empty = console_template_fill (&templates[i], &none);
      g_autoptr(ConsoleCheck) check = console_check_new (filled);
      g_autoptr(ConsoleCheck) empty_check = console_check_new (empty);

      g_test_message ("%s: %s", templates[i].id, check->words);
      g_assert_true (g_hash_table_add (ids, (gpointer) templates[i].id));
      g_assert_true (console_template_find (templates[i].id) == &templates[i]);
      g_assert_null (strchr (filled, '{'));
      g_assert_cmpint (check->verdict, ==, CONSOLE_CHECK_GOOD);
      g_assert_cmpint (empty_check->verdict, >=, CONSOLE_CHECK_DOUBTFUL);
      g_assert_cmpuint (check->n_elements, ==, 1);
    }

  g_assert_null (console_template_find ("no such thing"));
}

/* Those of the issue: five types, presence with show and priority, roster, disco, ping, version, last, a room */
static void
test_common (void)
{
  static const struct
  {
    const char *id;
    const char *text;
  } common[] = {
    { "message-normal", "type=\"normal\"" }, { "message-chat", "type=\"chat\"" }, { "message-groupchat", "type=\"groupchat\"" },
    { "message-headline", "type=\"headline\"" }, { "message-error", "type=\"error\"" },
    { "presence-dnd", "<show>dnd</show>" }, { "presence-dnd", "<priority>" },
    { "roster-get", "jabber:iq:roster" }, { "roster-set", "<group>" },
    { "disco-info", "disco#info" }, { "disco-items", "disco#items" },
    { "ping", "urn:xmpp:ping" }, { "version", "jabber:iq:version" }, { "last", "jabber:iq:last" },
    { "muc-join", "http://jabber.org/protocol/muc" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (common); i++)
    {
      const ConsoleTemplate *template = console_template_find (common[i].id);

      g_assert_nonnull (template);
      g_assert_nonnull (strstr (template->xml, common[i].text));
    }
}

static void
test_ids (void)
{
  static const ConsolePlaces places = { NULL };
  const ConsoleTemplate *ping = console_template_find ("ping");
  g_autofree char *first = console_template_fill (ping, &places);
  g_autofree char *second = console_template_fill (ping, &places);
  const char *place;
  g_autofree char *gap = console_template_find_gap (first, &place);

  g_assert_cmpstr (first, !=, second);
  g_assert_cmpstr (gap, ==, "{server}");
  g_assert_true (g_str_has_prefix (place, "{server}"));
}

/* An address is what a server says that it is. */
static void
test_hostile_places (void)
{
  static const ConsolePlaces places = { "a\"><evil/>@x", "<&>", "b'\"@y/<presence/>", "{contact}", "&amp;" };
  guint n_templates;
  const ConsoleTemplate *templates = console_template_get_all (&n_templates);

  for (guint i = 0; i < n_templates; i++)
    {
      g_autofree char *filled = console_template_fill (&templates[i], &places);
      g_autoptr(ConsoleCheck) check = console_check_new (filled);
      g_autofree char *shown = g_strescape (filled, NULL);

      g_test_message ("%s", shown);
      g_assert_cmpint (check->verdict, >=, CONSOLE_CHECK_DOUBTFUL);
      g_assert_cmpuint (check->n_elements, ==, 1);
      g_assert_null (strstr (filled, "<evil"));
    }
}

/* History */

static void
test_history (void)
{
  g_autoptr(ConsoleHistory) history = console_history_new ();

  g_assert_cmpstr (console_history_get_current (history), ==, "");
  g_assert_null (console_history_previous (history));
  g_assert_null (console_history_next (history));

  console_history_set_draft (history, "a");
  console_history_add (history, "a");
  console_history_set_draft (history, "b");
  console_history_add (history, "b");
  g_assert_cmpstr (console_history_get_current (history), ==, "b");

  /* what is being written is the newest, and waits there */
  console_history_set_draft (history, "half");
  g_assert_cmpstr (console_history_previous (history), ==, "b");
  g_assert_cmpstr (console_history_previous (history), ==, "a");
  g_assert_false (console_history_has_previous (history));
  console_history_set_draft (history, "a");   /* shown, not written */
  g_assert_cmpstr (console_history_next (history), ==, "b");
  g_assert_cmpstr (console_history_next (history), ==, "half");
  g_assert_false (console_history_has_next (history));

  /* the same is kept once */
  console_history_add (history, "a");
  g_assert_cmpstr (console_history_previous (history), ==, "b");
  g_assert_null (console_history_previous (history));

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);

      console_history_add (history, text);
    }
  for (guint i = 0; i < 199; i++)
    g_assert_nonnull (console_history_previous (history));
  g_assert_null (console_history_previous (history));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/console/check/what-is-wrong-is-said-with-its-line", test_check);
  g_test_add_func ("/console/check/what-passes-is-what-is-sent", test_agrees);
  g_test_add_func ("/console/check/S98-too-large-is-wrong", test_large);
  g_test_add_func ("/console/template/each-is-well-formed", test_templates);
  g_test_add_func ("/console/template/the-common-ones-are-there", test_common);
  g_test_add_func ("/console/template/each-filling-has-its-own-id", test_ids);
  g_test_add_func ("/console/template/addresses-cannot-break-out", test_hostile_places);
  g_test_add_func ("/console/history/what-was-sent-comes-back", test_history);

  return g_test_run ();
}
