/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-database.h"
#include "store-insert.h"

G_BEGIN_DECLS

/* What was said, in the conversations of all accounts. Errors are those of the database. */

/* One of several that are stored together */
typedef struct
{
  char         *address;       /* owned */
  int           kind;
  StoreMessage *message;       /* owned */
  StorePlacing  placing;
} StoreEntry;

/* How far an archive has been read */
typedef struct
{
  const char *address;         /* "": the account's own; else the room */
  const char *last_id;         /* (nullable) */
  gint64      last_time;       /* µs since 1970 */
} StorePosition;

StoreEntry *store_entry_new                       (const char           *address,
                                                   int                   kind,
                                                   StoreMessage         *message,
                                                   StorePlace            place,
                                                   gint64                bound,
                                                   gboolean              has_own_id);
void        store_entry_free                      (StoreEntry           *self);

void        store_history_add_async               (StoreDatabase        *database,
                                                   const char           *account,
                                                   StoreEntry           *entry,
                                                   gboolean              durable,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
gboolean    store_history_add_finish              (GAsyncResult         *result,
                                                   StoreAdded           *added,
                                                   GError              **error);
void        store_history_add_page_async          (StoreDatabase        *database,
                                                   const char           *account,
                                                   GPtrArray            *entries,
                                                   const StorePosition  *position,
                                                   gboolean              durable,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
GArray     *store_history_add_page_finish         (GAsyncResult         *result,
                                                   GError              **error);
void        store_history_get_position_async      (StoreDatabase        *database,
                                                   const char           *account,
                                                   const char           *address,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
char       *store_history_get_position_finish     (GAsyncResult         *result,
                                                   gint64               *last_time,
                                                   GError              **error);
void        store_history_set_state_async         (StoreDatabase        *database,
                                                   const StoreKey       *key,
                                                   const char           *message_id,
                                                   StoreState            state,
                                                   const char           *failure,
                                                   gboolean              with_earlier,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
guint       store_history_set_state_finish        (GAsyncResult         *result,
                                                   GError              **error);
void        store_history_remove_async            (StoreDatabase        *database,
                                                   const StoreKey       *key,
                                                   const char           *message_id,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
gboolean    store_history_remove_finish           (GAsyncResult         *result,
                                                   GError              **error);
void        store_history_read_async              (StoreDatabase        *database,
                                                   const StoreKey       *key,
                                                   gint64                before,
                                                   gint64                after,
                                                   guint                 max,
                                                   GCancellable         *cancellable,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
GPtrArray  *store_history_read_finish             (GAsyncResult         *result,
                                                   GError              **error);
void        store_history_read_unsent_async       (StoreDatabase        *database,
                                                   const char           *account,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
GPtrArray  *store_history_read_unsent_finish      (GAsyncResult         *result,
                                                   GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreEntry, store_entry_free)

G_END_DECLS
