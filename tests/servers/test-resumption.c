/* SPDX-License-Identifier: GPL-3.0-or-later */
/* XEP-0198 and XEP-0352 with real servers: a connection that breaks below TLS, and comes back */
#include "test-client.h"
#include "test-relay.h"

#include "xmpp-csi.h"
#include "xmpp-stanza.h"

typedef struct
{
  TestRelay  *relay;
  TestClient *juliet;            /* her connection leads over the relay */
  TestClient *romeo;
  GString    *acknowledged;      /* what she said, with a space behind each */
  GString    *unacknowledged;
  guint       n_romeo_sees;      /* how often he saw her change */
} Pair;

/* Not what programs say to each other, such as receipts */
static void
note (GString    *text,
      XmppStanza *message)
{
  const char *body = xmpp_node_get_child_text (xmpp_stanza_get_root (message), "body", XMPP_NS_CLIENT);

  if (body != NULL)
    g_string_append_printf (text, "%s ", body);
}

static void
on_acknowledged (XmppSession *session,
                 XmppStanza  *message,
                 Pair        *pair)
{
  note (pair->acknowledged, message);
}

static void
on_unacknowledged (XmppSession *session,
                   GPtrArray   *messages,
                   Pair        *pair)
{
  for (guint i = 0; i < messages->len; i++)
    note (pair->unacknowledged, g_ptr_array_index (messages, i));
}

static void
on_presence (XmppPresence *presence,
             XmppJid      *bare,
             Pair         *pair)
{
  pair->n_romeo_sees++;
}

static Pair *
pair_new (TestServer *server)
{
  Pair *pair = g_new0 (Pair, 1);

  pair->relay = test_relay_new (test_server_get_port (server, TEST_HOST_MAIN));
  pair->juliet = test_client_new_user (server, "juliet");
  pair->romeo = test_client_new_user (server, "romeo");
  pair->acknowledged = g_string_new (NULL);
  pair->unacknowledged = g_string_new (NULL);
  g_object_set (pair->juliet->session, "port", (guint) test_relay_get_port (pair->relay), NULL);
  g_signal_connect (pair->juliet->session, "acknowledged", G_CALLBACK (on_acknowledged), pair);
  g_signal_connect (pair->juliet->session, "unacknowledged", G_CALLBACK (on_unacknowledged), pair);

  test_client_log_in (pair->romeo);
  test_client_log_in (pair->juliet);
  test_client_befriend (pair->romeo, pair->juliet);
  g_signal_connect (pair->romeo->presence, "changed", G_CALLBACK (on_presence), pair);

  return pair;
}

static void
pair_free (Pair *pair)
{
  g_signal_handlers_disconnect_by_data (pair->romeo->presence, pair);
  g_signal_handlers_disconnect_by_data (pair->juliet->session, pair);
  test_client_free (pair->juliet);
  test_client_free (pair->romeo);
  test_relay_free (pair->relay);
  g_string_free (pair->acknowledged, TRUE);
  g_string_free (pair->unacknowledged, TRUE);
  g_free (pair);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pair, pair_free)

static void
say (TestClient *from,
     TestClient *to,
     const char *body)
{
  test_client_send (from, XMPP_MESSAGE_CHAT, test_client_get_address (to), NULL, body);
}

static guint
count (TestClient *client,
       const char *body)
{
  guint n = 0;

  for (guint i = 0; i < client->messages->len; i++)
    {
      const TestMessage *message = g_ptr_array_index (client->messages, i);

      n += message->error == NULL && g_strcmp0 (message->body, body) == 0;
    }

  return n;
}

static void
come_back (Pair     *pair,
           gboolean  is_resumed)
{
  g_autoptr(GError) error = NULL;

  test_client_connect (pair->juliet, &error);
  g_assert_no_error (error);
  g_assert_cmpint (xmpp_session_is_resumed (pair->juliet->session), ==, is_resumed);
}

static void
test_what_is_sent_is_acknowledged (TestServer *server)
{
  g_autoptr(Pair) pair = pair_new (server);

  g_assert_true (xmpp_session_acknowledges (pair->juliet->session));
  say (pair->juliet, pair->romeo, "one");
  say (pair->juliet, pair->romeo, "two");
  say (pair->juliet, pair->romeo, "three");
  test_wait_for (g_strcmp0 (pair->acknowledged->str, "one two three ") == 0);
}

/* The server has not noticed: it has a connection that nobody is at, or none. Either way what was said meanwhile comes
 * once, and nobody saw her go.
 */
static void
go_on (TestServer *server,
       void      (*lose) (TestRelay *relay))
{
  g_autoptr(Pair) pair = pair_new (server);
  g_autofree char *own = g_strdup (xmpp_jid_get_text (xmpp_session_get_own_jid (pair->juliet->session)));

  say (pair->romeo, pair->juliet, "before");
  test_client_wait (pair->juliet, "before");
  test_client_sync (pair->romeo);
  pair->n_romeo_sees = 0;

  lose (pair->relay);
  test_wait_for (pair->juliet->is_closed);
  g_assert_true (xmpp_session_is_resumable (pair->juliet->session));
  say (pair->romeo, pair->juliet, "meanwhile");
  test_client_sync (pair->romeo);
  say (pair->juliet, pair->romeo, "waited");
  g_assert_cmpint (test_client_get_show (pair->juliet, test_client_get_address (pair->romeo)), ==, XMPP_SHOW_AVAILABLE);

  come_back (pair, TRUE);
  g_assert_cmpstr (xmpp_jid_get_text (xmpp_session_get_own_jid (pair->juliet->session)), ==, own);
  test_client_wait (pair->juliet, "meanwhile");
  test_client_wait (pair->romeo, "waited");
  test_wait_for (g_strcmp0 (pair->acknowledged->str, "waited ") == 0);

  /* And it works as before */
  say (pair->romeo, pair->juliet, "after");
  test_client_wait (pair->juliet, "after");
  g_assert_cmpuint (count (pair->juliet, "before"), ==, 1);
  g_assert_cmpuint (count (pair->juliet, "meanwhile"), ==, 1);
  g_assert_cmpuint (count (pair->romeo, "waited"), ==, 1);
  g_assert_cmpuint (pair->n_romeo_sees, ==, 0);
  g_assert_cmpstr (pair->unacknowledged->str, ==, "");

  xmpp_presence_set (pair->romeo->presence, XMPP_SHOW_AWAY, NULL, 0);
  test_wait_for (test_client_get_show (pair->juliet, test_client_get_address (pair->romeo)) == XMPP_SHOW_AWAY);
}

static void
test_a_cut_connection_goes_on (TestServer *server)
{
  go_on (server, test_relay_cut);
}

static void
test_a_server_that_has_not_noticed_goes_on (TestServer *server)
{
  go_on (server, test_relay_cut_client);
}

/* Into a line that takes it and leads nowhere any more */
static void
test_what_was_on_the_way_arrives_once (TestServer *server)
{
  g_autoptr(Pair) pair = pair_new (server);
  g_autoptr(GError) error = g_error_new_literal (XMPP_ERROR, XMPP_ERROR_TIMED_OUT, "silence");

  test_relay_stall (pair->relay);
  say (pair->juliet, pair->romeo, "first");
  say (pair->juliet, pair->romeo, "second");
  say (pair->romeo, pair->juliet, "to you");
  test_client_sync (pair->romeo);
  xmpp_session_fail (pair->juliet->session, error);
  g_assert_true (pair->juliet->is_closed);

  come_back (pair, TRUE);
  say (pair->juliet, pair->romeo, "third");
  test_client_wait (pair->romeo, "third");
  test_client_wait (pair->juliet, "to you");
  test_wait_for (g_strcmp0 (pair->acknowledged->str, "first second third ") == 0);
  g_assert_cmpuint (count (pair->romeo, "first"), ==, 1);
  g_assert_cmpuint (count (pair->romeo, "second"), ==, 1);
  g_assert_cmpuint (count (pair->juliet, "to you"), ==, 1);
}

static void
test_again_and_again (TestServer *server)
{
  g_autoptr(Pair) pair = pair_new (server);

  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *mine = g_strdup_printf ("juliet %u", i);
      g_autofree char *yours = g_strdup_printf ("romeo %u", i);

      say (pair->juliet, pair->romeo, mine);
      say (pair->romeo, pair->juliet, yours);
      test_relay_cut (pair->relay);
      test_wait_for (pair->juliet->is_closed);
      come_back (pair, TRUE);
    }

  test_client_wait (pair->romeo, "juliet 9");
  test_client_wait (pair->juliet, "romeo 9");
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *mine = g_strdup_printf ("juliet %u", i);
      g_autofree char *yours = g_strdup_printf ("romeo %u", i);

      g_assert_cmpuint (count (pair->romeo, mine), ==, 1);
      g_assert_cmpuint (count (pair->juliet, yours), ==, 1);
    }
}

static void
test_a_room_is_not_left (TestServer *server)
{
  g_autoptr(Pair) pair = pair_new (server);
  g_autofree char *address = test_client_new_room (server);
  XmppRoom *hers = test_client_join (pair->juliet, address, "Juliet");
  XmppRoom *his = test_client_join (pair->romeo, address, "Romeo");

  test_relay_cut (pair->relay);
  test_wait_for (pair->juliet->is_closed);
  test_client_send (pair->romeo, XMPP_MESSAGE_GROUPCHAT, address, NULL, "in the room");
  test_client_wait (pair->romeo, "in the room");
  come_back (pair, TRUE);
  test_client_wait (pair->juliet, "in the room");
  g_assert_cmpint (xmpp_room_get_state (hers), ==, XMPP_ROOM_IN);
  test_client_send (pair->juliet, XMPP_MESSAGE_GROUPCHAT, address, NULL, "still here");
  test_client_wait (pair->romeo, "still here");
  g_assert_cmpint (xmpp_room_get_state (his), ==, XMPP_ROOM_IN);
  g_assert_cmpuint (count (pair->juliet, "in the room"), ==, 1);
}

/* A server that has started anew knows nothing of it */
static void
test_a_new_server_lets_us_in_anew (TestServer *server)
{
  g_autoptr(Pair) pair = pair_new (server);

  test_relay_cut (pair->relay);
  test_wait_for (pair->juliet->is_closed);
  say (pair->juliet, pair->romeo, "never sent");
  test_server_end (server);
  test_wait_for (pair->romeo->is_closed);
  test_server_start_again (server);

  come_back (pair, FALSE);
  g_assert_cmpstr (pair->unacknowledged->str, ==, "never sent ");
  test_wait_for (xmpp_roster_is_loaded (pair->juliet->roster));

  /* Of him, too: his server said that it goes */
  test_client_log_in (pair->romeo);
  g_assert_false (xmpp_session_is_resumed (pair->romeo->session));
  test_wait_for (test_client_get_show (pair->juliet, test_client_get_address (pair->romeo)) == XMPP_SHOW_AVAILABLE);
  say (pair->romeo, pair->juliet, "hello again");
  test_client_wait (pair->juliet, "hello again");
}

static void
test_signing_out_is_for_good (TestServer *server)
{
  g_autoptr(Pair) pair = pair_new (server);

  say (pair->juliet, pair->romeo, "last");
  test_client_close (pair->juliet);
  g_assert_false (xmpp_session_is_resumable (pair->juliet->session));
  test_wait_for (test_client_get_show (pair->romeo, test_client_get_address (pair->juliet)) == XMPP_SHOW_OFFLINE);
  g_assert_cmpstr (pair->acknowledged->str, ==, "last ");
  come_back (pair, FALSE);
}

/* XEP-0352: what matters comes all the same */
static void
test_nobody_looks (TestServer *server)
{
  g_autoptr(Pair) pair = pair_new (server);

  g_assert_true (xmpp_session_has_feature (pair->juliet->session, "csi", "urn:xmpp:csi:0"));
  xmpp_csi_set_active (xmpp_session_get_module (pair->juliet->session, XMPP_TYPE_CSI), FALSE);
  say (pair->romeo, pair->juliet, "important");
  test_client_wait (pair->juliet, "important");
  xmpp_presence_set (pair->romeo->presence, XMPP_SHOW_AWAY, NULL, 0);
  test_client_sync (pair->romeo);
  xmpp_csi_set_active (xmpp_session_get_module (pair->juliet->session, XMPP_TYPE_CSI), TRUE);
  test_wait_for (test_client_get_show (pair->juliet, test_client_get_address (pair->romeo)) == XMPP_SHOW_AWAY);

  /* Neither is a stanza: the numbers are right */
  say (pair->juliet, pair->romeo, "answer");
  test_wait_for (g_strcmp0 (pair->acknowledged->str, "answer ") == 0);
}

static const TestServerCase cases[] = {
  { "resumption/what-is-sent-is-acknowledged", test_what_is_sent_is_acknowledged },
  { "resumption/F15-a-cut-connection-goes-on", test_a_cut_connection_goes_on },
  { "resumption/F15-a-server-that-has-not-noticed-goes-on", test_a_server_that_has_not_noticed_goes_on },
  { "resumption/F16-what-was-on-the-way-arrives-once", test_what_was_on_the_way_arrives_once },
  { "resumption/F16-again-and-again", test_again_and_again },
  { "resumption/F15-a-room-is-not-left", test_a_room_is_not_left },
  { "resumption/signing-out-is-for-good", test_signing_out_is_for_good },
  { "resumption/nobody-looks", test_nobody_looks },
  { "resumption/F13-F18-a-new-server-lets-us-in-anew", test_a_new_server_lets_us_in_anew },
};

int
main (int   argc,
      char *argv[])
{
  return test_server_run (argc, argv, cases, G_N_ELEMENTS (cases));
}
