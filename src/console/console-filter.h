/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-capture.h"
#include "console-query.h"

G_BEGIN_DECLS

#define CONSOLE_TYPE_FILTER (console_filter_get_type ())

/* A GListModel of the entries of a capture that are to be shown. It looks at a slice of them at a
 * time, a few milliseconds, and goes on in the next turn of the main loop.
 * It knows their numbers only.
 * "still": what is shown stays as it is, whatever comes, until it is FALSE again. "is-busy": there is more to look at.
 */
G_DECLARE_FINAL_TYPE (ConsoleFilter, console_filter, CONSOLE, FILTER, GObject)

typedef struct
{
  guint         kinds;          /* a bit for each ConsoleKind; 0: all */
  guint         directions;     /* a bit for each XmppDirection; 0: all, and events */
  gboolean      only_errors;
  const char   *account;        /* NULL: all */
  ConsoleQuery *query;          /* NULL: whatever */
} ConsoleCriteria;

ConsoleFilter *console_filter_new          (ConsoleCapture        *capture);
void           console_filter_set_criteria (ConsoleFilter         *self,
                                            const ConsoleCriteria *criteria);
void           console_filter_set_still    (ConsoleFilter         *self,
                                            gboolean               is_still);
GListModel    *console_filter_get_snapshot (ConsoleFilter         *self);
gboolean       console_filter_is_still     (ConsoleFilter         *self);
gboolean       console_filter_is_busy      (ConsoleFilter         *self);

G_END_DECLS
