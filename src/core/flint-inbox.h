/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-account.h"

G_BEGIN_DECLS

#define FLINT_TYPE_INBOX (flint_inbox_get_type ())

/* What comes and is no conversation: the headlines, or the letters. The latest comes first. Bounded: of more than
 * 1,000, or of more than 32 MiB of text, the oldest go.
 *
 * Its items are objects with the properties "account", "body" and "is-unread". Property "unread", notified: how many
 * of them nobody has looked at. Signal "added" (GObject *): one more is in it, at its place.
 */
G_DECLARE_FINAL_TYPE (FlintInbox, flint_inbox, FLINT, INBOX, GObject)

typedef const char * (*FlintInboxBodyFunc) (gpointer item);

FlintInbox *flint_inbox_new            (GType               item_type,
                                        FlintInboxBodyFunc  get_body);
GListModel *flint_inbox_get_items      (FlintInbox         *self);
guint       flint_inbox_get_unread     (FlintInbox         *self);
void        flint_inbox_add            (FlintInbox         *self,
                                        gpointer            item);
void        flint_inbox_restore        (FlintInbox         *self,
                                        gpointer            item);
void        flint_inbox_remove         (FlintInbox         *self,
                                        gpointer            item);
void        flint_inbox_remove_account (FlintInbox         *self,
                                        FlintAccount       *account);

G_END_DECLS
