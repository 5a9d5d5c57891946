/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-key.h"
#include "store-message.h"

G_BEGIN_DECLS

/* Where a message belongs in its conversation */
typedef enum
{
  STORE_PLACE_LAST,       /* it comes now: behind all others */
  STORE_PLACE_TIME,       /* it was said at its time */
  STORE_PLACE_NEXT,       /* an archive has it behind what is known */
  STORE_PLACE_BEFORE,     /* an archive has it before what is known */
} StorePlace;

typedef struct
{
  StorePlace place;
  gint64     bound;            /* id that it is before; 0: none. NEXT: the first that came since we are online */
  gboolean   has_own_id;       /* the sender says that nothing else has its id (XEP-0359) */
} StorePlacing;

/* What became of a message that was to be stored */
typedef struct
{
  gint64     id;
  gboolean   is_new;           /* FALSE: it was there, and is there once */
  StoreState state;            /* as it is in the file now */
} StoreAdded;

gboolean store_insert_message (StoreConnection     *connection,
                               gint64               conversation,
                               const StoreMessage  *message,
                               const StorePlacing  *placing,
                               StoreAdded          *added,
                               GError             **error);

/* States from which a message may come into this one, as bits: 1 << state */
guint    store_insert_get_earlier (StoreState state);

G_END_DECLS
