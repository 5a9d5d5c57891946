/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-delivery.h"

#include "flint-conversation-private.h"
#include "flint-text.h"

#include <glib/gi18n-lib.h>

#define MAX_FAILURE 300      /* graphemes of what a server says */

static FlintMessage *
find_own (FlintConversation *conversation,
          const char        *id)
{
  return flint_timeline_find_own (flint_conversation_get_timeline (conversation), id);
}

/* He has it (XEP-0184), also when it looked as if it had been lost. One that waits has not been sent, so nobody can
 * have it.
 */
gboolean
flint_delivery_take_receipt (FlintConversation *conversation,
                             const char        *id)
{
  FlintMessage *message = find_own (conversation, id);

  if (message == NULL ||
      (flint_message_get_state (message) != FLINT_MESSAGE_SENT && flint_message_get_state (message) != FLINT_MESSAGE_FAILED))
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

/* The session ended before the server had it, as far as we know: a person decides. TRUE: it was a message of ours */
gboolean
flint_delivery_take_loss (FlintConversation *conversation,
                          const char        *id)
{
  FlintMessage *message = find_own (conversation, id);

  if (message == NULL)
    return FALSE;

  if (flint_message_get_state (message) == FLINT_MESSAGE_PENDING || flint_message_get_state (message) == FLINT_MESSAGE_SENT)
    flint_timeline_set_state (flint_conversation_get_timeline (conversation), message, FLINT_MESSAGE_FAILED,
                              _("The connection was lost before the server answered. It may not have arrived."));

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
