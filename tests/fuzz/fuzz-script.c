/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz-script.h"

#include "xmpp-random.h"

#include <string.h>
#include <sys/ioctl.h>
#include <linux/sockios.h>

#define MAX_WORD  64      /* bytes between { and } */
#define MAX_TURNS 100000
#define MAX_TIME  200     /* words that move the clock, in one script */

static guint32 chance;
static guint n_moves;

static void
draw (guint8   *data,
      gsize     length,
      gpointer  user_data)
{
  for (gsize i = 0; i < length; i++)
    data[i] = fuzz_next (&chance) >> 8;
}

void
fuzz_script_begin (void)
{
  chance = 1;
  n_moves = 0;
  xmpp_random_set_func (draw, NULL);
}

static gboolean
has_unread (FakeServer *server)
{
  int n_bytes = 0;

  return server->fd >= 0 && ioctl (server->fd, SIOCOUTQ, &n_bytes) == 0 && n_bytes > 0;
}

void
fuzz_settle (FakeServer *server)
{
  guint n_idle = 0;

  /* A client that reads no more leaves something unread for ever */
  for (guint i = 0; n_idle < (has_unread (server) ? 3 : 1); i++)
    {
      n_idle = g_main_context_iteration (NULL, FALSE) ? 0 : n_idle + 1;
      g_assert_cmpuint (i, <, MAX_TURNS);
    }
}

static void
flush (FuzzScript *self)
{
  if (self->bytes->len > 0 && self->server->fd >= 0)
    fake_server_send_bytes (self->server, self->bytes->str, self->bytes->len);

  g_string_truncate (self->bytes, 0);
  fuzz_settle (self->server);
}

static void
advance (FuzzScript *self,
         guint       seconds)
{
  flush (self);
  if (++n_moves > MAX_TIME)
    return;

  fake_clock_advance (self->server->clock, seconds * 1000);
  fuzz_settle (self->server);
}

static void
take_questions (FuzzScript *self)
{
  for (; self->n_taken < self->server->received->len; self->n_taken++)
    {
      char *element = self->server->received->pdata[self->n_taken];

      if (g_str_has_prefix (element, "<iq ") && (strstr (element, " type='get'") != NULL || strstr (element, " type='set'") != NULL))
        g_ptr_array_add (self->questions, element);
    }
}

static void
append_id (FuzzScript *self,
           const char *text)
{
  flush (self);
  take_questions (self);

  for (guint i = 0; i < self->questions->len; i++)
    {
      const char *question = self->questions->pdata[i];
      g_autofree char *id = NULL;

      if (strstr (question, text) == NULL)
        continue;

      id = fake_xml_get (question, "id");
      g_assert_nonnull (id);
      g_string_append (self->bytes, id);
      g_free (self->to);
      self->to = fake_xml_get (question, "to");
      if (self->to == NULL)
        self->to = g_strdup (xmpp_jid_get_text (xmpp_session_get_jid (self->server->session)));
      g_ptr_array_remove_index (self->questions, i);
      return;
    }
}

/* FALSE: the connection is at its end */
static gboolean
obey (FuzzScript *self,
      const char *word)
{
  if (g_str_equal (word, "cut"))
    flush (self);
  else if (g_str_equal (word, "second"))
    advance (self, 1);
  else if (g_str_equal (word, "minute"))
    advance (self, 60);
  else if (g_str_equal (word, "hour"))
    advance (self, 3600);
  else if (g_str_equal (word, "id"))
    append_id (self, "");
  else if (g_str_has_prefix (word, "id "))
    append_id (self, word + 3);
  else if (g_str_equal (word, "to"))
    g_string_append (self->bytes, self->to != NULL ? self->to : "");
  else if (g_str_has_prefix (word, "do ") && self->act != NULL)
    {
      flush (self);
      self->act (word + 3, self->user_data);
    }
  else if (g_str_equal (word, "fin") || g_str_equal (word, "reset"))
    {
      flush (self);
      if (self->server->fd >= 0 && g_str_equal (word, "fin"))
        fake_server_fin (self->server);
      else if (self->server->fd >= 0 && !self->server->is_eof)
        fake_server_reset (self->server);
      fuzz_settle (self->server);
      return FALSE;
    }
  else
    g_string_append_printf (self->bytes, "{%s}", word);

  return TRUE;
}

void
fuzz_script_run (FuzzScript *self,
                 const char *text,
                 gsize       length)
{
  const char *end = text + length;
  gboolean goes_on = TRUE;

  self->bytes = g_string_new (NULL);
  self->questions = g_ptr_array_new ();

  while (text < end && goes_on)
    {
      const char *close = *text == '{' ? memchr (text, '}', MIN (end - text, MAX_WORD)) : NULL;

      if (close == NULL)
        {
          g_string_append_c (self->bytes, *text++);
        }
      else
        {
          g_autofree char *word = g_strndup (text + 1, close - text - 1);

          goes_on = obey (self, word);
          text = close + 1;
        }
    }

  flush (self);
  g_string_free (self->bytes, TRUE);
  g_ptr_array_unref (self->questions);
  g_free (self->to);
}

FakeServer *
fuzz_login (void)
{
  FakeServer *server = fake_server_new ("juliet@capulet.lit/balcony");

  g_object_set (server->session, "security", XMPP_SECURITY_DISABLED, "anonymous", TRUE, NULL);
  fake_server_login (server);

  return server;
}

void
fuzz_assert_one_end (FakeServer *server)
{
  if (xmpp_session_is_online (server->session))
    {
      g_assert_cmpuint (server->n_closed, ==, 0);
      return;
    }

  /* Who says goodbye waits for ours: it has its time, too */
  for (guint i = 0; i < 10 && server->n_closed == 0; i++)
    {
      fake_clock_advance (server->clock, 60 * 1000);
      fuzz_settle (server);
    }

  g_assert_cmpuint (server->n_closed, ==, 1);
  if (server->closed_error != NULL)
    fuzz_assert_words (server->closed_error);
}

static void
on_message (XmppSession       *session,
            const XmppMessage *message,
            guint             *n_heard)
{
  if (g_strcmp0 (message->body, "are you alive?") == 0)
    (*n_heard)++;
}

void
fuzz_assert_hears (FakeServer *server)
{
  guint n_heard = 0;
  gulong handler = g_signal_connect (server->session, "message", G_CALLBACK (on_message), &n_heard);

  fake_server_send (server, "<message type='chat' from='friend@peer.test/p' to='juliet@capulet.lit'>"
                            "<body>are you alive?</body></message>");
  fake_server_ping (server);
  g_assert_true (xmpp_session_is_online (server->session));
  g_assert_cmpuint (n_heard, ==, 1);
  g_signal_handler_disconnect (server->session, handler);
}

void
fuzz_probe (void)
{
  g_autoptr(FakeServer) server = fuzz_login ();

  fuzz_assert_hears (server);
}
