/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0203: Delayed Delivery, and XEP-0091, its forerunner */

#include "xmpp-delay.h"

#include "xmpp-muc.h"
#include "xmpp-room-private.h"
#include "xmpp-time.h"

#define NS_DELAY     "urn:xmpp:delay"
#define NS_DELAY_OLD "jabber:x:delay"

/* How far the clocks of others may be ahead of ours */
#define MAX_AHEAD (5 * 60 * G_TIME_SPAN_SECOND)

struct _XmppDelay
{
  XmppModule parent_instance;
};

G_DEFINE_FINAL_TYPE (XmppDelay, xmpp_delay, XMPP_TYPE_MODULE)

static gboolean
parse_stamp (XmppSession    *session,
             const XmppNode *delay,
             gint64         *time)
{
  const char *stamp = xmpp_node_get (delay, "stamp");
  gint64 latest = xmpp_clock_get_real (xmpp_session_get_clock (session)) + MAX_AHEAD;
  gint64 parsed;

  if (stamp == NULL || !xmpp_time_parse (stamp, &parsed))
    return FALSE;

  *time = MIN (parsed, latest);

  return TRUE;
}

/* Our own server or account says that it kept the stanza */
static gboolean
is_from_our_server (XmppSession    *session,
                    const XmppNode *delay,
                    XmppSender      sender)
{
  const char *text = xmpp_node_get (delay, "from");
  XmppJid *own = xmpp_session_get_jid (session);
  g_autoptr(XmppJid) from = NULL;

  if (text == NULL)
    return (sender & (XMPP_SENDER_OWN_ACCOUNT | XMPP_SENDER_OWN_SERVER)) != 0;

  from = xmpp_jid_new_received (text);
  if (from == NULL || !xmpp_jid_is_bare (from))
    return FALSE;

  return xmpp_jid_equal_bare (from, own) ||
         (xmpp_jid_get_local (from) == NULL &&
          g_strcmp0 (xmpp_jid_get_domain (from), xmpp_jid_get_domain (own)) == 0);
}

/* A room stamps what was said before we came, and its topic. Once it has told the topic all is live, and
 * a stamp is an occupant's idea (XEP-0045, 7.1).
 */
static gboolean
is_from_its_room (XmppSession    *session,
                  const XmppNode *delay,
                  XmppMessage    *message)
{
  XmppMuc *muc = xmpp_session_get_module (session, XMPP_TYPE_MUC);
  const char *text = xmpp_node_get (delay, "from");
  g_autoptr(XmppJid) from = NULL;
  XmppRoom *room;

  if (message->type != XMPP_MESSAGE_GROUPCHAT || message->from == NULL ||
      (message->sender & (XMPP_SENDER_ROOM | XMPP_SENDER_OCCUPANT)) == 0 ||
      (room = xmpp_muc_get_room (muc, message->from)) == NULL ||
      xmpp_room_has_told_history (room))
    return FALSE;

  if (text == NULL)
    return TRUE;

  from = xmpp_jid_new_received (text);

  return from != NULL && xmpp_jid_equal (from, xmpp_room_get_jid (room));
}

/* Whom one may believe adds his stamp at the end, so the last one that counts wins (XEP-0203, 5). */
static void
read_delay (XmppModule     *module,
            const XmppNode *delay,
            XmppMessage    *message)
{
  XmppSession *session = xmpp_module_get_session (module);

  /* Its archive has said when it was */
  if (message->pending != NULL)
    return;

  if (!is_from_our_server (session, delay, message->sender) && !is_from_its_room (session, delay, message))
    return;

  if (parse_stamp (session, delay, &message->time))
    message->is_delayed = TRUE;
}

static const char * const features[] = { NS_DELAY, NULL };

static const XmppMessageField fields[] = {
  { "delay", NS_DELAY,     .read = read_delay, .senders = XMPP_SENDER_ANY },
  { "x",     NS_DELAY_OLD, .read = read_delay, .senders = XMPP_SENDER_ANY },
  { NULL }
};

static void
xmpp_delay_class_init (XmppDelayClass *klass)
{
  XmppModuleClass *module_class = XMPP_MODULE_CLASS (klass);

  module_class->features = features;
  module_class->fields = fields;
}

static void
xmpp_delay_init (XmppDelay *self)
{
}

/**
 * xmpp_delay_read:
 * @session: a session
 * @parent: an element of which somebody whom we may believe is the author, such as a wrapper made by our server
 * @time: (out): when it was said, in µs since 1970, never more than five minutes from now
 *
 * Reads the stamp in @parent (XEP-0203).
 *
 * Returns: whether there was one
 */
gboolean
xmpp_delay_read (XmppSession    *session,
                 const XmppNode *parent,
                 gint64         *time)
{
  const XmppNode *delay;

  g_return_val_if_fail (XMPP_IS_SESSION (session), FALSE);
  g_return_val_if_fail (parent != NULL && time != NULL, FALSE);

  delay = xmpp_node_get_child (parent, "delay", NS_DELAY);

  return delay != NULL && parse_stamp (session, delay, time);
}
