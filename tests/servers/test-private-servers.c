/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The servers that other tests stand on: they answer, on the loopback alone, each host with the
 * certificate that it should have, and they leave nothing behind, whatever ends their owner.
 */
#include "test-servers.h"

#include <stdio.h>
#include <string.h>

static GSocketConnection *
connect_to (guint16 port)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();

  g_socket_client_set_enable_proxy (client, FALSE);

  return g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL);
}

/* Writes a stream header and reads what comes, until the text is in it */
static char *
read_features (TestServer *server,
               TestHost    host)
{
  g_autoptr(GSocketConnection) connection = connect_to (test_server_get_port (server, host));
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  g_autofree char *header =
    g_strdup_printf ("<?xml version='1.0'?><stream:stream to='%s' version='1.0' xmlns='jabber:client' "
                     "xmlns:stream='http://etherx.jabber.org/streams'>", test_server_get_domain (server, host));
  g_autoptr(GString) text = g_string_new (NULL);
  char buffer[4096];

  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)),
                                            header, strlen (header), NULL, NULL, NULL));
  while (strstr (text->str, "</stream:features>") == NULL)
    {
      gssize length = g_input_stream_read (input, buffer, sizeof buffer, NULL, NULL);

      g_assert_cmpint (length, >, 0);
      g_string_append_len (text, buffer, length);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_starttls_is_offered (TestServer *server)
{
  g_autofree char *features = read_features (server, TEST_HOST_MAIN);

  g_assert_nonnull (strstr (features, "<required"));
  g_assert_null (strstr (features, "<mechanism>"));
}

static void
test_a_host_without_tls_offers_none (TestServer *server)
{
  g_autofree char *features = read_features (server, TEST_HOST_UNENCRYPTED);

  g_assert_null (strstr (features, "urn:ietf:params:xml:ns:xmpp-tls"));
  g_assert_nonnull (strstr (features, "<mechanism>"));
}

static gboolean
on_accept_certificate (GTlsConnection       *connection,
                       GTlsCertificate      *certificate,
                       GTlsCertificateFlags  errors,
                       gpointer              user_data)
{
  *(GTlsCertificateFlags *) user_data = errors;

  return TRUE;
}

static void
test_the_certificate_is_trusted_by_way_of_the_authority (TestServer *server)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocketConnection) connection = connect_to (test_server_get_tls_port (server));
  g_autoptr(GTlsDatabase) database = g_tls_file_database_new (test_server_get_ca_path (server), &error);
  g_autoptr(GSocketConnectable) identity =
    g_network_address_new (test_server_get_domain (server, TEST_HOST_MAIN), 5222);
  g_autoptr(GIOStream) tls = NULL;
  GTlsCertificateFlags flags = 0;

  g_assert_no_error (error);
  tls = g_tls_client_connection_new (G_IO_STREAM (connection), identity, &error);
  g_assert_no_error (error);
  g_tls_connection_set_database (G_TLS_CONNECTION (tls), database);
  g_signal_connect (tls, "accept-certificate", G_CALLBACK (on_accept_certificate), &flags);
  g_tls_connection_handshake (G_TLS_CONNECTION (tls), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmphex (flags, ==, 0);
  g_io_stream_close (tls, NULL, NULL);
}

static void
test_accounts_are_added_while_it_runs (TestServer *server)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (test_server_add_user (server, TEST_HOST_MAIN, "somebody", "secret", &error));
  g_assert_no_error (error);
}

/* The state, the local address and the remote one of all sockets of this machine that listen */
static gboolean
listens_on (const char *table,
            const char *address,
            guint16     port)
{
  g_autofree char *text = NULL;
  g_autofree char *pattern = g_strdup_printf ("%s:%04X [0-9A-F]+:0000 0A", address, port);

  g_assert_true (g_file_get_contents (table, &text, NULL, NULL));

  return g_regex_match_simple (pattern, text, 0, 0);
}

static void
test_it_listens_on_the_loopback_alone (TestServer *server)
{
  guint16 port = test_server_get_port (server, TEST_HOST_MAIN);

  g_assert_true (listens_on ("/proc/net/tcp", "0100007F", port));
  g_assert_false (listens_on ("/proc/net/tcp", "00000000", port));
  if (g_file_test ("/proc/net/tcp6", G_FILE_TEST_EXISTS))
    g_assert_false (listens_on ("/proc/net/tcp6", "[0-9A-F]{32}", port));
}

/* Of those who work there: the server, its helpers, and theirs. A folder that is gone counts too. */
static guint
count_processes_in (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open ("/proc", 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *link = g_strdup_printf ("/proc/%s/cwd", name);
      g_autofree char *cwd = g_ascii_isdigit (*name) ? g_file_read_link (link, NULL) : NULL;

      n += cwd != NULL && g_str_has_prefix (cwd, folder) ? 1 : 0;
    }

  return n;
}

static void
test_it_leaves_nothing_behind (TestServer *server)
{
  g_autoptr(GError) error = NULL;
  TestServer *other = test_server_new (test_server_get_kind (server), &error);
  g_autofree char *dir = NULL;
  guint16 port;

  g_assert_no_error (error);
  dir = g_path_get_dirname (test_server_get_ca_path (other));
  port = test_server_get_port (other, TEST_HOST_MAIN);
  g_assert_true (g_file_test (dir, G_FILE_TEST_IS_DIR));
  g_assert_cmpuint (count_processes_in (dir), >, 0);

  test_server_free (other);
  g_assert_false (g_file_test (dir, G_FILE_TEST_EXISTS));
  g_assert_null (connect_to (port));
  test_wait_for (count_processes_in (dir) == 0);
}

static gboolean
is_closed (guint16 port)
{
  g_autoptr(GSocketConnection) connection = connect_to (port);

  return connection == NULL;
}

/* An owner of its own is killed, as a crash or an impatient person would: its server goes with it */
static void
test_it_ends_with_its_owner (TestServer *server)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) owner =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "/proc/self/exe",
                      test_server_get_name (test_server_get_kind (server)), "--own", NULL);
  g_autoptr(GDataInputStream) output = NULL;
  g_autoptr(TestServer) next = NULL;
  g_autofree char *line = NULL;
  g_auto(GStrv) words = NULL;
  guint16 port;

  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (owner));
  line = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  words = g_strsplit (line, " ", 2);
  port = g_ascii_strtoull (words[0], NULL, 10);
  g_assert_false (is_closed (port));
  g_assert_true (g_str_has_prefix (words[1], "/"));
  g_assert_cmpuint (count_processes_in (words[1]), >, 0);

  g_subprocess_force_exit (owner);
  test_wait_for (is_closed (port));
  test_wait_for (count_processes_in (words[1]) == 0);

  /* what nobody was left to remove goes with the next start, of whomever; what is in use does not */
  next = test_server_new (test_server_get_kind (server), &error);
  g_assert_no_error (error);
  g_assert_false (g_file_test (words[1], G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (test_server_get_ca_path (server), G_FILE_TEST_EXISTS));
}

/* Starts a server, says where, and waits to be killed, or for the end of the test */
static int
own (TestServerKind kind)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TestServer) server = test_server_new (kind, &error);
  g_autofree char *dir = NULL;

  if (server == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }

  dir = g_path_get_dirname (test_server_get_ca_path (server));
  g_print ("%u %s\n", test_server_get_port (server, TEST_HOST_MAIN), dir);
  while (getchar () != EOF)
    continue;

  return 0;
}

static const TestServerCase cases[] = {
  { "starttls-is-offered", test_starttls_is_offered },
  { "a-host-without-tls-offers-none", test_a_host_without_tls_offers_none },
  { "the-certificate-is-trusted-by-way-of-the-authority", test_the_certificate_is_trusted_by_way_of_the_authority },
  { "accounts-are-added-while-it-runs", test_accounts_are_added_while_it_runs },
  { "it-listens-on-the-loopback-alone", test_it_listens_on_the_loopback_alone },
  { "it-leaves-nothing-behind", test_it_leaves_nothing_behind },
  { "it-ends-with-its-owner", test_it_ends_with_its_owner },
};

int
main (int   argc,
      char *argv[])
{
  if (argc > 2 && strcmp (argv[2], "--own") == 0)
    return own (strcmp (argv[1], "ejabberd") == 0 ? TEST_SERVER_EJABBERD : TEST_SERVER_PROSODY);

  return test_server_run (argc, argv, cases, G_N_ELEMENTS (cases));
}
