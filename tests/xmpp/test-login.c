/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-scram.h"
#include "fake-server.h"

#include "xmpp-error.h"

#include <string.h>

#define JID       "juliet@capulet.lit/balcony"
#define NS_SASL   "urn:ietf:params:xml:ns:xmpp-sasl"
#define SUCCESS   "<success xmlns='" NS_SASL "'/>"
#define FAILURE(condition) "<failure xmlns='" NS_SASL "'>" condition "</failure>"
#define PLAIN     FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN"))
#define SCRAM     FAKE_MECHANISMS (FAKE_MECHANISM ("SCRAM-SHA-256"))
#define BINDING(types) "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'>" types "</sasl-channel-binding>"
#define TYPE(name) "<channel-binding type='" name "'/>"
#define BOTH      BINDING (TYPE ("tls-server-end-point") TYPE ("tls-exporter"))
#define TLS_1_2   "NORMAL:-VERS-ALL:+VERS-TLS1.2"

/* A server that has offered this over TLS */
static FakeServer *
server_offering (const char *features)
{
  FakeServer *server = fake_server_new (JID);

  fake_server_secure (server);
  fake_server_open (server, features);

  return server;
}

/* The same, when our <auth/> and the proof have arrived; end is then the server's last message */
static FakeServer *
server_with_proof (char **end)
{
  FakeServer *server = server_offering (SCRAM);
  g_autoptr(FakeScram) scram = fake_scram_new ("SCRAM-SHA-256", FAKE_PASSWORD);
  g_autofree char *first = fake_sasl_expect_auth (server, "SCRAM-SHA-256");
  g_autofree char *challenge = fake_scram_challenge (scram, first, "");
  g_autofree char *final = NULL;

  fake_sasl_send (server, "challenge", challenge);
  final = fake_sasl_expect_response (server);
  *end = fake_scram_finish (scram, final, NULL);
  g_assert_true (g_str_has_prefix (*end, "v="));

  return server;
}

static void
go_online (FakeServer *server)
{
  fake_server_open (server, FAKE_BIND);
  fake_server_bind (server);
  fake_server_wait_until (!server->is_connecting);
  g_assert_no_error (server->error);
}

static void
assert_gives_up (FakeServer *server,
                 GQuark      domain,
                 int         code)
{
  fake_server_expect_failure (server, domain, code);
  fake_server_wait_until (server->is_eof);
}

static guint
count_sent (FakeServer *server,
            const char *text)
{
  guint n = 0;

  for (guint i = 0; i < server->received->len; i++)
    n += strstr (g_ptr_array_index (server->received, i), text) != NULL ? 1 : 0;

  return n;
}

static void
test_nothing_usable_ends_it (void)
{
  g_autoptr(GString) many = g_string_new ("<mechanisms xmlns='" NS_SASL "'>");
  const char *features[] = {
    FAKE_BIND,
    FAKE_MECHANISMS (""),
    FAKE_MECHANISMS (FAKE_MECHANISM ("omg-poniez")),
    FAKE_MECHANISMS (FAKE_MECHANISM ("plain") FAKE_MECHANISM ("scram-sha-1")),
    FAKE_MECHANISMS (FAKE_MECHANISM ("")),
    "<mechanisms xmlns='urn:example:other'><mechanism>PLAIN</mechanism></mechanisms>",
    NULL,
  };

  for (guint i = 0; i < 500; i++)
    g_string_append_printf (many, "<mechanism>X-%u</mechanism>", i);
  g_string_append (many, "</mechanisms>");
  features[G_N_ELEMENTS (features) - 1] = many->str;

  for (gsize i = 0; i < G_N_ELEMENTS (features); i++)
    {
      g_autoptr(FakeServer) server = server_offering (features[i]);

      fake_server_expect_failure (server, XMPP_ERROR, XMPP_ERROR_NO_MECHANISM);
      fake_server_expect_closed (server);
    }
}

static void
test_duplicate_mechanisms_do_no_harm (void)
{
  g_autoptr(FakeServer) server = server_offering (FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN") FAKE_MECHANISM ("PLAIN")));

  fake_server_authenticate (server);
  go_online (server);
}

static void
on_warning (XmppSession   *session,
            XmppEvent      event,
            XmppDirection  direction,
            const char    *text,
            guint         *n)
{
  *n += strstr (text, "the password itself") != NULL ? 1 : 0;
}

/* The first time there is nothing to compare with; SCRAM, once seen, is what the next time is compared with */
static void
test_plain_is_told (void)
{
  const char * const lists[] = { PLAIN, SCRAM };

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autoptr(FakeServer) server = fake_server_new (JID);
      guint n = 0;

      g_signal_connect (server->session, "event", G_CALLBACK (on_warning), &n);
      fake_server_secure (server);
      fake_server_open (server, lists[i]);
      if (i == 0)
        fake_server_authenticate (server);
      else
        fake_scram_play (server, "SCRAM-SHA-256");
      go_online (server);
      g_assert_cmpuint (n, ==, i == 0 ? 1 : 0);
      g_signal_handlers_disconnect_by_data (server->session, &n);
    }
}

static void
test_plain_is_refused_after_scram (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);

  xmpp_session_set_last_mechanism (server->session, "SCRAM-SHA-1", FALSE);
  fake_server_secure (server);
  fake_server_open (server, PLAIN);
  fake_server_expect_failure (server, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_WEAKER);
  fake_server_expect_closed (server);
}

static void
test_plain_is_taken_when_the_person_agreed (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);

  xmpp_session_set_last_mechanism (server->session, "SCRAM-SHA-1", TRUE);
  fake_server_login (server);
  g_assert_cmpstr (xmpp_session_get_mechanism (server->session), ==, "PLAIN");
}

static void
test_no_plain_without_tls (void)
{
  const char * const features[] = { PLAIN, PLAIN FAKE_STARTTLS, PLAIN "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" };
  const int codes[] = { XMPP_ERROR_NO_MECHANISM, XMPP_ERROR_TLS_REQUIRED, XMPP_ERROR_NO_MECHANISM };

  for (gsize i = 0; i < G_N_ELEMENTS (features); i++)
    {
      g_autoptr(FakeServer) server = fake_server_new (JID);

      g_object_set (server->session, "security", XMPP_SECURITY_DISABLED, NULL);
      xmpp_session_set_last_mechanism (server->session, "PLAIN", TRUE);
      fake_server_connect (server);
      fake_server_open (server, features[i]);
      fake_server_expect_failure (server, XMPP_ERROR, codes[i]);
      fake_server_expect_closed (server);
    }
}

/* Whatever is offered without TLS, nothing of a login goes out, for no mechanism */
static void
test_nothing_before_tls (void)
{
  static const char * const mechanisms[] = {
    "SCRAM-SHA-512-PLUS", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN",
    "EXTERNAL", "ANONYMOUS",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    {
      gboolean is_anonymous = g_str_equal (mechanisms[i], "ANONYMOUS");
      g_autoptr(FakeServer) server = fake_server_new (is_anonymous ? "capulet.lit" : JID);
      g_autofree char *features = g_strdup_printf (FAKE_MECHANISMS ("<mechanism>%s</mechanism>") BOTH, mechanisms[i]);

      g_object_set (server->session, "anonymous", is_anonymous, NULL);
      if (g_str_equal (mechanisms[i], "EXTERNAL"))
        {
          g_autofree char *pem = fake_authority_issue (server->authority, "juliet", FAKE_CERTIFICATE_CLIENT_USAGE);
          g_autoptr(GTlsCertificate) certificate = g_tls_certificate_new_from_pem (pem, -1, NULL);

          g_object_set (server->session, "client-certificate", certificate, NULL);
        }

      fake_server_connect (server);
      fake_server_open (server, features);
      fake_server_expect_failure (server, XMPP_ERROR, XMPP_ERROR_NO_TLS);
      fake_server_expect_closed (server);
    }
}

static void
test_anonymous_logs_in_without_an_account (void)
{
  g_autoptr(FakeServer) server = fake_server_new ("capulet.lit");

  g_object_set (server->session, "anonymous", TRUE, NULL);
  fake_server_secure (server);
  fake_server_open (server, FAKE_MECHANISMS (FAKE_MECHANISM ("SCRAM-SHA-1") FAKE_MECHANISM ("ANONYMOUS")));
  fake_server_expect_next (server, "<auth xmlns='" NS_SASL "' mechanism='ANONYMOUS'>=</auth>");
  fake_server_send (server, SUCCESS);
  fake_server_open (server, FAKE_BIND);
  fake_server_answer (server, FAKE_BIND_NS, "<bind xmlns='" FAKE_BIND_NS "'><jid>xyz@capulet.lit/1</jid></bind>");
  fake_server_wait_until (!server->is_connecting);
  g_assert_no_error (server->error);
  g_assert_cmpstr (xmpp_jid_get_text (xmpp_session_get_own_jid (server->session)), ==, "xyz@capulet.lit/1");
}

static void
test_external_logs_in_with_the_certificate (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autofree char *pem = fake_authority_issue (server->authority, "juliet", FAKE_CERTIFICATE_CLIENT_USAGE);
  g_autoptr(GError) error = NULL;
  g_autoptr(GTlsCertificate) certificate = g_tls_certificate_new_from_pem (pem, -1, &error);
  guint n_shown = 0;

  g_assert_no_error (error);
  g_object_set (server->session, "client-certificate", certificate, NULL);
  server->asks_client_certificate = TRUE;
  fake_server_secure (server);
  g_assert_nonnull (gnutls_certificate_get_peers (server->tls, &n_shown));
  g_assert_cmpuint (n_shown, ==, 1);

  fake_server_open (server, FAKE_MECHANISMS (FAKE_MECHANISM ("SCRAM-SHA-256") FAKE_MECHANISM ("EXTERNAL")));
  fake_server_expect_next (server, "<auth xmlns='" NS_SASL "' mechanism='EXTERNAL'>=</auth>");
  fake_server_send (server, SUCCESS);
  go_online (server);
}

/* Then there is still the password, which the server has not seen yet; without one it is said what was refused */
static void
test_external_may_be_refused (void)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(FakeServer) server = fake_server_new (JID);
      g_autofree char *pem = fake_authority_issue (server->authority, "juliet", FAKE_CERTIFICATE_CLIENT_USAGE);
      g_autoptr(GTlsCertificate) certificate = g_tls_certificate_new_from_pem (pem, -1, NULL);

      g_object_set (server->session, "client-certificate", certificate, NULL);
      if (i == 1)
        xmpp_session_set_password (server->session, NULL);

      server->asks_client_certificate = TRUE;
      fake_server_secure (server);
      fake_server_open (server, FAKE_MECHANISMS (FAKE_MECHANISM ("SCRAM-SHA-256") FAKE_MECHANISM ("EXTERNAL")));
      fake_server_expect_next (server, "<auth xmlns='" NS_SASL "' mechanism='EXTERNAL'>=</auth>");
      fake_server_send (server, FAILURE ("<not-authorized/>"));

      if (i == 0)
        {
          fake_scram_play (server, "SCRAM-SHA-256");
          go_online (server);
        }
      else
        {
          fake_server_expect_failure (server, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_CERTIFICATE);
          g_assert_nonnull (strstr (server->error->message, "did not accept"));
        }
    }
}

static void
test_only_the_list_after_tls_counts (void)
{
  const struct
  {
    const char *before;
    const char *after;
    const char *mechanism;
  } lists[] = {
    { PLAIN, SCRAM, "SCRAM-SHA-256" },
    { SCRAM, PLAIN, "PLAIN" },
    { FAKE_MECHANISMS (FAKE_MECHANISM ("SCRAM-SHA-512") FAKE_MECHANISM ("SCRAM-SHA-512-PLUS")), SCRAM, "SCRAM-SHA-256" },
    { PLAIN, "", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autoptr(FakeServer) server = fake_server_new (JID);
      g_autofree char *before = g_strconcat (FAKE_STARTTLS, lists[i].before, NULL);
      g_autofree char *auth = NULL;

      fake_server_connect (server);
      fake_server_open (server, before);
      fake_server_start_tls (server);
      fake_server_open (server, lists[i].after);

      if (lists[i].mechanism != NULL)
        auth = fake_sasl_expect_auth (server, lists[i].mechanism);
      else
        fake_server_expect_failure (server, XMPP_ERROR, XMPP_ERROR_NO_MECHANISM);
    }
}

/* The server computes its own binding and checks the client's */
static void
test_login_is_bound_to_the_connection (void)
{
  const char * const mechanisms[] = { "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-512-PLUS" };
  const char * const priorities[] = { "NORMAL", TLS_1_2 };

  for (gsize i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    {
      for (gsize j = 0; j < G_N_ELEMENTS (priorities); j++)
        {
          g_autoptr(FakeServer) server = fake_server_new (JID);
          g_autofree char *features = g_strdup_printf (FAKE_MECHANISMS ("<mechanism>%s</mechanism>") BOTH, mechanisms[i]);

          server->tls_priority = priorities[j];
          fake_server_secure (server);
          fake_server_open (server, features);
          fake_scram_play (server, mechanisms[i]);
          go_online (server);
          g_assert_cmpstr (xmpp_session_get_mechanism (server->session), ==, mechanisms[i]);
        }
    }
}

static void
test_binding_type_follows_the_version (void)
{
  const struct
  {
    const char *priority;
    const char *types;
    const char *flag;
  } cells[] = {
    { "NORMAL", BOTH, "p=tls-exporter,," },
    { "NORMAL", BINDING (TYPE ("tls-server-end-point")), "p=tls-server-end-point,," },
    { "NORMAL", BINDING (TYPE ("tls-unique") TYPE ("tls-server-end-point")), "p=tls-server-end-point,," },
    { TLS_1_2, BOTH, "p=tls-server-end-point,," },
    { TLS_1_2, BINDING (TYPE ("tls-exporter") TYPE ("tls-unique") TYPE ("tls-server-end-point")), "p=tls-server-end-point,," },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cells); i++)
    {
      g_autoptr(FakeServer) server = fake_server_new (JID);
      g_autofree char *features = g_strconcat (FAKE_MECHANISMS (FAKE_MECHANISM ("SCRAM-SHA-1-PLUS")), cells[i].types, NULL);
      g_autofree char *first = NULL;

      server->tls_priority = cells[i].priority;
      fake_server_secure (server);
      fake_server_open (server, features);
      first = fake_sasl_expect_auth (server, "SCRAM-SHA-1-PLUS");
      g_assert_true (g_str_has_prefix (first, cells[i].flag));
    }
}

/* What Openfire 5 says, with its defaults: TLS is optional, all of its channel binding is tls-server-end-point,
 * and before and after the login there is much that is not for us.
 */
static void
test_openfire_is_logged_in_to (void)
{
  static const char around[] =
    "<compression xmlns='http://jabber.org/features/compress'><method>zlib</method></compression>"
    "<register xmlns='http://jabber.org/features/iq-register'/>"
    "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://www.igniterealtime.org/projects/openfire/' ver='x='/>"
    "<limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>1048576</max-bytes><idle-seconds>360</idle-seconds></limits>";
  g_autofree char *before = g_strconcat ("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", PLAIN, around, NULL);
  g_autofree char *secure = g_strconcat (FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN") FAKE_MECHANISM ("SCRAM-SHA-1-PLUS")
                                                          FAKE_MECHANISM ("SCRAM-SHA-1")),
                                         BINDING (TYPE ("tls-server-end-point")), around, NULL);
  g_autofree char *after = g_strconcat (FAKE_BIND "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'><optional/></session>"
                                        "<sm xmlns='urn:xmpp:sm:2'/><sm xmlns='urn:xmpp:sm:3'/><csi xmlns='urn:xmpp:csi:0'/>"
                                        "<ver xmlns='urn:xmpp:features:rosterver'/>", around, NULL);
  g_autoptr(FakeServer) server = fake_server_new (JID);

  fake_server_connect (server);
  fake_server_open (server, before);
  fake_server_start_tls (server);
  fake_server_open (server, secure);
  fake_scram_play (server, "SCRAM-SHA-1-PLUS");
  fake_server_open (server, after);
  fake_server_bind (server);
  fake_server_wait_until (!server->is_connecting);
  g_assert_no_error (server->error);
  g_assert_cmpstr (xmpp_session_get_mechanism (server->session), ==, "SCRAM-SHA-1-PLUS");

  /* Its version of the contact list is a number that is compared and not understood */
  fake_server_expect (server, "<iq type='get' id='*'><query xmlns='jabber:iq:roster' ver=''/></iq>");

  /* It hangs up on who does not answer this after three minutes */
  fake_server_send (server, "<iq type='get' id='idle' from='capulet.lit'><ping xmlns='urn:xmpp:ping'/></iq>");
  fake_server_expect (server, "<iq type='result' id='idle' to='capulet.lit'/>");
}

/* Somebody ends TLS in the middle: his connection with the server is another one than ours with him */
static void
test_wrong_binding_is_told_and_not_evaded (void)
{
  g_autoptr(FakeServer) server = server_offering (FAKE_MECHANISMS (FAKE_MECHANISM ("SCRAM-SHA-256-PLUS")
                                                                   FAKE_MECHANISM ("SCRAM-SHA-256") FAKE_MECHANISM ("PLAIN"))
                                                  BOTH);
  g_autoptr(FakeScram) scram = fake_scram_new ("SCRAM-SHA-256-PLUS", FAKE_PASSWORD);
  g_autoptr(GBytes) other = g_bytes_new_static ("other", 5);
  g_autofree char *first = fake_sasl_expect_auth (server, "SCRAM-SHA-256-PLUS");
  g_autofree char *challenge = fake_scram_challenge (scram, first, "");
  g_autofree char *final = NULL;
  g_autofree char *end = NULL;

  fake_sasl_send (server, "challenge", challenge);
  final = fake_sasl_expect_response (server);
  end = fake_scram_finish (scram, final, other);
  g_assert_cmpstr (end, ==, "e=channel-bindings-dont-match");
  fake_sasl_send (server, "challenge", end);

  assert_gives_up (server, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_INTERCEPTED);
  g_assert_cmpuint (count_sent (server, "<auth "), ==, 1);
}

/* The list was changed on the way: the server can bind, and the client says "y", that it cannot */
static void
test_wrong_flag_is_told (void)
{
  g_autoptr(FakeServer) server = server_offering (FAKE_MECHANISMS (FAKE_MECHANISM ("SCRAM-SHA-256") FAKE_MECHANISM ("PLAIN")));
  g_autoptr(FakeScram) scram = fake_scram_new ("SCRAM-SHA-256", FAKE_PASSWORD);
  g_autofree char *first = fake_sasl_expect_auth (server, "SCRAM-SHA-256");
  g_autofree char *challenge = fake_scram_challenge (scram, first, "");
  g_autofree char *final = NULL;

  g_assert_true (g_str_has_prefix (first, "y,,"));
  fake_sasl_send (server, "challenge", challenge);
  final = fake_sasl_expect_response (server);
  fake_sasl_send (server, "challenge", "e=server-does-support-channel-binding");
  assert_gives_up (server, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_INTERCEPTED);
  g_assert_cmpuint (count_sent (server, "<auth "), ==, 1);
}

/* Whatever a server says of a bound login, no other one is tried that is not bound */
static void
test_refused_binding_is_not_evaded (void)
{
  static const char * const failures[] = {
    FAILURE ("<not-authorized/>"), FAILURE ("<malformed-request/>"), FAILURE ("<aborted/>"), FAILURE ("<temporary-auth-failure/>"),
    FAILURE ("<invalid-mechanism/>"), FAILURE ("<mechanism-too-weak/>"), FAILURE (""),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autoptr(FakeServer) server = server_offering (FAKE_MECHANISMS (FAKE_MECHANISM ("SCRAM-SHA-256-PLUS")
                                                                       FAKE_MECHANISM ("SCRAM-SHA-256") FAKE_MECHANISM ("PLAIN"))
                                                      BOTH);
      g_autofree char *first = fake_sasl_expect_auth (server, "SCRAM-SHA-256-PLUS");

      fake_server_send (server, failures[i]);
      fake_server_wait_until (!server->is_connecting);
      g_assert_nonnull (server->error);
      fake_server_wait_until (server->is_eof);
      g_assert_cmpuint (count_sent (server, "<auth "), ==, 1);
    }
}

static void
test_flag_tells_what_was_stripped (void)
{
  const struct
  {
    const char *features;
    const char *mechanism;
    const char *flag;
  } shapes[] = {
    { FAKE_MECHANISMS (FAKE_MECHANISM ("SCRAM-SHA-1") FAKE_MECHANISM ("SCRAM-SHA-1-PLUS")) BINDING (TYPE ("tls-exporter")),
      "SCRAM-SHA-1-PLUS", "p=tls-exporter,," },
    { FAKE_MECHANISMS (FAKE_MECHANISM ("SCRAM-SHA-1") FAKE_MECHANISM ("SCRAM-SHA-1-PLUS")), "SCRAM-SHA-1", "n,," },
    { FAKE_MECHANISMS (FAKE_MECHANISM ("SCRAM-SHA-1")), "SCRAM-SHA-1", "y,," },
    { FAKE_MECHANISMS (FAKE_MECHANISM ("SCRAM-SHA-1")) BINDING (TYPE ("tls-exporter")), "SCRAM-SHA-1", "y,," },
    { FAKE_MECHANISMS (FAKE_MECHANISM ("SCRAM-SHA-1") FAKE_MECHANISM ("X-OTHER-PLUS")), "SCRAM-SHA-1", "n,," },
    { FAKE_MECHANISMS (FAKE_MECHANISM ("SCRAM-SHA-1") FAKE_MECHANISM ("SCRAM-SHA-1-PLUS")) BINDING (TYPE ("tls-dummy")),
      NULL, NULL },
    { FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN") FAKE_MECHANISM ("SCRAM-SHA-1-PLUS")) BINDING (""), NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr(FakeServer) server = server_offering (shapes[i].features);
      g_autofree char *first = NULL;

      if (shapes[i].mechanism == NULL)
        {
          fake_server_expect_failure (server, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_INTERCEPTED);
          fake_server_expect_closed (server);
          continue;
        }

      first = fake_sasl_expect_auth (server, shapes[i].mechanism);
      g_assert_true (g_str_has_prefix (first, shapes[i].flag));
    }
}

static void
test_flag_without_tls (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autofree char *first = NULL;

  g_object_set (server->session, "security", XMPP_SECURITY_DISABLED, NULL);
  fake_server_connect (server);
  fake_server_open (server, SCRAM);
  first = fake_sasl_expect_auth (server, "SCRAM-SHA-256");
  g_assert_true (g_str_has_prefix (first, "n,,"));
}

/* XEP-0474: the list as it was sent, in whatever order */
static void
test_hash_of_the_list_is_checked (void)
{
  const char * const features = FAKE_MECHANISMS (FAKE_MECHANISM ("SCRAM-SHA-1-PLUS") FAKE_MECHANISM ("SCRAM-SHA-1"))
                                BINDING (TYPE ("tls-server-end-point") TYPE ("tls-exporter"));
  const char * const extensions[] = { ",h=G6k/rBLDqgOhRRaCuuatSDFkJ08=", ",h=G6k/rBLDqgOhRRaCuuatSDFkJ09=" };

  for (gsize i = 0; i < G_N_ELEMENTS (extensions); i++)
    {
      g_autoptr(FakeServer) server = server_offering (features);
      g_autoptr(FakeScram) scram = fake_scram_new ("SCRAM-SHA-1-PLUS", FAKE_PASSWORD);
      g_autofree char *first = fake_sasl_expect_auth (server, "SCRAM-SHA-1-PLUS");
      g_autofree char *challenge = fake_scram_challenge (scram, first, extensions[i]);
      g_autofree char *final = NULL;

      fake_sasl_send (server, "challenge", challenge);
      if (i == 0)
        {
          final = fake_sasl_expect_response (server);
          continue;
        }

      fake_server_expect_next (server, "<abort xmlns='" NS_SASL "'/>");
      assert_gives_up (server, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_INTERCEPTED);
      g_assert_cmpuint (count_sent (server, "<response "), ==, 0);
    }
}

static void
test_malformed_challenge_is_aborted (void)
{
  const char * const texts[] = {
    "====", "cj0", "cj 0", "cj0\n", "cj0*", "", "=", "cgBh", "//8=", "bT14LHI9", "e30=",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(FakeServer) server = server_offering (SCRAM);
      g_autofree char *first = fake_sasl_expect_auth (server, "SCRAM-SHA-256");
      g_autofree char *xml = g_strdup_printf ("<challenge xmlns='" NS_SASL "'>%s</challenge>", texts[i]);

      fake_server_send (server, xml);
      fake_server_expect_next (server, "<abort xmlns='" NS_SASL "'/>");
      fake_server_wait_until (!server->is_connecting);
      g_assert_nonnull (server->error);
      g_assert_cmpuint (count_sent (server, "<response "), ==, 0);
    }
}

/* … and one that is larger than anything before a login may be ends the stream as such */
static void
test_huge_challenge_ends_it (void)
{
  g_autofree char *salt = g_strnfill (87384, 'A');   /* 64 KiB, in base64 */
  g_autofree char *megabyte = g_strnfill (1024 * 1024, 'A');
  const char *texts[] = { salt, megabyte };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(FakeServer) server = server_offering (SCRAM);
      g_autofree char *first = fake_sasl_expect_auth (server, "SCRAM-SHA-256");
      g_autofree char *xml = g_strdup_printf ("<challenge xmlns='" NS_SASL "'>%s</challenge>", texts[i]);

      fake_server_send (server, xml);
      fake_server_expect_failure (server, XMPP_ERROR, XMPP_ERROR_LIMIT);
      fake_server_wait_until (server->is_eof);
      fake_server_expect_contains (server, "<policy-violation ");
      g_assert_cmpuint (count_sent (server, "<response "), ==, 0);
    }
}

static void
test_wrong_signature_ends_it (void)
{
  const char * const elements[] = { "success", "challenge" };

  for (gsize i = 0; i < G_N_ELEMENTS (elements); i++)
    {
      g_autofree char *end = NULL;
      g_autoptr(FakeServer) server = server_with_proof (&end);

      end[2] = end[2] == 'A' ? 'B' : 'A';
      fake_sasl_send (server, elements[i], end);
      assert_gives_up (server, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_SERVER_UNPROVEN);
      g_assert_cmpuint (count_sent (server, "<stream:stream "), ==, 2);
    }
}

static void
test_missing_signature_ends_it (void)
{
  const char * const answers[] = { SUCCESS, "<success xmlns='" NS_SASL "'>=</success>" };

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autofree char *end = NULL;
      g_autoptr(FakeServer) server = server_with_proof (&end);
      g_autoptr(FakeServer) early = server_offering (SCRAM);
      g_autofree char *first = fake_sasl_expect_auth (early, "SCRAM-SHA-256");

      fake_server_send (server, answers[i]);
      assert_gives_up (server, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_SERVER_UNPROVEN);

      fake_server_send (early, answers[i]);
      assert_gives_up (early, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_SERVER_UNPROVEN);
    }
}

static void
test_signature_in_success_is_legal (void)
{
  g_autofree char *end = NULL;
  g_autoptr(FakeServer) server = server_with_proof (&end);

  fake_sasl_send (server, "success", end);
  go_online (server);
}

static void
test_signature_in_a_challenge_is_legal (void)
{
  g_autofree char *end = NULL;
  g_autoptr(FakeServer) server = server_with_proof (&end);

  fake_sasl_send (server, "challenge", end);
  fake_server_expect_next (server, "<response xmlns='" NS_SASL "'/>");
  fake_server_send (server, SUCCESS);
  go_online (server);
}

static void
test_server_error_ends_it (void)
{
  const struct
  {
    const char *text;
    int         code;
  } errors[] = {
    { "e=invalid-proof", XMPP_AUTH_ERROR_NOT_AUTHORIZED },
    { "e=unknown-user", XMPP_AUTH_ERROR_NOT_AUTHORIZED },
    { "e=channel-bindings-dont-match", XMPP_AUTH_ERROR_INTERCEPTED },
    { "e=other-error", XMPP_AUTH_ERROR_FAILED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_autofree char *end = NULL;
      g_autoptr(FakeServer) server = server_with_proof (&end);

      fake_sasl_send (server, "challenge", errors[i].text);
      assert_gives_up (server, XMPP_AUTH_ERROR, errors[i].code);
      g_assert_cmpuint (count_sent (server, "<auth "), ==, 1);
    }
}

static void
test_failure_is_told_and_not_tried_again (void)
{
  const struct
  {
    const char *failure;
    int         code;
  } failures[] = {
    { FAILURE ("<aborted/>"), XMPP_AUTH_ERROR_ABORTED },
    { FAILURE ("<account-disabled/>"), XMPP_AUTH_ERROR_ACCOUNT_DISABLED },
    { FAILURE ("<credentials-expired/>"), XMPP_AUTH_ERROR_CREDENTIALS_EXPIRED },
    { FAILURE ("<encryption-required/>"), XMPP_AUTH_ERROR_ENCRYPTION_REQUIRED },
    { FAILURE ("<incorrect-encoding/>"), XMPP_AUTH_ERROR_INCORRECT_ENCODING },
    { FAILURE ("<invalid-authzid/>"), XMPP_AUTH_ERROR_INVALID_AUTHZID },
    { FAILURE ("<malformed-request/>"), XMPP_AUTH_ERROR_MALFORMED_REQUEST },
    { FAILURE ("<not-authorized/>"), XMPP_AUTH_ERROR_NOT_AUTHORIZED },
    { FAILURE ("<temporary-auth-failure/>"), XMPP_AUTH_ERROR_TEMPORARY_FAILURE },
    { FAILURE ("<unheard-of/>"), XMPP_AUTH_ERROR_FAILED },
    { FAILURE (""), XMPP_AUTH_ERROR_FAILED },
    { FAILURE ("<not-authorized/><text xml:lang='en'>&#x202e;Send &lt;b&gt;money&lt;/b&gt;\n\n\nto eve@evil.test</text>"),
      XMPP_AUTH_ERROR_NOT_AUTHORIZED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autoptr(FakeServer) server = server_offering (FAKE_MECHANISMS (FAKE_MECHANISM ("SCRAM-SHA-1") FAKE_MECHANISM ("PLAIN")));
      g_autofree char *first = fake_sasl_expect_auth (server, "SCRAM-SHA-1");

      fake_server_send (server, failures[i].failure);
      assert_gives_up (server, XMPP_AUTH_ERROR, failures[i].code);
      g_assert_cmpuint (count_sent (server, "<auth "), ==, 1);
      g_assert_null (strstr (server->error->message, "\xe2\x80\xae"));
      g_assert_null (strchr (server->error->message, '\n'));
    }
}

static void
test_refused_mechanism_leads_to_the_next_once (void)
{
  const char * const failures[] = { FAILURE ("<invalid-mechanism/>"), FAILURE ("<mechanism-too-weak/>") };

  for (gsize i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autoptr(FakeServer) server = server_offering (FAKE_MECHANISMS (FAKE_MECHANISM ("SCRAM-SHA-1")
                                                                       FAKE_MECHANISM ("SCRAM-SHA-256")
                                                                       FAKE_MECHANISM ("SCRAM-SHA-512")));
      g_autofree char *first = fake_sasl_expect_auth (server, "SCRAM-SHA-512");
      g_autofree char *second = NULL;

      fake_server_send (server, failures[i]);
      second = fake_sasl_expect_auth (server, "SCRAM-SHA-256");
      fake_server_send (server, failures[i]);
      fake_server_wait_until (!server->is_connecting);
      g_assert_cmpuint (server->error->domain, ==, XMPP_AUTH_ERROR);
      g_assert_cmpuint (count_sent (server, "<auth "), ==, 2);
    }
}

/* Whoever can refuse a mechanism could do so until the password itself goes out */
static void
test_refused_scram_does_not_lead_to_plain (void)
{
  g_autoptr(FakeServer) server = server_offering (FAKE_MECHANISMS (FAKE_MECHANISM ("SCRAM-SHA-1") FAKE_MECHANISM ("PLAIN")));
  g_autofree char *first = fake_sasl_expect_auth (server, "SCRAM-SHA-1");

  fake_server_send (server, FAILURE ("<invalid-mechanism/>"));
  assert_gives_up (server, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_WEAKER);
  g_assert_cmpuint (count_sent (server, "PLAIN"), ==, 0);
}

static void
test_challenges_have_an_end (void)
{
  const char * const answers[] = {
    "<challenge xmlns='" NS_SASL "'/>",
    "<challenge xmlns='" NS_SASL "'>cj0x</challenge>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr(FakeServer) server = server_offering (PLAIN);

      fake_server_expect_contains (server, "mechanism='PLAIN'");
      fake_server_send (server, answers[i]);
      fake_server_wait_until (!server->is_connecting);
      g_assert_nonnull (server->error);
      fake_server_wait_until (server->is_eof);
      g_assert_cmpuint (count_sent (server, "<response "), ==, 0);
    }
}

static void
test_words_out_of_turn_end_it (void)
{
  const char * const words[] = { SUCCESS, FAILURE ("<not-authorized/>"), "<challenge xmlns='" NS_SASL "'>cj0x</challenge>" };

  /* After success the stream begins anew: whatever is of the old one has no place in it */
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autoptr(FakeServer) server = server_offering (PLAIN);

      fake_server_authenticate (server);
      fake_server_expect_contains (server, "<stream:stream ");
      fake_server_send_header (server, "from='capulet.lit' id='x' version='1.0'");
      fake_server_send (server, words[i]);
      fake_server_expect_failure (server, XMPP_ERROR, XMPP_ERROR_PROTOCOL);
    }

  /* Stanzas have no place before it */
  {
    g_autoptr(FakeServer) server = server_offering (PLAIN);

    fake_server_expect_contains (server, "mechanism='PLAIN'");
    fake_server_send (server, "<message from='romeo@montague.lit'><body>Hello</body></message>");
    fake_server_expect_failure (server, XMPP_ERROR, XMPP_ERROR_PROTOCOL);
  }
}

static void
test_silence_ends_it (void)
{
  g_autoptr(FakeServer) server = server_offering (PLAIN);

  fake_server_expect_contains (server, "mechanism='PLAIN'");
  fake_clock_advance (server->clock, 19 * 1000);
  g_assert_true (server->is_connecting);
  fake_clock_advance (server->clock, 2 * 1000);
  fake_server_expect_failure (server, XMPP_ERROR, XMPP_ERROR_TIMED_OUT);
}

static void
test_password_is_needed (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);

  xmpp_session_set_password (server->session, NULL);
  fake_server_secure (server);
  fake_server_open (server, SCRAM);
  fake_server_expect_failure (server, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_NO_PASSWORD);
  fake_server_expect_closed (server);
}

/* T132: everything that a console or a log could see */

static void
on_stanza (XmppSession   *session,
           XmppStanza    *stanza,
           XmppDirection  direction,
           gpointer       user_data)
{
  g_autofree char *xml = xmpp_stanza_to_xml (stanza);

  g_string_append (user_data, xml);
  g_string_append_c (user_data, '\n');
}

static void
on_event (XmppSession   *session,
          XmppEvent      event,
          XmppDirection  direction,
          const char    *text,
          gpointer       user_data)
{
  g_string_append (user_data, text);
  g_string_append_c (user_data, '\n');
}

/* What is in the wire's SASL elements, as it is and decoded, is not in the log */
static void
assert_no_secrets (FakeServer *server,
                   GString    *log)
{
  guint n_secrets = 0;

  g_assert_null (strstr (log->str, FAKE_PASSWORD));

  for (guint i = 0; i < server->received->len; i++)
    {
      const char *element = g_ptr_array_index (server->received, i);
      g_autofree char *encoded = NULL;
      g_autofree char *text = NULL;
      gsize length;

      if (!g_str_has_prefix (element, "<auth ") && !g_str_has_prefix (element, "<response "))
        continue;

      element = strchr (element, '>') + 1;
      encoded = g_strndup (element, strcspn (element, "<"));
      if (strlen (encoded) < 4)
        continue;

      n_secrets++;
      g_assert_null (strstr (log->str, encoded));
      g_base64_decode_inplace (encoded, &length);
      text = g_strndup (encoded, length);
      g_assert_true (*text == '\0' || strstr (log->str, text) == NULL);   /* PLAIN begins with a NUL */
    }

  g_assert_cmpuint (n_secrets, >, 0);
}

static void
test_secrets_are_not_shown (void)
{
  const char * const features[] = {
    PLAIN, SCRAM, FAKE_MECHANISMS (FAKE_MECHANISM ("SCRAM-SHA-512-PLUS")) BOTH,
  };
  const char * const mechanisms[] = { "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512-PLUS" };

  for (gsize i = 0; i < G_N_ELEMENTS (features); i++)
    {
      g_autoptr(FakeServer) server = fake_server_new (JID);
      g_autoptr(GString) log = g_string_new (NULL);

      g_signal_connect (server->session, "stanza", G_CALLBACK (on_stanza), log);
      g_signal_connect (server->session, "event", G_CALLBACK (on_event), log);

      fake_server_secure (server);
      fake_server_open (server, features[i]);
      if (i == 0)
        fake_server_authenticate (server);
      else
        fake_scram_play (server, mechanisms[i]);
      go_online (server);
      fake_server_close (server);
      fake_server_wait_until (server->n_closed == 1);

      /* The steps are there, what they say is not */
      g_assert_nonnull (strstr (log->str, "<auth "));
      g_assert_nonnull (strstr (log->str, mechanisms[i]));
      g_assert_nonnull (strstr (log->str, "<success "));
      assert_no_secrets (server, log);
      g_signal_handlers_disconnect_by_data (server->session, log);
    }
}

static void
test_secrets_are_not_shown_in_failures (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autoptr(GString) log = g_string_new (NULL);
  g_autofree char *xml = NULL;
  const char *auth;

  g_signal_connect (server->session, "stanza", G_CALLBACK (on_stanza), log);
  g_signal_connect (server->session, "event", G_CALLBACK (on_event), log);

  fake_server_secure (server);
  fake_server_open (server, PLAIN);
  auth = fake_server_expect_contains (server, "mechanism='PLAIN'");

  /* A server that repeats what it was told */
  xml = g_strdup_printf ("<challenge xmlns='" NS_SASL "'><x xmlns='urn:example:echo'>%s</x></challenge>", auth);
  fake_server_send (server, xml);
  fake_server_wait_until (!server->is_connecting);
  assert_no_secrets (server, log);
  g_signal_handlers_disconnect_by_data (server->session, log);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/login/S53-nothing-usable-ends-it", test_nothing_usable_ends_it);
  g_test_add_func ("/xmpp/login/S53-duplicate-mechanisms-do-no-harm", test_duplicate_mechanisms_do_no_harm);
  g_test_add_func ("/xmpp/login/S54-plain-is-told", test_plain_is_told);
  g_test_add_func ("/xmpp/login/S54-plain-is-refused-after-scram", test_plain_is_refused_after_scram);
  g_test_add_func ("/xmpp/login/S54-plain-is-taken-when-the-person-agreed", test_plain_is_taken_when_the_person_agreed);
  g_test_add_func ("/xmpp/login/S55-no-plain-without-tls", test_no_plain_without_tls);
  g_test_add_func ("/xmpp/login/S55-nothing-of-any-login-before-tls", test_nothing_before_tls);
  g_test_add_func ("/xmpp/login/S57-only-the-list-after-tls-counts", test_only_the_list_after_tls_counts);
  g_test_add_func ("/xmpp/login/S58-login-is-bound-to-the-connection", test_login_is_bound_to_the_connection);
  g_test_add_func ("/xmpp/login/S58-binding-type-follows-the-version", test_binding_type_follows_the_version);
  g_test_add_func ("/xmpp/login/openfire-is-logged-in-to", test_openfire_is_logged_in_to);
  g_test_add_func ("/xmpp/login/S59-wrong-binding-is-told-and-not-evaded", test_wrong_binding_is_told_and_not_evaded);
  g_test_add_func ("/xmpp/login/S59-wrong-flag-is-told", test_wrong_flag_is_told);
  g_test_add_func ("/xmpp/login/S59-refused-binding-is-not-evaded", test_refused_binding_is_not_evaded);
  g_test_add_func ("/xmpp/login/S60-flag-tells-what-was-stripped", test_flag_tells_what_was_stripped);
  g_test_add_func ("/xmpp/login/S60-flag-without-tls", test_flag_without_tls);
  g_test_add_func ("/xmpp/login/S61-hash-of-the-list-is-checked", test_hash_of_the_list_is_checked);
  g_test_add_func ("/xmpp/login/S65-malformed-challenge-is-aborted", test_malformed_challenge_is_aborted);
  g_test_add_func ("/xmpp/login/S65-a-huge-challenge-ends-it", test_huge_challenge_ends_it);
  g_test_add_func ("/xmpp/login/S66-wrong-signature-ends-it", test_wrong_signature_ends_it);
  g_test_add_func ("/xmpp/login/S67-missing-signature-ends-it", test_missing_signature_ends_it);
  g_test_add_func ("/xmpp/login/S68-signature-in-success-is-legal", test_signature_in_success_is_legal);
  g_test_add_func ("/xmpp/login/S68-signature-in-a-challenge-is-legal", test_signature_in_a_challenge_is_legal);
  g_test_add_func ("/xmpp/login/S69-server-error-ends-it", test_server_error_ends_it);
  g_test_add_func ("/xmpp/login/S70-failure-is-told-and-not-tried-again", test_failure_is_told_and_not_tried_again);
  g_test_add_func ("/xmpp/login/S70-refused-mechanism-leads-to-the-next-once", test_refused_mechanism_leads_to_the_next_once);
  g_test_add_func ("/xmpp/login/S70-refused-scram-does-not-lead-to-plain", test_refused_scram_does_not_lead_to_plain);
  g_test_add_func ("/xmpp/login/S71-challenges-have-an-end", test_challenges_have_an_end);
  g_test_add_func ("/xmpp/login/S71-words-out-of-turn-end-it", test_words_out_of_turn_end_it);
  g_test_add_func ("/xmpp/login/T132-secrets-are-not-shown", test_secrets_are_not_shown);
  g_test_add_func ("/xmpp/login/T132-secrets-are-not-shown-in-failures", test_secrets_are_not_shown_in_failures);
  g_test_add_func ("/xmpp/login/anonymous-logs-in-without-an-account", test_anonymous_logs_in_without_an_account);
  g_test_add_func ("/xmpp/login/external-logs-in-with-the-certificate", test_external_logs_in_with_the_certificate);
  g_test_add_func ("/xmpp/login/after-a-certificate-comes-the-password", test_external_may_be_refused);
  g_test_add_func ("/xmpp/login/password-is-needed", test_password_is_needed);
  g_test_add_func ("/xmpp/login/silence-ends-it", test_silence_ends_it);

  return g_test_run ();
}
