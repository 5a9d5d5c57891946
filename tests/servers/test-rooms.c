/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rooms of a real server, with three people in them */
#include "test-client.h"

typedef struct
{
  char       *address;
  TestClient *juliet;      /* who opened it */
  TestClient *romeo;
  TestClient *nurse;
  XmppRoom   *rooms[3];    /* as each of them sees it; owned */
} Party;

static Party *
party_new (TestServer *server)
{
  Party *self = g_new0 (Party, 1);

  self->address = test_client_new_room (server);
  self->juliet = test_client_new_user (server, "juliet");
  self->romeo = test_client_new_user (server, "romeo");
  self->nurse = test_client_new_user (server, "nurse");

  test_client_log_in (self->juliet);
  test_client_log_in (self->romeo);
  test_client_log_in (self->nurse);

  return self;
}

static guint
count_occupants (XmppRoom *room)
{
  g_autoptr(GPtrArray) occupants = xmpp_room_get_occupants (room);

  return occupants->len;
}

/* All three are there, and each knows it */
static Party *
party_begin (TestServer *server)
{
  Party *self = party_new (server);

  self->rooms[0] = g_object_ref (test_client_join (self->juliet, self->address, "Juliet"));
  self->rooms[1] = g_object_ref (test_client_join (self->romeo, self->address, "Romeo"));
  self->rooms[2] = g_object_ref (test_client_join (self->nurse, self->address, "奶妈"));

  for (guint i = 0; i < G_N_ELEMENTS (self->rooms); i++)
    test_wait_for (count_occupants (self->rooms[i]) == 3);

  return self;
}

static void
party_end (Party *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->rooms); i++)
    g_clear_object (&self->rooms[i]);
  test_client_free (self->juliet);
  test_client_free (self->romeo);
  test_client_free (self->nurse);
  g_free (self->address);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Party, party_end)

static void
test_who_opens_a_room_owns_it (TestServer *server)
{
  g_autoptr(Party) party = party_begin (server);

  g_assert_cmpint (xmpp_room_get_state (party->rooms[0]), ==, XMPP_ROOM_IN);
  g_assert_cmpint (xmpp_room_get_self (party->rooms[0])->affiliation, ==, XMPP_AFFILIATION_OWNER);
  g_assert_cmpint (xmpp_room_get_self (party->rooms[0])->role, ==, XMPP_ROLE_MODERATOR);
  g_assert_cmpint (xmpp_room_get_self (party->rooms[1])->role, ==, XMPP_ROLE_PARTICIPANT);
  g_assert_cmpstr (xmpp_room_get_self (party->rooms[2])->nick, ==, "奶妈");
}

static void
test_what_one_says_all_hear (TestServer *server)
{
  g_autoptr(Party) party = party_begin (server);
  TestClient *clients[] = { party->juliet, party->romeo, party->nurse };
  g_autofree char *from = g_strdup_printf ("%s/Romeo", party->address);

  test_client_send (party->romeo, XMPP_MESSAGE_GROUPCHAT, party->address, NULL, "Good evening, 大家好");
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    {
      const TestMessage *message = test_client_wait (clients[i], "Good evening, 大家好");

      g_assert_cmpint (message->type, ==, XMPP_MESSAGE_GROUPCHAT);
      g_assert_cmpstr (message->from, ==, from);
      g_assert_false (message->is_delayed);
    }
}

static void
test_what_was_said_before_is_told (TestServer *server)
{
  g_autoptr(Party) party = party_new (server);

  test_client_join (party->juliet, party->address, "Juliet");
  test_client_send (party->juliet, XMPP_MESSAGE_GROUPCHAT, party->address, NULL, "Nobody is here yet");
  test_client_wait (party->juliet, "Nobody is here yet");

  test_client_join (party->romeo, party->address, "Romeo");
  g_assert_true (test_client_wait (party->romeo, "Nobody is here yet")->is_delayed);
}

static void
test_the_topic_is_seen_by_all (TestServer *server)
{
  g_autoptr(Party) party = party_begin (server);

  xmpp_room_set_subject (party->rooms[0], "A masked ball");
  for (guint i = 0; i < G_N_ELEMENTS (party->rooms); i++)
    test_wait_for (g_strcmp0 (xmpp_room_get_subject (party->rooms[i]), "A masked ball") == 0);
}

static void
test_a_private_word_is_heard_by_one (TestServer *server)
{
  g_autoptr(Party) party = party_begin (server);
  g_autofree char *to = g_strdup_printf ("%s/Juliet", party->address);
  const TestMessage *message;

  test_client_send (party->romeo, XMPP_MESSAGE_CHAT, to, NULL, "Come to the garden");
  message = test_client_wait (party->juliet, "Come to the garden");
  g_assert_cmpint (message->type, ==, XMPP_MESSAGE_CHAT);
  g_assert_true (message->is_private);

  /* what is said to all afterwards has come, and that not */
  test_client_send (party->romeo, XMPP_MESSAGE_GROUPCHAT, party->address, NULL, "I am leaving");
  test_client_wait (party->nurse, "I am leaving");
  g_assert_null (test_client_find (party->nurse, "Come to the garden"));
}

static void
test_a_new_nickname_is_seen_by_all (TestServer *server)
{
  g_autoptr(Party) party = party_begin (server);

  xmpp_room_set_nick (party->rooms[1], "Montague");
  for (guint i = 0; i < G_N_ELEMENTS (party->rooms); i++)
    {
      test_wait_for (xmpp_room_get_occupant (party->rooms[i], "Montague") != NULL);
      g_assert_null (xmpp_room_get_occupant (party->rooms[i], "Romeo"));
    }
  test_wait_for (g_strcmp0 (xmpp_room_get_nick (party->rooms[1]), "Montague") == 0);
}

static void
test_a_nickname_that_is_taken_is_refused (TestServer *server)
{
  g_autoptr(Party) party = party_new (server);
  g_autoptr(XmppJid) room = xmpp_jid_new (party->address, NULL);
  g_autoptr(GError) error = NULL;

  test_client_join (party->juliet, party->address, "Juliet");
  test_client_try_join (party->romeo, party->address, "Juliet", &error);
  g_assert_error (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_CONFLICT);
}

static void
test_who_leaves_is_gone (TestServer *server)
{
  g_autoptr(Party) party = party_begin (server);

  xmpp_room_leave (party->rooms[1], "Good night");
  test_wait_for (xmpp_room_get_occupant (party->rooms[0], "Romeo") == NULL);
  test_wait_for (xmpp_room_get_state (party->rooms[1]) == XMPP_ROOM_OUT);
  g_assert_cmpuint (count_occupants (party->rooms[0]), ==, 2);
}

static void
test_whose_connection_breaks_is_gone (TestServer *server)
{
  g_autoptr(Party) party = party_begin (server);

  xmpp_session_abort (party->romeo->session);
  test_wait_for (xmpp_room_get_occupant (party->rooms[0], "Romeo") == NULL);
  test_wait_for (xmpp_room_get_occupant (party->rooms[2], "Romeo") == NULL);
  g_assert_cmpint (xmpp_room_get_state (party->rooms[1]), ==, XMPP_ROOM_OUT);
}

static void
test_rooms_are_found (TestServer *server)
{
  g_autoptr(TestClient) juliet = test_client_new_user (server, "juliet");
  g_autoptr(GPtrArray) services = NULL;

  test_client_log_in (juliet);
  services = test_client_find_rooms (juliet);
  g_assert_cmpuint (services->len, ==, 1);
  g_assert_cmpstr (xmpp_jid_get_text (g_ptr_array_index (services, 0)), ==, test_server_get_conference (server));
}

static const TestServerCase cases[] = {
  { "rooms/who-opens-a-room-owns-it", test_who_opens_a_room_owns_it },
  { "rooms/what-one-says-all-hear", test_what_one_says_all_hear },
  { "rooms/what-was-said-before-is-told", test_what_was_said_before_is_told },
  { "rooms/the-topic-is-seen-by-all", test_the_topic_is_seen_by_all },
  { "rooms/a-private-word-is-heard-by-one", test_a_private_word_is_heard_by_one },
  { "rooms/a-new-nickname-is-seen-by-all", test_a_new_nickname_is_seen_by_all },
  { "rooms/a-nickname-that-is-taken-is-refused", test_a_nickname_that_is_taken_is_refused },
  { "rooms/who-leaves-is-gone", test_who_leaves_is_gone },
  { "rooms/whose-connection-breaks-is-gone", test_whose_connection_breaks_is_gone },
  { "rooms/are-found", test_rooms_are_found },
};

int
main (int   argc,
      char *argv[])
{
  return test_server_run (argc, argv, cases, G_N_ELEMENTS (cases));
}
