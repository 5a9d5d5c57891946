/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The XML of a stream (security.md, 2 F), each row of it before TLS, after the login, and inside what a contact says. What
 * the parser makes of it byte by byte is in test-parser-hostile.c and test-parser-limits.c; here it is what the session, the
 * server and the person see of it: the server is told why, nothing of it is a message, and no secret goes out.
 */
#include "message-log.h"

#include "xmpp-error.h"

#include <libxml/parser.h>
#include <libxml/xmlIO.h>
#include <string.h>

#define JID    "juliet@capulet.lit/balcony"
#define ROMEO  "romeo@montague.lit/orchard"
#define STREAM "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='capulet.lit' id='x' version='1.0'"

typedef enum
{
  BEFORE_TLS,
  AFTER_TLS,
  AFTER_LOGIN,
  N_STAGES,
} Stage;

static FakeServer *
server_at (Stage stage)
{
  FakeServer *server = fake_server_new (JID);

  switch (stage)
    {
    case BEFORE_TLS:
      fake_server_connect (server);
      fake_server_open (server, NULL);
      break;

    case AFTER_TLS:
      fake_server_secure (server);
      fake_server_open (server, NULL);
      break;

    case AFTER_LOGIN:
    case N_STAGES:
    default:
      fake_server_login (server);
      fake_server_settle (server);
    }

  return server;
}

/* The client said why, said goodbye, and hung up; nothing that could be a secret is among what it said */
static void
assert_ended (FakeServer *server,
              Stage       stage,
              const char *condition,
              int         code)
{
  const GError *error;
  gboolean is_told = FALSE;

  fake_server_wait_until (stage == AFTER_LOGIN ? server->n_closed == 1 : !server->is_connecting);
  fake_server_wait_until (server->is_eof);
  error = stage == AFTER_LOGIN ? server->closed_error : server->error;
  g_assert_error (error, XMPP_ERROR, code);

  for (guint i = 0; i < server->received->len; i++)
    {
      const char *element = g_ptr_array_index (server->received, i);

      is_told = is_told || (g_str_has_prefix (element, "<stream:error>") && strstr (element, condition) != NULL);
      g_assert_true (stage == AFTER_LOGIN || !g_str_has_prefix (element, "<auth "));
    }
  if (!is_told)
    g_error ("The server was not told of %s", condition);
  g_assert_cmpstr (g_ptr_array_index (server->received, server->received->len - 1), ==, "</stream:stream>");
}

static void
tell (guint       place,
      const char *bad)
{
  g_autofree char *start = g_strndup (bad, MIN (strlen (bad), 100));
  g_autofree char *text = g_strescape (start, NULL);

  g_test_message ("%u: %s", place, text);
}

/* bad: in the middle of an element of the stream, before the login too; then in a message of a contact */
static void
assert_refused_inside (const char *bad,
                       const char *condition,
                       int         code)
{
  for (Stage stage = BEFORE_TLS; stage < N_STAGES; stage++)
    {
      g_autofree char *xml = stage == AFTER_LOGIN
        ? g_strconcat ("<message from='" ROMEO "' type='chat'><body>Good</body>", bad, "</message>", NULL)
        : g_strconcat ("<stream:features>", bad, "</stream:features>", NULL);
      g_autoptr(FakeServer) server = server_at (stage);
      g_autoptr(MessageLog) log = message_log_new (server);

      tell (stage, bad);
      fake_server_send (server, xml);
      assert_ended (server, stage, condition, code);
      g_assert_cmpuint (log->lines->len, ==, 0);
    }
}

/* bad: between the elements of the stream; what came before it has arrived */
static void
assert_refused_between (const char *bad,
                        const char *condition,
                        int         code)
{
  for (Stage stage = BEFORE_TLS; stage < N_STAGES; stage++)
    {
      g_autofree char *xml = g_strconcat (stage == AFTER_LOGIN ? "<message from='" ROMEO "' type='chat'><body>First</body></message>" : " ",
                                          bad, "<message from='" ROMEO "' type='chat'><body>Second</body></message>", NULL);
      g_autoptr(FakeServer) server = server_at (stage);
      g_autoptr(MessageLog) log = message_log_new (server);

      tell (stage, bad);
      fake_server_send (server, xml);
      assert_ended (server, stage, condition, code);
      g_assert_cmpuint (log->lines->len, ==, stage == AFTER_LOGIN ? 1 : 0);
    }
}

/* bad: instead of a header, each time that one is due */
static void
assert_refused_as_header (const char *bad,
                          gsize       length,
                          const char *condition,
                          int         code)
{
  for (guint n = 0; n < 3; n++)
    {
      g_autoptr(FakeServer) server = fake_server_new (JID);

      tell (n, bad);
      if (n == 0)
        fake_server_connect (server);
      else
        fake_server_secure (server);
      if (n == 2)
        {
          fake_server_open (server, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));
          fake_server_authenticate (server);
        }
      fake_server_expect_contains (server, "<stream:stream ");

      fake_server_send_bytes (server, bad, length);
      fake_server_expect_failure (server, XMPP_ERROR, code);
      fake_server_wait_until (server->is_eof);
      if (condition != NULL)
        fake_server_expect_contains (server, condition);
    }
}

static void
test_comments (void)
{
  assert_refused_inside ("a<!-- b -->c", "restricted-xml", XMPP_ERROR_RESTRICTED_XML);
  assert_refused_inside ("a<?b c?>d", "restricted-xml", XMPP_ERROR_RESTRICTED_XML);
  assert_refused_between ("<!-- b -->", "restricted-xml", XMPP_ERROR_RESTRICTED_XML);
  assert_refused_between ("<?b c?>", "restricted-xml", XMPP_ERROR_RESTRICTED_XML);
}

/* What libxml2 would read from elsewhere goes by these: it must not even ask */
static int
on_asked (const char *name)
{
  g_error ("libxml2 asks for %s", name);

  return 0;
}

static xmlParserInputPtr
on_entity (const char       *url,
           const char       *id,
           xmlParserCtxtPtr  context)
{
  g_error ("libxml2 asks for the entity %s", url);

  return NULL;
}

#define LAUGH(a, b) "<!ENTITY " a " '&" b ";&" b ";&" b ";&" b ";&" b ";&" b ";&" b ";&" b ";&" b ";&" b ";'>"

static void
test_document_types (void)
{
  static const char * const types[] = {
    "<!DOCTYPE stream>",
    "<!DOCTYPE stream [<!ENTITY a 'b'>]>",
    "<!DOCTYPE stream [<!ENTITY a 'ha'>" LAUGH ("b", "a") LAUGH ("c", "b") LAUGH ("d", "c") LAUGH ("e", "d") LAUGH ("f", "e")
      LAUGH ("g", "f") LAUGH ("h", "g") LAUGH ("i", "h") LAUGH ("j", "i") "]>",
    "<!DOCTYPE stream [<!ATTLIST stream:stream id CDATA 'victim'>]>",
    "<!DOCTYPE stream [<!ENTITY % p '<!ENTITY a \"b\">'>%p;]>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autofree char *xml = g_strconcat ("<?xml version='1.0'?>", types[i], "<stream:stream " STREAM "><stream:features>&a;&j;", NULL);

      assert_refused_as_header (xml, strlen (xml), "restricted-xml", XMPP_ERROR_RESTRICTED_XML);
      assert_refused_between (types[i], "not-well-formed", XMPP_ERROR_NOT_WELL_FORMED);
      assert_refused_inside (types[i], "not-well-formed", XMPP_ERROR_NOT_WELL_FORMED);
    }
}

static void
test_nothing_is_fetched (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr(GSocketAddress) address = NULL;
  g_autofree char *url = NULL;
  g_autofree char *file = g_canonicalize_filename (g_get_prgname (), NULL);
  const char *systems[] = { NULL, file, "file:///etc/passwd" };

  g_assert_no_error (error);
  g_assert_true (g_socket_bind (socket, any, FALSE, NULL) && g_socket_listen (socket, NULL));
  address = g_socket_get_local_address (socket, NULL);
  systems[0] = url = g_strdup_printf ("http://127.0.0.1:%u/x", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
  xmlSetExternalEntityLoader (on_entity);
  xmlRegisterInputCallbacks (on_asked, NULL, NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (systems); i++)
    {
      g_autofree char *type = g_strdup_printf ("<!DOCTYPE stream SYSTEM '%s'>", systems[i]);
      g_autofree char *public = g_strdup_printf ("<!DOCTYPE stream PUBLIC '-//X' '%s'>", systems[i]);
      g_autofree char *entity = g_strdup_printf ("<!DOCTYPE stream [<!ENTITY a SYSTEM '%s'>]>", systems[i]);
      g_autofree char *parameter = g_strdup_printf ("<!DOCTYPE stream [<!ENTITY %% a SYSTEM '%s'>%%a;]>", systems[i]);
      const char *types[] = { type, public, entity, parameter };

      for (guint j = 0; j < G_N_ELEMENTS (types); j++)
        {
          g_autofree char *xml = g_strconcat (types[j], "<stream:stream " STREAM "><stream:features>&a;", NULL);

          assert_refused_as_header (xml, strlen (xml), "restricted-xml", XMPP_ERROR_RESTRICTED_XML);
        }
    }

  /* The system would have taken a connection in our absence: nobody waits there */
  g_assert_false (g_socket_condition_check (socket, G_IO_IN) & G_IO_IN);
}

static void
test_entities (void)
{
  static const char * const bad[] = { "&nbsp;", "&#0;", "&#xD800;", "&#xFFFE;", "&;", "&#x110000;" };
  g_autoptr(FakeServer) server = server_at (AFTER_LOGIN);
  g_autoptr(MessageLog) log = message_log_new (server);

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *value = g_strdup_printf ("<x xmlns='urn:x' a='%s'/>", bad[i]);

      assert_refused_inside (bad[i], "not-well-formed", XMPP_ERROR_NOT_WELL_FORMED);
      assert_refused_inside (value, "not-well-formed", XMPP_ERROR_NOT_WELL_FORMED);
    }

  fake_server_send (server, "<message from='" ROMEO "' type='chat'><body>&lt;&gt;&amp;&quot;&apos;&#x1F600;</body></message>");
  message_log_expect (log, ROMEO " chat body=<>&\"'\xF0\x9F\x98\x80");
}

static void
test_encodings (void)
{
  static const struct
  {
    const char *bytes;
    gssize      length;
    const char *condition;
    int         code;
  } headers[] = {
    { "<?xml version='1.0' encoding='ISO-8859-1'?><stream:stream " STREAM ">", -1, "unsupported-encoding", XMPP_ERROR_NOT_WELL_FORMED },
    { "<?xml version='1.0' encoding='UTF-7'?><stream:stream " STREAM ">", -1, "unsupported-encoding", XMPP_ERROR_NOT_WELL_FORMED },
    { "<?xml version='1.0' encoding='UTF-16'?><stream:stream " STREAM ">", -1, "unsupported-encoding", XMPP_ERROR_NOT_WELL_FORMED },
    { "\xFE\xFF\0<\0s", 6, "unsupported-encoding", XMPP_ERROR_NOT_WELL_FORMED },
    { "\xFF\xFE<\0s\0", 6, "unsupported-encoding", XMPP_ERROR_NOT_WELL_FORMED },
    { "\0\0\xFE\xFF\0\0\0<", 8, "unsupported-encoding", XMPP_ERROR_NOT_WELL_FORMED },
    { "\xFF\xFE\0\0<\0\0\0", 8, "unsupported-encoding", XMPP_ERROR_NOT_WELL_FORMED },
    { "<?xml version='2.0'?><stream:stream " STREAM ">", -1, "not-well-formed", XMPP_ERROR_NOT_XMPP },
  };
  static const char * const good[] = { "\xEF\xBB\xBF", "<?xml version='1.1'?>", "<?xml version='1.0' encoding='UTF-8'?>", "" };

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    assert_refused_as_header (headers[i].bytes, headers[i].length < 0 ? strlen (headers[i].bytes) : (gsize) headers[i].length,
                              headers[i].condition, headers[i].code);

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *header = g_strconcat (good[i], "<stream:stream " STREAM "><stream:features>" FAKE_STARTTLS "</stream:features>", NULL);
      g_autoptr(FakeServer) server = fake_server_new (JID);

      fake_server_connect (server);
      fake_server_expect_contains (server, "<stream:stream ");
      fake_server_send (server, header);
      fake_server_expect_contains (server, "<starttls ");
    }
}

static void
test_invalid_utf8 (void)
{
  static const char * const bad[] = {
    "\xC0\xBC", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF", "\xC3", "<![CDATA[\xC0\xBC]]>", "<![CDATA[\xE0\x80\xAF]]>",
    "<x xmlns='urn:x' a='\xC0\xBC'/>", "<\xC0\xBC/>", "<x xmlns='urn:\xC0\xBC'/>", "<x xmlns='urn:x' \xC0\xBC='1'/>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_refused_inside (bad[i], "not-well-formed", XMPP_ERROR_NOT_WELL_FORMED);
}

static void
collect (XmppSession   *session,
         XmppStanza    *stanza,
         XmppDirection  direction,
         GString       *said)
{
  g_autofree char *xml = direction == XMPP_RECEIVED ? xmpp_stanza_to_xml (stanza) : NULL;

  /* What has an id of ours in it is another each time */
  if (xml != NULL && !g_str_has_prefix (xml, "<iq "))
    g_string_append_printf (said, "%s\n", xml);
}

static char *
record_login (gboolean drips)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  GString *said = g_string_new (NULL);

  server->drips = drips;
  g_signal_connect (server->session, "stanza", G_CALLBACK (collect), said);
  fake_server_login (server);
  fake_server_send (server, "<message from='" ROMEO "' type='chat'><body>Ci\xC3\xB2 \xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x9A\x80 e\xCC\x81"
                            "&#x1F600;<![CDATA[ <b> ]]>&amp;</body></message> \n<presence from='" ROMEO "'><show>away</show></presence>");
  fake_server_ping (server);
  g_signal_handlers_disconnect_by_data (server->session, said);

  return g_string_free (said, FALSE);
}

static void
test_drip (void)
{
  g_autofree char *whole = record_login (FALSE);
  g_autofree char *drip = record_login (TRUE);

  g_assert_cmpstr (drip, ==, whole);
  g_assert_nonnull (strstr (whole, "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x9A\x80 e\xCC\x81\xF0\x9F\x98\x80 &lt;b"));
  g_assert_nonnull (strstr (whole, "<show>away</show>"));
}

static void
test_namespaces (void)
{
  static const char * const bad[] = {
    "<p:x/>", "<x xmlns='urn:x' p:a='1'/>", "<x xmlns='urn:x' a='1' a='2'/>",
    "<x xmlns='urn:x' xmlns:b='u' xmlns:c='u' b:a='1' c:a='2'/>", "<x xmlns:xml='urn:x'/>", "<x xmlns:xmlns='urn:x'/>",
    "<x xmlns:a=''/>",
  };
  g_autoptr(FakeServer) server = server_at (AFTER_LOGIN);
  g_autoptr(MessageLog) log = message_log_new (server);

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      assert_refused_inside (bad[i], "not-well-formed", XMPP_ERROR_NOT_WELL_FORMED);
      assert_refused_between (bad[i], "not-well-formed", XMPP_ERROR_NOT_WELL_FORMED);
    }

  /* That it is no URI is nobody's fault but his who chose it */
  fake_server_send (server, "<message from='" ROMEO "' type='chat'><body>x</body><x xmlns='a b'/></message>");
  message_log_expect (log, ROMEO " chat body=x");
  fake_server_ping (server);
  g_assert_true (xmpp_session_is_online (server->session));
}

/* Blanks and other letters in a namespace make it another one, and a stanza in it is none */
static void
test_look_alike_namespaces (void)
{
  static const char * const namespaces[] = { "", " jabber:client ", "jabber:client ", "JABBER:CLIENT", "jabber:client/", "jabber:server" };
  g_autoptr(FakeServer) server = server_at (AFTER_LOGIN);
  g_autoptr(MessageLog) log = message_log_new (server);

  for (guint i = 0; i < G_N_ELEMENTS (namespaces); i++)
    {
      g_autofree char *xml = g_strdup_printf ("<message xmlns='%s' from='" ROMEO "' type='chat'><body>x</body></message>"
                                              "<iq xmlns='%s' type='get' id='look-alike'><ping xmlns='urn:xmpp:ping'/></iq>",
                                              namespaces[i], namespaces[i]);

      fake_server_send (server, xml);
      fake_server_no_more (server);
    }
  message_log_expect_none (log, server);
}

static void
test_text (void)
{
  static const char * const bad[] = { "hello", " \n hello", "&lt;", "&#65;", "\xC2\xA0" };
  g_autoptr(FakeServer) server = server_at (AFTER_LOGIN);
  g_autoptr(MessageLog) log = message_log_new (server);

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_refused_between (bad[i], "bad-format", XMPP_ERROR_NOT_WELL_FORMED);

  for (guint i = 0; i < 1000; i++)
    fake_server_send (server, " \n\t\r");
  message_log_expect_none (log, server);
}

static void
on_message (XmppSession       *session,
            const XmppMessage *message,
            gpointer           user_data)
{
  gsize *size = user_data;

  *size = message->is_skipped ? 0 : strlen (message->body);
}

static gsize
send_body (FakeServer *server,
           gsize       length)
{
  static const char end[] = "</body></message>";
  g_autofree char *start = g_strdup ("<message from='" ROMEO "' type='chat' id='large'><body>");
  g_autofree char *filler = g_strnfill (64 * 1024, 'x');
  gsize size = G_MAXSIZE;

  g_signal_connect (server->session, "message", G_CALLBACK (on_message), &size);
  fake_server_send (server, start);
  for (gsize left = length; left > 0; left -= MIN (left, 64 * 1024))
    fake_server_send_bytes (server, filler, MIN (left, 64 * 1024));
  fake_server_send (server, end);
  fake_server_ping (server);
  g_signal_handlers_disconnect_by_data (server->session, &size);

  return size;
}

static void
test_sizes (void)
{
  g_autofree char *huge = g_strnfill (20 * 1024 * 1024, 'x');
  g_autofree char *name = g_strnfill (100 * 1000, 'n');
  g_autofree char *attribute = g_strconcat ("<x xmlns='urn:x' a='", huge, "'/>", NULL);
  g_autofree char *element = g_strconcat ("<", name, "/>", NULL);
  g_autofree char *cdata = g_strconcat ("<message from='" ROMEO "' type='chat'><body><![CDATA[", huge, "]]></body></message>", NULL);
  g_autoptr(FakeServer) server = server_at (AFTER_LOGIN);

  /* As much as a server may let through, then more than we take: that is told of, and the stream goes on */
  g_assert_cmpuint (send_body (server, 1024 * 1024), ==, 1024 * 1024);
  g_assert_cmpuint (send_body (server, 4 * 1000 * 1000), ==, 4 * 1000 * 1000);
  g_assert_cmpuint (send_body (server, 4 * 1024 * 1024), ==, 0);
  g_assert_cmpuint (send_body (server, 64 * 1024 * 1024), ==, 0);
  fake_server_send (server, cdata);
  fake_server_ping (server);
  g_assert_true (xmpp_session_is_online (server->session));

  assert_refused_inside (attribute, "policy-violation", XMPP_ERROR_LIMIT);
  assert_refused_between (attribute, "policy-violation", XMPP_ERROR_LIMIT);
  assert_refused_between (element, "policy-violation", XMPP_ERROR_LIMIT);
}

/* Many, deep, wide: skipped, and the next one is heard */
static void
test_shapes (void)
{
  g_autoptr(FakeServer) server = server_at (AFTER_LOGIN);
  g_autoptr(GString) children = g_string_new (NULL);
  g_autoptr(GString) depth = g_string_new (NULL);
  g_autoptr(GString) attributes = g_string_new ("<x xmlns='urn:x'");
  const char *shapes[] = { NULL, NULL, NULL };

  for (guint i = 0; i < 100 * 1000; i++)
    g_string_append (children, "<x/>");
  for (guint i = 0; i < 1000; i++)
    g_string_append (depth, "<x>");
  for (guint i = 0; i < 1000; i++)
    g_string_append (depth, "</x>");
  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (attributes, " a%u='1'", i);
  g_string_append (attributes, "/>");
  shapes[0] = children->str;
  shapes[1] = depth->str;
  shapes[2] = attributes->str;

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      gsize size = G_MAXSIZE;

      g_signal_connect (server->session, "message", G_CALLBACK (on_message), &size);
      fake_server_send (server, "<message from='" ROMEO "' type='chat'><body>x</body>");
      fake_server_send (server, shapes[i]);
      fake_server_send (server, "</message>");
      fake_server_ping (server);
      g_assert_cmpuint (size, ==, 0);
      g_signal_handlers_disconnect_by_data (server->session, &size);
      g_assert_cmpuint (send_body (server, 5), ==, 5);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/xml/S84-comments-and-instructions-end-the-stream", test_comments);
  g_test_add_func ("/xmpp/xml/S85-document-types-end-the-stream", test_document_types);
  g_test_add_func ("/xmpp/xml/S86-only-known-entities-are-read", test_entities);
  g_test_add_func ("/xmpp/xml/S87-nothing-is-fetched", test_nothing_is_fetched);
  g_test_add_func ("/xmpp/xml/S88-only-utf8-is-read", test_encodings);
  g_test_add_func ("/xmpp/xml/S89-invalid-utf8-ends-the-stream", test_invalid_utf8);
  g_test_add_func ("/xmpp/xml/S90-S91-a-login-byte-by-byte-is-a-login", test_drip);
  g_test_add_func ("/xmpp/xml/S93-broken-namespaces-end-the-stream", test_namespaces);
  g_test_add_func ("/xmpp/xml/S95-S96-look-alike-namespaces-are-others", test_look_alike_namespaces);
  g_test_add_func ("/xmpp/xml/S97-text-between-stanzas-ends-the-stream", test_text);
  g_test_add_func ("/xmpp/xml/S98-sizes", test_sizes);
  g_test_add_func ("/xmpp/xml/S99-shapes", test_shapes);

  return g_test_run ();
}
