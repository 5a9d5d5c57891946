/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0045: Multi-User Chat: what is said, and topics */

#include "room-log.h"
#include "xmpp-chat-states.h"
#include "xmpp-receipts.h"

#include <string.h>

static void
test_T029_what_changes_the_topic (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_enter (self);
  room_log_send (self,
    ROOM_GROUPCHAT ("nurse", "<subject>Fake</subject><body>and a text</body>")
    ROOM_GROUPCHAT ("nurse", "<subject>Fake</subject><thread>t</thread>")
    "<message from='eve@evil.lit/x' type='groupchat'><subject>Fake</subject></message>"
    "<message from='" ROOM "/nurse' type='chat'><subject>Fake</subject></message>"
    ROOM_GROUPCHAT ("nurse", "<subject xmlns='urn:x'>Fake</subject>"));
  room_log_expect_none (self);
  g_assert_cmpstr (xmpp_room_get_subject (self->room), ==, "Supper");

  room_log_send (self, ROOM_GROUPCHAT ("tybalt", "<subject>Fencing</subject>"));
  room_log_expect (self, "topic Fencing by=tybalt");
  room_log_send (self, "<message from='" ROOM "' type='groupchat'><subject>Masks</subject></message>");
  room_log_expect (self, "topic Masks");
  room_log_send (self, ROOM_GROUPCHAT ("nurse", "<subject/>"));
  room_log_expect (self, "topic by=nurse");

  message_log_expect (self->messages, ROOM "/nurse groupchat body=and a text subject=Fake");
  message_log_expect (self->messages, ROOM "/nurse groupchat subject=Fake thread=t");
  message_log_expect (self->messages, ROOM "/nurse chat subject=Fake private");
  message_log_expect (self->messages, ROOM "/nurse groupchat");
  message_log_expect_none (self->messages, self->server);
}

static void
test_topics_refused (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_enter (self);
  fake_server_settle (self->server);
  xmpp_room_set_subject (self->room, "Dancing & wine");
  fake_server_expect_next (self->server,
    "<message to='" ROOM "' id='*' type='groupchat'><subject>Dancing &amp; wine</subject></message>");
  xmpp_room_set_subject (self->room, NULL);
  fake_server_expect_next (self->server, "<message to='" ROOM "' id='*' type='groupchat'><subject/></message>");

  room_log_send (self,
    "<message from='" ROOM "' type='error'><subject>Dancing</subject><error type='auth'>"
      "<forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>");
  room_log_expect (self, "failed You may not change the topic of this room");
  message_log_expect_none (self->messages, self->server);
}

static void
test_what_is_said_and_refused_is_for_who_said_it (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_enter (self);
  room_log_send (self,
    "<message from='" ROOM "' id='m1' type='error'><body>Hello</body><error type='auth'>"
      "<forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>");
  fake_server_wait_until (self->messages->lines->len == 1);
  room_log_expect_none (self);
}

static void
test_T030_the_room_itself_speaks (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_enter (self);
  room_log_send (self, "<message from='" ROOM "' type='groupchat'><body>Admin: send password</body></message>");
  message_log_expect (self->messages, ROOM " groupchat body=Admin: send password");
}

static void
test_T031_rooms_that_we_are_not_in (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_enter (self);
  room_log_send (self,
    "<message from='eve@evil.lit' type='groupchat'><body>a</body></message>"
    "<message from='eve@evil.lit/x' type='groupchat'><body>a</body></message>"
    "<message from='romeo@montague.lit/orchard' type='groupchat'><body>a</body></message>"
    "<message from='crypt@rooms.lit/x' type='groupchat'><body>a</body></message>"
    "<message from='" ROOM_OWN "/phone' type='groupchat'><body>a</body></message>"
    "<message type='groupchat'><body>a</body></message>");
  message_log_expect_none (self->messages, self->server);

  xmpp_room_leave (self->room, NULL);
  room_log_send (self, ROOM_GROUPCHAT ("nurse", "<body>a</body>"));
  message_log_expect_none (self->messages, self->server);
}

static void
test_T032_private_messages_are_of_the_room (void)
{
  g_autoptr(RoomLog) self = room_log_new ();
  g_autoptr(XmppJid) tybalt = xmpp_jid_new (ROOM "/tybalt", NULL);
  XmppMessage message = {
    .type = XMPP_MESSAGE_CHAT, .to = tybalt, .id = "m1", .body = "What?", .is_private = TRUE
  };

  room_log_enter (self);
  fake_server_settle (self->server);
  room_log_send (self,
    "<message from='" ROOM "/tybalt' type='chat'><body>Thou</body>" ROOM_X ("") "</message>"
    "<message from='" ROOM "/tybalt'><body>Without the mark</body></message>"
    "<message from='romeo@montague.lit/orchard' type='chat'><body>Not I</body>" ROOM_X ("") "</message>");
  message_log_expect (self->messages, ROOM "/tybalt chat body=Thou private");
  message_log_expect (self->messages, ROOM "/tybalt normal body=Without the mark private");
  message_log_expect (self->messages, "romeo@montague.lit/orchard chat body=Not I");

  g_assert_cmpint (xmpp_session_get_sender (self->server->session, tybalt), ==, XMPP_SENDER_OCCUPANT);

  xmpp_session_send_message (self->server->session, &message);
  fake_server_expect (self->server,
    "<message type='chat' to='" ROOM "/tybalt' id='m1'><body>What?</body><x xmlns='" MUC_USER "'/>"
    "<origin-id xmlns='urn:xmpp:sid:0' id='m1'/></message>");
}

static void
test_private_typing (void)
{
  g_autoptr(RoomLog) self = room_log_new ();
  g_autoptr(XmppJid) tybalt = xmpp_jid_new (ROOM "/tybalt", NULL);
  const char *sent;

  room_log_enter (self);
  fake_server_settle (self->server);
  xmpp_chat_states_send (self->server->session, tybalt, XMPP_MESSAGE_CHAT, XMPP_CHAT_STATE_COMPOSING);
  sent = fake_server_expect_contains (self->server, "<composing xmlns='http://jabber.org/protocol/chatstates'/>");
  g_assert_nonnull (strstr (sent, "<x xmlns='" MUC_USER "'/>"));
}

static void
test_private_copies_of_this_room (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_enter (self);
  room_log_send (self,
    "<message from='" ROOM_OWN "'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>"
      "<message xmlns='jabber:client' from='" ROOM_OWN "/phone' to='" ROOM "/tybalt' type='chat'>"
        "<body>From my phone</body>" ROOM_X ("") "</message></forwarded></sent></message>");
  message_log_expect (self->messages, ROOM_OWN "/phone chat body=From my phone carbon=sent private");

  /* It came from the room itself too */
  room_log_send (self,
    "<message from='" ROOM_OWN "'><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>"
      "<message xmlns='jabber:client' from='" ROOM "/tybalt' to='" ROOM_OWN "/phone' type='chat'>"
        "<body>Twice</body></message></forwarded></received></message>");
  message_log_expect_none (self->messages, self->server);

  /* So did what is said to all */
  room_log_send (self,
    "<message from='" ROOM_OWN "'><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>"
      "<message xmlns='jabber:client' from='" ROOM "' to='" ROOM_OWN "/phone' type='groupchat'>"
        "<body>Twice</body></message></forwarded></received></message>");
  message_log_expect_none (self->messages, self->server);
}

static void
test_T034_rooms_that_we_did_not_join (void)
{
  g_autoptr(RoomLog) self = room_log_new ();
  g_autoptr(XmppJid) trap = xmpp_jid_new ("trap@evil.lit", NULL);

  fake_server_send (self->server,
    "<presence from='trap@evil.lit/juliet'>" ROOM_X (ROOM_ITEM ROOM_STATUS ("110")) "</presence>");
  fake_server_no_more (self->server);
  g_assert_null (xmpp_muc_get_room (self->muc, trap));
  g_assert_cmpint (xmpp_session_get_sender (self->server->session, trap), ==, XMPP_SENDER_STRANGER);
}

static void
test_T034_nor_those_that_we_were_in (void)
{
  g_autoptr(RoomLog) self = room_log_new ();
  g_autoptr(XmppJid) nurse = xmpp_jid_new (ROOM "/nurse", NULL);
  const XmppSender rooms = XMPP_SENDER_ROOM | XMPP_SENDER_OCCUPANT;

  g_assert_cmpint (xmpp_session_get_sender (self->server->session, self->jid) & rooms, ==, 0);

  room_log_enter (self);
  g_assert_cmpint (xmpp_session_get_sender (self->server->session, self->jid), ==, XMPP_SENDER_ROOM);
  g_assert_cmpint (xmpp_session_get_sender (self->server->session, nurse), ==, XMPP_SENDER_OCCUPANT);

  room_log_send (self, ROOM_UNAVAILABLE ("juliet", ROOM_GONE ROOM_STATUS ("110") ROOM_STATUS ("307")));
  room_log_expect (self, "left kicked");
  g_assert_cmpint (xmpp_session_get_sender (self->server->session, self->jid) & rooms, ==, 0);
  g_assert_cmpint (xmpp_session_get_sender (self->server->session, nurse) & rooms, ==, 0);

  room_log_send (self, "<message from='" ROOM "/nurse' type='chat'><body>Psst</body></message>");
  message_log_expect (self->messages, ROOM "/nurse chat body=Psst");
}

static void
test_T035_contacts_are_no_rooms (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_enter (self);
  room_log_send (self,
    "<presence from='romeo@montague.lit/orchard' type='unavailable'>"
      ROOM_X (ROOM_GONE ROOM_STATUS ("110") ROOM_STATUS ("307"))
    "</presence>"
    "<presence from='romeo@montague.lit/orchard'>" ROOM_X (ROOM_ITEM ROOM_STATUS ("110") ROOM_STATUS ("100")) "</presence>");
  room_log_expect_none (self);
  g_assert_cmpint (xmpp_room_get_state (self->room), ==, XMPP_ROOM_IN);
  room_log_expect_occupants (self, "juliet nurse tybalt");
}

static void
test_occupants_are_no_contacts (void)
{
  g_autoptr(RoomLog) self = room_log_new ();
  XmppPresence *presence = xmpp_session_get_module (self->server->session, XMPP_TYPE_PRESENCE);

  /* The room's address is in our list, with a subscription even */
  room_log_enter (self);
  g_assert_null (xmpp_presence_get_best (presence, self->jid));
}

static void
test_T050_only_history_is_late (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_join (self, NULL, -1);
  room_log_send (self,
    ROOM_PRESENCE ("nurse", ROOM_ITEM) ROOM_SELF ("juliet")
    ROOM_GROUPCHAT ("nurse", "<body>Old</body><delay xmlns='urn:xmpp:delay' from='" ROOM "' stamp='2025-12-31T10:00:00Z'/>")
    ROOM_GROUPCHAT ("nurse", "<body>Older</body><x xmlns='jabber:x:delay' stamp='20251230T10:00:00'/>")
    ROOM_GROUPCHAT ("nurse", "<body>Forged</body><delay xmlns='urn:xmpp:delay' from='eve@evil.lit' stamp='1999-12-31T10:00:00Z'/>")
    ROOM_GROUPCHAT ("nurse", "<subject>Supper</subject><delay xmlns='urn:xmpp:delay' from='" ROOM "' stamp='2025-12-30T10:00:00Z'/>")
    ROOM_GROUPCHAT ("nurse", "<body>Live</body><delay xmlns='urn:xmpp:delay' from='" ROOM "' stamp='1999-12-31T10:00:00Z'/>"));
  message_log_expect (self->messages, ROOM "/nurse groupchat body=Old delayed=2025-12-31T10:00:00Z");
  message_log_expect (self->messages, ROOM "/nurse groupchat body=Older delayed=2025-12-30T10:00:00Z");
  message_log_expect (self->messages, ROOM "/nurse groupchat body=Forged");
  message_log_expect (self->messages, ROOM "/nurse groupchat body=Live");
  room_log_expect (self, "joined");
  room_log_expect (self, "in");
  room_log_expect (self, "topic Supper by=nurse at=2025-12-30T10:00:00Z");
}

static void
test_T052_messages_tell_no_real_address (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_enter (self);
  room_log_send (self, ROOM_GROUPCHAT ("nurse", "<body>I am the boss</body>" ROOM_X ("<item jid='boss@capulet.lit'/>")));
  message_log_expect (self->messages, ROOM "/nurse groupchat body=I am the boss");
  g_assert_null (xmpp_room_get_occupant (self->room, "nurse")->real_jid);
}

static void
test_T100_nobody_in_a_room_gets_a_receipt (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  g_object_set (xmpp_session_get_module (self->server->session, XMPP_TYPE_RECEIPTS), "answer-strangers", TRUE, NULL);
  room_log_enter (self);
  fake_server_settle (self->server);
  room_log_send (self,
    ROOM_GROUPCHAT ("nurse", "<body>a</body><request xmlns='urn:xmpp:receipts'/>")
    "<message from='" ROOM "' id='m2' type='chat'><body>a</body><request xmlns='urn:xmpp:receipts'/></message>"
    "<message from='" ROOM "/nurse' id='m1' type='chat'><body>a</body><request xmlns='urn:xmpp:receipts'/></message>");
  fake_server_no_more (self->server);
}

static void
test_what_a_room_says_of_itself (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_enter (self);
  room_log_send (self,
    "<message from='" ROOM "' type='groupchat'>" ROOM_X (ROOM_STATUS ("172") ROOM_STATUS ("104") ROOM_STATUS ("170")) "</message>");
  message_log_expect (self->messages, ROOM " groupchat status=21");
  g_assert_cmpuint (xmpp_room_get_status (self->room), ==, XMPP_ROOM_STATUS_NOT_ANONYMOUS | XMPP_ROOM_STATUS_LOGGED);

  room_log_send (self, "<message from='" ROOM "' type='groupchat'>" ROOM_X (ROOM_STATUS ("173") ROOM_STATUS ("171")) "</message>");
  message_log_expect (self->messages, ROOM " groupchat status=10");
  g_assert_cmpuint (xmpp_room_get_status (self->room), ==, XMPP_ROOM_STATUS_SEMI_ANONYMOUS | XMPP_ROOM_STATUS_NOT_LOGGED);

  /* An occupant may not */
  room_log_send (self, ROOM_GROUPCHAT ("nurse", "<body>a</body>" ROOM_X (ROOM_STATUS ("172"))));
  message_log_expect (self->messages, ROOM "/nurse groupchat body=a");
  g_assert_cmpuint (xmpp_room_get_status (self->room), ==, XMPP_ROOM_STATUS_SEMI_ANONYMOUS | XMPP_ROOM_STATUS_NOT_LOGGED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/room-messages/T029-what-changes-the-topic", test_T029_what_changes_the_topic);
  g_test_add_func ("/xmpp/room-messages/topics-refused", test_topics_refused);
  g_test_add_func ("/xmpp/room-messages/what-is-said-and-refused-is-for-who-said-it", test_what_is_said_and_refused_is_for_who_said_it);
  g_test_add_func ("/xmpp/room-messages/T030-the-room-itself-speaks", test_T030_the_room_itself_speaks);
  g_test_add_func ("/xmpp/room-messages/T031-rooms-that-we-are-not-in", test_T031_rooms_that_we_are_not_in);
  g_test_add_func ("/xmpp/room-messages/T032-private-messages-are-of-the-room", test_T032_private_messages_are_of_the_room);
  g_test_add_func ("/xmpp/room-messages/private-typing", test_private_typing);
  g_test_add_func ("/xmpp/room-messages/private-copies-of-this-room", test_private_copies_of_this_room);
  g_test_add_func ("/xmpp/room-messages/T034-rooms-that-we-did-not-join", test_T034_rooms_that_we_did_not_join);
  g_test_add_func ("/xmpp/room-messages/T034-nor-those-that-we-were-in", test_T034_nor_those_that_we_were_in);
  g_test_add_func ("/xmpp/room-messages/T035-contacts-are-no-rooms", test_T035_contacts_are_no_rooms);
  g_test_add_func ("/xmpp/room-messages/occupants-are-no-contacts", test_occupants_are_no_contacts);
  g_test_add_func ("/xmpp/room-messages/T050-only-history-is-late", test_T050_only_history_is_late);
  g_test_add_func ("/xmpp/room-messages/T052-messages-tell-no-real-address", test_T052_messages_tell_no_real_address);
  g_test_add_func ("/xmpp/room-messages/T100-nobody-in-a-room-gets-a-receipt", test_T100_nobody_in_a_room_gets_a_receipt);
  g_test_add_func ("/xmpp/room-messages/what-a-room-says-of-itself", test_what_a_room_says_of_itself);

  return g_test_run ();
}
