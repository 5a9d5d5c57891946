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

void     flint_message_set_archive_id   (FlintMessage      *self,
                                         const char        *archive_id);
void     flint_message_set_has_own_id   (FlintMessage      *self,
                                         gboolean           has_own_id);
gboolean flint_message_has_own_id       (FlintMessage      *self);
gboolean flint_message_is_carbon        (FlintMessage      *self);
const char *flint_message_get_archive_id (FlintMessage     *self);

/* For the timeline, and who brings a message from the disk */
void     flint_message_set_place        (FlintMessage      *self,
                                         gint64             place);
gint64   flint_message_get_place        (FlintMessage      *self);
void     flint_message_set_stored       (FlintMessage      *self,
                                         gboolean           is_stored);
gboolean flint_message_is_stored        (FlintMessage      *self);

/* For what we write, on its way out */
void     flint_message_set_ready        (FlintMessage      *self,
                                         gboolean           is_ready);
gboolean flint_message_is_ready         (FlintMessage      *self);
void     flint_message_set_written      (FlintMessage      *self,
                                         gboolean           is_written);
gboolean flint_message_is_written       (FlintMessage      *self);
void     flint_message_set_doubtful     (FlintMessage      *self,
                                         gboolean           is_doubtful);
gboolean flint_message_is_doubtful      (FlintMessage      *self);

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
