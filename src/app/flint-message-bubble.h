/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-pattern.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLINT_TYPE_MESSAGE_BUBBLE (flint_message_bubble_get_type ())

/* The text of a message: its child, a FlintLinkLabel from the .ui file; where something is quoted, a label for each piece instead,
 * and a bar beside what is quoted.
 */
G_DECLARE_FINAL_TYPE (FlintMessageBubble, flint_message_bubble, FLINT, MESSAGE_BUBBLE, GtkBox)

void     flint_message_bubble_set_menu  (FlintMessageBubble *self,
                                         GMenuModel         *menu);
void     flint_message_bubble_set_text  (FlintMessageBubble *self,
                                         const char         *text,
                                         gboolean            is_action,
                                         FlintPattern       *pattern,
                                         gboolean            is_current);
gboolean flint_message_bubble_has_hits  (FlintMessageBubble *self);
gboolean flint_message_bubble_has_links (FlintMessageBubble *self);
void     flint_message_bubble_open_link (FlintMessageBubble *self);

G_END_DECLS
