/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"

G_BEGIN_DECLS

#define FLINT_TYPE_HEADLINES_WINDOW (flint_headlines_window_get_type ())

G_DECLARE_FINAL_TYPE (FlintHeadlinesWindow, flint_headlines_window, FLINT, HEADLINES_WINDOW, AdwApplicationWindow)

GtkWindow *flint_headlines_window_new (FlintApplication *application);
void flint_headlines_window_select (FlintHeadlinesWindow *self, FlintHeadline *headline);

G_END_DECLS
