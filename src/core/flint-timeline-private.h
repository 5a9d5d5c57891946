/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-timeline.h"

G_BEGIN_DECLS

FlintMessage *flint_timeline_get_last   (FlintTimeline *self);
guint         flint_timeline_add_page   (FlintTimeline *self,
                                         GPtrArray     *messages);
FlintMessage *flint_timeline_find_same  (FlintTimeline *self,
                                         FlintMessage  *message);
gboolean      flint_timeline_set_stored (FlintTimeline *self,
                                         FlintMessage  *message,
                                         gint64         place,
                                         const char    *archive_id);
gboolean      flint_timeline_set_unread_after (FlintTimeline *self,
                                         gint64         place);
FlintMessage *flint_timeline_get_first  (FlintTimeline *self);
FlintMessage *flint_timeline_get_first_archived (FlintTimeline *self);
gint64        flint_timeline_get_first_stored (FlintTimeline *self);
GPtrArray    *flint_timeline_get_unsent (FlintTimeline *self);
GPtrArray    *flint_timeline_get_sent_since (FlintTimeline *self,
                                         gint64         since);

G_END_DECLS
