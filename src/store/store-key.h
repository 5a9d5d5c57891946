/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-connection.h"

G_BEGIN_DECLS

/* Which conversation: of an account of ours (its bare address), with an address. Strings are the caller's. */
typedef struct
{
  const char *account;
  const char *address;
  int         kind;       /* the core's; as it was when the conversation was stored first */
} StoreKey;

/* The numbers of what has an address; 0: it is not there. With create it is there in any case. FALSE: an error. */
gboolean store_key_find_account      (StoreConnection  *connection,
                                      const char       *address,
                                      gboolean          create,
                                      gint64           *id,
                                      GError          **error);
gboolean store_key_find_conversation (StoreConnection  *connection,
                                      const StoreKey   *key,
                                      gboolean          create,
                                      gint64           *id,
                                      GError          **error);
gboolean store_key_find_sender       (StoreConnection  *connection,
                                      const char       *address,
                                      gboolean          create,
                                      gint64           *id,
                                      GError          **error);

G_END_DECLS
