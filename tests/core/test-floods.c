/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is too large, and what is too much: it is told, or forgotten, and the chat goes on */
#include "core-fixture.h"

#include <string.h>

#define HELLO(id) "<message from='bob@peer.test/p' to='me@good.test/r1' type='chat' id='" id "'><body>hello</body></message>"

/* 5 MB of one stanza: it is said that there was one, whether or not the chat was open */
static void
test_five_megabytes (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autofree char *body = g_strnfill (5 * 1000 * 1000, 'x');
  g_autofree char *from_bob = g_strdup_printf ("<message from='bob@peer.test/p' to='me@good.test/r1' type='chat' id='big'><body>%s</body></message>", body);
  g_autofree char *from_eve = g_strdup_printf ("<message from='eve@evil.test/x' to='me@good.test/r1' type='chat' id='big'><body>%s</body></message>", body);
  FlintConversation *bob;

  test_account_send (test->me, from_eve);
  g_assert_null (test_account_find (test->me, EVE));

  test_account_send (test->me, from_bob);
  bob = test_account_find (test->me, BOB);
  g_assert_nonnull (bob);
  g_assert_cmpint (flint_message_get_kind (test_conversation_last (bob)), ==, FLINT_MESSAGE_SYSTEM);
  g_assert_cmpstr (flint_message_get_body (test_conversation_last (bob)), ==, "A message was too large to be shown.");

  test_account_send (test->me, HELLO ("h"));
  g_assert_cmpuint (test_conversation_count (bob), ==, 2);
  g_assert_true (flint_account_is_online (test->me->account));
}

/* A flood of messages of a megabyte is forgotten before it fills our memory */
static void
test_flood_of_megabytes (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autofree char *body = g_strnfill (1024 * 1024, 'x');
  g_autofree char *letter = g_strdup_printf ("<message from='eve@evil.test/x'><subject>s</subject><body>%s</body></message>", body);
  g_autofree char *headline = g_strdup_printf ("<message from='eve@evil.test/x' type='headline'><body>%s</body></message>", body);

  for (guint i = 0; i < 50; i++)
    {
      test_account_send (test->me, letter);
      test_account_send (test->me, headline);
    }

  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_letters (test->core)), <=, 32);
  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_headlines (test->core)), <=, 32);
  g_assert_cmpuint (test->n_letters, ==, 50);
  test_core_assert_chat_works (test);
}

/* T110, F40: thousands come and go; that is a few lines, not thousands, and who is there is right in the end */
static void
test_room_churn (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintRoom *room = test_account_join (test->me, NULL);
  FlintConversation *conversation = flint_room_get_conversation (room);
  g_autoptr(GString) xml = g_string_new (NULL);
  guint before = test_conversation_count (conversation);
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (xml, "<presence from='room@muc.test/n%u'><x xmlns='http://jabber.org/protocol/muc#user'><item role='participant' affiliation='none'/></x></presence>"
                                 "<presence from='room@muc.test/n%u' type='unavailable'><x xmlns='http://jabber.org/protocol/muc#user'><item role='none' affiliation='none'/></x></presence>", i, i);
  for (guint i = 0; i < 2000; i++)
    g_string_append_printf (xml, "<presence from='room@muc.test/m%u' type='unavailable'><x xmlns='http://jabber.org/protocol/muc#user'><item role='none' affiliation='none' nick='m%u'/><status code='303'/></x></presence>"
                                 "<presence from='room@muc.test/m%u'><x xmlns='http://jabber.org/protocol/muc#user'><item role='participant' affiliation='none'/></x></presence>", i, i + 1, i + 1);
  test_account_send (test->me, xml->str);

  g_test_message ("%u rows, %" G_GINT64_FORMAT " ms", test_conversation_count (conversation) - before, (g_get_monotonic_time () - start) / 1000);
  g_assert_cmpuint (test_conversation_count (conversation) - before, <=, 20);
  g_assert_cmpuint (g_list_model_get_n_items (flint_room_get_occupants (room)), <=, 2002);
  g_assert_cmpuint (test->n_messages, ==, 0);
  fake_server_no_more (test->me->server);
  test_core_assert_chat_works (test);
}

/* F41: a picture of 5 MB is not read, and not asked for again */
static void
test_huge_picture (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autoptr(XmppJid) jid = xmpp_jid_new (BOB, NULL);
  FlintContact *bob = flint_contact_list_find (flint_account_get_contacts (test->me->account), jid);
  g_autofree char *data = g_strnfill (5 * 1000 * 1000, 'A');
  g_autofree char *vcard = g_strdup_printf ("<vCard xmlns='vcard-temp'><PHOTO><TYPE>image/png</TYPE><BINVAL>%s</BINVAL></PHOTO></vCard>", data);
  g_autoptr(GBytes) avatar = NULL;

  test_account_send (test->me, "<presence from='bob@peer.test/p'><x xmlns='vcard-temp:x:update'>"
                               "<photo>0123456789abcdef0123456789abcdef01234567</photo></x></presence>");
  fake_server_settle (test->me->server);
  g_object_get (bob, "avatar", &avatar, NULL);
  fake_server_answer (test->me->server, "<vCard xmlns='vcard-temp'/>", vcard);
  fake_server_no_more (test->me->server);

  for (guint i = 0; i < 10; i++)
    {
      g_clear_pointer (&avatar, g_bytes_unref);
      g_object_get (bob, "avatar", &avatar, NULL);
      g_assert_null (avatar);
      test_account_send (test->me, "<presence from='bob@peer.test/p'><show>away</show><x xmlns='vcard-temp:x:update'>"
                                   "<photo>0123456789abcdef0123456789abcdef01234567</photo></x></presence>");
      fake_server_no_more (test->me->server);
    }

  test_core_assert_chat_works (test);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/floods/T116-five-megabytes-are-told-of", test_five_megabytes);
  g_test_add_func ("/core/floods/T069-a-flood-of-megabytes-is-forgotten-in-time", test_flood_of_megabytes);
  g_test_add_func ("/core/floods/T110-thousands-who-come-and-go-are-a-few-lines", test_room_churn);
  g_test_add_func ("/core/floods/F41-a-huge-picture-is-fetched-once", test_huge_picture);

  return g_test_run ();
}
