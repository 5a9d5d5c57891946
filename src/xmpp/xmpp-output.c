/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-output.h"

#define KEPT_BUFFER (256 * 1024)   /* a larger one is given back after a burst */

struct _XmppOutput
{
  XmppOutputFunc  func;
  gpointer        owner;      /* a GObject that owns us */
  GMainContext   *context;
  GOutputStream  *stream;
  GString        *queued;     /* collects while `writing` is on its way */
  GString        *writing;    /* must not change between two tries (GPollableOutputStream) */
  gsize           written;    /* of writing */
  guint64         total;      /* that the system has taken */
  GSource        *source;
};

static void
clear_source (XmppOutput *self)
{
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}

static void
set_source (XmppOutput *self,
            GSource    *source,
            GSourceFunc func)
{
  clear_source (self);

  self->source = source;
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, self, NULL);
  g_source_attach (source, self->context);
}

static GString *
empty_buffer (GString *buffer)
{
  if (buffer->allocated_len <= KEPT_BUFFER)
    return g_string_truncate (buffer, 0);

  g_string_free (buffer, TRUE);

  return g_string_new (NULL);
}

static gboolean
has_output (XmppOutput *self)
{
  GString *empty;

  if (self->written < self->writing->len)
    return TRUE;

  empty = empty_buffer (self->writing);
  self->writing = self->queued;
  self->queued = empty;
  self->written = 0;

  return self->writing->len > 0;
}

static gboolean on_writable (GObject *pollable,
                             gpointer user_data);

static void
write_some (XmppOutput  *self,
            GError     **error)
{
  while (has_output (self))
    {
      gssize n = g_pollable_output_stream_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (self->stream),
                                                             self->writing->str + self->written,
                                                             self->writing->len - self->written,
                                                             NULL, error);

      if (n < 0)
        return;

      self->written += n;
      self->total += n;
    }
}

/* Writes until all is out or the socket takes no more */
static void
write_out (XmppOutput *self)
{
  GPollableOutputStream *stream = G_POLLABLE_OUTPUT_STREAM (self->stream);
  g_autoptr(GObject) owner = g_object_ref (self->owner);
  g_autoptr(GError) error = NULL;

  clear_source (self);
  write_some (self, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    {
      set_source (self, g_pollable_output_stream_create_source (stream, NULL),
                  (GSourceFunc) (GCallback) on_writable);
      return;
    }

  if (error != NULL)
    xmpp_output_stop (self);
  self->func (owner, error);
}

static gboolean
on_writable (GObject *pollable,
             gpointer user_data)
{
  write_out (user_data);

  return G_SOURCE_REMOVE;
}

static gboolean
on_flush (gpointer user_data)
{
  write_out (user_data);

  return G_SOURCE_REMOVE;
}

XmppOutput *
xmpp_output_new (XmppOutputFunc func,
                 gpointer       owner)
{
  XmppOutput *self = g_new0 (XmppOutput, 1);

  self->func = func;
  self->owner = owner;
  self->context = g_main_context_ref_thread_default ();
  self->queued = g_string_new (NULL);
  self->writing = g_string_new (NULL);

  return self;
}

void
xmpp_output_free (XmppOutput *self)
{
  clear_source (self);
  g_string_free (self->queued, TRUE);
  g_string_free (self->writing, TRUE);
  g_clear_object (&self->stream);
  g_main_context_unref (self->context);
  g_free (self);
}

/* Only while nothing is queued */
void
xmpp_output_set_stream (XmppOutput    *self,
                        GOutputStream *stream)
{
  g_assert (xmpp_output_get_queued (self) == 0);

  clear_source (self);
  g_set_object (&self->stream, stream);
}

/* Append there, then flush */
GString *
xmpp_output_get_buffer (XmppOutput *self)
{
  return self->queued;
}

/* Writes when the main loop turns, unless that waits for the socket already */
void
xmpp_output_flush (XmppOutput *self)
{
  if (self->source == NULL)
    set_source (self, g_idle_source_new (), on_flush);
}

/* Writes what the socket takes right now; for who will not wait, and is not called */
void
xmpp_output_try (XmppOutput *self)
{
  clear_source (self);
  write_some (self, NULL);
}

/* Forgets what is queued */
void
xmpp_output_stop (XmppOutput *self)
{
  clear_source (self);
  g_string_truncate (self->queued, 0);
  self->written = self->writing->len;
}

/* How many bytes the system has taken, in all */
guint64
xmpp_output_get_written (XmppOutput *self)
{
  return self->total;
}

/* How many bytes the system has not taken yet */
gsize
xmpp_output_get_queued (XmppOutput *self)
{
  return self->writing->len - self->written + self->queued->len;
}
