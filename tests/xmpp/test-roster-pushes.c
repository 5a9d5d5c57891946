/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "roster-log.h"

#define BAD_REQUEST \
  "<iq type='error' id='p'><error type='modify'><bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"

static void
test_a_push_adds_changes_and_removes (void)
{
  g_autoptr(RosterLog) log = roster_log_new ();

  roster_log_login (log, QUERY ());
  roster_log_push (log, NULL, "<item jid='romeo@montague.lit' subscription='none' ask='subscribe'/>");
  fake_server_expect (log->server, "<iq type='result' id='p'/>");
  roster_log_expect (log, "changed romeo@montague.lit");
  roster_log_expect_item (log, "romeo@montague.lit", "romeo@montague.lit '' none asked []");

  roster_log_push (log, NULL, "<item jid='romeo@montague.lit' name='Romeo' subscription='both'><group>X</group></item>");
  roster_log_expect (log, "changed romeo@montague.lit");
  roster_log_expect_item (log, "romeo@montague.lit", "romeo@montague.lit 'Romeo' both [X]");

  roster_log_push (log, NULL, "<item jid='romeo@montague.lit' subscription='remove'/>");
  roster_log_expect (log, "removed romeo@montague.lit");
  roster_log_expect_item (log, "romeo@montague.lit", "nobody");

  roster_log_push (log, NULL, "<item jid='romeo@montague.lit' subscription='remove'/>");
  roster_log_expect (log, "");
}

static void
test_a_push_before_the_list_is_kept_quiet (void)
{
  g_autoptr(RosterLog) log = roster_log_new ();

  fake_server_login (log->server);
  roster_log_push (log, NULL, "<item jid='romeo@montague.lit'/>");
  fake_server_answer (log->server, NS_ROSTER, QUERY ("<item jid='romeo@montague.lit' subscription='both'/>"));
  roster_log_expect (log, "loaded");
}

static void
test_only_our_server_may_push (gconstpointer from)
{
  g_autoptr(RosterLog) log = roster_log_new ();
  g_autofree char *shadowed = g_strconcat (from, "' xmlns:a='urn:a' a:from='juliet@capulet.lit", NULL);

  roster_log_login (log, QUERY ("<item jid='romeo@montague.lit' subscription='both'/>"));
  roster_log_push (log, from, "<item jid='eve@evil.test' name='Romeo' subscription='both'/>");
  roster_log_push (log, from, "<item jid='romeo@montague.lit' subscription='remove'/>");
  roster_log_push (log, shadowed, "<item jid='romeo@montague.lit' subscription='remove'/>");
  roster_log_expect (log, "");
  roster_log_expect_item (log, "eve@evil.test", "nobody");
  roster_log_expect_item (log, "romeo@montague.lit", "romeo@montague.lit '' both []");
  fake_server_no_more (log->server);

  /* The same from where it should come */
  roster_log_push (log, NULL, "<item jid='eve@evil.test' name='Romeo' subscription='both'/>");
  fake_server_expect (log->server, "<iq type='result' id='p'/>");
  roster_log_expect (log, "changed eve@evil.test");
}

/* T021: whose it is stands in the attribute of no namespace, whatever stands beside it and in which order */
static void
test_shadowed_sender (void)
{
  static const char * const pushes[] = {
    "<iq type='set' id='p' from='eve@evil.test/x' xmlns:a='urn:a' a:from='juliet@capulet.lit'>",
    "<iq type='set' id='p' xmlns:a='urn:a' a:from='juliet@capulet.lit' from='eve@evil.test/x'>",
    "<iq xmlns:a='jabber:client' a:from='juliet@capulet.lit' a:type='result' type='set' id='p' from='eve@evil.test/x'>",
  };
  g_autoptr(RosterLog) log = roster_log_new ();

  roster_log_login (log, QUERY ());
  fake_server_settle (log->server);

  for (guint i = 0; i < G_N_ELEMENTS (pushes); i++)
    {
      g_autofree char *xml = g_strconcat (pushes[i], QUERY ("<item jid='eve@evil.test' name='Romeo' subscription='both'/>"), "</iq>", NULL);

      fake_server_send (log->server, xml);
      fake_server_no_more (log->server);
      roster_log_expect (log, "");
    }
}

static void
test_our_own_address_may_push (void)
{
  g_autoptr(RosterLog) log = roster_log_new ();

  roster_log_login (log, QUERY ());
  roster_log_push (log, "JULIET@capulet.lit", "<item jid='romeo@montague.lit'/>");
  roster_log_expect (log, "changed romeo@montague.lit");
}

/* T016 */
static void
test_an_ill_formed_push_is_refused (gconstpointer items)
{
  g_autoptr(RosterLog) log = roster_log_new ();

  roster_log_login (log, "<query xmlns='" NS_ROSTER "' ver='v1'><item jid='romeo@montague.lit' subscription='both'/></query>");
  roster_log_push (log, NULL, items);
  fake_server_expect (log->server, BAD_REQUEST);
  roster_log_expect (log, "");
  roster_log_expect_saved (log, "<query xmlns='" NS_ROSTER "' ver='v1'><item jid='romeo@montague.lit' subscription='both'/></query>");
}

/* A megabyte would not even pass the parser: a tag has an end */
static void
test_a_push_with_a_huge_name_is_refused (void)
{
  g_autofree char *name = g_strnfill (60000, 'x');
  g_autofree char *item = g_strdup_printf ("<item jid='romeo@montague.lit' name='%s'/>", name);

  test_an_ill_formed_push_is_refused (item);
}

/* T016, S98: a megabyte in one tag is more than any stanza may have: the connection ends, the list stays */
static void
test_a_megabyte_of_a_name (void)
{
  g_autoptr(RosterLog) log = roster_log_new ();
  g_autofree char *name = g_strnfill (1024 * 1024, 'x');
  g_autofree char *xml = g_strdup_printf ("<iq type='set' id='p'>" QUERY ("<item jid='romeo@montague.lit' name='%s'/>") "</iq>", name);

  roster_log_login (log, QUERY ("<item jid='romeo@montague.lit' subscription='both'/>"));
  fake_server_settle (log->server);
  fake_server_send (log->server, xml);
  fake_server_wait_until (log->server->n_closed == 1);
  fake_server_expect_contains (log->server, "policy-violation");
  roster_log_expect_saved (log, QUERY ("<item jid='romeo@montague.lit' subscription='both'/>"));
}

static void
test_there_is_an_end_to_it (void)
{
  g_autoptr(RosterLog) log = roster_log_new ();

  roster_log_login (log, QUERY ());
  for (guint i = 0; i < 20000; i += 1000)
    {
      g_autoptr(GString) query = g_string_new (NULL);

      for (guint j = i; j < i + 1000; j++)
        g_string_append_printf (query, "<iq type='set' id='x'><query xmlns='" NS_ROSTER "'><item jid='u%u@x.test'/></query></iq>", j);
      fake_server_send (log->server, query->str);
      fake_server_settle (log->server);
    }
  g_assert_cmpint (roster_log_count (log), ==, 20000);

  roster_log_push (log, NULL, "<item jid='one@more.test'/>");
  fake_server_expect (log->server, BAD_REQUEST);
  roster_log_push (log, NULL, "<item jid='u7@x.test' name='Seven'/>");
  fake_server_expect (log->server, "<iq type='result' id='p'/>");
  g_assert_cmpint (roster_log_count (log), ==, 20000);
}

int
main (int   argc,
      char *argv[])
{
  static const struct
  {
    const char *name;
    const char *items;
  } ill_formed[] = {
    { "none",            "" },
    { "two",             "<item jid='a@x.test'/><item jid='b@x.test'/>" },
    { "foreign",         "<item xmlns='urn:x' jid='a@x.test'/>" },
    { "not-an-item",     "<thing jid='a@x.test'/>" },
    { "without-jid",     "<item name='a'/>" },
    { "empty-jid",       "<item jid=''/>" },
    { "invalid-jid",     "<item jid='a b@x.test'/>" },
    { "own-jid",         "<item jid='juliet@capulet.lit' subscription='both'/>" },
    { "own-jid-removed", "<item jid='juliet@capulet.lit/balcony' subscription='remove'/>" },
    { "weird",           "<item jid='romeo@montague.lit' subscription='weird'/>" },
  };
  static const char * const others[] = {
    "eve@evil.test", "eve@evil.test/x", "romeo@montague.lit", "capulet.lit", "juliet@capulet.lit/phone",
    "juliet@capulet.lit.evil.test", "juliet@cаpulet.lit",
  };

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/roster/a-push-adds-changes-and-removes", test_a_push_adds_changes_and_removes);
  g_test_add_func ("/xmpp/roster/a-push-before-the-list-is-kept-quiet", test_a_push_before_the_list_is_kept_quiet);
  g_test_add_func ("/xmpp/roster/T015-T021-a-shadowed-sender-may-not-push", test_shadowed_sender);
  g_test_add_func ("/xmpp/roster/T015-our-own-address-may-push", test_our_own_address_may_push);
  g_test_add_func ("/xmpp/roster/T016-a-push-with-a-huge-name-is-refused", test_a_push_with_a_huge_name_is_refused);
  g_test_add_func ("/xmpp/roster/T016-a-megabyte-of-a-name-changes-nothing", test_a_megabyte_of_a_name);
  g_test_add_func ("/xmpp/roster/there-is-an-end-to-it", test_there_is_an_end_to_it);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/roster/T015-others-may-not-push/%u", i);

      g_test_add_data_func (path, others[i], test_only_our_server_may_push);
    }

  for (guint i = 0; i < G_N_ELEMENTS (ill_formed); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/roster/T016-an-ill-formed-push-is-refused/%s", ill_formed[i].name);

      g_test_add_data_func (path, ill_formed[i].items, test_an_ill_formed_push_is_refused);
    }

  return g_test_run ();
}
