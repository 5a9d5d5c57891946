/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-database.h"
#include "store-key.h"
#include "store-message.h"

G_BEGIN_DECLS

/* What is looked for. NULL and 0: whichever. */
typedef struct
{
  char   *text;          /* words, all of which are there; what is between quotes as it stands */
  char   *account;
  char   *address;       /* of the conversation; then with its account */
  char   *sender;        /* address */
  guint   own;           /* 1: what we said; 2: what others said */
  gint64  from;          /* id */
  gint64  until;         /* id: smaller ones */
  guint   max;
} StoreQuery;

typedef struct
{
  char         *account;
  char         *address;
  int           kind;
  StoreMessage *message;
} StoreHit;

/* One day in which something was said */
typedef struct
{
  gint64 start;          /* as it was asked for */
  guint  n_messages;
} StoreDay;

void        store_hit_free             (StoreHit             *self);
char       *store_search_make_match    (const char           *text);
void        store_search_async         (StoreDatabase        *database,
                                        const StoreQuery     *query,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
GPtrArray  *store_search_finish        (GAsyncResult         *result,
                                        GError              **error);
void        store_search_days_async    (StoreDatabase        *database,
                                        const StoreKey       *key,
                                        const gint64         *starts,
                                        guint                 n_starts,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
GArray     *store_search_days_finish   (GAsyncResult         *result,
                                        GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreHit, store_hit_free)

G_END_DECLS
