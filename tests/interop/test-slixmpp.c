/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Our engine, our core and slixmpp, over a real server: what each says, as the other one understands it */
#include "test-client.h"
#include "test-flint.h"
#include "test-peer.h"

#include "xmpp-chat-states.h"
#include "xmpp-random.h"

#include <string.h>

#define PYTHON "/usr/bin/python3"

typedef struct
{
  TestClient *client;    /* ours */
  TestPeer   *peer;      /* theirs */
  char       *address;   /* of theirs, bare */
  char       *full;      /* the same with its resource */
} Pair;

static TestPeer *
new_peer (TestServer *server,
          const char *address,
          const char *password)
{
  g_autofree char *port = g_strdup_printf ("%u", test_server_get_port (server, TEST_HOST_MAIN));
  const char *argv[] = { PYTHON, SLIXMPP_PEER, address, port, test_server_get_ca_path (server), NULL };
  TestPeer *peer = test_peer_new (argv);

  test_peer_tell (peer, password);

  return peer;
}

/* Both online, and contacts of one another */
static Pair *
pair_new (TestServer *server)
{
  Pair *self = g_new0 (Pair, 1);
  g_autoptr(TestClient) account = test_client_new_user (server, "nurse");
  g_autoptr(XmppJid) jid = xmpp_jid_new (test_client_get_address (account), NULL);
  g_auto(GStrv) online = NULL;
  g_autofree char *subscribe = NULL;

  self->address = g_strdup (test_client_get_address (account));

  self->client = test_client_new_user (server, "juliet");
  g_object_set (self->client->presence, "subscription-mode", XMPP_SUBSCRIPTION_MODE_ACCEPT_ALL, NULL);
  test_client_log_in (self->client);

  self->peer = new_peer (server, self->address, account->password);
  online = g_strsplit (test_peer_wait (self->peer, "online\t*"), "\t", 2);
  self->full = g_strdup (online[1]);

  subscribe = g_strdup_printf ("subscribe\t%s", test_client_get_address (self->client));
  test_peer_tell (self->peer, subscribe);
  xmpp_presence_subscribe (self->client->presence, jid, NULL);
  test_wait_for (test_client_get_subscription (self->client, self->address) == XMPP_SUBSCRIPTION_BOTH);
  test_wait_for (test_client_get_show (self->client, self->address) == XMPP_SHOW_AVAILABLE);

  return self;
}

static void
pair_free (Pair *self)
{
  test_peer_free (self->peer);
  test_client_free (self->client);
  g_free (self->address);
  g_free (self->full);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pair, pair_free)

static void
tell (Pair       *pair,
      const char *format,
      ...) G_GNUC_PRINTF (2, 3);

static void
tell (Pair       *pair,
      const char *format,
      ...)
{
  g_autofree char *line = NULL;
  va_list arguments;

  va_start (arguments, format);
  line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  test_peer_tell (pair->peer, line);
}

static void
test_what_they_send_arrives (TestServer *server)
{
  g_autoptr(Pair) pair = pair_new (server);
  const char *to = test_client_get_address (pair->client);
  const TestMessage *message;

  tell (pair, "send\tnormal\t%s\tSunday\tShall we meet?\\nAt the balcony", to);
  message = test_client_wait (pair->client, "Shall we meet?\nAt the balcony");
  g_assert_cmpint (message->type, ==, XMPP_MESSAGE_NORMAL);
  g_assert_cmpstr (message->subject, ==, "Sunday");
  g_assert_cmpstr (message->from, ==, pair->full);

  tell (pair, "send\tchat\t%s\t\t你好 <&> 🦊", to);
  message = test_client_wait (pair->client, "你好 <&> 🦊");
  g_assert_cmpint (message->type, ==, XMPP_MESSAGE_CHAT);

  tell (pair, "send\theadline\t%s\tNews\tAll is well", to);
  message = test_client_wait (pair->client, "All is well");
  g_assert_cmpint (message->type, ==, XMPP_MESSAGE_HEADLINE);
}

/* Bytes as Smack writes them: attributes in its order, single quotes, the default namespace repeated */
static void
test_what_smack_sends_arrives (TestServer *server)
{
  g_autoptr(Pair) pair = pair_new (server);
  const char *to = test_client_get_address (pair->client);
  const TestMessage *message;

  tell (pair, "raw\t<message xmlns='jabber:client' to='%s' id='L5A7T-9' type='headline'><subject>Server down</subject>"
        "<body>The server is down until noon</body></message>", to);
  message = test_client_wait (pair->client, "The server is down until noon");
  g_assert_cmpint (message->type, ==, XMPP_MESSAGE_HEADLINE);
  g_assert_cmpstr (message->subject, ==, "Server down");
  g_assert_cmpstr (message->id, ==, "L5A7T-9");

  tell (pair, "raw\t<message to='%s' id='L5A7T-11'><subject>Lunch</subject><body>At noon</body>"
        "<thread>7d1f</thread></message>", to);
  message = test_client_wait (pair->client, "At noon");
  g_assert_cmpint (message->type, ==, XMPP_MESSAGE_NORMAL);

  tell (pair, "raw\t<message to='%s' id='L5A7T-13' type='chat'><body>Typed in Spark</body>"
        "<active xmlns='http://jabber.org/protocol/chatstates'/><x xmlns='jabber:x:event'><offline/><composing/></x>"
        "</message>", to);
  message = test_client_wait (pair->client, "Typed in Spark");
  g_assert_cmpint (message->chat_state, ==, XMPP_CHAT_STATE_ACTIVE);
}

static void
test_what_we_send_arrives (TestServer *server)
{
  g_autoptr(Pair) pair = pair_new (server);

  test_client_send (pair->client, XMPP_MESSAGE_NORMAL, pair->address, "Sunday", "Shall we meet?\nAt the balcony");
  test_peer_wait (pair->peer, "message\tnormal\tjuliet-*\tSunday\tShall we meet?\\nAt the balcony");

  test_client_send (pair->client, XMPP_MESSAGE_CHAT, pair->address, NULL, "你好 <&> 🦊");
  test_peer_wait (pair->peer, "message\tchat\tjuliet-*\t\t你好 <&> 🦊");

  test_client_send (pair->client, XMPP_MESSAGE_HEADLINE, pair->address, "Server down", "Until noon");
  test_peer_wait (pair->peer, "message\theadline\tjuliet-*\tServer down\tUntil noon");
}

static void
test_receipts_go_both_ways (TestServer *server)
{
  g_autoptr(Pair) pair = pair_new (server);
  g_autofree char *receipt = NULL;

  test_client_send (pair->client, XMPP_MESSAGE_CHAT, pair->address, NULL, "Did you get this?");
  test_peer_wait (pair->peer, "message\tchat\t*Did you get this?");
  test_wait_for (test_client_find_receipt (pair->client) != NULL);

  tell (pair, "send\tchat\t%s\t\tAnd you this?", test_client_get_address (pair->client));
  test_client_wait (pair->client, "And you this?");
  receipt = g_strdup_printf ("receipt\t%s\t%s", xmpp_jid_get_text (xmpp_session_get_own_jid (pair->client->session)),
                             test_client_find (pair->client, "And you this?")->id);
  test_peer_wait (pair->peer, receipt);
}

static void
test_typing_is_seen_both_ways (TestServer *server)
{
  g_autoptr(Pair) pair = pair_new (server);
  g_autoptr(XmppJid) jid = xmpp_jid_new (pair->full, NULL);

  tell (pair, "state\t%s\tcomposing", test_client_get_address (pair->client));
  test_wait_for (test_client_find_state (pair->client, XMPP_CHAT_STATE_COMPOSING) != NULL);

  xmpp_chat_states_send (pair->client->session, jid, XMPP_MESSAGE_CHAT, XMPP_CHAT_STATE_PAUSED);
  test_peer_wait (pair->peer, "state\tjuliet-*\tpaused");
}

static void
test_presence_is_seen_both_ways (TestServer *server)
{
  g_autoptr(Pair) pair = pair_new (server);
  const XmppResource *best;

  tell (pair, "presence\tdnd\tIn a meeting, 开会\t7");
  test_wait_for (test_client_get_show (pair->client, pair->address) == XMPP_SHOW_DND);
  best = test_client_get_best (pair->client, pair->address);
  g_assert_cmpstr (best->status, ==, "In a meeting, 开会");
  g_assert_cmpint (best->priority, ==, 7);

  xmpp_presence_set (pair->client->presence, XMPP_SHOW_XA, "Gone fishing", 3);
  test_peer_wait (pair->peer, "presence\tjuliet-*\txa\tGone fishing\t3");
}

static void
test_what_is_refused_is_an_error_for_both (TestServer *server)
{
  g_autoptr(Pair) pair = pair_new (server);
  g_autofree char *nobody = g_strdup_printf ("nobody@%s", test_server_get_domain (server, TEST_HOST_MAIN));

  tell (pair, "send\tchat\t%s\t\tHello?", nobody);
  test_peer_wait (pair->peer, "error\tnobody@*\tservice-unavailable");

  /* and one that another client made up */
  tell (pair, "raw\t<message type='error' to='%s' id='x1'><body>Hello</body><error type='cancel'>"
        "<not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>",
        xmpp_jid_get_text (xmpp_session_get_own_jid (pair->client->session)));
  test_wait_for (test_client_find_error (pair->client) != NULL);
  g_assert_error (test_client_find_error (pair->client)->error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_NOT_ACCEPTABLE);
}

static void
test_a_room_is_shared (TestServer *server)
{
  g_autoptr(Pair) pair = pair_new (server);
  g_autofree char *room = test_client_new_room (server);
  XmppRoom *joined;

  joined = test_client_join (pair->client, room, "Juliet");
  tell (pair, "join\t%s\tNurse", room);
  test_wait_for (xmpp_room_get_occupant (joined, "Nurse") != NULL);
  test_peer_wait (pair->peer, "occupant\tJuliet");

  test_client_send (pair->client, XMPP_MESSAGE_GROUPCHAT, room, NULL, "Good evening");
  test_peer_wait (pair->peer, "message\tgroupchat\t*/Juliet\t\tGood evening");

  tell (pair, "send\tgroupchat\t%s\t\t晚上好", room);
  g_assert_cmpint (test_client_wait (pair->client, "晚上好")->type, ==, XMPP_MESSAGE_GROUPCHAT);
}

static void
test_what_they_ask_is_answered (TestServer *server)
{
  g_autoptr(Pair) pair = pair_new (server);
  const char *full = xmpp_jid_get_text (xmpp_session_get_own_jid (pair->client->session));
  const char *features;

  tell (pair, "ask\t%s\tping", full);
  test_peer_wait (pair->peer, "answer\tping\t");
  tell (pair, "ask\t%s\tversion", full);
  test_peer_wait (pair->peer, "answer\tversion\t?*");
  tell (pair, "ask\t%s\tdisco", full);
  features = test_peer_wait (pair->peer, "answer\tdisco\t*");
  g_assert_nonnull (strstr (features, "http://jabber.org/protocol/disco#info"));
  g_assert_nonnull (strstr (features, "urn:xmpp:receipts"));
}

/* A whole Flint and them */

static TestPeer *
new_nurse (TestServer *server,
           char      **address)
{
  g_autofree char *password = xmpp_random_id ();
  TestPeer *peer;

  *address = test_server_new_user (server, TEST_HOST_MAIN, "nurse", password);
  peer = new_peer (server, *address, password);
  test_peer_wait (peer, "online\t*");

  return peer;
}

static void
tell_message (TestPeer   *peer,
              const char *kind,
              TestFlint  *to,
              const char *subject,
              const char *body)
{
  g_autofree char *line = g_strjoin ("\t", "send", kind, to->address, subject, body, NULL);

  test_peer_tell (peer, line);
}

static void
test_each_kind_goes_where_it_belongs (TestServer *server)
{
  g_autoptr(TestFlint) juliet = test_flint_new (server, "juliet");
  g_autofree char *address = NULL;
  g_autoptr(TestPeer) peer = new_nurse (server, &address);
  g_autoptr(XmppJid) jid = xmpp_jid_new (address, NULL);
  FlintConversation *chat;

  test_flint_log_in (juliet);
  tell_message (peer, "headline", juliet, "Server down", "The server is down until noon");
  tell_message (peer, "normal", juliet, "Sunday", "Shall we meet?");
  tell_message (peer, "chat", juliet, "", "Are you there?");

  test_wait_for (flint_core_find_conversation (juliet->core, juliet->account, jid) != NULL);
  chat = flint_core_find_conversation (juliet->core, juliet->account, jid);
  test_wait_for (test_flint_find_message (chat, "Are you there?") != NULL);

  /* they came in this order */
  g_assert_cmpstr (flint_headline_get_subject (test_flint_find_headline (juliet, "The server is down until noon")), ==,
                   "Server down");
  g_assert_cmpstr (flint_letter_get_subject (test_flint_find_letter (juliet, "Shall we meet?")), ==, "Sunday");
  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_conversations (juliet->core)), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (flint_conversation_get_timeline (chat))), ==, 1);
}

static void
test_what_flint_sends_is_understood (TestServer *server)
{
  g_autoptr(TestFlint) juliet = test_flint_new (server, "juliet");
  g_autofree char *address = NULL;
  g_autoptr(TestPeer) peer = new_nurse (server, &address);
  g_autoptr(XmppJid) jid = xmpp_jid_new (address, NULL);
  g_autoptr(GError) error = NULL;

  test_flint_log_in (juliet);

  flint_conversation_send (flint_core_open_chat (juliet->core, juliet->account, jid), "你好 <&> 🦊\nand a line");
  test_peer_wait (peer, "message\tchat\tjuliet-*\t\t你好 <&> 🦊\\nand a line");

  flint_core_send_letter (juliet->core, juliet->account, jid, "Sunday", "Shall we meet?", NULL, &error);
  g_assert_no_error (error);
  test_peer_wait (peer, "message\tnormal\tjuliet-*\tSunday\tShall we meet?");

  flint_headline_send (juliet->account, jid, "Server down", "Until noon", &error);
  g_assert_no_error (error);
  test_peer_wait (peer, "message\theadline\tjuliet-*\tServer down\tUntil noon");
}

static const TestServerCase cases[] = {
  { "slixmpp/what-they-send-arrives", test_what_they_send_arrives },
  { "slixmpp/what-smack-sends-arrives", test_what_smack_sends_arrives },
  { "slixmpp/what-we-send-arrives", test_what_we_send_arrives },
  { "slixmpp/receipts-go-both-ways", test_receipts_go_both_ways },
  { "slixmpp/typing-is-seen-both-ways", test_typing_is_seen_both_ways },
  { "slixmpp/presence-is-seen-both-ways", test_presence_is_seen_both_ways },
  { "slixmpp/what-is-refused-is-an-error-for-both", test_what_is_refused_is_an_error_for_both },
  { "slixmpp/a-room-is-shared", test_a_room_is_shared },
  { "slixmpp/what-they-ask-is-answered", test_what_they_ask_is_answered },
  { "slixmpp/core/each-kind-goes-where-it-belongs", test_each_kind_goes_where_it_belongs },
  { "slixmpp/core/what-flint-sends-is-understood", test_what_flint_sends_is_understood },
};

int
main (int   argc,
      char *argv[])
{
  const char *probe[] = { PYTHON, "-c", "import slixmpp", NULL };

  if (!test_peer_can_run (probe))
    return test_server_skip (argc, argv, "slixmpp", "python3-slixmpp is not installed");

  return test_server_run (argc, argv, cases, G_N_ELEMENTS (cases));
}
