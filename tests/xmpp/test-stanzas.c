/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-server.h"
#include "xmpp-module.h"

#include <string.h>

#define JID     "juliet@capulet.lit/balcony"
#define NS_SASL "urn:ietf:params:xml:ns:xmpp-sasl"
#define NS_TLS  "urn:ietf:params:xml:ns:xmpp-tls"

#define CONDITION(name) "<" name " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"

/* No modules: only the session is here */
GType (* const xmpp_module_types[]) (void) = { NULL };

static FakeServer *
log_in (void)
{
  FakeServer *server = fake_server_new (JID);

  fake_server_login (server);

  return server;
}

static void
on_message (XmppSession       *session,
            const XmppMessage *message,
            guint             *n)
{
  g_assert_cmpstr (message->body, ==, "wait");
  (*n)++;
}

static void
collect_stanza (XmppSession   *session,
                XmppStanza    *stanza,
                XmppDirection  direction,
                GPtrArray     *lines)
{
  g_autofree char *xml = xmpp_stanza_to_xml (stanza);

  g_assert_true (xmpp_stanza_is_sealed (stanza));
  g_ptr_array_add (lines, g_strdup_printf ("%c %s", direction == XMPP_SENT ? '>' : '<', xml));
}

/* What is inside a stanza is not of the stream, whatever namespace it has */
static void
test_stream_error_within (void)
{
  static const char * const inner[] = {
    "<stream:error>" CONDITION ("conflict") "</stream:error>",
    "<stream:stream/>",
    "<stream:features/>",
    "<stream:error xmlns:stream='urn:u'/>",
    "<x xmlns:stream='urn:u'><stream:error/></x>",
  };
  g_autoptr(FakeServer) server = log_in ();

  for (guint i = 0; i < G_N_ELEMENTS (inner); i++)
    {
      g_autofree char *xml = g_strdup_printf ("<message from='eve@evil.test/x'>%s</message>", inner[i]);

      fake_server_send (server, xml);
      fake_server_ping (server);
      g_assert_true (xmpp_session_is_online (server->session));
    }
}

/* Being there */

static void
test_other_namespaces (void)
{
  static const char * const elements[] = {
    "<message xmlns='' from='romeo@montague.lit'><body>x</body></message>",
    "<message xmlns='jabber:server' from='romeo@montague.lit'><body>x</body></message>",
    "<iq xmlns='urn:u' type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
    "<r xmlns='urn:xmpp:sm:3'/>",
    "<stream:features/>",
    "<stream:whatever/>",
    "<whatever/>",
    "<success xmlns='" NS_SASL "'/>",
    "<proceed xmlns='" NS_TLS "'/>",
  };
  g_autoptr(FakeServer) server = log_in ();
  guint n = 0;

  fake_server_settle (server);
  g_signal_connect (server->session, "message", G_CALLBACK (on_message), &n);

  for (guint i = 0; i < G_N_ELEMENTS (elements); i++)
    {
      g_test_message ("%s", elements[i]);
      fake_server_send (server, elements[i]);
      fake_server_no_more (server);
      g_assert_true (xmpp_session_is_online (server->session));
    }
  g_assert_cmpuint (n, ==, 0);
}

static void
test_for_others (void)
{
  static const struct
  {
    const char *to;
    gboolean    is_ours;
  } addressees[] = {
    { "juliet@capulet.lit/balcony", TRUE },
    { "juliet@capulet.lit", TRUE },
    { "JULIET@capulet.lit", TRUE },
    { "juliet@capulet.lit/elsewhere", TRUE },
    { "nurse@capulet.lit", FALSE },
    { "capulet.lit", FALSE },
    { "juliet@evil.test/balcony", FALSE },
    { "", FALSE },
  };
  g_autoptr(FakeServer) server = log_in ();
  guint n = 0;

  g_signal_connect (server->session, "message", G_CALLBACK (on_message), &n);

  for (guint i = 0; i < G_N_ELEMENTS (addressees); i++)
    {
      g_autofree char *message = g_strdup_printf ("<message from='romeo@montague.lit/orchard' to='%s'><body>wait</body></message>",
                                                  addressees[i].to);
      g_autofree char *iq = g_strdup_printf ("<iq from='romeo@montague.lit/orchard' to='%s' type='get' id='i%u'>"
                                             "<q xmlns='urn:q'/></iq>", addressees[i].to, i);
      g_autofree char *answered = g_strdup_printf (" id='i%u'", i);
      guint before = n;

      g_test_message ("“%s”", addressees[i].to);
      fake_server_settle (server);
      fake_server_send (server, message);
      fake_server_send (server, iq);
      if (addressees[i].is_ours)
        fake_server_expect_contains (server, answered);
      fake_server_no_more (server);
      g_assert_cmpuint (n - before, ==, addressees[i].is_ours);
    }
}

static void
test_raw (void)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(FakeServer) server = log_in ();
  g_autoptr(GError) error = NULL;

  fake_server_settle (server);
  g_signal_connect (server->session, "stanza", G_CALLBACK (collect_stanza), lines);

  g_assert_true (xmpp_session_send_raw (server->session,
                                        "<message to='a@b'><body>1 &lt; 2</body></message>\n"
                                        " <x:y xmlns:x='urn:x' a='1'/>", &error));
  g_assert_no_error (error);
  fake_server_expect_next (server, "<message to='a@b'><body>1 &lt; 2</body></message>");
  fake_server_expect_next (server, "<x:y xmlns:x='urn:x' a='1'/>");
  g_assert_cmpuint (lines->len, ==, 2);
  g_assert_cmpstr (lines->pdata[0], ==, "> <message to='a@b'><body>1 &lt; 2</body></message>");
  g_assert_cmpstr (lines->pdata[1], ==, "> <y xmlns='urn:x' a='1'/>");
  g_signal_handlers_disconnect_by_data (server->session, lines);
}

static const struct
{
  const char *xml;
  int         code;
  const char *place;   /* NULL: the sentence says enough */
} bad_raw[] = {
  { "", XMPP_ERROR_NOT_WELL_FORMED, NULL },
  { " \n", XMPP_ERROR_NOT_WELL_FORMED, NULL },
  { "hello", XMPP_ERROR_NOT_WELL_FORMED, NULL },
  { "<message>", XMPP_ERROR_NOT_WELL_FORMED, NULL },
  { "<presence/><message", XMPP_ERROR_NOT_WELL_FORMED, NULL },
  { "<message>\n<body>\n</message>", XMPP_ERROR_NOT_WELL_FORMED, "3" },
  { "<presence/>\n<a b=c/>", XMPP_ERROR_NOT_WELL_FORMED, "2" },
  { "<a:b/>", XMPP_ERROR_NOT_WELL_FORMED, "1" },
  { "</message>", XMPP_ERROR_NOT_WELL_FORMED, "1" },
  { "</stream:stream>", XMPP_ERROR_NOT_WELL_FORMED, NULL },
  { "<presence/></stream:stream><presence/>", XMPP_ERROR_NOT_WELL_FORMED, NULL },
  { "<stream:stream>", XMPP_ERROR_NOT_WELL_FORMED, NULL },
  { "<a><!-- b --></a>", XMPP_ERROR_RESTRICTED_XML, NULL },
  { "<?xml version='1.0'?><a/>", XMPP_ERROR_NOT_WELL_FORMED, NULL },
  { "<!DOCTYPE a><a/>", XMPP_ERROR_NOT_WELL_FORMED, NULL },
  { "<a>&undefined;</a>", XMPP_ERROR_NOT_WELL_FORMED, NULL },
  { "<a>\xff</a>", XMPP_ERROR_NOT_WELL_FORMED, NULL },
};

static void
test_bad_raw (void)
{
  g_autoptr(FakeServer) server = log_in ();

  fake_server_settle (server);

  for (guint i = 0; i < G_N_ELEMENTS (bad_raw); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (xmpp_session_send_raw (server->session, bad_raw[i].xml, &error));
      g_test_message ("%s: %s", bad_raw[i].xml, error->message);
      g_assert_true (error->domain == XMPP_ERROR);
      if (bad_raw[i].place != NULL)
        g_assert_nonnull (strstr (error->message, bad_raw[i].place));
    }

  fake_server_no_more (server);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/stanzas/S94-a-stream-error-within-a-stanza-does-not", test_stream_error_within);
  g_test_add_func ("/xmpp/stanzas/S95-other-namespaces-are-no-stanzas", test_other_namespaces);
  g_test_add_func ("/xmpp/stanzas/S102-what-is-for-others-is-dropped", test_for_others);
  g_test_add_func ("/xmpp/stanzas/a-person-may-write-stanzas", test_raw);
  g_test_add_func ("/xmpp/stanzas/what-is-wrong-with-them-is-said", test_bad_raw);

  return g_test_run ();
}
