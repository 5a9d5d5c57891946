/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-server.h"
#include "xmpp-module.h"

#include <string.h>

#define JID "juliet@capulet.lit/balcony"

/* A module that knows a contact and a room, and listens only to some */

#define TEST_TYPE_GATE (test_gate_get_type ())

G_DECLARE_FINAL_TYPE (TestGate, test_gate, TEST, GATE, XmppModule)

struct _TestGate
{
  XmppModule  parent_instance;

  guint       n_questions;
  guint       n_hellos;
  guint       n_presences;
  XmppSender  sender;
  char       *from;          /* as the last handler was told; NULL: nobody */
};

G_DEFINE_FINAL_TYPE (TestGate, test_gate, XMPP_TYPE_MODULE)

static void
remember (TestGate      *self,
          const XmppJid *from,
          XmppSender     sender)
{
  g_free (self->from);
  self->from = from != NULL ? g_strdup (xmpp_jid_get_text (from)) : NULL;
  self->sender = sender;
}

static void
handle_question (XmppModule     *module,
                 XmppStanza     *stanza,
                 const XmppNode *child,
                 XmppJid        *from,
                 XmppSender      sender)
{
  TEST_GATE (module)->n_questions++;
  remember (TEST_GATE (module), from, sender);
  xmpp_session_send_result (xmpp_module_get_session (module), stanza, NULL);
}

static void
handle_hello (XmppModule     *module,
              XmppStanza     *stanza,
              const XmppNode *child,
              XmppJid        *from,
              XmppSender      sender)
{
  g_assert_true (xmpp_node_is (child, "hello", "urn:test"));
  TEST_GATE (module)->n_hellos++;
}

static void
handle_presence (XmppModule     *module,
                 XmppStanza     *stanza,
                 const XmppNode *child,
                 XmppJid        *from,
                 XmppSender      sender)
{
  g_assert_null (child);
  TEST_GATE (module)->n_presences++;
  remember (TEST_GATE (module), from, sender);
}

static XmppSender
test_gate_classify (XmppModule    *module,
                    const XmppJid *from)
{
  const char *bare = xmpp_jid_get_bare_text (from);

  if (strcmp (bare, "bob@peer.test") == 0)
    return XMPP_SENDER_CONTACT;

  if (strcmp (bare, "carol@peer.test") == 0)
    return XMPP_SENDER_LISTED;

  /* A room that is in the contact list, too */
  if (strcmp (bare, "room@muc.test") == 0)
    return XMPP_SENDER_CONTACT | (xmpp_jid_is_bare (from) ? XMPP_SENDER_ROOM : XMPP_SENDER_OCCUPANT);

  return 0;
}

static void
test_gate_finalize (GObject *object)
{
  g_free (TEST_GATE (object)->from);

  G_OBJECT_CLASS (test_gate_parent_class)->finalize (object);
}

static void
test_gate_class_init (TestGateClass *klass)
{
  static const XmppHandler handlers[] = {
    { "iq", "get", "question", "urn:test", handle_question, XMPP_SENDER_CONTACT | XMPP_SENDER_OWN_ACCOUNT | XMPP_SENDER_OWN_SERVER },
    { "iq", "set", "any", "urn:test", handle_question, XMPP_SENDER_ANY },
    { "presence", NULL, "hello", "urn:test", handle_hello, XMPP_SENDER_CONTACT | XMPP_SENDER_ROOM },
    { "presence", "subscribe", NULL, NULL, handle_presence, XMPP_SENDER_ANY },
    { NULL }
  };

  G_OBJECT_CLASS (klass)->finalize = test_gate_finalize;
  XMPP_MODULE_CLASS (klass)->handlers = handlers;
  XMPP_MODULE_CLASS (klass)->classify = test_gate_classify;
}

static void
test_gate_init (TestGate *self)
{
}

GType (* const xmpp_module_types[]) (void) = { test_gate_get_type, NULL };

static FakeServer *
log_in (TestGate **gate)
{
  FakeServer *server = fake_server_new (JID);

  fake_server_login (server);
  fake_server_settle (server);
  *gate = xmpp_session_get_module (server->session, TEST_TYPE_GATE);

  return server;
}

static void
test_classes (void)
{
  static const struct
  {
    const char *from;
    XmppSender  wanted;
  } senders[] = {
    { NULL, XMPP_SENDER_OWN_ACCOUNT },
    { "juliet@capulet.lit", XMPP_SENDER_OWN_ACCOUNT },
    { "JULIET@CAPULET.lit", XMPP_SENDER_OWN_ACCOUNT },
    { JID, XMPP_SENDER_OWN_ACCOUNT },
    { "juliet@capulet.lit/chamber", XMPP_SENDER_OWN_ACCOUNT },
    { "capulet.lit", XMPP_SENDER_OWN_SERVER },
    { "capulet.lit/console", XMPP_SENDER_STRANGER },
    { "bob@peer.test", XMPP_SENDER_CONTACT },
    { "bob@peer.test/p", XMPP_SENDER_CONTACT },
    { "carol@peer.test/p", XMPP_SENDER_LISTED },
    { "room@muc.test", XMPP_SENDER_ROOM },
    { "room@muc.test/bob", XMPP_SENDER_OCCUPANT },
    { "eve@evil.test/x", XMPP_SENDER_STRANGER },
    { "nurse@capulet.lit", XMPP_SENDER_STRANGER },
    { "juliet@capulet.lit.evil.test", XMPP_SENDER_STRANGER },
    { "evil.test/juliet@capulet.lit", XMPP_SENDER_STRANGER },
    { "juliet\\40capulet.lit@evil.test", XMPP_SENDER_STRANGER },
    { "julie\xd1\x82@capulet.lit", XMPP_SENDER_STRANGER },
    { "@@@", XMPP_SENDER_STRANGER },
  };
  TestGate *gate;
  g_autoptr(FakeServer) server = log_in (&gate);

  for (guint i = 0; i < G_N_ELEMENTS (senders); i++)
    {
      g_autoptr(XmppJid) from = xmpp_jid_new_received (senders[i].from);

      g_test_message ("%s", senders[i].from);
      g_assert_cmpint (xmpp_session_get_sender (server->session, from), ==, senders[i].wanted);
    }
}

static void
test_before_login (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autoptr(XmppJid) full = xmpp_jid_new (JID, NULL);
  g_autoptr(XmppJid) domain = xmpp_jid_new ("capulet.lit", NULL);

  g_assert_cmpint (xmpp_session_get_sender (server->session, full), ==, XMPP_SENDER_OWN_ACCOUNT);
  g_assert_cmpint (xmpp_session_get_sender (server->session, domain), ==, XMPP_SENDER_OWN_SERVER);
}

/* Who may not ask gets the same words as who asks for what nobody knows */
static void
test_questions (void)
{
  static const struct
  {
    const char *from;
    gboolean    may_ask;
  } askers[] = {
    { "", TRUE },
    { " from='juliet@capulet.lit'", TRUE },
    { " from='" JID "'", TRUE },
    { " from='capulet.lit'", TRUE },
    { " from='bob@peer.test/p'", TRUE },
    { " from='carol@peer.test/p'", FALSE },
    { " from='eve@evil.test/x'", FALSE },
    { " from='room@muc.test'", FALSE },
    { " from='room@muc.test/bob'", FALSE },
    { " from='eve@evil.test/x' xmlns:a='urn:a' a:from='juliet@capulet.lit'", FALSE },
    { " xmlns:a='urn:a' a:from='juliet@capulet.lit' from='eve@evil.test/x'", FALSE },
  };
  TestGate *gate;
  g_autoptr(FakeServer) server = log_in (&gate);

  for (guint i = 0; i < G_N_ELEMENTS (askers); i++)
    {
      g_autofree char *xml = g_strdup_printf ("<iq type='get' id='1'%s><question xmlns='urn:test'/></iq>", askers[i].from);
      guint before = gate->n_questions;

      g_test_message ("%s", xml);
      fake_server_send (server, xml);
      fake_server_expect_contains (server, askers[i].may_ask ? "<iq type='result' id='1'" : "service-unavailable");
      g_assert_cmpuint (gate->n_questions - before, ==, askers[i].may_ask);
      fake_server_no_more (server);
    }
}

static void
test_other_type (void)
{
  TestGate *gate;
  g_autoptr(FakeServer) server = log_in (&gate);

  fake_server_send (server, "<iq type='set' id='1' from='bob@peer.test/p'><question xmlns='urn:test'/></iq>");
  fake_server_expect_contains (server, "service-unavailable");
  fake_server_send (server, "<iq type='get' id='2' from='bob@peer.test/p'><question xmlns='urn:evil'/></iq>");
  fake_server_expect_contains (server, "service-unavailable");
  fake_server_send (server, "<iq type='set' id='3' from='eve@evil.test/x'><any xmlns='urn:test'/></iq>");
  fake_server_expect (server, "<iq type='result' id='3' to='eve@evil.test/x'/>");
  g_assert_cmpint (gate->sender, ==, XMPP_SENDER_STRANGER);
  g_assert_cmpuint (gate->n_questions, ==, 1);
}

static void
test_presence (void)
{
  TestGate *gate;
  g_autoptr(FakeServer) server = log_in (&gate);

  fake_server_send (server, "<presence from='eve@evil.test/x'><hello xmlns='urn:test'/></presence>");
  fake_server_send (server, "<presence from='room@muc.test/bob'><hello xmlns='urn:test'/></presence>");
  fake_server_no_more (server);
  g_assert_cmpuint (gate->n_hellos, ==, 0);

  fake_server_send (server, "<presence from='room@muc.test'><hello xmlns='urn:test'/></presence>");
  fake_server_no_more (server);
  g_assert_cmpuint (gate->n_hellos, ==, 1);

  /* Once, even if it is there twice */
  fake_server_send (server, "<presence from='bob@peer.test/p'><hello xmlns='urn:test'/><x/><hello xmlns='urn:test'/></presence>");
  fake_server_no_more (server);
  g_assert_cmpuint (gate->n_hellos, ==, 2);

  fake_server_send (server, "<presence from='bob@peer.test/p'><hello xmlns='urn:evil'/></presence>");
  fake_server_no_more (server);
  g_assert_cmpuint (gate->n_hellos, ==, 2);
  g_assert_cmpuint (gate->n_presences, ==, 0);
}

static void
test_presence_without_name (void)
{
  TestGate *gate;
  g_autoptr(FakeServer) server = log_in (&gate);

  fake_server_send (server, "<presence type='subscribe' from='eve@evil.test'/>");
  fake_server_send (server, "<presence type='subscribe' from='bob@peer.test'><hello xmlns='urn:test'/></presence>");
  fake_server_send (server, "<presence type='subscribed' from='eve@evil.test'/>");
  fake_server_no_more (server);
  g_assert_cmpuint (gate->n_presences, ==, 2);
  g_assert_cmpuint (gate->n_hellos, ==, 1);
  g_assert_cmpint (gate->sender, ==, XMPP_SENDER_CONTACT);
}

/* One address has many spellings, and what a handler is told is the one in which they are compared */
static void
test_handlers_are_told_who (void)
{
  static const struct
  {
    const char *from;
    const char *told;
    XmppSender  sender;
  } asks[] = {
    { "", NULL, XMPP_SENDER_OWN_ACCOUNT },
    { " from='bob@peer.test/P'", "bob@peer.test/P", XMPP_SENDER_CONTACT },
    { " from='BOB@Peer.TEST/P'", "bob@peer.test/P", XMPP_SENDER_CONTACT },
    { " from='\xef\xbd\x82ob@peer.test./P'", "bob@peer.test/P", XMPP_SENDER_CONTACT },
    { " from='b\xd0\xbe" "b@peer.test/P'", "b\xd0\xbe" "b@peer.test/P", XMPP_SENDER_STRANGER },
    { " from='bob@peer.test@evil.test/P'", "bob@peer.test@evil.test/P", XMPP_SENDER_STRANGER },
    { " from='evil.test/bob@peer.test'", "evil.test/bob@peer.test", XMPP_SENDER_STRANGER },
    { " from='bob\\40peer.test@evil.test/P'", "bob\\40peer.test@evil.test/P", XMPP_SENDER_STRANGER },
    { " from='peer.test'", "peer.test", XMPP_SENDER_STRANGER },
  };
  TestGate *gate;
  g_autoptr(FakeServer) server = log_in (&gate);

  for (guint i = 0; i < G_N_ELEMENTS (asks); i++)
    {
      g_autofree char *xml = g_strdup_printf ("<iq type='set' id='1'%s><any xmlns='urn:test'/></iq>", asks[i].from);

      g_test_message ("%s", xml);
      fake_server_send (server, xml);
      fake_server_expect_contains (server, "<iq type='result' id='1'");
      g_assert_cmpstr (gate->from, ==, asks[i].told);
      g_assert_cmpint (gate->sender, ==, asks[i].sender);
    }
}

/* Names that nobody knows lead nowhere, however many they are, and hide nothing */
static void
test_a_crowd_of_children (void)
{
  TestGate *gate;
  g_autoptr(FakeServer) server = log_in (&gate);
  g_autoptr(GString) xml = g_string_new ("<presence from='bob@peer.test/p'>");

  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (xml, "<hello%u xmlns='urn:test'/><hello xmlns='urn:test:%u'/><question xmlns='urn:test'/>", i, i);
  g_string_append (xml, "<hello xmlns='urn:test'/></presence>");

  fake_server_send (server, xml->str);
  fake_server_no_more (server);
  g_assert_cmpuint (gate->n_hellos, ==, 1);
  g_assert_cmpuint (gate->n_questions, ==, 0);

  /* And the same from whom it is not to be heard */
  g_string_replace (xml, "from='bob@peer.test/p'", "from='carol@peer.test/p'", 1);
  fake_server_send (server, xml->str);
  fake_server_no_more (server);
  g_assert_cmpuint (gate->n_hellos, ==, 1);
}

/* The log says who, never what */
static GLogWriterOutput
collect_log (GLogLevelFlags   level,
             const GLogField *fields,
             gsize            n_fields,
             gpointer         user_data)
{
  GString *log = user_data;

  for (gsize i = 0; i < n_fields; i++)
    {
      if (strcmp (fields[i].key, "MESSAGE") == 0)
        g_string_append_printf (log, "%s\n", (const char *) fields[i].value);
    }

  return G_LOG_WRITER_HANDLED;
}

static void
test_log (void)
{
  if (g_test_subprocess ())
    {
      TestGate *gate;
      g_autoptr(FakeServer) server = log_in (&gate);
      g_autoptr(GString) log = g_string_new (NULL);

      g_log_set_writer_func (collect_log, log, NULL);
      fake_server_send (server, "<iq type='get' id='SECRET' from='eve@evil.test/x'><question xmlns='urn:test' a='SECRET'>SECRET</question></iq>");
      fake_server_send (server, "<message from='eve@evil.test/x' to='nurse@capulet.lit'><body>SECRET</body></message>");
      fake_server_send (server, "<message xmlns='urn:u' from='eve@evil.test/x'><body>SECRET</body></message>");
      fake_server_ping (server);
      g_assert_nonnull (strstr (log->str, "eve@evil.test/x"));
      g_assert_null (strstr (log->str, "SECRET"));
      fake_server_free (g_steal_pointer (&server));
      exit (0);
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/senders/who-somebody-is", test_classes);
  g_test_add_func ("/xmpp/senders/who-somebody-is-before-the-login", test_before_login);
  g_test_add_func ("/xmpp/senders/T099-who-may-not-ask-learns-nothing", test_questions);
  g_test_add_func ("/xmpp/senders/T022-type-and-namespace-count", test_other_type);
  g_test_add_func ("/xmpp/senders/who-may-not-say-it-is-not-heard", test_presence);
  g_test_add_func ("/xmpp/senders/a-handler-may-take-every-presence-of-a-type", test_presence_without_name);
  g_test_add_func ("/xmpp/senders/T056-a-handler-is-told-who-however-it-is-spelled", test_handlers_are_told_who);
  g_test_add_func ("/xmpp/senders/a-crowd-of-unknown-children-leads-nowhere", test_a_crowd_of_children);
  g_test_add_func ("/xmpp/senders/the-log-says-who-and-never-what", test_log);

  return g_test_run ();
}
