/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Logs in, sends a headline and leaves: what a script does when a server is down.
 *
 *   XMPP_PASSWORD=secret headline watch@example.org anna@example.org "Server down" "db1 does not answer."
 *
 * Its status is 0 when it was sent; else standard error says why not.
 */
#include <xmpp-session.h>

#include <locale.h>

typedef struct
{
  XmppMessage  headline;
  GMainLoop   *loop;
  GError      *error;      /* NULL: none */
} Job;

static void
on_closed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Job *job = user_data;

  xmpp_session_close_finish (XMPP_SESSION (source), result, &job->error);
  g_main_loop_quit (job->loop);
}

static void
on_connected (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  XmppSession *session = XMPP_SESSION (source);
  Job *job = user_data;

  if (!xmpp_session_connect_finish (session, result, &job->error))
    {
      g_main_loop_quit (job->loop);
      return;
    }

  xmpp_session_send_message (session, &job->headline);
  xmpp_session_close_async (session, NULL, on_closed, job);
}

static void
send_headline (Job          *job,
               XmppJid      *from,
               const char   *host,
               int           port,
               GTlsDatabase *authorities)
{
  g_autoptr(XmppSession) session = xmpp_session_new (from);

  xmpp_session_set_password (session, g_getenv ("XMPP_PASSWORD"));

  /* Without these the domain says where its server is, and the system whom to trust */
  g_object_set (session, "host", host, "port", port, "tls-database", authorities, NULL);

  xmpp_session_connect_async (session, NULL, on_connected, job);
  g_main_loop_run (job->loop);
}

static int
run (char       **words,
     const char  *host,
     int          port,
     const char  *ca)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(GTlsDatabase) authorities = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppJid) from = xmpp_jid_new (words[1], &error);
  g_autoptr(XmppJid) to = from != NULL ? xmpp_jid_new (words[2], &error) : NULL;
  Job job = {
    .headline = { .type = XMPP_MESSAGE_HEADLINE, .to = to, .subject = words[3], .body = words[4] },
    .loop = loop,
  };

  if (to != NULL && ca != NULL)
    {
      /* A relative path would make an empty list */
      g_autofree char *path = g_canonicalize_filename (ca, NULL);

      authorities = g_tls_file_database_new (path, &error);
    }

  if (error == NULL)
    {
      send_headline (&job, from, host, port, authorities);
      error = job.error;
    }

  if (error != NULL)
    g_printerr ("%s\n", error->message);

  return error == NULL ? 0 : 1;
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *host = NULL;
  g_autofree char *ca = NULL;
  int port = 0;
  const GOptionEntry entries[] = {
    { "host", 0, 0, G_OPTION_ARG_STRING, &host, "Where the server is", "NAME" },
    { "port", 0, 0, G_OPTION_ARG_INT, &port, "Its port", "NUMBER" },
    { "ca", 0, 0, G_OPTION_ARG_FILENAME, &ca, "Whom to trust, instead of the system's authorities", "FILE" },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr(GOptionContext) context = g_option_context_new ("FROM TO SUBJECT TEXT");
  g_autoptr(GError) error = NULL;

  setlocale (LC_ALL, "");
  g_option_context_add_main_entries (context, entries, NULL);

  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 5)
    {
      g_printerr ("%s\n", error != NULL ? error->message : "It takes FROM, TO, SUBJECT and TEXT: see --help.");
      return 1;
    }

  return run (argv, host, port, ca);
}
