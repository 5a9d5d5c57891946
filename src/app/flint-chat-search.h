/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-timeline-search.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLINT_TYPE_CHAT_SEARCH (flint_chat_search_get_type ())

G_DECLARE_FINAL_TYPE (FlintChatSearch, flint_chat_search, FLINT, CHAT_SEARCH, AdwBin)

/* The bar in which words are looked for in a chat. Property "is-open". Signal "changed": something else is found, or
 * the person is at another hit.
 */
void                 flint_chat_search_set_timeline (FlintChatSearch *self,
                                                     FlintTimeline   *timeline);
FlintTimelineSearch *flint_chat_search_get_search   (FlintChatSearch *self);
gboolean             flint_chat_search_is_open      (FlintChatSearch *self);
void                 flint_chat_search_open         (FlintChatSearch *self);
void                 flint_chat_search_close        (FlintChatSearch *self);
void                 flint_chat_search_step         (FlintChatSearch *self,
                                                     gboolean         is_later);

G_END_DECLS
