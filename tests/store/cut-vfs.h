/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A disk whose power fails (F29): a file system of SQLite, over the real one, that keeps what is written in memory until
 * it is synchronised. After so many writes comes the cut: what was not synchronised is lost, or there in parts and in any
 * order, as the disk likes, and everything is refused from then on. What is in the real files then is what a program
 * finds after the next start.
 *
 * Of one thread at a time, but for cut_vfs_count_writes ().
 */
void  cut_vfs_install      (void);
void  cut_vfs_uninstall    (void);
void  cut_vfs_cut_after    (guint   n_writes,
                            guint32 seed);
guint cut_vfs_count_writes (void);
guint cut_vfs_count_syncs  (void);

G_END_DECLS
