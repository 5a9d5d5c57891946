/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-certificate.h"
#include "fake-clock.h"
#include "xmpp-error.h"
#include "xmpp-stream.h"

#include <gio/gunixconnection.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE (10 * G_USEC_PER_SEC)

#define START  "<stream:stream xmlns='jabber:client' " \
               "xmlns:stream='http://etherx.jabber.org/streams' from='capulet.lit' id='a' version='1.0'>"
#define HEADER "<?xml version='1.0'?>" START
#define END    "</stream:stream>"
#define STANZA "<message from='romeo@montague.lit'><body>Wherefore art thou</body></message>"
#define GOLDEN "<?xml version='1.0'?><stream:stream to='capulet.lit' version='1.0' xml:lang='en' " \
               "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"

/* A stream, and its peer at the other end of a socket pair */
typedef struct _Rig Rig;

struct _Rig
{
  XmppClock     *clock;
  XmppStream    *stream;
  GIOStream     *peer;        /* the socket, or TLS over it */
  GIOStream     *peer_base;
  GSource       *source;
  GString       *wire;        /* what the peer got */
  gboolean       is_eof;

  guint          n_opened;
  GPtrArray     *received;    /* of char *: stanzas as XML */
  guint          n_closed;
  GError        *error;
  GString       *raw;         /* "> " or "< ", the text, a line each */
  gboolean       is_calling;  /* a function of the stream: nothing may be delivered meanwhile */
  void         (*on_received) (Rig        *rig,
                               XmppStanza *stanza);
  gboolean       is_done;     /* the handshake */
  GError        *tls_error;
};

#define wait_until(condition)                                       \
  G_STMT_START {                                                    \
    gint64 deadline_ = g_get_monotonic_time () + PATIENCE;          \
    while (!(condition))                                            \
      {                                                             \
        g_assert_cmpint (g_get_monotonic_time (), <, deadline_);    \
        if (!g_main_context_iteration (NULL, FALSE))                \
          g_usleep (200);                                           \
      }                                                             \
  } G_STMT_END

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
on_opened (XmppStream *stream,
           XmppStanza *header,
           gpointer    user_data)
{
  Rig *rig = user_data;

  g_assert_false (rig->is_calling);
  g_assert_cmpint (rig->n_closed, ==, 0);
  rig->n_opened++;
}

static void
on_received (XmppStream *stream,
             XmppStanza *stanza,
             gpointer    user_data)
{
  Rig *rig = user_data;

  g_assert_false (rig->is_calling);
  g_assert_cmpint (rig->n_closed, ==, 0);
  g_assert_true (xmpp_stanza_is_sealed (stanza));
  g_ptr_array_add (rig->received, xmpp_stanza_to_xml (stanza));
  if (rig->on_received != NULL)
    rig->on_received (rig, stanza);
}

static void
on_closed (XmppStream   *stream,
           const GError *error,
           gpointer      user_data)
{
  Rig *rig = user_data;

  g_assert_false (rig->is_calling);
  rig->n_closed++;
  rig->error = error != NULL ? g_error_copy (error) : NULL;
}

static void
on_raw (XmppStream *stream,
        gboolean    is_sent,
        const char *text,
        gpointer    user_data)
{
  Rig *rig = user_data;

  g_string_append_printf (rig->raw, "%c %s\n", is_sent ? '>' : '<', text);
}

static const XmppStreamFuncs funcs = {
  .opened = on_opened,
  .received = on_received,
  .closed = on_closed,
  .raw = on_raw,
};

static gboolean
on_peer_readable (GObject  *pollable,
                  gpointer  user_data)
{
  Rig *rig = user_data;
  g_autoptr(GError) error = NULL;
  char buffer[65536];
  gssize n;

  n = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (pollable), buffer,
                                                sizeof buffer, NULL, &error);
  if (n > 0)
    g_string_append_len (rig->wire, buffer, n);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    rig->is_eof = TRUE;

  return !rig->is_eof;
}

static void
rig_stop_listening (Rig *rig)
{
  if (rig->source != NULL)
    g_source_destroy (rig->source);
  g_clear_pointer (&rig->source, g_source_unref);
}

static void
rig_listen (Rig *rig)
{
  GInputStream *input = g_io_stream_get_input_stream (rig->peer);

  rig_stop_listening (rig);
  rig->source = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (input), NULL);
  g_source_set_callback (rig->source, (GSourceFunc) (GCallback) on_peer_readable, rig, NULL);
  g_source_attach (rig->source, NULL);
}

static GIOStream *
wrap_socket (int fd)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocket) socket = g_socket_new_from_fd (fd, &error);

  g_assert_no_error (error);

  return G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
}

static Rig *
rig_new (void)
{
  Rig *rig = g_new0 (Rig, 1);
  g_autoptr(GIOStream) io = NULL;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  io = wrap_socket (fds[0]);
  rig->peer_base = wrap_socket (fds[1]);
  rig->peer = g_object_ref (rig->peer_base);
  rig->clock = fake_clock_new ();
  rig->wire = g_string_new (NULL);
  rig->raw = g_string_new (NULL);
  rig->received = g_ptr_array_new_with_free_func (g_free);
  rig->stream = xmpp_stream_new (io, rig->clock, &funcs, rig);
  rig_listen (rig);

  return rig;
}

/* Nothing but the rig may hold the stream, whatever state it is in */
static void
rig_free (Rig *rig)
{
  guint n_closed = rig->n_closed;

  if (rig->stream != NULL)
    {
      xmpp_stream_abort (rig->stream);
      settle ();
      g_assert_cmpint (rig->n_closed, ==, n_closed);
      g_assert_finalize_object (g_steal_pointer (&rig->stream));
    }
  g_assert_cmpint (fake_clock_count (rig->clock), ==, 0);

  rig_stop_listening (rig);
  g_object_unref (rig->peer);
  g_object_unref (rig->peer_base);
  g_assert_finalize_object (rig->clock);
  g_string_free (rig->wire, TRUE);
  g_string_free (rig->raw, TRUE);
  g_ptr_array_unref (rig->received);
  g_clear_error (&rig->error);
  g_clear_error (&rig->tls_error);
  g_free (rig);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Rig, rig_free)

static void
peer_send_bytes (Rig        *rig,
                 const void *data,
                 gsize       length)
{
  g_autoptr(GError) error = NULL;

  g_output_stream_write_all (g_io_stream_get_output_stream (rig->peer), data, length, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
peer_send (Rig        *rig,
           const char *text)
{
  peer_send_bytes (rig, text, strlen (text));
}

/* In one piece, which the socket can hold */
static void
peer_send_many (Rig   *rig,
                guint  n_stanzas)
{
  g_autoptr(GString) many = g_string_new (NULL);

  for (guint i = 0; i < n_stanzas; i++)
    g_string_append (many, STANZA);
  peer_send (rig, many->str);
}

static void
peer_fin (Rig *rig)
{
  g_socket_shutdown (g_socket_connection_get_socket (G_SOCKET_CONNECTION (rig->peer_base)),
                     FALSE, TRUE, NULL);
}

static void
expect_wire (Rig        *rig,
             const char *text)
{
  wait_until (rig->wire->len >= strlen (text));
  g_assert_cmpstr (rig->wire->str, ==, text);
  g_string_truncate (rig->wire, 0);
}

static void
expect_closed (Rig *rig,
               int  code)
{
  wait_until (rig->n_closed > 0);
  g_assert_error (rig->error, XMPP_ERROR, code);
  g_assert_cmpint (g_utf8_strlen (rig->error->message, -1), >, 10);
  wait_until (rig->is_eof);
}

static void
rig_open (Rig *rig)
{
  rig->is_calling = TRUE;
  xmpp_stream_open (rig->stream, "capulet.lit", NULL, "en");
  rig->is_calling = FALSE;
  expect_wire (rig, GOLDEN);
  peer_send (rig, HEADER);
  wait_until (rig->n_opened == 1);
}

static void
send_message (Rig        *rig,
              const char *body)
{
  g_autoptr(XmppStanza) stanza = xmpp_stanza_new ("message", XMPP_NS_CLIENT);

  xmpp_node_add_text (xmpp_stanza_get_root (stanza), "body", NULL, body);
  xmpp_stream_send (rig->stream, stanza);
}

static void
test_header (void)
{
  g_autoptr(Rig) rig = rig_new ();

  xmpp_stream_open (rig->stream, "capulet.lit", NULL, "en");
  expect_wire (rig, GOLDEN);
  g_assert_cmpstr (rig->raw->str, ==, "> " GOLDEN "\n");
}

static void
test_header_of_a_restart (void)
{
  g_autoptr(Rig) rig = rig_new ();

  rig_open (rig);
  xmpp_stream_open (rig->stream, "例え.jp", "o'neill&<sons>@例え.jp", NULL);
  expect_wire (rig, "<?xml version='1.0'?><stream:stream from='o&apos;neill&amp;&lt;sons&gt;@例え.jp' "
                    "to='例え.jp' version='1.0' xmlns='jabber:client' "
                    "xmlns:stream='http://etherx.jabber.org/streams'>");
}

static void
test_calls_deliver_nothing (void)
{
  g_autoptr(Rig) rig = rig_new ();

  peer_send (rig, HEADER STANZA END);
  rig->is_calling = TRUE;
  xmpp_stream_open (rig->stream, "capulet.lit", NULL, "en");
  xmpp_stream_set_funcs (rig->stream, &funcs, rig);
  send_message (rig, "x");
  xmpp_stream_close (rig->stream, NULL);
  rig->is_calling = FALSE;
  g_assert_cmpint (rig->n_opened, ==, 0);

  wait_until (rig->n_closed == 1);
  g_assert_cmpint (rig->n_opened, ==, 1);
  g_assert_cmpint (rig->received->len, ==, 1);
}

static void
test_stanzas (void)
{
  g_autoptr(Rig) rig = rig_new ();

  rig_open (rig);
  peer_send (rig, STANZA "<presence/>");
  wait_until (rig->received->len == 2);
  g_assert_cmpstr (rig->received->pdata[1], ==, "<presence/>");

  send_message (rig, "a < b");
  xmpp_stream_send_raw (rig->stream, "<iq id='1'/> more", 12);
  expect_wire (rig, "<message><body>a &lt; b</body></message><iq id='1'/>");
}

static void
test_raw (void)
{
  g_autoptr(Rig) rig = rig_new ();
  const char *header = "<?xml version=\"1.0\" ?>\n<s:stream xmlns='jabber:client' id='a>b'\n "
                       "xmlns:s=\"http://etherx.jabber.org/streams\"  version='1.0' >";
  g_autofree char *raw = NULL;

  xmpp_stream_open (rig->stream, "capulet.lit", NULL, "en");
  for (const char *p = header; *p != '\0'; p++)
    {
      peer_send_bytes (rig, p, 1);
      settle ();
    }
  peer_send (rig, "<presence/>");
  wait_until (rig->received->len == 1);
  peer_send (rig, " \n");
  wait_until (g_str_has_suffix (rig->raw->str, "<  \n\n"));
  peer_send (rig, "\t");
  wait_until (g_str_has_suffix (rig->raw->str, "< \t\n"));
  peer_send (rig, "<message><body>");
  settle ();
  peer_send (rig, " ");
  settle ();
  xmpp_stream_send_raw (rig->stream, " ", -1);
  xmpp_stream_close (rig->stream, NULL);
  peer_send (rig, "</body></message></s:stream>");
  wait_until (rig->n_closed == 1);

  raw = g_strconcat ("> " GOLDEN "\n< ", header, "\n<  \n\n< \t\n>  \n> " END "\n< " END "\n", NULL);
  g_assert_cmpstr (rig->raw->str, ==, raw);
}

/* A packet socket keeps apart what was written apart */
static void
test_burst (void)
{
  g_autoptr(XmppClock) clock = fake_clock_new ();
  g_autoptr(GIOStream) io = NULL;
  g_autoptr(Rig) rig = rig_new ();
  g_autoptr(XmppStream) stream = NULL;
  char buffer[65536];
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds), ==, 0);
  io = wrap_socket (fds[0]);
  stream = xmpp_stream_new (io, clock, &funcs, rig);
  xmpp_stream_open (stream, "capulet.lit", NULL, "en");
  for (guint i = 0; i < 100; i++)
    {
      g_autoptr(XmppStanza) stanza = xmpp_stanza_new ("presence", XMPP_NS_CLIENT);

      xmpp_stream_send (stream, stanza);
    }
  g_assert_cmpuint (xmpp_stream_get_queued (stream), ==, strlen (GOLDEN) + 100 * strlen ("<presence/>"));
  settle ();
  g_assert_cmpuint (xmpp_stream_get_queued (stream), ==, 0);
  g_assert_cmpint (recv (fds[1], buffer, sizeof buffer, 0), ==, strlen (GOLDEN) + 100 * strlen ("<presence/>"));
  g_assert_cmpint (recv (fds[1], buffer, sizeof buffer, 0), ==, -1);
  close (fds[1]);
}

static void
test_cut_anywhere (void)
{
  const char *text = HEADER STANZA "<message a='ü&#xfc;'><body>ü<![CDATA[ü]]></body></message><presence/>" END;
  gsize first = strlen (HEADER STANZA);
  gsize second = strstr (text, "<presence") - text;
  gsize third = second + strlen ("<presence/>");

  for (gsize cut = 0; cut < strlen (text); cut++)
    {
      g_autoptr(Rig) rig = rig_new ();

      xmpp_stream_open (rig->stream, "capulet.lit", NULL, "en");
      peer_send_bytes (rig, text, cut);
      peer_fin (rig);
      expect_closed (rig, XMPP_ERROR_DISCONNECTED);
      g_assert_cmpint (rig->n_opened, ==, cut >= strlen (HEADER));
      g_assert_cmpint (rig->received->len, ==, (cut >= first) + (cut >= second) + (cut >= third));
      g_assert_null (strstr (rig->wire->str, "error"));
    }
}

static void
take_a_millisecond (Rig        *rig,
                    XmppStanza *stanza)
{
  fake_clock_advance (rig->clock, 1);
}

static void
test_turns_are_short (void)
{
  g_autoptr(Rig) rig = rig_new ();
  guint n_turns = 0;

  rig_open (rig);
  rig->on_received = take_a_millisecond;
  peer_send_many (rig, 500);

  while (rig->received->len < 500)
    {
      guint n_before = rig->received->len;

      g_main_context_iteration (NULL, FALSE);
      g_assert_cmpint (rig->received->len - n_before, <=, 8);
      g_assert_cmpint (++n_turns, <, 1000);
    }
}

typedef struct
{
  Rig   *rig;
  guint  n_drawn;
  guint  n_received;   /* when drawing was asked for */
  guint  source;
} Window;

static Window window;

static gboolean
on_draw (gpointer user_data)
{
  g_assert_cmpint (window.rig->received->len - window.n_received, <=, 8);
  window.n_drawn++;
  window.source = 0;

  return G_SOURCE_REMOVE;
}

static void
ask_to_draw (Rig        *rig,
             XmppStanza *stanza)
{
  fake_clock_advance (rig->clock, 1);
  if (window.source != 0)
    return;

  window.n_received = rig->received->len;
  window.source = g_idle_add_full (G_PRIORITY_HIGH_IDLE + 20, on_draw, NULL, NULL);
}

static void
test_windows_are_drawn (void)
{
  g_autoptr(Rig) rig = rig_new ();

  rig_open (rig);
  window = (Window) { .rig = rig };
  rig->on_received = ask_to_draw;
  peer_send_many (rig, 500);
  wait_until (rig->received->len == 500 && window.source == 0);
  g_assert_cmpint (window.n_drawn, >=, 500 / 9);
}

static void
test_queue_is_bounded (void)
{
  g_autoptr(Rig) rig = rig_new ();
  g_autofree char *mebibyte = g_strnfill (1024 * 1024, 'x');
  guint n_sent = 0;

  rig_open (rig);
  rig_stop_listening (rig);
  rig->is_calling = TRUE;
  while (xmpp_stream_get_queued (rig->stream) > 0 || n_sent == 0)
    {
      send_message (rig, mebibyte);
      n_sent++;
      g_assert_cmpuint (xmpp_stream_get_queued (rig->stream), <=, 32 * 1024 * 1024);
      g_assert_cmpint (n_sent, <, 40);
    }
  rig->is_calling = FALSE;
  g_assert_cmpint (n_sent, ==, 32);
  g_assert_cmpint (rig->n_closed, ==, 0);

  rig_listen (rig);
  expect_closed (rig, XMPP_ERROR_DISCONNECTED);
}

static void
test_blocked_peer (void)
{
  g_autoptr(Rig) rig = rig_new ();
  g_autofree char *body = g_strnfill (1024, 'x');
  gsize queued;

  rig_open (rig);
  rig_stop_listening (rig);
  for (guint i = 0; i < 10000; i++)
    send_message (rig, body);
  settle ();
  queued = xmpp_stream_get_queued (rig->stream);
  g_assert_cmpuint (queued, >, 9000 * 1024);

  /* What comes meanwhile is delivered, and what waits arrives in order once the peer reads */
  peer_send (rig, STANZA);
  wait_until (rig->received->len == 1);
  send_message (rig, "last");
  rig_listen (rig);
  wait_until (xmpp_stream_get_queued (rig->stream) == 0);
  wait_until (g_str_has_suffix (rig->wire->str, "<message><body>last</body></message>"));
  g_assert_cmpuint (rig->wire->len, ==, 10000 * (1024 + strlen ("<message><body></body></message>")) +
                                        strlen ("<message><body>last</body></message>"));
}

static void
test_abort_of_a_blocked_stream (void)
{
  g_autoptr(Rig) rig = rig_new ();
  g_autofree char *body = g_strnfill (4 * 1024 * 1024, 'x');

  rig_open (rig);
  rig_stop_listening (rig);
  send_message (rig, body);
  settle ();
  xmpp_stream_abort (rig->stream);
  rig_listen (rig);
  wait_until (rig->is_eof);
}

static void
test_polite_close (void)
{
  g_autoptr(Rig) rig = rig_new ();

  rig_open (rig);
  send_message (rig, "bye");
  xmpp_stream_close (rig->stream, NULL);
  send_message (rig, "too late");
  xmpp_stream_close (rig->stream, "conflict");
  expect_wire (rig, "<message><body>bye</body></message>" END);
  settle ();
  g_assert_cmpint (rig->n_closed, ==, 0);

  /* What the server had under way still counts */
  peer_send (rig, STANZA END "<presence/>");
  wait_until (rig->is_eof);
  g_assert_cmpint (rig->n_closed, ==, 1);
  g_assert_no_error (rig->error);
  g_assert_cmpint (rig->received->len, ==, 1);
}

static void
test_server_closes (void)
{
  g_autoptr(Rig) rig = rig_new ();

  rig_open (rig);
  send_message (rig, "queued");
  peer_send (rig, END "<presence/>garbage<<<");
  wait_until (rig->is_eof);
  expect_wire (rig, "<message><body>queued</body></message>" END);
  g_assert_cmpint (rig->n_closed, ==, 1);
  g_assert_no_error (rig->error);
  g_assert_cmpint (rig->received->len, ==, 0);
}

static void
test_server_that_does_not_say_goodbye (void)
{
  g_autoptr(Rig) rig = rig_new ();

  rig_open (rig);
  xmpp_stream_close (rig->stream, NULL);
  expect_wire (rig, END);
  fake_clock_advance (rig->clock, 1999);
  settle ();
  g_assert_cmpint (rig->n_closed, ==, 0);
  fake_clock_advance (rig->clock, 1);
  expect_closed (rig, XMPP_ERROR_TIMED_OUT);
}

static void
test_server_that_reads_nothing_while_closing (void)
{
  g_autoptr(Rig) rig = rig_new ();
  g_autofree char *body = g_strnfill (4 * 1024 * 1024, 'x');

  rig_open (rig);
  rig_stop_listening (rig);
  send_message (rig, body);
  peer_send (rig, END);
  wait_until (fake_clock_count (rig->clock) == 1);
  settle ();
  g_assert_cmpint (rig->n_closed, ==, 0);
  fake_clock_advance (rig->clock, 2000);
  wait_until (rig->n_closed == 1);
  g_assert_no_error (rig->error);
}

static void
test_fin_while_closing (void)
{
  g_autoptr(Rig) rig = rig_new ();

  rig_open (rig);
  xmpp_stream_close (rig->stream, NULL);
  expect_wire (rig, END);
  peer_fin (rig);
  expect_closed (rig, XMPP_ERROR_DISCONNECTED);
}

static void
test_close_before_the_header (void)
{
  g_autoptr(Rig) rig = rig_new ();

  rig->is_calling = TRUE;
  xmpp_stream_close (rig->stream, NULL);
  rig->is_calling = FALSE;
  wait_until (rig->n_closed == 1);
  g_assert_no_error (rig->error);
  wait_until (rig->is_eof);
  g_assert_cmpuint (rig->wire->len, ==, 0);
}

static void
test_close_with_an_error (void)
{
  g_autoptr(Rig) rig = rig_new ();

  rig_open (rig);
  xmpp_stream_close (rig->stream, "policy-violation");
  peer_send (rig, STANZA END);
  wait_until (rig->n_closed == 1);
  g_assert_no_error (rig->error);
  g_assert_cmpint (rig->received->len, ==, 0);
  expect_wire (rig, "<stream:error><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                    "</stream:error>" END);
}

static void
test_close_of_a_paused_stream (void)
{
  g_autoptr(Rig) rig = rig_new ();

  rig_open (rig);
  xmpp_stream_pause (rig->stream);
  peer_send (rig, END);
  settle ();
  g_assert_cmpint (rig->n_closed, ==, 0);
  xmpp_stream_close (rig->stream, NULL);
  wait_until (rig->n_closed == 1);
  g_assert_no_error (rig->error);
}

static void
test_reason_before_the_socket_breaks (void)
{
  g_autoptr(Rig) rig = rig_new ();

  rig_open (rig);
  peer_send (rig, "<stream:error><system-shutdown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>");
  rig_stop_listening (rig);
  g_io_stream_close (rig->peer_base, NULL, NULL);
  send_message (rig, "into the void");
  wait_until (rig->n_closed == 1);
  g_assert_cmpint (rig->received->len, ==, 1);
  g_assert_nonnull (strstr (rig->received->pdata[0], "system-shutdown"));
  g_assert_error (rig->error, XMPP_ERROR, XMPP_ERROR_DISCONNECTED);
}

static void
test_what_is_wrong_is_told (void)
{
  static const struct
  {
    const char *text;
    const char *name;
    int         code;
  } cases[] = {
    { "<a></b>", "not-well-formed", XMPP_ERROR_NOT_WELL_FORMED },
    { "<a x='1' x='2'/>", "not-well-formed", XMPP_ERROR_NOT_WELL_FORMED },
    { "<b:a/>", "not-well-formed", XMPP_ERROR_NOT_WELL_FORMED },
    { "<a>\xff</a>", "not-well-formed", XMPP_ERROR_NOT_WELL_FORMED },
    { "<!-- hush --><a/>", "restricted-xml", XMPP_ERROR_RESTRICTED_XML },
    { "<?pi x?><a/>", "restricted-xml", XMPP_ERROR_RESTRICTED_XML },
    { "<a>&custom;</a>", "not-well-formed", XMPP_ERROR_NOT_WELL_FORMED },
    { "nonsense<a/>", "bad-format", XMPP_ERROR_NOT_WELL_FORMED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(Rig) rig = rig_new ();
      g_autofree char *bad = g_strconcat (STANZA, cases[i].text, STANZA, NULL);

      rig_open (rig);
      peer_send (rig, bad);
      wait_until (rig->is_eof);
      g_assert_cmpint (rig->n_closed, ==, 1);
      g_assert_cmpint (rig->received->len, ==, 1);
      g_assert_true (g_str_has_suffix (rig->wire->str, "</stream:error>" END));
      g_assert_error (rig->error, XMPP_ERROR, cases[i].code);
      g_assert_nonnull (strstr (rig->wire->str, cases[i].name));
    }
}

static void
test_what_is_wrong_with_a_header_is_told (void)
{
  static const struct
  {
    const char *text;
    const char *name;
    int         code;
  } cases[] = {
    { "<?xml version='1.0' encoding='iso-8859-1'?>" START, "unsupported-encoding", XMPP_ERROR_NOT_WELL_FORMED },
    { "\xff\xfe<\x00", "unsupported-encoding", XMPP_ERROR_NOT_WELL_FORMED },
    { "<stream:stream xmlns='jabber:client' xmlns:stream='urn:other' version='1.0'>", "invalid-namespace",
      XMPP_ERROR_PROTOCOL },
    { "<!DOCTYPE a [<!ENTITY b 'c'>]>" START, "restricted-xml", XMPP_ERROR_RESTRICTED_XML },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(Rig) rig = rig_new ();

      xmpp_stream_open (rig->stream, "capulet.lit", NULL, "en");
      peer_send (rig, cases[i].text);
      expect_closed (rig, cases[i].code);
      g_assert_nonnull (strstr (rig->wire->str, cases[i].name));
    }
}

static void
test_not_xmpp (void)
{
  static const char * const banners[] = {
    "HTTP/1.1 400 Bad Request\r\n\r\n<html>sign in</html>",
    "SSH-2.0-OpenSSH_9.2\r\n",
    "220 mail.capulet.lit ESMTP\r\n",
    "\x15\x03\x01\x02\x02\x28",
    "<html><body>sign in</body></html>",
    "\x01\x02\x03",
  };

  for (guint i = 0; i < G_N_ELEMENTS (banners); i++)
    {
      g_autoptr(Rig) rig = rig_new ();

      xmpp_stream_open (rig->stream, "capulet.lit", NULL, "en");
      peer_send (rig, banners[i]);
      expect_closed (rig, XMPP_ERROR_NOT_XMPP);
      g_assert_cmpint (rig->n_opened, ==, 0);
    }
}

static void
test_early_limit (void)
{
  g_autoptr(Rig) rig = rig_new ();
  g_autofree char *body = g_strnfill (80 * 1024, 'x');

  xmpp_stream_set_early (rig->stream, TRUE);
  rig_open (rig);
  xmpp_stream_open (rig->stream, "capulet.lit", NULL, "en");
  peer_send (rig, HEADER "<message><body>");
  peer_send (rig, body);
  peer_send (rig, "</body></message>");
  expect_closed (rig, XMPP_ERROR_LIMIT);
  g_assert_nonnull (strstr (rig->wire->str, "policy-violation"));
  g_assert_cmpint (rig->received->len, ==, 0);
}

static void
pause_and_look (Rig        *rig,
                XmppStanza *stanza)
{
  xmpp_stream_pause (rig->stream);
  rig->is_done = xmpp_stream_is_drained (rig->stream);
}

static void
test_injection_before_tls (void)
{
  static const struct
  {
    const char *after;
    gboolean    is_drained;
  } cases[] = {
    { "", TRUE },
    { "\n", FALSE },
    { " ", FALSE },
    { "<mess", FALSE },
    { "<", FALSE },
    { "<message/>", FALSE },
    { "<stream:features/>", FALSE },
    { "\x16\x03\x03", FALSE },
    { "<!--", FALSE },
    { "<!DOCTYPE x>", FALSE },
    { "</stream:stream>", FALSE },
    { "garbage", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(Rig) rig = rig_new ();
      g_autofree char *text = g_strconcat ("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
                                           cases[i].after, NULL);

      rig_open (rig);
      rig->on_received = pause_and_look;
      rig->is_done = !cases[i].is_drained;
      peer_send (rig, text);
      wait_until (rig->received->len == 1);
      g_assert_cmpint (rig->is_done, ==, cases[i].is_drained);
      settle ();
      g_assert_cmpint (rig->received->len, ==, 1);
    }
}

static void
pause_stream (Rig        *rig,
              XmppStanza *stanza)
{
  xmpp_stream_pause (rig->stream);
  rig->on_received = NULL;
}

static void
test_hand_over (void)
{
  g_autoptr(Rig) rig = rig_new ();
  g_autoptr(Rig) heir = rig_new ();

  rig_open (rig);
  rig->on_received = pause_stream;
  peer_send (rig, "<iq id='1'/><iq id='2'/>");
  wait_until (rig->received->len == 1);
  peer_send (rig, "<iq id='3'/>");
  settle ();
  g_assert_cmpint (rig->received->len, ==, 1);

  heir->is_calling = TRUE;
  xmpp_stream_set_funcs (rig->stream, &funcs, heir);
  heir->is_calling = FALSE;
  wait_until (heir->received->len == 2);
  g_assert_cmpstr (heir->received->pdata[0], ==, "<iq id='2'/>");
  g_assert_cmpstr (heir->received->pdata[1], ==, "<iq id='3'/>");
  g_assert_cmpint (rig->received->len, ==, 1);
}

static void
hand_over_at_once (Rig        *rig,
                   XmppStanza *stanza)
{
  rig->on_received = NULL;
  xmpp_stream_pause (rig->stream);
  xmpp_stream_set_funcs (rig->stream, &funcs, rig);
}

static void
test_hand_over_at_once (void)
{
  g_autoptr(Rig) rig = rig_new ();

  rig_open (rig);
  rig->on_received = hand_over_at_once;
  peer_send (rig, "<iq id='1'/><iq id='2'/>");
  wait_until (rig->received->len == 2);
}

static void
restart (Rig        *rig,
         XmppStanza *stanza)
{
  rig->on_received = NULL;
  xmpp_stream_open (rig->stream, "capulet.lit", NULL, "en");
}

static void
test_restart (void)
{
  g_autoptr(Rig) rig = rig_new ();

  rig_open (rig);
  rig->on_received = restart;
  peer_send (rig, "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>\n<iq id='injected'/>");
  expect_wire (rig, GOLDEN);
  peer_send (rig, HEADER "<stream:features/>");
  wait_until (rig->n_opened == 2);
  wait_until (rig->received->len == 2);
  g_assert_nonnull (strstr (rig->received->pdata[1], "features"));
}

static void
abort_stream (Rig        *rig,
              XmppStanza *stanza)
{
  xmpp_stream_abort (rig->stream);
}

static void
test_abort_inside_received (void)
{
  g_autoptr(Rig) rig = rig_new ();

  rig_open (rig);
  rig->on_received = abort_stream;
  peer_send (rig, STANZA STANZA END);
  wait_until (rig->is_eof);
  settle ();
  g_assert_cmpint (rig->received->len, ==, 1);
  g_assert_cmpint (rig->n_closed, ==, 0);
}

static void
drop_stream (Rig        *rig,
             XmppStanza *stanza)
{
  g_clear_object (&rig->stream);
}

static void
test_drop_inside_received (void)
{
  g_autoptr(Rig) rig = rig_new ();
  gpointer stream;

  rig_open (rig);
  g_object_add_weak_pointer (G_OBJECT (rig->stream), &stream);
  stream = rig->stream;
  rig->on_received = drop_stream;
  peer_send (rig, STANZA);
  wait_until (rig->is_eof);
  settle ();
  g_assert_null (stream);
  g_assert_cmpint (rig->n_closed, ==, 0);
}

static void
test_dropped_stream (void)
{
  g_autoptr(Rig) rig = rig_new ();

  rig_open (rig);
  send_message (rig, "never sent");
  g_assert_finalize_object (g_steal_pointer (&rig->stream));
  wait_until (rig->is_eof);
  g_assert_cmpint (rig->n_closed, ==, 0);
}

static void
test_closed_stream_is_free (void)
{
  g_autoptr(Rig) rig = rig_new ();

  rig_open (rig);
  peer_fin (rig);
  expect_closed (rig, XMPP_ERROR_DISCONNECTED);
  send_message (rig, "too late");
  xmpp_stream_close (rig->stream, NULL);
  xmpp_stream_open (rig->stream, "capulet.lit", NULL, NULL);
  settle ();
  g_assert_cmpint (rig->n_closed, ==, 1);
  g_assert_cmpuint (xmpp_stream_get_queued (rig->stream), ==, 0);
  g_assert_finalize_object (g_steal_pointer (&rig->stream));
}

/* TLS */

static gboolean
accept_all (GTlsConnection       *tls,
            GTlsCertificate      *certificate,
            GTlsCertificateFlags  errors,
            gpointer              user_data)
{
  return GPOINTER_TO_INT (user_data);
}

static void
on_tls_started (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  Rig *rig = user_data;

  g_assert_false (rig->is_calling);
  g_assert_false (rig->is_done);
  rig->is_done = TRUE;
  xmpp_stream_start_tls_finish (XMPP_STREAM (object), result, &rig->tls_error);
}

static void
start_tls (Rig          *rig,
           gboolean      accepts,
           GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocketConnectable) identity = g_network_address_new ("capulet.lit", 5222);
  g_autoptr(GIOStream) tls = g_tls_client_connection_new (xmpp_stream_get_io (rig->stream), identity, &error);

  g_assert_no_error (error);
  g_signal_connect (tls, "accept-certificate", G_CALLBACK (accept_all), GINT_TO_POINTER (accepts));

  rig->is_calling = TRUE;
  xmpp_stream_start_tls_async (rig->stream, G_TLS_CLIENT_CONNECTION (tls), cancellable, on_tls_started, rig);
  rig->is_calling = FALSE;
}

static void
on_peer_shaken (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  g_tls_connection_handshake_finish (G_TLS_CONNECTION (object), result, &error);
}

static void
peer_start_tls (Rig *rig)
{
  FakeAuthority *authority = fake_authority_new ();
  g_autofree char *pem = fake_authority_issue (authority, "capulet.lit", FAKE_CERTIFICATE_GOOD);
  g_autoptr(GTlsCertificate) certificate = NULL;
  g_autoptr(GError) error = NULL;

  fake_authority_free (authority);
  certificate = g_tls_certificate_new_from_pem (pem, -1, &error);
  g_assert_no_error (error);

  rig_stop_listening (rig);
  g_object_unref (rig->peer);
  rig->peer = g_tls_server_connection_new (rig->peer_base, certificate, &error);
  g_assert_no_error (error);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (rig->peer), G_PRIORITY_DEFAULT, NULL,
                                    on_peer_shaken, NULL);
}

static void
rig_open_tls (Rig *rig)
{
  peer_start_tls (rig);
  start_tls (rig, TRUE, NULL);
  wait_until (rig->is_done);
  g_assert_no_error (rig->tls_error);
  g_assert_true (G_IS_TLS_CLIENT_CONNECTION (xmpp_stream_get_io (rig->stream)));
  rig_listen (rig);
  rig_open (rig);
}

static void
test_tls (void)
{
  g_autoptr(Rig) rig = rig_new ();

  rig_open_tls (rig);
  peer_send_many (rig, 1000);
  wait_until (rig->received->len == 1000);

  send_message (rig, "hello");
  expect_wire (rig, "<message><body>hello</body></message>");

  peer_send (rig, END);
  wait_until (rig->is_eof);
  g_assert_cmpint (rig->n_closed, ==, 1);
  g_assert_no_error (rig->error);
  expect_wire (rig, END);
}

static void
test_start_tls_after_a_plain_stream (void)
{
  g_autoptr(Rig) rig = rig_new ();

  rig_open (rig);
  rig->on_received = pause_stream;
  peer_send (rig, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  wait_until (rig->received->len == 1);
  rig->n_opened = 0;
  rig_open_tls (rig);
  peer_send (rig, STANZA);
  wait_until (rig->received->len == 2);
}

static void
test_truncation (void)
{
  g_autoptr(Rig) rig = rig_new ();

  rig_open_tls (rig);
  peer_send (rig, STANZA "<message><body>half");
  wait_until (rig->received->len == 1);
  peer_fin (rig);
  wait_until (rig->n_closed == 1);
  g_assert_error (rig->error, XMPP_ERROR, XMPP_ERROR_DISCONNECTED);
  g_assert_cmpint (rig->received->len, ==, 1);
}

static void
test_garbage_inside_tls (void)
{
  g_autoptr(Rig) rig = rig_new ();

  rig_open_tls (rig);
  g_output_stream_write_all (g_io_stream_get_output_stream (rig->peer_base),
                             "\x17\x03\x03\x00\x20" "0123456789abcdef0123456789abcdef", 37, NULL, NULL, NULL);
  wait_until (rig->n_closed == 1);
  g_assert_error (rig->error, XMPP_ERROR, XMPP_ERROR_TLS);
}

static void
expect_tls_failure (Rig    *rig,
                    GQuark  domain,
                    int     code)
{
  wait_until (rig->is_done);
  g_assert_error (rig->tls_error, domain, code);
  wait_until (rig->is_eof);
  g_assert_cmpint (rig->n_closed, ==, 0);
}

static void
test_handshake_that_stalls (void)
{
  g_autoptr(Rig) rig = rig_new ();

  start_tls (rig, TRUE, NULL);
  wait_until (rig->wire->len > 0);
  fake_clock_advance (rig->clock, 14999);
  settle ();
  g_assert_false (rig->is_done);
  fake_clock_advance (rig->clock, 1);
  expect_tls_failure (rig, XMPP_ERROR, XMPP_ERROR_TIMED_OUT);
}

static void
test_handshake_with_garbage (void)
{
  g_autoptr(Rig) rig = rig_new ();

  peer_send (rig, "<stream:features/> this is no ServerHello");
  start_tls (rig, TRUE, NULL);
  expect_tls_failure (rig, XMPP_ERROR, XMPP_ERROR_TLS);
}

static void
test_handshake_that_is_cut (void)
{
  g_autoptr(Rig) rig = rig_new ();

  start_tls (rig, TRUE, NULL);
  wait_until (rig->wire->len > 0);
  peer_fin (rig);
  expect_tls_failure (rig, XMPP_ERROR, XMPP_ERROR_TLS);
}

static void
test_untrusted_certificate (void)
{
  g_autoptr(Rig) rig = rig_new ();

  peer_start_tls (rig);
  start_tls (rig, FALSE, NULL);
  wait_until (rig->is_done);
  g_assert_error (rig->tls_error, XMPP_ERROR, XMPP_ERROR_CERTIFICATE);
}

static void
test_cancelled_handshake (void)
{
  g_autoptr(Rig) rig = rig_new ();
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  start_tls (rig, TRUE, cancellable);
  wait_until (rig->wire->len > 0);
  g_cancellable_cancel (cancellable);
  expect_tls_failure (rig, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_cancelled_before_the_handshake (void)
{
  g_autoptr(Rig) rig = rig_new ();
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  g_cancellable_cancel (cancellable);
  start_tls (rig, TRUE, cancellable);
  expect_tls_failure (rig, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_abort_of_a_handshake (void)
{
  g_autoptr(Rig) rig = rig_new ();

  start_tls (rig, TRUE, NULL);
  wait_until (rig->wire->len > 0);
  xmpp_stream_abort (rig->stream);
  expect_tls_failure (rig, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_close_during_a_handshake (void)
{
  g_autoptr(Rig) rig = rig_new ();

  start_tls (rig, TRUE, NULL);
  wait_until (rig->wire->len > 0);
  xmpp_stream_close (rig->stream, NULL);
  wait_until (rig->is_done && rig->n_closed == 1);
  g_assert_no_error (rig->error);
  g_assert_error (rig->tls_error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_answer_before_the_question (void)
{
  g_autoptr(Rig) rig = rig_new ();

  rig_open (rig);
  xmpp_stream_send_raw (rig->stream, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", -1);
  start_tls (rig, TRUE, NULL);
  expect_tls_failure (rig, XMPP_ERROR, XMPP_ERROR_PROTOCOL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/stream/S103-the-header-is-byte-exact", test_header);
  g_test_add_func ("/xmpp/stream/S103-a-restart-writes-a-whole-header-again", test_header_of_a_restart);
  g_test_add_func ("/xmpp/stream/nothing-is-delivered-from-inside-a-call", test_calls_deliver_nothing);
  g_test_add_func ("/xmpp/stream/stanzas-go-both-ways", test_stanzas);
  g_test_add_func ("/xmpp/stream/headers-closes-and-white-space-are-shown-as-they-crossed", test_raw);
  g_test_add_func ("/xmpp/stream/a-burst-is-one-write", test_burst);
  g_test_add_func ("/xmpp/stream/S92-a-stream-cut-anywhere-drops-the-partial-stanza", test_cut_anywhere);
  g_test_add_func ("/xmpp/stream/F11-a-turn-lasts-8-ms", test_turns_are_short);
  g_test_add_func ("/xmpp/stream/F11-a-flood-lets-windows-be-drawn", test_windows_are_drawn);
  g_test_add_func ("/xmpp/stream/F12-more-than-32-MiB-in-the-queue-ends-the-stream", test_queue_is_bounded);
  g_test_add_func ("/xmpp/stream/F12-a-server-that-reads-late-gets-all-in-order", test_blocked_peer);
  g_test_add_func ("/xmpp/stream/F12-a-blocked-stream-can-be-aborted", test_abort_of_a_blocked_stream);
  g_test_add_func ("/xmpp/stream/S30-a-polite-close-waits-for-the-server", test_polite_close);
  g_test_add_func ("/xmpp/stream/S30-the-servers-close-is-answered-and-is-the-end", test_server_closes);
  g_test_add_func ("/xmpp/stream/S30-fin-while-closing-is-told", test_fin_while_closing);
  g_test_add_func ("/xmpp/stream/F53-a-server-that-does-not-say-goodbye-is-left-after-2-s",
                   test_server_that_does_not_say_goodbye);
  g_test_add_func ("/xmpp/stream/F53-a-server-that-reads-nothing-is-left-after-2-s",
                   test_server_that_reads_nothing_while_closing);
  g_test_add_func ("/xmpp/stream/a-close-before-the-header-sends-nothing", test_close_before_the_header);
  g_test_add_func ("/xmpp/stream/a-close-with-an-error-drops-what-still-comes", test_close_with_an_error);
  g_test_add_func ("/xmpp/stream/a-paused-stream-can-be-closed", test_close_of_a_paused_stream);
  g_test_add_func ("/xmpp/stream/the-servers-reason-is-read-though-writing-fails",
                   test_reason_before_the_socket_breaks);
  g_test_add_func ("/xmpp/stream/the-server-is-told-what-is-wrong", test_what_is_wrong_is_told);
  g_test_add_func ("/xmpp/stream/the-server-is-told-what-is-wrong-with-its-header",
                   test_what_is_wrong_with_a_header_is_told);
  g_test_add_func ("/xmpp/stream/S19-what-is-not-xmpp-is-called-so", test_not_xmpp);
  g_test_add_func ("/xmpp/stream/a-restart-keeps-the-limit-before-login", test_early_limit);
  g_test_add_func ("/xmpp/stream/S38-a-byte-after-proceed-is-seen", test_injection_before_tls);
  g_test_add_func ("/xmpp/stream/a-hand-over-delivers-the-rest-to-the-heir", test_hand_over);
  g_test_add_func ("/xmpp/stream/a-hand-over-may-happen-inside-received", test_hand_over_at_once);
  g_test_add_func ("/xmpp/stream/a-restart-drops-what-came-before-it", test_restart);
  g_test_add_func ("/xmpp/stream/an-abort-inside-received-is-the-end", test_abort_inside_received);
  g_test_add_func ("/xmpp/stream/the-last-reference-may-go-inside-received", test_drop_inside_received);
  g_test_add_func ("/xmpp/stream/a-dropped-stream-closes-and-says-nothing", test_dropped_stream);
  g_test_add_func ("/xmpp/stream/a-closed-stream-is-held-by-nobody", test_closed_stream_is_free);
  g_test_add_func ("/xmpp/stream/tls/stanzas-go-both-ways", test_tls);
  g_test_add_func ("/xmpp/stream/tls/starts-after-a-plain-stream", test_start_tls_after_a_plain_stream);
  g_test_add_func ("/xmpp/stream/tls/S48-truncation-is-a-lost-connection", test_truncation);
  g_test_add_func ("/xmpp/stream/tls/forged-records-end-the-stream", test_garbage_inside_tls);
  g_test_add_func ("/xmpp/stream/tls/S39-a-handshake-has-15-s", test_handshake_that_stalls);
  g_test_add_func ("/xmpp/stream/tls/S39-garbage-fails-the-handshake", test_handshake_with_garbage);
  g_test_add_func ("/xmpp/stream/tls/S39-a-close-fails-the-handshake", test_handshake_that_is_cut);
  g_test_add_func ("/xmpp/stream/tls/a-refused-certificate-fails-the-handshake", test_untrusted_certificate);
  g_test_add_func ("/xmpp/stream/tls/a-handshake-can-be-cancelled", test_cancelled_handshake);
  g_test_add_func ("/xmpp/stream/tls/a-handshake-cancelled-before-it-begins-fails",
                   test_cancelled_before_the_handshake);
  g_test_add_func ("/xmpp/stream/tls/a-handshake-can-be-aborted", test_abort_of_a_handshake);
  g_test_add_func ("/xmpp/stream/tls/a-close-during-the-handshake-closes", test_close_during_a_handshake);
  g_test_add_func ("/xmpp/stream/tls/S36-an-answer-before-the-question-is-refused",
                   test_answer_before_the_question);

  return g_test_run ();
}
