/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-contact-tree.h"

G_BEGIN_DECLS

/* What the rows are to look like */
typedef struct
{
  gboolean    show_offline;
  gboolean    show_empty_groups;
  gboolean    group_offline;
  gboolean    has_headings;
  GHashTable *collapsed;        /* set of keys, see flint_tree_source_make_key () */
} FlintTreeOptions;

/* A row to be, while searching */
typedef struct
{
  FlintTreeRow *row;            /* borrowed */
  int           rank;
} FlintTreeHit;

/* One account's part of the tree: its groups, and its contacts sorted by name. They are made when the
 * list changes; each look at them then takes linear time.
 */
typedef struct _FlintTreeSource FlintTreeSource;

FlintTreeSource *flint_tree_source_new         (FlintAccount           *account);
void             flint_tree_source_free        (FlintTreeSource        *self);
FlintAccount    *flint_tree_source_get_account (FlintTreeSource        *self);
void             flint_tree_source_invalidate  (FlintTreeSource        *self);
gboolean         flint_tree_source_is_shown    (FlintTreeSource        *self);
void             flint_tree_source_add_rows    (FlintTreeSource        *self,
                                                const FlintTreeOptions *options,
                                                GPtrArray              *rows);
void             flint_tree_source_search      (FlintTreeSource        *self,
                                                const char * const     *words,
                                                GArray                 *hits);
void             flint_tree_source_add_keys    (FlintTreeSource        *self,
                                                GHashTable             *keys);
char            *flint_tree_source_make_key    (FlintTreeRow           *row);

G_END_DECLS
