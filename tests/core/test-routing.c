/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "flint-letter-private.h"

typedef struct
{
  const char *xml;
  const char *expected;
} Row;

#define NOTHING "l0 h0 told 0/0/0"

static void
test_types (void)
{
  static const Row rows[] = {
    /* chat: the conversation of the bare address */
    { "<message from='bob@peer.test/p' type='chat' id='1'><body>x</body></message>",        "bob@peer.test:1 l0 h0 told 1/0/0" },
    { "<message from='bob@peer.test' type='chat'><body>x</body></message>",                 "bob@peer.test:1 l0 h0 told 1/0/0" },
    { "<message from='eve@evil.test/x' type='chat'><body>x</body></message>",               "eve@evil.test:1 l0 h0 told 1/0/0" },
    { "<message from='gate.test' type='chat'><body>x</body></message>",                     "gate.test:1 l0 h0 told 1/0/0" },
    { "<message from='bob@peer.test/p' type='chat'/>",                                      NOTHING },
    { "<message from='bob@peer.test/p' type='chat'><body/></message>",                      NOTHING },
    { "<message from='bob@peer.test/p' type='chat'><subject>x</subject></message>",         NOTHING },
    { "<message from='bob@peer.test/p' type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>", NOTHING },
    { "<message from='bob@peer.test/p' type='chat'><received xmlns='urn:xmpp:receipts' id='x'/></message>", NOTHING },
    { "<message from='me@good.test/other' type='chat'><body>note</body></message>",         "me@good.test:1 l0 h0 told 1/0/0" },

    /* normal: a letter */
    { "<message from='bob@peer.test/p'><body>x</body></message>",                           "l1 h0 told 0/1/0" },
    { "<message from='bob@peer.test/p' type='normal'><subject>s</subject><body>x</body></message>", "l1 h0 told 0/1/0" },
    { "<message from='bob@peer.test/p' type='unheard-of'><body>x</body></message>",         "l1 h0 told 0/1/0" },
    { "<message from='bob@peer.test/p'><subject>s</subject></message>",                     "l1 h0 told 0/1/0" },
    { "<message from='bob@peer.test/p'/>",                                                  NOTHING },
    { "<message from='bob@peer.test/p'><subject/></message>",                               NOTHING },
    { "<message from='bob@peer.test/p'><received xmlns='urn:xmpp:receipts' id='x'/></message>", NOTHING },

    /* headline: only there */
    { "<message from='bob@peer.test/p' type='headline'><body>x</body></message>",           "l0 h1 told 0/0/1" },
    { "<message from='news.test' type='headline'><subject>s</subject></message>",           "l0 h1 told 0/0/1" },
    { "<message from='good.test' type='headline'><subject>s</subject><body>x</body></message>", "l0 h1 told 0/0/1" },
    { "<message from='bob@peer.test' type='headline'><event xmlns='http://jabber.org/protocol/pubsub#event'/></message>", NOTHING },

    /* groupchat: only in a room that we are in (T031) */
    { "<message from='eve@evil.test/x' type='groupchat'><body>x</body></message>",          NOTHING },
    { "<message from='room@muc.test/eve' type='groupchat'><body>x</body></message>",        NOTHING },

    /* error: about something, or nothing */
    { "<message from='bob@peer.test/p' type='error' id='x'><body>x</body><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>", NOTHING },

    /* The server itself writes letters */
    { "<message from='good.test' type='chat'><body>Goes down at noon</body></message>",     "l1 h0 told 0/1/0" },
    { "<message from='good.test'><body>Goes down at noon</body></message>",                 "l1 h0 told 0/1/0" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(TestCore) test = test_core_new_online ();
      g_autofree char *got = NULL;

      g_test_message ("%s", rows[i].xml);
      test_account_send (test->me, rows[i].xml);
      got = test_core_describe (test);

      if (!g_str_equal (got, rows[i].expected))
        g_error ("%s: %s", rows[i].xml, got);
    }
}

static void
test_open_chat (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autoptr(XmppJid) bob = xmpp_jid_new (BOB, NULL);
  FlintConversation *chat = flint_core_open_chat (test->core, test->me->account, bob);
  g_autofree char *got = NULL;

  /* A normal one goes into the chat that is open, but a letter with a subject stays a letter */
  test_account_send (test->me, "<message from='bob@peer.test/p'><body>in the chat</body></message>");
  test_account_send (test->me, "<message from='bob@peer.test/p'><subject>s</subject><body>a letter</body></message>");
  got = test_core_describe (test);
  g_assert_cmpstr (got, ==, "bob@peer.test:1 l1 h0 told 1/1/0");
  g_assert_cmpstr (flint_message_get_body (test_conversation_last (chat)), ==, "in the chat");
  g_assert_true (flint_core_open_chat (test->core, test->me->account, bob) == chat);
}

static void
test_official (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  GListModel *headlines = flint_core_get_headlines (test->core);
  static const char * const senders[] = { "good.test", "good.test/daemon", "admin@good.test", "evil.test", "good.test.evil.test" };

  for (guint i = 0; i < G_N_ELEMENTS (senders); i++)
    {
      g_autofree char *xml = g_strdup_printf ("<message from='%s' type='headline'><body>first line\nmore</body></message>", senders[i]);
      g_autoptr(FlintHeadline) headline = NULL;

      test_account_send (test->me, xml);
      headline = g_list_model_get_item (headlines, 0);
      g_assert_cmpint (flint_headline_is_official (headline), ==, i == 0);
      g_assert_cmpstr (flint_headline_get_subject (headline), ==, "first line");
      g_assert_true (flint_headline_is_unread (headline));
    }
}

static void
test_unread_headlines (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autoptr(FlintHeadline) headline = NULL;
  guint unread;

  test_account_send (test->me, "<message from='a.test' type='headline'><body>x</body></message>"
                               "<message from='a.test' type='headline'><body>y</body></message>");
  g_object_get (test->core, "unread-headlines", &unread, NULL);
  g_assert_cmpuint (unread, ==, 2);

  headline = g_list_model_get_item (flint_core_get_headlines (test->core), 0);
  g_assert_cmpstr (flint_headline_get_body (headline), ==, "y");
  flint_headline_set_unread (headline, FALSE);
  g_object_get (test->core, "unread-headlines", &unread, NULL);
  g_assert_cmpuint (unread, ==, 1);

  flint_core_delete_headline (test->core, headline);
  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_headlines (test->core)), ==, 1);
}

static void
test_bounded (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autoptr(GString) xml = g_string_new (NULL);

  for (guint i = 0; i < 1100; i++)
    g_string_append_printf (xml, "<message from='a.test' type='headline'><body>%u</body></message>"
                                 "<message from='a.test'><body>%u</body></message>"
                                 "<message from='s%u@evil.test' type='chat'><body>%u</body></message>", i, i, i, i);

  test_account_send (test->me, xml->str);
  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_headlines (test->core)), ==, 1000);
  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_letters (test->core)), ==, 1000);
  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_conversations (test->core)), ==, 1000);
  g_assert_nonnull (test_account_find (test->me, "s1099@evil.test"));
  g_assert_null (test_account_find (test->me, "s0@evil.test"));
}

#define CARBON(direction, from, to, children)                                                     \
  "<message from='me@good.test'><" direction " xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>" \
  "<message xmlns='jabber:client' type='chat' id='c1' from='" from "' to='" to "'>" children "</message>" \
  "</forwarded></" direction "></message>"

static void
test_carbons (void)
{
  g_autoptr(TestCore) test = test_core_new ();
  FlintConversation *bob;

  test->me = test_account_new (test->core, ME);
  flint_account_connect (test->me->account);
  test_account_accept (test->me, TEST_ROSTER);

  test_account_send (test->me, CARBON ("sent", "me@good.test/other", "bob@peer.test", "<body>from my phone</body>"));
  bob = test_account_find (test->me, BOB);
  g_assert_nonnull (bob);
  g_assert_cmpuint (test->n_messages, ==, 0);
  g_assert_true (flint_message_is_own (test_conversation_last (bob)));
  g_assert_cmpint (flint_message_get_state (test_conversation_last (bob)), ==, FLINT_MESSAGE_SENT);
  g_assert_cmpuint (flint_conversation_get_unread (bob), ==, 0);

  test_account_send (test->me, CARBON ("received", "bob@peer.test/p", "me@good.test/other", "<body>to my phone</body>"));
  g_assert_cmpuint (test_conversation_count (bob), ==, 2);
  g_assert_false (flint_message_is_own (test_conversation_last (bob)));
  g_assert_cmpuint (test->n_messages, ==, 1);
  g_assert_cmpuint (flint_conversation_get_unread (bob), ==, 1);

  /* Long ago: it is read somewhere, so nobody is called */
  test_account_send (test->me, CARBON ("received", "bob@peer.test/p", "me@good.test/other", "<body>old</body>"
                                       "<delay xmlns='urn:xmpp:delay' from='good.test' stamp='2025-12-31T00:00:00Z'/>"));
  g_assert_cmpuint (test_conversation_count (bob), ==, 3);
  g_assert_cmpuint (test->n_messages, ==, 1);

  /* The copy of a copy says nothing new */
  test_account_send (test->me, CARBON ("sent", "me@good.test/other", "bob@peer.test", "<body>from my phone</body>"));
  g_assert_cmpuint (test_conversation_count (bob), ==, 3);

  /* Not ours, not believed (T001) */
  fake_server_send (test->me->server, "<message from='eve@evil.test'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>"
                    "<message xmlns='jabber:client' type='chat' from='me@good.test/o' to='ann@peer.test'><body>x</body></message></forwarded></sent></message>");
  fake_server_ping (test->me->server);
  g_assert_null (test_account_find (test->me, "ann@peer.test"));
}

/* T050: who says that it was long ago, or will be, does not choose its place */
static void
test_delay (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintConversation *eve;

  test_account_send (test->me, "<message from='eve@evil.test/x' type='chat'><body>one</body></message>"
                               "<message from='eve@evil.test/x' type='chat'><body>two</body><delay xmlns='urn:xmpp:delay' stamp='1999-01-01T00:00:00Z'/></message>"
                               "<message from='eve@evil.test/x' type='chat'><body>three</body><delay xmlns='urn:xmpp:delay' from='eve@evil.test' stamp='2099-01-01T00:00:00Z'/></message>"
                               "<message from='eve@evil.test/x' type='chat'><body>four</body></message>");
  eve = test_account_find (test->me, EVE);
  g_assert_cmpstr (flint_message_get_body (test_conversation_get (eve, 1)), ==, "two");
  g_assert_cmpstr (flint_message_get_body (test_conversation_get (eve, 2)), ==, "three");
  g_assert_cmpstr (flint_message_get_body (test_conversation_get (eve, 3)), ==, "four");
  g_assert_cmpuint (flint_conversation_get_unread (eve), ==, 4);
  g_assert_false (flint_message_is_delayed (test_conversation_get (eve, 1)));

  /* Our own server may say it: offline messages, which are news */
  test_account_send (test->me, "<message from='eve@evil.test/x' type='chat'><body>zero</body>"
                               "<delay xmlns='urn:xmpp:delay' from='good.test' stamp='2025-12-31T00:00:00Z'/></message>");
  g_assert_cmpstr (flint_message_get_body (test_conversation_get (eve, 0)), ==, "zero");
  g_assert_cmpuint (flint_conversation_get_unread (eve), ==, 5);
  g_assert_cmpuint (test->n_messages, ==, 5);
}

/* T054: whatever he calls himself */
static void
test_names (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autofree char *notice = NULL;
  FlintConversation *eve;

  test_account_send (test->me, "<message from='eve@evil.test/Bob' type='chat'><body>hi</body><nick xmlns='http://jabber.org/protocol/nick'>Bob</nick></message>");
  eve = test_account_find (test->me, EVE);
  g_assert_cmpstr (flint_conversation_get_title (eve), ==, EVE);
  g_assert_cmpstr (flint_message_get_sender (test_conversation_last (eve)), ==, EVE);
  g_assert_false (flint_contact_is_listed (flint_conversation_get_contact (eve)));

  g_object_get (eve, "notice", &notice, NULL);
  g_assert_cmpstr (notice, ==, "\342\201\250" EVE "\342\201\251 is not in your contacts.");
}

/* T138: each account has its own, though both know bob */
static void
test_accounts (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autoptr(TestAccount) other = test_account_new (test->core, "too@other.test");
  FlintConversation *mine;
  FlintConversation *theirs;

  test_account_login (other, TEST_ROSTER);
  test_account_send (test->me, "<message from='bob@peer.test/p' type='chat'><body>to me</body></message>");
  test_account_send (other, "<message from='bob@peer.test/p' type='chat'><body>to too</body></message>");

  mine = test_account_find (test->me, BOB);
  theirs = test_account_find (other, BOB);
  g_assert_true (mine != NULL && theirs != NULL && mine != theirs);
  g_assert_true (flint_conversation_get_account (mine) == test->me->account);
  g_assert_true (flint_conversation_get_account (theirs) == other->account);
  g_assert_true (flint_conversation_get_contact (mine) != flint_conversation_get_contact (theirs));
  g_assert_cmpstr (flint_message_get_body (test_conversation_last (mine)), ==, "to me");
  g_assert_cmpstr (flint_message_get_body (test_conversation_last (theirs)), ==, "to too");

  fake_server_settle (test->me->server);
  fake_server_settle (other->server);

  test_conversation_say (mine, "as me");
  test_conversation_say (theirs, "as too");
  fake_server_expect_contains (test->me->server, "<body>as me</body>");
  fake_server_expect_contains (other->server, "<body>as too</body>");
  fake_server_no_more (test->me->server);
  fake_server_no_more (other->server);

  /* A removed account takes its own with it, and nothing else */
  flint_account_list_remove (flint_core_get_accounts (test->core), other->account);
  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_conversations (test->core)), ==, 1);
  g_assert_true (test_account_find (test->me, BOB) == mine);
  fake_server_expect (other->server, "<presence type='unavailable'/>");
  fake_server_close (other->server);
}

/* T120: odd addresses */
static void
test_odd_addresses (void)
{
  static const char * const addresses[] = {
    "", "@x", "x@", "a@b@c", "a@b/", "/r", "@/", "a b@c.test", "\342\200\213@evil.test", "BOB@peer.test", "xn--@x", "127.0.0.1", "[::1]",
    "a@[::1", "\357\275\202ob@peer.test", "bo\302\255b@peer.test",
  };
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autofree char *longest = g_strnfill (3071, 'x');
  g_autoptr(GString) xml = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (addresses) + 1; i++)
    {
      const char *from = i < G_N_ELEMENTS (addresses) ? addresses[i] : longest;

      g_string_append_printf (xml, "<message from='%s' type='chat' id='o%u'><body>x</body></message>"
                                   "<message from='%s' type='headline'><body>x</body></message>"
                                   "<message from='%s' type='groupchat'><body>x</body></message>"
                                   "<message from='%s'><body>x</body></message>"
                                   "<message from='%s' type='error' id='o%u'/>"
                                   "<presence from='%s'/><presence from='%s' type='subscribe'/>", from, i, from, from, from, from, i, from, from);
    }

  test_account_send (test->me, xml->str);

  /* And the next ordinary one is shown */
  test_account_send (test->me, "<message from='bob@peer.test/p' type='chat'><body>alive</body></message>");
  g_assert_cmpstr (flint_message_get_body (test_conversation_last (test_account_find (test->me, BOB))), ==, "alive");
}

static void
test_letters (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  GListModel *letters = flint_core_get_letters (test->core);
  g_autoptr(XmppJid) bob = xmpp_jid_new (BOB, NULL);
  g_autoptr(FlintLetter) received = NULL;
  g_autoptr(FlintLetter) sent = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *subject = NULL;
  g_autofree char *id = NULL;
  g_autofree char *xml = NULL;

  test_account_send (test->me, "<message from='bob@peer.test/p'><subject>re: RE: Lunch</subject><body>Where?</body><thread>t1</thread></message>");
  received = g_list_model_get_item (letters, 0);
  g_assert_cmpstr (flint_letter_get_sender (received), ==, "Bob");
  g_assert_cmpstr (flint_letter_get_thread (received), ==, "t1");
  subject = flint_letter_reply_subject (received);
  g_assert_cmpstr (subject, ==, "Re: Lunch");

  g_assert_true (flint_core_send_letter (test->core, test->me->account, bob, subject, "Here", flint_letter_get_thread (received), &error));
  g_assert_no_error (error);
  id = fake_xml_get (fake_server_expect_contains (test->me->server, "<subject>Re: Lunch</subject><body>Here</body><thread>t1</thread>"), "id");
  sent = g_list_model_get_item (letters, 0);
  g_assert_true (flint_letter_is_own (sent));
  g_assert_cmpint (flint_letter_get_state (sent), ==, FLINT_MESSAGE_SENT);

  /* Its receipt, from him alone */
  xml = g_strdup_printf ("<message from='eve@evil.test/x'><received xmlns='urn:xmpp:receipts' id='%s'/></message>", id);
  test_account_send (test->me, xml);
  g_assert_cmpint (flint_letter_get_state (sent), ==, FLINT_MESSAGE_SENT);
  g_free (xml);
  xml = g_strdup_printf ("<message from='bob@peer.test/p'><received xmlns='urn:xmpp:receipts' id='%s'/></message>", id);
  test_account_send (test->me, xml);
  g_assert_cmpint (flint_letter_get_state (sent), ==, FLINT_MESSAGE_DELIVERED);

  g_assert_true (flint_headline_send (test->me->account, bob, "News", "Read", &error));
  fake_server_expect_contains (test->me->server, "<message type='headline' to='bob@peer.test'");

  flint_core_delete_letter (test->core, received);
  g_assert_cmpuint (g_list_model_get_n_items (letters), ==, 1);

  fake_server_reset (test->me->server);
  fake_server_wait_until (!flint_account_is_online (test->me->account));
  g_assert_false (flint_core_send_letter (test->core, test->me->account, bob, "s", "b", NULL, &error));
  g_assert_error (error, XMPP_ERROR, XMPP_ERROR_DISCONNECTED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/routing/each-of-the-five-types-has-its-place", test_types);
  g_test_add_func ("/core/routing/a-normal-one-joins-the-chat-that-is-open", test_open_chat);
  g_test_add_func ("/core/routing/a-headline-is-official-only-from-our-server-itself", test_official);
  g_test_add_func ("/core/routing/unread-headlines-are-counted", test_unread_headlines);
  g_test_add_func ("/core/routing/nothing-grows-without-end", test_bounded);
  g_test_add_func ("/core/routing/what-our-other-devices-say-and-hear-is-here-too", test_carbons);
  g_test_add_func ("/core/routing/T050-nobody-chooses-the-time-of-his-message", test_delay);
  g_test_add_func ("/core/routing/T054-a-stranger-is-called-by-his-address", test_names);
  g_test_add_func ("/core/routing/T138-accounts-do-not-mix", test_accounts);
  g_test_add_func ("/core/routing/T120-odd-addresses-do-no-harm", test_odd_addresses);
  g_test_add_func ("/core/routing/letters-are-written-answered-and-delivered", test_letters);

  return g_test_run ();
}
