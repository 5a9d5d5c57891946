/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-pattern.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLINT_TYPE_SEARCH_BAR (flint_search_bar_get_type ())

/* The bar in which words are looked for, whatever they are looked for in: a field, how many places there are, and the
 * way from one to the next. Properties: "placeholder-text"; "goes-up": whether Enter leads to what is above;
 * "is-open". Signals: "words" (const char *, or NULL: look for nothing), "step" (gboolean: to what is below).
 */
G_DECLARE_FINAL_TYPE (FlintSearchBar, flint_search_bar, FLINT, SEARCH_BAR, AdwBin)

void     flint_search_bar_open      (FlintSearchBar *self);
void     flint_search_bar_open_with (FlintSearchBar *self,
                                     const char     *words);
void     flint_search_bar_close     (FlintSearchBar *self);
gboolean flint_search_bar_is_open   (FlintSearchBar *self);
void     flint_search_bar_step      (FlintSearchBar *self,
                                     gboolean        is_later);
void     flint_search_bar_set_found (FlintSearchBar *self,
                                     FlintPattern   *pattern,
                                     guint           number,
                                     guint           n_hits,
                                     gboolean        is_running);

G_END_DECLS
