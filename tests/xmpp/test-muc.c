/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0045: Multi-User Chat: joining, and finding where */

#include "room-log.h"

#include <string.h>

static void
test_join (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_join (self, "sesame", 20);
  g_assert_cmpint (xmpp_room_get_state (self->room), ==, XMPP_ROOM_JOINING);
  fake_server_expect_contains (self->server, "<presence to='" ROOM "/juliet' id='");

  room_log_send (self, ROOM_PRESENCE ("nurse", ROOM_ITEM));
  room_log_expect_none (self);

  room_log_send (self, ROOM_SELF ("juliet"));
  room_log_expect (self, "joined");
  room_log_expect (self, "in");
  room_log_expect_none (self);
  room_log_expect_occupants (self, "juliet nurse");
  g_assert_cmpstr (xmpp_room_get_nick (self->room), ==, "juliet");
  g_assert_cmpstr (xmpp_room_get_self (self->room)->nick, ==, "juliet");
  g_assert_true (xmpp_muc_get_room (self->muc, self->jid) == self->room);
}

static void
test_join_asks_for_what_is_wanted (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_join (self, "<sesame>", 20);
  fake_server_expect_contains (self->server,
    "<x xmlns='" MUC "'><password>&lt;sesame&gt;</password><history maxstanzas='20'/></x>");
  xmpp_room_leave (self->room, NULL);
  room_log_expect (self, "not in: The room was left");

  room_log_join (self, NULL, 0);
  fake_server_expect_contains (self->server, "<x xmlns='" MUC "'><history maxstanzas='0'/></x>");
}

static void
test_join_with_our_presence (void)
{
  g_autoptr(RoomLog) self = room_log_new ();
  XmppPresence *presence = xmpp_session_get_module (self->server->session, XMPP_TYPE_PRESENCE);

  xmpp_presence_set (presence, XMPP_SHOW_AWAY, "At mass", 0);
  fake_server_settle (self->server);
  room_log_join (self, NULL, -1);
  fake_server_expect_contains (self->server, "<show>away</show><status>At mass</status>");
}

static void
test_rooms_follow_our_presence (void)
{
  g_autoptr(RoomLog) self = room_log_new ();
  XmppPresence *presence = xmpp_session_get_module (self->server->session, XMPP_TYPE_PRESENCE);
  const char *sent;

  room_log_enter (self);
  fake_server_settle (self->server);
  xmpp_presence_set (presence, XMPP_SHOW_DND, NULL, 0);
  sent = fake_server_expect_contains (self->server, "<presence to='" ROOM "/juliet' id='");
  g_assert_nonnull (strstr (sent, "<show>dnd</show>"));
  g_assert_null (strstr (sent, "<x xmlns='" MUC "'"));

  xmpp_room_leave (self->room, NULL);
  fake_server_settle (self->server);
  xmpp_presence_set (presence, XMPP_SHOW_CHAT, NULL, 0);
  fake_server_expect_contains (self->server, "<show>chat</show>");
  fake_server_no_more (self->server);
}

static void
test_the_room_gives_the_nickname (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_join (self, NULL, -1);
  room_log_send (self, ROOM_PRESENCE ("Jule", ROOM_ITEM ROOM_STATUS ("110") ROOM_STATUS ("210") ROOM_STATUS ("100")));
  room_log_expect (self, "joined");
  g_assert_cmpstr (xmpp_room_get_nick (self->room), ==, "Jule");
  g_assert_cmpuint (xmpp_room_get_status (self->room), ==, XMPP_ROOM_STATUS_NICK_GIVEN | XMPP_ROOM_STATUS_NOT_ANONYMOUS);

  fake_server_settle (self->server);
  xmpp_room_leave (self->room, "Good night");
  fake_server_expect_next (self->server,
    "<presence to='" ROOM "/Jule' id='*' type='unavailable'><status>Good night</status></presence>");
}

static void
test_T058_our_own_is_who_the_room_says (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_join (self, NULL, -1);
  room_log_send (self, ROOM_PRESENCE ("juliet", ROOM_ITEM) ROOM_PRESENCE ("juliet\302\240x", ROOM_ITEM));
  room_log_expect_none (self);
  g_assert_cmpint (xmpp_room_get_state (self->room), ==, XMPP_ROOM_JOINING);

  /* What occupants write into their presence comes first; what the room writes, last */
  room_log_send (self,
    "<presence from='" ROOM "/tybalt'>"
      "<x xmlns='urn:x'><item affiliation='owner'/><status code='110'/></x>"
      ROOM_X ("<item affiliation='owner' role='moderator'/>" ROOM_STATUS ("110"))
      ROOM_X (ROOM_ITEM)
    "</presence>");
  room_log_expect_none (self);
  g_assert_cmpint (xmpp_room_get_state (self->room), ==, XMPP_ROOM_JOINING);
  g_assert_cmpint (xmpp_room_get_occupant (self->room, "tybalt")->affiliation, ==, XMPP_AFFILIATION_NONE);

  room_log_send (self, ROOM_SELF ("jules"));
  room_log_expect (self, "joined");
  g_assert_cmpstr (xmpp_room_get_self (self->room)->nick, ==, "jules");
  g_assert_true (xmpp_room_is_self (self->room, xmpp_room_get_occupant (self->room, "jules")));
  g_assert_false (xmpp_room_is_self (self->room, xmpp_room_get_occupant (self->room, "juliet")));
}

static void
test_a_new_room_is_locked (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_join (self, NULL, -1);
  room_log_send (self, ROOM_PRESENCE ("juliet",
    "<item affiliation='owner' role='moderator'/>" ROOM_STATUS ("110") ROOM_STATUS ("201")));
  room_log_expect (self, "joined");
  room_log_expect (self, "created");
  room_log_expect (self, "in");

  fake_server_settle (self->server);
  xmpp_room_accept_defaults (self->room);
  fake_server_expect (self->server,
    "<iq type='set' to='" ROOM "' id='*'><query xmlns='" MUC "#owner'><x xmlns='jabber:x:data' type='submit'/></query></iq>");
}

static void
test_defaults_refused (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_enter (self);
  xmpp_room_accept_defaults (self->room);
  fake_server_refuse (self->server, "muc#owner", "auth", "forbidden");
  fake_server_wait_until (self->lines->len == 1);
  g_assert_true (g_str_has_prefix (g_ptr_array_index (self->lines, 0), "failed "));
}

static void
test_F27_refusals_in_words (void)
{
  static const struct
  {
    const char      *condition;
    int              code;
    const char      *words;
  } rows[] = {
    { "not-authorized", XMPP_STANZA_ERROR_NOT_AUTHORIZED, "The room needs a password, or the password is wrong" },
    { "forbidden", XMPP_STANZA_ERROR_FORBIDDEN, "You are banned from this room" },
    { "item-not-found", XMPP_STANZA_ERROR_ITEM_NOT_FOUND, "The room does not exist, or is not open yet" },
    { "not-allowed", XMPP_STANZA_ERROR_NOT_ALLOWED, "You may not create rooms here" },
    { "not-acceptable", XMPP_STANZA_ERROR_NOT_ACCEPTABLE,
      "This room wants you to use the nickname that you registered with it" },
    { "registration-required", XMPP_STANZA_ERROR_REGISTRATION_REQUIRED, "Only members may enter this room" },
    { "conflict", XMPP_STANZA_ERROR_CONFLICT, "Somebody in the room has this nickname. Choose another one" },
    { "service-unavailable", XMPP_STANZA_ERROR_SERVICE_UNAVAILABLE, "The room is full" },
    { "gone", XMPP_STANZA_ERROR_GONE, "The room has moved, or does not exist any more" },
    { "redirect", XMPP_STANZA_ERROR_REDIRECT, "The room has moved, or does not exist any more" },
    { "jid-malformed", XMPP_STANZA_ERROR_JID_MALFORMED, "The room does not take this nickname. Choose another one" },
    { "remote-server-not-found", XMPP_STANZA_ERROR_REMOTE_SERVER_NOT_FOUND,
      "The room’s server was not found. Check the address" },
    { "remote-server-timeout", XMPP_STANZA_ERROR_REMOTE_SERVER_TIMEOUT,
      "The room’s server does not answer. Try again later" },
    { "resource-constraint", XMPP_STANZA_ERROR_RESOURCE_CONSTRAINT,
      "The room’s server has too much to do. Try again later" },
  };
  g_autoptr(RoomLog) self = room_log_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *line = g_strdup_printf ("not in: %s", rows[i].words);
      g_autofree char *xml = g_strdup_printf (
        "<presence from='" ROOM "%s' type='error'><error type='cancel'>"
          "<%s xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>",
        i % 2 == 0 ? "/juliet" : "", rows[i].condition);

      room_log_join (self, NULL, -1);
      room_log_send (self, xml);
      room_log_expect (self, line);
      g_assert_error (self->error, XMPP_STANZA_ERROR, rows[i].code);
      g_assert_cmpint (xmpp_room_get_state (self->room), ==, XMPP_ROOM_OUT);
      room_log_expect_occupants (self, "");
    }

  room_log_expect_none (self);
}

static void
test_other_refusals_have_words_too (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_join (self, NULL, -1);
  room_log_send (self, "<presence from='" ROOM "/juliet' type='error'/>");
  fake_server_wait_until (self->lines->len == 1);
  g_assert_nonnull (self->error);
  g_assert_cmpstr (self->error->message, !=, "");
}

static void
test_no_answer (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_join (self, NULL, -1);
  fake_server_settle (self->server);
  fake_clock_advance (self->server->clock, 59999);
  room_log_expect_none (self);
  fake_clock_advance (self->server->clock, 1);
  room_log_expect (self, "not in: The room does not answer");
  g_assert_error (self->error, XMPP_ERROR, XMPP_ERROR_TIMED_OUT);
  fake_server_expect_contains (self->server, "<presence to='" ROOM "/juliet' id=");

  /* It comes through after all: that we went is on its way */
  room_log_send (self, ROOM_SELF ("juliet"));
  room_log_expect_none (self);
  g_assert_cmpint (xmpp_room_get_state (self->room), ==, XMPP_ROOM_OUT);
}

static void
test_cancelled (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_join (self, NULL, -1);
  fake_server_settle (self->server);
  g_cancellable_cancel (self->cancellable);
  room_log_expect (self, "not in: The room was left");
  g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  fake_server_expect_next (self->server, "<presence to='" ROOM "/juliet' id='*' type='unavailable'/>");

  room_log_join (self, NULL, -1);
  fake_server_wait_until (self->lines->len == 1);
  g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  fake_server_no_more (self->server);
}

static void
test_joining_twice (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_join (self, NULL, -1);
  room_log_join (self, NULL, -1);
  room_log_expect (self, "not in: You are joining this room already");

  room_log_send (self, ROOM_SELF ("juliet"));
  room_log_expect (self, "joined");
  room_log_expect (self, "in");
  fake_server_settle (self->server);

  room_log_join (self, NULL, -1);
  room_log_expect (self, "in");
  fake_server_no_more (self->server);
}

static void
on_bad_join (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  GError **error = user_data;

  g_assert_false (xmpp_muc_join_finish (XMPP_MUC (object), result, error));
}

static void
test_no_address_of_a_room (void)
{
  g_autoptr(RoomLog) self = room_log_new ();
  g_autoptr(XmppJid) service = xmpp_jid_new ("rooms.lit", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) nick_error = NULL;

  xmpp_muc_join_async (self->muc, service, "juliet", NULL, -1, NULL, on_bad_join, &error);
  fake_server_wait_until (error != NULL);
  g_assert_error (error, XMPP_ERROR, XMPP_ERROR_INVALID_ADDRESS);

  xmpp_muc_join_async (self->muc, self->jid, "", NULL, -1, NULL, on_bad_join, &nick_error);
  fake_server_wait_until (nick_error != NULL);
  fake_server_no_more (self->server);
}

static void
test_disconnected (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_enter (self);
  fake_server_fin (self->server);
  room_log_expect (self, "left disconnected");
  room_log_expect_occupants (self, "");

  room_log_join (self, NULL, -1);
  room_log_expect (self, "not in: You are not connected");
  g_assert_error (self->error, XMPP_ERROR, XMPP_ERROR_DISCONNECTED);
}

static void
test_disconnected_while_joining (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_join (self, NULL, -1);
  fake_server_ping (self->server);
  fake_server_fin (self->server);
  room_log_expect (self, "not in: The connection was lost");
  g_assert_error (self->error, XMPP_ERROR, XMPP_ERROR_DISCONNECTED);
}

/* Services */

static void
on_services (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  GPtrArray **services = user_data;
  g_autoptr(GError) error = NULL;

  *services = xmpp_muc_find_services_finish (XMPP_MUC (object), result, &error);
  g_assert_no_error (error);
}

static void
answer_info (FakeServer *server,
             const char *jid,
             const char *query)
{
  g_autofree char *to = g_strdup_printf ("to='%s'", jid);
  g_autofree char *children = g_strdup_printf ("<query xmlns='http://jabber.org/protocol/disco#info'>%s</query>", query);

  fake_server_answer (server, to, children);
}

static void
test_services_are_found (void)
{
  g_autoptr(RoomLog) self = room_log_new ();
  g_autoptr(GPtrArray) services = NULL;

  xmpp_muc_find_services_async (self->muc, NULL, on_services, &services);
  fake_server_answer (self->server, "disco#items",
    "<query xmlns='http://jabber.org/protocol/disco#items'>"
      "<item jid='irc.capulet.lit'/><item jid='rooms.capulet.lit'/><item jid='down.capulet.lit'/>"
      "<item jid='capulet.lit' node='announce'/><item/><item jid='search.capulet.lit'/>"
    "</query>");
  answer_info (self->server, "irc.capulet.lit",
               "<identity category='conference' type='irc'/><feature var='http://jabber.org/protocol/muc'/>");
  answer_info (self->server, "rooms.capulet.lit",
               "<identity category='conference' type='text'/><feature var='http://jabber.org/protocol/muc'/>");
  fake_server_refuse (self->server, "to='down.capulet.lit'", "cancel", "remote-server-not-found");
  g_assert_null (services);
  answer_info (self->server, "search.capulet.lit", "<identity category='directory' type='user'/>");

  fake_server_wait_until (services != NULL);
  g_assert_cmpuint (services->len, ==, 1);
  g_assert_cmpstr (xmpp_jid_get_text (g_ptr_array_index (services, 0)), ==, "rooms.capulet.lit");
}

static void
test_no_services (void)
{
  g_autoptr(RoomLog) self = room_log_new ();
  g_autoptr(GPtrArray) services = NULL;

  xmpp_muc_find_services_async (self->muc, NULL, on_services, &services);
  fake_server_answer (self->server, "disco#items", "<query xmlns='http://jabber.org/protocol/disco#items'/>");
  fake_server_wait_until (services != NULL);
  g_assert_cmpuint (services->len, ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/muc/join", test_join);
  g_test_add_func ("/xmpp/muc/join-asks-for-what-is-wanted", test_join_asks_for_what_is_wanted);
  g_test_add_func ("/xmpp/muc/join-with-our-presence", test_join_with_our_presence);
  g_test_add_func ("/xmpp/muc/rooms-follow-our-presence", test_rooms_follow_our_presence);
  g_test_add_func ("/xmpp/muc/the-room-gives-the-nickname", test_the_room_gives_the_nickname);
  g_test_add_func ("/xmpp/muc/T058-our-own-is-who-the-room-says", test_T058_our_own_is_who_the_room_says);
  g_test_add_func ("/xmpp/muc/a-new-room-is-locked", test_a_new_room_is_locked);
  g_test_add_func ("/xmpp/muc/defaults-refused", test_defaults_refused);
  g_test_add_func ("/xmpp/muc/F27-refusals-in-words", test_F27_refusals_in_words);
  g_test_add_func ("/xmpp/muc/other-refusals-have-words-too", test_other_refusals_have_words_too);
  g_test_add_func ("/xmpp/muc/no-answer", test_no_answer);
  g_test_add_func ("/xmpp/muc/cancelled", test_cancelled);
  g_test_add_func ("/xmpp/muc/joining-twice", test_joining_twice);
  g_test_add_func ("/xmpp/muc/no-address-of-a-room", test_no_address_of_a_room);
  g_test_add_func ("/xmpp/muc/disconnected", test_disconnected);
  g_test_add_func ("/xmpp/muc/disconnected-while-joining", test_disconnected_while_joining);
  g_test_add_func ("/xmpp/muc/services-are-found", test_services_are_found);
  g_test_add_func ("/xmpp/muc/no-services", test_no_services);

  return g_test_run ();
}
