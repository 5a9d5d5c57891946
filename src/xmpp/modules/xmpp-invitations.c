/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0045, 7.8, and XEP-0249: Invitations into rooms, mediated and direct */

#include "xmpp-invitations.h"

#include <string.h>

#define NS_CONFERENCE "jabber:x:conference"
#define NS_MUC_USER   "http://jabber.org/protocol/muc#user"

/* What is longer is no reason to join a room, and no password (RFC 7622, 3.1, for its kind) */
#define MAX_REASON   4096
#define MAX_PASSWORD 1023
#define MAX_ADDRESS  3071

struct _XmppInvitations
{
  XmppModule parent_instance;

  XmppJid *invited_to;   /* of the message that is being read, which borrows it */
};

G_DEFINE_FINAL_TYPE (XmppInvitations, xmpp_invitations, XMPP_TYPE_MODULE)

static const char *
at_most (const char *text,
         gsize       length)
{
  return text != NULL && *text != '\0' && strlen (text) <= length ? text : NULL;
}

static gboolean
is_room (const XmppJid *jid)
{
  return jid != NULL && !xmpp_jid_is_opaque (jid) && xmpp_jid_is_bare (jid) && xmpp_jid_get_local (jid) != NULL;
}

static gboolean
may_invite (const XmppMessage *message)
{
  return message->carbon != XMPP_CARBON_SENT &&
         (message->type == XMPP_MESSAGE_NORMAL || message->type == XMPP_MESSAGE_CHAT);
}

/* Rooms add one to their own invitations for old clients; what the room says itself counts (XEP-0045, 7.8.2). */
static void
read_direct (XmppModule     *module,
             const XmppNode *x,
             XmppMessage    *message)
{
  XmppInvitations *self = XMPP_INVITATIONS (module);
  const char *text = xmpp_node_get (x, "jid");
  g_autoptr(XmppJid) room = NULL;

  if (text == NULL || message->invited_to != NULL || !may_invite (message))
    return;

  room = xmpp_jid_new_received (text);
  if (!is_room (room))
    return;

  g_clear_pointer (&self->invited_to, xmpp_jid_unref);
  self->invited_to = g_steal_pointer (&room);

  message->invited_to = self->invited_to;
  message->invite_reason = at_most (xmpp_node_get (x, "reason"), MAX_REASON);
  message->invite_password = at_most (xmpp_node_get (x, "password"), MAX_PASSWORD);
}

static void
write_direct (XmppModule        *module,
              const XmppMessage *message,
              XmppNode          *stanza)
{
  XmppNode *x;

  if (message->invited_to == NULL || message->type == XMPP_MESSAGE_GROUPCHAT)
    return;

  x = xmpp_node_add (stanza, "x", NS_CONFERENCE);
  xmpp_node_set_jid (x, "jid", message->invited_to);
  if (message->invite_password != NULL)
    xmpp_node_set (x, "password", message->invite_password);
  if (message->invite_reason != NULL)
    xmpp_node_set (x, "reason", message->invite_reason);
}

static const char * const features[] = { NS_CONFERENCE, NULL };

static const XmppMessageField fields[] = {
  { "x", NS_CONFERENCE, read_direct, write_direct, .senders = XMPP_SENDER_ANY },
  { NULL }
};

static void
xmpp_invitations_finalize (GObject *object)
{
  XmppInvitations *self = XMPP_INVITATIONS (object);

  g_clear_pointer (&self->invited_to, xmpp_jid_unref);

  G_OBJECT_CLASS (xmpp_invitations_parent_class)->finalize (object);
}

static void
xmpp_invitations_class_init (XmppInvitationsClass *klass)
{
  XmppModuleClass *module_class = XMPP_MODULE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = xmpp_invitations_finalize;

  module_class->features = features;
  module_class->fields = fields;
}

static void
xmpp_invitations_init (XmppInvitations *self)
{
}

/**
 * xmpp_invitations_read_mediated:
 * @x: the child of a message in the name space of MUC users
 * @message: the record of the message
 *
 * Reads an invitation that a room passes on. That the inviter is who the room says is a claim of the
 * room: its own address is all that is proven (XEP-0045, 7.8.2).
 */
void
xmpp_invitations_read_mediated (const XmppNode *x,
                                XmppMessage    *message)
{
  const XmppNode *invite;

  g_return_if_fail (x != NULL && message != NULL);

  invite = xmpp_node_get_child (x, "invite", NS_MUC_USER);
  if (invite == NULL || !may_invite (message) || !is_room (message->from))
    return;

  message->invited_to = message->from;
  message->invited_by = at_most (xmpp_node_get (invite, "from"), MAX_ADDRESS);
  message->invite_reason = at_most (xmpp_node_get_child_text (invite, "reason", NS_MUC_USER), MAX_REASON);
  message->invite_password = at_most (xmpp_node_get_child_text (x, "password", NS_MUC_USER), MAX_PASSWORD);
}
