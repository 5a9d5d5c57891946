/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What makes two messages one, and what becomes of those that we wrote */
#include "store-chat.h"

#define BOB   "bob@example.org"
#define NOON  STORE_CHAT_NOON
#define DAY   G_TIME_SPAN_DAY
#define LONG  "f0a1b2c3-d4e5-4f60-8192-a3b4c5d6e7f8"

static void
check_chat (StoreFixture *fixture,
            const char   *address,
            const char   *bodies)
{
  g_autofree char *found = store_chat_read (fixture, address);

  g_assert_cmpstr (found, ==, bodies);
}

static StoreMessage *
read_only_one (StoreFixture *fixture,
               const char   *address)
{
  g_autoptr(GPtrArray) messages = store_chat_read_page (fixture, address, G_MAXINT64, 0, 100);

  g_assert_cmpuint (messages->len, ==, 1);

  return g_ptr_array_steal_index (messages, 0);
}

/* All that is given is read again */
static void
test_all_is_kept (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  StoreMessage *message = store_chat_message ("room@example.org/Bob", "id \"1\"", "archive'1", NOON, "text\nwith “signs” 👍\t%s");
  g_autoptr(StoreMessage) read = NULL;
  StoreAdded added;

  message->name = g_strdup ("Bob");
  message->device = g_strdup ("phone");
  message->kind = 7;
  message->flags = STORE_MESSAGE_DELAYED | STORE_MESSAGE_MENTION;
  message->failure = g_strdup ("no");
  added = store_chat_add (fixture, "room@example.org", message, STORE_PLACE_TIME, 0);
  g_assert_true (added.is_new);
  g_assert_cmpint (added.state, ==, STORE_STATE_RECEIVED);

  store_fixture_close (fixture);
  store_fixture_open (fixture);
  read = read_only_one (fixture, "room@example.org");
  g_assert_cmpint (read->id, ==, added.id);
  g_assert_cmpint (read->time, ==, NOON);
  g_assert_cmpstr (read->sender, ==, "room@example.org/Bob");
  g_assert_cmpstr (read->name, ==, "Bob");
  g_assert_cmpstr (read->device, ==, "phone");
  g_assert_cmpint (read->kind, ==, 7);
  g_assert_cmpuint (read->flags, ==, STORE_MESSAGE_DELAYED | STORE_MESSAGE_MENTION);
  g_assert_cmpstr (read->message_id, ==, "id \"1\"");
  g_assert_cmpstr (read->archive_id, ==, "archive'1");
  g_assert_cmpstr (read->body, ==, "text\nwith “signs” 👍\t%s");
  g_assert_cmpstr (read->failure, ==, "no");
}

/* Four ways of one message of ours, and what each knows */
static StoreEntry *
make_way (guint way)
{
  static const StorePlace places[] = { STORE_PLACE_LAST, STORE_PLACE_TIME, STORE_PLACE_NEXT, STORE_PLACE_LAST };
  static const StoreState states[] = { STORE_STATE_PENDING, STORE_STATE_SENT, STORE_STATE_SENT, STORE_STATE_DELIVERED };
  StoreMessage *message =
    store_chat_message (STORE_CHAT_ACCOUNT, LONG, way >= 2 ? "archive-1" : NULL, NOON + way * G_USEC_PER_SEC, "hello");

  message->state = states[way];

  return store_entry_new (BOB, 0, message, places[way], 0, FALSE);
}

static void
add_in_order (const guint *order)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autoptr(StoreMessage) read = NULL;
  gint64 id = 0;

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) store_entry_free);
      g_autoptr(GArray) added = NULL;
      g_autoptr(GError) error = NULL;

      g_ptr_array_add (entries, make_way (order[i]));
      added = store_chat_add_page (fixture, g_steal_pointer (&entries), NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (g_array_index (added, StoreAdded, 0).is_new, ==, i == 0);
      if (i > 0)
        g_assert_cmpint (g_array_index (added, StoreAdded, 0).id, ==, id);
      id = g_array_index (added, StoreAdded, 0).id;
    }

  read = read_only_one (fixture, BOB);
  g_assert_cmpstr (read->archive_id, ==, "archive-1");
  g_assert_cmpint (read->state, ==, STORE_STATE_DELIVERED);
}

/* The n-th of the 24 orders of 4 */
static void
make_order (guint  n,
            guint *order)
{
  guint left[] = { 0, 1, 2, 3 };

  for (guint i = 0; i < 4; i++)
    {
      guint at = n % (4 - i);

      n /= 4 - i;
      order[i] = left[at];
      for (guint j = at; j + 1 < 4 - i; j++)
        left[j] = left[j + 1];
    }
}

static void
test_f25_all_orders (void)
{
  for (guint n = 0; n < 24; n++)
    {
      guint order[4];

      make_order (n, order);
      add_in_order (order);
    }
}

/* The same four in one page, and so in one transaction */
static void
test_f25_in_one_page (void)
{
  for (guint n = 0; n < 24; n++)
    {
      g_autoptr(StoreFixture) fixture = store_fixture_new ();
      g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) store_entry_free);
      g_autoptr(StoreMessage) read = NULL;
      g_autoptr(GArray) added = NULL;
      guint order[4];

      make_order (n, order);
      for (guint i = 0; i < 4; i++)
        g_ptr_array_add (entries, make_way (order[i]));
      added = store_chat_add_page (fixture, g_steal_pointer (&entries), NULL, NULL);
      read = read_only_one (fixture, BOB);
      g_assert_cmpint (read->state, ==, STORE_STATE_DELIVERED);
    }
}

static void
test_other_text_is_another (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();

  store_chat_add (fixture, BOB, store_chat_message (BOB, LONG, NULL, NOON, "a"), STORE_PLACE_LAST, 0);
  store_chat_add (fixture, BOB, store_chat_message (BOB, LONG, NULL, NOON + 1, "b"), STORE_PLACE_LAST, 0);
  check_chat (fixture, BOB, "a b");
}

/* Eve gives hers the id of Bob's, also with his text; and she has it first (T049) */
static void
test_t049_other_sender_is_another (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();

  store_chat_add (fixture, "room@example.org", store_chat_message ("room@example.org/Eve", LONG, NULL, NOON, "x"),
                  STORE_PLACE_LAST, 0);
  store_chat_add (fixture, "room@example.org", store_chat_message ("room@example.org/Bob", LONG, NULL, NOON + 1, "x"),
                  STORE_PLACE_LAST, 0);
  store_chat_add (fixture, "room@example.org", store_chat_message (NULL, LONG, NULL, NOON + 2, "x"), STORE_PLACE_LAST, 0);
  store_chat_add (fixture, "room@example.org", store_chat_message (NULL, LONG, NULL, NOON + 2, "x"), STORE_PLACE_LAST, 0);
  check_chat (fixture, "room@example.org", "x x x");
}

/* One archive may give an id that another has, and so may two accounts' (T049) */
static void
test_t049_archives_are_apart (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();

  store_chat_add (fixture, BOB, store_chat_message (BOB, "b-000000001", "7", NOON, "chat"), STORE_PLACE_LAST, 0);
  store_chat_add (fixture, "room@example.org", store_chat_message ("room@example.org/Eve", "e-000000001", "7", NOON, "room"),
                  STORE_PLACE_LAST, 0);
  check_chat (fixture, BOB, "chat");
  check_chat (fixture, "room@example.org", "room");
}

/* Whatever else it has: an archive gives each id once */
static void
test_same_archive_id_is_one (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  StoreAdded added;

  store_chat_add (fixture, BOB, store_chat_message (BOB, "b-000000001", "7", NOON, "first"), STORE_PLACE_LAST, 0);
  added = store_chat_add (fixture, BOB, store_chat_message (BOB, "b-000000002", "7", NOON + DAY * 400, "second"),
                          STORE_PLACE_LAST, 0);
  g_assert_false (added.is_new);
  check_chat (fixture, BOB, "first");
}

/* Programs that count from 1 say "ok" under the same id again and again */
static void
test_t049_counted_ids (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();

  store_chat_add (fixture, BOB, store_chat_message (BOB, "1", "a1", NOON, "ok"), STORE_PLACE_NEXT, 0);
  store_chat_add (fixture, BOB, store_chat_message (BOB, "1", "a2", NOON + 1, "ok"), STORE_PLACE_NEXT, 0);
  store_chat_add (fixture, BOB, store_chat_message (BOB, "1", "a3", NOON + 2, "ok"), STORE_PLACE_NEXT, 0);
  check_chat (fixture, BOB, "ok ok ok");

  /* The archive is read again */
  store_chat_add (fixture, BOB, store_chat_message (BOB, "1", "a2", NOON + 1, "ok"), STORE_PLACE_NEXT, 0);
  check_chat (fixture, BOB, "ok ok ok");
}

/* They were heard live, each on its day, and the archive knows both */
static void
test_t049_counted_ids_live (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  StoreAdded first = store_chat_add (fixture, BOB, store_chat_message (BOB, "1", NULL, NOON, "ok"), STORE_PLACE_LAST, 0);
  StoreAdded second =
    store_chat_add (fixture, BOB, store_chat_message (BOB, "1", NULL, NOON + DAY, "ok"), STORE_PLACE_LAST, 0);
  StoreAdded archived;

  g_assert_true (second.is_new);
  archived = store_chat_add (fixture, BOB, store_chat_message (BOB, "1", "a1", NOON + G_USEC_PER_SEC, "ok"), STORE_PLACE_NEXT, 0);
  g_assert_false (archived.is_new);
  g_assert_cmpint (archived.id, ==, first.id);
  archived = store_chat_add (fixture, BOB, store_chat_message (BOB, "1", "a2", NOON + DAY + G_USEC_PER_SEC, "ok"),
                             STORE_PLACE_NEXT, 0);
  g_assert_false (archived.is_new);
  g_assert_cmpint (archived.id, ==, second.id);
  check_chat (fixture, BOB, "ok ok");
}

/* Sent again under its id by who did not know that it had arrived (F20) */
static void
test_a_long_id_within_a_day_is_one (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  StoreAdded added;

  store_chat_add (fixture, BOB, store_chat_message (BOB, LONG, "a1", NOON, "hi"), STORE_PLACE_NEXT, 0);
  added = store_chat_add (fixture, BOB, store_chat_message (BOB, LONG, "a2", NOON + DAY / 2, "hi"), STORE_PLACE_NEXT, 0);
  g_assert_false (added.is_new);
  added = store_chat_add (fixture, BOB, store_chat_message (BOB, LONG, "a3", NOON + 2 * DAY, "hi"), STORE_PLACE_NEXT, 0);
  g_assert_true (added.is_new);
  check_chat (fixture, BOB, "hi hi");
}

static void
test_an_origin_id_is_one (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();

  store_chat_add_own_id (fixture, BOB, store_chat_message (BOB, "1", "a1", NOON, "ok"), STORE_PLACE_NEXT);
  store_chat_add_own_id (fixture, BOB, store_chat_message (BOB, "1", "a2", NOON + 1, "ok"), STORE_PLACE_NEXT);
  store_chat_add_own_id (fixture, BOB, store_chat_message (BOB, "1", "a3", NOON + 400 * DAY, "ok"), STORE_PLACE_NEXT);
  check_chat (fixture, BOB, "ok");
}

/* Without an id at all: live twice is two, and the archive's copies are those */
static void
test_without_ids (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  StoreAdded added;

  store_chat_add (fixture, BOB, store_chat_message (BOB, NULL, NULL, NOON, "hm"), STORE_PLACE_LAST, 0);
  added = store_chat_add (fixture, BOB, store_chat_message (BOB, NULL, NULL, NOON + 5, "hm"), STORE_PLACE_LAST, 0);
  g_assert_true (added.is_new);

  added = store_chat_add (fixture, BOB, store_chat_message (BOB, NULL, "a1", NOON - 2 * G_USEC_PER_SEC, "hm"), STORE_PLACE_NEXT, 0);
  g_assert_false (added.is_new);
  added = store_chat_add (fixture, BOB, store_chat_message (BOB, NULL, "a2", NOON - 2 * G_USEC_PER_SEC, "hm"), STORE_PLACE_NEXT, 0);
  g_assert_false (added.is_new);
  added = store_chat_add (fixture, BOB, store_chat_message (BOB, NULL, "a3", NOON - 2 * G_USEC_PER_SEC, "hm"), STORE_PLACE_NEXT, 0);
  g_assert_true (added.is_new);
  added = store_chat_add (fixture, BOB, store_chat_message (BOB, NULL, "a4", NOON + DAY, "hm"), STORE_PLACE_NEXT, 0);
  g_assert_true (added.is_new);
  added = store_chat_add (fixture, BOB, store_chat_message (BOB, NULL, "a1", NOON - 2 * G_USEC_PER_SEC, "hm"), STORE_PLACE_NEXT, 0);
  g_assert_false (added.is_new);
}

/* An id that is empty is none that could be the same */
static void
test_t049_an_empty_id (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();

  store_chat_add (fixture, BOB, store_chat_message (BOB, "", NULL, NOON, "a"), STORE_PLACE_LAST, 0);
  store_chat_add (fixture, BOB, store_chat_message (BOB, "", NULL, NOON + 1, "a"), STORE_PLACE_LAST, 0);
  store_chat_add (fixture, BOB, store_chat_message (BOB, "b-000000001", "", NOON + 2, "b"), STORE_PLACE_LAST, 0);
  store_chat_add (fixture, BOB, store_chat_message (BOB, "b-000000002", "", NOON + 3, "c"), STORE_PLACE_LAST, 0);
  check_chat (fixture, BOB, "a a b c");
}

/* A flood of one id and text: each is stored, or is one of those that are there; nothing fails, and it ends */
static void
test_t049_many_copies (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();

  for (guint i = 0; i < 600; i++)
    {
      g_autofree char *archive_id = g_strdup_printf ("a%u", i);

      g_assert_true (store_chat_add (fixture, BOB, store_chat_message (BOB, "1", archive_id, NOON + i, "ok"), STORE_PLACE_NEXT,
                                     0).is_new);
    }
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM message"), ==, 600);
}

/* States */

static void
test_states_are_not_taken_back (void)
{
  /* From a row, to a column: received, pending, sent, delivered, read, failed */
  static const char *const rules[] = {
    "......",
    "..++++",
    "...+++",
    "....+.",
    "......",
    ".++++.",
  };

  for (int from = STORE_STATE_RECEIVED; from <= STORE_STATE_FAILED; from++)
    {
      for (int to = STORE_STATE_RECEIVED; to <= STORE_STATE_FAILED; to++)
        {
          g_autoptr(StoreFixture) fixture = store_fixture_new ();
          StoreMessage *message = store_chat_message (STORE_CHAT_ACCOUNT, LONG, NULL, NOON, "hello");
          g_autoptr(StoreMessage) read = NULL;
          gboolean may = rules[from][to] == '+';
          guint n;

          message->state = from;
          store_chat_add (fixture, BOB, message, STORE_PLACE_LAST, 0);
          n = store_chat_set_state (fixture, BOB, LONG, to, to == STORE_STATE_FAILED ? "Full" : NULL, FALSE);
          g_assert_cmpuint (n, ==, may ? 1 : 0);

          read = read_only_one (fixture, BOB);
          g_assert_cmpint (read->state, ==, may ? to : from);
          g_assert_cmpstr (read->failure, ==, may && to == STORE_STATE_FAILED ? "Full" : NULL);
        }
    }
}

/* Bob cannot say of his own message that it failed, nor of any that is not ours */
static void
test_only_ours_have_states (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  StoreMessage *message = store_chat_message (BOB, LONG, NULL, NOON, "hello");

  message->state = STORE_STATE_PENDING;
  store_chat_add (fixture, BOB, message, STORE_PLACE_LAST, 0);
  g_assert_cmpuint (store_chat_set_state (fixture, BOB, LONG, STORE_STATE_READ, NULL, TRUE), ==, 0);
  g_assert_cmpuint (store_chat_set_state (fixture, BOB, "nothing", STORE_STATE_READ, NULL, TRUE), ==, 0);
  g_assert_cmpuint (store_chat_set_state (fixture, "nobody@example.org", LONG, STORE_STATE_READ, NULL, TRUE), ==, 0);
}

static void
test_what_was_before_it_is_read_too (void)
{
  static const StoreState states[] = { STORE_STATE_SENT, STORE_STATE_FAILED, STORE_STATE_DELIVERED, STORE_STATE_PENDING,
                                       STORE_STATE_READ, STORE_STATE_SENT, STORE_STATE_SENT };
  static const StoreState after[] = { STORE_STATE_READ, STORE_STATE_FAILED, STORE_STATE_READ, STORE_STATE_PENDING,
                                      STORE_STATE_READ, STORE_STATE_READ, STORE_STATE_SENT };
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autoptr(GPtrArray) messages = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autofree char *id = g_strdup_printf ("m-00000000%u", i);
      StoreMessage *message = store_chat_message (STORE_CHAT_ACCOUNT, id, NULL, NOON + i, "x");

      message->state = states[i];
      store_chat_add (fixture, BOB, message, STORE_PLACE_LAST, 0);
      store_chat_add (fixture, "carol@example.org", store_chat_message (STORE_CHAT_ACCOUNT, id, NULL, NOON + i, "x"),
                      STORE_PLACE_LAST, 0);
    }

  g_assert_cmpuint (store_chat_set_state (fixture, BOB, "m-000000005", STORE_STATE_READ, NULL, TRUE), ==, 3);
  messages = store_chat_read_page (fixture, BOB, G_MAXINT64, 0, 100);
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    g_assert_cmpint (((StoreMessage *) g_ptr_array_index (messages, i))->state, ==, after[i]);

  /* Those of others are as they were */
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM message WHERE state = 4 AND conversation != "
                                          "(SELECT id FROM conversation WHERE address = 'bob@example.org')"), ==, 0);
}

static void
test_removing (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  StoreKey key = { STORE_CHAT_ACCOUNT, BOB, 0 };
  g_autoptr(GAsyncResult) result = NULL;

  store_chat_add (fixture, BOB, store_chat_message (STORE_CHAT_ACCOUNT, LONG, NULL, NOON, "ours"), STORE_PLACE_LAST, 0);
  store_chat_add (fixture, BOB, store_chat_message (BOB, LONG, NULL, NOON + 1, "his"), STORE_PLACE_LAST, 0);
  store_chat_add (fixture, "carol@example.org", store_chat_message (STORE_CHAT_ACCOUNT, LONG, NULL, NOON, "other"),
                  STORE_PLACE_LAST, 0);

  store_history_remove_async (fixture->database, &key, LONG, store_fixture_on_result, &result);
  g_assert_true (store_history_remove_finish (store_fixture_wait (&result), NULL));
  g_clear_object (&result);
  check_chat (fixture, BOB, "his");
  check_chat (fixture, "carol@example.org", "other");
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM message_words WHERE message_words MATCH 'ours'"), ==, 0);

  store_fixture_close (fixture);
  store_fixture_check_file (fixture->path);
}

static void
test_unsent_in_the_order_written (void)
{
  static const char *const addresses[] = { BOB, "carol@example.org", "room@example.org" };
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) entries = NULL;
  guint n = 0;

  for (guint i = 0; i < 90; i++)
    {
      g_autofree char *id = g_strdup_printf ("m-%09u", i);
      g_autofree char *body = g_strdup_printf ("%u", i);
      StoreMessage *message = store_chat_message (STORE_CHAT_ACCOUNT, id, NULL, NOON + i * 1000, body);

      message->state = i % 4 == 0 ? STORE_STATE_SENT : STORE_STATE_PENDING;
      store_chat_add (fixture, addresses[i * 7 % 3], message, STORE_PLACE_LAST, 0);
    }

  store_fixture_close (fixture);
  store_fixture_open (fixture);
  store_history_read_unsent_async (fixture->database, STORE_CHAT_ACCOUNT, store_fixture_on_result, &result);
  entries = store_history_read_unsent_finish (store_fixture_wait (&result), NULL);
  for (guint i = 0; i < 90; i++)
    {
      const StoreEntry *entry;

      if (i % 4 == 0)
        continue;

      entry = g_ptr_array_index (entries, n++);
      g_assert_cmpint (g_ascii_strtoll (entry->message->body, NULL, 10), ==, i);
      g_assert_cmpstr (entry->address, ==, addresses[i * 7 % 3]);
      g_assert_cmpint (entry->message->state, ==, STORE_STATE_PENDING);
    }
  g_assert_cmpuint (entries->len, ==, n);

  g_clear_object (&result);
  g_clear_pointer (&entries, g_ptr_array_unref);
  store_history_read_unsent_async (fixture->database, "other@example.org", store_fixture_on_result, &result);
  entries = store_history_read_unsent_finish (store_fixture_wait (&result), NULL);
  g_assert_cmpuint (entries->len, ==, 0);
}

/* Positions */

static char *
get_position (StoreFixture *fixture,
              const char   *address,
              gint64       *time)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  char *id;

  store_history_get_position_async (fixture->database, STORE_CHAT_ACCOUNT, address, store_fixture_on_result, &result);
  id = store_history_get_position_finish (store_fixture_wait (&result), time, &error);
  g_assert_no_error (error);

  return id;
}

static GPtrArray *
make_page (guint first,
           guint n)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func ((GDestroyNotify) store_entry_free);

  for (guint i = first; i < first + n; i++)
    {
      g_autofree char *archive_id = g_strdup_printf ("a%u", i);
      g_autofree char *id = g_strdup_printf ("m-%09u", i);

      g_ptr_array_add (entries, store_entry_new (BOB, 0, store_chat_message (BOB, id, archive_id, NOON + i, "x"), STORE_PLACE_NEXT,
                                                 0, FALSE));
    }

  return entries;
}

static void
test_f24_a_position_is_there_with_its_page (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  StorePosition position = { "", "a9", NOON + 9 };
  g_autoptr(GArray) added = NULL;
  g_autofree char *none = NULL;
  g_autofree char *id = NULL;
  g_autofree char *room = NULL;
  gint64 time;

  none = get_position (fixture, "", &time);
  g_assert_null (none);
  g_assert_cmpint (time, ==, 0);

  added = store_chat_add_page (fixture, make_page (0, 10), &position, NULL);
  g_assert_cmpuint (added->len, ==, 10);
  id = get_position (fixture, "", &time);
  g_assert_cmpstr (id, ==, "a9");
  g_assert_cmpint (time, ==, NOON + 9);

  room = get_position (fixture, "room@example.org", &time);
  g_assert_null (room);
}

/* A page that cannot be stored is to be read again */
static void
test_f24_a_failing_page_leaves_the_position (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  StorePosition first = { "", "a9", NOON + 9 };
  StorePosition second = { "", "a19", NOON + 19 };
  g_autoptr(GArray) added = store_chat_add_page (fixture, make_page (0, 10), &first, NULL);
  g_autoptr(GArray) failed = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;
  gint64 time;

  g_assert_true (store_fixture_exec (fixture, "CREATE TRIGGER refuse BEFORE INSERT ON message WHEN new.archive_id = 'a15' "
                                     "BEGIN SELECT raise (ABORT, 'no'); END", NULL));
  failed = store_chat_add_page (fixture, make_page (10, 10), &second, &error);
  g_assert_null (failed);
  g_assert_error (error, STORE_ERROR, STORE_ERROR_FAILED);

  id = get_position (fixture, "", &time);
  g_assert_cmpstr (id, ==, "a9");
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM message"), ==, 10);

  /* And once it can be, nothing is there twice */
  g_assert_true (store_fixture_exec (fixture, "DROP TRIGGER refuse", NULL));
  failed = store_chat_add_page (fixture, make_page (5, 15), &second, NULL);
  g_assert_cmpuint (failed->len, ==, 15);
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM message"), ==, 20);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/store/history/all-of-a-message-is-kept", test_all_is_kept);
  g_test_add_func ("/store/history/f25-live-carbon-archive-and-reflection-in-all-orders", test_f25_all_orders);
  g_test_add_func ("/store/history/f25-all-orders-in-one-page", test_f25_in_one_page);
  g_test_add_func ("/store/history/another-text-is-another-message", test_other_text_is_another);
  g_test_add_func ("/store/history/t049-another-sender-is-another-message", test_t049_other_sender_is_another);
  g_test_add_func ("/store/history/t049-ids-of-archives-are-apart", test_t049_archives_are_apart);
  g_test_add_func ("/store/history/the-same-archive-id-is-one", test_same_archive_id_is_one);
  g_test_add_func ("/store/history/t049-ids-that-are-counted", test_t049_counted_ids);
  g_test_add_func ("/store/history/t049-ids-that-are-counted-and-heard-live", test_t049_counted_ids_live);
  g_test_add_func ("/store/history/a-long-id-within-a-day-is-one", test_a_long_id_within_a_day_is_one);
  g_test_add_func ("/store/history/an-origin-id-is-always-one", test_an_origin_id_is_one);
  g_test_add_func ("/store/history/messages-without-ids", test_without_ids);
  g_test_add_func ("/store/history/t049-an-empty-id-is-none", test_t049_an_empty_id);
  g_test_add_func ("/store/history/t049-many-of-one-id-and-text", test_t049_many_copies);
  g_test_add_func ("/store/history/states-are-not-taken-back", test_states_are_not_taken_back);
  g_test_add_func ("/store/history/only-what-is-ours-has-a-state", test_only_ours_have_states);
  g_test_add_func ("/store/history/what-was-before-it-is-read-too", test_what_was_before_it_is_read_too);
  g_test_add_func ("/store/history/what-is-not-to-be-sent-is-taken-out", test_removing);
  g_test_add_func ("/store/history/what-is-unsent-comes-in-the-order-written", test_unsent_in_the_order_written);
  g_test_add_func ("/store/history/f24-a-position-is-there-with-its-page", test_f24_a_position_is_there_with_its_page);
  g_test_add_func ("/store/history/f24-a-failing-page-leaves-the-position", test_f24_a_failing_page_leaves_the_position);

  return g_test_run ();
}
