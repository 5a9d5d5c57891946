/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-message.h"

#include <string.h>

static const char * const type_names[] = {
  [XMPP_MESSAGE_NORMAL]    = "normal",
  [XMPP_MESSAGE_CHAT]      = "chat",
  [XMPP_MESSAGE_GROUPCHAT] = "groupchat",
  [XMPP_MESSAGE_HEADLINE]  = "headline",
  [XMPP_MESSAGE_ERROR]     = "error",
};

/**
 * xmpp_message_type_to_string:
 * @type: a type
 *
 * Returns: (transfer none): the value of `type` in a <message/> (RFC 6121, 5.2.2)
 */
const char *
xmpp_message_type_to_string (XmppMessageType type)
{
  g_return_val_if_fail (type < G_N_ELEMENTS (type_names), NULL);

  return type_names[type];
}

/**
 * xmpp_message_type_from_string:
 * @text: (nullable): the `type` of a <message/>
 *
 * Returns: the type; absent or unknown is normal (RFC 6121, 5.2.2)
 */
XmppMessageType
xmpp_message_type_from_string (const char *text)
{
  for (guint i = 0; text != NULL && i < G_N_ELEMENTS (type_names); i++)
    {
      if (strcmp (text, type_names[i]) == 0)
        return i;
    }

  return XMPP_MESSAGE_NORMAL;
}
