/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where the text of others comes into a window: plain, harmless, never markup (security.md, T057 to T075) */
char      *flint_text_for_line    (const char  *text,      /* one line: names, topics, statuses */
                                   guint        max_graphemes);
char      *flint_text_for_body    (const char  *text,      /* many lines, break chances in long words */
                                   gsize        max_bytes,
                                   gboolean    *is_cut);
gsize      flint_text_find_cut    (const char  *text,      /* where the first piece of a long one ends */
                                   gsize        max_bytes,
                                   guint        max_lines);
char      *flint_text_for_copy    (const char  *text);     /* for the clipboard (T073) */
char      *flint_text_isolate     (const char  *text);     /* FSI … PDI, for use inside our sentences */
char      *flint_text_fold        (const char  *text);     /* without case and accents, for searching */
gboolean   flint_text_mentions    (const char  *text,
                                   const char  *nick);
char      *flint_text_skeleton    (const char  *text);     /* look-alikes have the same one (UTS 39) */

G_END_DECLS
