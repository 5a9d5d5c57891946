/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-server.h"
#include "xmpp-module.h"

#include <string.h>
#include <sys/socket.h>

#define JID     "juliet@capulet.lit/balcony"
#define NS_SASL "urn:ietf:params:xml:ns:xmpp-sasl"
#define NS_TLS  "urn:ietf:params:xml:ns:xmpp-tls"

/* No modules: they have nothing to say before the login is done */
GType (* const xmpp_module_types[]) (void) = { NULL };

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
on_session_closed (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  gboolean *is_done = user_data;

  g_assert_true (xmpp_session_close_finish (XMPP_SESSION (object), result, NULL));
  *is_done = TRUE;
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

/* A server that does its part of the login for as long as there is a client */

static void
answer_element (FakeServer *server,
                const char *element,
                guint      *n_headers)
{
  static const char * const features[] = { FAKE_STARTTLS, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")), FAKE_BIND };

  if (g_str_has_prefix (element, "<stream:stream "))
    {
      g_autofree char *xml = g_strdup_printf ("<stream:features>%s</stream:features>", features[*n_headers]);

      (*n_headers)++;
      fake_server_send_header (server, "from='capulet.lit' id='x' version='1.0'");
      fake_server_send (server, xml);
    }
  else if (g_str_has_prefix (element, "<starttls "))
    {
      fake_server_send (server, "<proceed xmlns='" NS_TLS "'/>");
      fake_server_handshake (server);
    }
  else if (g_str_has_prefix (element, "<auth "))
    fake_server_send (server, "<success xmlns='" NS_SASL "'/>");
  else if (g_str_has_prefix (element, "<iq "))
    {
      g_autofree char *id = fake_xml_get (element, "id");
      g_autofree char *xml = g_strdup_printf ("<iq type='result' id='%s'><bind xmlns='" FAKE_BIND_NS "'><jid>" JID "</jid></bind></iq>", id);

      fake_server_send (server, xml);
    }
}

static void
serve (FakeServer *server)
{
  guint n_headers = 0;

  while (server->is_connecting)
    {
      fake_server_wait_until (!server->is_connecting || server->waiting->len > 0);

      if (server->waiting->len > 0)
        {
          const char *element = g_ptr_array_index (server->waiting, 0);

          g_ptr_array_remove_index (server->waiting, 0);
          answer_element (server, element, &n_headers);
        }
    }
}

/* A listener that does the worst at every moment there is */
typedef struct
{
  guint left;   /* moments until then */
} Countdown;

static void
count_down (XmppSession *session,
            Countdown   *countdown)
{
  if (countdown->left-- == 0)
    xmpp_session_abort (session);
}

static void
on_moment_event (XmppSession   *session,
                 XmppEvent      event,
                 XmppDirection  direction,
                 const char    *text,
                 Countdown     *countdown)
{
  count_down (session, countdown);
}

static void
on_moment_stanza (XmppSession   *session,
                  XmppStanza    *stanza,
                  XmppDirection  direction,
                  Countdown     *countdown)
{
  count_down (session, countdown);
}

static void
on_moment_state (XmppSession *session,
                 GParamSpec  *pspec,
                 Countdown   *countdown)
{
  count_down (session, countdown);
}

static void
test_abort_each_moment (void)
{
  gboolean is_through = FALSE;

  for (guint i = 0; !is_through; i++)
    {
      g_autoptr(FakeServer) server = fake_server_new (JID);
      Countdown countdown = { i };

      g_signal_connect (server->session, "event", G_CALLBACK (on_moment_event), &countdown);
      g_signal_connect (server->session, "stanza", G_CALLBACK (on_moment_stanza), &countdown);
      g_signal_connect (server->session, "notify", G_CALLBACK (on_moment_state), &countdown);
      fake_server_start_connect (server);
      serve (server);

      is_through = server->error == NULL;
      g_assert_true (xmpp_session_is_online (server->session) == is_through);
      if (is_through)
        {
          g_test_message ("%u moments", i);
          g_assert_cmpuint (i, >, 20);
        }
      g_signal_handlers_disconnect_by_data (server->session, &countdown);
    }
}

/* The same when it says goodbye */
static void
test_abort_each_last_moment (void)
{
  for (guint i = 0; i < 8; i++)
    {
      g_autoptr(FakeServer) server = fake_server_new (JID);
      Countdown countdown = { i };

      fake_server_login (server);
      g_signal_connect (server->session, "event", G_CALLBACK (on_moment_event), &countdown);
      g_signal_connect (server->session, "stanza", G_CALLBACK (on_moment_stanza), &countdown);
      g_signal_connect (server->session, "notify", G_CALLBACK (on_moment_state), &countdown);
      if (i % 2 == 0)
        xmpp_session_close_async (server->session, NULL, NULL, NULL);
      fake_server_send (server, "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
                                "</stream:stream>");
      fake_server_wait_until (server->n_closed == 1);
      g_assert_cmpint (xmpp_session_get_state (server->session), ==, XMPP_STATE_OFFLINE);
      g_signal_handlers_disconnect_by_data (server->session, &countdown);
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

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/phases/F47-aborting-in-each-phase", test_abort_each_phase);
  g_test_add_func ("/xmpp/phases/F47-closing-in-each-phase", test_close_each_phase);
  g_test_add_func ("/xmpp/phases/S32-cancelling-and-trying-again", test_cancel_each_phase);
  g_test_add_func ("/xmpp/phases/S32-each-phase-ends-in-time", test_late_each_phase);
  g_test_add_func ("/xmpp/phases/F47-aborting-at-each-moment-of-the-login", test_abort_each_moment);
  g_test_add_func ("/xmpp/phases/F47-aborting-at-each-moment-of-the-goodbye", test_abort_each_last_moment);
  g_test_add_func ("/xmpp/phases/S28-see-other-host-is-followed", test_redirects);
  g_test_add_func ("/xmpp/phases/S28-from-within-tls-too", test_redirect_login);
  g_test_add_func ("/xmpp/phases/S28-but-not-to-another-certificate", test_redirect_evil);
  g_test_add_func ("/xmpp/phases/S28-nor-without-end", test_redirect_endless);
  g_test_add_func ("/xmpp/phases/S28-nor-in-a-circle", test_redirect_circle);

  return g_test_run ();
}
