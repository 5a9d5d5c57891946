/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-database.h"

G_BEGIN_DECLS

typedef enum
{
  STORE_NOTICE_HEADLINE = 1,
  STORE_NOTICE_LETTER = 2,
} StoreNoticeKind;

typedef enum
{
  STORE_NOTICE_UNREAD = 1 << 0,
  STORE_NOTICE_OFFICIAL = 1 << 1,
  STORE_NOTICE_OWN = 1 << 2,
} StoreNoticeFlags;

/* A headline or a letter, as a row. Strings are owned; NULL where there is none. */
typedef struct
{
  gint64           id;           /* 0: not stored yet */
  StoreNoticeKind  kind;
  gint64           time;         /* µs since 1970 */
  char            *sender;       /* address, of an own one: to whom */
  guint            flags;
  int              state;        /* of an own one: StoreState */
  char            *message_id;
  char            *archive_id;
  char            *subject;
  char            *thread;
  char            *body;
  char            *failure;
} StoreNotice;

StoreNotice *store_notice_new             (void);
void         store_notice_free            (StoreNotice          *self);

void         store_notices_add_async      (StoreDatabase        *database,
                                           const char           *account,
                                           StoreNotice          *notice,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
gint64       store_notices_add_finish     (GAsyncResult         *result,
                                           gboolean             *is_new,
                                           GError              **error);
void         store_notices_read_async     (StoreDatabase        *database,
                                           const char           *account,
                                           StoreNoticeKind       kind,
                                           guint                 max,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
GPtrArray   *store_notices_read_finish    (GAsyncResult         *result,
                                           GError              **error);
void         store_notices_update         (StoreDatabase        *database,
                                           gint64                id,
                                           guint                 flags,
                                           int                   state,
                                           const char           *failure);
void         store_notices_remove         (StoreDatabase        *database,
                                           gint64                id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreNotice, store_notice_free)

G_END_DECLS
