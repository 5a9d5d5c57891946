/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-resumption-private.h"

/* What we receive: unasked we tell after so many. An Openfire turns stream management off, without a word, when
 * 10,000 are not acknowledged: what holds acknowledgements back gives way long before.
 */
#define TELL_EVERY    50
#define ANSWER_MS     1000          /* how long an answer waits for what is held back */
#define MAX_HELD      5000

/* How far we answer for what came: what is held back is not taken over yet, nor is what comes once more */
guint32
xmpp_resumption_get_h (XmppResumption *self)
{
  const Hold *oldest = g_queue_peek_head (&self->holds);
  guint32 h = self->received - self->repeats;

  if (oldest != NULL && h - (oldest->number - 1) <= G_MAXINT32)
    h = oldest->number - 1;

  return h;
}

/* Tells how far we are. Afterwards self may be gone. */
void
xmpp_resumption_answer_now (XmppResumption *self)
{
  if (!self->is_connected || !self->is_enabled)
    return;

  xmpp_resumption_clear_timer (self, &self->answer_timer);
  self->told = xmpp_resumption_get_h (self);
  self->since_told = 0;
  self->is_behind = self->told != self->received;
  xmpp_resumption_send (self, "a", self->told);
}

static gboolean
on_answer (gpointer user_data)
{
  XmppResumption *self = user_data;

  self->answer_timer = 0;
  xmpp_resumption_answer_now (self);

  return G_SOURCE_REMOVE;
}

/* <r/>. It may wait a little for what is held back (XEP-0198, 4), and mostly that is no longer than a moment.
 * Afterwards self may be gone.
 */
void
xmpp_resumption_answer (XmppResumption *self)
{
  if (g_queue_is_empty (&self->holds))
    xmpp_resumption_answer_now (self);
  else if (self->is_connected && self->is_enabled && self->answer_timer == 0)
    self->answer_timer = xmpp_clock_add (self->clock, ANSWER_MS, on_answer, self);
}

/* Whether the next one that comes is one that was handled before the connection was lost, and that the server repeats
 * because it was held back then: it is counted, and not handled again.
 */
gboolean
xmpp_resumption_is_repeat (XmppResumption *self)
{
  return self->repeats > 0;
}

/* One more has been handled. Afterwards self may be gone. */
void
xmpp_resumption_handled (XmppResumption *self)
{
  const Hold *oldest;

  if (!self->is_enabled)
    return;

  if (self->repeats > 0)
    self->repeats--;
  else
    self->received++;

  while ((oldest = g_queue_peek_head (&self->holds)) != NULL && self->received - oldest->number >= MAX_HELD)
    g_free (g_queue_pop_head (&self->holds));

  self->since_told++;
  if (self->since_told < TELL_EVERY)
    return;

  self->since_told = 0;
  if (xmpp_resumption_get_h (self) != self->told)
    xmpp_resumption_answer_now (self);
}

/* The one that is being handled is not taken over until this is released */
void
xmpp_resumption_hold (XmppResumption *self,
                      guint           id)
{
  Hold *hold = g_new (Hold, 1);

  hold->id = id;
  hold->number = self->received + 1;
  g_queue_push_tail (&self->holds, hold);
}

/* Afterwards self may be gone. */
void
xmpp_resumption_release (XmppResumption *self,
                         guint           id)
{
  for (GList *l = self->holds.head; l != NULL; l = l->next)
    {
      Hold *hold = l->data;

      if (hold->id != id)
        continue;

      g_free (hold);
      g_queue_delete_link (&self->holds, l);
      break;
    }

  if (g_queue_is_empty (&self->holds) && (self->answer_timer != 0 || self->is_behind))
    xmpp_resumption_answer_now (self);
}
