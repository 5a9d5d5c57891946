/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "demo-prosody.h"

#include <string.h>
#include <unistd.h>

/* What every client asks for, and nothing that talks with other servers */
static const char config_head[] =
  "daemonize = false\n"
  "interfaces = { \"127.0.0.1\" }\n"
  "local_interfaces = { \"127.0.0.1\" }\n"
  "plugin_paths = {}\n"
  "modules_enabled = { \"roster\", \"saslauth\", \"tls\", \"disco\", \"private\", \"blocklist\", \"vcard4\","
  " \"vcard_legacy\", \"pep\", \"carbons\", \"smacks\", \"csi_simple\", \"version\", \"uptime\", \"time\","
  " \"ping\", \"lastactivity\", \"offline\", \"mam\", \"announce\" }\n"
  "modules_disabled = { \"s2s\" }\n"
  "authentication = \"internal_hashed\"\n"
  "default_iteration_count = 4096\n"
  "storage = \"internal\"\n"
  "c2s_require_encryption = true\n"
  "bounce_blocked_messages = true\n"
  "log = { { levels = { min = \"info\" }, to = \"stdout\" } }\n";

/* A string of Lua */
static void
append_quoted (GString    *config,
               const char *text)
{
  g_string_append_c (config, '"');
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '"' || *p == '\\')
        g_string_append_c (config, '\\');
      if (*p == '\n')
        g_string_append (config, "\\n");
      else
        g_string_append_c (config, *p);
    }
  g_string_append_c (config, '"');
}

static void
append_setting (GString    *config,
                const char *name,
                const char *text)
{
  g_string_append_printf (config, "%s = ", name);
  append_quoted (config, text);
  g_string_append_c (config, '\n');
}

static void
append_path (GString    *config,
             DemoServer *server,
             const char *name,
             const char *file)
{
  g_autofree char *path = demo_server_get_path (server, file);

  append_setting (config, name, path);
}

static void
append_certificate (GString    *config,
                    const char *name,
                    const char *path)
{
  g_string_append_printf (config, "%s = { certificate = ", name);
  append_quoted (config, path);
  g_string_append (config, "; key = ");
  append_quoted (config, path);
  g_string_append (config, " }\n");
}

static char *
make_config (DemoServer            *server,
             const DemoProsodyHost *hosts,
             guint                  n_hosts,
             guint16                port,
             guint16                tls_port)
{
  GString *config = g_string_new (config_head);

  if (geteuid () == 0)
    g_string_append (config, "run_as_root = true\n");
  g_string_append_printf (config, "c2s_ports = { %u }\nc2s_direct_tls_ports = { %u }\n", port, tls_port);
  append_path (config, server, "pidfile", "prosody.pid");
  append_path (config, server, "admin_socket", "prosody.sock");
  append_path (config, server, "data_path", "data");
  append_path (config, server, "certificates", "certificates");
  append_certificate (config, "c2s_direct_tls_ssl", hosts[0].certificate);

  for (guint i = 0; i < n_hosts; i++)
    {
      g_string_append (config, hosts[i].component != NULL ? "Component " : "VirtualHost ");
      append_quoted (config, hosts[i].domain);
      if (hosts[i].component != NULL)
        append_quoted (config, hosts[i].component);
      g_string_append_c (config, '\n');
      if (hosts[i].certificate != NULL)
        append_certificate (config, "ssl", hosts[i].certificate);
      if (hosts[i].settings != NULL)
        g_string_append (config, hosts[i].settings);
    }

  return g_string_free (config, FALSE);
}

/* Prosody's own way of making file names (util/datamanager.lua) */
static void
append_encoded (GString    *path,
                const char *text)
{
  for (const guchar *p = (const guchar *) text; *p != '\0'; p++)
    {
      if (g_ascii_isalnum (*p))
        g_string_append_c (path, (char) *p);
      else
        g_string_append_printf (path, "%%%02x", *p);
    }
}

static gboolean
write_data (DemoServer  *server,
            const char  *domain,
            const char  *store,
            const char  *user,
            const char  *text,
            GError     **error)
{
  g_autoptr(GString) path = g_string_new ("data/");

  append_encoded (path, domain);
  g_string_append_printf (path, "/%s", store);
  if (!demo_server_make_dir (server, path->str, error))
    return FALSE;

  g_string_append_c (path, '/');
  append_encoded (path, user);
  g_string_append (path, ".dat");

  return demo_server_write (server, path->str, text, error);
}

/**
 * demo_prosody_is_installed:
 *
 * Returns: whether there is a program to start
 */
gboolean
demo_prosody_is_installed (void)
{
  g_autofree char *path = g_find_program_in_path ("prosody");

  return path != NULL;
}

/**
 * demo_prosody_add_account:
 *
 * Adds a person, before the server is started or while it runs.
 */
gboolean
demo_prosody_add_account (DemoServer  *server,
                          const char  *domain,
                          const char  *user,
                          const char  *password,
                          GError     **error)
{
  g_autoptr(GString) data = g_string_new ("return { [\"password\"] = ");

  append_quoted (data, password);
  g_string_append (data, "; };\n");

  return write_data (server, domain, "accounts", user, data->str, error);
}

/**
 * demo_prosody_add_roster:
 *
 * Writes a person's contacts. Where a subscription is mutual, the roster of each has to say so.
 */
gboolean
demo_prosody_add_roster (DemoServer                *server,
                         const char                *domain,
                         const char                *user,
                         const DemoProsodyContact  *contacts,
                         guint                      n_contacts,
                         GError                   **error)
{
  g_autoptr(GString) data = g_string_new ("return {\n[false] = { [\"version\"] = 1; [\"pending\"] = {}; };\n");

  for (guint i = 0; i < n_contacts; i++)
    {
      g_string_append_c (data, '[');
      append_quoted (data, contacts[i].address);
      g_string_append_printf (data, "] = { %s; [\"name\"] = ",
                              contacts[i].is_asked ? "[\"subscription\"] = \"none\"; [\"ask\"] = \"subscribe\""
                                                   : "[\"subscription\"] = \"both\"");
      append_quoted (data, contacts[i].name);
      g_string_append (data, "; [\"groups\"] = {");
      if (contacts[i].group != NULL)
        {
          g_string_append (data, " [");
          append_quoted (data, contacts[i].group);
          g_string_append (data, "] = true;");
        }
      g_string_append (data, " }; };\n");
    }
  g_string_append (data, "};\n");

  return write_data (server, domain, "roster", user, data->str, error);
}

/**
 * demo_prosody_add_block:
 *
 * Lets a person block an address: what is sent from there comes back as an error (XEP-0191).
 */
gboolean
demo_prosody_add_block (DemoServer  *server,
                        const char  *domain,
                        const char  *user,
                        const char  *blocked,
                        GError     **error)
{
  g_autoptr(GString) data = g_string_new ("return { [");

  append_quoted (data, blocked);
  g_string_append (data, "] = true; };\n");

  return write_data (server, domain, "blocklist", user, data->str, error);
}

/**
 * demo_prosody_start_async:
 * @hosts: the first one's certificate is also that of the direct TLS port (XEP-0368)
 *
 * Starts it; demo_server_start_finish () ends this.
 */
void
demo_prosody_start_async (DemoServer            *server,
                          const DemoProsodyHost *hosts,
                          guint                  n_hosts,
                          guint16                port,
                          guint16                tls_port,
                          GCancellable          *cancellable,
                          GAsyncReadyCallback    callback,
                          gpointer               user_data)
{
  g_autofree char *config = make_config (server, hosts, n_hosts, port, tls_port);
  g_autofree char *path = demo_server_get_path (server, "prosody.cfg.lua");
  g_autofree char *ready = g_strdup_printf ("'c2s_direct_tls' on [127.0.0.1]:%u", tls_port);
  const char *argv[] = { "prosody", "-F", "--config", path, NULL };
  GError *error = NULL;

  if (!demo_server_make_dir (server, "data", &error) ||
      !demo_server_make_dir (server, "certificates", &error) ||
      !demo_server_write (server, "prosody.cfg.lua", config, &error))
    {
      g_task_report_error (server, callback, user_data, demo_prosody_start_async, error);
      return;
    }

  demo_server_start_async (server, argv, ready, "is in use by another application",
                           cancellable, callback, user_data);
}
