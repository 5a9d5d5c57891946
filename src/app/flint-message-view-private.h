/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-message-view.h"

#include "flint-follower.h"

G_BEGIN_DECLS

struct _FlintMessageView
{
  AdwBin              parent_instance;

  FlintConversation  *conversation;
  FlintFollower      *follower;
  GHashTable         *rows;            /* FlintMessageRow that show a message, not owned */
  FlintPattern       *pattern;         /* what is looked for, or NULL */
  FlintMessage       *found;           /* the hit where the person is, or NULL */
  gboolean            has_begun;       /* the first page from the disk is there */
  guint               load_source;

  GtkWidget          *overlay;
  GtkWidget          *actions;
  GtkWidget          *scroller;
  GtkWidget          *list;
  GtkWidget          *jump_revealer;
  GtkWidget          *jump_label;
};

/* flint-message-view-actions.c: what one does with one message, by pointer, finger and keys */
void flint_message_view_class_init_actions (FlintMessageViewClass *klass);
void flint_message_view_update_actions     (FlintMessageView      *self);

G_END_DECLS
