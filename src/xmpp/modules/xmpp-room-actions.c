/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0045: what we ask of a room that we are in, and what it refuses */

#include "flint-config.h"

#include "xmpp-room-private.h"
#include "xmpp-random.h"

#include <glib/gi18n-lib.h>

#define NS_DATA "jabber:x:data"

static XmppNode *
new_presence (XmppRoom   *self,
              const char *nick)
{
  XmppStanza *stanza = xmpp_stanza_new ("presence", XMPP_NS_CLIENT);
  XmppNode *root = xmpp_stanza_get_root (stanza);
  g_autofree char *to = g_strdup_printf ("%s/%s", xmpp_jid_get_text (self->jid), nick);
  g_autofree char *id = xmpp_random_id ();

  xmpp_node_set (root, "to", to);
  xmpp_node_set (root, "id", id);

  return root;
}

static XmppNode *
new_message (XmppRoom   *self,
             const char *type)
{
  XmppStanza *stanza = xmpp_stanza_new ("message", XMPP_NS_CLIENT);
  XmppNode *root = xmpp_stanza_get_root (stanza);
  g_autofree char *id = xmpp_random_id ();

  xmpp_node_set_jid (root, "to", self->jid);
  xmpp_node_set (root, "id", id);
  if (type != NULL)
    xmpp_node_set (root, "type", type);

  return root;
}

/* Takes what new_presence () and new_message () made */
static void
send_and_free (XmppRoom *self,
               XmppNode *root)
{
  g_autoptr(XmppStanza) stanza = root->stanza;

  if (self->session != NULL)
    xmpp_session_send (self->session, stanza);
}

static gboolean
is_in (XmppRoom *self)
{
  return self->state == XMPP_ROOM_IN && self->session != NULL;
}

static void
on_defaults_accepted (GObject      *object,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(XmppRoom) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppStanza) answer = xmpp_session_request_finish (XMPP_SESSION (object), result, &error);

  if (answer == NULL)
    xmpp_room_fail (self, error);
}

/* An error that the room sends back for a topic or an invitation. Those for what was said are for who
 * said it.
 */
gboolean
xmpp_room_take_refusal (XmppRoom          *self,
                        const XmppMessage *message)
{
  const XmppNode *root = xmpp_stanza_get_root (message->stanza);
  const XmppNode *x = xmpp_node_get_child (root, "x", XMPP_NS_MUC_USER);
  const char *words = NULL;
  g_autoptr(GError) error = NULL;

  if (message->has_subject && message->body == NULL)
    words = _("You may not change the topic of this room");
  else if (x != NULL && xmpp_node_get_child (x, "invite", XMPP_NS_MUC_USER) != NULL)
    words = _("You may not invite others to this room");
  else
    return FALSE;

  error = xmpp_stanza_error_parse (root);
  if (g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_FORBIDDEN) ||
      g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_NOT_ALLOWED) ||
      g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_NOT_ACCEPTABLE))
    {
      g_free (error->message);
      error->message = g_strdup (words);
    }
  xmpp_room_fail (self, error);

  return TRUE;
}

void
xmpp_room_send_unavailable (XmppRoom   *self,
                            const char *text)
{
  XmppNode *root = new_presence (self, self->nick);

  xmpp_node_set (root, "type", "unavailable");
  if (text != NULL && *text != '\0')
    xmpp_node_add_text (root, "status", XMPP_NS_CLIENT, text);

  self->is_leaving = TRUE;
  send_and_free (self, root);
}

/* Our presence is told to the rooms one by one (7.7). */
void
xmpp_room_send_presence (XmppRoom *self)
{
  XmppNode *root;

  if (!is_in (self))
    return;

  root = new_presence (self, self->nick);
  xmpp_presence_write (xmpp_session_get_module (self->session, XMPP_TYPE_PRESENCE), root);
  send_and_free (self, root);
}

/**
 * xmpp_room_leave:
 * @self: a room
 * @text: (nullable): a last word to those who stay
 *
 * Leaves at once, whatever the room thinks of it; a join that has not ended is cancelled (XEP-0045, 7.14).
 */
void
xmpp_room_leave (XmppRoom   *self,
                 const char *text)
{
  g_return_if_fail (XMPP_IS_ROOM (self));

  if (self->state == XMPP_ROOM_OUT)
    return;

  xmpp_room_send_unavailable (self, text);
  xmpp_room_exit (self, XMPP_LEAVE_LEFT, NULL, NULL,
                  g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _("The room was left")));
}

/**
 * xmpp_room_set_subject:
 * @self: a room that we are in
 * @subject: (nullable): the topic; %NULL for none
 *
 * Asks for another topic (XEP-0045, 8.1). #XmppRoom::subject-changed or #XmppRoom::failed follows.
 */
void
xmpp_room_set_subject (XmppRoom   *self,
                       const char *subject)
{
  XmppNode *root;

  g_return_if_fail (XMPP_IS_ROOM (self));

  if (!is_in (self))
    return;

  root = new_message (self, "groupchat");
  xmpp_node_add_text (root, "subject", XMPP_NS_CLIENT, subject != NULL ? subject : "");
  send_and_free (self, root);
}

/**
 * xmpp_room_set_nick:
 * @self: a room that we are in
 * @nick: a nickname
 *
 * Asks for another nickname (XEP-0045, 7.6). #XmppRoom::occupant-renamed or #XmppRoom::failed follows.
 */
void
xmpp_room_set_nick (XmppRoom   *self,
                    const char *nick)
{
  g_autoptr(XmppJid) jid = NULL;
  g_autoptr(GError) error = NULL;
  XmppNode *root;

  g_return_if_fail (XMPP_IS_ROOM (self));
  g_return_if_fail (nick != NULL);

  if (!is_in (self))
    return;

  if ((jid = xmpp_jid_with_resource (self->jid, nick, &error)) == NULL)
    {
      xmpp_room_fail (self, error);
      return;
    }

  root = new_presence (self, xmpp_jid_get_resource (jid));
  xmpp_presence_write (xmpp_session_get_module (self->session, XMPP_TYPE_PRESENCE), root);
  send_and_free (self, root);
}

/**
 * xmpp_room_invite:
 * @self: a room that we are in
 * @who: whom
 * @reason: (nullable): what for
 *
 * Has the room invite @who, which also lets members bring others into a room for members (XEP-0045, 7.8.2).
 * #XmppRoom::failed follows when it does not.
 */
void
xmpp_room_invite (XmppRoom   *self,
                  XmppJid    *who,
                  const char *reason)
{
  XmppNode *root;
  XmppNode *invite;

  g_return_if_fail (XMPP_IS_ROOM (self));
  g_return_if_fail (who != NULL);

  if (!is_in (self))
    return;

  root = new_message (self, NULL);
  invite = xmpp_node_add (xmpp_node_add (root, "x", XMPP_NS_MUC_USER), "invite", XMPP_NS_MUC_USER);
  xmpp_node_set_jid (invite, "to", who);
  if (reason != NULL && *reason != '\0')
    xmpp_node_add_text (invite, "reason", XMPP_NS_MUC_USER, reason);
  send_and_free (self, root);
}

/**
 * xmpp_room_accept_defaults:
 * @self: a room that was created by joining it
 *
 * Unlocks the room with the settings that its service has for new ones (XEP-0045, 10.1.2).
 */
void
xmpp_room_accept_defaults (XmppRoom *self)
{
  g_autoptr(XmppStanza) iq = NULL;
  XmppNode *query;
  XmppNode *form;

  g_return_if_fail (XMPP_IS_ROOM (self));

  if (!is_in (self))
    return;

  iq = xmpp_stanza_new_iq ("set", xmpp_jid_get_text (self->jid));
  query = xmpp_node_add (xmpp_stanza_get_root (iq), "query", XMPP_NS_MUC_OWNER);
  form = xmpp_node_add (query, "x", NS_DATA);
  xmpp_node_set (form, "type", "submit");

  xmpp_session_request_async (self->session, iq, NULL, on_defaults_accepted, g_object_ref (self));
}
