/* SPDX-License-Identifier: GPL-3.0-or-later */
/* flint-demo: a private server with people to talk to. It says on one line of its standard output where
 * it is, and ends, with all that it made, when its standard input ends. Who starts it may leave a folder to it, which
 * goes then, too: when he is killed he cannot remove it himself.
 */
#include "flint-config.h"

#include "demo-cast.h"
#include "demo-dir.h"
#include "demo-host.h"
#include "demo-people.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <locale.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_NAME "flint-demo"

/* What the one who started us can tell apart */
typedef enum
{
  STATUS_DONE      = 0,
  STATUS_FAILED    = 1,
  STATUS_USAGE     = 2,
  STATUS_NO_SERVER = 3,   /* Prosody is not installed */
} Status;

typedef struct
{
  GMainLoop  *loop;
  DemoHost   *host;
  DemoPeople *people;
  gboolean    is_fast;
  char       *folder;      /* left to us, or NULL */
  gboolean    is_alone;    /* who started us has gone, or wants nothing more of us */
  gboolean    is_over;
  Status      status;
} Demo;

static void
end (Demo   *demo,
     Status  status)
{
  demo->is_over = TRUE;
  demo->status = status;
  g_main_loop_quit (demo->loop);
}

static void
append_field (GString    *json,
              const char *name,
              const char *value)
{
  g_string_append_printf (json, ",\"%s\":\"", name);
  for (const char *p = value; *p != '\0'; p++)
    {
      if (*p == '"' || *p == '\\')
        g_string_append_c (json, '\\');
      if ((guchar) *p < 0x20)
        g_string_append_printf (json, "\\u%04x", *p);
      else
        g_string_append_c (json, *p);
    }
  g_string_append_c (json, '"');
}

/* Nobody reading any more is no reason to fail: that the input ends tells us */
static void
print_line (GString *json)
{
  g_string_append (json, "}\n");
  fputs (json->str, stdout);
  fflush (stdout);
}

static void
print_ready (Demo *demo)
{
  g_autoptr(GString) json = g_string_new ("{\"ready\":true");

  append_field (json, "domain", DEMO_DOMAIN);
  append_field (json, "host", "127.0.0.1");
  g_string_append_printf (json, ",\"port\":%u", demo_host_get_port (demo->host));
  append_field (json, "ca", demo_host_get_ca_path (demo->host));
  append_field (json, "user", DEMO_USER);
  append_field (json, "password", demo_host_get_password (demo->host, DEMO_USER));
  append_field (json, "room", DEMO_ROOM);
  print_line (json);
}

static void
fail (Demo         *demo,
      const GError *error)
{
  g_autoptr(GString) json = g_string_new ("{\"ready\":false");
  gboolean is_missing = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);

  append_field (json, "code", is_missing ? "no-server" : "failed");
  append_field (json, "error", error->message);
  print_line (json);

  end (demo, is_missing ? STATUS_NO_SERVER : STATUS_FAILED);
}

static void
on_lost (Demo         *demo,
         const GError *error)
{
  g_printerr ("flint-demo: somebody's connection ended%s%s\n",
              error != NULL ? ": " : "", error != NULL ? error->message : "");
  end (demo, STATUS_FAILED);
}

static void
on_ended (Demo *demo)
{
  g_printerr ("flint-demo: the server ended\n");
  end (demo, STATUS_FAILED);
}

static void
on_arrived (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  Demo *demo = user_data;
  g_autoptr(GError) error = NULL;

  if (demo_people_arrive_finish (DEMO_PEOPLE (object), result, &error))
    print_ready (demo);
  else if (!demo->is_over)
    fail (demo, error);
}

static void
on_started (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  Demo *demo = user_data;
  g_autoptr(GError) error = NULL;

  if (!demo_host_start_finish (DEMO_HOST (object), result, &error))
    {
      if (!demo->is_over)
        fail (demo, error);
      return;
    }

  g_signal_connect_swapped (demo->host, "ended", G_CALLBACK (on_ended), demo);
  demo->people = demo_people_new (demo->host, demo->is_fast);
  g_signal_connect_swapped (demo->people, "lost", G_CALLBACK (on_lost), demo);
  demo_people_arrive_async (demo->people, on_arrived, demo);
}

static gboolean
on_signal (gpointer user_data)
{
  end (user_data, STATUS_DONE);

  return G_SOURCE_CONTINUE;
}

static gboolean
on_input (int          fd,
          GIOCondition condition,
          gpointer     user_data)
{
  Demo *demo = user_data;
  char buffer[256];

  if (read (fd, buffer, sizeof buffer) > 0)
    return G_SOURCE_CONTINUE;

  /* Not when it ends only because we said that we have failed: he goes on then */
  demo->is_alone = !demo->is_over;
  end (demo, STATUS_DONE);

  return G_SOURCE_REMOVE;
}

static void
run (Demo *demo)
{
  demo->loop = g_main_loop_new (NULL, FALSE);
  demo->host = demo_host_new ();

  g_unix_signal_add (SIGTERM, on_signal, demo);
  g_unix_signal_add (SIGINT, on_signal, demo);
  g_unix_signal_add (SIGHUP, on_signal, demo);
  g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR | G_IO_NVAL, on_input, demo);

  demo_host_start_async (demo->host, on_started, demo);
  g_main_loop_run (demo->loop);

  if (demo->people != NULL)
    demo_people_leave (demo->people);
  demo_host_stop (demo->host);
  while (g_main_context_iteration (NULL, FALSE))
    continue;

  g_clear_object (&demo->people);
  g_clear_object (&demo->host);
  g_clear_pointer (&demo->loop, g_main_loop_unref);

  if (demo->folder != NULL && demo->is_alone)
    demo_dir_remove (demo->folder);
}

int
main (int   argc,
      char *argv[])
{
  Demo demo = { NULL };
  const char *locale_dir = g_getenv ("FLINT_LOCALEDIR");
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  g_autoptr(GError) error = NULL;
  const GOptionEntry options[] = {
    { "fast", 0, 0, G_OPTION_ARG_NONE, &demo.is_fast, "People do not take the time that people take", NULL },
    { "folder", 0, 0, G_OPTION_ARG_FILENAME, &demo.folder, "A folder flint-demo-XXXXXX to remove when the input has ended", "PATH" },
    { NULL },
  };

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locale_dir != NULL ? locale_dir : FLINT_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  umask (077);
  setrlimit (RLIMIT_CORE, &(struct rlimit) { 0, 0 });
  signal (SIGPIPE, SIG_IGN);

  g_option_context_set_summary (context, "Starts a private server with people to talk to, until its input ends.");
  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("flint-demo: %s\n", error->message);
      return STATUS_USAGE;
    }

  if (demo.folder != NULL && !demo_dir_is_left (demo.folder, FOLDER_NAME))
    {
      g_printerr ("flint-demo: %s is no folder that could be removed\n", demo.folder);
      g_free (demo.folder);
      return STATUS_USAGE;
    }

  run (&demo);
  g_free (demo.folder);

  return demo.status;
}
