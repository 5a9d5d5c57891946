/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Says back what it is told, to anybody, until it is stopped (SIGINT, SIGTERM) or the connection ends.
 *
 *   XMPP_PASSWORD=secret echo parrot@example.org
 *
 * The status is 0 when it was stopped, and 1 when it could not go on and standard error says why.
 */
#include <xmpp-presence.h>
#include <xmpp-session.h>

#include <glib-unix.h>
#include <locale.h>

typedef struct
{
  XmppSession *session;
  GMainLoop   *loop;
  GError      *error;      /* NULL: none */
} Echo;

/* Only chats: who answers errors and headlines talks with programs, and two of his kind never end. Copies of what
 * our own devices say are none of his business either.
 */
static void
on_message (XmppSession       *session,
            const XmppMessage *message,
            Echo              *echo)
{
  XmppMessage answer = {
    .type = XMPP_MESSAGE_CHAT,
    .to = message->from,
    .body = message->body,
    .thread = message->thread,
  };

  if (message->type == XMPP_MESSAGE_CHAT && message->body != NULL && message->carbon == XMPP_CARBON_NONE)
    xmpp_session_send_message (session, &answer);
}

/* Whoever asks may see that it is there, and everybody is told what it does */
static void
introduce (XmppSession *session)
{
  XmppPresence *presence = xmpp_session_get_module (session, XMPP_TYPE_PRESENCE);

  g_object_set (presence, "subscription-mode", XMPP_SUBSCRIPTION_MODE_ACCEPT_ALL, NULL);
  xmpp_presence_set (presence, XMPP_SHOW_CHAT, "I say back what I am told", 0);
}

static void
end (Echo         *echo,
     const GError *error)
{
  if (error != NULL && echo->error == NULL)
    echo->error = g_error_copy (error);

  g_main_loop_quit (echo->loop);
}

/* It was online, and is not any more; NULL: as we wished */
static void
on_closed (XmppSession  *session,
           const GError *error,
           Echo         *echo)
{
  end (echo, error);
}

static void
on_connected (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!xmpp_session_connect_finish (XMPP_SESSION (source), result, &error))
    end (user_data, error);
}

static gboolean
on_stop (gpointer user_data)
{
  Echo *echo = user_data;

  if (xmpp_session_is_online (echo->session))
    xmpp_session_close_async (echo->session, NULL, NULL, NULL);
  else
    end (echo, NULL);

  return G_SOURCE_CONTINUE;
}

static int
run (XmppSession *session)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(GError) error = NULL;
  Echo echo = { .session = session, .loop = loop };
  guint stops[] = { g_unix_signal_add (SIGINT, on_stop, &echo), g_unix_signal_add (SIGTERM, on_stop, &echo) };

  introduce (session);
  g_signal_connect (session, "message", G_CALLBACK (on_message), &echo);
  g_signal_connect (session, "closed", G_CALLBACK (on_closed), &echo);
  xmpp_session_connect_async (session, NULL, on_connected, &echo);
  g_main_loop_run (loop);

  g_source_remove (stops[0]);
  g_source_remove (stops[1]);
  g_signal_handlers_disconnect_by_data (session, &echo);
  error = echo.error;

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
  g_autoptr(GOptionContext) context = g_option_context_new ("ADDRESS");
  g_autoptr(GTlsDatabase) authorities = NULL;
  g_autoptr(XmppSession) session = NULL;
  g_autoptr(XmppJid) jid = NULL;
  g_autoptr(GError) error = NULL;

  setlocale (LC_ALL, "");
  g_option_context_add_main_entries (context, entries, NULL);

  if (g_option_context_parse (context, &argc, &argv, &error) && argc == 2)
    jid = xmpp_jid_new (argv[1], &error);
  if (jid != NULL && ca != NULL)
    {
      /* A relative path would make an empty list */
      g_autofree char *path = g_canonicalize_filename (ca, NULL);

      authorities = g_tls_file_database_new (path, &error);
    }

  if (jid == NULL || error != NULL)
    {
      g_printerr ("%s\n", error != NULL ? error->message : "It takes an ADDRESS: see --help.");
      return 1;
    }

  session = xmpp_session_new (jid);
  xmpp_session_set_password (session, g_getenv ("XMPP_PASSWORD"));
  g_object_set (session, "host", host, "port", port, "tls-database", authorities, NULL);

  return run (session);
}
