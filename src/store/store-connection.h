/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-error.h"

#include <sqlite3.h>

G_BEGIN_DECLS

/* One open database, of the one thread that works with it. Statements are those of SQLite and kept for the next time;
 * their SQL is constant, and belongs to the program.
 *
 * store_connection_prepare () gives a statement that is reset and without values; store_connection_step () says whether
 * there is a row; store_connection_run () wants none, and resets. After an error the statement is reset.
 */
typedef struct _StoreConnection StoreConnection;

typedef enum
{
  STORE_STEP_ERROR,
  STORE_STEP_ROW,
  STORE_STEP_DONE,
} StoreStep;

StoreConnection *store_connection_open        (const char       *path,
                                               int               flags,
                                               GError          **error);
void             store_connection_close       (StoreConnection  *self);
sqlite3         *store_connection_get_handle  (StoreConnection  *self);
gboolean         store_connection_exec        (StoreConnection  *self,
                                               const char       *sql,
                                               GError          **error);
sqlite3_stmt    *store_connection_prepare     (StoreConnection  *self,
                                               const char       *sql,
                                               GError          **error);
StoreStep        store_connection_step        (sqlite3_stmt     *statement,
                                               GError          **error);
gboolean         store_connection_run         (sqlite3_stmt     *statement,
                                               GError          **error);
gboolean         store_connection_run_sql     (StoreConnection  *self,
                                               const char       *sql,
                                               GError          **error);
void             store_connection_reset_all   (StoreConnection  *self);
gboolean         store_connection_get_int     (StoreConnection  *self,
                                               const char       *sql,
                                               gint64           *value,
                                               GError          **error);
void             store_connection_set_cancellable (StoreConnection *self,
                                               GCancellable     *cancellable);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreConnection, store_connection_close)

G_END_DECLS
