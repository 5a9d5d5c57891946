/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-connection.h"

G_BEGIN_DECLS

#define STORE_TYPE_DATABASE (store_database_get_type ())

/* A file of SQLite and the one thread that works with it, one piece of work after the other. Those that write and wait
 * at the same time share a transaction.
 *
 * What cannot be written, because the disk is full or is not to be written to, waits in its order and is tried again;
 * a damaged file is put aside and read as far as it can be (see store_salvage ()); one of a later version is left alone.
 *
 * Property "failure" (GError, nullable), notified in the context in which the database was made: why writing waits, or
 * why nothing works at all; NULL: all is well. Signal "salvaged" (path: const char *, rows: guint): what was damaged is
 * there now, and so many of its rows are in the new file.
 */
G_DECLARE_FINAL_TYPE (StoreDatabase, store_database, STORE, DATABASE, GObject)

typedef enum
{
  STORE_READ,
  STORE_WRITE,
  STORE_WRITE_DURABLE,     /* on the disk when it is done, even if the power fails then (F29) */
} StoreAccess;

/* A piece of work, in the thread. It may be done twice, and then begins from the start: results of the first time are
 * not to be kept. FALSE, and an error: what it wrote is taken back.
 */
typedef gboolean (*StoreWork) (StoreConnection  *connection,
                               gpointer          task_data,
                               GError          **error);

StoreDatabase *store_database_new         (const char           *path);
const GError  *store_database_get_failure (StoreDatabase        *self);
void           store_database_push        (StoreDatabase        *self,
                                           StoreAccess           access,
                                           StoreWork             work,
                                           GTask                *task);
void           store_database_close_async (StoreDatabase        *self,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
gboolean       store_database_close_finish (StoreDatabase       *self,
                                           GAsyncResult         *result,
                                           GError              **error);

G_END_DECLS
