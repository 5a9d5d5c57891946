/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-message.h"

G_BEGIN_DECLS

#define FLINT_TYPE_TIMELINE (flint_timeline_get_type ())

/* A GListModel of FlintMessage in the order in which they are shown: by arrival, delayed ones by
 * their time. Keeps starts-day, starts-group and shows-mark of the messages right.
 */
G_DECLARE_FINAL_TYPE (FlintTimeline, flint_timeline, FLINT, TIMELINE, GObject)

FlintTimeline *flint_timeline_new             (void);
void           flint_timeline_add             (FlintTimeline     *self,
                                               FlintMessage      *message);
void           flint_timeline_remove          (FlintTimeline     *self,
                                               FlintMessage      *message);
FlintMessage  *flint_timeline_find_own        (FlintTimeline     *self,
                                               const char        *id);
void           flint_timeline_set_state       (FlintTimeline     *self,
                                               FlintMessage      *message,
                                               FlintMessageState  state,
                                               const char        *failure);
void           flint_timeline_set_first_unread (FlintTimeline    *self,
                                               FlintMessage      *message);

G_END_DECLS
