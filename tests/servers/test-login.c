/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Logging in to a real server, in each way that it has, and being refused */
#include "test-client.h"

#define USER "juliet"

/* The strongest that works, bound to the connection where the server can do that over TLS 1.3: Prosody 13 and
 * ejabberd 24 can. Prosody 0.12 cannot, and ejabberd 23.01 offers it, does not say how (XEP-0440), and takes
 * nothing.
 */
static void
assert_strongest_mechanism (TestServer *server,
                            TestClient *client)
{
  const char *mechanism = xmpp_session_get_mechanism (client->session);
  const char *hash = test_server_get_kind (server) == TEST_SERVER_PROSODY ? "SCRAM-SHA-1" : "SCRAM-SHA-512";
  g_autofree char *bound = g_strconcat (hash, "-PLUS", NULL);

  if (g_strcmp0 (mechanism, bound) != 0)
    g_assert_cmpstr (mechanism, ==, hash);
}

static void
test_starttls (TestServer *server)
{
  g_autoptr(TestClient) client = test_client_new_user (server, USER);

  test_client_log_in (client);

  g_assert_cmpuint (xmpp_session_get_state (client->session), ==, XMPP_STATE_ONLINE);
  assert_strongest_mechanism (server, client);
  g_assert_nonnull (xmpp_session_get_tls_version (client->session));
  g_assert_nonnull (xmpp_jid_get_resource (xmpp_session_get_own_jid (client->session)));
}

static void
test_direct_tls (TestServer *server)
{
  g_autoptr(TestClient) client = test_client_new_user (server, USER);

  g_object_set (client->session,
                "security", XMPP_SECURITY_DIRECT_TLS,
                "port", (guint) test_server_get_tls_port (server),
                NULL);
  test_client_log_in (client);

  assert_strongest_mechanism (server, client);
  g_assert_nonnull (xmpp_session_get_tls_version (client->session));
}

static void
test_a_resource_of_our_choice (TestServer *server)
{
  g_autoptr(TestClient) client = test_client_new_user (server, USER);
  g_autoptr(TestClient) device = test_client_new_device (server, client, "balcony");

  test_client_log_in (device);

  g_assert_cmpstr (xmpp_jid_get_resource (xmpp_session_get_own_jid (device->session)), ==, "balcony");
}

static void
test_plain (TestServer *server)
{
  g_autoptr(TestClient) client = test_client_new_user_at (server, TEST_HOST_PLAIN, USER, "pässwörd 世界");

  test_client_log_in (client);

  g_assert_cmpstr (xmpp_session_get_mechanism (client->session), ==, "PLAIN");
}

static void
test_plain_is_not_a_way_back_from_scram (TestServer *server)
{
  g_autoptr(TestClient) client = test_client_new_user_at (server, TEST_HOST_PLAIN, USER, "secret");
  g_autoptr(GError) error = NULL;

  xmpp_session_set_last_mechanism (client->session, "SCRAM-SHA-1", FALSE);
  g_assert_false (test_client_connect (client, &error));
  g_assert_error (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_WEAKER);

  xmpp_session_set_last_mechanism (client->session, "SCRAM-SHA-1", TRUE);
  test_client_log_in (client);
}

static void
test_anonymous (TestServer *server)
{
  g_autoptr(GError) error = NULL;
  const char *domain = test_server_get_domain (server, TEST_HOST_ANONYMOUS);
  g_autoptr(TestClient) client =
    test_client_new (domain, NULL, test_server_get_port (server, TEST_HOST_ANONYMOUS), test_server_get_ca_path (server));

  g_object_set (client->session, "anonymous", TRUE, NULL);
  test_client_connect (client, &error);
  g_assert_no_error (error);

  g_assert_cmpstr (xmpp_session_get_mechanism (client->session), ==, "ANONYMOUS");
  g_assert_cmpstr (xmpp_jid_get_domain (xmpp_session_get_own_jid (client->session)), ==, domain);
  g_assert_nonnull (xmpp_jid_get_local (xmpp_session_get_own_jid (client->session)));
}

static void
test_external (TestServer *server)
{
  g_autoptr(TestClient) client = test_client_new_user (server, USER);
  g_autoptr(GTlsCertificate) certificate = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;

  path = test_server_issue_person (server, test_client_get_address (client), &error);
  g_assert_no_error (error);
  certificate = g_tls_certificate_new_from_file (path, &error);
  g_assert_no_error (error);

  xmpp_session_set_password (client->session, NULL);
  g_object_set (client->session, "client-certificate", certificate, NULL);
  test_client_log_in (client);

  g_assert_cmpstr (xmpp_session_get_mechanism (client->session), ==, "EXTERNAL");
}

static void
assert_not_authorized (TestClient *client)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (test_client_connect (client, &error));
  g_assert_error (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_NOT_AUTHORIZED);
  g_assert_cmpuint (xmpp_session_get_state (client->session), ==, XMPP_STATE_OFFLINE);
  g_assert_false (client->is_closed);
}

static void
test_a_wrong_password_is_refused (TestServer *server)
{
  g_autoptr(TestClient) client = test_client_new_user (server, USER);

  xmpp_session_set_password (client->session, "not it");
  assert_not_authorized (client);

  xmpp_session_set_password (client->session, client->password);
  test_client_log_in (client);
}

static void
test_an_unknown_account_is_refused (TestServer *server)
{
  g_autofree char *address = g_strdup_printf ("nobody@%s", test_server_get_domain (server, TEST_HOST_MAIN));
  g_autoptr(TestClient) client =
    test_client_new (address, "secret", test_server_get_port (server, TEST_HOST_MAIN), test_server_get_ca_path (server));

  assert_not_authorized (client);
}

static void
test_a_domain_that_it_does_not_serve_is_refused (TestServer *server)
{
  g_autoptr(TestClient) client =
    test_client_new ("juliet@somewhere-else.test", "secret", test_server_get_port (server, TEST_HOST_MAIN),
                     test_server_get_ca_path (server));
  g_autoptr(GError) error = NULL;

  g_assert_false (test_client_connect (client, &error));
  g_assert_true (g_error_matches (error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_HOST_UNKNOWN) ||
                 g_error_matches (error, XMPP_ERROR, XMPP_ERROR_CERTIFICATE));
}

static void
assert_certificate_refused (TestServer           *server,
                            TestHost              host,
                            XmppCertificateFlags  flags)
{
  g_autoptr(TestClient) client = test_client_new_user_at (server, host, USER, "secret");
  g_autoptr(GError) error = NULL;
  XmppCertificate *certificate;

  g_assert_false (test_client_connect (client, &error));
  g_assert_error (error, XMPP_ERROR, XMPP_ERROR_CERTIFICATE);

  certificate = xmpp_session_get_certificate (client->session);
  g_assert_nonnull (certificate);
  g_assert_cmphex (xmpp_certificate_get_flags (certificate) & flags, ==, flags);
  g_assert_null (xmpp_session_get_mechanism (client->session));
}

static void
test_an_expired_certificate_is_refused (TestServer *server)
{
  assert_certificate_refused (server, TEST_HOST_EXPIRED, XMPP_CERTIFICATE_EXPIRED);
}

static void
test_a_certificate_for_another_name_is_refused (TestServer *server)
{
  assert_certificate_refused (server, TEST_HOST_WRONG_NAME, XMPP_CERTIFICATE_BAD_IDENTITY);
}

static void
test_a_self_signed_certificate_is_refused (TestServer *server)
{
  assert_certificate_refused (server, TEST_HOST_SELF_SIGNED, XMPP_CERTIFICATE_UNKNOWN_CA);
}

static void
test_a_weak_key_is_refused (TestServer *server)
{
  assert_certificate_refused (server, TEST_HOST_WEAK_KEY, XMPP_CERTIFICATE_WEAK_KEY);
}

static void
test_a_certificate_that_is_not_for_servers_is_refused (TestServer *server)
{
  assert_certificate_refused (server, TEST_HOST_CLIENT_ONLY, XMPP_CERTIFICATE_BAD_USAGE);
}

static void
test_an_unknown_authority_is_refused (TestServer *server)
{
  g_autofree char *address = g_strdup_printf (USER "@%s", test_server_get_domain (server, TEST_HOST_MAIN));
  g_autoptr(TestClient) client =
    test_client_new (address, "secret", test_server_get_port (server, TEST_HOST_MAIN), NULL);
  g_autoptr(GError) error = NULL;

  g_assert_false (test_client_connect (client, &error));
  g_assert_error (error, XMPP_ERROR, XMPP_ERROR_CERTIFICATE);
  g_assert_cmphex (xmpp_certificate_get_flags (xmpp_session_get_certificate (client->session)), ==,
                   XMPP_CERTIFICATE_UNKNOWN_CA);
}

static void
test_a_pinned_certificate_is_taken (TestServer *server)
{
  g_autoptr(TestClient) client = test_client_new_user_at (server, TEST_HOST_SELF_SIGNED, USER, "secret");
  g_autoptr(GError) error = NULL;
  const char *pins[] = { NULL, NULL };
  g_autofree char *pin = NULL;

  g_assert_false (test_client_connect (client, &error));

  pin = xmpp_certificate_make_pin (xmpp_session_get_certificate (client->session));
  pins[0] = pin;
  xmpp_session_set_pins (client->session, pins);
  test_client_log_in (client);
}

static void
test_no_tls_is_refused (TestServer *server)
{
  g_autoptr(TestClient) client = test_client_new_user_at (server, TEST_HOST_UNENCRYPTED, USER, "secret");
  g_autoptr(GError) error = NULL;

  g_assert_false (test_client_connect (client, &error));
  g_assert_error (error, XMPP_ERROR, XMPP_ERROR_NO_TLS);
  g_assert_null (xmpp_session_get_mechanism (client->session));
}

static void
test_no_tls_is_taken_when_told_so (TestServer *server)
{
  g_autoptr(TestClient) client = test_client_new_user_at (server, TEST_HOST_UNENCRYPTED, USER, "secret");

  g_object_set (client->session, "security", XMPP_SECURITY_DISABLED, NULL);
  test_client_log_in (client);

  g_assert_null (xmpp_session_get_tls_version (client->session));
  g_assert_true (g_str_has_prefix (xmpp_session_get_mechanism (client->session), "SCRAM-"));
}

static void
test_a_server_that_wants_tls_is_told_from_one_that_has_none (TestServer *server)
{
  g_autoptr(TestClient) client = test_client_new_user (server, USER);
  g_autoptr(GError) error = NULL;

  g_object_set (client->session, "security", XMPP_SECURITY_DISABLED, NULL);
  g_assert_false (test_client_connect (client, &error));
  g_assert_error (error, XMPP_ERROR, XMPP_ERROR_TLS_REQUIRED);
}

static void
test_nobody_listens (TestServer *server)
{
  g_autoptr(TestClient) client = test_client_new_user (server, USER);
  g_autoptr(GError) error = NULL;

  /* a port that is certainly not served: that of an unprivileged nobody */
  g_object_set (client->session, "port", 1, NULL);
  g_assert_false (test_client_connect (client, &error));
  g_assert_error (error, XMPP_ERROR, XMPP_ERROR_REFUSED);
}

static void
test_connecting_again_by_hand (TestServer *server)
{
  g_autoptr(TestClient) client = test_client_new_user (server, USER);

  for (guint i = 0; i < 3; i++)
    {
      test_client_log_in (client);
      test_client_close (client);
      g_assert_true (client->is_closed);
      g_assert_no_error (client->closed);
    }

  test_client_log_in (client);
  xmpp_session_abort (client->session);
  g_assert_cmpuint (xmpp_session_get_state (client->session), ==, XMPP_STATE_OFFLINE);
  test_client_log_in (client);
}

/* Two devices that want the same resource: the server ends the first, or gives the second another one */
static void
test_the_same_resource_twice (TestServer *server)
{
  g_autoptr(TestClient) client = test_client_new_user (server, USER);
  g_autoptr(TestClient) first = test_client_new_device (server, client, "balcony");
  g_autoptr(TestClient) second = test_client_new_device (server, client, "balcony");

  test_client_log_in (first);
  test_client_log_in (second);

  if (g_strcmp0 (xmpp_jid_get_resource (xmpp_session_get_own_jid (second->session)), "balcony") != 0)
    return;

  test_wait_for (first->is_closed);
  g_assert_error (first->closed, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_CONFLICT);
}

static const TestServerCase cases[] = {
  { "login/starttls", test_starttls },
  { "login/direct-tls", test_direct_tls },
  { "login/a-resource-of-our-choice", test_a_resource_of_our_choice },
  { "login/plain", test_plain },
  { "login/plain-is-not-a-way-back-from-scram", test_plain_is_not_a_way_back_from_scram },
  { "login/anonymous", test_anonymous },
  { "login/external", test_external, TRUE },
  { "login/a-wrong-password-is-refused", test_a_wrong_password_is_refused },
  { "login/an-unknown-account-is-refused", test_an_unknown_account_is_refused },
  { "login/a-domain-that-it-does-not-serve-is-refused", test_a_domain_that_it_does_not_serve_is_refused },
  { "login/an-expired-certificate-is-refused", test_an_expired_certificate_is_refused },
  { "login/a-certificate-for-another-name-is-refused", test_a_certificate_for_another_name_is_refused },
  { "login/a-self-signed-certificate-is-refused", test_a_self_signed_certificate_is_refused },
  { "login/a-weak-key-is-refused", test_a_weak_key_is_refused },
  { "login/a-certificate-that-is-not-for-servers-is-refused", test_a_certificate_that_is_not_for_servers_is_refused },
  { "login/an-unknown-authority-is-refused", test_an_unknown_authority_is_refused },
  { "login/a-pinned-certificate-is-taken", test_a_pinned_certificate_is_taken },
  { "login/no-tls-is-refused", test_no_tls_is_refused },
  { "login/no-tls-is-taken-when-told-so", test_no_tls_is_taken_when_told_so },
  { "login/a-server-that-wants-tls-is-told-from-one-that-has-none",
    test_a_server_that_wants_tls_is_told_from_one_that_has_none },
  { "login/nobody-listens", test_nobody_listens },
  { "login/connecting-again-by-hand", test_connecting_again_by_hand },
  { "login/the-same-resource-twice", test_the_same_resource_twice },
};

int
main (int   argc,
      char *argv[])
{
  return test_server_run (argc, argv, cases, G_N_ELEMENTS (cases));
}
