/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-clock.h"
#include "fake-monitor.h"
#include "flint-reconnector.h"

#include "xmpp-random.h"

/* The tests */

typedef struct
{
  XmppClock        *clock;
  FakeMonitor      *monitor;
  FlintReconnector *reconnector;
  guint             n_retries;
  guint             n_ticks;
  guint8            random;
} Fixture;

static void
draw (guint8   *data,
      gsize     length,
      gpointer  user_data)
{
  for (gsize i = 0; i < length; i++)
    data[i] = *(guint8 *) user_data;
}

static void
count (guint *number)
{
  (*number)++;
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->random = 0xFF;
  xmpp_random_set_func (draw, &f->random);

  f->clock = fake_clock_new ();
  f->monitor = g_object_new (FAKE_TYPE_MONITOR, NULL);
  f->reconnector = flint_reconnector_new (f->clock, G_NETWORK_MONITOR (f->monitor));
  g_signal_connect_swapped (f->reconnector, "retry", G_CALLBACK (count), &f->n_retries);
  g_signal_connect_swapped (f->reconnector, "notify::retry-in", G_CALLBACK (count), &f->n_ticks);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  xmpp_random_set_func (NULL, NULL);
  g_assert_finalize_object (f->reconnector);
  g_assert_cmpuint (fake_clock_count (f->clock), ==, 0);
  g_assert_finalize_object (f->monitor);
  g_assert_finalize_object (f->clock);
}

static void
assert_wait (Fixture *f,
             guint    seconds)
{
  guint before = f->n_retries;

  flint_reconnector_wait (f->reconnector, 0);
  g_assert_cmpuint (flint_reconnector_get_retry_in (f->reconnector), ==, seconds);

  fake_clock_advance (f->clock, seconds * 1000 - 1);
  g_assert_cmpuint (f->n_retries, ==, before);

  fake_clock_advance (f->clock, 1);
  g_assert_cmpuint (f->n_retries, ==, before + 1);
  g_assert_cmpuint (flint_reconnector_get_retry_in (f->reconnector), ==, 0);
  g_assert_false (flint_reconnector_is_waiting (f->reconnector));
}

static void
test_schedule (Fixture       *f,
               gconstpointer  data)
{
  static const guint longest[] = { 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300 };
  static const guint shortest[] = { 1, 1, 2, 4, 8, 16, 32, 64, 128, 150, 150, 150 };

  for (guint i = 0; i < G_N_ELEMENTS (longest); i++)
    assert_wait (f, longest[i]);

  flint_reconnector_reset (f->reconnector);
  f->random = 0;

  for (guint i = 0; i < G_N_ELEMENTS (shortest); i++)
    assert_wait (f, shortest[i]);
}

static void
test_countdown (Fixture       *f,
                gconstpointer  data)
{
  for (guint i = 0; i < 3; i++)
    assert_wait (f, 1 << i);

  f->n_ticks = 0;
  flint_reconnector_begin_reading (f->reconnector);
  flint_reconnector_wait (f->reconnector, 0);

  for (guint left = 8; left > 0; left--)
    {
      g_assert_cmpuint (flint_reconnector_get_retry_in (f->reconnector), ==, left);
      fake_clock_advance (f->clock, 1000);
    }

  /* Told once a second, and never between */
  g_assert_cmpuint (f->n_ticks, ==, 9);
  flint_reconnector_end_reading (f->reconnector);
}

/* Nothing wakes up for what nobody sees; whoever looks sees how much is left */
static void
test_unread (Fixture       *f,
             gconstpointer  data)
{
  for (guint i = 0; i < 3; i++)
    assert_wait (f, 1 << i);

  flint_reconnector_wait (f->reconnector, 0);
  f->n_ticks = 0;
  fake_clock_advance (f->clock, 2500);
  g_assert_cmpuint (f->n_ticks, ==, 0);
  g_assert_cmpuint (flint_reconnector_get_retry_in (f->reconnector), ==, 6);

  flint_reconnector_begin_reading (f->reconnector);
  flint_reconnector_begin_reading (f->reconnector);
  f->n_ticks = 0;
  fake_clock_advance (f->clock, 499);
  g_assert_cmpuint (f->n_ticks, ==, 0);
  fake_clock_advance (f->clock, 1);
  g_assert_cmpuint (f->n_ticks, ==, 1);
  flint_reconnector_end_reading (f->reconnector);
  fake_clock_advance (f->clock, 1000);
  g_assert_cmpuint (f->n_ticks, ==, 2);
  flint_reconnector_end_reading (f->reconnector);
  fake_clock_advance (f->clock, 3999);
  g_assert_cmpuint (f->n_ticks, ==, 2);
  g_assert_cmpuint (f->n_retries, ==, 3);
  fake_clock_advance (f->clock, 1);
  g_assert_cmpuint (f->n_retries, ==, 4);
}

static void
look_away (FlintReconnector *reconnector,
           GParamSpec       *pspec,
           guint            *n_readers)
{
  if (*n_readers > 0 && flint_reconnector_get_retry_in (reconnector) == 5)
    {
      (*n_readers)--;
      flint_reconnector_end_reading (reconnector);
    }
}

/* Whoever is told may look away at that moment: the banner goes, say */
static void
test_look_away (Fixture       *f,
                gconstpointer  data)
{
  guint n_readers = 1;

  for (guint i = 0; i < 3; i++)
    assert_wait (f, 1 << i);

  g_signal_connect (f->reconnector, "notify::retry-in", G_CALLBACK (look_away), &n_readers);
  flint_reconnector_begin_reading (f->reconnector);
  flint_reconnector_wait (f->reconnector, 0);
  for (guint i = 0; i < 7; i++)
    {
      fake_clock_advance (f->clock, 1000);
      g_assert_cmpuint (fake_clock_count (f->clock), ==, 1);
    }
  g_assert_cmpuint (n_readers, ==, 0);
  g_assert_cmpuint (f->n_retries, ==, 3);
  fake_clock_advance (f->clock, 1000);
  g_assert_cmpuint (f->n_retries, ==, 4);
}

/* Nor for seconds that are not shown */
static void
test_no_network (Fixture       *f,
                 gconstpointer  data)
{
  for (guint i = 0; i < 3; i++)
    assert_wait (f, 1 << i);

  flint_reconnector_begin_reading (f->reconnector);
  flint_reconnector_wait (f->reconnector, 0);
  fake_monitor_set_available (f->monitor, FALSE);
  f->n_ticks = 0;
  fake_clock_advance (f->clock, 7999);
  g_assert_cmpuint (f->n_ticks, ==, 0);
  g_assert_cmpuint (f->n_retries, ==, 3);
  fake_clock_advance (f->clock, 1);
  g_assert_cmpuint (f->n_retries, ==, 4);
  flint_reconnector_end_reading (f->reconnector);
}

static void
test_idle (Fixture       *f,
           gconstpointer  data)
{
  g_assert_cmpuint (fake_clock_count (f->clock), ==, 0);
  flint_reconnector_wait (f->reconnector, 0);
  g_assert_cmpuint (fake_clock_count (f->clock), ==, 1);
  flint_reconnector_stop (f->reconnector);
  g_assert_cmpuint (fake_clock_count (f->clock), ==, 0);
  fake_clock_advance (f->clock, 10000);
  g_assert_cmpuint (f->n_retries, ==, 0);
}

static void
test_at_least (Fixture       *f,
               gconstpointer  data)
{
  flint_reconnector_wait (f->reconnector, 60);
  g_assert_cmpuint (flint_reconnector_get_retry_in (f->reconnector), ==, 60);
}

static void
test_network (Fixture       *f,
              gconstpointer  data)
{
  for (guint i = 0; i < 5; i++)
    assert_wait (f, 1 << i);

  flint_reconnector_wait (f->reconnector, 0);
  fake_clock_advance (f->clock, 2000);
  fake_monitor_set_available (f->monitor, FALSE);
  g_assert_false (flint_reconnector_is_network_available (f->reconnector));
  g_assert_cmpuint (f->n_retries, ==, 5);

  fake_monitor_set_available (f->monitor, TRUE);
  g_assert_true (flint_reconnector_is_network_available (f->reconnector));
  g_assert_cmpuint (f->n_retries, ==, 6);
  g_assert_false (flint_reconnector_is_waiting (f->reconnector));

  /* When nothing waits, a network is no reason to try */
  fake_monitor_set_available (f->monitor, TRUE);
  g_assert_cmpuint (f->n_retries, ==, 6);
}

static void
test_flapping (Fixture       *f,
               gconstpointer  data)
{
  for (guint i = 0; i < 100; i++)
    {
      flint_reconnector_wait (f->reconnector, 0);
      fake_monitor_set_available (f->monitor, FALSE);
      fake_monitor_set_available (f->monitor, TRUE);
      fake_clock_advance (f->clock, 100);
    }

  /* Ten seconds: not more than one try a second */
  g_assert_cmpuint (f->n_retries, <=, 11);
  g_assert_cmpuint (f->n_retries, >=, 5);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add ("/core/reconnector/" path, Fixture, NULL, set_up, func, tear_down)

  ADD ("S17-each-wait-is-longer-up-to-five-minutes", test_schedule);
  ADD ("seconds-are-counted-while-waiting", test_countdown);
  ADD ("nothing-wakes-up-for-seconds-that-nobody-reads", test_unread);
  ADD ("who-is-told-may-look-away", test_look_away);
  ADD ("nothing-is-counted-without-a-network", test_no_network);
  ADD ("nothing-runs-while-not-waiting", test_idle);
  ADD ("a-server-that-is-busy-gets-its-time", test_at_least);
  ADD ("S17-a-network-that-comes-back-is-tried-at-once", test_network);
  ADD ("F05-a-network-that-flaps-is-not-tried-all-the-time", test_flapping);

  return g_test_run ();
}
