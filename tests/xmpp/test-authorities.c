/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* S52: a computer whose list of authorities is missing, empty or cannot be found trusts nobody, and says so */
#include "fake-server.h"

#include "xmpp-error.h"
#include "xmpp-session-private.h"

#include <glib/gstdio.h>
#include <string.h>

#define JID "juliet@capulet.lit/balcony"

/* A TLS backend that is the real one, but that there is no list on this computer */

#define BARE_TYPE_BACKEND (bare_backend_get_type ())
G_DECLARE_FINAL_TYPE (BareBackend, bare_backend, BARE, BACKEND, GObject)

struct _BareBackend
{
  GObject      parent_instance;

  GTlsBackend *real;
};

static void bare_backend_init_interface (GTlsBackendInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BareBackend, bare_backend, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_TLS_BACKEND, bare_backend_init_interface))

static void
bare_backend_finalize (GObject *object)
{
  g_clear_object (&BARE_BACKEND (object)->real);

  G_OBJECT_CLASS (bare_backend_parent_class)->finalize (object);
}

static void
bare_backend_class_init (BareBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bare_backend_finalize;
}

static void
bare_backend_init (BareBackend *self)
{
  GIOExtensionPoint *point = g_io_extension_point_lookup (G_TLS_BACKEND_EXTENSION_POINT_NAME);

  self->real = g_object_new (g_io_extension_get_type (g_io_extension_point_get_extension_by_name (point, "gnutls")), NULL);
}

static gboolean
supports_tls (GTlsBackend *backend)
{
  return TRUE;
}

/* Lists from files are the real ones, but no relatives of a list that this computer has */
static GType
get_file_database_type (void)
{
  static gsize type = 0;

  if (g_once_init_enter (&type))
    {
      GIOExtensionPoint *point = g_io_extension_point_lookup (G_TLS_BACKEND_EXTENSION_POINT_NAME);
      GIOExtension *extension = g_io_extension_point_get_extension_by_name (point, "gnutls");
      g_autoptr(GTypeClass) klass = g_type_class_ref (g_io_extension_get_type (extension));
      GTlsBackendInterface *real = g_type_interface_peek (klass, G_TYPE_TLS_BACKEND);
      GTypeQuery query;

      g_type_query (real->get_file_database_type (), &query);
      g_once_init_leave (&type, g_type_register_static_simple (query.type, "BareFileDatabase", query.class_size, NULL,
                                                               query.instance_size, NULL, 0));
    }

  return type;
}

/* Which types a backend has does not depend on the object that is asked; the functions take none */
static void
bare_backend_init_interface (GTlsBackendInterface *iface)
{
  g_autoptr(GTypeClass) klass = NULL;
  GIOExtensionPoint *point = g_io_extension_point_lookup (G_TLS_BACKEND_EXTENSION_POINT_NAME);
  GType type = g_io_extension_get_type (g_io_extension_point_get_extension_by_name (point, "gnutls"));
  GTlsBackendInterface *real;

  klass = g_type_class_ref (type);
  real = g_type_interface_peek (klass, G_TYPE_TLS_BACKEND);
  iface->supports_tls = supports_tls;
  iface->get_certificate_type = real->get_certificate_type;
  iface->get_client_connection_type = real->get_client_connection_type;
  iface->get_server_connection_type = real->get_server_connection_type;
  iface->get_file_database_type = get_file_database_type;
}

static char *
make_file (const char *text)
{
  g_autoptr(GError) error = NULL;
  char *path = NULL;
  int fd = g_file_open_tmp ("test-authorities-XXXXXX.pem", &path, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));

  return path;
}

/* A good server, for those who know its authority */
static void
assert_nobody_is_trusted (GTlsDatabase *database)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  XmppCertificate *certificate;

  g_object_set (server->session, "tls-database", database, NULL);
  fake_server_connect (server);
  fake_server_open (server, FAKE_STARTTLS);
  fake_server_expect_contains (server, "<starttls ");
  fake_server_send (server, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  fake_server_handshake (server);
  fake_server_expect_failure (server, XMPP_ERROR, XMPP_ERROR_CERTIFICATE);
  fake_server_expect_closed (server);
  g_assert_cmpstr (server->error->message, ==,
                   "The server's certificate was not issued by anybody this computer trusts.");

  certificate = xmpp_session_get_certificate (server->session);
  g_assert_cmphex (xmpp_certificate_get_flags (certificate), ==, XMPP_CERTIFICATE_UNKNOWN_CA);
}

static void
test_none (void)
{
  g_assert_null (g_tls_backend_get_default_database (g_tls_backend_get_default ()));
  assert_nobody_is_trusted (NULL);
}

/* Who trusts nobody still trusts whom the person trusts */
static void
test_pin (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autoptr(GTlsCertificate) tls = g_tls_certificate_new_from_pem (server->certificate, -1, NULL);
  g_autoptr(XmppCertificate) certificate = xmpp_certificate_new (tls, G_TLS_CERTIFICATE_UNKNOWN_CA, "capulet.lit", NULL);
  g_autofree char *pin = xmpp_certificate_make_pin (certificate);

  g_object_set (server->session, "tls-database", NULL, NULL);
  xmpp_session_set_pins (server->session, (const char *[]) { pin, NULL });
  fake_server_login (server);
}

/* Read before there is a connection, used for it, and let go: they are large */
static void
test_prepared (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  XmppAuthorities *authorities = NULL;

  g_object_set (server->session, "tls-database", NULL, NULL);
  xmpp_session_prepare (server->session);
  xmpp_session_prepare (server->session);
  g_set_weak_pointer (&authorities, server->session->authorities);
  g_assert_nonnull (authorities);

  fake_server_connect (server);
  fake_server_open (server, FAKE_STARTTLS);
  fake_server_expect_contains (server, "<starttls ");
  fake_server_send (server, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  g_assert_nonnull (authorities);
  fake_server_handshake (server);
  fake_server_expect_failure (server, XMPP_ERROR, XMPP_ERROR_CERTIFICATE);
  fake_server_wait_until (authorities == NULL);
}

/* Nobody is asked whom to trust where nothing is encrypted */
static void
test_not_needed (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);

  g_object_set (server->session, "tls-database", NULL, "security", XMPP_SECURITY_DISABLED, NULL);
  xmpp_session_prepare (server->session);
  g_assert_null (server->session->authorities);
}

static GLogWriterOutput
on_log (GLogLevelFlags   level,
        const GLogField *fields,
        gsize            n_fields,
        gpointer         user_data)
{
  guint *n_told = user_data;

  for (gsize i = 0; i < n_fields; i++)
    *n_told += g_str_equal (fields[i].key, "MESSAGE") && strstr (fields[i].value, "must be an absolute path") != NULL;

  return g_log_writer_default (level, fields, n_fields, NULL);
}

/* glib-networking reads no file by such a path, says so, and goes on with an empty list */
static void
test_relative (gconstpointer n_told)
{
  g_autofree char *path = make_file ("");
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr(GTlsDatabase) database = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_no_errno (g_chdir (folder));
  database = g_tls_file_database_new (name, &error);
  g_unlink (path);
  g_assert_no_error (error);
  g_assert_cmpuint (*(const guint *) n_told, ==, 1);
  assert_nobody_is_trusted (database);
}

/* … and of what cannot be read, or has no certificate in it, makes no list at all */
static void
test_bad_files (void)
{
  g_autofree char *empty = make_file ("");
  g_autofree char *text = make_file ("hello\n");
  g_autofree char *missing = make_file ("");
  const char *paths[] = { empty, text, missing };

  g_unlink (missing);

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GTlsDatabase) database = g_tls_file_database_new (paths[i], &error);

      g_assert_null (database);
      g_assert_nonnull (error);
      g_unlink (paths[i]);
    }
}

int
main (int   argc,
      char *argv[])
{
  guint n_told = 0;

  g_setenv ("GIO_USE_TLS", "bare", TRUE);
  g_test_init (&argc, &argv, NULL);

  /* The warning of a relative path is what is wanted */
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
  g_log_set_writer_func (on_log, &n_told, NULL);

  /* The extension points are there once one was asked for */
  g_proxy_resolver_get_default ();
  g_io_extension_point_implement (G_TLS_BACKEND_EXTENSION_POINT_NAME, BARE_TYPE_BACKEND, "bare", 100);

  g_test_add_func ("/xmpp/authorities/S52-without-a-list-nobody-is-trusted", test_none);
  g_test_add_data_func ("/xmpp/authorities/S52-a-relative-path-leads-to-no-trust", &n_told, test_relative);
  g_test_add_func ("/xmpp/authorities/S52-a-bad-file-is-an-error", test_bad_files);
  g_test_add_func ("/xmpp/authorities/S52-whom-the-person-trusts-is-trusted", test_pin);
  g_test_add_func ("/xmpp/authorities/they-are-read-ahead-and-let-go", test_prepared);
  g_test_add_func ("/xmpp/authorities/without-encryption-they-are-not-read", test_not_needed);

  return g_test_run ();
}
