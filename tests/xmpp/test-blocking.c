/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-server.h"
#include "xmpp-blocking.h"

#include <string.h>

#define SERVER_INFO(features) "<query xmlns='http://jabber.org/protocol/disco#info'>" features "</query>"
#define SUPPORTED SERVER_INFO ("<feature var='urn:xmpp:blocking'/>")
#define LIST(items) "<blocklist xmlns='urn:xmpp:blocking'>" items "</blocklist>"

typedef struct
{
  FakeServer   *server;
  XmppBlocking *blocking;
  guint         n_changes;
} Fixture;

static void
on_changed (XmppBlocking *blocking,
            Fixture      *f)
{
  f->n_changes++;
}

static void
set_up (Fixture    *f,
        const char *info)
{
  f->server = fake_server_new ("juliet@capulet.lit/balcony");
  f->blocking = xmpp_session_get_module (f->server->session, XMPP_TYPE_BLOCKING);
  f->n_changes = 0;
  g_signal_connect (f->blocking, "changed", G_CALLBACK (on_changed), f);

  fake_server_login (f->server);
  fake_server_answer (f->server, "disco#info", info);
  fake_server_ping (f->server);
}

static void
set_up_with_list (Fixture    *f,
                  const char *list)
{
  set_up (f, SUPPORTED);
  fake_server_answer (f->server, "blocklist", list);
  fake_server_settle (f->server);
  g_assert_cmpint (f->n_changes, ==, 1);
  f->n_changes = 0;
}

static void
tear_down (Fixture *f)
{
  fake_server_free (f->server);
}

static void
assert_list (Fixture    *f,
             const char *wanted)
{
  g_autoptr(GPtrArray) list = NULL;
  g_autoptr(GString) got = g_string_new (NULL);

  fake_server_ping (f->server);
  list = xmpp_blocking_get_list (f->blocking);
  for (guint i = 0; i < list->len; i++)
    g_string_append_printf (got, "%s%s", i > 0 ? " " : "", xmpp_jid_get_text (g_ptr_array_index (list, i)));
  g_assert_cmpstr (got->str, ==, wanted);
}

static gboolean
is_blocked (Fixture    *f,
            const char *address)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (address, NULL);

  return xmpp_blocking_is_blocked (f->blocking, jid);
}

static void
push (Fixture    *f,
      const char *from,
      const char *child)
{
  g_autofree char *address = from != NULL ? g_strdup_printf (" from='%s'", from) : g_strdup ("");
  g_autofree char *xml = g_strdup_printf ("<iq type='set' id='p'%s>%s</iq>", address, child);

  fake_server_send (f->server, xml);
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
test_the_list_is_read_at_login (void)
{
  Fixture f;

  set_up_with_list (&f, LIST ("<item jid='tybalt@capulet.lit'/><item jid='Evil.TEST'/>"));
  g_assert_true (xmpp_blocking_is_supported (f.blocking));
  assert_list (&f, "evil.test tybalt@capulet.lit");
  tear_down (&f);
}

static void
test_a_server_that_cannot_is_not_asked (void)
{
  Fixture f;

  set_up (&f, SERVER_INFO ("<feature var='urn:x'/>"));
  g_assert_false (xmpp_blocking_is_supported (f.blocking));
  for (guint i = 0; i < f.server->received->len; i++)
    g_assert_null (strstr (g_ptr_array_index (f.server->received, i), "blocklist"));
  tear_down (&f);
}

static void
test_what_is_no_list_changes_nothing (gconstpointer answer)
{
  Fixture f;

  set_up (&f, SUPPORTED);
  push (&f, NULL, "<block xmlns='urn:xmpp:blocking'><item jid='tybalt@capulet.lit'/></block>");
  if (answer != NULL)
    fake_server_answer (f.server, "blocklist", answer);
  else
    fake_server_refuse (f.server, "blocklist", "cancel", "not-allowed");
  assert_list (&f, "tybalt@capulet.lit");
  tear_down (&f);
}

/* XEP-0191, 3.1: what is in the list stands for what is under it */
static void
test_who_is_blocked (void)
{
  static const struct
  {
    const char *address;
    gboolean    is_blocked;
  } rows[] = {
    { "tybalt@capulet.lit",       TRUE },
    { "tybalt@capulet.lit/sword", TRUE },
    { "paris@example.org/tomb",   TRUE },
    { "paris@example.org/ball",   FALSE },
    { "paris@example.org",        FALSE },
    { "evil.test",                TRUE },
    { "evil.test/x",              TRUE },
    { "eve@evil.test",            TRUE },
    { "eve@evil.test/x",          TRUE },
    { "eve@sub.evil.test",        FALSE },
    { "anybody@news.test/ads",    TRUE },
    { "news.test/ads",            TRUE },
    { "anybody@news.test/other",  FALSE },
    { "capulet.lit",              FALSE },
    { "romeo@montague.lit",       FALSE },
  };
  Fixture f;

  set_up_with_list (&f, LIST ("<item jid='tybalt@capulet.lit'/><item jid='paris@example.org/tomb'/>"
                              "<item jid='evil.test'/><item jid='news.test/ads'/>"));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].address);
      g_assert_cmpint (is_blocked (&f, rows[i].address), ==, rows[i].is_blocked);
    }
  tear_down (&f);
}

static void
test_pushes_block_and_unblock (void)
{
  Fixture f;

  set_up_with_list (&f, LIST ());
  push (&f, NULL, "<block xmlns='urn:xmpp:blocking'><item jid='a@x.test'/><item jid='b@x.test'/></block>");
  fake_server_expect (f.server, "<iq type='result' id='p'/>");
  assert_list (&f, "a@x.test b@x.test");
  push (&f, "juliet@capulet.lit", "<unblock xmlns='urn:xmpp:blocking'><item jid='a@x.test'/></unblock>");
  assert_list (&f, "b@x.test");
  push (&f, NULL, "<block xmlns='urn:xmpp:blocking'><item jid='c@x.test'/></block>");
  push (&f, NULL, "<unblock xmlns='urn:xmpp:blocking'/>");
  assert_list (&f, "");
  g_assert_cmpint (f.n_changes, ==, 4);
  tear_down (&f);
}

/* T026 */
static void
test_only_our_server_may_push (gconstpointer from)
{
  Fixture f;

  set_up_with_list (&f, LIST ("<item jid='eve@evil.test'/>"));
  push (&f, from, "<unblock xmlns='urn:xmpp:blocking'/>");
  push (&f, from, "<unblock xmlns='urn:xmpp:blocking'><item jid='eve@evil.test'/></unblock>");
  push (&f, from, "<block xmlns='urn:xmpp:blocking'><item jid='romeo@montague.lit'/></block>");
  assert_list (&f, "eve@evil.test");
  g_assert_cmpint (f.n_changes, ==, 0);
  fake_server_no_more (f.server);
  tear_down (&f);
}

static void
test_an_ill_formed_push_is_refused (gconstpointer child)
{
  Fixture f;

  set_up_with_list (&f, LIST ("<item jid='eve@evil.test'/>"));
  push (&f, NULL, child);
  fake_server_expect_contains (f.server, "<bad-request ");
  assert_list (&f, "eve@evil.test");
  g_assert_cmpint (f.n_changes, ==, 0);
  tear_down (&f);
}

static void
test_a_change_is_made_by_the_push (void)
{
  Fixture f;
  g_autoptr(XmppJid) jid = xmpp_jid_new ("tybalt@capulet.lit", NULL);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GAsyncResult) again = NULL;
  g_autoptr(GError) error = NULL;

  set_up_with_list (&f, LIST ());
  xmpp_blocking_block_async (f.blocking, jid, NULL, on_result, &result);
  fake_server_answer (f.server, "<block xmlns='urn:xmpp:blocking'><item jid='tybalt@capulet.lit'/></block>", NULL);
  fake_server_wait_until (result != NULL);
  g_assert_true (xmpp_blocking_change_finish (f.blocking, result, &error));
  g_assert_no_error (error);
  assert_list (&f, "");

  xmpp_blocking_unblock_async (f.blocking, jid, NULL, on_result, &again);
  fake_server_answer (f.server, "<unblock xmlns='urn:xmpp:blocking'><item jid='tybalt@capulet.lit'/></unblock>", NULL);
  fake_server_wait_until (again != NULL);
  g_assert_true (xmpp_blocking_change_finish (f.blocking, again, &error));
  tear_down (&f);
}

static void
test_a_refusal_is_given_back (void)
{
  Fixture f;
  g_autoptr(XmppJid) jid = xmpp_jid_new ("tybalt@capulet.lit", NULL);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  set_up_with_list (&f, LIST ());
  xmpp_blocking_block_async (f.blocking, jid, NULL, on_result, &result);
  fake_server_refuse (f.server, "<block ", "cancel", "not-allowed");
  fake_server_wait_until (result != NULL);
  g_assert_false (xmpp_blocking_change_finish (f.blocking, result, &error));
  g_assert_error (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_NOT_ALLOWED);
  tear_down (&f);
}

static void
test_the_list_outlives_the_connection (void)
{
  Fixture f;

  set_up_with_list (&f, LIST ("<item jid='eve@evil.test'/>"));
  fake_server_fin (f.server);
  fake_server_wait_until (f.server->n_closed == 1);
  g_assert_false (xmpp_blocking_is_supported (f.blocking));
  g_assert_true (is_blocked (&f, "eve@evil.test"));

  fake_server_login (f.server);
  fake_server_answer (f.server, "disco#info", SUPPORTED);
  fake_server_answer (f.server, "blocklist", LIST ());
  assert_list (&f, "");
  tear_down (&f);
}

int
main (int   argc,
      char *argv[])
{
  static const char * const others[] = { "eve@evil.test", "eve@evil.test/x", "capulet.lit", "juliet@capulet.lit/phone" };
  static const char * const ill_formed[] = {
    "<block xmlns='urn:xmpp:blocking'/>",
    "<block xmlns='urn:xmpp:blocking'><item/></block>",
    "<block xmlns='urn:xmpp:blocking'><item jid=''/></block>",
    "<block xmlns='urn:xmpp:blocking'><item jid='a@x.test'/><thing jid='b@x.test'/></block>",
    "<unblock xmlns='urn:xmpp:blocking'><item/></unblock>",
  };

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/blocking/the-list-is-read-at-login", test_the_list_is_read_at_login);
  g_test_add_func ("/xmpp/blocking/a-server-that-cannot-is-not-asked", test_a_server_that_cannot_is_not_asked);
  g_test_add_data_func ("/xmpp/blocking/an-answer-without-a-list-changes-nothing", "<blocklist xmlns='urn:x'/>",
                        test_what_is_no_list_changes_nothing);
  g_test_add_data_func ("/xmpp/blocking/a-list-of-nobody-changes-nothing", LIST ("<item/>"),
                        test_what_is_no_list_changes_nothing);
  g_test_add_data_func ("/xmpp/blocking/a-refused-list-changes-nothing", NULL, test_what_is_no_list_changes_nothing);
  g_test_add_func ("/xmpp/blocking/what-is-in-the-list-stands-for-what-is-under-it", test_who_is_blocked);
  g_test_add_func ("/xmpp/blocking/pushes-block-and-unblock", test_pushes_block_and_unblock);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/blocking/T026-others-may-not-push/%u", i);

      g_test_add_data_func (path, others[i], test_only_our_server_may_push);
    }
  for (guint i = 0; i < G_N_ELEMENTS (ill_formed); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/blocking/an-ill-formed-push-is-refused/%u", i);

      g_test_add_data_func (path, ill_formed[i], test_an_ill_formed_push_is_refused);
    }
  g_test_add_func ("/xmpp/blocking/a-change-is-made-by-the-push", test_a_change_is_made_by_the_push);
  g_test_add_func ("/xmpp/blocking/a-refusal-is-given-back", test_a_refusal_is_given_back);
  g_test_add_func ("/xmpp/blocking/the-list-outlives-the-connection", test_the_list_outlives_the_connection);

  return g_test_run ();
}
