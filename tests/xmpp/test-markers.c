/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0333: Displayed Markers */

#include "room-log.h"
#include "xmpp-archive.h"
#include "xmpp-markers.h"

#include <string.h>

#define OWN       "juliet@capulet.lit"
#define ROMEO     "romeo@montague.lit"
#define EVE       "eve@evil.lit"
#define LISTED    "paris@verona.lit"
#define MARKERS   "urn:xmpp:chat-markers:0"
#define MARKABLE  "<markable xmlns='" MARKERS "'/>"
#define DISPLAYED(id) "<displayed xmlns='" MARKERS "' id='" id "'/>"
#define REQUEST   "<request xmlns='urn:xmpp:receipts'/>"
#define ORIGIN_ID "<origin-id xmlns='urn:xmpp:sid:0' id='m1'/>"

typedef struct
{
  FakeServer  *server;
  MessageLog  *log;
  XmppMarkers *markers;
} Fixture;

static Fixture
fixture_new (void)
{
  Fixture self;

  self.server = fake_server_new (OWN "/balcony");
  self.log = message_log_new (self.server);
  self.markers = xmpp_session_get_module (self.server->session, XMPP_TYPE_MARKERS);
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
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static gboolean
mark (XmppMarkers     *markers,
      const char      *to,
      XmppMessageType  type,
      const char      *id)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (to, NULL);

  return xmpp_markers_send (markers, jid, type, id, NULL);
}

static void
write_to (FakeServer      *server,
          const char      *to,
          XmppMessageType  type,
          const char      *displayed_id)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (to, NULL);
  XmppMessage message = { .type = type, .to = jid, .id = "m1", .body = "Here & now", .displayed_id = displayed_id };

  xmpp_session_send_message (server->session, &message);
}

static void
test_contacts_are_told (void)
{
  g_auto(Fixture) self = fixture_new ();
  g_autoptr(XmppJid) romeo = xmpp_jid_new (ROMEO, NULL);

  g_assert_true (xmpp_markers_may_send (self.markers, romeo, XMPP_MESSAGE_CHAT));
  g_assert_true (xmpp_markers_send (self.markers, romeo, XMPP_MESSAGE_CHAT, "m1", "act-1"));
  fake_server_expect_next (self.server,
    "<message type='chat' to='" ROMEO "' id='*'><thread>act-1</thread>" DISPLAYED ("m1") "</message>");

  g_assert_true (mark (self.markers, ROMEO "/orchard", XMPP_MESSAGE_NORMAL, "m2"));
  fake_server_expect_next (self.server, "<message to='" ROMEO "/orchard' id='*'>" DISPLAYED ("m2") "</message>");
}

/* Nothing is answered by itself: only who looks knows what was displayed */
static void
test_nothing_is_told_unasked (void)
{
  g_auto(Fixture) self = fixture_new ();

  fake_server_send (self.server,
    "<message from='" ROMEO "/orchard' id='m1' type='chat'><body>Hello</body>" MARKABLE "</message>");
  message_log_expect (self.log, ROMEO "/orchard chat body=Hello markable");
  fake_server_no_more (self.server);
}

static void
test_what_asks_for_one (void)
{
  static const struct
  {
    const char *attributes;
    const char *children;
    const char *line;
  } rows[] = {
    { "id='m1' type='chat'", MARKABLE, "chat markable" },
    { "id='m1'", MARKABLE, "normal markable" },
    { "type='chat'", MARKABLE, "chat" },
    { "id='' type='chat'", MARKABLE, "chat" },
    { "id='m1' type='headline'", MARKABLE, "headline" },
    { "id='m1' type='chat'", "<markable xmlns='urn:x'/>", "chat" },
    { "id='m1' type='chat'", "<x xmlns='urn:x'>" MARKABLE "</x>", "chat" },
    { "id='m1' type='chat'", MARKABLE DISPLAYED ("m0"), "chat displayed=m0" },
    { "id='m1' type='chat'", DISPLAYED ("m0") MARKABLE, "chat displayed=m0" },
  };
  g_auto(Fixture) self = fixture_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *xml = g_strdup_printf ("<message from='" ROMEO "/orchard' %s>%s</message>", rows[i].attributes, rows[i].children);
      g_autofree char *line = g_strdup_printf (ROMEO "/orchard %s", rows[i].line);

      fake_server_send (self.server, xml);
      message_log_expect (self.log, line);
    }
}

static void
test_T046_tells_who_displayed_what (void)
{
  g_auto(Fixture) self = fixture_new ();

  fake_server_send (self.server, "<message from='" ROMEO "/orchard' type='chat'>" DISPLAYED ("m1") "</message>");
  message_log_expect (self.log, ROMEO "/orchard chat displayed=m1");

  /* whoever it is: that it counts from Romeo alone is for who knows whom it went to */
  fake_server_send (self.server, "<message from='" EVE "/x' type='chat'>" DISPLAYED ("m1") "</message>");
  message_log_expect (self.log, EVE "/x chat displayed=m1");

  /* another device of ours has displayed it: the copy says so */
  fake_server_send (self.server,
    "<message from='" OWN "' type='chat'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>"
      "<message xmlns='jabber:client' from='" OWN "/phone' to='" ROMEO "' type='chat'>" DISPLAYED ("r1") "</message>"
    "</forwarded></sent></message>");
  message_log_expect (self.log, OWN "/phone chat displayed=r1 carbon=sent");

  /* and nobody else does in its name */
  fake_server_send (self.server,
    "<message from='" EVE "/x' type='chat'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>"
      "<message xmlns='jabber:client' from='" OWN "/phone' to='" ROMEO "' type='chat'>" DISPLAYED ("r1") "</message>"
    "</forwarded></sent></message>");
  message_log_expect_none (self.log, self.server);
}

static void
test_T046_none_but_those_that_say_so (void)
{
  static const char * const children[] = {
    "<displayed xmlns='" MARKERS "'/>", "<displayed xmlns='" MARKERS "' id=''/>", "<displayed xmlns='urn:x' id='m1'/>",
    "<displayed xmlns='urn:xmpp:mds:displayed:0' id='m1'/>", "<x xmlns='urn:x'>" DISPLAYED ("m1") "</x>",
    "<received xmlns='" MARKERS "' id='m1'/>", "<acknowledged xmlns='" MARKERS "' id='m1'/>",
  };
  g_auto(Fixture) self = fixture_new ();

  for (guint i = 0; i < G_N_ELEMENTS (children); i++)
    {
      g_autofree char *xml = g_strdup_printf ("<message from='" ROMEO "/orchard' type='chat'>%s</message>", children[i]);

      fake_server_send (self.server, xml);
      message_log_expect (self.log, ROMEO "/orchard chat");
    }

  /* what bounces is our own */
  fake_server_send (self.server,
    "<message from='" ROMEO "/orchard' id='m1' type='error'>" DISPLAYED ("m2")
      "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>");
  fake_server_wait_until (self.log->lines->len == 1);
  g_assert_null (strstr (g_ptr_array_index (self.log->lines, 0), "displayed="));
}

static void
test_T099_strangers_learn_nothing (void)
{
  g_auto(Fixture) self = fixture_new ();
  static const char * const others[] = { EVE, EVE "/x", LISTED, LISTED "/x", OWN, OWN "/phone", "capulet.lit" };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr(XmppJid) jid = xmpp_jid_new (others[i], NULL);

      g_assert_false (xmpp_markers_may_send (self.markers, jid, XMPP_MESSAGE_CHAT));
      g_assert_false (mark (self.markers, others[i], XMPP_MESSAGE_CHAT, "m1"));
    }
  fake_server_no_more (self.server);

  /* nor by the way, in what they are told anyway */
  write_to (self.server, EVE, XMPP_MESSAGE_CHAT, "m0");
  fake_server_expect_next (self.server,
    "<message type='chat' to='" EVE "' id='m1'><body>Here &amp; now</body>" REQUEST ORIGIN_ID "</message>");
}

static void
test_strangers_by_choice (void)
{
  g_auto(Fixture) self = fixture_new ();

  g_object_set (self.markers, "answer-strangers", TRUE, NULL);
  g_assert_true (mark (self.markers, EVE "/x", XMPP_MESSAGE_CHAT, "m1"));
  fake_server_expect_next (self.server, "<message type='chat' to='" EVE "/x' id='*'>" DISPLAYED ("m1") "</message>");
  g_assert_false (mark (self.markers, OWN, XMPP_MESSAGE_CHAT, "m1"));
  fake_server_no_more (self.server);
}

static void
test_switched_off (void)
{
  g_auto(Fixture) self = fixture_new ();

  g_object_set (self.markers, "answer", FALSE, "answer-strangers", TRUE, "answer-rooms", TRUE, NULL);
  g_assert_false (mark (self.markers, ROMEO, XMPP_MESSAGE_CHAT, "m1"));
  g_assert_false (mark (self.markers, EVE, XMPP_MESSAGE_CHAT, "m1"));
  fake_server_no_more (self.server);
}

static void
test_not_for_everything (void)
{
  g_auto(Fixture) self = fixture_new ();

  g_assert_false (mark (self.markers, ROMEO, XMPP_MESSAGE_HEADLINE, "m1"));
  g_assert_false (mark (self.markers, ROMEO, XMPP_MESSAGE_ERROR, "m1"));
  g_assert_false (mark (self.markers, ROMEO, XMPP_MESSAGE_GROUPCHAT, "m1"));
  g_assert_false (mark (self.markers, ROMEO, XMPP_MESSAGE_CHAT, ""));
  g_assert_false (mark (self.markers, ROMEO, XMPP_MESSAGE_CHAT, NULL));
  fake_server_no_more (self.server);

  fake_server_fin (self.server);
  fake_server_wait_until (self.server->n_closed == 1);
  g_assert_false (mark (self.markers, ROMEO, XMPP_MESSAGE_CHAT, "m1"));
}

static void
test_texts_ask_for_one (void)
{
  g_auto(Fixture) self = fixture_new ();

  write_to (self.server, ROMEO, XMPP_MESSAGE_CHAT, NULL);
  fake_server_expect_next (self.server,
    "<message type='chat' to='" ROMEO "' id='m1'><body>Here &amp; now</body>" REQUEST ORIGIN_ID "</message>");

  g_object_set (self.markers, "request", TRUE, NULL);
  write_to (self.server, ROMEO, XMPP_MESSAGE_CHAT, NULL);
  fake_server_expect_next (self.server,
    "<message type='chat' to='" ROMEO "' id='m1'><body>Here &amp; now</body>" REQUEST MARKABLE ORIGIN_ID "</message>");

  write_to (self.server, "hall@rooms.lit", XMPP_MESSAGE_GROUPCHAT, NULL);
  fake_server_expect_next (self.server,
    "<message type='groupchat' to='hall@rooms.lit' id='m1'><body>Here &amp; now</body>" ORIGIN_ID "</message>");

  /* a marker asks for none */
  mark (self.markers, ROMEO, XMPP_MESSAGE_CHAT, "r1");
  fake_server_expect_next (self.server, "<message type='chat' to='" ROMEO "' id='*'>" DISPLAYED ("r1") "</message>");
}

/* Rooms */

static void
on_checked (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  int *answer = user_data;

  *answer = xmpp_archive_check_finish (XMPP_ARCHIVE (source), result, NULL);
}

static void
find_archive (RoomLog *self)
{
  g_autoptr(XmppJid) room = xmpp_jid_new (ROOM, NULL);
  int answer = -1;

  xmpp_archive_check_async (xmpp_session_get_module (self->server->session, XMPP_TYPE_ARCHIVE), room, NULL, on_checked, &answer);
  fake_server_answer (self->server, "to='" ROOM "' id='",
    "<query xmlns='http://jabber.org/protocol/disco#info'><feature var='urn:xmpp:mam:2'/></query>");
  fake_server_wait_until (answer != -1);
  g_assert_cmpint (answer, ==, TRUE);
}

static void
test_T100_rooms_are_not_told (void)
{
  g_autoptr(RoomLog) self = room_log_new ();
  XmppMarkers *markers = xmpp_session_get_module (self->server->session, XMPP_TYPE_MARKERS);

  room_log_enter (self);
  find_archive (self);
  fake_server_settle (self->server);

  g_assert_false (mark (markers, ROOM, XMPP_MESSAGE_GROUPCHAT, "s1"));
  g_assert_false (mark (markers, ROOM, XMPP_MESSAGE_CHAT, "s1"));
  g_assert_false (mark (markers, ROOM "/nurse", XMPP_MESSAGE_GROUPCHAT, "s1"));
  g_object_set (markers, "answer-strangers", TRUE, NULL);
  g_assert_false (mark (markers, ROOM "/nurse", XMPP_MESSAGE_CHAT, "m1"));
  g_assert_false (mark (markers, ROOM, XMPP_MESSAGE_GROUPCHAT, "s1"));
  fake_server_no_more (self->server);
}

/* By choice, and never where ids are what the occupants like (XEP-0333, 4.3) */
static void
test_rooms_by_choice_and_by_their_own_ids (void)
{
  g_autoptr(RoomLog) self = room_log_new ();
  XmppMarkers *markers = xmpp_session_get_module (self->server->session, XMPP_TYPE_MARKERS);

  g_object_set (markers, "answer-rooms", TRUE, NULL);
  g_assert_false (mark (markers, ROOM, XMPP_MESSAGE_GROUPCHAT, "s1"));
  room_log_enter (self);
  fake_server_settle (self->server);
  g_assert_false (mark (markers, ROOM, XMPP_MESSAGE_GROUPCHAT, "s1"));
  fake_server_no_more (self->server);

  find_archive (self);
  g_assert_true (mark (markers, ROOM, XMPP_MESSAGE_GROUPCHAT, "s1"));
  fake_server_expect_next (self->server, "<message type='groupchat' to='" ROOM "' id='*'>" DISPLAYED ("s1") "</message>");
  g_assert_false (mark (markers, ROOM "/nurse", XMPP_MESSAGE_GROUPCHAT, "s1"));
  g_assert_false (mark (markers, "other@rooms.lit", XMPP_MESSAGE_GROUPCHAT, "s1"));
  fake_server_no_more (self->server);
}

static void
test_T046_in_a_room_an_occupant_says_it (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_enter (self);
  room_log_send (self, ROOM_GROUPCHAT ("nurse", DISPLAYED ("s1")) "<message from='" ROOM "' type='groupchat'>" DISPLAYED ("s2") "</message>");
  message_log_expect (self->messages, ROOM "/nurse groupchat displayed=s1");
  message_log_expect (self->messages, ROOM " groupchat");

  /* not in a room that we are not in */
  room_log_send (self, "<message from='" EVE "/x' type='groupchat'>" DISPLAYED ("s1") "</message>");
  message_log_expect_none (self->messages, self->server);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/markers/contacts-are-told", test_contacts_are_told);
  g_test_add_func ("/xmpp/markers/nothing-is-told-unasked", test_nothing_is_told_unasked);
  g_test_add_func ("/xmpp/markers/what-asks-for-one", test_what_asks_for_one);
  g_test_add_func ("/xmpp/markers/T046-tells-who-displayed-what", test_T046_tells_who_displayed_what);
  g_test_add_func ("/xmpp/markers/T046-none-but-those-that-say-so", test_T046_none_but_those_that_say_so);
  g_test_add_func ("/xmpp/markers/T046-in-a-room-an-occupant-says-it", test_T046_in_a_room_an_occupant_says_it);
  g_test_add_func ("/xmpp/markers/T099-strangers-learn-nothing", test_T099_strangers_learn_nothing);
  g_test_add_func ("/xmpp/markers/strangers-by-choice", test_strangers_by_choice);
  g_test_add_func ("/xmpp/markers/switched-off", test_switched_off);
  g_test_add_func ("/xmpp/markers/not-for-everything", test_not_for_everything);
  g_test_add_func ("/xmpp/markers/texts-ask-for-one", test_texts_ask_for_one);
  g_test_add_func ("/xmpp/markers/T100-rooms-are-not-told", test_T100_rooms_are_not_told);
  g_test_add_func ("/xmpp/markers/rooms-by-choice-and-by-their-own-ids", test_rooms_by_choice_and_by_their_own_ids);

  return g_test_run ();
}
