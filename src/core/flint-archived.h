/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-conversation-list.h"
#include "flint-history.h"
#include "flint-room-list.h"

#include "xmpp-archive.h"

G_BEGIN_DECLS

/* A page of an archive, as what it is to the conversations: which message belongs where, and what it says of ours */

typedef struct
{
  FlintConversation *conversation;     /* owned */
  FlintMessage      *message;          /* owned; NULL: it only says that ours arrived */
  char              *received_id;      /* (nullable) */
} FlintArchived;

void       flint_archived_free      (FlintArchived          *self);

/* room: (nullable): whose archive; NULL: the account's. Returns: (transfer full) (element-type FlintArchived) */
GPtrArray *flint_archived_from_page (FlintConversationList  *conversations,
                                     FlintRoomList          *rooms,
                                     FlintAccount           *account,
                                     FlintRoom              *room,
                                     const XmppArchivePage  *page);

/* The same of a page that is all of one conversation; what is of another one is left out */
GPtrArray *flint_archived_from_conversation (FlintConversation *conversation,
                                     const XmppArchivePage  *page);

G_END_DECLS
