/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-rank.h"
#include "xmpp-jid.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  FLINT_MESSAGE_TEXT,
  FLINT_MESSAGE_SYSTEM,     /* what happened, in words: joined, left, the topic changed */
} FlintMessageKind;

/* The truth about an own message; the others are RECEIVED */
typedef enum
{
  FLINT_MESSAGE_RECEIVED,
  FLINT_MESSAGE_PENDING,
  FLINT_MESSAGE_SENT,
  FLINT_MESSAGE_DELIVERED,
  FLINT_MESSAGE_READ,
  FLINT_MESSAGE_FAILED,     /* "failure" says why, in words */
} FlintMessageState;

#define FLINT_TYPE_MESSAGE (flint_message_get_type ())

G_DECLARE_FINAL_TYPE (FlintMessage, flint_message, FLINT, MESSAGE, GObject)

/* One entry of a timeline. Set once: "kind", "id", "body", "sender" (a name), "sender-jid", "is-own",
 * "time" (µs since 1970), "is-delayed", "is-mention", "is-carbon". Notified: "state", "failure",
 * "starts-day", "starts-group" (another sender, 5 minutes later, or after a line), "is-first-unread", "shows-mark" (the last of its state).
 * "is-action": the body began with "/me "; "text" is the body without it. The rank is what the sender was in the room then.
 */
FlintMessage      *flint_message_new             (FlintMessageKind   kind,
                                                  const char        *id,
                                                  const char        *body,
                                                  const char        *sender,
                                                  XmppJid           *sender_jid,
                                                  gboolean           is_own,
                                                  gint64             time);
FlintMessageKind   flint_message_get_kind        (FlintMessage      *self);
const char        *flint_message_get_id          (FlintMessage      *self);
const char        *flint_message_get_body        (FlintMessage      *self);
const char        *flint_message_get_text        (FlintMessage      *self);
const char        *flint_message_get_sender      (FlintMessage      *self);
XmppJid           *flint_message_get_sender_jid  (FlintMessage      *self);
const char        *flint_message_get_device      (FlintMessage      *self);
gint64             flint_message_get_time        (FlintMessage      *self);
FlintRank          flint_message_get_rank        (FlintMessage      *self);
FlintMessageState  flint_message_get_state       (FlintMessage      *self);
const char        *flint_message_get_failure     (FlintMessage      *self);
gboolean           flint_message_is_own          (FlintMessage      *self);
gboolean           flint_message_is_action       (FlintMessage      *self);
gboolean           flint_message_is_delayed      (FlintMessage      *self);
gboolean           flint_message_is_mention      (FlintMessage      *self);
gboolean           flint_message_starts_day      (FlintMessage      *self);
gboolean           flint_message_starts_group    (FlintMessage      *self);
gboolean           flint_message_is_first_unread (FlintMessage      *self);
gboolean           flint_message_shows_mark      (FlintMessage      *self);
char              *flint_message_format_time     (FlintMessage      *self);
char              *flint_message_format_day      (FlintMessage      *self);

G_END_DECLS
