/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-timeline.h"

G_BEGIN_DECLS

FlintMessage *flint_timeline_get_last   (FlintTimeline *self);
GPtrArray    *flint_timeline_get_unsent (FlintTimeline *self);
GPtrArray    *flint_timeline_get_sent_since (FlintTimeline *self,
                                         gint64         since);

G_END_DECLS
