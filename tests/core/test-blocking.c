/* SPDX-License-Identifier: GPL-3.0-or-later */
/* T140: who is blocked is not heard, whatever the server can */
#include "core-fixture.h"

#include <string.h>

#define FROM_EVE(attributes, children) "<message from='eve@evil.test/x' to='me@good.test/r1' " attributes ">" children "</message>"

typedef struct
{
  gboolean  is_done;
  GError   *error;
} Change;

static void
on_changed (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Change *change = user_data;

  flint_account_change_finish (FLINT_ACCOUNT (source), result, &change->error);
  change->is_done = TRUE;
}

/* condition: how the server refuses; NULL: it does not. Returns what the person is told, NULL for success */
static GError *
set_blocked (TestCore   *test,
             const char *address,
             gboolean    block,
             const char *condition)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (address, NULL);
  Change change = { FALSE };

  flint_account_block_async (test->me->account, jid, block, on_changed, &change);
  if (condition != NULL)
    fake_server_refuse (test->me->server, "urn:xmpp:blocking", "cancel", condition);
  else
    fake_server_answer (test->me->server, "urn:xmpp:blocking", NULL);
  fake_server_wait_until (change.is_done);
  fake_server_settle (test->me->server);

  return change.error;
}

static void
assert_unheard (TestCore *test)
{
  g_autofree char *before = test_core_describe (test);
  g_autofree char *after = NULL;

  test_account_send (test->me,
    FROM_EVE ("type='chat' id='1'", "<body>x</body><request xmlns='urn:xmpp:receipts'/>")
    FROM_EVE ("id='2'", "<subject>s</subject><body>x</body>")
    FROM_EVE ("type='headline'", "<body>x</body>")
    FROM_EVE ("type='chat'", "<composing xmlns='http://jabber.org/protocol/chatstates'/>")
    FROM_EVE ("", "<x xmlns='jabber:x:conference' jid='trap@evil.test'/>")
    "<message from='trap@muc.test' to='me@good.test/r1'><x xmlns='http://jabber.org/protocol/muc#user'><invite from='eve@evil.test'/></x></message>"
    "<message from='me@good.test'><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>"
    "<message xmlns='jabber:client' from='eve@evil.test/x' to='me@good.test/phone' type='chat'><body>x</body></message></forwarded></received></message>"
    "<presence from='eve@evil.test' type='subscribe'/>");
  after = test_core_describe (test);
  g_assert_cmpstr (after, ==, before);
  g_assert_cmpuint (test->n_invitations, ==, 0);
  g_assert_cmpuint (test->n_requests, ==, 0);
  fake_server_no_more (test->me->server);
}

static void
test_unable_server (gconstpointer condition)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autoptr(FlintAccount) again = NULL;
  g_auto(GStrv) blocked = NULL;
  g_autofree char *notice = NULL;
  FlintConversation *eve;

  test_account_send (test->me, FROM_EVE ("type='chat'", "<body>first</body>"));
  eve = test_account_find (test->me, EVE);
  g_assert_no_error (set_blocked (test, EVE, TRUE, condition));
  assert_unheard (test);
  g_assert_false (flint_conversation_send (eve, "x"));
  g_object_get (eve, "notice", &notice, NULL);
  g_assert_nonnull (strstr (notice, "You have blocked"));

  /* Others are heard as ever */
  test_account_send (test->me, "<message from='bob@peer.test/p' type='chat'><body>hello</body></message>");
  g_assert_nonnull (test_account_find (test->me, BOB));

  /* And the next time Flint runs */
  flint_account_write (test->me->account, file);
  again = g_object_new (FLINT_TYPE_ACCOUNT, "id", flint_account_get_id (test->me->account), NULL);
  flint_account_read (again, file);
  g_object_get (again, "blocked", &blocked, NULL);
  g_assert_cmpstr (blocked[0], ==, EVE);

  g_assert_no_error (set_blocked (test, EVE, FALSE, condition));
  test_account_send (test->me, FROM_EVE ("type='chat'", "<body>second</body>"));
  g_assert_cmpstr (flint_message_get_body (test_conversation_last (eve)), ==, "second");
  test_conversation_say (eve, "x");
}

/* One that can block, and lets something through all the same */
static void
test_late_server (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_auto(GStrv) blocked = NULL;

  g_assert_no_error (set_blocked (test, EVE, TRUE, NULL));
  test_account_send (test->me, "<iq type='set' id='p'><block xmlns='urn:xmpp:blocking'><item jid='eve@evil.test'/></block></iq>");
  fake_server_settle (test->me->server);
  assert_unheard (test);

  g_object_get (test->me->account, "blocked", &blocked, NULL);
  g_assert_cmpuint (g_strv_length (blocked), ==, 0);
}

/* One that does not want to is believed, and the person hears it */
static void
test_unwilling_server (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autoptr(GError) error = set_blocked (test, EVE, TRUE, "not-allowed");

  g_assert_error (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_NOT_ALLOWED);
  test_account_send (test->me, FROM_EVE ("type='chat'", "<body>first</body>"));
  g_assert_nonnull (test_account_find (test->me, EVE));
}

static void
test_occupant (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintRoom *room = test_account_join (test->me, "<presence from='room@muc.test/eve'><x xmlns='http://jabber.org/protocol/muc#user'><item role='participant' affiliation='none'/></x></presence>");
  guint before;

  g_assert_no_error (set_blocked (test, "room@muc.test/eve", TRUE, "service-unavailable"));
  before = test_conversation_count (flint_room_get_conversation (room));
  test_account_send (test->me, "<message from='room@muc.test/eve' type='groupchat'><body>x</body></message>"
                               "<message from='room@muc.test/eve' type='chat'><body>x</body><x xmlns='http://jabber.org/protocol/muc#user'/></message>");
  g_assert_cmpuint (test_conversation_count (flint_room_get_conversation (room)), ==, before);
  g_assert_null (test_account_find (test->me, "room@muc.test/eve"));

  test_account_send (test->me, "<message from='room@muc.test/ann' type='groupchat'><body>y</body></message>");
  g_assert_cmpuint (test_conversation_count (flint_room_get_conversation (room)), ==, before + 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/core/blocking/T140-a-server-without-blocking-is-not-needed", "service-unavailable", test_unable_server);
  g_test_add_data_func ("/core/blocking/T140-nor-one-that-says-so-otherwise", "feature-not-implemented", test_unable_server);
  g_test_add_func ("/core/blocking/T140-what-a-server-lets-through-is-not-heard", test_late_server);
  g_test_add_func ("/core/blocking/T140-a-refusal-is-told", test_unwilling_server);
  g_test_add_func ("/core/blocking/T140-an-occupant-can-be-blocked", test_occupant);

  return g_test_run ();
}
