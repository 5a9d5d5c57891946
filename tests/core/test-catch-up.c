/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was said while we were away */
#include "fake-archive.h"

#include "flint-core-private.h"

#include <string.h>

#define BOB_P "bob@peer.test/p"
#define ANN_P "ann@peer.test/p"
#define PHONE "me@good.test/phone"

typedef struct
{
  TestCore    *core;
  FakeArchive *archive;
} Fixture;

static Fixture *
fixture_new (void)
{
  Fixture *self = g_new0 (Fixture, 1);

  self->core = test_core_new ();
  self->core->me = test_account_new (self->core->core, ME);
  self->archive = fake_archive_new (self->core->me, ME);

  return self;
}

static void
fixture_free (Fixture *self)
{
  fake_archive_free (self->archive);
  test_core_free (self->core);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static void
say (Fixture    *self,
     const char *from,
     const char *body,
     guint       seconds)
{
  g_autofree char *id = g_strdup_printf ("said-id-%u", self->archive->entries->len);

  fake_archive_add (self->archive, from, g_str_has_prefix (from, ME) ? BOB : ME, "chat", id, body, seconds);
}

static void
log_in (Fixture *self)
{
  test_account_login (self->core->me, TEST_ROSTER);
  test_account_answer_archive (self->core->me, TRUE);
  test_core_settle (self->core->core);
}

static void
start_again (Fixture *self)
{
  test_core_start_again (self->core);
  self->archive->account = self->core->me;
  self->archive->n_queries = 0;
  g_string_truncate (self->archive->log, 0);
}

/* As if we had been here once, with what is in the archive now */
static void
be_here_once (Fixture *self)
{
  log_in (self);
  fake_archive_answer_all (self->archive);
  start_again (self);
}

static FlintConversation *
open_chat (Fixture    *self,
           const char *address)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (address, NULL);

  return flint_core_open_chat (self->core->core, self->core->me->account, jid);
}

static void
assert_chat (Fixture    *self,
             const char *address,
             const char *expected)
{
  FlintConversation *chat = open_chat (self, address);
  g_autoptr(GString) bodies = g_string_new (NULL);

  while (flint_conversation_has_older (chat))
    {
      flint_conversation_load_older (chat);
      fake_server_wait_until ((fake_archive_answer_waiting (self->archive), !flint_conversation_is_loading (chat)));
    }

  for (guint i = 0; i < test_conversation_count (chat); i++)
    g_string_append_printf (bodies, "%s%s", i > 0 ? " " : "", flint_message_get_body (test_conversation_get (chat, i)));
  g_assert_cmpstr (bodies->str, ==, expected);
}

/* The first time: the end of it, which is no news */
static void
test_first_time (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  say (self, BOB_P, "one", 1);
  say (self, ANN_P, "two", 2);
  say (self, PHONE, "three", 3);
  log_in (self);
  fake_archive_answer_all (self->archive);

  g_assert_cmpuint (self->archive->n_queries, ==, 1);
  g_assert_cmpstr (self->archive->log->str, ==, "before= ");
  assert_chat (self, BOB, "one three");
  assert_chat (self, "ann@peer.test", "two");
  g_assert_cmpuint (self->core->n_messages, ==, 0);
  g_assert_cmpuint (flint_conversation_get_unread (open_chat (self, BOB)), ==, 0);
}

/* What was missed since: all of it, once, in its order, and somebody is told */
static void
test_missed (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  say (self, BOB_P, "old", 1);
  be_here_once (self);
  for (guint i = 0; i < 600; i++)
    {
      g_autofree char *body = g_strdup_printf ("%u", i);

      say (self, i % 2 == 0 ? BOB_P : ANN_P, body, 10);
    }

  log_in (self);
  fake_archive_answer_all (self->archive);
  g_assert_cmpuint (self->archive->n_queries, ==, 3);
  g_assert_cmpstr (self->archive->log->str, ==, "after=archived-0 |after=archived-250 |after=archived-500 ");
  g_assert_cmpuint (self->core->n_messages, ==, 600);
  g_assert_cmpuint (flint_conversation_get_unread (open_chat (self, BOB)), ==, 300);

  /* Of whole seconds, with hundreds in one */
  {
    g_autoptr(GString) even = g_string_new ("old");
    g_autoptr(GString) odd = g_string_new (NULL);

    for (guint i = 0; i < 600; i++)
      g_string_append_printf (i % 2 == 0 ? even : odd, "%s%u", i == 1 ? "" : " ", i);
    assert_chat (self, BOB, even->str);
    assert_chat (self, "ann@peer.test", odd->str);
    start_again (self);
    assert_chat (self, BOB, even->str);
    assert_chat (self, "ann@peer.test", odd->str);
  }
}

/* It goes on where it ended, also in the middle */
static void
test_interrupted (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  say (self, BOB_P, "old", 1);
  be_here_once (self);
  self->archive->max = 2;
  say (self, BOB_P, "a", 2);
  say (self, BOB_P, "b", 3);
  say (self, BOB_P, "c", 4);
  say (self, BOB_P, "d", 5);
  say (self, BOB_P, "e", 6);
  log_in (self);
  fake_archive_answer (self->archive);

  start_again (self);
  log_in (self);
  fake_archive_answer_all (self->archive);
  g_assert_cmpstr (self->archive->log->str, ==, "after=archived-2 |after=archived-4 ");
  assert_chat (self, BOB, "old a b c d e");
}

/* What comes while it is brought stands behind it, whatever our clock says, and is there once */
static void
test_live_meanwhile (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  say (self, BOB_P, "old", 1);
  be_here_once (self);
  say (self, BOB_P, "missed", 40000000);
  log_in (self);
  test_account_send (self->core->me, "<message from='" BOB_P "' to='me@good.test/r1' type='chat' id='live-message-1'><body>live</body></message>");
  fake_archive_add (self->archive, BOB_P, ME, "chat", "live-message-1", "live", 40000001);
  fake_archive_answer_all (self->archive);
  assert_chat (self, BOB, "old missed live");
  start_again (self);
  assert_chat (self, BOB, "old missed live");
}

/* Read elsewhere: we have answered it from another device */
static void
test_answered_elsewhere (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  say (self, BOB_P, "old", 1);
  be_here_once (self);
  say (self, BOB_P, "question", 2);
  say (self, PHONE, "answer", 3);
  say (self, BOB_P, "thanks", 4);
  log_in (self);
  fake_archive_answer_all (self->archive);
  assert_chat (self, BOB, "old question answer thanks");
  g_assert_cmpuint (flint_conversation_get_unread (open_chat (self, BOB)), ==, 1);
  g_assert_cmpuint (self->core->n_messages, ==, 1);
  g_assert_true (flint_message_is_own (test_conversation_get (open_chat (self, BOB), 2)));
}

/* The one that somebody looks at is there first */
static void
test_visible_first (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  say (self, BOB_P, "old", 1);
  be_here_once (self);
  say (self, ANN_P, "one", 2);
  say (self, BOB_P, "two", 3);
  flint_conversation_set_watched (open_chat (self, BOB), TRUE);
  log_in (self);
  fake_archive_answer (self->archive);
  g_assert_cmpstr (self->archive->log->str, ==, "with=" BOB " start=2026-01-01T00:00:01Z ");
  assert_chat (self, BOB, "old two");
  g_assert_cmpuint (flint_conversation_get_unread (open_chat (self, BOB)), ==, 0);
  fake_archive_answer_all (self->archive);
  assert_chat (self, BOB, "old two");
  assert_chat (self, "ann@peer.test", "one");
}

/* F24: it has thrown away what we had last */
static void
test_expired (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  say (self, BOB_P, "old", 10);
  be_here_once (self);
  say (self, BOB_P, "lost for ever", 5);
  say (self, BOB_P, "new", 20);
  self->archive->n_forgotten = 1;
  log_in (self);
  fake_archive_answer_all (self->archive);
  g_assert_cmpstr (self->archive->log->str, ==, "after=archived-0 |start=2026-01-01T00:00:10Z ");
  assert_chat (self, BOB, "old new");
}

/* T014: it gives the same page again and again, or empty ones without an end */
static void
test_bad_archives (void)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(Fixture) self = fixture_new ();

      say (self, BOB_P, "old", 1);
      be_here_once (self);
      say (self, BOB_P, "new", 2);
      self->archive->repeats = i == 0;
      self->archive->is_empty = i == 1;
      log_in (self);
      fake_archive_answer_all (self->archive);
      g_assert_cmpuint (self->archive->n_queries, <=, 3);
      assert_chat (self, BOB, i == 0 ? "old new" : "old");
      g_assert_true (flint_account_is_caught_up (self->core->me->account));
      test_core_assert_chat_works (self->core);
    }
}

/* F20: of five that were written when the server died it has two; the others go out again, and all are there once */
static void
test_sent_again (void)
{
  g_autoptr(Fixture) self = fixture_new ();
  FlintConversation *bob;
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  say (self, BOB_P, "old", 1);
  be_here_once (self);

  /* Without a connection they wait, as they do when it died with them */
  bob = open_chat (self, BOB);
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *body = g_strdup_printf ("%u", i);

      test_conversation_say (bob, body);
      g_ptr_array_add (ids, g_strdup (flint_message_get_id (test_conversation_last (bob))));
    }

  start_again (self);
  fake_archive_add (self->archive, PHONE, BOB, "chat", ids->pdata[0], "0", 2);
  fake_archive_add (self->archive, PHONE, BOB, "chat", ids->pdata[1], "1", 2);
  log_in (self);
  for (guint i = 0; i < self->core->me->server->received->len; i++)
    g_assert_null (strstr (g_ptr_array_index (self->core->me->server->received, i), "<body>"));

  fake_archive_answer_all (self->archive);
  for (guint i = 2; i < 5; i++)
    {
      g_autofree char *body = g_strdup_printf ("<body>%u</body>", i);
      g_autofree char *id = fake_xml_get (fake_server_expect_contains (self->core->me->server, body), "id");

      g_assert_cmpstr (id, ==, ids->pdata[i]);
    }
  for (guint i = 0; i < self->core->me->server->waiting->len; i++)
    g_assert_null (strstr (g_ptr_array_index (self->core->me->server->waiting, i), "<body>"));

  assert_chat (self, BOB, "old 0 1 2 3 4");
  for (guint i = 1; i < 6; i++)
    g_assert_cmpint (flint_message_get_state (test_conversation_get (open_chat (self, BOB), i)), ==, FLINT_MESSAGE_SENT);
}

/* Its own ids are kept, and what comes live with one of them is not shown twice */
static void
test_same_by_archive_id (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  fake_archive_add (self->archive, BOB_P, ME, "chat", NULL, "without an id", 1);
  log_in (self);
  fake_archive_answer_all (self->archive);
  test_account_send (self->core->me, "<message from='" BOB_P "' to='me@good.test/r1' type='chat'><body>without an id</body>"
                                     "<stanza-id xmlns='urn:xmpp:sid:0' by='" ME "' id='archived-0'/></message>");
  assert_chat (self, BOB, "without an id");
}

/* What has no place in a chat is left out, and nothing ends */
static void
test_odd_ones (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  fake_archive_add (self->archive, "good.test", ME, "chat", "x1", "from the server", 1);
  fake_archive_add (self->archive, BOB_P, ME, "headline", "x2", "a headline", 2);
  fake_archive_add (self->archive, BOB_P, ME, "groupchat", "x3", "of a room", 3);
  fake_archive_add (self->archive, BOB_P, ME, "error", "x4", "an error", 4);
  fake_archive_add (self->archive, BOB_P, ME, "chat", "x5", "", 5);
  fake_archive_add (self->archive, BOB_P, ME, "chat", "x6", "fine", 6);
  log_in (self);
  fake_archive_answer_all (self->archive);
  assert_chat (self, BOB, "fine");
  test_core_assert_chat_works (self->core);
}

/* Loads a page, which the archive gives */
static void
load_archived (Fixture           *self,
               FlintConversation *chat)
{
  flint_conversation_load_older (chat);
  fake_archive_answer (self->archive);
  fake_server_wait_until (!flint_conversation_is_loading (chat));
}

/* Scrolling up: what is not on the disk the archive has, until there is no more of it, and from then on all is here */
static void
test_older (void)
{
  g_autoptr(Fixture) self = fixture_new ();
  g_autoptr(GString) expected = g_string_new (NULL);
  FlintConversation *chat;

  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *body = g_strdup_printf ("%u", i);

      g_string_append_printf (expected, "%s%u", i > 0 ? " " : "", i);
      say (self, BOB_P, body, i / 50);
      say (self, ANN_P, body, i / 50);
    }

  log_in (self);
  fake_archive_answer_all (self->archive);
  chat = open_chat (self, BOB);
  g_assert_cmpuint (test_conversation_count (chat), ==, 25);
  g_assert_true (flint_conversation_has_older (chat));

  /* The disk first, which has no more than that */
  flint_conversation_load_older (chat);
  fake_server_wait_until (!flint_conversation_is_loading (chat));
  g_assert_cmpuint (test_conversation_count (chat), ==, 25);

  g_string_truncate (self->archive->log, 0);
  load_archived (self, chat);
  g_assert_cmpstr (self->archive->log->str, ==, "with=" BOB " before=archived-350 ");
  g_assert_cmpuint (test_conversation_count (chat), ==, 85);
  test_account_send (self->core->me, "<message from='" BOB_P "' type='chat' id='live-message-1'><body>live</body></message>");
  g_string_append (expected, " live");
  while (flint_conversation_has_older (chat))
    load_archived (self, chat);
  assert_chat (self, BOB, expected->str);
  g_assert_cmpuint (flint_conversation_get_unread (chat), ==, 1);

  /* All of it is on the disk now, and nobody asks again */
  start_again (self);
  log_in (self);
  fake_archive_answer_all (self->archive);
  self->archive->n_queries = 0;
  assert_chat (self, BOB, expected->str);
  g_assert_cmpuint (self->archive->n_queries, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/catch-up/first-time", test_first_time);
  g_test_add_func ("/core/catch-up/missed", test_missed);
  g_test_add_func ("/core/catch-up/interrupted", test_interrupted);
  g_test_add_func ("/core/catch-up/f35-live-meanwhile", test_live_meanwhile);
  g_test_add_func ("/core/catch-up/answered-elsewhere", test_answered_elsewhere);
  g_test_add_func ("/core/catch-up/visible-first", test_visible_first);
  g_test_add_func ("/core/catch-up/f24-expired", test_expired);
  g_test_add_func ("/core/catch-up/t014-bad-archives", test_bad_archives);
  g_test_add_func ("/core/catch-up/f20-sent-again", test_sent_again);
  g_test_add_func ("/core/catch-up/f25-same-by-archive-id", test_same_by_archive_id);
  g_test_add_func ("/core/catch-up/odd-ones", test_odd_ones);
  g_test_add_func ("/core/catch-up/older", test_older);

  return g_test_run ();
}
