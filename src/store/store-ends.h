/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-job.h"

G_BEGIN_DECLS

/* How work that is done gets back to where it was asked for: in its order, and not so much in one turn of a loop that
 * nothing else is done there. Of the thread of a database.
 *
 * Nothing is let go of in that thread: it could be the last to hold a task, and with it the database.
 */
typedef struct _StoreEnds StoreEnds;

StoreEnds *store_ends_new     (void);
void       store_ends_free    (StoreEnds *self);
void       store_ends_add     (StoreEnds *self,
                               StoreJob  *job,
                               GError    *error);
void       store_ends_add_all (StoreEnds *self,
                               GQueue    *jobs);

G_END_DECLS
