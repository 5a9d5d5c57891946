/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define FLINT_TYPE_WHOLE_TEXT_WINDOW (flint_whole_text_window_get_type ())

/* All of a long text, without holding the main loop */
G_DECLARE_FINAL_TYPE (FlintWholeTextWindow, flint_whole_text_window, FLINT, WHOLE_TEXT_WINDOW, AdwWindow)

GtkWindow *flint_whole_text_window_new (GtkWindow  *parent,
                                        const char *title,
                                        const char *text);
void       flint_whole_text_window_search (FlintWholeTextWindow *self,
                                           const char           *words);

G_END_DECLS
