/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-ejabberd.h"

#include <glob.h>
#include <string.h>

static const char modules[] =
  "acl: { loopback: { ip: [127.0.0.0/8] }, local: { user_regexp: \"\" } }\n"
  "access_rules: { local: { allow: local }, c2s: { allow: all } }\n"
  "api_permissions:\n"
  "  \"all from loopback\": { who: [ { access: [ { allow: [ { acl: loopback } ] } ] } ], what: \"*\" }\n"
  "acme: { auto: false }\n"
  "modules:\n"
  "  mod_admin_extra: {}\n"
  "  mod_blocking: {}\n"
  "  mod_caps: {}\n"
  "  mod_carboncopy: {}\n"
  "  mod_client_state: {}\n"
  "  mod_disco: {}\n"
  "  mod_http_api: {}\n"
  "  mod_last: {}\n"
  "  mod_mam: { default: always }\n"
  "  mod_muc: { access: [allow], access_create: local, access_mam: local, default_room_options: { mam: true } }\n"
  "  mod_offline: {}\n"
  "  mod_ping: {}\n"
  "  mod_privacy: {}\n"
  "  mod_private: {}\n"
  "  mod_pubsub: { plugins: [flat, pep], access_createnode: local }\n"
  "  mod_roster: { versioning: true }\n"
  "  mod_stream_mgmt: { resume_timeout: 300, max_resume_timeout: 600 }\n"
  "  mod_vcard: {}\n"
  "  mod_version: { show_os: false }\n";

/* Names are looked up in files alone: nothing leaves the machine */
static const char inetrc[] =
  "{lookup, [\"file\", \"native\"]}.\n"
  "{host, {127,0,0,1}, [\"localhost\"]}.\n";

/* The libraries' directory, which bears the architecture's name */
static char *
find_libraries (void)
{
  glob_t found = { 0 };
  char *dir = NULL;

  if (glob ("/usr/lib/*/ejabberd-*", 0, NULL, &found) == 0)
    dir = g_path_get_dirname (found.gl_pathv[0]);
  globfree (&found);

  return dir;
}

static void
append_listener (GString    *config,
                 guint16     port,
                 const char *options)
{
  g_string_append_printf (config, "  - { port: %u, ip: \"127.0.0.1\", %s }\n", port, options);
}

static char *
make_config (const TestEjabberdForm *form)
{
  GString *config = g_string_new (NULL);
  g_autofree char *domains = g_strjoinv (", ", (char **) form->domains);
  g_autofree char *starttls =
    g_strdup_printf ("module: ejabberd_c2s, starttls: true, starttls_required: true, tls_verify: true,"
                     " cafile: \"%s\", shaper: none, access: c2s", form->ca_path);

  g_string_append_printf (config, "hosts: [%s]\nloglevel: 4\nlog_rotate_count: 0\ncertfiles:\n", domains);
  for (guint i = 0; i < form->n_certificates; i++)
    g_string_append_printf (config, "  - \"%s\"\n", form->certificates[i]);
  g_string_append_printf (config, "ca_file: \"%s\"\n", form->ca_path);
  g_string_append (config, "auth_method: [internal]\nauth_password_format: plain\ndefault_db: mnesia\n");

  g_string_append (config, "listen:\n");
  append_listener (config, form->ports[0], starttls);
  append_listener (config, form->ports[1],
                   "module: ejabberd_c2s, tls: true, shaper: none, access: c2s");
  append_listener (config, form->ports[2],
                   "module: ejabberd_c2s, shaper: none, access: c2s");
  append_listener (config, form->ports[3],
                   "module: ejabberd_http, request_handlers: { /api: mod_http_api }");

  g_string_append_printf (config, "host_config:\n"
                          "  %s: { auth_method: [anonymous], anonymous_protocol: sasl_anon }\n"
                          "  %s: { disable_sasl_mechanisms: [\"SCRAM-SHA-1\", \"SCRAM-SHA-1-PLUS\", \"SCRAM-SHA-256\","
                          " \"SCRAM-SHA-256-PLUS\", \"SCRAM-SHA-512\", \"SCRAM-SHA-512-PLUS\", \"DIGEST-MD5\","
                          " \"X-OAUTH2\"] }\n",
                          form->anonymous_domain, form->plain_domain);
  g_string_append (config, modules);

  return g_string_free (config, FALSE);
}

gboolean
test_ejabberd_is_installed (void)
{
  g_autofree char *libraries = find_libraries ();
  g_autofree char *program = g_find_program_in_path ("erl");

  return libraries != NULL && program != NULL;
}

/**
 * test_ejabberd_start_async:
 *
 * Starts it; demo_server_start_finish () ends this.
 */
void
test_ejabberd_start_async (DemoServer              *server,
                           const TestEjabberdForm  *form,
                           GAsyncReadyCallback      callback,
                           gpointer                 user_data)
{
  g_autofree char *libraries = find_libraries ();
  g_autofree char *config = make_config (form);
  g_autofree char *config_path = demo_server_get_path (server, "ejabberd.yml");
  g_autofree char *log_path = demo_server_get_path (server, "log/ejabberd.log");
  g_autofree char *inetrc_path = demo_server_get_path (server, "inetrc");
  g_autofree char *spool_path = demo_server_get_path (server, "spool");
  g_autofree char *spool = g_strdup_printf ("\"%s\"", spool_path);
  g_autofree char *ready = g_strdup_printf ("127.0.0.1:%u for ejabberd_http", form->ports[3]);
  const char *argv[] = {
    "erl", "-noinput", "-noshell", "+K", "true", "+P", "50000", "+sbwt", "none", "+S", "1",
    "-mnesia", "dir", spool, "-s", "ejabberd", NULL
  };
  GError *error = NULL;

  if (!demo_server_make_dir (server, "spool", &error) ||
      !demo_server_make_dir (server, "log", &error) ||
      !demo_server_write (server, "inetrc", inetrc, &error) ||
      !demo_server_write (server, "ejabberd.yml", config, &error))
    {
      g_task_report_error (server, callback, user_data, test_ejabberd_start_async, error);
      return;
    }

  demo_server_set_variable (server, "ERL_LIBS", libraries);
  demo_server_set_variable (server, "ERL_INETRC", inetrc_path);
  demo_server_set_variable (server, "ERL_MAX_PORTS", "4096");
  demo_server_set_variable (server, "ERL_CRASH_DUMP", "/dev/null");
  demo_server_set_variable (server, "ERL_CRASH_DUMP_SECONDS", "0");
  demo_server_set_variable (server, "EJABBERD_CONFIG_PATH", config_path);
  demo_server_set_variable (server, "EJABBERD_LOG_PATH", log_path);
  demo_server_start_async (server, argv, ready, "address already in use", NULL, callback, user_data);
}

/* Gives a command to the HTTP interface for administration, and waits for the answer */
static gboolean
command (guint16      port,
         const char  *name,
         const char  *body,
         GError     **error)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketConnection) connection = NULL;
  g_autofree char *request =
    g_strdup_printf ("POST /api/%s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                     "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", name, strlen (body), body);
  char answer[1024] = "";
  gsize length = 0;

  g_socket_client_set_enable_proxy (client, FALSE);
  connection = g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, error);
  if (connection == NULL ||
      !g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), request,
                                  strlen (request), NULL, NULL, error) ||
      !g_input_stream_read_all (g_io_stream_get_input_stream (G_IO_STREAM (connection)), answer,
                                sizeof answer - 1, &length, NULL, error))
    return FALSE;

  if (g_str_has_prefix (answer, "HTTP/1.1 200") || g_str_has_prefix (answer, "HTTP/1.0 200"))
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "ejabberd did not %s %s: %s", name, body, answer);
  return FALSE;
}

/**
 * test_ejabberd_add_account:
 * @port: of the HTTP interface for administration
 *
 * Adds a person, and waits for the answer.
 */
gboolean
test_ejabberd_add_account (guint16      port,
                           const char  *domain,
                           const char  *user,
                           const char  *password,
                           GError     **error)
{
  g_autofree char *body =
    g_strdup_printf ("{\"user\":\"%s\",\"host\":\"%s\",\"password\":\"%s\"}", user, domain, password);

  return command (port, "register", body, error);
}

/**
 * test_ejabberd_set_password:
 * @port: of the HTTP interface for administration
 *
 * Gives a person another password, and waits for the answer.
 */
gboolean
test_ejabberd_set_password (guint16      port,
                            const char  *domain,
                            const char  *user,
                            const char  *password,
                            GError     **error)
{
  g_autofree char *body =
    g_strdup_printf ("{\"user\":\"%s\",\"host\":\"%s\",\"newpass\":\"%s\"}", user, domain, password);

  return command (port, "change_password", body, error);
}
