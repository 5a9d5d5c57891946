/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "message-log.h"

static const char * const states[] = { NULL, "active", "composing", "paused", "inactive", "gone" };
static const char * const carbons[] = { NULL, "received", "sent" };

static void
append (GString    *line,
        const char *name,
        const char *value)
{
  if (value != NULL)
    g_string_append_printf (line, " %s=%s", name, value);
}

static void
append_flag (GString    *line,
             const char *name,
             gboolean    value)
{
  if (value)
    g_string_append_printf (line, " %s", name);
}

static void
append_time (GString           *line,
             const XmppMessage *message)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (message->time / G_USEC_PER_SEC);
  g_autofree char *text = g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");

  append (line, "delayed", text);
}

static void
on_message (XmppSession       *session,
            const XmppMessage *message,
            MessageLog        *self)
{
  GString *line = g_string_new (xmpp_jid_get_text (message->from));

  append_flag (line, xmpp_message_type_to_string (message->type), TRUE);
  append (line, "body", message->body);
  append (line, "subject", message->has_subject ? message->subject : NULL);
  append (line, "thread", message->thread);
  append_flag (line, "receipt?", message->wants_receipt);
  append (line, "received", message->received_id);
  append_flag (line, "markable", message->is_markable);
  append (line, "displayed", message->displayed_id);
  append (line, "state", states[message->chat_state]);
  append (line, "carbon", carbons[message->carbon]);
  if (message->is_delayed)
    append_time (line, message);
  append_flag (line, "private", message->is_private);
  if (message->room_status != 0)
    g_string_append_printf (line, " status=%u", message->room_status);
  append (line, "room", message->invited_to != NULL ? xmpp_jid_get_text (message->invited_to) : NULL);
  append (line, "by", message->invited_by);
  append (line, "reason", message->invite_reason);
  append (line, "password", message->invite_password);
  append (line, "error", message->error != NULL ? message->error->message : NULL);

  g_ptr_array_add (self->lines, g_string_free (line, FALSE));
}

MessageLog *
message_log_new (FakeServer *server)
{
  MessageLog *self = g_new0 (MessageLog, 1);

  self->lines = g_ptr_array_new_with_free_func (g_free);
  g_signal_connect (server->session, "message", G_CALLBACK (on_message), self);

  return self;
}

void
message_log_free (MessageLog *self)
{
  g_ptr_array_unref (self->lines);
  g_free (self);
}

void
message_log_expect (MessageLog *self,
                    const char *line)
{
  g_autofree char *got = NULL;

  fake_server_wait_until (self->lines->len > 0);
  got = g_ptr_array_steal_index (self->lines, 0);
  g_assert_cmpstr (got, ==, line);
}

void
message_log_expect_none (MessageLog *self,
                         FakeServer *server)
{
  fake_server_send (server, "<message from='friar@verona.lit/cell' type='chat'><body>Well?</body></message>");
  message_log_expect (self, "friar@verona.lit/cell chat body=Well?");
}
