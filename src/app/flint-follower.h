/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLINT_TYPE_FOLLOWER (flint_follower_get_type ())

typedef enum
{
  FLINT_FOLLOWER_IN_SIGHT,   /* as near as it is, not at the edge */
  FLINT_FOLLOWER_AT_TOP,     /* the first one */
} FlintFollowerPlace;

/* Keeps a list at its newest row while rows come, until the person scrolls away or is led to another row, and counts
 * what comes then.
 * Signal "changed": it follows or not, or the count is another.
 */
G_DECLARE_FINAL_TYPE (FlintFollower, flint_follower, FLINT, FOLLOWER, GObject)

FlintFollower *flint_follower_new           (GtkWidget          *scroller,
                                             GtkWidget          *list,
                                             GListModel         *model);
gboolean       flint_follower_is_following  (FlintFollower      *self);
guint          flint_follower_get_missed    (FlintFollower      *self);
gboolean       flint_follower_can_scroll    (FlintFollower      *self);
void           flint_follower_follow        (FlintFollower      *self);
void           flint_follower_go_to         (FlintFollower      *self,
                                             guint               position,
                                             FlintFollowerPlace  place);
void           flint_follower_let_go        (FlintFollower      *self);

G_END_DECLS
