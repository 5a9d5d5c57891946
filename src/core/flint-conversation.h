/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-account.h"
#include "flint-timeline.h"

G_BEGIN_DECLS

typedef enum
{
  FLINT_CONVERSATION_CHAT,
  FLINT_CONVERSATION_ROOM,
  FLINT_CONVERSATION_PRIVATE,   /* with an occupant of a room */
} FlintConversationKind;

typedef struct _FlintRoom FlintRoom;

#define FLINT_TYPE_CONVERSATION (flint_conversation_get_type ())

G_DECLARE_FINAL_TYPE (FlintConversation, flint_conversation, FLINT, CONVERSATION, GObject)

/* One chat. All notified: "account", "jid" (bare; full for PRIVATE), "kind", "title", "subtitle", "contact"
 * (FlintContact; not listed for a stranger), "room" (FlintRoom or NULL), "timeline", "draft", "unread", "mentions",
 * "typing" ("Marta is typing…" or NULL), "show", "is-watched" (a focused window shows it: set by the window),
 * "can-send", "notice" (why not, or what to know: offline, stranger, left the room; NULL: nothing), "last-time",
 * "is-loading" (what was said before is being brought), "has-older" (there may be more of it).
 * Signal "received" (FlintMessage *, gboolean is_news): one more of the others' is in the timeline; news: somebody is to
 * be told.
 */
FlintAccount          *flint_conversation_get_account  (FlintConversation *self);
XmppJid               *flint_conversation_get_jid      (FlintConversation *self);
FlintConversationKind  flint_conversation_get_kind     (FlintConversation *self);
const char            *flint_conversation_get_title    (FlintConversation *self);
FlintContact          *flint_conversation_get_contact  (FlintConversation *self);
FlintRoom             *flint_conversation_get_room     (FlintConversation *self);
FlintTimeline         *flint_conversation_get_timeline (FlintConversation *self);
const char            *flint_conversation_get_draft    (FlintConversation *self);
void                   flint_conversation_set_draft    (FlintConversation *self,
                                                        const char        *text);
guint                  flint_conversation_get_unread   (FlintConversation *self);
guint                  flint_conversation_get_mentions (FlintConversation *self);
XmppShow               flint_conversation_get_show     (FlintConversation *self);
gboolean               flint_conversation_is_watched   (FlintConversation *self);
void                   flint_conversation_set_watched  (FlintConversation *self,
                                                        gboolean           watched);
gboolean               flint_conversation_send         (FlintConversation *self,
                                                        const char        *text);
void                   flint_conversation_set_composing (FlintConversation *self,
                                                        gboolean           composing);
void                   flint_conversation_retry        (FlintConversation *self,
                                                        FlintMessage      *message);
void                   flint_conversation_discard      (FlintConversation *self,
                                                        FlintMessage      *message);
void                   flint_conversation_mark_read    (FlintConversation *self);
gboolean               flint_conversation_is_loading   (FlintConversation *self);
gboolean               flint_conversation_has_older    (FlintConversation *self);
void                   flint_conversation_load_older   (FlintConversation *self);

G_END_DECLS
