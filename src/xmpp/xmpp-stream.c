/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-stream.h"

#include "xmpp-error.h"
#include "xmpp-framing.h"
#include "xmpp-handshake.h"
#include "xmpp-input.h"
#include "xmpp-output.h"
#include "xmpp-parser.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/ioctl.h>

#define MAX_QUEUED (32 * 1024 * 1024)
#define CLOSE_MS   (2 * 1000)

typedef enum
{
  STATE_IDLE,      /* no header was sent yet */
  STATE_OPEN,
  STATE_CLOSING,   /* we said goodbye, or cannot write: the other side's end is awaited */
  STATE_FLUSHING,  /* nothing more is read; what was queued goes out */
  STATE_CLOSED,
} State;

struct _XmppStream
{
  GObject          parent_instance;

  XmppClock       *clock;
  GIOStream       *base;           /* as it was given */
  GIOStream       *io;             /* base, or TLS over it */
  XmppStreamFuncs  funcs;
  gpointer         user_data;
  XmppInput       *input;
  XmppOutput      *output;
  State            state;
  GError          *error;          /* what `closed` will say */
  char            *domain;

  /* With a document: from one header to the next */
  XmppParser      *parser;
  GString         *header;         /* the bytes before its header was complete, then NULL */
  gboolean         is_early;
  gboolean         is_held;        /* the parser keeps stanzas back: the turn is over */
  gboolean         is_deaf;        /* we sent an error: stanzas are dropped */
  gboolean         is_between;     /* no stanza has begun that has not ended */

  GSource         *closed_source;
  guint            close_timer;

  /* With a handshake */
  GTask           *tls_task;
  GCancellable    *tls_cancellable;
  gulong           tls_cancelled;
};

G_DEFINE_FINAL_TYPE (XmppStream, xmpp_stream, G_TYPE_OBJECT)

static void
say_raw (XmppStream *self,
         gboolean    is_sent,
         const char *text)
{
  if (self->funcs.raw != NULL)
    self->funcs.raw (self, is_sent, text, self->user_data);
}

static void
say_blank (XmppStream *self,
           gboolean    is_sent,
           const char *text,
           gsize       length)
{
  g_autofree char *blank = g_strndup (text, length);

  say_raw (self, is_sent, blank);
}

static void
stop_reading (XmppStream *self)
{
  xmpp_input_stop (self->input);
  if (self->parser != NULL)
    xmpp_parser_pause (self->parser);
}

/* The end */

static void
clear_closed (XmppStream *self)
{
  if (self->closed_source != NULL)
    g_source_destroy (self->closed_source);
  g_clear_pointer (&self->closed_source, g_source_unref);
}

static gboolean
on_closed (gpointer user_data)
{
  g_autoptr(XmppStream) self = g_object_ref (user_data);
  g_autoptr(GError) error = g_steal_pointer (&self->error);

  clear_closed (self);
  self->funcs.closed (self, error, self->user_data);

  return G_SOURCE_REMOVE;
}

/* Closing TLS writes a few bytes: only when that cannot block. Closing a socket never does. */
static void
close_io (XmppStream *self,
          gboolean    is_polite)
{
  GOutputStream *output = g_io_stream_get_output_stream (self->base);

  if (is_polite && self->io != self->base &&
      g_pollable_output_stream_is_writable (G_POLLABLE_OUTPUT_STREAM (output)))
    g_io_stream_close (self->io, NULL, NULL);

  g_io_stream_close (self->base, NULL, NULL);
}

static void
release (XmppStream *self,
         gboolean    is_polite)
{
  self->state = STATE_CLOSED;

  stop_reading (self);
  xmpp_output_stop (self->output);
  if (self->close_timer != 0)
    xmpp_clock_remove (self->clock, self->close_timer);
  self->close_timer = 0;

  /* The handshake has a thread that uses the socket: it is closed when the thread is done */
  if (self->tls_task != NULL)
    g_cancellable_cancel (self->tls_cancellable);
  else
    close_io (self, is_polite);
}

static void
finish (XmppStream *self)
{
  if (self->state == STATE_CLOSED)
    return;

  release (self, self->error == NULL);
  self->closed_source = g_idle_source_new ();
  g_source_set_priority (self->closed_source, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->closed_source, on_closed, self, NULL);
  g_source_attach (self->closed_source, g_main_context_get_thread_default ());
}

/* The first reason is the true one */
static void
set_reason (XmppStream *self,
            GError     *error)
{
  if (self->error == NULL)
    self->error = error;
  else
    g_error_free (error);
}

static GError *
describe_loss (const GError *cause)
{
  if (cause == NULL ||
      g_error_matches (cause, G_TLS_ERROR, G_TLS_ERROR_EOF) ||
      g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED))
    return g_error_new (XMPP_ERROR, XMPP_ERROR_DISCONNECTED, _("The connection was lost"));

  if (cause->domain == G_TLS_ERROR)
    return g_error_new (XMPP_ERROR, XMPP_ERROR_TLS,
                        _("The encrypted connection failed: %s"), cause->message);

  return g_error_new (XMPP_ERROR, XMPP_ERROR_DISCONNECTED,
                      /* Translators: %s is the system's words, such as "Connection timed out" */
                      _("The connection was lost: %s"), cause->message);
}

static gboolean
on_close_timeout (gpointer user_data)
{
  XmppStream *self = user_data;

  self->close_timer = 0;
  if (self->state == STATE_CLOSING)
    set_reason (self, g_error_new (XMPP_ERROR, XMPP_ERROR_TIMED_OUT,
                                   _("The server did not confirm the end of the connection")));
  finish (self);

  return G_SOURCE_REMOVE;
}

/* The states between being open and being closed */
static void
enter (XmppStream *self,
       State       state)
{
  if (self->state >= state)
    return;

  self->state = state;
  if (self->close_timer == 0)
    self->close_timer = xmpp_clock_add (self->clock, CLOSE_MS, on_close_timeout, self);

  if (state == STATE_CLOSING)
    {
      xmpp_input_start (self->input);
    }
  else
    {
      stop_reading (self);
      xmpp_output_flush (self->output);
    }
}

/* Writing */

static void
on_written (gpointer      owner,
            const GError *error)
{
  XmppStream *self = owner;

  /* The server may have told why before it hung up: that is still to be read */
  if (error != NULL)
    {
      set_reason (self, describe_loss (error));
      enter (self, STATE_CLOSING);
    }

  if (self->state == STATE_FLUSHING)
    finish (self);
}

static void
flush (XmppStream *self)
{
  if (self->state == STATE_CLOSED)
    return;

  if (xmpp_output_get_queued (self->output) <= MAX_QUEUED)
    {
      xmpp_output_flush (self->output);
      return;
    }

  set_reason (self, g_error_new (XMPP_ERROR, XMPP_ERROR_DISCONNECTED,
                                 _("The connection was lost: the server takes no more data")));
  finish (self);
}

static void
write_end (XmppStream *self,
           const char *stream_error,
           const char *detail)
{
  g_autofree char *text = xmpp_framing_make_end (stream_error, detail);

  if (stream_error != NULL)
    self->is_deaf = TRUE;

  g_string_append (xmpp_output_get_buffer (self->output), text);
  say_raw (self, TRUE, text);
  flush (self);
}

/* Reading */

static void
on_parser_opened (XmppStanza *header,
                  gpointer    user_data)
{
  XmppStream *self = user_data;

  if (self->header != NULL)
    {
      g_autoptr(GString) text = g_steal_pointer (&self->header);

      g_string_truncate (text, xmpp_framing_measure_header (text->str, text->len));
      say_raw (self, FALSE, text->str);
    }

  /* Who saw it may have aborted */
  if (!self->is_deaf && self->state != STATE_CLOSED)
    self->funcs.opened (self, header, self->user_data);
}

static void
on_parser_received (XmppStanza *stanza,
                    gpointer    user_data)
{
  XmppStream *self = user_data;

  if (!self->is_deaf)
    self->funcs.received (self, stanza, self->user_data);

  /* After a hand-over, or a restart, the parser may be another one, or none */
  if (xmpp_input_is_over (self->input) && self->parser != NULL)
    {
      self->is_held = TRUE;
      xmpp_parser_pause (self->parser);
    }
}

static void
on_parser_closed (gpointer user_data)
{
  XmppStream *self = user_data;

  say_raw (self, FALSE, XMPP_FRAMING_END);

  if (self->state == STATE_OPEN)
    write_end (self, NULL, NULL);
  enter (self, STATE_FLUSHING);
}

/* A web page, another protocol's greeting, noise */
static gboolean
is_alien (XmppStream   *self,
          const GError *error)
{
  return self->header != NULL &&
         (g_error_matches (error, XMPP_ERROR, XMPP_ERROR_NOT_XMPP) ||
          xmpp_parser_get_condition (self->parser) == XMPP_STREAM_ERROR_NOT_WELL_FORMED);
}

static void
on_parser_error (XmppStream   *self,
                 const GError *error)
{
  if (is_alien (self, error))
    set_reason (self, g_error_new (XMPP_ERROR, XMPP_ERROR_NOT_XMPP,
                                   _("What answers for %s is not an XMPP server. Check the address "
                                     "and the port; on a guest network, sign in to the network first."),
                                   self->domain));
  else
    set_reason (self, g_error_copy (error));

  if (self->state == STATE_OPEN)
    write_end (self, xmpp_stream_error_get_name (xmpp_parser_get_condition (self->parser)), NULL);
  enter (self, STATE_FLUSHING);
}

static gboolean
on_data (gpointer    owner,
         const char *data,
         gsize       length)
{
  XmppStream *self = owner;
  XmppParser *parser = self->parser;
  gboolean is_keepalive = self->is_between && xmpp_framing_is_blank (data, length);
  g_autoptr(GError) error = NULL;

  if (self->header != NULL)
    g_string_append_len (self->header, data, length);

  self->is_held = FALSE;
  xmpp_parser_feed (parser, data, length, &error);

  /* Unless a callback has replaced it */
  if (self->parser == parser)
    {
      self->is_between = self->header == NULL && (is_keepalive || xmpp_parser_is_drained (parser));
      if (is_keepalive)
        say_blank (self, FALSE, data, length);
      if (error != NULL && (self->state == STATE_OPEN || self->state == STATE_CLOSING))
        on_parser_error (self, error);
    }

  return !self->is_held;
}

static void
on_end (gpointer      owner,
        const GError *error)
{
  XmppStream *self = owner;

  set_reason (self, describe_loss (error));
  finish (self);
}

/* A new document. The old parser may be the one whose callback we are in: it bears that. */
static void
replace_parser (XmppStream *self,
                XmppParser *parser)
{
  g_clear_pointer (&self->parser, xmpp_parser_free);
  if (self->header != NULL)
    g_string_free (g_steal_pointer (&self->header), TRUE);
  self->parser = parser;
  self->is_between = FALSE;
  xmpp_input_drop (self->input);
}

/* TLS */

static void
use_io (XmppStream *self,
        GIOStream  *io)
{
  g_set_object (&self->io, io);
  xmpp_input_set_stream (self->input, g_io_stream_get_input_stream (io));
  xmpp_output_set_stream (self->output, g_io_stream_get_output_stream (io));
}

static void
on_handshake (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(XmppStream) self = user_data;
  g_autoptr(GTask) task = g_steal_pointer (&self->tls_task);
  g_autoptr(GError) error = NULL;

  g_cancellable_disconnect (g_task_get_cancellable (task), self->tls_cancelled);
  self->tls_cancelled = 0;
  g_clear_object (&self->tls_cancellable);

  if (!xmpp_handshake_finish (G_TLS_CONNECTION (object), result, &error))
    {
      release (self, FALSE);
      g_task_return_error (task, g_steal_pointer (&error));
    }
  else if (self->state == STATE_CLOSED)
    {
      release (self, FALSE);
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("The connection was closed"));
    }
  else
    {
      use_io (self, G_IO_STREAM (object));
      g_task_return_boolean (task, TRUE);
    }
}

static void
on_tls_cancelled (GCancellable *cancellable,
                  gpointer      user_data)
{
  g_cancellable_cancel (user_data);
}

static void
xmpp_stream_dispose (GObject *object)
{
  XmppStream *self = XMPP_STREAM (object);

  if (self->state != STATE_CLOSED)
    release (self, FALSE);
  clear_closed (self);

  G_OBJECT_CLASS (xmpp_stream_parent_class)->dispose (object);
}

static void
xmpp_stream_finalize (GObject *object)
{
  XmppStream *self = XMPP_STREAM (object);

  g_clear_pointer (&self->parser, xmpp_parser_free);
  if (self->header != NULL)
    g_string_free (self->header, TRUE);
  g_clear_pointer (&self->input, xmpp_input_free);
  g_clear_pointer (&self->output, xmpp_output_free);
  g_free (self->domain);
  g_clear_error (&self->error);
  g_clear_object (&self->io);
  g_clear_object (&self->base);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (xmpp_stream_parent_class)->finalize (object);
}

static void
xmpp_stream_class_init (XmppStreamClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xmpp_stream_dispose;
  object_class->finalize = xmpp_stream_finalize;
}

static void
xmpp_stream_init (XmppStream *self)
{
}

/**
 * xmpp_stream_new:
 * @io: connected, both its streams pollable; the stream closes it in the end
 * @clock: for the limits of time
 * @funcs: what to call; copied
 * @user_data: for @funcs, not owned
 *
 * A stream that has not sent its header yet: xmpp_stream_open() does, or first
 * xmpp_stream_start_tls_async() for direct TLS (XEP-0368). Nothing but the caller holds a
 * reference to it, save a handshake while it lasts: dropped, it closes @io and calls nothing more.
 *
 * Returns: (transfer full): a new stream
 */
XmppStream *
xmpp_stream_new (GIOStream             *io,
                 XmppClock             *clock,
                 const XmppStreamFuncs *funcs,
                 gpointer               user_data)
{
  static const XmppInputFuncs input_funcs = { .data = on_data, .end = on_end };
  XmppStream *self;

  g_return_val_if_fail (G_IS_IO_STREAM (io), NULL);
  g_return_val_if_fail (G_IS_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (io)), NULL);
  g_return_val_if_fail (G_IS_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (io)), NULL);
  g_return_val_if_fail (XMPP_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (funcs != NULL, NULL);

  self = g_object_new (XMPP_TYPE_STREAM, NULL);
  self->base = g_object_ref (io);
  self->clock = g_object_ref (clock);
  self->funcs = *funcs;
  self->user_data = user_data;
  self->input = xmpp_input_new (clock, &input_funcs, self);
  self->output = xmpp_output_new (on_written, self);
  use_io (self, io);

  return self;
}

/**
 * xmpp_stream_set_funcs:
 * @self: a stream
 * @funcs: what to call from now on; copied
 * @user_data: for @funcs, not owned
 *
 * The stream changes hands: what was received and not yet delivered, and all that comes, goes to
 * the new ones. Ends a pause.
 */
void
xmpp_stream_set_funcs (XmppStream            *self,
                       const XmppStreamFuncs *funcs,
                       gpointer               user_data)
{
  g_return_if_fail (XMPP_IS_STREAM (self));
  g_return_if_fail (funcs != NULL);

  self->funcs = *funcs;
  self->user_data = user_data;

  if (self->parser != NULL && (self->state == STATE_OPEN || self->state == STATE_CLOSING))
    xmpp_input_start (self->input);
}

/**
 * xmpp_stream_get_io:
 * @self: a stream
 *
 * Returns: (transfer none): what bytes go through now: what the stream was made with, or the TLS
 *   connection over it
 */
GIOStream *
xmpp_stream_get_io (XmppStream *self)
{
  g_return_val_if_fail (XMPP_IS_STREAM (self), NULL);

  return self->io;
}

/**
 * xmpp_stream_open:
 * @self: a stream
 * @domain: to whom: the domain of the account, not the host
 * @from: (nullable): our bare address; only where nobody can listen (RFC 6120, 4.7.1)
 * @lang: (nullable): the language that we prefer
 *
 * Writes the header (RFC 6120, 4.2) and reads on with a new parser: the beginning, and each
 * restart. What was received before and not delivered is dropped. Ends a pause.
 */
void
xmpp_stream_open (XmppStream *self,
                  const char *domain,
                  const char *from,
                  const char *lang)
{
  static const XmppParserFuncs parser_funcs = {
    .opened = on_parser_opened,
    .received = on_parser_received,
    .closed = on_parser_closed,
  };
  g_autofree char *header = NULL;

  g_return_if_fail (XMPP_IS_STREAM (self));
  g_return_if_fail (domain != NULL);
  g_return_if_fail (self->tls_task == NULL);

  if (self->state > STATE_OPEN)
    return;

  g_free (self->domain);
  self->domain = g_strdup (domain);

  replace_parser (self, xmpp_parser_new (&parser_funcs, self));
  xmpp_parser_set_early (self->parser, self->is_early);
  self->header = g_string_new (NULL);

  self->state = STATE_OPEN;
  xmpp_input_start (self->input);
  header = xmpp_framing_make_header (domain, from, lang);
  g_string_append (xmpp_output_get_buffer (self->output), header);
  say_raw (self, TRUE, header);
  flush (self);
}

/**
 * xmpp_stream_set_early:
 * @self: a stream
 * @early: whether nobody is logged in yet
 *
 * Before the login a stanza may have %XMPP_PARSER_MAX_EARLY bytes only.
 */
void
xmpp_stream_set_early (XmppStream *self,
                       gboolean    early)
{
  g_return_if_fail (XMPP_IS_STREAM (self));

  self->is_early = early;
  if (self->parser != NULL)
    xmpp_parser_set_early (self->parser, early);
}

/**
 * xmpp_stream_send:
 * @self: a stream
 * @stanza: what to send; it is sealed
 *
 * Queues @stanza; it is written when the main loop turns. On a stream that is not open, or not any
 * more, it is dropped: `closed` tells, or has told.
 */
void
xmpp_stream_send (XmppStream *self,
                  XmppStanza *stanza)
{
  g_return_if_fail (XMPP_IS_STREAM (self));
  g_return_if_fail (stanza != NULL);

  xmpp_stanza_seal (stanza);
  if (self->state != STATE_OPEN)
    return;

  xmpp_node_write (xmpp_stanza_get_root (stanza), XMPP_NS_CLIENT,
                   xmpp_output_get_buffer (self->output));
  flush (self);
}

/**
 * xmpp_stream_send_raw:
 * @self: a stream
 * @text: what to send, as it is: white space, or XML that somebody has checked
 * @length: in bytes, or -1
 *
 * As xmpp_stream_send().
 */
void
xmpp_stream_send_raw (XmppStream *self,
                      const char *text,
                      gssize      length)
{
  gsize size;

  g_return_if_fail (XMPP_IS_STREAM (self));
  g_return_if_fail (text != NULL);

  if (self->state != STATE_OPEN)
    return;

  size = length < 0 ? strlen (text) : (gsize) length;
  g_string_append_len (xmpp_output_get_buffer (self->output), text, size);
  if (xmpp_framing_is_blank (text, size))
    say_blank (self, TRUE, text, size);
  flush (self);
}

/**
 * xmpp_stream_get_queued:
 * @self: a stream
 *
 * Returns: how many bytes the system has not taken yet. Beyond 32 MiB the stream closes.
 */
gsize
xmpp_stream_get_queued (XmppStream *self)
{
  g_return_val_if_fail (XMPP_IS_STREAM (self), 0);

  return xmpp_output_get_queued (self->output);
}

/**
 * xmpp_stream_get_delivered:
 * @self: a stream
 * @is_all: (out): whether nothing more is on the way
 *
 * A number that grows as the other side's system takes what was sent: also where a slow line takes a minute for what
 * our own system took at once (F10).
 *
 * Returns: bytes, more or less; 0, and all, where that cannot be known
 */
guint64
xmpp_stream_get_delivered (XmppStream *self,
                           gboolean   *is_all)
{
  GSocket *socket;
  guint64 written;
  int waiting = 0;

  g_return_val_if_fail (XMPP_IS_STREAM (self), 0);

  *is_all = TRUE;
  if (!G_IS_SOCKET_CONNECTION (self->base))
    return 0;

  socket = g_socket_connection_get_socket (G_SOCKET_CONNECTION (self->base));
  if (ioctl (g_socket_get_fd (socket), TIOCOUTQ, &waiting) < 0)
    return 0;

  written = xmpp_output_get_written (self->output);
  *is_all = waiting <= 0 && xmpp_output_get_queued (self->output) == 0;

  /* TLS adds some to what waits */
  return written - MIN (written, (guint64) MAX (waiting, 0));
}

/**
 * xmpp_stream_get_last_heard:
 * @self: a stream
 *
 * Returns: when the other side last sent anything, in µs on the monotonic clock
 */
gint64
xmpp_stream_get_last_heard (XmppStream *self)
{
  g_return_val_if_fail (XMPP_IS_STREAM (self), 0);

  return xmpp_input_get_time (self->input);
}

/**
 * xmpp_stream_pause:
 * @self: a stream
 *
 * Called from inside `received`: nothing more is read or delivered until the next
 * xmpp_stream_open(), xmpp_stream_start_tls_async() or xmpp_stream_set_funcs(). What is queued for
 * sending goes out nevertheless.
 */
void
xmpp_stream_pause (XmppStream *self)
{
  g_return_if_fail (XMPP_IS_STREAM (self));

  stop_reading (self);
}

/**
 * xmpp_stream_set_throttled:
 * @self: a stream
 * @is_throttled: whether nothing is to be read or delivered now
 *
 * For who cannot follow what comes. What is queued for sending goes out nevertheless.
 */
void
xmpp_stream_set_throttled (XmppStream *self,
                           gboolean    is_throttled)
{
  g_return_if_fail (XMPP_IS_STREAM (self));

  xmpp_input_set_throttled (self->input, !!is_throttled);
}

/**
 * xmpp_stream_is_drained:
 * @self: a stream
 *
 * Returns: whether nothing was read beyond what has been delivered. After `<proceed/>` one byte
 *   more, white space too, is somebody's injection (RFC 6120, 5.4.3.3).
 */
gboolean
xmpp_stream_is_drained (XmppStream *self)
{
  g_return_val_if_fail (XMPP_IS_STREAM (self), FALSE);

  return xmpp_input_is_drained (self->input) &&
         (self->parser == NULL || xmpp_parser_is_drained (self->parser));
}

/**
 * xmpp_stream_start_tls_async:
 * @self: a stream: new, or paused after `<proceed/>`
 * @tls: made over xmpp_stream_get_io(), with identity, checks and ALPN set, not yet shaken hands
 * @cancellable: (nullable): ends it
 * @callback: called when done
 * @user_data: for @callback
 *
 * Shakes hands, within 15 seconds. Then all bytes go through @tls, and xmpp_stream_open() begins
 * anew. When it fails the stream is as after xmpp_stream_abort().
 */
void
xmpp_stream_start_tls_async (XmppStream           *self,
                             GTlsClientConnection *tls,
                             GCancellable         *cancellable,
                             GAsyncReadyCallback   callback,
                             gpointer              user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (XMPP_IS_STREAM (self));
  g_return_if_fail (G_IS_TLS_CLIENT_CONNECTION (tls));
  g_return_if_fail (self->tls_task == NULL && self->io == self->base);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xmpp_stream_start_tls_async);

  if (self->state > STATE_OPEN)
    {
      g_task_return_new_error (task, XMPP_ERROR, XMPP_ERROR_DISCONNECTED, _("The connection was lost"));
      return;
    }

  /* Nobody answers before he is asked: then bytes of ours would get into the handshake */
  if (xmpp_stream_get_queued (self) > 0)
    {
      g_task_return_new_error (task, XMPP_ERROR, XMPP_ERROR_PROTOCOL,
                               _("The server answered what it had not been asked"));
      release (self, FALSE);
      return;
    }

  xmpp_stream_pause (self);
  replace_parser (self, NULL);

  self->tls_task = g_steal_pointer (&task);
  self->tls_cancellable = g_cancellable_new ();
  if (cancellable != NULL)
    self->tls_cancelled = g_cancellable_connect (cancellable, G_CALLBACK (on_tls_cancelled),
                                                 self->tls_cancellable, NULL);

  xmpp_handshake_async (G_TLS_CONNECTION (tls), self->clock, self->tls_cancellable,
                        on_handshake, g_object_ref (self));
}

/**
 * xmpp_stream_start_tls_finish:
 * @self: a stream
 * @result: what the callback got
 * @error: why not: %XMPP_ERROR_TLS, %XMPP_ERROR_CERTIFICATE, %XMPP_ERROR_TIMED_OUT,
 *   %XMPP_ERROR_DISCONNECTED, %XMPP_ERROR_PROTOCOL or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether the stream is encrypted now
 */
gboolean
xmpp_stream_start_tls_finish (XmppStream   *self,
                              GAsyncResult *result,
                              GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * xmpp_stream_close:
 * @self: a stream
 * @stream_error: (nullable): the name of what the server did wrong (RFC 6120, 4.9.3), such as
 *   "policy-violation": it is told, and what it still sends is dropped
 *
 * Says goodbye after what is queued, and waits two seconds for the server to do so. `closed`
 * follows in any case, once. A stream that is paused reads again, for that.
 */
void
xmpp_stream_close (XmppStream *self,
                   const char *stream_error)
{
  xmpp_stream_refuse (self, stream_error, NULL);
}

/**
 * xmpp_stream_refuse:
 * @self: a stream
 * @stream_error: (nullable): the name of what the server did wrong
 * @detail: (nullable): XML that says more of it (RFC 6120, 4.9.4)
 *
 * As xmpp_stream_close().
 */
void
xmpp_stream_refuse (XmppStream *self,
                    const char *stream_error,
                    const char *detail)
{
  g_return_if_fail (XMPP_IS_STREAM (self));

  if (self->state > STATE_OPEN)
    return;

  if (self->state == STATE_IDLE || self->parser == NULL)
    {
      finish (self);
      return;
    }

  write_end (self, stream_error, detail);
  enter (self, STATE_CLOSING);
}

/**
 * xmpp_stream_hang_up:
 * @self: a stream
 *
 * Says goodbye after what is queued, and closes when that is written: nothing more is read, and the
 * server's goodbye is not waited for. `closed` follows, once, two seconds later at most.
 */
void
xmpp_stream_hang_up (XmppStream *self)
{
  g_return_if_fail (XMPP_IS_STREAM (self));

  if (self->state == STATE_IDLE || self->parser == NULL)
    {
      finish (self);
      return;
    }

  if (self->state == STATE_OPEN)
    write_end (self, NULL, NULL);
  enter (self, STATE_FLUSHING);
}

/**
 * xmpp_stream_part:
 * @self: a stream
 *
 * As xmpp_stream_abort(), but says goodbye before, if the system takes it at once.
 */
void
xmpp_stream_part (XmppStream *self)
{
  g_return_if_fail (XMPP_IS_STREAM (self));

  if (self->state == STATE_OPEN && self->parser != NULL)
    {
      g_string_append (xmpp_output_get_buffer (self->output), XMPP_FRAMING_END);
      xmpp_output_try (self->output);
    }

  xmpp_stream_abort (self);
}

/**
 * xmpp_stream_abort:
 * @self: a stream
 *
 * Cuts the connection at once. None of the stream's functions is called any more.
 */
void
xmpp_stream_abort (XmppStream *self)
{
  g_return_if_fail (XMPP_IS_STREAM (self));

  if (self->state != STATE_CLOSED)
    release (self, FALSE);
  clear_closed (self);
}
