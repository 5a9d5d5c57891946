/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-join-queue.h"

#include "flint-room-private.h"

#define MAX_JOINS 5      /* in each turn */
#define TURN_MS   1000

struct _FlintJoinQueue
{
  XmppClock *clock;
  GQueue     rooms;     /* of FlintRoom, owned */
  guint      n_joins;   /* in this turn */
  guint      timer;     /* until the next turn; 0: nobody was joined for a whole one */
  gboolean   is_over;
};

static void
release (gpointer data)
{
  FlintJoinQueue *self = data;

  g_object_unref (self->clock);
}

static gboolean on_turn (gpointer user_data);

/* Held: who hears of what becomes of a room may remove the account, and this with it */
static void
join (FlintJoinQueue *self)
{
  g_rc_box_acquire (self);

  while (!self->is_over && self->n_joins < MAX_JOINS && !g_queue_is_empty (&self->rooms))
    {
      g_autoptr(FlintRoom) room = g_queue_pop_head (&self->rooms);

      self->n_joins++;
      flint_room_set_account_online (room, TRUE);
    }

  if (!self->is_over && self->n_joins > 0 && self->timer == 0)
    self->timer = xmpp_clock_add (self->clock, TURN_MS, on_turn, self);

  g_rc_box_release_full (self, release);
}

static gboolean
on_turn (gpointer user_data)
{
  FlintJoinQueue *self = user_data;

  self->timer = 0;
  self->n_joins = 0;
  join (self);

  return G_SOURCE_REMOVE;
}

FlintJoinQueue *
flint_join_queue_new (XmppClock *clock)
{
  FlintJoinQueue *self = g_rc_box_new0 (FlintJoinQueue);

  self->clock = g_object_ref (clock);
  g_queue_init (&self->rooms);

  return self;
}

void
flint_join_queue_free (FlintJoinQueue *self)
{
  flint_join_queue_clear (self);
  if (self->timer != 0)
    xmpp_clock_remove (self->clock, self->timer);
  self->timer = 0;
  self->is_over = TRUE;
  g_rc_box_release_full (self, release);
}

/* Behind those that wait; at once, if it is the turn of another */
void
flint_join_queue_add (FlintJoinQueue *self,
                      FlintRoom      *room)
{
  g_queue_push_tail (&self->rooms, g_object_ref (room));
  join (self);
}

void
flint_join_queue_remove (FlintJoinQueue *self,
                         FlintRoom      *room)
{
  if (g_queue_remove (&self->rooms, room))
    g_object_unref (room);
}

/* Nobody waits any more: the account is offline */
void
flint_join_queue_clear (FlintJoinQueue *self)
{
  g_queue_clear_full (&self->rooms, g_object_unref);
}
