/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A message, and the row that it is on the disk */
#include "flint-history.h"

#include "flint-account-private.h"
#include "flint-message-private.h"

/* What the file says by numbers is what we say */
G_STATIC_ASSERT ((int) FLINT_MESSAGE_RECEIVED == (int) STORE_STATE_RECEIVED);
G_STATIC_ASSERT ((int) FLINT_MESSAGE_PENDING == (int) STORE_STATE_PENDING);
G_STATIC_ASSERT ((int) FLINT_MESSAGE_SENT == (int) STORE_STATE_SENT);
G_STATIC_ASSERT ((int) FLINT_MESSAGE_DELIVERED == (int) STORE_STATE_DELIVERED);
G_STATIC_ASSERT ((int) FLINT_MESSAGE_READ == (int) STORE_STATE_READ);
G_STATIC_ASSERT ((int) FLINT_MESSAGE_FAILED == (int) STORE_STATE_FAILED);

/**
 * flint_history_make_row:
 * @conversation: where it was said
 * @message: what was said
 *
 * Returns: (transfer full): its row
 */
StoreMessage *
flint_history_make_row (FlintConversation *conversation,
                        FlintMessage      *message)
{
  StoreMessage *row = store_message_new ();
  XmppJid *sender = flint_message_get_sender_jid (message);

  row->id = flint_message_get_place (message);
  row->time = flint_message_get_time (message);
  row->sender = g_strdup (sender != NULL ? xmpp_jid_get_text (sender) : NULL);
  row->name = g_strdup (flint_message_get_sender (message));
  row->device = g_strdup (flint_message_get_device (message));
  row->kind = flint_message_get_rank (message);
  row->state = (StoreState) flint_message_get_state (message);
  row->flags = (flint_message_is_own (message) ? STORE_MESSAGE_OWN : 0) |
               (flint_message_is_delayed (message) ? STORE_MESSAGE_DELAYED : 0) |
               (flint_message_is_mention (message) ? STORE_MESSAGE_MENTION : 0) |
               (flint_message_is_carbon (message) ? STORE_MESSAGE_CARBON : 0) |
               (flint_message_get_kind (message) == FLINT_MESSAGE_SYSTEM ? STORE_MESSAGE_LINE : 0);
  row->message_id = g_strdup (flint_message_get_id (message));
  row->archive_id = g_strdup (flint_message_get_archive_id (message));
  row->body = g_strdup (flint_message_get_body (message));
  row->failure = g_strdup (flint_message_get_failure (message));

  /* An id without a character in it is none (T049) */
  if (row->message_id != NULL && *row->message_id == '\0')
    g_clear_pointer (&row->message_id, g_free);

  return row;
}

/* (transfer full) (nullable). Mostly it is one of two that are known. */
static XmppJid *
find_sender (FlintAccount       *account,
             XmppJid            *jid,
             const StoreMessage *row)
{
  XmppJid *own = flint_account_get_jid (account);

  if (row->sender == NULL)
    return NULL;

  if (g_str_equal (row->sender, xmpp_jid_get_text (jid)))
    return xmpp_jid_ref (jid);

  if (own != NULL && g_str_equal (row->sender, xmpp_jid_get_text (own)))
    return xmpp_jid_ref (own);

  return xmpp_jid_new_received (row->sender);
}

/**
 * flint_history_make_message:
 * @account: whose
 * @jid: of the conversation
 * @kind: of the conversation
 * @row: a row
 *
 * Returns: (transfer full): the message that it is, with its place
 */
FlintMessage *
flint_history_make_message (FlintAccount          *account,
                            XmppJid               *jid,
                            FlintConversationKind  kind,
                            const StoreMessage    *row)
{
  g_autoptr(XmppJid) sender = find_sender (account, jid, row);
  gboolean is_own = (row->flags & STORE_MESSAGE_OWN) != 0;
  FlintMessage *message =
    flint_message_new ((row->flags & STORE_MESSAGE_LINE) != 0 ? FLINT_MESSAGE_SYSTEM : FLINT_MESSAGE_TEXT, row->message_id,
                       row->body, row->name, sender, is_own, row->time);

  flint_message_set_flags (message, (row->flags & STORE_MESSAGE_DELAYED) != 0, (row->flags & STORE_MESSAGE_MENTION) != 0,
                           (row->flags & STORE_MESSAGE_CARBON) != 0);
  flint_message_set_device (message, row->device);
  flint_message_set_rank (message, CLAMP (row->kind, FLINT_RANK_NONE, FLINT_RANK_OWNER));
  flint_message_set_archive_id (message, row->archive_id);
  flint_message_set_place (message, row->id);
  flint_message_set_stored (message, TRUE);
  if (is_own)
    flint_message_set_state (message, (FlintMessageState) row->state, row->failure);

  return message;
}
