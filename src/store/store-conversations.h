/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-database.h"
#include "store-key.h"

G_BEGIN_DECLS

typedef enum
{
  STORE_CONVERSATION_NOT_KEPT = 1 << 0,     /* what is said in it is not to be stored */
  STORE_CONVERSATION_WHOLE = 1 << 1,        /* the archive has nothing older than what is here */
} StoreConversationFlags;

/* What is known of a conversation beside its messages */
typedef struct
{
  char   *address;
  int     kind;
  guint   flags;
  char   *draft;        /* NULL: none */
  gint64  read_id;      /* the last message that was looked at */
  gint64  since;        /* what is older was thrown away, µs since 1970: it is not asked for again */
  gint64  last_id;      /* 0: there is none */
  guint   unread;       /* at most 1,000 are counted */
  guint   mentions;
} StoreConversation;

void       store_conversation_free            (StoreConversation    *self);

void       store_conversations_load_async     (StoreDatabase        *database,
                                               const char           *account,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
GPtrArray *store_conversations_load_finish    (GAsyncResult         *result,
                                               GError              **error);
void       store_conversations_get_async      (StoreDatabase        *database,
                                               const StoreKey       *key,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
StoreConversation *store_conversations_get_finish (GAsyncResult     *result,
                                               GError              **error);
void       store_conversations_set_draft      (StoreDatabase        *database,
                                               const StoreKey       *key,
                                               const char           *draft);
void       store_conversations_set_read       (StoreDatabase        *database,
                                               const StoreKey       *key,
                                               gint64                id);
void       store_conversations_set_flags      (StoreDatabase        *database,
                                               const StoreKey       *key,
                                               guint                 mask,
                                               guint                 flags);
void       store_conversations_clear_async    (StoreDatabase        *database,
                                               const StoreKey       *key,
                                               gint64                before,
                                               gint64                since,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
gint64     store_conversations_clear_finish   (GAsyncResult         *result,
                                               GError              **error);
void       store_conversations_forget_account (StoreDatabase        *database,
                                               const char           *account);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreConversation, store_conversation_free)

G_END_DECLS
