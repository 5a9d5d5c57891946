/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Flint does not do yet, or never will, and what people could have it do: each stanza says nothing, does
 * nothing and is answered by nothing but an error, and the chat goes on. The numbers are those of the list of
 * threats.
 */
#include "core-fixture.h"

#include "flint-contact-list-private.h"

#include <string.h>

#define EVE_X    "from='eve@evil.test/x' to='me@good.test/r1'"
#define BOB_P    "from='bob@peer.test/p' to='me@good.test/r1'"
#define NOTHING  "l0 h0 told 0/0/0"
#define REFUSED  "<service-unavailable "

#define FORWARD(xml)  "<forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2020-01-01T00:00:00Z'/>" xml "</forwarded>"
#define SPOOF         "<message xmlns='jabber:client' from='bob@peer.test' to='me@good.test' type='chat' id='s1'><body>SPOOF</body></message>"
#define MAM(attributes, xml) "<result xmlns='urn:xmpp:mam:2' " attributes ">" xml "</result>"
#define EVENT(items)  "<event xmlns='http://jabber.org/protocol/pubsub#event'>" items "</event>"
#define BOOKMARK      "<item id='trap@evil.test'><conference xmlns='urn:xmpp:bookmarks:1' autojoin='true' name='Work'><nick>me</nick></conference></item>"
#define BOB_SAID      "<message " BOB_P " type='chat' id='m1'><body>first</body></message>"
#define REPLACE(id)   "<replace xmlns='urn:xmpp:message-correct:0' id='" id "'/>"
#define IN_ROOM       "<message from='room@muc.test/ann' to='me@good.test/r1' type='groupchat' id='g1'><body>first</body>" \
                      "<stanza-id xmlns='urn:xmpp:sid:0' by='room@muc.test' id='s1'/></message>"

typedef struct
{
  const char *name;
  const char *before;     /* what was said before; NULL: nothing */
  const char *xml;
  const char *expected;   /* what test_core_describe () says afterwards */
  const char *answer;     /* the only thing on the wire; NULL: nothing */
} Row;

static const Row rows[] = {
  /* Results of an archive that nobody asked for */
  { "T008-a-result-from-a-stranger", NULL,
    "<message from='eve@evil.test' to='me@good.test/r1'>" MAM ("queryid='q' id='1'", FORWARD (SPOOF)) "</message>", NOTHING, NULL },
  { "T008-a-result-with-a-text-beside-it", NULL,
    "<message " EVE_X " type='chat'><body>mine</body>" MAM ("queryid='q' id='1'", FORWARD (SPOOF)) "</message>",
    NOTHING, NULL },
  { "T009-a-result-from-another-device", NULL,
    "<message from='me@good.test/phone' to='me@good.test/r1'>" MAM ("queryid='q' id='1'", FORWARD (SPOOF)) "</message>", NOTHING, NULL },
  { "T009-a-result-from-the-server", NULL,
    "<message from='good.test' to='me@good.test/r1'>" MAM ("queryid='q' id='1'", FORWARD (SPOOF)) "</message>", NOTHING, NULL },
  { "T010-a-result-from-our-account-without-a-query", NULL,
    "<message from='me@good.test' to='me@good.test/r1'>" MAM ("queryid='q' id='1'", FORWARD (SPOOF)) "</message>"
    "<message to='me@good.test/r1'>" MAM ("id='1'", FORWARD (SPOOF)) "</message>", NOTHING, NULL },
  { "T010-a-result-after-the-end", NULL,
    "<message from='me@good.test'><fin xmlns='urn:xmpp:mam:1' queryid='q' complete='true'/></message>"
    "<iq type='result' id='q' from='me@good.test'><fin xmlns='urn:xmpp:mam:2' complete='true'/></iq>"
    "<message from='me@good.test'>" MAM ("queryid='q' id='1'", FORWARD (SPOOF)) "</message>", NOTHING, NULL },
  { "T011-a-result-that-says-who-made-it", NULL,
    "<message " EVE_X ">" MAM ("queryid='q' id='1' by='eve@evil.test/x'", FORWARD (SPOOF)) "</message>"
    "<message " EVE_X ">" MAM ("queryid='q' id='1' by='me@good.test'", FORWARD (SPOOF)) "</message>", NOTHING, NULL },
  { "T013-broken-results", NULL,
    "<message from='me@good.test'>" MAM ("", "") "</message>"
    "<message from='me@good.test'>" MAM ("queryid='q' id=''", "<forwarded xmlns='urn:xmpp:forward:0'/>") "</message>"
    "<message from='me@good.test'>" MAM ("id='1'", "<forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='no'/></forwarded>") "</message>"
    "<message from='me@good.test'><fin xmlns='urn:xmpp:mam:2'/></message>", NOTHING, NULL },

  /* Events of PEP */
  { "T023-a-stranger-sets-bookmarks", NULL,
    "<message from='eve@evil.test' type='headline'>" EVENT ("<items node='urn:xmpp:bookmarks:1'>" BOOKMARK "</items>") "</message>"
    "<message from='eve@evil.test' type='headline'>" EVENT ("<items node='urn:xmpp:bookmarks:1'><retract id='room@muc.test'/></items>") "</message>"
    "<message from='eve@evil.test' type='headline'>" EVENT ("<purge node='urn:xmpp:bookmarks:1'/>") "</message>"
    "<message from='eve@evil.test' type='headline'>" EVENT ("<delete node='storage:bookmarks'/>") "</message>", NOTHING, NULL },
  { "T023-nor-does-a-bookmark-of-ours-join", NULL,
    "<message from='me@good.test' type='headline'>" EVENT ("<items node='urn:xmpp:bookmarks:1'>" BOOKMARK "</items>") "</message>"
    "<message from='me@good.test'>" EVENT ("<items node='storage:bookmarks'><item id='current'><storage xmlns='storage:bookmarks'>"
    "<conference jid='trap@evil.test' autojoin='true'/></storage></item></items>") "</message>", NOTHING, NULL },
  { "T024-a-picture-and-keys-in-somebodys-name", NULL,
    "<message from='eve@evil.test' type='headline'>" EVENT ("<items node='urn:xmpp:avatar:metadata'><item id='x' publisher='bob@peer.test'>"
    "<metadata xmlns='urn:xmpp:avatar:metadata'><info bytes='9' id='x' type='image/png'/></metadata></item></items>")
    "<addresses xmlns='http://jabber.org/protocol/address'><address type='replyto' jid='bob@peer.test'/></addresses></message>"
    "<message from='eve@evil.test' type='headline'>" EVENT ("<items node='eu.siacs.conversations.axolotl.devicelist'><item publisher='bob@peer.test'>"
    "<list xmlns='eu.siacs.conversations.axolotl'><device id='1'/></list></item></items>") "</message>"
    "<message from='eve@evil.test' type='headline'>" EVENT ("<items node='http://jabber.org/protocol/nick'><item publisher='bob@peer.test'>"
    "<nick xmlns='http://jabber.org/protocol/nick'>Bob</nick></item></items>") "</message>", NOTHING, NULL },

  /* Who speaks is the stanza's "from", and nothing else */
  { "T025-an-address-within-is-nobody", NULL,
    "<message " EVE_X " type='chat'><body>x</body><addresses xmlns='http://jabber.org/protocol/address'>"
    "<address type='ofrom' jid='bob@peer.test'/><address type='replyto' jid='bob@peer.test'/></addresses>"
    "<headers xmlns='http://jabber.org/protocol/shim'><header name='From'>bob@peer.test</header></headers>"
    "<replyto xmlns='jabber:client' jid='bob@peer.test'/></message>",
    "eve@evil.test:1 l0 h0 told 1/0/0", NULL },
  { "T053-a-forwarded-message-is-not-said-to-us", NULL,
    "<message " BOB_P " type='chat'>" FORWARD ("<message xmlns='jabber:client' from='eve@evil.test' to='me@good.test' type='chat'><body>SPOOF</body></message>")
    "</message>", NOTHING, NULL },
  { "T053-a-text-beside-it-is-the-senders", NULL,
    "<message " BOB_P " type='chat'><body>look</body>"
    FORWARD ("<message xmlns='jabber:client' from='eve@evil.test' to='me@good.test' type='chat'><body>SPOOF</body></message>")
    "</message>", "bob@peer.test:1 l0 h0 told 1/0/0", NULL },

  /* Remote control, relays, files and calls */
  { "T027-a-command-of-a-stranger", NULL,
    "<iq " EVE_X " type='set' id='c'><command xmlns='http://jabber.org/protocol/commands' node='http://jabber.org/protocol/rc#forward' action='execute'/></iq>",
    NOTHING, REFUSED },
  { "T027-a-command-of-our-own-device", NULL,
    "<iq from='me@good.test/phone' type='set' id='c'><command xmlns='http://jabber.org/protocol/commands' node='http://jabber.org/protocol/rc#forward' action='execute'/></iq>",
    NOTHING, REFUSED },
  { "T028-relays-of-a-stranger", NULL,
    "<iq " EVE_X " type='set' id='c'><services xmlns='urn:xmpp:extdisco:2'><service host='evil.test' port='3478' type='turn' transport='udp'/></services></iq>",
    NOTHING, REFUSED },
  { "T028-relays-of-our-server", NULL,
    "<iq from='good.test' type='set' id='c'><query xmlns='google:jingleinfo'><stun><server host='evil.test' udp='1'/></stun></query></iq>",
    NOTHING, REFUSED },
  { "T095-a-call", NULL,
    "<iq " EVE_X " type='set' id='c'><jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' initiator='eve@evil.test/x' sid='a'/></iq>",
    NOTHING, REFUSED },
  { "T097-a-request-for-a-file", NULL,
    "<iq " BOB_P " type='set' id='c'><jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' initiator='eve@evil.test/x' sid='a'>"
    "<content creator='initiator' name='f' senders='responder'><description xmlns='urn:xmpp:jingle:apps:file-transfer:5'>"
    "<file><name>/etc/passwd</name></file></description></content></jingle></iq>", NOTHING, REFUSED },
  { "T098-a-stream-of-bytes", NULL,
    "<iq " BOB_P " type='set' id='c'><open xmlns='http://jabber.org/protocol/ibb' block-size='4096' sid='i'/></iq>", NOTHING, REFUSED },
  { "T099-a-proposed-call", NULL,
    "<message " EVE_X " type='chat' id='p'><propose xmlns='urn:xmpp:jingle-message:0' id='a'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/></propose>"
    "<markable xmlns='urn:xmpp:chat-markers:0'/><request xmlns='urn:xmpp:receipts'/></message>", NOTHING, NULL },
  { "T092-a-preview-of-a-page", NULL,
    "<message " EVE_X " type='chat'><body>https://evil.test/unique</body><x xmlns='jabber:x:oob'><url>https://evil.test/unique</url></x></message>",
    "eve@evil.test:1 l0 h0 told 1/0/0", NULL },

  /* What was said stays as it was said */
  { "T037-another-persons-correction", BOB_SAID,
    "<message " EVE_X " type='chat' id='e1'><body>evil</body>" REPLACE ("m1") "</message>",
    "eve@evil.test:1 bob@peer.test:1 l0 h0 told 2/0/0", NULL },
  { "T037-a-correction-is-a-new-message", BOB_SAID,
    "<message " BOB_P " type='chat' id='m2'><body>second</body>" REPLACE ("m1") "</message>",
    "bob@peer.test:2 l0 h0 told 2/0/0", NULL },
  { "T039-corrections-in-a-circle", BOB_SAID,
    "<message " BOB_P " type='chat' id='m2'><body>b</body>" REPLACE ("m2") "</message>"
    "<message " BOB_P " type='chat' id='m3'><body>c</body>" REPLACE ("m4") "</message>"
    "<message " BOB_P " type='chat' id='m4'><body>d</body>" REPLACE ("m3") "</message>",
    "bob@peer.test:4 l0 h0 told 4/0/0", NULL },
  { "T041-a-retraction-by-another-person", BOB_SAID,
    "<message " EVE_X " type='chat'><retract xmlns='urn:xmpp:message-retract:1' id='m1'/></message>"
    "<message " EVE_X " type='chat'><apply-to xmlns='urn:xmpp:fasten:0' id='m1'><retract xmlns='urn:xmpp:message-retract:0'/></apply-to></message>",
    "bob@peer.test:1 l0 h0 told 1/0/0", NULL },
  { "T041-a-retraction-by-another-occupant", IN_ROOM,
    "<message from='room@muc.test/eve' to='me@good.test/r1' type='groupchat'><retract xmlns='urn:xmpp:message-retract:1' id='s1'/></message>",
    "room@muc.test:1 l0 h0 told 1/0/0", NULL },
  { "T042-moderation-by-an-occupant", IN_ROOM,
    "<message from='room@muc.test/eve' to='me@good.test/r1' type='groupchat'><retract xmlns='urn:xmpp:message-retract:1' id='s1'>"
    "<moderated xmlns='urn:xmpp:message-moderate:1' by='room@muc.test'/></retract></message>",
    "room@muc.test:1 l0 h0 told 1/0/0", NULL },
  { "T043-reactions", BOB_SAID,
    "<message " EVE_X " type='chat'><reactions xmlns='urn:xmpp:reactions:0' id='m1'><reaction>x</reaction></reactions></message>",
    "bob@peer.test:1 l0 h0 told 1/0/0", NULL },
  { "T044-a-fallback-hides-nothing", NULL,
    "<message " EVE_X " type='chat'><body>all of it</body><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'>"
    "<body start='5' end='4294967295'/></fallback><fallback xmlns='urn:xmpp:fallback:0' for='urn:x'><body/></fallback></message>",
    "eve@evil.test:1 l0 h0 told 1/0/0", NULL },

  /* Whose it is stands in the attribute of no namespace, wherever that stands */
  { "T021-a-shadowed-sender", NULL,
    "<message " EVE_X " xmlns:a='urn:a' a:from='me@good.test' a:type='groupchat' a:id='z' type='chat' id='n1'><body>one</body></message>"
    "<message xmlns:a='urn:a' a:from='bob@peer.test' a:type='groupchat' a:id='z' type='chat' id='n2' " EVE_X "><body>two</body></message>",
    "eve@evil.test:2 l0 h0 told 2/0/0", NULL },

  /* Ids are not believed to be anybody's place in an archive, and suppress nothing */
  { "T048-a-forged-archive-id", "<message " EVE_X " type='chat' id='e1'><body>x</body><stanza-id xmlns='urn:xmpp:sid:0' by='me@good.test' id='Z'/>"
    "<stanza-id xmlns='urn:xmpp:sid:0' by='eve@evil.test' id='Y'/></message>",
    "<message " BOB_P " type='chat' id='b1'><body>first</body><stanza-id xmlns='urn:xmpp:sid:0' by='me@good.test' id='Z'/></message>",
    "bob@peer.test:1 eve@evil.test:1 l0 h0 told 2/0/0", NULL },
  { "T049-the-id-of-another-person", "<message " EVE_X " type='chat' id='X'><body>x</body><origin-id xmlns='urn:xmpp:sid:0' id='X'/></message>",
    "<message " BOB_P " type='chat' id='X'><body>first</body><origin-id xmlns='urn:xmpp:sid:0' id='X'/></message>",
    "bob@peer.test:1 eve@evil.test:1 l0 h0 told 2/0/0", NULL },
  { "T049-empty-ids", "<message " BOB_P " type='chat' id=''><body>first</body><origin-id xmlns='urn:xmpp:sid:0' id=''/></message>",
    "<message " BOB_P " type='chat' id=''><body>second</body><origin-id xmlns='urn:xmpp:sid:0' id=''/></message>",
    "bob@peer.test:2 l0 h0 told 2/0/0", NULL },

  /* Only the text is shown */
  { "T062-html", NULL,
    "<message " BOB_P " type='chat'><body>first</body><html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'>"
    "<p>SPOOF<img src='https://evil.test/x.png'/><script>x()</script><style>*{}</style></p></body></html></message>",
    "bob@peer.test:1 l0 h0 told 1/0/0", NULL },
  { "T062-html-alone", NULL,
    "<message " BOB_P " type='chat'><html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'>SPOOF</body></html></message>",
    NOTHING, NULL },
};

static void
assert_said (TestAccount *account,
             const char  *address,
             const char  *sender,
             const char  *first)
{
  FlintConversation *conversation = test_account_find (account, address);
  FlintMessage *message;

  if (conversation == NULL)
    return;

  message = test_conversation_get (conversation, 0);
  g_assert_cmpstr (flint_message_get_sender (message), ==, sender);
  if (first != NULL)
    g_assert_cmpstr (flint_message_get_body (message), ==, first);

  for (guint i = 0; i < test_conversation_count (conversation); i++)
    g_assert_null (strstr (flint_message_get_body (test_conversation_get (conversation, i)), "SPOOF"));
}

static void
assert_bob_as_ever (TestAccount *account)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (BOB, NULL);
  FlintContact *bob = flint_contact_list_find (flint_account_get_contacts (account->account), jid);
  g_autoptr(GBytes) avatar = NULL;

  g_assert_cmpstr (flint_contact_get_name (bob), ==, "Bob");
  g_object_get (bob, "avatar", &avatar, NULL);
  g_assert_null (avatar);
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autofree char *got = NULL;

  if (row->before != NULL && strstr (row->before, "room@muc.test") != NULL)
    test_account_join (test->me, "<presence from='room@muc.test/ann'><x xmlns='http://jabber.org/protocol/muc#user'><item role='participant' affiliation='none'/></x></presence>"
                                 "<presence from='room@muc.test/eve'><x xmlns='http://jabber.org/protocol/muc#user'><item role='participant' affiliation='none'/></x></presence>");
  if (row->before != NULL)
    test_account_send (test->me, row->before);

  test_account_send (test->me, row->xml);
  got = test_core_describe (test);
  g_assert_cmpstr (got, ==, row->expected);
  if (row->answer != NULL)
    fake_server_expect_contains (test->me->server, row->answer);
  fake_server_no_more (test->me->server);

  assert_said (test->me, BOB, "Bob", NULL);
  assert_said (test->me, EVE, EVE, NULL);
  assert_said (test->me, "room@muc.test", "ann", "first");
  if (row->before != NULL && strstr (row->before, BOB) != NULL)
    assert_said (test->me, BOB, "Bob", "first");
  assert_bob_as_ever (test->me);

  /* And the next ordinary one is shown */
  test_account_send (test->me, "<message " BOB_P " type='chat'><body>alive</body></message>");
  g_assert_cmpstr (flint_message_get_body (test_conversation_last (test_account_find (test->me, BOB))), ==, "alive");
}

/* What we cannot do we do not say that we can, so nobody sends it */
static void
test_announced (void)
{
  static const char * const absent[] = {
    "xhtml-im", "protocol/commands", "urn:xmpp:mam", "jingle", "protocol/ibb", "bytestreams", "+notify", "message-correct",
    "message-retract", "reactions", "extdisco", "rosterx", "urn:xmpp:bob", "jabber:iq:oob",
  };
  g_autoptr(TestCore) test = test_core_new_online ();
  const char *info;

  fake_server_send (test->me->server, "<iq type='get' id='d' from='bob@peer.test/p'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>");
  info = fake_server_expect_contains (test->me->server, " id='d'");
  g_assert_nonnull (strstr (info, "<feature "));

  for (guint i = 0; i < G_N_ELEMENTS (absent); i++)
    {
      if (strstr (info, absent[i]) != NULL)
        g_error ("%s is announced: %s", absent[i], info);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/core/inert/%s", rows[i].name);

      g_test_add_data_func (path, &rows[i], test_row);
    }

  g_test_add_func ("/core/inert/T062-what-is-not-done-is-not-announced", test_announced);

  return g_test_run ();
}
