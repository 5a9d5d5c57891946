/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is broken in every way, up to the accounts, conversations and rooms: the engine's own test is tests/xmpp/test-hostile.c */
#include "core-fixture.h"
#include "mutations.h"

#include <string.h>

/* Whom the samples are for */
#define JULIET "juliet@capulet.lit"

static const char * const senders[] = {
  JULIET, "capulet.lit", "bob@peer.test/p", "ann@peer.test/p", "room@muc.test", "room@muc.test/juliet", "room@muc.test/bob", "eve@evil.test/x", NULL
};

static void
say (const char *xml,
     gpointer    user_data)
{
  TestCore *test = user_data;

  fake_server_send (test->me->server, xml);
  fake_server_ping (test->me->server);
  g_ptr_array_set_size (test->me->server->waiting, 0);
}

static TestCore *
new_victim (void)
{
  TestCore *test = test_core_new ();
  g_autoptr(XmppJid) bob = xmpp_jid_new (BOB, NULL);
  g_autoptr(XmppJid) room = xmpp_jid_new ("room@muc.test", NULL);

  test->me = test_account_new (test->core, JULIET);
  test_account_login (test->me, TEST_ROSTER);

  /* A chat with something in it that can be acknowledged, corrected, fail; and a room */
  g_assert_nonnull (flint_core_open_chat (test->core, test->me->account, bob));
  test_account_send (test->me, "<message type='chat' from='bob@peer.test/p' id='m1'><body>hello</body></message>");
  flint_room_join_async (flint_core_open_room (test->core, test->me->account, room, "juliet"), NULL, NULL, NULL, NULL);
  test_account_send (test->me,
                     "<presence from='room@muc.test/bob'><x xmlns='http://jabber.org/protocol/muc#user'>"
                     "<item affiliation='member' role='participant'/></x></presence>"
                     "<presence from='room@muc.test/juliet'><x xmlns='http://jabber.org/protocol/muc#user'>"
                     "<item affiliation='member' role='participant'/><status code='110'/></x></presence>"
                     "<message type='groupchat' from='room@muc.test'><subject>s</subject></message>");

  return test;
}

/* Criticals end the test; whoever survives is online, and hears the next ordinary message */
static void
suffer (const char *xml)
{
  g_autoptr(TestCore) test = new_victim ();

  g_test_message ("%.70s", xml);
  mutations_foreach (xml, senders, say, test);
  g_assert_true (flint_account_is_online (test->me->account));
  test_account_send (test->me, "<message type='chat' from='bob@peer.test/p'><body>alive</body></message>");
  g_assert_cmpstr (flint_message_get_body (test_conversation_last (test_account_find (test->me, BOB))), ==, "alive");
}

static void
test_stanzas (void)
{
  for (guint i = 0; mutation_stanzas[i] != NULL; i++)
    suffer (mutation_stanzas[i]);
}

static void
test_messages (gconstpointer type)
{
  for (guint i = 0; mutation_payloads[i] != NULL; i++)
    {
      g_autofree char *xml = g_strdup_printf ("<message type='%s' id='m1'>%s</message>", (const char *) type, mutation_payloads[i]);

      suffer (xml);
    }
}

int
main (int   argc,
      char *argv[])
{
  static const char * const types[] = { "chat", "normal", "headline", "groupchat", "error" };

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/hostile/T119-stanzas-broken-in-every-way", test_stanzas);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autofree char *path = g_strdup_printf ("/core/hostile/T119-messages-broken-in-every-way/%s", types[i]);

      g_test_add_data_func (path, types[i], test_messages);
    }

  return g_test_run ();
}
