/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In which order messages are, whatever the clocks say (F35), and that pages bring each of them once */
#include "store-chat.h"

#define BOB     "bob@example.org"
#define NOON    STORE_CHAT_NOON
#define SECOND  ((gint64) G_USEC_PER_SEC)
#define DAY     G_TIME_SPAN_DAY
#define HOUR    G_TIME_SPAN_HOUR

/* What clocks have been seen to say: 1970, 1980, the last one of 2099 */
static const gint64 clocks[] = { 0, NOON - DAY, NOON + DAY, 315532800 * SECOND, NOON, G_GINT64_CONSTANT (4102444799) * SECOND,
                                 NOON - HOUR, NOON + HOUR };

/* The n-th of a conversation: as its sender and the archive have it */
static StoreMessage *
make_message (guint    n,
              gint64   time,
              gboolean is_archived)
{
  g_autofree char *id = g_strdup_printf ("m-%09u", n);
  g_autofree char *archive_id = g_strdup_printf ("a%u", n);
  g_autofree char *body = g_strdup_printf ("%u", n);

  return store_chat_message (BOB, id, is_archived ? archive_id : NULL, time, body);
}

static StoreAdded
add (StoreFixture *fixture,
     guint         n,
     gint64        time,
     StorePlace    place)
{
  return store_chat_add (fixture, BOB, make_message (n, time, place == STORE_PLACE_NEXT || place == STORE_PLACE_BEFORE), place, 0);
}

/* From page to page, forwards or backwards: 0, 1, 2 … n - 1 */
static void
check_pages (StoreFixture *fixture,
             const char   *address,
             guint         n,
             gboolean      is_backwards)
{
  gint64 edge = is_backwards ? G_MAXINT64 : G_MININT64;
  guint n_read = 0;

  for (;;)
    {
      guint max = g_test_rand_int_range (1, 70);
      g_autoptr(GPtrArray) page =
        store_chat_read_page (fixture, address, is_backwards ? edge : 0, is_backwards ? 0 : edge, max);

      g_assert_cmpuint (page->len, <=, max);
      for (guint i = 0; i < page->len; i++)
        {
          const StoreMessage *message = g_ptr_array_index (page, i);
          guint at = is_backwards ? n - n_read - page->len + i : n_read + i;

          if (g_ascii_strtoull (message->body, NULL, 10) != at)
            g_error ("Message %s is at %u of %u", message->body, at, n);
          if (i > 0)
            g_assert_cmpint (message->id, >, ((StoreMessage *) g_ptr_array_index (page, i - 1))->id);
        }

      if (page->len == 0)
        break;

      n_read += page->len;
      edge = ((StoreMessage *) g_ptr_array_index (page, is_backwards ? 0 : page->len - 1))->id;
    }

  g_assert_cmpuint (n_read, ==, n);
}

static void
check_order (StoreFixture *fixture,
             guint         n)
{
  check_pages (fixture, BOB, n, FALSE);
  check_pages (fixture, BOB, n, TRUE);
}

static void
test_live_is_in_order_of_arrival (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();

  for (guint i = 0; i < 64; i++)
    add (fixture, i, clocks[i * 5 % G_N_ELEMENTS (clocks)] + i % 3, STORE_PLACE_LAST);
  check_order (fixture, 64);
}

static gint64
make_stamp (void)
{
  gint64 stamp = clocks[g_test_rand_int_range (0, G_N_ELEMENTS (clocks))] + g_test_rand_int_range (-20, 20) * SECOND;

  return stamp;
}

static void
test_an_archive_is_in_its_order (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();

  for (guint n = 0; n < 500; )
    {
      GPtrArray *page = g_ptr_array_new_with_free_func ((GDestroyNotify) store_entry_free);
      g_autoptr(GArray) added = NULL;

      for (guint i = g_test_rand_int_range (1, 60); i > 0 && n < 500; i--)
        g_ptr_array_add (page, store_entry_new (BOB, 0, make_message (n++, make_stamp (), TRUE), STORE_PLACE_NEXT, 0, FALSE));
      added = store_chat_add_page (fixture, page, NULL, NULL);
    }
  check_order (fixture, 500);
}

/* What is older is read later, from its end */
static void
test_an_archive_read_backwards_is_in_its_order (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();

  for (guint n = 500; n > 0; )
    {
      guint size = g_test_rand_int_range (1, MIN (60, n) + 1);
      GPtrArray *page = g_ptr_array_new_with_free_func ((GDestroyNotify) store_entry_free);
      g_autoptr(GArray) added = NULL;

      for (guint i = n - size; i < n; i++)
        g_ptr_array_add (page, store_entry_new (BOB, 0, make_message (i, make_stamp (), TRUE), STORE_PLACE_BEFORE, 0, FALSE));
      added = store_chat_add_page (fixture, page, NULL, NULL);
      n -= size;
    }
  check_order (fixture, 500);
}

/* Somebody who goes and comes back. What was said meanwhile is in the archive, which is read while others talk on. */
typedef struct
{
  StoreFixture *fixture;
  gint64        now;        /* the server's clock */
  gint64        skew;       /* of ours */
  guint         n;          /* how many were said */
  guint         n_known;    /* so many of the archive were read */
  gint64        bound;      /* of the first that was heard since we are back */
} World;

static void
say (World    *world,
     gboolean  is_heard)
{
  world->now += g_test_rand_int_range (0, 3) * SECOND;
  if (is_heard)
    {
      StoreAdded added =
        store_chat_add (world->fixture, BOB, make_message (world->n, world->now + world->skew, FALSE), STORE_PLACE_LAST, 0);

      g_assert_true (added.is_new);
      if (world->bound == 0)
        world->bound = added.id;
    }

  world->n++;
}

/* The archive has whole seconds, those in which it was */
static void
read_archive_page (World        *world,
                   const gint64 *stamps)
{
  GPtrArray *page = g_ptr_array_new_with_free_func ((GDestroyNotify) store_entry_free);
  g_autoptr(GArray) added = NULL;
  guint size = g_test_rand_int_range (1, 50);

  for (; size > 0 && world->n_known < world->n; size--, world->n_known++)
    {
      StoreMessage *message = make_message (world->n_known, stamps[world->n_known], TRUE);

      g_ptr_array_add (page, store_entry_new (BOB, 0, message, STORE_PLACE_NEXT, world->bound, FALSE));
    }
  added = store_chat_add_page (world->fixture, page, NULL, NULL);
  g_assert_nonnull (added);
}

static void
live_on (World *world)
{
  gint64 stamps[2000];

  for (guint session = 0; session < 6; session++)
    {
      guint n_missed = g_test_rand_int_range (0, 200);
      guint first = world->n;

      for (guint i = 0; i < n_missed; i++)
        {
          say (world, FALSE);
          stamps[world->n - 1] = world->now;
        }

      /* We are back, and with another clock */
      world->bound = 0;
      world->skew = g_test_rand_bit () ? 0 : clocks[g_test_rand_int_range (0, G_N_ELEMENTS (clocks))] - world->now;
      while (world->n_known < world->n)
        {
          if (g_test_rand_bit () && world->n < first + 300)
            {
              say (world, TRUE);
              stamps[world->n - 1] = world->now;
            }
          else
            {
              read_archive_page (world, stamps);
            }
        }
    }
}

static void
test_who_comes_back_has_all_in_order (void)
{
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr(StoreFixture) fixture = store_fixture_new ();
      World world = { fixture, NOON, 0 };

      live_on (&world);
      check_order (fixture, world.n);
      store_fixture_close (fixture);
      store_fixture_check_file (fixture->path);
    }
}

/* The clock went back, so what is heard has the place just behind what was known; what was missed goes between */
static void
test_there_is_room_for_what_was_missed (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autoptr(GArray) added = NULL;
  GPtrArray *page = g_ptr_array_new_with_free_func ((GDestroyNotify) store_entry_free);
  gint64 bound;

  add (fixture, 0, clocks[5], STORE_PLACE_LAST);
  bound = add (fixture, 3001, NOON, STORE_PLACE_LAST).id;
  add (fixture, 3002, NOON + 1, STORE_PLACE_LAST);

  for (guint i = 1; i <= 3000; i++)
    g_ptr_array_add (page, store_entry_new (BOB, 0, make_message (i, NOON - HOUR, TRUE), STORE_PLACE_NEXT, bound, FALSE));
  added = store_chat_add_page (fixture, page, NULL, NULL);
  check_order (fixture, 3003);
}

/* Stamps of old servers; and other chats in the same second */
static void
test_a_thousand_in_one_second (void)
{
  static const char *const addresses[] = { BOB, "carol@example.org", "room@example.org" };
  static const StorePlace places[] = { STORE_PLACE_NEXT, STORE_PLACE_LAST, STORE_PLACE_TIME };

  for (guint p = 0; p < G_N_ELEMENTS (places); p++)
    {
      g_autoptr(StoreFixture) fixture = store_fixture_new ();
      GPtrArray *page = g_ptr_array_new_with_free_func ((GDestroyNotify) store_entry_free);
      g_autoptr(GArray) added = NULL;

      for (guint i = 0; i < 3000; i++)
        g_ptr_array_add (page, store_entry_new (addresses[i % 3], 0, make_message (i / 3, NOON, TRUE), places[p], 0, FALSE));
      added = store_chat_add_page (fixture, page, NULL, NULL);

      for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
        {
          check_pages (fixture, addresses[i], 1000, FALSE);
          check_pages (fixture, addresses[i], 1000, TRUE);
        }
    }
}

static void
test_a_thousand_in_one_second_backwards (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();

  for (guint n = 1000; n > 0; n -= 50)
    {
      GPtrArray *page = g_ptr_array_new_with_free_func ((GDestroyNotify) store_entry_free);
      g_autoptr(GArray) added = NULL;

      for (guint i = n - 50; i < n; i++)
        {
          g_ptr_array_add (page, store_entry_new (BOB, 0, make_message (i, NOON, TRUE), STORE_PLACE_BEFORE, 0, FALSE));
          g_ptr_array_add (page, store_entry_new ("carol@example.org", 0, make_message (i, NOON, TRUE), STORE_PLACE_BEFORE, 0,
                                                  FALSE));
        }
      added = store_chat_add_page (fixture, page, NULL, NULL);
    }
  check_order (fixture, 1000);
  check_pages (fixture, "carol@example.org", 1000, TRUE);
}

static void
test_late_ones_are_at_their_time (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();

  add (fixture, 0, NOON, STORE_PLACE_LAST);
  add (fixture, 2, NOON + 2 * HOUR, STORE_PLACE_LAST);
  add (fixture, 1, NOON + HOUR, STORE_PLACE_TIME);
  add (fixture, 3, NOON + 3 * HOUR, STORE_PLACE_TIME);
  check_order (fixture, 4);
}

/* Times that are no times. Whatever place they have, they have one, and life goes on. */
static void
test_times_that_are_none (void)
{
  static const gint64 times[] = { G_MININT64, G_MAXINT64, 0, -1, 1, G_MININT64 + 1, G_MAXINT64 - 1, G_MAXINT64 / 2 };
  static const StorePlace places[] = { STORE_PLACE_LAST, STORE_PLACE_TIME, STORE_PLACE_NEXT, STORE_PLACE_BEFORE };

  for (guint p = 0; p < G_N_ELEMENTS (places); p++)
    {
      g_autoptr(StoreFixture) fixture = store_fixture_new ();
      g_autoptr(GPtrArray) messages = NULL;
      guint n = 0;

      for (guint i = 0; i < 3 * G_N_ELEMENTS (times); i++)
        {
          StoreAdded added = add (fixture, n++, times[i % G_N_ELEMENTS (times)], places[p]);

          g_assert_true (added.is_new);
          g_assert_cmpint (added.id, !=, 0);
        }
      add (fixture, n++, NOON, STORE_PLACE_LAST);
      add (fixture, n++, NOON, STORE_PLACE_BEFORE);
      add (fixture, n++, NOON, STORE_PLACE_NEXT);

      messages = store_chat_read_page (fixture, BOB, G_MAXINT64, 0, 1000);
      g_assert_cmpuint (messages->len, ==, n);
      g_assert_cmpint (((StoreMessage *) g_ptr_array_index (messages, n - 1))->time, ==, NOON);
      g_assert_cmpstr (((StoreMessage *) g_ptr_array_index (messages, 0))->body, !=, "0");
    }
}

static void
test_pages_of_what_is_not_there (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autoptr(GPtrArray) nobody = store_chat_read_page (fixture, "nobody@example.org", G_MAXINT64, 0, 10);
  g_autoptr(GPtrArray) none = NULL;

  g_assert_cmpuint (nobody->len, ==, 0);
  add (fixture, 0, NOON, STORE_PLACE_LAST);
  none = store_chat_read_page (fixture, BOB, NOON, 0, 10);
  g_assert_cmpuint (none->len, ==, 0);

  /* To ask is not to make */
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM conversation"), ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/store/places/f35-what-is-heard-is-in-order-of-arrival", test_live_is_in_order_of_arrival);
  g_test_add_func ("/store/places/f35-an-archive-is-in-its-order", test_an_archive_is_in_its_order);
  g_test_add_func ("/store/places/f35-an-archive-read-backwards-is-in-its-order", test_an_archive_read_backwards_is_in_its_order);
  g_test_add_func ("/store/places/f35-who-comes-back-has-all-in-order", test_who_comes_back_has_all_in_order);
  g_test_add_func ("/store/places/f35-there-is-room-for-what-was-missed", test_there_is_room_for_what_was_missed);
  g_test_add_func ("/store/places/f35-a-thousand-in-one-second", test_a_thousand_in_one_second);
  g_test_add_func ("/store/places/f35-a-thousand-in-one-second-backwards", test_a_thousand_in_one_second_backwards);
  g_test_add_func ("/store/places/late-ones-are-at-their-time", test_late_ones_are_at_their_time);
  g_test_add_func ("/store/places/times-that-are-none", test_times_that_are_none);
  g_test_add_func ("/store/places/pages-of-what-is-not-there", test_pages_of_what_is_not_there);

  return g_test_run ();
}
