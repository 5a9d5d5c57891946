/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-server.h"
#include "xmpp-module.h"
#include "xmpp-parser.h"

#include <string.h>

#define JID "juliet@capulet.lit/balcony"

/* A module that counts presence: beside it only the session answers here */

#define TEST_TYPE_PRESENCE (test_presence_get_type ())

G_DECLARE_FINAL_TYPE (TestPresence, test_presence, TEST, PRESENCE, XmppModule)

struct _TestPresence
{
  XmppModule parent_instance;

  guint      n;
};

G_DEFINE_FINAL_TYPE (TestPresence, test_presence, XMPP_TYPE_MODULE)

static void
handle_presence (XmppModule     *module,
                 XmppStanza     *stanza,
                 const XmppNode *child,
                 XmppJid        *from,
                 XmppSender      sender)
{
  TEST_PRESENCE (module)->n++;
}

static void
test_presence_class_init (TestPresenceClass *klass)
{
  static const XmppHandler handlers[] = {
    { "presence", NULL, NULL, NULL, handle_presence, XMPP_SENDER_ANY },
    { NULL }
  };

  XMPP_MODULE_CLASS (klass)->handlers = handlers;
}

static void
test_presence_init (TestPresence *self)
{
}

GType (* const xmpp_module_types[]) (void) = { test_presence_get_type, NULL };

static FakeServer *
log_in (void)
{
  FakeServer *server = fake_server_new (JID);

  fake_server_login (server);
  fake_server_settle (server);

  return server;
}

/* An element that is deeper than the parser lets pass */
static char *
make_deep (const char *start,
           const char *end)
{
  GString *xml = g_string_new (start);

  for (guint i = 0; i < XMPP_PARSER_MAX_DEPTH + 10; i++)
    g_string_append (xml, "<a>");
  for (guint i = 0; i < XMPP_PARSER_MAX_DEPTH + 10; i++)
    g_string_append (xml, "</a>");

  return g_string_free (g_string_append (xml, end), FALSE);
}

static void
on_message (XmppSession       *session,
            const XmppMessage *message,
            GPtrArray         *bodies)
{
  if (message->is_skipped)
    {
      g_assert_null (message->body);
      g_assert_cmpstr (message->id, ==, "big");
      g_assert_cmpstr (xmpp_jid_get_text (message->from), ==, "bob@peer.test/p");
      g_assert_cmpint (message->type, ==, XMPP_MESSAGE_CHAT);
    }

  g_ptr_array_add (bodies, message->is_skipped ? g_strdup ("(skipped)") : g_strdup (message->body));
}

static void
test_message (void)
{
  g_autoptr(GPtrArray) bodies = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(FakeServer) server = log_in ();
  g_autofree char *deep = make_deep ("<message id='big' type='chat' from='bob@peer.test/p'><body>x</body>", "</message>");

  g_signal_connect (server->session, "message", G_CALLBACK (on_message), bodies);
  fake_server_send (server, "<message from='bob@peer.test/p'><body>before</body></message>");
  fake_server_send (server, deep);
  fake_server_send (server, "<message from='bob@peer.test/p'><body>after</body></message>");
  fake_server_ping (server);

  g_assert_cmpuint (bodies->len, ==, 3);
  g_assert_cmpstr (bodies->pdata[0], ==, "before");
  g_assert_cmpstr (bodies->pdata[1], ==, "(skipped)");
  g_assert_cmpstr (bodies->pdata[2], ==, "after");
}

static void
test_question (void)
{
  g_autoptr(FakeServer) server = log_in ();
  g_autofree char *deep = make_deep ("<iq id='big' type='get' from='bob@peer.test/p'>", "</iq>");
  g_autofree char *nonsense = make_deep ("<iq id='big' type='foo' from='bob@peer.test/p'>", "</iq>");
  g_autofree char *answer = make_deep ("<iq id='big' type='result' from='bob@peer.test/p'>", "</iq>");

  fake_server_send (server, deep);
  g_assert_nonnull (strstr (fake_server_expect_contains (server, "policy-violation"), " to='bob@peer.test/p'"));
  fake_server_send (server, nonsense);
  fake_server_expect_contains (server, "bad-request");
  fake_server_send (server, answer);
  fake_server_no_more (server);
}

typedef struct
{
  guint   n;
  GError *error;
} Outcome;

static void
on_answer (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Outcome *outcome = user_data;

  outcome->n++;
  g_assert_null (xmpp_session_request_finish (XMPP_SESSION (object), result, &outcome->error));
}

static void
check_answer (const char *type)
{
  g_autoptr(FakeServer) server = log_in ();
  g_autoptr(XmppStanza) iq = xmpp_stanza_new_iq ("get", NULL);
  g_autofree char *id = NULL;
  g_autofree char *start = NULL;
  g_autofree char *deep = NULL;
  Outcome outcome = { 0 };

  xmpp_node_add (xmpp_stanza_get_root (iq), "question", "urn:test");
  xmpp_session_request_async (server->session, iq, NULL, on_answer, &outcome);
  id = fake_xml_get (fake_server_expect_contains (server, "<question"), "id");
  start = g_strdup_printf ("<iq type='%s' id='%s'>", type, id);
  deep = make_deep (start, "</iq>");
  fake_server_send (server, deep);
  fake_server_wait_until (outcome.n == 1);
  g_assert_error (outcome.error, XMPP_ERROR, XMPP_ERROR_LIMIT);
  g_clear_error (&outcome.error);
  g_assert_true (xmpp_session_is_online (server->session));
}

static void
test_answer (void)
{
  check_answer ("result");
  check_answer ("error");
}

static void
test_large_presence (void)
{
  g_autoptr(FakeServer) server = log_in ();
  TestPresence *module = xmpp_session_get_module (server->session, TEST_TYPE_PRESENCE);
  g_autofree char *available = make_deep ("<presence from='bob@peer.test/p'>", "</presence>");
  g_autofree char *unavailable = make_deep ("<presence type='unavailable' from='bob@peer.test/p'>", "</presence>");

  fake_server_send (server, available);
  fake_server_no_more (server);
  g_assert_cmpuint (module->n, ==, 0);
  fake_server_send (server, unavailable);
  fake_server_no_more (server);
  g_assert_cmpuint (module->n, ==, 1);
}

/* The server asks and does not read: fill the socket, so that nothing more goes out */
static void
stop_reading (FakeServer *server)
{
  XmppMessage message = { .type = XMPP_MESSAGE_NORMAL };
  g_autofree char *body = g_strnfill (64 * 1024, 'x');

  message.body = body;
  g_source_destroy (server->source);
  for (guint i = 0; i < 32; i++)
    xmpp_session_send_message (server->session, &message);
}

static void
count_sent (XmppSession   *session,
            XmppStanza    *stanza,
            XmppDirection  direction,
            guint         *counts)
{
  const XmppNode *root = xmpp_stanza_get_root (stanza);

  if (direction != XMPP_SENT || strcmp (root->name, "iq") != 0)
    return;

  counts[0]++;
  if (xmpp_node_get_child (root, "error", XMPP_NS_CLIENT) != NULL &&
      xmpp_node_get_child (xmpp_node_get_child (root, "error", XMPP_NS_CLIENT), "resource-constraint",
                           "urn:ietf:params:xml:ns:xmpp-stanzas") != NULL)
    counts[1]++;
}

static gboolean
is_heard (guint *n)
{
  return *n >= 10000;
}

static void
count_received (XmppSession   *session,
                XmppStanza    *stanza,
                XmppDirection  direction,
                guint         *n)
{
  *n += direction == XMPP_RECEIVED;
}

static void
test_flood (void)
{
  g_autoptr(FakeServer) server = log_in ();
  g_autoptr(GString) xml = g_string_new (NULL);
  guint counts[2] = { 0, 0 };
  guint n_received = 0;

  stop_reading (server);
  g_signal_connect (server->session, "stanza", G_CALLBACK (count_sent), counts);
  g_signal_connect (server->session, "stanza", G_CALLBACK (count_received), &n_received);

  for (guint i = 0; i < 10000; i++)
    g_string_append_printf (xml, "<iq type='get' id='%u' from='eve@evil.test/x'><ping xmlns='urn:xmpp:ping'/></iq>", i);
  fake_server_send (server, xml->str);
  fake_server_wait_until (is_heard (&n_received));

  /* Fifty, of which the answer to the ping before may be one, and the word that it is enough */
  g_assert_cmpuint (counts[0], >=, 50);
  g_assert_cmpuint (counts[0], <=, 51);
  g_assert_cmpuint (counts[1], ==, 1);
  g_assert_true (xmpp_session_is_online (server->session));
}

static void
test_pushes (void)
{
  g_autoptr(FakeServer) server = log_in ();
  guint counts[2] = { 0, 0 };
  guint n_received = 0;

  stop_reading (server);
  g_signal_connect (server->session, "stanza", G_CALLBACK (count_sent), counts);
  g_signal_connect (server->session, "stanza", G_CALLBACK (count_received), &n_received);

  /* Our own account's changes are answered however many there are */
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *push = g_strdup_printf ("<iq type='set' id='%u'><query xmlns='urn:test'/></iq>", i);

      fake_server_send (server, push);
    }
  fake_server_wait_until (n_received == 100);
  g_assert_cmpuint (counts[0], ==, 100);
  g_assert_cmpuint (counts[1], ==, 0);
}

static void
test_after_flood (void)
{
  g_autoptr(FakeServer) server = log_in ();

  /* One who waits for his answers gets them all */
  for (guint i = 0; i < 200; i++)
    fake_server_ping (server);
}

/* Nor one whose answers always go out beside something else */
static void
on_stanza_chatter (XmppSession   *session,
                   XmppStanza    *stanza,
                   XmppDirection  direction,
                   gpointer       user_data)
{
  XmppMessage message = { .type = XMPP_MESSAGE_NORMAL };

  if (direction == XMPP_RECEIVED && strcmp (xmpp_stanza_get_root (stanza)->name, "presence") == 0)
    xmpp_session_send_message (session, &message);
}

static void
test_chatter (void)
{
  g_autoptr(FakeServer) server = log_in ();

  g_signal_connect (server->session, "stanza", G_CALLBACK (on_stanza_chatter), NULL);
  for (guint i = 0; i < 200; i++)
    {
      fake_server_send (server, "<presence from='bob@peer.test/p'/>");
      fake_server_ping (server);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/limits/T116-a-message-that-is-too-large-leaves-its-place", test_message);
  g_test_add_func ("/xmpp/limits/a-question-that-is-too-large-is-refused", test_question);
  g_test_add_func ("/xmpp/limits/an-answer-that-is-too-large-ends-its-question", test_answer);
  g_test_add_func ("/xmpp/limits/a-presence-that-is-too-large-says-only-who-is-gone", test_large_presence);
  g_test_add_func ("/xmpp/limits/T112-a-flood-of-questions-is-not-answered", test_flood);
  g_test_add_func ("/xmpp/limits/T112-but-our-own-accounts-pushes-are", test_pushes);
  g_test_add_func ("/xmpp/limits/T112-nor-who-asks-beside-other-traffic", test_chatter);
  g_test_add_func ("/xmpp/limits/T112-nor-is-who-waits-for-his-answers", test_after_flood);

  return g_test_run ();
}
