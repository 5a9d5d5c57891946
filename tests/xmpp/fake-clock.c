/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-clock.h"

#define START_MONOTONIC (1000 * G_USEC_PER_SEC)
#define START_REAL      (G_GINT64_CONSTANT (1767268800) * G_USEC_PER_SEC)

struct _FakeClock
{
  XmppClock  parent_instance;

  gint64     elapsed;   /* µs */
  GList     *timers;    /* of Timer, owned; the first due first */
  guint      last_id;
  guint      idle;
};

typedef struct
{
  guint       id;
  gint64      due;      /* in terms of elapsed */
  guint       interval; /* ms */
  GSourceFunc func;
  gpointer    user_data;
} Timer;

G_DEFINE_FINAL_TYPE (FakeClock, fake_clock, XMPP_TYPE_CLOCK)

static int
compare_due (gconstpointer a,
             gconstpointer b)
{
  const Timer *first = a;
  const Timer *second = b;

  if (first->due != second->due)
    return first->due < second->due ? -1 : 1;

  return first->id < second->id ? -1 : first->id > second->id;
}

static void
run_due (FakeClock *self,
         gint64     until)
{
  while (self->timers != NULL && ((Timer *) self->timers->data)->due <= until)
    {
      Timer *timer = self->timers->data;
      guint id = timer->id;
      GList *link;

      self->elapsed = MAX (self->elapsed, timer->due);

      /* The timer stays in the list while it is called, so that its own function may remove it */
      if (timer->func (timer->user_data) == G_SOURCE_REMOVE)
        {
          xmpp_clock_remove (XMPP_CLOCK (self), id);
          continue;
        }

      for (link = self->timers; link != NULL; link = link->next)
        {
          if (((Timer *) link->data)->id != id)
            continue;

          timer = link->data;
          self->timers = g_list_delete_link (self->timers, link);
          timer->due += MAX (timer->interval, 1) * G_GINT64_CONSTANT (1000);
          self->timers = g_list_insert_sorted (self->timers, timer, compare_due);
          break;
        }
    }
}

static gboolean
on_idle (gpointer user_data)
{
  g_autoptr(FakeClock) self = g_object_ref (user_data);

  self->idle = 0;
  run_due (self, self->elapsed);

  return G_SOURCE_REMOVE;
}

static gint64
fake_clock_get_monotonic (XmppClock *clock)
{
  return START_MONOTONIC + FAKE_CLOCK (clock)->elapsed;
}

static gint64
fake_clock_get_real (XmppClock *clock)
{
  return START_REAL + FAKE_CLOCK (clock)->elapsed;
}

static guint
fake_clock_add (XmppClock   *clock,
                guint        milliseconds,
                GSourceFunc  func,
                gpointer     user_data)
{
  FakeClock *self = FAKE_CLOCK (clock);
  Timer *timer = g_new0 (Timer, 1);

  timer->id = ++self->last_id;
  timer->due = self->elapsed + milliseconds * G_GINT64_CONSTANT (1000);
  timer->interval = milliseconds;
  timer->func = func;
  timer->user_data = user_data;
  self->timers = g_list_insert_sorted (self->timers, timer, compare_due);

  if (milliseconds == 0 && self->idle == 0)
    self->idle = g_idle_add (on_idle, self);

  return timer->id;
}

static void
fake_clock_remove (XmppClock *clock,
                   guint      id)
{
  FakeClock *self = FAKE_CLOCK (clock);

  for (GList *link = self->timers; link != NULL; link = link->next)
    {
      Timer *timer = link->data;

      if (timer->id != id)
        continue;

      self->timers = g_list_delete_link (self->timers, link);
      g_free (timer);
      return;
    }
}

static void
fake_clock_finalize (GObject *object)
{
  FakeClock *self = FAKE_CLOCK (object);

  g_list_free_full (self->timers, g_free);
  g_clear_handle_id (&self->idle, g_source_remove);

  G_OBJECT_CLASS (fake_clock_parent_class)->finalize (object);
}

static void
fake_clock_class_init (FakeClockClass *klass)
{
  XmppClockClass *clock_class = XMPP_CLOCK_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = fake_clock_finalize;

  clock_class->get_monotonic = fake_clock_get_monotonic;
  clock_class->get_real = fake_clock_get_real;
  clock_class->add = fake_clock_add;
  clock_class->remove = fake_clock_remove;
}

static void
fake_clock_init (FakeClock *self)
{
}

XmppClock *
fake_clock_new (void)
{
  return g_object_new (FAKE_TYPE_CLOCK, NULL);
}

void
fake_clock_advance (XmppClock *clock,
                    guint      milliseconds)
{
  g_autoptr(FakeClock) self = g_object_ref (FAKE_CLOCK (clock));
  gint64 until = self->elapsed + milliseconds * G_GINT64_CONSTANT (1000);

  run_due (self, until);
  self->elapsed = until;
}

guint
fake_clock_count (XmppClock *clock)
{
  return g_list_length (FAKE_CLOCK (clock)->timers);
}
