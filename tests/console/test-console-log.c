/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console-entries.h"
#include "console-packer.h"

#include <string.h>

/* What is not easy to write and to read again */
static const char * const samples[] = {
  "<presence/>",
  "<presence from='jane@example.org/phone' to='" JOHN "/flint'><show>away</show><status>At lunch, “back at 2”</status></presence>",
  "<message id='1' type='chat' from='jane@example.org/a&apos;b&quot;c&lt;d&amp;e'><body>1 &lt; 2 &amp;&amp; 3 &gt; 2</body></message>",
  "<message from='x from=&apos;evil@example.org&apos;' to='a' xmlns:p='urn:p' p:from='evil@example.org' p:id='7'><body>x</body></message>",
  "<message xml:lang='de' to='a&#10;b&#9;c'>mixed <b xmlns='urn:b'>words<i/>and</b> tails</message>",
  "<iq type='result' id=''><a:query xmlns:a='jabber:iq:roster'><a:item/><b xmlns=''/><jabber xmlns='jabber:client'/></a:query></iq>",
  "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>",
  "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'/>",
  "<r xmlns='urn:xmpp:sm:3'/>",
  "<message><body>日本語 &#x1F600; &#x202E;</body></message>",
  "<from-me to='' from='/'/>",
};

static void
add_samples (ConsoleLog *log)
{
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    test_log_add (log, i % 2 ? XMPP_SENT : XMPP_RECEIVED, samples[i]);
}

/* The entries are the samples, over and over. */
static void
check_samples (ConsoleLog *log)
{
  static const char * const names[] = { "id", "type", "from", "to" };
  guint first = console_log_get_first (log);

  for (guint number = first; number < console_log_get_next (log); number++)
    {
      guint i = (number - 1) % G_N_ELEMENTS (samples);
      g_autoptr(ConsoleEntry) entry = console_log_get_entry (log, NULL, number);
      g_autoptr(XmppStanza) wanted = xmpp_stanza_new_from_xml (samples[i], -1, NULL);
      g_autoptr(XmppStanza) found = console_entry_read (entry);
      g_autofree char *wanted_xml = xmpp_stanza_to_xml (wanted);
      g_autofree char *found_xml = xmpp_stanza_to_xml (found);

      g_assert_cmpuint (console_entry_get_number (entry), ==, number);
      g_assert_cmpint (console_entry_get_direction (entry), ==, i % 2 ? XMPP_SENT : XMPP_RECEIVED);
      g_assert_cmpstr (found_xml, ==, wanted_xml);
      g_assert_cmpstr (console_entry_peek (entry, NULL), ==, wanted_xml);

      /* a look at the beginning sees what reading all of it sees */
      for (guint j = 0; j < G_N_ELEMENTS (names); j++)
        {
          g_autofree char *value = console_entry_get_attribute (entry, names[j]);

          g_assert_cmpstr (value, ==, xmpp_node_get (xmpp_stanza_get_root (wanted), names[j]));
        }
    }
}

static void
test_same (void)
{
  g_autoptr(ConsoleLog) log = console_log_new ();

  add_samples (log);
  check_samples (log);
}

static void
pack (ConsoleLog *log)
{
  ConsolePacker *packer = console_packer_new (log);

  console_packer_start (packer);
  fake_server_wait_until (console_packer_is_done (packer));
  console_packer_free (packer);
}

static void
test_packed (void)
{
  g_autoptr(ConsoleLog) log = console_log_new ();
  g_autoptr(GPtrArray) pages = NULL;
  guint n_packed = 0;

  for (guint i = 0; i < 200; i++)
    add_samples (log);
  g_assert_true (console_log_has_unpacked (log));
  pack (log);
  check_samples (log);

  /* all but the one that is not full */
  pages = console_log_copy_pages (log);
  for (guint i = 0; i < pages->len; i++)
    n_packed += console_page_get_texts (g_ptr_array_index (pages, i)) == NULL ? 1 : 0;
  g_assert_cmpuint (n_packed, ==, pages->len - 1);

  /* and on it goes */
  for (guint i = 0; i < 100; i++)
    add_samples (log);
  pack (log);
  check_samples (log);
}

/* What cannot be made smaller stays as it is, and is not tried again. */
static void
test_not_packed (void)
{
  g_autoptr(ConsolePage) page = console_page_new (1, 20000);
  g_autoptr(GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW, 1);
  ConsoleRecord record = { 0 };
  char noise[20000];
  guint32 state = 1;
  gsize length;
  char *packed;

  for (guint i = 0; i < sizeof noise; i++)
    {
      state = state * 1664525 + 1013904223;   /* numbers without a pattern, the same each time */
      noise[i] = state >> 24;
    }
  g_assert_true (console_page_add (page, &record, noise, sizeof noise - 1));
  g_assert_false (console_page_can_pack (page));
  console_page_close (page);
  g_assert_false (console_page_add (page, &record, "x", 1));
  g_assert_true (console_page_can_pack (page));

  packed = console_page_compress (page, G_CONVERTER (compressor), &length);
  g_assert_null (packed);
  console_page_set_packed (page, packed, length);
  g_assert_false (console_page_can_pack (page));
  g_assert_cmpmem (console_page_get_texts (page), sizeof noise - 1, noise, sizeof noise - 1);
}

/* Who looks at entries, and who drops them, need not wait for the thread that packs. */
static void
test_packing (void)
{
  g_autoptr(ConsoleLog) log = console_log_new ();
  ConsolePacker *packer = console_packer_new (log);
  g_autoptr(ConsoleEntry) entry = NULL;

  for (guint i = 0; i < 400; i++)
    add_samples (log);
  console_packer_start (packer);
  check_samples (log);
  entry = console_log_get_entry (log, NULL, 3);
  console_log_drop_oldest (log);
  console_log_clear (log);
  console_packer_free (packer);

  while (g_main_context_pending (NULL))
    g_main_context_iteration (NULL, FALSE);
  g_assert_nonnull (strstr (console_entry_peek (entry, NULL), "1 &lt; 2"));
}

/* An object is the same while somebody holds it, and holds the text that the log has dropped. */
static void
test_objects (void)
{
  g_autoptr(ConsoleLog) log = console_log_new ();
  ConsoleEntry *entry;
  ConsoleEntry *gone;
  g_autoptr(GPtrArray) pages = NULL;

  add_samples (log);
  g_assert_null (console_log_get_entry (log, NULL, 0));
  g_assert_null (console_log_get_entry (log, NULL, G_N_ELEMENTS (samples) + 1));

  gone = console_log_get_entry (log, NULL, 3);
  g_object_add_weak_pointer (G_OBJECT (gone), (gpointer *) &gone);
  entry = console_log_get_entry (log, NULL, 3);
  g_assert_true (entry == gone);
  g_object_unref (entry);
  g_object_unref (entry);
  g_assert_null (gone);

  entry = console_log_get_entry (log, NULL, 3);
  pages = console_log_copy_pages (log);
  console_log_clear (log);
  g_assert_cmpuint (console_log_get_bytes (log), ==, 0);
  g_assert_cmpuint (console_log_get_first (log), ==, G_N_ELEMENTS (samples) + 1);
  g_assert_null (console_log_get_entry (log, NULL, 4));
  g_assert_nonnull (strstr (console_entry_peek (entry, NULL), "1 &lt; 2"));
  g_assert_cmpstr (console_entry_get_account (entry), ==, JOHN);

  /* and a list that is still holds the others */
  gone = console_log_get_entry (log, pages, 4);
  g_assert_cmpuint (console_entry_get_number (gone), ==, 4);
  g_object_unref (gone);
  g_object_unref (entry);
}

/* 30,000 elements of a namespace of 30,000 bytes: half a megabyte on the wire, and 900 as text. */
static void
test_swollen (void)
{
  g_autoptr(ConsoleLog) log = console_log_new ();
  g_autoptr(GString) xml = g_string_new ("<message from='mallory@example.net' type='chat' xmlns:a='urn:");
  g_autoptr(ConsoleEntry) entry = NULL;
  g_autofree char *pretty = NULL;
  g_autofree char *from = NULL;

  for (guint i = 0; i < 30000; i++)
    g_string_append_c (xml, 'x');
  g_string_append (xml, "'>");
  for (guint i = 0; i < 30000; i++)
    g_string_append (xml, "<a:b/>");
  g_string_append (xml, "</message>");

  test_log_add (log, XMPP_RECEIVED, xml->str);
  entry = console_log_get_entry (log, NULL, 1);
  g_assert_true (console_entry_is_cut (entry));
  g_assert_cmpint (console_entry_get_kind (entry), ==, CONSOLE_MESSAGE);
  g_assert_cmpuint (console_entry_get_size (entry), >=, xml->len - 1);
  g_assert_cmpuint (console_log_get_bytes (log), <, 1000);
  g_assert_cmpstr (console_entry_get_summary (entry), ==, "is too large to be kept");
  from = console_entry_get_attribute (entry, "from");
  g_assert_cmpstr (from, ==, "mallory@example.net");
  pretty = console_entry_get_xml (entry);
  g_assert_cmpuint (strlen (pretty), <, 1000);
}

/* What is just below a limit on the wire, and above it as we write it, is kept all the same. */
static void
test_not_readable (void)
{
  g_autoptr(ConsoleLog) log = console_log_new ();
  g_autoptr(GString) quotes = g_string_new ("<message from='jane@example.org' id='q'><a xmlns='urn:a' b=\"");
  g_autoptr(GString) names = g_string_new ("<message from='jane@example.org' id='n'><a xmlns='urn:a'");

  for (guint i = 0; i < 60000; i++)
    g_string_append_c (quotes, '\'');
  g_string_append (quotes, "\"/></message>");
  for (guint i = 0; i < 60; i++)
    g_string_append_printf (names, " xmlns:n%u='urn:%u' n%u:x='1'", i, i, i);
  g_string_append (names, "/></message>");

  test_log_add (log, XMPP_RECEIVED, quotes->str);
  test_log_add (log, XMPP_RECEIVED, names->str);
  test_log_add (log, XMPP_RECEIVED, "<message from='jane@example.org'><body>and on</body></message>");

  for (guint number = 1; number <= 3; number++)
    {
      g_autoptr(ConsoleEntry) entry = console_log_get_entry (log, NULL, number);
      g_autoptr(XmppStanza) stanza = console_entry_read (entry);

      g_assert_true (xmpp_node_is (xmpp_stanza_get_root (stanza), "message", XMPP_NS_CLIENT));
      g_assert_cmpstr (xmpp_node_get (xmpp_stanza_get_root (stanza), "from"), ==, "jane@example.org");
      g_assert_cmpstr (console_entry_get_summary (entry), !=, "");
      g_assert_nonnull (strstr (console_entry_peek (entry, NULL), number == 3 ? "and on" : "urn:a"));
    }
}

/* One over a limit of the engine is there with its envelope, and says so. */
static void
test_skipped (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JOHN "/flint");
  g_autoptr(ConsoleCapture) capture = console_capture_new ();
  g_autoptr(GString) xml = g_string_new ("<message from='jane@example.org/p'>");
  ConsoleEntry *entry;

  console_capture_watch (capture, server->session, JOHN);
  fake_server_login (server);
  for (guint i = 0; i < 200; i++)
    g_string_append (xml, "<a>");
  for (guint i = 0; i < 200; i++)
    g_string_append (xml, "</a>");
  g_string_append (xml, "</message>");
  fake_server_send (server, xml->str);
  test_capture_settle (server);

  entry = test_capture_find (G_LIST_MODEL (capture), XMPP_RECEIVED, "jane@example.org/p");
  g_assert_nonnull (entry);
  g_assert_true (console_entry_is_skipped (entry));
  g_assert_cmpstr (console_entry_get_from (entry), ==, "jane@example.org/p");
  g_assert_cmpstr (console_entry_get_summary (entry), ==, "was too large, and was passed over");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/console/log/what-is-kept-is-what-was-there", test_same);
  g_test_add_func ("/console/log/packed-it-is-the-same", test_packed);
  g_test_add_func ("/console/log/what-cannot-be-packed-stays", test_not_packed);
  g_test_add_func ("/console/log/packing-is-in-nobodys-way", test_packing);
  g_test_add_func ("/console/log/an-object-lives-while-it-is-held", test_objects);
  g_test_add_func ("/console/log/a-long-namespace-does-not-fill-the-memory", test_swollen);
  g_test_add_func ("/console/log/what-cannot-be-read-again-has-its-envelope", test_not_readable);
  g_test_add_func ("/console/log/what-the-engine-passed-over-says-so", test_skipped);

  return g_test_run ();
}
