/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-scram.h"
#include "fake-server.h"

#include "xmpp-error.h"

#include <string.h>

#define JID       "juliet@capulet.lit/balcony"
#define NS_TLS    "urn:ietf:params:xml:ns:xmpp-tls"
#define STARTTLS  "<starttls xmlns='" NS_TLS "'/>"
#define PROCEED   "<proceed xmlns='" NS_TLS "'/>"
#define PLAIN     FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN"))

/* A server that has just got <starttls/> */
static FakeServer *
server_asked_for_tls (void)
{
  FakeServer *server = fake_server_new (JID);

  fake_server_connect (server);
  fake_server_open (server, FAKE_STARTTLS);
  fake_server_expect_next (server, STARTTLS);

  return server;
}

/* The client gave up, and its last words were no secret */
static void
assert_gives_up (FakeServer *server,
                 GQuark      domain,
                 int         code)
{
  fake_server_expect_failure (server, domain, code);
  fake_server_expect_closed (server);
}

static void
finish_login (FakeServer *server)
{
  fake_server_open (server, PLAIN);
  fake_server_authenticate (server);
  fake_server_open (server, FAKE_BIND);
  fake_server_bind (server);
  fake_server_wait_until (!server->is_connecting);
  g_assert_no_error (server->error);
}

static void
test_stream_begins_anew (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autofree char *sni = NULL;
  g_autofree char *alpn = NULL;
  const char *header;

  server->tls_alpn = "xmpp-client";
  fake_server_connect (server);
  fake_server_open (server, FAKE_STARTTLS FAKE_BIND "<old xmlns='urn:example:old'/>");
  fake_server_start_tls (server);

  sni = fake_server_get_sni (server);
  alpn = fake_server_get_alpn (server);
  g_assert_cmpstr (sni, ==, "capulet.lit");
  g_assert_null (alpn);

  header = fake_server_expect_contains (server, "<stream:stream ");
  g_assert_nonnull (strstr (header, " from='juliet@capulet.lit'"));
  fake_server_send_header (server, "from='capulet.lit' id='new' version='1.0'");
  fake_server_send (server, "<stream:features>" PLAIN "</stream:features>");
  fake_server_expect_next (server, "<?xml version='1.0'?>");
  fake_server_authenticate (server);
  fake_server_open (server, FAKE_BIND);
  fake_server_bind (server);
  fake_server_wait_until (!server->is_connecting);

  g_assert_no_error (server->error);
  g_assert_cmpstr (xmpp_session_get_tls_version (server->session), ==, "TLS 1.3");
  g_assert_false (xmpp_session_has_feature (server->session, "old", "urn:example:old"));
}

static void
test_starttls_is_taken_where_it_is_optional (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);

  fake_server_connect (server);
  fake_server_open (server, STARTTLS PLAIN);
  fake_server_start_tls (server);
  finish_login (server);
}

static void
test_stripped_starttls_ends_it (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);

  fake_server_connect (server);
  fake_server_open (server, PLAIN);
  assert_gives_up (server, XMPP_ERROR, XMPP_ERROR_NO_TLS);
}

static void
test_server_that_talks_ahead_gets_nothing (void)
{
  const char * const ahead[] = {
    "<stream:features>" PLAIN "</stream:features>"
      "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"
      "<iq type='result' id='1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>" JID "</jid></bind></iq>",
    "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
    "<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>cj0=</challenge>",
    "<message from='romeo@montague.lit'><body>Hello</body></message>",
    PROCEED,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (ahead); i++)
    {
      g_autoptr(FakeServer) server = fake_server_new (JID);

      fake_server_connect (server);
      fake_server_open (server, NULL);
      fake_server_send (server, ahead[i]);
      assert_gives_up (server, XMPP_ERROR, i == 0 ? XMPP_ERROR_NO_TLS : XMPP_ERROR_PROTOCOL);
    }
}

static void
test_only_proceed_is_an_answer_to_starttls (void)
{
  const struct
  {
    const char *answer;
    GQuark      domain;
    int         code;
  } answers[] = {
    { "<failure xmlns='" NS_TLS "'/>", XMPP_ERROR, XMPP_ERROR_TLS },
    { "<stream:error><internal-server-error xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
      XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_INTERNAL_SERVER_ERROR },
    { "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", XMPP_ERROR, XMPP_ERROR_PROTOCOL },
    { "<proceed/>", XMPP_ERROR, XMPP_ERROR_PROTOCOL },
    { "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", XMPP_ERROR, XMPP_ERROR_PROTOCOL },
    { "<stream:features>" PLAIN "</stream:features>", XMPP_ERROR, XMPP_ERROR_PROTOCOL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr(FakeServer) server = server_asked_for_tls ();

      fake_server_send (server, answers[i].answer);
      assert_gives_up (server, answers[i].domain, answers[i].code);
    }
}

/* What arrives in one piece with <proceed/> was not encrypted, and may be anybody's */
static void
test_text_after_proceed_ends_it (void)
{
  const char * const injected[] = {
    PROCEED "\n",
    PROCEED " ",
    PROCEED "<",
    PROCEED "<stream:features>" PLAIN,
    PROCEED "<stream:features>" PLAIN "</stream:features>",
    PROCEED "<message from='romeo@montague.lit'><body>Hello</body></message>",
    PROCEED "\x16\x03\x03",
    PROCEED "</stream:stream>",
    PROCEED PROCEED,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (injected); i++)
    {
      g_autoptr(FakeServer) server = server_asked_for_tls ();

      fake_server_send (server, injected[i]);
      fake_server_wait_until (!server->is_connecting);
      g_assert_error (server->error, XMPP_ERROR, XMPP_ERROR_PROTOCOL);
      fake_server_wait_until (server->is_eof);
      for (guint j = 0; j < server->received->len; j++)
        g_assert_null (strstr (g_ptr_array_index (server->received, j), "<auth"));
    }
}

static void
test_injected_text_before_the_handshake_is_no_xml (void)
{
  g_autoptr(FakeServer) server = server_asked_for_tls ();

  fake_server_stop_reading (server);
  fake_server_send (server, PROCEED);
  fake_server_expect_bytes (server);
  fake_server_send (server, "<stream:features>" PLAIN "</stream:features>");
  fake_server_expect_failure (server, XMPP_ERROR, XMPP_ERROR_TLS);
}

static void
test_garbage_in_the_handshake_ends_it (void)
{
  g_autofree char *huge = g_strnfill (1024 * 1024, '\x16');
  const struct
  {
    const char *bytes;
    gsize       length;
  } garbage[] = {
    { "\x15\x03\x01\x00\x02\x02\x46", 7 },   /* the alert protocol_version */
    { "HTTP/1.1 400 Bad Request\r\n\r\n", 28 },
    { "\0\0\0\0\0\0\0\0", 8 },
    { "\x16\x03\x03\x40\x00\x02\x00\xff\xff", 9 },
    { huge, 1024 * 1024 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (garbage); i++)
    {
      g_autoptr(FakeServer) server = server_asked_for_tls ();

      fake_server_stop_reading (server);
      fake_server_send (server, PROCEED);
      fake_server_expect_bytes (server);
      fake_server_send_plain (server, garbage[i].bytes, garbage[i].length);
      fake_server_fin (server);
      fake_server_expect_failure (server, XMPP_ERROR, XMPP_ERROR_TLS);
    }
}

static void
test_silence_in_the_handshake_ends_it (void)
{
  g_autoptr(FakeServer) server = server_asked_for_tls ();

  fake_server_stop_reading (server);
  fake_server_send (server, PROCEED);
  fake_server_expect_bytes (server);
  fake_clock_advance (server->clock, 14 * 1000);
  g_assert_true (server->is_connecting);
  fake_clock_advance (server->clock, 2 * 1000);
  fake_server_expect_failure (server, XMPP_ERROR, XMPP_ERROR_TIMED_OUT);
}

static void
assert_certificate_refused (FakeServer           *server,
                            XmppCertificateFlags  flags)
{
  XmppCertificate *certificate;

  fake_server_connect (server);
  fake_server_open (server, FAKE_STARTTLS);
  fake_server_expect_next (server, STARTTLS);
  fake_server_send (server, PROCEED);
  fake_server_handshake (server);
  assert_gives_up (server, XMPP_ERROR, XMPP_ERROR_CERTIFICATE);

  certificate = xmpp_session_get_certificate (server->session);
  g_assert_nonnull (certificate);
  g_assert_cmphex (xmpp_certificate_get_flags (certificate), ==, flags);
}

static void
test_bad_certificates_are_refused (void)
{
  const struct
  {
    const char           *name;
    FakeCertificateFlags  fault;
    XmppCertificateFlags  flags;
  } faults[] = {
    { "capulet.lit", FAKE_CERTIFICATE_EXPIRED, XMPP_CERTIFICATE_EXPIRED },
    { "capulet.lit", FAKE_CERTIFICATE_NOT_YET, XMPP_CERTIFICATE_NOT_ACTIVATED },
    { "capulet.lit", FAKE_CERTIFICATE_SELF_SIGNED, XMPP_CERTIFICATE_UNKNOWN_CA },
    { "montague.lit", FAKE_CERTIFICATE_GOOD, XMPP_CERTIFICATE_BAD_IDENTITY },
    { "xmpp.capulet.lit", FAKE_CERTIFICATE_GOOD, XMPP_CERTIFICATE_BAD_IDENTITY },
    { "capulet.lit", FAKE_CERTIFICATE_RSA_1024, XMPP_CERTIFICATE_WEAK_KEY },
    { "capulet.lit", FAKE_CERTIFICATE_CLIENT_USAGE, XMPP_CERTIFICATE_BAD_USAGE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr(FakeServer) server = fake_server_new (JID);

      g_free (server->certificate);
      server->certificate = fake_authority_issue (server->authority, faults[i].name, faults[i].fault);
      assert_certificate_refused (server, faults[i].flags);
    }
}

/* S45: what a server brings along from its authority (OCSP, RFC 6066, 8) is believed: good or not. In both versions
 * of TLS, for it travels differently there.
 */
static void
test_revoked (gconstpointer data)
{
  const struct
  {
    FakeCertificateFlags  certificate;
    int                   staple;   /* of FakeStaple; -1: none */
    XmppCertificateFlags  flags;
  } cells[] = {
    { FAKE_CERTIFICATE_GOOD, FAKE_STAPLE_REVOKED, XMPP_CERTIFICATE_REVOKED },
    { FAKE_CERTIFICATE_MUST_STAPLE, FAKE_STAPLE_REVOKED, XMPP_CERTIFICATE_REVOKED },
    { FAKE_CERTIFICATE_GOOD, FAKE_STAPLE_STALE, XMPP_CERTIFICATE_GENERIC },
    { FAKE_CERTIFICATE_GOOD, FAKE_STAPLE_FORGED, XMPP_CERTIFICATE_GENERIC },
    { FAKE_CERTIFICATE_MUST_STAPLE, FAKE_STAPLE_STALE, XMPP_CERTIFICATE_GENERIC },
    { FAKE_CERTIFICATE_MUST_STAPLE, -1, XMPP_CERTIFICATE_GENERIC },
    { FAKE_CERTIFICATE_MUST_STAPLE, FAKE_STAPLE_GOOD, XMPP_CERTIFICATE_OK },
    { FAKE_CERTIFICATE_GOOD, FAKE_STAPLE_GOOD, XMPP_CERTIFICATE_OK },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cells); i++)
    {
      g_autoptr(FakeServer) server = fake_server_new (JID);

      g_test_message ("%u", (guint) i);
      server->tls_priority = data;
      g_free (server->certificate);
      server->certificate = fake_authority_issue (server->authority, "capulet.lit", cells[i].certificate);
      if (cells[i].staple >= 0)
        server->staple = fake_authority_staple (server->authority, server->certificate, cells[i].staple);

      if (cells[i].flags != XMPP_CERTIFICATE_OK)
        assert_certificate_refused (server, cells[i].flags);
      else
        fake_server_login (server);
    }
}

/* S45: and no word of a person helps against it */
static void
test_revoked_is_beyond_pins (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  const char *pins[] = { NULL, NULL };
  g_autofree char *pin = NULL;

  server->staple = fake_authority_staple (server->authority, server->certificate, FAKE_STAPLE_REVOKED);
  assert_certificate_refused (server, XMPP_CERTIFICATE_REVOKED);
  g_assert_nonnull (strstr (server->error->message, "revoked"));

  pins[0] = pin = xmpp_certificate_make_pin (xmpp_session_get_certificate (server->session));
  xmpp_session_set_pins (server->session, pins);
  g_ptr_array_set_size (server->waiting, 0);
  assert_certificate_refused (server, XMPP_CERTIFICATE_REVOKED);
}

static void
test_pin_admits_one_key (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  const char *pins[] = { NULL, NULL };
  g_autofree char *pin = NULL;

  g_free (server->certificate);
  server->certificate = fake_authority_issue (server->authority, "capulet.lit", FAKE_CERTIFICATE_SELF_SIGNED);
  assert_certificate_refused (server, XMPP_CERTIFICATE_UNKNOWN_CA);

  pins[0] = pin = xmpp_certificate_make_pin (xmpp_session_get_certificate (server->session));
  xmpp_session_set_pins (server->session, pins);
  fake_server_login (server);
  fake_server_close (server);
  fake_server_wait_until (server->n_closed == 1);

  /* Another key with the same faults is not what the person has said yes to */
  g_free (server->certificate);
  server->certificate = fake_authority_issue (server->authority, "capulet.lit", FAKE_CERTIFICATE_SELF_SIGNED);
  g_ptr_array_set_size (server->waiting, 0);
  assert_certificate_refused (server, XMPP_CERTIFICATE_UNKNOWN_CA);
}

static void
test_old_versions_are_refused (void)
{
  const char * const priorities[] = {
    "NORMAL:-VERS-ALL:+VERS-TLS1.0:%VERIFY_ALLOW_SIGN_WITH_SHA1",
    "NORMAL:-VERS-ALL:+VERS-TLS1.1:%VERIFY_ALLOW_SIGN_WITH_SHA1",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (priorities); i++)
    {
      g_autoptr(FakeServer) server = server_asked_for_tls ();

      server->tls_priority = priorities[i];
      fake_server_send (server, PROCEED);
      fake_server_handshake (server);
      fake_server_expect_failure (server, XMPP_ERROR, XMPP_ERROR_TLS_TOO_OLD);
    }
}

static void
test_weak_ciphers_are_refused (void)
{
  g_autoptr(FakeServer) server = server_asked_for_tls ();

  server->tls_priority = "NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+3DES-CBC:+ARCFOUR-128";
  fake_server_send (server, PROCEED);
  g_assert_false (fake_server_handshake (server));
  fake_server_expect_failure (server, XMPP_ERROR, XMPP_ERROR_TLS);
}

static void
test_new_versions_are_taken (void)
{
  const struct
  {
    const char *priority;
    const char *version;
  } versions[] = {
    { "NORMAL:-VERS-ALL:+VERS-TLS1.2", "TLS 1.2" },
    { "NORMAL:-VERS-ALL:+VERS-TLS1.2:%NO_SESSION_HASH", "TLS 1.2" },   /* without RFC 7627 */
    { "NORMAL:-VERS-ALL:+VERS-TLS1.3", "TLS 1.3" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (versions); i++)
    {
      g_autoptr(FakeServer) server = fake_server_new (JID);

      server->tls_priority = versions[i].priority;
      fake_server_login (server);
      g_assert_cmpstr (xmpp_session_get_tls_version (server->session), ==, versions[i].version);
    }
}

static void
test_direct_tls_takes_alpn_or_none (void)
{
  const char * const protocols[] = { "xmpp-client", NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (protocols); i++)
    {
      g_autoptr(FakeServer) server = fake_server_new (JID);
      g_autofree char *alpn = NULL;
      g_autofree char *sni = NULL;

      server->direct_tls = TRUE;
      server->tls_alpn = protocols[i];
      fake_server_login (server);

      alpn = fake_server_get_alpn (server);
      sni = fake_server_get_sni (server);
      g_assert_cmpstr (alpn, ==, protocols[i]);
      g_assert_cmpstr (sni, ==, "capulet.lit");
    }
}

static void
test_direct_tls_ignores_starttls (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);

  server->direct_tls = TRUE;
  fake_server_secure (server);
  fake_server_open (server, FAKE_STARTTLS PLAIN);
  fake_server_authenticate (server);
  fake_server_open (server, FAKE_STARTTLS FAKE_BIND);
  fake_server_bind (server);
  fake_server_wait_until (!server->is_connecting);
  g_assert_no_error (server->error);
}

static void
test_direct_tls_with_another_protocol_ends_it (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);

  server->direct_tls = TRUE;
  server->tls_alpn = "http/1.1";
  server->tls_alpn_is_mandatory = TRUE;
  fake_server_connect (server);
  g_assert_false (fake_server_handshake (server));
  fake_server_expect_failure (server, XMPP_ERROR, XMPP_ERROR_TLS);
}

static void
test_plain_text_where_tls_should_be_ends_it (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);

  server->direct_tls = TRUE;
  fake_server_connect (server);
  fake_server_stop_reading (server);
  fake_server_send_header (server, "from='capulet.lit' id='1' version='1.0'");
  fake_server_send (server, "<stream:features>" PLAIN "</stream:features>");
  fake_server_expect_failure (server, XMPP_ERROR, XMPP_ERROR_TLS);
}

static void
test_lost_without_a_goodbye (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);

  fake_server_login (server);
  fake_server_settle (server);

  /* A stanza that was cut off is none */
  fake_server_send (server, "<message from='romeo@montague.lit/orchard' type='chat'><body>Wherefore");
  fake_server_fin (server);
  fake_server_wait_until (server->n_closed == 1);
  g_assert_error (server->closed_error, XMPP_ERROR, XMPP_ERROR_DISCONNECTED);
}

/* S49: a server may ask who we are, and gets no certificate that nobody chose */
static void
test_no_certificate_of_ours (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);

  server->asks_client_certificate = TRUE;
  fake_server_secure (server);
  g_assert_null (gnutls_certificate_get_peers (server->tls, NULL));
  finish_login (server);
}

/* S49: a server that begins anew with another certificate, in the middle of a connection, ends it: GnuTLS sees to that,
 * and we say so
 */
static void
test_another_certificate_later (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autofree char *other = NULL;
  gnutls_datum_t pem;
  gint64 deadline = g_get_monotonic_time () + G_USEC_PER_SEC;
  int result;

  server->tls_priority = "NORMAL:-VERS-ALL:+VERS-TLS1.2";
  fake_server_login (server);
  fake_server_settle (server);

  other = fake_authority_issue (server->authority, "capulet.lit", FAKE_CERTIFICATE_EXPIRED);
  pem = (gnutls_datum_t) { (guint8 *) other, strlen (other) };
  gnutls_certificate_free_keys (server->credentials);
  g_assert_cmpint (gnutls_certificate_set_x509_key_mem (server->credentials, &pem, &pem, GNUTLS_X509_FMT_PEM), >=, 0);
  fake_server_stop_reading (server);
  g_assert_cmpint (gnutls_rehandshake (server->tls), ==, 0);

  do
    {
      g_main_context_iteration (NULL, FALSE);
      result = gnutls_handshake (server->tls);
    }
  while (result != 0 && !gnutls_error_is_fatal (result) && g_get_monotonic_time () < deadline && xmpp_session_is_online (server->session));

  g_test_message ("%s", gnutls_strerror (result));
  g_assert_cmpint (result, !=, 0);
  fake_server_wait_until (server->n_closed == 1);
  g_assert_error (server->closed_error, XMPP_ERROR, XMPP_ERROR_TLS);
}

/* S50: a server that lets TLS sessions be resumed is judged each time all the same */
static void
test_resumption (gconstpointer data)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  const char *pins[] = { NULL, NULL };
  g_autofree char *pin = NULL;

  server->tls_priority = data;
  server->has_tickets = TRUE;
  g_free (server->certificate);
  server->certificate = fake_authority_issue (server->authority, "capulet.lit", FAKE_CERTIFICATE_SELF_SIGNED);
  assert_certificate_refused (server, XMPP_CERTIFICATE_UNKNOWN_CA);
  pins[0] = pin = xmpp_certificate_make_pin (xmpp_session_get_certificate (server->session));
  xmpp_session_set_pins (server->session, pins);

  for (guint i = 0; i < 3; i++)
    {
      fake_server_login (server);
      g_test_message ("resumed: %d", gnutls_session_is_resumed (server->tls));
      g_assert_nonnull (xmpp_session_get_certificate (server->session));
      fake_server_settle (server);
      fake_server_close (server);
      fake_server_wait_until (server->n_closed == i + 1);
      g_ptr_array_set_size (server->waiting, 0);
    }

  /* The person has changed his mind */
  xmpp_session_set_pins (server->session, NULL);
  assert_certificate_refused (server, XMPP_CERTIFICATE_UNKNOWN_CA);
}

/* S49: new keys for a connection are nothing that anybody hears of */
static void
test_new_keys (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);

  fake_server_login (server);
  g_assert_cmpint (gnutls_protocol_get_version (server->tls), ==, GNUTLS_TLS1_3);
  fake_server_settle (server);

  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpint (gnutls_session_key_update (server->tls, GNUTLS_KU_PEER), ==, 0);
      fake_server_ping (server);
    }

  g_assert_true (xmpp_session_is_online (server->session));
}

static void
test_disabled_security_logs_in_without_tls (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);

  g_object_set (server->session, "security", XMPP_SECURITY_DISABLED, NULL);
  fake_server_login (server);
  g_assert_null (xmpp_session_get_tls_version (server->session));
  g_assert_cmpstr (xmpp_session_get_mechanism (server->session), ==, "SCRAM-SHA-256");
}

static void
test_disabled_security_meets_a_server_that_insists (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);

  g_object_set (server->session, "security", XMPP_SECURITY_DISABLED, NULL);
  fake_server_connect (server);
  fake_server_open (server, FAKE_STARTTLS);
  assert_gives_up (server, XMPP_ERROR, XMPP_ERROR_TLS_REQUIRED);
}

/* The list of whom the system trusts is large. Nobody holds it for as long as a connection lasts. */
static void
test_authorities_are_let_go (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  GTlsDatabase *database = NULL;

  g_object_get (server->session, "tls-database", &database, NULL);
  g_object_add_weak_pointer (G_OBJECT (database), (gpointer *) &database);
  g_object_unref (database);
  fake_server_login (server);
  g_assert_nonnull (database);
  g_object_set (server->session, "tls-database", NULL, NULL);
  g_assert_null (database);
  fake_server_ping (server);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/tls/S33-stream-begins-anew", test_stream_begins_anew);
  g_test_add_func ("/xmpp/tls/S34-starttls-is-taken-where-it-is-optional", test_starttls_is_taken_where_it_is_optional);
  g_test_add_func ("/xmpp/tls/S35-stripped-starttls-ends-it", test_stripped_starttls_ends_it);
  g_test_add_func ("/xmpp/tls/S36-server-that-talks-ahead-gets-nothing", test_server_that_talks_ahead_gets_nothing);
  g_test_add_func ("/xmpp/tls/S37-only-proceed-is-an-answer-to-starttls", test_only_proceed_is_an_answer_to_starttls);
  g_test_add_func ("/xmpp/tls/S38-text-after-proceed-ends-it", test_text_after_proceed_ends_it);
  g_test_add_func ("/xmpp/tls/S38-injected-text-before-the-handshake-is-no-xml", test_injected_text_before_the_handshake_is_no_xml);
  g_test_add_func ("/xmpp/tls/S39-garbage-in-the-handshake-ends-it", test_garbage_in_the_handshake_ends_it);
  g_test_add_func ("/xmpp/tls/S39-silence-in-the-handshake-ends-it", test_silence_in_the_handshake_ends_it);
  g_test_add_func ("/xmpp/tls/S40-bad-certificates-are-refused", test_bad_certificates_are_refused);
  g_test_add_data_func ("/xmpp/tls/S45-what-its-authority-says-of-it-counts", "NORMAL", test_revoked);
  g_test_add_data_func ("/xmpp/tls/S45-also-with-tls-1.2", "NORMAL:-VERS-ALL:+VERS-TLS1.2", test_revoked);
  g_test_add_func ("/xmpp/tls/S45-revoked-is-beyond-exceptions", test_revoked_is_beyond_pins);
  g_test_add_func ("/xmpp/tls/S46-old-versions-are-refused", test_old_versions_are_refused);
  g_test_add_func ("/xmpp/tls/S46-weak-ciphers-are-refused", test_weak_ciphers_are_refused);
  g_test_add_func ("/xmpp/tls/S46-new-versions-are-taken", test_new_versions_are_taken);
  g_test_add_func ("/xmpp/tls/S47-direct-tls-takes-alpn-or-none", test_direct_tls_takes_alpn_or_none);
  g_test_add_func ("/xmpp/tls/S47-direct-tls-ignores-starttls", test_direct_tls_ignores_starttls);
  g_test_add_func ("/xmpp/tls/S47-direct-tls-with-another-protocol-ends-it", test_direct_tls_with_another_protocol_ends_it);
  g_test_add_func ("/xmpp/tls/S47-plain-text-where-tls-should-be-ends-it", test_plain_text_where_tls_should_be_ends_it);
  g_test_add_func ("/xmpp/tls/S48-lost-without-a-goodbye", test_lost_without_a_goodbye);
  g_test_add_func ("/xmpp/tls/S49-no-certificate-of-ours-is-shown-unasked", test_no_certificate_of_ours);
  g_test_add_func ("/xmpp/tls/S49-new-keys-are-no-event", test_new_keys);
  g_test_add_func ("/xmpp/tls/S49-another-certificate-later-ends-it", test_another_certificate_later);
  g_test_add_data_func ("/xmpp/tls/S50-a-resumed-session-is-judged-anew", "NORMAL", test_resumption);
  g_test_add_data_func ("/xmpp/tls/S50-also-with-tls-1.2", "NORMAL:-VERS-ALL:+VERS-TLS1.2", test_resumption);
  g_test_add_func ("/xmpp/tls/S51-pin-admits-one-key", test_pin_admits_one_key);
  g_test_add_func ("/xmpp/tls/authorities-are-let-go", test_authorities_are_let_go);
  g_test_add_func ("/xmpp/tls/disabled-security-logs-in-without-tls", test_disabled_security_logs_in_without_tls);
  g_test_add_func ("/xmpp/tls/disabled-security-meets-a-server-that-insists", test_disabled_security_meets_a_server_that_insists);

  return g_test_run ();
}
