/* SPDX-License-Identifier: GPL-3.0-or-later */
/* XEP-0313: what servers really have in their archives */
#include "test-client.h"
#include "xmpp-archive.h"

#define N_MESSAGES 7
#define PAGE       3

typedef struct
{
  TestClient *juliet;
  TestClient *romeo;
  XmppJid    *romeo_jid;     /* borrowed */
} Pair;

static void
on_result (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  GAsyncResult **to = user_data;

  *to = g_object_ref (result);
}

static XmppArchive *
get_archive (TestClient *client)
{
  return xmpp_session_get_module (client->session, XMPP_TYPE_ARCHIVE);
}

static XmppArchivePage *
ask (TestClient             *client,
     const XmppArchiveQuery *query,
     GError                **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  xmpp_archive_query_async (get_archive (client), query, NULL, on_result, &result);
  test_wait_for (result != NULL);

  return xmpp_archive_query_finish (get_archive (client), result, error);
}

static gboolean
has_archive (TestClient *client,
             XmppJid    *archive)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_archive;

  xmpp_archive_check_async (get_archive (client), archive, NULL, on_result, &result);
  test_wait_for (result != NULL);
  is_archive = xmpp_archive_check_finish (get_archive (client), result, &error);
  g_assert_no_error (error);

  return is_archive;
}

/* Adds what the page says to the lines: behind them, or before */
static void
add_page (GPtrArray             *lines,
          const XmppArchivePage *page,
          gboolean               is_backwards)
{
  for (guint i = 0; i < page->messages->len; i++)
    {
      const XmppMessage *message = g_ptr_array_index (page->messages, i);

      g_ptr_array_insert (lines, is_backwards ? (int) i : -1, g_strdup (message->body));
    }
}

/* Goes through all of it, and says on how many pages it was. Returns: the bodies, in order */
static GPtrArray *
read_all (TestClient       *client,
          XmppArchiveQuery  query,
          guint            *n_pages)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(XmppArchivePage) page = NULL;
  gboolean is_backwards = query.before != NULL;
  const char *id = NULL;

  for (*n_pages = 1;; (*n_pages)++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(XmppArchivePage) next = ask (client, &query, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (next->n_dropped, ==, 0);
      g_assert_cmpuint (next->messages->len, <=, query.max);
      add_page (lines, next, is_backwards);
      if (!xmpp_archive_page_get_next (next, &query, &id, &error))
        {
          g_assert_no_error (error);
          return lines;
        }

      g_clear_pointer (&page, xmpp_archive_page_unref);
      page = g_steal_pointer (&next);    /* whose string id is */
      *(is_backwards ? &query.before : &query.after) = id;
    }
}

/* "Line 1" to "Line 7", each once and in order, on three pages */
static void
assert_three_pages (TestClient       *client,
                    XmppArchiveQuery  query)
{
  guint n_pages;
  g_autoptr(GPtrArray) lines = NULL;

  query.max = PAGE;
  lines = read_all (client, query, &n_pages);
  g_assert_cmpuint (lines->len, ==, N_MESSAGES);
  for (guint i = 0; i < N_MESSAGES; i++)
    {
      g_autofree char *line = g_strdup_printf ("Line %u", i + 1);

      g_assert_cmpstr (lines->pdata[i], ==, line);
    }
  g_assert_cmpuint (n_pages, ==, 3);
}

static void
say_lines (TestClient      *client,
           XmppMessageType  type,
           const char      *to)
{
  for (guint i = 1; i <= N_MESSAGES; i++)
    {
      g_autofree char *line = g_strdup_printf ("Line %u", i);

      test_client_send (client, type, to, NULL, line);
    }
}

/* Romeo has said seven lines to Juliet, and she has them */
static Pair
pair_new (TestServer *server)
{
  Pair self;

  self.juliet = test_client_new_user (server, "juliet");
  self.romeo = test_client_new_user (server, "romeo");
  self.romeo_jid = xmpp_session_get_jid (self.romeo->session);
  test_client_log_in (self.juliet);
  test_client_log_in (self.romeo);
  g_assert_true (has_archive (self.juliet, NULL));

  say_lines (self.romeo, XMPP_MESSAGE_CHAT, test_client_get_address (self.juliet));
  test_client_wait (self.juliet, "Line 7");

  return self;
}

static void
pair_clear (Pair *self)
{
  test_client_free (self->juliet);
  test_client_free (self->romeo);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pair, pair_clear)

static void
test_three_pages_forward (TestServer *server)
{
  g_auto(Pair) pair = pair_new (server);

  assert_three_pages (pair.juliet, (XmppArchiveQuery) { .archive = NULL });
}

static void
test_three_pages_backward (TestServer *server)
{
  g_auto(Pair) pair = pair_new (server);

  assert_three_pages (pair.juliet, (XmppArchiveQuery) { .before = "" });
}

static void
test_with_one_contact (TestServer *server)
{
  g_auto(Pair) pair = pair_new (server);
  g_autoptr(TestClient) nurse = test_client_new_user (server, "nurse");
  guint n_pages;
  g_autoptr(GPtrArray) all = NULL;

  test_client_log_in (nurse);
  test_client_send (nurse, XMPP_MESSAGE_CHAT, test_client_get_address (pair.juliet), NULL, "Peace!");
  test_client_wait (pair.juliet, "Peace!");

  assert_three_pages (pair.juliet, (XmppArchiveQuery) { .with = pair.romeo_jid });
  assert_three_pages (pair.juliet, (XmppArchiveQuery) { .with = pair.romeo_jid, .before = "" });

  all = read_all (pair.juliet, (XmppArchiveQuery) { .max = 20 }, &n_pages);
  g_assert_cmpuint (all->len, ==, N_MESSAGES + 1);
}

/* Both sides: what we say is in our archive, as ours */
static void
test_what_we_said_is_there (TestServer *server)
{
  g_auto(Pair) pair = pair_new (server);
  g_autoptr(XmppArchivePage) page = NULL;
  g_autoptr(GError) error = NULL;
  const XmppMessage *message;

  page = ask (pair.romeo, &(XmppArchiveQuery) { .before = "", .max = 1 }, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (page->messages->len, ==, 1);
  message = g_ptr_array_index (page->messages, 0);
  g_assert_cmpstr (message->body, ==, "Line 7");
  g_assert_true (xmpp_jid_equal_bare (message->from, pair.romeo_jid));
  g_assert_true (xmpp_jid_equal_bare (message->to, xmpp_session_get_jid (pair.juliet->session)));
}

/* ejabberd, whose ids are times, does not say so: it begins at the beginning, so that nothing is missed either */
static void
test_an_id_that_is_not_there (TestServer *server)
{
  g_auto(Pair) pair = pair_new (server);
  g_autoptr(XmppArchivePage) page = NULL;
  g_autoptr(GError) error = NULL;

  page = ask (pair.juliet, &(XmppArchiveQuery) { .after = "no-such-id", .max = PAGE }, &error);
  if (test_server_get_kind (server) == TEST_SERVER_EJABBERD)
    {
      g_assert_no_error (error);
      g_assert_cmpuint (page->messages->len, ==, PAGE);
      g_assert_cmpstr (((const XmppMessage *) page->messages->pdata[0])->body, ==, "Line 1");
      return;
    }

  g_assert_null (page);
  g_assert_error (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_ITEM_NOT_FOUND);
}

/* Prosody refuses it; ejabberd gives her own archive, in which there is nothing */
static void
test_nobody_reads_the_archive_of_another (TestServer *server)
{
  g_auto(Pair) pair = pair_new (server);
  g_autoptr(TestClient) eve = test_client_new_user (server, "eve");
  g_autoptr(XmppArchivePage) page = NULL;
  g_autoptr(GError) error = NULL;

  test_client_log_in (eve);
  page = ask (eve, &(XmppArchiveQuery) { .archive = pair.romeo_jid, .max = PAGE }, &error);
  if (test_server_get_kind (server) == TEST_SERVER_EJABBERD)
    {
      g_assert_no_error (error);
      g_assert_cmpuint (page->messages->len + page->n_dropped, ==, 0);
      return;
    }

  g_assert_null (page);
  g_assert_error (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_SERVICE_UNAVAILABLE);
}

static void
test_the_id_of_a_live_message (TestServer *server)
{
  g_auto(Pair) pair = pair_new (server);
  g_autoptr(XmppArchivePage) page = NULL;
  g_autoptr(GError) error = NULL;

  page = ask (pair.juliet, &(XmppArchiveQuery) { .max = 20 }, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (page->messages->len, ==, N_MESSAGES);
  for (guint i = 0; i < N_MESSAGES; i++)
    {
      const XmppMessage *message = g_ptr_array_index (page->messages, i);

      g_assert_nonnull (message->archive_id);
      g_assert_cmpstr (test_client_find (pair.juliet, message->body)->archive_id, ==, message->archive_id);
    }
}

static void
test_of_a_room (TestServer *server)
{
  g_autofree char *address = test_client_new_room (server);
  g_autoptr(XmppJid) room = xmpp_jid_new (address, NULL);
  g_autoptr(TestClient) juliet = test_client_new_user (server, "juliet");
  g_autoptr(XmppArchivePage) page = NULL;
  g_autoptr(GError) error = NULL;
  const XmppMessage *message;

  test_client_log_in (juliet);
  test_client_join (juliet, address, "Juliet");
  g_assert_true (has_archive (juliet, room));
  say_lines (juliet, XMPP_MESSAGE_GROUPCHAT, address);
  test_client_wait (juliet, "Line 7");

  assert_three_pages (juliet, (XmppArchiveQuery) { .archive = room });
  assert_three_pages (juliet, (XmppArchiveQuery) { .archive = room, .before = "" });

  /* the id of what was said live is the room's own */
  page = ask (juliet, &(XmppArchiveQuery) { .archive = room, .before = "", .max = 1 }, &error);
  g_assert_no_error (error);
  message = g_ptr_array_index (page->messages, 0);
  g_assert_cmpstr (message->body, ==, "Line 7");
  g_assert_cmpstr (xmpp_jid_get_resource (message->from), ==, "Juliet");
  g_assert_nonnull (message->archive_id);
  g_assert_cmpstr (test_client_find (juliet, "Line 7")->archive_id, ==, message->archive_id);
}

static void
test_a_device_is_none (TestServer *server)
{
  g_autoptr(TestClient) juliet = test_client_new_user (server, "juliet");
  g_autoptr(TestClient) phone = test_client_new_device (server, juliet, "phone");
  XmppJid *jid;

  test_client_log_in (juliet);
  test_client_log_in (phone);
  jid = xmpp_session_get_own_jid (phone->session);
  g_assert_false (has_archive (juliet, jid));
  g_assert_false (xmpp_archive_is_known (get_archive (juliet), jid));
}

static const TestServerCase cases[] = {
  { "archive/three-pages-forward", test_three_pages_forward },
  { "archive/three-pages-backward", test_three_pages_backward },
  { "archive/with-one-contact", test_with_one_contact },
  { "archive/what-we-said-is-there", test_what_we_said_is_there },
  { "archive/an-id-that-is-not-there", test_an_id_that_is_not_there },
  { "archive/nobody-reads-that-of-another", test_nobody_reads_the_archive_of_another },
  { "archive/the-id-of-a-live-message", test_the_id_of_a_live_message },
  { "archive/of-a-room", test_of_a_room },
  { "archive/a-device-is-none", test_a_device_is_none },
};

int
main (int   argc,
      char *argv[])
{
  return test_server_run (argc, argv, cases, G_N_ELEMENTS (cases));
}
