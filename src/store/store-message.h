/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* As numbers in the file: what is there already keeps its number */
typedef enum
{
  STORE_STATE_RECEIVED = 0,
  STORE_STATE_PENDING = 1,
  STORE_STATE_SENT = 2,
  STORE_STATE_DELIVERED = 3,
  STORE_STATE_READ = 4,
  STORE_STATE_FAILED = 5,
} StoreState;

typedef enum
{
  STORE_MESSAGE_OWN = 1 << 0,
  STORE_MESSAGE_DELAYED = 1 << 1,
  STORE_MESSAGE_MENTION = 1 << 2,
  STORE_MESSAGE_CARBON = 1 << 3,
  STORE_MESSAGE_LINE = 1 << 4,      /* said by nobody: what happened */
} StoreMessageFlags;

/* One message, as a row. Strings are owned, and may be NULL but for the body. */
typedef struct
{
  gint64      id;           /* its place, see store-schema.c; of what is added, where it is to be: 0: at its time */
  gint64      time;         /* µs since 1970 */
  char       *sender;       /* address; NULL: the room itself */
  char       *name;         /* under which name it was shown then */
  char       *device;
  int         kind;         /* the rank of its sender and the like: the core's */
  StoreState  state;
  guint       flags;
  char       *message_id;   /* the sender's */
  char       *archive_id;   /* of the account's archive, or the room's */
  char       *body;
  char       *failure;
} StoreMessage;

StoreMessage *store_message_new    (void);
void          store_message_free   (StoreMessage *self);
gint64        store_message_digest (const char   *body);
gboolean      store_message_has_short_id (const char *message_id);
guint64       store_message_get_span (gint64 a,
                                    gint64        b);
gboolean      store_message_is_near (const char  *message_id,
                                    gint64        a,
                                    gint64        b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreMessage, store_message_free)

G_END_DECLS
