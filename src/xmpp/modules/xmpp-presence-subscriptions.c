/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RFC 6121, 3: who may see whom */
#include "xmpp-presence-private.h"

#include "xmpp-blocking.h"

#define NS_NICK "http://jabber.org/protocol/nick"

#define MAX_REQUESTS 50   /* that wait for a person (security.md, T101) */

/* To people, not to their devices (RFC 6121, 3.1.1) */
static void
send_bare (XmppPresence *self,
           XmppJid      *to,
           const char   *type,
           const char   *text)
{
  g_autoptr(XmppJid) bare = xmpp_jid_get_bare (to);

  xmpp_presence_send_to (self, bare, type, text);
}

static void
answer_request (XmppPresence *self,
                XmppJid      *to,
                const char   *type)
{
  g_hash_table_remove (self->requests, xmpp_jid_get_bare_text (to));
  send_bare (self, to, type, NULL);
}

static void
ask_person (XmppPresence   *self,
            const XmppNode *presence,
            XmppJid        *bare)
{
  const char *key = xmpp_jid_get_text (bare);

  if (g_hash_table_contains (self->requests, key))
    return;

  if (g_hash_table_size (self->requests) >= MAX_REQUESTS)
    {
      g_debug ("%s asks to see us: too many do, left out", key);
      return;
    }

  g_hash_table_add (self->requests, g_strdup (key));
  g_signal_emit_by_name (self, "request", bare,
                         xmpp_node_get_child_text (presence, "nick", NS_NICK),
                         xmpp_node_get_child_text (presence, "status", XMPP_NS_CLIENT));
}

/* Whom we asked, or see already: the person has said that they want this contact, and is not asked again when it
 * asks back. Not so where they told it no since. A request has no resource (RFC 6121, 3.1.2); one that comes with
 * one was not written by a server that keeps to this, and is no answer to anything.
 */
static gboolean
is_wanted (XmppPresence  *self,
           const XmppJid *from)
{
  const XmppRosterItem *item = xmpp_roster_get_item (self->roster, from);

  return item != NULL && xmpp_jid_get_resource (from) == NULL &&
         (item->is_asked || item->subscription == XMPP_SUBSCRIPTION_TO) &&
         !g_hash_table_contains (self->declined, xmpp_jid_get_bare_text (from));
}

void
xmpp_presence_receive_subscribe (XmppPresence   *self,
                                 const XmppNode *presence,
                                 XmppJid        *from,
                                 XmppSender      sender)
{
  XmppBlocking *blocking = xmpp_session_get_module (xmpp_presence_get_session (self), XMPP_TYPE_BLOCKING);
  g_autoptr(XmppJid) bare = xmpp_jid_get_bare (from);

  if ((sender & XMPP_SENDER_OWN_ACCOUNT) != 0 || xmpp_blocking_is_blocked (blocking, from))
    return;

  if (is_wanted (self, from))
    {
      answer_request (self, bare, "subscribed");
      return;
    }

  switch (self->mode)
    {
    case XMPP_SUBSCRIPTION_MODE_MANUAL:
      ask_person (self, presence, bare);
      break;

    case XMPP_SUBSCRIPTION_MODE_ACCEPT_ALL:
      answer_request (self, bare, "subscribed");
      break;

    case XMPP_SUBSCRIPTION_MODE_REJECT_ALL:
      answer_request (self, bare, "unsubscribed");
      break;

    default:
      g_assert_not_reached ();
    }
}

/* Who was waiting for our answer, and is asked by us now */
void
xmpp_presence_receive_item (XmppPresence         *self,
                            const XmppRosterItem *item)
{
  if (item->is_asked && g_hash_table_contains (self->requests, xmpp_jid_get_text (item->jid)) && is_wanted (self, item->jid))
    answer_request (self, item->jid, "subscribed");
}

void
xmpp_presence_receive_unsubscribe (XmppPresence   *self,
                                   const XmppNode *presence,
                                   XmppJid        *from,
                                   XmppSender      sender)
{
  g_autoptr(XmppJid) bare = xmpp_jid_get_bare (from);

  if (g_hash_table_remove (self->requests, xmpp_jid_get_text (bare)))
    g_signal_emit_by_name (self, "withdrawn", bare);
}

/* An answer counts only from whom we asked, or who let us see them until now (RFC 6121, 3.1.6, 3.2.3). */
void
xmpp_presence_receive_answer (XmppPresence   *self,
                              const XmppNode *presence,
                              XmppJid        *from,
                              XmppSender      sender)
{
  const XmppRosterItem *item = xmpp_roster_get_item (self->roster, from);
  gboolean is_accepted = g_str_equal (xmpp_node_get (presence, "type"), "subscribed");
  g_autoptr(XmppJid) bare = xmpp_jid_get_bare (from);
  gboolean is_expected = (xmpp_presence_get_directed (self, from) & XMPP_DIRECTED_SUBSCRIBE) != 0;

  if (item != NULL)
    is_expected |= item->is_asked ||
                   item->subscription == XMPP_SUBSCRIPTION_TO ||
                   item->subscription == XMPP_SUBSCRIPTION_BOTH;

  if (is_expected)
    g_signal_emit_by_name (self, "answered", bare, is_accepted);
}

/**
 * xmpp_presence_subscribe:
 * @to: whom we want to see
 * @text: (nullable): a greeting
 */
void
xmpp_presence_subscribe (XmppPresence *self,
                         XmppJid      *to,
                         const char   *text)
{
  g_return_if_fail (XMPP_IS_PRESENCE (self));
  g_return_if_fail (to != NULL);

  g_hash_table_remove (self->declined, xmpp_jid_get_bare_text (to));
  send_bare (self, to, "subscribe", text);
}

/**
 * xmpp_presence_accept:
 * @to: who asked, or has not yet
 *
 * Lets @to see us (RFC 6121, 3.1.4); that we see them is another question, asked by
 * xmpp_presence_subscribe ().
 */
void
xmpp_presence_accept (XmppPresence *self,
                      XmppJid      *to)
{
  g_return_if_fail (XMPP_IS_PRESENCE (self));
  g_return_if_fail (to != NULL);

  g_hash_table_remove (self->declined, xmpp_jid_get_bare_text (to));
  answer_request (self, to, "subscribed");
}

/**
 * xmpp_presence_decline:
 * @to: who asked, or sees us until now (RFC 6121, 3.2)
 *
 * When they ask again it is a request again, whatever the roster says, until xmpp_presence_accept () or
 * xmpp_presence_subscribe ().
 */
void
xmpp_presence_decline (XmppPresence *self,
                       XmppJid      *to)
{
  g_return_if_fail (XMPP_IS_PRESENCE (self));
  g_return_if_fail (to != NULL);

  g_hash_table_add (self->declined, g_strdup (xmpp_jid_get_bare_text (to)));
  answer_request (self, to, "unsubscribed");
}

/**
 * xmpp_presence_unsubscribe:
 * @to: whom we do not want to see any more (RFC 6121, 3.3)
 */
void
xmpp_presence_unsubscribe (XmppPresence *self,
                           XmppJid      *to)
{
  g_return_if_fail (XMPP_IS_PRESENCE (self));
  g_return_if_fail (to != NULL);

  send_bare (self, to, "unsubscribe", NULL);
}
