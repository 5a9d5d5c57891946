/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-conversation-list.h"
#include "flint-room-list.h"

G_BEGIN_DECLS

/* Brings what was said before into the timeline of a conversation, a page at a time: from the disk, and, when there is
 * nothing older on it, from the archive
 */
typedef struct _FlintPager FlintPager;

typedef void (*FlintPagerChanged) (FlintConversation *conversation);

FlintPager *flint_pager_new        (FlintConversation *conversation,
                                    FlintPagerChanged  changed);
void        flint_pager_free       (FlintPager        *self);
void        flint_pager_set_known  (FlintPager        *self,
                                    gboolean           is_whole,
                                    gint64             since);
gboolean    flint_pager_is_loading (FlintPager        *self);
gboolean    flint_pager_has_older  (FlintPager        *self);
void        flint_pager_load_older (FlintPager        *self,
                                    guint              max);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlintPager, flint_pager_free)

G_END_DECLS
