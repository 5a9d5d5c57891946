/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-message.h"
#include "flint-pattern.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLINT_TYPE_MESSAGE_ROW (flint_message_row_get_type ())

/* One entry of a chat: the day and "New" lines before it, then a message or a line that says what
 * happened. Actions: message.copy, message.retry, message.delete; the last two are signals "retry" and "discard" (FlintMessage *).
 */
G_DECLARE_FINAL_TYPE (FlintMessageRow, flint_message_row, FLINT, MESSAGE_ROW, GtkBox)

GtkWidget    *flint_message_row_new         (void);
void          flint_message_row_set_message (FlintMessageRow *self,
                                             FlintMessage    *message);
FlintMessage *flint_message_row_get_message (FlintMessageRow *self);
GtkWidget    *flint_message_row_get_box     (FlintMessageRow *self);
const char   *flint_message_row_describe_state (FlintMessageState state);
void          flint_message_row_set_found   (FlintMessageRow *self,
                                             FlintPattern    *pattern,
                                             gboolean         is_current);
gboolean      flint_message_row_can_show    (FlintMessage    *message,
                                             FlintPattern    *pattern);
void          flint_message_row_show_all    (GtkWidget       *parent,
                                             FlintMessage    *message,
                                             FlintPattern    *pattern);

G_END_DECLS
