/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-servers.h"

#include "demo-prosody.h"
#include "test-ejabberd.h"
#include "xmpp-random.h"

#include <signal.h>

#define DOMAIN      "server.test"
#define N_PORTS     4
#define START_TRIES 5

/* Below those that the kernel gives to whoever asks for any (ip_local_port_range): they are still ours
 * when a server comes back.
 */
#define FIRST_PORT  20000
#define LAST_PORT   31999
#define PORT_TRIES  1000

/* A key of 1024 bits is below what OpenSSL lets a server use, unless it is told to look away */
static const char openssl_config[] =
  "openssl_conf = defaults\n"
  "[defaults]\nssl_conf = ssl\n"
  "[ssl]\nsystem_default = all\n"
  "[all]\nCipherString = DEFAULT:@SECLEVEL=0\n";

struct _TestServer
{
  TestServerKind  kind;
  DemoServer     *server;
  DemoAuthority  *authority;
  char           *ca_path;
  char           *certificates[N_TEST_HOSTS];   /* paths */
  guint16         ports[N_PORTS];               /* STARTTLS, direct TLS, no TLS, administration */
  guint           n_people;                     /* certificates of persons issued */
};

static const struct
{
  const char *domain;
  const char *prosody;
} host_forms[] = {
  [TEST_HOST_MAIN]        = { DOMAIN },
  [TEST_HOST_EXPIRED]     = { "expired." DOMAIN },
  [TEST_HOST_WRONG_NAME]  = { "wrong." DOMAIN },
  [TEST_HOST_SELF_SIGNED] = { "selfsigned." DOMAIN },
  [TEST_HOST_WEAK_KEY]    = { "weak." DOMAIN },
  [TEST_HOST_CLIENT_ONLY] = { "client." DOMAIN },
  [TEST_HOST_ANONYMOUS]   = { "anonymous." DOMAIN, "authentication = \"anonymous\"\n" },
  [TEST_HOST_PLAIN]       = { "plain." DOMAIN,
                              "disable_sasl_mechanisms = { \"SCRAM-SHA-1\", \"SCRAM-SHA-1-PLUS\" }\n" },
  [TEST_HOST_UNENCRYPTED] = { "unencrypted." DOMAIN,
                              "c2s_require_encryption = false\nmodules_disabled = { \"tls\" }\n" },
};

static const DemoCertificate host_certificates[] = {
  [TEST_HOST_MAIN]        = DEMO_CERTIFICATE_GOOD,
  [TEST_HOST_EXPIRED]     = DEMO_CERTIFICATE_EXPIRED,
  [TEST_HOST_WRONG_NAME]  = DEMO_CERTIFICATE_WRONG_NAME,
  [TEST_HOST_SELF_SIGNED] = DEMO_CERTIFICATE_SELF_SIGNED,
  [TEST_HOST_WEAK_KEY]    = DEMO_CERTIFICATE_WEAK_KEY,
  [TEST_HOST_CLIENT_ONLY] = DEMO_CERTIFICATE_CLIENT_ONLY,
  [TEST_HOST_ANONYMOUS]   = DEMO_CERTIFICATE_GOOD,
  [TEST_HOST_PLAIN]       = DEMO_CERTIFICATE_GOOD,
  [TEST_HOST_UNENCRYPTED] = DEMO_CERTIFICATE_GOOD,
};

static gboolean
issue_certificates (TestServer  *self,
                    GError     **error)
{
  self->ca_path = demo_server_get_path (self->server, "ca.pem");
  if (!demo_authority_save (self->authority, self->ca_path, error))
    return FALSE;

  for (guint i = 0; i < N_TEST_HOSTS; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s.pem", host_forms[i].domain);

      self->certificates[i] = demo_server_get_path (self->server, name);
      if (!test_server_issue (self, i, host_certificates[i], error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
find_lasting_ports (guint16  *ports,
                    GError  **error)
{
  g_autoptr(GPtrArray) sockets = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);

  for (guint i = 0; i < PORT_TRIES && sockets->len < N_PORTS; i++)
    {
      guint16 port = g_random_int_range (FIRST_PORT, LAST_PORT + 1);
      g_autoptr(GSocketAddress) address = g_inet_socket_address_new (loopback, port);
      g_autoptr(GSocket) socket =
        g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);

      if (socket == NULL)
        return FALSE;
      if (!g_socket_bind (socket, address, FALSE, NULL))
        continue;

      ports[sockets->len] = port;
      g_ptr_array_add (sockets, g_steal_pointer (&socket));
    }

  if (sockets->len < N_PORTS)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "There are no free ports");

  return sockets->len == N_PORTS;
}

static gboolean
allow_weak_keys (TestServer  *self,
                 GError     **error)
{
  g_autofree char *path = demo_server_get_path (self->server, "openssl.cnf");

  demo_server_set_variable (self->server, "OPENSSL_CONF", path);

  return demo_server_write (self->server, "openssl.cnf", openssl_config, error);
}

static void
on_started (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  GAsyncResult **to = user_data;

  *to = g_object_ref (result);
}

static void
start_prosody (TestServer          *self,
               GAsyncReadyCallback  callback,
               gpointer             user_data)
{
  DemoProsodyHost hosts[N_TEST_HOSTS + 1];

  for (guint i = 0; i < N_TEST_HOSTS; i++)
    hosts[i] = (DemoProsodyHost) { host_forms[i].domain, NULL, self->certificates[i], host_forms[i].prosody };
  hosts[N_TEST_HOSTS] = (DemoProsodyHost) { "conference." DOMAIN, "muc", self->certificates[TEST_HOST_MAIN],
                                              "modules_enabled = { \"muc_mam\" }\n" };

  demo_prosody_start_async (self->server, hosts, G_N_ELEMENTS (hosts), self->ports[0], self->ports[1],
                            NULL, callback, user_data);
}

static void
start_ejabberd (TestServer          *self,
                GAsyncReadyCallback  callback,
                gpointer             user_data)
{
  const char *domains[N_TEST_HOSTS + 1] = { NULL };

  for (guint i = 0; i < N_TEST_HOSTS; i++)
    domains[i] = host_forms[i].domain;

  test_ejabberd_start_async (self->server,
                             &(TestEjabberdForm) {
                               .domains = domains,
                               .anonymous_domain = host_forms[TEST_HOST_ANONYMOUS].domain,
                               .plain_domain = host_forms[TEST_HOST_PLAIN].domain,
                               .certificates = (const char * const *) self->certificates,
                               .n_certificates = N_TEST_HOSTS,
                               .ca_path = self->ca_path,
                               .ports = self->ports,
                             }, callback, user_data);
}

static gboolean
start_process (TestServer  *self,
               GError     **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  if (self->kind == TEST_SERVER_PROSODY)
    start_prosody (self, on_started, &result);
  else
    start_ejabberd (self, on_started, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return demo_server_start_finish (self->server, result, error);
}

static gboolean
try_start (TestServer  *self,
           GError     **error)
{
  self->server = demo_server_new ("flint-test", error);

  return self->server != NULL && issue_certificates (self, error) && allow_weak_keys (self, error) &&
         find_lasting_ports (self->ports, error) && start_process (self, error);
}

static void
clear (TestServer *self)
{
  if (self->server != NULL)
    demo_server_stop (self->server);
  g_clear_object (&self->server);
  g_clear_pointer (&self->ca_path, g_free);
  for (guint i = 0; i < N_TEST_HOSTS; i++)
    g_clear_pointer (&self->certificates[i], g_free);

  /* the read in flight that was cancelled is over when its callback has been called */
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

const char *
test_server_get_name (TestServerKind kind)
{
  return kind == TEST_SERVER_PROSODY ? "prosody" : "ejabberd";
}

/**
 * test_server_find_missing:
 *
 * Returns: (transfer full) (nullable): why there is no such server on this machine, for a skipped test
 */
char *
test_server_find_missing (TestServerKind kind)
{
  gboolean is_there = kind == TEST_SERVER_PROSODY ? demo_prosody_is_installed () : test_ejabberd_is_installed ();

  return is_there ? NULL : g_strdup_printf ("%s is not installed", test_server_get_name (kind));
}

/**
 * test_server_new:
 *
 * Starts a server and waits until it takes connections.
 *
 * Returns: (transfer full) (nullable): the server
 */
TestServer *
test_server_new (TestServerKind   kind,
                 GError         **error)
{
  g_autoptr(TestServer) self = g_new0 (TestServer, 1);

  self->kind = kind;
  self->authority = demo_authority_new (error);
  if (self->authority == NULL)
    return NULL;

  for (guint i = 0; i < START_TRIES; i++)
    {
      g_autoptr(GError) local_error = NULL;

      if (try_start (self, &local_error))
        return g_steal_pointer (&self);

      clear (self);
      if (!g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE) || i + 1 == START_TRIES)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          break;
        }
    }

  return NULL;
}

void
test_server_free (TestServer *self)
{
  clear (self);
  g_clear_pointer (&self->authority, demo_authority_free);
  g_free (self);
}

TestServerKind
test_server_get_kind (TestServer *self)
{
  return self->kind;
}

const char *
test_server_get_domain (TestServer *self,
                        TestHost    host)
{
  return host_forms[host].domain;
}

/**
 * test_server_get_port:
 *
 * Returns: the port for STARTTLS, or, with %TEST_HOST_UNENCRYPTED, the one without TLS
 */
guint16
test_server_get_port (TestServer *self,
                      TestHost    host)
{
  return host == TEST_HOST_UNENCRYPTED && self->kind == TEST_SERVER_EJABBERD ? self->ports[2] : self->ports[0];
}

guint16
test_server_get_tls_port (TestServer *self)
{
  return self->ports[1];
}

/**
 * test_server_get_conference:
 *
 * Returns: the domain of the main host's rooms
 */
const char *
test_server_get_conference (TestServer *self)
{
  return "conference." DOMAIN;
}

/**
 * test_server_get_ca_path:
 *
 * Returns: the file with the certificate of the authority that a client has to trust
 */
const char *
test_server_get_ca_path (TestServer *self)
{
  return self->ca_path;
}

gboolean
test_server_add_user (TestServer  *self,
                      TestHost     host,
                      const char  *user,
                      const char  *password,
                      GError     **error)
{
  if (self->kind == TEST_SERVER_PROSODY)
    return demo_prosody_add_account (self->server, host_forms[host].domain, user, password, error);

  return test_ejabberd_add_account (self->ports[3], host_forms[host].domain, user, password, error);
}

/**
 * test_server_new_user:
 * @name: what the address begins with: each time it is another one
 *
 * Adds a person that nobody knows yet.
 *
 * Returns: (transfer full): the address
 */
char *
test_server_new_user (TestServer *self,
                      TestHost    host,
                      const char *name,
                      const char *password)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *id = xmpp_random_id ();
  g_autofree char *suffix = g_utf8_strdown (id, 8);
  g_autofree char *user = g_strdup_printf ("%s-%s", name, suffix);

  test_server_add_user (self, host, user, password, &error);
  g_assert_no_error (error);

  return g_strdup_printf ("%s@%s", user, host_forms[host].domain);
}

/**
 * test_server_set_password:
 *
 * Gives a person another password, as an administrator does; nobody is thrown out.
 */
gboolean
test_server_set_password (TestServer  *self,
                          TestHost     host,
                          const char  *user,
                          const char  *password,
                          GError     **error)
{
  if (self->kind == TEST_SERVER_PROSODY)
    return demo_prosody_add_account (self->server, host_forms[host].domain, user, password, error);

  return test_ejabberd_set_password (self->ports[3], host_forms[host].domain, user, password, error);
}

/**
 * test_server_issue:
 *
 * Gives a host another certificate; a server that runs has to be started again to see it.
 */
gboolean
test_server_issue (TestServer       *self,
                   TestHost          host,
                   DemoCertificate   kind,
                   GError          **error)
{
  g_autofree char *conference = g_strdup_printf ("conference.%s", host_forms[host].domain);
  const char *domains[] = { host_forms[host].domain, conference, NULL };
  const char *others[] = { "somebody-else.test", NULL };

  return demo_authority_issue (self->authority, kind, kind == DEMO_CERTIFICATE_WRONG_NAME ? others : domains,
                               self->certificates[host], error);
}

static void
on_ended (gboolean *is_over)
{
  *is_over = TRUE;
}

/**
 * test_server_end:
 *
 * Lets the server end as an administrator does, and waits until it has; what it has is kept.
 */
void
test_server_end (TestServer *self)
{
  gboolean is_over = FALSE;

  g_signal_connect_swapped (self->server, "ended", G_CALLBACK (on_ended), &is_over);
  demo_server_signal (self->server, SIGTERM);
  test_wait_for (is_over);
  g_signal_handlers_disconnect_by_data (self->server, &is_over);
}

/**
 * test_server_start_again:
 *
 * Starts a server that has ended, on the same ports and with all that it had.
 */
void
test_server_start_again (TestServer *self)
{
  g_autoptr(GError) error = NULL;

  start_process (self, &error);
  g_assert_no_error (error);
}

/**
 * test_server_issue_person:
 *
 * Returns: (transfer full) (nullable): the path of a certificate, with its key, to log in with
 */
char *
test_server_issue_person (TestServer  *self,
                          const char  *address,
                          GError     **error)
{
  g_autofree char *name = g_strdup_printf ("person-%u.pem", self->n_people++);
  g_autofree char *path = demo_server_get_path (self->server, name);

  if (!demo_authority_issue_person (self->authority, address, path, error))
    return NULL;

  return g_steal_pointer (&path);
}

static gboolean
on_wait_end (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/**
 * test_wait_step:
 * @deadline: 0 before the first step
 *
 * Runs the main loop once, for at most a second.
 *
 * Returns: whether there is still time
 */
gboolean
test_wait_step (gint64 *deadline)
{
  guint id;

  if (*deadline == 0)
    *deadline = g_get_monotonic_time () + TEST_WAIT_SECONDS * G_USEC_PER_SEC;
  if (g_get_monotonic_time () > *deadline)
    return FALSE;

  id = g_timeout_add_seconds (1, on_wait_end, NULL);
  g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);

  return TRUE;
}

typedef struct
{
  const TestServerCase *test;
  TestServer           *server;
} RunningCase;

static void
run_case (gconstpointer data)
{
  const RunningCase *running = data;

  running->test->run (running->server);
}

static void
skip_all (gconstpointer data)
{
  g_test_skip (data);
}

/**
 * test_server_skip:
 *
 * The main function of a test program that cannot run here, and says why.
 */
int
test_server_skip (int          argc,
                  char       **argv,
                  const char  *what,
                  const char  *reason)
{
  g_autofree char *path = g_strdup_printf ("/servers/%s", what);

  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func (path, reason, skip_all);

  return g_test_run ();
}

/**
 * test_server_run:
 * @argv: with the server's name after the program's
 *
 * The main function of a test program: starts the server, and runs all cases against it.
 */
int
test_server_run (int                    argc,
                 char                 **argv,
                 const TestServerCase  *cases,
                 guint                  n_cases)
{
  g_autoptr(TestServer) server = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree RunningCase *running = g_new0 (RunningCase, n_cases);
  g_autofree char *missing = NULL;
  TestServerKind kind;

  g_test_init (&argc, &argv, NULL);
  kind = g_strcmp0 (argv[1], "ejabberd") == 0 ? TEST_SERVER_EJABBERD : TEST_SERVER_PROSODY;

  missing = test_server_find_missing (kind);
  if (missing == NULL)
    {
      server = test_server_new (kind, &error);
      g_assert_no_error (error);
    }

  for (guint i = 0; i < n_cases; i++)
    {
      g_autofree char *path = g_strdup_printf ("/servers/%s/%s", test_server_get_name (kind), cases[i].name);

      if (cases[i].only_ejabberd && kind != TEST_SERVER_EJABBERD)
        continue;

      running[i] = (RunningCase) { &cases[i], server };
      if (server != NULL)
        g_test_add_data_func (path, &running[i], run_case);
      else
        g_test_add_data_func (path, missing, skip_all);
    }

  return g_test_run ();
}
