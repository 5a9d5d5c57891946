/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-server.h"
#include "xmpp-disco.h"
#include "xmpp-presence.h"

#include <string.h>

#define NS_INFO  "http://jabber.org/protocol/disco#info"
#define NS_ITEMS "http://jabber.org/protocol/disco#items"
#define NS_CAPS  "http://jabber.org/protocol/caps"
#define NS_FORM  "jabber:x:data"

#define ROSTER                                                            \
  "<query xmlns='jabber:iq:roster'>"                                      \
    "<item jid='romeo@montague.lit' subscription='both'/>"                \
    "<item jid='nurse@capulet.lit' subscription='both'/>"                 \
    "<item jid='paris@example.org' subscription='to'/>"                   \
  "</query>"

/* XEP-0115, 5.2 */
#define EXODUS                                                            \
  "<identity category='client' type='pc' name='Exodus 0.9.1'/>"           \
  "<feature var='http://jabber.org/protocol/disco#info'/>"                \
  "<feature var='http://jabber.org/protocol/caps'/>"                      \
  "<feature var='http://jabber.org/protocol/muc'/>"                       \
  "<feature var='http://jabber.org/protocol/disco#items'/>"
#define EXODUS_VER "QgayPKawpkPSDYmwT/WM94uAlu0="

/* XEP-0115, 5.3 */
#define PSI_FORM                                                          \
  "<x xmlns='jabber:x:data' type='result'>"                               \
    "<field var='FORM_TYPE' type='hidden'><value>urn:xmpp:dataforms:softwareinfo</value></field>" \
    "<field var='software'><value>Psi</value></field>"                    \
    "<field var='ip_version' type='text-multi'><value>ipv6</value><value>ipv4</value></field>" \
    "<field var='os'><value>Mac</value></field>"                          \
    "<field var='software_version'><value>0.11</value></field>"           \
    "<field var='os_version'><value>10.5.1</value></field>"               \
  "</x>"
#define PSI                                                               \
  "<identity xml:lang='en' category='client' name='Psi 0.11' type='pc'/>" \
  "<identity xml:lang='el' category='client' name='Ψ 0.11' type='pc'/>"   \
  "<feature var='http://jabber.org/protocol/caps'/>"                      \
  "<feature var='http://jabber.org/protocol/disco#info'/>"                \
  "<feature var='http://jabber.org/protocol/disco#items'/>"               \
  "<feature var='http://jabber.org/protocol/muc'/>"
#define PSI_VER "q07IKJEyjvHSyhy//CH0CxmKi8w="

#define INFO(children) "<query xmlns='" NS_INFO "'>" children "</query>"

typedef struct
{
  FakeServer *server;
  XmppDisco  *disco;
} Fixture;

static void
set_up (Fixture *f)
{
  f->server = fake_server_new ("juliet@capulet.lit/balcony");
  f->disco = xmpp_session_get_module (f->server->session, XMPP_TYPE_DISCO);
}

static void
set_up_online (Fixture *f)
{
  set_up (f);
  fake_server_login (f->server);
  fake_server_answer (f->server, "jabber:iq:roster", ROSTER);
  fake_server_settle (f->server);
}

static void
tear_down (Fixture *f)
{
  fake_server_free (f->server);
}

static void
on_result (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

/* The hash */

static char *
hash (const char *xml,
      const char *name)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppStanza) stanza = xmpp_stanza_new_from_xml (xml, -1, &error);

  g_assert_no_error (error);

  return xmpp_disco_hash (xmpp_stanza_get_root (stanza), name);
}

static void
assert_hash (const char *xml,
             const char *name,
             const char *wanted)
{
  g_autofree char *got = hash (xml, name);

  g_assert_cmpstr (got, ==, wanted);
}

static void
test_the_vectors_of_the_xep_come_out (void)
{
  assert_hash (INFO (EXODUS), "sha-1", EXODUS_VER);
  assert_hash (INFO (PSI PSI_FORM), "sha-1", PSI_VER);
}

static void
test_order_does_not_matter (void)
{
  assert_hash (INFO ("<feature var='http://jabber.org/protocol/muc'/>"
                     "<feature var='http://jabber.org/protocol/disco#items'/>"
                     "<feature var='http://jabber.org/protocol/caps'/>"
                     "<identity category='client' type='pc' name='Exodus 0.9.1'/>"
                     "<feature var='http://jabber.org/protocol/disco#info'/>"), "sha-1", EXODUS_VER);
}

/* Known answers for S = "client/pc//Exodus 0.9.1<…<", by sha256sum and sha512sum */
static void
test_other_functions_are_known (void)
{
  static const char s[] =
    "client/pc//Exodus 0.9.1<http://jabber.org/protocol/caps<http://jabber.org/protocol/disco#info<"
    "http://jabber.org/protocol/disco#items<http://jabber.org/protocol/muc<";
  static const struct
  {
    const char    *name;
    GChecksumType  type;
  } rows[] = {
    { "sha-256", G_CHECKSUM_SHA256 },
    { "sha-384", G_CHECKSUM_SHA384 },
    { "sha-512", G_CHECKSUM_SHA512 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *hex = g_compute_checksum_for_string (rows[i].type, s, -1);
      g_autofree char *base64 = hash (INFO (EXODUS), rows[i].name);
      g_autofree guchar *bytes = NULL;
      g_autoptr(GString) got = g_string_new (NULL);
      gsize length;

      bytes = g_base64_decode (base64, &length);
      for (gsize j = 0; j < length; j++)
        g_string_append_printf (got, "%02x", bytes[j]);
      g_assert_cmpstr (got->str, ==, hex);
    }

  assert_hash (INFO (EXODUS), "md5", NULL);
  assert_hash (INFO (EXODUS), "", NULL);
}

/* A form that has no hidden FORM_TYPE is as if it were not there (XEP-0115, 5.4) */
static void
test_a_form_of_no_type_is_ignored (void)
{
  assert_hash (INFO (EXODUS "<x xmlns='jabber:x:data' type='result'><field var='a'><value>b</value></field></x>"),
               "sha-1", EXODUS_VER);
  assert_hash (INFO (EXODUS "<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE'><value>b</value></field></x>"),
               "sha-1", EXODUS_VER);
}

/* T107 */
static void
test_what_is_there_twice_is_ill_formed (gconstpointer xml)
{
  assert_hash (xml, "sha-1", NULL);
}

/* What we say */

static void
ask (Fixture    *f,
     const char *from,
     const char *ns,
     const char *node)
{
  g_autofree char *attribute = node != NULL ? g_strdup_printf (" node='%s'", node) : g_strdup ("");
  g_autofree char *xml = g_strdup_printf ("<iq type='get' id='q' from='%s'><query xmlns='%s'%s/></iq>", from, ns, attribute);

  fake_server_send (f->server, xml);
}

/* What our presence says of us: our hash, and the node to ask for it */
static void
get_own_caps (Fixture  *f,
              char    **ver,
              char    **node)
{
  g_autoptr(XmppStanza) presence = xmpp_stanza_new ("presence", XMPP_NS_CLIENT);
  const XmppNode *c;

  xmpp_disco_write_caps (f->disco, xmpp_stanza_get_root (presence));
  c = xmpp_node_get_child (xmpp_stanza_get_root (presence), "c", NS_CAPS);
  g_assert_cmpstr (xmpp_node_get (c, "hash"), ==, "sha-1");
  *ver = g_strdup (xmpp_node_get (c, "ver"));
  *node = g_strdup_printf ("%s#%s", xmpp_node_get (c, "node"), *ver);
}

/* The <query/> of an answer of ours */
static XmppStanza *
expect_info (Fixture *f)
{
  const char *answer = fake_server_expect_contains (f->server, "<iq type='result' id='q'");
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
  Fixture f;
  g_autofree char *ver = NULL;
  g_autofree char *node = NULL;
  g_autofree char *got = NULL;
  g_autoptr(XmppStanza) answer = NULL;

  set_up_online (&f);
  get_own_caps (&f, &ver, &node);
  ask (&f, "romeo@montague.lit/orchard", NS_INFO, node);
  answer = expect_info (&f);
  g_assert_cmpstr (xmpp_node_get (get_query (answer), "node"), ==, node);
  got = xmpp_disco_hash (get_query (answer), "sha-1");
  g_assert_cmpstr (got, ==, ver);
  tear_down (&f);
}

static void
test_we_say_who_we_are_and_what_all_modules_can (void)
{
  static const char * const wanted[] = {
    NS_CAPS, NS_INFO, NS_ITEMS, "jabber:iq:version", "urn:xmpp:ping", "urn:xmpp:time",
  };
  Fixture f;
  g_autoptr(XmppStanza) answer = NULL;
  const char *last = "";
  const XmppNode *identity;
  guint n = 0;

  set_up_online (&f);
  ask (&f, "romeo@montague.lit/orchard", NS_INFO, NULL);
  answer = expect_info (&f);

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
  tear_down (&f);
}

static void
test_another_name_is_another_hash (void)
{
  Fixture f;
  g_autofree char *ver = NULL;
  g_autofree char *node = NULL;
  g_autofree char *other_ver = NULL;
  g_autofree char *other_node = NULL;

  set_up (&f);
  get_own_caps (&f, &ver, &node);
  g_object_set (f.disco, "identity-name", "Lute", NULL);
  get_own_caps (&f, &other_ver, &other_node);
  g_assert_cmpstr (ver, !=, other_ver);
  tear_down (&f);
}

/* T099 */
static void
test_strangers_are_not_told_which_program_it_is (gconstpointer from)
{
  Fixture f;
  g_autofree char *ver = NULL;
  g_autofree char *node = NULL;
  g_autoptr(XmppStanza) answer = NULL;

  set_up_online (&f);
  ask (&f, from, NS_INFO, NULL);
  answer = expect_info (&f);
  g_assert_null (xmpp_node_get (xmpp_node_get_child (get_query (answer), "identity", NS_INFO), "name"));
  g_assert_nonnull (xmpp_node_get_child (get_query (answer), "feature", NS_INFO));

  get_own_caps (&f, &ver, &node);
  ask (&f, from, NS_INFO, node);
  fake_server_expect_contains (f.server, "<item-not-found ");
  tear_down (&f);
}

static void
test_other_nodes_are_not_found (void)
{
  Fixture f;

  set_up_online (&f);
  ask (&f, "romeo@montague.lit/orchard", NS_INFO, "http://jabber.org/protocol/commands");
  fake_server_expect_contains (f.server, "<item-not-found ");
  ask (&f, "romeo@montague.lit/orchard", NS_ITEMS, "http://jabber.org/protocol/commands");
  fake_server_expect_contains (f.server, "<item-not-found ");
  tear_down (&f);
}

static void
test_we_have_no_items (void)
{
  Fixture f;

  set_up_online (&f);
  ask (&f, "romeo@montague.lit/orchard", NS_ITEMS, NULL);
  fake_server_expect (f.server, "<iq type='result' id='q' to='romeo@montague.lit/orchard'><query xmlns='" NS_ITEMS "'/></iq>");
  tear_down (&f);
}

/* Asking */

static void
test_an_answer_is_read (void)
{
  Fixture f;
  g_autoptr(XmppJid) jid = xmpp_jid_new ("rooms.capulet.lit", NULL);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppDiscoInfo) info = NULL;
  const XmppIdentity *identity;

  set_up_online (&f);
  xmpp_disco_info_async (f.disco, jid, "n", NULL, on_result, &result);
  fake_server_answer (f.server, "<query xmlns='" NS_INFO "' node='n'/>",
                      INFO ("<identity category='conference' type='text' name='Rooms' xml:lang='en'/><identity/>"
                            "<feature var='z'/><feature var='a'/><feature/>"));
  fake_server_wait_until (result != NULL);

  info = xmpp_disco_info_finish (f.disco, result, &error);
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
  tear_down (&f);
}

static void
test_an_answer_to_something_else_is_an_error (void)
{
  Fixture f;
  g_autoptr(XmppJid) jid = xmpp_jid_new ("rooms.capulet.lit", NULL);
  g_autoptr(GAsyncResult) info = NULL;
  g_autoptr(GAsyncResult) items = NULL;
  g_autoptr(GError) error = NULL;

  set_up_online (&f);
  xmpp_disco_info_async (f.disco, jid, NULL, NULL, on_result, &info);
  fake_server_answer (f.server, NS_INFO, "<query xmlns='urn:x'/>");
  xmpp_disco_items_async (f.disco, jid, NULL, NULL, on_result, &items);
  fake_server_answer (f.server, NS_ITEMS, NULL);
  fake_server_wait_until (info != NULL && items != NULL);

  g_assert_null (xmpp_disco_info_finish (f.disco, info, &error));
  g_assert_error (error, XMPP_ERROR, XMPP_ERROR_PROTOCOL);
  g_clear_error (&error);
  g_assert_null (xmpp_disco_items_finish (f.disco, items, &error));
  g_assert_error (error, XMPP_ERROR, XMPP_ERROR_PROTOCOL);
  tear_down (&f);
}

static void
test_items_are_read (void)
{
  Fixture f;
  g_autoptr(XmppJid) jid = xmpp_jid_new ("capulet.lit", NULL);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) items = NULL;
  const XmppDiscoItem *item;

  set_up_online (&f);
  xmpp_disco_items_async (f.disco, jid, NULL, NULL, on_result, &result);
  fake_server_answer (f.server, NS_ITEMS, "<query xmlns='" NS_ITEMS "'><item/><item jid=''/><item xmlns='urn:x' jid='x.test'/>"
                      "<item jid='rooms.capulet.lit' node='n' name='Rooms'/></query>");
  fake_server_wait_until (result != NULL);

  items = xmpp_disco_items_finish (f.disco, result, NULL);
  g_assert_cmpint (items->len, ==, 1);
  item = g_ptr_array_index (items, 0);
  g_assert_cmpstr (xmpp_jid_get_text (item->jid), ==, "rooms.capulet.lit");
  g_assert_cmpstr (item->node, ==, "n");
  g_assert_cmpstr (item->name, ==, "Rooms");
  tear_down (&f);
}

/* T108: and nobody asks what the items have, so that a loop of nodes leads nowhere */
static void
test_items_have_an_end (void)
{
  Fixture f;
  g_autoptr(XmppJid) jid = xmpp_jid_new ("capulet.lit", NULL);
  g_autoptr(GString) query = g_string_new ("<query xmlns='" NS_ITEMS "'>");
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) items = NULL;

  for (guint i = 0; i < 10000; i++)
    g_string_append_printf (query, "<item jid='capulet.lit' node='%u'/>", i);
  g_string_append (query, "</query>");

  set_up_online (&f);
  xmpp_disco_items_async (f.disco, jid, NULL, NULL, on_result, &result);
  fake_server_answer (f.server, NS_ITEMS, query->str);
  fake_server_wait_until (result != NULL);
  items = xmpp_disco_items_finish (f.disco, result, NULL);
  g_assert_cmpint (items->len, ==, 500);
  fake_server_no_more (f.server);
  tear_down (&f);
}

/* Our server */

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
  Fixture f;
  guint n = 0;

  set_up (&f);
  g_signal_connect (f.disco, "server-info", G_CALLBACK (on_server_info), &n);
  fake_server_login (f.server);
  g_assert_null (xmpp_disco_get_server (f.disco));
  fake_server_answer (f.server, "<iq type='get' to='capulet.lit'", INFO ("<feature var='a'/>"));
  fake_server_settle (f.server);
  g_assert_cmpint (n, ==, 1);
  g_assert_true (xmpp_disco_info_has (xmpp_disco_get_server (f.disco), "a"));

  fake_server_fin (f.server);
  fake_server_wait_until (f.server->n_closed == 1);
  g_assert_null (xmpp_disco_get_server (f.disco));

  fake_server_login (f.server);
  fake_server_answer (f.server, NS_INFO, INFO ("<feature var='b'/>"));
  fake_server_ping (f.server);
  g_assert_cmpint (n, ==, 2);
  g_assert_true (xmpp_disco_info_has (xmpp_disco_get_server (f.disco), "b"));
  tear_down (&f);
}

static void
test_who_wants_to_know_waits_with_the_others (void)
{
  Fixture f;
  GAsyncResult *results[3] = { NULL };

  set_up (&f);
  fake_server_login (f.server);
  xmpp_disco_server_async (f.disco, NULL, on_result, &results[0]);
  xmpp_disco_server_async (f.disco, NULL, on_result, &results[1]);
  fake_server_answer (f.server, NS_INFO, INFO ("<feature var='a'/>"));
  fake_server_wait_until (results[0] != NULL && results[1] != NULL);
  xmpp_disco_server_async (f.disco, NULL, on_result, &results[2]);
  fake_server_wait_until (results[2] != NULL);

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr(XmppDiscoInfo) info = xmpp_disco_server_finish (f.disco, results[i], NULL);

      g_assert_true (info == xmpp_disco_get_server (f.disco));
      g_clear_object (&results[i]);
    }
  fake_server_settle (f.server);
  fake_server_no_more (f.server);
  tear_down (&f);
}

static void
test_a_server_that_refuses_is_asked_again (void)
{
  Fixture f;
  g_autoptr(GAsyncResult) first = NULL;
  g_autoptr(GAsyncResult) second = NULL;
  g_autoptr(XmppDiscoInfo) info = NULL;
  g_autoptr(GError) error = NULL;

  set_up (&f);
  fake_server_login (f.server);
  xmpp_disco_server_async (f.disco, NULL, on_result, &first);
  fake_server_refuse (f.server, NS_INFO, "wait", "resource-constraint");
  fake_server_wait_until (first != NULL);
  g_assert_null (xmpp_disco_server_finish (f.disco, first, &error));
  g_assert_error (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_RESOURCE_CONSTRAINT);

  xmpp_disco_server_async (f.disco, NULL, on_result, &second);
  fake_server_answer (f.server, NS_INFO, INFO ());
  fake_server_wait_until (second != NULL);
  info = xmpp_disco_server_finish (f.disco, second, NULL);
  g_assert_nonnull (info);
  tear_down (&f);
}

/* Capabilities */

static void
send_caps (Fixture    *f,
           const char *from,
           const char *ver,
           const char *function)
{
  g_autofree char *xml = g_strdup_printf ("<presence from='%s'><c xmlns='" NS_CAPS "' node='urn:lute' ver='%s' hash='%s'/></presence>",
                                          from, ver, function);

  fake_server_send (f->server, xml);
}

static XmppDiscoInfo *
get_known (Fixture    *f,
           const char *address)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (address, NULL);

  return xmpp_disco_get_known (f->disco, jid);
}

#define QUESTION(to, ver) \
  "<iq type='get' to='" to "' id='*'><query xmlns='" NS_INFO "' node='urn:lute#" ver "'/></iq>"

static void
test_one_answer_serves_all_with_the_same_hash (void)
{
  Fixture f;

  set_up_online (&f);
  send_caps (&f, "romeo@montague.lit/orchard", EXODUS_VER, "sha-1");
  fake_server_answer (f.server, "node='urn:lute#" EXODUS_VER "'", INFO (EXODUS));
  send_caps (&f, "nurse@capulet.lit/kitchen", EXODUS_VER, "sha-1");
  fake_server_no_more (f.server);

  g_assert_true (xmpp_disco_info_has (get_known (&f, "romeo@montague.lit/orchard"), "http://jabber.org/protocol/muc"));
  g_assert_true (get_known (&f, "romeo@montague.lit/orchard") == get_known (&f, "nurse@capulet.lit/kitchen"));
  g_assert_null (get_known (&f, "romeo@montague.lit/other"));
  tear_down (&f);
}

static void
test_one_question_is_open_for_each_hash (void)
{
  Fixture f;

  set_up_online (&f);
  send_caps (&f, "romeo@montague.lit/orchard", EXODUS_VER, "sha-1");
  send_caps (&f, "romeo@montague.lit/street", EXODUS_VER, "sha-1");
  send_caps (&f, "nurse@capulet.lit/kitchen", EXODUS_VER, "sha-1");
  fake_server_expect (f.server, QUESTION ("romeo@montague.lit/orchard", EXODUS_VER));
  fake_server_no_more (f.server);
  tear_down (&f);
}

/* T107 */
static void
test_a_wrong_answer_holds_for_who_gave_it (gconstpointer answer)
{
  Fixture f;

  set_up_online (&f);
  send_caps (&f, "romeo@montague.lit/orchard", EXODUS_VER, "sha-1");
  fake_server_answer (f.server, "node='urn:lute#" EXODUS_VER "'", answer);
  fake_server_ping (f.server);
  g_assert_true (xmpp_disco_info_has (get_known (&f, "romeo@montague.lit/orchard"), "urn:poison"));

  /* He is not asked again, but others are */
  send_caps (&f, "romeo@montague.lit/orchard", EXODUS_VER, "sha-1");
  fake_server_no_more (f.server);
  send_caps (&f, "nurse@capulet.lit/kitchen", EXODUS_VER, "sha-1");
  fake_server_ping (f.server);
  g_assert_null (get_known (&f, "nurse@capulet.lit/kitchen"));
  fake_server_answer (f.server, "to='nurse@capulet.lit/kitchen'", INFO (EXODUS));
  fake_server_ping (f.server);
  g_assert_false (xmpp_disco_info_has (get_known (&f, "nurse@capulet.lit/kitchen"), "urn:poison"));
  tear_down (&f);
}

static void
test_an_unknown_function_holds_for_who_used_it (void)
{
  Fixture f;

  set_up_online (&f);
  send_caps (&f, "romeo@montague.lit/orchard", EXODUS_VER, "whirlpool");
  fake_server_answer (f.server, NS_INFO, INFO (EXODUS));
  send_caps (&f, "nurse@capulet.lit/kitchen", EXODUS_VER, "whirlpool");
  fake_server_expect (f.server, QUESTION ("nurse@capulet.lit/kitchen", EXODUS_VER));
  g_assert_nonnull (get_known (&f, "romeo@montague.lit/orchard"));
  g_assert_null (get_known (&f, "nurse@capulet.lit/kitchen"));
  tear_down (&f);
}

static void
test_who_refuses_is_not_asked_again (void)
{
  Fixture f;

  set_up_online (&f);
  send_caps (&f, "romeo@montague.lit/orchard", EXODUS_VER, "sha-1");
  fake_server_refuse (f.server, NS_INFO, "cancel", "service-unavailable");
  fake_server_ping (f.server);
  send_caps (&f, "romeo@montague.lit/orchard", EXODUS_VER, "sha-1");
  fake_server_ping (f.server);
  g_assert_null (get_known (&f, "romeo@montague.lit/orchard"));
  fake_server_no_more (f.server);
  tear_down (&f);
}

/* The question would tell them that we are here */
static void
test_who_may_not_see_us_is_not_asked (gconstpointer from)
{
  Fixture f;

  set_up_online (&f);
  send_caps (&f, from, EXODUS_VER, "sha-1");
  fake_server_ping (f.server);
  g_assert_null (get_known (&f, from));
  fake_server_no_more (f.server);
  tear_down (&f);
}

static void
test_our_own_hash_needs_no_question (void)
{
  Fixture f;
  g_autofree char *ver = NULL;
  g_autofree char *node = NULL;

  set_up_online (&f);
  get_own_caps (&f, &ver, &node);
  send_caps (&f, "juliet@capulet.lit/balcony", ver, "sha-1");
  fake_server_no_more (f.server);
  tear_down (&f);
}

static void
test_half_a_hash_is_none (void)
{
  Fixture f;

  set_up_online (&f);
  fake_server_send (f.server, "<presence from='romeo@montague.lit/a'><c xmlns='" NS_CAPS "'/></presence>"
                              "<presence from='romeo@montague.lit/b'><c xmlns='" NS_CAPS "' node='n' ver='0.9'/></presence>"
                              "<presence from='romeo@montague.lit/c'><c xmlns='" NS_CAPS "' node='n' hash='sha-1'/></presence>"
                              "<presence from='romeo@montague.lit/d' type='unavailable'>"
                              "<c xmlns='" NS_CAPS "' node='n' hash='sha-1' ver='v'/></presence>");
  fake_server_ping (f.server);
  g_assert_null (get_known (&f, "romeo@montague.lit/b"));
  fake_server_no_more (f.server);
  tear_down (&f);
}

/* T107 */
static void
test_a_flood_of_hashes_asks_twenty_times_a_minute (void)
{
  Fixture f;

  set_up_online (&f);
  for (guint i = 0; i < 5000; i++)
    {
      g_autofree char *ver = g_strdup_printf ("v%u", i);

      send_caps (&f, "romeo@montague.lit/orchard", ver, "sha-1");
      if (i % 500 == 0)
        fake_server_ping (f.server);
    }
  for (guint i = 0; i < 20; i++)
    fake_server_expect_contains (f.server, NS_INFO);
  fake_server_no_more (f.server);

  fake_clock_advance (f.server->clock, 59999);
  send_caps (&f, "romeo@montague.lit/orchard", "later", "sha-1");
  fake_server_no_more (f.server);
  fake_clock_advance (f.server->clock, 1);

  /* Whoever wants to know makes up for what was left out */
  g_assert_null (get_known (&f, "romeo@montague.lit/orchard"));
  fake_server_answer (f.server, "node='urn:lute#later'", INFO (EXODUS));
  fake_server_ping (f.server);
  g_assert_nonnull (get_known (&f, "romeo@montague.lit/orchard"));
  tear_down (&f);
}

static void
test_a_huge_answer_is_not_kept (void)
{
  Fixture f;
  g_autoptr(GString) info = g_string_new ("<query xmlns='" NS_INFO "'>");

  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (info, "<feature var='urn:feature:%u'/>", i);
  g_string_append (info, "</query>");

  set_up_online (&f);
  send_caps (&f, "romeo@montague.lit/orchard", "v", "sha-1");
  fake_server_answer (f.server, NS_INFO, info->str);
  fake_server_ping (f.server);
  g_assert_null (get_known (&f, "romeo@montague.lit/orchard"));
  tear_down (&f);
}

/* Keeping */

static void
test_what_is_proven_survives_a_restart (void)
{
  Fixture f;
  g_autoptr(XmppStanza) saved = NULL;
  g_autoptr(XmppStanza) read = NULL;
  g_autofree char *xml = NULL;
  g_autoptr(GError) error = NULL;

  set_up_online (&f);
  send_caps (&f, "romeo@montague.lit/orchard", EXODUS_VER, "sha-1");
  fake_server_answer (f.server, NS_INFO, INFO (EXODUS));
  send_caps (&f, "nurse@capulet.lit/kitchen", "claimed", "sha-1");
  fake_server_answer (f.server, NS_INFO, INFO (EXODUS));
  fake_server_ping (f.server);
  saved = xmpp_disco_save (f.disco);
  xml = xmpp_stanza_to_xml (saved);
  g_assert_null (strstr (xml, "claimed"));
  tear_down (&f);

  read = xmpp_stanza_new_from_xml (xml, -1, &error);
  g_assert_no_error (error);
  set_up (&f);
  xmpp_disco_restore (f.disco, read);
  fake_server_login (f.server);
  fake_server_answer (f.server, "jabber:iq:roster", ROSTER);
  fake_server_settle (f.server);
  send_caps (&f, "romeo@montague.lit/street", EXODUS_VER, "sha-1");
  fake_server_no_more (f.server);
  g_assert_true (xmpp_disco_info_has (get_known (&f, "romeo@montague.lit/street"), "http://jabber.org/protocol/muc"));
  tear_down (&f);
}

/* T107 */
static void
test_a_poisoned_copy_is_not_restored (gconstpointer xml)
{
  Fixture f;
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppStanza) saved = xmpp_stanza_new_from_xml (xml, -1, &error);

  g_assert_no_error (error);
  set_up_online (&f);
  xmpp_disco_restore (f.disco, saved);
  send_caps (&f, "romeo@montague.lit/orchard", EXODUS_VER, "sha-1");
  fake_server_expect (f.server, QUESTION ("romeo@montague.lit/orchard", EXODUS_VER));
  tear_down (&f);
}

/* T107: a thousand at most, the oldest go first */
static void
test_the_cache_has_an_end (void)
{
  Fixture f;
  g_autoptr(XmppStanza) many = xmpp_stanza_new ("caps", NS_CAPS);
  g_autoptr(XmppStanza) saved = NULL;
  g_autofree char *first = NULL;
  guint n = 0;

  for (guint i = 0; i < 1100; i++)
    {
      g_autofree char *query = g_strdup_printf (INFO ("<feature var='urn:%u'/>"), i);
      g_autoptr(XmppStanza) stanza = xmpp_stanza_new_from_xml (query, -1, NULL);
      g_autofree char *ver = xmpp_disco_hash (xmpp_stanza_get_root (stanza), "sha-1");
      XmppNode *c = xmpp_node_add (xmpp_stanza_get_root (many), "c", NS_CAPS);

      xmpp_node_set (c, "hash", "sha-1");
      xmpp_node_set (c, "ver", ver);
      xmpp_node_add_copy (c, xmpp_stanza_get_root (stanza));
      if (i == 0)
        first = g_strdup (ver);
    }

  set_up (&f);
  xmpp_disco_restore (f.disco, many);
  saved = xmpp_disco_save (f.disco);
  XMPP_NODE_FOREACH_CHILD (xmpp_stanza_get_root (saved), child)
    n++;
  g_assert_cmpint (n, ==, 1000);
  g_assert_cmpstr (xmpp_node_get (xmpp_stanza_get_root (saved)->first_child, "ver"), ==, first);
  tear_down (&f);
}

int
main (int   argc,
      char *argv[])
{
  static const struct
  {
    const char *name;
    const char *xml;
  } ill_formed[] = {
    { "identity",  INFO (EXODUS "<identity category='client' type='pc' name='Exodus 0.9.1'/>") },
    { "feature",   INFO (EXODUS "<feature var='http://jabber.org/protocol/muc'/>") },
    { "form",      INFO (PSI PSI_FORM PSI_FORM) },
    { "form-type", INFO (EXODUS "<x xmlns='jabber:x:data'><field var='FORM_TYPE' type='hidden'><value>a</value><value>b</value></field></x>") },
    { "less-than", INFO ("<identity category='client' type='pc' name='Exodus 0.9.1&lt;http://jabber.org/protocol/caps'/>"
                         "<feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/>"
                         "<feature var='http://jabber.org/protocol/muc'/>") },
  };
  static const char * const strangers[] = { "eve@evil.test/x", "paris@example.org/tomb" };

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/disco/hash/the-vectors-of-the-xep-come-out", test_the_vectors_of_the_xep_come_out);
  g_test_add_func ("/xmpp/disco/hash/order-does-not-matter", test_order_does_not_matter);
  g_test_add_func ("/xmpp/disco/hash/other-functions-are-known", test_other_functions_are_known);
  g_test_add_func ("/xmpp/disco/hash/a-form-of-no-type-is-ignored", test_a_form_of_no_type_is_ignored);
  for (guint i = 0; i < G_N_ELEMENTS (ill_formed); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/disco/hash/T107-what-is-ill-formed-has-none/%s", ill_formed[i].name);

      g_test_add_data_func (path, ill_formed[i].xml, test_what_is_there_twice_is_ill_formed);
    }

  g_test_add_func ("/xmpp/disco/ours/the-answer-has-the-hash-of-our-presence", test_our_answer_has_the_hash_of_our_presence);
  g_test_add_func ("/xmpp/disco/ours/it-says-who-we-are-and-what-all-modules-can", test_we_say_who_we_are_and_what_all_modules_can);
  g_test_add_func ("/xmpp/disco/ours/another-name-is-another-hash", test_another_name_is_another_hash);
  for (guint i = 0; i < G_N_ELEMENTS (strangers); i++)
    {
      g_autofree char *told = g_strdup_printf ("/xmpp/disco/ours/T099-strangers-are-not-told-which-program-it-is/%u", i);
      g_autofree char *asked = g_strdup_printf ("/xmpp/disco/caps/T107-who-may-not-see-us-is-not-asked/%u", i);

      g_test_add_data_func (told, strangers[i], test_strangers_are_not_told_which_program_it_is);
      g_test_add_data_func (asked, strangers[i], test_who_may_not_see_us_is_not_asked);
    }
  g_test_add_func ("/xmpp/disco/ours/other-nodes-are-not-found", test_other_nodes_are_not_found);
  g_test_add_func ("/xmpp/disco/ours/there-are-no-items", test_we_have_no_items);

  g_test_add_func ("/xmpp/disco/asking/an-answer-is-read", test_an_answer_is_read);
  g_test_add_func ("/xmpp/disco/asking/an-answer-to-something-else-is-an-error", test_an_answer_to_something_else_is_an_error);
  g_test_add_func ("/xmpp/disco/asking/items-are-read", test_items_are_read);
  g_test_add_func ("/xmpp/disco/asking/T108-items-have-an-end", test_items_have_an_end);
  g_test_add_func ("/xmpp/disco/server/it-is-asked-at-each-login", test_the_server_is_asked_at_each_login);
  g_test_add_func ("/xmpp/disco/server/who-wants-to-know-waits-with-the-others", test_who_wants_to_know_waits_with_the_others);
  g_test_add_func ("/xmpp/disco/server/one-that-refuses-is-asked-again", test_a_server_that_refuses_is_asked_again);

  g_test_add_func ("/xmpp/disco/caps/one-answer-serves-all-with-the-same-hash", test_one_answer_serves_all_with_the_same_hash);
  g_test_add_func ("/xmpp/disco/caps/one-question-is-open-for-each-hash", test_one_question_is_open_for_each_hash);
  g_test_add_data_func ("/xmpp/disco/caps/T107-a-wrong-answer-holds-for-who-gave-it", INFO (EXODUS "<feature var='urn:poison'/>"),
                        test_a_wrong_answer_holds_for_who_gave_it);
  g_test_add_data_func ("/xmpp/disco/caps/T107-an-ill-formed-answer-holds-for-who-gave-it",
                        INFO (EXODUS "<feature var='urn:poison'/><feature var='urn:poison'/>"),
                        test_a_wrong_answer_holds_for_who_gave_it);
  g_test_add_func ("/xmpp/disco/caps/an-unknown-function-holds-for-who-used-it", test_an_unknown_function_holds_for_who_used_it);
  g_test_add_func ("/xmpp/disco/caps/who-refuses-is-not-asked-again", test_who_refuses_is_not_asked_again);
  g_test_add_func ("/xmpp/disco/caps/our-own-hash-needs-no-question", test_our_own_hash_needs_no_question);
  g_test_add_func ("/xmpp/disco/caps/half-a-hash-is-none", test_half_a_hash_is_none);
  g_test_add_func ("/xmpp/disco/caps/T107-a-flood-of-hashes-asks-twenty-times-a-minute",
                   test_a_flood_of_hashes_asks_twenty_times_a_minute);
  g_test_add_func ("/xmpp/disco/caps/T107-a-huge-answer-is-not-kept", test_a_huge_answer_is_not_kept);
  g_test_add_func ("/xmpp/disco/caps/what-is-proven-survives-a-restart", test_what_is_proven_survives_a_restart);
  g_test_add_data_func ("/xmpp/disco/caps/T107-a-poisoned-copy-is-not-restored",
                        "<caps xmlns='" NS_CAPS "'><c hash='sha-1' ver='" EXODUS_VER "'>" INFO (EXODUS "<feature var='urn:poison'/>") "</c></caps>",
                        test_a_poisoned_copy_is_not_restored);
  g_test_add_data_func ("/xmpp/disco/caps/a-torn-copy-is-not-restored",
                        "<caps xmlns='" NS_CAPS "'><c/><c hash='sha-1'/><x/><c hash='sha-1' ver='" EXODUS_VER "'/></caps>",
                        test_a_poisoned_copy_is_not_restored);
  g_test_add_func ("/xmpp/disco/caps/T107-the-cache-has-an-end", test_the_cache_has_an_end);

  return g_test_run ();
}
