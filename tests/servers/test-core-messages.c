/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where messages of every kind arrive in another Flint, over a real server */
#include "test-flint.h"
#include "test-relay.h"

#include "flint-room-info.h"
#include "xmpp-carbons.h"
#include "xmpp-random.h"

typedef struct
{
  TestFlint         *romeo;
  TestFlint         *juliet;
  FlintConversation *romeos;     /* his chat with her, and the other way round */
  FlintConversation *juliets;
} Pair;

static Pair *
pair_new (TestServer *server)
{
  Pair *self = g_new0 (Pair, 1);

  self->romeo = test_flint_new (server, "romeo");
  self->juliet = test_flint_new (server, "juliet");
  test_flint_log_in (self->romeo);
  test_flint_log_in (self->juliet);
  test_flint_befriend (self->romeo, self->juliet);
  self->romeos = test_flint_open_chat (self->romeo, self->juliet);
  self->juliets = test_flint_open_chat (self->juliet, self->romeo);

  return self;
}

static void
pair_free (Pair *self)
{
  test_flint_free (self->romeo);
  test_flint_free (self->juliet);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pair, pair_free)

static gboolean
has_state (FlintConversation *chat,
           const char        *body,
           FlintMessageState  state)
{
  FlintMessage *message = test_flint_find_message (chat, body);

  return message != NULL && flint_message_get_state (message) == state;
}

static char *
get_typing (FlintConversation *chat)
{
  char *typing;

  g_object_get (chat, "typing", &typing, NULL);

  return typing;
}

static gboolean
is_typing (FlintConversation *chat)
{
  g_autofree char *typing = get_typing (chat);

  return typing != NULL;
}

static void
test_a_chat_is_delivered_both_ways (TestServer *server)
{
  g_autoptr(Pair) pair = pair_new (server);

  g_assert_true (flint_conversation_send (pair->romeos, "Hello <b>&amp;</b> 你好 🦊\nand a line"));
  test_wait_for (has_state (pair->juliets, "Hello <b>&amp;</b> 你好 🦊\nand a line", FLINT_MESSAGE_RECEIVED));
  test_wait_for (has_state (pair->romeos, "Hello <b>&amp;</b> 你好 🦊\nand a line", FLINT_MESSAGE_DELIVERED));
  g_assert_cmpuint (flint_conversation_get_unread (pair->juliets), ==, 1);
  g_assert_cmpuint (pair->juliet->n_messages, ==, 1);

  flint_conversation_set_watched (pair->juliets, TRUE);
  g_assert_cmpuint (flint_conversation_get_unread (pair->juliets), ==, 0);
  g_assert_true (flint_conversation_send (pair->juliets, "Good evening"));
  test_wait_for (has_state (pair->romeos, "Good evening", FLINT_MESSAGE_RECEIVED));
  test_wait_for (has_state (pair->juliets, "Good evening", FLINT_MESSAGE_DELIVERED));
}

static void
test_typing_is_seen_until_it_is_sent (TestServer *server)
{
  g_autoptr(Pair) pair = pair_new (server);

  /* who has never said anything is not known to understand it (XEP-0085, 5.1) */
  flint_conversation_send (pair->juliets, "Romeo?");
  test_wait_for (test_flint_find_message (pair->romeos, "Romeo?") != NULL);

  flint_conversation_set_composing (pair->romeos, TRUE);
  test_wait_for (is_typing (pair->juliets));
  flint_conversation_send (pair->romeos, "Done");
  test_wait_for (test_flint_find_message (pair->juliets, "Done") != NULL);
  test_wait_for (!is_typing (pair->juliets));
}

/* The seed's own example */
static void
test_a_headline_is_among_headlines_alone (TestServer *server)
{
  g_autoptr(TestFlint) admin = test_flint_new (server, "admin");
  g_autoptr(TestFlint) juliet = test_flint_new (server, "juliet");
  FlintHeadline *headline;
  g_autoptr(GError) error = NULL;

  test_flint_log_in (admin);
  test_flint_log_in (juliet);

  flint_headline_send (admin->account, flint_account_get_jid (juliet->account),
                       "Server down", "The server is down until noon", &error);
  g_assert_no_error (error);
  test_wait_for (test_flint_find_headline (juliet, "The server is down until noon") != NULL);

  headline = test_flint_find_headline (juliet, "The server is down until noon");
  g_assert_cmpstr (flint_headline_get_subject (headline), ==, "Server down");
  g_assert_true (flint_headline_is_unread (headline));
  g_assert_false (flint_headline_is_official (headline));
  g_assert_true (xmpp_jid_equal_bare (flint_headline_get_from (headline), flint_account_get_jid (admin->account)));
  g_assert_cmpuint (juliet->n_headlines, ==, 1);

  g_assert_cmpuint (juliet->n_messages, ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_conversations (juliet->core)), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_letters (juliet->core)), ==, 0);
}

static void
test_a_message_with_a_subject_is_a_letter_and_is_answered (TestServer *server)
{
  g_autoptr(TestFlint) romeo = test_flint_new (server, "romeo");
  g_autoptr(TestFlint) juliet = test_flint_new (server, "juliet");
  g_autoptr(GError) error = NULL;
  g_autofree char *subject = NULL;
  FlintLetter *letter;
  FlintLetter *answer;

  test_flint_log_in (romeo);
  test_flint_log_in (juliet);

  flint_core_send_letter (romeo->core, romeo->account, flint_account_get_jid (juliet->account),
                          "Sunday", "Shall we meet?\n\nRomeo", NULL, &error);
  g_assert_no_error (error);
  test_wait_for (test_flint_find_letter (juliet, "Shall we meet?\n\nRomeo") != NULL);

  letter = test_flint_find_letter (juliet, "Shall we meet?\n\nRomeo");
  g_assert_cmpstr (flint_letter_get_subject (letter), ==, "Sunday");
  g_assert_true (flint_letter_is_unread (letter));
  g_assert_false (flint_letter_is_own (letter));

  subject = flint_letter_reply_subject (letter);
  flint_core_send_letter (juliet->core, juliet->account, flint_letter_get_from (letter), subject, "Gladly",
                          flint_letter_get_thread (letter), &error);
  g_assert_no_error (error);
  test_wait_for (test_flint_find_letter (romeo, "Gladly") != NULL);

  answer = test_flint_find_letter (romeo, "Gladly");
  g_assert_cmpstr (flint_letter_get_subject (answer), ==, "Re: Sunday");
  g_assert_cmpstr (flint_letter_get_thread (answer), ==, flint_letter_get_thread (letter));
  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_conversations (juliet->core)), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_headlines (juliet->core)), ==, 0);
}

static void
test_an_error_stands_beside_its_message (TestServer *server)
{
  g_autoptr(TestFlint) romeo = test_flint_new (server, "romeo");
  g_autofree char *address = g_strdup_printf ("nobody@%s", test_server_get_domain (server, TEST_HOST_MAIN));
  g_autoptr(XmppJid) nobody = xmpp_jid_new (address, NULL);
  FlintConversation *chat;

  test_flint_log_in (romeo);
  chat = flint_core_open_chat (romeo->core, romeo->account, nobody);
  flint_conversation_send (chat, "Is anybody there?");
  test_wait_for (has_state (chat, "Is anybody there?", FLINT_MESSAGE_FAILED));
  g_assert_nonnull (flint_message_get_failure (test_flint_find_message (chat, "Is anybody there?")));
  g_assert_cmpuint (romeo->n_messages, ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (flint_conversation_get_timeline (chat))), ==, 1);
}

static void
test_what_was_sent_meanwhile_is_there (TestServer *server)
{
  g_autoptr(Pair) pair = pair_new (server);
  g_autoptr(GError) error = NULL;

  test_flint_log_out (pair->juliet);
  test_wait_for (test_flint_sees (pair->romeo, pair->juliet, XMPP_SHOW_OFFLINE));
  flint_conversation_send (pair->romeos, "Sleep well");
  flint_core_send_letter (pair->romeo->core, pair->romeo->account, flint_account_get_jid (pair->juliet->account),
                          "Tomorrow", "At noon", NULL, &error);
  g_assert_no_error (error);
  test_flint_sync (pair->romeo);

  test_flint_log_in (pair->juliet);
  test_wait_for (test_flint_find_message (pair->juliets, "Sleep well") != NULL);
  g_assert_true (flint_message_is_delayed (test_flint_find_message (pair->juliets, "Sleep well")));
  test_wait_for (test_flint_find_letter (pair->juliet, "At noon") != NULL);
  test_wait_for (has_state (pair->romeos, "Sleep well", FLINT_MESSAGE_DELIVERED));
}

/* As if Wi-Fi went for a moment: nobody sees anybody go, and everything is there once (XEP-0198) */
static void
test_a_cut_connection_goes_on (TestServer *server)
{
  g_autoptr(TestRelay) relay = test_relay_new (test_server_get_port (server, TEST_HOST_MAIN));
  g_autoptr(TestFlint) juliet = test_flint_new (server, "juliet");
  g_autoptr(TestFlint) romeo = test_flint_new (server, "romeo");
  FlintConversation *juliets;
  FlintConversation *romeos;

  g_object_set (juliet->account, "port", (int) test_relay_get_port (relay), NULL);
  test_flint_log_in (juliet);
  test_flint_log_in (romeo);
  test_flint_befriend (juliet, romeo);
  juliets = test_flint_open_chat (juliet, romeo);
  romeos = test_flint_open_chat (romeo, juliet);

  test_relay_cut (relay);
  test_wait_for (flint_account_get_state (juliet->account) == FLINT_ACCOUNT_WAITING);
  flint_conversation_send (juliets, "Where are you?");
  g_assert_true (has_state (juliets, "Where are you?", FLINT_MESSAGE_PENDING));
  flint_conversation_send (romeos, "Here I am");
  g_assert_true (test_flint_sees (juliet, romeo, XMPP_SHOW_AVAILABLE));
  g_assert_true (test_flint_sees (romeo, juliet, XMPP_SHOW_AVAILABLE));

  test_wait_for (flint_account_is_online (juliet->account));
  g_assert_true (xmpp_session_is_resumed (flint_account_get_session (juliet->account)));
  test_wait_for (test_flint_find_message (juliets, "Here I am") != NULL);
  test_wait_for (test_flint_find_message (romeos, "Where are you?") != NULL);
  test_wait_for (has_state (juliets, "Where are you?", FLINT_MESSAGE_DELIVERED));
  test_wait_for (has_state (romeos, "Here I am", FLINT_MESSAGE_DELIVERED));
  g_assert_true (test_flint_sees (romeo, juliet, XMPP_SHOW_AVAILABLE));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (flint_conversation_get_timeline (juliets))), ==, 2);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (flint_conversation_get_timeline (romeos))), ==, 2);
}

static gboolean
has_carbons (TestFlint *flint)
{
  XmppSession *session = flint_account_get_session (flint->account);
  gboolean is_enabled;

  g_object_get (xmpp_session_get_module (session, XMPP_TYPE_CARBONS), "enabled", &is_enabled, NULL);

  return is_enabled;
}

static void
test_both_devices_have_the_chat (TestServer *server)
{
  g_autoptr(Pair) pair = pair_new (server);
  g_autoptr(TestFlint) phone = test_flint_new_device (server, pair->juliet, "phone");
  FlintConversation *chat;

  test_flint_log_in (phone);
  test_wait_for (has_carbons (pair->juliet) && has_carbons (phone));
  chat = test_flint_open_chat (phone, pair->romeo);

  flint_conversation_send (pair->romeos, "Where are you?");
  test_wait_for (test_flint_find_message (pair->juliets, "Where are you?") != NULL);
  test_wait_for (test_flint_find_message (chat, "Where are you?") != NULL);

  flint_conversation_send (pair->juliets, "On the balcony");
  test_wait_for (test_flint_find_message (chat, "On the balcony") != NULL);
  g_assert_true (flint_message_is_own (test_flint_find_message (chat, "On the balcony")));
  test_wait_for (test_flint_find_message (pair->romeos, "On the balcony") != NULL);
  test_flint_sync (phone);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (flint_conversation_get_timeline (chat))), ==, 2);
}

/* Rooms */

#define N_PEOPLE 3

typedef struct
{
  TestFlint *people[N_PEOPLE];
  FlintRoom *rooms[N_PEOPLE];    /* as each of them has it; owned */
  char      *address;
} Party;

static gboolean
has_occupants (FlintRoom *room,
               guint      n)
{
  return g_list_model_get_n_items (flint_room_get_occupants (room)) == n;
}

/* Juliet opens it, and all are there */
static Party *
party_new (TestServer *server)
{
  static const char * const nicks[N_PEOPLE] = { "Juliet", "Romeo", "奶妈" };
  Party *self = g_new0 (Party, 1);
  g_autofree char *id = xmpp_random_id ();
  g_autofree char *name = g_utf8_strdown (id, 8);

  self->address = g_strdup_printf ("room-%s@%s", name, test_server_get_conference (server));
  for (guint i = 0; i < N_PEOPLE; i++)
    {
      self->people[i] = test_flint_new (server, "person");
      test_flint_log_in (self->people[i]);
      self->rooms[i] = g_object_ref (test_flint_join (self->people[i], self->address, nicks[i]));
      test_flint_sync (self->people[i]);
    }
  for (guint i = 0; i < N_PEOPLE; i++)
    test_wait_for (has_occupants (self->rooms[i], N_PEOPLE));

  return self;
}

static void
party_free (Party *self)
{
  for (guint i = 0; i < N_PEOPLE; i++)
    {
      g_clear_object (&self->rooms[i]);
      test_flint_free (self->people[i]);
    }
  g_free (self->address);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Party, party_free)

static void
test_three_talk_in_a_room (TestServer *server)
{
  g_autoptr(Party) party = party_new (server);

  for (guint i = 0; i < N_PEOPLE; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u says 你好 <&>", i);

      g_assert_true (flint_conversation_send (flint_room_get_conversation (party->rooms[i]), text));
      for (guint j = 0; j < N_PEOPLE; j++)
        {
          FlintConversation *conversation = flint_room_get_conversation (party->rooms[j]);

          test_wait_for (test_flint_find_message (conversation, text) != NULL);
          g_assert_cmpint (flint_message_is_own (test_flint_find_message (conversation, text)), ==, i == j);
          g_assert_cmpstr (flint_message_get_sender (test_flint_find_message (conversation, text)), ==,
                           flint_room_get_nick (party->rooms[i]));
        }
    }
}

static void
test_a_mention_counts_for_whom_it_names (TestServer *server)
{
  g_autoptr(Party) party = party_new (server);
  FlintConversation *juliets = flint_room_get_conversation (party->rooms[0]);
  FlintConversation *nurses = flint_room_get_conversation (party->rooms[2]);

  flint_conversation_send (flint_room_get_conversation (party->rooms[1]), "Juliet: are you there?");
  test_wait_for (test_flint_find_message (juliets, "Juliet: are you there?") != NULL);
  test_wait_for (test_flint_find_message (nurses, "Juliet: are you there?") != NULL);
  g_assert_cmpuint (flint_conversation_get_mentions (juliets), ==, 1);
  g_assert_cmpuint (flint_conversation_get_mentions (nurses), ==, 0);
}

static void
test_topic_and_leaving_are_seen_by_all (TestServer *server)
{
  g_autoptr(Party) party = party_new (server);

  g_assert_true (flint_room_can_set_subject (party->rooms[0]));
  flint_room_set_subject (party->rooms[0], "A masked ball");
  for (guint i = 0; i < N_PEOPLE; i++)
    test_wait_for (g_strcmp0 (flint_room_get_subject (party->rooms[i]), "A masked ball") == 0);

  flint_room_leave (party->rooms[1]);
  test_wait_for (has_occupants (party->rooms[0], N_PEOPLE - 1) && has_occupants (party->rooms[2], N_PEOPLE - 1));
  g_assert_null (flint_room_find_occupant (party->rooms[0], "Romeo"));
}

static void
test_who_comes_back_is_in_the_room_again (TestServer *server)
{
  g_autoptr(Party) party = party_new (server);

  /* as when the network goes */
  xmpp_session_abort (flint_account_get_session (party->people[1]->account));
  test_wait_for (flint_account_get_state (party->people[1]->account) == FLINT_ACCOUNT_WAITING);
  test_wait_for (test_flint_is_ready (party->people[1]));
  test_wait_for (flint_room_get_state (party->rooms[1]) == XMPP_ROOM_IN);
  test_wait_for (has_occupants (party->rooms[0], N_PEOPLE) && has_occupants (party->rooms[1], N_PEOPLE));

  flint_conversation_send (flint_room_get_conversation (party->rooms[0]), "Welcome back");
  test_wait_for (test_flint_find_message (flint_room_get_conversation (party->rooms[1]), "Welcome back") != NULL);
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

static void
test_how_many_are_in_is_told (TestServer *server)
{
  g_autoptr(Party) party = party_new (server);
  XmppSession *session = flint_account_get_session (party->people[0]->account);
  g_autoptr(XmppDiscoInfo) info = NULL;

  xmpp_disco_info_async (xmpp_session_get_module (session, XMPP_TYPE_DISCO), flint_room_get_jid (party->rooms[0]), NULL, NULL,
                         on_info, &info);
  test_wait_for (info != NULL);
  g_assert_cmpint (flint_room_info_get_people (info), ==, N_PEOPLE);
  g_assert_true (flint_room_info_get_name (info) == NULL || strchr (flint_room_info_get_name (info), '(') == NULL);
}

static const TestServerCase cases[] = {
  { "core/messages/a-chat-is-delivered-both-ways", test_a_chat_is_delivered_both_ways },
  { "core/messages/typing-is-seen-until-it-is-sent", test_typing_is_seen_until_it_is_sent },
  { "core/messages/a-headline-is-among-headlines-alone", test_a_headline_is_among_headlines_alone },
  { "core/messages/a-message-with-a-subject-is-a-letter-and-is-answered",
    test_a_message_with_a_subject_is_a_letter_and_is_answered },
  { "core/messages/an-error-stands-beside-its-message", test_an_error_stands_beside_its_message },
  { "core/messages/what-was-sent-meanwhile-is-there", test_what_was_sent_meanwhile_is_there },
  { "core/messages/F15-a-cut-connection-goes-on", test_a_cut_connection_goes_on },
  { "core/messages/both-devices-have-the-chat", test_both_devices_have_the_chat },
  { "core/rooms/three-talk", test_three_talk_in_a_room },
  { "core/rooms/how-many-are-in-one-is-told", test_how_many_are_in_is_told },
  { "core/rooms/a-mention-counts-for-whom-it-names", test_a_mention_counts_for_whom_it_names },
  { "core/rooms/topic-and-leaving-are-seen-by-all", test_topic_and_leaving_are_seen_by_all },
  { "core/rooms/who-comes-back-is-in-the-room-again", test_who_comes_back_is_in_the_room_again },
};

int
main (int   argc,
      char *argv[])
{
  return test_server_run (argc, argv, cases, G_N_ELEMENTS (cases));
}
