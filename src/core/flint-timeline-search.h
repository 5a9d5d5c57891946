/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-pattern.h"
#include "flint-timeline.h"

G_BEGIN_DECLS

#define FLINT_TYPE_TIMELINE_SEARCH (flint_timeline_search_get_type ())

/* Looks for words in a timeline, from the newest message back, a slice at a time when nothing else is to be done,
 * and follows what comes and goes. Signal "changed": how many there are, whether it still looks, or at which one it is.
 */
G_DECLARE_FINAL_TYPE (FlintTimelineSearch, flint_timeline_search, FLINT, TIMELINE_SEARCH, GObject)

FlintTimelineSearch *flint_timeline_search_new          (FlintTimeline       *timeline);
void                 flint_timeline_search_set_words    (FlintTimelineSearch *self,
                                                         const char          *words);
FlintPattern        *flint_timeline_search_get_pattern  (FlintTimelineSearch *self);
gboolean             flint_timeline_search_is_running   (FlintTimelineSearch *self);
guint                flint_timeline_search_get_n_hits   (FlintTimelineSearch *self);
guint                flint_timeline_search_get_number   (FlintTimelineSearch *self);
gboolean             flint_timeline_search_get_current  (FlintTimelineSearch *self,
                                                         guint               *position);
void                 flint_timeline_search_step         (FlintTimelineSearch *self,
                                                         gboolean             is_later);

G_END_DECLS
