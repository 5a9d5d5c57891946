/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-outbox.h"

#include "flint-account-private.h"
#include "flint-conversation-private.h"
#include "flint-message-private.h"
#include "flint-timeline-private.h"

#include "xmpp-ping.h"

#include <glib/gi18n-lib.h>

struct _FlintOutbox
{
  FlintConversation     *conversation;     /* borrowed: it owns us */
  FlintAccount          *account;
  FlintConversationKind  kind;
  FlintTimeline         *timeline;
  FlintTyping           *typing;
};

static gboolean
is_connected (FlintOutbox *self)
{
  return xmpp_session_is_online (flint_account_get_session (self->account)) && flint_account_is_online (self->account);
}

static void
fail (FlintOutbox *self,
      GPtrArray   *messages,
      const char  *why)
{
  for (guint i = 0; i < messages->len; i++)
    flint_conversation_set_message_state (self->conversation, g_ptr_array_index (messages, i), FLINT_MESSAGE_FAILED, why);
}

/* What a room has not sent back before the connection went may be there or not: a person decides */
static void
fail_unreflected (FlintOutbox *self)
{
  g_autoptr(GPtrArray) unsent = flint_timeline_get_unsent (self->timeline);

  fail (self, unsent, _("The connection was lost before the room had it."));
}

/* What was written into a connection that was dead already looks as if it had been sent. Nothing has come from the
 * server since, so it may be there or not: a person decides (F02).
 */
static void
fail_unheard (FlintOutbox *self)
{
  XmppPing *ping = flint_account_get_module (self->account, XMPP_TYPE_PING);
  gint64 heard = xmpp_clock_get_real (flint_account_get_clock (self->account)) - xmpp_ping_get_silence (ping);
  g_autoptr(GPtrArray) sent = NULL;

  if (!g_error_matches (flint_account_get_error (self->account), XMPP_ERROR, XMPP_ERROR_TIMED_OUT))
    return;

  sent = flint_timeline_get_sent_since (self->timeline, heard);
  fail (self, sent, _("The connection was lost before the server answered. It may not have arrived."));
}

/**
 * flint_outbox_new:
 * @conversation: (transfer none): whose; it outlives the outbox
 * @typing: who types in it
 *
 * Returns: (transfer full): the way out of a conversation
 */
FlintOutbox *
flint_outbox_new (FlintConversation *conversation,
                  FlintTyping       *typing)
{
  FlintOutbox *self = g_new0 (FlintOutbox, 1);

  self->conversation = conversation;
  self->account = g_object_ref (flint_conversation_get_account (conversation));
  self->kind = flint_conversation_get_kind (conversation);
  self->timeline = g_object_ref (flint_conversation_get_timeline (conversation));
  self->typing = g_object_ref (typing);

  return self;
}

/**
 * flint_outbox_free:
 * @self: an outbox
 *
 * Frees it. What waits stays in the timeline.
 */
void
flint_outbox_free (FlintOutbox *self)
{
  g_clear_object (&self->account);
  g_clear_object (&self->timeline);
  g_clear_object (&self->typing);
  g_free (self);
}

/* Whether something before it may have gone out, and nobody has looked yet */
static gboolean
is_behind_doubt (FlintOutbox *self)
{
  g_autoptr(GPtrArray) unsent = NULL;

  if (flint_account_is_caught_up (self->account))
    return FALSE;

  unsent = flint_timeline_get_unsent (self->timeline);
  for (guint i = 0; i < unsent->len; i++)
    if (flint_message_is_doubtful (g_ptr_array_index (unsent, i)))
      return TRUE;

  return FALSE;
}

/**
 * flint_outbox_send:
 * @self: an outbox
 * @to: to whom
 * @message: one of our own in the timeline, pending
 *
 * Sends it, if it is on the disk and there is a connection; else it waits. It is sent when the server says so, where it
 * does (XEP-0198), and else when it is written; in a room, when the room has sent it back to us. What may have gone out
 * already, and all behind it, waits until somebody has looked: flint_outbox_caught_up ().
 */
void
flint_outbox_send (FlintOutbox  *self,
                   XmppJid      *to,
                   FlintMessage *message)
{
  gboolean is_room = self->kind == FLINT_CONVERSATION_ROOM;
  XmppSession *session = flint_account_get_session (self->account);
  XmppMessage record = {
    .type = is_room ? XMPP_MESSAGE_GROUPCHAT : XMPP_MESSAGE_CHAT,
    .id = flint_message_get_id (message),
    .to = to,
    .body = flint_message_get_body (message),
    .is_private = self->kind == FLINT_CONVERSATION_PRIVATE,
  };

  if (!is_connected (self) || !flint_message_is_ready (message) || flint_message_is_written (message) ||
      is_behind_doubt (self))
    return;

  flint_message_set_written (message, TRUE);

  if (!is_room)
    {
      record.chat_state = flint_typing_sent (self->typing);
      record.wants_receipt = !record.is_private;
    }

  xmpp_session_send_message (session, &record);

  if (!is_room && !xmpp_session_acknowledges (session))
    flint_conversation_set_message_state (self->conversation, message, FLINT_MESSAGE_SENT, NULL);
}

/**
 * flint_outbox_connected:
 * @self: an outbox
 * @to: to whom
 *
 * The account is online: sends what has waited.
 */
void
flint_outbox_connected (FlintOutbox *self,
                        XmppJid     *to)
{
  g_autoptr(GPtrArray) unsent = NULL;

  /* A room, and who is in it, we have yet to join; unless we never left it */
  if (self->kind != FLINT_CONVERSATION_CHAT && !xmpp_session_is_resumed (flint_account_get_session (self->account)))
    return;

  unsent = flint_timeline_get_unsent (self->timeline);

  for (guint i = 0; i < unsent->len; i++)
    flint_outbox_send (self, to, g_ptr_array_index (unsent, i));
}

/**
 * flint_outbox_caught_up:
 * @self: an outbox
 * @to: to whom
 *
 * What the server has is known by now: what still waits it does not have, and it goes out, under its own id (F20).
 */
void
flint_outbox_caught_up (FlintOutbox *self,
                        XmppJid     *to)
{
  g_autoptr(GPtrArray) unsent = flint_timeline_get_unsent (self->timeline);

  for (guint i = 0; i < unsent->len; i++)
    flint_message_set_doubtful (g_ptr_array_index (unsent, i), FALSE);

  flint_outbox_connected (self, to);
}

/* What waits goes out again over the next connection; whether it went over this one nobody knows */
static void
forget_written (FlintOutbox *self)
{
  g_autoptr(GPtrArray) unsent = flint_timeline_get_unsent (self->timeline);

  for (guint i = 0; i < unsent->len; i++)
    {
      FlintMessage *message = g_ptr_array_index (unsent, i);

      if (flint_message_is_written (message))
        flint_message_set_doubtful (message, TRUE);
      flint_message_set_written (message, FALSE);
    }
}

/**
 * flint_outbox_lost:
 * @self: an outbox
 * @was_online: whether the account has been online until now
 *
 * The account is not online any more: says so with what may not have arrived. While its session may be resumed all of
 * it may arrive yet; when that is over, this is to be called again.
 */
void
flint_outbox_lost (FlintOutbox *self,
                   gboolean     was_online)
{
  if (xmpp_session_is_resumable (flint_account_get_session (self->account)))
    return;

  if (was_online && self->kind != FLINT_CONVERSATION_ROOM)
    fail_unheard (self);

  if (self->kind != FLINT_CONVERSATION_CHAT)
    fail_unreflected (self);

  forget_written (self);
}
