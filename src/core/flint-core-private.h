/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-conversation-list.h"
#include "flint-core.h"
#include "flint-room-list.h"

G_BEGIN_DECLS

/* For flint-core.c and flint-dispatch.c alone */
struct _FlintCore
{
  GObject                parent_instance;

  FlintCache            *config;
  FlintCache            *cache;
  FlintAccountList      *accounts;
  GPtrArray             *known;           /* of FlintAccount: those that are listened to */
  FlintContactTree      *tree;
  FlintConversationList *conversations;
  FlintRoomList         *rooms;
  GListStore            *headlines;
  GListStore            *letters;
  GListStore            *requests;

  FlintStatus           *status;          /* NULL: each account has its own */
  gboolean               send_typing;
  gboolean               send_receipts;

  guint                  unread_chats;
  guint                  unread_rooms;
  guint                  mentions;
  guint                  unread_headlines;
  guint                  unread_letters;

  gint64                 invitations_since;
  guint                  n_invitations;
};

/* flint-dispatch.c: to where each message belongs */
void               flint_core_dispatch              (FlintCore         *self,
                                                     FlintAccount      *account,
                                                     const XmppMessage *message);

FlintConversation *flint_core_ensure_chat           (FlintCore         *self,
                                                     FlintAccount      *account,
                                                     XmppJid           *jid);
FlintConversation *flint_core_ensure_private        (FlintCore         *self,
                                                     FlintRoom         *room,
                                                     XmppJid           *jid);
void               flint_core_add_headline          (FlintCore         *self,
                                                     FlintHeadline     *headline);
void               flint_core_add_letter            (FlintCore         *self,
                                                     FlintLetter       *letter);
void               flint_core_emit_received         (FlintCore         *self,
                                                     FlintConversation *conversation,
                                                     FlintMessage      *message);
void               flint_core_emit_invited          (FlintCore         *self,
                                                     FlintAccount      *account,
                                                     const XmppMessage *message);

G_END_DECLS
