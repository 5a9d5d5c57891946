/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "flint-contact-list-private.h"
#include "flint-contact-private.h"

#include <string.h>

static void
note_int (GObject    *object,
          GParamSpec *pspec,
          GString    *log)
{
  int number;

  g_object_get (object, pspec->name, &number, NULL);
  g_string_append_printf (log, "%s%d", log->len > 0 ? " " : "", number);
}

static void
count (guint *number)
{
  (*number)++;
}

static void
test_steps (void)
{
  g_autoptr(TestAccount) test = test_account_new (NULL, ME);
  FlintAccount *account = test->account;
  g_autoptr(GString) steps = g_string_new (NULL);
  g_autoptr(GString) states = g_string_new (NULL);

  g_signal_connect (account, "notify::step", G_CALLBACK (note_int), steps);
  g_signal_connect (account, "notify::state", G_CALLBACK (note_int), states);

  test_account_login (test, TEST_ROSTER);

  g_assert_cmpstr (steps->str, ==, "1 2 3 4 5");
  g_assert_cmpstr (states->str, ==, "1 2");
  g_assert_true (flint_account_is_online (account));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (flint_account_get_contacts (account))), ==, 3);
  g_assert_true (flint_contact_list_is_loaded (flint_account_get_contacts (account)));
  g_assert_cmpstr (flint_account_get_address (account), ==, ME);
  g_assert_cmpstr (flint_account_get_label (account), ==, ME);

  g_signal_handlers_disconnect_by_data (account, steps);
  g_signal_handlers_disconnect_by_data (account, states);
}

static void
test_status (void)
{
  g_autoptr(TestAccount) test = test_account_new (NULL, ME);
  g_autoptr(FlintStatus) away = flint_status_new (XMPP_SHOW_AWAY, "Lunch", FALSE);
  g_autoptr(FlintStatus) offline = flint_status_new (XMPP_SHOW_OFFLINE, NULL, FALSE);
  FlintAccount *account = test->account;

  g_object_set (account, "priority", 5, NULL);
  g_assert_cmpint (flint_status_get_show (flint_account_get_status (account)), ==, XMPP_SHOW_OFFLINE);

  /* To want to be away is to want to be there */
  flint_account_set_status (account, away);
  test_account_await (test);
  fake_server_open (test->server, FAKE_STARTTLS);
  fake_server_start_tls (test->server);
  fake_server_open (test->server, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));
  fake_server_authenticate (test->server);
  fake_server_open (test->server, FAKE_BIND);
  fake_server_bind (test->server);
  fake_server_answer (test->server, "jabber:iq:roster", TEST_ROSTER);
  fake_server_expect_contains (test->server, "<presence><show>away</show><status>Lunch</status><priority>5</priority>");
  fake_server_settle (test->server);
  g_assert_true (flint_account_get_status (account) == away);

  flint_account_set_status (account, offline);
  g_assert_cmpint (flint_account_get_state (account), ==, FLINT_ACCOUNT_OFFLINE);
  fake_server_expect (test->server, "<presence type='unavailable'/>");
  fake_server_close (test->server);
  g_assert_cmpint (flint_status_get_show (flint_account_get_status (account)), ==, XMPP_SHOW_OFFLINE);
}

static void
test_invisible (void)
{
  g_autoptr(TestAccount) test = test_account_new (NULL, ME);
  guint n_failed = 0;

  g_signal_connect_swapped (test->account, "status-failed", G_CALLBACK (count), &n_failed);
  g_object_set (test->account, "invisible", TRUE, NULL);
  test_account_login (test, TEST_ROSTER);

  for (guint i = 0; i < test->server->received->len; i++)
    g_assert_false (g_str_has_prefix (g_ptr_array_index (test->server->received, i), "<presence"));

  g_assert_true (flint_status_is_invisible (flint_account_get_status (test->account)));
}

static void
test_lost (void)
{
  g_autoptr(TestAccount) test = test_account_new (NULL, ME);
  FlintAccount *account = test->account;
  guint in;

  test_account_login (test, TEST_ROSTER);
  test_account_send (test, "<presence from='" BOB "/p'/>");
  fake_server_reset (test->server);
  fake_server_wait_until (flint_account_get_state (account) == FLINT_ACCOUNT_WAITING);
  g_assert_nonnull (flint_account_get_error (account));

  g_object_get (account, "retry-in", &in, NULL);
  g_assert_cmpuint (in, ==, 1);

  /* What we wanted to be seen as is what we come back as */
  g_assert_cmpint (flint_status_get_show (flint_account_get_status (account)), ==, XMPP_SHOW_AVAILABLE);

  fake_clock_advance (test->server->clock, 1000);
  g_assert_cmpint (flint_account_get_state (account), ==, FLINT_ACCOUNT_CONNECTING);
  test_account_accept (test, TEST_ROSTER);
  g_assert_null (flint_account_get_error (account));
}

/* Who was here when we lost the connection stays in sight until we know better */
static void
test_lingering (void)
{
  g_autoptr(TestAccount) test = test_account_new (NULL, ME);
  g_autoptr(XmppJid) jid = xmpp_jid_new (BOB, NULL);
  FlintContact *bob;

  test_account_login (test, TEST_ROSTER);
  test_account_send (test, "<presence from='" BOB "/p'/>");
  bob = flint_contact_list_find (flint_account_get_contacts (test->account), jid);
  g_assert_true (flint_contact_is_online (bob));

  fake_server_reset (test->server);
  fake_server_wait_until (flint_account_get_state (test->account) == FLINT_ACCOUNT_WAITING);
  g_assert_false (flint_contact_is_online (bob));
  g_assert_true (flint_contact_lingers (bob));

  flint_account_connect (test->account);
  test_account_accept (test, TEST_ROSTER);
  g_assert_true (flint_contact_lingers (bob));
  fake_clock_advance (test->server->clock, 5000);
  g_assert_false (flint_contact_lingers (bob));
}

typedef struct
{
  const char        *stream_error;
  FlintAccountState  state;
} Ending;

static void
test_endings (void)
{
  static const Ending endings[] = {
    { "conflict",             FLINT_ACCOUNT_FAILED },
    { "host-unknown",         FLINT_ACCOUNT_FAILED },
    { "not-authorized",       FLINT_ACCOUNT_FAILED },
    { "system-shutdown",      FLINT_ACCOUNT_WAITING },
    { "reset",                FLINT_ACCOUNT_WAITING },
    { "policy-violation",     FLINT_ACCOUNT_WAITING },
    { "undefined-condition",  FLINT_ACCOUNT_WAITING },
  };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autoptr(TestAccount) test = test_account_new (NULL, ME);
      g_autofree char *xml = g_strdup_printf ("<stream:error><%s xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
                                              endings[i].stream_error);
      guint in;

      test_account_login (test, TEST_ROSTER);
      fake_server_send (test->server, xml);
      fake_server_wait_until (!flint_account_is_online (test->account));
      g_assert_cmpint (flint_account_get_state (test->account), ==, endings[i].state);
      g_assert_cmpint (flint_account_get_error (test->account)->domain, ==, XMPP_STREAM_ERROR);

      g_object_get (test->account, "retry-in", &in, NULL);
      g_assert_cmpuint (in, ==, g_str_equal (endings[i].stream_error, "policy-violation") ? 60 : endings[i].state == FLINT_ACCOUNT_WAITING);

      /* After conflict nobody comes back by himself (S80) */
      fake_clock_advance (test->server->clock, 1000 * 1000);
      if (endings[i].state == FLINT_ACCOUNT_FAILED)
        g_assert_cmpuint (test->server->n_connections, ==, 1);
    }
}

static void
test_first_time (void)
{
  g_autoptr(TestAccount) test = test_account_new (NULL, ME);

  /* Somebody sits before the form: no waiting */
  test->server->connect_error = g_error_new_literal (XMPP_ERROR, XMPP_ERROR_NAME_NOT_FOUND, "There is no such server");
  flint_account_connect (test->account);
  fake_server_wait_until (flint_account_get_state (test->account) != FLINT_ACCOUNT_CONNECTING);
  g_assert_cmpint (flint_account_get_state (test->account), ==, FLINT_ACCOUNT_FAILED);
  g_assert_error (flint_account_get_error (test->account), XMPP_ERROR, XMPP_ERROR_NAME_NOT_FOUND);
}

static void
test_known (void)
{
  g_autoptr(TestAccount) test = test_account_new (NULL, ME);
  g_autoptr(GKeyFile) file = g_key_file_new ();

  /* It was online in another life: a laptop that wakes up without a network */
  g_key_file_set_string (file, flint_account_get_id (test->account), "address", ME);
  g_key_file_set_string (file, flint_account_get_id (test->account), "last-mechanism", "PLAIN");
  flint_account_read (test->account, file);

  test->server->connect_error = g_error_new_literal (XMPP_ERROR, XMPP_ERROR_NAME_NOT_FOUND, "There is no such server");
  flint_account_connect (test->account);
  fake_server_wait_until (flint_account_get_state (test->account) != FLINT_ACCOUNT_CONNECTING);
  g_assert_cmpint (flint_account_get_state (test->account), ==, FLINT_ACCOUNT_WAITING);

  flint_account_disconnect (test->account);
  g_assert_cmpint (flint_account_get_state (test->account), ==, FLINT_ACCOUNT_OFFLINE);
  fake_clock_advance (test->server->clock, 1000 * 1000);
  g_assert_cmpint (flint_account_get_state (test->account), ==, FLINT_ACCOUNT_OFFLINE);
}

static void
test_bad_address (void)
{
  static const char * const addresses[] = { "", "@x", "x@", "a@b@c", " ", "a b@c.test", "x@y..z" };

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr(FlintAccount) account = flint_account_new (addresses[i]);

      flint_account_connect (account);
      fake_server_wait_until (flint_account_get_state (account) != FLINT_ACCOUNT_CONNECTING);
      g_assert_cmpint (flint_account_get_state (account), ==, FLINT_ACCOUNT_FAILED);
      g_assert_error (flint_account_get_error (account), XMPP_ERROR, XMPP_ERROR_INVALID_ADDRESS);
    }
}

static void
on_certificate (FlintAccount     *account,
                XmppCertificate  *certificate,
                XmppCertificate **seen)
{
  g_set_object (seen, certificate);
}

static void
refuse_certificate (TestAccount      *test,
                    XmppCertificate **certificate)
{
  g_clear_object (certificate);
  test_account_await (test);
  fake_server_open (test->server, FAKE_STARTTLS);
  fake_server_expect_next (test->server, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  fake_server_send (test->server, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  fake_server_handshake (test->server);
  test_account_expect_failed (test);
  g_assert_error (flint_account_get_error (test->account), XMPP_ERROR, XMPP_ERROR_CERTIFICATE);
  g_assert_nonnull (*certificate);
}

static void
test_certificate (void)
{
  g_autoptr(TestAccount) test = test_account_new (NULL, ME);
  g_autoptr(XmppCertificate) certificate = NULL;
  g_auto(GStrv) pins = NULL;
  g_autofree char *pin = NULL;

  g_signal_connect (test->account, "certificate-problem", G_CALLBACK (on_certificate), &certificate);
  flint_account_set_tls_database (test->account, NULL);
  flint_account_connect (test->account);
  refuse_certificate (test, &certificate);

  /* For as long as the program runs, and not a word on the disk */
  flint_account_trust_certificate (test->account, certificate, FALSE);
  flint_account_connect (test->account);
  test_account_accept (test, TEST_ROSTER);
  g_object_get (test->account, "pins", &pins, NULL);
  g_assert_cmpuint (g_strv_length (pins), ==, 0);
  test_account_logout (test);

  pin = xmpp_certificate_make_pin (certificate);
  flint_account_forget_pin (test->account, pin);
  flint_account_connect (test->account);
  refuse_certificate (test, &certificate);

  flint_account_trust_certificate (test->account, certificate, TRUE);
  test_account_accept (test, TEST_ROSTER);
  g_clear_pointer (&pins, g_strfreev);
  g_object_get (test->account, "pins", &pins, NULL);
  g_assert_cmpuint (g_strv_length (pins), ==, 1);
  g_assert_cmpstr (pins[0], ==, pin);

  flint_account_forget_pin (test->account, pins[0]);
  g_clear_pointer (&pins, g_strfreev);
  g_object_get (test->account, "pins", &pins, NULL);
  g_assert_cmpuint (g_strv_length (pins), ==, 0);
}

/* T139: who was known by a certificate that everybody trusts is not pinned by a press of a button; and a server has one
 * key, not all that it ever had
 */
static void
test_pins (void)
{
  g_autoptr(TestAccount) test = test_account_new (NULL, ME);
  g_autoptr(TestAccount) other = test_account_new (NULL, ME);
  g_autoptr(XmppCertificate) certificate = NULL;
  g_autofree char *second = NULL;
  g_auto(GStrv) pins = NULL;

  g_signal_connect (test->account, "certificate-problem", G_CALLBACK (on_certificate), &certificate);
  g_signal_connect (other->account, "certificate-problem", G_CALLBACK (on_certificate), &certificate);

  /* Self-hosted from the start: may be pinned, and again when it has another key, which takes the word for the first back */
  flint_account_set_tls_database (other->account, NULL);

  for (guint i = 0; i < 2; i++)
    {
      g_free (other->server->certificate);
      other->server->certificate = fake_authority_issue (other->server->authority, "good.test", FAKE_CERTIFICATE_SELF_SIGNED);
      flint_account_connect (other->account);
      refuse_certificate (other, &certificate);
      g_assert_true (flint_account_can_pin (other->account, certificate));
      flint_account_trust_certificate (other->account, certificate, TRUE);
      test_account_accept (other, TEST_ROSTER);
      test_account_logout (other);
    }

  g_object_get (other->account, "pins", &pins, NULL);
  second = xmpp_certificate_make_pin (certificate);
  g_assert_cmpuint (g_strv_length (pins), ==, 1);
  g_assert_cmpstr (pins[0], ==, second);
  g_clear_pointer (&pins, g_strfreev);

  /* Known by a good one: somebody else's is for this time at most */
  test_account_login (test, TEST_ROSTER);
  test_account_logout (test);
  g_free (test->server->certificate);
  test->server->certificate = fake_authority_issue (test->server->authority, "good.test", FAKE_CERTIFICATE_SELF_SIGNED);
  flint_account_connect (test->account);
  refuse_certificate (test, &certificate);
  g_assert_false (flint_account_can_pin (test->account, certificate));
  flint_account_trust_certificate (test->account, certificate, TRUE);
  test_account_accept (test, TEST_ROSTER);
  g_object_get (test->account, "pins", &pins, NULL);
  g_assert_cmpuint (g_strv_length (pins), ==, 0);
}

static void
on_password_needed (FlintAccount  *account,
                    const GError  *error,
                    GString       *log)
{
  g_string_append_printf (log, "%s;", error != NULL ? g_quark_to_string (error->domain) : "none");
}

static void
test_wrong_password (void)
{
  g_autoptr(TestAccount) test = test_account_new (NULL, ME);
  g_autoptr(GString) log = g_string_new (NULL);

  g_signal_connect (test->account, "password-needed", G_CALLBACK (on_password_needed), log);
  flint_account_connect (test->account);
  test_account_await (test);
  fake_server_open (test->server, FAKE_STARTTLS);
  fake_server_start_tls (test->server);
  fake_server_open (test->server, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));
  fake_server_expect_contains (test->server, "<auth ");
  fake_server_send (test->server, "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>");
  test_account_expect_failed (test);
  g_assert_error (flint_account_get_error (test->account), XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_NOT_AUTHORIZED);
  g_assert_cmpstr (log->str, ==, "xmpp-auth-error-quark;");

  /* Tried once: servers count (S70) */
  fake_clock_advance (test->server->clock, 1000 * 1000);
  g_assert_cmpuint (test->server->n_connections, ==, 1);
}

static void
test_weaker (void)
{
  g_autoptr(TestAccount) test = test_account_new (NULL, ME);
  guint n_asked = 0;

  g_signal_connect_swapped (test->account, "weaker-mechanism", G_CALLBACK (count), &n_asked);
  g_object_set (test->account, "last-mechanism", "SCRAM-SHA-256", NULL);
  flint_account_connect (test->account);
  test_account_await (test);
  fake_server_open (test->server, FAKE_STARTTLS);
  fake_server_start_tls (test->server);
  fake_server_open (test->server, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));
  test_account_expect_failed (test);
  g_assert_error (flint_account_get_error (test->account), XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_WEAKER);
  g_assert_cmpuint (n_asked, ==, 1);

  /* Who agrees and thinks better of it has not agreed to the next one */
  flint_account_allow_weaker (test->account);
  test_account_await (test);
  flint_account_disconnect (test->account);
  fake_server_wait_until (test->server->is_eof);
  flint_account_connect (test->account);
  test_account_await (test);
  fake_server_open (test->server, FAKE_STARTTLS);
  fake_server_start_tls (test->server);
  fake_server_open (test->server, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));
  test_account_expect_failed (test);
  g_assert_cmpuint (n_asked, ==, 2);

  flint_account_allow_weaker (test->account);
  test_account_accept (test, TEST_ROSTER);
  test_account_logout (test);

  /* From now on this is what to compare with */
  test_account_login (test, TEST_ROSTER);
  g_assert_cmpuint (n_asked, ==, 2);
}

static void
test_plain (void)
{
  g_autoptr(TestAccount) test = test_account_new (NULL, ME);
  gboolean is_encrypted;

  g_object_set (test->account, "security", XMPP_SECURITY_DISABLED, "anonymous", TRUE, "domain", "good.test", NULL);
  g_assert_cmpstr (flint_account_get_address (test->account), ==, "");
  g_assert_cmpstr (flint_account_get_label (test->account), ==, "good.test");

  flint_account_connect (test->account);
  test_account_await (test);
  fake_server_open (test->server, FAKE_MECHANISMS (FAKE_MECHANISM ("ANONYMOUS")));
  fake_server_expect_contains (test->server, "mechanism='ANONYMOUS'");
  fake_server_send (test->server, "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
  fake_server_open (test->server, FAKE_BIND);
  fake_server_bind (test->server);
  fake_server_wait_until (flint_account_is_online (test->account));

  g_object_get (test->account, "is-encrypted", &is_encrypted, NULL);
  g_assert_false (is_encrypted);
  g_assert_cmpstr (flint_account_get_address (test->account), ==, ME);
  g_assert_cmpstr (xmpp_jid_get_text (flint_account_get_jid (test->account)), ==, ME);
}

/* From a file that is read at each login: a certificate and its key */
static void
test_client_certificate (void)
{
  g_autoptr(TestAccount) test = test_account_new (NULL, ME);
  FakeServer *server = test->server;
  g_autofree char *directory = test_directory_new ();
  g_autofree char *path = g_build_filename (directory, "me.pem", NULL);
  g_autofree char *pem = fake_authority_issue (server->authority, "me", FAKE_CERTIFICATE_CLIENT_USAGE);
  const char *key = strstr (pem, "-----BEGIN PRIVATE KEY");
  const char *end = strstr (pem, "-----END PRIVATE KEY-----\n");
  g_autofree char *alone = NULL;
  g_autofree char *other = fake_authority_issue (server->authority, "me", FAKE_CERTIFICATE_CLIENT_USAGE);
  g_autofree char *mixed = NULL;
  g_autofree char *locked = NULL;
  struct
  {
    const char *text;
    const char *words;
  } faults[] = {
    { NULL, "me.pem" },
    { "no certificate", "There is no certificate in PEM format in the file." },
    { NULL, "There is no private key in the file." },
    { NULL, "The private key in the file is protected by a password." },
    { NULL, "The private key in the file does not belong to the certificate in it." },
  };
  g_autoptr(GError) error = NULL;

  g_assert_true (key != NULL && end != NULL);
  alone = g_strndup (pem, key - pem);
  mixed = g_strconcat (alone, strstr (other, "-----BEGIN PRIVATE KEY"), NULL);
  locked = g_strconcat (alone, "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n", NULL);
  faults[2].text = alone;
  faults[3].text = locked;
  faults[4].text = mixed;
  g_object_set (test->account, "client-certificate", path, "is-transient", TRUE, NULL);
  flint_account_set_password (test->account, NULL);
  server->asks_client_certificate = TRUE;

  /* Not there, no certificate, one without its key or with another one's: nothing is even connected */
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      if (faults[i].text != NULL)
        g_assert_true (g_file_set_contents (path, faults[i].text, -1, NULL));

      flint_account_connect (test->account);
      fake_server_wait_until (flint_account_get_state (test->account) == FLINT_ACCOUNT_FAILED);
      g_assert_error (flint_account_get_error (test->account), XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_CERTIFICATE);
      g_assert_nonnull (strstr (flint_account_get_error (test->account)->message, faults[i].words));
    }

  g_assert_cmpuint (server->n_connections, ==, 0);

  g_assert_true (g_file_set_contents (path, pem, -1, &error));
  g_assert_no_error (error);
  flint_account_connect (test->account);
  test_account_await (test);
  fake_server_open (server, FAKE_STARTTLS);
  fake_server_start_tls (server);
  fake_server_open (server, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN") FAKE_MECHANISM ("EXTERNAL")));
  fake_server_expect (server, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>=</auth>");
  fake_server_send (server, "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
  fake_server_open (server, FAKE_BIND);
  fake_server_bind (server);
  fake_server_wait_until (flint_account_is_online (test->account));

  test_directory_remove (directory);
}

/* F47: whatever it is doing */
static void
test_dropped (void)
{
  for (guint phase = 0; phase < 8; phase++)
    {
      g_autoptr(TestAccount) test = test_account_new (NULL, ME);

      flint_account_connect (test->account);

      if (phase > 0)
        test_account_await (test);

      if (phase > 1)
        fake_server_open (test->server, FAKE_STARTTLS);

      if (phase > 2)
        fake_server_start_tls (test->server);

      if (phase > 3)
        fake_server_open (test->server, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));

      if (phase > 4)
        fake_server_authenticate (test->server);

      if (phase > 5)
        {
          fake_server_open (test->server, FAKE_BIND);
          fake_server_bind (test->server);
        }

      if (phase > 6)
        fake_server_wait_until (flint_account_is_online (test->account));
    }
}

static void
test_disconnect_anywhere (void)
{
  for (guint phase = 0; phase < 5; phase++)
    {
      g_autoptr(TestAccount) test = test_account_new (NULL, ME);

      flint_account_connect (test->account);

      if (phase > 0)
        test_account_await (test);

      if (phase > 1)
        fake_server_open (test->server, FAKE_STARTTLS);

      if (phase > 2)
        fake_server_start_tls (test->server);

      if (phase > 3)
        fake_server_open (test->server, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));

      flint_account_disconnect (test->account);
      g_assert_cmpint (flint_account_get_state (test->account), ==, FLINT_ACCOUNT_OFFLINE);

      /* And at once again */
      fake_server_fin (test->server);
      flint_account_connect (test->account);
      test_account_accept (test, TEST_ROSTER);
    }
}

static void
test_devices (void)
{
  g_autoptr(TestAccount) test = test_account_new (NULL, ME);
  g_autoptr(GPtrArray) devices = NULL;
  guint n_changes = 0;

  test_account_login (test, TEST_ROSTER);
  g_signal_connect_swapped (test->account, "devices-changed", G_CALLBACK (count), &n_changes);
  test_account_send (test, "<presence from='" ME "/r1'/><presence from='" ME "/phone'><show>away</show></presence>");

  devices = flint_account_get_devices (test->account);
  g_assert_cmpuint (devices->len, ==, 1);
  g_assert_cmpstr (xmpp_jid_get_resource (((XmppResource *) devices->pdata[0])->jid), ==, "phone");
  g_assert_cmpuint (n_changes, ==, 2);
}

static void
on_change (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  char **outcome = user_data;
  g_autoptr(GError) error = NULL;

  if (flint_account_change_finish (FLINT_ACCOUNT (source), result, &error))
    *outcome = g_strdup ("done");
  else
    *outcome = g_strdup (error->message);
}

static void
test_contact_changes (void)
{
  g_autoptr(TestAccount) test = test_account_new (NULL, ME);
  g_autoptr(XmppJid) dora = xmpp_jid_new ("dora@peer.test", NULL);
  g_autoptr(XmppJid) bob_jid = xmpp_jid_new (BOB, NULL);
  FlintContact *bob;
  g_autofree char *added = NULL;
  g_autofree char *renamed = NULL;
  g_autofree char *moved = NULL;
  g_autofree char *group = NULL;
  g_autofree char *removed = NULL;
  g_autofree char *refused = NULL;
  g_autofree char *offline = NULL;

  test_account_login (test, TEST_ROSTER);
  bob = flint_contact_list_find (flint_account_get_contacts (test->account), bob_jid);

  flint_account_add_contact_async (test->account, dora, "Dora", (const char *[]) { "Friends", NULL }, "Hello", on_change, &added);
  fake_server_answer (test->server, "<item jid='dora@peer.test' name='Dora'><group>Friends</group></item>", NULL);
  fake_server_expect_contains (test->server, "<presence to='dora@peer.test' type='subscribe'><status>Hello</status>");
  fake_server_wait_until (added != NULL);
  g_assert_cmpstr (added, ==, "done");

  /* The list changes by the push alone */
  g_assert_null (flint_contact_list_find (flint_account_get_contacts (test->account), dora));
  test_account_send (test, "<iq type='set' id='p1'><query xmlns='jabber:iq:roster'><item jid='dora@peer.test' name='Dora' "
                           "subscription='none' ask='subscribe'><group>Friends</group></item></query></iq>");
  g_assert_nonnull (flint_contact_list_find (flint_account_get_contacts (test->account), dora));

  flint_account_rename_contact_async (test->account, bob, "Robert", on_change, &renamed);
  fake_server_answer (test->server, "<item jid='bob@peer.test' name='Robert'><group>Friends</group></item>", NULL);
  fake_server_wait_until (renamed != NULL);
  g_assert_cmpstr (flint_contact_get_name (bob), ==, "Bob");

  flint_account_set_groups_async (test->account, bob, (const char *[]) { "Chess", NULL }, on_change, &moved);
  fake_server_answer (test->server, "<item jid='bob@peer.test' name='Bob'><group>Chess</group></item>", NULL);
  fake_server_wait_until (moved != NULL);

  flint_account_rename_group_async (test->account, "Friends", "Pals", on_change, &group);
  fake_server_answer (test->server, "<group>Pals</group>", NULL);
  fake_server_answer (test->server, "<group>Pals</group>", NULL);
  fake_server_wait_until (group != NULL);
  g_assert_cmpstr (group, ==, "done");

  flint_account_remove_contact_async (test->account, bob, on_change, &removed);
  fake_server_answer (test->server, "subscription='remove'", NULL);
  fake_server_wait_until (removed != NULL);

  flint_account_rename_contact_async (test->account, bob, "X", on_change, &refused);
  fake_server_refuse (test->server, "name='X'", "cancel", "not-allowed");
  fake_server_wait_until (refused != NULL);
  g_assert_cmpstr (refused, !=, "done");

  fake_server_reset (test->server);
  fake_server_wait_until (!flint_account_is_online (test->account));
  flint_account_remove_contact_async (test->account, bob, on_change, &offline);
  fake_server_wait_until (offline != NULL);
  g_assert_cmpstr (offline, !=, "done");
}

/* T054: a name of our own choice, or the address */
static void
test_names (void)
{
  g_autoptr(TestAccount) test = test_account_new (NULL, ME);
  GListModel *contacts = G_LIST_MODEL (flint_account_get_contacts (test->account));
  static const char * const names[] = { "Bob", "d'artagnan@peer.test", "ecila", "<b>x", "gate.test", "x@peer.test" };

  test_account_login (test, "<query xmlns='jabber:iq:roster'><item jid='bob@peer.test' name='Bob'/>"
                            "<item jid='d\\27artagnan@peer.test'/><item jid='a@peer.test' name='\342\200\256ecila&#10;'/>"
                            "<item jid='m@peer.test' name='&lt;b>x'/><item jid='gate.test'/><item jid='x@peer.test' name=' '/></query>");
  test_account_send (test, "<presence from='x@peer.test/1'><nick xmlns='http://jabber.org/protocol/nick'>Bob</nick></presence>");

  g_assert_cmpuint (g_list_model_get_n_items (contacts), ==, G_N_ELEMENTS (names));

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      gboolean is_there = FALSE;

      for (guint j = 0; j < G_N_ELEMENTS (names); j++)
        {
          g_autoptr(FlintContact) contact = g_list_model_get_item (contacts, j);

          is_there |= g_str_equal (flint_contact_get_name (contact), names[i]);
        }

      if (!is_there)
        g_error ("nobody is called “%s”", names[i]);
    }
}

static void
on_renamed (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  GError **error = user_data;

  g_assert_false (flint_account_change_finish (FLINT_ACCOUNT (source), result, error));
}

/* A group is its members, and each is asked for: one that the server will not have moved does not keep the others */
static void
test_group_with_a_refusal (void)
{
  static const char roster[] =
    "<query xmlns='jabber:iq:roster'>"
      "<item jid='a@peer.test'><group>Old</group></item><item jid='b@peer.test'><group>Old</group></item>"
      "<item jid='c@peer.test'><group>Old</group></item>"
    "</query>";
  g_autoptr(TestAccount) test = test_account_new (NULL, ME);
  g_autoptr(GError) error = NULL;

  test_account_login (test, roster);
  flint_account_rename_group_async (test->account, "Old", "New", on_renamed, &error);

  fake_server_refuse (test->server, "<group>New</group>", "cancel", "not-acceptable");
  fake_server_answer (test->server, "<group>New</group>", NULL);
  g_assert_no_error (error);
  fake_server_answer (test->server, "<group>New</group>", NULL);
  fake_server_wait_until (error != NULL);
  g_assert_error (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_NOT_ACCEPTABLE);
  fake_server_no_more (test->server);
}

static void
assert_goes_by (TestAccount *test,
                const char  *proxy)
{
  g_autoptr(GProxyResolver) resolver = NULL;
  g_auto(GStrv) found = NULL;
  g_autoptr(GError) error = NULL;

  g_object_get (flint_account_get_session (test->account), "proxy-resolver", &resolver, NULL);

  /* NULL: the engine asks the system's */
  g_assert_true ((resolver != NULL) == (proxy != NULL));
  if (proxy == NULL)
    return;

  found = g_proxy_resolver_lookup (resolver, "xmpp-client://good.test", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found[0], ==, proxy);
  g_assert_null (found[1]);
}

/* Two accounts at once, each by its own; the next login goes by what was chosen since */
static void
test_proxy (void)
{
  g_autoptr(TestAccount) test = test_account_new (NULL, ME);
  g_autoptr(TestAccount) other = test_account_new (NULL, "too@other.test");

  g_object_set (test->account, "proxy", "socks5://127.0.0.1:9050", NULL);
  test_account_login (test, TEST_ROSTER);
  test_account_login (other, TEST_ROSTER);
  assert_goes_by (test, "socks5://127.0.0.1:9050");
  assert_goes_by (other, NULL);

  test_account_logout (test);
  g_object_set (test->account, "proxy", "direct://", NULL);
  test_account_login (test, TEST_ROSTER);
  assert_goes_by (test, "direct://");
}

/* A request that was declined or did not arrive, a server that is down: the row says so */
static void
test_absence (void)
{
  g_autoptr(TestAccount) test = test_account_new (NULL, ME);
  FlintContactList *contacts = flint_account_get_contacts (test->account);
  g_autoptr(XmppJid) carl_jid = xmpp_jid_new ("carl@peer.test", NULL);
  g_autoptr(XmppJid) bob_jid = xmpp_jid_new (BOB, NULL);
  g_autofree char *decline = NULL;
  FlintContact *carl;
  FlintContact *bob;
  guint n_told = 0;

  test_account_login (test, TEST_ROSTER);
  carl = flint_contact_list_find (contacts, carl_jid);
  bob = flint_contact_list_find (contacts, bob_jid);
  g_signal_connect_swapped (contacts, "presence-changed", G_CALLBACK (count), &n_told);

  test_account_send (test, "<presence from='carl@peer.test' type='unsubscribed'/>");
  decline = g_strdup (flint_contact_get_status_text (carl));
  g_assert_nonnull (decline);
  g_assert_cmpuint (n_told, ==, 1);
  test_account_send (test, "<iq type='set' id='push'><query xmlns='jabber:iq:roster'><item jid='carl@peer.test'/></query></iq>");
  g_assert_false (flint_contact_is_asked (carl));
  g_assert_cmpstr (flint_contact_get_status_text (carl), ==, decline);

  /* Who was not asked declines nothing */
  test_account_send (test, "<presence from='eve@evil.test' type='unsubscribed'/><presence from='" BOB "' type='unsubscribed'/>");
  g_assert_null (flint_contact_get_status_text (bob));

  test_account_send (test, "<presence from='" BOB "/a'/>");
  test_account_send (test, "<presence from='" BOB "' type='error'><error type='cancel'>"
                           "<remote-server-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>");
  g_assert_false (flint_contact_is_online (bob));
  g_assert_cmpstr (flint_contact_get_status_text (bob), ==,
                   xmpp_stanza_error_get_sentence (XMPP_STANZA_ERROR_REMOTE_SERVER_NOT_FOUND));

  /* The next word counts */
  test_account_send (test, "<presence from='" BOB "/a'/>");
  g_assert_true (flint_contact_is_online (bob));
  g_assert_null (flint_contact_get_status_text (bob));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/account/a-login-has-steps", test_steps);
  g_test_add_func ("/core/account/what-one-wants-to-be-is-told", test_status);
  g_test_add_func ("/core/account/who-is-invisible-says-nothing", test_invisible);
  g_test_add_func ("/core/account/F01-a-lost-connection-comes-back", test_lost);
  g_test_add_func ("/core/account/who-was-here-stays-in-sight-for-a-while", test_lingering);
  g_test_add_func ("/core/account/S29-how-a-server-ends-it-says-whether-to-come-back", test_endings);
  g_test_add_func ("/core/account/the-first-login-fails-at-once", test_first_time);
  g_test_add_func ("/core/account/a-known-account-waits-for-the-network", test_known);
  g_test_add_func ("/core/account/T120-what-is-no-address-is-not-connected", test_bad_address);
  g_test_add_func ("/core/account/S51-a-certificate-is-trusted-once-or-always", test_certificate);
  g_test_add_func ("/core/account/T139-only-who-was-never-known-by-a-good-one-is-trusted-for-ever", test_pins);
  g_test_add_func ("/core/account/S70-a-wrong-password-is-tried-once", test_wrong_password);
  g_test_add_func ("/core/account/S54-a-weaker-way-is-asked-about", test_weaker);
  g_test_add_func ("/core/account/encryption-can-be-given-up-for-a-test-and-nobody-need-be-known", test_plain);
  g_test_add_func ("/core/account/a-certificate-of-ones-own-logs-in", test_client_certificate);
  g_test_add_func ("/core/account/F47-it-may-go-at-any-moment", test_dropped);
  g_test_add_func ("/core/account/F47-it-may-be-disconnected-at-any-moment", test_disconnect_anywhere);
  g_test_add_func ("/core/account/our-other-devices-are-known", test_devices);
  g_test_add_func ("/core/account/changes-of-the-list-end-with-the-answer-and-show-with-the-push", test_contact_changes);
  g_test_add_func ("/core/account/a-group-is-renamed-though-one-is-refused", test_group_with_a_refusal);
  g_test_add_func ("/core/account/each-goes-by-its-own-proxy", test_proxy);
  g_test_add_func ("/core/account/why-somebody-is-not-seen-is-said", test_absence);
  g_test_add_func ("/core/account/T054-nobody-chooses-his-own-name", test_names);

  return g_test_run ();
}
