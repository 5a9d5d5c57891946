/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0313: Message Archive Management */

#include "message-log.h"
#include "xmpp-archive.h"

#include <string.h>

#define OWN   "juliet@capulet.lit"
#define ROMEO "romeo@montague.lit"
#define ROOM  "room@muc.lit"
#define MAM   "urn:xmpp:mam:2"
#define RSM   "http://jabber.org/protocol/rsm"
#define STAMP "<delay xmlns='urn:xmpp:delay' stamp='2025-12-31T22:00:00Z'/>"
#define DISCO "http://jabber.org/protocol/disco#info"

#define FROM_ROMEO(body) "<message xmlns='jabber:client' from='" ROMEO "/orchard' to='" OWN "' type='chat' id='m-" body "'>" \
                         "<body>" body "</body><request xmlns='urn:xmpp:receipts'/></message>"
#define FROM_US(body)    "<message xmlns='jabber:client' from='" OWN "/phone' to='" ROMEO "' type='chat' id='m-" body "'>" \
                         "<body>" body "</body></message>"

typedef struct
{
  FakeServer      *server;
  MessageLog      *log;
  XmppArchive     *archive;
  XmppArchivePage *page;
  GError          *error;
  gboolean         is_done;
  char            *query_id;     /* of the last request that was expected */
} Fixture;

static Fixture
fixture_new (void)
{
  Fixture self = { NULL };

  self.server = fake_server_new (OWN "/balcony");
  self.log = message_log_new (self.server);
  fake_server_login (self.server);
  fake_server_settle (self.server);
  self.archive = xmpp_session_get_module (self.server->session, XMPP_TYPE_ARCHIVE);

  return self;
}

static void
fixture_clear (Fixture *self)
{
  fake_server_free (self->server);
  message_log_free (self->log);
  g_clear_pointer (&self->page, xmpp_archive_page_unref);
  g_clear_error (&self->error);
  g_free (self->query_id);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static void
on_page (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Fixture *self = user_data;

  g_clear_pointer (&self->page, xmpp_archive_page_unref);
  g_clear_error (&self->error);
  self->page = xmpp_archive_query_finish (XMPP_ARCHIVE (source), result, &self->error);
  self->is_done = TRUE;
}

static void
ask (Fixture                *self,
     const XmppArchiveQuery *query)
{
  const char *request;

  g_clear_pointer (&self->page, xmpp_archive_page_unref);
  g_clear_error (&self->error);
  self->is_done = FALSE;
  xmpp_archive_query_async (self->archive, query, NULL, on_page, self);

  request = fake_server_expect_contains (self->server, "<query xmlns='" MAM "'");
  g_free (self->query_id);
  self->query_id = fake_xml_get (request, "queryid");
  g_assert_nonnull (self->query_id);
}

static void
ask_all (Fixture *self)
{
  XmppArchiveQuery query = { .max = 10 };

  ask (self, &query);
}

/* A result as it should be, but for what is given; attributes of <result/>: XML */
static void
send_result_as (Fixture    *self,
                const char *from,
                const char *attributes,
                const char *children)
{
  g_autofree char *xml = g_strdup_printf ("<message %s to='" OWN "/balcony'><result xmlns='" MAM "' %s>%s</result></message>",
                                          from, attributes, children);

  fake_server_send (self->server, xml);
}

static void
send_result (Fixture    *self,
             const char *id,
             const char *message)
{
  g_autofree char *attributes = g_strdup_printf ("queryid='%s' id='%s'", self->query_id, id);
  g_autofree char *children = g_strdup_printf ("<forwarded xmlns='urn:xmpp:forward:0'>" STAMP "%s</forwarded>", message);

  send_result_as (self, "from='" OWN "'", attributes, children);
}

/* The request that waits was taken by ask () */
static void
send_fin (Fixture    *self,
          const char *fin)
{
  const char *request = NULL;
  g_autofree char *id = NULL;
  g_autofree char *to = NULL;
  g_autofree char *xml = NULL;

  for (guint i = self->server->received->len; i > 0 && request == NULL; i--)
    if (strstr (g_ptr_array_index (self->server->received, i - 1), self->query_id) != NULL)
      request = g_ptr_array_index (self->server->received, i - 1);

  id = fake_xml_get (request, "id");
  to = fake_xml_get (request, "to");
  xml = g_strdup_printf ("<iq type='result' id='%s' from='%s' to='" OWN "/balcony'>%s</iq>", id, to != NULL ? to : OWN, fin);
  fake_server_send (self->server, xml);
  fake_server_wait_until (self->is_done);
}

#define FIN(attributes, set) "<fin xmlns='" MAM "' " attributes "><set xmlns='" RSM "'>" set "</set></fin>"

/* "id:body …", then * for a page that is the last */
static void
assert_page (Fixture    *self,
             const char *expected)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_assert_no_error (self->error);
  for (guint i = 0; i < self->page->messages->len; i++)
    {
      const XmppMessage *message = g_ptr_array_index (self->page->messages, i);

      g_string_append_printf (text, "%s%s:%s", i > 0 ? " " : "", message->archive_id, message->body);
    }

  if (self->page->is_complete)
    g_string_append (text, " *");
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_page (void)
{
  g_auto(Fixture) self = fixture_new ();
  const XmppMessage *message;

  ask_all (&self);
  send_result (&self, "a1", FROM_ROMEO ("one"));
  send_result (&self, "a2", FROM_US ("two"));
  send_fin (&self, FIN ("complete='true'", "<first index='0'>a1</first><last>a2</last><count>2</count>"));

  assert_page (&self, "a1:one a2:two *");
  g_assert_cmpstr (self.page->first, ==, "a1");
  g_assert_cmpstr (self.page->last, ==, "a2");
  g_assert_cmpint (self.page->count, ==, 2);
  g_assert_true (self.page->is_stable);

  message = g_ptr_array_index (self.page->messages, 0);
  g_assert_cmpstr (xmpp_jid_get_text (message->from), ==, ROMEO "/orchard");
  g_assert_cmpint (message->type, ==, XMPP_MESSAGE_CHAT);
  g_assert_cmpstr (message->id, ==, "m-one");
  g_assert_cmpint (message->time, ==, G_GINT64_CONSTANT (1767218400) * G_USEC_PER_SEC);
  g_assert_true (message->is_delayed);

  /* Nobody else has heard of it, and no receipt was given */
  message_log_expect_none (self.log, self.server);
  fake_server_no_more (self.server);
}

static void
test_request (void)
{
  g_auto(Fixture) self = fixture_new ();
  g_autoptr(XmppJid) room = xmpp_jid_new (ROOM, NULL);
  g_autoptr(XmppJid) romeo = xmpp_jid_new (ROMEO, NULL);
  XmppArchiveQuery query = { .archive = room, .with = romeo, .start = G_GINT64_CONSTANT (1767218400) * G_USEC_PER_SEC,
                             .after = "a7", .max = 50 };
  XmppArchiveQuery last = { .before = "" };

  xmpp_archive_query_async (self.archive, &query, NULL, on_page, &self);
  fake_server_expect (self.server,
    "<iq type='set' to='" ROOM "' id='*'><query xmlns='" MAM "' queryid='*'>"
    "<x xmlns='jabber:x:data' type='submit'>"
    "<field var='FORM_TYPE' type='hidden'><value>" MAM "</value></field>"
    "<field var='with'><value>" ROMEO "</value></field>"
    "<field var='start'><value>2025-12-31T22:00:00Z</value></field></x>"
    "<set xmlns='" RSM "'><max>50</max><after>a7</after></set></query></iq>");

  xmpp_archive_query_async (self.archive, &last, NULL, on_page, &self);
  fake_server_expect (self.server,
    "<iq type='set' id='*'><query xmlns='" MAM "' queryid='*'><set xmlns='" RSM "'><before/></set></query></iq>");
}

/* T008 to T011: only who was asked answers, and only that question */
static void
test_forged (void)
{
  static const char * const senders[] = {
    "from='eve@evil.lit'", "from='eve@evil.lit/x'", "from='" OWN "/phone'", "from='capulet.lit'", "from='" ROMEO "'",
    "from='juliet@capulet.lit.evil.lit'",
  };
  g_auto(Fixture) self = fixture_new ();
  g_autofree char *right = NULL;
  g_autofree char *forged_by = NULL;
  const char *children = "<forwarded xmlns='urn:xmpp:forward:0'>" STAMP FROM_ROMEO ("spoof") "</forwarded>";

  /* T008: nobody asked */
  send_result_as (&self, "from='" OWN "'", "queryid='q' id='1'", children);
  send_result_as (&self, "from='eve@evil.lit'", "queryid='q' id='1'", children);
  message_log_expect_none (self.log, self.server);

  /* T009, T011: the wrong one says it, whatever it calls itself */
  ask_all (&self);
  right = g_strdup_printf ("queryid='%s' id='1'", self.query_id);
  forged_by = g_strdup_printf ("queryid='%s' id='1' by='eve@evil.lit/x'", self.query_id);
  for (guint i = 0; i < G_N_ELEMENTS (senders); i++)
    {
      send_result_as (&self, senders[i], right, children);
      send_result_as (&self, senders[i], forged_by, children);
    }

  /* T010: it has another name, or none */
  send_result_as (&self, "from='" OWN "'", "queryid='other' id='1'", children);
  send_result_as (&self, "from='" OWN "'", "id='1'", children);

  send_result (&self, "a1", FROM_ROMEO ("one"));
  send_fin (&self, FIN ("complete='true'", "<first>a1</first><last>a1</last>"));
  assert_page (&self, "a1:one *");

  /* T010: it is over */
  send_result (&self, "a2", FROM_ROMEO ("late"));
  message_log_expect_none (self.log, self.server);
  assert_page (&self, "a1:one *");
}

/* An own archive has what we sent and got, and a room's what was said in it (T012) */
static void
test_foreign (void)
{
  g_auto(Fixture) self = fixture_new ();
  g_autoptr(XmppJid) room = xmpp_jid_new (ROOM, NULL);
  XmppArchiveQuery query = { .archive = room };
  g_autofree char *attributes = NULL;
  static const char * const foreign[] = {
    "<message xmlns='jabber:client' from='bob@peer.lit' to='" OWN "' type='chat'><body>x</body></message>",
    "<message xmlns='jabber:client' from='other@muc.lit/bob' type='groupchat'><body>x</body></message>",
    "<message xmlns='jabber:client' from='" ROOM "/bob' type='chat'><body>x</body></message>",
    "<message xmlns='jabber:client' type='groupchat'><body>x</body></message>",
  };

  ask_all (&self);
  send_result (&self, "a1", "<message xmlns='jabber:client' from='eve@evil.lit' to='bob@peer.lit' type='chat'><body>x</body></message>");
  send_result (&self, "a2", FROM_ROMEO ("one"));
  send_fin (&self, FIN ("", "<first>a1</first><last>a2</last>"));
  assert_page (&self, "a2:one");
  g_assert_cmpuint (self.page->n_dropped, ==, 1);

  ask (&self, &query);
  attributes = g_strdup_printf ("queryid='%s' id='r1'", self.query_id);
  for (guint i = 0; i < G_N_ELEMENTS (foreign); i++)
    {
      g_autofree char *children = g_strdup_printf ("<forwarded xmlns='urn:xmpp:forward:0'>" STAMP "%s</forwarded>", foreign[i]);

      send_result_as (&self, "from='" ROOM "'", attributes, children);
    }

  send_result_as (&self, "from='" ROOM "/bob'", attributes, "<forwarded xmlns='urn:xmpp:forward:0'>" STAMP
                  "<message xmlns='jabber:client' from='" ROOM "/eve' type='groupchat'><body>x</body></message></forwarded>");
  send_result_as (&self, "from='" ROOM "'", attributes, "<forwarded xmlns='urn:xmpp:forward:0'>" STAMP
                  "<message xmlns='jabber:client' from='" ROOM "/bob' type='groupchat'><body>said</body></message></forwarded>");
  send_fin (&self, FIN ("complete='true'", "<first>r1</first><last>r1</last>"));
  assert_page (&self, "r1:said *");
  g_assert_cmpuint (self.page->n_dropped, ==, G_N_ELEMENTS (foreign));
}

/* T013: what is broken is left out, and the session goes on */
static void
test_broken (void)
{
  static const char * const broken[] = {
    "",
    "<forwarded xmlns='urn:xmpp:forward:0'/>",
    "<forwarded xmlns='urn:xmpp:forward:0'>" STAMP "</forwarded>",
    "<forwarded xmlns='urn:xmpp:forward:0'>" FROM_ROMEO ("x") "</forwarded>",
    "<forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='yesterday'/>" FROM_ROMEO ("x") "</forwarded>",
    "<forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay'/>" FROM_ROMEO ("x") "</forwarded>",
    "<forwarded xmlns='urn:x'>" STAMP FROM_ROMEO ("x") "</forwarded>",
    "<forwarded xmlns='urn:xmpp:forward:0'>" STAMP "<iq xmlns='jabber:client' type='get'/></forwarded>",
  };
  static const char * const fins[] = {
    "", "<fin xmlns='" MAM "'/>", "<fin xmlns='urn:x'><set xmlns='" RSM "'/></fin>", "<set xmlns='" RSM "'/>",
  };
  g_auto(Fixture) self = fixture_new ();
  g_autofree char *attributes = NULL;

  ask_all (&self);
  attributes = g_strdup_printf ("queryid='%s' id='a1'", self.query_id);
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    send_result_as (&self, "from='" OWN "'", attributes, broken[i]);
  send_result (&self, "", FROM_ROMEO ("x"));
  send_result (&self, "a2", FROM_ROMEO ("one"));
  send_fin (&self, FIN ("", "<first>a1</first><last>a2</last><count>-7</count>"));
  assert_page (&self, "a2:one");
  g_assert_cmpuint (self.page->n_dropped, ==, G_N_ELEMENTS (broken) + 1);
  g_assert_cmpint (self.page->count, ==, -1);

  for (guint i = 0; i < G_N_ELEMENTS (fins); i++)
    {
      ask_all (&self);
      send_fin (&self, fins[i]);
      g_assert_null (self.page);
      g_assert_error (self.error, XMPP_ERROR, XMPP_ERROR_PROTOCOL);
    }

  message_log_expect_none (self.log, self.server);
}

/* T006: what is wrapped again is data, whoever did it */
static void
test_nested (void)
{
  g_auto(Fixture) self = fixture_new ();
  g_autofree char *again = NULL;

  ask_all (&self);
  again = g_strdup_printf ("<message xmlns='jabber:client' from='eve@evil.lit/x' to='" OWN "' type='chat' id='e'><body>outer</body>"
                           "<result xmlns='" MAM "' queryid='%s' id='e1'><forwarded xmlns='urn:xmpp:forward:0'>" STAMP
                           FROM_ROMEO ("spoof") "</forwarded></result>"
                           "<received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>" FROM_ROMEO ("spoof")
                           "</forwarded></received></message>", self.query_id);
  send_result (&self, "a1", again);
  send_fin (&self, FIN ("complete='true'", "<first>a1</first><last>a1</last>"));
  assert_page (&self, "a1:outer *");
  g_assert_cmpstr (xmpp_jid_get_text (((XmppMessage *) g_ptr_array_index (self.page->messages, 0))->from), ==, "eve@evil.lit/x");
  message_log_expect_none (self.log, self.server);
}

/* T014: who goes from page to page gets somewhere, or ends */
static void
test_next (void)
{
  XmppArchivePage page = { .first = (char *) "f", .last = (char *) "l" };
  XmppArchivePage last = { .first = (char *) "f", .last = (char *) "l", .is_complete = TRUE };
  XmppArchivePage empty = { .is_stable = TRUE };
  XmppArchiveQuery begin = { .max = 10 };
  XmppArchiveQuery after = { .after = "l" };
  XmppArchiveQuery end = { .before = "" };
  XmppArchiveQuery before = { .before = "f" };
  g_autoptr(GError) error = NULL;
  const char *id = NULL;

  g_assert_true (xmpp_archive_page_get_next (&page, &begin, &id, &error));
  g_assert_cmpstr (id, ==, "l");
  g_assert_true (xmpp_archive_page_get_next (&page, &end, &id, &error));
  g_assert_cmpstr (id, ==, "f");
  g_assert_false (xmpp_archive_page_get_next (&last, &begin, &id, &error));
  g_assert_no_error (error);

  g_assert_false (xmpp_archive_page_get_next (&page, &after, &id, &error));
  g_assert_error (error, XMPP_ERROR, XMPP_ERROR_PROTOCOL);
  g_clear_error (&error);
  g_assert_false (xmpp_archive_page_get_next (&page, &before, &id, &error));
  g_assert_error (error, XMPP_ERROR, XMPP_ERROR_PROTOCOL);
  g_clear_error (&error);
  g_assert_false (xmpp_archive_page_get_next (&empty, &begin, &id, &error));
  g_assert_error (error, XMPP_ERROR, XMPP_ERROR_PROTOCOL);
}

/* What it says instead of a page, and that it is gone */
static void
test_refused (void)
{
  g_auto(Fixture) self = fixture_new ();
  XmppArchiveQuery query = { .after = "expired" };

  xmpp_archive_query_async (self.archive, &query, NULL, on_page, &self);
  fake_server_refuse (self.server, "<query xmlns='" MAM "'", "cancel", "item-not-found");
  fake_server_wait_until (self.is_done);
  g_assert_null (self.page);
  g_assert_error (self.error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_ITEM_NOT_FOUND);

  ask_all (&self);
  send_result (&self, "a1", FROM_ROMEO ("one"));
  fake_server_fin (self.server);
  fake_server_wait_until (self.is_done);
  g_assert_null (self.page);
  g_assert_nonnull (self.error);
}

/* One that sends more and more is not listened to for ever */
static void
test_endless (void)
{
  g_auto(Fixture) self = fixture_new ();

  ask_all (&self);
  for (guint i = 0; i < 5100; i++)
    {
      send_result (&self, "same", FROM_ROMEO ("x"));
      if (i % 100 == 0)
        fake_server_ping (self.server);
    }

  send_fin (&self, FIN ("", "<first>same</first><last>same</last>"));
  g_assert_cmpuint (self.page->messages->len, ==, 5000);
  g_assert_cmpuint (self.page->n_dropped, ==, 100);
}

/* T048: whose ids of live messages are believed */

static void
on_checked (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  int *answer = user_data;

  *answer = xmpp_archive_check_finish (XMPP_ARCHIVE (source), result, NULL) ? 1 : 0;
}

static void
check (Fixture    *self,
       const char *feature,
       int         expected)
{
  g_autofree char *info = g_strdup_printf ("<query xmlns='" DISCO "'><identity category='account' type='registered'/>"
                                           "<feature var='%s'/></query>", feature);
  int answer = -1;

  xmpp_archive_check_async (self->archive, NULL, NULL, on_checked, &answer);
  fake_server_answer (self->server, DISCO, info);
  fake_server_wait_until (answer >= 0);
  g_assert_cmpint (answer, ==, expected);
}

static void
on_message (XmppSession       *session,
            const XmppMessage *message,
            char             **id)
{
  g_free (*id);
  *id = g_strdup (message->archive_id != NULL ? message->archive_id : "none");
}

static void
assert_id (Fixture    *self,
           const char *children,
           const char *expected)
{
  g_autofree char *xml = g_strdup_printf ("<message from='" ROMEO "/orchard' to='" OWN "/balcony' type='chat'><body>x</body>%s</message>", children);
  g_autofree char *id = NULL;
  gulong handler = g_signal_connect (self->server->session, "message", G_CALLBACK (on_message), &id);

  fake_server_send (self->server, xml);
  fake_server_ping (self->server);
  g_signal_handler_disconnect (self->server->session, handler);
  g_assert_cmpstr (id, ==, expected);
}

#define STANZA_ID(by, id) "<stanza-id xmlns='urn:xmpp:sid:0' by='" by "' id='" id "'/>"

static void
test_stanza_ids (void)
{
  g_auto(Fixture) self = fixture_new ();

  assert_id (&self, STANZA_ID (OWN, "s1"), "none");
  check (&self, "urn:xmpp:mam:1", 0);
  assert_id (&self, STANZA_ID (OWN, "s1"), "none");
  check (&self, MAM, 1);
  g_assert_true (xmpp_archive_is_known (self.archive, xmpp_session_get_jid (self.server->session)));

  assert_id (&self, STANZA_ID (OWN, "s1"), "s1");
  assert_id (&self, STANZA_ID ("eve@evil.lit", "e") STANZA_ID (OWN, "s1") STANZA_ID (ROMEO, "e"), "s1");
  assert_id (&self, STANZA_ID (OWN, "s1") STANZA_ID (OWN, "s2"), "none");
  assert_id (&self, STANZA_ID (OWN "/balcony", "e"), "none");
  assert_id (&self, STANZA_ID ("capulet.lit", "e"), "none");
  assert_id (&self, STANZA_ID (OWN, ""), "none");
  assert_id (&self, "<stanza-id xmlns='urn:xmpp:sid:0' id='e'/>", "none");
  assert_id (&self, "<stanza-id xmlns='urn:x' by='" OWN "' id='e'/>", "none");
}

/* What we write says that its id is its own */
static void
test_origin_id (void)
{
  g_auto(Fixture) self = fixture_new ();
  g_autoptr(XmppJid) romeo = xmpp_jid_new (ROMEO, NULL);
  XmppMessage message = { .type = XMPP_MESSAGE_CHAT, .to = romeo, .id = "own-1", .body = "x" };

  xmpp_session_send_message (self.server->session, &message);
  fake_server_expect_contains (self.server, "<origin-id xmlns='urn:xmpp:sid:0' id='own-1'/>");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/archive/page", test_page);
  g_test_add_func ("/xmpp/archive/request", test_request);
  g_test_add_func ("/xmpp/archive/t008-t009-t010-t011-forged", test_forged);
  g_test_add_func ("/xmpp/archive/t012-foreign", test_foreign);
  g_test_add_func ("/xmpp/archive/t013-broken", test_broken);
  g_test_add_func ("/xmpp/archive/t006-nested", test_nested);
  g_test_add_func ("/xmpp/archive/t014-next", test_next);
  g_test_add_func ("/xmpp/archive/refused", test_refused);
  g_test_add_func ("/xmpp/archive/endless", test_endless);
  g_test_add_func ("/xmpp/archive/t048-stanza-ids", test_stanza_ids);
  g_test_add_func ("/xmpp/archive/origin-id", test_origin_id);

  return g_test_run ();
}
