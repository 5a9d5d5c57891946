/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "presence-log.h"

static void
test_a_person_is_asked (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  presence_log_login (log);
  presence_log_receive (log, "mercutio@montague.lit", "subscribe",
           "<status>Let us talk</status><nick xmlns='http://jabber.org/protocol/nick'>Merc</nick>");
  presence_log_expect (log, "request mercutio@montague.lit Merc Let us talk");

  /* T101: one card, however often they ask */
  presence_log_receive (log, "mercutio@montague.lit/inn", "subscribe", "");
  presence_log_expect (log, "");
  fake_server_no_more (log->server);
}

static void
test_a_request_is_answered_as_told (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();
  g_autoptr(XmppJid) jid = xmpp_jid_new ("mercutio@montague.lit/inn", NULL);

  presence_log_login (log);
  presence_log_receive (log, "mercutio@montague.lit", "subscribe", "");
  presence_log_expect (log, "request mercutio@montague.lit - -");
  fake_server_settle (log->server);
  xmpp_presence_accept (log->presence, jid);
  fake_server_expect_next (log->server, "<presence to='mercutio@montague.lit' type='subscribed'/>");

  presence_log_receive (log, "mercutio@montague.lit", "subscribe", "");
  presence_log_expect (log, "request mercutio@montague.lit - -");
  fake_server_settle (log->server);
  xmpp_presence_decline (log->presence, jid);
  fake_server_expect_next (log->server, "<presence to='mercutio@montague.lit' type='unsubscribed'/>");
}

static void
test_who_does_not_ask_any_more_is_told_of (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  presence_log_login (log);
  presence_log_receive (log, "mercutio@montague.lit", "unsubscribe", "");
  presence_log_expect (log, "");
  presence_log_receive (log, "mercutio@montague.lit", "subscribe", "");
  presence_log_receive (log, "mercutio@montague.lit", "unsubscribe", "");
  presence_log_expect (log, "request mercutio@montague.lit - -, withdrawn mercutio@montague.lit");
}

static void
test_a_request_comes_again_with_the_next_login (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  presence_log_login (log);
  presence_log_receive (log, "mercutio@montague.lit", "subscribe", "");
  presence_log_expect (log, "request mercutio@montague.lit - -");
  presence_log_lose_connection (log);
  presence_log_login (log);
  presence_log_receive (log, "mercutio@montague.lit", "subscribe", "");
  presence_log_expect (log, "request mercutio@montague.lit - -");
}

static void
test_all_can_be_accepted (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  presence_log_login (log);
  g_object_set (log->presence, "subscription-mode", XMPP_SUBSCRIPTION_MODE_ACCEPT_ALL, NULL);
  presence_log_receive (log, "mercutio@montague.lit", "subscribe", "");
  fake_server_expect_next (log->server, "<presence to='mercutio@montague.lit' type='subscribed'/>");
  fake_server_no_more (log->server);
  presence_log_expect (log, "");
}

static void
test_all_can_be_rejected (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  presence_log_login (log);
  g_object_set (log->presence, "subscription-mode", XMPP_SUBSCRIPTION_MODE_REJECT_ALL, NULL);
  presence_log_receive (log, "mercutio@montague.lit", "subscribe", "");
  fake_server_expect_next (log->server, "<presence to='mercutio@montague.lit' type='unsubscribed'/>");
  fake_server_no_more (log->server);
  presence_log_expect (log, "");
}

/* paris was asked, nurse is seen: that they ask back is no news to who added them, in whatever mode */
static void
test_whom_we_asked_is_accepted (void)
{
  for (int mode = XMPP_SUBSCRIPTION_MODE_MANUAL; mode <= XMPP_SUBSCRIPTION_MODE_REJECT_ALL; mode++)
    {
      g_autoptr(PresenceLog) log = presence_log_new ();

      presence_log_login (log);
      g_object_set (log->presence, "subscription-mode", mode, NULL);
      presence_log_receive (log, "paris@example.org", "subscribe", "");
      fake_server_expect_next (log->server, "<presence to='paris@example.org' type='subscribed'/>");
      presence_log_receive (log, "nurse@capulet.lit", "subscribe", "");
      fake_server_expect_next (log->server, "<presence to='nurse@capulet.lit' type='subscribed'/>");
      fake_server_no_more (log->server);
      presence_log_expect (log, "");
    }
}

/* T101: only whom we asked, at that very address; who is merely listed, or sees us, asks like everybody */
static void
test_nobody_else_is_accepted_so (void)
{
  static const char * const others[] = {
    "mercutio@montague.lit", "paris@example.org/inn", "example.org", "paris@example.com", "tybalt@capulet.lit", "nurse@capulet.lit/r",
  };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr(PresenceLog) log = presence_log_new ();
      g_autoptr(XmppJid) jid = xmpp_jid_new (others[i], NULL);
      g_autofree char *line = g_strdup_printf ("request %s - -", xmpp_jid_get_bare_text (jid));

      presence_log_login (log);
      presence_log_receive (log, others[i], "subscribe", "");
      presence_log_expect (log, line);
      fake_server_no_more (log->server);
    }
}

static void
push (PresenceLog *log,
      const char  *attributes)
{
  g_autofree char *xml = g_strdup_printf ("<iq type='set' id='p'><query xmlns='jabber:iq:roster'><item jid='%s/></query></iq>", attributes);

  fake_server_send (log->server, xml);
  fake_server_expect_contains (log->server, "<iq type='result' id='p'/>");
}

/* T101 */
static void
test_who_was_removed_or_declined_asks_again (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();
  g_autoptr(XmppJid) nurse = xmpp_jid_new ("nurse@capulet.lit", NULL);

  presence_log_login (log);
  push (log, "paris@example.org' subscription='remove'");
  presence_log_receive (log, "paris@example.org", "subscribe", "");
  presence_log_expect (log, "request paris@example.org - -");

  xmpp_presence_decline (log->presence, nurse);
  fake_server_expect_contains (log->server, "<presence to='nurse@capulet.lit' type='unsubscribed'/>");
  presence_log_receive (log, "nurse@capulet.lit", "subscribe", "");
  presence_log_expect (log, "request nurse@capulet.lit - -");
  fake_server_no_more (log->server);
}

static void
test_who_waits_is_accepted_when_we_ask (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  presence_log_login (log);
  presence_log_receive (log, "mercutio@montague.lit", "subscribe", "");
  presence_log_expect (log, "request mercutio@montague.lit - -");
  push (log, "tybalt@capulet.lit' ask='subscribe'");
  fake_server_no_more (log->server);
  push (log, "mercutio@montague.lit' ask='subscribe'");
  fake_server_expect_contains (log->server, "<presence to='mercutio@montague.lit' type='subscribed'/>");
  push (log, "mercutio@montague.lit' ask='subscribe' subscription='from'");
  fake_server_no_more (log->server);
}

/* T101 */
static void
test_a_flood_of_requests_has_an_end (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();
  g_autoptr(GString) flood = g_string_new (NULL);
  g_autoptr(XmppJid) jid = xmpp_jid_new ("eve7@evil.test", NULL);

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (flood, "<presence from='eve%u@evil.test' type='subscribe'/>", i);

  presence_log_login (log);
  fake_server_send (log->server, flood->str);
  fake_server_no_more (log->server);
  g_assert_cmpint (log->lines->len, ==, 50);
  presence_log_clear (log);

  /* There is room again when one was answered */
  xmpp_presence_decline (log->presence, jid);
  presence_log_receive (log, "mercutio@montague.lit", "subscribe", "");
  presence_log_expect (log, "request mercutio@montague.lit - -");
}

/* T101 */
static void
test_our_own_request_is_none (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  presence_log_login (log);
  g_object_set (log->presence, "subscription-mode", XMPP_SUBSCRIPTION_MODE_ACCEPT_ALL, NULL);
  presence_log_receive (log, "juliet@capulet.lit", "subscribe", "");
  presence_log_expect (log, "");
  fake_server_no_more (log->server);
}

/* T101: the block list first */
static void
test_who_is_blocked_is_not_heard (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  presence_log_login (log);
  fake_server_send (log->server, "<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'><item jid='evil.test'/></block></iq>");
  presence_log_receive (log, "eve@evil.test", "subscribe", "");
  presence_log_expect (log, "");
}

static void
test_answers_count_from_whom_we_asked (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();
  g_autoptr(XmppJid) jid = xmpp_jid_new ("mercutio@montague.lit/inn", NULL);

  presence_log_login (log);
  presence_log_receive (log, "paris@example.org", "subscribed", "");
  presence_log_receive (log, "romeo@montague.lit", "unsubscribed", "");
  presence_log_expect (log, "accepted paris@example.org, declined romeo@montague.lit");

  fake_server_settle (log->server);
  xmpp_presence_subscribe (log->presence, jid, "It is me");
  fake_server_expect_next (log->server, "<presence to='mercutio@montague.lit' type='subscribe'><status>It is me</status></presence>");
  presence_log_receive (log, "mercutio@montague.lit", "unsubscribed", "");
  presence_log_expect (log, "declined mercutio@montague.lit");
}

/* T101 */
static void
test_answers_that_nobody_asked_for_are_ignored (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();

  presence_log_login (log);
  presence_log_receive (log, "eve@evil.test", "subscribed", "");
  presence_log_receive (log, "eve@evil.test", "unsubscribed", "");
  presence_log_receive (log, "tybalt@capulet.lit", "subscribed", "");
  presence_log_receive (log, "tybalt@capulet.lit", "unsubscribed", "");
  presence_log_expect (log, "");
  fake_server_no_more (log->server);
}

static void
test_unsubscribing_asks_the_bare_address (void)
{
  g_autoptr(PresenceLog) log = presence_log_new ();
  g_autoptr(XmppJid) jid = xmpp_jid_new ("romeo@montague.lit/orchard", NULL);

  presence_log_login (log);
  xmpp_presence_unsubscribe (log->presence, jid);
  fake_server_expect_next (log->server, "<presence to='romeo@montague.lit' type='unsubscribe'/>");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/subscriptions/a-person-is-asked-once", test_a_person_is_asked);
  g_test_add_func ("/xmpp/subscriptions/a-request-is-answered-as-told", test_a_request_is_answered_as_told);
  g_test_add_func ("/xmpp/subscriptions/who-does-not-ask-any-more-is-told-of",
                   test_who_does_not_ask_any_more_is_told_of);
  g_test_add_func ("/xmpp/subscriptions/a-request-comes-again-with-the-next-login",
                   test_a_request_comes_again_with_the_next_login);
  g_test_add_func ("/xmpp/subscriptions/all-can-be-accepted", test_all_can_be_accepted);
  g_test_add_func ("/xmpp/subscriptions/all-can-be-rejected", test_all_can_be_rejected);
  g_test_add_func ("/xmpp/subscriptions/whom-we-asked-is-accepted-when-they-ask-back", test_whom_we_asked_is_accepted);
  g_test_add_func ("/xmpp/subscriptions/T101-nobody-else-is-accepted-so", test_nobody_else_is_accepted_so);
  g_test_add_func ("/xmpp/subscriptions/T101-who-was-removed-or-declined-asks-again", test_who_was_removed_or_declined_asks_again);
  g_test_add_func ("/xmpp/subscriptions/who-waits-is-accepted-when-we-ask-in-turn", test_who_waits_is_accepted_when_we_ask);
  g_test_add_func ("/xmpp/subscriptions/T101-a-flood-of-requests-has-an-end",
                   test_a_flood_of_requests_has_an_end);
  g_test_add_func ("/xmpp/subscriptions/T101-our-own-request-is-none", test_our_own_request_is_none);
  g_test_add_func ("/xmpp/subscriptions/T101-who-is-blocked-is-not-heard", test_who_is_blocked_is_not_heard);
  g_test_add_func ("/xmpp/subscriptions/answers-count-from-whom-we-asked",
                   test_answers_count_from_whom_we_asked);
  g_test_add_func ("/xmpp/subscriptions/T101-answers-that-nobody-asked-for-are-ignored",
                   test_answers_that_nobody_asked_for_are_ignored);
  g_test_add_func ("/xmpp/subscriptions/unsubscribing-asks-the-bare-address",
                   test_unsubscribing_asks_the_bare_address);

  return g_test_run ();
}
