/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0184: Message Delivery Receipts, and XEP-0085: Chat State Notifications */

#include "message-log.h"
#include "xmpp-chat-states.h"
#include "xmpp-receipts.h"

#include <string.h>

#define OWN     "juliet@capulet.lit"
#define ROMEO   "romeo@montague.lit"
#define EVE     "eve@evil.lit"
#define LISTED  "paris@verona.lit"
#define REQUEST "<request xmlns='urn:xmpp:receipts'/>"
#define ORIGIN_ID "<origin-id xmlns='urn:xmpp:sid:0' id='m1'/>"

typedef struct
{
  FakeServer *server;
  MessageLog *log;
  XmppJid    *romeo;
} Fixture;

static Fixture
fixture_new (void)
{
  Fixture self;

  self.server = fake_server_new (OWN "/balcony");
  self.log = message_log_new (self.server);
  self.romeo = xmpp_jid_new (ROMEO, NULL);
  fake_server_login (self.server);
  fake_server_answer (self.server, "jabber:iq:roster",
    "<query xmlns='jabber:iq:roster'>"
      "<item jid='" ROMEO "' subscription='both'/><item jid='" LISTED "' subscription='to'/>"
    "</query>");
  fake_server_settle (self.server);

  return self;
}

static void
fixture_clear (Fixture *self)
{
  fake_server_free (self->server);
  message_log_free (self->log);
  xmpp_jid_unref (self->romeo);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static void
send_to (Fixture         *self,
         const char      *to,
         XmppMessageType  type,
         const char      *body)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (to, NULL);
  XmppMessage message = { .type = type, .to = jid, .id = "m1", .body = body };

  xmpp_session_send_message (self->server->session, &message);
}

static void
test_contacts_get_them (void)
{
  g_auto(Fixture) self = fixture_new ();

  fake_server_send (self.server,
    "<message from='" ROMEO "/orchard' id='m1' type='chat'><body>Hello</body>" REQUEST "</message>");
  message_log_expect (self.log, ROMEO "/orchard chat body=Hello receipt?");
  fake_server_expect_next (self.server,
    "<message type='chat' to='" ROMEO "/orchard' id='*'><received xmlns='urn:xmpp:receipts' id='m1'/></message>");

  fake_server_send (self.server, "<message from='" ROMEO "/orchard' id='m2'><body>Hello</body>" REQUEST "</message>");
  fake_server_expect_contains (self.server, "<received xmlns='urn:xmpp:receipts' id='m2'/>");

  fake_server_no_more (self.server);
}

static void
test_what_waited_for_us_is_answered (void)
{
  g_auto(Fixture) self = fixture_new ();

  fake_server_send (self.server,
    "<message from='" ROMEO "/orchard' id='m1' type='chat'><body>Hello</body>" REQUEST
      "<delay xmlns='urn:xmpp:delay' from='capulet.lit' stamp='2025-12-31T23:00:00Z'/>"
    "</message>");
  fake_server_expect_contains (self.server, "<received xmlns='urn:xmpp:receipts' id='m1'/>");
}

static void
test_not_for_everything (void)
{
  static const char * const rows[] = {
    "<message from='" ROMEO "/orchard' type='chat'><body>No id</body>" REQUEST "</message>",
    "<message from='" ROMEO "/orchard' id='' type='chat'><body>Empty id</body>" REQUEST "</message>",
    "<message from='" ROMEO "/orchard' id='m1' type='headline'><body>News</body>" REQUEST "</message>",
    "<message from='" ROMEO "/orchard' id='m1' type='error'><body>Back</body>" REQUEST
      "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>",
    "<message from='" ROMEO "/orchard' id='m1' type='chat'><received xmlns='urn:xmpp:receipts' id='x'/>" REQUEST "</message>",
    "<message from='" ROMEO "/orchard' id='m1' type='chat'><body>Other</body><request xmlns='urn:x'/></message>",
    "<message from='" OWN "' type='chat'><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>"
      "<message xmlns='jabber:client' from='" ROMEO "/orchard' to='" OWN "/phone' id='m1' type='chat'>"
        "<body>Copy</body>" REQUEST
      "</message></forwarded></received></message>",
  };
  g_auto(Fixture) self = fixture_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i]);
      fake_server_send (self.server, rows[i]);
      fake_server_no_more (self.server);
    }
}

static void
test_switched_off (void)
{
  g_auto(Fixture) self = fixture_new ();

  g_object_set (xmpp_session_get_module (self.server->session, XMPP_TYPE_RECEIPTS),
                "answer", FALSE, "request", FALSE, NULL);

  fake_server_send (self.server,
    "<message from='" ROMEO "/orchard' id='m1' type='chat'><body>Hello</body>" REQUEST "</message>");
  fake_server_no_more (self.server);

  send_to (&self, ROMEO, XMPP_MESSAGE_CHAT, "Here & now");
  fake_server_expect (self.server,
    "<message type='chat' to='" ROMEO "' id='m1'><body>Here &amp; now</body>" ORIGIN_ID "</message>");
}

static void
test_T099_strangers_learn_nothing (void)
{
  g_auto(Fixture) self = fixture_new ();

  fake_server_send (self.server,
    "<message from='" EVE "/x' id='m1' type='chat'><body>Are you there?</body>" REQUEST
      "<active xmlns='http://jabber.org/protocol/chatstates'/>"
    "</message>"
    "<message from='" LISTED "/x' id='m2' type='chat'><body>And you?</body>" REQUEST "</message>");
  fake_server_no_more (self.server);
}

static void
test_strangers_where_the_core_says_so (void)
{
  g_auto(Fixture) self = fixture_new ();

  g_object_set (xmpp_session_get_module (self.server->session, XMPP_TYPE_RECEIPTS), "answer-strangers", TRUE, NULL);

  fake_server_send (self.server, "<message from='" EVE "/x' id='m1' type='chat'><body>Hi</body>" REQUEST "</message>");
  fake_server_expect_contains (self.server, "<received xmlns='urn:xmpp:receipts' id='m1'/>");
}

static void
test_texts_ask_for_one (void)
{
  g_auto(Fixture) self = fixture_new ();

  send_to (&self, ROMEO, XMPP_MESSAGE_CHAT, "Here & now");
  fake_server_expect_next (self.server,
    "<message type='chat' to='" ROMEO "' id='m1'><body>Here &amp; now</body>" REQUEST ORIGIN_ID "</message>");

  send_to (&self, ROMEO, XMPP_MESSAGE_NORMAL, "A letter");
  fake_server_expect_contains (self.server, "<body>A letter</body>" REQUEST);
}

static void
test_T100_rooms_are_not_asked (void)
{
  g_auto(Fixture) self = fixture_new ();

  send_to (&self, "hall@rooms.lit", XMPP_MESSAGE_GROUPCHAT, "Good morrow");
  fake_server_expect_next (self.server,
    "<message type='groupchat' to='hall@rooms.lit' id='m1'><body>Good morrow</body>" ORIGIN_ID "</message>");
}

static void
test_T046_tells_who_acknowledged_what (void)
{
  g_auto(Fixture) self = fixture_new ();

  fake_server_send (self.server,
    "<message from='" ROMEO "/orchard' id='r1'><received xmlns='urn:xmpp:receipts' id='m1'/></message>");
  message_log_expect (self.log, ROMEO "/orchard normal received=m1");

  fake_server_send (self.server,
    "<message from='" EVE "/x' id='r2'><received xmlns='urn:xmpp:receipts' id='m1'/></message>");
  message_log_expect (self.log, EVE "/x normal received=m1");
}

static void
test_T046_none_but_those_that_say_so (void)
{
  g_auto(Fixture) self = fixture_new ();

  fake_server_send (self.server,
    "<message from='" ROMEO "/orchard' id='m1'><received xmlns='urn:xmpp:receipts'/></message>");
  message_log_expect (self.log, ROMEO "/orchard normal");

  fake_server_send (self.server,
    "<message from='" ROMEO "/orchard' id='m1'><received xmlns='urn:x' id='m1'/></message>");
  message_log_expect (self.log, ROMEO "/orchard normal");

  fake_server_send (self.server,
    "<message from='" ROMEO "/orchard' id='m1' type='error'><received xmlns='urn:xmpp:receipts' id='m2'/>"
      "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>");
  fake_server_wait_until (self.log->lines->len == 1);
  g_assert_null (strstr (g_ptr_array_index (self.log->lines, 0), "received="));
}

static void
test_states_are_read (void)
{
  static const char * const names[] = { "active", "composing", "paused", "inactive", "gone" };
  g_auto(Fixture) self = fixture_new ();

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *xml = g_strdup_printf (
        "<message from='" ROMEO "/orchard' type='chat'><%s xmlns='http://jabber.org/protocol/chatstates'/></message>",
        names[i]);
      g_autofree char *line = g_strdup_printf (ROMEO "/orchard chat state=%s", names[i]);

      fake_server_send (self.server, xml);
      message_log_expect (self.log, line);
    }

  fake_server_send (self.server, "<message from='" ROMEO "/orchard' type='chat'><composing xmlns='urn:x'/></message>");
  message_log_expect (self.log, ROMEO "/orchard chat");
}

static void
test_states_go_with_a_text (void)
{
  g_auto(Fixture) self = fixture_new ();
  XmppMessage message = {
    .type = XMPP_MESSAGE_CHAT, .to = self.romeo, .id = "m1", .body = "Yes", .chat_state = XMPP_CHAT_STATE_ACTIVE
  };

  xmpp_session_send_message (self.server->session, &message);
  fake_server_expect_contains (self.server, "<active xmlns='http://jabber.org/protocol/chatstates'/>");
}

static void
test_states_go_alone (void)
{
  g_auto(Fixture) self = fixture_new ();

  xmpp_chat_states_send (self.server->session, self.romeo, XMPP_MESSAGE_CHAT, XMPP_CHAT_STATE_COMPOSING);
  fake_server_expect_next (self.server,
    "<message type='chat' to='" ROMEO "' id='*'>"
      "<composing xmlns='http://jabber.org/protocol/chatstates'/><no-store xmlns='urn:xmpp:hints'/>"
    "</message>");
}

static void
test_T099_strangers_see_no_typing (void)
{
  g_auto(Fixture) self = fixture_new ();
  g_autoptr(XmppJid) eve = xmpp_jid_new (EVE, NULL);
  g_autoptr(XmppJid) listed = xmpp_jid_new (LISTED, NULL);
  XmppMessage message = {
    .type = XMPP_MESSAGE_CHAT, .to = eve, .id = "m1", .body = "Who?", .chat_state = XMPP_CHAT_STATE_ACTIVE
  };

  xmpp_chat_states_send (self.server->session, eve, XMPP_MESSAGE_CHAT, XMPP_CHAT_STATE_COMPOSING);
  xmpp_chat_states_send (self.server->session, listed, XMPP_MESSAGE_CHAT, XMPP_CHAT_STATE_COMPOSING);
  xmpp_session_send_message (self.server->session, &message);
  fake_server_expect_next (self.server,
    "<message type='chat' to='" EVE "' id='m1'><body>Who?</body>" REQUEST ORIGIN_ID "</message>");
}

static void
test_states_switched_off (void)
{
  g_auto(Fixture) self = fixture_new ();

  g_object_set (xmpp_session_get_module (self.server->session, XMPP_TYPE_CHAT_STATES), "send", FALSE, NULL);
  xmpp_chat_states_send (self.server->session, self.romeo, XMPP_MESSAGE_CHAT, XMPP_CHAT_STATE_COMPOSING);
  fake_server_no_more (self.server);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/receipts/contacts-get-them", test_contacts_get_them);
  g_test_add_func ("/xmpp/receipts/what-waited-for-us-is-answered", test_what_waited_for_us_is_answered);
  g_test_add_func ("/xmpp/receipts/not-for-everything", test_not_for_everything);
  g_test_add_func ("/xmpp/receipts/switched-off", test_switched_off);
  g_test_add_func ("/xmpp/receipts/T099-strangers-learn-nothing", test_T099_strangers_learn_nothing);
  g_test_add_func ("/xmpp/receipts/strangers-where-the-core-says-so", test_strangers_where_the_core_says_so);
  g_test_add_func ("/xmpp/receipts/texts-ask-for-one", test_texts_ask_for_one);
  g_test_add_func ("/xmpp/receipts/T100-rooms-are-not-asked", test_T100_rooms_are_not_asked);
  g_test_add_func ("/xmpp/receipts/T046-tells-who-acknowledged-what", test_T046_tells_who_acknowledged_what);
  g_test_add_func ("/xmpp/receipts/T046-none-but-those-that-say-so", test_T046_none_but_those_that_say_so);
  g_test_add_func ("/xmpp/chat-states/are-read", test_states_are_read);
  g_test_add_func ("/xmpp/chat-states/go-with-a-text", test_states_go_with_a_text);
  g_test_add_func ("/xmpp/chat-states/go-alone", test_states_go_alone);
  g_test_add_func ("/xmpp/chat-states/T099-strangers-see-no-typing", test_T099_strangers_see_no_typing);
  g_test_add_func ("/xmpp/chat-states/switched-off", test_states_switched_off);

  return g_test_run ();
}
