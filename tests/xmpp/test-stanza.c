/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-error.h"
#include "xmpp-jid.h"
#include "xmpp-message.h"
#include "xmpp-stanza.h"

#include <string.h>

static XmppStanza *
read_xml (const char *xml)
{
  g_autoptr(GError) error = NULL;
  XmppStanza *stanza = xmpp_stanza_new_from_xml (xml, -1, &error);

  g_assert_no_error (error);
  g_assert_nonnull (stanza);

  return stanza;
}

static void
assert_xml (XmppStanza *stanza,
            const char *expected)
{
  g_autofree char *xml = xmpp_stanza_to_xml (stanza);

  g_assert_cmpstr (xml, ==, expected);
}

/* Both trees say the same, to the last byte */
static void
assert_same (const XmppNode *a,
             const XmppNode *b)
{
  const XmppNode *other = b->first_child;

  g_assert_cmpstr (a->name, ==, b->name);
  g_assert_cmpstr (a->ns, ==, b->ns);
  g_assert_cmpstr (a->text, ==, b->text);
  g_assert_cmpstr (a->tail, ==, b->tail);
  g_assert_cmpuint (a->n_attributes, ==, b->n_attributes);

  for (guint i = 0; i < a->n_attributes; i++)
    {
      g_assert_cmpstr (a->attributes[i].name, ==, b->attributes[i].name);
      g_assert_cmpstr (a->attributes[i].ns, ==, b->attributes[i].ns);
      g_assert_cmpstr (a->attributes[i].value, ==, b->attributes[i].value);
    }

  XMPP_NODE_FOREACH_CHILD (a, child)
    {
      g_assert_nonnull (other);
      g_assert_true (child->parent == a);
      assert_same (child, other);
      other = other->next;
    }
  g_assert_null (other);
}

static void
test_a_message_is_built (void)
{
  g_autoptr(XmppJid) to = xmpp_jid_new ("romeo@example.net", NULL);
  g_autoptr(XmppStanza) stanza = xmpp_stanza_new ("message", XMPP_NS_CLIENT);
  XmppNode *root = xmpp_stanza_get_root (stanza);
  XmppNode *x;

  xmpp_node_set_jid (root, "to", to);
  xmpp_node_set_jid (root, "from", NULL);
  xmpp_node_set (root, "id", "m1");
  xmpp_node_set (root, "type", NULL);
  xmpp_node_add_text (root, "body", NULL, "Wherefore art thou?");
  xmpp_node_add_text (root, "subject", NULL, NULL);
  x = xmpp_node_add (root, "x", "urn:x");
  xmpp_node_set_int (x, "n", G_MININT64);
  xmpp_node_add (x, "y", NULL);
  xmpp_node_add (x, "z", "");
  xmpp_node_add (x, "message", XMPP_NS_CLIENT);

  assert_xml (stanza, "<message to='romeo@example.net' id='m1'><body>Wherefore art thou?</body><subject/>"
                      "<x xmlns='urn:x' n='-9223372036854775808'><y/><z xmlns=''/><message xmlns='jabber:client'/></x></message>");
  g_assert_false (xmpp_stanza_is_sealed (stanza));
  g_assert_cmpuint (xmpp_stanza_get_size (stanza), ==, 0);
}

static void
test_an_iq_is_built (void)
{
  g_autoptr(XmppStanza) own = xmpp_stanza_new_iq ("get", NULL);
  g_autoptr(XmppStanza) other = xmpp_stanza_new_iq ("set", "example.net");

  assert_xml (own, "<iq type='get'/>");
  assert_xml (other, "<iq type='set' to='example.net'/>");
}

static void
test_a_set_attribute_is_replaced (void)
{
  g_autoptr(XmppStanza) stanza = xmpp_stanza_new ("a", XMPP_NS_CLIENT);
  XmppNode *root = xmpp_stanza_get_root (stanza);

  for (guint round = 0; round < 3; round++)
    {
      for (guint i = 0; i < 70; i++)
        {
          g_autofree char *name = g_strdup_printf ("n%u", i);

          xmpp_node_set_int (root, name, i + round);
        }
      xmpp_node_set_full (root, "n1", "urn:n", "other", 5);
    }

  g_assert_cmpuint (root->n_attributes, ==, 71);
  g_assert_cmpstr (xmpp_node_get (root, "n0"), ==, "2");
  g_assert_cmpstr (xmpp_node_get (root, "n1"), ==, "3");
  g_assert_cmpstr (xmpp_node_get (root, "n69"), ==, "71");
}

static void
test_a_sealed_stanza_stays_as_it_is (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr(XmppStanza) stanza = xmpp_stanza_new ("a", NULL);

      xmpp_stanza_seal (stanza);
      xmpp_node_set (xmpp_stanza_get_root (stanza), "b", "c");
      return;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*sealed*");
}

static void
test_a_copy_is_deep (void)
{
  g_autoptr(XmppStanza) source = read_xml ("<a xmlns='urn:a' b='1' xml:lang='de' xmlns:x='urn:x' x:b='2'>t<c xmlns=''>u<d/>v</c>w</a>");
  g_autoptr(XmppStanza) stanza = xmpp_stanza_new ("iq", XMPP_NS_CLIENT);
  g_autoptr(XmppStanza) again = NULL;
  g_autofree char *xml = NULL;

  xmpp_node_add_copy (xmpp_stanza_get_root (stanza), xmpp_stanza_get_root (source));
  assert_same (xmpp_stanza_get_root (stanza)->first_child, xmpp_stanza_get_root (source));
  g_clear_pointer (&source, xmpp_stanza_unref);

  xml = xmpp_stanza_to_xml (stanza);
  again = read_xml (xml);
  assert_same (xmpp_stanza_get_root (again), xmpp_stanza_get_root (stanza));
}

/* XML Names, 6.2: a:from is not from */
static void
test_namespaced_attributes_are_others (void)
{
  static const char * const stanzas[] = {
    "<message from='eve@evil.test/x' xmlns:a='urn:a' a:from='me@good.test' a:type='groupchat' a:id='z' type='chat' id='n1'/>",
    "<message xmlns:a='urn:a' a:from='me@good.test' a:type='groupchat' a:id='z' from='eve@evil.test/x' type='chat' id='n1'/>",
  };
  g_autoptr(XmppStanza) only = read_xml ("<message xmlns:a='jabber:client' a:from='me@good.test' xml:id='x'/>");

  for (guint i = 0; i < G_N_ELEMENTS (stanzas); i++)
    {
      g_autoptr(XmppStanza) stanza = read_xml (stanzas[i]);
      const XmppNode *root = xmpp_stanza_get_root (stanza);

      g_assert_cmpstr (xmpp_node_get (root, "from"), ==, "eve@evil.test/x");
      g_assert_cmpstr (xmpp_node_get (root, "type"), ==, "chat");
      g_assert_cmpstr (xmpp_node_get (root, "id"), ==, "n1");
    }

  g_assert_null (xmpp_node_get (xmpp_stanza_get_root (only), "from"));
  g_assert_null (xmpp_node_get (xmpp_stanza_get_root (only), "id"));
}

static void
test_elements_are_matched_with_their_namespace (void)
{
  g_autoptr(XmppStanza) foreign = read_xml ("<message><body xmlns='urn:evil'>a</body><body xmlns=''>b</body></message>");
  g_autoptr(XmppStanza) both = read_xml ("<presence><x xmlns='urn:evil'><item affiliation='owner'/></x>"
                                         "<x xmlns='http://jabber.org/protocol/muc#user'><e:item xmlns:e='urn:evil' affiliation='owner'/>"
                                         "<item affiliation='none'/></x></presence>");
  const XmppNode *root = xmpp_stanza_get_root (foreign);
  const XmppNode *x = xmpp_node_get_child (xmpp_stanza_get_root (both), "x", "http://jabber.org/protocol/muc#user");
  const XmppNode *item = xmpp_node_get_child (x, "item", "http://jabber.org/protocol/muc#user");

  g_assert_null (xmpp_node_get_child (root, "body", XMPP_NS_CLIENT));
  g_assert_null (xmpp_node_get_child_text (root, "body", XMPP_NS_CLIENT));
  g_assert_cmpstr (xmpp_node_get_child_text (root, "body", NULL), ==, "b");
  g_assert_false (xmpp_node_is (root, "message", NULL));
  g_assert_false (xmpp_node_is (root, "message", "jabber:client "));
  g_assert_false (xmpp_node_is (root, "Message", XMPP_NS_CLIENT));
  g_assert_true (xmpp_node_is (root, "message", XMPP_NS_CLIENT));
  g_assert_cmpstr (xmpp_node_get (item, "affiliation"), ==, "none");
}

static void
test_the_language_is_inherited (void)
{
  g_autoptr(XmppStanza) stanza = read_xml ("<message xml:lang='it' lang='xx'><body xml:lang='de'/><subject><a/></subject></message>");
  g_autoptr(XmppStanza) none = read_xml ("<message lang='xx' xmlns:a='urn:a' a:lang='yy'/>");
  const XmppNode *body = xmpp_stanza_get_root (stanza)->first_child;

  g_assert_cmpstr (xmpp_node_get_lang (body), ==, "de");
  g_assert_cmpstr (xmpp_node_get_lang (body->next->first_child), ==, "it");
  g_assert_null (xmpp_node_get_lang (xmpp_stanza_get_root (none)));
}

static void
test_numbers_are_digits (void)
{
  static const char * const bad[] = {
    "", " ", "-1", "+1", " 1", "1 ", "1.0", "0x10", "1e3", "1,000", "\xD9\xA1", "\xEF\xBC\x91", "one", "18446744073709551616",
    "99999999999999999999999", "1\n", "--1",
  };
  static const struct
  {
    const char *text;
    guint64     value;
  } good[] = {
    { "0", 0 }, { "1", 1 }, { "007", 7 }, { "2147483648", 2147483648 }, { "18446744073709551615", G_MAXUINT64 },
  };
  guint64 value = 42;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (xmpp_parse_uint (bad[i], G_MAXUINT64, &value));
  g_assert_false (xmpp_parse_uint (NULL, G_MAXUINT64, &value));
  g_assert_false (xmpp_parse_uint ("256", 255, &value));
  g_assert_cmpuint (value, ==, 42);

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_assert_true (xmpp_parse_uint (good[i].text, G_MAXUINT64, &value));
      g_assert_cmpuint (value, ==, good[i].value);
      g_assert_true (xmpp_parse_uint (good[i].text, good[i].value, &value));
      g_assert_false (good[i].value > 0 && xmpp_parse_uint (good[i].text, good[i].value - 1, &value));
    }
}

static void
test_attributes_are_read_as_numbers_and_truths (void)
{
  g_autoptr(XmppStanza) stanza = read_xml ("<a h='12' g='-12' t='true' u='1' v='TRUE' w='yes' x='0' y=''/>");
  const XmppNode *root = xmpp_stanza_get_root (stanza);
  guint64 value;

  g_assert_true (xmpp_node_get_uint (root, "h", 100, &value));
  g_assert_cmpuint (value, ==, 12);
  g_assert_false (xmpp_node_get_uint (root, "h", 11, &value));
  g_assert_false (xmpp_node_get_uint (root, "g", 100, &value));
  g_assert_false (xmpp_node_get_uint (root, "z", 100, &value));
  g_assert_true (xmpp_node_get_boolean (root, "t"));
  g_assert_true (xmpp_node_get_boolean (root, "u"));
  for (const char *name = "v\0w\0x\0y\0z\0"; *name != '\0'; name += 2)
    g_assert_false (xmpp_node_get_boolean (root, name));
}

/* XML 1.0, 2.2: what cannot be sent is left out, and does not end the session */
static void
test_illegal_characters_are_left_out (void)
{
  for (gunichar c = 1; c <= 0x110000; c = c < 0x3000 || (c >= 0xD7F0 && c < 0x10010) ? c + 1 : c + 97)
    {
      g_autoptr(XmppStanza) stanza = xmpp_stanza_new ("message", XMPP_NS_CLIENT);
      g_autoptr(XmppStanza) again = NULL;
      g_autofree char *xml = NULL;
      char text[10] = "a";
      int length = 1;
      gboolean is_legal = c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c < 0xD800) ||
                          (c > 0xDFFF && c < 0xFFFE) || (c > 0xFFFF && c < 0x110000);

      /* Surrogates and what is beyond too, as a broken program would write them */
      length += g_unichar_to_utf8 (c, text + 1);
      text[length] = 'b';
      xmpp_node_set (xmpp_stanza_get_root (stanza), "id", text);
      xmpp_node_set_text (xmpp_stanza_get_root (stanza), text, -1);

      xml = xmpp_stanza_to_xml (stanza);
      again = read_xml (xml);
      g_assert_cmpstr (xmpp_stanza_get_root (again)->text, ==, is_legal ? text : "ab");
      g_assert_cmpstr (xmpp_node_get (xmpp_stanza_get_root (again), "id"), ==, is_legal ? text : "ab");
    }
}

static void
test_invalid_utf8_is_left_out (void)
{
  static const char * const texts[] = { "a\xFF" "b", "a\xC0\xBC" "b", "a\xED\xA0\x80" "b", "a\x80" "b", "ab\xE2\x82", "a\xF8\x88\x80\x80\x80" "b" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(XmppStanza) stanza = xmpp_stanza_new ("message", XMPP_NS_CLIENT);

      xmpp_node_set_text (xmpp_stanza_get_root (stanza), texts[i], -1);
      assert_xml (stanza, "<message>ab</message>");
    }
}

static void
test_markup_in_a_text_stays_text (void)
{
  static const char injection[] = "</body></message><message to='eve@evil.test'>\"&<![CDATA[ ]]> &amp; \r\n\t";
  g_autoptr(XmppStanza) stanza = xmpp_stanza_new ("message", XMPP_NS_CLIENT);
  g_autoptr(XmppStanza) again = NULL;
  g_autofree char *xml = NULL;
  XmppNode *root = xmpp_stanza_get_root (stanza);

  xmpp_node_set (root, "id", injection);
  xmpp_node_set_full (root, "b", injection, injection, strlen (injection));
  xmpp_node_add_text (root, "body", injection, injection);
  xml = xmpp_stanza_to_xml (stanza);
  again = read_xml (xml);
  assert_same (xmpp_stanza_get_root (again), root);
}

/* Property: what is written is read the same. The seed is printed by GLib. */
static char *
random_text (void)
{
  static const char * const letters[] = {
    "a", "Z", "0", " ", "  ", "\n", "\t", "\r", "&", "<", ">", "'", "\"", "]]>", "&amp;", "&#38;", "<!--", "<?", "</a>", "=", ";", "#",
    "\xC3\xA9", "\xE2\x80\xAE", "\xE2\x80\x8B", "\xEF\xBF\xBD", "\xEE\x80\x80", "\xF0\x9F\x98\x80", "\xF3\xA0\x81\x81", "\x7F", "\xC2\x85",
    "\xE2\x80\xA8", "\xCC\x81",
  };
  GString *text = g_string_new (NULL);

  for (int n = g_test_rand_int_range (1, 20); n > 0; n--)
    {
      if (g_test_rand_int_range (0, 3) > 0)
        g_string_append (text, letters[g_test_rand_int_range (0, G_N_ELEMENTS (letters))]);
      else
        g_string_append_unichar (text, g_test_rand_int_range (0xA0, 0xD7FF));
    }

  return g_string_free (text, FALSE);
}

static void
fill (XmppNode *node,
      guint     depth)
{
  static const char * const names[] = { "a", "b", "message", "x-y.z_1", "\xC3\xA9t\xC3\xA9" };
  static const char * const namespaces[] = { NULL, "", "jabber:client", "urn:x", "urn:'\"&<>" };
  static const char * const attribute_namespaces[] = { NULL, NULL, XMPP_NS_XML, "urn:x", "urn:y" };
  gboolean has_text = g_test_rand_int_range (0, 2) == 0;

  for (int n = g_test_rand_int_range (0, 4); n > 0; n--)
    {
      g_autofree char *value = random_text ();

      xmpp_node_set_full (node, names[g_test_rand_int_range (0, G_N_ELEMENTS (names))],
                          attribute_namespaces[g_test_rand_int_range (0, G_N_ELEMENTS (attribute_namespaces))],
                          value, strlen (value));
    }

  if (has_text)
    {
      g_autofree char *text = random_text ();

      xmpp_node_set_text (node, text, -1);
    }

  for (int n = depth < 5 ? g_test_rand_int_range (0, 4) : 0; n > 0; n--)
    fill (xmpp_node_add (node, names[g_test_rand_int_range (0, G_N_ELEMENTS (names))],
                         namespaces[g_test_rand_int_range (0, G_N_ELEMENTS (namespaces))]), depth + 1);
}

static void
test_what_is_written_is_read_the_same (void)
{
  for (guint i = 0; i < 3000; i++)
    {
      g_autoptr(XmppStanza) stanza = xmpp_stanza_new ("message", XMPP_NS_CLIENT);
      g_autoptr(XmppStanza) again = NULL;
      g_autofree char *xml = NULL;
      g_autofree char *second = NULL;

      fill (xmpp_stanza_get_root (stanza), 0);
      xml = xmpp_stanza_to_xml (stanza);
      again = read_xml (xml);
      assert_same (xmpp_stanza_get_root (again), xmpp_stanza_get_root (stanza));
      g_assert_cmpuint (xmpp_stanza_get_size (again), ==, strlen (xml));
      second = xmpp_stanza_to_xml (again);
      g_assert_cmpstr (second, ==, xml);
    }
}

static void
test_pretty_is_indented (void)
{
  g_autoptr(XmppStanza) stanza = read_xml ("<iq id='1' type='set'><query xmlns='jabber:iq:roster'><item jid='a@b' name='c'><group>d</group></item>"
                                           "<item/></query></iq>");
  g_autofree char *pretty = xmpp_stanza_to_pretty (stanza);

  g_assert_cmpstr (pretty, ==,
                   "<iq xmlns='jabber:client' id='1' type='set'>\n"
                   "  <query xmlns='jabber:iq:roster'>\n"
                   "    <item jid='a@b' name='c'>\n"
                   "      <group>d</group>\n"
                   "    </item>\n"
                   "    <item/>\n"
                   "  </query>\n"
                   "</iq>");
}

static void
test_pretty_changes_no_text (void)
{
  g_autoptr(XmppStanza) stanza = read_xml ("<message><body>one\n two</body><html><p>a <b>c</b> <i>d<u/></i></p></html><x> <y/> </x><z>\n <y/></z></message>");
  g_autofree char *pretty = xmpp_stanza_to_pretty (stanza);

  g_assert_cmpstr (pretty, ==,
                   "<message xmlns='jabber:client'>\n"
                   "  <body>one\n two</body>\n"
                   "  <html>\n"
                   "    <p>a <b>c</b> <i>d<u/></i></p>\n"
                   "  </html>\n"
                   "  <x> <y/> </x>\n"
                   "  <z>\n"
                   "    <y/>\n"
                   "  </z>\n"
                   "</message>");
}

static void
test_written_xml_is_read (void)
{
  g_autoptr(XmppStanza) plain = read_xml ("<message to='x'><body>y</body></message>");
  g_autoptr(XmppStanza) spaced = read_xml ("\n  <message/>\n\n");
  g_autoptr(XmppStanza) prefixed = read_xml ("<stream:features/>");
  g_autoptr(XmppStanza) part = xmpp_stanza_new_from_xml ("<a/><b/>", 4, NULL);

  assert_xml (plain, "<message to='x'><body>y</body></message>");
  g_assert_true (xmpp_node_is (xmpp_stanza_get_root (plain), "message", XMPP_NS_CLIENT));
  g_assert_true (xmpp_stanza_is_sealed (plain));
  assert_xml (spaced, "<message/>");
  g_assert_true (xmpp_node_is (xmpp_stanza_get_root (prefixed), "features", XMPP_NS_STREAM));
  assert_xml (part, "<a/>");
}

static void
test_what_is_wrong_is_said (void)
{
  static const struct
  {
    const char *xml;
    const char *message;
  } texts[] = {
    { "", "There is no element." },
    { " \n ", "There is no element." },
    { "hello", "Line 1, column 6: Text may stand only inside the element." },
    { "<a/>b", "Line 1, column 6: Text may stand only inside the element." },
    { "<a/><b/>", "There is more than one element. They are sent one at a time." },
    { "<a>", "Line 1, column 4: The text ends before “<a>” is closed." },
    { "<a>\n <b>\n", "Line 3, column 1: The text ends before “<b>” is closed." },
    { "<a>x &amp", "Line 1, column 10: The text ends before “<a>” is closed." },
    { "<a", "Line 1, column 3: The text ends inside a tag." },
    { "<a b='c", "Line 1, column 8: The text ends inside a tag." },
    { "<a>\n  <b></c></a>", "Line 2, column 10: “<b>” is closed by “</c>”." },
    { "</a>", "Line 1, column 5: “</a>” closes an element that is not open." },
    { "<a/></stream:stream>", "“</stream:stream>” closes an element that is not open." },
    { "<a b=c/>", "Line 1, column 6: The value of an attribute stands in quotation marks." },
    { "<a b/>", "Line 1, column 5: This attribute has no value." },
    { "<a b='1'c='2'/>", "Line 1, column 9: A space is missing between two attributes." },
    { "<a b='1' b='2'/>", "Line 1, column 15: The attribute “b” is there twice." },
    { "<a>Tom & Jerry</a>", "Line 1, column 9: A name is missing here. A “&” or “<” in a text is written “&amp;” or “&lt;”." },
    { "<a>a&b</a>", "Line 1, column 7: A “&” in a text is written “&amp;”." },
    { "<a>&nbsp;</a>", "Line 1, column 10: Of the names between “&” and “;” only lt, gt, amp, quot and apos are known." },
    { "<x:a/>", "Line 1, column 5: The prefix “x” is not declared: xmlns:x='…' is missing." },
    { "<a><!-- c --></a>", "Line 1, column 14: XMPP allows no comments, document types or instructions." },
    { "<!DOCTYPE a><a/>", "Line 1, column 1: XMPP allows no comments, document types or instructions." },
    { "<a>]]></a>", "Line 1, column 4: “]]>” in a text is written “]]&gt;”." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (xmpp_stanza_new_from_xml (texts[i].xml, -1, &error));
      g_assert_error (error, XMPP_ERROR, XMPP_ERROR_NOT_WELL_FORMED);
      g_assert_cmpstr (error->message, ==, texts[i].message);
    }
}

/* For who writes it: several elements may stand there, and the place of the first mistake is told in numbers */
static void
test_written_xml_is_checked (void)
{
  static const struct
  {
    const char *xml;
    int         line;
    int         column;
  } texts[] = {
    { "<presence/>\n<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>", 0, 0 },
    { "<presence/>\n<iq>", 2, 5 },
    { "<a>\n  <b></c></a>", 2, 10 },
    { "<a b='1' b='2'/>", 1, 15 },
    { "", 0, 0 },
    { "<a/></stream:stream>", 0, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;
      int line = -1;
      int column = -1;
      gboolean is_good = xmpp_stanza_check_xml (texts[i].xml, &line, &column, &error);

      g_assert_cmpint (line, ==, texts[i].line);
      g_assert_cmpint (column, ==, texts[i].column);

      if (i == 0)
        g_assert_no_error (error);
      else
        g_assert_error (error, XMPP_ERROR, XMPP_ERROR_NOT_WELL_FORMED);

      g_assert_true (is_good == (error == NULL));
    }
}

static void
test_too_much_xml_is_refused (void)
{
  g_autofree char *value = g_strnfill (70000, 'x');
  g_autofree char *tag = g_strconcat ("<a b='", value, "'/>", NULL);
  g_autoptr(GString) deep = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (xmpp_stanza_new_from_xml (tag, -1, &error));
  g_assert_error (error, XMPP_ERROR, XMPP_ERROR_NOT_WELL_FORMED);
  g_clear_error (&error);

  for (guint i = 0; i < 200; i++)
    g_string_append (deep, "<a>");
  for (guint i = 0; i < 200; i++)
    g_string_append (deep, "</a>");
  g_assert_null (xmpp_stanza_new_from_xml (deep->str, -1, &error));
  g_assert_error (error, XMPP_ERROR, XMPP_ERROR_NOT_WELL_FORMED);
}

static void
test_message_types_have_names (void)
{
  static const char * const unknown[] = { NULL, "", "Chat", "chat ", "foo" };

  for (XmppMessageType type = XMPP_MESSAGE_NORMAL; type <= XMPP_MESSAGE_ERROR; type++)
    g_assert_cmpint (xmpp_message_type_from_string (xmpp_message_type_to_string (type)), ==, type);

  g_assert_cmpstr (xmpp_message_type_to_string (XMPP_MESSAGE_GROUPCHAT), ==, "groupchat");
  for (guint i = 0; i < G_N_ELEMENTS (unknown); i++)
    g_assert_cmpint (xmpp_message_type_from_string (unknown[i]), ==, XMPP_MESSAGE_NORMAL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/stanza/a-message-is-built", test_a_message_is_built);
  g_test_add_func ("/xmpp/stanza/an-iq-is-built", test_an_iq_is_built);
  g_test_add_func ("/xmpp/stanza/a-set-attribute-is-replaced", test_a_set_attribute_is_replaced);
  g_test_add_func ("/xmpp/stanza/a-sealed-stanza-stays-as-it-is", test_a_sealed_stanza_stays_as_it_is);
  g_test_add_func ("/xmpp/stanza/a-copy-is-deep", test_a_copy_is_deep);
  g_test_add_func ("/xmpp/stanza/T021-namespaced-attributes-are-others", test_namespaced_attributes_are_others);
  g_test_add_func ("/xmpp/stanza/T022-elements-are-matched-with-their-namespace", test_elements_are_matched_with_their_namespace);
  g_test_add_func ("/xmpp/stanza/the-language-is-inherited", test_the_language_is_inherited);
  g_test_add_func ("/xmpp/stanza/T118-numbers-are-digits", test_numbers_are_digits);
  g_test_add_func ("/xmpp/stanza/T118-attributes-are-read-as-numbers-and-truths", test_attributes_are_read_as_numbers_and_truths);
  g_test_add_func ("/xmpp/stanza/T070-T074-illegal-characters-are-left-out", test_illegal_characters_are_left_out);
  g_test_add_func ("/xmpp/stanza/T074-invalid-utf8-is-left-out", test_invalid_utf8_is_left_out);
  g_test_add_func ("/xmpp/stanza/T075-markup-in-a-text-stays-text", test_markup_in_a_text_stays_text);
  g_test_add_func ("/xmpp/stanza/T075-what-is-written-is-read-the-same", test_what_is_written_is_read_the_same);
  g_test_add_func ("/xmpp/stanza/pretty-is-indented", test_pretty_is_indented);
  g_test_add_func ("/xmpp/stanza/pretty-changes-no-text", test_pretty_changes_no_text);
  g_test_add_func ("/xmpp/stanza/written-xml-is-read", test_written_xml_is_read);
  g_test_add_func ("/xmpp/stanza/what-is-wrong-in-written-xml-is-said", test_what_is_wrong_is_said);
  g_test_add_func ("/xmpp/stanza/written-xml-is-checked", test_written_xml_is_checked);
  g_test_add_func ("/xmpp/stanza/too-much-xml-is-refused", test_too_much_xml_is_refused);
  g_test_add_func ("/xmpp/stanza/message-types-have-names", test_message_types_have_names);

  return g_test_run ();
}
