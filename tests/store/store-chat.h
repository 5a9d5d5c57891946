/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-fixture.h"
#include "store-history.h"

G_BEGIN_DECLS

#define STORE_CHAT_ACCOUNT "me@example.org"

/* Some day in 2026, µs since 1970 */
#define STORE_CHAT_NOON G_GINT64_CONSTANT (1780000000000000)

/* Messages of an account, stored and read while the test waits */
StoreMessage *store_chat_message      (const char          *sender,
                                       const char          *message_id,
                                       const char          *archive_id,
                                       gint64               time,
                                       const char          *body);
StoreAdded    store_chat_add          (StoreFixture        *fixture,
                                       const char          *address,
                                       StoreMessage        *message,
                                       StorePlace           place,
                                       gint64               bound);
StoreAdded    store_chat_add_own_id   (StoreFixture        *fixture,
                                       const char          *address,
                                       StoreMessage        *message,
                                       StorePlace           place);
GArray       *store_chat_add_page     (StoreFixture        *fixture,
                                       GPtrArray           *entries,
                                       const StorePosition *position,
                                       GError             **error);
GPtrArray    *store_chat_read_page    (StoreFixture        *fixture,
                                       const char          *address,
                                       gint64               before,
                                       gint64               after,
                                       guint                max);
char         *store_chat_read         (StoreFixture        *fixture,
                                       const char          *address);
guint         store_chat_set_state    (StoreFixture        *fixture,
                                       const char          *address,
                                       const char          *message_id,
                                       StoreState           state,
                                       const char          *failure,
                                       gboolean             with_earlier);

G_END_DECLS
