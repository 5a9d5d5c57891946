/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A login, some messages to and fro, and goodbye, while the network fails. It goes well, or ends once and in words;
 * nothing is left of it. And with what is harmless it goes well.
 */
#include "fake-server.h"
#include "torture.h"

#include <string.h>

#define N_MESSAGES   3
#define MAX_SECONDS  600     /* of a clock that goes when nothing else does */
#define MAX_TURNS    100000

#define NS_SASL "urn:ietf:params:xml:ns:xmpp-sasl"

typedef struct
{
  FakeServer *server;
  guint       n_seen;        /* of the server's received */
  gboolean    is_known;      /* logged in */
  guint       n_told;        /* messages that came to the server */
  guint       n_heard;       /* that came to us */
  gboolean    is_closed;
} Talk;

/* A server that answers whatever is asked, and does not mind what is not */

static void
answer_question (Talk       *talk,
                 const char *question)
{
  g_autofree char *id = fake_xml_get (question, "id");
  g_autofree char *answer = NULL;

  if (strstr (question, FAKE_BIND_NS) != NULL)
    answer = g_strdup_printf ("<iq type='result' id='%s'><bind xmlns='" FAKE_BIND_NS "'>"
                              "<jid>juliet@capulet.lit/balcony</jid></bind></iq>", id);
  else if (strstr (question, "jabber:iq:roster") != NULL)
    answer = g_strdup_printf ("<iq type='result' id='%s'><query xmlns='jabber:iq:roster'>"
                              "<item jid='romeo@montague.lit' subscription='both'/></query></iq>", id);
  else
    answer = g_strdup_printf ("<iq type='error' id='%s'><error type='cancel'>"
                              "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>", id);

  fake_server_send (talk->server, answer);
}

static void
answer (Talk       *talk,
        const char *element)
{
  if (g_str_has_prefix (element, "<stream:stream"))
    {
      fake_server_send_header (talk->server, "from='capulet.lit' id='s' version='1.0'");
      fake_server_send (talk->server, talk->is_known
                        ? "<stream:features>" FAKE_BIND "</stream:features>"
                        : "<stream:features>" FAKE_MECHANISMS (FAKE_MECHANISM ("ANONYMOUS")) "</stream:features>");
    }
  else if (g_str_has_prefix (element, "<auth "))
    {
      talk->is_known = TRUE;
      fake_server_send (talk->server, "<success xmlns='" NS_SASL "'/>");
    }
  else if (g_str_has_prefix (element, "<iq ") && (strstr (element, "type='get'") != NULL || strstr (element, "type='set'") != NULL))
    answer_question (talk, element);
  else if (g_str_has_prefix (element, "<message "))
    talk->n_told++;
  else if (g_str_equal (element, "</stream:stream>"))
    fake_server_close (talk->server);
}

/* One turn: what came is answered */
static void
go_on (Talk *talk)
{
  FakeServer *server = talk->server;

  while (talk->n_seen < server->received->len && server->fd >= 0)
    answer (talk, server->received->pdata[talk->n_seen++]);
}

/* There is no thread in this: when nothing is to be done all wait for the time */
static void
wait_until (Talk     *talk,
            gboolean (*is_so) (Talk *talk))
{
  guint n_seconds = 0;

  for (guint i = 0; go_on (talk), !is_so (talk); i++)
    {
      g_assert_cmpuint (i, <, MAX_TURNS);
      if (g_main_context_iteration (NULL, FALSE))
        continue;

      if (n_seconds++ == MAX_SECONDS)
        g_error ("Nothing ends it");
      fake_clock_advance (talk->server->clock, 1000);
    }
}

static void
on_message (XmppSession       *session,
            const XmppMessage *message,
            Talk              *talk)
{
  if (g_strcmp0 (message->body, "well?") == 0)
    talk->n_heard++;
}

static void
on_closed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!xmpp_session_close_finish (XMPP_SESSION (source), result, &error))
    torture_assert_words (error);

  ((Talk *) user_data)->is_closed = TRUE;
}

static void
say_something (Talk    *talk,
               XmppJid *romeo)
{
  for (guint i = 0; i < N_MESSAGES; i++)
    {
      XmppMessage message = { .type = XMPP_MESSAGE_CHAT, .to = romeo, .body = "wherefore art thou?" };

      xmpp_session_send_message (talk->server->session, &message);
      if (talk->server->fd >= 0)
        fake_server_send (talk->server, "<message from='romeo@montague.lit/orchard' to='juliet@capulet.lit/balcony' type='chat'>"
                                        "<body>well?</body></message>");
    }
}

static gboolean
has_connected (Talk *talk)
{
  return !talk->server->is_connecting;
}

static gboolean
is_said (Talk *talk)
{
  return talk->server->n_closed > 0 || (talk->n_told == N_MESSAGES && talk->n_heard == N_MESSAGES);
}

static gboolean
is_closed (Talk *talk)
{
  return talk->is_closed;
}

static void
talk (const TortureFault *fault)
{
  g_autoptr(XmppJid) romeo = xmpp_jid_new ("romeo@montague.lit", NULL);
  g_autoptr(FakeServer) server = fake_server_new ("juliet@capulet.lit/balcony");
  Talk talk = { server };
  gulong handler = g_signal_connect (server->session, "message", G_CALLBACK (on_message), &talk);

  g_object_set (server->session, "security", XMPP_SECURITY_DISABLED, "anonymous", TRUE, NULL);

  torture_start (NULL, &server->fd);
  fake_server_start_connect (server);
  wait_until (&talk, has_connected);

  if (server->error == NULL)
    {
      say_something (&talk, romeo);
      wait_until (&talk, is_said);
      xmpp_session_close_async (server->session, NULL, on_closed, &talk);
      wait_until (&talk, is_closed);
    }

  if (!torture_stop () || fault == NULL || fault->is_harmless)
    {
      g_assert_no_error (server->error);
      g_assert_cmpuint (talk.n_told, ==, N_MESSAGES);
      g_assert_cmpuint (talk.n_heard, ==, N_MESSAGES);
      g_assert_no_error (server->closed_error);
    }

  if (server->error != NULL)
    torture_assert_words (server->error);
  if (server->closed_error != NULL)
    torture_assert_words (server->closed_error);
  g_assert_cmpuint (server->n_closed, ==, server->error == NULL ? 1 : 0);
  g_signal_handler_disconnect (server->session, handler);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  torture_add ("session", torture_wire_faults, talk);

  return g_test_run ();
}
