/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-message.h"

#include <string.h>

G_DEFINE_BOXED_TYPE (XmppMessage, xmpp_message, xmpp_message_copy, xmpp_message_free)

#define FIELD(name) G_STRUCT_OFFSET (XmppMessage, name)

static const gsize texts[] = {
  FIELD (id), FIELD (subject), FIELD (body), FIELD (thread), FIELD (received_id), FIELD (displayed_id),
  FIELD (archive_id), FIELD (origin_id), FIELD (invited_by), FIELD (invite_reason), FIELD (invite_password),
};

static const gsize addresses[] = { FIELD (from), FIELD (to), FIELD (invited_to) };

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

/**
 * xmpp_message_copy:
 * @self: what a message says, or is to say
 *
 * Returns: (transfer full): the same, with strings and addresses of its own: to be kept after the signal
 *   that brought @self
 */
XmppMessage *
xmpp_message_copy (XmppMessage *self)
{
  XmppMessage *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->pending = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      char **text = G_STRUCT_MEMBER_P (copy, texts[i]);

      *text = g_strdup (*text);
    }

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      XmppJid *jid = G_STRUCT_MEMBER (XmppJid *, copy, addresses[i]);

      if (jid != NULL)
        xmpp_jid_ref (jid);
    }

  copy->error = copy->error != NULL ? g_error_copy (copy->error) : NULL;

  if (copy->stanza != NULL)
    xmpp_stanza_ref (copy->stanza);

  return copy;
}

/**
 * xmpp_message_free:
 * @self: (transfer full): a copy
 */
void
xmpp_message_free (XmppMessage *self)
{
  g_return_if_fail (self != NULL);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (G_STRUCT_MEMBER (char *, self, texts[i]));

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      XmppJid *jid = G_STRUCT_MEMBER (XmppJid *, self, addresses[i]);

      g_clear_pointer (&jid, xmpp_jid_unref);
    }

  g_clear_error (&self->error);
  g_clear_pointer (&self->stanza, xmpp_stanza_unref);
  g_free (self);
}
