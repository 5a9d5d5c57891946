/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The debug console: whatever came is kept, packed, read again, put into words, and saved in a file that is XML.
 *
 * The input is what a server says in a stream that is open; each line of it is an event as well, and a filter.
 */
#include "fuzz.h"
#include "parser-log.h"

#include "console-check.h"
#include "console-export.h"
#include "console-log.h"
#include "console-query.h"
#include "console-summary.h"

#include <string.h>

#define MAX_SIZE    (16 * 1024)
#define MAX_FILTERS 8

static void
check_shown (const char *text)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_null (strchr (text, '\n'));
}

static void
check_entry (ConsoleEntry *entry)
{
  g_autofree char *line = console_export_line (entry);
  g_autofree char *xml = console_entry_get_xml (entry);
  g_autofree char *from = console_entry_get_attribute (entry, "from");
  g_autoptr(XmppStanza) stanza = console_entry_read (entry);
  g_autofree char *summary = console_summary_new (entry);

  check_shown (line);
  g_assert_true (g_utf8_validate (xml, -1, NULL));
  g_assert_true (g_utf8_validate (summary, -1, NULL));
  g_assert_true (console_entry_is_stanza (entry) || stanza == NULL);

  /* the attribute is found without reading the rest, and is the same */
  if (stanza != NULL)
    g_assert_cmpstr (from, ==, xmpp_node_get (xmpp_stanza_get_root (stanza), "from"));
}

static void
check_export (ConsoleLog *log,
              GPtrArray  *pages)
{
  g_autoptr(GString) xml = g_string_new (NULL);
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  int line;
  int column;

  for (guint i = console_log_get_first (log); i < console_log_get_next (log); i++)
    {
      g_autoptr(ConsoleEntry) entry = console_log_get_entry (log, pages, i);

      check_entry (entry);
      g_string_truncate (xml, 0);
      console_export_write (entry, CONSOLE_EXPORT_XML, xml);
      console_export_write (entry, CONSOLE_EXPORT_TEXT, text);
      if (!xmpp_stanza_check_xml (xml->str, &line, &column, &error))
        g_error ("what is saved is no XML: %s\n%s", error->message, xml->str);
    }

  g_assert_true (g_utf8_validate (text->str, text->len, NULL));
}

static void
pack (ConsoleLog *log)
{
  g_autoptr(GPtrArray) pages = console_log_copy_pages (log);
  g_autoptr(GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW, 6);

  for (guint i = 0; i < pages->len; i++)
    {
      ConsolePage *page = pages->pdata[i];
      gsize length;
      char *packed;

      console_page_close (page);
      if (!console_page_can_pack (page))
        continue;

      packed = console_page_compress (page, G_CONVERTER (compressor), &length);
      console_page_set_packed (page, packed, length);
    }
}

static void
check_filter (const char *text,
              ConsoleLog *log)
{
  g_autoptr(GError) error = NULL;
  guint position = 0;
  g_autoptr(ConsoleQuery) query = console_query_new (text, &position, &error);
  g_autofree char *quoted = console_query_quote (text);
  guint place = 0;
  g_autoptr(ConsoleQuery) literal = console_query_new (quoted, &place, NULL);

  if (query == NULL)
    {
      fuzz_assert_words (error);
      g_assert_cmpuint (position, <=, strlen (text) + 1);
    }

  for (guint i = console_log_get_first (log); i < console_log_get_next (log); i++)
    {
      g_autoptr(ConsoleEntry) entry = console_log_get_entry (log, NULL, i);

      if (query != NULL)
        console_query_matches (query, entry);
      if (literal != NULL)
        console_query_matches (literal, entry);
    }
}

static void
check_editor (const char *text)
{
  g_autoptr(ConsoleCheck) check = console_check_new (text);

  g_assert_cmpint (check->line, >=, 0);
  g_assert_true (check->words == NULL || g_utf8_validate (check->words, -1, NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  FuzzInput input = { (const char *) data, size };
  g_autoptr(ParserLog) parsed = parser_log_new_fed (HEADER);
  g_autoptr(ConsoleLog) log = console_log_new ();
  g_autofree char *text = fuzz_take_text (&input);
  g_auto(GStrv) lines = NULL;

  if (size > MAX_SIZE)
    return 0;

  parser_log_feed (parsed, (const char *) data, size);
  for (guint i = 0; i < parsed->stanzas->len; i++)
    console_log_add_stanza (log, "juliet@capulet.lit", parsed->stanzas->pdata[i], i % 2 ? XMPP_SENT : XMPP_RECEIVED, i % 3 == 0);

  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (g_utf8_validate (lines[i], -1, NULL))
        console_log_add_event (log, "juliet@capulet.lit", i % (XMPP_EVENT_WHITESPACE + 1), i % 2 ? XMPP_SENT : XMPP_RECEIVED,
                               lines[i]);
    }

  check_export (log, NULL);
  for (guint i = 0; lines[i] != NULL && i < MAX_FILTERS; i++)
    {
      if (g_utf8_validate (lines[i], -1, NULL))
        check_filter (lines[i], log);
    }

  pack (log);
  check_export (log, NULL);

  if (g_utf8_validate (text, -1, NULL))
    check_editor (text);

  return 0;
}
