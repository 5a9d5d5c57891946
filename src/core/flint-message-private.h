/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-message.h"

G_BEGIN_DECLS

/* What is set once, before the message stands in a timeline */
void     flint_message_set_flags        (FlintMessage      *self,
                                         gboolean           is_delayed,
                                         gboolean           is_mention,
                                         gboolean           is_carbon);

void     flint_message_set_device       (FlintMessage      *self,
                                         const char        *device);

void     flint_message_set_rank         (FlintMessage      *self,
                                         FlintRank          rank);

/* For the timeline alone */
void     flint_message_set_state        (FlintMessage      *self,
                                         FlintMessageState  state,
                                         const char        *failure);
void     flint_message_set_starts       (FlintMessage      *self,
                                         gboolean           day,
                                         gboolean           group);
void     flint_message_set_first_unread (FlintMessage      *self,
                                         gboolean           is_first_unread);
void     flint_message_set_shows_mark   (FlintMessage      *self,
                                         gboolean           shows_mark);
gboolean flint_message_same_day         (FlintMessage      *self,
                                         FlintMessage      *other);

G_END_DECLS
