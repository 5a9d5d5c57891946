/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-server.h"
#include "xmpp-module.h"

#include <string.h>

#define JID     "juliet@capulet.lit/balcony"
#define NS_SASL "urn:ietf:params:xml:ns:xmpp-sasl"
#define NS_TLS  "urn:ietf:params:xml:ns:xmpp-tls"
#define CONDITION(name) "<" name " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"

/* A module that counts how often it was told that the session came and went */

#define TEST_TYPE_COUNTER (test_counter_get_type ())

G_DECLARE_FINAL_TYPE (TestCounter, test_counter, TEST, COUNTER, XmppModule)

struct _TestCounter
{
  XmppModule parent_instance;

  guint      n_online;
  guint      n_offline;
};

G_DEFINE_FINAL_TYPE (TestCounter, test_counter, XMPP_TYPE_MODULE)

static void
test_counter_online (XmppModule *module,
                     gboolean    resumed)
{
  g_assert_false (resumed);
  g_assert_true (xmpp_session_is_online (xmpp_module_get_session (module)));
  g_assert_nonnull (xmpp_session_get_own_jid (xmpp_module_get_session (module)));
  TEST_COUNTER (module)->n_online++;
}

static void
test_counter_offline (XmppModule *module)
{
  g_assert_false (xmpp_session_is_online (xmpp_module_get_session (module)));
  TEST_COUNTER (module)->n_offline++;
}

static void
test_counter_class_init (TestCounterClass *klass)
{
  XMPP_MODULE_CLASS (klass)->online = test_counter_online;
  XMPP_MODULE_CLASS (klass)->offline = test_counter_offline;
}

static void
test_counter_init (TestCounter *self)
{
}

GType (* const xmpp_module_types[]) (void) = { test_counter_get_type, NULL };

static FakeServer *
log_in (void)
{
  FakeServer *server = fake_server_new (JID);

  fake_server_login (server);

  return server;
}

static void
on_state (XmppSession *session,
          GParamSpec  *pspec,
          GArray      *states)
{
  XmppState state = xmpp_session_get_state (session);

  g_array_append_val (states, state);
}

static void
assert_states (GArray *states,
               ...)
{
  va_list args;

  va_start (args, states);
  for (guint i = 0; i < states->len; i++)
    g_assert_cmpint (g_array_index (states, XmppState, i), ==, va_arg (args, int));
  g_assert_cmpint (va_arg (args, int), ==, -1);
  va_end (args);
}

/* Coming */

static void
test_states (void)
{
  g_autoptr(GArray) states = g_array_new (FALSE, FALSE, sizeof (XmppState));
  g_autoptr(FakeServer) server = fake_server_new (JID);

  g_signal_connect (server->session, "notify::state", G_CALLBACK (on_state), states);
  fake_server_login (server);
  xmpp_session_abort (server->session);
  assert_states (states, XMPP_STATE_CONNECTING, XMPP_STATE_SECURING, XMPP_STATE_AUTHENTICATING,
                 XMPP_STATE_BINDING, XMPP_STATE_ONLINE, XMPP_STATE_OFFLINE, -1);
  g_signal_handlers_disconnect_by_data (server->session, states);
}

static void
test_knows (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);

  g_assert_cmpstr (xmpp_jid_get_text (xmpp_session_get_jid (server->session)), ==, "juliet@capulet.lit");
  g_assert_null (xmpp_session_get_own_jid (server->session));
  g_assert_null (xmpp_session_get_features (server->session));

  server->features = g_strdup ("<ver xmlns='urn:xmpp:features:rosterver'/>");
  fake_server_login (server);

  g_assert_cmpstr (xmpp_jid_get_text (xmpp_session_get_own_jid (server->session)), ==, JID);
  g_assert_cmpstr (xmpp_session_get_mechanism (server->session), ==, "PLAIN");
  g_assert_cmpstr (xmpp_session_get_tls_version (server->session), ==, "TLS 1.3");
  g_assert_cmpstr (xmpp_session_get_host (server->session), ==, "capulet.lit");
  g_assert_nonnull (xmpp_session_get_certificate (server->session));
  g_assert_true (xmpp_session_has_feature (server->session, "ver", "urn:xmpp:features:rosterver"));
  g_assert_true (xmpp_session_has_feature (server->session, "bind", FAKE_BIND_NS));
  g_assert_false (xmpp_session_has_feature (server->session, "ver", "urn:xmpp:other"));

  /* Those before TLS and login are forgotten (S33, S57) */
  g_assert_false (xmpp_session_has_feature (server->session, "starttls", NS_TLS));
  g_assert_false (xmpp_session_has_feature (server->session, "mechanisms", NS_SASL));

  xmpp_session_abort (server->session);
  g_assert_null (xmpp_session_get_own_jid (server->session));
  g_assert_null (xmpp_session_get_features (server->session));
  g_assert_null (xmpp_session_get_tls_version (server->session));
  g_assert_cmpstr (xmpp_jid_get_text (xmpp_session_get_jid (server->session)), ==, "juliet@capulet.lit");
}

static void
test_anonymous (void)
{
  g_autoptr(FakeServer) server = fake_server_new ("capulet.lit");

  g_object_set (server->session, "anonymous", TRUE, NULL);
  xmpp_session_set_password (server->session, NULL);
  fake_server_connect (server);
  fake_server_open (server, FAKE_STARTTLS);
  fake_server_start_tls (server);
  g_assert_null (strstr (fake_server_expect_contains (server, "<stream:stream "), " from="));
  fake_server_send_header (server, "from='capulet.lit' id='1' version='1.0'");
  fake_server_send (server, "<stream:features>" FAKE_MECHANISMS (FAKE_MECHANISM ("ANONYMOUS")) "</stream:features>");
  fake_server_expect_contains (server, "mechanism='ANONYMOUS'");
  fake_server_send (server, "<success xmlns='" NS_SASL "'/>");
  fake_server_open (server, FAKE_BIND);
  {
    g_autofree char *id = fake_xml_get (fake_server_expect_contains (server, FAKE_BIND_NS), "id");
    g_autofree char *xml = g_strdup_printf ("<iq type='result' id='%s'><bind xmlns='" FAKE_BIND_NS "'>"
                                            "<jid>guest-7@capulet.lit/r</jid></bind></iq>", id);

    fake_server_send (server, xml);
  }
  fake_server_wait_until (!server->is_connecting);
  g_assert_no_error (server->error);
  g_assert_cmpstr (xmpp_jid_get_text (xmpp_session_get_jid (server->session)), ==, "guest-7@capulet.lit");
}

static void
test_twice (void)
{
  g_autoptr(FakeServer) server = log_in ();

  fake_server_start_connect (server);
  fake_server_wait_until (!server->is_connecting);
  g_assert_error (server->error, G_IO_ERROR, G_IO_ERROR_PENDING);
  g_assert_true (xmpp_session_is_online (server->session));
}

static void
test_again (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  TestCounter *counter = xmpp_session_get_module (server->session, TEST_TYPE_COUNTER);

  for (guint i = 1; i <= 3; i++)
    {
      fake_server_login (server);
      g_assert_cmpuint (counter->n_online, ==, i);
      g_assert_cmpuint (counter->n_offline, ==, i - 1);

      if (i == 2)
        fake_server_close (server);
      else
        fake_server_fin (server);

      fake_server_wait_until (server->n_closed == i);
      g_assert_cmpuint (counter->n_offline, ==, i);
      g_assert_true (counter == xmpp_session_get_module (server->session, TEST_TYPE_COUNTER));
    }
}

static void
on_closed_connect (XmppSession  *session,
                   const GError *error,
                   FakeServer   *server)
{
  g_assert_cmpint (xmpp_session_get_state (session), ==, XMPP_STATE_OFFLINE);
  fake_server_start_connect (server);
}

static void
test_from_closed (void)
{
  g_autoptr(FakeServer) server = log_in ();
  gulong handler = g_signal_connect (server->session, "closed", G_CALLBACK (on_closed_connect), server);

  fake_server_fin (server);
  fake_server_wait_until (server->n_connections == 2);
  g_signal_handler_disconnect (server->session, handler);
  fake_server_open (server, FAKE_STARTTLS);
  fake_server_start_tls (server);
  fake_server_open (server, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));
  fake_server_authenticate (server);
  fake_server_open (server, FAKE_BIND);
  fake_server_bind (server);
  fake_server_wait_until (xmpp_session_is_online (server->session));
}

/* Going */

static void
on_session_closed (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  gboolean *is_done = user_data;
  g_autoptr(GError) error = NULL;

  g_assert_true (xmpp_session_close_finish (XMPP_SESSION (object), result, &error));
  g_assert_no_error (error);
  g_assert_cmpint (xmpp_session_get_state (XMPP_SESSION (object)), ==, XMPP_STATE_OFFLINE);
  *is_done = TRUE;
}

static void
test_close (void)
{
  g_autoptr(FakeServer) server = log_in ();
  gboolean is_done = FALSE;
  gboolean is_done_too = FALSE;

  xmpp_session_close_async (server->session, NULL, on_session_closed, &is_done);
  g_assert_cmpint (xmpp_session_get_state (server->session), ==, XMPP_STATE_CLOSING);
  xmpp_session_close_async (server->session, NULL, on_session_closed, &is_done_too);
  fake_server_expect_next (server, "<presence type='unavailable'/>");
  fake_server_close (server);
  fake_server_wait_until (is_done && is_done_too);
  g_assert_cmpuint (server->n_closed, ==, 1);
  g_assert_no_error (server->closed_error);
}

static void
test_close_silent_server (void)
{
  g_autoptr(FakeServer) server = log_in ();
  gboolean is_done = FALSE;

  xmpp_session_close_async (server->session, NULL, on_session_closed, &is_done);
  fake_server_expect (server, "</stream:stream>");
  fake_clock_advance (server->clock, 1999);
  g_assert_cmpint (xmpp_session_get_state (server->session), ==, XMPP_STATE_CLOSING);
  fake_clock_advance (server->clock, 1);
  fake_server_wait_until (is_done);
  g_assert_cmpuint (server->n_closed, ==, 1);
  g_assert_no_error (server->closed_error);
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
test_close_hears (void)
{
  g_autoptr(FakeServer) server = log_in ();
  gboolean is_done = FALSE;
  guint n = 0;

  g_signal_connect (server->session, "message", G_CALLBACK (on_message), &n);
  xmpp_session_close_async (server->session, NULL, on_session_closed, &is_done);
  fake_server_expect (server, "</stream:stream>");
  fake_server_send (server, "<message from='romeo@montague.lit/orchard'><body>wait</body></message></stream:stream>");
  fake_server_wait_until (is_done);
  g_assert_cmpuint (n, ==, 1);
}

static void
test_close_cancelled (void)
{
  g_autoptr(FakeServer) server = log_in ();
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  xmpp_session_close_async (server->session, cancellable, NULL, NULL);
  g_cancellable_cancel (cancellable);
  fake_server_wait_until (server->n_closed == 1);
  g_assert_cmpint (xmpp_session_get_state (server->session), ==, XMPP_STATE_OFFLINE);
}

static void
test_abort (void)
{
  g_autoptr(FakeServer) server = log_in ();

  fake_server_settle (server);
  xmpp_session_abort (server->session);
  g_assert_cmpuint (server->n_closed, ==, 1);
  g_assert_no_error (server->closed_error);
  g_assert_cmpint (xmpp_session_get_state (server->session), ==, XMPP_STATE_OFFLINE);
  fake_server_expect_closed (server);
  xmpp_session_abort (server->session);
  g_assert_cmpuint (server->n_closed, ==, 1);
}

static void
test_dropped (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autoptr(XmppConnector) connector = NULL;
  g_autoptr(GTlsDatabase) database = NULL;
  g_autoptr(XmppJid) jid = xmpp_jid_new (JID, NULL);
  XmppSession *session = xmpp_session_new (jid);

  g_object_get (server->session, "connector", &connector, "tls-database", &database, NULL);
  g_object_set (session, "connector", connector, "clock", server->clock, "tls-database", database, NULL);
  xmpp_session_set_password (session, FAKE_PASSWORD);

  xmpp_session_connect_async (session, NULL, NULL, NULL);
  fake_server_wait_until (server->n_connections == 1);
  fake_server_open (server, FAKE_STARTTLS);
  fake_server_start_tls (server);
  fake_server_open (server, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));
  fake_server_authenticate (server);
  fake_server_open (server, FAKE_BIND);
  fake_server_bind (server);
  fake_server_wait_until (xmpp_session_is_online (session));

  g_assert_finalize_object (session);
  fake_server_expect_closed (server);
}

static void
test_server_closes (void)
{
  g_autoptr(FakeServer) server = log_in ();

  fake_server_close (server);
  fake_server_wait_until (server->n_closed == 1);
  g_assert_error (server->closed_error, XMPP_ERROR, XMPP_ERROR_DISCONNECTED);
}

static void
test_server_vanishes (void)
{
  g_autoptr(FakeServer) server = log_in ();

  fake_server_fin (server);
  fake_server_wait_until (server->n_closed == 1);
  g_assert_error (server->closed_error, XMPP_ERROR, XMPP_ERROR_DISCONNECTED);
}

static void
test_server_resets (void)
{
  g_autoptr(FakeServer) server = log_in ();

  fake_server_reset (server);
  fake_server_wait_until (server->n_closed == 1);
  g_assert_error (server->closed_error, XMPP_ERROR, XMPP_ERROR_DISCONNECTED);
}

static void
test_stream_error (void)
{
  g_autoptr(FakeServer) server = log_in ();

  fake_server_settle (server);
  fake_server_send (server, "<stream:error>" CONDITION ("conflict") "</stream:error>");
  fake_server_wait_until (server->n_closed == 1);
  g_assert_error (server->closed_error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_CONFLICT);
  fake_server_expect_closed (server);
  g_assert_cmpuint (server->n_closed, ==, 1);
}

static void
test_broken_xml (void)
{
  g_autoptr(FakeServer) server = log_in ();

  fake_server_send (server, "<message><body>x</message>");
  fake_server_wait_until (server->n_closed == 1);
  g_assert_error (server->closed_error, XMPP_ERROR, XMPP_ERROR_NOT_WELL_FORMED);
}

static void
test_compression (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);

  server->features = g_strdup ("<compression xmlns='http://jabber.org/features/compress'><method>zlib</method></compression>");
  fake_server_login (server);
  for (guint i = 0; i < server->received->len; i++)
    g_assert_null (strstr (g_ptr_array_index (server->received, i), "compress"));
}

/* What is shown */

static void
collect_event (XmppSession   *session,
               XmppEvent      event,
               XmppDirection  direction,
               const char    *text,
               GPtrArray     *lines)
{
  g_ptr_array_add (lines, g_strdup_printf ("%d %c %s", event, direction == XMPP_SENT ? '>' : '<', text));
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

static gboolean
has_line (GPtrArray  *lines,
          const char *part)
{
  for (guint i = 0; i < lines->len; i++)
    {
      if (strstr (g_ptr_array_index (lines, i), part) != NULL)
        return TRUE;
    }

  return FALSE;
}

static void
test_shows_events (void)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autofree char *tls = g_strdup_printf ("%d < TLS 1.3, ", XMPP_EVENT_TLS);
  g_autofree char *sent = g_strdup_printf ("%d > <?xml version='1.0'?><stream:stream ", XMPP_EVENT_HEADER);
  g_autofree char *received = g_strdup_printf ("%d < <?xml version='1.0'?><stream:stream ", XMPP_EVENT_HEADER);
  g_autofree char *sasl = g_strdup_printf ("%d < Mechanism PLAIN", XMPP_EVENT_SASL);
  g_autofree char *network = g_strdup_printf ("%d < Connected to capulet.lit (127.0.0.1), port 5222", XMPP_EVENT_NETWORK);
  g_autofree char *white = g_strdup_printf ("%d <  \n", XMPP_EVENT_WHITESPACE);
  g_autofree char *end = g_strdup_printf ("%d < </stream:stream>", XMPP_EVENT_HEADER);

  g_signal_connect (server->session, "event", G_CALLBACK (collect_event), lines);
  fake_server_login (server);
  fake_server_send (server, " \n");
  fake_server_wait_until (has_line (lines, white));
  fake_server_close (server);
  fake_server_wait_until (server->n_closed == 1);

  g_assert_true (has_line (lines, network));
  g_assert_true (has_line (lines, sent));
  g_assert_true (has_line (lines, received));
  g_assert_true (has_line (lines, tls));
  g_assert_true (has_line (lines, "Certificate of "));
  g_assert_true (has_line (lines, sasl));
  g_assert_true (has_line (lines, end));
  g_signal_handlers_disconnect_by_data (server->session, lines);
}

static void
test_shows_no_secret (void)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(FakeServer) server = fake_server_new (JID);
  const char plain[] = "\0juliet\0" FAKE_PASSWORD;
  g_autofree char *secret = g_base64_encode ((const guchar *) plain, sizeof plain - 1);

  g_signal_connect (server->session, "event", G_CALLBACK (collect_event), lines);
  g_signal_connect (server->session, "stanza", G_CALLBACK (collect_stanza), lines);
  fake_server_login (server);

  g_assert_true (has_line (lines, "> <starttls xmlns='" NS_TLS "'/>"));
  g_assert_true (has_line (lines, "< <proceed xmlns='" NS_TLS "'/>"));
  g_assert_true (has_line (lines, "mechanism='PLAIN'>[redacted, 20 bytes]</auth>"));
  g_assert_true (has_line (lines, "< <success xmlns='" NS_SASL "'/>"));
  g_assert_true (has_line (lines, "<jid>" JID "</jid>"));
  for (guint i = 0; i < lines->len; i++)
    {
      g_assert_null (strstr (g_ptr_array_index (lines, i), secret));
      g_assert_null (strstr (g_ptr_array_index (lines, i), FAKE_PASSWORD));
    }

  /* The server got the real one */
  g_assert_true (has_line (server->received, secret));
  g_signal_handlers_disconnect_by_data (server->session, lines);
}

static void
test_send_offline (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autoptr(XmppStanza) presence = xmpp_stanza_new ("presence", XMPP_NS_CLIENT);
  g_autoptr(GError) error = NULL;

  xmpp_session_send (server->session, presence);
  g_assert_false (xmpp_session_send_raw (server->session, "<presence/>", &error));
  g_assert_error (error, XMPP_ERROR, XMPP_ERROR_DISCONNECTED);
  fake_server_login (server);
  fake_server_no_more (server);
}

/* Listeners that do the worst at the worst moment */

static void
abort_on_state (XmppSession *session,
                GParamSpec  *pspec,
                gpointer     wanted)
{
  if (xmpp_session_get_state (session) == GPOINTER_TO_UINT (wanted))
    xmpp_session_abort (session);
}

static void
test_abort_from_state (void)
{
  static const XmppState states[] = {
    XMPP_STATE_CONNECTING, XMPP_STATE_SECURING, XMPP_STATE_AUTHENTICATING, XMPP_STATE_BINDING, XMPP_STATE_ONLINE,
  };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autoptr(FakeServer) server = fake_server_new (JID);

      g_signal_connect (server->session, "notify::state", G_CALLBACK (abort_on_state), GUINT_TO_POINTER (states[i]));
      fake_server_start_connect (server);
      if (states[i] > XMPP_STATE_CONNECTING)
        fake_server_wait_until (server->n_connections == 1);
      if (states[i] > XMPP_STATE_SECURING)
        {
          fake_server_open (server, FAKE_STARTTLS);
          fake_server_start_tls (server);
        }
      if (states[i] > XMPP_STATE_AUTHENTICATING)
        {
          fake_server_open (server, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));
          fake_server_authenticate (server);
        }
      if (states[i] > XMPP_STATE_BINDING)
        {
          fake_server_open (server, FAKE_BIND);
          fake_server_bind (server);
        }
      fake_server_wait_until (!server->is_connecting);
      g_assert_nonnull (server->error);
      g_assert_cmpint (xmpp_session_get_state (server->session), ==, XMPP_STATE_OFFLINE);
    }
}

typedef struct
{
  guint left;   /* stanzas until the end */
} Countdown;

static void
abort_on_stanza (XmppSession   *session,
                 XmppStanza    *stanza,
                 XmppDirection  direction,
                 Countdown     *countdown)
{
  if (countdown->left-- == 0)
    xmpp_session_abort (session);
}

static void
test_abort_from_stanza (void)
{
  for (guint i = 0; i < 6; i++)
    {
      g_autoptr(FakeServer) server = log_in ();
      Countdown countdown = { i };

      fake_server_settle (server);
      g_signal_connect (server->session, "stanza", G_CALLBACK (abort_on_stanza), &countdown);
      fake_server_send (server, "<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>"
                                "<message from='romeo@montague.lit'><body>x</body></message>"
                                "<presence from='romeo@montague.lit/a'/>"
                                "<iq type='get' id='2'><ping xmlns='urn:xmpp:ping'/></iq>");
      fake_server_wait_until (server->n_closed == 1);
      g_assert_no_error (server->closed_error);
      g_assert_cmpint (xmpp_session_get_state (server->session), ==, XMPP_STATE_OFFLINE);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/session/login-passes-through-the-states", test_states);
  g_test_add_func ("/xmpp/session/it-knows-its-connection", test_knows);
  g_test_add_func ("/xmpp/session/anonymous-it-is-who-the-server-says", test_anonymous);
  g_test_add_func ("/xmpp/session/connecting-twice-is-refused", test_twice);
  g_test_add_func ("/xmpp/session/it-connects-again", test_again);
  g_test_add_func ("/xmpp/session/it-connects-again-from-closed", test_from_closed);
  g_test_add_func ("/xmpp/session/closing-says-goodbye", test_close);
  g_test_add_func ("/xmpp/session/F53-closing-waits-two-seconds", test_close_silent_server);
  g_test_add_func ("/xmpp/session/what-comes-while-closing-is-heard", test_close_hears);
  g_test_add_func ("/xmpp/session/closing-need-not-wait", test_close_cancelled);
  g_test_add_func ("/xmpp/session/aborting-ends-at-once", test_abort);
  g_test_add_func ("/xmpp/session/dropping-it-ends-it", test_dropped);
  g_test_add_func ("/xmpp/session/S30-the-server-says-goodbye", test_server_closes);
  g_test_add_func ("/xmpp/session/S30-the-server-is-gone", test_server_vanishes);
  g_test_add_func ("/xmpp/session/S31-the-server-resets", test_server_resets);
  g_test_add_func ("/xmpp/session/S29-a-stream-error-ends-it", test_stream_error);
  g_test_add_func ("/xmpp/session/broken-xml-ends-it", test_broken_xml);
  g_test_add_func ("/xmpp/session/S101-compression-is-never-used", test_compression);
  g_test_add_func ("/xmpp/session/the-console-sees-what-happens", test_shows_events);
  g_test_add_func ("/xmpp/session/T132-but-no-secret", test_shows_no_secret);
  g_test_add_func ("/xmpp/session/offline-nothing-is-sent", test_send_offline);
  g_test_add_func ("/xmpp/session/aborting-from-any-state-change", test_abort_from_state);
  g_test_add_func ("/xmpp/session/aborting-from-any-stanza", test_abort_from_stanza);

  return g_test_run ();
}
