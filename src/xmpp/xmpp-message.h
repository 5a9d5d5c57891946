/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-jid.h"
#include "xmpp-stanza.h"

G_BEGIN_DECLS

/* RFC 6121, 5.2.2: absent or unknown is normal */
typedef enum
{
  XMPP_MESSAGE_NORMAL,
  XMPP_MESSAGE_CHAT,
  XMPP_MESSAGE_GROUPCHAT,
  XMPP_MESSAGE_HEADLINE,
  XMPP_MESSAGE_ERROR,
} XmppMessageType;

/* XEP-0085 */
typedef enum
{
  XMPP_CHAT_STATE_NONE,
  XMPP_CHAT_STATE_ACTIVE,
  XMPP_CHAT_STATE_COMPOSING,
  XMPP_CHAT_STATE_PAUSED,
  XMPP_CHAT_STATE_INACTIVE,
  XMPP_CHAT_STATE_GONE,
} XmppChatState;

/* XEP-0280 */
typedef enum
{
  XMPP_CARBON_NONE,
  XMPP_CARBON_RECEIVED,   /* another device of ours got it */
  XMPP_CARBON_SENT,       /* another device of ours sent it */
} XmppCarbon;

/* Who a stanza is from, decided in one place (security.md, 6): a handler declares whom it hears. */
typedef enum
{
  XMPP_SENDER_OWN_ACCOUNT = 1 << 0,   /* our bare address, any device of ours, or no from at all */
  XMPP_SENDER_OWN_SERVER  = 1 << 1,   /* our domain, bare */
  XMPP_SENDER_ROOM        = 1 << 2,   /* a room that we are in or are joining, bare */
  XMPP_SENDER_OCCUPANT    = 1 << 3,   /* somebody in such a room */
  XMPP_SENDER_CONTACT     = 1 << 4,   /* in our roster with subscription from or both */
  XMPP_SENDER_LISTED      = 1 << 5,   /* in our roster, but may not see our presence */
  XMPP_SENDER_STRANGER    = 1 << 6,
  XMPP_SENDER_ANY         = (1 << 7) - 1,
} XmppSender;

typedef struct _XmppArchivePending XmppArchivePending;

#define XMPP_TYPE_MESSAGE (xmpp_message_get_type ())

/* What a <message/> says, whichever XEPs said it. For a received one the strings are borrowed from
 * its stanza, and live as long as the emission: xmpp_message_copy () for who wants it longer. For one to
 * send they are the caller's.
 */
typedef struct
{
  XmppMessageType  type;
  const char      *id;
  XmppJid         *from;
  XmppJid         *to;
  const char      *subject;
  const char      *body;
  const char      *thread;
  gboolean         has_subject;      /* <subject/> was there, empty too */
  GError          *error;            /* type error: why, in words */

  XmppSender       sender;
  XmppCarbon       carbon;
  gint64           time;             /* µs since 1970: XEP-0203 from whom we may believe it, else arrival */
  gboolean         is_delayed;

  const char      *archive_id;       /* XEP-0313: what the archive that it is in calls it: our own, or the room's */
  const char      *origin_id;        /* XEP-0359: what its sender calls it, and nothing else of his */

  XmppChatState    chat_state;
  gboolean         wants_receipt;    /* XEP-0184 */
  const char      *received_id;
  gboolean         is_markable;      /* XEP-0333: the sender wants to know when it is displayed */
  const char      *displayed_id;     /* from has displayed all up to this one: see xmpp-markers.h for whose id it is */

  gboolean         is_private;       /* XEP-0045, 7.5: from or to an occupant */
  XmppJid         *invited_to;       /* XEP-0045, 7.8 and XEP-0249; borrowed */
  const char      *invited_by;       /* a claim of the room's */
  const char      *invite_reason;
  const char      *invite_password;
  guint            room_status;      /* bits: see xmpp-muc.h */

  gboolean         is_skipped;       /* it was over a limit: there is nothing of it but the envelope */
  XmppStanza      *stanza;           /* received: whole, with its wrapper */
  XmppArchivePending *pending;       /* of xmpp-archive.c alone: it came out of an archive */
} XmppMessage;

GType            xmpp_message_get_type         (void);
XmppMessage     *xmpp_message_copy             (XmppMessage     *self);
void             xmpp_message_free             (XmppMessage     *self);
const char      *xmpp_message_type_to_string   (XmppMessageType  type);
XmppMessageType  xmpp_message_type_from_string (const char      *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppMessage, xmpp_message_free)

G_END_DECLS
