/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-server.h"
#include "xmpp-disco.h"

#include <string.h>

#define ADDRESS "juliet@capulet.lit/balcony"

#define NS_INFO  "http://jabber.org/protocol/disco#info"
#define NS_CAPS  "http://jabber.org/protocol/caps"

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

static void
send_caps (FakeServer    *server,
           const char *from,
           const char *ver,
           const char *function)
{
  g_autofree char *xml = g_strdup_printf ("<presence from='%s'><c xmlns='" NS_CAPS "' node='urn:lute' ver='%s' hash='%s'/></presence>",
                                          from, ver, function);

  fake_server_send (server, xml);
}

static XmppDiscoInfo *
get_known (FakeServer    *server,
           const char *address)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (address, NULL);

  return xmpp_disco_get_known (get_disco (server), jid);
}

#define QUESTION(to, ver) \
  "<iq type='get' to='" to "' id='*'><query xmlns='" NS_INFO "' node='urn:lute#" ver "'/></iq>"

static void
test_one_answer_serves_all_with_the_same_hash (void)
{
  g_autoptr(FakeServer) server = login ();

  send_caps (server, "romeo@montague.lit/orchard", EXODUS_VER, "sha-1");
  fake_server_answer (server, "node='urn:lute#" EXODUS_VER "'", INFO (EXODUS));
  send_caps (server, "nurse@capulet.lit/kitchen", EXODUS_VER, "sha-1");
  fake_server_no_more (server);

  g_assert_true (xmpp_disco_info_has (get_known (server, "romeo@montague.lit/orchard"), "http://jabber.org/protocol/muc"));
  g_assert_true (get_known (server, "romeo@montague.lit/orchard") == get_known (server, "nurse@capulet.lit/kitchen"));
  g_assert_null (get_known (server, "romeo@montague.lit/other"));
}

static void
test_one_question_is_open_for_each_hash (void)
{
  g_autoptr(FakeServer) server = login ();

  send_caps (server, "romeo@montague.lit/orchard", EXODUS_VER, "sha-1");
  send_caps (server, "romeo@montague.lit/street", EXODUS_VER, "sha-1");
  send_caps (server, "nurse@capulet.lit/kitchen", EXODUS_VER, "sha-1");
  fake_server_expect (server, QUESTION ("romeo@montague.lit/orchard", EXODUS_VER));
  fake_server_no_more (server);
}

/* T107 */
static void
test_a_wrong_answer_holds_for_who_gave_it (gconstpointer answer)
{
  g_autoptr(FakeServer) server = login ();

  send_caps (server, "romeo@montague.lit/orchard", EXODUS_VER, "sha-1");
  fake_server_answer (server, "node='urn:lute#" EXODUS_VER "'", answer);
  fake_server_ping (server);
  g_assert_true (xmpp_disco_info_has (get_known (server, "romeo@montague.lit/orchard"), "urn:poison"));

  /* He is not asked again, but others are */
  send_caps (server, "romeo@montague.lit/orchard", EXODUS_VER, "sha-1");
  fake_server_no_more (server);
  send_caps (server, "nurse@capulet.lit/kitchen", EXODUS_VER, "sha-1");
  fake_server_ping (server);
  g_assert_null (get_known (server, "nurse@capulet.lit/kitchen"));
  fake_server_answer (server, "to='nurse@capulet.lit/kitchen'", INFO (EXODUS));
  fake_server_ping (server);
  g_assert_false (xmpp_disco_info_has (get_known (server, "nurse@capulet.lit/kitchen"), "urn:poison"));
}

static void
test_an_unknown_function_holds_for_who_used_it (void)
{
  g_autoptr(FakeServer) server = login ();

  send_caps (server, "romeo@montague.lit/orchard", EXODUS_VER, "whirlpool");
  fake_server_answer (server, NS_INFO, INFO (EXODUS));
  send_caps (server, "nurse@capulet.lit/kitchen", EXODUS_VER, "whirlpool");
  fake_server_expect (server, QUESTION ("nurse@capulet.lit/kitchen", EXODUS_VER));
  g_assert_nonnull (get_known (server, "romeo@montague.lit/orchard"));
  g_assert_null (get_known (server, "nurse@capulet.lit/kitchen"));
}

static void
test_who_refuses_is_not_asked_again (void)
{
  g_autoptr(FakeServer) server = login ();

  send_caps (server, "romeo@montague.lit/orchard", EXODUS_VER, "sha-1");
  fake_server_refuse (server, NS_INFO, "cancel", "service-unavailable");
  fake_server_ping (server);
  send_caps (server, "romeo@montague.lit/orchard", EXODUS_VER, "sha-1");
  fake_server_ping (server);
  g_assert_null (get_known (server, "romeo@montague.lit/orchard"));
  fake_server_no_more (server);
}

/* The question would tell them that we are here */
static void
test_who_may_not_see_us_is_not_asked (gconstpointer from)
{
  g_autoptr(FakeServer) server = login ();

  send_caps (server, from, EXODUS_VER, "sha-1");
  fake_server_ping (server);
  g_assert_null (get_known (server, from));
  fake_server_no_more (server);
}

static void
test_half_a_hash_is_none (void)
{
  g_autoptr(FakeServer) server = login ();

  fake_server_send (server, "<presence from='romeo@montague.lit/a'><c xmlns='" NS_CAPS "'/></presence>"
                              "<presence from='romeo@montague.lit/b'><c xmlns='" NS_CAPS "' node='n' ver='0.9'/></presence>"
                              "<presence from='romeo@montague.lit/c'><c xmlns='" NS_CAPS "' node='n' hash='sha-1'/></presence>"
                              "<presence from='romeo@montague.lit/d' type='unavailable'>"
                              "<c xmlns='" NS_CAPS "' node='n' hash='sha-1' ver='v'/></presence>");
  fake_server_ping (server);
  g_assert_null (get_known (server, "romeo@montague.lit/b"));
  fake_server_no_more (server);
}

/* T107 */
static void
test_a_flood_of_hashes_asks_twenty_times_a_minute (void)
{
  g_autoptr(FakeServer) server = login ();

  for (guint i = 0; i < 5000; i++)
    {
      g_autofree char *ver = g_strdup_printf ("v%u", i);

      send_caps (server, "romeo@montague.lit/orchard", ver, "sha-1");
      if (i % 500 == 0)
        fake_server_ping (server);
    }
  for (guint i = 0; i < 20; i++)
    fake_server_expect_contains (server, NS_INFO);
  fake_server_no_more (server);

  fake_clock_advance (server->clock, 59999);
  send_caps (server, "romeo@montague.lit/orchard", "later", "sha-1");
  fake_server_no_more (server);
  fake_clock_advance (server->clock, 1);

  /* Whoever wants to know makes up for what was left out */
  g_assert_null (get_known (server, "romeo@montague.lit/orchard"));
  fake_server_answer (server, "node='urn:lute#later'", INFO (EXODUS));
  fake_server_ping (server);
  g_assert_nonnull (get_known (server, "romeo@montague.lit/orchard"));
}

static void
test_a_huge_answer_is_not_kept (void)
{
  g_autoptr(FakeServer) server = login ();
  g_autoptr(GString) info = g_string_new ("<query xmlns='" NS_INFO "'>");

  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (info, "<feature var='urn:feature:%u'/>", i);
  g_string_append (info, "</query>");

  send_caps (server, "romeo@montague.lit/orchard", "v", "sha-1");
  fake_server_answer (server, NS_INFO, info->str);
  fake_server_ping (server);
  g_assert_null (get_known (server, "romeo@montague.lit/orchard"));
}

static void
test_what_is_proven_survives_a_restart (void)
{
  g_autoptr(FakeServer) before = login ();
  g_autoptr(FakeServer) after = fake_server_new (ADDRESS);
  g_autoptr(XmppStanza) saved = NULL;
  g_autoptr(XmppStanza) read = NULL;
  g_autofree char *xml = NULL;
  g_autoptr(GError) error = NULL;

  send_caps (before, "romeo@montague.lit/orchard", EXODUS_VER, "sha-1");
  fake_server_answer (before, NS_INFO, INFO (EXODUS));
  send_caps (before, "nurse@capulet.lit/kitchen", "claimed", "sha-1");
  fake_server_answer (before, NS_INFO, INFO (EXODUS));
  fake_server_ping (before);
  saved = xmpp_disco_save (get_disco (before));
  xml = xmpp_stanza_to_xml (saved);
  g_assert_null (strstr (xml, "claimed"));

  read = xmpp_stanza_new_from_xml (xml, -1, &error);
  g_assert_no_error (error);
  xmpp_disco_restore (get_disco (after), read);
  fake_server_login (after);
  fake_server_answer (after, "jabber:iq:roster", ROSTER);
  fake_server_settle (after);
  send_caps (after, "romeo@montague.lit/street", EXODUS_VER, "sha-1");
  fake_server_no_more (after);
  g_assert_true (xmpp_disco_info_has (get_known (after, "romeo@montague.lit/street"), "http://jabber.org/protocol/muc"));
}

/* T107 */
static void
test_a_poisoned_copy_is_not_restored (gconstpointer xml)
{
  g_autoptr(FakeServer) server = login ();
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppStanza) saved = xmpp_stanza_new_from_xml (xml, -1, &error);

  g_assert_no_error (error);
  xmpp_disco_restore (get_disco (server), saved);
  send_caps (server, "romeo@montague.lit/orchard", EXODUS_VER, "sha-1");
  fake_server_expect (server, QUESTION ("romeo@montague.lit/orchard", EXODUS_VER));
}

/* T107: a thousand at most, the oldest go first */
static void
test_the_cache_has_an_end (void)
{
  g_autoptr(FakeServer) server = fake_server_new (ADDRESS);
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

  xmpp_disco_restore (get_disco (server), many);
  saved = xmpp_disco_save (get_disco (server));
  XMPP_NODE_FOREACH_CHILD (xmpp_stanza_get_root (saved), child)
    n++;
  g_assert_cmpint (n, ==, 1000);
  g_assert_cmpstr (xmpp_node_get (xmpp_stanza_get_root (saved)->first_child, "ver"), ==, first);
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

  g_test_add_func ("/xmpp/caps/hash/the-vectors-of-the-xep-come-out", test_the_vectors_of_the_xep_come_out);
  g_test_add_func ("/xmpp/caps/hash/order-does-not-matter", test_order_does_not_matter);
  g_test_add_func ("/xmpp/caps/hash/other-functions-are-known", test_other_functions_are_known);
  g_test_add_func ("/xmpp/caps/hash/a-form-of-no-type-is-ignored", test_a_form_of_no_type_is_ignored);
  for (guint i = 0; i < G_N_ELEMENTS (ill_formed); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/caps/hash/T107-what-is-ill-formed-has-none/%s", ill_formed[i].name);

      g_test_add_data_func (path, ill_formed[i].xml, test_what_is_there_twice_is_ill_formed);
    }

  g_test_add_func ("/xmpp/caps/one-answer-serves-all-with-the-same-hash", test_one_answer_serves_all_with_the_same_hash);
  g_test_add_func ("/xmpp/caps/one-question-is-open-for-each-hash", test_one_question_is_open_for_each_hash);
  g_test_add_data_func ("/xmpp/caps/T107-a-wrong-answer-holds-for-who-gave-it", INFO (EXODUS "<feature var='urn:poison'/>"),
                        test_a_wrong_answer_holds_for_who_gave_it);
  g_test_add_data_func ("/xmpp/caps/T107-an-ill-formed-answer-holds-for-who-gave-it",
                        INFO (EXODUS "<feature var='urn:poison'/><feature var='urn:poison'/>"),
                        test_a_wrong_answer_holds_for_who_gave_it);
  g_test_add_func ("/xmpp/caps/an-unknown-function-holds-for-who-used-it", test_an_unknown_function_holds_for_who_used_it);
  g_test_add_func ("/xmpp/caps/who-refuses-is-not-asked-again", test_who_refuses_is_not_asked_again);
  g_test_add_func ("/xmpp/caps/half-a-hash-is-none", test_half_a_hash_is_none);
  g_test_add_func ("/xmpp/caps/T107-a-flood-of-hashes-asks-twenty-times-a-minute",
                   test_a_flood_of_hashes_asks_twenty_times_a_minute);
  g_test_add_func ("/xmpp/caps/T107-a-huge-answer-is-not-kept", test_a_huge_answer_is_not_kept);
  g_test_add_func ("/xmpp/caps/what-is-proven-survives-a-restart", test_what_is_proven_survives_a_restart);
  g_test_add_data_func ("/xmpp/caps/T107-a-poisoned-copy-is-not-restored",
                        "<caps xmlns='" NS_CAPS "'><c hash='sha-1' ver='" EXODUS_VER "'>" INFO (EXODUS "<feature var='urn:poison'/>") "</c></caps>",
                        test_a_poisoned_copy_is_not_restored);
  g_test_add_data_func ("/xmpp/caps/a-torn-copy-is-not-restored",
                        "<caps xmlns='" NS_CAPS "'><c/><c hash='sha-1'/><x/><c hash='sha-1' ver='" EXODUS_VER "'/></caps>",
                        test_a_poisoned_copy_is_not_restored);
  g_test_add_func ("/xmpp/caps/T107-the-cache-has-an-end", test_the_cache_has_an_end);

  for (guint i = 0; i < G_N_ELEMENTS (strangers); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/caps/T107-who-may-not-see-us-is-not-asked/%u", i);

      g_test_add_data_func (path, strangers[i], test_who_may_not_see_us_is_not_asked);
    }

  return g_test_run ();
}
