/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-server.h"
#include "xmpp-disco.h"

#define ADDRESS "juliet@capulet.lit/balcony"

#define NS_INFO  "http://jabber.org/protocol/disco#info"
#define NS_ITEMS "http://jabber.org/protocol/disco#items"
#define NS_CAPS  "http://jabber.org/protocol/caps"

#define ROSTER                                                            \
  "<query xmlns='jabber:iq:roster'>"                                      \
    "<item jid='romeo@montague.lit' subscription='both'/>"                \
    "<item jid='nurse@capulet.lit' subscription='both'/>"                 \
    "<item jid='paris@example.org' subscription='to'/>"                   \
  "</query>"

#define INFO(children) "<query xmlns='" NS_INFO "'>" children "</query>"

static FakeServer *
login (void)
{
  FakeServer *server = fake_server_new (ADDRESS);

  fake_server_login (server);
  fake_server_answer (server, "jabber:iq:roster", ROSTER);
  fake_server_settle (server);

  return server;
}

static XmppDisco *
get_disco (FakeServer *server)
{
  return xmpp_session_get_module (server->session, XMPP_TYPE_DISCO);
}

static void
on_result (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

static void
ask (FakeServer    *server,
     const char *from,
     const char *ns,
     const char *node)
{
  g_autofree char *attribute = node != NULL ? g_strdup_printf (" node='%s'", node) : g_strdup ("");
  g_autofree char *xml = g_strdup_printf ("<iq type='get' id='q' from='%s'><query xmlns='%s'%s/></iq>", from, ns, attribute);

  fake_server_send (server, xml);
}

/* What our presence says of us: our hash, and the node to ask for it */
static void
get_own_caps (FakeServer  *server,
              char    **ver,
              char    **node)
{
  g_autoptr(XmppStanza) presence = xmpp_stanza_new ("presence", XMPP_NS_CLIENT);
  const XmppNode *c;

  xmpp_disco_write_caps (get_disco (server), xmpp_stanza_get_root (presence));
  c = xmpp_node_get_child (xmpp_stanza_get_root (presence), "c", NS_CAPS);
  g_assert_cmpstr (xmpp_node_get (c, "hash"), ==, "sha-1");
  *ver = g_strdup (xmpp_node_get (c, "ver"));
  *node = g_strdup_printf ("%s#%s", xmpp_node_get (c, "node"), *ver);
}

/* The <query/> of an answer of ours */
static XmppStanza *
expect_info (FakeServer *server)
{
  const char *answer = fake_server_expect_contains (server, "<iq type='result' id='q'");
  g_autoptr(GError) error = NULL;
  XmppStanza *stanza = xmpp_stanza_new_from_xml (answer, -1, &error);

  g_assert_no_error (error);

  return stanza;
}

static const XmppNode *
get_query (XmppStanza *answer)
{
  return xmpp_node_get_child (xmpp_stanza_get_root (answer), "query", NS_INFO);
}

static void
test_our_answer_has_the_hash_of_our_presence (void)
{
  g_autoptr(FakeServer) server = login ();
  g_autofree char *ver = NULL;
  g_autofree char *node = NULL;
  g_autofree char *got = NULL;
  g_autoptr(XmppStanza) answer = NULL;

  get_own_caps (server, &ver, &node);
  ask (server, "romeo@montague.lit/orchard", NS_INFO, node);
  answer = expect_info (server);
  g_assert_cmpstr (xmpp_node_get (get_query (answer), "node"), ==, node);
  got = xmpp_disco_hash (get_query (answer), "sha-1");
  g_assert_cmpstr (got, ==, ver);
}

static void
test_we_say_who_we_are_and_what_all_modules_can (void)
{
  static const char * const wanted[] = {
    NS_CAPS, NS_INFO, NS_ITEMS, "jabber:iq:version", "urn:xmpp:ping", "urn:xmpp:time",
  };
  g_autoptr(FakeServer) server = login ();
  g_autoptr(XmppStanza) answer = NULL;
  const char *last = "";
  const XmppNode *identity;
  guint n = 0;

  ask (server, "romeo@montague.lit/orchard", NS_INFO, NULL);
  answer = expect_info (server);

  identity = xmpp_node_get_child (get_query (answer), "identity", NS_INFO);
  g_assert_cmpstr (xmpp_node_get (identity, "category"), ==, "client");
  g_assert_cmpstr (xmpp_node_get (identity, "type"), ==, "pc");
  g_assert_cmpstr (xmpp_node_get (identity, "name"), ==, "Flint");

  XMPP_NODE_FOREACH_CHILD (get_query (answer), child)
    {
      const char *var = xmpp_node_get (child, "var");

      if (!xmpp_node_is (child, "feature", NS_INFO))
        continue;

      g_assert_cmpstr (last, <, var);
      last = var;
      for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
        n += g_str_equal (var, wanted[i]);
    }
  g_assert_cmpint (n, ==, G_N_ELEMENTS (wanted));
}

static void
test_another_name_is_another_hash (void)
{
  g_autoptr(FakeServer) server = fake_server_new (ADDRESS);
  g_autofree char *ver = NULL;
  g_autofree char *node = NULL;
  g_autofree char *other_ver = NULL;
  g_autofree char *other_node = NULL;

  get_own_caps (server, &ver, &node);
  g_object_set (get_disco (server), "identity-name", "Lute", NULL);
  get_own_caps (server, &other_ver, &other_node);
  g_assert_cmpstr (ver, !=, other_ver);
}

/* T099 */
static void
test_strangers_are_not_told_which_program_it_is (gconstpointer from)
{
  g_autoptr(FakeServer) server = login ();
  g_autofree char *ver = NULL;
  g_autofree char *node = NULL;
  g_autoptr(XmppStanza) answer = NULL;

  ask (server, from, NS_INFO, NULL);
  answer = expect_info (server);
  g_assert_null (xmpp_node_get (xmpp_node_get_child (get_query (answer), "identity", NS_INFO), "name"));
  g_assert_nonnull (xmpp_node_get_child (get_query (answer), "feature", NS_INFO));

  get_own_caps (server, &ver, &node);
  ask (server, from, NS_INFO, node);
  fake_server_expect_contains (server, "<item-not-found ");
}

static void
test_other_nodes_are_not_found (void)
{
  g_autoptr(FakeServer) server = login ();

  ask (server, "romeo@montague.lit/orchard", NS_INFO, "http://jabber.org/protocol/commands");
  fake_server_expect_contains (server, "<item-not-found ");
  ask (server, "romeo@montague.lit/orchard", NS_ITEMS, "http://jabber.org/protocol/commands");
  fake_server_expect_contains (server, "<item-not-found ");
}

static void
test_we_have_no_items (void)
{
  g_autoptr(FakeServer) server = login ();

  ask (server, "romeo@montague.lit/orchard", NS_ITEMS, NULL);
  fake_server_expect (server, "<iq type='result' id='q' to='romeo@montague.lit/orchard'><query xmlns='" NS_ITEMS "'/></iq>");
}

static void
test_our_own_hash_needs_no_question (void)
{
  g_autoptr(FakeServer) server = login ();
  g_autofree char *ver = NULL;
  g_autofree char *node = NULL;
  g_autofree char *presence = NULL;

  get_own_caps (server, &ver, &node);
  presence = g_strdup_printf ("<presence from='" ADDRESS "'><c xmlns='" NS_CAPS "' node='urn:lute' ver='%s' hash='sha-1'/></presence>", ver);
  fake_server_send (server, presence);
  fake_server_no_more (server);
}

static void
test_an_answer_is_read (void)
{
  g_autoptr(FakeServer) server = login ();
  g_autoptr(XmppJid) jid = xmpp_jid_new ("rooms.capulet.lit", NULL);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppDiscoInfo) info = NULL;
  const XmppIdentity *identity;

  xmpp_disco_info_async (get_disco (server), jid, "n", NULL, on_result, &result);
  fake_server_answer (server, "<query xmlns='" NS_INFO "' node='n'/>",
                      INFO ("<identity category='conference' type='text' name='Rooms' xml:lang='en'/><identity/>"
                            "<feature var='z'/><feature var='a'/><feature/>"));
  fake_server_wait_until (result != NULL);

  info = xmpp_disco_info_finish (get_disco (server), result, &error);
  g_assert_no_error (error);
  g_assert_cmpint (info->identities->len, ==, 1);
  identity = g_ptr_array_index (info->identities, 0);
  g_assert_cmpstr (identity->name, ==, "Rooms");
  g_assert_cmpstr (identity->lang, ==, "en");
  g_assert_cmpstr (info->features[0], ==, "a");
  g_assert_cmpstr (info->features[1], ==, "z");
  g_assert_null (info->features[2]);
  g_assert_true (xmpp_disco_info_has (info, "z"));
  g_assert_false (xmpp_disco_info_has (info, "y"));
  g_assert_true (xmpp_disco_info_is (info, "conference", "text"));
  g_assert_true (xmpp_disco_info_is (info, "conference", NULL));
  g_assert_false (xmpp_disco_info_is (info, "conference", "irc"));
  g_assert_false (xmpp_disco_info_is (info, "client", NULL));
}

static void
test_an_answer_to_something_else_is_an_error (void)
{
  g_autoptr(FakeServer) server = login ();
  g_autoptr(XmppJid) jid = xmpp_jid_new ("rooms.capulet.lit", NULL);
  g_autoptr(GAsyncResult) info = NULL;
  g_autoptr(GAsyncResult) items = NULL;
  g_autoptr(GError) error = NULL;

  xmpp_disco_info_async (get_disco (server), jid, NULL, NULL, on_result, &info);
  fake_server_answer (server, NS_INFO, "<query xmlns='urn:x'/>");
  xmpp_disco_items_async (get_disco (server), jid, NULL, NULL, on_result, &items);
  fake_server_answer (server, NS_ITEMS, NULL);
  fake_server_wait_until (info != NULL && items != NULL);

  g_assert_null (xmpp_disco_info_finish (get_disco (server), info, &error));
  g_assert_error (error, XMPP_ERROR, XMPP_ERROR_PROTOCOL);
  g_clear_error (&error);
  g_assert_null (xmpp_disco_items_finish (get_disco (server), items, &error));
  g_assert_error (error, XMPP_ERROR, XMPP_ERROR_PROTOCOL);
}

static void
test_items_are_read (void)
{
  g_autoptr(FakeServer) server = login ();
  g_autoptr(XmppJid) jid = xmpp_jid_new ("capulet.lit", NULL);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) items = NULL;
  const XmppDiscoItem *item;

  xmpp_disco_items_async (get_disco (server), jid, NULL, NULL, on_result, &result);
  fake_server_answer (server, NS_ITEMS, "<query xmlns='" NS_ITEMS "'><item/><item jid=''/><item xmlns='urn:x' jid='x.test'/>"
                      "<item jid='rooms.capulet.lit' node='n' name='Rooms'/></query>");
  fake_server_wait_until (result != NULL);

  items = xmpp_disco_items_finish (get_disco (server), result, NULL);
  g_assert_cmpint (items->len, ==, 1);
  item = g_ptr_array_index (items, 0);
  g_assert_cmpstr (xmpp_jid_get_text (item->jid), ==, "rooms.capulet.lit");
  g_assert_cmpstr (item->node, ==, "n");
  g_assert_cmpstr (item->name, ==, "Rooms");
}

/* T108: and nobody asks what the items have, so that a loop of nodes leads nowhere */
static void
test_items_have_an_end (void)
{
  g_autoptr(FakeServer) server = login ();
  g_autoptr(XmppJid) jid = xmpp_jid_new ("capulet.lit", NULL);
  g_autoptr(GString) query = g_string_new ("<query xmlns='" NS_ITEMS "'>");
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) items = NULL;

  for (guint i = 0; i < 10000; i++)
    g_string_append_printf (query, "<item jid='capulet.lit' node='%u'/>", i);
  g_string_append (query, "</query>");

  xmpp_disco_items_async (get_disco (server), jid, NULL, NULL, on_result, &result);
  fake_server_answer (server, NS_ITEMS, query->str);
  fake_server_wait_until (result != NULL);
  items = xmpp_disco_items_finish (get_disco (server), result, NULL);
  g_assert_cmpint (items->len, ==, 500);
  fake_server_no_more (server);
}

static void
on_server_info (XmppDisco     *disco,
                XmppDiscoInfo *info,
                guint         *n)
{
  g_assert_true (info == xmpp_disco_get_server (disco));
  (*n)++;
}

static void
test_the_server_is_asked_at_each_login (void)
{
  g_autoptr(FakeServer) server = fake_server_new (ADDRESS);
  guint n = 0;

  g_signal_connect (get_disco (server), "server-info", G_CALLBACK (on_server_info), &n);
  fake_server_login (server);
  g_assert_null (xmpp_disco_get_server (get_disco (server)));
  fake_server_answer (server, "<iq type='get' to='capulet.lit'", INFO ("<feature var='a'/>"));
  fake_server_settle (server);
  g_assert_cmpint (n, ==, 1);
  g_assert_true (xmpp_disco_info_has (xmpp_disco_get_server (get_disco (server)), "a"));

  fake_server_fin (server);
  fake_server_wait_until (server->n_closed == 1);
  g_assert_null (xmpp_disco_get_server (get_disco (server)));

  fake_server_login (server);
  fake_server_answer (server, NS_INFO, INFO ("<feature var='b'/>"));
  fake_server_ping (server);
  g_assert_cmpint (n, ==, 2);
  g_assert_true (xmpp_disco_info_has (xmpp_disco_get_server (get_disco (server)), "b"));
}

static void
test_who_wants_to_know_waits_with_the_others (void)
{
  g_autoptr(FakeServer) server = fake_server_new (ADDRESS);
  GAsyncResult *results[3] = { NULL };

  fake_server_login (server);
  xmpp_disco_server_async (get_disco (server), NULL, on_result, &results[0]);
  xmpp_disco_server_async (get_disco (server), NULL, on_result, &results[1]);
  fake_server_answer (server, NS_INFO, INFO ("<feature var='a'/>"));
  fake_server_wait_until (results[0] != NULL && results[1] != NULL);
  xmpp_disco_server_async (get_disco (server), NULL, on_result, &results[2]);
  fake_server_wait_until (results[2] != NULL);

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr(XmppDiscoInfo) info = xmpp_disco_server_finish (get_disco (server), results[i], NULL);

      g_assert_true (info == xmpp_disco_get_server (get_disco (server)));
      g_clear_object (&results[i]);
    }
  fake_server_settle (server);
  fake_server_no_more (server);
}

static void
test_a_server_that_refuses_is_asked_again (void)
{
  g_autoptr(FakeServer) server = fake_server_new (ADDRESS);
  g_autoptr(GAsyncResult) first = NULL;
  g_autoptr(GAsyncResult) second = NULL;
  g_autoptr(XmppDiscoInfo) info = NULL;
  g_autoptr(GError) error = NULL;

  fake_server_login (server);
  xmpp_disco_server_async (get_disco (server), NULL, on_result, &first);
  fake_server_refuse (server, NS_INFO, "wait", "resource-constraint");
  fake_server_wait_until (first != NULL);
  g_assert_null (xmpp_disco_server_finish (get_disco (server), first, &error));
  g_assert_error (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_RESOURCE_CONSTRAINT);

  xmpp_disco_server_async (get_disco (server), NULL, on_result, &second);
  fake_server_answer (server, NS_INFO, INFO ());
  fake_server_wait_until (second != NULL);
  info = xmpp_disco_server_finish (get_disco (server), second, NULL);
  g_assert_nonnull (info);
}

int
main (int   argc,
      char *argv[])
{
  static const char * const strangers[] = { "eve@evil.test/x", "paris@example.org/tomb" };

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/disco/ours/the-answer-has-the-hash-of-our-presence", test_our_answer_has_the_hash_of_our_presence);
  g_test_add_func ("/xmpp/disco/ours/it-says-who-we-are-and-what-all-modules-can", test_we_say_who_we_are_and_what_all_modules_can);
  g_test_add_func ("/xmpp/disco/ours/another-name-is-another-hash", test_another_name_is_another_hash);
  g_test_add_func ("/xmpp/disco/ours/other-nodes-are-not-found", test_other_nodes_are_not_found);
  g_test_add_func ("/xmpp/disco/ours/there-are-no-items", test_we_have_no_items);
  g_test_add_func ("/xmpp/disco/asking/an-answer-is-read", test_an_answer_is_read);
  g_test_add_func ("/xmpp/disco/asking/an-answer-to-something-else-is-an-error", test_an_answer_to_something_else_is_an_error);
  g_test_add_func ("/xmpp/disco/asking/items-are-read", test_items_are_read);
  g_test_add_func ("/xmpp/disco/asking/T108-items-have-an-end", test_items_have_an_end);
  g_test_add_func ("/xmpp/disco/server/it-is-asked-at-each-login", test_the_server_is_asked_at_each_login);
  g_test_add_func ("/xmpp/disco/server/who-wants-to-know-waits-with-the-others", test_who_wants_to_know_waits_with_the_others);
  g_test_add_func ("/xmpp/disco/server/one-that-refuses-is-asked-again", test_a_server_that_refuses_is_asked_again);
  g_test_add_func ("/xmpp/disco/ours/our-own-hash-needs-no-question", test_our_own_hash_needs_no_question);

  for (guint i = 0; i < G_N_ELEMENTS (strangers); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/disco/ours/T099-strangers-are-not-told-which-program-it-is/%u", i);

      g_test_add_data_func (path, strangers[i], test_strangers_are_not_told_which_program_it_is);
    }

  return g_test_run ();
}
