/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-delivery.h"

#include "flint-conversation-private.h"
#include "flint-message-private.h"
#include "flint-text.h"

#include <glib/gi18n-lib.h>

#define MAX_FAILURE 300      /* graphemes of what a server says */

static FlintMessage *
find_own (FlintConversation *conversation,
          const char        *id)
{
  return flint_timeline_find_own (flint_conversation_get_timeline (conversation), id);
}

static gboolean
may_have_arrived (FlintMessage *message)
{
  switch (flint_message_get_state (message))
    {
    case FLINT_MESSAGE_SENT:
    case FLINT_MESSAGE_FAILED:
      return TRUE;

    case FLINT_MESSAGE_PENDING:
      return flint_message_is_written (message) || flint_message_is_doubtful (message);

    case FLINT_MESSAGE_RECEIVED:
    case FLINT_MESSAGE_DELIVERED:
    case FLINT_MESSAGE_READ:
    default:
      return FALSE;
    }
}

/* He has it (XEP-0184), also when it looked as if it had been lost, or the server has not said yet that it has it. One
 * that waits has not been sent, so nobody can have it.
 */
gboolean
flint_delivery_take_receipt (FlintConversation *conversation,
                             const char        *id)
{
  FlintMessage *message = find_own (conversation, id);

  if (message == NULL || !may_have_arrived (message))
    return FALSE;

  flint_conversation_set_message_state (conversation, message, FLINT_MESSAGE_DELIVERED, NULL);

  return TRUE;
}

/* It came back (RFC 6120, 8.3); TRUE: it was about a message of ours */
gboolean
flint_delivery_take_error (FlintConversation *conversation,
                           const char        *id,
                           const GError      *error)
{
  FlintMessage *message = find_own (conversation, id);
  g_autofree char *failure = NULL;

  if (message == NULL)
    return FALSE;

  failure = flint_text_for_line (error != NULL ? error->message : _("The message could not be delivered."), MAX_FAILURE);
  flint_conversation_set_message_state (conversation, message, FLINT_MESSAGE_FAILED, failure);

  return TRUE;
}

/* The server has it (XEP-0198); of a room, only its own copy says that the room has. TRUE: it is one of ours */
gboolean
flint_delivery_take_acknowledged (FlintConversation *conversation,
                                  const char        *id)
{
  FlintMessage *message = find_own (conversation, id);

  if (message == NULL)
    return FALSE;

  if (flint_conversation_get_kind (conversation) != FLINT_CONVERSATION_ROOM &&
      flint_message_get_state (message) == FLINT_MESSAGE_PENDING)
    flint_conversation_set_message_state (conversation, message, FLINT_MESSAGE_SENT, NULL);

  return TRUE;
}

/* The session ended before the server had it, as far as we know. To somebody it goes out again, once it is known that the
 * server does not have it; in a room, a person decides. TRUE: it was a message of ours.
 */
gboolean
flint_delivery_take_loss (FlintConversation *conversation,
                          const char        *id)
{
  FlintMessage *message = find_own (conversation, id);

  if (message == NULL)
    return FALSE;

  if (flint_message_get_state (message) != FLINT_MESSAGE_PENDING && flint_message_get_state (message) != FLINT_MESSAGE_SENT)
    return TRUE;

  if (flint_conversation_get_kind (conversation) != FLINT_CONVERSATION_CHAT)
    {
      flint_conversation_set_message_state (conversation, message, FLINT_MESSAGE_FAILED,
                                            _("The connection was lost before the server answered. It may not have arrived."));
      return TRUE;
    }

  flint_message_set_written (message, FALSE);
  flint_message_set_doubtful (message, TRUE);

  return TRUE;
}

/* A room sends everybody everything, so its copy says that it took ours (XEP-0045, 7.4); TRUE: there is one */
gboolean
flint_delivery_take_reflection (FlintConversation *conversation,
                                const char        *id)
{
  FlintMessage *message = find_own (conversation, id);

  if (message == NULL)
    return FALSE;

  if (flint_message_get_state (message) == FLINT_MESSAGE_PENDING || flint_message_get_state (message) == FLINT_MESSAGE_FAILED)
    flint_conversation_set_message_state (conversation, message, FLINT_MESSAGE_SENT, NULL);

  return TRUE;
}
