/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-conversation-private.h"
#include "flint-device-lock.h"
#include "flint-outbox.h"
#include "flint-pager.h"
#include "flint-typing.h"

G_BEGIN_DECLS

/* The fields are for flint-conversation.c and flint-conversation-traffic.c alone */
struct _FlintConversation
{
  GObject                parent_instance;

  FlintAccount          *account;
  XmppJid               *jid;
  FlintConversationKind  kind;
  FlintContact          *contact;         /* CHAT */
  FlintRoom             *room;            /* ROOM and PRIVATE, weak */
  FlintTimeline         *timeline;
  FlintTyping           *typing;
  FlintOutbox           *outbox;
  FlintPager            *pager;           /* brings what was said before */
  FlintDeviceLock       *lock;            /* CHAT: the device to answer */
  gboolean               is_frozen;       /* PRIVATE: he has left */
  gboolean               was_online;      /* its account, when it was last told */

  char                  *title;
  char                  *subtitle;
  char                  *typing_text;
  char                  *notice;
  gboolean               can_send;
  XmppShow               show;

  char                  *draft;
  gboolean               is_watched;
  gboolean               awaits_unread;   /* the next message is the first unread one */
  guint                  unread;
  guint                  mentions;
  gint64                 last_time;
  gint64                 live_place;      /* of the first message that came since the login; 0: none has */
  gint64                 read_place;      /* the last one that was looked at before the program started; 0: not known */
  gint64                 recalled_place;  /* the last one that was said before that */
  guint                  recalled_unread;
};

/* From flint-conversation.c */
void     flint_conversation_set_unread    (FlintConversation *self,
                                           guint              unread,
                                           guint              mentions);
void     flint_conversation_set_last_time (FlintConversation *self,
                                           gint64             time);
void     flint_conversation_emit_received (FlintConversation *self,
                                           FlintMessage      *message,
                                           gboolean           is_news);
void     flint_conversation_recall        (FlintConversation *self);
void     flint_conversation_place_unread  (FlintConversation *self);
XmppJid *flint_conversation_get_address   (FlintConversation *self);

G_END_DECLS
