/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A program with a window, looked at from outside: by the X server, which says when the window is mapped, and by
 * the kernel, which says what it has cost. The display has to be ours alone.
 */
typedef struct _BenchProgram BenchProgram;

/* Sizes in bytes, as the kernel has them in smaps_rollup */
typedef struct
{
  gint64 rss;
  gint64 private;
} BenchMemory;

BenchProgram *bench_program_new             (const char    *path,
                                             const char    *home);
void          bench_program_free            (BenchProgram  *self);
double        bench_program_wait_mapped     (BenchProgram  *self);
double        bench_program_get_mapped_cpu  (BenchProgram  *self);
double        bench_program_wait_settled    (BenchProgram  *self,
                                             gboolean     (*is_done) (gpointer user_data),
                                             gpointer       user_data);
void          bench_program_watch           (BenchProgram  *self,
                                             double         seconds);
double        bench_program_get_cpu         (BenchProgram  *self);
GHashTable   *bench_program_count_sleeps    (BenchProgram  *self);
guint64       bench_program_get_wakeups     (BenchProgram  *self,
                                             GHashTable    *before);
BenchMemory   bench_program_get_memory      (BenchProgram  *self);

/* A line of docs/performance.md: the medians of several rounds; it sorts them. goal: of the ratio, or with a unit of ours. */
void          bench_print                   (const char    *name,
                                             GArray        *ours,
                                             GArray        *floor,
                                             const char    *unit,
                                             const char    *goal);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchProgram, bench_program_free)

G_END_DECLS
