/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-input.h"

#define BUFFER_SIZE (32 * 1024)   /* a TLS record is at most 16 KiB: none is left in the TLS library */
#define SLICE_SIZE (4 * 1024)    /* between two looks at the clock */
#define TURN_US    (8 * 1000)

/* After GTK's redraw (G_PRIORITY_HIGH_IDLE + 20): a flood must not keep windows from being drawn */
#define PRIORITY   (G_PRIORITY_HIGH_IDLE + 30)

struct _XmppInput
{
  XmppClock            *clock;
  const XmppInputFuncs *funcs;
  gpointer              owner;        /* a GObject that owns us */
  GMainContext         *context;
  GInputStream         *stream;
  gboolean              is_running;
  gboolean              is_throttled; /* no turn comes: whoever takes what is read cannot follow */
  char                 *buffer;
  gsize                 start;        /* of what was read and not given on */
  gsize                 end;
  gboolean              is_held;      /* the owner keeps something back: that comes first */
  gint64                turn_end;     /* on the clock */
  gint64                time;         /* on the clock: when something was read */
  GSource              *poll_source;  /* there is something to read */
  GSource              *turn_source;  /* there may be more: in the next turn */
};

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static GSource *
attach_source (XmppInput  *self,
               GSource    *source,
               GSourceFunc func)
{
  g_source_set_priority (source, PRIORITY);
  g_source_set_callback (source, func, self, NULL);
  g_source_attach (source, self->context);

  return source;
}

static gboolean
fill (XmppInput *self)
{
  GPollableInputStream *stream = G_POLLABLE_INPUT_STREAM (self->stream);
  g_autoptr(GError) error = NULL;
  gssize n;

  n = g_pollable_input_stream_read_nonblocking (stream, self->buffer, BUFFER_SIZE, NULL, &error);
  if (n > 0)
    {
      self->start = 0;
      self->end = n;
      self->time = self->turn_end - TURN_US;   /* when the turn began: no clock is asked for each read */
      return TRUE;
    }

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    {
      xmpp_input_stop (self);
      self->funcs->end (self->owner, error);
    }

  return FALSE;
}

static void
give_slice (XmppInput *self)
{
  const char *slice = self->buffer + self->start;
  gsize length = self->is_held ? 0 : MIN (SLICE_SIZE, self->end - self->start);

  self->start += length;
  self->is_held = FALSE;
  if (!self->funcs->data (self->owner, slice, length))
    self->is_held = TRUE;
}

/* What there is to read, but not for longer than 8 ms. Returns whether there may be more. */
static gboolean
take_turn (XmppInput *self)
{
  self->turn_end = xmpp_clock_get_monotonic (self->clock) + TURN_US;

  while (self->is_running && !self->is_throttled)
    {
      if (!self->is_held && self->start == self->end && !fill (self))
        return FALSE;

      give_slice (self);

      if (xmpp_input_is_over (self))
        return self->is_running;
    }

  return FALSE;
}

static gboolean on_turn (gpointer user_data);

static void
schedule_turn (XmppInput *self)
{
  clear_source (&self->poll_source);
  if (self->turn_source == NULL && !self->is_throttled)
    self->turn_source = attach_source (self, g_idle_source_new (), on_turn);
}

static gboolean
on_readable (GObject *pollable,
             gpointer user_data)
{
  XmppInput *self = user_data;
  g_autoptr(GObject) owner = g_object_ref (self->owner);

  if (take_turn (self))
    schedule_turn (self);

  return G_SOURCE_CONTINUE;
}

static gboolean
on_turn (gpointer user_data)
{
  XmppInput *self = user_data;
  g_autoptr(GObject) owner = g_object_ref (self->owner);
  GSource *source;

  clear_source (&self->turn_source);

  if (take_turn (self))
    {
      schedule_turn (self);
    }
  else if (self->is_running && self->turn_source == NULL && !self->is_throttled)
    {
      source = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (self->stream), NULL);
      self->poll_source = attach_source (self, source, (GSourceFunc) (GCallback) on_readable);
    }

  return G_SOURCE_REMOVE;
}

XmppInput *
xmpp_input_new (XmppClock            *clock,
                const XmppInputFuncs *funcs,
                gpointer              owner)
{
  XmppInput *self = g_new0 (XmppInput, 1);

  self->clock = g_object_ref (clock);
  self->funcs = funcs;
  self->owner = owner;
  self->context = g_main_context_ref_thread_default ();
  self->buffer = g_malloc (BUFFER_SIZE);

  return self;
}

void
xmpp_input_free (XmppInput *self)
{
  xmpp_input_stop (self);
  g_clear_object (&self->stream);
  g_clear_object (&self->clock);
  g_main_context_unref (self->context);
  g_free (self->buffer);
  g_free (self);
}

/* Only while stopped */
void
xmpp_input_set_stream (XmppInput    *self,
                       GInputStream *stream)
{
  g_assert (!self->is_running);

  g_set_object (&self->stream, stream);
}

/* From the next turn of the main loop on */
void
xmpp_input_start (XmppInput *self)
{
  self->is_running = TRUE;
  self->is_held = TRUE;
  schedule_turn (self);
}

/* At once; what was read and not given on is kept */
void
xmpp_input_stop (XmppInput *self)
{
  self->is_running = FALSE;
  clear_source (&self->poll_source);
  clear_source (&self->turn_source);
}

void
xmpp_input_drop (XmppInput *self)
{
  self->start = self->end = 0;
}

gboolean
xmpp_input_is_drained (XmppInput *self)
{
  return self->start == self->end;
}

/* Whether the 8 ms have gone by, or who hears cannot follow: the owner then keeps back what it has, and gets an empty
 * slice next
 */
gboolean
xmpp_input_is_over (XmppInput *self)
{
  return self->is_throttled || xmpp_clock_get_monotonic (self->clock) >= self->turn_end;
}

/* Nothing is read for a while: what the other side sends waits, and at last it waits, too. It is not taken for silence. */
void
xmpp_input_set_throttled (XmppInput *self,
                          gboolean   is_throttled)
{
  if (self->is_throttled == is_throttled)
    return;

  self->is_throttled = is_throttled;
  if (is_throttled)
    {
      clear_source (&self->poll_source);
      clear_source (&self->turn_source);
      return;
    }

  self->time = xmpp_clock_get_monotonic (self->clock);
  if (self->is_running)
    {
      self->is_held = TRUE;
      schedule_turn (self);
    }
}

/* When something was last read, in µs on the monotonic clock; 0: never */
gint64
xmpp_input_get_time (XmppInput *self)
{
  return self->time;
}
