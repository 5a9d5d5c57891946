/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0045: Multi-User Chat: who comes, changes and goes */

#include "room-log.h"

#include <string.h>

static void
test_occupants_come_change_and_go (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_enter (self);
  room_log_send (self,
    "<presence from='" ROOM "/romeo'><show>away</show><status>By the wall</status>"
      ROOM_X ("<item affiliation='member' role='visitor' jid='romeo@montague.lit/orchard'/>")
    "</presence>");
  room_log_expect (self, "+ romeo role=visitor affiliation=member show=away text=By the wall jid=romeo@montague.lit/orchard");
  room_log_expect_occupants (self, "juliet nurse romeo tybalt");

  room_log_send (self, ROOM_PRESENCE ("romeo", "<item affiliation='admin' role='moderator'/>"));
  room_log_expect (self, "~ romeo role=moderator affiliation=admin");

  /* The same again is nothing new */
  room_log_send (self, ROOM_PRESENCE ("romeo", "<item affiliation='admin' role='moderator'/>"));
  room_log_expect_none (self);

  room_log_send (self,
    "<presence from='" ROOM "/romeo' type='unavailable'><status>Farewell</status>" ROOM_X (ROOM_GONE) "</presence>");
  room_log_expect (self, "- romeo left reason=Farewell");
  room_log_expect_occupants (self, "juliet nurse tybalt");

  room_log_send (self, ROOM_UNAVAILABLE ("romeo", ROOM_GONE));
  room_log_expect_none (self);
}

static void
test_we_change (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_enter (self);
  room_log_send (self, ROOM_PRESENCE ("juliet", "<item affiliation='none' role='visitor'/>" ROOM_STATUS ("110")));
  room_log_expect (self, "~ juliet role=visitor");
  g_assert_cmpint (xmpp_room_get_self (self->room)->role, ==, XMPP_ROLE_VISITOR);
}

static void
test_why_others_go (void)
{
  static const struct
  {
    const char *x;
    const char *line;
  } rows[] = {
    { "<item role='none' affiliation='none'><actor nick='nurse' jid='n@capulet.lit'/><reason>Rude</reason></item>"
      ROOM_STATUS ("307"), "- tybalt kicked by=nurse reason=Rude" },
    { "<item role='none' affiliation='outcast'><actor jid='n@capulet.lit'/></item>" ROOM_STATUS ("301"),
      "- tybalt banned by=n@capulet.lit" },
    { ROOM_GONE ROOM_STATUS ("321"), "- tybalt affiliation" },
    { ROOM_GONE ROOM_STATUS ("322"), "- tybalt members-only" },
    { ROOM_GONE ROOM_STATUS ("332"), "- tybalt shutdown" },
    { ROOM_GONE ROOM_STATUS ("307") ROOM_STATUS ("333"), "- tybalt error" },
    { ROOM_GONE ROOM_STATUS ("303"), "- tybalt renamed" },
    { ROOM_GONE ROOM_STATUS ("999") ROOM_STATUS ("-1") ROOM_STATUS ("0x133"), "- tybalt left" },
    { ROOM_GONE "<status xmlns='urn:x' code='307'/>", "- tybalt left" },
    { "", "- tybalt left" },
  };

  g_autoptr(RoomLog) self = room_log_new ();

  room_log_enter (self);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *xml = g_strdup_printf (ROOM_UNAVAILABLE ("tybalt", "%s"), rows[i].x);

      room_log_send (self, xml);
      room_log_expect (self, rows[i].line);
      room_log_send (self, ROOM_PRESENCE ("tybalt", ROOM_ITEM));
      room_log_expect (self, "+ tybalt");
    }
}

static void
test_why_we_go (void)
{
  static const struct
  {
    const char *x;
    const char *line;
  } rows[] = {
    { "<item role='none' affiliation='none'><actor nick='tybalt'/><reason>Rude</reason></item>"
      ROOM_STATUS ("307") ROOM_STATUS ("110"), "left kicked by=tybalt reason=Rude" },
    { ROOM_GONE ROOM_STATUS ("307"), "left kicked" },
    { "<item role='none' affiliation='outcast'/>" ROOM_STATUS ("301") ROOM_STATUS ("110"), "left banned" },
    { ROOM_GONE ROOM_STATUS ("321") ROOM_STATUS ("110"), "left affiliation" },
    { ROOM_GONE ROOM_STATUS ("322") ROOM_STATUS ("110"), "left members-only" },
    { ROOM_GONE ROOM_STATUS ("332") ROOM_STATUS ("110"), "left shutdown" },
    { ROOM_GONE ROOM_STATUS ("307") ROOM_STATUS ("333") ROOM_STATUS ("110"), "left error" },
    { ROOM_GONE ROOM_STATUS ("110"), "left left" },
    { ROOM_GONE "<destroy jid='crypt@rooms.lit'><reason>Plague</reason></destroy>", "left destroyed reason=Plague" },
    { ROOM_GONE "<destroy/>", "left destroyed" },
  };
  g_autoptr(RoomLog) self = room_log_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *xml = g_strdup_printf (ROOM_UNAVAILABLE ("juliet", "%s"), rows[i].x);

      room_log_enter (self);
      room_log_send (self, xml);
      room_log_expect (self, rows[i].line);
      room_log_expect_occupants (self, "");
    }

  room_log_expect_none (self);
}

static void
test_destroyed_for_another_one (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_enter (self);
  room_log_send (self, ROOM_UNAVAILABLE ("juliet", ROOM_GONE "<destroy jid='crypt@rooms.lit'/>"));
  room_log_expect (self, "left destroyed");
  g_assert_cmpstr (xmpp_jid_get_text (xmpp_room_get_alternative (self->room)), ==, "crypt@rooms.lit");

  room_log_enter (self);
  g_assert_null (xmpp_room_get_alternative (self->room));
  room_log_send (self, ROOM_UNAVAILABLE ("juliet", ROOM_GONE "<destroy jid='rooms.lit/x'/>"));
  room_log_expect (self, "left destroyed");
  g_assert_null (xmpp_room_get_alternative (self->room));
}

static void
test_others_change_their_nickname (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_enter (self);
  room_log_send (self,
    ROOM_UNAVAILABLE ("tybalt", "<item affiliation='owner' role='moderator' nick='cat'/>" ROOM_STATUS ("303"))
    ROOM_PRESENCE ("cat", "<item affiliation='owner' role='moderator'/>"));
  room_log_expect (self, "tybalt is now cat");
  room_log_expect_none (self);
  room_log_expect_occupants (self, "cat juliet nurse");

  /* Into one that somebody has, which no room lets happen */
  room_log_send (self,
    ROOM_UNAVAILABLE ("cat", "<item affiliation='owner' role='moderator' nick='nurse'/>" ROOM_STATUS ("303")));
  room_log_expect (self, "- nurse left");
  room_log_expect (self, "cat is now nurse");
  room_log_expect_occupants (self, "juliet nurse");

  /* Into nothing */
  room_log_send (self,
    ROOM_UNAVAILABLE ("nurse", "<item affiliation='owner' role='moderator' nick=''/>" ROOM_STATUS ("303")));
  room_log_expect (self, "- nurse renamed");
}

static void
test_we_change_our_nickname (void)
{
  g_autoptr(RoomLog) self = room_log_new ();
  const char *sent;

  room_log_enter (self);
  fake_server_settle (self->server);
  xmpp_room_set_nick (self->room, "jule");
  sent = fake_server_expect_contains (self->server, "<presence to='" ROOM "/jule' id='");
  g_assert_null (strstr (sent, MUC));

  room_log_send (self,
    ROOM_UNAVAILABLE ("juliet", "<item affiliation='none' role='participant' nick='jule'/>"
                                ROOM_STATUS ("303") ROOM_STATUS ("110"))
    ROOM_SELF ("jule"));
  room_log_expect (self, "juliet is now jule");
  room_log_expect_none (self);
  g_assert_cmpstr (xmpp_room_get_nick (self->room), ==, "jule");
  g_assert_cmpstr (xmpp_room_get_self (self->room)->nick, ==, "jule");
  g_assert_cmpint (xmpp_room_get_state (self->room), ==, XMPP_ROOM_IN);
}

static void
test_the_room_changes_our_nickname (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_enter (self);
  room_log_send (self, ROOM_PRESENCE ("Jules", ROOM_ITEM ROOM_STATUS ("110") ROOM_STATUS ("210")));
  room_log_expect (self, "juliet is now Jules");
  room_log_expect_occupants (self, "Jules nurse tybalt");
  g_assert_cmpstr (xmpp_room_get_nick (self->room), ==, "Jules");
}

static void
test_nicknames_refused (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_enter (self);
  room_log_send (self, ROOM_ERROR ("nurse", "cancel", "conflict"));
  room_log_expect (self, "failed Somebody in the room has this nickname. Choose another one");
  room_log_send (self, ROOM_ERROR ("juliet", "cancel", "not-acceptable"));
  room_log_expect (self, "failed This room does not let you change your nickname");
  g_assert_cmpint (xmpp_room_get_state (self->room), ==, XMPP_ROOM_IN);
  g_assert_cmpstr (xmpp_room_get_nick (self->room), ==, "juliet");

  /* Of the nickname that was asked for, not of the room */
  room_log_send (self, ROOM_ERROR ("jule", "cancel", "item-not-found"));
  fake_server_wait_until (self->lines->len == 1);
  g_assert_true (g_str_has_prefix (g_ptr_array_index (self->lines, 0), "failed "));
  g_assert_cmpint (xmpp_room_get_state (self->room), ==, XMPP_ROOM_IN);
  g_ptr_array_set_size (self->lines, 0);

  xmpp_room_set_nick (self->room, "");
  fake_server_wait_until (self->lines->len == 1);
  g_assert_true (g_str_has_prefix (g_ptr_array_index (self->lines, 0), "failed "));
}

static void
test_the_room_vanishes (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_enter (self);
  room_log_send (self, ROOM_ERROR ("juliet", "cancel", "remote-server-not-found"));
  fake_server_wait_until (self->lines->len == 1);
  g_assert_true (g_str_has_prefix (g_ptr_array_index (self->lines, 0), "left error reason="));
  g_assert_cmpint (xmpp_room_get_state (self->room), ==, XMPP_ROOM_OUT);
}

static void
test_leaving_and_coming_back (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_enter (self);
  xmpp_room_leave (self->room, NULL);
  room_log_expect (self, "left left");
  xmpp_room_leave (self->room, NULL);
  room_log_expect_none (self);

  /* What is still on its way from the first time */
  room_log_send (self, ROOM_PRESENCE ("romeo", ROOM_ITEM) ROOM_GROUPCHAT ("nurse", "<body>Late</body>"));
  message_log_expect_none (self->messages, self->server);
  room_log_join (self, NULL, -1);
  room_log_send (self, ROOM_UNAVAILABLE ("juliet", ROOM_GONE ROOM_STATUS ("110")));
  room_log_expect_none (self);
  g_assert_cmpint (xmpp_room_get_state (self->room), ==, XMPP_ROOM_JOINING);

  room_log_send (self, ROOM_PRESENCE ("nurse", ROOM_ITEM) ROOM_SELF ("juliet"));
  room_log_expect (self, "joined");
  room_log_expect (self, "in");
  room_log_expect_occupants (self, "juliet nurse");
}

static void
test_thrown_out_while_joining (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_join (self, NULL, -1);
  room_log_send (self, ROOM_UNAVAILABLE ("juliet", ROOM_GONE ROOM_STATUS ("110") ROOM_STATUS ("301")));
  room_log_expect (self, "not in: You are banned from this room");

  room_log_join (self, NULL, -1);
  room_log_send (self, ROOM_UNAVAILABLE ("juliet", ROOM_GONE ROOM_STATUS ("110")));
  room_log_expect (self, "not in: The room did not let you in");
  g_assert_error (self->error, XMPP_ERROR, XMPP_ERROR_FAILED);
  room_log_expect_none (self);
}

/* What may do so from a handler does not hurt the rest */
static void
on_joined_leave (XmppRoom *room,
                 gpointer  user_data)
{
  xmpp_room_leave (room, NULL);
}

static void
test_leaving_at_once (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_join (self, NULL, -1);
  g_signal_connect (self->room, "joined", G_CALLBACK (on_joined_leave), NULL);
  room_log_send (self, ROOM_PRESENCE ("juliet", ROOM_ITEM ROOM_STATUS ("110") ROOM_STATUS ("201")));
  room_log_expect (self, "joined");
  room_log_expect (self, "left left");
  room_log_expect (self, "not in: The room was left");
  room_log_expect_none (self);
  g_signal_handlers_disconnect_by_func (self->room, on_joined_leave, NULL);
}

static void
test_two_thousand (void)
{
  g_autoptr(RoomLog) self = room_log_new ();
  g_autoptr(GString) xml = g_string_new (NULL);
  gint64 start;

  room_log_join (self, NULL, -1);
  for (guint i = 0; i < 2000; i++)
    g_string_append_printf (xml,
      "<presence from='" ROOM "/guest%u'><show>away</show><c xmlns='http://jabber.org/protocol/caps' hash='sha-1'"
      " node='n' ver='v'/>" ROOM_X ("<item affiliation='none' role='participant' jid='g%u@verona.lit/x'/>") "</presence>",
      i, i);
  g_string_append (xml, ROOM_SELF ("juliet"));

  start = g_get_monotonic_time ();
  room_log_send (self, xml->str);
  room_log_expect (self, "joined");
  room_log_expect (self, "in");
  room_log_expect_none (self);
  g_test_minimized_result ((g_get_monotonic_time () - start) / 1000.0, "2,000 occupants: %.1f ms",
                           (g_get_monotonic_time () - start) / 1000.0);

  g_assert_cmpstr (xmpp_jid_get_text (xmpp_room_get_occupant (self->room, "guest1999")->real_jid), ==, "g1999@verona.lit/x");
  {
    g_autoptr(GPtrArray) occupants = xmpp_room_get_occupants (self->room);

    g_assert_cmpuint (occupants->len, ==, 2001);
  }
}

static void
test_occupants_are_kept_by_who_wants_them (void)
{
  g_autoptr(RoomLog) self = room_log_new ();
  g_autoptr(GPtrArray) occupants = NULL;

  room_log_enter (self);
  occupants = xmpp_room_get_occupants (self->room);
  xmpp_room_leave (self->room, NULL);
  room_log_expect_occupants (self, "");
  g_assert_cmpuint (occupants->len, ==, 3);
  for (guint i = 0; i < occupants->len; i++)
    g_assert_nonnull (((XmppOccupant *) g_ptr_array_index (occupants, i))->nick);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/occupants/occupants-come-change-and-go", test_occupants_come_change_and_go);
  g_test_add_func ("/xmpp/occupants/we-change", test_we_change);
  g_test_add_func ("/xmpp/occupants/why-others-go", test_why_others_go);
  g_test_add_func ("/xmpp/occupants/why-we-go", test_why_we_go);
  g_test_add_func ("/xmpp/occupants/destroyed-for-another-one", test_destroyed_for_another_one);
  g_test_add_func ("/xmpp/occupants/others-change-their-nickname", test_others_change_their_nickname);
  g_test_add_func ("/xmpp/occupants/we-change-our-nickname", test_we_change_our_nickname);
  g_test_add_func ("/xmpp/occupants/the-room-changes-our-nickname", test_the_room_changes_our_nickname);
  g_test_add_func ("/xmpp/occupants/nicknames-refused", test_nicknames_refused);
  g_test_add_func ("/xmpp/occupants/the-room-vanishes", test_the_room_vanishes);
  g_test_add_func ("/xmpp/occupants/leaving-and-coming-back", test_leaving_and_coming_back);
  g_test_add_func ("/xmpp/occupants/thrown-out-while-joining", test_thrown_out_while_joining);
  g_test_add_func ("/xmpp/occupants/leaving-at-once", test_leaving_at_once);
  g_test_add_func ("/xmpp/occupants/two-thousand", test_two_thousand);
  g_test_add_func ("/xmpp/occupants/occupants-are-kept-by-who-wants-them", test_occupants_are_kept_by_who_wants_them);

  return g_test_run ();
}
