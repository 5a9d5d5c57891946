/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-pattern.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define FLINT_TYPE_TEXT_SEARCH (flint_text_search_get_type ())

/* Looks for words in one long text, from its beginning, a slice at a time when nothing else is to be done. The text may
 * still grow meanwhile. Signal "changed": how many places there are, whether it still looks, or at which one it is.
 */
G_DECLARE_FINAL_TYPE (FlintTextSearch, flint_text_search, FLINT, TEXT_SEARCH, GObject)

FlintTextSearch  *flint_text_search_new         (void);
void              flint_text_search_add         (FlintTextSearch *self,
                                                 const char      *text);
void              flint_text_search_end         (FlintTextSearch *self);
const char       *flint_text_search_get_text    (FlintTextSearch *self);
gsize             flint_text_search_get_length  (FlintTextSearch *self);   /* bytes */
void              flint_text_search_set_words   (FlintTextSearch *self,
                                                 const char      *words);
FlintPattern     *flint_text_search_get_pattern (FlintTextSearch *self);
gboolean          flint_text_search_is_running  (FlintTextSearch *self);
guint             flint_text_search_get_n_hits  (FlintTextSearch *self);
const FlintRange *flint_text_search_get_hit     (FlintTextSearch *self,
                                                 guint            index);
guint             flint_text_search_get_number  (FlintTextSearch *self);
void              flint_text_search_step        (FlintTextSearch *self,
                                                 gboolean         is_later);

G_END_DECLS
