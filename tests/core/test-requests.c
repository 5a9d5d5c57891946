/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include <string.h>

static FlintRequest *
get_request (TestCore *test,
             guint     position)
{
  g_autoptr(FlintRequest) request = g_list_model_get_item (flint_core_get_requests (test->core), position);

  g_assert_nonnull (request);

  return request;
}

static guint
count_requests (TestCore *test)
{
  return g_list_model_get_n_items (flint_core_get_requests (test->core));
}

static void
test_request (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintRequest *request;

  test_account_send (test->me, "<presence from='eve@evil.test/x' type='subscribe'><status>Hi\nthere</status><nick xmlns='http://jabber.org/protocol/nick'>Bob</nick></presence>");
  g_assert_cmpuint (count_requests (test), ==, 1);
  g_assert_cmpuint (test->n_requests, ==, 1);
  request = get_request (test, 0);
  g_assert_cmpstr (xmpp_jid_get_text (flint_request_get_jid (request)), ==, EVE);
  g_assert_cmpstr (flint_request_get_name (request), ==, "Bob");
  g_assert_cmpstr (flint_request_get_text (request), ==, "Hi there");
  g_assert_null (flint_request_get_warning (request));

  /* Nothing is said to her before somebody decides */
  fake_server_no_more (test->me->server);
}

static void
test_accept (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();

  test_account_send (test->me, "<presence from='eve@evil.test' type='subscribe'/>");
  flint_request_accept (get_request (test, 0), TRUE, "Eve", (const char *[]) { "Friends", NULL });
  g_assert_cmpuint (count_requests (test), ==, 0);
  fake_server_expect (test->me->server, "<presence to='eve@evil.test' type='subscribed'/>");
  fake_server_answer (test->me->server, "<item jid='eve@evil.test' name='Eve'><group>Friends</group></item>", NULL);
  fake_server_expect_contains (test->me->server, "<presence to='eve@evil.test' type='subscribe'/>");
}

static void
test_decline (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();

  test_account_send (test->me, "<presence from='eve@evil.test' type='subscribe'/>");
  flint_request_decline (get_request (test, 0));
  g_assert_cmpuint (count_requests (test), ==, 0);
  fake_server_expect (test->me->server, "<presence to='eve@evil.test' type='unsubscribed'/>");
  fake_server_no_more (test->me->server);
}

static void
count_failed (FlintCore    *core,
              FlintRequest *request,
              const GError *error,
              guint        *n)
{
  g_assert_nonnull (request);
  g_assert_error (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_NOT_ACCEPTABLE);
  (*n)++;
}

/* The answer goes before the block: after it the server would keep it from her, too */
static void
test_block (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  guint n_failed = 0;

  g_signal_connect (test->core, "request-failed", G_CALLBACK (count_failed), &n_failed);

  for (guint i = 0; i < 2; i++)
    {
      test_account_send (test->me, "<presence from='eve@evil.test' type='subscribe'/>");
      flint_request_block (get_request (test, 0));
      g_assert_cmpuint (count_requests (test), ==, 0);
      fake_server_expect_next (test->me->server, "<presence to='eve@evil.test' type='unsubscribed'/>");

      if (i == 0)
        fake_server_answer (test->me->server, "<block xmlns='urn:xmpp:blocking'><item jid='eve@evil.test'/></block>", NULL);
      else
        fake_server_refuse (test->me->server, "<block xmlns='urn:xmpp:blocking'>", "modify", "not-acceptable");

      fake_server_no_more (test->me->server);
      g_assert_cmpuint (n_failed, ==, i);
    }
}

/* Accepted she is; that she could not be added is told */
static void
test_not_added (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  guint n_failed = 0;

  g_signal_connect (test->core, "request-failed", G_CALLBACK (count_failed), &n_failed);
  test_account_send (test->me, "<presence from='eve@evil.test' type='subscribe'/>");
  flint_request_accept (get_request (test, 0), TRUE, "Eve", NULL);
  fake_server_expect (test->me->server, "<presence to='eve@evil.test' type='subscribed'/>");
  fake_server_refuse (test->me->server, "<item jid='eve@evil.test' name='Eve'/>", "modify", "not-acceptable");
  fake_server_no_more (test->me->server);
  g_assert_cmpuint (n_failed, ==, 1);
}

static void
test_elsewhere (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();

  test_account_send (test->me, "<presence from='eve@evil.test' type='subscribe'/><presence from='mal@evil.test' type='subscribe'/>");
  g_assert_cmpuint (count_requests (test), ==, 2);
  test_account_send (test->me, "<iq type='set' id='p'><query xmlns='jabber:iq:roster'><item jid='eve@evil.test' subscription='from'/></query></iq>");
  g_assert_cmpuint (count_requests (test), ==, 1);
  test_account_send (test->me, "<presence from='mal@evil.test' type='unsubscribe'/>");
  g_assert_cmpuint (count_requests (test), ==, 0);
}

/* T101 */
static void
test_flood (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autoptr(GString) xml = g_string_new (NULL);

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (xml, "<presence from='e%u@evil.test' type='subscribe'/>", i);

  test_account_send (test->me, "<presence from='eve@evil.test/a' type='subscribe'/><presence from='eve@evil.test/b' type='subscribe'/>"
                               "<presence from='EVE@evil.test' type='subscribe'/>");
  g_assert_cmpuint (count_requests (test), ==, 1);
  test_account_send (test->me, xml->str);
  g_assert_cmpuint (count_requests (test), ==, 50);
  g_assert_cmpuint (test->n_requests, ==, 50);

  /* What nobody asked for is not believed */
  test_account_send (test->me, "<presence from='mal@evil.test' type='subscribed'/><presence from='mal@evil.test' type='unsubscribed'/>");
  fake_server_no_more (test->me->server);
}

/* We have asked carl, and see ann */
static void
test_asked_back (void)
{
  for (int mode = XMPP_SUBSCRIPTION_MODE_MANUAL; mode <= XMPP_SUBSCRIPTION_MODE_REJECT_ALL; mode++)
    {
      g_autoptr(TestCore) test = test_core_new_online ();

      g_object_set (test->me->account, "subscription-mode", mode, NULL);
      test_account_send (test->me, "<presence from='carl@peer.test' type='subscribe'/>");
      fake_server_expect_contains (test->me->server, "<presence to='carl@peer.test' type='subscribed'/>");
      test_account_send (test->me, "<presence from='ann@peer.test' type='subscribe'/>");
      fake_server_expect_contains (test->me->server, "<presence to='ann@peer.test' type='subscribed'/>");
      g_assert_cmpuint (count_requests (test), ==, 0);
      g_assert_cmpuint (test->n_requests, ==, 0);
    }
}

/* Somebody who waits for an answer and is added by other means is answered by that, and his card goes */
static void
test_added_meanwhile (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();

  test_account_send (test->me, "<presence from='eve@evil.test' type='subscribe'/>");
  g_assert_cmpuint (count_requests (test), ==, 1);
  test_account_send (test->me, "<iq type='set' id='p'><query xmlns='jabber:iq:roster'><item jid='eve@evil.test' ask='subscribe'/></query></iq>");
  fake_server_expect_contains (test->me->server, "<presence to='eve@evil.test' type='subscribed'/>");
  test_account_send (test->me, "<iq type='set' id='p'><query xmlns='jabber:iq:roster'><item jid='eve@evil.test' ask='subscribe' subscription='from'/></query></iq>");
  g_assert_cmpuint (count_requests (test), ==, 0);
}

static void
test_modes (void)
{
  static const char * const answers[] = { NULL, "subscribed", "unsubscribed" };

  for (int mode = XMPP_SUBSCRIPTION_MODE_ACCEPT_ALL; mode <= XMPP_SUBSCRIPTION_MODE_REJECT_ALL; mode++)
    {
      g_autoptr(TestCore) test = test_core_new_online ();
      g_autofree char *answer = g_strdup_printf ("<presence to='eve@evil.test' type='%s'/>", answers[mode]);

      g_object_set (test->me->account, "subscription-mode", mode, NULL);
      test_account_send (test->me, "<presence from='eve@evil.test' type='subscribe'/>");
      fake_server_expect (test->me->server, answer);
      g_assert_cmpuint (count_requests (test), ==, 0);
    }
}

/* T055 */
static void
test_alike (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();

  /* Cyrillic о in bob, Cyrillic е in our own name */
  test_account_send (test->me, "<presence from='b\320\276b@peer.test' type='subscribe'/>");
  g_assert_nonnull (flint_request_get_warning (get_request (test, 0)));
  g_assert_nonnull (strstr (flint_request_get_warning (get_request (test, 0)), "Bob"));

  test_account_send (test->me, "<presence from='m\320\265@good.test' type='subscribe'/>");
  g_assert_nonnull (flint_request_get_warning (get_request (test, 0)));

  test_account_send (test->me, "<presence from='bob@p\320\265er.test' type='subscribe'/>");
  g_assert_nonnull (strstr (flint_request_get_warning (get_request (test, 0)), "xn--"));

  /* Who is only called alike, or asks as himself, is not warned of */
  test_account_send (test->me, "<presence from='bobby@peer.test' type='subscribe'/>");
  g_assert_null (flint_request_get_warning (get_request (test, 0)));
  test_account_send (test->me, "<iq type='set' id='p'><query xmlns='jabber:iq:roster'><item jid='dora@peer.test'/></query></iq>"
                               "<presence from='dora@peer.test' type='subscribe'/>");
  g_assert_null (flint_request_get_warning (get_request (test, 0)));
}

static void
count_changes (guint *n)
{
  (*n)++;
}

/* Who shows them may be in the middle of ending, too */
static void
test_end (void)
{
  TestCore *test = test_core_new_online ();
  guint n_changes = 0;

  test_account_send (test->me, "<presence from='eve@evil.test' type='subscribe'/>");
  g_assert_cmpuint (count_requests (test), ==, 1);
  g_signal_connect_swapped (flint_core_get_requests (test->core), "items-changed", G_CALLBACK (count_changes), &n_changes);
  test_core_free (test);
  g_assert_cmpuint (n_changes, ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/requests/who-asks-is-shown-and-waits", test_request);
  g_test_add_func ("/core/requests/who-is-accepted-may-be-added", test_accept);
  g_test_add_func ("/core/requests/who-is-declined-is-told", test_decline);
  g_test_add_func ("/core/requests/who-is-blocked-is-declined-first", test_block);
  g_test_add_func ("/core/requests/who-could-not-be-added-is-told-of", test_not_added);
  g_test_add_func ("/core/requests/what-is-settled-elsewhere-is-not-asked-here", test_elsewhere);
  g_test_add_func ("/core/requests/T101-a-flood-is-fifty", test_flood);
  g_test_add_func ("/core/requests/whom-we-asked-is-accepted-in-each-mode", test_asked_back);
  g_test_add_func ("/core/requests/who-waits-and-is-added-is-answered-by-that", test_added_meanwhile);
  g_test_add_func ("/core/requests/some-accept-or-decline-everybody", test_modes);
  g_test_add_func ("/core/requests/T055-look-alikes-are-warned-of", test_alike);
  g_test_add_func ("/core/requests/that-the-program-ends-is-no-change-of-theirs", test_end);

  return g_test_run ();
}
