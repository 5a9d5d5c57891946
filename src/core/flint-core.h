/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-account-list.h"
#include "flint-contact-tree.h"
#include "flint-conversation.h"
#include "flint-headline.h"
#include "flint-letter.h"
#include "flint-request.h"
#include "flint-room.h"

G_BEGIN_DECLS

#define FLINT_TYPE_CORE (flint_core_get_type ())

/* The root: everything that the windows show, as models. It tells them which accounts there are, and passes on what
 * they tell. Where a message belongs is decided by FlintDispatcher.
 *
 * Models: "accounts" (FlintAccountList), "tree" (FlintContactTree), "conversations" (GListModel of FlintConversation,
 * latest first), "rooms" (GListModel of FlintRoom), "headlines" (GListModel of FlintHeadline, latest first), "letters"
 * (GListModel of FlintLetter, latest first), "requests" (GListModel of FlintRequest, latest first).
 * "unread-chats", "unread-headlines", "unread-rooms", "unread-letters", "mentions": notified.
 * "is-attended" (set by who has the windows): whether somebody can see them; servers are told (XEP-0352).
 * For the preferences: "status" (FlintStatus, set for all accounts), "send-typing", "send-receipts".
 *
 * Signals, for the notifier: "message-received" (FlintConversation *, FlintMessage *), "headline-received"
 * (FlintHeadline *), "letter-received" (FlintLetter *), "request-received" (FlintRequest *), "request-failed"
 * (FlintRequest *, const GError *): who was accepted or declined could not be added or blocked,
 * "invited" (FlintAccount *, XmppJid *room, const char *by, const char *reason, const char *password). For a dialog:
 * "save-failed" (const GError *, a sentence): the disk is full, or the like; "history-salvaged" (const char *, a
 * sentence): the history was damaged. "history-failure" (GError, notified): why what is said is not kept now.
 */
G_DECLARE_FINAL_TYPE (FlintCore, flint_core, FLINT, CORE, GObject)

FlintCore         *flint_core_new                 (const char            *config_dir,
                                                   const char            *data_dir,
                                                   const char            *cache_dir);
FlintAccountList  *flint_core_get_accounts        (FlintCore             *self);
FlintContactTree  *flint_core_get_tree            (FlintCore             *self);
GListModel        *flint_core_get_conversations   (FlintCore             *self);
GListModel        *flint_core_get_rooms           (FlintCore             *self);
GListModel        *flint_core_get_headlines       (FlintCore             *self);
GListModel        *flint_core_get_letters         (FlintCore             *self);
GListModel        *flint_core_get_requests        (FlintCore             *self);
FlintConversation *flint_core_open_chat           (FlintCore             *self,
                                                   FlintAccount          *account,
                                                   XmppJid               *jid);
FlintConversation *flint_core_find_conversation   (FlintCore             *self,
                                                   FlintAccount          *account,
                                                   const XmppJid         *jid);
void               flint_core_close_conversation  (FlintCore             *self,
                                                   FlintConversation     *conversation);
FlintRoom         *flint_core_open_room           (FlintCore             *self,
                                                   FlintAccount          *account,
                                                   XmppJid               *jid,
                                                   const char            *nick);
void               flint_core_give_up_room        (FlintCore             *self,
                                                   FlintRoom             *room);
void               flint_core_forget_room         (FlintCore             *self,
                                                   FlintRoom             *room);
gboolean           flint_core_send_letter         (FlintCore             *self,
                                                   FlintAccount          *account,
                                                   XmppJid               *to,
                                                   const char            *subject,
                                                   const char            *body,
                                                   const char            *thread,
                                                   GError               **error);
void               flint_core_delete_letter       (FlintCore             *self,
                                                   FlintLetter           *letter);
void               flint_core_delete_headline     (FlintCore             *self,
                                                   FlintHeadline         *headline);
void               flint_core_prepare             (FlintCore             *self);
void               flint_core_connect_all         (FlintCore             *self);
void               flint_core_close_async         (FlintCore             *self,
                                                   GAsyncReadyCallback    callback,
                                                   gpointer               user_data);
gboolean           flint_core_close_finish        (FlintCore             *self,
                                                   GAsyncResult          *result,
                                                   GError               **error);

G_END_DECLS
