/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-connection.h"
#include "store-message.h"

G_BEGIN_DECLS

/* How a message is read: these columns, the first ones of a statement */
#define STORE_ROW_COLUMNS                                                                                          \
  "message.id, message.time, sender.address, message.name, message.device, message.kind, message.state, "         \
  "message.flags, message.message_id, message.archive_id, message.body, message.failure"
#define STORE_ROW_N_COLUMNS 12

#define STORE_ROW_SELECT                                                                                           \
  "SELECT " STORE_ROW_COLUMNS " FROM message LEFT JOIN sender ON sender.id = message.sender "

char         *store_row_get_string  (sqlite3_stmt  *statement,
                                     int            column);
StoreMessage *store_row_get_message (sqlite3_stmt  *statement);
gboolean      store_row_read_all    (sqlite3_stmt  *statement,
                                     GPtrArray     *messages,
                                     gboolean       reverse,
                                     GError       **error);

G_END_DECLS
