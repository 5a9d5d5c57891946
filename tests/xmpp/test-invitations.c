/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0045, 7.8, and XEP-0249: Invitations into rooms */

#include "room-log.h"

#define TRAP "trap@evil.lit"
#define DIRECT(attributes) "<x xmlns='jabber:x:conference' " attributes "/>"
#define INVITE(from, more) ROOM_X ("<invite from='" from "'/>" more)

static void
test_direct (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_send (self,
    "<message from='romeo@montague.lit/orchard'>" DIRECT ("jid='" ROOM "' password='sesame' reason='Come &amp; &lt;dance&gt; &amp;#38;&quot;'")
    "</message>");
  message_log_expect (self->messages,
    "romeo@montague.lit/orchard normal room=" ROOM " reason=Come & <dance> &#38;\" password=sesame");
  fake_server_no_more (self->server);
}

static void
test_mediated (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  room_log_send (self,
    "<message from='" ROOM "'>"
      ROOM_X ("<invite from='romeo@montague.lit/orchard'><reason>Masks</reason></invite><password>sesame</password>")
      DIRECT ("jid='" ROOM "' reason='old clients'")
    "</message>");
  message_log_expect (self->messages,
    ROOM " normal room=" ROOM " by=romeo@montague.lit/orchard reason=Masks password=sesame");
}

static void
test_T036_the_inviter_is_a_claim (void)
{
  g_autoptr(RoomLog) self = room_log_new ();

  /* Whatever else it says: the room is the one that speaks */
  room_log_send (self,
    "<message from='" TRAP "'>" DIRECT ("jid='" ROOM "'") INVITE ("romeo@montague.lit", "") "</message>"
    "<message from='" TRAP "'>" INVITE ("romeo@montague.lit", "") DIRECT ("jid='" ROOM "'") "</message>");
  message_log_expect (self->messages, TRAP " normal room=" TRAP " by=romeo@montague.lit");
  message_log_expect (self->messages, TRAP " normal room=" TRAP " by=romeo@montague.lit");

  /* A person is no room, nor is a server */
  room_log_send (self,
    "<message from='eve@evil.lit/x'>" INVITE ("romeo@montague.lit", "") "</message>"
    "<message from='evil.lit'>" INVITE ("romeo@montague.lit", "") "</message>");
  message_log_expect (self->messages, "eve@evil.lit/x normal");
  message_log_expect (self->messages, "evil.lit normal");

  fake_server_no_more (self->server);
}

static void
test_nothing_is_joined (void)
{
  g_autoptr(RoomLog) self = room_log_new ();
  g_autoptr(XmppJid) trap = xmpp_jid_new (TRAP, NULL);

  room_log_send (self,
    "<message from='" TRAP "'>" INVITE ("romeo@montague.lit", "") "</message>"
    "<message from='romeo@montague.lit/orchard'>" DIRECT ("jid='" TRAP "'") "</message>");
  fake_server_no_more (self->server);
  g_assert_null (xmpp_muc_get_room (self->muc, trap));
}

static void
test_what_is_none (void)
{
  static const char * const rows[] = {
    DIRECT (""),
    DIRECT ("jid=''"),
    DIRECT ("jid='rooms.lit'"),
    DIRECT ("jid='" ROOM "/nick'"),
    DIRECT ("jid='@'"),
    "<x xmlns='urn:x' jid='" ROOM "'/>",
    "<x jid='" ROOM "'/>",
  };
  g_autoptr(RoomLog) self = room_log_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *xml = g_strdup_printf ("<message from='romeo@montague.lit/orchard'>%s</message>", rows[i]);

      room_log_send (self, xml);
      message_log_expect (self->messages, "romeo@montague.lit/orchard normal");
    }

  room_log_send (self, "<message from='romeo@montague.lit/orchard' type='headline'>" DIRECT ("jid='" ROOM "'") "</message>");
  message_log_expect (self->messages, "romeo@montague.lit/orchard headline");
}

static void
test_long_words_are_dropped (void)
{
  g_autoptr(RoomLog) self = room_log_new ();
  g_autofree char *text = g_strnfill (5000, 'x');
  g_autofree char *xml = g_strdup_printf (
    "<message from='romeo@montague.lit/orchard'>" DIRECT ("jid='" ROOM "' password='%s' reason='%s'") "</message>",
    text, text);

  room_log_send (self, xml);
  message_log_expect (self->messages, "romeo@montague.lit/orchard normal room=" ROOM);
}

static void
test_we_invite_directly (void)
{
  g_autoptr(RoomLog) self = room_log_new ();
  g_autoptr(XmppJid) romeo = xmpp_jid_new ("romeo@montague.lit", NULL);
  XmppMessage message = {
    .type = XMPP_MESSAGE_NORMAL, .to = romeo, .id = "m1", .invited_to = self->jid, .invite_reason = "A <ball>",
    .invite_password = "sesame",
  };

  xmpp_session_send_message (self->server->session, &message);
  fake_server_expect_contains (self->server, DIRECT ("jid='" ROOM "' password='sesame' reason='A &lt;ball&gt;'"));
}

static void
test_we_have_the_room_invite (void)
{
  g_autoptr(RoomLog) self = room_log_new ();
  g_autoptr(XmppJid) romeo = xmpp_jid_new ("romeo@montague.lit", NULL);

  room_log_enter (self);
  fake_server_settle (self->server);
  xmpp_room_invite (self->room, romeo, "A ball");
  fake_server_expect_next (self->server,
    "<message to='" ROOM "' id='*'>"
      ROOM_X ("<invite to='romeo@montague.lit'><reason>A ball</reason></invite>")
    "</message>");

  room_log_send (self,
    "<message from='" ROOM "' type='error'>" ROOM_X ("<invite to='romeo@montague.lit'/>")
      "<error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>");
  room_log_expect (self, "failed You may not invite others to this room");
  message_log_expect_none (self->messages, self->server);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/invitations/direct", test_direct);
  g_test_add_func ("/xmpp/invitations/mediated", test_mediated);
  g_test_add_func ("/xmpp/invitations/T036-the-inviter-is-a-claim", test_T036_the_inviter_is_a_claim);
  g_test_add_func ("/xmpp/invitations/nothing-is-joined", test_nothing_is_joined);
  g_test_add_func ("/xmpp/invitations/what-is-none", test_what_is_none);
  g_test_add_func ("/xmpp/invitations/long-words-are-dropped", test_long_words_are_dropped);
  g_test_add_func ("/xmpp/invitations/we-invite-directly", test_we_invite_directly);
  g_test_add_func ("/xmpp/invitations/we-have-the-room-invite", test_we_have_the_room_invite);

  return g_test_run ();
}
