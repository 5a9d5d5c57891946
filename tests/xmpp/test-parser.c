/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a well-behaved server sends, however the network cuts it */
#include "parser-log.h"

#include "xmpp-atom.h"
#include "xmpp-error.h"

#include <string.h>

static const char session[] =
  "<?xml version='1.0' encoding='utf-8'?>"
  "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='++TR84Sm6A3hnt3Q065SnAbbk3Y='\n"
  " from='im.example.com' version='1.0' xml:lang='en'>"
  "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>"
  "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>"
  "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>dj1ybUY5cHFWOFM3c3VBb1pXamE0ZEpSa0ZzS1E9</success>\n"
  "<iq type='result' id='r1' to='juliet@im.example.com/balcony'><query xmlns='jabber:iq:roster' ver='v1'>"
  "<item jid='romeo@example.net' name='Romeo &amp; &lt;friends&gt; &quot;x&quot;' subscription='both'><group>Fri\xC3\xA9nds</group></item>"
  "<item jid='\xD0\xBF\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82@example.net'/></query></iq>   "
  "<message from='romeo@example.net/orchard' to='juliet@im.example.com' type='chat' id='m1' xml:lang='it'>"
  "<body>Ci\xC3\xB2 \xF0\x9F\x91\xA9\xE2\x80\x8D\xE2\x9D\xA4\xEF\xB8\x8F\xE2\x80\x8D\xF0\x9F\x91\xA8 e\xCC\x81 &#x1F600; &lt;3\n  due</body>"
  "<html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'>"
  "<p>uno <b>due</b> tre <i>quattro</i></p> cinque</body></html>"
  "<active xmlns='http://jabber.org/protocol/chatstates'/></message>\n\n"
  "<presence from='room@chat.example.net/\xE6\x97\xA5\xE6\x9C\xAC'><x xmlns='http://jabber.org/protocol/muc#user'>"
  "<item affiliation='member' role='participant'/><status code='110'/></x></presence>"
  "<message><body><![CDATA[<not> & markup]]></body><body xml:lang='de'>a<![CDATA[b]]>c</body></message>"
  "<a:message xmlns:a='jabber:client' a:x='1' xmlns:b='urn:b' b:from='eve' from='romeo@example.net'>"
  "<b:data a:y=\"it's\">1 &gt; 0</b:data></a:message>"
  "<iq type='result' id='d'><query xmlns='http://jabber.org/protocol/disco#info' node='http://psi-im.org#8RovUdtOmiAjzj+xI7SK5BCw3A8='>"
  "<identity category='client' type='pc' name='Psi 0.11' xml:lang='en'/><feature var='http://jabber.org/protocol/disco#info'/>"
  "<feature var='urn:xmpp:receipts'/><x xmlns='jabber:x:data' type='result'><field var='os'><value>Mac</value></field></x>"
  "</query></iq><iq type='get' id='p'><ping xmlns='urn:xmpp:ping'></ping></iq> \t\r\n"
  "</stream:stream>";

static char *
tell_session_in (const gsize *cuts,
                 gsize        n_cuts)
{
  g_autoptr(ParserLog) log = parser_log_new ();
  gsize begin = 0;

  for (gsize i = 0; i <= n_cuts; i++)
    {
      gsize end = i < n_cuts ? cuts[i] : strlen (session);

      g_assert_true (parser_log_feed (log, session + begin, end - begin));
      begin = end;
    }

  return parser_log_tell (log);
}

static void
test_every_cut (void)
{
  g_autofree char *whole = tell_session_in (NULL, 0);

  g_assert_cmpuint (strlen (session), >, 2000);
  g_assert_true (g_str_has_suffix (whole, "\nclosed\n"));

  for (gsize cut = 0; cut <= strlen (session); cut++)
    {
      g_autofree char *told = tell_session_in (&cut, 1);

      g_assert_cmpstr (told, ==, whole);
    }
}

static void
test_any_chunk_size (void)
{
  g_autofree char *whole = tell_session_in (NULL, 0);

  for (gsize size = 1; size < 64; size++)
    {
      g_autoptr(GArray) cuts = g_array_new (FALSE, FALSE, sizeof (gsize));
      g_autofree char *told = NULL;

      for (gsize cut = size; cut < strlen (session); cut += size)
        g_array_append_val (cuts, cut);
      told = tell_session_in ((gsize *) cuts->data, cuts->len);
      g_assert_cmpstr (told, ==, whole);
    }
}

static void
test_many_glued (void)
{
  g_autoptr(ParserLog) log = parser_log_new ();
  g_autoptr(GString) text = g_string_new (HEADER);
  guint n = 0;

  for (; text->len < 64 * 1024; n++)
    g_string_append_printf (text, "<message id='%u'><body>%u \xF0\x9F\x98\x80</body></message>", n, n);

  g_assert_true (parser_log_feed (log, text->str, text->len));
  g_assert_cmpuint (log->stanzas->len, ==, n);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      g_assert_cmpstr (xmpp_node_get (parser_log_get_root (log, i), "id"), ==, id);
    }
}

static void
test_an_emoji_arrives_whole (void)
{
  static const char emoji[] = "<message><body>\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x9A\x80</body></message>";
  g_autoptr(ParserLog) log = parser_log_new_fed (HEADER);

  for (gsize i = 0; i < strlen (emoji); i++)
    g_assert_true (parser_log_feed (log, emoji + i, 1));

  g_assert_cmpstr (xmpp_node_get_child_text (parser_log_get_root (log, 0), "body", XMPP_NS_CLIENT), ==,
                   "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x9A\x80");
}

static void
test_an_early_end_drops_the_part (void)
{
  g_autofree char *whole = tell_session_in (NULL, 0);

  for (gsize end = 0; end < strlen (session); end++)
    {
      g_autoptr(ParserLog) log = parser_log_new ();
      g_autofree char *told = NULL;

      g_assert_true (parser_log_feed (log, session, end));
      told = parser_log_tell (log);
      g_assert_true (g_str_has_prefix (whole, told));
      g_assert_false (g_str_has_suffix (told, "closed\n"));
    }
}

static void
test_the_header_is_given (void)
{
  g_autoptr(ParserLog) log = parser_log_new_fed (session);
  const XmppNode *root = xmpp_stanza_get_root (log->header);

  g_assert_true (xmpp_node_is (root, "stream", XMPP_NS_STREAM));
  g_assert_cmpstr (xmpp_node_get (root, "from"), ==, "im.example.com");
  g_assert_cmpstr (xmpp_node_get (root, "id"), ==, "++TR84Sm6A3hnt3Q065SnAbbk3Y=");
  g_assert_cmpstr (xmpp_node_get (root, "version"), ==, "1.0");
  g_assert_cmpstr (xmpp_node_get_lang (root), ==, "en");
  g_assert_null (root->first_child);
}

static void
test_namespaced_header_attributes_are_others (void)
{
  g_autoptr(ParserLog) log = parser_log_new_fed (
    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' xmlns:x='urn:x' "
    "x:from='evil.test' x:id='evil' x:version='2.0'>");
  const XmppNode *root;

  g_assert_nonnull (log->header);
  root = xmpp_stanza_get_root (log->header);
  g_assert_null (xmpp_node_get (root, "from"));
  g_assert_null (xmpp_node_get (root, "id"));
  g_assert_null (xmpp_node_get (root, "version"));
}

static void
test_prefixes_are_free (void)
{
  static const char * const styles[] = {
    HEADER "<message from='a@b'><body>x</body></message><stream:features/>" FOOTER,
    "<s:stream xmlns='jabber:client' xmlns:s='http://etherx.jabber.org/streams' version='1.0'>"
    "<message from='a@b'><body>x</body></message><s:features/></s:stream>",
    "<stream xmlns='http://etherx.jabber.org/streams' xmlns:c='jabber:client' version='1.0'>"
    "<c:message from='a@b'><c:body>x</c:body></c:message><features/></stream>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (styles); i++)
    {
      g_autoptr(ParserLog) log = parser_log_new_fed (styles[i]);

      parser_log_assert (log, "<message from='a@b'><body>x</body></message>\n"
                              "<features xmlns='http://etherx.jabber.org/streams'/>\nclosed\n");
    }
}

static void
test_a_stanza_knows_its_size (void)
{
  static const char * const sizes[] = {
    "<presence/>",
    "<message><body>a &amp; b</body></message>",
    "<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'></ping></iq>",
    "<message><body><![CDATA[x]]></body></message   >",
  };
  g_autoptr(ParserLog) log = parser_log_new_fed (HEADER);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_assert_true (parser_log_feed (log, "  \n ", -1));
      g_assert_true (parser_log_feed (log, sizes[i], -1));
      g_assert_cmpuint (xmpp_stanza_get_size (log->stanzas->pdata[i]), ==, strlen (sizes[i]));
    }
}

static void
test_mixed_content_is_kept (void)
{
  g_autoptr(ParserLog) log = parser_log_new_fed (HEADER "<message><p>one <b>two</b> three<br/><br/>four</p></message>");
  const XmppNode *p = parser_log_get_root (log, 0)->first_child;
  const XmppNode *b = p->first_child;

  g_assert_cmpstr (p->text, ==, "one ");
  g_assert_null (p->tail);
  g_assert_cmpstr (b->text, ==, "two");
  g_assert_cmpstr (b->tail, ==, " three");
  g_assert_null (b->next->tail);
  g_assert_cmpstr (b->next->next->tail, ==, "four");
  parser_log_assert (log, "<message><p>one <b>two</b> three<br/><br/>four</p></message>\n");
}

static void
test_blanks_are_kept (void)
{
  static const struct
  {
    const char *xml;
    const char *text;
  } bodies[] = {
    { "<body> </body>", " " },
    { "<body>\n\t x \n</body>", "\n\t x \n" },
    { "<body><![CDATA[  ]]></body>", "  " },
    { "<body><![CDATA[]]></body>", "" },
    { "<body></body>", "" },
    { "<body/>", "" },
    { "<body>a&#13;&#10;b</body>", "a\r\nb" },
    { "<body>a\r\nb\rc</body>", "a\nb\nc" },   /* XML 1.0, 2.11 */
  };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autofree char *xml = g_strconcat (HEADER "<message>", bodies[i].xml, "</message>", NULL);
      g_autoptr(ParserLog) log = parser_log_new_fed (xml);

      g_assert_cmpstr (xmpp_node_get_child_text (parser_log_get_root (log, 0), "body", XMPP_NS_CLIENT), ==, bodies[i].text);
    }
}

static void
test_known_entities_are_read (void)
{
  g_autoptr(ParserLog) log = parser_log_new_fed (
    HEADER "<message a='&lt;&gt;&amp;&quot;&apos;&#38;amp;&#x1F600;'><body>&lt;&gt;&amp;&quot;&apos;&#38;amp;&#x1F600;&#9;</body></message>");
  const XmppNode *root = parser_log_get_root (log, 0);

  g_assert_cmpstr (xmpp_node_get (root, "a"), ==, "<>&\"'&amp;\xF0\x9F\x98\x80");
  g_assert_cmpstr (xmpp_node_get_child_text (root, "body", XMPP_NS_CLIENT), ==, "<>&\"'&amp;\xF0\x9F\x98\x80\t");
}

/* Texts are looked at in words of eight bytes: what is special may stand anywhere in one, or between two */
static void
test_special_characters_may_stand_anywhere (void)
{
  static const struct
  {
    const char *sent;
    const char *read;
  } specials[] = {
    { "", "" }, { "&amp;", "&" }, { "&#38;", "&" }, { "&amp;#38;", "&#38;" }, { "\xC3\xA9", "\xC3\xA9" }, { "\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80" },
    { "&lt;", "<" }, { "\x7F", "\x7F" }, { "%", "%" }, { "'", "'" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (specials); i++)
    {
      for (guint before = 0; before < 18; before++)
        {
          for (guint after = 0; after < 18; after++)
            {
              g_autofree char *a = g_strnfill (before, 'a');
              g_autofree char *b = g_strnfill (after, 'b');
              g_autofree char *xml = g_strdup_printf (HEADER "<message a=\"%s%s%s\"><body>%s%s%s</body></message>",
                                                      a, specials[i].sent, b, a, specials[i].sent, b);
              g_autofree char *wanted = g_strconcat (a, specials[i].read, b, NULL);
              g_autoptr(ParserLog) log = parser_log_new_fed (xml);
              const XmppNode *root = parser_log_get_root (log, 0);

              g_assert_no_error (log->error);
              g_assert_cmpstr (xmpp_node_get (root, "a"), ==, wanted);
              g_assert_cmpstr (xmpp_node_get_child_text (root, "body", XMPP_NS_CLIENT), ==, wanted);
            }
        }
    }
}

/* Only the first level is the stream's: what eve puts into a message is payload. */
static void
test_stream_elements_inside_a_stanza_are_payload (void)
{
  g_autoptr(ParserLog) log = parser_log_new_fed (
    HEADER
    "<message><stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></message>"
    "<message xmlns:stream='urn:u'><stream:error/></message>"
    "<message><stream:stream></stream:stream></message><presence/>");

  g_assert_no_error (log->error);
  g_assert_cmpuint (log->stanzas->len, ==, 4);
  g_assert_true (xmpp_node_is (parser_log_get_root (log, 0)->first_child, "error", XMPP_NS_STREAM));
  g_assert_true (xmpp_node_is (parser_log_get_root (log, 1)->first_child, "error", "urn:u"));
}

static void
test_no_namespace_is_taken_for_another (void)
{
  g_autoptr(ParserLog) log = parser_log_new_fed (
    HEADER "<message xmlns=''><body>x</body></message><message xmlns='jabber:server'/><r xmlns='urn:xmpp:sm:3'/>"
    "<message xmlns=' jabber:client '/><message xmlns='JABBER:CLIENT'/>");
  static const char * const namespaces[] = { NULL, "jabber:server", "urn:xmpp:sm:3", " jabber:client ", "JABBER:CLIENT" };

  g_assert_no_error (log->error);
  g_assert_cmpuint (log->stanzas->len, ==, G_N_ELEMENTS (namespaces));
  for (guint i = 0; i < G_N_ELEMENTS (namespaces); i++)
    g_assert_cmpstr (parser_log_get_root (log, i)->ns, ==, namespaces[i]);
  g_assert_null (xmpp_node_get_child (parser_log_get_root (log, 0), "body", XMPP_NS_CLIENT));
}

static void
test_keepalives_are_unlimited (void)
{
  g_autoptr(ParserLog) log = parser_log_new_fed (HEADER);

  g_assert_true (parser_log_feed_many (log, " \n\t\r", 100000));
  g_assert_true (parser_log_feed (log, "<presence/>", -1));
  parser_log_assert (log, "<presence/>\n");
  g_assert_cmpuint (xmpp_stanza_get_size (log->stanzas->pdata[0]), ==, strlen ("<presence/>"));
}

static void
test_a_pause_keeps_the_rest (void)
{
  g_autoptr(ParserLog) log = parser_log_new ();

  log->pause_at = "proceed";
  g_assert_true (parser_log_feed (log, HEADER "<a/><proceed/><b/><proceed/><c/></broken>", -1));
  parser_log_assert (log, "<a/>\n<proceed/>\n");
  g_assert_true (parser_log_feed (log, "", 0));
  parser_log_assert (log, "<a/>\n<proceed/>\n<b/>\n<proceed/>\n");
  g_assert_false (parser_log_feed (log, "", 0));
  g_assert_error (log->error, XMPP_ERROR, XMPP_ERROR_NOT_WELL_FORMED);
  g_assert_cmpuint (log->stanzas->len, ==, 5);
}

/* Whether the parser can make something of what follows or not */
static void
test_drained_is_to_the_byte (void)
{
  static const struct
  {
    const char *rest;
    gsize       length;
  } rests[] = {
    { "\n", 1 }, { " ", 1 }, { "\0", 1 }, { "&", 1 }, { "<", 1 }, { "\x16\x03\x01", 3 }, { "<mess", 5 },
    { "<message/>", 10 }, { "<stream:features/> ", 19 }, { FOOTER, 16 }, { "</broken>", 9 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rests); i++)
    {
      g_autoptr(ParserLog) log = parser_log_new ();
      g_autoptr(GString) text = g_string_new (HEADER "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");

      log->pause_at = "proceed";
      g_string_append_len (text, rests[i].rest, rests[i].length);
      parser_log_feed (log, text->str, text->len);
      g_assert_cmpuint (log->stanzas->len, ==, 1);
      g_assert_false (xmpp_parser_is_drained (log->parser));
    }
}

static void
test_nothing_left_is_drained (void)
{
  g_autoptr(ParserLog) log = parser_log_new ();

  log->pause_at = "proceed";
  g_assert_true (parser_log_feed (log, "\xEF\xBB\xBF" HEADER, -1));
  g_assert_true (xmpp_parser_is_drained (log->parser));
  g_assert_true (parser_log_feed (log, " <proce", -1));
  g_assert_false (xmpp_parser_is_drained (log->parser));
  g_assert_true (parser_log_feed (log, "ed/>", -1));
  g_assert_true (xmpp_parser_is_drained (log->parser));
}

static void
test_nothing_comes_after_the_end (void)
{
  g_autoptr(ParserLog) log = parser_log_new_fed (HEADER "<a/>" FOOTER "<b/>");

  g_assert_true (parser_log_feed (log, HEADER "<c/>", -1));
  parser_log_assert (log, "<a/>\nclosed\n");
}

static void
on_received_free (XmppStanza *stanza,
                  gpointer    user_data)
{
  XmppParser **parser = user_data;

  /* Only once: the second stanza of the chunk must not come */
  g_assert_nonnull (*parser);
  g_clear_pointer (parser, xmpp_parser_free);
}

static void
test_it_may_be_freed_by_what_it_calls (void)
{
  static const XmppParserFuncs funcs = { .received = on_received_free };
  XmppParser *parser = NULL;

  parser = xmpp_parser_new (&funcs, &parser);
  g_assert_true (xmpp_parser_feed (parser, HEADER "<a/><b/></c>", strlen (HEADER "<a/><b/></c>"), NULL));
  g_assert_null (parser);
}

static void
test_known_names_are_atoms (void)
{
  g_autoptr(ParserLog) log = parser_log_new_fed (HEADER "<later-known xmlns='urn:later'/>");

  g_assert_true (parser_log_feed (log, "<later-known xmlns='urn:later'/>", -1));
  xmpp_atom ("later-known");
  g_assert_true (parser_log_feed (log, "<later-known xmlns='urn:later' later-known='1'/>", -1));
  g_assert_true (parser_log_get_root (log, 2)->name == xmpp_atom ("later-known"));
  g_assert_true (parser_log_get_root (log, 2)->attributes[0].name == xmpp_atom ("later-known"));
  g_assert_null (xmpp_atom_lookup ("urn:later"));
}

static void
test_a_stanza_outlives_its_parser (void)
{
  g_autoptr(XmppStanza) stanza = NULL;
  g_autofree char *xml = NULL;

  {
    g_autoptr(ParserLog) log = parser_log_new_fed (HEADER "<message><x xmlns='urn:x'><x a='1' b='2'/></x>t</message>");

    stanza = xmpp_stanza_ref (log->stanzas->pdata[0]);
  }

  xml = xmpp_stanza_to_xml (stanza);
  g_assert_cmpstr (xml, ==, "<message><x xmlns='urn:x'><x a='1' b='2'/></x>t</message>");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/parser/S90-every-cut-gives-the-same", test_every_cut);
  g_test_add_func ("/xmpp/parser/S90-any-chunk-size-gives-the-same", test_any_chunk_size);
  g_test_add_func ("/xmpp/parser/S90-what-is-glued-is-separated", test_many_glued);
  g_test_add_func ("/xmpp/parser/S91-an-emoji-in-pieces-arrives-whole", test_an_emoji_arrives_whole);
  g_test_add_func ("/xmpp/parser/S92-an-early-end-drops-the-unfinished-stanza", test_an_early_end_drops_the_part);
  g_test_add_func ("/xmpp/parser/the-header-is-given", test_the_header_is_given);
  g_test_add_func ("/xmpp/parser/S24-namespaced-header-attributes-are-not-the-streams", test_namespaced_header_attributes_are_others);
  g_test_add_func ("/xmpp/parser/S25-prefixes-are-free", test_prefixes_are_free);
  g_test_add_func ("/xmpp/parser/a-stanza-knows-its-size-on-the-wire", test_a_stanza_knows_its_size);
  g_test_add_func ("/xmpp/parser/mixed-content-is-kept", test_mixed_content_is_kept);
  g_test_add_func ("/xmpp/parser/S100-blanks-are-kept", test_blanks_are_kept);
  g_test_add_func ("/xmpp/parser/S86-known-entities-are-read", test_known_entities_are_read);
  g_test_add_func ("/xmpp/parser/special-characters-may-stand-anywhere", test_special_characters_may_stand_anywhere);
  g_test_add_func ("/xmpp/parser/S94-stream-elements-inside-a-stanza-are-payload", test_stream_elements_inside_a_stanza_are_payload);
  g_test_add_func ("/xmpp/parser/S95-S96-no-namespace-is-taken-for-another", test_no_namespace_is_taken_for_another);
  g_test_add_func ("/xmpp/parser/S97-keepalives-are-unlimited", test_keepalives_are_unlimited);
  g_test_add_func ("/xmpp/parser/a-pause-keeps-the-rest-for-the-next-feed", test_a_pause_keeps_the_rest);
  g_test_add_func ("/xmpp/parser/S38-one-byte-after-proceed-is-seen", test_drained_is_to_the_byte);
  g_test_add_func ("/xmpp/parser/S38-nothing-left-is-drained", test_nothing_left_is_drained);
  g_test_add_func ("/xmpp/parser/nothing-comes-after-the-end", test_nothing_comes_after_the_end);
  g_test_add_func ("/xmpp/parser/it-may-be-freed-by-what-it-calls", test_it_may_be_freed_by_what_it_calls);
  g_test_add_func ("/xmpp/parser/known-names-are-atoms", test_known_names_are_atoms);
  g_test_add_func ("/xmpp/parser/a-stanza-outlives-its-parser", test_a_stanza_outlives_its_parser);

  return g_test_run ();
}
