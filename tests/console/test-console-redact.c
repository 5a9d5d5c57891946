/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console-entries.h"
#include "console-redact.h"

#include <string.h>

static XmppStanza *
redact (const char *xml)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppStanza) stanza = xmpp_stanza_new_from_xml (xml, -1, &error);

  g_assert_no_error (error);

  return console_redact (stanza);
}

/* What must not be seen is always "s3cret". */
static const char * const secrets[] = {
  "<iq type='set'><query xmlns='jabber:iq:register'><username>john</username><password>s3cret</password></query></iq>",
  "<iq type='set'><query xmlns='jabber:iq:auth'><digest>s3cret</digest></query></iq>",
  "<presence to='room@muc.test/john'><x xmlns='http://jabber.org/protocol/muc'><password>s3cret</password></x></presence>",
  "<message><x xmlns='http://jabber.org/protocol/muc#user'><invite to='jane@example.org'/><password>s3cret</password></x></message>",
  "<message><x xmlns='jabber:x:conference' jid='room@muc.test' password='s3cret'/></message>",
  "<iq type='result'><services xmlns='urn:xmpp:extdisco:2'><service host='turn.test' password='s3cret'/></services></iq>",
  "<iq type='result'><query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'><conference jid='r@m'>"
    "<password>s3cret</password></conference></storage></query></iq>",
  "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>s3cret</auth>",
  "<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>s3cret</response>",
  "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='X'><initial-response>s3cret</initial-response></authenticate>",
  "<success xmlns='urn:xmpp:sasl:2'><additional-data>s3cret</additional-data><token xmlns='urn:xmpp:fast:0' token='s3cret' expiry='x'/></success>",
  "<enabled xmlns='urn:xmpp:sm:3' id='s3cret' resume='true'/>",
  "<resume xmlns='urn:xmpp:sm:3' previd='s3cret' h='3'/>",
  "<resumed xmlns='urn:xmpp:sm:3' previd='s3cret' h='3'/>",
  "<iq type='result'><slot xmlns='urn:xmpp:http:upload:0'><put url='https://u.test/x'><header name='Authorization'>s3cret</header></put></slot></iq>",
  "<iq type='set'><query xmlns='x'><x xmlns='jabber:x:data' type='submit'><field var='a' type='text-private'><value>s3cret</value></field></x></query></iq>",
  "<iq type='set'><query xmlns='x'><x xmlns='jabber:x:data' type='submit'><field var='muc#roomconfig_roomsecret'><value>s3cret</value></field></x></query></iq>",
  "<message><body>see aesgcm://u.test/x.jpg#s3cret and aesgcm://u.test/y.jpg#s3cret</body></message>",
  /* hidden more deeply */
  "<message><x xmlns='urn:x'><y><z><password>s3cret</password></z></y></x></message>",
  "<iq type='set'><query xmlns='jabber:iq:register'><password><b xmlns='urn:x'>s3cret</b></password></query></iq>",
  "<message><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client'><body>aesgcm://u.test/x#s3cret</body></message></forwarded></message>",
};

static void
test_secrets (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    {
      g_autoptr(XmppStanza) stanza = redact (secrets[i]);
      g_autofree char *xml = xmpp_stanza_to_xml (stanza);
      g_autofree char *pretty = xmpp_stanza_to_pretty (stanza);

      g_test_message ("%s", xml);
      g_assert_null (strstr (xml, "s3cret"));
      g_assert_null (strstr (pretty, "s3cret"));
      g_assert_nonnull (strstr (xml, CONSOLE_REDACTED));
      g_assert_true (xmpp_stanza_is_sealed (stanza));
    }
}

/* What only looks like one stays as it is, and is not even copied. */
static void
test_others (void)
{
  static const char * const harmless[] = {
    "<message><body>my password is not here</body></message>",
    "<iq type='get'><query xmlns='jabber:iq:register'/></iq>",
    "<iq type='result'><query xmlns='jabber:iq:register'><username/><password/></query></iq>",
    "<message><response xmlns='urn:other'>yes</response></message>",
    "<enabled xmlns='urn:xmpp:sm:3'/>",
    "<message><body>https://u.test/x.jpg#part</body></message>",
    "<message><body>aesgcm://u.test/x.jpg</body></message>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (harmless); i++)
    {
      g_autoptr(XmppStanza) stanza = xmpp_stanza_new_from_xml (harmless[i], -1, NULL);
      g_autoptr(XmppStanza) same = console_redact (stanza);

      g_test_message ("%s", harmless[i]);
      g_assert_true (same == stanza);
    }
}

/* The rest of the stanza is what it was. */
static void
test_rest (void)
{
  g_autoptr(XmppStanza) stanza = redact ("<message xml:lang='de' to='a@b' id='1'><body>x &amp; y</body>"
                                         "<x xmlns='urn:x' a='1'>before<password>s3cret</password>after<b/></x></message>");
  g_autofree char *xml = xmpp_stanza_to_xml (stanza);

  g_assert_cmpstr (xml, ==, "<message xml:lang='de' to='a@b' id='1'><body>x &amp; y</body>"
                            "<x xmlns='urn:x' a='1'>before<password>[redacted, 6 bytes]</password>after<b/></x></message>");
}

/* The size is that of what crossed the wire. */
static void
test_entry (void)
{
  g_autoptr(ConsoleEntry) entry = test_entry_new (XMPP_SENT, secrets[0]);
  g_autoptr(ConsoleEntry) plain = test_entry_new (XMPP_SENT, "<presence/>");

  g_assert_true (console_entry_is_redacted (entry));
  g_assert_cmpuint (console_entry_get_size (entry), ==, strlen (secrets[0]));
  g_assert_false (console_entry_is_redacted (plain));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/console/redact/T132-secrets-are-taken-out", test_secrets);
  g_test_add_func ("/console/redact/what-is-none-stays", test_others);
  g_test_add_func ("/console/redact/the-rest-is-whole", test_rest);
  g_test_add_func ("/console/redact/an-entry-says-so", test_entry);

  return g_test_run ();
}
