/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-server.h"

#include "xmpp-error.h"

#include <string.h>

#define JID        "juliet@capulet.lit/balcony"
#define NS_SASL    "urn:ietf:params:xml:ns:xmpp-sasl"
#define NS_SESSION "urn:ietf:params:xml:ns:xmpp-session"
#define HEADER     "from='capulet.lit' id='x' version='1.0'"
#define PLAIN      FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN"))
#define STREAM_ERROR(content) "<stream:error>" content "</stream:error>"
#define CONDITION(name) "<" name " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"

/* Where a connection can break: what the client says there has come, and is not answered */
typedef enum
{
  POINT_ACCEPT,
  POINT_HEADER,
  POINT_STARTTLS,
  POINT_PROCEED,          /* in the handshake */
  POINT_SECURE_HEADER,
  POINT_AUTH,
  POINT_RESTART,          /* after success */
  POINT_BIND,
  POINT_ONLINE,
  N_POINTS
} Point;

static FakeServer *
server_at (Point point)
{
  FakeServer *server = fake_server_new (JID);

  fake_server_connect (server);
  fake_server_wait_until (server->received->len > 0);
  if (point == POINT_ACCEPT)
    return server;

  if (point == POINT_HEADER)
    {
      fake_server_expect_contains (server, "<stream:stream ");
      fake_server_send_header (server, HEADER);
      return server;
    }

  fake_server_open (server, FAKE_STARTTLS);
  if (point == POINT_STARTTLS || point == POINT_PROCEED)
    {
      fake_server_expect_contains (server, "<starttls ");
      if (point == POINT_PROCEED)
        {
          fake_server_stop_reading (server);
          fake_server_send (server, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
          fake_server_expect_bytes (server);
        }
      return server;
    }

  fake_server_start_tls (server);
  if (point == POINT_SECURE_HEADER)
    {
      fake_server_expect_contains (server, "<stream:stream ");
      fake_server_send_header (server, HEADER);
      return server;
    }

  fake_server_open (server, PLAIN);
  if (point == POINT_AUTH)
    {
      fake_server_expect_contains (server, "<auth ");
      return server;
    }

  fake_server_authenticate (server);
  if (point == POINT_RESTART)
    {
      fake_server_expect_contains (server, "<stream:stream ");
      return server;
    }

  fake_server_open (server, FAKE_BIND);
  if (point == POINT_BIND)
    {
      fake_server_expect_contains (server, FAKE_BIND_NS);
      return server;
    }

  fake_server_bind (server);
  fake_server_wait_until (!server->is_connecting);
  g_assert_no_error (server->error);

  return server;
}

/* The error that ended it, of the connect or of the session that was online */
static GError *
wait_for_end (FakeServer *server)
{
  fake_server_wait_until (!server->is_connecting && !xmpp_session_is_online (server->session));

  return server->error != NULL ? server->error : server->closed_error;
}

static void
assert_ends (FakeServer *server,
             GQuark      domain,
             int         code)
{
  g_assert_error (wait_for_end (server), domain, code);
  g_assert_cmpint (xmpp_session_get_state (server->session), ==, XMPP_STATE_OFFLINE);
  g_assert_null (xmpp_session_get_own_jid (server->session));
}

/* Headers */

static void
test_versions (void)
{
  const struct
  {
    const char *attribute;
    gboolean    is_ok;
  } versions[] = {
    { "", FALSE },
    { " version='0.9'", FALSE },
    { " version='abc'", FALSE },
    { " version=''", FALSE },
    { " version='1'", FALSE },
    { " version='1.0'", TRUE },
    { " version='1.1'", TRUE },
    { " version='2.0'", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (versions); i++)
    {
      g_autoptr(FakeServer) server = fake_server_new (JID);
      g_autofree char *attributes = g_strconcat ("from='capulet.lit' id='x'", versions[i].attribute, NULL);

      fake_server_connect (server);
      fake_server_expect_contains (server, "<stream:stream ");
      fake_server_send_header (server, attributes);
      fake_server_send (server, "<stream:features>" FAKE_STARTTLS "</stream:features>");

      if (versions[i].is_ok)
        fake_server_expect_contains (server, "<starttls ");
      else
        assert_ends (server, XMPP_ERROR, XMPP_ERROR_UNSUPPORTED_VERSION);
      g_assert_cmpuint (server->received->len, <=, 4);
    }
}

static void
test_header_attributes_after_tls (void)
{
  const struct
  {
    const char *attributes;
    gboolean    is_ok;
  } headers[] = {
    { "id='x' version='1.0'", TRUE },
    { "from='capulet.lit' version='1.0'", TRUE },
    { "from='CAPULET.lit' id='x' version='1.0'", TRUE },
    { "from='capulet.lit' id='x' version='1.0' to='nurse@capulet.lit'", TRUE },
    { "from='capulet.lit' id='x' version='1.0' lang='de'", TRUE },
    { "from='capulet.lit' id='x' version='1.0' xmlns:a='urn:a' a:from='evil.test' a:version='0.1'", TRUE },
    { "from='evil.test' id='x' version='1.0'", FALSE },
    { "from='capulet.lit.evil.test' id='x' version='1.0'", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autoptr(FakeServer) server = fake_server_new (JID);

      fake_server_secure (server);
      fake_server_expect_contains (server, "<stream:stream ");
      fake_server_send_header (server, headers[i].attributes);
      fake_server_send (server, "<stream:features>" PLAIN "</stream:features>");

      if (headers[i].is_ok)
        fake_server_expect_contains (server, "<auth ");
      else
        {
          assert_ends (server, XMPP_ERROR, XMPP_ERROR_PROTOCOL);
          for (guint j = 0; j < server->received->len; j++)
            g_assert_null (strstr (g_ptr_array_index (server->received, j), "<auth "));
        }
    }
}

/* Where nobody can be sure who wrote it, "from" proves nothing either way */
static void
test_duplicate_attribute_is_no_header (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);

  fake_server_connect (server);
  fake_server_send_header (server, "from='capulet.lit' id='x' id='y' version='1.0'");
  g_assert_nonnull (wait_for_end (server));
}

/* Features */

static void
test_useless_features_end_it (void)
{
  const char * const features[] = { "", "<ver xmlns='urn:xmpp:features:rosterver'/>", "<x xmlns='urn:example:x'/>" };

  for (gsize i = 0; i < G_N_ELEMENTS (features); i++)
    {
      g_autoptr(FakeServer) before = fake_server_new (JID);
      g_autoptr(FakeServer) after = fake_server_new (JID);

      fake_server_connect (before);
      fake_server_open (before, features[i]);
      assert_ends (before, XMPP_ERROR, XMPP_ERROR_NO_TLS);

      fake_server_secure (after);
      fake_server_open (after, features[i]);
      assert_ends (after, XMPP_ERROR, XMPP_ERROR_NO_MECHANISM);
    }
}

static void
test_half_of_the_features_is_nothing (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);

  fake_server_connect (server);
  fake_server_open (server, NULL);
  fake_server_send (server, "<stream:features>" FAKE_STARTTLS);
  fake_clock_advance (server->clock, 14 * 1000);
  g_assert_true (server->is_connecting);
  fake_clock_advance (server->clock, 2 * 1000);
  assert_ends (server, XMPP_ERROR, XMPP_ERROR_TIMED_OUT);
}

static void
test_features_come_once (void)
{
  g_autoptr(FakeServer) server = server_at (POINT_STARTTLS);

  fake_server_send (server, "<stream:features>" FAKE_STARTTLS "</stream:features>");
  assert_ends (server, XMPP_ERROR, XMPP_ERROR_PROTOCOL);
}

static void
test_features_come_after_the_header (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);

  fake_server_connect (server);
  fake_server_send (server, "<stream:features xmlns:stream='http://etherx.jabber.org/streams'>" FAKE_STARTTLS "</stream:features>");
  g_assert_nonnull (wait_for_end (server));
  g_assert_cmpuint (server->n_connections, ==, 1);
}

/* Stream errors */

static void
test_stream_errors_before_features (void)
{
  for (int i = XMPP_STREAM_ERROR_UNDEFINED_CONDITION; i <= XMPP_STREAM_ERROR_UNSUPPORTED_VERSION; i++)
    {
      g_autoptr(FakeServer) server = NULL;
      g_autofree char *xml = NULL;

      if (i == XMPP_STREAM_ERROR_SEE_OTHER_HOST)
        continue;

      server = server_at (POINT_HEADER);
      xml = g_strdup_printf (STREAM_ERROR ("<%s xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>") "</stream:stream>",
                             xmpp_stream_error_get_name (i));
      fake_server_send (server, xml);
      assert_ends (server, XMPP_STREAM_ERROR, i);
      g_assert_cmpuint (strlen (server->error->message), >, 10);
    }
}

static void
test_odd_stream_errors (void)
{
  const struct
  {
    const char *xml;
    int         code;
  } errors[] = {
    { STREAM_ERROR (CONDITION ("unheard-of")), XMPP_STREAM_ERROR_UNDEFINED_CONDITION },
    { STREAM_ERROR (""), XMPP_STREAM_ERROR_UNDEFINED_CONDITION },
    { STREAM_ERROR ("<host-unknown xmlns='urn:example:other'/>"), XMPP_STREAM_ERROR_UNDEFINED_CONDITION },
    { STREAM_ERROR ("<application xmlns='urn:example:app'/>" CONDITION ("host-gone")), XMPP_STREAM_ERROR_HOST_GONE },
    { STREAM_ERROR (CONDITION ("host-unknown")
                    "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams' xml:lang='de'>Unbekannt</text>"
                    "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams' xml:lang='en'>Unknown</text>"
                    "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams' xml:lang='zh'>\xe6\x9c\xaa\xe7\x9f\xa5</text>"),
      XMPP_STREAM_ERROR_HOST_UNKNOWN },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_autoptr(FakeServer) server = server_at (POINT_HEADER);

      fake_server_send (server, errors[i].xml);
      assert_ends (server, XMPP_STREAM_ERROR, errors[i].code);
    }
}

static void
test_endless_stream_error_ends_it (void)
{
  g_autoptr(FakeServer) server = server_at (POINT_HEADER);
  g_autofree char *filler = g_strnfill (100 * 1000, 'x');
  g_autofree char *xml = g_strdup_printf (STREAM_ERROR (CONDITION ("host-unknown")
                                                        "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>%s</text>"), filler);

  fake_server_send (server, xml);
  assert_ends (server, XMPP_ERROR, XMPP_ERROR_LIMIT);
}

/* What is worth a new attempt is decided elsewhere, by the code */
static void
test_stream_errors_online (void)
{
  const int codes[] = {
    XMPP_STREAM_ERROR_RESET, XMPP_STREAM_ERROR_SYSTEM_SHUTDOWN, XMPP_STREAM_ERROR_RESOURCE_CONSTRAINT,
    XMPP_STREAM_ERROR_POLICY_VIOLATION, XMPP_STREAM_ERROR_CONFLICT, XMPP_STREAM_ERROR_NOT_AUTHORIZED,
    XMPP_STREAM_ERROR_UNDEFINED_CONDITION,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr(FakeServer) server = server_at (POINT_ONLINE);
      g_autofree char *xml = g_strdup_printf (STREAM_ERROR ("<%s xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>") "</stream:stream>",
                                              xmpp_stream_error_get_name (codes[i]));

      fake_server_send (server, xml);
      assert_ends (server, XMPP_STREAM_ERROR, codes[i]);
      g_assert_cmpuint (server->n_closed, ==, 1);
      g_assert_cmpuint (server->n_connections, ==, 1);
    }
}

/* Breaking off */

static void
test_goodbye_at_any_point (void)
{
  for (Point point = POINT_ACCEPT; point < N_POINTS; point++)
    {
      g_autoptr(FakeServer) server = NULL;

      if (point == POINT_PROCEED)
        continue;   /* there it is no XML any more: S39 */

      server = server_at (point);
      if (point == POINT_ACCEPT || point == POINT_RESTART)
        fake_server_send_header (server, HEADER);

      /* What comes after the goodbye is nobody's */
      fake_server_send (server, "</stream:stream><message from='romeo@montague.lit'><body>Hello</body></message>");
      assert_ends (server, XMPP_ERROR, XMPP_ERROR_DISCONNECTED);
      fake_server_expect_contains (server, "</stream:stream>");
      fake_server_wait_until (server->is_eof);
      g_assert_cmpuint (server->n_closed, ==, point == POINT_ONLINE ? 1 : 0);
    }
}

static void
test_fin_at_any_point (void)
{
  for (Point point = POINT_ACCEPT; point < N_POINTS; point++)
    {
      g_autoptr(FakeServer) server = server_at (point);

      fake_server_fin (server);
      assert_ends (server, XMPP_ERROR, point == POINT_PROCEED ? XMPP_ERROR_TLS : XMPP_ERROR_DISCONNECTED);
    }
}

static void
test_reset_at_any_point (void)
{
  for (Point point = POINT_ACCEPT; point < N_POINTS; point++)
    {
      g_autoptr(FakeServer) server = server_at (point);

      fake_server_reset (server);
      g_assert_nonnull (wait_for_end (server));
      g_assert_cmpuint (server->n_connections, ==, 1);
    }
}

static void
test_silence_ends_every_step (void)
{
  for (Point point = POINT_ACCEPT; point < POINT_ONLINE; point++)
    {
      g_autoptr(FakeServer) server = server_at (point);

      fake_clock_advance (server->clock, 9 * 1000);
      g_assert_true (server->is_connecting);
      fake_clock_advance (server->clock, 12 * 1000);
      assert_ends (server, XMPP_ERROR, XMPP_ERROR_TIMED_OUT);
    }
}

static void
test_cancelling_works_at_any_point (void)
{
  for (Point point = POINT_ACCEPT; point < POINT_ONLINE; point++)
    {
      g_autoptr(FakeServer) server = server_at (point);

      g_cancellable_cancel (server->cancellable);
      assert_ends (server, G_IO_ERROR, G_IO_ERROR_CANCELLED);

      /* … and leaves a session that can be connected */
      g_ptr_array_set_size (server->waiting, 0);
      fake_server_login (server);
    }
}

/* After success */

static void
test_no_restart_ends_it (void)
{
  g_autoptr(FakeServer) silent = server_at (POINT_RESTART);
  g_autoptr(FakeServer) closing = server_at (POINT_RESTART);
  g_autoptr(FakeServer) going_on = server_at (POINT_RESTART);

  fake_clock_advance (silent->clock, 16 * 1000);
  assert_ends (silent, XMPP_ERROR, XMPP_ERROR_TIMED_OUT);

  fake_server_fin (closing);
  assert_ends (closing, XMPP_ERROR, XMPP_ERROR_DISCONNECTED);

  /* Features without a header: the old stream goes on as if nothing had happened */
  fake_server_send (going_on, "<stream:features>" FAKE_BIND "</stream:features>");
  g_assert_nonnull (wait_for_end (going_on));
}

static void
test_old_stream_id_is_tolerated (void)
{
  g_autoptr(FakeServer) server = server_at (POINT_AUTH);

  fake_server_send (server, "<success xmlns='" NS_SASL "'/>");
  fake_server_expect_contains (server, "<stream:stream ");
  fake_server_send_header (server, "from='capulet.lit' id='s2' version='1.0'");
  fake_server_send (server, "<stream:features>" FAKE_BIND "</stream:features>");
  fake_server_bind (server);
  fake_server_wait_until (!server->is_connecting);
  g_assert_no_error (server->error);
}

/* Binding */

static void
test_no_bind_feature_ends_it (void)
{
  g_autoptr(FakeServer) server = server_at (POINT_RESTART);

  fake_server_send_header (server, HEADER);
  fake_server_send (server, "<stream:features><ver xmlns='urn:xmpp:features:rosterver'/></stream:features>");
  assert_ends (server, XMPP_ERROR, XMPP_ERROR_BIND);
}

/* A server that waits for the request to bind, and the request's id */
static FakeServer *
server_binding (char **id)
{
  FakeServer *server = server_at (POINT_RESTART);
  const char *request;

  fake_server_send_header (server, HEADER);
  fake_server_send (server, "<stream:features>" FAKE_BIND "</stream:features>");
  request = fake_server_expect (server, "<iq type='set' id='*'><bind xmlns='" FAKE_BIND_NS "'>"
                                        "<resource>balcony</resource></bind></iq>");
  *id = fake_xml_get (request, "id");

  return server;
}

static void
send_bind_error (FakeServer *server,
                 const char *id,
                 const char *error)
{
  g_autofree char *xml = g_strdup_printf ("<iq type='error' id='%s'>%s</iq>", id, error);

  fake_server_send (server, xml);
}

#define STANZA_ERROR(type, name) \
  "<error type='" type "'><" name " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"

static void
test_bind_errors_end_it (void)
{
  const char * const errors[] = {
    STANZA_ERROR ("modify", "bad-request"),
    STANZA_ERROR ("cancel", "not-allowed"),
    STANZA_ERROR ("wait", "resource-constraint"),
    STANZA_ERROR ("cancel", "unheard-of"),
    "",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_autofree char *id = NULL;
      g_autoptr(FakeServer) server = server_binding (&id);

      send_bind_error (server, id, errors[i]);
      assert_ends (server, XMPP_ERROR, XMPP_ERROR_BIND);
    }
}

static void
test_conflict_leads_to_another_resource_once (void)
{
  g_autofree char *id = NULL;
  g_autoptr(FakeServer) server = server_binding (&id);
  g_autofree char *second_id = NULL;
  const char *second;

  send_bind_error (server, id, STANZA_ERROR ("cancel", "conflict"));
  second = fake_server_expect (server, "<iq type='set' id='*'><bind xmlns='" FAKE_BIND_NS "'><resource>*</resource></bind></iq>");
  g_assert_null (strstr (second, "balcony"));
  second_id = fake_xml_get (second, "id");
  g_assert_cmpstr (second_id, !=, id);

  send_bind_error (server, second_id, STANZA_ERROR ("cancel", "conflict"));
  assert_ends (server, XMPP_ERROR, XMPP_ERROR_BIND);
}

static void
test_nonsense_is_no_binding (void)
{
  const char * const answers[] = {
    "<iq type='result' id='%s'/>",
    "<iq type='result' id='%s'><bind xmlns='" FAKE_BIND_NS "'/></iq>",
    "<iq type='result' id='%s'><bind xmlns='" FAKE_BIND_NS "'><jid/></bind></iq>",
    "<iq type='result' id='%s'><bind xmlns='urn:example:bind'><jid>" JID "</jid></bind></iq>",
    "<iq type='result' id='%s'><bind xmlns='" FAKE_BIND_NS "'><jid>juliet@capulet.lit</jid></bind></iq>",
    "<iq type='result' id='%s'><bind xmlns='" FAKE_BIND_NS "'><jid>nurse@capulet.lit/balcony</jid></bind></iq>",
    "<iq type='result' id='%s'><bind xmlns='" FAKE_BIND_NS "'><jid>juliet@evil.test/balcony</jid></bind></iq>",
    "<iq type='result' id='%s'><bind xmlns='" FAKE_BIND_NS "'><jid>capulet.lit/balcony</jid></bind></iq>",
    "<iq type='result' id='%s'><bind xmlns='" FAKE_BIND_NS "'><jid>@/</jid></bind></iq>",
    "<iq type='result' id='other-%s'><bind xmlns='" FAKE_BIND_NS "'><jid>" JID "</jid></bind></iq>",
    "<iq type='result' id='%s' from='eve@evil.test'><bind xmlns='" FAKE_BIND_NS "'><jid>" JID "</jid></bind></iq>",
    "<iq type='get' id='%s'><bind xmlns='" FAKE_BIND_NS "'><jid>" JID "</jid></bind></iq>",
    "<iq id='%s'><bind xmlns='" FAKE_BIND_NS "'><jid>" JID "</jid></bind></iq>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autofree char *id = NULL;
      g_autoptr(FakeServer) server = server_binding (&id);
      g_auto(GStrv) parts = g_strsplit (answers[i], "%s", 2);
      g_autofree char *xml = g_strjoinv (id, parts);

      fake_server_send (server, xml);
      assert_ends (server, XMPP_ERROR, XMPP_ERROR_BIND);
    }
}

static void
test_messages_have_no_place_before_the_binding (void)
{
  g_autofree char *id = NULL;
  g_autoptr(FakeServer) server = server_binding (&id);

  fake_server_send (server, "<message from='eve@evil.test' to='" JID "'><body>Hello</body></message>");
  assert_ends (server, XMPP_ERROR, XMPP_ERROR_PROTOCOL);
}

static void
test_server_may_choose_the_resource (void)
{
  g_autofree char *id = NULL;
  g_autoptr(FakeServer) server = server_binding (&id);
  g_autofree char *xml = g_strdup_printf ("<iq type='result' id='%s' from='capulet.lit'><bind xmlns='" FAKE_BIND_NS "'>"
                                          "<jid>JULIET@capulet.lit/Orchard</jid></bind></iq>", id);

  fake_server_send (server, xml);
  fake_server_wait_until (!server->is_connecting);
  g_assert_no_error (server->error);
  g_assert_cmpstr (xmpp_jid_get_text (xmpp_session_get_own_jid (server->session)), ==, "juliet@capulet.lit/Orchard");
}

static void
test_old_session_only_where_it_is_required (void)
{
  const struct
  {
    const char *feature;
    gboolean    is_due;
  } features[] = {
    { "", FALSE },
    { "<session xmlns='" NS_SESSION "'><optional/></session>", FALSE },
    { "<session xmlns='urn:example:session'/>", FALSE },
    { "<session xmlns='" NS_SESSION "'/>", TRUE },
    { "<session xmlns='" NS_SESSION "'><required/></session>", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (features); i++)
    {
      g_autoptr(FakeServer) server = server_at (POINT_RESTART);
      g_autofree char *xml = g_strconcat ("<stream:features>" FAKE_BIND, features[i].feature, "</stream:features>", NULL);

      fake_server_send_header (server, HEADER);
      fake_server_send (server, xml);
      fake_server_bind (server);

      if (features[i].is_due)
        {
          fake_server_expect_contains (server, "<session xmlns='" NS_SESSION "'/>");
          g_assert_true (server->is_connecting);
          {
            const char *request = g_ptr_array_index (server->received, server->received->len - 1);
            g_autofree char *id = fake_xml_get (request, "id");
            g_autofree char *result = g_strdup_printf ("<iq type='result' id='%s'/>", id);

            fake_server_send (server, result);
          }
        }

      fake_server_wait_until (!server->is_connecting);
      g_assert_no_error (server->error);
      fake_server_ping (server);
      for (guint j = 0; !features[i].is_due && j < server->received->len; j++)
        g_assert_null (strstr (g_ptr_array_index (server->received, j), NS_SESSION));
    }
}

static void
test_refused_session_ends_it (void)
{
  g_autoptr(FakeServer) server = server_at (POINT_RESTART);

  fake_server_send_header (server, HEADER);
  fake_server_send (server, "<stream:features>" FAKE_BIND "<session xmlns='" NS_SESSION "'/></stream:features>");
  fake_server_bind (server);
  fake_server_refuse (server, NS_SESSION, "wait", "internal-server-error");
  assert_ends (server, XMPP_ERROR, XMPP_ERROR_BIND);
}

/* What the network sees */

static void
test_nobody_is_named_before_tls (void)
{
  g_autoptr(FakeServer) server = server_at (POINT_STARTTLS);
  const char *host = g_get_host_name ();

  for (guint i = 0; i < server->received->len; i++)
    {
      const char *element = g_ptr_array_index (server->received, i);

      g_assert_null (strstr (element, "juliet"));
      g_assert_null (strstr (element, "balcony"));
      g_assert_null (strstr (element, " from="));
      g_assert_null (strstr (element, host));
    }
}

static void
test_resource_names_nobody (void)
{
  g_autoptr(GHashTable) resources = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(FakeServer) server = fake_server_new ("juliet@capulet.lit");
      const char *resource;

      fake_server_login (server);
      resource = xmpp_jid_get_resource (xmpp_session_get_own_jid (server->session));
      g_assert_null (strstr (resource, g_get_host_name ()));
      g_assert_null (strstr (resource, g_get_user_name ()));
      g_assert_cmpuint (strlen (resource), >=, 8);
      g_assert_true (g_hash_table_add (resources, g_strdup (resource)));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/negotiation/S22-versions", test_versions);
  g_test_add_func ("/xmpp/negotiation/S23-header-attributes-after-tls", test_header_attributes_after_tls);
  g_test_add_func ("/xmpp/negotiation/S23-duplicate-attribute-is-no-header", test_duplicate_attribute_is_no_header);
  g_test_add_func ("/xmpp/negotiation/S26-useless-features-end-it", test_useless_features_end_it);
  g_test_add_func ("/xmpp/negotiation/S26-half-of-the-features-is-nothing", test_half_of_the_features_is_nothing);
  g_test_add_func ("/xmpp/negotiation/S26-features-come-once", test_features_come_once);
  g_test_add_func ("/xmpp/negotiation/S26-features-come-after-the-header", test_features_come_after_the_header);
  g_test_add_func ("/xmpp/negotiation/S27-stream-errors-before-features", test_stream_errors_before_features);
  g_test_add_func ("/xmpp/negotiation/S27-odd-stream-errors", test_odd_stream_errors);
  g_test_add_func ("/xmpp/negotiation/S27-endless-stream-error-ends-it", test_endless_stream_error_ends_it);
  g_test_add_func ("/xmpp/negotiation/S29-stream-errors-online", test_stream_errors_online);
  g_test_add_func ("/xmpp/negotiation/S30-goodbye-at-any-point", test_goodbye_at_any_point);
  g_test_add_func ("/xmpp/negotiation/S30-fin-at-any-point", test_fin_at_any_point);
  g_test_add_func ("/xmpp/negotiation/S31-reset-at-any-point", test_reset_at_any_point);
  g_test_add_func ("/xmpp/negotiation/S32-silence-ends-every-step", test_silence_ends_every_step);
  g_test_add_func ("/xmpp/negotiation/S32-cancelling-works-at-any-point", test_cancelling_works_at_any_point);
  g_test_add_func ("/xmpp/negotiation/S74-no-restart-ends-it", test_no_restart_ends_it);
  g_test_add_func ("/xmpp/negotiation/S74-old-stream-id-is-tolerated", test_old_stream_id_is_tolerated);
  g_test_add_func ("/xmpp/negotiation/S76-no-bind-feature-ends-it", test_no_bind_feature_ends_it);
  g_test_add_func ("/xmpp/negotiation/S77-bind-errors-end-it", test_bind_errors_end_it);
  g_test_add_func ("/xmpp/negotiation/S77-conflict-leads-to-another-resource-once", test_conflict_leads_to_another_resource_once);
  g_test_add_func ("/xmpp/negotiation/S78-nonsense-is-no-binding", test_nonsense_is_no_binding);
  g_test_add_func ("/xmpp/negotiation/S78-messages-have-no-place-before-the-binding", test_messages_have_no_place_before_the_binding);
  g_test_add_func ("/xmpp/negotiation/S78-server-may-choose-the-resource", test_server_may_choose_the_resource);
  g_test_add_func ("/xmpp/negotiation/S79-old-session-only-where-it-is-required", test_old_session_only_where_it_is_required);
  g_test_add_func ("/xmpp/negotiation/S79-refused-session-ends-it", test_refused_session_ends_it);
  g_test_add_func ("/xmpp/negotiation/T103-nobody-is-named-before-tls", test_nobody_is_named_before_tls);
  g_test_add_func ("/xmpp/negotiation/T103-resource-names-nobody", test_resource_names_nobody);

  return g_test_run ();
}
