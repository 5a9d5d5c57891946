/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "flint-conversation-private.h"
#include "flint-room-info.h"
#include "xmpp-disco.h"

#include <string.h>

#define MUC_USER "http://jabber.org/protocol/muc#user"
#define OCCUPANT(nick, role) "<presence from='room@muc.test/" nick "'><x xmlns='" MUC_USER "'><item role='" role "' affiliation='none'/></x></presence>"
#define GONE(nick)           "<presence from='room@muc.test/" nick "' type='unavailable'><x xmlns='" MUC_USER "'><item role='none' affiliation='none'/></x></presence>"
#define SAYS(nick, body)     "<message from='room@muc.test/" nick "' type='groupchat' id='" nick body "'><body>" body "</body></message>"
#define SUBJECT              "<message from='room@muc.test/Bob' type='groupchat'><subject>Topic</subject></message>"

static char *
get_string (gpointer    object,
            const char *property)
{
  char *text;

  g_object_get (object, property, &text, NULL);

  return text;
}

static gboolean
get_boolean (gpointer    object,
             const char *property)
{
  gboolean flag;

  g_object_get (object, property, &flag, NULL);

  return flag;
}

static void
assert_last_line (FlintConversation *chat,
                  const char        *text)
{
  FlintMessage *last = test_conversation_last (chat);

  g_assert_cmpint (flint_message_get_kind (last), ==, FLINT_MESSAGE_SYSTEM);
  g_assert_cmpstr (flint_message_get_body (last), ==, text);
}

static void
test_join (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintRoom *room = test_account_join (test->me, OCCUPANT ("Zed", "participant") OCCUPANT ("Bob", "moderator") OCCUPANT ("Ann", "visitor"));
  GListModel *occupants = flint_room_get_occupants (room);
  static const char * const order[] = { "Bob", "me", "Zed", "Ann" };

  g_assert_cmpint (flint_room_get_state (room), ==, XMPP_ROOM_IN);
  g_assert_cmpuint (g_list_model_get_n_items (occupants), ==, G_N_ELEMENTS (order));

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      g_autoptr(FlintOccupant) occupant = g_list_model_get_item (occupants, i);

      g_assert_cmpstr (flint_occupant_get_nick (occupant), ==, order[i]);
      g_assert_cmpint (get_boolean (occupant, "is-self"), ==, i == 1);
    }

  g_assert_cmpstr (flint_room_get_name (room), ==, "room");
  g_assert_true (get_boolean (flint_room_get_conversation (room), "can-send"));
  g_assert_true (test_account_find (test->me, "room@muc.test") == flint_room_get_conversation (room));
}

static void
test_messages (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintRoom *room = test_account_join (test->me, OCCUPANT ("Bob", "moderator"));
  FlintConversation *chat = flint_room_get_conversation (room);
  FlintMessage *own;
  g_autofree char *id = NULL;
  g_autofree char *reflection = NULL;
  guint before;
  guint mentions;

  test_account_send (test->me, SUBJECT SAYS ("Bob", "hello") SAYS ("Bob", "look, ME!") SAYS ("Bob", "some"));
  g_assert_cmpuint (flint_conversation_get_unread (chat), ==, 3);
  g_assert_cmpuint (flint_conversation_get_mentions (chat), ==, 1);
  g_assert_cmpuint (test->n_messages, ==, 3);
  g_object_get (test->core, "mentions", &mentions, NULL);
  g_assert_cmpuint (mentions, ==, 1);

  /* Ours is sent when the room has sent it back */
  before = test_conversation_count (chat);
  test_conversation_say (chat, "me, too");
  own = test_conversation_last (chat);
  g_assert_cmpint (flint_message_get_state (own), ==, FLINT_MESSAGE_PENDING);
  id = fake_xml_get (fake_server_expect_contains (test->me->server, "<body>me, too</body>"), "id");
  reflection = g_strdup_printf ("<message from='room@muc.test/me' type='groupchat' id='%s'><body>me, too</body></message>", id);
  test_account_send (test->me, reflection);
  g_assert_cmpint (flint_message_get_state (own), ==, FLINT_MESSAGE_SENT);
  g_assert_cmpuint (test_conversation_count (chat), ==, before + 1);

  /* Nor is it shown twice when the room repeats itself, nor for somebody who uses its id */
  test_account_send (test->me, reflection);
  g_assert_cmpuint (test_conversation_count (chat), ==, before + 1);

  /* What another device of ours says is ours */
  test_account_send (test->me, SAYS ("me", "from elsewhere"));
  g_assert_true (flint_message_is_own (test_conversation_last (chat)));
  g_assert_cmpuint (flint_conversation_get_unread (chat), ==, 3);
}

static void
test_refused (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintRoom *room = test_account_join (test->me, NULL);
  FlintConversation *chat = flint_room_get_conversation (room);
  g_autofree char *error = NULL;
  FlintMessage *own;

  test_conversation_say (chat, "x");
  own = test_conversation_last (chat);
  error = g_strdup_printf ("<message from='room@muc.test' type='error' id='%s'><error type='auth'><forbidden "
                           "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>", flint_message_get_id (own));
  test_account_send (test->me, error);
  g_assert_cmpint (flint_message_get_state (own), ==, FLINT_MESSAGE_FAILED);
}

static void
test_history (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintRoom *room = test_account_join (test->me, OCCUPANT ("Bob", "moderator"));
  FlintConversation *chat = flint_room_get_conversation (room);
  static const char history[] =
    "<message from='room@muc.test/Bob' type='groupchat' id='h1'><body>old, me</body><delay xmlns='urn:xmpp:delay' from='room@muc.test' stamp='2025-12-31T10:00:00Z'/></message>"
    "<message from='room@muc.test/me' type='groupchat' id='h2'><body>older me</body><delay xmlns='urn:xmpp:delay' from='room@muc.test' stamp='2025-12-31T11:00:00Z'/></message>";
  guint before;

  /* Shown, but no news */
  test_account_send (test->me, history);
  test_account_send (test->me, SUBJECT);
  g_assert_cmpuint (flint_conversation_get_unread (chat), ==, 0);
  g_assert_cmpuint (flint_conversation_get_mentions (chat), ==, 0);
  g_assert_cmpuint (test->n_messages, ==, 0);
  test_account_send (test->me, SAYS ("Bob", "new"));
  g_assert_cmpuint (flint_conversation_get_unread (chat), ==, 1);
  before = test_conversation_count (chat);

  /* After a lost connection it is joined again, and what it tells again is not shown again */
  fake_server_reset (test->me->server);
  fake_server_wait_until (!flint_account_is_online (test->me->account));
  g_assert_cmpint (flint_room_get_state (room), ==, XMPP_ROOM_OUT);
  g_assert_false (get_boolean (chat, "can-send"));
  flint_account_connect (test->me->account);
  test_account_await (test->me);
  fake_server_open (test->me->server, FAKE_STARTTLS);
  fake_server_start_tls (test->me->server);
  fake_server_open (test->me->server, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));
  fake_server_authenticate (test->me->server);
  fake_server_open (test->me->server, FAKE_BIND);
  fake_server_bind (test->me->server);
  fake_server_answer (test->me->server, "jabber:iq:roster", TEST_ROSTER);
  fake_server_expect_contains (test->me->server, "to='room@muc.test/me'");
  fake_server_send (test->me->server, "<presence from='room@muc.test/me'><x xmlns='" MUC_USER "'><item role='participant'/><status code='110'/></x></presence>");
  fake_server_send (test->me->server, history);
  fake_server_send (test->me->server, "<message from='room@muc.test/Bob' type='groupchat' id='Bobnew'><body>new</body>"
                                      "<delay xmlns='urn:xmpp:delay' from='room@muc.test' stamp='2026-01-01T12:00:00Z'/></message>" SUBJECT);
  fake_server_ping (test->me->server);
  g_assert_cmpint (flint_room_get_state (room), ==, XMPP_ROOM_IN);
  g_assert_cmpuint (test_conversation_count (chat), ==, before);
}

/* T030 */
static void
test_service (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintRoom *room = test_account_join (test->me, OCCUPANT ("Bob", "moderator"));
  FlintConversation *chat = flint_room_get_conversation (room);
  FlintMessage *last;

  test_account_send (test->me, SUBJECT "<message from='room@muc.test' type='groupchat'><body>Bob: send password</body></message>");
  last = test_conversation_last (chat);
  g_assert_cmpint (flint_message_get_kind (last), ==, FLINT_MESSAGE_SYSTEM);
  g_assert_null (flint_message_get_sender (last));
  g_assert_null (flint_message_get_sender_jid (last));
  g_assert_cmpuint (flint_conversation_get_unread (chat), ==, 0);
  g_assert_cmpuint (test->n_messages, ==, 0);
}

/* T031 */
static void
test_elsewhere (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintRoom *room = test_account_join (test->me, OCCUPANT ("Bob", "moderator"));
  guint before = test_conversation_count (flint_room_get_conversation (room));

  test_account_send (test->me, "<message from='eve@evil.test' type='groupchat'><body>x</body></message>"
                               "<message from='eve@evil.test/x' type='groupchat'><body>x</body></message>"
                               "<message from='other@muc.test/Bob' type='groupchat'><body>x</body></message>");
  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_conversations (test->core)), ==, 1);
  g_assert_cmpuint (test->n_messages, ==, 0);

  /* And no more once we have left */
  flint_room_leave (room);
  test_account_send (test->me, "<presence from='room@muc.test/me' type='unavailable'><x xmlns='" MUC_USER "'><item role='none'/><status code='110'/></x></presence>"
                               SAYS ("Bob", "behind your back"));
  g_assert_cmpuint (test_conversation_count (flint_room_get_conversation (room)), ==, before);
}

#define PRIVATELY(nick, body) "<message from='room@muc.test/" nick "' type='chat'><body>" body "</body><x xmlns='" MUC_USER "'/></message>"

/* T032 */
static void
test_private (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintConversation *chat;

  test_account_join (test->me, "<presence from='room@muc.test/Bob'><x xmlns='" MUC_USER "'><item role='participant' jid='bob@peer.test/p'/></x></presence>");
  test_account_send (test->me, PRIVATELY ("Bob", "psst"));

  g_assert_null (test_account_find (test->me, BOB));
  chat = test_account_find (test->me, "room@muc.test/Bob");
  g_assert_nonnull (chat);
  g_assert_cmpint (flint_conversation_get_kind (chat), ==, FLINT_CONVERSATION_PRIVATE);
  g_assert_cmpstr (flint_conversation_get_title (chat), ==, "Bob in room");
  g_assert_null (flint_conversation_get_contact (chat));
  g_assert_cmpstr (flint_message_get_sender (test_conversation_last (chat)), ==, "Bob");
  g_assert_cmpuint (test->n_messages, ==, 1);

  /* Each goes to its own */
  test_account_send (test->me, "<message from='bob@peer.test/p' type='chat'><body>me myself</body></message>");
  g_assert_cmpuint (test_conversation_count (chat), ==, 1);
  g_assert_cmpuint (test_conversation_count (test_account_find (test->me, BOB)), ==, 1);

  fake_server_settle (test->me->server);
  test_conversation_say (chat, "yes?");
  fake_server_expect (test->me->server, "<message type='chat' to='room@muc.test/Bob' id='*'><body>yes?</body><x xmlns='" MUC_USER "'/>"
                                        "<active xmlns='http://jabber.org/protocol/chatstates'/>"
                                        "<origin-id xmlns='urn:xmpp:sid:0' id='*'/></message>");
}

/* T033 */
static void
test_reused_nick (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintConversation *old;
  FlintConversation *fresh;
  g_autofree char *notice = NULL;

  test_account_join (test->me, OCCUPANT ("Bob", "participant"));
  test_account_send (test->me, PRIVATELY ("Bob", "I am Bob"));
  old = test_account_find (test->me, "room@muc.test/Bob");
  test_account_send (test->me, GONE ("Bob") OCCUPANT ("Bob", "participant"));

  /* Nothing goes to whoever has the name now */
  fake_server_settle (test->me->server);
  g_assert_false (get_boolean (old, "can-send"));
  g_assert_false (flint_conversation_send (old, "secret"));
  flint_conversation_set_composing (old, TRUE);
  fake_server_no_more (test->me->server);
  notice = get_string (old, "notice");
  g_assert_nonnull (strstr (notice, "Bob"));
  g_assert_null (test_account_find (test->me, "room@muc.test/Bob"));

  /* What he says is another conversation */
  test_account_send (test->me, PRIVATELY ("Bob", "I am another one"));
  fresh = test_account_find (test->me, "room@muc.test/Bob");
  g_assert_true (fresh != NULL && fresh != old);
  g_assert_cmpuint (test_conversation_count (old), ==, 1);
  g_assert_true (get_boolean (fresh, "can-send"));
}

static void
test_renamed (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintRoom *room = test_account_join (test->me, OCCUPANT ("Bob", "participant"));
  FlintOccupant *bob = flint_room_find_occupant (room, "Bob");
  FlintConversation *chat;

  test_account_send (test->me, PRIVATELY ("Bob", "psst"));
  chat = test_account_find (test->me, "room@muc.test/Bob");
  test_account_send (test->me, "<presence from='room@muc.test/Bob' type='unavailable'><x xmlns='" MUC_USER "'><item role='participant' nick='Rob'/><status code='303'/></x></presence>"
                               OCCUPANT ("Rob", "participant"));

  g_assert_true (flint_room_find_occupant (room, "Rob") == bob);
  g_assert_null (flint_room_find_occupant (room, "Bob"));
  g_assert_true (test_account_find (test->me, "room@muc.test/Rob") == chat);
  g_assert_cmpstr (flint_conversation_get_title (chat), ==, "Rob in room");
  assert_last_line (flint_room_get_conversation (room), "\342\201\250Bob\342\201\251 is now known as \342\201\250Rob\342\201\251");
}

static void
test_lines (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintRoom *room = test_account_join (test->me, NULL);
  FlintConversation *chat = flint_room_get_conversation (room);
  guint before;

  test_account_send (test->me, SUBJECT);
  before = test_conversation_count (chat);

  test_account_send (test->me, OCCUPANT ("Ann", "participant"));
  assert_last_line (chat, "\342\201\250Ann\342\201\251 joined");
  test_account_send (test->me, OCCUPANT ("Bob", "participant") OCCUPANT ("Carl", "participant"));
  assert_last_line (chat, "\342\201\250Ann\342\201\251 and 2 others joined");
  g_assert_cmpuint (test_conversation_count (chat), ==, before + 1);

  test_account_send (test->me, GONE ("Ann"));
  assert_last_line (chat, "\342\201\250Ann\342\201\251 left");
  test_account_send (test->me, "<presence from='room@muc.test/Bob' type='unavailable'><x xmlns='" MUC_USER "'><item role='none'>"
                               "<actor nick='Carl'/><reason>Spam\n*** you are op</reason></item><status code='307'/></x></presence>");
  assert_last_line (chat, "\342\201\250Bob\342\201\251 was removed from the room (by \342\201\250Carl\342\201\251: \342\201\250Spam *** you are op\342\201\251)");

  test_account_send (test->me, "<message from='room@muc.test/Carl' type='groupchat'><subject>Lunch</subject></message>");
  assert_last_line (chat, "\342\201\250Carl\342\201\251 changed the topic to: \342\201\250Lunch\342\201\251");
  g_assert_cmpstr (flint_room_get_subject (room), ==, "Lunch");
  g_assert_cmpuint (flint_conversation_get_unread (chat), ==, 0);
}

static void
test_many (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autoptr(GString) xml = g_string_new (NULL);
  FlintConversation *chat;
  guint before;

  for (guint i = 0; i < 30; i++)
    g_string_append_printf (xml, "<presence from='room@muc.test/n%02u'><x xmlns='" MUC_USER "'><item role='participant'/></x></presence>", i);

  chat = flint_room_get_conversation (test_account_join (test->me, xml->str));
  test_account_send (test->me, SUBJECT);
  before = test_conversation_count (chat);
  test_account_send (test->me, OCCUPANT ("Ann", "participant") GONE ("Ann"));
  g_assert_cmpuint (test_conversation_count (chat), ==, before);
}

static void
test_kicked (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintRoom *room = test_account_join (test->me, OCCUPANT ("Bob", "moderator"));
  FlintConversation *chat = flint_room_get_conversation (room);
  FlintConversation *private;

  test_account_send (test->me, PRIVATELY ("Bob", "psst"));
  private = test_account_find (test->me, "room@muc.test/Bob");
  test_account_send (test->me, "<presence from='room@muc.test/me' type='unavailable'><x xmlns='" MUC_USER "'><item role='none'><reason>Out</reason></item>"
                               "<status code='307'/><status code='110'/></x></presence>");
  g_assert_cmpint (flint_room_get_state (room), ==, XMPP_ROOM_OUT);
  g_assert_nonnull (flint_room_get_error (room));
  g_assert_cmpuint (g_list_model_get_n_items (flint_room_get_occupants (room)), ==, 0);
  assert_last_line (chat, "You were removed from the room. Reason: \342\201\250Out\342\201\251");
  g_assert_false (get_boolean (chat, "can-send"));
  g_assert_true (flint_conversation_is_frozen (private));

  /* Who was sent out does not come back by himself */
  fake_server_reset (test->me->server);
  fake_server_wait_until (!flint_account_is_online (test->me->account));
  flint_account_connect (test->me->account);
  test_account_accept (test->me, TEST_ROSTER);
  g_assert_cmpint (flint_room_get_state (room), ==, XMPP_ROOM_OUT);
}

/* Who joins it by himself would make a new one, of which he is the owner, without having been asked */
static void
test_closed (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintRoom *room = test_account_join (test->me, OCCUPANT ("Bob", "moderator"));

  g_object_set (room, "autojoin", TRUE, NULL);
  test_account_send (test->me, "<presence from='room@muc.test/me' type='unavailable'><x xmlns='" MUC_USER "'><item role='none'/>"
                               "<destroy jid='garden@muc.test'/><status code='110'/></x></presence>");
  g_assert_true (flint_room_is_closed (room));
  g_assert_cmpstr (xmpp_jid_get_text (flint_room_get_alternative (room)), ==, "garden@muc.test");

  fake_server_reset (test->me->server);
  fake_server_wait_until (!flint_account_is_online (test->me->account));
  flint_account_connect (test->me->account);
  test_account_accept (test->me, TEST_ROSTER);
  g_assert_cmpint (flint_room_get_state (room), ==, XMPP_ROOM_OUT);

  /* but who wants to may */
  flint_room_join_async (room, NULL, NULL, NULL, NULL);
  fake_server_expect_contains (test->me->server, "to='room@muc.test/me'");
  g_assert_false (flint_room_is_closed (room));
  g_assert_null (flint_room_get_alternative (room));
  test_account_send (test->me, "<presence from='room@muc.test/me'><x xmlns='" MUC_USER "'><item role='participant'/><status code='110'/></x></presence>");
  g_assert_cmpint (flint_room_get_state (room), ==, XMPP_ROOM_IN);
}

static void
on_refused (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (flint_room_join_finish (FLINT_ROOM (source), result, &error));
  g_assert_error (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_NOT_AUTHORIZED);
  *(gboolean *) user_data = TRUE;
}

static void
test_password (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autoptr(XmppJid) jid = xmpp_jid_new ("room@muc.test", NULL);
  FlintRoom *room = flint_core_open_room (test->core, test->me->account, jid, "me");
  gboolean is_refused = FALSE;

  flint_room_join_async (room, NULL, NULL, on_refused, &is_refused);
  fake_server_expect_contains (test->me->server, "to='room@muc.test/me'");
  fake_server_send (test->me->server, "<presence from='room@muc.test/me' type='error'><x xmlns='http://jabber.org/protocol/muc'/>"
                    "<error type='auth'><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>");
  fake_server_wait_until (is_refused);
  g_assert_error (flint_room_get_error (room), XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_NOT_AUTHORIZED);

  flint_room_join_async (room, "letmein", NULL, NULL, NULL);
  g_assert_null (flint_room_get_error (room));
  fake_server_expect_contains (test->me->server, "<password>letmein</password>");
}

static void
test_visitor (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintRoom *room = test_account_join (test->me, NULL);
  FlintConversation *chat = flint_room_get_conversation (room);

  g_assert_true (flint_room_can_set_subject (room));
  test_account_send (test->me, "<presence from='room@muc.test/me'><x xmlns='" MUC_USER "'><item role='visitor' affiliation='none'/><status code='110'/></x></presence>");
  g_assert_false (get_boolean (chat, "can-send"));
  g_assert_false (flint_room_can_set_subject (room));
  test_account_send (test->me, "<presence from='room@muc.test/me'><x xmlns='" MUC_USER "'><item role='participant' affiliation='none'/><status code='110'/></x></presence>");
  g_assert_true (get_boolean (chat, "can-send"));
}

/* T036 */
static void
on_invited (FlintCore    *core,
            FlintAccount *account,
            XmppJid      *room,
            const char   *by,
            const char   *reason,
            const char   *password,
            GString      *log)
{
  g_string_append_printf (log, "%s by %s: %s;", xmpp_jid_get_text (room), by, reason != NULL ? reason : "-");
}

static void
test_invitations (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autoptr(GString) log = g_string_new (NULL);
  g_autoptr(GString) flood = g_string_new (NULL);

  g_signal_connect (test->core, "invited", G_CALLBACK (on_invited), log);
  test_account_send (test->me, "<message from='trap@evil.test'><body>Bob invites you</body><x xmlns='" MUC_USER "'><invite from='bob@peer.test'><reason>Come</reason></invite></x></message>"
                               "<message from='bob@peer.test/p'><x xmlns='jabber:x:conference' jid='room@muc.test'/></message>");
  g_assert_cmpstr (log->str, ==, "trap@evil.test by bob@peer.test: Come;room@muc.test by bob@peer.test: -;");

  /* Nothing is joined, and it is no letter */
  fake_server_no_more (test->me->server);
  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_letters (test->core)), ==, 0);

  for (guint i = 0; i < 100; i++)
    g_string_append_printf (flood, "<message from='r%u@evil.test'><x xmlns='" MUC_USER "'><invite from='x@evil.test'/></x></message>", i);

  test_account_send (test->me, flood->str);
  g_assert_cmpuint (test->n_invitations, ==, 20);
  fake_clock_advance (test->me->server->clock, 61 * 1000);
  test_account_send (test->me, "<message from='bob@peer.test/p'><x xmlns='jabber:x:conference' jid='room@muc.test'/></message>");
  g_assert_cmpuint (test->n_invitations, ==, 21);

  g_signal_handlers_disconnect_by_data (test->core, log);
}

/* T034, T035 */
static void
test_uninvited (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintRoom *room = test_account_join (test->me, OCCUPANT ("Bob", "moderator"));

  test_account_send (test->me, "<presence from='room@evil.test/n'><x xmlns='" MUC_USER "'><item role='participant'/><status code='110'/></x></presence>"
                               "<presence from='bob@peer.test/p'><x xmlns='" MUC_USER "'><item role='none'/><status code='307'/><status code='110'/></x></presence>");
  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_rooms (test->core)), ==, 1);
  g_assert_cmpint (flint_room_get_state (room), ==, XMPP_ROOM_IN);
  g_assert_cmpuint (g_list_model_get_n_items (flint_room_get_occupants (room)), ==, 2);
}

static void
test_forget (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintRoom *room = test_account_join (test->me, OCCUPANT ("Bob", "moderator"));

  g_object_add_weak_pointer (G_OBJECT (room), (gpointer *) &room);
  flint_core_forget_room (test->core, room);
  fake_server_expect (test->me->server, "<presence to='room@muc.test/me' id='*' type='unavailable'/>");
  fake_server_wait_until (room == NULL);
  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_rooms (test->core)), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_conversations (test->core)), ==, 0);
}

static guint
count_rooms (TestCore *test)
{
  return g_list_model_get_n_items (flint_core_get_rooms (test->core));
}

static void
on_not_joined (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  *(gboolean *) user_data = !flint_room_join_finish (FLINT_ROOM (source), result, NULL);
}

static FlintRoom *
be_refused (TestCore   *test,
            const char *condition)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new ("room@muc.test", NULL);
  FlintRoom *room = flint_core_open_room (test->core, test->me->account, jid, "me");
  g_autofree char *xml = g_strdup_printf ("<presence from='room@muc.test/me' type='error'><x xmlns='http://jabber.org/protocol/muc'/>"
                                          "<error type='auth'><%s xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>", condition);
  gboolean is_refused = FALSE;

  flint_room_join_async (room, NULL, NULL, on_not_joined, &is_refused);
  fake_server_expect_contains (test->me->server, "to='room@muc.test/me'");
  fake_server_send (test->me->server, xml);
  fake_server_wait_until (is_refused);

  return room;
}

/* A wrong password, a ban, members only, a name that is taken: when one tries no more, the room is gone */
static void
test_given_up (void)
{
  static const char * const conditions[] = { "not-authorized", "forbidden", "registration-required", "conflict" };

  for (guint i = 0; i < G_N_ELEMENTS (conditions); i++)
    {
      g_autoptr(TestCore) test = test_core_new_online ();
      FlintRoom *room = be_refused (test, conditions[i]);

      g_assert_nonnull (flint_room_get_error (room));
      g_assert_cmpuint (count_rooms (test), ==, 1);
      flint_core_give_up_room (test->core, room);
      g_assert_cmpuint (count_rooms (test), ==, 0);
      g_assert_null (test_account_find (test->me, "room@muc.test"));
    }
}

/* One that is kept, or that one was in, stays, and says why */
static void
test_not_given_up (void)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(TestCore) test = test_core_new_online ();
      FlintRoom *room;

      if (i == 0)
        {
          room = test_account_join (test->me, NULL);
          flint_core_give_up_room (test->core, room);
          g_assert_cmpint (flint_room_get_state (room), ==, XMPP_ROOM_IN);
          flint_room_leave (room);
          fake_server_expect_contains (test->me->server, "type='unavailable'");
          test_account_send (test->me, GONE ("me"));
        }
      room = be_refused (test, "forbidden");
      if (i == 1)
        g_object_set (room, "autojoin", TRUE, NULL);

      flint_core_give_up_room (test->core, room);
      g_assert_cmpuint (count_rooms (test), ==, 1);
      g_assert_error (flint_room_get_error (room), XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_FORBIDDEN);
      g_assert_true (get_boolean (room, "is-saved") == (i == 1));
    }
}

static void
on_info (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  *(XmppDiscoInfo **) user_data = xmpp_disco_info_finish (XMPP_DISCO (source), result, &error);
  g_assert_no_error (error);
}

static XmppDiscoInfo *
ask_room (TestCore   *test,
          const char *answer)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new ("room@muc.test", NULL);
  g_autofree char *xml = g_strdup_printf ("<query xmlns='http://jabber.org/protocol/disco#info'>%s</query>", answer);
  XmppDiscoInfo *info = NULL;

  xmpp_disco_info_async (flint_account_get_module (test->me->account, XMPP_TYPE_DISCO), jid, NULL, NULL, on_info, &info);
  fake_server_answer (test->me->server, "to='room@muc.test'", xml);
  fake_server_wait_until (info != NULL);

  return info;
}

#define ROOM_FORM(type, value) "<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE'><value>" type "</value></field>" \
                               "<field var='muc#roominfo_occupants'><value>" value "</value></field></x>"
#define ROOM_INFO "http://jabber.org/protocol/muc#roominfo"

/* How many are in a room is told by its own form alone, and may be nonsense */
static void
test_info (void)
{
  static const struct
  {
    const char *xml;
    int         n_people;
    const char *name;
  } cases[] = {
    { "<identity category='conference' type='text' name='Lounge'/>" ROOM_FORM (ROOM_INFO, "3"), 3, "Lounge" },
    { "<identity category='client' type='pc' name='Eve'/><identity category='conference' type='text'/>", -1, NULL },
    { ROOM_FORM (ROOM_INFO, "0"), 0, NULL },
    { ROOM_FORM ("urn:other", "3"), -1, NULL },
    { ROOM_FORM (ROOM_INFO, "-3"), -1, NULL },
    { ROOM_FORM (ROOM_INFO, "99999999999999999999"), -1, NULL },
    { ROOM_FORM (ROOM_INFO, "many"), -1, NULL },
    { ROOM_FORM (ROOM_INFO, ""), -1, NULL },
    { "<x xmlns='jabber:x:data' type='result'/>", -1, NULL },
  };
  g_autoptr(TestCore) test = test_core_new_online ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(XmppDiscoInfo) info = ask_room (test, cases[i].xml);

      g_assert_cmpint (flint_room_info_get_people (info), ==, cases[i].n_people);
      g_assert_cmpstr (flint_room_info_get_name (info), ==, cases[i].name);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/rooms/who-is-in-is-listed-by-role-and-name", test_join);
  g_test_add_func ("/core/rooms/what-is-said-is-shown-once", test_messages);
  g_test_add_func ("/core/rooms/what-the-room-refuses-has-failed", test_refused);
  g_test_add_func ("/core/rooms/F26-history-is-no-news-and-not-told-twice", test_history);
  g_test_add_func ("/core/rooms/T030-what-the-room-says-nobody-said", test_service);
  g_test_add_func ("/core/rooms/T031-where-we-are-not-nothing-is-said", test_elsewhere);
  g_test_add_func ("/core/rooms/T032-an-occupant-is-not-the-contact-of-that-name", test_private);
  g_test_add_func ("/core/rooms/T033-who-takes-a-nickname-is-somebody-else", test_reused_nick);
  g_test_add_func ("/core/rooms/who-takes-another-nickname-is-the-same", test_renamed);
  g_test_add_func ("/core/rooms/T059-what-happens-is-told-in-one-line", test_lines);
  g_test_add_func ("/core/rooms/among-many-coming-and-going-is-no-news", test_many);
  g_test_add_func ("/core/rooms/F27-who-was-removed-stays-out", test_kicked);
  g_test_add_func ("/core/rooms/one-that-was-closed-is-not-made-anew", test_closed);
  g_test_add_func ("/core/rooms/F27-a-password-is-asked-for", test_password);
  g_test_add_func ("/core/rooms/visitors-do-not-speak", test_visitor);
  g_test_add_func ("/core/rooms/T036-an-invitation-is-only-told", test_invitations);
  g_test_add_func ("/core/rooms/T034-T035-nobody-else-speaks-as-a-room", test_uninvited);
  g_test_add_func ("/core/rooms/one-that-could-not-be-joined-goes-when-it-is-given-up", test_given_up);
  g_test_add_func ("/core/rooms/one-that-is-kept-stays-and-says-why", test_not_given_up);
  g_test_add_func ("/core/rooms/how-many-are-in-one-is-read-from-its-form-alone", test_info);
  g_test_add_func ("/core/rooms/a-forgotten-room-is-left-and-gone", test_forget);

  return g_test_run ();
}
