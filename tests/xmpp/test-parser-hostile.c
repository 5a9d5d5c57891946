/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a broken or hostile server sends: the stream ends, with nothing said after the bad place */
#include "parser-log.h"

#include "xmpp-error.h"

#include <stdio.h>
#include <string.h>

static void
test_other_services_are_told_apart (void)
{
  static const struct
  {
    const char *greeting;
    gssize      length;
  } greetings[] = {
    { "HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<html></html>", -1 },
    { "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", -1 },
    { "220 mail.example.org ESMTP Postfix\r\n", -1 },
    { "* OK IMAP4rev1 ready\r\n", -1 },
    { "\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03", 11 },
    { "\x15\x03\x01\x00\x02\x02\x46", 7 },
    { "\x8d\x07\xc1 noise \x99", 12 },
    { "<html><head><title>Sign in</title></head></html>", -1 },
    { "\r\n  login: ", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (greetings); i++)
    parser_log_assert_refused (greetings[i].greeting, greetings[i].length, XMPP_ERROR_NOT_XMPP);
}

static void
test_another_root_is_no_stream (void)
{
  parser_log_assert_refused ("<streamsss xmlns='http://etherx.jabber.org/streams'>", -1, XMPP_ERROR_NOT_XMPP);
  parser_log_assert_refused ("<message/>", -1, XMPP_ERROR_NOT_XMPP);
  parser_log_assert_refused ("<stream xmlns='jabber:client'>", -1, XMPP_ERROR_PROTOCOL);
  parser_log_assert_refused ("<stream>", -1, XMPP_ERROR_PROTOCOL);
  parser_log_assert_refused ("<s:stream xmlns:s='http://etherx.jabber.org/streams/'>", -1, XMPP_ERROR_PROTOCOL);
  parser_log_assert_refused ("<stream:stream xmlns='jabber:client'>", -1, XMPP_ERROR_NOT_WELL_FORMED);
}

static void
test_comments_and_instructions_are_restricted (void)
{
  static const char * const documents[] = {
    "<!-- x -->" HEADER,
    "<?xml-stylesheet href='x'?>" HEADER,
    HEADER "<!-- -->",
    HEADER "<?x y?>",
    HEADER "<presence/><message><body>a<!-- -->b</body></message><presence/>",
    HEADER "<presence/><message><?php echo 1?></message>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (documents); i++)
    parser_log_assert_refused (documents[i], -1, XMPP_ERROR_RESTRICTED_XML);
}

#define LAUGHS \
  "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>" \
  "<!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;'><!ENTITY e '&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;'>" \
  "<!ENTITY f '&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;'><!ENTITY g '&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;'>]>"

static void
test_document_types_are_restricted (void)
{
  static const char * const types[] = {
    LAUGHS,
    "<!DOCTYPE stream>",
    "<!DOCTYPE stream [<!ENTITY a 'b'>]>",
    "<!DOCTYPE stream [<!ATTLIST message from CDATA 'victim@x'>]>",
    "<!DOCTYPE stream SYSTEM 'file:///etc/passwd'>",
    "<!DOCTYPE stream [<!ENTITY % p SYSTEM 'http://127.0.0.1:1/x'>%p;]>",
    "<!DOCTYPE stream [<!ENTITY f SYSTEM 'file:///etc/passwd'>]>",
    "<?xml version='1.0'?><!DOCTYPE stream PUBLIC '-//X' 'http://127.0.0.1:1/x'>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autofree char *document = g_strconcat (types[i], HEADER "<message><body>&a;&f;&g;</body></message>", NULL);

      parser_log_assert_refused (document, -1, XMPP_ERROR_RESTRICTED_XML);
    }
}

static void
test_a_document_type_inside_the_stream_is_refused (void)
{
  parser_log_assert_refused (HEADER "<presence/><!DOCTYPE a [<!ENTITY b 'c'>]><message/>", -1, XMPP_ERROR_NOT_WELL_FORMED);
}

static void
test_unknown_entities_are_refused (void)
{
  static const char * const entities[] = {
    "&nbsp;", "&a;", "&#0;", "&#xD800;", "&#xDFFF;", "&#xFFFE;", "&#xFFFF;", "&#x110000;", "&#1;", "&#x1F;", "&#;", "&#x;",
    "&#99999999999999999999;", "& ;", "&&amp;",
  };

  for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
    {
      g_autofree char *text = g_strconcat (HEADER "<presence/><message><body>a", entities[i], "b</body></message><presence/>", NULL);
      g_autofree char *value = g_strconcat (HEADER "<presence/><message id='a", entities[i], "b'/><presence/>", NULL);

      parser_log_assert_refused (text, -1, XMPP_ERROR_NOT_WELL_FORMED);
      parser_log_assert_refused (value, -1, XMPP_ERROR_NOT_WELL_FORMED);
    }
}

static void
test_only_utf8_is_read (void)
{
  static const char * const declarations[] = {
    "<?xml version='1.0' encoding='ISO-8859-1'?>",
    "<?xml version='1.0' encoding='UTF-7'?>",
    "<?xml version='1.0' encoding='UTF-16'?>",
    "<?xml version=\"1.0\" encoding = \"windows-1252\" ?>",
    "<?xml version='1.0' encoding='UTF-8859'?>",
    "<?xml version='1.0' encoding='utf'?>",
    "<?xml version='2.0'?>",
  };
  static const char wide[] = "<\0s\0t\0r\0e\0a\0m\0:\0s\0>\0";

  for (guint i = 0; i < G_N_ELEMENTS (declarations); i++)
    {
      g_autofree char *document = g_strconcat (declarations[i], HEADER, NULL);

      parser_log_assert_refused (document, -1, XMPP_ERROR_NOT_WELL_FORMED);
    }

  parser_log_assert_refused ("\xFF\xFE<\0s\0t\0", 8, XMPP_ERROR_NOT_WELL_FORMED);
  parser_log_assert_refused ("\xFE\xFF\0<\0s\0t", 8, XMPP_ERROR_NOT_WELL_FORMED);
  parser_log_assert_refused ("\0\0\xFE\xFF\0\0\0<", 8, XMPP_ERROR_NOT_WELL_FORMED);
  parser_log_assert_refused ("\xEF\xBB<", 3, XMPP_ERROR_NOT_WELL_FORMED);
  parser_log_assert_refused (wide, sizeof wide - 1, XMPP_ERROR_NOT_WELL_FORMED);
}

static void
test_utf8_may_say_that_it_is (void)
{
  static const char * const beginnings[] = {
    "", "\xEF\xBB\xBF", "\xEF\xBB\xBF<?xml version='1.0'?>", "<?xml version='1.0' encoding='utf-8' standalone='yes'?>",
    "<?xml version=\"1.1\" encoding=\"UTF-8\"?>\n", "\n \r\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (beginnings); i++)
    {
      g_autofree char *document = g_strconcat (beginnings[i], HEADER "<presence/>", NULL);
      g_autoptr(ParserLog) drip = parser_log_new ();
      g_autoptr(ParserLog) whole = parser_log_new_fed (document);

      for (gsize j = 0; document[j] != '\0'; j++)
        g_assert_true (parser_log_feed (drip, document + j, 1));
      parser_log_assert (drip, "<presence/>\n");
      g_assert_no_error (whole->error);
      parser_log_assert (whole, "<presence/>\n");
    }
}

static void
test_no_invalid_utf8_gets_through (void)
{
  static const char * const sequences[] = {
    "\x80", "\xBF", "\xC0\x80", "\xC0\xBC", "\xC1\xBF", "\xC3", "\xC3(", "\xE0\x80\xAF", "\xE0\x80\xBC", "\xE2\x82", "\xED\xA0\x80",
    "\xED\xBF\xBF", "\xEF\xBF\xBE", "\xEF\xBF\xBF", "\xF0\x80\x80\xBC", "\xF0\x9F\x98", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xFE", "\xFF",
  };
  static const struct
  {
    const char *before;
    const char *after;
  } places[] = {
    { "<message><body>", "</body></message>" },
    { "<message><body>a", "b" },
    { "<message a='", "'/>" },
    { "<message a", "='1'/>" },
    { "<mess", "/>" },
    { "<a xmlns='urn:", "'/>" },
    { "<a xmlns:", "='urn:x'/>" },
    { "<message><![CDATA[", "]]></message>" },
    { "<message><![CDATA[aaaa<", "aaaa]]></message>" },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (sequences); i++)
    {
      for (guint j = 0; j < G_N_ELEMENTS (places); j++)
        {
          g_autofree char *document = g_strconcat (HEADER "<presence/>", places[j].before, sequences[i], places[j].after,
                                                   "<presence/></a></message><![CDATA[]]>;", NULL);

          parser_log_assert_refused (document, -1, XMPP_ERROR_NOT_WELL_FORMED);
        }
    }
}

/* In CDATA libxml2 lets some of it through: we look, in words of eight bytes */
static void
test_invalid_utf8_is_seen_anywhere (void)
{
  static const char * const sequences[] = { "\xC0\xBC", "\xE0\x80\xAF", "\xC0\x80", "\x80" };

  for (guint i = 0; i < G_N_ELEMENTS (sequences); i++)
    {
      for (guint before = 0; before < 18; before++)
        {
          for (guint after = 0; after < 18; after++)
            {
              g_autofree char *a = g_strnfill (before, 'a');
              g_autofree char *b = g_strnfill (after, 'b');
              g_autofree char *document = g_strdup_printf (HEADER "<message><body><![CDATA[%s%s%s]]></body></message>",
                                                           a, sequences[i], b);

              parser_log_assert_refused (document, -1, XMPP_ERROR_NOT_WELL_FORMED);
            }
        }
    }
}

static void
test_broken_namespaces_are_refused (void)
{
  static const char * const stanzas[] = {
    "<x:message/>",
    "<message x:from='a'/>",
    "<message a='1' a='2'/>",
    "<message xmlns:x='u' xmlns:y='u' x:a='1' y:a='2'/>",
    "<message xmlns:xml='urn:x'/>",
    "<message xmlns:xmlns='urn:x'/>",
    "<message xmlns='http://www.w3.org/XML/1998/namespace'/>",
    "<message xmlns='http://www.w3.org/2000/xmlns/'/>",
    "<message xmlns:a=''/>",
    "<a:b:c xmlns:a='urn:a'/>",
    "<:a/>",
    "<a:/>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (stanzas); i++)
    {
      g_autofree char *document = g_strconcat (HEADER "<presence/>", stanzas[i], "<presence/>", NULL);

      parser_log_assert_refused (document, -1, XMPP_ERROR_NOT_WELL_FORMED);
    }
}

/* A stranger can choose it, and no server objects: it must not end our stream. */
static void
test_a_namespace_need_not_be_a_uri (void)
{
  static const char * const namespaces[] = { "a b", "%", "x", "http://[", "\xC3\xA9", "\\", "urn:<>" };

  for (guint i = 0; i < G_N_ELEMENTS (namespaces); i++)
    {
      g_autofree char *escaped = g_markup_escape_text (namespaces[i], -1);
      g_autofree char *document = g_strdup_printf (HEADER "<message><x xmlns='%s'/></message><presence/>", escaped);
      g_autoptr(ParserLog) log = parser_log_new_fed (document);

      g_assert_no_error (log->error);
      g_assert_cmpuint (log->stanzas->len, ==, 2);
      g_assert_cmpstr (parser_log_get_root (log, 0)->first_child->ns, ==, namespaces[i]);
      g_assert_false (parser_log_feed (log, "<message a='1' a='2'/>", -1));
    }
}

static void
test_broken_markup_is_refused (void)
{
  static const char * const stanzas[] = {
    "<message></presence>", "<message><body></message>", "<message a=1/>", "<message a/>", "<message a='1'b='2'/>", "< message/>",
    "<message a='<'/>", "<message>]]></message>", "<1/>", "<message\x01/>", "<message>\x01</message>", "<message/", "</message>",
    "<?xml version='1.0'?><message/>", "<![CDATA[x]]>", "text<message/>", "&lt;",
  };

  for (guint i = 0; i < G_N_ELEMENTS (stanzas); i++)
    {
      g_autofree char *document = g_strconcat (HEADER "<presence/>", stanzas[i], "<presence/>", NULL);

      parser_log_assert_refused (document, -1, XMPP_ERROR_NOT_WELL_FORMED);
    }
}

/* The tag of the header ends where nothing of XML is, and not with ">" */
static void
test_half_a_header_opens_nothing (void)
{
  g_autoptr(ParserLog) log = parser_log_new_fed ("<stream:stream xmlns='jabber:client' "
                                                 "xmlns:stream='http://etherx.jabber.org/streams' version='1.0' \x01>");

  g_assert_error (log->error, XMPP_ERROR, XMPP_ERROR_NOT_WELL_FORMED);
  g_assert_null (log->header);
}

static void
test_what_came_before_is_said (void)
{
  g_autoptr(ParserLog) log = parser_log_new_fed (HEADER "<presence/><iq/><message><body>x</message>");

  g_assert_error (log->error, XMPP_ERROR, XMPP_ERROR_NOT_WELL_FORMED);
  g_assert_cmpuint (log->stanzas->len, ==, 2);
}

/* libxml2's own habit is to print the bad line, which is somebody's message */
static void
test_nothing_is_printed (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr(ParserLog) one = parser_log_new_fed (HEADER "<message><body>secret</message>");
      g_autoptr(ParserLog) two = parser_log_new_fed (HEADER "<message xmlns='a b' x:a='secret'/>");
      g_autoptr(ParserLog) three = parser_log_new_fed ("<!DOCTYPE a SYSTEM '/secret'>");
      g_autoptr(ParserLog) four = parser_log_new_fed (HEADER "<message>&secret;</message>");

      g_assert_true (one->error != NULL && two->error != NULL && three->error != NULL && four->error != NULL);
      return;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("");
  g_test_trap_assert_stdout_unmatched ("*secret*");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/parser-hostile/S19-other-services-are-told-apart", test_other_services_are_told_apart);
  g_test_add_func ("/xmpp/parser-hostile/S21-another-root-is-no-stream", test_another_root_is_no_stream);
  g_test_add_func ("/xmpp/parser-hostile/S84-comments-and-instructions-are-restricted", test_comments_and_instructions_are_restricted);
  g_test_add_func ("/xmpp/parser-hostile/S85-S87-document-types-are-restricted", test_document_types_are_restricted);
  g_test_add_func ("/xmpp/parser-hostile/S85-a-document-type-inside-the-stream-is-refused", test_a_document_type_inside_the_stream_is_refused);
  g_test_add_func ("/xmpp/parser-hostile/S86-unknown-entities-are-refused", test_unknown_entities_are_refused);
  g_test_add_func ("/xmpp/parser-hostile/S88-only-utf8-is-read", test_only_utf8_is_read);
  g_test_add_func ("/xmpp/parser-hostile/S88-utf8-may-say-that-it-is", test_utf8_may_say_that_it_is);
  g_test_add_func ("/xmpp/parser-hostile/S89-no-invalid-utf8-gets-through", test_no_invalid_utf8_gets_through);
  g_test_add_func ("/xmpp/parser-hostile/S89-invalid-utf8-is-seen-wherever-it-stands", test_invalid_utf8_is_seen_anywhere);
  g_test_add_func ("/xmpp/parser-hostile/S93-broken-namespaces-are-refused", test_broken_namespaces_are_refused);
  g_test_add_func ("/xmpp/parser-hostile/S93-a-namespace-need-not-be-a-uri", test_a_namespace_need_not_be_a_uri);
  g_test_add_func ("/xmpp/parser-hostile/S97-broken-markup-and-text-between-stanzas-are-refused", test_broken_markup_is_refused);
  g_test_add_func ("/xmpp/parser-hostile/S97-half-a-header-opens-nothing", test_half_a_header_opens_nothing);
  g_test_add_func ("/xmpp/parser-hostile/what-came-before-the-bad-place-is-said", test_what_came_before_is_said);
  g_test_add_func ("/xmpp/parser-hostile/nothing-is-printed", test_nothing_is_printed);

  return g_test_run ();
}
