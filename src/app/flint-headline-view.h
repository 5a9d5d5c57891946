/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"

G_BEGIN_DECLS

#define FLINT_TYPE_HEADLINE_VIEW (flint_headline_view_get_type ())

G_DECLARE_FINAL_TYPE (FlintHeadlineView, flint_headline_view, FLINT, HEADLINE_VIEW, AdwBin)

void flint_headline_view_set_application (FlintHeadlineView *self,
                             FlintApplication *application);

/* For a window that has the selection to itself, and filters */
void flint_headline_view_set_model (FlintHeadlineView *self,
                                    GtkSelectionModel *model);

G_END_DECLS
