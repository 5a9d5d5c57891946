/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Words to look for in what others wrote, without regard for case, accents, full width and what nobody sees.
 * Unlike folding the whole text it says where they stand in it, and can stop on the way and go on later.
 */
typedef struct _FlintPattern FlintPattern;

typedef struct
{
  guint start;     /* bytes */
  guint end;
} FlintRange;

/* How far a scan of one text has come: all 0 at its beginning */
typedef struct
{
  gsize at;        /* the next byte */
  guint n_matched; /* how much of the pattern stands right before it */
} FlintScan;

typedef enum
{
  FLINT_SCAN_FOUND,
  FLINT_SCAN_NOT_FOUND,
  FLINT_SCAN_MORE,   /* there is text left to look at */
} FlintScanResult;

FlintPattern    *flint_pattern_new      (const char   *text);
FlintPattern    *flint_pattern_ref      (FlintPattern *self);
void             flint_pattern_unref    (FlintPattern *self);
gboolean         flint_pattern_equal    (FlintPattern *self,
                                         FlintPattern *other);
const char      *flint_pattern_get_words (FlintPattern *self);
FlintScanResult  flint_pattern_find     (FlintPattern *self,
                                         const char   *text,
                                         FlintScan    *scan,
                                         gsize         max_bytes,
                                         FlintRange   *range);
FlintScanResult  flint_pattern_scan     (FlintPattern *self,
                                         const char   *text,
                                         FlintScan    *scan,
                                         gsize         max_bytes);
GArray          *flint_pattern_find_all (FlintPattern *self,
                                         const char   *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlintPattern, flint_pattern_unref)

G_END_DECLS
