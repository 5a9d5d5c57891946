/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is too large, and what is too much: it is told, or forgotten, and the chat goes on */
#include "core-fixture.h"

#include <string.h>
#include <unistd.h>

#define HELLO(id) "<message from='bob@peer.test/p' to='me@good.test/r1' type='chat' id='" id "'><body>hello</body></message>"

/* 5 MB of one stanza: it is said that there was one, whether or not the chat was open */
static void
test_five_megabytes (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autofree char *body = g_strnfill (5 * 1000 * 1000, 'x');
  g_autofree char *from_bob = g_strdup_printf ("<message from='bob@peer.test/p' to='me@good.test/r1' type='chat' id='big'><body>%s</body></message>", body);
  g_autofree char *from_eve = g_strdup_printf ("<message from='eve@evil.test/x' to='me@good.test/r1' type='chat' id='big'><body>%s</body></message>", body);
  FlintConversation *bob;

  test_account_send (test->me, from_eve);
  g_assert_null (test_account_find (test->me, EVE));

  test_account_send (test->me, from_bob);
  bob = test_account_find (test->me, BOB);
  g_assert_nonnull (bob);
  g_assert_cmpint (flint_message_get_kind (test_conversation_last (bob)), ==, FLINT_MESSAGE_SYSTEM);
  g_assert_cmpstr (flint_message_get_body (test_conversation_last (bob)), ==, "A message was too large to be shown.");

  test_account_send (test->me, HELLO ("h"));
  g_assert_cmpuint (test_conversation_count (bob), ==, 2);
  g_assert_true (flint_account_is_online (test->me->account));
}

/* A flood of messages of a megabyte is forgotten before it fills our memory */
static void
test_flood_of_megabytes (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autofree char *body = g_strnfill (1024 * 1024, 'x');
  g_autofree char *letter = g_strdup_printf ("<message from='eve@evil.test/x'><subject>s</subject><body>%s</body></message>", body);
  g_autofree char *headline = g_strdup_printf ("<message from='eve@evil.test/x' type='headline'><body>%s</body></message>", body);

  for (guint i = 0; i < 50; i++)
    {
      test_account_send (test->me, letter);
      test_account_send (test->me, headline);
    }

  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_letters (test->core)), <=, 32);
  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_headlines (test->core)), <=, 32);
  g_assert_cmpuint (test->n_letters, ==, 50);
  test_core_assert_chat_works (test);
}

/* T110, F40: thousands come and go; that is a few lines, not thousands, and who is there is right in the end */
static void
test_room_churn (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintRoom *room = test_account_join (test->me, NULL);
  FlintConversation *conversation = flint_room_get_conversation (room);
  g_autoptr(GString) xml = g_string_new (NULL);
  guint before = test_conversation_count (conversation);
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (xml, "<presence from='room@muc.test/n%u'><x xmlns='http://jabber.org/protocol/muc#user'><item role='participant' affiliation='none'/></x></presence>"
                                 "<presence from='room@muc.test/n%u' type='unavailable'><x xmlns='http://jabber.org/protocol/muc#user'><item role='none' affiliation='none'/></x></presence>", i, i);
  for (guint i = 0; i < 2000; i++)
    g_string_append_printf (xml, "<presence from='room@muc.test/m%u' type='unavailable'><x xmlns='http://jabber.org/protocol/muc#user'><item role='none' affiliation='none' nick='m%u'/><status code='303'/></x></presence>"
                                 "<presence from='room@muc.test/m%u'><x xmlns='http://jabber.org/protocol/muc#user'><item role='participant' affiliation='none'/></x></presence>", i, i + 1, i + 1);
  test_account_send (test->me, xml->str);

  g_test_message ("%u rows, %" G_GINT64_FORMAT " ms", test_conversation_count (conversation) - before, (g_get_monotonic_time () - start) / 1000);
  g_assert_cmpuint (test_conversation_count (conversation) - before, <=, 20);
  g_assert_cmpuint (g_list_model_get_n_items (flint_room_get_occupants (room)), <=, 2002);
  g_assert_cmpuint (test->n_messages, ==, 0);
  fake_server_no_more (test->me->server);
  test_core_assert_chat_works (test);
}

/* F41: a picture of 5 MB is not read, and not asked for again */
static void
test_huge_picture (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autoptr(XmppJid) jid = xmpp_jid_new (BOB, NULL);
  FlintContact *bob = flint_contact_list_find (flint_account_get_contacts (test->me->account), jid);
  g_autofree char *data = g_strnfill (5 * 1000 * 1000, 'A');
  g_autofree char *vcard = g_strdup_printf ("<vCard xmlns='vcard-temp'><PHOTO><TYPE>image/png</TYPE><BINVAL>%s</BINVAL></PHOTO></vCard>", data);
  g_autoptr(GBytes) avatar = NULL;

  test_account_send (test->me, "<presence from='bob@peer.test/p'><x xmlns='vcard-temp:x:update'>"
                               "<photo>0123456789abcdef0123456789abcdef01234567</photo></x></presence>");
  fake_server_settle (test->me->server);
  g_object_get (bob, "avatar", &avatar, NULL);
  fake_server_answer (test->me->server, "<vCard xmlns='vcard-temp'/>", vcard);
  fake_server_no_more (test->me->server);

  for (guint i = 0; i < 10; i++)
    {
      g_clear_pointer (&avatar, g_bytes_unref);
      g_object_get (bob, "avatar", &avatar, NULL);
      g_assert_null (avatar);
      test_account_send (test->me, "<presence from='bob@peer.test/p'><show>away</show><x xmlns='vcard-temp:x:update'>"
                                   "<photo>0123456789abcdef0123456789abcdef01234567</photo></x></presence>");
      fake_server_no_more (test->me->server);
    }

  test_core_assert_chat_works (test);
}

#ifdef __SANITIZE_ADDRESS__
#define N_OFFLINE 5000     /* as much time as the others have */
#else
#define N_OFFLINE 100000
#endif

#define N_SENDERS 10

typedef struct
{
  gint64 last;
  gint64 longest;
} Gap;

static gboolean
on_tick (gpointer user_data)
{
  Gap *gap = user_data;
  gint64 now = g_get_monotonic_time ();

  gap->longest = MAX (gap->longest, now - gap->last);
  gap->last = now;

  return G_SOURCE_CONTINUE;
}

static gsize
get_memory (void)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));

  return g_ascii_strtoull (strchr (text, ' ') + 1, NULL, 10) * sysconf (_SC_PAGESIZE);
}

/* F38: a month away, and all of it at the login, 1 to 4 kB each. There is no history on the disk yet, so what is over a
 * chat's limit is forgotten, the oldest first; but each is told of, in its order, and the window can be drawn meanwhile.
 */
static void
test_offline_messages (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autofree char *body = g_strnfill (4096, 'x');
  g_autoptr(GString) xml = g_string_new (NULL);
  gsize before = get_memory ();
  gint64 begin = g_get_monotonic_time ();
  Gap gap = { begin, 0 };
  guint ticker = g_timeout_add (1, on_tick, &gap);

  for (guint i = 0; i < N_OFFLINE; i++)
    {
      g_string_append_printf (xml, "<message from='c%u@peer.test/p' to='me@good.test' type='chat' id='o%u'><body>%u %.*s</body>"
                                   "<delay xmlns='urn:xmpp:delay' from='good.test' stamp='2026-01-01T00:00:00Z'/></message>",
                              i % N_SENDERS, i, i, (int) (1000 + i % 4 * 1000), body);
      if (xml->len < 64 * 1024 && i + 1 < N_OFFLINE)
        continue;

      fake_server_send (test->me->server, xml->str);
      g_string_truncate (xml, 0);
      g_main_context_iteration (NULL, FALSE);
    }

  fake_server_ping (test->me->server);
  test_core_settle (test->core);
  g_source_remove (ticker);
  g_test_message ("%u messages: %.1f s, at most %" G_GINT64_FORMAT " ms without a turn, %" G_GSIZE_FORMAT " MB more", N_OFFLINE,
                  (g_get_monotonic_time () - begin) / 1e6, gap.longest / 1000, (get_memory () - MIN (before, get_memory ())) >> 20);

  g_assert_cmpuint (test->n_messages, ==, N_OFFLINE);
  for (guint i = 0; i < N_SENDERS; i++)
    {
      g_autofree char *address = g_strdup_printf ("c%u@peer.test", i);
      FlintConversation *conversation = test_account_find (test->me, address);
      guint n = test_conversation_count (conversation);
      guint last = N_OFFLINE - N_SENDERS + i;

      /* The newest are there, each behind the one before it */
      for (guint j = 0; j < MIN (n, 1000); j++)
        {
          const char *text = flint_message_get_body (test_conversation_get (conversation, n - 1 - j));

          if (g_ascii_isdigit (*text))
            g_assert_cmpuint (g_ascii_strtoull (text, NULL, 10), ==, last - j * N_SENDERS);
        }
    }

  if (g_test_perf ())
    {
      g_assert_cmpint (g_get_monotonic_time () - begin, <, 30 * G_USEC_PER_SEC);
      g_assert_cmpint (gap.longest, <=, 100 * 1000);
    }
#ifndef __SANITIZE_ADDRESS__
  g_assert_cmpuint (get_memory () - MIN (before, get_memory ()), <, 150u << 20);
#endif

  test_core_assert_chat_works (test);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/floods/T116-five-megabytes-are-told-of", test_five_megabytes);
  g_test_add_func ("/core/floods/T069-a-flood-of-megabytes-is-forgotten-in-time", test_flood_of_megabytes);
  g_test_add_func ("/core/floods/T110-thousands-who-come-and-go-are-a-few-lines", test_room_churn);
  g_test_add_func ("/core/floods/F38-a-month-of-messages-at-the-login", test_offline_messages);
  g_test_add_func ("/core/floods/F41-a-huge-picture-is-fetched-once", test_huge_picture);

  return g_test_run ();
}
