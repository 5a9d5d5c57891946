/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A connection that is lost and comes back: what a person sees meanwhile, and what becomes of what they wrote (XEP-0198) */
#include "core-fixture.h"
#include "fake-sm.h"
#include "xmpp-session-private.h"

#include <string.h>

#define FAILED "<failed xmlns='urn:xmpp:sm:3'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>"

typedef struct
{
  TestCore          *core;
  FakeServer        *server;
  FakeSm            *sm;
  FlintAccount      *account;
  FlintConversation *bob;
} Party;

static void
reach_features (Party *party)
{
  g_autofree char *features = g_strconcat (FAKE_BIND, party->server->features, NULL);
  gboolean was_enabled = party->sm->is_enabled;

  party->sm->is_enabled = FALSE;
  test_account_await (party->core->me);
  fake_server_open (party->server, FAKE_STARTTLS);
  fake_server_start_tls (party->server);
  fake_server_open (party->server, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));
  fake_server_authenticate (party->server);
  fake_server_open (party->server, features);
  party->sm->is_enabled = was_enabled;
}

static void
begin_session (Party *party)
{
  party->sm->is_enabled = FALSE;
  fake_server_bind (party->server);
  fake_server_wait_until (flint_account_is_online (party->account));
  fake_sm_enable (party->sm, NULL);
  fake_server_answer (party->server, "jabber:iq:roster", TEST_ROSTER);
  fake_server_settle (party->server);
}

static FlintContact *
get_bob (Party *party)
{
  return flint_conversation_get_contact (party->bob);
}

static Party *
party_new (void)
{
  Party *party = g_new0 (Party, 1);
  g_autoptr(XmppJid) jid = xmpp_jid_new (BOB, NULL);

  party->core = test_core_new ();
  party->core->me = test_account_new (party->core->core, ME);
  party->server = party->core->me->server;
  party->account = party->core->me->account;
  party->sm = fake_sm_new (party->server);

  flint_account_connect (party->account);
  reach_features (party);
  begin_session (party);
  party->bob = flint_core_open_chat (party->core->core, party->account, jid);
  test_account_send (party->core->me, "<presence from='bob@peer.test/p'/>");
  fake_server_settle (party->server);
  g_assert_true (flint_contact_is_online (get_bob (party)));

  return party;
}

static void
party_free (Party *party)
{
  fake_sm_free (party->sm);
  test_core_free (party->core);
  g_free (party);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Party, party_free)

static void
lose_connection (Party *party)
{
  fake_server_fin (party->server);
  fake_server_wait_until (flint_account_get_state (party->account) == FLINT_ACCOUNT_WAITING);
  g_ptr_array_set_size (party->server->waiting, 0);
}

/* The reconnector's own time */
static void
come_back (Party *party)
{
  fake_clock_advance (party->server->clock, 3000);
  reach_features (party);
}

/* The server has all that was sent, and has said so */
static void
acknowledge_all (Party *party)
{
  XmppResumption *resumption = flint_account_get_session (party->account)->resumption;

  /* It asks after a second of quiet; what it has written because of an answer takes another one */
  for (guint i = 0; i < 5; i++)
    {
      test_core_settle (party->core->core);
      fake_server_settle (party->server);
      fake_clock_advance (party->server->clock, 1000);
    }

  fake_server_wait_until (xmpp_resumption_get_n_unacked (resumption) == 0);
}

static FlintMessageState
get_state (Party *party)
{
  return flint_message_get_state (test_conversation_last (party->bob));
}

static void
test_nothing_is_asked_again (void)
{
  g_autoptr(Party) party = party_new ();
  guint32 handled;

  g_assert_true (flint_conversation_send (party->bob, "before"));
  fake_server_expect_contains (party->server, "<body>before</body>");
  acknowledge_all (party);

  /* What is written into a connection that breaks */
  party->sm->answers = FALSE;
  handled = party->sm->handled;
  g_assert_true (flint_conversation_send (party->bob, "lost on the way"));
  lose_connection (party);
  g_assert_cmpuint (party->sm->handled, ==, handled);

  /* We are not online, and the others still are */
  g_assert_false (flint_account_is_online (party->account));
  g_assert_true (flint_contact_is_online (get_bob (party)));
  g_assert_true (flint_conversation_send (party->bob, "written meanwhile"));
  g_assert_cmpint (get_state (party), ==, FLINT_MESSAGE_PENDING);

  party->sm->answers = TRUE;
  come_back (party);
  fake_sm_resume (party->sm);
  fake_server_wait_until (flint_account_is_online (party->account));
  fake_server_expect_contains (party->server, "<body>lost on the way</body>");
  fake_server_expect_contains (party->server, "<body>written meanwhile</body>");
  fake_server_no_more (party->server);
  acknowledge_all (party);
  g_assert_cmpint (get_state (party), ==, FLINT_MESSAGE_SENT);
  g_assert_true (flint_contact_is_online (get_bob (party)));
  test_core_assert_chat_works (party->core);
}

static void
test_given_up (void)
{
  g_autoptr(Party) party = party_new ();
  g_autoptr(FlintMessage) lost = NULL;
  g_autofree char *again = NULL;

  g_assert_true (flint_conversation_send (party->bob, "before"));
  fake_server_expect_contains (party->server, "<body>before</body>");
  acknowledge_all (party);
  party->sm->answers = FALSE;
  g_assert_true (flint_conversation_send (party->bob, "lost on the way"));
  lost = g_object_ref (test_conversation_last (party->bob));
  fake_server_expect_contains (party->server, "<body>lost on the way</body>");
  lose_connection (party);
  g_assert_cmpint (flint_message_get_state (lost), ==, FLINT_MESSAGE_PENDING);

  come_back (party);
  fake_sm_expect_resume (party->sm);
  party->sm->is_enabled = FALSE;
  fake_server_send (party->server, FAILED);
  begin_session (party);

  /* What nobody knows waits until somebody has looked, and only that (F20) */
  g_assert_cmpint (flint_message_get_state (lost), ==, FLINT_MESSAGE_PENDING);
  g_assert_cmpint (flint_message_get_state (test_conversation_get (party->bob, 0)), ==, FLINT_MESSAGE_SENT);
  g_assert_false (flint_contact_is_online (get_bob (party)));
  for (guint i = 0; i < party->server->waiting->len; i++)
    g_assert_null (strstr (g_ptr_array_index (party->server->waiting, i), "lost on the way"));

  /* Then it goes out again, under its id, and what was written since goes behind it */
  test_conversation_say (party->bob, "after it");
  for (guint i = 0; i < party->server->waiting->len; i++)
    g_assert_null (strstr (g_ptr_array_index (party->server->waiting, i), "after it"));
  party->core->me->n_asked = 1;
  test_account_answer_archive (party->core->me, FALSE);
  again = fake_xml_get (fake_server_expect_contains (party->server, "<body>lost on the way</body>"), "id");
  g_assert_cmpstr (again, ==, flint_message_get_id (lost));
  fake_server_expect_contains (party->server, "<body>after it</body>");
}

static void
test_signed_out_meanwhile (void)
{
  g_autoptr(Party) party = party_new ();

  acknowledge_all (party);
  party->sm->answers = FALSE;
  g_assert_true (flint_conversation_send (party->bob, "lost on the way"));
  lose_connection (party);
  flint_account_disconnect (party->account);
  g_assert_false (xmpp_session_is_resumable (flint_account_get_session (party->account)));
  g_assert_false (flint_contact_is_online (get_bob (party)));

  /* It is looked for, and goes out, when the person comes back */
  g_assert_cmpint (get_state (party), ==, FLINT_MESSAGE_PENDING);
}

static void
test_rooms_stay (void)
{
  g_autoptr(Party) party = party_new ();
  FlintRoom *room = test_account_join (party->core->me, "<presence from='room@muc.test/ann'><x xmlns='http://jabber.org/protocol/muc#user'>"
                                                        "<item role='participant' affiliation='none'/></x></presence>");
  FlintConversation *conversation = flint_room_get_conversation (room);
  FlintMessage *said;
  g_autofree char *reflection = NULL;

  acknowledge_all (party);
  party->sm->answers = FALSE;
  g_assert_true (flint_conversation_send (conversation, "hello, room"));
  said = test_conversation_last (conversation);
  lose_connection (party);

  /* The room may have it yet */
  g_assert_cmpint (flint_message_get_state (said), ==, FLINT_MESSAGE_PENDING);
  g_assert_cmpint (flint_room_get_state (room), ==, XMPP_ROOM_IN);

  come_back (party);
  fake_sm_resume (party->sm);
  fake_server_expect_contains (party->server, "<body>hello, room</body>");
  fake_server_no_more (party->server);
  reflection = g_strdup_printf ("<message from='room@muc.test/me' type='groupchat' id='%s'><body>hello, room</body></message>",
                                flint_message_get_id (said));
  test_account_send (party->core->me, reflection);
  g_assert_cmpint (flint_message_get_state (said), ==, FLINT_MESSAGE_SENT);

  /* And the other way: then it is over with the session */
  g_assert_true (flint_conversation_send (conversation, "is anybody there?"));
  said = test_conversation_last (conversation);
  lose_connection (party);
  fake_clock_advance (party->server->clock, 3000);
  test_account_await (party->core->me);
  flint_account_disconnect (party->account);
  g_assert_cmpint (flint_room_get_state (room), ==, XMPP_ROOM_OUT);
  for (guint i = 0; i < test_conversation_count (conversation); i++)
    {
      FlintMessage *message = test_conversation_get (conversation, i);

      if (g_strcmp0 (flint_message_get_body (message), "is anybody there?") == 0)
        g_assert_cmpint (flint_message_get_state (message), ==, FLINT_MESSAGE_FAILED);
    }
}

/* The server has it, and the room has not sent it back: whether it is there, nobody can say any more */
static void
test_what_a_room_never_sent_back (void)
{
  g_autoptr(Party) party = party_new ();
  FlintRoom *room = test_account_join (party->core->me, NULL);
  FlintConversation *conversation = flint_room_get_conversation (room);
  g_autoptr(FlintMessage) said = NULL;

  g_assert_true (flint_conversation_send (conversation, "hello, room"));
  said = g_object_ref (test_conversation_last (conversation));
  acknowledge_all (party);
  lose_connection (party);
  g_assert_cmpint (flint_message_get_state (said), ==, FLINT_MESSAGE_PENDING);

  come_back (party);
  fake_sm_expect_resume (party->sm);
  party->sm->is_enabled = FALSE;
  fake_server_send (party->server, FAILED);
  begin_session (party);
  g_assert_cmpint (flint_message_get_state (said), ==, FLINT_MESSAGE_FAILED);
}

static void
test_bad_message_is_given_back (void)
{
  g_autoptr(Party) party = party_new ();
  XmppSession *session = flint_account_get_session (party->account);
  g_autoptr(GError) error = g_error_new_literal (XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_POLICY_VIOLATION, "The server said no: Too rude");
  g_autofree char *xml = NULL;
  g_autoptr(XmppStanza) stanza = NULL;

  g_assert_true (flint_conversation_send (party->bob, "bad"));
  xml = g_strdup_printf ("<message xmlns='jabber:client' to='" BOB "' id='%s'/>",
                         flint_message_get_id (test_conversation_last (party->bob)));
  stanza = xmpp_stanza_new_from_xml (xml, -1, NULL);
  g_signal_emit_by_name (session, "rejected", stanza, error);
  g_assert_cmpint (get_state (party), ==, FLINT_MESSAGE_FAILED);
  g_assert_cmpstr (flint_message_get_failure (test_conversation_last (party->bob)), ==, "The server said no: Too rude");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/resumption/F15-F16-nothing-is-asked-again", test_nothing_is_asked_again);
  g_test_add_func ("/core/resumption/F18-given-up", test_given_up);
  g_test_add_func ("/core/resumption/signed-out-meanwhile", test_signed_out_meanwhile);
  g_test_add_func ("/core/resumption/F15-rooms-stay", test_rooms_stay);
  g_test_add_func ("/core/resumption/F18-what-a-room-never-sent-back", test_what_a_room_never_sent_back);
  g_test_add_func ("/core/resumption/F14-a-bad-message-is-given-back", test_bad_message_is_given_back);

  return g_test_run ();
}
