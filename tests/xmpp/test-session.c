/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-server.h"
#include "xmpp-module.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

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
  g_autoptr(FakeServer) server = log_in ();

  /* fake_server_free () drops the last reference without a goodbye, and sees that all is gone */
  g_signal_handlers_disconnect_by_data (server->session, server);
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

static void
test_broken_xml (void)
{
  g_autoptr(FakeServer) server = log_in ();

  fake_server_send (server, "<message><body>x</message>");
  fake_server_wait_until (server->n_closed == 1);
  g_assert_error (server->closed_error, XMPP_ERROR, XMPP_ERROR_NOT_WELL_FORMED);
}

/* At each moment of the login */

static void
go_to_connect (FakeServer *server)
{
  fake_server_start_connect (server);
}

static void
go_to_header (FakeServer *server)
{
  fake_server_connect (server);
  fake_server_expect_contains (server, "<stream:stream ");
}

static void
go_to_features (FakeServer *server)
{
  fake_server_connect (server);
  fake_server_open (server, NULL);
}

static void
go_to_proceed (FakeServer *server)
{
  fake_server_connect (server);
  fake_server_open (server, FAKE_STARTTLS);
  fake_server_expect_next (server, "<starttls xmlns='" NS_TLS "'/>");
}

static gboolean
has_input (FakeServer *server)
{
  char byte;

  return recv (server->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1;
}

/* The server does not read what is no XML */
static void
go_to_handshake (FakeServer *server)
{
  go_to_proceed (server);
  g_source_destroy (server->source);
  fake_server_send (server, "<proceed xmlns='" NS_TLS "'/>");
  fake_server_wait_until (has_input (server));
}

static void
go_to_second_header (FakeServer *server)
{
  fake_server_connect (server);
  fake_server_open (server, FAKE_STARTTLS);
  fake_server_start_tls (server);
  fake_server_expect_contains (server, "<stream:stream ");
}

static void
go_to_login (FakeServer *server)
{
  fake_server_connect (server);
  fake_server_open (server, FAKE_STARTTLS);
  fake_server_start_tls (server);
  fake_server_open (server, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));
  fake_server_expect_contains (server, "<auth ");
}

static void
go_to_third_header (FakeServer *server)
{
  go_to_login (server);
  fake_server_send (server, "<success xmlns='" NS_SASL "'/>");
  fake_server_expect_contains (server, "<stream:stream ");
}

static void
go_to_bind (FakeServer *server)
{
  go_to_login (server);
  fake_server_send (server, "<success xmlns='" NS_SASL "'/>");
  fake_server_open (server, FAKE_BIND);
  fake_server_expect_contains (server, FAKE_BIND_NS);
}

static void
go_to_session (FakeServer *server)
{
  go_to_login (server);
  fake_server_send (server, "<success xmlns='" NS_SASL "'/>");
  fake_server_open (server, FAKE_BIND "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>");
  fake_server_bind (server);
  fake_server_expect_contains (server, "xmpp-session");
}

static const struct
{
  const char *name;
  void      (*go) (FakeServer *server);
  guint       seconds;   /* until it is too late; 0: not the session's business */
} phases[] = {
  { "connecting", go_to_connect, 0 },
  { "header", go_to_header, 15 },
  { "features", go_to_features, 15 },
  { "proceed", go_to_proceed, 15 },
  { "handshake", go_to_handshake, 15 },
  { "second header", go_to_second_header, 15 },
  { "login", go_to_login, 20 },
  { "third header", go_to_third_header, 15 },
  { "bind", go_to_bind, 15 },
  { "session", go_to_session, 15 },
};

/* The thread of a handshake needs a moment to hear that it is over */
static void
assert_no_timers (FakeServer *server)
{
  fake_server_wait_until (server->client == NULL);
  g_assert_cmpint (xmpp_session_get_state (server->session), ==, XMPP_STATE_OFFLINE);
  g_assert_cmpuint (fake_clock_count (server->clock), ==, 0);
  g_assert_cmpuint (server->n_closed, ==, 0);
}

static void
on_cancelled (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  GError **error = user_data;

  g_assert_false (xmpp_session_connect_finish (XMPP_SESSION (object), result, error));
}

static void
test_abort_each_phase (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (phases); i++)
    {
      g_autoptr(FakeServer) server = fake_server_new (JID);

      g_test_message ("%s", phases[i].name);
      phases[i].go (server);
      xmpp_session_abort (server->session);
      g_assert_cmpint (xmpp_session_get_state (server->session), ==, XMPP_STATE_OFFLINE);
      fake_server_expect_failure (server, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      assert_no_timers (server);
    }
}

static void
test_close_each_phase (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (phases); i++)
    {
      g_autoptr(FakeServer) server = fake_server_new (JID);
      gboolean is_done = FALSE;

      g_test_message ("%s", phases[i].name);
      phases[i].go (server);
      xmpp_session_close_async (server->session, NULL, on_session_closed, &is_done);
      fake_server_expect_failure (server, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      fake_server_wait_until (is_done);
      assert_no_timers (server);
    }
}

static void
test_cancel_each_phase (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);

  /* Connects anew after each: nothing of an earlier attempt may be left */
  for (guint i = 0; i < G_N_ELEMENTS (phases); i++)
    {
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      g_autoptr(GError) error = NULL;
      guint before = server->n_connections;

      g_test_message ("%s", phases[i].name);
      xmpp_session_connect_async (server->session, cancellable, on_cancelled, &error);
      if (i % 2 == 1)
        fake_server_wait_until (server->n_connections > before);
      g_cancellable_cancel (cancellable);
      fake_server_wait_until (error != NULL);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      assert_no_timers (server);

      phases[i].go (server);
      xmpp_session_abort (server->session);
      fake_server_expect_failure (server, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      assert_no_timers (server);
      g_ptr_array_set_size (server->waiting, 0);
    }

  fake_server_login (server);
}

static void
test_late_each_phase (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (phases); i++)
    {
      g_autoptr(FakeServer) server = NULL;

      if (phases[i].seconds == 0)
        continue;

      g_test_message ("%s", phases[i].name);
      server = fake_server_new (JID);
      phases[i].go (server);
      fake_clock_advance (server->clock, phases[i].seconds * 1000 - 1);
      g_assert_true (server->is_connecting);
      fake_clock_advance (server->clock, 1);
      fake_server_expect_failure (server, XMPP_ERROR, XMPP_ERROR_TIMED_OUT);
    }
}

static void
test_lost_each_phase (void)
{
  for (guint i = 1; i < G_N_ELEMENTS (phases); i++)
    {
      g_autoptr(FakeServer) server = fake_server_new (JID);

      g_test_message ("%s", phases[i].name);
      phases[i].go (server);
      fake_server_fin (server);
      fake_server_wait_until (!server->is_connecting);
      g_assert_nonnull (server->error);
      g_assert_true (server->error->domain == XMPP_ERROR);
      g_assert_true (server->error->code == XMPP_ERROR_DISCONNECTED || server->error->code == XMPP_ERROR_TLS ||
                     server->error->code == XMPP_ERROR_NOT_XMPP);
      assert_no_timers (server);
    }
}

static void
test_stream_error_each_phase (void)
{
  for (guint i = 2; i < G_N_ELEMENTS (phases); i++)
    {
      g_autoptr(FakeServer) server = NULL;

      if (phases[i].go == go_to_handshake)
        continue;

      g_test_message ("%s", phases[i].name);
      server = fake_server_new (JID);
      phases[i].go (server);
      if (phases[i].go == go_to_second_header || phases[i].go == go_to_third_header)
        fake_server_send_header (server, "from='capulet.lit' id='x' version='1.0'");
      fake_server_send (server, "<stream:error>" CONDITION ("host-unknown") "</stream:error></stream:stream>");
      fake_server_expect_failure (server, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_HOST_UNKNOWN);
      fake_server_wait_until (server->is_eof);
    }
}

/* Elsewhere */

static void
redirect (FakeServer *server,
          const char *target)
{
  g_autofree char *xml = g_strdup_printf ("<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>"
                                          "%s</see-other-host></stream:error></stream:stream>", target);

  fake_server_send (server, xml);
}

static void
assert_connector (FakeServer *server,
                  const char *wanted_host,
                  guint       wanted_port)
{
  g_autoptr(XmppConnector) connector = NULL;
  g_autofree char *host = NULL;
  guint port;

  g_object_get (server->session, "connector", &connector, NULL);
  g_object_get (connector, "host", &host, "port", &port, NULL);
  g_assert_cmpstr (host, ==, wanted_host);
  g_assert_cmpuint (port, ==, wanted_port);
}

static const struct
{
  const char *target;
  const char *host;   /* NULL: refused */
  guint       port;
} targets[] = {
  { "other.capulet.lit", "other.capulet.lit", 0 },
  { "other.capulet.lit:5223", "other.capulet.lit", 5223 },
  { "192.0.2.7", "192.0.2.7", 0 },
  { "[2001:db8::7]", "2001:db8::7", 0 },
  { "[2001:db8::7]:5999", "2001:db8::7", 5999 },
  { "", NULL, 0 },
  { ":5222", NULL, 0 },
  { "host:0", NULL, 0 },
  { "host:65536", NULL, 0 },
  { "host:-1", NULL, 0 },
  { "host:5222x", NULL, 0 },
  { "ho\nst", NULL, 0 },
  { "ho st", NULL, 0 },
  { "[host]", NULL, 0 },
  { "[2001:db8::7", NULL, 0 },
  { "[2001:db8::7]x", NULL, 0 },
  { "me@host", NULL, 0 },
  { "host/x", NULL, 0 },
};

static void
test_redirects (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autoptr(FakeServer) server = fake_server_new (JID);

      g_test_message ("“%s”", targets[i].target);
      go_to_features (server);
      redirect (server, targets[i].target);

      if (targets[i].host == NULL)
        fake_server_expect_failure (server, XMPP_ERROR, XMPP_ERROR_REDIRECT);
      else
        {
          fake_server_wait_until (server->n_connections == 2);
          assert_connector (server, targets[i].host, targets[i].port);
          g_ptr_array_set_size (server->waiting, 0);
          xmpp_session_abort (server->session);
        }

      /* It never persists */
      assert_connector (server, NULL, 0);
    }
}

static void
test_redirect_login (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);

  go_to_login (server);
  redirect (server, "other.capulet.lit");
  fake_server_wait_until (server->n_connections == 2);
  fake_server_open (server, FAKE_STARTTLS);
  fake_server_start_tls (server);
  fake_server_open (server, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));
  fake_server_authenticate (server);
  fake_server_open (server, FAKE_BIND);
  fake_server_bind (server);
  fake_server_wait_until (!server->is_connecting);
  g_assert_no_error (server->error);
}

static void
test_redirect_evil (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);

  go_to_features (server);
  redirect (server, "evil.test:5222");
  fake_server_wait_until (server->n_connections == 2);
  g_free (server->certificate);
  server->certificate = fake_authority_issue (server->authority, "evil.test", FAKE_CERTIFICATE_GOOD);
  fake_server_open (server, FAKE_STARTTLS);
  fake_server_expect_contains (server, "<starttls");
  fake_server_send (server, "<proceed xmlns='" NS_TLS "'/>");
  g_assert_false (fake_server_handshake (server));
  fake_server_expect_failure (server, XMPP_ERROR, XMPP_ERROR_CERTIFICATE);
  g_assert_nonnull (xmpp_session_get_certificate (server->session));
}

static void
test_redirect_endless (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);

  go_to_features (server);
  for (guint i = 2; i <= 4; i++)
    {
      g_autofree char *target = g_strdup_printf ("host%u.capulet.lit", i);

      redirect (server, target);
      fake_server_wait_until (server->n_connections == i);
      fake_server_open (server, NULL);
    }
  redirect (server, "host5.capulet.lit");
  fake_server_expect_failure (server, XMPP_ERROR, XMPP_ERROR_REDIRECT);
  g_assert_cmpuint (server->n_connections, ==, 4);
}

static void
test_redirect_circle (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);

  go_to_features (server);
  redirect (server, "other.capulet.lit");
  fake_server_wait_until (server->n_connections == 2);
  fake_server_open (server, NULL);
  redirect (server, "other.capulet.lit");
  fake_server_expect_failure (server, XMPP_ERROR, XMPP_ERROR_REDIRECT);
  g_assert_cmpuint (server->n_connections, ==, 2);
}

/* Binding */

static void
go_to_bind_with (FakeServer *server,
                 const char *features)
{
  go_to_login (server);
  fake_server_send (server, "<success xmlns='" NS_SASL "'/>");
  fake_server_open (server, features);
}

static char *
expect_bind (FakeServer  *server,
             char       **resource)
{
  const char *request = fake_server_expect_contains (server, FAKE_BIND_NS);
  const char *start = strstr (request, "<resource>");

  g_assert_nonnull (start);
  start += strlen ("<resource>");
  if (resource != NULL)
    *resource = g_strndup (start, strcspn (start, "<"));

  return fake_xml_get (request, "id");
}

static void
refuse_bind (FakeServer *server,
             const char *id,
             const char *condition)
{
  g_autofree char *xml = g_strdup_printf ("<iq type='error' id='%s'><error type='cancel'>"
                                          "<%s xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
                                          id, condition);

  fake_server_send (server, xml);
}

static void
test_random_resource (void)
{
  g_autofree char *seen = NULL;
  char host[256] = "";

  g_assert_cmpint (gethostname (host, sizeof host - 1), ==, 0);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(FakeServer) server = fake_server_new ("juliet@capulet.lit");
      g_autofree char *resource = NULL;
      g_autofree char *id = NULL;

      go_to_bind_with (server, FAKE_BIND);
      id = expect_bind (server, &resource);
      g_assert_cmpuint (strlen (resource), >=, 16);
      g_assert_null (strstr (resource, host));
      g_assert_cmpstr (resource, !=, seen);
      g_free (seen);
      seen = g_steal_pointer (&resource);
    }
}

static void
test_bind_conflict (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *first_id = NULL;

  go_to_bind_with (server, FAKE_BIND);
  first_id = expect_bind (server, &first);
  g_assert_cmpstr (first, ==, "balcony");
  refuse_bind (server, first_id, "conflict");
  fake_server_bind (server);
  fake_server_wait_until (!server->is_connecting);
  g_assert_no_error (server->error);
  second = g_strdup (xmpp_jid_get_resource (xmpp_session_get_own_jid (server->session)));
  g_assert_cmpstr (second, !=, "balcony");
}

static void
test_bind_conflict_twice (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autofree char *first_id = NULL;
  g_autofree char *second_id = NULL;

  go_to_bind_with (server, FAKE_BIND);
  first_id = expect_bind (server, NULL);
  refuse_bind (server, first_id, "conflict");
  second_id = expect_bind (server, NULL);
  refuse_bind (server, second_id, "conflict");
  fake_server_expect_failure (server, XMPP_ERROR, XMPP_ERROR_BIND);
}

static void
test_bind_refused (void)
{
  static const char * const conditions[] = { "bad-request", "not-allowed", "resource-constraint", "no-such-thing" };

  for (guint i = 0; i < G_N_ELEMENTS (conditions); i++)
    {
      g_autoptr(FakeServer) server = fake_server_new (JID);
      g_autofree char *id = NULL;

      go_to_bind_with (server, FAKE_BIND);
      id = expect_bind (server, NULL);
      refuse_bind (server, id, conditions[i]);
      fake_server_expect_failure (server, XMPP_ERROR, XMPP_ERROR_BIND);
      fake_server_expect_closed (server);
    }
}

/* S78; ID stands for the right id */
static const char * const bind_answers[] = {
  "<iq type='result' id='ID'/>",
  "<iq type='result' id='ID'><bind xmlns='urn:evil'><jid>juliet@capulet.lit/r</jid></bind></iq>",
  "<iq type='result' id='ID'><bind xmlns='" FAKE_BIND_NS "'/></iq>",
  "<iq type='result' id='ID'><bind xmlns='" FAKE_BIND_NS "'><jid/></bind></iq>",
  "<iq type='result' id='ID'><bind xmlns='" FAKE_BIND_NS "'><jid>juliet@capulet.lit</jid></bind></iq>",
  "<iq type='result' id='ID'><bind xmlns='" FAKE_BIND_NS "'><jid>nurse@capulet.lit/r</jid></bind></iq>",
  "<iq type='result' id='ID'><bind xmlns='" FAKE_BIND_NS "'><jid>juliet@evil.test/r</jid></bind></iq>",
  "<iq type='result' id='ID'><bind xmlns='" FAKE_BIND_NS "'><jid>@@</jid></bind></iq>",
  "<iq type='result' id='other'><bind xmlns='" FAKE_BIND_NS "'><jid>juliet@capulet.lit/r</jid></bind></iq>",
  "<iq type='result'><bind xmlns='" FAKE_BIND_NS "'><jid>juliet@capulet.lit/r</jid></bind></iq>",
  "<iq type='result' id='ID' from='eve@evil.test/x'><bind xmlns='" FAKE_BIND_NS "'><jid>juliet@capulet.lit/r</jid></bind></iq>",
  "<iq type='set' id='ID'><bind xmlns='" FAKE_BIND_NS "'><jid>juliet@capulet.lit/r</jid></bind></iq>",
  "<iq id='ID'/>",
  "<iq type='error' id='ID'/>",
};

static void
test_bind_nonsense (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bind_answers); i++)
    {
      g_autoptr(FakeServer) server = fake_server_new (JID);
      g_autofree char *id = NULL;
      g_auto(GStrv) parts = g_strsplit (bind_answers[i], "'ID'", 2);
      g_autofree char *xml = NULL;

      g_test_message ("%s", bind_answers[i]);
      go_to_bind_with (server, FAKE_BIND);
      id = expect_bind (server, NULL);
      xml = parts[1] != NULL ? g_strdup_printf ("%s'%s'%s", parts[0], id, parts[1]) : g_strdup (parts[0]);
      fake_server_send (server, xml);
      fake_server_expect_failure (server, XMPP_ERROR, XMPP_ERROR_BIND);
    }
}

static void
test_bind_message_before (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);

  go_to_bind (server);
  fake_server_send (server, "<message from='eve@evil.test/x'><body>x</body></message>");
  fake_server_expect_failure (server, XMPP_ERROR, XMPP_ERROR_PROTOCOL);
}

static void
test_no_bind (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);

  go_to_bind_with (server, "");
  fake_server_expect_failure (server, XMPP_ERROR, XMPP_ERROR_BIND);
}

#define SESSION(content) "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'>" content "</session>"

static void
test_session_optional (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);

  server->features = g_strdup (SESSION ("<optional/>"));
  fake_server_login (server);
  for (guint i = 0; i < server->received->len; i++)
    g_assert_null (strstr (g_ptr_array_index (server->received, i), "xmpp-session"));
}

static void
test_session_required (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);

  go_to_session (server);
  {
    const char *request = g_ptr_array_index (server->received, server->received->len - 1);
    g_autofree char *id = fake_xml_get (request, "id");
    g_autofree char *xml = g_strdup_printf ("<iq type='result' id='%s'/>", id);

    g_assert_true (server->is_connecting);
    fake_server_send (server, xml);
  }
  fake_server_wait_until (!server->is_connecting);
  g_assert_no_error (server->error);
}

static void
test_session_refused (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);

  go_to_session (server);
  {
    const char *request = g_ptr_array_index (server->received, server->received->len - 1);
    g_autofree char *id = fake_xml_get (request, "id");

    refuse_bind (server, id, "internal-server-error");
  }
  fake_server_expect_failure (server, XMPP_ERROR, XMPP_ERROR_BIND);
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
test_tells_no_stranger (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  char host[256] = "";

  g_assert_cmpint (gethostname (host, sizeof host - 1), ==, 0);
  go_to_proceed (server);
  for (guint i = 0; i < server->received->len; i++)
    {
      g_assert_null (strstr (g_ptr_array_index (server->received, i), "juliet"));
      g_assert_null (strstr (g_ptr_array_index (server->received, i), host));
    }
  fake_server_send (server, "<proceed xmlns='" NS_TLS "'/>");
  g_assert_true (fake_server_handshake (server));
  g_assert_nonnull (strstr (fake_server_expect_contains (server, "<stream:stream "), " from='juliet@capulet.lit'"));
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
  g_test_add_func ("/xmpp/session/S94-a-stream-error-within-a-stanza-does-not", test_stream_error_within);
  g_test_add_func ("/xmpp/session/broken-xml-ends-it", test_broken_xml);

  g_test_add_func ("/xmpp/session/F47-aborting-in-each-phase", test_abort_each_phase);
  g_test_add_func ("/xmpp/session/F47-closing-in-each-phase", test_close_each_phase);
  g_test_add_func ("/xmpp/session/S32-cancelling-and-trying-again", test_cancel_each_phase);
  g_test_add_func ("/xmpp/session/S32-each-phase-ends-in-time", test_late_each_phase);
  g_test_add_func ("/xmpp/session/S31-a-loss-in-each-phase-is-an-error", test_lost_each_phase);
  g_test_add_func ("/xmpp/session/S27-a-stream-error-in-each-phase-is-told", test_stream_error_each_phase);

  g_test_add_func ("/xmpp/session/S28-see-other-host-is-followed", test_redirects);
  g_test_add_func ("/xmpp/session/S28-from-within-tls-too", test_redirect_login);
  g_test_add_func ("/xmpp/session/S28-but-not-to-another-certificate", test_redirect_evil);
  g_test_add_func ("/xmpp/session/S28-nor-without-end", test_redirect_endless);
  g_test_add_func ("/xmpp/session/S28-nor-in-a-circle", test_redirect_circle);

  g_test_add_func ("/xmpp/session/T103-a-device-without-a-name-gets-a-random-one", test_random_resource);
  g_test_add_func ("/xmpp/session/T103-before-tls-nobody-hears-who-we-are", test_tells_no_stranger);
  g_test_add_func ("/xmpp/session/S76-without-binding-there-is-no-session", test_no_bind);
  g_test_add_func ("/xmpp/session/S77-a-conflict-is-resolved-once", test_bind_conflict);
  g_test_add_func ("/xmpp/session/S77-but-not-twice", test_bind_conflict_twice);
  g_test_add_func ("/xmpp/session/S77-a-refusal-is-an-error", test_bind_refused);
  g_test_add_func ("/xmpp/session/S78-nonsense-binds-nothing", test_bind_nonsense);
  g_test_add_func ("/xmpp/session/S36-nothing-else-comes-before-the-binding", test_bind_message_before);
  g_test_add_func ("/xmpp/session/S79-an-optional-session-is-not-wanted", test_session_optional);
  g_test_add_func ("/xmpp/session/S79-a-required-session-is-begun", test_session_required);
  g_test_add_func ("/xmpp/session/S79-a-refused-session-is-an-error", test_session_refused);
  g_test_add_func ("/xmpp/session/S101-compression-is-never-used", test_compression);

  g_test_add_func ("/xmpp/session/the-console-sees-what-happens", test_shows_events);
  g_test_add_func ("/xmpp/session/T132-but-no-secret", test_shows_no_secret);

  g_test_add_func ("/xmpp/session/S95-other-namespaces-are-no-stanzas", test_other_namespaces);
  g_test_add_func ("/xmpp/session/S102-what-is-for-others-is-dropped", test_for_others);
  g_test_add_func ("/xmpp/session/offline-nothing-is-sent", test_send_offline);
  g_test_add_func ("/xmpp/session/a-person-may-write-stanzas", test_raw);
  g_test_add_func ("/xmpp/session/what-is-wrong-with-them-is-said", test_bad_raw);
  g_test_add_func ("/xmpp/session/aborting-from-any-state-change", test_abort_from_state);
  g_test_add_func ("/xmpp/session/aborting-from-any-stanza", test_abort_from_stanza);

  return g_test_run ();
}
